//! The windows of tokens that two texts have in common: where an alignment begins.
//!
//! Most windows stand once in a text, and what two texts share goes on from window to window. So one
//! look into a table finds a whole row of common windows, and the tokens tell how far it goes. Only
//! what stands more often is listed window by window.

use std::ops::Range;

use crate::occurrence::Bitmap;
use crate::shingle::{joined, windows};
use crate::table::Table;

pub(crate) const NONE: u32 = u32::MAX;

/// The tokens of a text, and its shingles over so many tokens each. There may be no shingles; where they
/// are no wider than the windows, these come from them.
#[derive(Clone, Copy)]
pub(crate) struct Sequence<'a> {
    pub(crate) tokens: &'a [u64],
    pub(crate) shingles: &'a [u64],
    pub(crate) width: usize,
}

impl<'a> Sequence<'a> {
    pub(crate) fn of_tokens(tokens: &'a [u64]) -> Self {
        Self { tokens, shingles: &[], width: 0 }
    }

    fn windows(self, width: usize, found: &mut Vec<u64>) {
        let all = self.width.checked_sub(1).map(|ahead| self.shingles.len() + ahead);
        if width >= self.width && all == Some(self.tokens.len()) {
            joined(self.shingles, self.width, width, found);
        } else {
            windows(self.tokens, width, found);
        }
    }
}

/// Common windows in a row, each of which stands once in either text, in token positions of the shorter
/// and of the longer; or one window that has a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) s: u32,
    pub(crate) l: u32,
    pub(crate) windows: u32,
    /// The number of the seed, if there is one.
    pub(crate) seed: u32,
}

impl Hit {
    /// Behind the last of its windows.
    pub(crate) fn s_end(&self) -> usize {
        self.s as usize + self.windows as usize
    }

    pub(crate) fn l_end(&self) -> usize {
        self.l as usize + self.windows as usize
    }
}

/// A window that stands in both texts, and in one of them more than once.
pub(crate) struct Seed {
    /// Of its places in the shorter text the next hit is paired with the one whose turn it is: the n-th
    /// there with the n-th here.
    places: Range<usize>,
    turn: usize,
    /// A place in the longer text.
    pub(crate) hit: u32,
}

/// The common windows of a text that stays, the center, and of others in turn. Entering the center
/// is linear in it, but for sorting what stands in it more than once; another text then costs as much as it
/// is long itself, and sorting what both have.
///
/// The first window of a row is common by its hash only: a run is to be compared before it is believed.
#[derive(Default)]
pub(crate) struct Seeds {
    width: usize,
    table: Table,
    /// Few windows of another text are in the table, and this tells sooner.
    known: Bitmap,
    windows: Vec<u64>,
    /// The windows of the center that stand in it more than once: where each stands first, and where it
    /// stands; in order. And the stretches of such places.
    repeats: Vec<[u32; 2]>,
    repeated: Vec<Range<usize>>,
    /// Of another text.
    buffer: Vec<u64>,
    rows: Vec<Row>,
    twice: Vec<Range<usize>>,
    listed: Vec<[u32; 2]>,
    places: Vec<u32>,
    /// What both have, in the order of the longer text.
    pub(crate) hits: Vec<Hit>,
    pub(crate) seeds: Vec<Seed>,
    /// The windows of the shorter text that have a seed, with its number, in order.
    pub(crate) seeded: Vec<(u32, u32)>,
}

/// Common windows in a row: where the first begins in the center and in the other text, and how many
/// they are.
#[derive(Clone, Copy)]
struct Row {
    center: usize,
    other: usize,
    windows: usize,
}

impl Seeds {
    /// Takes the tokens of a center.
    pub(crate) fn enter(&mut self, center: Sequence, width: usize) {
        self.width = width;
        center.windows(width, &mut self.windows);
        self.table.reset(self.windows.len());
        self.known.reset(self.windows.len());
        self.listed.clear();
        self.places.clear();
        for (at, &hash) in (0..).zip(&self.windows) {
            let first = self.table.get_or_insert(hash, at, |at| self.windows[at]);
            self.known.insert(hash);
            if first != at {
                self.listed.push([first, at]);
                self.places.push(at);
            }
        }
        // Those that come again are in order; the first ones are put between them.
        let mut again = self.places.iter().map(|&at| at as usize).peekable();
        self.listed.sort_unstable();
        self.repeats.clear();
        self.repeated.clear();
        for same in self.listed.chunk_by(|x, y| x[0] == y[0]) {
            let first = same[0][0];
            self.repeats.push([first; 2]);
            self.repeats.extend_from_slice(same);
            while let Some(at) = again.next_if(|&at| at < first as usize) {
                add(&mut self.repeated, at..at + 1);
            }
            add(&mut self.repeated, first as usize..first as usize + 1);
        }
        again.for_each(|at| add(&mut self.repeated, at..at + 1));
    }

    /// Finds the common windows; `shorter` says whether the center is the shorter text.
    pub(crate) fn find(&mut self, center: Sequence, other: Sequence, shorter: bool) {
        self.find_rows(center, other);
        self.hits.clear();
        self.listed.clear();
        for row in &self.rows {
            let (mut at, end) = (row.center, row.center + row.windows);
            while at < end {
                // What stands more often, in either text, and is next.
                let next = [&self.repeated, &self.twice].map(|stretches| {
                    let next = stretches.partition_point(|stretch| stretch.end <= at);
                    stretches.get(next).map_or(end..end, |next| next.start.max(at)..next.end)
                });
                let [x, y] = next;
                let stretch = if x.start <= y.start { x } else { y };
                let (start, stop) = (stretch.start.min(end), stretch.end.min(end));
                let other = |at| row.other + at - row.center;
                if start > at {
                    let (s, l) = if shorter { (at, other(at)) } else { (other(at), at) };
                    let windows = (start - at) as u32;
                    self.hits.push(Hit { s: s as u32, l: l as u32, windows, seed: NONE });
                }
                self.listed.extend((start..stop).map(|at| {
                    let first = self.table.get(self.windows[at], |at| self.windows[at]);
                    [first.unwrap_or(NONE), other(at) as u32]
                }));
                at = stop.max(start);
            }
        }
        self.seed(shorter);
        self.hits.sort_unstable_by_key(|hit| hit.l);
    }

    /// The rows of common windows, in the order of the center, and where they meet in it.
    fn find_rows(&mut self, center: Sequence, other: Sequence) {
        other.windows(self.width, &mut self.buffer);
        let (center, other) = (center.tokens, other.tokens);
        self.rows.clear();
        let mut at = 0;
        while let Some(&hash) = self.buffer.get(at) {
            if !self.known.contains(hash) {
                at += 1;
                continue;
            }
            let Some(place) = self.table.get(hash, |at| self.windows[at]) else {
                at += 1;
                continue;
            };
            // Whoever extends a run compares the first window too; here it would be compared again for
            // each row.
            let (center_at, width) = (place as usize, self.width);
            let windows = 1 + common(&center[center_at + width..], &other[at + width..]);
            self.rows.push(Row { center: center_at, other: at, windows });
            at += windows;
        }
        if !self.rows.is_sorted_by_key(|row| row.center) {
            self.rows.sort_unstable_by_key(|row| row.center);
        }
        self.twice.clear();
        let mut seen = 0;
        for row in &self.rows {
            let end = row.center + row.windows;
            if row.center < seen {
                add(&mut self.twice, row.center..end.min(seen));
            }
            seen = seen.max(end);
        }
    }

    /// Makes the seeds of the windows that are listed, by where they stand in the center first and in the
    /// other text; and their hits.
    fn seed(&mut self, shorter: bool) {
        self.seeds.clear();
        self.seeded.clear();
        self.places.clear();
        self.listed.sort_unstable();
        for in_other in self.listed.chunk_by(|x, y| x[0] == y[0]) {
            let first = in_other[0][0];
            let start = self.repeats.partition_point(|repeat| repeat[0] < first);
            let len = self.repeats[start..].iter().take_while(|repeat| repeat[0] == first).count();
            let once = [[first; 2]];
            let in_center = if len > 0 { &self.repeats[start..start + len] } else { &once };
            let (in_s, in_l) = if shorter { (in_center, in_other) } else { (in_other, in_center) };
            let (start, seed) = (self.places.len(), self.seeds.len() as u32);
            self.places.extend(in_s.iter().map(|listed| listed[1]));
            self.seeds.push(Seed { places: start..self.places.len(), turn: start, hit: NONE });
            self.seeded.extend(in_s.iter().map(|listed| (listed[1], seed)));
            let hit = |listed: &[u32; 2]| Hit { s: NONE, l: listed[1], windows: 1, seed };
            self.hits.extend(in_l.iter().map(hit));
        }
        self.seeded.sort_unstable();
    }

    /// Where the shorter text has the first window of a hit, or the one of its seed whose turn it is.
    pub(crate) fn place(&mut self, hit: Hit) -> usize {
        let Some(seed) = self.seeds.get_mut(hit.seed as usize) else { return hit.s as usize };
        let place = self.places[seed.turn];
        seed.turn += 1;
        if seed.turn == seed.places.end {
            seed.turn = seed.places.start;
        }
        place as usize
    }
}

/// Adds a range that begins in the last one, or behind it.
fn add(ranges: &mut Vec<Range<usize>>, range: Range<usize>) {
    match ranges.last_mut() {
        Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
        _ => ranges.push(range),
    }
}

/// The number of leading tokens that are equal.
pub(crate) fn common(a: &[u64], b: &[u64]) -> usize {
    const LANES: usize = 8;
    let ((blocks_a, _), (blocks_b, _)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let equal = LANES * blocks_a.iter().zip(blocks_b).take_while(|(x, y)| x == y).count();
    equal + a[equal..].iter().zip(&b[equal..]).take_while(|(x, y)| x == y).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::shingles;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// Window by window, whichever text is the center.
        #[test]
        fn hits_are_all_common_windows(
            shorter in proptest::collection::vec(0u64..4, 0..30),
            longer in proptest::collection::vec(0u64..4, 0..60),
            width in 1usize..6,
            of_shingle in 0usize..6,
        ) {
            let [mut of_shorter, mut of_longer] = [const { Vec::new() }; 2];
            shingles(&shorter, of_shingle, &mut of_shorter);
            shingles(&longer, of_shingle, &mut of_longer);
            let sequence = |tokens, shingles| Sequence { tokens, shingles, width: of_shingle };
            let (s, l) = (sequence(&shorter, &of_shorter), sequence(&longer, &of_longer));
            let mut of_s: BTreeMap<&[u64], Vec<u32>> = BTreeMap::new();
            (0..).zip(shorter.windows(width)).for_each(|(at, w)| of_s.entry(w).or_default().push(at));
            let of_l = |window: &[u64]| longer.windows(width).filter(|w| *w == window).count();
            let plain: Vec<(u32, Vec<u32>, bool)> = (0..)
                .zip(longer.windows(width))
                .filter_map(|(at, w)| Some((at, of_s.get(w)?.clone(), of_l(w) == 1)))
                .collect();
            let mut seeds = Seeds::default();
            for shorter_stays in [true, false, true, false] {
                if shorter_stays {
                    seeds.enter(s, width);
                    seeds.find(s, l, true);
                } else {
                    seeds.enter(l, width);
                    seeds.find(l, s, false);
                }
                let mut found = Vec::new();
                for hit in seeds.hits.clone() {
                    for i in 0..hit.windows {
                        match seeds.seeds.get(hit.seed as usize) {
                            None => found.push((hit.l + i, vec![hit.s + i], true)),
                            Some(seed) => {
                                let places = seeds.places[seed.places.clone()].to_vec();
                                let once = of_l(&longer[hit.l as usize..][..width]) == 1;
                                prop_assert!(places.len() > 1 || !once);
                                prop_assert!(places.is_sorted());
                                found.push((hit.l, places, once));
                            }
                        }
                    }
                }
                prop_assert_eq!(&found, &plain);
                let mut seeded: Vec<(u32, u32)> = Vec::new();
                for (number, seed) in (0..).zip(&seeds.seeds) {
                    seeded.extend(seeds.places[seed.places.clone()].iter().map(|&at| (at, number)));
                }
                seeded.sort_unstable();
                prop_assert_eq!(&seeds.seeded, &seeded);
            }
        }

        #[test]
        fn common_counts_leading_tokens(
            equal in 0usize..40,
            a in proptest::collection::vec(0u64..2, 0..9),
            b in proptest::collection::vec(0u64..2, 0..9),
        ) {
            let [a, b] = [a, b].map(|rest| [vec![7; equal], rest].concat());
            let plain = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
            prop_assert_eq!(common(&a, &b), plain);
        }
    }
}
