//! Single marks around a quotation: ‘così’. They are apostrophes as well, so a pair must show both
//! its ends.

use crate::sentence::{Class, Lexicon};
use crate::text::{Span, is_ignorable};

/// Bytes that such a quotation may span.
const SINGLE_BYTES_MAX: usize = 240;

/// Opening and closing marks, ascending, without overlap. Where the closing mark is a double one,
/// it stands in `loose_closers`.
pub(super) fn pairs(text: &str, loose_closers: &[Span], lexicon: &Lexicon) -> Vec<(Span, Span)> {
    let mut found: Vec<(Span, Span)> = Vec::new();
    let mut from = 0;
    for (at, mark) in text.char_indices().filter(|(_, c)| matches!(c, '‘' | '\'' | '‚')) {
        let inner = at + mark.len_utf8();
        // Two of them are a double mark.
        let doubled = text.get(inner..).is_some_and(|rest| rest.starts_with(mark))
            || text.get(..at).is_some_and(|before| before.ends_with(mark));
        if doubled || at < from || !opens(text, at, inner, lexicon) {
            continue;
        }
        let Some(close) = closing(text, inner, mark, loose_closers, lexicon) else { continue };
        from = close.range().end;
        found.push((Span::of(at..inner), close));
    }
    found
}

fn opens(text: &str, at: usize, inner: usize, lexicon: &Lexicon) -> bool {
    let before = text.get(..at).unwrap_or("").chars().next_back();
    // An apostrophe before the mark is an elision: l'‘amico’.
    let apart = before.is_none_or(|c| is_ignorable(c) || "([«“\"’'–—-/:".contains(c));
    let rest = text.get(inner..).unwrap_or("");
    let word = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let word = rest.get(..word).unwrap_or("");
    let aphaeretic = word.starts_with(char::is_lowercase) && lexicon.has(word, Class::Aphaeretic);
    // '89 is a year.
    apart && !aphaeretic && rest.starts_with(char::is_alphabetic)
}

/// The first mark that closes: `’` or `'` (or `‘` written for them) behind a word and before none.
fn closing(
    text: &str,
    inner: usize,
    open: char,
    loose_closers: &[Span],
    lexicon: &Lexicon,
) -> Option<Span> {
    let rest = text.get(inner..)?;
    let near = rest.get(..rest.floor_char_boundary(SINGLE_BYTES_MAX))?;
    for (offset, c) in near.char_indices() {
        let at = inner + offset;
        let place = u32::try_from(at).ok()?;
        if let Ok(found) = loose_closers.binary_search_by_key(&place, |mark| mark.start()) {
            return loose_closers.get(found).copied().filter(|_| open != '‚');
        }
        if "«“\"".contains(c) {
            return None;
        }
        if !matches!(c, '’' | '\'' | '‘') {
            continue;
        }
        let end = at + c.len_utf8();
        let inside = text.get(inner..at)?;
        let goes_on = text.get(end..)?.starts_with(char::is_alphanumeric);
        let behind_word = inside.ends_with(|c: char| !is_ignorable(c));
        let start = inside.rfind(|c: char| !c.is_alphabetic()).map_or(0, |at| at + 1);
        let start = inside.ceil_char_boundary(start);
        // `un po'` is cut short, not closed. A shape that only closes says more than a straight
        // one.
        let word = inside.get(start..)?;
        let elided = lexicon.has(word, Class::Elided) || word.chars().count() == 1;
        if behind_word && !goes_on && !elided {
            return Some(Span::of(at..end));
        }
    }
    None
}
