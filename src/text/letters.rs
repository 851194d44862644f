//! Runs of letters: the words by which phrases and vocabularies are looked up.

use super::form_table::Hash;

/// The runs of letters in a text with their places; figures count as letters where `FIGURES` says
/// so. Linear; bytes of ASCII need no decoding.
pub(crate) struct LetterRuns<'t, const FIGURES: bool> {
    text: &'t str,
    at: usize,
}

impl<'t, const FIGURES: bool> LetterRuns<'t, FIGURES> {
    pub(crate) fn of(text: &'t str) -> LetterRuns<'t, FIGURES> {
        LetterRuns { text, at: 0 }
    }

    const SORTS: [Sort; 256] = sorts(FIGURES);
}

impl<'t, const FIGURES: bool> Iterator for LetterRuns<'t, FIGURES> {
    type Item = (usize, &'t str);

    #[inline]
    fn next(&mut self) -> Option<(usize, &'t str)> {
        let bytes = self.text.as_bytes();
        let (mut start, mut at) = (self.at, self.at);
        while let Some(byte) = bytes.get(at) {
            let (letter, length) = match Self::SORTS.get(usize::from(*byte)) {
                Some(Sort::Letter) => (true, 1),
                Some(Sort::Sign) => (false, 1),
                Some(Sort::Beyond) | None => {
                    let c = self.text.get(at..)?.chars().next()?;
                    (is_letter::<FIGURES>(c), c.len_utf8())
                }
            };
            if !letter && start < at {
                break;
            }
            at += length;
            start = if letter { start } else { at };
        }
        self.at = at;
        self.text.get(start..at).filter(|run| !run.is_empty()).map(|run| (start, run))
    }
}

/// Whether a word may have `c`: a letter or a figure.
pub(super) fn is_word_char(c: char) -> bool {
    is_letter::<true>(c)
}

fn is_letter<const FIGURES: bool>(c: char) -> bool {
    match c {
        // Nearly all there are, without a look into the tables of Unicode.
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' => true,
        '«' | '»' | '\u{2000}'..='\u{206f}' => false,
        _ if FIGURES => c.is_alphanumeric(),
        _ => c.is_alphabetic(),
    }
}

/// What a byte is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// A letter of ASCII, or a figure where they count.
    Letter,
    /// Another sign of ASCII.
    Sign,
    /// A part of another character.
    Beyond,
}

#[expect(
    clippy::indexing_slicing,
    reason = "in a constant: an index out of bounds does not compile"
)]
const fn sorts(figures: bool) -> [Sort; 256] {
    let mut table = [Sort::Beyond; 256];
    let mut byte = 0;
    while byte < 128 {
        let letter = (byte as u8).is_ascii_alphabetic() || figures && (byte as u8).is_ascii_digit();
        table[byte] = if letter { Sort::Letter } else { Sort::Sign };
        byte += 1;
    }
    table
}

/// How many letters of ASCII stand at `at`.
#[inline]
pub(crate) fn ascii_letters(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        let (letters, _) = leading_letters(bytes, end);
        end += letters;
        if letters < 8 {
            return end - at;
        }
    }
}

/// How many of the eight bytes at `at` are letters of ASCII before the first that is none, and
/// these as small letters: one figure, the first the lowest.
///
/// All eight at once: a letter is a byte that, made small, is not under `a` and not over `z`. Each
/// sum below sets the upper bit of its byte where that holds, and never carries into the next.
#[inline]
pub(super) fn leading_letters(bytes: &[u8], at: usize) -> (usize, u64) {
    const fn each(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let eight = rest.first_chunk().map_or_else(|| Hash::figure(rest), |c| u64::from_le_bytes(*c));
    let small = eight | each(0x20);
    let low = small & each(0x7f);
    let from_a = low + each(0x80 - b'a');
    let over_z = low + each(0x7f - b'z');
    let others = (!from_a | over_z | eight) & each(0x80);
    let count = others.trailing_zeros() / 8;
    let behind = u64::MAX.checked_shl(count * 8).unwrap_or(0);
    (count as usize, small & !behind)
}

#[cfg(test)]
mod tests {
    use super::LetterRuns;

    #[test]
    fn letters_are_those_of_unicode() {
        for c in '\u{80}'..='\u{2fff}' {
            assert_eq!(super::is_letter::<false>(c), c.is_alphabetic(), "{c:?}");
            assert_eq!(super::is_letter::<true>(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn runs_are_what_splitting_gives() {
        for text in ["", " ", "è", "L’8° giro: 12mila «più» x", "a\u{301}b", "ÀÈ-ì", "  fine"]
        {
            let runs: Vec<&str> = LetterRuns::<false>::of(text).map(|(_, run)| run).collect();
            let split = text.split(|c: char| !c.is_alphabetic()).filter(|run| !run.is_empty());
            assert_eq!(runs, split.collect::<Vec<_>>(), "{text}");
            let runs: Vec<&str> = LetterRuns::<true>::of(text).map(|(_, run)| run).collect();
            let split = text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
            assert_eq!(runs, split.collect::<Vec<_>>(), "{text}");
            for (at, run) in LetterRuns::<true>::of(text) {
                assert_eq!(text.get(at..at + run.len()), Some(run));
            }
        }
    }
}
