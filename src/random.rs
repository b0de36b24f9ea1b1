//! Random numbers that are the same everywhere.

/// SplitMix64 (Steele, Lea and Flood 2014).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, which is not 0. Uniform but for `n` in 2^64.
    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// So many of the items, or all, in rising order: each choice is as likely (Fisher and Yates;
    /// Knuth, *The Art of Computer Programming*, volume 2, section 3.4.2, algorithm P).
    pub(crate) fn sample<T: Ord>(&mut self, mut items: Vec<T>, many: usize) -> Vec<T> {
        let many = many.min(items.len());
        for place in 0..many {
            let other = place + self.below(items.len() - place);
            items.swap(place, other);
        }
        items.truncate(many);
        items.sort_unstable();
        items
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_choice_is_as_likely() {
        let mut random = Random::new(5);
        let mut times: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        for _ in 0..20_000 {
            *times.entry(random.sample((0..5).collect(), 3)).or_default() += 1;
        }
        // Ten choices, 2,000 times each: the standard error is 42.
        assert_eq!(times.len(), 10);
        assert!(times.values().all(|&times| times.abs_diff(2000) < 4 * 42), "{times:?}");
        assert_eq!(random.sample(vec![3, 1, 2], 9), [1, 2, 3]);
    }
}
