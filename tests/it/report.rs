//! The HTML report: every character of every unit is in it, once, and nothing leads out of it.

use crate::laws::page;
use crate::pages::seeds;
use cesura::export::report;
use cesura::wire::{Presenter, from_proto::Presentation};
use cesura::{Details, Limits, Options, Segmenter};
use proptest::prelude::*;

fn report_of(text: &str) -> (String, Vec<String>) {
    let options = Options { explain: true, details: Details::ALL, ..Options::default() };
    let presentation = Presentation { explain: true, ..Presentation::default() };
    let mut segmenter = Segmenter::new(options, Limits::default());
    segmenter.push(text.as_bytes()).expect("small");
    segmenter.finish().expect("whole");
    let mut presenter = Presenter::new(presentation, "a<b>&\"".to_owned());
    let mut out = Vec::new();
    let mut texts = Vec::new();
    report::begin(&mut out).expect("memory");
    while let Some(event) = segmenter.next_event() {
        if let cesura::document::Event::Unit(unit) = &event {
            texts.push(unit.text.to_string());
        }
        report::write(&mut out, &presenter.event(event)).expect("memory");
    }
    report::end(&mut out).expect("memory");
    (String::from_utf8(out).expect("HTML is UTF-8"), texts)
}

/// The text of each unit, as an XML parser reads it.
fn shown(html: &str) -> Vec<String> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(html, options).expect("well-formed");
    let is_text = |node: &roxmltree::Node| node.attribute("class") == Some("text");
    let text = |node: roxmltree::Node| {
        node.descendants()
            .filter(|inner| inner.is_text())
            .filter_map(|inner| inner.text())
            .collect()
    };
    document.descendants().filter(is_text).map(text).collect()
}

#[test]
fn reports_of_the_seeds_hold_every_unit_and_stand_alone() {
    for (name, text) in seeds() {
        let (html, texts) = report_of(&text);
        assert_eq!(shown(&html), texts, "{name}");
        for outward in ["<script", "<link", "<img", "<iframe", "src=", "href=", "@import", "url("] {
            assert!(!html.contains(outward), "{name}: {outward}");
        }
        let grey = html.matches("untranslatable\" id=").count();
        let kept = cesura::segment(&text, &Options::default()).expect("small");
        assert_eq!(grey, kept.units().filter(|unit| !unit.translatable()).count(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn reports_of_anything_are_well_formed(source in page()) {
        let (html, texts) = report_of(&source);
        // What XML cannot hold is shown as U+FFFD.
        let fit = |text: &String| -> String {
            let unfit = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}');
            text.chars().map(|c| if unfit(c) { '\u{fffd}' } else { c }).collect()
        };
        prop_assert_eq!(shown(&html), texts.iter().map(fit).collect::<Vec<_>>());
    }
}
