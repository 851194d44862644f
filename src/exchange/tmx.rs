//! Writes TMX 1.4b (LISA, 26 April 2005): pairs of a text and its translation for translation
//! memories.
//!
//! ```xml
//! <tmx version="1.4"><header creationtool="cesura" segtype="sentence" srclang="it" …/><body>
//! <tu tuid="b1"><prop type="x-confidence">0.99</prop><prop type="x-bead">1:1</prop>
//! <tuv xml:lang="it"><seg>Kim è a Mosca.</seg></tuv>
//! <tuv xml:lang="en"><seg>Kim is in Moscow.</seg></tuv></tu>
//! ```

use super::xml::{Xml, legible};
use std::io::{self, Write};

/// Choices for TMX.
#[derive(Clone, Debug, Default)]
pub struct TmxChoices {
    /// Pairs that are less sure are left out; 0 to 1.
    pub confidence_min: f32,
}

/// A text and its translation.
#[derive(Clone, Copy, Debug)]
pub struct TmxPair<'a> {
    /// 1-based number of the bead.
    pub number: u32,
    /// Segments of the source, in order, at least one.
    pub source: &'a [&'a str],
    /// Segments of the target, in order, at least one.
    pub target: &'a [&'a str],
    /// How sure the pair is: 0 to 1.
    pub confidence: f32,
    /// Name of the kind of block that the source stands in, where that is known.
    pub kind: Option<&'a str>,
}

/// Writes pairs as a TMX file.
#[derive(Debug)]
pub struct TmxWriter {
    choices: TmxChoices,
    source_language: String,
    target_language: String,
}

impl TmxWriter {
    /// A writer for texts in these languages (BCP-47).
    pub fn new(choices: TmxChoices, source_language: &str, target_language: &str) -> TmxWriter {
        TmxWriter {
            choices,
            source_language: source_language.to_owned(),
            target_language: target_language.to_owned(),
        }
    }

    /// Writes what comes before the first pair. `documents` are ids of the two texts.
    ///
    /// # Errors
    /// Those of `out`, here and below.
    pub fn begin(&self, documents: [&str; 2], out: &mut dyn Write) -> io::Result<()> {
        let mut xml = Xml::new(out);
        xml.declaration()?;
        xml.open("tmx", &[("version", "1.4")])?;
        xml.line_end()?;
        let header = [
            ("creationtool", "cesura"),
            ("creationtoolversion", env!("CARGO_PKG_VERSION")),
            ("segtype", "sentence"),
            ("o-tmf", "cesura"),
            ("adminlang", "en"),
            ("srclang", self.source_language.as_str()),
            ("datatype", "plaintext"),
        ];
        xml.open("header", &header)?;
        for (kind, id) in ["x-source-document", "x-target-document"].into_iter().zip(documents) {
            if !id.is_empty() {
                xml.leaf("prop", &[("type", kind)], &legible(id))?;
            }
        }
        xml.close("header")?;
        xml.line_end()?;
        xml.open("body", &[])?;
        xml.line_end()
    }

    /// Writes a pair, if it is sure enough and has both sides.
    ///
    /// # Errors
    /// As [`TmxWriter::begin`].
    pub fn pair(&self, pair: &TmxPair<'_>, out: &mut dyn Write) -> io::Result<()> {
        let (source, target) = (pair.source, pair.target);
        let wanted = pair.confidence >= self.choices.confidence_min;
        if !wanted || source.is_empty() || target.is_empty() {
            return Ok(());
        }
        let mut xml = Xml::new(out);
        let id = format!("b{}", pair.number);
        let single = source.len() == 1 && target.len() == 1;
        let mut attributes = vec![("tuid", id.as_str())];
        // Several sentences in one `seg` are none.
        attributes.extend((!single).then_some(("segtype", "block")));
        xml.open("tu", &attributes)?;
        let bead = format!("{}:{}", source.len(), target.len());
        xml.leaf("prop", &[("type", "x-bead")], &bead)?;
        let confidence = format!("{:.2}", pair.confidence);
        xml.leaf("prop", &[("type", "x-confidence")], &confidence)?;
        if let Some(kind) = pair.kind {
            xml.leaf("prop", &[("type", "x-kind")], kind)?;
        }
        for (language, texts) in [(&self.source_language, source), (&self.target_language, target)]
        {
            xml.open("tuv", &[("xml:lang", language)])?;
            xml.leaf("seg", &[], &legible(&texts.join(" ")))?;
            xml.close("tuv")?;
        }
        xml.close("tu")?;
        xml.line_end()
    }

    /// Writes what comes behind the last pair.
    ///
    /// # Errors
    /// As [`TmxWriter::begin`].
    pub fn end(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut xml = Xml::new(out);
        xml.close("body")?;
        xml.close("tmx")?;
        xml.line_end()
    }
}
