//! Boilerplate: passages that stand in many documents, and belong to none of them.
//!
//! A window of `min_run` tokens is boilerplate when at least `min_docs` documents have it; exact
//! copies count once. Such a window is looked for only where its winnowed fingerprint stands in as
//! many documents, so that the windows of most texts are never gathered.
//!
//! That is told of the corpus alone, of all its documents, whichever of them are compared. Where
//! paragraphs are, each is a text of its own, and the documents that have a window are counted.

use std::collections::HashSet;
use std::ops::Range;

use crate::report::{DocId, Place};
use crate::shingle::{each_window, windows};
use crate::sketch::{windows_of, winnow};
use crate::table::Table;
use crate::text::{Span, Tokenize};
use crate::verify::Reading;
use crate::{Error, Result, hash, threads};

/// What happens to passages that stand in many documents: footers, bylines, notices.
///
/// Boilerplate is every run of at least `min_run` tokens each window of which stands in at least
/// `min_docs` documents. Choose `min_docs` above the number of versions of one story that you expect,
/// for a story told so often is boilerplate too.
///
/// A document counts once, however often it has a window, and exact copies, documents with the same
/// tokens, count as one. What is compared with what makes no difference:
///
/// - Of [paragraphs](crate::Unit::Paragraph), the documents count that have a window in one of theirs.
///   No window goes from one paragraph into the next, and copies have the same paragraphs.
/// - [References](crate::Detector::find_against) count as incoming documents do: a footer is a footer
///   wherever it stands. One with the tokens of an incoming document is its copy.
/// - With a [choice of pairs](crate::DetectorBuilder::pairs_if) all documents count, and copies as one,
///   may they match each other or not.
///
/// ```
/// use doublon::{Boilerplate, Detector};
///
/// let footer = "All rights reserved. No part of this page may be copied, sent on or kept in any \
///     archive without the written consent of the owner.";
/// let texts = ["The bridge opens at noon.", "A cat was found.", "Rain on Monday."]
///     .map(|news| format!("{news}\n{footer}"));
/// assert_eq!(doublon::find(&texts)?.clusters().len(), 1);
/// let detector = Detector::builder().boilerplate(Boilerplate::Discount { min_docs: 3 }).build()?;
/// let report = detector.find(&texts)?;
/// assert_eq!(report.clusters().len(), 0);
/// let common = &report.boilerplate()[0];
/// assert_eq!(common.documents(), 3);
/// assert_eq!(&texts[common.doc().index()][common.span()], footer.trim_end_matches('.'));
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Boilerplate {
    /// It counts like any other text and is not looked for. The default.
    #[default]
    Keep,
    /// It is found and reported, and counts like any other text.
    Report {
        /// The least number of documents, at least 2.
        min_docs: u32,
    },
    /// It is found, reported and left out of every measure: neither its tokens nor the shingles that
    /// touch it count, and it stands in no run. A passage may go on behind it, as behind any other gap of
    /// at most `max_gap` tokens. Exact copies still match, by all they have; but a paragraph of which no
    /// shingle counts matches nothing, for a footer often is one. Short texts match by shorter runs
    /// ([`Measure::Coverage`](crate::Measure::Coverage)) only where all of them counts.
    Discount {
        /// The least number of documents, at least 2.
        min_docs: u32,
    },
}

impl Boilerplate {
    pub(crate) fn min_docs(self) -> Option<u32> {
        match self {
            Self::Keep => None,
            Self::Report { min_docs } | Self::Discount { min_docs } => Some(min_docs),
        }
    }

    pub(crate) fn check(self) -> Result<()> {
        match self.min_docs() {
            Some(min_docs @ ..2) => Err(Error::config(format!(
                "min_docs of boilerplate is {min_docs}; it must be at least 2"
            ))),
            _ => Ok(()),
        }
    }
}

/// A passage that stands in many documents, with one of its places.
///
/// See [`Boilerplate`] for an example.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CommonPassage {
    pub(crate) doc: DocId,
    pub(crate) span: Span,
    pub(crate) tokens: u32,
    pub(crate) documents: u32,
}

impl CommonPassage {
    /// The first document that has it.
    ///
    /// See [`Boilerplate`] for an example.
    pub fn doc(&self) -> DocId {
        self.doc
    }

    /// Where it stands there first.
    ///
    /// See [`Boilerplate`] for an example.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The number of its tokens, at least `min_run`.
    ///
    /// See [`Boilerplate`] for an example.
    pub fn tokens(&self) -> usize {
        self.tokens as usize
    }

    /// In how many documents each of its windows of `min_run` tokens stands at least, exact copies
    /// counted once; told by their 64-bit hashes.
    ///
    /// See [`Boilerplate`] for an example.
    pub fn documents(&self) -> usize {
        self.documents as usize
    }

    /// Takes the number of its text for the place that `place` gives it.
    pub(crate) fn put_in_place(&mut self, place: impl Fn(u32) -> Place) {
        let place = place(self.doc.0);
        (self.doc, self.span) = (place.doc, self.span.shifted(place.span.start() as u32));
    }
}

/// The windows that are boilerplate.
#[derive(Default)]
pub(crate) struct Commons {
    table: Table,
    windows: Vec<u64>,
    /// Of each the number of its documents and the first text that has it.
    of: Vec<(u32, u32)>,
    min_run: usize,
}

/// How a search reads texts.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) tokenizer: &'a dyn Tokenize,
    pub(crate) shingle: usize,
    pub(crate) min_run: usize,
}

/// Texts that one thread reads in a row.
const STRETCH: usize = 32;

/// A text at the first reading.
struct Draft {
    text: u32,
    /// `None` of a text without tokens.
    digest: Option<u128>,
    /// Its distinct fingerprints.
    keys: Vec<u32>,
}

impl Commons {
    /// Reads all texts once, and those that may have boilerplate twice. `document_of` tells in which
    /// document a text stands; those of one document follow each other.
    ///
    /// While it runs: about 0.7 bytes a token, and 16 a token of what looks like boilerplate.
    pub(crate) fn find<T: AsRef<str> + Sync>(
        texts: &[T],
        document_of: impl Fn(u32) -> u32,
        reader: Reader,
        min_docs: u32,
    ) -> (Self, Vec<CommonPassage>) {
        let min_docs = min_docs as usize;
        let all: Vec<u32> = (0..texts.len() as u32).collect();
        let mut drafts = reader.each(texts, &all, |desk, text, drafts| {
            desk.select(reader);
            let mut keys: Vec<u32> = desk.selected.iter().map(|&(hash, _)| key(hash)).collect();
            keys.sort_unstable();
            keys.dedup();
            let tokens = desk.reading.tokens.hashes();
            let digest = (!tokens.is_empty()).then(|| hash::digest(tokens));
            drafts.push(Draft { text, digest, keys });
        });
        let same = |x: u32, y: u32| document_of(x) == document_of(y);
        let mut keys = keys_of_documents(&mut drafts, same);
        threads::sort(&mut keys);
        let runs = keys.chunk_by(|x, y| x == y).filter(|run| run.len() >= min_docs);
        let heavy: HashSet<u32> = runs.map(|run| run[0]).collect();
        let suspects: Vec<u32> = drafts
            .iter()
            .filter(|draft| draft.keys.iter().any(|key| heavy.contains(key)))
            .map(|draft| draft.text)
            .collect();
        drop((keys, drafts));
        let mut found = reader.each(texts, &suspects, |desk, text, found| {
            desk.select(reader);
            let Desk { reading, selected, windows: hashes } = desk;
            windows(reading.tokens.hashes(), reader.min_run, hashes);
            let spans = windows_of(selected, reading.shingles.len(), reader.window());
            let of =
                selected.iter().zip(spans).filter(|((hash, _), _)| heavy.contains(&key(*hash)));
            found.extend(of.flat_map(|(_, span)| &hashes[span]).map(|&hash| (hash, text)));
        });
        threads::sort(&mut found);
        let mut commons = Self { min_run: reader.min_run, ..Self::default() };
        for run in found.chunk_by(|x, y| x.0 == y.0) {
            let documents = run.chunk_by(|x, y| same(x.1, y.1)).count();
            if documents >= min_docs {
                commons.windows.push(run[0].0);
                commons.of.push((documents as u32, run[0].1));
            }
        }
        commons.table.reset(commons.windows.len());
        for (place, &hash) in (0..).zip(&commons.windows) {
            commons.table.get_or_insert(hash, place, |at| commons.windows[at]);
        }
        let mut examples: Vec<u32> = commons.of.iter().map(|&(_, first)| first).collect();
        examples.sort_unstable();
        examples.dedup();
        let passages = reader.each(texts, &examples, |desk, text, passages| {
            commons.passages(&desk.reading, text, passages);
        });
        (commons, passages)
    }

    fn place(&self, hash: u64) -> Option<usize> {
        self.table.get(hash, |at| self.windows[at]).map(|place| place as usize)
    }

    /// What no text has ahead of this one, in its order: windows in a row are one passage.
    fn passages(&self, reading: &Reading, text: u32, passages: &mut Vec<CommonPassage>) {
        let mut seen = HashSet::new();
        let new = |hash: u64| {
            let place = self.place(hash)?;
            let (documents, first) = self.of[place];
            (first == text && seen.insert(place)).then_some(documents)
        };
        let of: Vec<Option<u32>> =
            each_window(reading.tokens.hashes(), self.min_run).map(new).collect();
        let mut start = 0;
        for row in of.chunk_by(|x, y| x.is_some() == y.is_some()) {
            if let Some(documents) = row.iter().copied().min().flatten() {
                let tokens = row.len() + self.min_run - 1;
                let span = reading.tokens.span(start, start + tokens);
                let doc = DocId(text);
                passages.push(CommonPassage { doc, span, tokens: tokens as u32, documents });
            }
            start += row.len();
        }
    }

    /// Which of these tokens of a text are boilerplate, in stretches that rise and do not touch.
    pub(crate) fn stretches(&self, tokens: &[u64]) -> Vec<Range<usize>> {
        let mut stretches: Vec<Range<usize>> = Vec::new();
        let common = each_window(tokens, self.min_run)
            .enumerate()
            .filter(|&(_, hash)| self.place(hash).is_some());
        common.for_each(|(at, _)| {
            let end = at + self.min_run;
            match stretches.last_mut() {
                Some(last) if last.end >= at => last.end = end,
                _ => stretches.push(at..end),
            }
        });
        stretches
    }

    /// Hides what is boilerplate in the text of `document` that was read.
    pub(crate) fn hide(&self, reading: &mut Reading, document: u32, width: usize) {
        let stretches = self.stretches(reading.tokens.hashes());
        if !stretches.is_empty() {
            reading.hide(stretches, document, width);
        }
    }
}

/// The keys of all documents, each once a document. Those of copies are cleared.
fn keys_of_documents(drafts: &mut [Draft], same: impl Fn(u32, u32) -> bool) -> Vec<u32> {
    let mut digests = HashSet::new();
    let (mut keys, mut of_texts, mut of_document) = (Vec::new(), Vec::new(), Vec::new());
    for texts in drafts.chunk_by_mut(|x, y| same(x.text, y.text)) {
        of_texts.clear();
        let halves = |digest: u128| [(digest >> 64) as u64, digest as u64];
        of_texts.extend(texts.iter().filter_map(|draft| draft.digest).flat_map(halves));
        if digests.insert(hash::digest(&of_texts)) {
            of_document.clear();
            of_document.extend(texts.iter().flat_map(|draft| &draft.keys));
            of_document.sort_unstable();
            of_document.dedup();
            keys.extend_from_slice(&of_document);
        } else {
            texts.iter_mut().for_each(|draft| draft.keys = Vec::new());
        }
    }
    keys
}

/// 32 bits of a fingerprint: a chance agreement only gathers windows that are then counted.
fn key(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// The buffers of one thread, and the text that was read into them.
#[derive(Default)]
struct Desk {
    reading: Reading,
    selected: Vec<(u64, u32)>,
    windows: Vec<u64>,
}

impl Desk {
    fn select(&mut self, reader: Reader) {
        self.selected.clear();
        if self.reading.tokens.len() >= reader.min_run {
            winnow(&self.reading.shingles, reader.window(), &mut self.selected);
        }
    }
}

impl Reader<'_> {
    /// Shingles in a row over `min_run` tokens.
    fn window(self) -> usize {
        self.min_run + 1 - self.shingle
    }

    /// What `work` adds for each of some texts, in their order.
    fn each<T: AsRef<str> + Sync, R: Send>(
        self,
        texts: &[T],
        some: &[u32],
        work: impl Fn(&mut Desk, u32, &mut Vec<R>) + Sync + Send,
    ) -> Vec<R> {
        let parts: Vec<&[u32]> = some.chunks(STRETCH).collect();
        let of_parts = threads::map(&parts, 1, Desk::default, |desk, part| {
            let mut all = Vec::new();
            for &text in *part {
                desk.reading.read(texts[text as usize].as_ref(), self.tokenizer, self.shingle);
                work(desk, text, &mut all);
            }
            all
        });
        of_parts.into_iter().flatten().collect()
    }
}
