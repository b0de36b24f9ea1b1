//! The files that the paths of the command line name, and how each is opened.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;

/// What a source holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    JsonLines,
}

/// One file, pipe or standard input.
pub struct Source {
    /// The path, as messages name it.
    pub name: String,
    /// The id of the document, if it is one text.
    pub id: String,
    /// Of a pipe known once it is opened.
    pub kind: Kind,
    place: Place,
}

enum Place {
    File(PathBuf),
    /// Standard input or a pipe, which can be read only once.
    Stream(Box<dyn Read + Send>),
    /// What a stream held.
    Kept(Arc<[u8]>),
}

/// How much of a stream is looked at to tell what it holds.
const HEAD: u64 = 64 * 1024;

/// The sources that the paths name, a folder's in the order of their ids.
pub fn expand(paths: &[PathBuf]) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let alone = paths.len() == 1;
    for path in paths {
        if fs::metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
            sources.extend(folder(path, alone)?);
        } else if path.as_os_str() == "-" && sources.iter().any(|source: &Source| source.id == "-")
        {
            bail!("-: standard input can be read only once");
        } else {
            let name = path.file_name().filter(|_| alone).unwrap_or(path.as_os_str());
            sources.push(Source::new(path, name.to_string_lossy().into_owned())?);
        }
    }
    Ok(sources)
}

/// The sources of a reference and behind them the others, and how many the first are.
pub fn against(reference: &[PathBuf], paths: &[PathBuf]) -> Result<(Vec<Source>, usize)> {
    let stdin = |paths: &[PathBuf]| paths.iter().any(|path| path.as_os_str() == "-");
    if stdin(reference) && stdin(paths) {
        bail!("-: standard input can be read only once");
    }
    let mut sources = expand(reference)?;
    let references = sources.len();
    sources.extend(expand(paths)?);
    Ok((sources, references))
}

fn folder(folder: &Path, alone: bool) -> Result<Vec<Source>> {
    let mut paths = Vec::new();
    walk(folder, &mut paths)?;
    if paths.is_empty() {
        bail!("{}: no .txt file in this folder", folder.display());
    }
    let mut sources = Vec::with_capacity(paths.len());
    for path in paths {
        let inside: Vec<_> =
            path.strip_prefix(folder)?.iter().map(|part| part.to_string_lossy()).collect();
        let id = if alone { inside.join("/") } else { path.to_string_lossy().into_owned() };
        sources.push(Source::new(&path, id)?);
    }
    sources.sort_by(|x, y| x.id.cmp(&y.id));
    Ok(sources)
}

/// Appends the `.txt` files of a folder and of those inside it. Links to folders are not followed.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let in_folder = || folder.display().to_string();
    for entry in fs::read_dir(folder).with_context(in_folder)? {
        let entry = entry.with_context(in_folder)?;
        let path = entry.path();
        if entry.file_type().with_context(in_folder)?.is_dir() {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("txt"))
            && path.is_file()
        {
            found.push(path);
        }
    }
    Ok(())
}

impl Source {
    pub fn new(path: &Path, id: String) -> Result<Self> {
        let name = path.display().to_string();
        if name == "-" {
            return Ok(Self::stream("stdin".into(), id, io::stdin()));
        }
        if !fs::metadata(path).with_context(|| name.clone())?.is_file() {
            let pipe = File::open(path).with_context(|| name.clone())?;
            return Ok(Self::stream(name, id, pipe));
        }
        let kind = match name.to_ascii_lowercase() {
            lower
                if [".jsonl", ".jsonl.gz", ".jsonl.zst"].iter().any(|end| lower.ends_with(end)) =>
            {
                Kind::JsonLines
            }
            lower if lower.ends_with(".gz") || lower.ends_with(".zst") => {
                bail!("{name}: only JSON Lines are read compressed, from .jsonl.gz or .jsonl.zst");
            }
            _ => Kind::Text,
        };
        Ok(Self { name, id, kind, place: Place::File(path.to_owned()) })
    }

    fn stream(name: String, id: String, stream: impl Read + Send + 'static) -> Self {
        Self { name, id, kind: Kind::JsonLines, place: Place::Stream(Box::new(stream)) }
    }

    /// The file, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::File(path) => Some(path),
            _ => None,
        }
    }

    /// The file, if it holds JSON Lines that are not compressed.
    pub fn plain_lines(&self) -> Option<&Path> {
        self.path().filter(|_| self.name.to_ascii_lowercase().ends_with(".jsonl"))
    }

    /// The size of a file; of a stream it is not known.
    pub fn size(&self) -> Option<u64> {
        self.path().and_then(|path| fs::metadata(path).ok()).map(|metadata| metadata.len())
    }

    /// The bytes from the start. A stream has them only once, unless it is kept in memory.
    pub fn open(&mut self, keep: bool, bar: &ProgressBar) -> io::Result<Box<dyn Read + Send>> {
        if let Place::Stream(stream) = &mut self.place {
            let mut stream = bar.wrap_read(std::mem::replace(stream, Box::new(io::empty())));
            let mut head = Vec::new();
            stream.by_ref().take(HEAD).read_to_end(&mut head)?;
            self.kind = kind(&head);
            if !keep {
                return Ok(Box::new(Cursor::new(head).chain(stream)));
            }
            stream.read_to_end(&mut head)?;
            self.place = Place::Kept(head.into());
        }
        Ok(match &self.place {
            Place::File(path) => Box::new(bar.wrap_read(File::open(path)?)),
            Place::Kept(bytes) => Box::new(Cursor::new(bytes.clone())),
            Place::Stream(_) => Box::new(io::empty()),
        })
    }
}

/// Blank streams hold no text, and compressed ones are JSON Lines.
fn kind(head: &[u8]) -> Kind {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match text {
        [] | [b'{', ..] | [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => Kind::JsonLines,
        _ => Kind::Text,
    }
}
