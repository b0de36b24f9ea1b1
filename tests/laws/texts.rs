//! Strategies for texts and settings.

use doublon::{Detector, DetectorBuilder};
use proptest::prelude::*;

use crate::naive::prose::{self, Dice};

/// Texts over few words, so that repetition is common, in styles that fold to the same.
pub fn repetitive(longest: usize) -> impl Strategy<Value = String> {
    (1usize..6).prop_flat_map(move |alphabet| {
        proptest::collection::vec((0..alphabet, 0usize..4, 0usize..8), 0..longest).prop_map(styled)
    })
}

/// Two such texts, often cut from the same sequence.
pub fn related(longest: usize) -> impl Strategy<Value = (String, String)> {
    let word = |alphabet: usize| (0..alphabet, 0usize..4, 0usize..8);
    (1usize..9).prop_flat_map(move |alphabet| {
        let words = move |longest| proptest::collection::vec(word(alphabet), 0..longest);
        let edits = proptest::collection::vec((0usize..1000, 0usize..4, word(alphabet)), 0..5);
        (words(longest), edits, words(longest / 2), any::<bool>()).prop_map(
            |(base, edits, other, swap)| {
                let mut copy = base.clone();
                for (at, kind, word) in edits {
                    let at = at % (copy.len() + 1);
                    match kind {
                        0 => copy.truncate(at),
                        1 => copy.insert(at, word),
                        2 if at < copy.len() => copy[at] = word,
                        // A block from elsewhere, or moved to the end.
                        _ => {
                            let block = copy.split_off(at);
                            copy.extend_from_slice(&other);
                            copy.extend(block);
                        }
                    }
                }
                let (a, b) = (styled(base), styled(copy));
                if swap { (b, a) } else { (a, b) }
            },
        )
    })
}

/// Words as text: `(which, style of the word, separator)`.
fn styled(words: Vec<(usize, usize, usize)>) -> String {
    const FORMS: [[&str; 4]; 9] = [
        ["a", "A", "\u{e0}", "a\u{300}"],
        ["b", "B", "b", "b"],
        ["\u{e9}t\u{e9}", "ete", "\u{c9}T\u{c9}", "e\u{301}te\u{301}"],
        ["d", "D", "d\u{ad}", "d"],
        ["\u{153}", "oe", "OE", "\u{152}"],
        ["\u{6c34}", "\u{6c34}", "\u{6c34}", "\u{6c34}"],
        ["g", "G", "g", "g"],
        ["h", "H", "h", "h"],
        ["i", "I", "\u{ee}", "i"],
    ];
    let seps = [" ", " ", " ", ", ", "\n", "\n\n", "\u{2019}", " \u{ab} "];
    words.into_iter().map(|(w, form, sep)| FORMS[w][form].to_owned() + seps[sep]).collect()
}

/// Documents of paragraphs that are often the same or nearly, between all kinds of separators. Some
/// have blank lines, some do not, and some paragraphs have several lines.
pub fn paragraphed(documents: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    const SEPS: [&[&str]; 2] = [
        &["\n\n", "\r\n\r\n", "\n \t\n\n", "\r\r", "\n\n\u{a0} "],
        &["\n", "\r\n", "\r", " \n ", "\n\u{3000}"],
    ];
    const ENDS: [&str; 6] = ["", "", "\n", "\n\n", " \r\n\r\n", "\u{2003}"];
    let paragraph = (0usize..7, 0usize..8, 0usize..5);
    let document = (0usize..2, 0usize..6, 0usize..6, proptest::collection::vec(paragraph, 0..6));
    (any::<u64>(), proptest::collection::vec(document, documents)).prop_map(|(seed, documents)| {
        let mut dice = Dice::new(seed);
        let pool: Vec<Vec<String>> = (0..7)
            .map(|length| {
                if dice.below(2) == 0 { dice.words(2 * length) } else { dice.own_words(2 * length) }
            })
            .collect();
        let texts = documents.into_iter().map(|(kind, lead, trail, paragraphs)| {
            let mut text = ENDS[lead].to_owned();
            for (place, (which, edit, sep)) in paragraphs.into_iter().enumerate() {
                if place > 0 {
                    text += SEPS[kind][sep];
                }
                let mut words = pool[which].clone();
                let mut between = " ";
                match edit {
                    0 => words.truncate(words.len() * 3 / 4),
                    1 => words.push("encore".into()),
                    2 => words.iter_mut().for_each(|word| *word = word.to_uppercase()),
                    3 => between = "\n",
                    4 => words.insert(words.len() / 2, "\u{c9}t\u{e9}\u{2019}s".into()),
                    _ => {}
                }
                text += &words.join(between);
                text += ["", ".", " \u{bb}"][edit % 3];
            }
            text + ENDS[trail]
        });
        texts.collect()
    })
}

/// Settings of the passages: `(min_run, shingle, max_gap)`.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub min_run: usize,
    pub shingle: usize,
    pub max_gap: usize,
}

impl Settings {
    pub fn builder(self) -> DetectorBuilder {
        let mut builder = Detector::builder();
        builder.min_run(self.min_run).shingle(self.shingle).max_gap(self.max_gap);
        builder
    }

    pub fn detector(self) -> Detector {
        self.builder().build().unwrap()
    }
}

pub fn settings() -> impl Strategy<Value = Settings> {
    (1usize..10, 0usize..10, 0usize..9).prop_map(|(min_run, less, max_gap)| Settings {
        min_run,
        shingle: min_run.saturating_sub(less).max(1),
        max_gap,
    })
}

/// Small corpora of all kinds of kinship.
pub fn corpus(documents: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    (any::<u64>(), documents, 8usize..60)
        .prop_map(|(seed, documents, words)| prose::corpus(seed, documents, words))
}

/// The same documents in another order, and where each stands there.
pub fn permuted(texts: &[String], seed: u64) -> (Vec<String>, Vec<usize>) {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    Dice::new(seed).shuffle(&mut order);
    let mut place = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new;
    }
    (order.iter().map(|&old| texts[old].clone()).collect(), place)
}
