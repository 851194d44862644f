//! Whose words a quotation holds: the shape of a row, and what it may ask.

use crate::document::{Attribution, Quotation};
use crate::rule::RuleId;
use crate::sentence::{Class, Lexicon};
use crate::text::Span;

/// Bytes that a row looks at before or behind a quotation.
const STRETCH_BYTES_MAX: usize = 240;

/// What a row found: ranges of the unit's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributionFound {
    /// The clause that says who spoke.
    pub clause: Span,
    /// The name or office in it.
    pub speaker: Option<Span>,
}

/// One row: finds the clause that says whose words a quotation holds.
#[derive(Clone, Copy, Debug)]
pub struct AttributionRule {
    /// Stable name.
    pub id: RuleId,
    /// Why, in one sentence.
    pub why: &'static str,
    /// Texts with the clause in `⟦⟧` and the speaker in `⟪⟫`; this very row finds the first.
    pub examples: &'static [&'static str],
    /// The clause, where this row finds it.
    pub finds: fn(&QuotationSite<'_>) -> Option<AttributionFound>,
}

/// What attributions are found by.
#[derive(Clone, Copy, Debug)]
pub struct AttributionRows<'a> {
    /// The rows, in the order in which they are asked.
    pub rules: &'a [AttributionRule],
    /// The words they ask for.
    pub lexicon: &'a Lexicon,
}

/// A quotation with what stands around it.
#[derive(Clone, Copy, Debug)]
pub struct QuotationSite<'a> {
    text: &'a str,
    span: Span,
    inner: Span,
    closed: bool,
    /// Where the last quotation before ends, and the next begins.
    from: u32,
    until: u32,
    lexicon: &'a Lexicon,
}

impl<'a> QuotationSite<'a> {
    pub(super) fn new(
        text: &'a str,
        quotation: &Quotation,
        from: u32,
        until: Option<u32>,
        lexicon: &'a Lexicon,
    ) -> QuotationSite<'a> {
        let whole = u32::try_from(text.len()).unwrap_or(u32::MAX);
        QuotationSite {
            text,
            span: quotation.span,
            inner: Span::new(
                quotation.opening.map_or(quotation.span.start(), Span::end),
                quotation.closing.map_or(quotation.span.end(), Span::start),
            ),
            closed: quotation.closing.is_some(),
            from,
            until: until.unwrap_or(whole),
            lexicon,
        }
    }

    /// The text before the quotation, back to the last quotation: a bounded stretch.
    pub fn before(&self) -> Stretch<'a> {
        let until = self.span.range().start;
        let from = (self.from as usize).max(until.saturating_sub(STRETCH_BYTES_MAX));
        let from = self.text.ceil_char_boundary(from).min(until);
        Stretch { text: self.text.get(from..until).unwrap_or(""), at: from, lexicon: self.lexicon }
    }

    /// The text behind the quotation, up to the next one: a bounded stretch. Nothing where the
    /// quotation is not closed.
    pub fn after(&self) -> Stretch<'a> {
        let from = self.span.range().end;
        let until = (self.until as usize).min(from + STRETCH_BYTES_MAX).max(from);
        let until = if self.closed { self.text.floor_char_boundary(until) } else { from };
        Stretch { text: self.text.get(from..until).unwrap_or(""), at: from, lexicon: self.lexicon }
    }

    /// Whether another quotation begins where [`QuotationSite::after`] ends.
    pub fn another_follows(&self) -> bool {
        let end = self.after();
        self.closed
            && end.at + end.text.len() == self.until as usize
            && self.until as usize != self.text.len()
    }

    /// Whether another quotation ends where [`QuotationSite::before`] begins.
    pub fn another_precedes(&self) -> bool {
        self.from > 0 && self.before().at == self.from as usize
    }

    /// The text of the quotation.
    pub fn inner(&self) -> Stretch<'a> {
        let text = self.inner.slice(self.text).unwrap_or("");
        Stretch { text, at: self.inner.range().start, lexicon: self.lexicon }
    }
}

/// Words that may stand between the verb and the article of its subject: `ammette intanto la`.
const OFFICE_PLACE_MAX: usize = 2;

/// A part of the unit's text.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'a> {
    text: &'a str,
    at: usize,
    lexicon: &'a Lexicon,
}

/// A word of a stretch.
#[derive(Clone, Copy, Debug)]
struct Word<'a> {
    text: &'a str,
    start: usize,
    capital: bool,
}

impl<'a> Stretch<'a> {
    /// Its text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The part of it from `range`.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>) -> Stretch<'a> {
        let text = self.text.get(range.clone()).unwrap_or("");
        Stretch { text, at: self.at + range.start, lexicon: self.lexicon }
    }

    /// It without white space and these characters at its ends.
    #[must_use]
    pub fn trimmed(&self, also: &str) -> Stretch<'a> {
        let edge = |c: char| c.is_whitespace() || also.contains(c);
        let start = self.text.len() - self.text.trim_start_matches(edge).len();
        let end = self.text.trim_end_matches(edge).len().max(start);
        self.part(start..end)
    }

    /// Up to the first of these characters that has white space, a quotation mark or the end behind
    /// it; all of it where there is none.
    #[must_use]
    pub fn up_to(&self, marks: &str) -> Stretch<'a> {
        let ends = self.text.char_indices().find(|(at, c)| {
            marks.contains(*c) && !self.is_inside_abbreviation(*at, *c) && {
                let rest = self.text.get(at + c.len_utf8()..).unwrap_or("");
                rest.chars()
                    .next()
                    .is_none_or(|next| next.is_whitespace() || "«“\"’".contains(next))
            }
        });
        self.part(0..ends.map_or(self.text.len(), |(at, _)| at))
    }

    /// What comes behind the last of these characters that has white space behind it.
    #[must_use]
    pub fn behind_last(&self, marks: &str) -> Stretch<'a> {
        let begins = self.text.char_indices().rev().find(|(at, c)| {
            marks.contains(*c) && !self.is_inside_abbreviation(*at, *c) && {
                let rest = self.text.get(at + c.len_utf8()..).unwrap_or("");
                rest.starts_with(char::is_whitespace)
            }
        });
        self.part(begins.map_or(0, |(at, c)| at + c.len_utf8())..self.text.len())
    }

    /// Up to the first comma behind which a clause of its own begins: `, ma`, `, mentre`.
    #[must_use]
    pub fn before_coordinate(&self) -> Stretch<'a> {
        let begins = self.text.match_indices(", ").find(|(at, comma)| {
            let rest = self.part(at + comma.len()..self.text.len());
            let first = rest.words().next();
            first.is_some_and(|word| {
                self.lexicon.has(word.text, Class::Clause) && !matches!(word.text, "che" | "anche")
            })
        });
        self.part(0..begins.map_or(self.text.len(), |(at, _)| at))
    }

    /// The full stop of `dott. Rossi` ends nothing.
    fn is_inside_abbreviation(&self, at: usize, c: char) -> bool {
        let before = self.text.get(..at).unwrap_or("");
        let start = before.trim_end_matches(char::is_alphabetic).len();
        let word = before.get(start..).unwrap_or("");
        c == '.' && (self.lexicon.has(word, Class::Title) || word.chars().count() == 1)
    }

    fn words(&self) -> impl Iterator<Item = Word<'a>> {
        let text = self.text;
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '’' | '\'' | '.');
        text.split(move |c: char| !inside(c))
            .flat_map(elisions)
            .filter(|word| !word.is_empty())
            .map(move |word| Word {
                text: word,
                start: word.as_ptr() as usize - text.as_ptr() as usize,
                capital: word.starts_with(char::is_uppercase),
            })
    }

    /// Whether one of its words says that somebody speaks: `dice`, `ha detto`.
    pub fn says(&self) -> bool {
        self.saying_word().is_some()
    }

    /// Whether it begins with such a word, particles (`gli`, `ci`, `lo`) aside.
    pub fn begins_by_saying(&self) -> bool {
        let mut words = self.words().map(|word| word.text.to_lowercase());
        let Some(first) = words.next() else { return false };
        let first = if self.lexicon.has(&first, Class::Clitic) {
            let Some(next) = words.next() else { return false };
            next
        } else {
            first
        };
        if self.lexicon.has(&first, Class::Auxiliary) {
            return words.take(4).any(|word| self.lexicon.has(&word, Class::Said));
        }
        self.lexicon.has(&first, Class::Saying)
    }

    /// Whether such a word stands among its last four.
    pub fn ends_by_saying(&self) -> bool {
        let words: Vec<Word<'a>> = self.words().collect();
        let last = words.len().checked_sub(4).and_then(|i| words.get(i)).map_or(0, |w| w.start);
        self.part(last..self.text.len()).says()
    }

    /// Whether it is nothing but a name or an office, with its article and title.
    pub fn is_name(&self) -> bool {
        let part = |word: Word<'a>| {
            let small = word.text.trim_end_matches(['.', '’', '\'']);
            let classes = [Class::Title, Class::Holder, Class::Article, Class::Preposition];
            word.capital
                || classes.iter().any(|class| self.lexicon.has(small, *class))
                || self.lexicon.has(small, Class::Governing)
        };
        self.words().count() <= 8 && self.words().all(part) && self.speaker().is_some()
    }

    /// Whether it holds a name.
    pub fn names(&self) -> bool {
        self.name(true).is_some()
    }

    /// Whether it begins with a name, or with an article and a noun that is no kind of title.
    pub fn begins_by_name(&self) -> bool {
        let mut words = self.words();
        let (Some(first), second) = (words.next(), words.next()) else { return false };
        let common = self.is_common(first.text);
        let small = first.text.trim_end_matches(['’', '\'']);
        let noun = second.is_some_and(|word| {
            !self.lexicon.has(word.text, Class::Naming)
                && !self.lexicon.has(word.text, Class::Label)
        });
        first.capital && !common
            || self.lexicon.has(small, Class::Determiner) && noun && self.speaker().is_some()
    }

    /// Whether its first word is a noun for who holds an office, article aside.
    pub fn office_first(&self) -> bool {
        let words = self.words().map(|word| word.text.trim_end_matches(['’', '\'']));
        let mut nouns = words.skip_while(|word| self.lexicon.has(word, Class::Determiner));
        nouns.next().is_some_and(|word| self.lexicon.has(word, Class::Holder))
    }

    fn saying_word(&self) -> Option<Word<'a>> {
        self.words().find(|word| {
            let small = word.text.trim_end_matches('.').to_lowercase();
            self.lexicon.has(&small, Class::Said)
                || self.lexicon.has(&small, Class::Saying)
                    && !self.lexicon.has(&small, Class::Auxiliary)
        })
    }

    /// The span of it in the unit.
    pub fn span(&self) -> Span {
        Span::of(self.at..self.at + self.text.len())
    }

    /// The name in it, or else the office. Behind the verb that says first, then before it.
    pub fn speaker(&self) -> Option<Span> {
        let verb = self.saying_word();
        let behind = verb.map_or(0, |word| word.start + word.text.len());
        let rest = self.part(behind..self.text.len());
        let head = self.part(0..verb.map_or(0, |word| word.start));
        rest.name(verb.is_none())
            .or_else(|| head.name(true))
            .or_else(|| rest.office(OFFICE_PLACE_MAX))
            .or_else(|| head.office(0))
    }

    /// The first run of capitalized words that is no object of a preposition; at the head of a
    /// sentence its first word must be no common one.
    fn name(&self, at_head: bool) -> Option<Span> {
        let words: Vec<Word<'a>> = self.words().collect();
        let (mut index, mut skipped) = (0, false);
        while let Some(word) = words.get(index) {
            let run = self.run_length(words.get(index..).unwrap_or_default());
            let before = index.checked_sub(1).and_then(|i| words.get(i));
            let governed = !skipped
                && before.is_some_and(|before| {
                    self.lexicon.has(before.text.trim_end_matches(['’', '\'']), Class::Preposition)
                });
            let common = at_head && index == 0 && self.is_common(word.text);
            let title = self.lexicon.has(word.text.trim_end_matches('.'), Class::Title);
            if word.capital && run > 0 && !governed && !common && !title {
                let last = words.get(index + run - 1)?;
                let end = last.start + last.text.trim_end_matches(['.', '’', '\'']).len();
                return Some(Span::of(self.at + word.start..self.at + end));
            }
            // `il leader dei Riformatori Sergio Rivalta`: the name is behind the object.
            let behind = if governed && run > 2 { run - 2 } else { run.max(1) };
            (index, skipped) = match title || common {
                true => (index + 1, false),
                false => (index + behind, governed && run > 2),
            };
        }
        None
    }

    /// How many of the first words are one name: capitals, with particles between them.
    fn run_length(&self, words: &[Word<'_>]) -> usize {
        let mut length = 0;
        for (index, word) in words.iter().enumerate() {
            let joined = index == 0 || {
                let before = words.get(index - 1).map_or(0, |w| w.start + w.text.len());
                let gap = self.text.get(before..word.start).unwrap_or(",");
                gap.chars().all(char::is_whitespace)
            };
            if !joined {
                break;
            }
            if word.capital {
                length = index + 1;
            } else if !self.lexicon.has(word.text.trim_end_matches(['’', '\'']), Class::Particle)
            {
                break;
            }
        }
        length
    }

    fn is_common(&self, word: &str) -> bool {
        let word = word.trim_end_matches(['’', '\'', '.']);
        self.lexicon.has(word, Class::Starter) || self.lexicon.has(word, Class::Incomplete)
    }

    /// A noun for who holds an office, or else the noun behind the first article.
    ///
    /// That article is at most the word `place_max`, counted from 0: what stands further on is no
    /// subject.
    fn office(&self, place_max: usize) -> Option<Span> {
        let words: Vec<Word<'a>> = self.words().collect();
        let small = |word: &Word<'_>| word.text.trim_end_matches(['.', '’', '\'']).to_lowercase();
        let holder = words.iter().position(|word| self.lexicon.has(&small(word), Class::Holder));
        let article = || {
            let governed = |index: usize| {
                let before = index.checked_sub(1).and_then(|i| words.get(i));
                before.is_some_and(|word| self.lexicon.has(&small(word), Class::Preposition))
            };
            let found = words.iter().take(place_max + 1).enumerate().position(|(index, word)| {
                self.lexicon.has(&small(word), Class::Determiner) && !governed(index)
            });
            found.map(|index| index + 1)
        };
        let found = words.get(holder.or_else(article)?)?;
        let letters = found.text.trim_end_matches(['.', '’', '\'']);
        let start = self.at + found.start;
        let noun = letters.chars().count() > 2 && letters.chars().all(char::is_lowercase);
        noun.then(|| Span::of(start..start + letters.len()))
    }
}

/// `dell’Economia` → `dell’`, `Economia`; `L'assessore` → `L'`, `assessore`; but `D'Annunzio`.
fn elisions(word: &str) -> impl Iterator<Item = &str> {
    let cut = word.find(['’', '\'']).map_or(word.len(), |at| {
        at + word.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let (head, rest) = (word.get(..cut).unwrap_or(""), word.get(cut..).unwrap_or(""));
    let name = head.starts_with(char::is_uppercase) && !rest.starts_with(char::is_lowercase);
    let cut = if name { word.len() } else { cut };
    [word.get(..cut).unwrap_or(""), word.get(cut..).unwrap_or("")].into_iter()
}

/// Asks the rows in order.
pub(super) fn attribute(
    site: &QuotationSite<'_>,
    rules: &[AttributionRule],
) -> Option<Attribution> {
    rules.iter().find_map(|row| {
        let found = (row.finds)(site).filter(|found| !found.clause.is_empty())?;
        Some(Attribution { span: found.clause, speaker: found.speaker, rule: row.id })
    })
}
