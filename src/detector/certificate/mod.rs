//! A report held against its texts: whether what it says is so.

mod clusters;
mod matches;
mod numbers;
mod places;
mod plans;
mod proof;
mod settings;

use std::sync::Arc;

use numbers::Numbers;
use places::{Names, check_places, numbered};
use settings::detector;

use super::batch::{self, Copies, check_count};
use super::compare::Pairs;
use super::scope::{PairFilter, Scope};
use super::survey::Survey;
use super::{Detector, Keep, Unit, check_len, joined};
use crate::boilerplate::{CommonPassage, Commons};
use crate::report::{DocRepeat, Limits, Report, Stats};
use crate::settings::Policy;
use crate::text::{Tokenize, Words};
use crate::{Error, Result};

impl Report {
    /// Checks the report against the texts it was made of, in their order; `Ok` when all that it says
    /// is so. It may have been read from a file: nothing in it is trusted. For a report of
    /// [`find_against`](Detector::find_against), the texts of the reference come first, or
    /// [`verify_against`](Self::verify_against) takes them by themselves.
    ///
    /// - Each match is counted anew. Its similarity, relation and passages must be the same, and reach
    ///   the threshold; each run must begin and end at tokens of both texts that are equal after
    ///   folding. No two references match.
    /// - What was compared must be whole texts, or [paragraphs](crate::text::paragraphs) of them.
    /// - Each document is searched for repeats anew, if that was asked for.
    /// - Each cluster must hold what its [`Clustering`](crate::Clustering) says: in a star the matches
    ///   join each member to the kept document, in a connected cluster they connect all members, and of
    ///   a complete-link cluster every two members are compared anew. The kept document must be a
    ///   reference if one is there, and the one that the policy keeps; a caller's own can be asked by
    ///   [`Detector::verify`] only. Where all pairs may match, documents with the same tokens must be in
    ///   one cluster.
    /// - All pairs, if the report holds them, must make these clusters, where all may match each must be
    ///   there for all copies of its documents, and the order kept for [`at`](Report::at) must be that of
    ///   the policy.
    /// - Boilerplate, if it was asked for, is found anew; the plans of [`removals`](Report::removals) name
    ///   what was compared, no reference, and each removed text matches the one that is kept for it.
    /// - Documents, bytes, tokens and copies, and the empty and short ones, are counted.
    ///
    /// It says that what is there is true, not that nothing is missing: no match is searched for. So
    /// `candidates`, `verified`, `crowded` and `full`, a threshold lower than that of the search, a
    /// cluster or pair left out, and settings with which the same would have been found are not noticed.
    /// Nor is a pair that the caller [chose](crate::DetectorBuilder::pairs_if) not to let match, for the
    /// choice is not in the report: [`Detector::verify`] asks for it.
    ///
    /// Cost: each text is read once, and both texts of each match again; up to 500,000 pairs of a
    /// complete-link cluster are compared. A report of paragraphs is copied. Runs on the caller's rayon
    /// pool.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Mismatch`](crate::ErrorKind::Mismatch) names the first record that is not so.
    /// [`Config`](crate::ErrorKind::Config) for a report made with another tokenizer than
    /// [`Words`](crate::text::Words), which [`Detector::verify`] takes;
    /// [`Limit`](crate::ErrorKind::Limit) as [`Detector::find`].
    ///
    /// ```
    /// use doublon::ErrorKind;
    ///
    /// let texts = ["the very same words", "other words", "The very same words!"];
    /// let report = doublon::find(&texts)?;
    /// report.verify(&texts)?;
    ///
    /// let error = report.verify(&["the very same", "other words", "The vary same words!"]);
    /// assert_eq!(error.unwrap_err().kind(), ErrorKind::Mismatch);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn verify<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Result<()> {
        self.verify_by_words(&joined::<T, T>(&[], texts))
    }

    /// [`verify`](Self::verify) for a report of [`find_against`](Detector::find_against), with what that
    /// was given.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify), and [`ErrorKind::Mismatch`](crate::ErrorKind::Mismatch) where the
    /// report has another number of references.
    ///
    /// ```
    /// let published = ["The market is open.", "The bridge is closed."];
    /// let incoming = ["The market is open!"];
    /// let report = doublon::Detector::default().find_against(&published, &incoming)?;
    /// report.verify_against(&published, &incoming)?;
    /// assert!(report.verify_against(&incoming, &published).is_err());
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn verify_against<R, T>(&self, reference: &[R], incoming: &[T]) -> Result<()>
    where
        R: AsRef<str> + Sync,
        T: AsRef<str> + Sync,
    {
        check_references(self, reference.len())?;
        self.verify_by_words(&joined(reference, incoming))
    }

    fn verify_by_words(&self, texts: &[&str]) -> Result<()> {
        let made_with = self.settings.tokenizer;
        if made_with != Words.fingerprint() {
            return Err(Error::config(format!(
                "settings: the report was made with another tokenizer, of fingerprint \
                 {made_with:016x}; use `Detector::verify(&report, &texts)` of a detector that has it"
            )));
        }
        let asked = Asked { tokenizer: Arc::new(Words), keep: Keep::Longest, pairs_if: None };
        verify(self, texts, asked)
    }
}

impl Detector {
    /// [`Report::verify`] with the tokenizer of this detector, for reports that were made with it. Of
    /// the other settings those of the report count; but where it was made with a
    /// [priority](Keep::by) or a [choice of pairs](crate::DetectorBuilder::pairs_if) of the caller, it is
    /// held against those of this detector, if it has them.
    ///
    /// # Errors
    ///
    /// As [`Report::verify`]; [`ErrorKind::Config`](crate::ErrorKind::Config) for a report made with
    /// another tokenizer.
    ///
    /// ```
    /// let texts = ["the very same words", "The very same words!"];
    /// let choosy = |from: &'static [&str; 2]| {
    ///     doublon::Detector::builder().pairs_if(|a, b| from[a.index()] != from[b.index()]).build()
    /// };
    /// let report = choosy(&["afp", "reuters"])?.find(&texts)?;
    /// choosy(&["afp", "reuters"])?.verify(&report, &texts)?;
    ///
    /// let error = choosy(&["afp", "afp"])?.verify(&report, &texts).unwrap_err();
    /// assert_eq!(error.to_string(), "match #0 ~ #1: the two may not match");
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn verify<T: AsRef<str> + Sync>(&self, report: &Report, texts: &[T]) -> Result<()> {
        self.verify_joined(report, &joined::<T, T>(&[], texts))
    }

    /// [`verify`](Self::verify) for a report of [`find_against`](Self::find_against), with what that was
    /// given.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify), and [`ErrorKind::Mismatch`](crate::ErrorKind::Mismatch) where the
    /// report has another number of references.
    ///
    /// ```
    /// let detector = doublon::Detector::default();
    /// let (published, incoming) = (["The market is open."], ["The market is open!"]);
    /// let report = detector.find_against(&published, &incoming)?;
    /// detector.verify_against(&report, &published, &incoming)?;
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub fn verify_against<R, T>(
        &self,
        report: &Report,
        reference: &[R],
        incoming: &[T],
    ) -> Result<()>
    where
        R: AsRef<str> + Sync,
        T: AsRef<str> + Sync,
    {
        check_references(report, reference.len())?;
        self.verify_joined(report, &joined(reference, incoming))
    }

    fn verify_joined(&self, report: &Report, texts: &[&str]) -> Result<()> {
        let (made_with, own) = (report.settings.tokenizer, self.tokenizer.fingerprint());
        if made_with != own {
            return Err(Error::config(format!(
                "settings: the report was made with a tokenizer of fingerprint {made_with:016x}, and \
                 that of this detector has {own:016x}; use a detector that has the first"
            )));
        }
        let Self { tokenizer, keep, pairs_if, .. } = self.clone();
        verify(report, texts, Asked { tokenizer, keep, pairs_if })
    }
}

/// What a report does not hold and its caller may.
struct Asked {
    tokenizer: Arc<dyn Tokenize>,
    keep: Keep,
    pairs_if: Option<PairFilter>,
}

fn check_references(report: &Report, references: usize) -> Result<()> {
    if report.references() == references {
        return Ok(());
    }
    let said = report.references();
    mismatch(format!("references: is {said}; {references} texts of a reference are there"))
}

fn verify(report: &Report, documents: &[&str], asked: Asked) -> Result<()> {
    check_count(documents.len())?;
    documents.iter().try_for_each(|text| check_len(text))?;
    let detector = detector(report, &asked)?;
    let (said, there) = (report.stats.documents, documents.len());
    if said != there as u64 {
        return mismatch(format!("stats: documents is {said}; there are {there} texts"));
    }
    if report.references() > there {
        let said = report.references();
        return mismatch(format!("references: is {said}; there are {there} texts"));
    }
    let choice_known = !report.settings.chosen_pairs || asked.pairs_if.is_some();
    let any: PairFilter = Arc::new(|_, _| true);
    let pairs_if = report.settings.chosen_pairs.then(|| asked.pairs_if.as_ref().unwrap_or(&any));
    let scope = Scope::new(report.unit, pairs_if, documents, report.references())?;
    let texts = scope.texts(documents);
    check_count(texts.len())?;
    let names = Names::of(&scope);
    let by_numbers = numbered(report, &scope, documents)?;
    Numbers { documents: there, texts: texts.len(), names }.check(&by_numbers)?;
    let of_texts = detector.repeats && report.unit == Unit::Document;
    let reader = Detector { repeats: of_texts, ..detector.clone() };
    let (commons, mut boilerplate) = detector.commons(&texts, &scope);
    let place = |text| scope.place(text, documents);
    boilerplate.iter_mut().for_each(|common| common.put_in_place(place));
    let hidden = commons.as_ref();
    let mut survey = Survey::new(&reader, hidden, &texts)?;
    let repeats = match report.unit {
        Unit::Document => std::mem::take(&mut survey.repeats),
        Unit::Paragraph if detector.repeats => batch::repeats(&detector, documents)?,
        Unit::Paragraph => Vec::new(),
    };
    survey.stats.documents = there as u64;
    survey.stats.bytes = documents.iter().map(|text| text.len() as u64).sum();
    let order = batch::order(&detector, &survey, &scope);
    let mut copies = Copies::new(&detector, &texts, &scope, &survey, &order);
    let apart = scope.restricts().then(|| copies.take_apart());
    // Without the caller's priority, the order is what the report says.
    let order_known =
        report.settings.keep != Policy::Priority || matches!(asked.keep, Keep::Priority(_));
    let certificate = Certificate {
        said: report,
        documents,
        report: &by_numbers,
        texts: &texts,
        names,
        detector: &detector,
        hidden,
        scope: &scope,
        classes: apart.as_ref().unwrap_or(&copies),
        copies: &copies,
        order: order_known.then_some(&order),
        choice_known,
    };
    certificate.boilerplate(&boilerplate)?;
    check_places(report, &scope, documents)?;
    certificate.repeats(&repeats)?;
    certificate.counters(&survey)?;
    certificate.matches()?;
    certificate.clusters()?;
    certificate.kept()?;
    certificate.plans()?;
    certificate.pairs()
}

fn mismatch<T>(message: String) -> Result<T> {
    Err(Error::mismatch(message))
}

/// A report of texts by their numbers, and what was read of these.
struct Certificate<'a> {
    /// The report as it was given, with places in these documents.
    said: &'a Report,
    documents: &'a [&'a str],
    report: &'a Report,
    texts: &'a [&'a str],
    names: Names<'a>,
    detector: &'a Detector,
    hidden: Option<&'a Commons>,
    scope: &'a Scope<'a>,
    /// Those with the same tokens.
    classes: &'a Copies,
    /// Who stands for whom in the search.
    copies: &'a Copies,
    /// By which the better one is kept, if that is known.
    order: Option<&'a Vec<u32>>,
    /// Whether the scope has the caller's choice of pairs, if there was one.
    choice_known: bool,
}

impl Certificate<'_> {
    fn boilerplate(&self, found: &[CommonPassage]) -> Result<()> {
        let said = &self.said.boilerplate;
        let at = said.iter().zip(found).take_while(|(said, found)| said == found).count();
        match (said.get(at), found.get(at)) {
            (None, None) => Ok(()),
            (Some(said), _) => {
                mismatch(format!("boilerplate of {} at {}: is none", said.doc, said.span))
            }
            (None, Some(found)) => {
                mismatch(format!("boilerplate of {} at {}: is missing", found.doc, found.span))
            }
        }
    }

    /// The buffers of a thread.
    fn desks(&self) -> (Pairs<'_>, Pairs<'_>) {
        (Pairs::new(self.detector, self.hidden), Pairs::new(self.detector, None))
    }

    /// What compares two documents: copies by all they have.
    fn desk<'d, 'p>(
        &self,
        (counted, whole): &'d mut (Pairs<'p>, Pairs<'p>),
        a: u32,
        b: u32,
    ) -> &'d mut Pairs<'p> {
        let copies = self.classes.of[a as usize] == self.classes.of[b as usize];
        if copies { whole } else { counted }
    }

    fn repeats(&self, found: &[DocRepeat]) -> Result<()> {
        let said = &self.report.repeats;
        let differ = said.iter().zip(found).position(|(said, found)| said != found);
        match differ.unwrap_or(said.len().min(found.len())) {
            at if at < said.len() => {
                let (doc, repeat) = (said[at].doc, &said[at].repeat);
                let place = repeat.spans().first().copied().unwrap_or_default();
                mismatch(format!("repeat of {doc} at {place}: the text repeats something else"))
            }
            at if at < found.len() => {
                let (doc, place) = (found[at].doc, found[at].repeat.spans()[0]);
                mismatch(format!("repeat of {doc} at {place}: is missing"))
            }
            _ => Ok(()),
        }
    }

    /// Those that depend on the texts alone.
    fn counters(&self, survey: &Survey) -> Result<()> {
        let Report { stats, limits, .. } = self.report;
        let copies = self.classes.pairs.len() as u64;
        let Stats { candidates, verified, .. } = *stats;
        let counted = Stats { copies, candidates, verified, ..survey.stats };
        let Limits { crowded, full, .. } = *limits;
        let counted_limits = Limits { crowded, full, ..survey.limits };
        let stats = stats.iter().zip(counted.iter()).map(|counters| ("stats", counters));
        let limits = limits.iter().zip(counted_limits.iter());
        let limits = limits.map(|counters| ("limits", counters));
        for (group, ((name, said), (_, is))) in stats.chain(limits) {
            if said != is {
                return mismatch(format!("{group}: {name} is {said}; the texts have {is}"));
            }
        }
        if verified > candidates {
            return mismatch(format!(
                "stats: verified is {verified}, of no more than {candidates} candidates"
            ));
        }
        Ok(())
    }
}
