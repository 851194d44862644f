//! What is left of a word without its endings, by the rules of Snowball (Porter 2001,
//! snowballstem.org): two forms of a word have one stem, mostly.

use rust_stemmers::Algorithm;
use std::borrow::Cow;

/// Takes the endings off the words of one language.
///
/// ```
/// use cesura::stem::Stemmer;
/// assert_eq!(Stemmer::of("it").stem("governi"), Stemmer::of("it").stem("governo"));
/// assert_eq!(Stemmer::of("und").stem("governi"), "governi");
/// ```
pub struct Stemmer(Option<rust_stemmers::Stemmer>);

impl std::fmt::Debug for Stemmer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Stemmer").field(&self.0.is_some()).finish()
    }
}

impl Stemmer {
    /// For a BCP-47 tag; words of a language without rules stay as they are.
    pub fn of(tag: &str) -> Self {
        let primary = tag.split('-').next().unwrap_or(tag);
        let algorithm = match primary {
            "it" => Algorithm::Italian,
            "en" => Algorithm::English,
            "fr" => Algorithm::French,
            "de" => Algorithm::German,
            "es" => Algorithm::Spanish,
            "pt" => Algorithm::Portuguese,
            "nl" => Algorithm::Dutch,
            "ro" => Algorithm::Romanian,
            "ru" => Algorithm::Russian,
            "sv" => Algorithm::Swedish,
            "da" => Algorithm::Danish,
            "nb" | "nn" | "no" => Algorithm::Norwegian,
            "fi" => Algorithm::Finnish,
            "hu" => Algorithm::Hungarian,
            "tr" => Algorithm::Turkish,
            "el" => Algorithm::Greek,
            "ar" => Algorithm::Arabic,
            "ta" => Algorithm::Tamil,
            _ => return Self(None),
        };
        Self(Some(rust_stemmers::Stemmer::create(algorithm)))
    }

    /// The stem of a word in small letters.
    pub fn stem<'a>(&self, lower: &'a str) -> Cow<'a, str> {
        match &self.0 {
            Some(stemmer) => stemmer.stem(lower),
            None => Cow::Borrowed(lower),
        }
    }
}
