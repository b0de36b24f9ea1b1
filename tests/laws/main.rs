//! Laws that hold for all texts and settings, held against a naive oracle.

mod audit;
mod certificates;
mod clusters;
mod cuts;
mod explain;
mod find;
mod kinds;
#[path = "../naive/mod.rs"]
mod naive;
mod pairs;
mod plans;
mod repeats;
mod scopes;
mod sketches;
mod texts;
mod tokens;
