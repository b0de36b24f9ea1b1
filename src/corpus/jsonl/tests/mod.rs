//! What all tests of the reader need.

mod lines;
mod streams;

use std::io::Write;

use super::*;

const TWO: &[u8] = b"{\"id\":\"a\",\"text\":\"one\"}\n{\"id\":\"b\",\"text\":\"two\"}\n";

fn open(bytes: impl Into<Vec<u8>>) -> JsonLines {
    JsonLines::from_reader(io::Cursor::new(bytes.into())).unwrap()
}

/// `line/id/text` of the good records, the message of the bad ones.
fn show(lines: JsonLines) -> Vec<String> {
    lines
        .map(|record| match record {
            Ok(record) => format!("{}/{}/{}", record.line(), record.id(), record.text()),
            Err(error) => error.to_string(),
        })
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Default::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 0).unwrap()
}

/// Lines that compress badly, so that a cut leaves some of them whole.
fn many() -> Vec<u8> {
    let mut state = 1_u64;
    let mut lines = Vec::new();
    for i in 0..20_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        writeln!(lines, "{{\"id\":\"{i}\",\"text\":\"{state:x}\"}}").unwrap();
    }
    lines
}
