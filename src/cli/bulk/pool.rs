//! Work for all processors, answered in its order, with bounded room for what waits.

use crate::cli::{Failure, exit};
use std::io;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread;

/// Jobs for each thread that are read ahead or wait to be written. It bounds the memory, and lets
/// a slow job be passed by a few quick ones.
const JOBS_AHEAD: usize = 4;

/// As many threads as processors.
pub(super) fn processors() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Gets jobs from `next` in a thread of their own, does them in `threads` others, and gives the
/// answers to `take` in the order of the jobs.
///
/// When `take` fails nobody waits for the threads: one may hang in a read of standard input, which
/// only the end of the process ends.
///
/// # Errors
/// Those of `take`; those of `next`, once all jobs before are answered.
pub(super) fn run<Job: Send + 'static, Done: Send + 'static>(
    threads: usize,
    mut next: impl FnMut() -> io::Result<Option<Job>> + Send + 'static,
    work: impl Fn(Job) -> Done + Send + Sync + 'static,
    mut take: impl FnMut(Done) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let ahead = threads.saturating_mul(JOBS_AHEAD);
    let (jobs, waiting) = mpsc::sync_channel::<(Job, SyncSender<Done>)>(ahead);
    let (promise, promised) = mpsc::sync_channel::<io::Result<Receiver<Done>>>(ahead);
    let spawn = |name: &str, body: Box<dyn FnOnce() + Send>| {
        thread::Builder::new().name(name.to_owned()).spawn(body)
    };
    spawn(
        "reader",
        Box::new(move || {
            loop {
                let job = match next() {
                    Ok(Some(job)) => job,
                    Ok(None) => return,
                    Err(error) => {
                        // Nobody to tell: the writer has failed before.
                        let _ = promise.send(Err(error));
                        return;
                    }
                };
                let (answer, answered) = mpsc::sync_channel(1);
                if promise.send(Ok(answered)).is_err() || jobs.send((job, answer)).is_err() {
                    return;
                }
            }
        }),
    )?;
    let waiting = Arc::new(Mutex::new(waiting));
    let work = Arc::new(work);
    for _ in 0..threads {
        let (waiting, work) = (Arc::clone(&waiting), Arc::clone(&work));
        spawn("worker", Box::new(move || worker(&waiting, &*work)))?;
    }
    // Held by the workers alone: with the last of them the reader's jobs are refused.
    drop(waiting);
    for answered in promised {
        let done = answered?.recv();
        take(done.map_err(|_| {
            Failure::new(exit::INPUT, anyhow::anyhow!("a thread ended before its work was done"))
        })?)?;
    }
    Ok(())
}

fn worker<Job, Done>(
    waiting: &Mutex<Receiver<(Job, SyncSender<Done>)>>,
    work: impl Fn(Job) -> Done,
) {
    loop {
        let job = match waiting.lock() {
            Ok(waiting) => waiting.recv(),
            Err(_) => return,
        };
        let Ok((job, answer)) = job else { return };
        // The writer may be gone, with an error that it tells.
        let _ = answer.send(work(job));
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_the_order_of_the_jobs_and_no_more_is_read_than_there_is_room_for() {
        let read = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counter = Arc::clone(&read);
        let next = move || {
            let job = counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Ok((job < 1000).then_some(job))
        };
        // Early jobs take longer than late ones.
        let work =
            |job: usize| (0..(1000 - job) * 50).fold(job, |sum, _| std::hint::black_box(sum));
        let mut taken = Vec::new();
        let all = run(3, next, work, |done| {
            // Promised, one being promised, in work, waiting for work, and one being handed over.
            let ahead = read.load(std::sync::atomic::Ordering::SeqCst) - taken.len();
            assert!(ahead <= 2 * 3 * JOBS_AHEAD + 3 + 3, "{ahead} ahead");
            taken.push(done);
            Ok(())
        });
        assert!(all.is_ok() && taken == (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_of_reading_comes_after_what_was_read_before() {
        let mut jobs = vec![Err(io::Error::other("unreadable")), Ok(Some(2)), Ok(Some(1))];
        let mut taken = Vec::new();
        let failed = run(
            2,
            move || jobs.pop().unwrap_or(Ok(None)),
            |job| job,
            |done: i32| {
                taken.push(done);
                Ok(())
            },
        );
        assert_eq!(taken, [1, 2]);
        assert!(failed.is_err_and(|failure| failure.error.to_string() == "unreadable"));
    }

    #[test]
    fn a_writer_that_fails_ends_the_work_though_the_input_does_not_end() {
        let failed = run(
            2,
            || Ok(Some(1)),
            |job| job,
            |_| Err(Failure::new(exit::INPUT, anyhow::anyhow!("full"))),
        );
        assert!(failed.is_err_and(|failure| failure.error.to_string() == "full"));
    }
}
