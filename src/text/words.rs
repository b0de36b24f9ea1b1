//! The tokenizer of the crate.

use super::scan::{Batch, Cursor, RUNS, TOGETHER};
use super::{Span, Tokenize, Tokens, fold};
use crate::cpu::Cpu;
use crate::hash;
use fold::{Class, Entry, FAST_END, HIGH, LOWER, Letters, MASKS};

/// Words, folded so that re-edited copies agree: the default tokenizer.
///
/// A word is a run of letters, digits and their marks; everything else separates, so that
/// `l'Otan`, `L\u{2019}OTAN` and `l Otan` give the same two tokens, and quotation marks and hyphens
/// never matter. Scripts written without spaces (Han, kana, Thai, Lao, Khmer, Burmese) give one
/// token a character with its marks. Case, compatibility forms, the marks of Latin, Greek and
/// Cyrillic, Arabic harakat and Hebrew points are folded; the vowel signs of other scripts stay.
/// Invisible characters (soft hyphen, joiners, direction marks, byte order mark) are dropped.
///
/// A text without letters or digits has no token; a mark without a letter before it is none.
///
/// ```
/// use doublon::text::{Tokenize, Tokens, Words};
///
/// let (mut a, mut b) = (Tokens::new(), Tokens::new());
/// Words.tokenize("\u{ab} L\u{2019}OTAN r\u{e9}pond \u{bb}", &mut a);
/// Words.tokenize("\"l'Otan repond\"", &mut b);
/// assert_eq!(a.hashes(), b.hashes());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words;

impl Tokenize for Words {
    fn tokenize(&self, text: &str, tokens: &mut Tokens) {
        Scanner::new(text, tokens).scan(Cpu::here());
    }

    fn fold(&self, token: &str, folded: &mut String) {
        fold::fold_into(token, folded);
    }

    fn fingerprint(&self) -> u64 {
        // Changes with every change of the tokens; `tests/golden.rs` tells when that is.
        0x776f_7264_7300_0002
    }
}

/// What waits between two calls of the cursor.
#[derive(Default)]
pub(super) struct Buffers {
    batch: Batch,
    /// Which of its runs are irregular: one bit each.
    irregular: [u64; RUNS.div_ceil(TOGETHER)],
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    table: &'static [Entry],
    letters: &'static Letters,
    tokens: &'a mut Tokens,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, tokens: &'a mut Tokens) -> Self {
        let (table, letters) = (fold::table(), fold::letters());
        Self { text, bytes: text.as_bytes(), table, letters, tokens }
    }

    /// Pushes the tokens of the text.
    fn scan(&mut self, cpu: Cpu) {
        let mut cursor = Cursor::new(cpu);
        let mut buffers = self.tokens.scratch.buffers.take().unwrap_or_default();
        let Buffers { batch, irregular } = &mut *buffers;
        while cursor.advance(self.text, batch) {
            self.push_runs(cpu, batch, irregular);
        }
        self.tokens.scratch.buffers = Some(buffers);
    }

    /// Pushes the tokens of runs of ASCII letters and digits and of characters beyond ASCII.
    fn push_runs(&mut self, cpu: Cpu, batch: &Batch, irregular: &mut [u64]) {
        let (runs, first) = (batch.runs(), self.tokens.len());
        self.tokens.extend(runs);
        let mut any = 0;
        for (from, irregular) in (0..runs.len()).step_by(TOGETHER).zip(&mut *irregular) {
            // Nearly all runs are short words, and all are hashed as such; the others are taken again.
            let hashes = self.tokens.hashes_from(first + from);
            let mut careful = batch.hash_short(cpu, self.text, from, hashes);
            *irregular = 0;
            // A loop over bits is mispredicted once for all of them.
            while careful != 0 {
                let number = careful.trailing_zeros();
                careful &= careful - 1;
                let Some(&[start, end]) = runs.get(from + number as usize) else { break };
                match self.hash_word(start as usize, end as usize) {
                    Some(hash) => self.tokens.set_hash(first + from + number as usize, hash),
                    None => *irregular |= 1 << number,
                }
            }
            any |= *irregular;
        }
        if any != 0 {
            self.push_again(runs, first, irregular);
        }
    }

    /// Takes back the tokens of `runs`, which begin at `first`, and pushes them again: those of
    /// irregular runs character by character.
    #[cold]
    fn push_again(&mut self, runs: &[[u32; 2]], first: usize, irregular: &[u64]) {
        self.tokens.take_back(first);
        for (number, &[start, end]) in runs.iter().enumerate() {
            if irregular[number / TOGETHER] >> (number % TOGETHER) & 1 != 0 {
                self.walk(start as usize, end as usize);
            } else {
                let hash = self.tokens.scratch.again[number];
                self.tokens.push_hash(Span::new(start, end), hash);
            }
        }
    }

    /// The first and second 16 bytes of a run, as little-endian integers padded with zeros.
    #[inline(always)]
    fn load(&self, start: usize, len: usize) -> (u128, u128) {
        let mut padded = [0; 32];
        let window = match self.bytes.get(start..start + 32) {
            Some(window) => window,
            None => {
                let len = len.min(32);
                padded[..len].copy_from_slice(&self.bytes[start..start + len]);
                &padded
            }
        };
        let (halves, _) = window.as_chunks::<16>();
        let [first, second] = [halves[0], halves[1]].map(u128::from_le_bytes);
        (first & MASKS[len.min(16)], second & MASKS[len.clamp(16, 32) - 16])
    }

    /// The hash of a run if it is one word, as the table of two-byte characters tells.
    #[inline]
    fn hash_word(&mut self, start: usize, end: usize) -> Option<u64> {
        let len = end - start;
        let (first, second) = self.load(start, len);
        if len <= 16 {
            if let Some((folded, len)) = self.letters.fold(&self.bytes[start..end], first) {
                return Some(hash::short_token(folded, len));
            }
        } else if len <= 32 && (first | second) & HIGH == 0 {
            let lower = |bytes, len: usize| (bytes | LOWER) & MASKS[len];
            return Some(hash::long_token(lower(first, 16), lower(second, len - 16), len));
        }
        let folded = &mut self.tokens.scratch.by_table;
        folded.clear();
        let mut at = start;
        while at < end {
            let ascii = &self.bytes[at..end];
            let len = ascii.iter().position(|byte| !byte.is_ascii()).unwrap_or(ascii.len());
            folded.extend_from_slice(&ascii[..len]);
            at += len;
            if at < end {
                let entry = fold::entry(self.table, [self.bytes[at], self.bytes[at + 1]])?;
                if entry.class != Class::Word {
                    return None;
                }
                folded.extend_from_slice(&entry.folded[..usize::from(entry.len)]);
                at += 2;
            }
        }
        // What the table gave is lower case already.
        folded.make_ascii_lowercase();
        (!folded.is_empty()).then(|| hash::token(folded))
    }

    /// Pushes the tokens between two separators, character by character: the plain twin of all the
    /// above.
    fn walk(&mut self, mut at: usize, end: usize) {
        while at < end {
            let byte = self.bytes[at];
            at = if byte.is_ascii_alphanumeric() || byte >= 0x80 {
                self.wide(at, at)
            } else {
                at + 1
            };
        }
    }

    /// Begins the fold by the table with ASCII letters and digits.
    fn start_fold(&mut self, start: usize, end: usize) {
        let folded = &mut self.tokens.scratch.by_table;
        folded.clear();
        folded.extend_from_slice(&self.bytes[start..end]);
        folded.make_ascii_lowercase();
    }

    /// Takes the token at `start`, whose first bytes up to `at` are ASCII letters or digits and
    /// whose next byte is not ASCII. Gives where to go on, which lies behind `start`.
    fn wide(&mut self, start: usize, at: usize) -> usize {
        let mut word = Word { start, end: at, exact: false };
        self.start_fold(start, at);
        let mut at = at;
        while let Some(&byte) = self.bytes.get(at) {
            let folded = self.tokens.scratch.by_table.len();
            let (class, len) = if byte < 0x80 {
                let class = if byte.is_ascii_alphanumeric() {
                    self.tokens.scratch.by_table.push(byte.to_ascii_lowercase());
                    Class::Word
                } else {
                    Class::Separator
                };
                (class, 1)
            } else {
                self.wide_char(at, &mut word)
            };
            match class {
                Class::Separator => return self.finish(word, at + len),
                Class::Word => {
                    word.end = at + len;
                }
                // A mark with nothing before it stands alone and is passed over.
                Class::Mark if word.end > word.start => word.end = at + len,
                Class::Mark | Class::Ignored if word.end > word.start => {}
                Class::Mark | Class::Ignored => return at + len,
                Class::Single if word.end > word.start => {
                    // What was appended for it is not of this word.
                    self.tokens.scratch.by_table.truncate(folded);
                    return self.finish(word, at);
                }
                Class::Single => return self.single(at, len),
            }
            at += len;
        }
        self.finish(word, at)
    }

    /// Class and length of the character at `at`, which is not ASCII. Its fold is
    /// appended where the table holds it; else the word is marked for the exact path.
    #[inline]
    fn wide_char(&mut self, at: usize, word: &mut Word) -> (Class, usize) {
        let c = self.text[at..].chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
        if (c as u32) < FAST_END {
            let entry = &self.table[c as usize];
            if entry.class == Class::Word {
                let folded = &entry.folded[..usize::from(entry.len)];
                self.tokens.scratch.by_table.extend_from_slice(folded);
            }
            return (entry.class, 2);
        }
        let (class, same) = fold::class_and_same(c);
        let len = c.len_utf8();
        if same {
            self.tokens.scratch.by_table.extend_from_slice(&self.bytes[at..at + len]);
        } else {
            word.exact |= matches!(class, Class::Word | Class::Mark);
        }
        (class, len)
    }

    /// Pushes the word, unless nothing of it is left by the fold, and gives back `next`.
    fn finish(&mut self, word: Word, next: usize) -> usize {
        if word.end > word.start {
            let folded = if word.exact {
                self.tokens.scratch.exact.clear();
                fold::fold_into(&self.text[word.start..word.end], &mut self.tokens.scratch.exact);
                self.tokens.scratch.exact.as_bytes()
            } else {
                &self.tokens.scratch.by_table
            };
            if !folded.is_empty() {
                let hash = hash::token(folded);
                self.tokens.push_hash(Span::new(word.start as u32, word.end as u32), hash);
            }
        }
        next
    }

    /// Pushes the one-character token at `start` with the marks that follow it.
    fn single(&mut self, start: usize, len: usize) -> usize {
        // Nothing was appended for a character that does not fold to itself.
        let exact = self.tokens.scratch.by_table.is_empty();
        let mut word = Word { start, end: start + len, exact };
        while let Some(c) = self.text[word.end..].chars().next() {
            if !matches!(fold::class_and_same(c).0, Class::Mark | Class::Ignored) {
                break;
            }
            word.end += c.len_utf8();
            word.exact = true;
        }
        let next = word.end;
        self.finish(word, next)
    }
}

struct Word {
    start: usize,
    end: usize,
    /// Some character of it lies outside the table.
    exact: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn walked(text: &str) -> Tokens {
        let mut tokens = Tokens::new();
        Scanner::new(text, &mut tokens).walk(0, text.len());
        tokens
    }

    fn check(text: &str) {
        let words = |tokens: &Tokens| -> Vec<(String, u64)> {
            let places = tokens.spans().iter().map(|&span| format!("{span} {}", &text[span]));
            places.zip(tokens.hashes().iter().copied()).collect()
        };
        let walked = words(&walked(text));
        let levels: Vec<Cpu> = Cpu::all().collect();
        // What one level leaves in the buffers must not matter to another.
        let mut tokens = Tokens::new();
        for &cpu in levels.iter().chain(levels.iter().rev()) {
            (0..tokens.len()).for_each(|token| tokens.set_hash(token, 0));
            tokens.clear();
            Scanner::new(text, &mut tokens).scan(cpu);
            assert_eq!(words(&tokens), walked, "{cpu:?}");
        }
    }

    /// Pieces that meet at the edges of blocks and of fast paths.
    fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            6 => "[a-zA-Z0-9]{1,20}",
            4 => "[a-z\u{e0}-\u{ff}\u{152}\u{153}\u{c9}]{1,18}",
            2 => "[\u{400}-\u{45f}\u{386}-\u{3ce}]{1,12}",
            4 => "[ .,;'\n\u{a0}\u{ab}\u{bb}\u{2019}\u{2013}\u{2026}\u{20ac}]{1,3}",
            1 => "[\u{ad}\u{b2}\u{aa}\u{300}\u{301}\u{200b}-\u{200f}\u{202a}\u{2060}]",
            1 => "[\u{4e00}-\u{4e10}\u{e01}-\u{e3a}\u{905}-\u{94d}\u{ac00}\u{3042}]{1,4}",
            1 => any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_level_gives_the_tokens_of_a_walk(text in texts()) {
            check(&text);
        }
    }

    #[test]
    fn words_at_every_place_of_a_block_and_between_batches() {
        for lead in (0..70).chain(990..1030) {
            for word in [
                "a",
                "d\u{e9}j\u{e0}",
                "l\u{2019}\u{e9}t\u{e9}",
                "\u{ab}\u{a0}oui\u{a0}\u{bb}",
                "\u{fb03}",
                "anticonstitutionnellement",
                "\u{153}uvres",
                "\u{4e2d}\u{6587}",
                "\u{2019}",
            ] {
                check(&(" ".repeat(lead) + word));
                check(&("x".repeat(lead) + word + " end"));
                check(&(" \u{e9}".repeat(lead / 3) + &" ".repeat(lead % 3) + word + " \u{e9}"));
                check(&("\u{e9}".repeat(lead) + word));
            }
        }
    }

    /// Long enough for many stretches, with runs from one to the next.
    #[test]
    fn long_texts_are_read_in_stretches() {
        let text = "La crue a coup\u{e9} la route, l\u{2019}eau monte; ".repeat(200);
        check(&text);
        check(&"a".repeat(5_000));
        check(&"\u{e9}".repeat(5_000));
        check(&"\u{4e2d}".repeat(5_000));
        check(&"a ".repeat(5_000));
    }
}
