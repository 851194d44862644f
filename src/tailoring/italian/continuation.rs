//! The sentence plainly goes on: a comma, a closing mark, a small letter (policy S4, S6, S17).

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Context, SentenceRule};

/// A mark follows that cannot begin a sentence.
pub(super) const PUNCTUATION: &[SentenceRule] = &[SentenceRule {
    id: RuleId::new("it.continuation.punctuation"),
    verdict: Verdict::Join,
    why: "A comma, colon, semicolon or closing mark behind the stop goes on with the sentence.",
    examples: &["Pane, vino ecc.×, poi basta."],
    decides: |at| {
        let first = at.next.first?;
        // A slash after a space separates headlines; right behind the stop it belongs to a form.
        let glued = at.is_glued() && matches!(first, '»' | '/' | '%');
        (glued || ",;:)]}".contains(first)).then(|| at.seen())
    },
}];

/// Words that begin in lower case and may yet begin a sentence (policy S17).
const APHAERETIC: &[&str] = &[
    "ndrangheta",
    "ndranghetista",
    "ndrina",
    "sto",
    "sta",
    "sti",
    "ste",
    "na",
    "no",
    "nu",
    "o",
    "a",
    "e",
    "i",
    "u",
    "sera",
    "notte",
];

/// A small letter follows.
pub(super) const LOWER_CASE: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("it.lower-case.name"),
        verdict: Verdict::Break,
        why: "Some words begin with a small letter even at the head of a sentence: iPhone, d'Annunzio, 'ndrangheta.",
        examples: &[
            "Apple cresce. ÷iPhone e iPad vanno bene.",
            "È la Calabria. ÷'ndrangheta e politica si parlano.",
        ],
        decides: |at| {
            (!at.candidate.ellipsis
                && !at.is_glued()
                && at.next.is_lower()
                && ends_word(at)
                && begins_oddly(at))
            .then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("it.lower-case.goes-on"),
        verdict: Verdict::Join,
        why: "A common word in lower case goes on with the sentence.",
        examples: &["Cosa? ×dove? quando?"],
        decides: |at| at.next.is_lower().then(|| at.seen()),
    },
];

/// The word before the stop is a whole one.
fn ends_word(at: &Context<'_>) -> bool {
    at.word.chars() > 2 || at.has_closer() || at.word.is_digits()
}

fn begins_oddly(at: &Context<'_>) -> bool {
    let word = at.next.word.text;
    let inner_capital = word.chars().skip(1).any(char::is_uppercase) && word.chars().count() > 2;
    let apostrophe = at.slice(at.next.openers).ends_with(['\'', '’', '‘']);
    let particle =
        matches!(word, "d" | "l" | "de" | "al") && at.next.elided && at.second_word_is_upper();
    inner_capital
        || particle
        || apostrophe && APHAERETIC.contains(&word)
        || matches!(word, "e" | "i" | "x")
            && at
                .slice(crate::text::Span::new(at.next.word.span.end(), at.next.word.span.end() + 1))
                == "-"
}
