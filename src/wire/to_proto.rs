//! What the core says → messages, with offsets in the units that the client asked for.

use super::from_proto::Presentation;
use super::pb;
use crate::annotation;
use crate::document::{
    AnnotationKind, BlockKind, Event, Head, Notice, NoticeKind, Segment, Tail, Unit,
};
use crate::language::{Basis, Detection};
use crate::rule::{Decision, Verdict};
use crate::tailoring::{self, Tailoring};
use crate::text::{BlockOffsets, OffsetUnit, Position, Span};

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
}

impl Presenter {
    /// A presenter at the beginning of a document.
    pub fn new(presentation: Presentation, document_id: String) -> Presenter {
        let at = Position::default();
        Presenter { presentation, document_id, at, last: BlockOffsets::new(at, "") }
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
        let omit = self.presentation.omit_text;
        let explain = self.presentation.explain;
        let text = |span: Span| if omit { String::new() } else { unit.slice(span).to_owned() };
        let segment = |segment: &Segment| pb::Segment {
            number: segment.number,
            span: Some(self.span(segment.span)),
            text: text(segment.span),
            rule_id: if explain { segment.ended_by.to_string() } else { String::new() },
        };
        pb::Unit {
            number: unit.number,
            span: Some(self.span(unit.span)),
            kind: kind(unit.kind).into(),
            translatable: unit.translatable,
            segments: unit.segments.iter().map(segment).collect(),
            ignorables: unit
                .ignorables
                .iter()
                .map(|span| pb::Ignorable { span: Some(self.span(*span)), text: text(*span) })
                .collect(),
            language: Some(detection(&unit.language)),
            repetition: unit.repetition,
            kind_rule_id: if explain { unit.kind_rule.to_string() } else { String::new() },
            decisions: unit.decisions.iter().map(|decision| self.decision(decision)).collect(),
            annotations: unit
                .annotations
                .iter()
                .map(|annotation| pb::Annotation {
                    kind: annotation_kind(annotation.kind).into(),
                    span: Some(self.span(annotation.span)),
                    text: text(annotation.span),
                    keep: annotation.keep,
                    value: annotation.value.as_deref().unwrap_or("").to_owned(),
                    rule_id: if explain { annotation.rule.to_string() } else { String::new() },
                })
                .collect(),
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

    fn span(&self, span: Span) -> pb::Span {
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

/// The rules of some tailorings: of each the block rules, the sentence rules, the rules of typed
/// stretches.
pub fn rules(tailorings: &[&Tailoring]) -> Vec<pb::Rule> {
    let mut rules = Vec::new();
    for tailoring in tailorings {
        let examples = |given: &[&str]| given.iter().map(|text| (*text).to_owned()).collect();
        for (row, position) in tailoring.blocks.iter().zip(1..) {
            rules.push(pb::Rule {
                rule_id: row.id.to_string(),
                tailoring_code: tailoring.tag.to_owned(),
                answer: Some(pb::rule::Answer::Kind(kind(row.kind).into())),
                reason: row.why.to_owned(),
                examples: examples(row.examples),
                position,
            });
        }
        for (row, position) in tailoring.cascade.iter().copied().flatten().zip(1..) {
            rules.push(pb::Rule {
                rule_id: row.id.to_string(),
                tailoring_code: tailoring.tag.to_owned(),
                answer: Some(pb::rule::Answer::Verdict(verdict(row.verdict).into())),
                reason: row.why.to_owned(),
                examples: examples(row.examples),
                position,
            });
        }
        for (row, position) in tailoring.annotations.iter().copied().flatten().zip(1..) {
            rules.push(pb::Rule {
                rule_id: row.id.to_string(),
                tailoring_code: tailoring.tag.to_owned(),
                answer: Some(pb::rule::Answer::AnnotationKind(annotation_kind(row.kind).into())),
                reason: row.why.to_owned(),
                examples: row.examples.iter().map(|(text, _)| (*text).to_owned()).collect(),
                position,
            });
        }
    }
    for ((id, kind, why, example), position) in annotation::WITHOUT_ROW.iter().zip(1..) {
        rules.push(pb::Rule {
            rule_id: id.to_string(),
            tailoring_code: "und".to_owned(),
            answer: Some(pb::rule::Answer::AnnotationKind(annotation_kind(*kind).into())),
            reason: (*why).to_owned(),
            examples: vec![(*example).to_owned()],
            position,
        });
    }
    for ((id, why, examples), position) in tailoring::ENDS.iter().zip(1..) {
        rules.push(pb::Rule {
            rule_id: id.to_string(),
            tailoring_code: "und".to_owned(),
            answer: Some(pb::rule::Answer::Verdict(pb::Verdict::Break.into())),
            reason: (*why).to_owned(),
            examples: examples.iter().map(|text| (*text).to_owned()).collect(),
            position,
        });
    }
    rules
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

fn encoding(unit: OffsetUnit) -> pb::OffsetEncoding {
    match unit {
        OffsetUnit::Utf8Byte => pb::OffsetEncoding::Utf8,
        OffsetUnit::Utf16CodeUnit => pb::OffsetEncoding::Utf16,
        OffsetUnit::ScalarValue => pb::OffsetEncoding::Utf32,
    }
}

fn annotation_kind(kind: AnnotationKind) -> pb::AnnotationKind {
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

fn verdict(verdict: Verdict) -> pb::Verdict {
    match verdict {
        Verdict::Break => pb::Verdict::Break,
        Verdict::Join => pb::Verdict::Join,
    }
}

fn kind(kind: BlockKind) -> pb::BlockKind {
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
