//! A run held against what a sample of documents says when it is compared with all others.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use super::batch::{self, Copies, check_count};
use super::partners::{self, Budget, partners};
use super::recount::reaches;
use super::scope::Scope;
use super::survey::Survey;
use super::{Detector, Engine, Unit, joined};
use crate::boilerplate::{Boilerplate, Commons};
use crate::estimate::{self, Interval, Sample, Stratum, allocated};
use crate::random::Random;
use crate::report::{Match, Place, Report};
use crate::{Error, Result, threads};

/// More missed pairs than these are only counted.
const MOST_MISSED: usize = 1000;
/// The cluster of a document that is in none.
const NONE: u32 = u32::MAX;

/// What an audit of a search found: see [`Detector::audit`].
///
/// Its `Display` is a few lines for people.
///
/// ```
/// let texts = ["the very same", "other words", "the very same"];
/// let audit = doublon::Detector::default().audit(&texts, 100, 1)?;
/// assert_eq!((audit.documents(), audit.sampled()), (3, 3));
/// assert_eq!((audit.pairs(), audit.found()), (2, 2));
/// assert_eq!(audit.recall().estimate(), 1.0);
/// assert_eq!(audit.precision().estimate(), 1.0);
/// # Ok::<(), doublon::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Audit {
    unit: Unit,
    documents: u64,
    sampled: u64,
    pairs: u64,
    found: u64,
    recall: Interval,
    missed: Vec<[Place; 2]>,
    matches: u64,
    recounted: u64,
    precision: Interval,
    wrong: Vec<[Place; 2]>,
}

macro_rules! getters {
    ($($(#[doc = $doc:literal])* $name:ident: $type:ty;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// See [`Audit`] for an example.
        pub fn $name(&self) -> $type {
            self.$name
        }
    )*};
}

impl Audit {
    getters! {
        /// What was compared. Paragraphs count as documents do.
        unit: Unit;
        /// The documents that have a token: the others match nothing. Of a search against a reference,
        /// the incoming ones.
        documents: u64;
        /// How many of them were compared with all others.
        sampled: u64;
        /// The matches of the sampled documents that comparing them with all others found; one
        /// between two sampled documents counts for each.
        pairs: u64;
        /// How many of these the run found: both documents are in one of its clusters.
        found: u64;
        /// The recall: the mean, over all documents that have a match, of the share of their matches
        /// that the run found.
        recall: Interval;
        /// The matches that the run reported: as [`Clustering::Connected`](crate::Clustering::Connected)
        /// takes them, whatever clustering was set.
        matches: u64;
        /// How many of them were counted once more.
        recounted: u64;
        /// The precision: the share of the reported matches that reach the threshold.
        precision: Interval;
    }

    /// Matches of sampled documents that the run did not find, in the order of the input: all of
    /// them, or 1,000 of them.
    ///
    /// ```
    /// let audit = doublon::Detector::default().audit(&["the same", "the same"], 10, 1)?;
    /// assert!(audit.missed().is_empty());
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn missed(&self) -> &[[Place; 2]] {
        &self.missed
    }

    /// Recounted matches that do not reach the threshold. There should be none.
    ///
    /// ```
    /// let audit = doublon::Detector::default().audit(&["the same", "the same"], 10, 1)?;
    /// assert!(audit.wrong().is_empty());
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn wrong(&self) -> &[[Place; 2]] {
        &self.wrong
    }
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sampled, documents, pairs, found, .. } = self;
        let what = match self.unit {
            Unit::Document => "documents",
            Unit::Paragraph => "paragraphs",
        };
        writeln!(f, "{sampled} of {documents} {what} compared with all others")?;
        writeln!(f, "recall {}: {found} of their {pairs} matches found", self.recall)?;
        let right = self.recounted - self.wrong.len() as u64;
        writeln!(
            f,
            "precision {}: {right} of {} recounted matches are right",
            self.precision, self.recounted
        )
    }
}

impl Detector {
    /// Holds a run on these texts against the truth: how many of the matches that there are it
    /// finds, and whether those that it reports are matches; each with a 95 % confidence interval.
    ///
    /// **Recall.** About `sample` documents are drawn, at least one of each kind: in a cluster or in
    /// none, and of these the shorter and the longer half. Each is compared with all others, as
    /// [`compare`](Detector::compare) does; pairs are passed over only where their common shingles,
    /// all of them, leave no match possible. A match counts as found when the run puts both
    /// documents into one cluster of [`Clustering::Connected`](crate::Clustering::Connected),
    /// whatever clustering was set: with the others two matching documents may rightly be in no
    /// common cluster. The recall is the mean over documents of the share of their matches that was
    /// found, as B-cubed recall is (Bagga and Baldwin 1998), of those documents that have a match:
    /// each counts once, where of pairs one large cluster has nearly all. Kinds weigh as many
    /// documents as they have, whatever was drawn of them.
    ///
    /// Of [paragraphs](Unit::Paragraph) all this is said of paragraphs. Of a
    /// [choice of pairs](crate::DetectorBuilder::pairs_if) those that may match count, and no others.
    ///
    /// **Precision.** `sample` of that run's matches are drawn and counted again by their folded
    /// words alone; for coverage, by the runs that they show.
    ///
    /// The intervals are Wilson's (1927), corrected for corpora that are drawn from in large part: of
    /// a sample as large as the corpus they are points. The same seed draws the same sample.
    ///
    /// Discounted [`Boilerplate`] is that of the corpus; it counts neither for the sample nor for a
    /// match that is counted again.
    ///
    /// Cost: that of [`find`](Detector::find), two more readings of the corpus, as many to find
    /// boilerplate again that is discounted, and for each token one look at the sampled documents that
    /// have its shingle too. About 100 bytes for each token of the sample, and 60 for each document.
    ///
    /// # Errors
    ///
    /// As [`find`](Detector::find). [`Config`](crate::ErrorKind::Config) for a sample of 0.
    /// [`Limit`](crate::ErrorKind::Limit) for sampled documents of more than 2^26 tokens, for more than
    /// 2^34 looks at them, or at copies of which some may match, and for more than 2^24 pairs to be
    /// compared in full.
    ///
    /// See [`Audit`] for an example.
    pub fn audit<T: AsRef<str> + Sync>(
        &self,
        texts: &[T],
        sample: usize,
        seed: u64,
    ) -> Result<Audit> {
        self.audit_joined(&joined::<T, T>(&[], texts), 0, sample, seed)
    }

    /// [`audit`](Self::audit) of a search [against a reference](Self::find_against). The incoming
    /// documents are drawn from, and compared with those of the reference and with each other.
    ///
    /// # Errors
    ///
    /// As [`audit`](Self::audit).
    ///
    /// ```
    /// let published = ["The market is open.", "the market is open"];
    /// let audit = doublon::Detector::default().audit_against(&published, &["The market is open!"], 9, 1)?;
    /// assert_eq!((audit.documents(), audit.pairs(), audit.found()), (1, 2, 2));
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn audit_against<R, T>(
        &self,
        reference: &[R],
        incoming: &[T],
        sample: usize,
        seed: u64,
    ) -> Result<Audit>
    where
        R: AsRef<str> + Sync,
        T: AsRef<str> + Sync,
    {
        self.audit_joined(&joined(reference, incoming), reference.len(), sample, seed)
    }

    fn audit_joined(
        &self,
        documents: &[&str],
        references: usize,
        sample: usize,
        seed: u64,
    ) -> Result<Audit> {
        if sample == 0 {
            return Err(Error::config("sample is 0; an audit must look at one document at least"));
        }
        check_count(documents.len())?;
        let scope = Scope::new(self.unit, self.pairs_if.as_ref(), documents, references)?;
        let texts = scope.texts(documents);
        check_count(texts.len())?;
        let mut settings = self.settings.matches_only();
        if let Boilerplate::Discount { .. } = self.boilerplate {
            settings.boilerplate(self.boilerplate);
        }
        let detector = settings.build()?;
        let report = batch::search(&detector, &texts, &scope)?;
        let (commons, _) = detector.commons(&texts, &scope);
        let hidden = commons.as_ref();
        let mut random = Random::new(seed);
        let corpus = Corpus::new(&detector, &scope, &texts, hidden, &report)?;
        let recall = corpus.recall(&detector, &texts, hidden, sample, &mut random)?;
        let matches: Vec<&Match> = report.matches().collect();
        let drawn = random.sample((0..matches.len()).collect(), sample);
        let right = threads::map(
            &drawn,
            8,
            || (),
            |(), &at| {
                let found = matches[at];
                let [a, b] = [found.a, found.b].map(|doc| texts[doc.index()]);
                reaches(&detector, hidden, a, b, found)
            },
        );
        let place = |text: u32| scope.place(text, documents);
        let wrong: Vec<_> = drawn
            .iter()
            .zip(&right)
            .filter(|(_, right)| !**right)
            .map(|(&at, _)| [matches[at].a.0, matches[at].b.0].map(place))
            .collect();
        let share = match drawn.len() {
            0 => 1.0,
            n => (n - wrong.len()) as f64 / n as f64,
        };
        Ok(Audit {
            unit: self.unit,
            documents: corpus.incoming().count() as u64,
            sampled: recall.sampled,
            pairs: recall.pairs,
            found: recall.found,
            recall: recall.interval,
            missed: recall.missed.into_iter().map(|(a, b)| [a, b].map(place)).collect(),
            matches: matches.len() as u64,
            recounted: drawn.len() as u64,
            precision: Interval::of_mean(
                share,
                &[Sample { drawn: drawn.len(), of: matches.len() }],
            ),
            wrong,
        })
    }
}

/// The documents of a run, or its paragraphs.
struct Corpus<'a> {
    scope: &'a Scope<'a>,
    tokens: Vec<u32>,
    /// Of each document the one that stands for its copies.
    class: Vec<u32>,
    /// Those of them of which something counts.
    counted: Vec<u32>,
    cluster: Vec<u32>,
    /// Class, cluster and number of each document that has a token, in this order.
    by_class: Vec<(u32, u32, u32)>,
}

/// What comparing a sample with all others gives.
struct Recall {
    sampled: u64,
    pairs: u64,
    found: u64,
    interval: Interval,
    missed: BTreeSet<(u32, u32)>,
    /// How many copies were looked at one by one, and classes of them.
    looks: u64,
    /// What was counted for a document, by its class and cluster.
    of_copies: HashMap<(u32, u32), (u64, u64)>,
}

impl<'a> Corpus<'a> {
    fn new(
        detector: &Detector,
        scope: &'a Scope,
        texts: &[&str],
        hidden: Option<&Commons>,
        report: &Report,
    ) -> Result<Self> {
        let numbers: Vec<u32> = (0..texts.len() as u32).collect();
        // The least that a search has of a text.
        let bare = Detector { engine: Engine::Hamming, repeats: false, ..detector.clone() };
        let survey = Survey::new(&bare, hidden, texts)?;
        let class = Copies::new(detector, texts, scope, &survey, &numbers).of;
        let counts = |&document: &u32| {
            class[document as usize] == document && survey.counted(document as usize) > 0
        };
        let counted = numbers.iter().copied().filter(counts).collect();
        let mut cluster = vec![NONE; texts.len()];
        for (number, found) in (0..).zip(report.clusters()) {
            found.docs().iter().for_each(|doc| cluster[doc.index()] = number);
        }
        let mut by_class: Vec<_> = numbers
            .into_iter()
            .filter(|&document| survey.tokens[document as usize] > 0)
            .map(|document| (class[document as usize], cluster[document as usize], document))
            .collect();
        threads::sort(&mut by_class);
        Ok(Self { scope, tokens: survey.tokens, class, counted, cluster, by_class })
    }

    fn recall(
        &self,
        detector: &Detector,
        texts: &[&str],
        hidden: Option<&Commons>,
        sample: usize,
        random: &mut Random,
    ) -> Result<Recall> {
        let kinds = self.kinds();
        let sizes: Vec<usize> = kinds.iter().map(|(_, documents)| documents.len()).collect();
        let drawn: Vec<(bool, usize, Vec<u32>)> = kinds
            .into_iter()
            .zip(allocated(&sizes, sample))
            .map(|((clustered, documents), many)| {
                (clustered, documents.len(), random.sample(documents, many))
            })
            .collect();
        let class = |&document: &u32| self.class[document as usize];
        let centers: BTreeSet<u32> =
            drawn.iter().flat_map(|kind| kind.2.iter().map(class)).collect();
        // Where nothing counts there are copies only.
        let counts = |center: &u32| self.counted.binary_search(center).is_ok();
        let centers: Vec<u32> = centers.into_iter().filter(counts).collect();
        // Either way round, to be looked up.
        let corpus = partners::Corpus { detector, texts, hidden };
        let mut pairs = partners(corpus, &centers, &self.counted, Budget::MOST)?;
        pairs.extend_from_within(..);
        let half = pairs.len() / 2;
        pairs[half..].iter_mut().for_each(|pair| *pair = (pair.1, pair.0));
        threads::sort(&mut pairs);
        let mut recall = Recall {
            sampled: 0,
            pairs: 0,
            found: 0,
            interval: Interval::of_mean(1.0, &[]),
            missed: BTreeSet::new(),
            looks: 0,
            of_copies: HashMap::new(),
        };
        let mut strata = Vec::new();
        for (clustered, documents, drawn) in drawn {
            let documents = Sample { drawn: drawn.len(), of: documents };
            let mut stratum = Stratum { clustered, documents, missed: 0.0 };
            for document in drawn {
                stratum.missed += self.missed_share(document, &pairs, &mut recall);
                if recall.looks > Budget::MOST.visits {
                    return Err(Budget::MOST.spent());
                }
            }
            recall.sampled += stratum.documents.drawn as u64;
            strata.push(stratum);
        }
        recall.interval = estimate::recall(&strata);
        Ok(recall)
    }

    /// Those that are drawn from.
    fn incoming(&self) -> impl Iterator<Item = &(u32, u32, u32)> {
        self.by_class.iter().filter(|member| !self.scope.is_reference(member.2))
    }

    /// The documents in clusters and outside, of each the shorter half and the longer.
    fn kinds(&self) -> Vec<(bool, Vec<u32>)> {
        let mut kinds = Vec::new();
        for clustered in [true, false] {
            let of_kind = |member: &&(u32, u32, u32)| (member.1 != NONE) == clustered;
            let mut shorter: Vec<u32> =
                self.incoming().filter(of_kind).map(|member| member.2).collect();
            shorter.sort_unstable_by_key(|&document| (self.tokens[document as usize], document));
            let longer = shorter.split_off(shorter.len().div_ceil(2));
            kinds.extend([(clustered, shorter), (clustered, longer)]);
        }
        kinds
    }

    /// The share of a document's matches that the run missed; 0 when it has none.
    fn missed_share(&self, document: u32, pairs: &[(u32, u32)], recall: &mut Recall) -> f64 {
        let [class, cluster] = [&self.class, &self.cluster].map(|list| list[document as usize]);
        // Copies in one cluster have as many matches, unless pairs were chosen; and miss as many, which
        // are to be named.
        let known = recall.of_copies.get(&(class, cluster)).copied();
        let (all, found) = known
            .filter(|(all, found)| all == found || recall.missed.len() >= MOST_MISSED)
            .unwrap_or_else(|| self.look(document, (class, cluster), pairs, recall));
        recall.pairs += all;
        recall.found += found;
        if all == 0 { 0.0 } else { (all - found) as f64 / all as f64 }
    }

    /// How many matches a document has, and how many the run found. Those it missed are noted.
    fn look(
        &self,
        document: u32,
        (class, cluster): (u32, u32),
        pairs: &[(u32, u32)],
        recall: &mut Recall,
    ) -> (u64, u64) {
        let from = pairs.partition_point(|pair| pair.0 < class);
        let matching = pairs[from..].iter().take_while(|pair| pair.0 == class).map(|pair| pair.1);
        // It matches its own copies, and is none of them.
        let (mut all, mut found) = (0, 0);
        for other in std::iter::once(class).chain(matching) {
            let members = self.members(other, None);
            let may_match = |member: &&(u32, u32, u32)| {
                member.2 != document && self.scope.allows(document, member.2)
            };
            let is_found = |member: &&(u32, u32, u32)| cluster != NONE && member.1 == cluster;
            let (here, together) = if self.scope.chooses() {
                recall.looks += members.len() as u64;
                let allowed = || members.iter().filter(may_match);
                (allowed().count(), allowed().filter(is_found).count())
            } else {
                let own = usize::from(other == class);
                let together = match cluster {
                    NONE => 0,
                    cluster => self.members(other, Some(cluster)).len() - own,
                };
                (members.len() - own, together)
            };
            all += here;
            found += together;
            recall.looks += 1;
            if together < here && recall.missed.len() < MOST_MISSED {
                recall.looks += members.len() as u64;
                let missed = members.iter().filter(|member| !is_found(member) && may_match(member));
                let missed =
                    missed.map(|&(_, _, other)| (document.min(other), document.max(other)));
                recall.missed.extend(missed.take(MOST_MISSED));
            }
        }
        while recall.missed.len() > MOST_MISSED {
            recall.missed.pop_last();
        }
        let counts = (all as u64, found as u64);
        if !self.scope.chooses() {
            recall.of_copies.insert((class, cluster), counts);
        }
        counts
    }

    /// The documents of a class; with a cluster, those in it.
    fn members(&self, class: u32, cluster: Option<u32>) -> &[(u32, u32, u32)] {
        let (low, high) = (cluster.unwrap_or(0), cluster.unwrap_or(NONE));
        let start = self.by_class.partition_point(|member| (member.0, member.1) < (class, low));
        let end = self.by_class.partition_point(|member| (member.0, member.1) <= (class, high));
        &self.by_class[start..end]
    }
}
