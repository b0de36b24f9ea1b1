//! Clusters against greedy grouping of all exact pairs.

use doublon::{Clustering, Detector, Keep, Measure, Search};
use proptest::prelude::*;

use crate::naive::{self, cliques, clusters_of, components, counts, pairs, pairs_of, stars, words};
use crate::texts::corpus;

/// All pairs of the corpus that match, by brute force.
fn matching(
    detector: &Detector,
    texts: &[String],
    measure: Measure,
    percent: usize,
) -> Vec<(usize, usize)> {
    let words: Vec<_> = texts.iter().map(|text| words(text)).collect();
    pairs(texts.len(), |i, j| match measure {
        Measure::Jaccard => counts(&words[i], &words[j], 3).jaccard_reaches(percent),
        Measure::Containment => counts(&words[i], &words[j], 3).containment_reaches(percent),
        _ => detector.compare(&texts[i], &texts[j]).unwrap().is_match(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn clusters_are_those_of_all_pairs(
        texts in corpus(0..24),
        measure in 0usize..4,
        percent in 20usize..95,
        clustering in 0usize..3,
        keep in 0usize..3,
        all_pairs in any::<bool>(),
    ) {
        let measure = [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming][measure];
        let clustering = [Clustering::Star, Clustering::Connected, Clustering::CompleteLink][clustering];
        let mut builder = Detector::builder();
        builder.measure(measure).cluster(clustering).shingle(3).min_run(6);
        builder.threshold(if measure == Measure::Hamming { (percent / 6) as f64 } else { percent as f64 / 100.0 });
        if measure == Measure::Jaccard {
            builder.search(Search::Exact);
        }
        if all_pairs {
            builder.all_pairs(1000);
        }
        let n = texts.len();
        let (keep, order): (_, Vec<usize>) = match keep {
            0 => (Keep::First, (0..n).collect()),
            1 => (Keep::Last, (0..n).rev().collect()),
            _ => {
                let priority = |i: usize| (i * 7 % 5) as i64;
                let mut order: Vec<usize> = (0..n).collect();
                order.sort_by_key(|&i| (-priority(i), i));
                (Keep::by(move |doc| priority(doc.index())), order)
            }
        };
        let detector = builder.keep(keep).build().unwrap();
        let report = detector.find(&texts).unwrap();
        let pairs = matching(&detector, &texts, measure, percent);
        let expected = match clustering {
            Clustering::Connected => components(&order, &pairs),
            Clustering::CompleteLink => cliques(&order, &pairs),
            _ => stars(&order, &pairs),
        };
        prop_assert_eq!(clusters_of(&report), expected);
        if all_pairs {
            prop_assert_eq!(&pairs_of(&report), &pairs);
        }
        for cluster in report.clusters() {
            prop_assert_eq!(cluster.matches().len(), cluster.docs().len() - 1);
            let mut links = Vec::new();
            for m in cluster.matches() {
                let (a, b) = (m.a().index(), m.b().index());
                prop_assert!(pairs.contains(&(a, b)), "a match that does not match");
                let keep = cluster.keep();
                prop_assert!(clustering == Clustering::Connected || m.a() == keep || m.b() == keep);
                links.push((a, b));
            }
            // Together they connect the cluster.
            prop_assert_eq!(components(&order, &links).len(), 1);
            let weakest = cluster.weakest().unwrap();
            prop_assert!(cluster.matches().contains(weakest));
        }
        let limits = report.limits();
        prop_assert_eq!((limits.crowded, limits.full), (0, 0));
    }

    #[test]
    fn longest_keeps_a_longest_document(texts in corpus(0..24)) {
        let report = doublon::find(&texts).unwrap();
        let len = |doc: doublon::DocId| naive::words(&texts[doc.index()]).len();
        let mut kept: Vec<_> = Vec::new();
        for cluster in report.clusters() {
            prop_assert!(cluster.docs().iter().all(|&doc| len(doc) <= len(cluster.keep())));
            prop_assert!(cluster.docs().is_sorted() && cluster.docs().contains(&cluster.keep()));
            kept.push(cluster.docs()[0]);
        }
        prop_assert!(kept.is_sorted());
        let members: usize = report.clusters().iter().map(|c| c.docs().len()).sum();
        prop_assert_eq!(report.removable().count(), members - report.clusters().len());
    }
}
