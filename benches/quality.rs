//! Recall and precision beside speed. Fails when a recall is below 0.999 or a precision below 1.
//!
//! With `--quick`, and when run as a test, it looks at a part of each corpus.

#![allow(missing_docs)]

mod corpus;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Instant;

use corpus::Corpus;
use doublon::{Clustering, Detector, Measure, Report, Search};

const LEAST_RECALL: f64 = 0.999;
/// More pairs than this are not written out.
const MOST_PAIRS: usize = 20_000_000;

fn main() -> ExitCode {
    let flag = |name: &str| std::env::args().any(|arg| arg == name);
    if flag("--list") {
        return ExitCode::SUCCESS;
    }
    let whole = flag("--bench") && !flag("--quick");
    let (bytes, documents) = if whole { (usize::MAX, 400) } else { (4 << 20, 120) };
    let corpora = [
        Some(corpus::generated(if whole { 16 << 20 } else { bytes })),
        corpus::real("legifr_20k", bytes),
        corpus::real("licences", bytes),
    ];
    println!(
        "{:<11}{:<15}{:>10}{:>10}{:>10}{:>11}{:>12}{:>12}",
        "corpus", "measure", "documents", "pairs", "recall", "precision", "found MB/s", "all MB/s"
    );
    let mut good = true;
    for corpus in corpora.iter().flatten() {
        for threshold in [0.5, 0.7, 0.8] {
            good &= jaccard(corpus, threshold);
        }
    }
    good &= coverage(&corpora[0].as_ref().expect("it was generated").texts[..documents]);
    if !good {
        eprintln!("error: a recall below {LEAST_RECALL} or a precision below 1");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// MinHash against the exact join. A pair is found when both are in one connected cluster.
fn jaccard(corpus: &Corpus, threshold: f64) -> bool {
    let mut builder = Detector::builder();
    builder.measure(Measure::Jaccard).threshold(threshold).repeats(false);
    builder.cluster(Clustering::Connected);
    let (found, speed) = timed(&builder.build().unwrap(), &corpus.texts);
    builder.search(Search::Exact).all_pairs(MOST_PAIRS);
    let (exact, exact_speed) = timed(&builder.build().unwrap(), &corpus.texts);
    let mut cluster = vec![usize::MAX; corpus.texts.len()];
    for (number, found) in found.clusters().iter().enumerate() {
        for doc in found.docs() {
            cluster[doc.index()] = number;
        }
    }
    let pairs = pairs(&exact);
    let together =
        |&&(a, b): &&(usize, usize)| cluster[a] == cluster[b] && cluster[a] != usize::MAX;
    let hits = pairs.iter().filter(together).count();
    let reported = self::pairs(&found);
    let true_ones = reported.intersection(&pairs).count();
    row(
        (corpus.name, &format!("jaccard {threshold}"), corpus.texts.len()),
        (hits, pairs.len()),
        (true_ones, reported.len()),
        (speed, exact_speed),
    )
}

/// Coverage against comparing every document with every other.
fn coverage(texts: &[String]) -> bool {
    let detector = Detector::builder().repeats(false).all_pairs(MOST_PAIRS).build().unwrap();
    let (found, speed) = timed(&detector, texts);
    let begun = Instant::now();
    let mut pairs = BTreeSet::new();
    for (i, a) in texts.iter().enumerate() {
        for (j, b) in texts.iter().enumerate().skip(i + 1) {
            if detector.compare(a, b).unwrap().is_match() {
                pairs.insert((i, j));
            }
        }
    }
    let exact_speed = megabytes(texts) / begun.elapsed().as_secs_f64();
    let reported = self::pairs(&found);
    let hits = reported.intersection(&pairs).count();
    row(
        ("generated", "coverage 0.5", texts.len()),
        (hits, pairs.len()),
        (hits, reported.len()),
        (speed, exact_speed),
    )
}

fn timed(detector: &Detector, texts: &[String]) -> (Report, f64) {
    let begun = Instant::now();
    let report = detector.find(texts).unwrap();
    (report, megabytes(texts) / begun.elapsed().as_secs_f64())
}

fn megabytes(texts: &[String]) -> f64 {
    texts.iter().map(String::len).sum::<usize>() as f64 / 1e6
}

fn pairs(report: &Report) -> BTreeSet<(usize, usize)> {
    report.matches().map(|found| (found.a().index(), found.b().index())).collect()
}

/// Prints a line and says whether it is good enough.
fn row(
    (corpus, measure, documents): (&str, &str, usize),
    found: (usize, usize),
    reported: (usize, usize),
    (speed, exact_speed): (f64, f64),
) -> bool {
    let share = |(part, whole): (usize, usize)| {
        if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
    };
    let (recall, precision) = (share(found), share(reported));
    println!(
        "{corpus:<11}{measure:<15}{documents:>10}{:>10}{recall:>10.5}{precision:>11.5}\
         {speed:>12.1}{exact_speed:>12.1}",
        found.1
    );
    recall >= LEAST_RECALL && precision >= 1.0
}
