//! The plans of removal that do not follow from the clusters.

use super::{Certificate, mismatch};
use crate::Result;
use crate::cluster::Clustering;
use crate::removal::Removal;
use crate::settings::Search;
use crate::threads;

impl Certificate<'_> {
    pub(super) fn plans(&self) -> Result<()> {
        self.of_copies()?;
        self.of_stars()?;
        self.layouts()
    }

    /// Of each text with copies, the others; where nobody says which is kept, all but any of them.
    fn of_copies(&self) -> Result<()> {
        let said: Vec<(u32, u32)> =
            self.report.copies.iter().map(|cut| (cut.place.doc.0, cut.kept.doc.0)).collect();
        let (right, _) = self.classes.allowed(self.scope);
        let mut right: Vec<(u32, u32)> = right.into_iter().map(|(kept, cut)| (cut, kept)).collect();
        right.sort_unstable();
        let wrong = if self.order.is_some() && self.choice_known {
            let same = said.iter().zip(&right).take_while(|(said, right)| said == right).count();
            said.get(same).or(right.get(same))
        } else {
            let class = |text: u32| self.classes.of[text as usize];
            let is_cut = |text: u32| said.binary_search_by_key(&text, |cut| cut.0).is_ok();
            let otherwise = |&&(cut, kept): &&(u32, u32)| {
                cut == kept
                    || self.scope.is_reference(cut)
                    || class(cut) != class(kept)
                    || !self.scope.allows(cut, kept)
                    || is_cut(kept)
            };
            let twice = said.windows(2).find(|two| two[0].0 >= two[1].0).map(|two| &two[1]);
            // How many go depends on the order where pairs were chosen.
            let counted = !self.report.settings.chosen_pairs;
            let missing = right.last().filter(|_| counted && said.len() < right.len());
            twice.or_else(|| said.iter().find(otherwise)).or(missing)
        };
        if let Some(&(cut, _)) = wrong {
            let cut = self.names.number(cut);
            return mismatch(format!("removal of {cut}: copies are removed otherwise"));
        }
        // They match, so that one of them at least is in a cluster, unless the search missed that.
        let mut clustered: Vec<u32> = self
            .report
            .clusters
            .iter()
            .flat_map(|cluster| &cluster.docs)
            .map(|doc| doc.0)
            .collect();
        clustered.sort_unstable();
        let alone = |&&(x, y): &&(u32, u32)| {
            [x, y].iter().all(|text| clustered.binary_search(text).is_err())
        };
        match said.iter().find(alone).filter(|_| self.report.limits.crowded == 0) {
            None => Ok(()),
            Some(&(copy, of)) => {
                let [of, copy] = [of, copy].map(|text| self.names.number(text));
                mismatch(format!("cluster of {of}: lacks its copy {copy}"))
            }
        }
    }

    /// Where there are complete-link clusters.
    fn of_stars(&self) -> Result<()> {
        let linked = self.report.settings.clustering == Clustering::CompleteLink;
        if self.report.stars.is_some() != linked {
            return mismatch("stars: stand with complete-link clusters, and only with them".into());
        }
        let stars = self.report.stars.as_deref().unwrap_or_default();
        let name = |removal: &Removal| self.names.text(removal.doc());
        if let Some(two) = stars.windows(2).find(|two| two[0].place >= two[1].place) {
            return mismatch(format!("removal of {}: out of order", name(&two[1])));
        }
        let is_cut = |text| stars.binary_search_by_key(&text, |cut| cut.place.doc).is_ok();
        if let Some(lost) = stars.iter().find(|removal| is_cut(removal.kept.doc)) {
            let kept = self.names.text(lost.kept.doc);
            return mismatch(format!("removal of {}: the kept {kept} is removed too", name(lost)));
        }
        if let Some(order) = self.order {
            let mut rank = vec![0; order.len()];
            order.iter().zip(0..).for_each(|(&text, place)| rank[text as usize] = place);
            let worse = |removal: &&Removal| {
                rank[removal.kept.doc.index()] > rank[removal.place.doc.index()]
            };
            if let Some(removal) = stars.iter().find(worse) {
                let kept = self.names.text(removal.kept.doc);
                return mismatch(format!("removal of {}: it is better than {kept}", name(removal)));
            }
        }
        // No two that are left match, unless the search missed that; and those of a cluster do.
        let Self { report, .. } = self;
        let complete = report.settings.search != Search::MinHash && report.limits.crowded == 0;
        for cluster in report.clusters.iter().filter(|_| linked && complete) {
            let mut left = cluster.docs.iter().filter(|&&doc| !is_cut(doc));
            if let (Some(_), Some(&doc)) = (left.next(), left.next()) {
                return mismatch(format!("removal of {}: is missing", self.names.text(doc)));
            }
        }
        // What one text is kept for in a row: it is read once.
        let mut by_kept: Vec<&Removal> = stars.iter().collect();
        by_kept.sort_by_key(|removal| removal.kept);
        let matching = threads::map(
            &by_kept,
            8,
            || self.desks(),
            |desks, removal| {
                let (cut, kept) = (removal.place.doc.0, removal.kept.doc.0);
                cut != kept
                    && !self.scope.is_reference(cut)
                    && self.scope.allows(cut, kept)
                    && self.desk(desks, cut, kept).compare(self.texts, cut, kept).is_match
            },
        );
        let wrong = by_kept.into_iter().zip(matching).filter(|(_, matching)| !matching);
        match wrong.map(|(removal, _)| removal).min() {
            None => Ok(()),
            Some(removal) => {
                let kept = self.names.text(removal.kept.doc);
                mismatch(format!("removal of {}: it does not match {kept}", name(removal)))
            }
        }
    }

    fn layouts(&self) -> Result<()> {
        let right = self.scope.layouts(&self.said.cut_at_most(), self.documents);
        let said = &self.said.layouts;
        let same = said.iter().zip(&right).take_while(|(said, right)| said == right).count();
        match said.get(same).or(right.get(same)) {
            None => Ok(()),
            Some(layout) => {
                mismatch(format!("layout of {}: its paragraphs are others", layout.doc))
            }
        }
    }
}
