//! What details cost: the time of each beside that of boundaries alone, in the same run.
//!
//! `cargo bench --bench details`. The text is the seeds, the pages and the articles of the tests, one
//! document each. Every round measures all cases once, in turn, so that a busy machine weighs on all
//! alike; of each case the median round counts. The floor is counting the sentences' bytes by
//! UAX #29 alone (`unicode_sentence_indices`).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench fails by panicking, and prints"
)]

use cesura::pack::{BudgetUnit, Packing};
use cesura::{Details, Limits, Options, Segmenter};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use unicode_segmentation::UnicodeSegmentation;

const ROUNDS: usize = 15;

fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["seeds", "tests/pages", "tests/articles"] {
        for entry in fs::read_dir(root.join(folder)).expect("a folder") {
            paths.push(entry.expect("a readable entry").path());
        }
    }
    paths.sort();
    // The marks of the gold are no part of a page.
    let bare = |text: String| {
        let mut bare = String::with_capacity(text.len());
        let mut inside = false;
        for c in text.chars() {
            inside |= matches!(c, '⟪' | '⟦');
            if !inside {
                bare.push(c);
            }
            inside &= !matches!(c, '⟫' | '⟧');
        }
        bare
    };
    paths.iter().map(|path| bare(fs::read_to_string(path).expect("UTF-8"))).collect()
}

fn segment(texts: &[String], options: &Options) -> Duration {
    let begun = Instant::now();
    for text in texts {
        let mut segmenter = Segmenter::new(options.clone(), Limits::default());
        segmenter.push(text.as_bytes()).expect("small");
        segmenter.finish().expect("whole");
        while let Some(event) = segmenter.next_event() {
            std::hint::black_box(&event);
        }
    }
    begun.elapsed()
}

fn floor(texts: &[String]) -> Duration {
    let begun = Instant::now();
    for text in texts {
        std::hint::black_box(text.unicode_sentences().map(str::len).sum::<usize>());
    }
    begun.elapsed()
}

fn main() {
    let texts = texts();
    let bytes: usize = texts.iter().map(String::len).sum();
    let with = |details: Details| Options { details, ..Options::default() };
    let none = Details::default();
    let packing = Packing {
        budget: 200,
        unit: BudgetUnit::Tokens,
        overlap_segments: 0,
        context_before_segments: 1,
        context_after_segments: 1,
        across_sections: false,
        normal: false,
    };
    let cases: Vec<(&str, Options)> = vec![
        ("boundaries alone", with(none)),
        ("annotations", with(Details { annotations: true, ..none })),
        ("quotations", with(Details { quotations: true, ..none })),
        ("identities", with(Details { identities: true, ..none })),
        ("segment languages", with(Details { segment_languages: true, ..none })),
        ("machine text", with(Details { normal_text: true, ..none })),
        ("masked text", with(Details { masked_text: true, ..none })),
        ("counts", with(Details { counts: true, ..none })),
        ("segment types", with(Details { segment_types: true, ..none })),
        ("warnings", with(Details { warnings: true, ..none })),
        ("positions", with(Details { positions: true, ..none })),
        ("all details", with(Details::ALL)),
        ("all and packing", Options { packing: Some(packing), ..with(Details::ALL) }),
    ];
    let mut times = vec![Vec::new(); cases.len() + 1];
    for _ in 0..ROUNDS {
        times[0].push(floor(&texts));
        for (times, (_, options)) in times.iter_mut().skip(1).zip(&cases) {
            times.push(segment(&texts, options));
        }
    }
    let medians: Vec<f64> = times
        .iter_mut()
        .map(|times| {
            times.sort();
            times[ROUNDS / 2].as_secs_f64()
        })
        .collect();
    println!("{} documents, {bytes} bytes, median of {ROUNDS} rounds", texts.len());
    let names = ["UAX #29 alone (floor)"].into_iter().chain(cases.iter().map(|(name, _)| *name));
    for (name, seconds) in names.zip(&medians) {
        let ratio = seconds / medians[1];
        let speed = bytes as f64 / seconds / 1e6;
        println!("{name:22} {:8.2} ms  {speed:6.2} MB/s  {ratio:5.2} x", seconds * 1e3);
    }
}
