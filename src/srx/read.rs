//! The XML of an SRX 2.0 file, read with the line of every rule.

use super::{SrxError, SrxLimits, dialect};
use crate::rule::Verdict;
use regex_automata::meta::Regex;
use regex_syntax::hir::Hir;
use roxmltree::{Document, Node, ParsingOptions};

/// Namespace of SRX 2.0.
const NAMESPACE: &str = "http://www.lisa.org/srx20";

/// Nodes of XML that a file may have for each rule, white space and comments included.
const NODES_PER_RULE: usize = 16;

/// Nodes of XML besides: header, maps, notes.
const NODES_BESIDES: usize = 4096;

/// Bytes of one language pattern once compiled.
const LANGUAGE_PATTERN_BYTES_MAX: usize = 1 << 16;

pub(super) struct File {
    pub(super) cascade: bool,
    pub(super) sets: Vec<Set>,
    pub(super) maps: Vec<Map>,
}

/// One `<languagerule>`.
pub(super) struct Set {
    name: String,
    pub(super) line: u32,
    pub(super) rules: Vec<Rule>,
}

/// One `<rule>`.
pub(super) struct Rule {
    pub(super) line: u32,
    pub(super) verdict: Verdict,
    pub(super) before: Hir,
    pub(super) after: Hir,
}

/// One `<languagemap>`.
pub(super) struct Map {
    pub(super) pattern: Regex,
    pub(super) set: usize,
}

/// Reads a file.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub(super) fn file(xml: &str, limits: &SrxLimits) -> Result<File, SrxError> {
    if xml.len() > limits.bytes_max {
        let message =
            format!("{} bytes given, at most {} are allowed", xml.len(), limits.bytes_max);
        return Err(SrxError { line: 1, message });
    }
    let nodes_limit =
        u32::try_from(limits.rules_max.saturating_mul(NODES_PER_RULE) + NODES_BESIDES);
    let options =
        ParsingOptions { nodes_limit: nodes_limit.unwrap_or(u32::MAX), ..Default::default() };
    let document = Document::parse_with_options(xml, options).map_err(|error| SrxError {
        line: error.pos().row,
        message: format!("this is no XML that can be read: {error}"),
    })?;
    Reader { document: &document, limits }.file()
}

struct Reader<'d> {
    document: &'d Document<'d>,
    limits: &'d SrxLimits,
}

impl<'d> Reader<'d> {
    fn line(&self, node: Node<'_, '_>) -> u32 {
        self.document.text_pos_at(node.range().start).row
    }

    fn error(&self, node: Node<'_, '_>, message: impl Into<String>) -> SrxError {
        SrxError { line: self.line(node), message: message.into() }
    }

    fn file(&self) -> Result<File, SrxError> {
        let root = self.document.root_element();
        if !is(root, "srx") {
            let message =
                format!("the root element must be <srx> in the namespace {NAMESPACE} (SRX 2.0)");
            return Err(self.error(root, message));
        }
        let header = self.child(root, "header")?;
        let cascade = self.yes_or_no(header, "cascade", None)?;
        let body = self.child(root, "body")?;
        let mut sets: Vec<Set> = Vec::new();
        let mut rules_left = self.limits.rules_max;
        for node in children(self.child(body, "languagerules")?, "languagerule") {
            let set = self.set(node, &mut rules_left)?;
            if sets.iter().any(|other| other.name == set.name) {
                return Err(self.error(node, "a languagerule of this name stands above already"));
            }
            sets.push(set);
        }
        let mut maps = Vec::new();
        for node in children(self.child(body, "maprules")?, "languagemap") {
            maps.push(self.map(node, &sets)?);
        }
        Ok(File { cascade, sets, maps })
    }

    fn set(&self, node: Node<'d, 'd>, rules_left: &mut usize) -> Result<Set, SrxError> {
        let name = self.attribute(node, "languagerulename")?.to_owned();
        let mut rules = Vec::new();
        for rule in children(node, "rule") {
            *rules_left = rules_left.checked_sub(1).ok_or_else(|| {
                let message =
                    format!("more than the {} rules that are allowed", self.limits.rules_max);
                self.error(rule, message)
            })?;
            rules.push(self.rule(rule)?);
        }
        Ok(Set { name, line: self.line(node), rules })
    }

    fn rule(&self, node: Node<'d, 'd>) -> Result<Rule, SrxError> {
        let breaks = self.yes_or_no(node, "break", Some(true))?;
        Ok(Rule {
            line: self.line(node),
            verdict: if breaks { Verdict::Break } else { Verdict::Join },
            before: self.expression(node, "beforebreak")?,
            after: self.expression(node, "afterbreak")?,
        })
    }

    /// The expression in a child of a rule; without that child anything matches.
    fn expression(&self, rule: Node<'d, 'd>, name: &str) -> Result<Hir, SrxError> {
        let Some(node) = children(rule, name).next() else { return Ok(Hir::empty()) };
        let text: String = node.children().filter_map(|child| child.text()).collect();
        dialect::parse(&text).map_err(|message| self.error(node, format!("<{name}>: {message}")))
    }

    fn map(&self, node: Node<'d, 'd>, sets: &[Set]) -> Result<Map, SrxError> {
        let name = self.attribute(node, "languagerulename")?;
        let Some(set) = sets.iter().position(|set| set.name == name) else {
            return Err(self.error(node, "languagerulename: no languagerule has this name"));
        };
        let pattern = self.attribute(node, "languagepattern")?;
        let refused = |message: String| self.error(node, format!("languagepattern: {message}"));
        // Checked alone first: `)(` must not close the brackets that are put around it.
        dialect::parse(pattern).map_err(refused)?;
        let pattern = Regex::builder()
            .configure(
                regex_automata::meta::Config::new()
                    .nfa_size_limit(Some(LANGUAGE_PATTERN_BYTES_MAX)),
            )
            .build(&format!("(?i)\\A(?:{pattern})\\z"))
            .map_err(|error| refused(error.to_string()))?;
        Ok(Map { pattern, set })
    }

    fn child(&self, node: Node<'d, 'd>, name: &str) -> Result<Node<'d, 'd>, SrxError> {
        children(node, name).next().ok_or_else(|| {
            let inside = node.tag_name().name();
            self.error(node, format!("<{inside}> has no <{name}>, which SRX 2.0 requires"))
        })
    }

    fn attribute(&self, node: Node<'d, 'd>, name: &str) -> Result<&'d str, SrxError> {
        node.attribute(name).ok_or_else(|| {
            let element = node.tag_name().name();
            self.error(node, format!("<{element}> has no {name}, which SRX 2.0 requires"))
        })
    }

    fn yes_or_no(
        &self,
        node: Node<'d, 'd>,
        name: &str,
        default: Option<bool>,
    ) -> Result<bool, SrxError> {
        let given = match (node.attribute(name), default) {
            (None, Some(default)) => return Ok(default),
            _ => self.attribute(node, name)?,
        };
        match given {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(self.error(node, format!("{name}: allowed are \"yes\" and \"no\""))),
        }
    }
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element()
        && node.tag_name().name() == name
        && node.tag_name().namespace() == Some(NAMESPACE)
}

fn children<'d, 'n>(
    node: Node<'d, 'd>,
    name: &'n str,
) -> impl Iterator<Item = Node<'d, 'd>> + use<'d, 'n> {
    node.children().filter(move |child| is(*child, name))
}
