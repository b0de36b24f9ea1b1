//! The one place that knows rayon: everything here gives the same result on any number of threads.

/// Applies `work` to each item and gives the results in their order. `scratch` is made at least
/// once per thread and reused.
pub(crate) fn map<T: Sync, S, R: Send>(
    items: &[T],
    scratch: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, &T) -> R + Sync + Send,
) -> Vec<R> {
    #[cfg(feature = "rayon")]
    if items.len() > 1 && rayon::current_num_threads() > 1 {
        use rayon::prelude::*;
        return items.par_iter().map_init(scratch, work).collect();
    }
    let mut scratch = scratch();
    items.iter().map(|item| work(&mut scratch, item)).collect()
}

/// Sorts in place; equal items are the same.
pub(crate) fn sort<T: Ord + Send>(items: &mut [T]) {
    #[cfg(feature = "rayon")]
    if items.len() > 1 << 14 && rayon::current_num_threads() > 1 {
        use rayon::prelude::*;
        items.par_sort_unstable();
        return;
    }
    items.sort_unstable();
}
