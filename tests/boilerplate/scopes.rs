//! Paragraphs, references and chosen pairs: what is boilerplate is that of all documents.

use std::collections::BTreeMap;

use doublon::text::paragraphs;
use doublon::{Boilerplate, Clustering, Detector, Keep, Measure, Remove, Search, Unit};
use proptest::prelude::*;

use crate::definition::Naive;
use crate::{MEASURES, of, words};

/// Which pairs may match, about two in three.
fn may_match(seed: u64, a: usize, b: usize) -> bool {
    let mixed = (seed ^ (a as u64) << 32 ^ b as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    !(mixed >> 40).is_multiple_of(3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Few words, so that windows repeat within and across documents; parts that stand in a row in one
    /// document are paragraphs in another, and whole documents come twice.
    #[test]
    fn what_counts_is_that_of_all_documents(
        parts in proptest::collection::vec("[ab]( [abc]){4,11}", 3..6),
        picks in proptest::collection::vec(
            proptest::collection::vec((0usize..6, any::<bool>()), 0..5), 2..12,
        ),
        copied in proptest::collection::vec(0usize..12, 0..3),
        paragraph in any::<bool>(), references in 0usize..8, filtered in any::<bool>(),
        seed in any::<u64>(), measure in 0usize..4, min_docs in 2u32..5, min_run in 5usize..9,
    ) {
        let document = |picks: &Vec<(usize, bool)>| {
            let part = |&(part, alone): &(usize, bool)| {
                parts[part % parts.len()].clone() + if alone { "\n\n" } else { " d " }
            };
            picks.iter().map(part).collect::<String>()
        };
        let mut documents: Vec<String> = picks.iter().map(document).collect();
        for at in copied {
            documents.push(documents[at % documents.len()].to_uppercase());
        }
        let references = references.saturating_sub(2).min(documents.len());
        let unit = if paragraph { Unit::Paragraph } else { Unit::Document };
        let measure = MEASURES[measure].0;
        let mut builder = of(measure, if measure == Measure::Hamming { 8.0 } else { 0.4 });
        builder.shingle(3).min_run(min_run);
        if measure == Measure::Jaccard {
            builder.search(Search::Exact);
        }
        let mut search = builder.clone();
        search.unit(unit).cluster(Clustering::Connected).all_pairs(1 << 20).keep(Keep::First);
        search.boilerplate(Boilerplate::Discount { min_docs });
        if filtered {
            search.pairs_if(move |a, b| may_match(seed, a.index(), b.index()));
        }
        let (reference, incoming) = documents.split_at(references);
        let report = search.build().unwrap().find_against(reference, incoming).unwrap();

        let mut places = Vec::new();
        for (number, document) in documents.iter().enumerate() {
            match unit {
                Unit::Paragraph => places.extend(paragraphs(document).map(|span| (number, span))),
                _ => places.push((number, doublon::Span::new(0, document.len() as u32))),
            }
        }
        let texts: Vec<String> =
            places.iter().map(|&(document, span)| documents[document][span].to_owned()).collect();
        let document: Vec<usize> = places.iter().map(|place| place.0).collect();
        let naive = Naive::new(&texts, &document, min_run, min_docs as usize);
        naive.check_reported(&report, &documents)?;
        let mut found = BTreeMap::new();
        for m in report.matches() {
            let number = |place: doublon::Place| {
                let place = (place.doc().index(), place.span());
                places.binary_search(&place).expect("a place that is searched")
            };
            found.insert(m.places().map(number), m);
        }
        for a in 0..texts.len() {
            for b in a + 1..texts.len() {
                let (x, y) = (document[a], document[b]);
                let allowed = y >= references && (x == y || !filtered || may_match(seed, x, y));
                let matches = allowed && naive.matches(&builder, measure, paragraph, (a, b));
                let match_found = found.get(&[a, b]);
                prop_assert_eq!(match_found.is_some(), matches, "{} {}: {:?} {:?}", a, b, &texts[a], &texts[b]);
                let Some(m) = match_found else { continue };
                let copies = naive.tokens[a] == naive.tokens[b];
                let count = |text: usize| match copies {
                    true => naive.tokens[text].len(),
                    false => naive.len(text),
                };
                let similarity = m.similarity();
                prop_assert_eq!(similarity.tokens_a() as usize, count(a));
                prop_assert_eq!(similarity.tokens_b() as usize, count(b));
                if !copies {
                    let (x, y) = (naive.shingles(a, 3), naive.shingles(b, 3));
                    prop_assert_eq!(similarity.shared() as usize, x.intersection(&y).count());
                    prop_assert_eq!(similarity.shingles_b() as usize, y.len());
                }
            }
        }
        let limits = report.limits();
        prop_assert_eq!((limits.crowded, limits.full), (0, 0));
    }

    /// The order of the documents, and which of them are references, changes nothing in what is
    /// boilerplate.
    #[test]
    fn boilerplate_does_not_depend_on_what_is_compared(
        parts in proptest::collection::vec("[ab]( [abc]){4,11}", 3..6),
        picks in proptest::collection::vec(proptest::collection::vec(0usize..6, 0..5), 2..12),
        references in 0usize..12, min_docs in 2u32..5,
    ) {
        let part = |&part: &usize| parts[part % parts.len()].clone() + " d ";
        let texts: Vec<String> =
            picks.iter().map(|picks| picks.iter().map(part).collect()).collect();
        let mut builder = Detector::builder();
        builder.shingle(3).min_run(6).boilerplate(Boilerplate::Report { min_docs });
        let all = builder.build().unwrap().find(&texts).unwrap();
        let (reference, incoming) = texts.split_at(references.min(texts.len()));
        let against = builder.build().unwrap().find_against(reference, incoming).unwrap();
        prop_assert_eq!(all.boilerplate(), against.boilerplate());
        let chosen = builder.pairs_if(|_, _| false).build().unwrap().find(&texts).unwrap();
        prop_assert_eq!(all.boilerplate(), chosen.boilerplate());
        prop_assert!(chosen.clusters().is_empty());
    }
}

fn discount(min_docs: u32) -> Boilerplate {
    Boilerplate::Discount { min_docs }
}

/// Ten times in one document is one document; a footer that is a paragraph of its own is left out with
/// all its copies, and a paragraph with a line of its own too is told by that line.
#[test]
fn of_paragraphs_the_documents_count() {
    let footer = words(1, 20);
    let refrain = words(2, 20);
    let story = words(3, 20);
    let mut texts: Vec<String> =
        (0..4).map(|i| format!("{}\n\n{footer}", words(100 + i, 30))).collect();
    texts.push(format!("{}{}", format!("{refrain}\n\n").repeat(10), words(200, 30)));
    texts.push(format!("{story} {footer}\n\n{}", words(201, 30)));
    texts.push(format!("{}\n\n{story}", words(202, 30)));
    let mut builder = Detector::builder();
    let with = |builder: &mut doublon::DetectorBuilder, min_docs| {
        let builder = builder.unit(Unit::Paragraph).boilerplate(discount(min_docs));
        builder.build().unwrap().find(&texts).unwrap()
    };
    for (measure, threshold) in MEASURES {
        let report = with(builder.measure(measure).threshold(threshold), 5);
        let [common] = report.boilerplate() else { panic!("one footer, {measure}") };
        assert_eq!((common.doc().index(), common.documents(), common.tokens()), (0, 5, 20));
        assert_eq!(&texts[0][common.span()], footer);
        // The refrain in its document, and the story beside the footer.
        let clusters: Vec<Vec<usize>> = report
            .clusters()
            .iter()
            .map(|cluster| cluster.docs().iter().map(|doc| doc.index()).collect())
            .collect();
        assert_eq!(clusters, [vec![4; 10], vec![5, 6]], "{measure}");
        assert_eq!(report.removals(Remove::Copies).len(), 9, "{measure}: the refrain");
        let found = report.matches().last().unwrap();
        let places = found.places().map(|place| &texts[place.doc().index()][place.span()]);
        assert_eq!(places, [format!("{story} {footer}"), story.clone()]);
        assert_eq!(found.similarity().tokens_a(), 20);
    }
    let kept = with(&mut builder, 6);
    assert!(kept.boilerplate().is_empty() && kept.clusters()[0].docs().len() > 3);
}

/// A footer that few of either side have is one of all of them.
#[test]
fn references_count_as_incoming_documents_do() {
    let footer = words(1, 60);
    let with_footer = |from: u64, n: u64| -> Vec<String> {
        (from..from + n).map(|i| format!("{}\n\n{footer}", words(i, 40))).collect()
    };
    let mut reference = with_footer(1000, 6);
    let mut incoming = with_footer(2000, 6);
    reference.push(words(5, 50));
    // A copy of a reference is the same document once more; and a story told again.
    incoming.push(reference[0].clone());
    incoming.push(format!("{} {footer}", words(5, 50)));
    for (measure, threshold) in MEASURES {
        let mut builder = of(measure, threshold);
        let search = |builder: &mut doublon::DetectorBuilder, min_docs| {
            let detector = builder.boilerplate(discount(min_docs)).build().unwrap();
            detector.find_against(&reference, &incoming).unwrap()
        };
        let report = search(&mut builder, 13);
        assert_eq!(report.boilerplate()[0].documents(), 13, "{measure}: 6, 6 and the story");
        let found: Vec<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
        assert_eq!(found, [(0, 13), (6, 14)], "{measure}");
        assert!(search(&mut builder, 14).boilerplate().is_empty(), "{measure}");
    }
}

/// Where all of a text is boilerplate, its copies match still, those that may.
#[test]
fn copies_that_may_match_do_whatever_is_discounted() {
    let footer = words(3, 40);
    let mut texts: Vec<String> =
        (0..4).map(|i| format!("{} {footer}", words(100 + i, 20))).collect();
    // Nothing of the first three counts; of the others too little to tell them from others.
    texts.extend([footer.clone(), footer.clone(), footer.clone()]);
    texts.extend([format!("new {footer}"), format!("New: {footer}")]);
    for (measure, threshold) in MEASURES {
        let mut builder = of(measure, threshold);
        builder.boilerplate(discount(6)).keep(Keep::First).all_pairs(100);
        let report = builder
            .pairs_if(|a, b| (a.index(), b.index()) != (4, 5))
            .build()
            .unwrap()
            .find(&texts)
            .unwrap();
        let found: Vec<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
        assert_eq!(found, [(4, 6), (5, 6), (7, 8)], "{measure}");
        let copies: Vec<_> = report
            .removals(Remove::Copies)
            .iter()
            .map(|removal| (removal.kept().doc().index(), removal.doc().index()))
            .collect();
        assert_eq!(copies, [(4, 6), (7, 8)], "{measure}");
        assert_eq!(report.boilerplate()[0].documents(), 6);
        assert_eq!(report.limits().crowded, 0);
    }
}
