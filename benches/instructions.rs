//! Instructions of the hot loops, counted by `valgrind --tool=callgrind` on fixed texts: the same
//! on a busy machine as on a quiet one. Fails when a loop takes over 5 % more than `instructions.txt`
//! says; says so when it takes over 5 % fewer.
//!
//! `cargo bench --bench instructions -- --record` writes the file anew. Another compiler may count
//! otherwise: record before and after a change with the same one.

#![allow(missing_docs)]

mod texts;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hint::black_box;
use std::process::{Command, ExitCode};

use doublon::candidates::Lsh;
use doublon::corpus::JsonFile;
use doublon::cpu::{Level, use_up_to};
use doublon::shingle::shingles;
use doublon::sketch::{MinHash, MinHasher, SimHash, winnow};
use doublon::text::{Tokenize, Tokens, Words};
use doublon::{Detector, Measure};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.txt");
const TOLERANCE: f64 = 0.05;
const BYTES: usize = 200_000;

/// The loops: what is counted, and what one round of it is.
const LOOPS: [(&str, Level, Make); 13] = [
    ("tokens, AVX2", Level::Avx2, tokens),
    ("tokens, SSE2", Level::Sse2, tokens),
    ("tokens, plain", Level::Plain, tokens),
    ("shingles", Level::Avx2, shingles_of_tokens),
    ("MinHash, AVX2", Level::Avx2, minhash),
    ("MinHash, SSE2", Level::Sse2, minhash),
    ("SimHash", Level::Avx2, simhash),
    ("SimHash scan", Level::Avx2, simhash_scan),
    ("winnowing", Level::Avx2, winnowing),
    ("bands", Level::Avx2, bands),
    ("JSON Lines", Level::Avx2, json_lines),
    ("find, Jaccard 0.8", Level::Avx2, jaccard),
    ("find, coverage 0.5", Level::Avx2, coverage),
];

/// Prepares a loop; each call of what it gives is one round.
type Make = fn() -> Box<dyn FnMut()>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    let flag = |name: &str| args.iter().any(|arg| arg == name);
    if let Some(at) = args.iter().position(|arg| arg == "--count") {
        count(&args[at + 1], &args[at + 2]);
        return ExitCode::SUCCESS;
    }
    if flag("--list") || !flag("--bench") {
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("SKIPPED: instructions: valgrind is not installed");
        return ExitCode::SUCCESS;
    }
    let recorded = recorded();
    let (mut good, mut file) = (true, String::new());
    println!("{:<22}{:>14}{:>14}{:>9}", "instructions a round", "recorded", "counted", "change");
    for (name, level, _) in LOOPS {
        if use_up_to(level) != level {
            eprintln!("SKIPPED: {name}: this CPU does not have it");
            continue;
        }
        // What comes before the loop is in both.
        let counted = instructions(name, 3) - instructions(name, 1);
        let counted = counted / 2;
        writeln!(file, "{counted:>10}  {name}").expect("a string takes everything");
        let Some(&before) = recorded.get(name) else {
            println!("{name:<22}{:>14}{counted:>14}{:>9}", "-", "new");
            good &= flag("--record");
            continue;
        };
        let change = counted as f64 / before as f64 - 1.0;
        let verdict = match change {
            _ if change > TOLERANCE => "  too many",
            _ if change < -TOLERANCE => "  fewer: record it",
            _ => "",
        };
        println!("{name:<22}{before:>14}{counted:>14}{:>8.1}%{verdict}", 100.0 * change);
        good &= change <= TOLERANCE;
    }
    if flag("--record") {
        std::fs::write(FILE, file).expect("the record can be written");
        return ExitCode::SUCCESS;
    }
    if !good {
        eprintln!("error: a loop takes more than 5 % over its record, or has none");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn recorded() -> BTreeMap<String, u64> {
    let file = std::fs::read_to_string(FILE).unwrap_or_default();
    let line = |line: &str| {
        let (count, name) = line.trim().split_once("  ")?;
        Some((name.to_owned(), count.parse().ok()?))
    };
    file.lines().filter_map(line).collect()
}

/// Instructions of a run of this program that does so many rounds.
fn instructions(name: &str, rounds: u32) -> u64 {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["--count", name, &rounds.to_string()])
        .output()
        .expect("valgrind was found");
    let said = String::from_utf8_lossy(&output.stderr);
    let count = said.lines().find_map(|line| line.split_once("Collected : "));
    let count = count.and_then(|(_, count)| count.trim().parse().ok());
    count.unwrap_or_else(|| panic!("{name}: valgrind says {said}"))
}

fn count(name: &str, rounds: &str) {
    let (_, level, make) = *LOOPS.iter().find(|(known, ..)| *known == name).expect("a known loop");
    use_up_to(level);
    // Who waits for whom is not the same twice.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
    pool.build_global().expect("no pool was made before");
    let mut round = make();
    for _ in 0..rounds.parse().expect("a number of rounds") {
        round();
    }
}

fn articles() -> Vec<String> {
    texts::articles(1, BYTES)
}

/// Token hashes and 5-word shingles of each article.
fn read() -> (Vec<Vec<u64>>, Vec<Vec<u64>>) {
    let mut tokens = Tokens::new();
    let read = |text: &String| {
        tokens.clear();
        Words.tokenize(text, &mut tokens);
        let mut hashes = Vec::new();
        shingles(tokens.hashes(), 5, &mut hashes);
        (tokens.hashes().to_vec(), hashes)
    };
    articles().iter().map(read).unzip()
}

fn tokens() -> Box<dyn FnMut()> {
    let (texts, mut tokens) = (articles(), Tokens::new());
    Box::new(move || {
        for text in &texts {
            tokens.clear();
            Words.tokenize(text, &mut tokens);
            black_box(tokens.hashes());
        }
    })
}

fn shingles_of_tokens() -> Box<dyn FnMut()> {
    let ((tokens, _), mut hashes) = (read(), Vec::new());
    Box::new(move || {
        for tokens in &tokens {
            shingles(tokens, 5, &mut hashes);
            black_box(&hashes);
        }
    })
}

fn hasher() -> MinHasher {
    MinHasher::new(128).expect("128 is a power of two")
}

fn minhash() -> Box<dyn FnMut()> {
    let ((_, sets), hasher) = (read(), hasher());
    Box::new(move || {
        for set in &sets {
            black_box(hasher.sketch(set));
        }
    })
}

fn simhash() -> Box<dyn FnMut()> {
    let (_, sets) = read();
    Box::new(move || {
        for set in &sets {
            black_box(SimHash::of(set));
        }
    })
}

fn simhash_scan() -> Box<dyn FnMut()> {
    let mut random = texts::Random(3);
    let hashes: Vec<SimHash> = (0..10_000).map(|_| SimHash::from_bits(random.next())).collect();
    let mut found = Vec::new();
    Box::new(move || {
        for query in &hashes[..20] {
            query.near(&hashes, 3, &mut found);
        }
        found.clear();
    })
}

fn winnowing() -> Box<dyn FnMut()> {
    let ((_, sets), mut selected) = (read(), Vec::new());
    Box::new(move || {
        for set in &sets {
            winnow(set, 12, &mut selected);
            black_box(&selected);
        }
    })
}

fn bands() -> Box<dyn FnMut()> {
    let (_, sets) = read();
    let lsh = Lsh::for_threshold(0.8, 128).expect("a threshold in range");
    let sketches: Vec<MinHash> = sets.iter().map(|set| hasher().sketch(set)).collect();
    Box::new(move || {
        black_box(lsh.groups(&sketches).expect("few sketches").len());
    })
}

fn json_lines() -> Box<dyn FnMut()> {
    let lines: String = articles()
        .iter()
        .enumerate()
        .map(|(id, text)| serde_json::json!({ "id": id.to_string(), "text": text }).to_string())
        .map(|line| line + "\n")
        .collect();
    Box::new(move || {
        let mut file = JsonFile::from_bytes(lines.as_bytes()).expect("nothing is compressed");
        black_box(file.documents().filter(Result::is_ok).count());
    })
}

fn find(measure: Measure, threshold: f64) -> Box<dyn FnMut()> {
    let mut builder = Detector::builder();
    let detector = builder.measure(measure).threshold(threshold).build().expect("known settings");
    let texts = articles();
    Box::new(move || {
        black_box(detector.find(&texts).expect("no limit is reached").clusters().len());
    })
}

fn jaccard() -> Box<dyn FnMut()> {
    find(Measure::Jaccard, 0.8)
}

fn coverage() -> Box<dyn FnMut()> {
    find(Measure::Coverage, 0.5)
}
