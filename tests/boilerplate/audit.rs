//! An audit of a search that discounts boilerplate.

use doublon::{Boilerplate, Clustering, Detector, Measure, Search};
use proptest::prelude::*;

use crate::definition::Naive;
use crate::{MEASURES, footed, of, words};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_audit_of_all_documents_knows_what_counts(
        parts in proptest::collection::vec("[a-e]( [a-e]){4,20}", 3..6),
        picks in proptest::collection::vec(proptest::collection::vec(0usize..6, 0..5), 2..14),
        measure in 0usize..4, exact in any::<bool>(), min_docs in 2u32..5, min_run in 5usize..9,
        seed in any::<u64>(),
    ) {
        let part = |&part: &usize| parts[part % parts.len()].clone() + " x ";
        let texts: Vec<String> =
            picks.iter().map(|picks| picks.iter().map(part).collect()).collect();
        let measure = MEASURES[measure].0;
        let mut builder = of(measure, if measure == Measure::Hamming { 8.0 } else { 0.4 });
        builder.shingle(3).min_run(min_run);
        if measure == Measure::Jaccard && exact {
            builder.search(Search::Exact);
        }
        let naive = Naive::of_documents(&texts, min_run, min_docs as usize);
        let all = (0..texts.len()).flat_map(|a| (a + 1..texts.len()).map(move |b| (a, b)));
        let pairs: Vec<(usize, usize)> =
            all.filter(|&pair| naive.matches(&builder, measure, false, pair)).collect();
        builder.boilerplate(Boilerplate::Discount { min_docs });
        let audit = builder.build().unwrap().audit(&texts, 1000, seed).unwrap();
        prop_assert_eq!(audit.pairs() as usize, 2 * pairs.len());
        builder.cluster(Clustering::Connected);
        let report = builder.build().unwrap().find(&texts).unwrap();
        let together = |&(a, b): &(usize, usize)| {
            let has = |document: usize, docs: &[doublon::DocId]| docs.iter().any(|doc| doc.index() == document);
            report.clusters().iter().any(|c| has(a, c.docs()) && has(b, c.docs()))
        };
        let missed: Vec<(usize, usize)> = pairs.into_iter().filter(|pair| !together(pair)).collect();
        let said: Vec<_> = audit.missed().iter().map(|[a, b]| (a.doc().index(), b.doc().index())).collect();
        prop_assert_eq!(said, missed);
        prop_assert_eq!(audit.recounted(), report.matches().count() as u64);
        prop_assert!(audit.wrong().is_empty());
    }
}

/// Texts that have a footer in common match no more, for the audit as for the search.
#[test]
fn a_discounted_footer_makes_no_pair() {
    let mut texts = footed()[..60].to_vec();
    let story = words(7, 120);
    texts.push(format!("{story}\n{}", words(1, 60)));
    texts.push(story);
    for (measure, threshold) in MEASURES {
        let mut builder = of(measure, threshold);
        let audit = |detector: &Detector| detector.audit(&texts, texts.len(), 1).unwrap();
        if measure != Measure::Hamming {
            let kept = audit(&builder.build().unwrap());
            assert!(kept.pairs() > 3000, "{measure}");
        }
        builder.boilerplate(Boilerplate::Discount { min_docs: 50 });
        let audit = audit(&builder.build().unwrap());
        assert_eq!((audit.pairs(), audit.found(), audit.matches()), (2, 2, 1), "{measure}");
        assert!(audit.wrong().is_empty() && audit.recounted() == 1, "{measure}");
    }
}
