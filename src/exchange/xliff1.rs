//! Writes XLIFF 1.2 (OASIS standard, 1 February 2008), which most CAT tools read best.
//!
//! ```xml
//! <xliff version="1.2" …><file original="a.txt" source-language="it" datatype="plaintext" …>
//! <header><skl><internal-file form="text">{u1}\n\n{u2}</internal-file></skl></header><body>
//! <trans-unit id="u1" restype="x-cesura-headline"><source>Vertice a Mosca</source>
//! <seg-source><mrk mtype="seg" mid="s1">Vertice a Mosca</mrk></seg-source>…</trans-unit>
//! ```
//!
//! A `trans-unit` is a block; `seg-source` marks its sentences, and what stands between the marks
//! is the white space between them.

use super::content::{Part, Run, parts};
use super::outline::Outline;
use super::xliff::{OWN, ProtectedForm, XliffChoices, notes, segment_facts, unit_facts};
use super::xml::{Held, Xml, held, legible};
use super::{DocumentWriter, EMPTY_SKELETON, EMPTY_UNIT_ID};
use crate::document::{Event, Head, Unit};
use std::io::{self, Write};

/// Writes the events of one document as an XLIFF 1.2 file.
#[derive(Debug)]
pub struct Xliff1Writer {
    choices: XliffChoices,
    outline: Outline,
}

impl Xliff1Writer {
    /// A writer of the document whose first reading gave this outline.
    pub fn new(choices: XliffChoices, outline: Outline) -> Xliff1Writer {
        Xliff1Writer { choices, outline }
    }

    fn head(&self, head: &Head, xml: &mut Xml<'_>) -> io::Result<()> {
        xml.declaration()?;
        let root = [("xmlns", "urn:oasis:names:tc:xliff:document:1.2"), ("version", "1.2")];
        xml.open("xliff", &root)?;
        xml.line_end()?;
        // The attribute must be there, even where the client gave no name.
        let original = legible(&self.choices.document_id);
        let mut file = vec![
            ("original", original.as_str()),
            ("source-language", head.language.tag.as_str()),
            ("datatype", "plaintext"),
            ("xml:space", "preserve"),
        ];
        if let Some(target) = &self.choices.target_language {
            file.push(("target-language", target.as_str()));
        }
        xml.open("file", &file)?;
        xml.line_end()?;
        xml.open("header", &[])?;
        xml.open("skl", &[])?;
        let skeleton = self.outline.skeleton.as_str();
        let skeleton = if skeleton.is_empty() { EMPTY_SKELETON } else { skeleton };
        xml.leaf("internal-file", &[("form", "text")], skeleton)?;
        xml.close("skl")?;
        let version = env!("CARGO_PKG_VERSION");
        let tool = [("tool-id", OWN), ("tool-name", OWN), ("tool-version", version)];
        xml.empty("tool", &tool)?;
        let digest = format!("source digest {}", self.outline.source_digest());
        xml.leaf("note", &[("from", OWN)], &digest)?;
        xml.close("header")?;
        xml.line_end()?;
        xml.open("body", &[])?;
        xml.line_end()
    }

    fn unit(&self, unit: &Unit, xml: &mut Xml<'_>) -> io::Result<()> {
        let id = format!("u{}", unit.number);
        let name = unit.identity.as_ref().map(ToString::to_string);
        let kind = format!("x-{OWN}-{}", unit.kind.name());
        let size_max = self.choices.target_size_max(unit).map(|size| size.to_string());
        let mut attributes = vec![("id", id.as_str())];
        attributes.extend(name.as_deref().map(|name| ("resname", name)));
        attributes.push(("restype", &kind));
        // The schema has a default for it here, which goes before what the file says.
        attributes.push(("xml:space", "preserve"));
        attributes.extend((!unit.translatable()).then_some(("translate", "no")));
        if let Some(size) = &size_max {
            attributes.extend([("maxwidth", size.as_str()), ("size-unit", "char")]);
        }
        xml.open("trans-unit", &attributes)?;
        xml.line_end()?;
        xml.open("source", &[])?;
        self.content(unit, false, xml)?;
        xml.close("source")?;
        xml.line_end()?;
        xml.open("seg-source", &[])?;
        self.content(unit, true, xml)?;
        xml.close("seg-source")?;
        xml.line_end()?;
        group(xml, &unit_facts(unit))?;
        for segment in &unit.segments {
            group(xml, &segment_facts(segment))?;
        }
        for (category, text) in notes(unit) {
            xml.leaf("note", &[("from", &format!("{OWN} {category}"))], &text)?;
        }
        xml.line_end()?;
        xml.close("trans-unit")?;
        xml.line_end()
    }

    /// The unit's text, with marks around its segments or without.
    fn content(&self, unit: &Unit, segmented: bool, xml: &mut Xml<'_>) -> io::Result<()> {
        let mut inlines = Inlines { form: self.choices.protected, number: 0, forbidden: 0 };
        for part in parts(unit) {
            match part {
                Part::Segment(segment) if segmented => {
                    let id = format!("s{}", segment.number);
                    xml.open("mrk", &[("mtype", "seg"), ("mid", &id)])?;
                    inlines.write(&self.choices.runs(unit, segment.span), xml)?;
                    xml.close("mrk")?;
                }
                Part::Segment(segment) => {
                    inlines.write(&self.choices.runs(unit, segment.span), xml)?;
                }
                Part::Ignorable(_, span) => inlines.write(&[Run::Text(unit.slice(span))], xml)?,
            }
        }
        Ok(())
    }

    fn end(&self, xml: &mut Xml<'_>) -> io::Result<()> {
        if self.outline.tail.unit_count == 0 {
            xml.open("trans-unit", &[("id", EMPTY_UNIT_ID), ("translate", "no")])?;
            xml.empty("source", &[])?;
            xml.close("trans-unit")?;
            xml.line_end()?;
        }
        for name in ["body", "file", "xliff"] {
            xml.close(name)?;
        }
        xml.line_end()
    }
}

impl DocumentWriter for Xliff1Writer {
    fn write(&mut self, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let mut xml = Xml::new(out);
        match event {
            Event::Head(head) => self.head(head, &mut xml),
            Event::Unit(unit) => self.unit(unit, &mut xml),
            Event::Tail(_) => self.end(&mut xml),
            // Skeletons are in the outline; the others are not of this format.
            Event::Skeleton(_) | Event::Notice(_) | Event::ModelChunk(_) => Ok(()),
        }
    }
}

/// Groups have no names: the schema wants those to be unique in the file.
fn group(xml: &mut Xml<'_>, facts: &[(&str, String)]) -> io::Result<()> {
    xml.open("context-group", &[("purpose", "information")])?;
    for (name, value) in facts {
        xml.leaf("context", &[("context-type", &format!("x-{OWN}-{name}"))], value)?;
    }
    xml.close("context-group")
}

/// Writes inline elements with ids that are unique in their unit.
struct Inlines {
    form: ProtectedForm,
    number: u32,
    forbidden: u32,
}

impl Inlines {
    fn write(&mut self, runs: &[Run<'_>], xml: &mut Xml<'_>) -> io::Result<()> {
        for run in runs {
            let (kind, text) = match run {
                Run::Text(text) => {
                    self.characters(text, xml)?;
                    continue;
                }
                Run::Protected(kind, text) => (format!("x-{OWN}-{}", kind.name()), text),
            };
            self.number += 1;
            if self.form == ProtectedForm::Placeholder {
                let id = format!("p{}", self.number);
                xml.open("ph", &[("id", &id), ("ctype", &kind)])?;
                xml.text(&legible(text))?;
                xml.close("ph")?;
            } else {
                let id = format!("m{}", self.number);
                xml.open("mrk", &[("mtype", "protected"), ("mid", &id)])?;
                self.characters(text, xml)?;
                xml.close("mrk")?;
            }
        }
        Ok(())
    }

    /// Text with a placeholder for what XML cannot hold: 1.2 has no element for it.
    fn characters(&mut self, text: &str, xml: &mut Xml<'_>) -> io::Result<()> {
        held(text).try_for_each(|held| match held {
            Held::Text(text) => xml.text(text),
            Held::Forbidden(c) => {
                self.forbidden += 1;
                let id = format!("c{}", self.forbidden);
                let kind = format!("{CHARACTER_TYPE}{:04X}", c as u32);
                xml.empty("x", &[("id", &id), ("ctype", &kind)])
            }
        })
    }
}

/// Type of the placeholder of a character that XML cannot hold, before its number.
pub(super) const CHARACTER_TYPE: &str = "x-cesura-cp-";
