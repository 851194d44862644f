//! `cesura eval language`: answers the scorer of language detection.

use super::{Answer, Failure, exit};
use crate::language::{Basis, Detection, detect, detect_within, passages};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

#[derive(Deserialize)]
struct Asked {
    id: String,
    #[serde(default)]
    text: String,
    segments: Option<Vec<String>>,
    want: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answered {
    Text {
        id: String,
        lang: String,
        confidence: f32,
        #[serde(skip_serializing_if = "Option::is_none")]
        spans: Option<Vec<(usize, usize, String)>>,
    },
    Document {
        id: String,
        langs: Vec<String>,
        confidences: Vec<f32>,
    },
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
        serde_json::to_writer(&mut out, &answer(asked)).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn answer(asked: Asked) -> Answered {
    let Asked { id, text, segments, want } = asked;
    if let Some(segments) = segments {
        let document = Detection { basis: Basis::Document, ..detect(&segments.join("\n")) };
        let found: Vec<Detection> =
            segments.iter().map(|segment| detect_within(segment, &document)).collect();
        return Answered::Document {
            id,
            langs: found.iter().map(|found| found.tag.to_string()).collect(),
            confidences: found.iter().map(|found| found.confidence).collect(),
        };
    }
    let found = detect(&text);
    let spans = want.filter(|want| want == "spans").map(|_| {
        let scalar = |byte: u32| text.get(..byte as usize).unwrap_or("").chars().count();
        passages(&text, &found)
            .into_iter()
            .map(|passage| {
                let span = passage.span;
                (scalar(span.start()), scalar(span.end()), passage.tag.to_string())
            })
            .collect()
    });
    Answered::Text { id, lang: found.tag.to_string(), confidence: found.confidence, spans }
}
