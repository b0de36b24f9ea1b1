//! What the exact searches say about a corpus: the truth that the others are held against.

use std::collections::BTreeSet;

use doublon::{Clustering, Detector, Measure, Report, Search};

/// More pairs than this are not written out.
const MOST_PAIRS: usize = 20_000_000;

pub type Pairs = BTreeSet<(usize, usize)>;

/// How many of the true pairs were found, and how many of the reported ones are true.
#[derive(Clone, Copy, Debug)]
pub struct Quality {
    pub found: usize,
    pub pairs: usize,
    pub right: usize,
    pub reported: usize,
    /// Groups too large to be walked whole: what the search then misses it has counted.
    pub crowded: u64,
}

impl Quality {
    pub fn recall(&self) -> f64 {
        share(self.found, self.pairs)
    }

    pub fn precision(&self) -> f64 {
        share(self.right, self.reported)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

pub fn pairs(report: &Report) -> Pairs {
    report.matches().map(|found| (found.a().index(), found.b().index())).collect()
}

/// The detector of all pairs at this Jaccard threshold.
pub fn exact_jaccard(threshold: f64) -> Detector {
    let mut builder = Detector::builder();
    builder.measure(Measure::Jaccard).threshold(threshold).repeats(false);
    builder.search(Search::Exact).all_pairs(MOST_PAIRS);
    builder.build().expect("the settings fit each other")
}

/// The detector with one cluster for all documents that a chain of pairs connects: a pair is found
/// when both are in one.
pub fn connected(measure: Measure, threshold: f64) -> Detector {
    let mut builder = Detector::builder();
    builder.measure(measure).threshold(threshold).repeats(false);
    builder.cluster(Clustering::Connected).build().expect("the settings fit each other")
}

/// The report of [`connected`] against all pairs.
pub fn quality(documents: usize, connected: &Report, all: &Pairs) -> Quality {
    let cluster = clusters(documents, connected);
    let reported = pairs(connected);
    Quality {
        found: all.iter().filter(|&&(a, b)| together(&cluster, a, b)).count(),
        pairs: all.len(),
        right: reported.intersection(all).count(),
        reported: reported.len(),
        crowded: connected.limits().crowded,
    }
}

/// The coverage report of [`connected`] against comparing some documents with every other, and as
/// many reported pairs once more by themselves.
pub fn coverage_quality<T: AsRef<str> + Sync>(
    texts: &[T],
    connected: &Report,
    threshold: f64,
    sample: usize,
) -> Quality {
    let detector = self::connected(Measure::Coverage, threshold);
    let audit = detector.audit(texts, sample, 1).expect("the texts were read before");
    Quality {
        found: audit.found() as usize,
        pairs: audit.pairs() as usize,
        right: audit.recounted() as usize - audit.wrong().len(),
        reported: audit.recounted() as usize,
        crowded: connected.limits().crowded,
    }
}

/// The cluster of each document, if it is in one.
fn clusters(documents: usize, report: &Report) -> Vec<Option<usize>> {
    let mut cluster = vec![None; documents];
    for (number, found) in report.clusters().iter().enumerate() {
        for doc in found.docs() {
            cluster[doc.index()] = Some(number);
        }
    }
    cluster
}

fn together(cluster: &[Option<usize>], a: usize, b: usize) -> bool {
    cluster[a].is_some() && cluster[a] == cluster[b]
}
