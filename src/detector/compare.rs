//! A pair of texts to a comparison.

use super::Detector;
use crate::measure::{Relation, Similarity};
use crate::passage::{Finder, Rules};
use crate::report::Comparison;
use crate::sketch::SimHash;
use crate::table::Table;
use crate::verify::{Confirm, Reading, Side, shared};

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
        let rules = self.detector.rules;
        let shared = shared(a, b, &mut self.table, &mut self.confirm);
        let mut found = self.finder.find(a, b, rules, &mut self.confirm);
        let similarity = Similarity {
            tokens_a: a.tokens.len() as u32,
            tokens_b: b.tokens.len() as u32,
            covered_a: found.covered_a,
            covered_b: found.covered_b,
            shingles_a: shared.a,
            shingles_b: shared.b,
            shared: shared.both,
            hamming: SimHash::of(a.shingles).distance(SimHash::of(b.shingles)),
        };
        if found.passages.is_empty() && shared.both > 0 {
            // Too short for a passage, and still the proof of the shared shingles.
            let rules = Rules { min_run: rules.min_link, ..rules };
            found = self.finder.find(a, b, rules, &mut self.confirm);
        }
        let all = similarity.tokens_a;
        let same_text = all > 0
            && all == similarity.tokens_b
            && matches!(&found.passages[..], [one] if one.tokens() == all as usize && one.runs().len() == 1);
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
            passages: found.passages,
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
