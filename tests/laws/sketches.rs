//! Sketches and what they promise.

use doublon::shingle::shingles;
use doublon::sketch::{CompactMinHash, MinHash, MinHasher, SimHash, winnow};
use proptest::prelude::*;

use crate::naive::prose::Dice;

fn set(values: std::ops::Range<usize>, seed: u64) -> Vec<u64> {
    values.map(|i| Dice::new(seed ^ ((i as u64) << 20)).next()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn merging_sketches_sketches_the_union(
        a in proptest::collection::vec(any::<u64>(), 0..400),
        b in proptest::collection::vec(any::<u64>(), 0..400),
        common in proptest::collection::vec(any::<u64>(), 0..60),
        log in 4u32..10,
    ) {
        let hasher = MinHasher::new(1 << log).unwrap();
        let (a, b) = ([&a[..], &common].concat(), [&common[..], &b].concat());
        let (x, y) = (hasher.sketch(&a), hasher.sketch(&b));
        let union = hasher.sketch(&[&b[..], &a].concat());
        prop_assert_eq!(&x.merge(&y).unwrap(), &union);
        prop_assert_eq!(&y.merge(&x).unwrap(), &union);
        prop_assert_eq!(&union.merge(&x).unwrap(), &union);
        prop_assert_eq!(x.estimate(&y).unwrap(), y.estimate(&x).unwrap());
        prop_assert_eq!(MinHash::from_bytes(&x.to_bytes()).unwrap(), x);
    }

    #[test]
    fn bytes_that_are_no_sketch_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(sketch) = MinHash::from_bytes(&bytes) {
            prop_assert_eq!(sketch.to_bytes(), bytes);
        }
    }

    #[test]
    fn texts_that_share_a_run_share_a_fingerprint(
        a in proptest::collection::vec(0u64..4, 0..30),
        b in proptest::collection::vec(0u64..4, 0..30),
        c in proptest::collection::vec(0u64..4, 0..30),
        d in proptest::collection::vec(0u64..4, 0..30),
        width in 1usize..5,
        window in 1usize..8,
        more in 0usize..10,
        seed in any::<u64>(),
    ) {
        let mut dice = Dice::new(seed);
        let run: Vec<u64> = (0..width + window - 1 + more).map(|_| dice.next() % 4).collect();
        let selected = |before: &[u64], after: &[u64]| {
            let (mut hashes, mut selected) = (Vec::new(), Vec::new());
            shingles(&[before, &run, after].concat(), width, &mut hashes);
            winnow(&hashes, window, &mut selected);
            let inside = before.len()..=before.len() + run.len() - width;
            selected.retain(|&(_, at)| inside.contains(&(at as usize)));
            selected.into_iter().map(|(hash, _)| hash).collect::<Vec<_>>()
        };
        let (x, y) = (selected(&a, &b), selected(&c, &d));
        prop_assert!(x.iter().any(|hash| y.contains(hash)), "{:?} {:?}", x, y);
    }

    #[test]
    fn equal_sets_have_equal_sketches(mut values in proptest::collection::vec(any::<u64>(), 1..200)) {
        let hasher = MinHasher::new(64).unwrap();
        let sketch = hasher.sketch(&values);
        values.reverse();
        values.push(values[0]);
        prop_assert_eq!(hasher.sketch(&values), sketch.clone());
        prop_assert_eq!(sketch.estimate(&sketch).unwrap(), 1.0);
        prop_assert_eq!(sketch.compact().estimate(&sketch.compact()).unwrap(), 1.0);
        prop_assert_eq!(SimHash::of(&values).distance(SimHash::of(&values)), 0);
    }
}

/// The sets of a pair by size, and how many are shared.
struct Family {
    a: usize,
    b: usize,
    shared: usize,
}

impl Family {
    fn union(&self) -> usize {
        self.a + self.b - self.shared
    }

    fn jaccard(&self) -> f64 {
        self.shared as f64 / self.union() as f64
    }
}

/// Estimates of many pairs of one family, by full and by compact sketch.
fn estimates(hasher: &MinHasher, family: &Family, pairs: u64, seed: u64) -> Vec<(f64, f64)> {
    let sketch = |pair: u64| {
        let seed = seed.wrapping_mul(0x1_0001).wrapping_add(pair << 44);
        let union = set(0..family.union(), seed);
        let x = hasher.sketch(&union[..family.a]);
        let y = hasher.sketch(&union[family.a - family.shared..]);
        let compact: (CompactMinHash, CompactMinHash) = (x.compact(), y.compact());
        (x.estimate(&y).unwrap(), compact.0.estimate(&compact.1).unwrap())
    };
    (0..pairs).map(sketch).collect()
}

/// 10,000 pairs and more of all sizes around the number of slots.
#[test]
fn estimates_are_unbiased_and_as_exact_as_promised() {
    const SLOTS: usize = 128;
    const PAIRS: u64 = 1000;
    let hasher = MinHasher::new(SLOTS).unwrap();
    let mut beyond_four = 0;
    let mut all = 0;
    for (number, union) in [24, 60, 128, 200, 320, 440, 900, 3000].into_iter().enumerate() {
        for (step, share) in [0.2, 0.5, 0.8].into_iter().enumerate() {
            let shared = (union as f64 * share) as usize;
            let a = shared + (union - shared) / 3;
            let family = Family { a, b: union - a + shared, shared };
            let (j, n) = (family.jaccard(), PAIRS as f64);
            let theory = MinHash::standard_error(j, SLOTS);
            let found = estimates(&hasher, &family, PAIRS, (number * 10 + step) as u64);
            let bias = |values: &dyn Fn(&(f64, f64)) -> f64| {
                found.iter().map(|found| values(found) - j).sum::<f64>() / n
            };
            let rmse = |values: &dyn Fn(&(f64, f64)) -> f64| {
                (found.iter().map(|found| (values(found) - j).powi(2)).sum::<f64>() / n).sqrt()
            };
            let what = format!("union {union}, J {j:.3}: theory {theory:.5}");
            let (full, compact) = (|x: &(f64, f64)| x.0, |x: &(f64, f64)| x.1);
            let (error, bias_full) = (rmse(&full), bias(&full));
            println!("{what}, rmse {error:.5}, bias {bias_full:.5}, compact {:.5}", rmse(&compact));
            assert!(bias_full.abs() < 3.0 * theory / n.sqrt(), "{what}, bias {bias_full}");
            // The sampling error of an RMSE over 1,000 pairs is 2.2 %.
            assert!(error <= 1.02 * theory * (1.0 + 2.0 * 0.022), "{what}, rmse {error}");
            if (SLOTS..=SLOTS * 7 / 2).contains(&union) {
                assert!(error <= 0.90 * theory * (1.0 + 2.0 * 0.022), "{what}, rmse {error}");
            }
            assert!(rmse(&compact) <= 1.05 * theory * (1.0 + 2.0 * 0.022), "{what}");
            assert!(bias(&compact).abs() < 4.0 * theory / n.sqrt(), "{what}");
            beyond_four += found.iter().filter(|x| (x.0 - j).abs() > 4.0 * theory).count();
            all += found.len();
        }
    }
    println!("{beyond_four} of {all} beyond 4 standard errors");
    assert!(all >= 10_000 && beyond_four * 2000 <= all);
}

#[test]
fn empty_sets_are_alike_to_nothing() {
    let hasher = MinHasher::new(64).unwrap();
    let (empty, one) = (hasher.sketch(&[]), hasher.sketch(&[5]));
    assert!(empty.is_empty() && !one.is_empty());
    assert_eq!(empty.estimate(&empty).unwrap(), 0.0);
    assert_eq!(empty.compact().estimate(&empty.compact()).unwrap(), 0.0);
    assert_eq!(empty.merge(&one).unwrap(), one);
    assert!(one.estimate(&MinHasher::new(128).unwrap().sketch(&[5])).is_err());
}

#[test]
fn bands_that_no_sketch_has_are_refused() {
    use doublon::candidates::Lsh;
    let sketch = [MinHasher::new(64).unwrap().sketch(&[5])];
    for (bands, rows) in
        [(65, 1), (1, 65), (usize::MAX, 2), (usize::MAX / 2 + 1, 2), (usize::MAX, usize::MAX)]
    {
        assert!(Lsh::new(bands, rows).and_then(|lsh| lsh.groups(&sketch)).is_err());
    }
}
