//! Slow, plain answers on folded tokens, and what every span must hold.

use std::collections::HashSet;

use doublon::Span;
use doublon::text::{Tokenize, Tokens, Words};

/// A text as folded tokens with their places.
pub struct Text<'a> {
    pub text: &'a str,
    pub spans: Vec<Span>,
    pub folded: Vec<String>,
}

impl<'a> Text<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut tokens = Tokens::new();
        Words.tokenize(text, &mut tokens);
        let spans = tokens.spans().to_vec();
        let folded = spans.iter().map(|&span| fold(&text[span])).collect();
        Self { text, spans, folded }
    }

    pub fn len(&self) -> usize {
        self.folded.len()
    }

    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// Which tokens stand in a span that must begin and end with a token.
    pub fn tokens_of(&self, span: Span) -> std::ops::Range<usize> {
        assert!(self.text.get(span.range()).is_some(), "{span} of {:?}", self.text);
        let start = self.spans.partition_point(|token| token.start() < span.start());
        let end = self.spans.partition_point(|token| token.end() <= span.end());
        assert!(start < end, "{span} holds no token");
        assert_eq!(self.spans[start].start(), span.start(), "{span} begins inside a token");
        assert_eq!(self.spans[end - 1].end(), span.end(), "{span} ends inside a token");
        start..end
    }

    /// The distinct shingles: windows of `width` tokens, or the whole text where it is shorter.
    pub fn shingles(&self, width: usize) -> HashSet<&[String]> {
        self.folded.windows(width.min(self.len()).max(1)).collect()
    }
}

pub fn fold(token: &str) -> String {
    let mut folded = String::new();
    Words.fold(token, &mut folded);
    folded
}

/// `lengths[i][j]`: the number of equal tokens from `i` of `a` and `j` of `b` on.
pub fn common_runs(a: &[String], b: &[String]) -> Vec<Vec<usize>> {
    let mut lengths = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            if a[i] == b[j] {
                lengths[i][j] = lengths[i + 1][j + 1] + 1;
            }
        }
    }
    lengths
}

/// The same of two short texts without a run of `min_run` tokens, in runs of two, with the ends of a
/// text counted as tokens; `None` when that is not enough to count.
pub fn covered_short(
    a: &[String],
    b: &[String],
    min_run: usize,
    shingle: usize,
) -> Option<(Vec<bool>, Vec<bool>)> {
    let short = |text: &[String]| (shingle.max(2)..32.min(2 * min_run)).contains(&text.len());
    let any = |marks: &[bool]| marks.contains(&true);
    if min_run <= 2 || !short(a) || !short(b) || any(&covered(a, b, min_run).0) {
        return None;
    }
    let closed = |text: &[String]| [&["<".to_owned()], text, &[">".to_owned()]].concat();
    let (in_a, in_b) = covered(&closed(a), &closed(b), 2);
    let (in_a, in_b) = (in_a[1..=a.len()].to_vec(), in_b[1..=b.len()].to_vec());
    let count = |marks: &[bool]| marks.iter().filter(|&&mark| mark).count();
    let mut sides = [(a.len(), count(&in_a)), (b.len(), count(&in_b))];
    sides.sort_by_key(|&(all, covered)| (all, std::cmp::Reverse(covered)));
    let [(short, of_short), (long, of_long)] = sides;
    let enough = of_short >= shingle.max(2) && of_short * 5 >= short * 4 && of_long * 2 >= long;
    enough.then_some((in_a, in_b))
}

/// For either text, which tokens stand in a common run of at least `min_run` tokens.
pub fn covered(a: &[String], b: &[String], min_run: usize) -> (Vec<bool>, Vec<bool>) {
    let lengths = common_runs(a, b);
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    for i in 0..a.len() {
        for j in 0..b.len() {
            if lengths[i][j] >= min_run {
                in_a[i..i + lengths[i][j]].fill(true);
                in_b[j..j + lengths[i][j]].fill(true);
            }
        }
    }
    (in_a, in_b)
}
