//! `cesura eval alignment`: answers the scorer of alignments.

use super::Answer;
use super::eval::answer_lines;
use crate::align::{Passage, Text, align};
use serde::{Deserialize, Serialize};

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
    answer_lines(answer)
}

fn answer(asked: Asked) -> Result<Answered, anyhow::Error> {
    let source = text(&asked.source, &asked.source_lang);
    let target = text(&asked.target, &asked.target_lang);
    let beads = align(&source, &target, &[], &|| true)?.beads;
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
