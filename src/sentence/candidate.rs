//! Where a sentence may end: after a run of terminators with all that closes with it, and at a
//! line end inside a block.
//!
//! UAX #29 gives a boundary only after a terminator or a paragraph separator, so these candidates
//! hold every boundary of the annex, and more: after an ellipsis, without a space, before an
//! emoji.

use super::plain;
use crate::inline::Marks;
use crate::text::{
    BytePlaces, ByteSet, Span, is_emoji, is_emoji_part, is_ignorable, is_terminator,
};

/// What makes a place a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A run of terminators.
    Terminator,
    /// A line end without terminator before it.
    LineEnd,
    /// A colon or semicolon, where the caller wants clauses apart.
    Clause,
}

/// Marks between clauses at which a caller wants segments to end as well, against policy S4: some
/// treebanks and translation set-ups do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClauseMarks {
    /// `:` before white space.
    pub colon: bool,
    /// `;` before white space.
    pub semicolon: bool,
}

impl ClauseMarks {
    fn has(self, c: char) -> bool {
        self.colon && c == ':' || self.semicolon && c == ';'
    }
}

/// A place where a sentence may end, with what stands right before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What makes it one.
    pub origin: Origin,
    /// From the first terminator to the end of what closes with it. The boundary, if it is one,
    /// stands at its end.
    pub cluster: Span,
    /// The first run of terminators: `...` of `...».`
    pub terminator: Span,
    /// White space and invisible characters after the cluster.
    pub gap: Span,
    /// The cluster holds a question or exclamation mark.
    pub asks_or_exclaims: bool,
    /// Its last terminators are an ellipsis: `…` or two or more full stops.
    pub ellipsis: bool,
    /// The last terminator of the cluster stands after a closing mark: `?».`
    pub stop_after_closer: bool,
    /// A closing quotation mark or bracket is part of the cluster.
    pub has_closer: bool,
    /// An emoji is part of the cluster.
    pub has_emoji: bool,
}

impl Candidate {
    /// A candidate at `at` without terminator, with white space up to `gap_end`.
    fn bare(origin: Origin, at: usize, gap_end: usize) -> Candidate {
        Candidate {
            origin,
            cluster: Span::of(at..at),
            terminator: Span::of(at..at),
            gap: Span::of(at..gap_end),
            asks_or_exclaims: false,
            ellipsis: false,
            stop_after_closer: false,
            has_closer: false,
            has_emoji: false,
        }
    }
}

/// The candidates of one block, ascending. The end of the block is none.
#[derive(Debug)]
pub struct Candidates<'a> {
    text: &'a str,
    marks: &'a Marks,
    clauses: ClauseMarks,
    places: BytePlaces<'a, MayBegin>,
}

impl<'a> Candidates<'a> {
    /// Candidates of a trimmed block.
    pub fn new(text: &'a str, marks: &'a Marks, clauses: ClauseMarks) -> Candidates<'a> {
        let places = BytePlaces::of(text.as_bytes(), MayBegin::with(clauses));
        Candidates { text, marks, clauses, places }
    }
}

impl Iterator for Candidates<'_> {
    type Item = Candidate;

    fn next(&mut self) -> Option<Candidate> {
        loop {
            let (at, c) = self.next_interesting()?;
            let candidate = if is_line_end(c) {
                self.line_end(at)
            } else if self.clauses.has(c) {
                let end = at + c.len_utf8();
                let gap = gap_after(self.text, end);
                Candidate {
                    cluster: Span::of(at..end),
                    ..Candidate::bare(Origin::Clause, end, gap)
                }
            } else if plain::stop_alone(self.text.as_bytes(), at) {
                Candidate {
                    cluster: Span::of(at..at + 1),
                    terminator: Span::of(at..at + 1),
                    ..Candidate::bare(Origin::Terminator, at + 1, at + 2)
                }
            } else {
                Cluster::read(self.text, self.marks, at)
            };
            let end = candidate.cluster.end().max(candidate.gap.end()) as usize;
            self.places.skip_to(end.max(at + c.len_utf8()));
            if (candidate.gap.end() as usize) < self.text.len() {
                return Some(candidate);
            }
            if (candidate.cluster.end() as usize) >= self.text.len() {
                return None;
            }
        }
    }
}

impl Candidates<'_> {
    /// The next terminator, line end or mark between clauses.
    fn next_interesting(&mut self) -> Option<(usize, char)> {
        loop {
            let at = self.places.next()?;
            let c = self.text.get(at..)?.chars().next()?;
            if is_line_end(c) || c == '…' || is_terminator(c) || self.clauses.has(c) {
                return Some((at, c));
            }
        }
    }

    fn line_end(&self, at: usize) -> Candidate {
        let before = self.text.get(..at).unwrap_or("").trim_end_matches(is_ignorable).len();
        let gap = gap_after(self.text, before);
        Candidate::bare(Origin::LineEnd, before, gap)
    }
}

/// Reads one cluster.
struct Cluster<'a> {
    text: &'a str,
    marks: &'a Marks,
    end: usize,
    found: Candidate,
    /// Full stops in the run of terminators at hand.
    stops: u32,
}

impl<'a> Cluster<'a> {
    fn read(text: &'a str, marks: &'a Marks, at: usize) -> Candidate {
        let found = Candidate::bare(Origin::Terminator, at, at);
        let mut cluster = Cluster { text, marks, end: at, found, stops: 0 };
        while !cluster.is_over()
            && (cluster.terminators(at)
                || cluster.closer()
                || cluster.note_mark()
                || cluster.emoji())
        {}
        let Cluster { end, mut found, .. } = cluster;
        found.cluster = Span::of(at..end);
        found.gap = Span::of(end..gap_after(text, end));
        found
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.end..).unwrap_or("")
    }

    /// A letter or figure follows, at once or behind spaces: most often nothing more belongs to it.
    fn is_over(&self) -> bool {
        let rest = self.rest().as_bytes();
        rest.iter().find(|byte| **byte != b' ').is_some_and(u8::is_ascii_alphanumeric)
    }

    /// A run of terminators, spelled with spaces (`. . .`) or without.
    fn terminators(&mut self, start: usize) -> bool {
        let before = self.end;
        let mut stops = 0;
        let mut dots = false;
        loop {
            let rest = self.rest();
            let Some(c) = rest.chars().next() else { break };
            if c == '.' {
                stops += 1;
            } else if c == '…' {
                dots = true;
            } else if is_terminator(c) {
                self.found.asks_or_exclaims = true;
            } else if stops == 1 && self.end == before + 1 && spaced_ellipsis(rest) > 0 {
                self.end += spaced_ellipsis(rest);
                dots = true;
                continue;
            } else {
                break;
            }
            self.end += c.len_utf8();
        }
        if self.end == before {
            return false;
        }
        self.stops = stops;
        self.found.ellipsis = dots || stops > 1;
        self.found.stop_after_closer = self.found.has_closer;
        if before == start {
            self.found.terminator = Span::of(start..self.end);
        }
        true
    }

    /// A mark that closes here, directly or after a space.
    fn closer(&mut self) -> bool {
        let rest = self.rest();
        let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
        let Some(c) = rest.get(gap..).and_then(|rest| rest.chars().next()) else { return false };
        let at = self.end + gap;
        let after = rest.get(gap + c.len_utf8()..).unwrap_or("").chars().next();
        let doubled = c == '>' && after == Some('>');
        let paired =
            || u32::try_from(at).ok().is_some_and(|at| self.marks.closing_at(at).is_some());
        let opens = || u32::try_from(at).ok().is_some_and(|at| self.marks.is_opener(at));
        let word_follows = after.is_some_and(char::is_alphanumeric);
        let closes = match c {
            // A bracket or mark that is away from the stop must be known to close something.
            ')' | ']' | '}' | '"' | '«' | '“' | '”' | '»' | '„' if gap > 0 => {
                gap <= 4 && paired() && !word_follows
            }
            ')' | ']' | '}' => true,
            '»' | '”' | '"' | '“' | '«' | '„' | '＂' => !opens(),
            '’' | '\'' | '‘' | '›' if gap == 0 => !word_follows,
            '>' => doubled && gap == 0,
            // A dash that closes what a dash opened: `– non ne ritorna più!– Giova`.
            '–' | '—' => gap == 0 && after.is_some_and(char::is_whitespace),
            _ => false,
        };
        if closes {
            self.end = at + c.len_utf8() + usize::from(doubled);
            self.found.has_closer = true;
        }
        closes
    }

    /// A reference to a note: superscript digits, `[1]`, an asterisk.
    fn note_mark(&mut self) -> bool {
        let rest = self.rest();
        let superscript = rest
            .find(|c: char| !matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | '†' | '‡' | '*'))
            .unwrap_or(rest.len());
        let bracketed = rest.strip_prefix('[').map_or(0, |inner| {
            let tail = inner.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = inner.len() - tail.len();
            if (1..=3).contains(&digits) && tail.starts_with(']') { digits + 2 } else { 0 }
        });
        let length = superscript.max(bracketed);
        let followed = rest.get(length..).unwrap_or("").chars().next();
        if length == 0 || followed.is_some_and(|c| c.is_alphanumeric() && bracketed == 0) {
            return false;
        }
        self.end += length;
        true
    }

    /// Emoji after the mark go with the sentence before (policy S15).
    fn emoji(&mut self) -> bool {
        let rest = self.rest();
        let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
        let run = rest.get(gap..).unwrap_or("");
        let first = run.chars().next().is_some_and(is_emoji);
        if !first {
            return false;
        }
        let length = run.find(|c: char| !is_emoji(c) && !is_emoji_part(c)).unwrap_or(run.len());
        // A pictograph that opens the block as well is the bullet of a list.
        let bullet = run.get(..length).is_some_and(|sign| self.text.starts_with(sign));
        if bullet && run.get(length..).is_some_and(|rest| rest.starts_with(is_ignorable)) {
            return false;
        }
        self.end += gap + length;
        self.found.has_emoji = true;
        true
    }
}

/// Stops of one spaced ellipsis that are looked at: keeps a line of stops linear.
const SPACED_STOPS_MAX: u32 = 32;

/// Length of ` . .` at the head of `rest`: the second and later stops of a spaced ellipsis.
fn spaced_ellipsis(rest: &str) -> usize {
    let mut length = 0;
    let mut count = 0;
    while count < SPACED_STOPS_MAX
        && rest
            .get(length..)
            .is_some_and(|rest| rest.starts_with(" .") || rest.starts_with("\u{a0}."))
    {
        let step = if rest.get(length..).is_some_and(|rest| rest.starts_with(' ')) { 2 } else { 3 };
        length += step;
        count += 1;
    }
    let followed = rest.get(length..).unwrap_or("").chars().next();
    let run_goes_on = followed.is_some_and(|c| c == '.' || c.is_alphanumeric());
    if count >= 2 && !run_goes_on { length } else { 0 }
}

fn gap_after(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    text.len() - rest.trim_start_matches(is_ignorable).len()
}

/// Bytes that may begin a terminator, a line end or a mark between clauses at which segments end:
/// all others are passed over.
#[derive(Clone, Copy, Debug)]
struct MayBegin {
    /// The two marks between clauses; a full stop in place of one at which no segment ends.
    clauses: [u8; 2],
}

impl MayBegin {
    fn with(clauses: ClauseMarks) -> MayBegin {
        let or_stop = |wanted: bool, mark: u8| if wanted { mark } else { b'.' };
        let ClauseMarks { colon, semicolon } = clauses;
        MayBegin { clauses: [or_stop(colon, b':'), or_stop(semicolon, b';')] }
    }
}

impl ByteSet for MayBegin {
    fn has(&self, byte: u8) -> bool {
        let [colon, semicolon] = self.clauses;
        let line_end = byte.wrapping_sub(b'\n') <= b'\r' - b'\n';
        let mark = (byte == b'.') | (byte == b'!') | (byte == b'?');
        // U+00C0..U+00FF, the accented letters of Italian, begin with C3 and hold none.
        let beyond = (byte == 0xC2) | (byte > 0xC3);
        line_end | mark | beyond | (byte == colon) | (byte == semicolon)
    }
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
