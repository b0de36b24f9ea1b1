//! A reported match counted once more, by nothing but folded words: no hash, no sketch, no code of
//! the search. For what is defined by hashes, SimHash, the hashes are given and the rest is counted.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Detector;
use crate::measure::{Measure, Similarity};
use crate::report::Match;
use crate::shingle::shingles;
use crate::text::{Span, Tokens};

/// A text as folded words and their places.
struct Words {
    words: Vec<String>,
    tokens: Tokens,
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
        Self { words: tokens.spans().iter().map(folded).collect(), tokens }
    }

    /// The words that a span holds.
    fn inside(&self, span: Span) -> Range<usize> {
        let spans = self.tokens.spans();
        let start = spans.partition_point(|word| word.start() < span.start());
        let end = spans.partition_point(|word| word.end() <= span.end());
        start..end.max(start)
    }

    fn shingles(&self, width: usize) -> BTreeSet<&[String]> {
        if self.words.is_empty() {
            return BTreeSet::new();
        }
        self.words.windows(width.min(self.words.len())).collect()
    }

    /// Of each bit, whether more than half of the shingle hashes have it.
    fn bits(&self, width: usize) -> u64 {
        let mut hashes = Vec::new();
        shingles(self.tokens.hashes(), width, &mut hashes);
        let most = |bit: &u32| 2 * hashes.iter().filter(|&hash| hash >> bit & 1 == 1).count();
        let bits = (0..64u32).filter(|bit| most(bit) > hashes.len());
        bits.fold(0, |bits, bit| bits | 1 << bit)
    }
}

/// Whether the texts of a match reach the threshold.
pub(super) fn reaches(detector: &Detector, a: &str, b: &str, found: &Match) -> bool {
    let (a, b) = (Words::new(detector, a), Words::new(detector, b));
    let mut pair = Similarity {
        tokens_a: a.words.len() as u32,
        tokens_b: b.words.len() as u32,
        ..Similarity::default()
    };
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
/// run's words differ, a gap is too wide, or no run is long enough. By the rule for short texts, on
/// demand: shorter runs count, all or none.
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
    if of_short && !(short.has(a.words.len()) && short.has(b.words.len())) {
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
            if !near || x != y || x.len() != run.tokens() {
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
    let [len_a, len_b] = [a, b].map(|text| text.words.len() as u32);
    let enough = !of_short || short.enough((covered_a, len_a), (covered_b, len_b));
    enough.then_some((covered_a, covered_b))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(reaches(&detector, &a, &b, found), "{measure}");
            assert!(reaches(&detector, &a, &b.replace("w50 ", "W50 "), found), "{measure}");
            assert!(!reaches(&detector, &a, &unrelated, found), "{measure}");
            assert!(!reaches(&detector, &a, "", found), "{measure}");
            if measure != Measure::Hamming {
                assert!(!reaches(&detector, &a, &one_less, found), "{measure}");
            }
        }
    }
}
