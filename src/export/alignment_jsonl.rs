//! Alignments as JSON Lines: one event a line, in the order of the stream.
//!
//! The fields are those of `cesura.v1.AlignmentEvent`, with spans as `[start, end]`, enum values in
//! lower snake case and evidence as one object:
//!
//! ```json
//! {"event":"head","source":{"document_id":"a","language":{"code":"it",…},"segment_count":2},"target":{…},"offset_encoding":"utf8"}
//! {"event":"bead","number":1,"source":{"segments":[0],"span":[0,14],"kind":"paragraph","texts":["Kim è a Mosca."]},"target":{…},"score":7.4,"confidence":0.99,"evidence":{"length":0.9,"names":3.1}}
//! {"event":"tail","bead_count":2,"joined_bead_count":2,"parallel_share":0.99,"parallel":true}
//! ```

use super::json_detail::{Text, text};
use super::jsonl::{Range, kind_name, short};
use crate::wire::pb;
use pb::alignment_event::Event;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes one event as a line.
///
/// # Errors
/// What writing to `out` fails with.
pub fn write(out: &mut impl Write, event: &pb::AlignmentEvent) -> io::Result<()> {
    let Some(record) = event.event.as_ref().map(record) else { return Ok(()) };
    serde_json::to_writer(&mut *out, &record)?;
    out.write_all(b"\n")
}

/// One line.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Record<'a> {
    Head {
        source: Option<Text<'a>>,
        target: Option<Text<'a>>,
        offset_encoding: String,
    },
    Bead {
        number: u32,
        source: Option<Side<'a>>,
        target: Option<Side<'a>>,
        score: f32,
        confidence: f32,
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        evidence: BTreeMap<String, f32>,
    },
    Tail {
        bead_count: u32,
        joined_bead_count: u32,
        parallel_share: f32,
        parallel: bool,
    },
}

#[derive(Serialize)]
struct Side<'a> {
    segments: &'a [u32],
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    texts: &'a [String],
}

fn record(event: &Event) -> Record<'_> {
    match event {
        Event::Head(head) => Record::Head {
            source: head.source.as_ref().map(text),
            target: head.target.as_ref().map(text),
            offset_encoding: short(head.offset_encoding().as_str_name(), "OFFSET_ENCODING_"),
        },
        Event::Bead(bead) => Record::Bead {
            number: bead.number,
            source: bead.source.as_ref().map(side),
            target: bead.target.as_ref().map(side),
            score: bead.score,
            confidence: bead.confidence,
            evidence: bead
                .evidence
                .iter()
                .map(|one| (reason_name(one.reason()), one.weight))
                .collect(),
        },
        Event::Tail(tail) => Record::Tail {
            bead_count: tail.bead_count,
            joined_bead_count: tail.joined_bead_count,
            parallel_share: tail.parallel_share,
            parallel: tail.parallel,
        },
    }
}

/// Name of a reason: `learnt`.
pub(super) fn reason_name(reason: pb::BeadReason) -> String {
    short(reason.as_str_name(), "BEAD_REASON_")
}

fn side(side: &pb::BeadSide) -> Side<'_> {
    Side {
        segments: &side.segments,
        span: side.span.as_ref().map(|span| [span.start, span.end]),
        kind: Some(side.kind()).filter(|kind| *kind != pb::BlockKind::Unspecified).map(kind_name),
        texts: &side.texts,
    }
}
