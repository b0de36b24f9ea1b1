//! What is read, how it is named, and what cannot be read.

use super::*;

fn documents(output: &str) -> String {
    let summary = output.lines().last().unwrap();
    let (_, rest) = summary.split_once("\"documents\":").unwrap();
    rest.split_once(",\"repeats\"").unwrap().0.replace("\"skipped\":", "")
}

#[test]
fn compressed_lines_give_the_same() {
    let lines = corpus();
    let zstd = zstd::encode_all(lines.as_bytes(), 1).unwrap();
    let folder = folder(&[
        ("c.jsonl", lines.as_bytes()),
        ("c.jsonl.gz", &gzip(lines.as_bytes())),
        ("c.jsonl.zst", &zstd),
        ("half.jsonl.gz", &gzip(lines.as_bytes())[..60]),
        ("c.txt.gz", &gzip(b"one")),
    ]);
    let scan = |name| quiet(folder.path(), &["scan", name, "--format", "jsonl"]);
    assert_eq!(scan("c.jsonl"), scan("c.jsonl.gz"));
    assert_eq!(scan("c.jsonl"), scan("c.jsonl.zst"));
    let (code, error) = complaint(folder.path(), &["scan", "half.jsonl.gz"]);
    assert!(
        error.starts_with("error: half.jsonl.gz:1: cannot read on in the gzip stream: "),
        "{error}"
    );
    assert_eq!(code, 2);
    assert_eq!(
        complaint(folder.path(), &["scan", "c.txt.gz"]),
        (
            2,
            "error: c.txt.gz: only JSON Lines are read compressed, from .jsonl.gz or .jsonl.zst"
                .into()
        )
    );
}

#[test]
fn standard_input_is_lines_or_one_text() {
    let lines = corpus();
    for (input, expected) in [
        (lines.clone().into_bytes(), "3,0"),
        (gzip(lines.as_bytes()), "3,0"),
        (format!("\u{feff}\n \n{lines}").into_bytes(), "3,0"),
        (b"[1]\n{".to_vec(), "1,0"),
        (b"\n \n".to_vec(), "0,0"),
        (Vec::new(), "0,0"),
    ] {
        let mut command = doublon(&["scan", "-", "--format", "jsonl"]);
        let assert = command.write_stdin(input).assert().code(0).stderr("");
        assert_eq!(documents(out(assert.get_output())), expected);
    }
    let mut command = doublon(&["repeats", "-"]);
    let assert = command.write_stdin(format!("{STORY}\n{STORY}\n")).assert().code(0);
    assert!(out(assert.get_output()).starts_with("-: a paragraph stands 2 times"));
    assert_eq!(
        complaint(Path::new("."), &["scan", "-", "-"]),
        (2, "error: -: standard input can be read only once".into())
    );
}

#[test]
fn ids_are_paths_inside_one_folder_or_as_given() {
    let folder = folder(&[
        ("news/b.txt", STORY.as_bytes()),
        ("news/a/z.txt", STORY.as_bytes()),
        ("news/a.TXT", STORY.as_bytes()),
        ("news/notes.md", STORY.as_bytes()),
        ("c.jsonl", line("x", STORY).as_bytes()),
    ]);
    let ids = |args: &[&str]| {
        let args = [&["scan", "--format", "jsonl"], args].concat();
        let output = quiet(folder.path(), &args);
        let (_, docs) = output.split_once("\"docs\":").unwrap();
        docs.split_once(']').unwrap().0.to_owned() + "]"
    };
    assert_eq!(ids(&["news"]), "[\"a.TXT\",\"a/z.txt\",\"b.txt\"]");
    assert_eq!(ids(&["news/"]), ids(&["news"]));
    #[cfg(unix)]
    assert_eq!(
        ids(&["c.jsonl", "news", "news/notes.md"]),
        "[\"x\",\"news/a.TXT\",\"news/a/z.txt\",\"news/b.txt\",\"news/notes.md\"]"
    );
}

#[test]
fn what_is_not_there_is_named() {
    let folder = folder(&[("empty/notes.md", b"one")]);
    let (code, error) = complaint(folder.path(), &["scan", "no/such.txt"]);
    assert!(error.starts_with("error: no/such.txt: "), "{error}");
    assert_eq!(code, 2);
    assert_eq!(
        complaint(folder.path(), &["scan", "empty"]),
        (2, "error: empty: no .txt file in this folder".into())
    );
}

#[test]
fn fields_have_the_names_they_are_given() {
    let lines =
        format!("{{\"url\":\"u\",\"body\":\"{STORY}\"}}\n{{\"url\":\"v\",\"body\":\"{STORY}\"}}\n");
    let folder = folder(&[("c.jsonl", lines.as_bytes())]);
    let args = ["scan", "c.jsonl", "--id-field", "url", "--text-field", "body"];
    assert!(quiet(folder.path(), &args).contains("u and v are identical"));
}

#[test]
fn unusable_lines_are_named_counted_and_skipped() {
    let mut lines = corpus().into_bytes();
    lines.extend_from_slice(
        b"{\"id\":\"broken\",\n{\"id\":\"b\"}\n{\"text\":\"one\"}\n{\"id\":7,\"text\":\"one\"}\n\
          {\"id\":\"u\",\"text\":\"\xff\"}\n[1]\n\n{\"id\":\"y\",\"text\":\"again\"}\n{} {}\n",
    );
    lines.extend_from_slice(line("last", OTHER).as_bytes());
    let folder = folder(&[
        ("c.jsonl", &lines),
        ("d.jsonl", line("z\\u001b[7m", "").as_bytes()),
        ("e.jsonl", line("z\\u001b[7m", "").as_bytes()),
    ]);
    let scan = ["scan", "c.jsonl", "d.jsonl", "e.jsonl"];
    let assert = doublon(&scan).current_dir(folder.path()).assert().code(0);
    let output = assert.get_output();
    assert_eq!(
        err(output),
        "c.jsonl:4: not valid JSON: EOF while parsing a value, column 15\n\
         c.jsonl:5: field \"text\" is missing\n\
         c.jsonl:6: field \"id\" is missing\n\
         c.jsonl:7: field \"id\" is not a string\n\
         c.jsonl:8: not valid UTF-8 at byte 19\n\
         c.jsonl:9: not a JSON object\n\
         c.jsonl:11: the id \"y\" is taken\n\
         c.jsonl:12: not valid JSON: trailing characters, column 4\n\
         e.jsonl:1: the id \"z\\u{1b}[7m\" is taken\n"
    );
    assert!(
        out(output)
            .contains("\n5 documents: 0 repeats, 2 matches, 2 clusters\n9 skipped: unusable\n")
    );
    let jsonl = [&scan[..], &["--format", "jsonl"]].concat();
    let assert = doublon(&jsonl).current_dir(folder.path()).assert().code(0);
    assert_eq!(documents(out(assert.get_output())), "5,9");
}

#[test]
fn strict_stops_at_the_first() {
    let lines = corpus() + "{\"id\":\"b\"}\nnonsense\n";
    let folder = folder(&[("c.jsonl", lines.as_bytes()), ("t.txt", b"caf\xe9")]);
    let strict = |name, error: &str| {
        let mut command = doublon(&["scan", "--strict", name]);
        command.current_dir(folder.path()).assert().code(2).stdout("").stderr(error.to_owned());
    };
    strict("c.jsonl", "error: c.jsonl:4: field \"text\" is missing\n");
    strict(
        "t.txt",
        "error: t.txt: not valid UTF-8 at byte 4; read with U+FFFD there, and byte ranges are \
         those of the text so read\n",
    );
}

#[test]
fn a_text_that_is_not_utf_8_is_read_with_a_warning() {
    let folder = folder(&[("t.txt", b"caf\xe9 ole")]);
    let assert = doublon(&["repeats", "t.txt"]).current_dir(folder.path()).assert().code(0);
    let output = assert.get_output();
    assert!(err(output).starts_with("t.txt: not valid UTF-8 at byte 4; "));
    assert_eq!(out(output), "1 document: 0 repeats\n1 text read though not valid UTF-8\n");
}

#[test]
fn of_very_many_complaints_the_rest_is_counted() {
    let folder = folder(&[("c.jsonl", "nonsense\n".repeat(1000).as_bytes())]);
    let assert = doublon(&["scan", "c.jsonl"]).current_dir(folder.path()).assert().code(0);
    let output = assert.get_output();
    assert_eq!(err(output).lines().count(), 21);
    assert_eq!(err(output).lines().last(), Some("and 980 more"));
    assert!(out(output).contains("0 documents: 0 repeats, 0 matches, 0 clusters\n1000 skipped"));
}
