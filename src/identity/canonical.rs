//! The form of a text that its digest is taken of.

use crate::text::is_ignorable;
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use xxhash_rust::xxh3::xxh3_128;

/// The canonical form of a text, for look-up in a translation memory. Frozen: a client can make the
/// same, step by step:
///
/// 1. NFC (UAX #15);
/// 2. U+00AD, U+200B, U+2060 and U+FEFF are taken out;
/// 3. every run of white space (`White_Space` of Unicode) becomes one space, at the ends none;
/// 4. `« » “ ” „ ‟` become `"`, `‘ ’ ‚ ‛` become `'`.
///
/// Letters keep their case, all other characters stay.
///
/// ```
/// use cesura::identity::canonical;
/// assert_eq!(canonical("Disse:\u{a0} «Si\u{300},\nl’amico»."), "Disse: \"Sì, l'amico\".");
/// ```
pub fn canonical(text: &str) -> Cow<'_, str> {
    let composed: Cow<'_, str> = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.into(),
        _ => text.nfc().collect::<String>().into(),
    };
    if is_canonical(&composed) {
        return composed;
    }
    let mut made = String::with_capacity(composed.len());
    let mut gap = false;
    for c in composed.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if c == '\u{ad}' || is_ignorable(c) {
            continue;
        }
        if std::mem::take(&mut gap) && !made.is_empty() {
            made.push(' ');
        }
        made.push(match c {
            '«' | '»' | '“' | '”' | '„' | '‟' => '"',
            '‘' | '’' | '‚' | '‛' => '\'',
            c => c,
        });
    }
    made.into()
}

/// XXH3-128 of the canonical form in UTF-8.
pub fn content_digest(text: &str) -> u128 {
    xxh3_128(canonical(text).as_bytes())
}

/// Whether a composed text is in canonical form already, as most sentences without quotation are.
fn is_canonical(text: &str) -> bool {
    let mut space = true;
    for c in text.chars() {
        let odd = matches!(c, '\u{ad}' | '«' | '»' | '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '‛');
        if odd || c != ' ' && is_ignorable(c) || c == ' ' && space {
            return false;
        }
        space = c == ' ';
    }
    !space || text.is_empty()
}
