//! A segment as the comparison keeps it: its words, its quotations, who acts and where.

use super::model::{Document, Segment};
use super::words::{Reader, Role, Word};
use crate::inline::{self, PairKind};
use crate::text::Span;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Segments that a quotation without closing mark may reach over.
const SEGMENTS_OPEN_MAX: u32 = 6;

/// Words of content, and words of any sort, below both of which a quotation is a quoted name, not
/// something that somebody said.
const QUOTED_CONTENT_MIN: usize = 3;
const QUOTED_WORDS_MIN: usize = 5;

/// One segment, without its text.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    pub(super) words: Vec<Word>,
    /// Keys of what the segment is about, ascending, each once, with the root of the word.
    pub(super) keys: Vec<Key>,
    /// Words of each quotation.
    pub(super) quotations: Vec<Range<usize>>,
    /// Words of the first name without preposition: who may be acting.
    pub(super) subject: Vec<u64>,
    /// Words of names of two words and more, ascending: mostly people.
    pub(super) people: Vec<u64>,
    /// Names behind a preposition of place.
    pub(super) places: Vec<u64>,
    /// Keys of what denies something that the segment says, ascending.
    pub(super) denies: Vec<u64>,
    /// Whether a verb of saying stands in it outside quotations.
    pub(super) says: bool,
}

/// One thing that a segment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) key: u64,
    pub(super) root: u64,
    pub(super) kind: KeyKind,
}

/// What a key counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyKind {
    Content,
    Saying,
    Name,
    Number,
    /// A number up to ten.
    Few,
    Date,
}

/// The profiles of a document's segments, in their order. [`settle`] completes them.
pub(super) fn profiles(reader: &Reader, document: &Document<'_>, words_max: usize) -> Vec<Profile> {
    let mut open = Open::default();
    document
        .segments
        .iter()
        .map(|segment| {
            if segment.furniture {
                return Profile::default();
            }
            let words = reader.words(segment.text, words_max);
            let spans = quotations(segment, &mut open);
            let quotations = spans.iter().filter_map(|span| words_in(&words, *span)).collect();
            let mut denies: Vec<u64> =
                words.iter().filter_map(|word| reader.opposite(word.key)).collect();
            denies.sort_unstable();
            Profile { words, quotations, denies, ..Profile::default() }
        })
        .collect()
}

/// Completes the profiles of all documents: what is a name in one is so in all.
pub(super) fn settle(all: &mut [&mut Profile]) {
    settle_names(all);
    for profile in &mut *all {
        describe(profile);
    }
    settle_places(all);
}

/// A name that acts more often than anything happens there is no place: `promise to Anna` and
/// `go to Rome` have the same preposition in Italian.
fn settle_places(all: &mut [&mut Profile]) {
    let mut balance: HashMap<u64, i64> = HashMap::new();
    for profile in &*all {
        for place in &profile.places {
            *balance.entry(*place).or_default() += 1;
        }
        for name in &profile.subject {
            *balance.entry(*name).or_default() -= 1;
        }
    }
    for profile in all {
        profile.places.retain(|place| balance.get(place).is_some_and(|count| *count > 0));
    }
}

/// What stands with a capital at the head of a sentence is a name if it is one elsewhere and never
/// written small, or if another name follows.
fn settle_names(all: &mut [&mut Profile]) {
    let mut names: HashSet<u64> = HashSet::new();
    let mut common: HashSet<u64> = HashSet::new();
    for word in all.iter().flat_map(|profile| &profile.words).filter(|word| !word.maybe_name) {
        match word.role {
            Role::Name => names.insert(word.form),
            _ => common.insert(word.form),
        };
    }
    for profile in all {
        let mut before_name = false;
        for word in profile.words.iter_mut().rev() {
            let settled = names.contains(&word.form) || before_name;
            let small = common.contains(&word.form);
            if word.maybe_name && word.role == Role::Content && settled && !small {
                (word.role, word.key) = (Role::Name, word.stem);
            }
            before_name = word.role == Role::Name;
        }
    }
}

fn describe(profile: &mut Profile) {
    let Profile { words, quotations, .. } = profile;
    let quoted = |index: usize| quotations.iter().any(|range| range.contains(&index));
    let mut keys: Vec<Key> = words.iter().filter_map(key_of).collect();
    keys.sort_unstable();
    keys.dedup_by_key(|key| key.key);
    let mut places: Vec<u64> = Vec::new();
    let mut subject: Vec<u64> = Vec::new();
    let mut acting = None;
    for (index, word) in words.iter().enumerate() {
        if word.role == Role::Name && word.placed {
            places.push(word.key);
        }
        let acts = word.role == Role::Name && !word.placed && !word.oblique && !quoted(index);
        // Kim Jong-un is one name; in `Russia, Kim` there are two.
        let goes_on = acting.is_some_and(|end: u32| end + 1 == word.span.start());
        if acts && (subject.is_empty() || goes_on) {
            subject.push(word.key);
            acting = Some(word.span.end());
        }
    }
    places.sort_unstable();
    places.dedup();
    let next = words.iter().skip(1);
    let together = words.iter().zip(next).filter(|(one, two)| {
        (one.role, two.role) == (Role::Name, Role::Name) && one.span.end() + 1 == two.span.start()
    });
    let mut people: Vec<u64> = together.flat_map(|(one, two)| [one.key, two.key]).collect();
    people.sort_unstable();
    people.dedup();
    profile.people = people;
    profile.says =
        words.iter().enumerate().any(|(index, word)| word.role == Role::Saying && !quoted(index));
    (profile.keys, profile.places, profile.subject) = (keys, places, subject);
}

pub(super) fn key_of(word: &Word) -> Option<Key> {
    let kind = match word.role {
        Role::Function => return None,
        Role::Saying => KeyKind::Saying,
        Role::Content => KeyKind::Content,
        Role::Name => KeyKind::Name,
        Role::Number => KeyKind::Number,
        Role::Few => KeyKind::Few,
        Role::Date => KeyKind::Date,
    };
    Some(Key { key: word.key, root: word.root, kind })
}

/// The words that lie in `span`, if enough of them say something.
fn words_in(words: &[Word], span: Span) -> Option<Range<usize>> {
    let from = words.partition_point(|word| word.span.start() < span.start());
    let until = words.partition_point(|word| word.span.end() <= span.end());
    let inside = words.get(from..until)?;
    let saying = inside.iter().filter(|word| key_of(word).is_some()).count();
    (saying >= QUOTED_CONTENT_MIN || (saying > 0 && inside.len() >= QUOTED_WORDS_MIN))
        .then_some(from..until)
}

/// A quotation that the segments before left open.
#[derive(Default)]
struct Open {
    segments: u32,
    is_open: bool,
}

/// The quotations of a segment, outermost only, by the marks. One that is not closed goes on in the
/// segments behind, up to the first that closes it.
fn quotations(segment: &Segment<'_>, open: &mut Open) -> Vec<Span> {
    if let Some(given) = &segment.quotations {
        *open = Open::default();
        return given.clone();
    }
    let whole = Span::of(0..segment.text.len());
    let marks = inline::scan(segment.text);
    let mut found: Vec<Span> = Vec::new();
    if open.is_open {
        let first = marks.openers.first().copied().unwrap_or(u32::MAX);
        match marks.loose_closers.first().filter(|mark| mark.start() < first) {
            Some(mark) => {
                found.push(Span::new(0, mark.start()));
                open.is_open = false;
            }
            None if first != u32::MAX => open.is_open = false,
            None => {
                found.push(whole);
                open.segments += 1;
                open.is_open = open.segments < SEGMENTS_OPEN_MAX;
            }
        }
    }
    let pairs = marks.pairs.iter().filter(|pair| pair.kind == PairKind::Quotation);
    let paired: HashSet<u32> = pairs.clone().map(|pair| pair.open.start()).collect();
    for pair in pairs {
        if found.last().is_none_or(|last| last.end() <= pair.open.start()) {
            found.push(pair.inner());
        }
    }
    let loose = marks.openers.iter().rev().find(|at| !paired.contains(at));
    if let Some(at) = loose.filter(|at| found.last().is_none_or(|last| last.end() <= **at)) {
        found.push(Span::new(*at, whole.end()));
        *open = Open { segments: 0, is_open: true };
    }
    found
}
