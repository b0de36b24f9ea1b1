//! What a search makes of a pair, for programs.

use doublon::{Change, Explanation, Sketches, Verdict};
use serde::Serialize;

#[derive(Serialize)]
pub struct Explained {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<u32>,
    /// What is counted in both texts under every measure.
    tokens: [u32; 2],
    covered: [u32; 2],
    shingles: [u32; 2],
    shared: u32,
    hamming: u32,
    probability_proposed: f64,
    probability_kept: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sketches: Option<Read>,
    changes: Vec<Changed>,
}

/// What the search reads of the texts.
#[derive(Serialize)]
#[serde(untagged)]
enum Read {
    MinHash { equal_bands: u32, bands: u32, equal_slots: u32, slots: u32, needed_slots: u32 },
    Winnow { fingerprints: [u32; 2], shared_fingerprints: u32 },
    Short { neighbours: [u32; 2], shared_neighbours: u32 },
    Hamming { differing_bits: u32, most_bits: u32 },
    Exact { shared_shingles: u32, needed_shingles: u32 },
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Changed {
    Threshold(f64),
    MinRun(usize),
    Search(String),
    Measure(String),
}

impl Explained {
    pub fn new(explanation: &Explanation) -> Self {
        let (verdict, numbers) = match explanation.verdict() {
            Verdict::Match => ("match", None),
            Verdict::NoTokens => ("no-tokens", None),
            Verdict::TooShort { found, needed } => ("too-short", Some((found, needed))),
            Verdict::TooFewShortRuns { found, needed } => {
                ("too-few-short-runs", Some((found, needed)))
            }
            Verdict::NotProposed { found, needed } => ("not-proposed", Some((found, needed))),
            Verdict::Screened { found, needed } => ("screened", Some((found, needed))),
            Verdict::BelowThreshold { found, needed } => ("below-threshold", Some((found, needed))),
            _ => ("other", None),
        };
        let counts = explanation.comparison().similarity();
        Self {
            verdict,
            found: numbers.map(|numbers| numbers.0),
            needed: numbers.map(|numbers| numbers.1),
            tokens: [counts.tokens_a(), counts.tokens_b()],
            covered: [counts.covered_a(), counts.covered_b()],
            shingles: [counts.shingles_a(), counts.shingles_b()],
            shared: counts.shared(),
            hamming: counts.hamming(),
            probability_proposed: rounded(explanation.probability_proposed()),
            probability_kept: rounded(explanation.probability_kept()),
            sketches: explanation.sketches().and_then(read),
            changes: explanation.changes().iter().filter_map(changed).collect(),
        }
    }
}

fn rounded(probability: f64) -> f64 {
    (probability * 1e6).round() / 1e6
}

fn read(sketches: Sketches) -> Option<Read> {
    Some(match sketches {
        Sketches::MinHash { equal_bands, bands, equal_slots, slots, needed_slots } => {
            Read::MinHash { equal_bands, bands, equal_slots, slots, needed_slots }
        }
        Sketches::Winnow { fingerprints_a, fingerprints_b, shared } => Read::Winnow {
            fingerprints: [fingerprints_a, fingerprints_b],
            shared_fingerprints: shared,
        },
        Sketches::Short { neighbours_a, neighbours_b, shared } => {
            Read::Short { neighbours: [neighbours_a, neighbours_b], shared_neighbours: shared }
        }
        Sketches::Hamming { bits, most } => Read::Hamming { differing_bits: bits, most_bits: most },
        Sketches::Exact { shared, needed } => {
            Read::Exact { shared_shingles: shared, needed_shingles: needed }
        }
        _ => return None,
    })
}

fn changed(change: &Change) -> Option<Changed> {
    Some(match change {
        Change::Threshold(threshold) => Changed::Threshold(*threshold),
        Change::MinRun(min_run) => Changed::MinRun(*min_run),
        Change::Search(search) => Changed::Search(search.to_string()),
        Change::Measure(measure) => Changed::Measure(measure.to_string()),
        _ => return None,
    })
}
