//! Reports of paragraphs, of searches against references and of chosen pairs: what is promised of a
//! report of whole documents holds for them too.

use doublon::text::paragraphs;
use doublon::{
    Boilerplate, Clustering, Detector, DetectorBuilder, ErrorKind, Keep, Measure, Place, Remove,
    Report, Search, Unit,
};
use proptest::prelude::*;

use crate::certificates::read_back;
use crate::cuts::{complete, same, threshold};
use crate::naive::pairs;
use crate::naive::prose::Dice;
use crate::texts::{corpus, paragraphed};

/// What is compared with what; and how.
#[derive(Clone, Copy, Debug)]
struct Kind {
    unit: Unit,
    references: usize,
    /// Of a choice of pairs.
    chosen: Option<u64>,
    /// Boilerplate is what stands in so many documents.
    discount: Option<u32>,
    measure: usize,
    clustering: usize,
    keep: usize,
}

fn kind() -> impl Strategy<Value = Kind> {
    let chosen = proptest::option::of(any::<u64>());
    let discount = proptest::option::weighted(0.25, 2u32..5);
    (any::<bool>(), 0usize..8, chosen, discount, 0usize..4, 0usize..3, 0usize..4).prop_map(
        |(paragraphs, references, chosen, discount, measure, clustering, keep)| {
            let unit = if paragraphs { Unit::Paragraph } else { Unit::Document };
            let references = references.saturating_sub(3);
            Kind { unit, references, chosen, discount, measure, clustering, keep }
        },
    )
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![paragraphed(0..9), corpus(0..16)]
}

fn may_match(seed: u64, a: usize, b: usize) -> bool {
    Dice::new(seed ^ ((a as u64) << 32 | b as u64)).below(3) > 0
}

impl Kind {
    fn builder(self, percent: usize) -> DetectorBuilder {
        let mut builder = complete(self.measure, self.clustering, self.keep);
        builder.threshold(threshold(self.measure, percent)).unit(self.unit);
        if let Some(min_docs) = self.discount {
            builder.boilerplate(Boilerplate::Discount { min_docs });
        }
        if let Some(seed) = self.chosen {
            builder.pairs_if(move |a, b| may_match(seed, a.index(), b.index()));
        }
        builder
    }

    fn split(self, texts: &[String]) -> (&[String], &[String]) {
        texts.split_at(self.references.min(texts.len()))
    }

    fn find(self, percent: usize, texts: &[String]) -> Report {
        let (reference, incoming) = self.split(texts);
        let detector = self.builder(percent).all_pairs(20_000).build().unwrap();
        detector.find_against(reference, incoming).unwrap()
    }

    fn places(self, texts: &[String]) -> Vec<(usize, doublon::Span)> {
        let of_each = texts.iter().enumerate().map(|(doc, text)| match self.unit {
            Unit::Paragraph => paragraphs(text).map(|span| (doc, span)).collect(),
            _ => vec![(doc, doublon::Span::new(0, text.len() as u32))],
        });
        of_each.collect::<Vec<_>>().concat()
    }

    fn allows(self, a: usize, b: usize) -> bool {
        b >= self.references && (a == b || self.chosen.is_none_or(|seed| may_match(seed, a, b)))
    }
}

fn numbers(report: &Report) -> (usize, usize) {
    let references = report.references();
    let goes = |cluster: &doublon::Cluster| {
        let kept = cluster.keep_place();
        cluster.places().filter(|place| *place != kept && place.doc().index() >= references).count()
    };
    (report.clusters().len(), report.clusters().iter().map(goes).sum())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_cut_is_what_a_new_search_finds(
        texts in texts(), kind in kind(), floor in 5usize..90,
        more in proptest::collection::vec(0usize..60, 1..3),
    ) {
        let mut report = kind.find(floor, &texts);
        prop_assert_eq!(&report.at(report.threshold()).unwrap(), &report);
        let mut percent = floor;
        for more in more {
            percent = (percent + more).min(100);
            let fresh = kind.find(percent, &texts);
            prop_assert_eq!(fresh.limits().crowded, 0);
            report = report.at(threshold(kind.measure, percent)).unwrap();
            same(&report, &fresh)?;
            prop_assert_eq!(report.removals(Remove::Referenced), fresh.removals(Remove::Referenced));
            prop_assert_eq!(&report.at(report.threshold()).unwrap(), &report);
            let (reference, incoming) = kind.split(&texts);
            read_back(&report).verify_against(reference, incoming).unwrap();
        }
    }

    #[test]
    fn each_threshold_has_the_numbers_of_its_cut(
        texts in texts(), kind in kind(), floor in 5usize..60,
    ) {
        let report = kind.find(floor, &texts);
        let stricter = |threshold: f64| match report.measure() {
            Measure::Hamming => threshold - 1.0,
            _ => threshold + 1e-6,
        };
        let mut before = (0, 0);
        for row in report.thresholds().unwrap() {
            let cut = report.at(row.threshold()).unwrap();
            prop_assert_eq!((row.clusters(), row.removals()), numbers(&cut));
            if let Ok(cut) = report.at(stricter(row.threshold())) {
                prop_assert_eq!(before, numbers(&cut), "nothing changes between two rows");
            }
            before = numbers(&cut);
        }
        prop_assert_eq!(before, numbers(&report));
    }

    #[test]
    fn a_fresh_report_verifies(
        texts in texts(), kind in kind(), percent in 20usize..95, all_pairs in any::<bool>(),
    ) {
        let mut builder = kind.builder(percent);
        if all_pairs {
            builder.all_pairs(20_000);
        }
        let detector = builder.build().unwrap();
        let (reference, incoming) = kind.split(&texts);
        let report = detector.find_against(reference, incoming).unwrap();
        for report in [&report, &read_back(&report)] {
            report.verify(&texts).unwrap();
            report.verify_against(reference, incoming).unwrap();
            detector.verify(report, &texts).unwrap();
            detector.verify_against(report, reference, incoming).unwrap();
        }
        let wrong = report.verify_against(&texts, &texts);
        prop_assert!(texts.is_empty() || wrong.unwrap_err().kind() == ErrorKind::Mismatch);
    }

    /// Whatever of the texts is changed, of any of them; and another choice of pairs.
    #[test]
    fn other_texts_and_other_choices_are_refused(
        texts in texts(), kind in kind(), percent in 20usize..95, at in any::<prop::sample::Index>(),
    ) {
        prop_assume!(!texts.is_empty());
        let report = kind.find(percent, &texts);
        let mut other = texts.clone();
        other[at.index(texts.len())] += " more";
        prop_assert_eq!(report.verify(&other).unwrap_err().kind(), ErrorKind::Mismatch);
        if kind.chosen.is_some() {
            // Nothing may match then, but paragraphs of one document.
            let none = Detector::builder().pairs_if(|_, _| false).build().unwrap();
            let across = report.matches().any(|found| found.a() != found.b());
            prop_assert!(!across || none.verify(&report, &texts).is_err());
        }
    }

    #[test]
    fn an_audit_of_all_is_the_truth(
        texts in texts(), kind in kind(), percent in 20usize..95, seed in any::<u64>(),
    ) {
        let (reference, incoming) = kind.split(&texts);
        let mut builder = kind.builder(percent);
        let audit = builder.build().unwrap().audit_against(reference, incoming, 10_000, seed).unwrap();
        let report = builder.cluster(Clustering::Connected).build().unwrap();
        let report = report.find_against(reference, incoming).unwrap();
        let places = kind.places(&texts);
        let number = |place: Place| {
            places.binary_search(&(place.doc().index(), place.span())).unwrap()
        };
        let mut cluster_of = vec![None; places.len()];
        for (at, cluster) in report.clusters().iter().enumerate() {
            cluster.places().for_each(|place| cluster_of[number(place)] = Some(at));
        }
        let detector = complete(kind.measure, 0, 0).threshold(threshold(kind.measure, percent)).build().unwrap();
        let text = |at: usize| &texts[places[at].0][places[at].1];
        let references = reference.len();
        let all = match kind.discount {
            None => pairs(places.len(), |x, y| {
                places[y].0 >= references
                    && kind.allows(places[x].0, places[y].0)
                    && detector.compare(text(x), text(y)).unwrap().is_match()
            }),
            // What counts depends on the corpus: the search of all pairs is the truth.
            Some(_) => {
                let report = kind.find(percent, &texts);
                report.matches().map(|found| found.places().map(number).into()).collect()
            }
        };
        let found = |x: usize, y: usize| cluster_of[x].is_some() && cluster_of[x] == cluster_of[y];
        let (mut sum, mut documents, mut ends) = (0.0, 0.0, 0);
        for at in (0..places.len()).filter(|&at| places[at].0 >= references) {
            let own = || all.iter().filter(|&&(x, y)| x == at || y == at);
            ends += own().count();
            if own().count() > 0 {
                sum += own().filter(|&&(x, y)| found(x, y)).count() as f64 / own().count() as f64;
                documents += 1.0;
            }
        }
        let recall = if documents == 0.0 { 1.0 } else { sum / documents };
        prop_assert!((audit.recall().estimate() - recall).abs() < 1e-12);
        prop_assert_eq!(audit.pairs(), ends as u64);
        let missed: Vec<(usize, usize)> = audit.missed().iter().map(|pair| pair.map(number).into()).collect();
        let expected: Vec<_> = all.iter().copied().filter(|&(x, y)| !found(x, y)).collect();
        prop_assert_eq!(missed, expected);
        prop_assert_eq!((audit.sampled(), audit.unit()), (audit.documents(), kind.unit));
        prop_assert_eq!(audit.recounted(), audit.matches());
        prop_assert!(audit.wrong().is_empty());
    }
}

/// A paragraph that no cluster has may have to stay all the same, once there are other clusters.
#[test]
fn a_cut_holds_back_what_a_new_search_does() {
    let last = "d e f g h i j x y z\n\nanother line\nand one more";
    let texts = ["a b c d e f g h i j", "c d e f g h i j x y", last];
    let find = |threshold| {
        let mut builder = Detector::builder();
        builder.measure(Measure::Jaccard).search(Search::Exact).shingle(1).threshold(threshold);
        builder.unit(Unit::Paragraph).keep(Keep::First).all_pairs(9);
        builder.build().unwrap().find(&texts).unwrap()
    };
    let docs = |report: &Report| -> Vec<_> {
        report.clusters()[0].docs().iter().map(|doc| doc.index()).collect()
    };
    let (report, fresh) = (find(0.6), find(0.8));
    let cut = report.at(0.8).unwrap();
    assert_eq!((docs(&report), docs(&cut)), (vec![0, 1], vec![1, 2]));
    // Of the last text one paragraph would be left, of two lines.
    assert_eq!(cut.removals(Remove::Matches), []);
    same(&cut, &fresh).unwrap();
    cut.verify(&texts).unwrap();
}
