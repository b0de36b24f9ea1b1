//! The shared passages of two texts: seed, extend, chain.
//!
//! Seeds are windows of `min_run` tokens that both texts have. A scan of those of the longer text
//! takes, from left to right, the run through each window that no run has reached yet; a second
//! scan does the same for what is still uncovered in the shorter text. So every token of either text that stands in a common run of `min_run` tokens is covered,
//! in time linear in the texts however repetitive they are: of a repeated part one partner is
//! named, never all pairs. The runs are then chained.

use crate::mask::Mask;
use crate::seeds::{NONE, Seeds, Sequence, common};
use crate::text::Span;
use crate::verify::{Agreed, Confirm, Side, numbered};

/// A chain of equal runs of two texts, with gaps of at most `max_gap` tokens on either side.
///
/// At least one run has `min_run` tokens; shorter ones of at least a shingle's width extend the
/// chain, and never hold more tokens than those of `min_run`. Between short texts, such as headlines,
/// there is a rule of its own: see [`Measure::Coverage`](crate::Measure::Coverage). What one text holds more often than
/// the other stands in several passages, which overlap in the other.
///
/// ```
/// let a = "Un. la crue a coupe la route et le pont, et la ville reste sans eau ni courant ce soir";
/// let b = "la crue a coupe la route et le pont et la ville reste sans eau ni courant ce soir, dit-on";
/// let pair = doublon::compare(a, b)?;
/// let passage = &pair.passages()[0];
/// assert_eq!(passage.tokens(), 19);
/// assert_eq!(&a[passage.a()], &a[4..]);
/// assert_eq!(&b[passage.b()], &b[..81]);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Passage {
    runs: Box<[Run]>,
    tokens: u32,
}

/// A sequence of equal tokens in two texts.
///
/// ```
/// let text = "one two three";
/// let pair = doublon::compare(text, text)?;
/// let run = pair.passages()[0].runs()[0];
/// assert_eq!((&text[run.a()], run.tokens()), (text, 3));
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Run {
    pub(crate) a: Span,
    pub(crate) b: Span,
    pub(crate) tokens: u32,
}

impl Run {
    /// Where it stands in the first text: from its first token to its last.
    ///
    /// See [`Run`] for an example.
    pub fn a(&self) -> Span {
        self.a
    }

    /// Where it stands in the second text.
    ///
    /// See [`Run`] for an example.
    pub fn b(&self) -> Span {
        self.b
    }

    /// The number of its tokens, the same in both texts.
    ///
    /// See [`Run`] for an example.
    pub fn tokens(&self) -> usize {
        self.tokens as usize
    }

    fn mirrored(self) -> Self {
        Self { a: self.b, b: self.a, tokens: self.tokens }
    }
}

impl Passage {
    /// Where it stands in the first text: from its first run to its last, gaps included.
    ///
    /// See [`Passage`] for an example.
    pub fn a(&self) -> Span {
        self.hull(Run::a)
    }

    /// Where it stands in the second text.
    ///
    /// See [`Passage`] for an example.
    pub fn b(&self) -> Span {
        self.hull(Run::b)
    }

    /// The number of equal tokens: those of its runs, without those where two runs overlap.
    ///
    /// See [`Passage`] for an example.
    pub fn tokens(&self) -> usize {
        self.tokens as usize
    }

    /// The proof: runs whose tokens are equal after folding, in the order of both texts.
    ///
    /// Two runs may overlap in one of the texts, where words at an edit stand next to equal ones:
    /// of `in the end the river` and `in the river`, both `in the` and `the river` are runs.
    ///
    /// See [`Run`] for an example.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The same in texts that begin so many bytes further on.
    pub(crate) fn shift(&mut self, a: u32, b: u32) {
        for run in &mut self.runs {
            (run.a, run.b) = (run.a.shifted(a), run.b.shifted(b));
        }
    }

    fn hull(&self, side: impl Fn(&Run) -> Span) -> Span {
        match (self.runs.first(), self.runs.last()) {
            (Some(first), Some(last)) => side(first).to(side(last)),
            _ => Span::default(),
        }
    }
}

/// What counts as a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// The least run a passage needs.
    pub(crate) min_run: usize,
    /// The least run that may extend it.
    pub(crate) min_link: usize,
    pub(crate) max_gap: usize,
    /// Whether the ends of a text count as tokens of a run: the first tokens of both texts are one then,
    /// and so are the last.
    pub(crate) ends: bool,
}

/// A run in token positions: `s` in the shorter text, `l` in the longer.
#[derive(Clone, Copy, Debug)]
struct Piece {
    s: usize,
    l: usize,
    len: usize,
    /// Shorter than `min_run`: it only extends a chain.
    link: bool,
}

impl Piece {
    fn s_end(&self) -> usize {
        self.s + self.len
    }

    fn l_end(&self) -> usize {
        self.l + self.len
    }
}

/// Finds the passages of pairs, with buffers reused from pair to pair.
#[derive(Default)]
pub(crate) struct Finder {
    seeds: Seeds,
    pieces: Vec<Piece>,
    chain: Vec<Piece>,
    chains: Vec<Piece>,
    chain_ends: Vec<usize>,
    covered_s: Mask,
    covered_l: Mask,
}

impl Finder {
    /// The passages of `a` and `b`, of which [`coverage`](Self::coverage) was the last that was
    /// asked; mirrored when they are swapped.
    pub(crate) fn passages(&self, a: Side, b: Side) -> Vec<Passage> {
        let mirrored = mirrored(a, b);
        let (s, l) = if mirrored { (b, a) } else { (a, b) };
        let mut passages = Vec::with_capacity(self.chain_ends.len());
        let mut start = 0;
        for &end in &self.chain_ends {
            let runs = self.chains[start..end].iter().map(|piece| {
                let run = Run {
                    a: s.tokens.span(piece.s, piece.s_end()),
                    b: l.tokens.span(piece.l, piece.l_end()),
                    tokens: piece.len as u32,
                };
                if mirrored { run.mirrored() } else { run }
            });
            let pieces = &self.chains[start..end];
            let tokens = pieces.iter().map(|piece| piece.len).sum::<usize>()
                - pieces.windows(2).map(|pair| overlap(pair[0], pair[1])).sum::<usize>();
            passages.push(Passage { runs: runs.collect(), tokens: tokens as u32 });
            start = end;
        }
        // They come in the order of the longer text.
        passages.sort_by_key(|passage| (passage.a(), passage.b()));
        passages
    }

    /// Takes the first text of the pairs that are asked next.
    pub(crate) fn enter(&mut self, a: Side, rules: Rules) {
        self.seeds.enter(a.sequence(), rules.min_run);
    }

    /// How many tokens of `a`, which was entered, and of `b` stand in passages.
    pub(crate) fn coverage(
        &mut self,
        a: Side,
        b: Side,
        rules: Rules,
        agreed: &mut Agreed,
        confirm: &mut Confirm,
    ) -> (u32, u32) {
        let mirrored = mirrored(a, b);
        let (s, l) = if mirrored { (b, a) } else { (a, b) };
        self.align(s.sequence(), l.sequence(), mirrored, rules);
        let genuine = self.chains.iter().all(|piece| {
            let (i, j) = if mirrored { (piece.l, piece.s) } else { (piece.s, piece.l) };
            agreed.run(a, i, b, j, piece.len, confirm)
        });
        if !genuine {
            // A hash collision: align numbers that are equal exactly when the tokens are.
            let [s, l] = &numbered(s, l, confirm.tokenizer());
            let [s, l] = [s, l].map(|numbers| Sequence::of_tokens(numbers));
            let mut exact = Self::default();
            exact.seeds.enter(s, rules.min_run);
            exact.align(s, l, false, rules);
            (self.chains, self.chain_ends) = (exact.chains, exact.chain_ends);
        }
        let (covered_s, covered_l) = self.covered(s.tokens.len(), l.tokens.len());
        if mirrored { (covered_l, covered_s) } else { (covered_s, covered_l) }
    }

    /// The tokens in runs, those in shorter ones counted up to as many as are in the others: what
    /// the runs of `min_run` tokens cover is at least half of it, which the screens of candidates
    /// build on.
    fn covered(&mut self, s: usize, l: usize) -> (u32, u32) {
        self.covered_s.reset(s);
        self.covered_l.reset(l);
        let mut counts = [(0, 0); 2];
        for (links, count) in [false, true].into_iter().zip(&mut counts) {
            for piece in self.chains.iter().filter(|piece| piece.link == links) {
                self.covered_s.cover(piece.s..piece.s_end());
                self.covered_l.cover(piece.l..piece.l_end());
            }
            *count = (self.covered_s.count(), self.covered_l.count());
        }
        let [(s, l), (all_s, all_l)] = counts;
        (all_s.min(2 * s) as u32, all_l.min(2 * l) as u32)
    }

    /// Fills `chains` and `chain_ends` for two sequences, the shorter first; the entered one is `s`, or
    /// when `mirrored`, `l`.
    fn align(&mut self, s: Sequence, l: Sequence, mirrored: bool, rules: Rules) {
        let (center, other) = if mirrored { (l, s) } else { (s, l) };
        let (s, l) = (s.tokens, l.tokens);
        self.pieces.clear();
        self.chains.clear();
        self.chain_ends.clear();
        if s == l {
            // The whole text, however short.
            self.pieces.extend((!s.is_empty()).then_some(Piece {
                s: 0,
                l: 0,
                len: s.len(),
                link: false,
            }));
        } else if s.len() >= rules.min_run {
            self.seeds.find(center, other, !mirrored);
            self.scan_longer(s, l, rules.min_run);
            self.scan_shorter(s, l, rules.min_run);
            if rules.ends {
                self.take_ends(s, l);
            }
        }
        self.pieces.sort_unstable_by_key(|piece| (piece.l, piece.s));
        self.chain(s, l, rules);
    }

    /// Covers the longer text.
    fn scan_longer(&mut self, s: &[u64], l: &[u64], min_run: usize) {
        let seeds = &mut self.seeds;
        // The hit, and how many of its windows are behind.
        let (mut here, mut behind) = (0, 0);
        while let Some(&hit) = seeds.hits.get(here) {
            let (s_at, l_at) = (seeds.place(hit) + behind, hit.l as usize + behind);
            let Some(piece) = extend(s, l, s_at, l_at, min_run) else {
                // Hashes may collide.
                behind += 1;
                if behind >= hit.windows as usize {
                    (here, behind) = (here + 1, 0);
                }
                continue;
            };
            // Every window of the run is common.
            let last = piece.s_end() - min_run;
            let seeded = seeds.seeded.partition_point(|seeded| (seeded.0 as usize) < piece.s);
            let in_run =
                seeds.seeded[seeded..].iter().take_while(|seeded| seeded.0 as usize <= last);
            for &(place, seed) in in_run {
                let seed = &mut seeds.seeds[seed as usize];
                seed.hit = seed.hit.min((piece.l + place as usize - piece.s) as u32);
            }
            // Go on at the last that begins in it or right behind it: it reaches farthest. The others are
            // passed over, but seen by the shorter text.
            let (last, end) = (piece.l_end() - min_run, piece.l_end());
            here += seeds.hits[here..].iter().take_while(|hit| hit.l_end() <= last + 1).count();
            behind = 0;
            let reached = seeds.hits[here..].iter().take_while(|hit| hit.l as usize <= end);
            for (number, hit) in (here..).zip(reached) {
                if let Some(seed) = seeds.seeds.get_mut(hit.seed as usize) {
                    seed.hit = seed.hit.min(hit.l);
                }
                (here, behind) = (number, (hit.l_end() - 1).min(end) - hit.l as usize);
            }
            while self.pieces.last().is_some_and(|last| last.l >= piece.l) {
                self.pieces.pop();
            }
            self.pieces.push(piece);
        }
    }

    /// Covers what is common and still uncovered in the shorter text.
    fn scan_shorter(&mut self, s: &[u64], l: &[u64], min_run: usize) {
        self.covered_s.reset(s.len());
        for piece in &self.pieces {
            self.covered_s.cover(piece.s..piece.s_end());
        }
        let Seeds { hits, seeds, seeded, .. } = &mut self.seeds;
        hits.retain(|hit| hit.seed == NONE);
        hits.sort_unstable_by_key(|hit| hit.s);
        let mut at = 0;
        while let Some(gap) = self.covered_s.first_gap(at) {
            at = at.max((gap + 1).saturating_sub(min_run));
            // The next common window of either kind, and where it stands in the longer text.
            let row = hits.partition_point(|hit| hit.s_end() <= at);
            let row = hits.get(row).map(|hit| (at.max(hit.s as usize), *hit));
            let seed = seeded.partition_point(|seeded| (seeded.0 as usize) < at);
            let seed = seeded.get(seed).map(|&(place, seed)| (place as usize, seed));
            let (next, hit) = match (row, seed) {
                (row, Some((place, seed))) if row.is_none_or(|row| place < row.0) => {
                    (place, seeds[seed as usize].hit)
                }
                (Some((place, hit)), _) => (place, hit.l + (place - hit.s as usize) as u32),
                _ => break,
            };
            if next > at {
                at = next;
                continue;
            }
            match extend(s, l, at, hit as usize, min_run) {
                Some(piece) if hit != NONE => {
                    self.covered_s.cover(piece.s..piece.s_end());
                    self.pieces.push(piece);
                    at = piece.s_end() - min_run + 1;
                }
                _ => at += 1,
            }
        }
    }

    /// Adds the first tokens and the last, where they are equal and still uncovered in either text.
    fn take_ends(&mut self, s: &[u64], l: &[u64]) {
        for (s_at, l_at) in [(0, 0), (s.len() - 1, l.len() - 1)] {
            let in_s = |piece: &Piece| (piece.s..piece.s_end()).contains(&s_at);
            let in_l = |piece: &Piece| (piece.l..piece.l_end()).contains(&l_at);
            let covered = self.pieces.iter().any(in_s) && self.pieces.iter().any(in_l);
            if s[s_at] == l[l_at] && !covered {
                self.pieces.push(Piece { s: s_at, l: l_at, len: 1, link: false });
            }
        }
    }

    /// Joins the pieces, in the order of the longer text, to chains, and adds shorter runs to them.
    fn chain(&mut self, s: &[u64], l: &[u64], rules: Rules) {
        let mut floor = 0;
        let mut pieces = self.pieces.iter().copied().peekable();
        while let Some(first) = pieces.next() {
            self.chain.clear();
            self.chain.push(first);
            // What the shorter runs may still add.
            let mut budget = first.len;
            let mut head = first;
            while let Some(link) = before(s, l, head, floor, rules, budget) {
                budget -= link.len;
                self.chain.push(link);
                head = link;
            }
            self.chain.reverse();
            let mut tail = first;
            loop {
                if let Some(next) = pieces.next_if(|next| continues(tail, *next, rules)) {
                    budget += next.len;
                    tail = next;
                } else {
                    let ceiling = pieces.peek().map_or(l.len(), |next| next.l);
                    let Some(link) = after(s, l, tail, ceiling, rules, budget) else { break };
                    budget -= link.len;
                    tail = link;
                }
                self.chain.push(tail);
            }
            floor = tail.l_end();
            self.chains.append(&mut self.chain);
            self.chain_ends.push(self.chains.len());
        }
    }
}

/// Whether `b` is taken for the shorter text: an order of what counts of the texts, so that swapping
/// them mirrors the passages, and their places in the corpus make no difference.
fn mirrored(a: Side, b: Side) -> bool {
    let lengths = a.tokens.len().cmp(&b.tokens.len());
    let tokens = || match (a.all_count(), b.all_count()) {
        (true, true) => a.tokens.hashes().cmp(b.tokens.hashes()),
        _ => a.counting().cmp(b.counting()),
    };
    lengths.then_with(tokens).is_gt()
}

/// The run through two equal windows: to the right as far as it goes, to the left no farther than
/// it went right, which keeps the whole scan linear. `None` when the tokens differ after all.
fn extend(s: &[u64], l: &[u64], s_at: usize, l_at: usize, min_run: usize) -> Option<Piece> {
    let right = common(s.get(s_at..)?, l.get(l_at..)?);
    if right < min_run {
        return None;
    }
    let left = s[..s_at]
        .iter()
        .rev()
        .zip(l[..l_at].iter().rev())
        .take(right)
        .take_while(|(x, y)| x == y)
        .count();
    Some(Piece { s: s_at - left, l: l_at - left, len: left + right, link: false })
}

/// Whether `next` continues the chain that ends with `tail`: it begins and ends behind it in both
/// texts, overlaps it in one at most, and is near in both.
fn continues(tail: Piece, next: Piece, rules: Rules) -> bool {
    let near = |end: usize, start: usize| start.saturating_sub(end) <= rules.max_gap;
    next.s >= tail.s
        && next.l >= tail.l
        && overlap(tail, next) < next.len
        && (tail.s_end() <= next.s || tail.l_end() <= next.l)
        && near(tail.s_end(), next.s)
        && near(tail.l_end(), next.l)
}

/// How many tokens of two runs in a row overlap, in the text where they do.
fn overlap(tail: Piece, next: Piece) -> usize {
    tail.s_end().saturating_sub(next.s).max(tail.l_end().saturating_sub(next.l))
}

/// The nearest run behind `tail` that ends before `ceiling` in the longer text.
fn after(
    s: &[u64],
    l: &[u64],
    tail: Piece,
    ceiling: usize,
    rules: Rules,
    budget: usize,
) -> Option<Piece> {
    let s = s.get(tail.s_end()..)?;
    let l = l.get(tail.l_end()..ceiling)?;
    let (ds, dl, len) = nearest((s.len(), |i| s[i]), (l.len(), |i| l[i]), rules, budget)?;
    Some(Piece { s: tail.s_end() + ds, l: tail.l_end() + dl, len, link: true })
}

/// The nearest run ahead of `head` that begins behind `floor` in the longer text.
fn before(
    s: &[u64],
    l: &[u64],
    head: Piece,
    floor: usize,
    rules: Rules,
    budget: usize,
) -> Option<Piece> {
    let s = &s[..head.s];
    let l = l.get(floor..head.l)?;
    let of_s = |i: usize| s[s.len() - 1 - i];
    let of_l = |i: usize| l[l.len() - 1 - i];
    let (ds, dl, len) = nearest((s.len(), of_s), (l.len(), of_l), rules, budget)?;
    Some(Piece { s: head.s - ds - len, l: head.l - dl - len, len, link: true })
}

/// The least `ds + dl`, and of those the least `ds`, each at most `max_gap`, at which a run of at
/// least `min_link` tokens begins; the run is taken whole and must fit the budget. The two texts are
/// given by their lengths and tokens.
fn nearest(
    (s_len, of_s): (usize, impl Fn(usize) -> u64),
    (l_len, of_l): (usize, impl Fn(usize) -> u64),
    rules: Rules,
    budget: usize,
) -> Option<(usize, usize, usize)> {
    let need = rules.min_link.max(1);
    if budget < need || s_len < need || l_len < need {
        return None;
    }
    let (s_max, l_max) = (rules.max_gap.min(s_len - need), rules.max_gap.min(l_len - need));
    // Both ends of few runs in one gap stand in the other so far apart: two bits each tell for most
    // that they do not.
    let bits = |first: u64, last: u64| {
        let ends = first.wrapping_add(last.rotate_left(32));
        [1u64 << (ends >> 58), 1u64 << (ends & 63)]
    };
    let known = (0..=l_max).map(|dl| bits(of_l(dl), of_l(dl + need - 1)));
    let known = known.fold([0; 2], |[x, y], [i, j]| [x | i, y | j]);
    let stands = |&ds: &usize| {
        let [i, j] = bits(of_s(ds), of_s(ds + need - 1));
        known[0] & i != 0 && known[1] & j != 0
    };
    let mut best: Option<(usize, usize, usize)> = None;
    for ds in (0..=s_max).filter(stands) {
        let farther =
            |dl: usize| best.is_some_and(|(ds_best, dl_best, _)| ds + dl >= ds_best + dl_best);
        for dl in (0..=l_max).take_while(|&dl| !farther(dl)) {
            let most = (s_len - ds).min(l_len - dl);
            let len = (0..most).take_while(|&k| of_s(ds + k) == of_l(dl + k)).count();
            if len >= need {
                best = Some((ds, dl, len));
                break;
            }
        }
    }
    best.filter(|&(_, _, len)| len <= budget)
}
