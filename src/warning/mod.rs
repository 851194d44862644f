//! What may be wrong with a segment: rows, and what they may ask.
//!
//! Invariant: a warning never changes what it warns of; each names the row that found it.

use crate::document::{BlockKind, Quotation, Warning, WarningKind};
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
    /// Passages of the unit in other languages, ascending, relative to it.
    pub foreign: &'a [Span],
    /// Marks of quotations of the unit that do not belong with their fellow, or have none,
    /// ascending.
    pub odd_marks: &'a [Span],
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
        let from = self.odd_marks.partition_point(|mark| mark.start() < self.span.start());
        self.odd_marks.get(from).copied().filter(|mark| self.span.contains(mark.start()))
    }

    /// The first passage in another language that does not take up all of the segment.
    pub fn foreign_passage(&self) -> Option<Span> {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
        let whole = letters(self.text());
        let from = self.foreign.partition_point(|passage| passage.end() <= self.span.start());
        let passages = self.foreign.get(from..).unwrap_or_default().iter();
        passages
            .take_while(|passage| passage.start() < self.span.end())
            .map(|passage| {
                let start = passage.start().max(self.span.start());
                Span::new(start, passage.end().min(self.span.end()))
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

/// The marks of a unit's quotations that do not belong with their fellow, or have none, ascending;
/// `loose_closers` are those that close and open nothing.
pub fn odd_marks(quotations: &[Quotation], loose_closers: &[Span]) -> Vec<Span> {
    let odd = quotations.iter().filter(|quotation| {
        quotation.mismatched || quotation.closing.is_none() && quotation.opening.is_some()
    });
    let mut marks: Vec<Span> = odd.filter_map(|one| one.closing.or(one.opening)).collect();
    let mut closing: Vec<Span> = quotations.iter().filter_map(|one| one.closing).collect();
    closing.sort();
    let alone = |mark: &&Span| closing.binary_search(mark).is_err();
    marks.extend(loose_closers.iter().filter(alone));
    marks.sort();
    marks
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
