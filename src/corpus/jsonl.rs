//! JSON Lines: one JSON object a line, read as a stream.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::iter::FusedIterator;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::compression::{self, Compression};
use super::line::{BYTE_ORDER_MARK, Format};
use super::{Record, scan};
use crate::{Error, ErrorKind, Result};

/// Of decompressed bytes.
const BUFFER: usize = 256 * 1024;

/// The line buffer is reused up to this size, so that one huge line is not paid for until the end.
const KEPT: usize = 16 * 1024 * 1024;

/// The documents of a JSON Lines stream, in order: an iterator over `Result<Record>`. Those of a
/// file that fits into memory come faster as a [`JsonFile`](super::JsonFile).
///
/// Each line is one JSON object with a string for the document's id and one for its text, in the
/// fields `id` and `text` unless [`id_field`](Self::id_field) and [`text_field`](Self::text_field)
/// say otherwise. Other fields may hold anything and are skipped. The stream may be plain, gzip or
/// zstd; its first bytes tell which, never its name.
///
/// ```
/// use doublon::corpus::JsonLines;
///
/// let lines = br#"{"id": "x", "text": "The river rose overnight."}
/// {"id": "y", "lang": "en", "text": "The river rose over night.\n"}
/// "#;
/// let mut texts = Vec::new();
/// for record in JsonLines::from_reader(&lines[..])? {
///     let (_id, text) = record?.into_parts();
///     texts.push(text);
/// }
/// assert_eq!(texts, ["The river rose overnight.", "The river rose over night.\n"]);
/// # Ok::<(), doublon::Error>(())
/// ```
///
/// Lines end with a line feed or with carriage return and line feed; the last one need not end.
/// Blank lines and a byte order mark at the very start are passed over. Texts are taken as they
/// stand: nothing is trimmed, and `\u0000` is a character like any other. (A *raw* control
/// character inside a string is not valid JSON.)
///
/// # Errors
///
/// A line that cannot be used is an error of kind [`ErrorKind::Record`], and the line after it is
/// read as if nothing had happened; whoever drops such errors should count them. When reading or
/// decompressing fails, also because the stream ends too early, the error is of kind
/// [`ErrorKind::Io`] and the iteration is over. Lines are counted from 1, bytes and columns of a
/// line too.
///
/// ```
/// use doublon::{ErrorKind, corpus::JsonLines};
///
/// let lines = b"{\"id\": \"x\"}\n{\"id\": \"y\", \"text\": \"\"}";
/// let mut lines = JsonLines::from_reader(&lines[..])?;
/// let error = lines.next().unwrap().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Record);
/// assert_eq!(error.to_string(), "line 1: field \"text\" is missing");
/// assert_eq!(lines.next().unwrap()?.id(), "y");
/// # Ok::<(), doublon::Error>(())
/// ```
///
/// # Cost
///
/// Linear in the stream; what is compressed is decompressed on a thread of its own, at most a
/// megabyte ahead. Memory holds one line, in reused buffers, and the two strings decoded from it: a
/// few times the longest line, which [`max_line`](Self::max_line) bounds. A zstd stream
/// adds its window, and one that asks for more than 128 MiB (`zstd --long=28` and above) is an
/// error.
#[must_use = "lines are read only as the iterator is advanced"]
pub struct JsonLines {
    // Never locked, only borrowed through `&mut self`: this is what makes the type `Sync` whatever
    // the reader is.
    reader: Mutex<BufReader<Box<dyn Read + Send>>>,
    compression: Compression,
    format: Format,
    buffer: Vec<u8>,
    room: Vec<u8>,
    line: u64,
    bytes: u64,
    ended: bool,
}

impl JsonLines {
    /// Opens a file; gzip and zstd are recognised by their first bytes, not by the name. All
    /// members of a gzip file and all frames of a zstd file are read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`], naming the file, if it cannot be opened or its first bytes not be read.
    ///
    /// ```
    /// use doublon::{ErrorKind, corpus::JsonLines};
    ///
    /// let error = JsonLines::open("no/such/corpus.jsonl.gz").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Io);
    /// assert!(error.to_string().starts_with("no/such/corpus.jsonl.gz: "));
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        File::open(path).and_then(Self::new).map_err(|error| explain(error, path.display()))
    }

    /// Reads from anything that can be read: standard input, a socket, bytes in memory. The reader
    /// needs no buffer of its own. Compression is recognised as in [`open`](Self::open), so this
    /// waits for the first four bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if the first bytes cannot be read.
    ///
    /// ```
    /// use doublon::corpus::JsonLines;
    ///
    /// let mut lines = JsonLines::from_reader(&b"{\"id\": \"x\", \"text\": \"one two\"}"[..])?;
    /// assert_eq!(lines.next().unwrap()?.text(), "one two");
    /// assert!(lines.next().is_none());
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn from_reader(reader: impl Read + Send + 'static) -> Result<Self> {
        Ok(Self::new(reader)?)
    }

    fn new(reader: impl Read + Send + 'static) -> io::Result<Self> {
        let (compression, reader) = compression::decompress(reader)?;
        Ok(Self {
            reader: Mutex::new(BufReader::with_capacity(BUFFER, reader)),
            compression,
            format: Format::default(),
            buffer: Vec::new(),
            room: Vec::new(),
            line: 0,
            bytes: 0,
            ended: false,
        })
    }

    /// The field of the object that holds the document's id; `id` by default.
    ///
    /// It may be the field of the text too: the id of a document is then its text.
    ///
    /// ```
    /// use doublon::corpus::JsonLines;
    ///
    /// let lines = b"{\"url\": \"https://example.org\", \"text\": \"one two\"}";
    /// let mut lines = JsonLines::from_reader(&lines[..])?.id_field("url");
    /// assert_eq!(lines.next().unwrap()?.id(), "https://example.org");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn id_field(mut self, name: &str) -> Self {
        name.clone_into(&mut self.format.id_field);
        self
    }

    /// The field of the object that holds the document's text; `text` by default.
    ///
    /// ```
    /// use doublon::corpus::JsonLines;
    ///
    /// let lines = b"{\"id\": \"x\", \"body\": \"one two\"}";
    /// let mut lines = JsonLines::from_reader(&lines[..])?.text_field("body");
    /// assert_eq!(lines.next().unwrap()?.text(), "one two");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn text_field(mut self, name: &str) -> Self {
        name.clone_into(&mut self.format.text_field);
        self
    }

    /// The length of the longest line to accept, in bytes without the line feed; 1 GiB by default.
    ///
    /// A longer line is an error of kind [`ErrorKind::Record`]. What it has beyond the limit is
    /// skipped without being held in memory.
    ///
    /// ```
    /// use doublon::corpus::JsonLines;
    ///
    /// let lines = b"{\"id\": \"x\", \"text\": \"one two three four five six\"}";
    /// let mut lines = JsonLines::from_reader(&lines[..])?.max_line(40);
    /// let error = lines.next().unwrap().unwrap_err();
    /// assert_eq!(error.to_string(), "line 1: longer than 40 bytes");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn max_line(mut self, bytes: usize) -> Self {
        self.format.max_line = bytes;
        self
    }

    /// The decompressed bytes of all lines taken so far, good and bad, for throughput and progress.
    ///
    /// ```
    /// use doublon::corpus::JsonLines;
    ///
    /// let mut lines = JsonLines::from_reader(&b"{\"id\": \"x\", \"text\": \"one\"}\n\n"[..])?;
    /// assert_eq!(lines.bytes_read(), 0);
    /// while let Some(record) = lines.next() {
    ///     println!("{} after {} bytes", record?.id(), lines.bytes_read());
    /// }
    /// assert_eq!(lines.bytes_read(), 28);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn bytes_read(&self) -> u64 {
        self.bytes
    }

    /// The line of the record or error just taken, as it stands in the stream: without its line
    /// feed and, at the very start, without a byte order mark. For whoever copies some of the lines.
    /// Empty before the first line and for one that is too long.
    ///
    /// ```
    /// use doublon::corpus::JsonLines;
    ///
    /// let lines = b"{ \"id\": \"x\",  \"text\": \"one\", \"year\": 1850 }\n\n";
    /// let mut lines = JsonLines::from_reader(&lines[..])?;
    /// assert_eq!(lines.next().unwrap()?.id(), "x");
    /// assert_eq!(lines.raw_line(), b"{ \"id\": \"x\",  \"text\": \"one\", \"year\": 1850 }");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn raw_line(&self) -> &[u8] {
        let line = self.buffer.as_slice();
        if self.line == 1 { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line }
    }

    /// Brings the next line into the buffer, without its end.
    fn read_line(&mut self) -> io::Result<Line> {
        self.line += 1;
        self.buffer.clear();
        self.buffer.shrink_to(KEPT);
        let reader = self.reader.get_mut().unwrap_or_else(PoisonError::into_inner);
        // One byte more than is accepted: the line feed, or the proof that there is too much.
        let limit = (self.format.max_line as u64).saturating_add(1);
        let read = reader.take(limit).read_until(b'\n', &mut self.buffer);
        self.bytes += self.buffer.len() as u64;
        if read? == 0 {
            return Ok(Line::None);
        }
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
        } else if self.buffer.len() > self.format.max_line {
            self.buffer = Vec::new();
            self.bytes += reader.skip_until(b'\n')? as u64;
            return Ok(Line::TooLong);
        }
        Ok(Line::Whole)
    }

    /// What the line in the buffer holds; nothing if it is blank.
    fn parse_line(&mut self) -> Option<Result<Record>> {
        let mut room = std::mem::take(&mut self.room);
        let needed = self.buffer.len() + scan::SPARE;
        room.truncate(needed.max(KEPT));
        room.shrink_to(KEPT);
        room.resize(room.len().max(needed), 0);
        let line = self.raw_line();
        let scanned = scan::line(line, &self.format, &mut &mut *room)
            .map(|found| Ok((found.id.to_owned(), found.text.to_owned())));
        let record = scanned.or_else(|| self.format.parse(line)).map(|parsed| {
            parsed
                .map(|(id, text)| Record { line: self.line, id, text })
                .map_err(|reason| self.unusable(&reason))
        });
        self.room = room;
        record
    }

    fn unusable(&self, reason: &str) -> Error {
        Error::new(ErrorKind::Record, format!("line {}: {reason}", self.line))
    }
}

enum Line {
    Whole,
    TooLong,
    None,
}

impl Iterator for JsonLines {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.read_line() {
                Ok(Line::Whole) => {
                    if let Some(record) = self.parse_line() {
                        return Some(record);
                    }
                }
                Ok(Line::TooLong) => {
                    return Some(Err(self.unusable(&self.format.too_long())));
                }
                Ok(Line::None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    let (line, compression) = (self.line, self.compression);
                    let place = format!("line {line}: cannot read on in the {compression} stream");
                    return Some(Err(explain(error, place)));
                }
            }
        }
        None
    }
}

impl FusedIterator for JsonLines {}

impl fmt::Debug for JsonLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines")
            .field("line", &self.line)
            .field("bytes_read", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// An error of input that also says where it happened; its kind stays that of the cause.
pub(super) fn explain(error: io::Error, place: impl fmt::Display) -> Error {
    io::Error::new(error.kind(), format!("{place}: {error}")).into()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const TWO: &[u8] = b"{\"id\":\"a\",\"text\":\"one\"}\n{\"id\":\"b\",\"text\":\"two\"}\n";

    fn open(bytes: impl Into<Vec<u8>>) -> JsonLines {
        JsonLines::from_reader(io::Cursor::new(bytes.into())).unwrap()
    }

    /// `line/id/text` of the good records, the message of the bad ones.
    fn show(lines: JsonLines) -> Vec<String> {
        lines
            .map(|record| match record {
                Ok(record) => format!("{}/{}/{}", record.line(), record.id(), record.text()),
                Err(error) => error.to_string(),
            })
            .collect()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Default::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::encode_all(bytes, 0).unwrap()
    }

    /// Lines that compress badly, so that a cut leaves some of them whole.
    fn many() -> Vec<u8> {
        let mut state = 1_u64;
        let mut lines = Vec::new();
        for i in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            writeln!(lines, "{{\"id\":\"{i}\",\"text\":\"{state:x}\"}}").unwrap();
        }
        lines
    }

    #[test]
    fn good_lines() {
        let cases: &[(&str, &[u8], &[&str])] = &[
            ("empty stream", b"", &[]),
            ("nothing but blank lines", b"\n \t\x0c\r\n\n   ", &[]),
            ("two lines", TWO, &["1/a/one", "2/b/two"]),
            ("no final newline", b"{\"id\":\"a\",\"text\":\"one\"}", &["1/a/one"]),
            ("blank lines count", b"\n\r\n{\"id\":\"a\",\"text\":\"\"}\n\n", &["3/a/"]),
            (
                "carriage returns",
                b"{\"id\":\"a\",\"text\":\"one\"}\r\n{\"id\":\"b\",\"text\":\"two\"}\r\n",
                &["1/a/one", "2/b/two"],
            ),
            ("byte order mark", b"\xef\xbb\xbf{\"id\":\"a\",\"text\":\"one\"}\n", &["1/a/one"]),
            ("a mark and nothing else", b"\xef\xbb\xbf", &[]),
            ("white space", b" { \"text\" :\t\"one\" , \"id\" : \"a\" } ", &["1/a/one"]),
            (
                "escapes",
                br#"{"id":"a\/b","text":"\"\\\n\u00e9\ud83d\ude00"}"#,
                &["1/a/b/\"\\\n\u{e9}\u{1f600}"],
            ),
            ("NUL and DEL", b"{\"id\":\"\\u0000\",\"text\":\"a\\u0000\x7f\"}", &["1/\0/a\0\x7f"]),
            ("a mark in a text", br#"{"id":"a","text":"\ufeffone"}"#, &["1/a/\u{feff}one"]),
            (
                "Unicode line ends do not end a line",
                b"{\"id\":\"a\",\"text\":\"\xc2\x85\xe2\x80\xa8\"}",
                &["1/a/\u{85}\u{2028}"],
            ),
            ("escaped key", br#"{"\u0069d":"a","te\u0078t":"one"}"#, &["1/a/one"]),
            (
                "other fields hold anything, twice",
                br#"{"x":{"id":1,"text":[2]},"x":1e999,"id":"a","":null,"text":"one","y":"\n"}"#,
                &["1/a/one"],
            ),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(show(open(*bytes)), *expected, "{name}");
        }
    }

    #[test]
    fn bad_lines() {
        let cases: &[(&[u8], &str)] = &[
            (br#"{"id":"a"}"#, r#"field "text" is missing"#),
            (br#"{"text":"a"}"#, r#"field "id" is missing"#),
            (b"{}", r#"field "text" is missing"#),
            (br#"{"id":7,"text":"a"}"#, r#"field "id" is not a string"#),
            (br#"{"id":"a","text":null}"#, r#"field "text" is not a string"#),
            (br#"{"id":"a","text":true}"#, r#"field "text" is not a string"#),
            (br#"{"id":"a","text":-0.5}"#, r#"field "text" is not a string"#),
            (br#"{"id":"a","text":["b"]}"#, r#"field "text" is not a string"#),
            (br#"{"id":{"id":"a"},"text":"b"}"#, r#"field "id" is not a string"#),
            (br#"{"id":"a","text":"b","id":"a"}"#, r#"field "id" stands twice"#),
            (br#"{"text":"a","id":"b","te\u0078t":3}"#, r#"field "text" stands twice"#),
            (b"[]", "not a JSON object"),
            (b"\"id\"", "not a JSON object"),
            (b" 7", "not a JSON object"),
            (b"null", "not a JSON object"),
            (b"{", "not valid JSON: EOF while parsing an object, column 1"),
            (b"{\"id\":\"a", "not valid JSON: EOF while parsing a string, column 8"),
            (b"id", "not valid JSON: expected value, column 1"),
            (b"\0\0", "not valid JSON: expected value, column 1"),
            (br#"{"id":"a","text":"b",}"#, "not valid JSON: trailing comma, column 22"),
            (br#"{"id":"a","text":"b"} {}"#, "not valid JSON: trailing characters, column 23"),
            (b"{1:2}", "not valid JSON: key must be a string, column 2"),
            (
                b"{\"id\":\"a\",\"text\":\"b\0\"}",
                "not valid JSON: control character (\\u0000-\\u001F) found while parsing a string, \
                 column 20",
            ),
            (b"{\"id\":\"a\",\"text\":\"\xff\"}", "not valid UTF-8 at byte 19"),
            (b"\xef\xbb\xbf{}", "not valid JSON: expected value, column 1"),
            (b"\xff\xfe{\0}\0", "not valid UTF-8 at byte 1"),
        ];
        for (bad, reason) in cases {
            let bytes = [TWO, *bad, b"\n", TWO].concat();
            let bad = String::from_utf8_lossy(bad);
            let expected = ["1/a/one", "2/b/two", &format!("line 3: {reason}")];
            let shown = show(open(bytes.clone()));
            assert_eq!(shown[..3], expected, "{bad}");
            assert_eq!(shown[3..], ["4/a/one", "5/b/two"], "{bad}");
            let error = open(bytes).nth(2).unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Record, "{bad}");
        }
    }

    #[test]
    fn lone_surrogates() {
        for escape in [r"\ud800", r"\udc00", r"\ud800\ud800", r"\ud800x", r"\ud8"] {
            let line = format!("{{\"id\":\"a\",\"text\":\"{escape}\"}}\n");
            let shown = show(open([line.as_bytes(), TWO].concat()));
            assert!(shown[0].starts_with("line 1: not valid JSON: "), "{escape}: {}", shown[0]);
            assert_eq!(shown[1..], ["2/a/one", "3/b/two"], "{escape}");
        }
    }

    #[test]
    fn named_fields() {
        let lines = br#"{"id":3,"url":"a","text":[],"body \"b\"":"one"}"#;
        let named = open(lines).id_field("url").text_field("body \"b\"");
        assert_eq!(show(named), ["1/a/one"]);
        let named = open(lines).id_field("url").text_field("\"");
        assert_eq!(show(named), [r#"line 1: field "\"" is missing"#]);
    }

    #[test]
    fn one_field_for_both() {
        let both = |line: &[u8]| show(open(line).id_field("t").text_field("t"));
        assert_eq!(both(br#"{"t":"one","id":2}"#), ["1/one/one"]);
        assert_eq!(both(br#"{"id":"a"}"#), [r#"line 1: field "t" is missing"#]);
        assert_eq!(both(br#"{"t":"a","t":"a"}"#), [r#"line 1: field "t" stands twice"#]);
    }

    #[test]
    fn longest_line() {
        let line = br#"{"id":"a","text":"one"}"#;
        let length = line.len();
        let exact = [&line[..], b"\n", line].concat();
        assert_eq!(show(open(exact.clone()).max_line(length)), ["1/a/one", "2/a/one"]);
        assert_eq!(show(open(exact.clone()).max_line(usize::MAX)), ["1/a/one", "2/a/one"]);
        assert_eq!(
            show(open(exact).max_line(length - 1)),
            [
                format!("line 1: longer than {} bytes", length - 1),
                format!("line 2: longer than {} bytes", length - 1),
            ]
        );

        // Far beyond the limit and beyond the buffer of the reader, then on with the next line.
        let bytes = [&vec![b'['; 3 * BUFFER][..], b"\n", line, b"\n"].concat();
        let mut lines = open(bytes.clone()).max_line(length);
        let error = lines.next().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Record);
        assert_eq!(error.to_string(), format!("line 1: longer than {length} bytes"));
        assert_eq!(lines.buffer.capacity(), 0);
        assert_eq!(lines.bytes_read(), 3 * BUFFER as u64 + 1);
        assert_eq!(lines.next().unwrap().unwrap().line(), 2);
        assert!(lines.next().is_none());
        assert_eq!(lines.bytes_read(), bytes.len() as u64);
    }

    #[test]
    fn huge_line() {
        let text = "a word and \u{e9} ".repeat(400_000);
        let line = format!("{{\"id\":\"a\",\"text\":\"{text}\"}}\n");
        assert!(line.len() > 5_000_000);
        let mut lines = open([line.as_bytes(), TWO].concat());
        assert_eq!(lines.next().unwrap().unwrap().into_parts(), ("a".to_owned(), text));
        assert_eq!(show(lines), ["2/a/one", "3/b/two"]);
    }

    #[test]
    fn deep_nesting() {
        let (open_all, close_all) = ("[".repeat(1_000_000), "]".repeat(1_000_000));
        let objects = "{\"a\":".repeat(1_000_000);
        let cases = [
            (open_all.clone(), "1: not a JSON object"),
            (format!("{{\"text\":{open_all}"), "1: field \"text\" is not a string"),
            (format!("{{\"x\":{open_all}"), "1: not valid JSON: EOF while parsing a list"),
            (objects, "1: not valid JSON: EOF while parsing a"),
        ];
        for (line, reason) in cases {
            let shown = show(open(line));
            assert!(shown[0].starts_with(&format!("line {reason}")), "{}", shown[0]);
            assert_eq!(shown.len(), 1);
        }
        let deep = format!("{{\"x\":{open_all}{close_all},\"id\":\"a\",\"text\":\"one\"}}");
        assert_eq!(show(open(deep)), ["1/a/one"]);
    }

    #[test]
    fn compressed() {
        let whole = ["1/a/one", "2/b/two"];
        assert_eq!(show(open(gzip(TWO))), whole);
        assert_eq!(show(open(zstd(TWO))), whole);
        assert!(show(open(gzip(b""))).is_empty());
        assert!(show(open(zstd(b""))).is_empty());
        let marked = [BYTE_ORDER_MARK, TWO].concat();
        assert_eq!(show(open(gzip(&marked))), whole);

        // Members and frames follow one another, and a line may go from one into the next.
        for compress in [gzip, zstd] {
            for cut in 0..TWO.len() {
                let parts = [compress(&TWO[..cut]), compress(&TWO[cut..])].concat();
                let mut lines = open(parts);
                assert_eq!(show_all(&mut lines), whole, "cut at {cut}");
                assert_eq!(lines.bytes_read(), TWO.len() as u64);
            }
        }
        let skipped = [b"\x50\x2a\x4d\x18\x02\0\0\0xx", &zstd(TWO)[..]].concat();
        assert_eq!(show(open(skipped)), whole);
    }

    fn show_all(lines: &mut JsonLines) -> Vec<String> {
        let record = |record: Record| format!("{}/{}/{}", record.line, record.id, record.text);
        lines.map(|line| record(line.unwrap())).collect()
    }

    #[test]
    fn compressed_and_cut() {
        for (name, stored) in [("gzip", gzip(TWO)), ("zstd", zstd(TWO))] {
            for length in 4..stored.len() {
                let mut lines = open(&stored[..length]);
                let error = lines.find_map(Result::err).expect("an error");
                assert_eq!(error.kind(), ErrorKind::Io, "{name} of {length} bytes");
                assert!(lines.next().is_none() && lines.next().is_none());
            }
        }
    }

    #[test]
    fn lines_before_a_cut_are_read() {
        let whole = many();
        let records = show(open(&whole[..]));
        for (name, stored) in [("gzip", gzip(&whole)), ("zstd", zstd(&whole))] {
            let shown = show(open(&stored[..stored.len() / 2]));
            let good = shown.len() - 1;
            assert!(good > 1000, "{name}: {good}");
            assert_eq!(shown[..good], records[..good], "{name}");
            let start = format!("line {}: cannot read on in the {name} stream: ", good + 1);
            assert!(shown[good].starts_with(&start), "{}", shown[good]);
        }
    }

    #[test]
    fn compressed_and_damaged() {
        for stored in [gzip(TWO), zstd(TWO)] {
            for i in 0..stored.len() {
                for bit in 0..8 {
                    let mut damaged = stored.clone();
                    damaged[i] ^= 1 << bit;
                    assert!(open(damaged).count() < 10);
                }
            }
        }
        let mut damaged = gzip(TWO);
        let checksum = damaged.len() - 8;
        damaged[checksum] ^= 1;
        let error = open(damaged).find_map(Result::err).expect("an error");
        assert_eq!(error.kind(), ErrorKind::Io);
        let garbage = [&gzip(TWO)[..], b"garbage that is no member"].concat();
        assert_eq!(open(garbage).find_map(Result::err).map(|e| e.kind()), Some(ErrorKind::Io));
    }

    /// One byte a call, an interruption before each, and at the end what `last` says.
    struct Trickle(Vec<u8>, usize, bool, Option<io::ErrorKind>);

    impl Read for Trickle {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.2 = !self.2;
            if self.2 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            match (self.0.get(self.1), self.3) {
                (Some(byte), _) if !buffer.is_empty() => {
                    buffer[0] = *byte;
                    self.1 += 1;
                    Ok(1)
                }
                (None, Some(kind)) => Err(kind.into()),
                _ => Ok(0),
            }
        }
    }

    #[test]
    fn readers_that_trickle_and_fail() {
        for stored in [[BYTE_ORDER_MARK, TWO].concat(), gzip(TWO), zstd(TWO)] {
            let reader = Trickle(stored, 0, false, None);
            assert_eq!(show(JsonLines::from_reader(reader).unwrap()), ["1/a/one", "2/b/two"]);
        }
        let kind = io::ErrorKind::ConnectionReset;
        let reader = Trickle(TWO[..30].to_vec(), 0, false, Some(kind));
        let mut lines = JsonLines::from_reader(reader).unwrap();
        assert_eq!(lines.next().unwrap().unwrap().id(), "a");
        let error = lines.next().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        let start = "line 2: cannot read on in the plain stream: ";
        assert!(error.to_string().starts_with(start), "{error}");
        let source = std::error::Error::source(&error).and_then(|e| e.downcast_ref::<io::Error>());
        assert_eq!(source.map(io::Error::kind), Some(kind));
        assert!(lines.next().is_none() && lines.next().is_none());

        // While the rest of a line that is too long is skipped, too.
        let reader = Trickle(TWO[..10].to_vec(), 0, false, Some(kind));
        let mut lines = JsonLines::from_reader(reader).unwrap().max_line(5);
        assert_eq!(lines.next().unwrap().unwrap_err().kind(), ErrorKind::Io);
        assert!(lines.next().is_none());

        let reader = Trickle(Vec::new(), 0, false, Some(kind));
        assert_eq!(JsonLines::from_reader(reader).unwrap_err().kind(), ErrorKind::Io);
    }

    #[test]
    fn files_are_told_by_their_bytes() {
        let directory = std::env::temp_dir().join(format!("doublon-jsonl-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        for (name, stored) in [("a.gz", TWO.to_vec()), ("b.zst", gzip(TWO)), ("c", zstd(TWO))] {
            let path = directory.join(name);
            std::fs::write(&path, stored).unwrap();
            assert_eq!(show(JsonLines::open(&path).unwrap()), ["1/a/one", "2/b/two"], "{name}");
        }
        let missing = directory.join("missing");
        let error = JsonLines::open(&missing).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().starts_with(&format!("{}: ", missing.display())), "{error}");
        std::fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn auto_traits() {
        fn check<T: Send + Sync + 'static>() {}
        check::<JsonLines>();
        check::<Record>();
    }
}
