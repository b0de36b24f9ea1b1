//! JSON Lines to documents, with what `serde_json` alone takes for comparison.

#![allow(missing_docs)]

mod texts;

use std::io::{BufWriter, Write};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use doublon::corpus::{Document, JsonFile, JsonLines};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

const BYTES: usize = 32 << 20;

#[derive(Deserialize, Serialize)]
struct Line {
    id: String,
    text: String,
}

/// The texts as a file, in paragraphs: with an escape every hundred bytes or so.
fn file(corpus: &texts::Corpus) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a temporary file");
    let mut out = BufWriter::new(&file);
    for (i, text) in corpus.texts.iter().enumerate() {
        let line = Line { id: i.to_string(), text: text.replace(". ", ".\n") };
        serde_json::to_writer(&mut out, &line).expect("a line is written");
        out.write_all(b"\n").expect("a line is written");
    }
    out.flush().expect("the file is written");
    drop(out);
    file
}

fn jsonl(c: &mut Criterion) {
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let mut group = c.benchmark_group("jsonl");
    for corpus in texts::all(BYTES) {
        let file = file(&corpus);
        let path = file.path();
        let text = std::fs::read_to_string(path).expect("the file is read");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("streamed", corpus.name), |b| {
            b.iter(|| {
                let lines = JsonLines::open(path).expect("the file is there");
                lines.map(|line| line.expect("a document").text().len()).sum::<usize>()
            });
        });
        group.bench_function(BenchmarkId::new("mapped", corpus.name), |b| {
            let read = || {
                let mut file = JsonFile::open(path).expect("the file is there");
                let documents: doublon::Result<Vec<Document>> = file.documents().collect();
                documents.expect("documents").iter().map(|document| document.text().len()).sum()
            };
            b.iter(|| -> usize { alone.install(read) });
        });
        group.bench_function(BenchmarkId::new("serde_json", corpus.name), |b| {
            let parse = |line| serde_json::from_str::<Line>(line).expect("a document");
            b.iter(|| text.lines().map(parse).map(|line| line.text.len()).sum::<usize>());
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = jsonl
}
criterion_main!(benches);
