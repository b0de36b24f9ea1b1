//! What `scan` prints.

use super::*;

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
