//! Which tokens of a text are covered.

use std::ops::Range;

use bitvec::vec::BitVec;

/// A reusable set of positions below a fixed length.
#[derive(Default)]
pub(crate) struct Mask(BitVec<usize>);

impl Mask {
    /// Forgets everything; positions are below `len` from now on.
    pub(crate) fn reset(&mut self, len: usize) {
        self.0.clear();
        self.0.resize(len, false);
    }

    pub(crate) fn cover(&mut self, range: Range<usize>) {
        self.0[range].fill(true);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.count_ones()
    }

    /// The first position from `start` on that is not covered.
    pub(crate) fn first_gap(&self, start: usize) -> Option<usize> {
        self.0[start.min(self.0.len())..].first_zero().map(|at| start + at)
    }
}
