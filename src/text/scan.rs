//! What is asked of every byte and of every run: where words may stand, 64 bytes at a time, and the
//! hashes of short words. Besides `cpu.rs` and the memory map, the only file with `unsafe`.

#![allow(unsafe_code)]

use super::fold::{self, HIGH, LOWER, MASKS};
use crate::cpu::Cpu;
#[cfg(target_arch = "x86_64")]
use crate::cpu::Level;
use crate::hash;

const BLOCK: usize = 64;

/// Blocks in a batch: its edges stay in the near cache.
const BATCH: usize = 16;

/// Edges of a batch at most: one a byte, the end of the text, and room to write whole blocks.
const EDGES: usize = (BATCH + 1) * BLOCK + 1;

/// Runs of a batch at most.
pub(super) const RUNS: usize = EDGES / 2;

/// Runs that are hashed at once: one bit each.
pub(super) const TOGETHER: usize = 64;

/// The runs of a batch, and before them the one that the last left open.
pub(super) struct Batch {
    edges: [u32; EDGES],
    len: usize,
    folded: Folded,
}

/// The bytes of a batch as far as folding them is cheap: ASCII in lower case, and of Latin letters of
/// two bytes the letter without its mark. Only CPUs that do so in vectors fill it.
struct Folded {
    bytes: [u8; FOLDED],
    len: usize,
    /// Those of the batch, in these bytes.
    edges: [u32; EDGES],
    /// 1 while the next byte is the second of such a letter.
    second: u64,
}

/// What is kept of a run that goes on, which is longer than a short word.
const KEPT: usize = 32;

/// Whole blocks are written.
const FOLDED: usize = KEPT + (BATCH + 1) * BLOCK;

impl Default for Batch {
    fn default() -> Self {
        let folded = Folded { bytes: [0; FOLDED], len: 0, edges: [0; EDGES], second: 0 };
        Self { edges: [0; EDGES], len: 0, folded }
    }
}

impl Batch {
    /// Where the runs that have ended begin and end in the text.
    pub(super) fn runs(&self) -> &[[u32; 2]] {
        self.edges[..self.len].as_chunks().0
    }

    /// Hashes up to [`TOGETHER`] of the runs, from one on, as if each were a short word, without a
    /// branch. Gives a bit for each of those for which that is not known to be right: the caller takes
    /// them again. Right are words of at most 16 bytes of ASCII, and where the CPU makes it cheap, also
    /// with Latin letters of two bytes.
    ///
    /// The hashes of the others mean nothing; which those are depends on the CPU.
    pub(super) fn hash_short(&self, cpu: Cpu, text: &str, from: usize, hashes: &mut [u64]) -> u64 {
        let runs = &self.runs()[from..];
        #[cfg(target_arch = "x86_64")]
        if cpu.level() >= Level::Avx512 {
            let (folded, _) = self.folded.edges[..self.len].as_chunks();
            let folded = &folded[from..][..runs.len().min(TOGETHER)];
            // SAFETY: this CPU has what its level says.
            return unsafe { x86::hash_short_avx512(&self.folded.bytes, folded, hashes) };
        }
        let _ = cpu;
        hash_ascii(text.as_bytes(), runs, hashes)
    }

    /// Begins another text.
    fn clear(&mut self) {
        (self.len, self.folded.len, self.folded.second) = (0, 0, 0);
    }

    /// Leaves a run that goes on, and nothing else.
    fn go_on(&mut self) {
        let Self { edges, len, folded } = self;
        let last = len.saturating_sub(1);
        edges[0] = edges[last];
        let kept = match *len % 2 {
            0 => 0,
            // At a level that does not fill it there is nothing.
            _ => folded.len.saturating_sub(folded.edges[last] as usize).min(KEPT),
        };
        folded.bytes.copy_within(folded.len - kept..folded.len, 0);
        (folded.len, folded.edges[0]) = (kept, 0);
        *len %= 2;
    }
}

/// What 64 bytes are, one bit a byte, the first one lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Classes {
    /// ASCII letters and digits.
    word: u64,
    /// Bytes that are not ASCII.
    wide: u64,
    /// Of those, the first bytes of the characters from U+0080 to U+00BF and from U+2000 to U+2FFF:
    /// most of what separates words without being ASCII.
    signs: u64,
}

/// A reading of one text.
pub(super) struct Cursor {
    cpu: Cpu,
    at: usize,
    /// 1 while a run goes on.
    open: u64,
    /// Bytes of the next block that belong to a separator of this one.
    cleared: u64,
    ended: bool,
}

impl Cursor {
    pub(super) fn new(cpu: Cpu) -> Self {
        Self { cpu, at: 0, open: 0, cleared: 0, ended: false }
    }

    /// Finds where runs begin and end in the next stretch of the text; says whether there is one.
    ///
    /// A run holds ASCII letters and digits and characters beyond ASCII, but not those separators
    /// that [`Classes::signs`] tells.
    pub(super) fn advance(&mut self, text: &str, batch: &mut Batch) -> bool {
        if self.ended {
            return false;
        }
        if self.at == 0 {
            batch.clear();
        }
        batch.go_on();
        #[cfg(target_arch = "x86_64")]
        match self.cpu.level() {
            // SAFETY: this CPU has what its level says.
            Level::Avx512 => unsafe { x86::advance_avx512(self, text, batch) },
            // SAFETY: as above.
            Level::Avx2 => unsafe { x86::advance_avx2(self, text, batch) },
            Level::Sse2 => advance(self, text, batch, x86::classify_sse2, emit, |_, _, _, _, _| {}),
            Level::Plain => advance(self, text, batch, classify, emit, |_, _, _, _, _| {}),
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = self.cpu;
            advance(self, text, batch, classify, emit, |_, _, _, _, _| {});
        }
        true
    }
}

fn hash_ascii(bytes: &[u8], runs: &[[u32; 2]], hashes: &mut [u64]) -> u64 {
    let mut careful = 0;
    for (at, (&[start, end], hash)) in runs.iter().zip(hashes).enumerate().take(TOGETHER) {
        let (start, len) = (start as usize, (end - start) as usize);
        let mut word = [0; 16];
        // Too near the end for the load: taken again as if it were wide.
        word.copy_from_slice(bytes.get(start..start + 16).unwrap_or(&[0x80; 16]));
        let word = (u128::from_le_bytes(word) | LOWER) & MASKS[len.min(17)];
        careful |= (u64::from(word & HIGH != 0) | u64::from(len > 16)) << at;
        *hash = hash::short_token(word, len);
    }
    careful
}

/// `fold` takes a block with the byte behind it, its edges, and their number before them.
#[inline(always)]
fn advance(
    cursor: &mut Cursor,
    text: &str,
    batch: &mut Batch,
    classify: impl Fn(&[u8; BLOCK]) -> Classes,
    emit: impl Fn(u64, u32, &mut [u32; BLOCK]),
    fold: impl Fn(&mut Folded, &[u8; BLOCK], u8, u64, usize),
) {
    let bytes = text.as_bytes();
    let Batch { edges, len: n, folded } = batch;
    for _ in 0..BATCH {
        let rest = &bytes[cursor.at..];
        let mut padded = [0; BLOCK];
        let block = rest.first_chunk().unwrap_or_else(|| {
            padded[..rest.len()].copy_from_slice(rest);
            &padded
        });
        let Classes { word, wide, signs } = classify(block);
        let mut run = (word | wide) & !cursor.cleared;
        cursor.cleared = 0;
        if signs != 0 {
            let separators = separators(rest, signs);
            run &= !(separators as u64);
            cursor.cleared = (separators >> BLOCK) as u64;
        }
        let changes = run ^ (run << 1 | cursor.open);
        cursor.open = run >> (BLOCK - 1);
        let Some(free) = edges[*n..].first_chunk_mut() else { break };
        emit(changes, cursor.at as u32, free);
        fold(folded, block, rest.get(BLOCK).copied().unwrap_or(0), changes, *n);
        *n += changes.count_ones() as usize;
        cursor.at += BLOCK;
        // A last block with room behind the text has closed its run there.
        if cursor.at >= bytes.len() {
            if cursor.open == 1 {
                (edges[*n], folded.edges[*n]) = (bytes.len() as u32, folded.len as u32);
                *n += 1;
            }
            cursor.ended = true;
            break;
        }
    }
}

/// The bytes of those signs that separate words, in this block and the next.
fn separators(rest: &[u8], mut signs: u64) -> u128 {
    let table = fold::separators();
    let mut bytes = 0;
    while signs != 0 {
        let at = signs.trailing_zeros();
        signs &= signs - 1;
        bytes |= u128::from(table.of(&rest[at as usize..])) << at;
    }
    bytes
}

/// The plain twin of all levels: eight bytes in a word, bit by bit the same question to each.
fn classify(block: &[u8; BLOCK]) -> Classes {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Of bytes below 128, the high bit of those that are `least` or greater.
    let from = |bytes: u64, least: u8| bytes + 0x0101_0101_0101_0101 * u64::from(128 - least);
    // Gathers the high bits; the product adds no two of them at one place.
    let gather = |bits: u64| ((bits & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let mut classes = Classes::default();
    let (words, _) = block.as_chunks::<8>();
    for (at, &bytes) in words.iter().enumerate() {
        let bytes = u64::from_le_bytes(bytes);
        let low = bytes & !HIGH;
        let lower = low | 0x2020_2020_2020_2020;
        let letter = from(lower, b'a') & !from(lower, b'z' + 1);
        let digit = from(low, b'0') & !from(low, b'9' + 1);
        // 0xc2 and 0xe2 differ in one bit.
        let sign = from(low & !0x2020_2020_2020_2020 ^ 0x4242_4242_4242_4242, 1);
        classes.word |= gather((letter | digit) & !bytes) << (8 * at);
        classes.wide |= gather(bytes) << (8 * at);
        classes.signs |= gather(bytes & !sign) << (8 * at);
    }
    classes
}

/// Writes the number of each bit, counted from `base`; what it writes behind them means nothing.
#[inline(always)]
fn emit(mut bits: u64, base: u32, out: &mut [u32; BLOCK]) {
    // Eight at a time whether they are there or not: no branch depends on how many there are.
    let (eights, _) = out.as_chunks_mut::<8>();
    for eight in eights {
        if bits == 0 {
            break;
        }
        for place in eight {
            *place = base.wrapping_add(bits.trailing_zeros());
            bits &= bits.wrapping_sub(1);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::*;
    use std::arch::x86_64::*;

    /// AVX2 and what [`Level::Avx2`] promises with it.
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    pub(super) fn advance_avx2(cursor: &mut Cursor, text: &str, batch: &mut Batch) {
        advance(cursor, text, batch, |block| classify_avx2(block), emit, |_, _, _, _, _| {});
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
    pub(super) fn advance_avx512(cursor: &mut Cursor, text: &str, batch: &mut Batch) {
        let letters = fold::latin_letters();
        // SAFETY: 64 bytes are read of 64.
        let letters = unsafe { _mm512_loadu_si512(letters.as_ptr().cast()) };
        advance(
            cursor,
            text,
            batch,
            |block| classify_avx512(block),
            |bits, base, out| emit_avx512(bits, base, out),
            |folded, block, next, changes, n| fold_avx512(folded, block, next, changes, n, letters),
        );
    }

    pub(super) fn classify_sse2(block: &[u8; BLOCK]) -> Classes {
        let mut classes = Classes::default();
        let (parts, _) = block.as_chunks::<16>();
        for (at, part) in parts.iter().enumerate() {
            // SAFETY: SSE2 belongs to x86-64, and 16 bytes are read of 16; the load needs no
            // alignment.
            let [word, wide, signs] = unsafe {
                let bytes = _mm_loadu_si128(part.as_ptr().cast());
                let within = |bytes, first: u8, last: u8| {
                    // Bytes from `first` to `last` become the least signed numbers.
                    let moved =
                        _mm_add_epi8(bytes, _mm_set1_epi8(0x80u8.wrapping_sub(first) as i8));
                    _mm_cmplt_epi8(moved, _mm_set1_epi8((0x81 + (last - first)) as i8))
                };
                let letter = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), b'a', b'z');
                let digit = within(bytes, b'0', b'9');
                let folded = _mm_and_si128(bytes, _mm_set1_epi8(0xdfu8 as i8));
                let sign = _mm_cmpeq_epi8(folded, _mm_set1_epi8(0xc2u8 as i8));
                [_mm_or_si128(letter, digit), bytes, sign].map(|mask| _mm_movemask_epi8(mask))
            };
            classes.word |= u64::from(word as u16) << (16 * at);
            classes.wide |= u64::from(wide as u16) << (16 * at);
            classes.signs |= u64::from(signs as u16) << (16 * at);
        }
        classes
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    pub(super) fn classify_avx2(block: &[u8; BLOCK]) -> Classes {
        let mut classes = Classes::default();
        let (parts, _) = block.as_chunks::<32>();
        for (at, part) in parts.iter().enumerate() {
            // SAFETY: 32 bytes are read of 32; the load needs no alignment.
            let bytes = unsafe { _mm256_loadu_si256(part.as_ptr().cast()) };
            let within = |bytes, first: u8, last: u8| {
                // Bytes from `first` to `last` become the least signed numbers.
                let moved =
                    _mm256_add_epi8(bytes, _mm256_set1_epi8(0x80u8.wrapping_sub(first) as i8));
                _mm256_cmpgt_epi8(_mm256_set1_epi8((0x81 + (last - first)) as i8), moved)
            };
            let letter = within(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), b'a', b'z');
            let digit = within(bytes, b'0', b'9');
            let folded = _mm256_and_si256(bytes, _mm256_set1_epi8(0xdfu8 as i8));
            let sign = _mm256_cmpeq_epi8(folded, _mm256_set1_epi8(0xc2u8 as i8));
            let bits = |mask| u64::from(_mm256_movemask_epi8(mask) as u32) << (32 * at);
            classes.word |= bits(_mm256_or_si256(letter, digit));
            classes.wide |= bits(bytes);
            classes.signs |= bits(sign);
        }
        classes
    }

    #[target_feature(enable = "avx512f,avx512bw")]
    #[inline]
    pub(super) fn classify_avx512(block: &[u8; BLOCK]) -> Classes {
        // SAFETY: 64 bytes are read of 64; the load needs no alignment.
        let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
        let within = |bytes, first: u8, last: u8| {
            let moved = _mm512_sub_epi8(bytes, _mm512_set1_epi8(first as i8));
            _mm512_cmple_epu8_mask(moved, _mm512_set1_epi8((last - first) as i8))
        };
        let lower = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
        let folded = _mm512_and_si512(bytes, _mm512_set1_epi8(0xdfu8 as i8));
        Classes {
            word: within(lower, b'a', b'z') | within(bytes, b'0', b'9'),
            wide: _mm512_movepi8_mask(bytes),
            signs: _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8(0xc2u8 as i8)),
        }
    }

    /// Appends a block, behind which `next` stands, and its edges.
    #[target_feature(enable = "bmi1,bmi2,lzcnt,popcnt")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2")]
    #[inline]
    fn fold_avx512(
        folded: &mut Folded,
        block: &[u8; BLOCK],
        next: u8,
        changes: u64,
        n: usize,
        letters: __m512i,
    ) {
        // SAFETY: 64 bytes are read of 64, twice.
        let (bytes, behind) = unsafe {
            (_mm512_loadu_si512(block.as_ptr().cast()), _mm512_loadu_si512(BEHIND.as_ptr().cast()))
        };
        let first = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(0xc3u8 as i8));
        // The letter of the byte behind each, which is the second one where it is the first.
        let second = _mm512_permutexvar_epi8(behind, bytes);
        let second = _mm512_mask_set1_epi8(second, 1 << (BLOCK - 1), next as i8);
        let lower = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
        let letter = _mm512_mask_permutexvar_epi8(lower, first, second, letters);
        // No run begins or ends in such a letter: its edges are all kept.
        let kept = !(first << 1 | folded.second);
        folded.second = first >> (BLOCK - 1);
        let Some(room) = folded.bytes[folded.len..].first_chunk_mut::<BLOCK>() else { return };
        let letter = _mm512_maskz_compress_epi8(kept, letter);
        // SAFETY: 64 bytes are written to 64.
        unsafe { _mm512_storeu_si512(room.as_mut_ptr().cast(), letter) };
        let Some(free) = folded.edges[n..].first_chunk_mut() else { return };
        emit_avx512(_pext_u64(changes, kept), folded.len as u32, free);
        folded.len += kept.count_ones() as usize;
    }

    /// [`Batch::hash_short`] of runs in folded bytes.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
    pub(super) fn hash_short_avx512(
        bytes: &[u8; FOLDED],
        runs: &[[u32; 2]],
        hashes: &mut [u64],
    ) -> u64 {
        let (eights, rest) = runs.as_chunks();
        let (of_eights, of_rest) = hashes.as_chunks_mut();
        let mut careful = 0;
        for ((at, eight), hashes) in (0..TOGETHER / 8).zip(eights).zip(of_eights) {
            careful |= u64::from(hash_eight(bytes, eight, hashes)) << (8 * at);
        }
        if eights.len() < TOGETHER / 8 && !rest.is_empty() {
            let (mut eight, mut hashes) = ([[0; 2]; 8], [0; 8]);
            eight[..rest.len()].copy_from_slice(rest);
            careful |= u64::from(hash_eight(bytes, &eight, &mut hashes)) << (8 * eights.len());
            of_rest.iter_mut().zip(hashes).for_each(|(place, hash)| *place = hash);
        }
        careful
    }

    /// [`Batch::hash_short`] of eight runs in folded bytes.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
    #[inline]
    fn hash_eight(bytes: &[u8; FOLDED], runs: &[[u32; 2]; 8], hashes: &mut [u64; 8]) -> u8 {
        // SAFETY: 64 bytes are read of 8 runs of 8 bytes.
        let runs = unsafe { _mm512_loadu_si512(runs.as_ptr().cast()) };
        let starts = _mm512_cvtepi64_epi32(runs);
        let lens = _mm256_sub_epi32(_mm512_cvtepi64_epi32(_mm512_srli_epi64::<32>(runs)), starts);
        let long = _mm256_cmpgt_epu32_mask(lens, _mm256_set1_epi32(16));
        let mut places = [0u32; 8];
        // SAFETY: 32 bytes are written to 8 numbers of 4 bytes.
        unsafe { _mm256_storeu_si256(places.as_mut_ptr().cast(), starts) };
        let word = |i: usize| {
            let place = (places[i] as usize).min(FOLDED - 16);
            // SAFETY: 16 bytes follow the greatest place.
            unsafe { _mm_loadu_si128(bytes.as_ptr().add(place).cast()) }
        };
        let four = |i: usize| {
            let four = _mm512_inserti32x4::<1>(_mm512_castsi128_si512(word(i)), word(i + 2));
            _mm512_inserti32x4::<3>(_mm512_inserti32x4::<2>(four, word(i + 4)), word(i + 6))
        };
        // Unpacking puts the words with even numbers and those with odd ones in order again.
        let (even, odd) = (four(0), four(1));
        // SAFETY: 64 bytes are read of 64, three times.
        let [of_even, of_odd, numbers] = unsafe {
            [&LENS[0], &LENS[1], &PLACES].map(|table| _mm512_loadu_si512(table.as_ptr().cast()))
        };
        let all_lens = _mm512_castsi256_si512(lens);
        let of_even = _mm512_permutexvar_epi8(of_even, all_lens);
        let of_odd = _mm512_permutexvar_epi8(of_odd, all_lens);
        let even = _mm512_maskz_mov_epi8(_mm512_cmplt_epu8_mask(numbers, of_even), even);
        let odd = _mm512_maskz_mov_epi8(_mm512_cmplt_epu8_mask(numbers, of_odd), odd);
        let low = _mm512_unpacklo_epi64(even, odd);
        let high = _mm512_unpackhi_epi64(even, odd);
        let wide = _mm512_set1_epi64(HIGH as u64 as i64);
        let wide = _mm512_test_epi64_mask(_mm512_or_si512(low, high), wide);
        let hashed = short_tokens(low, high, _mm512_cvtepu32_epi64(lens));
        // SAFETY: 64 bytes are written to 8 numbers of 8 bytes.
        unsafe { _mm512_storeu_si512(hashes.as_mut_ptr().cast(), hashed) };
        wide | long
    }

    /// [`hash::short_token`] of eight words, given by their halves and lengths.
    #[target_feature(enable = "avx512f,avx512dq")]
    #[inline]
    fn short_tokens(low: __m512i, high: __m512i, lens: __m512i) -> __m512i {
        let all = |number: u64| _mm512_set1_epi64(number as i64);
        let [start, first, step] = hash::SHORT_TOKEN;
        let key = _mm512_add_epi64(all(first), _mm512_mullo_epi64(lens, all(step)));
        let (x, y) = (_mm512_xor_si512(low, all(start)), _mm512_xor_si512(high, key));
        // Moved, not shifted: a compiler that sees a product of 128 bits takes the vectors apart.
        let (x_high, y_high) = (_mm512_shuffle_epi32::<0xf5>(x), _mm512_shuffle_epi32::<0xf5>(y));
        let carry = _mm512_srli_epi64::<32>(_mm512_mul_epu32(x, y));
        let one = _mm512_add_epi64(_mm512_mul_epu32(x_high, y), carry);
        let low_of_one = _mm512_and_si512(one, all(u32::MAX.into()));
        let other = _mm512_add_epi64(_mm512_mul_epu32(x, y_high), low_of_one);
        let carries =
            _mm512_add_epi64(_mm512_srli_epi64::<32>(one), _mm512_srli_epi64::<32>(other));
        let high = _mm512_add_epi64(_mm512_mul_epu32(x_high, y_high), carries);
        _mm512_xor_si512(_mm512_mullo_epi64(x, y), high)
    }

    /// Of each byte of a block the number of the next.
    const BEHIND: [u8; BLOCK] = {
        let mut behind = [0; BLOCK];
        let mut i = 0;
        while i < BLOCK {
            behind[i] = (i + 1) as u8 % BLOCK as u8;
            i += 1;
        }
        behind
    };

    /// Of each byte of four words its number in its word.
    const PLACES: [u8; BLOCK] = {
        let mut places = [0; BLOCK];
        let mut i = 0;
        while i < BLOCK {
            places[i] = i as u8 % 16;
            i += 1;
        }
        places
    };

    /// Of each byte of four words where the length of its word stands among eight of 4 bytes: of those
    /// with even numbers, and with odd ones.
    const LENS: [[u8; BLOCK]; 2] = {
        let mut lens = [[0; BLOCK]; 2];
        let mut i = 0;
        while i < BLOCK {
            lens[0][i] = 8 * (i / 16) as u8;
            lens[1][i] = 8 * (i / 16) as u8 + 4;
            i += 1;
        }
        lens
    };

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt")]
    #[inline]
    pub(super) fn emit_avx512(bits: u64, base: u32, out: &mut [u32; BLOCK]) {
        const NUMBERS: [u8; BLOCK] = {
            let mut numbers = [0; BLOCK];
            let mut i = 0;
            while i < BLOCK {
                numbers[i] = i as u8;
                i += 1;
            }
            numbers
        };
        // SAFETY: 64 bytes are read of 64.
        let numbers = unsafe { _mm512_loadu_si512(NUMBERS.as_ptr().cast()) };
        let set = _mm512_maskz_compress_epi8(bits, numbers);
        let base = _mm512_set1_epi32(base as i32);
        let count = bits.count_ones();
        let (quarters, _) = out.as_chunks_mut::<16>();
        let [first, second, third, fourth] = quarters else { return };
        let store = |quarter: &mut [u32; 16], numbers| {
            let numbers = _mm512_add_epi32(_mm512_cvtepu8_epi32(numbers), base);
            // SAFETY: 64 bytes are written to 16 numbers of 4 bytes.
            unsafe { _mm512_storeu_si512(quarter.as_mut_ptr().cast(), numbers) };
        };
        store(first, _mm512_castsi512_si128(set));
        store(second, _mm512_extracti32x4_epi32::<1>(set));
        if count > 32 {
            store(third, _mm512_extracti32x4_epi32::<2>(set));
            store(fourth, _mm512_extracti32x4_epi32::<3>(set));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(block: &[u8; BLOCK]) -> Classes {
        let bits = |is: fn(u8) -> bool| {
            block.iter().enumerate().fold(0, |bits, (i, &byte)| bits | u64::from(is(byte)) << i)
        };
        Classes {
            word: bits(|byte| byte.is_ascii_alphanumeric()),
            wide: bits(|byte| !byte.is_ascii()),
            signs: bits(|byte| matches!(byte, 0xc2 | 0xe2)),
        }
    }

    fn check(block: &[u8; BLOCK]) {
        assert_eq!(classify(block), naive(block));
        #[cfg(target_arch = "x86_64")]
        for cpu in Cpu::all() {
            let found = match cpu.level() {
                Level::Plain => classify(block),
                Level::Sse2 => x86::classify_sse2(block),
                // SAFETY: this CPU has what its level says.
                Level::Avx2 => unsafe { x86::classify_avx2(block) },
                // SAFETY: as above.
                Level::Avx512 => unsafe { x86::classify_avx512(block) },
            };
            assert_eq!(found, naive(block), "{cpu:?}");
        }
    }

    #[test]
    fn every_byte_at_every_place_has_its_class() {
        for byte in 0..=u8::MAX {
            check(&[byte; BLOCK]);
            for place in 0..BLOCK {
                let mut block = [b' '; BLOCK];
                block[place] = byte;
                check(&block);
                let mut block = [b'a'; BLOCK];
                block[place] = byte;
                check(&block);
            }
        }
    }

    proptest! {
        #[test]
        fn every_level_classifies_alike(block in any::<[[u8; 32]; 2]>()) {
            let mut bytes = [0; BLOCK];
            bytes.copy_from_slice(block.as_flattened());
            check(&bytes);
        }

        #[test]
        fn every_level_emits_the_bits(bits in any::<u64>(), thin in any::<u64>(), base in 0u32..1 << 31) {
            for bits in [bits, bits & thin, bits | thin, 0, u64::MAX] {
                let expected: Vec<u32> =
                    (0..64).filter(|i| bits >> i & 1 == 1).map(|i| base + i).collect();
                let mut out = [0; BLOCK];
                emit(bits, base, &mut out);
                prop_assert_eq!(&out[..expected.len()], &expected[..]);
                #[cfg(target_arch = "x86_64")]
                if Cpu::all().any(|cpu| cpu.level() == Level::Avx512) {
                    let mut out = [0; BLOCK];
                    // SAFETY: this CPU has it.
                    unsafe { x86::emit_avx512(bits, base, &mut out) };
                    prop_assert_eq!(&out[..expected.len()], &expected[..]);
                }
            }
        }
    }
}
