//! Where a text changes its language: word by word, by the cheapest way through (Viterbi).

use super::LanguageTag;
use super::detect::{Detection, NAME_WEIGHT, Voter, column_of, part, voters};
use super::runs::TAGS;
use crate::text::Span;

/// Nats that a change of language costs: one strange word is no foreign passage.
const SWITCH_NATS: f32 = 10.0;

/// The same where a quotation mark stands between the words.
const SWITCH_NATS_AT_QUOTATION: f32 = 2.5;

/// Nats a word that the language of the text is ahead of every other.
const HOME_PRIOR: f32 = 0.2;

/// A stretch of a text in a language that is not the text's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// From its first letter to its last.
    pub span: Span,
    /// Its language.
    pub tag: LanguageTag,
}

/// The passages of `text` that are not in `home`, ascending. Linear in the text.
///
/// ```
/// use cesura::language::{LanguageTag, detect, passages};
/// let text = "Il premier ha risposto ai giornalisti «we are not going to change the law» e poi \
///             è uscito dalla sala senza aggiungere altro.";
/// let found = passages(text, &detect(text));
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].span.slice(text), Some("we are not going to change the law"));
/// assert_eq!(found[0].tag.as_str(), "en");
/// ```
pub fn passages(text: &str, home: &Detection) -> Vec<Passage> {
    Spoken::of(text).passages(home)
}

/// A text whose words have voted once for all questions.
#[derive(Debug)]
pub struct Spoken<'t> {
    text: &'t str,
    voters: Vec<Voter<'t>>,
}

impl<'t> Spoken<'t> {
    /// Lets the words of a text vote. Linear in the text.
    pub fn of(text: &'t str) -> Spoken<'t> {
        Spoken { text, voters: voters(text) }
    }

    /// As [`passages`].
    pub fn passages(&self, home: &Detection) -> Vec<Passage> {
        match column_of(home) {
            Some(home) => changes(self.text, &self.voters, home),
            None => Vec::new(),
        }
    }

    /// The language of a part of the text: as [`super::detect_within`] of that part.
    pub fn detect_within(&self, span: Span, home: &Detection) -> Detection {
        let (start, end) = (span.range().start, span.range().end);
        let from = self.voters.partition_point(|one| one.word.start < start);
        part(span.slice(self.text).unwrap_or(""), home, |head| {
            let end = end.min(start + head.len());
            let until = self.voters.partition_point(|one| one.word.end <= end);
            self.voters.get(from..until.max(from)).unwrap_or_default()
        })
    }
}

fn changes(text: &str, words: &[Voter<'_>], home: usize) -> Vec<Passage> {
    let way = cheapest_way(text, words, home);
    let mut found: Vec<Passage> = Vec::new();
    let mut before = home;
    for (Voter { word, .. }, column) in words.iter().zip(way) {
        if column != home {
            match found.last_mut() {
                Some(passage) if before == column => {
                    passage.span = Span::of(passage.span.start() as usize..word.end);
                }
                _ => {
                    let tag = TAGS
                        .get(column)
                        .map_or(LanguageTag::UNDETERMINED, |tag| LanguageTag::known(tag));
                    found.push(Passage { span: Span::of(word.start..word.end), tag });
                }
            }
        }
        before = column;
    }
    found
}

/// The column of each word.
fn cheapest_way(text: &str, words: &[Voter<'_>], home: usize) -> Vec<usize> {
    let mut scores = [0.0_f32; TAGS.len()];
    // For each word and column: the column before it on the best way there.
    let mut from: Vec<[u8; TAGS.len()]> = Vec::with_capacity(words.len());
    let mut end = 0;
    for Voter { word, votes, .. } in words {
        let between = text.get(end..word.start).unwrap_or("");
        let quotation = between.contains(['"', '«', '»', '“', '”', '„', '‘', '\'', '(', ')']);
        let cost = if quotation { SWITCH_NATS_AT_QUOTATION } else { SWITCH_NATS };
        let (best, best_score) = highest(&scores);
        let weight = if word.capitalized { NAME_WEIGHT } else { 1.0 };
        let mut back = [0_u8; TAGS.len()];
        for (column, (score, vote)) in scores.iter_mut().zip(votes).enumerate() {
            let stays = *score >= best_score - cost;
            let origin = if stays { column } else { best };
            if let Some(back) = back.get_mut(column) {
                *back = u8::try_from(origin).unwrap_or(0);
            }
            let prior = if column == home { HOME_PRIOR } else { 0.0 };
            *score = if stays { *score } else { best_score - cost } + vote * weight + prior;
        }
        from.push(back);
        end = word.end;
    }
    let (mut column, _) = highest(&scores);
    let mut way = vec![0; words.len()];
    for (place, back) in way.iter_mut().zip(&from).rev() {
        *place = column;
        column = back.get(column).map_or(0, |origin| usize::from(*origin));
    }
    way
}

fn highest(scores: &[f32; TAGS.len()]) -> (usize, f32) {
    let start = (0, f32::NEG_INFINITY);
    scores.iter().enumerate().fold(
        start,
        |best, (column, score)| {
            if *score > best.1 { (column, *score) } else { best }
        },
    )
}
