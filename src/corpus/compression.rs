//! What a stream is compressed with, told by its first bytes.

use std::fmt;
use std::io::{self, BufReader, Read};

use super::ahead::ReadAhead;

/// Of compressed bytes; those that come out have a buffer of their own.
const BUFFER: usize = 128 * 1024;

/// How a stream is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Plain,
    Gzip,
    Zstd,
}

impl Compression {
    /// Recognises the magic numbers of RFC 1952, section 2.3.1, and RFC 8878, sections 3.1.1 and
    /// 3.1.2. No line of JSON in UTF-8 begins with any of them.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            // A frame to skip: parallel compressors write one first.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

/// The decompressed bytes of `input`, whatever it is stored as; members and frames that follow one
/// another are read as one stream. Reads the first four bytes at once; what has to be decompressed
/// is, on another thread.
pub(super) fn decompress(
    mut input: impl Read + Send + 'static,
) -> io::Result<(Compression, Box<dyn Read + Send>)> {
    let mut head = Vec::with_capacity(4);
    input.by_ref().take(4).read_to_end(&mut head)?;
    let compression = Compression::of(&head);
    let whole = io::Cursor::new(head).chain(input);
    let bytes: Box<dyn Read + Send> = match compression {
        Compression::Plain => return Ok((compression, Box::new(whole))),
        Compression::Gzip => {
            Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(BUFFER, whole)))
        }
        Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(
            BufReader::with_capacity(BUFFER, whole),
        )?),
    };
    Ok((compression, ReadAhead::start(bytes)))
}
