//! Abbreviations: what they are stands in the lexicon, what that means stands here (policy S9).

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, Context, Fact, Facts, SentenceRule};
use crate::text::Span;

/// Letters of one abbreviation with spaces between them, asked before initials.
pub(in crate::tailoring) const SPACED: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("latin.abbreviation.spaced"),
        verdict: Verdict::Join,
        why: "Letters of one abbreviation spelled with spaces stay together: S. p. A.",
        examples: &["La Rossi S. ×p. A. cresce."],
        needs: Facts::all(&[Fact::FullStop, Fact::Letter, Fact::Spaced]),
        decides: |at| {
            let next_letter = at.next.word.is_letter()
                && !at.next.elided
                && at.slice(Span::new(at.next.word.span.end(), at.next.word.span.end() + 1)) == ".";
            next_letter.then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.two-words"),
        verdict: Verdict::Join,
        why: "Two short words that introduce something stay with it: p. es., p. ex.",
        examples: &["Alcune città, p. es. ×Pisa, tacciono."],
        needs: Facts::all(&[Fact::FullStop]),
        decides: |at| {
            let form = at.two_word_form()?;
            at.lexicon_has(&form, Class::Introducing).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.spaced-end"),
        verdict: Verdict::Break,
        why: "An abbreviation spelled with spaces ends the sentence where a new one plainly begins.",
        examples: &["L'appalto è andato alla Ferri S. p. A. ÷Il secondo lotto no."],
        needs: Facts::all(&[Fact::FullStop, Fact::Letter, Fact::Spaced, Fact::UpperFollows]),
        decides: |at| {
            let form = at.spaced_form()?;
            let known = [Class::Closing, Class::Office, Class::Company]
                .iter()
                .any(|class| at.lexicon_has(&form, *class));
            (known && at.starter_follows()).then_some(at.token.span)
        },
    },
];

/// Rows about abbreviations.
pub(in crate::tailoring) const RULES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("latin.abbreviation.introducing"),
        verdict: Verdict::Join,
        why: "cfr., es., vs. and the like introduce whatever follows.",
        examples: &["Si veda cfr. ×Il nome della rosa."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Introducing)]),
        decides: |at| {
            let form = at.form_in(Class::Introducing)?;
            // The Es of Freud is a word.
            let word = at.word.text == "Es" && !at.token_opens_sentence();
            (!word || !at.starter_follows()).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.title"),
        verdict: Verdict::Join,
        why: "A title (dott., on., sen.) is read with the name after it.",
        examples: &["Il dott. ×Rossi è arrivato.", "Parla l'on. ×La Russa."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Title)]),
        decides: |at| {
            let form = at.form_in(Class::Title)?;
            calls_for_next(at).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.place"),
        verdict: Verdict::Join,
        why: "A way or place (v.le, p.zza, S., fraz.) is read with its name.",
        examples: &["Abita in fraz. ×Poggio alto."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Place)]),
        decides: |at| {
            let form = at.form_in(Class::Place)?;
            calls_for_next(at).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.reference"),
        verdict: Verdict::Join,
        why: "A reference (art., n., pag.) is read with the number or name after it.",
        examples: &["L'articolo nr. ×3 vale.", "Lo dice l'art. ×18 della legge."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Reference)]),
        decides: |at| {
            let form = at.form_in(Class::Reference)?;
            let numeral =
                at.next.word.is_roman() && (at.next.word.chars() > 1 || !at.starter_follows());
            (calls_for_next(at) || at.next.is_digit() || numeral).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.numbered"),
        verdict: Verdict::Join,
        why: "A form that is a word as well stands for something before a figure: Abb. 3, art. 49.",
        examples: &["Si compila il mod. ×730 entro maggio."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Numbered)]),
        decides: |at| {
            let figure = at.next.is_digit() || at.next.word.is_roman();
            at.form_in(Class::Numbered).filter(|_| figure)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.street"),
        verdict: Verdict::Join,
        why: "A German street (Bahnhofstr.) is read with its number and goes on before a small letter.",
        examples: &["L'edificio in Sonnenstr. ×12 è chiuso."],
        needs: Facts::all(&[Fact::FullStop]),
        decides: |at| {
            let street = at.word.text.ends_with("str") && at.word.chars() > 4;
            (street && !at.next.is_upper()).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.holder"),
        verdict: Verdict::Join,
        why: "After who holds an office and the body he serves, two capitals are his name.",
        examples: &["Il presidente degli U.S.A. ×Donald Trump è atteso a Roma."],
        needs: Facts::all(&[Fact::FullStop, Fact::Spaced, Fact::UpperFollows]),
        decides: |at| {
            let form = [Class::Company, Class::Closing, Class::Office]
                .iter()
                .find_map(|class| at.form_in(*class))?;
            let named = at.name_follows() && at.second_word_is_upper();
            let mut before = at.words_before(form.start(), 4);
            (named && before.any(|word| at.lexicon_has(word.text, Class::Holder))).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.company"),
        verdict: Verdict::Break,
        why: "The legal form of a company ends the sentence before a capital, unless two follow each other like the names of a person.",
        examples: &["I lavori vanno alla Ferri S.r.l. ÷Ricavi attesi: tre milioni."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Company), Fact::UpperFollows]),
        decides: |at| {
            let form = company_form(at)?;
            let person = at.name_follows() && at.second_word_is_upper();
            let capitals = at.next.word.is_all_capitals() && at.token.is_all_capitals();
            let new = begins_if_glued(at) && !at.abbreviation_follows();
            (new && !person && (!capitals || at.starter_follows())).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.company-goes-on"),
        verdict: Verdict::Join,
        why: "The legal form of a company goes on with its sentence before all else.",
        examples: &["Lo dice la Ferri S.p.A. ×di Terni."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Company)]),
        decides: company_form,
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.office"),
        verdict: Verdict::Join,
        why: "An office, body or company (P.M., c.t., O.N.U., S.p.A.) is read with the name after it.",
        examples: &["Indaga il P.M. ×Rossi.", "Parla il c.t. ×Spalletti."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Office)]),
        decides: |at| {
            let form = at.form_in(Class::Office)?;
            let sentence = at.is_glued() && at.next.is_upper() && begins_if_glued(at);
            (!sentence && (!at.next.is_upper() || at.name_follows())).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.office-end"),
        verdict: Verdict::Break,
        why: "An office, body or company ends the sentence where a new one plainly begins.",
        examples: &[
            "Il caso passa al P.M. ÷Il gip decide domani.",
            "Resta nella U.E.÷Nessuno ne esce.",
        ],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Office)]),
        decides: |at| at.form_in(Class::Office),
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.closing"),
        verdict: Verdict::Break,
        why: "ecc., ss., a.C. and the like end the sentence where a new one begins; the stop does both jobs.",
        examples: &["Pane, vino ecc. ÷Poi uscì.", "Risale al 50 a.C.÷Lo dice il museo."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Closing), Fact::UpperFollows]),
        decides: |at| {
            let form = closing_form(at)?;
            let capitals = at.next.word.is_all_capitals() && at.token.is_all_capitals();
            let new = !at.abbreviation_follows();
            (new && (!capitals || at.starter_follows()) && begins_if_glued(at)).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.closing-goes-on"),
        verdict: Verdict::Join,
        why: "ecc., ss., a.C. and the like do not end the sentence where it goes on.",
        examples: &["Comprò pane, vino ecc. ×e uscì."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Closing)]),
        decides: closing_form,
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.measure"),
        verdict: Verdict::Join,
        why: "A unit of measure goes on with its sentence before a small letter or a figure.",
        examples: &["Corse 10 km. ×di fila."],
        needs: Facts::all(&[Fact::FullStop, Fact::Before(Class::Measure)]),
        decides: |at| {
            let form = at.form_in(Class::Measure)?;
            (!at.next.is_upper()).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.dotted-letters"),
        verdict: Verdict::Join,
        why: "Letters with stops before a name are its initials: G.B. Vico.",
        examples: &["Lesse G.B. ×Vico tutta la notte."],
        needs: Facts::all(&[Fact::FullStop]),
        decides: |at| {
            let form = at.dotted_letters()?;
            (!at.next.is_upper() || at.name_follows()).then_some(form)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.abbreviation.seen-in-document"),
        verdict: Verdict::Join,
        why: "A short form that stood with its stop in the middle of a sentence before is an abbreviation, though no list has it; it is read with a name or figure.",
        examples: &["Lo disse il brgd. di turno; poi il brgd. ×Bianchi tacque."],
        needs: Facts::all(&[Fact::FullStop]),
        decides: |at| {
            let form = at.form_seen_inside()?;
            (at.name_follows() || at.next.is_digit()).then_some(form)
        },
    },
];

/// A name, a small letter or an opening mark follows: the abbreviation is read with it.
fn calls_for_next(at: &Context<'_>) -> bool {
    !at.next.is_upper() && !at.next.is_digit() || at.called_name_follows()
}

/// Without the space only a whole word, plainly a new one, begins another sentence.
fn begins_if_glued(at: &Context<'_>) -> bool {
    let word = at.next.word.chars() > 1 && !at.next.word.is_all_capitals();
    !at.is_glued() || word || at.vowel_word_follows()
}

fn company_form(at: &Context<'_>) -> Option<Span> {
    at.form_in(Class::Company).or_else(|| {
        let spaced = at.spaced_form()?;
        at.lexicon_has(&spaced, Class::Company).then_some(at.token.span)
    })
}

fn closing_form(at: &Context<'_>) -> Option<Span> {
    at.form_in(Class::Closing).or_else(|| {
        let spaced = at.spaced_form()?;
        at.lexicon_has(&spaced, Class::Closing).then_some(at.token.span)
    })
}
