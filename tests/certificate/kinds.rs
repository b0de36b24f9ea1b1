//! What reports are made of: texts, and what of them is compared.

use doublon::{Detector, DetectorBuilder, Report, Unit};

use crate::naive::prose::Dice;

/// Each kind of record: copies, an overlap, a part, repeats of both kinds, pairs without a passage, an
/// empty text and a short one.
pub fn texts() -> Vec<String> {
    let mut dice = Dice::new(3);
    let (p, q, r) = (dice.own_words(24), dice.own_words(20), dice.own_words(18));
    let short = dice.own_words(9);
    let text = |parts: &[&[String]]| parts.concat().join(" ");
    let (twice, few) = (dice.own_words(18).join(" "), dice.own_words(7).join(" "));
    vec![
        text(&[&p, &q]),
        text(&[&p[..11], &short[..1], &p[11..], &r]),
        String::new(),
        text(&[&p, &short[1..2], &q[..19]]),
        text(&[&p, &q]).to_uppercase(),
        format!("{few}\n{}\n{few}", text(&[&r, &q])),
        format!("{twice}, {} and {twice}", text(&[&short[2..5]])),
        text(&[&short]),
        text(&[&short]),
        text(&[&short[..8]]),
    ]
}

/// What is compared with what.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Documents,
    Paragraphs,
    Against,
    Chosen,
    /// All of it, paragraphs of chosen pairs against a reference.
    All,
}

impl Kind {
    pub fn texts(self) -> Vec<String> {
        let mut texts = texts();
        match self {
            Kind::Documents | Kind::Chosen => texts,
            Kind::Against => {
                texts.swap(1, 4);
                texts
            }
            Kind::Paragraphs | Kind::All => {
                // Several lines each, so that a document may be left with one of them.
                let texts: Vec<String> =
                    texts.iter().map(|text| text.replacen(' ', "\n", 1)).collect();
                let documents =
                    [&texts[..2], &texts[2..5], &texts[5..6], &texts[6..8], &texts[8..]];
                documents.map(|texts| texts.join("\n\n")).to_vec()
            }
        }
    }

    pub fn references(self) -> usize {
        if matches!(self, Kind::Against | Kind::All) { 2 } else { 0 }
    }

    pub fn builder(self) -> DetectorBuilder {
        let mut builder = Detector::builder();
        if matches!(self, Kind::Paragraphs | Kind::All) {
            builder.unit(Unit::Paragraph);
        }
        if matches!(self, Kind::Chosen | Kind::All) {
            builder.pairs_if(|a, b| (a.index(), b.index()) != (0, 3));
        }
        builder
    }

    /// As one does who has all that the report was made with.
    pub fn verify(self, report: &Report, texts: &[String]) -> doublon::Result<()> {
        let (reference, incoming) = texts.split_at(self.references());
        match self {
            Kind::Documents | Kind::Paragraphs => report.verify(texts),
            Kind::Against => report.verify_against(reference, incoming),
            Kind::Chosen => self.builder().build()?.verify(report, texts),
            Kind::All => self.builder().build()?.verify_against(report, reference, incoming),
        }
    }
}
