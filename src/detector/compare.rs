//! A pair of texts to a comparison.

use super::Detector;
use crate::boilerplate::Commons;
use crate::candidates::Memory;
use crate::measure::{Measure, Relation, Similarity};
use crate::passage::{Finder, Rules};
use crate::report::Comparison;
use crate::sketch::SimHash;
use crate::verify::{Agreed, Confirm, Reading, Shared, Shingles, Side};

/// Compares a text that stays, the center, with others in turn, in buffers that are reused. What is
/// known of the center alone is found once.
pub(super) struct Comparer<'a> {
    detector: &'a Detector,
    confirm: Confirm<'a>,
    agreed: Agreed,
    shingles: Shingles,
    finder: Finder,
    /// For pairs without a run of `min_run` tokens.
    links: Finder,
    /// Whether it holds the passages of the last pair.
    short: bool,
    entered: Entered,
}

/// What is known of the center.
#[derive(Default)]
struct Entered {
    shingles: bool,
    windows: bool,
    hash: Option<SimHash>,
}

impl<'a> Comparer<'a> {
    pub(super) fn new(detector: &'a Detector) -> Self {
        Self {
            detector,
            confirm: detector.confirm(),
            agreed: Agreed::default(),
            shingles: Shingles::default(),
            finder: Finder::default(),
            links: Finder::default(),
            short: false,
            entered: Entered::default(),
        }
    }

    /// Another center comes.
    fn forget(&mut self) {
        self.entered = Entered::default();
    }

    /// With `other` as the first when `swapped`.
    pub(super) fn compare(&mut self, center: Side, other: Side, swapped: bool) -> Comparison {
        self.agreed.forget();
        let counts = self.shared(center, other);
        let covered = self.covered(center, other);
        self.told(center, other, counts, covered, swapped)
    }

    /// What [`compare`](Self::compare) says of texts that match. Of others nothing, and it takes less
    /// time.
    fn matching(&mut self, center: Side, other: Side, swapped: bool) -> Option<Comparison> {
        self.agreed.forget();
        let criterion = self.detector.criterion;
        let mut similarity = Similarity::default();
        let (counts, covered);
        if criterion.measure == Measure::Coverage {
            covered = self.covered(center, other);
            (similarity.covered_a, similarity.covered_b) = covered;
            similarity.tokens_a = center.len as u32;
            similarity.tokens_b = other.len as u32;
            if !criterion.accepts(&similarity) {
                return None;
            }
            counts = self.shared(center, other);
        } else {
            counts = self.shared(center, other);
            similarity.shared = counts.both;
            (similarity.shingles_a, similarity.shingles_b) = (counts.a, counts.b);
            if criterion.measure != Measure::Hamming && !criterion.accepts(&similarity) {
                return None;
            }
            covered = self.covered(center, other);
        }
        Some(self.told(center, other, counts, covered, swapped)).filter(|found| found.is_match)
    }

    fn shared(&mut self, center: Side, other: Side) -> Shared {
        if !std::mem::replace(&mut self.entered.shingles, true) {
            self.shingles.enter(center, &mut self.confirm);
        }
        self.shingles.shared(center, other, &mut self.agreed, &mut self.confirm)
    }

    fn covered(&mut self, center: Side, other: Side) -> (u32, u32) {
        let rules = self.detector.rules;
        if !std::mem::replace(&mut self.entered.windows, true) {
            self.finder.enter(center, rules);
        }
        let covered =
            self.finder.coverage(center, other, rules, &mut self.agreed, &mut self.confirm);
        let share = |(covered_a, covered_b)| {
            let (tokens_a, tokens_b) = (center.len as u32, other.len as u32);
            let counts = Similarity::default();
            Similarity { covered_a, covered_b, tokens_a, tokens_b, ..counts }.coverage()
        };
        let of_short = self.covered_of_short(center, other);
        let of_short = of_short.filter(|&of_short| share(of_short) > share(covered));
        self.short = of_short.is_some();
        of_short.unwrap_or(covered)
    }

    /// The same in shorter runs, if both texts are short and these are enough.
    fn covered_of_short(&mut self, center: Side, other: Side) -> Option<(u32, u32)> {
        let [x, y] = self.in_short_runs(center, other)?;
        self.detector.short().enough(x, y).then_some((x.0, y.0))
    }

    /// How many tokens of two short texts stand in runs that count between short texts, and of how many.
    fn in_short_runs(&mut self, center: Side, other: Side) -> Option<[(u32, u32); 2]> {
        let short = self.detector.short();
        if !short.takes(center) || !short.takes(other) {
            return None;
        }
        self.links.enter(center, short.rules);
        let (agreed, confirm) = (&mut self.agreed, &mut self.confirm);
        let covered = self.links.coverage(center, other, short.rules, agreed, confirm);
        Some([(covered.0, center.len as u32), (covered.1, other.len as u32)])
    }

    /// What two short texts lack: how many tokens stand in such runs, and how many must.
    pub(super) fn short_lack(&mut self, a: Side, b: Side) -> Option<(u32, u32)> {
        self.agreed.forget();
        let [x, y] = self.in_short_runs(a, b)?;
        self.detector.short().lacks(x, y)
    }

    /// The comparison with these counts, with the passages that the finder holds.
    fn told(
        &mut self,
        center: Side,
        other: Side,
        counts: Shared,
        covered: (u32, u32),
        swapped: bool,
    ) -> Comparison {
        let hash = *self.entered.hash.get_or_insert_with(|| SimHash::of(center.counted));
        let mut similarity = Similarity {
            tokens_a: center.len as u32,
            tokens_b: other.len as u32,
            covered_a: covered.0,
            covered_b: covered.1,
            shingles_a: counts.a,
            shingles_b: counts.b,
            shared: counts.both,
            hamming: hash.distance(SimHash::of(other.counted)),
        };
        let (mut a, mut b) = (center, other);
        if swapped {
            (similarity, a, b) = (similarity.mirrored(), other, center);
        }
        let finder = if self.short { &self.links } else { &self.finder };
        let mut passages = finder.passages(a, b);
        if passages.is_empty() && counts.both > 0 {
            // Too short for a passage, and still the proof of the shared shingles.
            let rules = self.detector.rules;
            let rules = Rules { min_run: rules.min_link, ..rules };
            self.links.enter(a, rules);
            // They may have been swapped.
            self.agreed.forget();
            self.links.coverage(a, b, rules, &mut self.agreed, &mut self.confirm);
            passages = self.links.passages(a, b);
        }
        let all = a.tokens.len();
        let same_text = all > 0
            && all == b.tokens.len()
            && matches!(&passages[..], [one] if one.tokens() == all && one.runs().len() == 1);
        let relation = if a.text == b.text {
            Some(Relation::Identical)
        } else if same_text {
            Some(Relation::SameText)
        } else {
            Relation::of(&similarity)
        };
        // Nothing is like nothing.
        let is_match = !center.counted.is_empty()
            && !other.counted.is_empty()
            && self.detector.criterion.accepts(&similarity);
        Comparison { similarity, relation, passages, is_match }
    }
}

/// Compares documents of a corpus: one that stays need not be read again.
pub(super) struct Pairs<'a> {
    comparer: Comparer<'a>,
    /// What does not count.
    hidden: Option<&'a Commons>,
    center: Text,
    other: Text,
    /// For measures of shingles.
    memory: Memory,
}

/// A text that was read, and which it is.
#[derive(Default)]
struct Text {
    document: Option<u32>,
    reading: Reading,
}

impl Text {
    /// Whether it was another one before.
    fn read<T: AsRef<str>>(
        &mut self,
        detector: &Detector,
        hidden: Option<&Commons>,
        texts: &[T],
        document: u32,
    ) -> bool {
        let new = self.document.replace(document) != Some(document);
        if new {
            let text = texts[document as usize].as_ref();
            self.reading.read(text, &*detector.tokenizer, detector.shingle);
            if let Some(commons) = hidden {
                commons.hide(&mut self.reading, document, detector.shingle);
            }
        }
        new
    }
}

/// The longer text of a pair as the center, for it may be that of the next pair too; and whether it is
/// the second.
fn longer_first<T: AsRef<str>>(texts: &[T], a: u32, b: u32) -> (u32, u32, bool) {
    let len = |document: u32| texts[document as usize].as_ref().len();
    if len(a) < len(b) { (b, a, true) } else { (a, b, false) }
}

impl<'a> Pairs<'a> {
    pub(super) fn new(detector: &'a Detector, hidden: Option<&'a Commons>) -> Self {
        let (center, other, memory) = Default::default();
        Self { comparer: Comparer::new(detector), hidden, center, other, memory }
    }

    /// The comparison of two documents that match, the one that comes first in the input as the
    /// first. `likely` tells whether they probably do.
    pub(super) fn matching<T: AsRef<str>>(
        &mut self,
        texts: &[T],
        center: u32,
        other: u32,
        likely: impl FnOnce() -> bool,
    ) -> Option<Comparison> {
        let measure = self.comparer.detector.criterion.measure;
        // What probably matches is not worth remembering.
        if matches!(measure, Measure::Jaccard | Measure::Containment) && !likely() {
            let mut may_match = self.may_match(center, other);
            if may_match.is_none() {
                self.read(texts, center, other);
                for (document, text) in [(center, &self.center), (other, &self.other)] {
                    self.memory.keep(document, text.reading.side("", 0).counted);
                }
                may_match = self.may_match(center, other);
            }
            if may_match == Some(false) {
                return None;
            }
        }
        self.read(texts, center, other);
        self.held(texts, |comparer, x, y| comparer.matching(x, y, center > other))
    }

    /// Whether two documents may reach the threshold, if their shingles are remembered.
    fn may_match(&mut self, center: u32, other: u32) -> Option<bool> {
        let counts = self.memory.shared(center, other)?;
        let [shingles_a, shingles_b, shared] = counts.map(|count| count as u32);
        let best = Similarity { shared, shingles_a, shingles_b, ..Similarity::default() };
        Some(self.comparer.detector.criterion.accepts(&best))
    }

    pub(super) fn compare<T: AsRef<str>>(&mut self, texts: &[T], a: u32, b: u32) -> Comparison {
        let (center, other, swapped) = longer_first(texts, a, b);
        self.read(texts, center, other);
        self.held(texts, |comparer, x, y| comparer.compare(x, y, swapped))
    }

    /// What is found of two documents, as they were read.
    pub(super) fn ask<T: AsRef<str>, R>(
        &mut self,
        texts: &[T],
        (a, b): (u32, u32),
        ask: impl FnOnce(Side, Side, &mut Confirm) -> R,
    ) -> R {
        let (center, other, swapped) = longer_first(texts, a, b);
        self.read(texts, center, other);
        self.held(texts, |comparer, x, y| {
            let (x, y) = if swapped { (y, x) } else { (x, y) };
            ask(x, y, &mut comparer.confirm)
        })
    }

    /// Whether the folded tokens are the same.
    pub(super) fn same<T: AsRef<str>>(&mut self, texts: &[T], a: u32, b: u32) -> bool {
        if texts[a as usize].as_ref() == texts[b as usize].as_ref() {
            return true;
        }
        self.read(texts, a, b);
        self.held(texts, |comparer, x, y| {
            let len = x.tokens.len();
            len == y.tokens.len() && comparer.confirm.run(x, 0, y, 0, len)
        })
    }

    fn read<T: AsRef<str>>(&mut self, texts: &[T], center: u32, other: u32) {
        let detector = self.comparer.detector;
        if self.center.read(detector, self.hidden, texts, center) {
            self.comparer.forget();
        }
        self.other.read(detector, self.hidden, texts, other);
    }

    /// What is found of the two that were read.
    fn held<T: AsRef<str>, R>(
        &mut self,
        texts: &[T],
        compare: impl FnOnce(&mut Comparer, Side, Side) -> R,
    ) -> R {
        let width = self.comparer.detector.shingle;
        let [x, y] = [&self.center, &self.other].map(|read| {
            let text = read.document.map_or("", |document| texts[document as usize].as_ref());
            read.reading.side(text, width)
        });
        compare(&mut self.comparer, x, y)
    }
}
