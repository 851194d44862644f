//! Phrases that betray what a block is for: `Torna in alto`, `Leggi anche`.

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
    /// The first word of each entry with the place of the entry, sorted.
    pub first_words: &'static [(&'static str, u16)],
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
    pub const EMPTY: Phrases = Phrases { entries: &[], first_words: &[] };

    /// Whether a block is nothing but a phrase of `class`: `Leggi anche`, `Articoli correlati:`.
    pub fn is_label(&self, block: &str, class: PhraseClass) -> bool {
        block.len() <= LABEL_BYTES_MAX && self.find(block).is_label(class)
    }

    /// Looks for all phrases in one pass: at each word for those that begin with it.
    pub fn find(&self, block: &str) -> PhrasesFound {
        let mut found = PhrasesFound::default();
        if self.entries.is_empty() {
            return found;
        }
        let lower = folded(block);
        let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
        let head = lower.find(|c: char| c.is_alphanumeric()).unwrap_or(0);
        let short = block.len() <= LABEL_BYTES_MAX;
        let line = lower.split(' ').count() <= LINE_WORDS_MAX && !lower.ends_with('.');
        for (at, word) in words(&lower) {
            let first = self.first_words.partition_point(|(first, _)| *first < word);
            let with_word = self.first_words.get(first..).unwrap_or_default().iter();
            for (_, place) in with_word.take_while(|(first, _)| *first == word) {
                let Some(phrase) = self.entries.get(usize::from(*place)) else { continue };
                // Signs that the phrase begins with stand before its first word.
                let signs = phrase.text.len() - phrase.text.trim_start_matches(is_sign).len();
                let Some(start) = at.checked_sub(signs) else { continue };
                let text = lower.get(start..).unwrap_or("");
                let bit = 1 << (phrase.class as u8);
                let begins = start == head;
                if short && begins && phrase.text.trim_end_matches(':') == bare {
                    found.labels |= bit;
                }
                if found.found & bit != 0 || !stands(&lower, start, text, phrase.text) {
                    continue;
                }
                let fits = match phrase.place {
                    PhrasePlace::Whole => begins && bare == phrase.text,
                    PhrasePlace::Opens => begins && line,
                    PhrasePlace::Begins => begins,
                    PhrasePlace::Contains => true,
                };
                found.found |= if fits { bit } else { 0 };
            }
        }
        found
    }
}

/// Whether `phrase` stands at the head of `text`, as words of its own.
fn stands(lower: &str, start: usize, text: &str, phrase: &str) -> bool {
    let before = lower.get(..start).unwrap_or("").chars().next_back();
    text.strip_prefix(phrase).is_some_and(|rest| {
        let ends = phrase.ends_with('\'') || !rest.starts_with(char::is_alphanumeric);
        ends && before.is_none_or(|c| !c.is_alphanumeric())
    })
}

fn is_sign(c: char) -> bool {
    !c.is_alphanumeric()
}

/// The words of a text with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let words = text.split(is_sign).filter(|word| !word.is_empty());
    words.map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// As phrases are written: in small letters, apostrophes straight, 0 for any run of figures, one
/// space for any run of white space.
fn folded(block: &str) -> String {
    let mut folded = String::with_capacity(block.len());
    for c in block.chars().flat_map(char::to_lowercase) {
        match c {
            '’' => folded.push('\''),
            c if c.is_whitespace() && folded.ends_with(' ') => {}
            c if c.is_whitespace() => folded.push(' '),
            c if c.is_ascii_digit() && folded.ends_with('0') => {}
            c if c.is_ascii_digit() => folded.push('0'),
            c => folded.push(c),
        }
    }
    folded
}
