//! The originals back in place of their placeholders.
//!
//! Linear in the translation, however many placeholders there are and however often they stand in
//! it: those of one template have as many lengths as their numbers have figures.

use crate::document::Placeholder;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// A translation with the originals back in place of their placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// The text.
    pub text: String,
    /// Placeholders that the translation lost.
    pub missing: Vec<Placeholder>,
    /// Placeholders that it has more than once; all of them were put back.
    pub repeated: Vec<Placeholder>,
    /// Placeholders that it has with spaces, in other letters or in wide forms, with what stood
    /// there; they were put back.
    pub broken: Vec<(Placeholder, String)>,
}

/// Puts the originals back, wherever the translation has moved their placeholders to. What they
/// bring in is not looked at again. One that does not stand there letter for letter is looked for
/// once more as engines spoil them: `{ 1 }`, `｛１｝`, `<X ID=”1”/>`.
///
/// `None` where the text would be longer than `bytes_max`: a short placeholder, often repeated, may
/// stand for a long original.
///
/// ```
/// use cesura::{Details, Options, machine::restore};
/// let options = Options { details: Details::ALL, ..Options::default() };
/// let document = cesura::segment("Scrivi a redazione@esempio.it oggi.", &options)?;
/// let unit = document.units().next().unwrap();
/// let masked = unit.segments[0].details.as_ref().unwrap().masked.as_ref().unwrap();
/// assert_eq!(&*masked.text, "Scrivi a {1} oggi.");
/// let restored = restore("Today, write to { 1 }.", &masked.placeholders, 100).unwrap();
/// assert_eq!(restored.text, "Today, write to redazione@esempio.it.");
/// assert!(restored.missing.is_empty());
/// assert_eq!(restored.broken[0].1, "{ 1 }");
/// # Ok::<(), cesura::Error>(())
/// ```
pub fn restore(
    translation: &str,
    placeholders: &[Placeholder],
    bytes_max: usize,
) -> Option<Restored> {
    let exact = (0..).zip(placeholders).map(|(index, one)| (one.token.to_string(), index));
    let mut found = occurrences(translation, &exact.collect());
    let mut times = vec![0_usize; placeholders.len()];
    for (_, index) in &found {
        if let Some(times) = times.get_mut(*index) {
            *times += 1;
        }
    }
    let lost = |index: usize| times.get(index) == Some(&0);
    let spoilt = spoilt(translation, placeholders, lost, &found);
    let broken_of = |(range, index): &(Range<usize>, usize)| {
        let stood = translation.get(range.clone()).unwrap_or("").to_owned();
        Some((placeholders.get(*index)?.clone(), stood))
    };
    let broken: Vec<(Placeholder, String)> = spoilt.iter().filter_map(broken_of).collect();
    let found_again: BTreeSet<usize> = spoilt.iter().map(|(_, index)| *index).collect();
    let missing = having(placeholders, |index| lost(index) && !found_again.contains(&index));
    let repeated = having(placeholders, |index| times.get(index).is_some_and(|times| *times > 1));
    found.extend(spoilt);
    found.sort_by_key(|(range, _)| range.start);
    let original = |index: usize| placeholders.get(index).map_or("", |one| &*one.original);
    let added: usize = found.iter().map(|(_, index)| original(*index).len()).sum();
    if translation.len().saturating_add(added) > bytes_max {
        return None;
    }
    let mut text = String::with_capacity(translation.len() + added);
    let mut copied = 0;
    for (range, index) in &found {
        text.push_str(translation.get(copied..range.start).unwrap_or(""));
        text.push_str(original(*index));
        copied = range.end;
    }
    text.push_str(translation.get(copied..).unwrap_or(""));
    Some(Restored { text, missing, repeated, broken })
}

fn having(placeholders: &[Placeholder], wanted: impl Fn(usize) -> bool) -> Vec<Placeholder> {
    let all = placeholders.iter().enumerate();
    all.filter(|(index, _)| wanted(*index)).map(|(_, one)| one.clone()).collect()
}

/// Where tokens stand in a text, from left to right, the longest first, without overlap.
fn occurrences(text: &str, tokens: &HashMap<String, usize>) -> Vec<(Range<usize>, usize)> {
    let begins: BTreeSet<char> = tokens.keys().filter_map(|token| token.chars().next()).collect();
    let lengths: BTreeSet<usize> = tokens.keys().map(String::len).filter(|one| *one > 0).collect();
    let mut found = Vec::new();
    let mut behind = 0;
    for (at, _) in text.char_indices().filter(|(_, c)| begins.contains(c)) {
        if at < behind {
            continue;
        }
        let here = |length: &usize| {
            let token = text.get(at..at + length)?;
            Some((at..at + length, *tokens.get(token)?))
        };
        if let Some(one) = lengths.iter().rev().find_map(here) {
            behind = one.0.end;
            found.push(one);
        }
    }
    found
}

/// The first place of each lost placeholder where it stands as engines spoil it, outside `taken`.
fn spoilt(
    translation: &str,
    placeholders: &[Placeholder],
    lost: impl Fn(usize) -> bool,
    taken: &[(Range<usize>, usize)],
) -> Vec<(Range<usize>, usize)> {
    let all = placeholders.iter().enumerate().filter(|(index, _)| lost(*index));
    let tokens: HashMap<String, usize> =
        all.map(|(index, one)| (one.token.chars().filter_map(folded).collect(), index)).collect();
    if tokens.is_empty() {
        return Vec::new();
    }
    // The text as tokens are compared, and for each of its characters where it came from.
    let (mut text, mut origins) = (String::new(), HashMap::new());
    let mut taken = taken.iter().map(|(range, _)| range.clone()).peekable();
    for (at, c) in translation.char_indices() {
        while taken.next_if(|range| range.end <= at).is_some() {}
        let is_taken = taken.peek().is_some_and(|range| range.contains(&at));
        // What is taken parts what stands around it.
        let Some(c_folded) = (if is_taken { Some('\u{0}') } else { folded(c) }) else { continue };
        origins.insert(text.len(), at..at + c.len_utf8());
        text.push(c_folded);
    }
    let mut first = BTreeSet::new();
    let mut found = occurrences(&text, &tokens);
    found.retain(|(_, index)| first.insert(*index));
    let back = |(range, index): (Range<usize>, usize)| {
        let last = text.get(range.clone())?.char_indices().next_back()?.0 + range.start;
        Some((origins.get(&range.start)?.start..origins.get(&last)?.end, index))
    };
    found.into_iter().filter_map(back).collect()
}

/// A character as tokens are compared: without spaces, case, wide forms and kinds of quotes.
fn folded(c: char) -> Option<char> {
    let c = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' => '\'',
        c if c.is_whitespace() => return None,
        c => c,
    };
    Some(c.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn placeholder(token: &str, original: &str) -> Placeholder {
        let nowhere = Span::of(0..0);
        Placeholder {
            token: token.into(),
            target: nowhere,
            source: nowhere,
            original: original.into(),
        }
    }

    fn restored(translation: &str) -> Restored {
        let placeholders = [placeholder("{1}", "uno"), placeholder("{12}", "{1}")];
        restore(translation, &placeholders, 1000).unwrap_or_default()
    }

    #[test]
    fn placeholders_come_back_wherever_they_are() {
        let all = restored("{12} e {1}.");
        assert_eq!(all.text, "{1} e uno.");
        assert!(all.missing.is_empty() && all.repeated.is_empty() && all.broken.is_empty());
        let twice = restored("{1}{1}");
        assert_eq!((twice.text.as_str(), twice.repeated.len()), ("unouno", 1));
        assert_eq!(twice.missing.len(), 1);
    }

    #[test]
    fn spoilt_ones_are_found_again() {
        let spoilt = restored("｛１ ｝ { 12 } {1 2}");
        assert_eq!(spoilt.text, "uno {1} {1 2}");
        let stood: Vec<&str> = spoilt.broken.iter().map(|(_, stood)| stood.as_str()).collect();
        assert_eq!(stood, ["｛１ ｝", "{ 12 }"]);
        // What was found letter for letter is not part of a spoilt one.
        assert_eq!(restored("{ {12} 1}").text, "{ {1} 1}");
    }

    #[test]
    fn a_text_that_grows_too_long_is_refused() {
        let long = placeholder("{1}", &"x".repeat(1000));
        assert!(restore(&"{1}".repeat(1000), &[long], 100_000).is_none());
    }
}
