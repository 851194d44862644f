//! From the head of a block to its end: at every place the rows that may begin there are asked
//! in order, and the first that finds something takes the stretch.

use super::{ASIDE, AnnotationRule, Begins, Found, NumberFormat, Place};
use crate::document::{Annotation, AnnotationKind};
use crate::inline::{Marks, PairKind};
use crate::sentence::Lexicon;
use crate::text::{Span, is_emoji};

/// Finds the typed stretches of a block, ascending; of two that begin together the longer first.
pub fn annotate(
    text: &str,
    marks: &Marks,
    rules: &[&[AnnotationRule]],
    lexicon: &Lexicon,
    format: NumberFormat,
) -> Vec<Annotation> {
    let mut found: Vec<Annotation> = asides(marks);
    let mut at = 0;
    let mut inside_word = false;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let place = Place::new(text, at, marks, lexicon, format);
        let asked = may_begin(c, inside_word)
            .then(|| rules.iter().copied().flatten().filter(|row| begins(row.begins, c)))
            .and_then(|mut rows| rows.find_map(|row| (row.finds)(&place).map(|hit| (row, hit))));
        match asked {
            Some((row, Found { length, value })) => {
                found.push(Annotation {
                    kind: row.kind,
                    span: Span::of(at..at + length),
                    keep: row.keep,
                    value: value.map(Into::into),
                    rule: row.id,
                });
                at += length;
                inside_word = text.get(..at).is_some_and(|t| t.ends_with(char::is_alphanumeric));
            }
            None => {
                at += c.len_utf8();
                inside_word = c.is_alphanumeric();
            }
        }
    }
    found.sort_by_key(|one| (one.span.start(), u32::MAX - one.span.end()));
    found
}

/// Nothing begins in the middle of a word.
fn may_begin(c: char, inside_word: bool) -> bool {
    !(inside_word && c.is_alphanumeric()) && (c.is_alphanumeric() || !c.is_whitespace())
}

fn begins(begins: Begins, c: char) -> bool {
    match begins {
        Begins::Figure => c.is_ascii_digit(),
        Begins::Letter => c.is_alphabetic(),
        Begins::Capital => c.is_uppercase(),
        Begins::Sign(signs) if c.is_ascii() => signs.as_bytes().contains(&(c as u8)),
        Begins::Sign(signs) => !c.is_alphabetic() && signs.contains(c),
        Begins::Emoji => is_emoji(c),
    }
}

fn asides(marks: &Marks) -> Vec<Annotation> {
    let brackets = marks.pairs.iter().filter(|pair| pair.kind == PairKind::Bracket);
    brackets
        .map(|pair| Annotation {
            kind: AnnotationKind::Aside,
            span: Span::new(pair.open.start(), pair.close.end()),
            keep: false,
            value: None,
            rule: ASIDE,
        })
        .collect()
}
