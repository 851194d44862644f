//! What an alignment costs as texts grow: `cargo bench --bench alignment [-- SEGMENTS…]`.
//!
//! The texts are the one-to-one beads of the Italian–English pairs in `tests/bitext`, in an order
//! without pattern, over and over, every ninth without its source or its target. Every third ends in
//! a made-up name, of which a text has one for five segments: without names that come and go, a long
//! text of so few sentences could not be aligned by anybody. Each size runs in a process of its own,
//! so that memory is its own. The floor is reading both texts into words and laying out the corridor,
//! which comes before any search.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench fails by panicking, and prints"
)]

use cesura::align::{Passage, Text, align, cells_count};
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::time::Instant;

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
/// Set in the process of one size.
const CHILD: &str = "CESURA_BENCH_SEGMENTS";
const PAIRS: [&str; 2] = ["tests/bitext/01.it-en", "tests/bitext/05.it-en"];

/// Two texts, and the places that belong together.
#[derive(Default)]
struct Pair {
    source: Vec<String>,
    target: Vec<String>,
    beads: BTreeSet<(usize, usize)>,
}

fn main() {
    if let Ok(size) = std::env::var(CHILD) {
        return measure(size.parse().expect("a number"));
    }
    let asked: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if asked.is_empty() { SIZES.to_vec() } else { asked };
    println!("segments      cells  words, corridor       all  µs/segment  peak MiB  beads right");
    for size in sizes {
        let program = std::env::current_exe().expect("this program");
        let status = Command::new(program).env(CHILD, size.to_string()).status();
        assert!(status.expect("it runs").success(), "the run of {size} segments failed");
    }
}

fn measure(size: usize) {
    let pair = pair(size);
    let (source, target) = (side("it", &pair.source), side("en", &pair.target));
    let begun = Instant::now();
    let cells = cells_count(&source, &target);
    let floor = begun.elapsed();
    let begun = Instant::now();
    let alignment = align(&source, &target, &[], &|| true).expect("not interrupted");
    let all = begun.elapsed();
    let right = alignment.beads.iter().filter(|bead| {
        let one_to_one = bead.source.len() == 1 && bead.target.len() == 1;
        one_to_one && pair.beads.contains(&(bead.source.start, bead.target.start))
    });
    println!(
        "{size:8} {cells:10} {:13.2} s {:7.2} s {:11.1} {:>9} {:10.1} %",
        floor.as_secs_f64(),
        all.as_secs_f64(),
        all.as_secs_f64() * 1e6 / size as f64,
        peak_mib().map_or("unknown".to_owned(), |mib| mib.to_string()),
        100.0 * right.count() as f64 / pair.beads.len() as f64,
    );
}

fn side<'a>(language: &'a str, segments: &'a [String]) -> Text<'a> {
    Text { language, segments: segments.iter().map(|text| Passage { text, place: None }).collect() }
}

fn pair(size: usize) -> Pair {
    let mut pool = Vec::new();
    for path in PAIRS {
        for bead in fs::read_to_string(path).expect("a pair of texts").split("\n\n") {
            if let [source, target] = bead.trim().lines().collect::<Vec<_>>()[..]
                && let (Some(source), Some(target)) =
                    (source.strip_prefix("< "), target.strip_prefix("> "))
            {
                pool.push((source.to_owned(), target.to_owned()));
            }
        }
    }
    let mut pair = Pair::default();
    // A linear congruential generator (Knuth, MMIX): the same order on every run.
    let mut state: u64 = 1;
    while pair.source.len() < size {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = (state >> 33) as usize;
        let Some((source, target)) = pool.get(drawn % pool.len()) else { continue };
        let name = match drawn % 3 {
            0 => name(drawn / 3 % (size / 5)),
            _ => String::new(),
        };
        let (source, target) = (format!("{source}{name}"), format!("{target}{name}"));
        match drawn / pool.len() % 18 {
            0 => pair.source.push(source),
            1 => pair.target.push(target),
            _ => {
                pair.beads.insert((pair.source.len(), pair.target.len()));
                pair.source.push(source);
                pair.target.push(target);
            }
        }
    }
    pair
}

/// A name of six letters in brackets, one for each number.
fn name(number: usize) -> String {
    let mut rest = number * 7_919 + 1;
    let mut letters = String::from(" (K");
    for alphabet in ["aeiou", "bdglmnrstv", "aeiou", "bdglmnrstv", "aeiou"] {
        letters.extend(alphabet.chars().nth(rest % alphabet.len()));
        rest /= alphabet.len();
    }
    letters + ")"
}

/// The most memory that this process held, where the system tells.
fn peak_mib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}
