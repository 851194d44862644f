//! Text repaired for machines, with the way back to the source.

use crate::rule::RuleId;
use crate::text::Span;
use std::ops::Range;

/// A text repaired for machines. Outside its edits it is the source, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormalText {
    /// The repaired text.
    pub text: Box<str>,
    /// Place of what it was made from, in the document.
    pub source: Span,
    /// What was changed, ascending, without overlap.
    pub edits: Vec<TextEdit>,
}

/// One change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What was replaced: place in the document. Empty where something was put in.
    pub source: Span,
    /// What stands there instead: place in the repaired text. Empty where something was taken out.
    pub target: Span,
    /// The row that did it.
    pub rule: RuleId,
}

impl NormalText {
    /// The place in the document that a range of the repaired text was made from. A range that
    /// begins or ends inside an edit takes all of it in.
    ///
    /// ```
    /// use cesura::document::Event;
    /// let options = cesura::Options { details: cesura::Details::ALL, ..Default::default() };
    /// let source = "Disse:  «Sì».";
    /// let document = cesura::segment(source, &options)?;
    /// let unit = document.units().next().unwrap();
    /// let normal = unit.segments[0].details.as_ref().unwrap().normal.as_ref().unwrap();
    /// assert_eq!(&*normal.text, "Disse: \"Sì\".");
    /// let at = normal.text.find("Sì").unwrap();
    /// assert_eq!(normal.source_of(at..at + 3).slice(source), Some("Sì"));
    /// # Ok::<(), cesura::Error>(())
    /// ```
    pub fn source_of(&self, range: Range<usize>) -> Span {
        let range = Span::of(range);
        let start = (0, self.source.start());
        let edits = || self.edits.iter().map(|edit| (edit.target, edit.source));
        Span::new(
            carried(range.start(), Side::Start, start, edits()),
            carried(range.end(), Side::End, start, edits()),
        )
    }

    /// The range of the repaired text that a place in the document became: `source_of` backwards.
    pub fn target_of(&self, span: Span) -> Span {
        let start = (self.source.start(), 0);
        let edits = || self.edits.iter().map(|edit| (edit.source, edit.target));
        Span::new(
            carried(span.start(), Side::Start, start, edits()),
            carried(span.end(), Side::End, start, edits()),
        )
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Start,
    End,
}

/// Where `offset` of one text lies in the other: `start` are the beginnings of both, `edits` the
/// stretches of the one that became stretches of the other, ascending.
///
/// At an edit that took out or put in, what stands inside a range stays inside, and nothing else
/// comes in.
fn carried(
    offset: u32,
    side: Side,
    start: (u32, u32),
    edits: impl Iterator<Item = (Span, Span)>,
) -> u32 {
    let mut behind = start;
    for (from, to) in edits {
        let passed = from.end() < offset
            || from.end() == offset && (side == Side::Start || !from.is_empty());
        if !passed {
            if from.start() < offset {
                return if side == Side::End { to.end() } else { to.start() };
            }
            break;
        }
        behind = (from.end(), to.end());
    }
    behind.1 + offset.saturating_sub(behind.0)
}

/// A text with placeholders for what no translation may touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskedText {
    /// The text to be translated.
    pub text: Box<str>,
    /// What the placeholders stand for, ascending.
    pub placeholders: Vec<Placeholder>,
}

/// A placeholder with what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// As it stands in the text; nothing else in the text looks like it.
    pub token: Box<str>,
    /// Its place in the masked text.
    pub target: Span,
    /// Place in the document of what it stands for.
    pub source: Span,
    /// What goes in its place in the translation.
    pub original: Box<str>,
}
