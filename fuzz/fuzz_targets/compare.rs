//! What two texts share: exact counts, true spans, nothing missed, and the same both ways.

#![no_main]

use std::cmp::Ordering;
use std::ops::Range;

use doublon::shingle::shingles;
use doublon::sketch::SimHash;
use doublon::text::{Tokenize, Tokens, Words};
use doublon::{Comparison, Passage, Relation, Run, Span};
use doublon_fuzz::naive::{self, Text};
use doublon_fuzz::{Case, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some(Case { settings, texts }) = Case::new(data) else { return };
    let texts = texts.at_most(2);
    let (a, b) = (&texts[0], texts.get(1).map_or("", String::as_str));
    let detector = settings.builder().build().expect("the settings are valid");
    let pair = detector.compare(a, b).expect("the texts are small");
    mirrored(&pair, &detector.compare(b, a).expect("the texts are small"));
    let (a, b) = (Text::new(a), Text::new(b));
    counts(&pair, &a, &b, settings);
    passages(&pair, &a, &b, settings);
    relation(&pair, &a, &b);
});

fn mirrored(pair: &Comparison, other: &Comparison) {
    let (x, y) = (pair.similarity(), other.similarity());
    assert_eq!((x.tokens_a(), x.tokens_b()), (y.tokens_b(), y.tokens_a()));
    assert_eq!((x.covered_a(), x.covered_b()), (y.covered_b(), y.covered_a()));
    assert_eq!((x.shingles_a(), x.shingles_b()), (y.shingles_b(), y.shingles_a()));
    assert_eq!((x.shared(), x.hamming()), (y.shared(), y.hamming()));
    assert_eq!(pair.is_match(), other.is_match());
    let turned = other.relation().map(|relation| match relation {
        Relation::Contains => Relation::Contained,
        Relation::Contained => Relation::Contains,
        same => same,
    });
    assert_eq!(pair.relation(), turned);
    let runs = |passages: &[Passage], turn: bool| {
        let places = |run: &Run| if turn { (run.b(), run.a()) } else { (run.a(), run.b()) };
        let mut passages: Vec<Vec<(Span, Span)>> =
            passages.iter().map(|passage| passage.runs().iter().map(places).collect()).collect();
        passages.sort();
        passages
    };
    assert_eq!(runs(pair.passages(), false), runs(other.passages(), true));
}

fn counts(pair: &Comparison, a: &Text, b: &Text, settings: Settings) {
    let similarity = pair.similarity();
    assert_eq!(similarity.tokens_a() as usize, a.len());
    assert_eq!(similarity.tokens_b() as usize, b.len());
    let (x, y) = (a.shingles(settings.shingle()), b.shingles(settings.shingle()));
    assert_eq!(similarity.shingles_a() as usize, x.len());
    assert_eq!(similarity.shingles_b() as usize, y.len());
    assert_eq!(similarity.shared() as usize, x.intersection(&y).count());
    let sim_hash = |text: &str| {
        let (mut tokens, mut hashes) = (Tokens::new(), Vec::new());
        Words.tokenize(text, &mut tokens);
        shingles(tokens.hashes(), settings.shingle(), &mut hashes);
        SimHash::of(&hashes)
    };
    assert_eq!(similarity.hamming(), sim_hash(a.text).distance(sim_hash(b.text)));
    assert_eq!(pair.is_match(), settings.accepts(similarity));
}

fn passages(pair: &Comparison, a: &Text, b: &Text, settings: Settings) {
    let same = !a.is_empty() && a.folded == b.folded;
    let min_run = settings.min_run().min(if same { a.len() } else { usize::MAX });
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    let (mut long_a, mut long_b) = (in_a.clone(), in_b.clone());
    let mut last = (Span::default(), Span::default());
    for passage in pair.passages() {
        assert!(last <= (passage.a(), passage.b()), "not in the order of the first text");
        last = (passage.a(), passage.b());
        let mut before: Option<(Range<usize>, Range<usize>)> = None;
        let mut tokens = 0;
        for run in passage.runs() {
            let (x, y) = (a.tokens_of(run.a()), b.tokens_of(run.b()));
            assert_eq!(x.len(), run.tokens());
            assert_eq!(a.folded[x.clone()], b.folded[y.clone()]);
            tokens += run.tokens();
            if let Some((last_x, last_y)) = before {
                assert!(last_x.start <= x.start && last_y.start <= y.start, "runs go back");
                let overlap_a = last_x.end.saturating_sub(x.start);
                let overlap_b = last_y.end.saturating_sub(y.start);
                assert!(overlap_a == 0 || overlap_b == 0, "runs overlap in both texts");
                tokens -= overlap_a.max(overlap_b);
                let gap_a = x.start.saturating_sub(last_x.end);
                let gap_b = y.start.saturating_sub(last_y.end);
                assert!(gap_a.max(gap_b) <= settings.max_gap(), "gaps of {gap_a} and {gap_b}");
            }
            before = Some((x.clone(), y.clone()));
            if run.tokens() >= min_run {
                long_a[x.clone()].fill(true);
                long_b[y.clone()].fill(true);
            }
            in_a[x].fill(true);
            in_b[y].fill(true);
        }
        assert_eq!(passage.tokens(), tokens);
    }
    let count = |marks: &[bool]| marks.iter().filter(|&&mark| mark).count() as u32;
    let similarity = pair.similarity();
    let (need_a, need_b) = naive::covered(&a.folded, &b.folded, min_run);
    let of_short = naive::covered_short(&a.folded, &b.folded, min_run, settings.shingle());
    if let Some((short_a, short_b)) = of_short {
        // Of short texts shorter runs are enough, and no less than they hold is covered.
        let counts = (count(&short_a), count(&short_b));
        let share = |(of_a, of_b): (u32, u32)| match a.folded.len().cmp(&b.folded.len()) {
            Ordering::Less => of_a,
            Ordering::Greater => of_b,
            Ordering::Equal => of_a.max(of_b),
        };
        let covered = (similarity.covered_a(), similarity.covered_b());
        assert!(share(covered) >= share(counts));
        if covered == counts && (&in_a, &in_b) == (&short_a, &short_b) {
            return;
        }
    }
    if count(&need_a) == 0 {
        // Nothing reaches `min_run`: shorter runs stand as proof and do not count.
        assert_eq!((similarity.covered_a(), similarity.covered_b()), (0, 0));
        assert_eq!(pair.passages().is_empty(), similarity.shared() == 0);
        return;
    }
    // Runs of `min_run` tokens count, and as many tokens of shorter ones.
    let counted = |all: &[bool], long: &[bool]| count(all).min(2 * count(long));
    assert_eq!(similarity.covered_a(), counted(&in_a, &long_a));
    assert_eq!(similarity.covered_b(), counted(&in_b, &long_b));
    let missed = |need: &[bool], have: &[bool]| need.iter().zip(have).any(|(n, h)| *n && !h);
    assert!(!missed(&need_a, &long_a), "a common run of the first text is missed");
    assert!(!missed(&need_b, &long_b), "a common run of the second text is missed");
    for passage in pair.passages() {
        let tokens = |long: bool| -> usize {
            let runs = passage.runs().iter().map(Run::tokens);
            runs.filter(|&tokens| (tokens >= min_run) == long).sum()
        };
        assert!(tokens(true) > 0, "a passage without a run of {min_run} tokens");
        assert!(tokens(false) <= tokens(true), "shorter runs outweigh the others");
    }
}

fn relation(pair: &Comparison, a: &Text, b: &Text) {
    let expected_same = !a.is_empty() && a.folded == b.folded;
    match pair.relation() {
        Some(Relation::Identical) => assert_eq!(a.text, b.text),
        Some(Relation::SameText) => assert!(expected_same),
        Some(_) => assert!(!pair.passages().is_empty()),
        None => assert!(pair.passages().is_empty()),
    }
    assert_eq!(pair.relation() == Some(Relation::Identical), a.text == b.text);
    assert_eq!(pair.relation() == Some(Relation::SameText), expected_same && a.text != b.text);
}
