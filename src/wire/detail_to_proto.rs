//! What units and segments carry beside their place → messages.

use super::pb;
use super::to_proto::{Presenter, detection};
use crate::document::{
    Annotation, AnnotationKind, ChunkPart, Counts, Identity, MaskedText, ModelChunk, NormalText,
    Placeholder, Quotation, SegmentDetails, SegmentType, TextEdit, TranslatableReason, Unit,
    UnitPosition, Warning, WarningKind,
};
use crate::text::{BlockOffsets, Position, Span};

/// `plain` with what else is known of the segment.
pub(super) fn segment(
    presenter: &Presenter,
    plain: pb::Segment,
    details: &SegmentDetails,
) -> pb::Segment {
    pb::Segment {
        identity: details.identity.map(identity),
        language: details.language.as_ref().map(detection),
        r#type: details.kind.map_or(pb::SegmentType::Unspecified, segment_type).into(),
        counts: details.counts.map(counts),
        warnings: details.warnings.iter().map(|one| warning(presenter, one)).collect(),
        machine_text: details.normal.as_ref().map(|normal| machine_text(presenter, normal)),
        masked_text: details.masked.as_ref().map(|masked| masked_text(presenter, masked)),
        ..plain
    }
}

pub(super) fn annotation(presenter: &Presenter, unit: &Unit, one: &Annotation) -> pb::Annotation {
    pb::Annotation {
        kind: annotation_kind(one.kind).into(),
        span: Some(presenter.span(one.span)),
        text: presenter.text(unit, one.span),
        keep: one.keep,
        value: one.value.as_deref().unwrap_or("").to_owned(),
        rule_id: presenter.rule_id(one.rule),
    }
}

pub(super) fn quotation(presenter: &Presenter, unit: &Unit, one: &Quotation) -> pb::Quotation {
    let mark = |span: Option<Span>| span.map(|span| presenter.span(span));
    // The segment that holds an offset, or else the one before.
    let holder = |offset: u32| {
        let after = unit.segments.partition_point(|segment| segment.span.start() <= offset);
        let found = after.checked_sub(1).and_then(|i| unit.segments.get(i));
        found.map_or(0, |segment| segment.number)
    };
    let attribution = one.attribution.map(|attribution| pb::Attribution {
        span: Some(presenter.span(attribution.span)),
        speaker_span: mark(attribution.speaker),
        speaker: attribution.speaker.map_or_else(String::new, |span| presenter.text(unit, span)),
        rule_id: presenter.rule_id(attribution.rule),
    });
    pb::Quotation {
        id: one.identity.to_string(),
        depth: one.depth,
        span: Some(presenter.span(one.span)),
        opening_mark: mark(one.opening),
        closing_mark: mark(one.closing),
        mismatched: one.mismatched,
        continued: one.continued,
        first_segment_number: holder(one.span.start()),
        last_segment_number: holder(one.span.end().saturating_sub(1)),
        attribution,
    }
}

pub(super) fn identity(name: Identity) -> pb::Identity {
    pb::Identity {
        id: name.to_string(),
        content_digest: format!("{:032x}", name.digest),
        first_id: name.first_occurrence().map_or_else(String::new, |first| first.to_string()),
        first_document_index: None,
    }
}

pub(super) fn position(position: &UnitPosition) -> pb::UnitPosition {
    pb::UnitPosition {
        paragraph_number: position.paragraph.unwrap_or(0),
        lead: position.lead,
        section_unit_numbers: position.section.clone(),
    }
}

pub(super) fn counts(counts: Counts) -> pb::Counts {
    pb::Counts {
        bytes: counts.bytes,
        characters: counts.characters,
        graphemes: counts.graphemes,
        words: counts.words,
        tokens_estimate: counts.tokens,
    }
}

/// A chunk; later ones speak of nothing before its first part.
pub(super) fn model_chunk(presenter: &mut Presenter, chunk: ModelChunk) -> pb::ModelChunk {
    let offsets = BlockOffsets::new(Position::default(), &chunk.text);
    let part = |part: &ChunkPart| {
        let (text_start, text_end) = presenter.span_within(&offsets, part.target);
        pb::ChunkPart {
            segment_number: part.segment_number,
            segment_id: part.identity.map_or_else(String::new, |name| name.to_string()),
            span: Some(presenter.packed_span(part.source)),
            text_start,
            text_end,
            overlap: part.overlap,
        }
    };
    let parts = chunk.parts.iter().map(part).collect();
    if let Some(first) = chunk.parts.first() {
        presenter.forget_packed(first.source.start());
    }
    let texts = |texts: Vec<Box<str>>| texts.into_iter().map(String::from).collect();
    pb::ModelChunk {
        number: chunk.number,
        text: chunk.text.into(),
        parts,
        size: chunk.size,
        section_unit_numbers: chunk.section,
        heading: chunk.heading.into(),
        context_before: texts(chunk.context_before),
        context_after: texts(chunk.context_after),
    }
}

fn warning(presenter: &Presenter, one: &Warning) -> pb::Warning {
    let point = |at: &u32| presenter.span(Span::new(*at, *at));
    pb::Warning {
        kind: warning_kind(one.kind).into(),
        span: Some(presenter.span(one.span)),
        split_points: one.split_points.iter().map(point).collect(),
        rule_id: presenter.rule_id(one.rule),
    }
}

fn machine_text(presenter: &Presenter, normal: &NormalText) -> pb::MachineText {
    let offsets = BlockOffsets::new(Position::default(), &normal.text);
    let edit = |edit: &TextEdit| {
        let (text_start, text_end) = presenter.span_within(&offsets, edit.target);
        pb::TextEdit {
            span: Some(presenter.span(edit.source)),
            text_start,
            text_end,
            rule_id: presenter.rule_id(edit.rule),
        }
    };
    pb::MachineText {
        text: normal.text.to_string(),
        edits: normal.edits.iter().map(edit).collect(),
    }
}

fn masked_text(presenter: &Presenter, masked: &MaskedText) -> pb::MaskedText {
    let offsets = BlockOffsets::new(Position::default(), &masked.text);
    let placeholder = |one: &Placeholder| {
        let (text_start, text_end) = presenter.span_within(&offsets, one.target);
        pb::Placeholder {
            token: one.token.to_string(),
            text_start,
            text_end,
            span: Some(presenter.span(one.source)),
            original: one.original.to_string(),
        }
    };
    pb::MaskedText {
        text: masked.text.to_string(),
        placeholders: masked.placeholders.iter().map(placeholder).collect(),
    }
}

pub(super) fn reason(reason: TranslatableReason) -> pb::TranslatableReason {
    match reason {
        TranslatableReason::ArticleMatter => pb::TranslatableReason::ArticleMatter,
        TranslatableReason::PageFurniture => pb::TranslatableReason::PageFurniture,
        TranslatableReason::OtherArticle => pb::TranslatableReason::OtherArticle,
        TranslatableReason::PageData => pb::TranslatableReason::PageData,
        TranslatableReason::NamesOnly => pb::TranslatableReason::NamesOnly,
        TranslatableReason::NoWords => pb::TranslatableReason::NoWords,
    }
}

fn segment_type(kind: SegmentType) -> pb::SegmentType {
    match kind {
        SegmentType::Declarative => pb::SegmentType::Declarative,
        SegmentType::Question => pb::SegmentType::Question,
        SegmentType::Exclamation => pb::SegmentType::Exclamation,
        SegmentType::Fragment => pb::SegmentType::Fragment,
        SegmentType::ListItem => pb::SegmentType::ListItem,
        SegmentType::Heading => pb::SegmentType::Heading,
    }
}

pub(super) fn warning_kind(kind: WarningKind) -> pb::WarningKind {
    match kind {
        WarningKind::MissingSpace => pb::WarningKind::MissingSpace,
        WarningKind::MismatchedQuotation => pb::WarningKind::MismatchedQuotation,
        WarningKind::Mojibake => pb::WarningKind::Mojibake,
        WarningKind::Debris => pb::WarningKind::Debris,
        WarningKind::Truncated => pb::WarningKind::Truncated,
        WarningKind::Overlong => pb::WarningKind::Overlong,
        WarningKind::MixedLanguage => pb::WarningKind::MixedLanguage,
    }
}

pub(super) fn annotation_kind(kind: AnnotationKind) -> pb::AnnotationKind {
    match kind {
        AnnotationKind::Url => pb::AnnotationKind::Url,
        AnnotationKind::Email => pb::AnnotationKind::Email,
        AnnotationKind::Handle => pb::AnnotationKind::Handle,
        AnnotationKind::Hashtag => pb::AnnotationKind::Hashtag,
        AnnotationKind::FileName => pb::AnnotationKind::FileName,
        AnnotationKind::Number => pb::AnnotationKind::Number,
        AnnotationKind::Percentage => pb::AnnotationKind::Percentage,
        AnnotationKind::Currency => pb::AnnotationKind::Currency,
        AnnotationKind::Date => pb::AnnotationKind::Date,
        AnnotationKind::Time => pb::AnnotationKind::Time,
        AnnotationKind::Measure => pb::AnnotationKind::Measure,
        AnnotationKind::Score => pb::AnnotationKind::Score,
        AnnotationKind::Phone => pb::AnnotationKind::Phone,
        AnnotationKind::Acronym => pb::AnnotationKind::Acronym,
        AnnotationKind::Agency => pb::AnnotationKind::Agency,
        AnnotationKind::LegalReference => pb::AnnotationKind::LegalReference,
        AnnotationKind::Aside => pb::AnnotationKind::Aside,
        AnnotationKind::Emoji => pb::AnnotationKind::Emoji,
        AnnotationKind::ForeignPassage => pb::AnnotationKind::ForeignPassage,
    }
}
