//! The examples of attributions, repairs and warnings: each is read as a document of its own.

use super::super::{Details, Options, segment};
use super::ExampleFailure;
use crate::document::{SegmentDetails, Unit};
use crate::language::LanguageTag;
use crate::rule::RuleId;
use crate::tailoring::Tailoring;

/// What did not come out as written.
pub(super) fn failures(tailoring: &Tailoring, own: impl Fn(RuleId) -> bool) -> Vec<ExampleFailure> {
    let mut failures = Vec::new();
    let mut check = |id: RuleId, example: &str, found: Result<(), String>| {
        failures.extend(found.err().map(|found| ExampleFailure {
            of: id.to_string(),
            example: example.to_owned(),
            found,
            problem: "not found as written by this rule".to_owned(),
        }));
    };
    for row in tailoring.attributions.iter().filter(|row| own(row.id)) {
        row.examples
            .iter()
            .for_each(|example| check(row.id, example, attribution(example, row.id)));
    }
    for row in tailoring.repairs.iter().copied().flatten().filter(|row| own(row.id)) {
        for (from, to) in row.examples {
            check(row.id, from, repair(from, to, row.id));
        }
    }
    for row in tailoring.warnings.iter().copied().flatten().filter(|row| own(row.id)) {
        row.examples.iter().for_each(|example| check(row.id, example, warning(example, row.id)));
    }
    failures
}

/// The units of an Italian text, with all there is to know: rows of all languages are shown in it.
fn units(text: &str) -> Vec<Unit> {
    let options = Options {
        language: Some(LanguageTag::ITALIAN),
        details: Details::ALL,
        ..Options::default()
    };
    let document = segment(text, &options);
    document.map(|document| document.units().cloned().collect()).unwrap_or_default()
}

fn details(units: &[Unit]) -> impl Iterator<Item = &SegmentDetails> {
    units.iter().flat_map(|unit| &unit.segments).filter_map(|segment| segment.details.as_deref())
}

const MARKS: [char; 4] = ['⟦', '⟧', '⟪', '⟫'];

/// Where the text between two marks of an example stands, once all marks are taken out.
fn marked(example: &str, open: char, close: char) -> Option<std::ops::Range<usize>> {
    let bare = |part: &str| part.chars().filter(|c| !MARKS.contains(c)).map(char::len_utf8).sum();
    let (before, rest) = example.split_once(open)?;
    let (inner, _) = rest.split_once(close)?;
    let start: usize = bare(before);
    let length: usize = bare(inner);
    Some(start..start + length)
}

fn attribution(example: &str, row: RuleId) -> Result<(), String> {
    let text = example.replace(MARKS, "");
    let units = units(&text);
    let found: Vec<_> = units
        .iter()
        .flat_map(|unit| &unit.quotations)
        .filter_map(|quotation| quotation.attribution.as_ref())
        .collect();
    let right = found.iter().any(|one| {
        one.rule == row
            && Some(one.span.range()) == marked(example, '⟦', '⟧')
            && one.speaker.map(|span| span.range()) == marked(example, '⟪', '⟫')
    });
    if right { Ok(()) } else { Err(format!("{found:?}")) }
}

fn repair(from: &str, to: &str, row: RuleId) -> Result<(), String> {
    let units = units(from);
    let normal: Vec<_> = details(&units).filter_map(|details| details.normal.as_ref()).collect();
    let text: Vec<&str> = normal.iter().map(|normal| &*normal.text).collect();
    let own = normal.iter().flat_map(|normal| &normal.edits).any(|edit| edit.rule == row);
    if own && text.join(" ") == to { Ok(()) } else { Err(format!("{normal:?}")) }
}

fn warning(example: &str, row: RuleId) -> Result<(), String> {
    let text = example.replace(MARKS, "");
    let units = units(&text);
    let found: Vec<_> = details(&units).flat_map(|details| &details.warnings).collect();
    let right = found
        .iter()
        .any(|one| one.rule == row && Some(one.span.range()) == marked(example, '⟦', '⟧'));
    if right { Ok(()) } else { Err(format!("{found:?}")) }
}
