//! What a comparison knows of each language.

use super::{for_tag, italian};
use crate::annotation::NumberFormat;
use crate::compare::{Stemming, Words};
use crate::language::LanguageTag;

/// The words by which articles in `tag` are compared.
///
/// ```
/// use cesura::{compare::Stemming, language::LanguageTag, tailoring};
/// let words = tailoring::comparison_words(&LanguageTag::ITALIAN);
/// assert_eq!(words.stemming, Stemming::Italian);
/// ```
pub fn comparison_words(tag: &LanguageTag) -> Words {
    let tailoring = for_tag(tag);
    let stemming = match tailoring.tag {
        "it" => return italian::comparison::words(),
        "en" => Stemming::English,
        "fr" => Stemming::French,
        "de" => Stemming::German,
        "pt" => Stemming::Portuguese,
        "es" => Stemming::Spanish,
        _ => Stemming::None,
    };
    let numbers: NumberFormat = tailoring.numbers;
    Words {
        lexicon: tailoring.lexicon,
        numbers,
        empty: &[],
        meanings: &[],
        reporting: &[],
        numerals: &[],
        locatives: "",
        obliques: "",
        stemming,
    }
}
