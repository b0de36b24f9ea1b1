//! Writes the documents that survive.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use doublon::{ErrorKind, Removal};
use flate2::write::GzEncoder;
use indicatif::ProgressBar;

use crate::args::Reading;
use crate::input::{self, Corpus, Document};
use crate::output::{self, parent, temporary};
use crate::rewrite;
use crate::source::{Kind, Source};

/// Where the survivors go.
pub enum Target {
    Stdout,
    /// A device or a pipe, written as it is.
    Stream(PathBuf),
    /// Appears when it is complete.
    File(PathBuf),
    /// Of copies of text files. Appears when it is complete.
    Folder(PathBuf),
}

impl Target {
    /// Fails for an output that does not suit the sources behind the references, before anything is
    /// read.
    pub fn new(out: &Path, sources: &[Source], references: usize) -> Result<Self> {
        let name = out.display();
        let incoming = &sources[references..];
        let texts = incoming.iter().filter(|source| source.kind == Kind::Text).count();
        ensure!(
            texts == 0 || texts == incoming.len(),
            "dedup takes JSON Lines or text files, not both at once"
        );
        if out.as_os_str() == "-" {
            ensure!(texts == 0, "-: text files are copied into a folder; name one");
            return Ok(Self::Stdout);
        }
        let path = output::path(out, sources)?;
        let found = fs::metadata(&path).ok();
        if texts > 0 {
            let empty = || fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_none());
            ensure!(
                found.is_none() || empty(),
                "{name}: text files are copied into a new or empty folder; name another"
            );
            return Ok(Self::Folder(path));
        }
        match found {
            Some(found) if found.is_dir() => bail!("{name}: is a folder; JSON Lines go to a file"),
            Some(found) if !found.is_file() => Ok(Self::Stream(path)),
            _ => Ok(Self::File(path)),
        }
    }

    /// Writes the survivors, in the order of the input.
    pub fn write(&self, survivors: Survivors) -> Result<()> {
        match self {
            Self::Stdout => compressed(Path::new("-"), io::stdout().lock(), survivors),
            Self::Stream(path) => {
                let stream = File::options().write(true).open(path);
                compressed(path, stream.with_context(|| path.display().to_string())?, survivors)
            }
            Self::File(path) => output::complete(path, |file| compressed(path, file, survivors)),
            Self::Folder(path) => {
                let folder = temporary(0o777).tempdir_in(parent(path)).context("output")?;
                survivors.copy(folder.path())?;
                if path.exists() {
                    fs::remove_dir(path).with_context(|| path.display().to_string())?;
                }
                fs::rename(folder.path(), path).with_context(|| path.display().to_string())?;
                // It is there no more.
                let _ = folder.keep();
                Ok(())
            }
        }
    }
}

/// Writes lines, compressed as the name says.
fn compressed(name: &Path, out: impl Write, survivors: Survivors) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    match name.extension().and_then(|end| end.to_str()) {
        Some("gz") => {
            let mut gzip = GzEncoder::new(&mut out, flate2::Compression::default());
            survivors.lines(&mut gzip)?;
            gzip.finish().context("output")?;
        }
        Some("zst") => {
            let mut zstd = zstd::Encoder::new(&mut out, 0).context("output")?;
            survivors.lines(&mut zstd)?;
            zstd.finish().context("output")?;
        }
        _ => survivors.lines(&mut out)?,
    }
    out.flush().context("output")
}

fn write_line(out: &mut dyn Write, line: &[u8]) -> Result<()> {
    out.write_all(line).and_then(|()| out.write_all(b"\n")).context("output")
}

/// What becomes of a document.
pub enum Fate {
    Whole,
    /// What is left of its text.
    Cut(String),
    Gone,
}

/// What the removals, in their order, make of each document.
pub fn fates(corpus: &Corpus, removals: &[Removal]) -> Result<Vec<Fate>> {
    let mut fates: Vec<Fate> = corpus.documents.iter().map(|_| Fate::Whole).collect();
    for removals in removals.chunk_by(|x, y| x.doc() == y.doc()) {
        let doc = removals[0].doc().index();
        let left = Removal::apply(removals, &corpus.documents[doc].text)?;
        fates[doc] = if left.is_empty() { Fate::Gone } else { Fate::Cut(left) };
    }
    Ok(fates)
}

/// What is written, and where it can be read again.
pub struct Survivors<'a> {
    pub corpus: &'a Corpus<'a>,
    /// Of each document.
    pub fates: &'a [Fate],
    pub sources: &'a mut [Source],
    /// So many of them come first and are not written.
    pub references: usize,
    pub reading: &'a Reading,
}

impl Survivors<'_> {
    /// Writes the lines that survive as they stand but for what is cut from their texts, and reads
    /// sources once more for it if they are not in memory.
    fn lines(self, out: &mut dyn Write) -> Result<()> {
        let documents = self.corpus.documents.iter().zip(self.fates);
        let mut documents = documents.skip(self.corpus.references).peekable();
        let text_field = &self.reading.text_field;
        let mut write = |line: &[u8], document: &Document, fate: &Fate| match fate {
            Fate::Whole => write_line(out, line),
            Fate::Cut(left) => {
                write_line(out, &rewrite::line(line, text_field, &document.text, left)?)
            }
            Fate::Gone => Ok(()),
        };
        for (at, source) in self.sources.iter_mut().enumerate().skip(self.references) {
            if source.plain_lines().is_some() {
                let here = |next: &Document| next.place.0 == at && next.raw.is_some();
                while let Some((document, fate)) = documents.next_if(|(next, _)| here(next)) {
                    if let Some(line) = document.raw {
                        write(line, document, fate)?;
                    }
                }
                continue;
            }
            let bytes = source.open(true, &ProgressBar::hidden());
            let bytes = bytes.with_context(|| source.name.clone())?;
            ensure!(source.kind == Kind::JsonLines, "{}: dedup takes JSON Lines here", source.name);
            let mut lines = input::records(bytes, source, self.reading)?;
            while let Some(record) = lines.next() {
                let record = match record {
                    Ok(record) => record,
                    Err(error) if error.kind() == ErrorKind::Record => continue,
                    Err(error) => bail!(input::located(source, &error)),
                };
                let here = (at, record.line());
                let Some((document, fate)) = documents.next_if(|(next, _)| next.place == here)
                else {
                    // Its id was taken.
                    continue;
                };
                ensure!(
                    (&*document.id, &*document.text) == (record.id(), record.text()),
                    "{}: changed while it was read",
                    source.name
                );
                write(lines.raw_line(), document, fate)?;
            }
        }
        ensure!(documents.next().is_none(), "the input changed while it was read");
        Ok(())
    }

    /// Copies the files that survive into a folder, under their ids.
    fn copy(self, folder: &Path) -> Result<()> {
        let documents = self.corpus.documents.iter().zip(self.fates);
        let stays = |(_, fate): &(&Document, &Fate)| !matches!(fate, Fate::Gone);
        for (document, fate) in documents.skip(self.corpus.references).filter(stays) {
            let from = self.sources[document.place.0].path().expect("text files are files");
            let names = Path::new(&*document.id).components();
            let inside: PathBuf =
                names.filter(|name| matches!(name, Component::Normal(_))).collect();
            let to = folder.join(&inside);
            ensure!(!to.exists(), "{}: two files would have this name", inside.display());
            let copied = fs::create_dir_all(parent(&to)).and_then(|()| match fate {
                Fate::Cut(left) => fs::write(&to, left),
                _ => fs::copy(from, &to).map(|_| ()),
            });
            copied.with_context(|| inside.display().to_string())?;
        }
        Ok(())
    }
}
