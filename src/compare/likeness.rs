//! How much alike two segments are, before anything is known of their documents.

use super::profile::{Key, KeyKind, Profile, key_of};
use super::rarity::Rarity;
use super::words::{Role, Word};
use crate::text::Span;
use std::ops::Range;

/// What a word counts for that shares only its first letters with one of the other segment.
const ROOT_SHARE: f32 = 0.6;

/// What a word counts for that is a name in one segment and none in the other: uniti, Stati Uniti.
const CASE_SHARE: f32 = 0.5;

/// Words of a run of common words at least.
const RUN_WORDS_MIN: usize = 3;

/// Words of content in one order that say more than the words alone.
const ORDER_WORDS_MIN: usize = 2;

/// What likeness counts for between a quotation and words without marks.
const REPORTED_SHARE: f32 = 0.8;

/// Weight at which half of the evidence is there: a common word or two say little.
const EVIDENCE_HALF: f32 = 0.6;

/// What two segments have in common. All fields are the same whichever comes first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Likeness {
    pub(super) containment: f32,
    pub(super) overlap: f32,
    pub(super) weight: f32,
    /// The part of it that is neither names nor verbs of saying.
    pub(super) content: f32,
    /// Of the names of the segment with fewer, by weight.
    pub(super) names: f32,
    pub(super) run: f32,
    pub(super) quoted: f32,
    pub(super) quotation: Option<(Span, Span)>,
    pub(super) same_words: f32,
    pub(super) numbers_shared: u8,
    pub(super) numbers_apart: bool,
    pub(super) roles_differ: bool,
    /// Whether both have names, or full names, and none in common.
    pub(super) names_apart: bool,
    /// Whether one says what denies the other: condemned, acquitted.
    pub(super) denied: bool,
}

impl Likeness {
    /// Whether both have numbers or dates, and none in common, or one denies the other.
    pub(super) fn opposed(&self) -> bool {
        self.denied || (self.numbers_apart && self.numbers_shared == 0)
    }

    /// One number for the order of candidates, 0 to 1.
    pub(super) fn raw(&self) -> f32 {
        let evidence = self.weight / (self.weight + EVIDENCE_HALF);
        let shares = 0.5 * self.containment + 0.5 * self.overlap;
        (shares * evidence).max(self.quoted * 0.8)
    }
}

/// Weighs two segments.
pub(super) fn likeness(a: &Profile, b: &Profile, rarity: &Rarity) -> Likeness {
    let shared = Shared::of(&a.keys, &b.keys, rarity);
    let run = longest_run(&a.words, &b.words, rarity, RUN_WORDS_MIN);
    let (quoted, quotation) = quoted(a, b, rarity);
    let (numbers_shared, numbers_apart) = numbers(&a.keys, &b.keys);
    Likeness {
        containment: shared.containment(),
        overlap: shared.overlap(),
        weight: shared.weight,
        content: shared.content,
        names: shared.names,
        run,
        quoted,
        quotation,
        same_words: same_words(&a.words, &b.words),
        numbers_shared,
        numbers_apart,
        roles_differ: roles_differ(a, b),
        names_apart: shared.names_apart || apart(&a.people, &b.people),
        denied: denied(a, b),
    }
}

/// Common weight of two lists of keys.
#[derive(Clone, Copy, Debug, Default)]
struct Shared {
    weight: f32,
    content: f32,
    names: f32,
    names_apart: bool,
    a: f32,
    b: f32,
}

impl Shared {
    fn of(a: &[Key], b: &[Key], rarity: &Rarity) -> Shared {
        let mut shared = Shared::default();
        let (mut names, mut names_a, mut names_b) = (0.0, 0.0, 0.0);
        let mut rest = (Vec::new(), Vec::new());
        let found = |keys: &[Key], key: &Key| {
            let at = keys.binary_search_by_key(&key.key, |other| other.key).ok()?;
            keys.get(at).copied()
        };
        for key in a {
            let weight = rarity.weight(key);
            shared.a += weight;
            let name = f32::from(u8::from(key.kind == KeyKind::Name));
            names_a += name * weight;
            if let Some(other) = found(b, key) {
                let like = if (other.kind == KeyKind::Name) == (key.kind == KeyKind::Name) {
                    1.0
                } else {
                    CASE_SHARE
                };
                shared.weight += weight * like;
                if !matches!(key.kind, KeyKind::Name | KeyKind::Saying) {
                    shared.content += weight * like;
                }
                names += name * weight * like;
            } else {
                rest.0.push(*key);
            }
        }
        for key in b {
            let weight = rarity.weight(key);
            shared.b += weight;
            names_b += f32::from(u8::from(key.kind == KeyKind::Name)) * weight;
            if found(a, key).is_none() {
                rest.1.push(*key);
            }
        }
        let akin = of_one_root(&rest.0, &rest.1, rarity);
        shared.weight += akin;
        shared.content += akin;
        let fewest = names_a.min(names_b);
        shared.names_apart = fewest > 0.0 && names == 0.0;
        shared.names = if fewest > 0.0 { (names / fewest).min(1.0) } else { 0.5 };
        shared
    }

    fn containment(&self) -> f32 {
        share(self.weight, self.a.min(self.b))
    }

    fn overlap(&self) -> f32 {
        share(2.0 * self.weight, self.a + self.b)
    }
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}

/// Weight of words that begin alike: missile, missilistico.
fn of_one_root(a: &[Key], b: &[Key], rarity: &Rarity) -> f32 {
    let mut weight = 0.0;
    let mut taken = vec![false; b.len()];
    for key in a.iter().filter(|key| key.root != 0) {
        let fellow =
            b.iter().zip(&mut taken).find(|(other, taken)| other.root == key.root && !**taken);
        if let Some((other, taken)) = fellow {
            *taken = true;
            weight += ROOT_SHARE * rarity.weight(key).min(rarity.weight(other));
        }
    }
    weight
}

/// Weight of the heaviest run of words that stands in both, if it is long enough.
fn longest_run(a: &[Word], b: &[Word], rarity: &Rarity, words_min: usize) -> f32 {
    let mut best = 0.0_f32;
    // Length and weight of the run that ends at each word of `b`, for the last word of `a`.
    let mut before: Vec<(usize, f32)> = vec![(0, 0.0); b.len() + 1];
    let mut now = before.clone();
    for one in a {
        let weight = key_of(one).map_or(0.0, |key| rarity.weight(&key));
        let slots = now.iter_mut().skip(1).zip(&before);
        for (other, (slot, (length, sum))) in b.iter().zip(slots) {
            *slot = if one.form == other.form || (one.key == other.key && weight > 0.0) {
                (length + 1, sum + weight)
            } else {
                (0, 0.0)
            };
            if slot.0 >= words_min {
                best = best.max(slot.1);
            }
        }
        std::mem::swap(&mut before, &mut now);
    }
    best
}

/// Share of the words of both that are the same, function words included, as bags.
fn same_words(a: &[Word], b: &[Word]) -> f32 {
    let sorted = |words: &[Word]| {
        let mut forms: Vec<u64> = words.iter().map(|word| word.form).collect();
        forms.sort_unstable();
        forms
    };
    let (a, b) = (sorted(a), sorted(b));
    let (mut at, mut same) = (0, 0_usize);
    for form in &a {
        while b.get(at).is_some_and(|other| other < form) {
            at += 1;
        }
        if b.get(at) == Some(form) {
            (at, same) = (at + 1, same + 1);
        }
    }
    share(2.0 * same as f32, (a.len() + b.len()) as f32)
}

/// Numbers and dates that both have, and whether each has some that the other has not. Numbers up
/// to ten are told apart, but to have one in common says little.
fn numbers(a: &[Key], b: &[Key]) -> (u8, bool) {
    let of = |keys: &[Key]| -> Vec<Key> {
        let number =
            |key: &&Key| matches!(key.kind, KeyKind::Number | KeyKind::Few | KeyKind::Date);
        keys.iter().filter(number).copied().collect()
    };
    let (a, b) = (of(a), of(b));
    let in_b = |key: &&Key| b.iter().any(|other| other.key == key.key);
    let shared = a.iter().filter(in_b).count();
    let telling = a.iter().filter(in_b).filter(|key| key.kind != KeyKind::Few).count();
    let apart = shared < a.len() && shared < b.len();
    (u8::try_from(telling).unwrap_or(u8::MAX), apart)
}

/// Whether who acts in one is acted on in the other, or where: Kim in Russia, Putin in Korea.
fn roles_differ(a: &Profile, b: &Profile) -> bool {
    let names = |profile: &Profile, names: &[u64]| {
        let is_name = |key: &Key| key.kind == KeyKind::Name;
        names.iter().any(|name| {
            let at = profile.keys.binary_search_by_key(name, |key| key.key);
            at.ok().and_then(|at| profile.keys.get(at)).is_some_and(is_name)
        })
    };
    let exchanged = apart(&a.subject, &b.subject);
    let elsewhere = apart(&a.places, &b.places);
    let (one, other) = (names(b, &a.subject), names(a, &b.subject));
    exchanged && ((one && other) || (elsewhere && (one || other)))
}

/// Whether both lists hold something, and nothing in common.
fn apart(one: &[u64], other: &[u64]) -> bool {
    !one.is_empty() && !other.is_empty() && !one.iter().any(|key| other.contains(key))
}

/// Whether a word of one denies the other, and neither says both.
fn denied(a: &Profile, b: &Profile) -> bool {
    let says = |profile: &Profile, key: &u64| {
        profile.keys.binary_search_by_key(key, |other| other.key).is_ok()
    };
    let one_sided = |one: &Profile, other: &Profile| {
        one.denies.iter().any(|key| says(other, key) && !says(one, key))
    };
    one_sided(a, b) && one_sided(b, a)
}

/// Best likeness between the quotations of both, or a quotation of one and what the other reports;
/// with the places of both.
fn quoted(a: &Profile, b: &Profile, rarity: &Rarity) -> (f32, Option<(Span, Span)>) {
    let mut best = (0.0_f32, None);
    let mut offer = |likeness: f32, one: &Range<usize>, other: &Range<usize>| {
        if likeness > best.0 {
            let spans = span_of(&a.words, one).zip(span_of(&b.words, other));
            best = (likeness, spans);
        }
    };
    for one in &a.quotations {
        for other in &b.quotations {
            offer(said_alike(words(a, one), words(b, other), rarity), one, other);
        }
    }
    // What one quotes the other may report without marks.
    for one in a.quotations.iter().filter(|_| b.says && b.quotations.is_empty()) {
        if let Some((likeness, range)) = reported(words(a, one), &b.words, rarity) {
            offer(likeness, one, &range);
        }
    }
    for other in b.quotations.iter().filter(|_| a.says && a.quotations.is_empty()) {
        if let Some((likeness, range)) = reported(words(b, other), &a.words, rarity) {
            offer(likeness, &range, other);
        }
    }
    best
}

fn words<'p>(profile: &'p Profile, range: &Range<usize>) -> &'p [Word] {
    profile.words.get(range.clone()).unwrap_or_default()
}

fn span_of(words: &[Word], range: &Range<usize>) -> Option<Span> {
    let inside = words.get(range.clone())?;
    Some(Span::new(inside.first()?.span.start(), inside.last()?.span.end()))
}

/// Whether two quotations are one: most of the shorter stands in the longer.
fn said_alike(a: &[Word], b: &[Word], rarity: &Rarity) -> f32 {
    let keys = |words: &[Word]| {
        let by_stem = |word: &Word| Some(Key { key: word.stem, ..key_of(word)? });
        let mut keys: Vec<Key> = words.iter().filter_map(by_stem).collect();
        keys.sort_unstable();
        keys.dedup_by_key(|key| key.key);
        keys
    };
    let shared = Shared::of(&keys(a), &keys(b), rarity);
    // Nella lotta all'imperialismo, nella lotta contro l'imperialismo: the words in one order.
    let full = |words: &[Word]| -> Vec<Word> {
        words.iter().filter(|word| word.role != Role::Function).copied().collect()
    };
    let run = longest_run(&full(a), &full(b), rarity, ORDER_WORDS_MIN);
    let strength = shared.content + 0.5 * run;
    let order = share(run, shared.weight);
    let evidence = strength / (strength + 0.5);
    evidence * (0.6 * shared.containment() + 0.2 * shared.overlap() + 0.2 * order)
}

/// Whether a quotation is reported in plain words: by the run of words that both have, and the
/// words around it.
fn reported(quotation: &[Word], other: &[Word], rarity: &Rarity) -> Option<(f32, Range<usize>)> {
    let in_quotation =
        |word: &Word| quotation.iter().any(|one| one.key == word.key && one.role != Role::Function);
    let first = other.iter().position(in_quotation)?;
    let last = other.iter().rposition(in_quotation)?;
    let range = first..last + 1;
    let inside = other.get(range.clone())?;
    let run = longest_run(quotation, inside, rarity, RUN_WORDS_MIN);
    let likeness = said_alike(quotation, inside, rarity);
    // Without a run of words it may be anything on the same matter.
    (run > 0.0).then_some((likeness * REPORTED_SHARE * run / (run + 0.4), range))
}
