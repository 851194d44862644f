//! Damage that only who knows Italian sees.

use crate::document::{BlockKind, WarningKind};
use crate::rule::RuleId;
use crate::sentence::Class;
use crate::text::is_terminator;
use crate::warning::WarningRule;

/// Rows; each is asked.
pub(super) const RULES: &[WarningRule] = &[
    WarningRule {
        id: RuleId::new("it.warning.leading-word"),
        kind: WarningKind::Debris,
        why: "One capitalized word before the capitalized word that begins the sentence was left from something else.",
        examples: &["⟦Fienile⟧ Come riportato da Interfax, il treno è arrivato."],
        finds: |at| {
            let mut words = at.words();
            let ((start, first), (next, second)) = (words.next()?, words.next()?);
            let capital = |word: &str| {
                let mut chars = word.chars();
                chars.next().is_some_and(char::is_uppercase) && chars.all(char::is_lowercase)
            };
            let glued = at.text().get(start + first.len()..next) != Some(" ");
            let begins = |word: &str| {
                at.has(word, Class::Starter)
                    && ![Class::Article, Class::Particle].iter().any(|class| at.has(word, *class))
            };
            let plain = capital(first) && second.chars().count() > 2 && capital(second);
            let known =
                [Class::Starter, Class::Incomplete, Class::Title, Class::Holder, Class::Label]
                    .iter()
                    .any(|class| at.has(first, *class));
            let third_small =
                words.next().is_some_and(|(_, third)| third.starts_with(char::is_lowercase));
            (plain && begins(second) && !known && !glued && third_small)
                .then(|| at.place(start..start + first.len()))
        },
    },
    WarningRule {
        id: RuleId::new("it.warning.doubled-word"),
        kind: WarningKind::Debris,
        why: "An article, preposition or conjunction stands twice in a row.",
        examples: &["Il premier va ⟦a a⟧ Mosca.", "Ha detto ⟦che che⟧ non torna."],
        finds: |at| {
            let mut before: Option<(usize, &str)> = None;
            at.words().find_map(|(start, word)| {
                let last = before.replace((start, word))?;
                let text = at.text();
                let gap = text.get(last.0 + last.1.len()..start)?;
                let small = word.chars().all(char::is_lowercase);
                let twice = small && last.1 == word && gap == " ";
                let glue = at.has(word, Class::Preposition) || at.has(word, Class::Incomplete);
                // «Si si» and «ci ci» are said by people.
                let pronoun = at.has(word, Class::Clitic) && !at.has(word, Class::Article);
                (twice && glue && !pronoun).then(|| at.place(last.0..start + word.len()))
            })
        },
    },
    WarningRule {
        id: RuleId::new("it.warning.read-on"),
        kind: WarningKind::Truncated,
        why: "What the page calls to read on stands at the end of the text.",
        examples: &[
            "Il premier ha deciso di partire. ⟦Continua a leggere⟧",
            "Il premier ha deciso… ⟦Leggi tutto⟧",
        ],
        finds: |at| {
            let text = at.text().trim_end_matches(|c: char| !c.is_alphanumeric());
            let small = text.to_lowercase();
            let call = ["continua a leggere", "continua la lettura", "leggi tutto", "continua"]
                .iter()
                .find(|call| {
                    at.last && at.kind == BlockKind::Paragraph && small.ends_with(**call)
                })?;
            let start = text.len().checked_sub(call.len())?;
            // «La lotta continua» is a sentence.
            let alone = *call != "continua" || start == 0;
            text.get(start..).filter(|found| alone && found.starts_with(char::is_uppercase))?;
            Some(at.place(start..text.len()))
        },
    },
    WarningRule {
        id: RuleId::new("it.warning.breaks-off"),
        kind: WarningKind::Truncated,
        why: "A paragraph that ends with an article or a preposition breaks off.",
        examples: &["Il premier ha deciso di partire per ⟦la⟧"],
        finds: |at| {
            let text = at.text();
            let marked = text.ends_with(|c: char| is_terminator(c) || !c.is_alphabetic());
            if marked || !at.last || at.kind != BlockKind::Paragraph {
                return None;
            }
            let (start, word) = at.words().last()?;
            let calls = at.has(word, Class::Preposition)
                || at.has(word, Class::Article)
                || at.has(word, Class::Governing);
            calls.then(|| at.place(start..start + word.len()))
        },
    },
];
