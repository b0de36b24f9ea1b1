//! JSON Lines read as a whole, in parallel.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::compression::{self, Compression};
use super::jsonl::explain;
use super::line::{BYTE_ORDER_MARK, Format};
use super::memory::{Bytes, Room};
use super::scan;
use crate::{Error, ErrorKind, Result, threads};

/// Chunks are made for each thread, so that all end at about the same time.
const CHUNKS: usize = 4;

/// The least that is worth a chunk.
const LEAST: usize = 256 * 1024;

/// A file of JSON Lines in memory, mapped if it can be: the fast way to all its documents.
///
/// It reads what [`JsonLines`](super::JsonLines) reads and gives the same documents and errors in
/// the same order, by the rules described there. The difference is in the cost: lines are read on
/// the threads of the current rayon pool, and a text without escapes is not even copied.
///
/// ```
/// use doublon::corpus::{Document, JsonFile};
///
/// # let path = std::env::temp_dir().join(format!("doublon-doc-file-{}", std::process::id()));
/// # std::fs::write(&path, "{\"id\": \"x\", \"text\": \"one two\"}\n{\"id\": \"y\", \"text\": \"One two!\"}\n")?;
/// let mut file = JsonFile::open(&path)?;
/// let documents: Vec<Document> = file.documents().collect::<doublon::Result<_>>()?;
/// let report = doublon::find(&documents)?;
/// assert_eq!(documents[report.clusters()[0].keep().index()].id(), "x");
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Cost
///
/// Linear, on the threads of the current pool. Memory holds the decoded form of the strings that
/// have escapes, and the file: one that is mapped in pages that the system can take back, one that
/// is compressed, no regular file, or read without the feature `mmap`, in full and decompressed.
pub struct JsonFile {
    bytes: Bytes,
    /// What ended the reading too early.
    failure: Option<(Compression, io::Error)>,
    format: Format,
    room: Room,
}

impl JsonFile {
    /// Opens a file; gzip and zstd are recognised by their first bytes, not by the name.
    ///
    /// With the feature `mmap` (on by default) a plain file is mapped into memory. **Nobody may
    /// change it or cut it short** while the `JsonFile` lives, neither this process nor another:
    /// what is read then is undefined, and where the file has become shorter the system ends the
    /// process. Replacing it by renaming another is harmless. Whoever cannot promise that reads
    /// with [`JsonLines`](super::JsonLines), or gives [`from_bytes`](Self::from_bytes) what
    /// `std::fs::read` has read. Compressed files, and what is no regular file, are read to their
    /// end and may change thereafter.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`], naming the file, if it cannot be opened or its first bytes not be read.
    /// If reading or decompressing fails later, the documents up to there are given first.
    ///
    /// ```
    /// use doublon::{ErrorKind, corpus::JsonFile};
    ///
    /// let error = JsonFile::open("no/such/corpus.jsonl").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Io);
    /// assert!(error.to_string().starts_with("no/such/corpus.jsonl: "));
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let read = |file: File| {
            #[cfg(feature = "mmap")]
            if let Some(bytes) = Bytes::map(&file) {
                return Self::new(bytes);
            }
            Self::read(file)
        };
        File::open(path).and_then(read).map_err(|error| explain(error, path.display()))
    }

    /// The content of a file; it may be compressed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if it is compressed and its first bytes cannot be decompressed.
    ///
    /// ```
    /// use doublon::corpus::JsonFile;
    ///
    /// let mut file = JsonFile::from_bytes("{\"id\": \"x\", \"text\": \"one two\"}\n")?;
    /// assert_eq!(file.documents().next().unwrap()?.text(), "one two");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self> {
        Ok(Self::new(Bytes::Held(bytes.into()))?)
    }

    fn new(bytes: Bytes) -> io::Result<Self> {
        if Compression::of(&bytes) != Compression::Plain {
            return Self::read(io::Cursor::new(bytes));
        }
        Ok(Self { bytes, failure: None, format: Format::default(), room: Room::new(0) })
    }

    fn read(reader: impl Read + Send + 'static) -> io::Result<Self> {
        let (compression, mut reader) = compression::decompress(reader)?;
        let mut bytes = Vec::new();
        let failure = reader.read_to_end(&mut bytes).err();
        if failure.is_some() {
            // The line that broke off.
            bytes.truncate(bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1));
        }
        Ok(Self {
            bytes: Bytes::Held(bytes),
            failure: failure.map(|error| (compression, error)),
            format: Format::default(),
            room: Room::new(0),
        })
    }

    /// The field of the object that holds the document's id; `id` by default. It may be the field of
    /// the text too: the id of a document is then its text.
    ///
    /// ```
    /// use doublon::corpus::JsonFile;
    ///
    /// let lines = "{\"url\": \"https://example.org\", \"text\": \"one two\"}";
    /// let mut file = JsonFile::from_bytes(lines)?.id_field("url");
    /// assert_eq!(file.documents().next().unwrap()?.id(), "https://example.org");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn id_field(mut self, name: &str) -> Self {
        name.clone_into(&mut self.format.id_field);
        self
    }

    /// The field of the object that holds the document's text; `text` by default.
    ///
    /// ```
    /// use doublon::corpus::JsonFile;
    ///
    /// let lines = "{\"id\": \"x\", \"body\": \"one two\"}";
    /// let mut file = JsonFile::from_bytes(lines)?.text_field("body");
    /// assert_eq!(file.documents().next().unwrap()?.text(), "one two");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn text_field(mut self, name: &str) -> Self {
        name.clone_into(&mut self.format.text_field);
        self
    }

    /// The length of the longest line to accept, in bytes without the line feed; 1 GiB by default.
    /// A longer line is an error of kind [`ErrorKind::Record`].
    ///
    /// ```
    /// use doublon::corpus::JsonFile;
    ///
    /// let lines = "{\"id\": \"x\", \"text\": \"one two three four five six\"}";
    /// let mut file = JsonFile::from_bytes(lines)?.max_line(40);
    /// let error = file.documents().next().unwrap().unwrap_err();
    /// assert_eq!(error.to_string(), "line 1: longer than 40 bytes");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn max_line(mut self, bytes: usize) -> Self {
        self.format.max_line = bytes;
        self
    }

    /// The documents, in order, and an error for each line that cannot be used. All lines are read
    /// when this is called, and again if it is called again.
    ///
    /// ```
    /// use doublon::corpus::{Document, JsonFile};
    ///
    /// let lines = "{\"id\": \"x\", \"text\": \"one two\"}\n{\"id\": \"y\"}\n";
    /// let mut file = JsonFile::from_bytes(lines)?;
    /// let (mut documents, mut errors) = (Vec::new(), Vec::new());
    /// for document in file.documents() {
    ///     match document {
    ///         Ok(document) => documents.push(document),
    ///         Err(error) => errors.push(error.to_string()),
    ///     }
    /// }
    /// assert_eq!(documents[0].text(), "one two");
    /// assert_eq!(errors, ["line 2: field \"text\" is missing"]);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn documents(&mut self) -> impl Iterator<Item = Result<Document<'_>>> {
        self.in_chunks(LEAST.max(self.bytes.len() / (CHUNKS * threads::count())))
    }

    /// [`documents`](Self::documents), with the least size of the parts that are read in parallel.
    fn in_chunks(&mut self, least: usize) -> impl Iterator<Item = Result<Document<'_>>> {
        let Self { bytes, failure, format, room } = self;
        let format = &*format;
        let mut mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let chunks = cut(bytes, least);
        *room = Room::new(bytes.len() + chunks.len() * scan::SPARE);
        let mut rest = room.bytes();
        let chunks = chunks.into_iter().map(|lines| {
            let len = rest.len().min(lines.len() + scan::SPARE);
            let (room, after) = std::mem::take(&mut rest).split_at_mut(len);
            rest = after;
            Chunk { lines, mark: std::mem::take(&mut mark), room }
        });
        let read = threads::map_owned(chunks.collect(), |chunk| chunk.read(format));

        let all: u64 = read.iter().map(|chunk| chunk.count).sum();
        let failure = failure.iter().map(move |(compression, error)| {
            let place = format!("line {}: cannot read on in the {compression} stream", all + 1);
            Err(explain(io::Error::new(error.kind(), error.to_string()), place))
        });
        let mut before = 0;
        let documents = read.into_iter().flat_map(move |chunk| {
            let first = before;
            before += chunk.count;
            chunk.documents.into_iter().map(move |document| match document {
                Ok(document) => Ok(Document { line: first + document.line, ..document }),
                Err((line, raw)) => {
                    let reason = raw.map_or_else(|| format.too_long(), |raw| format.fault(raw));
                    Err(Error::new(ErrorKind::Record, format!("line {}: {reason}", first + line)))
                }
            })
        });
        documents.chain(failure)
    }
}

impl fmt::Debug for JsonFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonFile").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// Cuts after a line feed, into pieces of at least `least` bytes but for the last one.
fn cut(mut bytes: &[u8], least: usize) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let end = bytes
            .iter()
            .skip(least.saturating_sub(1))
            .position(|&byte| byte == b'\n')
            .map_or(bytes.len(), |after| least.max(1) + after);
        let (piece, rest) = bytes.split_at(end);
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

/// Whole lines that one thread reads.
struct Chunk<'a> {
    lines: &'a [u8],
    /// The length of the byte order mark that the first one begins with.
    mark: usize,
    room: &'a mut [u8],
}

/// What the lines of a chunk hold; they are counted from 1 in each.
struct Parsed<'a> {
    documents: Vec<std::result::Result<Document<'a>, Unusable<'a>>>,
    count: u64,
}

/// The number of a line that cannot be used, and the line, if it is not too long. What is wrong with it
/// is told when it is asked for: there may be many.
type Unusable<'a> = (u64, Option<&'a [u8]>);

impl<'a> Chunk<'a> {
    fn read(self, format: &Format) -> Parsed<'a> {
        let Self { lines: mut rest, mut mark, mut room } = self;
        let mut read = Parsed { documents: Vec::new(), count: 0 };
        while !rest.is_empty() {
            read.count += 1;
            let line = read.count;
            let scanned = scan::line(&rest[mark..], format, &mut room);
            let len = match &scanned {
                Some(found) => mark + found.len,
                None => rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len()),
            };
            let raw = &rest[mark..len];
            let parsed = match scanned {
                _ if len > format.max_line => Some(Err(None)),
                Some(found) => Some(Ok((found.id.into(), found.text.into()))),
                None => format
                    .parse(raw)
                    .map(|parsed| parsed.map(|(id, text)| (id.into(), text.into())))
                    .map(|parsed| parsed.map_err(|_| Some(raw))),
            };
            read.documents.extend(parsed.map(|parsed| match parsed {
                Ok((id, text)) => Ok(Document { line, id, text, raw }),
                Err(raw) => Err((line, raw)),
            }));
            mark = 0;
            rest = rest.get(len + 1..).unwrap_or_default();
        }
        read
    }
}

/// One document of a [`JsonFile`].
///
/// ```
/// use doublon::corpus::JsonFile;
///
/// let mut file = JsonFile::from_bytes("\n{\"id\": \"x\", \"text\": \"one two\"}\n")?;
/// let document = file.documents().next().unwrap()?;
/// assert_eq!((document.line(), document.id(), document.text()), (2, "x", "one two"));
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document<'a> {
    line: u64,
    id: Cow<'a, str>,
    text: Cow<'a, str>,
    raw: &'a [u8],
}

impl<'a> Document<'a> {
    /// The line the document stands on, counted from 1; blank and unusable lines count.
    ///
    /// ```
    /// # let json = "{\"id\": \"x\", \"text\": \"one two\"}";
    /// # let mut file = doublon::corpus::JsonFile::from_bytes(json)?;
    /// # let document = file.documents().next().unwrap()?;
    /// assert_eq!(document.line(), 1);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The document's id, as the corpus has it. Nobody has checked that it is unique.
    ///
    /// ```
    /// # let json = "{\"id\": \"x\", \"text\": \"one two\"}";
    /// # let mut file = doublon::corpus::JsonFile::from_bytes(json)?;
    /// # let document = file.documents().next().unwrap()?;
    /// assert_eq!(document.id(), "x");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The document's text, decoded and otherwise untouched.
    ///
    /// ```
    /// # let json = "{\"id\": \"x\", \"text\": \"one two\"}";
    /// # let mut file = doublon::corpus::JsonFile::from_bytes(json)?;
    /// # let document = file.documents().next().unwrap()?;
    /// assert_eq!(document.text(), "one two");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line as it stands in the file, without its line feed. For whoever copies some of them.
    ///
    /// ```
    /// # let json = "{\"id\": \"x\", \"text\": \"one two\"}\n";
    /// # let mut file = doublon::corpus::JsonFile::from_bytes(json)?;
    /// # let document = file.documents().next().unwrap()?;
    /// assert_eq!(document.raw_line(), b"{\"id\": \"x\", \"text\": \"one two\"}");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn raw_line(&self) -> &'a [u8] {
        self.raw
    }

    /// The id and the text, without copying them.
    ///
    /// ```
    /// # let json = "{\"id\": \"x\", \"text\": \"one two\"}\n";
    /// # let mut file = doublon::corpus::JsonFile::from_bytes(json)?;
    /// # let document = file.documents().next().unwrap()?;
    /// let (id, text) = document.into_parts();
    /// assert_eq!((&*id, &*text), ("x", "one two"));
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn into_parts(self) -> (Cow<'a, str>, Cow<'a, str>) {
        (self.id, self.text)
    }
}

/// The text: documents can be searched as they are.
impl AsRef<str> for Document<'_> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::corpus::JsonLines;
    use crate::corpus::scan::tests::any_line;

    type Line = std::result::Result<(u64, String, String, Vec<u8>), (ErrorKind, String)>;

    fn streamed(bytes: &[u8], max_line: usize) -> Vec<Line> {
        let mut lines =
            JsonLines::from_reader(io::Cursor::new(bytes.to_vec())).unwrap().max_line(max_line);
        let mut all = Vec::new();
        while let Some(record) = lines.next() {
            all.push(match record {
                Ok(record) => {
                    let line = record.line();
                    let (id, text) = record.into_parts();
                    Ok((line, id, text, lines.raw_line().to_vec()))
                }
                Err(error) => Err((error.kind(), error.to_string())),
            });
        }
        all
    }

    fn whole(file: JsonFile, max_line: usize, least: usize) -> Vec<Line> {
        let show = |document: Result<Document>| match document {
            Ok(document) => Ok((
                document.line(),
                document.id().to_owned(),
                document.text().to_owned(),
                document.raw_line().to_vec(),
            )),
            Err(error) => Err((error.kind(), error.to_string())),
        };
        file.max_line(max_line).in_chunks(least).map(show).collect()
    }

    fn held(bytes: &[u8]) -> JsonFile {
        JsonFile::from_bytes(bytes).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn gives_what_the_stream_gives(
            lines in vec(any_line(), 0..12),
            mark in any::<bool>(),
            max_line in prop_oneof![Just(usize::MAX), 0..300_usize],
            least in 0..400_usize,
        ) {
            let mut bytes = lines.join(&b'\n');
            if mark {
                bytes.splice(..0, BYTE_ORDER_MARK.iter().copied());
            }
            let expected = streamed(&bytes, max_line);
            prop_assert_eq!(&whole(held(&bytes), max_line, LEAST), &expected);
            prop_assert_eq!(&whole(held(&bytes), max_line, least), &expected);
        }
    }

    /// More than one thread's worth, with a bad and a blank line here and there.
    fn many() -> Vec<u8> {
        let mut lines = Vec::new();
        for i in 0..30_000 {
            match i % 1000 {
                7 => lines.extend(b"\n"),
                8 => lines.extend(b"{\"id\":\"\\ud800\"}\n"),
                _ => writeln!(lines, "{{\"id\":\"{i}\",\"text\":\"\u{e9}\\n{i}\"}}").unwrap(),
            }
        }
        lines
    }

    #[cfg(feature = "rayon")]
    #[test]
    fn any_number_of_threads() {
        let bytes = many();
        assert!(bytes.len() > 3 * LEAST);
        let expected = streamed(&bytes, usize::MAX);
        for threads in [1, 2, 7] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let found = pool.install(|| whole(held(&bytes), usize::MAX, LEAST));
            assert!(found == expected, "{threads} threads");
        }
    }

    #[test]
    fn borrows_what_it_can() {
        let mut file = held(b"{\"id\":\"a\",\"text\":\"one\"}\n{\"id\":\"b\",\"text\":\"\\n\"}");
        for document in file.documents() {
            let document = document.unwrap();
            assert!(matches!((&document.id, &document.text), (Cow::Borrowed(_), Cow::Borrowed(_))));
        }
    }

    #[test]
    fn compressed_and_cut() {
        let bytes = many();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Default::default());
        gzip.write_all(&bytes).unwrap();
        for stored in [gzip.finish().unwrap(), zstd::encode_all(&bytes[..], 0).unwrap()] {
            assert!(whole(held(&stored), 100, LEAST) == streamed(&stored, 100));
            let half = &stored[..stored.len() / 2];
            let (found, expected) = (whole(held(half), 100, LEAST), streamed(half, 100));
            assert!(found == expected, "{:?} {:?}", found.last(), expected.last());
            assert!(found.len() > 1000);
            assert_eq!(found.last().unwrap().as_ref().unwrap_err().0, ErrorKind::Io);
            // Once more.
            let mut file = held(half);
            assert_eq!(file.documents().count(), found.len());
            assert_eq!(file.documents().count(), found.len());
        }
    }

    #[test]
    fn files() {
        let directory = std::env::temp_dir().join(format!("doublon-file-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let bytes = many();
        for (name, stored) in [
            ("empty", Vec::new()),
            ("short", b"\n".to_vec()),
            ("plain", bytes.clone()),
            ("compressed", zstd::encode_all(&bytes[..], 0).unwrap()),
        ] {
            let path = directory.join(name);
            std::fs::write(&path, &stored).unwrap();
            let found = whole(JsonFile::open(&path).unwrap(), usize::MAX, LEAST);
            assert!(found == streamed(&stored, usize::MAX), "{name}");
        }
        for name in ["missing", "."] {
            let path = directory.join(name);
            let error = JsonFile::open(&path).unwrap_err();
            assert_eq!(error.to_string(), JsonLines::open(&path).unwrap_err().to_string());
            assert_eq!(error.kind(), ErrorKind::Io);
        }
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
