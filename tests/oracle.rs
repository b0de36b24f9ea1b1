//! The naive oracle on cases made by hand.

mod naive;

use naive::{Counts, cliques, components, counts, covered, pairs, repeated, runs, stars, words};
use std::collections::BTreeSet;

fn letters(text: &str) -> Vec<String> {
    text.chars().map(String::from).collect()
}

fn marks(covered: &[bool]) -> String {
    covered.iter().map(|&c| if c { 'x' } else { '.' }).collect()
}

#[test]
fn words_are_folded() {
    assert_eq!(words("L\u{2019}\u{c9}t\u{e9}, STRASSE!"), ["l", "ete", "strasse"]);
    assert!(words(" ... ").is_empty());
}

#[test]
fn shingles_are_counted_as_a_set() {
    assert_eq!(counts(&letters("abcab"), &letters("bca"), 2), Counts { shared: 2, a: 3, b: 2 });
    // Shorter than a shingle: the whole text, which equals no full window.
    assert_eq!(counts(&letters("ab"), &letters("ab"), 5), Counts { shared: 1, a: 1, b: 1 });
    assert_eq!(counts(&letters("ab"), &letters("abc"), 5), Counts { shared: 0, a: 1, b: 1 });
    assert_eq!(counts(&letters(""), &letters("abc"), 2), Counts { shared: 0, a: 0, b: 2 });
}

#[test]
fn thresholds_are_reached_exactly() {
    let half = Counts { shared: 2, a: 3, b: 3 };
    assert!(half.jaccard_reaches(50) && !half.jaccard_reaches(51));
    assert!(half.containment_reaches(66) && !half.containment_reaches(67));
    let nothing = Counts { shared: 0, a: 0, b: 0 };
    assert!(!nothing.jaccard_reaches(0) && !nothing.containment_reaches(0));
}

#[test]
fn runs_are_maximal() {
    assert_eq!(runs(&letters("xabcy"), &letters("zabcabw"), 2), [(1, 1, 3), (1, 4, 2)]);
    assert_eq!(runs(&letters("aa"), &letters("aaa"), 2), [(0, 0, 2), (0, 1, 2)]);
    let (a, b) = covered(&letters("xabcy"), &letters("zabcabw"), 3);
    assert_eq!((marks(&a).as_str(), marks(&b).as_str()), (".xxx.", ".xxx..."));
}

#[test]
fn short_texts_are_covered_by_pairs_and_ends() {
    let short = |a: &str, b: &str| {
        let (a, b) = naive::covered_short(&letters(a), &letters(b), 8, 4)?;
        Some((marks(&a), marks(&b)))
    };
    let both = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
    assert_eq!(short("abcdef", "abcxef"), both("xxx.xx", "xxx.xx"));
    // The last alone, but not one in the middle.
    assert_eq!(short("abcdef", "abcdxf"), both("xxxx.x", "xxxx.x"));
    assert_eq!(short("abcdef", "xbcdef"), both(".xxxxx", ".xxxxx"));
    assert_eq!(short("abcdef", "abxdye"), None);
    // In another order.
    assert_eq!(short("abcdef", "defabc"), both("xxxxxx", "xxxxxx"));
    // With a long run.
    assert_eq!(short("abcdefghi", "abcdefghx"), both("xxxxxxxx.", "xxxxxxxx."));
    // Too little of the longer one, too long, too short.
    assert_eq!(short("abcd", "abcdvwxyz"), None);
    assert_eq!(short("abcdefgxhijklmno", "abcdefgyhijklmno"), None);
    assert_eq!(short("abc", "abcd"), None);
}

#[test]
fn repeated_windows_do_not_overlap() {
    assert_eq!(marks(&repeated(&letters("abxab"), 2)), "...x");
    assert_eq!(marks(&repeated(&letters("aaaa"), 2)), "..x");
    assert_eq!(marks(&repeated(&letters("aaa"), 2)), "..");
}

#[test]
fn clusterings_of_a_chain() {
    let chain = [(0, 1), (1, 2), (2, 3)];
    let set = |docs: &[usize]| docs.iter().copied().collect::<BTreeSet<_>>();
    let order = [0, 1, 2, 3];
    assert_eq!(stars(&order, &chain), [(0, set(&[0, 1])), (2, set(&[2, 3]))]);
    assert_eq!(stars(&[1, 0, 2, 3], &chain), [(1, set(&[0, 1, 2]))]);
    assert_eq!(cliques(&[1, 0, 2, 3], &chain), [(1, set(&[0, 1])), (2, set(&[2, 3]))]);
    assert_eq!(components(&[3, 0, 1, 2], &chain), [(3, set(&[0, 1, 2, 3]))]);
    assert_eq!(components(&order, &[]), []);
    assert_eq!(pairs(3, |i, j| i + j != 2), [(0, 1), (1, 2)]);
}
