//! What stands above the body: which line is the title, what is above it, what is its deck.

use super::is_date_stamp;
use super::signature::is_signed_with_date;
use crate::block::{
    BlockContext, BlockRule, BlockShape, Neighbour, PhraseClass, PhrasesFound, begins_item,
    without_site,
};
use crate::document::BlockKind;
use crate::rule::RuleId;
use crate::tailoring::italian::names::is_names_only;

/// Characters over which a line is a deck rather than a title.
const TITLE_CHARS_MAX: usize = 110;

/// The same where what stands above it may be a title of its own.
const TITLE_BELOW_TITLE_CHARS_MAX: usize = 90;

pub(super) const SECTION_MENU: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.section-menu"),
    kind: BlockKind::Boilerplate,
    why: "Names of sections one below the other above the headline are the menu of the site.",
    examples: &[
        "> Cronaca\nPolitica\nSport\n\nOrso sul balcone, il video diventa virale in poche ore\n\nIl testo comincia qui, e va avanti.",
    ],
    decides: |at| {
        let button = |found: PhrasesFound| found.is_label(PhraseClass::Boilerplate);
        let listed = at.after.is_some_and(|after| is_section(after.found) || button(after.found))
            || at.before == Some(BlockKind::Boilerplate) && !at.blank_before;
        !at.headline_seen
            && !at.body_begun
            && !begins_item(at.text)
            && is_section(at.found)
            && listed
    },
};

fn is_section(found: PhrasesFound) -> bool {
    found.is_label(PhraseClass::Metadata) && !found.has(PhraseClass::Closing)
}

/// Of the blocks that follow, three and more are names of sections: a long menu, behind which the
/// title is not in sight.
fn menu_ahead(ahead: &[Neighbour<'_>]) -> bool {
    ahead.iter().filter(|line| is_section(line.found)).count() >= 3
}

pub(super) const MENU_LINE: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.menu-line"),
    kind: BlockKind::Boilerplate,
    why: "Above the headline a line of three and more short entries, apart by strokes or wide spaces, is a menu or a ticker.",
    examples: &[
        "> In primo piano | Regioni | Mondo | Mare | Canali\n\nOrso sul balcone, il video diventa virale in poche ore\n\nIl testo comincia qui, e va avanti.",
    ],
    decides: |at| {
        let above = !at.headline_seen && !at.body_begun && !begins_item(at.text);
        let ticker = at.shape.has("|")
            && at.text.matches('|').count() >= 3
            && !at.text.contains(|c: char| c.is_ascii_digit());
        if !above && !ticker {
            return false;
        }
        let entries = menu_entries(at.text, at.shape);
        let path = || at.text.to_lowercase().starts_with("home");
        above && entries >= 3 && !path() || ticker && entries >= 4
    },
};

/// Entries of a menu or ticker: parts of a line, apart by strokes or wide spaces, that begin with
/// a capital or a figure; none where the line is something else.
fn menu_entries(text: &str, shape: BlockShape) -> usize {
    // Most texts have nothing that parts entries, and are one at most.
    if !shape.has("|") && !shape.is_wide() && !text.contains(['·', '•']) {
        return usize::from(!text.is_empty());
    }
    let text = text.replace(['|', '·', '•', '\t'], "  ");
    let parts = || text.split("  ").map(str::trim).filter(|part| !part.is_empty());
    let entry = |part: &str| {
        part.split_whitespace().count() <= 4
            && part
                .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "+-".contains(c))
    };
    if parts().all(entry) { parts().count() } else { 0 }
}

pub(super) const SECTIONS: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.sections"),
    kind: BlockKind::Metadata,
    why: "Names of sections side by side say where the article stands.",
    examples: &["> ECONOMIA - ENERGIA\n\nIl titolo\n\nIl testo comincia qui, e va avanti."],
    decides: |at| {
        if at.chars() > 60 {
            return false;
        }
        let parts = || at.text.split([',', '-', '–', '|', '/', '>', '•', '·']).map(str::trim);
        let label = |part: &str| at.is_label(part, PhraseClass::Metadata);
        // `Alba - Cronaca`
        let placed = !at.headline_seen
            && at.words() <= 5
            && !at.text.contains(',')
            && parts().all(|part| part.split_whitespace().count() <= 2)
            && parts().any(label);
        // `in Cronaca`
        let filed = (at.text.strip_prefix("in ").or_else(|| at.text.strip_prefix("In ")))
            .is_some_and(|section| at.words() <= 4 && label(section));
        !begins_item(at.text) && (filed || parts().count() >= 2) && (parts().all(label) || placed)
    },
};

pub(super) const WIRE_CODE: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.wire-code"),
    kind: BlockKind::Metadata,
    why: "A line of capitals and figures without a word is the code or the stamp of an agency.",
    examples: &["> ZCZC0417/SXA\n\nIl titolo\n\nIl testo comincia qui, e va avanti."],
    decides: |at| {
        let marks = |c: char| c.is_uppercase() || c.is_ascii_digit() || "/_-:".contains(c);
        let coded = |word: &str| {
            matches!(word, "ZCZC" | "NNNN")
                || word.len() >= 3
                    && word.starts_with(char::is_uppercase)
                    && word.contains(|c: char| c.is_ascii_digit())
                    && word.contains(char::is_alphabetic)
        };
        let closes = at.text.ends_with("NNNN") || at.text.starts_with("ZCZC");
        at.words() <= 5
            && at.text.chars().all(|c| c == ' ' || marks(c))
            && at.text.split_whitespace().any(coded)
            && (at.text.len() >= 8 || at.words() >= 3)
            && (closes || !at.headline_seen && at.words() != 2)
    },
};

pub(super) const ISSUE: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.issue"),
    kind: BlockKind::Metadata,
    why: "A line with the number of the issue, and year or date beside it, is the head of a periodical.",
    examples: &[
        "> Foglio parrocchiale n. 12 - Anno XXI\n\nIl titolo della settimana, per tutti\n\nIl testo comincia qui, e va avanti.",
    ],
    decides: |at| {
        if at.body_begun || at.words() > 14 {
            return false;
        }
        let lower = at.text.to_lowercase();
        let numbered = ["n. ", "n° ", "nr. ", "numero "].iter().any(|sign| {
            lower
                .split_once(sign)
                .is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()))
        });
        numbered
            && (lower.contains("anno ") || lower.split_whitespace().any(is_year))
            && !at.ends_sentence()
    },
};

fn is_year(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_digit());
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
}

pub(super) const TITLE_AGAIN_BELOW: BlockRule = BlockRule {
    id: RuleId::new("it.headline.again-below"),
    kind: BlockKind::Headline,
    why: "What the head of the page says twice, with the name of the site behind it or without, is the title.",
    examples: &[
        "> Orso sul balcone, il video è virale - Valle24\n\nHome » Cronaca » Valle\n\nOrso sul balcone, il video è virale\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| !at.headline_seen && !at.body_begun && comes_again(at.text, at.ahead),
};

fn comes_again(text: &str, ahead: &[Neighbour<'_>]) -> bool {
    let title = without_site(text);
    let again =
        |below: &Neighbour<'_>| below.text.starts_with(title) && without_site(below.text) == title;
    ahead.iter().any(again) && title.split_whitespace().count() >= 4
}

pub(super) const MASTHEAD: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.masthead"),
    kind: BlockKind::Boilerplate,
    why: "Above the headline a short line with a word that papers and sites are named by, without a verb, is the name of the site.",
    examples: &[
        "> Gazzetta della Valle\nCronaca\nPolitica\nSport\nEconomia\nCultura\nEsteri\nMeteo\nViaggi\nOrso sul balcone, il video è virale\n\nIl testo comincia qui, e va avanti.",
        "> Parrocchia di San Giorgio - Foglietto settimanale\n\nFesta del patrono, il programma della settimana\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        let title = |line: &Neighbour<'_>| {
            // No title begins with a small letter.
            let needed = if at.text.starts_with(char::is_lowercase) { 2 } else { 3 };
            title_score(line.text, line.shape, line.found) >= needed
                && line.shape.chars() <= TITLE_CHARS_MAX
        };
        if at.headline_seen || at.body_begun || at.words() > 8 {
            return false;
        }
        if !at.has_phrase(PhraseClass::Masthead) {
            return false;
        }
        // `Il quotidiano libero della Bassa dal 1987`: a motto tells the year, and stands among
        // furniture.
        let motto = at.text.split_whitespace().next_back().is_some_and(is_year)
            || at.before == Some(BlockKind::Boilerplate) && !at.blank_before;
        let words_max = if motto || at.text.contains(['-', '–', '|']) { 8 } else { 6 };
        at.words() <= words_max
            && !at.has_phrase(PhraseClass::Verb)
            && !at.has_phrase(PhraseClass::Kicker)
            && !at.text.contains([',', ':', '«', '“', '"', '?', '!'])
            && !at.ends_sentence()
            && at.after.is_some()
            && (at.ahead.iter().any(title) || menu_ahead(at.ahead))
    },
};

pub(super) const NAME_ABOVE_MOTTO: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.name-above-motto"),
    kind: BlockKind::Boilerplate,
    why: "Above a line that says what sort of paper this is, and above the title, a few words are its name.",
    examples: &[
        "> SAN GIORGIO IN CAMMINO\nFoglio settimanale della parrocchia\n\nFesta del patrono, il programma della settimana\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        let motto = at.after.is_some_and(|after| {
            after.found.has(PhraseClass::Masthead)
                && !after.found.has(PhraseClass::Verb)
                && after.text.split_whitespace().count() <= 9
                && !after.text.contains([',', ':', '«', '“', '"', '?', '!'])
                && !after.text.ends_with('.')
        });
        let title = |line: &Neighbour<'_>| title_score(line.text, line.shape, line.found) >= 2;
        !at.headline_seen
            && !at.body_begun
            && motto
            && at.words() <= 6
            && at.chars() <= 40
            && !at.has_phrase(PhraseClass::Verb)
            && !at.text.contains([',', ':', '«', '“', '"', '?', '!'])
            && !at.ends_sentence()
            && (at.ahead.iter().skip(1).any(title) || menu_ahead(at.ahead))
    },
};

pub(super) const MENU_END: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.menu-end"),
    kind: BlockKind::Boilerplate,
    why: "Above the headline a word or a few right below furniture, with a blank line behind them, are the last entry of the menu.",
    examples: &[
        "Menu\nAccedi\n> Chi tace acconsente\n\nOrso sul balcone, il video diventa virale in poche ore\n\nIl testo comincia qui, e va avanti.",
    ],
    decides: |at| {
        !at.headline_seen
            && !at.body_begun
            && at.before == Some(BlockKind::Boilerplate)
            && !at.blank_before
            && at.words() <= 3
            && !at.has_phrase(PhraseClass::Verb)
            && !at.text.contains([',', ':', '«', '“', '"', '?', '!'])
            && !at.ends_sentence()
            && at.text.contains(char::is_lowercase)
            && at.after.is_some_and(|after| {
                after.apart && title_score(after.text, after.shape, after.found) >= 2
            })
    },
};

pub(super) const TITLE_COMES_AGAIN: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.before-title-again"),
    kind: BlockKind::Boilerplate,
    why: "Between the title in the head of the page and the title of the article stand the name and the menu of the site.",
    examples: &[
        "Il Cesena ferma il Palermo al Manuzzi - SportRomagna\n\n> SportRomagna\n\nIl Cesena ferma il Palermo al Manuzzi\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        // The line right above it is its kicker.
        let kicker = || {
            at.words() >= 2
                && at.after.is_some_and(|after| {
                    title_score(after.text, after.shape, after.found) > 0
                        && after.shape.chars() > at.chars()
                })
        };
        at.headline_ahead
            && at.words() <= 8
            && !at.ends_sentence()
            && !at.has_phrase(PhraseClass::Kicker)
            && !kicker()
    },
};

pub(super) const KICKER: BlockRule = BlockRule {
    id: RuleId::new("it.subheadline.kicker"),
    kind: BlockKind::Subheadline,
    why: "A few words above a longer line without a full stop are the kicker of that headline.",
    examples: &[
        "> Il caso\n\nOrso sul balcone, il video diventa virale in poche ore\n\nIl testo dell'articolo comincia qui, e va avanti per un po'.",
    ],
    decides: |at| {
        let named = at.has_phrase(PhraseClass::Kicker);
        let below = title_below(at);
        let beside = below == Some(0)
            || named
                && below.is_some_and(|place| {
                    at.ahead.iter().take(place).all(|line| is_data(line.text, line.found))
                });
        let capitals = !at.text.chars().any(char::is_lowercase);
        beside && (named || at.words() >= 2 || capitals)
    },
};

pub(super) const SECTION_WORD: BlockRule = BlockRule {
    id: RuleId::new("it.metadata.section-word"),
    kind: BlockKind::Metadata,
    why: "One word right above the headline is the section or the subject it is filed under.",
    examples: &[
        "> Sonno\n\nSvegliarsi alle tre di notte, perché succede e che cosa fare\n\nIl testo comincia qui, e va avanti.",
    ],
    decides: |at| at.words() == 1 && title_below(at) == Some(0),
};

pub(super) const ABOVE_TITLE: BlockRule = BlockRule {
    id: RuleId::new("it.boilerplate.above-title"),
    kind: BlockKind::Boilerplate,
    why: "Short lines above what is plainly the headline are the name, the motto or the menu of the site.",
    examples: &[
        "> Grandi Temi\n\nVicino a voi\n\nLago d'Orvena, torna l'alga rossa: «Nessun rischio»\n\nIl testo comincia qui, e va avanti.",
    ],
    decides: |at| title_below(at).is_some(),
};

/// Place among the next blocks of a line that is the title rather than this one.
fn title_below(at: &BlockContext<'_>) -> Option<usize> {
    *at.asked_once.title_below.get_or_init(|| find_title_below(at))
}

fn find_title_below(at: &BlockContext<'_>) -> Option<usize> {
    if at.headline_seen || at.body_begun || at.ends_sentence() && at.text.ends_with('.') {
        return None;
    }
    let named = at.has_phrase(PhraseClass::Kicker) && at.words() <= 8;
    // A line that is itself a title gives way to none below it, but for one that the page repeats.
    let capitals = !at.text.chars().any(char::is_lowercase);
    // So few words in capitals are a kicker, whatever they say.
    let kicker = capitals && at.words() <= 6 && at.chars() <= 45;
    let strong = !named && !kicker && title_score(at.text, at.shape, at.found) >= 3;
    // A title of some words without verb or sign.
    let plain =
        !named && !kicker && at.words() >= 4 && title_score(at.text, at.shape, at.found) > 0;
    let needed = if named || capitals || at.words() <= 3 { 2 } else { 3 };
    let chars_max = if plain { TITLE_BELOW_TITLE_CHARS_MAX } else { TITLE_CHARS_MAX };
    let mut lines = at.ahead.iter().enumerate();
    let place = lines.find_map(|(place, line)| {
        let rest = at.ahead.get(place + 1..).unwrap_or_default();
        if comes_again(line.text, rest) && title_score(line.text, line.shape, line.found) > 0 {
            return Some(place);
        }
        let chars = without_site(line.text).chars().count();
        // Two lines of one length and kind are title and deck.
        let longer = chars >= at.chars() + 10;
        let short = chars <= chars_max || named && chars <= 160;
        let title = title_score(line.text, line.shape, line.found) >= needed && short && longer;
        (title && !strong).then_some(place)
    })?;
    // Of two such lines the first is the title, the second its deck; of three the second.
    let deck_below = || {
        let rest = at.ahead.get(place + 1..).unwrap_or_default();
        rest.iter().any(|line| title_score(line.text, line.shape, line.found) >= 2)
    };
    let again = comes_again(
        at.ahead.get(place).map_or("", |line| line.text),
        at.ahead.get(place + 1..).unwrap_or_default(),
    );
    // `Il blog di Marta Sereni`, a motto, the date, the title, the text.
    let told = at.ahead.get(place).is_some_and(|line| line.found.has(PhraseClass::Verb));
    let text_below = told
        && at.ahead.get(place + 1).is_some_and(|line| BlockContext::is_running_text(line.text));
    let dated = at.ahead.iter().take(place).any(|line| is_data(line.text, line.found));
    (!plain || again || place == 0 && deck_below() || dated && text_below).then_some(place)
}

/// How much a line looks like a title: length, a verb, the signs of headlines.
fn title_score(text: &str, shape: BlockShape, found: PhrasesFound) -> u32 {
    let words = shape.words();
    let furniture = [
        PhraseClass::Boilerplate,
        PhraseClass::Related,
        PhraseClass::Metadata,
        PhraseClass::Credit,
        PhraseClass::Byline,
    ];
    let no_title = words < 3
        || shape.chars() > 200
        || furniture.iter().any(|class| found.has(*class))
        || text.ends_with(['.', ':', ';', ','])
        || text.starts_with(char::is_lowercase)
        || text.starts_with('#') && text.split_whitespace().all(|word| word.starts_with('#'))
        || is_date_stamp(text)
        || is_names_only(text)
        || menu_entries(text, shape) >= 2;
    if no_title {
        return 0;
    }
    let sign = text.contains([':', '«', '“', '"', '”', '?', '!']) || text.contains(", ");
    [words >= 5, words >= 5, words >= 8, found.has(PhraseClass::Verb), sign]
        .iter()
        .map(|holds| u32::from(*holds))
        .sum()
}

/// Date, reading time, signature: what may stand between a kicker and its headline, or between the
/// deck and the body.
fn is_data(text: &str, found: PhrasesFound) -> bool {
    if is_signed_with_date(text) {
        return true;
    }
    let signed = text.strip_prefix("di ").or_else(|| text.strip_prefix("Di ")).unwrap_or(text);
    text.chars().count() <= 90
        && (found.has(PhraseClass::Metadata)
            || found.has(PhraseClass::Byline)
            || is_date_stamp(text)
            || text.split_whitespace().count() <= 5 && is_names_only(signed))
}

pub(super) const DECK_WITH_STOP: BlockRule = BlockRule {
    id: RuleId::new("it.subheadline.above-signature"),
    kind: BlockKind::Subheadline,
    why: "Between the headline and the signature or the date a short text is the deck, though it has a full stop.",
    examples: &[
        "Orso sul balcone, il video è virale\n\n> L'animale è tornato nel bosco dopo un'ora. Nessun ferito.\n\ndi Mario Rossi\n\nIl testo dell'articolo comincia qui, e va avanti per un po', come fanno i testi. Ha più di un periodo, e più di una riga, perché da qui si vede che il testo è cominciato davvero.",
    ],
    decides: |at| {
        use BlockKind::{Boilerplate, Byline, Headline, Metadata};
        let place = matches!(at.before, Some(Headline | Byline | Metadata | Boilerplate));
        place
            && at.headline_seen
            && at.decks == 0
            && !at.body_begun
            && (30..=350).contains(&at.chars())
            && at.sentences() <= 4
            && at.text.ends_with('.')
            && (at.after.is_some_and(|after| is_data(after.text, after.found))
                || at.chars() <= 140 && at.sentences() <= 2)
            && at.ahead.iter().any(|line| BlockContext::is_running_text(line.text))
    },
};

pub(super) const TITLE_WITH_STOP: BlockRule = BlockRule {
    id: RuleId::new("it.headline.with-stop"),
    kind: BlockKind::Headline,
    why: "A short first line above others as short is the title, though it has a full stop.",
    examples: &[
        "> Liste d'attesa, la risonanza si fa dopo un anno: il rapporto.\n\nSecondo l'indagine i tempi si sono allungati.\n\ndi Mario Rossi\n\nIl testo dell'articolo comincia qui, e va avanti per un po', come fanno i testi. Ha più di un periodo, e più di una riga.",
    ],
    decides: |at| {
        let mut head = at.ahead.iter().take_while(|line| !BlockContext::is_running_text(line.text));
        let short = |line: &Neighbour<'_>| line.text.chars().count() <= 140;
        !at.headline_seen
            && !at.body_begun
            && at.text.ends_with('.')
            && at.words() >= 5
            && at.chars() <= 140
            && at.sentences() == 1
            && at.ahead.first().is_some_and(short)
            && head.all(short)
            && at.ahead.last().is_some_and(|last| last.text.chars().count() >= 120)
    },
};
