//! What stands two or more times in one text.

use std::collections::BTreeMap;

use crate::hash;
use crate::passage::Rules;
use crate::shingle::windows;
use crate::table::Table;
use crate::text::{Span, paragraphs};
use crate::verify::{Confirm, Side, numbered};

/// A paragraph or passage that stands two or more times in one text.
///
/// ```
/// let text = "La Loire a quitte son lit dans la nuit.\n\nSuite.\n\nLa Loire a quitte son lit dans la nuit.";
/// let repeats = doublon::repeats(text)?;
/// assert_eq!(repeats.len(), 1);
/// assert_eq!(repeats[0].tokens(), 9);
/// for &span in repeats[0].spans() {
///     assert_eq!(&text[span], "La Loire a quitte son lit dans la nuit.");
/// }
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Repeat {
    kind: RepeatKind,
    spans: Vec<Span>,
    tokens: u32,
}

/// What stands again.
///
/// ```
/// let text = "the bridge is closed tonight\nanother line\nThe bridge is closed tonight!";
/// assert_eq!(doublon::repeats(text)?[0].kind(), doublon::RepeatKind::Paragraph);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum RepeatKind {
    /// Whole paragraphs whose tokens are equal.
    Paragraph,
    /// A chain of equal runs, as a passage of two texts is, that is not a whole paragraph.
    Passage,
}

impl Repeat {
    /// Whether it is a whole paragraph.
    ///
    /// See [`RepeatKind`] for an example.
    pub fn kind(&self) -> RepeatKind {
        self.kind
    }

    /// The places where it stands, at least two, in the order of the text and without overlap.
    ///
    /// See [`Repeat`] for an example.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The number of equal tokens at each place.
    ///
    /// See [`Repeat`] for an example.
    pub fn tokens(&self) -> usize {
        self.tokens as usize
    }
}

/// A run of tokens at `from` that stands again at `to`, which lies behind it.
#[derive(Clone, Copy)]
struct Echo {
    from: usize,
    to: usize,
    len: usize,
}

/// A paragraph in token positions.
struct Block {
    span: Span,
    start: usize,
    end: usize,
    /// The first paragraph with the same tokens.
    first: usize,
}

/// Repeats by their first place, in tokens, and whether they are passages: one that stands first as
/// a whole paragraph does not hold the same words at its other places.
type Places = BTreeMap<(usize, usize, bool), Repeat>;

/// Finds the repeats of texts, with buffers reused from text to text.
#[derive(Default)]
pub(crate) struct Repeats {
    table: Table,
    windows: Vec<u64>,
    blocks: Vec<Block>,
    echoes: Vec<Echo>,
}

impl Repeats {
    /// The repeats of a text, in the order of their first places.
    ///
    /// Paragraphs of at least `min_link` tokens come first: those with equal tokens are one repeat.
    /// Then the text is read once more, from left to right: a run of at least `min_run` tokens that
    /// stands earlier without overlap is an echo of it, and the reading goes on behind it. What lies
    /// in paragraphs already named on both sides is left out. Linear in the text, however repetitive.
    pub(crate) fn find(&mut self, side: Side, rules: Rules, confirm: &mut Confirm) -> Vec<Repeat> {
        self.cut(side, rules, confirm);
        let blocks = std::mem::take(&mut self.blocks);
        let mut repeats = Places::new();
        for (number, block) in blocks.iter().enumerate() {
            if block.first < number {
                let first = &blocks[block.first];
                let key = (first.start, first.end, false);
                let repeat = repeats.entry(key).or_insert_with(|| Repeat {
                    kind: RepeatKind::Paragraph,
                    spans: vec![first.span],
                    tokens: (first.end - first.start) as u32,
                });
                repeat.spans.push(block.span);
            }
        }
        let genuine = self.scan(side.tokens.hashes(), rules.min_run, &blocks, |echo| {
            confirm.run(side, echo.from, side, echo.to, echo.len)
        });
        if !genuine {
            // A hash collision: read numbers that are equal exactly when the tokens are.
            let [numbers, _] = numbered(side, side, confirm.tokenizer());
            self.scan(&numbers, rules.min_run, &blocks, |_| true);
        }
        self.chains(side, rules, &mut repeats);
        self.blocks = blocks;
        repeats.into_values().collect()
    }

    /// Fills `blocks`.
    fn cut(&mut self, side: Side, rules: Rules, confirm: &mut Confirm) {
        let spans = side.tokens.spans();
        let blocks = &mut self.blocks;
        blocks.clear();
        let mut start = 0;
        for span in paragraphs(side.text) {
            let end = start + spans[start..].partition_point(|token| token.end() <= span.end());
            blocks.push(Block { span, start, end, first: blocks.len() });
            start = end;
        }
        self.table.reset(blocks.len());
        for number in 0..blocks.len() {
            let Block { start, end, .. } = blocks[number];
            let len = end - start;
            if len < rules.min_link.max(1) {
                continue;
            }
            // Not the polynomial of the windows: texts can be made on which that one collides.
            let key = hash::digest(&side.tokens.hashes()[start..end]) as u64;
            let (&mut first, new) = self.table.get_or_insert(key, number as u32);
            let block = &blocks[first as usize];
            let equal =
                block.end - block.start == len && confirm.run(side, block.start, side, start, len);
            if !new && equal {
                blocks[number].first = first as usize;
            }
        }
    }

    /// Fills `echoes`, from left to right; gives up at one that is not genuine, and says so.
    fn scan(
        &mut self,
        tokens: &[u64],
        min_run: usize,
        blocks: &[Block],
        mut genuine: impl FnMut(Echo) -> bool,
    ) -> bool {
        windows(tokens, min_run, &mut self.windows);
        self.table.reset(self.windows.len());
        self.echoes.clear();
        let (mut entered, mut at) = (0, 0);
        while at < self.windows.len() {
            // Only windows that end before this one begins.
            while entered + min_run <= at {
                self.table.get_or_insert(self.windows[entered], entered as u32);
                entered += 1;
            }
            let from = self.table.get(self.windows[at]);
            match from.and_then(|from| extend(tokens, from as usize, at, min_run)) {
                None => at += 1,
                Some(echo) if genuine(echo) => {
                    at = self.keep_unnamed(echo, blocks, min_run).max(at + 1);
                }
                Some(_) => return false,
            }
        }
        true
    }

    /// Keeps of an echo what does not lie in repeated paragraphs on both sides. Gives where to read
    /// on: behind what is kept or named.
    fn keep_unnamed(&mut self, echo: Echo, blocks: &[Block], min_run: usize) -> usize {
        let shift = echo.to - echo.from;
        let end = echo.to + echo.len;
        // An echo that goes back over earlier ones replaces them, or begins behind them.
        while self.echoes.last().is_some_and(|last| last.to >= echo.to) {
            self.echoes.pop();
        }
        let done = self.echoes.last().map_or(0, |last| last.to + last.len);
        let mut start = echo.to.max(done);
        let mut keep = |from: usize, to: usize| {
            if to >= from + min_run {
                self.echoes.push(Echo { from: from - shift, to: from, len: to - from });
            }
        };
        let inside = blocks.partition_point(|block| block.start < start);
        for block in blocks[inside..].iter().take_while(|block| block.end <= end) {
            let there = blocks.partition_point(|other| other.end <= block.start - shift);
            let named = blocks[there..]
                .iter()
                .take_while(|other| other.start <= block.start - shift)
                .find(|other| other.start == block.start - shift && other.end > other.start)
                .is_some_and(|other| other.first == block.first && other.end + shift == block.end);
            if named && block.end > block.start {
                keep(start, block.start);
                start = block.end;
            }
        }
        keep(start, end);
        if start + min_run <= end { end } else { start }
    }

    /// Joins echoes with small gaps, and gathers those of the same place.
    fn chains(&self, side: Side, rules: Rules, repeats: &mut Places) {
        let mut echoes = self.echoes.iter().copied().peekable();
        while let Some(first) = echoes.next() {
            let (mut from_end, mut to_end) = (first.from + first.len, first.to + first.len);
            let mut tokens = first.len;
            while let Some(next) = echoes.peek() {
                let cut = from_end.saturating_sub(next.from).max(to_end.saturating_sub(next.to));
                let (from, to) = (next.from + cut, next.to + cut);
                let near = cut < next.len
                    && from - from_end <= rules.max_gap
                    && to - to_end <= rules.max_gap
                    && next.from + next.len <= first.to;
                if !near {
                    break;
                }
                (from_end, to_end) = (next.from + next.len, next.to + next.len);
                tokens += next.len - cut;
                echoes.next();
            }
            let place = side.tokens.span(first.to, to_end);
            let repeat = repeats.entry((first.from, from_end, true)).or_insert_with(|| Repeat {
                kind: RepeatKind::Passage,
                spans: vec![side.tokens.span(first.from, from_end)],
                tokens: tokens as u32,
            });
            let at = repeat.spans.partition_point(|span| span.start() < place.start());
            let free = repeat.spans[at - 1].end() <= place.start()
                && repeat.spans.get(at).is_none_or(|next| place.end() <= next.start());
            if free {
                repeat.spans.insert(at, place);
                repeat.tokens = repeat.tokens.min(tokens as u32);
            }
        }
    }
}

/// The run through two equal windows, as far as its two places do not overlap; to the left no
/// farther than it went to the right, which keeps the whole scan linear.
fn extend(tokens: &[u64], from: usize, to: usize, min_run: usize) -> Option<Echo> {
    let room = to - from;
    let equal =
        |pairs: &mut dyn Iterator<Item = (&u64, &u64)>| pairs.take_while(|(x, y)| x == y).count();
    let right = equal(&mut tokens[from..].iter().zip(&tokens[to..]).take(room));
    if right < min_run {
        return None;
    }
    let left = right.min(room - right);
    let left = equal(&mut tokens[..from].iter().rev().zip(tokens[..to].iter().rev()).take(left));
    Some(Echo { from: from - left, to: to - left, len: left + right })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Tokenize, Tokens, Words};
    use crate::verify::Reading;

    /// A tokenizer whose tokens all have one hash stands in for collisions.
    struct Colliding;

    impl Tokenize for Colliding {
        fn tokenize(&self, text: &str, tokens: &mut Tokens) {
            let mut words = Tokens::new();
            Words.tokenize(text, &mut words);
            words.spans().iter().for_each(|&span| tokens.push(span, "same"));
        }
        fn fold(&self, token: &str, folded: &mut String) {
            folded.push_str(token);
        }
        fn fingerprint(&self) -> u64 {
            0
        }
    }

    #[test]
    fn a_repeat_is_found_among_colliding_hashes() {
        let text = "a b c d e f x y z a b c d e f w";
        let rules = Rules { min_run: 4, min_link: 2, max_gap: 0 };
        let mut reading = Reading::default();
        let side = reading.read(text, &Colliding, 2);
        let found = Repeats::default().find(side, rules, &mut Confirm::new(&Colliding));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].spans(), [Span::new(0, 11), Span::new(18, 29)]);
    }
}
