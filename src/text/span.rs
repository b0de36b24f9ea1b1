//! A place in a text.

use std::fmt;
use std::ops::{Index, Range};

/// A byte range of one text, on char boundaries. It is `Copy` and indexes `str` and `String`.
///
/// ```
/// use doublon::Span;
///
/// let text = "La crue a surpris la ville.";
/// let span = Span::new(3, 7);
/// assert_eq!(&text[span], "crue");
/// assert_eq!(span.to_string(), "3..7");
/// ```
///
/// # Panics
///
/// Indexing a text the span was not made for panics where a `str` slice would.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "(u32, u32)", into = "(u32, u32)"))]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    ///
    /// ```
    /// assert_eq!(doublon::Span::new(3, 7).len(), 4);
    /// ```
    #[inline]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The first byte.
    ///
    /// ```
    /// assert_eq!(doublon::Span::new(3, 7).start(), 3);
    /// ```
    #[inline]
    pub const fn start(self) -> usize {
        self.start as usize
    }

    /// The byte after the last.
    ///
    /// ```
    /// assert_eq!(doublon::Span::new(3, 7).end(), 7);
    /// ```
    #[inline]
    pub const fn end(self) -> usize {
        self.end as usize
    }

    /// The number of bytes; 0 when the end does not lie behind the start.
    ///
    /// ```
    /// assert_eq!(doublon::Span::new(3, 7).len(), 4);
    /// ```
    #[inline]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Whether there is no byte in it.
    ///
    /// ```
    /// assert!(doublon::Span::new(3, 3).is_empty());
    /// ```
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The same as a range.
    ///
    /// ```
    /// assert_eq!(doublon::Span::new(3, 7).range(), 3..7);
    /// ```
    #[inline]
    pub const fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// The same in a text that begins so many bytes further on.
    #[inline]
    pub(crate) const fn shifted(self, by: u32) -> Span {
        Span { start: self.start + by, end: self.end + by }
    }

    /// From the start of `self` to the end of `last`.
    #[inline]
    pub(crate) const fn to(self, last: Span) -> Span {
        Span { start: self.start, end: last.end }
    }
}

impl Index<Span> for str {
    type Output = str;

    #[inline]
    fn index(&self, span: Span) -> &str {
        &self[span.range()]
    }
}

impl Index<Span> for String {
    type Output = str;

    #[inline]
    fn index(&self, span: Span) -> &str {
        &self[span.range()]
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl From<(u32, u32)> for Span {
    fn from((start, end): (u32, u32)) -> Self {
        Self { start, end }
    }
}

impl From<Span> for (u32, u32) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}
