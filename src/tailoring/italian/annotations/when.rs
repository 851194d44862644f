//! Days, years and times of the day.

use super::counts;
use crate::annotation::{Found, Place};
use crate::sentence::{Class, ValueClass};

pub(super) fn month_at<'a>(at: &Place<'a>, from: usize) -> Option<(&'a str, usize)> {
    let (start, word) = at.word_at(from).filter(|(start, _)| *start > from)?;
    let month = at.value(word, ValueClass::Month)?;
    let mut end = start + word.len();
    // The stop of a short month belongs to it where the year follows.
    let stop = at.rest().get(end..).is_some_and(|rest| rest.starts_with('.'));
    if stop && word.len() <= 4 && year_at(at, end + 1).is_some() {
        end += 1;
    }
    Some((month, end))
}

/// A year over one space, at most «del» before it.
pub(super) fn year_at(at: &Place<'_>, from: usize) -> Option<(u32, usize)> {
    let rest = at.rest().get(from..)?;
    let trimmed = rest.strip_prefix([' ', '\u{a0}'])?;
    let trimmed = trimmed.strip_prefix("del ").unwrap_or(trimmed);
    let start = from + rest.len() - trimmed.len();
    let (year, length) = at.figures_at(start)?;
    let end = start + length;
    (length == 4 && (1000..=2199).contains(&year) && !at.goes_on_at(end)).then_some((year, end))
}

pub(super) fn date_in_figures(at: &Place<'_>) -> Option<Found> {
    let (first, first_length) = at.figures_at(0)?;
    let sign = at.rest().get(first_length..)?.chars().next().filter(|c| "/.-".contains(*c))?;
    let (second, second_length) = at.figures_at(first_length + 1).filter(|(_, l)| *l <= 2)?;
    let middle = first_length + 1 + second_length;
    at.rest().get(middle..)?.strip_prefix(sign)?;
    let (third, third_length) = at.figures_at(middle + 1)?;
    let end = middle + 1 + third_length;
    let (year, month, day) = match (first_length, third_length) {
        (4, 1..=2) => (first, second, third),
        (1..=2, 4) => (third, second, first),
        (1..=2, 2) if third < 70 => (2000 + third, second, first),
        (1..=2, 2) => (1900 + third, second, first),
        _ => return None,
    };
    let real = (1..=12).contains(&month) && (1..=31).contains(&day) && year >= 1000;
    (real && !at.goes_on_at(end))
        .then(|| Found::valued(end, format!("{year:04}-{month:02}-{day:02}")))?
}

pub(super) fn time(at: &Place<'_>) -> Option<Found> {
    let (hour, length) = at.figures_at(0).filter(|(hour, length)| *hour < 25 && *length <= 2)?;
    let before = at.word_before().to_lowercase();
    let hours = matches!(before.as_str(), "ore" | "h" | "h.");
    let towards = matches!(before.as_str(), "alle" | "dalle" | "le" | "all" | "delle" | "entro");
    let sign = at.rest().get(length..)?.chars().next().filter(|c| ".:,".contains(*c));
    let minutes = sign.and_then(|_| at.figures_at(length + 1)).filter(|(m, l)| *m < 60 && *l == 2);
    match (sign, minutes) {
        (Some(sign), Some((minute, more))) => {
            let end = length + 1 + more;
            let said = sign == ':' || hours || towards && sign == '.';
            let counted = at.word_at(end).is_some_and(|(_, word)| counts(at, word));
            let goes_on = at.goes_on_at(end)
                || at.rest().get(end..)?.starts_with([':', '%', '€'])
                || at
                    .rest()
                    .get(end..)?
                    .strip_prefix(['.', ','])
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            (said && !counted && !goes_on)
                .then(|| Found::valued(end, format!("{hour:02}:{minute:02}")))?
        }
        _ if at.goes_on_at(length) => None,
        _ if hours || towards && is_whole_hour(at, &before, length) => {
            Found::valued(length, format!("{hour:02}:00"))
        }
        _ => None,
    }
}

/// A year by itself.
pub(super) fn year(at: &Place<'_>) -> Option<Found> {
    /// What goes before a year and before few other numbers.
    const BEFORE: &[&str] = &[
        "nel",
        "dal",
        "del",
        "anno",
        "estate",
        "inverno",
        "autunno",
        "primavera",
        "bilancio",
        "natale",
    ];
    const NEAR: &[&str] = &["il", "al", "e", "fine", "inizio", "metà", "stagione"];
    let (year, length) = at.figures_at(0)?;
    let after = at.rest().get(length..)?;
    if length != 4 || !(1500..=2199).contains(&year) || at.goes_on_at(length) {
        return None;
    }
    let counted = at.word_at(length).is_some_and(|(_, word)| counts(at, word));
    let alone = at.before().ends_with('(') && after.starts_with(')');
    let before = at.word_before().to_lowercase();
    // `il 2024 sarà` is a year, `il 2000 metri` is none.
    let near = NEAR.contains(&before.as_str()) && (1900..=2060).contains(&year);
    let said = alone || BEFORE.contains(&before.as_str()) || near;
    (said && !counted && is_whole(after)).then(|| Found::valued(length, format!("{year:04}")))?
}

/// Nothing follows that goes on with the number or makes it something else.
fn is_whole(after: &str) -> bool {
    let number = after
        .strip_prefix(['.', ',', ':', '-', '–', '/'])
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    !number && !after.starts_with(['%', '‰', '€', '°', 'º', '^', 'ª'])
}

/// `alle 9` is a time where nothing counted follows: the sentence ends, or goes on with a word that
/// is no noun.
fn is_whole_hour(at: &Place<'_>, before: &str, length: usize) -> bool {
    const SAID: &[&str] = &["circa", "in", "precise", "passate", "ora", "si", "parte", "via"];
    const LED: &[&str] =
        &["verso le", "dopo le", "prima delle", "tra le", "fra le", "e le", "per le", "sono le"];
    let around = at.before().trim_end().to_lowercase();
    // `le 5` counts, `verso le 5` does not.
    let led = LED.iter().any(|led| around.ends_with(led));
    if matches!(before, "le" | "delle") && !led || !is_whole(at.rest().get(length..).unwrap_or(""))
    {
        return false;
    }
    at.word_at(length).is_none_or(|(_, word)| {
        let glue = [Class::Preposition, Class::Incomplete, Class::Starter, Class::Governing];
        SAID.contains(&word) || glue.iter().any(|class| at.has(word, *class))
    })
}
