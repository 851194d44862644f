//! From marks to quotations.

use super::attribution::{AttributionRows, QuotationSite, attribute};
use super::single;
use crate::document::{Identity, IdentityScope, Quotation};
use crate::identity::Seen;
use crate::inline::{Marks, PairKind};
use crate::text::Span;

/// Units behind the one in which a quotation opened that may still close it.
pub const UNITS_OPEN_MAX: u32 = 8;

/// Bytes of a quotation that its name is made of: the rest may not have arrived.
const NAME_BYTES_MAX: usize = 64;

/// Quotations before and behind one that are looked at for where its surroundings end.
const NEIGHBOURS_MAX: usize = 16;

/// A quotation that the units before left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenQuotation {
    identity: Identity,
    opening: char,
    /// Units since it opened or was last gone on with.
    units: u32,
}

/// What quotations are found by, beside their marks.
#[derive(Clone, Copy, Debug)]
pub struct QuotationWords<'a> {
    /// Rows that say whose words they are.
    pub attributions: AttributionRows<'a>,
    /// Number of the unit.
    pub unit_number: u32,
}

/// A quotation before it has a name.
struct Draft {
    open: Option<Span>,
    close: Option<Span>,
    span: Span,
}

/// The quotations of a unit, by the place where they begin; spans are relative to the unit.
///
/// `open` is what the units before left open; what this one leaves open stands there afterwards.
/// Only running text can go on with a quotation: say `running`.
pub fn find(
    text: &str,
    marks: &Marks,
    running: bool,
    words: QuotationWords<'_>,
    open: &mut Option<OpenQuotation>,
    seen: &mut Seen,
) -> Vec<Quotation> {
    let mut before = if running { open.take() } else { None };
    let drafts = drafts(text, marks, words.attributions, before.is_some());
    let mut found: Vec<Quotation> = Vec::with_capacity(drafts.len());
    let mut around: Vec<u32> = Vec::new();
    let mut continued = false;
    for (index, draft) in drafts.iter().enumerate() {
        while around.last().is_some_and(|end| *end <= draft.span.start()) {
            around.pop();
        }
        // The head of the unit goes on with what was open: without an opening mark, or with the
        // mark of the paragraph before said once more.
        let first = index == 0 && draft.span.start() == 0;
        let goes_on = before.filter(|last| {
            let mark = mark_of(text, draft.open);
            first && (mark.is_none_or(|mark| mark == last.opening || mark == '»'))
        });
        continued |= goes_on.is_some();
        let identity = match goes_on {
            Some(last) => last.identity,
            None => seen.name(IdentityScope::Quotation, named_by(text, draft), words.unit_number),
        };
        found.push(Quotation {
            identity,
            depth: u32::try_from(around.len()).unwrap_or(u32::MAX).saturating_add(1),
            span: draft.span,
            opening: draft.open,
            closing: draft.close,
            // Paragraphs that go on begin with the closing mark in the older manner.
            mismatched: goes_on.is_none()
                && is_mismatched(mark_of(text, draft.open), mark_of(text, draft.close)),
            continued: goes_on.is_some(),
            attribution: None,
        });
        around.push(draft.span.end());
    }
    attribute_all(text, &mut found, words.attributions);
    if running {
        let left_open = found.iter().find(|quotation| quotation.closing.is_none());
        let opened = left_open.and_then(|quotation| {
            let again = before.filter(|_| quotation.continued);
            let opening = mark_of(text, quotation.opening).or(again.map(|last| last.opening))?;
            Some(OpenQuotation { identity: quotation.identity, opening, units: 0 })
        });
        // A paragraph without a word of it may stand between two of its parts.
        let waits = before
            .take()
            .filter(|_| !continued)
            .map(|last| OpenQuotation { units: last.units + 1, ..last });
        *open = opened.or(waits.filter(|last| last.units < UNITS_OPEN_MAX));
    }
    found
}

fn attribute_all(text: &str, found: &mut [Quotation], rows: AttributionRows<'_>) {
    let spans: Vec<(Span, u32)> = found
        .iter()
        .map(|one| (one.span, one.opening.map_or(one.span.start(), Span::end)))
        .collect();
    for (index, quotation) in found.iter_mut().enumerate() {
        let span = quotation.span;
        // Back to where the last quotation ended, or the one around this began.
        let before = spans.get(..index).unwrap_or_default().iter().rev().take(NEIGHBOURS_MAX);
        let from = before.map(
            |(other, inner)| {
                if other.end() <= span.start() { other.end() } else { *inner }
            },
        );
        let behind = spans.get(index + 1..).unwrap_or_default().iter().take(NEIGHBOURS_MAX);
        let until = behind.map(|(other, _)| other.start()).find(|start| *start >= span.end());
        let site =
            QuotationSite::new(text, quotation, from.max().unwrap_or(0), until, rows.lexicon);
        quotation.attribution = attribute(&site, rows.rules);
    }
}

/// Quotations as their marks show them: pairs, openings without end, the end of an earlier one.
fn drafts(text: &str, marks: &Marks, rows: AttributionRows<'_>, goes_on: bool) -> Vec<Draft> {
    let whole = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let pairs = || marks.pairs.iter().filter(|pair| pair.kind == PairKind::Quotation);
    let mut drafts: Vec<Draft> = pairs()
        .map(|pair| Draft {
            open: Some(pair.open),
            close: Some(pair.close),
            span: Span::new(pair.open.start(), pair.close.end()),
        })
        .collect();
    let singles = single::pairs(text, &marks.loose_closers, rows.lexicon);
    let taken = |mark: &Span| {
        singles.binary_search_by_key(&mark.start(), |(_, close)| close.start()).is_ok()
    };
    // The first mark that closes without fellow ends what came from before.
    let ends = marks.loose_closers.iter().find(|mark| !taken(mark)).filter(|_| goes_on);
    if let Some(mark) = ends {
        drafts.push(Draft { open: None, close: Some(*mark), span: Span::new(0, mark.end()) });
    }
    drafts.extend(singles.iter().map(|(open, close)| Draft {
        open: Some(*open),
        close: Some(*close),
        span: Span::new(open.start(), close.end()),
    }));
    // Of several openings without end the last has the best claim to what follows.
    let paired: Vec<u32> = pairs().map(|pair| pair.open.start()).collect();
    let loose = marks.openers.iter().rev().find(|at| paired.binary_search(at).is_err());
    if let Some(at) = loose {
        let length = text.get(*at as usize..).map_or(1, |rest| {
            let mark = rest.chars().next().map_or(1, char::len_utf8);
            let single = rest.starts_with(['<', '\'', '‘', '’']);
            if single { mark * 2 } else { mark }
        });
        let mark = Span::new(*at, at.saturating_add(u32::try_from(length).unwrap_or(1)));
        let span = Span::new(*at, whole);
        drafts.push(Draft { open: Some(mark), close: None, span });
    }
    drafts.sort_by_key(|draft| (draft.span.start(), u32::MAX - draft.span.end()));
    drafts
}

/// What a quotation is named by: its first words, without the mark.
fn named_by<'t>(text: &'t str, draft: &Draft) -> &'t str {
    let from = draft.open.map_or(draft.span.start(), Span::end) as usize;
    let until = draft.close.map_or(draft.span.end(), Span::start) as usize;
    let inner = text.get(from..until).unwrap_or("");
    inner.get(..inner.floor_char_boundary(NAME_BYTES_MAX)).unwrap_or(inner)
}

fn mark_of(text: &str, mark: Option<Span>) -> Option<char> {
    mark?.slice(text)?.chars().next()
}

/// Whether an opening and a closing mark are of no pair that papers use.
fn is_mismatched(open: Option<char>, close: Option<char>) -> bool {
    let (Some(open), Some(close)) = (open, close) else { return false };
    let regular = matches!(
        (open, close),
        ('«', '»')
            | ('“' | '„' | '‟', '”')
            | ('„', '“')
            | ('"', '"')
            | ('＂', '＂')
            | ('<', '>')
            | ('‘' | '‚', '’')
            | ('\'', '\'')
    );
    !regular
}
