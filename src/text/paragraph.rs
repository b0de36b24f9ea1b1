//! The paragraphs of a text.

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
    let by_blocks = {
        let text = text.trim();
        Lines { text, at: 0 }.any(|(start, end)| text[start..end].trim().is_empty())
    };
    let mut lines = Lines { text, at: 0 };
    std::iter::from_fn(move || {
        let mut block: Option<Span> = None;
        for (start, end) in lines.by_ref() {
            let line = &text[start..end];
            let trimmed = line.trim();
            if trimmed.is_empty() {
                if block.is_some() {
                    break;
                }
                continue;
            }
            let start = start + (line.len() - line.trim_start().len());
            let line = Span::new(start as u32, (start + trimmed.len()) as u32);
            block = Some(block.map_or(line, |first| first.to(line)));
            if !by_blocks {
                break;
            }
        }
        block
    })
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
        match rest.iter().position(|&b| b == b'\n' || b == b'\r') {
            None => {
                self.at = self.text.len();
                Some((start, self.at))
            }
            Some(len) => {
                let newline = if rest[len..].starts_with(b"\r\n") { 2 } else { 1 };
                self.at = start + len + newline;
                Some((start, start + len))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

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
