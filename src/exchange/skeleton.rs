//! What stands between units, as one text: the content of XLIFF's `<skeleton>`.
//!
//! `{u7}` is unit 7. Letters, figures and signs that can be seen stand for themselves. Everything
//! else is written out: `\s` space, `\n` LF, `\r` CR, `\t` tab, `\u{FEFF}` any other, and `\\`,
//! `\{`, `\}`. Bare white space means nothing, so that a tool that breaks or indents lines does no
//! harm, and no character is ever one that XML cannot hold.

use crate::document::Event;
use std::fmt::Write as _;

/// The order of a document: its units and what stands between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skeleton(String);

/// A part of a document in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkeletonPart {
    /// The text of a unit, by its number.
    Unit(u32),
    /// A text that is the same in every language.
    Text(String),
}

/// A text that is no skeleton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSkeleton {
    /// 0-based position of the first character that cannot be read.
    pub character: usize,
}

impl Skeleton {
    /// Adds what an event brings. Units of any number, skeletons; nothing else matters.
    pub fn add(&mut self, event: &Event) {
        match event {
            Event::Unit(unit) => {
                // A line for each unit, so that people can read it.
                let begin = if self.0.is_empty() { "" } else { "\n" };
                // Writing to a string cannot fail.
                let _ = write!(self.0, "{begin}{{u{}}}", unit.number);
            }
            Event::Skeleton(between) => between.text.chars().for_each(|c| self.add_char(c)),
            _ => {}
        }
    }

    fn add_char(&mut self, c: char) {
        match c {
            ' ' => self.0.push_str("\\s"),
            '\n' => self.0.push_str("\\n"),
            '\r' => self.0.push_str("\\r"),
            '\t' => self.0.push_str("\\t"),
            '\\' | '{' | '}' => self.0.extend(['\\', c]),
            _ if c.is_ascii_graphic() || c.is_alphanumeric() => self.0.push(c),
            _ => {
                let _ = write!(self.0, "\\u{{{:X}}}", c as u32);
            }
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a text.
    ///
    /// # Errors
    /// The place where it is not what [`Skeleton::add`] writes.
    ///
    /// ```
    /// use cesura::exchange::{Skeleton, SkeletonPart};
    /// let parts = Skeleton::parse("\\u{FEFF} {u1}\\n\\n\n{u2}").unwrap();
    /// let text = |text: &str| SkeletonPart::Text(text.to_owned());
    /// let unit = SkeletonPart::Unit;
    /// assert_eq!(parts, [text("\u{FEFF}"), unit(1), text("\n\n"), unit(2)]);
    /// assert_eq!(Skeleton::parse("{u1}\\q").unwrap_err().character, 4);
    /// ```
    pub fn parse(text: &str) -> Result<Vec<SkeletonPart>, NoSkeleton> {
        let mut parts = Vec::new();
        let mut between = String::new();
        let mut chars = text.chars().enumerate();
        while let Some((character, c)) = chars.next() {
            let wrong = NoSkeleton { character };
            let mut next = || chars.next().map(|(_, c)| c);
            match c {
                _ if c.is_whitespace() => {}
                '{' => {
                    if next() != Some('u') {
                        return Err(wrong);
                    }
                    let number = until_brace(&mut next, 10).ok_or(wrong)?;
                    if !between.is_empty() {
                        parts.push(SkeletonPart::Text(std::mem::take(&mut between)));
                    }
                    parts.push(SkeletonPart::Unit(number));
                }
                '\\' => between.push(match next().ok_or(wrong)? {
                    's' => ' ',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    c @ ('\\' | '{' | '}') => c,
                    'u' if next() == Some('{') => {
                        until_brace(&mut next, 16).and_then(char::from_u32).ok_or(wrong)?
                    }
                    _ => return Err(wrong),
                }),
                '}' => return Err(wrong),
                _ => between.push(c),
            }
        }
        if !between.is_empty() {
            parts.push(SkeletonPart::Text(between));
        }
        Ok(parts)
    }
}

/// A number up to a closing brace, which is taken too.
fn until_brace(next: &mut impl FnMut() -> Option<char>, radix: u32) -> Option<u32> {
    let mut number: Option<u32> = None;
    loop {
        match next()? {
            '}' => return number,
            c => {
                let digit = c.to_digit(radix)?;
                number = Some(number.unwrap_or(0).checked_mul(radix)?.checked_add(digit)?);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;
    use crate::text::Span;

    #[test]
    fn any_text_comes_back() {
        let texts = ["", " ", "\u{FEFF}\r\n\t", "a{b}\\c\u{0}\u{FFFE}\u{2028}\u{1F600}è\u{301}"];
        for text in texts {
            let mut skeleton = Skeleton::default();
            let span = Span::of(0..text.len());
            skeleton.add(&Event::Skeleton(document::Skeleton { span, text: text.into() }));
            let expected = (!text.is_empty()).then(|| SkeletonPart::Text(text.to_owned()));
            assert_eq!(Skeleton::parse(skeleton.as_str()), Ok(expected.into_iter().collect()));
            let forbidden = |c: char| c < ' ' && c != '\n' || matches!(c, '\u{FFFE}' | '\u{FFFF}');
            assert!(!skeleton.as_str().contains(forbidden), "{:?}", skeleton.as_str());
        }
    }
}
