//! Made-up news: articles of words that no language has, French- and English-like, with re-edited
//! copies, items inside round-ups and the same few footers. Nothing but the seed decides.

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// From 0 up to, not including, 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const WORDS: usize = 8000;
const ONSETS: [&str; 24] = [
    "b", "br", "c", "ch", "cl", "d", "f", "fl", "g", "gr", "j", "l", "m", "n", "p", "pl", "r", "s",
    "st", "t", "th", "tr", "v", "",
];
const FRENCH: [&str; 16] = [
    "a", "e", "\u{e9}", "\u{e8}", "i", "o", "u", "ou", "ai", "eau", "\u{ea}", "on", "an",
    "\u{e7}a", "oi", "ie",
];
const ENGLISH: [&str; 16] =
    ["a", "e", "i", "o", "u", "ee", "oa", "ea", "y", "ing", "er", "ow", "igh", "and", "ou", "ess"];
const ELIDED: [&str; 6] = ["l\u{2019}", "d\u{2019}", "qu\u{2019}", "n\u{2019}", "l'", "s'"];
const STOPS: [&str; 4] = [". ", ". ", " ! ", " ? "];

/// Words of one language, the commonest first.
struct Vocabulary {
    words: Vec<String>,
    french: bool,
}

impl Vocabulary {
    fn new(random: &mut Random, french: bool) -> Self {
        let vowels = if french { &FRENCH } else { &ENGLISH };
        let words = (0..WORDS).map(|rank| {
            // Common words are short.
            let syllables = 1 + random.below(2) + usize::from(rank > 60) + random.below(2);
            let mut word = String::new();
            for _ in 0..syllables {
                word.push_str(random.pick::<&str>(&ONSETS));
                word.push_str(random.pick::<&str>(vowels));
            }
            if rank % 3 == 0 {
                word.push_str(random.pick::<&str>(&["s", "nt", "r", "t", "lle"]));
            }
            word
        });
        Self { words: words.collect(), french }
    }

    /// The n-th word with a probability like 1 / n (Zipf).
    fn word(&self, random: &mut Random) -> &str {
        let rank = (WORDS as f64).powf(random.share()) as usize;
        &self.words[rank.min(WORDS) - 1]
    }

    fn sentence(&self, random: &mut Random, to: &mut String) -> usize {
        let words = 6 + random.below(24);
        for at in 0..words {
            let mut word = self.word(random).to_owned();
            if at == 0 || random.below(18) == 0 {
                let first: String = word.chars().take(1).flat_map(char::to_uppercase).collect();
                word = first + &word.chars().skip(1).collect::<String>();
            }
            if self.french && random.below(9) == 0 {
                to.push_str(random.pick::<&str>(&ELIDED));
            }
            to.push_str(&word);
            if at + 1 < words {
                to.push_str(if random.below(11) == 0 { ", " } else { " " });
            }
        }
        to.push_str(random.pick::<&str>(&STOPS));
        words
    }

    /// 100 to 600 words: a title and paragraphs.
    fn article(&self, random: &mut Random) -> Vec<String> {
        let words = 100 + random.below(500);
        let mut title = String::new();
        self.sentence(random, &mut title);
        let mut paragraphs = vec![title];
        let mut written = 0;
        while written < words {
            let mut paragraph = String::new();
            let most = 30 + random.below(70);
            let mut here = 0;
            while here < most {
                here += self.sentence(random, &mut paragraph);
            }
            written += here;
            paragraphs.push(paragraph);
        }
        paragraphs
    }
}

/// Replaces, drops or repeats words, about `share` of them, and keeps the white space.
pub fn edited(text: &str, share: f64, random: &mut Random) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut copy = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        if random.share() >= share {
            copy.push_str(piece);
            continue;
        }
        match random.below(3) {
            0 => {}
            1 => {
                copy.push_str(piece);
                copy.push_str(random.pick::<&str>(&words));
                copy.push(' ');
            }
            _ => {
                copy.push_str(random.pick::<&str>(&words));
                copy.push_str(&piece[piece.trim_end().len()..]);
            }
        }
    }
    copy
}

/// Articles of `bytes` in all: six in ten stand alone, the others are copies of earlier ones,
/// re-edited lightly or heavily, or hold one; every fourth ends with one of three footers.
pub fn articles(seed: u64, bytes: usize) -> Vec<String> {
    let mut random = Random(seed);
    let languages = [Vocabulary::new(&mut random, true), Vocabulary::new(&mut random, false)];
    let footers: Vec<String> = (0..3)
        .map(|at| {
            let mut footer = String::new();
            (0..2).for_each(|_| {
                languages[at % 2].sentence(&mut random, &mut footer);
            });
            footer
        })
        .collect();
    let mut texts: Vec<String> = Vec::new();
    let mut written = 0;
    while written < bytes {
        let language = &languages[random.below(2)];
        let mut text = match random.below(20) {
            0 if !texts.is_empty() => random.pick(&texts).clone(),
            1..=6 if !texts.is_empty() => {
                // Up to a tenth of the words: Jaccard similarities from 0.4 up.
                let share = random.share() * 0.1;
                let earlier = random.below(texts.len());
                edited(&texts[earlier], share, &mut random)
            }
            7 if !texts.is_empty() => {
                // A round-up: one whole item among others.
                let mut paragraphs = language.article(&mut random);
                let item = random.pick(&texts).clone();
                let at = random.below(paragraphs.len());
                paragraphs.insert(at, item);
                paragraphs.join("\n\n")
            }
            8 => {
                // The lead stands twice.
                let mut paragraphs = language.article(&mut random);
                paragraphs.insert(1, paragraphs[1].clone());
                paragraphs.join("\n\n")
            }
            _ => language.article(&mut random).join("\n\n"),
        };
        if random.below(4) == 0 {
            text.push_str("\n\n");
            text.push_str(random.pick::<String>(&footers));
        }
        written += text.len();
        texts.push(text);
    }
    texts
}
