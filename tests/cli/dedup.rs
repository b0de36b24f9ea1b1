//! What `dedup` writes, and refuses to.

use super::*;

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
