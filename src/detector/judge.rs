//! What decides about the candidates of a corpus.

use super::compare::{Comparer, Pair};
use super::survey::Survey;
use super::{Detector, Engine};
use crate::candidates::Reach;
use crate::cluster::Judge;
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
}

/// The buffers of a verifier.
pub(super) struct Desk<'a> {
    comparer: Comparer<'a>,
    pair: Pair,
    /// The fingerprints of the center.
    entered: Table,
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
            entered: Table::default(),
            windows: Table::default(),
            windows_of: None,
            buffer: Vec::new(),
        }
    }

    fn screen(&self, center: u32, others: &mut Vec<u32>, desk: &mut Desk<'a>) {
        let criterion = self.detector.criterion;
        let Survey { features, tokens, .. } = self.survey;
        match &self.detector.engine {
            Engine::Hamming => {
                others.retain(|&other| self.distance(center, other) <= criterion.bits());
            }
            Engine::Exact if criterion.measure == Measure::Containment => {}
            Engine::Exact => others.retain(|&other| {
                let [x, y] = [center, other].map(|doc| u64::from(features.sizes[doc as usize]));
                criterion.reached(x.min(y), x.max(y))
            }),
            Engine::MinHash { hasher, least_equal, .. } => {
                let n = hasher.slots();
                let slots = |document: u32| &features.slots[document as usize * n..][..n];
                others.retain(|&other| equal_slots(slots(center), slots(other)) >= *least_equal);
            }
            Engine::Winnow { window } => {
                let reach = Reach::new(*window, self.detector.shingle);
                let fingerprints = features.fingerprints(center);
                let len = |document: u32| tokens[document as usize];
                let mut of_other = Table::default();
                Reach::enter(fingerprints, &mut desk.entered);
                others.retain(|&other| {
                    let there = features.fingerprints(other);
                    // The bound is that of the shorter text; of two as long, the greater.
                    let mut bound = 0;
                    if len(other) <= len(center) {
                        bound = reach.bound(there, &desk.entered);
                    }
                    if len(other) >= len(center) {
                        Reach::enter(there, &mut of_other);
                        bound = bound.max(reach.bound(fingerprints, &of_other));
                    }
                    let len = len(other).min(len(center));
                    // Shorter runs at most double what a passage covers.
                    2 * bound >= criterion.least_part(len.into())
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
        let (a, b) = desk.pair.read(self.detector, self.texts, center, other);
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
        hashes[x as usize].distance(hashes[y as usize])
    }
}
