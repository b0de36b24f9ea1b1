//! Two texts to what a search makes of them, and why.

use super::builder::{DetectorBuilder, Keep};
use super::compare::Comparer;
use super::explanation::{Change, Explanation, Sketches, Verdict};
use super::{Detector, Engine, batch};
use crate::Result;
use crate::candidates::Fingerprints;
use crate::measure::{Criterion, Measure};
use crate::report::Comparison;
use crate::settings::Search;
use crate::sketch::{SimHash, compact_into, equal_slots, winnow};
use crate::verify::{Reading, Side};

const MEASURES: [Measure; 4] =
    [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming];

/// How far a pair comes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Unproposed,
    Screened,
    Compared,
    Found,
}

impl Detector {
    /// What [`find`](Detector::find) makes of these two texts alone, matched or not, and why: the
    /// exact counts, what the sketches say, how likely such a pair is proposed, what turned it down,
    /// and which single changes of the settings would accept it.
    ///
    /// Boilerplate, the unit and the choice of pairs are left aside: they depend on the corpus.
    ///
    /// The verdict is that of a search that was run, on the two texts. In a larger corpus the search
    /// proposes them all the same, unless they meet in crowds only
    /// ([`Limits::crowded`](crate::Limits)).
    ///
    /// Cost: that of [`find`](Detector::find) on two texts, and for a pair that is not found, about a
    /// dozen times that for the changes.
    ///
    /// # Errors
    ///
    /// As [`find`](Detector::find).
    ///
    /// See [`Explanation`] for an example.
    pub fn explain(&self, a: &str, b: &str) -> Result<Explanation> {
        let (mut x, mut y) = (Reading::default(), Reading::default());
        let (side_a, side_b) = (self.read(a, &mut x)?, self.read(b, &mut y)?);
        let mut comparer = Comparer::new(self);
        let comparison = comparer.compare(side_a, side_b, false);
        let has_tokens = !side_a.tokens.is_empty() && !side_b.tokens.is_empty();
        let sketches = has_tokens.then(|| self.sketches(side_a, side_b, &comparison));
        let stage = stage(&self.settings, a, b)?;
        let (proposed, kept) = self.probabilities(stage, &comparison);
        let changes = match stage {
            Stage::Found => Vec::new(),
            _ if has_tokens => self.changes(a, b, &comparison)?,
            _ => Vec::new(),
        };
        Ok(Explanation {
            verdict: match comparer.short_lack(side_a, side_b) {
                Some((found, needed)) if self.counts_nothing(&comparison) => {
                    Verdict::TooFewShortRuns { found, needed }
                }
                _ => self.verdict(stage, sketches, &comparison),
            },
            measure: self.criterion.measure,
            search: self.search(),
            comparison,
            sketches,
            proposed,
            kept,
            changes,
        })
    }

    fn sketches(&self, a: Side, b: Side, comparison: &Comparison) -> Sketches {
        match &self.engine {
            Engine::MinHash { hasher, lsh, least_equal, .. } => {
                let [a, b] = [a, b].map(|side| {
                    let mut slots = vec![0; hasher.slots()];
                    hasher.sketch_into(side.shingles, &mut slots);
                    let mut keys = vec![0; lsh.bands()];
                    lsh.keys(&slots, &mut keys);
                    let mut compact = vec![0; slots.len()];
                    compact_into(&slots, &mut compact);
                    (keys, compact)
                });
                Sketches::MinHash {
                    equal_bands: a.0.iter().zip(&b.0).filter(|(x, y)| x == y).count() as u32,
                    bands: lsh.bands() as u32,
                    equal_slots: equal_slots(&a.1, &b.1),
                    slots: hasher.slots() as u32,
                    needed_slots: *least_equal,
                }
            }
            Engine::Winnow { .. } if self.short().takes(a) && self.short().takes(b) => {
                let [a, b] = [a, b].map(|side| {
                    let mut neighbours = Vec::new();
                    self.short().neighbours(side.tokens.hashes(), &mut neighbours);
                    neighbours
                });
                let (neighbours_a, neighbours_b, shared) = distinct(a, b);
                Sketches::Short { neighbours_a, neighbours_b, shared }
            }
            Engine::Winnow { window } => {
                let least = self.rules.min_run;
                let [a, b] = [a, b].map(|side| {
                    let shingles = if side.tokens.len() < least { &[] } else { side.shingles };
                    let mut selected = Vec::new();
                    winnow(shingles, *window, &mut selected);
                    let mut fingerprints = Fingerprints::default();
                    fingerprints.push(shingles, &selected, self.widths(*window));
                    fingerprints.end();
                    fingerprints.of(0).to_vec()
                });
                let (fingerprints_a, fingerprints_b, shared) = distinct(a, b);
                Sketches::Winnow { fingerprints_a, fingerprints_b, shared }
            }
            Engine::Hamming => Sketches::Hamming {
                bits: SimHash::of(a.shingles).distance(SimHash::of(b.shingles)),
                most: self.criterion.bits(),
            },
            Engine::Exact => {
                let (shared, needed) = self.criterion.found_and_needed(&comparison.similarity);
                Sketches::Exact { shared: shared as u32, needed: needed as u32 }
            }
        }
    }

    /// Whether coverage is asked for and there is none.
    fn counts_nothing(&self, comparison: &Comparison) -> bool {
        self.criterion.measure == Measure::Coverage && comparison.similarity.covered_a == 0
    }

    fn probabilities(&self, stage: Stage, comparison: &Comparison) -> (f64, f64) {
        match &self.engine {
            Engine::MinHash { hasher, lsh, least_equal, .. } => {
                let jaccard = comparison.similarity.jaccard();
                let equal = jaccard + (1.0 - jaccard) / 256.0;
                (lsh.probability(jaccard), at_least(*least_equal, hasher.slots() as u32, equal))
            }
            _ => {
                let reached = |least| f64::from(u8::from(stage >= least));
                (reached(Stage::Screened), reached(Stage::Compared))
            }
        }
    }

    fn verdict(
        &self,
        stage: Stage,
        sketches: Option<Sketches>,
        comparison: &Comparison,
    ) -> Verdict {
        let pair = &comparison.similarity;
        let Some(sketches) = sketches else { return Verdict::NoTokens };
        let tokens = pair.tokens_a.min(pair.tokens_b);
        let least = match self.criterion.measure {
            // Between two short texts shorter runs count.
            Measure::Coverage => {
                let short =
                    self.short().least_of([pair.tokens_a, pair.tokens_b].map(|n| n as usize));
                short.unwrap_or(usize::MAX).min(self.rules.min_run)
            }
            // A short text has a SimHash like any other.
            Measure::Hamming => 0,
            _ => self.shingle,
        } as u32;
        if stage != Stage::Found && tokens < least {
            return Verdict::TooShort { found: tokens, needed: least };
        }
        let (found, needed) = self.criterion.found_and_needed(pair);
        let (found, needed) = (found as u32, needed as u32);
        match (stage, sketches) {
            (Stage::Found, _) => Verdict::Match,
            (Stage::Compared, _) | (Stage::Unproposed, Sketches::Short { .. }) => {
                Verdict::BelowThreshold { found, needed }
            }
            (Stage::Screened, Sketches::MinHash { equal_slots, needed_slots, .. }) => {
                Verdict::Screened { found: equal_slots, needed: needed_slots }
            }
            (Stage::Screened, Sketches::Exact { .. }) => {
                let (smaller, larger) =
                    (pair.shingles_a.min(pair.shingles_b), pair.shingles_a.max(pair.shingles_b));
                let needed = self.criterion.least_part(larger.into()) as u32;
                Verdict::Screened { found: smaller, needed }
            }
            (Stage::Screened, _) => Verdict::Screened { found, needed },
            (Stage::Unproposed, Sketches::MinHash { equal_bands, .. }) => {
                Verdict::NotProposed { found: equal_bands, needed: 1 }
            }
            (Stage::Unproposed, Sketches::Winnow { shared, .. }) => {
                Verdict::NotProposed { found: shared, needed: 1 }
            }
            (Stage::Unproposed, _) => Verdict::NotProposed { found, needed },
        }
    }

    /// Changes that make a search find the pair; each is tried.
    fn changes(&self, a: &str, b: &str, comparison: &Comparison) -> Result<Vec<Change>> {
        let measure = self.criterion.measure;
        let mut changes = Vec::new();
        if comparison.is_match {
            changes.push(Change::Search(Search::Exact));
        } else {
            let strictest = Criterion::strictest(measure, &comparison.similarity);
            changes.extend(strictest.map(|strictest| Change::Threshold(strictest.threshold())));
            if measure == Measure::Coverage {
                changes.extend(self.greatest_min_run(a, b)?.map(Change::MinRun));
            }
        }
        changes.extend(MEASURES.into_iter().filter(|&other| other != measure).map(Change::Measure));
        let mut accepted = Vec::new();
        for change in changes {
            if self.accepts_with(change, a, b)? {
                accepted.push(change);
            }
        }
        Ok(accepted)
    }

    /// A `min_run` that accepts the pair, where one more does not: found by halving.
    fn greatest_min_run(&self, a: &str, b: &str) -> Result<Option<usize>> {
        let (mut accepted, mut rejected) = (self.shingle, self.rules.min_run);
        if accepted == rejected || !self.accepts_with(Change::MinRun(accepted), a, b)? {
            return Ok(None);
        }
        while accepted + 1 < rejected {
            let middle = accepted.midpoint(rejected);
            if self.accepts_with(Change::MinRun(middle), a, b)? {
                accepted = middle;
            } else {
                rejected = middle;
            }
        }
        Ok(Some(accepted))
    }

    /// Whether a search with this change finds the pair; a change that does not fit the other
    /// settings does not.
    fn accepts_with(&self, change: Change, a: &str, b: &str) -> Result<bool> {
        let mut settings = self.settings.clone();
        settings.change(change);
        Ok(settings.build().is_ok() && stage(&settings, a, b)? == Stage::Found)
    }
}

/// How many distinct ones either list has, and both.
fn distinct<T: Ord>(a: Vec<T>, b: Vec<T>) -> (u32, u32, u32) {
    let [a, b] = [a, b].map(|mut all| {
        all.sort_unstable();
        all.dedup();
        all
    });
    let shared = a.iter().filter(|one| b.binary_search(one).is_ok()).count();
    (a.len() as u32, b.len() as u32, shared as u32)
}

/// How far two texts come in a search of their own.
fn stage(settings: &DetectorBuilder, a: &str, b: &str) -> Result<Stage> {
    // A priority of the caller's knows nothing of these texts.
    let detector = settings.matches_only().keep(Keep::First).build()?;
    let report = batch::find(&detector, &[a, b], 0)?;
    let stats = report.stats();
    Ok(if !report.clusters().is_empty() {
        Stage::Found
    } else if stats.verified > 0 {
        Stage::Compared
    } else if stats.candidates > 0 {
        Stage::Screened
    } else {
        Stage::Unproposed
    })
}

/// The probability of at least `least` hits in `n` trials of probability `p`: the binomial
/// distribution, from its mode outwards, so that nothing underflows, and by plain products, so that
/// every platform agrees.
fn at_least(least: u32, n: u32, p: f64) -> f64 {
    if p >= 1.0 || least == 0 {
        return 1.0;
    }
    let odds = p / (1.0 - p);
    let mode = ((f64::from(n) + 1.0) * p) as u32;
    let (mut all, mut reached) = (0.0, 0.0);
    let mut add = |hits: u32, weight: f64| {
        all += weight;
        reached += if hits >= least { weight } else { 0.0 };
    };
    add(mode, 1.0);
    let mut weight = 1.0;
    for hits in mode..n {
        weight *= f64::from(n - hits) / f64::from(hits + 1) * odds;
        add(hits + 1, weight);
    }
    weight = 1.0;
    for hits in (1..=mode).rev() {
        weight *= f64::from(hits) / f64::from(n - hits + 1) / odds;
        add(hits - 1, weight);
    }
    reached / all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against sums over Pascal's triangle, in thirds.
    #[test]
    fn binomial_tails() {
        for n in 1..30u32 {
            let mut row = vec![1u64];
            for _ in 0..n {
                let mut next = vec![1];
                next.extend(row.windows(2).map(|pair| pair[0] + pair[1]));
                next.push(1);
                row = next;
            }
            for least in 0..=n {
                let weight = |hits: u32| row[hits as usize] as f64 * 2f64.powi((n - hits) as i32);
                let exact = (least..=n).map(weight).sum::<f64>() / 3f64.powi(n as i32);
                assert!((at_least(least, n, 1.0 / 3.0) - exact).abs() < 1e-12, "{least} of {n}");
            }
        }
        // No underflow where the mode is far from both ends.
        assert!((at_least(32_768, 65_536, 0.5) - 0.5).abs() < 0.01);
        assert_eq!(at_least(100, 128, 0.0), 0.0);
    }
}
