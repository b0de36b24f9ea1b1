//! Made-up texts, the same on every run and platform.

/// SplitMix64 (Steele, Lea and Flood 2014).
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }

    /// A word of a language with a few thousand of them, some much commoner than others.
    pub fn word(&mut self) -> String {
        let rank = 1 + self.below(60);
        word(self.below(rank * rank))
    }

    pub fn words(&mut self, n: usize) -> Vec<String> {
        (0..n).map(|_| self.word()).collect()
    }

    /// Words that stand nowhere else.
    pub fn own_words(&mut self, n: usize) -> Vec<String> {
        (0..n).map(|_| format!("{:x}", self.next())).collect()
    }
}

/// The `number`-th word.
pub fn word(mut number: usize) -> String {
    let heads = ["b", "ch", "d", "fr", "g", "l", "m", "n", "p", "qu", "r", "s", "t", "v"];
    let tails = ["a", "e", "i", "on", "u", "é", "an", "our", "à", "ê"];
    let mut word = String::new();
    loop {
        word += heads[number % heads.len()];
        number /= heads.len();
        word += tails[number % tails.len()];
        number /= tails.len();
        if number == 0 {
            return word;
        }
    }
}

/// The same tokens in other bytes: case, accents in the other normal form, punctuation.
pub fn restyled(words: &[String], dice: &mut Dice) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut text = String::new();
    for word in words {
        match dice.below(6) {
            0 => text.extend(word.nfd()),
            1 => text += &word.to_uppercase(),
            _ => text += word,
        }
        text += [" ", " ", ", ", "\u{2019}", " - ", ". "][dice.below(6)];
    }
    text
}

/// A corpus in which everything happens: copies, re-edited copies, shared paragraphs, digests,
/// texts that repeat themselves, short and empty ones.
pub fn corpus(seed: u64, documents: usize, words: usize) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let mut all: Vec<Vec<String>> = Vec::new();
    let mut texts = Vec::new();
    for _ in 0..documents {
        let old = |dice: &mut Dice| -> Vec<String> {
            if all.is_empty() { dice.words(words) } else { all[dice.below(all.len())].clone() }
        };
        let mut new = match dice.below(12) {
            0 => Vec::new(),
            1 => {
                let few = dice.below(7);
                dice.words(few)
            }
            2 | 3 => old(&mut dice),
            4..=6 => {
                let mut copy = old(&mut dice);
                for _ in 0..1 + copy.len() / 15 {
                    let at = dice.below(copy.len() + 1);
                    match dice.below(3) {
                        0 if at < copy.len() => drop(copy.remove(at)),
                        1 if at < copy.len() => copy[at] = dice.word(),
                        _ => copy.insert(at, dice.word()),
                    }
                }
                copy
            }
            7 => [dice.words(words / 2), old(&mut dice), dice.words(words / 3)].concat(),
            8 => {
                let (x, y) = (old(&mut dice), old(&mut dice));
                [&x[..x.len() / 2], &y[y.len() / 2..]].concat()
            }
            9 => {
                let some = 1 + dice.below(9);
                vec![dice.words(some); 1 + dice.below(2 * words / some + 1)].concat()
            }
            _ => {
                let some = words / 2 + dice.below(words);
                dice.words(some)
            }
        };
        new.truncate(3 * words);
        texts.push(restyled(&new, &mut dice));
        all.push(new);
    }
    texts
}
