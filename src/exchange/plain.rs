//! One segment a line, as tools in the manner of Moses want it.

use super::DocumentWriter;
use crate::document::{Event, Placeholder, Segment, Unit};
use crate::pipeline::Details;
use std::borrow::Cow;
use std::io::{self, Write};

/// Choices for plain lines and their back-map.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainChoices {
    /// Which text of a segment is written.
    pub form: SegmentForm,
    /// Also segments of units that are not to be translated.
    pub untranslatable_too: bool,
}

/// Which text of a segment stands on its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SegmentForm {
    /// As the document has it, white space inside it as a space.
    #[default]
    Source,
    /// Repaired for machines.
    Machine,
    /// The same with placeholders.
    Masked,
}

impl PlainChoices {
    /// The same details, and those that the form of segments needs.
    pub fn details(self, details: Details) -> Details {
        Details {
            identities: true,
            normal_text: details.normal_text || self.form == SegmentForm::Machine,
            masked_text: details.masked_text || self.form == SegmentForm::Masked,
            ..details
        }
    }

    /// Whether the segments of this unit have a line.
    pub(super) fn takes(self, unit: &Unit) -> bool {
        self.untranslatable_too || unit.translatable()
    }

    /// The line of a segment.
    fn line<'a>(self, unit: &'a Unit, segment: &'a Segment) -> Cow<'a, str> {
        let details = segment.details.as_deref();
        let text = match self.form {
            SegmentForm::Source => None,
            SegmentForm::Machine => {
                details.and_then(|one| one.normal.as_ref()).map(|normal| &*normal.text)
            }
            SegmentForm::Masked => {
                details.and_then(|one| one.masked.as_ref()).map(|masked| &*masked.text)
            }
        };
        on_one_line(text.unwrap_or_else(|| unit.slice(segment.span)))
    }

    /// The placeholders on the line of a segment.
    pub(super) fn placeholders(self, segment: &Segment) -> &[Placeholder] {
        let details = segment.details.as_deref().filter(|_| self.form == SegmentForm::Masked);
        details.and_then(|one| one.masked.as_ref()).map_or(&[], |masked| &masked.placeholders)
    }
}

/// Every character that a reader of lines may take for a line end becomes a space. Of the same
/// number of characters, so that places stay.
///
/// ```
/// assert_eq!(cesura::exchange::on_one_line("a\r\nb"), "a  b");
/// ```
pub fn on_one_line(text: &str) -> Cow<'_, str> {
    let ends_line = |c: char| {
        matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{1C}'..='\u{1E}' | '\u{85}')
            || matches!(c, '\u{2028}' | '\u{2029}')
    };
    if text.contains(ends_line) {
        Cow::Owned(text.chars().map(|c| if ends_line(c) { ' ' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Writes the segments of one document, one a line.
#[derive(Debug)]
pub struct PlainWriter {
    choices: PlainChoices,
}

impl PlainWriter {
    /// A writer with these choices.
    pub fn new(choices: PlainChoices) -> PlainWriter {
        PlainWriter { choices }
    }
}

impl DocumentWriter for PlainWriter {
    fn write(&mut self, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let Event::Unit(unit) = event else { return Ok(()) };
        if !self.choices.takes(unit) {
            return Ok(());
        }
        for segment in &unit.segments {
            writeln!(out, "{}", self.choices.line(unit, segment))?;
        }
        Ok(())
    }
}
