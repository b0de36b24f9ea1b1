//! The pairs of a report as a graph.

use crate::cluster::{Clustering, Components, MOST_LINKED};
use crate::measure::{Criterion, Relation};
use crate::membership::{Membership, ordered};
use crate::report::{Cluster, DocId, Match, Place, Report};
use crate::{Error, Result, Unit};

/// A match by the ranks of both, the better one first; copies that stand for each other have none.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    pub(super) x: u32,
    pub(super) y: u32,
    /// The strictest criterion it meets.
    pub(super) reaches: Criterion,
}

/// For how many documents one stands, and how many of these are references.
#[derive(Clone, Copy, Default)]
pub(super) struct Weight {
    pub(super) documents: usize,
    pub(super) references: usize,
}

/// The pairs of a report as a graph of documents or paragraphs. These have ranks, by which the better
/// one is kept, and numbers in the order of the input.
pub(crate) struct Graph<'a> {
    pub(super) pairs: &'a [Match],
    pub(super) edges: Vec<Edge>,
    /// Where each number stands.
    places: Vec<Place>,
    /// What the report's order has for each number: its place among all of the input.
    names: Vec<DocId>,
    /// The numbers by rank.
    order: Vec<u32>,
    /// Of each rank the best one with the same tokens, where all pairs may match.
    stands_for: Vec<u32>,
    references: u32,
}

impl<'a> Graph<'a> {
    /// Nothing in the report is trusted, but that the similarities are true.
    pub(crate) fn of(report: &'a Report) -> Result<Self> {
        let (Some(pairs), Some(ranked)) = (&report.pairs, &report.order) else {
            return Err(Error::config(
                "the report does not hold all matching pairs; ask for them with \
                 `DetectorBuilder::all_pairs` when searching",
            ));
        };
        let own = Criterion::new(report.measure(), report.threshold())?;
        let mut names = ranked.clone();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::mismatch(format!("order: {} stands twice", twice[0])));
        }
        let places = places(pairs)?;
        check_names(&names, &places, report.unit())?;
        let number_of = |name: &DocId| names.binary_search(name).ok().map(|number| number as u32);
        let order: Vec<u32> = ranked.iter().filter_map(number_of).collect();
        let mut rank = vec![0; places.len()];
        order.iter().zip(0..).for_each(|(&number, place)| rank[number as usize] = place);
        let mut stands_for: Vec<u32> = (0..order.len() as u32).collect();
        let mut edges = Vec::with_capacity(pairs.len());
        for found in pairs {
            let [a, b] = found.places().map(|place| {
                let number =
                    places.binary_search(&place).expect("the places are those of the pairs");
                rank[number]
            });
            let (x, y) = ordered(a, b);
            let reaches = Criterion::strictest(report.measure(), &found.similarity)
                .filter(|reaches| reaches.strictness() >= own.strictness())
                .ok_or_else(|| Error::mismatch(format!("{found}: does not reach the threshold")))?;
            let copies = matches!(found.relation, Relation::Identical | Relation::SameText);
            if copies && !report.restricts() {
                let best = &mut stands_for[y as usize];
                *best = x.min(*best);
            }
            edges.push(Edge { x, y, reaches });
        }
        let is_best = |rank: u32| stands_for[rank as usize] == rank;
        edges.retain(|edge| is_best(edge.x) && is_best(edge.y));
        edges.sort_unstable_by_key(|edge| (edge.x, edge.y));
        let references = report.references;
        Ok(Self { pairs, edges, places, names, order, stands_for, references })
    }

    /// The clusters of the matches that meet a criterion.
    pub(crate) fn clusters(
        &self,
        clustering: Clustering,
        criterion: Criterion,
    ) -> Result<Vec<Cluster>> {
        let meets = |edge: &&Edge| edge.reaches.strictness() >= criterion.strictness();
        let near: Vec<_> = self.edges.iter().filter(meets).map(|edge| (edge.x, edge.y)).collect();
        let numbers = |(x, y): (u32, u32)| (self.order[x as usize], self.order[y as usize]);
        let links = linked(clustering, self.order.len(), &near).into_iter().map(numbers).collect();
        let copies = self.stands_for.iter().copied().zip(0..).filter(|(best, rank)| best != rank);
        let copies: Vec<_> = copies.map(numbers).collect();
        let membership = Membership::new(clustering, &self.order, self.order.len(), links, &copies);
        let mut clusters = membership.clusters(criterion.measure);
        for &(x, y) in &membership.links {
            let [a, b] = [x, y].map(|number| self.places[number as usize]);
            let at = self.pairs.binary_search_by_key(&[a, b], Match::places);
            let lacks = |_| Error::mismatch(format!("the pairs lack match {} ~ {}", a.doc, b.doc));
            clusters[membership.of(x)].matches.push(self.pairs[at.map_err(lacks)?].clone());
        }
        clusters.sort_unstable_by_key(|cluster| cluster.docs[0]);
        for cluster in &mut clusters {
            cluster.replace_places(|number| self.places[number.doc.index()]);
        }
        Ok(clusters)
    }

    /// Those that stand in some of the pairs, by rank.
    pub(super) fn order_of(&self, pairs: &[Match]) -> Vec<DocId> {
        let mut stand: Vec<Place> = pairs.iter().flat_map(Match::places).collect();
        stand.sort_unstable();
        stand.dedup();
        let numbers = self.order.iter().map(|&number| number as usize);
        numbers
            .filter(|&number| stand.binary_search(&self.places[number]).is_ok())
            .map(|number| self.names[number])
            .collect()
    }

    /// For how many documents each rank stands.
    pub(super) fn weights(&self) -> Vec<Weight> {
        let mut weights = vec![Weight::default(); self.order.len()];
        for (&number, &best) in self.order.iter().zip(&self.stands_for) {
            let weight = &mut weights[best as usize];
            weight.documents += 1;
            let is_reference = self.places[number as usize].doc.0 < self.references;
            weight.references += usize::from(is_reference);
        }
        weights
    }
}

/// All places of the pairs, in order and each once.
fn places(pairs: &[Match]) -> Result<Vec<Place>> {
    let mut last = None;
    for found in pairs {
        let [a, b] = found.places();
        if a >= b || last.replace([a, b]).is_some_and(|last| last >= [a, b]) {
            return Err(Error::mismatch(format!("{found}: out of order among the pairs")));
        }
    }
    let mut places: Vec<Place> = pairs.iter().flat_map(Match::places).collect();
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

/// Documents are named by their numbers, and so are paragraphs; but where each of these stands is known
/// by the order alone: both are in the order of the input.
fn check_names(names: &[DocId], places: &[Place], unit: Unit) -> Result<()> {
    let is = |name: DocId, place: Place| unit == Unit::Paragraph || name == place.doc;
    let same = names.iter().zip(places).take_while(|&(&name, &place)| is(name, place)).count();
    let name = names.get(same);
    let lacks = places.get(same).filter(|place| name.is_none_or(|&name| name > place.doc));
    match (lacks, name) {
        (Some(place), _) => Err(Error::mismatch(format!("order: lacks {place}"))),
        (None, Some(name)) => Err(Error::mismatch(format!("order: {name} matches nothing"))),
        (None, None) => Ok(()),
    }
}

/// What [`settle`](crate::cluster::settle) links, of matches that are known: by rank, and in that
/// order.
fn linked(clustering: Clustering, documents: usize, near: &[(u32, u32)]) -> Vec<(u32, u32)> {
    if clustering == Clustering::Connected {
        let mut components = Components::new(documents);
        return near.iter().copied().filter(|&(x, y)| components.unite(x, y)).collect();
    }
    let mut links = Vec::new();
    let mut joined = vec![false; documents];
    for of_center in near.chunk_by(|link, next| link.0 == next.0) {
        let center = of_center[0].0;
        if joined[center as usize] {
            continue;
        }
        let mut members: Vec<u32> = Vec::new();
        for &(_, other) in of_center.iter().filter(|link| !joined[link.1 as usize]) {
            let joins = clustering != Clustering::CompleteLink
                || members.len() + 1 < MOST_LINKED
                    && members.iter().all(|&member| near.binary_search(&(member, other)).is_ok());
            if joins {
                members.push(other);
            }
        }
        members.iter().for_each(|&member| joined[member as usize] = true);
        links.extend(members.into_iter().map(|member| (center, member)));
    }
    links
}
