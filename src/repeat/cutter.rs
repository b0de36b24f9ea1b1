//! Paragraphs cut out of some parts of a text.

use std::ops::Range;

use crate::text::{Paragraphs, Span};
use crate::verify::Side;

/// A paragraph in token positions.
pub(super) struct Block {
    pub(super) span: Span,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The first paragraph with the same tokens.
    pub(super) first: usize,
}

/// Cuts paragraphs out of some parts of a text, each part behind the one before.
pub(super) struct Cutter<'a> {
    pub(super) side: Side<'a>,
    paragraphs: Paragraphs<'a>,
    /// The paragraph that was cut last, once there is one, and where the one before it ends, if
    /// they are neighbours.
    current: Option<Option<Span>>,
    before: Option<usize>,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(side: Side<'a>) -> Self {
        Self { side, paragraphs: Paragraphs::new(side.text), current: None, before: None }
    }

    /// The token behind a stretch of shingles.
    fn end(&self, stretch: &Range<usize>) -> usize {
        stretch.end + self.side.tokens.len() - self.side.shingles.len()
    }

    /// Whether a paragraph of at least `least` tokens may lie in a stretch of shingles.
    pub(super) fn may_hold(&mut self, stretch: &Range<usize>, least: usize) -> bool {
        let end = self.end(stretch);
        let mut may_start = |tokens: Range<usize>| {
            let spans = self.side.tokens.spans();
            let Some(before) = tokens.start.checked_sub(1) else { return true };
            self.paragraphs.may_meet_in(spans[before].end()..spans[tokens.end - 1].end())
        };
        // It starts with one of the shingles, and the next one with a token behind it.
        stretch.start + least <= end
            && may_start(stretch.clone())
            && (end == self.side.tokens.len() || may_start(stretch.start + least..end + 1))
    }

    /// Appends the paragraphs of at least `least` tokens that lie in a stretch of shingles.
    pub(super) fn cut(&mut self, stretch: Range<usize>, least: usize, blocks: &mut Vec<Block>) {
        if !self.may_hold(&stretch, least) {
            return;
        }
        let mut current = *self.current.get_or_insert_with(|| self.paragraphs.next());
        let Side { text, tokens, .. } = self.side;
        let spans = tokens.spans();
        let end = self.end(&stretch);
        let behind = if stretch.start == 0 { 0 } else { spans[stretch.start - 1].end() };
        // Never back into white space, which may have been read and may be long.
        let last = text[..behind].chars().next_back().filter(|last| !last.is_whitespace());
        if let (Some(last), Some(span)) = (last, current)
            && span.end() < behind
        {
            self.paragraphs.skip_to(behind - last.len_utf8());
            self.before = None;
            current = self.paragraphs.next();
        }
        while let Some(span) = current {
            let ends_in = |tokens: Range<usize>, at: usize| {
                tokens.start + spans[tokens].partition_point(|token| token.end() <= at)
            };
            let whole = match self.before {
                Some(before) => behind <= before,
                None => stretch.start == 0,
            };
            let start = self.before.map_or(stretch.start, |at| ends_in(stretch.clone(), at));
            let stop = ends_in(start..end, span.end());
            let ends = stop < end || spans.get(end).is_none_or(|token| token.end() > span.end());
            if whole && ends && start < stretch.end && stop - start >= least {
                blocks.push(Block { span, start, end: stop, first: blocks.len() });
            }
            if span.end() >= spans[end - 1].end() {
                break;
            }
            self.before = Some(span.end());
            current = self.paragraphs.next();
        }
        self.current = Some(current);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Chars, text};
    use super::*;
    use crate::text::{Tokenize, Words};
    use crate::verify::Reading;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        /// The plain twin of the cutter: all paragraphs, and a search for the tokens of each.
        #[test]
        fn cut_in_parts_as_a_whole(
            text in text(),
            width in 1usize..4,
            least in 1usize..5,
            parts in proptest::collection::vec(0usize..12, 0..20),
        ) {
            let tokenizers: [&dyn Tokenize; 4] = [&Words, &Chars(1), &Chars(2), &Chars(5)];
            for tokenizer in tokenizers {
                let mut reading = Reading::default();
                let side = reading.read(&text, tokenizer, width);
                if side.tokens.len() < width {
                    continue;
                }
                let mut stretches = Vec::new();
                let mut at = 0;
                for pair in parts.chunks_exact(2) {
                    let start = at + pair[0];
                    at = (start + pair[1]).min(side.shingles.len());
                    if start < at {
                        stretches.push(start..at);
                    }
                    at += 1;
                }
                let mut cut = Vec::new();
                let mut cutter = Cutter::new(side);
                for stretch in &stretches {
                    cutter.cut(stretch.clone(), least, &mut cut);
                }
                let mut expected = Vec::new();
                let mut start = 0;
                for span in crate::text::paragraphs(&text) {
                    let tokens = side.tokens.spans();
                    let end = tokens.partition_point(|token| token.end() <= span.end());
                    let inside = |stretch: &Range<usize>| {
                        stretch.contains(&start) && end < stretch.end + width
                    };
                    if end - start >= least && stretches.iter().any(inside) {
                        expected.push((span, start, end));
                    }
                    start = end;
                }
                let cut: Vec<_> =
                    cut.into_iter().map(|block| (block.span, block.start, block.end)).collect();
                prop_assert_eq!(cut, expected);
            }
        }
    }
}
