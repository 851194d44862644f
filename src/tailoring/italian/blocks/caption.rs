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
