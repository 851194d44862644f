//! Segments files without a server: `cargo run --example library -- seeds/*.txt`.

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use cesura::document::Event;
use cesura::{Limits, Options, Segmenter};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        let mut segmenter = Segmenter::new(Options::default(), Limits::default());
        for chunk in std::fs::read(&path)?.chunks(4096) {
            segmenter.push(chunk)?;
            say(&mut segmenter);
        }
        segmenter.finish()?;
        say(&mut segmenter);
    }
    Ok(())
}

fn say(segmenter: &mut Segmenter) {
    while let Some(event) = segmenter.next_event() {
        let Event::Unit(unit) = event else { continue };
        println!("{} {} {:?}", unit.kind.name(), unit.language.tag, unit.span);
        for segment in &unit.segments {
            println!("    {:?} {}", segment.span, unit.slice(segment.span));
        }
    }
}
