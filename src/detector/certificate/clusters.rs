//! Whether clusters hold together, and keep what they should.

use super::places::Names;
use super::{Certificate, mismatch};
use crate::Result;
use crate::cluster::{Clustering, Components, MOST_LINKED};
use crate::cut::Graph;
use crate::detector::batch;
use crate::report::{Cluster, DocId};
use crate::threads;

impl Certificate<'_> {
    pub(super) fn clusters(&self) -> Result<()> {
        let mut components = Components::new(self.texts.len());
        for cluster in &self.report.clusters {
            let name = self.names.cluster(cluster);
            for found in &cluster.matches {
                if self.detector.clustering == Clustering::Connected {
                    components.unite(found.a.0, found.b.0);
                } else if found.a != cluster.keep && found.b != cluster.keep {
                    let found = self.names.pair(found);
                    return mismatch(format!("{name}: {found} is not with the kept document"));
                }
            }
            match self.detector.clustering {
                // As many different matches as members, each with the kept document.
                Clustering::Star => {}
                Clustering::Connected => {
                    let root = components.root(cluster.docs[0].0);
                    let apart = cluster.docs.iter().find(|doc| components.root(doc.0) != root);
                    if let Some(&doc) = apart {
                        let doc = self.names.text(doc);
                        return mismatch(format!("{name}: its matches do not connect {doc}"));
                    }
                }
                Clustering::CompleteLink => self.complete_link(cluster, &name)?,
            }
        }
        Ok(())
    }

    fn complete_link(&self, cluster: &Cluster, name: &str) -> Result<()> {
        let mut members: Vec<u32> =
            cluster.docs.iter().map(|&doc| self.copies.of[doc.index()]).collect();
        members.sort_unstable();
        members.dedup();
        if members.len() > MOST_LINKED {
            return mismatch(format!("{name}: is larger than a complete-link cluster may be"));
        }
        let with_later = |(at, &x): (usize, &u32)| members[at + 1..].iter().map(move |&y| (x, y));
        let pairs: Vec<_> = members.iter().enumerate().flat_map(with_later).collect();
        let matching = threads::map(
            &pairs,
            8,
            || self.desks(),
            |desks, &(x, y)| {
                let desk = self.desk(desks, x, y);
                self.scope.allows(x, y) && desk.matching(self.texts, x, y, || false).is_some()
            },
        );
        match matching.iter().position(|matching| !matching) {
            None => Ok(()),
            Some(at) => {
                let (x, y) = pairs[at];
                let [x, y] = [x, y].map(|text| self.names.number(text));
                mismatch(format!("{name}: {x} and {y} do not match"))
            }
        }
    }

    /// The kept documents, by the order of the documents or, where it is not known, that of the
    /// report; and copies, which are kept together.
    pub(super) fn kept(&self) -> Result<()> {
        self.ordered()?;
        let said = self.report.order.iter().flatten().map(|doc| doc.0);
        let order: Vec<u32> = self.order.map_or_else(|| said.collect(), Vec::clone);
        // Those of no known rank have the same.
        let mut rank = vec![u32::MAX; self.texts.len()];
        order.iter().zip(0..).for_each(|(&document, place)| rank[document as usize] = place);
        let mut cluster_of = vec![u32::MAX; self.texts.len()];
        for (cluster, number) in self.report.clusters.iter().zip(0..) {
            let rank = |doc: &DocId| (!self.scope.is_reference(doc.0), rank[doc.index()]);
            let best = cluster.docs.iter().min_by_key(|&doc| rank(doc)).unwrap_or(&cluster.keep);
            if rank(best) < rank(&cluster.keep) {
                let [best, keep] = [*best, cluster.keep].map(|doc| self.names.text(doc));
                let name = self.names.cluster(cluster);
                return mismatch(format!("{name}: {best} is to be kept rather than {keep}"));
            }
            cluster.docs.iter().for_each(|doc| cluster_of[doc.index()] = number);
        }
        for &(x, copy) in &self.copies.pairs {
            let cluster = cluster_of[x as usize];
            if cluster == u32::MAX || cluster != cluster_of[copy as usize] {
                let [x, copy] = [x, copy].map(|doc| self.names.number(doc));
                return mismatch(format!("cluster of {x}: lacks its copy {copy}"));
            }
        }
        Ok(())
    }

    /// The order of what stands in the pairs; where that is not known, that it lists these.
    fn ordered(&self) -> Result<()> {
        let (Some(pairs), Some(said)) = (self.report.pairs.as_deref(), &self.report.order) else {
            return Ok(());
        };
        let mut said = said.clone();
        let right = match self.order {
            Some(order) => batch::paired(order, pairs),
            None => {
                said.sort_unstable();
                batch::paired(&Vec::from_iter(0..self.texts.len() as u32), pairs)
            }
        };
        if right == said {
            return Ok(());
        }
        let at = right.iter().zip(&said).take_while(|(right, said)| right == said).count();
        let doc = said.get(at).map_or("nothing".into(), |&doc| self.names.text(doc));
        mismatch(format!("order: {doc} at place {at} is out of order"))
    }

    /// That the clusters are those of all pairs, which were checked one by one.
    pub(super) fn pairs(&self) -> Result<()> {
        let Some(pairs) = &self.report.pairs else { return Ok(()) };
        let graph = Graph::of(self.said)?;
        let mut copies = vec![0u128; self.texts.len()];
        self.copies.of.iter().for_each(|&best| copies[best as usize] += 1);
        // A match of two documents is one of all their copies.
        let is_best = |doc: DocId| self.copies.of[doc.index()] == doc.0;
        let has = |x: DocId, y: DocId| {
            let (x, y) = (x.min(y), x.max(y));
            x == y || pairs.binary_search_by_key(&(x, y), |found| (found.a, found.b)).is_ok()
        };
        let best_of = |doc: DocId| DocId(self.copies.of[doc.index()]);
        if let Some(alone) = pairs.iter().find(|found| !has(best_of(found.a), best_of(found.b))) {
            let name = self.names.pair(alone);
            return mismatch(format!("{name}: the documents that they are copies of do not match"));
        }
        let best = pairs.iter().filter(|found| is_best(found.a) && is_best(found.b));
        let across: u128 =
            best.map(|found| copies[found.a.index()] * copies[found.b.index()]).sum();
        let within: u128 = copies.iter().map(|&copies| copies * copies.saturating_sub(1) / 2).sum();
        if pairs.len() as u128 != across + within {
            let all = across + within;
            return mismatch(format!("pairs: are {}; with all copies they are {all}", pairs.len()));
        }
        let clusters = graph.clusters(self.detector.clustering, self.detector.criterion)?;
        let said = &self.said.clusters;
        let at = clusters.iter().zip(said).take_while(|(x, y)| x == y).count();
        match said.get(at).or(clusters.get(at)) {
            None => Ok(()),
            Some(cluster) => {
                let cluster = Names::default().cluster(cluster);
                mismatch(format!("{cluster}: is not what the pairs make"))
            }
        }
    }
}
