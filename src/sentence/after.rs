//! What a rule may ask about what follows.

use super::Context;
use super::lexicon::Class;

/// Characters of an ending of verbs.
const ENDING_CHARS_MAX: usize = 6;

impl Context<'_> {
    /// The next word plainly begins a sentence: a capitalized article, conjunction, adverb, or a
    /// form of a verb that is seldom a name.
    pub fn starter_follows(&self) -> bool {
        let free = self.next.is_upper() && !self.abbreviation_follows();
        free && (self.listed_starter_follows() || self.verb_follows())
    }

    /// The next word is in the list of those that plainly begin a sentence.
    fn listed_starter_follows(&self) -> bool {
        let word = self.next.word;
        let vowel = word.ends_in_vowel() || word.text == "Y";
        // `L’` and `C’` are starters, the `O’` of `O’Hara` is none.
        let letter = if self.next.elided { word.text != "O" } else { vowel };
        (!word.is_letter() || letter) && self.next_is(Class::Starter)
    }

    /// The next word ends as verbs do that are no names.
    fn verb_follows(&self) -> bool {
        let word = self.next.word.text;
        let mut from = word.char_indices().rev().skip(1).take(ENDING_CHARS_MAX - 1);
        let ends = |at| word.get(at..).is_some_and(|end| self.lexicon.has(end, Class::Ending));
        self.next.word.chars() >= 5 && from.any(|(at, _)| ends(at))
    }

    /// The next word is an abbreviation or an initial itself: `Sez. Un.`, `Lt. Col.`, `gen. C.A.`
    pub fn abbreviation_follows(&self) -> bool {
        let next = &self.next;
        let rest = self.text.get(next.word.span.end() as usize..).unwrap_or("");
        let known = || {
            [
                Class::Title,
                Class::Reference,
                Class::Closing,
                Class::Office,
                Class::Company,
                Class::Place,
            ]
            .iter()
            .any(|class| self.next_is(*class))
        };
        rest.starts_with('.') && next.is_upper() && (next.word.is_letter() || known())
    }

    /// The word after the next one begins with a capital: `La Russa`, `De Luca`.
    pub fn second_word_is_upper(&self) -> bool {
        let rest = self.text.get(self.next.word.span.end() as usize..).unwrap_or("");
        let mut chars = rest.chars();
        matches!(chars.next(), Some(' ' | '\u{a0}' | '\'' | '’'))
            && chars.next().is_some_and(char::is_uppercase)
    }

    /// A vowel that is a word by itself, with a space behind it: `E adesso`, `I medici`.
    pub fn vowel_word_follows(&self) -> bool {
        let rest = self.text.get(self.next.word.span.end() as usize..).unwrap_or("");
        self.next.is_upper()
            && self.next.word.is_letter()
            && self.next.word.ends_in_vowel()
            && rest.starts_with([' ', '\u{a0}'])
    }

    /// What follows reads as the beginning of a name: a capital that begins no sentence, or a
    /// particle before a capital (`De Luca`), articles aside: `La Lega` is no surname.
    pub fn name_follows(&self) -> bool {
        let article = self.next_is(Class::Article);
        let surname = !article && self.surname_particle_follows();
        self.next.is_upper() && (!self.starter_follows() || surname)
    }

    /// As [`Context::name_follows`] where a name is called for: `on. La Russa`, `sig. Loiacono`.
    pub fn called_name_follows(&self) -> bool {
        // `Ana del Mar. Vivono a Rimini`: a capital title may be a name, a verb then begins.
        let verb = self.token.is_capitalized() && self.verb_follows();
        let starter = verb || self.listed_starter_follows();
        let starter = starter && !self.abbreviation_follows();
        self.next.is_upper() && (!starter || self.surname_particle_follows())
    }

    /// A particle of surnames before a capital.
    fn surname_particle_follows(&self) -> bool {
        self.second_word_is_upper() && self.next_is(Class::Particle)
    }
}
