//! The commands: read, ask the library, print.

use std::io::{self, BufWriter, Write};

use anyhow::{Context, Result, ensure};
use doublon::{Audit, Cut, Detector, DetectorBuilder, Explanation, Remove, Repeat, Report, Unit};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::args::{Args, Auditing, Choice, Command, Format, Input, Matching};
use crate::certificate;
use crate::dedup::{Fate, Survivors, Target, fates};
use crate::filter::Rule;
use crate::input::{self, Corpus, Document, Files};
use crate::jsonl::Jsonl;
use crate::notes::{self, Notes};
use crate::show::{Style, counted};
use crate::source::{self, Source};
use crate::text::{self, Text};

/// Pairs that are held for `--thresholds`: about 1 GB.
const MOST_PAIRS: usize = 1 << 22;

/// A way to print what was found.
pub trait Printer {
    fn scan(&mut self, corpus: &Corpus, report: &Report) -> io::Result<()>;
    /// What the report would hold at each higher threshold.
    fn thresholds(&mut self, corpus: &Corpus, report: &Report, rows: &[Cut]) -> io::Result<()>;
    /// A report that is true of the documents.
    fn verified(&mut self, corpus: &Corpus, report: &Report) -> io::Result<()>;
    /// The repeats of each document.
    fn repeats(&mut self, corpus: &Corpus, repeats: &[Vec<Repeat>]) -> io::Result<()>;
    fn compare(
        &mut self,
        pair: [&Document; 2],
        found: &Explanation,
        of: &Matching,
    ) -> io::Result<()>;
    fn audit(&mut self, corpus: &Corpus, audit: &Audit) -> io::Result<()>;
}

/// Does what was asked. Gives whether anything repeats or matches.
pub fn run(args: Args) -> Result<bool> {
    match args.command {
        Command::Scan {
            input,
            matching,
            grouping,
            choice,
            rules,
            auditing,
            format,
            thresholds,
            report: out,
        } => {
            let mut builder = Detector::builder();
            matching.apply(&mut builder);
            grouping.apply(&mut builder);
            rules.apply(&mut builder);
            if thresholds {
                builder.all_pairs(MOST_PAIRS);
            }
            let search = Search::new(&input, builder, &choice)?;
            let (mut sources, references) = source::against(&grouping.against, &input.paths)?;
            let out = out.map(|out| certificate::File::new(&out, &sources)).transpose()?;
            let mut files = input::files(&sources);
            let (corpus, report) = search.run(&mut sources, references, &mut files, false)?;
            if let Some(out) = out {
                out.write(&report)?;
            }
            let audit = search.audit(&corpus, &auditing)?;
            let rows = if thresholds { Some(report.thresholds()?) } else { None };
            print(format, |printer| {
                match &rows {
                    Some(rows) => printer.thresholds(&corpus, &report, rows)?,
                    None => printer.scan(&corpus, &report)?,
                }
                audit.iter().try_for_each(|audit| printer.audit(&corpus, audit))
            })?;
            Ok(!report.repeats().is_empty() || !report.clusters().is_empty())
        }
        Command::Verify { report: from, input, against, choice, format } => {
            let report = certificate::read(&from)?;
            let (chosen, known) = (report.settings().chosen_pairs(), !choice.rules().is_empty());
            ensure!(
                chosen || !known,
                "the report is one of all pairs; leave out --same, --differ and --within"
            );
            // Nothing of it is used but the choice of pairs: the report has its own settings.
            let search = Search::new(&input, Detector::builder(), &choice)?;
            let (mut sources, references) = source::against(&against, &input.paths)?;
            let mut files = input::files(&sources);
            let (corpus, ()) =
                search.with(&mut sources, references, &mut files, false, |corpus, detector| {
                    let (reference, incoming) = corpus.split();
                    detector.verify_against(&report, reference, incoming)
                })?;
            if chosen && !known {
                notes::print(
                    "not checked: which pairs may match; give --same, --differ or --within as scan \
                     had them",
                );
            }
            print(format, |printer| printer.verified(&corpus, &report))?;
            Ok(false)
        }
        Command::Cut { report: from, threshold, out } => {
            let source = Source::new(&from, from.to_string_lossy().into_owned())?;
            let out = certificate::File::new(&out, &[source])?;
            let report = certificate::read(&from)?.at(threshold)?;
            out.write(&report)?;
            let clusters = counted(report.clusters().len(), "cluster");
            let cut = counted(report.removals(Remove::Matches).len(), "removal");
            notes::print(&format!("at {threshold}: {clusters}, {cut}"));
            Ok(!report.clusters().is_empty())
        }
        Command::Dedup { input, out, remove, matching, grouping, choice, rules } => {
            ensure!(
                remove != Remove::Referenced || !grouping.against.is_empty(),
                "--remove referenced needs a reference; name one with --against"
            );
            let mut builder = Detector::builder();
            matching.apply(&mut builder);
            grouping.apply(&mut builder);
            rules.apply(builder.repeats(false));
            let search = Search::new(&input, builder, &choice)?;
            let (mut sources, references) = source::against(&grouping.against, &input.paths)?;
            let target = Target::new(&out, &sources, references)?;
            let mut files = input::files(&sources);
            let (corpus, report) = search.run(&mut sources, references, &mut files, true)?;
            let removals = report.removals(remove);
            let fates = fates(&corpus, &removals)?;
            target.write(Survivors {
                corpus: &corpus,
                fates: &fates,
                sources: &mut sources,
                references,
                reading: &input.reading,
            })?;
            let cut = (report.unit() == Unit::Paragraph).then_some(removals.len());
            notes::print(&dedup_summary(&corpus, &fates, cut));
            let crowded = report.limits().crowded as usize;
            if crowded > 0 {
                notes::print(&text::limit("crowded", crowded, report.unit()));
            }
            Ok(!report.clusters().is_empty())
        }
        Command::Repeats { input, rules, format } => {
            let mut builder = Detector::builder();
            rules.apply(&mut builder);
            let search = Search::new(&input, builder, &Choice::default())?;
            let mut sources = source::expand(&input.paths)?;
            let mut files = input::files(&sources);
            let (corpus, repeats) = search.repeats(&mut sources, &mut files)?;
            print(format, |printer| printer.repeats(&corpus, &repeats))?;
            Ok(repeats.iter().any(|repeats| !repeats.is_empty()))
        }
        Command::Compare { a, b, matching, rules, format, strict } => {
            let mut builder = Detector::builder();
            matching.apply(&mut builder);
            rules.apply(&mut builder);
            let detector = builder.build()?;
            let mut notes = Notes::new(strict, false);
            let mut read = |path: &std::path::Path| {
                let mut source = Source::new(path, path.to_string_lossy().into_owned())?;
                input::read_text(&mut source, &mut notes)
            };
            let (a, b) = (read(&a)?, read(&b)?);
            let found = detector.explain(&a.text, &b.text)?;
            print(format, |printer| printer.compare([&a, &b], &found, &matching))?;
            Ok(found.comparison().is_match())
        }
    }
}

/// What the commands on many documents have in common.
struct Search<'a> {
    input: &'a Input,
    builder: DetectorBuilder,
    /// Which pairs may match, as far as the documents tell.
    rules: Vec<Rule>,
    pool: ThreadPool,
}

impl<'a> Search<'a> {
    /// Fails before anything is read.
    fn new(input: &'a Input, builder: DetectorBuilder, choice: &Choice) -> Result<Self> {
        builder.build()?;
        let pool = ThreadPoolBuilder::new().num_threads(input.threads.into()).build()?;
        Ok(Self { input, builder, rules: choice.rules(), pool })
    }

    fn detector(&self, corpus: &Corpus) -> doublon::Result<Detector> {
        let mut builder = self.builder.clone();
        if let Some(may_match) = corpus.fields.may_match() {
            builder.pairs_if(may_match);
        }
        builder.build()
    }

    fn run<'f>(
        &self,
        sources: &mut [Source],
        references: usize,
        files: &'f mut Files,
        keep: bool,
    ) -> Result<(Corpus<'f>, Report)> {
        self.with(sources, references, files, keep, |corpus, detector| {
            let (reference, incoming) = corpus.split();
            detector.find_against(reference, incoming)
        })
    }

    fn repeats<'f>(
        &self,
        sources: &mut [Source],
        files: &'f mut Files,
    ) -> Result<(Corpus<'f>, Vec<Vec<Repeat>>)> {
        self.with(sources, 0, files, false, |corpus, detector| {
            let documents = corpus.documents.par_iter();
            documents.map(|document| detector.repeats(&document.text)).collect()
        })
    }

    /// Holds the search against a sample, if that was asked for.
    fn audit(&self, corpus: &Corpus, auditing: &Auditing) -> Result<Option<Audit>> {
        let Some(sample) = auditing.audit else { return Ok(None) };
        let (sample, seed) = (sample as usize, auditing.seed);
        let detector = self.detector(corpus)?;
        let (reference, incoming) = corpus.split();
        let audit = || detector.audit_against(reference, incoming, sample, seed);
        Ok(Some(self.pool.install(audit)?))
    }

    /// Reads the sources and applies `work` to what they hold.
    fn with<'f, R: Send>(
        &self,
        sources: &mut [Source],
        references: usize,
        files: &'f mut Files,
        keep: bool,
        work: impl FnOnce(&Corpus, &Detector) -> doublon::Result<R> + Send,
    ) -> Result<(Corpus<'f>, R)> {
        let reading = &self.input.reading;
        let mut notes = Notes::new(reading.strict, reading.progress);
        let corpus = self.pool.install(|| {
            input::read(sources, references, files, reading, &self.rules, keep, &mut notes)
        })?;
        let detector = self.detector(&corpus)?;
        notes.spin(format!("searching {}", counted(corpus.documents.len(), "document")));
        let found = self.pool.install(|| work(&corpus, &detector));
        notes.bar.finish_and_clear();
        Ok((corpus, found?))
    }
}

fn dedup_summary(corpus: &Corpus, fates: &[Fate], cut: Option<usize>) -> String {
    let fates = &fates[corpus.references..];
    let gone = fates.iter().filter(|fate| matches!(fate, Fate::Gone)).count();
    let all = counted(fates.len(), "document");
    let mut summary = format!("{all}: {} written, {gone} left out", fates.len() - gone);
    if let Some(cut) = cut {
        summary += &format!("; {} cut", counted(cut, "paragraph"));
    }
    if corpus.skipped > 0 {
        summary += &format!("; {} skipped and not written", corpus.skipped);
    }
    summary
}

fn print(format: Format, what: impl FnOnce(&mut dyn Printer) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let printed = match format {
        Format::Text => what(&mut Text::new(&mut out, Style::of_stdout())),
        Format::Jsonl => what(&mut Jsonl::new(&mut out)),
    };
    printed.and_then(|()| out.flush()).context("standard output")
}
