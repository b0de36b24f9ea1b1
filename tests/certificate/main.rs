//! A report read from JSON, with something changed in it, against its texts.
#![cfg(feature = "serde")]

mod changes;
mod kinds;
#[path = "../naive/mod.rs"]
mod naive;

use doublon::text::{Tokenize, Tokens, Words};
use doublon::{Boilerplate, Clustering, Detector, ErrorKind, Keep, Measure, Report};
use serde_json::{Value, json};

use kinds::texts;
use naive::prose::Dice;

/// What does not count is found anew.
#[test]
fn discounted_boilerplate_is_checked() {
    let mut dice = Dice::new(8);
    let footer = dice.own_words(20).join(" ");
    let texts: Vec<String> = (0..9)
        .map(|at| {
            let body = Dice::new(at % 7 + 100).own_words(30 + at as usize / 7).join(" ");
            format!("{body}\n{footer}")
        })
        .collect();
    let policies = [Boilerplate::Report { min_docs: 8 }, Boilerplate::Discount { min_docs: 8 }];
    for boilerplate in policies {
        let report = Detector::builder().boilerplate(boilerplate).build().unwrap().find(&texts);
        let report = report.unwrap();
        assert_eq!((report.boilerplate().len(), report.clusters().len()), (1, 2));
        let json = serde_json::to_value(&report).unwrap();
        let read = |json: Value| serde_json::from_value::<Report>(json).unwrap().verify(&texts);
        read(json.clone()).unwrap();
        for (place, value, said) in [
            ("/boilerplate", json!([]), "boilerplate of #0 at "),
            ("/boilerplate/0/documents", json!(8), "boilerplate of #0 at "),
            ("/settings/boilerplate", json!("keep"), "boilerplate of #0 at "),
        ] {
            let mut changed = json.clone();
            *changed.pointer_mut(place).unwrap() = value;
            let error = read(changed).unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
        }
    }
}

/// What nobody may match is seen by whoever knows it, and by nobody else.
#[test]
fn a_choice_of_pairs_can_be_asked() {
    let texts = ["The very same words.", "the very same words", "THE VERY SAME WORDS"];
    let choosy = |pair: (usize, usize)| {
        let may_match = move |a: doublon::DocId, b: doublon::DocId| (a.index(), b.index()) != pair;
        Detector::builder().pairs_if(may_match).keep(Keep::First).build().unwrap()
    };
    let report = choosy((0, 2)).find(&texts).unwrap();
    assert_eq!(report.matches().count(), 1);
    report.verify(&texts).unwrap();
    choosy((0, 2)).verify(&report, &texts).unwrap();
    let error = choosy((0, 1)).verify(&report, &texts).unwrap_err();
    assert_eq!(error.to_string(), "match #0 ~ #1: the two may not match");
    // Of the copies, the third may go as well.
    let error = choosy((1, 2)).verify(&report, &texts).unwrap_err();
    assert_eq!(error.to_string(), "removal of #2: copies are removed otherwise");
}

/// References are those that were given, and match nothing among them.
#[test]
fn references_are_told_apart() {
    let texts = ["The very same words.", "Other words than these.", "the very same words"];
    let report = Detector::default().find_against(&texts[..2], &texts[2..]).unwrap();
    report.verify_against(&texts[..2], &texts[2..]).unwrap();
    let error = report.verify_against(&texts[..1], &texts[1..]).unwrap_err();
    assert_eq!(error.to_string(), "references: is 2; 1 texts of a reference are there");
    let mut json = serde_json::to_value(&report).unwrap();
    for (references, said) in
        [(3, "match #0 ~ #2: both are references"), (4, "references: is 4; there are 3 texts")]
    {
        json["references"] = json!(references);
        let changed: Report = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(changed.verify(&texts).unwrap_err().to_string(), said);
    }
}

#[test]
fn some_changes_and_what_is_said_of_them() {
    let texts = texts();
    let detector = Detector::builder().all_pairs(100).build().unwrap();
    let json = serde_json::to_value(detector.find(&texts).unwrap()).unwrap();
    let said = |place: &str, value: Value| {
        let mut changed = json.clone();
        *changed.pointer_mut(place).unwrap() = value;
        let changed: Report = serde_json::from_value(changed).unwrap();
        changed.verify(&texts).expect_err(place).to_string()
    };
    let mut all = String::new();
    for (place, value) in [
        ("/settings/threshold", json!(1.5)),
        ("/settings/tokenizer", json!("00000000000000ff")),
        ("/settings/search", json!("exact")),
        ("/search", json!("exact: every pair")),
        ("/stats/tokens", json!(1)),
        ("/stats/documents", json!(u64::MAX)),
        ("/limits/empty", json!(0)),
        ("/order/0", json!(5)),
        ("/order", json!([4_000_000_000u32])),
        ("/repeats/0/doc", json!(4_000_000_000u32)),
        ("/repeats/0/repeat/spans/1", json!([0, 4_294_967_295u32])),
        ("/repeats", json!([])),
        ("/clusters/0/keep", json!(4)),
        ("/clusters/0/docs/0", json!(9)),
        ("/pairs/0/a", json!(4_000_000_000u32)),
        ("/pairs/0/similarity/covered_a", json!(7)),
        ("/pairs/0/relation", json!("contains")),
        ("/pairs/0/passages", json!([])),
        ("/pairs/0/passages/0/tokens", json!(1)),
        ("/pairs/0/passages/0/runs/0/a", json!([1, 4_294_967_295u32])),
        ("/pairs/0/passages/0/runs/0/b", json!([9, 3])),
        ("/pairs/0/passages/0/runs/0/tokens", json!(4_294_967_295u32)),
        ("/pairs", json!([])),
    ] {
        all += &format!("{place}\n  {}\n", said(place, value));
    }
    insta::assert_snapshot!(all);
}

/// Splits at white space and folds nothing.
struct Raw;

impl Tokenize for Raw {
    fn tokenize(&self, text: &str, tokens: &mut Tokens) {
        for word in text.split_whitespace() {
            let start = (word.as_ptr() as usize - text.as_ptr() as usize) as u32;
            tokens.push(doublon::Span::new(start, start + word.len() as u32), word);
        }
    }
    fn fold(&self, token: &str, folded: &mut String) {
        folded.push_str(token);
    }
    fn fingerprint(&self) -> u64 {
        1
    }
}

#[test]
fn another_tokenizer_is_asked_for() {
    let texts = ["one two three", "one two three", "One two three"];
    let raw = Detector::builder().tokenizer(Raw).keep(Keep::Last).build().unwrap();
    let report = raw.find(&texts).unwrap();
    raw.verify(&report, &texts).unwrap();
    let error = report.verify(&texts).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("Detector::verify(&report, &texts)"), "{error}");
    assert!(error.to_string().contains("0000000000000001"), "{error}");
    let words = Detector::default();
    let error = words.verify(&report, &texts).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains(&format!("{:016x}", Words.fingerprint())), "{error}");
}

/// What a report claims costs no more than what is there: claims of more are refused unread.
#[test]
fn one_long_passage_claimed_many_times_is_refused() {
    let mut dice = Dice::new(5);
    let long = dice.own_words(2_000).join(" ");
    let (mut a, mut b) = (long.clone(), long.to_uppercase());
    for _ in 0..50 {
        let run = dice.own_words(20).join(" ");
        for text in [&mut a, &mut b] {
            *text += &format!(" {} {run}", dice.own_words(20).join(" "));
        }
    }
    let texts = [a, b];
    let report = doublon::find(&texts).unwrap();
    report.verify(&texts).unwrap();
    let mut json = serde_json::to_value(&report).unwrap();
    let passages = json["clusters"][0]["matches"][0]["passages"].as_array_mut().unwrap();
    assert_eq!(passages.len(), 51);
    let first = passages[0].clone();
    passages.iter_mut().for_each(|passage| *passage = first.clone());
    let report: Report = serde_json::from_value(json).unwrap();
    let error = report.verify(&texts).unwrap_err().to_string();
    assert_eq!(error, "match #0 ~ #1: the texts share fewer passages");
}

/// The kept one of a plan is the better one.
#[test]
fn a_plan_turned_round_is_refused() {
    let words = Dice::new(6).own_words(40);
    let texts = [words[..30].join(" "), words.join(" ")];
    let report = Detector::builder().cluster(Clustering::CompleteLink).build().unwrap();
    let report = report.find(&texts).unwrap();
    let mut json = serde_json::to_value(&report).unwrap();
    let star = &mut json["stars"][0];
    (star["place"], star["kept"]) = (star["kept"].clone(), star["place"].clone());
    let report: Report = serde_json::from_value(json).unwrap();
    let error = report.verify(&texts).unwrap_err().to_string();
    assert_eq!(error, "removal of #1: it is better than #0");
}

/// Two texts of which no shingle counts have equal bits, none, and are no match for that.
#[test]
fn texts_of_which_nothing_counts_match_in_no_report() {
    let mut dice = Dice::new(9);
    let footer = dice.own_words(30).join(" ");
    let texts: Vec<String> =
        (0..9).map(|at| dice.own_words(1 + at % 4).join(" ") + "\n" + &footer).collect();
    let mut builder = Detector::builder();
    builder.measure(Measure::Hamming).threshold(16.0);
    let alike = builder.build().unwrap().find(&texts[..2]).unwrap();
    builder.boilerplate(Boilerplate::Discount { min_docs: 9 });
    let report = builder.build().unwrap().find(&texts).unwrap();
    assert_eq!((alike.clusters().len(), report.clusters().len()), (1, 0));
    let mut json = serde_json::to_value(&report).unwrap();
    let mut cluster = serde_json::to_value(&alike).unwrap()["clusters"][0].clone();
    let found = &mut cluster["matches"][0];
    (found["relation"], found["passages"]) = (json!("overlaps"), json!([]));
    for (count, value) in found["similarity"].as_object_mut().unwrap() {
        *value = match &**count {
            "tokens_a" => json!(1),
            "tokens_b" => json!(2),
            _ => json!(0),
        };
    }
    json["clusters"] = json!([cluster]);
    let forged: Report = serde_json::from_value(json).unwrap();
    let error = forged.verify(&texts).unwrap_err().to_string();
    assert_eq!(error, "match #0 ~ #1: does not reach the threshold");
}

/// Where copies match another text, so does the one they are copies of.
#[test]
fn pairs_of_copies_stand_with_the_pair_of_their_original() {
    let words = Dice::new(10).own_words(60);
    let copy = words[..40].join(" ");
    let texts = [words.join(" "), copy.clone(), copy.to_uppercase(), words[20..].join(" ")];
    let report = Detector::builder().all_pairs(9).build().unwrap().find(&texts).unwrap();
    let mut json = serde_json::to_value(&report).unwrap();
    let pairs = json["pairs"].as_array_mut().unwrap();
    assert_eq!(pairs.len(), 6);
    pairs.retain(|pair| (&pair["a"], &pair["b"]) != (&json!(1), &json!(3)));
    assert_eq!(pairs.len(), 5);
    let report: Report = serde_json::from_value(json).unwrap();
    let error = report.verify(&texts).unwrap_err().to_string();
    assert_eq!(error, "match #2 ~ #3: the documents that they are copies of do not match");
}
