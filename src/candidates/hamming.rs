//! SimHashes within a few bits of each other.

use super::Groups;
use super::groups::Member;
use crate::Result;
use crate::sketch::SimHash;

/// Pairs that are looked at in the time that one document of one table takes.
const PAIRS: usize = 64;

/// More memberships than these of each document, and the tables are taken after all: they hold texts
/// that are all alike as one group.
const MOST_NEAR: usize = 64;

/// Groups in which every pair of the `live` documents within `distance` bits meets at least once;
/// document `i` has SimHash `i`. Members of a group need not be within `distance`: compare them.
///
/// The 64 bits are cut into blocks, and of each choice of blocks a table is made of the documents
/// that agree in them (Manku, Jain and Das Sarma, WWW 2007, section 3): of `distance + k` blocks,
/// `distance` differing bits leave at least `k` equal. `k` is the least of 1, 2 and 3 that keeps
/// chance agreements rare among so many documents. Of so few documents that it costs less, every pair
/// is looked at instead.
///
/// # Errors
///
/// [`ErrorKind::Limit`](crate::ErrorKind::Limit) for more than 2^31 memberships.
///
/// ```
/// use doublon::{candidates::hamming, sketch::SimHash};
///
/// let hashes = [0b0000, 0b0011, !0].map(SimHash::from_bits);
/// let groups = hamming(&hashes, 3, &[0, 1, 2])?;
/// assert!(groups.iter().any(|group| group.take(2).eq([0, 1])));
/// # Ok::<(), doublon::Error>(())
/// ```
pub fn hamming(hashes: &[SimHash], distance: u32, live: &[u32]) -> Result<Groups> {
    let mut groups = Groups::default();
    if live.len() < 2 {
        return Ok(groups);
    }
    let distance = distance.min(63);
    let wanted = live.len().ilog2() + 4;
    let kept = (1..=3)
        .filter(|kept| distance + kept <= 64)
        .find(|kept| 64 * kept / (distance + kept) >= wanted)
        .unwrap_or(3.min(64 - distance));
    let masks = masks(distance + kept, kept);
    if live.len() <= 2 * PAIRS * masks.len()
        && let Some(groups) = scan(hashes, distance, live)?
    {
        return Ok(groups);
    }
    let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(live.len());
    for mask in masks {
        keyed.clear();
        keyed.extend(live.iter().map(|&i| (hashes[i as usize].bits() & mask, i)));
        crate::threads::sort(&mut keyed);
        for run in keyed.chunk_by(|x, y| x.0 == y.0).filter(|run| run.len() > 1) {
            groups.push(run.iter().map(|&(_, document)| (Member::proposing(document), 1)))?;
        }
    }
    Ok(groups)
}

/// Looks at every pair. Each group is a document with those after it that are near; nothing if they
/// are too many.
fn scan(hashes: &[SimHash], distance: u32, live: &[u32]) -> Result<Option<Groups>> {
    let mut groups = Groups::default();
    let hashes: Vec<SimHash> = live.iter().map(|&document| hashes[document as usize]).collect();
    let mut near = Vec::new();
    for (at, &hash) in hashes.iter().enumerate() {
        near.clear();
        hash.near(&hashes[at + 1..], distance, &mut near);
        if near.is_empty() {
            continue;
        }
        let others = near.iter().map(|&place| live[at + 1 + place as usize]);
        let members = std::iter::once(live[at]).chain(others);
        groups.push(members.map(|document| (Member::proposing(document), 1)))?;
        if groups.memberships() > MOST_NEAR * live.len() {
            return Ok(None);
        }
    }
    Ok(Some(groups))
}

/// The bits of each choice of `kept` out of `blocks` blocks.
fn masks(blocks: u32, kept: u32) -> Vec<u64> {
    let block = |number: u32| {
        let (start, end) = (64 * number / blocks, 64 * (number + 1) / blocks);
        (start..end).fold(0u64, |mask, bit| mask | 1 << bit)
    };
    let mut masks = vec![(0u64, 0u32)];
    for _ in 0..kept {
        masks = masks
            .iter()
            .flat_map(|&(mask, from)| {
                (from..blocks).map(move |number| (mask | block(number), number + 1))
            })
            .collect();
    }
    masks.into_iter().map(|(mask, _)| mask).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_differing_bits_leave_a_mask_equal() {
        for (distance, kept, tables) in [(3, 1, 4), (3, 2, 10), (3, 3, 20), (0, 1, 1), (6, 2, 28)] {
            let masks = masks(distance + kept, kept);
            assert_eq!(masks.len(), tables);
            // The worst case: differing bits spread over as many blocks as there are.
            let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
            for _ in 0..2000 {
                let mut differing = 0u64;
                for _ in 0..distance {
                    bits = bits.rotate_left(7).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                    differing |= 1 << (bits >> 58);
                }
                assert!(masks.iter().any(|mask| mask & differing == 0));
            }
        }
    }

    /// The scan, the tables, and what happens between them agree.
    #[test]
    fn every_near_pair_meets() {
        let mut random = 1u64;
        let mut bits = || {
            random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (random ^ random >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd)
        };
        for (documents, of_each) in [(2, 2), (300, 3), (300, 300), (3_000, 2), (9_000, 3)] {
            let mut hashes = Vec::new();
            while hashes.len() < documents {
                let center = bits();
                hashes
                    .extend((0..of_each).map(|_| SimHash::from_bits(center ^ 1 << (bits() >> 58))));
            }
            let live: Vec<u32> =
                (0..hashes.len() as u32).filter(|document| document % 7 != 3).collect();
            let groups = hamming(&hashes, 2, &live).unwrap();
            let mut met = std::collections::BTreeSet::new();
            for group in groups.iter() {
                let group: Vec<u32> = group.collect();
                for (i, &x) in group.iter().enumerate() {
                    met.extend(group[i + 1..].iter().map(|&y| (x.min(y), x.max(y))));
                }
            }
            for (i, &x) in live.iter().enumerate() {
                for &y in &live[i + 1..] {
                    let near = hashes[x as usize].distance(hashes[y as usize]) <= 2;
                    assert!(!near || met.contains(&(x, y)), "{documents} {x} {y}");
                }
            }
        }
    }
}
