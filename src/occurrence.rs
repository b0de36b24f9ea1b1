//! Which hashes may stand twice, in a text or in a list: one pass over a bitmap in the near cache tells
//! the many that do not.

use std::ops::Range;

/// The bits a hash, or up to twice as many: of hashes that stand once, one in 32 or fewer is taken
/// for one that stands twice.
const BITS: usize = 16;

/// A set of hashes that may say yes to one that is not in it, and never no to one that is. The
/// hashes are mixed well: their first bits choose their bit.
#[derive(Default)]
pub(crate) struct Bitmap {
    words: Vec<u64>,
    shift: u32,
}

impl Bitmap {
    /// Forgets everything and makes room for `len` hashes.
    pub(crate) fn reset(&mut self, len: usize) {
        let bits = (BITS * len).next_power_of_two().max(64);
        self.words.clear();
        self.words.resize(bits / 64, 0);
        self.shift = 64 - bits.trailing_zeros();
    }

    /// Whether the hash was there before, maybe.
    #[inline(always)]
    pub(crate) fn insert(&mut self, hash: u64) -> bool {
        let at = (hash >> self.shift) as usize;
        let (word, bit) = (&mut self.words[at / 64], 1 << (at % 64));
        let there = *word & bit != 0;
        *word |= bit;
        there
    }

    /// Inserts the hash if it is to be, without a branch.
    #[inline(always)]
    pub(crate) fn insert_if(&mut self, wanted: bool, hash: u64) {
        let at = (hash >> self.shift) as usize;
        self.words[at / 64] |= u64::from(wanted) << (at % 64);
    }

    /// Whether the hash is there, maybe.
    #[inline(always)]
    pub(crate) fn contains(&self, hash: u64) -> bool {
        let at = (hash >> self.shift) as usize;
        self.words[at / 64] >> (at % 64) & 1 != 0
    }
}

/// One flag for each place of a list.
#[derive(Default)]
pub(crate) struct Flags {
    words: Vec<u64>,
    len: usize,
}

impl Flags {
    /// Flags the hashes that `flag` says yes to, in their order.
    #[inline(always)]
    pub(crate) fn fill(&mut self, hashes: &[u64], mut flag: impl FnMut(u64) -> bool) {
        self.words.clear();
        self.len = hashes.len();
        self.words.extend(hashes.chunks(64).map(|chunk| {
            let flags = chunk.iter().enumerate();
            flags.fold(0, |word, (i, &hash)| word | u64::from(flag(hash)) << i)
        }));
    }

    pub(crate) fn get(&self, at: usize) -> bool {
        self.words[at / 64] >> (at % 64) & 1 != 0
    }

    /// The longest ranges of places in a row that are flagged.
    pub(crate) fn stretches(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let start = self.next(at, 0)?;
            at = self.next(start, u64::MAX).map_or(self.len, |end| end.min(self.len));
            Some(start..at)
        })
    }

    /// The first place from `at` on that is flagged, or is not when `flip` is all ones.
    fn next(&self, at: usize, flip: u64) -> Option<usize> {
        let first = *self.words.get(at / 64)?;
        let mut word = at / 64;
        let mut rest = (first ^ flip) & (u64::MAX << (at % 64));
        while rest == 0 {
            word += 1;
            rest = *self.words.get(word)? ^ flip;
        }
        Some(64 * word + rest.trailing_zeros() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::window as mixed;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_there_is_never_denied(
            rounds in proptest::collection::vec(proptest::collection::vec(0u64..300, 0..400), 1..4),
        ) {
            let mut bitmap = Bitmap::default();
            for round in rounds {
                bitmap.reset(round.len());
                for (at, &number) in round.iter().enumerate() {
                    let there = bitmap.insert(mixed(number));
                    prop_assert!(there || !round[..at].contains(&number));
                }
                prop_assert!(round.iter().all(|&number| bitmap.contains(mixed(number))));
            }
        }

        #[test]
        fn stretches_are_those_of_a_plain_walk(
            lengths in proptest::collection::vec(0usize..150, 0..8), first in any::<bool>(),
        ) {
            let plain: Vec<bool> = lengths
                .iter()
                .enumerate()
                .flat_map(|(i, &len)| vec![(i % 2 == 0) == first; len])
                .collect();
            let mut flags = Flags::default();
            let hashes: Vec<u64> = plain.iter().map(|&flag| flag.into()).collect();
            flags.fill(&hashes, |hash| hash == 1);
            prop_assert!((0..plain.len()).all(|at| flags.get(at) == plain[at]));
            let mut walked = Vec::new();
            let mut at = 0;
            for same in plain.chunk_by(|x, y| x == y) {
                if same[0] {
                    walked.push(at..at + same.len());
                }
                at += same.len();
            }
            prop_assert_eq!(flags.stretches().collect::<Vec<_>>(), walked);
        }
    }

    #[test]
    fn few_of_those_that_stand_once_are_taken_for_more() {
        for len in [1000, 1024, 1025, 100_000] {
            let mut bitmap = Bitmap::default();
            bitmap.reset(len);
            let taken = (0..len as u64).filter(|&number| bitmap.insert(mixed(number))).count();
            assert!(taken <= len / 32 + 20, "{taken} of {len}");
        }
    }
}
