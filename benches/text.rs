//! Texts to tokens, shingles and paragraphs.

#![allow(missing_docs)]

mod texts;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use doublon::shingle::shingles;
use doublon::text::{Tokenize, Tokens, Words, paragraphs};

const BYTES: usize = 8 << 20;

fn text(c: &mut Criterion) {
    let corpora = texts::all(BYTES);
    let mut group = c.benchmark_group("tokenize");
    for corpus in &corpora {
        group.throughput(Throughput::Bytes(corpus.bytes()));
        group.bench_function(BenchmarkId::new("words", corpus.name), |b| {
            let mut tokens = Tokens::new();
            b.iter(|| {
                let count = |text: &String| {
                    tokens.clear();
                    Words.tokenize(text, &mut tokens);
                    tokens.len()
                };
                corpus.texts.iter().map(count).sum::<usize>()
            });
        });
        group.bench_function(BenchmarkId::new("paragraphs", corpus.name), |b| {
            b.iter(|| corpus.texts.iter().map(|text| paragraphs(text).count()).sum::<usize>());
        });
    }
    group.finish();

    let mut group = c.benchmark_group("shingle");
    for corpus in &corpora {
        let tokens = corpus.texts.iter().map(|text| {
            let mut tokens = Tokens::new();
            Words.tokenize(text, &mut tokens);
            tokens
        });
        let tokens: Vec<Tokens> = tokens.collect();
        let elements = tokens.iter().map(|tokens| tokens.len() as u64).sum();
        group.throughput(Throughput::ElementsAndBytes { elements, bytes: corpus.bytes() });
        for width in [5, 16] {
            let name = format!("{width}_words");
            group.bench_function(BenchmarkId::new(name, corpus.name), |b| {
                let mut hashes = Vec::new();
                b.iter(|| {
                    let sum = |tokens: &Tokens| {
                        shingles(tokens.hashes(), width, &mut hashes);
                        hashes.len()
                    };
                    tokens.iter().map(sum).sum::<usize>()
                });
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = text
}
criterion_main!(benches);
