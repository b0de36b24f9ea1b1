//! What a report says that it was made with.

use super::{Asked, mismatch};
use crate::detector::{Detector, Engine, Keep};
use crate::measure::Measure;
use crate::report::Report;
use crate::settings::{Policy, Search, Settings};
use crate::{Error, Result};

/// A detector with these settings, which searches nothing.
pub(super) fn detector(report: &Report, asked: &Asked) -> Result<Detector> {
    let Report { settings, search: words, unit, .. } = report;
    let Settings { measure, threshold, search, .. } = *settings;
    let mut builder = Detector::builder();
    builder.measure(measure).threshold(threshold).cluster(settings.clustering);
    builder.shingle(settings.shingle).min_run(settings.min_run).max_gap(settings.max_gap);
    builder.repeats(settings.repeats).boilerplate(settings.boilerplate).unit(*unit);
    builder.keep(match (settings.keep, &asked.keep) {
        (Policy::Longest, _) => Keep::Longest,
        (Policy::First, _) => Keep::First,
        (Policy::Last, _) => Keep::Last,
        (Policy::Priority, Keep::Priority(priority)) => Keep::Priority(priority.clone()),
        (Policy::Priority, _) => Keep::First,
    });
    builder.search(match (search, measure) {
        // Its bands are for another threshold, after a cut.
        (Search::MinHash, Measure::Jaccard) => Search::Exact,
        (search, _) => search,
    });
    let mut detector =
        builder.build().map_err(|error| Error::mismatch(format!("settings: {error}")))?;
    let told = match search {
        Search::Auto => false,
        Search::MinHash => words.starts_with("minhash: "),
        // A report that was cut names the bits of the search.
        Search::Hamming => (detector.criterion.bits()..=16)
            .any(|bits| *words == format!("hamming: every pair within {bits} bits")),
        Search::Winnow | Search::Exact => *words == detector.search(),
    };
    if !told {
        let search = format!("{search:?}").to_lowercase();
        return mismatch(format!("settings: {search} search is not {words:?}"));
    }
    detector.tokenizer = asked.tokenizer.clone();
    detector.engine = Engine::Hamming;
    Ok(detector)
}
