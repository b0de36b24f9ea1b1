//! MinHash: one-permutation hashing, and a classic min-hash for the slots left empty.

use super::{dispatch, kernel};
use crate::random::Random;
use crate::{Error, ErrorKind, Result};
use kernel::LANES;

/// Marks a value that the second round filled in: it never equals a direct one.
const FILLED: u32 = 1 << 31;
/// The slot of an empty set.
const EMPTY: u32 = u32::MAX;
/// First byte of a stored sketch; changes with the hashes.
const VERSION: u8 = 1;

/// Makes [`MinHash`] sketches of one size.
///
/// Each shingle falls into the slot of its top bits, and the least value of a slot stays
/// (one-permutation hashing, Li, Owen and Zhang 2012). A slot without any shingle takes the least of
/// `a * x + b` over all of them, as classic MinHash does. Both parts are unbiased, and the variance
/// is at most the classic `J (1 - J) / slots`: if the union has a shingle in a slot, the least one
/// lies in the intersection with probability `J`; if not, the slot is empty in both sets and the
/// fill is classic.
///
/// Cost: about 2 ns a shingle, and for sets of a few hundred shingles or fewer another
/// `slots^2 / e` multiply-adds at most, whatever the size. 8 bytes a slot.
///
/// ```
/// use doublon::sketch::MinHasher;
///
/// let hasher = MinHasher::new(128)?;
/// let a = hasher.sketch(&[1, 2, 3].map(|x: u64| x.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
/// assert_eq!(a.estimate(&a)?, 1.0);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MinHasher {
    /// The classic permutations, in blocks of `LANES` after padding.
    a: Vec<u32>,
    b: Vec<u32>,
}

impl MinHasher {
    /// A hasher for sketches of `slots` slots: a power of two from 16 to 65,536.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for any other number.
    ///
    /// ```
    /// use doublon::sketch::MinHasher;
    ///
    /// assert_eq!(MinHasher::new(128)?.slots(), 128);
    /// assert!(MinHasher::new(100).is_err());
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn new(slots: usize) -> Result<Self> {
        if !slots.is_power_of_two() || !(16..=1 << 16).contains(&slots) {
            return Err(Error::config(format!(
                "a sketch of {slots} slots; it must be a power of two from 16 to 65536"
            )));
        }
        let mut random = Random::new(0x646f_7562_6c6f_6e31);
        let mut next = || random.next() as u32;
        let (a, b) = (0..slots).map(|_| (next() | 1, next())).unzip();
        Ok(Self { a, b })
    }

    /// The number of slots.
    ///
    /// ```
    /// assert_eq!(doublon::sketch::MinHasher::new(256)?.slots(), 256);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn slots(&self) -> usize {
        self.a.len()
    }

    /// The sketch of a set of shingle hashes. Repetitions and order do not matter.
    ///
    /// The hashes must be well mixed in all 64 bits, as those of [`shingles`](crate::shingle) are.
    ///
    /// ```
    /// use doublon::{shingle::shingles, sketch::MinHasher, text::{Tokenize, Tokens, Words}};
    ///
    /// let mut tokens = Tokens::new();
    /// Words.tokenize("the river rose by two metres in one night", &mut tokens);
    /// let mut hashes = Vec::new();
    /// shingles(tokens.hashes(), 5, &mut hashes);
    /// let sketch = MinHasher::new(128)?.sketch(&hashes);
    /// assert_eq!(sketch.slots().len(), 128);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn sketch(&self, shingles: &[u64]) -> MinHash {
        let mut slots = vec![0; self.slots()];
        self.sketch_into(shingles, &mut slots);
        MinHash { slots: slots.into() }
    }

    /// [`sketch`](MinHasher::sketch) into a buffer of [`slots`](MinHasher::slots) values.
    pub(crate) fn sketch_into(&self, shingles: &[u64], slots: &mut [u32]) {
        slots.fill(EMPTY);
        if shingles.is_empty() {
            return;
        }
        kernel::scatter(shingles, slots);
        // Which slots are empty is as good as random: no branch may depend on it.
        let mut empty = [0u16; LANES];
        let mut waiting = 0;
        for from in (0..slots.len()).step_by(LANES) {
            let mut found = [0u16; 2 * LANES];
            found[..LANES].copy_from_slice(&empty);
            for (slot, &value) in (from..).zip(slots[from..].iter().take(LANES)) {
                found[waiting] = slot as u16;
                waiting += usize::from(value == EMPTY);
            }
            let (full, rest) = found.split_at(LANES);
            if waiting >= LANES {
                self.fill(shingles, full, slots);
                waiting -= LANES;
                empty.copy_from_slice(rest);
            } else {
                empty.copy_from_slice(full);
            }
        }
        self.fill(shingles, &empty[..waiting], slots);
    }

    /// Fills these slots as classic MinHash does.
    fn fill(&self, shingles: &[u64], empty: &[u16], slots: &mut [u32]) {
        if empty.is_empty() {
            return;
        }
        let (mut a, mut b, mut least) = ([0; LANES], [0; LANES], [u32::MAX; LANES]);
        for (lane, &slot) in empty.iter().enumerate() {
            (a[lane], b[lane]) = (self.a[usize::from(slot)], self.b[usize::from(slot)]);
        }
        dispatch::fill(shingles, &a, &b, &mut least);
        for (&slot, value) in empty.iter().zip(least) {
            slots[usize::from(slot)] = FILLED | (value >> 1);
        }
    }
}

/// A MinHash sketch: estimates the Jaccard similarity of two shingle sets.
///
/// Sketches of the same number of slots, made with the same tokenizer and shingle width, can be
/// compared and merged. 4 bytes a slot.
///
/// ```
/// use doublon::sketch::{MinHash, MinHasher};
///
/// let hasher = MinHasher::new(256)?;
/// let set = |range: std::ops::Range<u64>| -> Vec<u64> {
///     range.map(|x| x.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(0xff51_afd7_ed55_8ccd)).collect()
/// };
/// let (a, b) = (hasher.sketch(&set(0..300)), hasher.sketch(&set(100..400)));
/// let estimate = a.estimate(&b)?; // true value: 200 / 400
/// assert!((estimate - 0.5).abs() < 4.0 * MinHash::standard_error(0.5, 256));
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MinHash {
    slots: Box<[u32]>,
}

impl MinHash {
    /// The values, one a slot.
    ///
    /// ```
    /// assert_eq!(doublon::sketch::MinHasher::new(64)?.sketch(&[1]).slots().len(), 64);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// Whether it is the sketch of the empty set.
    ///
    /// ```
    /// assert!(doublon::sketch::MinHasher::new(64)?.sketch(&[]).is_empty());
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.slots.iter().all(|&slot| slot == EMPTY)
    }

    /// The estimated Jaccard similarity, from 0 to 1: the share of equal slots. 0 when either set
    /// is empty: two empty sets are not alike.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the sketches differ in size.
    ///
    /// ```
    /// let hasher = doublon::sketch::MinHasher::new(64)?;
    /// assert_eq!(hasher.sketch(&[5]).estimate(&hasher.sketch(&[5]))?, 1.0);
    /// assert_eq!(hasher.sketch(&[]).estimate(&hasher.sketch(&[]))?, 0.0);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn estimate(&self, other: &Self) -> Result<f64> {
        same_size(self.slots.len(), other.slots.len())?;
        if self.is_empty() || other.is_empty() {
            return Ok(0.0);
        }
        let equal = self.slots.iter().zip(&other.slots).filter(|(a, b)| a == b).count();
        Ok(equal as f64 / self.slots.len() as f64)
    }

    /// The standard error of an estimate from `slots` slots where the true similarity is
    /// `jaccard`: `sqrt(J (1 - J) / slots)` (Broder 1997). The measured error is at most this.
    ///
    /// ```
    /// assert!((doublon::sketch::MinHash::standard_error(0.5, 128) - 0.0442).abs() < 1e-4);
    /// ```
    pub fn standard_error(jaccard: f64, slots: usize) -> f64 {
        (jaccard * (1.0 - jaccard) / slots as f64).sqrt()
    }

    /// The sketch of the union of both sets, exactly as if it had been made of the union.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the sketches differ in size.
    ///
    /// ```
    /// let hasher = doublon::sketch::MinHasher::new(64)?;
    /// let merged = hasher.sketch(&[1, 2]).merge(&hasher.sketch(&[2, 3]))?;
    /// assert_eq!(merged, hasher.sketch(&[1, 2, 3]));
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn merge(&self, other: &Self) -> Result<Self> {
        same_size(self.slots.len(), other.slots.len())?;
        // A direct value is less than every filled one, so the minimum is right for both kinds.
        let slots = self.slots.iter().zip(&other.slots).map(|(a, b)| *a.min(b)).collect();
        Ok(Self { slots })
    }

    /// The same in one byte a slot: a quarter of the memory for about 1 % more error (b-bit
    /// minwise hashing, Li and König 2010, with b = 8).
    ///
    /// ```
    /// let hasher = doublon::sketch::MinHasher::new(64)?;
    /// let compact = hasher.sketch(&[1, 2, 3]).compact();
    /// assert_eq!(compact.slots().len(), 64);
    /// assert_eq!(compact.estimate(&compact)?, 1.0);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn compact(&self) -> CompactMinHash {
        let mut slots = vec![0; self.slots.len()];
        compact_into(&self.slots, &mut slots);
        CompactMinHash { slots: slots.into(), empty: self.is_empty() }
    }

    /// The sketch as bytes: a version, the binary logarithm of the number of slots, and the values
    /// in little-endian order. The same on every platform.
    ///
    /// ```
    /// use doublon::sketch::{MinHash, MinHasher};
    ///
    /// let sketch = MinHasher::new(64)?.sketch(&[1, 2, 3]);
    /// assert_eq!(MinHash::from_bytes(&sketch.to_bytes())?, sketch);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, self.slots.len().trailing_zeros() as u8];
        bytes.extend(self.slots.iter().flat_map(|slot| slot.to_le_bytes()));
        bytes
    }

    /// Reads what [`to_bytes`](MinHash::to_bytes) wrote.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Format`] for another version, a number of slots that no hasher makes, or a
    /// length that does not fit it.
    ///
    /// ```
    /// use doublon::{ErrorKind, sketch::MinHash};
    ///
    /// assert_eq!(MinHash::from_bytes(&[9, 7]).unwrap_err().kind(), ErrorKind::Format);
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let wrong = |what: String| Err(Error::new(ErrorKind::Format, what));
        let [version, log, values @ ..] = bytes else {
            return wrong("a stored sketch has at least 2 bytes".into());
        };
        if *version != VERSION {
            return wrong(format!("sketch version {version}; this library reads {VERSION}"));
        }
        if !(4..=16).contains(log) || values.len() != 4 << log {
            return wrong(format!("{} bytes are no sketch of 2^{log} slots", bytes.len()));
        }
        let (values, _) = values.as_chunks::<4>();
        Ok(Self { slots: values.iter().map(|&value| u32::from_le_bytes(value)).collect() })
    }
}

/// A [`MinHash`] in one byte a slot: for keeping millions in memory.
///
/// ```
/// let hasher = doublon::sketch::MinHasher::new(256)?;
/// let (a, b) = (hasher.sketch(&[1, 2]).compact(), hasher.sketch(&[8, 9]).compact());
/// assert!(a.estimate(&b)? < 0.1);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CompactMinHash {
    slots: Box<[u8]>,
    empty: bool,
}

impl CompactMinHash {
    /// The values, one a slot.
    ///
    /// ```
    /// assert_eq!(doublon::sketch::MinHasher::new(64)?.sketch(&[1]).compact().slots().len(), 64);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn slots(&self) -> &[u8] {
        &self.slots
    }

    /// The estimated Jaccard similarity, from 0 to 1, corrected for the slots that are equal by
    /// chance: `E[equal] = J + (1 - J) / 256` (Li and König 2010). 0 when either set is empty.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the sketches differ in size.
    ///
    /// ```
    /// let compact = doublon::sketch::MinHasher::new(64)?.sketch(&[1, 2, 3]).compact();
    /// assert_eq!(compact.estimate(&compact)?, 1.0);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn estimate(&self, other: &Self) -> Result<f64> {
        same_size(self.slots.len(), other.slots.len())?;
        if self.empty || other.empty {
            return Ok(0.0);
        }
        let equal = f64::from(equal_slots(&self.slots, &other.slots)) / self.slots.len() as f64;
        Ok(((equal - 1.0 / 256.0) / (255.0 / 256.0)).max(0.0))
    }
}

/// How many slots of two compact sketches are equal.
pub(crate) fn equal_slots(a: &[u8], b: &[u8]) -> u32 {
    dispatch::equal_bytes(a, b)
}

/// Reduces each slot to 8 well-mixed bits: the least of many values is small, so its own bits are
/// not uniform.
pub(crate) fn compact_into(slots: &[u32], compact: &mut [u8]) {
    for (to, &from) in compact.iter_mut().zip(slots) {
        *to = (from.wrapping_mul(0x9e37_79b1) >> 24) as u8;
    }
}

fn same_size(a: usize, b: usize) -> Result<()> {
    if a == b {
        Ok(())
    } else {
        Err(Error::config(format!("sketches of {a} and {b} slots cannot be compared")))
    }
}
