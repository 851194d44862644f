//! Block rules that need no language: what every tailoring begins with.

use crate::block::{BlockContext, BlockRule, begins_item};
use crate::document::BlockKind;
use crate::rule::RuleId;

/// Rows in the order in which they are asked.
pub const BLOCKS: &[BlockRule] =
    &[URL, NUMERAL_DATE, LIST_ITEM, HEADLINE_REPEATED, HEADLINE, HEADING, PARAGRAPH];

/// An address as a block.
pub const URL: BlockRule = BlockRule {
    id: RuleId::new("root.metadata.url"),
    kind: BlockKind::Metadata,
    why: "A block that is an address, with at most a label or a date beside it, is data.",
    examples: &[
        "> date 2023-09 https://esempio.it/politica/articolo.html\n\nIl titolo\n\nIl testo dell'articolo comincia qui.",
    ],
    decides: |at| {
        at.words() <= 4
            && at
                .text
                .split_whitespace()
                .any(|word| word.contains("://") || word.starts_with("www."))
    },
};

/// A date in figures as a block.
pub const NUMERAL_DATE: BlockRule = BlockRule {
    id: RuleId::new("root.metadata.date"),
    kind: BlockKind::Metadata,
    why: "A date or a time in figures by itself is a stamp of the page.",
    examples: &["Il titolo\n\n> 12.09.2023\n\nIl testo dell'articolo comincia qui."],
    decides: |at| {
        at.text.len() <= 40
            && at.text.bytes().filter(u8::is_ascii_digit).count() >= 3
            && at.text.chars().all(|c| c.is_ascii_digit() || " ./:-–,|+TZ".contains(c))
    },
};

/// An item of a list.
pub const LIST_ITEM: BlockRule = BlockRule {
    id: RuleId::new("root.list.item"),
    kind: BlockKind::ListItem,
    why: "A bullet, dash, number or letter opens an item of a list (policy S14).",
    examples: &["I punti sono tre, eccoli:\n> • il lavoro\n• la casa"],
    decides: |at| {
        if !begins_item(at.text) {
            return false;
        }
        // `1. Titolo` above a paragraph is a heading.
        let numbered = at.text.starts_with(|c: char| c.is_ascii_digit());
        let capital = at.text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
        let open = !at.ends_sentence() || at.text.ends_with('?');
        let first = at.before != Some(BlockKind::ListItem);
        let heading =
            numbered && first && capital && at.chars() <= 70 && open && long_text_follows(at);
        !heading && (!at.text.starts_with(['-', '–', '—']) || at.chars() <= 300)
    },
};

/// What follows is a paragraph, not another item.
fn long_text_follows(at: &BlockContext<'_>) -> bool {
    at.after.is_some_and(|after| !begins_item(after.text) && after.shape.chars() > at.chars() * 2)
}

/// A title that the page repeats.
pub const HEADLINE_REPEATED: BlockRule = BlockRule {
    id: RuleId::new("root.headline.repeated"),
    kind: BlockKind::Headline,
    why: "A headline repeated by the page is a headline again (policy B3).",
    examples: &[
        "Il premier vola a Mosca\n\n> Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui.",
    ],
    decides: |at| at.repeats_headline,
};

/// The title.
pub const HEADLINE: BlockRule = BlockRule {
    id: RuleId::new("root.headline.first"),
    kind: BlockKind::Headline,
    why: "The first matter of the page, one sentence and shorter than what follows, is its title.",
    examples: &[
        "> Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui e va avanti per un po'.",
    ],
    decides: |at| {
        !at.headline_seen
            && !at.body_begun
            && at.chars() <= 200
            // A word or two above something else are furniture, not a title.
            && (at.words() >= 3 || at.text_follows() || at.words() >= 2 && at.sentences() > 1)
            && (at.sentences() == 1 || at.sentences() <= 3 && !at.text.ends_with('.'))
            && at.after.is_some_and(|after| {
                !at.text.ends_with('.') || after.shape.chars() > at.chars() * 3 / 2
            })
    },
};

/// A crosshead.
pub const HEADING: BlockRule = BlockRule {
    id: RuleId::new("root.heading.crosshead"),
    kind: BlockKind::Heading,
    why: "A short line without a full stop between paragraphs is a crosshead.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti.\n\n> La risposta di Kiev\n\nIl testo riprende da qui.",
    ],
    decides: |at| {
        at.article_begun
            && at.chars() <= 160
            && !at.text.ends_with([':', ';', ','])
            && !at.ends_sentence()
            && at.after.is_some()
    },
};

/// Running text.
pub const PARAGRAPH: BlockRule = BlockRule {
    id: RuleId::new("root.paragraph.default"),
    kind: BlockKind::Paragraph,
    why: "All that is nothing else is running text.",
    examples: &["Il premier vola a Mosca\n\n> Il testo dell'articolo comincia qui. Poi va avanti."],
    decides: |_| true,
};
