//! What is said of a pair is what a search of it does, and what would accept it does.

use doublon::candidates::Lsh;
use doublon::sketch::{MinHash, MinHasher};
use doublon::text::{Tokenize, Tokens, Words};
use doublon::{
    Change, Clustering, Detector, DetectorBuilder, Explanation, Keep, Measure, Search, Sketches,
    Verdict,
};
use proptest::prelude::*;

use crate::naive::prose::Dice;
use crate::naive::{counts, words};
use crate::texts::{Settings, related, settings};

const MEASURES: [(Measure, Search); 5] = [
    (Measure::Coverage, Search::Auto),
    (Measure::Jaccard, Search::Auto),
    (Measure::Jaccard, Search::Exact),
    (Measure::Containment, Search::Auto),
    (Measure::Hamming, Search::Auto),
];

/// A builder of every kind: `of_threshold` is a share in hundredths.
fn builder(which: usize, of_threshold: u32, settings: Settings) -> DetectorBuilder {
    let (measure, search) = MEASURES[which];
    let mut builder = settings.builder();
    builder.measure(measure).search(search);
    builder.threshold(match measure {
        Measure::Hamming => f64::from(of_threshold % 17),
        _ => f64::from(of_threshold) / 100.0,
    });
    builder
}

fn check(builder: &DetectorBuilder, a: &str, b: &str) -> Result<Explanation, TestCaseError> {
    let detector = builder.build().unwrap();
    let explanation = detector.explain(a, b).unwrap();
    let comparison = detector.compare(a, b).unwrap();
    prop_assert_eq!(explanation.comparison(), &comparison);
    let found = detector.find(&[a, b]).unwrap().matches().count() == 1;
    prop_assert_eq!(explanation.verdict() == Verdict::Match, found);
    prop_assert!(found <= comparison.is_match());
    match explanation.verdict() {
        Verdict::Match => prop_assert!(explanation.changes().is_empty()),
        Verdict::NoTokens => {
            prop_assert!(words(a).is_empty() || words(b).is_empty());
            prop_assert!(explanation.sketches().is_none() && explanation.changes().is_empty());
        }
        Verdict::TooShort { found, needed } => {
            prop_assert_eq!(found as usize, words(a).len().min(words(b).len()));
            prop_assert!(found < needed);
        }
        Verdict::TooFewShortRuns { found, needed } => {
            prop_assert!(found < needed && comparison.similarity().covered_a() == 0);
        }
        Verdict::NotProposed { found, needed }
        | Verdict::Screened { found, needed }
        | Verdict::BelowThreshold { found, needed } => prop_assert!(found < needed),
        _ => unreachable!(),
    }
    if let Verdict::BelowThreshold { .. } = explanation.verdict() {
        prop_assert!(!comparison.is_match());
    }
    for &change in explanation.changes() {
        let changed = builder.clone().change(change).build().unwrap();
        prop_assert!(changed.compare(a, b).unwrap().is_match(), "{change}");
        prop_assert_eq!(changed.find(&[a, b]).unwrap().matches().count(), 1, "{}", change);
        let more = match change {
            Change::Threshold(threshold) if detector_measures_bits(builder) => {
                Change::Threshold(threshold - 1.0)
            }
            Change::Threshold(threshold) => Change::Threshold(threshold + 1e-6),
            Change::MinRun(min_run) => Change::MinRun(min_run + 1),
            _ => continue,
        };
        if let Ok(stricter) = builder.clone().change(more).build() {
            prop_assert!(!stricter.compare(a, b).unwrap().is_match(), "{change} and {more}");
        }
    }
    Ok(explanation)
}

fn detector_measures_bits(builder: &DetectorBuilder) -> bool {
    builder.build().unwrap().search().starts_with("hamming")
}

fn sketch(text: &str, width: usize, hasher: &MinHasher) -> MinHash {
    let (mut tokens, mut shingles) = (Tokens::new(), Vec::new());
    Words.tokenize(text, &mut tokens);
    doublon::shingle::shingles(tokens.hashes(), width, &mut shingles);
    hasher.sketch(&shingles)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn an_explanation_says_what_find_does(
        (a, b) in related(60), which in 0usize..5, of_threshold in 15u32..101, settings in settings(),
        keep in 0usize..2, clustering in 0usize..3, all_pairs in any::<bool>(),
    ) {
        let mut builder = builder(which, of_threshold, settings);
        // None of these changes what becomes of a pair; the priority knows two documents only.
        let dates = [3, 4];
        builder.keep([Keep::Last, Keep::by(move |doc| dates[doc.index()])][keep].clone());
        builder.cluster([Clustering::Star, Clustering::Connected, Clustering::CompleteLink][clustering]);
        if all_pairs {
            builder.all_pairs(1);
        }
        let explanation = check(&builder, &a, &b)?;
        prop_assert_eq!(explanation.verdict(), builder.build().unwrap().explain(&b, &a).unwrap().verdict());
        if which != 1 {
            // These searches miss nothing, and leave nothing to chance.
            let found = explanation.verdict() == Verdict::Match;
            prop_assert_eq!(found, explanation.comparison().is_match());
            for probability in [explanation.probability_proposed(), explanation.probability_kept()] {
                prop_assert!(probability == 1.0 || probability == 0.0 && !found);
            }
        }
        // Those of no match that have something in common can be accepted by some threshold.
        let pair = explanation.comparison().similarity();
        if which != 1 && explanation.verdict() != Verdict::Match && which < 4 {
            let share = match MEASURES[which].0 {
                Measure::Coverage => pair.coverage(),
                Measure::Jaccard => pair.jaccard(),
                _ => pair.containment(),
            };
            let offered = matches!(explanation.changes().first(), Some(Change::Threshold(_)));
            prop_assert_eq!(offered, share > 0.0);
        }
    }

    #[test]
    fn the_sketches_of_a_pair_are_those_of_the_parts(
        (a, b) in related(60), of_threshold in 15u32..101, settings in settings(),
    ) {
        let explanation = check(&builder(1, of_threshold, settings), &a, &b)?;
        let Some(sketches) = explanation.sketches() else { return Ok(()) };
        let Sketches::MinHash { equal_bands, bands, equal_slots, slots, needed_slots } = sketches else {
            panic!("{sketches:?}");
        };
        let hasher = MinHasher::new(slots as usize).unwrap();
        let lsh = Lsh::for_threshold(f64::from(of_threshold) / 100.0, slots as usize).unwrap();
        prop_assert_eq!(bands as usize, lsh.bands());
        let pair = [&a, &b].map(|text| sketch(text, settings.shingle, &hasher));
        prop_assert_eq!(equal_bands as usize, lsh.groups(&pair).unwrap().len());
        let [x, y] = pair.map(|sketch| sketch.compact());
        let equal = x.slots().iter().zip(y.slots()).filter(|(x, y)| x == y).count();
        prop_assert_eq!(equal_slots as usize, equal);
        let jaccard = counts(&words(&a), &words(&b), settings.shingle).jaccard();
        prop_assert!((explanation.probability_proposed() - lsh.probability(jaccard)).abs() < 1e-9);
        match explanation.verdict() {
            Verdict::Match => prop_assert!(words(&a) == words(&b) || equal_bands > 0 && equal_slots >= needed_slots),
            Verdict::NotProposed { .. } => prop_assert_eq!(equal_bands, 0),
            Verdict::Screened { .. } => prop_assert!(equal_bands > 0 && equal_slots < needed_slots),
            _ => {}
        }
    }
}

/// Many pairs of middling similarity: as many are proposed, and left by the sketches, as the
/// probabilities say.
#[test]
fn probabilities_are_what_happens() {
    let mut dice = Dice::new(31);
    let detector = Detector::builder().measure(Measure::Jaccard).threshold(0.7).build().unwrap();
    let (mut proposed, mut kept, mut expected_proposed, mut expected_kept) = (0, 0, 0.0, 0.0);
    let pairs = 3000;
    for _ in 0..pairs {
        let base = dice.own_words(120);
        let mut copy = base.clone();
        for _ in 0..2 + dice.below(9) {
            let at = dice.below(copy.len());
            copy[at] = dice.own_words(1).remove(0);
        }
        let explanation = detector.explain(&base.join(" "), &copy.join(" ")).unwrap();
        let Some(Sketches::MinHash { equal_bands, equal_slots, needed_slots, .. }) =
            explanation.sketches()
        else {
            panic!("no sketches");
        };
        proposed += usize::from(equal_bands > 0);
        kept += usize::from(equal_slots >= needed_slots);
        expected_proposed += explanation.probability_proposed();
        expected_kept += explanation.probability_kept();
    }
    for (happened, expected) in [(proposed, expected_proposed), (kept, expected_kept)] {
        let share = expected / f64::from(pairs);
        let error = (share * (1.0 - share) * f64::from(pairs)).sqrt();
        println!("{happened} of {pairs}, expected {expected:.1} +- {error:.1}");
        assert!((0.1..0.97).contains(&share));
        assert!((happened as f64 - expected).abs() < 4.0 * error);
    }
}

/// Every verdict happens, with the number that a look at the texts gives.
#[test]
fn every_verdict_is_given() {
    let mut dice = Dice::new(32);
    let words = dice.own_words(100);
    let all = words.join(" ");
    let verdict =
        |builder: &DetectorBuilder, a: &str, b: &str| check(builder, a, b).unwrap().verdict();
    let coverage = Detector::builder();
    assert_eq!(verdict(&coverage, &all, &words[20..].join(" ")), Verdict::Match);
    assert_eq!(verdict(&coverage, "", &all), Verdict::NoTokens);
    assert_eq!(verdict(&coverage, "", ""), Verdict::NoTokens);
    assert_eq!(
        verdict(&coverage, &words[..9].join(" "), &all),
        Verdict::TooShort { found: 9, needed: 16 }
    );
    // Nothing is short where a shingle is longer than any short text.
    let mut wide = Detector::builder();
    wide.min_run(100).shingle(40);
    for (a, b) in [(20, 25), (45, 50)] {
        let found = verdict(&wide, &words[..a].join(" "), &words[50..50 + b].join(" "));
        assert_eq!(found, Verdict::TooShort { found: a as u32, needed: 100 });
    }
    // Headlines: four fifths of ten words are eight, and half of sixteen are eight too.
    let headline = |changed: &[usize], more: usize| {
        let mut headline = words[..10 + more].to_vec();
        changed.iter().for_each(|&at| headline[at] = format!("new{at}"));
        headline.join(" ")
    };
    for (changed, more, expected) in [
        (&[4][..], 0, Verdict::Match),
        (&[4, 5, 6], 0, Verdict::TooFewShortRuns { found: 7, needed: 8 }),
        (&[], 0, Verdict::Match),
        (&[], 11, Verdict::TooFewShortRuns { found: 10, needed: 11 }),
    ] {
        assert_eq!(verdict(&coverage, &headline(&[], 0), &headline(changed, more)), expected);
    }
    let other = dice.own_words(100).join(" ");
    assert_eq!(verdict(&coverage, &all, &other), Verdict::NotProposed { found: 0, needed: 1 });
    // 20 of 100 words: one fingerprint or two are too few.
    let fifth = format!("{} {}", words[..20].join(" "), dice.own_words(80).join(" "));
    assert_eq!(verdict(&coverage, &all, &fifth), Verdict::Screened { found: 20, needed: 50 });
    // Runs of 16 words, with a gap wider than the greatest behind each.
    let mut scattered = words.clone();
    (16..40).chain(56..100).for_each(|at| scattered[at] = dice.own_words(1).remove(0));
    let mut close = Detector::builder();
    close.threshold(0.33);
    assert!(matches!(
        verdict(&close, &all, &scattered.join(" ")),
        Verdict::BelowThreshold { found: 32, needed: 33 }
            | Verdict::Screened { found: 32, needed: 33 }
    ));

    let mut jaccard = Detector::builder();
    jaccard.measure(Measure::Jaccard).search(Search::Exact);
    assert_eq!(
        verdict(&jaccard, &all, &words[50..].join(" ")),
        Verdict::NotProposed { found: 46, needed: 59 }
    );
    // 96 shingles each; 78 are shared: 78 / 114 is below 0.7.
    let mut edited = words.clone();
    edited[..18].iter_mut().for_each(|word| *word = dice.own_words(1).remove(0));
    assert_eq!(
        verdict(&jaccard, &all, &edited.join(" ")),
        Verdict::BelowThreshold { found: 78, needed: 80 }
    );
    assert_eq!(
        check(&jaccard, &all, &edited.join(" ")).unwrap().changes()[0],
        Change::Threshold(0.684210)
    );
}

/// What MinHash misses although it is a match is told as missed, and an exact search is offered.
#[test]
fn a_pair_missed_by_chance_is_told() {
    let mut dice = Dice::new(33);
    let mut builder = Detector::builder();
    builder.measure(Measure::Jaccard).threshold(0.8).sketch(32);
    let mut missed = 0;
    for _ in 0..6000 {
        let base = dice.own_words(13);
        let mut copy = base.clone();
        // 8 of 10 shingles.
        copy[12] = dice.own_words(1).remove(0);
        let (a, b) = (base.join(" "), copy.join(" "));
        let detector = builder.build().unwrap();
        if detector.find(&[&a, &b]).unwrap().clusters().is_empty()
            && detector.compare(&a, &b).unwrap().is_match()
        {
            missed += 1;
            let explanation = check(&builder, &a, &b).unwrap();
            assert_eq!(explanation.changes()[0], Change::Search(Search::Exact));
            assert!(explanation.probability_proposed() > 0.999);
        }
    }
    assert!(missed > 0);
}
