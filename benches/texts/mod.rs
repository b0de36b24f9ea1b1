//! Texts to measure on: generated ones, the same everywhere, and real ones where they are at hand.

// Each bench is a program of its own and uses a part of this.
#![allow(dead_code, unused_imports)]

mod classic;
pub mod editing;
mod generate;
pub mod truth;

pub use classic::Classic;
pub use generate::{Random, articles, edited};

/// Texts with a name.
pub struct Corpus {
    pub name: &'static str,
    pub texts: Vec<String>,
}

impl Corpus {
    pub fn bytes(&self) -> u64 {
        self.texts.iter().map(|text| text.len() as u64).sum()
    }

    /// The longest text.
    pub fn longest(&self) -> &str {
        self.texts.iter().max_by_key(|text| text.len()).map_or("", String::as_str)
    }
}

/// What lies beside the repository, if anything: see `benches/README.md`.
const REAL: [&str; 4] = ["msdocs_fr", "gesetze", "legifr_20k", "licences"];

/// The generated corpus, and the real ones that are there; of each the first `bytes`.
pub fn all(bytes: usize) -> Vec<Corpus> {
    let mut corpora = vec![generated(bytes)];
    corpora.extend(REAL.into_iter().filter_map(|name| real(name, bytes)));
    corpora
}

pub fn generated(bytes: usize) -> Corpus {
    Corpus { name: "generated", texts: articles(1, bytes) }
}

/// Where a real corpus is; says so when it is not there.
pub fn real_path(name: &str) -> Option<std::path::PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
    let path = std::path::Path::new(folder).join(name).join("docs.jsonl.gz");
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {name}: there is no {}", path.display());
    None
}

/// The first `bytes` of a real corpus; says so when it is not there.
#[cfg(feature = "jsonl")]
pub fn real(name: &'static str, bytes: usize) -> Option<Corpus> {
    let path = real_path(name)?;
    let mut texts: Vec<String> = Vec::new();
    let mut read = 0;
    for record in doublon::corpus::JsonLines::open(&path).expect("the corpus can be opened") {
        let (_, text) = record.expect("the corpus is valid").into_parts();
        read += text.len();
        texts.push(text);
        if read >= bytes {
            break;
        }
    }
    Some(Corpus { name, texts })
}

#[cfg(not(feature = "jsonl"))]
pub fn real(name: &'static str, _bytes: usize) -> Option<Corpus> {
    eprintln!("SKIPPED: {name}: reading it needs the feature jsonl");
    None
}
