//! Quotation marks and brackets, paired by function.

use super::MARK_DEPTH_MAX;
use crate::text::{BytePlaces, ByteSet, Span, is_ignorable};

/// What a pair encloses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairKind {
    /// Round, square or curly.
    Bracket,
    /// Double quotation marks of any shape, `<<`, `>>` and `''` included.
    Quotation,
}

/// An opening mark and the one that closes it, relative to the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What it encloses.
    pub kind: PairKind,
    /// The opening mark.
    pub open: Span,
    /// The closing mark.
    pub close: Span,
}

impl Pair {
    /// What stands between the marks.
    pub fn inner(&self) -> Span {
        Span::new(self.open.end(), self.close.start())
    }
}

/// Bytes a pair may span: a bracket that closes further on was never meant to.
const PAIR_BYTES_MAX: u32 = 4096;

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Open,
    Close,
    /// Either, by what is open.
    Toggle,
}

/// Pairs by opening place; the places of all double marks that open; the double marks that close
/// and have no fellow.
pub(super) fn pairs(text: &str) -> (Vec<Pair>, Vec<u32>, Vec<Span>) {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut openers = Vec::new();
    let mut loose_closers = Vec::new();
    let mut open: Vec<(PairKind, char, Span)> = Vec::new();
    let mut skip_to = 0;
    for (at, c) in may_be_marks(text) {
        if at < skip_to || !is_mark(c) {
            continue;
        }
        let doubled = matches!(c, '<' | '>' | '\'' | '’' | '‘');
        let end = at + c.len_utf8() * if doubled { 2 } else { 1 };
        if doubled && text.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next()) != Some(c)
        {
            continue;
        }
        skip_to = end;
        let span = Span::of(at..end);
        let kind = match c {
            '(' | ')' | '[' | ']' | '{' | '}' => PairKind::Bracket,
            _ => PairKind::Quotation,
        };
        let before = text.get(..at).unwrap_or("").chars().next_back();
        let after = text.get(end..).unwrap_or("").chars().next();
        let role = match (role(c, kind, before, after), kind) {
            (Role::Toggle, _) if open.iter().any(|(kind, ..)| *kind == PairKind::Quotation) => {
                Role::Close
            }
            (Role::Toggle, _) => Role::Open,
            (role, _) => role,
        };
        if role == Role::Open {
            if kind == PairKind::Quotation {
                openers.push(span.start());
            }
            if open.len() < MARK_DEPTH_MAX * 2 {
                open.push((kind, c, span));
            }
            continue;
        }
        let fits = |(open_kind, open_mark, _): &(PairKind, char, Span)| {
            *open_kind == kind && (kind == PairKind::Quotation || closes(*open_mark, c))
        };
        if let Some(found) = open.iter().rposition(fits) {
            let Some((_, _, opening)) = open.get(found).copied() else { continue };
            // What opened inside and never closed is given up, but only within the same kind:
            // `(«uno)` must not lose the quotation, nor `«(uno»` the host.
            let mut index = 0;
            open.retain(|(open_kind, ..)| {
                index += 1;
                index <= found || *open_kind != kind
            });
            if span.end() - opening.start() <= PAIR_BYTES_MAX {
                pairs.push(Pair { kind, open: opening, close: span });
            }
        } else if kind == PairKind::Quotation {
            loose_closers.push(span);
        }
    }
    pairs.sort_by_key(|pair| pair.open.start());
    (pairs, openers, loose_closers)
}

/// The characters that may be marks, with their places: all others are passed over by their bytes.
fn may_be_marks(text: &str) -> impl Iterator<Item = (usize, char)> {
    let places = BytePlaces::of(text.as_bytes(), MayBegin);
    places.filter_map(|at| Some((at, text.get(at..)?.chars().next()?)))
}

/// Bytes that may begin a mark, and a few rare ones beside them: fewer comparisons ask for both.
struct MayBegin;

impl ByteSet for MayBegin {
    fn has(&self, byte: u8) -> bool {
        // `"` and `#$%&` behind it, `'`, `(`, `)`.
        let round = byte.wrapping_sub(b'"') <= b')' - b'"';
        let angle = byte | 0x02 == b'>';
        // `[`, `]`, `{`, `}` differ by three bits; `Y`, `y`, `_` and U+007F have these as well.
        let square = byte | 0x26 == 0x7f;
        // `«` and `»` begin with C2, all others that are not of ASCII with E2 or EF; the accented
        // letters of Italian begin with C3.
        round | angle | square | (byte == 0xC2) | (byte > 0xC3)
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>')
        || (c >= '\u{ab}' && matches!(c, '«' | '»' | '“' | '”' | '„' | '‟' | '＂' | '’' | '‘'))
}

fn closes(open: char, close: char) -> bool {
    matches!((open, close), ('(', ')') | ('[', ']') | ('{', '}'))
}

/// Policy S8: by function first, by shape where function leaves it open.
fn role(c: char, kind: PairKind, before: Option<char>, after: Option<char>) -> Role {
    if kind == PairKind::Bracket {
        return if matches!(c, '(' | '[' | '{') { Role::Open } else { Role::Close };
    }
    let shape = match c {
        '«' | '“' | '„' | '‟' | '<' | '‘' => Role::Open,
        '»' | '”' | '>' | '’' => Role::Close,
        _ => Role::Toggle,
    };
    let outer = |c: Option<char>| c.is_none_or(is_ignorable);
    // An apostrophe before the mark is an elision (`l'"amico"`), so the mark may open.
    let may_open =
        !outer(after) && before.is_none_or(|c| is_ignorable(c) || "([{'’–—-:/«“„".contains(c));
    let may_close =
        !outer(before) && after.is_none_or(|c| is_ignorable(c) || ".,;:!?…)]}–—-/»”’".contains(c));
    match (may_open, may_close) {
        // Away from both its neighbours, a mark of uncertain shape is read by what is open.
        _ if c == '“' && outer(before) && outer(after) => Role::Toggle,
        (true, false) => Role::Open,
        (false, true) => Role::Close,
        _ => shape,
    }
}

#[cfg(test)]
mod tests {
    use super::{PairKind, pairs};

    fn inner(text: &str) -> Vec<(PairKind, &str)> {
        let (pairs, ..) = pairs(text);
        pairs.iter().map(|pair| (pair.kind, pair.inner().slice(text).unwrap_or(""))).collect()
    }

    #[test]
    fn marks_pair_by_function_and_never_across_kinds() {
        use PairKind::{Bracket, Quotation};
        assert_eq!(inner("(«uno) due»"), [(Bracket, "«uno"), (Quotation, "uno) due")]);
        assert_eq!(inner("disse “uno“ e basta"), [(Quotation, "uno")]);
        assert_eq!(inner("l'\"amico\" e <<due>>"), [(Quotation, "amico"), (Quotation, "due")]);
        assert_eq!(inner("l'altro ''uno'' e l'"), [(Quotation, "uno")]);
        assert_eq!(inner("«mai chiusa. Poi (altro) viene"), [(Bracket, "altro")]);
        assert_eq!(
            inner("«fuori “dentro” fuori»"),
            [(Quotation, "fuori “dentro” fuori"), (Quotation, "dentro")]
        );
    }
}
