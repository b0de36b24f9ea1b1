//! What a search found, with its proof and its limits.

mod cluster;
mod counters;
mod pair;
mod place;

use std::fmt;

pub use cluster::Cluster;
pub use counters::{Limits, Stats};
pub use pair::{Comparison, Match};
pub use place::{DocId, Place};

use crate::Unit;
use crate::boilerplate::CommonPassage;
use crate::measure::Measure;
use crate::removal::{self, Layout, Removal, Remove};
use crate::repeat::Repeat;
use crate::settings::Settings;

/// A repeat and the document it stands in.
///
/// ```
/// let report = doublon::find(&["the river rose by two metres\nthe river rose by two metres"])?;
/// assert_eq!(report.repeats()[0].doc().index(), 0);
/// assert_eq!(report.repeats()[0].repeat().tokens(), 6);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DocRepeat {
    pub(crate) doc: DocId,
    pub(crate) repeat: Repeat,
}

impl DocRepeat {
    /// The document.
    ///
    /// See [`DocRepeat`] for an example.
    pub fn doc(&self) -> DocId {
        self.doc
    }

    /// What stands in it more than once.
    ///
    /// See [`DocRepeat`] for an example.
    pub fn repeat(&self) -> &Repeat {
        &self.repeat
    }
}

/// What [`find`](crate::find) found. It depends on the texts and the configuration only: not on
/// threads, CPU or platform.
///
/// Its `Display` is a summary for people.
///
/// ```
/// let report = doublon::find(&["the very same", "other words", "the very same"])?;
/// assert_eq!(report.clusters().len(), 1);
/// assert_eq!(report.removable().map(|doc| doc.index()).collect::<Vec<_>>(), [2]);
/// assert!(report.to_string().starts_with("3 documents"));
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Report {
    pub(crate) settings: Settings,
    /// How candidates were found, in words.
    pub(crate) search: String,
    pub(crate) repeats: Vec<DocRepeat>,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub(crate) boilerplate: Vec<CommonPassage>,
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) pairs: Option<Vec<Match>>,
    /// The documents of the pairs, the one to keep first: what a cut needs beside them.
    pub(crate) order: Option<Vec<DocId>>,
    pub(crate) stats: Stats,
    pub(crate) limits: Limits,
    pub(crate) unit: Unit,
    /// So many documents come first and are references.
    pub(crate) references: u32,
    /// The plan that removes copies only.
    pub(crate) copies: Vec<Removal>,
    /// The plan of star clusters, if there are others.
    pub(crate) stars: Option<Vec<Removal>>,
    pub(crate) layouts: Vec<Layout>,
}

impl Report {
    /// The settings it was made with.
    ///
    /// See [`Settings`] for an example.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The measure of the search.
    ///
    /// ```
    /// assert_eq!(doublon::find(&[""])?.measure(), doublon::Measure::Coverage);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn measure(&self) -> Measure {
        self.settings.measure
    }

    /// The threshold of the search.
    ///
    /// ```
    /// assert_eq!(doublon::find(&[""])?.threshold(), 0.5);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn threshold(&self) -> f64 {
        self.settings.threshold
    }

    /// How candidates were found and what that promises, in words.
    ///
    /// ```
    /// let detector = doublon::Detector::builder().measure(doublon::Measure::Jaccard).build()?;
    /// assert_eq!(
    ///     detector.find(&[""])?.search(),
    ///     "minhash: 128 slots, 32 bands of 4 rows, designed recall 0.9998 at 0.7",
    /// );
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn search(&self) -> &str {
        &self.search
    }

    /// What was compared with what.
    ///
    /// ```
    /// assert_eq!(doublon::find(&[""])?.unit(), doublon::Unit::Document);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// How many documents are references: the first ones. 0 for all but
    /// [`find_against`](crate::Detector::find_against).
    ///
    /// See [`find_against`](crate::Detector::find_against) for an example.
    pub fn references(&self) -> usize {
        self.references as usize
    }

    /// What repeats inside single documents, in the order of the input.
    ///
    /// See [`DocRepeat`] for an example.
    pub fn repeats(&self) -> &[DocRepeat] {
        &self.repeats
    }

    /// The passages that stand in many documents, by their examples in the order of the input; none
    /// unless they were asked for.
    ///
    /// See [`Boilerplate`](crate::Boilerplate) for an example.
    pub fn boilerplate(&self) -> &[CommonPassage] {
        &self.boilerplate
    }

    /// The clusters, in the order of their first documents. No document is in two, or no paragraph
    /// where these are compared.
    ///
    /// See [`Cluster`] for an example.
    pub fn clusters(&self) -> &[Cluster] {
        &self.clusters
    }

    /// The matches of all clusters; when all pairs were asked for, all of those.
    ///
    /// See [`Match`] for an example.
    pub fn matches(&self) -> impl Iterator<Item = &Match> {
        let of_clusters = self.clusters.iter().filter(|_| self.pairs.is_none());
        self.pairs.iter().flatten().chain(of_clusters.flat_map(Cluster::matches))
    }

    /// The documents that may be dropped: all of a cluster but the kept one and references, in the
    /// order of the input. None where paragraphs are compared: a document is more than one of them.
    ///
    /// See [`Report`] for an example.
    pub fn removable(&self) -> impl Iterator<Item = DocId> {
        let clusters = self.clusters.iter().filter(|_| self.unit == Unit::Document);
        let mut docs: Vec<DocId> = clusters
            .flat_map(|cluster| cluster.docs.iter().copied().filter(|&doc| doc != cluster.keep))
            .filter(|&doc| !self.is_reference(doc))
            .collect();
        docs.sort_unstable();
        docs.into_iter()
    }

    /// What to cut out, and which copy of it is left: whole texts, or paragraphs; in the order of
    /// the input, then of the text.
    ///
    /// Once all removals are done (see [`Removal::apply`]), a search with the same settings finds
    /// nothing more to remove, unless a limit was reached ([`Limits::crowded`]) or boilerplate is
    /// discounted, of which fewer documents are left.
    ///
    /// - In a star, what is removed matches the copy that is left, and no two that are left match.
    /// - Of a connected cluster only the kept one is left: what is removed may resemble it through
    ///   others only.
    /// - Kept documents of two complete-link clusters may match each other, so that one round would
    ///   not be enough: the plan is the one of stars, and may differ from the clusters.
    /// - Copies only ([`Remove::Copies`]) does not depend on the clusters.
    ///
    /// A document whose paragraphs stand between blank lines and of which one alone would be left, of
    /// several lines, keeps one more, its last of those to remove: without a blank line its lines
    /// would be read as paragraphs.
    ///
    /// See [`Removal`] for an example.
    pub fn removals(&self, remove: Remove) -> Vec<Removal> {
        removal::plan(self, remove)
    }

    /// Whether some pairs may not match: copies do not stand for each other then.
    pub(crate) fn restricts(&self) -> bool {
        self.references > 0 || self.settings.chosen_pairs
    }

    pub(crate) fn is_reference(&self, doc: DocId) -> bool {
        doc.0 < self.references
    }

    /// Takes the number of each text for the place that `place` gives it.
    pub(crate) fn put_in_place(&mut self, place: impl Fn(u32) -> Place) {
        self.boilerplate.iter_mut().for_each(|common| common.put_in_place(&place));
        self.replace_places(|text| place(text.doc.0));
        for found in self.all_matches_mut() {
            let [a, b] = found.spans.map(|span| span.start() as u32);
            found.passages.iter_mut().for_each(|passage| passage.shift(a, b));
        }
    }

    /// Takes for each place the one that `to` gives for it.
    pub(crate) fn replace_places(&mut self, to: impl Fn(Place) -> Place) {
        for removal in self.copies.iter_mut().chain(self.stars.iter_mut().flatten()) {
            (removal.place, removal.kept) = (to(removal.place), to(removal.kept));
        }
        self.clusters.iter_mut().for_each(|cluster| cluster.replace_places(&to));
        for found in self.all_matches_mut() {
            let [a, b] = found.places().map(&to);
            (found.a, found.b, found.spans) = (a.doc, b.doc, [a.span, b.span]);
        }
    }

    fn all_matches_mut(&mut self) -> impl Iterator<Item = &mut Match> {
        let of_clusters = self.clusters.iter_mut().flat_map(|cluster| &mut cluster.matches);
        of_clusters.chain(self.pairs.iter_mut().flatten())
    }

    /// All that some plan may cut, in order; of a report with all pairs, at higher thresholds too.
    pub(crate) fn cut_at_most(&self) -> Vec<Place> {
        let mut all: Vec<Place> = self.clusters.iter().flat_map(Cluster::places).collect();
        let plans = self.copies.iter().chain(self.stars.iter().flatten());
        all.extend(plans.map(|removal| removal.place));
        all.extend(self.pairs.iter().flatten().flat_map(Match::places));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// How much was looked at.
    ///
    /// See [`Stats`] for an example.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Where the search did less than everything.
    ///
    /// See [`Limits`] for an example.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: usize, one: &str| {
            let many = if one.ends_with('h') { "es" } else { "s" };
            format!("{n} {one}{}", if n == 1 { "" } else { many })
        };
        writeln!(
            f,
            "{}: {}, {}, {}",
            plural(self.stats.documents as usize, "document"),
            plural(self.repeats.len(), "repeat"),
            plural(self.matches().count(), "match"),
            plural(self.clusters.len(), "cluster"),
        )?;
        writeln!(f, "{} >= {}; {}", self.measure(), self.threshold(), self.search)?;
        for (name, count) in self.limits.iter().filter(|&(_, count)| count > 0) {
            writeln!(f, "limit {name}: {count}")?;
        }
        for cluster in &self.clusters {
            let name = |place: Place| match self.unit {
                Unit::Document => place.doc.to_string(),
                Unit::Paragraph => place.to_string(),
            };
            let places: Vec<String> = cluster.places().map(name).collect();
            writeln!(f, "cluster {}, keep {}", places.join(" "), name(cluster.keep_place()))?;
        }
        Ok(())
    }
}
