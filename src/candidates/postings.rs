//! Winnowed fingerprints: texts that share a run share one of them.

use super::{Groups, Widths};
use crate::pieces::Pieces;
use crate::sketch::windows_of;
use crate::{Result, hash};

/// The winnowed fingerprints of all documents: 32 bits of each. A chance agreement costs a look at
/// two traces at most.
///
/// A fingerprint is more than the selected shingle, which stands in many a phrase shorter than a run.
/// In a window of a shared run the selected shingle has the same place in both texts, and before or
/// behind it stands at least half of the window: a shingle that is selected for windows in which it
/// stands in the second half gives a fingerprint with the half window before it, and one selected for
/// windows in which it stands in the first half gives one with what comes behind it.
#[derive(Default)]
pub(crate) struct Fingerprints(Pieces<u32>);

impl Fingerprints {
    /// Makes room for so many documents with so many values.
    pub(crate) fn reserve(&mut self, documents: usize, values: usize) {
        self.0.reserve(documents, values);
    }

    /// Adds those of a document: shingles in a row, and which of them
    /// [`winnow`](crate::sketch::winnow) selected.
    pub(crate) fn push(&mut self, shingles: &[u64], selected: &[(u64, u32)], widths: Widths) {
        let Widths { window, shingle, .. } = widths;
        let half = window / 2;
        let windows = windows_of(selected, shingles.len(), window);
        // Shingles that touch say as much as all.
        let around = |mut at: usize, to: usize| {
            let mut sum = 0;
            // An iterator by steps would divide.
            while at < to {
                sum = hash::roll(sum, shingles[at]);
                at += shingle;
            }
            hash::roll(sum, shingles[to])
        };
        let hashes = self.0.open();
        let mut end = hashes.len();
        hashes.resize(end + 2 * selected.len(), 0);
        for (&(_, at), windows) in selected.iter().zip(windows) {
            let at = at as usize;
            // Which of the two there are is hard to foresee: both are made, and no branch is missed.
            let to = (at + window - half).min(shingles.len() - 1);
            let (before, behind) = (around(at.saturating_sub(half), at), !around(at, to));
            hashes[end] = (hash::window(before) >> 32) as u32;
            end += usize::from(at >= windows.start + half);
            hashes[end] = (hash::window(behind) >> 32) as u32;
            end += usize::from(at + 1 < windows.end + half);
        }
        hashes.truncate(end);
    }

    /// The next document comes.
    pub(crate) fn end(&mut self) {
        self.0.end();
    }

    pub(crate) fn append(&mut self, other: &mut Self) {
        self.0.append(&mut other.0);
    }

    pub(crate) fn of(&self, document: u32) -> &[u32] {
        self.0.of(document as usize)
    }
}

/// The groups of documents that share a fingerprint, numbered by their places in `order`.
pub(crate) fn postings(order: &[u32], fingerprints: &Fingerprints) -> Result<Groups> {
    let keyed = (0u64..).zip(order).flat_map(|(number, &document)| {
        let hashes = fingerprints.of(document).iter();
        hashes.map(move |&hash| u64::from(hash) << 32 | number)
    });
    let mut groups = Groups::default();
    groups.push_keyed(keyed, &mut Default::default())?;
    Ok(groups)
}

/// How many tokens of a document may stand in shared runs for each fingerprint in them: those under
/// the windows that it was made for.
pub(crate) fn reach(widths: Widths) -> usize {
    widths.window - 1 + widths.window.div_ceil(2) - 1 + widths.shingle
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::shingles;
    use crate::sketch::winnow;
    use proptest::prelude::*;

    proptest! {
        /// Few different tokens: shingles repeat, and what stands around a run differs.
        #[test]
        fn every_shared_run_has_shared_fingerprints_that_reach_it(
            run in proptest::collection::vec(0u64..9, 1..60),
            around in proptest::array::uniform4(proptest::collection::vec(0u64..9, 0..20)),
            window in 1usize..16,
            shingle in 1usize..6,
        ) {
            let widths = Widths { window, shingle, max_gap: 0 };
            prop_assume!(run.len() >= window + shingle - 1);
            let [a, b, c, d] = around;
            let of = |ahead: Vec<u64>, behind: Vec<u64>| {
                let tokens = [ahead, run.clone(), behind].concat();
                let (mut hashes, mut selected) = (Vec::new(), Vec::new());
                let spread: Vec<u64> = tokens.iter().map(|&token| hash::window(token)).collect();
                shingles(&spread, shingle, &mut hashes);
                winnow(&hashes, window, &mut selected);
                let mut fingerprints = Fingerprints::default();
                fingerprints.push(&hashes, &selected, widths);
                fingerprints.end();
                fingerprints.of(0).to_vec()
            };
            let (x, y) = (of(a, b), of(c, d));
            let shared = x.iter().filter(|&hash| y.contains(hash)).count();
            prop_assert!(shared > 0 && shared * reach(widths) >= run.len());
        }
    }
}
