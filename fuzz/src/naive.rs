//! Slow, plain answers on folded tokens, and what every span must hold.

#[path = "../../tests/naive/runs.rs"]
mod runs;

use std::collections::HashSet;

use doublon::Span;
use doublon::text::{Tokenize, Tokens, Words};
pub use runs::*;

/// A text as folded tokens with their places.
pub struct Text<'a> {
    pub text: &'a str,
    pub spans: Vec<Span>,
    pub folded: Vec<String>,
}

impl<'a> Text<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut tokens = Tokens::new();
        Words.tokenize(text, &mut tokens);
        let spans = tokens.spans().to_vec();
        let folded = spans.iter().map(|&span| folded(&text[span])).collect();
        Self { text, spans, folded }
    }

    pub fn len(&self) -> usize {
        self.folded.len()
    }

    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// Which tokens stand in a span that must begin and end with a token.
    pub fn tokens_of(&self, span: Span) -> std::ops::Range<usize> {
        assert!(self.text.get(span.range()).is_some(), "{span} of {:?}", self.text);
        let start = self.spans.partition_point(|token| token.start() < span.start());
        let end = self.spans.partition_point(|token| token.end() <= span.end());
        assert!(start < end, "{span} holds no token");
        assert_eq!(self.spans[start].start(), span.start(), "{span} begins inside a token");
        assert_eq!(self.spans[end - 1].end(), span.end(), "{span} ends inside a token");
        start..end
    }

    /// The distinct shingles: windows of `width` tokens, or the whole text where it is shorter.
    pub fn shingles(&self, width: usize) -> HashSet<&[String]> {
        self.folded.windows(width.min(self.len()).max(1)).collect()
    }
}
