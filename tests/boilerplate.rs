//! Boilerplate: found, reported, and left out where that was asked for.

#![allow(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};

use doublon::text::{Tokenize, Tokens, Words};
use doublon::{
    Boilerplate, Clustering, Detector, DetectorBuilder, ErrorKind, Measure, Report, Search, Unit,
};
use proptest::prelude::*;

fn words(seed: u64, count: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("w{}", state >> 44)
    };
    (0..count).map(|_| next()).collect::<Vec<_>>().join(" ")
}

fn of(measure: Measure, threshold: f64) -> DetectorBuilder {
    let mut builder = Detector::builder();
    builder.measure(measure).threshold(threshold);
    builder
}

fn discounted(builder: &mut DetectorBuilder, min_docs: u32, texts: &[String]) -> Report {
    let builder = builder.boilerplate(Boilerplate::Discount { min_docs });
    builder.build().unwrap().find(texts).unwrap()
}

/// 600 unrelated bodies and one footer of as many words: every pair has a Jaccard similarity of 0.32.
fn footed() -> Vec<String> {
    let footer = words(1, 60);
    (0..600).map(|i| format!("{}\n\n{footer}.", words(1000 + i, 60))).collect()
}

const MEASURES: [(Measure, f64); 4] = [
    (Measure::Coverage, 0.3),
    (Measure::Jaccard, 0.3),
    (Measure::Containment, 0.3),
    (Measure::Hamming, 8.0),
];

#[test]
fn a_common_footer_matches_nothing_once_it_is_discounted() {
    let texts = footed();
    for (measure, threshold) in MEASURES {
        let kept = of(measure, threshold).build().unwrap().find(&texts).unwrap();
        let report = discounted(&mut of(measure, threshold), 50, &texts);
        assert_eq!(report.clusters().len(), 0, "{measure}");
        if measure != Measure::Hamming {
            assert!(!kept.clusters().is_empty(), "{measure} sees the footer");
        }
        let [footer] = report.boilerplate() else { panic!("one footer") };
        assert_eq!((footer.doc().index(), footer.tokens(), footer.documents()), (0, 60, 600));
        assert_eq!(&texts[0][footer.span()], words(1, 60));
    }
}

#[test]
fn copies_of_one_story_with_different_footers_still_match() {
    let story = words(7, 120);
    let mut texts = footed();
    let other = words(2, 60);
    texts.extend((0..60).map(|i| format!("{}\n{other}", words(5000 + i, 90))));
    let (a, b) = (texts.len(), texts.len() + 1);
    texts.push(format!("{story}\n{}", words(1, 60)));
    texts.push(format!("{story}\n{other}"));
    for (measure, threshold) in [
        (Measure::Coverage, 0.9),
        (Measure::Jaccard, 0.9),
        (Measure::Containment, 0.9),
        (Measure::Hamming, 3.0),
    ] {
        let report = discounted(&mut of(measure, threshold), 50, &texts);
        let found: Vec<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
        assert_eq!(found, [(a, b)], "{measure}");
        let pair = report.matches().next().unwrap();
        assert_eq!(pair.similarity().jaccard(), 1.0);
        assert_eq!(pair.similarity().tokens_a(), 120);
        assert_eq!(&texts[a][pair.passages()[0].a()], story);
        assert_eq!(report.boilerplate().len(), 2);
    }
}

#[test]
fn to_report_changes_no_match_and_to_keep_reports_nothing() {
    let texts = &footed()[..80];
    let find = |policy| {
        Detector::builder().threshold(0.3).boilerplate(policy).build().unwrap().find(texts).unwrap()
    };
    let kept = find(Boilerplate::Keep);
    let told = find(Boilerplate::Report { min_docs: 80 });
    assert!(kept.boilerplate().is_empty() && !kept.clusters().is_empty());
    assert_eq!(kept.clusters(), told.clusters());
    assert_eq!(told.boilerplate()[0].documents(), 80);
    assert!(find(Boilerplate::Report { min_docs: 81 }).boilerplate().is_empty());
    let error = Detector::builder().boilerplate(Boilerplate::Discount { min_docs: 1 }).build();
    assert_eq!(
        error.unwrap_err().to_string(),
        "min_docs of boilerplate is 1; it must be at least 2"
    );
}

/// Exact copies are copies even where all of them is boilerplate, and count as one document of it.
#[test]
fn exact_copies_match_whatever_is_discounted() {
    let footer = words(3, 40);
    let texts: Vec<String> = (0..4)
        .map(|i| format!("{} {footer}", words(100 + i, 20)))
        .chain([footer.clone(), footer.clone(), footer.clone()])
        .collect();
    for min_docs in [5, 6] {
        let report = discounted(&mut of(Measure::Coverage, 0.5), min_docs, &texts);
        assert_eq!(report.boilerplate().len(), usize::from(min_docs == 5));
        let copies: Vec<_> = report.clusters().iter().map(|c| c.docs().len()).collect();
        assert_eq!(copies, if min_docs == 5 { vec![3] } else { vec![7] });
        assert!(report.matches().all(|m| m.similarity().coverage() >= 0.5));
    }
}

/// What the definition says, by plain sets of words.
struct Naive {
    tokens: Vec<Vec<String>>,
    /// Of each document its tokens that do not count.
    hidden: Vec<BTreeSet<usize>>,
}

impl Naive {
    fn new(texts: &[String], min_run: usize, min_docs: usize) -> Self {
        let tokens: Vec<Vec<String>> = texts.iter().map(|text| folded(text)).collect();
        let mut documents: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
        for text in &tokens {
            for window in text.windows(min_run) {
                documents.entry(window).or_default().insert(text);
            }
        }
        let common = |window: &[String]| documents[window].len() >= min_docs;
        let hidden = |text: &Vec<String>| {
            let windows = text.windows(min_run).enumerate().filter(|(_, window)| common(window));
            windows.flat_map(|(at, _)| at..at + min_run).collect()
        };
        let hidden = tokens.iter().map(hidden).collect();
        Self { tokens, hidden }
    }

    fn shingles(&self, document: usize, width: usize) -> BTreeSet<&[String]> {
        let (tokens, hidden) = (&self.tokens[document], &self.hidden[document]);
        let width = width.min(tokens.len().max(1));
        let windows = tokens.windows(width).enumerate();
        windows
            .filter(|(at, _)| (*at..at + width).all(|i| !hidden.contains(&i)))
            .map(|w| w.1)
            .collect()
    }
}

fn folded(text: &str) -> Vec<String> {
    let mut tokens = Tokens::new();
    Words.tokenize(text, &mut tokens);
    let fold = |&span: &doublon::Span| {
        let mut folded = String::new();
        Words.fold(&text[span], &mut folded);
        folded
    };
    tokens.spans().iter().map(fold).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Few words, so that windows of six tokens repeat within and across texts.
    #[test]
    fn what_counts_is_what_the_definition_says(
        parts in proptest::collection::vec("[ab]( [abc]){4,11}", 3..6),
        picks in proptest::collection::vec(proptest::collection::vec(0usize..6, 0..5), 2..14),
        min_docs in 2u32..5,
        min_run in 5usize..9,
    ) {
        let texts: Vec<String> = picks
            .iter()
            .map(|picks| picks.iter().map(|&i| parts[i % parts.len()].as_str()).collect::<Vec<_>>().join(" d "))
            .collect();
        let naive = Naive::new(&texts, min_run, min_docs as usize);
        let report = of(Measure::Jaccard, 0.4)
            .search(Search::Exact)
            .cluster(Clustering::Connected)
            .shingle(3)
            .min_run(min_run)
            .all_pairs(1 << 20)
            .boilerplate(Boilerplate::Discount { min_docs })
            .build()
            .unwrap()
            .find(&texts)
            .unwrap();
        let mut found = BTreeMap::new();
        for pair in report.matches() {
            found.insert((pair.a().index(), pair.b().index()), *pair.similarity());
        }
        for a in 0..texts.len() {
            for b in a + 1..texts.len() {
                if naive.tokens[a] == naive.tokens[b] {
                    prop_assert_eq!(found.contains_key(&(a, b)), !naive.tokens[a].is_empty());
                    continue;
                }
                let (x, y) = (naive.shingles(a, 3), naive.shingles(b, 3));
                let shared = x.intersection(&y).count();
                let united = x.union(&y).count();
                let matches = united > 0 && 5 * shared >= 2 * united;
                prop_assert_eq!(found.contains_key(&(a, b)), matches, "{} {}", a, b);
                if let Some(pair) = found.get(&(a, b)) {
                    prop_assert_eq!(pair.shared() as usize, shared);
                    prop_assert_eq!(pair.shingles_a() as usize, x.len());
                    prop_assert_eq!(
                        pair.tokens_a() as usize,
                        naive.tokens[a].len() - naive.hidden[a].len()
                    );
                }
            }
        }
        // Every hidden token stands in a reported passage, and these hold nothing else.
        let words = |text: &[String]| -> BTreeSet<Vec<String>> {
            text.windows(min_run).map(<[String]>::to_vec).collect()
        };
        let mut reported = BTreeSet::new();
        for common in report.boilerplate() {
            let text = folded(&texts[common.doc().index()][common.span()]);
            prop_assert_eq!(text.len(), common.tokens());
            prop_assert!(common.documents() >= min_docs as usize);
            reported.extend(words(&text));
        }
        let mut wanted = BTreeSet::new();
        for (text, hidden) in naive.tokens.iter().zip(&naive.hidden) {
            let windows = text.windows(min_run).enumerate();
            let inside = windows.filter(|(at, _)| (*at..at + min_run).all(|i| hidden.contains(&i)));
            wanted.extend(inside.map(|(_, window)| window.to_vec()));
        }
        // A window between two that are boilerplate may be covered by both, and be none itself.
        prop_assert!(reported.is_subset(&wanted));
        let covered = |text: &Vec<String>, hidden: &BTreeSet<usize>| {
            let windows = text.windows(min_run).enumerate();
            let known = windows.filter(|(_, window)| reported.contains(*window));
            known.flat_map(|(at, _)| at..at + min_run).collect::<BTreeSet<_>>() == *hidden
        };
        prop_assert!(naive.tokens.iter().zip(&naive.hidden).all(|(text, hidden)| covered(text, hidden)));
    }

    /// Coverage: the winnowed search finds what comparing all pairs of what counts finds.
    #[test]
    fn coverage_search_misses_nothing_beside_boilerplate(
        parts in proptest::collection::vec("[a-h]( [a-h]){9,24}", 3..6),
        picks in proptest::collection::vec(proptest::collection::vec(0usize..6, 1..5), 2..14),
        min_docs in 3u32..6,
    ) {
        let texts: Vec<String> = picks
            .iter()
            .map(|picks| picks.iter().map(|&i| parts[i % parts.len()].as_str()).collect::<Vec<_>>().join(" x "))
            .collect();
        let naive = Naive::new(&texts, 8, min_docs as usize);
        let mut builder = of(Measure::Coverage, 0.4);
        builder.min_run(8).shingle(3).all_pairs(1 << 20).cluster(Clustering::Connected);
        let report = discounted(&mut builder, min_docs, &texts);
        // Words that count stay, others become words of their own.
        let masked: Vec<String> = naive.tokens.iter().zip(&naive.hidden).enumerate().map(|(d, (text, hidden))| {
            let words = text.iter().enumerate().map(|(i, word)| {
                if hidden.contains(&i) { format!("q{d}q{i}") } else { word.clone() }
            });
            words.collect::<Vec<_>>().join(" ")
        }).collect();
        let plain = builder.boilerplate(Boilerplate::Keep).build().unwrap();
        let found: BTreeSet<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
        for a in 0..texts.len() {
            for b in a + 1..texts.len() {
                if naive.tokens[a] == naive.tokens[b] {
                    continue;
                }
                let pair = plain.compare(&masked[a], &masked[b]).unwrap();
                let counts = |d: usize| naive.tokens[d].len() - naive.hidden[d].len();
                let similarity = pair.similarity();
                let (x, y) = (counts(a), counts(b));
                let covered = match x.cmp(&y) {
                    std::cmp::Ordering::Less => similarity.covered_a(),
                    std::cmp::Ordering::Greater => similarity.covered_b(),
                    std::cmp::Ordering::Equal => similarity.covered_a().max(similarity.covered_b()),
                };
                let matches = x.min(y) > 0 && covered as usize * 5 >= 2 * x.min(y);
                prop_assert_eq!(found.contains(&(a, b)), matches, "{} {}", a, b);
            }
        }
    }
}

/// What is left between boilerplate has no shingle: nothing tells such texts apart, and so they do not
/// match.
#[test]
fn a_few_words_beside_a_footer_match_nothing() {
    let footer = words(4, 30);
    let texts: Vec<String> =
        (0..40).map(|i| format!("{}\n{footer}", words(200 + i, 1 + i as usize % 4))).collect();
    for (measure, threshold) in MEASURES {
        let report = discounted(&mut of(measure, threshold), 40, &texts);
        assert_eq!(report.clusters().len(), 0, "{measure}");
        assert_eq!((report.limits().short, report.limits().crowded), (40, 0), "{measure}");
    }
}

#[test]
fn what_does_not_go_with_it_is_refused() {
    let mut builder = Detector::builder();
    builder.boilerplate(Boilerplate::Discount { min_docs: 2 });
    let detector = builder.build().unwrap();
    let texts = ["one", "two"];
    assert_eq!(detector.find_against(&texts, &texts).unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(detector.audit(&texts, 1, 1).unwrap_err().kind(), ErrorKind::Config);
    let chosen = builder.clone().pairs_if(|_, _| true).build().unwrap();
    assert_eq!(chosen.find(&texts).unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(builder.unit(Unit::Paragraph).build().unwrap_err().kind(), ErrorKind::Config);
}
