//! One settled block → one unit: a function of the block and of what the document has shown before.

use crate::annotation::{FOREIGN_PASSAGE, annotate};
use crate::block::Role;
use crate::document::{Annotation, AnnotationKind, Segment, Unit};
use crate::inline;
use crate::language::{Detection, passages};
use crate::rule::{Decision, RuleId, Verdict};
use crate::sentence::{self, Evidence, Preferences};
use crate::tailoring::{self, Tailoring};
use crate::text::Span;

/// What a unit is made of, besides its text.
#[derive(Debug)]
pub(super) struct Settled<'a> {
    pub(super) number: u32,
    pub(super) first_segment_number: u32,
    pub(super) role: Role,
    pub(super) translatable: bool,
    pub(super) repetition: bool,
    pub(super) span: Span,
    pub(super) language: Detection,
    pub(super) tailoring: &'a Tailoring,
    pub(super) explain: bool,
    pub(super) annotate: bool,
    pub(super) preferences: &'a Preferences,
    /// The rule that ends the last segment.
    pub(super) ended_by: RuleId,
}

/// Finds the sentences of `text`, a trimmed block, and assembles the unit.
///
/// Beside it: whether a set of SRX rules was too costly and was left out.
pub(super) fn assemble(text: &str, settled: Settled<'_>, evidence: &mut Evidence) -> (Unit, bool) {
    let base = settled.span.start();
    let marks = inline::scan(text);
    let rows = settled.tailoring.rows();
    let tag = tailoring::language_of(&settled.language);
    let judged = sentence::judge(text, &marks, rows, &tag, settled.preferences, evidence);
    let mut decisions = judged.decisions;
    let (segments, ignorables) = tile(text, &decisions, &settled);
    debug_assert!(tiles(&segments, &ignorables, settled.span), "segments and ignorables tile");
    let mut annotations = Vec::new();
    if settled.annotate {
        let Tailoring { annotations: rules, lexicon, numbers, .. } = settled.tailoring;
        annotations = annotate(text, &marks, rules, lexicon, *numbers);
        annotations.extend(foreign(text, &settled.language));
        annotations.sort_by_key(|one| (one.span.start(), u32::MAX - one.span.end()));
        for annotation in &mut annotations {
            annotation.span = annotation.span.shifted(base);
        }
    }
    if settled.explain {
        for decision in &mut decisions {
            decision.at += base;
            decision.evidence = decision.evidence.shifted(base);
        }
    } else {
        decisions = Vec::new();
    }
    let unit = Unit {
        number: settled.number,
        kind: settled.role.kind,
        kind_rule: settled.role.rule,
        translatable: settled.translatable,
        repetition: settled.repetition,
        span: settled.span,
        language: settled.language,
        text: text.into(),
        segments,
        ignorables,
        annotations,
        decisions,
    };
    (unit, judged.srx_left_out)
}

/// Passages in another language than the unit's.
fn foreign(text: &str, home: &Detection) -> impl Iterator<Item = Annotation> {
    passages(text, home).into_iter().map(|passage| Annotation {
        kind: AnnotationKind::ForeignPassage,
        span: passage.span,
        keep: false,
        value: Some(passage.tag.as_str().into()),
        rule: FOREIGN_PASSAGE,
    })
}

fn tile(text: &str, decisions: &[Decision], settled: &Settled<'_>) -> (Vec<Segment>, Vec<Span>) {
    let base = settled.span.start();
    let mut segments = Vec::new();
    let mut ignorables = Vec::new();
    let mut number = settled.first_segment_number;
    let mut start = 0;
    let breaks = decisions.iter().filter(|decision| decision.verdict == Verdict::Break);
    for decision in breaks {
        let end = decision.at as usize;
        let rest = text.get(end..).unwrap_or("");
        let next = text.len() - rest.trim_start_matches(crate::text::is_ignorable).len();
        if end <= start || next >= text.len() {
            continue;
        }
        segments.push(Segment {
            number,
            span: Span::of(start..end).shifted(base),
            ended_by: decision.rule,
        });
        if next > end {
            ignorables.push(Span::of(end..next).shifted(base));
        }
        number += 1;
        start = next;
    }
    let span = Span::of(start..text.len()).shifted(base);
    segments.push(Segment { number, span, ended_by: settled.ended_by });
    (segments, ignorables)
}

/// Whether the spans touch and cover `whole` (policy S3).
fn tiles(segments: &[Segment], ignorables: &[Span], whole: Span) -> bool {
    let mut spans: Vec<Span> = segments.iter().map(|segment| segment.span).collect();
    spans.extend(ignorables);
    spans.sort();
    let mut at = whole.start();
    for span in spans {
        if span.start() != at || span.is_empty() {
            return false;
        }
        at = span.end();
    }
    at == whole.end()
}
