//! Results for programs: one JSON object a line.

use std::io::{self, Write};

use doublon::{
    Audit, Cut, Explanation, Limits, Measure, Passage, Relation, Repeat, Report, Similarity, Span,
    Unit,
};
use serde::{Serialize, Serializer};

use crate::args::Matching;
use crate::audit::Audited;
use crate::commands::Printer;
use crate::explain::Explained;
use crate::input::{Corpus, Document};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Repeat {
        doc: &'a str,
        spans: Vec<[usize; 2]>,
        tokens: usize,
    },
    /// A passage that stands in many documents, with one of its places.
    Boilerplate {
        doc: &'a str,
        span: [usize; 2],
        tokens: usize,
        documents: usize,
    },
    Match(Pair<'a>),
    Audit(Audited<'a>),
    /// Two texts that were compared and do not reach the threshold.
    Pair(Pair<'a>),
    Cluster {
        docs: Vec<&'a str>,
        keep: &'a str,
        /// Of paragraphs, the place of each and of the one to keep.
        #[serde(flatten)]
        paragraphs: Option<Paragraphs>,
    },
    Threshold {
        threshold: f64,
        clusters: usize,
        removals: usize,
    },
    Verified {
        documents: usize,
        repeats: usize,
        matches: usize,
        clusters: usize,
    },
    Summary {
        documents: usize,
        #[serde(skip_serializing_if = "is_zero")]
        references: usize,
        skipped: u64,
        repeats: usize,
        matches: usize,
        clusters: usize,
        #[serde(serialize_with = "nonzero")]
        limits: Limits,
    },
}

#[derive(Serialize)]
struct Paragraphs {
    spans: Vec<[usize; 2]>,
    keep_span: [usize; 2],
}

#[derive(Serialize)]
struct Pair<'a> {
    a: &'a str,
    b: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    a_span: Option<[usize; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    b_span: Option<[usize; 2]>,
    relation: Option<String>,
    jaccard: f64,
    containment: f64,
    coverage: f64,
    passages: Vec<Shared>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hamming: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explained>,
}

#[derive(Serialize)]
struct Shared {
    a: [usize; 2],
    b: [usize; 2],
    tokens: usize,
}

impl<'a> Pair<'a> {
    fn new(
        (a, b): (&'a Document, &'a Document),
        relation: Option<Relation>,
        similarity: &Similarity,
        passages: &[Passage],
        measure: Measure,
    ) -> Self {
        let shared = |passage: &Passage| Shared {
            a: ends(passage.a()),
            b: ends(passage.b()),
            tokens: passage.tokens(),
        };
        Self {
            a: &a.id,
            b: &b.id,
            a_span: None,
            b_span: None,
            relation: relation.map(|relation| relation.to_string()),
            jaccard: rounded(similarity.jaccard()),
            containment: rounded(similarity.containment()),
            coverage: rounded(similarity.coverage()),
            passages: passages.iter().map(shared).collect(),
            hamming: (measure == Measure::Hamming).then(|| similarity.hamming()),
            explanation: None,
        }
    }
}

fn ends(span: Span) -> [usize; 2] {
    [span.start(), span.end()]
}

fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn nonzero<S: Serializer>(limits: &Limits, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(limits.iter().filter(|&(_, count)| count > 0))
}

/// Prints JSON Lines.
pub struct Jsonl<W>(W);

impl<W: Write> Jsonl<W> {
    pub fn new(out: W) -> Self {
        Self(out)
    }

    fn line(&mut self, line: &Line) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, line)?;
        self.0.write_all(b"\n")
    }

    fn summary(&mut self, corpus: &Corpus, report: &Report) -> io::Result<()> {
        self.line(&Line::Summary {
            documents: corpus.documents.len(),
            references: corpus.references,
            skipped: corpus.skipped,
            repeats: report.repeats().len(),
            matches: report.matches().count(),
            clusters: report.clusters().len(),
            limits: *report.limits(),
        })
    }

    fn repeat(&mut self, document: &Document, repeat: &Repeat) -> io::Result<()> {
        let spans = repeat.spans().iter().copied().map(ends).collect();
        self.line(&Line::Repeat { doc: &document.id, spans, tokens: repeat.tokens() })
    }
}

impl<W: Write> Printer for Jsonl<W> {
    fn scan(&mut self, corpus: &Corpus, report: &Report) -> io::Result<()> {
        let document = |doc: doublon::DocId| &corpus.documents[doc.index()];
        for repeat in report.repeats() {
            self.repeat(document(repeat.doc()), repeat.repeat())?;
        }
        for common in report.boilerplate() {
            self.line(&Line::Boilerplate {
                doc: &document(common.doc()).id,
                span: ends(common.span()),
                tokens: common.tokens(),
                documents: common.documents(),
            })?;
        }
        for found in report.matches() {
            let documents = (document(found.a()), document(found.b()));
            let relation = Some(found.relation());
            let (similarity, passages) = (found.similarity(), found.passages());
            let mut pair = Pair::new(documents, relation, similarity, passages, report.measure());
            if report.unit() == Unit::Paragraph {
                [pair.a_span, pair.b_span] = found.places().map(|place| Some(ends(place.span())));
            }
            self.line(&Line::Match(pair))?;
        }
        for cluster in report.clusters() {
            let docs = cluster.docs().iter().map(|&doc| &*document(doc).id).collect();
            let paragraphs = (report.unit() == Unit::Paragraph).then(|| Paragraphs {
                spans: cluster.places().map(|place| ends(place.span())).collect(),
                keep_span: ends(cluster.keep_place().span()),
            });
            self.line(&Line::Cluster { docs, keep: &document(cluster.keep()).id, paragraphs })?;
        }
        self.summary(corpus, report)
    }

    fn thresholds(&mut self, corpus: &Corpus, report: &Report, rows: &[Cut]) -> io::Result<()> {
        for row in rows {
            let (clusters, removals) = (row.clusters(), row.removals());
            self.line(&Line::Threshold { threshold: row.threshold(), clusters, removals })?;
        }
        self.summary(corpus, report)
    }

    fn verified(&mut self, corpus: &Corpus, report: &Report) -> io::Result<()> {
        self.line(&Line::Verified {
            documents: corpus.documents.len(),
            repeats: report.repeats().len(),
            matches: report.matches().count(),
            clusters: report.clusters().len(),
        })
    }

    fn repeats(&mut self, corpus: &Corpus, repeats: &[Vec<Repeat>]) -> io::Result<()> {
        for (document, repeats) in corpus.documents.iter().zip(repeats) {
            for repeat in repeats {
                self.repeat(document, repeat)?;
            }
        }
        self.line(&Line::Summary {
            documents: corpus.documents.len(),
            references: 0,
            skipped: corpus.skipped,
            repeats: repeats.iter().map(Vec::len).sum(),
            matches: 0,
            clusters: 0,
            limits: Limits::default(),
        })
    }

    fn compare(
        &mut self,
        [a, b]: [&Document; 2],
        explanation: &Explanation,
        of: &Matching,
    ) -> io::Result<()> {
        let found = explanation.comparison();
        let (similarity, passages) = (found.similarity(), found.passages());
        let mut pair = Pair::new((a, b), found.relation(), similarity, passages, of.measure);
        pair.explanation = Some(Explained::new(explanation));
        self.line(&if found.is_match() { Line::Match(pair) } else { Line::Pair(pair) })?;
        self.line(&Line::Summary {
            documents: 2,
            references: 0,
            skipped: 0,
            repeats: 0,
            matches: usize::from(found.is_match()),
            clusters: 0,
            limits: Limits::default(),
        })
    }

    fn audit(&mut self, corpus: &Corpus, audit: &Audit) -> io::Result<()> {
        self.line(&Line::Audit(Audited::new(corpus, audit)))
    }
}
