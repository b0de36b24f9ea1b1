//! The first reading of a corpus: each text once, to what the search needs of it.

use std::ops::Range;

use super::{Detector, Engine, check_len, check_tokens};
use crate::boilerplate::Commons;
use crate::candidates::{Fingerprints, Traces};
use crate::measure::Measure;
use crate::repeat::Repeats;
use crate::report::{DocId, DocRepeat, Limits, Stats};
use crate::sketch::{SimHash, compact_into, winnow};
use crate::table::Table;
use crate::verify::{Confirm, Reading, Side};
use crate::{Result, hash, threads};

/// Columns over all documents.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) tokens: Vec<u32>,
    /// How many of them do not count; empty when all do.
    pub(super) hidden: Vec<u32>,
    pub(super) digests: Vec<u128>,
    pub(super) repeats: Vec<DocRepeat>,
    pub(super) features: Features,
    pub(super) stats: Stats,
    pub(super) limits: Limits,
}

/// What the search of the detector reads; the other columns stay empty.
#[derive(Default)]
pub(super) struct Features {
    /// MinHash: so many keys a document, one a band.
    pub(super) band_keys: Vec<u32>,
    /// MinHash: so many 8-bit slots a document.
    pub(super) slots: Vec<u8>,
    /// Winnow.
    pub(super) fingerprints: Fingerprints,
    pub(super) traces: Traces,
    /// Of the neighbours of short ones.
    pub(super) short_traces: Traces,
    pub(super) simhashes: Vec<SimHash>,
    /// Exact: the distinct shingles of each document, and how many they are. Winnow: the
    /// pairs of neighbours of short ones.
    pub(super) shingles: Vec<(u64, u32)>,
    pub(super) sizes: Vec<u32>,
}

/// Documents that make one part at most, about how many bytes of them, and the parts that a thread reads
/// between two joins. What waits to be joined stays small beside the columns.
const STRETCH: usize = 32;
const STRETCH_BYTES: usize = 1 << 18;
const STRETCHES: usize = 16;

impl Survey {
    pub(super) fn new<T: AsRef<str> + Sync>(
        detector: &Detector,
        hidden: Option<&Commons>,
        texts: &[T],
    ) -> Result<Self> {
        let mut survey = Self::with_capacity(detector, texts.len(), 0);
        let pool = threads::Pool::new();
        for wave in stretches(texts).chunks(STRETCHES * threads::count()) {
            let parts = pool.map(
                wave,
                1,
                || Reader::new(detector, hidden),
                |reader, stretch| {
                    let texts_of_part = texts[stretch.clone()].iter();
                    let bytes = texts_of_part.map(|text| text.as_ref().len()).sum();
                    let mut part = Self::with_capacity(detector, stretch.len(), bytes);
                    for document in stretch.clone() {
                        reader.read(texts[document].as_ref(), document as u32, &mut part)?;
                    }
                    Result::Ok(part)
                },
            );
            for part in parts {
                survey.append(part?);
            }
        }
        Ok(survey)
    }

    /// How many tokens of a document count.
    pub(super) fn counted(&self, document: usize) -> u32 {
        self.tokens[document] - self.hidden.get(document).copied().unwrap_or(0)
    }

    /// For so many documents, and for what may be written of so many bytes.
    fn with_capacity(detector: &Detector, documents: usize, bytes: usize) -> Self {
        let mut survey = Self::default();
        survey.tokens.reserve_exact(documents);
        survey.digests.reserve_exact(documents);
        if let Engine::MinHash { hasher, lsh, .. } = &detector.engine {
            survey.features.band_keys.reserve_exact(documents * lsh.bands());
            survey.features.slots.reserve_exact(documents * hasher.slots());
        }
        if let Engine::Winnow { .. } = &detector.engine {
            // Words of five letters, of which one in four is selected. What is too much is given back.
            let words = bytes.min(2 * STRETCH_BYTES) / 6;
            survey.features.fingerprints.reserve(documents, words / 4);
            survey.features.traces.reserve(documents, words);
            survey.features.short_traces.reserve(documents, 0);
            survey.features.sizes.reserve_exact(documents);
        }
        survey
    }

    fn append(&mut self, mut part: Self) {
        self.tokens.append(&mut part.tokens);
        self.hidden.append(&mut part.hidden);
        self.digests.append(&mut part.digests);
        self.repeats.append(&mut part.repeats);
        let (all, new) = (&mut self.features, &mut part.features);
        all.band_keys.append(&mut new.band_keys);
        all.slots.append(&mut new.slots);
        all.fingerprints.append(&mut new.fingerprints);
        all.traces.append(&mut new.traces);
        all.short_traces.append(&mut new.short_traces);
        all.simhashes.append(&mut new.simhashes);
        all.shingles.append(&mut new.shingles);
        all.sizes.append(&mut new.sizes);
        self.stats.documents += part.stats.documents;
        self.stats.bytes += part.stats.bytes;
        self.stats.tokens += part.stats.tokens;
        self.limits.empty += part.limits.empty;
        self.limits.short += part.limits.short;
    }
}

/// Documents in a row that are about as much to read as others, but for long ones.
fn stretches<T: AsRef<str>>(texts: &[T]) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::with_capacity(texts.len() / STRETCH + 1);
    let mut bytes = STRETCH_BYTES;
    for (document, text) in texts.iter().enumerate() {
        match stretches.last_mut() {
            Some(last) if bytes < STRETCH_BYTES && last.len() < STRETCH => last.end = document + 1,
            _ => {
                stretches.push(document..document + 1);
                bytes = 0;
            }
        }
        bytes += text.as_ref().len();
    }
    stretches
}

/// The buffers of one thread.
struct Reader<'a> {
    detector: &'a Detector,
    hidden: Option<&'a Commons>,
    reading: Reading,
    distinct: Distinct,
    repeats: Repeats,
    confirm: Confirm<'a>,
    slots: Vec<u32>,
    selected: Vec<(u64, u32)>,
    neighbours: Vec<u64>,
}

impl<'a> Reader<'a> {
    fn new(detector: &'a Detector, hidden: Option<&'a Commons>) -> Self {
        Self {
            detector,
            hidden,
            reading: Reading::default(),
            distinct: Distinct::default(),
            repeats: Repeats::default(),
            confirm: detector.confirm(),
            slots: Vec::new(),
            selected: Vec::new(),
            neighbours: Vec::new(),
        }
    }

    fn read(&mut self, text: &str, document: u32, survey: &mut Survey) -> Result<()> {
        let detector = self.detector;
        check_len(text)?;
        let side = self.reading.read(text, &*detector.tokenizer, detector.shingle);
        let tokens = side.tokens.len();
        check_tokens(tokens)?;
        if detector.repeats {
            let doc = DocId(document);
            let found = self.repeats.find(side, detector.rules, &mut self.confirm);
            survey.repeats.extend(found.into_iter().map(|repeat| DocRepeat { doc, repeat }));
        }
        survey.tokens.push(tokens as u32);
        survey.digests.push(hash::digest(side.tokens.hashes()));
        survey.stats.documents += 1;
        survey.stats.bytes += text.len() as u64;
        survey.stats.tokens += tokens as u64;
        if let Some(commons) = self.hidden {
            commons.hide(&mut self.reading, document, detector.shingle);
        }
        let side = self.reading.side(text, detector.shingle);
        if self.hidden.is_some() {
            // Tokens between what is hidden, without a shingle, match nothing.
            let all = side.counted.is_empty();
            survey.hidden.push(if all { tokens } else { tokens - side.len } as u32);
        }
        let counted = side.len;
        survey.limits.empty += u64::from(tokens == 0);
        survey.limits.short += u64::from(tokens > 0 && is_too_short(detector, side));
        let features = &mut survey.features;
        match &detector.engine {
            Engine::Exact => {
                let shingles = &mut features.shingles;
                let distinct = self.distinct.count(side.counted, |shingle| {
                    shingles.push((shingle, document));
                });
                features.sizes.push(distinct);
            }
            Engine::Hamming => features.simhashes.push(SimHash::of(side.counted)),
            Engine::MinHash { hasher, lsh, .. } => {
                self.slots.resize(hasher.slots(), 0);
                hasher.sketch_into(side.counted, &mut self.slots);
                let keys = features.band_keys.len();
                features.band_keys.resize(keys + lsh.bands(), 0);
                lsh.keys(&self.slots, &mut features.band_keys[keys..]);
                let slots = features.slots.len();
                features.slots.resize(slots + hasher.slots(), 0);
                compact_into(&self.slots, &mut features.slots[slots..]);
            }
            Engine::Winnow { window } => {
                if counted >= detector.rules.min_run {
                    let widths = detector.widths(*window);
                    for shingles in side.stretches().filter(|s| s.len() >= *window) {
                        winnow(shingles, *window, &mut self.selected);
                        features.fingerprints.push(shingles, &self.selected, widths);
                    }
                    features.traces.push(side.shingles);
                } else {
                    features.traces.push(&[]);
                }
                features.fingerprints.end();
                self.neighbours.clear();
                if detector.short().takes(side) {
                    detector.short().neighbours(side.tokens.hashes(), &mut self.neighbours);
                }
                features.short_traces.push(&self.neighbours);
                let distinct = self.distinct.count(&self.neighbours, |pair| {
                    features.shingles.push((pair, document));
                });
                features.sizes.push(distinct);
            }
        }
        Ok(())
    }
}

/// Counts distinct shingles: by a table that stays in the near cache, and for long texts by sorting,
/// which takes a quarter of the memory.
#[derive(Default)]
struct Distinct {
    table: Table,
    sorted: Vec<u64>,
}

const LONG: usize = 1 << 15;

impl Distinct {
    fn count(&mut self, shingles: &[u64], mut each: impl FnMut(u64)) -> u32 {
        let mut distinct = 0;
        if shingles.len() <= LONG {
            self.table.reset(shingles.len());
            for (place, &shingle) in (0..).zip(shingles) {
                if self.table.get_or_insert(shingle, place, |at| shingles[at]) == place {
                    distinct += 1;
                    each(shingle);
                }
            }
        } else {
            self.sorted.clear();
            self.sorted.extend_from_slice(shingles);
            self.sorted.sort_unstable();
            for same in self.sorted.chunk_by(|x, y| x == y) {
                distinct += 1;
                each(same[0]);
            }
        }
        distinct
    }
}

/// Whether a text matches its copies only.
fn is_too_short(detector: &Detector, side: Side) -> bool {
    // Of tokens between what does not count, no shingle may be left.
    side.counted.is_empty()
        || match detector.criterion.measure {
            Measure::Coverage => side.len < detector.rules.min_run && !detector.short().takes(side),
            _ => side.len < detector.shingle,
        }
}
