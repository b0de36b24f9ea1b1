//! What an audit found, for programs.

use doublon::{Audit, Interval, Place, Unit};
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
    /// Of paragraphs, their places; of `wrong` too.
    #[serde(skip_serializing_if = "Option::is_none")]
    missed_spans: Option<Vec<Spans>>,
    matches: u64,
    recounted: u64,
    precision: [f64; 3],
    wrong: Vec<[&'a str; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrong_spans: Option<Vec<Spans>>,
}

/// Of both of a pair.
type Spans = [[usize; 2]; 2];

impl<'a> Audited<'a> {
    pub fn new(corpus: &'a Corpus, audit: &Audit) -> Self {
        let id = |place: Place| &*corpus.documents[place.doc().index()].id;
        let ids = |pairs: &[[Place; 2]]| pairs.iter().map(|pair| pair.map(id)).collect();
        let ends = |place: Place| [place.span().start(), place.span().end()];
        let spans = |pairs: &[[Place; 2]]| {
            let of_all = || pairs.iter().map(|pair| pair.map(ends)).collect();
            (audit.unit() == Unit::Paragraph).then(of_all)
        };
        Self {
            documents: audit.documents(),
            sampled: audit.sampled(),
            pairs: audit.pairs(),
            found: audit.found(),
            recall: shares(audit.recall()),
            missed: ids(audit.missed()),
            missed_spans: spans(audit.missed()),
            matches: audit.matches(),
            recounted: audit.recounted(),
            precision: shares(audit.precision()),
            wrong: ids(audit.wrong()),
            wrong_spans: spans(audit.wrong()),
        }
    }
}

fn shares(interval: Interval) -> [f64; 3] {
    [interval.low(), interval.estimate(), interval.high()].map(|x| (x * 1e6).round() / 1e6)
}
