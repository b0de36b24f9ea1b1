//! A pair of texts to a comparison.

use super::Detector;
use crate::measure::{Measure, Relation, Similarity};
use crate::passage::{Finder, Rules};
use crate::report::Comparison;
use crate::sketch::SimHash;
use crate::table::Table;
use crate::verify::{Confirm, Reading, Shared, Side, shared};

/// Compares pairs in full, with buffers reused from pair to pair.
pub(super) struct Comparer<'a> {
    detector: &'a Detector,
    pub(super) confirm: Confirm<'a>,
    pub(super) table: Table,
    pub(super) finder: Finder,
}

impl<'a> Comparer<'a> {
    pub(super) fn new(detector: &'a Detector) -> Self {
        Self {
            detector,
            confirm: detector.confirm(),
            table: Table::default(),
            finder: Finder::default(),
        }
    }

    pub(super) fn compare(&mut self, a: Side, b: Side) -> Comparison {
        let shared = shared(a, b, &mut self.table, &mut self.confirm);
        let covered = self.finder.coverage(a, b, self.detector.rules, &mut self.confirm);
        self.told(a, b, shared, covered)
    }

    /// What [`compare`](Self::compare) says of texts that match; of others nothing, and it takes less
    /// time.
    pub(super) fn matching(&mut self, a: Side, b: Side) -> Option<Comparison> {
        let Detector { rules, criterion, .. } = *self.detector;
        let mut similarity = Similarity::default();
        if criterion.measure == Measure::Coverage {
            let covered = self.finder.coverage(a, b, rules, &mut self.confirm);
            (similarity.covered_a, similarity.covered_b) = covered;
            similarity.tokens_a = a.tokens.len() as u32;
            similarity.tokens_b = b.tokens.len() as u32;
            criterion.accepts(&similarity).then(|| {
                let shared = shared(a, b, &mut self.table, &mut self.confirm);
                self.told(a, b, shared, covered)
            })
        } else if criterion.measure == Measure::Hamming {
            Some(self.compare(a, b)).filter(|found| found.is_match)
        } else {
            let shared = shared(a, b, &mut self.table, &mut self.confirm);
            similarity.shared = shared.both;
            (similarity.shingles_a, similarity.shingles_b) = (shared.a, shared.b);
            criterion.accepts(&similarity).then(|| {
                let covered = self.finder.coverage(a, b, rules, &mut self.confirm);
                self.told(a, b, shared, covered)
            })
        }
    }

    /// The comparison with these counts, with the passages that the finder holds.
    fn told(&mut self, a: Side, b: Side, shared: Shared, covered: (u32, u32)) -> Comparison {
        let rules = self.detector.rules;
        let mut passages = self.finder.passages(a, b);
        let similarity = Similarity {
            tokens_a: a.tokens.len() as u32,
            tokens_b: b.tokens.len() as u32,
            covered_a: covered.0,
            covered_b: covered.1,
            shingles_a: shared.a,
            shingles_b: shared.b,
            shared: shared.both,
            hamming: SimHash::of(a.shingles).distance(SimHash::of(b.shingles)),
        };
        if passages.is_empty() && shared.both > 0 {
            // Too short for a passage, and still the proof of the shared shingles.
            let rules = Rules { min_run: rules.min_link, ..rules };
            self.finder.coverage(a, b, rules, &mut self.confirm);
            passages = self.finder.passages(a, b);
        }
        let all = similarity.tokens_a;
        let same_text = all > 0
            && all == similarity.tokens_b
            && matches!(&passages[..], [one] if one.tokens() == all as usize && one.runs().len() == 1);
        let relation = if a.text == b.text {
            Some(Relation::Identical)
        } else if same_text {
            Some(Relation::SameText)
        } else {
            Relation::of(&similarity)
        };
        Comparison {
            similarity,
            relation,
            passages,
            is_match: self.detector.criterion.accepts(&similarity),
        }
    }
}

/// Two texts and which they are, so that one that stays need not be read again.
#[derive(Default)]
pub(super) struct Pair {
    readings: [Reading; 2],
    documents: [Option<u32>; 2],
    tokens_only: bool,
}

impl Pair {
    /// For readers that need no shingles.
    pub(super) fn tokens_only(tokens_only: bool) -> Self {
        Self { tokens_only, ..Self::default() }
    }

    pub(super) fn read<'a, T: AsRef<str>>(
        &'a mut self,
        detector: &Detector,
        texts: &'a [T],
        a: u32,
        b: u32,
    ) -> (Side<'a>, Side<'a>) {
        for (i, document) in [a, b].into_iter().enumerate() {
            if self.documents[i] != Some(document) {
                let text = texts[document as usize].as_ref();
                if self.tokens_only {
                    self.readings[i].tokenize(text, &*detector.tokenizer);
                } else {
                    self.readings[i].read(text, &*detector.tokenizer, detector.shingle);
                }
                self.documents[i] = Some(document);
            }
        }
        let side = |i: usize, document: u32| {
            self.readings[i].side(texts[document as usize].as_ref(), detector.shingle)
        };
        (side(0, a), side(1, b))
    }
}
