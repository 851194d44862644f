//! What XLIFF 2.1 and 1.2 have in common.

use super::content::{Run, runs};
use crate::document::{AnnotationKind, Unit, WarningKind};
use crate::language::LanguageTag;
use crate::text::Span;

/// Choices for XLIFF.
#[derive(Clone, Debug, Default)]
pub struct XliffChoices {
    /// Client's own id of the document: `file/@original`.
    pub document_id: String,
    /// Language that the targets will be in.
    pub target_language: Option<LanguageTag>,
    /// How stretches that no translation may touch are written.
    pub protected: ProtectedForm,
    /// Whether tools may join and split segments.
    pub resegmentable: bool,
    /// Length of a target in percent of its source, in Unicode scalar values.
    pub target_size_percent_max: Option<u32>,
}

/// How a stretch that no translation may touch stands in XLIFF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProtectedForm {
    /// As text inside `<mrk>`.
    #[default]
    Marked,
    /// As `<ph>`.
    Placeholder,
    /// As text like any other.
    Plain,
}

impl XliffChoices {
    /// The size that targets of this unit may have, where there is a restriction.
    pub(super) fn target_size_max(&self, unit: &Unit) -> Option<u64> {
        let characters = unit.text.chars().count() as u64;
        self.target_size_percent_max.map(|percent| (characters * u64::from(percent)).div_ceil(100))
    }

    /// The runs of a part, in the form that was chosen.
    pub(super) fn runs<'a>(&self, unit: &'a Unit, span: Span) -> Vec<Run<'a>> {
        match self.protected {
            ProtectedForm::Plain => vec![Run::Text(unit.slice(span))],
            ProtectedForm::Marked | ProtectedForm::Placeholder => runs(unit, span),
        }
    }
}

/// Names of what XLIFF has no name for begin with this, which both versions ask for.
pub(super) const OWN: &str = "cesura";

/// Name of a kind of stretch: `url`.
pub(super) fn annotation_type(kind: AnnotationKind) -> String {
    format!("{OWN}:{}", kind.name())
}

/// What a translator should know of a unit: a category and a text each.
pub(super) fn notes(unit: &Unit) -> Vec<(&'static str, String)> {
    let mut notes = vec![("kind", unit.kind.name().replace('_', " "))];
    for segment in &unit.segments {
        let warnings = segment.details.as_ref().map_or(&[][..], |details| &details.warnings);
        for warning in warnings {
            notes.push(("warning", format!("s{}: {}", segment.number, said(warning.kind))));
        }
    }
    notes
}

/// A warning in words.
fn said(kind: WarningKind) -> String {
    kind.name().replace('_', " ")
}

/// What is known of a unit beside its text: a name and a value each.
pub(super) fn unit_facts(unit: &Unit) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("kind", unit.kind.name().to_owned()),
        ("kindRule", unit.kind_rule.to_string()),
        ("translatableReason", unit.reason.name().to_owned()),
        ("span", place(unit.span)),
        ("language", unit.language.tag.as_str().to_owned()),
    ];
    if let Some(identity) = &unit.identity {
        facts.push(("contentDigest", format!("{:032x}", identity.digest)));
    }
    if unit.repetition {
        facts.push(("repetition", "yes".to_owned()));
    }
    facts
}

/// What is known of a segment beside its text.
pub(super) fn segment_facts(segment: &crate::document::Segment) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("segment", format!("s{}", segment.number)),
        ("span", place(segment.span)),
        ("rule", segment.ended_by.to_string()),
    ];
    let identity = segment.details.as_ref().and_then(|details| details.identity.as_ref());
    if let Some(identity) = identity {
        facts.push(("id", identity.to_string()));
        facts.push(("contentDigest", format!("{:032x}", identity.digest)));
    }
    facts
}

/// A place in bytes of UTF-8: start inclusive, end exclusive.
fn place(span: Span) -> String {
    format!("{}-{}", span.start(), span.end())
}
