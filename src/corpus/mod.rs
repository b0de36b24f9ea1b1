//! Where texts come from.
//!
//! Texts already in memory need nothing of this module: every slice of strings is a corpus. For
//! JSON Lines - plain, gzip or zstd - there are two readers (feature `jsonl`, on by default):
//! `JsonFile` gives all documents of a file at once and fast, `JsonLines` those of any stream one at
//! a time, however large it is.

#[cfg(feature = "jsonl")]
mod ahead;
#[cfg(feature = "jsonl")]
mod compression;
#[cfg(feature = "jsonl")]
mod file;
#[cfg(feature = "jsonl")]
pub mod jsonl;
#[cfg(feature = "jsonl")]
mod line;
#[cfg(feature = "jsonl")]
mod memory;
#[cfg(feature = "jsonl")]
mod scan;
#[cfg(feature = "jsonl")]
mod string;

#[cfg(feature = "jsonl")]
pub use file::{Document, JsonFile};
#[cfg(feature = "jsonl")]
pub use jsonl::JsonLines;

/// One document of a [`JsonLines`] stream.
///
/// ```
/// use doublon::corpus::JsonLines;
///
/// let mut lines = JsonLines::from_reader(&b"\n{\"id\": \"x\", \"text\": \"one two\"}"[..])?;
/// let record = lines.next().unwrap()?;
/// assert_eq!((record.line(), record.id(), record.text()), (2, "x", "one two"));
/// # Ok::<(), doublon::Error>(())
/// ```
#[cfg(feature = "jsonl")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    line: u64,
    id: String,
    text: String,
}

#[cfg(feature = "jsonl")]
impl Record {
    /// The line the document stands on, counted from 1; blank and unusable lines count.
    ///
    /// ```
    /// # let json = b"{\"id\": \"x\", \"text\": \"one two\"}";
    /// # let record = doublon::corpus::JsonLines::from_reader(&json[..])?.next().unwrap()?;
    /// assert_eq!(record.line(), 1);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The document's id, as the corpus has it. Nobody has checked that it is unique.
    ///
    /// ```
    /// # let json = b"{\"id\": \"x\", \"text\": \"one two\"}";
    /// # let record = doublon::corpus::JsonLines::from_reader(&json[..])?.next().unwrap()?;
    /// assert_eq!(record.id(), "x");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The document's text, decoded and otherwise untouched.
    ///
    /// ```
    /// # let json = b"{\"id\": \"x\", \"text\": \"one two\"}";
    /// # let record = doublon::corpus::JsonLines::from_reader(&json[..])?.next().unwrap()?;
    /// assert_eq!(record.text(), "one two");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The id and the text, without copying them.
    ///
    /// ```
    /// # let json = b"{\"id\": \"x\", \"text\": \"one two\"}";
    /// # let record = doublon::corpus::JsonLines::from_reader(&json[..])?.next().unwrap()?;
    /// let (id, text) = record.into_parts();
    /// assert_eq!((id.as_str(), text.as_str()), ("x", "one two"));
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn into_parts(self) -> (String, String) {
        (self.id, self.text)
    }
}
