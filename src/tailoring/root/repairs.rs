//! What every text is repaired of before a machine reads it.

use crate::machine::{Repair, RepairBegins, RepairRule, Site};
use crate::rule::RuleId;
use crate::text::mojibake_at;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Rows in the order in which they are asked.
pub(in crate::tailoring) const RULES: &[RepairRule] = &[
    RepairRule {
        id: RuleId::new("root.repair.mojibake"),
        why: "UTF-8 that was decoded as windows-1252 is put together again.",
        examples: &[("Non Ã¨ vero", "Non è vero"), ("lâ€™amico", "l’amico")],
        begins: RepairBegins::NotAscii,
        repairs: |site| {
            let (whole, length) = mojibake_at(site.rest())?;
            // A no-break space among them is a space.
            let whole = if whole == '\u{a0}' { ' ' } else { whole };
            Repair::replace(site, length, whole.to_string())
        },
    },
    RepairRule {
        id: RuleId::new("root.repair.compose"),
        why: "A letter and the accent behind it are one character (NFC).",
        examples: &[("perche\u{301}", "perché")],
        begins: RepairBegins::Composable,
        repairs: |site| {
            let length = cluster_length(site.rest());
            let cluster = site.rest().get(..length)?;
            Repair::replace(site, length, cluster.nfc().collect::<String>())
        },
    },
    RepairRule {
        id: RuleId::new("root.repair.invisible"),
        why: "Soft hyphens, zero-width spaces and word joiners are taken out: a model reads them as letters.",
        examples: &[("go\u{ad}verno\u{200b}", "governo")],
        begins: RepairBegins::NotAscii,
        repairs: |site| {
            let invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}');
            let length = leading_bytes(site, invisible);
            (length > 0).then(|| Repair::replace(site, length, ""))?
        },
    },
    RepairRule {
        id: RuleId::new("root.repair.space-before-mark"),
        why: "A space before a comma, a stop or a closing bracket does not belong there.",
        examples: &[("il sindaco , ieri", "il sindaco, ieri"), ("Vostochny .", "Vostochny.")],
        begins: RepairBegins::Space,
        repairs: |site| {
            let length = leading_bytes(site, char::is_whitespace);
            let mark = site.char_at(length).filter(|c| ".,;:!?)]".contains(*c))?;
            let behind = site.char_at(length + mark.len_utf8());
            // `. . .` and `:-)` stay, and so does the space of ` .it`.
            let ends = behind.is_none_or(|c| c.is_whitespace() || "\"»”’)]".contains(c));
            let spaced_dots = mark == '.' && site.char_before() == Some('.');
            (ends && !spaced_dots).then(|| Repair::replace(site, length, ""))?
        },
    },
    RepairRule {
        id: RuleId::new("root.repair.space"),
        why: "White space of any kind and length is one space.",
        examples: &[("il\u{a0}sindaco\t di\nRoma", "il sindaco di Roma")],
        begins: RepairBegins::Space,
        repairs: |site| {
            let length = leading_bytes(site, char::is_whitespace);
            Repair::replace(site, length, " ")
        },
    },
    RepairRule {
        id: RuleId::new("root.repair.double-mark"),
        why: "Double quotation marks of all shapes are one.",
        examples: &[("«Sì», “no” e „forse“", "\"Sì\", \"no\" e \"forse\"")],
        begins: RepairBegins::NotAscii,
        repairs: |site| {
            let double = matches!(site.here(), '«' | '»' | '“' | '”' | '„' | '‟' | '＂');
            double.then(|| Repair::replace(site, site.here().len_utf8(), "\""))?
        },
    },
    RepairRule {
        id: RuleId::new("root.repair.angle-mark"),
        why: "Two angle brackets are a quotation mark.",
        examples: &[("<<Sì>>", "\"Sì\"")],
        begins: RepairBegins::Sign("<>"),
        repairs: |site| {
            let doubled = site.rest().starts_with("<<") || site.rest().starts_with(">>");
            doubled.then(|| Repair::replace(site, 2, "\""))?
        },
    },
    RepairRule {
        id: RuleId::new("root.repair.mismatched-mark"),
        why: "A single mark whose fellow is a double one becomes double.",
        examples: &[("l'agenzia ‘Tass” dice", "l'agenzia \"Tass\" dice")],
        begins: RepairBegins::Sign("‘’'"),
        repairs: |site| {
            let mark = site.is_mismatched_mark();
            mark.then(|| Repair::replace(site, site.here().len_utf8(), "\""))?
        },
    },
    RepairRule {
        id: RuleId::new("root.repair.single-mark"),
        why: "Apostrophes and single marks of all shapes are one.",
        examples: &[("l’amico ‘vero’", "l'amico 'vero'")],
        begins: RepairBegins::NotAscii,
        repairs: |site| {
            let single = matches!(site.here(), '‘' | '’' | '‚' | '‛' | '´');
            single.then(|| Repair::replace(site, site.here().len_utf8(), "'"))?
        },
    },
    RepairRule {
        id: RuleId::new("root.repair.space-after-mark"),
        why: "Behind a comma, a semicolon and their like between two words stands a space.",
        examples: &[("il sindaco,ieri;poi", "il sindaco, ieri; poi")],
        begins: RepairBegins::Sign(",;!?"),
        repairs: |site| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            (letter(site.char_before()) && letter(site.char_at(1)))
                .then(|| Repair::insert(1, " "))?
        },
    },
    RepairRule {
        id: RuleId::new("root.repair.space-after-stop"),
        why: "Behind the full stop of an abbreviation before a capital stands a space.",
        examples: &[("il dott.Rossi", "il dott. Rossi")],
        begins: RepairBegins::Sign("."),
        repairs: |site| {
            let before = site.before();
            let small = before.chars().rev().take_while(|c| c.is_lowercase()).count();
            let mut behind = site.rest().chars().skip(1);
            let capital = behind.next().is_some_and(char::is_uppercase);
            let word = capital && behind.next().is_some_and(char::is_lowercase);
            (small >= 2 && word).then(|| Repair::insert(1, " "))?
        },
    },
];

fn leading_bytes(site: &Site<'_>, is: impl Fn(char) -> bool) -> usize {
    let rest = site.rest();
    rest.find(|c| !is(c)).unwrap_or(rest.len())
}

/// Bytes of a character with the marks, or the parts of a Korean syllable, that compose with it.
fn cluster_length(rest: &str) -> usize {
    let joins = |c: char| is_combining_mark(c) || matches!(c, '\u{1160}'..='\u{11ff}');
    let mut chars = rest.char_indices().skip(1);
    chars.find(|(_, c)| !joins(*c)).map_or(rest.len(), |(at, _)| at)
}
