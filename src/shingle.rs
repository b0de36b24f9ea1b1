//! Tokens to shingle hashes. For those who feed sketches by hand.

use crate::cpu::{Cpu, Level, dispatch};
use crate::hash;

/// Writes the 64-bit hash of each shingle into `shingles`: entry `i` is the window of `width`
/// tokens that begins at token `i`.
///
/// A text of fewer tokens than `width`, but at least one, has one shingle: the whole text, tagged
/// by its length, so that it never equals a full window but by a hash collision. A text without
/// tokens has none. A `width` of 0 counts as 1.
///
/// The hash is a polynomial over the token hashes modulo 2^64 (Karp and Rabin 1987), rolled from
/// window to window and then mixed: its cost hardly depends on `width`. It is the same on every
/// platform and stays the same within a major version.
///
/// ```
/// use doublon::shingle::shingles;
/// use doublon::text::{Tokenize, Tokens, Words};
///
/// let mut tokens = Tokens::new();
/// Words.tokenize("the river rose by two metres and the river rose by two feet", &mut tokens);
/// let mut hashes = Vec::new();
/// shingles(tokens.hashes(), 5, &mut hashes);
/// assert_eq!(hashes.len(), tokens.len() - 4);
/// assert_eq!(hashes[0], hashes[7]); // "the river rose by two"
/// ```
pub fn shingles(tokens: &[u64], width: usize, shingles: &mut Vec<u64>) {
    windows(tokens, width, shingles);
    if shingles.is_empty() && !tokens.is_empty() {
        let polynomial = tokens.iter().fold(0, |sum, &token| hash::roll(sum, token));
        shingles.push(hash::whole(polynomial, tokens.len()));
    }
}

/// The hashes of all full windows of `width` tokens; none when the text is shorter.
pub(crate) fn windows(tokens: &[u64], width: usize, windows: &mut Vec<u64>) {
    let width = width.max(1);
    if width > MOST_AFRESH || Cpu::here().level() < Level::Avx512 {
        return roll(tokens, width, windows);
    }
    // What is there already is written over: zeros first would cost as much as the hashes.
    windows.resize((tokens.len() + 1).saturating_sub(width), 0);
    afresh(tokens, width, windows);
}

/// Hashes of all full windows of `width` tokens, other ones than [`windows`] gives, from the shingles
/// over `shingle` tokens each, at most `width`: it takes a fifth of the time.
pub(crate) fn joined(shingles: &[u64], shingle: usize, width: usize, windows: &mut Vec<u64>) {
    let last = width - shingle;
    windows.clear();
    windows.extend_from_slice(&shingles[..shingles.len().saturating_sub(last)]);
    // Shingles that touch say as much as all.
    for at in (shingle..last).step_by(shingle).chain([last].into_iter().filter(|&last| last > 0)) {
        join(windows, shingles.get(at..).unwrap_or_default());
    }
}

/// Up to this width a window is hashed sooner afresh, eight at a time, than rolled on from the last.
/// That takes a multiplication of 64-bit numbers in vectors.
const MOST_AFRESH: usize = 20;

dispatch! {
    /// See [`each_afresh`].
    fn afresh(tokens: &[u64], width: usize, windows: &mut [u64]) = each_afresh;
    /// See [`each_joined`].
    fn join(windows: &mut [u64], shingles: &[u64]) = each_joined;
}

/// The hashes of the windows that begin at each of the first tokens, each for itself.
#[inline(always)]
fn each_afresh(tokens: &[u64], width: usize, windows: &mut [u64]) {
    const LANES: usize = 16;
    let (blocks, rest) = windows.as_chunks_mut::<LANES>();
    let first_of_rest = LANES * blocks.len();
    for (block, windows) in blocks.iter_mut().enumerate() {
        let mut polynomials = [0; LANES];
        for tokens in tokens[LANES * block..].windows(LANES).take(width) {
            for (polynomial, &token) in polynomials.iter_mut().zip(tokens) {
                *polynomial = hash::roll(*polynomial, token);
            }
        }
        for (window, polynomial) in windows.iter_mut().zip(polynomials) {
            *window = hash::window_in_halves(polynomial);
        }
    }
    for (window, tokens) in rest.iter_mut().zip(tokens[first_of_rest..].windows(width)) {
        *window = hash::window(tokens.iter().fold(0, |sum, &token| hash::roll(sum, token)));
    }
}

/// Rolls the windows on by a shingle each.
#[inline(always)]
fn each_joined(windows: &mut [u64], shingles: &[u64]) {
    for (window, &shingle) in windows.iter_mut().zip(shingles) {
        *window = hash::roll(*window, shingle);
    }
}

/// The plain twin of [`each_afresh`].
fn roll(tokens: &[u64], width: usize, windows: &mut Vec<u64>) {
    windows.clear();
    if let Some((first, rest)) = rolled(tokens, width) {
        windows.reserve(rest.len() + 1);
        windows.push(first);
        windows.extend(rest);
    }
}

/// The same, to be looked at once.
pub(crate) fn each_window(tokens: &[u64], width: usize) -> impl Iterator<Item = u64> {
    rolled(tokens, width).into_iter().flat_map(|(first, rest)| std::iter::once(first).chain(rest))
}

/// The hash of the first window and those of the others, if there is one.
#[inline]
fn rolled(tokens: &[u64], width: usize) -> Option<(u64, impl ExactSizeIterator<Item = u64>)> {
    let width = width.max(1);
    let (first, rest) = tokens.split_at_checked(width)?;
    let leave = (0..width).fold(1u64, |power, _| power.wrapping_mul(hash::BASE));
    let mut polynomial = first.iter().fold(0, |sum, &token| hash::roll(sum, token));
    let first = hash::window(polynomial);
    let rest = rest.iter().zip(tokens).map(move |(&enters, &leaves)| {
        // The difference does not wait for the polynomial.
        polynomial = hash::roll(polynomial, enters.wrapping_sub(leaves.wrapping_mul(leave)));
        hash::window(polynomial)
    });
    Some((first, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rolled_equals_computed_afresh(
            tokens in proptest::collection::vec(any::<u64>(), 0..80),
            width in 0usize..40,
        ) {
            let (mut rolled, mut found) = (Vec::new(), vec![7; 3]);
            roll(&tokens, width, &mut rolled);
            windows(&tokens, width, &mut found);
            prop_assert_eq!(&found, &rolled);
            for cpu in Cpu::all() {
                found.fill(0);
                on::afresh(cpu, &tokens, width.max(1), &mut found);
                prop_assert_eq!(&found, &rolled, "{:?}", cpu);
            }
            let afresh: Vec<u64> = tokens
                .windows(width.max(1))
                .map(|w| hash::window(w.iter().fold(0, |sum, &token| hash::roll(sum, token))))
                .collect();
            prop_assert_eq!(&rolled, &afresh);
            prop_assert_eq!(each_window(&tokens, width).collect::<Vec<_>>(), afresh);
        }
    }

    proptest! {
        #[test]
        fn windows_are_joined_of_the_shingles_under_them(
            tokens in proptest::collection::vec(0u64..3, 0..80),
            shingle in 1usize..7,
            wider in 0usize..20,
        ) {
            let width = shingle + wider;
            let (mut shingles, mut found) = (Vec::new(), vec![7; 3]);
            windows(&tokens, shingle, &mut shingles);
            joined(&shingles, shingle, width, &mut found);
            let plain: Vec<&[u64]> = tokens.windows(width).collect();
            prop_assert_eq!(found.len(), plain.len());
            for (x, i) in found.iter().zip(&plain) {
                for (y, j) in found.iter().zip(&plain) {
                    prop_assert_eq!(x == y, i == j);
                }
            }
            for cpu in Cpu::all() {
                let mut rolled = shingles.clone();
                on::join(cpu, &mut rolled, &tokens);
                let plain = shingles.iter().zip(&tokens).map(|(&x, &y)| hash::roll(x, y));
                prop_assert_eq!(rolled, plain.collect::<Vec<_>>(), "{:?}", cpu);
            }
        }
    }

    #[test]
    fn short_texts_have_one_shingle_that_equals_no_window() {
        let mut all = Vec::new();
        let mut one = Vec::new();
        for len in 1..5 {
            shingles(&[7; 8][..len], 5, &mut one);
            assert_eq!(one.len(), 1);
            all.push(one[0]);
        }
        shingles(&[7; 8], 5, &mut one);
        all.extend(&one[..1]);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 5);
        shingles(&[], 5, &mut one);
        assert!(one.is_empty());
    }
}
