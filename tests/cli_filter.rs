//! The example program with a choice of pairs by fields of the lines, from outside.
#![cfg(all(feature = "jsonl", feature = "rayon"))]

mod program;

use std::fs;

use assert_cmd::Command;
use program::binary;
use serde_json::{Value, json};
use tempfile::TempDir;

const NEWS: &str = "The river rose by two metres in one night.";
const OTHER: &str = "Nobody could say who left the clock there.";

/// Runs in a folder; gives the exit status, standard output and standard error.
fn run(folder: &TempDir, args: &[&str]) -> (i32, String, String) {
    let output = Command::new(binary()).args(args).current_dir(folder.path()).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), out, err)
}

fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    folder
}

/// Lines with the same text, of which each has this in a field `f`; `None` for none. Their ids are
/// letters.
fn lines(values: &[Option<Value>]) -> String {
    let line = |(value, id): (&Option<Value>, u8)| {
        let mut line = json!({ "id": char::from(id).to_string(), "text": NEWS });
        if let Some(value) = value {
            line["f"] = value.clone();
        }
        format!("{line}\n")
    };
    values.iter().zip(b'a'..).map(line).collect()
}

/// The pairs that match, as `ab`, and what was said of the input.
fn matches(folder: &TempDir, args: &[&str]) -> (Vec<String>, String) {
    // Connected clusters of two or three show all there is to see.
    let args = [&["scan", "--cluster", "connected", "--keep", "first", "--format", "jsonl"], args];
    let (status, out, err) = run(folder, &args.concat());
    assert_eq!(status, 0, "{err}");
    let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let pair =
        |line: Value| format!("{}{}", line["a"].as_str().unwrap(), line["b"].as_str().unwrap());
    (lines.filter(|line| line["type"] == "match").map(pair).collect(), err)
}

#[test]
fn fields_are_strings_numbers_or_booleans() {
    let values = ["afp", "reuters", "afp"].map(|name| Some(json!(name)));
    let c = folder(&[("c.jsonl", lines(&values))]);
    assert_eq!(matches(&c, &["c.jsonl"]).0, ["ab", "ac"]);
    assert_eq!(matches(&c, &["c.jsonl", "--same", "f"]).0, ["ac"]);
    assert_eq!(matches(&c, &["c.jsonl", "--differ", "f"]).0, ["ab", "bc"]);
    // Both rules hold for no pair.
    assert_eq!(matches(&c, &["c.jsonl", "--differ", "f", "--same", "f"]).0, [""; 0]);
    for (values, same) in [
        (["7", "7.0", "70e-1"], &["ab", "ac"][..]),
        (["7", "\"7\"", "7"], &["ac"]),
        (["true", "false", "true"], &["ac"]),
        (["true", "\"true\"", "true"], &["ac"]),
        (["9007199254740992", "9007199254740993", "9007199254740992"], &["ac"]),
        (["0", "-0.0", "1"], &["ab"]),
        (["\"a b\"", "\"a  b\"", "\"a\\u0020b\""], &["ac"]),
    ] {
        // As it is written: some writers would change it.
        let line = |(value, id)| format!("{{\"id\":\"{id}\",\"f\":{value},\"text\":\"{NEWS}\"}}\n");
        let written: String = values.into_iter().zip(["a", "b", "c"]).map(line).collect();
        let c = folder(&[("c.jsonl", written)]);
        assert_eq!(matches(&c, &["c.jsonl", "--same", "f"]).0, same, "{values:?}");
    }
}

#[test]
fn what_has_nothing_to_compare_matches_no_other_and_is_told() {
    let values = [Some(json!("x")), None, Some(json!(null)), Some(json!(["x"])), Some(json!("x"))];
    let c = folder(&[("c.jsonl", lines(&values))]);
    let said: String = (2..=4)
        .map(|line| {
            format!(
                "c.jsonl:{line}: nothing to compare in field \"f\"; matches no other document\n"
            )
        })
        .collect();
    assert_eq!(matches(&c, &["c.jsonl", "--same", "f"]), (vec!["ae".into()], said.clone()));
    assert_eq!(matches(&c, &["c.jsonl", "--differ", "f"]), (vec![], said.clone()));
    let error = |args: &[&str]| {
        let (status, out, err) = run(&c, &[&["scan", "c.jsonl"], args].concat());
        assert_eq!((status, &*out), (2, ""));
        err.lines().last().unwrap().to_owned()
    };
    assert_eq!(
        error(&["--same", "f", "--strict"]),
        "error: c.jsonl:2: nothing to compare in field \"f\"; matches no other document"
    );
    assert_eq!(
        error(&["--differ", "sorce"]),
        "error: no document has anything to compare in a field \"sorce\""
    );
    // Texts have no fields at all.
    fs::write(c.path().join("a.txt"), NEWS).unwrap();
    let (status, _, err) = run(&c, &["scan", "a.txt", "--same", "f"]);
    assert_eq!((status, err.lines().count()), (2, 2));
    assert!(err.starts_with("a.txt: nothing to compare in field \"f\";"), "{err}");
}

#[test]
fn within_takes_numbers_and_dates() {
    for (values, most, pairs) in [
        (json!([1, 3, 5.5]), "2.5", &["ab", "bc"][..]),
        (json!([1, 3, 5.5]), "1.9", &[]),
        (json!([1, 1, -1]), "0", &["ab"]),
        (json!(["2024-02-28", "2024-03-01", "2023-02-28"]), "2", &["ab"]),
        (json!(["2023-02-28", "2023-03-01", "2022-12-31"]), "1", &["ab"]),
        (json!(["2100-02-28", "2100-03-01", "2000-02-29"]), "1", &["ab"]),
        (json!(["2023-12-31", "2024-01-01", "1999-12-31"]), "1", &["ab"]),
        (json!(["2024-05-01T23:59:00Z", "2024-05-02 00:01", "2024-05-03"]), "1", &["ab", "bc"]),
        (json!([19700101, "1970-01-01", 19700101]), "1e9", &["ac"]),
    ] {
        let values: Vec<_> = values.as_array().unwrap().iter().cloned().map(Some).collect();
        let c = folder(&[("c.jsonl", lines(&values))]);
        let rule = format!("f={most}");
        let (found, said) = matches(&c, &["c.jsonl", "--within", &rule]);
        assert_eq!(
            (&found[..], &*said),
            (&pairs.iter().map(|p| p.to_string()).collect::<Vec<_>>()[..], "")
        );
    }
    for date in [
        "2023-02-29",
        "2024-13-01",
        "2024-00-01",
        "2024-01-00",
        "24-01-01",
        "2024-1-1",
        "2024-01-01x",
        "2024/01/01",
        "+024-01-01",
        "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
        "true",
    ] {
        let values = [Some(json!("2024-01-01")), Some(json!(date)), Some(json!("2024-01-01"))];
        let c = folder(&[("c.jsonl", lines(&values))]);
        let (found, said) = matches(&c, &["c.jsonl", "--within", "f=1000000"]);
        assert_eq!(found, ["ac"], "{date}");
        assert!(said.starts_with("c.jsonl:2: nothing to compare"), "{said}");
    }
    let c = folder(&[("c.jsonl", lines(&[Some(json!(1))]))]);
    for rule in ["f", "f=", "f=-1", "f=x", "f=inf", "f=nan"] {
        let (status, _, err) = run(&c, &["scan", "c.jsonl", "--within", rule]);
        assert_eq!(status, 2);
        assert!(err.contains("--within"), "{err}");
    }
    let (found, _) = matches(&c, &["c.jsonl", "--within", "f=0"]);
    assert!(found.is_empty());
}

/// From files, from compressed ones, and from standard input; a field of the same name as another.
#[test]
fn all_kinds_of_input_have_their_fields() {
    let values = ["x", "y", "x"].map(|name| Some(json!(name)));
    let c = lines(&values);
    let folder = folder(&[("c.jsonl", c.clone())]);
    fs::write(folder.path().join("c.jsonl.zst"), zstd::encode_all(c.as_bytes(), 0).unwrap())
        .unwrap();
    for path in ["c.jsonl", "c.jsonl.zst"] {
        assert_eq!(matches(&folder, &[path, "--same", "f"]).0, ["ac"], "{path}");
    }
    let args = ["scan", "-", "--same", "f", "--format", "jsonl"];
    let output = Command::new(binary()).args(args).write_stdin(c).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.starts_with("{\"type\":\"match\",\"a\":\"a\",\"b\":\"c\""), "{out}");
    // The id can be compared too.
    assert!(matches(&folder, &["c.jsonl", "--same", "id"]).0.is_empty());
}

#[test]
fn dedup_against_a_reference_goes_by_fields() {
    let reference = lines(&[Some(json!("afp"))]);
    let incoming = lines(&[Some(json!("afp")), Some(json!("dpa")), Some(json!("dpa"))]);
    let folder = folder(&[("ref.jsonl", reference), ("in.jsonl", incoming.clone())]);
    let dedup = |rule: &str| {
        let args = ["dedup", "--against", "ref.jsonl", "in.jsonl", "-o", "-", "--keep", "first"];
        run(&folder, &[&args[..], &[rule, "f"]].concat()).1
    };
    let kept = |ids: &[usize]| -> String {
        ids.iter().map(|&at| incoming.lines().nth(at).unwrap().to_owned() + "\n").collect()
    };
    assert_eq!(dedup("--same"), kept(&[1]));
    // The first of the incoming differs from no one that is kept; the others from the reference.
    assert_eq!(dedup("--differ"), kept(&[0]));
}

/// Paragraphs go by their documents' fields; those of one document always may match.
#[test]
fn paragraphs_have_the_fields_of_their_documents() {
    let line = |id: &str, source: &str, text: &str| {
        format!("{}\n", json!({ "id": id, "source": source, "text": text }))
    };
    let c = line("a", "x", &format!("{NEWS}\n\n{OTHER}\n\n{NEWS}"))
        + &line("b", "x", &format!("{OTHER}\n\nAnd so on."))
        + &line("c", "y", &format!("{OTHER}\n\nAnd so forth."));
    let folder = folder(&[("c.jsonl", c)]);
    let args = ["c.jsonl", "--unit", "paragraph", "--differ", "source"];
    assert_eq!(matches(&folder, &args).0, ["aa", "ac", "bc"]);
}

/// The report of a choice is verified by who gives it, and an audit counts what may match.
#[cfg(feature = "serde")]
#[test]
fn a_choice_is_verified_and_audited() {
    let values = ["x", "y", "x", "y"].map(|name| Some(json!(name)));
    let folder = folder(&[("c.jsonl", lines(&values)), ("d.jsonl", lines(&values[1..]))]);
    let args = ["scan", "c.jsonl", "--same", "f", "--report", "r.json", "--audit", "9"];
    let (status, out, err) = run(&folder, &[&args[..], &["--format", "jsonl"]].concat());
    assert_eq!((status, &*err), (0, ""));
    let audit: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!((&audit["pairs"], &audit["found"]), (&json!(4), &json!(4)));
    let verify = |args: &[&str]| run(&folder, &[&["verify", "r.json", "c.jsonl"], args].concat());
    let (status, _, err) = verify(&["--same", "f"]);
    assert_eq!((status, &*err), (0, ""));
    let (status, _, err) = verify(&[]);
    assert_eq!(status, 0);
    assert_eq!(
        err,
        "not checked: which pairs may match; give --same, --differ or --within as scan had them\n"
    );
    let (status, _, err) = verify(&["--differ", "f"]);
    assert_eq!((status, &*err), (2, "error: match #0 ~ #2: the two may not match\n"));
    // Against a reference.
    let args = ["scan", "d.jsonl", "--against", "c.jsonl", "--report", "r.json", "--audit", "9"];
    let (status, out, _) = run(&folder, &[&args[..], &["--same", "f"]].concat());
    assert_eq!(status, 0);
    assert!(out.contains("\n3 of 3 documents compared with all others\n"), "{out}");
    let (status, _, err) = verify(&["--same", "f"]);
    assert_eq!(status, 2);
    assert_eq!(err, "error: references: is 4; 0 texts of a reference are there\n");
    let args = ["verify", "r.json", "d.jsonl", "--against", "c.jsonl", "--same", "f"];
    assert_eq!(run(&folder, &args).0, 0);
    // A report of all pairs has no choice to check.
    run(&folder, &["scan", "c.jsonl", "--report", "r.json"]);
    let (status, _, err) = verify(&["--same", "f"]);
    assert_eq!(status, 2);
    assert_eq!(
        err,
        "error: the report is one of all pairs; leave out --same, --differ and --within\n"
    );
}

#[test]
fn an_audit_goes_with_paragraphs() {
    let line = |id: &str, text: &str| format!("{}\n", json!({ "id": id, "text": text }));
    let c = line("a", &format!("{NEWS}\n\n{OTHER}")) + &line("b", &format!("Else.\n\n{OTHER}"));
    let folder = folder(&[("c.jsonl", c), ("ref.jsonl", line("a", &format!("{NEWS}\n\nNo.")))]);
    let scan = ["scan", "c.jsonl", "--against", "ref.jsonl", "--unit", "paragraph", "--audit", "9"];
    let (status, out, err) = run(&folder, &scan);
    assert_eq!((status, &*err), (0, ""));
    assert!(out.contains("\nAudit\n4 of 4 paragraphs compared with all others\n"), "{out}");
    assert!(out.contains(": 3 of their 3 matches found\n"), "{out}");
    let (_, out, _) = run(&folder, &[&scan[..], &["--format", "jsonl"]].concat());
    let audit: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!((&audit["missed"], &audit["missed_spans"]), (&json!([]), &json!([])));
}
