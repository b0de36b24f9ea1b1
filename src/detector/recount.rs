//! A reported match counted once more, by nothing but folded words: no hash, no sketch, no code of
//! the search. For what is defined by hashes, SimHash, the hashes are given and the rest is counted;
//! and which words are boilerplate is given, for the corpus decides.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Detector;
use crate::boilerplate::Commons;
use crate::measure::{Measure, Similarity};
use crate::report::Match;
use crate::shingle::shingles;
use crate::text::{Span, Tokens};

/// A text as folded words and their places.
struct Words {
    words: Vec<String>,
    tokens: Tokens,
    /// Of each word, whether it counts.
    counts: Vec<bool>,
}

impl Words {
    fn new(detector: &Detector, text: &str) -> Self {
        let mut tokens = Tokens::new();
        detector.tokenizer.tokenize(text, &mut tokens);
        let folded = |&span: &Span| {
            let mut folded = String::new();
            detector.tokenizer.fold(&text[span], &mut folded);
            folded
        };
        let words: Vec<String> = tokens.spans().iter().map(folded).collect();
        Self { counts: vec![true; words.len()], words, tokens }
    }

    fn hide(&mut self, commons: &Commons) {
        for stretch in commons.stretches(self.tokens.hashes()) {
            self.counts[stretch].fill(false);
        }
    }

    /// How many words count.
    fn len(&self) -> usize {
        self.counts.iter().filter(|&&counts| counts).count()
    }

    fn all_count(&self, words: Range<usize>) -> bool {
        self.counts[words].iter().all(|&counts| counts)
    }

    /// The width of its shingles, and where those begin that count.
    fn places(&self, width: usize) -> (usize, Vec<usize>) {
        let width = width.min(self.words.len()).max(1);
        let all = 0..(self.words.len() + 1).saturating_sub(width);
        (width, all.filter(|&at| self.all_count(at..at + width)).collect())
    }

    /// The words that a span holds.
    fn inside(&self, span: Span) -> Range<usize> {
        let spans = self.tokens.spans();
        let start = spans.partition_point(|word| word.start() < span.start());
        let end = spans.partition_point(|word| word.end() <= span.end());
        start..end.max(start)
    }

    fn shingles(&self, width: usize) -> BTreeSet<&[String]> {
        let (width, places) = self.places(width);
        places.into_iter().map(|at| &self.words[at..at + width]).collect()
    }

    /// Of each bit, whether more than half of the shingle hashes have it.
    fn bits(&self, width: usize) -> u64 {
        let mut all = Vec::new();
        shingles(self.tokens.hashes(), width, &mut all);
        let hashes: Vec<u64> = self.places(width).1.into_iter().map(|at| all[at]).collect();
        let most = |bit: &u32| 2 * hashes.iter().filter(|&hash| hash >> bit & 1 == 1).count();
        let bits = (0..64u32).filter(|bit| most(bit) > hashes.len());
        bits.fold(0, |bits, bit| bits | 1 << bit)
    }
}

/// Whether the texts of a match reach the threshold, by what counts of them; copies by all they have.
pub(super) fn reaches(
    detector: &Detector,
    hidden: Option<&Commons>,
    a: &str,
    b: &str,
    found: &Match,
) -> bool {
    let (mut a, mut b) = (Words::new(detector, a), Words::new(detector, b));
    if let Some(commons) = hidden.filter(|_| a.words != b.words) {
        a.hide(commons);
        b.hide(commons);
    }
    // Nothing is like nothing.
    if [&a, &b].iter().any(|text| text.places(detector.shingle).1.is_empty()) {
        return false;
    }
    let mut pair =
        Similarity { tokens_a: a.len() as u32, tokens_b: b.len() as u32, ..Similarity::default() };
    match detector.criterion.measure {
        Measure::Coverage => {
            return [false, true].into_iter().any(|of_short| {
                covered(detector, &a, &b, found, of_short).is_some_and(|covered| {
                    (pair.covered_a, pair.covered_b) = covered;
                    detector.criterion.accepts(&pair)
                })
            });
        }
        Measure::Hamming => {
            let width = detector.shingle;
            pair.hamming = (a.bits(width) ^ b.bits(width)).count_ones();
        }
        Measure::Jaccard | Measure::Containment => {
            let (x, y) = (a.shingles(detector.shingle), b.shingles(detector.shingle));
            (pair.shingles_a, pair.shingles_b) = (x.len() as u32, y.len() as u32);
            pair.shared = x.intersection(&y).count() as u32;
        }
    }
    detector.criterion.accepts(&pair)
}

/// The words of both texts under the runs that the match shows; `None` when these are no proof: a
/// run's words differ or do not count, a gap is too wide, or no run is long enough. By the rule for
/// short texts, on demand: shorter runs count, all or none.
fn covered(
    detector: &Detector,
    a: &Words,
    b: &Words,
    found: &Match,
    of_short: bool,
) -> Option<(u32, u32)> {
    let rules = detector.rules;
    let whole = a.words == b.words;
    let short = detector.short();
    let is_short = |text: &Words| short.has(text.words.len()) && text.len() == text.words.len();
    if of_short && !(is_short(a) && is_short(b)) {
        return None;
    }
    // Of each word, whether it stands in a run, and in one of `min_run` words.
    let mut marks = [vec![(false, false); a.words.len()], vec![(false, false); b.words.len()]];
    for passage in &found.passages {
        let mut ends: Option<[usize; 2]> = None;
        let mut holds_run = false;
        for run in passage.runs() {
            let places = [a.inside(run.a()), b.inside(run.b())];
            let long = run.tokens() >= rules.min_run || whole || of_short;
            let near = ends.is_none_or(|ends| {
                (0..2).all(|side| places[side].start <= ends[side] + rules.max_gap)
            });
            let [x, y] = [&a.words[places[0].clone()], &b.words[places[1].clone()]];
            let count = a.all_count(places[0].clone()) && b.all_count(places[1].clone());
            if !near || !count || x != y || x.len() != run.tokens() {
                return None;
            }
            // A word alone counts where the end of both texts stands beside it.
            let first = places.iter().all(|place| place.start == 0);
            let last = places[0].end == a.words.len() && places[1].end == b.words.len();
            if of_short && x.len() < 2 && !first && !last {
                return None;
            }
            for (marks, places) in marks.iter_mut().zip(&places) {
                for mark in &mut marks[places.clone()] {
                    *mark = (true, mark.1 || long);
                }
            }
            holds_run |= long;
            ends = Some(places.map(|places| places.end));
        }
        if !holds_run {
            return None;
        }
    }
    // Shorter runs count up to as many words as stand in the others.
    let [covered_a, covered_b] = marks.map(|marks| {
        let all = marks.iter().filter(|mark| mark.0).count();
        all.min(2 * marks.iter().filter(|mark| mark.1).count()) as u32
    });
    let [len_a, len_b] = [a, b].map(|text| text.len() as u32);
    let enough = !of_short || short.enough((covered_a, len_a), (covered_b, len_b));
    enough.then_some((covered_a, covered_b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::Unit;
    use crate::detector::scope::Scope;

    /// A match is confirmed on its own texts, and turned down when these are not what it says.
    #[test]
    fn what_is_wrong_is_seen() {
        let words = |from: usize, to: usize| -> String {
            (from..to).map(|word| format!("w{word} ")).collect()
        };
        let (a, b) = (words(0, 100), words(5, 100) + "ended otherwise");
        let one_less = b.replace("w50 ", "x50 ");
        let unrelated = words(500, 600);
        for (measure, threshold) in [
            (Measure::Coverage, 0.94),
            (Measure::Jaccard, 0.9),
            (Measure::Containment, 0.93),
            (Measure::Hamming, 16.0),
        ] {
            let mut builder = Detector::builder();
            builder.measure(measure).threshold(threshold);
            let detector = builder.build().unwrap();
            let report = detector.find(&[&a, &b]).unwrap();
            let found = report.matches().next().unwrap();
            assert!(reaches(&detector, None, &a, &b, found), "{measure}");
            assert!(reaches(&detector, None, &a, &b.replace("w50 ", "W50 "), found), "{measure}");
            assert!(!reaches(&detector, None, &a, &unrelated, found), "{measure}");
            assert!(!reaches(&detector, None, &a, "", found), "{measure}");
            if measure != Measure::Hamming {
                assert!(!reaches(&detector, None, &a, &one_less, found), "{measure}");
            }
        }
    }

    /// A run through boilerplate that does not count is no proof, nor are the shingles that touch it.
    #[test]
    fn what_does_not_count_is_seen() {
        let words = |from: usize, to: usize| -> String {
            (from..to).map(|word| format!("w{word} ")).collect()
        };
        let texts: Vec<String> =
            (1..4).map(|text| words(100 * text, 100 * text + 5) + &words(0, 40)).collect();
        for (measure, threshold) in [
            (Measure::Coverage, 0.5),
            (Measure::Jaccard, 0.3),
            (Measure::Containment, 0.5),
            (Measure::Hamming, 16.0),
        ] {
            let mut builder = Detector::builder();
            builder.measure(measure).threshold(threshold);
            let report = builder.build().unwrap().find(&texts).unwrap();
            builder.boilerplate(crate::Boilerplate::Discount { min_docs: 3 });
            let detector = builder.build().unwrap();
            let scope = Scope::new(Unit::Document, None, &texts, 0).unwrap();
            let (commons, _) = detector.commons(&texts, &scope);
            assert!(!report.clusters().is_empty(), "{measure}");
            for found in report.matches() {
                let [a, b] = [found.a, found.b].map(|doc| texts[doc.index()].as_str());
                assert!(reaches(&detector, None, a, b, found), "{measure}");
                assert!(!reaches(&detector, commons.as_ref(), a, b, found), "{measure}");
                assert!(reaches(&detector, commons.as_ref(), a, a, found), "a copy, {measure}");
            }
        }
    }
}
