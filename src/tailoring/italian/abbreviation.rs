//! Abbreviations: what they are stands in the lexicon, what that means stands here (policy S9).

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, Context, SentenceRule};
use crate::text::Span;

/// Letters of one abbreviation with spaces between them, asked before initials.
pub(super) const SPACED: &[SentenceRule] = &[
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
        id: RuleId::new("it.abbreviation.spaced-end"),
        verdict: Verdict::Break,
        why: "An abbreviation spelled with spaces ends the sentence where a new one plainly begins.",
        examples: &["L'appalto è andato alla Ferri S. p. A. ÷Il secondo lotto no."],
        decides: |at| {
            let form = at.spaced_form()?;
            let known =
                at.lexicon_has(&form, Class::Closing) || at.lexicon_has(&form, Class::Office);
            (known && at.starter_follows() && !at.is_glued()).then_some(at.token.span)
        },
    },
];

/// Rows about abbreviations.
pub(super) const RULES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("it.abbreviation.introducing"),
        verdict: Verdict::Join,
        why: "cfr., es., vs. and the like introduce whatever follows.",
        examples: &["Si veda cfr. ×Il nome della rosa."],
        decides: |at| {
            let form = at.form_in(Class::Introducing)?;
            // `l'Es` of Freud is a word: capitalized inside its sentence, and a new one begins.
            let word = at.word.is_capitalized() && !at.token_opens_sentence();
            (!word || !at.starter_follows()).then_some(form)
        },
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
        examples: &["L'articolo nr. ×3 vale.", "Lo dice l'art. ×18 della legge."],
        decides: |at| {
            let form = at.form_in(Class::Reference)?;
            let numeral =
                at.next.word.is_roman() && (at.next.word.chars() > 1 || !at.starter_follows());
            (calls_for_next(at) || at.next.is_digit() || numeral).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.century"),
        verdict: Verdict::Join,
        why: "«sec.» is read with the Roman numeral after it.",
        examples: &["Il castello risale al sec. ×XII."],
        decides: |at| {
            let century = at.is_full_stop() && matches!(at.word.text, "sec" | "secc" | "Sec");
            (century && at.next.word.is_roman()).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.street"),
        verdict: Verdict::Join,
        why: "A German street (Bahnhofstr.) is read with its number and goes on before a small letter.",
        examples: &["L'edificio in Sonnenstr. ×12 è chiuso."],
        decides: |at| {
            let street = at.is_full_stop() && at.word.text.ends_with("str") && at.word.chars() > 4;
            (street && !at.next.is_upper()).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.office"),
        verdict: Verdict::Join,
        why: "An office, body or company (P.M., c.t., O.N.U., S.p.A.) is read with the name after it.",
        examples: &["Indaga il P.M. ×Rossi.", "Parla il c.t. ×Spalletti."],
        decides: |at| {
            let form = at.form_in(Class::Office)?;
            let sentence = at.is_glued() && at.next.is_upper() && begins_if_glued(at);
            (!sentence && (!at.next.is_upper() || at.name_follows())).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.office-end"),
        verdict: Verdict::Break,
        why: "An office, body or company ends the sentence where a new one plainly begins.",
        examples: &[
            "Lavora in una S.p.A. ÷Il fratello no.",
            "È della Ferri S.p.A.÷Nessuno ci lavora.",
        ],
        decides: |at| at.form_in(Class::Office),
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.era"),
        verdict: Verdict::Join,
        why: "A date that only opens its sentence (Nel 79 d.C.) waits for the clause after it.",
        examples: &["Nel 79 d.C. ×Pompei fu sepolta dalla cenere."],
        decides: |at| {
            let era = at.is_full_stop() && matches!(at.token.text, "a.C" | "d.C" | "a.c" | "d.c");
            let lead = at.sentence_until(at.token.span.start());
            if !era || lead.len() > LEAD_BYTES_MAX || !at.next.is_upper() || at.is_glued() {
                return None;
            }
            let mut words = lead.split_whitespace();
            let few = words.clone().count() <= 3;
            let dated =
                words.next_back().is_some_and(|word| word.chars().all(char::is_alphanumeric));
            (few && dated).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.closing"),
        verdict: Verdict::Break,
        why: "ecc., ss., a.C. and the like end the sentence where a new one begins; the stop does both jobs.",
        examples: &["Pane, vino ecc. ÷Poi uscì.", "Risale al 50 a.C.÷Lo dice il museo."],
        decides: |at| {
            let form = closing_form(at)?;
            let capitals = at.next.word.is_all_capitals() && at.token.is_all_capitals();
            let new = at.next.is_upper() && !at.abbreviation_follows();
            (new && (!capitals || at.starter_follows()) && begins_if_glued(at)).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.closing-goes-on"),
        verdict: Verdict::Join,
        why: "ecc., ss., a.C. and the like do not end the sentence where it goes on.",
        examples: &["Comprò pane, vino ecc. ×e uscì."],
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

/// Bytes of a date that only opens its sentence.
const LEAD_BYTES_MAX: usize = 40;

/// A name, a small letter or an opening mark follows: the abbreviation is read with it.
fn calls_for_next(at: &Context<'_>) -> bool {
    !at.next.is_upper() && !at.next.is_digit() || at.name_follows()
}

/// Without the space only a whole word, plainly a new one, begins another sentence.
fn begins_if_glued(at: &Context<'_>) -> bool {
    !at.is_glued() || at.next.word.chars() > 1 && !at.next.word.is_all_capitals()
}

fn closing_form(at: &Context<'_>) -> Option<Span> {
    at.form_in(Class::Closing).or_else(|| {
        let spaced = at.spaced_form()?;
        at.lexicon_has(&spaced, Class::Closing).then_some(at.token.span)
    })
}
