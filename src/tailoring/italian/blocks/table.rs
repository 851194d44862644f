//! Lines of tables, and lists without bullets.

use crate::block::{BlockContext, BlockRule};
use crate::document::BlockKind;
use crate::rule::RuleId;

pub(super) const ROW: BlockRule = BlockRule {
    id: RuleId::new("it.list.row"),
    kind: BlockKind::ListItem,
    why: "Columns with figures, apart by tabs or several spaces, are a row of a table.",
    examples: &["Ecco i conti dell'anno, in milioni.\n\n> Ricavi\t41,6\t38,7\nEbitda\t9,2\t8,1"],
    decides: |at| {
        let text = at.text.replace('\t', "  ");
        let cells: Vec<&str> =
            text.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let short = cells.iter().all(|cell| cell.split_whitespace().count() <= 4);
        let figures = |cell: &&&str| cell.contains(|c: char| c.is_ascii_digit()) && cell.len() <= 8;
        let figures_count = cells.iter().filter(figures).count();
        let after_row = at.before == Some(BlockKind::ListItem);
        let row_follows = at.after.is_some_and(|after| {
            let cells = after.text.replace('\t', "  ");
            let cells = cells.split("  ").filter(|cell| !cell.trim().is_empty());
            cells.filter(|cell| cell.contains(|c: char| c.is_ascii_digit())).count() >= 2
        });
        at.article_begun
            && !at.text.contains('\n')
            && cells.len() >= 3
            && short
            && (figures_count >= 2 && figures_count * 5 >= cells.len() * 2
                || cells.len() <= 6 && (after_row || row_follows))
    },
};

pub(super) const LABELLED: BlockRule = BlockRule {
    id: RuleId::new("it.list.labelled"),
    kind: BlockKind::ListItem,
    why: "Lines of a label, a colon and a few words, one below the other, are a list.",
    examples: &[
        "Ecco la ricetta di casa, in breve.\n\n> Difficoltà: facile\nCottura: un'ora\nDosi: quattro persone",
    ],
    decides: |at| {
        let listed = at.before == Some(BlockKind::ListItem) && at.body_begun;
        (at.body_begun || at.headline_seen)
            && !at.in_tail
            && is_labelled(at.text)
            && (listed || at.after.is_some_and(|after| is_labelled(after.text)))
    },
};

/// `Difficoltà: facile`.
fn is_labelled(text: &str) -> bool {
    let Some((label, value)) = text.split_once(": ") else { return false };
    let words = value.split_whitespace().count();
    (1..=3).contains(&label.split_whitespace().count())
        && label.starts_with(char::is_uppercase)
        && (1..=14).contains(&words)
        && !value.starts_with(['«', '“', '"'])
        && (!text.ends_with(['.', '?', '!', ';']) || !label.contains(char::is_lowercase))
}

pub(super) const LINE_UP: BlockRule = BlockRule {
    id: RuleId::new("it.list.line-up"),
    kind: BlockKind::ListItem,
    why: "A team with its formation and the names of its players is a line of the score sheet.",
    examples: &[
        "La gara finisce così, senza altri gol.\n\n> SAVIGNESE (4-3-3): Orsi; Bellini, Conti, Fabbri, Nardi; Rossetti, Damiani. All. Vinci",
    ],
    decides: |at| {
        let (team, players) = at.text.split_once(':').unwrap_or((at.text, ""));
        let (_, formation) = team.split_once('(').unwrap_or(("", ""));
        let formation = formation.trim_end_matches(')');
        let figures = formation.split('-').all(|part| part.parse::<u8>().is_ok());
        at.article_begun
            && formation.contains('-')
            && figures
            && players.matches([',', ';']).count() >= 4
    },
};

pub(super) const QUANTITY: BlockRule = BlockRule {
    id: RuleId::new("it.list.quantity"),
    kind: BlockKind::ListItem,
    why: "Short lines that begin with a number and what it counts, one below the other, are a list; so is what goes on with them in small letters.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> 200 g di farro\n1 carota\n1 costa di sedano",
    ],
    decides: |at| {
        let listed = matches!(at.before, Some(BlockKind::ListItem));
        let small = at.text.starts_with(char::is_lowercase);
        let goes_on = listed && small && short(at) && at.words() <= 6;
        let follows = at.after.is_some_and(|after| is_quantity(after.text));
        (at.headline_seen || at.body_begun)
            && !at.in_tail
            && (goes_on || is_quantity(at.text) && short(at) && (listed || follows))
    },
};

fn short(at: &BlockContext<'_>) -> bool {
    at.words() <= 10 && !at.ends_sentence() && !at.text.ends_with([':', ';'])
}

/// `200 g di farro`, `½ cipolla`.
fn is_quantity(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (Some(number), Some(word)) = (words.next(), words.next()) else { return false };
    let number = number.chars().all(|c| c.is_ascii_digit() || "½¼¾,./".contains(c));
    number && word.starts_with(char::is_lowercase) && text.chars().count() <= 80
}

pub(super) const LONG_LINE: BlockRule = BlockRule {
    id: RuleId::new("it.list.long-line"),
    kind: BlockKind::ListItem,
    why: "A line in the body that is too long for a crosshead, without a full stop and without text below it, is one of a list.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Ripalta, piazza del Popolo, ore 18: apertura della festa con la banda del paese\nPeccioli, anfiteatro, ore 21: concerto del trio di casa, ingresso libero",
    ],
    decides: |at| {
        at.body_begun
            && !at.in_tail
            && (60..=300).contains(&at.chars())
            && !at.ends_sentence()
            && !at.text.ends_with([':', ';', ','])
            && at.text.contains([',', ':'])
            && (at.before == Some(BlockKind::ListItem)
                || at.after.is_some_and(|after| is_long(after.text)))
            && !at.text_follows()
    },
};

/// Too long for a crosshead, and no sentence.
fn is_long(text: &str) -> bool {
    (40..=300).contains(&text.chars().count())
        && !text.ends_with(['.', '!', '?', ':', '…'])
        && text.contains([',', ':'])
}

pub(super) const MARK: BlockRule = BlockRule {
    id: RuleId::new("it.list.mark"),
    kind: BlockKind::ListItem,
    why: "A name with a mark and a dash behind it says how somebody played.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Fabiani 6,5 - Due parate nel primo tempo che tengono viva la squadra.",
    ],
    decides: |at| {
        let head = at.text.split_once([':', '-', '–']).map_or("", |(head, _)| head.trim_end());
        let (name, mark) = head.rsplit_once(' ').unwrap_or(("", ""));
        let figures = !mark.is_empty()
            && mark.len() <= 4
            && mark.starts_with(|c: char| c.is_ascii_digit())
            && mark.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '+' | '½'));
        let names = (1..=3).contains(&name.split_whitespace().count())
            && name.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
        at.article_begun && figures && names
    },
};
