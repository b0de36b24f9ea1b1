//! Laws that hold for all texts and settings, held against a naive oracle.

mod certificates;
mod clusters;
mod cuts;
mod find;
#[path = "../naive/mod.rs"]
mod naive;
mod pairs;
mod repeats;
mod sketches;
mod texts;
mod tokens;
