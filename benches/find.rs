//! The whole way: texts to a report, on the threads of the machine.

#![allow(missing_docs)]

mod texts;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use doublon::{Detector, Measure};

const BYTES: usize = 8 << 20;

fn find(c: &mut Criterion) {
    let settings = [
        ("coverage", Measure::Coverage, 0.5, true),
        ("jaccard_0.8", Measure::Jaccard, 0.8, true),
        ("jaccard_0.8_no_repeats", Measure::Jaccard, 0.8, false),
    ];
    let mut group = c.benchmark_group("find");
    for corpus in texts::all(BYTES) {
        group.throughput(Throughput::Bytes(corpus.bytes()));
        for (name, measure, threshold, repeats) in settings {
            let mut builder = Detector::builder();
            let builder = builder.measure(measure).threshold(threshold).repeats(repeats);
            let detector = builder.build().unwrap();
            group.bench_function(BenchmarkId::new(name, corpus.name), |b| {
                b.iter(|| detector.find(&corpus.texts).unwrap().clusters().len());
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = find
}
criterion_main!(benches);
