//! Plans of removal: what is cut, what is left, and that nothing is left to cut.

use std::collections::BTreeSet;

use doublon::text::paragraphs;
use doublon::{
    Clustering, Detector, Keep, Measure, Place, Removal, Remove, Report, Search, Span, Unit,
};
use proptest::prelude::*;

use crate::naive::{self, words};
use crate::texts::paragraphed;

const PLANS: [Remove; 3] = [Remove::Copies, Remove::Matches, Remove::Referenced];

#[derive(Clone, Copy, Debug)]
struct Setting {
    measure: Measure,
    threshold: f64,
    clustering: Clustering,
    keep: usize,
    unit: Unit,
    /// So many tenths of the documents are references.
    references: usize,
    filtered: bool,
}

fn setting(unit: Unit) -> impl Strategy<Value = Setting> {
    let threshold = 0.3f64..1.0;
    (0usize..4, threshold, 0usize..3, 0usize..3, 0usize..8, any::<bool>()).prop_map(
        move |(measure, threshold, clustering, keep, references, filtered)| {
            let (measure, threshold) = match measure {
                0 => (Measure::Coverage, threshold),
                1 => (Measure::Jaccard, threshold),
                2 => (Measure::Containment, threshold),
                _ => (Measure::Hamming, (16.0 * (1.0 - threshold)).floor()),
            };
            let clustering =
                [Clustering::Star, Clustering::Connected, Clustering::CompleteLink][clustering];
            let references = references.saturating_sub(3);
            Setting { measure, threshold, clustering, keep, unit, references, filtered }
        },
    )
}

fn may_match(a: usize, b: usize) -> bool {
    !(a * 7 + b * 3).is_multiple_of(4)
}

impl Setting {
    fn detector(self) -> Detector {
        let mut builder = Detector::builder();
        builder.measure(self.measure).threshold(self.threshold).shingle(2).min_run(4).max_gap(3);
        builder.cluster(self.clustering).unit(self.unit);
        builder.keep([Keep::Longest, Keep::First, Keep::Last][self.keep].clone());
        if self.measure == Measure::Jaccard {
            builder.search(Search::Exact);
        }
        if self.filtered {
            builder.pairs_if(|a, b| may_match(a.index(), b.index()));
        }
        builder.build().unwrap()
    }

    fn run(self, texts: &[String]) -> Report {
        let (reference, incoming) = texts.split_at(texts.len() * self.references / 10);
        self.detector().find_against(reference, incoming).unwrap()
    }

    /// What is compared.
    fn places(self, text: &str) -> Vec<Span> {
        match self.unit {
            Unit::Paragraph => paragraphs(text).collect(),
            _ => vec![Span::new(0, text.len() as u32)],
        }
    }
}

fn of_document(plan: &[Removal], doc: usize) -> Vec<Removal> {
    plan.iter().copied().filter(|removal| removal.doc().index() == doc).collect()
}

fn place(removal: &Removal) -> (usize, Span) {
    (removal.doc().index(), removal.span())
}

fn check(setting: Setting, texts: &[String]) -> Result<(), TestCaseError> {
    let report = setting.run(texts);
    let detector = setting.detector();
    for remove in PLANS {
        let plan = report.removals(remove);
        let removed: BTreeSet<_> = plan.iter().map(place).collect();
        prop_assert_eq!(removed.len(), plan.len(), "each once");
        prop_assert!(plan.is_sorted());
        let at = |place: Place| &texts[place.doc().index()][place.span()];
        for removal in &plan {
            let kept = removal.kept();
            let (doc, of_kept) = (removal.doc().index(), kept.doc().index());
            let text = &texts[doc][removal.span()];
            prop_assert!(doc >= report.references(), "a reference is removed");
            prop_assert!(!removed.contains(&(of_kept, kept.span())), "no copy is left");
            let all = setting.places(&texts[doc]);
            prop_assert!(all.contains(&removal.span()), "no whole paragraph");
            if remove == Remove::Copies {
                prop_assert_eq!(words(text), words(at(kept)));
            } else if setting.clustering != Clustering::Connected {
                prop_assert!(detector.compare(text, at(kept)).unwrap().is_match());
            }
            if remove == Remove::Referenced {
                prop_assert!(of_kept < report.references());
            }
            let direct = remove == Remove::Copies || setting.clustering != Clustering::Connected;
            if setting.filtered && doc != of_kept && direct {
                prop_assert!(may_match(doc.min(of_kept), doc.max(of_kept)));
            }
        }
        let left: Vec<String> = texts
            .iter()
            .enumerate()
            .map(|(doc, text)| Removal::apply(&of_document(&plan, doc), text).unwrap())
            .collect();
        for (doc, (text, left)) in texts.iter().zip(&left).enumerate() {
            let kept: Vec<Span> = setting
                .places(text)
                .into_iter()
                .filter(|&span| !removed.contains(&(doc, span)))
                .collect();
            // No char and no token is cut, and none is lost.
            let tokens = naive::spans(text);
            for removal in of_document(&plan, doc) {
                let cut = removal.span();
                let inside =
                    |token: &Span| token.start() >= cut.start() && token.end() <= cut.end();
                let outside =
                    |token: &Span| token.end() <= cut.start() || token.start() >= cut.end();
                prop_assert!(tokens.iter().all(|token| inside(token) || outside(token)));
            }
            let expected: Vec<String> = kept.iter().flat_map(|&span| words(&text[span])).collect();
            prop_assert_eq!(words(left), expected);
            if setting.unit == Unit::Paragraph {
                let cut: Vec<&str> = paragraphs(left).map(|span| &left[span]).collect();
                let expected: Vec<&str> = kept.iter().map(|&span| &text[span]).collect();
                prop_assert_eq!(cut, expected, "other paragraphs in {:?}", left);
            }
            if kept.len() == setting.places(text).len() {
                prop_assert_eq!(left, text);
            }
        }
        let again = setting.run(&left).removals(remove);
        prop_assert!(again.is_empty(), "{:?} would remove {:?} of {:?}", remove, again, left);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn of_paragraphs_leave_nothing_to_remove(texts in paragraphed(0..9), setting in setting(Unit::Paragraph)) {
        check(setting, &texts)?;
    }

    #[test]
    fn of_documents_leave_nothing_to_remove(texts in paragraphed(0..16), setting in setting(Unit::Document)) {
        check(setting, &texts)?;
    }

    /// Those of copies are all there are: of equal texts one is left, and no other is touched.
    #[test]
    fn of_copies_leave_one_of_each_text(texts in paragraphed(0..12), unit in any::<bool>()) {
        let unit = if unit { Unit::Paragraph } else { Unit::Document };
        let report = Detector::builder().unit(unit).build().unwrap().find(&texts).unwrap();
        let removed: BTreeSet<_> = report.removals(Remove::Copies).iter().map(place).collect();
        let mut left: Vec<Vec<String>> = Vec::new();
        let mut all: BTreeSet<Vec<String>> = BTreeSet::new();
        for (doc, text) in texts.iter().enumerate() {
            let spans: Vec<Span> = match unit {
                Unit::Paragraph => paragraphs(text).collect(),
                _ => vec![Span::new(0, text.len() as u32)],
            };
            for span in spans.into_iter().filter(|&span| !words(&text[span]).is_empty()) {
                all.insert(words(&text[span]));
                if !removed.contains(&(doc, span)) {
                    left.push(words(&text[span]));
                }
            }
        }
        left.sort();
        let held_back = left.len() - all.len();
        left.dedup();
        prop_assert_eq!(left, Vec::from_iter(all));
        prop_assert!(held_back == 0 || unit == Unit::Paragraph && held_back <= texts.len());
    }
}

#[test]
fn separators_do_not_pile_up() {
    let cut = "read more on our pages";
    let other = "read more on our pages\n\nanother text";
    for (text, left) in [
        ("a\n\nread more on our pages\n\nb\n", "a\n\nb\n"),
        ("read more on our pages\r\n\r\n  b\r\n", "b\r\n"),
        ("a\n\n\n\nread more on our pages", "a"),
        ("a\n\nread more on our pages\n\n\n", "a\n\n\n"),
        ("\n\nread more on our pages\n\n", ""),
        ("a\nread more on our pages\nb", "a\nb"),
        ("a\n\nread more on our pages\n\nread more on our pages!\n\nb", "a\n\nb"),
    ] {
        let texts = [other, text];
        let detector = Detector::builder().unit(Unit::Paragraph).keep(Keep::First).build().unwrap();
        let plan = detector.find(&texts).unwrap().removals(Remove::Matches);
        assert!(plan.iter().all(|removal| removal.kept().span().range() == (0..cut.len())));
        assert_eq!(Removal::apply(&plan, text).unwrap(), left, "{text:?}");
    }
}

#[test]
fn a_plan_for_another_text_is_refused() {
    let texts = ["\u{e9}t\u{e9} comme hiver", "\u{e9}t\u{e9} comme hiver"];
    let plan = doublon::find(&texts).unwrap().removals(Remove::Matches);
    assert_eq!(Removal::apply(&plan, texts[1]).unwrap(), "");
    for other in ["", "\u{e9}t\u{e9}", "abcdefghijklmnop\u{e9}"] {
        assert_eq!(Removal::apply(&plan, other).unwrap_err().kind(), doublon::ErrorKind::Config);
    }
    let twice = [plan[0], plan[0]];
    assert_eq!(Removal::apply(&twice, texts[1]).unwrap_err().kind(), doublon::ErrorKind::Config);
}
