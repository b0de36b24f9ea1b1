//! The tokenizer of the crate.

use super::{Span, Tokenize, Tokens, fold};
use crate::hash;
use fold::{Class, Entry, FAST_END};

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

/// What a byte starts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    Separator,
    Word,
    Wide,
}

const BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Separator; 256];
    let mut i = 0;
    while i < 256 {
        if (i as u8).is_ascii_alphanumeric() {
            bytes[i] = Byte::Word;
        } else if i >= 128 {
            bytes[i] = Byte::Wide;
        }
        i += 1;
    }
    bytes
};

/// Sets the bit that tells `a` from `A`; digits have it already.
const LOWER: u128 = 0x2020_2020_2020_2020_2020_2020_2020_2020;

impl Tokenize for Words {
    fn tokenize(&self, text: &str, tokens: &mut Tokens) {
        let mut scanner = Scanner { text, bytes: text.as_bytes(), table: fold::table(), tokens };
        let mut at = 0;
        while let Some(&byte) = scanner.bytes.get(at) {
            at = match BYTES[usize::from(byte)] {
                Byte::Separator => at + 1,
                Byte::Word => {
                    let end = scanner.ascii_end(at);
                    if scanner.bytes.get(end).is_none_or(u8::is_ascii) {
                        scanner.push_ascii(at, end);
                        end
                    } else {
                        scanner.wide(at, end)
                    }
                }
                Byte::Wide => scanner.wide(at, at),
            };
        }
    }

    fn fold(&self, token: &str, folded: &mut String) {
        fold::fold_into(token, folded);
    }

    fn fingerprint(&self) -> u64 {
        // Changes with every change of the tokens; `tests/golden.rs` tells when that is.
        0x776f_7264_7300_0001
    }
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    table: &'static [Entry],
    tokens: &'a mut Tokens,
}

impl Scanner<'_> {
    /// The end of the ASCII letters and digits that begin at `at`.
    #[inline(always)]
    fn ascii_end(&self, mut at: usize) -> usize {
        while let Some(&byte) = self.bytes.get(at) {
            if BYTES[usize::from(byte)] != Byte::Word {
                break;
            }
            at += 1;
        }
        at
    }

    #[inline(always)]
    fn push_ascii(&mut self, start: usize, end: usize) {
        let len = end - start;
        let hash = if len > 16 {
            self.start_fold(start, end);
            hash::token(&self.tokens.by_table)
        } else if let Some(window) = self.bytes.get(start..start + 16) {
            // One load; the bytes behind the word are masked away.
            let mut padded = [0; 16];
            padded.copy_from_slice(window);
            let mask = u128::MAX >> (128 - 8 * len);
            hash::short_token((u128::from_le_bytes(padded) | LOWER) & mask, len)
        } else {
            let mut padded = [0; 16];
            padded[..len].copy_from_slice(&self.bytes[start..end]);
            padded[..len].make_ascii_lowercase();
            hash::short_token(u128::from_le_bytes(padded), len)
        };
        self.tokens.push_hash(Span::new(start as u32, end as u32), hash);
    }

    /// Begins the fold by the table with ASCII letters and digits.
    fn start_fold(&mut self, start: usize, end: usize) {
        let folded = &mut self.tokens.by_table;
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
            let folded = self.tokens.by_table.len();
            let (class, len) = if byte < 0x80 {
                let class = if byte.is_ascii_alphanumeric() {
                    self.tokens.by_table.push(byte.to_ascii_lowercase());
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
                    self.tokens.by_table.truncate(folded);
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
                self.tokens.by_table.extend_from_slice(folded);
            }
            return (entry.class, 2);
        }
        let (class, same) = fold::class_and_same(c);
        let len = c.len_utf8();
        if same {
            self.tokens.by_table.extend_from_slice(&self.bytes[at..at + len]);
        } else {
            word.exact |= matches!(class, Class::Word | Class::Mark);
        }
        (class, len)
    }

    /// Pushes the word, unless nothing of it is left by the fold, and gives back `next`.
    fn finish(&mut self, word: Word, next: usize) -> usize {
        if word.end > word.start {
            let folded = if word.exact {
                self.tokens.exact.clear();
                fold::fold_into(&self.text[word.start..word.end], &mut self.tokens.exact);
                self.tokens.exact.as_bytes()
            } else {
                &self.tokens.by_table
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
        let exact = self.tokens.by_table.is_empty();
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
