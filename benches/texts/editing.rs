//! What newsrooms, scanners and aggregators do to a story: invented news, and kinds of edits of them.
//! Nothing but the seed decides.

use super::Random;

/// Invented news in French and English, one behind the other.
const NEWS: &str = include_str!("news.txt");
/// Edited versions of each story.
const VERSIONS: usize = 12;
/// What an agency adds below everything.
const FOOTER: &str = "All rights reserved. The content of this service, texts, photographs, graphics \
    and data, is protected by law and may not be reproduced, distributed or stored in a database in \
    whole or in part without the prior written consent of the agency and its partners.";

/// What the desk writes into every item: 15 words each.
const FORMULAS: [&str; 3] = [
    "According to a first report that the authorities released on the evening of the event,",
    "The prosecutor has opened an inquiry, and the police ask for witnesses to come forward.",
    "This item will be updated on our pages as soon as more details are known.",
];

/// A text, and the numbers of the stories it was made of.
pub struct Version {
    pub text: String,
    pub stories: Vec<usize>,
    pub original: bool,
}

/// A kind of edit by its name, with what it is applied to and what comes out.
pub struct Kind {
    pub name: &'static str,
    original: fn(&Story) -> String,
    edit: Edit,
}

enum Edit {
    /// Of one story; the versions have numbers.
    Of(fn(&Story, usize, &mut Random) -> String),
    /// Of a story and another one.
    With(fn(&Story, &Story, &mut Random) -> String),
}
use Edit::{Of, With};

/// A headline and paragraphs.
#[derive(Clone)]
struct Story(Vec<String>);

/// The first so many kinds have no words that the newsroom adds to every story.
pub const OWN_WORDS: usize = 14;

#[rustfmt::skip]
pub const KINDS: [Kind; 17] = [
    Kind { name: "a quarter of the sentences cut", original: Story::whole, edit: Of(|s, _, r| s.fewer_sentences(r).whole()) },
    Kind { name: "paragraphs in another order", original: Story::whole, edit: Of(|s, _, r| s.shuffled(r).whole()) },
    Kind { name: "other quotes and numbers", original: Story::whole, edit: Of(|s, _, r| s.other_facts(r).whole()) },
    Kind { name: "1 % of words inserted", original: Story::whole, edit: Of(|s, _, r| s.inserted(0.01, r).whole()) },
    Kind { name: "2 % of words inserted", original: Story::whole, edit: Of(|s, _, r| s.inserted(0.02, r).whole()) },
    Kind { name: "5 % of words inserted", original: Story::whole, edit: Of(|s, _, r| s.inserted(0.05, r).whole()) },
    Kind { name: "10 % of words inserted", original: Story::whole, edit: Of(|s, _, r| s.inserted(0.1, r).whole()) },
    Kind { name: "OCR noise, 1 % of letters", original: Story::whole, edit: Of(|s, _, r| s.noisy(0.01, r).whole()) },
    Kind { name: "OCR noise, 3 % of letters", original: Story::whole, edit: Of(|s, _, r| s.noisy(0.03, r).whole()) },
    Kind { name: "cut from the bottom", original: Story::whole, edit: Of(|s, version, _| s.cut(version).whole()) },
    Kind { name: "two stories in one", original: Story::whole, edit: With(|s, other, _| s.merged(other).whole()) },
    Kind { name: "an item in a long text", original: Story::lead, edit: With(|s, other, r| other.holding(&s.lead(), r).whole()) },
    Kind { name: "a newspaper's copy", original: Story::whole, edit: Of(|s, _, r| s.newspaper(r).whole()) },
    Kind { name: "headlines, one word changed", original: Story::headline, edit: Of(|s, _, r| s.one_word(r).headline()) },
    Kind { name: "newspapers' copies, one footer", original: |s| s.whole() + FOOTER, edit: Of(|s, _, r| s.newspaper(r).whole() + FOOTER) },
    Kind { name: "items with one footer", original: |s| s.lead() + "\n" + FOOTER, edit: Of(|s, _, r| s.inserted(0.02, r).lead() + "\n" + FOOTER) },
    Kind { name: "items with the same formulas", original: Story::formulaic, edit: Of(|s, _, r| s.inserted(0.02, r).formulaic()) },
];

impl Kind {
    /// The originals, then their versions.
    pub fn corpus(&self) -> Vec<Version> {
        let stories: Vec<Story> = NEWS.split("\n----\n").map(Story::new).collect();
        let mut random = Random(1);
        let originals = stories.iter().enumerate().map(|(number, story)| Version {
            text: (self.original)(story),
            stories: vec![number],
            original: true,
        });
        let mut all: Vec<Version> = originals.collect();
        for (number, story) in stories.iter().enumerate() {
            for version in 0..VERSIONS {
                let other = (number + 1 + random.below(stories.len() - 1)) % stories.len();
                let (text, stories) = match self.edit {
                    Of(edit) => (edit(story, version, &mut random), vec![number]),
                    With(edit) => (edit(story, &stories[other], &mut random), vec![number, other]),
                };
                all.push(Version { text, stories, original: false });
            }
        }
        all
    }
}

impl Story {
    fn new(text: &str) -> Self {
        Self(text.split("\n\n").map(|paragraph| paragraph.trim().to_owned()).collect())
    }

    fn whole(&self) -> String {
        self.0.join("\n\n") + "\n"
    }

    fn headline(&self) -> String {
        self.0[0].clone()
    }

    fn lead(&self) -> String {
        self.0[1].clone()
    }

    /// The lead among formulas that stand in all items.
    fn formulaic(&self) -> String {
        let [opening, inquiry, closing] = FORMULAS;
        let words: Vec<&str> = self.0[1].split(' ').collect();
        let (first, last) = words.split_at(words.len() / 2);
        [opening, &first.join(" "), inquiry, &last.join(" "), closing].join(" ")
    }

    /// Any word of the story.
    fn word(&self, random: &mut Random) -> &str {
        let words: Vec<&str> = self.0.iter().flat_map(|text| text.split_whitespace()).collect();
        words[random.below(words.len())]
    }

    fn each_paragraph(&self, edit: impl FnMut(&String) -> String) -> Self {
        Self(self.0.iter().map(edit).filter(|paragraph| !paragraph.is_empty()).collect())
    }

    /// Each word by itself, with the white space that follows.
    fn each_word(&self, mut edit: impl FnMut(&str) -> String) -> Self {
        self.each_paragraph(|text| text.split_inclusive(' ').map(&mut edit).collect())
    }

    fn fewer_sentences(&self, random: &mut Random) -> Self {
        self.each_paragraph(|text| {
            text.split_inclusive(". ").filter(|_| random.below(4) > 0).collect()
        })
    }

    fn shuffled(&self, random: &mut Random) -> Self {
        let mut paragraphs = self.0.clone();
        for at in (1..paragraphs.len()).rev() {
            paragraphs.swap(at, random.below(at + 1));
        }
        Self(paragraphs)
    }

    /// Each quotation in other words, each number another.
    fn other_facts(&self, random: &mut Random) -> Self {
        self.each_paragraph(|text| {
            // Every second part stands between quotation marks.
            let parts = text.split(['\u{ab}', '\u{bb}', '"']).enumerate().map(|(number, part)| {
                let words = part.split(' ').map(|word| {
                    let digit = |c: char| match c {
                        '0'..='9' => char::from(b'0' + random.below(10) as u8),
                        c => c,
                    };
                    let word: String = word.chars().map(digit).collect();
                    if number % 2 == 1 { self.word(random).to_owned() } else { word }
                });
                words.collect::<Vec<_>>().join(" ")
            });
            parts.collect::<Vec<_>>().join("\"")
        })
    }

    fn inserted(&self, share: f64, random: &mut Random) -> Self {
        self.each_word(|word| {
            if random.share() < share {
                format!("{} {word}", self.word(random))
            } else {
                word.into()
            }
        })
    }

    /// Letters read as others.
    fn noisy(&self, share: f64, random: &mut Random) -> Self {
        self.each_word(|word| {
            let letter = |c: char| {
                if c.is_alphabetic() && random.share() < share {
                    char::from(b'a' + random.below(26) as u8)
                } else {
                    c
                }
            };
            word.chars().map(letter).collect()
        })
    }

    /// Two thirds of the paragraphs, half of them, a third.
    fn cut(&self, version: usize) -> Self {
        let kept = (self.0.len() * [4, 3, 2][version % 3] / 6).max(2);
        Self(self.0[..kept].to_vec())
    }

    /// Paragraphs of either in turn.
    fn merged(&self, other: &Self) -> Self {
        let most = self.0.len().max(other.0.len());
        let both = (0..most).flat_map(|at| [self.0.get(at), other.0.get(at)]);
        Self(both.flatten().cloned().collect())
    }

    fn holding(&self, item: &str, random: &mut Random) -> Self {
        let mut paragraphs = self.0.clone();
        paragraphs.insert(1 + random.below(paragraphs.len()), item.to_owned());
        Self(paragraphs)
    }

    /// Another headline, and all that is done to an agency's story before it is printed.
    fn newspaper(&self, random: &mut Random) -> Self {
        let mut copy = self.other_facts(random).fewer_sentences(random).inserted(0.02, random);
        let words = (0..8).map(|_| self.word(random));
        copy.0[0] = words.collect::<Vec<_>>().join(" ");
        copy.0.pop();
        copy
    }

    fn one_word(&self, random: &mut Random) -> Self {
        let mut copy = self.clone();
        let words = self.0[0].split(' ').count();
        let at = random.below(words);
        let changed = self.0[0]
            .split(' ')
            .enumerate()
            .map(|(place, word)| if place == at { self.word(random) } else { word });
        copy.0[0] = changed.collect::<Vec<_>>().join(" ");
        copy
    }
}
