//! The loops of `kernel`, compiled for the CPU at hand. Every level computes the same.

use super::SimHash;
use super::kernel::{self, LANES};
use crate::cpu::dispatch;

dispatch! {
    /// See [`kernel::fill`].
    fn fill(shingles: &[u64], a: &[u32; LANES], b: &[u32; LANES], least: &mut [u32; LANES]) = kernel::fill;
    /// See [`kernel::winnow`].
    fn winnow(shingles: &[u64], window: usize, selected: &mut Vec<(u64, u32)>) = kernel::winnow;
    /// See [`kernel::near`].
    fn near(of: SimHash, others: &[SimHash], distance: u32, found: &mut Vec<u32>) = kernel::near;
    /// See [`kernel::equal_bytes`].
    fn equal_bytes(a: &[u8], b: &[u8]) -> u32 = kernel::equal_bytes;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::Cpu;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_level_computes_the_same(
            shingles in proptest::collection::vec(any::<u64>(), 0..200),
            a in any::<[u32; LANES]>(),
            b in any::<[u32; LANES]>(),
            bytes in proptest::collection::vec((0u8..4, 0u8..4), 0..600),
            distance in 0u32..40,
        ) {
            let mut plain = [u32::MAX; LANES];
            kernel::fill(&shingles, &a, &b, &mut plain);
            let (x, y): (Vec<u8>, Vec<u8>) = bytes.into_iter().unzip();
            let equal = x.iter().zip(&y).filter(|(x, y)| x == y).count();
            let of = SimHash::from_bits(shingles.first().copied().unwrap_or(0));
            let hashes: Vec<SimHash> = shingles.iter().map(|&bits| SimHash::from_bits(bits)).collect();
            let is_near = |&i: &u32| hashes[i as usize].distance(of) <= distance;
            let near: Vec<u32> = (0..hashes.len() as u32).filter(is_near).collect();
            for cpu in Cpu::all() {
                let mut least = [u32::MAX; LANES];
                on::fill(cpu, &shingles, &a, &b, &mut least);
                prop_assert_eq!(plain, least, "{:?}", cpu);
                prop_assert_eq!(on::equal_bytes(cpu, &x, &y) as usize, equal, "{:?}", cpu);
                let mut found = Vec::new();
                on::near(cpu, of, &hashes, distance, &mut found);
                prop_assert_eq!(&found, &near, "{:?}", cpu);
            }
        }
    }
}
