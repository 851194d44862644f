//! An HTML page for people: articles with their units, segments, quotations and typed stretches
//! coloured, what is not to be translated grey, and all that is known of each on hovering.
//!
//! One file without scripts and without anything from elsewhere, well-formed as XML too. It is
//! written event by event and never holds a document. Offsets must be bytes of UTF-8.

use super::jsonl::{kind_name, short};
use crate::wire::pb;
use pb::document_event::Event;
use quick_xml::escape::escape;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Writes the head of the page.
///
/// # Errors
/// What writing to `out` fails with.
pub fn begin(out: &mut impl Write) -> io::Result<()> {
    page_head(out, "cesura", "")?;
    writeln!(
        out,
        "<p class=\"legend\">Background: segments in turn. <span class=\"quotation\">Quotation</span>, \
         <span class=\"attribution\">attribution</span>, <span class=\"speaker\">speaker</span>, \
         <span class=\"annotation\">typed stretch</span>, <span class=\"annotation keep\">kept as it \
         is</span>, <span class=\"annotation foreign_passage\">other language</span>, \
         <span class=\"warned\">warning</span>. Grey: not to be translated. Rest the pointer on \
         anything for what is known of it.</p>"
    )
}

/// Writes what every page begins with, up to its body; `class` is that of the body, if any.
pub(super) fn page_head(out: &mut impl Write, title: &str, class: &str) -> io::Result<()> {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width\"/>\n<title>{title}</title>\n\
         <style>\n{}</style>\n</head>\n<body{class}>",
        include_str!("report.css")
    )
}

/// Writes one event.
///
/// # Errors
/// What writing to `out` fails with.
pub fn write(out: &mut impl Write, event: &pb::DocumentEvent) -> io::Result<()> {
    match event.event.as_ref() {
        Some(Event::Head(head)) => writeln!(
            out,
            "<h1>{}</h1>\n<header>{}; {}; rules {} {}</header>",
            text(&head.document_id),
            text(&language(head.language.as_ref())),
            text(&head.charset),
            text(&head.tailoring_code),
            head.tailoring_revision
        ),
        Some(Event::Unit(unit)) => write_unit(out, unit),
        Some(Event::ModelChunk(chunk)) => write_chunk(out, chunk),
        Some(Event::Notice(notice)) => {
            let kind = short(notice.kind().as_str_name(), "NOTICE_KIND_");
            writeln!(out, "<p class=\"notice\">notice: {}</p>", text(&kind))
        }
        Some(Event::Tail(tail)) => writeln!(
            out,
            "<footer>{} units, {} to be translated; {} segments, {} to be translated; digest {}\
             </footer>",
            tail.unit_count,
            tail.translatable_unit_count,
            tail.segment_count,
            tail.translatable_segment_count,
            text(&tail.source_digest)
        ),
        Some(Event::Skeleton(_)) | None => Ok(()),
    }
}

/// Writes the end of the page.
///
/// # Errors
/// What writing to `out` fails with.
pub fn end(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "</body>\n</html>")
}

fn write_unit(out: &mut impl Write, unit: &pb::Unit) -> io::Result<()> {
    let kind = kind_name(unit.kind());
    let grey = if unit.translatable { "" } else { " untranslatable" };
    let repeated = if unit.repetition { " (repeated)" } else { "" };
    write!(
        out,
        "<div class=\"unit {kind}{grey}\" id=\"unit-{}\">\n<div class=\"about\" title=\"{}\">{} \
         {kind}{repeated}",
        unit.number,
        text(&about_unit(unit)),
        unit.number,
    )?;
    for segment in &unit.segments {
        for warning in &segment.warnings {
            let kind = short(warning.kind().as_str_name(), "WARNING_KIND_").replace('_', " ");
            let (kind, rule) = (text(&kind).into_owned(), text(&warning.rule_id));
            let number = segment.number;
            write!(out, "<span class=\"warning\" title=\"{rule}\">{number}: {kind}</span>")?;
        }
    }
    write!(out, "</div>\n<div class=\"text\">")?;
    let layers = Layers::of(unit);
    let mut gaps = unit.ignorables.iter().peekable();
    for segment in &unit.segments {
        let (start, end) = ends(segment.span.as_ref());
        while let Some(gap) = gaps.next_if(|gap| ends(gap.span.as_ref()).0 < start) {
            write!(out, "{}", text(&gap.text))?;
        }
        let even = if segment.number % 2 == 0 { " even" } else { "" };
        let about = text(&about_segment(segment)).into_owned();
        write!(out, "<span class=\"segment{even}\" title=\"{about}\">")?;
        layers.write(out, &segment.text, start, end)?;
        write!(out, "</span>")?;
    }
    writeln!(out, "</div>\n</div>")
}

fn write_chunk(out: &mut impl Write, chunk: &pb::ModelChunk) -> io::Result<()> {
    let numbers: Vec<String> =
        chunk.parts.iter().map(|part| part.segment_number.to_string()).collect();
    writeln!(
        out,
        "<details class=\"chunk\"><summary>chunk {} of size {}: segments {}</summary><p>{}</p>\
         </details>",
        chunk.number,
        chunk.size,
        numbers.join(", "),
        text(&chunk.text)
    )
}

/// A stretch that is shown in some way.
struct Layer {
    start: u32,
    end: u32,
    class: String,
    about: String,
}

/// All such stretches of a unit, by their beginning.
struct Layers(Vec<Layer>);

impl Layers {
    fn of(unit: &pb::Unit) -> Layers {
        let mut layers = Vec::new();
        let mut add = |span: Option<&pb::Span>, class: &str, about: String| {
            let (start, end) = ends(span);
            if start < end {
                layers.push(Layer { start, end, class: class.to_owned(), about });
            }
        };
        for one in &unit.annotations {
            let kind = short(one.kind().as_str_name(), "ANNOTATION_KIND_");
            let keep = if one.keep { " keep" } else { "" };
            let value = if one.value.is_empty() { "" } else { " = " };
            let about = format!("{kind}{value}{}{}", one.value, by(&one.rule_id));
            add(one.span.as_ref(), &format!("annotation {kind}{keep}"), about);
        }
        for one in &unit.quotations {
            let state = [
                (one.mismatched, ", marks do not belong together"),
                (one.continued, ", goes on from before"),
                (one.closing_mark.is_none(), ", not closed here"),
            ];
            let state: String =
                state.iter().filter(|(holds, _)| *holds).map(|(_, said)| *said).collect();
            let speaker = one.attribution.as_ref().map_or("", |said| said.speaker.as_str());
            let speaker = if speaker.is_empty() { String::new() } else { format!(", {speaker}") };
            let about = format!("quotation {} (depth {}){speaker}{state}", one.id, one.depth);
            add(one.span.as_ref(), "quotation", about);
            if let Some(said) = &one.attribution {
                let about = format!("attribution of {}{}", one.id, by(&said.rule_id));
                add(said.span.as_ref(), "attribution", about);
                add(said.speaker_span.as_ref(), "speaker", String::new());
            }
        }
        for warning in unit.segments.iter().flat_map(|segment| &segment.warnings) {
            // A warning about the whole segment is said beside it.
            if warning.kind() != pb::WarningKind::Overlong {
                let kind = short(warning.kind().as_str_name(), "WARNING_KIND_");
                let about = format!("warning: {kind}{}", by(&warning.rule_id));
                add(warning.span.as_ref(), "warned", about);
            }
        }
        layers.sort_by_key(|layer| layer.start);
        Layers(layers)
    }

    /// Writes the text from `start` to `end`, cut wherever a stretch begins or ends: stretches need
    /// not nest, elements must.
    fn write(&self, out: &mut impl Write, source: &str, start: u32, end: u32) -> io::Result<()> {
        let until = self.0.partition_point(|layer| layer.start < end);
        let within: Vec<&Layer> =
            self.0.iter().take(until).filter(|layer| layer.end > start).collect();
        let mut cuts: BTreeSet<u32> = [start, end].into();
        cuts.extend(within.iter().map(|layer| layer.start.max(start)));
        cuts.extend(within.iter().map(|layer| layer.end.min(end)));
        let cuts: Vec<u32> = cuts.into_iter().collect();
        let mut waiting = within.into_iter().peekable();
        let mut open: Vec<&Layer> = Vec::new();
        for pair in cuts.windows(2) {
            let &[from, to] = pair else { continue };
            open.retain(|layer| layer.end > from);
            while let Some(layer) = waiting.next_if(|layer| layer.start.max(start) <= from) {
                open.push(layer);
            }
            let piece = source.get((from - start) as usize..(to - start) as usize).unwrap_or("");
            if open.is_empty() {
                write!(out, "{}", text(piece))?;
                continue;
            }
            let classes: Vec<&str> = open.iter().map(|layer| layer.class.as_str()).collect();
            let about: Vec<&str> = open.iter().map(|layer| layer.about.as_str()).collect();
            let about = about.iter().filter(|about| !about.is_empty()).copied();
            let about: Vec<&str> = about.collect();
            write!(
                out,
                "<span class=\"{}\" title=\"{}\">{}</span>",
                classes.join(" "),
                text(&about.join("\n")),
                text(piece)
            )?;
        }
        Ok(())
    }
}

fn about_unit(unit: &pb::Unit) -> String {
    let mut lines = vec![
        format!("unit {}{}", unit.number, by(&unit.kind_rule_id)),
        short(unit.translatable_reason().as_str_name(), "TRANSLATABLE_REASON_"),
        language(unit.language.as_ref()),
    ];
    if let Some(name) = &unit.identity {
        lines.push(named(name));
    }
    if let Some(position) = &unit.position {
        if position.paragraph_number > 0 {
            let lead = if position.lead { " (lead)" } else { "" };
            lines.push(format!("paragraph {}{lead}", position.paragraph_number));
        }
        lines.push(format!("under units {:?}", position.section_unit_numbers));
    }
    lines.extend(unit.counts.as_ref().map(counted));
    lines.join("\n")
}

fn about_segment(segment: &pb::Segment) -> String {
    let (start, end) = ends(segment.span.as_ref());
    let mut lines = vec![format!("segment {}, {start}..{end}", segment.number)];
    if segment.r#type() != pb::SegmentType::Unspecified {
        lines.push(short(segment.r#type().as_str_name(), "SEGMENT_TYPE_"));
    }
    lines.extend(segment.language.as_ref().map(|found| language(Some(found))));
    lines.extend(segment.identity.as_ref().map(named));
    lines.extend(segment.counts.as_ref().map(counted));
    if let Some(masked) = &segment.masked_text {
        lines.push(format!("for machines: {}", masked.text));
    }
    if !segment.rule_id.is_empty() {
        lines.push(format!("ended by {}", segment.rule_id));
    }
    lines.join("\n")
}

fn named(name: &pb::Identity) -> String {
    let first = if name.first_id.is_empty() { "" } else { ", first " };
    format!("{}{first}{}", name.id, name.first_id)
}

fn counted(counts: &pb::Counts) -> String {
    let pb::Counts { bytes, characters, graphemes, words, tokens_estimate } = counts;
    format!(
        "{bytes} bytes, {characters} characters, {graphemes} graphemes, {words} words, about \
         {tokens_estimate} tokens"
    )
}

fn language(found: Option<&pb::LanguageDetection>) -> String {
    let Some(found) = found else { return String::new() };
    let basis = short(found.basis().as_str_name(), "LANGUAGE_BASIS_");
    format!("{} ({:.2}, {})", found.language_code, found.confidence, basis.replace('_', " "))
}

fn by(rule_id: &str) -> String {
    if rule_id.is_empty() { String::new() } else { format!(" by {rule_id}") }
}

fn ends(span: Option<&pb::Span>) -> (u32, u32) {
    span.map_or((0, 0), |span| (span.start, span.end))
}

/// Text as it may stand in an element or attribute. Characters that XML cannot hold are shown as
/// U+FFFD.
pub(super) fn text(raw: &str) -> std::borrow::Cow<'_, str> {
    let unfit = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    // A parser would take CR for LF; `escape` alone leaves it where nothing else is to be escaped.
    if raw.contains(|c| unfit(c) || c == '\r') {
        let shown: String = raw.chars().map(|c| if unfit(c) { '\u{fffd}' } else { c }).collect();
        return escape(&shown).replace('\r', "&#13;").into();
    }
    escape(raw)
}
