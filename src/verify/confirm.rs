//! Equal hashes to equal texts.

use super::Side;
use crate::text::{Span, Tokenize};

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
pub(super) struct Equal {
    i: usize,
    j: usize,
    shingles: usize,
}

impl Equal {
    /// Adds so many shingles from `i` of `a` and from `j` of `b`. Whether those before are equal on the
    /// texts, where these do not continue them.
    pub(super) fn push(
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

    pub(super) fn confirmed(self, a: Side, b: Side, confirm: &mut Confirm) -> bool {
        let len = a.shingle_len();
        self.shingles == 0
            || len == b.shingle_len() && confirm.run(a, self.i, b, self.j, self.shingles + len - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Tokens, Words};
    use proptest::prelude::*;

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
}
