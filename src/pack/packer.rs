//! From segments to chunks, one by one.

use super::{BudgetUnit, Packing};
use crate::document::{ChunkPart, Identity, ModelChunk};
use crate::text::{Span, head, tail};
use std::collections::VecDeque;

/// A segment, or a piece of an overlong one, on its way into a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedSegment {
    /// Number of the segment.
    pub segment_number: u32,
    /// Number of its unit.
    pub unit_number: u32,
    /// Its name, where identities were asked for.
    pub identity: Option<Identity>,
    /// Place in the document.
    pub source: Span,
    /// Its text, as chunks are to hold it.
    pub text: Box<str>,
}

/// A segment with its length.
#[derive(Clone, Debug)]
struct Piece {
    segment: PackedSegment,
    size: u32,
}

/// Where in the article a chunk stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Section {
    units: Vec<u32>,
    heading: Box<str>,
}

/// Packs the segments of one document.
#[derive(Debug)]
pub struct Packer {
    packing: Packing,
    section: Section,
    /// The chunk being filled; the first `overlap` pieces are repeated.
    pieces: Vec<Piece>,
    overlap: usize,
    /// Lengths of the pieces, in what the budget counts and in bytes; separators not counted.
    size: u32,
    bytes: usize,
    /// Texts before it.
    before: VecDeque<Box<str>>,
    /// Chunks that wait for the segments after them.
    waiting: VecDeque<ModelChunk>,
    done: VecDeque<ModelChunk>,
    count: u32,
}

impl Packer {
    /// A packer at the beginning of a document.
    pub fn new(packing: Packing) -> Packer {
        Packer {
            packing,
            section: Section::default(),
            pieces: Vec::new(),
            overlap: 0,
            size: 0,
            bytes: 0,
            before: VecDeque::new(),
            waiting: VecDeque::new(),
            done: VecDeque::new(),
            count: 0,
        }
    }

    /// How this packer packs.
    pub fn packing(&self) -> &Packing {
        &self.packing
    }

    /// A new section begins: `units` are the headline and heading it stands under, with the text of
    /// the latter.
    pub fn enter_section(&mut self, units: Vec<u32>, heading: &str) {
        if !self.packing.across_sections {
            self.close();
            self.pieces.clear();
            (self.overlap, self.size, self.bytes) = (0, 0, 0);
            self.before.clear();
            self.done.append(&mut self.waiting);
        }
        self.section = Section { units, heading: head(heading, Packing::CONTEXT_BYTES_MAX).into() };
    }

    /// Takes the next segment, of at most the budget.
    pub fn add(&mut self, segment: PackedSegment) {
        self.inform(&segment.text);
        let size = self.packing.size(&segment.text);
        if self.pieces.len() > self.overlap && !self.has_room(&segment, size) {
            self.close();
        }
        // What is repeated gives way before what is new does.
        while self.overlap > 0 && !self.has_room(&segment, size) {
            self.push_out();
        }
        self.size += size;
        self.bytes += segment.text.len();
        self.pieces.push(Piece { segment, size });
    }

    /// The document is complete.
    pub fn finish(&mut self) {
        self.close();
        self.done.append(&mut self.waiting);
    }

    /// The next chunk that is complete.
    pub fn next_chunk(&mut self) -> Option<ModelChunk> {
        self.done.pop_front()
    }

    /// Memory held, in bytes.
    pub fn memory_bytes(&self) -> usize {
        let chunk = |chunk: &ModelChunk| {
            let around = chunk.context_before.iter().chain(&chunk.context_after);
            chunk.text.len() + around.map(|text| text.len()).sum::<usize>()
        };
        self.pieces.iter().map(|piece| piece.segment.text.len()).sum::<usize>()
            + self.before.iter().map(|text| text.len()).sum::<usize>()
            + self.waiting.iter().chain(&self.done).map(chunk).sum::<usize>()
    }

    fn has_room(&self, segment: &PackedSegment, size: u32) -> bool {
        let separators = match self.packing.unit {
            // The space or line end between two parts.
            BudgetUnit::Characters => u32::try_from(self.pieces.len()).unwrap_or(u32::MAX),
            BudgetUnit::Words | BudgetUnit::Tokens => 0,
        };
        let total = self.size.saturating_add(size).saturating_add(separators);
        let bytes = self.bytes + self.pieces.len() + segment.text.len();
        total <= self.packing.budget
            && bytes <= Packing::CHUNK_BYTES_MAX
            && self.pieces.len() < Packing::PARTS_MAX
    }

    /// Gives the first repeated piece up: it is context from now on.
    fn push_out(&mut self) {
        let piece = self.pieces.remove(0);
        self.overlap -= 1;
        self.let_go(&piece);
    }

    /// A piece is no part of the chunk any more: it is context.
    fn let_go(&mut self, piece: &Piece) {
        let text = &piece.segment.text;
        self.size -= piece.size;
        self.bytes -= text.len();
        let max = self.packing.context_before_segments as usize;
        if max == 0 {
            return;
        }
        if self.before.len() == max {
            self.before.pop_front();
        }
        self.before.push_back(tail(text, Packing::CONTEXT_BYTES_MAX).into());
    }

    /// Tells the chunks that wait what comes after them.
    fn inform(&mut self, text: &str) {
        let max = self.packing.context_after_segments as usize;
        for chunk in &mut self.waiting {
            chunk.context_after.push(head(text, Packing::CONTEXT_BYTES_MAX).into());
        }
        while self.waiting.front().is_some_and(|chunk| chunk.context_after.len() >= max) {
            self.done.extend(self.waiting.pop_front());
        }
    }

    /// The chunk being filled is full.
    fn close(&mut self) {
        if self.pieces.len() <= self.overlap {
            return;
        }
        self.count += 1;
        let chunk = self.chunk();
        if self.packing.context_after_segments == 0 {
            self.done.push_back(chunk);
        } else {
            self.waiting.push_back(chunk);
        }
        let kept = (self.packing.overlap_segments as usize).min(self.pieces.len());
        let gone: Vec<Piece> = self.pieces.drain(..self.pieces.len() - kept).collect();
        for piece in gone {
            self.let_go(&piece);
        }
        self.overlap = kept;
    }

    fn chunk(&self) -> ModelChunk {
        let mut text = String::new();
        let mut parts: Vec<ChunkPart> = Vec::with_capacity(self.pieces.len());
        let mut unit = None;
        for (index, piece) in self.pieces.iter().enumerate() {
            let segment = &piece.segment;
            if let Some(before) = unit.replace(segment.unit_number) {
                text.push(if before == segment.unit_number { ' ' } else { '\n' });
            }
            let start = text.len();
            text.push_str(&segment.text);
            parts.push(ChunkPart {
                segment_number: segment.segment_number,
                identity: segment.identity,
                source: segment.source,
                target: Span::of(start..text.len()),
                overlap: index < self.overlap,
            });
        }
        // A chunk that begins with its heading needs no second one.
        let own = self.pieces.first().map(|piece| piece.segment.unit_number);
        let heading = self.section.units.last().copied().filter(|unit| Some(*unit) != own);
        ModelChunk {
            number: self.count,
            size: self.packing.size(&text),
            text: text.into(),
            parts,
            section: self.section.units.clone(),
            heading: if heading.is_some() { self.section.heading.clone() } else { "".into() },
            context_before: self.before.iter().cloned().collect(),
            context_after: Vec::new(),
        }
    }
}
