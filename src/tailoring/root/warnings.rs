//! Damage that looks the same in every language.

use crate::document::WarningKind;
use crate::rule::RuleId;
use crate::warning::WarningRule;

/// Rows; each is asked.
pub(in crate::tailoring) const RULES: &[WarningRule] = &[
    WarningRule {
        id: RuleId::new("root.warning.missing-space"),
        kind: WarningKind::MissingSpace,
        why: "The next sentence follows without a space: a part of it may be lost with the first.",
        examples: &["Ha parlato Peskov.⟦⟧Kim tace.", "Il premier è partito.⟦⟧Domani torna."],
        finds: |at| at.glued.then(|| at.end()),
    },
    WarningRule {
        id: RuleId::new("root.warning.quotation-mark"),
        kind: WarningKind::MismatchedQuotation,
        why: "A mark of a quotation does not belong with its fellow, or has none.",
        examples: &[
            "Ha detto: “Sono stanco⟦“⟧.",
            "Ha detto: ⟦«⟧Sono stanco e vado.",
            "Sono stanco⟦»⟧, ha detto.",
        ],
        finds: |at| at.odd_quotation_mark(),
    },
    WarningRule {
        id: RuleId::new("root.warning.mojibake"),
        kind: WarningKind::Mojibake,
        why: "UTF-8 was decoded as windows-1252.",
        examples: &["Non ⟦Ã¨⟧ vero niente."],
        finds: |at| at.mojibake(),
    },
    WarningRule {
        id: RuleId::new("root.warning.replacement-character"),
        kind: WarningKind::Mojibake,
        why: "U+FFFD stands where a character was lost.",
        examples: &["La citt⟦\u{fffd}⟧ dorme."],
        finds: |at| {
            let found = at.text().find('\u{fffd}')?;
            Some(at.place(found..found + '\u{fffd}'.len_utf8()))
        },
    },
    WarningRule {
        id: RuleId::new("root.warning.markup"),
        kind: WarningKind::Debris,
        why: "A tag or an entity of the page was left in the text.",
        examples: &["Il premier⟦&nbsp;⟧parte oggi.", "Il premier⟦<br/>⟧ parte oggi."],
        finds: |at| {
            let text = at.text();
            text.match_indices(['<', '&']).find_map(|(start, _)| {
                let rest = text.get(start..)?;
                let length = markup_length(rest)?;
                Some(at.place(start..start + length))
            })
        },
    },
    WarningRule {
        id: RuleId::new("root.warning.variable"),
        kind: WarningKind::Debris,
        why: "A variable of the page was not filled in.",
        examples: &[
            "Ciao ⟦{{nome}}⟧, bentornato.",
            "Restano ⟦${giorni}⟧ giorni.",
            "Vale ⟦[object Object]⟧ punti.",
        ],
        finds: |at| {
            let text = at.text();
            [("{{", "}}"), ("${", "}"), ("[object ", "]")].iter().find_map(|(open, close)| {
                let start = text.find(open)?;
                let rest = text.get(start..)?;
                let end = rest.find(close).filter(|end| *end <= VARIABLE_BYTES_MAX)?;
                Some(at.place(start..start + end + close.len()))
            })
        },
    },
    WarningRule {
        id: RuleId::new("root.warning.cut"),
        kind: WarningKind::Truncated,
        why: "An ellipsis in brackets at the end says that the text goes on elsewhere.",
        examples: &["Il premier ha deciso di ⟦[…]⟧", "Il premier ha deciso di ⟦[...]⟧"],
        finds: |at| {
            let text = at.text();
            let mark = ["[…]", "[...]", "(…)", "(...)", "[…", "[..."]
                .iter()
                .find(|mark| at.last && text.ends_with(**mark))?;
            Some(at.place(text.len() - mark.len()..text.len()))
        },
    },
    WarningRule {
        id: RuleId::new("root.warning.overlong"),
        kind: WarningKind::Overlong,
        why: "Longer than machine translation takes without loss; cut it at the points given.",
        examples: &[
            "⟦Il presidente della commissione, che era arrivato a Roma la sera prima insieme \
             con i due vicepresidenti e con il segretario, ha spiegato ai giornalisti che il \
             testo sarebbe stato discusso in aula entro la fine del mese, che gli emendamenti \
             della minoranza sarebbero stati esaminati uno per uno, e che nessuno, tanto meno \
             lui, avrebbe accettato di rinviare ancora una volta una decisione che il Paese \
             aspetta da anni.⟧",
        ],
        finds: |at| at.overlong.then_some(at.span),
    },
    WarningRule {
        id: RuleId::new("root.warning.mixed-language"),
        kind: WarningKind::MixedLanguage,
        why: "A part of it is in another language.",
        examples: &[
            "Ha risposto ai giornalisti: «⟦We are not going to change the law⟧» e poi è uscito dalla sala.",
        ],
        finds: |at| at.foreign_passage(),
    },
];

/// Bytes of a variable at most.
const VARIABLE_BYTES_MAX: usize = 64;

/// Length of a tag or an entity at the head of `rest`.
fn markup_length(rest: &str) -> Option<usize> {
    const TAG_BYTES_MAX: usize = 256;
    let near = rest.get(..rest.floor_char_boundary(TAG_BYTES_MAX)).unwrap_or(rest);
    if let Some(entity) = near.strip_prefix('&') {
        let end = entity.find(';').filter(|end| (2..=8).contains(end))?;
        let name = entity.get(..end)?;
        return name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#').then_some(end + 2);
    }
    let tag = near.strip_prefix('<')?;
    let begins =
        tag.strip_prefix('/').unwrap_or(tag).starts_with(|c: char| c.is_ascii_alphabetic());
    tag.find('>').filter(|_| begins).map(|end| end + 2)
}
