//! The loops of `kernel`, compiled for the CPU at hand. Every level computes the same.

#![allow(unsafe_code)]

use super::kernel::{self, LANES};

macro_rules! dispatch {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) $(-> $result:ty)?;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub(super) fn $name($($arg: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $type),*) $(-> $result)? {
                    kernel::$name($($arg),*)
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the CPU was just seen to have AVX2.
                    return unsafe { avx2($($arg),*) };
                }
            }
            kernel::$name($($arg),*)
        }
    )*};
}

dispatch! {
    /// See [`kernel::fill`].
    fn fill(shingles: &[u64], a: &[u32; LANES], b: &[u32; LANES], least: &mut [u32; LANES]);
    /// See [`kernel::equal_bytes`].
    fn equal_bytes(a: &[u8], b: &[u8]) -> u32;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_level_computes_the_same(
            shingles in proptest::collection::vec(any::<u64>(), 0..200),
            a in any::<[u32; LANES]>(),
            b in any::<[u32; LANES]>(),
            bytes in proptest::collection::vec((0u8..4, 0u8..4), 0..600),
        ) {
            let (mut plain, mut fast) = ([u32::MAX; LANES], [u32::MAX; LANES]);
            kernel::fill(&shingles, &a, &b, &mut plain);
            fill(&shingles, &a, &b, &mut fast);
            prop_assert_eq!(plain, fast);
            let (x, y): (Vec<u8>, Vec<u8>) = bytes.into_iter().unzip();
            let naive = x.iter().zip(&y).filter(|(x, y)| x == y).count();
            prop_assert_eq!(kernel::equal_bytes(&x, &y) as usize, naive);
            prop_assert_eq!(equal_bytes(&x, &y) as usize, naive);
        }
    }
}
