//! From JSON Lines to verified clusters, beside what everyone knows: `wc -w` counting the words of the
//! same file, `serde_json` parsing its lines, and a hash of its bytes.
//!
//! Each row is the best of several rounds, which take turns, so that all rows of a table were
//! measured in one run on one file. In each round a row runs twice in a row: a virtual machine may
//! have given memory back to its host meanwhile, and what it costs to get it again (as much as the
//! whole search, for the decoded texts of msdocs_fr) is no row's own. doublon runs on one thread unless the row says otherwise, and
//! its time holds everything: opening the file, reading, searching, verifying, passages. The last row
//! tells what a second thread is worth on the machine: two `wc`, each of the whole file. Fails when
//! a precision is below 1, or a recall below 0.999 without a crowd that was cut short and counted;
//! never for a time.
//!
//! With `--quick`, and when run as a test, it looks at a part of each corpus.

#![allow(missing_docs)]

mod texts;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use doublon::corpus::{Document, JsonFile};
use doublon::{Detector, Measure, Report, Search};
use texts::truth::{self, Quality};

const LEAST_RECALL: f64 = 0.999;
const JACCARD: f64 = 0.8;
const COVERAGE: f64 = 0.5;

fn main() -> ExitCode {
    let flag = |name: &str| std::env::args().any(|arg| arg == name);
    if flag("--list") {
        return ExitCode::SUCCESS;
    }
    let whole = flag("--bench") && !flag("--quick");
    let (rounds, bytes, sample) = if whole { (4, usize::MAX, 12) } else { (1, 4 << 20, 3) };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut good = true;
    for name in ["generated", "msdocs_fr", "gesetze", "licences"] {
        let path = folder.path().join(name);
        if write(name, &path, bytes) {
            good &= table(name, &path, rounds, sample);
            fs::remove_file(&path).expect("the file was just written");
        }
    }
    if !good {
        eprintln!("error: a precision below 1, or a recall below {LEAST_RECALL} and no crowd");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Writes a corpus as plain JSON Lines, up to so many bytes; says whether it is at hand.
fn write(name: &str, path: &Path, bytes: usize) -> bool {
    let mut out = BufWriter::new(File::create(path).expect("the file can be made"));
    if name == "generated" {
        for (id, text) in texts::generated(bytes.min(64 << 20)).texts.iter().enumerate() {
            let line = serde_json::json!({ "id": id.to_string(), "text": text });
            writeln!(out, "{line}").expect("the file can be written");
        }
        return true;
    }
    let Some(packed) = texts::real_path(name) else { return false };
    let packed = BufReader::new(File::open(packed).expect("the corpus can be opened"));
    let mut lines = BufReader::new(flate2::bufread::MultiGzDecoder::new(packed));
    let (mut line, mut written) = (Vec::new(), 0);
    while written < bytes && lines.read_until(b'\n', &mut line).expect("the corpus is valid") > 0 {
        out.write_all(&line).expect("the file can be written");
        written += line.len();
        line.clear();
    }
    true
}

/// One row: what is timed, and the best time so far.
struct Row<'a> {
    name: &'a str,
    threads: usize,
    run: Box<dyn Fn() -> Option<usize> + Send + Sync + 'a>,
    seconds: f64,
    clusters: Option<usize>,
    quality: Option<Quality>,
}

fn table(name: &str, path: &Path, rounds: usize, sample: usize) -> bool {
    let detector = |measure, threshold, search| {
        let mut builder = Detector::builder();
        builder.measure(measure).threshold(threshold).search(search).repeats(false);
        builder
    };
    let jaccard = detector(Measure::Jaccard, JACCARD, Search::Auto).build().unwrap();
    let repeats = detector(Measure::Jaccard, JACCARD, Search::Auto).repeats(true).build().unwrap();
    let coverage = detector(Measure::Coverage, COVERAGE, Search::Auto).build().unwrap();
    let exact = detector(Measure::Jaccard, JACCARD, Search::Exact).build().unwrap();
    let clusters =
        |detector| move || Some(find(path, detector, |_, report| report.clusters().len()));
    let mut rows = [
        row("wc -w", 1, || word_counts(path, 1).then_some(0)),
        row("serde_json parse", 1, || Some(parse(path))),
        row("xxh3 of the bytes", 1, || Some(hash(path))),
        row("doublon jaccard 0.8", 1, clusters(&jaccard)),
        row("doublon coverage 0.5", 1, clusters(&coverage)),
        row("doublon exact 0.8", 1, clusters(&exact)),
        row("jaccard with repeats", 1, clusters(&repeats)),
        row("jaccard, 2 threads", 2, clusters(&jaccard)),
        row("coverage, 2 threads", 2, clusters(&coverage)),
        row("wc -w, two at once", 1, || word_counts(path, 2).then_some(0)),
    ];
    let pools = [1, 2].map(|threads| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be made")
    });
    for _ in 0..rounds {
        for at in (0..rows.len()).flat_map(|at| [at, at]) {
            let row = &mut rows[at];
            let begun = Instant::now();
            let found = pools[row.threads - 1].install(&row.run);
            if found.is_some() {
                row.seconds = row.seconds.min(begun.elapsed().as_secs_f64());
                row.clusters =
                    found.filter(|_| row.name.contains("0.8") || row.name.contains("0.5"));
            }
        }
    }
    let [of_jaccard, of_coverage] = qualities(path, sample);
    rows[3].quality = Some(of_jaccard);
    rows[4].quality = Some(of_coverage);
    print(name, path, &rows);
    [of_jaccard, of_coverage].iter().all(|quality| {
        let found = quality.recall() >= LEAST_RECALL || quality.crowded > 0;
        found && quality.precision() >= 1.0
    })
}

fn row<'a>(
    name: &'a str,
    threads: usize,
    run: impl Fn() -> Option<usize> + Send + Sync + 'a,
) -> Row<'a> {
    Row { name, threads, run: Box::new(run), seconds: f64::MAX, clusters: None, quality: None }
}

/// Everything from the name of a file to what is taken of the report.
fn find<R>(path: &Path, detector: &Detector, take: impl FnOnce(&[Document], &Report) -> R) -> R {
    let mut file = JsonFile::open(path).expect("the file was just written");
    let documents: Vec<Document> =
        file.documents().collect::<doublon::Result<_>>().expect("its lines are valid");
    let report = detector.find(&documents).expect("no limit is reached");
    take(&documents, &report)
}

/// What the timed searches find, against the exact join, and against comparing some documents with
/// all.
fn qualities(path: &Path, sample: usize) -> [Quality; 2] {
    let all = find(path, &truth::exact_jaccard(JACCARD), |_, report| truth::pairs(report));
    let jaccard = truth::connected(Measure::Jaccard, JACCARD);
    let coverage = truth::connected(Measure::Coverage, COVERAGE);
    [
        find(path, &jaccard, |texts, report| truth::quality(texts.len(), report, &all)),
        find(path, &coverage, |texts, report| {
            truth::coverage_quality(texts, report, COVERAGE, sample)
        }),
    ]
}

/// Whether there was a `wc` that counts the words of UTF-8. Several at once, each of the whole file:
/// what the machine gives to so many threads.
fn word_counts(path: &Path, at_once: usize) -> bool {
    let started: Vec<_> = (0..at_once)
        .map(|_| {
            let mut command = Command::new("wc");
            command.env("LC_ALL", "C.UTF-8").arg("-w").arg(path).stdout(Stdio::null()).spawn()
        })
        .collect();
    let counted =
        started.into_iter().map(|wc| wc.is_ok_and(|mut wc| wc.wait().is_ok_and(|s| s.success())));
    counted.fold(true, |all, counted| all & counted)
}

#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct Line {
    id: String,
    text: String,
}

fn parse(path: &Path) -> usize {
    let mut lines = BufReader::with_capacity(1 << 18, File::open(path).expect("it was written"));
    let (mut line, mut kept) = (Vec::new(), 0);
    while lines.read_until(b'\n', &mut line).expect("it can be read") > 0 {
        let parsed: Line = serde_json::from_slice(&line).expect("its lines are valid");
        kept += parsed.id.len() + parsed.text.len();
        line.clear();
    }
    kept
}

fn hash(path: &Path) -> usize {
    let mut file = File::open(path).expect("it was written");
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer).expect("it can be read") {
            0 => return hasher.digest() as usize,
            read => hasher.update(&buffer[..read]),
        }
    }
}

fn print(name: &str, path: &Path, rows: &[Row]) {
    let megabytes = fs::metadata(path).map_or(0.0, |file| file.len() as f64 / 1e6);
    println!("\n{name}: {megabytes:.1} MB of JSON Lines");
    println!(
        "{:<22}{:>9}{:>9}{:>8}{:>9}{:>10}{:>10}{:>11}{:>9}",
        "", "seconds", "MB/s", "x wc", "x parse", "clusters", "recall", "precision", "crowded"
    );
    let ratio = |other: &Row, row: &Row| match other.seconds {
        f64::MAX => "-".to_owned(),
        seconds => format!("{:.2}", seconds / row.seconds),
    };
    for row in rows.iter().filter(|row| row.seconds < f64::MAX) {
        let clusters = row.clusters.map_or(String::new(), |clusters| clusters.to_string());
        let [recall, precision, crowded] = match row.quality {
            Some(quality) => [
                format!("{:.5}", quality.recall()),
                format!("{:.5}", quality.precision()),
                quality.crowded.to_string(),
            ],
            None => Default::default(),
        };
        println!(
            "{:<22}{:>9.3}{:>9.0}{:>8}{:>9}{clusters:>10}{recall:>10}{precision:>11}\
             {crowded:>9}",
            row.name,
            row.seconds,
            megabytes / row.seconds,
            ratio(&rows[0], row),
            ratio(&rows[1], row),
        );
    }
}
