//! Results for people.

use std::io::{self, Write};

use doublon::{
    Audit, Cluster, CommonPassage, Cut, Explanation, Match, Measure, Passage, Place, Relation,
    Repeat, RepeatKind, Report, Span, Unit,
};

use crate::args::Matching;
use crate::commands::Printer;
use crate::input::{Corpus, Document};
use crate::show::{Style, counted, excerpt, percent, printable, title};

/// Places of a repeat that are named.
const PLACES: usize = 4;

/// Prints text, shortened to fit a terminal.
pub struct Text<W> {
    out: W,
    style: Style,
}

impl<W: Write> Printer for Text<W> {
    fn scan(&mut self, corpus: &Corpus, report: &Report) -> io::Result<()> {
        for repeat in report.repeats() {
            self.repeat(&corpus.documents[repeat.doc().index()], repeat.repeat())?;
        }
        for common in report.boilerplate() {
            self.common(&corpus.documents[common.doc().index()], common)?;
        }
        for (number, cluster) in report.clusters().iter().enumerate() {
            self.cluster(corpus, number + 1, cluster, report)?;
        }
        self.report(corpus, report)
    }

    fn thresholds(&mut self, corpus: &Corpus, report: &Report, rows: &[Cut]) -> io::Result<()> {
        let title = format!("{:>9}{:>10}{:>10}", "threshold", "clusters", "removals");
        writeln!(self.out, "{}", self.style.strong(title))?;
        for (threshold, row) in by_hundredths(report, rows) {
            writeln!(self.out, "{threshold:>9}{:>10}{:>10}", row.clusters(), row.removals())?;
        }
        writeln!(self.out)?;
        self.report(corpus, report)
    }

    fn verified(&mut self, corpus: &Corpus, report: &Report) -> io::Result<()> {
        writeln!(self.out, "{}", self.style.good("all of it is so"))?;
        self.report(corpus, report)
    }

    fn repeats(&mut self, corpus: &Corpus, repeats: &[Vec<Repeat>]) -> io::Result<()> {
        for (document, repeats) in corpus.documents.iter().zip(repeats) {
            for repeat in repeats {
                self.repeat(document, repeat)?;
            }
        }
        self.summary(corpus, &[counted(repeats.iter().map(Vec::len).sum(), "repeat")])
    }

    fn compare(
        &mut self,
        [a, b]: [&Document; 2],
        explanation: &Explanation,
        of: &Matching,
    ) -> io::Result<()> {
        let found = explanation.comparison();
        let pair = found.similarity();
        self.heading([&a.id, &b.id].map(|id| printable(id)), found.relation())?;
        writeln!(self.out, "\n{:24}{:>10}{:>10}", "", "first", "second")?;
        for (what, first, second) in [
            ("tokens", pair.tokens_a(), pair.tokens_b()),
            ("  in shared passages", pair.covered_a(), pair.covered_b()),
            ("shingles", pair.shingles_a(), pair.shingles_b()),
            ("  shared", pair.shared(), pair.shared()),
        ] {
            writeln!(self.out, "{what:24}{first:>10}{second:>10}")?;
        }
        writeln!(self.out, "\ncoverage     {:.3}", pair.coverage())?;
        writeln!(self.out, "jaccard      {:.3}", pair.jaccard())?;
        writeln!(self.out, "containment  {:.3}", pair.containment())?;
        writeln!(self.out, "hamming      {} of 64 bits differ\n", pair.hamming())?;
        for passage in found.passages() {
            self.passage(&a.text, passage)?;
        }
        let verdict = if found.is_match() { "a match" } else { "no match" };
        let criterion = criterion(of.measure, of.threshold());
        writeln!(self.out, "{} by {criterion}", self.style.strong(verdict))?;
        write!(self.out, "{explanation}")
    }

    fn audit(&mut self, corpus: &Corpus, audit: &Audit) -> io::Result<()> {
        writeln!(self.out, "\n{}", self.style.strong("Audit"))?;
        write!(self.out, "{audit}")?;
        for (what, pairs) in [("missed", audit.missed()), ("wrong", audit.wrong())] {
            for pair in pairs {
                let [a, b] = pair.map(|place| name(corpus, audit.unit(), place));
                writeln!(self.out, "{what}: {a} and {b}")?;
            }
        }
        Ok(())
    }
}

impl<W: Write> Text<W> {
    pub fn new(out: W, style: Style) -> Self {
        Self { out, style }
    }

    /// What a report holds in all, and how it was made.
    fn report(&mut self, corpus: &Corpus, report: &Report) -> io::Result<()> {
        self.summary(
            corpus,
            &[
                counted(report.repeats().len(), "repeat"),
                counted(report.matches().count(), "match"),
                counted(report.clusters().len(), "cluster"),
            ],
        )?;
        for (name, count) in report.limits().iter().filter(|&(_, count)| count > 0) {
            writeln!(self.out, "{}", limit(name, count as usize, report.unit()))?;
        }
        let criterion = criterion(report.measure(), report.threshold());
        writeln!(self.out, "{}", self.style.weak(format!("{criterion}; {}", report.search())))
    }

    fn repeat(&mut self, document: &Document, repeat: &Repeat) -> io::Result<()> {
        let what = match repeat.kind() {
            RepeatKind::Paragraph => "paragraph",
            _ => "passage",
        };
        let times = repeat.spans().len();
        let tokens = counted(repeat.tokens(), "token");
        let id = self.style.strong(printable(&document.id));
        writeln!(self.out, "{id}: a {what} stands {times} times ({tokens})")?;
        let places: Vec<_> = repeat.spans().iter().take(PLACES).map(Span::to_string).collect();
        let mut places = format!("bytes {}", places.join(", "));
        if times > PLACES {
            places += &format!(" and {} more", times - PLACES);
        }
        writeln!(self.out, "  {}", self.style.weak(places))?;
        self.excerpt(&document.text[repeat.spans()[0]])
    }

    fn common(&mut self, document: &Document, common: &CommonPassage) -> io::Result<()> {
        let (documents, tokens) = (common.documents(), counted(common.tokens(), "token"));
        let what = format!("Boilerplate in {documents} documents");
        writeln!(self.out, "{} ({tokens})", self.style.strong(what))?;
        let place = format!("first in {}, bytes {}", printable(&document.id), common.span());
        writeln!(self.out, "  {}", self.style.weak(place))?;
        self.excerpt(&document.text[common.span()])
    }

    fn cluster(
        &mut self,
        corpus: &Corpus,
        number: usize,
        cluster: &Cluster,
        report: &Report,
    ) -> io::Result<()> {
        let documents = counted(cluster.docs().len(), unit_name(report.unit()));
        writeln!(self.out, "{}", self.style.strong(format!("Cluster {number}: {documents}")))?;
        for place in cluster.places() {
            let document = &corpus.documents[place.doc().index()];
            let id = name(corpus, report.unit(), place);
            // The text of a JSON Lines document need not begin with a title.
            let title = if document.place.1 == 0 || report.unit() == Unit::Paragraph {
                let width = self.style.width.saturating_sub(id.chars().count() + 8);
                title(&document.text[place.span()], width)
            } else {
                String::new()
            };
            let line = if place == cluster.keep_place() {
                format!("  keep {}  {title}", self.style.good(id))
            } else if place.doc().index() < report.references() {
                format!("  ref  {id}  {title}")
            } else {
                format!("       {id}  {title}")
            };
            writeln!(self.out, "{}", line.trim_end())?;
        }
        writeln!(self.out)?;
        cluster.matches().iter().try_for_each(|found| self.found(corpus, found, report))
    }

    fn found(&mut self, corpus: &Corpus, found: &Match, report: &Report) -> io::Result<()> {
        let a = &corpus.documents[found.a().index()];
        let names = found.places().map(|place| name(corpus, report.unit(), place));
        self.heading(names, Some(found.relation()))?;
        if found.relation() == Relation::Identical {
            return writeln!(self.out);
        }
        let pair = found.similarity();
        write!(
            self.out,
            "  shared: {} of the first, {} of the second; Jaccard {:.3}",
            percent(pair.coverage_a()),
            percent(pair.coverage_b()),
            pair.jaccard()
        )?;
        if report.measure() == Measure::Hamming {
            write!(self.out, "; {} of 64 bits differ", pair.hamming())?;
        }
        writeln!(self.out)?;
        if found.passages().is_empty() {
            return writeln!(self.out);
        }
        found.passages().iter().try_for_each(|passage| self.passage(&a.text, passage))
    }

    /// How the first of two relates to the second.
    fn heading(&mut self, pair: [String; 2], relation: Option<Relation>) -> io::Result<()> {
        let [a, b] = pair.map(|name| self.style.strong(name));
        match relation {
            Some(Relation::Identical) => writeln!(self.out, "{a} and {b} are identical"),
            Some(Relation::SameText) => {
                writeln!(self.out, "{a} and {b} have the same words")
            }
            Some(Relation::Near) => writeln!(self.out, "{a} is nearly the same as {b}"),
            Some(Relation::Contains) => writeln!(self.out, "{a} contains {b}"),
            Some(Relation::Contained) => writeln!(self.out, "{a} is contained in {b}"),
            Some(_) => writeln!(self.out, "{a} overlaps {b}"),
            None => writeln!(self.out, "{a} shares no passage with {b}"),
        }
    }

    fn passage(&mut self, text: &str, passage: &Passage) -> io::Result<()> {
        let tokens = counted(passage.tokens(), "token");
        let places = format!("bytes {} and {}", passage.a(), passage.b());
        writeln!(self.out, "  {tokens}, {}", self.style.weak(places))?;
        self.excerpt(&text[passage.a()])
    }

    fn excerpt(&mut self, text: &str) -> io::Result<()> {
        for line in excerpt(text, self.style.width - 4) {
            writeln!(self.out, "    {line}")?;
        }
        writeln!(self.out)
    }

    fn summary(&mut self, corpus: &Corpus, found: &[String]) -> io::Result<()> {
        let documents = counted(corpus.documents.len(), "document");
        let summary = format!("{documents}: {}", found.join(", "));
        writeln!(self.out, "{}", self.style.strong(summary))?;
        if corpus.skipped > 0 {
            writeln!(self.out, "{} skipped: unusable", corpus.skipped)?;
        }
        if corpus.repaired > 0 {
            writeln!(
                self.out,
                "{} read though not valid UTF-8",
                counted(corpus.repaired as usize, "text")
            )?;
        }
        Ok(())
    }
}

fn unit_name(unit: Unit) -> &'static str {
    if unit == Unit::Paragraph { "paragraph" } else { "document" }
}

/// A document's id; of a paragraph, with its place.
fn name(corpus: &Corpus, unit: Unit, place: Place) -> String {
    let id = printable(&corpus.documents[place.doc().index()].id);
    match unit {
        Unit::Paragraph => format!("{id} {}", place.span()),
        _ => id,
    }
}

/// Of the rows those that hold at a whole hundredth and not at the one above; at last that of the
/// report's own threshold.
fn by_hundredths<'a>(report: &Report, rows: &'a [Cut]) -> Vec<(f64, &'a Cut)> {
    let at = |row: &Cut| {
        let millionths = (row.threshold() * 1e6).round() as u64;
        match report.measure() {
            Measure::Hamming => row.threshold(),
            _ => ((millionths / 10_000) as f64 / 100.0).max(report.threshold()),
        }
    };
    let same = rows.chunk_by(|x, y| at(x) == at(y));
    same.filter_map(<[Cut]>::last).map(|row| (at(row), row)).collect()
}

fn criterion(measure: Measure, threshold: f64) -> String {
    let than = if measure == Measure::Hamming { "<=" } else { ">=" };
    format!("{measure} {than} {threshold}")
}

/// Where the search did less than everything, in words.
pub fn limit(name: &str, count: usize, unit: Unit) -> String {
    let documents = counted(count, unit_name(unit));
    match name {
        "empty" => format!("{documents} without a word: matched with nothing"),
        "short" => format!("{documents} too short for the measure: matched with copies only"),
        "crowded" => format!(
            "{} too large for all pairs to be compared: matches may be missing",
            counted(count, "candidate group")
        ),
        "full" => format!("{documents} kept out of clusters that had reached their greatest size"),
        _ => format!("limit {name}: {count}"),
    }
}
