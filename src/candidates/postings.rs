//! Winnowed fingerprints: texts that share a run share one of them.

use super::Groups;
use crate::Result;
use crate::table::Table;

/// A selected shingle of a document. 32 bits of its hash do: a chance agreement costs one
/// verification at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) hash: u32,
    /// The token at which it begins.
    pub(crate) at: u32,
}

/// The groups of documents that share a fingerprint.
pub(crate) fn postings<'a>(
    live: &[u32],
    fingerprints: impl Fn(u32) -> &'a [Fingerprint],
) -> Result<Groups> {
    let total = live.iter().map(|&document| fingerprints(document).len()).sum();
    let mut keyed = Vec::with_capacity(total);
    for &document in live {
        let hashes = fingerprints(document).iter().map(|fingerprint| u64::from(fingerprint.hash));
        keyed.extend(hashes.map(|hash| hash << 32 | u64::from(document)));
    }
    let mut groups = Groups::default();
    groups.push_keyed(&mut keyed)?;
    Ok(groups)
}

/// How many tokens of one document may stand in runs that another shares, at most, as far as the
/// fingerprints tell.
///
/// Of `window` consecutive shingles of a shared run one is selected in both texts. So a run reaches
/// fewer than `window` shingles beyond its outermost shared fingerprints on either side.
pub(crate) struct Reach {
    /// Tokens ahead of the first token of a fingerprint.
    pub(crate) before: u32,
    /// Tokens from there on.
    pub(crate) behind: u32,
}

impl Reach {
    pub(crate) fn new(window: usize, shingle: usize) -> Self {
        Self { before: window as u32 - 1, behind: (window + shingle) as u32 - 1 }
    }

    /// Enters the fingerprints that [`bound`](Reach::bound) looks up.
    pub(crate) fn enter(other: &[Fingerprint], table: &mut Table) {
        table.reset(other.len());
        for fingerprint in other {
            table.get_or_insert(u64::from(fingerprint.hash), 0);
        }
    }

    /// The bound for a document, given in the order of its text, against the entered one.
    pub(crate) fn bound(&self, document: &[Fingerprint], entered: &Table) -> u64 {
        let (mut total, mut end) = (0, 0);
        for fingerprint in document {
            if entered.get(u64::from(fingerprint.hash)).is_some() {
                let start = fingerprint.at.saturating_sub(self.before).max(end);
                end = fingerprint.at + self.behind;
                total += u64::from(end - start);
            }
        }
        total
    }
}
