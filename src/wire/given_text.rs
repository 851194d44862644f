//! Texts that are aligned or compared with others: documents, or segments that are ready.

use super::from_proto::{self, Presentation};
use super::to_proto::{detection, kind};
use super::{Presenter, pb, status};
use crate::align::Place;
use crate::document::{BlockKind, Event};
use crate::language::{self, Basis, Detection};
use crate::{Error, Limits, Options, Segmenter};
use std::ops::Range;
use tonic::Status;

/// Bytes of ready segments that their language is told by.
const SAMPLE_BYTES: usize = 2 << 10;

/// What a text may be.
#[derive(Clone, Copy, Debug)]
pub struct TextLimits {
    /// Limits of a document.
    pub core: Limits,
    /// Segments of one text.
    pub segments_max: usize,
    /// Name of that limit, for errors.
    pub segments_max_name: &'static str,
}

/// A text as it came.
#[derive(Debug)]
pub enum Given {
    /// A document, not segmented yet.
    Document {
        /// The client's own id.
        document_id: String,
        /// The document.
        bytes: bytes::Bytes,
        /// How it is to be segmented.
        options: Box<Options>,
    },
    /// Segments that are ready.
    Segments(SegmentedText),
}

/// A text in segments.
#[derive(Debug)]
pub struct SegmentedText {
    /// The client's own id.
    pub document_id: String,
    /// The language that it is in.
    pub language: Detection,
    /// The segments, in order.
    pub segments: Vec<Placed>,
}

/// A segment, and where it stands.
#[derive(Debug)]
pub struct Placed {
    /// What it says.
    pub text: String,
    /// Where on its page, if that is known.
    pub place: Option<Place>,
    /// Where in its document, if it is of one.
    pub span: Option<pb::Span>,
}

/// Reads one text.
///
/// # Errors
/// A status that names what under `field` is missing, not understood or over its limit.
pub fn given(
    given: Option<pb::GivenText>,
    options: &Options,
    limits: &TextLimits,
    field: &str,
) -> Result<Given, Status> {
    use pb::given_text::Text as Pb;
    match given.and_then(|given| given.text) {
        Some(Pb::Document(document)) => {
            let document_id = document.document_id.clone();
            let field = format!("{field}.document");
            let bytes_max = limits.core.document_bytes_max;
            let (bytes, options) = from_proto::document(document, options, bytes_max, &field)?;
            Ok(Given::Document { document_id, bytes, options: Box::new(options) })
        }
        Some(Pb::Segments(segments)) => ready(segments, limits, &format!("{field}.segments")),
        None => Err(status::invalid_field(
            field,
            "TEXT_MISSING",
            "neither `document` nor `segments` is given; one of them is needed",
            &[],
        )),
    }
}

fn ready(given: pb::ReadySegments, limits: &TextLimits, field: &str) -> Result<Given, Status> {
    from_proto::document_id(&given.document_id, &format!("{field}.document_id"))?;
    fits(given.segments.len(), limits, &format!("{field}.segments"))?;
    let declared = from_proto::language(&given.language_code, &format!("{field}.language_code"))?;
    let language = match declared {
        Some(tag) => Detection::declared(tag, &sample(&given.segments)),
        None => Detection { basis: Basis::Document, ..language::detect(&sample(&given.segments)) },
    };
    let mut segments = Vec::with_capacity(given.segments.len());
    for (index, segment) in given.segments.into_iter().enumerate() {
        let known = pb::BlockKind::try_from(segment.kind).map_err(|_| {
            status::invalid_field(
                &format!("{field}.segments[{index}].kind"),
                "UNKNOWN_ENUM_VALUE",
                &format!("{} given, 0 to 11 are allowed", segment.kind),
                &[("given", segment.kind.to_string())],
            )
        })?;
        let kind = BlockKind::ALL.into_iter().find(|one| kind(*one) == known);
        let place = kind.map(|kind| Place {
            block: segment.unit_number,
            kind,
            translatable: kind.is_article_matter(),
        });
        segments.push(Placed { text: segment.text, place, span: None });
    }
    Ok(Given::Segments(SegmentedText { document_id: given.document_id, language, segments }))
}

/// The first of the segments, to tell their language by.
fn sample(segments: &[pb::ReadySegment]) -> String {
    let mut sample = String::new();
    for segment in segments {
        if sample.len() >= SAMPLE_BYTES {
            break;
        }
        sample.extend(segment.text.chars().take(SAMPLE_BYTES));
        sample.push('\n');
    }
    sample
}

fn fits(given: usize, limits: &TextLimits, field: &str) -> Result<(), Status> {
    let segments_max = limits.segments_max;
    if given <= segments_max {
        return Ok(());
    }
    Err(status::invalid_field(
        field,
        "TOO_MANY_SEGMENTS",
        &format!("{given} segments, at most {segments_max} are allowed"),
        &[("given", given.to_string()), (limits.segments_max_name, segments_max.to_string())],
    ))
}

impl Given {
    /// Bytes of the text, as it came.
    pub fn source_bytes(&self) -> u64 {
        let bytes = match self {
            Given::Document { bytes, .. } => bytes.len(),
            Given::Segments(text) => text.segments.iter().map(|segment| segment.text.len()).sum(),
        };
        bytes as u64
    }

    /// Segments it, if it is not segmented. Offsets are counted as in the answers of
    /// SegmentationService.
    ///
    /// # Errors
    /// A document that the core refuses, or that has too many segments: a status that names
    /// `field`.
    pub fn segmented(
        self,
        presentation: &Presentation,
        limits: &TextLimits,
        field: &str,
    ) -> Result<SegmentedText, Status> {
        let (document_id, bytes, options) = match self {
            Given::Segments(text) => return Ok(text),
            Given::Document { document_id, bytes, options } => (document_id, bytes, options),
        };
        let presentation = Presentation { omit_text: false, packs: false, ..presentation.clone() };
        let field = format!("{field}.document");
        let text = document(document_id, &bytes, *options, presentation, limits.core)
            .map_err(|error| status::of_document(&field, &error))?;
        fits(text.segments.len(), limits, &field)?;
        Ok(text)
    }
}

fn document(
    document_id: String,
    bytes: &[u8],
    options: Options,
    presentation: Presentation,
    limits: Limits,
) -> Result<SegmentedText, Error> {
    let chunk_bytes_max = limits.chunk_bytes_max.max(1) as usize;
    let mut segmenter = Segmenter::new(options, limits);
    let mut presenter = Presenter::new(presentation, String::new());
    let mut text =
        SegmentedText { document_id, language: language::detect(""), segments: Vec::new() };
    for chunk in bytes.chunks(chunk_bytes_max) {
        segmenter.push(chunk)?;
        text.take(&mut segmenter, &mut presenter);
    }
    segmenter.finish()?;
    text.take(&mut segmenter, &mut presenter);
    Ok(text)
}

fn place_of(event: &Event) -> Option<Place> {
    let Event::Unit(unit) = event else { return None };
    Some(Place { block: unit.number, kind: unit.kind, translatable: unit.translatable() })
}

impl SegmentedText {
    /// Takes what is settled of a document.
    fn take(&mut self, segmenter: &mut Segmenter, presenter: &mut Presenter) {
        while let Some(event) = segmenter.next_event() {
            if let Event::Head(head) = &event {
                self.language = head.language.clone();
            }
            let place = place_of(&event);
            let said = presenter.event(event);
            let Some(pb::document_event::Event::Unit(unit)) = said.event else { continue };
            self.segments.extend(unit.segments.into_iter().map(|segment| Placed {
                text: segment.text,
                place,
                span: segment.span,
            }));
        }
    }

    /// What the text was taken for.
    pub fn summary(&self) -> pb::TextSummary {
        pb::TextSummary {
            document_id: self.document_id.clone(),
            language: Some(detection(&self.language)),
            segment_count: self.segments.len() as u32,
        }
    }

    /// Where some segments stand in their document, from the first to the last.
    pub fn span(&self, range: Range<usize>) -> Option<pb::Span> {
        let segments = self.segments.get(range)?;
        let (first, last) = (segments.first()?.span.as_ref()?, segments.last()?.span.as_ref()?);
        let pairs = first.alternatives.iter().zip(&last.alternatives);
        Some(pb::Span {
            start: first.start,
            end: last.end,
            alternatives: pairs
                .map(|(first, last)| pb::EncodedSpan { end: last.end, ..*first })
                .collect(),
        })
    }
}
