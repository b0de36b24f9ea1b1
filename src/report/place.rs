//! Where something stands: documents, and places in them.

use std::fmt;

use crate::text::Span;

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

/// Where something stands: a document and a span of it.
///
/// In the order of the input, then of the text.
///
/// ```
/// use doublon::{Detector, Unit};
///
/// let texts = ["read more on our pages\nnews", "other news\nread more on our pages"];
/// let report = Detector::builder().unit(Unit::Paragraph).build()?.find(&texts)?;
/// let place = report.clusters()[0].places().last().unwrap();
/// assert_eq!(place.doc().index(), 1);
/// assert_eq!(&texts[1][place.span()], "read more on our pages");
/// assert_eq!(place.to_string(), "#1:11..33");
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Place {
    pub(crate) doc: DocId,
    pub(crate) span: Span,
}

impl Place {
    /// The document.
    ///
    /// See [`Place`] for an example.
    pub fn doc(&self) -> DocId {
        self.doc
    }

    /// The bytes of its text.
    ///
    /// See [`Place`] for an example.
    pub fn span(&self) -> Span {
        self.span
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.doc, self.span)
    }
}
