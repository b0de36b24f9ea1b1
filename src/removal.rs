//! What may be cut out of a corpus, and where the copy stands that is left.

use crate::report::{Cluster, DocId, Place, Report};
use crate::text::Span;
use crate::{Error, ErrorKind, Result};

/// What a plan removes. One copy of everything is always left, and nothing of a reference (see
/// [`Detector::find_against`](crate::Detector::find_against)) is removed.
///
/// ```
/// use doublon::{Detector, Measure, Remove};
///
/// let texts = ["one two three four five", "one two three four six", "One two three four six!"];
/// let detector = Detector::builder().measure(Measure::Jaccard).shingle(1).threshold(0.6).build()?;
/// let report = detector.find(&texts)?;
/// assert_eq!(report.removals(Remove::Copies).len(), 1);
/// assert_eq!(report.removals(Remove::Matches).len(), 2);
/// assert_eq!(report.removals(Remove::Referenced).len(), 0);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remove {
    /// What has the same tokens as something that is kept, and nothing else.
    Copies,
    /// All that matches something that is kept. The default.
    #[default]
    Matches,
    /// All that matches something in a reference. What only incoming documents share stays.
    Referenced,
}

/// A place to cut out, and the copy that is left.
///
/// ```
/// use doublon::{Remove, find};
///
/// let report = find(&["the very same", "other words", "the very same"])?;
/// let removal = report.removals(Remove::Matches)[0];
/// assert_eq!((removal.doc().index(), removal.kept().doc().index()), (2, 0));
/// assert_eq!(removal.span().range(), 0..13);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Removal {
    pub(crate) place: Place,
    pub(crate) kept: Place,
}

impl Removal {
    /// The document to cut from.
    ///
    /// See [`Removal`] for an example.
    pub fn doc(&self) -> DocId {
        self.place.doc
    }

    /// What to cut: the whole text, or one paragraph.
    ///
    /// See [`Removal`] for an example.
    pub fn span(&self) -> Span {
        self.place.span
    }

    /// The copy that is left, which no removal of the plan touches.
    ///
    /// See [`Removal`] for an example.
    pub fn kept(&self) -> Place {
        self.kept
    }

    /// What is left of a text after the removals of its document, which are given in the order of a
    /// plan. Linear.
    ///
    /// With a paragraph goes the white space up to the next one; with the last, that before it. So
    /// the paragraphs that stay are separated as they were, no blank lines pile up, and the text
    /// ends as it did. When no paragraph is left, the text is empty.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for removals that are not in the order of the text, or not of this
    /// text as far as that can be seen: a span beyond its end or inside of a char.
    ///
    /// ```
    /// use doublon::{Detector, Removal, Remove, Unit};
    ///
    /// let texts = ["Read more on our pages.\n\nNews.\n\nEnd.", "Other news.\n\nRead more on our pages.\n"];
    /// let report = Detector::builder().unit(Unit::Paragraph).build()?.find(&texts)?;
    /// let removals = report.removals(Remove::Matches);
    /// assert_eq!(removals[0].doc().index(), 1);
    /// assert_eq!(Removal::apply(&removals, texts[1])?, "Other news.\n");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn apply(removals: &[Removal], text: &str) -> Result<String> {
        let mut left = String::with_capacity(text.len());
        // What is read, and where the last cut ended.
        let (mut at, mut end) = (0, 0);
        for removal in removals {
            let span = removal.span().range();
            let before = text.get(at..span.start).filter(|_| span.start <= span.end);
            let (Some(before), Some(after)) = (before, text.get(span.end..)) else {
                return Err(Error::new(
                    ErrorKind::Config,
                    format!(
                        "no removal of this text: {}; give those of its document",
                        removal.span()
                    ),
                ));
            };
            left.push_str(before);
            end = span.end;
            at = text.len() - after.trim_start().len();
        }
        left.push_str(&text[at..]);
        if at == text.len() && !removals.is_empty() {
            left.truncate(left.trim_end().len());
            if !left.is_empty() {
                left.push_str(&text[end..]);
            }
        }
        Ok(left)
    }
}

/// The paragraphs of a document of which a plan may leave one only. One of several lines would be
/// read as so many paragraphs, once no blank line is left.
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Layout {
    pub(crate) doc: DocId,
    pub(crate) paragraphs: u32,
    /// Those of several lines.
    pub(crate) wrapped: Vec<Span>,
}

impl Layout {
    /// Whether a plan that cuts some of these places, given in their order, may leave one paragraph.
    pub(crate) fn may_be_left_with_one(&self, cut: &[Place]) -> bool {
        let from = cut.partition_point(|place| place.doc < self.doc);
        let cut = cut[from..].iter().take_while(|place| place.doc == self.doc).count();
        cut > 0 && cut + 1 >= self.paragraphs as usize
    }

    /// The removals are given in their order.
    fn left_with_one_of_several_lines(&self, removals: &[Removal]) -> bool {
        let stays = |&span: &Span| removals.binary_search_by_key(&span, Removal::span).is_err();
        removals.len() + 1 == self.paragraphs as usize && self.wrapped.iter().any(stays)
    }
}

/// The plan of a report.
pub(crate) fn plan(report: &Report, remove: Remove) -> Vec<Removal> {
    let mut plan = match (remove, &report.stars) {
        (Remove::Copies, _) => report.copies.clone(),
        (_, Some(stars)) => stars.clone(),
        _ => of_clusters(&report.clusters).filter(|cut| !report.is_reference(cut.doc())).collect(),
    };
    if remove == Remove::Referenced {
        plan.retain(|removal| report.is_reference(removal.kept.doc));
    }
    plan.sort_unstable();
    if report.layouts.is_empty() {
        return plan;
    }
    let mut layouts = report.layouts.iter().peekable();
    let of_documents = plan.chunk_by(|x, y| x.doc() == y.doc()).map(|removals| {
        while layouts.next_if(|layout| layout.doc < removals[0].doc()).is_some() {}
        let layout = layouts.next_if(|layout| layout.doc == removals[0].doc());
        let held_back =
            layout.is_some_and(|layout| layout.left_with_one_of_several_lines(removals));
        &removals[..removals.len() - usize::from(held_back)]
    });
    of_documents.flatten().copied().collect()
}

/// All members but the kept ones.
pub(crate) fn of_clusters(clusters: &[Cluster]) -> impl Iterator<Item = Removal> + '_ {
    clusters.iter().flat_map(|cluster| {
        let kept = cluster.keep_place();
        let others = cluster.places().filter(move |&place| place != kept);
        others.map(move |place| Removal { place, kept })
    })
}
