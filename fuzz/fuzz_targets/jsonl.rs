//! Any bytes as JSON Lines: no panic, an end, lines counted upwards, and the same however the
//! bytes come in, as a stream or as a whole.

#![no_main]

use std::io::Read;

use doublon::corpus::{JsonFile, JsonLines};
use libfuzzer_sys::fuzz_target;

/// A few hundred compressed bytes may stand for megabytes of blank lines.
const MOST_COMPRESSED: usize = 512;

fuzz_target!(|data: &[u8]| {
    let Some((&limit, mut data)) = data.split_first() else { return };
    let compressed = data.starts_with(b"\x1f\x8b") || data.starts_with(b"\x28\xb5\x2f\xfd");
    if compressed {
        data = &data[..data.len().min(MOST_COMPRESSED)];
    }
    let max_line = if limit < 128 { 1 << 20 } else { usize::from(limit - 128) };
    let at_once = read(data, usize::MAX, max_line);
    assert_eq!(at_once, read_whole(data, max_line), "as a whole");
    let in_pieces = read(data, 3, max_line);
    // Where a compressed stream breaks off, more may have come through.
    if !compressed || at_once.iter().all(|line| !broken_off(line)) {
        assert_eq!(at_once, in_pieces, "pieces of three bytes");
    }
    if !compressed {
        let lines = data.iter().filter(|&&byte| byte == b'\n').count() + 1;
        assert!(at_once.last().is_none_or(|last| last.0 <= lines as u64));
    }
});

type Line = (u64, Result<(String, String), String>);

fn broken_off(line: &Line) -> bool {
    line.1.as_ref().is_err_and(|error| error.contains("cannot read on"))
}

fn read(data: &[u8], piece: usize, max_line: usize) -> Vec<Line> {
    let reader = Pieces { data: data.to_vec(), at: 0, piece };
    let mut lines = match JsonLines::from_reader(reader) {
        Ok(lines) => lines.max_line(max_line),
        Err(error) => return vec![(0, Err(error.to_string()))],
    };
    let mut all: Vec<Line> = Vec::new();
    let mut bytes = 0;
    while let Some(line) = lines.next() {
        assert!(lines.bytes_read() >= bytes);
        bytes = lines.bytes_read();
        let line = match line {
            Ok(record) => (record.line(), Ok(record.into_parts())),
            Err(error) => located(&error),
        };
        assert!(all.last().is_none_or(|last| last.0 < line.0), "line {} comes late", line.0);
        all.push(line);
    }
    assert!(lines.next().is_none(), "it ends twice");
    all
}

fn located(error: &doublon::Error) -> Line {
    let message = error.to_string();
    let number = message.strip_prefix("line ").and_then(|rest| rest.split(':').next());
    (number.and_then(|number| number.parse().ok()).expect("a line"), Err(message))
}

fn read_whole(data: &[u8], max_line: usize) -> Vec<Line> {
    let mut file = match JsonFile::from_bytes(data) {
        Ok(file) => file.max_line(max_line),
        Err(error) => return vec![(0, Err(error.to_string()))],
    };
    let lines = file.documents().map(|line| match line {
        Ok(document) => {
            let line = document.line();
            let (id, text) = document.into_parts();
            (line, Ok((id.into_owned(), text.into_owned())))
        }
        Err(error) => located(&error),
    });
    lines.collect()
}

/// Gives a few bytes at a time.
struct Pieces {
    data: Vec<u8>,
    at: usize,
    piece: usize,
}

impl Read for Pieces {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.data[self.at..];
        let len = rest.len().min(to.len()).min(self.piece);
        to[..len].copy_from_slice(&rest[..len]);
        self.at += len;
        Ok(len)
    }
}
