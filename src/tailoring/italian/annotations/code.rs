//! Numbers that are dialled and letters that stand for names.

use crate::annotation::{Found, Place};

pub(super) fn phone(at: &Place<'_>) -> Option<Found> {
    let rest = at.rest();
    let sign = rest.starts_with('+');
    let mut figures = String::new();
    let mut end = usize::from(sign);
    let mut groups = 1;
    let mut chars = rest.char_indices().skip(usize::from(sign)).peekable();
    while let Some((place, c)) = chars.next() {
        if c.is_ascii_digit() {
            figures.push(c);
            end = place + 1;
        } else {
            let digit = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
            if !(digit && matches!(c, ' ' | '-' | '.' | '/' | '\u{a0}')) || figures.is_empty() {
                break;
            }
            groups += 1;
        }
    }
    let before = at.before().trim_end().to_lowercase();
    let cue =
        ["tel.", "tel", "telefono", "cell.", "cellulare", "numero", "verde", "fax", "whatsapp"]
            .iter()
            .any(|cue| before.trim_end_matches(':').ends_with(cue));
    let italian = figures.starts_with(['0', '3']) || figures.starts_with("800");
    let long = (7..=13).contains(&figures.len()) && groups <= 6;
    // A number that begins with 0 and comes in groups counts nothing.
    let grouped = groups > 1 && !rest.get(..end)?.contains('.');
    let dialled = grouped
        && (figures.starts_with('0') && (8..=11).contains(&figures.len())
            || figures.starts_with("800") && (8..=9).contains(&figures.len()));
    let known = sign && figures.len() >= 9 || italian && cue || dialled;
    let value = if sign { format!("+{figures}") } else { figures };
    (long && known && !at.goes_on_at(end)).then(|| Found::valued(end, value))?
}

pub(super) fn acronym(at: &Place<'_>) -> Option<Found> {
    let rest = at.rest();
    let mut letters = 0;
    let mut end = 0;
    let mut stops = 0;
    for c in rest.chars() {
        if c.is_uppercase() {
            letters += 1;
        } else if c == '.' && stops + 1 == letters {
            stops += 1;
        } else {
            break;
        }
        end += c.len_utf8();
    }
    let dotted = stops == letters;
    let plain = stops == 0 || stops == 1 && rest.get(..end)?.ends_with('.');
    if plain && stops == 1 {
        end -= 1;
    }
    let word = rest.get(..end)?;
    let numeral = word.chars().all(|c| "IVXLCDM".contains(c));
    // `ROMA, 12 set.` at the head of a block is a place.
    let dateline =
        letters > 3 && at.before().is_empty() && rest.get(end..)?.starts_with([',', ' ']);
    let fits = !dateline && (2..=6).contains(&letters) && (dotted || plain) && !numeral;
    (fits && !at.goes_on_at(end) && !at.among_capitals()).then(|| Found::plain(end))?
}
