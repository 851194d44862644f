//! Writes XLIFF 2.1 (OASIS standard, 13 February 2018), of which it uses nothing that 2.0 lacks.
//!
//! ```xml
//! <xliff version="2.1" srcLang="it" …><file id="f1" xml:space="preserve" canResegment="no">
//! <skeleton>{u1}\n\n
//! {u2}</skeleton>
//! <unit id="u1" type="cesura:headline"><mda:metadata>…</mda:metadata><notes>…</notes>
//! <segment id="s1"><source>Vertice a Mosca</source></segment>
//! </unit>
//! …
//! ```
//!
//! A unit is a block, a segment a sentence, an ignorable the white space between two; the skeleton
//! holds what stands between units. Merging puts `target`, or where there is none `source`, of each
//! in the place that the skeleton gives it.

use super::content::{Part, Run, parts};
use super::outline::Outline;
use super::xliff::{
    OWN, ProtectedForm, XliffChoices, annotation_type, notes, segment_facts, unit_facts,
};
use super::xml::{Held, Xml, held, legible};
use super::{DocumentWriter, EMPTY_SKELETON, EMPTY_UNIT_ID};
use crate::document::{Event, Head, Unit};
use std::io::{self, Write};

/// Writes the events of one document as an XLIFF 2.1 file.
#[derive(Debug)]
pub struct Xliff2Writer {
    choices: XliffChoices,
    outline: Outline,
}

impl Xliff2Writer {
    /// A writer of the document whose first reading gave this outline.
    pub fn new(choices: XliffChoices, outline: Outline) -> Xliff2Writer {
        Xliff2Writer { choices, outline }
    }

    fn head(&self, head: &Head, xml: &mut Xml<'_>) -> io::Result<()> {
        let choices = &self.choices;
        xml.declaration()?;
        let mut root = vec![
            ("xmlns", "urn:oasis:names:tc:xliff:document:2.0"),
            ("xmlns:mda", "urn:oasis:names:tc:xliff:metadata:2.0"),
            ("version", "2.1"),
            ("srcLang", head.language.tag.as_str()),
        ];
        if let Some(target) = &choices.target_language {
            root.push(("trgLang", target.as_str()));
        }
        if choices.target_size_percent_max.is_some() {
            root.push(("xmlns:slr", "urn:oasis:names:tc:xliff:sizerestriction:2.0"));
        }
        xml.open("xliff", &root)?;
        xml.line_end()?;
        let original = legible(&choices.document_id);
        let resegment = if choices.resegmentable { "yes" } else { "no" };
        let mut file = vec![("id", "f1"), ("xml:space", "preserve"), ("canResegment", resegment)];
        if !original.is_empty() {
            file.push(("original", &original));
        }
        xml.open("file", &file)?;
        xml.line_end()?;
        xml.leaf("skeleton", &[], self.skeleton())?;
        xml.line_end()?;
        if choices.target_size_percent_max.is_some() {
            xml.empty("slr:profiles", &[("generalProfile", "xliff:codepoints")])?;
            xml.line_end()?;
        }
        xml.open("mda:metadata", &[])?;
        group(xml, "document", &self.document_facts(head))?;
        xml.close("mda:metadata")?;
        xml.line_end()
    }

    /// A file must have a unit, and a skeleton something in it.
    fn skeleton(&self) -> &str {
        match self.outline.tail.unit_count {
            0 if self.outline.skeleton.as_str().is_empty() => EMPTY_SKELETON,
            _ => self.outline.skeleton.as_str(),
        }
    }

    fn document_facts(&self, head: &Head) -> [(&'static str, String); 5] {
        [
            ("generator", concat!("cesura ", env!("CARGO_PKG_VERSION")).to_owned()),
            ("charset", head.charset.name().to_owned()),
            ("sourceDigest", self.outline.source_digest()),
            ("tailoring", head.tailoring.to_owned()),
            ("tailoringRevision", head.tailoring_revision.to_string()),
        ]
    }

    fn unit(&self, unit: &Unit, xml: &mut Xml<'_>) -> io::Result<()> {
        let id = format!("u{}", unit.number);
        let name = unit.identity.as_ref().map(ToString::to_string);
        let kind = format!("{OWN}:{}", unit.kind.name());
        let size_max = self.choices.target_size_max(unit).map(|size| size.to_string());
        let mut attributes = vec![("id", id.as_str())];
        attributes.extend(name.as_deref().map(|name| ("name", name)));
        attributes.push(("type", &kind));
        attributes.extend((!unit.translatable()).then_some(("translate", "no")));
        attributes.extend(size_max.as_deref().map(|size| ("slr:sizeRestriction", size)));
        xml.open("unit", &attributes)?;
        xml.line_end()?;
        xml.open("mda:metadata", &[])?;
        group(xml, "unit", &unit_facts(unit))?;
        for segment in &unit.segments {
            group(xml, "segment", &segment_facts(segment))?;
        }
        xml.close("mda:metadata")?;
        xml.line_end()?;
        xml.open("notes", &[])?;
        for (number, (category, text)) in (1..).zip(notes(unit)) {
            let id = format!("n{number}");
            xml.leaf("note", &[("id", &id), ("category", category)], &text)?;
        }
        xml.close("notes")?;
        xml.line_end()?;
        let mut inlines = Inlines { form: self.choices.protected, number: 0 };
        self.original_data(unit, xml)?;
        for part in parts(unit) {
            let (name, id, span) = match part {
                Part::Segment(segment) => ("segment", format!("s{}", segment.number), segment.span),
                Part::Ignorable(number, span) => ("ignorable", format!("i{number}"), span),
            };
            xml.open(name, &[("id", &id)])?;
            xml.open("source", &[])?;
            inlines.write(&self.choices.runs(unit, span), xml)?;
            xml.close("source")?;
            xml.close(name)?;
            xml.line_end()?;
        }
        xml.close("unit")?;
        xml.line_end()
    }

    /// The texts that placeholders stand for, numbered as [`Inlines`] numbers them.
    fn original_data(&self, unit: &Unit, xml: &mut Xml<'_>) -> io::Result<()> {
        if self.choices.protected != ProtectedForm::Placeholder {
            return Ok(());
        }
        let runs = unit.segments.iter().flat_map(|one| self.choices.runs(unit, one.span));
        let protected = runs.filter_map(|run| match run {
            Run::Protected(_, text) => Some(text),
            Run::Text(_) => None,
        });
        let mut protected = (1..).zip(protected).peekable();
        if protected.peek().is_none() {
            return Ok(());
        }
        xml.open("originalData", &[])?;
        for (number, text) in protected {
            xml.open("data", &[("id", &format!("d{number}"))])?;
            characters(text, xml)?;
            xml.close("data")?;
        }
        xml.close("originalData")?;
        xml.line_end()
    }

    fn end(&self, xml: &mut Xml<'_>) -> io::Result<()> {
        if self.outline.tail.unit_count == 0 {
            xml.open("unit", &[("id", EMPTY_UNIT_ID), ("translate", "no")])?;
            xml.open("segment", &[("id", "s0")])?;
            xml.empty("source", &[])?;
            xml.close("segment")?;
            xml.close("unit")?;
            xml.line_end()?;
        }
        xml.close("file")?;
        xml.line_end()?;
        xml.close("xliff")?;
        xml.line_end()
    }
}

impl DocumentWriter for Xliff2Writer {
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

fn group(xml: &mut Xml<'_>, category: &str, facts: &[(&str, String)]) -> io::Result<()> {
    xml.open("mda:metaGroup", &[("category", &format!("{OWN}:{category}"))])?;
    for (name, value) in facts {
        xml.leaf("mda:meta", &[("type", name)], value)?;
    }
    xml.close("mda:metaGroup")
}

/// Text with `<cp>` for what XML cannot hold.
fn characters(text: &str, xml: &mut Xml<'_>) -> io::Result<()> {
    held(text).try_for_each(|held| match held {
        Held::Text(text) => xml.text(text),
        Held::Forbidden(c) => xml.empty("cp", &[("hex", &format!("{:04X}", c as u32))]),
    })
}

/// Writes inline elements with ids that are unique in their unit.
struct Inlines {
    form: ProtectedForm,
    number: u32,
}

impl Inlines {
    fn write(&mut self, runs: &[Run<'_>], xml: &mut Xml<'_>) -> io::Result<()> {
        for run in runs {
            let (kind, text) = match run {
                Run::Text(text) => {
                    characters(text, xml)?;
                    continue;
                }
                Run::Protected(kind, text) => (annotation_type(*kind), text),
            };
            self.number += 1;
            match self.form {
                ProtectedForm::Placeholder => {
                    let (id, data) = (format!("p{}", self.number), format!("d{}", self.number));
                    // The type is one of six that the standard has; what it is says the subtype.
                    let shown = legible(text);
                    let attributes = [
                        ("id", id.as_str()),
                        ("dataRef", &data),
                        ("type", "other"),
                        ("subType", &kind),
                        ("disp", &shown),
                        ("canDelete", "no"),
                    ];
                    xml.empty("ph", &attributes)?;
                }
                ProtectedForm::Marked | ProtectedForm::Plain => {
                    let id = format!("m{}", self.number);
                    xml.open("mrk", &[("id", &id), ("translate", "no"), ("type", &kind)])?;
                    characters(text, xml)?;
                    xml.close("mrk")?;
                }
            }
        }
        Ok(())
    }
}
