//! Searches: sketches to candidates. For those who build a pipeline of their own;
//! [`find`](crate::find) runs the right one by itself.
//!
//! Every search gives [`Groups`]: two documents are a candidate pair when they stand in one group.
//! A group is never written out as all of its pairs, which would be quadratic in a flood of copies.

mod exact;
mod groups;
mod hamming;
mod lsh;
mod postings;
mod trace;
mod walk;

pub(crate) use exact::exact;
pub use groups::Groups;
pub use hamming::hamming;
pub use lsh::Lsh;
pub(crate) use lsh::grouped as lsh_groups;
pub(crate) use postings::{Fingerprints, postings, reach};
pub(crate) use trace::{Memory, TraceSet, Traces, Widths};
pub(crate) use walk::{Met, Seats, Walk};
