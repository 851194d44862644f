//! What the core says → messages, with offsets in the units that the client asked for.

use super::detail_to_proto as detail;
use super::from_proto::Presentation;
use super::pb;
use crate::document::{BlockKind, Event, Head, Notice, NoticeKind, Segment, Tail, Unit};
use crate::language::{Basis, Detection};
use crate::rule::{Decision, RuleId, Verdict};
use crate::tailoring;
use crate::text::{BlockOffsets, OffsetUnit, Position, Span};
use std::collections::VecDeque;

/// Turns the events of one document into messages, in order.
///
/// Units and skeletons tile the document, so it is enough to count on from one to the next.
#[derive(Debug)]
pub struct Presenter {
    presentation: Presentation,
    document_id: String,
    at: Position,
    /// Offsets of the unit or skeleton said last, for the notices behind it.
    last: BlockOffsets,
    /// Offsets of the units that chunks may still speak of, with the ends of these.
    packed: VecDeque<(u32, BlockOffsets)>,
}

impl Presenter {
    /// A presenter at the beginning of a document.
    pub fn new(presentation: Presentation, document_id: String) -> Presenter {
        let at = Position::default();
        let last = BlockOffsets::new(at, "");
        Presenter { presentation, document_id, at, last, packed: VecDeque::new() }
    }

    /// How this client wants to be shown events.
    pub fn presentation(&self) -> &Presentation {
        &self.presentation
    }

    /// The next event as a message.
    pub fn event(&mut self, event: Event) -> pb::DocumentEvent {
        use pb::document_event::Event as Pb;
        let event = match event {
            Event::Head(head) => Pb::Head(self.head(head)),
            Event::Unit(unit) => Pb::Unit(self.unit(unit)),
            Event::Skeleton(skeleton) => {
                self.advance(skeleton.span, &skeleton.text);
                let span = self.span(skeleton.span);
                let text =
                    if self.presentation.omit_text { String::new() } else { skeleton.text.into() };
                Pb::Skeleton(pb::Skeleton { span: Some(span), text })
            }
            Event::Notice(notice) => Pb::Notice(self.notice(notice)),
            Event::ModelChunk(chunk) => Pb::ModelChunk(detail::model_chunk(self, chunk)),
            Event::Tail(tail) => Pb::Tail(self.tail(tail)),
        };
        pb::DocumentEvent { event: Some(event) }
    }

    fn head(&mut self, head: Head) -> pb::DocumentHead {
        pb::DocumentHead {
            document_id: self.document_id.clone(),
            language: Some(detection(&head.language)),
            offset_encoding: encoding(self.presentation.unit).into(),
            charset: head.charset.name().to_owned(),
            byte_order_mark: head.byte_order_mark,
            replaced: head.replaced,
            tailoring_code: head.tailoring.to_owned(),
            tailoring_revision: head.tailoring_revision,
        }
    }

    fn unit(&mut self, unit: Unit) -> pb::Unit {
        self.advance(unit.span, &unit.text);
        if self.presentation.packs {
            self.packed.push_back((unit.span.end(), self.last.clone()));
        }
        let segments = unit.segments.iter().map(|segment| self.segment(&unit, segment)).collect();
        let ignorable = |span: &Span| pb::Ignorable {
            span: Some(self.span(*span)),
            text: self.text(&unit, *span),
        };
        let quotations = unit.quotations.iter();
        let annotations = unit.annotations.iter();
        pb::Unit {
            number: unit.number,
            span: Some(self.span(unit.span)),
            kind: kind(unit.kind).into(),
            translatable: unit.translatable(),
            translatable_reason: detail::reason(unit.reason).into(),
            segments,
            ignorables: unit.ignorables.iter().map(ignorable).collect(),
            language: Some(detection(&unit.language)),
            repetition: unit.repetition,
            kind_rule_id: self.rule_id(unit.kind_rule),
            decisions: unit.decisions.iter().map(|decision| self.decision(decision)).collect(),
            annotations: annotations.map(|one| detail::annotation(self, &unit, one)).collect(),
            quotations: quotations.map(|one| detail::quotation(self, &unit, one)).collect(),
            identity: unit.identity.map(detail::identity),
            position: unit.position.as_ref().map(detail::position),
            counts: unit.counts.map(detail::counts),
        }
    }

    fn segment(&self, unit: &Unit, segment: &Segment) -> pb::Segment {
        let plain = pb::Segment {
            number: segment.number,
            span: Some(self.span(segment.span)),
            text: self.text(unit, segment.span),
            rule_id: self.rule_id(segment.ended_by),
            ..pb::Segment::default()
        };
        match &segment.details {
            Some(details) => detail::segment(self, plain, details),
            None => plain,
        }
    }

    /// A text of the unit, unless texts are to be left out.
    pub(super) fn text(&self, unit: &Unit, span: Span) -> String {
        if self.presentation.omit_text { String::new() } else { unit.slice(span).to_owned() }
    }

    /// The name of a rule, where names were asked for.
    pub(super) fn rule_id(&self, id: RuleId) -> String {
        if self.presentation.explain { id.to_string() } else { String::new() }
    }

    /// A span in a text that is not the document's, in the first encoding.
    pub(super) fn span_within(&self, text: &BlockOffsets, span: Span) -> (u32, u32) {
        text.span(span, self.presentation.unit)
    }

    /// A span in one of the units said before: chunks speak of these.
    pub(super) fn packed_span(&self, span: Span) -> pb::Span {
        let unit = self.packed.partition_point(|(end, _)| *end < span.end());
        match self.packed.get(unit) {
            Some((_, offsets)) => {
                self.span_of(offsets.position(span.start()), offsets.position(span.end()))
            }
            None => self.span(span),
        }
    }

    /// No later chunk speaks of what stands before `offset`.
    pub(super) fn forget_packed(&mut self, offset: u32) {
        while self.packed.front().is_some_and(|(end, _)| *end <= offset) {
            self.packed.pop_front();
        }
    }

    fn decision(&self, decision: &Decision) -> pb::Decision {
        pb::Decision {
            position: Some(self.span(Span::new(decision.at, decision.at))),
            verdict: verdict(decision.verdict).into(),
            rule_id: decision.rule.to_string(),
            evidence: Some(self.plain_span(decision.evidence)),
        }
    }

    fn notice(&self, notice: Notice) -> pb::Notice {
        let kind = match notice.kind {
            NoticeKind::BlockCut => pb::NoticeKind::BlockCut,
            NoticeKind::SrxLeftOut => pb::NoticeKind::SrxLeftOut,
            NoticeKind::IdentitiesFull => pb::NoticeKind::IdentitiesFull,
        };
        pb::Notice { kind: kind.into(), span: Some(self.span(notice.span)) }
    }

    fn tail(&mut self, tail: Tail) -> pb::DocumentTail {
        let whole = self.span_of(Position::default(), self.at);
        pb::DocumentTail {
            span: Some(whole),
            unit_count: tail.unit_count,
            segment_count: tail.segment_count,
            replaced_count: tail.replaced_count,
            source_digest: format!("{:016x}", tail.source_digest),
            translatable_unit_count: tail.translatable_unit_count,
            translatable_segment_count: tail.translatable_segment_count,
            paragraph_count: tail.paragraph_count,
        }
    }

    /// Counts over the next stretch of the document.
    fn advance(&mut self, span: Span, text: &str) {
        debug_assert_eq!(self.at.utf8, span.start(), "units and skeletons tile the document");
        let wide = self.presentation.unit != OffsetUnit::Utf8Byte
            || !self.presentation.additional.is_empty();
        // Without other units to count in, ASCII is as good as any text of that length.
        self.last = BlockOffsets::new(self.at, if wide { text } else { "" });
        self.at = if wide { self.at.after(text) } else { Position { utf8: span.end(), ..self.at } };
    }

    /// A span in the first encoding only.
    fn plain_span(&self, span: Span) -> pb::Span {
        let (start, end) = self.last.span(span, self.presentation.unit);
        pb::Span { start, end, alternatives: Vec::new() }
    }

    /// A span of the unit or skeleton said last.
    pub(super) fn span(&self, span: Span) -> pb::Span {
        if self.presentation.additional.is_empty() {
            return self.plain_span(span);
        }
        self.span_of(self.last.position(span.start()), self.last.position(span.end()))
    }

    fn span_of(&self, start: Position, end: Position) -> pb::Span {
        let unit = self.presentation.unit;
        let alternatives = self.presentation.additional.iter().map(|unit| pb::EncodedSpan {
            offset_encoding: encoding(*unit).into(),
            start: start.get(*unit),
            end: end.get(*unit),
        });
        pb::Span {
            start: start.get(unit),
            end: end.get(unit),
            alternatives: alternatives.collect(),
        }
    }
}

/// A language with its ground.
pub fn detection(found: &Detection) -> pb::LanguageDetection {
    let basis = match found.basis {
        Basis::Declared => pb::LanguageBasis::Declared,
        Basis::Document => pb::LanguageBasis::Document,
        Basis::OwnEvidence => pb::LanguageBasis::OwnEvidence,
    };
    pb::LanguageDetection {
        language_code: found.tag.as_str().to_owned(),
        script_code: found.script.to_owned(),
        confidence: found.confidence,
        reliable: found.reliable,
        basis: basis.into(),
    }
}

/// What this server is, with the limits it holds calls to.
pub fn server_info(limits: pb::Limits, srx_rules_count: usize) -> pb::GetServerInfoResponse {
    pb::GetServerInfoResponse {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        limits: Some(limits),
        tailorings: tailoring::ALL
            .iter()
            .map(|tailoring| pb::Tailoring {
                language_code: tailoring.tag.to_owned(),
                revision: tailoring.revision,
            })
            .collect(),
        srx_rules_count: u32::try_from(srx_rules_count).unwrap_or(u32::MAX),
    }
}

pub(super) fn encoding(unit: OffsetUnit) -> pb::OffsetEncoding {
    match unit {
        OffsetUnit::Utf8Byte => pb::OffsetEncoding::Utf8,
        OffsetUnit::Utf16CodeUnit => pb::OffsetEncoding::Utf16,
        OffsetUnit::ScalarValue => pb::OffsetEncoding::Utf32,
    }
}

pub(super) fn verdict(verdict: Verdict) -> pb::Verdict {
    match verdict {
        Verdict::Break => pb::Verdict::Break,
        Verdict::Join => pb::Verdict::Join,
    }
}

pub(super) fn kind(kind: BlockKind) -> pb::BlockKind {
    match kind {
        BlockKind::Headline => pb::BlockKind::Headline,
        BlockKind::Subheadline => pb::BlockKind::Subheadline,
        BlockKind::Heading => pb::BlockKind::Heading,
        BlockKind::Dateline => pb::BlockKind::Dateline,
        BlockKind::Byline => pb::BlockKind::Byline,
        BlockKind::Paragraph => pb::BlockKind::Paragraph,
        BlockKind::Caption => pb::BlockKind::Caption,
        BlockKind::ListItem => pb::BlockKind::ListItem,
        BlockKind::RelatedLink => pb::BlockKind::RelatedLink,
        BlockKind::Boilerplate => pb::BlockKind::Boilerplate,
        BlockKind::Metadata => pb::BlockKind::Metadata,
    }
}
