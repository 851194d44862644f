//! `cesura eval comparison`: answers the scorer of comparisons of articles.

use super::Answer;
use super::eval::answer_lines;
use crate::compare::{Comparison, Document, Limits, Options, Segment};
use crate::document::BlockKind;
use crate::language::LanguageTag;
use crate::tailoring;
use crate::text::Span;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

#[derive(Deserialize)]
struct Asked {
    id: String,
    documents: Vec<AskedDocument>,
}

#[derive(Deserialize)]
struct AskedDocument {
    id: String,
    segments: Vec<String>,
}

#[derive(Serialize)]
struct Answered {
    id: String,
    pairs: Vec<AnsweredPair>,
}

#[derive(Serialize)]
struct AnsweredPair {
    a: (u32, u32),
    b: (u32, u32),
    score: f32,
    kind: &'static str,
}

pub(super) fn run() -> Answer {
    answer_lines(answer)
}

fn answer(asked: Asked) -> Result<Answered, anyhow::Error> {
    let options = Options { limits: Limits::default(), ..Options::default() };
    let words = tailoring::comparison_words(&LanguageTag::ITALIAN);
    let mut comparison = Comparison::new(options, words);
    for (number, document) in asked.documents.iter().enumerate() {
        let furniture = furniture(&document.segments);
        let segments = document.segments.iter().enumerate();
        let segments = segments
            .map(|(at, text)| Segment { furniture: furniture.contains(&at), ..Segment::new(text) })
            .collect();
        let document = Document { id: &document.id, segments };
        comparison.add(&document).map_err(|refusal| {
            anyhow::Error::new(refusal).context(format!("documents[{number}].segments"))
        })?;
    }
    let place = |place: crate::compare::Place| (place.document, place.segment);
    let pairs = comparison.finish().pairs.into_iter().map(|pair| AnsweredPair {
        a: place(pair.a),
        b: place(pair.b),
        score: pair.score,
        kind: pair.kind.name(),
    });
    Ok(Answered { id: asked.id, pairs: pairs.collect() })
}

/// Numbers of the segments that are no part of the article, each taken for a block of its own.
/// Lines with dates stay: they tell events apart.
fn furniture(segments: &[String]) -> HashSet<usize> {
    let joined = segments.join("\n\n");
    // What is too long to be read is compared as it is, or refused by the limits of comparison.
    let Ok(document) = crate::segment(&joined, &crate::Options::default()) else {
        return HashSet::new();
    };
    let units = document.units().filter(|unit| {
        !unit.translatable() && unit.kind != BlockKind::Metadata && unit.kind != BlockKind::Byline
    });
    let spans: Vec<Span> = units.map(|unit| unit.span).collect();
    let starts = segments.iter().scan(0_usize, |at, text| {
        let start = *at + text.len() - text.trim_start().len();
        *at += text.len() + 2;
        Some(u32::try_from(start).unwrap_or(u32::MAX))
    });
    let within = |start: &u32| {
        let after = spans.partition_point(|span| span.start() <= *start);
        let last = after.checked_sub(1).and_then(|at| spans.get(at));
        last.is_some_and(|span| span.contains(*start))
    };
    starts.enumerate().filter(|(_, start)| within(start)).map(|(at, _)| at).collect()
}
