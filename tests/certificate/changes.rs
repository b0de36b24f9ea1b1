//! Whatever is changed in one place of a report is refused by the name of the record, but for what
//! `UNSEEN` lists.

use doublon::{Clustering, ErrorKind, Measure, Remove, Report};
use serde_json::{Value, json};

use crate::kinds::Kind;

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
