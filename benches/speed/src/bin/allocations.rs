//! How often the library asks for memory: a count that is the same on every run and every machine.
//!
//! `cargo run --release --manifest-path benches/speed/Cargo.toml --bin allocations` prints a table
//! for docs/performance.md. `-- --check` fails where a figure is more than 3 % over its baseline,
//! `allocations.tsv`; `-- --write` writes the baseline anew. An allocator that counts slows all
//! down, so this is a program of its own.

#[allow(dead_code, reason = "the other benches use the rest")]
#[path = "../cases.rs"]
mod cases;
#[allow(dead_code, reason = "the other benches use the rest")]
#[path = "../textures.rs"]
mod textures;

use cases::{CASES, Case};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::fmt::Write;
use std::fs;
use std::process::ExitCode;
use textures::Texture;

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/allocations.tsv");

const TEXTURES: [&str; 2] = ["news", "pages"];

/// What a figure may be over its baseline: a table may double one segment later on another target.
const TOLERANCE: f64 = 1.03;

/// What one case asks for on one texture, for one document.
struct Counted {
    case: &'static str,
    texture: &'static str,
    /// Allocations, and those of them that make something larger.
    allocations: f64,
    reallocations: f64,
    bytes: f64,
    segments: f64,
}

fn main() -> ExitCode {
    let counted: Vec<Counted> = TEXTURES
        .into_iter()
        .flat_map(|name| {
            let texture = textures::named(name);
            let ours = CASES.iter().filter(|case| case.name.starts_with("cesura"));
            ours.map(|case| count(case, &texture, name)).collect::<Vec<_>>()
        })
        .collect();
    print(&counted);
    let asked = |name: &str| std::env::args().any(|argument| argument == name);
    if asked("--write") {
        fs::write(BASELINE, baseline(&counted)).expect("a writable file");
    }
    if asked("--check") { check(&counted) } else { ExitCode::SUCCESS }
}

/// Counts after a first time, which fills the tables that are made once.
fn count(case: &'static Case, texture: &Texture, name: &'static str) -> Counted {
    let run = || texture.texts.iter().map(|text| (case.run)(text)).sum::<usize>();
    run();
    let region = Region::new(GLOBAL);
    let segments = run();
    let change = region.change();
    let each = |figure: usize| figure as f64 / texture.texts.len() as f64;
    // Growing is asking, and for as many bytes more.
    let grown = usize::try_from(change.bytes_reallocated).unwrap_or_default();
    Counted {
        case: case.name,
        texture: name,
        allocations: each(change.allocations + change.reallocations),
        reallocations: each(change.reallocations),
        bytes: each(change.bytes_allocated + grown),
        segments: each(segments),
    }
}

fn print(counted: &[Counted]) {
    println!("| | allocations a document | of them to grow | bytes | a segment | bytes |");
    println!("|---|---|---|---|---|---|");
    for one in counted {
        let Counted { case, texture, allocations, reallocations, bytes, segments } = one;
        // What finds no segments says 1 for a text that it understood.
        let each = |figure: f64, digits: usize| match *segments > 1.0 {
            true => format!("{:.digits$}", figure / segments),
            false => "–".to_owned(),
        };
        println!(
            "| {case}, {texture} | {allocations:.0} | {reallocations:.0} | {bytes:.0} | {} | {} |",
            each(*allocations, 1),
            each(*bytes, 0),
        );
    }
}

fn baseline(counted: &[Counted]) -> String {
    let mut out = String::from(
        "# Allocations and bytes a document, by --bin allocations -- --write: case, texture.\n",
    );
    for one in counted {
        let Counted { case, texture, allocations, bytes, .. } = one;
        writeln!(out, "{case}\t{texture}\t{allocations:.1}\t{bytes:.0}").expect("memory");
    }
    out
}

fn check(counted: &[Counted]) -> ExitCode {
    let baseline = fs::read_to_string(BASELINE).unwrap_or_default();
    let known = |one: &Counted| {
        let key = format!("{}\t{}\t", one.case, one.texture);
        let row = baseline.lines().find_map(|row| row.strip_prefix(&key))?;
        let (allocations, bytes) = row.split_once('\t')?;
        Some((allocations.parse::<f64>().ok()?, bytes.parse::<f64>().ok()?))
    };
    let mut good = true;
    for one in counted {
        let Counted { case, texture, .. } = one;
        let Some((allocations, bytes)) = known(one) else {
            eprintln!("{case} on {texture}: no baseline");
            good = false;
            continue;
        };
        let figures = [("allocations", one.allocations, allocations), ("bytes", one.bytes, bytes)];
        for (what, now, limit) in figures {
            if now > limit * TOLERANCE {
                eprintln!("{case} on {texture}: {now:.1} {what} a document, baseline {limit:.1}");
                good = false;
            }
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
