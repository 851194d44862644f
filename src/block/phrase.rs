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
}

/// Where in the block the phrase must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhrasePlace {
    /// It is all of the block, punctuation aside.
    Whole,
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

/// The phrases of one language.
#[derive(Clone, Copy, Debug)]
pub struct Phrases {
    /// In the order of the file.
    pub entries: &'static [Phrase],
}

impl Phrases {
    /// No phrases.
    pub const EMPTY: Phrases = Phrases { entries: &[] };

    /// Whether a block is nothing but a phrase of `class`: `Leggi anche`, `Articoli correlati:`.
    pub fn is_label(&self, block: &str, class: PhraseClass) -> bool {
        if block.len() > LABEL_BYTES_MAX {
            return false;
        }
        let lower = folded(block);
        let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
        self.entries
            .iter()
            .any(|phrase| phrase.class == class && phrase.text.trim_end_matches(':') == bare)
    }

    /// Whether a phrase of `class` stands in `block` where it must.
    pub fn found_in(&self, block: &str, class: PhraseClass) -> bool {
        let lower = folded(block);
        let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
        self.entries.iter().filter(|phrase| phrase.class == class).any(|phrase| {
            match phrase.place {
                PhrasePlace::Whole => bare == phrase.text,
                PhrasePlace::Begins => begins(bare, phrase.text),
                PhrasePlace::Contains => contains(&lower, phrase.text),
            }
        })
    }
}

/// As phrases are written: in small letters, apostrophes straight, 0 for any run of figures.
fn folded(block: &str) -> String {
    let mut folded = String::with_capacity(block.len());
    for c in block.chars().flat_map(char::to_lowercase) {
        match c {
            '’' => folded.push('\''),
            c if c.is_ascii_digit() && folded.ends_with('0') => {}
            c if c.is_ascii_digit() => folded.push('0'),
            c => folded.push(c),
        }
    }
    folded
}

fn begins(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn contains(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text.get(..at).unwrap_or("").chars().next_back();
        let after = text.get(at + phrase.len()..).unwrap_or("").chars().next();
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        edge(before) && edge(after)
    })
}
