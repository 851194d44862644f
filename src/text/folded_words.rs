//! The words of a text with the hashes of what they are in small letters, without writing those.

use super::form_table::Hash;
use super::letters::{is_word_char, leading_letters};

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FoldedWord {
    /// Offset of its first byte.
    pub(crate) start: usize,
    /// Offset after its last byte.
    pub(crate) end: usize,
    /// `form_table::hash` of the word in small letters, any run of figures as 0.
    pub(crate) hash: u32,
}

/// The words of a text: runs of letters and figures. Linear; most words need one step for each
/// eight letters.
pub(crate) struct FoldedWords<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> FoldedWords<'t> {
    pub(crate) fn of(text: &'t str) -> FoldedWords<'t> {
        FoldedWords { text, at: 0 }
    }

    /// The word at `start`, if letters of ASCII are all of it.
    fn plain(&self, start: usize) -> Option<FoldedWord> {
        let bytes = self.text.as_bytes();
        let (mut end, mut hash) = (start, Hash::default());
        loop {
            let (letters, small) = leading_letters(bytes, end);
            if letters > 0 {
                hash.add(small);
            }
            end += letters;
            if letters < Hash::BYTES {
                break;
            }
        }
        let goes_on = bytes.get(end).is_some_and(|next| !next.is_ascii() || next.is_ascii_digit());
        (end > start && !goes_on).then(|| FoldedWord { start, end, hash: hash.value() })
    }

    /// The word at `start`, whatever letters and figures are in it; none where another sign stands.
    fn mixed(&self, start: usize) -> Option<FoldedWord> {
        let mut folded = Folded::default();
        let mut end = start;
        for c in self.text.get(start..)?.chars().take_while(|c| is_word_char(*c)) {
            folded.push(c);
            end += c.len_utf8();
        }
        (end > start).then(|| FoldedWord { start, end, hash: folded.hash() })
    }
}

impl Iterator for FoldedWords<'_> {
    type Item = FoldedWord;

    #[inline]
    fn next(&mut self) -> Option<FoldedWord> {
        let bytes = self.text.as_bytes();
        loop {
            // What stands between two words is a space nearly always.
            while bytes.get(self.at).is_some_and(|byte| is_sign(*byte)) {
                self.at += 1;
            }
            if let Some(word) = self.plain(self.at).or_else(|| self.mixed(self.at)) {
                self.at = word.end;
                return Some(word);
            }
            self.at += self.text.get(self.at..)?.chars().next()?.len_utf8();
        }
    }
}

/// The hash of a word in small letters, any run of figures as 0, under way.
#[derive(Default)]
struct Folded {
    hash: Hash,
    /// Bytes that the hash has not taken yet, the first the lowest, and how many these are.
    waiting: u64,
    waiting_bytes: usize,
    /// What came last is a figure.
    figures: bool,
}

impl Folded {
    fn push(&mut self, c: char) {
        let figures = std::mem::replace(&mut self.figures, c.is_ascii_digit());
        match c {
            '0'..='9' if figures => {}
            '0'..='9' => self.push_small('0'),
            _ if c.is_ascii() => self.push_small(c.to_ascii_lowercase()),
            // Small as they are.
            'à'..='ÿ' => self.push_small(c),
            _ => c.to_lowercase().for_each(|c| self.push_small(c)),
        }
    }

    fn push_small(&mut self, c: char) {
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            self.waiting |= u64::from(byte) << (8 * self.waiting_bytes);
            self.waiting_bytes += 1;
            if self.waiting_bytes == Hash::BYTES {
                self.hash.add(self.waiting);
                (self.waiting, self.waiting_bytes) = (0, 0);
            }
        }
    }

    fn hash(mut self) -> u32 {
        if self.waiting_bytes > 0 {
            self.hash.add(self.waiting);
        }
        self.hash.value()
    }
}

fn is_sign(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::FoldedWords;
    use crate::text::{LetterRuns, form_table};

    #[test]
    fn words_are_the_runs_and_hash_as_their_small_letters() {
        let all: String = ('\0'..='\u{2ff}').chain('\u{2010}'..='\u{2040}').collect();
        let texts = ["", "L’8° giro: 12mila «Più» X2y33", "  abcdefgh Abcdefghi\u{a0}@[`{Zz", &all];
        for text in texts {
            let found: Vec<_> = FoldedWords::of(text).collect();
            let runs: Vec<_> = LetterRuns::<true>::of(text).collect();
            assert_eq!(found.len(), runs.len(), "{text:?}");
            for (word, (start, run)) in found.into_iter().zip(runs) {
                assert_eq!((word.start, word.end), (start, start + run.len()));
                assert_eq!(word.hash, form_table::hash(&folded(run)), "{run:?}");
            }
        }
        assert_eq!(folded("12MILA3"), "0mila0");
    }

    fn folded(word: &str) -> String {
        let chars = word.to_lowercase().replace(|c: char| c.is_ascii_digit(), "0");
        let mut folded = String::new();
        for c in chars.chars() {
            folded.extend((c != '0' || !folded.ends_with('0')).then_some(c));
        }
        folded
    }
}
