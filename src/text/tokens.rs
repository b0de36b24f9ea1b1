//! The tokens of one text, and the trait that finds them.

use super::Span;
use crate::hash;

/// The tokens of one text: for each, the hash of its folded form and its place in the original.
///
/// It is a buffer to be reused: after the first texts, filling it allocates nothing. 16 bytes a
/// token.
///
/// ```
/// use doublon::text::{Tokenize, Tokens, Words};
///
/// let text = "L\u{2019}\u{c9}t\u{e9} indien";
/// let mut tokens = Tokens::new();
/// Words.tokenize(text, &mut tokens);
/// let words: Vec<&str> = tokens.spans().iter().map(|&span| &text[span]).collect();
/// assert_eq!(words, ["L", "\u{c9}t\u{e9}", "indien"]);
/// ```
#[derive(Clone, Default)]
pub struct Tokens {
    /// Of all tokens, and behind them what there was before, to be written over.
    hashes: Vec<u64>,
    spans: Vec<Span>,
    pub(super) scratch: Scratch,
}

/// What the scanner keeps from text to text.
#[derive(Default)]
pub(super) struct Scratch {
    /// Where a token that is not ASCII is folded: by the table, and by the exact path.
    pub(super) by_table: Vec<u8>,
    pub(super) exact: String,
    /// Where runs wait, and hashes of tokens that were taken back.
    pub(super) buffers: Option<Box<super::words::Buffers>>,
    pub(super) again: Vec<u64>,
}

impl Clone for Scratch {
    /// Nothing of it matters to another.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Tokens {
    /// An empty buffer.
    ///
    /// ```
    /// assert!(doublon::text::Tokens::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets the tokens and keeps the memory.
    ///
    /// ```
    /// use doublon::{Span, text::Tokens};
    ///
    /// let mut tokens = Tokens::new();
    /// tokens.push(Span::new(0, 4), "word");
    /// tokens.clear();
    /// assert_eq!(tokens.len(), 0);
    /// ```
    pub fn clear(&mut self) {
        self.spans.clear();
    }

    /// Appends a token: where it stands in the text, and its folded form.
    ///
    /// ```
    /// use doublon::{Span, text::Tokens};
    ///
    /// let mut tokens = Tokens::new();
    /// tokens.push(Span::new(0, 4), "word");
    /// tokens.push(Span::new(5, 9), "word");
    /// assert_eq!(tokens.hashes()[0], tokens.hashes()[1]);
    /// ```
    pub fn push(&mut self, span: Span, folded: &str) {
        self.push_hash(span, hash::token(folded.as_bytes()));
    }

    #[inline(always)]
    pub(crate) fn push_hash(&mut self, span: Span, hash: u64) {
        match self.hashes.get_mut(self.spans.len()) {
            Some(room) => *room = hash,
            None => self.hashes.push(hash),
        }
        self.spans.push(span);
    }

    /// Appends one token a place; their hashes are to be set.
    #[inline(always)]
    pub(super) fn extend(&mut self, places: &[[u32; 2]]) {
        self.spans.extend(places.iter().map(|&[start, end]| Span::new(start, end)));
        if self.hashes.len() < self.spans.len() {
            self.hashes.resize(self.spans.len(), 0);
        }
    }

    #[inline(always)]
    pub(super) fn hashes_from(&mut self, first: usize) -> &mut [u64] {
        &mut self.hashes[first..self.spans.len()]
    }

    #[inline(always)]
    pub(crate) fn set_hash(&mut self, token: usize, hash: u64) {
        self.hashes[token] = hash;
    }

    /// Takes the tokens from `first` on back, and moves their hashes to `again`.
    pub(super) fn take_back(&mut self, first: usize) {
        self.scratch.again.clear();
        self.scratch.again.extend_from_slice(&self.hashes[first..self.spans.len()]);
        self.spans.truncate(first);
    }

    /// The number of tokens.
    ///
    /// ```
    /// assert_eq!(doublon::text::Tokens::new().len(), 0);
    /// ```
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no token.
    ///
    /// ```
    /// assert!(doublon::text::Tokens::new().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The 64-bit hashes of the folded tokens, in the order of the text. They are the same on
    /// every platform and stay the same within a major version.
    ///
    /// ```
    /// use doublon::text::{Tokenize, Tokens, Words};
    ///
    /// let (mut a, mut b) = (Tokens::new(), Tokens::new());
    /// Words.tokenize("NATO's chief", &mut a);
    /// Words.tokenize("nato\u{2019}s CHIEF", &mut b);
    /// assert_eq!(a.hashes(), b.hashes());
    /// ```
    pub fn hashes(&self) -> &[u64] {
        &self.hashes[..self.spans.len()]
    }

    /// The places of the tokens, in the order of the text.
    ///
    /// ```
    /// use doublon::{Span, text::{Tokenize, Tokens, Words}};
    ///
    /// let mut tokens = Tokens::new();
    /// Words.tokenize("one two", &mut tokens);
    /// assert_eq!(tokens.spans(), [Span::new(0, 3), Span::new(4, 7)]);
    /// ```
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// From the first byte of token `start` to the last byte of token `end - 1`; empty for none.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        if start < end { self.spans[start].to(self.spans[end - 1]) } else { Span::default() }
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut tokens = f.debug_struct("Tokens");
        tokens.field("hashes", &self.hashes()).field("spans", &self.spans).finish_non_exhaustive()
    }
}

/// How a text becomes tokens: the one extension point of the crate.
///
/// Two tokens are equal when their folded forms are. The folded form of a token must depend on its
/// own bytes only, and [`tokenize`](Tokenize::tokenize) must push exactly what
/// [`fold`](Tokenize::fold) gives for the token's bytes: matches are confirmed through `fold`, so
/// a tokenizer that breaks this loses matches and never invents one.
///
/// `examples/custom_tokenizer.rs` shows one.
///
/// ```
/// use doublon::{Span, text::{Tokenize, Tokens}};
///
/// /// Splits at white space and folds nothing.
/// struct Raw;
///
/// impl Tokenize for Raw {
///     fn tokenize(&self, text: &str, tokens: &mut Tokens) {
///         for word in text.split_whitespace() {
///             let start = (word.as_ptr() as usize - text.as_ptr() as usize) as u32;
///             tokens.push(Span::new(start, start + word.len() as u32), word);
///         }
///     }
///     fn fold(&self, token: &str, folded: &mut String) {
///         folded.push_str(token);
///     }
///     fn fingerprint(&self) -> u64 {
///         1
///     }
/// }
///
/// let detector = doublon::Detector::builder().tokenizer(Raw).build()?;
/// assert_eq!(detector.compare("a b c", "a b c")?.similarity().tokens_a(), 3);
/// # Ok::<(), doublon::Error>(())
/// ```
pub trait Tokenize: Send + Sync {
    /// Appends the tokens of `text` to `tokens`, in the order of the text and without overlap, on
    /// char boundaries. The text is shorter than 4 GiB.
    fn tokenize(&self, text: &str, tokens: &mut Tokens);

    /// Appends the folded form of one token, given its bytes in the text.
    fn fold(&self, token: &str, folded: &mut String);

    /// A number of the implementer's choice that changes whenever its tokens do, so that stored
    /// sketches of different tokenizers are never mixed.
    fn fingerprint(&self) -> u64;
}
