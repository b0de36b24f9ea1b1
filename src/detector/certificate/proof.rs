//! Whether a match shows its proof.

use crate::measure::Similarity;
use crate::passage::{Passage, Run};
use crate::text::Span;
use crate::verify::{Confirm, Side};

/// The first count that differs: its name, and both.
pub(super) fn difference(said: &Similarity, is: &Similarity) -> Option<(&'static str, u32, u32)> {
    [
        ("tokens_a", said.tokens_a, is.tokens_a),
        ("tokens_b", said.tokens_b, is.tokens_b),
        ("covered_a", said.covered_a, is.covered_a),
        ("covered_b", said.covered_b, is.covered_b),
        ("shingles_a", said.shingles_a, is.shingles_a),
        ("shingles_b", said.shingles_b, is.shingles_b),
        ("shared", said.shared, is.shared),
        ("hamming", said.hamming, is.hamming),
    ]
    .into_iter()
    .find(|(_, said, is)| said != is)
}

/// A text that was read, and where it stands in its document.
#[derive(Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) side: Side<'a>,
    pub(super) start: usize,
}

/// Whether each run of a passage is what it says, seen from the texts and not from how it was found.
pub(super) fn proves(
    passage: &Passage,
    a: Placed,
    b: Placed,
    confirm: &mut Confirm,
) -> std::result::Result<(), String> {
    let mut before: Option<(usize, usize, usize)> = None;
    let mut tokens = 0;
    for (number, run) in passage.runs().iter().enumerate() {
        let Run { tokens: len, .. } = *run;
        let len = len as usize;
        let place = |side: Placed, span: Span, which| {
            place(side, span, len)
                .ok_or_else(|| format!("run {number} is not {len} tokens of the {which} text"))
        };
        let (i, j) = (place(a, run.a, "first")?, place(b, run.b, "second")?);
        if !confirm.run(a.side, i, b.side, j, len) {
            return Err(format!("the tokens of run {number} are not equal"));
        }
        tokens += len;
        if let Some((i_before, j_before, len_before)) = before {
            let (end_a, end_b) = (i_before + len_before, j_before + len_before);
            let (cut_a, cut_b) = (end_a.saturating_sub(i), end_b.saturating_sub(j));
            let behind = i >= i_before && j >= j_before && cut_a.max(cut_b) < len;
            if !behind || cut_a.min(cut_b) > 0 {
                return Err(format!("run {number} does not follow the one before it"));
            }
            tokens -= cut_a.max(cut_b);
        }
        before = Some((i, j, len));
    }
    if tokens != passage.tokens() {
        return Err(format!("tokens is {}; its runs hold {tokens}", passage.tokens()));
    }
    Ok(())
}

/// The token at which a span of `len` tokens begins, if it is one.
fn place(text: Placed, span: Span, len: usize) -> Option<usize> {
    let Placed { side, start } = text;
    let spans = side.tokens.spans();
    let first = spans.partition_point(|token| start + token.start() < span.start());
    let here = spans[first..].iter().take_while(|token| start + token.start() == span.start());
    let ends = |at: usize| Some(spans.get(at.checked_add(len.checked_sub(1)?)?)?.end());
    (first..first + here.count()).find(|&at| ends(at).map(|end| start + end) == Some(span.end()))
}
