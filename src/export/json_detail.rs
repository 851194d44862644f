//! What units and segments carry beside their place, as JSON.

use super::jsonl::{Range, is_false, range, short};
use crate::wire::pb;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Language<'a> {
    code: &'a str,
    script: &'a str,
    confidence: f32,
    reliable: bool,
    basis: String,
}

pub(super) fn language(found: &pb::LanguageDetection) -> Language<'_> {
    Language {
        code: &found.language_code,
        script: &found.script_code,
        confidence: found.confidence,
        reliable: found.reliable,
        basis: short(found.basis().as_str_name(), "LANGUAGE_BASIS_"),
    }
}

/// A text that was aligned or compared.
#[derive(Serialize)]
pub(super) struct Text<'a> {
    document_id: &'a str,
    language: Option<Language<'a>>,
    segment_count: u32,
}

pub(super) fn text(text: &pb::TextSummary) -> Text<'_> {
    Text {
        document_id: &text.document_id,
        language: text.language.as_ref().map(language),
        segment_count: text.segment_count,
    }
}

#[derive(Serialize)]
pub(super) struct Identity<'a> {
    id: &'a str,
    content_digest: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    first_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_document_index: Option<u32>,
}

pub(super) fn identity(name: &pb::Identity) -> Identity<'_> {
    Identity {
        id: &name.id,
        content_digest: &name.content_digest,
        first_id: &name.first_id,
        first_document_index: name.first_document_index,
    }
}

#[derive(Serialize)]
pub(super) struct Position<'a> {
    #[serde(skip_serializing_if = "is_zero")]
    paragraph: u32,
    #[serde(skip_serializing_if = "is_false")]
    lead: bool,
    section: &'a [u32],
}

pub(super) fn position(position: &pb::UnitPosition) -> Position<'_> {
    Position {
        paragraph: position.paragraph_number,
        lead: position.lead,
        section: &position.section_unit_numbers,
    }
}

#[derive(Serialize)]
pub(super) struct Counts {
    bytes: u32,
    characters: u32,
    graphemes: u32,
    words: u32,
    tokens_estimate: u32,
}

pub(super) fn counts(counts: &pb::Counts) -> Counts {
    Counts {
        bytes: counts.bytes,
        characters: counts.characters,
        graphemes: counts.graphemes,
        words: counts.words,
        tokens_estimate: counts.tokens_estimate,
    }
}

#[derive(Serialize)]
pub(super) struct Annotation<'a> {
    kind: String,
    span: Range,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
    keep: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    value: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    rule: &'a str,
}

pub(super) fn annotation(annotation: &pb::Annotation) -> Annotation<'_> {
    Annotation {
        kind: short(annotation.kind().as_str_name(), "ANNOTATION_KIND_"),
        span: range(annotation.span.as_ref()),
        text: &annotation.text,
        keep: annotation.keep,
        value: &annotation.value,
        rule: &annotation.rule_id,
    }
}

#[derive(Serialize)]
pub(super) struct Quotation<'a> {
    id: &'a str,
    depth: u32,
    span: Range,
    #[serde(skip_serializing_if = "Option::is_none")]
    opening: Option<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closing: Option<Range>,
    #[serde(skip_serializing_if = "is_false")]
    mismatched: bool,
    #[serde(skip_serializing_if = "is_false")]
    continued: bool,
    segments: Range,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<Attribution<'a>>,
}

#[derive(Serialize)]
struct Attribution<'a> {
    span: Range,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker_span: Option<Range>,
    #[serde(skip_serializing_if = "str::is_empty")]
    speaker: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    rule: &'a str,
}

pub(super) fn quotation(quotation: &pb::Quotation) -> Quotation<'_> {
    let given = |span: &Option<pb::Span>| span.as_ref().map(|span| range(Some(span)));
    Quotation {
        id: &quotation.id,
        depth: quotation.depth,
        span: range(quotation.span.as_ref()),
        opening: given(&quotation.opening_mark),
        closing: given(&quotation.closing_mark),
        mismatched: quotation.mismatched,
        continued: quotation.continued,
        segments: [quotation.first_segment_number, quotation.last_segment_number],
        attribution: quotation.attribution.as_ref().map(|attribution| Attribution {
            span: range(attribution.span.as_ref()),
            speaker_span: given(&attribution.speaker_span),
            speaker: &attribution.speaker,
            rule: &attribution.rule_id,
        }),
    }
}

#[derive(Serialize)]
pub(super) struct Warning<'a> {
    kind: String,
    span: Range,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    split_points: Vec<u32>,
    #[serde(skip_serializing_if = "str::is_empty")]
    rule: &'a str,
}

pub(super) fn warning(warning: &pb::Warning) -> Warning<'_> {
    Warning {
        kind: short(warning.kind().as_str_name(), "WARNING_KIND_"),
        span: range(warning.span.as_ref()),
        split_points: warning.split_points.iter().map(|point| point.start).collect(),
        rule: &warning.rule_id,
    }
}

#[derive(Serialize)]
pub(super) struct MachineText<'a> {
    text: &'a str,
    edits: Vec<TextEdit<'a>>,
}

#[derive(Serialize)]
struct TextEdit<'a> {
    span: Range,
    in_text: Range,
    #[serde(skip_serializing_if = "str::is_empty")]
    rule: &'a str,
}

pub(super) fn machine_text(machine_text: &pb::MachineText) -> MachineText<'_> {
    let edits = machine_text.edits.iter().map(|edit| TextEdit {
        span: range(edit.span.as_ref()),
        in_text: [edit.text_start, edit.text_end],
        rule: &edit.rule_id,
    });
    MachineText { text: &machine_text.text, edits: edits.collect() }
}

#[derive(Serialize)]
pub(super) struct MaskedText<'a> {
    text: &'a str,
    placeholders: Vec<Placeholder<'a>>,
}

#[derive(Serialize)]
struct Placeholder<'a> {
    token: &'a str,
    in_text: Range,
    span: Range,
    original: &'a str,
}

pub(super) fn masked_text(masked_text: &pb::MaskedText) -> MaskedText<'_> {
    let placeholders = masked_text.placeholders.iter().map(|one| Placeholder {
        token: &one.token,
        in_text: [one.text_start, one.text_end],
        span: range(one.span.as_ref()),
        original: &one.original,
    });
    MaskedText { text: &masked_text.text, placeholders: placeholders.collect() }
}

#[derive(Serialize)]
pub(super) struct ModelChunk<'a> {
    number: u32,
    text: &'a str,
    size: u32,
    parts: Vec<ChunkPart<'a>>,
    section: &'a [u32],
    #[serde(skip_serializing_if = "str::is_empty")]
    heading: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    context_before: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    context_after: &'a [String],
}

#[derive(Serialize)]
struct ChunkPart<'a> {
    segment: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    span: Range,
    in_text: Range,
    #[serde(skip_serializing_if = "is_false")]
    overlap: bool,
}

pub(super) fn model_chunk(chunk: &pb::ModelChunk) -> ModelChunk<'_> {
    let parts = chunk.parts.iter().map(|part| ChunkPart {
        segment: part.segment_number,
        id: &part.segment_id,
        span: range(part.span.as_ref()),
        in_text: [part.text_start, part.text_end],
        overlap: part.overlap,
    });
    ModelChunk {
        number: chunk.number,
        text: &chunk.text,
        size: chunk.size,
        parts: parts.collect(),
        section: &chunk.section_unit_numbers,
        heading: &chunk.heading,
        context_before: &chunk.context_before,
        context_after: &chunk.context_after,
    }
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}
