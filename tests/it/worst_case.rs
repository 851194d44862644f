//! No input may cost much more than prose of the same size: one small hostile message must not
//! hold a worker. Ratios only; these machines are shared.

use cesura::{Limits, Options, Segmenter};
use std::time::{Duration, Instant};

/// Bytes of each input.
const SIZE_BYTES: usize = 1 << 17;

/// How many times the cost of prose an input may have.
const RATIO_MAX: f64 = 30.0;

fn cost(text: &str) -> Duration {
    let limits = Limits { document_bytes_max: u32::MAX, ..Limits::default() };
    let run = || {
        let begun = Instant::now();
        let options = Options {
            language: cesura::language::LanguageTag::parse("it"),
            explain: true,
            details: cesura::Details::ALL,
            ..Options::default()
        };
        let mut segmenter = Segmenter::new(options, limits);
        for chunk in text.as_bytes().chunks(limits.chunk_bytes_max as usize) {
            segmenter.push(chunk).expect("valid text");
            while segmenter.next_event().is_some() {}
        }
        segmenter.finish().expect("whole characters");
        while segmenter.next_event().is_some() {}
        begun.elapsed()
    };
    (0..3).map(|_| run()).min().expect("three runs")
}

fn filled(pattern: &str) -> String {
    pattern.repeat(SIZE_BYTES / pattern.len() + 1)
}

#[test]
fn hostile_text_costs_little_more_than_prose() {
    let prose = filled(
        "Il presidente ha parlato a lungo con i ministri, poi è partito. Secondo l'on. Rossi «non c'è fretta», \
         ma il voto è per il 12 set. alle 14.30. Nessuno ha risposto.\n\n",
    );
    let unit = cost(&prose);
    let long = |head: &str, run: &str| format!("{head}{}", filled(run));
    let hostile = [
        ("a stop and spaces", long("a.", " ")),
        ("a stop and closing marks", long("a.", ")")),
        ("a stop and quotes", long("a.", "\"")),
        ("stops", filled(".")),
        ("spaced stops", filled(". ")),
        ("letters with stops", filled("a.")),
        ("capitals with stops and spaces", filled("A. ")),
        ("question marks", filled("?")),
        ("ellipses", filled("…")),
        ("open brackets", filled("(")),
        ("bracketed stops", filled("(.")),
        ("stops in brackets", filled("(.)")),
        ("open quotations", filled("«")),
        ("quoted letters as sentences", filled("\"A\". ")),
        ("mismatched quotations as sentences", filled("“A“. ")),
        ("single marks", filled("'a ")),
        ("single marks that double ones close", filled("‘a” ")),
        ("numbered sentences", filled("A 1. ")),
        ("handles", filled("@a ")),
        ("placeholders", filled("{1} @a ")),
        ("a long line of commas", filled("a, ")),
        ("quotations with commas", long("«", "dice, ")),
        ("foreign words by turns", filled("the dog is here, il cane è qui, ")),
        ("nested quotations", filled("«a. ")),
        ("mixed marks", filled(".)\"»”. ")),
        ("quotes and letters", filled("\"a. ")),
        ("combining accents", filled("e\u{301}")),
        ("only accents", long("a.", "\u{301}")),
        ("zero-width spaces", long("a.", "\u{200b}")),
        ("line ends", filled("\n")),
        ("short lines", filled("a\n")),
        ("wrapped lines", filled("una riga che continua\n")),
        ("carriage returns", filled("\r")),
        ("no boundary", filled("a")),
        ("one word and spaces", long("a", " ")),
        ("at signs", filled("@")),
        ("mail", filled("a@b.it ")),
        ("glued mail", filled("a@b.it")),
        ("addresses", filled("www.")),
        ("one long address", long("https://a.it/", "?b=C.")),
        ("apostrophes", filled("l'")),
        ("dashes", filled("a.-")),
        ("spaced dashes", filled("a. - ")),
        ("emoji", long("a.", "😀")),
        ("emoji and spaces", filled("😀 ")),
        ("notes", filled("a.[1] ")),
        ("asterisks", long("a.", "*")),
        ("abbreviations", filled("dott. ")),
        ("dotted forms", filled("S.p.A. ")),
        ("bullets", filled("- a\n")),
        ("labels", filled("1. ")),
        ("repeated titles", filled("Il titolo\n\n")),
        ("nul", filled("\0")),
        ("separators", filled("\u{2028}")),
        ("many dashes, then questions", format!("{}{}", "-".repeat(32_000), filled("? a"))),
        ("many quotes, then questions", format!("{}{}", "«".repeat(16_000), filled("? a"))),
        ("many spaces, then ellipses", format!("a {}{}", "\u{200b}".repeat(10_000), filled("… a"))),
        ("a long word with stops", filled("a.b")),
        ("half separators", filled("\u{2026} \u{2014}")),
    ];
    let slow: Vec<&str> = hostile
        .iter()
        .filter(|(name, text)| {
            // A neighbour on the machine may slow down one measurement, not every one.
            let ratio = least(
                || cost(text).as_secs_f64() / unit.min(cost(&prose)).as_secs_f64(),
                RATIO_MAX,
            );
            eprintln!("{ratio:>6.1} × prose  {name}");
            ratio > RATIO_MAX
        })
        .map(|(name, _)| *name)
        .collect();
    assert!(slow.is_empty(), "more than {RATIO_MAX} × prose: {slow:?}");
}

/// The least of up to five measurements; the first that is good enough will do.
fn least(measure: impl Fn() -> f64, good_enough: f64) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        best = best.min(measure());
        if best <= good_enough {
            break;
        }
    }
    best
}

/// Eight times the text costs about eight times the time; a square would make it sixty-four.
#[test]
fn cost_is_linear_in_the_length() {
    for pattern in ["Il dott. Rossi disse: «Uno. Due». ", "a.", "(a. ", "\"a. ", "a. )"] {
        let (one, eight) = (filled(pattern), filled(pattern).repeat(8));
        let ratio = least(|| cost(&eight).as_secs_f64() / cost(&one).as_secs_f64(), 20.0);
        assert!(ratio <= 20.0, "{pattern:?}: eight times the text costs {ratio:.1} times as much");
    }
}
