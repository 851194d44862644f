//! BCP-47 tags, and the one table from the ISO 639-3 codes of the detector to them.

use std::borrow::Cow;
use std::fmt;

/// A well-formed BCP-47 tag in canonical case, with the shortest language subtag.
///
/// ```
/// use cesura::language::LanguageTag;
/// assert_eq!(LanguageTag::parse("ITA-it").unwrap().as_str(), "it-IT");
/// assert!(LanguageTag::parse("not a tag").is_none());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LanguageTag(Cow<'static, str>);

impl LanguageTag {
    /// Italian.
    pub const ITALIAN: LanguageTag = LanguageTag(Cow::Borrowed("it"));
    /// Nothing can be said: `und`.
    pub const UNDETERMINED: LanguageTag = LanguageTag(Cow::Borrowed("und"));

    /// The canonical form of `tag`; `None` where it is not well-formed by RFC 5646.
    pub fn parse(tag: &str) -> Option<LanguageTag> {
        let tag = oxilangtag::LanguageTag::parse_and_normalize(tag).ok()?;
        let primary = tag.primary_language();
        let rest = tag.as_str().get(primary.len()..).unwrap_or("");
        let shortest = shortest_of(primary);
        Some(match (shortest, rest) {
            (Some(short), "") => LanguageTag(Cow::Borrowed(short)),
            (Some(short), rest) => LanguageTag(Cow::Owned(format!("{short}{rest}"))),
            (None, _) => LanguageTag(Cow::Owned(tag.as_str().to_owned())),
        })
    }

    /// The tag of a language that the detector knows by its ISO 639-3 code.
    pub(crate) fn of_detector(lang: whatlang::Lang) -> LanguageTag {
        shortest_of(lang.code())
            .map_or(LanguageTag::UNDETERMINED, |short| LanguageTag(short.into()))
    }

    /// A tag of the table below, by its shortest form.
    pub(crate) const fn known(tag: &'static str) -> LanguageTag {
        LanguageTag(Cow::Borrowed(tag))
    }

    /// The tag as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary language subtag: `it` of `it-CH`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// Whether this is Italian of any region.
    pub fn is_italian(&self) -> bool {
        self.primary() == "it"
    }

    /// Whether this says nothing.
    pub fn is_undetermined(&self) -> bool {
        self.primary() == "und"
    }
}

impl fmt::Debug for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn shortest_of(primary: &str) -> Option<&'static str> {
    CODES.iter().find(|(three, short)| *three == primary || *short == primary).map(|(_, s)| *s)
}

/// ISO 639-3 code of every language whatlang 0.18 knows → shortest BCP-47 subtag, from the IANA
/// language subtag registry (`cmn`, `pes`, `nob`: the macrolanguage or common tag that readers
/// and CAT tools use).
#[rustfmt::skip]
const CODES: &[(&str, &str)] = &[
    ("afr", "af"), ("aka", "ak"), ("amh", "am"), ("ara", "ar"), ("aze", "az"), ("bel", "be"),
    ("ben", "bn"), ("bul", "bg"), ("cat", "ca"), ("ces", "cs"), ("cmn", "zh"), ("cym", "cy"),
    ("dan", "da"), ("deu", "de"), ("ell", "el"), ("eng", "en"), ("epo", "eo"), ("est", "et"),
    ("fin", "fi"), ("fra", "fr"), ("guj", "gu"), ("heb", "he"), ("hin", "hi"), ("hrv", "hr"),
    ("hun", "hu"), ("hye", "hy"), ("ind", "id"), ("ita", "it"), ("jav", "jv"), ("jpn", "ja"),
    ("kan", "kn"), ("kat", "ka"), ("khm", "km"), ("kor", "ko"), ("lat", "la"), ("lav", "lv"),
    ("lit", "lt"), ("mal", "ml"), ("mar", "mr"), ("mkd", "mk"), ("mya", "my"), ("nep", "ne"),
    ("nld", "nl"), ("nob", "nb"), ("ori", "or"), ("pan", "pa"), ("pes", "fa"), ("pol", "pl"),
    ("por", "pt"), ("ron", "ro"), ("rus", "ru"), ("sin", "si"), ("slk", "sk"), ("slv", "sl"),
    ("sna", "sn"), ("spa", "es"), ("srp", "sr"), ("swe", "sv"), ("tam", "ta"), ("tel", "te"),
    ("tgl", "tl"), ("tha", "th"), ("tuk", "tk"), ("tur", "tr"), ("ukr", "uk"), ("urd", "ur"),
    ("uzb", "uz"), ("vie", "vi"), ("yid", "yi"), ("zul", "zu"),
];

#[cfg(test)]
mod tests {
    use super::{CODES, LanguageTag};

    #[test]
    fn table_knows_every_language_of_the_detector() {
        for lang in whatlang::Lang::all() {
            let tag = LanguageTag::of_detector(*lang);
            assert!(!tag.is_undetermined(), "{} has no row", lang.code());
        }
        assert!(CODES.is_sorted(), "the table is kept sorted");
    }
}
