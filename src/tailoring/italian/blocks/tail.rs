//! What stands behind the article: notes on the author, offers, furniture.

use super::signature::is_signed_with_date;
use crate::block::{BlockContext, BlockRule, PhraseClass};
use crate::document::BlockKind;
use crate::rule::RuleId;
use crate::tailoring::italian::names::{is_names_only, is_sign};

/// Characters from which running text behind the article is another article.
const TEXT_CHARS_MIN: usize = 280;

pub(super) const AUTHOR: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.author"),
    kind: BlockKind::Boilerplate,
    why: "Behind the body a short text that says what somebody does for a living is a note on the author.",
    examples: &[
        "Il testo è finito qui, e basta.\n\nTorna in alto\n\n> Giornalista scientifica, scrive di salute e alimentazione dal 2009.",
    ],
    decides: |at| {
        use BlockKind::{Boilerplate, Byline, ListItem, Metadata, RelatedLink};
        if !at.body_begun || !at.has_phrase(PhraseClass::Author) {
            return false;
        }
        let quoted = at.text.starts_with(['"', '“', '«']);
        let titles = only_titles_quoted(at.text);
        let mut words = at.text.split_whitespace();
        let capital =
            |word: Option<&str>| word.is_some_and(|word| word.starts_with(char::is_uppercase));
        let named = capital(words.next()) && capital(words.next());
        let apart =
            matches!(at.before, Some(Boilerplate | Byline | Metadata | RelatedLink | ListItem));
        at.chars() <= 500
            && (at.in_tail || apart || (named || quoted) && !long_text_follows(at))
            && (quoted || titles)
    },
};

pub(super) const OF_AUTHOR: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.of-author"),
    kind: BlockKind::Boilerplate,
    why: "Behind the body a text that begins with the name that signed the article is a note on its bearer; so is one that says who somebody is, behind a colon.",
    examples: &[
        "Il premier vola a Mosca\n\ndi Viola Sensi\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Viola Sensi abita a Udine con due gatti. Le piacciono le valli e i fiumi di casa sua.",
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Chi è Viola: cuoca per passione, riempie questo quaderno di ricette dal 2011.\n\nTorna in alto",
    ],
    decides: |at| {
        if !at.body_begun || !(8..=110).contains(&at.words()) {
            return false;
        }
        let told =
            at.text.strip_prefix("Chi è ").and_then(|rest| rest.split_once(':')).is_some_and(
                |(name, note)| is_names_only(name) && note.split_whitespace().count() >= 5,
            );
        let foot = at.in_tail
            || at.after.is_none_or(|after| {
                let furniture =
                    [PhraseClass::Boilerplate, PhraseClass::Metadata, PhraseClass::Related];
                furniture.iter().any(|class| after.found.has(*class))
            });
        use BlockKind::{Boilerplate, Byline, Metadata, RelatedLink};
        let apart = matches!(at.before, Some(Boilerplate | Byline | Metadata | RelatedLink))
            && !long_text_follows(at);
        at.ends_sentence()
            && (at.of_author && (foot || apart) || told && foot)
            && only_titles_quoted(at.text)
    },
};

/// What stands in quotation marks are titles of books and papers, and nothing that somebody says.
fn only_titles_quoted(text: &str) -> bool {
    let quoted = text.split(['«', '“']).skip(1);
    quoted.into_iter().all(|part| {
        let title = part.split(['»', '”']).next().unwrap_or("");
        title.split_whitespace().count() <= 5 && !title.ends_with(['.', ',', '!', '?'])
    })
}

pub(super) const NAME_ABOVE_NOTE: BlockRule = BlockRule {
    id: RuleId::new("it.byline.above-note"),
    kind: BlockKind::Byline,
    why: "Behind the body a name above a note on its bearer signs the article.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Viola Sensi\n\nGiornalista scientifica, scrive di salute e alimentazione.",
    ],
    decides: |at| {
        at.body_begun
            && at.words() <= 4
            && at.after.is_some_and(|after| after.found.has(PhraseClass::Author))
            && !at.has_phrase(PhraseClass::Byline)
            && is_names_only(at.text)
    },
};

pub(super) const TAG: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.tag"),
    kind: BlockKind::Metadata,
    why: "Behind the article a few words in small letters are a tag; buttons begin with a capital.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\nTags:\n> festa dell'uva\nweekend",
    ],
    decides: |at| {
        at.in_tail
            && matches!(at.before, Some(BlockKind::Metadata | BlockKind::Boilerplate))
            && at.words() <= 3
            && at.text.starts_with(char::is_lowercase)
            && !at.ends_sentence()
    },
};

pub(super) const POINTED: BlockRule = BlockRule {
    id: RuleId::new("it.related.arrow"),
    kind: BlockKind::RelatedLink,
    why: "A title behind an arrow, or behind a call in capitals, leads to another article.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> → Che cosa fare in caso di terremoto: le regole\n\nIl testo riprende da qui.",
    ],
    decides: |at| {
        // `LEGGI  Le borse asiatiche salgono`
        let called = ["LEGGI ", "READ ", "GUARDA ", "VEDI "]
            .iter()
            .find_map(|call| at.text.strip_prefix(call))
            .filter(|title| title.contains(char::is_lowercase));
        let title = ["→", "➡", ">>", "»", "▶", "👉", "-->", "->"]
            .iter()
            .find_map(|arrow| at.text.strip_prefix(arrow))
            .or(called);
        at.body_begun
            && title.is_some_and(|title| (4..=20).contains(&title.split_whitespace().count()))
            && !at.text.ends_with('.')
    },
};

pub(super) const TAG_LINE: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.tag-line"),
    kind: BlockKind::Metadata,
    why: "Behind the body a few words with signs between them are tags.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> omicidio • rovigo • carabinieri",
    ],
    decides: |at| {
        let bullets = || at.text.contains('•') || at.text.contains('·');
        let signs = || at.shape.has("|,") || at.shape.is_wide() || bullets();
        let small = at.text.starts_with(|c: char| c.is_lowercase() || c == '#');
        if !at.body_begun || at.chars() > 160 || !(small || at.in_tail) || !signs() {
            return false;
        }
        let text = at.text.replace("   ", "|");
        let parts = || text.split(['•', '·', '|']).map(str::trim).filter(|part| !part.is_empty());
        // `murmansk, artico, rompighiaccio, gnl`
        let commas = small
            && at.text.split(", ").count() >= 3
            && at.text.split(", ").all(|part| part.split_whitespace().count() <= 3)
            && at.before != Some(BlockKind::ListItem)
            && !at.introduced;
        !is_signed_with_date(at.text)
            && (commas
                || parts().count() >= 2
                    && parts().all(|part| (1..=3).contains(&part.split_whitespace().count())))
            && !at.ends_sentence()
    },
};

pub(super) const SIGN: BlockRule = BlockRule {
    id: RuleId::new("it.byline.sign"),
    kind: BlockKind::Byline,
    why: "Initials, or the signs of desk and editor behind the body, sign the article.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> gio/mrv",
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> R. C.",
    ],
    decides: |at| at.body_begun && is_sign(at.text),
};

pub(super) const CONTACT: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.contact"),
    kind: BlockKind::Boilerplate,
    why: "At the foot of the page a line with a telephone number or an address for mail is the imprint.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Parrocchia di San Giorgio, piazza della Chiesa 1 - tel. 0444 555123",
    ],
    decides: |at| {
        // Under a crosshead the article itself says whom to write to.
        if !at.body_begun || at.before == Some(BlockKind::Heading) || at.chars() > 160 {
            return false;
        }
        let foot = at.after.is_none_or(|after| after.found.has(PhraseClass::Boilerplate));
        let among = matches!(at.before, Some(BlockKind::Boilerplate | BlockKind::RelatedLink))
            || at.in_tail;
        let numbered = at.shape.has("@+") || at.shape.has_figure();
        if !(foot && numbered || among && at.words() <= 12) {
            return false;
        }
        let lower = at.text.to_lowercase();
        let mail = at.text.split_whitespace().any(|word| {
            word.split_once('@').is_some_and(|(name, site)| !name.is_empty() && site.contains('.'))
        });
        let telephone = ["tel. ", "tel: ", "tel.: ", "telefono "].iter().any(|sign| {
            lower.split_once(sign).is_some_and(|(_, number)| {
                number.starts_with(|c: char| c.is_ascii_digit() || c == '+')
            })
        });
        // `Il Corriere del Lago - Lario Media srl`
        let company = matches!(
            lower.rsplit(' ').next().unwrap_or(""),
            "srl" | "s.r.l." | "spa" | "s.p.a." | "srls" | "scarl" | "coop" | "onlus" | "aps"
        );
        !at.ends_sentence() && (mail || telephone) && foot || company && among && at.words() <= 12
    },
};

pub(super) const RELATED: BlockRule = BlockRule {
    id: RuleId::new("it.related.behind-the-article"),
    kind: BlockKind::RelatedLink,
    why: "Behind the article a title is that of another one.",
    examples: &[
        "Il testo è finito qui, e basta.\n\n© RIPRODUZIONE RISERVATA\n\n> Guardia medica, Isernia resta scoperta per tre notti\n\nAccedi",
    ],
    decides: |at| {
        at.in_tail
            && at.words() >= 5
            && !article_goes_on(at)
            && at.chars() <= 160
            && at.text.starts_with(|c: char| c.is_uppercase() || "«“\"".contains(c))
            && !at.text.ends_with(['.', ':'])
            && at.sentences() <= 2
    },
};

pub(super) const OTHER_MATTER: BlockRule = BlockRule {
    id: RuleId::new("it.related.other-matter"),
    kind: BlockKind::RelatedLink,
    why: "A whole title in the body that shares no words with the article, and names its matter or its news as titles do, is that of another one; so is one among furniture or such titles.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Pieve, rubate nella notte le grondaie in rame del cimitero\n\nIl testo riprende da qui, e va avanti ancora per un po'.",
    ],
    decides: |at| {
        if !at.body_begun || at.in_tail || !(24..=110).contains(&at.chars()) || at.words() < 4 {
            return false;
        }
        if !at.text.starts_with(char::is_uppercase) || at.text.ends_with([':', ';', ',']) {
            return false;
        }
        // A crosshead is shorter, and speaks of what the article or its next paragraph speaks of.
        let title_follows = at.after.is_some_and(|after| {
            after.text.split_whitespace().count() >= 5
                && after.text.contains([',', ':', '«', '“'])
                && after.text.starts_with(char::is_uppercase)
                && !after.text.ends_with(['.', ':'])
        });
        let sign = at.text.contains([',', ':', '«', '“']);
        let listed_title = at.before == Some(BlockKind::RelatedLink) && leads_with_topic(at.text);
        let size = match (at.text_follows(), sign) {
            (true, _) => (7, 40),
            (false, true) if listed_title => (4, 24),
            (false, true) if title_follows && leads_with_topic(at.text) => (5, 30),
            (false, true) => (5, 36),
            (false, false) => (6, 36),
        };
        let strange = match (at.text_follows(), title_follows && sign) {
            (true, _) => 0.18,
            (false, true) => 0.6,
            (false, false) => 0.34,
        };
        let second = leads_with_topic(at.text)
            || news_behind_sign(at.text)
            || !at.text_follows()
                && (title_follows
                    || matches!(
                        at.before,
                        Some(BlockKind::RelatedLink | BlockKind::Boilerplate | BlockKind::Metadata)
                    ));
        let figures = at.text.contains(|c: char| c.is_ascii_digit());
        let listed =
            (!sign || figures) && (at.before == Some(BlockKind::ListItem) || at.introduced);
        // Questions of an interview share few words with what was said before.
        let asked = at.text.ends_with('?') && (at.text_follows() || at.sentences() > 1)
            || at.text_follows() && at.sentences() > 1;
        second
            && !listed
            && (sign || at.has_phrase(PhraseClass::Verb))
            && !asked
            && at.words() >= size.0
            && at.chars() >= size.1
            && at.sentences() <= 2
            && (!at.ends_sentence() || at.text.ends_with(['?', '!']))
            && !tells_hour(at.text)
            && !at.after.is_some_and(|after| after.text.ends_with(|c: char| c.is_ascii_digit()))
            && at.familiar().is_some_and(|share| share < strange)
    },
};

pub(super) const FURNITURE: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.behind-the-article"),
    kind: BlockKind::Boilerplate,
    why: "Behind the article all that is no long text is furniture, comments among it.",
    examples: &[
        "Il testo è finito qui, e basta.\n\n© RIPRODUZIONE RISERVATA\n\n> Bellissimo! Lo stampo e lo porto a scuola.\n\nAccedi",
    ],
    decides: |at| {
        at.in_tail && !article_goes_on(at) && (at.chars() < TEXT_CHARS_MIN || at.sentences() == 1)
    },
};

/// `Riproduzione riservata` may stand at a picture: a sentence of some length behind it that speaks
/// of what the article speaks of is its text. To lose that is worse than to translate a comment.
fn article_goes_on(at: &BlockContext<'_>) -> bool {
    at.chars() >= 80
        && at.ends_sentence()
        && at.text.starts_with(|c: char| c.is_uppercase() || "«“\"".contains(c))
        && !at.has_phrase(PhraseClass::Author)
        && at.familiar_before().is_some_and(|share| share >= 0.3)
}

/// `Pieve, rubate le grondaie`, `Siccità: invasi vuoti`: a noun or two, and what is the matter with
/// it.
fn leads_with_topic(text: &str) -> bool {
    const FUNCTION_WORDS: &[&str] = &[
        "Niente", "Nessun", "Nessuna", "Non", "Né", "Un", "Una", "Il", "Lo", "La", "I", "Gli",
        "Le", "Ma", "E", "Poi", "Prima", "Dopo", "Ora", "Oggi", "Ieri", "Domani", "Così", "Quanto",
        "Quanti", "Come", "Dove", "Chi", "Che", "Più", "Meno", "Tutto", "Tutti", "Tanti", "Pochi",
        "Due", "Tre", "Quattro", "Cinque", "Sei", "Dieci", "Cento", "Mille", "Anche", "Solo", "Sì",
        "No", "Da", "Di", "In", "A", "Con", "Per", "Se",
    ];
    let (topic, _) = text.split_once([',', ':']).unwrap_or(("", ""));
    let first = topic.split([' ', '\'', '’']).next().unwrap_or("");
    (1..=2).contains(&topic.split_whitespace().count())
        && !topic.contains(['«', '“', '"', '\'', '’'])
        && !FUNCTION_WORDS.contains(&first)
}

/// `…: svelato il mistero`, `…, morta una donna`: a participle right behind the sign.
fn news_behind_sign(text: &str) -> bool {
    let behind = text.split([',', ':']).skip(1);
    behind.filter_map(|part| part.split_whitespace().next()).any(|word| {
        let endings = ["ato", "ata", "ati", "ate", "uto", "uta", "uti", "ute", "ito", "ita"];
        let irregular = ["morto", "morta", "morti", "morte", "preso", "presi", "presa", "aperto"];
        word.len() > 5 && endings.iter().any(|ending| word.ends_with(ending))
            || irregular.contains(&word)
    })
}

/// `ore 20`, `dalle 19`: what happens when, and no title.
fn tells_hour(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| match pair {
        [word, next] => {
            matches!(*word, "ore" | "dalle" | "alle")
                && next.starts_with(|c: char| c.is_ascii_digit())
        }
        _ => false,
    })
}

fn long_text_follows(at: &BlockContext<'_>) -> bool {
    at.after.is_some_and(|after| after.shape.chars() >= 200)
}
