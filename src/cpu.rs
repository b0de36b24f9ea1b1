//! What the CPU at hand can do, plain loops compiled for it, and the one vector test that needs no
//! level. Every level computes the same; only the tests choose one.

use std::sync::atomic::{AtomicU8, Ordering};

/// A set of instructions that hot loops are compiled for; each has those before it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Plain loops, for any CPU.
    Plain,
    /// What every x86-64 has.
    Sse2,
    /// AVX2 with the bit counts and shifts of its time.
    Avx2,
    /// AVX-512 with byte compression.
    Avx512,
}

const LEVELS: [Level; 4] = [Level::Plain, Level::Sse2, Level::Avx2, Level::Avx512];

/// The level in use, once it is known. It never reaches a result.
static LEVEL: AtomicU8 = AtomicU8::new(u8::MAX);

/// A level that this CPU has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cpu(Level);

impl Cpu {
    /// The one that hot loops use.
    #[inline]
    pub(crate) fn here() -> Self {
        match LEVELS.get(usize::from(LEVEL.load(Ordering::Relaxed))) {
            Some(&level) => Self(level),
            None => Self(use_up_to(Level::Avx512)),
        }
    }

    #[inline]
    pub(crate) fn level(self) -> Level {
        self.0
    }

    /// All of them.
    #[cfg(test)]
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        LEVELS.into_iter().filter(|&level| level <= best()).map(Self)
    }
}

/// Uses no level beyond `most` in the whole process from now on, and gives the one in use. For tests
/// and measurements.
#[doc(hidden)]
pub fn use_up_to(most: Level) -> Level {
    let level = most.min(best());
    LEVEL.store(level as u8, Ordering::Relaxed);
    level
}

/// The highest level of this CPU.
fn best() -> Level {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        let avx2 = has!("avx2") && has!("bmi1") && has!("bmi2") && has!("lzcnt") && has!("popcnt");
        let avx512 = has!("avx512f")
            && has!("avx512bw")
            && has!("avx512dq")
            && has!("avx512vl")
            && has!("avx512vbmi")
            && has!("avx512vbmi2")
            && has!("avx512vpopcntdq");
        match (avx2, avx512) {
            (true, true) => Level::Avx512,
            (true, false) => Level::Avx2,
            _ => Level::Sse2,
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    Level::Plain
}

/// Makes functions of plain loops, which must be `#[inline(always)]`: each is compiled once per level
/// and runs as the CPU at hand can. In `on` they take the level first.
macro_rules! dispatch {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) $(-> $result:ty)? = $plain:path;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub(super) fn $name($($arg: $type),*) $(-> $result)? {
            on::$name($crate::cpu::Cpu::here(), $($arg),*)
        }
    )*

    pub(super) mod on {
        #[allow(clippy::wildcard_imports)]
        use super::*;
        $(
            #[allow(unsafe_code)]
            #[inline]
            pub(in super::super) fn $name(cpu: $crate::cpu::Cpu, $($arg: $type),*) $(-> $result)? {
                #[cfg(target_arch = "x86_64")]
                {
                    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
                    fn avx2($($arg: $type),*) $(-> $result)? {
                        $plain($($arg),*)
                    }
                    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq")]
                    fn avx512($($arg: $type),*) $(-> $result)? {
                        $plain($($arg),*)
                    }
                    match cpu.level() {
                        // SAFETY: this CPU has what its level says.
                        $crate::cpu::Level::Avx512 => return unsafe { avx512($($arg),*) },
                        // SAFETY: as above.
                        $crate::cpu::Level::Avx2 => return unsafe { avx2($($arg),*) },
                        $crate::cpu::Level::Sse2 | $crate::cpu::Level::Plain => {}
                    }
                }
                let _ = cpu;
                $plain($($arg),*)
            }
        )*
    }};
}
pub(crate) use dispatch;

/// A bit for each byte that is one of two or is at most `most`, the first one lowest. By SSE2, which
/// every x86-64 has, whatever level is in use.
#[cfg(feature = "jsonl")]
#[inline]
pub(crate) fn marked(block: &[u8; 64], bytes: [u8; 2], most: u8) -> u64 {
    #[cfg(target_arch = "x86_64")]
    #[allow(unsafe_code)]
    {
        // SAFETY: every x86-64 has SSE2.
        unsafe { marked_sse2(block, bytes, most) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    plainly_marked(block, bytes, most)
}

/// The plain twin of [`marked`].
#[cfg(all(feature = "jsonl", any(test, not(target_arch = "x86_64"))))]
fn plainly_marked(block: &[u8; 64], bytes: [u8; 2], most: u8) -> u64 {
    block
        .iter()
        .enumerate()
        .fold(0, |marks, (at, byte)| marks | u64::from(bytes.contains(byte) || *byte <= most) << at)
}

/// Of this the compiler makes no vectors by itself but of ones and zeros, which it packs one by one.
#[cfg(all(feature = "jsonl", target_arch = "x86_64"))]
#[inline]
#[target_feature(enable = "sse2")]
fn marked_sse2(block: &[u8; 64], bytes: [u8; 2], most: u8) -> u64 {
    use std::arch::x86_64::*;
    let [x, y, most] = [bytes[0], bytes[1], most].map(|byte| _mm_set1_epi8(byte as i8));
    let mut marks = 0;
    for (at, &[low, high]) in block.as_chunks().0.as_chunks().0.iter().enumerate() {
        let here = _mm_set_epi64x(i64::from_le_bytes(high), i64::from_le_bytes(low));
        let at_most = _mm_cmpeq_epi8(_mm_min_epu8(here, most), here);
        let either = _mm_or_si128(_mm_cmpeq_epi8(here, x), _mm_cmpeq_epi8(here, y));
        let here = _mm_movemask_epi8(_mm_or_si128(at_most, either));
        marks |= u64::from(here as u16) << (16 * at);
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "jsonl")]
    proptest::proptest! {
        #[test]
        fn marks_are_those_of_a_plain_loop(
            block in proptest::prelude::any::<[[u8; 32]; 2]>(),
            bytes in proptest::prelude::any::<[u8; 2]>(),
            most in proptest::prelude::any::<u8>(),
        ) {
            let block = *block.as_flattened().first_chunk().unwrap();
            proptest::prop_assert_eq!(marked(&block, bytes, most), plainly_marked(&block, bytes, most));
        }
    }

    #[test]
    fn numbers_name_their_levels() {
        for (number, level) in LEVELS.into_iter().enumerate() {
            assert_eq!(level as usize, number);
        }
    }
}
