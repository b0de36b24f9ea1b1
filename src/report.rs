//! What a search found, with its proof and its limits.

use std::fmt;

use crate::measure::{Measure, Relation, Similarity};
use crate::passage::Passage;
use crate::repeat::Repeat;

/// The number of a document: its place in the input, from 0.
///
/// ```
/// let report = doublon::find(&["same words here", "same words here"])?;
/// let cluster = &report.clusters()[0];
/// assert_eq!(cluster.keep().index(), 0);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DocId(pub(crate) u32);

impl DocId {
    /// The place in the input, from 0.
    ///
    /// See [`DocId`] for an example.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// What two texts share, exactly.
///
/// ```
/// use doublon::Relation;
///
/// let pair = doublon::compare("the same text", "The same text!")?;
/// assert_eq!(pair.relation(), Some(Relation::SameText));
/// assert!(pair.is_match());
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Comparison {
    pub(crate) similarity: Similarity,
    pub(crate) relation: Option<Relation>,
    pub(crate) passages: Vec<Passage>,
    pub(crate) is_match: bool,
}

impl Comparison {
    /// The exact counts.
    ///
    /// See [`Similarity`] for an example.
    pub fn similarity(&self) -> &Similarity {
        &self.similarity
    }

    /// How the texts relate; `None` when they share nothing, or when either has no token and their
    /// bytes differ.
    ///
    /// See [`Comparison`] for an example.
    pub fn relation(&self) -> Option<Relation> {
        self.relation
    }

    /// What both texts have, with the places in both, in the order of the first.
    ///
    /// When no passage reaches `min_run`, the runs of at least one shingle are given instead: no
    /// pair that shares a shingle goes without its proof.
    ///
    /// See [`Passage`] for an example.
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// Whether the pair reaches the threshold of the detector.
    ///
    /// See [`Comparison`] for an example.
    pub fn is_match(&self) -> bool {
        self.is_match
    }
}

/// A verified pair of documents: `a` stands before `b` in the input.
///
/// ```
/// let text = "a text of eight words that stands twice";
/// let report = doublon::find(&[text, "another one", text])?;
/// let found = report.matches().next().unwrap();
/// assert_eq!((found.a().index(), found.b().index()), (0, 2));
/// assert_eq!(found.similarity().coverage(), 1.0);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Match {
    pub(crate) a: DocId,
    pub(crate) b: DocId,
    pub(crate) similarity: Similarity,
    pub(crate) relation: Relation,
    pub(crate) passages: Vec<Passage>,
}

impl Match {
    /// The document that comes first in the input.
    ///
    /// See [`Match`] for an example.
    pub fn a(&self) -> DocId {
        self.a
    }

    /// The document that comes later.
    ///
    /// See [`Match`] for an example.
    pub fn b(&self) -> DocId {
        self.b
    }

    /// The exact counts.
    ///
    /// See [`Match`] for an example.
    pub fn similarity(&self) -> &Similarity {
        &self.similarity
    }

    /// How `a` relates to `b`.
    ///
    /// ```
    /// let report = doublon::find(&["the very same", "The very same"])?;
    /// let found = report.matches().next().unwrap();
    /// assert_eq!(found.relation(), doublon::Relation::SameText);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn relation(&self) -> Relation {
        self.relation
    }

    /// What both have, as [`Comparison::passages`] gives it.
    ///
    /// ```
    /// let report = doublon::find(&["the very same", "The very same"])?;
    /// assert_eq!(report.matches().next().unwrap().passages().len(), 1);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }
}

/// Documents grouped by their matches, with the one to keep.
///
/// ```
/// let report = doublon::find(&["the very same", "other words", "the very same"])?;
/// let cluster = &report.clusters()[0];
/// assert_eq!(cluster.docs().iter().map(|doc| doc.index()).collect::<Vec<_>>(), [0, 2]);
/// assert_eq!(cluster.keep().index(), 0);
/// assert_eq!(cluster.matches().len(), cluster.docs().len() - 1);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cluster {
    pub(crate) docs: Vec<DocId>,
    pub(crate) keep: DocId,
    pub(crate) matches: Vec<Match>,
    pub(crate) measure: Measure,
}

impl Cluster {
    /// The documents, at least two, in the order of the input.
    ///
    /// See [`Cluster`] for an example.
    pub fn docs(&self) -> &[DocId] {
        &self.docs
    }

    /// The document to keep.
    ///
    /// See [`Cluster`] for an example.
    pub fn keep(&self) -> DocId {
        self.keep
    }

    /// One match fewer than documents, in the order of their pairs. In a star and in a complete-link
    /// cluster each is between a document and the kept one; in a connected cluster together they
    /// connect all documents.
    ///
    /// See [`Cluster`] for an example.
    pub fn matches(&self) -> &[Match] {
        &self.matches
    }

    /// The least similar of the matches under the measure of the search; of equal ones the first.
    ///
    /// ```
    /// let report = doublon::find(&["the very same", "the very same"])?;
    /// assert_eq!(report.clusters()[0].weakest().unwrap().similarity().coverage(), 1.0);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn weakest(&self) -> Option<&Match> {
        self.matches.iter().min_by(|x, y| x.similarity.weaker(&y.similarity, self.measure))
    }
}

/// A repeat and the document it stands in.
///
/// ```
/// let report = doublon::find(&["the river rose by two metres\nthe river rose by two metres"])?;
/// assert_eq!(report.repeats()[0].doc().index(), 0);
/// assert_eq!(report.repeats()[0].repeat().tokens(), 6);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DocRepeat {
    pub(crate) doc: DocId,
    pub(crate) repeat: Repeat,
}

impl DocRepeat {
    /// The document.
    ///
    /// See [`DocRepeat`] for an example.
    pub fn doc(&self) -> DocId {
        self.doc
    }

    /// What stands in it more than once.
    ///
    /// See [`DocRepeat`] for an example.
    pub fn repeat(&self) -> &Repeat {
        &self.repeat
    }
}

macro_rules! counters {
    ($(#[$attr:meta])* pub struct $name:ident {
        $($(#[doc = $doc:literal])* $field:ident,)*
    }) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[non_exhaustive]
        pub struct $name {
            $($(#[doc = $doc])* pub $field: u64,)*
        }

        impl $name {
            /// The counters by name, in a fixed order.
            ///
            /// ```
            #[doc = concat!("let counters = doublon::", stringify!($name), "::default();")]
            /// assert!(counters.iter().all(|(_, count)| count == 0));
            /// ```
            pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
                [$((stringify!($field), self.$field),)*].into_iter()
            }
        }
    };
}

counters! {
    /// How much was looked at.
    ///
    /// ```
    /// let report = doublon::find(&["one text", "another text"])?;
    /// assert_eq!(report.stats().documents, 2);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub struct Stats {
        /// Documents of the input.
        documents,
        /// Bytes of their texts.
        bytes,
        /// Tokens of their texts.
        tokens,
        /// Documents whose tokens equal those of another, which is searched in their place.
        copies,
        /// Distinct pairs that the search proposed.
        candidates,
        /// Candidates whose sketches or sizes left a match possible, so that the texts were asked.
        verified,
    }
}

counters! {
    /// Where the search did less than everything: nothing is dropped in silence.
    ///
    /// ```
    /// let report = doublon::find(&["", "one text"])?;
    /// assert_eq!(report.limits().empty, 1);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub struct Limits {
        /// Documents without a token: they match nothing.
        empty,
        /// Documents with fewer tokens than the measure can see (a shingle; for coverage with shingles
        /// of 32 tokens or more, `min_run`): they match their copies only, or for shingles whole-text
        /// equals.
        short,
        /// Groups of candidates so large that only their first documents were compared with all
        /// the others: pairs that meet nowhere else may be missing.
        crowded,
        /// Documents kept out of a complete-link cluster because it had reached its greatest size.
        full,
    }
}

/// What [`find`](crate::find) found. It depends on the texts and the configuration only: not on
/// threads, CPU or platform.
///
/// Its `Display` is a summary for people.
///
/// ```
/// let report = doublon::find(&["the very same", "other words", "the very same"])?;
/// assert_eq!(report.clusters().len(), 1);
/// assert_eq!(report.removable().map(|doc| doc.index()).collect::<Vec<_>>(), [2]);
/// assert!(report.to_string().starts_with("3 documents"));
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Report {
    pub(crate) measure: Measure,
    pub(crate) threshold: f64,
    pub(crate) search: String,
    pub(crate) repeats: Vec<DocRepeat>,
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) pairs: Option<Vec<Match>>,
    pub(crate) stats: Stats,
    pub(crate) limits: Limits,
}

impl Report {
    /// The measure of the search.
    ///
    /// ```
    /// assert_eq!(doublon::find(&[""])?.measure(), doublon::Measure::Coverage);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// The threshold of the search.
    ///
    /// ```
    /// assert_eq!(doublon::find(&[""])?.threshold(), 0.5);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// How candidates were found and what that promises, in words.
    ///
    /// ```
    /// let detector = doublon::Detector::builder().measure(doublon::Measure::Jaccard).build()?;
    /// assert_eq!(
    ///     detector.find(&[""])?.search(),
    ///     "minhash: 128 slots, 32 bands of 4 rows, designed recall 0.9998 at 0.7",
    /// );
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn search(&self) -> &str {
        &self.search
    }

    /// What repeats inside single documents, in the order of the input.
    ///
    /// See [`DocRepeat`] for an example.
    pub fn repeats(&self) -> &[DocRepeat] {
        &self.repeats
    }

    /// The clusters, in the order of their first documents. No document is in two.
    ///
    /// See [`Cluster`] for an example.
    pub fn clusters(&self) -> &[Cluster] {
        &self.clusters
    }

    /// The matches of all clusters; when all pairs were asked for, all of those.
    ///
    /// See [`Match`] for an example.
    pub fn matches(&self) -> impl Iterator<Item = &Match> {
        let of_clusters = self.clusters.iter().filter(|_| self.pairs.is_none());
        self.pairs.iter().flatten().chain(of_clusters.flat_map(Cluster::matches))
    }

    /// The documents that may be dropped: all of a cluster but the kept one, in the order of the
    /// input.
    ///
    /// See [`Report`] for an example.
    pub fn removable(&self) -> impl Iterator<Item = DocId> {
        let mut docs: Vec<DocId> = self
            .clusters
            .iter()
            .flat_map(|cluster| cluster.docs.iter().copied().filter(|&doc| doc != cluster.keep))
            .collect();
        docs.sort_unstable();
        docs.into_iter()
    }

    /// How much was looked at.
    ///
    /// See [`Stats`] for an example.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Where the search did less than everything.
    ///
    /// See [`Limits`] for an example.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: usize, one: &str| {
            let many = if one.ends_with('h') { "es" } else { "s" };
            format!("{n} {one}{}", if n == 1 { "" } else { many })
        };
        writeln!(
            f,
            "{}: {}, {}, {}",
            plural(self.stats.documents as usize, "document"),
            plural(self.repeats.len(), "repeat"),
            plural(self.matches().count(), "match"),
            plural(self.clusters.len(), "cluster"),
        )?;
        writeln!(f, "{} >= {}; {}", self.measure, self.threshold, self.search)?;
        for (name, count) in self.limits.iter().filter(|&(_, count)| count > 0) {
            writeln!(f, "limit {name}: {count}")?;
        }
        for cluster in &self.clusters {
            let docs: Vec<String> = cluster.docs.iter().map(DocId::to_string).collect();
            writeln!(f, "cluster {}, keep {}", docs.join(" "), cluster.keep)?;
        }
        Ok(())
    }
}
