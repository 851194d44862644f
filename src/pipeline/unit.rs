//! One settled block → one unit: a function of the block and of what the document has shown before.

use super::Options;
use super::describe::Description;
use crate::block::Role;
use crate::count;
use crate::document::{IdentityScope, Quotation, Segment, TranslatableReason, Unit, UnitPosition};
use crate::identity::Seen;
use crate::inline;
use crate::language::Detection;
use crate::pack::PackedSegment;
use crate::quotation::OpenQuotation;
use crate::rule::{Decision, RuleId, Verdict};
use crate::sentence::{self, Evidence};
use crate::tailoring::{self, Tailoring};
use crate::text::Span;

/// What a unit is made of, besides its text.
#[derive(Debug)]
pub(super) struct Settled<'a> {
    pub(super) number: u32,
    pub(super) first_segment_number: u32,
    pub(super) role: Role,
    pub(super) reason: TranslatableReason,
    pub(super) repetition: bool,
    pub(super) span: Span,
    pub(super) language: Detection,
    pub(super) tailoring: &'a Tailoring,
    pub(super) options: &'a Options,
    pub(super) position: Option<UnitPosition>,
    /// The rule that ends the last segment.
    pub(super) ended_by: RuleId,
}

/// What the document has shown before, as far as units depend on it. Bounded.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) evidence: Evidence,
    pub(super) seen: Seen,
    pub(super) open_quotation: Option<OpenQuotation>,
}

impl Shown {
    /// Memory held, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.evidence.memory_bytes() + self.seen.memory_bytes()
    }
}

/// A unit, and what comes with it.
pub(super) struct Assembled {
    pub(super) unit: Unit,
    /// Its segments as they are to be packed, where packing was asked for and they are
    /// translatable.
    pub(super) packed: Vec<PackedSegment>,
    /// A set of SRX rules was too costly and was left out.
    pub(super) srx_left_out: bool,
}

/// Finds the sentences of `text`, a trimmed block, and assembles the unit.
pub(super) fn assemble(text: &str, mut settled: Settled<'_>, shown: &mut Shown) -> Assembled {
    let marks = inline::scan(text);
    let options = settled.options;
    let rows = settled.tailoring.rows();
    let tag = tailoring::language_of(&settled.language);
    let judged =
        sentence::judge(text, &marks, rows, &tag, &options.preferences, &mut shown.evidence);
    let mut decisions = judged.decisions;
    let (mut segments, ignorables) = tile(text, &decisions, &settled);
    debug_assert!(tiles(&segments, &ignorables, settled.span), "segments and ignorables tile");
    let base = settled.span.start();
    if options.explain {
        for decision in &mut decisions {
            decision.at += base;
            decision.evidence = decision.evidence.shifted(base);
        }
    } else {
        decisions = Vec::new();
    }
    let details = options.details;
    let identity =
        details.identities.then(|| shown.seen.name(IdentityScope::Unit, text, settled.number));
    let mut packed = Vec::new();
    let packing = options.packing.filter(|_| settled.reason.is_translatable());
    let (mut annotations, mut quotations) = (Vec::new(), Vec::new());
    let position = settled.position.take();
    if details.of_units() || packing.is_some() {
        let description = Description::of(text, &marks, &settled, shown);
        if details.of_segments() {
            description.of_segments(&mut segments, shown);
        }
        if let Some(packing) = packing {
            packed = description.packed(&segments, &packing);
        }
        if details.annotations {
            annotations = description.annotations;
        }
        if details.quotations {
            quotations = description.quotations;
        }
    }
    for annotation in &mut annotations {
        annotation.span = annotation.span.shifted(base);
    }
    quotations.iter_mut().for_each(|quotation| shift(quotation, base));
    let unit = Unit {
        number: settled.number,
        kind: settled.role.kind,
        kind_rule: settled.role.rule,
        reason: settled.reason,
        repetition: settled.repetition,
        span: settled.span,
        language: settled.language,
        text: text.into(),
        segments,
        ignorables,
        annotations,
        quotations,
        identity,
        position,
        counts: details.counts.then(|| count::counts(text)),
        decisions,
    };
    Assembled { unit, packed, srx_left_out: judged.srx_left_out }
}

fn shift(quotation: &mut Quotation, by: u32) {
    quotation.span = quotation.span.shifted(by);
    quotation.opening = quotation.opening.map(|mark| mark.shifted(by));
    quotation.closing = quotation.closing.map(|mark| mark.shifted(by));
    if let Some(attribution) = &mut quotation.attribution {
        attribution.span = attribution.span.shifted(by);
        attribution.speaker = attribution.speaker.map(|speaker| speaker.shifted(by));
    }
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
            details: None,
        });
        if next > end {
            ignorables.push(Span::of(end..next).shifted(base));
        }
        number += 1;
        start = next;
    }
    let span = Span::of(start..text.len()).shifted(base);
    segments.push(Segment { number, span, ended_by: settled.ended_by, details: None });
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
