//! The places of a report, as numbers of what was compared.

use std::borrow::Cow;

use super::mismatch;
use crate::detector::scope::Scope;
use crate::report::{Cluster, DocId, Match, Place, Report};
use crate::{Result, Unit};

/// The report with the number of each text for its place, where these are not those of documents.
pub(super) fn numbered<'r>(
    report: &'r Report,
    scope: &Scope,
    documents: &[&str],
) -> Result<Cow<'r, Report>> {
    if scope.places.is_none() {
        return Ok(Cow::Borrowed(report));
    }
    check_places(report, scope, documents)?;
    let mut numbered = report.clone();
    numbered.replace_places(|place| {
        let number = scope.number(place, documents).expect("the places were checked");
        Place { doc: DocId(number), ..place }
    });
    Ok(Cow::Owned(numbered))
}

/// Whether all places are those of texts that were compared.
pub(super) fn check_places(report: &Report, scope: &Scope, documents: &[&str]) -> Result<()> {
    let is_text = |place: Place| scope.number(place, documents).is_some();
    let what = match report.unit {
        Unit::Document => "whole documents",
        Unit::Paragraph => "paragraphs",
    };
    for cluster in &report.clusters {
        let Cluster { docs, spans, .. } = cluster;
        let all = docs.len() == spans.len()
            && cluster.places().all(is_text)
            && is_text(cluster.keep_place());
        if !all {
            let name = Names::default().cluster(cluster);
            return mismatch(format!("{name}: its places are not {what}"));
        }
    }
    let of_clusters = report.clusters.iter().flat_map(|cluster| &cluster.matches);
    let mut matches = of_clusters.chain(report.pairs.iter().flatten());
    if let Some(found) = matches.find(|found| !found.places().into_iter().all(is_text)) {
        return mismatch(format!("{found}: its places are not {what}"));
    }
    let mut plans = report.copies.iter().chain(report.stars.iter().flatten());
    match plans.find(|removal| !is_text(removal.place) || !is_text(removal.kept)) {
        Some(removal) => mismatch(format!("removal of {}: is not of {what}", removal.doc())),
        None => Ok(()),
    }
}

/// How errors name texts that go by numbers: paragraphs by their places.
#[derive(Clone, Copy, Default)]
pub(super) struct Names<'a>(Option<&'a [Place]>);

impl<'a> Names<'a> {
    pub(super) fn of(scope: &'a Scope) -> Self {
        Self(scope.places.as_deref())
    }

    pub(super) fn text(self, number: DocId) -> String {
        match self.0.and_then(|places| places.get(number.index())) {
            Some(place) => place.to_string(),
            None => number.to_string(),
        }
    }

    pub(super) fn number(self, number: u32) -> String {
        self.text(DocId(number))
    }

    pub(super) fn pair(self, found: &Match) -> String {
        format!("match {} ~ {}", self.text(found.a), self.text(found.b))
    }

    /// By its first document; read from a file, it need not have one.
    pub(super) fn cluster(self, cluster: &Cluster) -> String {
        match cluster.docs.first() {
            Some(&first) => format!("cluster of {}", self.text(first)),
            None => "cluster of nothing".into(),
        }
    }

    /// What they are.
    pub(super) fn texts(self) -> &'static str {
        if self.0.is_some() { "paragraphs" } else { "documents" }
    }
}
