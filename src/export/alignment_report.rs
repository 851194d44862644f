//! An HTML page of a text and its translation side by side: one row a bead, paler the less it is
//! sure, what it was chosen for on hovering. One file without scripts, well-formed as XML too.

use super::alignment_jsonl::reason_name;
use super::jsonl::kind_name;
use super::report::{page_head, text};
use crate::wire::pb;
use pb::alignment_event::Event;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Below this a bead wants a look.
const SURE_MIN: f32 = 0.9;

/// Writes the head of the page.
///
/// # Errors
/// What writing to `out` fails with.
pub fn begin(out: &mut impl Write) -> io::Result<()> {
    page_head(out, "cesura align", "wide")?;
    writeln!(
        out,
        "<p class=\"legend\">One row a bead. <span class=\"unsure\">Unsure</span>: confidence under \
         {SURE_MIN}. Grey: no counterpart. Rest the pointer on a number for what speaks for the \
         bead.</p>"
    )
}

/// Writes one event.
///
/// # Errors
/// What writing to `out` fails with.
pub fn write(out: &mut impl Write, event: &pb::AlignmentEvent) -> io::Result<()> {
    match event.event.as_ref() {
        Some(Event::Head(head)) => {
            writeln!(out, "<table class=\"beads\">\n<thead><tr><th></th>")?;
            for side in [&head.source, &head.target].into_iter().flatten() {
                let language = side.language.as_ref().map_or("und", |found| &found.language_code);
                let (id, count) = (text(&side.document_id), side.segment_count);
                writeln!(
                    out,
                    "<th>{id} <span class=\"about\">{}; {count} segments</span></th>",
                    text(language)
                )?;
            }
            writeln!(out, "</tr></thead>\n<tbody>")
        }
        Some(Event::Bead(bead)) => write_bead(out, bead),
        Some(Event::Tail(tail)) => writeln!(
            out,
            "</tbody>\n</table>\n<footer>{} beads, {} with both sides; {:.0} % of the shorter text \
             has a counterpart{}</footer>",
            tail.bead_count,
            tail.joined_bead_count,
            tail.parallel_share * 100.0,
            if tail.parallel { "" } else { ": no translation of each other" }
        ),
        None => Ok(()),
    }
}

/// Writes the end of the page.
///
/// # Errors
/// What writing to `out` fails with.
pub fn end(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "</body>\n</html>")
}

fn write_bead(out: &mut impl Write, bead: &pb::Bead) -> io::Result<()> {
    let sides = [&bead.source, &bead.target];
    let joins = sides.iter().all(|side| side.as_ref().is_some_and(|s| !s.segments.is_empty()));
    let class = match (joins, bead.confidence < SURE_MIN) {
        (false, _) => "alone",
        (true, true) => "unsure",
        (true, false) => "sure",
    };
    let mut about = format!("confidence {:.2}, score {:.1}", bead.confidence, bead.score);
    for evidence in &bead.evidence {
        // Writing to a string cannot fail.
        let _ = write!(about, "\n{} {:+.1}", reason_name(evidence.reason()), evidence.weight);
    }
    writeln!(
        out,
        "<tr class=\"{class}\"><th class=\"about\" title=\"{}\">{}</th>",
        text(&about),
        bead.number
    )?;
    for side in sides {
        write!(out, "<td>")?;
        for side in side.iter() {
            let kind = kind_name(side.kind());
            for segment in &side.texts {
                write!(out, "<p title=\"{}\">{}</p>", text(&kind), text(segment))?;
            }
        }
        writeln!(out, "</td>")?;
    }
    writeln!(out, "</tr>")
}
