//! Many texts: what is found, whatever the order of the input and the number of threads.

use std::collections::BTreeSet;

use doublon::{Boilerplate, Clustering, Detector, DocRepeat, Measure, Report, Search};
use proptest::prelude::*;

use crate::naive::prose::{self, Dice};
use crate::naive::{counts, pairs, pairs_of, words};
use crate::texts::{corpus, permuted, settings};

const MOST: usize = 100_000;

fn detector(measure: Measure, threshold: f64) -> Detector {
    let mut builder = Detector::builder();
    builder.measure(measure).threshold(threshold).all_pairs(MOST);
    if measure != Measure::Coverage && measure != Measure::Hamming {
        builder.search(Search::Exact);
    }
    builder.build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn exact_search_finds_all_pairs(
        texts in corpus(0..30), percent in 1usize..101, width in 1usize..8, containment in any::<bool>(),
    ) {
        let measure = if containment { Measure::Containment } else { Measure::Jaccard };
        let report = Detector::builder()
            .measure(measure)
            .search(Search::Exact)
            .threshold(percent as f64 / 100.0)
            .shingle(width)
            .all_pairs(MOST)
            .build().unwrap()
            .find(&texts).unwrap();
        let words: Vec<_> = texts.iter().map(|text| words(text)).collect();
        let expected = pairs(texts.len(), |i, j| {
            let counts = counts(&words[i], &words[j], width);
            if containment { counts.containment_reaches(percent) } else { counts.jaccard_reaches(percent) }
        });
        prop_assert_eq!(pairs_of(&report), expected);
    }

    #[test]
    fn coverage_search_finds_all_pairs(texts in corpus(0..26), percent in 1usize..101, settings in settings()) {
        let detector = settings.builder().threshold(percent as f64 / 100.0).all_pairs(MOST).build().unwrap();
        let report = detector.find(&texts).unwrap();
        let expected = pairs(texts.len(), |i, j| detector.compare(&texts[i], &texts[j]).unwrap().is_match());
        prop_assert_eq!(pairs_of(&report), expected);
    }

    /// Headlines: made of few phrases, of 3 to 40 words, so that many share most of their words.
    #[test]
    fn coverage_search_finds_all_pairs_of_short_texts(
        seed in any::<u64>(), phrases in 2usize..30, documents in 2usize..60, min_run in 3usize..20,
        threshold in proptest::sample::select(vec![0.3, 0.5, 0.8, 0.9]),
    ) {
        let mut dice = Dice::new(seed);
        let phrases: Vec<_> = (0..phrases).map(|_| { let n = 1 + dice.below(6); dice.words(n) }).collect();
        let texts: Vec<String> = (0..documents)
            .map(|_| (0..1 + dice.below(5)).flat_map(|_| phrases[dice.below(phrases.len())].clone()).collect::<Vec<_>>().join(" "))
            .collect();
        let mut builder = Detector::builder();
        builder.min_run(min_run).shingle(3).threshold(threshold).all_pairs(MOST);
        let detector = builder.build().unwrap();
        let report = detector.find(&texts).unwrap();
        let expected = pairs(texts.len(), |i, j| detector.compare(&texts[i], &texts[j]).unwrap().is_match());
        prop_assert_eq!(pairs_of(&report), expected);
        prop_assert_eq!(report.limits().crowded, 0);
    }

    #[test]
    fn hamming_search_finds_all_pairs(texts in corpus(0..30), bits in 0u32..17) {
        let detector = detector(Measure::Hamming, bits.into());
        check_hamming(&detector, &texts, bits);
    }

    #[test]
    fn reported_matches_are_what_compare_says(texts in corpus(0..24), measure in 0usize..4) {
        let (measure, threshold) = [
            (Measure::Coverage, 0.5), (Measure::Jaccard, 0.4), (Measure::Containment, 0.6), (Measure::Hamming, 6.0),
        ][measure];
        let detector = detector(measure, threshold);
        let report = detector.find(&texts).unwrap();
        for m in report.matches() {
            let found = detector.compare(&texts[m.a().index()], &texts[m.b().index()]).unwrap();
            prop_assert!(m.a() < m.b() && found.is_match());
            prop_assert_eq!(m.similarity(), found.similarity());
            prop_assert_eq!(m.passages(), found.passages());
            prop_assert_eq!(Some(m.relation()), found.relation().or(Some(doublon::Relation::Overlaps)));
        }
    }

    #[test]
    fn repeats_are_those_of_each_document(texts in corpus(0..24), settings in settings()) {
        let detector = settings.detector();
        let report = detector.find(&texts).unwrap();
        let mut expected = Vec::new();
        for (i, text) in texts.iter().enumerate() {
            expected.extend(detector.repeats(text).unwrap().into_iter().map(|repeat| (i, repeat)));
        }
        let found: Vec<_> =
            report.repeats().iter().map(|r: &DocRepeat| (r.doc().index(), r.repeat().clone())).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn counters_tell_the_corpus(texts in corpus(0..30)) {
        let report = doublon::find(&texts).unwrap();
        let words: Vec<_> = texts.iter().map(|text| words(text)).collect();
        let stats = report.stats();
        prop_assert_eq!(stats.documents as usize, texts.len());
        prop_assert_eq!(stats.bytes as usize, texts.iter().map(String::len).sum::<usize>());
        prop_assert_eq!(stats.tokens as usize, words.iter().map(Vec::len).sum::<usize>());
        let full: Vec<_> = words.iter().filter(|words| !words.is_empty()).collect();
        let distinct: BTreeSet<_> = full.iter().collect();
        prop_assert_eq!(stats.copies as usize, full.len() - distinct.len());
        prop_assert_eq!(report.limits().empty as usize, words.len() - full.len());
        prop_assert_eq!(report.limits().short as usize, full.iter().filter(|words| words.len() < 5).count());
    }

    #[test]
    fn permuting_the_input_permutes_the_report(
        texts in corpus(0..24), seed in any::<u64>(), measure in 0usize..5, clustering in 0usize..3,
        all_pairs in any::<bool>(), discount in proptest::option::of((2u32..6, 5usize..17)),
    ) {
        let (measure, search, threshold) = [
            (Measure::Coverage, Search::Auto, 0.5), (Measure::Jaccard, Search::Auto, 0.6),
            (Measure::Jaccard, Search::Exact, 0.3), (Measure::Containment, Search::Auto, 0.6),
            (Measure::Hamming, Search::Auto, 8.0),
        ][measure];
        let clustering = [Clustering::Star, Clustering::Connected, Clustering::CompleteLink][clustering];
        let mut builder = Detector::builder();
        builder.measure(measure).search(search).threshold(threshold).cluster(clustering);
        if all_pairs {
            builder.all_pairs(MOST);
        }
        if let Some((min_docs, min_run)) = discount {
            builder.boilerplate(Boilerplate::Discount { min_docs }).min_run(min_run);
        }
        let detector = builder.build().unwrap();
        let (shuffled, place) = permuted(&texts, seed);
        let (x, y) = (detector.find(&texts).unwrap(), detector.find(&shuffled).unwrap());
        let back: Vec<usize> = {
            let mut back = vec![0; place.len()];
            place.iter().enumerate().for_each(|(old, &new)| back[new] = old);
            back
        };
        let identity: Vec<usize> = (0..texts.len()).collect();
        prop_assert_eq!(clusters(&x, &texts, &identity), clusters(&y, &texts, &back));
        if all_pairs {
            prop_assert_eq!(matches(&x, &identity), matches(&y, &back));
        }
        prop_assert_eq!(x.stats(), y.stats());
        prop_assert_eq!(x.limits(), y.limits());
    }
}

/// The documents of each cluster with the tokens of the kept one. Which of several copies is kept
/// is for the order of the input to decide. `old` gives each document its number in the corpus
/// before it was permuted.
fn clusters(
    report: &Report,
    texts: &[String],
    old: &[usize],
) -> BTreeSet<(BTreeSet<usize>, Vec<String>)> {
    let document = |doc: doublon::DocId| old[doc.index()];
    let clusters = report.clusters().iter().map(|cluster| {
        let docs = cluster.docs().iter().map(|&doc| document(doc)).collect();
        (docs, words(&texts[document(cluster.keep())]))
    });
    clusters.collect()
}

/// All matches, the document first that stood first before the permutation.
fn matches(report: &Report, old: &[usize]) -> BTreeSet<(usize, usize, [u32; 6])> {
    let matches = report.matches().map(|m| {
        let (a, b) = (old[m.a().index()], old[m.b().index()]);
        let s = m.similarity();
        let mut sides = [(s.tokens_a(), s.covered_a()), (s.tokens_b(), s.covered_b())];
        if a > b {
            sides.reverse();
        }
        let [(tokens_a, covered_a), (tokens_b, covered_b)] = sides;
        let counts = [s.shared(), s.hamming(), tokens_a, covered_a, tokens_b, covered_b];
        (a.min(b), a.max(b), counts)
    });
    matches.collect()
}

fn check_hamming(detector: &Detector, texts: &[String], bits: u32) {
    let report = detector.find(texts).unwrap();
    let hashes: Vec<_> = texts.iter().map(|text| simhash(text)).collect();
    let empty: Vec<bool> = texts.iter().map(|text| words(text).is_empty()).collect();
    let expected =
        pairs(texts.len(), |i, j| !empty[i] && !empty[j] && hashes[i].distance(hashes[j]) <= bits);
    assert_eq!(pairs_of(&report), expected);
    for m in report.matches() {
        let (a, b) = (m.a().index(), m.b().index());
        assert_eq!(m.similarity().hamming(), hashes[a].distance(hashes[b]));
    }
}

fn simhash(text: &str) -> doublon::sketch::SimHash {
    use doublon::text::Tokenize;
    let (mut tokens, mut shingles) = (doublon::text::Tokens::new(), Vec::new());
    doublon::text::Words.tokenize(text, &mut tokens);
    doublon::shingle::shingles(tokens.hashes(), 5, &mut shingles);
    doublon::sketch::SimHash::of(&shingles)
}

/// More documents than are simply scanned: the tables must miss nothing.
#[test]
fn hamming_tables_find_all_pairs() {
    let texts = prose::corpus(11, 2500, 40);
    for bits in [0, 3, 7, 16] {
        check_hamming(&detector(Measure::Hamming, bits.into()), &texts, bits);
    }
}

/// Documents in groups, each edited more or less: pairs of every similarity.
fn graded(seed: u64, groups: usize) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let mut texts = Vec::new();
    for _ in 0..groups {
        let base = dice.words(150);
        for _ in 0..4 {
            let mut copy = base.clone();
            for _ in 0..dice.below(10) {
                let at = dice.below(copy.len());
                copy[at] = dice.own_words(1).remove(0);
            }
            texts.push(copy.join(" "));
        }
    }
    texts
}

#[test]
fn minhash_search_finds_what_it_was_designed_for() {
    let texts = graded(12, 2500);
    for threshold in [0.5, 0.7, 0.8, 0.9] {
        let exact = detector(Measure::Jaccard, threshold).find(&texts).unwrap();
        let minhash = Detector::builder()
            .measure(Measure::Jaccard)
            .threshold(threshold)
            .all_pairs(MOST)
            .build()
            .unwrap()
            .find(&texts)
            .unwrap();
        let (all, found) = (pairs_of(&exact), pairs_of(&minhash));
        assert!(found.iter().all(|pair| all.binary_search(pair).is_ok()), "only exact matches");
        let recall = found.len() as f64 / all.len() as f64;
        println!(
            "threshold {threshold}: {} of {} pairs, recall {recall:.5}",
            found.len(),
            all.len()
        );
        assert!(all.len() > 400 && recall >= 0.999);
        assert_eq!(minhash.limits().crowded, 0);
    }
}

/// The exact join on more documents, against brute force.
#[test]
fn exact_search_misses_nothing_in_a_larger_corpus() {
    let texts: Vec<String> = graded(13, 50).into_iter().chain(prose::corpus(14, 200, 50)).collect();
    let words: Vec<_> = texts.iter().map(|text| words(text)).collect();
    let all: Vec<_> = pairs(texts.len(), |_, _| true)
        .into_iter()
        .map(|(i, j)| ((i, j), counts(&words[i], &words[j], 5)))
        .collect();
    for percent in [10, 50, 70, 80, 95, 100] {
        for measure in [Measure::Jaccard, Measure::Containment] {
            let report = detector(measure, percent as f64 / 100.0).find(&texts).unwrap();
            let expected: Vec<_> = all
                .iter()
                .filter(|(_, counts)| match measure {
                    Measure::Jaccard => counts.jaccard_reaches(percent),
                    _ => counts.containment_reaches(percent),
                })
                .map(|&(pair, _)| pair)
                .collect();
            assert_eq!(pairs_of(&report), expected, "{measure} {percent}");
        }
    }
}

#[test]
fn more_pairs_than_asked_for_are_an_error() {
    let texts = ["one two three"; 4];
    let find = |most| Detector::builder().all_pairs(most).build().unwrap().find(&texts);
    assert_eq!(find(6).unwrap().matches().count(), 6);
    assert_eq!(find(5).unwrap_err().kind(), doublon::ErrorKind::Limit);
}

/// The number of threads must not show, in the bytes of the report either.
#[cfg(feature = "rayon")]
#[test]
fn threads_do_not_show() {
    let mut texts = prose::corpus(15, 600, 50);
    texts.extend(graded(16, 60));
    // A crowd, so that the cuts are the same too.
    let mut dice = Dice::new(17);
    let footer = dice.own_words(30).join(" ");
    texts.extend((0..400).map(|_| dice.own_words(40).join(" ") + " " + &footer));
    let (keep, discount) = (Boilerplate::Keep, Boilerplate::Discount { min_docs: 100 });
    for (measure, search, threshold, clustering, boilerplate) in [
        (Measure::Coverage, Search::Auto, 0.5, Clustering::Star, keep),
        (Measure::Coverage, Search::Auto, 0.5, Clustering::Star, discount),
        (Measure::Jaccard, Search::Auto, 0.5, Clustering::Connected, keep),
        (Measure::Jaccard, Search::Auto, 0.5, Clustering::Connected, discount),
        (Measure::Jaccard, Search::Exact, 0.3, Clustering::CompleteLink, keep),
        (Measure::Containment, Search::Auto, 0.6, Clustering::Star, keep),
        (Measure::Hamming, Search::Auto, 6.0, Clustering::Connected, keep),
    ] {
        let reports = [1, 2, 8].map(|threads| {
            let detector = Detector::builder()
                .measure(measure)
                .search(search)
                .threshold(threshold)
                .cluster(clustering)
                .boilerplate(boilerplate)
                .build()
                .unwrap();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| detector.find(&texts).unwrap())
        });
        assert!(reports[0].clusters().len() > 10);
        assert_eq!(reports[0].boilerplate().len(), usize::from(boilerplate == discount));
        for other in &reports[1..] {
            assert_eq!(&reports[0], other);
            #[cfg(feature = "serde")]
            assert_eq!(
                serde_json::to_string(&reports[0]).unwrap(),
                serde_json::to_string(other).unwrap()
            );
        }
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_report_survives_json() {
    let report = doublon::find(&prose::corpus(18, 40, 40)).unwrap();
    let json = serde_json::to_string(&report).unwrap();
    let back: Report = serde_json::from_str(&json).unwrap();
    assert_eq!(back, report);
}
