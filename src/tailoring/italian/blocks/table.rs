//! Lines of tables, and lists without bullets.

use crate::block::{BlockContext, BlockRule, Neighbour, PhraseClass, begins_item};
use crate::document::BlockKind;
use crate::rule::RuleId;

pub(super) const ROW: BlockRule = BlockRule {
    id: RuleId::new("it.list.row"),
    kind: BlockKind::ListItem,
    why: "Columns with figures, apart by tabs or several spaces, are a row of a table.",
    examples: &["Ecco i conti dell'anno, in milioni.\n\n> Ricavi\t41,6\t38,7\nEbitda\t9,2\t8,1"],
    decides: |at| {
        if !at.article_begun || !at.shape.is_wide() || at.shape.has("\n") {
            return false;
        }
        let text = at.text.replace('\t', "  ");
        let cells: Vec<&str> =
            text.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let short = cells.iter().all(|cell| cell.split_whitespace().count() <= 4);
        let figures = |cell: &&&str| cell.contains(|c: char| c.is_ascii_digit()) && cell.len() <= 8;
        let figures_count = cells.iter().filter(figures).count();
        let after_row = at.before == Some(BlockKind::ListItem);
        let row_follows = || {
            at.after.is_some_and(|after| {
                let cells = after.text.replace('\t', "  ");
                let cells = cells.split("  ").filter(|cell| !cell.trim().is_empty());
                cells.filter(|cell| cell.contains(|c: char| c.is_ascii_digit())).count() >= 2
            })
        };
        cells.len() >= 3
            && short
            && (figures_count >= 2 && figures_count * 5 >= cells.len() * 2
                || cells.len() <= 6 && (after_row || row_follows()))
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
        if !at.shape.has(":") || at.in_tail || !is_labelled(at.text) {
            return false;
        }
        let listed = at.before == Some(BlockKind::ListItem) && at.body_begun;
        // Above the body a headline and its deck may both have a colon: there values are short.
        let value = at.text.split_once(": ").map_or(0, |(_, v)| v.split_whitespace().count());
        let crosshead = at.blank_before && at.text_follows() && !at.ends_sentence();
        (at.body_begun || at.headline_seen && value <= 4)
            && (listed && !crosshead
                || at.after.is_some_and(|after| after.shape.has(":") && is_labelled(after.text)))
    },
};

/// `Difficoltà: facile`.
pub(super) fn is_labelled(text: &str) -> bool {
    let colon = memchr::memmem::find(text.as_bytes(), b": ");
    let Some((label, value)) = colon.and_then(|at| text.get(..at).zip(text.get(at + 2..))) else {
        return false;
    };
    label.starts_with(char::is_uppercase)
        && (1..=3).contains(&label.split_whitespace().take(4).count())
        && (1..=14).contains(&value.split_whitespace().take(15).count())
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
        if !at.article_begun || !at.shape.has("(") {
            return false;
        }
        let (team, players) = at.text.split_once(':').unwrap_or((at.text, ""));
        let (_, formation) = team.split_once('(').unwrap_or(("", ""));
        let formation = formation.trim_end_matches(')');
        let figures = formation.split('-').all(|part| part.parse::<u8>().is_ok());
        formation.contains('-') && figures && players.matches([',', ';']).count() >= 4
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
        let follows = || at.after.is_some_and(|after| is_quantity(after.text));
        (at.headline_seen || at.body_begun)
            && !at.in_tail
            && (goes_on || is_quantity(at.text) && short(at) && (listed || follows()))
    },
};

pub(super) const STANDING: BlockRule = BlockRule {
    id: RuleId::new("it.list.standing"),
    kind: BlockKind::ListItem,
    why: "Names with a number behind them, one below the other, are a table: teams and points, players and marks.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Castelnovo 58\nVis Marenga 54\nPontesano 53",
    ],
    decides: |at| {
        (at.body_begun || at.headline_seen)
            && !at.in_tail
            && at.shape.has_figure()
            && is_standing(at.text)
            && (at.before == Some(BlockKind::ListItem)
                || at.after.is_some_and(|after| is_standing(after.text)))
    },
};

/// `Vis Marenga 54`, `Rossi 6,5`.
fn is_standing(text: &str) -> bool {
    if !text.ends_with(|c: char| c.is_ascii_digit() || ",*½+".contains(c)) {
        return false;
    }
    let (name, number) = text.rsplit_once(char::is_whitespace).unwrap_or(("", ""));
    let named = |word: &str| {
        word.len() <= 3 || word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    };
    (1..=5).contains(&name.split_whitespace().count())
        && name.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        && name.split_whitespace().all(named)
        && !name.ends_with(',')
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number.len() <= 6
        && number.chars().all(|c| c.is_ascii_digit() || ",*½+".contains(c))
}

pub(super) const AGENDA: BlockRule = BlockRule {
    id: RuleId::new("it.list.agenda"),
    kind: BlockKind::ListItem,
    why: "In the body a weekday with what happens on it, behind a colon, is a line of a programme.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> Mercoledì 15, ore 21: concerto della corale",
    ],
    decides: |at| {
        const DAYS: &[&str] =
            &["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"];
        if !at.shape.has(":") || at.chars() > 200 {
            return false;
        }
        let (day, event) = at.text.split_once(':').unwrap_or(("", ""));
        let first = day.split([' ', ',']).next().unwrap_or("").to_lowercase();
        (at.body_begun || at.headline_seen && at.before == Some(BlockKind::Heading))
            && !at.in_tail
            && DAYS.contains(&first.as_str())
            && day.split_whitespace().count() <= 6
            && event.starts_with(' ')
    },
};

pub(super) const INDEX: BlockRule = BlockRule {
    id: RuleId::new("it.list.index"),
    kind: BlockKind::ListItem,
    why: "Short lines with running numbers, one below the other, are an index or a ranking.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.\n\n> 1 Che cosa cambia\n2 Il nodo della galleria\n3 Come mettersi al riparo",
    ],
    decides: |at| {
        if at.chars() > 120 || !at.shape.has_figure() {
            return false;
        }
        let number = index_of(at.text);
        let next = at.after.and_then(|after| index_of(after.text));
        (at.body_begun || at.headline_seen)
            && !at.in_tail
            && number.is_some_and(|number| {
                at.before == Some(BlockKind::ListItem) && number > 1 || next == Some(number + 1)
            })
    },
};

/// `2 Il nodo della galleria` → 2.
fn index_of(text: &str) -> Option<u32> {
    let (number, rest) = text.split_once(' ')?;
    let short = number.len() <= 2 && rest.trim_start().starts_with(char::is_uppercase);
    number.parse().ok().filter(|_| short)
}

pub(super) const POINTS: BlockRule = BlockRule {
    id: RuleId::new("it.heading.points"),
    kind: BlockKind::Heading,
    why: "Words that head a list, with short lines below them, head one, though the body has not begun.",
    examples: &[
        "Il premier vola a Mosca\n\n> I punti principali\n\nIl vertice comincia domani alle 9\nAl tavolo anche i ministri degli Esteri\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        let item = |after: Neighbour<'_>| {
            let furniture = [
                PhraseClass::Boilerplate,
                PhraseClass::Metadata,
                PhraseClass::Related,
                PhraseClass::Byline,
                PhraseClass::Credit,
            ];
            let words = after.text.split_whitespace().count();
            (3..=20).contains(&words)
                && !furniture.iter().any(|class| after.found.has(*class))
                && (!after.text.ends_with('.') || begins_item(after.text))
        };
        at.headline_seen
            && !at.in_tail
            && at.found.is_label(PhraseClass::Points)
            && at.after.is_some_and(item)
    },
};

pub(super) const INTRODUCED: BlockRule = BlockRule {
    id: RuleId::new("it.list.introduced"),
    kind: BlockKind::ListItem,
    why: "Short lines under a heading or a text that ends in a colon are its list, though they have no bullets.",
    examples: &[
        "Il premier vola a Mosca\n\nIl testo dell'articolo comincia qui, e chiede tre cose:\n> processore a 64 bit\nalmeno 8 GB di memoria\nuna scheda video recente\n\nIl testo riprende da qui, e va avanti per un po'.",
    ],
    decides: |at| {
        if !at.introduced || at.in_tail || at.words() > 16 {
            return false;
        }
        let goes_on = at.before == Some(BlockKind::ListItem);
        let listed = at
            .after
            .is_some_and(|after| after.text.chars().count() <= 120 && !after.text.ends_with('.'));
        // Titles of other articles have commas and colons, and speak of something else.
        let title = !goes_on
            && at.body_begun
            && at.text.starts_with(char::is_uppercase)
            && at.words() >= 6
            && at.text.contains([',', ':', '«', '“'])
            && at.familiar().is_some_and(|share| share < 0.34);
        // What is as short as a crosshead and has text below it is the next one.
        let closes = !at.blank_before && at.after.is_some_and(|after| after.apart);
        let text = at.blank_before
            && at.after.is_some_and(|after| BlockContext::is_running_text(after.text));
        let chars_max = if text { 60 } else { 36 };
        let short =
            at.text_follows() && at.chars() < chars_max && !at.text.ends_with(')') && !closes;
        // Items with bullets below it, and it has none: it heads them.
        let heads = at.blank_before
            && at.after.is_some_and(|after| begins_item(after.text))
            && !begins_item(at.text);
        // `Le cose da non fare` between two lists in small letters.
        let capital = at.blank_before
            && at.chars() <= 60
            && at.text.starts_with(char::is_uppercase)
            && at.after.is_some_and(|after| {
                after.text.starts_with(char::is_lowercase) && !after.text.ends_with('.')
            });
        let labels = at.words() <= 4
            && !at.text.contains(':')
            && at.after.is_some_and(|after| {
                // `VOTO: 8,5` closes a list.
                is_labelled(after.text) && after.text.chars().nth(1).is_some_and(char::is_lowercase)
            });
        // `Ingredienti per 4 persone`
        let counts = !is_quantity(at.text) && at.after.is_some_and(|after| is_quantity(after.text));
        let counts = counts && at.text.starts_with(char::is_uppercase);
        let crosshead = goes_on && (short || heads || capital || labels || counts);
        let under_heading = matches!(at.before, Some(BlockKind::Heading | BlockKind::ListItem));
        (at.body_begun || at.headline_seen && under_heading)
            && !title
            && !crosshead
            && (listed || goes_on)
            && (!at.ends_sentence() || at.text.ends_with("q.b."))
            && !at.text.ends_with(':')
            && !at.has_phrase(PhraseClass::Picture)
    },
};

fn short(at: &BlockContext<'_>) -> bool {
    at.words() <= 10
        && (!at.ends_sentence() || at.text.ends_with("q.b."))
        && !at.text.ends_with([':', ';'])
}

/// `200 g di farro`, `½ cipolla`.
fn is_quantity(text: &str) -> bool {
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
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
        if !at.article_begun || !at.shape.has_figure() {
            return false;
        }
        // A name and its mark are short, and a paragraph need not be searched.
        let line = at.text.get(..at.text.floor_char_boundary(120)).unwrap_or("");
        let head = line.split_once([':', '-', '–']).map_or("", |(head, _)| head.trim_end());
        let (name, mark) = head.rsplit_once(' ').unwrap_or(("", ""));
        let figures = !mark.is_empty()
            && mark.len() <= 4
            && mark.starts_with(|c: char| c.is_ascii_digit())
            && mark.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '+' | '½'));
        let names = (1..=3).contains(&name.split_whitespace().count())
            && name.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
        figures && names
    },
};

pub(super) const RESULT: BlockRule = BlockRule {
    id: RuleId::new("it.list.result"),
    kind: BlockKind::ListItem,
    why: "A short line that ends in a result or a change in per cent is a line of a table.",
    examples: &[
        "Vince anche la capolista, che resta sola.\n\n> Montefalco-Olbiese 0-0\nTorrese-Nervi 3-1",
    ],
    decides: |at| {
        if !at.article_begun || at.chars() > 70 || at.words() < 2 {
            return false;
        }
        if !at.shape.has("-%") && !at.text.contains('–') {
            return false;
        }
        let last = at.text.rsplit(char::is_whitespace).next().unwrap_or("");
        let (home, away) = last.split_once(['-', '–']).unwrap_or(("", ""));
        let figures = |part: &str| {
            (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let share = last.starts_with(['+', '-', '−']) && last.ends_with('%');
        let result = figures(home) && figures(away) || share;
        // `Rimini-Ancona rinviata per neve`
        let put_off = ["rinviata", "sospesa", "annullata", "rinviata per"].iter().any(|word| {
            at.text.split_once(&format!(" {word}")).is_some_and(|(teams, _)| {
                teams.contains('-') && teams.split_whitespace().count() <= 5
            })
        });
        // `Pontesano-Atletico Sesia (domenica, ore 15)`
        let fixture = at.text.strip_suffix(')').and_then(|text| text.split_once(" (")).is_some_and(
            |(teams, day)| {
                teams.split_once('-').is_some_and(|(_, away)| away.starts_with(char::is_uppercase))
                    && teams.split_whitespace().count() <= 6
                    && day.contains(|c: char| c.is_ascii_digit())
            },
        );
        (result || put_off || fixture)
            && !at.has_phrase(PhraseClass::Picture)
            && !at.text.contains("gol del ")
    },
};

pub(super) const FIGURES: BlockRule = BlockRule {
    id: RuleId::new("it.list.figures"),
    kind: BlockKind::ListItem,
    why: "In the body a short label with a colon and figures behind it is a line of a table.",
    examples: &[
        "Il gruppo cresce ancora, dicono i conti.\n\n> Ricavi: 2.412 milioni\nEbitda: 461 milioni",
    ],
    decides: |at| {
        if !at.body_begun || at.in_tail || at.chars() > 160 || !at.shape.has_figure() {
            return false;
        }
        let (label, value) = at.text.split_once(": ").unwrap_or(("", ""));
        let label_words = label.split_whitespace().count();
        (1..=4).contains(&label_words)
            && at.text.contains(char::is_lowercase)
            && value.contains(|c: char| c.is_ascii_digit())
            && at.before != Some(BlockKind::RelatedLink)
            && !value.starts_with(['"', '«', '“'])
            && at.sentences() == 1
            && !at.ends_sentence()
    },
};
