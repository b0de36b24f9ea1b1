//! The example program, from outside: exact output, exit codes, and what goes wrong.
#![cfg(all(feature = "jsonl", feature = "rayon"))]

mod program;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Output, Stdio};

use assert_cmd::Command;
use program::binary;
use tempfile::TempDir;

const NEWS: &str = "examples/news";

/// More than enough words for a passage.
const STORY: &str = "the river rose by two metres in one night and the mayor of the town had the \
                     old bridge closed before six in the morning while the firemen went from door \
                     to door";
const OTHER: &str = "nobody at the market hall could say on friday who had left the brass clock on \
                     the steps or why it still showed the right time after forty years";

fn doublon(args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Runs in a folder and expects success without a word on standard error.
fn quiet(folder: &Path, args: &[&str]) -> String {
    let output = doublon(args).current_dir(folder).output().unwrap();
    assert_eq!((err(&output), output.status.code()), ("", Some(0)), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs in a folder and gives the exit status and the first line on standard error.
fn complaint(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = doublon(args).current_dir(folder).output().unwrap();
    (output.status.code().unwrap(), err(&output).lines().next().unwrap_or_default().to_owned())
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn line(id: &str, text: &str) -> String {
    format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n")
}

/// Two versions of one story and another story.
fn corpus() -> String {
    line("x", STORY) + &line("y", OTHER) + &line("z", &format!("{STORY} again and again"))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

// ---- scan -----------------------------------------------------------------------------------

#[test]
fn scan_shows_people_what_repeats_and_what_overlaps() {
    insta::assert_snapshot!(quiet(Path::new("."), &["scan", NEWS]));
}

#[test]
fn scan_tells_programs_the_same() {
    insta::assert_snapshot!(quiet(Path::new("."), &["scan", NEWS, "--format", "jsonl"]));
}

#[test]
fn threads_do_not_change_a_byte() {
    for format in ["text", "jsonl"] {
        let with = |threads| {
            quiet(Path::new("."), &["scan", NEWS, "--format", format, "--threads", threads])
        };
        assert_eq!(with("1"), with("2"));
        assert_eq!(with("1"), with("0"));
    }
}

#[test]
fn every_measure_search_cluster_and_keep_is_heard() {
    let folder = folder(&[("c.jsonl", corpus().as_bytes())]);
    let summary = |options: &[&str]| {
        let args = [&["scan", "c.jsonl"], options].concat();
        quiet(folder.path(), &args).lines().last().unwrap().to_owned()
    };
    for (options, expected) in [
        ("", "coverage >= 0.5; winnow: every shared run of 16 tokens or more"),
        (
            "--min-run 12 --search winnow",
            "coverage >= 0.5; winnow: every shared run of 12 tokens or more",
        ),
        (
            "--measure jaccard",
            "jaccard >= 0.7; minhash: 128 slots, 32 bands of 4 rows, designed recall 0.9998 at 0.7",
        ),
        ("--measure jaccard --search exact", "jaccard >= 0.7; exact: every pair"),
        ("--measure containment --threshold 0.9", "containment >= 0.9; exact: every pair"),
        ("--measure hamming --threshold 5", "hamming <= 5; hamming: every pair within 5 bits"),
    ] {
        assert_eq!(summary(&options.split_whitespace().collect::<Vec<_>>()), expected);
    }
    for cluster in ["star", "connected", "complete-link"] {
        for (keep, kept) in [("longest", "z"), ("first", "x"), ("last", "z")] {
            let args =
                ["scan", "c.jsonl", "--format", "jsonl", "--cluster", cluster, "--keep", keep];
            let expected =
                format!("{{\"type\":\"cluster\",\"docs\":[\"x\",\"z\"],\"keep\":\"{kept}\"}}");
            assert!(quiet(folder.path(), &args).lines().any(|line| line == expected));
        }
    }
}

#[test]
fn a_hamming_match_tells_its_bits() {
    let folder = folder(&[("c.jsonl", (line("x", STORY) + &line("y", STORY)).as_bytes())]);
    let args = ["scan", "c.jsonl", "--measure", "hamming", "--format", "jsonl"];
    let output = quiet(folder.path(), &args);
    assert!(output.starts_with("{\"type\":\"match\""), "{output}");
    assert!(output.lines().next().unwrap().ends_with(",\"hamming\":0}"), "{output}");
    let output = quiet(folder.path(), &args[..4]);
    assert!(output.contains("x and y are identical\n"), "{output}");
}

#[test]
fn limits_are_told_in_words_and_in_numbers() {
    let folder = folder(&[("c.jsonl", (line("e", "...") + &line("s", "few words")).as_bytes())]);
    let output = quiet(folder.path(), &["scan", "c.jsonl"]);
    assert_eq!(
        output,
        "2 documents: 0 repeats, 0 matches, 0 clusters\n\
         1 document without a word: matched with nothing\n\
         1 document too short for the measure: matched with copies only\n\
         coverage >= 0.5; winnow: every shared run of 16 tokens or more\n"
    );
    assert_eq!(
        quiet(folder.path(), &["scan", "c.jsonl", "--format", "jsonl"]),
        "{\"type\":\"summary\",\"documents\":2,\"skipped\":0,\"repeats\":0,\"matches\":0,\
         \"clusters\":0,\"limits\":{\"empty\":1,\"short\":1}}\n"
    );
}

// ---- compare and repeats --------------------------------------------------------------------

#[test]
fn compare_shows_every_count() {
    let (a, b) = ("port-strike-agency.txt", "port-strike-daily.txt");
    insta::assert_snapshot!(quiet(Path::new(NEWS), &["compare", a, b]));
}

#[test]
fn compare_tells_programs_a_match_or_a_pair() {
    let compare = |args: &[&str]| {
        let args = [&["compare", "--format", "jsonl"], args].concat();
        quiet(Path::new(NEWS), &args)
    };
    assert_eq!(
        compare(&["round-up.txt", "bridge-brief.txt"]),
        "{\"type\":\"match\",\"a\":\"round-up.txt\",\"b\":\"bridge-brief.txt\",\
         \"relation\":\"contains\",\"jaccard\":0.177,\"containment\":1.0,\"coverage\":1.0,\
         \"passages\":[{\"a\":[426,927],\"b\":[0,501],\"tokens\":87}],\
         \"explanation\":{\"verdict\":\"match\",\"probability_proposed\":1.0,\
         \"probability_kept\":1.0,\"sketches\":{\"fingerprints\":[98,15],\
         \"shared_fingerprints\":15},\"changes\":[]}}\n\
         {\"type\":\"summary\",\"documents\":2,\"skipped\":0,\"repeats\":0,\"matches\":1,\
         \"clusters\":0,\"limits\":{}}\n"
    );
    assert_eq!(
        compare(&["round-up.txt", "flood-doubled-lead.txt", "--measure", "hamming"]),
        "{\"type\":\"pair\",\"a\":\"round-up.txt\",\"b\":\"flood-doubled-lead.txt\",\
         \"relation\":null,\"jaccard\":0.0,\"containment\":0.0,\"coverage\":0.0,\
         \"passages\":[],\"hamming\":33,\"explanation\":{\"verdict\":\"not-proposed\",\
         \"found\":31,\"needed\":61,\"probability_proposed\":0.0,\
         \"probability_kept\":0.0,\"sketches\":{\"differing_bits\":33,\
         \"most_bits\":3},\"changes\":[]}}\n\
         {\"type\":\"summary\",\"documents\":2,\"skipped\":0,\"repeats\":0,\"matches\":0,\
         \"clusters\":0,\"limits\":{}}\n"
    );
}

#[test]
fn compare_takes_a_text_with_itself_and_from_standard_input() {
    let a = "bridge-brief.txt";
    let same = quiet(Path::new(NEWS), &["compare", a, a]);
    assert!(same.starts_with("bridge-brief.txt and bridge-brief.txt are identical\n"), "{same}");
    let mut command = doublon(&["compare", "-", a, "--check"]);
    let assert = command.current_dir(NEWS).write_stdin("nothing of the kind").assert();
    let output = assert.code(0).get_output().clone();
    assert!(out(&output).starts_with("- shares nothing with bridge-brief.txt\n"));
    doublon(&["compare", a, a, "--check"]).current_dir(NEWS).assert().code(1);
}

#[test]
fn compare_takes_nothing_but_texts() {
    let folder = folder(&[("c.jsonl", corpus().as_bytes()), ("a.txt", b"one")]);
    assert_eq!(
        complaint(folder.path(), &["compare", "a.txt", "c.jsonl"]),
        (2, "error: c.jsonl: not one text; scan takes JSON Lines".into())
    );
    assert_eq!(complaint(folder.path(), &["compare", "a.txt", "."]).0, 2);
}

#[test]
fn repeats_looks_at_each_document_alone() {
    assert_eq!(
        quiet(Path::new("."), &["repeats", NEWS, "--format", "jsonl"]),
        "{\"type\":\"repeat\",\"doc\":\"flood-doubled-lead.txt\",\"spans\":[[64,321],[323,580]],\
         \"tokens\":46}\n\
         {\"type\":\"summary\",\"documents\":8,\"skipped\":0,\"repeats\":1,\"matches\":0,\
         \"clusters\":0,\"limits\":{}}\n"
    );
    let output = quiet(Path::new(NEWS), &["repeats", "flood-doubled-lead.txt", "round-up.txt"]);
    assert!(output.starts_with(
        "flood-doubled-lead.txt: a paragraph stands 2 times (46 tokens)\n  bytes 64..321, 323..580\n"
    ));
    assert!(output.ends_with("\n2 documents: 1 repeat\n"), "{output}");
}

#[test]
fn many_places_are_named_in_part() {
    let text = format!("{STORY}\n").repeat(9);
    let folder = folder(&[("a.txt", text.as_bytes())]);
    let output = quiet(folder.path(), &["repeats", "a.txt"]);
    assert!(output.contains("stands 9 times"), "{output}");
    assert!(output.lines().nth(1).unwrap().ends_with(" and 5 more"), "{output}");
}

// ---- what is read ---------------------------------------------------------------------------

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

// ---- what cannot be read --------------------------------------------------------------------

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

// ---- dedup ----------------------------------------------------------------------------------

/// Lines that only a copy of their bytes keeps as they are, the survivors of them, and the ids that
/// are skipped.
fn odd_lines() -> (Vec<u8>, Vec<u8>) {
    let survivors = [
        format!("{{ \"year\": 1.50, \"text\": \"{OTHER}\",   \"id\": \"y\" }}\r\n"),
        format!(
            "{{\"id\":\"z\",\"text\":\"{STORY} again \\u0061nd again\",\"tags\":[\"\\/\",{{}}]}}\n"
        ),
    ];
    let all =
        ["\u{feff}", &line("x", STORY), &survivors[0], "\nnonsense\n", &survivors[1]].concat();
    // The last line does not end, and its id is not the first of its name.
    let all = all + line("y", "short").trim_end();
    (all.into_bytes(), survivors.concat().into_bytes())
}

#[test]
fn dedup_copies_the_lines_that_survive() {
    let (all, survivors) = odd_lines();
    let folder = folder(&[("c.jsonl", &all), ("c.jsonl.gz", &gzip(&all))]);
    for input in ["c.jsonl", "c.jsonl.gz", "-"] {
        let mut command = doublon(&["dedup", input, "-o", "out.jsonl"]);
        command.current_dir(folder.path());
        if input == "-" {
            command.write_stdin(all.clone());
        }
        let name = if input == "-" { "stdin" } else { input };
        command.assert().code(0).stdout("").stderr(format!(
            "{name}:4: not valid JSON: expected ident, column 2\n\
             {name}:6: the id \"y\" is taken\n\
             3 documents: 2 written, 1 left out; 2 skipped and not written\n"
        ));
        assert_eq!(fs::read(folder.path().join("out.jsonl")).unwrap(), survivors);
    }
    let mut command = doublon(&["dedup", "c.jsonl", "-o", "-", "--check"]);
    command.current_dir(folder.path()).assert().code(1).stdout(survivors);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "no temporary file stays");
}

#[test]
fn dedup_compresses_by_name() {
    let (all, survivors) = odd_lines();
    let folder = folder(&[("c.jsonl", &all)]);
    let write = |name: &str| {
        doublon(&["dedup", "c.jsonl", "-o", name]).current_dir(folder.path()).assert().code(0);
        fs::read(folder.path().join(name)).unwrap()
    };
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&write("out.jsonl.gz")[..]).read_to_end(&mut plain).unwrap();
    assert_eq!(plain, survivors);
    assert_eq!(zstd::decode_all(&write("out.jsonl.zst")[..]).unwrap(), survivors);
}

#[test]
fn dedup_adds_the_line_feed_that_the_last_line_lacks() {
    let (first, second) = (line("a", STORY), line("b", OTHER));
    let folder =
        folder(&[("a.jsonl", first.trim_end().as_bytes()), ("b.jsonl", second.as_bytes())]);
    let mut command = doublon(&["dedup", "a.jsonl", "b.jsonl", "-o", "-"]);
    command.current_dir(folder.path()).assert().code(0).stdout(first + &second);
}

#[test]
fn dedup_keeps_what_it_is_told_to() {
    let folder = folder(&[("c.jsonl", corpus().as_bytes())]);
    for (keep, kept) in [("first", ["x", "y"]), ("last", ["y", "z"]), ("longest", ["y", "z"])] {
        let mut command = doublon(&["dedup", "c.jsonl", "-o", "-", "--keep", keep]);
        let assert = command.current_dir(folder.path()).assert().code(0);
        let ids: Vec<_> = out(assert.get_output()).lines().map(|line| &line[7..8]).collect();
        assert_eq!(ids, kept);
    }
}

#[test]
fn dedup_copies_the_files_that_survive() {
    let longer = format!("{STORY} again and again");
    let folder = folder(&[
        ("news/a.txt", STORY.as_bytes()),
        ("news/in/b.txt", longer.as_bytes()),
        ("news/in/c.txt", b"caf\xe9"),
    ]);
    let mut command = doublon(&["dedup", "news", "-o", "out"]);
    let assert = command.current_dir(folder.path()).assert().code(0).stdout("");
    assert!(err(assert.get_output()).ends_with("\n3 documents: 2 written, 1 left out\n"));
    let read = |name: &str| fs::read(folder.path().join("out").join(name)).ok();
    assert_eq!(read("a.txt"), None);
    assert_eq!(read("in/b.txt").unwrap(), longer.as_bytes());
    assert_eq!(read("in/c.txt").unwrap(), b"caf\xe9", "copied, not repaired");
    assert_eq!(
        complaint(folder.path(), &["dedup", "news", "-o", "out"]),
        (2, "error: out: text files are copied into a new or empty folder; name another".into())
    );
    fs::create_dir(folder.path().join("empty")).unwrap();
    let from = folder.path().join("news/in/b.txt");
    doublon(&["dedup", from.to_str().unwrap(), "news/a.txt", "-o", "empty", "--keep", "last"])
        .current_dir(folder.path())
        .assert()
        .code(0);
    assert_eq!(fs::read(folder.path().join("empty/news/a.txt")).unwrap(), STORY.as_bytes());
}

#[test]
fn dedup_refuses_what_would_lose_something() {
    let folder = folder(&[
        ("c.jsonl", corpus().as_bytes()),
        ("a.txt", STORY.as_bytes()),
        ("news/a.txt", STORY.as_bytes()),
    ]);
    for (args, error) in [
        (&["c.jsonl", "-o", "./c.jsonl"][..], "./c.jsonl: is an input; name another output"),
        (
            &["c.jsonl", "a.txt", "-o", "o"],
            "dedup takes JSON Lines or text files, not both at once",
        ),
        (&["c.jsonl", "-o", "news"], "news: is a folder; JSON Lines go to a file"),
        (
            &["news", "-o", "news"],
            "news: text files are copied into a new or empty folder; name another",
        ),
        (&["news", "-o", "-"], "-: text files are copied into a folder; name one"),
        (&["c.jsonl", "-o", "no/o.jsonl"], "no: no such folder"),
    ] {
        let args = [&["dedup"], args].concat();
        assert_eq!(complaint(folder.path(), &args), (2, format!("error: {error}")));
    }
    let mut command = doublon(&["dedup", "-", "-o", "o"]);
    command.current_dir(folder.path()).write_stdin(STORY).assert().code(2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing was written");
    assert_eq!(fs::read_to_string(folder.path().join("c.jsonl")).unwrap(), corpus());
}

#[test]
#[cfg(unix)]
fn dedup_leaves_devices_and_links_in_place() {
    let folder = folder(&[("c.jsonl", line("x", STORY).as_bytes()), ("old.jsonl", b"old")]);
    let link = folder.path().join("link.jsonl");
    std::os::unix::fs::symlink("old.jsonl", &link).unwrap();
    let run = |out| {
        let mut command = doublon(&["dedup", "c.jsonl", "-o", out]);
        command.current_dir(folder.path()).assert().code(0);
    };
    run("/dev/null");
    run("link.jsonl");
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    assert!(fs::symlink_metadata(link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(folder.path().join("old.jsonl")).unwrap(), line("x", STORY));
}

// ---- manners --------------------------------------------------------------------------------

#[test]
fn check_tells_by_the_exit_code() {
    let folder =
        folder(&[("c.jsonl", corpus().as_bytes()), ("o.jsonl", line("y", OTHER).as_bytes())]);
    for command in ["scan", "repeats"] {
        doublon(&[command, "--check", NEWS]).assert().code(1);
        doublon(&[command, NEWS]).assert().code(0);
        doublon(&[command, "o.jsonl", "--check"]).current_dir(folder.path()).assert().code(0);
    }
    doublon(&["scan", "c.jsonl", "--check"]).current_dir(folder.path()).assert().code(1);
    doublon(&["repeats", "c.jsonl", "--check"]).current_dir(folder.path()).assert().code(0);
}

#[test]
fn wrong_usage_is_an_error() {
    for args in [
        &[][..],
        &["scan"],
        &["scan", NEWS, "--measure", "cosine"],
        &["scan", NEWS, "--threshold", "many"],
        &["scan", NEWS, "--format", "html"],
        &["dedup", NEWS],
        &["compare", "README.md"],
        &["repeats", NEWS, "--threshold", "0.5"],
    ] {
        doublon(args).assert().code(2).stdout("");
    }
    for (options, error) in [
        ("--threshold 1.5", "threshold is 1.5; it must be greater than 0 and at most 1"),
        ("--threshold -1", "threshold is -1; it must be greater than 0 and at most 1"),
        ("--search minhash", "minhash search does not serve coverage; use winnow"),
        ("--min-run 3", "min_run is 3; it must be at least the shingle width, 5, and at most 1000"),
        ("--max-gap 999", "max_gap is 999; it must be at most 256"),
    ] {
        let args: Vec<_> = ["scan", NEWS].into_iter().chain(options.split(' ')).collect();
        assert_eq!(complaint(Path::new("."), &args), (2, format!("error: {error}")));
    }
    doublon(&["--version"]).assert().code(0);
    doublon(&["scan", "--help"]).assert().code(0).stderr("");
}

/// Nothing of a text or an id reaches the terminal that it would obey, and nothing is coloured that
/// no terminal shows.
#[test]
fn no_control_character_is_printed() {
    let text = format!("\\u001b[31mA\\u202e title\\u0007\\u009b2J\\n{STORY}\\u0000");
    let lines =
        line("x\\u001b[1m", &text) + &line("y\\n", &text) + &line("z", &(text.clone() + "z"));
    let folder = folder(&[("c.jsonl", lines.as_bytes()), ("a.txt", b"\x1b[2J\x1b]0;x\x07title")]);
    let output = quiet(folder.path(), &["scan", "c.jsonl", "a.txt"]);
    let printed = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
    assert!(output.chars().all(printed), "{output:?}");
    assert!(output.contains(" 31mA title 2J the river rose"), "{output:?}");
    let (_, error) = complaint(folder.path(), &["scan", "c\x1b[1m.jsonl"]);
    assert!(error.starts_with("error: c [1m.jsonl: "), "{error:?}");
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let lines: String = (0..3000).map(|i| line(&i.to_string(), STORY)).collect();
    let folder = folder(&[("c.jsonl", lines.as_bytes())]);
    for args in [
        &["scan", "c.jsonl"][..],
        &["scan", "c.jsonl", "--format", "jsonl", "--check"],
        &["dedup", "c.jsonl", "-o", "-", "--measure", "hamming", "--keep", "first"],
    ] {
        let mut child = std::process::Command::new(binary())
            .args(args)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((err(&output), output.status.code()), ("", Some(0)), "{args:?}");
    }
}

#[test]
fn progress_is_shown_to_terminals_only_and_changes_nothing() {
    let plain = quiet(Path::new("."), &["scan", NEWS]);
    assert_eq!(quiet(Path::new("."), &["scan", NEWS, "--progress"]), plain);
}

#[test]
fn boilerplate_is_shown_and_left_out() {
    let footer = "All rights reserved; no part of this page may be copied, sent on or kept in any \
                  archive without the written consent of its owner";
    let text = |news: &str| format!("{news}.\n\n{footer}.\n").into_bytes();
    let [a, b, c] = ["The bridge opens at noon", "A cat was found", "Rain"].map(text);
    let folder = folder(&[("a.txt", &a), ("b.txt", &b), ("c.txt", &c)]);
    let scan = |options: &str| {
        let args: Vec<&str> = ["scan", "."].into_iter().chain(options.split_whitespace()).collect();
        quiet(folder.path(), &args)
    };
    let discounted = scan("--boilerplate discount --min-docs 3");
    assert!(discounted.starts_with("Boilerplate in 3 documents (25 tokens)\n"), "{discounted}");
    assert!(discounted.contains("0 clusters"), "{discounted}");
    let reported = scan("--boilerplate report --min-docs 3 --format jsonl");
    assert_eq!(
        reported.lines().next().unwrap(),
        r#"{"type":"boilerplate","doc":"a.txt","span":[27,155],"tokens":25,"documents":3}"#
    );
    assert!(reported.contains(r#""type":"cluster""#));
    assert!(!scan("").contains("oilerplate"));
}
