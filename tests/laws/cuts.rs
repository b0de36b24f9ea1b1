//! A report cut at a higher threshold against a search made with that threshold.

use std::sync::Arc;

use doublon::{
    Clustering, Detector, DetectorBuilder, ErrorKind, Keep, Measure, Remove, Report, Search,
};
use proptest::prelude::*;

use crate::naive::{clusters_of, pairs_of};
use crate::texts::{corpus, permuted};

const MEASURES: [Measure; 4] =
    [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming];
const CLUSTERINGS: [Clustering; 3] =
    [Clustering::Star, Clustering::Connected, Clustering::CompleteLink];

/// One of the ways to keep; each is asked for by its number.
pub fn keep(number: usize) -> Keep {
    match number {
        0 => Keep::Longest,
        1 => Keep::First,
        2 => Keep::Last,
        _ => Keep::Priority(Arc::new(|doc| (doc.index() * 7 % 5) as i64)),
    }
}

/// A search that misses nothing.
pub fn complete(measure: usize, clustering: usize, keep_number: usize) -> DetectorBuilder {
    let mut builder = Detector::builder();
    builder.measure(MEASURES[measure]).cluster(CLUSTERINGS[clustering]).keep(keep(keep_number));
    builder.shingle(3).min_run(6);
    if MEASURES[measure] == Measure::Jaccard {
        builder.search(Search::Exact);
    }
    builder
}

/// A threshold of the measure: the more per cent, the stricter.
pub fn threshold(measure: usize, percent: usize) -> f64 {
    if MEASURES[measure] == Measure::Hamming {
        16.0 - (percent * 16 / 100) as f64
    } else {
        percent as f64 / 100.0
    }
}

pub fn same(cut: &Report, fresh: &Report) -> Result<(), TestCaseError> {
    prop_assert_eq!(cut.threshold(), fresh.threshold());
    prop_assert_eq!(cut.clusters(), fresh.clusters());
    prop_assert_eq!(cut.repeats(), fresh.repeats());
    for remove in [Remove::Copies, Remove::Matches] {
        prop_assert_eq!(cut.removals(remove), fresh.removals(remove));
    }
    let (cut, fresh): (Vec<_>, Vec<_>) = (cut.matches().collect(), fresh.matches().collect());
    prop_assert_eq!(cut, fresh);
    Ok(())
}

/// The same with exact copies of some among them.
fn with_copies(mut texts: Vec<String>, copies: usize, seed: u64) -> Vec<String> {
    for at in 0..copies.min(texts.len()) {
        texts.push(texts[at * 5 % texts.len()].clone());
    }
    permuted(&texts, seed).0
}

/// Such texts, and the numbers of a measure, a clustering and a way to keep.
fn searched(longest: usize) -> impl Strategy<Value = (Vec<String>, [usize; 3])> {
    let numbers = (0usize..4, 0usize..3, 0usize..4);
    (corpus(0..longest), 0usize..6, any::<u64>(), numbers).prop_map(
        |(texts, copies, seed, (measure, clustering, keep))| {
            (with_copies(texts, copies, seed), [measure, clustering, keep])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn a_cut_is_what_a_new_search_finds(
        (texts, [measure, clustering, keep]) in searched(24),
        floor in 5usize..90,
        more in proptest::collection::vec(0usize..60, 1..4),
    ) {
        let mut builder = complete(measure, clustering, keep);
        let mut find = |percent| {
            builder.threshold(threshold(measure, percent)).all_pairs(10_000);
            builder.build().unwrap().find(&texts).unwrap()
        };
        let mut report = find(floor);
        same(&report.at(report.threshold()).unwrap(), &report)?;
        let mut percent = floor;
        for more in more {
            percent = (percent + more).min(100);
            let fresh = find(percent);
            // A cut of a cut is a cut.
            report = report.at(threshold(measure, percent)).unwrap();
            same(&report, &fresh)?;
            prop_assert_eq!(&report.at(report.threshold()).unwrap(), &report);
            prop_assert_eq!(pairs_of(&report), pairs_of(&fresh));
            prop_assert!(report.limits().crowded == 0);
        }
    }

    #[test]
    fn each_threshold_has_the_numbers_of_its_cut(
        (texts, [measure, clustering, keep]) in searched(30),
        floor in 5usize..60,
    ) {
        let mut builder = complete(measure, clustering, keep);
        builder.threshold(threshold(measure, floor)).all_pairs(10_000);
        let report = builder.build().unwrap().find(&texts).unwrap();
        let numbers = |report: &Report| (report.clusters().len(), report.removable().count());
        let stricter = |threshold: f64| match MEASURES[measure] {
            Measure::Hamming => threshold - 1.0,
            _ => threshold + 1e-6,
        };
        let mut before = (0, 0);
        let mut last: Option<f64> = None;
        for row in report.thresholds().unwrap() {
            let cut = report.at(row.threshold()).unwrap();
            prop_assert_eq!((row.clusters(), row.removals()), numbers(&cut));
            prop_assert_ne!(before, numbers(&cut));
            if let Ok(cut) = report.at(stricter(row.threshold())) {
                prop_assert_eq!(before, numbers(&cut), "nothing changes between two rows");
            }
            if let Some(last) = last.replace(row.threshold()) {
                prop_assert!((last > row.threshold()) != (MEASURES[measure] == Measure::Hamming));
            }
            before = numbers(&cut);
        }
        prop_assert_eq!(before, numbers(&report));
    }

    /// What no search is complete for: a cut still holds verified pairs only, and their clusters.
    #[test]
    fn a_cut_after_minhash_search_is_a_part(
        texts in corpus(0..24), clustering in 0usize..3, floor in 30usize..70, more in 0usize..30,
    ) {
        let mut builder = Detector::builder();
        builder.cluster(CLUSTERINGS[clustering]);
        builder.measure(Measure::Jaccard).threshold(floor as f64 / 100.0).shingle(3).min_run(6);
        let detector = builder.all_pairs(10_000).build().unwrap();
        let report = detector.find(&texts).unwrap();
        same(&report.at(report.threshold()).unwrap(), &report)?;
        let cut = report.at((floor + more) as f64 / 100.0).unwrap();
        let pairs = pairs_of(&report);
        prop_assert!(pairs_of(&cut).iter().all(|pair| pairs.contains(pair)));
        prop_assert!(cut.matches().all(|m| m.similarity().jaccard() >= cut.threshold()));
        prop_assert_eq!(clusters_of(&cut), clusters_of(&cut.at(cut.threshold()).unwrap()));
        cut.verify(&texts).unwrap();
    }
}

#[test]
fn a_cut_needs_the_pairs_and_a_threshold_that_is_not_lower() {
    let texts = ["one two three four five six seven", "one two three four five six eight"];
    let report = Detector::builder().measure(Measure::Jaccard).build().unwrap().find(&texts);
    for error in [report.as_ref().unwrap().at(0.9).err(), report.unwrap().thresholds().err()] {
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("all_pairs"), "{error}");
    }
    for (measure, lower, lower_says, wrong) in [
        (Measure::Jaccard, 0.5, "past its own threshold of 0.7", 1.5),
        (Measure::Hamming, 4.0, "past its own threshold of 3", 2.5),
    ] {
        let detector = Detector::builder().measure(measure).all_pairs(10).build().unwrap();
        let report = detector.find(&texts).unwrap();
        let error = report.at(lower).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(lower_says), "{error}");
        assert_eq!(report.at(wrong).unwrap_err().kind(), ErrorKind::Config);
    }
}

/// More members than a complete-link cluster may have; of copies there may be any number.
#[test]
fn a_cut_knows_the_greatest_size() {
    let words: Vec<String> = (0..60).map(crate::naive::prose::word).collect();
    let mut texts: Vec<String> = (0..1003).map(|i| format!("{} end{i}", words.join(" "))).collect();
    texts.push(texts[0].clone());
    let mut builder = Detector::builder();
    builder.measure(Measure::Jaccard).search(Search::Exact).cluster(Clustering::CompleteLink);
    builder.threshold(0.5).repeats(false).all_pairs(1 << 20).keep(Keep::First);
    let report = builder.build().unwrap().find(&texts).unwrap();
    assert_eq!(report.limits().full, 3);
    let fresh = builder.threshold(0.6).build().unwrap().find(&texts).unwrap();
    let cut = report.at(0.6).unwrap();
    assert_eq!(cut.clusters(), fresh.clusters());
    assert_eq!(cut.clusters()[0].docs().len(), 1001);
    let last = *report.thresholds().unwrap().last().unwrap();
    assert_eq!((last.clusters(), last.removals()), (2, 1000 + 2));
}
