//! A report at a higher threshold: from the pairs that it holds, without the texts.

mod sweep;

use sweep::Tally;

use crate::cluster::{Clustering, Components, MOST_LINKED};
use crate::measure::{Criterion, Measure, Relation};
use crate::membership::{Membership, ordered};
use crate::removal::Removal;
use crate::report::{Cluster, DocId, Match, Report};
use crate::text::Span;
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

    /// How many documents may be dropped: those of the clusters but for the kept ones.
    ///
    /// See [`Cut`] for an example.
    pub const fn removals(&self) -> usize {
        self.removals
    }
}

impl Report {
    /// The report at a higher threshold (for Hamming, at fewer bits), without the texts: its
    /// clusters, kept documents, matches and pairs are those that [`find`](crate::Detector::find)
    /// would give with that threshold and otherwise the same settings. It has to hold
    /// [all pairs](crate::DetectorBuilder::all_pairs).
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
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) for a report without its pairs, for one of
    /// paragraphs, against references or of chosen pairs, and for a threshold out of range or lower
    /// than that of the report;
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
                Some(removals(&graph.clusters(Clustering::Star, criterion)?))
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
            layouts: Vec::new(),
        };
        report.settings.threshold = criterion.threshold();
        Ok(report)
    }

    /// How many clusters and removals the report has at each threshold at which either changes, the
    /// strictest first, down to its own. What stands in a row holds from its threshold up to that of
    /// the row before; where no row is, there is no cluster. It has to hold
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

/// A match between documents that are no copies, by their ranks, the better one first.
#[derive(Clone, Copy)]
struct Edge {
    x: u32,
    y: u32,
    /// The strictest criterion it meets.
    reaches: Criterion,
}

/// The pairs of a report as a graph. Documents have ranks, by which the better one is kept, and
/// numbers in the order of the input.
pub(crate) struct Graph<'a> {
    pairs: &'a [Match],
    /// The documents by number.
    docs: Vec<DocId>,
    /// The numbers by rank.
    order: Vec<u32>,
    /// Of each rank the best one with the same tokens.
    stands_for: Vec<u32>,
    /// In the order of their ranks.
    edges: Vec<Edge>,
    /// The whole text of each number, as a span.
    spans: Vec<Span>,
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
        report.check_whole_documents()?;
        let own = Criterion::new(report.measure(), report.threshold())?;
        let mut docs = ranked.clone();
        docs.sort_unstable();
        if let Some(twice) = docs.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::mismatch(format!("order: {} stands twice", twice[0])));
        }
        let number = |doc: &DocId| docs.binary_search(doc);
        let order: Vec<u32> = ranked.iter().flat_map(number).map(|number| number as u32).collect();
        let mut rank = vec![0; docs.len()];
        order.iter().zip(0..).for_each(|(&number, place)| rank[number as usize] = place);
        let mut stands = vec![false; docs.len()];
        let mut spans = vec![Span::default(); docs.len()];
        let (mut edges, mut copies) = (Vec::new(), Vec::new());
        let mut last = None;
        for found in pairs {
            let pair = (found.a, found.b);
            if found.a >= found.b || last.replace(pair).is_some_and(|last| last >= pair) {
                return Err(Error::mismatch(format!("{found}: out of order among the pairs")));
            }
            let [a, b] = [found.a, found.b].map(|doc| {
                let number = number(&doc);
                number.map_err(|_| Error::mismatch(format!("{found}: order lacks {doc}")))
            });
            let (a, b) = (a?, b?);
            (stands[a], stands[b]) = (true, true);
            [spans[a], spans[b]] = found.spans;
            let (x, y) = ordered(rank[a], rank[b]);
            let reaches = Criterion::strictest(report.measure(), &found.similarity)
                .filter(|reaches| reaches.strictness() >= own.strictness())
                .ok_or_else(|| Error::mismatch(format!("{found}: does not reach the threshold")))?;
            if matches!(found.relation, Relation::Identical | Relation::SameText) {
                copies.push((x, y));
            }
            edges.push(Edge { x, y, reaches });
        }
        if let Some(number) = stands.iter().position(|stands| !stands) {
            return Err(Error::mismatch(format!("order: {} matches nothing", docs[number])));
        }
        let mut stands_for: Vec<u32> = (0..order.len() as u32).collect();
        for (x, y) in copies {
            let best = &mut stands_for[y as usize];
            *best = x.min(*best);
        }
        let is_best = |rank: u32| stands_for[rank as usize] == rank;
        edges.retain(|edge| is_best(edge.x) && is_best(edge.y));
        edges.sort_unstable_by_key(|edge| (edge.x, edge.y));
        Ok(Self { pairs, docs, order, stands_for, edges, spans })
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
        let doc = |number: u32| self.docs[number as usize];
        let mut clusters = membership.clusters(criterion.measure, doc);
        for &(x, y) in &membership.links {
            let (a, b) = (doc(x), doc(y));
            let at = self.pairs.binary_search_by_key(&(a, b), |found| (found.a, found.b));
            let at = at.map_err(|_| Error::mismatch(format!("the pairs lack match {a} ~ {b}")))?;
            clusters[membership.of(x)].matches.push(self.pairs[at].clone());
        }
        let span = |doc: &DocId| self.docs.binary_search(doc).map(|number| self.spans[number]);
        for cluster in &mut clusters {
            cluster.spans = cluster.docs.iter().flat_map(span).collect();
            cluster.kept = span(&cluster.keep).unwrap_or_default();
        }
        clusters.sort_unstable_by_key(|cluster| cluster.docs[0]);
        Ok(clusters)
    }

    /// Those of the documents that stand in some of the pairs, by rank.
    fn order_of(&self, pairs: &[Match]) -> Vec<DocId> {
        let mut stand: Vec<DocId> = pairs.iter().flat_map(|found| [found.a, found.b]).collect();
        stand.sort_unstable();
        stand.dedup();
        let docs = self.order.iter().map(|&number| self.docs[number as usize]);
        docs.filter(|doc| stand.binary_search(doc).is_ok()).collect()
    }

    /// How many documents each rank stands for.
    fn weights(&self) -> Vec<usize> {
        let mut weights = vec![0; self.order.len()];
        self.stands_for.iter().for_each(|&best| weights[best as usize] += 1);
        weights
    }
}

/// All members but the kept ones.
fn removals(clusters: &[Cluster]) -> Vec<Removal> {
    let mut removals: Vec<Removal> = clusters
        .iter()
        .flat_map(|cluster| {
            let kept = cluster.keep_place();
            let others = cluster.places().filter(move |&place| place != kept);
            others.map(move |place| Removal { place, kept })
        })
        .collect();
    removals.sort_unstable();
    removals
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
