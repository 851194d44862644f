//! XML as all formats here read it: an element at a time, within limits, with the place of what is
//! wrong. Document types and with them all entities but the five of XML are refused.

use crate::text::Charset;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use std::borrow::Cow;
use std::fmt;

/// Elements in each other at most: honest files have a tenth of it.
const DEPTH_MAX: usize = 100;

/// Attributes of one element at most.
const ATTRIBUTES_MAX: usize = 100;

/// A file that cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XliffError {
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for XliffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for XliffError {}

/// An element with all that it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name without prefix; empty for one of another vocabulary.
    pub(super) name: String,
    /// By their whole names.
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// The value of an attribute of the vocabulary itself, which has no prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute of another vocabulary, whatever its prefix is.
    pub(super) fn foreign_attribute(&self, name: &str) -> Option<&str> {
        let foreign = |one: &str| one.split_once(':').is_some_and(|(_, local)| local == name);
        self.attributes.iter().find(|(one, _)| foreign(one)).map(|(_, value)| value.as_str())
    }

    /// The elements in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of this name in it.
    pub(super) fn element(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }
}

/// A file in UTF-8: by its byte order mark, else by what it declares.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, XliffError> {
    let label = match bytes {
        [0xFF, 0xFE, ..] => "utf-16le",
        [0xFE, 0xFF, ..] => "utf-16be",
        _ => declared_encoding(bytes).unwrap_or("utf-8"),
    };
    let wrong = |message: &str| XliffError { line: 1, column: 1, message: message.to_owned() };
    let charset = Charset::for_label(label).ok_or(wrong("its encoding is not known"))?;
    if charset == Charset::UTF_8 {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            at(&String::from_utf8_lossy(before), before.len(), "not UTF-8")
        })?;
        return Ok(Cow::Borrowed(text.strip_prefix('\u{FEFF}').unwrap_or(text)));
    }
    if charset.has_malformed(bytes) {
        return Err(wrong("not in the encoding that it declares"));
    }
    let text = charset.decode(bytes);
    Ok(Cow::Owned(text.strip_prefix('\u{FEFF}').unwrap_or(&text).to_owned()))
}

/// The encoding that `<?xml … encoding="…"?>` names.
fn declared_encoding(bytes: &[u8]) -> Option<&str> {
    let head = bytes.get(..bytes.len().min(200))?;
    let declaration = head.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|two| two == b"?>")?;
    let declaration = std::str::from_utf8(declaration.get(..end)?).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next()?;
    value.get(1..)?.split(quote).next()
}

/// An error at a byte of the text.
fn at(text: &str, byte: usize, message: impl Into<String>) -> XliffError {
    let before = crate::text::head(text, byte);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    XliffError {
        line: before.matches('\n').count() + 1,
        column: before.get(line_start..).unwrap_or("").chars().count() + 1,
        message: message.into(),
    }
}

/// Reads elements one after the other.
pub(super) struct Elements<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    /// Prefix of the root, with its colon: elements of other prefixes are of other vocabularies.
    prefix: String,
}

/// What comes next in a file.
pub(super) enum Next {
    /// An element begins; nothing of what it holds is read yet.
    Begin(Element),
    /// The element that began last, and has not ended, ends.
    End,
    /// The file ends.
    Over,
}

impl<'a> Elements<'a> {
    pub(super) fn new(text: &'a str) -> Elements<'a> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Elements { text, reader, prefix: String::new() }
    }

    /// An error at the place that was read last.
    pub(super) fn wrong(&self, message: impl Into<String>) -> XliffError {
        at(self.text, self.place(), message)
    }

    fn place(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn event(&mut self) -> Result<Event<'a>, XliffError> {
        self.reader.read_event().map_err(|error| {
            let place = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
            at(self.text, place, ill_formed(&error))
        })
    }

    /// The root: takes the prefix of its vocabulary.
    pub(super) fn root(&mut self) -> Result<Element, XliffError> {
        loop {
            match self.event()? {
                Event::Start(start) => {
                    let name = start.name();
                    let name = String::from_utf8_lossy(name.as_ref()).into_owned();
                    self.prefix = name
                        .split_once(':')
                        .map_or(String::new(), |(prefix, _)| prefix.to_owned() + ":");
                    return self.begin(&start);
                }
                Event::DocType(_) => return Err(self.wrong(NO_DOCTYPE)),
                Event::Eof => return Err(self.wrong("there is no element in it")),
                _ => {}
            }
        }
    }

    /// What comes next; text outside the elements that are read as a whole means nothing.
    pub(super) fn next(&mut self) -> Result<Next, XliffError> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Next::Begin(self.begin(&start)?)),
                Event::End(_) => return Ok(Next::End),
                Event::Eof => return Ok(Next::Over),
                Event::DocType(_) => return Err(self.wrong(NO_DOCTYPE)),
                _ => {}
            }
        }
    }

    /// The rest of an element that has begun.
    pub(super) fn whole(&mut self, begun: Element) -> Result<Element, XliffError> {
        let mut open = vec![begun];
        while let Some(current) = open.last_mut() {
            let text = match self.event()? {
                Event::Start(start) => {
                    if open.len() >= DEPTH_MAX {
                        return Err(self.wrong(format!("over {DEPTH_MAX} elements in each other")));
                    }
                    open.push(self.begin(&start)?);
                    continue;
                }
                Event::End(_) => {
                    let Some(ended) = open.pop() else { break };
                    match open.last_mut() {
                        Some(outer) => outer.children.push(Node::Element(ended)),
                        None => return Ok(ended),
                    }
                    continue;
                }
                // XML 1.0: the line ends of 1.1 (U+0085, U+2028) are characters like others.
                Event::Text(text) => text.xml10_content().map_err(|_| self.wrong("not UTF-8"))?,
                Event::CData(data) => data.xml10_content().map_err(|_| self.wrong("not UTF-8"))?,
                Event::GeneralRef(reference) => self.reference(&reference)?.to_string().into(),
                Event::DocType(_) => return Err(self.wrong(NO_DOCTYPE)),
                Event::Eof => break,
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::Empty(_) => continue,
            };
            match current.children.last_mut() {
                Some(Node::Text(before)) => before.push_str(&text),
                _ => current.children.push(Node::Text(text.into_owned())),
            }
        }
        Err(self.wrong("the file ends inside an element"))
    }

    /// Passes over the rest of an element that has begun.
    pub(super) fn skip(&mut self) -> Result<(), XliffError> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.event()? {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(self.wrong("the file ends inside an element")),
                Event::DocType(_) => return Err(self.wrong(NO_DOCTYPE)),
                _ => {}
            }
        }
        Ok(())
    }

    fn reference(&self, reference: &BytesRef<'_>) -> Result<char, XliffError> {
        let number = reference.resolve_char_ref().map_err(|_| self.wrong(UNKNOWN_ENTITY))?;
        if let Some(c) = number {
            return Ok(c);
        }
        match &**reference {
            b"lt" => Ok('<'),
            b"gt" => Ok('>'),
            b"amp" => Ok('&'),
            b"apos" => Ok('\''),
            b"quot" => Ok('"'),
            _ => Err(self.wrong(UNKNOWN_ENTITY)),
        }
    }

    fn begin(&self, start: &BytesStart<'_>) -> Result<Element, XliffError> {
        let name = start.name();
        let name = std::str::from_utf8(name.as_ref()).unwrap_or("");
        let own = name.strip_prefix(&*self.prefix).filter(|name| !name.contains(':'));
        let mut element = Element { name: own.unwrap_or("").to_owned(), ..Element::default() };
        // The reader's own check for duplicates is quadratic, whatever their number.
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| self.wrong("an attribute is not well-formed"))?;
            let value = attribute.unescape_value();
            let value = value.map_err(|_| self.wrong(UNKNOWN_ENTITY))?;
            let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            if element.attributes.len() == ATTRIBUTES_MAX {
                return Err(self.wrong(format!("over {ATTRIBUTES_MAX} attributes")));
            }
            if element.attributes.iter().any(|(one, _)| *one == name) {
                return Err(self.wrong("an attribute stands twice"));
            }
            element.attributes.push((name, value.into_owned()));
        }
        Ok(element)
    }
}

/// What is not well-formed, without a word of the file.
fn ill_formed(error: &quick_xml::Error) -> &'static str {
    use quick_xml::errors::IllFormedError as Ill;
    match error {
        quick_xml::Error::IllFormed(Ill::MismatchedEndTag { .. }) => {
            "an element is closed by the end of another"
        }
        quick_xml::Error::IllFormed(Ill::UnmatchedEndTag(_)) => {
            "the end of an element that has not begun"
        }
        quick_xml::Error::IllFormed(Ill::MissingEndTag(_)) => "the file ends inside an element",
        quick_xml::Error::Syntax(_) => "the file ends inside a tag, a comment or the like",
        _ => "not well-formed",
    }
}

const UNKNOWN_ENTITY: &str = "a reference that XML does not have by itself, or a bare &";

const NO_DOCTYPE: &str = "a document type is not allowed: it could bring entities";
