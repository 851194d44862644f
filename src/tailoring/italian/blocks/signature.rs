//! Who signs the article, and where it is dated from.

use super::is_date_stamp;
use crate::block::{BlockContext, BlockRule, PhraseClass, PhrasesFound};
use crate::document::BlockKind;
use crate::rule::RuleId;
use crate::tailoring::italian::is_names_only;

pub(super) const BYLINE: BlockRule = BlockRule {
    id: RuleId::new("it.byline.signature"),
    kind: BlockKind::Byline,
    why: "A short line of «di» with names, or of the newsroom, is the signature.",
    examples: &["Il vertice di Mosca\n\n> di Mario Rossi\n\nIl testo dell'articolo comincia qui."],
    decides: |at| {
        // `Redazione` in the menu at the foot
        let menu = at.body_begun
            && at.words() <= 2
            && at.found.is_label(PhraseClass::Byline)
            && matches!(at.before, Some(BlockKind::Boilerplate | BlockKind::RelatedLink));
        at.chars() <= 80
            && !menu
            && !at.ends_sentence()
            && (at.has_phrase(PhraseClass::Byline)
                || is_signed_with_date(at.text)
                || at.text.strip_prefix("di ").or_else(|| at.text.strip_prefix("Di ")).is_some_and(
                    |names| {
                        let names = without_title(names);
                        names.split_whitespace().count() <= 6 && is_names_only(names)
                    },
                ))
    },
};

/// `don Ernesto Valli` → `Ernesto Valli`.
fn without_title(name: &str) -> &str {
    let titles = ["don ", "padre ", "suor ", "fra ", "frate ", "monsignor ", "mons. ", "dott. "];
    titles.iter().find_map(|title| name.strip_prefix(title)).unwrap_or(name)
}

pub(super) const WORK: BlockRule = BlockRule {
    id: RuleId::new("it.byline.work"),
    kind: BlockKind::Byline,
    why: "What somebody made, with «di» and nothing but his name, is his signature.",
    examples: &[
        "Zuppa di farro della nonna\n\n> Ricetta di Teresa Lunardi\n\nCi sono piatti che sanno di casa, e questa zuppa è uno di quelli.",
    ],
    decides: |at| {
        if at.chars() > 60 || !at.has_phrase(PhraseClass::Work) {
            return false;
        }
        let name = at.text.split_once(" di ").map_or("", |(_, name)| without_title(name));
        (2..=6).contains(&name.split_whitespace().count())
            && is_names_only(name)
            && at.headline_seen
            && (!at.body_begun || !at.text_follows())
    },
};

pub(super) const SIGNATURE: BlockRule = BlockRule {
    id: RuleId::new("it.byline.names"),
    kind: BlockKind::Byline,
    why: "A line of names alone between head and body, or behind the body, is the signature.",
    examples: &[
        "Il vertice di Mosca\n\n> Giulia Marchesan\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        use BlockKind::{
            Boilerplate, Byline, Caption, Dateline, Headline, ListItem, Metadata, Paragraph,
            Subheadline,
        };
        if at.chars() > 48 || at.words() > 4 {
            return false;
        }
        let head = !at.body_begun
            && at.headline_seen
            && matches!(
                at.before,
                Some(Headline | Subheadline | Metadata | Dateline | Byline | Caption | Boilerplate)
            );
        let behind = at.body_begun
            && matches!(at.before, Some(Paragraph | Caption | ListItem))
            && !at.text_follows();
        // In the body a line in capitals is a crosshead, unless furniture or nothing follows.
        let shouted = behind
            && !at.text.contains(char::is_lowercase)
            && at.after.is_some_and(|after| {
                !after.found.has(PhraseClass::Boilerplate)
                    && !after.found.has(PhraseClass::Metadata)
                    && !after.found.has(PhraseClass::Related)
            });
        !shouted
            && at.words() >= 1
            && (at.words() >= 2 || at.text.starts_with('@'))
            && !at.text.ends_with(['-', '–', '—'])
            && !(at.text.contains(|c: char| c == '(' || c.is_ascii_digit())
                && is_dateline(at.text, head))
            && (head || behind)
            && is_names_only(at.text)
    },
};

pub(super) const SIGNATURE_WITH_PROFESSION: BlockRule = BlockRule {
    id: RuleId::new("it.byline.with-profession"),
    kind: BlockKind::Byline,
    why: "A name with what its bearer does for a living, on a line of its own below the headline or a quotation, signs it.",
    examples: &[
        "Il vertice di Mosca\n\n> Fulvio Stancich, critico letterario\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        use BlockKind::{Caption, Dateline, Heading, Headline, Metadata, Paragraph, Subheadline};
        if at.chars() > 80 || !at.shape.has(",") {
            return false;
        }
        let signed = at.text.strip_prefix("di ").or_else(|| at.text.strip_prefix("Di "));
        let (name, profession) = signed.unwrap_or(at.text).split_once(", ").unwrap_or(("", ""));
        let above =
            matches!(at.before, Some(Headline | Subheadline | Metadata | Caption | Dateline));
        let place = above && !at.body_begun
            || matches!(at.before, Some(Paragraph | Heading)) && !at.text_follows();
        place
            && (2..=4).contains(&name.split_whitespace().count())
            && is_names_only(name)
            && (1..=5).contains(&profession.split_whitespace().count())
            && profession.starts_with(char::is_lowercase)
            && !profession.contains(|c: char| c.is_ascii_digit() || ",.:;?!".contains(c))
            && !at.has_phrase(PhraseClass::Verb)
            && !at.has_phrase(PhraseClass::Scene)
    },
};

pub(super) const DATELINE: BlockRule = BlockRule {
    id: RuleId::new("it.dateline.place"),
    kind: BlockKind::Dateline,
    why: "A place in capitals, or a place with a date, on a line of its own is a dateline.",
    examples: &[
        "Il vertice di Mosca\n\n> Roma, 12 settembre 2023\n\nIl testo dell'articolo comincia qui.",
    ],
    decides: |at| at.chars() <= 60 && is_dateline(at.text, at.headline_seen && !at.body_begun),
};

pub(super) const PLACE: BlockRule = BlockRule {
    id: RuleId::new("it.dateline.bare-place"),
    kind: BlockKind::Dateline,
    why: "Between headline and body a town by itself says where the article is dated from; so does one capitalized word above the text or the signature.",
    examples: &[
        "Il vertice di Mosca\n\n> Viterbo\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        let in_head =
            at.headline_seen && !at.body_begun && at.before != Some(BlockKind::Boilerplate);
        if !in_head || at.after.is_none() {
            return false;
        }
        let others = [
            PhraseClass::Metadata,
            PhraseClass::Boilerplate,
            PhraseClass::Related,
            PhraseClass::Credit,
            PhraseClass::Byline,
            PhraseClass::Kicker,
            PhraseClass::Points,
        ];
        let furniture = others.iter().any(|class| at.has_phrase(*class));
        let word = at.words() == 1
            && at.chars() >= 4
            && at.text.chars().all(char::is_alphabetic)
            && at.text.chars().skip(1).all(char::is_lowercase)
            && at.text.starts_with(char::is_uppercase);
        let above_text = || {
            at.after.is_some_and(|after| {
                BlockContext::is_running_text(after.text)
                    || is_names_only(after.text)
                        && after.text.split_whitespace().count() >= 2
                        && after.found == PhrasesFound::default()
            })
        };
        at.found.is_label(PhraseClass::Place) || word && !furniture && above_text()
    },
};

/// `di Viola Sensi | 14 febbraio 2024`, `Di Simone Arcuri, pubblicato il 4 settembre`.
pub(super) fn is_signed_with_date(text: &str) -> bool {
    let name = text.strip_prefix("di ").or_else(|| text.strip_prefix("Di "));
    let Some((name, rest)) = name.and_then(|rest| rest.split_once(['|', ',', '-', '–', '•']))
    else {
        return false;
    };
    let words = name.split_whitespace().count();
    let rest = rest.to_lowercase();
    (2..=4).contains(&words)
        && is_names_only(name)
        && rest.contains(|c: char| c.is_ascii_digit())
        && rest.split_whitespace().count() <= 12
}

pub(super) fn is_dateline(text: &str, in_head: bool) -> bool {
    let text = text.trim_end_matches([' ', '-', '–', '—', '.']);
    // `21 aprile - 19:48 - MONTELUPA`
    let stamped = text.rsplit_once(" - ").is_some_and(|(date, place)| {
        let capitals =
            place.len() >= 4 && place.chars().all(|c| c.is_uppercase() || " ’'".contains(c));
        is_date_stamp(date) && capitals && in_head
    });
    if stamped {
        return true;
    }
    // `Conegliano (TV), 27 marzo`: the province says nothing.
    let province = text.split_once(" (").and_then(|(place, rest)| {
        let (inside, rest) = rest.split_once(')')?;
        (inside.split_whitespace().count() == 1).then(|| format!("{place}{rest}"))
    });
    let with_province = province.is_some();
    let text = province.as_deref().unwrap_or(text);
    let place_ends = text.find([',', '-', '–', '—', '(']).unwrap_or(text.len());
    let (place, rest) = text.split_at(place_ends);
    let place = place.trim();
    let capitals = place.chars().any(char::is_alphabetic) && !place.chars().any(char::is_lowercase);
    let words = place.split_whitespace().count();
    let name =
        place.split_whitespace().all(|word| word.chars().next().is_some_and(char::is_uppercase));
    if text.contains('©') {
        return false;
    }
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
    let dated = !rest.is_empty() && is_date_stamp(rest);
    // Outside the head a word in capitals is a crosshead or furniture; so is one with an article.
    let article = ["IL ", "LO ", "LA ", "I ", "GLI ", "LE ", "UN ", "UNA "]
        .iter()
        .any(|article| place.starts_with(article) && place != "LA SPEZIA");
    let words_max = if with_province { 4 } else { 2 };
    let bare = rest.is_empty() && capitals && words <= words_max && place.len() >= 4;
    (1..=4).contains(&words) && (dated && name || bare && !article && in_head)
}
