//! The classes of characters, and the form in which tokens are compared.

use std::sync::{LazyLock, OnceLock};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What a character does to the token it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Ends a token.
    Separator,
    /// Belongs to a word.
    Word,
    /// A token of its own: a letter of a script written without spaces.
    Single,
    /// Belongs to the character before it; nothing by itself.
    Mark,
    /// Invisible: neither ends a token nor starts one, and is dropped by the fold.
    Ignored,
}

/// The class of any character.
pub(super) fn class(c: char) -> Class {
    match c {
        '\0'..='\x7f' => {
            if c.is_ascii_alphanumeric() {
                Class::Word
            } else {
                Class::Separator
            }
        }
        // The modifier letters that stand for an apostrophe or a reversed one: separators, as
        // their ASCII and typographic forms are.
        '\u{2bb}'..='\u{2bf}' => Class::Separator,
        c if is_ignored(c) => Class::Ignored,
        // Half-width voicing marks: letters by category, marks by what they do.
        '\u{ff9e}' | '\u{ff9f}' => Class::Mark,
        c if is_combining_mark(c) => Class::Mark,
        c if !c.is_alphanumeric() => Class::Separator,
        c if is_unspaced(c) => Class::Single,
        _ => Class::Word,
    }
}

/// Characters that print nothing and join nothing: soft hyphen, joiners, direction marks, variation
/// selectors, byte order mark; and the tatweel, which only lengthens a word.
fn is_ignored(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{180b}'..='\u{180f}'
        | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0100}'..='\u{e01ef}')
}

/// Scripts written without spaces between words: Thai, Lao, Burmese, Khmer, kana, bopomofo, Han.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a9e0}'..='\u{a9ff}'
        | '\u{aa60}'..='\u{aa7f}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{16fe0}'..='\u{18cff}' | '\u{1aff0}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

/// Marks that re-edited copies set or leave: those of Latin, Greek and Cyrillic, Arabic harakat,
/// Hebrew points. The vowel signs of other scripts are letters to their readers and stay.
fn is_dropped_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5cf}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'
        | '\u{8d3}'..='\u{8ff}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
        && is_combining_mark(c)
}

/// Appends the folded form of one token: compatibility decomposition (UAX #15, NFKD), lower case,
/// without the marks of [`is_dropped_mark`], ligatures spelt out.
pub(super) fn fold_into(token: &str, folded: &mut String) {
    if token.is_ascii() {
        folded.extend(token.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        return;
    }
    // What is dropped goes first: between two marks it would hinder their canonical order.
    let kept = token.chars().filter(|&c| c.is_ascii() || !(is_dropped_mark(c) || is_ignored(c)));
    for c in kept.nfkd() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else if !(is_dropped_mark(c) || is_ignored(c) || ('\u{2bb}'..='\u{2bf}').contains(&c)) {
            for lower in c.to_lowercase() {
                match lower {
                    '\u{df}' => folded.push_str("ss"),
                    '\u{e6}' => folded.push_str("ae"),
                    '\u{153}' => folded.push_str("oe"),
                    '\u{131}' => folded.push('i'),
                    '\u{3c2}' => folded.push('\u{3c3}'),
                    _ if is_dropped_mark(lower) => {}
                    _ => folded.push(lower),
                }
            }
        }
    }
}

/// Class and fold of one character that UTF-8 writes in two bytes, below [`FAST_END`].
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) class: Class,
    pub(super) len: u8,
    pub(super) folded: [u8; 6],
}

/// The characters below are folded one by one from a table: Latin, Greek, Cyrillic, Armenian,
/// Hebrew and Arabic, whose marks are all dropped, so that their order never matters.
pub(super) const FAST_END: u32 = 0x700;

static TABLE: LazyLock<Box<[Entry]>> = LazyLock::new(|| {
    let mut folded = String::new();
    let mut entry = |code| {
        let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        folded.clear();
        fold_into(c.encode_utf8(&mut [0; 4]), &mut folded);
        let mut bytes = [0; 6];
        let len = folded.len().min(bytes.len());
        bytes[..len].copy_from_slice(&folded.as_bytes()[..len]);
        Entry { class: class(c), len: len as u8, folded: bytes }
    };
    (0..FAST_END).map(&mut entry).collect()
});

/// The table of all characters below [`FAST_END`], made at first use.
pub(super) fn table() -> &'static [Entry] {
    &TABLE
}

/// The entry of a character that UTF-8 writes in these two bytes, if the table holds it.
#[inline(always)]
pub(super) fn entry(table: &[Entry], [first, second]: [u8; 2]) -> Option<&Entry> {
    let code = usize::from(first & 0x1f) << 6 | usize::from(second & 0x3f);
    if first < 0xe0 { table.get(code) } else { None }
}

/// For each number of bytes up to 16, the mask of so many of a little-endian integer, and nothing
/// for more.
pub(super) const MASKS: [u128; 18] = {
    let mut masks = [0; 18];
    let mut len = 1;
    while len <= 16 {
        masks[len] = u128::MAX >> (128 - 8 * len);
        len += 1;
    }
    masks
};

/// Sets the bit that tells `a` from `A`; digits have it already.
pub(super) const LOWER: u128 = 0x2020_2020_2020_2020_2020_2020_2020_2020;

/// Tells bytes that are not ASCII.
pub(super) const HIGH: u128 = LOWER << 2;

/// Of the letters that UTF-8 writes in two bytes, the fold where it has one byte or two, else 0.
pub(super) struct Letters([u16; 0x800]);

static LETTERS: LazyLock<Letters> = LazyLock::new(|| {
    let mut letters = [0; 0x800];
    for (letter, entry) in letters.iter_mut().zip(table()) {
        let [x, y, ..] = entry.folded;
        if entry.class == Class::Word && matches!(entry.len, 1 | 2) {
            *letter = u16::from_le_bytes([x, y]);
        }
    }
    Letters(letters)
});

/// The table of [`Letters`], made at first use.
pub(super) fn letters() -> &'static Letters {
    &LETTERS
}

/// Of the characters U+00C0 to U+00FF, the ASCII letter that each folds to, or a byte that is not
/// ASCII where there is none.
pub(super) fn latin_letters() -> &'static [u8; 64] {
    static LATIN: LazyLock<[u8; 64]> = LazyLock::new(|| {
        let letter = |i| match letters().0[0xc0 + i] {
            0 => 0x80,
            letter => letter.try_into().unwrap_or(0x80),
        };
        std::array::from_fn(letter)
    });
    &LATIN
}

impl Letters {
    /// Folds a word of ASCII and of these letters, of at most 16 bytes, which are also given as a
    /// little-endian integer: to such an integer, and the number of its bytes. Nothing if it holds
    /// another character.
    #[inline]
    pub(super) fn fold(&self, bytes: &[u8], word: u128) -> Option<(u128, usize)> {
        let mut len = bytes.len();
        let mut wide = word & HIGH;
        let mut word = (word | (LOWER & !(wide >> 2))) & MASKS[len];
        while wide != 0 {
            let at = wide.trailing_zeros() as usize / 8;
            // The fold has taken away as many bytes before it as the word has lost.
            let [first, second] = *bytes[at + bytes.len() - len..].first_chunk()?;
            let code = usize::from(first & 0x1f) << 6 | usize::from(second & 0x3f);
            let letter = self.0[code];
            if first >= 0xe0 || letter == 0 {
                return None;
            }
            wide &= wide - 1;
            wide &= wide.wrapping_sub(1);
            let before = word & MASKS[at];
            if letter < 0x100 {
                // Shifts by constants only: the letter stands at all places and one is taken.
                let place = MASKS[at + 1] ^ MASKS[at];
                let letter = u64::from(letter) * 0x0101_0101_0101_0101;
                let letter = u128::from(letter) << 64 | u128::from(letter);
                word = before | letter & place | (word >> 8) & !MASKS[at + 1];
                wide >>= 8;
                len -= 1;
            } else {
                word = before | u128::from(letter) << (8 * at) | word & !MASKS[at + 2];
            }
        }
        Some((word, len))
    }
}

/// The separators from U+0080 to U+00BF, and from U+2000 to U+2FFF: one bit a character.
pub(super) struct Separators {
    latin: u64,
    signs: [u64; 64],
}

impl Separators {
    /// One bit for each byte of the character at the start of `bytes`, if it is one of them.
    #[inline(always)]
    pub(super) fn of(&self, bytes: &[u8]) -> u8 {
        match *bytes {
            [0xc2, last, ..] if self.latin >> (last & 63) & 1 == 1 => 0b11,
            [0xe2, middle, last, ..]
                if self.signs[usize::from(middle & 63)] >> (last & 63) & 1 == 1 =>
            {
                0b111
            }
            _ => 0,
        }
    }
}

static SEPARATORS: LazyLock<Separators> = LazyLock::new(|| {
    let bits = |first: u32| {
        let separates =
            |&i: &u32| char::from_u32(first + i).is_some_and(|c| class(c) == Class::Separator);
        (0..64).filter(separates).fold(0, |bits, i| bits | 1 << i)
    };
    Separators { latin: bits(0x80), signs: std::array::from_fn(|i| bits(0x2000 + 64 * i as u32)) }
});

/// The table of [`Separators`], made at first use.
pub(super) fn separators() -> &'static Separators {
    &SEPARATORS
}

/// Of each character of the basic plane, its class, and whether its fold is itself: so that texts in
/// Han, Thai or Devanagari seldom need the exact path. A page of 256 characters is made when the
/// first of them comes.
static PLANE: [OnceLock<Page>; 256] = [const { OnceLock::new() }; 256];

type Page = Box<[(Class, bool)]>;

fn page(number: usize) -> Page {
    let mut folded = String::new();
    (0..256)
        .map(|low| match char::from_u32((number << 8 | low) as u32) {
            None => (Class::Separator, false),
            Some(c) => {
                folded.clear();
                fold_into(c.encode_utf8(&mut [0; 4]), &mut folded);
                (class(c), folded.chars().eq([c]))
            }
        })
        .collect()
}

/// The class of a character from [`FAST_END`] on, and whether it is no mark and folds to itself:
/// words of such characters are their own fold.
pub(super) fn class_and_same(c: char) -> (Class, bool) {
    let (class, same) = match PLANE.get(c as usize >> 8) {
        Some(entry) => entry.get_or_init(|| page(c as usize >> 8))[c as usize & 0xff],
        None => (self::class(c), false),
    };
    (class, same && matches!(class, Class::Word | Class::Single))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str) -> String {
        let mut folded = String::new();
        fold_into(text, &mut folded);
        folded
    }

    #[test]
    fn folds_what_re_edited_copies_change() {
        for (from, to) in [
            ("\u{c9}T\u{c9}", "ete"),
            ("e\u{301}te\u{301}", "ete"),
            ("C\u{152}UR", "coeur"),
            ("Stra\u{df}e", "strasse"),
            ("STRASSE", "strasse"),
            ("\u{130}stanbul", "istanbul"),
            ("\u{fb01}n", "fin"),
            ("\u{ff21}\u{ff22}", "ab"),
            ("m\u{b2}", "m2"),
            // Greek final sigma and tonos.
            ("\u{39f}\u{394}\u{39f}\u{3a3}", "\u{3bf}\u{3b4}\u{3bf}\u{3c3}"),
            ("\u{3bf}\u{3b4}\u{3cc}\u{3c2}", "\u{3bf}\u{3b4}\u{3bf}\u{3c3}"),
            // Cyrillic io and short i.
            ("\u{401}\u{439}", "\u{435}\u{438}"),
            // Arabic with and without harakat and tatweel.
            ("\u{643}\u{64e}\u{62a}\u{640}\u{628}", "\u{643}\u{62a}\u{628}"),
            // Hebrew points.
            ("\u{5e9}\u{5c1}\u{5b8}", "\u{5e9}"),
            // Kana: half width equals full width, and the voicing mark stays.
            ("\u{ff76}\u{ff9e}", "\u{30ab}\u{3099}"),
            ("\u{30ac}", "\u{30ab}\u{3099}"),
            ("co\u{ad}op", "coop"),
        ] {
            assert_eq!(fold(from), to, "{from:?}");
        }
        // Indic and Thai signs are letters to their readers.
        assert_ne!(fold("\u{915}\u{93f}"), fold("\u{915}"));
        assert_ne!(fold("\u{e01}\u{e34}"), fold("\u{e01}"));
    }

    #[test]
    fn what_is_dropped_does_not_keep_marks_apart() {
        for dropped in ['\u{e0100}', '\u{34f}', '\u{20dd}', '\u{301}'] {
            let apart = format!("\u{4e00}\u{e48}{dropped}\u{e38}");
            assert_eq!(fold(&apart), fold("\u{4e00}\u{e48}\u{e38}"));
            assert_eq!(fold(&fold(&apart)), fold(&apart));
        }
    }

    #[test]
    fn fold_is_idempotent_and_bounded_for_every_character() {
        for c in '\0'..=char::MAX {
            let once = fold(&c.to_string());
            assert_eq!(fold(&once), once, "{:x}", c as u32);
            assert!(once.chars().count() <= 18, "{:x}", c as u32);
        }
    }

    #[test]
    fn table_holds_what_the_exact_path_says() {
        for code in 0..FAST_END {
            let c = char::from_u32(code).unwrap();
            let entry = table()[code as usize];
            assert_eq!(&entry.folded[..usize::from(entry.len)], fold(&c.to_string()).as_bytes());
            assert_eq!(entry.class, class(c));
            // What lets the table ignore the order of marks.
            if is_combining_mark(c) {
                assert_eq!(entry.len, 0, "{code:x}");
            }
        }
    }

    #[test]
    fn plane_holds_what_the_exact_path_says() {
        for c in '\u{700}'..=char::MAX {
            let (class, same) = class_and_same(c);
            assert_eq!(class, super::class(c), "{:x}", c as u32);
            assert!(!same || fold(&c.to_string()) == c.to_string(), "{:x}", c as u32);
            assert!(!same || !is_combining_mark(c), "{:x}", c as u32);
        }
        assert_eq!(class_and_same('\u{4e2d}'), (Class::Single, true));
        assert_eq!(class_and_same('\u{928}'), (Class::Word, true));
    }

    /// Pins class and fold of all characters. A new Unicode version in the compiler or in the
    /// normalisation crate only adds characters; when this fails, see what changed and give `Words`
    /// a new fingerprint.
    #[test]
    fn unicode_version_is_pinned() {
        let mut seen = xxhash_rust::xxh3::Xxh3::new();
        for c in '\0'..=char::MAX {
            seen.update(fold(&c.to_string()).as_bytes());
            seen.update(&[class(c) as u8]);
        }
        assert_eq!(format!("{:016x}", seen.digest()), "6febf6e1de427b1d");
    }
}
