//! AlignTexts: requests → what the core understands, beads → messages.

use super::from_proto::{self, Defaults, Presentation};
use super::given_text::{self, Given, SegmentedText, TextLimits};
use super::to_proto::{encoding, kind};
use super::{pb, status};
use crate::align::{Alignment, Bead, LinkKind, Passage, Reason, Text};
use std::ops::Range;
use tonic::Status;

/// Characters of a word in a dictionary at most.
const WORD_CHARS_MAX: usize = 64;

/// What a request may hold.
#[derive(Clone, Copy, Debug)]
pub struct AlignmentLimits {
    /// Limits of a side.
    pub text: TextLimits,
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

/// Two sides, aligned.
#[derive(Debug)]
pub struct Aligned {
    source: SegmentedText,
    target: SegmentedText,
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
    let (options, presentation) = from_proto::plain_options(&segmentation, defaults)?;
    let pairs = dictionary(given.dictionary, limits.pairs_max)?;
    Ok(AlignmentJob {
        source: given_text::given(source, &options, &limits.text, "source")?,
        target: given_text::given(target, &options, &limits.text, "target")?,
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

impl AlignmentJob {
    /// Bytes of both texts, as they came.
    pub fn source_bytes(&self) -> u64 {
        self.source.source_bytes() + self.target.source_bytes()
    }

    /// Segments what is not segmented, and aligns. Takes long: not for a thread that others wait
    /// for. `go_on` is asked whether anybody waits for the answer.
    ///
    /// # Errors
    /// A document that the core refuses, or `None` when `go_on` said no.
    pub fn run(self, go_on: &dyn Fn() -> bool) -> Result<Option<Aligned>, Status> {
        let (presentation, limits) = (self.presentation, self.limits.text);
        let source = self.source.segmented(&presentation, &limits, "source")?;
        let target = self.target.segmented(&presentation, &limits, "target")?;
        let found = crate::align::align(&text(&source), &text(&target), &self.pairs, go_on);
        Ok(found.ok().map(|alignment| Aligned { source, target, alignment, presentation }))
    }
}

fn text(side: &SegmentedText) -> Text<'_> {
    let passages = side.segments.iter();
    Text {
        language: side.language.tag.as_str(),
        segments: passages.map(|one| Passage { text: &one.text, place: one.place }).collect(),
    }
}

fn side(text: &SegmentedText, range: Range<usize>, omit_text: bool) -> pb::BeadSide {
    let segments = text.segments.get(range.clone()).unwrap_or(&[]);
    let texts = segments.iter().filter(|_| !omit_text);
    let place = segments.first().and_then(|segment| segment.place);
    pb::BeadSide {
        span: text.span(range.clone()),
        segments: range.map(|index| index as u32).collect(),
        texts: texts.map(|segment| segment.text.clone()).collect(),
        kind: place.map_or(0, |place| kind(place.kind).into()),
    }
}

impl Aligned {
    /// Whether the texts are translations of each other.
    pub fn is_parallel(&self) -> bool {
        self.alignment.is_parallel()
    }

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
            source: Some(source.summary()),
            target: Some(target.summary()),
            offset_encoding: encoding(presentation.unit).into(),
        });
        let omit_text = presentation.omit_text;
        let beads = (1..).zip(beads).map(move |(number, one)| {
            let sides = (
                side(&source, one.source.clone(), omit_text),
                side(&target, one.target.clone(), omit_text),
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
