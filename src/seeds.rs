//! The windows of tokens that two texts have in common: where an alignment begins.

use crate::shingle::windows;
use crate::table::Table;

pub(crate) const NONE: u32 = u32::MAX;

/// A window that stands in both texts: where the shorter one has it first, the occurrence that the
/// next hit is paired with - the n-th here with the n-th there -, and a place in the longer one.
#[derive(Clone, Copy)]
pub(crate) struct Seed {
    pub(crate) first: u32,
    pub(crate) turn: u32,
    pub(crate) hit: u32,
}

impl Seed {
    fn at(first: u32) -> Self {
        Self { first, turn: first, hit: NONE }
    }
}

/// The common windows of a text that stays, the center, and of others in turn. Entering the center
/// is linear in it; another text then costs as much as it is long itself, and what both have.
#[derive(Default)]
pub(crate) struct Seeds {
    width: usize,
    /// The distinct windows of the center have numbers, in no order; of each where it stands first and
    /// the seed it has with which other text; of each place its number and the next place.
    table: Table,
    windows: Vec<u64>,
    first: Vec<u32>,
    seeds_of: Vec<(u32, u32)>,
    numbers: Vec<u32>,
    next_of_center: Vec<u32>,
    round: u32,
    buffer: Vec<u64>,
    /// The seed at each place of the longer text.
    seed_of: Vec<u32>,
    /// What both have.
    pub(crate) seeds: Vec<Seed>,
    /// The seed of each window of the shorter text, and where it has it next.
    pub(crate) seed_at: Vec<u32>,
    pub(crate) next: Vec<u32>,
    /// The windows of the longer text that are seeds, in its order, with the seed.
    pub(crate) hits: Vec<(u32, u32)>,
}

impl Seeds {
    /// Takes the tokens of a center.
    pub(crate) fn enter(&mut self, center: &[u64], width: usize) {
        self.width = width;
        windows(center, width, &mut self.windows);
        self.table.reset(self.windows.len());
        self.first.clear();
        self.numbers.clear();
        self.numbers.resize(self.windows.len(), NONE);
        self.next_of_center.clear();
        self.next_of_center.resize(self.windows.len(), NONE);
        for (at, &hash) in self.windows.iter().enumerate().rev() {
            let last = self.table.get_or_insert(hash, at as u32, |at| self.windows[at]) as usize;
            if last == at {
                self.numbers[at] = self.first.len() as u32;
                self.first.push(at as u32);
            } else {
                let number = self.numbers[last];
                let first = &mut self.first[number as usize];
                self.next_of_center[at] = std::mem::replace(first, at as u32);
                self.numbers[at] = number;
            }
        }
        self.seeds_of.clear();
        self.seeds_of.resize(self.first.len(), (0, 0));
        self.round = 0;
    }

    /// Finds the common windows; `shorter` says whether the center is the shorter text.
    pub(crate) fn find(&mut self, other: &[u64], shorter: bool) {
        windows(other, self.width, &mut self.buffer);
        self.hits.clear();
        self.seeds.clear();
        if shorter {
            self.seeds.extend(self.first.iter().map(|&first| Seed::at(first)));
            self.seed_at.clone_from(&self.numbers);
            self.next.clone_from(&self.next_of_center);
            let mut guess = 0;
            for (at, &hash) in (0..).zip(&self.buffer) {
                if let Some((number, place)) = self.number(hash, guess) {
                    self.hits.push((at, number));
                    guess = place + 1;
                }
            }
        } else {
            self.find_shorter();
        }
    }

    /// The number of a window of the center, and a place where it stands: the guess if it does. What
    /// two texts have in common goes on in both, so that most guesses are right.
    #[inline]
    fn number(&self, hash: u64, guess: usize) -> Option<(u32, usize)> {
        if self.windows.get(guess) == Some(&hash) {
            return Some((self.numbers[guess], guess));
        }
        let number = self.numbers[self.table.get(hash, |at| self.windows[at])? as usize];
        Some((number, self.first[number as usize] as usize))
    }

    /// The same with the shorter text's windows in the buffer.
    fn find_shorter(&mut self) {
        if self.round == u32::MAX {
            self.seeds_of.fill((0, 0));
            self.round = 0;
        }
        self.round += 1;
        for list in [&mut self.seed_at, &mut self.next] {
            list.clear();
            list.resize(self.buffer.len(), NONE);
        }
        let mut guess = self.windows.len().saturating_sub(1);
        for (at, &hash) in self.buffer.iter().enumerate().rev() {
            let Some((number, place)) = self.number(hash, guess) else { continue };
            guess = place.saturating_sub(1);
            let (round, seed) = &mut self.seeds_of[number as usize];
            if *round == self.round {
                let known = &mut self.seeds[*seed as usize];
                self.next[at] = known.first;
                *known = Seed::at(at as u32);
            } else {
                (*round, *seed) = (self.round, self.seeds.len() as u32);
                self.seeds.push(Seed::at(at as u32));
                let mut place = self.first[number as usize];
                while place != NONE {
                    self.hits.push((place, *seed));
                    place = self.next_of_center[place as usize];
                }
            }
            self.seed_at[at] = *seed;
        }
        self.order_hits();
    }

    /// Puts the hits into the order of the longer text: each of its places is hit once at most.
    fn order_hits(&mut self) {
        // A sort takes about as long as looking at so many places.
        if 16 * self.hits.len() < self.windows.len() {
            self.hits.sort_unstable();
            return;
        }
        self.seed_of.clear();
        self.seed_of.resize(self.windows.len(), NONE);
        for &(place, seed) in &self.hits {
            self.seed_of[place as usize] = seed;
        }
        self.hits.clear();
        let hits = (0..).zip(&self.seed_of).filter(|&(_, &seed)| seed != NONE);
        self.hits.extend(hits.map(|(place, &seed)| (place, seed)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn either_text_may_be_the_center(
            shorter in proptest::collection::vec(0u64..3, 0..30),
            longer in proptest::collection::vec(0u64..3, 0..60),
            width in 1usize..5,
        ) {
            let (mut x, mut y) = (Seeds::default(), Seeds::default());
            x.enter(&shorter, width);
            y.enter(&longer, width);
            for _ in 0..2 {
                x.find(&longer, true);
                y.find(&shorter, false);
                let hits = |seeds: &Seeds| -> Vec<(u32, u32)> {
                    let first = |&(at, seed): &(u32, u32)| (at, seeds.seeds[seed as usize].first);
                    seeds.hits.iter().map(first).collect()
                };
                let plain: Vec<_> = longer
                    .windows(width)
                    .enumerate()
                    .filter_map(|(at, window)| {
                        let first = shorter.windows(width).position(|here| here == window)?;
                        Some((at as u32, first as u32))
                    })
                    .collect();
                prop_assert_eq!(hits(&x), plain.clone());
                prop_assert_eq!(hits(&y), plain);
                // Windows that only the shorter text has may go without a seed.
                for at in (0..y.seed_at.len()).filter(|&at| y.seed_at[at] != NONE) {
                    prop_assert_eq!(x.next[at], y.next[at]);
                    let first = |seeds: &Seeds| seeds.seeds[seeds.seed_at[at] as usize].first;
                    prop_assert_eq!(first(&x), first(&y));
                }
            }
        }
    }
}
