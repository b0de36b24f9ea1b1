//! What two sequences of folded tokens have in common, by a table of all pairs of places. The fuzz
//! targets read this file too.

use doublon::text::{Tokenize, Words};

/// The folded form of one token.
pub fn folded(token: &str) -> String {
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

/// All maximal common runs of at least `least` tokens, as `(start in a, start in b, length)`.
pub fn runs(a: &[String], b: &[String], least: usize) -> Vec<(usize, usize, usize)> {
    let lengths = common_runs(a, b);
    let mut runs = Vec::new();
    for i in 0..a.len() {
        for j in 0..b.len() {
            let maximal_left = i == 0 || j == 0 || a[i - 1] != b[j - 1];
            if maximal_left && lengths[i][j] >= least.max(1) {
                runs.push((i, j, lengths[i][j]));
            }
        }
    }
    runs
}

/// For either text, which tokens stand in a common run of at least `min_run` tokens.
pub fn covered(a: &[String], b: &[String], min_run: usize) -> (Vec<bool>, Vec<bool>) {
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    for (i, j, len) in runs(a, b, min_run) {
        in_a[i..i + len].fill(true);
        in_b[j..j + len].fill(true);
    }
    (in_a, in_b)
}

/// The same of two short texts in runs of two, with the ends of a text counted as tokens; `None` when
/// that is not enough to count.
pub fn covered_short(
    a: &[String],
    b: &[String],
    min_run: usize,
    shingle: usize,
) -> Option<(Vec<bool>, Vec<bool>)> {
    let short = |text: &[String]| (shingle.max(2)..32.min(2 * min_run)).contains(&text.len());
    if min_run <= 2 || !short(a) || !short(b) {
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
