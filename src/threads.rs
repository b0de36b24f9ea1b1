//! The one place that knows rayon: everything here gives the same result on any number of threads.

use std::sync::{Mutex, MutexGuard, PoisonError};

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

/// Scratch that outlives a call: for many small maps with large buffers.
///
/// In boxes, for it is large and goes in and out.
#[allow(clippy::vec_box)]
pub(crate) struct Pool<S>(Mutex<Vec<Box<S>>>);

impl<S: Send> Pool<S> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// [`map`], with the scratch of earlier calls where there is any.
    pub(crate) fn map<T: Sync, R: Send>(
        &self,
        items: &[T],
        least: usize,
        make: impl Fn() -> S + Sync + Send,
        work: impl Fn(&mut S, &T) -> R + Sync + Send,
    ) -> Vec<R> {
        let make = || Box::new(make());
        let lend = || Lent { pool: self, scratch: Some(self.idle().pop().unwrap_or_else(make)) };
        map(items, least, lend, |lent, item| work(lent.scratch.get_or_insert_with(make), item))
    }

    #[allow(clippy::vec_box)]
    fn idle(&self) -> MutexGuard<'_, Vec<Box<S>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Lent<'a, S: Send> {
    pool: &'a Pool<S>,
    scratch: Option<Box<S>>,
}

impl<S: Send> Drop for Lent<'_, S> {
    fn drop(&mut self) {
        self.pool.idle().extend(self.scratch.take());
    }
}

/// [`map`] for few large items, which are given away.
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
