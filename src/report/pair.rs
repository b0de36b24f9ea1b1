//! What two texts share: compared by themselves, or found among many.

use std::fmt;

use super::{DocId, Place};
use crate::measure::{Relation, Similarity};
use crate::passage::Passage;
use crate::text::Span;

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

/// A verified pair of documents, or of paragraphs where these are compared: `a` stands before `b` in
/// the input.
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
    /// Of both, what was compared.
    pub(crate) spans: [Span; 2],
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

    /// The document that comes later; of two paragraphs of one document, the same.
    ///
    /// See [`Match`] for an example.
    pub fn b(&self) -> DocId {
        self.b
    }

    /// What was compared, in the first document and in the second: the whole texts, or a paragraph
    /// of each.
    ///
    /// ```
    /// let report = doublon::find(&["the very same", "The very same"])?;
    /// let [a, b] = report.matches().next().unwrap().places();
    /// assert_eq!((a.span().range(), b.doc().index()), (0..13, 1));
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn places(&self) -> [Place; 2] {
        let [a, b] = self.spans;
        [Place { doc: self.a, span: a }, Place { doc: self.b, span: b }]
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

    /// What both have, as [`Comparison::passages`] gives it, with its places in the documents.
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

/// As errors name it.
impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "match {} ~ {}", self.a, self.b)
    }
}
