//! The ellipsis (policy S12).

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, Fact, Facts, SentenceRule};

/// Rows about `…`, `...`, `..` and `. . .`.
pub(in crate::tailoring) const RULES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("latin.ellipsis.opening"),
        verdict: Verdict::Join,
        why: "A mark before any word of the sentence opens it.",
        examples: &["...×Poi venne Marco."],
        needs: Facts::all(&[]),
        decides: |at| at.opens_sentence().then_some(at.candidate.cluster),
    },
    SentenceRule {
        id: RuleId::new("latin.ellipsis.lower-case"),
        verdict: Verdict::Join,
        why: "Before a small letter the sentence goes on after its pause.",
        examples: &["Il governo... ×forse cadrà."],
        needs: Facts::all(&[Fact::Ellipsis, Fact::LowerFollows]),
        decides: |at| Some(at.seen()),
    },
    SentenceRule {
        id: RuleId::new("latin.ellipsis.completed"),
        verdict: Verdict::Join,
        why: "A word that cannot end a clause (è, il, di) waits for what follows, capital or not.",
        examples: &["Il vincitore è... ×Marco!"],
        needs: Facts::all(&[Fact::Ellipsis, Fact::Before(Class::Incomplete)]),
        decides: |at| {
            (!at.candidate.has_closer && !at.candidate.asks_or_exclaims)
                .then(|| at.word_in(Class::Incomplete))
                .flatten()
        },
    },
    SentenceRule {
        id: RuleId::new("latin.ellipsis.new-sentence"),
        verdict: Verdict::Break,
        why: "After an ellipsis a capital begins a new sentence.",
        examples: &["Boh… ÷Non lo so.", "Chissà...÷Forse domani."],
        needs: Facts::all(&[Fact::Ellipsis]),
        decides: |at| {
            (at.next.is_upper() || !at.is_glued() && at.next.is_digit()).then(|| at.seen())
        },
    },
];
