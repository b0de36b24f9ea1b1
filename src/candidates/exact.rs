//! The exact set-similarity join: every pair that reaches the threshold shares one of its rarest
//! shingles.
//!
//! Prefix filter (Chaudhuri, Ganti and Kaushik, ICDE 2006; Bayardo, Ma and Srikant, WWW 2007): in
//! one fixed order of all shingles, rarest first, a set `x` that shares at least `o` of its
//! shingles with another has one of them among its first `|x| - o + 1`. For Jaccard `t`,
//! `o = ceil(t |x|)` serves either side; for containment only the smaller set is bound by it, so the
//! larger one is looked up under all of its shingles. Most shingles of prose stand in one document
//! only: they lead the order, and whoever has enough of them is out at once.

use super::Groups;
use super::groups::Member;
use crate::{Error, Result};

/// The groups of documents that share a shingle of their prefixes. `entries` holds each distinct
/// shingle of each document; `least(document, n)` is how many of its `n` shingles it must share.
/// With `list_rest`, the other shingles of a document are listed too.
pub(crate) fn exact(
    mut entries: Vec<(u64, u32)>,
    sizes: &[u32],
    least: impl Fn(usize, u64) -> u64,
    list_rest: bool,
) -> Result<Groups> {
    if u32::try_from(entries.len()).is_err() {
        return Err(Error::limit(
            "more than 2^32 shingles; search in parts, or use minhash search",
        ));
    }
    crate::threads::sort(&mut entries);
    // Shingles of two or more documents, each with its number of documents and its first entry.
    let mut shared: Vec<(u32, u32)> = Vec::new();
    let mut first = 0;
    for run in entries.chunk_by(|x, y| x.0 == y.0) {
        if run.len() > 1 {
            shared.push((run.len() as u32, first));
        }
        first += run.len() as u32;
    }
    // Rarest first. The prefix of a document then is what is left of its quota after the shingles
    // that it alone has.
    crate::threads::sort(&mut shared);
    let mut quota: Vec<u64> = sizes
        .iter()
        .enumerate()
        .map(|(document, &size)| {
            let size = u64::from(size);
            if size == 0 { 0 } else { size - least(document, size).clamp(1, size) + 1 }
        })
        .collect();
    let mut repeated = vec![0u64; sizes.len()];
    for &(count, first) in &shared {
        for &(_, document) in &entries[first as usize..][..count as usize] {
            repeated[document as usize] += 1;
        }
    }
    for ((quota, &repeated), &size) in quota.iter_mut().zip(&repeated).zip(sizes) {
        *quota = quota.saturating_sub(u64::from(size) - repeated);
    }
    let mut groups = Groups::default();
    let mut members = Vec::new();
    for &(count, first) in &shared {
        members.clear();
        for &(_, document) in &entries[first as usize..][..count as usize] {
            let left = &mut quota[document as usize];
            if *left > 0 {
                *left -= 1;
                members.push(Member::proposing(document));
            } else if list_rest {
                members.push(Member::listed(document));
            }
        }
        if members.len() > 1 && members.iter().any(|member| member.proposes()) {
            groups.push(members.iter().map(|&member| (member, 1)))?;
        }
    }
    Ok(groups)
}
