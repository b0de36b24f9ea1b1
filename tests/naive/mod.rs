//! A naive oracle: what the library promises, computed the slow and obvious way on folded words.
//! It knows no hash, no sketch and no index. `oracle.rs` tests it on cases made by hand.

#![allow(dead_code, reason = "every test target uses another part of it")]

pub mod prose;

use std::collections::BTreeSet;

use doublon::Span;
use doublon::text::{Tokenize, Tokens, Words};

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

/// The folded form of one token.
pub fn folded(token: &str) -> String {
    let mut folded = String::new();
    Words.fold(token, &mut folded);
    folded
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

/// All maximal common runs of at least `least` words, as `(start in a, start in b, length)`.
pub fn runs(a: &[String], b: &[String], least: usize) -> Vec<(usize, usize, usize)> {
    let mut runs = Vec::new();
    for i in 0..a.len() {
        for j in 0..b.len() {
            let maximal_left = i == 0 || j == 0 || a[i - 1] != b[j - 1];
            if maximal_left && a[i] == b[j] {
                let len = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| x == y).count();
                if len >= least.max(1) {
                    runs.push((i, j, len));
                }
            }
        }
    }
    runs
}

/// Which words of either text stand in a common run of at least `least` words.
pub fn covered(a: &[String], b: &[String], least: usize) -> (Vec<bool>, Vec<bool>) {
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    for (i, j, len) in runs(a, b, least) {
        in_a[i..i + len].fill(true);
        in_b[j..j + len].fill(true);
    }
    (in_a, in_b)
}

/// The same of two short texts in runs of two, the ends of a text counted as words. `None` when that is
/// not enough to count.
pub fn covered_short(
    a: &[String],
    b: &[String],
    min_run: usize,
    shingle: usize,
) -> Option<(Vec<bool>, Vec<bool>)> {
    let short = |words: &[String]| words.len() >= shingle && words.len() < 32.min(2 * min_run);
    if min_run <= 2 || !short(a) || !short(b) {
        return None;
    }
    let closed = |words: &[String]| [&["<".to_owned()], words, &[">".to_owned()]].concat();
    let (in_a, in_b) = covered(&closed(a), &closed(b), 2);
    let (in_a, in_b) = (in_a[1..=a.len()].to_vec(), in_b[1..=b.len()].to_vec());
    let count = |covered: &[bool]| covered.iter().filter(|&&c| c).count();
    let (of_a, of_b) = (count(&in_a), count(&in_b));
    let enough = |short: usize, of_short: usize, long: usize, of_long: usize| {
        of_short >= shingle.max(2) && of_short * 5 >= short * 4 && of_long * 2 >= long
    };
    let enough = match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Less => enough(a.len(), of_a, b.len(), of_b),
        std::cmp::Ordering::Greater => enough(b.len(), of_b, a.len(), of_a),
        std::cmp::Ordering::Equal => enough(a.len(), of_a.max(of_b), a.len(), of_a.min(of_b)),
    };
    enough.then_some((in_a, in_b))
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
