//! Sorting of many records by their keys.

use crate::threads;

/// More records than these do not stay in the near cache while they are spread by digits.
const NEAR: usize = 1 << 15;
/// Fewer are sorted by comparing.
const FEW: usize = 1 << 8;

/// Puts records `key << 32 | rest`, of which those of one key come in order already, into `sorted` in
/// their order. `spare` is a buffer to be reused. The records are asked for twice.
///
/// Linear, where a comparison sort takes about four times as long: many records are split by the
/// first digit of their keys into parts that stay in the near cache, which are sorted on all threads.
pub(crate) fn sort(
    records: impl Iterator<Item = u64> + Clone,
    sorted: &mut Vec<u64>,
    spare: &mut Vec<u64>,
) {
    let len = records.clone().count();
    if len < FEW {
        sorted.clear();
        sorted.extend(records);
        sorted.sort_unstable();
        return;
    }
    if len <= NEAR {
        // Least digit first.
        for buffer in [&mut *sorted, &mut *spare] {
            buffer.resize(len, 0);
        }
        spread::<2048>(records, sorted, 32);
        spread::<2048>(sorted.iter().copied(), spare, 43);
        spread::<1024>(spare.iter().copied(), sorted, 54);
        return;
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
    threads::map_owned(parts, |part| {
        if part.len() < FEW {
            part.sort_unstable();
        } else {
            let mut spare = vec![0; part.len()];
            spread::<4096>(part.iter().copied(), &mut spare, 32);
            spread::<4096>(spare.into_iter(), part, 44);
        }
    });
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
            let records: Vec<u64> = (0u64..)
                .zip(keys)
                .map(|(rest, key)| (key ^ ((rest % 7) << 13)) << 32 | rest)
                .collect();
            let mut expected = records.clone();
            expected.sort_unstable();
            // What the buffers hold does not matter.
            for used in [0, 5, 1 << 18] {
                let (mut sorted, mut spare) = (vec![7; used], vec![9; used]);
                sort(records.iter().copied(), &mut sorted, &mut spare);
                prop_assert_eq!(&sorted, &expected);
            }
        }
    }
}
