//! UTF-8 that somebody decoded as windows-1252: `Ã¨` for `è`.

use encoding_rs::WINDOWS_1252;

/// Characters that a character of UTF-8 falls apart into at most.
const PARTS_MAX: usize = 4;

/// The character that stands garbled at the head of `text`, with the bytes its parts take.
///
/// Only first parts that begin a garbled text are looked at (`Â Ã Ä Å â ð`): `È»` is an accent and
/// a mark.
///
/// ```
/// use cesura::text::mojibake_at;
/// assert_eq!(mojibake_at("Ã¨ vero"), Some(('è', 4)));
/// assert_eq!(mojibake_at("â€œciao"), Some(('“', 7)));
/// assert_eq!(mojibake_at("È»"), None);
/// ```
pub fn mojibake_at(text: &str) -> Option<(char, usize)> {
    let first = text.chars().next()?;
    if !matches!(first, 'Â' | 'Ã' | 'Ä' | 'Å' | 'â' | 'ð') {
        return None;
    }
    let second = text.chars().nth(1)?;
    let fits = match first {
        'Â' | 'Ã' => true,
        'Ä' | 'Å' => !matches!(second, '»' | '«' | '”' | '“' | '’' | '‘' | '…' | '–' | '—'),
        'â' => matches!(second, '€' | '„' | '‚' | '†' | '\u{81}'),
        _ => second == 'Ÿ',
    };
    if !fits {
        return None;
    }
    let mut end = 0;
    for c in text.chars().take(PARTS_MAX) {
        end += c.len_utf8();
        let parts = text.get(..end)?;
        let (bytes, _, unmappable) = WINDOWS_1252.encode(parts);
        if unmappable {
            return None;
        }
        if let Ok(whole) = std::str::from_utf8(&bytes) {
            let mut chars = whole.chars();
            return chars
                .next()
                .filter(|c| !c.is_ascii() && chars.next().is_none())
                .map(|c| (c, end));
        }
    }
    None
}
