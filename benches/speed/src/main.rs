//! What segmentation costs beside its peers, on one core.
//!
//! `cargo run --release --manifest-path benches/speed/Cargo.toml` prints the tables of
//! docs/performance.md: every case beside all others, in turn, so that a busy machine weighs on all
//! alike; of each case the median of its rounds, of each ratio the median of the rounds' ratios.
//!
//! `-- --case NAME --texture NAME --rounds N` runs one case and prints nothing but its name: what
//! `benches/speed/instructions` counts the instructions of, which are the same on every run.

mod cases;
mod textures;

use cases::{CASES, Case};
use std::time::Instant;
use textures::Texture;

const ROUNDS: usize = 15;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    if let Some(case) = value("--case") {
        let texture = textures::named(&value("--texture").unwrap_or_else(|| "news".into()));
        let rounds = value("--rounds").and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
        return run_alone(&case, &texture, rounds);
    }
    if arguments.iter().any(|argument| argument == "--list") {
        let counted = CASES.iter().filter(|case| !case.is_slow);
        return counted.for_each(|case| println!("{}", case.name));
    }
    let sections = [
        ("news and pages", vec!["news", "pages"]),
        ("textures of running text", vec!["headlines", "quotations", "abbreviations"]),
        ("lengths", vec!["sentence", "3KB", "100KB", "10MB"]),
    ];
    for (title, names) in sections {
        for name in names {
            table(title, &textures::named(name));
        }
    }
    hostile();
}

fn run_alone(name: &str, texture: &Texture, rounds: usize) {
    let case = CASES.iter().find(|case| case.name == name);
    let case = case.unwrap_or_else(|| panic!("no case {name}; --list names them"));
    let found: usize = (0..rounds).map(|_| run(case, texture)).sum();
    println!("{name} {} {} {found}", texture.name, texture.bytes());
}

fn run(case: &Case, texture: &Texture) -> usize {
    texture.texts.iter().map(|text| std::hint::black_box((case.run)(text))).sum()
}

/// Seconds of one run over a texture, as often as it takes to be measured at all.
fn seconds(case: &Case, texture: &Texture) -> f64 {
    let times = if case.is_slow { 1 } else { (200_000 / texture.bytes()).max(1) };
    let begun = Instant::now();
    for _ in 0..times {
        run(case, texture);
    }
    begun.elapsed().as_secs_f64() / times as f64
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

fn table(title: &str, texture: &Texture) {
    let rounds = if texture.bytes() > 1 << 20 { 3 } else { ROUNDS };
    let cases: Vec<&Case> =
        CASES.iter().filter(|case| !case.is_slow || texture.name == "news").collect();
    let mut times = vec![Vec::new(); cases.len()];
    for _ in 0..rounds {
        for (case, times) in cases.iter().zip(&mut times) {
            times.push(seconds(case, texture));
        }
    }
    let yardstick = cases.iter().position(|case| case.is_yardstick).expect("there is one");
    let yardstick = times[yardstick].clone();
    println!(
        "\n{title}: {} ({} texts, {} bytes), median of {rounds} rounds",
        texture.name,
        texture.texts.len(),
        texture.bytes()
    );
    println!("{:34} {:>9} {:>10} {:>8} {:>9}", "", "MB/s", "us a text", "x ICU4X", "segments");
    for (case, times) in cases.iter().zip(times) {
        let ratios = times.iter().zip(&yardstick).map(|(time, icu)| icu / time).collect();
        let time = median(times);
        println!(
            "{:34} {:9.2} {:10.1} {:8.3} {:9}",
            case.name,
            texture.bytes() as f64 / time / 1e6,
            time / texture.texts.len() as f64 * 1e6,
            median(ratios),
            run(case, texture),
        );
    }
}

/// The worst of the hostile inputs beside prose of their size.
fn hostile() {
    let case = CASES.iter().find(|case| case.name == "cesura, default").expect("there is one");
    let prose = textures::filled(textures::PROSE);
    let beside = |text: &Texture| {
        let ratios = (0..5).map(|_| seconds(case, text) / seconds(case, &prose)).collect();
        median(ratios)
    };
    println!("\nhostile text of {} bytes, cost beside prose of that size", prose.bytes());
    for (name, pattern) in textures::HOSTILE {
        println!("{name:34} {:8.2} x", beside(&textures::filled(pattern)));
    }
}
