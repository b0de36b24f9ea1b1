//! The paragraphs of a text.

use std::ops::Range;

use super::Span;

/// The paragraphs of `text`, in its order: the blocks between blank lines where it has any, else
/// its lines. White space around a paragraph does not belong to it, and no paragraph is empty.
///
/// A blank line holds white space only. `\n`, `\r\n` and `\r` end a line. One pass to decide, one
/// to walk; nothing is allocated. The text is shorter than 4 GiB.
///
/// ```
/// use doublon::text::paragraphs;
///
/// let text = "Title\n\nFirst\nstill first\r\n \r\nSecond\n";
/// let found: Vec<&str> = paragraphs(text).map(|span| &text[span]).collect();
/// assert_eq!(found, ["Title", "First\nstill first", "Second"]);
///
/// let text = "one line\nanother";
/// assert_eq!(paragraphs(text).count(), 2);
/// ```
pub fn paragraphs(text: &str) -> impl Iterator<Item = Span> + '_ {
    Paragraphs::new(text)
}

/// What [`paragraphs`] gives. It can leave out a part of the text.
pub(crate) struct Paragraphs<'a> {
    lines: Lines<'a>,
    /// Whether there is a blank line, once asked for.
    by_blocks: Option<bool>,
}

impl<'a> Paragraphs<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { lines: Lines { text, at: 0 }, by_blocks: None }
    }

    fn by_blocks(&mut self) -> bool {
        let text = self.lines.text;
        *self.by_blocks.get_or_insert_with(|| {
            let text = text.trim();
            Lines { text, at: 0 }.any(|(start, end)| text[start..end].trim_start().is_empty())
        })
    }

    /// Whether one paragraph may end in this part of the text or right before it, and another begin
    /// in it or behind it. Most parts where none does are denied.
    pub(crate) fn may_meet_in(&mut self, part: Range<usize>) -> bool {
        let text = self.lines.text;
        let bytes = text.as_bytes();
        // Whole words of eight bytes.
        let end = (part.start + part.len().next_multiple_of(8)).min(bytes.len());
        let mut at = part.start;
        while at < part.end
            && let Some(len) = line_end(&bytes[at..end])
        {
            at += len;
            if at < part.end {
                at += newline(&bytes[at..]);
                // A line that begins with a visible char is not blank.
                if !bytes.get(at).is_some_and(u8::is_ascii_graphic) || !self.by_blocks() {
                    return true;
                }
            }
        }
        text[..part.end].ends_with(char::is_whitespace)
    }

    /// Goes on at the char that begins at `at`, behind what was read. If it is no white space, the
    /// next paragraph is the one it lies in, cut off on the left.
    pub(crate) fn skip_to(&mut self, at: usize) {
        self.lines.at = at;
    }
}

impl Iterator for Paragraphs<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let text = self.lines.text;
        let by_blocks = self.by_blocks();
        let mut block: Option<(usize, usize)> = None;
        for (start, end) in self.lines.by_ref() {
            let line = text[start..end].trim_start();
            if !line.is_empty() {
                let first = block.map_or(end - line.len(), |(first, _)| first);
                block = Some((first, end));
                if !by_blocks {
                    break;
                }
            } else if block.is_some() {
                break;
            }
        }
        let (start, end) = block?;
        Some(Span::new(start as u32, (start + text[start..end].trim_end().len()) as u32))
    }
}

struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        if rest.is_empty() {
            return None;
        }
        match line_end(rest) {
            None => {
                self.at = self.text.len();
                Some((start, self.at))
            }
            Some(len) => {
                self.at = start + len + newline(&rest[len..]);
                Some((start, start + len))
            }
        }
    }
}

/// The bytes of the line end that `bytes` begins with.
fn newline(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\r\n") { 2 } else { 1 }
}

/// The first `\n` or `\r`, eight bytes a step.
fn line_end(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    // The lowest bit it sets is the high bit of the first byte that is 0.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    let (words, rest) = bytes.as_chunks();
    for (number, &word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(word);
        let ends = zero(word ^ (ONES * u64::from(b'\n'))) | zero(word ^ (ONES * u64::from(b'\r')));
        if ends != 0 {
            return Some(8 * number + ends.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|&byte| byte == b'\n' || byte == b'\r')?;
    Some(8 * words.len() + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text() -> impl Strategy<Value = String> {
        "([ax\u{e9}., \t\u{a0}\u{3000}]{0,9}(\n|\r|\r\n|\n\n)?){0,9}"
    }

    /// From whole lines put aside.
    fn naive(text: &str) -> Vec<Span> {
        let mut lines = Vec::new();
        let mut at = text.len() - text.trim_start().len();
        let end = at + text.trim().len();
        while at < end {
            let len = text[at..end].find(['\n', '\r']).unwrap_or(end - at);
            lines.push((at, at + len));
            at += len + if text[at + len..].starts_with("\r\n") { 2 } else { 1 };
        }
        let blank = |&(start, end): &(usize, usize)| text[start..end].trim().is_empty();
        let blocks: Vec<&[(usize, usize)]> = if lines.iter().any(blank) {
            lines.split(blank).filter(|block| !block.is_empty()).collect()
        } else {
            lines.chunks(1).collect()
        };
        let span = |block: &[(usize, usize)]| {
            let all = &text[block[0].0..block[block.len() - 1].1];
            let start = block[0].0 + all.len() - all.trim_start().len();
            Span::new(start as u32, (start + all.trim().len()) as u32)
        };
        blocks.into_iter().map(span).collect()
    }

    proptest! {
        #[test]
        fn cuts_as_the_naive_way(text in text()) {
            prop_assert_eq!(paragraphs(&text).collect::<Vec<_>>(), naive(&text));
        }

        #[test]
        fn goes_on_from_any_visible_char(text in text()) {
            let all = naive(&text);
            for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                let mut paragraphs = Paragraphs::new(&text);
                paragraphs.skip_to(at);
                let mut rest: Vec<Span> =
                    all.iter().copied().filter(|span| span.end() > at).collect();
                rest[0] = Span::new(at as u32, rest[0].end() as u32);
                prop_assert_eq!(paragraphs.collect::<Vec<_>>(), rest, "from {:?} at {}", c, at);
            }
        }

        #[test]
        fn where_paragraphs_meet_is_never_denied(text in text()) {
            let ends: Vec<usize> = naive(&text).iter().map(|span| span.end()).collect();
            let places: Vec<usize> =
                (0..=text.len()).filter(|&at| text.is_char_boundary(at)).collect();
            for (i, &start) in places.iter().enumerate() {
                for &end in &places[i..] {
                    // The last paragraph meets none.
                    let meet = ends.iter().rev().skip(1).any(|at| (start..end).contains(at));
                    let may_meet = Paragraphs::new(&text).may_meet_in(start..end);
                    prop_assert!(may_meet || !meet, "{}..{}", start, end);
                }
            }
        }

        #[test]
        fn line_ends_are_found(text in "[a\u{8a}\u{10a}\n\r\u{b}\u{9}\u{c}\u{e}]{0,40}|[a\u{8d}]{0,40}\r") {
            let naive = text.find(['\n', '\r']);
            prop_assert_eq!(line_end(text.as_bytes()), naive);
        }
    }

    #[test]
    fn cuts_as_documented() {
        for (text, expected) in [
            ("", &[][..]),
            (" \n\t\r\n ", &[]),
            ("\n\n one \n\n", &["one"]),
            ("a\nb\n\nc", &["a\nb", "c"]),
            ("a\nb\nc\n", &["a", "b", "c"]),
            ("a\r\n\r\nb\r\nc", &["a", "b\r\nc"]),
            ("a\rb", &["a", "b"]),
            ("a\u{a0}\n\u{3000}\nb", &["a", "b"]),
            ("x", &["x"]),
        ] {
            let found: Vec<&str> = paragraphs(text).map(|span| &text[span]).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
