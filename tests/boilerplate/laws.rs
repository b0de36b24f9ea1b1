//! Whole documents, held against the definition.

use std::collections::{BTreeMap, BTreeSet};

use doublon::{Boilerplate, Clustering, Measure, Search};
use proptest::prelude::*;

use crate::definition::Naive;
use crate::{discounted, of};

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
        let naive = Naive::of_documents(&texts, min_run, min_docs as usize);
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
        naive.check_reported(&report, &texts)?;
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
        let naive = Naive::of_documents(&texts, 8, min_docs as usize);
        let mut builder = of(Measure::Coverage, 0.4);
        builder.min_run(8).shingle(3).all_pairs(1 << 20).cluster(Clustering::Connected);
        let report = discounted(&mut builder, min_docs, &texts);
        let found: BTreeSet<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
        for a in 0..texts.len() {
            for b in a + 1..texts.len() {
                if naive.tokens[a] == naive.tokens[b] {
                    continue;
                }
                let matches = naive.reaches(&builder, a, b);
                prop_assert_eq!(found.contains(&(a, b)), matches, "{} {}", a, b);
            }
        }
    }
}
