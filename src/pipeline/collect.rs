//! A whole document at once, for callers who hold it in memory.

use super::{Limits, Options, Segmenter};
use crate::document::{Event, Head, Tail, Unit};
use crate::error::Error;

/// A finished document: every event, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Head, units, skeletons and notices in source order, tail.
    pub events: Vec<Event>,
}

impl Document {
    /// What is known of the document as a whole.
    pub fn head(&self) -> Option<&Head> {
        self.events
            .iter()
            .find_map(|event| if let Event::Head(head) = event { Some(head) } else { None })
    }

    /// The units, in order.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.events
            .iter()
            .filter_map(|event| if let Event::Unit(unit) = event { Some(unit) } else { None })
    }

    /// The totals.
    pub fn tail(&self) -> Option<&Tail> {
        self.events
            .iter()
            .find_map(|event| if let Event::Tail(tail) = event { Some(tail) } else { None })
    }

    /// The texts of all segments, in order.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.units().flat_map(|unit| unit.segments.iter().map(|segment| unit.slice(segment.span)))
    }
}

/// Segments a whole text.
///
/// # Errors
/// A text over [`Limits::document_bytes_max`] of the default limits.
///
/// ```
/// let document = cesura::segment("Il dott. Rossi è qui. Poi esce.", &cesura::Options::default())?;
/// let segments: Vec<&str> = document.segments().collect();
/// assert_eq!(segments, ["Il dott. Rossi è qui.", "Poi esce."]);
/// # Ok::<(), cesura::Error>(())
/// ```
pub fn segment(text: &str, options: &Options) -> Result<Document, Error> {
    let mut segmenter = Segmenter::new(options.clone(), Limits::default());
    let mut events = Vec::new();
    segmenter.push(text.as_bytes())?;
    segmenter.finish()?;
    while let Some(event) = segmenter.next_event() {
        events.push(event);
    }
    Ok(Document { events })
}
