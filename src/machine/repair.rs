//! From the head of a segment to its end: at every place the rows that may begin there are asked in
//! order, and the first that answers changes the text.

use super::Site;
use crate::document::{NormalText, TextEdit};
use crate::rule::RuleId;
use crate::sentence::Lexicon;
use crate::text::Span;

/// What a repair begins with: rows are asked only where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepairBegins {
    /// White space.
    Space,
    /// Any character that is not ASCII.
    NotAscii,
    /// Any character that a combining mark follows, and any that is not ASCII.
    Composable,
    /// One of these signs.
    Sign(&'static str),
    /// A vowel that an apostrophe follows.
    VowelAndApostrophe,
}

/// What a row changes: `kept` bytes stay, then `length` bytes give way to `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Bytes from here that stay as they are.
    pub kept: usize,
    /// Bytes behind them that go.
    pub length: usize,
    /// What comes in their place.
    pub text: String,
}

impl Repair {
    /// The next `length` bytes give way to `text`; nothing where that is what stands there.
    pub fn replace(site: &Site<'_>, length: usize, text: impl Into<String>) -> Option<Repair> {
        let text = text.into();
        (site.rest().get(..length) != Some(text.as_str())).then_some(Repair {
            kept: 0,
            length,
            text,
        })
    }

    /// `text` comes behind the next `kept` bytes.
    pub fn insert(kept: usize, text: &str) -> Option<Repair> {
        Some(Repair { kept, length: 0, text: text.to_owned() })
    }
}

/// One row: repairs one kind of damage.
#[derive(Clone, Copy, Debug)]
pub struct RepairRule {
    /// Stable name.
    pub id: RuleId,
    /// Why, in one sentence.
    pub why: &'static str,
    /// A text and what this very row makes of it.
    pub examples: &'static [(&'static str, &'static str)],
    /// What the repair begins with.
    pub begins: RepairBegins,
    /// The repair at this place.
    pub repairs: fn(&Site<'_>) -> Option<Repair>,
}

/// What a segment is repaired by.
#[derive(Clone, Copy, Debug)]
pub struct RepairRows<'a> {
    /// The rows, in the order in which they are asked.
    pub rules: &'a [&'a [RepairRule]],
    /// The words they ask for.
    pub lexicon: &'a Lexicon,
}

/// The text of a segment that stands at `source` in its document, repaired.
///
/// `kept` are stretches of it that stay as they are, ascending, without overlap; `mismatched` the
/// marks of quotations whose two marks do not belong together; both relative to the segment.
pub fn repair(
    text: &str,
    source: Span,
    rows: RepairRows<'_>,
    kept: &[Span],
    mismatched: &[Span],
) -> NormalText {
    let mut repaired = Repaired { text: String::with_capacity(text.len()), edits: Vec::new() };
    let mut kept = kept.iter().peekable();
    let (mut at, mut copied) = (0, 0);
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        while kept.peek().is_some_and(|span| span.end() as usize <= at) {
            kept.next();
        }
        if let Some(span) = kept.peek().filter(|span| span.start() as usize <= at) {
            at = span.end() as usize;
            continue;
        }
        let next = text.as_bytes().get(at + c.len_utf8()).copied().unwrap_or(b' ');
        if is_plain(c, next) {
            at += c.len_utf8();
            continue;
        }
        let site = Site::new(text, at, rows.lexicon, mismatched);
        let asked = rows.rules.iter().copied().flatten().filter(|row| begins(row.begins, c, &site));
        let found = asked
            .filter_map(|row| (row.repairs)(&site).map(|repair| (row.id, repair)))
            // A repair does not reach into what is to stay as it is.
            .find(|(_, repair)| {
                let end = at + repair.kept + repair.length;
                kept.peek().is_none_or(|span| end <= span.start() as usize)
            });
        let Some((rule, repair)) = found else {
            at += c.len_utf8();
            continue;
        };
        let from = at + repair.kept;
        repaired.text.push_str(text.get(copied..from).unwrap_or(""));
        let target = repaired.text.len();
        repaired.text.push_str(&repair.text);
        repaired.edits.push(TextEdit {
            source: Span::of(from..from + repair.length).shifted(source.start()),
            target: Span::of(target..repaired.text.len()),
            rule,
        });
        copied = from + repair.length;
        at = copied.max(at + c.len_utf8());
    }
    repaired.text.push_str(text.get(copied..).unwrap_or(""));
    NormalText { text: repaired.text.into(), source, edits: repaired.edits }
}

struct Repaired {
    text: String,
    edits: Vec<TextEdit>,
}

/// Characters that no row begins with, by the byte behind them: most of every text.
fn is_plain(c: char, next: u8) -> bool {
    c.is_ascii_alphanumeric() && next.is_ascii() && !matches!(next, b'\'' | b'`')
        || c == ' ' && (next.is_ascii_alphanumeric() || next == b'(')
}

fn begins(begins: RepairBegins, c: char, site: &Site<'_>) -> bool {
    let next = || site.char_at(c.len_utf8());
    match begins {
        RepairBegins::Space => c.is_whitespace(),
        RepairBegins::NotAscii => !c.is_ascii(),
        RepairBegins::Composable => !c.is_ascii() || next().is_some_and(|next| !next.is_ascii()),
        RepairBegins::Sign(signs) => signs.contains(c),
        RepairBegins::VowelAndApostrophe => {
            "aeiouAEIOU".contains(c) && next().is_some_and(|next| "'’`´".contains(next))
        }
    }
}
