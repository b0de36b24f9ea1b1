//! What repeats inside one text.

use std::collections::BTreeSet;

use doublon::text::paragraphs;
use doublon::{Repeat, RepeatKind, Span};
use proptest::prelude::*;

use crate::naive::prose::Dice;
use crate::naive::{self, words};
use crate::texts::{Settings, repetitive, settings};

fn overlap(x: Span, y: Span) -> bool {
    x.start() < y.end() && y.start() < x.end()
}

fn check(text: &str, repeats: &[Repeat], settings: Settings) {
    let firsts: Vec<_> = repeats.iter().map(|repeat| repeat.spans()[0].start()).collect();
    assert!(firsts.is_sorted(), "in the order of their first places");
    for repeat in repeats {
        let spans = repeat.spans();
        assert!(spans.len() >= 2);
        for pair in spans.windows(2) {
            assert!(pair[0].start() < pair[1].start() && !overlap(pair[0], pair[1]), "{spans:?}");
        }
        let first = words(&text[spans[0]]);
        match repeat.kind() {
            RepeatKind::Paragraph => {
                assert!(first.len() >= settings.shingle);
                assert_eq!(repeat.tokens(), first.len());
                let whole: BTreeSet<Span> = paragraphs(text).collect();
                for &span in spans {
                    assert!(whole.contains(&span), "a whole paragraph");
                    assert_eq!(words(&text[span]), first, "a paragraph's tokens are equal");
                }
            }
            _ => {
                assert!(repeat.tokens() >= settings.min_run);
                for &span in spans {
                    let here = words(&text[span]);
                    assert!(here.len() >= repeat.tokens(), "equal tokens lie inside");
                    if settings.max_gap == 0 {
                        assert_eq!(here, first, "a passage without gaps has equal tokens");
                    }
                }
            }
        }
    }
}

/// All equal paragraphs of at least a shingle's tokens are named, each group once.
fn check_paragraphs(text: &str, repeats: &[Repeat], settings: Settings) {
    let all: Vec<(Span, Vec<String>)> =
        paragraphs(text).map(|span| (span, words(&text[span]))).collect();
    let mut expected = BTreeSet::new();
    for (_, tokens) in &all {
        let same: Vec<Span> = all.iter().filter(|p| p.1 == *tokens).map(|p| p.0).collect();
        if tokens.len() >= settings.shingle && same.len() > 1 {
            expected.insert(same);
        }
    }
    let named = repeats.iter().filter(|repeat| repeat.kind() == RepeatKind::Paragraph);
    let named: Vec<Vec<Span>> = named.map(|repeat| repeat.spans().to_vec()).collect();
    assert_eq!(named.len(), expected.len());
    assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), expected);
}

/// No window of `min_run` tokens that stands earlier without overlap lies outside all later places.
fn check_nothing_is_left(text: &str, repeats: &[Repeat], settings: Settings) {
    let spans = naive::spans(text);
    let later: Vec<Span> =
        repeats.iter().flat_map(|repeat| &repeat.spans()[1..]).copied().collect();
    for (at, stands_earlier) in naive::repeated(&words(text), settings.min_run).iter().enumerate() {
        let window =
            Span::new(spans[at].start() as u32, spans[at + settings.min_run - 1].end() as u32);
        let named = later.iter().any(|&place| overlap(place, window));
        assert!(named || !stands_earlier, "{:?} at {window} is not named", &text[window]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn repeats_keep_their_promises(text in repetitive(80), settings in settings()) {
        let repeats = settings.detector().repeats(&text).unwrap();
        check(&text, &repeats, settings);
        check_paragraphs(&text, &repeats, settings);
    }

    #[test]
    fn no_repeated_window_is_left(text in repetitive(80), settings in settings()) {
        let repeats = settings.detector().repeats(&text).unwrap();
        check_nothing_is_left(&text, &repeats, settings);
    }

    #[test]
    fn a_text_in_which_nothing_stands_twice_has_no_repeat(seed in any::<u64>()) {
        let text = Dice::new(seed).own_words(100).join(" ");
        prop_assert_eq!(doublon::repeats(&text).unwrap(), []);
    }

    #[test]
    fn a_passage_set_in_twice_is_found(seed in any::<u64>(), len in 16usize..50) {
        let mut dice = Dice::new(seed);
        let passage = dice.own_words(len).join(" ");
        let mut own = || dice.own_words(20).join(" ");
        let text = format!("{} {passage} {} {passage} {}", own(), own(), own());
        let repeats = doublon::repeats(&text).unwrap();
        prop_assert_eq!(repeats.len(), 1);
        prop_assert_eq!(repeats[0].tokens(), len);
        let found: Vec<&str> = repeats[0].spans().iter().map(|&span| &text.as_str()[span]).collect();
        prop_assert_eq!(found, [&passage, &passage]);
    }
}

/// What stands in a paragraph that repeats and once more inside another paragraph is a passage.
#[test]
fn a_paragraph_repeat_names_whole_paragraphs_only() {
    let mut dice = Dice::new(3);
    let (p, q) = (dice.own_words(20), dice.own_words(5).join(" "));
    let text = {
        let p = p.join(" ");
        format!("{p}\n\n{p}\n\n{q} {p} {q}")
    };
    let settings = Settings { min_run: 16, shingle: 5, max_gap: 16 };
    let repeats = settings.detector().repeats(&text).unwrap();
    check(&text, &repeats, settings);
    check_paragraphs(&text, &repeats, settings);
    check_nothing_is_left(&text, &repeats, settings);
}

/// The same with an edit inside: its tokens are not those of the paragraph.
#[test]
fn an_edited_copy_is_no_place_of_a_paragraph() {
    let mut dice = Dice::new(4);
    let (p, q) = (dice.own_words(41), dice.own_words(5).join(" "));
    let mut edited = p.clone();
    edited[20] = "edited".into();
    let text = format!("{0}\n\n{0}\n\n{q} {1} {q}", p.join(" "), edited.join(" "));
    let settings = Settings { min_run: 16, shingle: 5, max_gap: 16 };
    let repeats = settings.detector().repeats(&text).unwrap();
    check(&text, &repeats, settings);
    check_paragraphs(&text, &repeats, settings);
}

/// Of 1,024 words the Thue-Morse sequence and its complement have one value under every polynomial
/// modulo 2^64, whatever the words.
#[test]
fn paragraphs_made_to_collide_are_told_apart() {
    let paragraph = |flip: u32| -> String {
        let word = |i: u32| ["a", "b"][((i.count_ones() + flip) % 2) as usize];
        (0..1024).map(word).collect::<Vec<_>>().join(" ")
    };
    let (p, q) = (paragraph(0), paragraph(1));
    let text = format!("{p}\n{q}\n{q}\n{p}");
    let settings = Settings { min_run: 1000, shingle: 5, max_gap: 16 };
    let repeats = settings.detector().repeats(&text).unwrap();
    check(&text, &repeats, settings);
    check_paragraphs(&text, &repeats, settings);
}
