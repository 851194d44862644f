//! Numbers with what they measure.

use super::scaled;
use crate::annotation::{Found, Place};
use crate::sentence::ValueClass;

/// The measure whose number stands at `from`; what stands before it belongs to it.
pub(super) fn measure(at: &Place<'_>, from: usize) -> Option<Found> {
    let (number, length) = scaled(at, from)?;
    if let Some(degrees) = degrees_at(at, length) {
        return Found::valued(length + degrees, format!("{number} Cel"));
    }
    let of = at.rest().get(length..)?.strip_prefix(" di ").map_or(0, |_| 3);
    let (start, word) = at.word_at(length + of)?;
    let unit = at.value(word, ValueClass::Unit)?;
    // One letter is a unit only as it is written: `5 m`, not `5 M`.
    let exact = word.len() > 1 || word.chars().all(char::is_lowercase);
    let (unit, end) = qualified(at, unit.to_owned(), start + word.len());
    exact.then(|| Found::valued(end, format!("{number} {unit}")))?
}

/// What makes another unit of a unit: `quadrati`, `all'ora`, `/s`.
fn qualified(at: &Place<'_>, unit: String, end: usize) -> (String, usize) {
    const MORE: &[(&str, &str)] = &[
        (" quadrati", "2"),
        (" quadrato", "2"),
        (" quadri", "2"),
        (" cubi", "3"),
        (" cubo", "3"),
        (" orari", "/h"),
        (" all'ora", "/h"),
        (" all’ora", "/h"),
        ("/h", "/h"),
        (" al secondo", "/s"),
        ("/s", "/s"),
    ];
    let (mut unit, mut end) = (unit, end);
    while let Some((said, code)) = MORE.iter().find(|(said, _)| {
        let rest = at.rest().get(end..).and_then(|rest| rest.strip_prefix(said));
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    }) {
        unit.push_str(code);
        end += said.len();
    }
    (unit, end)
}

/// A share: `%` or «per cento» behind the number at `from`.
pub(super) fn share(at: &Place<'_>, from: usize) -> Option<Found> {
    let (number, length) = at.number_at(from)?;
    let length = from + length;
    let rest = at.rest().get(length..)?;
    let trimmed = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let gap = rest.len() - trimmed.len();
    let mark = ["%", "‰", "per cento", "percento"]
        .iter()
        .find(|mark| gap <= 2 && trimmed.starts_with(**mark))?;
    Found::valued(length + gap + mark.len(), number)
}

/// Degrees with their sign.
pub(super) fn signed_degrees(at: &Place<'_>) -> Option<Found> {
    let (sign, minus) = sign(at)?;
    let found = measure(at, sign)?;
    let degrees = found.value.as_ref().is_some_and(|value| value.ends_with(" Cel"));
    degrees.then(|| with_sign(found, minus))?
}

/// A share with its sign.
pub(super) fn signed_share(at: &Place<'_>) -> Option<Found> {
    let (sign, minus) = sign(at)?;
    with_sign(share(at, sign)?, minus)
}

fn with_sign(found: Found, minus: bool) -> Option<Found> {
    let value = found.value?;
    Found::valued(found.length, if minus { format!("-{value}") } else { value })
}

/// Length of the sign here, and whether it is a minus; not the dash of `10-12`.
fn sign(at: &Place<'_>) -> Option<(usize, bool)> {
    let sign = at.rest().chars().next()?;
    let apart = at.before().chars().next_back().is_none_or(|c| c.is_whitespace() || c == '(');
    apart.then_some((sign.len_utf8(), sign != '+'))
}

/// Length of ` °C` at `from`.
fn degrees_at(at: &Place<'_>, from: usize) -> Option<usize> {
    let rest = at.rest().get(from..)?;
    let sign = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let after = sign.strip_prefix("°C").or_else(|| sign.strip_prefix("° C"))?;
    let end = rest.len() - after.len();
    (!after.starts_with(char::is_alphanumeric)).then_some(end)
}
