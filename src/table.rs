//! A hash table over places of a list that has the hashes: it can be used once per text in a hot
//! loop without allocating, and stays in the near cache for most texts.

const NONE: u32 = u32::MAX;

/// Open addressing with linear probing, at most a quarter full: a wider table costs less than the
/// branches missed in a fuller one. 4 bytes a slot. The list of the hashes is told at every call, as a
/// function of the place.
#[derive(Default)]
pub(crate) struct Table {
    places: Vec<u32>,
    shift: u32,
}

impl Table {
    /// Forgets all places and makes room for `len` of them.
    pub(crate) fn reset(&mut self, len: usize) {
        let size = (4 * len).next_power_of_two().max(64);
        self.places.clear();
        self.places.resize(size, NONE);
        self.shift = 64 - size.trailing_zeros();
    }

    /// The place that has `hash`, if one is there.
    #[inline]
    pub(crate) fn get(&self, hash: u64, of: impl Fn(usize) -> u64) -> Option<u32> {
        let place = self.places[self.slot(hash, of)];
        (place != NONE).then_some(place)
    }

    /// The place that has `hash`: the one given, if there was none before.
    #[inline]
    pub(crate) fn get_or_insert(
        &mut self,
        hash: u64,
        place: u32,
        of: impl Fn(usize) -> u64,
    ) -> u32 {
        let slot = self.slot(hash, of);
        let there = &mut self.places[slot];
        if *there == NONE {
            *there = place;
        }
        *there
    }

    #[inline]
    fn slot(&self, hash: u64, of: impl Fn(usize) -> u64) -> usize {
        // The hashes come from untrusted text: mixing keeps crafted low bits from clustering.
        let mut at = (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        let mask = self.places.len() - 1;
        while self.places[at] != NONE && of(self.places[at] as usize) != hash {
            at = (at + 1) & mask;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn behaves_like_a_map(
            rounds in proptest::collection::vec(
                proptest::collection::vec(0u64..40, 0..60), 1..5),
        ) {
            let mut table = Table::default();
            for round in rounds {
                table.reset(round.len());
                let hashes: Vec<u64> = round.iter().map(|&hash| hash << 58).collect();
                let of = |place: usize| hashes[place];
                let mut model = BTreeMap::new();
                for (place, &hash) in (0..).zip(&hashes) {
                    let first = *model.entry(hash).or_insert(place);
                    prop_assert_eq!(table.get_or_insert(hash, place, of), first);
                }
                for hash in (0..40).map(|hash| hash << 58) {
                    prop_assert_eq!(table.get(hash, of), model.get(&hash).copied());
                }
            }
        }
    }
}
