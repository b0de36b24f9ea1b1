//! Which re-edited copies each measure finds, kind of edit by kind of edit, with its defaults; coverage
//! with other settings too, and bands of MinHash sketches without a look at the texts; and what the
//! measures find of texts with words that the newsroom adds to all, once boilerplate is discounted. Fails
//! when a precision or a recall is lower than in `edits.txt`.
//!
//! `cargo bench --bench edits -- --record` writes the file anew: not to make a worse figure pass.

#![allow(missing_docs)]

mod texts;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::ExitCode;

use doublon::candidates::Lsh;
use doublon::shingle::shingles;
use doublon::sketch::MinHasher;
use doublon::text::{Tokenize, Tokens, Words};
use doublon::{Boilerplate, Detector, DetectorBuilder, Measure};
use texts::editing::{KINDS, OWN_WORDS, Version};
use texts::truth::Pairs;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/edits.txt");
const MEASURES: [Measure; 4] =
    [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming];
/// Passages in so many texts are boilerplate: 182 texts have a footer, and 13 tell one story.
const MIN_DOCS: u32 = 50;
/// Slots of the sketches that are cut into bands.
const SLOTS: usize = 128;

/// What decides which texts belong together.
struct Method {
    name: String,
    pairs: Decide,
}

type Decide = Box<dyn Fn(&[Version]) -> Pairs>;

/// By kind and method.
type Table = BTreeMap<(&'static str, String), Figures>;

/// What a method said of the pairs of a kind.
#[derive(Clone, Copy, Default)]
struct Figures {
    found: usize,
    positives: usize,
    wrong: usize,
}

impl Figures {
    /// An original and what was made of it belong together; texts that have no story in common do not.
    /// Of two texts made of one story nothing is said.
    fn new(versions: &[Version], pairs: &Pairs) -> Self {
        let mut figures = Self::default();
        for (i, a) in versions.iter().enumerate() {
            for (j, b) in versions.iter().enumerate().skip(i + 1) {
                let related = a.stories.iter().any(|story| b.stories.contains(story));
                let found = usize::from(pairs.contains(&(i, j)));
                if related && a.original != b.original {
                    figures.positives += 1;
                    figures.found += found;
                } else if !related {
                    figures.wrong += found;
                }
            }
        }
        figures
    }

    fn plus(self, other: Self) -> Self {
        Self {
            found: self.found + other.found,
            positives: self.positives + other.positives,
            wrong: self.wrong + other.wrong,
        }
    }

    fn precision(self) -> f64 {
        share(self.found, self.found + self.wrong, 1.0)
    }

    fn recall(self) -> f64 {
        share(self.found, self.positives, 1.0)
    }

    fn f1(self) -> f64 {
        share(2 * self.found, self.found + self.wrong + self.positives, 0.0)
    }
}

fn share(part: usize, whole: usize, of_nothing: f64) -> f64 {
    if whole == 0 { of_nothing } else { part as f64 / whole as f64 }
}

fn main() -> ExitCode {
    let flag = |name: &str| std::env::args().any(|arg| arg == name);
    if flag("--list") {
        return ExitCode::SUCCESS;
    }
    let defaults = table(
        "defaults, and bands without verification",
        0,
        &[
            measure(Measure::Coverage),
            measure(Measure::Jaccard),
            measure(Measure::Containment),
            measure(Measure::Hamming),
            bands(0.7),
            bands(0.8),
        ],
    );
    let discounted = table(
        "boilerplate discounted",
        OWN_WORDS,
        &MEASURES.map(|measure| {
            detector(&measure.to_string(), move |builder| {
                builder.measure(measure).boilerplate(Boilerplate::Discount { min_docs: MIN_DOCS })
            })
        }),
    );
    table(
        "coverage, other runs and gaps",
        0,
        &[
            coverage("run 8", |builder| builder.min_run(8)),
            coverage("run 12", |builder| builder.min_run(12)),
            coverage("run 16 (default)", |builder| builder),
            coverage("run 24", |builder| builder.min_run(24)),
            coverage("gap 0", |builder| builder.max_gap(0)),
            coverage("gap 64", |builder| builder.max_gap(64)),
        ],
    );
    table(
        "other thresholds",
        0,
        &[
            coverage("coverage 0.3", |builder| builder.threshold(0.3)),
            coverage("coverage 0.7", |builder| builder.threshold(0.7)),
            detector("jaccard 0.5", |builder| builder.measure(Measure::Jaccard).threshold(0.5)),
            detector("jaccard 0.8", |builder| builder.measure(Measure::Jaccard).threshold(0.8)),
            detector("containment 0.5", |builder| {
                builder.measure(Measure::Containment).threshold(0.5)
            }),
            detector("hamming 10", |builder| builder.measure(Measure::Hamming).threshold(10.0)),
        ],
    );
    check([("", &defaults), ("discounted ", &discounted)], flag("--record"))
}

fn measure(measure: Measure) -> Method {
    detector(&measure.to_string(), move |builder| builder.measure(measure))
}

fn coverage(name: &str, set: impl Fn(&mut DetectorBuilder) -> &mut DetectorBuilder) -> Method {
    detector(name, set)
}

fn detector(name: &str, set: impl Fn(&mut DetectorBuilder) -> &mut DetectorBuilder) -> Method {
    let mut builder = Detector::builder();
    set(builder.repeats(false).all_pairs(1 << 20));
    let detector = builder.build().expect("the settings fit each other");
    let pairs = move |versions: &[Version]| {
        let texts: Vec<&str> = versions.iter().map(|version| version.text.as_str()).collect();
        texts::truth::pairs(&detector.find(&texts).expect("the texts are small"))
    };
    Method { name: name.to_owned(), pairs: Box::new(pairs) }
}

/// What many tools do: sketches of 128 slots over shingles of five words, in bands that balance lost
/// pairs and false ones; whoever shares a band is a duplicate, and so are the duplicates of duplicates.
fn bands(threshold: f64) -> Method {
    let lsh = balanced(threshold);
    let hasher = MinHasher::new(SLOTS).expect("a power of two");
    let name = format!("bands {}x{}", lsh.bands(), lsh.rows());
    let pairs = move |versions: &[Version]| {
        let sketches: Vec<_> = versions
            .iter()
            .map(|version| {
                let (mut tokens, mut hashes) = (Tokens::new(), Vec::new());
                Words.tokenize(&version.text, &mut tokens);
                shingles(tokens.hashes(), 5, &mut hashes);
                hasher.sketch(&hashes)
            })
            .collect();
        let mut least: Vec<u32> = (0..versions.len() as u32).collect();
        for group in lsh.groups(&sketches).expect("few texts").iter() {
            let members: Vec<u32> = group.map(|document| least[document as usize]).collect();
            let of_all = *members.iter().min().expect("a group has members");
            for root in least.iter_mut().filter(|root| members.contains(root)) {
                *root = of_all;
            }
        }
        let same = |&(i, j): &(usize, usize)| least[i] == least[j];
        let all = (0..least.len()).flat_map(|i| (i + 1..least.len()).map(move |j| (i, j)));
        all.filter(same).collect()
    };
    Method { name, pairs: Box::new(pairs) }
}

/// The bands for which the probability of a candidate below the threshold and that of none above it,
/// both integrated, are least in sum.
fn balanced(threshold: f64) -> Lsh {
    const STEPS: usize = 1000;
    let error = |lsh: &Lsh| -> f64 {
        let at = |step: usize| (step as f64 + 0.5) / STEPS as f64;
        let of = |jaccard: f64| {
            let found = lsh.probability(jaccard);
            if jaccard < threshold { found } else { 1.0 - found }
        };
        (0..STEPS).map(|step| of(at(step))).sum()
    };
    let all = (1..=SLOTS).flat_map(|rows| (1..=SLOTS / rows).map(move |bands| (bands, rows)));
    all.map(|(bands, rows)| Lsh::new(bands, rows).expect("neither is 0"))
        .map(|lsh| (error(&lsh), lsh))
        .min_by(|x, y| x.0.total_cmp(&y.0))
        .expect("there is one band of one row")
        .1
}

/// Prints precision, recall and F1 of each method for each kind of edit from the `first` on, and gives
/// the figures.
fn table(title: &str, first: usize, methods: &[Method]) -> Table {
    let mut all = Table::new();
    print!("\n{title:<32}");
    methods.iter().for_each(|method| print!("{:>18}", method.name));
    println!("\n{:<32}{}", "kind of edit", "  prec.  rec.   F1".repeat(methods.len()));
    let mut sums = vec![Figures::default(); methods.len()];
    let row = |name: &str, figures: &[Figures]| {
        print!("{name:<32}");
        for of in figures {
            print!("{:>7.2}{:>6.2}{:>5.2}", of.precision(), of.recall(), of.f1());
        }
        println!();
    };
    for (number, kind) in KINDS.iter().enumerate().skip(first) {
        if number == OWN_WORDS && first == 0 {
            row("all of these", &sums);
        }
        let versions = kind.corpus();
        let figures: Vec<Figures> = methods
            .iter()
            .map(|method| Figures::new(&versions, &(method.pairs)(&versions)))
            .collect();
        row(kind.name, &figures);
        for ((method, &of), sum) in methods.iter().zip(&figures).zip(&mut sums) {
            *sum = sum.plus(of);
            all.insert((kind.name, method.name.clone()), of);
        }
    }
    all
}

/// Holds the figures of the measures, of tables with names, against the recorded floors, or records
/// them.
fn check(tables: [(&str, &Table); 2], record: bool) -> ExitCode {
    let recorded = std::fs::read_to_string(FILE).unwrap_or_default();
    let (mut good, mut file) = (true, String::new());
    for (table, figures) in tables {
        let all = KINDS.iter().flat_map(|kind| MEASURES.map(|measure| (kind, measure)));
        for (kind, measure) in all {
            let Some(of) = figures.get(&(kind.name, measure.to_string())) else { continue };
            // Rounded down: a floor is not rounded up.
            let [precision, recall] =
                [of.precision(), of.recall()].map(|share| (share * 1000.0).floor() as u32);
            let name = format!("{table}{measure}, {}", kind.name);
            writeln!(file, "{precision:04} {recall:04} {name}").expect("a string takes all");
            // What is not recorded is not reached.
            let (least_precision, least_recall) = recorded
                .lines()
                .find_map(|line| {
                    let numbers = line.strip_suffix(&name)?;
                    let mut numbers = numbers.split_whitespace().map(str::parse::<u32>);
                    let floors = (numbers.next()?.ok()?, numbers.next()?.ok()?);
                    numbers.next().is_none().then_some(floors)
                })
                .unwrap_or((u32::MAX, u32::MAX));
            if precision < least_precision || recall < least_recall {
                good = false;
                if !record {
                    eprintln!(
                        "error: {name}: precision {precision}, recall {recall} thousandths; \
                         {FILE} says {least_precision} and {least_recall}"
                    );
                }
            }
        }
    }
    if record {
        std::fs::write(FILE, file).expect("the file can be written");
        return ExitCode::SUCCESS;
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
