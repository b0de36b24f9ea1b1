//! What repeats in one text: true places, all equal paragraphs, and never nothing where something
//! is.

#![no_main]

use std::collections::BTreeMap;

use doublon::text::paragraphs;
use doublon::{RepeatKind, Span};
use doublon_fuzz::naive::{Text, common_runs};
use doublon_fuzz::{Case, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some(Case { settings, texts }) = Case::new(data) else { return };
    let texts = texts.at_most(1);
    let text = Text::new(&texts[0]);
    let detector = settings.builder().build().expect("the settings are valid");
    let repeats = detector.repeats(&texts[0]).expect("the text is small");
    let min_run = settings.min_run();

    let mut first = 0;
    for repeat in &repeats {
        let spans = repeat.spans();
        assert!(spans.len() >= 2);
        // Of what begins with the same token, a paragraph may begin with a quotation mark before it.
        let start = tokens_in(&text, spans[0]).start;
        assert!(first <= start, "not in the order of the first places");
        first = start;
        for pair in spans.windows(2) {
            assert!(pair[0].end() <= pair[1].start(), "{} and {} overlap", pair[0], pair[1]);
        }
        // The white space around a paragraph is left out, its punctuation is not.
        let places = spans.iter().map(|&span| match repeat.kind() {
            RepeatKind::Paragraph => &text.folded[tokens_in(&text, span)],
            _ => &text.folded[text.tokens_of(span)],
        });
        let places: Vec<&[String]> = places.collect();
        for place in &places[1..] {
            if repeat.kind() == RepeatKind::Paragraph {
                assert_eq!(*place, places[0]);
                assert_eq!(place.len(), repeat.tokens());
            } else {
                assert!(repeat.tokens() >= min_run);
                assert!(place.len() >= repeat.tokens() && places[0].len() >= repeat.tokens());
                let lengths = common_runs(places[0], place);
                assert!(lengths.iter().flatten().any(|&length| length >= min_run));
            }
        }
    }

    // Equal paragraphs, all of them and nothing else.
    let found: BTreeMap<Span, Vec<Span>> = repeats
        .iter()
        .filter(|repeat| repeat.kind() == RepeatKind::Paragraph)
        .map(|repeat| (repeat.spans()[0], repeat.spans().to_vec()))
        .collect();
    assert_eq!(found, equal_paragraphs(&text, settings));

    // A run that stands earlier without overlap does not go unseen.
    let lengths = common_runs(&text.folded, &text.folded);
    let seen = !repeats.is_empty();
    for from in 0..text.len() {
        for to in from + min_run..text.len() {
            assert!(seen || lengths[from][to] < min_run, "tokens {from} and {to} are missed");
        }
    }
});

fn tokens_in(text: &Text, span: Span) -> std::ops::Range<usize> {
    assert!(text.text.get(span.range()).is_some());
    let start = text.spans.partition_point(|token| token.start() < span.start());
    start..text.spans.partition_point(|token| token.end() <= span.end())
}

fn equal_paragraphs(text: &Text, settings: Settings) -> BTreeMap<Span, Vec<Span>> {
    let mut groups: BTreeMap<&[String], Vec<Span>> = BTreeMap::new();
    for span in paragraphs(text.text) {
        let tokens = &text.folded[tokens_in(text, span)];
        if tokens.len() >= settings.shingle() {
            groups.entry(tokens).or_default().push(span);
        }
    }
    groups.into_values().filter(|spans| spans.len() > 1).map(|spans| (spans[0], spans)).collect()
}
