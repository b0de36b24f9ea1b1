//! A candidate pair to exact counts: what the texts themselves say.

mod confirm;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::hash;
use crate::seeds::{Sequence, common};
use crate::shingle::shingles;
use crate::table::Table;
use crate::text::{Tokenize, Tokens};

use confirm::Equal;
pub(crate) use confirm::{Agreed, Confirm};

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
            None => shared_by_text(center, other, confirm.tokenizer()),
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
    use crate::text::{Span, Words};
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
