//! Settings of a detector, made of one byte each.

use arbitrary::Arbitrary;
use doublon::{Clustering, Detector, DetectorBuilder, Keep, Measure, Search, Similarity};

/// Reduced to valid values by the getters. `"00000000"` in a seed gives coverage of at least one
/// twentieth, shingles of one token, runs of as many, no gaps.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Settings {
    measure: u8,
    threshold: u8,
    shingle: u8,
    min_run: u8,
    max_gap: u8,
    search: u8,
    cluster: u8,
    keep: u8,
}

/// What a byte of a seed means: `'0'` is 0, and the digits and letters behind it follow.
fn digit(byte: u8) -> usize {
    usize::from(byte.wrapping_sub(b'0'))
}

impl Settings {
    pub fn measure(self) -> Measure {
        [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming]
            [digit(self.measure) % 4]
    }

    /// In twentieths of a share; for Hamming in bits.
    fn limit(self) -> u32 {
        match self.measure() {
            Measure::Hamming => digit(self.threshold) as u32 % 17,
            _ => digit(self.threshold) as u32 % 20 + 1,
        }
    }

    pub fn shingle(self) -> usize {
        digit(self.shingle) % 7 + 1
    }

    pub fn min_run(self) -> usize {
        self.shingle() + digit(self.min_run) % 16
    }

    pub fn max_gap(self) -> usize {
        digit(self.max_gap) % 20
    }

    /// Whether [`builder`](Self::builder) makes a detector that promises every pair.
    pub fn finds_every_pair(self) -> bool {
        self.search() == Search::Exact || self.measure() != Measure::Jaccard
    }

    fn search(self) -> Search {
        match (self.measure(), digit(self.search) % 2) {
            (Measure::Jaccard | Measure::Containment, 1) => Search::Exact,
            // The lowest thresholds need larger sketches than a fuzzer has time for.
            (Measure::Jaccard, _) if self.limit() < 8 => Search::Exact,
            _ => Search::Auto,
        }
    }

    pub fn cluster(self) -> Clustering {
        [Clustering::Star, Clustering::Connected, Clustering::CompleteLink][digit(self.cluster) % 3]
    }

    pub fn keeps_longest(self) -> bool {
        digit(self.keep) % 3 == 0
    }

    pub fn builder(self) -> DetectorBuilder {
        let keep = [Keep::Longest, Keep::First, Keep::Last][digit(self.keep) % 3].clone();
        let threshold = match self.measure() {
            Measure::Hamming => f64::from(self.limit()),
            _ => f64::from(self.limit()) / 20.0,
        };
        let mut builder = Detector::builder();
        builder
            .measure(self.measure())
            .threshold(threshold)
            .shingle(self.shingle())
            .min_run(self.min_run())
            .max_gap(self.max_gap())
            .search(self.search())
            .cluster(self.cluster())
            .keep(keep);
        builder
    }

    /// Whether a pair with these counts is a match, in plain integers.
    pub fn accepts(self, pair: &Similarity) -> bool {
        let (tokens_a, tokens_b) = (pair.tokens_a(), pair.tokens_b());
        let (part, whole) = match self.measure() {
            Measure::Coverage if tokens_a < tokens_b => (pair.covered_a(), tokens_a),
            Measure::Coverage if tokens_a > tokens_b => (pair.covered_b(), tokens_b),
            Measure::Coverage => (pair.covered_a().max(pair.covered_b()), tokens_a),
            Measure::Jaccard => {
                (pair.shared(), pair.shingles_a() + pair.shingles_b() - pair.shared())
            }
            Measure::Containment => (pair.shared(), pair.shingles_a().min(pair.shingles_b())),
            _ => return tokens_a > 0 && tokens_b > 0 && pair.hamming() <= self.limit(),
        };
        whole > 0 && part * 20 >= self.limit() * whole
    }
}
