//! Some documents to all that match them, without a sketch: what an audit holds a search against.
//!
//! The shingles of the few are put into a table and all documents are read against it. What two
//! documents have in common there bounds what they can share, and the texts decide about those that
//! the bound leaves. For coverage a shingle has `min_run` tokens: whatever stands in a passage's runs
//! of that length stands under common ones, and shorter runs at most double what a passage covers.
//! Shingles that touch boilerplate which does not count are in common with nobody.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Detector;
use super::compare::Pairs;
use crate::boilerplate::Commons;
use crate::measure::{Measure, Similarity};
use crate::shingle::shingles;
use crate::sketch::SimHash;
use crate::table::Table;
use crate::verify::Reading;
use crate::{Error, Result, threads};

/// What an audit may cost at most.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    /// Looks at entries of the table, and at SimHashes.
    pub(super) visits: u64,
    /// Pairs that are compared in full.
    compared: u64,
    /// Tokens of the few: what their table holds.
    tokens: usize,
}

impl Budget {
    pub(super) const MOST: Self = Self { visits: 1 << 34, compared: 1 << 24, tokens: 1 << 26 };

    /// One error for all of it: which limit a thread meets first is left to chance.
    pub(super) fn spent(&self) -> Error {
        let Self { visits, compared, tokens } = self;
        Error::limit(format!(
            "an audit of more than {tokens} tokens in sampled documents, {visits} looks at these, or \
             {compared} pairs to be compared in full; sample fewer documents"
        ))
    }
}

/// The documents, and what does not count of them.
pub(super) struct Corpus<'a, T> {
    pub(super) detector: &'a Detector,
    pub(super) texts: &'a [T],
    pub(super) hidden: Option<&'a Commons>,
}

/// Documents of one task.
const STRETCH: usize = 64;

/// All pairs of one of the `centers` and another of the `others` that match, each once, the lesser
/// number first. Both lists are in rising order, and have shingles that count; the centers stand among
/// the others.
pub(super) fn partners<T: AsRef<str> + Sync>(
    corpus: Corpus<T>,
    centers: &[u32],
    others: &[u32],
    budget: Budget,
) -> Result<Vec<(u32, u32)>> {
    let Corpus { detector, texts, hidden } = corpus;
    let bounds = Bounds::new(&corpus, centers, budget)?;
    // Whoever adds the last straw, the sums tell the same.
    let (visits, met) = (AtomicU64::new(0), AtomicU64::new(0));
    let over = |sum: &AtomicU64, most: u64| sum.load(Ordering::Relaxed) > most;
    let stretches: Vec<&[u32]> = others.chunks(STRETCH).collect();
    let found = threads::map(
        &stretches,
        1,
        || Scratch { near: vec![(0, 0); centers.len()], ..Scratch::default() },
        |scratch, stretch| {
            for &document in *stretch {
                // Two centers meet twice.
                if over(&visits, budget.visits) || over(&met, 2 * budget.compared) {
                    break;
                }
                let before = scratch.pairs.len();
                bounds.look(document, scratch);
                visits.fetch_add(std::mem::take(&mut scratch.visits), Ordering::Relaxed);
                met.fetch_add((scratch.pairs.len() - before) as u64, Ordering::Relaxed);
            }
            std::mem::take(&mut scratch.pairs)
        },
    );
    let mut pairs = found.concat();
    threads::sort(&mut pairs);
    pairs.dedup();
    if over(&visits, budget.visits)
        || over(&met, 2 * budget.compared)
        || pairs.len() as u64 > budget.compared
    {
        return Err(budget.spent());
    }
    let matching = threads::map(
        &pairs,
        8,
        || Pairs::new(detector, hidden),
        |comparer, &(a, b)| comparer.matching(texts, a, b, || false).is_some(),
    );
    Ok(pairs.into_iter().zip(matching).filter(|found| found.1).map(|found| found.0).collect())
}

/// What is known of the centers.
struct Bounds<'a, T> {
    detector: &'a Detector,
    corpus: &'a Corpus<'a, T>,
    centers: &'a [u32],
    /// Of each center, of what counts: how long it is, and how many distinct shingles it has.
    tokens: Vec<u32>,
    distinct: Vec<u32>,
    hashes: Vec<SimHash>,
    /// 16 bits of each neighbour, of those that are short.
    short: Vec<(u32, Vec<u16>)>,
    /// Where the heads of a shingle begin.
    first: Table,
    heads: Vec<Head>,
    places: Vec<u32>,
}

/// A shingle of a center. Those of one shingle follow each other.
struct Head {
    shingle: u64,
    /// By its place among the centers.
    center: u32,
    /// Where its places are.
    start: u32,
    end: u32,
}

/// What counts of a document.
#[derive(Default)]
struct Read {
    reading: Reading,
    tokens: u32,
    shingles: Vec<u64>,
    /// Where coverage counts shorter runs too.
    neighbours: Option<Vec<u16>>,
}

/// The buffers of one thread.
#[derive(Default)]
struct Scratch {
    read: Read,
    seen: Table,
    /// Of each center: where the shingles it has in common with the document end, and over how many
    /// tokens they stand, or how many they are.
    near: Vec<(u32, u32)>,
    met: Vec<u32>,
    /// Where such shingles stand in centers that are shorter.
    places: Vec<(u32, u32)>,
    pairs: Vec<(u32, u32)>,
    visits: u64,
}

impl<'a, T: AsRef<str>> Bounds<'a, T> {
    fn new(corpus: &'a Corpus<'a, T>, centers: &'a [u32], budget: Budget) -> Result<Self> {
        let mut bounds = Self {
            detector: corpus.detector,
            corpus,
            centers,
            tokens: Vec::new(),
            distinct: Vec::new(),
            hashes: Vec::new(),
            first: Table::default(),
            heads: Vec::new(),
            places: Vec::new(),
            short: Vec::new(),
        };
        let mut entries: Vec<(u64, u32, u32)> = Vec::new();
        let mut read = Read::default();
        for (number, &center) in (0..).zip(centers) {
            bounds.read(center, &mut read);
            bounds.tokens.push(read.tokens);
            bounds.hashes.push(SimHash::of(&read.shingles));
            bounds.short.extend(read.neighbours.take().map(|trace| (number, trace)));
            if bounds.detector.criterion.measure != Measure::Hamming {
                let shingles = read.shingles.iter().zip(0..);
                entries.extend(shingles.map(|(&shingle, place)| (shingle, number, place)));
            }
            if entries.len() > budget.tokens {
                return Err(budget.spent());
            }
        }
        threads::sort(&mut entries);
        bounds.distinct = vec![0; centers.len()];
        for of_head in entries.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)) {
            let (shingle, center, _) = of_head[0];
            let start = bounds.places.len() as u32;
            bounds.places.extend(of_head.iter().map(|&(_, _, place)| place));
            let end = bounds.places.len() as u32;
            bounds.heads.push(Head { shingle, center, start, end });
            bounds.distinct[center as usize] += 1;
        }
        bounds.first.reset(bounds.heads.len());
        for (at, head) in (0..).zip(&bounds.heads) {
            bounds.first.get_or_insert(head.shingle, at, |at| bounds.heads[at].shingle);
        }
        Ok(bounds)
    }

    fn width(&self) -> usize {
        match self.detector.criterion.measure {
            Measure::Coverage => self.detector.rules.min_run,
            _ => self.detector.shingle,
        }
    }

    fn read(&self, document: u32, read: &mut Read) {
        let Corpus { detector, texts, hidden } = *self.corpus;
        let Read { reading, .. } = read;
        let (text, width) = (texts[document as usize].as_ref(), self.width());
        reading.read(text, &*detector.tokenizer, width);
        if let Some(commons) = hidden {
            commons.hide(reading, document, width);
        }
        let side = reading.side(text, width);
        let coverage = detector.criterion.measure == Measure::Coverage;
        read.tokens = side.len as u32;
        read.neighbours = (coverage && detector.short().takes(side)).then(|| {
            let mut neighbours = Vec::new();
            detector.short().neighbours(side.tokens.hashes(), &mut neighbours);
            neighbours.into_iter().map(|pair| pair as u16).collect()
        });
        if hidden.is_none() {
            std::mem::swap(&mut read.shingles, &mut reading.shingles);
        } else if coverage {
            // Their places are needed, of all: those of hidden tokens equal no others.
            shingles(side.tokens.hashes(), width, &mut read.shingles);
        } else {
            read.shingles.clear();
            read.shingles.extend_from_slice(side.counted);
        }
    }

    /// Adds the centers that may match a document.
    fn look(&self, document: u32, scratch: &mut Scratch) {
        let mut read = std::mem::take(&mut scratch.read);
        self.read(document, &mut read);
        match self.detector.criterion.measure {
            Measure::Hamming => self.look_at_bits(document, &read, scratch),
            Measure::Coverage => {
                self.look_at_runs(document, &read, scratch);
                self.look_at_short(document, &read, scratch);
            }
            _ => self.look_at_sets(document, &read, scratch),
        }
        scratch.read = read;
    }

    fn look_at_short(&self, document: u32, read: &Read, scratch: &mut Scratch) {
        let Some(own) = &read.neighbours else { return };
        scratch.visits += self.short.len() as u64;
        for (center, trace) in &self.short {
            if self.detector.short().allows(trace, own) {
                self.push(*center, document, &mut scratch.pairs);
            }
        }
    }

    fn look_at_bits(&self, document: u32, read: &Read, scratch: &mut Scratch) {
        scratch.visits += self.hashes.len() as u64;
        scratch.met.clear();
        let hash = SimHash::of(&read.shingles);
        hash.near(&self.hashes, self.detector.criterion.bits(), &mut scratch.met);
        let Scratch { met, pairs, .. } = scratch;
        met.iter().for_each(|&center| self.push(center, document, pairs));
    }

    /// Counts the shingles that both have.
    fn look_at_sets(&self, document: u32, read: &Read, scratch: &mut Scratch) {
        let shingles = &read.shingles;
        scratch.seen.reset(shingles.len());
        scratch.met.clear();
        let mut distinct = 0;
        for (place, &shingle) in (0..).zip(shingles) {
            if scratch.seen.get_or_insert(shingle, place, |at| shingles[at]) != place {
                continue;
            }
            distinct += 1;
            for head in self.heads_of(shingle) {
                scratch.visits += 1;
                let (_, shared) = &mut scratch.near[head.center as usize];
                if *shared == 0 {
                    scratch.met.push(head.center);
                }
                *shared += 1;
            }
        }
        for &center in &scratch.met {
            let (_, shared) = std::mem::take(&mut scratch.near[center as usize]);
            let shingles_a = self.distinct[center as usize];
            let pair =
                Similarity { shared, shingles_a, shingles_b: distinct, ..Similarity::default() };
            if self.detector.criterion.accepts(&pair) {
                self.push(center, document, &mut scratch.pairs);
            }
        }
    }

    /// Counts the tokens of the shorter text under shingles that both have.
    fn look_at_runs(&self, document: u32, read: &Read, scratch: &mut Scratch) {
        let width = self.width() as u32;
        let Read { tokens, ref shingles, .. } = *read;
        scratch.seen.reset(shingles.len());
        scratch.met.clear();
        scratch.places.clear();
        for (place, &shingle) in (0..).zip(shingles) {
            let first = scratch.seen.get_or_insert(shingle, place, |at| shingles[at]);
            let new = first == place;
            for head in self.heads_of(shingle) {
                scratch.visits += 1;
                let center = head.center;
                if tokens <= self.tokens[center as usize] {
                    let (end, covered) = &mut scratch.near[center as usize];
                    if *covered == 0 {
                        scratch.met.push(center);
                    }
                    *covered += place + width - place.max(*end);
                    *end = place + width;
                }
                if new && tokens >= self.tokens[center as usize] {
                    let places = &self.places[head.start as usize..head.end as usize];
                    scratch.visits += places.len() as u64;
                    scratch.places.extend(places.iter().map(|&place| (center, place)));
                }
            }
        }
        for &center in &scratch.met {
            let (_, covered) = std::mem::take(&mut scratch.near[center as usize]);
            if self.enough(covered, tokens) {
                self.push(center, document, &mut scratch.pairs);
            }
        }
        scratch.places.sort_unstable();
        for places in scratch.places.chunk_by(|x, y| x.0 == y.0) {
            let (mut end, mut covered) = (0, 0);
            for &(_, place) in places {
                covered += place + width - place.max(end);
                end = place + width;
            }
            let center = places[0].0;
            if self.enough(covered, self.tokens[center as usize]) {
                self.push(center, document, &mut scratch.pairs);
            }
        }
    }

    /// Whether so many tokens of the shorter text in runs of `min_run` leave a match possible.
    fn enough(&self, covered: u32, tokens: u32) -> bool {
        2 * u64::from(covered) >= self.detector.criterion.least_part(tokens.into())
    }

    fn push(&self, center: u32, document: u32, pairs: &mut Vec<(u32, u32)>) {
        let center = self.centers[center as usize];
        if center != document {
            pairs.push((center.min(document), center.max(document)));
        }
    }

    /// The centers that have a shingle.
    fn heads_of(&self, shingle: u64) -> impl Iterator<Item = &Head> {
        let first = self.first.get(shingle, |at| self.heads[at].shingle);
        let from = first.map_or(self.heads.len(), |first| first as usize);
        self.heads[from..].iter().take_while(move |head| head.shingle == shingle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    /// Enough is enough for each kind of cost, and nothing less is an error.
    #[test]
    fn a_budget_is_kept() {
        let text = |number: u32| {
            let words =
                (0..60).map(|word| format!("{word}x{}", if word < 57 { 0 } else { number }));
            words.collect::<Vec<_>>().join(" ")
        };
        let texts: Vec<String> = (0..200).map(text).collect();
        let others: Vec<u32> = (0..200).collect();
        for measure in [Measure::Coverage, Measure::Jaccard, Measure::Hamming] {
            let mut builder = Detector::builder();
            builder.measure(measure);
            if measure == Measure::Hamming {
                builder.threshold(16.0);
            }
            let detector = builder.build().unwrap();
            let with = |budget| {
                let corpus = Corpus { detector: &detector, texts: &texts, hidden: None };
                partners(corpus, &[3, 7], &others, budget)
            };
            let all = with(Budget::MOST).unwrap();
            let least = Budget { compared: 400, ..Budget::MOST };
            // Each of two with 199 others, one of them twice.
            assert_eq!(all.len(), 2 * 199 - 1, "{measure}");
            assert_eq!(with(least).unwrap(), all);
            for budget in [
                Budget { visits: 300, ..Budget::MOST },
                Budget { compared: 300, ..Budget::MOST },
                Budget { compared: 100, ..Budget::MOST },
            ] {
                assert_eq!(with(budget).unwrap_err().kind(), ErrorKind::Limit);
            }
            let few = with(Budget { tokens: 80, ..Budget::MOST });
            let error = few.map_err(|error| error.kind()).err();
            // SimHashes need no table.
            assert_eq!(error, (measure != Measure::Hamming).then_some(ErrorKind::Limit));
        }
    }
}
