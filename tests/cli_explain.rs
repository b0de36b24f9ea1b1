//! What the example program says of a pair, and of its own search.
#![cfg(all(feature = "jsonl", feature = "rayon"))]

mod program;

use assert_cmd::Command;
use program::binary;
use tempfile::TempDir;

/// Runs in a folder and expects success without a word on standard error.
fn quiet(folder: &TempDir, args: &str) -> String {
    let mut command = Command::new(binary());
    let output = command.args(args.split_whitespace()).current_dir(folder.path()).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!((&*err, output.status.code()), ("", Some(0)), "{args}");
    String::from_utf8(output.stdout).unwrap()
}

/// Numbered words that stand nowhere else.
fn words(range: std::ops::Range<u32>) -> String {
    range.map(|number| format!("word{number}")).collect::<Vec<_>>().join(" ")
}

fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn pair() -> TempDir {
    folder(&[("a.txt", words(0..100)), ("b.txt", words(60..160)), ("c.txt", words(200..210))])
}

#[test]
fn compare_says_why() {
    let folder = pair();
    let verdict = |args: &str| {
        let out = quiet(&folder, &format!("compare {args}"));
        let at = out.find("match by").unwrap();
        out[at..].split_once('\n').unwrap().1.to_owned()
    };
    assert_eq!(
        verdict("a.txt a.txt --measure hamming"),
        "found by the search\n\
         hamming: every pair within 3 bits\n\
         0 of 64 bits differ; at most 3 may\n"
    );
    assert_eq!(
        verdict("a.txt c.txt"),
        "not found by the search: too short for the measure, 10 of 16 tokens needed\n\
         winnow: every shared run of 16 tokens or more\n\
         0 fingerprints are shared, of 20 and 0; 1 is needed\n"
    );
    assert_eq!(
        verdict("a.txt b.txt --measure containment"),
        "not found by the search: not proposed, 36 of 77 shared shingles needed\n\
         exact: every pair\n\
         accepted with threshold 0.375\n"
    );
    let minhash = verdict("a.txt b.txt --measure jaccard");
    assert!(minhash.contains(" of 32 bands are equal and "), "{minhash}");
    assert!(minhash.ends_with("\naccepted with threshold 0.230769\n"), "{minhash}");
}

/// What is suggested can be typed, and is enough.
#[test]
fn a_suggestion_is_heard() {
    let folder = pair();
    let object = |args: &str| -> serde_json::Value {
        let out = quiet(&folder, &format!("compare a.txt b.txt --format jsonl {args}"));
        serde_json::from_str(out.lines().next().unwrap()).unwrap()
    };
    for measure in ["coverage", "jaccard", "containment"] {
        let told = object(&format!("--measure {measure}"));
        assert_eq!(told["type"], "pair");
        let explanation = &told["explanation"];
        assert!(explanation["found"].as_u64() < explanation["needed"].as_u64());
        assert_eq!(explanation["tokens"], serde_json::json!([100, 100]));
        assert_eq!(explanation["covered"], serde_json::json!([40, 40]));
        assert_eq!(explanation["shingles"], serde_json::json!([96, 96]));
        assert_eq!((&explanation["shared"], explanation["hamming"].is_u64()), (&36.into(), true));
        let threshold = explanation["changes"][0]["threshold"].as_f64().unwrap();
        let accepted = object(&format!("--measure {measure} --threshold {threshold}"));
        assert_eq!(
            (&accepted["type"], &accepted["explanation"]["verdict"]),
            (&"match".into(), &"match".into())
        );
    }
}

#[test]
fn scan_audits_itself() {
    let lines: String = [(0, 40), (10, 50), (100, 140), (300, 340)]
        .iter()
        .enumerate()
        .map(|(id, &(from, to))| format!("{{\"id\":\"{id}\",\"text\":\"{}\"}}\n", words(from..to)))
        .collect();
    let folder = folder(&[("c.jsonl", lines)]);
    let plain = quiet(&folder, "scan c.jsonl");
    assert_eq!(
        quiet(&folder, "scan c.jsonl --audit 9 --seed 5"),
        plain
            + "\nAudit\n\
               4 of 4 documents compared with all others\n\
               recall 1.0000 (1.0000 to 1.0000): 2 of their 2 matches found\n\
               precision 1.0000 (1.0000 to 1.0000): 1 of 1 recounted matches are right\n"
    );
    let plain = quiet(&folder, "scan c.jsonl --format jsonl");
    assert_eq!(
        quiet(&folder, "scan c.jsonl --format jsonl --audit 9"),
        plain
            + "{\"type\":\"audit\",\"documents\":4,\"sampled\":4,\"pairs\":2,\"found\":2,\
               \"recall\":[1.0,1.0,1.0],\"missed\":[],\"matches\":1,\"recounted\":1,\
               \"precision\":[1.0,1.0,1.0],\"wrong\":[]}\n"
    );
    let with = |threads: u32, seed: u32| {
        quiet(&folder, &format!("scan c.jsonl --audit 2 --threads {threads} --seed {seed}"))
    };
    assert_eq!(with(1, 3), with(2, 3));
    for wrong in ["--audit 0", "--seed 3", "--audit 2 --seed x"] {
        let mut command = Command::new(binary());
        command.args(["scan", "c.jsonl"]).args(wrong.split(' ')).assert().code(2).stdout("");
    }
}
