//! Sources to documents.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use doublon::ErrorKind;
use doublon::corpus::{JsonFile, JsonLines};

use crate::args::Reading;
use crate::filter::{Fields, Rule};
use crate::notes::Notes;
use crate::source::{Kind, Source};

/// One text and where it comes from.
pub struct Document<'a> {
    pub id: Arc<str>,
    pub text: Cow<'a, str>,
    /// Which of the sources, and the line in it, from 1; line 0 for a source that is one text.
    pub place: (usize, u64),
    /// That line, if it is in memory.
    pub raw: Option<&'a [u8]>,
}

impl AsRef<str> for Document<'_> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// What the documents of a corpus may borrow from: a place for each source.
pub type Files = Vec<Option<JsonFile>>;

/// Places for as many sources, with nothing in them.
pub fn files(sources: &[Source]) -> Files {
    sources.iter().map(|_| None).collect()
}

/// All that was read.
#[derive(Default)]
pub struct Corpus<'a> {
    pub documents: Vec<Document<'a>>,
    /// So many of them come first and are references.
    pub references: usize,
    /// Lines and texts that could not be used.
    pub skipped: u64,
    /// Texts that were not valid UTF-8, and used all the same.
    pub repaired: u64,
    /// What decides which of the documents are compared.
    pub fields: Fields,
}

impl<'a> Corpus<'a> {
    /// The references, and the others.
    pub fn split(&self) -> (&[Document<'a>], &[Document<'a>]) {
        self.documents.split_at(self.references)
    }
}

/// Reads the documents of the sources, of which so many are references, and what `rules` ask of them;
/// `keep` holds on to what cannot be read again.
pub fn read<'a>(
    sources: &mut [Source],
    references: usize,
    files: &'a mut Files,
    reading: &Reading,
    rules: &[Rule],
    keep: bool,
    notes: &mut Notes,
) -> Result<Corpus<'a>> {
    notes.reading(sources.iter().map(Source::size).sum());
    let corpus = Corpus { fields: Fields::new(rules), ..Corpus::default() };
    let mut reader = Reader { reading, keep, notes, ids: HashSet::new(), corpus };
    let mut sources = sources.iter_mut().zip(files).enumerate();
    let read = sources.try_for_each(|(at, (source, file))| {
        if at == references {
            // A document may come in again under its id.
            reader.ids.clear();
            reader.corpus.references = reader.corpus.documents.len();
        }
        match source.plain_lines() {
            Some(path) => reader.read_file(at, source, path, file),
            None => reader.read(at, source),
        }
    });
    reader.notes.finish();
    read.and_then(|()| reader.corpus.fields.check())?;
    Ok(reader.corpus)
}

struct Reader<'r, 'a> {
    reading: &'r Reading,
    keep: bool,
    notes: &'r mut Notes,
    ids: HashSet<Arc<str>>,
    corpus: Corpus<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn read(&mut self, at: usize, source: &mut Source) -> Result<()> {
        let bytes = source.open(self.keep, &self.notes.bar).with_context(|| source.name.clone())?;
        if source.kind == Kind::Text {
            let (text, repaired) = decode(bytes, &source.name, self.notes)?;
            self.corpus.repaired += u64::from(repaired);
            let id = Arc::from(&*source.id);
            let document = Document { id, text: text.into(), place: (at, 0), raw: None };
            return self.push(source, document, None);
        }
        let mut lines = records(bytes, source, self.reading)?;
        while let Some(record) = lines.next() {
            let document = record.map(|record| {
                let place = (at, record.line());
                let (id, text) = record.into_parts();
                Document { id: Arc::from(id), text: text.into(), place, raw: None }
            });
            self.line(source, document, Some(lines.raw_line()))?;
        }
        Ok(())
    }

    /// Reads a file that stays in memory.
    fn read_file(
        &mut self,
        at: usize,
        source: &Source,
        path: &Path,
        file: &'a mut Option<JsonFile>,
    ) -> Result<()> {
        let Reading { id_field, text_field, .. } = self.reading;
        let opened = JsonFile::open(path)?.id_field(id_field).text_field(text_field);
        for document in file.insert(opened).documents() {
            let document = document.map(|document| {
                let (place, raw) = ((at, document.line()), Some(document.raw_line()));
                let (id, text) = document.into_parts();
                Document { id: Arc::from(id), text, place, raw }
            });
            let raw = document.as_ref().ok().and_then(|document| document.raw);
            self.line(source, document, raw)?;
        }
        self.notes.bar.inc(source.size().unwrap_or_default());
        Ok(())
    }

    fn line(
        &mut self,
        source: &Source,
        document: doublon::Result<Document<'a>>,
        line: Option<&[u8]>,
    ) -> Result<()> {
        match document {
            Ok(document) => self.push(source, document, line),
            Err(error) if error.kind() == ErrorKind::Record => self.skip(located(source, &error)),
            Err(error) => bail!(located(source, &error)),
        }
    }

    fn push(&mut self, source: &Source, document: Document<'a>, raw: Option<&[u8]>) -> Result<()> {
        let (id, (_, line)) = (&document.id, document.place);
        let line = if line > 0 { format!(":{line}") } else { String::new() };
        if !self.ids.insert(Arc::clone(id)) {
            return self.skip(format!("{}{line}: the id {id:?} is taken", source.name));
        }
        self.corpus.documents.push(document);
        match self.corpus.fields.push(raw) {
            None => Ok(()),
            Some(field) => self.notes.complain(format!(
                "{}{line}: nothing to compare in field {field:?}; matches no other document",
                source.name
            )),
        }
    }

    fn skip(&mut self, why: String) -> Result<()> {
        self.corpus.skipped += 1;
        self.notes.complain(why)
    }
}

/// The text of a source that is one text, whatever its id.
pub fn read_text(source: &mut Source, notes: &mut Notes) -> Result<Document<'static>> {
    let bytes = source.open(false, &notes.bar).with_context(|| source.name.clone())?;
    if source.kind != Kind::Text {
        bail!("{}: not one text; scan takes JSON Lines", source.name);
    }
    let (text, _) = decode(bytes, &source.name, notes)?;
    Ok(Document { id: Arc::from(&*source.id), text: text.into(), place: (0, 0), raw: None })
}

/// A text, and whether it had to be repaired.
fn decode(mut bytes: impl Read, name: &str, notes: &mut Notes) -> Result<(String, bool)> {
    let mut text = Vec::new();
    bytes.read_to_end(&mut text).with_context(|| name.to_owned())?;
    String::from_utf8(text).map(|text| (text, false)).or_else(|error| {
        let at = error.utf8_error().valid_up_to() + 1;
        notes.complain(format!(
            "{name}: not valid UTF-8 at byte {at}; read with U+FFFD there, and byte ranges are \
             those of the text so read"
        ))?;
        Ok((String::from_utf8_lossy(error.as_bytes()).into_owned(), true))
    })
}

/// The records of a source of JSON Lines.
pub fn records(
    bytes: impl Read + Send + 'static,
    source: &Source,
    reading: &Reading,
) -> Result<JsonLines> {
    let lines =
        JsonLines::from_reader(bytes).map_err(|error| anyhow!("{}: {error}", source.name))?;
    Ok(lines.id_field(&reading.id_field).text_field(&reading.text_field))
}

/// Turns the library's `line 3: reason` into `file:3: reason`.
pub fn located(source: &Source, error: &doublon::Error) -> String {
    let message = error.to_string();
    let place = message.strip_prefix("line ").map_or(format!(" {message}"), str::to_owned);
    format!("{}:{place}", source.name)
}
