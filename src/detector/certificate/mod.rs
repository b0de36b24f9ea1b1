//! A report held against its texts: whether what it says is so.

mod proof;
mod shape;

use std::sync::Arc;

use proof::{difference, proves};
use shape::Numbers;

use super::batch::{self, Copies};
use super::compare::Pairs;
use super::scope::Scope;
use super::survey::Survey;
use super::{Detector, Engine, Keep, Unit, check_len};
use crate::boilerplate::{CommonPassage, Commons};
use crate::cluster::{Clustering, Components, MOST_LINKED};
use crate::cut::Graph;
use crate::measure::Measure;
use crate::passage::Passage;
use crate::removal::Removal;
use crate::report::{Cluster, DocId, Limits, Match, Place, Report, Stats};
use crate::settings::{Policy, Search, Settings};
use crate::text::{Span, Tokenize, Words};
use crate::{Error, Result, threads};

impl Report {
    /// Checks the report against the texts it was made of, in their order; `Ok` when all that it says
    /// is so. It may have been read from a file: nothing in it is trusted.
    ///
    /// - Each match is counted anew. Its similarity, relation and passages must be the same, and reach
    ///   the threshold; each run must begin and end at tokens of both texts that are equal after
    ///   folding.
    /// - Each document is searched for repeats anew, if that was asked for.
    /// - Each cluster must hold what its [`Clustering`] says: in a star the matches join each member to
    ///   the kept document, in a connected cluster they connect all members, and of a complete-link
    ///   cluster every two members are compared anew. The kept document must be the one that the
    ///   policy keeps; a caller's own can be asked by [`Detector::verify`] only. Documents with the
    ///   same tokens must be in one cluster.
    /// - All pairs, if the report holds them, must make these clusters, each must be there for all copies
    ///   of its documents, and the order kept for [`at`](Report::at) must be that of the policy.
    /// - Boilerplate, if it was asked for, is found anew; the plans of [`removals`](Report::removals) name
    ///   whole documents, of which each removed one matches the one that is kept for it.
    /// - Documents, bytes, tokens and copies, and the empty and short ones, are counted.
    ///
    /// It says that what is there is true, not that nothing is missing: no match is searched for. So
    /// `candidates`, `verified`, `crowded` and `full`, a threshold lower than that of the search, a
    /// cluster or pair left out, and settings with which the same would have been found are not noticed.
    ///
    /// Cost: each text is read once, and both texts of each match again; up to 500,000 pairs of a
    /// complete-link cluster are compared. Runs on the caller's rayon pool.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Mismatch`](crate::ErrorKind::Mismatch) names the first record that is not so.
    /// [`Config`](crate::ErrorKind::Config) for a report made with another tokenizer than
    /// [`Words`](crate::text::Words), which [`Detector::verify`] takes, and for one of paragraphs,
    /// against references or of chosen pairs;
    /// [`Limit`](crate::ErrorKind::Limit) as [`Detector::find`].
    ///
    /// ```
    /// use doublon::ErrorKind;
    ///
    /// let texts = ["the very same words", "other words", "The very same words!"];
    /// let report = doublon::find(&texts)?;
    /// report.verify(&texts)?;
    ///
    /// let error = report.verify(&["the very same", "other words", "The vary same words!"]);
    /// assert_eq!(error.unwrap_err().kind(), ErrorKind::Mismatch);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn verify<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Result<()> {
        let made_with = self.settings.tokenizer;
        if made_with != Words.fingerprint() {
            return Err(Error::config(format!(
                "settings: the report was made with another tokenizer, of fingerprint \
                 {made_with:016x}; use `Detector::verify(&report, &texts)` of a detector that has it"
            )));
        }
        verify(self, texts, Arc::new(Words), &Keep::Longest)
    }
}

impl Detector {
    /// [`Report::verify`] with the tokenizer of this detector, for reports that were made with it. Of
    /// the other settings those of the report count; but where it was made with a
    /// [priority](Keep::by) of the caller, it is held against that of this detector, if it has one.
    ///
    /// # Errors
    ///
    /// As [`Report::verify`]; [`ErrorKind::Config`](crate::ErrorKind::Config) for a report made with
    /// another tokenizer.
    ///
    /// ```
    /// let texts = ["the very same words", "The very same words!"];
    /// let detector = doublon::Detector::default();
    /// let report = detector.find(&texts)?;
    /// detector.verify(&report, &texts)?;
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn verify<T: AsRef<str> + Sync>(&self, report: &Report, texts: &[T]) -> Result<()> {
        let (made_with, own) = (report.settings.tokenizer, self.tokenizer.fingerprint());
        if made_with != own {
            return Err(Error::config(format!(
                "settings: the report was made with a tokenizer of fingerprint {made_with:016x}, and \
                 that of this detector has {own:016x}; use a detector that has the first"
            )));
        }
        verify(report, texts, self.tokenizer.clone(), &self.keep)
    }
}

fn verify<T: AsRef<str> + Sync>(
    report: &Report,
    texts: &[T],
    tokenizer: Arc<dyn Tokenize>,
    keep: &Keep,
) -> Result<()> {
    if texts.len() >= 1 << 31 {
        return Err(Error::limit("2^31 or more documents; search in parts"));
    }
    report.check_whole_documents()?;
    texts.iter().try_for_each(|text| check_len(text.as_ref()))?;
    let detector = detector(&report.settings, &report.search, tokenizer, keep)?;
    Numbers { documents: texts.len() }.check(report)?;
    let scope = Scope::new(Unit::Document, None, texts, 0)?;
    let (commons, boilerplate) = detector.commons(texts, &scope);
    let hidden = commons.as_ref();
    let survey = Survey::new(&detector, hidden, texts)?;
    let order = batch::order(&detector, &survey, &scope);
    let copies = Copies::new(&detector, texts, &scope, &survey, &order);
    let certificate = Certificate { report, texts, detector: &detector, hidden, copies: &copies };
    certificate.boilerplate(&boilerplate)?;
    certificate.places()?;
    certificate.repeats(&survey)?;
    certificate.counters(&survey)?;
    certificate.matches()?;
    certificate.clusters()?;
    // Without the caller's priority, the order is what the report says.
    let unknown = report.settings.keep == Policy::Priority && !matches!(keep, Keep::Priority(_));
    certificate.kept(if unknown { None } else { Some(&order) })?;
    certificate.plans(!unknown)?;
    certificate.pairs()
}

fn mismatch<T>(message: String) -> Result<T> {
    Err(Error::mismatch(message))
}

/// A detector with these settings, which searches nothing.
fn detector(
    settings: &Settings,
    words: &str,
    tokenizer: Arc<dyn Tokenize>,
    keep: &Keep,
) -> Result<Detector> {
    let Settings { measure, threshold, search, .. } = *settings;
    let mut builder = Detector::builder();
    builder.measure(measure).threshold(threshold).cluster(settings.clustering);
    builder.shingle(settings.shingle).min_run(settings.min_run).max_gap(settings.max_gap);
    builder.repeats(settings.repeats).boilerplate(settings.boilerplate);
    builder.keep(match (settings.keep, keep) {
        (Policy::Longest, _) => Keep::Longest,
        (Policy::First, _) => Keep::First,
        (Policy::Last, _) => Keep::Last,
        (Policy::Priority, Keep::Priority(priority)) => Keep::Priority(priority.clone()),
        (Policy::Priority, _) => Keep::First,
    });
    builder.search(match (search, measure) {
        // Its bands are for another threshold, after a cut.
        (Search::MinHash, Measure::Jaccard) => Search::Exact,
        (search, _) => search,
    });
    let mut detector =
        builder.build().map_err(|error| Error::mismatch(format!("settings: {error}")))?;
    let told = match search {
        Search::Auto => false,
        Search::MinHash => words.starts_with("minhash: "),
        // A report that was cut names the bits of the search.
        Search::Hamming => (detector.criterion.bits()..=16)
            .any(|bits| words == format!("hamming: every pair within {bits} bits")),
        Search::Winnow | Search::Exact => words == detector.search(),
    };
    if !told {
        let search = format!("{search:?}").to_lowercase();
        return mismatch(format!("settings: {search} search is not {words:?}"));
    }
    detector.tokenizer = tokenizer;
    detector.engine = Engine::Hamming;
    Ok(detector)
}

/// By its first document; read from a file, it need not have one.
fn name(cluster: &Cluster) -> String {
    match cluster.docs.first() {
        Some(first) => format!("cluster of {first}"),
        None => "cluster of nothing".into(),
    }
}

/// A report whose numbers are those of documents, and what was read of these.
struct Certificate<'a, T> {
    report: &'a Report,
    texts: &'a [T],
    detector: &'a Detector,
    hidden: Option<&'a Commons>,
    copies: &'a Copies,
}

impl<T: AsRef<str> + Sync> Certificate<'_, T> {
    fn boilerplate(&self, found: &[CommonPassage]) -> Result<()> {
        let said = &self.report.boilerplate;
        let at = said.iter().zip(found).take_while(|(said, found)| said == found).count();
        match (said.get(at), found.get(at)) {
            (None, None) => Ok(()),
            (Some(said), _) => {
                mismatch(format!("boilerplate of {} at {}: is none", said.doc, said.span))
            }
            (None, Some(found)) => {
                mismatch(format!("boilerplate of {} at {}: is missing", found.doc, found.span))
            }
        }
    }

    /// Documents are compared whole.
    fn whole(&self, doc: DocId) -> Option<Place> {
        let text = self.texts.get(doc.index())?.as_ref();
        Some(Place { doc, span: Span::new(0, text.len() as u32) })
    }

    fn places(&self) -> Result<()> {
        let whole = |doc: DocId, span: Span| self.whole(doc) == Some(Place { doc, span });
        for cluster in &self.report.clusters {
            let Cluster { docs, spans, keep, kept, .. } = cluster;
            let all = docs.len() == spans.len()
                && docs.iter().zip(spans).all(|(&doc, &span)| whole(doc, span))
                && whole(*keep, *kept);
            if !all {
                return mismatch(format!("{}: its places are not whole documents", name(cluster)));
            }
        }
        let of_clusters = self.report.clusters.iter().flat_map(|cluster| &cluster.matches);
        for found in of_clusters.chain(self.report.pairs.iter().flatten()) {
            if !whole(found.a, found.spans[0]) || !whole(found.b, found.spans[1]) {
                return mismatch(format!("{found}: its places are not whole documents"));
            }
        }
        Ok(())
    }

    /// The plans of removal that do not follow from the clusters.
    fn plans(&self, order_known: bool) -> Result<()> {
        let Report { copies, stars, layouts, settings, .. } = self.report;
        // Of each text with copies, the one that is kept; where nobody says which, any of them.
        let mut kept_of = vec![None; self.texts.len()];
        let mut cut = vec![false; self.texts.len()];
        for removal in copies {
            let [doc, kept] = [removal.place, removal.kept].map(|place| place.doc);
            if self.whole(doc) != Some(removal.place) || self.whole(kept) != Some(removal.kept) {
                return mismatch(format!("removal of {doc}: is not of whole documents"));
            }
            let class = self.copies.of[doc.index()];
            let is_kept = kept_of[class as usize].get_or_insert(kept.0) == &kept.0
                && (kept.0 == class || !order_known);
            let copies = self.copies.of[kept.index()] == class && doc != kept;
            if !is_kept || !copies || std::mem::replace(&mut cut[doc.index()], true) {
                return mismatch(format!("removal of {doc}: copies are removed otherwise"));
            }
        }
        if let Some(lost) = copies.iter().find(|removal| cut[removal.kept.doc.index()]) {
            return mismatch(format!(
                "removal of {}: copies are removed otherwise",
                lost.place.doc
            ));
        }
        if copies.len() != self.copies.pairs.len() || !copies.is_sorted() {
            return mismatch("removal of #: copies are missing or out of order".into());
        }
        if !layouts.is_empty() {
            return mismatch(format!("layout of {}: paragraphs are not compared", layouts[0].doc));
        }
        if stars.is_some() != (settings.clustering == Clustering::CompleteLink) {
            return mismatch("stars: stand with complete-link clusters, and only with them".into());
        }
        let stars = stars.as_deref().unwrap_or_default();
        let mut cut = vec![false; self.texts.len()];
        for removal in stars {
            let [doc, kept] = [removal.place, removal.kept].map(|place| place.doc);
            if self.whole(doc) != Some(removal.place) || self.whole(kept) != Some(removal.kept) {
                return mismatch(format!("removal of {doc}: is not of whole documents"));
            }
            if std::mem::replace(&mut cut[doc.index()], true) {
                return mismatch(format!("removal of {doc}: stands twice"));
            }
        }
        if let Some(lost) = stars.iter().find(|removal| cut[removal.kept.doc.index()]) {
            let (doc, kept) = (lost.place.doc, lost.kept.doc);
            return mismatch(format!("removal of {doc}: the kept {kept} is removed too"));
        }
        // No two that are left match, and those of a cluster do.
        let linked = settings.clustering == Clustering::CompleteLink;
        for cluster in self.report.clusters.iter().filter(|_| linked) {
            let mut left = cluster.docs.iter().filter(|doc| !cut[doc.index()]);
            if let (Some(_), Some(doc)) = (left.next(), left.next()) {
                return mismatch(format!("removal of {doc}: is missing"));
            }
        }
        let matching = threads::map(
            stars,
            8,
            || (Pairs::new(self.detector, self.hidden), Pairs::new(self.detector, None)),
            |desks, removal| {
                let (a, b) = (removal.place.doc.0, removal.kept.doc.0);
                a != b && self.desk(desks, a, b).compare(self.texts, a, b).is_match
            },
        );
        match stars.iter().zip(matching).find(|(_, matching)| !matching) {
            None => Ok(()),
            Some((Removal { place, kept }, _)) => {
                mismatch(format!("removal of {}: it does not match {}", place.doc, kept.doc))
            }
        }
    }

    /// What compares two documents: copies by all they have.
    fn desk<'d, 'p>(
        &self,
        (counted, whole): &'d mut (Pairs<'p>, Pairs<'p>),
        a: u32,
        b: u32,
    ) -> &'d mut Pairs<'p> {
        let copies = self.copies.of[a as usize] == self.copies.of[b as usize];
        if copies { whole } else { counted }
    }

    fn repeats(&self, survey: &Survey) -> Result<()> {
        let (said, found) = (&self.report.repeats, &survey.repeats);
        let differ = said.iter().zip(found).position(|(said, found)| said != found);
        match differ.unwrap_or(said.len().min(found.len())) {
            at if at < said.len() => {
                let (doc, repeat) = (said[at].doc, &said[at].repeat);
                let place = repeat.spans().first().copied().unwrap_or_default();
                mismatch(format!("repeat of {doc} at {place}: the text repeats something else"))
            }
            at if at < found.len() => {
                let (doc, place) = (found[at].doc, found[at].repeat.spans()[0]);
                mismatch(format!("repeat of {doc} at {place}: is missing"))
            }
            _ => Ok(()),
        }
    }

    /// Those that depend on the texts alone.
    fn counters(&self, survey: &Survey) -> Result<()> {
        let Report { stats, limits, .. } = self.report;
        let copies = self.copies.pairs.len() as u64;
        let Stats { candidates, verified, .. } = *stats;
        let counted = Stats { copies, candidates, verified, ..survey.stats };
        let Limits { crowded, full, .. } = *limits;
        let counted_limits = Limits { crowded, full, ..survey.limits };
        let stats = stats.iter().zip(counted.iter()).map(|counters| ("stats", counters));
        let limits = limits.iter().zip(counted_limits.iter());
        let limits = limits.map(|counters| ("limits", counters));
        for (group, ((name, said), (_, is))) in stats.chain(limits) {
            if said != is {
                return mismatch(format!("{group}: {name} is {said}; the texts have {is}"));
            }
        }
        if verified > candidates {
            return mismatch(format!(
                "stats: verified is {verified}, of no more than {candidates} candidates"
            ));
        }
        Ok(())
    }

    /// Each match; of those that stand in clusters too when all pairs were asked for, only that they
    /// are the same.
    fn matches(&self) -> Result<()> {
        let matches: Vec<&Match> = self.report.matches().collect();
        let checked = threads::map(
            &matches,
            32,
            || (Pairs::new(self.detector, self.hidden), Pairs::new(self.detector, None)),
            |desks, found| self.found(self.desk(desks, found.a.0, found.b.0), found),
        );
        checked.into_iter().collect::<Result<()>>()?;
        if let Some(pairs) = &self.report.pairs {
            for cluster in &self.report.clusters {
                for found in &cluster.matches {
                    let at = pairs.binary_search_by_key(&(found.a, found.b), |m| (m.a, m.b));
                    if at.map(|at| &pairs[at]) != Ok(found) {
                        let name = name(cluster);
                        return mismatch(format!("{found}: stands otherwise in the {name}"));
                    }
                }
            }
        }
        Ok(())
    }

    fn found(&self, pairs: &mut Pairs, said: &Match) -> Result<()> {
        let pair = (said.a.0, said.b.0);
        let counted = pairs.compare(self.texts, pair.0, pair.1);
        // No more is looked at than there can be.
        let runs = |passages: &[Passage]| passages.iter().map(|p| p.runs().len()).sum::<usize>();
        if runs(&said.passages) > runs(&counted.passages) {
            return mismatch(format!("{said}: the texts share fewer passages"));
        }
        pairs.ask(self.texts, pair, |a, b, confirm| {
            for (number, passage) in said.passages.iter().enumerate() {
                proves(passage, a, b, confirm)
                    .map_err(|why| Error::mismatch(format!("{said}: passage {number}: {why}")))?;
            }
            Ok::<(), Error>(())
        })?;
        let reaches = counted.is_match;
        let counted = batch::as_match(pair, counted);
        if let Some((name, said_count, is)) = difference(&said.similarity, &counted.similarity) {
            return mismatch(format!("{said}: {name} is {said_count}; the texts have {is}"));
        }
        if said.relation != counted.relation {
            let (relation, is) = (said.relation, counted.relation);
            return mismatch(format!("{said}: relation is {relation}; that of the texts is {is}"));
        }
        if said.passages != counted.passages {
            return mismatch(format!("{said}: the texts share other passages"));
        }
        if !reaches {
            return mismatch(format!("{said}: does not reach the threshold"));
        }
        Ok(())
    }

    fn clusters(&self) -> Result<()> {
        let mut components = Components::new(self.texts.len());
        for cluster in &self.report.clusters {
            let name = name(cluster);
            for found in &cluster.matches {
                if self.detector.clustering == Clustering::Connected {
                    components.unite(found.a.0, found.b.0);
                } else if found.a != cluster.keep && found.b != cluster.keep {
                    return mismatch(format!("{name}: {found} is not with the kept document"));
                }
            }
            match self.detector.clustering {
                // As many different matches as members, each with the kept document.
                Clustering::Star => {}
                Clustering::Connected => {
                    let root = components.root(cluster.docs[0].0);
                    let apart = cluster.docs.iter().find(|doc| components.root(doc.0) != root);
                    if let Some(doc) = apart {
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
            || Pairs::new(self.detector, self.hidden),
            |desk, &(x, y)| desk.matching(self.texts, x, y).is_some(),
        );
        match matching.iter().position(|matching| !matching) {
            None => Ok(()),
            Some(at) => {
                let (x, y) = (DocId(pairs[at].0), DocId(pairs[at].1));
                mismatch(format!("{name}: {x} and {y} do not match"))
            }
        }
    }

    /// The kept documents, by the order of the documents or, where it is not known, that of the
    /// report; and copies, which are kept together.
    fn kept(&self, order: Option<&[u32]>) -> Result<()> {
        let pairs = self.report.pairs.as_deref();
        if let (Some(order), Some(pairs), Some(said)) = (order, pairs, &self.report.order) {
            let right = batch::paired(order, pairs);
            if right != *said {
                let at = right.iter().zip(said).take_while(|(right, said)| right == said).count();
                let doc = said.get(at).map_or("nothing".into(), DocId::to_string);
                return mismatch(format!("order: {doc} at place {at} is out of order"));
            }
        }
        let said = self.report.order.iter().flatten().map(|doc| doc.0);
        let order: Vec<u32> = order.map_or_else(|| said.collect(), <[u32]>::to_vec);
        // Those of no known rank have the same.
        let mut rank = vec![u32::MAX; self.texts.len()];
        order.iter().zip(0..).for_each(|(&document, place)| rank[document as usize] = place);
        let mut cluster_of = vec![u32::MAX; self.texts.len()];
        for (cluster, number) in self.report.clusters.iter().zip(0..) {
            let rank = |doc: &DocId| rank[doc.index()];
            let best = cluster.docs.iter().min_by_key(|&doc| rank(doc)).unwrap_or(&cluster.keep);
            if rank(best) < rank(&cluster.keep) {
                let (name, keep) = (name(cluster), cluster.keep);
                return mismatch(format!("{name}: {best} is to be kept rather than {keep}"));
            }
            cluster.docs.iter().for_each(|doc| cluster_of[doc.index()] = number);
        }
        for &(x, copy) in &self.copies.pairs {
            let cluster = cluster_of[x as usize];
            if cluster == u32::MAX || cluster != cluster_of[copy as usize] {
                let (x, copy) = (DocId(x), DocId(copy));
                return mismatch(format!("cluster of {x}: lacks its copy {copy}"));
            }
        }
        Ok(())
    }

    /// That the clusters are those of all pairs, which were checked one by one.
    fn pairs(&self) -> Result<()> {
        let Some(pairs) = &self.report.pairs else { return Ok(()) };
        let graph = Graph::of(self.report)?;
        let mut copies = vec![0u128; self.texts.len()];
        self.copies.of.iter().for_each(|&best| copies[best as usize] += 1);
        // A match of two documents is one of all their copies.
        let is_best = |doc: DocId| self.copies.of[doc.index()] == doc.0;
        let best = pairs.iter().filter(|found| is_best(found.a) && is_best(found.b));
        let across: u128 =
            best.map(|found| copies[found.a.index()] * copies[found.b.index()]).sum();
        let within: u128 = copies.iter().map(|&copies| copies * copies.saturating_sub(1) / 2).sum();
        if pairs.len() as u128 != across + within {
            let all = across + within;
            return mismatch(format!("pairs: are {}; with all copies they are {all}", pairs.len()));
        }
        let clusters = graph.clusters(self.detector.clustering, self.detector.criterion)?;
        let said = &self.report.clusters;
        let at = clusters.iter().zip(said).take_while(|(x, y)| x == y).count();
        match said.get(at).or(clusters.get(at)) {
            None => Ok(()),
            Some(cluster) => mismatch(format!("{}: is not what the pairs make", name(cluster))),
        }
    }
}
