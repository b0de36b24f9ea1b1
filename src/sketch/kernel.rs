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

/// The greatest window that [`winnow`] takes.
pub(super) const MOST_WINDOW: usize = 16;

/// Appends of each window of consecutive shingles the least, the last of equal ones, and its place;
/// once for all windows in a row.
#[inline(always)]
pub(super) fn winnow(shingles: &[u64], window: usize, selected: &mut Vec<(u64, u32)>) {
    const BLOCK: usize = 256;
    let mut room = [[0; BLOCK + MOST_WINDOW]; 2];
    let [least, spare] = &mut room;
    let (mut least, mut spare) = (least, spare);
    let mut before = None;
    for start in (0..(shingles.len() + 1).saturating_sub(window)).step_by(BLOCK) {
        let shingles = &shingles[start..];
        let shingles = &shingles[..shingles.len().min(BLOCK + window - 1)];
        // Of windows of ever more shingles, up to twice as many.
        let (mut width, mut len) = (window.min(2), shingles.len() + 1 - window.min(2));
        let pairs = shingles.iter().zip(&shingles[width - 1..]);
        for (lesser, (&x, &y)) in least[..len].iter_mut().zip(pairs) {
            *lesser = x.min(y);
        }
        while width < window {
            let step = width.min(window - width);
            len -= step;
            let pairs = least[..len].iter().zip(&least[step..]);
            for (lesser, (&x, &y)) in spare[..len].iter_mut().zip(pairs) {
                *lesser = x.min(y);
            }
            std::mem::swap(&mut least, &mut spare);
            width += step;
        }
        for from in (0..len).step_by(64) {
            let least = &least[from..len.min(from + 64)];
            let entering = &shingles[from + window - 1..];
            let enters = bits(least.iter().zip(entering).map(|(x, y)| x == y));
            let changes = bits(least.iter().zip(&least[1..]).map(|(x, y)| x != y)) << 1;
            let mut new = enters | changes | u64::from(before != Some(least[0]));
            before = least.last().copied();
            while new != 0 {
                let at = new.trailing_zeros() as usize;
                new &= new - 1;
                // Looked for even where it is the one that enters, for that is hard to foresee.
                let here = &shingles[from + at..];
                // Of a known length for vectors, but at the end.
                let equal = match here.first_chunk::<MOST_WINDOW>() {
                    Some(here) => bits(here.iter().map(|&shingle| shingle == least[at])),
                    None => bits(here.iter().map(|&shingle| shingle == least[at])),
                };
                let place = (equal & ((1 << window) - 1)).checked_ilog2().unwrap_or(0) as usize;
                selected.push((least[at], (start + from + at + place) as u32));
            }
        }
    }
}

/// One bit each, the first one lowest.
#[inline(always)]
fn bits(flags: impl Iterator<Item = bool>) -> u64 {
    flags.enumerate().fold(0, |bits, (i, flag)| bits | u64::from(flag) << i)
}
