//! Searches of paragraphs, against references, and of some pairs only: what a search of all pairs by
//! hand finds.

use doublon::text::paragraphs;
use doublon::{Clustering, Detector, DetectorBuilder, Keep, Measure, Place, Search, Unit};
use proptest::prelude::*;

use crate::naive::prose::Dice;
use crate::naive::{
    Clusters, cliques, clusters_of, components, counts, pairs, pairs_of, stars, words,
};
use crate::texts::{corpus, paragraphed};

const CLUSTERINGS: [Clustering; 3] =
    [Clustering::Star, Clustering::Connected, Clustering::CompleteLink];

/// Which pairs may match, at random.
fn may_match(seed: u64, a: usize, b: usize) -> bool {
    Dice::new(seed ^ ((a as u64) << 32 | b as u64)).below(3) > 0
}

fn builder(measure: usize, percent: usize, clustering: Clustering) -> DetectorBuilder {
    let measure =
        [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming][measure];
    let mut builder = Detector::builder();
    builder.measure(measure).cluster(clustering).shingle(3).min_run(6);
    builder.threshold(match measure {
        Measure::Hamming => (percent / 6) as f64,
        _ => percent as f64 / 100.0,
    });
    if measure == Measure::Jaccard {
        builder.search(Search::Exact);
    }
    builder
}

fn clustered(clustering: Clustering, order: &[usize], pairs: &[(usize, usize)]) -> Clusters {
    match clustering {
        Clustering::Connected => components(order, pairs),
        Clustering::CompleteLink => cliques(order, pairs),
        _ => stars(order, pairs),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn only_allowed_pairs_match_and_all_of_them(
        texts in corpus(0..24), references in 0usize..12, seed in any::<u64>(), filtered in any::<bool>(),
        measure in 0usize..4, percent in 20usize..95, clustering in 0usize..3, last in any::<bool>(),
        all_pairs in any::<bool>(),
    ) {
        let references = references.saturating_sub(3).min(texts.len());
        let clustering = CLUSTERINGS[clustering];
        let mut builder = builder(measure, percent, clustering);
        builder.keep(if last { Keep::Last } else { Keep::First });
        let compare = builder.build().unwrap();
        if filtered {
            builder.pairs_if(move |a, b| may_match(seed, a.index(), b.index()));
        }
        if all_pairs {
            builder.all_pairs(1000);
        }
        let (reference, incoming) = texts.split_at(references);
        let report = builder.build().unwrap().find_against(reference, incoming).unwrap();
        prop_assert_eq!(report.references(), references);
        let all: Vec<Vec<String>> = texts.iter().map(|text| words(text)).collect();
        let pairs = pairs(texts.len(), |i, j| {
            let matches = || match measure {
                1 => counts(&all[i], &all[j], 3).jaccard_reaches(percent),
                2 => counts(&all[i], &all[j], 3).containment_reaches(percent),
                _ => compare.compare(&texts[i], &texts[j]).unwrap().is_match(),
            };
            j >= references && (!filtered || may_match(seed, i, j)) && matches()
        });
        let mut order: Vec<usize> = (0..texts.len()).collect();
        if last {
            order.reverse();
        }
        order.sort_by_key(|&document| document >= references);
        prop_assert_eq!(clusters_of(&report), clustered(clustering, &order, &pairs));
        if all_pairs {
            prop_assert_eq!(pairs_of(&report), pairs);
        }
        prop_assert!(report.removable().all(|doc| doc.index() >= references));
        prop_assert_eq!((report.limits().crowded, report.limits().full), (0, 0));
    }

    #[test]
    fn a_filter_that_refuses_nothing_changes_nothing(
        texts in corpus(0..24), measure in 0usize..4, percent in 20usize..95, clustering in 0usize..3,
        all_pairs in any::<bool>(),
    ) {
        let mut builder = builder(measure, percent, CLUSTERINGS[clustering]);
        if all_pairs {
            builder.all_pairs(1000);
        }
        let all = builder.build().unwrap().find(&texts).unwrap();
        let filtered = builder.pairs_if(|a, b| a < b).build().unwrap().find(&texts).unwrap();
        prop_assert_eq!(clusters_of(&all), clusters_of(&filtered));
        prop_assert_eq!(all.removals(doublon::Remove::Copies), filtered.removals(doublon::Remove::Copies));
        if all_pairs || clustering != 1 {
            prop_assert!(all.matches().eq(filtered.matches()));
        }
    }

    /// The paragraphs as texts of their own, by hand.
    #[test]
    fn paragraphs_are_searched_as_texts(
        texts in paragraphed(0..8), references in 0usize..8, seed in any::<u64>(), filtered in any::<bool>(),
        measure in 0usize..4, percent in 20usize..95, clustering in 0usize..3, all_pairs in any::<bool>(),
    ) {
        let references = references.saturating_sub(4).min(texts.len());
        let clustering = CLUSTERINGS[clustering];
        let mut builder = builder(measure, percent, clustering);
        let compare = builder.build().unwrap();
        builder.unit(Unit::Paragraph).keep(Keep::First);
        if filtered {
            builder.pairs_if(move |a, b| may_match(seed, a.index(), b.index()));
        }
        if all_pairs {
            builder.all_pairs(10_000);
        }
        let (reference, incoming) = texts.split_at(references);
        let report = builder.build().unwrap().find_against(reference, incoming).unwrap();
        let mut places = Vec::new();
        for (doc, text) in texts.iter().enumerate() {
            places.extend(paragraphs(text).map(|span| (doc, span)));
        }
        let text = |number: usize| &texts[places[number].0][places[number].1];
        let pairs = pairs(places.len(), |i, j| {
            let (a, b) = (places[i].0, places[j].0);
            b >= references
                && (a == b || !filtered || may_match(seed, a, b))
                && compare.compare(text(i), text(j)).unwrap().is_match()
        });
        let number = |place: Place| {
            places.binary_search(&(place.doc().index(), place.span())).unwrap()
        };
        let mut found: Clusters = Vec::new();
        for cluster in report.clusters() {
            let docs: Vec<_> = cluster.places().map(|place| place.doc()).collect();
            prop_assert_eq!(&docs, cluster.docs());
            prop_assert_eq!(cluster.keep_place().doc(), cluster.keep());
            found.push((number(cluster.keep_place()), cluster.places().map(number).collect()));
        }
        found.sort();
        let order: Vec<usize> = (0..places.len()).collect();
        prop_assert_eq!(found, clustered(clustering, &order, &pairs));
        for m in report.matches() {
            let [a, b] = m.places();
            prop_assert!((a.doc(), b.doc()) == (m.a(), m.b()) && a < b);
            prop_assert!(pairs.contains(&(number(a), number(b))));
            let of_pair = compare.compare(text(number(a)), text(number(b))).unwrap();
            prop_assert_eq!(m.similarity(), of_pair.similarity());
            prop_assert_eq!(m.passages().len(), of_pair.passages().len());
            for (passage, in_pair) in m.passages().iter().zip(of_pair.passages()) {
                prop_assert_eq!(passage.a().start(), in_pair.a().start() + a.span().start());
                prop_assert_eq!(passage.b().end(), in_pair.b().end() + b.span().start());
                for run in passage.runs() {
                    let [x, y] = [(&texts[a.doc().index()], run.a()), (&texts[b.doc().index()], run.b())];
                    prop_assert_eq!(words(&x.0[x.1]), words(&y.0[y.1]));
                }
            }
        }
        if all_pairs {
            let mut all: Vec<(usize, usize)> =
                report.matches().map(|m| m.places().map(number).into()).collect();
            all.sort();
            prop_assert_eq!(all, pairs);
        }
        let of_documents = Detector::builder().shingle(3).min_run(6).build().unwrap().find(&texts).unwrap();
        prop_assert_eq!(report.repeats(), of_documents.repeats());
        prop_assert_eq!(report.stats().documents, of_documents.stats().documents);
        prop_assert_eq!(report.stats().bytes, of_documents.stats().bytes);
        prop_assert_eq!(report.stats().tokens, of_documents.stats().tokens);
    }
}

#[test]
fn a_summary_names_paragraphs_by_their_places() {
    let texts = ["read more on our pages\nnews", "other news\nread more on our pages"];
    let report = Detector::builder().unit(Unit::Paragraph).build().unwrap().find(&texts).unwrap();
    assert!(report.to_string().ends_with("\ncluster #0:0..22 #1:11..33, keep #0:0..22\n"));
    assert_eq!(report.removable().count(), 0, "no document is to be dropped for a paragraph");
}

/// What every reference has is no crowd: references do not meet.
#[test]
fn a_crowd_of_references_hides_nothing() {
    let mut dice = Dice::new(21);
    let footer = dice.own_words(40).join(" ");
    let reference: Vec<String> =
        (0..700).map(|_| dice.own_words(20).join(" ") + " " + &footer).collect();
    let body: Vec<&str> = reference[600].split(' ').take(20).collect();
    let incoming = [dice.own_words(30).join(" "), footer.clone() + " and " + &body.join(" ")];
    let mut builder = Detector::builder();
    builder.threshold(0.9);
    let report = builder.build().unwrap().find_against(&reference, &incoming).unwrap();
    assert_eq!(clusters_of(&report), [(600, [600, 701].into())]);
    assert_eq!((report.limits().crowded, report.matches().count()), (0, 1));
    // As a search of all documents does not find it, and says so.
    let all: Vec<&String> = reference.iter().chain(&incoming).collect();
    assert!(builder.build().unwrap().find(&all).unwrap().limits().crowded > 0);
}

/// Copies, of which most may not match, are no reason to compare all of them.
#[test]
fn a_flood_of_copies_that_may_not_match_is_bounded() {
    let texts: Vec<String> = vec!["the very same words in every one of these".to_owned(); 20_000];
    let same_half = |a: usize, b: usize| a % 2 == b % 2;
    let report = Detector::builder()
        .pairs_if(move |a, b| same_half(a.index(), b.index()))
        .keep(Keep::First)
        .build()
        .unwrap()
        .find(&texts)
        .unwrap();
    let kept: Vec<_> = report.clusters().iter().map(|cluster| cluster.keep().index()).collect();
    assert_eq!((kept, report.removals(doublon::Remove::Copies).len()), (vec![0, 1], 19_998));
    assert_eq!(report.limits().crowded, 0);
    let none = Detector::builder().pairs_if(|_, _| false).build().unwrap().find(&texts).unwrap();
    assert_eq!((none.clusters().len(), none.stats().verified), (0, 0));
    assert!(none.limits().crowded > 0);
}

#[cfg(feature = "rayon")]
#[test]
fn threads_do_not_show() {
    use crate::naive::prose;

    let mut texts = prose::corpus(22, 300, 50);
    texts.extend(prose::corpus(23, 200, 40).chunks(4).map(|texts| texts.join("\n\n")));
    for (clustering, unit) in
        CLUSTERINGS.into_iter().zip([Unit::Document, Unit::Paragraph, Unit::Document])
    {
        let reports = [1, 2, 8].map(|threads| {
            let detector = Detector::builder()
                .cluster(clustering)
                .unit(unit)
                .pairs_if(|a, b| may_match(5, a.index(), b.index()))
                .build()
                .unwrap();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| detector.find_against(&texts[..100], &texts[100..]).unwrap())
        });
        assert!(reports[0].clusters().len() > 10);
        assert!(reports[1..].iter().all(|other| *other == reports[0]));
    }
}
