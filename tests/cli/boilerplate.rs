//! Boilerplate.

use super::*;

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
