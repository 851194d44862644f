//! Articles of law, laws, decrees, judgments.

use super::when;
use crate::annotation::{Found, Place};

pub(super) fn article(at: &Place<'_>) -> Option<Found> {
    let rest = at.rest();
    if !rest.starts_with(['a', 'A']) {
        return None;
    }
    let head = ["art. ", "artt. ", "Art. ", "Artt. ", "articolo ", "articoli ", "Articolo "]
        .iter()
        .find(|head| rest.starts_with(**head))?;
    let mut end = head.len();
    let (_, length) = at.figures_at(end)?;
    end += length;
    // What may go on the reference; the longest first.
    const PARTS: &[&str] = &[
        "-bis", "-ter", "-quater", " bis", " ter", " quater", " comma ", ", comma ", " co. ",
        " e ", ", ", " lett. ", ", lett. ", " c.p.p.", " c.p.c.", " c.p.", " c.c.", " Cost.",
    ];
    let mut parts = 0;
    while parts < 8
        && let Some(part) =
            PARTS.iter().find(|part| rest.get(end..).is_some_and(|rest| rest.starts_with(**part)))
    {
        let after = end + part.len();
        let needs_figure = part.ends_with(' ') && !part.contains("lett");
        let more = at.figures_at(after).map_or(0, |(_, length)| length);
        let letter = rest.get(after..)?.chars().next().filter(|_| part.contains("lett"));
        if needs_figure && more == 0 || part.contains("lett") && letter.is_none() {
            break;
        }
        end = after + if needs_figure { more } else { letter.map_or(0, char::len_utf8) };
        parts += 1;
    }
    Found::plain(of_which_law(at, end))
}

pub(super) fn law(at: &Place<'_>) -> Option<Found> {
    law_at(at, 0).and_then(Found::plain)
}

/// Where the law that is named at `from` ends.
fn law_at(at: &Place<'_>, from: usize) -> Option<usize> {
    const HEADS: &[&str] = &[
        "legge ",
        "decreto legge ",
        "decreto-legge ",
        "decreto legislativo ",
        "d.lgs. ",
        "D.Lgs. ",
        "D.lgs. ",
        "d.l. ",
        "D.L. ",
        "D.P.R. ",
        "d.P.R. ",
        "Dpr ",
        "D.M. ",
        "d.m. ",
        "Dpcm ",
        "direttiva ",
        "regolamento ",
        "sentenza ",
        "ordinanza ",
        "L. ",
        "l. ",
    ];
    let rest = at.rest();
    let here = rest.get(from..)?;
    if !here.starts_with(['l', 'L', 'd', 'D', 'r', 's', 'o']) {
        return None;
    }
    let head = HEADS.iter().find(|head| here.starts_with(**head))?;
    let mut end = from + head.len();
    if let Some(day) = day_at(at, end) {
        end = day;
    }
    for prefix in [", ", "(UE) ", "UE ", "numero ", "n. ", "n.", "nr. "] {
        if rest.get(end..)?.starts_with(prefix) {
            end += prefix.len();
        }
    }
    let (_, length) = at.figures_at(end)?;
    end += length;
    let tail = rest.get(end..)?;
    if let Some(year) = tail.strip_prefix('/') {
        let (_, length) = at.figures_at(end + 1).filter(|(_, length)| matches!(length, 2..=4))?;
        let suffix = year.get(length..)?;
        let suffix = ["/CE", "/UE", "/CEE"].iter().find(|code| suffix.starts_with(**code));
        return Some(end + 1 + length + suffix.map_or(0, |code| code.len()));
    }
    if let Some((_, end)) = when::year_at(at, end) {
        return Some(end);
    }
    // `legge 3` alone may be anything; with «n.» it is a reference.
    let numbered = rest.get(from..end)?;
    (numbered.contains("n.") || numbered.contains("numero")).then_some(end)
}

/// The day of `legge 20 maggio 1970, n. 300`, where a number follows it.
fn day_at(at: &Place<'_>, from: usize) -> Option<usize> {
    let (_, length) = at.figures_at(from).filter(|(_, length)| (1..=2).contains(length))?;
    let (_, end) = when::month_at(at, from + length)?;
    let (_, end) = when::year_at(at, end)?;
    at.rest().get(end..)?.starts_with(", n").then_some(end)
}

/// Where a reference to an article ends that says of which law: `del codice penale`, `dello Statuto
/// dei lavoratori`, `, comma 3, del decreto legge 48/2023`.
fn of_which_law(at: &Place<'_>, from: usize) -> usize {
    const OF: &[&str] =
        &[" del ", " della ", " dello ", " dell'", " dell’", ", del ", ", della ", ", dello "];
    const CODES: &[&str] = &[
        "codice",
        "statuto",
        "costituzione",
        "regolamento",
        "trattato",
        "testo",
        "convenzione",
        "gdpr",
    ];
    const WHICH: &[&str] = &[
        "penale",
        "civile",
        "unico",
        "militare",
        "navale",
        "sportivo",
        "sportiva",
        "antimafia",
        "europeo",
        "europea",
    ];
    const LINKS: &[&str] = &["di", "della", "dei", "del", "delle", "degli", "sul", "sui"];
    let rest = at.rest();
    let named = OF.iter().find_map(|of| {
        let after = rest.get(from..)?.strip_prefix(*of)?;
        let start = rest.len() - after.len();
        law_at(at, start).or_else(|| {
            let (_, word) = at.word_at(start)?;
            CODES.contains(&word.to_lowercase().as_str()).then_some(start + word.len())
        })
    });
    let Some(end) = named else { return from };
    // `penale`, `della strada`, `di giustizia sportiva`.
    let which = |end: usize| {
        let (start, word) = at.word_at(end).filter(|(_, word)| WHICH.contains(word))?;
        Some(start + word.len())
    };
    let noun = |end: usize| {
        let (start, word) = at.word_at(end).filter(|(_, word)| LINKS.contains(word))?;
        let (start, noun) = at.word_at(start + word.len())?;
        let end = start + noun.len();
        Some(which(end).unwrap_or(end))
    };
    which(end).or_else(|| noun(end)).unwrap_or(end)
}
