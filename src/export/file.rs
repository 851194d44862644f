//! Documents and alignments as files of the formats that Export offers.

use super::jsonl::JsonlWriter;
use super::{alignment_jsonl, jsonl};
use crate::exchange::{
    BackMapWriter, ConlluWriter, DocumentWriter, Outline, PlainWriter, TmxChoices, TmxPair,
    TmxWriter, Xliff1Writer, Xliff2Writer,
};
use crate::wire::export::{AlignmentFormat, DocumentFormat};
use crate::wire::from_proto::Presentation;
use crate::wire::{Presenter, pb};
use pb::alignment_event::Event;
use std::io::{self, Write};

/// Whether the writer of this format must know the outline of the document.
pub fn wants_outline(format: &DocumentFormat) -> bool {
    use DocumentFormat::{BackMap, Conllu, Jsonl, Plain, Xliff1, Xliff2};
    match format {
        Xliff2(_) | Xliff1(_) | BackMap(..) => true,
        Jsonl | Plain(_) | Conllu => false,
    }
}

/// The writer of a document. Formats that do not want an outline leave it aside.
pub fn document_writer(
    format: DocumentFormat,
    document_id: String,
    presentation: Presentation,
    outline: Outline,
) -> Box<dyn DocumentWriter> {
    match format {
        DocumentFormat::Xliff2(choices) => Box::new(Xliff2Writer::new(choices, outline)),
        DocumentFormat::Xliff1(choices) => Box::new(Xliff1Writer::new(choices, outline)),
        DocumentFormat::Jsonl => Box::new(JsonlWriter(Presenter::new(presentation, document_id))),
        DocumentFormat::Plain(choices) => Box::new(PlainWriter::new(choices)),
        DocumentFormat::BackMap(choices, mask) => {
            Box::new(BackMapWriter::new(choices, mask, outline))
        }
        DocumentFormat::Conllu => Box::new(ConlluWriter::new(document_id)),
    }
}

/// Writes the events of an alignment, one at a time.
#[derive(Debug)]
pub enum AlignmentWriter {
    /// TMX, whose languages come with the head.
    Tmx(TmxChoices, Option<TmxWriter>),
    /// JSON Lines.
    Jsonl,
}

impl AlignmentWriter {
    /// The writer of a format.
    pub fn new(format: AlignmentFormat) -> AlignmentWriter {
        match format {
            AlignmentFormat::Tmx(choices) => AlignmentWriter::Tmx(choices, None),
            AlignmentFormat::Jsonl => AlignmentWriter::Jsonl,
        }
    }

    /// Writes what an event brings. All events of one alignment, in order.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&mut self, event: &pb::AlignmentEvent, out: &mut impl Write) -> io::Result<()> {
        let (choices, writer) = match self {
            AlignmentWriter::Jsonl => return alignment_jsonl::write(out, event),
            AlignmentWriter::Tmx(choices, writer) => (choices, writer),
        };
        match (event.event.as_ref(), writer) {
            (Some(Event::Head(head)), writer) => {
                let source = head.source.clone().unwrap_or_default();
                let target = head.target.clone().unwrap_or_default();
                let language = |side: &pb::TextSummary| {
                    side.language.as_ref().map_or("und", |one| &one.language_code).to_owned()
                };
                let tmx = TmxWriter::new(choices.clone(), &language(&source), &language(&target));
                tmx.begin([&source.document_id, &target.document_id], out)?;
                *writer = Some(tmx);
                Ok(())
            }
            (Some(Event::Bead(bead)), Some(tmx)) => pair(bead, tmx, out),
            (Some(Event::Tail(_)), Some(tmx)) => tmx.end(out),
            _ => Ok(()),
        }
    }
}

fn pair(bead: &pb::Bead, tmx: &TmxWriter, out: &mut impl Write) -> io::Result<()> {
    fn texts(side: Option<&pb::BeadSide>) -> Vec<&str> {
        side.map_or(Vec::new(), |side| side.texts.iter().map(String::as_str).collect())
    }
    let kind = bead.source.as_ref().map(pb::BeadSide::kind);
    let kind = kind.filter(|kind| *kind != pb::BlockKind::Unspecified).map(jsonl::kind_name);
    let pair = TmxPair {
        number: bead.number,
        source: &texts(bead.source.as_ref()),
        target: &texts(bead.target.as_ref()),
        confidence: bead.confidence,
        kind: kind.as_deref(),
    };
    tmx.pair(&pair, out)
}
