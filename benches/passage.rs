//! What two texts share, and what repeats in one.

#![allow(missing_docs)]

mod texts;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use doublon::{compare, repeats};

/// Of a corpus, so that its longest text is a long one.
const BYTES: usize = 8 << 20;
/// Of a text made to be hard.
const HARD: usize = 200_000;

fn pairs() -> Vec<(String, String, String)> {
    let mut random = texts::Random(5);
    let articles = texts::articles(4, 100_000);
    let (one, other) = (&articles[0], &articles[1]);
    let mut pairs = vec![
        ("unrelated".into(), one.clone(), other.clone()),
        ("re-edited".into(), one.clone(), texts::edited(one, 0.08, &mut random)),
        ("contained".into(), one.clone(), articles.join("\n\n")),
        ("one_word".into(), "a ".repeat(HARD), "a ".repeat(HARD - 1)),
        ("two_periods".into(), "a b ".repeat(HARD / 2), "a b c ".repeat(HARD / 3)),
    ];
    if let Some(corpus) = texts::real("gesetze", BYTES) {
        let long = corpus.longest();
        let copy = texts::edited(long, 0.02, &mut random);
        pairs.push(("re-edited_long_gesetze".into(), long.into(), copy));
    }
    pairs
}

/// Texts in which nothing stands twice, and in which most lines do.
fn one_text() -> [(&'static str, String); 2] {
    let mut random = texts::Random(6);
    let articles = texts::articles(7, 300_000);
    let mut none = String::new();
    for article in &articles {
        let longer = format!("{none}{article}\n");
        if repeats(&longer).unwrap().is_empty() {
            none = longer;
        }
    }
    let lines: Vec<&str> = articles.iter().flat_map(|article| article.lines()).collect();
    let many: Vec<&str> = lines.iter().map(|_| lines[random.below(lines.len())]).collect();
    [("none", none), ("many_lines", many.join("\n"))]
}

fn passage(c: &mut Criterion) {
    let pairs = pairs();
    let mut group = c.benchmark_group("compare");
    for (name, a, b) in &pairs {
        group.throughput(Throughput::Bytes((a.len() + b.len()) as u64));
        group.bench_function(name, |bench| {
            bench.iter(|| compare(a, b).unwrap().passages().len());
        });
    }
    group.finish();

    let mut group = c.benchmark_group("repeats");
    for (name, text) in one_text() {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bench| bench.iter(|| repeats(&text).unwrap().len()));
    }
    for (name, a, b) in &pairs {
        let text = format!("{a}\n\n{b}");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("both_{name}"), |bench| {
            bench.iter(|| repeats(&text).unwrap().len());
        });
    }
    for corpus in texts::all(BYTES / 4) {
        group.throughput(Throughput::Bytes(corpus.bytes()));
        group.bench_function(format!("each_of_{}", corpus.name), |bench| {
            bench.iter(|| {
                let count = |text: &String| repeats(text).unwrap().len();
                corpus.texts.iter().map(count).sum::<usize>()
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = passage
}
criterion_main!(benches);
