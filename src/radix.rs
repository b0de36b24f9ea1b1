//! Sorting of many records by their keys.

use crate::threads;

/// More records than these do not stay in the near cache while they are spread by digits.
const NEAR: usize = 1 << 15;

/// Sorts records `key << 32 | rest`, of which those of one key are in order already. `spare` is a
/// buffer to be reused.
///
/// Linear, where a comparison sort takes about four times as long: many records are split by the
/// first digit of their keys into parts that stay in the near cache, which are sorted on all threads.
pub(crate) fn sort(records: &mut Vec<u64>, spare: &mut Vec<u64>) {
    if records.len() < 1 << 8 {
        records.sort_unstable();
        return;
    }
    spare.clear();
    spare.resize(records.len(), 0);
    if records.len() <= NEAR {
        // Least digit first.
        spread::<11>(records, spare, 32);
        spread::<11>(spare, records, 43);
        spread::<10>(records, spare, 54);
        std::mem::swap(records, spare);
        return;
    }
    let ends = spread::<8>(records, spare, 56);
    let (mut parts, mut before) = (Vec::with_capacity(ends.len()), 0);
    let (mut from, mut to) = (&mut spare[..], &mut records[..]);
    for end in ends {
        let (part, rest) = from.split_at_mut(end - before);
        let (place, room) = to.split_at_mut(end - before);
        (from, to, before) = (rest, room, end);
        parts.push((part, place));
    }
    threads::map_owned(parts, |(part, place)| {
        if part.len() < 1 << 8 {
            part.sort_unstable();
            place.copy_from_slice(part);
        } else {
            spread::<8>(part, place, 32);
            spread::<8>(place, part, 40);
            spread::<8>(part, place, 48);
        }
    });
}

/// Copies records by the digit of so many bits that begins at `shift`, those of one digit in their
/// order, and gives the end of each.
fn spread<const BITS: usize>(from: &[u64], to: &mut [u64], shift: u32) -> Vec<usize> {
    let digit = |record: u64| (record >> shift) as usize & ((1 << BITS) - 1);
    let mut places = vec![0; 1 << BITS];
    for &record in from {
        places[digit(record)] += 1;
    }
    let mut start = 0;
    for place in &mut places {
        start += std::mem::replace(place, start);
    }
    for &record in from {
        let place = &mut places[digit(record)];
        to[*place] = record;
        *place += 1;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_by_comparison(
            keys in proptest::collection::vec((any::<u32>(), 0u32..33), 0..2000),
            times in prop_oneof![Just(1usize), Just(60)],
        ) {
            let key = |(key, shift): (u32, u32)| u64::from(key.checked_shr(shift).unwrap_or(0));
            let keys = keys.repeat(times).into_iter().map(key);
            // Many: the same keys, and neighbours of them.
            let mut records: Vec<u64> = (0u64..)
                .zip(keys)
                .map(|(rest, key)| (key ^ ((rest % 7) << 13)) << 32 | rest)
                .collect();
            let mut expected = records.clone();
            expected.sort_unstable();
            sort(&mut records, &mut Vec::new());
            prop_assert_eq!(records, expected);
        }
    }
}
