//! What an audit found, for programs.

use doublon::{Audit, DocId, Interval};
use serde::Serialize;

use crate::input::Corpus;

/// Shares with the ends of their intervals: low, estimate, high.
#[derive(Serialize)]
pub struct Audited<'a> {
    documents: u64,
    sampled: u64,
    pairs: u64,
    found: u64,
    recall: [f64; 3],
    missed: Vec<[&'a str; 2]>,
    matches: u64,
    recounted: u64,
    precision: [f64; 3],
    wrong: Vec<[&'a str; 2]>,
}

impl<'a> Audited<'a> {
    pub fn new(corpus: &'a Corpus, audit: &Audit) -> Self {
        let id = |doc: DocId| &*corpus.documents[doc.index()].id;
        let ids = |pairs: &[(DocId, DocId)]| pairs.iter().map(|&(a, b)| [id(a), id(b)]).collect();
        Self {
            documents: audit.documents(),
            sampled: audit.sampled(),
            pairs: audit.pairs(),
            found: audit.found(),
            recall: ends(audit.recall()),
            missed: ids(audit.missed()),
            matches: audit.matches(),
            recounted: audit.recounted(),
            precision: ends(audit.precision()),
            wrong: ids(audit.wrong()),
        }
    }
}

fn ends(interval: Interval) -> [f64; 3] {
    // Four digits, as for people.
    [interval.low(), interval.estimate(), interval.high()].map(|x| (x * 1e4).round() / 1e4)
}
