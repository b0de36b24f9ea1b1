//! The settings of a detector.

use std::fmt;
use std::sync::Arc;

use super::explanation::Change;
use super::scope::PairFilter;
use super::{Detector, Engine, Unit};
use crate::boilerplate::Boilerplate;
use crate::candidates::Lsh;
use crate::cluster::Clustering;
use crate::measure::{Criterion, Measure};
use crate::passage::Rules;
use crate::report::DocId;
use crate::settings::Search;
use crate::sketch::{MinHash, MinHasher};
use crate::text::{Tokenize, Words};
use crate::{Error, Result};

/// Which document of a cluster is kept.
///
/// ```
/// use doublon::{Detector, Keep};
///
/// let dates = [20260102, 20260101];
/// let earliest = Keep::by(move |doc| -dates[doc.index()]);
/// let report = Detector::builder().keep(earliest).build()?.find(&["the same", "the same"])?;
/// assert_eq!(report.clusters()[0].keep().index(), 1);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Keep {
    /// The one with the most tokens; of equal ones, by a hash of the tokens, so that the order of
    /// the input decides between copies only. The default.
    #[default]
    Longest,
    /// The first of the input.
    First,
    /// The last of the input.
    Last,
    /// The one with the highest number; of equal ones, the first. See [`Keep::by`].
    Priority(Arc<dyn Fn(DocId) -> i64 + Send + Sync>),
}

impl Keep {
    /// The document to which `priority` gives the highest number. It is asked once a document, or
    /// once a paragraph where these are compared.
    ///
    /// See [`Keep`] for an example.
    pub fn by(priority: impl Fn(DocId) -> i64 + Send + Sync + 'static) -> Self {
        Self::Priority(Arc::new(priority))
    }
}

impl fmt::Debug for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Longest => "Longest",
            Self::First => "First",
            Self::Last => "Last",
            Self::Priority(_) => "Priority",
        })
    }
}

/// Builds a [`Detector`]; wrong combinations fail in [`build`](DetectorBuilder::build).
///
/// ```
/// use doublon::{Boilerplate, Clustering, Detector, Keep, Measure, Search, Unit};
///
/// let detector = Detector::builder()
///     .unit(Unit::Paragraph)
///     .measure(Measure::Jaccard)
///     .threshold(0.8)
///     .search(Search::MinHash)
///     .sketch(256)
///     .shingle(3)
///     .min_run(12)
///     .max_gap(8)
///     .cluster(Clustering::Connected)
///     .keep(Keep::First)
///     .repeats(false)
///     .all_pairs(1_000_000)
///     .boilerplate(Boilerplate::Keep)
///     .build()?;
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone)]
pub struct DetectorBuilder {
    measure: Measure,
    threshold: Option<f64>,
    min_run: usize,
    max_gap: usize,
    shingle: usize,
    slots: Option<usize>,
    search: Search,
    clustering: Clustering,
    keep: Keep,
    repeats: bool,
    all_pairs: Option<usize>,
    boilerplate: Boilerplate,
    tokenizer: Arc<dyn Tokenize>,
    unit: Unit,
    pairs_if: Option<PairFilter>,
}

impl Default for DetectorBuilder {
    fn default() -> Self {
        Self {
            measure: Measure::Coverage,
            threshold: None,
            min_run: 16,
            max_gap: 16,
            shingle: 5,
            slots: None,
            search: Search::Auto,
            clustering: Clustering::Star,
            keep: Keep::Longest,
            repeats: true,
            all_pairs: None,
            boilerplate: Boilerplate::Keep,
            tokenizer: Arc::new(Words),
            unit: Unit::Document,
            pairs_if: None,
        }
    }
}

impl fmt::Debug for DetectorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DetectorBuilder")
            .field("measure", &self.measure)
            .field("threshold", &self.threshold)
            .field("min_run", &self.min_run)
            .field("max_gap", &self.max_gap)
            .field("shingle", &self.shingle)
            .field("slots", &self.slots)
            .field("search", &self.search)
            .field("cluster", &self.clustering)
            .field("keep", &self.keep)
            .field("unit", &self.unit)
            .finish_non_exhaustive()
    }
}

macro_rules! settings {
    ($($(#[$doc:meta])* fn $name:ident($field:ident: $type:ty) $value:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// See [`DetectorBuilder`] for an example.
        pub fn $name(&mut self, $field: $type) -> &mut Self {
            self.$field = $value;
            self
        }
    )*};
}

impl DetectorBuilder {
    settings! {
        /// What the threshold is applied to. Default: [`Measure::Coverage`].
        fn measure(measure: Measure) measure;
        /// How similar a match must be at least: a share above 0 and up to 1, taken to the nearest
        /// millionth; for Hamming, the bits that may differ at most, 0 to 16. Default: 0.5 for
        /// coverage, 0.7 for Jaccard, 0.8 for containment, 3 for Hamming.
        fn threshold(threshold: f64) Some(threshold);
        /// The least number of tokens of a run that makes a passage, up to 1000. Default: 16; 5 or
        /// more words in a row are often shared by chance, 16 are not. Take 12 or 8 for texts with many
        /// small differences, such as scans. Short texts, such as headlines, have a rule of their own:
        /// see [`Measure::Coverage`].
        fn min_run(min_run: usize) min_run;
        /// The greatest number of tokens between two runs of a passage, on either side, up to 256.
        /// Default: 16.
        fn max_gap(max_gap: usize) max_gap;
        /// The number of tokens in a shingle, from 1 to 64 and at most `min_run`. Default: 5.
        fn shingle(shingle: usize) shingle;
        /// The number of slots of MinHash sketches: a power of two from 16 to 65,536. Default: 128,
        /// or as many as the threshold needs.
        fn sketch(slots: usize) Some(slots);
        /// How candidates are found. Default: what suits the measure.
        fn search(search: Search) search;
        /// How documents are grouped. Default: [`Clustering::Star`].
        fn cluster(clustering: Clustering) clustering;
        /// Which document of a cluster is kept. Default: [`Keep::Longest`].
        fn keep(keep: Keep) keep;
        /// Whether [`Detector::find`] looks for repeats inside each document too. Default: yes.
        fn repeats(repeats: bool) repeats;
        /// What is compared with what. Default: [`Unit::Document`].
        fn unit(unit: Unit) unit;
        /// Asks [`Detector::find`] for all matching pairs instead of one for each document that
        /// joins a cluster; more than so many of them are an error. With them a report can be
        /// [cut](crate::Report::at) at higher thresholds. Default: no.
        fn all_pairs(all_pairs: usize) Some(all_pairs);
        /// Whether passages that stand in many documents are found, and whether they count.
        /// Default: [`Boilerplate::Keep`]; the others read the texts twice more.
        fn boilerplate(boilerplate: Boilerplate) boilerplate;
    }

    /// Which pairs of documents may match: of others, none does. Default: all.
    ///
    /// It is asked with the document that comes first in the input as the first, any number of times
    /// and on any thread, and must always give the same answer. For paragraphs it is asked about
    /// their documents; those of one document may always match.
    ///
    /// A cluster may still hold two documents that may not match: both match a third one. In a
    /// complete-link cluster all may match.
    ///
    /// Each document is searched then, be it a copy of others; of a group of more than 256
    /// candidates that mostly may not match, pairs can be missing
    /// ([`Limits::crowded`](crate::Limits::crowded)).
    ///
    /// ```
    /// let source = ["afp", "afp", "reuters"];
    /// let report = doublon::Detector::builder()
    ///     .pairs_if(move |a, b| source[a.index()] != source[b.index()])
    ///     .build()?
    ///     .find(&["the very same", "The very same.", "THE VERY SAME"])?;
    /// let matches: Vec<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
    /// assert_eq!(matches, [(0, 2)]);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn pairs_if(
        &mut self,
        may_match: impl Fn(DocId, DocId) -> bool + Send + Sync + 'static,
    ) -> &mut Self {
        self.pairs_if = Some(Arc::new(may_match));
        self
    }

    /// How texts become tokens. Default: [`Words`].
    ///
    /// ```
    /// let detector = doublon::Detector::builder().tokenizer(doublon::text::Words).build()?;
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn tokenizer(&mut self, tokenizer: impl Tokenize + 'static) -> &mut Self {
        self.tokenizer = Arc::new(tokenizer);
        self
    }

    /// Makes a change that an [`Explanation`](crate::Explanation) suggests.
    ///
    /// ```
    /// use doublon::{Change, Detector};
    ///
    /// let (a, b) = ("one two three four five six seven", "one two three four five eight nine");
    /// let mut builder = Detector::builder();
    /// let explanation = builder.build()?.explain(a, b)?;
    /// assert_eq!(explanation.changes()[0], Change::MinRun(5));
    /// assert!(builder.change(explanation.changes()[0]).build()?.compare(a, b)?.is_match());
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn change(&mut self, change: Change) -> &mut Self {
        match change {
            Change::Threshold(threshold) => self.threshold = Some(threshold),
            Change::MinRun(min_run) => self.min_run = min_run,
            Change::Measure(measure) => {
                (self.measure, self.threshold, self.search) = (measure, None, Search::Auto);
            }
            Change::Search(search) => self.search = search,
        }
        self
    }

    /// The detector with these settings.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) for a setting out of its range, a search
    /// that does not serve the measure, or a sketch too small for the threshold.
    ///
    /// ```
    /// use doublon::{Detector, Measure, Search};
    ///
    /// let error = Detector::builder().search(Search::Winnow).measure(Measure::Jaccard).build();
    /// assert_eq!(
    ///     error.unwrap_err().to_string(),
    ///     "winnow search does not serve jaccard; use minhash or exact",
    /// );
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn build(&self) -> Result<Detector> {
        let Self { measure, min_run, max_gap, shingle, .. } = *self;
        let threshold = self.threshold.unwrap_or(measure.default_threshold());
        let criterion = Criterion::new(measure, threshold)?;
        self.boilerplate.check()?;
        if !(1..=64).contains(&shingle) {
            return Err(Error::config(format!("shingle is {shingle}; it must be from 1 to 64")));
        }
        // From 1,024 tokens on, texts can be made whose windows have one polynomial (Thue-Morse).
        if !(shingle..=1000).contains(&min_run) {
            return Err(Error::config(format!(
                "min_run is {min_run}; it must be at least the shingle width, {shingle}, and at most \
                 1000"
            )));
        }
        if max_gap > 256 {
            return Err(Error::config(format!("max_gap is {max_gap}; it must be at most 256")));
        }
        let engine = match (self.search, measure) {
            (Search::Auto | Search::Winnow, Measure::Coverage) => {
                Engine::Winnow { window: min_run - shingle + 1 }
            }
            (Search::Auto | Search::MinHash, Measure::Jaccard) => self.minhash(threshold)?,
            (Search::Auto | Search::Hamming, Measure::Hamming) => Engine::Hamming,
            (Search::Exact, Measure::Jaccard)
            | (Search::Auto | Search::Exact, Measure::Containment) => Engine::Exact,
            (search, measure) => {
                let use_instead = match measure {
                    Measure::Coverage => "winnow",
                    Measure::Jaccard => "minhash or exact",
                    Measure::Containment => "exact",
                    Measure::Hamming => "hamming",
                };
                return Err(Error::config(format!(
                    "{search} search does not serve {measure}; use {use_instead}"
                )));
            }
        };
        Ok(Detector {
            criterion,
            rules: Rules { min_run, min_link: shingle, max_gap, ends: false },
            shingle,
            engine,
            clustering: self.clustering,
            keep: self.keep.clone(),
            repeats: self.repeats,
            all_pairs: self.all_pairs,
            boilerplate: self.boilerplate,
            tokenizer: self.tokenizer.clone(),
            settings: self.clone(),
            unit: self.unit,
            pairs_if: self.pairs_if.clone(),
        })
    }

    /// The same settings for a search that tells which documents match and nothing else.
    pub(super) fn matches_only(&self) -> Self {
        Self {
            clustering: Clustering::Connected,
            boilerplate: Boilerplate::Keep,
            unit: Unit::Document,
            pairs_if: None,
            repeats: false,
            all_pairs: None,
            ..self.clone()
        }
    }

    fn minhash(&self, threshold: f64) -> Result<Engine> {
        let (hasher, lsh) = match self.slots {
            Some(slots) => (MinHasher::new(slots)?, Lsh::for_threshold(threshold, slots)?),
            // Fewer than three rows a band propose too much: rather take a larger sketch.
            None => {
                let fits =
                    |slots| Lsh::for_threshold(threshold, slots).ok().map(|lsh| (slots, lsh));
                let (slots, lsh) = [128, 256, 512]
                    .into_iter()
                    .filter_map(fits)
                    .find(|(_, lsh)| lsh.rows() >= 3)
                    .or_else(|| fits(1024))
                    .ok_or_else(|| {
                        Error::config(format!(
                            "minhash search at threshold {threshold} needs too large a sketch; \
                             use exact search"
                        ))
                    })?;
                (MinHasher::new(slots)?, lsh)
            }
        };
        // Three and a half standard errors below the threshold a pair is one in 4,000 at most, for
        // the sketch errs less than classic MinHash; and one slot in 256 is equal by chance.
        let slots = hasher.slots();
        let equal = |errors: f64| {
            let jaccard = threshold + errors * MinHash::standard_error(threshold, slots);
            let jaccard = jaccard.clamp(0.0, 1.0);
            (slots as f64 * (jaccard + (1.0 - jaccard) / 256.0)).floor() as u32
        };
        // Two above it, nearly all match.
        let (least_equal, likely_equal) = (equal(-3.5), equal(2.0));
        Ok(Engine::MinHash { hasher, lsh, least_equal, likely_equal })
    }
}
