//! What decides about the candidates of a corpus.

use std::cmp::Ordering;

use super::compare::{Comparer, Pair};
use super::survey::Survey;
use super::{Detector, Engine};
use crate::candidates::{TraceSet, Widths, reach};
use crate::cluster::{Judge, Met};
use crate::measure::{Measure, Similarity};
use crate::shingle::windows;
use crate::sketch::equal_slots;
use crate::table::Table;
use crate::verify::shared;

/// Asks the sketches of a survey, then the texts.
pub(super) struct Verifier<'a, T> {
    pub(super) detector: &'a Detector,
    pub(super) texts: &'a [T],
    pub(super) survey: &'a Survey,
    /// The documents by rank.
    pub(super) order: &'a [u32],
    /// Winnow, by rank: fingerprints that repeat another of their document.
    pub(super) repeated: Vec<u32>,
}

/// The buffers of a verifier.
pub(super) struct Desk<'a> {
    comparer: Comparer<'a>,
    pair: Pair,
    /// The trace of a center, and one of another document.
    trace: TraceSet,
    other_trace: TraceSet,
    /// The windows of `min_run` tokens of a center.
    windows: Table,
    windows_of: Option<u32>,
    buffer: Vec<u64>,
}

impl<'a, T: AsRef<str> + Sync> Judge for Verifier<'a, T> {
    type Scratch = Desk<'a>;

    fn scratch(&self) -> Desk<'a> {
        Desk {
            comparer: Comparer::new(self.detector),
            pair: Pair::tokens_only(self.detector.criterion.measure == Measure::Coverage),
            trace: TraceSet::default(),
            other_trace: TraceSet::default(),
            windows: Table::default(),
            windows_of: None,
            buffer: Vec::new(),
        }
    }

    fn screen(&self, center: u32, others: &mut Vec<Met>, unseen: u32, desk: &mut Desk<'a>) {
        let criterion = self.detector.criterion;
        let Survey { features, tokens, .. } = self.survey;
        let document = |rank: u32| self.order[rank as usize];
        match &self.detector.engine {
            Engine::Hamming => {
                others.retain(|other| self.distance(center, other.document) <= criterion.bits());
            }
            Engine::Exact if criterion.measure == Measure::Containment => {}
            Engine::Exact => others.retain(|other| {
                let size = |rank: u32| u64::from(features.sizes[document(rank) as usize]);
                let (x, y) = (size(center), size(other.document));
                criterion.reached(x.min(y), x.max(y))
            }),
            Engine::MinHash { hasher, least_equal, .. } => {
                let n = hasher.slots();
                let slots = |rank: u32| &features.slots[document(rank) as usize * n..][..n];
                let of_center = slots(center);
                others
                    .retain(|other| equal_slots(of_center, slots(other.document)) >= *least_equal);
            }
            Engine::Winnow { window } => {
                let widths = Widths { window: *window, shingle: self.detector.shingle };
                let len = |rank: u32| u64::from(tokens[document(rank) as usize]);
                let trace = |rank: u32| features.traces.of(document(rank));
                // The bounds are those of the shorter text; of two as long, the greater counts.
                let reach = reach(widths) as u64;
                others.retain(|other| {
                    let (x, y) = (center, other.document);
                    let repeated = |rank: u32| self.repeated[rank as usize];
                    let repeated = match len(x).cmp(&len(y)) {
                        Ordering::Less => repeated(x),
                        Ordering::Greater => repeated(y),
                        Ordering::Equal => repeated(x).max(repeated(y)),
                    };
                    let shared = u64::from(other.groups) + u64::from(unseen) + u64::from(repeated);
                    2 * reach * shared >= criterion.least_part(len(x).min(len(y)))
                });
                if others.is_empty() {
                    return;
                }
                desk.trace.enter(trace(center));
                others.retain(|other| {
                    let (x, y) = (center, other.document);
                    let least = criterion.least_part(len(x).min(len(y))) as usize;
                    let may_match = |set: &TraceSet, trace: &[u16]| {
                        // Shorter runs at most double what a passage covers.
                        let enough = least.div_ceil(2);
                        set.in_runs(trace, widths, enough) >= enough
                            && set.under_any(trace, widths.shingle) >= least
                    };
                    len(y) <= len(x) && may_match(&desk.trace, trace(y))
                        || len(y) >= len(x) && {
                            desk.other_trace.enter(trace(y));
                            may_match(&desk.other_trace, trace(x))
                        }
                });
            }
        }
    }

    fn matches(&self, center: u32, other: u32, desk: &mut Desk<'a>) -> bool {
        let criterion = self.detector.criterion;
        if criterion.measure == Measure::Hamming {
            // The SimHashes are those of the full texts.
            return self.distance(center, other) <= criterion.bits();
        }
        let [x, y] = [center, other].map(|rank| self.order[rank as usize]);
        let (a, b) = desk.pair.read(self.detector, self.texts, x, y);
        let comparer = &mut desk.comparer;
        let mut similarity = Similarity::default();
        if criterion.measure == Measure::Coverage {
            let min_run = self.detector.rules.min_run;
            if desk.windows_of != Some(center) {
                windows(a.tokens.hashes(), min_run, &mut desk.buffer);
                desk.windows.reset(desk.buffer.len());
                for &hash in &desk.buffer {
                    desk.windows.get_or_insert(hash, 0);
                }
                desk.windows_of = Some(center);
            }
            // Shorter runs at most double what a passage covers.
            let len = b.tokens.len();
            if len < a.tokens.len() {
                windows(b.tokens.hashes(), min_run, &mut desk.buffer);
                let bound = 2 * covered(&desk.buffer, min_run, &desk.windows);
                if bound < criterion.least_part(len as u64) {
                    return false;
                }
            }
            (similarity.covered_a, similarity.covered_b) =
                comparer.finder.coverage(a, b, self.detector.rules, &mut comparer.confirm);
            similarity.tokens_a = a.tokens.len() as u32;
            similarity.tokens_b = b.tokens.len() as u32;
        } else {
            let counts = shared(a, b, &mut comparer.table, &mut comparer.confirm);
            similarity.shared = counts.both;
            (similarity.shingles_a, similarity.shingles_b) = (counts.a, counts.b);
        }
        criterion.accepts(&similarity)
    }
}

/// How many tokens stand under windows that the table holds.
fn covered(windows: &[u64], min_run: usize, table: &Table) -> u64 {
    let (mut total, mut end) = (0, 0);
    for (at, &hash) in windows.iter().enumerate() {
        if table.get(hash).is_some() {
            total += at + min_run - end.max(at);
            end = at + min_run;
        }
    }
    total as u64
}

impl<T> Verifier<'_, T> {
    fn distance(&self, x: u32, y: u32) -> u32 {
        let hashes = &self.survey.features.simhashes;
        let hash = |rank: u32| hashes[self.order[rank as usize] as usize];
        hash(x).distance(hash(y))
    }
}
