//! Boilerplate: found, reported, and left out where that was asked for.

#![allow(missing_docs)]

mod audit;
mod definition;
mod laws;
mod scopes;

use doublon::{Boilerplate, Detector, DetectorBuilder, Measure, Report};

fn words(seed: u64, count: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("w{}", state >> 44)
    };
    (0..count).map(|_| next()).collect::<Vec<_>>().join(" ")
}

fn of(measure: Measure, threshold: f64) -> DetectorBuilder {
    let mut builder = Detector::builder();
    builder.measure(measure).threshold(threshold);
    builder
}

fn discounted(builder: &mut DetectorBuilder, min_docs: u32, texts: &[String]) -> Report {
    let builder = builder.boilerplate(Boilerplate::Discount { min_docs });
    builder.build().unwrap().find(texts).unwrap()
}

/// 600 unrelated bodies and one footer of as many words: every pair has a Jaccard similarity of 0.32.
fn footed() -> Vec<String> {
    let footer = words(1, 60);
    (0..600).map(|i| format!("{}\n\n{footer}.", words(1000 + i, 60))).collect()
}

const MEASURES: [(Measure, f64); 4] = [
    (Measure::Coverage, 0.3),
    (Measure::Jaccard, 0.3),
    (Measure::Containment, 0.3),
    (Measure::Hamming, 8.0),
];

#[test]
fn a_common_footer_matches_nothing_once_it_is_discounted() {
    let texts = footed();
    for (measure, threshold) in MEASURES {
        let kept = of(measure, threshold).build().unwrap().find(&texts).unwrap();
        let report = discounted(&mut of(measure, threshold), 50, &texts);
        assert_eq!(report.clusters().len(), 0, "{measure}");
        if measure != Measure::Hamming {
            assert!(!kept.clusters().is_empty(), "{measure} sees the footer");
        }
        let [footer] = report.boilerplate() else { panic!("one footer") };
        assert_eq!((footer.doc().index(), footer.tokens(), footer.documents()), (0, 60, 600));
        assert_eq!(&texts[0][footer.span()], words(1, 60));
    }
}

#[test]
fn copies_of_one_story_with_different_footers_still_match() {
    let story = words(7, 120);
    let mut texts = footed();
    let other = words(2, 60);
    texts.extend((0..60).map(|i| format!("{}\n{other}", words(5000 + i, 90))));
    let (a, b) = (texts.len(), texts.len() + 1);
    texts.push(format!("{story}\n{}", words(1, 60)));
    texts.push(format!("{story}\n{other}"));
    for (measure, threshold) in [
        (Measure::Coverage, 0.9),
        (Measure::Jaccard, 0.9),
        (Measure::Containment, 0.9),
        (Measure::Hamming, 3.0),
    ] {
        let report = discounted(&mut of(measure, threshold), 50, &texts);
        let found: Vec<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
        assert_eq!(found, [(a, b)], "{measure}");
        let pair = report.matches().next().unwrap();
        assert_eq!(pair.similarity().jaccard(), 1.0);
        assert_eq!(pair.similarity().tokens_a(), 120);
        assert_eq!(&texts[a][pair.passages()[0].a()], story);
        assert_eq!(report.boilerplate().len(), 2);
    }
}

#[test]
fn to_report_changes_no_match_and_to_keep_reports_nothing() {
    let texts = &footed()[..80];
    let find = |policy| {
        Detector::builder().threshold(0.3).boilerplate(policy).build().unwrap().find(texts).unwrap()
    };
    let kept = find(Boilerplate::Keep);
    let told = find(Boilerplate::Report { min_docs: 80 });
    assert!(kept.boilerplate().is_empty() && !kept.clusters().is_empty());
    assert_eq!(kept.clusters(), told.clusters());
    assert_eq!(told.boilerplate()[0].documents(), 80);
    assert!(find(Boilerplate::Report { min_docs: 81 }).boilerplate().is_empty());
    let error = Detector::builder().boilerplate(Boilerplate::Discount { min_docs: 1 }).build();
    assert_eq!(
        error.unwrap_err().to_string(),
        "min_docs of boilerplate is 1; it must be at least 2"
    );
}

/// Exact copies are copies even where all of them is boilerplate, and count as one document of it.
#[test]
fn exact_copies_match_whatever_is_discounted() {
    let footer = words(3, 40);
    let texts: Vec<String> = (0..4)
        .map(|i| format!("{} {footer}", words(100 + i, 20)))
        .chain([footer.clone(), footer.clone(), footer.clone()])
        .collect();
    for min_docs in [5, 6] {
        let report = discounted(&mut of(Measure::Coverage, 0.5), min_docs, &texts);
        assert_eq!(report.boilerplate().len(), usize::from(min_docs == 5));
        let copies: Vec<_> = report.clusters().iter().map(|c| c.docs().len()).collect();
        assert_eq!(copies, if min_docs == 5 { vec![3] } else { vec![7] });
        assert!(report.matches().all(|m| m.similarity().coverage() >= 0.5));
    }
}

/// What is left between boilerplate has no shingle: nothing tells such texts apart, and so they do not
/// match.
#[test]
fn a_few_words_beside_a_footer_match_nothing() {
    let footer = words(4, 30);
    let texts: Vec<String> =
        (0..40).map(|i| format!("{}\n{footer}", words(200 + i, 1 + i as usize % 4))).collect();
    for (measure, threshold) in MEASURES {
        let report = discounted(&mut of(measure, threshold), 40, &texts);
        assert_eq!(report.clusters().len(), 0, "{measure}");
        assert_eq!((report.limits().short, report.limits().crowded), (40, 0), "{measure}");
    }
}

/// Two texts as long as each other, of which one tells twice what the other tells once: which one an
/// alignment begins with makes a difference, so that their places in the corpus must not decide it.
#[test]
fn places_in_the_corpus_make_no_difference() {
    let part = |seed: u64, len: usize| words(seed, len);
    let (header, run, tail) = (part(1, 16), part(2, 16), part(3, 10));
    let a = format!("{header} {} {run} {} {tail} {}", part(4, 8), part(5, 8), part(6, 28));
    let b = format!("{header} {run} {} {tail} {} {run}", part(7, 8), part(8, 20));
    let mut texts: Vec<String> =
        (500..506).map(|seed| format!("{header} {}", part(seed, 20))).collect();
    texts.extend([a, b]);
    let mut found = Vec::new();
    for turned in [false, true] {
        for shift in 0..texts.len() {
            let mut texts = texts.clone();
            if turned {
                texts.reverse();
            }
            texts.rotate_left(shift);
            let report = discounted(&mut of(Measure::Coverage, 0.3), 8, &texts);
            let all: Vec<f64> = report.matches().map(|m| m.similarity().coverage()).collect();
            found.push(all);
        }
    }
    assert!(found.iter().all(|all| *all == [0.6]), "{found:?}");
}
