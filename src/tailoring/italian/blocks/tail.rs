//! What stands behind the article: notes on the author, offers, furniture.

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

pub(super) const AUTHOR_NAME: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.author-name"),
    kind: BlockKind::Boilerplate,
    why: "Behind the body a name above a note on its bearer belongs to that note.",
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
        at.body_begun
            && at.chars() <= 160
            && parts().count() >= 2
            && parts().all(|part| (1..=3).contains(&part.split_whitespace().count()))
            && (small || at.in_tail)
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

pub(super) const FURNITURE: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.behind-the-article"),
    kind: BlockKind::Boilerplate,
    why: "Behind the article all that is no long text is furniture, comments among it.",
    examples: &[
        "Il testo è finito qui, e basta.\n\n© RIPRODUZIONE RISERVATA\n\n> Bellissimo! Lo stampo e lo porto a scuola.\n\nAccedi",
    ],
    decides: |at| at.in_tail && (at.chars() < TEXT_CHARS_MIN || at.sentences() == 1),
};

fn long_text_follows(at: &BlockContext<'_>) -> bool {
    at.after.is_some_and(|after| after.text.chars().count() >= 200)
}
