//! A report read from JSON, with something changed in it, against its texts: whatever is changed is
//! refused by the name of the record, but for what `UNSEEN` lists.
#![cfg(feature = "serde")]

use doublon::text::{Tokenize, Tokens, Words};
use doublon::{
    Boilerplate, Clustering, Detector, DetectorBuilder, ErrorKind, Keep, Measure, Remove, Report,
    Unit,
};
use serde_json::{Value, json};

#[path = "naive/mod.rs"]
mod naive;

use naive::prose::Dice;

/// Each kind of record: copies, an overlap, a part, repeats of both kinds, pairs without a passage, an
/// empty text and a short one.
fn texts() -> Vec<String> {
    let mut dice = Dice::new(3);
    let (p, q, r) = (dice.own_words(24), dice.own_words(20), dice.own_words(18));
    let short = dice.own_words(9);
    let text = |parts: &[&[String]]| parts.concat().join(" ");
    let (twice, few) = (dice.own_words(18).join(" "), dice.own_words(7).join(" "));
    vec![
        text(&[&p, &q]),
        text(&[&p[..11], &short[..1], &p[11..], &r]),
        String::new(),
        text(&[&p, &short[1..2], &q[..19]]),
        text(&[&p, &q]).to_uppercase(),
        format!("{few}\n{}\n{few}", text(&[&r, &q])),
        format!("{twice}, {} and {twice}", text(&[&short[2..5]])),
        text(&[&short]),
        text(&[&short]),
        text(&[&short[..8]]),
    ]
}

/// What is compared with what.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Documents,
    Paragraphs,
    Against,
    Chosen,
    /// All of it, paragraphs of chosen pairs against a reference.
    All,
}

impl Kind {
    fn texts(self) -> Vec<String> {
        let mut texts = texts();
        match self {
            Kind::Documents | Kind::Chosen => texts,
            Kind::Against => {
                texts.swap(1, 4);
                texts
            }
            Kind::Paragraphs | Kind::All => {
                // Several lines each, so that a document may be left with one of them.
                let texts: Vec<String> =
                    texts.iter().map(|text| text.replacen(' ', "\n", 1)).collect();
                let documents =
                    [&texts[..2], &texts[2..5], &texts[5..6], &texts[6..8], &texts[8..]];
                documents.map(|texts| texts.join("\n\n")).to_vec()
            }
        }
    }

    fn references(self) -> usize {
        if matches!(self, Kind::Against | Kind::All) { 2 } else { 0 }
    }

    fn builder(self) -> DetectorBuilder {
        let mut builder = Detector::builder();
        if matches!(self, Kind::Paragraphs | Kind::All) {
            builder.unit(Unit::Paragraph);
        }
        if matches!(self, Kind::Chosen | Kind::All) {
            builder.pairs_if(|a, b| (a.index(), b.index()) != (0, 3));
        }
        builder
    }

    /// As one does who has all that the report was made with.
    fn verify(self, report: &Report, texts: &[String]) -> doublon::Result<()> {
        let (reference, incoming) = texts.split_at(self.references());
        match self {
            Kind::Documents | Kind::Paragraphs => report.verify(texts),
            Kind::Against => report.verify_against(reference, incoming),
            Kind::Chosen => self.builder().build()?.verify(report, texts),
            Kind::All => self.builder().build()?.verify_against(report, reference, incoming),
        }
    }
}

/// Paths of what may be changed without being seen: what only the search knew, and settings with which
/// the same would have been found. `*` stands for any number.
const UNSEEN: [&str; 17] = [
    // Of a connected cluster, where a copy has the same match.
    "clusters/*/matches/*/a",
    // Without one that holds no copies which have to match.
    "clusters",
    // Without a pair that makes no cluster.
    "pairs",
    // Without a removal for a match that no complete-link cluster has.
    "stars",
    // To another one that is left and matches as well.
    "stars/*/kept/doc",
    // Up to the number of the candidates.
    "stats/verified",
    // Down to the number of those verified.
    "stats/candidates",
    "limits/crowded",
    "limits/full",
    // Lower: that all pairs were found is not checked. By less than a millionth: the same.
    "settings/threshold",
    // Where no chain is longer or shorter for it.
    "settings/max_gap",
    // Where it makes no difference to the clusters that are there.
    "settings/clustering",
    "settings/keep",
    // Of minhash and hamming searches, all but the name, and bits from the threshold on.
    "search",
    // Where nothing shorter is a passage, and nothing longer.
    "settings/min_run",
    // Where none of the documents is kept that would be references, and no two of them match.
    "references",
    // To a choice that nobody asks for, and where nothing that it forbids was found.
    "settings/chosen_pairs",
];

/// Other values for one.
fn changes(value: &Value, key: &str) -> Vec<Value> {
    const NAMES: [&[&str]; 7] = [
        &["coverage", "jaccard", "containment", "hamming"],
        &["auto", "minhash", "winnow", "exact"],
        &["star", "connected", "complete-link"],
        &["longest", "first", "last", "priority"],
        &["identical", "same-text", "near", "contains", "contained", "overlaps"],
        &["paragraph", "passage", "document"],
        &["0000000000000000"],
    ];
    match value {
        Value::Null => vec![json!([])],
        Value::Bool(yes) => vec![json!(!yes)],
        Value::Number(number) => match number.as_u64() {
            Some(n) => {
                let mut others = vec![json!(n + 1), json!(n ^ 3), json!(0), json!(u32::MAX)];
                if n > 0 {
                    others.push(json!(n - 1));
                }
                if key == "shingle" || key == "min_run" || key == "max_gap" {
                    others.push(json!(u64::MAX));
                }
                others
            }
            None => {
                let x = number.as_f64().unwrap();
                vec![
                    json!(0.0),
                    json!(-1.0),
                    json!(x / 2.0),
                    json!(0.97),
                    json!(1e300),
                    json!(5e-324),
                ]
            }
        },
        Value::String(name) => {
            let kind = |names: &&&[&str]| names.contains(&&**name);
            // "hamming" is a measure and a search.
            let names = NAMES.iter().filter(kind).flat_map(|names| names.iter());
            let mut others: Vec<Value> = names.map(|name| json!(name)).collect();
            others.push(json!("another"));
            others.push(json!(NAMES[6][0]));
            others.push(json!(format!("{name} ")));
            others
        }
        Value::Array(items) => {
            let mut others = vec![json!([])];
            for at in 0..items.len() {
                let mut fewer = items.clone();
                let item = fewer.remove(at);
                others.push(json!(fewer));
                fewer.insert(at, item.clone());
                fewer.insert(at, item);
                others.push(json!(fewer));
            }
            let mut turned = items.clone();
            turned.reverse();
            others.push(json!(turned));
            others
        }
        Value::Object(_) => Vec::new(),
    }
}

/// All places in a value, as JSON pointers.
fn places(value: &Value, here: String, found: &mut Vec<String>) {
    found.push(here.clone());
    match value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(at, item)| places(item, format!("{here}/{at}"), found));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(key, item)| places(item, format!("{here}/{key}"), found));
        }
        _ => {}
    }
}

/// How an error about a place has to begin; more than one where a changed number may show in what
/// else depends on it.
fn names(report: &Value, place: &str) -> Vec<String> {
    let paragraphs = report["unit"] == "paragraph";
    let steps: Vec<&str> = place.split('/').skip(1).collect();
    let any = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
    match steps[..] {
        ["clusters", _, "matches", _, "similarity" | "relation" | "passages", ..]
        | ["pairs", _, "similarity" | "relation" | "passages", ..] => {
            let depth = if steps[0] == "pairs" { 2 } else { 4 };
            let found = report.pointer(&format!("/{}", steps[..depth].join("/"))).unwrap();
            let name = |side: &str, at: usize| {
                let [start, end] = [0, 1].map(|end| &found["spans"][at][end]);
                let span = if paragraphs { format!(":{start}..{end}") } else { String::new() };
                format!("#{}{span}", found[side])
            };
            vec![format!("match {} ~ {}:", name("a", 0), name("b", 1))]
        }
        ["clusters", _, "measure"] => {
            let cluster = report.pointer(&format!("/{}", steps[..2].join("/"))).unwrap();
            let end = if paragraphs { ":" } else { ": " };
            vec![format!("cluster of #{}{end}", cluster["docs"][0])]
        }
        ["clusters", ..] => any(&["cluster of #", "cluster of nothing", "match #", "layout of #"]),
        ["pairs", ..] => {
            any(&["match #", "pairs: ", "order: ", "cluster of #", "the pairs lack", "layout of #"])
        }
        ["order", ..] => any(&["order: ", "match #"]),
        ["repeats", ..] => any(&["repeat of #", "repeat: #"]),
        ["stats", field] => vec![format!("stats: {field} is"), "stats: verified is".into()],
        ["limits", field] => vec![format!("limits: {field} is")],
        ["search"] => any(&["settings: "]),
        ["copies" | "stars", ..] => any(&["removal of #", "stars: ", "layout of #"]),
        ["layouts", ..] => any(&["layout of #"]),
        // A setting that is possible contradicts what was found with another.
        ["settings" | "unit" | "references", ..] => any(&[
            "references: ",
            "layout of #",
            "stats: ",
            "pairs: ",
            "settings: ",
            "match #",
            "cluster of #",
            "repeat of #",
            "limits: ",
            "order: ",
            "stars: ",
            "removal of #",
        ]),
        _ => panic!("{place} has no name"),
    }
}

/// The changed reports that are taken for true, by their places; that the others are refused by their
/// names is checked. Gives how many there were, too.
fn unseen(
    kind: Kind,
    texts: &[String],
    report: &Report,
    wrong: &mut Vec<String>,
) -> (usize, Vec<(String, Value)>) {
    let json = serde_json::to_value(report).unwrap();
    let read: Report = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(read, *report);
    read.verify(texts).unwrap();
    kind.verify(&read, texts).unwrap();
    let (mut found, mut unseen, mut tried) = (Vec::new(), Vec::new(), 0);
    places(&json, String::new(), &mut found);
    for place in found {
        let was = json.pointer(&place).unwrap();
        for other in changes(was, place.rsplit('/').next().unwrap()) {
            if other == *was {
                continue;
            }
            let mut changed = json.clone();
            *changed.pointer_mut(&place).unwrap() = other.clone();
            // What JSON alone does not let through is refused as well.
            let Ok(changed) = serde_json::from_value::<Report>(changed) else { continue };
            if changed == *report {
                continue;
            }
            tried += 1;
            // None of this may panic, whatever the report says.
            let _ = (changed.to_string(), changed.at(1.0).is_ok(), changed.thresholds().is_ok());
            let _ = (changed.removals(Remove::Matches), changed.removals(Remove::Copies));
            let _ = changed.clusters().iter().filter_map(|cluster| cluster.weakest()).count();
            let _: f64 = changed.matches().map(|found| found.similarity().jaccard()).sum();
            // Who knows less sees no more.
            let seen = kind.verify(&changed, texts);
            assert!(seen.is_err() || changed.verify(texts).is_ok(), "{kind:?} {place} = {other}");
            match seen {
                Ok(()) => unseen.push((place.clone(), other)),
                Err(error) => {
                    let message = error.to_string();
                    let names = names(&json, &place);
                    if !names.iter().any(|name| message.starts_with(name)) {
                        wrong.push(format!(
                            "{kind:?} {place} = {other}: {message:?} begins with none of {names:?}"
                        ));
                    }
                    let kind = error.kind();
                    assert!(kind == ErrorKind::Mismatch || place == "/settings/tokenizer");
                }
            }
        }
    }
    (tried, unseen)
}

#[test]
fn whatever_is_changed_is_refused_by_name() {
    let mut all = 0;
    let (mut missed, mut wrong) = (Vec::<String>::new(), Vec::new());
    for kind in [Kind::Documents, Kind::Paragraphs, Kind::Against, Kind::Chosen, Kind::All] {
        let texts = kind.texts();
        for measure in [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming]
        {
            for clustering in [Clustering::Star, Clustering::Connected, Clustering::CompleteLink] {
                // Of the other kinds each measure with and each without, in turn.
                let turn = measure as usize + clustering as usize;
                for all_pairs in [false, true] {
                    if kind != Kind::Documents && turn.is_multiple_of(2) != all_pairs {
                        continue;
                    }
                    let mut builder = kind.builder();
                    builder.measure(measure).cluster(clustering);
                    match measure {
                        Measure::Hamming => builder.threshold(16.0),
                        Measure::Coverage => builder.threshold(0.35),
                        _ => builder.threshold(0.3),
                    };
                    if all_pairs {
                        builder.all_pairs(100);
                    }
                    let (reference, incoming) = texts.split_at(kind.references());
                    let report =
                        builder.build().unwrap().find_against(reference, incoming).unwrap();
                    assert!(report.clusters().len() > 1, "{kind:?} {measure} {clustering:?}");
                    let pairs = report.matches().count();
                    let (tried, unseen) = unseen(kind, &texts, &report, &mut wrong);
                    all += tried;
                    for (place, other) in unseen {
                        let any = |step: &str| {
                            if step.parse::<u32>().is_ok() { "*" } else { step }.to_owned()
                        };
                        let place = place[1..].split('/').map(any).collect::<Vec<_>>().join("/");
                        let left = other.as_array().map(Vec::len);
                        let allowed = UNSEEN.contains(&&*place)
                            && match &*place {
                                "pairs" => left == Some(pairs - 1),
                                "clusters" => left == Some(report.clusters().len() - 1),
                                "references" => kind.references() == 0,
                                place => {
                                    !place.starts_with("clusters")
                                        || clustering == Clustering::Connected
                                }
                            };
                        if !allowed {
                            let other = other.to_string();
                            let other = other.get(..200).unwrap_or(&other).to_owned();
                            wrong.push(format!(
                                "{kind:?} {measure} {clustering:?}: {place} = {other}"
                            ));
                        }
                        missed.push(place);
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all > 100_000, "{all} changes");
    // The list is no longer than it must be.
    for place in UNSEEN {
        assert!(missed.iter().any(|missed| missed == place), "{place} is seen every time");
    }
}

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
