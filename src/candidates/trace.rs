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

    pub(crate) fn of(&self, document: u32) -> &[u16] {
        let at = document as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.values[start..self.ends[at]]
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

    /// The tokens of the document of `trace` that stand under at least `window` shingles in a row
    /// whose values are in the set: no fewer than stand in common runs of so many shingles.
    ///
    /// Looks at one shingle in a window, and at all only where that one is in the set. May give less
    /// where not even `enough` is reached.
    pub(crate) fn in_runs(&self, trace: &[u16], widths: Widths, enough: usize) -> usize {
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

    /// The tokens of the document of `trace` that stand under any shingle whose value is in the set.
    pub(crate) fn under_any(&self, trace: &[u16], shingle: usize) -> usize {
        let (mut total, mut end) = (0, 0);
        for (at, _) in trace.iter().enumerate().filter(|&(_, &value)| self.has(value)) {
            total += at + shingle - end.max(at);
            end = at + shingle;
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tokens under shingles that `counts` says are taken.
    fn marked(len: usize, shingle: usize, taken: impl Fn(usize) -> bool) -> usize {
        let mut tokens = vec![false; len + shingle];
        for at in (0..len).filter(|&at| taken(at)) {
            tokens[at..at + shingle].fill(true);
        }
        tokens.into_iter().filter(|&token| token).count()
    }

    proptest! {
        #[test]
        fn looking_at_one_in_a_window_misses_nothing(
            held in proptest::collection::vec(0u16..6, 0..8),
            trace in proptest::collection::vec(0u16..8, 0..120),
            window in 1usize..7,
            shingle in 1usize..6,
            enough in 0usize..140,
        ) {
            let mut set = TraceSet::default();
            set.enter(&[9, 65_535]);
            set.enter(&held);
            let hit = |at: usize| held.contains(&trace[at]);
            let in_run = |at: usize| {
                let first = (at + 1).saturating_sub(window);
                (first..=at).any(|start| (start..start + window).all(|i| i < trace.len() && hit(i)))
            };
            let plain = marked(trace.len(), shingle, in_run);
            let widths = Widths { window, shingle };
            prop_assert_eq!(set.in_runs(&trace, widths, 0), plain);
            let found = set.in_runs(&trace, widths, enough);
            prop_assert!(found == plain || found <= plain && plain < enough);
            prop_assert_eq!(set.under_any(&trace, shingle), marked(trace.len(), shingle, hit));
        }
    }
}
