//! What stands behind the article: notes on the author, offers, furniture.

use super::is_signed_with_date;
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
        let quoted = at.text.starts_with(['"', '“', '«']);
        let mut words = at.text.split_whitespace();
        let capital =
            |word: Option<&str>| word.is_some_and(|word| word.starts_with(char::is_uppercase));
        let named = capital(words.next()) && capital(words.next());
        let apart =
            matches!(at.before, Some(Boilerplate | Byline | Metadata | RelatedLink | ListItem));
        at.body_begun
            && at.chars() <= 500
            && at.has_phrase(PhraseClass::Author)
            && (at.in_tail || apart || (named || quoted) && !long_text_follows(at))
            && (quoted || !at.text.contains(['«', '“']))
    },
};

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
            && is_names_only(at.text)
            && !at.has_phrase(PhraseClass::Byline)
            && at.after.is_some_and(|after| after.found.has(PhraseClass::Author))
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
    why: "A title behind an arrow leads to another article.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> → Che cosa fare in caso di terremoto: le regole\n\nIl testo riprende da qui.",
    ],
    decides: |at| {
        let title = ["→", "➡", ">>", "»", "▶", "👉", "-->", "->"]
            .iter()
            .find_map(|arrow| at.text.strip_prefix(arrow));
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
        let text = at.text.replace("   ", "|");
        let parts = || text.split(['•', '·', '|']).map(str::trim).filter(|part| !part.is_empty());
        let small = at.text.starts_with(|c: char| c.is_lowercase() || c == '#');
        // `murmansk, artico, rompighiaccio, gnl`
        let commas = small
            && at.text.split(", ").count() >= 3
            && at.text.split(", ").all(|part| part.split_whitespace().count() <= 3)
            && at.before != Some(BlockKind::ListItem)
            && !at.introduced;
        at.body_begun
            && at.chars() <= 160
            && !is_signed_with_date(at.text)
            && (commas
                || parts().count() >= 2
                    && parts().all(|part| (1..=3).contains(&part.split_whitespace().count()))
                    && (small || at.in_tail))
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
        let lower = at.text.to_lowercase();
        let mail = at.text.split_whitespace().any(|word| {
            word.split_once('@').is_some_and(|(name, site)| !name.is_empty() && site.contains('.'))
        });
        let telephone = ["tel. ", "tel: ", "tel.: ", "telefono "].iter().any(|sign| {
            lower.split_once(sign).is_some_and(|(_, number)| {
                number.starts_with(|c: char| c.is_ascii_digit() || c == '+')
            })
        });
        let foot = at.after.is_none_or(|after| after.found.has(PhraseClass::Boilerplate));
        at.body_begun && at.chars() <= 160 && !at.ends_sentence() && (mail || telephone) && foot
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
            && at.chars() <= 160
            && at.text.starts_with(|c: char| c.is_uppercase() || "«“\"".contains(c))
            && !at.text.ends_with(['.', ':'])
            && at.sentences() <= 2
    },
};

pub(super) const OTHER_MATTER: BlockRule = BlockRule {
    id: RuleId::new("it.related.other-matter"),
    kind: BlockKind::RelatedLink,
    why: "A whole title in the body that shares no words with the article is that of another one.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Pieve, rubate nella notte le grondaie in rame del cimitero\n\nIl testo riprende da qui, e va avanti ancora per un po'.",
    ],
    decides: |at| {
        // A crosshead is shorter, and speaks of what the article or its next paragraph speaks of.
        let title_follows = at.after.is_some_and(|after| {
            after.text.split_whitespace().count() >= 5
                && after.text.contains([',', ':', '«', '“'])
                && after.text.starts_with(char::is_uppercase)
                && !after.text.ends_with(['.', ':'])
        });
        let sign = at.text.contains([',', ':', '«', '“']);
        let size = match (at.text_follows(), sign) {
            (true, _) => (7, 40),
            (false, true) => (5, 36),
            (false, false) => (6, 36),
        };
        let strange = match (at.text_follows(), title_follows && sign) {
            (true, _) => 0.18,
            (false, true) => 0.6,
            (false, false) => 0.34,
        };
        let figures = at.text.contains(|c: char| c.is_ascii_digit());
        let listed =
            (!sign || figures) && (at.before == Some(BlockKind::ListItem) || at.introduced);
        // Questions of an interview share few words with what was said before.
        let asked = at.text.ends_with('?') && (at.text_follows() || at.sentences() > 1)
            || at.text_follows() && at.sentences() > 1;
        at.body_begun
            && !at.in_tail
            && !listed
            && (sign || at.has_phrase(PhraseClass::Verb))
            && !asked
            && at.words() >= size.0
            && at.chars() >= size.1
            && at.chars() <= 110
            && at.sentences() <= 2
            && (!at.ends_sentence() || at.text.ends_with(['?', '!']))
            && !at.text.ends_with([':', ';', ','])
            && !tells_hour(at.text)
            && !at.after.is_some_and(|after| after.text.ends_with(|c: char| c.is_ascii_digit()))
            && at.text.starts_with(char::is_uppercase)
            && at.familiar.is_some_and(|share| share < strange)
    },
};

pub(super) const FURNITURE: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.behind-the-article"),
    kind: BlockKind::Boilerplate,
    why: "Behind the article all that is no long text is furniture, comments among it.",
    examples: &[
        "Il testo è finito qui, e basta.\n\n© RIPRODUZIONE RISERVATA\n\n> Bellissimo! Lo stampo e lo porto a scuola.\n\nAccedi",
    ],
    decides: |at| at.in_tail && (at.chars() < TEXT_CHARS_MIN || at.sentences() == 1),
};

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
    at.after.is_some_and(|after| after.text.chars().count() >= 200)
}
