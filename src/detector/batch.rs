//! Many texts to a report: the whole way.

use super::compare::Pairs;
use super::judge::Verifier;
use super::survey::{Features, Survey};
use super::{Detector, Engine, Keep};
use crate::candidates::{self, Groups};
use crate::cluster::{Clustering, Components, Settled, Task, settle, too_many_pairs};
use crate::measure::{Measure, Relation};
use crate::report::{Cluster, Comparison, DocId, Match, Report};
use crate::sketch::SimHash;
use crate::{Error, Result, threads};

pub(super) fn find<T: AsRef<str> + Sync>(detector: &Detector, texts: &[T]) -> Result<Report> {
    if texts.len() >= 1 << 31 {
        return Err(Error::limit("2^31 or more documents; search in parts"));
    }
    let mut survey = Survey::new(detector, texts)?;
    let order = order(detector, &survey);
    let copies = Copies::new(detector, texts, &survey, &order);
    survey.digests = Vec::new();
    let searched: Vec<u32> = order
        .iter()
        .copied()
        .filter(|&document| copies.of[document as usize] == document)
        .filter(|&document| survey.tokens[document as usize] > 0)
        .collect();
    let groups = groups(detector, &mut survey, &searched)?;
    let task = Task {
        documents: searched.len(),
        clustering: detector.clustering,
        all_pairs: detector.all_pairs,
        complete: matches!(detector.engine, Engine::Exact | Engine::Hamming),
    };
    let verifier = Verifier { detector, texts, survey: &survey, order: &searched };
    let settled = settle(groups, &task, &verifier)?;
    survey.stats.copies = copies.pairs.len() as u64;
    survey.stats.candidates = settled.candidates;
    survey.stats.verified = settled.verified;
    survey.limits.crowded = settled.crowded;
    survey.limits.full = settled.full;
    survey.features = Features::default();
    let found = Found::new(&searched, settled);
    let (clusters, pairs) = matches(detector, texts, &order, &copies, found)?;
    Ok(Report {
        measure: detector.criterion.measure,
        threshold: detector.criterion.threshold(),
        search: detector.search(),
        repeats: survey.repeats,
        clusters,
        pairs,
        stats: survey.stats,
        limits: survey.limits,
    })
}

/// The documents, the one to keep first. What decides before the place in the input is the content,
/// so that a permuted corpus has the same clusters.
fn order(detector: &Detector, survey: &Survey) -> Vec<u32> {
    let documents = survey.tokens.len() as u32;
    let mut order: Vec<u32> = (0..documents).collect();
    match &detector.keep {
        Keep::First => {}
        Keep::Last => order.reverse(),
        Keep::Longest => order.sort_unstable_by_key(|&document| {
            let at = document as usize;
            (u32::MAX - survey.tokens[at], survey.digests[at], document)
        }),
        Keep::Priority(priority) => order.sort_by_cached_key(|&document| {
            (std::cmp::Reverse(priority(DocId(document))), document)
        }),
    }
    order
}

/// Documents whose tokens equal those of a better one.
struct Copies {
    /// Of each document the one that stands for it: itself, if it is no copy.
    of: Vec<u32>,
    /// Each copy behind the one it equals.
    pairs: Vec<(u32, u32)>,
}

impl Copies {
    fn new<T: AsRef<str> + Sync>(
        detector: &Detector,
        texts: &[T],
        survey: &Survey,
        order: &[u32],
    ) -> Self {
        let digest = |document: u32| survey.digests[document as usize];
        let mut by_digest = order.to_vec();
        // Stable: equal ones stay in the order of rank.
        by_digest.sort_by_key(|&document| digest(document));
        let classes: Vec<&[u32]> = by_digest
            .chunk_by(|&x, &y| digest(x) == digest(y))
            .filter(|class| class.len() > 1 && survey.tokens[class[0] as usize] > 0)
            .collect();
        // Equal digests are a claim; the texts decide.
        let claims: Vec<(u32, u32)> = classes
            .iter()
            .flat_map(|class| class[1..].iter().map(|&copy| (class[0], copy)))
            .collect();
        let confirmed = threads::map(
            &claims,
            32,
            || Pairs::new(detector),
            |pairs, &(first, copy)| pairs.same(texts, first, copy),
        );
        let pairs: Vec<_> = claims
            .into_iter()
            .zip(confirmed)
            .filter(|claim| claim.1)
            .map(|claim| claim.0)
            .collect();
        let mut of: Vec<u32> = (0..texts.len() as u32).collect();
        for &(first, copy) in &pairs {
            of[copy as usize] = first;
        }
        Self { of, pairs }
    }
}

/// The candidates of the search, numbered by rank.
fn groups(detector: &Detector, survey: &mut Survey, order: &[u32]) -> Result<Groups> {
    let features = &mut survey.features;
    match &detector.engine {
        Engine::MinHash { lsh, .. } => {
            let (keys, bands) = (std::mem::take(&mut features.band_keys), lsh.bands());
            let documents =
                order.iter().map(|&document| &keys[document as usize * bands..][..bands]);
            candidates::lsh_groups(bands, (0..).zip(documents))
        }
        Engine::Winnow { .. } => {
            let fingerprints = std::mem::take(&mut features.fingerprints);
            let mut groups = candidates::postings(order, &fingerprints)?;
            let short = detector.short();
            let least = |document: u32, distinct: u64| {
                short.least_shared(survey.tokens[document as usize].into(), distinct)
            };
            groups.append(&join(features, survey.tokens.len(), order, least, false)?)?;
            Ok(groups)
        }
        Engine::Hamming => {
            let hash = |&document: &u32| features.simhashes[document as usize];
            let hashes: Vec<SimHash> = order.iter().map(hash).collect();
            let all: Vec<u32> = (0..order.len() as u32).collect();
            candidates::hamming(&hashes, detector.criterion.bits(), &all)
        }
        Engine::Exact => {
            let containment = detector.criterion.measure == Measure::Containment;
            let least = |_, shingles| detector.criterion.least_part(shingles);
            join(features, survey.tokens.len(), order, least, containment)
        }
    }
}

/// The exact join of the shingles of the documents, which go. `least` tells for a document and the
/// number of its shingles how many it must share.
fn join(
    features: &mut Features,
    documents: usize,
    order: &[u32],
    least: impl Fn(u32, u64) -> u64,
    list_rest: bool,
) -> Result<Groups> {
    let mut rank = vec![u32::MAX; documents];
    for (place, &document) in order.iter().enumerate() {
        rank[document as usize] = place as u32;
    }
    let mut entries = std::mem::take(&mut features.shingles);
    entries.retain_mut(|(_, document)| {
        *document = rank[*document as usize];
        *document != u32::MAX
    });
    let sizes: Vec<u32> = order.iter().map(|&document| features.sizes[document as usize]).collect();
    let least = |rank: usize, size| least(order[rank], size);
    candidates::exact(entries, &sizes, least, list_rest)
}

/// What was settled, by the numbers of the documents.
struct Found {
    links: Vec<(u32, u32)>,
    /// In the order of their pairs.
    matches: Vec<Match>,
}

impl Found {
    fn new(order: &[u32], settled: Settled<Comparison>) -> Self {
        let pair = |x: u32, y: u32| (order[x as usize], order[y as usize]);
        let links = settled.links.into_iter().map(|(x, y)| pair(x, y)).collect();
        let matches = settled.matches.into_iter().map(|(x, y, found)| {
            let (x, y) = pair(x, y);
            as_match(ordered(x, y), found)
        });
        let mut matches: Vec<Match> = matches.collect();
        matches.sort_unstable_by_key(|found| (found.a, found.b));
        Self { links, matches }
    }
}

fn as_match((a, b): (u32, u32), found: Comparison) -> Match {
    Match {
        a: DocId(a),
        b: DocId(b),
        similarity: found.similarity,
        // A match by SimHash may share nothing at all.
        relation: found.relation.unwrap_or(Relation::Overlaps),
        passages: found.passages,
    }
}

/// Clusters with their matches, and all matching pairs if they were asked for.
fn matches<T: AsRef<str> + Sync>(
    detector: &Detector,
    texts: &[T],
    order: &[u32],
    copies: &Copies,
    found: Found,
) -> Result<(Vec<Cluster>, Option<Vec<Match>>)> {
    let mut components = Components::new(texts.len());
    let mut grouped = vec![false; texts.len()];
    for &(x, y) in found.links.iter().chain(&copies.pairs) {
        components.unite(x, y);
        grouped[x as usize] = true;
        grouped[y as usize] = true;
    }
    // Cluster by cluster: the best document is met first and is the one to keep.
    let mut number = vec![u32::MAX; texts.len()];
    let mut members: Vec<Vec<u32>> = Vec::new();
    for &document in order.iter().filter(|&&document| grouped[document as usize]) {
        let root = components.root(document) as usize;
        if number[root] == u32::MAX {
            number[root] = members.len() as u32;
            members.push(Vec::new());
        }
        members[number[root] as usize].push(document);
    }
    let mut links: Vec<(u32, u32)> = match detector.clustering {
        Clustering::Connected => found.links,
        _ => members.iter().flat_map(|m| m[1..].iter().map(|&member| (m[0], member))).collect(),
    };
    if detector.clustering == Clustering::Connected {
        links.extend(&copies.pairs);
    }
    let sorted = |pairs: Vec<(u32, u32)>| {
        let mut pairs: Vec<_> = pairs.into_iter().map(|(x, y)| ordered(x, y)).collect();
        pairs.sort_unstable();
        pairs
    };
    let links = sorted(links);
    let mut clusters: Vec<Cluster> = members
        .into_iter()
        .map(|members| {
            let keep = DocId(members[0]);
            let mut docs: Vec<DocId> = members.into_iter().map(DocId).collect();
            docs.sort_unstable();
            Cluster { docs, keep, matches: Vec::new(), measure: detector.criterion.measure }
        })
        .collect();
    let mut put = |found: Match| {
        let cluster = number[components.root(found.a.0) as usize];
        clusters[cluster as usize].matches.push(found);
    };
    let pairs = match detector.all_pairs {
        None => {
            with_compared(detector, texts, &links, found.matches).into_iter().for_each(put);
            None
        }
        Some(most) => {
            let pairs: Vec<_> = found.matches.iter().map(|m| (m.a.0, m.b.0)).collect();
            let wanted = sorted(with_copies(&pairs, copies, most)?);
            let all = with_compared(detector, texts, &wanted, found.matches);
            let found = links.iter().filter_map(|link| wanted.binary_search(link).ok());
            found.for_each(|at| put(all[at].clone()));
            Some(all)
        }
    };
    clusters.sort_unstable_by_key(|cluster| cluster.docs[0]);
    Ok((clusters, pairs))
}

fn ordered(x: u32, y: u32) -> (u32, u32) {
    (x.min(y), x.max(y))
}

/// The pairs of documents that are copies of matching ones, or of one another, too.
fn with_copies(pairs: &[(u32, u32)], copies: &Copies, most: usize) -> Result<Vec<(u32, u32)>> {
    let mut class: std::collections::BTreeMap<u32, Vec<u32>> = Default::default();
    for &(first, copy) in &copies.pairs {
        class.entry(first).or_insert_with(|| vec![first]).push(copy);
    }
    let mut all = Vec::new();
    let mut push = |x: u32, y: u32| {
        if all.len() >= most {
            return Err(too_many_pairs(most));
        }
        all.push(ordered(x, y));
        Ok(())
    };
    for &(x, y) in pairs {
        let (alone_x, alone_y) = ([x], [y]);
        for &x in class.get(&x).map_or(&alone_x[..], Vec::as_slice) {
            for &y in class.get(&y).map_or(&alone_y[..], Vec::as_slice) {
                push(x, y)?;
            }
        }
    }
    for members in class.values() {
        for (i, &x) in members.iter().enumerate() {
            for &y in &members[i + 1..] {
                push(x, y)?;
            }
        }
    }
    Ok(all)
}

/// The matches of all `wanted` pairs, in their order: those found before, and of copies.
fn with_compared<T: AsRef<str> + Sync>(
    detector: &Detector,
    texts: &[T],
    wanted: &[(u32, u32)],
    mut matches: Vec<Match>,
) -> Vec<Match> {
    let known = |pair| matches.binary_search_by_key(&pair, |found| (found.a.0, found.b.0)).is_ok();
    let missing: Vec<_> = wanted.iter().copied().filter(|&pair| !known(pair)).collect();
    matches.extend(threads::map(
        &missing,
        32,
        || Pairs::new(detector),
        |pairs, &(a, b)| as_match((a, b), pairs.compare(texts, a, b)),
    ));
    matches.sort_unstable_by_key(|found| (found.a, found.b));
    matches
}
