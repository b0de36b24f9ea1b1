//! What decides about the candidates of a corpus.

use std::cmp::Ordering;

use super::batch::Copies;
use super::compare::Pairs;
use super::survey::Survey;
use super::{Detector, Engine};
use crate::boilerplate::Commons;
use crate::candidates::{Met, TraceSet, Widths, reach};
use crate::cluster::Judge;
use crate::measure::Measure;
use crate::report::Comparison;
use crate::sketch::equal_slots;

/// Traces that are asked for at once.
const AT_ONCE: usize = 8;

/// Asks the sketches of a survey, then the texts.
pub(super) struct Verifier<'a, T> {
    pub(super) detector: &'a Detector,
    pub(super) texts: &'a [T],
    pub(super) survey: &'a Survey,
    pub(super) hidden: Option<&'a Commons>,
    /// The documents by rank.
    pub(super) order: &'a [u32],
    /// These match by all they have.
    pub(super) copies: &'a Copies,
}

/// The buffers of a verifier.
pub(super) struct Desk<'a> {
    pairs: Pairs<'a>,
    /// For copies: nothing is hidden.
    whole: Option<Pairs<'a>>,
    /// The trace of a center, and one of another document.
    trace: TraceSet,
    other_trace: TraceSet,
}

impl<'a, T: AsRef<str> + Sync> Judge for Verifier<'a, T> {
    type Scratch = Desk<'a>;
    type Proof = Comparison;

    fn scratch(&self) -> Desk<'a> {
        Desk {
            pairs: Pairs::new(self.detector, self.hidden),
            whole: None,
            trace: TraceSet::default(),
            other_trace: TraceSet::default(),
        }
    }

    fn screen(&self, center: u32, others: &[Met], desk: &mut Desk<'a>) -> Vec<u32> {
        let criterion = self.detector.criterion;
        let features = &self.survey.features;
        let all = others.iter();
        let left: Vec<&Met> = match &self.detector.engine {
            Engine::Hamming => all
                .filter(|other| self.distance(center, other.document) <= criterion.bits())
                .collect(),
            Engine::Exact if criterion.measure == Measure::Containment => all.collect(),
            Engine::Exact => {
                let size = |rank: u32| u64::from(features.sizes[self.document(rank)]);
                let fits = |other: &&Met| {
                    let (x, y) = (size(center), size(other.document));
                    criterion.reached(x.min(y), x.max(y))
                };
                all.filter(fits).collect()
            }
            Engine::MinHash { hasher, least_equal, .. } => {
                let slots = hasher.slots();
                all.filter(|other| self.equal_slots(center, other.document, slots) >= *least_equal)
                    .collect()
            }
            Engine::Winnow { window } => {
                let widths = self.detector.widths(*window);
                let own = self.short_trace(center);
                let keys = all
                    .map(|other| (other, self.short_allows(own, other.document)))
                    .filter(|&(other, short)| short || self.keys_allow(center, other, widths));
                let left: Vec<(&Met, bool)> = keys.collect();
                if left.iter().any(|&(_, short)| !short) {
                    desk.trace.enter(features.traces.of(self.document(center)));
                }
                let mut allowed = Vec::new();
                for some in left.chunks(AT_ONCE) {
                    features.traces.touch(some.iter().map(|left| self.document(left.0.document)));
                    let some = some.iter().filter(|&&(other, short)| {
                        short || self.traces_allow(center, other.document, widths, desk)
                    });
                    allowed.extend(some.map(|&(other, _)| other));
                }
                allowed
            }
        };
        left.into_iter().map(|other| other.document).collect()
    }

    fn matches(&self, center: u32, other: u32, desk: &mut Desk<'a>) -> bool {
        self.prove(center, other, desk).is_some()
    }

    fn prove(&self, center: u32, other: u32, desk: &mut Desk<'a>) -> Option<Comparison> {
        let [x, y] = [center, other].map(|rank| self.order[rank as usize]);
        let Desk { pairs, whole, .. } = desk;
        let are_copies = || self.copies.of[x as usize] == self.copies.of[y as usize];
        let pairs = if self.hidden.is_some() && are_copies() {
            whole.get_or_insert_with(|| Pairs::new(self.detector, None))
        } else {
            pairs
        };
        let likely = || match &self.detector.engine {
            Engine::MinHash { hasher, likely_equal, .. } => {
                self.equal_slots(center, other, hasher.slots()) >= *likely_equal
            }
            _ => false,
        };
        pairs.matching(self.texts, x, y, likely)
    }
}

impl<T> Verifier<'_, T> {
    fn document(&self, rank: u32) -> usize {
        self.order[rank as usize] as usize
    }

    /// How many of their `slots` two documents have in common.
    fn equal_slots(&self, x: u32, y: u32, slots: usize) -> u32 {
        let of = |rank: u32| &self.survey.features.slots[self.document(rank) * slots..][..slots];
        equal_slots(of(x), of(y))
    }

    fn distance(&self, x: u32, y: u32) -> u32 {
        let hash = |rank: u32| self.survey.features.simhashes[self.document(rank)];
        hash(x).distance(hash(y))
    }

    /// Empty when the document is not short.
    fn short_trace(&self, rank: u32) -> &[u16] {
        self.survey.features.short_traces.of(self.document(rank))
    }

    /// Whether two documents, of which one has this trace, are short and may match by their short runs.
    fn short_allows(&self, own: &[u16], other: u32) -> bool {
        if own.is_empty() {
            return false;
        }
        let trace = self.short_trace(other);
        !trace.is_empty() && self.detector.short().allows(own, trace)
    }

    /// Whether what two documents have in common of fingerprints may be enough for coverage. The
    /// bound is that of the shorter text; of two as long, the greater.
    fn keys_allow(&self, center: u32, other: &Met, widths: Widths) -> bool {
        let len = |rank: u32| self.survey.counted(self.document(rank));
        let (x, y) = (len(center), len(other.document));
        let keys = match x.cmp(&y) {
            Ordering::Less => other.keys_of_center,
            Ordering::Greater => other.keys,
            Ordering::Equal => other.keys.max(other.keys_of_center),
        };
        // Shorter runs at most double what a passage covers.
        let most = 2 * reach(widths) as u64 * u64::from(keys);
        most >= self.detector.criterion.least_part(x.min(y).into())
    }

    /// The same of their shingles, with the trace of the center in the set.
    fn traces_allow(&self, center: u32, other: u32, widths: Widths, desk: &mut Desk) -> bool {
        let [x, y] =
            [center, other].map(|rank| self.survey.features.traces.of(self.document(rank)));
        let [len_x, len_y] = [center, other].map(|rank| self.survey.counted(self.document(rank)));
        let least = self.detector.criterion.least_part(len_x.min(len_y).into()) as usize;
        len_y <= len_x && desk.trace.allows(x, y, widths, least)
            || len_y >= len_x && {
                desk.other_trace.enter(y);
                desk.other_trace.allows(y, x, widths, least)
            }
    }
}
