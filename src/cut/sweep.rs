//! The number of clusters as matches are added, the most similar first.
//!
//! Documents go by their ranks; each stands for itself and its copies.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Edge;
use crate::cluster::{Clustering, Components, MOST_LINKED};
use crate::{Error, Result};

/// How many clusters there are, and how many of their documents are not the kept ones.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct Tally {
    pub(super) clusters: usize,
    pub(super) removals: usize,
}

/// Takes matches, and counts after each lot of them.
pub(super) trait Sweep {
    fn add(&mut self, edges: &[Edge]) -> Result<Tally>;
}

/// Begins without a match; `weights` say how many documents each one stands for.
pub(super) fn new(clustering: Clustering, weights: Vec<usize>) -> Box<dyn Sweep> {
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
    sizes: Vec<usize>,
    tally: Tally,
}

impl Groups {
    fn new(weights: Vec<usize>) -> Self {
        let mut groups =
            Self { sizes: vec![0; weights.len()], tally: Tally { clusters: 0, removals: 0 } };
        let weights = weights.into_iter().enumerate();
        weights.for_each(|(document, weight)| groups.resize(document, weight));
        groups
    }

    fn resize(&mut self, group: usize, size: usize) {
        let before = std::mem::replace(&mut self.sizes[group], size);
        let Tally { clusters, removals } = &mut self.tally;
        *clusters = *clusters + usize::from(size > 1) - usize::from(before > 1);
        *removals = *removals + size.saturating_sub(1) - before.saturating_sub(1);
    }

    fn shift(&mut self, from: usize, to: usize, weight: usize) {
        self.resize(to, self.sizes[to] + weight);
        self.resize(from, self.sizes[from] - weight);
    }
}

/// Components only grow.
struct Connected {
    components: Components,
    groups: Groups,
}

impl Connected {
    fn new(weights: Vec<usize>) -> Self {
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
    weights: Vec<usize>,
    groups: Groups,
    work: Work,
}

impl Stars {
    fn new(weights: Vec<usize>) -> Self {
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

/// A new match settles its component anew.
struct Cliques {
    components: Components,
    /// By the root of each component.
    documents: Vec<Vec<u32>>,
    worse: Vec<Vec<u32>>,
    weights: Vec<usize>,
    joined: Vec<bool>,
    groups: Groups,
    work: Work,
}

impl Cliques {
    fn new(weights: Vec<usize>) -> Self {
        Self {
            components: Components::new(weights.len()),
            documents: (0..weights.len() as u32).map(|rank| vec![rank]).collect(),
            worse: vec![Vec::new(); weights.len()],
            weights: weights.clone(),
            joined: vec![false; weights.len()],
            groups: Groups::new(weights),
            work: Work(0),
        }
    }

    /// Settles the documents of a component, the best first.
    fn settle(&mut self, documents: &mut [u32]) -> Result<()> {
        documents.sort_unstable();
        documents.iter().for_each(|&rank| self.joined[rank as usize] = false);
        for &center in &*documents {
            self.work.spend(1 + self.worse[center as usize].len())?;
            if self.joined[center as usize] {
                self.groups.resize(center as usize, 0);
                continue;
            }
            let mut members = vec![center];
            for &other in &self.worse[center as usize] {
                if self.joined[other as usize] || members.len() >= MOST_LINKED {
                    continue;
                }
                // The center is known to match.
                self.work.spend(members.len())?;
                let matches =
                    |&member: &u32| self.worse[member as usize].binary_search(&other).is_ok();
                if members[1..].iter().all(matches) {
                    members.push(other);
                }
            }
            members.iter().for_each(|&member| self.joined[member as usize] = true);
            let size = members.iter().map(|&member| self.weights[member as usize]).sum();
            self.groups.resize(center as usize, size);
        }
        Ok(())
    }
}

impl Sweep for Cliques {
    fn add(&mut self, edges: &[Edge]) -> Result<Tally> {
        for edge in edges {
            let worse = &mut self.worse[edge.x as usize];
            let at = worse.partition_point(|&other| other < edge.y);
            worse.insert(at, edge.y);
            let [x, y] = [edge.x, edge.y].map(|rank| self.components.root(rank));
            if self.components.unite(x, y) {
                let [mut all, mut few] =
                    [x, y].map(|root| std::mem::take(&mut self.documents[root as usize]));
                if all.len() < few.len() {
                    std::mem::swap(&mut all, &mut few);
                }
                all.append(&mut few);
                self.documents[x.min(y) as usize] = all;
            }
        }
        let mut roots: Vec<u32> = edges.iter().map(|edge| self.components.root(edge.x)).collect();
        roots.sort_unstable();
        roots.dedup();
        for root in roots {
            let mut documents = std::mem::take(&mut self.documents[root as usize]);
            let settled = self.settle(&mut documents);
            self.documents[root as usize] = documents;
            settled?;
        }
        Ok(self.groups.tally)
    }
}
