//! Targets in the place of their source; what a translation lost or broke is told, not lost.

mod lines;
mod segments;
mod xliff;

pub use lines::merge_lines;
pub use segments::{SegmentMerger, SegmentName, Target};
pub use xliff::merge_xliff;

use super::back_map::BackMapError;
use super::outline::hexadecimal;
use super::xliff_reader::XliffError;
use crate::document::Placeholder;
use crate::machine::{MaskTemplate, restore};
use crate::text::is_ignorable;
use std::fmt;

/// Choices for merging.
#[derive(Clone, Copy, Debug)]
pub struct MergeChoices {
    /// What is done where a target is missing or empty.
    pub missing_target: MissingTarget,
    /// What is done where a target lost a placeholder.
    pub missing_placeholder: MissingPlaceholder,
    /// Bytes of the translated document at most: a short target may name long originals often.
    pub bytes_max: usize,
}

impl Default for MergeChoices {
    /// The source stands in for targets, what a placeholder stands for is put behind its target,
    /// 64 MiB.
    fn default() -> MergeChoices {
        MergeChoices {
            missing_target: MissingTarget::default(),
            missing_placeholder: MissingPlaceholder::default(),
            bytes_max: 64 << 20,
        }
    }
}

/// What is done where a segment that is to be translated has no target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingTarget {
    /// The source stands in its place.
    #[default]
    Source,
    /// Merging fails.
    Refuse,
}

/// What is done where a target lost a placeholder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingPlaceholder {
    /// What it stands for is put behind the target, after a space.
    #[default]
    Append,
    /// The target stays without it.
    LeaveOut,
    /// The source of the segment stands in place of the target.
    Source,
}

/// A translated document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The client's own id of the document, where it is known.
    pub document_id: String,
    /// BCP-47 tag of the language of the source.
    pub source_language: String,
    /// BCP-47 tag of the language of the targets; empty where it is not said.
    pub target_language: String,
    /// What came out, in order.
    pub pieces: Vec<MergedPiece>,
    /// Segments of the document.
    pub segment_count: u32,
    /// Segments that are to be translated.
    pub translatable_segment_count: u32,
    /// Targets that were put in place.
    pub target_count: u32,
    /// Problems there were, also those beyond [`PROBLEMS_MAX`].
    pub problem_count: u32,
}

/// Problems of one document that are told; behind them they are only counted.
pub const PROBLEMS_MAX: u32 = 10_000;

/// A piece of a translated document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergedPiece {
    /// The next of its text.
    Text(String),
    /// Something that the translation of what came before lost or broke.
    Problem(Problem),
}

impl Merged {
    /// The translated document.
    pub fn text(&self) -> String {
        let text = |piece: &MergedPiece| match piece {
            MergedPiece::Text(text) => text.clone(),
            MergedPiece::Problem(_) => String::new(),
        };
        self.pieces.iter().map(text).collect()
    }

    /// What the translation lost or broke, in order.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.pieces.iter().filter_map(|piece| match piece {
            MergedPiece::Problem(problem) => Some(problem),
            MergedPiece::Text(_) => None,
        })
    }

    /// XXH3-64 of the translated document, 16 digits of hexadecimal.
    pub fn content_digest(&self) -> String {
        hexadecimal(crate::text::digest(&self.text()))
    }
}

/// Something that a translation lost or broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What it is.
    pub kind: ProblemKind,
    /// Number of the unit, where it is known.
    pub unit: Option<u32>,
    /// Number of the segment, where it is known.
    pub segment: Option<u32>,
    /// Name of the segment or unit, or the id that a file has for it.
    pub id: String,
    /// See the kind.
    pub detail: String,
}

/// What a translation lost or broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// A segment that is to be translated has no target, or an empty one.
    TargetMissing,
    /// A target for a segment that the document does not have: not used.
    SegmentUnknown,
    /// A second target for the same segment, or a second unit with the same id: not used.
    TargetRepeated,
    /// A target for a segment that is not to be translated: not used.
    TargetUnwanted,
    /// The target lost a placeholder; the detail is what it stands for.
    PlaceholderMissing,
    /// The target has it more than once; all were put back. The detail is the placeholder.
    PlaceholderRepeated,
    /// The target has it spoilt, or with another content; it was put back. The detail is what
    /// stood there.
    PlaceholderBroken,
    /// The target has one that the source does not have: left as it is. The detail is it.
    PlaceholderUnknown,
    /// Marked text that no translation may touch is not in the target; the detail is it.
    ProtectedChanged,
    /// The target is longer than the size restriction allows; the detail is the two lengths.
    TooLong,
    /// The skeleton names a unit that the file no longer has: its text is missing.
    UnitMissing,
    /// The file has a unit that the skeleton does not name: not used.
    UnitUnknown,
}

/// Why nothing was merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeError {
    /// The file cannot be read.
    Xliff(XliffError),
    /// The back-map cannot be read.
    BackMap(BackMapError),
    /// The back-map is not of this document.
    SourceChanged,
    /// The translation has another number of lines than the back-map.
    LineCount {
        /// Lines given.
        given: usize,
        /// Lines of the back-map.
        expected: usize,
    },
    /// A target is missing, and [`MissingTarget::Refuse`] was chosen.
    TargetMissing {
        /// Number of the unit, 0 where it is not known.
        unit: u32,
        /// Number of the segment.
        segment: u32,
    },
    /// The translated document is over [`MergeChoices::bytes_max`].
    TooLarge {
        /// The limit.
        bytes_max: usize,
    },
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeError::Xliff(error) => error.fmt(f),
            MergeError::BackMap(error) => write!(f, "the back-map: {error}"),
            MergeError::SourceChanged => {
                f.write_str("the back-map is not of this document: its digest is another one")
            }
            MergeError::LineCount { given, expected } => {
                write!(f, "{given} lines given, the back-map has {expected}")
            }
            MergeError::TargetMissing { unit, segment } => {
                write!(f, "segment {segment} of unit {unit} has no target")
            }
            MergeError::TooLarge { bytes_max } => {
                write!(f, "the translated document has over {bytes_max} bytes")
            }
        }
    }
}

impl std::error::Error for MergeError {}

/// Bytes of the detail of a problem at most.
const DETAIL_BYTES_MAX: usize = 200;

/// Whether a target says nothing though its source does. White space in the place of a sentence is
/// no translation of it.
fn is_blank(target: &str, source: &str) -> bool {
    let blank = |text: &str| text.chars().all(is_ignorable);
    blank(target) && !blank(source)
}

/// Where a target belongs, for problems.
#[derive(Clone, Copy, Debug, Default)]
struct Site<'a> {
    unit: Option<u32>,
    segment: Option<u32>,
    id: &'a str,
}

impl Site<'_> {
    /// Ids and details are cut: a problem points at something, it does not repeat it.
    fn problem(self, kind: ProblemKind, detail: &str) -> Problem {
        let Site { unit, segment, id } = self;
        let short = |text| crate::text::head(text, DETAIL_BYTES_MAX).to_owned();
        Problem { kind, unit, segment, id: short(id), detail: short(detail) }
    }

    fn refused(self) -> MergeError {
        let or_zero = |number: Option<u32>| number.unwrap_or(0);
        MergeError::TargetMissing { unit: or_zero(self.unit), segment: or_zero(self.segment) }
    }
}

/// A translated document being put together.
#[derive(Debug)]
struct Merging {
    choices: MergeChoices,
    merged: Merged,
    /// Problems of what is being put together, told behind it.
    problems: Vec<Problem>,
    bytes: usize,
}

impl Merging {
    fn new(choices: MergeChoices) -> Merging {
        Merging { choices, merged: Merged::default(), problems: Vec::new(), bytes: 0 }
    }

    fn too_large(&self) -> MergeError {
        MergeError::TooLarge { bytes_max: self.choices.bytes_max }
    }

    /// Bytes that may still be said.
    fn bytes_left(&self) -> usize {
        self.choices.bytes_max.saturating_sub(self.bytes)
    }

    fn tell(&mut self, problem: Problem) {
        if self.merged.problem_count < PROBLEMS_MAX {
            self.problems.push(problem);
        }
        self.merged.problem_count = self.merged.problem_count.saturating_add(1);
    }

    /// The next of the text, and behind it what is wrong with it.
    fn text(&mut self, text: &str) -> Result<(), MergeError> {
        if text.len() > self.bytes_left() {
            return Err(self.too_large());
        }
        self.bytes += text.len();
        match self.merged.pieces.last_mut() {
            Some(MergedPiece::Text(before)) if before.len() < PIECE_BYTES => before.push_str(text),
            _ if text.is_empty() => {}
            _ => self.merged.pieces.push(MergedPiece::Text(text.to_owned())),
        }
        let problems = self.problems.drain(..).map(MergedPiece::Problem);
        self.merged.pieces.extend(problems);
        Ok(())
    }

    /// A target that is not there: the source, or nothing goes on.
    fn missing(&mut self, source: &str, site: Site<'_>) -> Result<(), MergeError> {
        if self.choices.missing_target == MissingTarget::Refuse {
            return Err(site.refused());
        }
        self.tell(site.problem(ProblemKind::TargetMissing, ""));
        self.text(source)
    }

    /// A target with placeholders for parts of its source.
    fn masked(
        &mut self,
        target: &str,
        source: &str,
        placeholders: &[Placeholder],
        template: Option<(&MaskTemplate, &str)>,
        site: Site<'_>,
    ) -> Result<(), MergeError> {
        let restored = restore(target, placeholders, self.bytes_left());
        let mut restored = restored.ok_or_else(|| self.too_large())?;
        for one in &restored.repeated {
            self.tell(site.problem(ProblemKind::PlaceholderRepeated, &one.token));
        }
        for (_, stood) in &restored.broken {
            self.tell(site.problem(ProblemKind::PlaceholderBroken, stood));
        }
        if let Some((template, masked)) = template {
            // The source may hold what looks like one; those are no placeholders.
            let known = template.numbers_in(masked);
            let mut unknown: Vec<u32> = template.numbers_in(target).into_iter().collect();
            unknown.retain(|number| !known.contains(number));
            unknown.sort_unstable();
            for number in unknown {
                self.tell(site.problem(ProblemKind::PlaceholderUnknown, &template.token(number)));
            }
        }
        let lost: Vec<&str> = restored.missing.iter().map(|one| &*one.original).collect();
        let use_source = self.lost(&mut restored.text, &lost, site)?;
        self.text(if use_source { source } else { &restored.text })
    }

    /// What a target lost is put behind it, or left out; `true` where the source is to stand in
    /// place of the target.
    fn lost(
        &mut self,
        target: &mut String,
        originals: &[&str],
        site: Site<'_>,
    ) -> Result<bool, MergeError> {
        for original in originals {
            self.tell(site.problem(ProblemKind::PlaceholderMissing, original));
            if self.choices.missing_placeholder == MissingPlaceholder::Append {
                if target.len() + original.len() >= self.bytes_left() {
                    return Err(self.too_large());
                }
                target.push(' ');
                target.push_str(original);
            }
        }
        let is_lost = !originals.is_empty();
        Ok(is_lost && self.choices.missing_placeholder == MissingPlaceholder::Source)
    }

    fn finish(mut self) -> Merged {
        let problems = self.problems.drain(..).map(MergedPiece::Problem);
        self.merged.pieces.extend(problems);
        self.merged
    }
}

/// Bytes after which a piece of text is long enough.
const PIECE_BYTES: usize = 16 << 10;
