//! What is left: a mark, a gap, and something that can begin a sentence.

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Fact, Facts, SentenceRule};

/// The commonest end of all.
pub(in crate::tailoring) const CAPITAL: SentenceRule = SentenceRule {
    id: RuleId::new("latin.default.capital"),
    verdict: Verdict::Break,
    why: "After a closing mark and a space a capital begins a new sentence.",
    examples: &["Il vertice è finito. ÷I due leader partono."],
    needs: Facts::all(&[Fact::Spaced, Fact::UpperFollows]),
    decides: |at| Some(at.seen()),
};

/// Rows for the plain cases, asked last.
pub(in crate::tailoring) const RULES: &[SentenceRule] = &[
    CAPITAL,
    SentenceRule {
        id: RuleId::new("latin.default.digit"),
        verdict: Verdict::Break,
        why: "After a closing mark and a space a number may begin a new sentence.",
        examples: &["La strage è finita. ÷12 persone sono morte."],
        needs: Facts::all(&[Fact::Spaced, Fact::FigureFollows]),
        decides: |at| Some(at.seen()),
    },
    SentenceRule {
        id: RuleId::new("latin.default.tag"),
        verdict: Verdict::Break,
        why: "After a closing mark a hashtag, handle or bullet begins something new.",
        examples: &["Abbiamo vinto! ÷#forzaazzurri"],
        needs: Facts::all(&[Fact::Spaced]),
        decides: |at| {
            let first = at.next.first?;
            "#@•·▪●►→".contains(first).then(|| at.seen())
        },
    },
];
