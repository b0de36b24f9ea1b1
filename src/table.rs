//! A hash table from 64-bit hashes to small numbers that forgets everything in one step, so that
//! a hot loop can use it once per text without allocating.

#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u64,
    /// The round in which it was written; slots of older rounds are free.
    round: u32,
    value: u32,
}

/// Open addressing with linear probing, at most half full. 16 bytes a slot.
#[derive(Default)]
pub(crate) struct Table {
    slots: Vec<Slot>,
    round: u32,
    shift: u32,
}

impl Table {
    /// Forgets all entries and makes room for `len` of them.
    pub(crate) fn reset(&mut self, len: usize) {
        let size = (2 * len).next_power_of_two().max(64);
        if size > self.slots.len() || self.round == u32::MAX {
            self.slots = vec![Slot::default(); size.max(self.slots.len())];
            self.round = 0;
        }
        self.round += 1;
        // A small text uses a small part of a large table: it stays in the near cache.
        self.shift = 64 - size.trailing_zeros();
    }

    fn slot(&self, hash: u64) -> usize {
        // The hashes come from untrusted text: mixing keeps crafted low bits from clustering.
        let mut at = (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        let mask = (1usize << (64 - self.shift)) - 1;
        while self.slots[at].round == self.round && self.slots[at].hash != hash {
            at = (at + 1) & mask;
        }
        at
    }

    /// The value of `hash`, if it is there.
    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Option<u32> {
        let slot = &self.slots[self.slot(hash)];
        (slot.round == self.round).then_some(slot.value)
    }

    /// The value of `hash`, and whether it was put there just now, as `value`.
    #[inline]
    pub(crate) fn get_or_insert(&mut self, hash: u64, value: u32) -> (&mut u32, bool) {
        let at = self.slot(hash);
        let slot = &mut self.slots[at];
        let new = slot.round != self.round;
        if new {
            *slot = Slot { hash, round: self.round, value };
        }
        (&mut slot.value, new)
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
                proptest::collection::vec((0u64..40, any::<u32>()), 0..60), 1..5),
        ) {
            let mut table = Table::default();
            for round in rounds {
                table.reset(round.len());
                let mut model = BTreeMap::new();
                for (hash, value) in round {
                    let hash = hash << 58;
                    let new = !model.contains_key(&hash);
                    let kept = *model.entry(hash).or_insert(value);
                    prop_assert_eq!(table.get_or_insert(hash, value), (&mut { kept }, new));
                }
                for hash in (0..40).map(|hash| hash << 58) {
                    prop_assert_eq!(table.get(hash), model.get(&hash).copied());
                }
            }
        }
    }
}
