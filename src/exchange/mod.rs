//! Documents in the formats of other tools, and translations back in the layout of their source.
//!
//! Out: a [`DocumentWriter`] takes the events of a document one at a time and writes them as XLIFF,
//! plain lines, a back-map or CoNLL-U; [`TmxWriter`] takes pairs. Back: [`merge_xliff`],
//! [`SegmentMerger`] and [`merge_lines`] put targets where their source stood. What lies around
//! them is not touched: identical targets give the source, byte for byte.
//!
//! ```
//! use cesura::exchange::{DocumentWriter, MergeChoices, Outline, Xliff2Writer, XliffChoices};
//! use cesura::exchange::{merge_xliff, xliff_details};
//! let source = "Vertice a Mosca\n\nKim è arrivato. Poi è ripartito.\n";
//! let details = xliff_details(cesura::Details::default());
//! let options = cesura::Options { details, ..Default::default() };
//! let document = cesura::segment(source, &options)?;
//! let mut outline = Outline::default();
//! document.events.iter().for_each(|event| outline.add(event));
//! let mut writer = Xliff2Writer::new(XliffChoices::default(), outline);
//! let mut file = Vec::new();
//! for event in &document.events {
//!     writer.write(event, &mut file).unwrap();
//! }
//! let file = String::from_utf8(file).unwrap();
//! let translated = file.replace(
//!     "<source>Poi è ripartito.</source>",
//!     "<source>Poi è ripartito.</source><target>Then he left.</target>",
//! );
//! let merged = merge_xliff(translated.as_bytes(), &MergeChoices::default()).unwrap();
//! assert_eq!(merged.text(), source.replace("Poi è ripartito.", "Then he left."));
//! # Ok::<(), cesura::Error>(())
//! ```

mod back_map;
mod conllu;
mod content;
mod element;
mod merge;
mod outline;
mod plain;
mod skeleton;
mod tmx;
mod xliff;
mod xliff1;
mod xliff2;
mod xliff_reader;
mod xml;

pub use back_map::{BackMap, BackMapError, BackMapLine, BackMapWriter};
pub use conllu::ConlluWriter;
pub use merge::{
    MergeChoices, MergeError, Merged, MergedPiece, MissingPlaceholder, MissingTarget, PROBLEMS_MAX,
    Problem, ProblemKind, SegmentMerger, SegmentName, Target, merge_lines, merge_xliff,
};
pub use outline::Outline;
pub use plain::{PlainChoices, PlainWriter, SegmentForm, on_one_line};
pub use skeleton::{NoSkeleton, Skeleton, SkeletonPart};
pub use tmx::{TmxChoices, TmxPair, TmxWriter};
pub use xliff::{ProtectedForm, XliffChoices};
pub use xliff_reader::XliffError;
pub use xliff1::Xliff1Writer;
pub use xliff2::Xliff2Writer;

use crate::document::Event;
use crate::pipeline::Details;
use std::io::{self, Write};

/// Writes one document, event by event, and holds none of it.
pub trait DocumentWriter: std::fmt::Debug + Send {
    /// Writes what an event brings. All events of one document, in order.
    ///
    /// # Errors
    /// Those of `out`.
    fn write(&mut self, event: &Event, out: &mut dyn Write) -> io::Result<()>;
}

/// The same details, and those that XLIFF needs to protect stretches and to name segments.
pub fn xliff_details(details: Details) -> Details {
    Details { annotations: true, identities: true, ..details }
}

/// A file must have a unit: this one stands in that of a document without any.
const EMPTY_UNIT_ID: &str = "u0";

/// The skeleton of an empty document, since it may not be empty.
const EMPTY_SKELETON: &str = "{u0}";
