//! The loops of the sketches, written plainly. `dispatch` compiles them once per CPU level; what
//! they compute does not depend on it.

use super::SimHash;

/// How many empty slots one run over the shingles fills.
pub(super) const LANES: usize = 16;

/// One-permutation hashing: each shingle falls into the slot of its top bits and brings its value.
#[inline(always)]
pub(super) fn scatter(shingles: &[u64], slots: &mut [u32]) {
    let bits = slots.len().trailing_zeros();
    if bits == 0 {
        return;
    }
    for &shingle in shingles {
        let slot = &mut slots[(shingle >> (64 - bits)) as usize];
        // 31 bits that the slot number does not use.
        *slot = (*slot).min((shingle >> 12) as u32 & (u32::MAX >> 1));
    }
}

/// `least[l] = min over x of a[l] * x + b[l]`, modulo 2^32.
#[inline(always)]
pub(super) fn fill(shingles: &[u64], a: &[u32; LANES], b: &[u32; LANES], least: &mut [u32; LANES]) {
    for &shingle in shingles {
        let x = shingle as u32;
        for l in 0..LANES {
            least[l] = least[l].min(a[l].wrapping_mul(x).wrapping_add(b[l]));
        }
    }
}

/// Appends the places of the SimHashes within `distance` bits of another.
#[inline(always)]
pub(super) fn near(of: SimHash, others: &[SimHash], distance: u32, found: &mut Vec<u32>) {
    // Few are near: of most blocks only the least distance is looked at.
    for (block, others) in others.chunks(64).enumerate() {
        let least = others.iter().map(|&other| of.distance(other)).min();
        if least.is_some_and(|least| least <= distance) {
            let places = (64 * block as u32..).zip(others);
            let near = places.filter(|&(_, &other)| of.distance(other) <= distance);
            found.extend(near.map(|(place, _)| place));
        }
    }
}

/// How many bytes of the two sketches are equal.
#[inline(always)]
pub(super) fn equal_bytes(a: &[u8], b: &[u8]) -> u32 {
    let mut equal = 0;
    for (a, b) in a.chunks(128).zip(b.chunks(128)) {
        equal += u32::from(a.iter().zip(b).map(|(a, b)| u8::from(a == b)).sum::<u8>());
    }
    equal
}
