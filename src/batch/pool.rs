//! Work shared by threads.
//!
//! Plain scoped threads, a counter and a channel: the items are few and long, so work stealing would win nothing, and one
//! thread that takes the results in can write the manifest without a lock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// As much as the main thread has: deeply nested input is answered the same on every thread.
const STACK: usize = 8 << 20;

/// Does `work` for every item on `jobs` threads and hands the results to `take` on this one, in the order in which they are
/// ready. Items not begun when `stop` is set are left out. `None` is an item on which the program itself broke down.
pub fn each<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    stop: &AtomicBool,
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(usize, Option<R>),
) -> std::io::Result<()> {
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel();
    let one = |sender: mpsc::Sender<(usize, Option<R>)>| {
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            let result = catch_unwind(AssertUnwindSafe(|| work(item))).ok();
            if sender.send((index, result)).is_err() {
                break;
            }
        }
    };
    let one = &one;
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, items.len().max(1)) {
            let sender = sender.clone();
            std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || one(sender))?;
        }
        drop(sender);
        for (index, result) in results {
            take(index, result);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_items_once_and_one_that_breaks_down() {
        let items: Vec<usize> = (0..100).collect();
        let mut seen = vec![0; 100];
        let work = |item: &usize| {
            assert!(*item != 42);
            item * 2
        };
        each(&items, 4, &AtomicBool::new(false), work, |index, result| {
            assert_eq!(result, (index != 42).then_some(index * 2));
            seen[index] += 1;
        })
        .unwrap();
        assert!(seen.iter().all(|count| *count == 1));
    }

    #[test]
    fn stopped_before_it_begins() {
        let mut taken = 0;
        each(&[1, 2, 3], 2, &AtomicBool::new(true), |_| (), |_, _| taken += 1).unwrap();
        assert_eq!(taken, 0);
    }
}
