//! Every candidate is put to the rules in order; the first that answers decides. A caller's own
//! SRX rules are asked before our rows.

use super::plain::{self, PlainEnd};
use super::{Candidate, Candidates, Context, Evidence, Lexicon, Preferences, SentenceRule};
use crate::inline::{Marks, PairKind};
use crate::language::LanguageTag;
use crate::rule::{Decision, RuleId, Verdict};
use crate::srx::SrxDecision;
use crate::text::{Span, is_ignorable};
use std::iter::Peekable;
use std::slice;

/// The row that would decide where no row answered. A test holds that it never does: the last
/// row of every cascade always answers.
const UNANSWERED: RuleId = RuleId::new("root.unanswered");

/// The rows of one language with the words that they ask for.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// Rows by theme, in the order in which they are asked.
    pub cascade: &'a [&'a [SentenceRule]],
    /// Their words.
    pub lexicon: &'a Lexicon,
    /// What is asked before the cascade where a word in small letters has a full stop, a space and
    /// a capital behind it. None: the cascade is asked about all.
    pub plain_end: Option<PlainEnd>,
}

/// What was decided about one block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// One for each candidate, ascending, none twice at a place.
    pub decisions: Vec<Decision>,
    /// A set of SRX rules took more steps than it may and was left out.
    pub srx_left_out: bool,
}

/// Decides every candidate of one trimmed block of text in `language`. Offsets are relative to
/// the block. `evidence` is what the document has shown before, and learns from this block.
///
/// Costs candidates × rows; a row looks at a bounded stretch on either side.
pub fn judge(
    text: &str,
    marks: &Marks,
    rows: Rows<'_>,
    language: &LanguageTag,
    preferences: &Preferences,
    evidence: &mut Evidence,
) -> Judged {
    let (asked, srx_left_out) = asked(text, language, preferences);
    // What the caller wants otherwise goes before all.
    let free = !preferences.has_requests() && asked.is_empty();
    let mut judge = Judge {
        plain_end: rows.plain_end.filter(|_| free),
        text,
        marks,
        rows,
        preferences,
        evidence,
        asked: asked.iter().peekable(),
        segment_start: 0,
        decisions: Vec::new(),
    };
    for candidate in Candidates::new(text, marks, preferences.clauses) {
        judge.breaks_before(candidate.cluster.end());
        judge.candidate(candidate);
    }
    judge.breaks_before(u32::MAX);
    Judged { decisions: judge.decisions, srx_left_out }
}

/// What the SRX rules say, ascending by position; where several sets answer, the first.
fn asked(
    text: &str,
    language: &LanguageTag,
    preferences: &Preferences,
) -> (Vec<SrxDecision>, bool) {
    let mut asked: Vec<SrxDecision> = Vec::new();
    let mut left_out = false;
    for srx in &preferences.srx {
        match srx.decisions(text, language) {
            Ok(more) => asked.extend(more),
            Err(_too_costly) => left_out = true,
        }
    }
    asked.sort_by_key(|decision| decision.at);
    asked.dedup_by_key(|decision| decision.at);
    (asked, left_out)
}

struct Judge<'a> {
    plain_end: Option<PlainEnd>,
    text: &'a str,
    marks: &'a Marks,
    rows: Rows<'a>,
    preferences: &'a Preferences,
    evidence: &'a mut Evidence,
    asked: Peekable<slice::Iter<'a, SrxDecision>>,
    segment_start: usize,
    decisions: Vec<Decision>,
}

impl Judge<'_> {
    /// SRX rules may break where there is no candidate of ours.
    fn breaks_before(&mut self, end: u32) {
        while let Some(asked) = self.asked.next_if(|asked| asked.at < end) {
            let (before, after) = self.text.split_at_checked(asked.at as usize).unwrap_or_default();
            let at = before.trim_end_matches(is_ignorable).len();
            let next = self.text.len() - after.trim_start_matches(is_ignorable).len();
            let new = at > self.segment_start && next < self.text.len();
            if asked.verdict == Verdict::Break && new {
                let at = Span::of(at..at).end();
                self.decide(at, next, Verdict::Break, asked.rule, Span::new(at, at));
            }
        }
    }

    fn candidate(&mut self, candidate: Candidate) {
        let (at, gap_end) = (candidate.cluster.end(), candidate.gap.end());
        if let Some((row, seen)) = self.plain_end(&candidate) {
            self.decide(at, gap_end as usize, row.verdict, row.id, seen);
            return;
        }
        // SRX may mean the place before the white space or the one behind it: a break at either
        // is one, as it would be for SRX alone.
        let mut asked: Option<SrxDecision> = None;
        while let Some(next) = self.asked.next_if(|next| next.at <= gap_end) {
            if asked.is_none_or(|asked| asked.verdict == Verdict::Join) {
                asked = Some(if next.verdict == Verdict::Break {
                    *next
                } else {
                    asked.unwrap_or(*next)
                });
            }
        }
        let context = Context::new(
            self.text,
            self.marks,
            self.rows.lexicon,
            self.preferences,
            self.evidence,
            candidate,
            self.segment_start,
        );
        let (rule, verdict, evidence) = match asked {
            Some(asked) => (asked.rule, asked.verdict, context.seen()),
            None => first_answer(self.rows.cascade, &context),
        };
        let shown = Evidence::shown_by(&context, verdict);
        self.decide(at, gap_end as usize, verdict, rule, evidence);
        if let Some(form) = shown {
            self.evidence.add(form);
        }
    }

    /// The row that answers a plain end, and what it sees; none where anything else may.
    fn plain_end(&self, candidate: &Candidate) -> Option<(&'static SentenceRule, Span)> {
        let PlainEnd { row, asked } = self.plain_end?;
        let (word, seen) = plain::words_around(self.text, candidate)?;
        let at = candidate.cluster.end();
        let known = self.rows.lexicon.classes(word).meet(asked) || self.evidence.has(word);
        let inside = self.marks.innermost(at, PairKind::Bracket).is_some()
            || self.marks.innermost(at, PairKind::Quotation).is_some()
            || self.marks.address_around(at).is_some();
        (!known && !inside).then_some((row, seen))
    }

    fn decide(&mut self, at: u32, next: usize, verdict: Verdict, rule: RuleId, evidence: Span) {
        if self.decisions.last().is_some_and(|last| last.at >= at) {
            return;
        }
        self.decisions.push(Decision { at, verdict, rule, evidence });
        if verdict == Verdict::Break {
            self.segment_start = next;
        }
    }
}

fn first_answer(cascade: &[&[SentenceRule]], context: &Context<'_>) -> (RuleId, Verdict, Span) {
    let rows = cascade.iter().copied().flatten();
    rows.filter(|row| context.has(row.needs))
        .find_map(|row| (row.decides)(context).map(|seen| (row.id, row.verdict, seen)))
        .unwrap_or((UNANSWERED, Verdict::Join, Span::default()))
}
