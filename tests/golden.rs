//! Values that must never change within a major version, on any platform. When one does, its
//! version or fingerprint has to change in the same commit.

use std::fmt::Write;

use doublon::shingle::shingles;
use doublon::sketch::{MinHasher, SimHash, winnow};
use doublon::text::{Tokenize, Tokens, Words};

/// Name, text, its tokens as `span=hash`.
const TEXTS: [(&str, &str); 15] = [
    ("French", "L\u{2019}\u{c9}t\u{e9}, aujourd\u{2019}hui \u{ab}\u{a0}c\u{153}ur\u{a0}\u{bb}"),
    ("English", "NATO's well-known 42nd \u{201c}co\u{ad}operation\u{201d}"),
    ("German", "Stra\u{df}e STRASSE \u{dc}bergr\u{f6}\u{df}e"),
    ("Greek", "\u{39f}\u{3b4}\u{3cc}\u{3c2} \u{39f}\u{394}\u{39f}\u{3a3}"),
    ("Russian", "\u{401}\u{43b}\u{43a}\u{430} \u{43c}\u{43e}\u{439}"),
    ("Arabic", "\u{643}\u{64e}\u{62a}\u{64e}\u{628}\u{64e} \u{643}\u{62a}\u{640}\u{640}\u{628}"),
    ("Hebrew", "\u{5e9}\u{5c1}\u{5b8}\u{5dc}\u{5d5}\u{5b9}\u{5dd} \u{5e9}\u{5dc}\u{5d5}\u{5dd}"),
    ("Hindi", "\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940} \u{915}\u{93c}\u{932}\u{92e}"),
    ("Thai", "\u{e01}\u{e34}\u{e19}\u{e19}\u{e49}\u{e33}"),
    ("Chinese", "\u{6cb3}\u{6c34}\u{4e0a}\u{6da8}2\u{7c73}\u{3002}"),
    ("Japanese, full width", "\u{30ac}\u{30e9}\u{30b9} \u{ff21}\u{ff22}\u{ff11}"),
    ("Japanese, half width", "\u{ff76}\u{ff9e}\u{ff97}\u{ff7d} AB1"),
    ("Korean", "\u{d55c}\u{ad6d}\u{c5b4} \u{1112}\u{1161}\u{11ab}"),
    ("emoji", "ok \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} 1\u{fe0f}\u{20e3} fin"),
    ("long", "Donaudampfschifffahrtsgesellschaft"),
];

fn tokens(text: &str) -> Tokens {
    let mut tokens = Tokens::new();
    Words.tokenize(text, &mut tokens);
    tokens
}

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for line in bytes.chunks(32) {
        for byte in line {
            write!(hex, "{byte:02x}").unwrap();
        }
        hex.push('\n');
    }
    hex
}

fn lines<T>(items: impl IntoIterator<Item = T>, line: impl Fn(T) -> String) -> String {
    items.into_iter().map(|item| line(item) + "\n").collect()
}

const STORY: &str = "The river rose by two metres in one night, and the road along it is closed. \
    The mayor asks everyone to stay at home until the water falls; schools open again on Monday. \
    The river rose by two metres, and the road along it is closed, the mayor said.";

fn story() -> Vec<u64> {
    let mut hashes = Vec::new();
    shingles(tokens(STORY).hashes(), 5, &mut hashes);
    hashes
}

#[test]
fn tokens_of_each_script() {
    let mut all = String::new();
    for (name, text) in TEXTS {
        writeln!(all, "{name}").unwrap();
        let tokens = tokens(text);
        for (span, hash) in tokens.spans().iter().zip(tokens.hashes()) {
            writeln!(all, "  {span} {hash:016x}").unwrap();
        }
    }
    insta::assert_snapshot!(all);
    assert_eq!(Words.fingerprint(), 0x776f_7264_7300_0002);
}

#[test]
fn shingles_of_each_width() {
    let mut all = String::new();
    for (width, text) in [(1, "one two"), (2, "one two three"), (5, "one two"), (5, STORY)] {
        let mut hashes = Vec::new();
        shingles(tokens(text).hashes(), width, &mut hashes);
        hashes.truncate(6);
        writeln!(all, "{width}: {hashes:016x?}").unwrap();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn minhash() {
    let hasher = MinHasher::new(64).unwrap();
    // Few shingles, filled slots; many, hardly any.
    let many: Vec<u64> = (1..2000u64)
        .map(|x| x.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31).wrapping_mul(x | 1))
        .collect();
    insta::assert_snapshot!("minhash_empty", hex(&hasher.sketch(&[]).to_bytes()));
    insta::assert_snapshot!("minhash_story", hex(&hasher.sketch(&story()).to_bytes()));
    insta::assert_snapshot!("minhash_many", hex(&hasher.sketch(&many).to_bytes()));
    insta::assert_snapshot!("minhash_compact", hex(hasher.sketch(&story()).compact().slots()));
}

#[test]
fn simhash_of_the_story() {
    assert_eq!(SimHash::of(&story()).bits(), 0xd931_3c7c_128b_699f);
}

#[test]
fn winnowed_story() {
    let mut selected = Vec::new();
    winnow(&story(), 12, &mut selected);
    insta::assert_snapshot!(lines(selected, |(hash, at)| format!("{at} {hash:016x}")));
}

/// A whole report: a repeat, a match that overlaps, one that contains, copies, an empty text.
const CORPUS: [&str; 6] = [
    "The river rose by two metres in one night, and the road along it is closed until further notice.\n\n\
     The river rose by two metres in one night, and the road along it is closed until further notice.\n\n\
     Nobody was hurt.",
    "FLOOD - the river rose by two metres in one night, and the road along it is closed until \
     further notice, said the mayor on Tuesday; nobody was hurt.",
    "",
    "A bridge opens.",
    "a bridge opens",
    "Markets: quiet trade. Weather: more rain. Roads: the river rose by two metres in one night, \
     and the road along it is closed until further notice. Sports: the cup goes to the visitors, \
     who scored twice before the break and once after it, in front of a full house of twelve \
     thousand. Culture: the new museum of the valley shows boats.",
];

#[cfg(feature = "serde")]
#[test]
fn report_as_json() {
    let report = doublon::Detector::builder().all_pairs(10).build().unwrap().find(&CORPUS).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn report_for_people() {
    let report = doublon::find(&CORPUS).unwrap();
    insta::assert_snapshot!(report.to_string());
}
