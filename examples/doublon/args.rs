//! The command line. Its options have the library's names.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as Group, Parser, Subcommand, ValueEnum, value_parser};
use doublon::{Boilerplate, Clustering, DetectorBuilder, Keep, Measure, Remove, Search, Unit};

use crate::filter::Rule;

/// Finds what repeats in texts, and the texts that overlap, with the shared passages as proof.
#[derive(Parser)]
#[command(version, after_help = EXIT)]
pub struct Args {
    /// Exit with 1 if anything repeats or matches
    #[arg(long, global = true)]
    pub check: bool,
    #[command(subcommand)]
    pub command: Command,
}

const EXIT: &str = "\
PATH is a text file, a folder of .txt files, JSON Lines (.jsonl, .jsonl.gz, .jsonl.zst), or - for
standard input: JSON Lines if it begins with {, else one text.

Exit status: 0 when it ran, 1 with --check when anything repeats or matches, 2 for an error.";

#[derive(Subcommand)]
pub enum Command {
    /// Show what repeats inside each document, and which documents overlap
    Scan {
        /// Show how many clusters there would be at each higher threshold, and how many documents
        /// could go, instead of what was found. Text gives hundredths, jsonl all
        #[arg(long)]
        thresholds: bool,
        /// Write the whole report to a file as well, as JSON, for verify
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// Text is for people, jsonl for programs: one JSON object a line
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        #[command(flatten)]
        input: Input,
        #[command(flatten)]
        matching: Matching,
        #[command(flatten)]
        grouping: Grouping,
        #[command(flatten)]
        choice: Choice,
        #[command(flatten)]
        rules: Rules,
        #[command(flatten)]
        auditing: Auditing,
    },
    /// Show all that two texts share, and what a search makes of them
    Compare {
        /// A text file, or - for standard input
        a: PathBuf,
        /// Another text file
        b: PathBuf,
        /// Text is for people, jsonl for programs: one JSON object a line
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// Stop at a text that is not valid UTF-8
        #[arg(long)]
        strict: bool,
        #[command(flatten)]
        matching: Matching,
        #[command(flatten)]
        rules: Rules,
    },
    /// Show what repeats inside each document
    Repeats {
        /// Text is for people, jsonl for programs: one JSON object a line
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        #[command(flatten)]
        input: Input,
        #[command(flatten)]
        rules: Rules,
    },
    /// Check a report that scan wrote against the texts, which are read as scan read them
    Verify {
        /// What scan --report wrote
        report: PathBuf,
        /// Text is for people, jsonl for programs: one JSON object a line
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        #[command(flatten)]
        input: Input,
        /// The reference that scan had, if it had one
        #[arg(long, value_name = "PATH")]
        against: Vec<PathBuf>,
        #[command(flatten)]
        choice: Choice,
    },
    /// Write what a report holds at a higher threshold, without the texts
    Cut {
        /// What scan --thresholds --report wrote
        report: PathBuf,
        /// The higher threshold; for hamming, fewer bits
        #[arg(long, value_name = "T")]
        threshold: f64,
        /// Where the report goes that is cut: a file, for verify or another cut
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Write the documents without those that match a kept one, or without such paragraphs
    Dedup {
        /// Where the survivors go: JSON Lines to a file (.gz and .zst are compressed) or - for
        /// standard output, text files to a new folder
        #[arg(short, long)]
        out: PathBuf,
        /// Leave out only copies of what is kept, all that matches it, or what matches the reference
        #[arg(long, default_value = "matches", value_parser = one_of(&REMOVES))]
        remove: Remove,
        #[command(flatten)]
        input: Input,
        #[command(flatten)]
        matching: Matching,
        #[command(flatten)]
        grouping: Grouping,
        #[command(flatten)]
        choice: Choice,
        #[command(flatten)]
        rules: Rules,
    },
}

/// How results are printed: for people, or as JSON Lines for programs.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Jsonl,
}

#[derive(Group)]
pub struct Input {
    /// A text file, a folder of .txt files, JSON Lines, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Threads to search with; 0 for as many as the machine has
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = value_parser!(u16).range(..=1024))]
    pub threads: u16,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Group)]
#[command(next_help_heading = "Reading")]
pub struct Reading {
    /// The JSON field with the id of a document
    #[arg(long, value_name = "NAME", default_value = "id")]
    pub id_field: String,
    /// The JSON field with the text of a document
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub text_field: String,
    /// Stop at the first line or text that cannot be used, instead of counting it
    #[arg(long)]
    pub strict: bool,
    /// Show progress on standard error
    #[arg(long)]
    pub progress: bool,
}

#[derive(Group)]
#[command(next_help_heading = "Matching")]
pub struct Matching {
    /// What the threshold is applied to
    #[arg(long, default_value = "coverage", value_parser = one_of(&MEASURES))]
    pub measure: Measure,
    /// The least share that makes a match; for hamming, the most bits that may differ [default: 0.5
    /// for coverage, 0.7 for jaccard, 0.8 for containment, 3 for hamming]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    threshold: Option<f64>,
}

impl Matching {
    pub fn apply(&self, builder: &mut DetectorBuilder) {
        builder.measure(self.measure);
        if let Some(threshold) = self.threshold {
            builder.threshold(threshold);
        }
    }

    pub fn threshold(&self) -> f64 {
        self.threshold.unwrap_or(self.measure.default_threshold())
    }
}

#[derive(Group)]
#[command(next_help_heading = "Matching")]
pub struct Grouping {
    /// How the pairs to look at are found
    #[arg(long, default_value = "auto", value_parser = one_of(&SEARCHES))]
    search: Search,
    /// How matches are grouped
    #[arg(long, default_value = "star", value_parser = one_of(&CLUSTERINGS))]
    cluster: Clustering,
    /// Which document of a cluster is kept
    #[arg(long, default_value = "longest", value_parser = one_of(&KEEPS))]
    keep: Keep,
    /// What is compared with what
    #[arg(long, default_value = "document", value_parser = one_of(&UNITS))]
    unit: Unit,
    /// A reference to compare the documents with: it is kept, and not compared with itself. May be
    /// given more than once
    #[arg(long, value_name = "PATH")]
    pub against: Vec<PathBuf>,
    /// What happens to passages that stand in many documents, as footers do: report shows them,
    /// discount leaves them out of every measure too
    #[arg(long, value_enum, default_value_t)]
    boilerplate: Common,
    /// In how many documents a passage must stand to be boilerplate
    #[arg(long, value_name = "N", default_value_t = 50)]
    min_docs: u32,
}

/// What happens to boilerplate.
#[derive(Clone, Copy, Default, ValueEnum)]
enum Common {
    #[default]
    Keep,
    Report,
    Discount,
}

impl Grouping {
    pub fn apply(&self, builder: &mut DetectorBuilder) {
        let min_docs = self.min_docs;
        builder.search(self.search).cluster(self.cluster).keep(self.keep.clone()).unit(self.unit);
        builder.boilerplate(match self.boilerplate {
            Common::Keep => Boilerplate::Keep,
            Common::Report => Boilerplate::Report { min_docs },
            Common::Discount => Boilerplate::Discount { min_docs },
        });
    }
}

#[derive(Group)]
#[command(next_help_heading = "Matching")]
pub struct Rules {
    /// The fewest words in a row that make a shared passage
    #[arg(long, value_name = "TOKENS", default_value_t = 16)]
    min_run: usize,
    /// The most words between two runs of a passage
    #[arg(long, value_name = "TOKENS", default_value_t = 16)]
    max_gap: usize,
    /// The words of a shingle
    #[arg(long, value_name = "TOKENS", default_value_t = 5)]
    shingle: usize,
}

impl Rules {
    pub fn apply(&self, builder: &mut DetectorBuilder) {
        builder.min_run(self.min_run).max_gap(self.max_gap).shingle(self.shingle);
    }
}

/// Which documents are compared. All that is asked for must hold.
#[derive(Group, Default)]
#[command(next_help_heading = "Choice of pairs")]
pub struct Choice {
    /// Compare only documents with the same string, number or boolean in this JSON field. A document
    /// without one matches no other
    #[arg(long, value_name = "FIELD")]
    same: Vec<String>,
    /// Compare only documents that differ in this JSON field. A document without one matches no other
    #[arg(long, value_name = "FIELD")]
    differ: Vec<String>,
    /// Compare only documents at most N apart in this JSON field, which holds numbers; or dates, as
    /// 2024-02-29 and with a time or not, and N is days. A document without one matches no other
    #[arg(long, value_name = "FIELD=N", value_parser = within)]
    within: Vec<Rule>,
}

impl Choice {
    pub fn rules(&self) -> Vec<Rule> {
        let same = self.same.iter().cloned().map(Rule::Same);
        let differ = self.differ.iter().cloned().map(Rule::Differ);
        same.chain(differ).chain(self.within.iter().cloned()).collect()
    }
}

fn within(given: &str) -> Result<Rule, String> {
    let (field, most) = given.rsplit_once('=').ok_or("it must be FIELD=N, as in date=2")?;
    let number = most.parse::<f64>().ok().filter(|most| (0.0..f64::INFINITY).contains(most));
    let most = number.ok_or_else(|| format!("{most:?} must be a number from 0 on"))?;
    Ok(Rule::Within(field.to_owned(), most))
}

#[derive(Group)]
#[command(next_help_heading = "Audit")]
pub struct Auditing {
    /// Compare so many documents with all others, and say what the search finds of their matches
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    pub audit: Option<u32>,
    /// Which documents these are: the same seed draws the same ones
    #[arg(long, value_name = "S", default_value_t = 1, requires = "audit")]
    pub seed: u64,
}

type Names<T, const N: usize> = [(&'static str, T); N];

static MEASURES: Names<Measure, 4> = [
    ("coverage", Measure::Coverage),
    ("jaccard", Measure::Jaccard),
    ("containment", Measure::Containment),
    ("hamming", Measure::Hamming),
];

static SEARCHES: Names<Search, 5> = [
    ("auto", Search::Auto),
    ("minhash", Search::MinHash),
    ("winnow", Search::Winnow),
    ("hamming", Search::Hamming),
    ("exact", Search::Exact),
];

static CLUSTERINGS: Names<Clustering, 3> = [
    ("star", Clustering::Star),
    ("connected", Clustering::Connected),
    ("complete-link", Clustering::CompleteLink),
];

static KEEPS: Names<Keep, 3> =
    [("longest", Keep::Longest), ("first", Keep::First), ("last", Keep::Last)];

static UNITS: Names<Unit, 2> = [("document", Unit::Document), ("paragraph", Unit::Paragraph)];

static REMOVES: Names<Remove, 3> =
    [("copies", Remove::Copies), ("matches", Remove::Matches), ("referenced", Remove::Referenced)];

/// Takes one of the names and gives what it stands for.
fn one_of<T: Clone + Send + Sync + 'static>(
    names: &'static [(&'static str, T)],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names.iter().map(|(name, _)| *name)).map(|given| {
        let found = names.iter().find(|(name, _)| *name == given);
        found.expect("clap has checked the name").1.clone()
    })
}
