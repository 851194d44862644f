//! What stands around a candidate, in the words in which rules are written.
//!
//! Invariant: nothing here looks further than a bounded stretch to either side, so a row costs
//! the same in a long block as in a short one.

use super::candidate::{Candidate, Origin};
use super::lexicon::{Class, Lexicon};
use super::preferences::{Forms, Preferences};
use super::uax29;
use crate::inline::{Marks, Pair, PairKind};
use crate::text::{Span, is_ignorable, is_terminator};

/// Characters looked at before a candidate for its word.
const WORD_CHARS_MAX: usize = 40;

/// A word with its place in the block.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// The word itself.
    pub text: &'a str,
    /// Where it stands.
    pub span: Span,
}

impl Word<'_> {
    /// Number of characters.
    pub fn chars(&self) -> usize {
        self.text.chars().count()
    }

    /// Whether its first character is an upper-case letter.
    pub fn is_capitalized(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether it is one letter.
    pub fn is_letter(&self) -> bool {
        let mut chars = self.text.chars().filter(|c| !is_combining(*c));
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    }

    /// Whether it is made of digits.
    pub fn is_digits(&self) -> bool {
        !self.text.is_empty() && self.text.chars().all(|c| c.is_ascii_digit())
    }

    /// Whether it reads as a Roman numeral in capitals.
    pub fn is_roman(&self) -> bool {
        !self.text.is_empty() && self.text.chars().all(|c| "IVXLCDM".contains(c))
    }

    /// Whether it has at least two letters, all capitals.
    pub fn is_all_capitals(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() > 1 && letters.all(char::is_uppercase)
    }

    /// Whether it ends as Italian words do: in a vowel.
    pub fn ends_in_vowel(&self) -> bool {
        self.text
            .chars()
            .rev()
            .find(|c| !is_combining(*c))
            .is_some_and(|c| "aeiouàèéìíòóùúAEIOUÀÈÉÌÒÙ".contains(c))
    }
}

/// What follows a candidate.
#[derive(Clone, Copy, Debug)]
pub struct Next<'a> {
    /// First character after the gap, whatever it is.
    pub first: Option<char>,
    /// Opening quotation marks, brackets and dashes before the word.
    pub openers: Span,
    /// A dash stands among the openers.
    pub dashed: bool,
    /// The first word: letters and digits.
    pub word: Word<'a>,
    /// An apostrophe stands right after the word: `L’` of `L’Italia`.
    pub elided: bool,
}

impl Next<'_> {
    /// The first letter or digit of the word.
    pub fn initial(&self) -> Option<char> {
        self.word.text.chars().next()
    }

    /// The word begins with a capital.
    pub fn is_upper(&self) -> bool {
        self.initial().is_some_and(|c| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()))
    }

    /// The word begins with a small letter.
    pub fn is_lower(&self) -> bool {
        self.initial().is_some_and(char::is_lowercase)
    }

    /// The word begins with a digit.
    pub fn is_digit(&self) -> bool {
        self.initial().is_some_and(char::is_numeric)
    }
}

/// A candidate with its surroundings.
#[derive(Debug)]
pub struct Context<'a> {
    text: &'a str,
    marks: &'a Marks,
    lexicon: &'a Lexicon,
    preferences: &'a Preferences,
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
}

impl<'a> Context<'a> {
    /// Reads the surroundings of `candidate`.
    pub fn new(
        text: &'a str,
        marks: &'a Marks,
        lexicon: &'a Lexicon,
        preferences: &'a Preferences,
        candidate: Candidate,
        segment_start: usize,
    ) -> Context<'a> {
        let end = candidate.cluster.start() as usize;
        let token = token_before(text, end);
        // An apostrophe at the end is an accent: `piu'.`
        let bare = token.text.trim_end_matches(['\'', '’']);
        let cut = bare.rfind(['\'', '’', '.', '/', '-', '–']).map_or(0, |at| {
            at + token.text.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8)
        });
        let word = Word {
            text: token.text.get(cut..).unwrap_or(""),
            span: Span::of(token.span.start() as usize + cut..end),
        };
        let next = next_after(text, candidate.gap.end() as usize);
        Context { text, marks, lexicon, preferences, candidate, segment_start, token, word, next }
    }

    // --- the place itself -------------------------------------------------------------------

    /// The candidate is a line end without a terminator.
    pub fn is_line_end(&self) -> bool {
        self.candidate.origin == Origin::LineEnd
    }

    /// The candidate is a colon or semicolon that the caller wants segments to end at.
    pub fn is_clause_mark(&self) -> bool {
        self.candidate.origin == Origin::Clause
    }

    /// The terminator is one full stop and nothing else.
    pub fn is_full_stop(&self) -> bool {
        self.candidate.terminator.slice(self.text) == Some(".") && !self.candidate.ellipsis
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
        let token = self.token;
        if self.lexicon.has(token.text, class) {
            return Some(token.span);
        }
        let elided = token.text.rfind(['\'', '’']).and_then(|at| {
            let from = at + token.text.get(at..)?.chars().next()?.len_utf8();
            Some((token.text.get(from..)?, token.span.start() as usize + from))
        });
        if let Some((form, from)) = elided
            && self.lexicon.has(form, class)
        {
            return Some(Span::of(from..from + form.len()));
        }
        // A word behind an inner stop (`Peskov.dott`) or a hyphen, but not the last letter of an
        // unknown dotted form: `c` of `x.y.c` is no abbreviation by itself.
        let apart = self.word.text.len() < token.text.len() && self.word.chars() > 1;
        (apart && self.lexicon.has(self.word.text, class)).then_some(self.word.span)
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

    /// The letters of a form spelled with spaces (`S. p. A`), written together (`S.p.A`).
    pub fn spaced_form(&self) -> Option<String> {
        if !self.is_full_stop() || !self.word.is_letter() || self.token.text.contains('.') {
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

    /// Whether the lexicon has `form` in `class`.
    pub fn lexicon_has(&self, form: &str, class: Class) -> bool {
        self.lexicon.has(form, class)
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

    // --- after ------------------------------------------------------------------------------

    /// The next word plainly begins a sentence: a capitalized article, conjunction, adverb.
    pub fn starter_follows(&self) -> bool {
        let next = &self.next;
        if !next.is_upper() {
            return false;
        }
        let letter = next.word.is_letter();
        if letter && !next.elided && !matches!(next.word.text, "È" | "E" | "A" | "I" | "O") {
            return false;
        }
        let long = next.word.chars() >= 5;
        let verb = long && VERB_ENDINGS.iter().any(|end| next.word.text.ends_with(end));
        (verb || self.lexicon.has(next.word.text, Class::Starter)) && !self.abbreviation_follows()
    }

    /// The next word is an abbreviation or an initial itself: `Sez. Un.`, `Lt. Col.`, `gen. C.A.`
    pub fn abbreviation_follows(&self) -> bool {
        let next = &self.next;
        let rest = self.text.get(next.word.span.end() as usize..).unwrap_or("");
        let known = || {
            [Class::Title, Class::Reference, Class::Closing, Class::Office, Class::Place]
                .iter()
                .any(|class| self.lexicon.has(next.word.text, *class))
        };
        rest.starts_with('.') && next.is_upper() && (next.word.is_letter() || known())
    }

    /// The word after the next one begins with a capital: `La Russa`, `De Luca`.
    pub fn second_word_is_upper(&self) -> bool {
        let rest = self.text.get(self.next.word.span.end() as usize..).unwrap_or("");
        let mut chars = rest.chars();
        matches!(chars.next(), Some(' ' | '\u{a0}' | '\'' | '’'))
            && chars.next().is_some_and(char::is_uppercase)
    }

    /// What follows reads as the beginning of a name: a capital that begins no sentence, or a
    /// particle before a capital (`La Russa`, `De Luca`).
    pub fn name_follows(&self) -> bool {
        let particle = PARTICLES.contains(&self.next.word.text);
        self.next.is_upper() && (!self.starter_follows() || particle && self.second_word_is_upper())
    }
}

/// Words that, with a capital, may begin a surname: La Russa, De Luca, Dall'Olio.
const PARTICLES: &[&str] = &[
    "Da", "D", "Dal", "Dall", "Dalla", "Dalle", "De", "Degli", "Dei", "Del", "Dell", "Della",
    "Delle", "Dello", "Di", "La", "Le", "Li", "Lo",
];

/// Endings of plural verbs, which with a capital begin a sentence and are no names.
const VERB_ENDINGS: &[&str] =
    &["ono", "avano", "evano", "ivano", "arono", "erono", "irono", "ranno", "bbero", "ssero"];

/// The run of characters before `end` up to white space or an opening mark.
fn token_before(text: &str, end: usize) -> Word<'_> {
    let before = text.get(..end).unwrap_or("");
    let start = before
        .char_indices()
        .rev()
        .take(WORD_CHARS_MAX)
        .take_while(|(_, c)| is_token_char(*c))
        .last()
        .map_or(end, |(at, _)| at);
    let token = before.get(start..).unwrap_or("");
    // A mark at the head opens something; one at the tail closes something: neither is the word.
    let trimmed = token.trim_start_matches(['.', '-', '–', '/', '…']);
    let trimmed = match trimmed.strip_prefix(['\'', '’']) {
        Some(rest) if !rest.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit()) => rest,
        _ => trimmed,
    };
    let start = end - trimmed.len();
    Word { text: trimmed, span: Span::of(start..end) }
}

fn is_token_char(c: char) -> bool {
    c.is_alphanumeric()
        || is_combining(c)
        || matches!(c, '.' | '\'' | '’' | '-' | '/' | 'ª' | 'º' | '°' | '\u{ad}')
}

/// Combining accents of decomposed text, and the soft hyphen: part of the letter before.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―')
}

fn is_opening_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '«'
            | '“'
            | '”'
            | '„'
            | '‘'
            | '’'
            | '\''
            | '‹'
            | '('
            | '['
            | '{'
            | '<'
            | '¿'
            | '¡'
            | '*'
            | '»'
            | '•'
    )
}

/// Marks and spaces before a word that are looked at.
const OPENERS_MAX: usize = 16;

/// Length of `[...]` or `(…)` at the head of `text`: cut text goes with the sentence after it.
fn cut_text(text: &str) -> usize {
    let Some(inner) = text.strip_prefix(['[', '(']) else { return 0 };
    let dots = inner.len() - inner.trim_start_matches(['.', '…', ' ']).len();
    let closed = inner.get(dots..).is_some_and(|rest| rest.starts_with([']', ')']));
    if closed && (1..=8).contains(&dots) { dots + 2 } else { 0 }
}

fn next_after(text: &str, from: usize) -> Next<'_> {
    let rest = text.get(from..).unwrap_or("");
    let first = rest.chars().next();
    let mut dashed = false;
    let mut opened = 0;
    for _ in 0..OPENERS_MAX {
        let tail = rest.get(opened..).unwrap_or("");
        let Some(c) = tail.chars().next() else { break };
        dashed |= is_dash(c);
        opened += match cut_text(tail) {
            0 if is_opening_mark(c) || is_dash(c) || opened > 0 && is_ignorable(c) => c.len_utf8(),
            0 => break,
            length => length,
        };
    }
    let tail = rest.get(opened..).unwrap_or("");
    let length = tail
        .char_indices()
        .take(WORD_CHARS_MAX)
        .find(|(_, c)| !(c.is_alphanumeric() || is_combining(*c)))
        .map_or_else(
            || tail.char_indices().nth(WORD_CHARS_MAX).map_or(tail.len(), |(at, _)| at),
            |(at, _)| at,
        );
    let start = from + opened;
    let word =
        Word { text: tail.get(..length).unwrap_or(""), span: Span::of(start..start + length) };
    let elided = tail.get(length..).is_some_and(|rest| rest.starts_with(['\'', '’']));
    Next { first, openers: Span::of(from..start), dashed, word, elided }
}
