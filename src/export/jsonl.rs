//! JSON Lines: one event a line, in the order of the stream.
//!
//! The fields are those of `cesura.v1.DocumentEvent`, with short names for what a line is
//! (`event`), spans as `[start, end]` and enum values in lower snake case:
//!
//! ```json
//! {"event":"head","document_id":"a","language":{"code":"it","script":"Latn","confidence":0.98,"reliable":true,"basis":"document"},…}
//! {"event":"unit","number":1,"span":[0,19],"kind":"headline","translatable":true,"segments":[{"number":1,"span":[0,19],"text":"…"}],…}
//! {"event":"skeleton","span":[19,21],"text":"\n\n"}
//! {"event":"model_chunk","number":1,"text":"…","parts":[{"segment":1,"span":[0,19],"in_text":[0,19]}],…}
//! {"event":"tail","span":[0,140],"unit_count":2,"segment_count":3,…}
//! ```
//!
//! What was not asked for is left out. Segments, ignorables and skeletons carry their text; joined
//! by `span` they are the document.

use super::json_detail::{
    Annotation, Counts, Identity, Language, MachineText, MaskedText, ModelChunk, Position,
    Quotation, Warning,
};
use super::json_detail::{
    annotation, counts, identity, language, machine_text, masked_text, model_chunk, position,
    quotation, warning,
};
use crate::document;
use crate::exchange::DocumentWriter;
use crate::wire::{Presenter, pb};
use pb::document_event::Event;
use serde::Serialize;
use std::io::{self, Write};

/// Writes one event as a line.
///
/// # Errors
/// What writing to `out` fails with.
pub fn write(out: &mut impl Write, event: &pb::DocumentEvent) -> io::Result<()> {
    let Some(record) = Record::of(event) else { return Ok(()) };
    serde_json::to_writer(&mut *out, &record)?;
    out.write_all(b"\n")
}

/// Writes the events of one document as lines, in the offsets and with the texts that a
/// presentation asks for.
pub(super) struct JsonlWriter(pub(super) Presenter);

impl std::fmt::Debug for JsonlWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JsonlWriter")
    }
}

impl DocumentWriter for JsonlWriter {
    fn write(&mut self, event: &document::Event, mut out: &mut dyn Write) -> io::Result<()> {
        write(&mut out, &self.0.event(event.clone()))
    }
}

/// One line.
#[expect(clippy::large_enum_variant, reason = "one at a time, written where it is made")]
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Record<'a> {
    Head {
        document_id: &'a str,
        language: Option<Language<'a>>,
        offset_encoding: String,
        charset: &'a str,
        byte_order_mark: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        replaced: Option<bool>,
        tailoring: &'a str,
        tailoring_revision: u32,
    },
    Unit {
        number: u32,
        span: Range,
        kind: String,
        translatable: bool,
        translatable_reason: String,
        #[serde(skip_serializing_if = "is_false")]
        repetition: bool,
        #[serde(skip_serializing_if = "str::is_empty")]
        kind_rule: &'a str,
        language: Option<Language<'a>>,
        segments: Vec<Segment<'a>>,
        ignorables: Vec<Piece<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        identity: Option<Identity<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        position: Option<Position<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        counts: Option<Counts>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        annotations: Vec<Annotation<'a>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        quotations: Vec<Quotation<'a>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        decisions: Vec<Decision<'a>>,
    },
    Skeleton {
        span: Range,
        text: &'a str,
    },
    Notice {
        kind: String,
        span: Range,
    },
    Tail {
        span: Range,
        unit_count: u32,
        segment_count: u32,
        translatable_unit_count: u32,
        translatable_segment_count: u32,
        paragraph_count: u32,
        replaced_count: u32,
        source_digest: &'a str,
    },
    ModelChunk(ModelChunk<'a>),
}

#[derive(Serialize)]
struct Segment<'a> {
    number: u32,
    span: Range,
    text: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Identity<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Language<'a>>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Counts>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine_text: Option<MachineText<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    masked_text: Option<MaskedText<'a>>,
}

#[derive(Serialize)]
struct Piece<'a> {
    span: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Decision<'a> {
    offset: u32,
    verdict: String,
    rule: &'a str,
    evidence: Range,
}

pub(super) type Range = [u32; 2];

impl<'a> Record<'a> {
    fn of(event: &'a pb::DocumentEvent) -> Option<Record<'a>> {
        Some(match event.event.as_ref()? {
            Event::Head(head) => Record::Head {
                document_id: &head.document_id,
                language: head.language.as_ref().map(language),
                offset_encoding: short(head.offset_encoding().as_str_name(), "OFFSET_ENCODING_"),
                charset: &head.charset,
                byte_order_mark: head.byte_order_mark,
                replaced: head.replaced,
                tailoring: &head.tailoring_code,
                tailoring_revision: head.tailoring_revision,
            },
            Event::Unit(unit) => Record::Unit {
                number: unit.number,
                span: range(unit.span.as_ref()),
                kind: kind_name(unit.kind()),
                translatable: unit.translatable,
                translatable_reason: short(
                    unit.translatable_reason().as_str_name(),
                    "TRANSLATABLE_REASON_",
                ),
                repetition: unit.repetition,
                kind_rule: &unit.kind_rule_id,
                language: unit.language.as_ref().map(language),
                segments: unit.segments.iter().map(segment).collect(),
                ignorables: unit.ignorables.iter().map(piece).collect(),
                identity: unit.identity.as_ref().map(identity),
                position: unit.position.as_ref().map(position),
                counts: unit.counts.as_ref().map(counts),
                annotations: unit.annotations.iter().map(annotation).collect(),
                quotations: unit.quotations.iter().map(quotation).collect(),
                decisions: unit.decisions.iter().map(decision).collect(),
            },
            Event::Skeleton(skeleton) => {
                Record::Skeleton { span: range(skeleton.span.as_ref()), text: &skeleton.text }
            }
            Event::Notice(notice) => Record::Notice {
                kind: short(notice.kind().as_str_name(), "NOTICE_KIND_"),
                span: range(notice.span.as_ref()),
            },
            Event::ModelChunk(chunk) => Record::ModelChunk(model_chunk(chunk)),
            Event::Tail(tail) => Record::Tail {
                span: range(tail.span.as_ref()),
                unit_count: tail.unit_count,
                segment_count: tail.segment_count,
                translatable_unit_count: tail.translatable_unit_count,
                translatable_segment_count: tail.translatable_segment_count,
                paragraph_count: tail.paragraph_count,
                replaced_count: tail.replaced_count,
                source_digest: &tail.source_digest,
            },
        })
    }
}

/// Name of a kind as the policy has it: `list_item`.
pub fn kind_name(kind: pb::BlockKind) -> String {
    short(kind.as_str_name(), "BLOCK_KIND_")
}

fn segment(segment: &pb::Segment) -> Segment<'_> {
    Segment {
        number: segment.number,
        span: range(segment.span.as_ref()),
        text: &segment.text,
        rule: &segment.rule_id,
        identity: segment.identity.as_ref().map(identity),
        language: segment.language.as_ref().map(language),
        kind: Some(segment.r#type())
            .filter(|kind| *kind != pb::SegmentType::Unspecified)
            .map(|kind| short(kind.as_str_name(), "SEGMENT_TYPE_")),
        counts: segment.counts.as_ref().map(counts),
        warnings: segment.warnings.iter().map(warning).collect(),
        machine_text: segment.machine_text.as_ref().map(machine_text),
        masked_text: segment.masked_text.as_ref().map(masked_text),
    }
}

fn piece(ignorable: &pb::Ignorable) -> Piece<'_> {
    Piece { span: range(ignorable.span.as_ref()), text: &ignorable.text }
}

fn decision(decision: &pb::Decision) -> Decision<'_> {
    Decision {
        offset: range(decision.position.as_ref())[0],
        verdict: short(decision.verdict().as_str_name(), "VERDICT_"),
        rule: &decision.rule_id,
        evidence: range(decision.evidence.as_ref()),
    }
}

pub(super) fn range(span: Option<&pb::Span>) -> Range {
    span.map_or([0, 0], |span| [span.start, span.end])
}

pub(super) fn short(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase()
}

pub(super) fn is_false(value: &bool) -> bool {
    !value
}
