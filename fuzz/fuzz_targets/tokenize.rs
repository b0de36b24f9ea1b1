//! Tokens lie where they say, depend on their own bytes only, and carry the hash of their fold.

#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use doublon::Span;
use doublon::shingle::shingles;
use doublon::text::{Tokenize, Tokens, Words, paragraphs};
use doublon_fuzz::{Texts, naive};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(texts) = Texts::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let text = texts.at_most(1).remove(0);
    let text = text.as_str();
    let tokens = tokenize(text);
    let mut refolded = Tokens::new();
    let mut last = 0;
    for (&span, &hash) in tokens.spans().iter().zip(tokens.hashes()) {
        assert!(last <= span.start() && span.start() < span.end(), "{span} after {last}");
        last = span.end();
        let token = text.get(span.range()).expect("a span lies on char boundaries");
        let folded = naive::folded(token);
        assert!(!folded.is_empty(), "{token:?} folds to nothing");
        assert_eq!(naive::folded(&folded), folded, "the fold of {token:?} is not idempotent");
        refolded.push(span, &folded);
        // Alone it is the same token.
        let alone = tokenize(token);
        assert_eq!(alone.spans(), [Span::new(0, token.len() as u32)], "{token:?} alone");
        assert_eq!(alone.hashes(), [hash], "{token:?} alone");
    }
    assert_eq!(tokens.hashes(), refolded.hashes());

    // A space ends every token: what stands behind it does not matter.
    let middle = (0..=text.len() / 2).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let (head, tail) = text.split_at(middle);
    let (first, second) = (tokenize(head), tokenize(tail));
    let joined = tokenize(&format!("{head} {tail}"));
    assert_eq!(joined.hashes(), [first.hashes(), second.hashes()].concat());

    for width in [1, 2, 5] {
        let mut hashes = Vec::new();
        shingles(tokens.hashes(), width, &mut hashes);
        let expected =
            (tokens.len() + 1).saturating_sub(width).max(usize::from(!tokens.is_empty()));
        assert_eq!(hashes.len(), expected);
    }

    let mut last = 0;
    for span in paragraphs(text) {
        assert!(last <= span.start(), "{span} after {last}");
        last = span.end();
        let paragraph = text.get(span.range()).expect("a span lies on char boundaries");
        assert!(!paragraph.is_empty() && paragraph.trim() == paragraph, "{paragraph:?}");
    }
    let left: String = text.split_whitespace().collect();
    let kept: String = paragraphs(text).flat_map(|span| text[span].split_whitespace()).collect();
    assert_eq!(left, kept, "paragraphs lose text");
});

fn tokenize(text: &str) -> Tokens {
    let mut tokens = Tokens::new();
    Words.tokenize(text, &mut tokens);
    tokens
}
