//! Brackets (policy S12, S13).

use crate::inline::{Pair, PairKind};
use crate::rule::{RuleId, Verdict};
use crate::sentence::{Context, Fact, Facts, SentenceRule};
use crate::text::is_ignorable;

/// Rows about brackets.
pub(in crate::tailoring) const RULES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("latin.bracket.cut-text"),
        verdict: Verdict::Join,
        why: "Dots alone in a bracket stand for text that was cut; they end nothing.",
        examples: &["Il premier [...] ×Draghi ha detto sì.", "Fine. ÷(…) ×Poi andò via."],
        needs: Facts::all(&[Fact::Closes]),
        decides: |at| {
            let pair = at.closed_here(PairKind::Bracket)?;
            let dots = at.slice(pair.inner());
            let only_dots = dots.chars().all(|c| ".…  ".contains(c));
            (only_dots && !at.candidate.stop_after_closer).then_some(at.candidate.cluster)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.bracket.agency"),
        verdict: Verdict::Break,
        why: "The sign of an agency in brackets at the end stands by itself, whatever the stop before it (policy S13).",
        examples: &["Decide il gip. ÷(ITALPRESS)", "L'udienza è fissata per le 9.30. ÷(ANSA)."],
        needs: Facts::all(&[Fact::FullStop, Fact::Spaced]),
        decides: |at| {
            let rest = at.short_rest(at.next.openers.start())?;
            let name = rest.strip_prefix('(')?.trim_end_matches(['.', ' ']).strip_suffix(')')?;
            let signed = name.chars().count() >= 2
                && name.chars().all(|c| c.is_uppercase() || " /-".contains(c));
            signed.then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.bracket.inside-host"),
        verdict: Verdict::Join,
        why: "Inside a bracket that stands within a sentence nothing ends.",
        examples: &["Il premier (era stanco. ×Si vedeva) è partito."],
        needs: Facts::all(&[Fact::InsideBracket]),
        decides: |at| {
            let pair = at.inside(PairKind::Bracket)?;
            in_host(at, pair).then(|| pair.inner())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.bracket.host-goes-on"),
        verdict: Verdict::Join,
        why: "A mark that closes inside a bracket does not close the sentence around it.",
        examples: &["Ha vinto (finalmente!) ×Marco Rossi."],
        needs: Facts::all(&[Fact::Closes]),
        decides: |at| {
            let pair = at.closed_here(PairKind::Bracket)?;
            let stopped = at.candidate.stop_after_closer;
            let hosted = !at.is_sentence_edge(at.visible_before(pair.open.start()));
            let abbreviated = at.is_full_stop() && !at.name_follows() && !at.next.is_lower();
            let new = at.starter_follows() || abbreviated;
            (hosted && !stopped && !new).then(|| pair.inner())
        },
    },
];

/// The bracket has a host: text of the same sentence before it, or behind it.
fn in_host(at: &Context<'_>, pair: &Pair) -> bool {
    let before = at.visible_before(pair.open.start());
    let after = at.visible_after(pair.close.end());
    let begins_alone = at.is_sentence_edge(before)
        || before.is_some_and(|c| "»”\")".contains(c) && pair_follows_stop(at, pair));
    let goes_on = after.is_some_and(|c| c.is_lowercase() || ",;:".contains(c));
    !begins_alone || goes_on
}

/// The bracket comes right after a sentence that ended in a closing mark: `…».` `…?»`.
fn pair_follows_stop(at: &Context<'_>, pair: &Pair) -> bool {
    let before = at.before(pair.open.start());
    let closers = |c: char| is_ignorable(c) || "»”\")“".contains(c);
    before.trim_end_matches(closers).ends_with(['.', '!', '?', '…'])
}
