//! Texts and corpora made to hurt: nothing panics, nothing takes quadratic time, and the answers
//! are those the definitions give.

#[path = "naive/prose.rs"]
#[allow(dead_code)]
mod prose;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use doublon::text::{Tokenize, Tokens, Words, paragraphs};
use doublon::{
    Boilerplate, Clustering, Detector, Keep, Measure, Relation, Removal, Remove, RepeatKind,
    Report, Search, Unit,
};
use prose::Dice;

fn tokens(text: &str) -> Tokens {
    let mut tokens = Tokens::new();
    Words.tokenize(text, &mut tokens);
    tokens
}

/// All verbs on one text.
fn look_at(text: &str) -> Report {
    for &span in tokens(text).spans() {
        assert!(!text[span].is_empty());
    }
    for span in paragraphs(text) {
        assert!(!text[span].is_empty());
    }
    for repeat in doublon::repeats(text).unwrap() {
        assert!(repeat.spans().iter().all(|&span| !text[span].is_empty()));
    }
    let same = doublon::compare(text, text).unwrap();
    assert_eq!(same.relation(), Some(Relation::Identical));
    assert_eq!(same.is_match(), !tokens(text).is_empty());
    let other = doublon::compare(text, "one two three four five six").unwrap();
    for passage in other.passages() {
        assert!(!text[passage.a()].is_empty());
    }
    let mut last = None;
    for measure in [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming] {
        let detector = Detector::builder().measure(measure).build().unwrap();
        let report = detector.find(&[text, "one two three four five six", text]).unwrap();
        let pairs: Vec<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
        assert_eq!(pairs.contains(&(0, 2)), !tokens(text).is_empty(), "{measure} {text:?}");
        last = Some(report);
    }
    last.unwrap()
}

fn report(texts: &[&str]) -> Report {
    doublon::find(texts).unwrap()
}

// ---- small texts -------------------------------------------------------------------------------

#[test]
fn texts_of_little_or_nothing() {
    for text in ["", " ", "\n\r\n\t\u{a0}\u{3000}", "?!", "\u{200b}\u{200d}", "\u{301}\u{301}"] {
        let report = look_at(text);
        assert_eq!(report.limits().empty, 2, "{text:?}");
        assert_eq!(report.clusters().len(), 0, "two texts without a token are no duplicates");
    }
    for text in ["a", "one", "one two three", "\u{3042}"] {
        let report = look_at(text);
        assert_eq!((report.limits().empty, report.limits().short), (0, 2), "{text:?}");
        assert_eq!(report.clusters().len(), 1);
    }
}

#[test]
fn no_documents_and_one_document() {
    assert_eq!(report(&[]).clusters().len(), 0);
    assert_eq!(report(&[]).stats().documents, 0);
    assert_eq!(report(&["one two three"]).clusters().len(), 0);
}

#[test]
fn empty_documents_are_no_duplicates_of_each_other() {
    let texts = ["", "one two", " ", "", "one two", "!", "\n"];
    for measure in [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming] {
        let detector = Detector::builder().measure(measure).build().unwrap();
        let report = detector.find(&texts).unwrap();
        assert_eq!(report.limits().empty, 5);
        let pairs: Vec<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
        assert_eq!(pairs, [(1, 4)], "{measure}");
    }
}

#[test]
fn texts_shorter_than_a_shingle_match_their_copies_only() {
    let texts = ["one two", "one two three", "One, TWO!", "one"];
    for measure in [Measure::Coverage, Measure::Jaccard, Measure::Containment] {
        let detector = Detector::builder().measure(measure).build().unwrap();
        let report = detector.find(&texts).unwrap();
        let pairs: Vec<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
        assert_eq!(pairs, [(0, 2)], "{measure}");
        assert_eq!(report.limits().short, 4);
    }
}

#[test]
fn odd_characters() {
    let texts = [
        "nul \0 in\0side",
        "\u{feff}a text behind a byte order mark",
        "lines\r\nend\r\rin\n\rall\r\n\r\nways\u{2028}and\u{85}more\u{b}\u{c}",
        "\u{301}alone \u{301} \u{300}\u{301}x",
        "family \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466} and \u{1f3f3}\u{fe0f}\u{200d}\u{1f308}",
        "1\u{fe0f}\u{20e3} \u{1f1eb}\u{1f1f7} \u{1f44d}\u{1f3fd}",
        "\u{202e}abc\u{202c} \u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{200f}\u{645}\u{631}\u{62d}\u{628}\u{627}",
        "\u{378} \u{e0080} \u{10ffff} \u{fffe} \u{e000} x\u{378}y",
        "\u{fdfa} \u{3300} \u{fb03} \u{1e9e} \u{130}",
    ];
    for text in texts {
        look_at(text);
    }
    assert_eq!(tokens("\u{feff}one").hashes(), tokens("one").hashes());
    assert_eq!(tokens("a\r\nb").hashes(), tokens("a b").hashes());
    assert_eq!(tokens("nul\0nul").len(), 2);
}

#[test]
fn ten_thousand_marks_on_one_letter() {
    let latin = format!("e{}", "\u{301}\u{323}".repeat(5_000));
    assert_eq!(tokens(&latin).hashes(), tokens("e").hashes());
    let indic = format!("\u{915}{}", "\u{93f}\u{94d}".repeat(5_000));
    assert_eq!(tokens(&indic).len(), 1);
    assert_ne!(tokens(&indic).hashes(), tokens("\u{915}").hashes());
    let kana = format!("\u{304b}{}", "\u{3099}".repeat(10_000));
    for text in [&latin, &indic, &kana] {
        look_at(text);
        look_at(&format!("{text} {text} {text}"));
    }
    // Nothing but marks.
    assert!(tokens(&"\u{301}".repeat(10_000)).is_empty());
}

// ---- long texts --------------------------------------------------------------------------------

/// Tests that are timed, or that take all threads and much memory, wait for each other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// Eight times the input may take eight times as long, not sixty-four. Generous, for busy machines:
/// the least of three tries counts, and what takes no time at all proves nothing.
fn assert_linear(what: &str, n: usize, work: impl Fn(usize)) {
    let _alone = alone();
    let least = |n: usize| (0..3).map(|_| timed(|| work(n)).1).min().unwrap_or_default();
    let (small, large) = (least(n), least(8 * n));
    println!("{what}: {small:?} for {n}, {large:?} for {}", 8 * n);
    let floor = Duration::from_millis(10);
    assert!(large < 32 * small.max(floor), "{what}: {small:?} to {large:?}");
}

/// 20 MB without a separator.
#[test]
fn a_word_of_twenty_megabytes() {
    const LEN: usize = 20_000_000;
    for (unit, len) in
        [("a", LEN), ("\u{e9}", LEN), ("\u{915}\u{93f}", LEN / 4), ("\u{ac00}", LEN / 4)]
    {
        let word = unit.repeat(len / unit.len());
        let (found, time) = timed(|| {
            assert_eq!(tokens(&word).len(), 1);
            assert_eq!(doublon::repeats(&word).unwrap(), []);
            let other = word.clone() + unit;
            assert_eq!(doublon::compare(&word, &other).unwrap().relation(), None);
            doublon::compare(&word, &word.to_uppercase()).unwrap()
        });
        println!("{unit}: {time:?}");
        assert_eq!(found.similarity().shared(), 1);
        assert!(time < Duration::from_secs(20), "{time:?}");
    }
    let unspaced = "\u{6c34}".repeat(LEN / 10);
    let (found, time) = timed(|| doublon::compare(&unspaced, &unspaced[3..]).unwrap());
    assert_eq!(found.similarity().coverage(), 1.0);
    assert!(time < Duration::from_secs(20), "{time:?}");
}

#[test]
fn one_word_over_and_over() {
    let text = |n: usize| "a ".repeat(n);
    for (n, m) in [(100_000, 100_000), (100_000, 99_999), (100_000, 17), (33, 100_000)] {
        let found = doublon::compare(&text(n), &text(m)).unwrap();
        let similarity = found.similarity();
        assert_eq!((similarity.covered_a(), similarity.covered_b()), (n as u32, m as u32));
        assert!(found.is_match());
        assert!(found.passages().len() <= n.max(m), "one partner is named, never all pairs");
    }
    assert_linear("compare a a a", 100_000, |n| drop(doublon::compare(&text(n), &text(n + 1))));
    assert_linear("compare a a a to 20", 50_000, |n| drop(doublon::compare(&text(n), &text(20))));
    assert_linear("repeats a a a", 100_000, |n| {
        assert!(!doublon::repeats(&text(n)).unwrap().is_empty())
    });
}

#[test]
fn two_words_in_turn() {
    let text = |n: usize| "a b ".repeat(n / 2);
    let shifted = |n: usize| "b a ".repeat(n / 2);
    let found = doublon::compare(&text(50_000), &shifted(50_000)).unwrap();
    assert!(found.similarity().covered_a() >= 49_999);
    assert_linear("compare a b", 100_000, |n| drop(doublon::compare(&text(n), &shifted(n + 2))));
    assert_linear("repeats a b", 100_000, |n| drop(doublon::repeats(&text(n))));
}

fn fibonacci(n: usize, x: &str, y: &str) -> String {
    let (mut word, mut before) = (vec![x, y], vec![x]);
    while word.len() < n {
        let longer = [&word[..], &before].concat();
        before = std::mem::replace(&mut word, longer);
    }
    word.truncate(n);
    word.join(" ")
}

/// Repetition of every period at every length: the worst case of much text matching.
#[test]
fn fibonacci_words() {
    let found =
        doublon::compare(&fibonacci(50_000, "a", "b"), &fibonacci(40_000, "b", "a")).unwrap();
    assert!(found.similarity().coverage() <= 1.0);
    assert_linear("repeats fibonacci", 125_000, |n| {
        assert!(!doublon::repeats(&fibonacci(n, "a", "b")).unwrap().is_empty());
    });
    assert_linear("compare fibonacci", 125_000, |n| {
        let (a, b) = (fibonacci(n, "a", "b"), format!("b {}", fibonacci(n, "a", "b")));
        assert!(doublon::compare(&a, &b).unwrap().similarity().coverage() > 0.99);
    });
    assert_linear("compare fibonacci to its mirror", 50_000, |n| {
        drop(doublon::compare(&fibonacci(n, "a", "b"), &fibonacci(n + 1, "b", "a")));
    });
}

/// Random over two words, so long that nearly every run of 16 stands in both texts, and few longer.
#[test]
fn random_texts_of_two_words() {
    let text = |seed, n: usize| {
        let mut dice = Dice::new(seed);
        (0..n).map(|_| ["a ", "b "][dice.below(2)]).collect::<String>()
    };
    assert_linear("compare random bits", 200_000, |n| {
        drop(doublon::compare(&text(1, n), &text(2, n)));
    });
    assert_linear("repeats random bits", 200_000, |n| drop(doublon::repeats(&text(1, n))));
}

#[test]
fn one_paragraph_over_and_over() {
    let paragraph = "the river rose by two metres in the night and the road is closed until noon";
    let text = |n: usize| vec![paragraph; n].join("\n\n");
    let repeats = doublon::repeats(&text(100_000)).unwrap();
    assert_eq!(
        repeats.len(),
        1,
        "{:?}",
        repeats.iter().map(|r| r.spans().len()).collect::<Vec<_>>()
    );
    assert_eq!(repeats[0].kind(), RepeatKind::Paragraph);
    assert_eq!((repeats[0].spans().len(), repeats[0].tokens()), (100_000, 16));
    assert_linear("repeats of a paragraph", 10_000, |n| drop(doublon::repeats(&text(n))));
    assert_linear("compare paragraphs", 5_000, |n| {
        assert!(doublon::compare(&text(n), &text(n / 2)).unwrap().is_match());
    });
}

/// Paragraphs that stand again, first inside one long line, then each in a line of its own.
#[test]
fn many_paragraphs_against_one() {
    assert_linear("the same in other lines", 10_000, |n| {
        let words = Dice::new(5).own_words(n);
        let text = format!("{}\n{}", words.join(" "), words.join("\n"));
        let repeats = doublon::repeats(&text).unwrap();
        assert_eq!((repeats.len(), repeats[0].tokens()), (1, n));
    });
}

/// A paragraph that repeats, and then inside many longer ones.
#[test]
fn a_paragraph_inside_many_others() {
    let mut dice = Dice::new(6);
    let paragraph = dice.own_words(20).join(" ");
    assert_linear("a paragraph in others", 5_000, |n| {
        let mut dice = Dice::new(7);
        let others: Vec<_> =
            (0..n).map(|_| format!("{} {paragraph}", dice.own_words(1)[0])).collect();
        let text =
            format!("{paragraph}\n{}\n{}", others.join("\n"), vec![&paragraph[..]; n].join("\n"));
        let repeats = doublon::repeats(&text).unwrap();
        assert!(
            repeats.iter().any(|r| r.kind() == RepeatKind::Paragraph && r.spans().len() == n + 1)
        );
    });
}

/// White space in front is passed over once, not for each line.
#[test]
fn white_space_before_many_lines() {
    assert_linear("white space and lines", 10_000, |n| {
        let text = format!("{}{}", " ".repeat(2 * n), "x\n".repeat(n));
        assert_eq!(paragraphs(&text).count(), n);
    });
}

/// Runs too short for a passage of their own, before and behind one that may carry them all.
#[test]
fn a_long_run_with_many_short_ones() {
    let text = |n: usize, seed| {
        let (mut common, mut own) = (Dice::new(8), Dice::new(seed));
        let mut short = || -> Vec<String> {
            (0..n / 2).flat_map(|_| [common.own_words(1), own.own_words(1)].concat()).collect()
        };
        let (before, behind) = (short(), short());
        [before, Dice::new(9).own_words(n), behind].concat().join(" ")
    };
    let detector = Detector::builder().shingle(1).build().unwrap();
    let found = detector.compare(&text(2_000, 1), &text(2_000, 2)).unwrap();
    assert_eq!(found.passages().len(), 1);
    assert_eq!(found.passages()[0].tokens(), 4_000);
    assert_linear("short runs beside a long one", 10_000, |n| {
        let found = detector.compare(&text(n, 1), &text(n, 2)).unwrap();
        assert_eq!(found.passages()[0].tokens(), 2 * n);
    });
}

/// Every gap as wide as it may be: the search for the next run looks at all of its places.
#[test]
fn the_widest_gaps() {
    let detector = Detector::builder().max_gap(256).min_run(5).build().unwrap();
    assert_linear("wide gaps", 2_500, |n| {
        let text = |seed| {
            let (mut common, mut own) = (Dice::new(10), Dice::new(seed));
            let one = |_| [common.own_words(5), own.own_words(257)].concat().join(" ");
            (0..n / 250).map(one).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(detector.compare(&text(1), &text(2)).unwrap().passages().len(), n / 250);
    });
}

// ---- corpora -----------------------------------------------------------------------------------

const MANY: usize = 100_000;
/// Alone, one thread has all the work.
const PATIENCE: Duration = Duration::from_secs(if cfg!(feature = "rayon") { 60 } else { 150 });

/// At the default settings and by Jaccard at 0.5 and 0.8.
fn clusters_of(texts: &[String], expected: [usize; 3]) {
    let _alone = alone();
    let detector = |measure, threshold| {
        Detector::builder().measure(measure).threshold(threshold).build().unwrap()
    };
    let detectors =
        [Detector::default(), detector(Measure::Jaccard, 0.5), detector(Measure::Jaccard, 0.8)];
    for (detector, expected) in detectors.iter().zip(expected) {
        let (report, time) = timed(|| detector.find(texts).unwrap());
        println!("{}: {time:?}, {:?}, {:?}", detector.search(), report.stats(), report.limits());
        let sizes: Vec<_> = report.clusters().iter().map(|c| c.docs().len()).collect();
        assert_eq!(sizes, if expected == 0 { vec![] } else { vec![expected] });
        assert!(time < PATIENCE, "{time:?}");
    }
}

#[test]
fn identical_documents_are_one_cluster() {
    let texts = vec![Dice::new(20).own_words(60).join(" "); MANY];
    clusters_of(&texts, [MANY; 3]);
}

/// The footer is at most 60 / 130 of a document: coverage 0.47, Jaccard 56 / 196.
#[test]
fn a_footer_makes_no_cluster() {
    let mut dice = Dice::new(21);
    let footer = dice.own_words(60).join(" ");
    let text = |_| {
        let own = 70 + dice.below(51);
        dice.own_words(own).join(" ") + " " + &footer
    };
    clusters_of(&(0..MANY).map(text).collect::<Vec<_>>(), [0; 3]);
}

/// 60 of 70 words are common: coverage 0.86, Jaccard 56 / 76 = 0.74.
#[test]
fn one_text_with_a_few_own_words_is_one_cluster() {
    let mut dice = Dice::new(22);
    let common = dice.own_words(60).join(" ");
    let text = |_| common.clone() + " " + &dice.own_words(10).join(" ");
    clusters_of(&(0..MANY).map(text).collect::<Vec<_>>(), [MANY, MANY, 0]);
}

/// Headlines of 12 words, 9 of them common (0.75 of the tokens) or 10 (0.83), 5 before the own ones and
/// the others behind.
#[test]
fn headlines_of_one_template() {
    let _alone = alone();
    for (common, docs) in [(9, 0), (10, MANY)] {
        let mut dice = Dice::new(28);
        let (before, behind) = (dice.own_words(5).join(" "), dice.own_words(common - 5).join(" "));
        let text = |_| {
            [&before, &dice.own_words(12 - common).join(" "), &behind].map(String::as_str).join(" ")
        };
        let texts: Vec<_> = (0..MANY).map(text).collect();
        let (report, time) = timed(|| doublon::find(&texts).unwrap());
        println!("{common} of 12 words common: {time:?}, {:?}", report.stats());
        assert_eq!(report.clusters().iter().map(|c| c.docs().len()).sum::<usize>(), docs);
        assert_eq!(report.clusters().len(), docs / MANY);
        assert!(time < PATIENCE, "{time:?}");
    }
}

/// Chains of lookalikes do not collapse in a star, and do when connected.
#[test]
fn a_chain_of_lookalikes() {
    const N: usize = 2000;
    let words = Dice::new(23).own_words(40 + 10 * N);
    let texts: Vec<String> = (0..N).map(|i| words[10 * i..10 * i + 40].join(" ")).collect();
    let find = |clustering| Detector::builder().cluster(clustering).build().unwrap().find(&texts);
    let connected = find(Clustering::Connected).unwrap();
    assert_eq!(connected.clusters().len(), 1);
    assert_eq!(connected.clusters()[0].docs().len(), N);
    // 30 of 40 tokens with the next, 20 with the one after it.
    let star = find(Clustering::Star).unwrap();
    assert!(star.clusters().iter().all(|cluster| cluster.docs().len() <= 5));
}

/// A complete-link cluster stops growing, and says so.
#[test]
fn a_complete_link_cluster_has_a_greatest_size() {
    let mut dice = Dice::new(24);
    let common = dice.own_words(60).join(" ");
    let texts: Vec<_> =
        (0..1100).map(|_| common.clone() + " " + &dice.own_words(2).join(" ")).collect();
    let detector = Detector::builder().cluster(Clustering::CompleteLink).build().unwrap();
    let report = detector.find(&texts).unwrap();
    let sizes: Vec<_> = report.clusters().iter().map(|c| c.docs().len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 1100);
    assert_eq!(sizes.iter().max(), Some(&1000));
    assert_eq!(report.limits().full, 100);
}

/// A crowd around a footer is cut short and counted; pairs that meet elsewhere are still found.
#[test]
fn a_crowd_does_not_hide_other_pairs() {
    let mut dice = Dice::new(25);
    let footer = dice.own_words(30).join(" ");
    let mut texts: Vec<String> =
        (0..2000).map(|_| dice.own_words(80).join(" ") + " " + &footer).collect();
    let copies: Vec<String> =
        texts[1000..1100].iter().map(|text| format!("today {text}")).collect();
    texts.extend(copies);
    let report = doublon::find(&texts).unwrap();
    assert!(report.limits().crowded > 0);
    let mut pairs: Vec<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
    pairs.sort_unstable();
    assert_eq!(pairs, (0..100).map(|i| (1000 + i, 2000 + i)).collect::<Vec<_>>());
}

/// Exact search promises all pairs, and here nearly all of them are asked and none matches.
#[test]
fn exact_search_among_near_misses() {
    let mut dice = Dice::new(26);
    let common = dice.own_words(60).join(" ");
    let texts: Vec<_> =
        (0..1000).map(|_| common.clone() + " " + &dice.own_words(10).join(" ")).collect();
    let exact = Detector::builder()
        .measure(Measure::Jaccard)
        .threshold(0.8)
        .search(Search::Exact)
        .build()
        .unwrap();
    let (report, time) = timed(|| exact.find(&texts).unwrap());
    println!("exact among near misses: {time:?}, {:?}", report.stats());
    assert_eq!(report.clusters().len(), 0);
}

/// Every key of a long text is one of a crowd when three hundred share it: what a document costs must
/// not grow with the square of its crowds.
#[test]
fn three_hundred_long_near_copies() {
    let _alone = alone();
    let mut dice = Dice::new(27);
    let words = dice.own_words(20_000);
    let texts: Vec<String> = (0..300)
        .map(|i| {
            let mut words = words.clone();
            words[60 * i].push('x');
            words.join(" ")
        })
        .collect();
    for (measure, threshold) in
        [(Measure::Coverage, 0.5), (Measure::Jaccard, 0.8), (Measure::Containment, 0.8)]
    {
        let mut builder = Detector::builder();
        let detector =
            builder.measure(measure).threshold(threshold).repeats(false).build().unwrap();
        let (report, time) = timed(|| detector.find(&texts).unwrap());
        println!("long near-copies by {measure}: {time:?}, {:?}", report.stats());
        assert_eq!(report.clusters().len(), 1);
        assert_eq!(report.clusters()[0].docs().len(), 300);
        // Each with the one that is kept.
        assert_eq!(report.matches().count(), 299);
    }
}

/// All paragraphs but one are removed, and whether that one has several lines is to be seen.
#[test]
fn a_plan_for_one_paragraph_over_and_over() {
    let mut builder = Detector::builder();
    let detector = builder.unit(Unit::Paragraph).keep(Keep::Last).repeats(false).build().unwrap();
    assert_linear("plans", 10_000, |n| {
        let text = "alpha\nbeta\n\n".repeat(n);
        let report = detector.find(&[&text]).unwrap();
        let removals = report.removals(Remove::Matches);
        // One stays with the last: alone, its lines would be paragraphs.
        assert_eq!(removals.len(), n - 2);
        let left = Removal::apply(&removals, &text).unwrap();
        assert_eq!(detector.find(&[&left]).unwrap().removals(Remove::Matches), []);
    });
}

/// Every text is nearly all boilerplate, and every window of it stands in all others.
#[test]
fn much_boilerplate_in_many_documents() {
    let mut builder = Detector::builder();
    builder.boilerplate(Boilerplate::Discount { min_docs: 10 });
    let detector = builder.build().unwrap();
    let footer = Dice::new(50).own_words(300).join(" ");
    assert_linear("boilerplate", 1_000, |n| {
        let mut dice = Dice::new(51);
        let texts: Vec<String> =
            (0..n).map(|_| dice.own_words(20).join(" ") + " " + &footer).collect();
        let report = detector.find(&texts).unwrap();
        assert_eq!((report.boilerplate().len(), report.clusters().len()), (1, 0));
        report.verify(&texts).unwrap();
    });
}
