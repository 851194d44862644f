//! SRX 2.0: a customer's rules before ours.

use cesura::document::{Event, NoticeKind};
use cesura::language::LanguageTag;
use cesura::sentence::Preferences;
use cesura::srx::{Srx, SrxLimits, SrxSource};
use cesura::{Limits, Options, Segmenter};
use std::sync::Arc;

/// An SRX file with these rules for Italian: `(break, before, after)`.
pub(crate) fn file(rules: &[(&str, &str, &str)]) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let rules: String = rules
        .iter()
        .map(|(breaks, before, after)| {
            format!(
                "<rule break=\"{breaks}\"><beforebreak>{}</beforebreak><afterbreak>{}</afterbreak></rule>\n",
                escaped(before),
                escaped(after)
            )
        })
        .collect();
    format!(
        "<srx xmlns=\"http://www.lisa.org/srx20\" version=\"2.0\">\n\
         <header segmentsubflows=\"yes\" cascade=\"yes\"/>\n\
         <body><languagerules><languagerule languagerulename=\"it\">\n{rules}</languagerule>\
         </languagerules>\n<maprules><languagemap languagepattern=\"it.*\" languagerulename=\"it\"/>\
         </maprules></body></srx>"
    )
}

fn parse(xml: &str) -> Result<Srx, cesura::srx::SrxError> {
    Srx::parse(xml, SrxSource::Request, SrxLimits::REQUEST)
}

fn segments(text: &str, rules: &[(&str, &str, &str)]) -> Vec<String> {
    let srx = vec![Arc::new(parse(&file(rules)).expect("rules that are supported"))];
    let preferences = Preferences { srx, ..Preferences::default() };
    let options =
        Options { preferences, language: Some(LanguageTag::ITALIAN), ..Options::default() };
    let document = cesura::segment(text, &options).expect("a short text");
    document.segments().map(str::to_owned).collect()
}

#[test]
fn the_rules_of_a_customer_go_before_ours_and_ours_fill_the_gaps() {
    assert_eq!(
        segments("Il dott. Rossi; poi basta. Ecco.", &[("yes", ";", r"\s")]),
        ["Il dott. Rossi;", "poi basta.", "Ecco."]
    );
    // Both a rule that breaks where ours would not, and one that does not where ours would.
    assert_eq!(
        segments("Il dott. Rossi. Ecco.", &[("yes", r"dott\.", r"\s"), ("no", r"Rossi\.", "")]),
        ["Il dott.", "Rossi. Ecco."]
    );
}

#[test]
fn the_first_rule_that_matches_decides() {
    let text = "Sì. No. Forse.";
    let no = ("no", r"Sì\.", r"\s");
    let yes = ("yes", r"\w\.", r"\s");
    assert_eq!(segments(text, &[no, yes]), ["Sì. No.", "Forse."]);
    assert_eq!(segments(text, &[yes, no]), ["Sì.", "No.", "Forse."]);
}

#[test]
fn a_break_may_be_named_before_or_behind_the_white_space() {
    for (before, after) in [(r"\.", r"\s+x"), (r"\.\s+", "x"), (r"\.\s", r"\s?x")] {
        assert_eq!(segments("un.  x due", &[("yes", before, after)]), ["un.", "x due"], "{before}");
    }
    // Inside a word, and never at an end of the text.
    assert_eq!(segments("unodue", &[("yes", "uno", "due")]), ["uno", "due"]);
    assert_eq!(segments("uno", &[("yes", "", "")]), ["u", "n", "o"]);
}

#[test]
fn assertions_see_the_text_around_the_position() {
    // A word boundary at the end of the first expression depends on the character behind it.
    assert_eq!(segments("perché, perchéx", &[("yes", r"perché\b", "")]), ["perché", ", perchéx"]);
    assert_eq!(segments("è uno due", &[("yes", r"\buno", r"\b\s*due$")]), ["è uno", "due"]);
    assert_eq!(segments("uno uno", &[("yes", r"^uno", r"\s")]), ["uno", "uno"]);
}

#[test]
fn maps_choose_the_rules_and_cascade_joins_them() {
    let xml = |cascade: &str| {
        format!(
            "<srx xmlns=\"http://www.lisa.org/srx20\" version=\"2.0\">\
             <header segmentsubflows=\"yes\" cascade=\"{cascade}\"/><body><languagerules>\
             <languagerule languagerulename=\"one\"><rule break=\"yes\"><beforebreak>;</beforebreak></rule></languagerule>\
             <languagerule languagerulename=\"two\"><rule break=\"yes\"><beforebreak>:</beforebreak></rule></languagerule>\
             </languagerules><maprules>\
             <languagemap languagepattern=\"[Ii][Tt].*\" languagerulename=\"one\"/>\
             <languagemap languagepattern=\".*\" languagerulename=\"two\"/></maprules></body></srx>"
        )
    };
    let at = |cascade: &str, tag: &str| -> Vec<u32> {
        let tag = LanguageTag::parse(tag).expect("a tag");
        let srx = parse(&xml(cascade)).expect("supported");
        srx.decisions("a; b: c", &tag).expect("cheap").iter().map(|found| found.at).collect()
    };
    assert_eq!(at("yes", "it-CH"), [2, 5]);
    assert_eq!(at("no", "it"), [2]);
    assert_eq!(at("no", "de"), [5]);
}

#[test]
fn what_is_not_supported_is_refused_with_its_line() {
    let refused = |rules: &[(&str, &str, &str)]| parse(&file(rules)).expect_err("to be refused");
    let good = ("yes", "a", "b");
    for expression in ["(?<=a)b", "(?!a)", r"(a)\1", "a++", "(", r"\p{Nope}"] {
        let error = refused(&[good, ("no", expression, "")]);
        assert_eq!(error.line, 5, "{expression}: {error}");
        assert!(error.message.starts_with("<beforebreak>: "), "{error}");
    }
    assert_eq!(refused(&[good, ("maybe", "a", "b")]).line, 5);
    // Compiled, this would take far more than its 11 bytes.
    let large = refused(&[("no", r"(\w{999}){9}", "")]);
    assert!(large.message.contains("limit"), "{large}");
    let few = SrxLimits { rules_max: 1, bytes_max: 800, ..SrxLimits::REQUEST };
    let refused = |xml: &str| Srx::parse(xml, SrxSource::Request, few).expect_err("too much");
    assert!(refused(&file(&[good, good])).message.contains("1 rules"));
    assert!(refused(&" ".repeat(801)).message.contains("801 bytes given, at most 800"));
    for (xml, line) in [
        ("", 1),
        ("<srx/>", 1),
        ("<srx xmlns=\"http://www.lisa.org/srx20\">\n<header/>\n</srx>", 2),
        ("<!DOCTYPE x [<!ENTITY e \"eee\">]>\n<x>&e;</x>", 1),
        ("<srx xmlns=\"http://www.lisa.org/srx20\">\n\n<oops</srx>", 3),
    ] {
        assert_eq!(parse(xml).expect_err(xml).line, line, "{xml}");
    }
}

#[test]
fn rules_that_take_too_many_steps_are_left_out_and_the_notice_says_so() {
    // Every position keeps thousands of states alive.
    let srx = parse(&file(&[("yes", r"(a?){1500}(a|b)*x", "")])).expect("small enough to compile");
    let text = "ab".repeat(2000);
    assert!(srx.decisions(&text, &LanguageTag::ITALIAN).is_err());
    let preferences = Preferences { srx: vec![Arc::new(srx)], ..Preferences::default() };
    let options =
        Options { preferences, language: Some(LanguageTag::ITALIAN), ..Options::default() };
    let mut segmenter = Segmenter::new(options, Limits::default());
    segmenter.push(text.as_bytes()).expect("taken");
    segmenter.finish().expect("whole");
    let events: Vec<Event> = std::iter::from_fn(|| segmenter.next_event()).collect();
    let left_out = |event: &Event| matches!(event, Event::Notice(notice) if notice.kind == NoticeKind::SrxLeftOut);
    assert!(events.iter().any(left_out), "{events:?}");
}
