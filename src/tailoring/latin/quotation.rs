//! Quotations: attributions and quoted names (policy S5–S8).

use crate::inline::{Pair, PairKind};
use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, Context, Fact, Facts, SentenceRule};
use crate::text::Span;

/// Quoted titles, slogans and signs are names, not speech.
pub(in crate::tailoring) const NAMES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("latin.quotation.name-inside"),
        verdict: Verdict::Join,
        why: "Inside a quoted title, slogan or sign nothing ends.",
        examples: &[
            "Il film «Ehi amico... ×C'è Sabata. Hai chiuso!» esce oggi.",
            "«Il boia. ×Storia di un mestiere» (Laterza, 18 euro) è da leggere.",
        ],
        needs: Facts::all(&[Fact::InsideQuotation]),
        decides: |at| {
            let pair = at.inside(PairKind::Quotation)?;
            is_name(at, pair).then(|| pair.inner())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.quotation.name-closed"),
        verdict: Verdict::Join,
        why: "A mark that belongs to a quoted title does not end the sentence around it.",
        examples: &["Alla domanda «Chi ha vinto?» ×Rossi tace."],
        needs: Facts::all(&[Fact::Closes]),
        decides: |at| {
            let pair = at.closed_here(PairKind::Quotation)?;
            let inner_mark = !at.candidate.stop_after_closer;
            let name = is_name(at, pair) || governed(at, pair) && short(pair);
            (inner_mark && name && !at.starter_follows()).then(|| pair.inner())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.quotation.exchange"),
        verdict: Verdict::Join,
        why: "Quotations with dashes between them are one exchange, which its sentence tells of.",
        examples: &["«Fuori i nomi!» ×– «Non ne ho»: il botta e risposta è breve."],
        needs: Facts::all(&[Fact::Closes, Fact::DashFollows]),
        decides: |at| {
            let closed = at.closed_here(PairKind::Quotation).is_some();
            let opens = at.slice(at.next.openers).contains(['«', '“', '"']);
            (closed && opens && !at.is_full_stop()).then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.quotation.marked-name"),
        verdict: Verdict::Join,
        why: "Some names carry their own exclamation or question mark, as Yahoo! does.",
        examples: &["L'azienda Yahoo! ×Japan cresce."],
        needs: Facts::all(&[Fact::AsksOrExclaims, Fact::Before(Class::Marked)]),
        decides: |at| at.word_in(Class::Marked).filter(|_| !at.starter_follows()),
    },
];

/// The clause that says who spoke.
pub(in crate::tailoring) const ATTRIBUTION: &[SentenceRule] = &[SentenceRule {
    id: RuleId::new("latin.quotation.attribution"),
    verdict: Verdict::Join,
    why: "A quotation and the lower-case words that follow it are one segment, dash or not.",
    examples: &["«Perché?» ×chiese Anna.", "“Andiamo!” ×– ha gridato Marco."],
    needs: Facts::all(&[Fact::Spaced, Fact::LowerFollows]),
    decides: |at| {
        let quoted = at.candidate.has_closer || at.next.dashed;
        quoted.then(|| at.seen())
    },
}];

/// Characters of a quoted title at most.
const NAME_BYTES_MAX: u32 = 160;

/// What is quoted is a name: a noun for titles stands before it, or it is part of the clause by
/// an article or preposition and the clause goes on after it.
fn is_name(at: &Context<'_>, pair: &Pair) -> bool {
    if !short(pair) {
        return false;
    }
    if !has_lead(at, pair) {
        return is_cited(at, pair);
    }
    let named = at
        .words_before(pair.open.start(), 2)
        .any(|word| at.lexicon_has(last_part(word.text), Class::Naming));
    let goes_on = at.visible_after(pair.close.end()).is_some_and(char::is_lowercase);
    named || governed(at, pair) && goes_on
}

/// A title at the head of its sentence, with publisher or year in brackets behind it.
fn is_cited(at: &Context<'_>, pair: &Pair) -> bool {
    let alone = at.is_sentence_edge(at.visible_before(pair.open.start()));
    let mut after = at.slice(Span::new(pair.close.end(), pair.close.end() + 3)).chars();
    let bracket = after.next() == Some(' ') && after.next() == Some('(');
    alone && bracket && after.next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// `insegna` of `Sull'insegna`.
fn last_part(token: &str) -> &str {
    token.rsplit(['\'', '’']).next().unwrap_or(token)
}

fn short(pair: &Pair) -> bool {
    pair.close.end() - pair.open.start() <= NAME_BYTES_MAX
}

/// A word of the host stands right before the quotation.
fn has_lead(at: &Context<'_>, pair: &Pair) -> bool {
    at.visible_before(pair.open.start()).is_some_and(|c| !":.!?…,;–—-".contains(c))
}

/// An article or preposition stands right before the quotation: `il «…»`, `l'«…»`, `un «…»`.
fn governed(at: &Context<'_>, pair: &Pair) -> bool {
    has_lead(at, pair)
        && at.words_before(pair.open.start(), 1).any(|word| {
            let elided = word.text.ends_with(['\'', '’']);
            elided || at.lexicon_has(word.text, Class::Governing)
        })
}
