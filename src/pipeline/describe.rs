//! What is known of a unit and its segments beside their place: nothing that was not asked for.

use super::unit::{Settled, Shown};
use super::{Details, Options};
use crate::annotation::{FOREIGN_PASSAGE, annotate};
use crate::count;
use crate::document::{
    Annotation, AnnotationKind, BlockKind, IdentityScope, NormalText, Quotation, Segment,
    SegmentDetails, SegmentType, Warning, WarningKind,
};
use crate::inline::Marks;
use crate::language::{Detection, Passage, Spoken};
use crate::machine::{RepairRows, mask, repair};
use crate::pack::{PackedSegment, Packing};
use crate::quotation::{self, AttributionRows, QuotationWords};
use crate::split::Splitter;
use crate::text::{Span, is_emoji_part, is_ignorable};
use crate::warning::{SegmentSite, odd_marks, warnings};

/// A unit's text with what was found in it; spans are relative to the unit.
pub(super) struct Description<'a> {
    text: &'a str,
    marks: &'a Marks,
    settled: &'a Settled<'a>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) quotations: Vec<Quotation>,
    /// Stretches that no translation may touch, ascending, without overlap.
    kept: Vec<Span>,
    /// Stretches that belong together, ascending, without overlap.
    whole: Vec<Span>,
    /// Marks of quotations whose two marks do not belong together.
    mismatched: Vec<Span>,
    /// Passages in other languages, ascending.
    foreign: Vec<Span>,
    /// Marks of quotations to be warned of, ascending.
    odd_marks: Vec<Span>,
    /// Its words with their votes, where their language was asked for.
    spoken: Option<Spoken<'a>>,
}

impl<'a> Description<'a> {
    /// Looks at a unit as far as `options` ask for it.
    pub(super) fn of(
        text: &'a str,
        marks: &'a Marks,
        settled: &'a Settled<'a>,
        shown: &mut Shown,
    ) -> Description<'a> {
        let Options { details, packing, .. } = settled.options;
        let repairs = details.normal_text || details.masked_text || packing_is_normal(settled);
        let mut annotations = Vec::new();
        if details.annotations || details.warnings || repairs || packing.is_some() {
            let tailoring = settled.tailoring;
            annotations =
                annotate(text, marks, tailoring.annotations, tailoring.lexicon, tailoring.numbers);
        }
        let flat = |keeps: fn(&Annotation) -> bool| outermost(&annotations, keeps);
        let kept = flat(|one| one.keep);
        let whole = flat(|one| one.kind != AnnotationKind::Aside);
        let foreign = details.annotations || details.warnings;
        let spoken = (foreign || details.segment_languages).then(|| Spoken::of(text));
        if let Some(spoken) = spoken.as_ref().filter(|_| foreign) {
            annotations.extend(foreign_passages(text, spoken, &settled.language));
            annotations.sort_by_key(|one| (one.span.start(), u32::MAX - one.span.end()));
        }
        let quotations = match details.quotations || details.warnings || repairs {
            true => find_quotations(text, marks, settled, shown),
            false => Vec::new(),
        };
        let odd = quotations.iter().filter(|quotation| quotation.mismatched);
        let marks_of = odd.flat_map(|one| [one.opening, one.closing]).flatten();
        let mut mismatched: Vec<Span> = marks_of.collect();
        mismatched.sort();
        let passages = annotations.iter().filter(|one| one.kind == AnnotationKind::ForeignPassage);
        let foreign = passages.map(|one| one.span).collect();
        let odd_marks = match details.warnings {
            true => odd_marks(&quotations, &marks.loose_closers),
            false => Vec::new(),
        };
        Description {
            text,
            marks,
            settled,
            annotations,
            quotations,
            kept,
            whole,
            mismatched,
            foreign,
            odd_marks,
            spoken,
        }
    }

    /// What is known of the segments. `segments` carry places in the document.
    pub(super) fn of_segments(&self, segments: &mut [Segment], shown: &mut Shown) {
        let count = segments.len();
        let starts: Vec<u32> = segments.iter().skip(1).map(|next| next.span.start()).collect();
        for (index, segment) in segments.iter_mut().enumerate() {
            let glued = starts.get(index) == Some(&segment.span.end());
            let details = self.of_segment(segment, index + 1 == count, glued, shown);
            segment.details = Some(Box::new(details));
        }
    }

    fn of_segment(
        &self,
        segment: &Segment,
        last: bool,
        glued: bool,
        shown: &mut Shown,
    ) -> SegmentDetails {
        let Options { details, mask: template, .. } = self.settled.options;
        let span = self.relative(segment.span);
        let text = span.slice(self.text).unwrap_or("");
        let normal =
            (details.normal_text || details.masked_text).then(|| self.normal(text, segment.span));
        let masked = normal.as_ref().filter(|_| details.masked_text).map(|normal| {
            let kept = inside(&self.kept, span, self.settled.span.start());
            mask(text, normal, &kept, template)
        });
        let home = &self.settled.language;
        let spoken = self.spoken.as_ref().filter(|_| details.segment_languages);
        let language = spoken.map(|spoken| match span.range() == (0..self.text.len()) {
            true => home.clone(),
            false => spoken.detect_within(span, home),
        });
        SegmentDetails {
            identity: details
                .identities
                .then(|| shown.seen.name(IdentityScope::Segment, text, segment.number)),
            language,
            kind: details.segment_types.then(|| segment_type(text, self.settled.role.kind)),
            counts: details.counts.then(|| count::counts(text)),
            warnings: if details.warnings { self.warnings(span, last, glued) } else { Vec::new() },
            normal: normal.filter(|_| details.normal_text),
            masked,
        }
    }

    fn normal(&self, text: &str, source: Span) -> NormalText {
        let rows = RepairRows {
            rules: self.settled.tailoring.repairs,
            lexicon: self.settled.tailoring.lexicon,
        };
        let span = self.relative(source);
        let kept = inside(&self.kept, span, 0);
        let own = |spans: &[Span]| -> Vec<Span> {
            spans
                .iter()
                .map(|one| Span::new(one.start() - span.start(), one.end() - span.start()))
                .collect()
        };
        let mismatched = inside(&self.mismatched, span, 0);
        repair(text, source, rows, &own(&kept), &own(&mismatched))
    }

    /// Warnings with places in the document.
    fn warnings(&self, span: Span, last: bool, glued: bool) -> Vec<Warning> {
        let text = span.slice(self.text).unwrap_or("");
        let words_max =
            self.settled.options.segment_words_max.unwrap_or(Options::SEGMENT_WORDS_MAX);
        // A word takes two bytes at least, with the space.
        let overlong = text.len() / 2 >= words_max as usize && count::words(text) > words_max;
        let site = SegmentSite {
            unit: self.text,
            kind: self.settled.role.kind,
            span,
            last,
            glued,
            overlong,
            foreign: &self.foreign,
            odd_marks: &self.odd_marks,
            lexicon: self.settled.tailoring.lexicon,
        };
        let base = self.settled.span.start();
        let mut found = warnings(&site, self.settled.tailoring.warnings);
        for warning in &mut found {
            if warning.kind == WarningKind::Overlong {
                let points = self.splitter().points(span, words_max, count::words);
                warning.split_points = points.into_iter().map(|point| point + base).collect();
            }
            warning.span = warning.span.shifted(base);
        }
        found
    }

    /// The segments as they are to be packed: those over the budget in pieces.
    pub(super) fn packed(&self, segments: &[Segment], packing: &Packing) -> Vec<PackedSegment> {
        let mut packed = Vec::with_capacity(segments.len());
        let base = self.settled.span.start();
        let normal = |source: Span| {
            let text = self.relative(source).slice(self.text).unwrap_or("");
            if packing.normal { self.normal(text, source).text } else { text.into() }
        };
        for segment in segments {
            let span = self.relative(segment.span);
            // Repaired text may be a little longer or shorter than its source.
            let points = self.splitter().points(span, packing.budget, |text| packing.size(text));
            let starts = std::iter::once(span.start()).chain(points.iter().copied());
            let ends = points.iter().copied().chain(std::iter::once(span.end()));
            for (start, end) in starts.zip(ends) {
                let piece = self.text.get(start as usize..end as usize).unwrap_or("");
                let length = u32::try_from(piece.trim_end().len()).unwrap_or(u32::MAX);
                let source = Span::new(start, start + length).shifted(base);
                packed.push(PackedSegment {
                    segment_number: segment.number,
                    unit_number: self.settled.number,
                    identity: segment.details.as_ref().and_then(|details| details.identity),
                    source,
                    text: normal(source),
                });
            }
        }
        packed
    }

    fn splitter(&self) -> Splitter<'_> {
        Splitter {
            text: self.text,
            marks: self.marks,
            whole: &self.whole,
            lexicon: self.settled.tailoring.lexicon,
        }
    }

    fn relative(&self, span: Span) -> Span {
        let base = self.settled.span.start();
        Span::new(span.start().saturating_sub(base), span.end().saturating_sub(base))
    }
}

fn packing_is_normal(settled: &Settled<'_>) -> bool {
    settled.options.packing.is_some_and(|packing| packing.normal)
}

fn find_quotations(
    text: &str,
    marks: &Marks,
    settled: &Settled<'_>,
    shown: &mut Shown,
) -> Vec<Quotation> {
    let attributions = AttributionRows {
        rules: settled.tailoring.attributions,
        lexicon: settled.tailoring.lexicon,
    };
    let words = QuotationWords { attributions, unit_number: settled.number };
    let running = matches!(settled.role.kind, BlockKind::Paragraph | BlockKind::ListItem);
    quotation::find(text, marks, running, words, &mut shown.open_quotation, &mut shown.seen)
}

/// Passages in another language than the unit's: two words at least, not all in capitals, which say
/// little of their language.
fn foreign_passages(
    text: &str,
    spoken: &Spoken<'_>,
    home: &Detection,
) -> impl Iterator<Item = Annotation> {
    let prose = |found: &Passage| {
        let passage = found.span.slice(text).unwrap_or("");
        passage.contains(char::is_whitespace) && passage.contains(char::is_lowercase)
    };
    let found: Vec<Passage> = spoken.passages(home).into_iter().filter(prose).collect();
    found.into_iter().map(|passage| Annotation {
        kind: AnnotationKind::ForeignPassage,
        span: passage.span,
        keep: false,
        value: Some(passage.tag.as_str().into()),
        rule: FOREIGN_PASSAGE,
    })
}

/// The spans of those that `wants`, without those inside another.
fn outermost(annotations: &[Annotation], wants: fn(&Annotation) -> bool) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for one in annotations.iter().filter(|one| wants(one)) {
        if spans.last().is_none_or(|last| last.end() <= one.span.start()) {
            spans.push(one.span);
        }
    }
    spans
}

/// The spans that lie inside `span`, moved by `by`.
fn inside(spans: &[Span], span: Span, by: u32) -> Vec<Span> {
    let from = spans.partition_point(|one| one.start() < span.start());
    let until = spans.partition_point(|one| one.start() < span.end());
    let within = spans.get(from..until).unwrap_or_default().iter();
    within.filter(|one| one.end() <= span.end()).map(|one| one.shifted(by)).collect()
}

/// What a segment is as a sentence, by the marks that close it.
fn segment_type(text: &str, kind: BlockKind) -> SegmentType {
    let closing = |c: char| is_ignorable(c) || "\"'»”’“‘)]}>".contains(c) || is_emoji_part(c);
    let end = text.trim_end_matches(closing);
    let marks = end.chars().rev().take_while(|c| ".!?…".contains(*c) || is_ignorable(*c));
    let (mut asks, mut calls, mut ends) = (false, false, end.ends_with(':'));
    for c in marks {
        asks |= c == '?';
        calls |= c == '!';
        ends |= c == '.' || c == '…';
    }
    match kind {
        _ if asks => SegmentType::Question,
        _ if calls => SegmentType::Exclamation,
        BlockKind::Headline | BlockKind::Subheadline | BlockKind::Heading => SegmentType::Heading,
        BlockKind::ListItem => SegmentType::ListItem,
        _ if ends => SegmentType::Declarative,
        _ => SegmentType::Fragment,
    }
}

impl Details {
    /// Whether something has to be known of units for these.
    pub(super) fn of_units(self) -> bool {
        self.annotations || self.quotations || self.of_segments()
    }
}
