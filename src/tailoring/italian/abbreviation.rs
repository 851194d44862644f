//! Abbreviations: what they are stands in the lexicon, what that means stands here (policy S9).

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, Context, SentenceRule};
use crate::text::Span;

/// Rows about abbreviations.
pub(super) const RULES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("it.abbreviation.spaced"),
        verdict: Verdict::Join,
        why: "Letters of one abbreviation spelled with spaces stay together: S. p. A.",
        examples: &["La Rossi S. ×p. A. cresce."],
        decides: |at| {
            let next_letter = at.next.word.is_letter()
                && !at.next.elided
                && at.slice(Span::new(at.next.word.span.end(), at.next.word.span.end() + 1)) == ".";
            let letter = at.is_full_stop() && at.word.is_letter();
            (letter && next_letter && !at.is_glued()).then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.introducing"),
        verdict: Verdict::Join,
        why: "cfr., es., vs. and the like introduce whatever follows.",
        examples: &["Si veda cfr. ×Il nome della rosa."],
        decides: |at| at.form_in(Class::Introducing),
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.title"),
        verdict: Verdict::Join,
        why: "A title (dott., on., sen.) is read with the name after it.",
        examples: &["Il dott. ×Rossi è arrivato.", "Parla l'on. ×La Russa."],
        decides: |at| {
            let form = at.form_in(Class::Title)?;
            calls_for_next(at).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.place"),
        verdict: Verdict::Join,
        why: "A way or place (v.le, p.zza, S., fraz.) is read with its name.",
        examples: &["Abita in fraz. ×Poggio alto."],
        decides: |at| {
            let form = at.form_in(Class::Place)?;
            calls_for_next(at).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.reference"),
        verdict: Verdict::Join,
        why: "A reference (art., n., pag.) is read with the number or name after it.",
        examples: &["L'articolo n. ×3 vale.", "Lo dice l'art. ×18 della legge."],
        decides: |at| {
            let form = at.form_in(Class::Reference)?;
            (calls_for_next(at) || at.next.is_digit() || at.next.word.is_roman()).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.office"),
        verdict: Verdict::Join,
        why: "An office (P.M., c.t., a.d.) is read with the name of its holder.",
        examples: &["Indaga il P.M. ×Rossi.", "Parla il c.t. ×Spalletti."],
        decides: |at| {
            let form = at.form_in(Class::Office)?;
            (!at.next.is_upper() || at.name_follows()).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.closing"),
        verdict: Verdict::Break,
        why: "ecc., S.p.A., a.C. and the like end the sentence where a new one begins; the stop does both jobs.",
        examples: &["Pane, vino ecc. ÷Poi uscì.", "Lavora in una S.p.A. ÷Il fratello no."],
        decides: |at| {
            let form = closing_form(at)?;
            (at.next.is_upper() && !at.is_glued()).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.closing-goes-on"),
        verdict: Verdict::Join,
        why: "ecc., S.p.A., a.C. and the like do not end the sentence where it goes on.",
        examples: &["Comprò pane, vino ecc. ×e uscì.", "La Rossi S.p.A. ×2 è fallita."],
        decides: closing_form,
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.measure"),
        verdict: Verdict::Join,
        why: "A unit of measure goes on with its sentence before a small letter or a figure.",
        examples: &["Corse 10 km. ×di fila."],
        decides: |at| {
            let form = at.form_in(Class::Measure)?;
            (!at.next.is_upper()).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.dotted-letters"),
        verdict: Verdict::Join,
        why: "Letters with stops before a name are its initials: G.B. Vico.",
        examples: &["Lesse G.B. ×Vico tutta la notte."],
        decides: |at| {
            let form = at.dotted_letters()?;
            (!at.next.is_upper() || at.name_follows()).then_some(form)
        },
    },
];

/// A name, a small letter or an opening mark follows: the abbreviation is read with it.
fn calls_for_next(at: &Context<'_>) -> bool {
    !at.next.is_upper() && !at.next.is_digit() || at.name_follows()
}

fn closing_form(at: &Context<'_>) -> Option<Span> {
    at.form_in(Class::Closing).or_else(|| {
        let spaced = at.spaced_form()?;
        at.lexicon_has(&spaced, Class::Closing).then_some(at.token.span)
    })
}
