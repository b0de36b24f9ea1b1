//! Boilerplate: passages that stand in many documents, and belong to none of them.
//!
//! A window of `min_run` tokens is boilerplate when at least `min_docs` documents have it; exact
//! copies count once. Such a window is looked for only where its winnowed fingerprint stands in as
//! many documents, so that the windows of most texts are never gathered.

use std::collections::HashSet;
use std::ops::Range;

use crate::report::DocId;
use crate::shingle::windows;
use crate::sketch::{windows_of, winnow};
use crate::table::Table;
use crate::text::{Span, Tokenize};
use crate::verify::Reading;
use crate::{Error, Result, hash, threads};

/// What happens to passages that stand in many documents: footers, bylines, notices.
///
/// Boilerplate is every run of at least `min_run` tokens each window of which stands in at least
/// `min_docs` documents, exact copies counted once. Choose `min_docs` above the number of versions
/// of one story that you expect, for a story told so often is boilerplate too.
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
    /// touch it count, and no passage goes through it. Exact copies still match; short texts match by
    /// shorter runs ([`Measure::Coverage`](crate::Measure::Coverage)) only where all of them counts.
    /// Searches against references and with a choice of pairs do not take it.
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
}

/// The windows that are boilerplate.
#[derive(Default)]
pub(crate) struct Commons {
    table: Table,
    windows: Vec<u64>,
    /// Of each the number of its documents and the first of them.
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

/// Documents that one thread reads in a row.
const STRETCH: usize = 32;

impl Commons {
    /// Reads all texts once, and those that may have boilerplate twice.
    ///
    /// While it runs: about 0.7 bytes a token, and 16 a token of what looks like boilerplate.
    pub(crate) fn find<T: AsRef<str> + Sync>(
        texts: &[T],
        reader: Reader,
        min_docs: u32,
    ) -> (Self, Vec<CommonPassage>) {
        let min_docs = min_docs as usize;
        let all: Vec<u32> = (0..texts.len() as u32).collect();
        let drafts = reader.each(texts, &all, |reading, selected, document| {
            reader.select(reading, selected);
            let mut keys: Vec<u32> = selected.iter().map(|&(hash, _)| key(hash)).collect();
            keys.sort_unstable();
            keys.dedup();
            vec![(document, hash::digest(reading.tokens.hashes()), keys)]
        });
        let mut digests = HashSet::new();
        let firsts: Vec<(u32, Vec<u32>)> = drafts
            .into_iter()
            .filter_map(|(document, digest, keys)| {
                digests.insert(digest).then_some((document, keys))
            })
            .collect();
        let mut keys: Vec<u32> = firsts.iter().flat_map(|(_, keys)| keys).copied().collect();
        threads::sort(&mut keys);
        let runs = keys.chunk_by(|x, y| x == y).filter(|run| run.len() >= min_docs);
        let heavy: HashSet<u32> = runs.map(|run| run[0]).collect();
        let suspects: Vec<u32> = firsts
            .iter()
            .filter(|(_, keys)| keys.iter().any(|key| heavy.contains(key)))
            .map(|&(document, _)| document)
            .collect();
        drop((keys, firsts));
        let mut found = reader.each(texts, &suspects, |reading, selected, document| {
            reader.select(reading, selected);
            let mut hashes = Vec::new();
            windows(reading.tokens.hashes(), reader.min_run, &mut hashes);
            let spans = windows_of(selected, reading.shingles.len(), reader.window());
            let mut of: Vec<(u64, u32)> = selected
                .iter()
                .zip(spans)
                .filter(|((hash, _), _)| heavy.contains(&key(*hash)))
                .flat_map(|(_, span)| &hashes[span])
                .map(|&hash| (hash, document))
                .collect();
            of.sort_unstable();
            of.dedup();
            of
        });
        threads::sort(&mut found);
        let mut commons = Self { min_run: reader.min_run, ..Self::default() };
        for run in found.chunk_by(|x, y| x.0 == y.0).filter(|run| run.len() >= min_docs) {
            commons.windows.push(run[0].0);
            commons.of.push((run.len() as u32, run[0].1));
        }
        commons.table.reset(commons.windows.len());
        for (place, &hash) in (0..).zip(&commons.windows) {
            commons.table.get_or_insert(hash, place, |at| commons.windows[at]);
        }
        let mut examples: Vec<u32> = commons.of.iter().map(|&(_, first)| first).collect();
        examples.sort_unstable();
        examples.dedup();
        let passages = reader
            .each(texts, &examples, |reading, _, document| commons.passages(reading, document));
        (commons, passages)
    }

    fn place(&self, hash: u64) -> Option<usize> {
        self.table.get(hash, |at| self.windows[at]).map(|place| place as usize)
    }

    /// What no document has ahead of this one, in the order of the text: windows in a row are one
    /// passage.
    fn passages(&self, reading: &Reading, document: u32) -> Vec<CommonPassage> {
        let mut hashes = Vec::new();
        windows(reading.tokens.hashes(), self.min_run, &mut hashes);
        let mut seen = HashSet::new();
        let mut new = |hash: u64| {
            let place = self.place(hash)?;
            let (documents, first) = self.of[place];
            (first == document && seen.insert(place)).then_some(documents)
        };
        let of: Vec<Option<u32>> = hashes.iter().map(|&hash| new(hash)).collect();
        let mut start = 0;
        let mut passages = Vec::new();
        for row in of.chunk_by(|x, y| x.is_some() == y.is_some()) {
            if let Some(documents) = row.iter().copied().min().flatten() {
                let tokens = row.len() + self.min_run - 1;
                let span = reading.tokens.span(start, start + tokens);
                let doc = DocId(document);
                passages.push(CommonPassage { doc, span, tokens: tokens as u32, documents });
            }
            start += row.len();
        }
        passages
    }

    /// Hides what is boilerplate in the text of `document` that was read.
    pub(crate) fn hide(&self, reading: &mut Reading, document: u32, width: usize) {
        let mut hashes = Vec::new();
        windows(reading.tokens.hashes(), self.min_run, &mut hashes);
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for (at, _) in hashes.iter().enumerate().filter(|&(_, &hash)| self.place(hash).is_some()) {
            let end = at + self.min_run;
            match stretches.last_mut() {
                Some(last) if last.end >= at => last.end = end,
                _ => stretches.push(at..end),
            }
        }
        if !stretches.is_empty() {
            reading.hide(stretches, document, width);
        }
    }
}

/// 32 bits of a fingerprint: a chance agreement only gathers windows that are then counted.
fn key(hash: u64) -> u32 {
    (hash >> 32) as u32
}

impl Reader<'_> {
    /// Shingles in a row over `min_run` tokens.
    fn window(self) -> usize {
        self.min_run + 1 - self.shingle
    }

    fn select(self, reading: &Reading, selected: &mut Vec<(u64, u32)>) {
        selected.clear();
        if reading.tokens.len() >= self.min_run {
            winnow(&reading.shingles, self.window(), selected);
        }
    }

    /// What `work` gives of each document, in their order.
    fn each<T: AsRef<str> + Sync, R: Send>(
        self,
        texts: &[T],
        documents: &[u32],
        work: impl Fn(&mut Reading, &mut Vec<(u64, u32)>, u32) -> Vec<R> + Sync + Send,
    ) -> Vec<R> {
        let parts: Vec<&[u32]> = documents.chunks(STRETCH).collect();
        let of_parts = threads::map(
            &parts,
            1,
            || (Reading::default(), Vec::new()),
            |(reading, selected), part| {
                let mut all = Vec::new();
                for &document in *part {
                    let text = texts[document as usize].as_ref();
                    reading.read(text, self.tokenizer, self.shingle);
                    all.extend(work(reading, selected, document));
                }
                all
            },
        );
        of_parts.into_iter().flatten().collect()
    }
}
