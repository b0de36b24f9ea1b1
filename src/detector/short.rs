//! Short texts, such as headlines: where half of a text is no run of `min_run` tokens.
//!
//! One changed word leaves no long run in a headline. Of two short texts runs of 2 count, in any order,
//! the end of a text counted as a token, where they hold more than passages do; but only all together:
//! when they hold at least four fifths of the shorter text, no fewer tokens than a shingle, and at least
//! half of the longer text. Headlines that share a formula ("the minister of the interior said that")
//! stay below the first share, and a title that begins a much longer text below the second.
//!
//! The search keeps its promise: such texts have two neighbours in common that are among the rarest of
//! both, and the exact join finds every pair that has, but for crowded groups.

use crate::hash;
use crate::passage::Rules;
use crate::shingle::windows;
use crate::verify::Side;

/// The least run that counts.
const RUN: usize = 2;
/// Texts of so many tokens are not short, whatever `min_run` is.
const LONG: usize = 32;

/// What counts between short texts.
#[derive(Clone, Copy)]
pub(super) struct Short {
    pub(super) rules: Rules,
    /// The least length of a short text, and the least that is not short any more.
    least: usize,
    end: usize,
}

impl Short {
    /// `rules` are those of longer texts.
    pub(super) fn new(rules: Rules) -> Self {
        let end = if rules.min_run > RUN { LONG.min(2 * rules.min_run) } else { 0 };
        Self {
            rules: Rules { min_run: RUN, min_link: RUN, ends: true, ..rules },
            least: rules.min_link.max(RUN),
            end,
        }
    }

    /// Whether a text of so many tokens is short, but not too short to be told from others.
    pub(super) fn has(self, tokens: usize) -> bool {
        (self.least..self.end).contains(&tokens)
    }

    /// The least length of a short text, if both texts have fewer tokens than one that is not short.
    pub(super) fn least_of(self, tokens: [usize; 2]) -> Option<usize> {
        let below = self.least < self.end && tokens.into_iter().all(|tokens| tokens < self.end);
        below.then_some(self.least)
    }

    /// Whether a text is short, and all of it counts.
    pub(super) fn takes(self, side: Side) -> bool {
        self.has(side.tokens.len()) && side.len == side.tokens.len()
    }

    /// Whether so many covered tokens of two short texts, given as `(covered, all)`, are enough.
    pub(super) fn enough(self, a: (u32, u32), b: (u32, u32)) -> bool {
        self.lacks(a, b).is_none()
    }

    /// How many are covered of the text that is covered too little, and how many must be.
    pub(super) fn lacks(self, a: (u32, u32), b: (u32, u32)) -> Option<(u32, u32)> {
        // Of two as long, the one that is covered more stands for the shorter, as in the measure.
        let (short, long) = if (a.1, b.0) <= (b.1, a.0) { (a, b) } else { (b, a) };
        let of_short = (short.0, (4 * short.1).div_ceil(5).max(self.least as u32));
        let of_long = (long.0, long.1.div_ceil(2));
        [of_short, of_long].into_iter().find(|(found, needed)| found < needed)
    }

    /// Hashes of all two neighbours of a text, in its order, the ends counted: each token stands in two.
    pub(super) fn neighbours(self, tokens: &[u64], neighbours: &mut Vec<u64>) {
        windows(tokens, RUN, neighbours);
        if let (Some(&first), Some(&last)) = (tokens.first(), tokens.last()) {
            neighbours.insert(0, hash::whole(first, 0));
            neighbours.push(hash::whole(last, 1));
        }
    }

    /// Whether two short texts may share enough, by the traces of their neighbours: equal ones of 16 bits
    /// are taken for equal. First by 7 bits, which most pairs do not pass.
    pub(super) fn allows(self, a: &[u16], b: &[u16]) -> bool {
        let bit = |value: u16| 1u128 << (value >> 9);
        let mask = |trace: &[u16]| trace.iter().fold(0, |mask, &value| mask | bit(value));
        let (mask_a, mask_b) = (mask(a), mask(b));
        let may = self.enough(
            covered(a, |value| mask_b & bit(value) != 0),
            covered(b, |value| mask_a & bit(value) != 0),
        );
        may && self
            .enough(covered(a, |value| b.contains(&value)), covered(b, |value| a.contains(&value)))
    }

    /// How many of its `distinct` neighbours a text of so many tokens has in common with any text that
    /// shares enough with it.
    ///
    /// At least half of its tokens are covered, and two neighbours cover two: what is left are the places
    /// of neighbours that the other text may lack.
    pub(super) fn least_shared(self, tokens: u64, distinct: u64) -> u64 {
        let shared = tokens.div_ceil(2).div_ceil(RUN as u64);
        (distinct + shared).saturating_sub(tokens + 1)
    }
}

/// How many tokens of a text stand in neighbours that the other has, and of how many.
fn covered(trace: &[u16], has: impl Fn(u16) -> bool) -> (u32, u32) {
    let (mut covered, mut before) = (0, false);
    for (at, &value) in trace.iter().enumerate() {
        let here = has(value);
        covered += u32::from(at > 0 && (before || here));
        before = here;
    }
    (covered, (trace.len() as u32).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(min_run: usize, min_link: usize) -> Short {
        Short::new(Rules { min_run, min_link, max_gap: 16, ends: false })
    }

    #[test]
    fn short_is_from_a_shingle_to_two_runs() {
        for (min_run, shingle, range) in [
            (16, 5, 5..32),
            (100, 5, 5..32),
            (8, 8, 8..16),
            (3, 1, 2..6),
            (100, 40, 0..0),
            (2, 1, 0..0),
            (1, 1, 0..0),
        ] {
            for tokens in 0..120 {
                let is_short = short(min_run, shingle).has(tokens);
                assert_eq!(is_short, range.contains(&tokens), "{min_run} {shingle} {tokens}");
            }
        }
    }

    /// The screen is what the shares are computed from, but for equal traces of unequal neighbours.
    #[test]
    fn the_screen_counts_what_neighbours_cover() {
        let trace = |text: &str| {
            let tokens: Vec<u64> = text.bytes().map(|byte| hash::token(&[byte])).collect();
            let mut neighbours = Vec::new();
            short(16, 5).neighbours(&tokens, &mut neighbours);
            neighbours.iter().map(|&pair| pair as u16).collect::<Vec<_>>()
        };
        for (a, b, allowed) in [
            ("abcdefghij", "abcdefghij", true),
            ("abcdefghij", "abcdxfghij", true),
            ("abcdefghij", "fghijabcde", true),
            ("abcdefghij", "abcdefghxj", true),
            ("abcdefghij", "abcdexgyij", false),
            ("abcdefghij", "jihgfedcba", false),
            ("abcdefghij", "abcdefghijklmnopqrstuv", false),
        ] {
            assert_eq!(short(16, 5).allows(&trace(a), &trace(b)), allowed, "{a} {b}");
            assert_eq!(short(16, 5).allows(&trace(b), &trace(a)), allowed, "{b} {a}");
        }
    }

    #[test]
    fn enough_is_four_fifths_of_the_shorter_and_half_of_the_longer() {
        for (a, b, enough) in [
            ((8, 10), (8, 16), true),
            ((8, 10), (8, 17), false),
            ((7, 10), (10, 10), true),
            ((7, 10), (7, 10), false),
            ((4, 5), (4, 5), false),
            ((5, 5), (5, 10), true),
            ((6, 8), (6, 9), false),
        ] {
            assert_eq!(short(16, 5).enough(a, b), enough, "{a:?} {b:?}");
            assert_eq!(short(16, 5).enough(b, a), enough, "{b:?} {a:?}");
        }
    }
}
