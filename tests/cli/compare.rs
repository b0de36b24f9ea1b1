//! `compare` and `repeats`.

use super::*;

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
         \"explanation\":{\"verdict\":\"match\",\"tokens\":[473,87],\"covered\":[87,87],\
         \"shingles\":[469,83],\"shared\":83,\"hamming\":18,\"probability_proposed\":1.0,\
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
         \"found\":31,\"needed\":61,\"tokens\":[473,320],\"covered\":[0,0],\
         \"shingles\":[469,274],\"shared\":0,\"hamming\":33,\"probability_proposed\":0.0,\
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
    assert!(out(&output).starts_with("- shares no passage with bridge-brief.txt\n"));
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
