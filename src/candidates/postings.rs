//! Winnowed fingerprints: texts that share a run share one of them.

use super::Groups;
use crate::Result;

/// A fingerprint of a document as a sortable entry. 32 bits of the hash do: a chance agreement
/// costs one verification at most.
pub(crate) fn fingerprint_key(fingerprint: u64, document: u32) -> u64 {
    (fingerprint >> 32) << 32 | u64::from(document)
}

/// The groups of documents that share a fingerprint.
pub(crate) fn postings(mut entries: Vec<u64>) -> Result<Groups> {
    let mut groups = Groups::default();
    groups.push_keyed(&mut entries)?;
    Ok(groups)
}
