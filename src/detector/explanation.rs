//! What a search makes of one pair, and why.

use std::fmt;

use crate::measure::Measure;
use crate::report::Comparison;
use crate::settings::Search;

/// What [`find`](crate::Detector::find) makes of two texts, and why: see
/// [`Detector::explain`](crate::Detector::explain).
///
/// Its `Display` is a few lines for people.
///
/// ```
/// use doublon::{Change, Detector, Measure, Verdict};
///
/// let (a, b) = ("one two three four five six", "one two three four five seven");
/// let detector = Detector::builder().measure(Measure::Containment).build()?;
/// let explanation = detector.explain(a, b)?;
/// assert_eq!(explanation.verdict(), Verdict::NotProposed { found: 1, needed: 2 });
/// assert_eq!(explanation.changes()[0], Change::Threshold(0.5));
/// assert_eq!(
///     explanation.to_string(),
///     "not found by the search: not proposed, 1 of 2 shared shingles needed\n\
///      exact: every pair\n\
///      accepted with threshold 0.5, or with measure coverage at 0.5\n",
/// );
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Explanation {
    pub(super) comparison: Comparison,
    pub(super) verdict: Verdict,
    pub(super) measure: Measure,
    pub(super) search: String,
    pub(super) sketches: Option<Sketches>,
    pub(super) proposed: f64,
    pub(super) kept: f64,
    pub(super) changes: Vec<Change>,
}

impl Explanation {
    /// What the texts share, exactly: what [`Detector::compare`](crate::Detector::compare) gives.
    ///
    /// ```
    /// let explanation = doublon::Detector::default().explain("one two", "one two")?;
    /// assert_eq!(explanation.comparison().similarity().coverage(), 1.0);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn comparison(&self) -> &Comparison {
        &self.comparison
    }

    /// Whether the search of these two texts reports them, and what turned them down if not.
    ///
    /// See [`Explanation`] for an example.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What the search reads of the two texts; `None` when one of them has no token.
    ///
    /// ```
    /// use doublon::{Detector, Measure, Sketches};
    ///
    /// let detector = Detector::builder().measure(Measure::Hamming).build()?;
    /// let explanation = detector.explain("the same words", "The same words!")?;
    /// assert_eq!(explanation.sketches(), Some(Sketches::Hamming { bits: 0, most: 3 }));
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn sketches(&self) -> Option<Sketches> {
        self.sketches
    }

    /// The probability, from 0 to 1, that the search proposes a pair as similar as this one. For
    /// MinHash it is that of the bands at the exact Jaccard similarity, over the choice of hash
    /// functions ([`Lsh::probability`](crate::candidates::Lsh::probability)). The other searches
    /// leave nothing to chance: 1 when they propose this pair, 0 when they rule it out.
    ///
    /// ```
    /// use doublon::{Detector, Measure};
    ///
    /// let detector = Detector::builder().measure(Measure::Jaccard).threshold(0.8).build()?;
    /// let explanation = detector.explain("one two three four five six", "one two three four five")?;
    /// // 25 bands of 5 rows at a Jaccard similarity of 1 / 2.
    /// assert!((explanation.probability_proposed() - 0.548).abs() < 1e-3);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn probability_proposed(&self) -> f64 {
        self.proposed
    }

    /// The probability, from 0 to 1, that the sketches of a pair as similar as this one leave a
    /// match possible, so that the texts are asked. For MinHash, of `n` slots in 8 bits each is
    /// equal with probability `J + (1 - J) / 256` (Li and König 2010), and the number of equal ones
    /// is taken as binomial. The other searches leave nothing to chance: 1 when the texts of this
    /// pair are asked, 0 when not.
    ///
    /// It is not independent of [`probability_proposed`](Self::probability_proposed): both look at
    /// the same slots.
    ///
    /// ```
    /// use doublon::{Detector, Measure};
    ///
    /// let detector = Detector::builder().measure(Measure::Jaccard).threshold(0.8).build()?;
    /// let explanation = detector.explain("one two three four five six", "one two three four five")?;
    /// assert!(explanation.probability_kept() < 0.01);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn probability_kept(&self) -> f64 {
        self.kept
    }

    /// Single changes of the settings that would accept the pair, the strictest of its kind each:
    /// a threshold, a smaller `min_run`, another search, and last other measures at their default
    /// thresholds. Each was tried: a detector with it reports the pair. Empty when the pair is
    /// reported, and when no single change is enough.
    ///
    /// See [`DetectorBuilder::change`](crate::DetectorBuilder::change) for an example.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What the measure counts.
    fn counted(&self) -> &'static str {
        match self.measure {
            Measure::Coverage => "tokens in shared passages",
            Measure::Jaccard | Measure::Containment => "shared shingles",
            Measure::Hamming => "equal bits",
        }
    }

    /// What the search wants of a pair that it proposes.
    fn wanted(&self) -> &'static str {
        match self.sketches {
            Some(Sketches::MinHash { .. }) => "equal bands",
            Some(Sketches::Winnow { .. }) => "shared fingerprints",
            _ => self.counted(),
        }
    }

    /// What is counted of a pair that is proposed, before the texts are asked.
    fn screened(&self) -> &'static str {
        match self.sketches {
            Some(Sketches::MinHash { .. }) => "equal slots",
            Some(Sketches::Exact { .. }) => "shingles in the smaller set",
            _ => self.counted(),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missed = |f: &mut fmt::Formatter<'_>, stage: &str, what: &str, found, needed| {
            writeln!(f, "not found by the search: {stage}, {found} of {needed} {what} needed")
        };
        match self.verdict {
            Verdict::Match => writeln!(f, "found by the search")?,
            Verdict::NoTokens => {
                writeln!(f, "not found by the search: a text without a token matches nothing")?
            }
            Verdict::TooShort { found, needed } => {
                missed(f, "too short for the measure", "tokens", found, needed)?;
            }
            Verdict::TooFewShortRuns { found, needed } => {
                missed(
                    f,
                    "short texts that share too little",
                    "tokens in short runs",
                    found,
                    needed,
                )?;
            }
            Verdict::NotProposed { found, needed } => {
                missed(f, "not proposed", self.wanted(), found, needed)?;
            }
            Verdict::Screened { found, needed } => {
                missed(f, "turned down by the sketches", self.screened(), found, needed)?;
            }
            Verdict::BelowThreshold { found, needed } => {
                missed(f, "below the threshold", self.counted(), found, needed)?;
            }
        }
        writeln!(f, "{}", self.search)?;
        match self.sketches {
            Some(Sketches::MinHash { equal_bands, bands, equal_slots, slots, needed_slots }) => {
                writeln!(
                    f,
                    "{equal_bands} of {bands} bands are equal and {equal_slots} of {slots} slots; \
                     1 and {needed_slots} are needed"
                )?;
                let [proposed, kept] = [self.proposed, self.kept].map(chance);
                writeln!(
                    f,
                    "a pair as similar is proposed in {proposed} of 100 cases, and left by the \
                     sketches in {kept}"
                )?;
            }
            Some(Sketches::Winnow { fingerprints_a, fingerprints_b, shared }) => writeln!(
                f,
                "{shared} fingerprints are shared, of {fingerprints_a} and {fingerprints_b}; 1 is \
                 needed"
            )?,
            Some(Sketches::Short { neighbours_a, neighbours_b, shared }) => writeln!(
                f,
                "{shared} pairs of neighbouring tokens are shared, of {neighbours_a} and \
                 {neighbours_b}"
            )?,
            Some(Sketches::Hamming { bits, most }) => {
                writeln!(f, "{bits} of 64 bits differ; at most {most} may")?;
            }
            Some(Sketches::Exact { .. }) | None => {}
        }
        if !self.changes.is_empty() {
            let changes: Vec<String> = self.changes.iter().map(Change::to_string).collect();
            writeln!(f, "accepted with {}", changes.join(", or with "))?;
        }
        Ok(())
    }
}

/// Cases of a hundred; what is not none or all does not look so.
fn chance(probability: f64) -> String {
    match (probability * 1000.0).round() / 10.0 {
        0.0 if probability > 0.0 => "less than 0.1".into(),
        100.0 if probability < 1.0 => "more than 99.9".into(),
        cases => cases.to_string(),
    }
}

/// Whether a search of two texts reports them, and if not, where it turned them down and by what
/// number: what was `found`, and how much of it is `needed` at least.
///
/// ```
/// use doublon::{Detector, Verdict};
///
/// let detector = Detector::default();
/// assert_eq!(detector.explain("One two.", "one two")?.verdict(), Verdict::Match);
/// assert_eq!(
///     detector.explain("one two three", "one two four")?.verdict(),
///     Verdict::TooShort { found: 3, needed: 5 },
/// );
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Verdict {
    /// It reports them.
    Match,
    /// A text without a token matches nothing.
    NoTokens,
    /// Tokens of the shorter text: it has fewer than the measure can see, a shingle; for coverage, if
    /// the other text is not short too, `min_run`.
    TooShort {
        /// Tokens of the shorter text.
        found: u32,
        /// The fewest that the measure can see.
        needed: u32,
    },
    /// Two short texts without a run of `min_run` tokens in common: tokens in the runs that count between
    /// short texts ([`Measure::Coverage`](crate::Measure::Coverage)), of the shorter text where these are
    /// too few, else of the longer.
    TooFewShortRuns {
        /// Tokens in such runs.
        found: u32,
        /// The fewest that count.
        needed: u32,
    },
    /// The search does not propose them: equal bands for MinHash, shared fingerprints for winnow;
    /// for exact searches, shared shingles or equal bits, as many as reach the threshold.
    NotProposed {
        /// What the pair has.
        found: u32,
        /// What the search proposes it for.
        needed: u32,
    },
    /// Proposed, and what is known without the texts rules a match out: equal slots for MinHash;
    /// the shingles of the smaller set for the exact search for Jaccard; for winnow a bound, and
    /// given here are the tokens in shared passages, which are no more than it says.
    Screened {
        /// What the pair has.
        found: u32,
        /// The least that leaves a match possible.
        needed: u32,
    },
    /// The texts were asked: tokens in shared passages for coverage, shared shingles for Jaccard and
    /// containment, equal bits for Hamming.
    BelowThreshold {
        /// What the pair has.
        found: u32,
        /// The least that reaches the threshold.
        needed: u32,
    },
}

/// What a search reads of two texts before it asks the texts themselves.
///
/// ```
/// use doublon::{Detector, Sketches};
///
/// let explanation = Detector::default().explain("one two three four five", "one two three four six")?;
/// let sketches = Sketches::Short { neighbours_a: 6, neighbours_b: 6, shared: 4 };
/// assert_eq!(explanation.sketches(), Some(sketches));
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Sketches {
    /// Two MinHash sketches. They are proposed when a band is equal, and looked at when
    /// `needed_slots` are.
    MinHash {
        /// Bands in which all rows are equal.
        equal_bands: u32,
        /// Bands of a sketch.
        bands: u32,
        /// Slots that are equal in 8 bits.
        equal_slots: u32,
        /// Slots of a sketch.
        slots: u32,
        /// The fewest equal slots that leave a match possible.
        needed_slots: u32,
    },
    /// The pairs of neighbouring tokens of two short texts, the ends of a text counted as tokens. They
    /// are proposed when the rarest are shared, and when they share a run of `min_run` tokens.
    Short {
        /// Distinct pairs of the first text.
        neighbours_a: u32,
        /// Distinct pairs of the second text.
        neighbours_b: u32,
        /// Distinct pairs that both have.
        shared: u32,
    },
    /// Winnowed fingerprints. One in common is enough to be proposed.
    Winnow {
        /// Distinct fingerprints of the first text.
        fingerprints_a: u32,
        /// Distinct fingerprints of the second text.
        fingerprints_b: u32,
        /// Distinct fingerprints that both have.
        shared: u32,
    },
    /// Two SimHashes.
    Hamming {
        /// Bits that differ.
        bits: u32,
        /// The most that may differ.
        most: u32,
    },
    /// The shingle sets themselves.
    Exact {
        /// Distinct shingles that both have.
        shared: u32,
        /// The fewest that reach the threshold.
        needed: u32,
    },
}

/// One setting changed, for [`DetectorBuilder::change`](crate::DetectorBuilder::change).
///
/// ```
/// use doublon::{Change, Measure};
///
/// assert_eq!(Change::MinRun(8).to_string(), "min_run 8");
/// assert_eq!(Change::Measure(Measure::Jaccard).to_string(), "measure jaccard at 0.7");
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Change {
    /// Another threshold.
    Threshold(f64),
    /// Another `min_run`.
    MinRun(usize),
    /// Another search.
    Search(Search),
    /// Another measure, at its default threshold and with the search that suits it.
    Measure(Measure),
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threshold(threshold) => write!(f, "threshold {threshold}"),
            Self::MinRun(min_run) => write!(f, "min_run {min_run}"),
            Self::Search(search) => write!(f, "{search} search"),
            Self::Measure(measure) => {
                write!(f, "measure {measure} at {}", measure.default_threshold())
            }
        }
    }
}
