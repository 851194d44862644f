//! What may be wrong with a segment: rows, and what they may ask.
//!
//! Invariant: a warning never changes what it warns of; each names the row that found it.

use crate::document::{Annotation, AnnotationKind, BlockKind, Quotation, Warning, WarningKind};
use crate::rule::RuleId;
use crate::sentence::{Class, Lexicon};
use crate::text::{Span, mojibake_at};

/// One row: finds one kind of damage.
#[derive(Clone, Copy, Debug)]
pub struct WarningRule {
    /// Stable name.
    pub id: RuleId,
    /// What it warns of.
    pub kind: WarningKind,
    /// Why, in one sentence.
    pub why: &'static str,
    /// Paragraphs with `⟦⟧` around the place that this very row finds.
    pub examples: &'static [&'static str],
    /// The place, relative to the unit, where there is one.
    pub finds: fn(&SegmentSite<'_>) -> Option<Span>,
}

/// A segment with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct SegmentSite<'a> {
    /// Text of the unit.
    pub unit: &'a str,
    /// Function of the unit.
    pub kind: BlockKind,
    /// Place of the segment in the unit.
    pub span: Span,
    /// Whether it is the last of the unit.
    pub last: bool,
    /// Whether the next segment follows without white space.
    pub glued: bool,
    /// Whether it is longer than machine translation takes without loss.
    pub overlong: bool,
    /// Typed stretches of the unit, relative to it.
    pub annotations: &'a [Annotation],
    /// Quotations of the unit, relative to it.
    pub quotations: &'a [Quotation],
    /// Quotation marks of the unit that close and have no fellow.
    pub loose_closers: &'a [Span],
    /// Words of the language.
    pub lexicon: &'a Lexicon,
}

impl<'a> SegmentSite<'a> {
    /// Text of the segment.
    pub fn text(&self) -> &'a str {
        self.span.slice(self.unit).unwrap_or("")
    }

    /// A range of [`SegmentSite::text`] as a place in the unit.
    pub fn place(&self, range: std::ops::Range<usize>) -> Span {
        Span::of(range).shifted(self.span.start())
    }

    /// The empty place behind the segment.
    pub fn end(&self) -> Span {
        Span::new(self.span.end(), self.span.end())
    }

    /// The first stretch of `text` that garbled characters take up.
    pub fn mojibake(&self) -> Option<Span> {
        let text = self.text();
        let first = text
            .char_indices()
            .filter(|(_, c)| !c.is_ascii())
            .find_map(|(at, _)| mojibake_at(text.get(at..)?).map(|(_, length)| at..at + length))?;
        Some(self.place(first))
    }

    /// The first mark of a quotation that does not belong with its fellow, or has none.
    pub fn odd_quotation_mark(&self) -> Option<Span> {
        let inside = |mark: &Span| self.span.contains(mark.start());
        let odd = self.quotations.iter().filter(|quotation| {
            quotation.mismatched || quotation.closing.is_none() && quotation.opening.is_some()
        });
        let odd = odd.filter_map(|quotation| quotation.closing.or(quotation.opening));
        let closing = |mark: &&Span| {
            !self.quotations.iter().any(|quotation| quotation.closing.as_ref() == Some(mark))
        };
        let loose = self.loose_closers.iter().filter(closing).copied();
        odd.chain(loose).filter(inside).min()
    }

    /// The first passage in another language that does not take up all of the segment.
    pub fn foreign_passage(&self) -> Option<Span> {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
        let foreign = self.annotations.iter().filter(|annotation| {
            annotation.kind == AnnotationKind::ForeignPassage
                && annotation.span.start() < self.span.end()
                && self.span.start() < annotation.span.end()
        });
        let whole = letters(self.text());
        foreign
            .map(|annotation| {
                Span::new(
                    annotation.span.start().max(self.span.start()),
                    annotation.span.end().min(self.span.end()),
                )
            })
            .find(|span| letters(span.slice(self.unit).unwrap_or("")) < whole)
    }

    /// The words of the segment with their places in it.
    pub fn words(&self) -> impl Iterator<Item = (usize, &'a str)> {
        let text = self.text();
        text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'))
            .filter(|word| !word.is_empty())
            .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
    }

    /// Whether the lexicon has `word` in `class`.
    pub fn has(&self, word: &str, class: Class) -> bool {
        self.lexicon.has(word, class)
    }
}

/// Asks every row: each may find one place.
pub fn warnings(site: &SegmentSite<'_>, rules: &[&[WarningRule]]) -> Vec<Warning> {
    let mut found: Vec<Warning> = rules
        .iter()
        .copied()
        .flatten()
        .filter_map(|row| {
            let span = (row.finds)(site)?;
            Some(Warning { kind: row.kind, span, split_points: Vec::new(), rule: row.id })
        })
        .collect();
    found.sort_by_key(|warning| (warning.span, warning.kind));
    found
}
