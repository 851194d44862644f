//! `cesura eval alignment`: answers the scorer of alignments.

use super::{Answer, Failure, exit};
use crate::align::{Passage, Text, align};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

#[derive(Deserialize)]
struct Asked {
    id: String,
    source: Vec<String>,
    target: Vec<String>,
    source_lang: String,
    target_lang: String,
}

#[derive(Serialize)]
struct Answered {
    id: String,
    alignments: Vec<(Vec<usize>, Vec<usize>)>,
    confidences: Vec<f32>,
}

pub(super) fn run() -> Answer {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let asked: Asked =
            serde_json::from_str(&line).map_err(|error| Failure::new(exit::INPUT, error))?;
        serde_json::to_writer(&mut out, &answer(asked)?).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn answer(asked: Asked) -> Result<Answered, Failure> {
    let source = text(&asked.source, &asked.source_lang);
    let target = text(&asked.target, &asked.target_lang);
    let beads = align(&source, &target, &[], &|| true)
        .map_err(|interrupted| Failure::new(exit::INPUT, interrupted))?
        .beads;
    Ok(Answered {
        id: asked.id,
        confidences: beads.iter().map(|bead| bead.confidence).collect(),
        alignments: beads
            .into_iter()
            .map(|bead| (bead.source.collect(), bead.target.collect()))
            .collect(),
    })
}

fn text<'a>(segments: &'a [String], language: &'a str) -> Text<'a> {
    let passages = segments.iter().map(|text| Passage { text, place: None });
    Text { language, segments: passages.collect() }
}
