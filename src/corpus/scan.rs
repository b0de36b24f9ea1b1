//! The usual line of JSON Lines, read fast: one object of strings, numbers, literals and values that
//! are nested a little.
//!
//! It takes no line that [`Format::parse`] refuses and reads none otherwise than that does. Whatever
//! is wrong or merely unusual is left to it, and so are all reasons.

use std::mem;
use std::ops::Range;

use simdutf8::basic::from_utf8;

use super::line::Format;
use super::string;

/// Room that is needed beyond the length of the lines: whole blocks are copied.
pub(super) const SPARE: usize = string::BLOCK;

/// Values nested deeper than this are unusual.
const DEPTH: u32 = 32;

/// A document and the length of its line, without the line feed.
pub(super) struct Line<'a> {
    pub id: &'a str,
    pub text: &'a str,
    pub len: usize,
}

/// Reads the line at the start of `bytes`. Strings without escapes are borrowed from it, others are
/// decoded into the start of `room`, which what comes after no longer has.
pub(super) fn line<'a>(
    bytes: &'a [u8],
    format: &Format,
    room: &mut &'a mut [u8],
) -> Option<Line<'a>> {
    let mut scanner = Scanner { bytes, at: 0, room, used: 0 };
    let [id, text] = scanner.document(&format.id_field, &format.text_field)?;
    let (len, used) = (scanner.at, scanner.used);
    let (decoded, rest) = mem::take(room).split_at_mut(used);
    *room = rest;
    let decoded = &*decoded;
    let validated = |string: &Text| match &string.decoded {
        Some(range) => from_utf8(&decoded[range.clone()]).ok(),
        None => from_utf8(&bytes[string.raw.clone()]).ok(),
    };
    // All of the line must be UTF-8. Decoding does not change whether a string is: an escape is
    // ASCII and stands for whole characters.
    from_utf8(&bytes[..text.raw.start]).ok()?;
    from_utf8(&bytes[text.raw.end..len]).ok()?;
    Some(Line { id: validated(&id)?, text: validated(&text)?, len })
}

/// A string: where it stands between its quotes and, if it has escapes, where in the room it was
/// decoded to.
#[derive(Clone)]
struct Text {
    raw: Range<usize>,
    decoded: Option<Range<usize>>,
}

struct Scanner<'a, 'r> {
    bytes: &'a [u8],
    at: usize,
    room: &'r mut [u8],
    used: usize,
}

impl<'a> Scanner<'a, '_> {
    /// The id and the text of the object that fills the line.
    fn document(&mut self, id_field: &str, text_field: &str) -> Option<[Text; 2]> {
        let (mut id, mut text) = (None, None);
        self.white();
        self.expect(b'{')?;
        self.white();
        loop {
            let key = self.key()?;
            let field = if key == text_field.as_bytes() {
                Some(&mut text)
            } else if key == id_field.as_bytes() {
                Some(&mut id)
            } else {
                None
            };
            match field {
                Some(Some(_)) => return None,
                Some(field) => {
                    self.expect(b'"')?;
                    *field = Some(self.string()?);
                }
                None => self.skip(DEPTH)?,
            }
            if !self.more(b'}')? {
                break;
            }
        }
        self.white();
        if self.peek().is_some_and(|byte| byte != b'\n') {
            return None;
        }
        let text = text?;
        let id = if id_field == text_field { Some(text.clone()) } else { id };
        Some([id?, text])
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Passes over white space. A line feed ends the line.
    fn white(&mut self) {
        while let Some(b' ' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Whether another member follows, or the closing bracket.
    fn more(&mut self, close: u8) -> Option<bool> {
        self.white();
        let byte = self.peek()?;
        self.at += 1;
        self.white();
        match byte {
            b',' => Some(true),
            byte if byte == close => Some(false),
            _ => None,
        }
    }

    /// A key and what separates it from its value.
    fn key(&mut self) -> Option<&'a [u8]> {
        self.expect(b'"')?;
        let Text { raw, decoded: None } = self.string()? else { return None };
        self.white();
        self.expect(b':')?;
        self.white();
        Some(&self.bytes[raw])
    }

    /// Passes over a value.
    fn skip(&mut self, depth: u32) -> Option<()> {
        match self.peek()? {
            b'"' => {
                self.at += 1;
                let used = self.used;
                self.string()?;
                self.used = used;
            }
            b'{' | b'[' => self.skip_nested(depth.checked_sub(1)?)?,
            b'-' | b'0'..=b'9' => self.skip_number()?,
            _ => {
                let rest = &self.bytes[self.at..];
                let literals: [&[u8]; 3] = [b"true", b"false", b"null"];
                self.at += literals.into_iter().find(|&literal| rest.starts_with(literal))?.len();
            }
        }
        Some(())
    }

    fn skip_nested(&mut self, depth: u32) -> Option<()> {
        let object = self.peek()? == b'{';
        let close = if object { b'}' } else { b']' };
        self.at += 1;
        self.white();
        if self.peek()? == close {
            self.at += 1;
            return Some(());
        }
        loop {
            if object {
                self.key()?;
            }
            self.skip(depth)?;
            if !self.more(close)? {
                return Some(());
            }
        }
    }

    fn skip_number(&mut self) -> Option<()> {
        let _ = self.expect(b'-');
        // A number does not begin with a zero that others follow.
        if self.expect(b'0').is_none() {
            self.skip_digits()?;
        }
        if self.expect(b'.').is_some() {
            self.skip_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.skip_digits()?;
        }
        Some(())
    }

    fn skip_digits(&mut self) -> Option<()> {
        let digits = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        (digits > 0).then_some(())
    }

    /// The string whose opening quote was just passed; passes its closing quote.
    fn string(&mut self) -> Option<Text> {
        let start = self.at;
        let stop = start + string::plain(&self.bytes[start..])?;
        if *self.bytes.get(stop)? == b'"' {
            self.at = stop + 1;
            return Some(Text { raw: start..stop, decoded: None });
        }
        let room = self.room.get_mut(self.used..)?;
        room.get_mut(..stop - start)?.copy_from_slice(&self.bytes[start..stop]);
        let (end, len) = string::decode(self.bytes, stop, room, stop - start)?;
        self.at = end + 1;
        let decoded = self.used..self.used + len;
        self.used = decoded.end;
        Some(Text { raw: start..end, decoded: Some(decoded) })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// What stands in a string; the second kind makes the line unusable or at least unusual.
    fn string() -> impl Strategy<Value = Vec<u8>> {
        let long = "x".repeat(61);
        let usual = [
            "a",
            "",
            "\u{e9}",
            "\u{1f600}",
            "\u{7f}",
            &long,
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b",
            "\\f",
            "\\r",
            "\\t",
            "\\u00e9",
            "\\uD83D\\uDe00",
            "\\u0000",
            "\\uffff",
            "{",
            "id",
        ];
        let usual = usual.map(|piece| piece.as_bytes().to_vec()).to_vec();
        let odd: [&[u8]; 14] = [
            b"\x01",
            b"\x1f",
            b"\n",
            b"\t",
            b"\"",
            b"\\",
            b"\\x",
            b"\\u12",
            b"\\u+123",
            b"\\ud800",
            b"\\udc00",
            b"\\ud800\\u0041",
            b"\xff",
            b"\xc3",
        ];
        let piece = prop_oneof![
            60 => select(usual),
            1 => select(odd.map(<[u8]>::to_vec).to_vec()),
        ];
        vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    fn quoted() -> impl Strategy<Value = Vec<u8>> {
        string().prop_map(|string| [b"\"", &string[..], b"\""].concat())
    }

    fn value() -> impl Strategy<Value = Vec<u8>> {
        let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
        let usual = [
            "0",
            "-0",
            "10",
            "-1.5e+3",
            "1e999",
            "2E-0",
            "true",
            "false",
            "null",
            "[]",
            "{}",
            "[ 1 ]",
            "{ \"a\" : [ {} , \"\\n\" ] }",
            &deep,
        ];
        let odd = [
            "01",
            "+1",
            "1.",
            ".5",
            "-",
            "1e",
            "tru",
            "nulL",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":1,}",
            "[}",
            "{1:2}",
            "",
            "[",
        ];
        let bytes = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        let (usual, odd): (Vec<_>, Vec<_>) = (bytes(&usual), bytes(&odd));
        prop_oneof![4 => quoted(), 4 => select(usual), 1 => select(odd)]
    }

    fn member() -> impl Strategy<Value = Vec<u8>> {
        let keys = ["\"id\"", "\"text\"", "\"x\"", "\"\"", "\"\\u0069d\""];
        let white = || select(vec!["", "", "", " ", "\t", " \r", "\x0c"]);
        let keys = prop_oneof![20 => select(keys.to_vec()), 1 => Just("id")];
        (white(), keys, white(), white(), value(), white()).prop_map(|(a, key, b, c, value, d)| {
            [a.as_bytes(), key.as_bytes(), b.as_bytes(), b":", c.as_bytes(), &value, d.as_bytes()]
                .concat()
        })
    }

    /// Lines, most of them good, with all that can be wrong with one.
    pub fn any_line() -> impl Strategy<Value = Vec<u8>> {
        let object = |members: Vec<Vec<u8>>| [b"{", &members.join(&b","[..])[..], b"}"].concat();
        let ends = select(vec!["", "", "", " ", "\r", " {}", "\0", "}", "\x0c"]);
        let members = (vec(member(), 0..5), ends)
            .prop_map(move |(members, end)| [&object(members)[..], end.as_bytes()].concat());
        let cut =
            (good(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut line, at, byte)| {
                let at = at.index(line.len());
                match byte % 3 {
                    0 => line.truncate(at),
                    1 => line[at] = byte,
                    _ => line.insert(at, byte),
                }
                line
            });
        prop_oneof![4 => good(), 3 => members, 2 => cut, 1 => vec(any::<u8>(), 0..200)]
    }

    fn good() -> impl Strategy<Value = Vec<u8>> {
        let others = vec(value(), 0..2);
        (quoted(), quoted(), others, any::<bool>()).prop_map(|(id, text, others, turned)| {
            let mut members =
                vec![[b"\"id\": ", &id[..]].concat(), [b"\"text\": ", &text[..]].concat()];
            members.extend(others.iter().map(|other| [b"\"other\":", &other[..]].concat()));
            if turned {
                members.reverse();
            }
            [b"{", &members.join(&b", "[..])[..], b"}"].concat()
        })
    }

    fn scan(bytes: &[u8], format: &Format) -> Option<(String, String, usize)> {
        let mut room = vec![0; bytes.len() + SPARE];
        line(bytes, format, &mut &mut *room)
            .map(|line| (line.id.to_owned(), line.text.to_owned(), line.len))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// What is taken is what `serde_json` reads, whatever follows the line.
        #[test]
        fn agrees(bytes in any_line(), next in vec(any::<u8>(), 0..80)) {
            let format = Format::default();
            let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
            let whole = scan(&bytes[..end], &format);
            if let Some((id, text, len)) = &whole {
                prop_assert_eq!(*len, end);
                let parsed = format.parse(&bytes[..end]);
                prop_assert_eq!(parsed, Some(Ok((id.clone(), text.clone()))));
            }
            prop_assert_eq!(scan(&[&bytes[..end], b"\n", &next].concat(), &format), whole);
        }
    }

    /// The usual line is taken here: were it not, nothing but the speed would tell.
    #[test]
    fn takes_the_usual() {
        let lines = [
            r#"{"id":"a","text":"one"}"#,
            " { \"text\" :\t\"\" , \"id\" : \"\" } \r",
            r#"{"id": "\u00e9\ud83d\ude00", "n": -1.5e+3, "text": "\"\\\/\b\f\n\r\t"}"#,
            r#"{"id":"a","meta":{"a":[1,{}],"b":[]},"x":[null,true,false],"text":"b","x":0}"#,
        ];
        for text in lines {
            let format = Format::default();
            let (id, found, _) = scan(text.as_bytes(), &format).expect(text);
            assert_eq!(format.parse(text.as_bytes()), Some(Ok((id, found))));
        }
        // Escapes around the ends of blocks.
        for before in 0..200 {
            for escape in ["\\n", "\\u00e9", "\\ud83d\\ude00", "\\\\\\\""] {
                let text = format!("{}{escape}tail{escape}", "\u{e9}x".repeat(before));
                let line = format!("{{\"id\":\"a\",\"text\":\"{text}\"}}");
                let (id, found, len) = scan(line.as_bytes(), &Format::default()).expect(&line);
                assert_eq!(len, line.len());
                assert_eq!(Format::default().parse(line.as_bytes()), Some(Ok((id, found))));
            }
        }
    }
}
