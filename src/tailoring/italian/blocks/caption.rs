//! What stands at pictures: captions, alternative text, credits.

use super::signature::is_dateline;
use crate::block::{BlockContext, BlockRule, PhraseClass};
use crate::document::BlockKind;
use crate::rule::RuleId;

pub(super) const CREDIT_BELOW: BlockRule = BlockRule {
    id: RuleId::new("it.caption.credit-below"),
    kind: BlockKind::Caption,
    why: "Names right below a caption are those of its photographer or agency.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\nIl molo di Portoverde al tramonto\n> IPA / Kikapress\n\nIl testo riprende da qui, e va avanti ancora per un po'.",
    ],
    decides: |at| {
        at.before == Some(BlockKind::Caption)
            && !at.blank_before
            && (at.words() <= 5 && at.words() >= 2 || at.text.contains('/') || agency(at))
            && crate::tailoring::italian::is_names_only(at.text)
            && (at.text.contains(char::is_lowercase) || at.text.contains('/') || agency(at))
            && !at.text.starts_with("by ")
    },
};

/// `Ansa`: an agency by itself.
fn agency(at: &BlockContext<'_>) -> bool {
    at.found.is_label(PhraseClass::Credit)
}

pub(super) const GALLERY: BlockRule = BlockRule {
    id: RuleId::new("it.caption.gallery"),
    kind: BlockKind::Caption,
    why: "A number of a picture out of so many opens its caption.",
    examples: &["Il testo è finito qui, e basta.\n\n> 1/4 La conduttrice a passeggio\n2/4 Il molo"],
    decides: |at| {
        if !at.shape.has("/") {
            return false;
        }
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
        at.chars() <= 90
            && at.words() <= 6
            && at.shape.has("_-.")
            && at.text.split_whitespace().any(picture)
    },
};

pub(super) const ALT_TEXT: BlockRule = BlockRule {
    id: RuleId::new("it.caption.alt-text"),
    kind: BlockKind::Caption,
    why: "A title right above a photo credit is the picture's alternative text (policy B3).",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo è finito qui, e basta.\n\n> Il premier a Mosca\nMario Rossi (Ansa Foto)\n\nIl testo riprende da qui.",
    ],
    decides: |at| {
        at.chars() <= 200
            && at.headline_seen
            && (!at.ends_sentence()
                || at.sentences() == 1
                    && at.text.ends_with('.')
                    && at.after.is_some_and(|after| after.found.is_label(PhraseClass::Credit)))
            && (at.blank_before || at.before != Some(BlockKind::ListItem))
            && !at.text.starts_with("di ")
            && !at.has_phrase(PhraseClass::Byline)
            && at.after.is_some_and(|after| {
                let long = at.body_begun && at.words() >= 6 && at.chars() >= 36;
                (!after.apart || at.repeats_headline || long)
                    && after.shape.chars() <= 250
                    && is_photo_credit(&BlockContext {
                        text: after.text,
                        shape: after.shape,
                        found: after.found,
                        ..*at
                    })
            })
            && !is_dateline(at.text, true)
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

const ARTICLES: &[&str] =
    &["Il ", "Lo ", "La ", "L'", "L’", "I ", "Gli ", "Le ", "Un ", "Una ", "Uno ", "Un'", "Un’"];

fn is_photo_credit(at: &BlockContext<'_>) -> bool {
    // The stop of `Ph.` ends no sentence.
    let sentences = if at.chars() <= 60 { 2 } else { 1 };
    let signed = at.chars() <= 60
        && at.text.strip_prefix('©').is_some_and(crate::tailoring::italian::is_names_only);
    // `I vigili del fuoco al lavoro (Epa)`: a name alone in brackets at the end is the agency.
    let agency = at.article_begun && !at.ends_sentence();
    let agency = agency
        && at.text.strip_suffix(')').and_then(|text| text.rsplit_once(" (")).is_some_and(
            |(caption, name)| {
                let words = name.split_whitespace().count();
                caption.split_whitespace().count() >= 3
                    && (1..=3).contains(&words)
                    && name.chars().count() > 2
                    && caption.chars().any(char::is_lowercase)
                    && !caption.contains(": ")
                    && name.split_whitespace().all(|word| word.starts_with(char::is_uppercase))
            },
        );
    let marked = at.text.contains("(©") || at.text.contains("[©");
    // `Foto Mario Rossi`
    let named = (["Foto ", "foto "].iter())
        .find_map(|head| at.text.strip_prefix(head))
        .is_some_and(|name| name.starts_with(char::is_uppercase));
    agency
        || marked
        || named && at.words() <= 6
        || at.sentences() <= sentences
            && at.has_phrase(PhraseClass::Credit)
            // `(ANSA)` signs the article, `Ansa` in a menu is a button.
            && (at.words() > 1 || at.headline_seen && !at.text.starts_with('('))
        || signed && at.headline_seen
}

pub(super) const PICTURED: BlockRule = BlockRule {
    id: RuleId::new("it.caption.pictured"),
    kind: BlockKind::Caption,
    why: "A line without a verb that says what a picture shows, or where it was taken, is a caption.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Le mura di Castelvecchio al tramonto\n\nIl testo riprende da qui, e va avanti ancora per un po'.",
        "Il premier vola a Mosca\n\n> I carabinieri davanti alla palazzina di via dei Platani\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        let line = at.chars() <= 180
            && at.words() <= 24
            && !at.ends_sentence()
            && !at.text.ends_with([':', ';', ','])
            && !at.text.contains('?')
            && !at.text.starts_with(['«', '“', '"']);
        if !line || !at.headline_seen || at.in_tail {
            return false;
        }
        // Crossheads are shorter than captions, but for words that only captions have.
        // Behind a colon stands what the reader is told of the picture.
        let (shown, told) = at.text.split_once(": ").unwrap_or((at.text, ""));
        let found = if told.is_empty() { at.found } else { at.phrases.find(shown) };
        let deck = !at.body_begun && at.decks == 0;
        let enough = told.is_empty() || shown.split_whitespace().count() >= 4 && !deck;
        let found =
            if shown.contains(['«', '“']) { at.phrases.find(&unquoted(shown)) } else { found };
        let pictured = found.has(PhraseClass::Picture) && at.words() >= 5 && enough;
        let scene = found.has(PhraseClass::Scene) && at.words() >= 7 && at.chars() >= 40 && enough;
        // Ladri in azione nella notte, rubato un furgone: that is the title of another article.
        let comma = at.text.contains(',');
        // `Un pescatore mostra le reti vuote`: nobody whom the reader knows.
        let somebody = ["Un ", "Una ", "Un'", "Un’"].iter().any(|one| at.text.starts_with(one))
            && !comma
            && ACTS.iter().any(|act| at.text.split(' ').any(|word| word == *act));
        let strange = at.body_begun && comma && at.familiar().is_some_and(|share| share < 0.4);
        // The deck has commas, too.
        let comma_deck = comma && !pictured && deck && at.before == Some(BlockKind::Headline);
        // `Irene Pallaver, 52 anni, sul bordo del ghiacciaio`
        let aged = at.text.split_once(", ").is_some_and(|(name, rest)| {
            let age = rest.split_once(" anni").map_or("", |(age, _)| age);
            let figures = age.len() == 2 && age.bytes().all(|byte| byte.is_ascii_digit());
            figures && crate::tailoring::italian::is_names_only(name) && at.words() >= 5
        });
        !told.starts_with(['«', '“', '"'])
            && (!found.has(PhraseClass::Verb) || somebody && pictured)
            && !strange
            && !comma_deck
            && (pictured || scene || aged)
    },
};

pub(super) const BELOW_DECK: BlockRule = BlockRule {
    id: RuleId::new("it.caption.below-deck"),
    kind: BlockKind::Caption,
    why: "Below the deck, the signature or the date a line without a verb, a comma or a stop is the caption of the picture above the text.",
    examples: &[
        "Tartufi, maxi sequestro al mercato coperto\n\nLa merce arrivava dall'estero ed era venduta come locale\n\n> I forestali tra i banchi del mercato\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        use BlockKind::{Byline, Dateline, Metadata};
        // Buttons part the head from the picture, and the picture from the text.
        let below_buttons = at.before == Some(BlockKind::Boilerplate)
            && at.blank_before
            && at.after.is_some_and(|after| BlockContext::is_running_text(after.text));
        let place = at.decks >= 1
            || matches!(at.before, Some(Byline | Dateline | Metadata))
            || below_buttons;
        !at.body_begun
            && at.headline_seen
            && !at.headline_ahead
            && place
            && (4..=14).contains(&at.words())
            && at.chars() <= 100
            && at.text.starts_with(char::is_uppercase)
            && !at.text.contains([',', ':', ';', '«', '“', '"', '?', '!', '|'])
            && !at.ends_sentence()
            && !at.has_phrase(PhraseClass::Verb)
            && at.after.is_some()
    },
};

pub(super) const CREDIT_BEHIND: BlockRule = BlockRule {
    id: RuleId::new("it.caption.credit-behind"),
    kind: BlockKind::Caption,
    why: "A sentence with a credit or a source behind its full stop is a caption.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Andamento del titolo negli ultimi dodici mesi. Fonte: elaborazione propria\n\nIl testo riprende da qui, e va avanti ancora per un po'.",
    ],
    decides: |at| {
        let credit = |credit: &str| {
            credit.chars().count() <= 60
                && (credit.starts_with("Fonte") || at.phrases.find(credit).has(PhraseClass::Credit))
        };
        at.article_begun
            && at.chars() <= 250
            && at.sentences() <= 3
            && memchr::memmem::find_iter(at.text.as_bytes(), b". ")
                .any(|place| credit(at.text.get(place + 2..).unwrap_or("")))
    },
};

pub(super) const SCENE: BlockRule = BlockRule {
    id: RuleId::new("it.caption.scene"),
    kind: BlockKind::Caption,
    why: "A full name before a place or an occasion, or a noun with its participle, and no verb: what a picture shows.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Orsola Venier con il grembiule del panificio\n\nIl testo riprende da qui, e va avanti ancora per un po'.",
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Il semaforo installato ieri all'imbocco del ponte\n\nIl testo riprende da qui, e va avanti ancora per un po'.",
    ],
    decides: |at| {
        if !at.headline_seen || at.in_tail || at.chars() > 160 {
            return false;
        }
        let line = (5..=22).contains(&at.words())
            && !at.shape.has(":\"?")
            && !at.text.ends_with([';', ','])
            && !at.ends_sentence()
            && !at.text.contains(['«', '“']);
        // Right below the headline stands its deck.
        let deck = !at.body_begun && at.before == Some(BlockKind::Headline);
        line && (names_then_place(at) || !deck && noun_with_participle(at))
    },
};

/// What somebody with his full name does in a picture.
#[rustfmt::skip]
const ACTS: &[&str] = &[
    "mostra", "posa", "sorride", "osserva", "saluta", "abbraccia", "stringe", "esulta", "brinda",
    "festeggia", "applaude", "mostrano", "posano", "sorridono", "salutano", "esultano", "brindano",
];

/// A text without what stands in it in quotation marks: `Una scena del film “Le ore del sale”`.
fn unquoted(text: &str) -> String {
    let mut depth = 0u32;
    let kept = text.chars().filter(|c| {
        match c {
            '«' | '“' => depth += 1,
            '»' | '”' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    kept.collect()
}

/// `Greta Salvaneschi alla stazione`: two names or more, then a preposition.
fn names_then_place(at: &BlockContext<'_>) -> bool {
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
    let all: Vec<&str> = at.text.split_whitespace().collect();
    // `La regista Benedetta Corsaro sul tappeto rosso`: who it is stands before the name.
    let role = ARTICLES.iter().any(|article| at.text.starts_with(article));
    let small = |word: &&&str| word.starts_with(char::is_lowercase);
    let elided_role = ["L'", "L’"].iter().any(|article| at.text.starts_with(article));
    let roles = all.iter().skip(1).take_while(small).count();
    let skipped = match role {
        true if elided_role => 1 + roles,
        true if roles >= 1 => 1 + roles,
        _ => 0,
    };
    let skipped = if skipped <= 4 { skipped } else { 0 };
    let words = all.get(skipped..).unwrap_or_default();
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
    // `Anselmo Curti mostra il registro`
    let acts = skipped == 0 && ACTS.contains(&next);
    count >= 2 && !article && (PLACES.contains(&next) || elided || acts)
}

/// `Il semaforo installato ieri all'imbocco del ponte`: an article, a participle, no verb beside
/// it.
fn noun_with_participle(at: &BlockContext<'_>) -> bool {
    let text = at.text;
    let participle = |word: &str| {
        let word = word.trim_end_matches(',');
        const NOUNS: &[&str] = &[
            "subito", "sabato", "senato", "minuti", "minuto", "partito", "partiti", "reato",
            "serata", "estate", "strate", "aiuti",
        ];
        word.len() >= 6
            && !NOUNS.contains(&word)
            && ["ato", "ata", "ati", "ate", "uto", "uta", "uti", "ute", "ito", "ita", "iti", "ite"]
                .iter()
                .any(|ending| word.ends_with(ending))
    };
    // `portata di mano`, `risultati della giornata`: nouns that look like participles.
    let goes_on = |word: &str| {
        const NEXT: &[&str] = &[
            "a",
            "al",
            "ai",
            "da",
            "in",
            "ne",
            "nel",
            "su",
            "per",
            "ieri",
            "oggi",
            "con",
            "davanti",
            "lunedì",
            "martedì",
            "mercoledì",
            "giovedì",
            "venerdì",
            "sabato",
            "domenica",
        ];
        let word = word.trim_end_matches(['’', '\'']);
        ["dal", "nel", "sul", "all", "alla", "alle"].iter().any(|head| word.starts_with(head))
            || NEXT.contains(&word)
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    // `una telefonata a casa`: behind its article it is a noun.
    let article = |word: &str| matches!(word, "un" | "una" | "il" | "la" | "i" | "le" | "dalla");
    let mut pairs = words.windows(3).skip(1);
    ARTICLES.iter().any(|article| text.starts_with(article))
        && text.split_whitespace().count() >= 6
        && !at.has_phrase(PhraseClass::Verb)
        && pairs.any(|pair| match pair {
            [before, word, next] => {
                word.starts_with(char::is_lowercase)
                    && !article(before)
                    && participle(word)
                    && goes_on(next)
            }
            _ => false,
        })
}
