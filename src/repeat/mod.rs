//! What stands two or more times in one text.

mod cutter;

use std::collections::BTreeMap;

use cutter::{Block, Cutter};

use crate::hash;
use crate::occurrence::{Bitmap, Flags};
use crate::passage::Rules;
use crate::shingle::windows;
use crate::table::Table;
use crate::text::Span;
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

/// A window of `min_run` tokens.
#[derive(Clone, Copy)]
struct Window {
    hash: u64,
    at: u32,
}

/// So many windows are hashed in one go.
const PART: usize = 1 << 10;

/// Different paragraphs of one digest that are told apart.
const MOST_COLLIDING: usize = 32;

/// Repeats by their first place, in tokens, and whether they are passages: one that stands first as
/// a whole paragraph does not hold the same words at its other places.
type Places = BTreeMap<(usize, usize, bool), Repeat>;

/// Finds the repeats of texts, with buffers reused from text to text.
#[derive(Default)]
pub(crate) struct Repeats {
    bitmap: Bitmap,
    /// The shingles that may stand earlier in the text.
    again: Flags,
    /// The shingles that may belong to a repeat, at its first place or a later one.
    suspects: Flags,
    table: Table,
    hashes: Vec<u64>,
    windows: Vec<Window>,
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
    ///
    /// Both are looked for among suspect shingles only, so a shingle has at most `min_link` and
    /// `min_run` tokens.
    pub(crate) fn find(&mut self, side: Side, rules: Rules, confirm: &mut Confirm) -> Vec<Repeat> {
        let mut cutter = Cutter::new(side);
        if !self.suspect(&mut cutter, rules) {
            return Vec::new();
        }
        self.find_suspects(cutter, rules, confirm)
    }

    /// Fills `again` and `suspects`; whether there is any.
    ///
    /// All shingles of a repeat's later place stand earlier: a stretch of such ones has room for a
    /// window, or for a paragraph and holds its ends.
    fn suspect(&mut self, cutter: &mut Cutter, rules: Rules) -> bool {
        let side = cutter.side;
        let Some(width) = width(side) else { return false };
        debug_assert!(width <= rules.min_link.min(rules.min_run));
        let Self { bitmap, again, suspects, .. } = self;
        bitmap.reset(side.shingles.len());
        again.fill(side.shingles, |shingle| bitmap.insert(shingle));
        let mut last = 0;
        for stretch in again.stretches() {
            let tokens = stretch.len() + width - 1;
            if tokens >= rules.min_run || cutter.may_hold(&stretch, rules.min_link) {
                if last == 0 {
                    bitmap.reset(side.shingles.len());
                }
                last = stretch.end;
                for &shingle in &side.shingles[stretch] {
                    bitmap.insert(shingle);
                }
            }
        }
        if last > 0 {
            suspects.fill(&side.shingles[..last], |shingle| bitmap.contains(shingle));
        }
        last > 0
    }

    fn find_suspects(
        &mut self,
        cutter: Cutter,
        rules: Rules,
        confirm: &mut Confirm,
    ) -> Vec<Repeat> {
        let side = cutter.side;
        self.cut(cutter, rules, confirm);
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
        let genuine = self.scan(side, side.tokens.hashes(), rules.min_run, &blocks, |echo| {
            confirm.run(side, echo.from, side, echo.to, echo.len)
        });
        if !genuine {
            // A hash collision: read numbers that are equal exactly when the tokens are.
            let [numbers, _] = numbered(side, side, confirm.tokenizer());
            self.scan(side, &numbers, rules.min_run, &blocks, |_| true);
        }
        self.chains(side, rules, &mut repeats);
        self.blocks = blocks;
        repeats.into_values().collect()
    }

    /// Fills `blocks` with the paragraphs whose shingles are all suspect.
    fn cut(&mut self, mut cutter: Cutter, rules: Rules, confirm: &mut Confirm) {
        let side = cutter.side;
        self.blocks.clear();
        for stretch in self.suspects.stretches() {
            cutter.cut(stretch, rules.min_link.max(1), &mut self.blocks);
        }
        self.table.reset(self.blocks.len());
        let mut keys = vec![0; self.blocks.len()];
        for number in 0..self.blocks.len() {
            let Block { start, end, .. } = self.blocks[number];
            // Not the polynomial of the windows: texts can be made on which that one collides.
            let mut key = hash::digest(&side.tokens.hashes()[start..end]) as u64;
            let len = end - start;
            // Others that have its key by a collision are passed over.
            for _ in 0..MOST_COLLIDING {
                keys[number] = key;
                let first = self.table.get_or_insert(key, number as u32, |at| keys[at]) as usize;
                let new = first == number;
                let block = &self.blocks[first];
                let mut equal = || {
                    block.end - block.start == len
                        && confirm.run(side, block.start, side, start, len)
                };
                if new || equal() {
                    self.blocks[number].first = first;
                    break;
                }
                key = key.wrapping_add(1);
            }
        }
    }

    /// Fills `echoes`, from left to right; gives up at one that is not genuine, and says so.
    fn scan(
        &mut self,
        side: Side,
        tokens: &[u64],
        min_run: usize,
        blocks: &[Block],
        mut genuine: impl FnMut(Echo) -> bool,
    ) -> bool {
        self.windows.clear();
        for stretch in self.suspects.stretches() {
            let end = stretch.end + width(side).unwrap_or(1) - 1;
            for start in stretch.step_by(PART) {
                let part = start..(start + PART + min_run - 1).min(end);
                windows(&tokens[part], min_run, &mut self.hashes);
                let places = self.hashes.iter().zip(start as u32..);
                self.windows.extend(places.map(|(&hash, at)| Window { hash, at }));
            }
        }
        self.table.reset(self.windows.len());
        self.echoes.clear();
        let (mut entered, mut next) = (0, 0);
        while let Some(&Window { hash, at }) = self.windows.get(next) {
            next += 1;
            let at = at as usize;
            if !self.again.get(at) {
                continue;
            }
            // Only windows that end before this one begins.
            while self.windows[entered].at as usize + min_run <= at {
                let entering = self.windows[entered].hash;
                self.table.get_or_insert(entering, entered as u32, |at| self.windows[at].hash);
                entered += 1;
            }
            let from = self.table.get(hash, |at| self.windows[at].hash);
            let from = from.map(|from| self.windows[from as usize].at as usize);
            match from.and_then(|from| extend(tokens, from, at, min_run)) {
                None => {}
                Some(echo) if genuine(echo) => {
                    let behind = self.keep_unnamed(echo, blocks, min_run);
                    let passed = |window: &&Window| (window.at as usize) < behind;
                    next += self.windows[next..].iter().take_while(passed).count();
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

/// The tokens of a shingle; none in a text too short for two.
fn width(side: Side) -> Option<usize> {
    (side.shingles.len() > 1).then(|| side.tokens.len() + 1 - side.shingles.len())
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
    use proptest::prelude::*;

    impl Repeats {
        /// The plain twin of `find`: every shingle is suspect.
        fn find_plainly(&mut self, side: Side, rules: Rules, confirm: &mut Confirm) -> Vec<Repeat> {
            self.again.fill(side.shingles, |_| true);
            self.suspects.fill(side.shingles, |_| true);
            self.find_suspects(Cutter::new(side), rules, confirm)
        }
    }

    /// Words whose tokens have one hash if they begin alike: a stand-in for collisions.
    struct Colliding;

    impl Tokenize for Colliding {
        fn tokenize(&self, text: &str, tokens: &mut Tokens) {
            let mut words = Tokens::new();
            Words.tokenize(text, &mut words);
            for &span in words.spans() {
                tokens.push(span, if text[span].starts_with('z') { "z" } else { "same" });
            }
        }
        fn fold(&self, token: &str, folded: &mut String) {
            folded.push_str(token);
        }
        fn fingerprint(&self) -> u64 {
            0
        }
    }

    /// So many chars a token, white space and line ends as well.
    pub(super) struct Chars(pub(super) usize);

    impl Tokenize for Chars {
        fn tokenize(&self, text: &str, tokens: &mut Tokens) {
            let mut start = 0;
            for (i, (at, c)) in text.char_indices().enumerate() {
                let end = at + c.len_utf8();
                if (i + 1) % self.0 == 0 {
                    tokens.push(Span::new(start as u32, end as u32), &text[start..end]);
                    start = end;
                }
            }
        }
        fn fold(&self, token: &str, folded: &mut String) {
            folded.push_str(token);
        }
        fn fingerprint(&self) -> u64 {
            0
        }
    }

    /// Lines that come again, in part or whole, between others.
    pub(super) fn text() -> impl Strategy<Value = String> {
        let line = "([a-c]|[a-d][a-z]|z[ab]|[,\u{e9}-])( |  |, )".prop_map(String::from);
        let line = proptest::collection::vec(line, 0..12).prop_map(|words| words.concat());
        let breaks = proptest::sample::select(vec!["\n", "\n", "\n", "\r\n", "\n\n", " ", ""]);
        let order = proptest::collection::vec((0usize..8, 0usize..4, breaks), 0..14);
        (proptest::collection::vec(line, 8), order, any::<bool>()).prop_map(
            |(lines, order, by_lines)| {
                let mut text = String::new();
                for (line, cut, end) in order {
                    let line = &lines[line];
                    let from = line.char_indices().nth(cut / 2 * 3).map_or(0, |(at, _)| at);
                    text += &line[from..];
                    text += if by_lines && end.len() == 2 { "\n" } else { end };
                }
                text
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn among_suspects_as_among_all(
            text in text(), min_link in 1usize..7, more in 0usize..9, max_gap in 0usize..5,
        ) {
            let rules = Rules { min_run: min_link + more, min_link, max_gap, ends: false };
            let tokenizers: [&dyn Tokenize; 5] = [&Words, &Colliding, &Chars(1), &Chars(2), &Chars(5)];
            let (mut fast, mut plain) = (Repeats::default(), Repeats::default());
            for tokenizer in tokenizers {
                let mut reading = Reading::default();
                let side = reading.read(&text, tokenizer, min_link);
                if side.tokens.len() >= min_link {
                    let mut confirm = Confirm::new(tokenizer);
                    let found = fast.find(side, rules, &mut confirm);
                    prop_assert_eq!(found, plain.find_plainly(side, rules, &mut confirm));
                }
            }
        }
    }

    #[test]
    fn a_repeat_is_found_among_colliding_hashes() {
        let text = "a b c d e f x y z a b c d e f w";
        let rules = Rules { min_run: 4, min_link: 2, max_gap: 0, ends: false };
        let mut reading = Reading::default();
        let side = reading.read(text, &Colliding, 2);
        let found = Repeats::default().find(side, rules, &mut Confirm::new(&Colliding));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].spans(), [Span::new(0, 11), Span::new(18, 29)]);
    }
}
