//! The example program on paragraphs and against a reference, from outside.
#![cfg(all(feature = "jsonl", feature = "rayon"))]

mod program;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use program::binary;
use tempfile::TempDir;

const MORE: &str = "Read more on our pages, and do not forget the letter.";
const NEWS: &str = "The river rose by two metres in one night.";
const OTHER: &str = "Nobody could say who left the clock there.";

/// Runs in a folder; gives the exit status, standard output and standard error.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::new(binary()).args(args).current_dir(folder).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), out, err)
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn line(id: &str, text: &str) -> String {
    format!("{}\n", serde_json::json!({ "id": id, "text": text }))
}

#[test]
fn dedup_cuts_paragraphs_and_touches_nothing_else() {
    let input = [
        format!("{{\"id\":\"a\",\"text\":\"{NEWS}\\r\\n\\r\\n{MORE}\"}}"),
        format!(
            "{{ \"n\": 1.50, \"te\\u0078t\" : \"{OTHER}\\n\\n{MORE}\\n\\n\\u00c9t\\u00e9.\" , \"id\":\"b\",\"tags\":[\"\\/\"]}}\r"
        ),
        format!("{{\"id\":\"c\",\"text\":\"{}\"}}", MORE.to_uppercase()),
        format!("{{\"id\":\"d\",\"text\":\"{MORE}\\n\\n\\n{NEWS}\\n\"}}"),
        "{\"id\":\"e\",\"text\":\"\"}".to_owned(),
    ];
    let left = [
        input[0].clone(),
        format!(
            "{{ \"n\": 1.50, \"te\\u0078t\" : \"{OTHER}\\n\\nÉté.\" , \"id\":\"b\",\"tags\":[\"\\/\"]}}\r"
        ),
        input[4].clone(),
    ];
    let [input, left] = [&input[..], &left[..]].map(|lines| lines.join("\n") + "\n");
    let folder = folder(&[("c.jsonl", &input), ("left.jsonl", &left)]);
    let dedup = |from: &str, out: &str| {
        run(folder.path(), &["dedup", from, "-o", out, "--unit", "paragraph", "--keep", "first"])
    };
    let summary = "5 documents: 3 written, 2 left out; 4 paragraphs cut\n";
    assert_eq!(dedup("c.jsonl", "-"), (0, left.clone(), summary.into()));
    dedup("c.jsonl", "c.jsonl.zst");
    assert_eq!(dedup("c.jsonl.zst", "-").1, left, "nothing is left to cut, from a stream too");
    let again = "3 documents: 3 written, 0 left out; 0 paragraphs cut\n";
    assert_eq!(dedup("left.jsonl", "-"), (0, left, again.into()));
}

#[test]
fn dedup_cuts_paragraphs_of_text_files() {
    let (a, b) = (format!("{NEWS}\n\n{MORE}\n"), format!("{MORE}\n\n{OTHER}\n"));
    let folder = folder(&[("in/a.txt", &a), ("in/sub/b.txt", &b), ("in/c.txt", MORE)]);
    let args = ["dedup", "in", "-o", "out", "--unit", "paragraph", "--keep", "first"];
    let (status, _, err) = run(folder.path(), &args);
    assert_eq!((status, &*err), (0, "3 documents: 2 written, 1 left out; 2 paragraphs cut\n"));
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).ok();
    assert_eq!(read("a.txt").unwrap(), a);
    assert_eq!(read("sub/b.txt").unwrap(), format!("{OTHER}\n"));
    assert_eq!(read("c.txt"), None);
}

#[test]
fn scan_names_paragraphs_by_their_places() {
    let c = line("a", &format!("{NEWS}\n\n{MORE}")) + &line("b", &format!("{MORE}\n\n{OTHER}"));
    let folder = folder(&[("c.jsonl", &c)]);
    let args = ["scan", "c.jsonl", "--unit", "paragraph", "--keep", "last"];
    let (status, out, err) = run(folder.path(), &args);
    assert_eq!((status, &*err), (0, ""));
    assert!(out.starts_with(&format!(
        "Cluster 1: 2 paragraphs\n       a 44..97  {MORE}\n  keep b 0..53  {MORE}\n\n\
         a 44..97 and b 0..53 are identical\n"
    )));
    assert!(out.contains("2 documents: 0 repeats, 1 match, 1 cluster"), "{out}");
    let (_, out, _) = run(folder.path(), &[&args[..], &["--format", "jsonl"]].concat());
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["a_span"], &lines[0]["b_span"]), (&[44, 97].into(), &[0, 53].into()));
    assert_eq!(lines[0]["passages"][0]["a"], serde_json::json!([44, 96]), "without the full stop");
    assert_eq!(
        lines[1],
        serde_json::json!({ "type": "cluster", "docs": ["a", "b"], "keep": "b",
            "spans": [[44, 97], [0, 53]], "keep_span": [0, 53] })
    );
}

#[test]
fn dedup_against_a_reference_writes_what_is_new() {
    let reference = line("x", NEWS) + &line("y", &NEWS.to_uppercase());
    let incoming = line("x", &format!("{NEWS}!")) + &line("p", OTHER) + &line("q", OTHER);
    let folder = folder(&[("ref.jsonl", &reference), ("in.jsonl", &incoming)]);
    let dedup = |options: &[&str]| {
        let args = ["dedup", "--against", "ref.jsonl", "in.jsonl", "-o", "-", "--keep", "last"];
        run(folder.path(), &[&args, options].concat())
    };
    let written = |n, left_out| format!("3 documents: {n} written, {left_out} left out\n");
    assert_eq!(dedup(&[]), (0, line("q", OTHER), written(1, 2)));
    let both = line("p", OTHER) + &line("q", OTHER);
    assert_eq!(dedup(&["--remove", "referenced"]), (0, both, written(2, 1)));
    let (_, out, _) =
        run(folder.path(), &["scan", "in.jsonl", "--against", "ref.jsonl", "--format", "jsonl"]);
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 5, "no match between the two of the reference");
    assert_eq!((&lines[0]["a"], &lines[0]["b"]), (&"x".into(), &"x".into()));
    assert_eq!((&lines[4]["documents"], &lines[4]["references"]), (&5.into(), &2.into()));
}

#[test]
fn dedup_says_when_more_may_be_left() {
    let footer: Vec<String> = (0..30).map(|i| format!("footer{i}")).collect();
    let own = |n: usize| (0..40).map(|i| format!("w{n}x{i}")).collect::<Vec<_>>().join(" ");
    let c: String =
        (0..300).map(|n| line(&n.to_string(), &(own(n) + " " + &footer.join(" ")))).collect();
    let folder = folder(&[("c.jsonl", &c)]);
    let (_, out, err) = run(folder.path(), &["dedup", "c.jsonl", "-o", "-"]);
    assert_eq!(out, c);
    let (summary, limit) = err.split_once('\n').unwrap();
    assert_eq!(summary, "300 documents: 300 written, 0 left out");
    assert!(limit.ends_with("too large for all pairs to be compared: matches may be missing\n"));
}

#[test]
fn what_a_reference_cannot_be_is_refused() {
    let c = line("x", NEWS);
    let folder = folder(&[("c.jsonl", &c), ("r.jsonl", &c)]);
    for (args, error) in [
        (
            &["c.jsonl", "-o", "o", "--remove", "referenced"][..],
            "--remove referenced needs a reference; name one with --against",
        ),
        (&["-", "-o", "o", "--against", "-"], "-: standard input can be read only once"),
        (
            &["c.jsonl", "-o", "r.jsonl", "--against", "r.jsonl"],
            "r.jsonl: is an input; name another output",
        ),
    ] {
        let (status, _, err) = run(folder.path(), &[&["dedup"], args].concat());
        assert_eq!((status, &*err), (2, &*format!("error: {error}\n")));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing was written");
}
