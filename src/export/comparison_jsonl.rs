//! Comparisons as JSON Lines: one event a line, in the order of the stream.
//!
//! The fields are those of `cesura.v1.ComparisonEvent`, with spans as `[start, end]`, enum values
//! in lower snake case and segments of pairs as `[document, segment]`:
//!
//! ```json
//! {"event":"head","documents":[{"document_id":"a","language":{"code":"it",…},"segment_count":11},…],"offset_encoding":"utf8"}
//! {"event":"tie","a":0,"b":1,"score":0.97}
//! {"event":"group","number":1,"kind":"quotation","score":0.9,"differs":false,"members":[{"document":0,"segment":3,"span":[310,420],"text":"…","quotation":[322,401],"score":0.9},…]}
//! {"event":"pair","a":[0,3],"b":[1,5],"kind":"quotation","score":0.9,"evidence":{"containment":0.8,…}}
//! {"event":"share","document":0,"shared_segments":[3],"own_segments":[0,1,2]}
//! {"event":"tail","document_count":2,"segment_count":22,"group_count":1,"pair_count":0}
//! ```

use super::json_detail::{Text, text};
use super::jsonl::{Range, short};
use crate::wire::pb;
use pb::comparison_event::Event;
use serde::Serialize;
use std::io::{self, Write};

/// Writes one event as a line.
///
/// # Errors
/// What writing to `out` fails with.
pub fn write(out: &mut impl Write, event: &pb::ComparisonEvent) -> io::Result<()> {
    let Some(record) = event.event.as_ref().map(record) else { return Ok(()) };
    serde_json::to_writer(&mut *out, &record)?;
    out.write_all(b"\n")
}

/// One line.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Record<'a> {
    Head { documents: Vec<Text<'a>>, offset_encoding: String },
    Tie { a: u32, b: u32, score: f32 },
    Group { number: u32, kind: String, score: f32, differs: bool, members: Vec<Member<'a>> },
    Pair { a: [u32; 2], b: [u32; 2], kind: String, score: f32, evidence: Option<Evidence> },
    Share { document: u32, shared_segments: &'a [u32], own_segments: &'a [u32] },
    Tail { document_count: u32, segment_count: u32, group_count: u32, pair_count: u32 },
}

#[derive(Serialize)]
struct Member<'a> {
    document: u32,
    segment: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Range>,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    quotation: Option<Range>,
    score: f32,
}

#[derive(Serialize)]
struct Evidence {
    containment: f32,
    overlap: f32,
    names: f32,
    quoted: f32,
    event: f32,
    numbers_shared: u32,
    differs: bool,
    roles_differ: bool,
}

fn record(event: &Event) -> Record<'_> {
    match event {
        Event::Head(head) => Record::Head {
            documents: head.documents.iter().map(text).collect(),
            offset_encoding: short(head.offset_encoding().as_str_name(), "OFFSET_ENCODING_"),
        },
        Event::Tie(tie) => Record::Tie { a: tie.a, b: tie.b, score: tie.score },
        Event::Group(group) => Record::Group {
            number: group.number,
            kind: kind_name(group.kind()),
            score: group.score,
            differs: group.differs,
            members: group.members.iter().map(member).collect(),
        },
        Event::Pair(pair) => Record::Pair {
            a: [pair.document_a, pair.segment_a],
            b: [pair.document_b, pair.segment_b],
            kind: kind_name(pair.kind()),
            score: pair.score,
            evidence: pair.evidence.as_ref().map(evidence),
        },
        Event::Share(share) => Record::Share {
            document: share.document,
            shared_segments: &share.shared_segments,
            own_segments: &share.own_segments,
        },
        Event::Tail(tail) => Record::Tail {
            document_count: tail.document_count,
            segment_count: tail.segment_count,
            group_count: tail.group_count,
            pair_count: tail.pair_count,
        },
    }
}

/// Name of a kind: `near_duplicate`.
pub fn kind_name(kind: pb::ComparisonKind) -> String {
    short(kind.as_str_name(), "COMPARISON_KIND_")
}

fn member(member: &pb::GroupMember) -> Member<'_> {
    let range = |span: &Option<pb::Span>| span.as_ref().map(|span| [span.start, span.end]);
    Member {
        document: member.document,
        segment: member.segment,
        span: range(&member.span),
        text: &member.text,
        quotation: range(&member.quotation),
        score: member.score,
    }
}

fn evidence(evidence: &pb::PairEvidence) -> Evidence {
    Evidence {
        containment: evidence.containment,
        overlap: evidence.overlap,
        names: evidence.names,
        quoted: evidence.quoted,
        event: evidence.event,
        numbers_shared: evidence.numbers_shared,
        differs: evidence.differs,
        roles_differ: evidence.roles_differ,
    }
}
