//! What a comparison knows of each language.

use super::{for_tag, italian};
use crate::annotation::{Decimal, NumberFormat};
use crate::compare::Words;
use crate::language::LanguageTag;

/// The words by which articles in `tag` are compared.
///
/// ```
/// use cesura::{language::LanguageTag, tailoring};
/// let words = tailoring::comparison_words(&LanguageTag::ITALIAN);
/// assert_eq!(words.language, "it");
/// ```
pub fn comparison_words(tag: &LanguageTag) -> Words {
    let tailoring = for_tag(tag);
    if tailoring.tag == "it" {
        return italian::comparison::words();
    }
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
        language: tailoring.tag,
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
