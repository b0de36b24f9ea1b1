//! A report verifies against its own texts, and against no others.

use doublon::{Detector, ErrorKind, Keep, Report, Search};
use proptest::prelude::*;

use crate::cuts::{complete, keep, threshold};
use crate::texts::corpus;

/// As it is read from a file.
pub fn read_back(report: &Report) -> Report {
    #[cfg(feature = "serde")]
    return serde_json::from_str(&serde_json::to_string(report).unwrap()).unwrap();
    #[cfg(not(feature = "serde"))]
    report.clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn a_fresh_report_verifies(
        texts in corpus(0..24),
        measure in 0usize..4,
        minhash in any::<bool>(),
        clustering in 0usize..3,
        keep_number in 0usize..4,
        percent in 20usize..95,
        repeats in any::<bool>(),
        all_pairs in any::<bool>(),
        more in 0usize..30,
    ) {
        let mut builder = complete(measure, clustering, keep_number);
        builder.threshold(threshold(measure, percent)).repeats(repeats);
        if minhash && measure == 1 {
            builder.search(Search::MinHash);
        }
        if all_pairs {
            builder.all_pairs(10_000);
        }
        let report = builder.build().unwrap().find(&texts).unwrap();
        report.verify(&texts).unwrap();
        let read = read_back(&report);
        prop_assert_eq!(&read, &report);
        read.verify(&texts).unwrap();
        // Also by one who knows the priority.
        let other = Detector::builder().keep(keep(3)).build().unwrap();
        other.verify(&read, &texts).unwrap();
        if all_pairs {
            let cut = report.at(threshold(measure, (percent + more).min(100))).unwrap();
            read_back(&cut).verify(&texts).unwrap();
        }
    }

    /// Changed words are seen where they stand in what was found; others change the counts.
    #[test]
    fn other_texts_are_refused(
        texts in corpus(2..24), measure in 0usize..4, clustering in 0usize..3, at in any::<prop::sample::Index>(),
    ) {
        let report = complete(measure, clustering, 0).build().unwrap().find(&texts).unwrap();
        let mut other = texts.clone();
        other[at.index(texts.len())] += " more";
        prop_assert_eq!(report.verify(&other).unwrap_err().kind(), ErrorKind::Mismatch);
        prop_assert_eq!(report.verify(&texts[1..]).unwrap_err().kind(), ErrorKind::Mismatch);
    }
}

#[test]
fn a_priority_can_be_asked() {
    let texts = ["the very same words", "the very same words", "the very same words"];
    let first = Detector::builder().keep(Keep::by(|doc| -(doc.index() as i64))).build().unwrap();
    let last = Detector::builder().keep(Keep::by(|doc| doc.index() as i64)).build().unwrap();
    let report = first.find(&texts).unwrap();
    report.verify(&texts).unwrap();
    first.verify(&report, &texts).unwrap();
    let error = last.verify(&report, &texts).unwrap_err();
    assert_eq!(error.to_string(), "cluster of #0: #2 is to be kept rather than #0");
}
