//! An HTML page of what several articles have in common: one row a group, one column a document,
//! quotations underlined, figures that differ marked. One file without scripts, well-formed as XML
//! too. Offsets must be bytes of UTF-8.

use super::comparison_jsonl::kind_name;
use super::report::{page_head, text};
use crate::wire::pb;
use pb::comparison_event::Event;
use std::io::{self, Write};

/// Writes a comparison, event by event.
#[derive(Debug, Default)]
pub struct Report {
    documents_count: usize,
    in_table: bool,
}

impl Report {
    /// Writes the head of the page.
    ///
    /// # Errors
    /// What writing to `out` fails with.
    pub fn begin(out: &mut impl Write) -> io::Result<Report> {
        page_head(out, "cesura compare", "wide")?;
        writeln!(
            out,
            "<p class=\"legend\">One row a group of segments that say the same, one column a \
             document. <span class=\"quotation\">Shared quotation</span>. \
             <span class=\"unsure\">Other figures or dates</span>.</p>"
        )?;
        Ok(Report::default())
    }

    /// Writes one event.
    ///
    /// # Errors
    /// What writing to `out` fails with.
    pub fn write(&mut self, out: &mut impl Write, event: &pb::ComparisonEvent) -> io::Result<()> {
        match event.event.as_ref() {
            Some(Event::Head(head)) => {
                self.documents_count = head.documents.len();
                self.in_table = true;
                writeln!(out, "<table class=\"beads\">\n<thead><tr><th></th>")?;
                for document in &head.documents {
                    let (id, count) = (text(&document.document_id), document.segment_count);
                    writeln!(out, "<th>{id} <span class=\"about\">{count} segments</span></th>")?;
                }
                writeln!(out, "</tr></thead>\n<tbody>")
            }
            Some(Event::Group(group)) => self.group(out, group),
            Some(Event::Share(share)) => {
                self.close(out)?;
                writeln!(
                    out,
                    "<footer>document {}: {} segments shared, {} of its own</footer>",
                    share.document,
                    share.shared_segments.len(),
                    share.own_segments.len()
                )
            }
            Some(Event::Tail(tail)) => {
                self.close(out)?;
                writeln!(
                    out,
                    "<footer>{} documents, {} segments, {} groups</footer>",
                    tail.document_count, tail.segment_count, tail.group_count
                )
            }
            Some(Event::Tie(_) | Event::Pair(_)) | None => Ok(()),
        }
    }

    /// Writes the end of the page.
    ///
    /// # Errors
    /// What writing to `out` fails with.
    pub fn end(mut self, out: &mut impl Write) -> io::Result<()> {
        self.close(out)?;
        writeln!(out, "</body>\n</html>")
    }

    fn close(&mut self, out: &mut impl Write) -> io::Result<()> {
        if std::mem::take(&mut self.in_table) {
            writeln!(out, "</tbody>\n</table>")?;
        }
        Ok(())
    }

    fn group(&self, out: &mut impl Write, group: &pb::ComparisonGroup) -> io::Result<()> {
        let class = if group.differs { "unsure" } else { "sure" };
        let about = format!("{} {:.2}", kind_name(group.kind()), group.score);
        writeln!(out, "<tr class=\"{class}\"><th class=\"about\">{}</th>", text(&about))?;
        for document in 0..self.documents_count {
            write!(out, "<td>")?;
            let members = group.members.iter();
            for member in members.filter(|member| member.document as usize == document) {
                write_member(out, member)?;
            }
            writeln!(out, "</td>")?;
        }
        writeln!(out, "</tr>")
    }
}

fn write_member(out: &mut impl Write, member: &pb::GroupMember) -> io::Result<()> {
    let start = member.span.as_ref().map_or(0, |span| span.start);
    let whole = member.text.as_str();
    let parts = member.quotation.as_ref().and_then(|quotation| {
        let from = quotation.start.checked_sub(start)? as usize;
        let to = quotation.end.checked_sub(start)? as usize;
        Some((whole.get(..from)?, whole.get(from..to)?, whole.get(to..)?))
    });
    let (before, quoted, after) = parts.unwrap_or((whole, "", ""));
    write!(out, "<p title=\"segment {}, {:.2}\">{}", member.segment, member.score, text(before))?;
    if !quoted.is_empty() {
        write!(out, "<span class=\"quotation\">{}</span>", text(quoted))?;
    }
    write!(out, "{}</p>", text(after))
}
