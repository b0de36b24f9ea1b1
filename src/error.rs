//! The one error type of the crate.

use std::fmt;

/// A result whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, and what to do about it.
///
/// An error never depends on what a text says: only on the configuration, on a stated limit, or on
/// input and output; but for [`verify`](crate::Report::verify), which asks the texts. Its message is lower case and says what to change.
///
/// ```
/// use doublon::{Detector, ErrorKind};
///
/// let error = Detector::builder().threshold(1.5).build().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Config);
/// assert_eq!(error.to_string(), "threshold is 1.5; it must be greater than 0 and at most 1");
/// ```
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    source: Option<std::io::Error>,
}

/// The families of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Settings that contradict each other or lie outside their range.
    Config,
    /// A stated limit would be passed: too many documents, a text too long, too much work.
    Limit,
    /// Reading failed.
    Io,
    /// One record of a corpus cannot be used; the records after it can.
    Record,
    /// Bytes that are not what they claim to be: a sketch of another version, a wrong length.
    Format,
    /// A report that does not hold together, or that its texts do not bear out.
    Mismatch,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), source: None }))
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Limit, message)
    }

    pub(crate) fn mismatch(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Mismatch, message)
    }

    /// The family this error belongs to.
    ///
    /// ```
    /// let error = doublon::Detector::builder().shingle(0).build().unwrap_err();
    /// assert_eq!(error.kind(), doublon::ErrorKind::Config);
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|e| e as _)
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        Self(Box::new(Inner {
            kind: ErrorKind::Io,
            message: source.to_string(),
            source: Some(source),
        }))
    }
}
