//! Boilerplate.

use super::*;

const FOOTER: &str = "All rights reserved; no part of this page may be copied, sent on or kept in any \
                      archive without the written consent of its owner";

#[test]
fn boilerplate_is_shown_and_left_out() {
    let text = |news: &str| format!("{news}.\n\n{FOOTER}.\n").into_bytes();
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

/// Three documents of a story and a footer.
fn footed() -> Vec<(&'static str, String)> {
    let text = |story: &str| format!("{story}.\\n\\n{FOOTER}.");
    vec![("a", text("The bridge opens at noon")), ("b", text(STORY)), ("c", text(OTHER))]
}

fn lines(documents: &[(&str, String)]) -> String {
    documents.iter().map(|(id, text)| line(id, text)).collect()
}

/// A footer that is a paragraph of its own in three documents is named once, and cut nowhere.
#[test]
fn boilerplate_of_paragraphs_is_that_of_documents() {
    let mut documents = footed();
    documents.push(("d", format!("{STORY}!")));
    let corpus = lines(&documents);
    let folder = folder(&[("c.jsonl", corpus.as_bytes())]);
    let discount = ["--unit", "paragraph", "--boilerplate", "discount", "--min-docs"];
    let with = |command: &[&str], more: &[&str]| {
        let all: Vec<&str> = command.iter().chain(more).copied().collect();
        doublon(&all).current_dir(folder.path()).output().unwrap()
    };
    let scan = |min_docs: &str| {
        let output =
            with(&["scan", "c.jsonl", "--format", "jsonl"], &[&discount[..], &[min_docs]].concat());
        assert_eq!((err(&output), output.status.code()), ("", Some(0)));
        let lines: Vec<serde_json::Value> =
            out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines
    };
    let found = scan("3");
    assert_eq!(
        found[0],
        serde_json::json!({ "type": "boilerplate", "doc": "a", "span": [27, 155], "tokens": 25, "documents": 3 })
    );
    assert_eq!(
        (&found[1]["type"], &found[1]["a"], &found[1]["b"]),
        (&"match".into(), &"b".into(), &"d".into())
    );
    assert_eq!((&found[2]["type"], &found[3]["type"]), (&"cluster".into(), &"summary".into()));
    let clusters =
        |lines: &[serde_json::Value]| lines.iter().filter(|line| line["type"] == "cluster").count();
    assert_eq!(
        (clusters(&found), clusters(&scan("4"))),
        (1, 2),
        "three documents have it, not four"
    );

    let dedup = |more: &[&str]| with(&["dedup", "c.jsonl", "-o", "-", "--unit", "paragraph"], more);
    let kept = dedup(&["--keep", "first", "--boilerplate", "discount", "--min-docs", "3"]);
    assert_eq!(err(&kept), "4 documents: 3 written, 1 left out; 1 paragraph cut\n");
    assert_eq!(out(&kept), lines(&footed()));
    let cut = dedup(&["--keep", "first"]);
    assert_eq!(err(&cut), "4 documents: 3 written, 1 left out; 3 paragraphs cut\n");
}

/// Two of one side and one of the other have the footer.
#[test]
fn boilerplate_is_that_of_both_sides() {
    let documents = footed();
    let (reference, incoming) = (lines(&documents[..2]), lines(&documents[2..]));
    let folder = folder(&[("ref.jsonl", reference.as_bytes()), ("in.jsonl", incoming.as_bytes())]);
    let scan = |min_docs: &str| {
        let against = ["scan", "in.jsonl", "--against", "ref.jsonl", "--threshold", "0.3"];
        let discount = ["--boilerplate", "discount", "--min-docs", min_docs];
        quiet(folder.path(), &[&against[..], &discount].concat())
    };
    let found = scan("3");
    assert!(found.starts_with("Boilerplate in 3 documents (25 tokens)\n"), "{found}");
    assert!(found.contains("0 clusters"), "{found}");
    let kept = scan("4");
    assert!(!kept.contains("oilerplate") && kept.contains("1 cluster"), "{kept}");
    let dedup = |min_docs: &str| {
        let against =
            ["dedup", "in.jsonl", "-o", "-", "--against", "ref.jsonl", "--threshold", "0.3"];
        let discount = ["--boilerplate", "discount", "--min-docs", min_docs];
        let output =
            doublon(&[&against[..], &discount].concat()).current_dir(folder.path()).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    assert_eq!((dedup("3"), dedup("4")), (incoming, String::new()));
}
