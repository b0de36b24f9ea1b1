//! Which texts are searched, and which pairs of them may match.

use std::sync::Arc;

use super::check_len;
use crate::Result;
use crate::removal::Layout;
use crate::report::{DocId, Place};
use crate::text::{Span, paragraphs};

/// What is compared with what.
///
/// ```
/// use doublon::{Detector, Unit};
///
/// let texts = ["Some news.\n\nRead more on our pages.", "Read more on our pages.\n\nOther news."];
/// assert_eq!(Detector::default().find(&texts)?.clusters().len(), 0);
///
/// let report = Detector::builder().unit(Unit::Paragraph).build()?.find(&texts)?;
/// let places: Vec<_> = report.clusters()[0].places().collect();
/// assert_eq!(&texts[0][places[0].span()], "Read more on our pages.");
/// assert_eq!((places[1].doc().index(), places[1].span().range()), (1, 0..23));
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Unit {
    /// Whole texts. The default.
    #[default]
    Document,
    /// [Paragraphs](crate::text::paragraphs), with those of their own document and of others. One
    /// with fewer tokens than the measure can see matches its copies only, as a document does.
    Paragraph,
}

/// Whether two documents may match, the one that comes first in the input as the first.
pub(super) type PairFilter = Arc<dyn Fn(DocId, DocId) -> bool + Send + Sync>;

/// The texts of a search as places in documents.
pub(super) struct Scope<'a> {
    pairs_if: Option<&'a PairFilter>,
    /// Where each text stands, if they are not whole documents.
    pub(super) places: Option<Vec<Place>>,
    /// So many texts come first and are those of references.
    pub(super) references: u32,
    /// Whether some pairs may not match.
    restricts: bool,
}

impl<'a> Scope<'a> {
    /// The first documents, so many, are references.
    pub(super) fn new<T: AsRef<str>>(
        unit: Unit,
        pairs_if: Option<&'a PairFilter>,
        documents: &[T],
        references: usize,
    ) -> Result<Self> {
        // Also against references without a paragraph: the report says no more than that there are some.
        let restricts = references > 0 || pairs_if.is_some();
        let mut scope = Self { pairs_if, places: None, references: references as u32, restricts };
        if unit == Unit::Paragraph {
            let mut places = Vec::new();
            for (doc, text) in (0..).map(DocId).zip(documents) {
                if doc.index() == references {
                    scope.references = places.len() as u32;
                }
                check_len(text.as_ref())?;
                places.extend(paragraphs(text.as_ref()).map(|span| Place { doc, span }));
            }
            if references == documents.len() {
                scope.references = places.len() as u32;
            }
            scope.places = Some(places);
        }
        Ok(scope)
    }

    /// Whether some pairs may not match.
    pub(super) fn restricts(&self) -> bool {
        self.restricts
    }

    /// Whether the caller chose which pairs may match.
    pub(super) fn chooses(&self) -> bool {
        self.pairs_if.is_some()
    }

    pub(super) fn is_reference(&self, text: u32) -> bool {
        text < self.references
    }

    /// The document in which a text stands.
    pub(super) fn doc(&self, text: u32) -> DocId {
        self.places.as_ref().map_or(DocId(text), |places| places[text as usize].doc)
    }

    /// All that is compared.
    pub(super) fn texts<'t, T: AsRef<str>>(&self, documents: &'t [T]) -> Vec<&'t str> {
        match &self.places {
            Some(places) => places
                .iter()
                .map(|place| &documents[place.doc.index()].as_ref()[place.span])
                .collect(),
            None => documents.iter().map(T::as_ref).collect(),
        }
    }

    /// The number of the text that stands there, if one does.
    pub(super) fn number<T: AsRef<str>>(&self, place: Place, documents: &[T]) -> Option<u32> {
        match &self.places {
            Some(places) => places.binary_search(&place).ok().map(|number| number as u32),
            None => {
                let text = documents.get(place.doc.index())?.as_ref();
                (place.span == Span::new(0, text.len() as u32)).then_some(place.doc.0)
            }
        }
    }

    pub(super) fn place<T: AsRef<str>>(&self, text: u32, documents: &[T]) -> Place {
        let whole = |text: u32| Span::new(0, documents[text as usize].as_ref().len() as u32);
        match &self.places {
            Some(places) => places[text as usize],
            None => Place { doc: DocId(text), span: whole(text) },
        }
    }

    /// Whether two texts may match. Those of one document always may, unless it is a reference.
    pub(super) fn allows(&self, x: u32, y: u32) -> bool {
        let (x, y) = (x.min(y), x.max(y));
        let (a, b) = (self.doc(x), self.doc(y));
        !self.is_reference(y) && (a == b || self.pairs_if.is_none_or(|allows| allows(a, b)))
    }

    /// The layouts of the documents that may be left with one paragraph, when these places may be
    /// cut, given in their order and each once.
    pub(super) fn layouts<T: AsRef<str>>(&self, cut: &[Place], documents: &[T]) -> Vec<Layout> {
        let mut cut = cut.chunk_by(|x, y| x.doc == y.doc).peekable();
        let places = self.places.as_deref().unwrap_or_default();
        let of_documents = places.chunk_by(|x, y| x.doc == y.doc).filter_map(|places| {
            let doc = places[0].doc;
            let cut = cut.next_if(|cut| cut[0].doc == doc)?;
            let text = documents[doc.index()].as_ref();
            let wrapped: Vec<Span> = places
                .iter()
                .map(|place| place.span)
                .filter(|&span| text[span].contains(['\n', '\r']))
                .collect();
            let paragraphs = places.len() as u32;
            (cut.len() + 1 >= places.len() && !wrapped.is_empty()).then_some(Layout {
                doc,
                paragraphs,
                wrapped,
            })
        });
        of_documents.collect()
    }
}
