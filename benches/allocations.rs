//! Memory of `find` beside the texts, and how often it allocates: a counting allocator tells.
//!
//! Fails when a document costs more than 300 bytes at a Jaccard threshold of 0.8, or when reading one
//! more document allocates. With `--quick`, and when run as a test, it looks at a part of each
//! corpus.

#![allow(missing_docs, unsafe_code)]

mod texts;

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use doublon::{Detector, Measure};
use texts::Corpus;

const MOST_BYTES: f64 = 300.0;
/// Lists grow and stretches of documents end: far less than one call a document.
const MOST_CALLS: f64 = 1.0;
/// With fewer documents the buffers of the threads outweigh them.
const FEWEST: usize = 8000;
/// Longer texts are left out: the buffers of a thread grow with the longest text, about 10 bytes for
/// each of its bytes.
const LONGEST: usize = 16 << 10;

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.fetch_add(1, Relaxed);
        PEAK.fetch_max(NOW.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller's promise is the one `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: `at` came from `System.alloc` with this layout.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes beside the texts at the peak, without the report, and calls, of one run.
fn cost(detector: &Detector, texts: &[String]) -> (usize, usize) {
    let (before, calls) = (NOW.load(Relaxed), CALLS.load(Relaxed));
    PEAK.store(before, Relaxed);
    let report = detector.find(texts).expect("no limit is reached");
    let calls = CALLS.load(Relaxed) - calls;
    let held = NOW.load(Relaxed) - before;
    drop(report);
    (PEAK.load(Relaxed) - before - held, calls)
}

/// What a document costs more: the difference between all texts and half of them, so that the
/// buffers of the threads do not count.
fn each(detector: &Detector, texts: &[String]) -> (f64, f64) {
    let half = texts.len() / 2;
    let ((bytes, calls), (half_bytes, half_calls)) =
        (cost(detector, texts), cost(detector, &texts[..half]));
    let more = |all: usize, part: usize| (all as f64 - part as f64) / (texts.len() - half) as f64;
    (more(bytes, half_bytes), more(calls, half_calls))
}

/// Texts that share nothing: what is allocated for them is not the report's.
fn unrelated(bytes: usize) -> Corpus {
    let mut random = texts::Random(7);
    let mut text =
        || (0..200).map(|_| format!("w{:x} ", random.below(1 << 30))).collect::<String>();
    let texts = (0..bytes / 2000).map(|_| text()).collect();
    Corpus { name: "unrelated", texts }
}

fn main() -> ExitCode {
    let flag = |name: &str| std::env::args().any(|arg| arg == name);
    if flag("--list") {
        return ExitCode::SUCCESS;
    }
    let bytes = if flag("--bench") && !flag("--quick") { usize::MAX } else { 16 << 20 };
    let corpora = [
        Some(unrelated(bytes.min(64 << 20))),
        Some(texts::generated(bytes.min(64 << 20))),
        texts::real("msdocs_fr", bytes),
        texts::real("legifr_20k", bytes),
    ];
    println!(
        "{:<12}{:<12}{:>10}{:>12}{:>12}",
        "corpus", "measure", "documents", "bytes each", "calls each"
    );
    let mut good = true;
    for Corpus { name, mut texts } in corpora.into_iter().flatten() {
        texts.retain(|text| text.len() <= LONGEST);
        for (measure, threshold) in [(Measure::Jaccard, 0.8), (Measure::Coverage, 0.5)] {
            let mut builder = Detector::builder();
            builder.measure(measure).threshold(threshold).repeats(false);
            let detector = builder.build().expect("valid settings");
            let (bytes, calls) = each(&detector, &texts);
            let measure_name = measure.to_string();
            println!("{name:<12}{measure_name:<12}{:>10}{bytes:>12.0}{calls:>12.2}", texts.len());
            let few = texts.len() < FEWEST;
            good &= measure != Measure::Jaccard || few || bytes <= MOST_BYTES;
            good &= name != "unrelated" || calls < MOST_CALLS;
        }
    }
    if !good {
        eprintln!("error: more than {MOST_BYTES} bytes a document, or allocations for each");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
