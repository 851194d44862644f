//! Text → lines, as soon as each is complete.

use memchr::memmem::Finder;
use std::sync::LazyLock;

/// One line of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Offset of its first byte in the text given.
    pub start: usize,
    /// Offset after its last byte, the line end not counted.
    pub end: usize,
    /// Offset after its line end: where the next line begins.
    pub next: usize,
    /// No line end was found within the limit: the line is cut and goes on in the next.
    pub cut: bool,
}

/// Cuts text into lines.
#[derive(Clone, Copy, Debug)]
pub struct LineCutter {
    /// A line without end by then is cut.
    pub line_bytes_max: usize,
}

impl LineCutter {
    /// The next complete line of `text` from `start` on; `None` while its end has not arrived.
    /// `search_from` is where the search may begin: what lies before it was searched already.
    ///
    /// Line ends are those of UAX #14: LF, CRLF, CR, NEL, LS, PS. With `last`, the end of the text
    /// ends its last line.
    pub fn next(&self, text: &str, start: usize, search_from: usize, last: bool) -> Option<Line> {
        let limit = start + self.line_bytes_max;
        let window = text.floor_char_boundary(limit.min(text.len()));
        // A line of just the limit is whole: its end may begin right behind it.
        let until = (window + 1).min(text.len());
        if let Some((end, next)) = find_line_end(text, search_from.max(start), until) {
            // A carriage return at the very end of what has arrived may be half of CRLF.
            let half = next == text.len() && text.ends_with('\r') && !last;
            return (!half).then_some(Line { start, end, next, cut: false });
        }
        if text.len() > limit {
            let end = cut_place(text, start, window);
            return Some(Line { start, end, next: end, cut: true });
        }
        (last && start < text.len()).then_some(Line {
            start,
            end: text.len(),
            next: text.len(),
            cut: false,
        })
    }
}

/// NEL, LS and PS, made ready to be searched once for all lines.
static RARE_LINE_ENDS: LazyLock<[Finder<'_>; 3]> =
    LazyLock::new(|| ["\u{85}", "\u{2028}", "\u{2029}"].map(Finder::new));

/// First line end at or after `from` that begins before `until`: where it begins and ends.
fn find_line_end(text: &str, from: usize, until: usize) -> Option<(usize, usize)> {
    let haystack = text.as_bytes().get(from..until)?;
    let ascii = memchr::memchr2(b'\n', b'\r', haystack).map(|at| from + at);
    let searched = ascii.map_or(until, |at| at);
    // NEL is C2 85; LS and PS are E2 80 A8 and E2 80 A9. They are rare, E2 is not: quotation
    // marks and dashes begin with it, so the three-byte form is what is searched.
    let rare = RARE_LINE_ENDS.iter().filter_map(|rare| {
        let length = rare.needle().len();
        let end = (searched + length).min(text.len());
        let found = rare.find(text.as_bytes().get(from..end)?)?;
        (from + found < searched).then_some((from + found, from + found + length))
    });
    if let Some(found) = rare.min() {
        return Some(found);
    }
    let at = ascii?;
    let crlf = text.get(at..)?.starts_with("\r\n");
    Some((at, at + if crlf { 2 } else { 1 }))
}

/// Where an overlong line is cut: after what looks like its last sentence end, else its last space,
/// else at a character; never in the first half. Rules cannot be asked: the language may not be
/// known yet.
fn cut_place(text: &str, start: usize, window: usize) -> usize {
    let half = text.ceil_char_boundary(start + (window - start) / 2);
    let tail = text.get(half..window).unwrap_or("");
    let mut best_space = None;
    let mut best_stop = None;
    let mut previous = [' '; 2];
    for (at, c) in tail.char_indices() {
        if c.is_whitespace() {
            best_space = Some(at);
        }
        if c.is_uppercase() && previous[1].is_whitespace() && ".!?".contains(previous[0]) {
            best_stop = Some(at);
        }
        previous = [previous[1], c];
    }
    half + best_stop.or(best_space).unwrap_or(tail.len())
}
