//! AlignTexts: requests → what the core understands, beads → messages.

use super::from_proto::{self, Defaults, Presentation};
use super::to_proto::{detection, encoding, kind};
use super::{Presenter, pb, status};
use crate::align::{Alignment, Bead, LinkKind, Passage, Place, Reason, Text};
use crate::document::{BlockKind, Event};
use crate::language::{self, Basis, Detection};
use crate::{Error, Limits, Options, Segmenter};
use std::ops::Range;
use tonic::Status;

/// Characters of a word in a dictionary at most.
const WORD_CHARS_MAX: usize = 64;

/// Bytes of ready segments that their language is told by.
const SAMPLE_BYTES: usize = 2 << 10;

/// What a request may hold.
#[derive(Clone, Copy, Debug)]
pub struct AlignmentLimits {
    /// Limits of a document.
    pub core: Limits,
    /// Segments of one side.
    pub segments_max: usize,
    /// Pairs of words.
    pub pairs_max: usize,
}

/// A request that was understood.
#[derive(Debug)]
pub struct AlignmentJob {
    source: Given,
    target: Given,
    pairs: Vec<(String, String)>,
    presentation: Presentation,
    limits: AlignmentLimits,
}

/// One side as it came.
#[derive(Debug)]
enum Given {
    Document { document_id: String, bytes: bytes::Bytes, options: Box<Options> },
    Segments { document_id: String, language: Detection, segments: Vec<Placed> },
}

/// One side as it is aligned.
#[derive(Debug)]
struct Side {
    document_id: String,
    language: Detection,
    segments: Vec<Placed>,
}

/// A segment, and where it stands.
#[derive(Debug)]
struct Placed {
    text: String,
    place: Option<Place>,
    span: Option<pb::Span>,
}

/// Two sides, aligned.
#[derive(Debug)]
pub struct Aligned {
    source: Side,
    target: Side,
    alignment: Alignment,
    presentation: Presentation,
}

/// Reads a request.
///
/// # Errors
/// A status that names the field which cannot be understood or is over its limit.
pub fn job(
    given: pb::AlignTextsRequest,
    defaults: &Defaults,
    limits: AlignmentLimits,
) -> Result<AlignmentJob, Status> {
    let pb::AlignTextsRequest { source, target, options } = given;
    let given = options.unwrap_or_default();
    let segmentation = given.segmentation.unwrap_or_default();
    let field = "options.segmentation";
    for (suffix, is_given) in [
        ("details", !segmentation.details.is_empty()),
        ("packing", segmentation.packing.is_some()),
        ("language_code", !segmentation.language_code.is_empty()),
    ] {
        if is_given {
            return Err(status::invalid_field(
                &format!("{field}.{suffix}"),
                "NOT_ALLOWED_HERE",
                "this is given, but means nothing for an alignment; leave it out",
                &[],
            ));
        }
    }
    let (options, presentation) = from_proto::options(&segmentation, defaults, field)?;
    let pairs = dictionary(given.dictionary, limits.pairs_max)?;
    Ok(AlignmentJob {
        source: side(source, &options, &limits, "source")?,
        target: side(target, &options, &limits, "target")?,
        pairs,
        presentation,
        limits,
    })
}

fn dictionary(given: Vec<pb::WordPair>, pairs_max: usize) -> Result<Vec<(String, String)>, Status> {
    if given.len() > pairs_max {
        return Err(status::invalid_field(
            "options.dictionary",
            "TOO_MANY_WORD_PAIRS",
            &format!("{} pairs given, at most {pairs_max} are allowed", given.len()),
            &[("given", given.len().to_string()), ("dictionary_pairs_max", pairs_max.to_string())],
        ));
    }
    let word = |word: &str| {
        let chars = word.chars().count();
        (1..=WORD_CHARS_MAX).contains(&chars) && !word.contains(char::is_whitespace)
    };
    for (index, pair) in given.iter().enumerate() {
        for (side, text) in [("source", &pair.source), ("target", &pair.target)] {
            if !word(text) {
                return Err(status::invalid_field(
                    &format!("options.dictionary[{index}].{side}"),
                    "MALFORMED_WORD",
                    &format!(
                        "{} characters given; a word has 1 to {WORD_CHARS_MAX} and no white space",
                        text.chars().count()
                    ),
                    &[],
                ));
            }
        }
    }
    Ok(given.into_iter().map(|pair| (pair.source, pair.target)).collect())
}

fn side(
    given: Option<pb::AlignableText>,
    options: &Options,
    limits: &AlignmentLimits,
    field: &str,
) -> Result<Given, Status> {
    use pb::alignable_text::Text as Pb;
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

fn ready(given: pb::ReadySegments, limits: &AlignmentLimits, field: &str) -> Result<Given, Status> {
    from_proto::document_id(&given.document_id, &format!("{field}.document_id"))?;
    fits(given.segments.len(), limits.segments_max, &format!("{field}.segments"))?;
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
    Ok(Given::Segments { document_id: given.document_id, language, segments })
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

fn fits(given: usize, segments_max: usize, field: &str) -> Result<(), Status> {
    if given <= segments_max {
        return Ok(());
    }
    Err(status::invalid_field(
        field,
        "TOO_MANY_SEGMENTS",
        &format!("{given} segments, at most {segments_max} are allowed"),
        &[("given", given.to_string()), ("align_segments_max", segments_max.to_string())],
    ))
}

impl AlignmentJob {
    /// Bytes of both texts, as they came.
    pub fn source_bytes(&self) -> u64 {
        [&self.source, &self.target]
            .into_iter()
            .map(|given| match given {
                Given::Document { bytes, .. } => bytes.len(),
                Given::Segments { segments, .. } => {
                    segments.iter().map(|segment| segment.text.len()).sum()
                }
            })
            .sum::<usize>() as u64
    }

    /// Segments what is not segmented, and aligns. Takes long: not for a thread that others wait
    /// for. `go_on` is asked whether anybody waits for the answer.
    ///
    /// # Errors
    /// A document that the core refuses, or `None` when `go_on` said no.
    pub fn run(self, go_on: &dyn Fn() -> bool) -> Result<Option<Aligned>, Status> {
        let (presentation, limits) = (self.presentation, self.limits);
        let source = segmented(self.source, &presentation, &limits, "source")?;
        let target = segmented(self.target, &presentation, &limits, "target")?;
        let found = crate::align::align(&source.text(), &target.text(), &self.pairs, go_on);
        Ok(found.ok().map(|alignment| Aligned { source, target, alignment, presentation }))
    }
}

fn segmented(
    given: Given,
    presentation: &Presentation,
    limits: &AlignmentLimits,
    field: &str,
) -> Result<Side, Status> {
    match given {
        Given::Segments { document_id, language, segments } => {
            Ok(Side { document_id, language, segments })
        }
        Given::Document { document_id, bytes, options } => {
            let presentation =
                Presentation { omit_text: false, packs: false, ..presentation.clone() };
            let field = format!("{field}.document");
            let side = document(document_id, &bytes, *options, presentation, limits.core)
                .map_err(|error| status::of_document(&field, &error))?;
            fits(side.segments.len(), limits.segments_max, &field)?;
            Ok(side)
        }
    }
}

/// Segments one document. Offsets are counted as in the answers of SegmentationService.
fn document(
    document_id: String,
    bytes: &[u8],
    options: Options,
    presentation: Presentation,
    limits: Limits,
) -> Result<Side, Error> {
    let chunk_bytes_max = limits.chunk_bytes_max.max(1) as usize;
    let mut segmenter = Segmenter::new(options, limits);
    let mut presenter = Presenter::new(presentation, String::new());
    let mut side = Side { document_id, language: language::detect(""), segments: Vec::new() };
    for chunk in bytes.chunks(chunk_bytes_max) {
        segmenter.push(chunk)?;
        side.take(&mut segmenter, &mut presenter);
    }
    segmenter.finish()?;
    side.take(&mut segmenter, &mut presenter);
    Ok(side)
}

fn place_of(event: &Event) -> Option<Place> {
    let Event::Unit(unit) = event else { return None };
    Some(Place { block: unit.number, kind: unit.kind, translatable: unit.translatable() })
}

impl Side {
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

    fn text(&self) -> Text<'_> {
        let passages = self.segments.iter();
        Text {
            language: self.language.tag.as_str(),
            segments: passages.map(|one| Passage { text: &one.text, place: one.place }).collect(),
        }
    }

    fn head(&self) -> pb::AlignedText {
        pb::AlignedText {
            document_id: self.document_id.clone(),
            language: Some(detection(&self.language)),
            segment_count: self.segments.len() as u32,
        }
    }

    fn of_bead(&self, range: Range<usize>, omit_text: bool) -> pb::BeadSide {
        let segments = self.segments.get(range.clone()).unwrap_or(&[]);
        let span = segments.first().zip(segments.last()).and_then(|(first, last)| {
            let (first, last) = (first.span.as_ref()?, last.span.as_ref()?);
            let pairs = first.alternatives.iter().zip(&last.alternatives);
            Some(pb::Span {
                start: first.start,
                end: last.end,
                alternatives: pairs
                    .map(|(first, last)| pb::EncodedSpan { end: last.end, ..*first })
                    .collect(),
            })
        });
        let texts = segments.iter().filter(|_| !omit_text);
        let place = segments.first().and_then(|segment| segment.place);
        pb::BeadSide {
            segments: range.map(|index| index as u32).collect(),
            span,
            texts: texts.map(|segment| segment.text.clone()).collect(),
            kind: place.map_or(0, |place| kind(place.kind).into()),
        }
    }
}

impl Aligned {
    /// Segments of both sides.
    pub fn segments_count(&self) -> u64 {
        (self.source.segments.len() + self.target.segments.len()) as u64
    }

    /// What is said of the pair, in order.
    pub fn into_events(self) -> impl Iterator<Item = pb::AlignmentEvent> + Send {
        use pb::alignment_event::Event as Pb;
        let Self { source, target, mut alignment, presentation } = self;
        let parallel = alignment.is_parallel();
        let beads = std::mem::take(&mut alignment.beads);
        let joined = beads.iter().filter(|bead| !bead.source.is_empty() && !bead.target.is_empty());
        let tail = Pb::Tail(pb::AlignmentTail {
            bead_count: beads.len() as u32,
            joined_bead_count: joined.count() as u32,
            parallel_share: alignment.parallel_share,
            parallel,
        });
        let head = Pb::Head(pb::AlignmentHead {
            source: Some(source.head()),
            target: Some(target.head()),
            offset_encoding: encoding(presentation.unit).into(),
        });
        let omit_text = presentation.omit_text;
        let beads = (1..).zip(beads).map(move |(number, one)| {
            let sides = (
                source.of_bead(one.source.clone(), omit_text),
                target.of_bead(one.target.clone(), omit_text),
            );
            Pb::Bead(bead(number, one, sides))
        });
        let events = std::iter::once(head).chain(beads).chain([tail]);
        events.map(|event| pb::AlignmentEvent { event: Some(event) })
    }
}

fn bead(number: u32, bead: Bead, (source, target): (pb::BeadSide, pb::BeadSide)) -> pb::Bead {
    let evidence = bead.evidence.into_iter();
    pb::Bead {
        number,
        source: Some(source),
        target: Some(target),
        score: bead.score,
        confidence: bead.confidence,
        evidence: evidence
            .map(|one| pb::BeadEvidence { reason: reason(one.reason).into(), weight: one.weight })
            .collect(),
    }
}

fn reason(reason: Reason) -> pb::BeadReason {
    match reason {
        Reason::Length => pb::BeadReason::Length,
        Reason::Words(LinkKind::Number) => pb::BeadReason::Numbers,
        Reason::Words(LinkKind::Name) => pb::BeadReason::Names,
        Reason::Words(LinkKind::Cognate) => pb::BeadReason::Cognates,
        Reason::Words(LinkKind::Mark) => pb::BeadReason::Marks,
        Reason::Words(LinkKind::Dictionary) => pb::BeadReason::Dictionary,
        Reason::Words(LinkKind::Learnt) => pb::BeadReason::Learnt,
        Reason::Missing => pb::BeadReason::Missing,
        Reason::Place => pb::BeadReason::Place,
    }
}
