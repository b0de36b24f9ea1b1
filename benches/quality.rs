//! Recall and precision beside speed. Fails when a recall is below 0.999 or a precision below 1.
//!
//! With `--quick`, and when run as a test, it looks at a part of each corpus.

#![allow(missing_docs)]

mod texts;

use std::process::ExitCode;
use std::time::Instant;

use doublon::{Detector, Measure, Report};
use texts::Corpus;
use texts::truth::{self, Quality};

const LEAST_RECALL: f64 = 0.999;

fn main() -> ExitCode {
    let flag = |name: &str| std::env::args().any(|arg| arg == name);
    if flag("--list") {
        return ExitCode::SUCCESS;
    }
    let whole = flag("--bench") && !flag("--quick");
    let (bytes, documents) = if whole { (usize::MAX, 400) } else { (4 << 20, 120) };
    let corpora = [
        Some(texts::generated(if whole { 16 << 20 } else { bytes })),
        texts::real("legifr_20k", bytes),
        texts::real("licences", bytes),
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
    let connected = truth::connected(Measure::Jaccard, threshold);
    let (found, speed) = timed(&connected, &corpus.texts);
    let (exact, exact_speed) = timed(&truth::exact_jaccard(threshold), &corpus.texts);
    row(
        (corpus.name, &format!("jaccard {threshold}"), corpus.texts.len()),
        truth::quality(corpus.texts.len(), &found, &truth::pairs(&exact)),
        (speed, exact_speed),
    )
}

/// Coverage against comparing every document with every other.
fn coverage(texts: &[String]) -> bool {
    let (found, speed) = timed(&truth::connected(Measure::Coverage, 0.5), texts);
    let begun = Instant::now();
    let quality = truth::coverage_quality(texts, &found, 0.5, texts.len());
    let exact_speed = megabytes(texts) / begun.elapsed().as_secs_f64();
    row(("generated", "coverage 0.5", texts.len()), quality, (speed, exact_speed))
}

fn timed(detector: &Detector, texts: &[String]) -> (Report, f64) {
    let begun = Instant::now();
    let report = detector.find(texts).unwrap();
    (report, megabytes(texts) / begun.elapsed().as_secs_f64())
}

fn megabytes(texts: &[String]) -> f64 {
    texts.iter().map(String::len).sum::<usize>() as f64 / 1e6
}

/// Prints a line and says whether it is good enough.
fn row(
    (corpus, measure, documents): (&str, &str, usize),
    quality: Quality,
    (speed, exact_speed): (f64, f64),
) -> bool {
    let (recall, precision) = (quality.recall(), quality.precision());
    println!(
        "{corpus:<11}{measure:<15}{documents:>10}{:>10}{recall:>10.5}{precision:>11.5}\
         {speed:>12.1}{exact_speed:>12.1}",
        quality.pairs
    );
    recall >= LEAST_RECALL && precision >= 1.0
}
