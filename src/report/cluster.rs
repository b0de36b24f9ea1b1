//! Documents that belong together.

use super::{DocId, Match, Place};
use crate::measure::Measure;
use crate::text::Span;

/// Documents grouped by their matches, with the one to keep; or paragraphs, where these are
/// compared.
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
    /// Of each, what was compared.
    pub(crate) spans: Vec<Span>,
    pub(crate) keep: DocId,
    pub(crate) kept: Span,
    pub(crate) matches: Vec<Match>,
    pub(crate) measure: Measure,
}

impl Cluster {
    /// Takes for each place the one that `to` gives for it.
    pub(crate) fn replace_places(&mut self, to: impl Fn(Place) -> Place) {
        for (doc, span) in self.docs.iter_mut().zip(&mut self.spans) {
            Place { doc: *doc, span: *span } = to(Place { doc: *doc, span: *span });
        }
        Place { doc: self.keep, span: self.kept } = to(self.keep_place());
    }

    /// The documents, at least two, in the order of the input. Of paragraphs, the document of each:
    /// the same more than once, if it holds several.
    ///
    /// See [`Cluster`] for an example.
    pub fn docs(&self) -> &[DocId] {
        &self.docs
    }

    /// What the cluster is made of, as many as [`docs`](Self::docs) and in their order: whole texts,
    /// or paragraphs.
    ///
    /// See [`Place`] for an example.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.docs.iter().zip(&self.spans).map(|(&doc, &span)| Place { doc, span })
    }

    /// The document to keep, or that of the paragraph to keep.
    ///
    /// See [`Cluster`] for an example.
    pub fn keep(&self) -> DocId {
        self.keep
    }

    /// The one of [`places`](Self::places) to keep.
    ///
    /// ```
    /// let report = doublon::find(&["the very same", "The very same"])?;
    /// assert_eq!(report.clusters()[0].keep_place().span().range(), 0..13);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn keep_place(&self) -> Place {
        Place { doc: self.keep, span: self.kept }
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
