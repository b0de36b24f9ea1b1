//! The number of clusters as matches are added, the most similar first.
//!
//! Documents go by their ranks; each stands for itself and its copies.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::graph::{Edge, Weight};
use crate::cluster::{Clustering, Components, MOST_LINKED};
use crate::{Error, Result};

/// How many clusters there are, and how many of their documents are neither kept nor references.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct Tally {
    pub(super) clusters: usize,
    pub(super) removals: usize,
}

/// Takes matches in the order of their ranks, and counts after each lot of them.
pub(super) trait Sweep {
    fn add(&mut self, edges: &[Edge]) -> Result<Tally>;
}

/// Begins without a match; `weights` say how many documents each one stands for.
pub(super) fn new(clustering: Clustering, weights: Vec<Weight>) -> Box<dyn Sweep> {
    match clustering {
        Clustering::Star => Box::new(Stars::new(weights)),
        Clustering::Connected => Box::new(Connected::new(weights)),
        Clustering::CompleteLink => Box::new(Cliques::new(weights)),
    }
}

/// What may be spent on settling anew.
struct Work(u64);

const MOST_WORK: u64 = 1 << 31;

impl Work {
    fn spend(&mut self, steps: usize) -> Result<()> {
        self.0 += steps as u64;
        if self.0 <= MOST_WORK {
            return Ok(());
        }
        Err(Error::limit(
            "counting the clusters of all thresholds would take more than 2^31 steps; cut the report \
             at a higher threshold first",
        ))
    }
}

/// Documents in groups of one or more.
struct Groups {
    sizes: Vec<Weight>,
    tally: Tally,
}

impl Weight {
    /// As a group.
    fn tally(self) -> Tally {
        Tally {
            clusters: usize::from(self.documents > 1),
            removals: self.documents.saturating_sub(self.references.max(1)),
        }
    }
}

impl Groups {
    fn new(weights: Vec<Weight>) -> Self {
        let mut groups =
            Self { sizes: vec![Weight::default(); weights.len()], tally: Tally::default() };
        let weights = weights.into_iter().enumerate();
        weights.for_each(|(document, weight)| groups.resize(document, weight));
        groups
    }

    fn resize(&mut self, group: usize, size: Weight) {
        let before = std::mem::replace(&mut self.sizes[group], size).tally();
        let after = size.tally();
        let Tally { clusters, removals } = &mut self.tally;
        *clusters = *clusters + after.clusters - before.clusters;
        *removals = *removals + after.removals - before.removals;
    }

    fn shift(&mut self, from: usize, to: usize, weight: Weight) {
        let (mut less, mut more) = (self.sizes[from], self.sizes[to]);
        more.documents += weight.documents;
        more.references += weight.references;
        less.documents -= weight.documents;
        less.references -= weight.references;
        self.resize(to, more);
        self.resize(from, less);
    }
}

/// Components only grow.
struct Connected {
    components: Components,
    groups: Groups,
}

impl Connected {
    fn new(weights: Vec<Weight>) -> Self {
        Self { components: Components::new(weights.len()), groups: Groups::new(weights) }
    }
}

impl Sweep for Connected {
    fn add(&mut self, edges: &[Edge]) -> Result<Tally> {
        for edge in edges {
            let [x, y] = [edge.x, edge.y].map(|rank| self.components.root(rank));
            if self.components.unite(x, y) {
                let (into, from) = (x.min(y) as usize, x.max(y) as usize);
                self.groups.shift(from, into, self.groups.sizes[from]);
            }
        }
        Ok(self.groups.tally)
    }
}

/// A document is a center exactly if no better one that matches it is a center, and else joins the
/// best of those. So a new match asks its worse document again, and only when that becomes a center
/// or ceases to be one, the still worse ones that match it.
struct Stars {
    better: Vec<Vec<u32>>,
    worse: Vec<Vec<u32>>,
    center: Vec<u32>,
    weights: Vec<Weight>,
    groups: Groups,
    work: Work,
}

impl Stars {
    fn new(weights: Vec<Weight>) -> Self {
        Self {
            better: vec![Vec::new(); weights.len()],
            worse: vec![Vec::new(); weights.len()],
            center: (0..weights.len() as u32).collect(),
            weights: weights.clone(),
            groups: Groups::new(weights),
            work: Work(0),
        }
    }
}

impl Sweep for Stars {
    fn add(&mut self, edges: &[Edge]) -> Result<Tally> {
        let mut asked = BinaryHeap::new();
        for edge in edges {
            self.better[edge.y as usize].push(edge.x);
            self.worse[edge.x as usize].push(edge.y);
            asked.push(Reverse(edge.y));
        }
        let mut last = None;
        while let Some(Reverse(rank)) = asked.pop() {
            if last.replace(rank) == Some(rank) {
                continue;
            }
            let document = rank as usize;
            self.work.spend(self.better[document].len())?;
            let is_center = |&&other: &&u32| self.center[other as usize] == other;
            let best = self.better[document].iter().filter(is_center).min();
            let after = best.copied().unwrap_or(rank);
            let before = std::mem::replace(&mut self.center[document], after);
            if before == after {
                continue;
            }
            self.groups.shift(before as usize, after as usize, self.weights[document]);
            if before == rank || after == rank {
                self.work.spend(self.worse[document].len())?;
                asked.extend(self.worse[document].iter().copied().map(Reverse));
            }
        }
        Ok(self.groups.tally)
    }
}

/// A center takes of the worse documents that match it, in their order, each that no better center
/// has and that matches those it took. So a new match asks those centers again that may take either
/// of the two; one that is asked, and gives a document back or takes it from a worse center, asks
/// only centers worse than itself.
struct Cliques {
    better: Vec<Vec<u32>>,
    worse: Vec<Vec<u32>>,
    center: Vec<u32>,
    /// What each center took, in the order of ranks.
    members: Vec<Vec<u32>>,
    weights: Vec<Weight>,
    groups: Groups,
    work: Work,
}

impl Cliques {
    fn new(weights: Vec<Weight>) -> Self {
        Self {
            better: vec![Vec::new(); weights.len()],
            worse: vec![Vec::new(); weights.len()],
            center: (0..weights.len() as u32).collect(),
            members: vec![Vec::new(); weights.len()],
            weights: weights.clone(),
            groups: Groups::new(weights),
            work: Work(0),
        }
    }

    fn match_each_other(&self, x: u32, y: u32) -> bool {
        self.worse[x as usize].binary_search(&y).is_ok()
    }

    /// What a document takes, as it stands.
    fn taken(&mut self, center: u32) -> Result<Vec<u32>> {
        let mut taken: Vec<u32> = Vec::new();
        if self.center[center as usize] != center {
            return Ok(taken);
        }
        self.work.spend(1 + self.worse[center as usize].len())?;
        for &other in &self.worse[center as usize] {
            if self.center[other as usize] < center || taken.len() + 1 >= MOST_LINKED {
                continue;
            }
            self.work.spend(taken.len())?;
            if taken.iter().all(|&member| self.match_each_other(member, other)) {
                taken.push(other);
            }
        }
        Ok(taken)
    }

    fn put(&mut self, document: u32, center: u32) {
        let before = std::mem::replace(&mut self.center[document as usize], center);
        let weight = self.weights[document as usize];
        self.groups.shift(before as usize, center as usize, weight);
    }
}

impl Sweep for Cliques {
    fn add(&mut self, edges: &[Edge]) -> Result<Tally> {
        let mut asked = BinaryHeap::new();
        for edge in edges {
            for (list, new) in [
                (&mut self.worse[edge.x as usize], edge.y),
                (&mut self.better[edge.y as usize], edge.x),
            ] {
                let at = list.partition_point(|&other| other < new);
                // Entries are moved many at a time.
                self.work.spend((list.len() - at) / 8)?;
                list.insert(at, new);
            }
        }
        for of_one in edges.chunk_by(|edge, next| edge.x == next.x) {
            asked.push(Reverse(of_one[0].x));
            for &center in &self.better[of_one[0].x as usize] {
                let both = |edge: &Edge| self.match_each_other(center, edge.y);
                let at = of_one.iter().position(both);
                self.work.spend(1 + at.unwrap_or(of_one.len()))?;
                asked.extend(at.map(|_| Reverse(center)));
            }
        }
        let mut last = None;
        while let Some(Reverse(center)) = asked.pop() {
            if last.replace(center) == Some(center) {
                continue;
            }
            let taken = self.taken(center)?;
            let before = std::mem::replace(&mut self.members[center as usize], taken.clone());
            for &other in before.iter().filter(|other| taken.binary_search(other).is_err()) {
                // To whoever takes it now, or itself.
                self.put(other, other);
                let better = &self.better[other as usize];
                self.work.spend(better.len())?;
                asked.extend(better.iter().copied().filter(|&z| z > center).map(Reverse));
                asked.push(Reverse(other));
            }
            for &other in taken.iter().filter(|other| before.binary_search(other).is_err()) {
                let from = self.center[other as usize];
                self.put(other, center);
                self.members[from as usize].retain(|&member| member != other);
                asked.push(Reverse(from));
            }
        }
        Ok(self.groups.tally)
    }
}
