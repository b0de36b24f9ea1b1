//! Texts made of bytes.

use arbitrary::{Arbitrary, Result, Unstructured};

/// Texts, read from all bytes that are left: the first one says how.
///
/// - Even (`p` in a seed): UTF-8 as it stands, repaired; `|` ends a text.
/// - Odd (`w`): a word of [`WORDS`] a byte, so that words repeat; `|` ends a text, and a byte from
///   128 up writes again, from the place that the next byte tells, what was written before.
#[derive(Debug)]
pub struct Texts(Vec<String>);

/// Words that are equal, nearly equal and different; marks, invisible and wide characters; lines.
const WORDS: [&str; 32] = [
    "a",
    "b",
    "c",
    "d",
    "A",
    "B",
    "e",
    "f",
    "g",
    "\u{e9}t\u{e9}",
    "ETE",
    "ete\u{301}",
    "\n",
    "\n\n",
    "l\u{2019}eau",
    "l'eau,",
    "co\u{ad}op",
    "COOP",
    "\u{fb01}n",
    "fin.",
    "\u{6f22}\u{5b57}",
    "\u{ff76}\u{ff9e}",
    "\u{30ac}",
    "\u{e01}\u{e34}",
    "\u{915}\u{93f}\u{301}",
    "\u{301}",
    "\u{feff}",
    "anticonstitutionnellement",
    "ANTICONSTITUTIONNELLEMENT",
    "\u{643}\u{64e}\u{62a}",
    "\u{df}",
    "SS",
];
/// In all texts together: the plain answers are quadratic.
const MOST_WORDS: usize = 600;
const MOST_BYTES: usize = 4096;

impl Texts {
    /// The texts, at most `most`: what is left then belongs to the last.
    pub fn at_most(mut self, most: usize) -> Vec<String> {
        let rest = self.0.split_off(most.min(self.0.len()));
        if let Some(last) = self.0.last_mut() {
            last.extend(rest.iter().flat_map(|text| ["|", text]));
        }
        self.0
    }

    fn written_out(bytes: &[u8]) -> Vec<String> {
        let bytes = &bytes[..bytes.len().min(MOST_BYTES)];
        bytes
            .split(|&byte| byte == b'|')
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .collect()
    }

    fn of_words(bytes: &[u8]) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut written: Vec<&str> = Vec::new();
        let mut bytes = bytes.iter();
        while let Some(&byte) = bytes.next() {
            let start = written.len();
            match byte {
                b'|' => texts.push(String::new()),
                0..128 => written.push(WORDS[usize::from(byte) % WORDS.len()]),
                _ => {
                    let from = bytes.next().map_or(0, |&byte| usize::from(byte));
                    let again = written.iter().skip(from % start.max(1));
                    let again: Vec<&str> = again.take(usize::from(byte) - 127).copied().collect();
                    written.extend(again);
                }
            }
            if written.len() > MOST_WORDS {
                break;
            }
            if let Some(text) = texts.last_mut() {
                for word in &written[start..] {
                    text.push_str(word);
                    text.push(' ');
                }
            }
        }
        texts
    }
}

impl<'a> Arbitrary<'a> for Texts {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let len = u.len();
        let (how, bytes) = u.bytes(len)?.split_first().unwrap_or((&0, &[]));
        Ok(Self(if how % 2 == 0 { Self::written_out(bytes) } else { Self::of_words(bytes) }))
    }
}
