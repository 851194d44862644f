//! The second voter: words that only glue, which betray a language in a few words.

use super::LanguageTag;

/// Function words of one language, lower case, sorted.
pub(super) struct FunctionWords {
    pub(super) tag: LanguageTag,
    words: &'static [&'static str],
}

/// What the voter saw in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Vote {
    /// Index into [`LANGUAGES`] of the language with most hits.
    pub(super) language: usize,
    /// Words that are function words of that language.
    pub(super) hits: u32,
    /// Hits of the language that came second.
    pub(super) second_hits: u32,
    /// Words looked at.
    pub(super) words: u32,
}

impl Vote {
    /// Share of the words that are function words of the winner, 0 to 1.
    pub(super) fn share(&self) -> f32 {
        if self.words == 0 { 0.0 } else { self.hits as f32 / self.words as f32 }
    }

    /// Whether the winner leads by at least two words and by a third.
    pub(super) fn is_clear(&self) -> bool {
        self.hits >= self.second_hits + 2 && self.hits * 3 >= self.second_hits * 4
    }
}

/// Counts function words of all languages in one pass over at most `words_max` words.
pub(super) fn vote(text: &str, words_max: usize) -> Vote {
    let mut hits = [0u32; LANGUAGES.len()];
    let mut words = 0u32;
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(words_max) {
        words += 1;
        if word.chars().count() > 7 {
            continue;
        }
        let lower = word.to_lowercase();
        for (count, language) in hits.iter_mut().zip(LANGUAGES) {
            if language.words.binary_search(&lower.as_str()).is_ok() {
                *count += 1;
            }
        }
    }
    let mut vote = Vote { language: 0, hits: 0, second_hits: 0, words };
    for (language, &count) in hits.iter().enumerate() {
        if count > vote.hits {
            vote = Vote { language, hits: count, second_hits: vote.hits, words };
        } else if count > vote.second_hits {
            vote.second_hits = count;
        }
    }
    vote
}

/// Elided forms stand without their apostrophe (`l`, `dell`): words are cut at it.
#[rustfmt::skip]
pub(super) const LANGUAGES: &[FunctionWords] = &[
    FunctionWords { tag: LanguageTag::ITALIAN, words: &[
        "ad", "agli", "ai", "al", "all", "alla", "alle", "allo", "anche", "che", "chi", "ci", "come",
        "con", "così", "cui", "da", "dagli", "dai", "dal", "dall", "dalla", "dalle", "degli", "dei",
        "del", "dell", "della", "delle", "dello", "di", "dopo", "e", "ed", "era", "gli", "ha",
        "hanno", "i", "il", "in", "io", "l", "la", "le", "lo", "loro", "ma", "mi", "molto", "nei",
        "nel", "nell", "nella", "nelle", "non", "o", "ogni", "per", "perché", "più", "poi", "può",
        "quando", "quella", "quello", "questa", "questo", "se", "sei", "si", "sia", "sono", "stata",
        "stato", "su", "sua", "sugli", "sui", "sul", "sull", "sulla", "sulle", "suo", "tra", "tutti",
        "un", "una", "uno", "è",
    ] },
    FunctionWords { tag: LanguageTag::known("en"), words: &[
        "a", "about", "after", "all", "also", "an", "and", "are", "as", "at", "be", "been", "but",
        "by", "can", "for", "from", "had", "has", "have", "he", "her", "his", "if", "in", "into",
        "is", "it", "its", "more", "not", "of", "on", "or", "said", "she", "that", "the", "their",
        "they", "this", "to", "was", "we", "were", "when", "which", "who", "will", "with", "would",
        "you", "your",
    ] },
    FunctionWords { tag: LanguageTag::known("fr"), words: &[
        "au", "aux", "avec", "ce", "ces", "cette", "d", "dans", "de", "des", "du", "elle", "en",
        "est", "et", "eu", "il", "ils", "je", "l", "la", "le", "les", "leur", "mais", "n", "ne",
        "nous", "on", "ont", "ou", "où", "par", "pas", "plus", "pour", "qu", "que", "qui", "s",
        "sa", "se", "ses", "son", "sont", "sur", "un", "une", "vous", "à", "été",
    ] },
    FunctionWords { tag: LanguageTag::known("es"), words: &[
        "a", "al", "como", "con", "cuando", "de", "del", "desde", "donde", "el", "ella", "en",
        "entre", "es", "esta", "este", "fue", "ha", "han", "hasta", "la", "las", "le", "lo", "los",
        "me", "mi", "muy", "más", "no", "para", "pero", "por", "porque", "que", "se", "ser", "si",
        "sin", "sobre", "son", "su", "sus", "también", "tiene", "un", "una", "y", "ya",
    ] },
    FunctionWords { tag: LanguageTag::known("de"), words: &[
        "als", "am", "an", "auch", "auf", "aus", "bei", "das", "dass", "dem", "den", "der", "des",
        "die", "durch", "ein", "eine", "einem", "einen", "einer", "er", "es", "für", "hat", "ich",
        "ihr", "im", "in", "ist", "mit", "nach", "nicht", "noch", "nur", "oder", "sich", "sie",
        "sind", "um", "und", "von", "vor", "war", "was", "werden", "wie", "wir", "wird", "zu",
        "zum", "zur", "über",
    ] },
    FunctionWords { tag: LanguageTag::known("pt"), words: &[
        "a", "ao", "aos", "as", "com", "como", "da", "das", "de", "do", "dos", "e", "ela", "ele",
        "em", "entre", "foi", "mais", "mas", "muito", "na", "nas", "no", "nos", "não", "o", "os",
        "ou", "para", "pela", "pelo", "por", "que", "quem", "se", "sem", "ser", "seu", "sua",
        "são", "também", "tem", "um", "uma", "à", "é",
    ] },
];

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, vote};

    #[test]
    fn lists_are_sorted_and_the_right_one_wins() {
        for language in LANGUAGES {
            assert!(language.words.is_sorted(), "{:?}", language.tag);
        }
        for (text, tag) in [
            ("Il governo ha detto che non ci sarà una proroga per le imprese.", "it"),
            ("The government has said that it will not be there for the firms.", "en"),
            ("Le gouvernement a dit qu'il n'y aura pas de délai pour les entreprises.", "fr"),
            ("El gobierno dijo que no habrá una prórroga para las empresas.", "es"),
            ("Die Regierung hat gesagt, dass es für die Firmen nicht so sein wird.", "de"),
            ("O governo disse que não há uma prorrogação para as empresas.", "pt"),
        ] {
            let vote = vote(text, 64);
            let winner = LANGUAGES.get(vote.language).map(|l| l.tag.as_str());
            assert_eq!(winner, Some(tag), "{text}");
        }
    }
}
