//! A candidate pair to exact counts: what the texts themselves say.

use std::collections::{HashMap, HashSet};

use crate::shingle::shingles;
use crate::table::Table;
use crate::text::{Tokenize, Tokens};

/// A text with its tokens and shingles, in buffers to be reused.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) tokens: Tokens,
    pub(crate) shingles: Vec<u64>,
}

impl Reading {
    pub(crate) fn read<'a>(
        &'a mut self,
        text: &'a str,
        tokenizer: &dyn Tokenize,
        width: usize,
    ) -> Side<'a> {
        self.tokenize(text, tokenizer);
        shingles(self.tokens.hashes(), width, &mut self.shingles);
        self.side(text, width)
    }

    /// Reads the tokens only; the shingles are left empty.
    pub(crate) fn tokenize(&mut self, text: &str, tokenizer: &dyn Tokenize) {
        self.tokens.clear();
        self.shingles.clear();
        tokenizer.tokenize(text, &mut self.tokens);
    }

    /// The text this was read from, again.
    pub(crate) fn side<'a>(&'a self, text: &'a str, width: usize) -> Side<'a> {
        Side { text, tokens: &self.tokens, shingles: &self.shingles, width }
    }
}

/// One text of a pair.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a Tokens,
    pub(crate) shingles: &'a [u64],
    width: usize,
}

impl Side<'_> {
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
        spans_a.iter().zip(spans_b).all(|(&x, &y)| {
            let (x, y) = (&a.text[x], &b.text[y]);
            // Equal bytes fold to equal forms.
            x == y || self.folds_equal(x, y)
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

/// Distinct shingles of two texts, and how many both have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shared {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) both: u32,
}

// What the table holds of a shingle: where it stands first, and in which of the texts.
const IN_A: u32 = 1 << 31;
const IN_B: u32 = 1 << 30;
const POSITION: u32 = IN_B - 1;

/// Counts shared shingles by hash and confirms each hit on the texts. Where two different shingles
/// have one hash, the pair is counted again without hashes.
pub(crate) fn shared(a: Side, b: Side, table: &mut Table, confirm: &mut Confirm) -> Shared {
    match shared_by_hash(a, b, table, confirm) {
        Some(shared) => shared,
        None => shared_by_text(a, b, confirm.tokenizer),
    }
}

/// `None` on a hash collision.
fn shared_by_hash(a: Side, b: Side, table: &mut Table, confirm: &mut Confirm) -> Option<Shared> {
    let (len_a, len_b) = (a.shingle_len(), b.shingle_len());
    let mut shared = Shared { a: 0, b: 0, both: 0 };
    table.reset(a.shingles.len() + b.shingles.len());
    let mut last = Diagonal::default();
    for (i, &hash) in a.shingles.iter().enumerate() {
        let (entry, new) = table.get_or_insert(hash, i as u32 | IN_A);
        if new {
            shared.a += 1;
        } else if !last.confirmed(a, (*entry & POSITION) as usize, a, i, len_a, confirm) {
            return None;
        }
    }
    let mut last = [Diagonal::default(); 2];
    for (j, &hash) in b.shingles.iter().enumerate() {
        let (entry, new) = table.get_or_insert(hash, j as u32 | IN_B);
        if new {
            shared.b += 1;
            continue;
        }
        let at = (*entry & POSITION) as usize;
        let confirmed = if *entry & IN_A != 0 {
            if *entry & IN_B == 0 {
                *entry |= IN_B;
                shared.b += 1;
                shared.both += 1;
            }
            len_a == len_b && last[0].confirmed(a, at, b, j, len_b, confirm)
        } else {
            last[1].confirmed(b, at, b, j, len_b, confirm)
        };
        if !confirmed {
            return None;
        }
    }
    Some(shared)
}

/// The last confirmed pair of shingles. The next pair on the same diagonal has one new token only.
#[derive(Clone, Copy, Default)]
struct Diagonal {
    next: Option<(usize, usize)>,
}

impl Diagonal {
    fn confirmed(
        &mut self,
        a: Side,
        i: usize,
        b: Side,
        j: usize,
        len: usize,
        confirm: &mut Confirm,
    ) -> bool {
        let skip = if self.next == Some((i, j)) { len - 1 } else { 0 };
        self.next = Some((i + 1, j + 1));
        confirm.run(a, i + skip, b, j + skip, len - skip)
    }
}

/// The plain twin of [`shared_by_hash`]: shingles as slices of exact token numbers.
fn shared_by_text(a: Side, b: Side, tokenizer: &dyn Tokenize) -> Shared {
    let [ids_a, ids_b] = numbered(a, b, tokenizer);
    let (len_a, len_b) = (a.shingle_len().max(1), b.shingle_len().max(1));
    let set_a: HashSet<&[u64]> = ids_a.windows(len_a).collect();
    let set_b: HashSet<&[u64]> = ids_b.windows(len_b).collect();
    let both = set_a.intersection(&set_b).count() as u32;
    Shared { a: set_a.len() as u32, b: set_b.len() as u32, both }
}

/// The tokens of both texts as numbers that are equal exactly when the folded tokens are.
pub(crate) fn numbered(a: Side, b: Side, tokenizer: &dyn Tokenize) -> [Vec<u64>; 2] {
    let mut numbers: HashMap<String, u64> = HashMap::new();
    [a, b].map(|side| {
        let mut ids = Vec::with_capacity(side.tokens.len());
        for &span in side.tokens.spans() {
            let mut folded = String::new();
            tokenizer.fold(&side.text[span], &mut folded);
            let next = numbers.len() as u64;
            ids.push(*numbers.entry(folded).or_insert(next));
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
        let by_hash = shared_by_hash(a, b, &mut Table::default(), &mut Confirm::new(&Words));
        (by_hash, shared_by_text(a, b, &Words))
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
        let (mut table, mut confirm) = (Table::default(), Confirm::new(&Colliding));
        assert_eq!(shared_by_hash(a, b, &mut table, &mut confirm), None);
        assert_eq!(shared(a, b, &mut table, &mut confirm), Shared { a: 3, b: 2, both: 1 });
    }
}
