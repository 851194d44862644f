//! XML as all formats here write it.

use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::writer::Writer;
use std::io::{self, Write};

/// Writes elements one after the other; what is opened stays open between calls.
pub(super) struct Xml<'a>(Writer<&'a mut dyn Write>);

/// A stretch of text as XML 1.0 can and cannot hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held<'a> {
    /// Characters that it holds.
    Text(&'a str),
    /// A character that it cannot hold in any way (XML 1.0, production 2).
    Forbidden(char),
}

/// Whether XML 1.0 cannot hold it. Surrogates are no `char`s.
fn is_forbidden(c: char) -> bool {
    c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// The stretches of a text.
pub(super) fn held(text: &str) -> impl Iterator<Item = Held<'_>> {
    text.split_inclusive(is_forbidden).flat_map(|piece| {
        let last = piece.chars().next_back().filter(|c| is_forbidden(*c));
        let end = piece.len() - last.map_or(0, char::len_utf8);
        let before = piece.get(..end).filter(|text| !text.is_empty()).map(Held::Text);
        before.into_iter().chain(last.map(Held::Forbidden))
    })
}

/// The same text as an attribute can hold it: what XML cannot hold or would change is replaced. For
/// what people read; nothing that has to come back goes through here.
pub(super) fn legible(text: &str) -> String {
    let safe = |c: char| match c {
        _ if is_forbidden(c) => char::REPLACEMENT_CHARACTER,
        '\t' | '\n' | '\r' => ' ',
        c => c,
    };
    text.chars().map(safe).collect()
}

impl<'a> Xml<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Xml<'a> {
        Xml(Writer::new(out))
    }

    pub(super) fn declaration(&mut self) -> io::Result<()> {
        self.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.line_end()
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Start(element(name, attributes)))
    }

    pub(super) fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Empty(element(name, attributes)))
    }

    /// Text without characters that XML cannot hold. A bare CR would be read as LF.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        let escaped = partial_escape(text);
        let escaped = match escaped.contains('\r') {
            true => escaped.replace('\r', "&#13;").into(),
            false => escaped,
        };
        self.0.write_event(Event::Text(BytesText::from_escaped(escaped)))
    }

    /// An element with nothing but text.
    pub(super) fn leaf(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        text: &str,
    ) -> io::Result<()> {
        self.open(name, attributes)?;
        self.text(text)?;
        self.close(name)
    }

    /// A line end between elements, where white space means nothing.
    pub(super) fn line_end(&mut self) -> io::Result<()> {
        self.0.get_mut().write_all(b"\n")
    }
}

fn element<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut element = BytesStart::new(name);
    for attribute in attributes {
        element.push_attribute(*attribute);
    }
    element
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_told_apart() {
        let found: Vec<Held<'_>> = held("a\u{1}\u{FFFE}è\n").collect();
        use Held::{Forbidden, Text};
        assert_eq!(found, [Text("a"), Forbidden('\u{1}'), Forbidden('\u{FFFE}'), Text("è\n")]);
        assert_eq!(held("").count(), 0);
        assert_eq!(legible("a\nb\u{0}"), "a b\u{FFFD}");
    }

    #[test]
    fn text_is_escaped_and_keeps_its_line_ends() -> io::Result<()> {
        let mut out = Vec::new();
        Xml::new(&mut out).leaf("a", &[("b", "\"<")], "x < y & z]]>\r\n")?;
        let expected = "<a b=\"&quot;&lt;\">x &lt; y &amp; z]]&gt;&#13;\n</a>";
        assert_eq!(String::from_utf8_lossy(&out), expected);
        Ok(())
    }
}
