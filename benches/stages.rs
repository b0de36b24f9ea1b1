//! The cost of each stage on one thread, for each level of CPU this machine has, in one table: what
//! the page on the design quotes.
//!
//! Each figure is the least of many rounds, which take turns. With `--quick`, and when run as a test,
//! there are few and they are short.

#![allow(missing_docs)]

mod texts;

use std::hint::black_box;
use std::time::Instant;

use doublon::cpu::{Level, use_up_to};
use doublon::shingle::shingles;
use doublon::sketch::{MinHasher, SimHash, winnow};
use doublon::text::{Tokenize, Tokens, Words, paragraphs};

/// What is measured: a name, its unit, how many units one call does, and the call.
struct Stage<'a> {
    name: String,
    unit: &'static str,
    units: usize,
    run: Box<dyn FnMut() + 'a>,
    /// Nanoseconds a unit at each level.
    least: [f64; LEVELS.len()],
}

const LEVELS: [Level; 4] = [Level::Avx512, Level::Avx2, Level::Sse2, Level::Plain];

fn main() {
    let flag = |name: &str| std::env::args().any(|arg| arg == name);
    if flag("--list") {
        return;
    }
    let whole = flag("--bench") && !flag("--quick");
    let (rounds, bytes) = if whole { (25, 8 << 20) } else { (2, 1 << 18) };
    let english = texts::real("licences", bytes).unwrap_or_else(|| texts::generated(bytes));
    let french = texts::real("legifr_20k", bytes).unwrap_or_else(|| texts::generated(bytes));
    let mut stages: Vec<Stage> = Vec::new();
    let mut push = |name: &str, unit, units, run: Box<dyn FnMut()>| {
        stages.push(Stage { name: name.to_owned(), unit, units, run, least: [f64::MAX; 4] });
    };
    for (language, corpus) in [("English", english), ("French", french)] {
        // Every stage has its own copy: the stages outlive this loop.
        let texts = std::rc::Rc::new(corpus.texts);
        let mut tokens = Tokens::new();
        let mut hashes = Vec::new();
        let (mut of_texts, mut sets, mut count) = (Vec::new(), Vec::new(), 0);
        for text in texts.iter() {
            tokens.clear();
            Words.tokenize(text, &mut tokens);
            shingles(tokens.hashes(), 5, &mut hashes);
            count += tokens.len();
            of_texts.push(tokens.hashes().to_vec());
            sets.push(hashes.clone());
        }
        let all: usize = sets.iter().map(Vec::len).sum();
        let (read, cut) = (texts.clone(), texts.clone());
        let (mut tokens, mut more_tokens) = (Tokens::new(), Tokens::new());
        let mut hashes = Vec::new();
        push(
            &format!("tokens, {language}"),
            "token",
            count,
            Box::new(move || {
                for text in read.iter() {
                    tokens.clear();
                    Words.tokenize(text, &mut tokens);
                    black_box(tokens.len());
                }
            }),
        );
        push(
            &format!("text to shingles, {language}"),
            "token",
            count,
            Box::new(move || {
                for text in texts.iter() {
                    more_tokens.clear();
                    Words.tokenize(text, &mut more_tokens);
                    shingles(more_tokens.hashes(), 5, &mut hashes);
                    black_box(hashes.len());
                }
            }),
        );
        push(
            &format!("paragraphs, {language}"),
            "token",
            count,
            Box::new(move || {
                for text in cut.iter() {
                    black_box(paragraphs(text).count());
                }
            }),
        );
        if language == "French" {
            continue;
        }
        let mut hashes = Vec::new();
        push(
            "shingles of tokens",
            "shingle",
            all,
            Box::new(move || {
                for tokens in &of_texts {
                    shingles(tokens, 5, &mut hashes);
                    black_box(hashes.len());
                }
            }),
        );
        let mut selected = Vec::new();
        push(
            "winnowing, window 12",
            "shingle",
            all,
            Box::new(move || {
                for set in &sets {
                    winnow(set, 12, &mut selected);
                    black_box(selected.len());
                }
            }),
        );
    }
    let mut random = texts::Random(5);
    let work = if whole { 400_000 } else { 20_000 };
    for n in [50, 320, 5_000] {
        let sets: Vec<Vec<u64>> =
            (0..work / n).map(|_| (0..n).map(|_| random.next()).collect()).collect();
        let copy = sets.clone();
        let hasher = MinHasher::new(128).expect("128 is a power of two");
        push(
            &format!("MinHash, 128 slots, {n} shingles"),
            "shingle",
            work / n * n,
            Box::new(move || {
                for set in &sets {
                    black_box(hasher.sketch(set));
                }
            }),
        );
        if n == 320 {
            let classic = texts::Classic::new(128);
            let sets = copy[..copy.len() / 20 + 1].to_vec();
            push(
                "(a x + b) mod (2^61 - 1), 128 slots",
                "shingle",
                sets.len() * n,
                Box::new(move || {
                    for set in &sets {
                        black_box(classic.sketch(set));
                    }
                }),
            );
            push(
                "SimHash, 320 shingles",
                "shingle",
                work / n * n,
                Box::new(move || {
                    for set in &copy {
                        black_box(SimHash::of(set));
                    }
                }),
            );
        }
    }
    let hashes: Vec<SimHash> = (0..20_000).map(|_| SimHash::from_bits(random.next())).collect();
    let queries = if whole { 100 } else { 10 };
    let mut found = Vec::new();
    push(
        "SimHash scan, 3 bits",
        "pair",
        queries * hashes.len(),
        Box::new(move || {
            for query in &hashes[..queries] {
                query.near(&hashes, 3, &mut found);
            }
            found.clear();
        }),
    );

    let available: Vec<bool> = LEVELS.iter().map(|&level| use_up_to(level) == level).collect();
    for _ in 0..rounds {
        for stage in &mut stages {
            for (at, &level) in LEVELS.iter().enumerate().filter(|&(at, _)| available[at]) {
                use_up_to(level);
                let begun = Instant::now();
                (stage.run)();
                let each = begun.elapsed().as_secs_f64() * 1e9 / stage.units as f64;
                stage.least[at] = stage.least[at].min(each);
            }
        }
    }
    use_up_to(Level::Avx512);

    println!("{:<38}{:>9}{:>9}{:>9}{:>9}", "nanoseconds a", "avx512", "avx2", "sse2", "plain");
    for stage in &stages {
        print!("{:<38}", format!("{} ({})", stage.name, stage.unit));
        for least in stage.least {
            let digits = if least < 1.0 { 3 } else { 2 };
            let figure = if least < f64::MAX { format!("{least:.digits$}") } else { "-".into() };
            print!("{figure:>9}");
        }
        println!();
    }
}
