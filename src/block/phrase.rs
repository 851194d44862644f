//! Phrases that betray what a block is for: `Torna in alto`, `Leggi anche`.

use crate::text::{LetterRuns, form_table};

/// What a phrase says of its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhraseClass {
    /// Furniture of the site.
    Boilerplate,
    /// An offer of another article.
    Related,
    /// Data about the article: tags, reading time, dates.
    Metadata,
    /// A photo credit.
    Credit,
    /// A signature.
    Byline,
    /// What stands behind the article: rights reserved, tags, the form for comments.
    Closing,
    /// What a note on the author says of him.
    Author,
    /// What stands above a headline and names its matter: `Il caso`.
    Kicker,
    /// What only a caption says: `veduta aerea`.
    Picture,
    /// What a caption may say, a place or an occasion: `davanti al`.
    Scene,
    /// What the name of a paper or a site has: `Gazzetta`, `Radio`.
    Masthead,
    /// What a headline or a sentence says, a kicker or a caption does not: `arriva`.
    Verb,
    /// What somebody made, before his name: `ricetta di`.
    Work,
    /// What heads a list: `I punti principali`.
    Points,
    /// The name of a town that articles are dated from.
    Place,
}

/// Where in the block the phrase must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhrasePlace {
    /// It is all of the block, punctuation aside.
    Whole,
    /// The block begins with it, and is a line of at most eight words without a full stop.
    Opens,
    /// The block begins with it.
    Begins,
    /// Anywhere, as words of its own.
    Contains,
}

/// One line of a phrase file.
#[derive(Clone, Copy, Debug)]
pub struct Phrase {
    /// The phrase in lower case; 0 stands for any figures.
    pub text: &'static str,
    /// What it says.
    pub class: PhraseClass,
    /// Where it must stand.
    pub place: PhrasePlace,
    /// Why, in a few words.
    pub reason: &'static str,
}

/// Bytes of a block that may be a label.
const LABEL_BYTES_MAX: usize = 64;

/// Words of a line that a call or a title may be.
const LINE_WORDS_MAX: usize = 8;

/// The phrases of one language.
#[derive(Clone, Copy, Debug)]
pub struct Phrases {
    /// In the order of the file.
    pub entries: &'static [Phrase],
    /// The first word of each entry, where `form_table::slot` puts it or behind; places that no
    /// word took have an empty one.
    pub first_words: &'static [FirstWord],
    /// `form_table::tag_of` each of them, 0 of an empty place: words that begin no phrase are
    /// passed over by these alone, which stay in the processor's nearest cache.
    pub first_word_tags: &'static [u8],
}

/// The phrases that begin with a word, as places among [`Phrases::entries`].
#[derive(Clone, Copy, Debug)]
pub struct FirstWord {
    /// The word.
    pub word: &'static str,
    /// Phrases that may stand anywhere in a block, each with the two bytes that have to stand one
    /// behind the word, 0 for any.
    pub anywhere: &'static [(u16, [u8; 2])],
    /// Phrases that stand at the head of a block only.
    pub at_head: &'static [(u16, [u8; 2])],
}

/// Which classes have a phrase in a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhrasesFound {
    /// One bit a class: a phrase stands where it must.
    found: u16,
    /// One bit a class: the block is nothing but a phrase.
    labels: u16,
}

impl PhrasesFound {
    /// Whether a phrase of `class` stands in the block where it must.
    pub fn has(self, class: PhraseClass) -> bool {
        self.found >> (class as u8) & 1 == 1
    }

    /// Whether the block is nothing but a phrase of `class`: `Leggi anche`, `Articoli correlati:`.
    pub fn is_label(self, class: PhraseClass) -> bool {
        self.labels >> (class as u8) & 1 == 1
    }
}

impl Phrases {
    /// No phrases.
    pub const EMPTY: Phrases = Phrases { entries: &[], first_words: &[], first_word_tags: &[] };

    /// Whether a block is nothing but a phrase of `class`: `Leggi anche`, `Articoli correlati:`.
    pub fn is_label(&self, block: &str, class: PhraseClass) -> bool {
        block.len() <= LABEL_BYTES_MAX
            && PhrasesFound { found: 0, labels: self.labels(&folded(block)) }.is_label(class)
    }

    /// Looks for all phrases in one pass: at each word for those that begin with it.
    pub fn find(&self, block: &str) -> PhrasesFound {
        let mut found = PhrasesFound::default();
        if self.entries.is_empty() {
            return found;
        }
        let lower = folded(block);
        if block.len() <= LABEL_BYTES_MAX {
            found.labels = self.labels(&lower);
        }
        let head = lower.find(|c: char| c.is_alphanumeric()).unwrap_or(0);
        let line = || lower.split(' ').count() <= LINE_WORDS_MAX && !lower.ends_with('.');
        for (at, word) in words(&lower) {
            let Some(begun) = self.first_word(word) else { continue };
            let at_head = if at == head { begun.at_head } else { &[] };
            let behind = lower.as_bytes().get(at + word.len() + 1..).unwrap_or_default();
            let behind = [0, 1].map(|place| behind.get(place).copied().unwrap_or(0));
            for phrase in self.at(begun.anywhere, behind).chain(self.at(at_head, behind)) {
                let bit = 1 << (phrase.class as u8);
                if found.found & bit != 0 || !stands(&lower, at, phrase.text) {
                    continue;
                }
                let fits = match phrase.place {
                    PhrasePlace::Whole => bare(&lower) == phrase.text,
                    PhrasePlace::Opens => line(),
                    PhrasePlace::Begins | PhrasePlace::Contains => true,
                };
                found.found |= if fits { bit } else { 0 };
            }
        }
        found
    }

    /// One bit for each class of which `lower` is a phrase, and nothing else.
    fn labels(&self, lower: &str) -> u16 {
        let Some(begun) = words(lower).next().and_then(|(_, word)| self.first_word(word)) else {
            return 0;
        };
        let bare = bare(lower);
        let places = begun.anywhere.iter().chain(begun.at_head);
        let phrases = places.filter_map(|(place, _)| self.entries.get(usize::from(*place)));
        phrases
            .filter(|phrase| phrase.text.trim_end_matches(':') == bare)
            .fold(0, |labels, phrase| labels | 1 << (phrase.class as u8))
    }

    fn first_word(&self, word: &str) -> Option<&'static FirstWord> {
        let mask = self.first_words.len().checked_sub(1)?;
        let hash = form_table::hash(word);
        let (mut place, tag) = (form_table::slot_of(hash, mask), form_table::tag_of(hash));
        loop {
            match self.first_word_tags.get(place) {
                None | Some(0) => return None,
                Some(found) if *found == tag => {
                    let known = self.first_words.get(place)?;
                    if known.word == word {
                        return Some(known);
                    }
                }
                Some(_) => {}
            }
            place = (place + 1) & mask;
        }
    }

    /// Phrases that may stand where `behind` stands one behind their first word.
    fn at(
        &self,
        places: &'static [(u16, [u8; 2])],
        behind: [u8; 2],
    ) -> impl Iterator<Item = &'static Phrase> {
        let entries = self.entries;
        let fits = move |wanted: [u8; 2]| {
            (wanted[0] == behind[0] || wanted[0] == 0) && (wanted[1] == behind[1] || wanted[1] == 0)
        };
        places
            .iter()
            .filter(move |(_, wanted)| fits(*wanted))
            .filter_map(|(place, _)| entries.get(usize::from(*place)))
    }
}

/// Whether `phrase`, whose first word is that at `at`, stands in `lower` as words of its own.
fn stands(lower: &str, at: usize, phrase: &str) -> bool {
    // Signs that the phrase begins with stand before its first word.
    let signs = match phrase.starts_with(|c: char| c.is_ascii_lowercase()) {
        true => 0,
        false => phrase.len() - phrase.trim_start_matches(is_sign).len(),
    };
    let Some(start) = at.checked_sub(signs) else { return false };
    let rest = lower.get(start..).and_then(|text| text.strip_prefix(phrase));
    rest.is_some_and(|rest| {
        let before = lower.get(..start).unwrap_or("").chars().next_back();
        let ends = phrase.ends_with('\'') || !rest.starts_with(char::is_alphanumeric);
        ends && before.is_none_or(|c| !c.is_alphanumeric())
    })
}

/// A text without the signs at its ends.
fn bare(lower: &str) -> &str {
    lower.trim_matches(is_sign)
}

fn is_sign(c: char) -> bool {
    !c.is_alphanumeric()
}

/// The words of a text with their places.
fn words(text: &str) -> LetterRuns<'_, true> {
    LetterRuns::of(text)
}

/// As phrases are written: in small letters, apostrophes straight, 0 for any run of figures, one
/// space for any run of white space.
fn folded(block: &str) -> String {
    let mut folded = String::with_capacity(block.len());
    let mut rest = block;
    let wide = memchr::memmem::find(block.as_bytes(), b"  ").is_some();
    let plain = if wide { const { &plain(b'!') } } else { const { &plain(b' ') } };
    loop {
        // Most stretches need no more than small letters: they are taken as a whole.
        let special = |byte: u8| plain.get(usize::from(byte)) == Some(&false);
        let plain = rest.bytes().position(special).unwrap_or(rest.len());
        let Some((head, tail)) = rest.split_at_checked(plain) else { break };
        let start = folded.len();
        folded.push_str(head);
        if let Some(head) = folded.get_mut(start..) {
            head.make_ascii_lowercase();
        }
        let mut behind = tail.chars();
        let Some(c) = behind.next() else { break };
        rest = behind.as_str();
        match c {
            '’' => folded.push('\''),
            // Small as they are.
            'à'..='ÿ' => folded.push(c),
            c if c.is_whitespace() => {
                folded.push_str(if folded.ends_with(' ') { "" } else { " " });
                rest = rest.trim_start();
            }
            c if c.is_ascii_digit() => {
                folded.push('0');
                rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            }
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// Bytes that are written in phrases as they are, but for capitals: ASCII from `first` on, without
/// figures; single spaces are, others are not.
#[expect(
    clippy::indexing_slicing,
    reason = "in a constant: an index out of bounds does not compile"
)]
const fn plain(first: u8) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = first;
    while byte < 128 {
        table[byte as usize] = !byte.is_ascii_digit();
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn folding_is_for_each_character_what_it_is_for_all() {
        let pairs = [
            ("Leggi Anche:", "leggi anche:"),
            ("L’8\u{a0} SETTEMBRE  2023", "l'0 settembre 0"),
            (" \tÈ  \u{2003}\n12,50 ", " è 0,0 "),
            ("a \u{a0}b\u{a0} c", "a b c"),
            ("İstanbul 1 2", "i\u{307}stanbul 0 0"),
            ("", ""),
        ];
        for (text, wanted) in pairs {
            assert_eq!(folded(text), wanted);
        }
    }
}
