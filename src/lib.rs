//! Near-duplicate detection of text, with proof.
//!
//! `doublon` (French for "duplicate") finds what repeats: the paragraph that stands twice in one
//! text, and the articles of a corpus that share text - with the exact shared passages.
//!
//! ```
//! # let articles = [
//! #     "Une crue a coupe la route de la vallee dans la nuit de lundi a mardi, selon la prefecture, qui a appele les habitants a la prudence.",
//! #     "Le marche ouvre demain.",
//! #     "VALLEE. Une crue a coupe la route de la vallee dans la nuit de lundi a mardi, selon la prefecture, a dit la radio.",
//! # ];
//! let report = doublon::find(&articles)?;
//! for cluster in report.clusters() {
//!     println!("{} versions, keep #{}", cluster.docs().len(), cluster.keep().index());
//!     for m in cluster.matches() {
//!         let (a, b) = (&articles[m.a().index()], &articles[m.b().index()]);
//!         for passage in m.passages() {
//!             println!("{:?}\n{:?}", &a[passage.a()], &b[passage.b()]);
//!         }
//!     }
//! }
//! # assert_eq!(report.clusters().len(), 1);
//! # Ok::<(), doublon::Error>(())
//! ```
//!
//! # Three verbs
//!
//! [`repeats`] looks at one text, [`compare`] at two, [`find`] at many; the same three on a
//! [`Detector`] take other settings. That is all most users need.
//!
//! # Settings
//!
//! Pick a [`Measure`] and a threshold; the search follows from it.
//!
//! | measure | for | promise |
//! |---|---|---|
//! | [`Coverage`](Measure::Coverage) (default, 0.5) | re-edited copies, short items inside long texts | every shared run of 16 tokens is found |
//! | [`Jaccard`](Measure::Jaccard) | nearly equal documents, at the greatest speed | designed recall of 0.999 at the threshold |
//! | [`Containment`](Measure::Containment) | one text inside another | every pair |
//! | [`Hamming`](Measure::Hamming) | nearly equal documents by SimHash | every pair |
//!
//! [`Unit::Paragraph`] searches the paragraphs of all documents instead, and
//! [`Detector::find_against`] what comes in against a reference. [`Report::removals`] says what may
//! be cut out, and which copy of it is left.
//!
//! Short texts, such as headlines, need no settings either: for them [`Coverage`](Measure::Coverage)
//! counts shorter runs, and asks for more of them. A script without spaces has a token for each
//! character, so Chinese, Japanese or Thai news are found by the same defaults.
//!
//! # Promises
//!
//! - A candidate is never an answer: every match was counted on the full texts and reaches the
//!   threshold, and equal hashes were confirmed on the folded text itself.
//! - Every match shows its proof: pairs of spans of the original texts whose tokens are equal.
//! - Every answer can be questioned: [`Detector::explain`] says why a pair is or is not found and what
//!   would change that, and [`Detector::audit`] holds a run against an exact comparison of a sample.
//! - Nothing is silent: what was too short, or too crowded to be searched in full, is counted in
//!   [`Limits`].
//! - The same texts and settings give the same report, whatever the number of threads or the CPU.
//! - No text makes it panic, and no repetition makes it quadratic. The hashes are public: a text whose
//!   hashes were made to collide costs time, and never invents a match.
//!
//! It is lexical: the same event told in other words is not found.
//!
//! # Lower level
//!
//! [`text`], [`shingle`], [`sketch`] and [`candidates`] are the parts, for those who build a
//! pipeline of their own; [`corpus`] reads documents. Most users can ignore them.
//!
//! # Features
//!
//! - `rayon` (default): the caller's rayon pool; without it everything runs on the calling thread.
//! - `jsonl` (default): `corpus::JsonFile` and `corpus::JsonLines`, for JSON Lines, plain, gzip or zstd.
//! - `mmap` (default): `corpus::JsonFile` maps a plain file into memory instead of reading it.
//! - `serde`: `Serialize` and `Deserialize` for the report.

mod boilerplate;
pub mod candidates;
mod cluster;
pub mod corpus;
#[doc(hidden)]
pub mod cpu;
mod cut;
mod detector;
mod error;
mod estimate;
mod hash;
mod mask;
mod measure;
mod membership;
mod occurrence;
mod passage;
mod pieces;
mod radix;
mod random;
mod removal;
mod repeat;
mod report;
mod seeds;
mod settings;
pub mod shingle;
pub mod sketch;
mod table;
pub mod text;
mod threads;
mod verify;

pub use boilerplate::{Boilerplate, CommonPassage};
pub use cluster::Clustering;
pub use cut::Cut;
pub use detector::{
    Audit, Change, Detector, DetectorBuilder, Explanation, Keep, Sketches, Unit, Verdict,
};
pub use error::{Error, ErrorKind, Result};
pub use estimate::Interval;
pub use measure::{Measure, Relation, Similarity};
pub use passage::{Passage, Run};
pub use removal::{Removal, Remove};
pub use repeat::{Repeat, RepeatKind};
pub use report::{Cluster, Comparison, DocId, DocRepeat, Limits, Match, Place, Report, Stats};
pub use settings::{Search, Settings};
pub use text::Span;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Every public type can be shared between threads.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<(Detector, DetectorBuilder, Keep, Search, Clustering)>();
    shared::<(Measure, Similarity, Relation, Error, ErrorKind, Settings, Cut)>();
    shared::<(Report, Cluster, Match, Comparison, DocRepeat, DocId, Stats, Limits)>();
    shared::<(Boilerplate, CommonPassage)>();
    shared::<(Explanation, Verdict, Sketches, Change, Audit, Interval)>();
    shared::<(Passage, Run, Repeat, RepeatKind, Span, Place, Unit, Remove, Removal)>();
    shared::<(text::Tokens, text::Words, candidates::Groups, candidates::Lsh)>();
    shared::<(sketch::MinHash, sketch::MinHasher, sketch::CompactMinHash, sketch::SimHash)>();
    #[cfg(feature = "jsonl")]
    shared::<(corpus::JsonLines, corpus::Record, corpus::JsonFile, corpus::Document)>();
};

/// What stands two or more times in one text, with the default settings.
///
/// # Errors
///
/// As [`Detector::repeats`], of which this is the short form.
///
/// ```
/// let repeats = doublon::repeats("five words and then some\nno\nfive words and then some")?;
/// assert_eq!(repeats.len(), 1);
/// # Ok::<(), doublon::Error>(())
/// ```
pub fn repeats(text: &str) -> Result<Vec<Repeat>> {
    Detector::default().repeats(text)
}

/// What two texts share, with the default settings.
///
/// # Errors
///
/// As [`Detector::compare`], of which this is the short form.
///
/// ```
/// let pair = doublon::compare("the same text", "The same text!")?;
/// assert!(pair.is_match());
/// # Ok::<(), doublon::Error>(())
/// ```
pub fn compare(a: &str, b: &str) -> Result<Comparison> {
    Detector::default().compare(a, b)
}

/// The overlapping documents of a corpus and what repeats inside each, with the default settings.
///
/// # Errors
///
/// As [`Detector::find`], of which this is the short form.
///
/// ```
/// let report = doublon::find(&["the same text", "another", "The same text!"])?;
/// assert_eq!(report.clusters().len(), 1);
/// # Ok::<(), doublon::Error>(())
/// ```
pub fn find<T: AsRef<str> + Sync>(texts: &[T]) -> Result<Report> {
    Detector::default().find(texts)
}
