//! A candidate pair to exact counts: what the texts themselves say.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::hash;
use crate::seeds::{Sequence, common};
use crate::shingle::shingles;
use crate::table::Table;
use crate::text::{Span, Tokenize, Tokens};

/// A text with its tokens and shingles, in buffers to be reused.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) tokens: Tokens,
    pub(crate) shingles: Vec<u64>,
    /// The tokens that do not count, in stretches, and how many they are.
    hidden: Vec<Range<usize>>,
    hidden_tokens: usize,
    /// The places of the shingles that count, in stretches, and where some do not, these shingles.
    open: Vec<Range<usize>>,
    counted: Vec<u64>,
}

impl Reading {
    pub(crate) fn read<'a>(
        &'a mut self,
        text: &'a str,
        tokenizer: &dyn Tokenize,
        width: usize,
    ) -> Side<'a> {
        self.tokens.clear();
        self.hidden.clear();
        self.open.clear();
        self.hidden_tokens = 0;
        tokenizer.tokenize(text, &mut self.tokens);
        // Those of the last text are written over.
        shingles(self.tokens.hashes(), width, &mut self.shingles);
        self.open.push(0..self.shingles.len());
        self.side(text, width)
    }

    /// The text this was read from, again.
    pub(crate) fn side<'a>(&'a self, text: &'a str, width: usize) -> Side<'a> {
        let Self { tokens, shingles, hidden, hidden_tokens, open, counted } = self;
        let counted = if hidden.is_empty() { shingles } else { counted };
        let len = tokens.len() - hidden_tokens;
        Side { text, tokens, shingles, open, counted, hidden, len, width }
    }

    /// Lets no token of these stretches, which rise and do not overlap, count or equal any other, in
    /// this document or another; nor a shingle that touches one.
    pub(crate) fn hide(&mut self, stretches: Vec<Range<usize>>, document: u32, width: usize) {
        self.open.clear();
        self.counted.clear();
        let own = hash::digest(self.tokens.hashes()) as u64;
        let mut from = 0;
        let end = self.shingles.len()..self.shingles.len();
        for stretch in stretches.iter().chain([&end]) {
            self.hidden_tokens += stretch.len();
            for at in stretch.clone() {
                self.tokens.set_hash(at, hash::alone(document, at as u32));
            }
            let touched = if stretch.is_empty() { 0 } else { width.saturating_sub(1) };
            let open = from..stretch.start.saturating_sub(touched);
            // What does not count is to look like nothing else in traces, too, wherever the text stands.
            for at in open.end.max(from)..stretch.end.min(self.shingles.len()) {
                self.shingles[at] = hash::chain(own, at as u64);
            }
            if !open.is_empty() {
                self.counted.extend_from_slice(&self.shingles[open.clone()]);
                self.open.push(open);
            }
            from = stretch.end;
        }
        self.hidden = stretches;
    }
}

/// One text of a pair.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a Tokens,
    /// The shingle at each token that begins one; where it does not count, a number that no other text
    /// has, but for copies.
    pub(crate) shingles: &'a [u64],
    /// The places of those that count, in stretches.
    open: &'a [Range<usize>],
    /// Those that count.
    pub(crate) counted: &'a [u64],
    hidden: &'a [Range<usize>],
    /// How many tokens count.
    pub(crate) len: usize,
    width: usize,
}

impl<'a> Side<'a> {
    /// The shingles that count, where they stand in a row.
    pub(crate) fn stretches(self) -> impl Iterator<Item = &'a [u64]> {
        self.open.iter().map(move |stretch| &self.shingles[stretch.clone()])
    }

    pub(crate) fn sequence(self) -> Sequence<'a> {
        Sequence { tokens: self.tokens.hashes(), shingles: self.shingles, width: self.width }
    }

    pub(crate) fn all_count(self) -> bool {
        self.hidden.is_empty()
    }

    /// The tokens that count, and nothing for the others.
    pub(crate) fn counting(self) -> impl Iterator<Item = Option<u64>> {
        let mut hidden = self.hidden.iter().peekable();
        self.tokens.hashes().iter().enumerate().map(move |(at, &token)| {
            while hidden.next_if(|stretch| stretch.end <= at).is_some() {}
            hidden.peek().is_none_or(|stretch| at < stretch.start).then_some(token)
        })
    }

    /// Up to where shingles count from a place on, if the one there does.
    fn open_from(self, place: usize) -> Option<usize> {
        let next = self.open.partition_point(|stretch| stretch.end <= place);
        self.open.get(next).filter(|stretch| stretch.start <= place).map(|stretch| stretch.end)
    }

    /// The places of the shingles that count.
    fn places(self) -> impl Iterator<Item = usize> {
        self.open.iter().cloned().flatten()
    }

    /// The number of tokens under one shingle.
    fn shingle_len(&self) -> usize {
        self.width.max(1).min(self.tokens.len())
    }
}

/// Confirms equal hashes on the folded text itself.
pub(crate) struct Confirm<'a> {
    tokenizer: &'a dyn Tokenize,
    folded: [String; 2],
}

impl<'a> Confirm<'a> {
    pub(crate) fn new(tokenizer: &'a dyn Tokenize) -> Self {
        Self { tokenizer, folded: Default::default() }
    }

    pub(crate) fn tokenizer(&self) -> &dyn Tokenize {
        self.tokenizer
    }

    /// Whether the `len` tokens from `i` of `a` and from `j` of `b` are equal after folding.
    pub(crate) fn run(&mut self, a: Side, i: usize, b: Side, j: usize, len: usize) -> bool {
        let (spans_a, spans_b) = (&a.tokens.spans()[i..i + len], &b.tokens.spans()[j..j + len]);
        spans_a.chunks(STRETCH).zip(spans_b.chunks(STRETCH)).all(|(spans_a, spans_b)| {
            same_bytes(a.text, spans_a, b.text, spans_b)
                || same_words(a.text, spans_a, b.text, spans_b)
                || spans_a.iter().zip(spans_b).all(|(&x, &y)| {
                    // Equal bytes fold to equal forms.
                    same_words(a.text, &[x], b.text, &[y])
                        || self.folds_equal(&a.text[x], &b.text[y])
                })
        })
    }

    fn folds_equal(&mut self, a: &str, b: &str) -> bool {
        for (folded, token) in self.folded.iter_mut().zip([a, b]) {
            folded.clear();
            self.tokenizer.fold(token, folded);
        }
        self.folded[0] == self.folded[1]
    }
}

/// Tokens that are compared at once, with what stands between them.
const STRETCH: usize = 32;

/// Whether as many tokens of two texts are the same bytes in the same distances.
fn same_bytes(a: &str, spans_a: &[Span], b: &str, spans_b: &[Span]) -> bool {
    let hull = |spans: &[Span]| match (spans.first(), spans.last()) {
        (Some(&first), Some(&last)) => first.to(last),
        _ => Span::default(),
    };
    let (x, y) = (hull(spans_a), hull(spans_b));
    let offset = |x: usize, y: usize| (x as u32).wrapping_sub(y as u32);
    let all = offset(x.start(), y.start());
    // Nothing branches on a single token.
    let moved = |moved, (&i, &j): (&Span, &Span)| {
        moved
            | (offset(i.start(), j.start()) ^ all)
            | (offset(i.end(), j.end()) ^ all)
            | u32::from(i.start() < x.start() || i.end() > x.end())
    };
    equal_bytes(a, x, b, y) && spans_a.iter().zip(spans_b).fold(0, moved) == 0
}

/// A tokenizer of one's own may name places that there are not: nothing equals them.
fn equal_bytes(a: &str, x: Span, b: &str, y: Span) -> bool {
    let bytes = a.as_bytes().get(x.range());
    bytes.is_some() && bytes == b.as_bytes().get(y.range())
}

/// Whether as many tokens of two texts are the same bytes. Most are short: nothing branches on how long
/// they are.
fn same_words(a: &str, spans_a: &[Span], b: &str, spans_b: &[Span]) -> bool {
    let word = |text: &str, span: Span| {
        let bytes = text.as_bytes().get(span.start()..)?.first_chunk()?;
        Some(u128::from_le_bytes(*bytes))
    };
    let mut differ = 0;
    for (&x, &y) in spans_a.iter().zip(spans_b) {
        match (word(a, x), word(b, y), FIRST.get(x.len())) {
            (Some(first), Some(second), Some(wanted)) => {
                differ |= (first ^ second) & wanted | (x.len() ^ y.len()) as u128;
            }
            _ if equal_bytes(a, x, b, y) => {}
            _ => return false,
        }
    }
    differ == 0
}

/// The bits of the first bytes of 16.
const FIRST: [u128; 17] = {
    let mut first = [u128::MAX; 17];
    let mut bytes = 0;
    while bytes < 16 {
        first[bytes] = (1 << (8 * bytes)) - 1;
        bytes += 1;
    }
    first
};

/// Distinct shingles of two texts, and how many both have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shared {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) both: u32,
}

/// The shingles of a text that stays, the center, to be held against those of others in turn.
#[derive(Default)]
pub(crate) struct Shingles {
    /// Where each distinct shingle of the center stands first.
    table: Table,
    distinct: u32,
    /// Where shingles stand again, in order, and where they stand first.
    repeats: Vec<[u32; 2]>,
    /// Two different shingles of the center have one hash.
    collides: bool,
    /// Places of the center, in rows, whose shingles another text has.
    rows: Vec<Range<usize>>,
    /// The shingles that the other text alone has.
    others: Table,
    /// Where shingles stand first that the rows hold elsewhere only.
    firsts: Vec<u32>,
}

impl Shingles {
    /// Takes the shingles of a center.
    pub(crate) fn enter(&mut self, center: Side, confirm: &mut Confirm) {
        self.table.reset(center.shingles.len());
        self.distinct = 0;
        self.repeats.clear();
        let mut equal = Equal::default();
        self.collides = false;
        for i in center.places() {
            let hash = center.shingles[i];
            let first = self.table.get_or_insert(hash, i as u32, |at| center.shingles[at]);
            if first == i as u32 {
                self.distinct += 1;
            } else {
                self.repeats.push([i as u32, first]);
                let confirmed = equal.push(center, first as usize, center, i, 1, confirm);
                self.collides |= !confirmed;
            }
        }
        self.collides |= !equal.confirmed(center, center, confirm);
    }

    /// Counts by hash the shingles that the center, which was entered, and another text share, and
    /// confirms each hit on the texts. Where two different shingles have one hash, the pair is
    /// counted again without hashes.
    pub(crate) fn shared(
        &mut self,
        center: Side,
        other: Side,
        agreed: &mut Agreed,
        confirm: &mut Confirm,
    ) -> Shared {
        match self.shared_by_hash(center, other, agreed, confirm) {
            Some(shared) => shared,
            None => shared_by_text(center, other, confirm.tokenizer),
        }
    }

    /// `None` on a hash collision.
    fn shared_by_hash(
        &mut self,
        center: Side,
        other: Side,
        agreed: &mut Agreed,
        confirm: &mut Confirm,
    ) -> Option<Shared> {
        self.others.reset(other.shingles.len());
        self.rows.clear();
        let (mut of_other, mut within) = (0, Equal::default());
        let len = center.shingle_len();
        for stretch in other.open {
            let (mut j, mut guess) = (stretch.start, 0);
            while j < stretch.end {
                let hash = other.shingles[j];
                let end = match center.shingles.get(guess) {
                    // What two texts have in common goes on in both.
                    Some(&next) if next == hash => center.open_from(guess),
                    _ => None,
                };
                let row = end.map(|end| (guess, end)).or_else(|| {
                    let place = self.table.get(hash, |at| center.shingles[at])? as usize;
                    Some((place, center.open_from(place)?))
                });
                let confirmed = if let Some((place, end)) = row {
                    let run = common(&center.shingles[place..end], &other.shingles[j..stretch.end]);
                    self.rows.push(place..place + run);
                    let at = j;
                    (guess, j) = (place + run, j + run);
                    len == other.shingle_len()
                        && agreed.run(center, place, other, at, run + len - 1, confirm)
                } else {
                    let first = self.others.get_or_insert(hash, j as u32, |at| other.shingles[at]);
                    let new = first == j as u32;
                    of_other += u32::from(new);
                    j += 1;
                    new || within.push(other, first as usize, other, j - 1, 1, confirm)
                };
                if !confirmed {
                    return None;
                }
            }
        }
        let both = self.distinct_in_rows();
        let shared = Shared { a: self.distinct, b: of_other + both, both };
        (within.confirmed(other, other, confirm) && !self.collides).then_some(shared)
    }

    /// How many distinct shingles of the center stand in the rows.
    fn distinct_in_rows(&mut self) -> u32 {
        if !self.rows.is_sorted_by_key(|row| row.start) {
            self.rows.sort_unstable_by_key(|row| row.start);
        }
        // From here on they do not overlap.
        self.rows.dedup_by(|next, row| {
            let meets = next.start <= row.end;
            row.end = if meets { row.end.max(next.end) } else { row.end };
            meets
        });
        self.firsts.clear();
        let mut distinct = 0;
        for row in &self.rows {
            distinct += row.len();
            let next = self.repeats.partition_point(|repeat| (repeat[0] as usize) < row.start);
            let here = self.repeats[next..].iter();
            for &[_, first] in here.take_while(|repeat| (repeat[0] as usize) < row.end) {
                let next = self.rows.partition_point(|row| row.end <= first as usize);
                distinct -= 1;
                if self.rows.get(next).is_none_or(|row| row.start > first as usize) {
                    self.firsts.push(first);
                }
            }
        }
        self.firsts.sort_unstable();
        self.firsts.dedup();
        (distinct + self.firsts.len()) as u32
    }
}

/// The runs of a center and another text that were confirmed: their shingles and their passages are
/// asked about the same ones.
#[derive(Default)]
pub(crate) struct Agreed(Vec<AgreedRun>);

struct AgreedRun {
    center: usize,
    other: usize,
    len: usize,
}

impl Agreed {
    /// Another pair comes.
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }

    /// [`Confirm::run`] for this pair.
    pub(crate) fn run(
        &mut self,
        center: Side,
        i: usize,
        other: Side,
        j: usize,
        len: usize,
        confirm: &mut Confirm,
    ) -> bool {
        let next = self.0.partition_point(|run| run.other <= j);
        let known = next.checked_sub(1).map(|last| &self.0[last]).is_some_and(|run| {
            i.checked_sub(run.center) == Some(j - run.other) && j + len <= run.other + run.len
        });
        if known {
            return true;
        }
        let confirmed = confirm.run(center, i, other, j, len);
        // Others would have to be moved.
        if confirmed && next == self.0.len() {
            self.0.push(AgreedRun { center: i, other: j, len });
        }
        confirmed
    }
}

/// Shingles in a row that are equal by hash, to be confirmed at once.
#[derive(Clone, Copy, Default)]
struct Equal {
    i: usize,
    j: usize,
    shingles: usize,
}

impl Equal {
    /// Adds so many shingles from `i` of `a` and from `j` of `b`. Whether those before are equal on the
    /// texts, where these do not continue them.
    fn push(
        &mut self,
        a: Side,
        i: usize,
        b: Side,
        j: usize,
        shingles: usize,
        confirm: &mut Confirm,
    ) -> bool {
        if self.shingles > 0 && (self.i + self.shingles, self.j + self.shingles) == (i, j) {
            self.shingles += shingles;
            return true;
        }
        let confirmed = self.confirmed(a, b, confirm);
        *self = Self { i, j, shingles };
        confirmed
    }

    fn confirmed(self, a: Side, b: Side, confirm: &mut Confirm) -> bool {
        let len = a.shingle_len();
        self.shingles == 0
            || len == b.shingle_len() && confirm.run(a, self.i, b, self.j, self.shingles + len - 1)
    }
}

/// The plain twin of [`Shingles::shared_by_hash`]: shingles as slices of exact token numbers.
fn shared_by_text(a: Side, b: Side, tokenizer: &dyn Tokenize) -> Shared {
    let [ids_a, ids_b] = numbered(a, b, tokenizer);
    let (len_a, len_b) = (a.shingle_len().max(1), b.shingle_len().max(1));
    let set = |ids: &[u64], side: Side, len: usize| -> HashSet<Vec<u64>> {
        side.places().map(|at| ids[at..at + len].to_vec()).collect()
    };
    let (set_a, set_b) = (set(&ids_a, a, len_a), set(&ids_b, b, len_b));
    let both = set_a.intersection(&set_b).count() as u32;
    Shared { a: set_a.len() as u32, b: set_b.len() as u32, both }
}

/// The tokens of both texts as numbers that are equal exactly when the folded tokens are, and both
/// count.
pub(crate) fn numbered(a: Side, b: Side, tokenizer: &dyn Tokenize) -> [Vec<u64>; 2] {
    let mut numbers: HashMap<String, u64> = HashMap::new();
    let mut alone = u64::MAX;
    [a, b].map(|side| {
        let mut ids = Vec::with_capacity(side.tokens.len());
        for &span in side.tokens.spans() {
            let mut folded = String::new();
            tokenizer.fold(&side.text[span], &mut folded);
            let next = numbers.len() as u64;
            ids.push(*numbers.entry(folded).or_insert(next));
        }
        for id in side.hidden.iter().cloned().flatten() {
            ids[id] = alone;
            alone -= 1;
        }
        ids
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Words;
    use proptest::prelude::*;

    fn both_ways(a: &str, b: &str, width: usize) -> (Option<Shared>, Shared) {
        let (mut x, mut y) = (Reading::default(), Reading::default());
        let (a, b) = (x.read(a, &Words, width), y.read(b, &Words, width));
        let (mut shingles, mut confirm) = (Shingles::default(), Confirm::new(&Words));
        shingles.enter(a, &mut confirm);
        // The second time, what was seen the first time must be forgotten.
        let mut agreed = Agreed::default();
        shingles.shared_by_hash(a, b, &mut agreed, &mut confirm);
        (shingles.shared_by_hash(a, b, &mut agreed, &mut confirm), shared_by_text(a, b, &Words))
    }

    proptest! {
        #[test]
        fn counting_by_hash_equals_counting_by_text(
            a in "[abC\u{e9} ]{0,60}", b in "[abc\u{c9} ]{0,60}", width in 1usize..6,
        ) {
            let (by_hash, by_text) = both_ways(&a, &b, width);
            prop_assert_eq!(by_hash, Some(by_text));
        }
    }

    proptest! {
        #[test]
        fn words_are_equal_when_their_bytes_are(
            a in "[ab]{0,60}", b in "[ab]{0,60}",
            words in proptest::collection::vec((0usize..60, 0usize..24, 0usize..3), 0..5),
            move_by in 0usize..3,
        ) {
            let span = |at: usize, len: usize, text: &str| {
                let start = at.min(text.len());
                Span::new(start as u32, (start + len).min(text.len()) as u32)
            };
            let behind = format!("{}{a}", &"bab"[..move_by]);
            for (other, moved) in [(&b, 0), (&a, 0), (&behind, move_by)] {
                let of_a: Vec<Span> = words.iter().map(|w| span(w.0, w.1, &a)).collect();
                for shorter in [0, 1] {
                    let len = |w: &(usize, usize, usize)| w.1 - w.1.min(shorter * (w.2 / 2));
                    let of_other: Vec<Span> =
                        words.iter().map(|w| span(w.0 + moved, len(w), other)).collect();
                    let same = of_a.iter().zip(&of_other).all(|(&x, &y)| a[x] == other[y]);
                    prop_assert_eq!(same_words(&a, &of_a, other, &of_other), same);
                }
            }
        }

        #[test]
        fn the_same_bytes_hold_the_same_words(
            text in "[ab ]{0,60}", other in "[ab ]{0,60}", ahead in "[ab ]{0,9}",
        ) {
            let words = |text: &str| {
                let mut tokens = Tokens::new();
                Words.tokenize(text, &mut tokens);
                tokens.spans().to_vec()
            };
            let moved = format!("{ahead} {text}");
            for other in [other, text.clone(), moved] {
                let (x, y) = (words(&text), words(&other));
                let len = x.len().min(y.len());
                let (x, y) = (&x[..len], &y[y.len() - len..]);
                let (Some(first), Some(last)) = (x.first().zip(y.first()), x.last().zip(y.last()))
                else {
                    continue;
                };
                let bytes = text[first.0.to(*last.0)] == other[first.1.to(*last.1)];
                prop_assert_eq!(same_bytes(&text, x, &other, y), bytes);
                // One word begins later, or ends sooner.
                for at in 0..len {
                    let (start, end) = (x[at].start() as u32, x[at].end() as u32);
                    for changed in [Span::new(start + 1, end), Span::new(start, end - 1)] {
                        let mut words = x.to_vec();
                        words[at] = changed;
                        prop_assert!(!bytes || !same_bytes(&text, &words, &other, y));
                    }
                }
            }
        }
    }

    /// A tokenizer that folds wrongly stands in for a hash collision.
    #[test]
    fn a_collision_is_seen_and_counted_by_text() {
        struct Colliding;
        impl Tokenize for Colliding {
            fn tokenize(&self, text: &str, tokens: &mut Tokens) {
                let mut words = Tokens::new();
                Words.tokenize(text, &mut words);
                for &span in words.spans() {
                    tokens.push(span, "same");
                }
            }
            fn fold(&self, token: &str, folded: &mut String) {
                folded.push_str(token);
            }
            fn fingerprint(&self) -> u64 {
                0
            }
        }
        let (mut x, mut y) = (Reading::default(), Reading::default());
        let a = x.read("a b c d", &Colliding, 2);
        let b = y.read("c d e", &Colliding, 2);
        let (mut shingles, mut confirm) = (Shingles::default(), Confirm::new(&Colliding));
        shingles.enter(a, &mut confirm);
        assert_eq!(shingles.shared_by_hash(a, b, &mut Agreed::default(), &mut confirm), None);
        assert_eq!(
            shingles.shared(a, b, &mut Agreed::default(), &mut confirm),
            Shared { a: 3, b: 2, both: 1 }
        );
    }

    /// Crafted tokens can give a shingle any hash: none may have a meaning of its own.
    #[test]
    fn shingles_of_hash_zero_are_counted_like_others() {
        struct Crafted;
        impl Tokenize for Crafted {
            fn tokenize(&self, text: &str, tokens: &mut Tokens) {
                let polynomial = hash::of_hash_zero();
                (0..text.len() as u32)
                    .for_each(|at| tokens.push_hash(Span::new(at, at + 1), polynomial));
            }
            fn fold(&self, token: &str, folded: &mut String) {
                folded.push_str(token);
            }
            fn fingerprint(&self) -> u64 {
                0
            }
        }
        let (mut x, mut y) = (Reading::default(), Reading::default());
        let (a, b) = (x.read("aab", &Crafted, 1), y.read("bcd", &Crafted, 1));
        assert_eq!((a.shingles, b.shingles), (&[0; 3][..], &[0; 3][..]));
        let (mut shingles, mut confirm) = (Shingles::default(), Confirm::new(&Crafted));
        shingles.enter(a, &mut confirm);
        assert_eq!(
            shingles.shared(a, b, &mut Agreed::default(), &mut confirm),
            Shared { a: 2, b: 3, both: 1 }
        );
    }

    /// What does not count is told by its place.
    #[test]
    fn hidden_tokens_are_left_out() {
        let (mut x, mut y) = (Reading::default(), Reading::default());
        x.read("a b c d e f g", &Words, 2);
        x.hide(vec![2..4, 6..7], 0, 2);
        let a = x.side("a b c d e f g", 2);
        let b = y.read("b c d e f a b", &Words, 2);
        assert_eq!(a.stretches().map(<[u64]>::len).collect::<Vec<_>>(), [1, 1]);
        let (mut shingles, mut confirm) = (Shingles::default(), Confirm::new(&Words));
        for (center, other, a, b) in [(a, b, 2, 6), (b, a, 6, 2)] {
            shingles.enter(center, &mut confirm);
            let shared = shingles.shared(center, other, &mut Agreed::default(), &mut confirm);
            assert_eq!(shared, Shared { a, b, both: 2 });
            assert_eq!(shared, shared_by_text(center, other, &Words));
        }
    }
}
