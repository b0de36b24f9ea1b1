//! Whether the records of a report can be what they are called, before any text is read.

use super::mismatch;
use super::places::Names;
use crate::Result;
use crate::report::{Cluster, DocId, DocRepeat, Match, Report};

/// All that can be said of the documents, or the paragraphs, by their numbers alone.
pub(super) struct Numbers<'a> {
    pub(super) documents: usize,
    /// What was compared.
    pub(super) texts: usize,
    pub(super) names: Names<'a>,
}

impl Numbers<'_> {
    pub(super) fn check(&self, report: &Report) -> Result<()> {
        for DocRepeat { doc, .. } in &report.repeats {
            if doc.index() >= self.documents {
                return mismatch(format!(
                    "repeat: {doc} is not among the {} documents",
                    self.documents
                ));
            }
        }
        let mut cluster_of = vec![None; self.texts];
        let mut first = None;
        for cluster in &report.clusters {
            let name = self.names.cluster(cluster);
            self.cluster(cluster, &name)?;
            if first.replace(cluster.docs[0]) >= Some(cluster.docs[0]) {
                return mismatch(format!("{name}: out of order"));
            }
            if cluster.measure != report.settings.measure {
                return mismatch(format!("{name}: is measured by {}", cluster.measure));
            }
            for &doc in &cluster.docs {
                if let Some(other) = cluster_of[doc.index()].replace(cluster.docs[0]) {
                    let [doc, other] = [doc, other].map(|doc| self.names.text(doc));
                    return mismatch(format!("{name}: {doc} is in the cluster of {other} too"));
                }
            }
        }
        let mut last = None;
        for found in report.pairs.iter().flatten() {
            self.pair(found)?;
            if last.replace((found.a, found.b)) >= Some((found.a, found.b)) {
                let name = self.names.pair(found);
                return mismatch(format!("{name}: out of order among the pairs"));
            }
        }
        for &doc in report.order.iter().flatten() {
            self.exists(doc, "order")?;
        }
        if report.order.is_some() != report.pairs.is_some() {
            return mismatch("order: stands with all pairs, and only with them".into());
        }
        Ok(())
    }

    fn exists(&self, doc: DocId, name: &str) -> Result<()> {
        if doc.index() < self.texts {
            return Ok(());
        }
        let texts = self.names.texts();
        mismatch(format!("{name}: {doc} is not among the {} {texts}", self.texts))
    }

    fn pair(&self, found: &Match) -> Result<()> {
        let name = self.names.pair(found);
        self.exists(found.a, &name)?;
        self.exists(found.b, &name)?;
        if found.a >= found.b {
            return mismatch(format!("{name}: the first document must come first"));
        }
        Ok(())
    }

    fn cluster(&self, cluster: &Cluster, name: &str) -> Result<()> {
        let Cluster { docs, keep, matches, .. } = cluster;
        if docs.len() < 2 {
            return mismatch(format!("{name}: has fewer than two documents"));
        }
        for &doc in docs {
            self.exists(doc, name)?;
        }
        if !docs.is_sorted_by(|x, y| x < y) {
            return mismatch(format!("{name}: its documents are out of order"));
        }
        let has = |doc: DocId| docs.binary_search(&doc).is_ok();
        if !has(*keep) {
            let keep = self.names.text(*keep);
            return mismatch(format!("{name}: the kept {keep} is not in it"));
        }
        if matches.len() != docs.len() - 1 {
            return mismatch(format!(
                "{name}: has {} matches for {} documents",
                matches.len(),
                docs.len()
            ));
        }
        if !matches.is_sorted_by(|x, y| (x.a, x.b) < (y.a, y.b)) {
            return mismatch(format!("{name}: its matches are out of order"));
        }
        for found in matches {
            self.pair(found)?;
            if !has(found.a) || !has(found.b) {
                let found = self.names.pair(found);
                return mismatch(format!("{name}: {found} is not among its documents"));
            }
        }
        Ok(())
    }
}
