//! Text that is nothing but names.

use std::borrow::Cow;

/// What may stand between names.
const PARTICLES: &[&str] =
    &["e", "ed", "di", "de", "da", "del", "della", "van", "von", "bin", "al", "el", "la", "le"];
const ARTICLES: &[&str] = &["Il", "Lo", "La", "I", "Gli", "Le"];

/// Capitalized words that are no names.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "Il", "Lo", "La", "I", "Gli", "Le", "Un", "Una", "Uno", "L", "Un’", "Redazione", "Foto",
    "Ufficio", "Dott", "Dott.ssa", "Inviato", "Inviata", "Scritto", "Testo", "Testi", "Ricetta",
    "Pubblicato", "Servizio", "Segnalazione", "Articolo", "Intervista", "Tradotto", "Traduzione",
    "Dove", "Quando", "Come", "Chi", "Che", "Cosa", "Perché",
];

/// Bytes of the sign of a desk or an editor.
const SIGN_BYTES_MAX: usize = 40;

/// Whether a byline or caption holds nothing but names (policy B4): capitalized words, initials,
/// the conjunctions and particles between names, agency credits in brackets and site names.
///
/// ```
/// use cesura::tailoring::italian::is_names_only;
/// assert!(is_names_only("Kim Jong-un e Vladimir Putin (Ansa Foto) Notizie.com"));
/// assert!(!is_names_only("Il presidente Putin a Mosca (Ansa)"));
/// ```
pub fn is_names_only(text: &str) -> bool {
    if is_sign(text) {
        return true;
    }
    // `by profstanca`, `@mzanforlin`: who signs so has no other name.
    if let Some(name) = text.strip_prefix("by ").or_else(|| text.strip_prefix('@')) {
        return !name.contains(char::is_whitespace);
    }
    let outside = outside_brackets(text);
    let mut names = 0;
    for word in outside.split(|c: char| c.is_whitespace() || ",;/|–—©:".contains(c)) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let site = word.contains('.') && !word.ends_with('.');
        // `LA LETTERA` has an article as `La lettera` has.
        let shouted = word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
        let titled = if shouted { Cow::Owned(titled(word)) } else { Cow::Borrowed(word) };
        match word {
            word if !word.contains(char::is_alphabetic) => {}
            // `Nadia Lo Turco`
            _ if COMMON.contains(&titled.as_ref())
                && !(names > 0 && ARTICLES.contains(&titled.as_ref())) =>
            {
                return false;
            }
            _ if capital || site => names += 1,
            word if PARTICLES.contains(&word) && names > 0 => {}
            _ => return false,
        }
    }
    names > 0
}

/// A text without what stands in brackets.
fn outside_brackets(text: &str) -> Cow<'_, str> {
    if !text.contains(['(', '[', ')', ']']) {
        return Cow::Borrowed(text);
    }
    let mut depth = 0u32;
    let outside = text.chars().filter(|c| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    Cow::Owned(outside.collect())
}

/// `LETTERA` → `Lettera`.
fn titled(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().into_iter().chain(rest.as_str().to_lowercase().chars()).collect()
}

/// The sign of desk, editor or agency: `gio/mrv`, `YG5-CAR/TOR`, `R. C.`, `(Italpress)`.
pub(super) fn is_sign(text: &str) -> bool {
    if text.len() > SIGN_BYTES_MAX {
        return false;
    }
    let text = text.trim_end_matches('.');
    let desk = text.len() <= 14
        && text.contains('/')
        && !text.contains(' ')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-'))
        && text.chars().any(char::is_alphabetic);
    let initials = text.split(['.', ' ']).filter(|part| !part.is_empty());
    let single = |part: &str| part.chars().count() == 1 && part.chars().all(char::is_uppercase);
    let initials = (2..=3).contains(&initials.clone().count()) && initials.clone().all(single);
    let agency =
        text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).is_some_and(|name| {
            (2..=16).contains(&name.len())
                && name.starts_with(char::is_uppercase)
                && name.chars().all(|c| c.is_alphabetic() || matches!(c, '/' | '-'))
        });
    // `(a.gh.)`
    let small =
        text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).is_some_and(|sign| {
            sign.len() <= 7
                && sign.contains('.')
                && sign.chars().all(|c| c.is_lowercase() || c == '.')
        });
    let agency = agency || small;
    desk || initials || agency
}
