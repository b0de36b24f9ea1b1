//! A search of which not all pairs may match: copies no longer stand for each other, and whoever may
//! not match is never compared.

use super::Detector;
use super::batch::Copies;
use super::scope::Scope;
use crate::Result;
use crate::candidates::{Groups, Met};
use crate::cluster::Judge;
use crate::measure::Measure;

/// Of the copies of one text that are kept because they may not match each other, so many are held
/// against each of the others.
const MOST_KEPT: usize = 256;

impl Copies {
    /// Leaves every document to stand for itself. Gives what was known.
    pub(super) fn take_apart(&mut self) -> Self {
        let of = (0..self.of.len() as u32).collect();
        std::mem::replace(self, Self { of, pairs: Vec::new() })
    }

    /// The copies of each text, the best first.
    fn classes(&self) -> impl Iterator<Item = impl Iterator<Item = u32> + '_> {
        let classes = self.pairs.chunk_by(|x, y| x.0 == y.0);
        classes.map(|class| std::iter::once(class[0].0).chain(class.iter().map(|pair| pair.1)))
    }

    /// Of each document, whether it has copies.
    pub(super) fn in_class(&self) -> Vec<bool> {
        let mut in_class = vec![false; self.of.len()];
        self.classes().flatten().for_each(|document| in_class[document as usize] = true);
        in_class
    }

    /// The copies that may match a better one that is kept, behind it; and of how many texts not all
    /// pairs were asked for.
    pub(super) fn allowed(&self, scope: &Scope) -> (Vec<(u32, u32)>, u64) {
        let (mut pairs, mut crowded) = (Vec::new(), 0);
        for class in self.classes() {
            let mut kept: Vec<u32> = Vec::new();
            let mut cut_short = false;
            for copy in class {
                let asked = &kept[..kept.len().min(MOST_KEPT)];
                let first = asked.iter().find(|&&first| scope.allows(first, copy));
                match first {
                    Some(&first) => pairs.push((first, copy)),
                    None => {
                        cut_short |= kept.len() > MOST_KEPT && !scope.is_reference(copy);
                        kept.push(copy);
                    }
                }
            }
            crowded += u64::from(cut_short);
        }
        (pairs, crowded)
    }
}

/// The candidates when not all pairs may match. No copy stands for another, so copies are
/// candidates of each other; and references, which come first, are none of each other.
pub(super) fn restricted_groups(
    detector: &Detector,
    scope: &Scope,
    copies: &Copies,
    order: &[u32],
    mut groups: Groups,
) -> Result<Groups> {
    let mut rank = vec![u32::MAX; copies.of.len()];
    for (place, &document) in (0..).zip(order) {
        rank[document as usize] = place;
    }
    for class in copies.classes() {
        groups.push_copies(class.map(|document| rank[document as usize]))?;
    }
    // Of containment, a pair meets where the smaller one proposes it, be it a reference.
    if detector.criterion.measure == Measure::Containment {
        return Ok(groups);
    }
    let references = order.iter().take_while(|&&document| scope.is_reference(document)).count();
    groups.listing(references as u32)
}

/// A judge that is asked about the pairs that may match only.
pub(super) struct Restricted<'a, J> {
    pub(super) judge: J,
    pub(super) scope: &'a Scope<'a>,
    pub(super) copies: &'a Copies,
    /// The texts by rank.
    pub(super) order: &'a [u32],
}

impl<J> Restricted<'_, J> {
    fn allows(&self, center: u32, other: u32) -> bool {
        self.scope.allows(self.order[center as usize], self.order[other as usize])
    }

    fn are_copies(&self, center: u32, other: u32) -> bool {
        let class = |rank: u32| self.copies.of[self.order[rank as usize] as usize];
        class(center) == class(other)
    }
}

impl<J: Judge> Judge for Restricted<'_, J> {
    type Scratch = J::Scratch;
    type Proof = J::Proof;

    fn scratch(&self) -> J::Scratch {
        self.judge.scratch()
    }

    fn screen(&self, center: u32, others: &[Met], scratch: &mut J::Scratch) -> Vec<u32> {
        let allowed = others.iter().copied().filter(|met| self.allows(center, met.document));
        // Copies may be too short for sketches.
        let (copies, others): (Vec<Met>, Vec<Met>) =
            allowed.partition(|met| self.are_copies(center, met.document));
        let mut likely = self.judge.screen(center, &others, scratch);
        likely.extend(copies.into_iter().map(|met| met.document));
        likely
    }

    fn matches(&self, center: u32, other: u32, scratch: &mut J::Scratch) -> bool {
        self.allows(center, other) && self.judge.matches(center, other, scratch)
    }

    fn prove(&self, center: u32, other: u32, scratch: &mut J::Scratch) -> Option<J::Proof> {
        if !self.allows(center, other) {
            return None;
        }
        self.judge.prove(center, other, scratch)
    }
}
