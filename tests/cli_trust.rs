//! The example program, from outside: reports that are written and verified, and thresholds.
#![cfg(all(feature = "jsonl", feature = "rayon", feature = "serde"))]

mod program;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use program::binary;
use serde_json::json;
use tempfile::TempDir;

const NEWS: &str = "examples/news";

/// Runs and gives the exit status, standard output and standard error.
fn run(args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(binary());
    let output = command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn ran(args: &[&str]) -> String {
    let (code, out, err) = run(args);
    assert_eq!((code, &*err), (0, ""), "{args:?}");
    out
}

fn refused(args: &[&str]) -> String {
    let (code, out, err) = run(args);
    assert_eq!((code, &*out), (2, ""), "{args:?}");
    err.trim_end().to_owned()
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_report_that_was_written_verifies() {
    let folder = TempDir::new().unwrap();
    let report = path(&folder, "report.json");
    let plain = ran(&["scan", NEWS]);
    assert_eq!(ran(&["scan", NEWS, "--report", &report]), plain, "what is printed stays the same");
    let verified = ran(&["verify", &report, NEWS]);
    let end: Vec<&str> = plain.lines().rev().take(2).collect();
    assert!(verified.starts_with("all of it is so\n"), "{verified}");
    assert_eq!(verified.lines().rev().take(2).collect::<Vec<_>>(), end);
    let line = ran(&["verify", &report, NEWS, "--format", "jsonl", "--threads", "1"]);
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["type"], "verified");
    assert_eq!((&line["documents"], &line["matches"]), (&json!(8), &json!(2)));
    // Any search, and with all pairs.
    for measure in ["coverage", "jaccard", "containment", "hamming"] {
        for cluster in ["star", "connected", "complete-link"] {
            let options = ["--measure", measure, "--cluster", cluster, "--keep", "last"];
            ran(&[&["scan", NEWS, "--thresholds", "--report", &report], &options[..]].concat());
            ran(&["verify", &report, NEWS]);
        }
    }
}

#[test]
fn a_report_that_was_changed_is_refused() {
    let folder = TempDir::new().unwrap();
    let report = path(&folder, "report.json");
    ran(&["scan", NEWS, "--report", &report]);
    let json = fs::read_to_string(&report).unwrap();
    let changed = json.replacen("\"covered_a\":", "\"covered_a\":1", 1);
    assert_ne!(changed, json);
    fs::write(&report, changed).unwrap();
    let error = refused(&["verify", &report, NEWS]);
    assert!(error.starts_with("error: match #"), "{error}");
    assert!(error.contains(": covered_a is 1"), "{error}");
    // Of other texts; not a report at all; not there.
    fs::write(&report, json).unwrap();
    let error = refused(&["verify", &report, "README.md"]);
    assert!(error.starts_with("error: stats: documents is "), "{error}");
    fs::write(&report, "{}").unwrap();
    let error = refused(&["verify", &report, NEWS]);
    assert!(error.contains("report.json: is no report: missing field"), "{error}");
    assert!(refused(&["verify", &path(&folder, "none"), NEWS]).contains("none"));
}

#[test]
fn no_input_is_written_over() {
    let folder = TempDir::new().unwrap();
    let text = path(&folder, "a.txt");
    fs::write(&text, "some words").unwrap();
    let error = refused(&["scan", &text, "--report", &text]);
    assert!(error.ends_with("a.txt: is an input; name another output"), "{error}");
    assert_eq!(fs::read_to_string(&text).unwrap(), "some words");
    let error = refused(&["scan", &text, "--report", &path(&folder, "no/report.json")]);
    assert!(error.ends_with("no such folder"), "{error}");
    let error = refused(&["scan", &text, "--report", folder.path().to_str().unwrap()]);
    assert!(error.ends_with("is a folder; a report is a file"), "{error}");
}

#[test]
fn thresholds_are_a_table() {
    let options = ["scan", NEWS, "--thresholds", "--threshold", "0.1"];
    insta::assert_snapshot!(ran(&options));
    insta::assert_snapshot!(
        "thresholds_for_programs",
        ran(&[&options[..], &["--format", "jsonl"]].concat())
    );
    let folder = TempDir::new().unwrap();
    let line = |id: usize, end: &str| {
        let words: Vec<String> = (0..60).map(|i| format!("w{i}")).collect();
        json!({"id": format!("t{id}"), "text": format!("{} {end}", words.join(" "))}).to_string()
    };
    let ends = ["", "", "end", "other end", "quite another long end of it"];
    let lines: Vec<String> = ends.iter().enumerate().map(|(id, end)| line(id, end)).collect();
    let corpus = path(&folder, "c.jsonl");
    fs::write(&corpus, lines.join("\n")).unwrap();
    let hamming = ["scan", &corpus, "--thresholds", "--measure", "hamming", "--threshold", "16"];
    insta::assert_snapshot!("thresholds_in_bits", ran(&hamming));
}

/// Each row of the table is what a scan at that threshold finds.
#[test]
fn each_row_is_a_scan() {
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(NEWS).is_dir());
    let lines = |out: &str| -> Vec<serde_json::Value> {
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let table = ["scan", NEWS, "--threshold", "0.1", "--thresholds", "--format", "jsonl"];
    let rows = lines(&ran(&table));
    assert!(rows.len() > 2);
    for row in &rows[..rows.len() - 1] {
        assert_eq!(row["type"], "threshold");
        let threshold = row["threshold"].to_string();
        let found = lines(&ran(&["scan", NEWS, "--threshold", &threshold, "--format", "jsonl"]));
        assert_eq!(found.last().unwrap()["clusters"], row["clusters"], "at {threshold}");
        let clusters = found.iter().filter(|line| line["type"] == "cluster");
        let removals: usize = clusters.map(|line| line["docs"].as_array().unwrap().len() - 1).sum();
        assert_eq!(row["removals"], removals, "at {threshold}");
    }
}

/// What a report holds at a higher threshold is what a scan at that threshold writes.
#[test]
fn a_report_is_cut_without_the_texts() {
    let folder = TempDir::new().unwrap();
    let [report, cut] = ["report.json", "cut.json"].map(|name| path(&folder, name));
    ran(&["scan", NEWS, "--threshold", "0.1", "--thresholds", "--report", &report]);
    let (code, out, err) = run(&["cut", &report, "--threshold", "0.6", "-o", &cut]);
    assert_eq!((code, &*out, &*err), (0, "", "at 0.6: 2 clusters, 2 removals\n"));
    ran(&["verify", &cut, NEWS]);
    let scanned = path(&folder, "scanned.json");
    ran(&["scan", NEWS, "--threshold", "0.6", "--thresholds", "--report", &scanned]);
    let read = |path: &str| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    };
    let (cut, scanned) = (read(&cut), read(&scanned));
    for part in ["clusters", "pairs", "order", "settings"] {
        assert_eq!(cut[part], scanned[part], "{part}");
    }
    let again = path(&folder, "again.json");
    for (args, expected) in [
        (["cut", &report, "--threshold", "0.05", "-o", &again], "search anew at 0.05"),
        (["cut", &report, "--threshold", "0.6", "-o", &report], "is an input; name another output"),
        (["cut", &again, "--threshold", "0.6", "-o", &again], "again.json"),
    ] {
        let error = refused(&args);
        assert!(error.contains(expected), "{error}");
    }
    ran(&["scan", NEWS, "--report", &report]);
    let error = refused(&["cut", &report, "--threshold", "0.9", "-o", &again]);
    assert!(error.contains("all_pairs"), "{error}");
}
