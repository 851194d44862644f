//! `cesura eval language`: answers the scorer of language detection.

use super::Answer;
use super::eval::answer_lines;
use crate::language::{Basis, Detection, detect, detect_within, passages};
use serde::{Deserialize, Serialize};

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
    answer_lines(|asked| Ok(answer(asked)))
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
