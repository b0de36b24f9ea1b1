//! Traces: 16 bits of every shingle of a document, which bound what two documents can share.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::ops::Range;

use crate::pieces::Pieces;
use crate::table::Table;

/// The traces of all documents. 2 bytes a shingle.
#[derive(Default)]
pub(crate) struct Traces(Pieces<u16>);

impl Traces {
    /// Makes room for so many documents with so many values.
    pub(crate) fn reserve(&mut self, documents: usize, values: usize) {
        self.0.reserve(documents, values);
    }

    /// Adds that of the next document.
    pub(crate) fn push(&mut self, shingles: &[u64]) {
        // The high halves are the fingerprints.
        self.0.open().extend(shingles.iter().map(|&shingle| shingle as u16));
        self.0.end();
    }

    pub(crate) fn append(&mut self, other: &mut Self) {
        self.0.append(&mut other.0);
    }

    pub(crate) fn of(&self, document: usize) -> &[u16] {
        self.0.of(document)
    }

    /// Looks at the beginnings of some traces, which lie far apart: all are fetched at once, and near
    /// when they are read one after the other.
    pub(crate) fn touch(&self, documents: impl Iterator<Item = usize>) {
        let values = documents.flat_map(|document| self.of(document).iter().step_by(LINE).take(4));
        black_box(values.fold(0, |all, value| all ^ value));
    }
}

/// Values in a line of the cache.
const LINE: usize = 32;

/// How shingles stand over tokens, and tokens in passages.
#[derive(Clone, Copy)]
pub(crate) struct Widths {
    /// Shingles in a row over the shortest run that begins a passage, at least 1.
    pub(crate) window: usize,
    /// Tokens under a shingle, at least 1.
    pub(crate) shingle: usize,
    /// The greatest number of tokens between two runs of a passage.
    pub(crate) max_gap: usize,
}

/// The trace of one document as sets, against which those of many others are held.
#[derive(Default)]
pub(crate) struct TraceSet {
    /// Pairs of shingles in a row: 32 bits tell them apart in documents of any length, and a set of
    /// 2 bytes a shingle stays in the near cache.
    pairs: Bits,
    /// Single shingles, entered when they are needed.
    singles: Values,
    has_singles: bool,
}

impl TraceSet {
    /// Forgets what it held and takes the values of `trace`.
    pub(crate) fn enter(&mut self, trace: &[u16]) {
        self.pairs.reset(trace.len());
        for pair in trace.windows(2) {
            self.pairs.insert(pair_of(pair[0], pair[1]));
        }
        self.has_singles = false;
    }

    /// Whether the document of `trace` may share so much with that of `own`, which was entered, that
    /// at least `least` of its tokens stand in passages.
    pub(crate) fn allows(
        &mut self,
        own: &[u16],
        trace: &[u16],
        widths: Widths,
        least: usize,
    ) -> bool {
        // Shorter runs at most double what a passage covers.
        let enough = least.div_ceil(2);
        if !self.enough_in_runs(trace, widths, enough) {
            return false;
        }
        if !std::mem::replace(&mut self.has_singles, true) {
            self.singles.enter(own.iter().copied());
        }
        enough_in_chains(trace, widths, least, |value| self.singles.has(value))
    }

    /// Whether `enough` tokens of the document of `trace` stand under at least `window` shingles in a
    /// row each of which is in the set together with the next: no fewer than stand in common runs of so
    /// many shingles.
    ///
    /// Looks at one pair in a window, and at all only where that one is in the set.
    fn enough_in_runs(&self, trace: &[u16], widths: Widths, enough: usize) -> bool {
        let Some(window) = widths.window.checked_sub(1).filter(|&window| window > 0) else {
            // Single shingles are runs: the chains tell.
            return true;
        };
        let width = widths.shingle + 1;
        let pairs = trace.len().saturating_sub(1);
        let has = |at: &usize| self.pairs.has(pair_of(trace[*at], trace[*at + 1]));
        let (mut total, mut end) = (0, 0);
        // Nothing ahead of `from` can begin another run; the first that does ends at `probe`.
        let (mut from, mut probe) = (0, window - 1);
        while total < enough && probe < pairs && total + pairs + width - from >= enough {
            let hits = (from..probe + 1).rev().take_while(has).count();
            if hits == 0 {
                from = probe + 1;
            } else {
                let start = probe + 1 - hits;
                let stop = probe + 1 + (probe + 1..pairs).take_while(has).count();
                if stop - start >= window {
                    total += stop + width - 1 - start.max(end);
                    end = stop + width - 1;
                }
                from = stop + 1;
            }
            probe = from + window - 1;
        }
        total >= enough
    }
}

/// Whether `enough` tokens stand under shingles that `has` knows, as far as gaps of at most `max_gap`
/// tokens lead from `window` of them in a row: no fewer than stand in passages.
fn enough_in_chains(
    trace: &[u16],
    widths: Widths,
    enough: usize,
    has: impl Fn(u16) -> bool,
) -> bool {
    let Widths { window, shingle, max_gap } = widths;
    let (mut total, mut end) = (0, 0);
    // Of the last chain: its tokens, and whether it holds a run. Of the last shingles, how many in
    // a row are known, and behind which.
    let (mut chain, mut holds_run, mut hits, mut behind) = (0, false, 0, 0);
    for (block, values) in (0..).step_by(64).zip(trace.chunks(64)) {
        // Nothing branches on a single shingle.
        let bits = values.iter().enumerate();
        let mut known = bits.fold(0u64, |known, (at, &value)| known | u64::from(has(value)) << at);
        let mut at = block;
        while known != 0 {
            let from = at + known.trailing_zeros() as usize;
            known >>= known.trailing_zeros();
            let to = from + known.trailing_ones() as usize;
            known = known.checked_shr(known.trailing_ones()).unwrap_or(0);
            at = to;
            if from > end + max_gap {
                total += if holds_run { chain } else { 0 };
                (chain, holds_run) = (0, false);
            }
            hits = to - from + if from == behind { hits } else { 0 };
            holds_run |= hits >= window;
            behind = to;
            chain += to - 1 + shingle - end.max(from);
            end = to - 1 + shingle;
        }
        // Most is known before the end.
        let ahead = (trace.len() - block).saturating_sub(64) + shingle;
        if total + if holds_run { chain } else { 0 } >= enough || total + chain + ahead < enough {
            break;
        }
    }
    total + if holds_run { chain } else { 0 } >= enough
}

/// Spreads two values over 32 bits, the high ones best.
fn pair_of(x: u16, y: u16) -> u32 {
    (u32::from(x) << 16 | u32::from(y)).wrapping_mul(0x9e37_79b1)
}

/// What is remembered of shingle sets that were read: 16 bits of each distinct shingle, of as many
/// documents as have room. It turns down pairs before their texts are held against each other.
#[derive(Default)]
pub(crate) struct Memory {
    values: Vec<u16>,
    places: BTreeMap<u32, Range<usize>>,
    seen: Values,
    again: Values,
    /// Where shingles stand whose values come more than once.
    doubtful: Vec<u32>,
    distinct: Table,
    center: Option<u32>,
    of_center: Values,
}

/// The values that have room: 4 MiB. A document of more than a quarter of them is not remembered.
const ROOM: usize = 1 << 21;

impl Memory {
    /// Remembers the shingles of a document. When there is no room all others are forgotten.
    pub(crate) fn keep(&mut self, document: u32, shingles: &[u64]) {
        if shingles.len() > ROOM / 4 || self.places.contains_key(&document) {
            return;
        }
        if self.values.len() + shingles.len() > ROOM {
            self.values.clear();
            self.places.clear();
        }
        // All of it at once, so that it does not grow with the corpus.
        self.values.reserve_exact(ROOM - self.values.len());
        let start = self.values.len();
        self.values.extend(shingles.iter().map(|&shingle| shingle as u16));
        self.drop_repeated(start, shingles);
        self.places.insert(document, start..self.values.len());
    }

    /// Leaves one of each shingle, whose values begin at `start`.
    fn drop_repeated(&mut self, start: usize, shingles: &[u64]) {
        // Only where a value comes again the shingles themselves must be asked. Nothing branches on
        // whether it does, for that is hard to foresee.
        let Self { values, seen, again, doubtful, distinct, .. } = self;
        seen.clear();
        doubtful.resize(doubtful.len().max(shingles.len()), 0);
        let mut repeated = 0;
        for (at, &value) in (start..).zip(&values[start..]) {
            doubtful[repeated] = at as u32;
            repeated += usize::from(seen.insert(value));
        }
        if repeated == 0 {
            return;
        }
        again.enter(doubtful[..repeated].iter().map(|&at| values[at as usize]));
        let mut doubts = 0;
        for (at, &value) in (0..).zip(&values[start..]) {
            doubtful[doubts] = at;
            doubts += usize::from(again.has(value));
        }
        distinct.reset(doubts);
        // What stands between two that go moves up.
        let (mut kept, mut from) = (start, start);
        let mut leave = |at: usize| {
            values.copy_within(from..at, kept);
            kept += at - from;
            from = at + 1;
            kept
        };
        for &at in &doubtful[..doubts] {
            let shingle = shingles[at as usize];
            if distinct.get_or_insert(shingle, at, |at| shingles[at]) != at {
                leave(start + at as usize);
            }
        }
        let kept = leave(start + shingles.len());
        values.truncate(kept);
    }

    /// How many distinct shingles the center and `other` have, and how many both, at most; where
    /// both are remembered. By hash: two shingles of 64 equal bits count as one here.
    pub(crate) fn shared(&mut self, center: u32, other: u32) -> Option<[usize; 3]> {
        let others = &self.values[self.places.get(&other)?.clone()];
        let own = &self.values[self.places.get(&center)?.clone()];
        if self.center != Some(center) {
            self.of_center.enter(own.iter().copied());
            self.center = Some(center);
        }
        let both = others.iter().filter(|&&value| self.of_center.has(value)).count();
        Some([own.len(), others.len(), both.min(own.len())])
    }
}

/// A set of 32-bit values by their high bits.
#[derive(Default)]
struct Bits {
    words: Vec<u64>,
    shift: u32,
}

impl Bits {
    /// Forgets everything and makes room for `len` values: 16 bits each, up to 8 MiB.
    fn reset(&mut self, len: usize) {
        let bits = (16 * len).next_power_of_two().clamp(1 << 10, 1 << 26);
        self.words.clear();
        self.words.resize(bits / 64, 0);
        self.shift = 32 - bits.trailing_zeros();
    }

    #[inline]
    fn insert(&mut self, value: u32) {
        let bit = value >> self.shift;
        self.words[bit as usize / 64] |= 1 << (bit % 64);
    }

    #[inline]
    fn has(&self, value: u32) -> bool {
        let bit = value >> self.shift;
        self.words.get(bit as usize / 64).is_some_and(|word| word >> (bit % 64) & 1 != 0)
    }
}

/// A set of 16-bit values: 8 KiB.
struct Values(Box<[u64; 1 << 10]>);

impl Default for Values {
    fn default() -> Self {
        Self(Box::new([0; 1 << 10]))
    }
}

impl Values {
    fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Takes these values only.
    fn enter(&mut self, values: impl Iterator<Item = u16>) {
        self.clear();
        values.for_each(|value| {
            self.insert(value);
        });
    }

    /// Whether the value was there before.
    #[inline]
    fn insert(&mut self, value: u16) -> bool {
        let (word, bit) = (&mut self.0[usize::from(value) / 64], 1 << (value % 64));
        let there = *word & bit != 0;
        *word |= bit;
        there
    }

    #[inline]
    fn has(&self, value: u16) -> bool {
        self.0[usize::from(value) / 64] >> (value % 64) & 1 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Which tokens stand under shingles that are `taken`.
    fn marked(len: usize, shingle: usize, taken: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut tokens = vec![false; len + shingle - 1];
        for at in (0..len).filter(|&at| taken(at)) {
            tokens[at..at + shingle].fill(true);
        }
        tokens
    }

    fn number(tokens: &[bool]) -> usize {
        tokens.iter().filter(|&&token| token).count()
    }

    proptest! {
        #[test]
        fn memory_bounds_what_sets_share(
            sets in proptest::collection::vec(proptest::collection::vec(0u64..70_000, 0..400), 2..6),
            pairs in proptest::collection::vec((0usize..6, 0usize..6), 0..20),
        ) {
            let mut memory = Memory::default();
            for (number, set) in (0..).zip(&sets) {
                prop_assert_eq!(memory.shared(0, number).is_some(), false);
                memory.keep(number, set);
            }
            for (x, y) in pairs.into_iter().map(|(x, y)| (x % sets.len(), y % sets.len())) {
                let of = |set: &Vec<u64>| set.iter().copied().collect::<BTreeSet<u64>>();
                let both = of(&sets[x]).intersection(&of(&sets[y])).count();
                let [own, others, most] = memory.shared(x as u32, y as u32).unwrap();
                prop_assert_eq!([own, others], [of(&sets[x]).len(), of(&sets[y]).len()]);
                prop_assert!(both <= most && most <= own.min(others));
            }
        }

        #[test]
        fn bounds_equal_what_a_plain_reading_gives(
            held in proptest::collection::vec(0u16..6, 0..40),
            trace in proptest::collection::vec(0u16..6, 0..200),
            window in 1usize..7,
            shingle in 1usize..6,
            max_gap in 0usize..10,
            enough in 0usize..220,
        ) {
            let widths = Widths { window, shingle, max_gap };
            let mut set = TraceSet::default();
            set.enter(&[1, 2, 3, 4, 5]);
            set.allows(&[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5], widths, 0);
            set.enter(&held);
            let hit = |at: usize| held.contains(&trace[at]);
            let pair = |at: usize| held.windows(2).any(|pair| pair == &trace[at..at + 2]);
            let row = |at: usize, hit: &dyn Fn(usize) -> bool| {
                let first = (at + 1).saturating_sub(window);
                (first..=at).any(|start| {
                    start + window <= trace.len()
                        && (start..start + window).all(hit)
                        && (window == 1 || (start..start + window - 1).all(pair))
                })
            };
            let in_run = |at: usize| row(at, &|_| true);
            let runs = marked(trace.len(), shingle, in_run);
            if window > 1 {
                let plain = number(&runs);
                for enough in [enough, plain, plain + 1] {
                    let found = set.enough_in_runs(&trace, widths, enough);
                    prop_assert_eq!(found, plain >= enough);
                }
            }
            // Spread the runs over all that is in reach.
            let any = marked(trace.len(), shingle, hit);
            let mut chains = marked(trace.len(), shingle, |at| {
                let first = (at + 1).saturating_sub(window);
                (first..=at).any(|start| (start..start + window).all(|i| i < trace.len() && hit(i)))
            });
            for _ in 0..chains.len() {
                for at in (0..chains.len()).filter(|&at| any[at]) {
                    let from = at.saturating_sub(max_gap + 1);
                    let to = (at + max_gap + 2).min(chains.len());
                    chains[at] |= chains[from..to].contains(&true);
                }
            }
            for enough in [enough, number(&chains), number(&chains) + 1] {
                let found = enough_in_chains(&trace, widths, enough, |value| held.contains(&value));
                prop_assert_eq!(found, number(&chains) >= enough);
            }
            let allowed = (window == 1 || number(&runs) >= enough.div_ceil(2)) && number(&chains) >= enough;
            prop_assert_eq!(set.allows(&held, &trace, widths, enough), allowed);
        }
    }
}
