//! Classic MinHash, to be measured beside the sketches of the library.

use super::Random;

/// Classic MinHash as `datasketch` computes it, one multiplication and one remainder a slot and
/// shingle: what one-permutation hashing is measured against.
pub struct Classic(Vec<(u64, u64)>);

impl Classic {
    const PRIME: u64 = (1 << 61) - 1;

    pub fn new(slots: usize) -> Self {
        let mut random = Random(7);
        Self((0..slots).map(|_| (random.next() >> 3, random.next() >> 3)).collect())
    }

    pub fn sketch(&self, shingles: &[u64]) -> Vec<u32> {
        let mut slots = vec![u32::MAX; self.0.len()];
        for &shingle in shingles {
            let x = shingle & u64::from(u32::MAX);
            for (slot, &(a, b)) in slots.iter_mut().zip(&self.0) {
                *slot = (*slot).min((a.wrapping_mul(x).wrapping_add(b) % Self::PRIME) as u32);
            }
        }
        slots
    }
}
