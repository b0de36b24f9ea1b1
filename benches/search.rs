//! Sketches to candidates; elements are documents.

#![allow(missing_docs)]

mod texts;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use doublon::candidates::{Lsh, hamming};
use doublon::sketch::{MinHash, MinHasher, SimHash};
use doublon::{Detector, Measure, Search};

const DOCUMENTS: usize = 50_000;
const BYTES: usize = 4 << 20;

/// Sets of 300 shingles; in every second pair both share 270.
fn sketches() -> Vec<MinHash> {
    let mut random = texts::Random(2);
    let hasher = MinHasher::new(128).unwrap();
    let mut last = Vec::new();
    let sets = (0..DOCUMENTS).map(|number| {
        let kept = if number % 4 == 1 { 270 } else { 0 };
        let mut set: Vec<u64> = last.iter().copied().take(kept).collect();
        set.resize_with(300, || random.next());
        last.clone_from(&set);
        hasher.sketch(&set)
    });
    sets.collect()
}

/// Random ones; every fourth differs from the one before in three bits at most.
fn sim_hashes() -> Vec<SimHash> {
    let mut random = texts::Random(3);
    let mut last = 0;
    let hashes = (0..DOCUMENTS).map(|number| {
        last = match number % 4 {
            1 => (0..3).fold(last, |bits, _| bits ^ 1 << random.below(64)),
            _ => random.next(),
        };
        SimHash::from_bits(last)
    });
    hashes.collect()
}

fn search(c: &mut Criterion) {
    let mut group = c.benchmark_group("lsh");
    group.throughput(Throughput::Elements(DOCUMENTS as u64));
    let sketches = sketches();
    for threshold in [0.5, 0.8] {
        let lsh = Lsh::for_threshold(threshold, 128).unwrap();
        group.bench_function(BenchmarkId::new("128_slots", threshold), |b| {
            b.iter(|| lsh.groups(&sketches).unwrap().len());
        });
    }
    group.finish();

    let mut group = c.benchmark_group("hamming");
    group.throughput(Throughput::Elements(DOCUMENTS as u64));
    let hashes = sim_hashes();
    let live: Vec<u32> = (0..DOCUMENTS as u32).collect();
    for distance in [3, 6] {
        group.bench_function(BenchmarkId::new("groups", distance), |b| {
            b.iter(|| hamming(&hashes, distance, &live).unwrap().len());
        });
    }
    group.finish();

    // The join is not public: the whole of `find`, without repeats.
    let mut group = c.benchmark_group("exact");
    for corpus in texts::all(BYTES) {
        group.throughput(Throughput::Bytes(corpus.bytes()));
        for (measure, threshold) in [(Measure::Jaccard, 0.8), (Measure::Containment, 0.8)] {
            let mut builder = Detector::builder();
            builder.measure(measure).threshold(threshold).search(Search::Exact).repeats(false);
            let detector = builder.build().unwrap();
            group.bench_function(BenchmarkId::new(measure.to_string(), corpus.name), |b| {
                b.iter(|| detector.find(&corpus.texts).unwrap().clusters().len());
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = search
}
criterion_main!(benches);
