//! What stands around a candidate, in the words in which rules are written.
//!
//! Invariant: nothing here looks further than a bounded stretch to either side, so a row costs
//! the same in a long block as in a short one.

use super::candidate::{Candidate, Origin};
use super::evidence::Evidence;
use super::fact::{Fact, Facts};
use super::lexicon::{Class, Classes, Lexicon};
use super::next::{Next, is_dash, is_opening_mark, next_after};
use super::preferences::{Forms, Preferences};
use super::uax29;
use super::word::{WORD_CHARS_MAX, Word, is_combining, token_before};
use crate::inline::{Marks, Pair, PairKind};
use crate::text::{Span, is_ignorable, is_terminator};
use std::cell::OnceCell;

/// A candidate with its surroundings.
#[derive(Debug)]
pub struct Context<'a> {
    pub(super) text: &'a str,
    marks: &'a Marks,
    pub(super) lexicon: &'a Lexicon,
    preferences: &'a Preferences,
    evidence: &'a Evidence,
    /// The candidate itself.
    pub candidate: Candidate,
    /// Where the sentence under way began.
    pub segment_start: usize,
    /// All that stands before the terminator without a space: `S.p.A` of `S.p.A.`
    pub token: Word<'a>,
    /// The last word of the token: after an apostrophe or an inner stop.
    pub word: Word<'a>,
    /// What follows.
    pub next: Next<'a>,
    /// All that holds but what the lexicon says.
    place: Facts,
    /// What the lexicon says of the words around, looked up when a row asks for the first time.
    known: OnceCell<Known>,
}

/// What the lexicon says of the token before a candidate and of its parts, and of the word behind.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    token: Classes,
    /// What stands after an elision: `on` of `l’on`.
    elided: Option<(Span, Classes)>,
    /// A word behind an inner stop (`Peskov.dott`) or a hyphen.
    word: Classes,
    /// All of these, and of what is spelled with spaces.
    before: Classes,
    next: Classes,
}

impl Known {
    fn of(token: Word<'_>, word: Word<'_>, lexicon: &Lexicon) -> Known {
        let whole = lexicon.classes(token.text);
        if word.text.len() == token.text.len() && !token.text.ends_with(['\'', '’']) {
            return Known { token: whole, ..Known::default() };
        }
        let elided = token.text.rfind(['\'', '’']).and_then(|at| {
            let from = at + token.text.get(at..)?.chars().next()?.len_utf8();
            let start = token.span.start() as usize + from;
            let form = token.text.get(from..)?;
            Some((Span::of(start..start + form.len()), lexicon.classes(form)))
        });
        // But not the last letter of an unknown dotted form: `c` of `x.y.c` is no abbreviation by
        // itself. Nor is a part asked for where the whole is known: `cons` of `c.cons`.
        let apart = word.text.len() < token.text.len() && word.chars() > 1;
        let part = apart && !lexicon.knows(token.text);
        let word = if part { lexicon.classes(word.text) } else { Classes::NONE };
        Known { token: whole, elided, word, ..Known::default() }
    }

    /// The classes of all parts together.
    fn all(self) -> Classes {
        let elided = self.elided.map_or(Classes::NONE, |(_, classes)| classes);
        self.token.and(elided).and(self.word)
    }
}

/// Where the last word of a token begins.
fn last_part(token: &str) -> usize {
    if token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return 0;
    }
    // An apostrophe at the end is an accent: `piu'.`
    let bare = token.trim_end_matches(['\'', '’']);
    bare.rfind(['\'', '’', '.', '/', '-', '–']).map_or(0, |at| {
        at + token.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    })
}

impl<'a> Context<'a> {
    /// Reads the surroundings of `candidate`.
    pub fn new(
        text: &'a str,
        marks: &'a Marks,
        lexicon: &'a Lexicon,
        preferences: &'a Preferences,
        evidence: &'a Evidence,
        candidate: Candidate,
        segment_start: usize,
    ) -> Context<'a> {
        let end = candidate.cluster.start() as usize;
        let token = token_before(text, end);
        let cut = last_part(token.text);
        let word = Word {
            text: token.text.get(cut..).unwrap_or(""),
            span: Span::of(token.span.start() as usize + cut..end),
        };
        let next = next_after(text, candidate.gap.end() as usize);
        let mut context = Context {
            text,
            marks,
            lexicon,
            preferences,
            evidence,
            candidate,
            segment_start,
            token,
            word,
            next,
            place: Facts::default(),
            known: OnceCell::new(),
        };
        context.place = context.place();
        context
    }

    /// Reads all that holds but what the lexicon says.
    fn place(&self) -> Facts {
        let Candidate { origin, cluster, terminator, gap, .. } = self.candidate;
        let stop = terminator.slice(self.text) == Some(".") && !self.candidate.ellipsis;
        Facts::default()
            .and(Fact::LineEnd, origin == Origin::LineEnd)
            .and(Fact::ClauseMark, origin == Origin::Clause)
            .and(Fact::FullStop, stop)
            .and(Fact::AsksOrExclaims, self.candidate.asks_or_exclaims)
            .and(Fact::Ellipsis, self.candidate.ellipsis)
            .and(Fact::Closes, cluster.len() > terminator.len())
            .and(Fact::Glued, gap.is_empty())
            .and(Fact::Spaced, !gap.is_empty())
            .and(Fact::Figures, self.word.is_digits())
            .and(Fact::Letter, self.word.is_letter())
            .and(Fact::UpperFollows, self.next.is_upper())
            .and(Fact::LowerFollows, self.next.is_lower())
            .and(Fact::FigureFollows, self.next.is_digit())
            .and(Fact::DashFollows, self.next.dashed)
            .and(Fact::BareFollows, self.next.openers.is_empty())
            .and(Fact::InsideBracket, self.inside(PairKind::Bracket).is_some())
            .and(Fact::InsideQuotation, self.inside(PairKind::Quotation).is_some())
            .and(Fact::InsideAddress, self.inside_address().is_some())
            .and(Fact::Requested, self.preferences.has_requests())
    }

    fn known(&self) -> &Known {
        self.known.get_or_init(|| {
            let known = Known::of(self.token, self.word, self.lexicon);
            let spaced = self.spaced_form();
            let spaced = spaced.map_or(Classes::NONE, |form| self.lexicon.classes(&form));
            let next = self.lexicon.classes(self.next.word.text);
            Known { before: known.all().and(spaced), next, ..known }
        })
    }

    /// Whether all that a row needs holds here.
    pub(super) fn has(&self, needs: Facts) -> bool {
        let (before, after) = (needs.before(), needs.after());
        self.place.hold_place_of(needs)
            && (before == Classes::NONE || self.known().before.hold(before))
            && (after == Classes::NONE || self.known().next.hold(after))
    }

    // --- the place itself -------------------------------------------------------------------

    /// The candidate is a line end without a terminator.
    pub fn is_line_end(&self) -> bool {
        self.place.has(Fact::LineEnd)
    }

    /// The candidate is a colon or semicolon that the caller wants segments to end at.
    pub fn is_clause_mark(&self) -> bool {
        self.place.has(Fact::ClauseMark)
    }

    /// The terminator is one full stop and nothing else.
    pub fn is_full_stop(&self) -> bool {
        self.place.has(Fact::FullStop)
    }

    /// No white space follows.
    pub fn is_glued(&self) -> bool {
        self.candidate.gap.is_empty()
    }

    /// A closing quotation mark or bracket stands before the terminator or in its cluster.
    pub fn has_closer(&self) -> bool {
        let before = self.text.get(..self.candidate.cluster.start() as usize).unwrap_or("");
        self.candidate.has_closer || before.ends_with(['"', '»', '”', '“', '’', ')', ']'])
    }

    /// What UAX #29 says by itself.
    pub fn uax29_breaks(&self) -> bool {
        let from = self.candidate.cluster.start() as usize;
        let at = self.candidate.cluster.end() as usize;
        self.is_line_end() || uax29::breaks(self.text, from, at)
    }

    /// Evidence: the cluster with what stands right before and after it.
    pub fn seen(&self) -> Span {
        Span::new(self.token.span.start(), self.next.word.span.end())
    }

    // --- before -----------------------------------------------------------------------------

    /// The form before the full stop that the lexicon knows in `class`: the whole token
    /// (`S.p.A`), what stands after an elision (`on` of `l’on`), or the last word.
    pub fn form_in(&self, class: Class) -> Option<Span> {
        if !self.is_full_stop() || self.candidate.stop_after_closer {
            return None;
        }
        self.word_in(class)
    }

    /// As [`Context::form_in`], whatever the terminator.
    pub fn word_in(&self, class: Class) -> Option<Span> {
        let Known { token, elided, word, .. } = *self.known();
        let elided = elided.filter(|(_, classes)| classes.has(class)).map(|(span, _)| span);
        let whole = token.has(class).then_some(self.token.span);
        whole.or(elided).or_else(|| word.has(class).then_some(self.word.span))
    }

    /// Single letters separated by stops: `G.B`, `U.S.A`, also spelled with spaces: `S. p. A`.
    pub fn dotted_letters(&self) -> Option<Span> {
        let dotted = self.token.text.contains('.')
            && self.token.text.split('.').all(|part| {
                let letters = part.trim_start_matches(['\'', '’']);
                letters.chars().filter(|c| !is_combining(*c)).count() == 1
                    && letters.chars().all(char::is_alphabetic)
            });
        (self.is_full_stop() && dotted).then_some(self.token.span)
    }

    /// The letters of a form spelled with spaces (`S. p. A`), written together (`S.p.A`), where the
    /// word before the full stop is a letter.
    pub fn spaced_form(&self) -> Option<String> {
        if !self.is_full_stop() || !self.place.has(Fact::Letter) || self.token.text.contains('.') {
            return None;
        }
        let mut form = self.token.text.to_owned();
        let mut end = self.token.span.start() as usize;
        for _ in 0..4 {
            let before = self.text.get(..end)?;
            let Some(stop) = before.trim_end_matches([' ', '\u{a0}']).strip_suffix('.') else {
                break;
            };
            let letter = token_before(self.text, stop.len());
            if !letter.is_letter() || stop.len() + 1 == end {
                break;
            }
            form = format!("{}.{form}", letter.text);
            end = letter.span.start() as usize;
        }
        form.contains('.').then_some(form)
    }

    /// A short word with the short word and stop before it, written together: `p.es` of `p. es.`
    pub fn two_word_form(&self) -> Option<String> {
        let short = |word: &Word<'_>| !word.text.contains('.') && (1..=4).contains(&word.chars());
        let before = self.text.get(..self.token.span.start() as usize)?;
        let stop = before.trim_end_matches([' ', '\u{a0}']).strip_suffix('.')?;
        if !self.is_full_stop() || !short(&self.token) {
            return None;
        }
        let first = token_before(self.text, stop.len());
        (short(&first) && stop.len() + 1 < before.len())
            .then(|| format!("{}.{}", first.text, self.token.text))
    }

    /// The word before the full stop, where it stood with one in the middle of a sentence before.
    pub fn form_seen_inside(&self) -> Option<Span> {
        (self.is_full_stop()
            && !self.candidate.stop_after_closer
            && self.evidence.has(self.token.text))
        .then_some(self.token.span)
    }

    /// Whether the lexicon has the word that follows in `class`.
    pub fn next_is(&self, class: Class) -> bool {
        self.known().next.has(class)
    }

    /// Whether the lexicon has `form` in `class`.
    pub fn lexicon_has(&self, form: &str, class: Class) -> bool {
        self.lexicon.has(form, class)
    }

    /// Whether a form of the lexicon begins so, whatever its class.
    pub fn lexicon_begins(&self, beginning: &str) -> bool {
        self.lexicon.begins(beginning)
    }

    /// The word before the token, over one space.
    pub fn word_before_token(&self) -> Word<'a> {
        let before = self.text.get(..self.token.span.start() as usize).unwrap_or("");
        let end = before.trim_end_matches([' ', '\u{a0}', '\n', '\r', '\t']).len();
        if end == before.len() {
            return Word { text: "", span: Span::of(end..end) };
        }
        token_before(self.text, end)
    }

    /// Nothing but opening marks stands between the last boundary and the terminator.
    pub fn opens_sentence(&self) -> bool {
        self.only_marks_until(self.candidate.cluster.start() as usize)
    }

    /// The token is the first of its sentence.
    pub fn token_opens_sentence(&self) -> bool {
        !self.token.text.is_empty() && self.only_marks_until(self.token.span.start() as usize)
    }

    /// A few opening marks, dashes and spaces at most stand between the last boundary and `until`.
    fn only_marks_until(&self, until: usize) -> bool {
        let lead = self.text.get(self.segment_start..until).unwrap_or("");
        let mark = |c: char| is_opening_mark(c) || is_ignorable(c) || is_dash(c);
        lead.len() <= WORD_CHARS_MAX && lead.chars().all(mark)
    }

    /// The text of the sentence under way, up to `until`.
    pub fn sentence_until(&self, until: u32) -> &'a str {
        self.text.get(self.segment_start..until as usize).unwrap_or("")
    }

    // --- what the caller wants ---------------------------------------------------------------

    /// The word before the full stop, where the caller said that its stop never ends a segment.
    pub fn form_never_ends(&self) -> Option<Span> {
        self.form_of(&self.preferences.no_break_forms)
    }

    /// The word before the full stop, where the caller said that its stop always ends a segment.
    pub fn form_always_ends(&self) -> Option<Span> {
        self.form_of(&self.preferences.break_forms)
    }

    fn form_of(&self, forms: &Forms) -> Option<Span> {
        if !self.is_full_stop() || self.candidate.stop_after_closer {
            return None;
        }
        [self.token, self.word].iter().find(|word| forms.has(word.text)).map(|word| word.span)
    }

    /// The caller wants quotations whole, and the boundary would stand inside one.
    pub fn inside_whole_quotation(&self) -> Option<Span> {
        if !self.preferences.whole_quotations {
            return None;
        }
        self.inside(PairKind::Quotation).map(Pair::inner)
    }

    // --- around -----------------------------------------------------------------------------

    /// The address the terminator stands inside of.
    pub fn inside_address(&self) -> Option<Span> {
        self.marks.address_around(self.candidate.cluster.start().saturating_add(1))
    }

    /// An address ends right before the terminator.
    pub fn address_before(&self) -> bool {
        let end = self.candidate.cluster.start();
        self.marks.address_around(end.saturating_sub(1)).is_some_and(|span| span.end() == end)
    }

    /// The innermost bracket or quotation around the boundary.
    pub fn inside(&self, kind: PairKind) -> Option<&'a Pair> {
        self.marks.innermost(self.candidate.cluster.end(), kind)
    }

    /// The pair of `kind` that closes inside the cluster.
    pub fn closed_here(&self, kind: PairKind) -> Option<&'a Pair> {
        let cluster = self.candidate.cluster;
        cluster
            .slice(self.text)?
            .char_indices()
            .take(8)
            .filter_map(|(at, _)| self.marks.closing_at(cluster.start() + u32::try_from(at).ok()?))
            .find(|pair| pair.kind == kind)
    }

    /// Text of a span of the block.
    pub fn slice(&self, span: Span) -> &'a str {
        span.slice(self.text).unwrap_or("")
    }

    /// The last characters before `at`: a bounded stretch.
    pub fn before(&self, at: u32) -> &'a str {
        let before = self.text.get(..at as usize).unwrap_or("");
        let start = before.char_indices().rev().take(WORD_CHARS_MAX).last().map_or(0, |(at, _)| at);
        before.get(start..).unwrap_or("")
    }

    /// All that is left of the block from `at`, where that is a word or two.
    pub fn short_rest(&self, at: u32) -> Option<&'a str> {
        self.text.get(at as usize..).filter(|rest| rest.len() <= WORD_CHARS_MAX)
    }

    /// First character at or after `at` that is no white space.
    pub fn visible_after(&self, at: u32) -> Option<char> {
        self.text.get(at as usize..)?.chars().take(WORD_CHARS_MAX).find(|c| !is_ignorable(*c))
    }

    /// Last character before `at` that is no white space.
    pub fn visible_before(&self, at: u32) -> Option<char> {
        self.text.get(..at as usize)?.chars().rev().take(WORD_CHARS_MAX).find(|c| !is_ignorable(*c))
    }

    /// The words before `at`, the nearest first, at most `count`.
    pub fn words_before(&self, at: u32, count: usize) -> impl Iterator<Item = Word<'a>> {
        let mut end = at as usize;
        let text = self.text;
        std::iter::from_fn(move || {
            let before = text.get(..end)?;
            let trimmed = before.trim_end_matches(|c: char| is_ignorable(c) || ",;:".contains(c));
            let word = token_before(text, trimmed.len());
            end = word.span.start() as usize;
            (!word.text.is_empty()).then_some(word)
        })
        .take(count)
    }

    /// A place where a sentence could have ended: a terminator, or the beginning of the block.
    pub fn is_sentence_edge(&self, before: Option<char>) -> bool {
        before.is_none_or(|c| is_terminator(c) || c == '…')
    }
}
