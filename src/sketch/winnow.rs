//! Winnowing: fingerprints that keep their positions and cannot miss a shared run.

use std::ops::Range;

use super::{dispatch, kernel};
use crate::cpu::{Cpu, Level};

/// Selects fingerprints among shingle hashes, as `(hash, position)`, into `selected`.
///
/// Of every `window` consecutive shingles the least is selected; of equal ones the last (Schleimer,
/// Wilkerson and Aiken, SIGMOD 2003, section 3). A text of fewer shingles than `window` gives its
/// least one.
///
/// The guarantee: two texts that share `window` consecutive shingles, hence a run of
/// `width + window - 1` tokens, have the same place of that run selected. About 2 in `window + 1`
/// shingles are selected; where shingles repeat within a window, up to all of them. A `window` of 0
/// counts as 1.
///
/// ```
/// use doublon::sketch::winnow;
///
/// let mut selected = Vec::new();
/// winnow(&[9, 4, 7, 3, 8, 8, 8, 5], 4, &mut selected);
/// assert_eq!(selected, [(3, 3), (5, 7)]);
/// ```
pub fn winnow(shingles: &[u64], window: usize, selected: &mut Vec<(u64, u32)>) {
    selected.clear();
    if shingles.is_empty() {
        return;
    }
    let window = window.clamp(1, shingles.len());
    // Only there vectors have the lesser of two 64-bit numbers.
    if Cpu::here().level() >= Level::Avx512 && window <= kernel::MOST_WINDOW {
        dispatch::winnow(shingles, window, selected);
    } else {
        one_by_one(shingles, window, selected);
    }
}

/// The plain twin of [`kernel::winnow`].
fn one_by_one(shingles: &[u64], window: usize, selected: &mut Vec<(u64, u32)>) {
    let mut least = None;
    for end in window..=shingles.len() {
        let start = end - window;
        let next = match least {
            Some(at) if at >= start && shingles[end - 1] > shingles[at] => continue,
            Some(at) if at >= start => end - 1,
            // Fallen out of the window, or never there: look anew, the last of equals.
            _ => (start..end).fold(start, |at, i| if shingles[i] <= shingles[at] { i } else { at }),
        };
        selected.push((shingles[next], next as u32));
        least = Some(next);
    }
}

/// The windows of `window` consecutive shingles of which each selected one is the last least, by
/// their first shingles; `shingles` is how many there are, at least `window`. Together the ranges
/// hold all windows.
pub(crate) fn windows_of(
    selected: &[(u64, u32)],
    shingles: usize,
    window: usize,
) -> impl Iterator<Item = Range<usize>> {
    let mut first = 0;
    (0..selected.len()).map(move |i| {
        let (hash, at) = selected[i];
        // Up to where the next one comes in as a lesser one, or where this one falls out.
        let end = match selected.get(i + 1) {
            None => shingles + 1 - window,
            Some(&(next, place)) if next <= hash => place as usize + 1 - window,
            Some(_) => at as usize + 1,
        };
        std::mem::replace(&mut first, end)..end
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_window_has_its_least_value_selected(
            shingles in proptest::collection::vec(0u64..12, 0..120),
            window in 0usize..10,
        ) {
            let mut selected = Vec::new();
            winnow(&shingles, window, &mut selected);
            prop_assert!(selected.windows(2).all(|pair| pair[0].1 < pair[1].1));
            for &(hash, at) in &selected {
                prop_assert_eq!(shingles[at as usize], hash);
            }
            let window = window.max(1).min(shingles.len().max(1));
            let mut of = windows_of(&selected, shingles.len(), window).zip(&selected);
            let mut ranges = of.next();
            for (start, values) in shingles.windows(window).enumerate() {
                let least = *values.iter().min().unwrap();
                let last = start + values.iter().rposition(|&value| value == least).unwrap();
                prop_assert!(selected.contains(&(least, last as u32)));
                while ranges.as_ref().is_some_and(|(range, _)| range.end <= start) {
                    ranges = of.next();
                }
                let (range, &by) = ranges.clone().unwrap();
                prop_assert!(range.contains(&start) && by == (least, last as u32));
            }
        }
    }

    proptest! {
        #[test]
        fn at_once_equals_one_by_one(
            shingles in proptest::collection::vec(prop_oneof![0u64..4, 0u64..1000, any::<u64>()], 1..700),
            window in 1usize..=kernel::MOST_WINDOW,
        ) {
            let window = window.min(shingles.len());
            let (mut plain, mut found) = (Vec::new(), Vec::new());
            one_by_one(&shingles, window, &mut plain);
            for cpu in Cpu::all() {
                found.clear();
                dispatch::on::winnow(cpu, &shingles, window, &mut found);
                prop_assert_eq!(&found, &plain, "{:?}", cpu);
            }
        }
    }

    #[test]
    fn of_equal_shingles_each_that_ends_a_window_is_selected() {
        let mut selected = Vec::new();
        winnow(&[5; 100], 10, &mut selected);
        assert_eq!(selected.len(), 91);
    }
}
