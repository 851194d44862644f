//! CompareDocuments: requests → what the core understands, groups and pairs → messages.

use super::from_proto::{self, Defaults, Presentation};
use super::given_text::{self, Given, SegmentedText, TextLimits};
use super::to_proto::encoding;
use super::{pb, status};
use crate::compare::{
    self, Compared, Comparison, Document, EventTie, Group, Kind, Member, Options, Pair, Segment,
};
use crate::document::BlockKind;
use crate::tailoring;
use crate::text::{BlockOffsets, Position, Span};
use std::iter;
use tonic::Status;

/// Name of the limit on segments, for errors.
pub const SEGMENTS_MAX_NAME: &str = "compare_segments_max";

/// What a request may hold.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonLimits {
    /// Limits of a document.
    pub text: TextLimits,
    /// Documents.
    pub documents_max: usize,
}

/// A request that was understood.
#[derive(Debug)]
pub struct ComparisonJob {
    documents: Vec<Given>,
    options: Options,
    pairs: bool,
    presentation: Presentation,
    limits: ComparisonLimits,
}

/// Documents, compared.
#[derive(Debug)]
pub struct ComparedDocuments {
    documents: Vec<SegmentedText>,
    compared: Compared,
    presentation: Presentation,
}

/// Reads a request.
///
/// # Errors
/// A status that names the field which cannot be understood or is over its limit.
pub fn job(
    given: pb::CompareDocumentsRequest,
    defaults: &Defaults,
    limits: ComparisonLimits,
) -> Result<ComparisonJob, Status> {
    let documents_max = limits.documents_max;
    let count = given.documents.len();
    if !(2..=documents_max).contains(&count) {
        return Err(status::invalid_field(
            "documents",
            "WRONG_NUMBER_OF_DOCUMENTS",
            &format!("{count} documents given, 2 to {documents_max} are allowed"),
            &[("given", count.to_string()), ("compare_documents_max", documents_max.to_string())],
        ));
    }
    let wanted = given.options.unwrap_or_default();
    let score_min = wanted.score_min;
    if !(0.0..=1.0).contains(&score_min) {
        return Err(status::invalid_field(
            "options.score_min",
            "OUT_OF_RANGE",
            &format!("{score_min} given, 0 to 1 are allowed"),
            &[("given", score_min.to_string())],
        ));
    }
    let segmentation = wanted.segmentation.unwrap_or_default();
    let (options, presentation) = from_proto::plain_options(&segmentation, defaults)?;
    let mut documents = Vec::with_capacity(count);
    for (index, document) in given.documents.into_iter().enumerate() {
        let field = format!("documents[{index}]");
        documents.push(given_text::given(Some(document), &options, &limits.text, &field)?);
    }
    let core = compare::Limits {
        documents_max: u32::try_from(documents_max).unwrap_or(u32::MAX),
        segments_max: u32::try_from(limits.text.segments_max).unwrap_or(u32::MAX),
        ..compare::Limits::default()
    };
    let options = Options { score_min, related: wanted.related_pairs, limits: core };
    Ok(ComparisonJob { documents, options, pairs: wanted.pairs, presentation, limits })
}

impl ComparisonJob {
    /// Bytes of all texts, as they came.
    pub fn source_bytes(&self) -> u64 {
        self.documents.iter().map(Given::source_bytes).sum()
    }

    /// How many documents there are.
    pub fn documents_count(&self) -> u64 {
        self.documents.len() as u64
    }

    /// Segments what is not segmented, and compares. Takes long: not for a thread that others wait
    /// for. `go_on` is asked whether anybody waits for the answer.
    ///
    /// # Errors
    /// A document that the core refuses, more segments than are allowed, or `None` when `go_on`
    /// said no.
    pub fn run(self, go_on: &dyn Fn() -> bool) -> Result<Option<ComparedDocuments>, Status> {
        let Self { documents: given, options, pairs, presentation, limits } = self;
        let mut documents = Vec::with_capacity(given.len());
        let mut comparison = None;
        for (index, document) in given.into_iter().enumerate() {
            if !go_on() {
                return Ok(None);
            }
            let field = format!("documents[{index}]");
            let text = document.segmented(&presentation, &limits.text, &field)?;
            // All should be in one language; that of the first is taken.
            let comparison = comparison.get_or_insert_with(|| {
                Comparison::new(options, tailoring::comparison_words(&text.language.tag))
            });
            comparison.add(&compared(&text)).map_err(|refusal| {
                status::invalid_field(
                    &field,
                    "TOO_MANY_SEGMENTS",
                    &format!("with this document {refusal}"),
                    &[("given", refusal.given.to_string()), ("limit", refusal.limit.to_owned())],
                )
            })?;
            documents.push(text);
        }
        let done = comparison.and_then(|comparison| comparison.finish_while(go_on));
        Ok(done.map(|mut compared| {
            if !pairs {
                compared.pairs = Vec::new();
            }
            ComparedDocuments { documents, compared, presentation }
        }))
    }
}

/// A text as the core compares it. Furniture of the page is nobody's statement, but lines with
/// dates tell events apart.
fn compared(text: &SegmentedText) -> Document<'_> {
    let segments = text.segments.iter().map(|segment| {
        let furniture = segment
            .place
            .is_some_and(|place| !place.translatable && place.kind != BlockKind::Metadata);
        Segment { furniture, ..Segment::new(&segment.text) }
    });
    Document { id: &text.document_id, segments: segments.collect() }
}

impl ComparedDocuments {
    /// Segments of all documents.
    pub fn segments_count(&self) -> u64 {
        self.documents.iter().map(|document| document.segments.len() as u64).sum()
    }

    /// What is said of the documents, in order.
    pub fn into_events(self) -> impl Iterator<Item = pb::ComparisonEvent> + Send {
        use pb::comparison_event::Event as Pb;
        let segment_count = u32::try_from(self.segments_count()).unwrap_or(u32::MAX);
        let Self { documents, compared, presentation } = self;
        let Compared { groups, pairs, own, events, .. } = compared;
        let head = Pb::Head(pb::ComparisonHead {
            documents: documents.iter().map(SegmentedText::summary).collect(),
            offset_encoding: encoding(presentation.unit).into(),
        });
        let tail = Pb::Tail(pb::ComparisonTail {
            document_count: documents.len() as u32,
            segment_count,
            group_count: groups.len() as u32,
            pair_count: pairs.len() as u32,
        });
        let shares: Vec<Pb> = (0..)
            .zip(own)
            .map(|(document, own)| Pb::Share(share(document, &groups, own)))
            .collect();
        let groups = (1..).zip(groups).map(move |(number, one)| {
            let members = one.members.iter();
            Pb::Group(pb::ComparisonGroup {
                number,
                kind: kind(one.kind).into(),
                score: one.score,
                members: members.map(|one| member(one, &documents, &presentation)).collect(),
                differs: one.differs,
            })
        });
        let events = iter::once(head)
            .chain(events.into_iter().map(|one| Pb::Tie(tie(&one))))
            .chain(groups)
            .chain(pairs.into_iter().map(|one| Pb::Pair(pair(&one))))
            .chain(shares)
            .chain([tail]);
        events.map(|event| pb::ComparisonEvent { event: Some(event) })
    }
}

fn tie(tie: &EventTie) -> pb::EventTie {
    pb::EventTie { a: tie.a, b: tie.b, score: tie.score }
}

fn kind(kind: Kind) -> pb::ComparisonKind {
    match kind {
        Kind::NearDuplicate => pb::ComparisonKind::NearDuplicate,
        Kind::Quotation => pb::ComparisonKind::Quotation,
        Kind::Statement => pb::ComparisonKind::Statement,
        Kind::Related => pb::ComparisonKind::Related,
    }
}

fn member(
    member: &Member,
    documents: &[SegmentedText],
    presentation: &Presentation,
) -> pb::GroupMember {
    let document = documents.get(member.place.document as usize);
    let at = member.place.segment as usize;
    let segment = document.and_then(|document| document.segments.get(at));
    let text = segment.map_or("", |segment| &segment.text);
    let span = segment.and_then(|segment| segment.span.clone());
    let quotation =
        member.quotation.map(|quotation| within(quotation, text, span.as_ref(), presentation));
    pb::GroupMember {
        document: member.place.document,
        segment: member.place.segment,
        span,
        text: if presentation.omit_text { String::new() } else { text.to_owned() },
        quotation,
        score: member.score,
    }
}

/// Where a stretch of a segment stands in the document that the segment is of.
fn within(
    stretch: Span,
    text: &str,
    segment: Option<&pb::Span>,
    presentation: &Presentation,
) -> pb::Span {
    let offsets = BlockOffsets::new(Position::default(), text);
    let (start, end) = offsets.span(stretch, presentation.unit);
    let Some(segment) = segment else { return pb::Span { start, end, alternatives: Vec::new() } };
    let further = presentation.additional.iter().zip(&segment.alternatives);
    let alternatives = further.map(|(unit, whole)| {
        let (start, end) = offsets.span(stretch, *unit);
        pb::EncodedSpan {
            start: whole.start.saturating_add(start),
            end: whole.start.saturating_add(end),
            ..*whole
        }
    });
    pb::Span {
        start: segment.start.saturating_add(start),
        end: segment.start.saturating_add(end),
        alternatives: alternatives.collect(),
    }
}

fn pair(pair: &Pair) -> pb::SegmentPair {
    let reasons = &pair.reasons;
    pb::SegmentPair {
        document_a: pair.a.document,
        segment_a: pair.a.segment,
        document_b: pair.b.document,
        segment_b: pair.b.segment,
        kind: kind(pair.kind).into(),
        score: pair.score,
        evidence: Some(pb::PairEvidence {
            containment: reasons.containment,
            overlap: reasons.overlap,
            names: reasons.names,
            quoted: reasons.quoted,
            event: reasons.event,
            numbers_shared: u32::from(reasons.numbers_shared),
            differs: reasons.differs,
            roles_differ: reasons.roles_differ,
        }),
    }
}

fn share(document: u32, groups: &[Group], own_segments: Vec<u32>) -> pb::DocumentShare {
    let members = groups.iter().flat_map(|group| &group.members);
    let mut shared_segments: Vec<u32> = members
        .filter(|member| member.place.document == document)
        .map(|member| member.place.segment)
        .collect();
    shared_segments.sort_unstable();
    shared_segments.dedup();
    pb::DocumentShare { document, shared_segments, own_segments }
}
