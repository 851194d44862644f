//! Merge: requests → what the core understands, pieces → messages.

use super::export::document;
use super::from_proto::{self, Defaults, unknown_enum};
use super::{pb, status};
use crate::exchange::{
    BackMap, MergeChoices, MergeError, Merged, MergedPiece, MissingPlaceholder, MissingTarget,
    Problem, ProblemKind, SegmentMerger, SegmentName, Target, merge_lines, merge_xliff,
};
use crate::text::MalformedPolicy;
use crate::{Limits, Options, Segmenter};
use bytes::Bytes;
use tonic::Status;

/// Times `document_bytes_max` that a translated document may have.
const TRANSLATION_GROWTH_MAX: usize = 8;

/// A request that was understood.
#[derive(Debug)]
pub struct MergeJob {
    translation: Translation,
    target_language: String,
    choices: MergeChoices,
    limits: Limits,
}

#[derive(Debug)]
enum Translation {
    Xliff(Vec<u8>),
    Segments {
        document_id: String,
        bytes: Bytes,
        options: Box<Options>,
        masked: bool,
        targets: Vec<Target>,
    },
    Lines {
        document_id: String,
        source: String,
        map: BackMap,
        text: String,
    },
}

/// Reads a request.
///
/// # Errors
/// A status that names the field which cannot be understood or is over its limit.
pub fn job(
    given: pb::MergeRequest,
    defaults: &Defaults,
    limits: Limits,
) -> Result<MergeJob, Status> {
    use pb::merge_request::Translation as Pb;
    let choices = choices(&given, limits.document_bytes_max)?;
    let (translation, target_language) = match given.translation {
        None => {
            return Err(status::invalid_field(
                "translation",
                "TRANSLATION_MISSING",
                "none of `xliff`, `segments` and `lines` is given; one of them is needed",
                &[],
            ));
        }
        Some(Pb::Xliff(bytes)) => (Translation::Xliff(bytes), String::new()),
        Some(Pb::Segments(given)) => segments(given, defaults, limits.document_bytes_max)?,
        Some(Pb::Lines(given)) => lines(given, limits.document_bytes_max)?,
    };
    Ok(MergeJob { translation, target_language, choices, limits })
}

fn choices(given: &pb::MergeRequest, document_bytes_max: u32) -> Result<MergeChoices, Status> {
    use pb::MissingPlaceholderPolicy as Placeholder;
    use pb::MissingTargetPolicy as Missing;
    let missing_target = match Missing::try_from(given.missing_target_policy) {
        Ok(Missing::Unspecified | Missing::Source) => MissingTarget::Source,
        Ok(Missing::Refuse) => MissingTarget::Refuse,
        Err(_) => {
            let policy = given.missing_target_policy;
            return Err(unknown_enum("missing_target_policy", policy, "0, 1 or 2"));
        }
    };
    let missing_placeholder = match Placeholder::try_from(given.missing_placeholder_policy) {
        Ok(Placeholder::Unspecified | Placeholder::Append) => MissingPlaceholder::Append,
        Ok(Placeholder::LeaveOut) => MissingPlaceholder::LeaveOut,
        Ok(Placeholder::Source) => MissingPlaceholder::Source,
        Err(_) => {
            let policy = given.missing_placeholder_policy;
            return Err(unknown_enum("missing_placeholder_policy", policy, "0 to 3"));
        }
    };
    let bytes_max = (document_bytes_max as usize).saturating_mul(TRANSLATION_GROWTH_MAX);
    Ok(MergeChoices { missing_target, missing_placeholder, bytes_max })
}

fn segments(
    given: pb::SegmentTargets,
    defaults: &Defaults,
    document_bytes_max: u32,
) -> Result<(Translation, String), Status> {
    let request = given.document.unwrap_or_default();
    let (document_id, bytes, options, _) =
        document(request, defaults, document_bytes_max, "segments.document")?;
    let language = language(&given.target_language_code, "segments.target_language_code")?;
    let options = Box::new(SegmentMerger::options(options, given.masked));
    let mut targets = Vec::with_capacity(given.targets.len());
    for (index, target) in given.targets.into_iter().enumerate() {
        use pb::segment_target::Segment;
        let segment = match target.segment {
            Some(Segment::SegmentNumber(number)) => SegmentName::Number(number),
            Some(Segment::SegmentId(id)) => SegmentName::Id(id),
            None => {
                return Err(status::invalid_field(
                    &format!("segments.targets[{index}].segment"),
                    "SEGMENT_MISSING",
                    "neither `segment_number` nor `segment_id` is given; one of them is needed",
                    &[],
                ));
            }
        };
        targets.push(Target { segment, text: target.text });
    }
    let masked = given.masked;
    Ok((Translation::Segments { document_id, bytes, options, masked, targets }, language))
}

fn lines(given: pb::LineTargets, document_bytes_max: u32) -> Result<(Translation, String), Status> {
    let document = given.document.unwrap_or_default();
    let document_id = document.document_id.clone();
    // A back-map is of the decoded document, so its bytes must be what they say.
    let options = Options { malformed: MalformedPolicy::Reject, ..Options::default() };
    let (bytes, options) =
        from_proto::document(document, &options, document_bytes_max, "lines.document")?;
    if options.charset.has_malformed(&bytes) {
        return Err(status::invalid_field(
            "lines.document.content",
            "MALFORMED_DOCUMENT",
            &format!("it holds bytes that mean nothing in {}", options.charset.name()),
            &[],
        ));
    }
    let map = BackMap::parse(&given.back_map).map_err(|error| {
        status::invalid_field("lines.back_map", "BACK_MAP_INVALID", &error.to_string(), &[])
    })?;
    let language = language(&given.target_language_code, "lines.target_language_code")?;
    let source = options.charset.decode(&bytes);
    Ok((Translation::Lines { document_id, source, map, text: given.text }, language))
}

/// A tag in canonical case; empty stays empty.
fn language(tag: &str, field: &str) -> Result<String, Status> {
    let tag = from_proto::language(tag, field)?;
    Ok(tag.map_or_else(String::new, |tag| tag.as_str().to_owned()))
}

impl MergeJob {
    /// Bytes of what came.
    pub fn source_bytes(&self) -> u64 {
        match &self.translation {
            Translation::Xliff(bytes) => bytes.len() as u64,
            Translation::Segments { bytes, .. } => bytes.len() as u64,
            Translation::Lines { source, .. } => source.len() as u64,
        }
    }

    /// Merges. `go_on` is asked at every block whether anybody waits for the answer.
    ///
    /// # Errors
    /// What cannot be read or merged, or `None` when `go_on` said no.
    pub fn run(self, go_on: &dyn Fn() -> bool) -> Result<Option<Merged>, Status> {
        let MergeJob { translation, target_language, choices, limits } = self;
        let (document_id, mut merged) = match translation {
            Translation::Xliff(bytes) => {
                return merge_xliff(&bytes, &choices).map(Some).map_err(|error| refused(&error));
            }
            Translation::Lines { document_id, source, map, text } => {
                let merged = merge_lines(&source, &map, &text, &choices);
                (document_id, merged.map_err(|error| refused(&error))?)
            }
            Translation::Segments { document_id, bytes, options, masked, targets } => {
                let mask = masked.then(|| options.mask.clone());
                let mut merger = SegmentMerger::new(targets, mask, choices);
                if !segment(&bytes, *options, limits, &mut merger, go_on)? {
                    return Ok(None);
                }
                (document_id, merger.finish())
            }
        };
        merged.document_id = document_id;
        merged.target_language = target_language;
        Ok(Some(merged))
    }
}

/// Segments a document for a merger; `false` when `go_on` said no.
fn segment(
    bytes: &[u8],
    options: Options,
    limits: Limits,
    merger: &mut SegmentMerger,
    go_on: &dyn Fn() -> bool,
) -> Result<bool, Status> {
    let refused_document = |error| status::of_document("segments.document.document", &error);
    let chunk_bytes_max = limits.chunk_bytes_max as usize;
    let mut segmenter = Segmenter::new(options, limits);
    for chunk in bytes.chunks(chunk_bytes_max) {
        if !go_on() {
            return Ok(false);
        }
        segmenter.push(chunk).map_err(refused_document)?;
        while let Some(event) = segmenter.next_event() {
            merger.add(&event).map_err(|error| refused(&error))?;
        }
    }
    segmenter.finish().map_err(refused_document)?;
    while let Some(event) = segmenter.next_event() {
        merger.add(&event).map_err(|error| refused(&error))?;
    }
    Ok(true)
}

/// What could not be merged, as a status.
fn refused(error: &MergeError) -> Status {
    let message = error.to_string();
    match error {
        MergeError::Xliff(error) => {
            let facts = [("line", error.line.to_string()), ("column", error.column.to_string())];
            status::invalid_field("xliff", "XLIFF_INVALID", &message, &facts)
        }
        MergeError::BackMap(_) => {
            status::invalid_field("lines.back_map", "BACK_MAP_INVALID", &message, &[])
        }
        MergeError::LineCount { given, expected } => {
            let facts = [("given", given.to_string()), ("expected", expected.to_string())];
            status::invalid_field("lines.text", "WRONG_NUMBER_OF_LINES", &message, &facts)
        }
        MergeError::TooLarge { bytes_max } => {
            let facts = [("translation_bytes_max", bytes_max.to_string())];
            status::invalid_field("translation", "TRANSLATION_TOO_LARGE", &message, &facts)
        }
        MergeError::SourceChanged => status::failed_precondition("SOURCE_CHANGED", &message, &[]),
        MergeError::TargetMissing { unit, segment } => {
            let facts =
                [("unit_number", unit.to_string()), ("segment_number", segment.to_string())];
            status::failed_precondition("TARGET_MISSING", &message, &facts)
        }
    }
}

/// What is said of a translated document, in order.
pub fn into_events(merged: Merged) -> impl Iterator<Item = pb::MergeEvent> + Send {
    use pb::merge_event::Event;
    let tail = pb::MergeTail {
        segment_count: merged.segment_count,
        translatable_segment_count: merged.translatable_segment_count,
        target_count: merged.target_count,
        problem_count: merged.problem_count,
        content_digest: merged.content_digest(),
    };
    let Merged { document_id, source_language, target_language, pieces, .. } = merged;
    let head = Event::Head(pb::MergeHead {
        document_id,
        source_language_code: source_language,
        target_language_code: target_language,
    });
    let pieces = pieces.into_iter().map(|piece| match piece {
        MergedPiece::Text(text) => Event::Content(text.into_bytes()),
        MergedPiece::Problem(problem) => Event::Problem(self::problem(problem)),
    });
    let events = std::iter::once(head).chain(pieces).chain([Event::Tail(tail)]);
    events.map(|event| pb::MergeEvent { event: Some(event) })
}

fn problem(problem: Problem) -> pb::MergeProblem {
    use pb::MergeProblemKind as Pb;
    let kind = match problem.kind {
        ProblemKind::TargetMissing => Pb::TargetMissing,
        ProblemKind::SegmentUnknown => Pb::SegmentUnknown,
        ProblemKind::TargetRepeated => Pb::TargetRepeated,
        ProblemKind::TargetUnwanted => Pb::TargetUnwanted,
        ProblemKind::PlaceholderMissing => Pb::PlaceholderMissing,
        ProblemKind::PlaceholderRepeated => Pb::PlaceholderRepeated,
        ProblemKind::PlaceholderBroken => Pb::PlaceholderBroken,
        ProblemKind::PlaceholderUnknown => Pb::PlaceholderUnknown,
        ProblemKind::ProtectedChanged => Pb::ProtectedChanged,
        ProblemKind::TooLong => Pb::TooLong,
        ProblemKind::UnitMissing => Pb::UnitMissing,
        ProblemKind::UnitUnknown => Pb::UnitUnknown,
    };
    pb::MergeProblem {
        kind: kind.into(),
        unit_number: problem.unit.unwrap_or(0),
        segment_number: problem.segment.unwrap_or(0),
        id: problem.id,
        detail: problem.detail,
    }
}
