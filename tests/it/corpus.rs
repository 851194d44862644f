//! The corpus: one case a line, Italian in `tests/corpus/*.seg`, others in
//! `tests/corpus/other-languages/<tag>.seg`.
//!
//! `÷` a boundary, `×` a place worth showing that is none; every other boundary is a failure. After
//! `  # ` stands a remark; where it begins with a rule id (with a dot in it), that rule must have
//! decided at the first sign. A comment `# not solved: …` keeps a case that is right by the policy
//! and that the rules do not reach. `⏎` stands for a line end inside a block. A malformed line is a
//! failure.

use cesura::language::LanguageTag;
use cesura::pipeline::{SignedText, judge_block};
use cesura::sentence::Preferences;
use cesura::tailoring::{self, Tailoring, italian};
use std::fs;
use std::path::Path;

pub(crate) struct Case {
    place: String,
    pub(crate) signed: String,
    rule: Option<String>,
    tailoring: &'static Tailoring,
}

/// The Italian cases.
pub(crate) fn cases() -> Vec<Case> {
    cases_of("tests/corpus", |_| &italian::TAILORING)
}

fn cases_of(folder: &str, tailoring: impl Fn(&str) -> &'static Tailoring) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).expect("the corpus folder is there") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            continue;
        }
        assert!(
            path.extension().is_some_and(|extension| extension == "seg"),
            "{path:?} is no .seg file"
        );
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a corpus file is UTF-8");
        let tailoring = tailoring(name.trim_end_matches(".seg"));
        for (number, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let place = format!("{name}:{}", number + 1);
            let (signed, remark) = match line.split_once("  # ") {
                Some((signed, remark)) => (signed, remark),
                None => (line, ""),
            };
            assert!(signed.contains(['÷', '×']), "{place}: a case shows at least one ÷ or ×");
            assert_eq!(signed.trim(), signed, "{place}: a case has no space at its ends");
            let word = remark.split_whitespace().next().unwrap_or("");
            let rule = word.contains('.').then(|| word.to_owned());
            cases.push(Case { place, signed: signed.replace('⏎', "\n"), rule, tailoring });
        }
    }
    cases
}

#[test]
fn every_case_comes_out_as_written() {
    let mut cases = cases();
    cases.extend(cases_of("tests/corpus/other-languages", |tag| {
        let tailoring = tailoring::for_tag(&LanguageTag::parse(tag).expect("a tag"));
        assert_eq!(tailoring.tag, tag, "a tailoring of its own");
        tailoring
    }));
    let mut failed = 0;
    for case in &cases {
        let signed = SignedText::parse(&case.signed);
        let decisions = judge_block(&signed.text, case.tailoring, &Preferences::default());
        let first = signed.signs.first().and_then(|(at, _)| signed.decision_at(*at, &decisions));
        let decided = first.map(|decision| decision.rule.to_string());
        let by_other = case.rule.as_ref().filter(|rule| decided.as_ref() != Some(rule));
        let problem =
            signed.problem(&decisions).or(by_other.map(|_| format!("decided by {decided:?}")));
        if let Some(problem) = problem {
            failed += 1;
            eprintln!(
                "{}: {problem}\n    written {}\n    found   {}",
                case.place,
                case.signed,
                signed.show(&decisions)
            );
            for decision in &decisions {
                eprintln!("        {:?} {:?} {}", decision.at, decision.verdict, decision.rule);
            }
        }
    }
    assert_eq!(failed, 0, "{failed} of {} cases fail", cases.len());
}
