//! The settings that a report was made with.

use std::fmt;

use crate::boilerplate::Boilerplate;
use crate::cluster::Clustering;
use crate::measure::Measure;

/// How candidates are found.
///
/// ```
/// use doublon::{Detector, Measure, Search};
///
/// let detector = Detector::builder().measure(Measure::Jaccard).search(Search::Exact).build()?;
/// assert_eq!(detector.search(), "exact: every pair");
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Search {
    /// What suits the measure: winnow for coverage, minhash for Jaccard, exact for containment,
    /// hamming for Hamming. The default.
    #[default]
    Auto,
    /// Bands of MinHash sketches, for Jaccard: designed recall of at least 0.999 at the threshold.
    MinHash,
    /// Winnowed fingerprints, for coverage: every shared run of `min_run` tokens.
    Winnow,
    /// Permuted blocks of SimHashes, for Hamming: every pair.
    Hamming,
    /// The exact set-similarity join, for Jaccard and containment: every pair.
    Exact,
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::MinHash => "minhash",
            Self::Winnow => "winnow",
            Self::Hamming => "hamming",
            Self::Exact => "exact",
        })
    }
}

/// The settings that a report was made with, as far as its content depends on them. They go with
/// the report, so that it can be [verified](crate::Report::verify) from the texts alone.
///
/// ```
/// use doublon::{Clustering, Measure, Search};
///
/// let report = doublon::find(&["one text", "another text"])?;
/// let settings = report.settings();
/// assert_eq!((settings.measure(), settings.threshold()), (Measure::Coverage, 0.5));
/// assert_eq!(settings.search(), Search::Winnow);
/// assert_eq!(settings.clustering(), Clustering::Star);
/// assert_eq!((settings.shingle(), settings.min_run(), settings.max_gap()), (5, 16, 16));
/// assert_eq!((settings.keep(), settings.repeats()), ("longest", true));
/// assert_eq!(settings.boilerplate(), doublon::Boilerplate::Keep);
/// assert!(!settings.chosen_pairs());
/// assert_eq!(settings.tokenizer(), 0x776f_7264_7300_0002);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Settings {
    pub(crate) measure: Measure,
    pub(crate) threshold: f64,
    pub(crate) search: Search,
    pub(crate) clustering: Clustering,
    pub(crate) shingle: usize,
    pub(crate) min_run: usize,
    pub(crate) max_gap: usize,
    pub(crate) keep: Policy,
    pub(crate) repeats: bool,
    #[cfg_attr(feature = "serde", serde(default))]
    pub(crate) boilerplate: Boilerplate,
    /// The caller chose which pairs may match.
    #[cfg_attr(feature = "serde", serde(default))]
    pub(crate) chosen_pairs: bool,
    #[cfg_attr(feature = "serde", serde(with = "hex"))]
    pub(crate) tokenizer: u64,
}

/// [`Keep`](crate::Keep) by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub(crate) enum Policy {
    Longest,
    First,
    Last,
    Priority,
}

macro_rules! getters {
    ($($(#[doc = $doc:literal])* fn $name:ident() -> $type:ty;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// See [`Settings`] for an example.
        pub const fn $name(&self) -> $type {
            self.$name
        }
    )*};
}

impl Settings {
    getters! {
        /// What the threshold is applied to.
        fn measure() -> Measure;
        /// The threshold: a share, or for Hamming a number of bits. Of a report
        /// [cut](crate::Report::at) at a higher one, that one.
        fn threshold() -> f64;
        /// The search that found the candidates; never [`Search::Auto`].
        fn search() -> Search;
        /// How documents were grouped.
        fn clustering() -> Clustering;
        /// The tokens of a shingle.
        fn shingle() -> usize;
        /// The least tokens of a run that makes a passage.
        fn min_run() -> usize;
        /// The most tokens between two runs of a passage.
        fn max_gap() -> usize;
        /// Whether repeats inside the documents were looked for.
        fn repeats() -> bool;
        /// What happened to boilerplate.
        fn boilerplate() -> Boilerplate;
        /// Whether the caller [chose](crate::DetectorBuilder::pairs_if) which pairs may match.
        fn chosen_pairs() -> bool;
        /// The [fingerprint](crate::text::Tokenize::fingerprint) of the tokenizer. JSON has it as
        /// 16 hexadecimal digits.
        fn tokenizer() -> u64;
    }

    /// Which document of a cluster was kept, by name: `longest`, `first`, `last`, or `priority` for
    /// the caller's own.
    ///
    /// See [`Settings`] for an example.
    pub const fn keep(&self) -> &'static str {
        match self.keep {
            Policy::Longest => "longest",
            Policy::First => "first",
            Policy::Last => "last",
            Policy::Priority => "priority",
        }
    }
}

/// Numbers that many readers of JSON would round.
#[cfg(feature = "serde")]
mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{number:016x}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let digits = String::deserialize(deserializer)?;
        u64::from_str_radix(&digits, 16)
            .map_err(|_| D::Error::custom(format_args!("{digits:?} is no hexadecimal number")))
    }
}
