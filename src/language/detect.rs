//! whatlang, a second voter, and the rules by which the two are weighed.

use super::LanguageTag;
use super::function_words::{self, LANGUAGES};

/// Letters below which a text is too short to overrule its document: whatlang calls `Roma` Zulu.
const DETECT_LETTERS_MIN: usize = 60;

/// Bytes of a text that are looked at: longer text does not change the answer.
const DETECT_BYTES_MAX: usize = 2048;

/// Words the second voter looks at.
const VOTE_WORDS_MAX: usize = 256;

/// Confidence from which a detection is called reliable.
const RELIABLE_CONFIDENCE_MIN: f32 = 0.8;

/// What a language was concluded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The client said so.
    Declared,
    /// The document as a whole.
    Document,
    /// The text itself.
    OwnEvidence,
}

/// A language with the ground it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// BCP-47; `und` where nothing can be said.
    pub tag: LanguageTag,
    /// ISO 15924 code of the script most letters are in: `Latn`; `Zyyy` where there are none.
    pub script: &'static str,
    /// 0 to 1.
    pub confidence: f32,
    /// Whether `confidence` is high enough to act upon.
    pub reliable: bool,
    /// What it was concluded from.
    pub basis: Basis,
}

impl Detection {
    /// The language the client declared, taken at its word.
    pub fn declared(tag: LanguageTag, sample: &str) -> Detection {
        let script = script_of(head_of(sample));
        Detection { tag, script, confidence: 1.0, reliable: true, basis: Basis::Declared }
    }

    /// The same language, inherited by a part of the document.
    #[must_use]
    pub fn inherited(&self) -> Detection {
        let basis = match self.basis {
            Basis::Declared => Basis::Declared,
            Basis::Document | Basis::OwnEvidence => Basis::Document,
        };
        Detection { basis, ..self.clone() }
    }

    fn undetermined(script: &'static str) -> Detection {
        Detection {
            tag: LanguageTag::UNDETERMINED,
            script,
            confidence: 0.0,
            reliable: false,
            basis: Basis::OwnEvidence,
        }
    }
}

/// The language of a text by itself.
///
/// Linear in the text, of which at most 2 KiB are looked at.
///
/// ```
/// use cesura::language::detect;
/// let found = detect("Il leader della Corea del Nord è arrivato in Russia con un treno speciale.");
/// assert_eq!(found.tag.as_str(), "it");
/// assert!(found.reliable);
/// assert_eq!(detect("12.09.2023").tag.as_str(), "und");
/// ```
pub fn detect(text: &str) -> Detection {
    let text = head_of(text);
    let script = script_of(text);
    let Some(info) = whatlang::detect(text) else { return Detection::undetermined(script) };
    let vote = function_words::vote(text, VOTE_WORDS_MAX);
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(DETECT_LETTERS_MIN).count();
    let tag = LanguageTag::of_detector(info.lang());
    let confidence = info.confidence() as f32;
    let voted = LANGUAGES.get(vote.language).map(|language| &language.tag);
    let (tag, confidence) = match voted {
        Some(voted) if *voted == tag && vote.is_clear() => (tag, confidence.max(0.95)),
        // Related languages share trigrams; their function words differ. So the voter overrules
        // where it saw enough, and the rest stays the detector's.
        Some(voted) if vote.is_clear() && vote.share() >= 0.2 => (voted.clone(), 0.85),
        _ if letters < DETECT_LETTERS_MIN => (tag, confidence * 0.5),
        _ => (tag, confidence),
    };
    let reliable = confidence >= RELIABLE_CONFIDENCE_MIN && letters >= DETECT_LETTERS_MIN;
    Detection { tag, script, confidence, reliable, basis: Basis::OwnEvidence }
}

/// The language of a part of a document in `document`: its own where it has enough letters to
/// speak against the document reliably, the document's otherwise.
pub fn detect_within(text: &str, document: &Detection) -> Detection {
    let text = head_of(text);
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(DETECT_LETTERS_MIN).count();
    if letters < DETECT_LETTERS_MIN {
        return document.inherited();
    }
    // The cheap voter first: most parts speak the document's language and say so plainly.
    let vote = function_words::vote(text, 48);
    let voted = LANGUAGES.get(vote.language).map(|language| language.tag.primary());
    if voted == Some(document.tag.primary()) && vote.is_clear() {
        let mut same = document.inherited();
        if document.basis != Basis::Declared {
            same = Detection {
                basis: Basis::OwnEvidence,
                confidence: same.confidence.max(0.95),
                reliable: true,
                ..same
            };
        }
        return same;
    }
    let own = detect(text);
    if own.tag.primary() == document.tag.primary() || !own.reliable {
        document.inherited()
    } else {
        own
    }
}

fn head_of(text: &str) -> &str {
    let end = text.floor_char_boundary(DETECT_BYTES_MAX);
    text.get(..end).unwrap_or(text)
}

fn script_of(text: &str) -> &'static str {
    whatlang::detect_script(text).map_or("Zyyy", script_code)
}

/// ISO 15924 code of each script whatlang tells apart.
fn script_code(script: whatlang::Script) -> &'static str {
    use whatlang::Script;
    match script {
        Script::Arabic => "Arab",
        Script::Armenian => "Armn",
        Script::Bengali => "Beng",
        Script::Cyrillic => "Cyrl",
        Script::Devanagari => "Deva",
        Script::Ethiopic => "Ethi",
        Script::Georgian => "Geor",
        Script::Greek => "Grek",
        Script::Gujarati => "Gujr",
        Script::Gurmukhi => "Guru",
        Script::Hangul => "Hang",
        Script::Hebrew => "Hebr",
        Script::Hiragana => "Hira",
        Script::Kannada => "Knda",
        Script::Katakana => "Kana",
        Script::Khmer => "Khmr",
        Script::Latin => "Latn",
        Script::Malayalam => "Mlym",
        Script::Mandarin => "Hani",
        Script::Myanmar => "Mymr",
        Script::Oriya => "Orya",
        Script::Sinhala => "Sinh",
        Script::Tamil => "Taml",
        Script::Telugu => "Telu",
        Script::Thai => "Thai",
    }
}
