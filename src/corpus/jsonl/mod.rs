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
mod tests;
