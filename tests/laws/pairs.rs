//! Two texts.

use std::cmp::Ordering;

use doublon::{Comparison, Detector, Measure, Passage, Relation, Run, Similarity, Span};
use proptest::prelude::*;

use crate::naive::prose::{self, Dice};
use crate::naive::{self, counts, covered, folded, words};
use crate::texts::{Settings, related, repetitive, settings};

fn mirrored(relation: Relation) -> Relation {
    match relation {
        Relation::Contains => Relation::Contained,
        Relation::Contained => Relation::Contains,
        other => other,
    }
}

/// Which tokens of a text stand in the given places.
fn inside(text: &str, places: impl Iterator<Item = Span>) -> Vec<bool> {
    let places: Vec<Span> = places.collect();
    let stands = |token: Span| {
        places.iter().any(|place| place.start() <= token.start() && token.end() <= place.end())
    };
    naive::spans(text).into_iter().map(stands).collect()
}

fn number(covered: &[bool]) -> usize {
    covered.iter().filter(|&&c| c).count()
}

/// What every comparison must satisfy, whatever the texts.
fn check_proof(a: &str, b: &str, found: &Comparison, settings: Settings) {
    let similarity = found.similarity();
    let (words_a, words_b) = (words(a), words(b));
    assert_eq!(similarity.tokens_a() as usize, words_a.len());
    assert_eq!(similarity.tokens_b() as usize, words_b.len());
    for passage in found.passages() {
        check_passage(a, b, passage, settings);
    }
    let starts: Vec<_> = found.passages().iter().map(|p| p.a().start()).collect();
    assert!(starts.is_sorted(), "in the order of the first text: {starts:?}");
    let of_short = naive::covered_short(&words_a, &words_b, settings.min_run, settings.shingle);
    if similarity.covered_a() > 0 {
        // Shorter runs count up to as many tokens as the others hold.
        let counted = |text: &str, place: fn(&Run) -> Span| {
            let runs = || found.passages().iter().flat_map(Passage::runs);
            let long = runs().filter(|run| run.tokens() >= settings.min_run);
            let own = number(&inside(text, long.map(place)));
            let all = number(&inside(text, runs().map(place)));
            if is_by_short_runs(a, b, found, settings) { all } else { all.min(2 * own) }
        };
        if words_a != words_b {
            assert_eq!(similarity.covered_a() as usize, counted(a, Run::a), "covered tokens of a");
            assert_eq!(similarity.covered_b() as usize, counted(b, Run::b), "covered tokens of b");
        }
    } else if similarity.shared() > 0 {
        assert!(!found.passages().is_empty(), "shared shingles without a proof");
    }
    assert_eq!(found.relation().is_some(), similarity.shared() > 0 || of_short.is_some() || a == b);
}

/// Whether short runs stand for passages: no less is ever covered than they hold, where they are enough.
fn is_by_short_runs(a: &str, b: &str, found: &Comparison, settings: Settings) -> bool {
    let (words_a, words_b) = (words(a), words(b));
    let of_short = naive::covered_short(&words_a, &words_b, settings.min_run, settings.shingle);
    let Some((in_a, in_b)) = of_short else { return false };
    let share = |a: usize, b: usize| match words_a.len().cmp(&words_b.len()) {
        Ordering::Less => a,
        Ordering::Greater => b,
        Ordering::Equal => a.max(b),
    };
    let similarity = found.similarity();
    let covered = (similarity.covered_a() as usize, similarity.covered_b() as usize);
    assert!(share(covered.0, covered.1) >= share(number(&in_a), number(&in_b)));
    let runs = || found.passages().iter().flat_map(Passage::runs);
    let shown = (inside(a, runs().map(Run::a)), inside(b, runs().map(Run::b)));
    covered == (number(&in_a), number(&in_b)) && shown == (in_a, in_b)
}

fn check_passage(a: &str, b: &str, passage: &Passage, settings: Settings) {
    let mut before: Option<(usize, usize)> = None;
    let (spans_a, spans_b) = (naive::spans(a), naive::spans(b));
    let place = |spans: &[Span], run: Span| {
        let first = spans.iter().position(|s| s.start() == run.start()).expect("begins at a token");
        let last = spans.iter().position(|s| s.end() == run.end()).expect("ends at a token");
        (first, last + 1)
    };
    let mut tokens = 0;
    for run in passage.runs() {
        let (in_a, in_b) = (words(&a[run.a()]), words(&b[run.b()]));
        assert_eq!(in_a.len(), run.tokens());
        assert_eq!(in_a, in_b, "a run's tokens are equal");
        let ((start_a, end_a), (start_b, end_b)) =
            (place(&spans_a, run.a()), place(&spans_b, run.b()));
        if let Some((last_a, last_b)) = before {
            // Two runs overlap in one text at most.
            let (overlap_a, overlap_b) =
                (last_a.saturating_sub(start_a), last_b.saturating_sub(start_b));
            assert!(overlap_a == 0 || overlap_b == 0);
            let overlap: usize = overlap_a.max(overlap_b);
            assert!(overlap < run.tokens(), "each begins and ends behind the one before");
            tokens -= overlap;
            assert!(start_a.saturating_sub(last_a) <= settings.max_gap);
            assert!(start_b.saturating_sub(last_b) <= settings.max_gap);
        }
        tokens += run.tokens();
        before = Some((end_a, end_b));
    }
    assert_eq!(passage.tokens(), tokens);
    let (first, last) = (passage.runs()[0], passage.runs()[passage.runs().len() - 1]);
    assert_eq!((passage.a().start(), passage.a().end()), (first.a().start(), last.a().end()));
    assert_eq!((passage.b().start(), passage.b().end()), (first.b().start(), last.b().end()));
}

fn check_counts(a: &str, b: &str, similarity: &Similarity, settings: Settings) {
    let counts = counts(&words(a), &words(b), settings.shingle);
    assert_eq!(similarity.shared() as usize, counts.shared);
    assert_eq!(similarity.shingles_a() as usize, counts.a);
    assert_eq!(similarity.shingles_b() as usize, counts.b);
    let (jaccard, containment) = (similarity.jaccard(), similarity.containment());
    assert!((0.0..=containment).contains(&jaccard) && containment <= 1.0);
    assert!((0.0..=1.0).contains(&similarity.coverage()));
}

/// Every token that lies in a common run of `min_run` tokens, of short texts in a shorter one, stands in a run of a passage, on either
/// side. And where no shorter run may link, no other token is covered.
fn check_coverage(a: &str, b: &str, found: &Comparison, settings: Settings) {
    let (words_a, words_b) = (words(a), words(b));
    let similarity = found.similarity();
    if words_a == words_b {
        assert_eq!(similarity.covered_a() as usize, words_a.len());
        return;
    }
    if is_by_short_runs(a, b, found, settings) {
        return;
    }
    let (common_a, common_b) = covered(&words_a, &words_b, settings.min_run);
    if settings.shingle == settings.min_run {
        assert_eq!(similarity.covered_a() as usize, number(&common_a), "covered tokens of a");
        assert_eq!(similarity.covered_b() as usize, number(&common_b), "covered tokens of b");
    }
    let all = |common: &[bool], is: &[bool]| common.iter().zip(is).all(|(common, is)| is | !common);
    let runs = || found.passages().iter().flat_map(Passage::runs);
    assert!(all(&common_a, &inside(a, runs().map(Run::a))), "runs in a: {common_a:?}");
    assert!(all(&common_b, &inside(b, runs().map(Run::b))), "runs in b: {common_b:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_text_equals_itself(text in repetitive(40), settings in settings()) {
        let found = settings.detector().compare(&text, &text).unwrap();
        let similarity = found.similarity();
        prop_assert_eq!(found.relation(), Some(Relation::Identical));
        prop_assert_eq!(similarity.hamming(), 0);
        let whole = if words(&text).is_empty() { 0.0 } else { 1.0 };
        prop_assert_eq!(found.is_match(), whole == 1.0);
        prop_assert_eq!(similarity.jaccard(), whole);
        prop_assert_eq!(similarity.containment(), whole);
        prop_assert_eq!(similarity.coverage(), whole);
        prop_assert_eq!(found.passages().len(), whole as usize);
    }

    #[test]
    fn swapping_the_texts_mirrors_the_answer((a, b) in related(40), settings in settings()) {
        let detector = settings.detector();
        let (there, back) = (detector.compare(&a, &b).unwrap(), detector.compare(&b, &a).unwrap());
        let (x, y) = (there.similarity(), back.similarity());
        prop_assert_eq!(
            (x.shared(), x.shingles_a(), x.shingles_b(), x.covered_a(), x.covered_b(), x.hamming()),
            (y.shared(), y.shingles_b(), y.shingles_a(), y.covered_b(), y.covered_a(), y.hamming())
        );
        prop_assert_eq!(there.is_match(), back.is_match());
        prop_assert_eq!(there.relation(), back.relation().map(mirrored));
        let flat = |found: &Comparison, swap: bool| {
            let mut passages: Vec<Vec<_>> = found
                .passages()
                .iter()
                .map(|p| p.runs().iter().map(|r| if swap { (r.b(), r.a()) } else { (r.a(), r.b()) }))
                .map(Iterator::collect)
                .collect();
            passages.sort();
            passages
        };
        prop_assert_eq!(flat(&there, false), flat(&back, true));
    }

    #[test]
    fn counts_are_exact((a, b) in related(40), settings in settings()) {
        let found = settings.detector().compare(&a, &b).unwrap();
        check_counts(&a, &b, found.similarity(), settings);
    }

    #[test]
    fn every_run_is_proof((a, b) in related(40), settings in settings()) {
        let found = settings.detector().compare(&a, &b).unwrap();
        check_proof(&a, &b, &found, settings);
    }

    #[test]
    fn every_common_run_is_covered((a, b) in related(40), settings in settings()) {
        let found = settings.detector().compare(&a, &b).unwrap();
        check_coverage(&a, &b, &found, settings);
    }

    #[test]
    fn every_common_run_of_unrelated_texts_is_covered(
        a in repetitive(60), b in repetitive(60), settings in settings(),
    ) {
        let found = settings.detector().compare(&a, &b).unwrap();
        check_coverage(&a, &b, &found, settings);
        check_proof(&a, &b, &found, settings);
    }

    #[test]
    fn an_edit_splits_the_run_at_its_token(len in 2usize..40, at in 0usize..40, min_run in 1usize..9) {
        let at = at % len;
        let a: Vec<String> = (0..len).map(prose::word).collect();
        let mut b = a.clone();
        b[at] = "xyz".into();
        let (a, b) = (a.join(" "), b.join(" "));
        let settings = Settings { min_run, shingle: min_run, max_gap: 1 };
        let found = settings.detector().compare(&a, &b).unwrap();
        let spans = naive::spans(&a);
        let covered = |(a, b): (Vec<bool>, Vec<bool>)| number(&a).max(number(&b));
        let (words_a, words_b) = (words(&a), words(&b));
        let by_passages = covered(naive::covered(&words_a, &words_b, min_run));
        let of_short = naive::covered_short(&words_a, &words_b, min_run, min_run).map(covered);
        let least = if of_short > Some(by_passages) { 1 } else { min_run };
        let parts = [(0, at), (at + 1, len)].into_iter().filter(|(start, end)| end - start >= least);
        let expected: Vec<_> = parts.map(|(s, e)| (spans[s].start(), spans[e - 1].end())).collect();
        let runs: Vec<_> = found.passages().iter().flat_map(Passage::runs).collect();
        let places: Vec<_> = runs.iter().map(|run| (run.a().start(), run.a().end())).collect();
        prop_assert_eq!(places, expected);
        // One token of a gap is allowed: they are one passage.
        prop_assert!(found.passages().len() <= 1);
    }

    #[test]
    fn text_before_shifts_the_spans((a, b) in related(30), settings in settings(), n in 1usize..20) {
        let detector = settings.detector();
        // Both times the second text is the longer one.
        let b = format!("{b} {}", Dice::new(7).own_words(200).join(" "));
        let before = Dice::new(8).own_words(n).join(" ") + " ";
        let plain = detector.compare(&a, &b).unwrap();
        let shifted = detector.compare(&(before.clone() + &a), &b).unwrap();
        prop_assert_eq!(plain.similarity().covered_a(), shifted.similarity().covered_a());
        prop_assert_eq!(plain.similarity().covered_b(), shifted.similarity().covered_b());
        let runs = |found: &Comparison, shift: usize| -> Vec<_> {
            let runs = found.passages().iter().flat_map(Passage::runs);
            runs.map(|r| (r.a().start() - shift, r.a().end() - shift, r.b())).collect()
        };
        if words(&a) != words(&b) {
            prop_assert_eq!(runs(&plain, 0), runs(&shifted, before.len()));
        }
    }

    #[test]
    fn what_stands_between_other_words_is_found(seed in any::<u64>(), len in 16usize..60) {
        let mut dice = Dice::new(seed);
        let (x, p, y) = (dice.own_words(20), dice.own_words(len), dice.own_words(20));
        let whole = [x.join(" "), p.join(" "), y.join(" ")].join(" ");
        let part = prose::restyled(&p, &mut dice);
        let found = doublon::compare(&part, &whole).unwrap();
        prop_assert!(found.is_match());
        prop_assert_eq!(found.relation(), Some(Relation::Contained));
        prop_assert_eq!(&whole.as_str()[found.passages()[0].b()], p.join(" "));
    }

    #[test]
    fn a_match_is_what_reaches_the_threshold((a, b) in related(40), percent in 1usize..101) {
        let compare = |measure| {
            let threshold = percent as f64 / 100.0;
            let mut builder = Detector::builder();
            builder.measure(measure).threshold(threshold).shingle(2).min_run(4);
            if measure == Measure::Jaccard {
                builder.search(doublon::Search::Exact);
            }
            builder.build().unwrap().compare(&a, &b).unwrap()
        };
        let counts = counts(&words(&a), &words(&b), 2);
        prop_assert_eq!(compare(Measure::Jaccard).is_match(), counts.jaccard_reaches(percent));
        prop_assert_eq!(compare(Measure::Containment).is_match(), counts.containment_reaches(percent));
        let found = compare(Measure::Coverage);
        let s = found.similarity();
        let (part, whole) = match s.tokens_a().cmp(&s.tokens_b()) {
            std::cmp::Ordering::Less => (s.covered_a(), s.tokens_a()),
            std::cmp::Ordering::Greater => (s.covered_b(), s.tokens_b()),
            std::cmp::Ordering::Equal => (s.covered_a().max(s.covered_b()), s.tokens_a()),
        };
        let reached = whole > 0 && part as usize * 100 >= whole as usize * percent;
        prop_assert_eq!(found.is_match(), reached);
    }
}

/// The order of passages is that of the first text, also when the first is the shorter one.
#[test]
fn passages_stand_in_the_order_of_the_first_text() {
    let mut dice = Dice::new(1);
    let (p, q, r) = (dice.own_words(20), dice.own_words(20), dice.own_words(90));
    let short = [&p[..], &q].concat().join(" ");
    let long = [&q[..], &r, &p].concat().join(" ");
    for (a, b) in [(&short, &long), (&long, &short)] {
        let found = doublon::compare(a, b).unwrap();
        assert_eq!(found.passages().len(), 2);
        let starts: Vec<_> = found.passages().iter().map(|p| p.a().start()).collect();
        assert!(starts.is_sorted(), "{starts:?}");
    }
}

/// One of two equal words is dropped where two runs meet: one passage, whose runs overlap in the text
/// that has the word once.
#[test]
fn a_word_that_stood_twice_and_is_dropped_is_no_gap() {
    let mut dice = Dice::new(2);
    let (p, q) = (dice.own_words(20).join(" "), dice.own_words(20).join(" "));
    let (a, b) = (format!("{p} that that {q}"), format!("{p} that {q}"));
    let found = doublon::compare(&a, &b).unwrap();
    assert_eq!(found.passages().len(), 1);
    assert_eq!(found.passages()[0].tokens(), 41);
    assert_eq!((found.similarity().covered_a(), found.similarity().covered_b()), (42, 41));
}

#[test]
fn the_folded_form_is_what_is_compared() {
    assert_eq!(folded("\u{c9}T\u{c9}"), "ete");
}
