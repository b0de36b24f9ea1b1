//! Sorting of many records by their keys, without most of those whose key comes once.

use crate::occurrence::Bitmap;
use crate::threads;

/// More records than these do not stay in the near cache while they are spread by digits.
const NEAR: usize = 1 << 15;
/// Fewer are sorted by comparing.
const FEW: usize = 1 << 8;

/// Puts records `key << 32 | rest`, of which those of one key come in order already, into `sorted` in
/// their order; of those whose key no other has, only a few. `spare` is a buffer to be reused. The
/// records are asked for twice.
///
/// Linear, where a comparison sort takes about four times as long: many records are split by the
/// first digit of their keys into parts that stay in the near cache, which are sorted on all threads.
pub(crate) fn sort_repeated(
    records: impl Iterator<Item = u64> + Clone,
    sorted: &mut Vec<u64>,
    spare: &mut Vec<u64>,
) {
    let len = records.clone().count();
    if len <= NEAR {
        sorted.clear();
        sorted.extend(records);
        let repeated = gather_repeated(sorted, 0);
        sorted.truncate(repeated);
        if sorted.len() < FEW {
            return sorted.sort_unstable();
        }
        // Least digit first.
        spare.resize(sorted.len(), 0);
        spread::<2048>(sorted.iter().copied(), spare, 32);
        spread::<2048>(spare.iter().copied(), sorted, 43);
        spread::<1024>(sorted.iter().copied(), spare, 54);
        return std::mem::swap(sorted, spare);
    }
    if sorted.capacity() < len {
        // Fresh memory is zero, and is touched once only.
        *sorted = vec![0; len];
    }
    sorted.resize(len, 0);
    let ends = spread::<256>(records, sorted, 56);
    let (mut parts, mut before) = (Vec::with_capacity(ends.len()), 0);
    let mut rest = &mut sorted[..];
    for end in ends {
        let (part, behind) = rest.split_at_mut(end - before);
        (rest, before) = (behind, end);
        parts.push(part);
    }
    let repeated = threads::map_owned(parts, |part| {
        let len = gather_repeated(part, 8);
        let part = &mut part[..len];
        if len < FEW {
            part.sort_unstable();
        } else {
            let mut spare = vec![0; len];
            spread::<4096>(part.iter().copied(), &mut spare, 32);
            spread::<4096>(spare.into_iter(), part, 44);
        }
        len
    });
    let (mut kept, mut start) = (0, 0);
    for (len, end) in repeated.into_iter().zip(ends) {
        sorted.copy_within(start..start + len, kept);
        (kept, start) = (kept + len, end);
    }
    sorted.truncate(kept);
}

/// Puts the records whose key another has, and few others, ahead, and says how many they are. All
/// begin with so many equal bits.
fn gather_repeated(records: &mut [u64], equal: u32) -> usize {
    let [mut seen, mut again] = [Bitmap::default(), Bitmap::default()];
    seen.reset(records.len());
    again.reset(records.len());
    // The keys alone tell, however many bits are asked.
    let key = |record: u64| record >> 32 << (32 + equal);
    // Nothing branches on what is hard to foresee.
    for &record in &*records {
        let there = seen.insert(key(record));
        again.insert_if(there, key(record));
    }
    let mut kept = 0;
    for at in 0..records.len() {
        let record = records[at];
        records[kept] = record;
        kept += usize::from(again.contains(key(record)));
    }
    kept
}

/// Puts records into the order of the digit below `DIGITS` that begins at `shift`, those of one digit
/// in their own, and gives the end of each.
fn spread<const DIGITS: usize>(
    records: impl Iterator<Item = u64> + Clone,
    to: &mut [u64],
    shift: u32,
) -> [usize; DIGITS] {
    let digit = |record: u64| (record >> shift) as usize & (DIGITS - 1);
    let mut places = [0; DIGITS];
    records.clone().for_each(|record| places[digit(record)] += 1);
    let mut start = 0;
    for place in &mut places {
        start += std::mem::replace(place, start);
    }
    records.for_each(|record| {
        let place = &mut places[digit(record)];
        to[*place] = record;
        *place += 1;
    });
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn repeated_keys_as_by_comparison(
            keys in proptest::collection::vec((any::<u32>(), 0u32..33), 0..2000),
            times in prop_oneof![Just(1usize), Just(60)],
        ) {
            let key = |(key, shift): (u32, u32)| u64::from(key.checked_shr(shift).unwrap_or(0));
            let keys = keys.repeat(times).into_iter().map(key);
            // Many: the same keys, and neighbours of them.
            let records: Vec<u64> = (0u64..)
                .zip(keys)
                .map(|(rest, key)| (key ^ ((rest % 7) << 13)) << 32 | rest)
                .collect();
            let mut all = records.clone();
            all.sort_unstable();
            let repeated = |records: &[u64]| -> Vec<u64> {
                let same = records.chunk_by(|x, y| x >> 32 == y >> 32);
                same.filter(|same| same.len() > 1).flatten().copied().collect()
            };
            // What the buffers hold does not matter.
            for used in [0, 5, 1 << 18] {
                let (mut sorted, mut spare) = (vec![7; used], vec![9; used]);
                sort_repeated(records.iter().copied(), &mut sorted, &mut spare);
                prop_assert!(sorted.is_sorted() && sorted.iter().all(|x| all.binary_search(x).is_ok()));
                prop_assert_eq!(repeated(&sorted), repeated(&all));
            }
        }
    }

    /// More than the bits of a key can tell apart, and numbers that differ in their first bits.
    #[test]
    fn no_repeated_key_goes_among_many_of_one_first_digit() {
        let others = (0..3_000_000u64).map(|rest| (hash::window(rest) >> 40) << 32 | rest);
        let records: Vec<u64> = others.chain([5 << 32 | 1 << 31, 5 << 32 | 1 << 30]).collect();
        let mut gathered = records.clone();
        let repeated = gather_repeated(&mut gathered, 8);
        assert!(gathered[..repeated].ends_with(&records[3_000_000..]));
    }

    #[test]
    fn few_come_without_another_of_their_key() {
        for len in [1000, 30_000, 1_000_000u64] {
            let records = (0..len).map(|rest| hash::window(rest) & !0xffff_ffff | rest);
            let (mut sorted, mut spare) = (Vec::new(), Vec::new());
            sort_repeated(records, &mut sorted, &mut spare);
            assert!(sorted.len() as u64 <= len / 10, "{} of {len}", sorted.len());
        }
    }
}
