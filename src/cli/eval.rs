//! `cesura eval`: answers scorers, JSON lines in, JSON lines out, in this process.

use super::{Answer, Failure, exit};
use crate::document::Event;
use crate::sentence::{ClauseMarks, Preferences};
use crate::text::Position;
use crate::{Limits, Options, Segmenter};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;

/// Bytes of a line: the text of a comparison as JSON writes it, escapes included.
const LINE_BYTES_MAX: u64 = 64 << 20;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Eval {
    /// {"id","text"} → {"id","boundaries":[ends of segments],"blocks":[{"start","end","kind",
    /// "translatable"}]}, offsets in code points
    Segmentation {
        /// End segments at colons and semicolons as well, as treebanks do
        #[arg(long)]
        clause_breaks: bool,
    },
    /// {"id","text"} → {"id","lang","confidence"}; with "want":"spans" also "spans":[[start,end,lang]]
    /// in code points; {"id","segments":[...]} → {"id","langs","confidences"}
    Language,
    /// {"id","source":[texts],"target":[texts],"source_lang","target_lang"} →
    /// {"id","alignments":[[[source indexes],[target indexes]]],"confidences"}
    Alignment,
    /// {"id","documents":[{"id","segments":[...]}]} → {"id","pairs":[{"a":[document,segment],"b",
    /// "score","kind"}]}, numbers from 0; kind is near_duplicate, quotation, statement or related
    Comparison,
}

#[derive(Deserialize)]
struct Asked {
    id: String,
    text: String,
}

#[derive(Serialize)]
struct Answered {
    id: String,
    boundaries: Vec<u32>,
    blocks: Vec<Block>,
}

#[derive(Serialize)]
struct Block {
    start: u32,
    end: u32,
    kind: &'static str,
    translatable: bool,
}

pub(super) fn run(eval: &Eval) -> Answer {
    match eval {
        Eval::Segmentation { clause_breaks } => run_segmentation(*clause_breaks),
        Eval::Language => super::eval_language::run(),
        Eval::Alignment => super::eval_alignment::run(),
        Eval::Comparison => super::eval_comparison::run(),
    }
}

fn run_segmentation(clause_breaks: bool) -> Answer {
    let clauses = ClauseMarks { colon: clause_breaks, semicolon: clause_breaks };
    let preferences = Preferences { clauses, ..Preferences::default() };
    let options = Options { preferences, ..Options::default() };
    answer_lines(|asked| Ok(segmentation(asked, &options)?))
}

/// Answers each line of standard input with one line; empty ones are passed over. What cannot be
/// read or answered ends the work, with the number of its line.
pub(super) fn answer_lines<Asked: DeserializeOwned, Answered: Serialize>(
    answer: impl Fn(Asked) -> Result<Answered, anyhow::Error>,
) -> Answer {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut input = io::stdin().lock();
    for number in 1_u64.. {
        let mut line = Vec::new();
        let read = input.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let failed = |error: anyhow::Error| {
            Failure::new(exit::INPUT, error.context(format!("line {number}")))
        };
        if read as u64 > LINE_BYTES_MAX {
            return Err(failed(anyhow::anyhow!("over {LINE_BYTES_MAX} bytes")));
        }
        // The message of serde names the field, and the column.
        let asked = serde_json::from_slice(&line).map_err(|error| failed(error.into()))?;
        let answered = answer(asked).map_err(failed)?;
        serde_json::to_writer(&mut out, &answered).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn segmentation(asked: Asked, options: &Options) -> Result<Answered, crate::Error> {
    let limits = Limits { document_bytes_max: Limits::DOCUMENT_BYTES_CEILING, ..Limits::default() };
    let mut segmenter = Segmenter::new(options.clone(), limits);
    segmenter.push(asked.text.as_bytes())?;
    segmenter.finish()?;
    let mut answered = Answered { id: asked.id, boundaries: Vec::new(), blocks: Vec::new() };
    let mut at = Position::default();
    while let Some(event) = segmenter.next_event() {
        match event {
            Event::Skeleton(skeleton) => at = at.after(&skeleton.text),
            Event::Unit(unit) => {
                let offsets = crate::text::BlockOffsets::new(at, &unit.text);
                let scalar = |offset: u32| offsets.position(offset).scalar;
                answered
                    .boundaries
                    .extend(unit.segments.iter().map(|segment| scalar(segment.span.end())));
                answered.blocks.push(Block {
                    start: scalar(unit.span.start()),
                    end: scalar(unit.span.end()),
                    kind: unit.kind.name(),
                    translatable: unit.translatable(),
                });
                at = at.after(&unit.text);
            }
            Event::Head(_) | Event::Notice(_) | Event::ModelChunk(_) | Event::Tail(_) => {}
        }
    }
    Ok(answered)
}
