//! Traces: 16 bits of every shingle of a document, which bound what two documents can share.

/// The traces of all documents, one behind the other. 2 bytes a shingle.
#[derive(Default)]
pub(crate) struct Traces {
    values: Vec<u16>,
    ends: Vec<usize>,
}

impl Traces {
    /// Adds that of the next document.
    pub(crate) fn push(&mut self, shingles: &[u64]) {
        // The high halves are the fingerprints.
        self.values.extend(shingles.iter().map(|&shingle| shingle as u16));
        self.ends.push(self.values.len());
    }

    pub(crate) fn append(&mut self, other: &mut Self) {
        let before = self.values.len();
        self.values.append(&mut other.values);
        self.ends.extend(other.ends.drain(..).map(|end| before + end));
    }

    pub(crate) fn of(&self, document: usize) -> &[u16] {
        let start = if document == 0 { 0 } else { self.ends[document - 1] };
        &self.values[start..self.ends[document]]
    }
}

/// The values of one trace as a set, 8 KiB: it stays in the nearest cache while the traces of many
/// other documents are held against it.
pub(crate) struct TraceSet {
    bits: Box<[u64; 1 << 10]>,
}

impl Default for TraceSet {
    fn default() -> Self {
        Self { bits: Box::new([0; 1 << 10]) }
    }
}

/// How shingles stand over tokens.
#[derive(Clone, Copy)]
pub(crate) struct Widths {
    /// Shingles in a row over the shortest run that counts, at least 1.
    pub(crate) window: usize,
    /// Tokens under a shingle, at least 1.
    pub(crate) shingle: usize,
}

impl TraceSet {
    /// Forgets what it held and takes the values of `trace`.
    pub(crate) fn enter(&mut self, trace: &[u16]) {
        self.bits.fill(0);
        for &value in trace {
            self.bits[usize::from(value >> 6)] |= 1 << (value & 63);
        }
    }

    fn has(&self, value: u16) -> bool {
        self.bits[usize::from(value >> 6)] >> (value & 63) & 1 != 0
    }

    /// Whether so much may be common that at least `least` tokens of the document of `trace` stand in
    /// passages.
    pub(crate) fn allows(
        &self,
        trace: &[u16],
        widths: Widths,
        max_gap: usize,
        least: usize,
    ) -> bool {
        // Shorter runs at most double what a passage covers.
        let enough = least.div_ceil(2);
        self.in_runs(trace, widths, enough) >= enough
            && self.in_chains(trace, widths, max_gap) >= least
    }

    /// The tokens of the document of `trace` that stand under at least `window` shingles in a row
    /// whose values are in the set: no fewer than stand in common runs of so many shingles.
    ///
    /// Looks at one shingle in a window, and at all only where that one is in the set. May give less
    /// where not even `enough` is reached.
    fn in_runs(&self, trace: &[u16], widths: Widths, enough: usize) -> usize {
        let Widths { window, shingle } = widths;
        let tokens = trace.len() + shingle - 1;
        let (mut total, mut end) = (0, 0);
        // Nothing ahead of `from` can begin another run; the first that does ends at `probe`.
        let mut from = 0;
        let mut probe = window - 1;
        while probe < trace.len() && total + tokens - from >= enough {
            let hits =
                trace[from..=probe].iter().rev().take_while(|&&value| self.has(value)).count();
            if hits == 0 {
                from = probe + 1;
            } else {
                let behind = &trace[probe + 1..];
                let stop = probe + 1 + behind.iter().take_while(|&&value| self.has(value)).count();
                let start = probe + 1 - hits;
                if stop - start >= window {
                    total += stop + shingle - 1 - start.max(end);
                    end = stop + shingle - 1;
                }
                from = stop + 1;
            }
            probe = from + window - 1;
        }
        total
    }

    /// The tokens of the document of `trace` that stand under any shingle whose value is in the set,
    /// as far as gaps of at most `max_gap` tokens lead from such a run: no fewer than stand in
    /// passages.
    fn in_chains(&self, trace: &[u16], widths: Widths, max_gap: usize) -> usize {
        let Widths { window, shingle } = widths;
        let (mut total, mut end) = (0, 0);
        // Of the last chain: its tokens, and whether it holds a run. Of the last shingles, how many
        // in a row are in the set.
        let (mut chain, mut holds_run, mut hits) = (0, false, 0);
        for (at, &value) in trace.iter().enumerate() {
            if !self.has(value) {
                hits = 0;
                continue;
            }
            if at > end + max_gap {
                total += if holds_run { chain } else { 0 };
                (chain, holds_run) = (0, false);
            }
            chain += at + shingle - end.max(at);
            end = at + shingle;
            hits += 1;
            holds_run |= hits >= window;
        }
        total + if holds_run { chain } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Which tokens stand under shingles that are `taken`.
    fn marked(len: usize, shingle: usize, taken: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut tokens = vec![false; len + shingle - 1];
        for at in (0..len).filter(|&at| taken(at)) {
            tokens[at..at + shingle].fill(true);
        }
        tokens
    }

    fn number(tokens: &[bool]) -> usize {
        tokens.iter().filter(|&&token| token).count()
    }

    proptest! {
        #[test]
        fn bounds_equal_what_a_plain_reading_gives(
            held in proptest::collection::vec(0u16..6, 0..8),
            trace in proptest::collection::vec(0u16..8, 0..120),
            window in 1usize..7,
            shingle in 1usize..6,
            max_gap in 0usize..10,
            enough in 0usize..140,
        ) {
            let mut set = TraceSet::default();
            set.enter(&[7, 65_535]);
            set.enter(&held);
            let hit = |at: usize| held.contains(&trace[at]);
            let in_run = |at: usize| {
                let first = (at + 1).saturating_sub(window);
                (first..=at).any(|start| (start..start + window).all(|i| i < trace.len() && hit(i)))
            };
            let widths = Widths { window, shingle };
            let runs = marked(trace.len(), shingle, in_run);
            prop_assert_eq!(set.in_runs(&trace, widths, 0), number(&runs));
            let found = set.in_runs(&trace, widths, enough);
            prop_assert!(found == number(&runs) || found <= number(&runs) && number(&runs) < enough);
            // Spread the runs over all that is in reach.
            let any = marked(trace.len(), shingle, hit);
            let mut chains = runs;
            for _ in 0..chains.len() {
                for at in (0..chains.len()).filter(|&at| any[at]) {
                    let from = at.saturating_sub(max_gap + 1);
                    let to = (at + max_gap + 2).min(chains.len());
                    chains[at] |= chains[from..to].contains(&true);
                }
            }
            prop_assert_eq!(set.in_chains(&trace, widths, max_gap), number(&chains));
        }
    }
}
