//! What "similar" means: the measures, the exact counts of a pair, and how two texts relate.

use std::fmt;

use crate::{Error, Result};

/// What a threshold is applied to. The search that finds the pairs follows from it.
///
/// ```
/// use doublon::{Detector, Measure};
///
/// let detector = Detector::builder().measure(Measure::Jaccard).threshold(0.8).build()?;
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Measure {
    /// The share of the shorter text's tokens that stand in shared passages. The default, because
    /// it sees re-edited copies that Jaccard misses. Threshold: a share, 0.5 by default.
    ///
    /// A footer that is half of a text is half of its coverage: where many texts have one, leave it
    /// out by [`Boilerplate::Discount`](crate::Boilerplate::Discount).
    ///
    /// A headline has no run of `min_run` tokens in common with a copy in which one word is another.
    /// So texts that are shorter than two such runs, and than 32 tokens, are held against each other
    /// by runs of 2 tokens, too, the end of a text counted as one; these stand for the passages where
    /// they hold more. Of these all count or none: they must hold four fifths of the shorter text, no
    /// fewer tokens than a shingle, and half of the longer text. Headlines that have only a formula in
    /// common stay apart.
    ///
    /// ```
    /// let headline = "Brevanec: fire destroys paper mill, ten slightly hurt";
    /// let found = |other| doublon::compare(headline, other).map(|pair| pair.is_match());
    /// assert!(found("Brevanec: fire destroys old paper mill, ten slightly hurt")?);
    /// assert!(!found("Brevanec: fire destroys village hall, nobody hurt")?);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    #[default]
    Coverage,
    /// Shared shingles over united shingles, repetitions counted once. Threshold: a share, 0.7 by
    /// default.
    Jaccard,
    /// Shared shingles over the shingles of the smaller set. Threshold: a share, 0.8 by default.
    Containment,
    /// Differing bits of two 64-bit SimHashes. Threshold: a whole number of bits from 0 to 16 that
    /// may differ at most, 3 by default. Near SimHashes do not prove a shared word: a match without
    /// a shared shingle has no passage to show.
    Hamming,
}

impl Measure {
    /// The threshold used when none is set.
    ///
    /// ```
    /// assert_eq!(doublon::Measure::Coverage.default_threshold(), 0.5);
    /// ```
    pub const fn default_threshold(self) -> f64 {
        match self {
            Self::Coverage => 0.5,
            Self::Jaccard => 0.7,
            Self::Containment => 0.8,
            Self::Hamming => 3.0,
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Coverage => "coverage",
            Self::Jaccard => "jaccard",
            Self::Containment => "containment",
            Self::Hamming => "hamming",
        })
    }
}

/// A measure with its validated threshold, compared in integers so that every platform agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Criterion {
    pub(crate) measure: Measure,
    /// Millionths of a share; for Hamming, bits.
    limit: u64,
}

const MILLION: u64 = 1_000_000;
/// For Hamming, the greatest threshold.
const MOST_BITS: u64 = 16;

impl Criterion {
    pub(crate) fn new(measure: Measure, threshold: f64) -> Result<Self> {
        let limit = if measure == Measure::Hamming {
            if !(0.0..=MOST_BITS as f64).contains(&threshold) || threshold.fract() != 0.0 {
                return Err(Error::config(format!(
                    "threshold is {threshold}; for hamming it must be a whole number of bits \
                     from 0 to 16"
                )));
            }
            threshold as u64
        } else {
            let limit = (threshold * MILLION as f64).round();
            if !(1.0..=MILLION as f64).contains(&limit) {
                return Err(Error::config(format!(
                    "threshold is {threshold}; it must be greater than 0 and at most 1"
                )));
            }
            limit as u64
        };
        Ok(Self { measure, limit })
    }

    /// The strictest one of a measure that a pair meets; `None` when it meets none.
    pub(crate) fn strictest(measure: Measure, pair: &Similarity) -> Option<Self> {
        let limit = if measure == Measure::Hamming {
            let limit = u64::from(pair.hamming);
            (pair.tokens_a > 0 && pair.tokens_b > 0 && limit <= MOST_BITS).then_some(limit)?
        } else {
            let (part, whole) = pair.parts(measure);
            (part * MILLION).checked_div(whole).filter(|&limit| limit > 0)?.min(MILLION)
        };
        Some(Self { measure, limit })
    }

    /// Of two of one measure, the one that fewer pairs meet has the greater number.
    pub(crate) fn strictness(self) -> u64 {
        match self.measure {
            Measure::Hamming => MOST_BITS - self.limit,
            _ => self.limit,
        }
    }

    pub(crate) fn threshold(self) -> f64 {
        match self.measure {
            Measure::Hamming => self.limit as f64,
            _ => self.limit as f64 / MILLION as f64,
        }
    }

    /// For Hamming: the bits that may differ.
    pub(crate) fn bits(self) -> u32 {
        self.limit as u32
    }

    /// Whether `part` of `whole` reaches the threshold. Of nothing, nothing does.
    pub(crate) fn reached(self, part: u64, whole: u64) -> bool {
        whole > 0 && part * MILLION >= self.limit * whole
    }

    /// The least part of `whole` that reaches the threshold.
    pub(crate) fn least_part(self, whole: u64) -> u64 {
        (self.limit * whole).div_ceil(MILLION)
    }

    pub(crate) fn accepts(self, pair: &Similarity) -> bool {
        if self.measure == Measure::Hamming {
            return pair.tokens_a > 0 && pair.tokens_b > 0 && u64::from(pair.hamming) <= self.limit;
        }
        let (part, whole) = pair.parts(self.measure);
        self.reached(part, whole)
    }

    /// What the measure counts of a pair - covered tokens, shared shingles, equal bits - and the
    /// least of it that reaches the threshold.
    pub(crate) fn found_and_needed(self, pair: &Similarity) -> (u64, u64) {
        let (part, whole) = pair.parts(self.measure);
        let needed = match self.measure {
            Measure::Hamming => whole - self.limit,
            // What is shared counts once in the union: s / (a + b - s) >= t.
            Measure::Jaccard => (self.limit * (whole + part)).div_ceil(MILLION + self.limit),
            _ => self.least_part(whole),
        };
        (part, needed)
    }
}

/// The exact counts of a pair, from the full texts. Ratios are computed on demand.
///
/// ```
/// let pair = doublon::compare("one two three four five six", "one two three four five seven")?;
/// let similarity = pair.similarity();
/// assert_eq!((similarity.shared(), similarity.shingles_a(), similarity.shingles_b()), (1, 2, 2));
/// assert_eq!(similarity.jaccard(), 1.0 / 3.0);
/// assert_eq!(similarity.containment(), 0.5);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Similarity {
    pub(crate) tokens_a: u32,
    pub(crate) tokens_b: u32,
    pub(crate) covered_a: u32,
    pub(crate) covered_b: u32,
    pub(crate) shingles_a: u32,
    pub(crate) shingles_b: u32,
    pub(crate) shared: u32,
    pub(crate) hamming: u32,
}

macro_rules! counts {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// See [`Similarity`] for an example.
        pub const fn $name(&self) -> u32 {
            self.$name
        }
    )*};
}

impl Similarity {
    counts! {
        /// Tokens of the first text.
        tokens_a;
        /// Tokens of the second text.
        tokens_b;
        /// Tokens of the first text that stand in runs of shared passages.
        covered_a;
        /// Tokens of the second text that stand in runs of shared passages.
        covered_b;
        /// Distinct shingles of the first text.
        shingles_a;
        /// Distinct shingles of the second text.
        shingles_b;
        /// Distinct shingles that both texts have.
        shared;
        /// Differing bits of the two SimHashes, from 0 to 64.
        hamming;
    }

    /// Shared over united shingles, from 0 to 1. 0 when neither text has one.
    ///
    /// See [`Similarity`] for an example.
    pub fn jaccard(&self) -> f64 {
        ratio(self.jaccard_parts())
    }

    /// Shared shingles over those of the smaller set, from 0 to 1. 0 when it is empty.
    ///
    /// See [`Similarity`] for an example.
    pub fn containment(&self) -> f64 {
        ratio(self.containment_parts())
    }

    /// The share of the shorter text's tokens that stand in shared passages, from 0 to 1; of two
    /// texts of the same length, the larger share. 0 when the shorter has no token.
    ///
    /// ```
    /// let text = "the same words stand in both of these texts";
    /// assert_eq!(doublon::compare(text, text)?.similarity().coverage(), 1.0);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn coverage(&self) -> f64 {
        ratio(self.coverage_parts())
    }

    /// The share of the first text's tokens that stand in shared passages, from 0 to 1.
    ///
    /// ```
    /// let pair = doublon::compare("one two", "one two")?;
    /// assert_eq!(pair.similarity().coverage_a(), 1.0);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn coverage_a(&self) -> f64 {
        ratio((self.covered_a.into(), self.tokens_a.into()))
    }

    /// The share of the second text's tokens that stand in shared passages, from 0 to 1.
    ///
    /// ```
    /// let pair = doublon::compare("one two", "three")?;
    /// assert_eq!(pair.similarity().coverage_b(), 0.0);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn coverage_b(&self) -> f64 {
        ratio((self.covered_b.into(), self.tokens_b.into()))
    }

    fn jaccard_parts(&self) -> (u64, u64) {
        let united = u64::from(self.shingles_a) + u64::from(self.shingles_b);
        // Counts that were read need not be true.
        (self.shared.into(), united.saturating_sub(self.shared.into()))
    }

    fn containment_parts(&self) -> (u64, u64) {
        (self.shared.into(), self.shingles_a.min(self.shingles_b).into())
    }

    fn coverage_parts(&self) -> (u64, u64) {
        let covered = match self.tokens_a.cmp(&self.tokens_b) {
            std::cmp::Ordering::Less => self.covered_a,
            std::cmp::Ordering::Greater => self.covered_b,
            std::cmp::Ordering::Equal => self.covered_a.max(self.covered_b),
        };
        (covered.into(), self.tokens_a.min(self.tokens_b).into())
    }

    /// The part and the whole whose share the measure is; for Hamming, equal bits of all.
    pub(crate) fn parts(&self, measure: Measure) -> (u64, u64) {
        match measure {
            Measure::Coverage => self.coverage_parts(),
            Measure::Jaccard => self.jaccard_parts(),
            Measure::Containment => self.containment_parts(),
            Measure::Hamming => (64u64.saturating_sub(self.hamming.into()), 64),
        }
    }

    /// The counts with the texts in the other order.
    pub(crate) fn mirrored(self) -> Self {
        Self {
            tokens_a: self.tokens_b,
            tokens_b: self.tokens_a,
            covered_a: self.covered_b,
            covered_b: self.covered_a,
            shingles_a: self.shingles_b,
            shingles_b: self.shingles_a,
            ..self
        }
    }

    /// Orders pairs by how similar they are under `measure`, the weakest first.
    pub(crate) fn weaker(&self, other: &Self, measure: Measure) -> std::cmp::Ordering {
        let ((p, q), (r, s)) = (self.parts(measure), other.parts(measure));
        (u128::from(p) * u128::from(s)).cmp(&(u128::from(r) * u128::from(q)))
    }
}

fn ratio((part, whole): (u64, u64)) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// How two texts relate, in words.
///
/// ```
/// use doublon::{Relation, compare};
///
/// let pair = compare("L\u{2019}Otan r\u{e9}pond", "l'OTAN repond")?;
/// assert_eq!(pair.relation(), Some(Relation::SameText));
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Relation {
    /// The same bytes.
    Identical,
    /// The same tokens after folding: only case, accents, punctuation or spaces differ.
    SameText,
    /// At least 80 % of either text's tokens stand in shared passages, or at least 80 % of the
    /// united shingles are shared.
    Near,
    /// The second text stands in the first: at least 80 % of the second's tokens, or of its
    /// shingles, but not of the first's.
    Contains,
    /// The first text stands in the second: as `Contains`, the other way.
    Contained,
    /// They share passages or shingles, and neither holds the other.
    Overlaps,
}

impl Relation {
    /// The relation the counts tell, for texts that are not the same; `None` when nothing is
    /// shared.
    pub(crate) fn of(pair: &Similarity) -> Option<Self> {
        let most = |part: u32, whole: u32| whole > 0 && u64::from(part) * 5 >= u64::from(whole) * 4;
        let a = most(pair.covered_a, pair.tokens_a) || most(pair.shared, pair.shingles_a);
        let b = most(pair.covered_b, pair.tokens_b) || most(pair.shared, pair.shingles_b);
        match (a, b) {
            (true, true) => Some(Self::Near),
            (false, true) => Some(Self::Contains),
            (true, false) => Some(Self::Contained),
            (false, false) if pair.shared > 0 || pair.covered_a > 0 => Some(Self::Overlaps),
            (false, false) => None,
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identical => "identical",
            Self::SameText => "same-text",
            Self::Near => "near",
            Self::Contains => "contains",
            Self::Contained => "contained",
            Self::Overlaps => "overlaps",
        })
    }
}
