//! What the definition says, by plain sets of words.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use doublon::shingle::shingles;
use doublon::sketch::SimHash;
use doublon::text::{Tokenize, Tokens, Words};
use doublon::{Boilerplate, DetectorBuilder, Measure, Report};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

/// Texts, each in a document, and what does not count of them.
pub struct Naive {
    pub tokens: Vec<Vec<String>>,
    /// Of each text its tokens that do not count.
    pub hidden: Vec<BTreeSet<usize>>,
    /// The windows that are boilerplate, each with the number of its documents.
    pub common: BTreeMap<Vec<String>, usize>,
    texts: Vec<String>,
    min_run: usize,
}

impl Naive {
    /// Each text is a document.
    pub fn of_documents(texts: &[String], min_run: usize, min_docs: usize) -> Self {
        let document: Vec<usize> = (0..texts.len()).collect();
        Self::new(texts, &document, min_run, min_docs)
    }

    /// `document` tells in which document each text stands.
    pub fn new(texts: &[String], document: &[usize], min_run: usize, min_docs: usize) -> Self {
        let tokens: Vec<Vec<String>> = texts.iter().map(|text| folded(text)).collect();
        // A document is what its texts say: copies are one.
        let mut said: BTreeMap<usize, Vec<&[String]>> = BTreeMap::new();
        for (text, &document) in tokens.iter().zip(document) {
            let texts = said.entry(document).or_default();
            texts.extend((!text.is_empty()).then_some(&text[..]));
        }
        let mut documents: BTreeMap<&[String], BTreeSet<&Vec<&[String]>>> = BTreeMap::new();
        for (text, document) in tokens.iter().zip(document) {
            for window in text.windows(min_run) {
                documents.entry(window).or_default().insert(&said[document]);
            }
        }
        let common: BTreeMap<Vec<String>, usize> = documents
            .iter()
            .filter(|(_, documents)| documents.len() >= min_docs)
            .map(|(window, documents)| (window.to_vec(), documents.len()))
            .collect();
        let hidden = |text: &Vec<String>| {
            let windows = text.windows(min_run).enumerate();
            let hidden = windows.filter(|(_, window)| common.contains_key(*window));
            hidden.flat_map(|(at, _)| at..at + min_run).collect()
        };
        let hidden = tokens.iter().map(hidden).collect();
        Self { hidden, common, texts: texts.to_vec(), tokens, min_run }
    }

    /// That the report names each window of boilerplate once, and nothing else.
    pub fn check_reported(&self, report: &Report, documents: &[String]) -> TestCaseResult {
        let mut reported = BTreeSet::new();
        for passage in report.boilerplate() {
            let text = folded(&documents[passage.doc().index()][passage.span()]);
            prop_assert_eq!(text.len(), passage.tokens());
            let of = text.windows(self.min_run).map(|window| self.common.get(window).copied());
            let of: Option<Vec<usize>> = of.collect();
            let least = of.expect("all windows are boilerplate").into_iter().min();
            prop_assert_eq!(Some(passage.documents()), least);
            for window in text.windows(self.min_run) {
                prop_assert!(reported.insert(window.to_vec()), "{window:?} stands twice");
            }
        }
        prop_assert_eq!(reported, self.common.keys().cloned().collect());
        Ok(())
    }

    /// Where the shingles begin that count, and their width.
    fn places(&self, text: usize, width: usize) -> (Vec<usize>, usize) {
        let (tokens, hidden) = (&self.tokens[text], &self.hidden[text]);
        let width = width.min(tokens.len().max(1));
        let all = 0..(tokens.len() + 1).saturating_sub(width);
        (all.filter(|&at| (at..at + width).all(|i| !hidden.contains(&i))).collect(), width)
    }

    pub fn shingles(&self, text: usize, width: usize) -> BTreeSet<&[String]> {
        let (places, width) = self.places(text, width);
        places.into_iter().map(|at| &self.tokens[text][at..at + width]).collect()
    }

    fn simhash(&self, text: usize, width: usize) -> SimHash {
        let (mut tokens, mut all) = (Tokens::new(), Vec::new());
        Words.tokenize(&self.texts[text], &mut tokens);
        shingles(tokens.hashes(), width, &mut all);
        let counted: Vec<u64> = self.places(text, width).0.into_iter().map(|at| all[at]).collect();
        SimHash::of(&counted)
    }

    /// How many tokens count.
    pub fn len(&self, text: usize) -> usize {
        self.tokens[text].len() - self.hidden[text].len()
    }

    /// Words that count stay, others become words of their own.
    fn masked(&self, text: usize) -> String {
        let word = |(i, word): (usize, &String)| match self.hidden[text].contains(&i) {
            true => format!("q{text}q{i}"),
            false => word.clone(),
        };
        self.tokens[text].iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
    }

    /// Whether two texts that are no copies match by coverage 0.4.
    pub fn reaches(&self, builder: &DetectorBuilder, a: usize, b: usize) -> bool {
        let plain = builder.clone().boilerplate(Boilerplate::Keep).build().unwrap();
        let pair = plain.compare(&self.masked(a), &self.masked(b)).unwrap();
        let similarity = pair.similarity();
        let (x, y) = (self.len(a), self.len(b));
        let covered = match x.cmp(&y) {
            Ordering::Less => similarity.covered_a(),
            Ordering::Greater => similarity.covered_b(),
            Ordering::Equal => similarity.covered_a().max(similarity.covered_b()),
        };
        x.min(y) > 0 && covered as usize * 5 >= 2 * x.min(y)
    }

    /// Whether two texts match by a measure with shingles of three words at 0.4, or 8 bits; copies do,
    /// but paragraphs of which nothing counts do not.
    pub fn matches(
        &self,
        builder: &DetectorBuilder,
        measure: Measure,
        paragraphs: bool,
        (a, b): (usize, usize),
    ) -> bool {
        let (x, y) = (self.shingles(a, 3), self.shingles(b, 3));
        if self.tokens[a] == self.tokens[b] {
            return if paragraphs { !x.is_empty() } else { !self.tokens[a].is_empty() };
        }
        let shared = x.intersection(&y).count();
        let reaches = |whole: usize| whole > 0 && 5 * shared >= 2 * whole;
        match measure {
            Measure::Jaccard => reaches(x.union(&y).count()),
            Measure::Containment => reaches(x.len().min(y.len())),
            Measure::Hamming => {
                let near = self.simhash(a, 3).distance(self.simhash(b, 3)) <= 8;
                near && !x.is_empty() && !y.is_empty()
            }
            _ => self.reaches(builder, a, b),
        }
    }
}

pub fn folded(text: &str) -> Vec<String> {
    let mut tokens = Tokens::new();
    Words.tokenize(text, &mut tokens);
    let fold = |&span: &doublon::Span| {
        let mut folded = String::new();
        Words.fold(&text[span], &mut folded);
        folded
    };
    tokens.spans().iter().map(fold).collect()
}
