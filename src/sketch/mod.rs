//! Fixed-size fingerprints of shingle sets. For those who store or compare sketches themselves:
//! [`find`](crate::find) uses them and then asks the texts.
//!
//! | sketch | estimates | size | cost |
//! |---|---|---|---|
//! | [`MinHash`] | Jaccard | 4 bytes a slot, 1 compacted | one pass, plus a fill of empty slots |
//! | [`SimHash`] | cosine, as Hamming distance | 8 bytes | one pass |
//! | [`winnow`] | nothing: it selects shingles that keep their positions | 2 in `window + 1` | one pass |

mod dispatch;
mod kernel;
mod minhash;
mod simhash;
mod winnow;

pub use minhash::{CompactMinHash, MinHash, MinHasher};
pub(crate) use minhash::{compact_into, equal_slots};
pub use simhash::SimHash;
pub(crate) use winnow::windows_of;
pub use winnow::winnow;
