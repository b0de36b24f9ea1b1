//! Tokens.

use doublon::text::{Tokenize, Tokens, Words, paragraphs};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::naive::{folded, words};
use crate::texts::repetitive;

fn tokens(text: &str) -> Tokens {
    let mut tokens = Tokens::new();
    Words.tokenize(text, &mut tokens);
    tokens
}

fn hashes(text: &str) -> Vec<u64> {
    tokens(text).hashes().to_vec()
}

fn check(text: &str) {
    let tokens = tokens(text);
    assert_eq!(tokens.spans().len(), tokens.hashes().len());
    let mut end = 0;
    for (&span, &hash) in tokens.spans().iter().zip(tokens.hashes()) {
        assert!(end <= span.start() && span.start() < span.end() && span.end() <= text.len());
        end = span.end();
        // Slicing panics off a char boundary.
        let mut again = Tokens::new();
        again.push(span, &folded(&text[span]));
        assert_eq!(again.hashes()[0], hash, "{:?}", &text[span]);
        assert_eq!(folded(&folded(&text[span])), folded(&text[span]));
    }
    let mut end = 0;
    for span in paragraphs(text) {
        assert!(end <= span.start() && span.start() < span.end());
        assert_eq!(text[span].trim(), &text[span]);
        end = span.end();
    }
}

/// Characters around everything that needs care, beside letters of many scripts.
const CHARACTERS: &str = "[ a-cA-C0-9'\u{2019}\u{ab}\u{bb}\u{201c}\u{a0}\n\r\u{0}\u{ad}\u{300}\
    \u{301}\u{327}\u{345}\u{e0}-\u{ff}\u{130}-\u{133}\u{17f}\u{1c4}-\u{1cc}\u{2b9}-\u{2c1}\
    \u{370}-\u{3ff}\u{400}-\u{45f}\u{531}-\u{556}\u{587}\u{5b0}-\u{5ea}\u{621}-\u{655}\u{670}\
    \u{915}-\u{94d}\u{958}-\u{95f}\u{bc6}-\u{bcc}\u{e01}-\u{e3a}\u{e47}-\u{e4d}\u{1100}-\u{1112}\
    \u{1161}-\u{1175}\u{11a8}-\u{11c2}\u{1e00}-\u{1eff}\u{1f00}-\u{1fff}\u{200b}-\u{200f}\
    \u{2028}\u{2070}-\u{209c}\u{2126}-\u{212b}\u{2160}-\u{2188}\u{2460}-\u{24ff}\u{3041}-\u{309f}\
    \u{30a1}-\u{30ff}\u{4e00}-\u{4e20}\u{ac00}-\u{ac40}\u{f900}-\u{f920}\u{fb00}-\u{fb4f}\
    \u{fdf0}-\u{fdfb}\u{fe0f}\u{fe8d}\u{feff}\u{ff21}-\u{ff5a}\u{ff66}-\u{ff9f}\u{1d400}-\u{1d420}\
    \u{1f1e6}-\u{1f1ff}\u{1f3fb}\u{1f468}\u{1f469}\u{20000}\u{2f800}-\u{2f810}\u{e0001}\u{e0100}]{0,40}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn tokens_keep_their_promises(text in CHARACTERS) {
        check(&text);
    }

    #[test]
    fn tokens_of_any_text_keep_their_promises(text in "\\PC{0,40}", any in any::<String>()) {
        check(&text);
        check(&any);
    }

    #[test]
    fn normal_forms_have_the_same_tokens(text in CHARACTERS) {
        let (nfc, nfd): (String, String) = (text.nfc().collect(), text.nfd().collect());
        prop_assert_eq!(hashes(&nfc), hashes(&nfd));
        prop_assert_eq!(hashes(&text), hashes(&nfd));
    }

    #[test]
    fn normal_forms_of_any_text_have_the_same_tokens(text in any::<String>()) {
        let (nfc, nfd): (String, String) = (text.nfc().collect(), text.nfd().collect());
        prop_assert_eq!(hashes(&nfc), hashes(&nfd));
    }

    #[test]
    fn tokenising_the_folded_tokens_changes_nothing(text in repetitive(40)) {
        prop_assert_eq!(words(&words(&text).join(" ")), words(&text));
        prop_assert_eq!(hashes(&words(&text).join(" ")), hashes(&text));
    }

    #[test]
    fn case_does_not_matter(text in "[a-z\u{e0}-\u{f6}\u{3b1}-\u{3c9}\u{430}-\u{44f}\u{131}\u{df} .,'0-9]{0,40}") {
        prop_assert_eq!(hashes(&text), hashes(&text.to_uppercase()));
        prop_assert_eq!(hashes(&text), hashes(&text.to_lowercase()));
    }

    #[test]
    fn quotation_marks_do_not_matter(text in "[a-c '\u{e9}]{0,40}", which in 0usize..7) {
        let mark = ["\u{2019}", "\u{2018}", "\u{2bc}", "\"", "\u{ab} ", " \u{bb}", "\u{201c}"][which];
        let other = text.replace('\'', mark);
        prop_assert_eq!(hashes(&text), hashes(&other));
    }

    #[test]
    fn tokens_do_not_depend_on_what_follows(a in CHARACTERS, b in "[a-z]{0,20}") {
        // The scanner reads words in blocks of 16 bytes.
        let joined = format!("{a} {b}");
        let expected = [words(&a), words(&b)].concat();
        prop_assert_eq!(words(&joined), expected);
        prop_assert_eq!(hashes(&joined), [hashes(&a), hashes(&b)].concat());
    }
}

/// Every character alone, between letters, and behind each kind of neighbour.
#[test]
fn every_character_keeps_the_promises() {
    for c in '\0'..=char::MAX {
        check(&format!("{c} a{c}b \u{e9}{c}\u{301}\u{3042}{c}"));
    }
}

#[test]
fn every_character_has_the_same_tokens_in_either_normal_form() {
    for c in '\0'..=char::MAX {
        let text = format!("{c} a{c}b {c}\u{301} \u{3042}{c}\u{3099}");
        let (nfc, nfd): (String, String) = (text.nfc().collect(), text.nfd().collect());
        assert_eq!(hashes(&nfc), hashes(&nfd), "{:x}", c as u32);
    }
}
