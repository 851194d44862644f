//! Sentences in CoNLL-U (Universal Dependencies), for taggers and parsers.
//!
//! ```text
//! # newdoc id = a.txt
//! # newpar id = u2
//! # sent_id = s2
//! # text = Kim è a Mosca.
//! 1  Kim  _  _  _  _  _  _  _  _
//! …
//! 4  Mosca  _  _  _  _  _  _  _  SpaceAfter=No
//! ```
//!
//! Words are those of UAX #29; in Italian and French what stands behind an apostrophe is a word of
//! its own, as in the treebanks. Nothing is analysed: the other columns are empty.

use super::DocumentWriter;
use super::xml::legible;
use crate::document::{Event, Segment, Unit};
use std::io::{self, Write};
use unicode_segmentation::UnicodeSegmentation;

/// Writes the segments of one document as CoNLL-U sentences.
#[derive(Debug)]
pub struct ConlluWriter {
    document_id: String,
}

impl ConlluWriter {
    /// A writer; `document_id` is the client's own id of the document.
    pub fn new(document_id: String) -> ConlluWriter {
        ConlluWriter { document_id }
    }
}

impl DocumentWriter for ConlluWriter {
    fn write(&mut self, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        match event {
            Event::Head(_) if self.document_id.is_empty() => writeln!(out, "# newdoc"),
            Event::Head(_) => writeln!(out, "# newdoc id = {}", legible(&self.document_id)),
            Event::Unit(unit) => {
                writeln!(out, "# newpar id = u{}", unit.number)?;
                unit.segments.iter().try_for_each(|segment| sentence(unit, segment, out))
            }
            _ => Ok(()),
        }
    }
}

fn sentence(unit: &Unit, segment: &Segment, out: &mut dyn Write) -> io::Result<()> {
    let text = unit.slice(segment.span);
    let elides = matches!(unit.language.tag.primary(), "it" | "fr");
    writeln!(out, "# sent_id = s{}", segment.number)?;
    writeln!(out, "# text = {}", text.split_whitespace().collect::<Vec<_>>().join(" "))?;
    let mut words = words(text, elides).peekable();
    let mut number = 0;
    while let Some(word) = words.next() {
        number += 1;
        let mut glued = words.peek().is_some();
        while words.next_if(|next| next.chars().all(char::is_whitespace)).is_some() {
            glued = false;
        }
        let space_after = if glued { "SpaceAfter=No" } else { "_" };
        writeln!(out, "{number}\t{word}{}{space_after}", "\t_".repeat(7) + "\t")?;
    }
    writeln!(out)
}

/// Words and the white space between them, which is one piece.
fn words(text: &str, elides: bool) -> impl Iterator<Item = &str> {
    text.split_inclusive(char::is_whitespace).flat_map(move |piece| {
        let word = piece.trim_end_matches(char::is_whitespace);
        let space = piece.get(word.len()..).filter(|space| !space.is_empty());
        let parts = word.split_word_bounds().flat_map(move |word| elided(word, elides));
        parts.chain(space)
    })
}

/// `l’uomo` as `l’` and `uomo`.
fn elided(word: &str, elides: bool) -> impl Iterator<Item = &str> {
    let is_apostrophe = move |c: char| elides && matches!(c, '\'' | '’');
    word.split_inclusive(is_apostrophe)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_and_spaces_are_the_text() {
        let text = "Dell’uomo, e 3,5 km  c'è.";
        let found: Vec<&str> = words(text, true).collect();
        assert_eq!(found.concat(), text);
        assert_eq!(found.iter().filter(|word| word.trim() != "").count(), 9, "{found:?}");
        assert_eq!(words("don't", false).collect::<Vec<_>>(), ["don't"]);
    }
}
