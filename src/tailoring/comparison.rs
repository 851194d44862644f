//! What a comparison knows of each language.

use super::{for_tag, italian};
use crate::annotation::{Decimal, NumberFormat};
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
    let number: fn(&str) -> Option<(String, usize)> = match tailoring.numbers {
        NumberFormat::COMMA_POINT => comma_point,
        _ => point_comma,
    };
    Words {
        lexicon: tailoring.lexicon,
        number,
        empty: &[],
        meanings: &[],
        opposites: &[],
        reporting: &[],
        numerals: &[],
        locatives: "",
        obliques: "",
        stemming,
    }
}

/// Reads 1.000,50.
pub(super) fn point_comma(text: &str) -> Option<(String, usize)> {
    let (number, length) = Decimal::read(text, NumberFormat::POINT_COMMA)?;
    Some((number.to_string(), length))
}

/// Reads 1,000.50.
fn comma_point(text: &str) -> Option<(String, usize)> {
    let (number, length) = Decimal::read(text, NumberFormat::COMMA_POINT)?;
    Some((number.to_string(), length))
}
