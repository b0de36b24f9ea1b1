//! Many texts to a report: the whole way.

use super::compare::Pairs;
use super::judge::Verifier;
use super::restricted::{Restricted, restricted_groups};
use super::scope::Scope;
use super::survey::{Features, Survey};
use super::{Detector, Engine, Keep, check_len};
use crate::boilerplate::Commons;
use crate::candidates::{self, Groups};
use crate::cluster::{Clustering, Settled, Task, settle, too_many_pairs};
use crate::measure::{Measure, Relation};
use crate::membership::{Membership, ordered};
use crate::removal::Removal;
use crate::report::{Cluster, Comparison, DocId, DocRepeat, Match, Place, Report};
use crate::sketch::SimHash;
use crate::text::Span;
use crate::{Error, Result, threads};

/// The first documents, so many, are references.
pub(super) fn find<T: AsRef<str> + Sync>(
    detector: &Detector,
    documents: &[T],
    references: usize,
) -> Result<Report> {
    check_count(documents.len())?;
    let scope = Scope::new(detector.unit, detector.pairs_if.as_ref(), documents, references)?;
    let mut report = match &scope.places {
        None => search(detector, documents, &scope)?,
        Some(places) => {
            check_count(places.len())?;
            let texts = scope.texts(documents);
            // Those are of whole documents.
            let of_paragraphs = Detector { repeats: false, ..detector.clone() };
            let mut report = search(&of_paragraphs, &texts, &scope)?;
            report.stats.documents = documents.len() as u64;
            report.stats.bytes = documents.iter().map(|text| text.as_ref().len() as u64).sum();
            report.settings.repeats = detector.repeats;
            if detector.repeats {
                report.repeats = repeats(detector, documents)?;
            }
            report
        }
    };
    report.unit = detector.unit;
    report.references = references as u32;
    report.put_in_place(|text| scope.place(text, documents));
    report.copies.sort_unstable();
    if let Some(stars) = &mut report.stars {
        stars.sort_unstable();
    }
    if scope.places.is_some() {
        report.layouts = scope.layouts(&report.cut_at_most(), documents);
    }
    Ok(report)
}

pub(super) fn check_count(texts: usize) -> Result<()> {
    if texts < 1 << 31 {
        return Ok(());
    }
    Err(Error::limit("2^31 or more documents or paragraphs; search in parts"))
}

pub(super) fn repeats<T: AsRef<str> + Sync>(
    detector: &Detector,
    documents: &[T],
) -> Result<Vec<DocRepeat>> {
    let of_each =
        threads::map(documents, 8, || (), |(), document| detector.repeats(document.as_ref()));
    let mut repeats = Vec::new();
    for (doc, found) in (0..).map(DocId).zip(of_each) {
        repeats.extend(found?.into_iter().map(|repeat| DocRepeat { doc, repeat }));
    }
    Ok(repeats)
}

/// The report of these texts, by their numbers: not yet of places in documents.
pub(super) fn search<T: AsRef<str> + Sync>(
    detector: &Detector,
    texts: &[T],
    scope: &Scope,
) -> Result<Report> {
    texts.iter().try_for_each(|text| check_len(text.as_ref()))?;
    let (commons, boilerplate) = detector.commons(texts, scope);
    let hidden = commons.as_ref();
    let mut survey = Survey::new(detector, hidden, texts)?;
    let order = order(detector, &survey, scope);
    let mut copies = Copies::new(detector, texts, scope, &survey, &order);
    survey.digests = Vec::new();
    survey.stats.copies = copies.pairs.len() as u64;
    // Copies that not everyone may match cannot stand for each other.
    let apart = scope.restricts().then(|| copies.take_apart());
    let in_class = apart.as_ref().map(Copies::in_class);
    let searched: Vec<u32> = order
        .iter()
        .copied()
        .filter(|&document| copies.of[document as usize] == document)
        .filter(|&document| {
            let at = document as usize;
            survey.counted(at) > 0 || in_class.as_ref().is_some_and(|in_class| in_class[at])
        })
        .collect();
    let mut groups = groups(detector, &mut survey, &searched)?;
    if let Some(apart) = &apart {
        groups = restricted_groups(detector, scope, apart, &searched, groups)?;
    }
    let task = |clustering, all_pairs| Task {
        documents: searched.len(),
        clustering,
        all_pairs,
        complete: matches!(detector.engine, Engine::Exact | Engine::Hamming),
    };
    let run = |groups, task| {
        let copies = apart.as_ref().unwrap_or(&copies);
        let judge = Verifier { detector, texts, survey: &survey, hidden, order: &searched, copies };
        match &apart {
            None => settle(groups, &task, &judge),
            Some(_) => {
                settle(groups, &task, &Restricted { judge, scope, copies, order: &searched })
            }
        }
    };
    let mut crowded = 0;
    // Of complete-link clusters, kept documents may match one another: a plan takes stars.
    let stars = match detector.clustering {
        Clustering::CompleteLink => {
            let settled = run(groups.clone(), task(Clustering::Star, None))?;
            crowded = settled.crowded;
            let links = Found::new(&searched, settled).links;
            let stars =
                Membership::new(Clustering::Star, &order, texts.len(), links, &copies.pairs);
            Some(removals(stars.removals()))
        }
        _ => None,
    };
    let settled = run(groups, task(detector.clustering, detector.all_pairs))?;
    survey.stats.candidates = settled.candidates;
    survey.stats.verified = settled.verified;
    survey.limits.crowded = settled.crowded.max(crowded);
    survey.limits.full = settled.full;
    survey.features = Features::default();
    let cut_copies = match &apart {
        None => removals(copies.pairs.iter().copied()),
        Some(apart) => {
            let (pairs, crowded) = apart.allowed(scope);
            survey.limits.crowded += crowded;
            removals(pairs.into_iter())
        }
    };
    let found = Found::new(&searched, settled);
    let (clusters, pairs) = matches(detector, texts, hidden, &order, &copies, found)?;
    Ok(Report {
        settings: detector.settings(),
        search: detector.search(),
        repeats: survey.repeats,
        boilerplate,
        clusters,
        order: pairs.as_deref().map(|pairs| paired(&order, pairs)),
        pairs,
        stats: survey.stats,
        limits: survey.limits,
        unit: detector.unit,
        references: 0,
        copies: cut_copies,
        stars,
        layouts: Vec::new(),
    })
}

/// Of pairs of a text that is kept and one that is not.
fn removals(pairs: impl Iterator<Item = (u32, u32)>) -> Vec<Removal> {
    let place = |text| Place { doc: DocId(text), span: Span::default() };
    pairs.map(|(kept, cut)| Removal { place: place(cut), kept: place(kept) }).collect()
}

/// The documents, the one to keep first. What decides before the place in the input is the content,
/// so that a permuted corpus has the same clusters.
pub(super) fn order(detector: &Detector, survey: &Survey, scope: &Scope) -> Vec<u32> {
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
            (std::cmp::Reverse(priority(scope.doc(document))), document)
        }),
    }
    if scope.references > 0 {
        order.sort_by_key(|&document| !scope.is_reference(document));
    }
    order
}

/// Documents whose tokens equal those of a better one.
pub(super) struct Copies {
    /// Of each document the one that stands for it: itself, if it is no copy.
    pub(super) of: Vec<u32>,
    /// Each copy behind the one it equals.
    pub(super) pairs: Vec<(u32, u32)>,
}

impl Copies {
    pub(super) fn new<T: AsRef<str> + Sync>(
        detector: &Detector,
        texts: &[T],
        scope: &Scope,
        survey: &Survey,
        order: &[u32],
    ) -> Self {
        let digest = |document: u32| survey.digests[document as usize];
        let mut by_digest = order.to_vec();
        // Stable: equal ones stay in the order of rank.
        by_digest.sort_by_key(|&document| digest(document));
        // A paragraph of which nothing counts is no copy either.
        let has_copies = |document: u32| match scope.places {
            None => survey.tokens[document as usize] > 0,
            Some(_) => survey.counted(document as usize) > 0,
        };
        let classes: Vec<&[u32]> = by_digest
            .chunk_by(|&x, &y| digest(x) == digest(y))
            .filter(|class| class.len() > 1 && has_copies(class[0]))
            .collect();
        // Equal digests are a claim; the texts decide.
        let claims: Vec<(u32, u32)> = classes
            .iter()
            .flat_map(|class| class[1..].iter().map(|&copy| (class[0], copy)))
            .collect();
        let confirmed = threads::map(
            &claims,
            32,
            || Pairs::new(detector, None),
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

/// The candidates of the search, numbered by rank; those of which nothing counts are none.
fn groups(detector: &Detector, survey: &mut Survey, order: &[u32]) -> Result<Groups> {
    let counts = |&rank: &u32| survey.counted(order[rank as usize] as usize) > 0;
    let ranks: Vec<u32> = (0..order.len() as u32).filter(counts).collect();
    let features = &mut survey.features;
    match &detector.engine {
        Engine::MinHash { lsh, .. } => {
            let (keys, bands) = (std::mem::take(&mut features.band_keys), lsh.bands());
            let document = |rank: u32| order[rank as usize] as usize;
            let of = |&rank: &u32| (rank, &keys[document(rank) * bands..][..bands]);
            candidates::lsh_groups(bands, ranks.iter().map(of))
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
            candidates::hamming(&hashes, detector.criterion.bits(), &ranks)
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

pub(super) fn as_match((a, b): (u32, u32), found: Comparison) -> Match {
    Match {
        a: DocId(a),
        b: DocId(b),
        spans: [Span::default(); 2],
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
    hidden: Option<&Commons>,
    order: &[u32],
    copies: &Copies,
    found: Found,
) -> Result<(Vec<Cluster>, Option<Vec<Match>>)> {
    let Found { links, matches } = found;
    let mut membership =
        Membership::new(detector.clustering, order, texts.len(), links, &copies.pairs);
    let links = std::mem::take(&mut membership.links);
    let mut clusters = membership.clusters(detector.criterion.measure);
    let compared = |wanted: &[(u32, u32)], known| {
        with_compared(detector, texts, hidden, copies, wanted, known)
    };
    let mut put = |found: Match| clusters[membership.of(found.a.0)].matches.push(found);
    let pairs = match detector.all_pairs {
        None => {
            compared(&links, matches).into_iter().for_each(put);
            None
        }
        Some(most) => {
            let pairs: Vec<_> = matches.iter().map(|m| (m.a.0, m.b.0)).collect();
            let mut wanted = with_copies(&pairs, copies, most)?;
            wanted.sort_unstable();
            let all = compared(&wanted, matches);
            let found = links.iter().filter_map(|link| wanted.binary_search(link).ok());
            found.for_each(|at| put(all[at].clone()));
            Some(all)
        }
    };
    clusters.sort_unstable_by_key(|cluster| cluster.docs[0]);
    Ok((clusters, pairs))
}

/// Those of the documents that stand in the pairs, by rank.
pub(super) fn paired(order: &[u32], pairs: &[Match]) -> Vec<DocId> {
    let mut stands = vec![false; order.len()];
    for found in pairs {
        stands[found.a.index()] = true;
        stands[found.b.index()] = true;
    }
    order.iter().filter(|&&document| stands[document as usize]).map(|&d| DocId(d)).collect()
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
    hidden: Option<&Commons>,
    copies: &Copies,
    wanted: &[(u32, u32)],
    mut matches: Vec<Match>,
) -> Vec<Match> {
    let known = |pair| matches.binary_search_by_key(&pair, |found| (found.a.0, found.b.0)).is_ok();
    let missing: Vec<_> = wanted.iter().copied().filter(|&pair| !known(pair)).collect();
    matches.extend(threads::map(
        &missing,
        32,
        || (Pairs::new(detector, hidden), Pairs::new(detector, None)),
        |(pairs, whole), &(a, b)| {
            // Copies match by all they have.
            let copy = copies.of[a as usize] == copies.of[b as usize];
            as_match((a, b), if copy { whole } else { pairs }.compare(texts, a, b))
        },
    ));
    matches.sort_unstable_by_key(|found| (found.a, found.b));
    matches
}
