//! Whose words a quotation holds: as Italian papers say it.

use crate::quotation::{AttributionFound, AttributionRule, Stretch};
use crate::rule::RuleId;

/// What stands between a quotation and its attribution.
const BETWEEN: &str = ",–—-.;:";

/// Rows in the order in which they are asked.
pub(super) const RULES: &[AttributionRule] = &[
    AttributionRule {
        id: RuleId::new("it.attribution.inserted"),
        why: "Between two dashes inside the quotation stands who speaks.",
        examples: &["«Vado – ⟦dice ⟪Rossi⟫⟧ – e non torno»."],
        finds: |site| {
            let inner = site.inner();
            let dashes = |c: char| matches!(c, '–' | '—' | '-');
            let spaced = |text: &str, at: usize| {
                let before = text.get(..at).is_some_and(|before| before.ends_with(' '));
                let after = text.get(at..).and_then(|rest| rest.chars().nth(1));
                before && after.is_none_or(|c| c.is_whitespace() || ".,;".contains(c))
            };
            let text = inner.text();
            let mut places = text.match_indices(dashes).filter(|(at, _)| spaced(text, *at));
            let (first, dash) = places.next()?;
            let (second, _) = places.next()?;
            let clause = inner.part(first + dash.len()..second).trimmed(".,");
            clause.begins_by_saying().then(|| said(&clause))
        },
    },
    AttributionRule {
        id: RuleId::new("it.attribution.inserted-by-commas"),
        why: "Between two commas inside the quotation stands a verb that says somebody speaks, with its name.",
        examples: &["«Il campo, ⟦dice ⟪Tommaso Urru⟫⟧, è un pantano»."],
        finds: |site| {
            let inner = site.inner();
            let commas: Vec<usize> =
                inner.text().match_indices(", ").map(|(at, _)| at).take(16).collect();
            commas.windows(2).find_map(|pair| {
                let clause = inner.part(*pair.first()?..*pair.last()?).trimmed(",");
                let few = clause.text().split_whitespace().count() <= 6;
                (few && clause.begins_by_saying() && clause.names()).then(|| said(&clause))
            })
        },
    },
    AttributionRule {
        id: RuleId::new("it.attribution.between"),
        why: "Between two quotations of one sentence stands who says both.",
        examples: &["«Vado», ⟦dice ⟪Rossi⟫⟧, «e non torno»."],
        finds: |site| {
            let after = site.another_follows().then(|| site.after());
            let clause = after.map(|after| after.trimmed(BETWEEN)).filter(is_one_clause);
            clause.filter(Stretch::begins_by_saying).map(|clause| said(&clause))
        },
    },
    AttributionRule {
        id: RuleId::new("it.attribution.after"),
        why: "A verb that says somebody speaks follows the quotation, with its subject.",
        examples: &[
            "«Non torno», ⟦ha detto ieri la ministra ⟪Anna Rossi⟫, che guida il gruppo⟧.",
            "«Non torno», ⟦ha detto la ministra ⟪Anna Rossi⟫⟧, ma poi è tornata.",
            "“Non torno” ⟦spiega il ⟪sindaco⟫⟧.",
        ],
        finds: |site| {
            let after = site.after();
            // A full stop ends the sentence: what follows belongs to the next one.
            if after.text().starts_with(['.', '!', '?']) {
                return None;
            }
            let clause = after.trimmed(BETWEEN).up_to(".;:!?–—").before_coordinate();
            let clause = clause.trimmed(BETWEEN);
            clause.begins_by_saying().then(|| said(&clause))
        },
    },
    AttributionRule {
        id: RuleId::new("it.attribution.between-second"),
        why: "The second part of an interrupted quotation has the same speaker as the first.",
        examples: &["«Vado» e poi, ⟦aggiunge ⟪Rossi⟫⟧, «non torno»."],
        finds: |site| {
            let before = site.before().trimmed(BETWEEN);
            let clause = before.behind_last(".!?,;").trimmed(BETWEEN);
            let ends = site.before().text().trim_end().ends_with([',', '–', '—', '-']);
            (ends && clause.begins_by_saying()).then(|| said(&clause))
        },
    },
    AttributionRule {
        id: RuleId::new("it.attribution.colon"),
        why: "Who speaks and a colon stand before the quotation.",
        examples: &[
            "Piove. ⟦⟪Rossi⟫ ha detto⟧: «Non torno».",
            "⟦Il ⟪sindaco⟫⟧: «Non torno».",
            "Ieri sera, però, ⟦la ministra ⟪Anna Rossi⟫ ha precisato⟧: «Non torno».",
        ],
        finds: |site| {
            let before = site.before();
            if !before.text().trim_end().ends_with(':') {
                return None;
            }
            let sentence = before.trimmed(BETWEEN).behind_last(".!?;").trimmed(BETWEEN);
            let near = sentence.behind_last(",").trimmed(BETWEEN);
            let clause = if near.says() && near.speaker().is_some() { near } else { sentence };
            let short = sentence.text().split_whitespace().count() <= 8;
            match clause.says() {
                true => Some(said(&clause)),
                false if near.is_name() => Some(said(&near)),
                // `Rossi, sorridendo:`
                false => (short && sentence.begins_by_name()).then(|| said(&sentence)),
            }
        },
    },
    AttributionRule {
        id: RuleId::new("it.attribution.according"),
        why: "«Secondo», «per» and «a detta di» before a name or an office say whose view is quoted.",
        examples: &[
            "⟦Secondo ⟪Bianchi⟫⟧, «non c'è fretta».",
            "Ma ⟦per il ⟪sindaco⟫⟧ «non c'è fretta».",
            "⟦Secondo ⟪Ivo Tassan⟫, che guida il comitato⟧, il treno è «un miraggio».",
        ],
        finds: |site| {
            const HEADS: &[&str] = &[
                "Secondo ",
                "Per ",
                "A detta di ",
                "A giudizio di ",
                "Ad avviso di ",
                "Stando a ",
            ];
            let sentence = site.before().trimmed(",").behind_last(".!?;:").trimmed("");
            let small = |head: &str| head.to_lowercase();
            let text = sentence.text();
            let (place, head) = HEADS.iter().find_map(|head| {
                let at = text.find(head).filter(|at| *at == 0);
                // Inside the sentence only behind its first word or a comma.
                let inner = || {
                    let at = text.find(&format!(" {}", small(head)))?;
                    let before = text.get(..at)?;
                    (before.ends_with(',') || !before.contains(' ')).then_some(at + 1)
                };
                at.or_else(inner).map(|at| (at, head))
            })?;
            let view = sentence.part(place + head.len()..text.len());
            let name = view.begins_by_name() || view.part(0..view.text().len()).office_first();
            let speaker = view.speaker()?;
            // Up to the last comma before the view, or else to the end of the name.
            let comma = text.get(place..)?.rfind(", ").map(|at| place + at);
            let begin = sentence.span().start();
            let end = comma.unwrap_or((speaker.end() - begin) as usize);
            let clause = sentence.part(place..end.max((speaker.end() - begin) as usize));
            (name && clause.text().split_whitespace().count() <= 10)
                .then_some(AttributionFound { clause: clause.span(), speaker: Some(speaker) })
        },
    },
    AttributionRule {
        id: RuleId::new("it.attribution.clause"),
        why: "The clause before the quotation says that somebody speaks, and the quotation goes on with it.",
        examples: &["⟦Poi ⟪Rossi⟫ ha detto che⟧ «non torno»."],
        finds: |site| {
            let before = site.before().trimmed("");
            let clause = before.behind_last(".!?;").trimmed(BETWEEN);
            let near = clause.behind_last(",").trimmed(BETWEEN);
            let clause = if near.says() && near.speaker().is_some() { near } else { clause };
            let ends = clause.ends_by_saying();
            ends.then(|| said(&clause))
        },
    },
];

fn said(clause: &Stretch<'_>) -> AttributionFound {
    AttributionFound { clause: clause.span(), speaker: clause.speaker() }
}

/// No mark inside that ends a sentence.
fn is_one_clause(clause: &Stretch<'_>) -> bool {
    clause.up_to(".!?").text().len() == clause.text().len()
}
