//! Reads XLIFF 2.0, 2.1 and 1.2 with targets, as far as merging needs it.
//!
//! Both versions become the same: units of parts, parts of pieces. What other tools put around them
//! (states, notes, matches, metadata) is passed over.

use super::element::{Element, Elements, Next, Node, decoded};
use super::skeleton::{Skeleton, SkeletonPart};
use super::xliff1::CHARACTER_TYPE;
use crate::text::is_ignorable;
use std::collections::HashMap;
use std::sync::Arc;

pub use super::element::XliffError;

/// A file as it came back.
#[derive(Debug, Default)]
pub(super) struct TranslatedFile {
    pub(super) document_id: String,
    pub(super) source_language: String,
    pub(super) target_language: String,
    pub(super) skeleton: Vec<SkeletonPart>,
    pub(super) units: Vec<TranslatedUnit>,
}

/// A unit as it came back.
#[derive(Debug, Default)]
pub(super) struct TranslatedUnit {
    pub(super) id: String,
    pub(super) translatable: bool,
    /// Characters that its target may have.
    pub(super) size_max: Option<u64>,
    pub(super) parts: Vec<TranslatedPart>,
    /// A target of the unit as a whole, where the tool did not keep the segments (1.2).
    pub(super) whole_target: Option<Content>,
    /// Targets for segments that the unit does not have (1.2), by their ids.
    pub(super) strays: Vec<String>,
}

/// A segment or ignorable as it came back.
#[derive(Debug, Default)]
pub(super) struct TranslatedPart {
    pub(super) id: String,
    pub(super) is_segment: bool,
    pub(super) source: Content,
    pub(super) target: Option<Content>,
    /// Where its target stands among those of the unit, from 1; 0: where its source does.
    pub(super) order: u32,
}

/// A text with placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) pieces: Vec<Piece>,
    /// Texts in it that no translation may touch.
    pub(super) protected: Vec<String>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// A placeholder by its id, with what it stands for where the element itself says so.
    /// Shared, since many placeholders may stand for one long text.
    Placeholder(String, Option<Arc<str>>),
}

impl Content {
    /// Its text without placeholders.
    fn bare_text(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Placeholder(..) => String::new(),
        };
        self.pieces.iter().map(text).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Whether nothing of it can be seen.
    pub(super) fn is_blank(&self) -> bool {
        self.pieces.iter().all(|piece| match piece {
            Piece::Text(text) => text.chars().all(is_ignorable),
            Piece::Placeholder(..) => false,
        })
    }

    fn push(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    pub(super) fn extend(&mut self, other: Content) {
        for piece in other.pieces {
            match piece {
                Piece::Text(text) => self.push(&text),
                placeholder @ Piece::Placeholder(..) => self.pieces.push(placeholder),
            }
        }
        self.protected.extend(other.protected);
    }

    /// The same without line ends, and the white space with them, at its edges: segments have none
    /// there, but editors that indent what they write put some in.
    fn without_indentation(mut self) -> Content {
        let edge = |space: &str| space.contains('\n');
        if let Some(Piece::Text(first)) = self.pieces.first_mut() {
            let text = first.trim_start();
            if edge(first.get(..first.len() - text.len()).unwrap_or("")) {
                *first = text.to_owned();
            }
        }
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            let text = last.trim_end();
            if edge(last.get(text.len()..).unwrap_or("")) {
                last.truncate(text.len());
            }
        }
        self.pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        self
    }

    /// Its text with what placeholders say of themselves.
    fn flat_text(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Placeholder(_, original) => original.as_deref().unwrap_or("").to_owned(),
        };
        self.pieces.iter().map(text).collect()
    }

    /// Adds a stretch that no translation may touch. What is protected inside it is so with it.
    fn protect(&mut self, mut inner: Content) {
        inner.protected = vec![inner.bare_text()];
        self.extend(inner);
    }

    /// Adds native code that cannot be moved by itself: a placeholder without a name.
    fn code(&mut self, original: Option<Arc<str>>) {
        self.pieces.push(Piece::Placeholder(String::new(), original));
    }
}

/// The two versions.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Version {
    One,
    Two,
}

/// Reads a file that was exported by us and worked on by others.
pub(super) fn read(bytes: &[u8]) -> Result<TranslatedFile, XliffError> {
    let text = decoded(bytes)?;
    let mut elements = Elements::new(&text);
    let root = elements.root()?;
    if root.name != "xliff" {
        return Err(elements.wrong("the root is not `xliff`"));
    }
    let version = match root.attribute("version") {
        Some("2.0" | "2.1" | "2.2") => Version::Two,
        Some("1.2") => Version::One,
        _ => return Err(elements.wrong("`version` is not one of 1.2, 2.0, 2.1, 2.2")),
    };
    let language = |element: &Element, name: &str| element.attribute(name).unwrap_or("").to_owned();
    let mut file = TranslatedFile {
        source_language: language(&root, "srcLang"),
        target_language: language(&root, "trgLang"),
        ..TranslatedFile::default()
    };
    let (mut depth, mut files, mut skeletons) = (1_usize, 0, 0);
    while depth > 0 {
        match elements.next()? {
            Next::Over => return Err(elements.wrong("the file ends inside an element")),
            Next::End => depth -= 1,
            Next::Begin(element) => match element.name.as_str() {
                "file" => {
                    files += 1;
                    depth += 1;
                    file.document_id = language(&element, "original");
                    if version == Version::One {
                        file.source_language = language(&element, "source-language");
                        file.target_language = language(&element, "target-language");
                    }
                }
                "skeleton" | "internal-file" => {
                    skeletons += 1;
                    let text = plain(&elements.whole(element)?);
                    file.skeleton = Skeleton::parse(&text).map_err(|wrong| {
                        elements.wrong(format!(
                            "the skeleton, ending here, is not ours: character {}",
                            wrong.character
                        ))
                    })?;
                }
                "unit" => file.units.push(unit_of_two(&elements.whole(element)?)),
                "trans-unit" => file.units.push(unit_of_one(&elements.whole(element)?)),
                "group" | "body" | "header" | "skl" => depth += 1,
                _ => elements.skip()?,
            },
        }
    }
    match (files, skeletons) {
        (1, 1) => Ok(file),
        (1, _) => {
            Err(elements
                .wrong("there is not one skeleton in it; only what Export wrote can be merged"))
        }
        _ => Err(elements.wrong(format!("{files} `file` elements; exactly one is allowed"))),
    }
}

/// The text of an element, whatever is in it.
fn plain(element: &Element) -> String {
    element
        .children
        .iter()
        .map(|node| match node {
            Node::Text(text) => text.clone(),
            Node::Element(element) => plain(element),
        })
        .collect()
}

/// A unit of 2.x.
fn unit_of_two(unit: &Element) -> TranslatedUnit {
    let mut data: HashMap<&str, Arc<str>> = HashMap::new();
    for one in unit.element("originalData").into_iter().flat_map(Element::elements) {
        if let Some(id) = one.attribute("id") {
            data.insert(id, content_of_two(one, &HashMap::new()).bare_text().into());
        }
    }
    let parts = unit.elements().filter(|one| matches!(&*one.name, "segment" | "ignorable"));
    let parts = parts.map(|part| {
        let content = |name| {
            let content = part.element(name).map(|one| content_of_two(one, &data));
            // White space is all that an ignorable has.
            if part.name == "segment" { content.map(Content::without_indentation) } else { content }
        };
        let order =
            part.element("target").and_then(|target| target.attribute("order")?.parse().ok());
        TranslatedPart {
            id: part.attribute("id").unwrap_or("").to_owned(),
            is_segment: part.name == "segment",
            source: content("source").unwrap_or_default(),
            target: content("target"),
            order: order.unwrap_or(0),
        }
    });
    TranslatedUnit {
        id: unit.attribute("id").unwrap_or("").to_owned(),
        translatable: unit.attribute("translate") != Some("no"),
        size_max: unit.foreign_attribute("sizeRestriction").and_then(|size| size.parse().ok()),
        parts: parts.collect(),
        ..TranslatedUnit::default()
    }
}

/// A `source`, `target` or `data` of 2.x.
fn content_of_two(element: &Element, data: &HashMap<&str, Arc<str>>) -> Content {
    let mut content = Content::default();
    for node in &element.children {
        let element = match node {
            Node::Text(text) => {
                content.push(text);
                continue;
            }
            Node::Element(element) => element,
        };
        let original = |name| element.attribute(name).and_then(|id| data.get(id).cloned());
        match element.name.as_str() {
            "cp" => {
                let hex =
                    element.attribute("hex").and_then(|hex| u32::from_str_radix(hex, 16).ok());
                content.push(&hex.and_then(char::from_u32).map_or_else(String::new, String::from));
            }
            "ph" => {
                let id = element.attribute("id").unwrap_or("").to_owned();
                content.pieces.push(Piece::Placeholder(id, original("dataRef")));
            }
            "pc" => {
                content.code(original("dataRefStart"));
                content.extend(content_of_two(element, data));
                content.code(original("dataRefEnd"));
            }
            "sc" | "ec" => content.code(original("dataRef")),
            "mrk" => match element.attribute("translate") {
                Some("no") => content.protect(content_of_two(element, data)),
                _ => content.extend(content_of_two(element, data)),
            },
            // Elements of other vocabularies, and `sm`, `em`, which mark and hold nothing.
            _ => {}
        }
    }
    content
}

/// A unit of 1.2.
fn unit_of_one(unit: &Element) -> TranslatedUnit {
    let mut result = TranslatedUnit {
        id: unit.attribute("id").unwrap_or("").to_owned(),
        translatable: unit.attribute("translate") != Some("no"),
        size_max: unit.attribute("maxwidth").and_then(|size| size.parse().ok()),
        parts: source_of_one(unit),
        ..TranslatedUnit::default()
    };
    if let Some(target) = unit.element("target") {
        put_targets_of_one(&mut result, target);
    }
    result
}

/// Gives the parts of a unit of 1.2 their targets. Where the marks in the target are those of the
/// source, in any order, each goes to its own, and the white space between them is the source's:
/// some tools lose it. In all other cases the target stands as a whole for the unit, so that no
/// word of it is lost.
fn put_targets_of_one(unit: &mut TranslatedUnit, target: &Element) {
    let targets = parts_of_one(target);
    let mut places: HashMap<String, usize> = (0..)
        .zip(&unit.parts)
        .filter(|(_, part)| part.is_segment)
        .map(|(place, part)| (part.id.clone(), place))
        .collect();
    let known = places.len();
    let between = |part: &TranslatedPart| is_space(Some(&part.source.flat_text()));
    let mut fits = targets.iter().any(|target| target.is_segment);
    let mut found: Vec<(usize, Content)> = Vec::new();
    for part in targets {
        if !part.is_segment {
            fits &= between(&part);
            continue;
        }
        match places.remove(&part.id) {
            Some(place) => found.push((place, part.source)),
            None => {
                fits = false;
                unit.strays.push(part.id);
            }
        }
    }
    if !fits {
        let whole = content_of_one(target).without_indentation();
        unit.whole_target = (!whole.is_empty()).then_some(whole);
        return;
    }
    let places: Vec<usize> = found.iter().map(|(place, _)| *place).collect();
    // Those that changed their places take the places of each other.
    let in_order = places.is_sorted() || places.len() < known;
    let mut sorted = places;
    sorted.sort_unstable();
    for ((place, content), order) in found.into_iter().zip(sorted) {
        if let Some(part) = unit.parts.get_mut(place) {
            part.target = Some(content);
            if !in_order {
                part.order = u32::try_from(order + 1).unwrap_or(0);
            }
        }
    }
}

/// The source of a unit of 1.2 in its parts. Some editors put line ends for the white space between
/// marks, and leave `source` alone: so what stands between segments is looked up there.
fn source_of_one(unit: &Element) -> Vec<TranslatedPart> {
    let source = unit.element("source").map(content_of_one).unwrap_or_default();
    let source = source.without_indentation();
    let parts = unit.element("seg-source").map(parts_of_one).unwrap_or_default();
    let segments: Vec<TranslatedPart> = parts.into_iter().filter(|part| part.is_segment).collect();
    let text = source.flat_text();
    let between = |text: &str| TranslatedPart {
        source: Content { pieces: vec![Piece::Text(text.to_owned())], ..Content::default() },
        ..TranslatedPart::default()
    };
    let (mut placed, mut behind) = (Vec::new(), 0);
    for segment in segments {
        let rest = text.get(behind..).unwrap_or("");
        let own = segment.source.flat_text();
        let Some(space) = rest.find(own.as_str()).filter(|at| is_space(rest.get(..*at))) else {
            // The two do not say the same: the whole is what we can be sure of.
            return vec![TranslatedPart { is_segment: true, source, ..TranslatedPart::default() }];
        };
        if space > 0 {
            placed.push(between(rest.get(..space).unwrap_or("")));
        }
        behind += space + own.len();
        placed.push(segment);
    }
    match text.get(behind..) {
        Some("") => {}
        Some(_) if placed.is_empty() => {
            placed.push(TranslatedPart { is_segment: true, source, ..TranslatedPart::default() });
        }
        rest => placed.push(between(rest.unwrap_or(""))),
    }
    placed
}

fn is_space(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.chars().all(is_ignorable))
}

/// The marked segments of a `seg-source` or `target` of 1.2, in whatever else they stand, and what
/// stands between them.
fn parts_of_one(element: &Element) -> Vec<TranslatedPart> {
    let mut parts = Vec::new();
    add_parts_of_one(&mut parts, element);
    parts
}

fn add_parts_of_one(parts: &mut Vec<TranslatedPart>, element: &Element) {
    for node in &element.children {
        match node {
            Node::Element(mark) if is_segment_mark(mark) => parts.push(TranslatedPart {
                id: mark.attribute("mid").unwrap_or("").to_owned(),
                is_segment: true,
                source: content_of_one(mark).without_indentation(),
                ..TranslatedPart::default()
            }),
            Node::Element(outer) if outer.elements().any(holds_segment_mark) => {
                add_parts_of_one(parts, outer);
            }
            _ => {
                if parts.last().is_none_or(|part| part.is_segment) {
                    parts.push(TranslatedPart::default());
                }
                if let Some(part) = parts.last_mut() {
                    add_node_of_one(&mut part.source, node);
                }
            }
        }
    }
}

fn is_segment_mark(element: &Element) -> bool {
    element.name == "mrk" && element.attribute("mtype") == Some("seg")
}

fn holds_segment_mark(element: &Element) -> bool {
    is_segment_mark(element) || element.elements().any(holds_segment_mark)
}

/// A text of 1.2.
fn content_of_one(element: &Element) -> Content {
    let mut content = Content::default();
    element.children.iter().for_each(|node| add_node_of_one(&mut content, node));
    content
}

fn add_node_of_one(content: &mut Content, node: &Node) {
    let element = match node {
        Node::Text(text) => return content.push(text),
        Node::Element(element) => element,
    };
    let id = || element.attribute("id").unwrap_or("").to_owned();
    match element.name.as_str() {
        "x" => {
            let hex = element.attribute("ctype").and_then(|kind| kind.strip_prefix(CHARACTER_TYPE));
            let c = hex.and_then(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?));
            match c {
                Some(c) => content.push(c.encode_utf8(&mut [0; 4])),
                None => content.pieces.push(Piece::Placeholder(id(), None)),
            }
        }
        "ph" => {
            let original = plain(element);
            let original = (!original.is_empty()).then_some(original.into());
            content.pieces.push(Piece::Placeholder(id(), original));
        }
        "bpt" | "ept" | "it" => content.push(&plain(element)),
        "g" => content.extend(content_of_one(element)),
        "mrk" => match element.attribute("mtype") {
            Some("protected") => content.protect(content_of_one(element)),
            _ => content.extend(content_of_one(element)),
        },
        _ => {}
    }
}
