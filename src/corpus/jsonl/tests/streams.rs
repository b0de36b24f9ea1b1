//! How streams are read: compressed, cut short, in small parts.

use super::*;

#[test]
fn compressed() {
    let whole = ["1/a/one", "2/b/two"];
    assert_eq!(show(open(gzip(TWO))), whole);
    assert_eq!(show(open(zstd(TWO))), whole);
    assert!(show(open(gzip(b""))).is_empty());
    assert!(show(open(zstd(b""))).is_empty());
    let marked = [BYTE_ORDER_MARK, TWO].concat();
    assert_eq!(show(open(gzip(&marked))), whole);

    // Members and frames follow one another, and a line may go from one into the next.
    for compress in [gzip, zstd] {
        for cut in 0..TWO.len() {
            let parts = [compress(&TWO[..cut]), compress(&TWO[cut..])].concat();
            let mut lines = open(parts);
            assert_eq!(show_all(&mut lines), whole, "cut at {cut}");
            assert_eq!(lines.bytes_read(), TWO.len() as u64);
        }
    }
    let skipped = [b"\x50\x2a\x4d\x18\x02\0\0\0xx", &zstd(TWO)[..]].concat();
    assert_eq!(show(open(skipped)), whole);
}

fn show_all(lines: &mut JsonLines) -> Vec<String> {
    let record = |record: Record| format!("{}/{}/{}", record.line, record.id, record.text);
    lines.map(|line| record(line.unwrap())).collect()
}

#[test]
fn compressed_and_cut() {
    for (name, stored) in [("gzip", gzip(TWO)), ("zstd", zstd(TWO))] {
        for length in 4..stored.len() {
            let mut lines = open(&stored[..length]);
            let error = lines.find_map(Result::err).expect("an error");
            assert_eq!(error.kind(), ErrorKind::Io, "{name} of {length} bytes");
            assert!(lines.next().is_none() && lines.next().is_none());
        }
    }
}

#[test]
fn lines_before_a_cut_are_read() {
    let whole = many();
    let records = show(open(&whole[..]));
    for (name, stored) in [("gzip", gzip(&whole)), ("zstd", zstd(&whole))] {
        let shown = show(open(&stored[..stored.len() / 2]));
        let good = shown.len() - 1;
        assert!(good > 1000, "{name}: {good}");
        assert_eq!(shown[..good], records[..good], "{name}");
        let start = format!("line {}: cannot read on in the {name} stream: ", good + 1);
        assert!(shown[good].starts_with(&start), "{}", shown[good]);
    }
}

#[test]
fn compressed_and_damaged() {
    for stored in [gzip(TWO), zstd(TWO)] {
        for i in 0..stored.len() {
            for bit in 0..8 {
                let mut damaged = stored.clone();
                damaged[i] ^= 1 << bit;
                assert!(open(damaged).count() < 10);
            }
        }
    }
    let mut damaged = gzip(TWO);
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    let error = open(damaged).find_map(Result::err).expect("an error");
    assert_eq!(error.kind(), ErrorKind::Io);
    let garbage = [&gzip(TWO)[..], b"garbage that is no member"].concat();
    assert_eq!(open(garbage).find_map(Result::err).map(|e| e.kind()), Some(ErrorKind::Io));
}

/// One byte a call, an interruption before each, and at the end what `last` says.
struct Trickle(Vec<u8>, usize, bool, Option<io::ErrorKind>);

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.2 = !self.2;
        if self.2 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match (self.0.get(self.1), self.3) {
            (Some(byte), _) if !buffer.is_empty() => {
                buffer[0] = *byte;
                self.1 += 1;
                Ok(1)
            }
            (None, Some(kind)) => Err(kind.into()),
            _ => Ok(0),
        }
    }
}

#[test]
fn readers_that_trickle_and_fail() {
    for stored in [[BYTE_ORDER_MARK, TWO].concat(), gzip(TWO), zstd(TWO)] {
        let reader = Trickle(stored, 0, false, None);
        assert_eq!(show(JsonLines::from_reader(reader).unwrap()), ["1/a/one", "2/b/two"]);
    }
    let kind = io::ErrorKind::ConnectionReset;
    let reader = Trickle(TWO[..30].to_vec(), 0, false, Some(kind));
    let mut lines = JsonLines::from_reader(reader).unwrap();
    assert_eq!(lines.next().unwrap().unwrap().id(), "a");
    let error = lines.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    let start = "line 2: cannot read on in the plain stream: ";
    assert!(error.to_string().starts_with(start), "{error}");
    let source = std::error::Error::source(&error).and_then(|e| e.downcast_ref::<io::Error>());
    assert_eq!(source.map(io::Error::kind), Some(kind));
    assert!(lines.next().is_none() && lines.next().is_none());

    // While the rest of a line that is too long is skipped, too.
    let reader = Trickle(TWO[..10].to_vec(), 0, false, Some(kind));
    let mut lines = JsonLines::from_reader(reader).unwrap().max_line(5);
    assert_eq!(lines.next().unwrap().unwrap_err().kind(), ErrorKind::Io);
    assert!(lines.next().is_none());

    let reader = Trickle(Vec::new(), 0, false, Some(kind));
    assert_eq!(JsonLines::from_reader(reader).unwrap_err().kind(), ErrorKind::Io);
}

#[test]
fn files_are_told_by_their_bytes() {
    let directory = std::env::temp_dir().join(format!("doublon-jsonl-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    for (name, stored) in [("a.gz", TWO.to_vec()), ("b.zst", gzip(TWO)), ("c", zstd(TWO))] {
        let path = directory.join(name);
        std::fs::write(&path, stored).unwrap();
        assert_eq!(show(JsonLines::open(&path).unwrap()), ["1/a/one", "2/b/two"], "{name}");
    }
    let missing = directory.join("missing");
    let error = JsonLines::open(&missing).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().starts_with(&format!("{}: ", missing.display())), "{error}");
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn auto_traits() {
    fn check<T: Send + Sync + 'static>() {}
    check::<JsonLines>();
    check::<Record>();
}
