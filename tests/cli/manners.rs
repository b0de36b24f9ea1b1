//! Exit codes, usage and terminals.

use super::*;

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
