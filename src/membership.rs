//! Links to clusters: who belongs together, who is kept, and which matches show it.

use crate::cluster::{Clustering, Components};
use crate::measure::Measure;
use crate::report::{Cluster, DocId};
use crate::text::Span;

/// Documents grouped by their links. They go by numbers in the order of the input.
pub(crate) struct Membership {
    /// The documents of each cluster by rank: the first is the one to keep.
    members: Vec<Vec<u32>>,
    /// The pairs whose matches the clusters show, in their order, and all in the order of their
    /// documents.
    pub(crate) links: Vec<(u32, u32)>,
    /// Of each document the cluster; `u32::MAX` for none.
    of: Vec<u32>,
}

impl Membership {
    /// Groups documents that are given by rank. `links` are those of the search, among documents
    /// that are no copies; `copies` stand behind the documents they equal.
    pub(crate) fn new(
        clustering: Clustering,
        order: &[u32],
        documents: usize,
        mut links: Vec<(u32, u32)>,
        copies: &[(u32, u32)],
    ) -> Self {
        let mut components = Components::new(documents);
        let mut grouped = vec![false; documents];
        for &(x, y) in links.iter().chain(copies) {
            components.unite(x, y);
            grouped[x as usize] = true;
            grouped[y as usize] = true;
        }
        // The best document of a cluster is met first.
        let mut number = vec![u32::MAX; documents];
        let mut of = vec![u32::MAX; documents];
        let mut members: Vec<Vec<u32>> = Vec::new();
        for &document in order.iter().filter(|&&document| grouped[document as usize]) {
            let root = components.root(document) as usize;
            if number[root] == u32::MAX {
                number[root] = members.len() as u32;
                members.push(Vec::new());
            }
            of[document as usize] = number[root];
            members[number[root] as usize].push(document);
        }
        if clustering == Clustering::Connected {
            links.extend(copies);
        } else {
            let stars = members.iter();
            links = stars.flat_map(|m| m[1..].iter().map(|&member| (m[0], member))).collect();
        }
        links.iter_mut().for_each(|link| *link = ordered(link.0, link.1));
        links.sort_unstable();
        Self { members, links, of }
    }

    /// The clusters of these numbers, still without matches and places.
    pub(crate) fn clusters(&self, measure: Measure) -> Vec<Cluster> {
        let cluster = |members: &Vec<u32>| {
            let keep = DocId(members[0]);
            let mut docs: Vec<DocId> = members.iter().copied().map(DocId).collect();
            docs.sort_unstable();
            let (spans, kept) = (vec![Span::default(); docs.len()], Span::default());
            Cluster { docs, spans, keep, kept, matches: Vec::new(), measure }
        };
        self.members.iter().map(cluster).collect()
    }

    /// Each document that is not kept, behind the one that is kept in its place.
    pub(crate) fn removals(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.members
            .iter()
            .flat_map(|members| members[1..].iter().map(|&other| (members[0], other)))
    }

    /// The place among them of a document that is in one.
    pub(crate) fn of(&self, document: u32) -> usize {
        self.of[document as usize] as usize
    }
}

pub(crate) fn ordered<T: Ord>(x: T, y: T) -> (T, T) {
    if x <= y { (x, y) } else { (y, x) }
}
