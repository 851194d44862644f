//! Placeholders for what no translation may touch.

use crate::document::{MaskedText, NormalText, Placeholder};
use crate::text::Span;
use std::collections::HashSet;
use std::fmt;

/// How a placeholder looks: any text with `{n}` in it once, which stands for its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskTemplate {
    before: Box<str>,
    after: Box<str>,
}

impl MaskTemplate {
    /// Characters of a template at most.
    pub const CHARS_MAX: usize = 32;

    /// Reads a template: 5 to [`MaskTemplate::CHARS_MAX`] characters, with `{n}` once and a sign
    /// (no letter, figure or space) right before and after the number, so that `1` is not found in
    /// `12` and a placeholder whose spaces an engine lost is more than its number. No control
    /// characters.
    ///
    /// ```
    /// use cesura::machine::MaskTemplate;
    /// assert_eq!(MaskTemplate::parse("<x id=\"{n}\"/>").unwrap().token(7), "<x id=\"7\"/>");
    /// assert!(MaskTemplate::parse("X{n}X").is_none());
    /// ```
    pub fn parse(template: &str) -> Option<MaskTemplate> {
        let (before, after) = template.split_once("{n}")?;
        let fits = template.chars().count() <= MaskTemplate::CHARS_MAX
            && !template.chars().any(char::is_control)
            && !after.contains("{n}");
        let sign = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
        let bounded = |c: Option<char>| c.is_some_and(sign);
        (fits && bounded(before.chars().next_back()) && bounded(after.chars().next()))
            .then(|| MaskTemplate { before: before.into(), after: after.into() })
    }

    /// Numbers whose placeholder stands in `text`.
    pub fn numbers_in(&self, text: &str) -> HashSet<u32> {
        let figures_at = |at: usize| {
            let rest = text.get(at + self.before.len()..)?;
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let number = rest.get(..end)?.parse().ok()?;
            rest.get(end..)?.starts_with(&*self.after).then_some(number)
        };
        let places = text.match_indices(&*self.before);
        places.filter_map(|(at, _)| figures_at(at)).collect()
    }

    /// The number of a placeholder; `None` where it is none.
    pub fn number(&self, token: &str) -> Option<u32> {
        token.strip_prefix(&*self.before)?.strip_suffix(&*self.after)?.parse().ok()
    }

    /// The placeholder with this number.
    pub fn token(&self, number: u32) -> String {
        format!("{}{number}{}", self.before, self.after)
    }
}

impl fmt::Display for MaskTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{{n}}{}", self.before, self.after)
    }
}

impl Default for MaskTemplate {
    /// `{1}`.
    fn default() -> MaskTemplate {
        MaskTemplate { before: "{".into(), after: "}".into() }
    }
}

/// Puts placeholders in place of `kept`, places in the document, ascending, without overlap.
///
/// Numbers whose placeholder the text itself holds are passed over, so that each stands once.
pub fn mask(
    source: &str,
    normal: &NormalText,
    kept: &[Span],
    template: &MaskTemplate,
) -> MaskedText {
    let mut text = String::with_capacity(normal.text.len());
    let mut placeholders: Vec<Placeholder> = Vec::new();
    let taken = template.numbers_in(&normal.text);
    let (mut copied, mut number) = (0, 0);
    for span in kept {
        let place = normal.target_of(*span).range();
        let Some(before) = normal.text.get(copied..place.start) else { continue };
        number += 1;
        while taken.contains(&number) {
            number += 1;
        }
        let token = template.token(number);
        text.push_str(before);
        let start = text.len();
        text.push_str(&token);
        let from = span.start().saturating_sub(normal.source.start()) as usize;
        let original = source.get(from..from + span.len() as usize).unwrap_or("");
        placeholders.push(Placeholder {
            token: token.into(),
            target: Span::of(start..text.len()),
            source: *span,
            original: original.into(),
        });
        copied = place.end;
    }
    text.push_str(normal.text.get(copied..).unwrap_or(""));
    MaskedText { text: text.into(), placeholders }
}
