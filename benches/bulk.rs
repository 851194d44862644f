//! A corpus on the command line beside the library alone, in the same run.
//!
//! `cargo bench --bench bulk`; `MIB=64` for a longer corpus. The articles are the seeds, each time
//! with another first line. Every round measures all cases once, in turn, so that a busy machine
//! weighs on all alike; of each case the median round counts.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench fails by panicking, and prints"
)]

use cesura::{Limits, Options, Segmenter};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

fn articles(bytes: usize) -> Vec<String> {
    let mut seeds: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds"))
        .expect("the seeds")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    seeds.sort();
    let seeds: Vec<String> =
        seeds.iter().map(|path| fs::read_to_string(path).expect("UTF-8")).collect();
    let mut articles = Vec::new();
    let mut left = bytes;
    for number in 0.. {
        let article = format!("Articolo {number}\n\n{}", seeds[number % seeds.len()]);
        let Some(rest) = left.checked_sub(article.len()) else { break };
        left = rest;
        articles.push(article);
    }
    articles
}

/// The library on so many threads: every article segmented, every event dropped.
fn library(articles: &[String], threads: usize) -> Duration {
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(article) = articles.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut segmenter = Segmenter::new(Options::default(), Limits::default());
                    segmenter.push(article.as_bytes()).expect("small");
                    segmenter.finish().expect("whole");
                    while let Some(event) = segmenter.next_event() {
                        std::hint::black_box(&event);
                    }
                }
            });
        }
    });
    begun.elapsed()
}

fn command(arguments: &[&str], corpus: &Path) -> Duration {
    let begun = Instant::now();
    let ended = Command::new(env!("CARGO_BIN_EXE_cesura"))
        .args(arguments)
        .arg(corpus)
        .stdout(Stdio::null())
        .status()
        .expect("the binary starts");
    assert!(ended.success());
    begun.elapsed()
}

fn main() {
    let mib: usize = std::env::var("MIB").map_or(16, |mib| mib.parse().expect("a number"));
    let articles = articles(mib << 20);
    let mut corpus = tempfile::NamedTempFile::new().expect("a temporary file");
    for (id, text) in articles.iter().enumerate() {
        let line = serde_json::json!({"id": id, "text": text});
        writeln!(corpus, "{line}").expect("a writable file");
    }
    corpus.flush().expect("a writable file");
    let processors = std::thread::available_parallelism().expect("a number").get();
    let path = corpus.path();
    let one = |name: &str| format!("{name}, one thread");
    let all = |name: &str| format!("{name}, {processors} threads");
    type Case<'a> = (String, Box<dyn Fn() -> Duration + 'a>);
    let cases: [Case<'_>; 5] = [
        (one("the library alone"), Box::new(|| library(&articles, 1))),
        (all("the library alone"), Box::new(|| library(&articles, processors))),
        (
            one("cesura lines"),
            Box::new(|| command(&["lines", "-q", "-f", "jsonl", "-j", "1"], path)),
        ),
        (all("cesura lines"), Box::new(|| command(&["lines", "-q", "-f", "jsonl"], path))),
        (
            all("cesura segment --input"),
            Box::new(|| command(&["segment", "-q", "--input", "jsonl"], path)),
        ),
    ];
    let mut times = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for ((_, case), times) in cases.iter().zip(&mut times) {
            times.push(case());
        }
    }
    println!("{} articles, {mib} MiB, median of {ROUNDS} rounds", articles.len());
    let medians: Vec<f64> = times
        .iter_mut()
        .map(|times| {
            times.sort();
            times[ROUNDS / 2].as_secs_f64()
        })
        .collect();
    let base = [medians[0], medians[1], medians[0], medians[1], medians[1]];
    for (((name, _), seconds), base) in cases.iter().zip(&medians).zip(base) {
        println!(
            "{name:<36} {:>8.0} articles/s {:>7.1} MiB/s {:>7.3} ms each {:>5.0} % of the library",
            articles.len() as f64 / seconds,
            mib as f64 / seconds,
            seconds * 1000.0 / articles.len() as f64,
            100.0 * base / seconds,
        );
    }
}
