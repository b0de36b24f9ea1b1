//! Each match counted anew, and its passages shown in the texts.

use super::proof::{Placed, difference, proves};
use super::{Certificate, mismatch};
use crate::detector::batch;
use crate::detector::compare::Pairs;
use crate::passage::Passage;
use crate::report::Match;
use crate::text::Span;
use crate::{Error, Result, threads};

impl Certificate<'_> {
    /// Each match; of those that stand in clusters too when all pairs were asked for, only that they
    /// are the same.
    pub(super) fn matches(&self) -> Result<()> {
        let matches: Vec<&Match> = self.report.matches().collect();
        let checked = threads::map(
            &matches,
            32,
            || self.desks(),
            |desks, found| self.found(self.desk(desks, found.a.0, found.b.0), found),
        );
        checked.into_iter().collect::<Result<()>>()?;
        if let Some(pairs) = &self.report.pairs {
            for cluster in &self.report.clusters {
                for found in &cluster.matches {
                    let at = pairs.binary_search_by_key(&(found.a, found.b), |m| (m.a, m.b));
                    if at.map(|at| &pairs[at]) != Ok(found) {
                        let (found, name) = (self.names.pair(found), self.names.cluster(cluster));
                        return mismatch(format!("{found}: stands otherwise in the {name}"));
                    }
                }
            }
        }
        Ok(())
    }

    fn found(&self, pairs: &mut Pairs, said: &Match) -> Result<()> {
        let name = self.names.pair(said);
        let pair = (said.a.0, said.b.0);
        if self.scope.is_reference(pair.0.max(pair.1)) {
            return mismatch(format!("{name}: both are references"));
        }
        if !self.scope.allows(pair.0, pair.1) {
            return mismatch(format!("{name}: the two may not match"));
        }
        let mut counted = pairs.compare(self.texts, pair.0, pair.1);
        // No more is looked at than there can be.
        let runs = |passages: &[Passage]| {
            let runs = passages.iter().flat_map(Passage::runs);
            runs.fold((0, 0), |(runs, tokens), run| (runs + 1, tokens + run.tokens() as u64))
        };
        let (of_said, of_counted) = (runs(&said.passages), runs(&counted.passages));
        if of_said.0 > of_counted.0 || of_said.1 > of_counted.1 {
            return mismatch(format!("{name}: the texts share fewer passages"));
        }
        // Those of a paragraph stand in its document.
        let [start_a, start_b] = said.spans.map(Span::start);
        pairs.ask(self.texts, pair, |a, b, confirm| {
            let (a, b) = (Placed { side: a, start: start_a }, Placed { side: b, start: start_b });
            for (number, passage) in said.passages.iter().enumerate() {
                proves(passage, a, b, confirm)
                    .map_err(|why| Error::mismatch(format!("{name}: passage {number}: {why}")))?;
            }
            Ok::<(), Error>(())
        })?;
        for passage in &mut counted.passages {
            passage.shift(start_a as u32, start_b as u32);
        }
        let reaches = counted.is_match;
        let counted = batch::as_match(pair, counted);
        if let Some((count, said, is)) = difference(&said.similarity, &counted.similarity) {
            return mismatch(format!("{name}: {count} is {said}; the texts have {is}"));
        }
        if said.relation != counted.relation {
            let (relation, is) = (said.relation, counted.relation);
            return mismatch(format!("{name}: relation is {relation}; that of the texts is {is}"));
        }
        if said.passages != counted.passages {
            return mismatch(format!("{name}: the texts share other passages"));
        }
        if !reaches {
            return mismatch(format!("{name}: does not reach the threshold"));
        }
        Ok(())
    }
}
