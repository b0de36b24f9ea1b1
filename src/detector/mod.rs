//! A validated configuration, and the three verbs on it.

mod audit;
mod batch;
mod builder;
mod certificate;
mod compare;
mod explain;
mod explanation;
mod judge;
mod partners;
mod recount;
mod restricted;
mod scope;
mod short;
mod survey;

use std::sync::Arc;

pub use audit::Audit;
pub use builder::{DetectorBuilder, Keep};
pub use explanation::{Change, Explanation, Sketches, Verdict};
pub use scope::Unit;

use crate::boilerplate::{Boilerplate, CommonPassage, Commons, Reader};
use crate::candidates::{Lsh, Widths};
use crate::cluster::Clustering;
use crate::measure::Criterion;
use crate::passage::Rules;
use crate::repeat::{Repeat, Repeats};
use crate::report::{Comparison, Report};
use crate::settings::{Policy, Search, Settings};
use crate::sketch::MinHasher;
use crate::text::Tokenize;
use crate::verify::{Confirm, Reading, Side};
use crate::{Error, Result};
use short::Short;

/// Finds what repeats: in one text, in two, in many.
///
/// *Quick advice*: the free functions [`repeats`](crate::repeats), [`compare`](crate::compare) and
/// [`find`](crate::find) use `Detector::default()`. For corpora where nearly equal documents are
/// wanted and nothing else, `measure(Measure::Jaccard)` with a threshold of 0.8 is faster and uses
/// the least memory.
///
/// A detector can be shared between threads and used any number of times; it holds a few kilobytes.
///
/// ```
/// use doublon::{Detector, Measure};
///
/// let detector = Detector::builder().measure(Measure::Jaccard).threshold(0.8).build()?;
/// let report = detector.find(&["some text of six words", "quite another one", "some text of six words"])?;
/// assert_eq!(report.clusters().len(), 1);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone)]
pub struct Detector {
    criterion: Criterion,
    rules: Rules,
    shingle: usize,
    engine: Engine,
    clustering: Clustering,
    keep: Keep,
    repeats: bool,
    all_pairs: Option<usize>,
    boilerplate: Boilerplate,
    tokenizer: Arc<dyn Tokenize>,
    /// What it was built from, to build others like it.
    settings: DetectorBuilder,
    unit: Unit,
    pairs_if: Option<scope::PairFilter>,
}

/// The search that finds candidates, ready to run.
#[derive(Clone)]
enum Engine {
    /// Bands of MinHash sketches; how many slots are equal in 8 bits, of a possible pair at least and
    /// of one that probably matches.
    MinHash {
        hasher: MinHasher,
        lsh: Lsh,
        least_equal: u32,
        likely_equal: u32,
    },
    /// Winnowed fingerprints, one at least in so many shingles.
    Winnow {
        window: usize,
    },
    Hamming,
    Exact,
}

impl Default for Detector {
    fn default() -> Self {
        let builder = DetectorBuilder::default();
        builder.build().expect("the default settings are valid")
    }
}

impl Detector {
    /// A builder with the default settings.
    ///
    /// ```
    /// let detector = doublon::Detector::builder().min_run(12).build()?;
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn builder() -> DetectorBuilder {
        DetectorBuilder::default()
    }

    /// What stands two or more times in one text: paragraphs of at least a shingle's tokens, and
    /// passages with a run of at least `min_run` tokens. In the order of their first places.
    ///
    /// A passage is found when it stands earlier in the text without overlap; the places named for
    /// it do not overlap either. Linear in the text, however repetitive it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Limit`](crate::ErrorKind::Limit) for a text of 4 GiB or more, or of more than
    /// 2^30 tokens.
    ///
    /// ```
    /// let detector = doublon::Detector::default();
    /// let repeats = detector.repeats("said the mayor of the town\nno\nSaid the Mayor of the Town.")?;
    /// assert_eq!(repeats[0].spans().len(), 2);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn repeats(&self, text: &str) -> Result<Vec<Repeat>> {
        let mut reading = Reading::default();
        let side = self.read(text, &mut reading)?;
        Ok(Repeats::default().find(side, self.rules, &mut self.confirm()))
    }

    /// What two texts share, whether they match or not. Swapping the texts mirrors the answer.
    ///
    /// Linear in the texts, times `min_run` and `max_gap` at worst.
    ///
    /// # Errors
    ///
    /// As [`repeats`](Detector::repeats).
    ///
    /// ```
    /// let detector = doublon::Detector::default();
    /// let pair = detector.compare("one two three", "four five six")?;
    /// assert!(!pair.is_match() && pair.relation().is_none());
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn compare(&self, a: &str, b: &str) -> Result<Comparison> {
        let (mut x, mut y) = (Reading::default(), Reading::default());
        let (a, b) = (self.read(a, &mut x)?, self.read(b, &mut y)?);
        Ok(compare::Comparer::new(self).compare(a, b, false))
    }

    /// The overlapping documents of a corpus, in clusters with their shared passages; and what
    /// repeats inside each document.
    ///
    /// Runs on the caller's rayon pool (feature `rayon`). Beside the texts, the report and the
    /// buffers of each thread (about 10 bytes for each byte of the longest text), it holds at a
    /// Jaccard threshold of 0.8 at most 300 bytes a document, where most are not duplicates; for
    /// coverage, about 5 bytes a token, and 18 more of texts with fewer than 32; for exact searches, 16
    /// to 24 bytes a shingle. Paragraphs ([`Unit::Paragraph`]) cost as so many documents, and 28 bytes
    /// each; what repeats inside each document takes a second reading then.
    ///
    /// # Errors
    ///
    /// As [`repeats`](Detector::repeats) for any one text, and `Limit` for 2^31 or more documents or
    /// paragraphs, for more matching pairs than were asked for, and for searches that would have to look at
    /// more than 2^31 candidate entries.
    ///
    /// ```
    /// let texts = ["Same words, in this order.", "Other words.", "same words in this order"];
    /// let report = doublon::Detector::default().find(&texts)?;
    /// assert_eq!(report.clusters().len(), 1);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn find<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Result<Report> {
        batch::find(self, texts, 0)
    }

    /// [`find`](Self::find) over a reference and what comes in: which incoming documents overlap
    /// documents of the reference, or each other. Documents are numbered through, those of the
    /// reference first; [`Report::references`] tells how many these are.
    ///
    /// Two documents of the reference are never compared. One of them is kept before any incoming
    /// one, whatever [`Keep`] says, and none is removed: a cluster of star or complete-link
    /// clustering holds one at most, a connected one may hold more.
    ///
    /// The reference is read as a corpus is, each time; its own pairs cost nothing. Each document
    /// takes 16 bytes more, and copies are searched too.
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find).
    ///
    /// ```
    /// use doublon::{Detector, Remove};
    ///
    /// let published = ["The bridge is closed.", "The market is open.", "the market is open"];
    /// let incoming = ["Nothing new.", "The market is open!"];
    /// let report = Detector::default().find_against(&published, &incoming)?;
    /// assert_eq!(report.references(), 3);
    /// let removals = report.removals(Remove::Referenced);
    /// assert_eq!((removals[0].doc().index(), removals[0].kept().doc().index()), (4, 1));
    /// assert_eq!(removals.len(), 1);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn find_against<R, T>(&self, reference: &[R], incoming: &[T]) -> Result<Report>
    where
        R: AsRef<str> + Sync,
        T: AsRef<str> + Sync,
    {
        batch::find(self, &joined(reference, incoming), reference.len())
    }

    /// How candidates are found and what that promises, in words: what
    /// [`Report::search`](crate::Report::search) gives.
    ///
    /// ```
    /// assert_eq!(
    ///     doublon::Detector::default().search(),
    ///     "winnow: every shared run of 16 tokens or more",
    /// );
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn search(&self) -> String {
        match &self.engine {
            Engine::MinHash { hasher, lsh, .. } => {
                let threshold = self.criterion.threshold();
                // Rounded down: a promise is not rounded up.
                let recall = (lsh.probability(threshold) * 1e4).floor() / 1e4;
                let slots = hasher.slots();
                format!("minhash: {slots} slots, {lsh}, designed recall {recall} at {threshold}")
            }
            Engine::Winnow { .. } => {
                format!("winnow: every shared run of {} tokens or more", self.rules.min_run)
            }
            Engine::Hamming => format!("hamming: every pair within {} bits", self.criterion.bits()),
            Engine::Exact => "exact: every pair".into(),
        }
    }

    /// What a report of this detector says of itself.
    fn settings(&self) -> Settings {
        Settings {
            measure: self.criterion.measure,
            threshold: self.criterion.threshold(),
            search: match self.engine {
                Engine::MinHash { .. } => Search::MinHash,
                Engine::Winnow { .. } => Search::Winnow,
                Engine::Hamming => Search::Hamming,
                Engine::Exact => Search::Exact,
            },
            clustering: self.clustering,
            shingle: self.shingle,
            min_run: self.rules.min_run,
            max_gap: self.rules.max_gap,
            keep: match self.keep {
                Keep::Longest => Policy::Longest,
                Keep::First => Policy::First,
                Keep::Last => Policy::Last,
                Keep::Priority(_) => Policy::Priority,
            },
            repeats: self.repeats,
            boilerplate: self.boilerplate,
            chosen_pairs: self.pairs_if.is_some(),
            tokenizer: self.tokenizer.fingerprint(),
        }
    }

    fn read<'a>(&self, text: &'a str, reading: &'a mut Reading) -> Result<Side<'a>> {
        check_len(text)?;
        let side = reading.read(text, &*self.tokenizer, self.shingle);
        check_tokens(side.tokens.len())?;
        Ok(side)
    }

    fn confirm(&self) -> Confirm<'_> {
        Confirm::new(&*self.tokenizer)
    }

    /// What does not count, if anything, and the boilerplate to be reported, by the numbers of the
    /// texts.
    fn commons<T: AsRef<str> + Sync>(
        &self,
        texts: &[T],
        scope: &scope::Scope,
    ) -> (Option<Commons>, Vec<CommonPassage>) {
        let Self { boilerplate, tokenizer, shingle, rules, .. } = self;
        let Some(min_docs) = boilerplate.min_docs() else { return Default::default() };
        let reader = Reader { tokenizer: &**tokenizer, shingle: *shingle, min_run: rules.min_run };
        let document_of = |text| scope.doc(text).0;
        let (commons, passages) = Commons::find(texts, document_of, reader, min_docs);
        let discounts = matches!(boilerplate, Boilerplate::Discount { .. });
        (discounts.then_some(commons), passages)
    }

    fn short(&self) -> Short {
        Short::new(self.rules)
    }

    fn widths(&self, window: usize) -> Widths {
        Widths { window, shingle: self.shingle, max_gap: self.rules.max_gap }
    }
}

/// The texts of a reference, and behind them the others.
fn joined<'a, R: AsRef<str>, T: AsRef<str>>(reference: &'a [R], incoming: &'a [T]) -> Vec<&'a str> {
    reference.iter().map(R::as_ref).chain(incoming.iter().map(T::as_ref)).collect()
}

/// Spans count bytes in 32 bits.
fn check_len(text: &str) -> Result<()> {
    if u32::try_from(text.len()).is_ok() {
        return Ok(());
    }
    Err(Error::limit("a text of 4 GiB or more; cut it into parts"))
}

/// Tables keep two bits beside a token's position.
fn check_tokens(tokens: usize) -> Result<()> {
    if tokens <= 1 << 30 {
        return Ok(());
    }
    Err(Error::limit("a text of more than 2^30 tokens; cut it into parts"))
}

impl std::fmt::Debug for Detector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Detector")
            .field("measure", &self.criterion.measure)
            .field("threshold", &self.criterion.threshold())
            .field("search", &self.search())
            .field("rules", &self.rules)
            .field("shingle", &self.shingle)
            .field("cluster", &self.clustering)
            .field("keep", &self.keep)
            .field("unit", &self.unit)
            .finish_non_exhaustive()
    }
}
