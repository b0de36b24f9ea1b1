//! Winnowed fingerprints: texts that share a run share one of them.

use super::{Groups, Widths};
use crate::Result;

/// The winnowed fingerprints of all documents: the high 32 bits of selected shingles. A chance
/// agreement costs a look at two traces at most.
#[derive(Default)]
pub(crate) struct Fingerprints {
    hashes: Vec<u32>,
    ends: Vec<usize>,
}

impl Fingerprints {
    /// Adds those of the next document, given as selected shingles.
    pub(crate) fn push(&mut self, selected: impl Iterator<Item = u64>) {
        self.hashes.extend(selected.map(|hash| (hash >> 32) as u32));
        self.ends.push(self.hashes.len());
    }

    pub(crate) fn append(&mut self, other: &mut Self) {
        let before = self.hashes.len();
        self.hashes.append(&mut other.hashes);
        self.ends.extend(other.ends.drain(..).map(|end| before + end));
    }

    fn of(&self, document: u32) -> &[u32] {
        let at = document as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.hashes[start..self.ends[at]]
    }
}

/// The groups of documents that share a fingerprint, numbered by their places in `order`.
pub(crate) fn postings(order: &[u32], fingerprints: &Fingerprints) -> Result<Groups> {
    let total = order.iter().map(|&document| fingerprints.of(document).len()).sum();
    let mut keyed = Vec::with_capacity(total);
    for (number, &document) in order.iter().enumerate() {
        let hashes = fingerprints.of(document).iter().map(|&hash| u64::from(hash));
        keyed.extend(hashes.map(|hash| hash << 32 | number as u64));
    }
    let mut groups = Groups::default();
    groups.push_keyed(&mut keyed, &mut Vec::new())?;
    Ok(groups)
}

/// How many tokens of a document may stand in shared runs for each fingerprint in them.
///
/// Of `window` consecutive shingles of a shared run one is selected in both texts. So a run reaches
/// fewer than `window` shingles beyond its outermost shared fingerprints on either side.
pub(crate) fn reach(widths: Widths) -> usize {
    2 * (widths.window - 1) + widths.shingle
}
