//! An audit tells what a run misses, and nothing that it does not.

use std::collections::BTreeSet;

use doublon::{Audit, Clustering, Detector, DetectorBuilder, ErrorKind, Measure, Report, Search};
use proptest::prelude::*;

use crate::naive::pairs;
use crate::naive::prose::{self, Dice};
use crate::texts::corpus;

/// The cluster of each document.
fn clusters(report: &Report, documents: usize) -> Vec<Option<usize>> {
    let mut clusters = vec![None; documents];
    for (number, cluster) in report.clusters().iter().enumerate() {
        cluster.docs().iter().for_each(|doc| clusters[doc.index()] = Some(number));
    }
    clusters
}

/// What an audit of all documents must say: the recall and the missed pairs.
fn truth(builder: &DetectorBuilder, texts: &[String]) -> (f64, Vec<(usize, usize)>) {
    let detector = builder.clone().cluster(Clustering::Connected).build().unwrap();
    let clusters = clusters(&detector.find(texts).unwrap(), texts.len());
    let all = pairs(texts.len(), |a, b| detector.compare(&texts[a], &texts[b]).unwrap().is_match());
    let found = |a: usize, b: usize| clusters[a].is_some() && clusters[a] == clusters[b];
    let (mut sum, mut documents) = (0.0, 0.0);
    for document in 0..texts.len() {
        let own = || all.iter().filter(|&&(a, b)| a == document || b == document);
        if own().count() > 0 {
            sum += own().filter(|&&(a, b)| found(a, b)).count() as f64 / own().count() as f64;
            documents += 1.0;
        }
    }
    let missed = all.iter().copied().filter(|&(a, b)| !found(a, b)).collect();
    (if documents == 0.0 { 1.0 } else { sum / documents }, missed)
}

fn missed(audit: &Audit) -> Vec<(usize, usize)> {
    audit.missed().iter().map(|pair| pair.map(|place| place.doc().index()).into()).collect()
}

fn builder(which: usize) -> DetectorBuilder {
    let (measure, search, threshold) = [
        (Measure::Coverage, Search::Auto, 0.5),
        (Measure::Coverage, Search::Auto, 0.2),
        (Measure::Jaccard, Search::Auto, 0.5),
        (Measure::Jaccard, Search::Exact, 0.3),
        (Measure::Containment, Search::Auto, 0.6),
        (Measure::Hamming, Search::Auto, 8.0),
    ][which];
    let mut builder = Detector::builder();
    builder.measure(measure).search(search).threshold(threshold);
    builder
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_audit_of_all_documents_is_the_truth(
        texts in corpus(0..24), which in 0usize..6, min_run in 5usize..17, seed in any::<u64>(),
    ) {
        let mut builder = builder(which);
        builder.min_run(min_run);
        let audit = builder.build().unwrap().audit(&texts, 1000, seed).unwrap();
        let (recall, pairs) = truth(&builder, &texts);
        prop_assert!((audit.recall().estimate() - recall).abs() < 1e-12);
        prop_assert_eq!(audit.recall().low(), audit.recall().high());
        prop_assert_eq!(missed(&audit), pairs);
        prop_assert_eq!(audit.sampled(), audit.documents());
        prop_assert_eq!(audit.recounted(), audit.matches());
        prop_assert!(audit.wrong().is_empty());
        prop_assert_eq!(audit.precision().low(), 1.0);
    }

    #[test]
    fn an_audit_of_some_documents_counts_their_matches(
        texts in corpus(0..24), which in 0usize..6, sample in 1usize..20, seed in any::<u64>(),
    ) {
        let builder = builder(which);
        let audit = builder.build().unwrap().audit(&texts, sample, seed).unwrap();
        let (_, pairs) = truth(&builder, &texts);
        prop_assert!(audit.sampled() <= audit.documents().min(sample as u64 + 4));
        prop_assert!(missed(&audit).iter().all(|pair| pairs.contains(pair)));
        prop_assert!(audit.found() <= audit.pairs());
        prop_assert_eq!(audit.found() == audit.pairs(), audit.missed().is_empty());
        for interval in [audit.recall(), audit.precision()] {
            prop_assert!(0.0 <= interval.low() && interval.low() <= interval.estimate());
            prop_assert!(interval.estimate() <= interval.high() && interval.high() <= 1.0);
        }
        prop_assert_eq!(&audit, &builder.build().unwrap().audit(&texts, sample, seed).unwrap());
    }
}

/// Documents of three out of ten paragraphs that a quarter of all have, with words of their own
/// between them: every fingerprint that a pair shares is one of a crowd, and most pairs with the same
/// three are not looked at.
fn crowded() -> Vec<String> {
    let mut dice = Dice::new(51);
    let paragraphs: Vec<String> = (0..10).map(|_| dice.own_words(30).join(" ")).collect();
    let mut texts = Vec::new();
    for _ in 0..1200 {
        let mut numbers: Vec<usize> = (0..10).collect();
        dice.shuffle(&mut numbers);
        let mut parts = Vec::new();
        for &at in &numbers[..3] {
            parts.push(paragraphs[at].clone());
            parts.push(dice.own_words(16).join(" "));
        }
        texts.push(parts.join("\n\n"));
    }
    texts.extend((0..600).map(|_| dice.own_words(40).join(" ")));
    texts
}

#[test]
fn an_audit_shows_what_a_crowd_hides() {
    let texts = crowded();
    let detector = Detector::default();
    let connected = Detector::builder().cluster(Clustering::Connected).build().unwrap();
    let report = connected.find(&texts).unwrap();
    assert!(report.limits().crowded > 0);
    let clusters = clusters(&report, texts.len());
    let whole = detector.audit(&texts, texts.len(), 0).unwrap();
    let truth = whole.recall().estimate();
    println!("{whole}");
    assert_eq!(whole.recall().low(), whole.recall().high());
    // Each is told once, up to a thousand, and counted for either document.
    assert!((0.02..0.95).contains(&truth));
    let missed_pairs = (whole.pairs() - whole.found()) / 2;
    assert!(missed_pairs > 1000 && whole.missed().len() == 1000);
    let mut covered = 0;
    for seed in 0..40 {
        let audit = detector.audit(&texts, 200, seed).unwrap();
        assert!((200..204).contains(&audit.sampled()));
        for (a, b) in missed(&audit) {
            assert!(clusters[a].is_none() || clusters[a] != clusters[b]);
            assert!(seed > 0 || detector.compare(&texts[a], &texts[b]).unwrap().is_match());
        }
        assert!(!audit.missed().is_empty() && audit.wrong().is_empty());
        assert_eq!(audit.precision().estimate(), 1.0);
        let recall = audit.recall();
        covered += u32::from((recall.low()..=recall.high()).contains(&truth));
    }
    println!("{covered} of 40");
    assert!(covered >= 35);
}

/// Samples differ with the seed and with nothing else.
#[test]
fn a_seed_draws_a_sample() {
    let texts = prose::corpus(52, 400, 60);
    let detector = Detector::default();
    let pairs: BTreeSet<u64> =
        (0..20).map(|seed| detector.audit(&texts, 50, seed).unwrap().pairs()).collect();
    assert!(pairs.len() > 5, "{pairs:?}");
    assert_eq!(detector.audit(&texts, 0, 1).unwrap_err().kind(), ErrorKind::Config);
    #[cfg(feature = "rayon")]
    {
        let audits = [1, 2, 7].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| detector.audit(&texts, 50, 3).unwrap())
        });
        assert!(audits.iter().all(|audit| audit == &audits[0]));
    }
}
