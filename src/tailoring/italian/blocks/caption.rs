//! What stands at pictures: captions, alternative text, credits.

use super::is_dateline;
use crate::block::{BlockContext, BlockRule, PhraseClass};
use crate::document::BlockKind;
use crate::rule::RuleId;

pub(super) const GALLERY: BlockRule = BlockRule {
    id: RuleId::new("it.caption.gallery"),
    kind: BlockKind::Caption,
    why: "A number of a picture out of so many opens its caption.",
    examples: &["Il testo è finito qui, e basta.\n\n> 1/4 La conduttrice a passeggio\n2/4 Il molo"],
    decides: |at| {
        let (count, caption) = at.text.split_once(' ').unwrap_or(("", ""));
        let (number, all) = count.split_once('/').unwrap_or(("", ""));
        let figures = |part: &str| {
            (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        figures(number) && figures(all) && caption.chars().count() <= 250
    },
};

pub(super) const PHOTO_CREDIT: BlockRule = BlockRule {
    id: RuleId::new("it.caption.credit"),
    kind: BlockKind::Caption,
    why: "A short line with a photo credit is a caption.",
    examples: &[
        "Il testo è finito qui, e basta.\n\n> Mario Rossi e Anna Bianchi (Ansa Foto)\n\nIl testo riprende da qui.",
    ],
    decides: |at| at.chars() <= 250 && is_photo_credit(at),
};

pub(super) const PICTURE_FILE: BlockRule = BlockRule {
    id: RuleId::new("it.caption.file"),
    kind: BlockKind::Caption,
    why: "The name of a picture's file stands where its caption would.",
    examples: &[
        "Il testo è finito qui, e basta.\n\n> IMG_20230608 lista\n\nIl testo riprende da qui, e va avanti.",
    ],
    decides: |at| {
        let picture = |word: &str| {
            let file = word.to_lowercase();
            let named =
                ["img_", "dsc_", "img-", "screenshot_"].iter().any(|head| file.starts_with(head));
            named || [".jpg", ".jpeg", ".png", ".webp"].iter().any(|end| file.ends_with(end))
        };
        at.chars() <= 90 && at.words() <= 6 && at.text.split_whitespace().any(picture)
    },
};

pub(super) const ALT_TEXT: BlockRule = BlockRule {
    id: RuleId::new("it.caption.alt-text"),
    kind: BlockKind::Caption,
    why: "A title right above a photo credit is the picture's alternative text (policy B3).",
    examples: &[
        "Il testo è finito qui, e basta.\n\n> Il premier a Mosca\nMario Rossi (Ansa Foto)\n\nIl testo riprende da qui.",
    ],
    decides: |at| {
        at.chars() <= 200
            && !at.ends_sentence()
            && !at.text.starts_with("di ")
            && !at.has_phrase(PhraseClass::Byline)
            && !is_dateline(at.text, true)
            && at.after.is_some_and(|after| {
                (!after.apart || at.repeats_headline)
                    && after.text.chars().count() <= 250
                    && is_photo_credit(&BlockContext {
                        text: after.text,
                        found: after.found,
                        ..*at
                    })
            })
    },
};

pub(super) const ALT_TEXT_IN_SMALL: BlockRule = BlockRule {
    id: RuleId::new("it.caption.in-small"),
    kind: BlockKind::Caption,
    why: "A line alone that begins with a small letter and ends without a stop is the alternative text of a picture.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> tabellone con quotazioni di borsa\n\nIl testo riprende da qui.",
    ],
    decides: |at| {
        let small = |text: &str| text.starts_with(char::is_lowercase);
        let alone = at.before != Some(BlockKind::ListItem)
            && !at.after.is_some_and(|after| small(after.text));
        at.headline_seen
            && !at.in_tail
            && small(at.text)
            && !at.text.starts_with("di ")
            && !at.text.starts_with("by ")
            && (2..=14).contains(&at.words())
            && !at.ends_sentence()
            && !at.text.ends_with([':', ';', ','])
            && alone
    },
};

fn is_photo_credit(at: &BlockContext<'_>) -> bool {
    // The stop of `Ph.` ends no sentence.
    let sentences = if at.chars() <= 60 { 2 } else { 1 };
    let signed = at.chars() <= 60
        && at.text.strip_prefix('©').is_some_and(crate::tailoring::italian::is_names_only);
    // `I vigili del fuoco al lavoro (Epa)`: a name alone in brackets at the end is the agency.
    let agency = at.text.strip_suffix(')').and_then(|text| text.rsplit_once(" (")).is_some_and(
        |(caption, name)| {
            let words = name.split_whitespace().count();
            caption.split_whitespace().count() >= 3
                && (1..=3).contains(&words)
                && name.chars().count() > 2
                && name.split_whitespace().all(|word| word.starts_with(char::is_uppercase))
        },
    );
    let agency = agency && at.article_begun && !at.ends_sentence();
    agency
        || at.sentences() <= sentences && at.has_phrase(PhraseClass::Credit)
        || signed && at.body_begun
}

pub(super) const SCENE: BlockRule = BlockRule {
    id: RuleId::new("it.caption.scene"),
    kind: BlockKind::Caption,
    why: "A full name before a place or an occasion, or a noun with its participle, and no verb: what a picture shows.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Orsola Venier nel suo panificio nel 1974\n\nIl testo riprende da qui, e va avanti ancora per un po'.",
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Il semaforo installato ieri all'imbocco del ponte\n\nIl testo riprende da qui, e va avanti ancora per un po'.",
    ],
    decides: |at| {
        let line = (5..=22).contains(&at.words())
            && at.chars() <= 160
            && !at.ends_sentence()
            && !at.text.ends_with([':', ';', ','])
            && !at.text.contains([':', '«', '“', '"', '?']);
        at.headline_seen
            && !at.in_tail
            && line
            && (names_then_place(at.text) || noun_with_participle(at.text))
    },
};

/// `Greta Salvaneschi alla stazione`: two names or more, then a preposition.
fn names_then_place(text: &str) -> bool {
    const PLACES: &[&str] = &[
        "a",
        "al",
        "alla",
        "allo",
        "ai",
        "alle",
        "all'ingresso",
        "nel",
        "nella",
        "nello",
        "nei",
        "nelle",
        "in",
        "sul",
        "sulla",
        "sui",
        "sulle",
        "davanti",
        "durante",
        "con",
        "mentre",
        "accanto",
        "insieme",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let names =
        words.iter().take_while(|word| word.starts_with(char::is_uppercase) || **word == "e");
    let count = names.clone().filter(|word| **word != "e").count();
    let next = words.get(names.count()).copied().unwrap_or("");
    let first = words.first().copied().unwrap_or("");
    let article =
        matches!(first, "Il" | "La" | "Lo" | "I" | "Gli" | "Le" | "Un" | "Una" | "Nel" | "Nella");
    let elided = ["all'", "all’", "nell'", "nell’", "sull'", "sull’"]
        .iter()
        .any(|head| next.starts_with(head));
    count >= 2 && !article && (PLACES.contains(&next) || elided)
}

/// `Il semaforo installato ieri all'imbocco del ponte`: an article, a participle, no verb beside
/// it.
fn noun_with_participle(text: &str) -> bool {
    const ARTICLES: &[&str] = &[
        "Il ", "Lo ", "La ", "L'", "L’", "I ", "Gli ", "Le ", "Un ", "Una ", "Uno ", "Un'", "Un’",
    ];
    const VERBS: &[&str] = &[
        "è", "ha", "hanno", "sono", "era", "erano", "viene", "vengono", "sarà", "saranno", "fu",
        "furono", "ora", "può", "possono", "va", "vanno", "fa", "fanno", "resta", "restano",
        "torna", "tornano", "non", "si", "che", "ma", "dopo",
    ];
    let participle = |word: &str| {
        let word = word.trim_end_matches(',');
        word.len() > 6
            && ["ato", "ata", "ati", "ate", "uto", "uta", "uti", "ute", "ito", "ita", "iti", "ite"]
                .iter()
                .any(|ending| word.ends_with(ending))
    };
    let mut words = text.split_whitespace().skip(2);
    ARTICLES.iter().any(|article| text.starts_with(article))
        && text.split_whitespace().count() >= 6
        && !text.split_whitespace().any(|word| VERBS.contains(&word))
        && words.any(|word| word.starts_with(char::is_lowercase) && participle(word))
}
