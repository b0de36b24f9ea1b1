//! What a sample says of a corpus: intervals of 95 %.

use std::fmt;

/// An estimate between the ends of its 95 % confidence interval.
///
/// ```
/// let audit = doublon::Detector::default().audit(&["the same", "the same"], 10, 1)?;
/// let recall = audit.recall();
/// // All documents were looked at: nothing is left to chance.
/// assert_eq!((recall.low(), recall.estimate(), recall.high()), (1.0, 1.0, 1.0));
/// assert_eq!(recall.to_string(), "1.0000 (1.0000 to 1.0000)");
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Interval {
    low: f64,
    estimate: f64,
    high: f64,
}

impl Interval {
    /// The lower end.
    ///
    /// See [`Interval`] for an example.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The estimate itself.
    ///
    /// See [`Interval`] for an example.
    pub fn estimate(&self) -> f64 {
        self.estimate
    }

    /// The upper end.
    ///
    /// See [`Interval`] for an example.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// The interval of a mean of shares in corpora of these kinds (Wilson 1927, with the sample size
    /// that says as much as these samples do: Korn and Graubard 1998). Wilson's is for items that are
    /// right or wrong; the mean of other shares varies less.
    pub(crate) fn of_mean(mean: f64, samples: &[Sample]) -> Self {
        let mean = mean.clamp(0.0, 1.0);
        let all: usize = samples.iter().map(|sample| sample.of).sum();
        // z^2 / n; nothing is left to chance where all were looked at (the finite population
        // correction: Cochran, Sampling Techniques, section 2.6).
        let per_item: f64 = samples
            .iter()
            .filter(|sample| sample.drawn < sample.of)
            .map(|&Sample { drawn, of }| {
                let share = of as f64 / all as f64;
                let left = (of - drawn) as f64 / (of - 1).max(1) as f64;
                Z * Z * share * share * left / drawn.max(1) as f64
            })
            .sum();
        let center = mean + per_item / 2.0;
        let half = (mean * (1.0 - mean) * per_item + per_item * per_item / 4.0).sqrt();
        Self {
            low: ((center - half) / (1.0 + per_item)).clamp(0.0, mean),
            estimate: mean,
            high: ((center + half) / (1.0 + per_item)).clamp(mean, 1.0),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [estimate, low, high] = [self.estimate, self.low, self.high].map(four_digits);
        write!(f, "{estimate:.4} ({low:.4} to {high:.4})")
    }
}

/// A share that does not look like none or all where it is not.
fn four_digits(share: f64) -> f64 {
    let rounded = (share * 1e4).round() / 1e4;
    // So near to an end is an error of the computation.
    let is_inside = (1e-9..1.0 - 1e-9).contains(&share);
    if is_inside { rounded.clamp(1e-4, 1.0 - 1e-4) } else { rounded }
}

/// 95 % of a normal distribution lie within so many standard deviations.
const Z: f64 = 1.959_963_984_540_054;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) drawn: usize,
    pub(crate) of: usize,
}

/// Documents of one kind, some of which were compared with all others.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stratum {
    /// Whether the run put them into clusters.
    pub(crate) clustered: bool,
    pub(crate) documents: Sample,
    /// The sum over the drawn ones of the share of their matches that the run missed.
    pub(crate) missed: f64,
}

/// The mean over all documents that have a match of the share of their matches that was found.
///
/// Every document in a cluster has a match. Those outside that have one miss all of theirs. So of `C`
/// documents in clusters that miss `A` in sum, and `B` outside that have a match, it is
/// `(C - A) / (C + B)`. Each document that was drawn stands for as many as its stratum has for one:
/// numerator and denominator are unbiased. The ends are those of Wilson's interval of what all miss,
/// `A + B`: more of it than was seen may be anywhere, less of it is less of both.
pub(crate) fn recall(strata: &[Stratum]) -> Interval {
    let samples: Vec<Sample> = strata.iter().map(|stratum| stratum.documents).collect();
    let (of, missed) = sums(strata);
    let all: f64 = of.iter().sum();
    let total: f64 = missed.iter().sum();
    let ends = Interval::of_mean(if all > 0.0 { total / all } else { 0.0 }, &samples);
    let with = |missed: [f64; 2]| {
        let with_match = of[0] + missed[1];
        if with_match == 0.0 { 1.0 } else { (of[0] - missed[0].min(of[0])) / with_match }
    };
    let more = [0, 1].map(|side| missed[side] + (ends.high - ends.estimate) * of[side]);
    let less = missed.map(|part| if total > 0.0 { part * ends.low * all / total } else { part });
    let estimate = with(missed);
    Interval { low: with(more).min(estimate), estimate, high: with(less).max(estimate) }
}

/// In clusters and outside: the documents, and what they miss.
fn sums(strata: &[Stratum]) -> ([f64; 2], [f64; 2]) {
    let (mut of, mut missed) = ([0.0; 2], [0.0; 2]);
    for &Stratum { clustered, documents: Sample { drawn, of: all }, missed: sum } in strata {
        let side = usize::from(!clustered);
        of[side] += all as f64;
        missed[side] += all as f64 / drawn.max(1) as f64 * sum;
    }
    (of, missed)
}

/// How many of each stratum to take so that each gives the same share of `sample`, and at least one.
pub(crate) fn allocated(sizes: &[usize], sample: usize) -> Vec<usize> {
    let all: usize = sizes.iter().sum();
    let share = |size: usize| size as u128 * sample as u128;
    sizes
        .iter()
        .map(|&size| (share(size).div_ceil(all.max(1) as u128) as usize).min(size))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn wilson_as_published() {
        // Newcombe 1998, table I, method 3.
        for (x, n, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]
        {
            let endless = Sample { drawn: n, of: usize::MAX };
            let found = Interval::of_mean(f64::from(x) / n as f64, &[endless]);
            assert!((found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5, "{found}");
        }
        let all = Interval::of_mean(0.25, &[Sample { drawn: 8, of: 8 }]);
        assert_eq!((all.low, all.high), (0.25, 0.25));
    }

    #[test]
    fn each_stratum_gives_its_share() {
        assert_eq!(allocated(&[100, 300, 0, 1], 40), [10, 30, 0, 1]);
        assert_eq!(allocated(&[3, 5], 100), [3, 5]);
        assert_eq!(allocated(&[0, 0], 10), [0, 0]);
        assert_eq!(allocated(&[usize::MAX / 2, 1], usize::MAX), [usize::MAX / 2, 1]);
    }

    /// Planted corpora of which all is known: missed shares of documents inside and outside.
    fn planted(sizes: [usize; 4], outside: (u64, u64), inside: u64) -> [(bool, Vec<f64>); 4] {
        let mut random = Random::new(9);
        let mut stratum = |clustered: bool, documents: usize, rate: u64| {
            let missed = (0..documents).map(|_| {
                let hit = random.next() % 1000 < rate;
                let part = if clustered { (1 + random.next() % 3) as f64 / 3.0 } else { 1.0 };
                if hit { part } else { 0.0 }
            });
            (clustered, missed.collect())
        };
        [
            stratum(true, sizes[0], inside),
            stratum(true, sizes[1], inside / 2),
            stratum(false, sizes[2], outside.0),
            stratum(false, sizes[3], outside.1),
        ]
    }

    fn sampled(corpus: &[(bool, Vec<f64>)], sample: usize, seed: u64) -> Vec<Stratum> {
        let mut random = Random::new(seed);
        let sizes: Vec<usize> = corpus.iter().map(|(_, missed)| missed.len()).collect();
        let strata =
            corpus.iter().zip(allocated(&sizes, sample)).map(|((clustered, all), many)| {
                let taken = random.sample((0..all.len()).collect(), many);
                let missed = taken.iter().map(|&at| all[at]).sum();
                let documents = Sample { drawn: many, of: all.len() };
                Stratum { clustered: *clustered, documents, missed }
            });
        strata.collect()
    }

    /// The interval covers the true value in about 95 of 100 samples, and what the documents miss is
    /// right in the mean.
    #[test]
    fn intervals_cover_what_is_planted() {
        const SEEDS: u64 = 2000;
        const SIZES: [usize; 4] = [700, 900, 1500, 1400];
        for (sizes, outside, inside) in [
            (SIZES, (60, 20), 200),
            (SIZES, (10, 10), 30),
            (SIZES, (300, 0), 0),
            (SIZES, (0, 0), 400),
            ([60, 60, 2400, 2400], (5, 5), 40),
        ] {
            let corpus = planted(sizes, outside, inside);
            let strata = sampled(&corpus, usize::MAX, 0);
            let (truth, all) = (recall(&strata), sums(&strata).1.iter().sum::<f64>());
            assert_eq!(truth.low, truth.high);
            for sample in [150, 600] {
                let (mut covered, mut missed) = (0, Vec::new());
                for seed in 0..SEEDS {
                    let strata = sampled(&corpus, sample, seed);
                    let found = recall(&strata);
                    covered += u64::from((found.low..=found.high).contains(&truth.estimate));
                    missed.push(sums(&strata).1.iter().sum::<f64>());
                }
                let share = covered as f64 / SEEDS as f64;
                println!("{sizes:?} {outside:?} {inside} of {sample}: {share} for {truth}");
                // Two standard errors of so many seeds.
                assert!(share >= 0.94, "{share}");
                let mean = missed.iter().sum::<f64>() / SEEDS as f64;
                let squares = missed.iter().map(|sum| (sum - mean) * (sum - mean));
                let error = squares.sum::<f64>().sqrt() / SEEDS as f64;
                assert!((mean - all).abs() < 4.0 * error, "{mean} +- {error} for {all}");
            }
        }
    }

    #[test]
    fn what_is_not_all_does_not_look_like_all() {
        for (share, shown) in [
            (0.0, "0.0000"),
            (1e-6, "0.0001"),
            (0.5, "0.5000"),
            (0.99996, "0.9999"),
            (1.0, "1.0000"),
        ] {
            let interval = Interval { estimate: share, low: share, high: share };
            assert_eq!(interval.to_string(), format!("{shown} ({shown} to {shown})"));
        }
    }
}
