//! Shingles to sketches; bytes are those of the texts, elements are shingles.

#![allow(missing_docs)]

mod texts;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use doublon::shingle::shingles;
use doublon::sketch::{MinHasher, SimHash, winnow};
use doublon::text::{Tokenize, Tokens, Words};

const BYTES: usize = 4 << 20;

fn sketch(c: &mut Criterion) {
    let read = |corpus: texts::Corpus| {
        let mut tokens = Tokens::new();
        let sets = corpus.texts.iter().map(|text| {
            let mut hashes = Vec::new();
            tokens.clear();
            Words.tokenize(text, &mut tokens);
            shingles(tokens.hashes(), 5, &mut hashes);
            hashes
        });
        let sets: Vec<Vec<u64>> = sets.collect();
        let elements = sets.iter().map(|set| set.len() as u64).sum();
        (corpus.name, Throughput::ElementsAndBytes { elements, bytes: corpus.bytes() }, sets)
    };
    let corpora: Vec<_> = texts::all(BYTES).into_iter().map(read).collect();

    let mut group = c.benchmark_group("minhash");
    for (name, throughput, sets) in &corpora {
        group.throughput(throughput.clone());
        for slots in [128, 256] {
            let hasher = MinHasher::new(slots).unwrap();
            group.bench_function(BenchmarkId::new(format!("{slots}_slots"), name), |b| {
                b.iter(|| {
                    let first = |set: &Vec<u64>| u64::from(hasher.sketch(set).slots()[0]);
                    sets.iter().map(first).sum::<u64>()
                });
            });
        }
    }
    // One corpus tells enough: it looks at nothing but the number of shingles.
    for (name, throughput, sets) in corpora.iter().take(1) {
        let classic = texts::Classic::new(128);
        group.throughput(throughput.clone());
        group.bench_function(BenchmarkId::new("128_slots_classic", name), |b| {
            b.iter(|| sets.iter().map(|set| u64::from(classic.sketch(set)[0])).sum::<u64>());
        });
        let hasher = MinHasher::new(128).unwrap();
        let sketches: Vec<_> = sets.iter().map(|set| hasher.sketch(set).compact()).collect();
        group.throughput(Throughput::Elements(sketches.len() as u64 - 1));
        group.bench_function(BenchmarkId::new("128_slots_compact_estimate", name), |b| {
            b.iter(|| {
                let estimate = |pair: &[doublon::sketch::CompactMinHash]| {
                    pair[0].estimate(&pair[1]).unwrap_or_default()
                };
                sketches.windows(2).map(estimate).sum::<f64>()
            });
        });
    }
    group.finish();

    let mut group = c.benchmark_group("simhash");
    for (name, throughput, sets) in &corpora {
        group.throughput(throughput.clone());
        group.bench_function(BenchmarkId::new("64_bits", name), |b| {
            b.iter(|| sets.iter().fold(0, |all, set| all ^ SimHash::of(set).bits()));
        });
    }
    group.finish();

    let mut group = c.benchmark_group("winnow");
    for (name, throughput, sets) in &corpora {
        group.throughput(throughput.clone());
        group.bench_function(BenchmarkId::new("window_12", name), |b| {
            let mut selected = Vec::new();
            b.iter(|| {
                let count = |set: &Vec<u64>| {
                    winnow(set, 12, &mut selected);
                    selected.len()
                };
                sets.iter().map(count).sum::<usize>()
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = sketch
}
criterion_main!(benches);
