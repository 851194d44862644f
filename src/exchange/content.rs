//! A unit as its parts, and a part as runs that a translation may or may not touch.

use crate::document::{AnnotationKind, Segment, Unit};
use crate::text::Span;

/// A part of a unit, in its order: joined, their texts are the unit's.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'a> {
    /// A sentence.
    Segment(&'a Segment),
    /// White space between two, with its 1-based number in the unit.
    Ignorable(u32, Span),
}

/// The parts of a unit.
pub(super) fn parts(unit: &Unit) -> impl Iterator<Item = Part<'_>> {
    let mut ignorables = (1..).zip(unit.ignorables.iter().copied()).peekable();
    let mut segments = unit.segments.iter().peekable();
    std::iter::from_fn(move || {
        let segment = segments.peek().map(|segment| segment.span.start());
        let comes_first = |(_, span): &(u32, Span)| segment.is_none_or(|at| span.start() < at);
        match ignorables.next_if(comes_first) {
            Some((number, span)) => Some(Part::Ignorable(number, span)),
            None => segments.next().map(Part::Segment),
        }
    })
}

/// A stretch of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run<'a> {
    /// Text to be translated.
    Text(&'a str),
    /// Text that a translation carries over as it is.
    Protected(AnnotationKind, &'a str),
}

/// The runs of a part; joined, they are its text.
pub(super) fn runs(unit: &Unit, span: Span) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut at = span.start();
    let inside = |one: Span| one.start() >= span.start() && one.end() <= span.end();
    for one in unit.annotations.iter().filter(|one| one.keep && inside(one.span)) {
        // Of those that lie in each other the outermost comes first.
        if one.span.start() < at || one.span.is_empty() {
            continue;
        }
        if one.span.start() > at {
            runs.push(Run::Text(unit.slice(Span::new(at, one.span.start()))));
        }
        runs.push(Run::Protected(one.kind, unit.slice(one.span)));
        at = one.span.end();
    }
    if at < span.end() {
        runs.push(Run::Text(unit.slice(Span::new(at, span.end()))));
    }
    runs
}
