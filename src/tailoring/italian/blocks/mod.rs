//! What blocks of an Italian news page are for (policy B1–B4).

mod caption;
mod head;
mod signature;
mod table;
mod tail;

use crate::block::{BlockContext, BlockRule, PhraseClass, begins_item};
use crate::document::BlockKind;
use crate::rule::RuleId;
use crate::tailoring::root::blocks::{
    HEADING, HEADLINE, HEADLINE_REPEATED, LIST_ITEM, NUMERAL_DATE, PARAGRAPH, URL,
};

/// Rows for Italian pages, in the order in which they are asked.
pub const BLOCKS: &[BlockRule] = &[
    URL,
    COUNTER,
    NUMERAL_DATE,
    DAY,
    WRITTEN_DATE,
    head::WIRE_CODE,
    head::SECTION_MENU,
    head::ISSUE,
    table::POINTS,
    signature::PLACE,
    METADATA_PHRASE,
    BOILERPLATE_PHRASE,
    RELATED_PHRASE,
    tail::CONTACT,
    MENU,
    RELATED_LIST,
    head::MENU_LINE,
    SECTION_PATH,
    head::SECTIONS,
    HASHTAGS,
    tail::AUTHOR,
    tail::OF_AUTHOR,
    tail::NAME_ABOVE_NOTE,
    tail::TAG_LINE,
    tail::TAG,
    tail::POINTED,
    tail::SIGN,
    caption::PHOTO_CREDIT,
    caption::CREDIT_BEHIND,
    caption::CREDIT_BELOW,
    caption::GALLERY,
    caption::PICTURE_FILE,
    table::RESULT,
    caption::ALT_TEXT,
    table::AGENDA,
    LIST_ITEM,
    table::ROW,
    table::FIGURES,
    table::LABELLED,
    table::LINE_UP,
    table::MARK,
    table::QUANTITY,
    table::STANDING,
    table::INDEX,
    table::INTRODUCED,
    signature::BYLINE,
    signature::WORK,
    signature::SIGNATURE,
    signature::SIGNATURE_WITH_PROFESSION,
    signature::DATELINE,
    HEADLINE_REPEATED,
    head::TITLE_AGAIN_BELOW,
    MENU_OF_NAMES,
    head::MASTHEAD,
    head::NAME_ABOVE_MOTTO,
    head::MENU_END,
    head::KICKER,
    NAMED_KICKER,
    head::SECTION_WORD,
    head::ABOVE_TITLE,
    head::TITLE_WITH_STOP,
    HEADLINE,
    HEAD_FURNITURE,
    PULLED_QUOTATION,
    caption::ALT_TEXT_IN_SMALL,
    head::TITLE_COMES_AGAIN,
    caption::PICTURED,
    caption::SCENE,
    caption::BELOW_DECK,
    head::DECK_WITH_STOP,
    LEAD,
    SUBHEADLINE,
    tail::RELATED,
    tail::FURNITURE,
    tail::OTHER_MATTER,
    FURNITURE,
    QUESTION,
    table::LONG_LINE,
    HEADING,
    PARAGRAPH,
];

const COUNTER: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.counter"),
    kind: BlockKind::Boilerplate,
    why: "A number alone counts comments or shares; two with a stroke between them belong to a player or a gallery.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> 00:00 / 03:41",
        "Il testo è finito qui, e basta.\n\n> 12",
    ],
    decides: |at| {
        // Two such numbers and the stroke between them.
        if at.text.len() > 13 {
            return false;
        }
        let figures = |part: &str| {
            (1..=5).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
        };
        let pair = at.text.split_once(" / ").is_some_and(|(now, all)| figures(now) && figures(all));
        let number = at.text.len() <= 3 && at.text.bytes().all(|byte| byte.is_ascii_digit());
        pair || number
    },
};

const WRITTEN_DATE: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.date"),
    kind: BlockKind::Metadata,
    why: "A date or a time by itself, month and weekday in words, is a stamp of the page.",
    examples: &["Il titolo\n\n> martedì 12 settembre 2023 - 14:30\n\nIl testo comincia qui."],
    decides: |at| {
        // `3 giugno 2025 di Cultura e dintorni`
        let signed = || {
            let (date, site) = at.text.split_once(" di ").unwrap_or((at.text, ""));
            site.starts_with(char::is_uppercase)
                && site.split_whitespace().count() <= 4
                && is_date_stamp(date)
        };
        at.chars() <= 60 && (is_date_stamp(at.text) || signed())
    },
};

const DAY: BlockRule = BlockRule {
    id: RuleId::new("it.heading.day"),
    kind: BlockKind::Heading,
    why: "In the body a weekday with its date, without year and hour, heads what happens on it.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Venerdì 13 settembre\n\nAlle 21 apre la festa in piazza, con la banda del paese e i fuochi sul lago.",
    ],
    decides: |at| {
        const DAYS: &[&str] =
            &["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"];
        let weekday = || at.text.split_whitespace().next().unwrap_or("").to_lowercase();
        at.body_begun
            && !at.in_tail
            && at.after.is_some()
            && (2..=3).contains(&at.words())
            && DAYS.contains(&weekday().as_str())
            && is_date_stamp(at.text)
    },
};

const METADATA_PHRASE: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.phrase"),
    kind: BlockKind::Metadata,
    why: "Tags, reading times and dates of publication name themselves.",
    examples: &["Il testo è finito qui, e basta.\n\n> Tempo di lettura: 3 minuti"],
    decides: |at| {
        if !at.has_phrase(PhraseClass::Metadata) && !at.has_phrase(PhraseClass::Byline) {
            return false;
        }
        // In the body `Sicurezza` above its paragraph is a crosshead, and no section.
        let crosshead = at.body_begun
            && !at.in_tail
            && at.found.is_label(PhraseClass::Metadata)
            && !at.has_phrase(PhraseClass::Closing)
            && !at.text.contains(|c: char| c.is_ascii_digit())
            && at.text_follows();
        // `AGGIORNAMENTO ORE 18.40 – La Protezione civile ha chiuso l'allerta.`
        let text = at.words() >= 18 && at.text.ends_with('.');
        // `Pubblicato da Marta alle 18:32` is the stamp of a blog.
        let stamp = at.has_phrase(PhraseClass::Byline)
            && at.text.starts_with("Pubblicato da ")
            && at.text.rsplit(' ').next().is_some_and(|time| {
                time.contains(':') && time.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
            });
        let said = at.has_phrase(PhraseClass::Metadata) && !crosshead && !text || stamp;
        at.chars() <= 300 && !begins_item(at.text) && said
    },
};

const BOILERPLATE_PHRASE: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.phrase"),
    kind: BlockKind::Boilerplate,
    why: "Cookie notices, comment forms, share buttons and footers repeat known phrases.",
    examples: &["Il testo è finito qui, e basta.\n\n> Torna in alto"],
    decides: |at| {
        // `Le novità` heads a text, and is a button where none follows.
        let crosshead = at.body_begun
            && !at.in_tail
            && at.found.is_label(PhraseClass::Boilerplate)
            && at.has_phrase(PhraseClass::Kicker)
            && at.before != Some(BlockKind::Boilerplate)
            && at.text_follows();
        at.text.len() <= BlockContext::SHORT_BYTES_MAX
            && at.has_phrase(PhraseClass::Boilerplate)
            && !crosshead
    },
};

const RELATED_PHRASE: BlockRule = BlockRule {
    id: RuleId::new("it.related.phrase"),
    kind: BlockKind::RelatedLink,
    why: "An offer of another article begins with a call to read it.",
    examples: &[
        "Il testo è finito qui, e basta.\n\n> LEGGI ANCHE: Il vertice di Mosca\n\nIl testo riprende da qui.",
    ],
    decides: |at| {
        // `Per saperne di più` above a paragraph is a crosshead.
        let crosshead = at.body_begun
            && !at.in_tail
            && at.found.is_label(PhraseClass::Related)
            && at.has_phrase(PhraseClass::Kicker)
            && at.after.is_some_and(|after| BlockContext::is_running_text(after.text));
        at.chars() <= 300 && at.has_phrase(PhraseClass::Related) && !crosshead
    },
};

const RELATED_LIST: BlockRule = BlockRule {
    id: RuleId::new("it.related.list"),
    kind: BlockKind::RelatedLink,
    why: "Under a label that offers other articles, each short line is one of them.",
    examples: &[
        "Il testo è finito qui, e basta.\n\nLeggi anche\n> Metro ferma per un guasto\nAffitti, i prezzi salgono",
    ],
    decides: |at| {
        if !at.in_related_list {
            return false;
        }
        // A crosshead is shorter and has its paragraph below it.
        let crosshead = at.chars() <= 40 && at.text_follows();
        let title = at.chars() <= 160 && at.sentences() <= 2 && !at.text.ends_with('.');
        // Two or three words, and what begins with a small letter, are buttons and tags.
        let named = at.words() >= 4 && !at.text.starts_with(|c: char| c.is_lowercase() || c == '©');
        title && named && !crosshead
    },
};

const MENU_OF_NAMES: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.menu-of-names"),
    kind: BlockKind::Boilerplate,
    why: "Four and more capitalized words above the headline, without any between them, are a menu.",
    examples: &[
        "> Calcio Basket Tennis Motori Volley\n\nLa rimonta riesce nel recupero\n\nIl testo comincia qui, e va avanti.",
    ],
    decides: |at| {
        if at.words() < 4 {
            return false;
        }
        let small = at.text.split_whitespace().filter(|word| word.starts_with(char::is_lowercase));
        let count = at.words();
        // In the body only a long row of names without any word between them.
        let row = at.text.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
        (!at.body_begun || count >= 7 && row)
            && (count >= 4 && !at.headline_seen || count >= 5)
            && !at.text.contains([',', ':', '.', '(', '«', '“', '"'])
            && small.count() <= usize::from(count >= 5)
            && at.text.chars().any(char::is_lowercase)
            && (!at.text_follows() || count >= 5 && !at.headline_seen)
    },
};

const HEAD_FURNITURE: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.above-headline"),
    kind: BlockKind::Boilerplate,
    why: "A word or two above the headline, not its kicker, are furniture of the site.",
    examples: &["> Grandi Temi\nROYAL\n\nOrso sul balcone\n\nIl testo comincia qui, e va avanti."],
    decides: |at| {
        !at.headline_seen
            && !at.body_begun
            && at.words() <= 2
            && !at.ends_sentence()
            && !at.text.ends_with(':')
            && at.after.is_some()
            && !at.text_follows()
    },
};

const MENU: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.menu"),
    kind: BlockKind::Boilerplate,
    why: "Buttons side by side are a menu of the site.",
    examples: &[
        "> Menu  Abbonati  Accedi\n\nIl titolo\n\nIl testo comincia qui, e va avanti.",
        "Il testo è finito qui, e basta.\n\n> Facebook Telegram Email Stampa",
    ],
    decides: |at| {
        // `Home / Novità / Comunicati`
        let path = at.text.starts_with("Home") && at.text.contains(['/', '>', '»']);
        if at.chars() > 120 || path {
            return false;
        }
        let button = |part: &str| {
            at.is_label(part, PhraseClass::Boilerplate) || part.eq_ignore_ascii_case("redazione")
        };
        let apart = || {
            let text = at.text.replace(['|', '·', '•', '/', '\t'], "  ").replace(" - ", "  ");
            let parts = || text.split("  ").map(str::trim).filter(|part| !part.is_empty());
            parts().count() >= 2 && parts().all(button)
        };
        let bullets = || at.text.contains('·') || at.text.contains('•');
        let signs = at.shape.has("|/-") || at.shape.is_wide() || bullets();
        signs && apart() || at.words() >= 3 && at.text.split_whitespace().all(button)
    },
};

const SECTION_PATH: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.section-path"),
    kind: BlockKind::Metadata,
    why: "A few words with signs between them lead to the section of the site.",
    examples: &["> Home > Cronaca > Milano\n\nIl titolo\n\nIl testo comincia qui, e va avanti."],
    decides: |at| {
        if !at.shape.has(">/|") && !at.text.contains('›') && !at.text.contains('»') {
            return false;
        }
        // The last part may be the title of the article.
        if begins_item(at.text) {
            return false;
        }
        let mut steps = [" » ", " > ", " › "].iter().map(|step| at.text.matches(step).count());
        if at.chars() <= 200 && !at.headline_seen && steps.any(|count| count >= 2) {
            return true;
        }
        if at.chars() > 80 {
            return false;
        }
        let mut parts = at.text.split(['>', '›', '»', '/', '|']).map(str::trim);
        let short = parts.clone().all(|part| (1..=3).contains(&part.split_whitespace().count()));
        let fits = (2..=6).contains(&parts.clone().count()) && short && !at.ends_sentence();
        let section = parts.next().is_some_and(|first| {
            first.eq_ignore_ascii_case("home") || at.is_label(first, PhraseClass::Metadata)
        });
        let spaced = at.text.contains(" / ") && !at.headline_seen;
        fits && (section || spaced || at.text.contains(['>', '›', '»']))
    },
};

const HASHTAGS: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.hashtags"),
    kind: BlockKind::Metadata,
    why: "A line of hashtags alone is a list of tags.",
    examples: &["Il testo è finito qui, e basta.\n\n> #politica #mosca"],
    decides: |at| at.text.split_whitespace().all(|word| word.starts_with('#')),
};

const FURNITURE: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.among-furniture"),
    kind: BlockKind::Boilerplate,
    why: "Behind the body a short line among the furniture of the site, with no text below it, is furniture.",
    examples: &[
        "Il testo è finito qui, e basta.\n\nCondividi su Facebook\n> Spazio dedicato ai lettori",
    ],
    decides: |at| {
        at.body_begun
            && at.chars() <= 90
            && !at.ends_sentence()
            && matches!(at.before, Some(BlockKind::Boilerplate))
            && !at.text_follows()
            && !heads_list(at)
    },
};

/// `La scheda`, and a list below it.
fn heads_list(at: &BlockContext<'_>) -> bool {
    (at.has_phrase(PhraseClass::Kicker) || at.has_phrase(PhraseClass::Points))
        && at.after.is_some_and(|after| {
            begins_item(after.text) || table::is_labelled(after.text) || after.text.contains(": ")
        })
}

const SUBHEADLINE: BlockRule = BlockRule {
    id: RuleId::new("it.subheadline.below-headline"),
    kind: BlockKind::Subheadline,
    why: "What stands between the headline and the body without a full stop is the deck; crossheads come in the body.",
    examples: &[
        "Il premier vola a Mosca\n\n> L'incontro con il presidente è previsto per domani\n\nIl testo dell'articolo comincia qui.",
    ],
    decides: |at| {
        !at.body_begun
            && at.headline_seen
            && !at.text.ends_with(['.', ':', ';', ','])
            && at.chars() <= 350
            && at.decks < 3
            && at.after.is_some()
    },
};

const LEAD: BlockRule = BlockRule {
    id: RuleId::new("it.paragraph.lead"),
    kind: BlockKind::Paragraph,
    why: "Several sentences below the headline are the lead, though the last full stop is missing.",
    examples: &[
        "Zuppa di farro della nonna\n\n> Ci sono piatti che sanno di casa, e questa zuppa è uno di quelli. Si prepara con pochi ingredienti e molta pazienza. Chi ha fretta può usare i legumi in scatola, ma il sapore non è lo stesso, e chi la assaggia se ne accorge\n\nIngredienti",
    ],
    decides: |at| at.headline_seen && at.chars() >= 200 && at.sentences() >= 3,
};

const NAMED_KICKER: BlockRule = BlockRule {
    id: RuleId::new("it.subheadline.named-kicker"),
    kind: BlockKind::Subheadline,
    why: "A noun with its article and no verb above a longer line with a comma or a colon is the kicker of that headline.",
    examples: &[
        "> La guerra dei camici bianchi\n\nAppalti all'ospedale di zona, il manager ammette le buste in Procura\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        const ARTICLES: &[&str] = &["Il ", "Lo ", "La ", "L'", "L’", "I ", "Gli ", "Le "];
        const LINKS: &[&str] = &[
            "di", "del", "della", "dello", "dei", "delle", "degli", "dell'", "dell’", "in", "a",
            "al", "sul", "sulla",
        ];
        if at.headline_seen || at.body_begun || !(3..=6).contains(&at.words()) {
            return false;
        }
        let noun = ARTICLES.iter().any(|article| at.text.starts_with(article));
        let link = at.text.split([' ']).any(|word| LINKS.contains(&word));
        let long = at.after.is_some_and(|after| {
            let chars = after.text.chars().count();
            (at.chars() * 2..=100).contains(&chars)
                && after.text.contains([',', ':', '«', '“', '"'])
                && !after.text.ends_with(['.', ':'])
        });
        noun && link
            && !at.text.contains([',', ':'])
            && !at.has_phrase(PhraseClass::Verb)
            && !at.ends_sentence()
            && long
    },
};

const PULLED_QUOTATION: BlockRule = BlockRule {
    id: RuleId::new("it.paragraph.pulled-quotation"),
    kind: BlockKind::Paragraph,
    why: "A quotation alone in the body, longer than a crosshead, repeats what somebody says.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> «Un paese non muore quando chiude la scuola, muore quando nessuno sa più di chi era quella»\n\nIl testo riprende da qui.",
    ],
    decides: |at| {
        let quoted =
            at.text.starts_with(['«', '“', '"', '”']) && at.text.ends_with(['»', '”', '"', '“']);
        at.body_begun && quoted && (at.chars() >= 60 || at.sentences() >= 2)
    },
};

const QUESTION: BlockRule = BlockRule {
    id: RuleId::new("it.heading.question"),
    kind: BlockKind::Heading,
    why: "A short question above its answer is a crosshead, unless somebody is quoted with the answer.",
    examples: &[
        "Il testo è finito qui, e basta.\n\n> La melatonina serve?\n\nServe a poco, dicono i medici, se non si cambiano le abitudini della sera.",
    ],
    decides: |at| {
        if !at.text.ends_with('?') {
            return false;
        }
        let answered = at.after.is_some_and(|after| {
            !after.text.starts_with(['«', '“', '"', '–', '—', '-']) && after.shape.chars() >= 50
        });
        at.body_begun
            && at.sentences() == 1
            && (2..=8).contains(&at.words())
            && answered
            && at.text_follows()
    },
};

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
    // `22-MAG-25`
    let parts = || word.split('-').map(str::to_lowercase);
    let stamp = parts().count() == 3
        && parts().all(|part| {
            part.bytes().all(|byte| byte.is_ascii_digit()) || DATE_WORDS.contains(&part.as_str())
        });
    stamp || digits > 0 && rest_fits || bare.is_empty() || DATE_WORDS.contains(&bare.as_str())
}

fn is_date_stamp(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && text.split_whitespace().all(is_date_word)
}
