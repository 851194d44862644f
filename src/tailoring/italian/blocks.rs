//! What blocks of an Italian news page are for (policy B1–B4).

use crate::block::{BlockContext, BlockRule, PhraseClass};
use crate::document::BlockKind;
use crate::rule::RuleId;
use crate::tailoring::root::blocks::{
    HEADING, HEADLINE, HEADLINE_REPEATED, LIST_ITEM, NUMERAL_DATE, PARAGRAPH, URL,
};

/// Rows for Italian pages, in the order in which they are asked.
pub const BLOCKS: &[BlockRule] = &[
    URL,
    NUMERAL_DATE,
    WRITTEN_DATE,
    METADATA_PHRASE,
    BOILERPLATE_PHRASE,
    RELATED_PHRASE,
    PHOTO_CREDIT,
    ALT_TEXT,
    LIST_ITEM,
    BYLINE,
    DATELINE,
    HEADLINE_REPEATED,
    HEADLINE,
    SUBHEADLINE,
    HEADING,
    PARAGRAPH,
];

const WRITTEN_DATE: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.date"),
    kind: BlockKind::Metadata,
    why: "A date or a time by itself, month and weekday in words, is a stamp of the page.",
    examples: &["Il titolo\n\n> martedì 12 settembre 2023 - 14:30\n\nIl testo comincia qui."],
    decides: |at| at.chars() <= 60 && is_date_stamp(at.text),
};

const METADATA_PHRASE: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.phrase"),
    kind: BlockKind::Metadata,
    why: "Tags, reading times and dates of publication name themselves.",
    examples: &["Il testo è finito qui, e basta.\n\n> Tempo di lettura: 3 minuti"],
    decides: |at| at.chars() <= 300 && at.has_phrase(PhraseClass::Metadata),
};

const BOILERPLATE_PHRASE: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.phrase"),
    kind: BlockKind::Boilerplate,
    why: "Cookie notices, comment forms, share buttons and footers repeat known phrases.",
    examples: &["Il testo è finito qui, e basta.\n\n> Torna in alto"],
    decides: |at| {
        at.text.len() <= BlockContext::SHORT_BYTES_MAX && at.has_phrase(PhraseClass::Boilerplate)
    },
};

const RELATED_PHRASE: BlockRule = BlockRule {
    id: RuleId::new("it.related.phrase"),
    kind: BlockKind::RelatedLink,
    why: "An offer of another article begins with a call to read it.",
    examples: &[
        "Il testo è finito qui, e basta.\n\n> LEGGI ANCHE: Il vertice di Mosca\n\nIl testo riprende da qui.",
    ],
    decides: |at| at.chars() <= 300 && at.has_phrase(PhraseClass::Related),
};

const PHOTO_CREDIT: BlockRule = BlockRule {
    id: RuleId::new("it.caption.credit"),
    kind: BlockKind::Caption,
    why: "A short line with a photo credit is a caption.",
    examples: &[
        "Il testo è finito qui, e basta.\n\n> Mario Rossi e Anna Bianchi (Ansa Foto)\n\nIl testo riprende da qui.",
    ],
    decides: |at| at.chars() <= 250 && is_photo_credit(at),
};

const ALT_TEXT: BlockRule = BlockRule {
    id: RuleId::new("it.caption.alt-text"),
    kind: BlockKind::Caption,
    why: "A title right above a photo credit is the picture's alternative text (policy B3).",
    examples: &[
        "Il testo è finito qui, e basta.\n\n> Il premier a Mosca\nMario Rossi (Ansa Foto)\n\nIl testo riprende da qui.",
    ],
    decides: |at| {
        at.chars() <= 200
            && !at.ends_sentence()
            && at.after.is_some_and(|after| {
                !after.apart
                    && after.text.chars().count() <= 250
                    && is_photo_credit(&BlockContext { text: after.text, ..*at })
            })
    },
};

const BYLINE: BlockRule = BlockRule {
    id: RuleId::new("it.byline.signature"),
    kind: BlockKind::Byline,
    why: "A short line of «di» with names, or of the newsroom, is the signature.",
    examples: &["Il vertice di Mosca\n\n> di Mario Rossi\n\nIl testo dell'articolo comincia qui."],
    decides: |at| {
        at.chars() <= 80
            && !at.ends_sentence()
            && (at.has_phrase(PhraseClass::Byline)
                || at.text.strip_prefix("di ").or_else(|| at.text.strip_prefix("Di ")).is_some_and(
                    |names| names.split_whitespace().count() <= 6 && super::is_names_only(names),
                ))
    },
};

const DATELINE: BlockRule = BlockRule {
    id: RuleId::new("it.dateline.place"),
    kind: BlockKind::Dateline,
    why: "A place in capitals, or a place with a date, on a line of its own is a dateline.",
    examples: &[
        "Il vertice di Mosca\n\n> Roma, 12 settembre 2023\n\nIl testo dell'articolo comincia qui.",
    ],
    decides: |at| at.chars() <= 60 && is_dateline(at.text),
};

const SUBHEADLINE: BlockRule = BlockRule {
    id: RuleId::new("it.subheadline.below-headline"),
    kind: BlockKind::Subheadline,
    why: "What stands between the headline and the body without a full stop is the deck.",
    examples: &[
        "Il premier vola a Mosca\n\n> L'incontro con il presidente è previsto per domani\n\nIl testo dell'articolo comincia qui.",
    ],
    decides: |at| {
        !at.body_begun
            && matches!(at.before, Some(BlockKind::Headline | BlockKind::Subheadline))
            && !at.ends_sentence()
            && !at.text.ends_with([':', ';', ','])
            && at.chars() <= 350
            && at.after.is_some()
    },
};

fn is_photo_credit(at: &BlockContext<'_>) -> bool {
    at.sentences() == 1 && at.has_phrase(PhraseClass::Credit)
}

#[rustfmt::skip]
const DATE_WORDS: &[&str] = &[
    "alle", "aprile", "agosto", "dicembre", "domenica", "febbraio", "gennaio", "giovedì", "giugno",
    "il", "luglio", "lunedì", "maggio", "martedì", "marzo", "mercoledì", "novembre", "ore",
    "ottobre", "sabato", "settembre", "venerdì", "apr", "ago", "dic", "feb", "gen", "giu", "lug",
    "mag", "mar", "nov", "ott", "set", "sett", "lun", "gio", "ven", "sab", "dom", "mer", "h",
];

fn is_date_word(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let rest_fits = word.chars().all(|c| c.is_ascii_digit() || "./:-–,°h|'’".contains(c));
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    digits > 0 && rest_fits || bare.is_empty() || DATE_WORDS.contains(&bare.as_str())
}

fn is_date_stamp(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && text.split_whitespace().all(is_date_word)
}

fn is_dateline(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '-', '–', '—', '.']);
    let place_ends = text.find([',', '-', '–', '—', '(']).unwrap_or(text.len());
    let (place, rest) = text.split_at(place_ends);
    let place = place.trim();
    let capitals = place.chars().any(char::is_alphabetic) && !place.chars().any(char::is_lowercase);
    let words = place.split_whitespace().count();
    let name =
        place.split_whitespace().all(|word| word.chars().next().is_some_and(char::is_uppercase));
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
    let dated = !rest.is_empty() && is_date_stamp(rest);
    (1..=4).contains(&words)
        && (dated && name || rest.is_empty() && capitals && words <= 2 && place.len() >= 4)
}
