//! Winnowing: fingerprints that keep their positions and cannot miss a shared run.

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
            for (start, values) in shingles.windows(window).enumerate() {
                let least = *values.iter().min().unwrap();
                let last = start + values.iter().rposition(|&value| value == least).unwrap();
                prop_assert!(selected.contains(&(least, last as u32)));
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
