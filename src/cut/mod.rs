//! A report at a higher threshold: from the pairs that it holds, without the texts.

mod graph;
mod sweep;

pub(crate) use graph::Graph;
use sweep::Tally;

use crate::cluster::Clustering;
use crate::measure::{Criterion, Measure};
use crate::removal;
use crate::report::{Match, Report};
use crate::{Error, Result};

/// What a report would hold at a threshold, in numbers: a row of [`Report::thresholds`].
///
/// ```
/// let texts = ["one two three four five six", "one two three four five six", "seven"];
/// let report = doublon::Detector::builder().all_pairs(100).build()?.find(&texts)?;
/// let rows = report.thresholds()?;
/// assert_eq!((rows[0].threshold(), rows[0].clusters(), rows[0].removals()), (1.0, 1, 1));
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cut {
    threshold: f64,
    clusters: usize,
    removals: usize,
}

impl Cut {
    /// The strictest threshold with these numbers: a share to the millionth, or for Hamming a
    /// number of bits.
    ///
    /// See [`Cut`] for an example.
    pub const fn threshold(&self) -> f64 {
        self.threshold
    }

    /// How many clusters there are.
    ///
    /// See [`Cut`] for an example.
    pub const fn clusters(&self) -> usize {
        self.clusters
    }

    /// How many documents, or paragraphs, may be dropped: those of the clusters but for the kept
    /// ones and references.
    ///
    /// See [`Cut`] for an example.
    pub const fn removals(&self) -> usize {
        self.removals
    }
}

impl Report {
    /// The report at a higher threshold (for Hamming, at fewer bits), without the texts: its
    /// clusters, kept documents, matches and pairs are those that [`find`](crate::Detector::find) or
    /// [`find_against`](crate::Detector::find_against) would give with that threshold and otherwise the
    /// same settings. It has to hold [all pairs](crate::DetectorBuilder::all_pairs).
    ///
    /// [`search`](Report::search), [`stats`](Report::stats) and [`limits`](Report::limits) stay
    /// those of the search that was made. A search that may miss a pair, minhash or one with
    /// [crowded](crate::Limits::crowded) groups, may miss another one when it is made anew.
    ///
    /// The pairs are taken as they stand: [`verify`](Report::verify) checks them. Cost: the pairs
    /// are copied and sorted; complete-link clusters take up to 1,000 look-ups a pair.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) for a report without its pairs, and for a
    /// threshold out of range or lower than that of the report;
    /// [`Mismatch`](crate::ErrorKind::Mismatch) for a report that does not hold together.
    ///
    /// ```
    /// use doublon::{Detector, Measure};
    ///
    /// let texts = ["a b c d e f", "a b c d e f", "a b c d e f g h"];
    /// let mut builder = Detector::builder();
    /// builder.measure(Measure::Jaccard).threshold(0.5).shingle(2).all_pairs(100);
    /// let report = builder.build()?.find(&texts)?;
    /// assert_eq!(report.clusters()[0].docs().len(), 3);
    /// assert_eq!(report.at(0.9)?.clusters()[0].docs().len(), 2);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn at(&self, threshold: f64) -> Result<Report> {
        let criterion = Criterion::new(self.measure(), threshold)?;
        let own = Criterion::new(self.measure(), self.threshold())?;
        if criterion.strictness() < own.strictness() {
            return Err(Error::config(format!(
                "the report holds no pairs past its own threshold of {}; search anew at {threshold}",
                own.threshold()
            )));
        }
        let graph = Graph::of(self)?;
        let stars = match self.settings.clustering {
            Clustering::CompleteLink => {
                let clusters = graph.clusters(Clustering::Star, criterion)?;
                let mut stars: Vec<_> = removal::of_clusters(&clusters).collect();
                stars.sort_unstable();
                Some(stars)
            }
            _ => None,
        };
        let pairs = graph.pairs.iter().filter(|found| criterion.accepts(&found.similarity));
        let pairs: Vec<Match> = pairs.cloned().collect();
        let mut report = Report {
            settings: self.settings.clone(),
            search: self.search.clone(),
            repeats: self.repeats.clone(),
            clusters: graph.clusters(self.settings.clustering, criterion)?,
            order: Some(graph.order_of(&pairs)),
            pairs: Some(pairs),
            stats: self.stats,
            limits: self.limits,
            boilerplate: self.boilerplate.clone(),
            unit: self.unit,
            references: self.references,
            // Copies match at every threshold.
            copies: self.copies.clone(),
            stars,
            layouts: self.layouts.clone(),
        };
        report.settings.threshold = criterion.threshold();
        let cut = report.cut_at_most();
        report.layouts.retain(|layout| layout.may_be_left_with_one(&cut));
        Ok(report)
    }

    /// How many clusters and removals the report has at each threshold at which either changes, the
    /// strictest first, down to its own. What stands in a row holds from its threshold down to that of
    /// the next row, which is not of it; above the first row there is no cluster. It has to hold
    /// [all pairs](crate::DetectorBuilder::all_pairs), and its last row counts what [`at`](Report::at)
    /// its own threshold has.
    ///
    /// Cost: that of sorting the pairs, and for star and complete-link clusters what has to be
    /// settled anew as matches are added, up to 2^31 steps.
    ///
    /// # Errors
    ///
    /// As [`at`](Report::at), and [`ErrorKind::Limit`](crate::ErrorKind::Limit) where it would take
    /// more steps.
    ///
    /// See [`Cut`] for an example.
    pub fn thresholds(&self) -> Result<Vec<Cut>> {
        let graph = Graph::of(self)?;
        let strictest = if self.measure() == Measure::Hamming { 0.0 } else { 1.0 };
        let mut level = Criterion::new(self.measure(), strictest)?;
        let mut sweep = sweep::new(self.settings.clustering, graph.weights());
        let mut edges = graph.edges.clone();
        edges.sort_unstable_by_key(|edge| (u64::MAX - edge.reaches.strictness(), edge.x, edge.y));
        let mut rows = Vec::new();
        let mut before = Tally::default();
        let mut rest = &edges[..];
        loop {
            let (now, later) = rest.split_at(rest.partition_point(|edge| edge.reaches == level));
            let tally = sweep.add(now)?;
            if tally != before {
                let Tally { clusters, removals } = tally;
                rows.push(Cut { threshold: level.threshold(), clusters, removals });
                before = tally;
            }
            match later.first() {
                None => return Ok(rows),
                Some(edge) => (level, rest) = (edge.reaches, later),
            }
        }
    }
}
