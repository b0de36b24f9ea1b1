//! A naive oracle: what the library promises, computed the slow and obvious way on folded words.
//! It knows no hash, no sketch and no index. `oracle.rs` tests it on cases made by hand.

#![allow(dead_code, reason = "every test target uses another part of it")]

pub mod prose;
mod runs;

use std::collections::BTreeSet;

use doublon::Span;
use doublon::text::{Tokenize, Tokens, Words};
pub use runs::*;

/// The places of a text's tokens.
pub fn spans(text: &str) -> Vec<Span> {
    let mut tokens = Tokens::new();
    Words.tokenize(text, &mut tokens);
    tokens.spans().to_vec()
}

/// The folded tokens of a text.
pub fn words(text: &str) -> Vec<String> {
    spans(text).into_iter().map(|span| folded(&text[span])).collect()
}

/// Counts of two shingle sets: in both, in the first, in the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub shared: usize,
    pub a: usize,
    pub b: usize,
}

impl Counts {
    /// Whether shared over united shingles reach so many hundredths.
    pub fn jaccard_reaches(self, percent: usize) -> bool {
        let united = self.a + self.b - self.shared;
        united > 0 && self.shared * 100 >= united * percent
    }

    /// Whether shared shingles over those of the smaller set reach so many hundredths.
    pub fn containment_reaches(self, percent: usize) -> bool {
        let smaller = self.a.min(self.b);
        smaller > 0 && self.shared * 100 >= smaller * percent
    }

    pub fn jaccard(self) -> f64 {
        self.shared as f64 / (self.a + self.b - self.shared).max(1) as f64
    }
}

/// The set of windows of `width` words; of a shorter text that has words, the whole of it.
pub fn shingles(words: &[String], width: usize) -> BTreeSet<&[String]> {
    if words.is_empty() { BTreeSet::new() } else { words.windows(width.min(words.len())).collect() }
}

pub fn counts(a: &[String], b: &[String], width: usize) -> Counts {
    let (a, b) = (shingles(a, width), shingles(b, width));
    Counts { shared: a.intersection(&b).count(), a: a.len(), b: b.len() }
}

/// Of each window of `width` words, whether it stands earlier in the text without overlap.
pub fn repeated(words: &[String], width: usize) -> Vec<bool> {
    let windows: Vec<&[String]> = words.windows(width).collect();
    (0..windows.len())
        .map(|at| (0..(at + 1).saturating_sub(width)).any(|before| windows[before] == windows[at]))
        .collect()
}

/// All pairs `(i, j)` with `i < j` for which `matches` holds.
pub fn pairs(n: usize, matches: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let all = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
    all.filter(|&(i, j)| matches(i, j)).collect()
}

/// Clusters of two or more, each led by the document to keep; documents given best first.
pub type Clusters = Vec<(usize, BTreeSet<usize>)>;

fn has(pairs: &[(usize, usize)], x: usize, y: usize) -> bool {
    pairs.contains(&(x.min(y), x.max(y)))
}

fn greedy(order: &[usize], joins: impl Fn(usize, &BTreeSet<usize>, usize) -> bool) -> Clusters {
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut clusters = Clusters::new();
    for (place, &center) in order.iter().enumerate() {
        if taken.contains(&center) {
            continue;
        }
        let mut members = BTreeSet::from([center]);
        for &other in &order[place + 1..] {
            if !taken.contains(&other) && joins(center, &members, other) {
                members.insert(other);
            }
        }
        if members.len() > 1 {
            taken.extend(&members);
            clusters.push((center, members));
        }
    }
    clusters.sort();
    clusters
}

/// Greedy stars: the best open document with all open ones that match it.
pub fn stars(order: &[usize], pairs: &[(usize, usize)]) -> Clusters {
    greedy(order, |center, _, other| has(pairs, center, other))
}

/// Greedy cliques: the best open document, then each open one that matches all members.
pub fn cliques(order: &[usize], pairs: &[(usize, usize)]) -> Clusters {
    greedy(order, |_, members, other| members.iter().all(|&member| has(pairs, member, other)))
}

/// Connected components of two or more.
pub fn components(order: &[usize], pairs: &[(usize, usize)]) -> Clusters {
    let mut open: Vec<usize> = order.to_vec();
    let mut clusters = Clusters::new();
    while !open.is_empty() {
        let best = open.remove(0);
        let mut members = BTreeSet::from([best]);
        loop {
            let before = members.len();
            open.retain(|&x| {
                let joins = members.iter().any(|&member| has(pairs, member, x));
                if joins {
                    members.insert(x);
                }
                !joins
            });
            if members.len() == before {
                break;
            }
        }
        if members.len() > 1 {
            clusters.push((best, members));
        }
    }
    clusters.sort();
    clusters
}

/// The clusters of a report in the form of this module.
pub fn clusters_of(report: &doublon::Report) -> Clusters {
    let mut clusters: Clusters = report
        .clusters()
        .iter()
        .map(|c| (c.keep().index(), c.docs().iter().map(|doc| doc.index()).collect()))
        .collect();
    clusters.sort();
    clusters
}

/// The pairs of a report's matches.
pub fn pairs_of(report: &doublon::Report) -> Vec<(usize, usize)> {
    let mut pairs: Vec<_> = report.matches().map(|m| (m.a().index(), m.b().index())).collect();
    pairs.sort_unstable();
    pairs
}
