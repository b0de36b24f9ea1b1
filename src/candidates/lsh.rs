//! MinHash bands: similar sets agree in all rows of at least one band.

use std::fmt;

use super::Groups;
use crate::hash;
use crate::sketch::MinHash;
use crate::{Error, Result, threads};

/// Locality-sensitive hashing by bands (Broder 1997; Leskovec, Rajaraman and Ullman, *Mining of
/// Massive Datasets*, section 3.4): a sketch is cut into `bands` of `rows` slots, and two documents
/// are candidates when a band is equal.
///
/// ```
/// use doublon::candidates::Lsh;
///
/// let lsh = Lsh::for_threshold(0.8, 128)?;
/// assert_eq!((lsh.bands(), lsh.rows()), (25, 5));
/// assert!(lsh.probability(0.8) > 0.999);
/// assert_eq!(lsh.to_string(), "25 bands of 5 rows");
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lsh {
    bands: usize,
    rows: usize,
}

/// What [`Lsh::for_threshold`] designs for.
const RECALL: f64 = 0.999;

impl Lsh {
    /// `bands` of `rows` slots each.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when either is 0.
    ///
    /// ```
    /// assert_eq!(doublon::candidates::Lsh::new(32, 4)?.bands(), 32);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn new(bands: usize, rows: usize) -> Result<Self> {
        if bands == 0 || rows == 0 {
            return Err(Error::config(format!(
                "{bands} bands of {rows} rows; both must be at least 1"
            )));
        }
        Ok(Self { bands, rows })
    }

    /// The bands that give pairs at the threshold a recall of at least 0.999 with the fewest false
    /// candidates: the most rows for which `slots / rows` bands reach it.
    ///
    /// A false candidate costs one look at two sketches and a lost pair is lost, so the bands are
    /// chosen for recall, not for a balance of both.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when the threshold is not above 0 and at
    /// most 1, or when so few slots cannot reach the recall even with one row a band.
    ///
    /// ```
    /// use doublon::candidates::Lsh;
    ///
    /// assert_eq!(Lsh::for_threshold(0.7, 128)?.rows(), 4);
    /// assert!(Lsh::for_threshold(0.01, 128).is_err());
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn for_threshold(threshold: f64, slots: usize) -> Result<Self> {
        if !(threshold > 0.0 && threshold <= 1.0) {
            return Err(Error::config(format!(
                "threshold is {threshold}; it must be greater than 0 and at most 1"
            )));
        }
        // Beyond 16 rows nothing is gained: unrelated texts never agree in so many.
        (1..=slots.min(16))
            .rev()
            .map(|rows| Self { bands: slots / rows, rows })
            .find(|lsh| lsh.probability(threshold) >= RECALL)
            .ok_or_else(|| {
                Error::config(format!(
                    "minhash search at threshold {threshold} needs more than {slots} slots; \
                     use a larger sketch or exact search"
                ))
            })
    }

    /// The number of bands.
    ///
    /// See [`Lsh`] for an example.
    pub fn bands(&self) -> usize {
        self.bands
    }

    /// The number of slots a band has.
    ///
    /// See [`Lsh`] for an example.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The probability that a pair of this Jaccard similarity is a candidate:
    /// `1 - (1 - J^rows)^bands`.
    ///
    /// ```
    /// let lsh = doublon::candidates::Lsh::new(25, 5)?;
    /// assert!((lsh.probability(0.5) - 0.548).abs() < 1e-3);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn probability(&self, jaccard: f64) -> f64 {
        1.0 - power(1.0 - power(jaccard, self.rows), self.bands)
    }

    /// The groups of documents that agree in a band; document `i` has sketch `i`. Empty sketches
    /// stand in no group.
    ///
    /// Per band: 8 bytes a document and one sort.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when a sketch has fewer than
    /// `bands * rows` slots; [`ErrorKind::Limit`](crate::ErrorKind::Limit) for more than 2^31
    /// memberships.
    ///
    /// See [`Groups`] for an example.
    pub fn groups(&self, sketches: &[MinHash]) -> Result<Groups> {
        let least = self.bands.saturating_mul(self.rows);
        let short = sketches.iter().find(|sketch| sketch.slots().len() < least);
        if let Some(sketch) = short {
            return Err(Error::config(format!(
                "a sketch of {} slots has no {self}",
                sketch.slots().len()
            )));
        }
        if sketches.is_empty() {
            return Ok(Groups::default());
        }
        let mut keys = vec![0; sketches.len() * self.bands];
        for (sketch, keys) in sketches.iter().zip(keys.chunks_exact_mut(self.bands)) {
            self.keys(sketch.slots(), keys);
        }
        let live = (0..sketches.len()).filter(|&i| !sketches[i].is_empty());
        grouped(self.bands, live.map(|i| (i as u32, &keys[i * self.bands..][..self.bands])))
    }

    /// The key of each band. 32 bits: a chance agreement costs one look at two sketches.
    pub(crate) fn keys(&self, slots: &[u32], keys: &mut [u32]) {
        for ((band, key), slots) in keys.iter_mut().enumerate().zip(slots.chunks_exact(self.rows)) {
            let mixed =
                slots.iter().fold(band as u64, |mixed, &slot| hash::chain(mixed, u64::from(slot)));
            *key = (mixed >> 32) as u32;
        }
    }
}

impl fmt::Display for Lsh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bands of {} rows", self.bands, self.rows)
    }
}

/// By plain products: `powi` may differ between platforms, and the choice of bands must not.
fn power(base: f64, exponent: usize) -> f64 {
    (0..exponent).fold(1.0, |product, _| product * base)
}

/// Groups documents, given as their numbers in rising order and their keys, by the keys of each band,
/// so that the sort needs memory for one band a thread only.
pub(crate) fn grouped<'a>(
    bands: usize,
    documents: impl Iterator<Item = (u32, &'a [u32])> + Clone + Sync,
) -> Result<Groups> {
    let numbers: Vec<usize> = (0..bands).collect();
    let mut groups = Groups::default();
    for bands in numbers.chunks(threads::count()) {
        let found = threads::map(
            bands,
            1,
            || (Vec::new(), Default::default()),
            |(keyed, buffers), &band| {
                // Gathered once: the keys of a band stand far from each other.
                keyed.clear();
                let entries = documents.clone();
                keyed.extend(
                    entries.map(|(number, keys)| u64::from(keys[band]) << 32 | u64::from(number)),
                );
                let mut groups = Groups::default();
                groups.push_keyed(keyed.iter().copied(), buffers).map(|()| groups)
            },
        );
        for of_band in found {
            groups.append(&of_band?)?;
        }
    }
    Ok(groups)
}
