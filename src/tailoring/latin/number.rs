//! Labels and figures (policy S11, S14).

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, Fact, Facts, SentenceRule};
use crate::text::Span;

/// Rows about numbers.
pub(in crate::tailoring) const RULES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("latin.label.item"),
        verdict: Verdict::Join,
        why: "A number or letter at the head of an item is its label and goes with it.",
        examples: &["1. ×Il governo cade. ÷2. Il governo resta."],
        needs: Facts::all(&[Fact::FullStop]),
        decides: |at| {
            if at.candidate.has_closer || !at.token_opens_sentence() {
                return None;
            }
            let figures = at.word.is_digits()
                && (at.word.chars() <= 2 || at.word.chars() <= 4 && !at.starter_follows());
            let label = figures
                || at.word.is_letter()
                    && at.token.text.len() <= 2
                    && !at.word.text.starts_with(['È', 'È'])
                || at.word.is_roman() && at.word.chars() <= 4;
            label.then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.label.in-list"),
        verdict: Verdict::Join,
        why: "A number behind a colon, a semicolon, or a comma before a small letter is the label of the next item of a list.",
        examples: &[
            "Tre i punti: 1. ×salari; 2. ×orari; 3. ×sicurezza.",
            "Cosa portare: 1. ×acqua, 2. ×torcia, 3. ×coperta.",
        ],
        needs: Facts::all(&[Fact::FullStop, Fact::Figures]),
        decides: |at| {
            if at.word.chars() > 2 {
                return None;
            }
            // `12:30.` is a time: the label stands apart from its colon.
            let before = at.before(at.token.span.start());
            let apart = before.ends_with(char::is_whitespace);
            let before = before.trim_end();
            let comma = before.ends_with(',') && at.next.is_lower();
            let listed = before.ends_with([':', ';']) || comma;
            (apart && listed && at.token.text == at.word.text).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.label.article"),
        verdict: Verdict::Join,
        why: "«Art. 1.» or «§ 1.» at the head of a sentence is its label.",
        examples: &["Art. 1. ×L'associazione ha sede a Siena.", "§ 2. ×Le sale sono quattro."],
        needs: Facts::all(&[Fact::FullStop, Fact::Figures]),
        decides: |at| {
            if at.word.chars() > 4 {
                return None;
            }
            let head = at.sentence_until(at.token.span.start());
            let names = ["Art.", "art.", "ART.", "§"];
            names.contains(&head.trim()).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.label.dateline"),
        verdict: Verdict::Join,
        why: "A place in capitals, or a short date, before a dash is a run-in dateline of its sentence.",
        examples: &[
            "ROMA. ×– Il premier riferirà in Aula.",
            "Milano, 3 ott. ×- La Borsa apre in calo.",
        ],
        needs: Facts::all(&[Fact::FullStop, Fact::DashFollows]),
        decides: |at| {
            let place =
                at.token_opens_sentence() && at.word.is_all_capitals() && at.word.chars() >= 3;
            let date = at.form_in(Class::Calendar).is_some();
            (place || date).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.label.next-item"),
        verdict: Verdict::Break,
        why: "A letter or number with a bracket behind it opens the next item after a stop.",
        examples: &["Dormite otto ore. ÷c) Spegnete il telefono."],
        needs: Facts::all(&[Fact::Spaced, Fact::BareFollows]),
        decides: |at| {
            let next = &at.next.word;
            let bracket = at.slice(Span::new(next.span.end(), next.span.end() + 1)) == ")";
            let label = || next.is_letter() || next.is_digits() && next.chars() <= 2;
            (bracket && label() && at.form_in(Class::Reference).is_none()).then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.number.ordinal"),
        verdict: Verdict::Join,
        why: "A number before the name of a month is the day: 1. gennaio.",
        examples: &["Dal 1. ×gennaio cambia il bollo."],
        needs: Facts::all(&[
            Fact::FullStop,
            Fact::Figures,
            Fact::LowerFollows,
            Fact::After(Class::Calendar),
        ]),
        decides: |at| (at.word.chars() <= 2).then(|| at.seen()),
    },
    SentenceRule {
        id: RuleId::new("latin.number.numero"),
        verdict: Verdict::Join,
        why: "«No.» inside a sentence before a figure stands for number.",
        examples: &["Il catalogo reca la sigla No. ×10."],
        needs: Facts::all(&[Fact::FullStop, Fact::FigureFollows]),
        decides: |at| {
            let numero = matches!(at.token.text, "No" | "Nr" | "Nos");
            (numero && !at.token_opens_sentence()).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.number.before-calendar"),
        verdict: Verdict::Join,
        why: "A short month or weekday beside a number goes on with its date.",
        examples: &["Il 12 set. ×2023 partì.", "Era lun. ×12 maggio."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Calendar)]),
        decides: |at| {
            let form = at.form_in(Class::Calendar)?;
            let capitals = at.next.word.is_all_capitals() && at.word.is_all_capitals();
            let goes_on = at.next.is_lower() || capitals && !at.starter_follows();
            (at.next.is_digit() || goes_on).then_some(form)
        },
    },
];
