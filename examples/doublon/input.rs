//! Sources to documents.

use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use doublon::ErrorKind;
use doublon::corpus::JsonLines;

use crate::args::Reading;
use crate::notes::Notes;
use crate::source::{Kind, Source};

/// One text and where it comes from.
pub struct Document {
    pub id: Arc<str>,
    pub text: String,
    /// Which of the sources, and the line in it, from 1; line 0 for a source that is one text.
    pub place: (usize, u64),
}

impl AsRef<str> for Document {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// All that was read.
#[derive(Default)]
pub struct Corpus {
    pub documents: Vec<Document>,
    /// Lines and texts that could not be used.
    pub skipped: u64,
    /// Texts that were not valid UTF-8, and used all the same.
    pub repaired: u64,
}

/// Reads the documents of the sources; `keep` holds on to what cannot be read again.
pub fn read(
    sources: &mut [Source],
    reading: &Reading,
    keep: bool,
    notes: &mut Notes,
) -> Result<Corpus> {
    notes.reading(sources.iter().map(Source::size).sum());
    let mut reader =
        Reader { reading, keep, notes, ids: HashSet::new(), corpus: Corpus::default() };
    let read = sources.iter_mut().enumerate().try_for_each(|(at, source)| reader.read(at, source));
    reader.notes.finish();
    read.map(|()| reader.corpus)
}

struct Reader<'a> {
    reading: &'a Reading,
    keep: bool,
    notes: &'a mut Notes,
    ids: HashSet<Arc<str>>,
    corpus: Corpus,
}

impl Reader<'_> {
    fn read(&mut self, at: usize, source: &mut Source) -> Result<()> {
        let bytes = source.open(self.keep, &self.notes.bar).with_context(|| source.name.clone())?;
        if source.kind == Kind::Text {
            let (text, repaired) = decode(bytes, &source.name, self.notes)?;
            self.corpus.repaired += u64::from(repaired);
            return self.push(&source.name, (at, 0), source.id.clone(), text);
        }
        for record in records(bytes, source, self.reading)? {
            match record {
                Ok(record) => {
                    let line = record.line();
                    let (id, text) = record.into_parts();
                    self.push(&format!("{}:{line}", source.name), (at, line), id, text)?;
                }
                Err(error) if error.kind() == ErrorKind::Record => {
                    self.skip(located(source, &error))?;
                }
                Err(error) => bail!(located(source, &error)),
            }
        }
        Ok(())
    }

    fn push(&mut self, name: &str, place: (usize, u64), id: String, text: String) -> Result<()> {
        let id = Arc::from(id);
        if !self.ids.insert(Arc::clone(&id)) {
            return self.skip(format!("{name}: the id {id:?} is taken"));
        }
        self.corpus.documents.push(Document { id, text, place });
        Ok(())
    }

    fn skip(&mut self, why: String) -> Result<()> {
        self.corpus.skipped += 1;
        self.notes.complain(why)
    }
}

/// The text of a source that is one text, whatever its id.
pub fn read_text(source: &mut Source, notes: &mut Notes) -> Result<Document> {
    let bytes = source.open(false, &notes.bar).with_context(|| source.name.clone())?;
    if source.kind != Kind::Text {
        bail!("{}: not one text; scan takes JSON Lines", source.name);
    }
    let (text, _) = decode(bytes, &source.name, notes)?;
    Ok(Document { id: Arc::from(&*source.id), text, place: (0, 0) })
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
