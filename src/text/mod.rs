//! Text to tokens, and its paragraphs. For those who bring a tokenizer of their own or build on the
//! tokens; most users never need it.
//!
//! A text is never normalised as a whole: each token keeps its place in the original and carries
//! the hash of its folded form, so no offset map exists and every span is one of the original.

mod fold;
mod paragraph;
mod scan;
mod span;
mod tokens;
mod words;

pub(crate) use paragraph::Paragraphs;
pub use paragraph::paragraphs;
pub use span::Span;
pub use tokens::{Tokenize, Tokens};
pub use words::Words;
