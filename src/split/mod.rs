//! Where a sentence that is too long may be cut with the least harm.
//!
//! Invariants: a piece is never empty; a cut stands behind the white space; no cut falls into a
//! stretch that belongs together (an address, a date) as long as there is another place.

use crate::inline::Marks;
use crate::sentence::{Class, Lexicon};
use crate::text::Span;
use unicode_segmentation::UnicodeSegmentation;

/// What a place to cut at is, from the worst to the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seam {
    /// Between two characters, inside a word or a stretch that belongs together.
    Character,
    /// Between two words.
    Word,
    /// Behind a comma.
    Comma,
    /// Behind a comma, before a word that begins a clause: che, ma, mentre.
    Clause,
    /// Before a dash with spaces, or behind a bracket or quotation that closes.
    Aside,
    /// Behind a colon.
    Colon,
    /// Behind a semicolon.
    Semicolon,
}

/// A place to cut at.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Byte offset, behind the white space.
    at: usize,
    seam: Seam,
}

/// Inside a quotation or bracket a seam is this many kinds worse, but never worse than a word.
const INSIDE_LOSS: u8 = 3;

/// Bytes of a piece of a word at most, where a word is too long.
const WORD_PIECE_BYTES_MAX: usize = 1024;

/// What may be asked of a text to be cut.
#[derive(Clone, Copy, Debug)]
pub struct Splitter<'a> {
    /// The text.
    pub text: &'a str,
    /// Its quotations, brackets and addresses.
    pub marks: &'a Marks,
    /// Stretches that belong together, ascending, without overlap.
    pub whole: &'a [Span],
    /// The words of the language.
    pub lexicon: &'a Lexicon,
}

impl Splitter<'_> {
    /// Cuts `within` into pieces, none of which is over `size_max` by `size`; returns where the
    /// second and each further piece begins. Each cut is made at the best place of the second half
    /// of what fits, the last of them if there are several; where there is none, of all that fits.
    ///
    /// `size` must not shrink when a piece grows. A piece of one grapheme may be over `size_max`.
    pub fn points(&self, within: Span, size_max: u32, size: impl Fn(&str) -> u32) -> Vec<u32> {
        let mut points = Vec::new();
        let (start, end) = (within.range().start, within.range().end);
        let fits = |from: usize, to: usize| {
            size(self.text.get(from..to).unwrap_or("").trim_end()) <= size_max
        };
        if fits(start, end) {
            return points;
        }
        let places = self.places(within);
        let (mut start, mut passed) = (start, 0);
        while let Some(rest) = places.get(passed..) {
            let fitting = gallop(rest, |place| fits(start, place.at));
            if fitting == rest.len() && fits(start, end) {
                break;
            }
            let near = rest.get(..fitting).unwrap_or_default();
            let middle = start + (near.last().map_or(start, |place| place.at) - start) / 2;
            let later = near.get(near.partition_point(|place| place.at < middle)..);
            let at = later.and_then(best).unwrap_or_else(|| {
                let until = rest.first().map_or(end, |place| place.at);
                self.character(start, until, size_max, &size)
            });
            if at >= end {
                break;
            }
            points.push(Span::of(at..at).start());
            start = at;
            passed = places.partition_point(|place| place.at <= start);
        }
        points
    }

    /// The last place between two graphemes that fits, and at least one grapheme on.
    fn character(&self, start: usize, end: usize, max: u32, size: impl Fn(&str) -> u32) -> usize {
        let rest = self.text.get(start..end).unwrap_or("");
        let near = rest.get(..rest.floor_char_boundary(WORD_PIECE_BYTES_MAX)).unwrap_or(rest);
        let edges: Vec<usize> =
            near.grapheme_indices(true).map(|(at, _)| at).skip(1).chain([near.len()]).collect();
        let fitting = gallop(&edges, |at| size(near.get(..*at).unwrap_or("")) <= max);
        let edge = edges.get(fitting.saturating_sub(1)).or(edges.first());
        start + edge.copied().unwrap_or(rest.len())
    }

    /// Every place between two words, ascending.
    fn places(&self, within: Span) -> Vec<Place> {
        let text = self.text.get(within.range()).unwrap_or("");
        let mut places = Vec::new();
        let mut whole = self.whole.iter().peekable();
        let mut last = ' ';
        let mut gap = false;
        for (offset, c) in text.char_indices() {
            let at = within.range().start + offset;
            if c.is_whitespace() {
                gap = true;
                continue;
            }
            if std::mem::take(&mut gap) {
                while whole.peek().is_some_and(|span| span.end() as usize <= at) {
                    whole.next();
                }
                let inside = whole.peek().is_some_and(|span| (span.start() as usize) < at);
                if !inside {
                    places.push(Place { at, seam: self.seam(last, at) });
                }
            }
            last = c;
        }
        places
    }

    fn seam(&self, last: char, at: usize) -> Seam {
        let rest = self.text.get(at..).unwrap_or("");
        let dash = rest.starts_with(['–', '—', '-']) && rest.chars().nth(1) == Some(' ');
        let seam = match last {
            ';' => Seam::Semicolon,
            ':' => Seam::Colon,
            _ if dash => Seam::Aside,
            ')' | ']' | '»' | '”' => Seam::Aside,
            ',' => {
                let word = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len().min(32));
                let begins = self.lexicon.has(rest.get(..word).unwrap_or(""), Class::Clause);
                if begins { Seam::Clause } else { Seam::Comma }
            }
            _ => Seam::Word,
        };
        let place = Span::of(at..at).start();
        let inside = [crate::inline::PairKind::Bracket, crate::inline::PairKind::Quotation]
            .iter()
            .any(|kind| self.marks.innermost(place, *kind).is_some());
        if inside { seam.worse(INSIDE_LOSS) } else { seam }
    }
}

/// The last of the best places.
fn best(places: &[Place]) -> Option<usize> {
    let seam = places.iter().map(|place| place.seam).max()?;
    places.iter().rev().find(|place| place.seam == seam).map(|place| place.at)
}

/// How many of the first items `fits` holds for; asked of few items beyond those, since what is far
/// away is costly to ask about.
fn gallop<T>(items: &[T], fits: impl Fn(&T) -> bool) -> usize {
    let mut step = 1;
    while items.get(step - 1).is_some_and(&fits) {
        step *= 2;
    }
    let from = step / 2;
    let until = items.len().min(step);
    from + items.get(from..until).map_or(0, |near| near.partition_point(fits))
}

impl Seam {
    const ALL: [Seam; 7] = [
        Seam::Character,
        Seam::Word,
        Seam::Comma,
        Seam::Clause,
        Seam::Aside,
        Seam::Colon,
        Seam::Semicolon,
    ];

    fn worse(self, by: u8) -> Seam {
        let rank = (self as u8).saturating_sub(by).max(Seam::Word as u8);
        Seam::ALL.get(usize::from(rank)).copied().unwrap_or(Seam::Word)
    }
}
