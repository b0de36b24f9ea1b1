//! The hashes everything else is built on. Their values are part of the promise that sketches stay
//! readable: `tests/golden.rs` pins them, and a change is a new sketch version.

use xxhash_rust::xxh3::xxh3_64_with_seed;

// Odd constants without structure: fractional bits of the square roots of 2, 3, 5 and 7.
const A: u64 = 0x6a09_e667_f3bc_c909;
const B: u64 = 0xbb67_ae85_84ca_a73b;
const C: u64 = 0x3c6e_f372_fe94_f82b;
const D: u64 = 0xa54f_f53a_5f1d_36f1;

/// Multiplies to 128 bits and folds the halves together.
#[inline(always)]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

/// The hash of a token's folded bytes.
pub(crate) fn token(folded: &[u8]) -> u64 {
    let mut padded = [0; 32];
    match folded.len() {
        len @ ..=32 => padded[..len].copy_from_slice(folded),
        _ => return xxh3_64_with_seed(folded, A),
    }
    let (halves, _) = padded.as_chunks::<16>();
    let [first, second] = [halves[0], halves[1]].map(u128::from_le_bytes);
    match folded.len() {
        len @ ..=16 => short_token(first, len),
        len => long_token(first, second, len),
    }
}

const LENGTHS: [u64; 33] = {
    let mut lengths = [0; 33];
    let mut len = 0;
    while len <= 32 {
        lengths[len] = B.wrapping_add((len as u64).wrapping_mul(D));
        len += 1;
    }
    lengths
};

/// What the first half of a short token is mixed with; and the second: at a length of 0, and more for
/// each byte.
#[cfg(target_arch = "x86_64")]
pub(crate) const SHORT_TOKEN: [u64; 3] = [A, B, D];

/// [`token`] for at most 16 bytes, given as a little-endian integer whose other bytes are zero.
#[inline(always)]
pub(crate) fn short_token(bytes: u128, len: usize) -> u64 {
    fold((bytes as u64) ^ A, ((bytes >> 64) as u64) ^ LENGTHS[len.min(32)])
}

/// [`token`] for 17 to 32 bytes, given as two such integers.
#[inline(always)]
pub(crate) fn long_token(first: u128, second: u128, len: usize) -> u64 {
    let start = fold((first as u64) ^ C, ((first >> 64) as u64) ^ D);
    // The sum keeps the second half should the product of the first be zero.
    let end = start.wrapping_add(second as u64);
    fold(end ^ A, ((second >> 64) as u64) ^ LENGTHS[len.min(32)])
}

/// The base of the polynomial over the token hashes of a window.
pub(crate) const BASE: u64 = C;

/// The next step of that polynomial.
#[inline(always)]
pub(crate) fn roll(polynomial: u64, value: u64) -> u64 {
    polynomial.wrapping_mul(BASE).wrapping_add(value)
}

/// The last step of a window's hash: spreads the polynomial over all 64 bits.
#[inline(always)]
pub(crate) fn window(polynomial: u64) -> u64 {
    fold(polynomial ^ A, D)
}

/// [`window`] without products of more than 64 bits, so that loops over it become vectors.
#[inline(always)]
pub(crate) fn window_in_halves(polynomial: u64) -> u64 {
    const LOW: u64 = u32::MAX as u64;
    let x = polynomial ^ A;
    let (low, high) = ((x & LOW) * (D & LOW), (x >> 32) * (D >> 32));
    let one = (x >> 32) * (D & LOW) + (low >> 32);
    let other = (x & LOW) * (D >> 32) + (one & LOW);
    (other << 32 | low & LOW) ^ (high + (one >> 32) + (other >> 32))
}

/// The polynomial of a window whose hash is 0.
#[cfg(test)]
pub(crate) const fn of_hash_zero() -> u64 {
    A
}

/// The last step for a text shorter than its shingle, tagged by its length, so that it never
/// equals a window by construction.
pub(crate) fn whole(polynomial: u64, tokens: usize) -> u64 {
    fold(polynomial ^ B, C.wrapping_add((tokens as u64).wrapping_mul(A) | 1))
}

/// The hash of a token that is to equal no other: of one place in one document.
pub(crate) fn alone(document: u32, at: u32) -> u64 {
    fold((u64::from(document) << 32 | u64::from(at)) ^ C, D)
}

/// Mixes the values of one band into its key.
#[inline(always)]
pub(crate) fn chain(key: u64, value: u64) -> u64 {
    fold(key ^ value ^ C, B)
}

/// The identity of a token sequence. Equal digests are still compared on the texts.
///
/// Four lanes that do not wait for each other take two tokens each in turn.
pub(crate) fn digest(tokens: &[u64]) -> u128 {
    const KEYS: [u64; 4] = [A, B, C, D];
    // The sum keeps what a lane knows should a product be zero.
    let take = |lane: u64, x, y| lane.rotate_left(23).wrapping_add(fold(lane ^ x, y));
    // A lane that began with its key would not tell its first two tokens in which order they came.
    let mut lanes = [C, D, A, B];
    let (blocks, rest) = tokens.as_chunks::<8>();
    for block in blocks {
        for (i, lane) in lanes.iter_mut().enumerate() {
            *lane = take(*lane, block[2 * i], block[2 * i + 1] ^ KEYS[i]);
        }
    }
    for (i, &token) in rest.iter().enumerate() {
        lanes[i % 4] = take(lanes[i % 4], token, KEYS[3 - i % 4].wrapping_add(i as u64));
    }
    let [a, b, c, d] = lanes;
    let (x, y) = (fold(a ^ tokens.len() as u64, b), fold(c, d ^ A));
    u128::from(fold(x ^ B, y ^ C)) << 64 | u128::from(fold(x.wrapping_add(y), b ^ d | 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_tells_in_which_order_tokens_come() {
        for len in 2..40u64 {
            let tokens: Vec<u64> = (1..=len).map(|i| chain(i, C)).collect();
            for i in 0..tokens.len() {
                for j in 0..i {
                    let mut swapped = tokens.clone();
                    swapped.swap(i, j);
                    assert_ne!(digest(&tokens), digest(&swapped), "{i} and {j} of {len}");
                }
            }
        }
    }
}
