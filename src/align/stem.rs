//! What is left of a word without its endings.

use rust_stemmers::Algorithm;

/// Takes the endings off the words of one language, by the rules of Snowball (Porter 2001).
pub(super) struct Stemmer(Option<rust_stemmers::Stemmer>);

impl Stemmer {
    /// For a BCP-47 tag; words of a language without rules stay as they are.
    pub(super) fn of(tag: &str) -> Self {
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
    pub(super) fn stem(&self, lower: &str) -> String {
        match &self.0 {
            Some(stemmer) => stemmer.stem(lower).into_owned(),
            None => lower.to_owned(),
        }
    }
}
