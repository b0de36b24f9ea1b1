//! The report is the same bytes with each level of CPU. One test: the level is that of the process.

use std::io::Write as _;

use doublon::cpu::{Level, use_up_to};
use doublon::{Detector, Measure};

const LEVELS: [Level; 4] = [Level::Plain, Level::Sse2, Level::Avx2, Level::Avx512];

/// Everything that is found, by every measure.
fn reports(texts: &[String]) -> Vec<String> {
    let measures = [
        (Measure::Coverage, 0.5),
        (Measure::Jaccard, 0.8),
        (Measure::Jaccard, 0.5),
        (Measure::Containment, 0.8),
        (Measure::Hamming, 3.0),
    ];
    let report = |(measure, threshold)| {
        let mut builder = Detector::builder();
        let detector = builder.measure(measure).threshold(threshold).build().unwrap();
        format!("{:?}", detector.find(texts).unwrap())
    };
    measures.map(report).into()
}

/// Articles of words that meet every path of the scanner, each with an edited copy.
fn articles() -> Vec<String> {
    const WORDS: [&str; 24] = [
        "la",
        "crue",
        "a",
        "surpris",
        "Bl\u{e9}r\u{e9}",
        "d\u{e9}j\u{e0}",
        "l\u{2019}\u{e9}t\u{e9}",
        "c\u{153}ur",
        "\u{ab}\u{a0}oui\u{a0}\u{bb}",
        "gro\u{df}e",
        "Donaudampfschifffahrtsgesellschaft",
        "\u{432}\u{43e}\u{434}\u{430}",
        "\u{3bd}\u{3b5}\u{3c1}\u{3cc}",
        "\u{6d2a}\u{6c34}",
        "\u{e19}\u{e49}\u{e33}",
        "\u{fb01}n",
        "e\u{301}t\u{e9}",
        "co\u{ad}op",
        "2026",
        "12,5",
        "\u{1f30a}",
        "NATO\u{2019}s",
        "pr\u{e9}fecture",
        "r\u{e9}\u{e9}lection",
    ];
    let mut state = 7u64;
    let mut next = |end: usize| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (state >> 33) as usize % end
    };
    let mut articles = Vec::new();
    for number in 0..60 {
        let mut words: Vec<String> = (0..80 + next(300))
            .map(|_| format!("{}{}", WORDS[next(WORDS.len())], next(number + 2)))
            .collect();
        articles.push(words.join([" ", "\n", ", "][next(3)]));
        for _ in 0..next(12) {
            let at = next(words.len());
            words[at] = "autre".into();
        }
        articles.push(words.join(" "));
    }
    articles
}

fn same_at_every_level(name: &str, texts: &[String]) {
    let mut first: Option<Vec<String>> = None;
    for level in LEVELS {
        if use_up_to(level) != level {
            // Past the capture of the test's output.
            let _ = writeln!(std::io::stderr(), "skipped: this CPU has no {level:?}");
            continue;
        }
        let reports = reports(texts);
        let expected = first.get_or_insert_with(|| reports.clone());
        for (report, expected) in reports.iter().zip(expected) {
            let same = report.chars().zip(expected.chars()).take_while(|(x, y)| x == y).count();
            let told = |report: &str| report.chars().skip(same).take(200).collect::<String>();
            let told = format!("{:?} instead of {:?}", told(report), told(expected));
            assert!(report == expected, "{name} at {level:?}: {told}");
        }
    }
    use_up_to(Level::Avx512);
}

#[test]
fn reports_are_the_same_at_every_level() {
    same_at_every_level("articles", &articles());
    #[cfg(feature = "jsonl")]
    for name in ["seeds", "udhr", "legifr_20k"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../shared/data/{name}/docs.jsonl.gz"));
        if !path.exists() {
            let _ = writeln!(std::io::stderr(), "skipped: there is no corpus {name}");
            continue;
        }
        let records = doublon::corpus::JsonLines::open(&path).unwrap();
        let texts = records.map(|record| record.unwrap().into_parts().1);
        let texts: Vec<String> = texts.take(3_000).collect();
        same_at_every_level(name, &texts);
    }
}
