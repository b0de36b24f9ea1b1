//! Many texts: every match holds, every pair that was promised is there, clusters are what they
//! say, and neither a second run nor the order of the input changes anything.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use doublon::{Clustering, Detector, Report};
use doublon_fuzz::Case;
use libfuzzer_sys::fuzz_target;

const MOST_TEXTS: usize = 8;

fuzz_target!(|data: &[u8]| {
    let Some(Case { settings, texts }) = Case::new(data) else { return };
    let texts = texts.at_most(MOST_TEXTS);
    let mut builder = settings.builder();
    let detector = builder.build().expect("the settings are valid");
    let report = find(&detector, &texts);
    assert_eq!(report, find(&detector, &texts), "a second run differs");
    every_match_holds(&detector, &report, &texts);
    clusters_are_sound(&report, settings.cluster());

    let detector = builder.all_pairs(MOST_TEXTS * MOST_TEXTS).build().expect("still valid");
    let pairs = find(&detector, &texts);
    every_match_holds(&detector, &pairs, &texts);
    assert_eq!(clusters(&report), clusters(&pairs), "all pairs change the clusters");
    let found: BTreeSet<(usize, usize)> =
        pairs.matches().map(|found| (found.a().index(), found.b().index())).collect();
    let mut expected = BTreeSet::new();
    for (i, a) in texts.iter().enumerate() {
        for (j, b) in texts.iter().enumerate().skip(i + 1) {
            if detector.compare(a, b).expect("the texts are small").is_match() {
                expected.insert((i, j));
            }
        }
    }
    if settings.finds_every_pair() {
        assert_eq!(found, expected);
    } else {
        assert!(found.is_subset(&expected));
    }

    if settings.keeps_longest() {
        let turned: Vec<&String> = texts.iter().rev().collect();
        let turned = clusters(&find(&detector, &turned));
        let turned = turned
            .into_iter()
            .map(|docs| docs.into_iter().map(|doc| texts.len() - 1 - doc).collect::<BTreeSet<_>>());
        assert_eq!(clusters(&pairs), turned.collect(), "the order of the input matters");
    }
    let repeats: BTreeMap<usize, Vec<_>> =
        report.repeats().iter().fold(BTreeMap::new(), |mut all, found| {
            all.entry(found.doc().index()).or_insert_with(Vec::new).push(found.repeat().clone());
            all
        });
    for (i, text) in texts.iter().enumerate() {
        let alone = detector.repeats(text).expect("the texts are small");
        assert_eq!(repeats.get(&i).map_or(&[][..], Vec::as_slice), alone);
    }
});

fn find<T: AsRef<str> + Sync>(detector: &Detector, texts: &[T]) -> Report {
    detector.find(texts).expect("the texts are small and few")
}

fn clusters(report: &Report) -> BTreeSet<BTreeSet<usize>> {
    let docs = |cluster: &doublon::Cluster| cluster.docs().iter().map(|doc| doc.index()).collect();
    report.clusters().iter().map(docs).collect()
}

fn every_match_holds(detector: &Detector, report: &Report, texts: &[String]) {
    let of_clusters = report.clusters().iter().flat_map(|cluster| cluster.matches());
    for found in report.matches().chain(of_clusters) {
        assert!(found.a() < found.b());
        let (a, b) = (&texts[found.a().index()], &texts[found.b().index()]);
        let pair = detector.compare(a, b).expect("the texts are small");
        assert!(pair.is_match(), "{} and {} do not match", found.a(), found.b());
        assert_eq!(found.similarity(), pair.similarity());
        assert_eq!(found.passages(), pair.passages());
        if let Some(relation) = pair.relation() {
            assert_eq!(found.relation(), relation);
        }
    }
}

fn clusters_are_sound(report: &Report, clustering: Clustering) {
    let mut seen = BTreeSet::new();
    for cluster in report.clusters() {
        assert!(cluster.docs().len() >= 2);
        assert!(cluster.docs().contains(&cluster.keep()));
        assert!(cluster.docs().iter().all(|doc| seen.insert(*doc)), "a document in two clusters");
        assert_eq!(cluster.matches().len(), cluster.docs().len() - 1);
        let mut reached = BTreeSet::from([cluster.keep()]);
        for _ in cluster.docs() {
            for found in cluster.matches() {
                if reached.contains(&found.a()) || reached.contains(&found.b()) {
                    reached.extend([found.a(), found.b()]);
                }
            }
        }
        assert!(reached.iter().eq(cluster.docs()), "its matches do not connect a cluster");
        for found in cluster.matches() {
            let with_kept = [found.a(), found.b()].contains(&cluster.keep());
            assert!(with_kept || clustering == Clustering::Connected);
        }
    }
    assert_eq!(report.removable().count() + report.clusters().len(), seen.len());
}
