//! The one place that knows rayon: everything here gives the same result on any number of threads.

/// Applies `work` to each item and gives the results in their order. `scratch` is made once for each
/// part that a thread takes, of at least `least` items.
pub(crate) fn map<T: Sync, S, R: Send>(
    items: &[T],
    least: usize,
    scratch: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, &T) -> R + Sync + Send,
) -> Vec<R> {
    #[cfg(feature = "rayon")]
    if items.len() > least && count() > 1 {
        use rayon::prelude::*;
        return items.par_iter().with_min_len(least).map_init(scratch, work).collect();
    }
    let _ = least;
    let mut scratch = scratch();
    items.iter().map(|item| work(&mut scratch, item)).collect()
}

/// [`map`], with `own` as the scratch wherever the calling thread does it alone: for many small
/// calls, most of them with few items.
pub(crate) fn map_reusing<T: Sync, S, R: Send>(
    items: &[T],
    least: usize,
    own: &mut S,
    scratch: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, &T) -> R + Sync + Send,
) -> Vec<R> {
    if items.len() <= least || count() == 1 {
        return items.iter().map(|item| work(own, item)).collect();
    }
    map(items, least, scratch, work)
}

/// [`map`] for few large items, which are given away.
#[cfg(feature = "jsonl")]
pub(crate) fn map_owned<T: Send, R: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> R + Sync + Send,
) -> Vec<R> {
    #[cfg(feature = "rayon")]
    if items.len() > 1 && count() > 1 {
        use rayon::prelude::*;
        return items.into_par_iter().map(work).collect();
    }
    items.into_iter().map(work).collect()
}

/// How many threads the pool has.
pub(crate) fn count() -> usize {
    #[cfg(feature = "rayon")]
    return rayon::current_num_threads();
    #[cfg(not(feature = "rayon"))]
    1
}

/// Sorts in place; equal items are the same.
pub(crate) fn sort<T: Ord + Send>(items: &mut [T]) {
    #[cfg(feature = "rayon")]
    if items.len() > 1 << 14 && count() > 1 {
        use rayon::prelude::*;
        items.par_sort_unstable();
        return;
    }
    items.sort_unstable();
}
