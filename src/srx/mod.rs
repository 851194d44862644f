//! SRX 2.0: a customer's own segmentation rules, asked before ours.
//!
//! Invariants: a position is decided by the first rule, in the order of the file, whose two
//! expressions match around it; the work is linear in the text and bounded by
//! [`SrxLimits::steps_per_byte_max`]; what cannot be supported is refused with its line when the
//! file is read, never when it is used.

mod automaton;
mod dialect;
mod read;

use crate::language::LanguageTag;
use crate::rule::{RuleId, Verdict};
use automaton::{Automaton, Direction};
use regex_syntax::hir::Hir;
use std::fmt;

/// Where a set of rules came from; the name of its rules begins with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SrxSource {
    /// Given with the request: `srx.request.line-12`.
    Request,
    /// Given to the server: `srx.server.line-12`.
    Server,
}

impl SrxSource {
    fn rule_name(self) -> &'static str {
        match self {
            SrxSource::Request => "srx.request",
            SrxSource::Server => "srx.server",
        }
    }
}

/// What one set of rules may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SrxLimits {
    /// Bytes of the file.
    pub bytes_max: usize,
    /// Rules of the file, all languages together.
    pub rules_max: usize,
    /// Bytes of its expressions once compiled, each language rule by itself.
    pub compiled_bytes_max: usize,
    /// Steps that the expressions may take for each byte of a block, on average. Passed: the block
    /// is segmented without them, and a notice says so.
    pub steps_per_byte_max: u64,
}

impl SrxLimits {
    /// For a file that an operator gives to a server.
    pub const SERVER: SrxLimits = SrxLimits {
        bytes_max: 4 << 20,
        rules_max: 16_384,
        compiled_bytes_max: 64 << 20,
        steps_per_byte_max: 8192,
    };

    /// For rules that anybody sends with a request.
    pub const REQUEST: SrxLimits = SrxLimits {
        bytes_max: 64 << 10,
        rules_max: 1024,
        compiled_bytes_max: 4 << 20,
        steps_per_byte_max: 1024,
    };
}

/// Why a set of rules is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SrxError {
    /// 1-based line of the file.
    pub line: u32,
    /// What is wrong there, and what is allowed.
    pub message: String,
}

impl fmt::Display for SrxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for SrxError {}

/// The rules took more steps than they may on this text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooCostly;

/// What the rules say of one position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SrxDecision {
    /// Byte offset in the text: the break, if it is one, stands right before it.
    pub at: u32,
    /// `break="yes"` or `break="no"`.
    pub verdict: Verdict,
    /// The rule, by its source and line.
    pub rule: RuleId,
}

/// A compiled SRX file.
///
/// ```
/// use cesura::srx::{Srx, SrxLimits, SrxSource};
/// use cesura::{language::LanguageTag, rule::Verdict};
/// let xml = r#"<srx xmlns="http://www.lisa.org/srx20" version="2.0">
/// <header segmentsubflows="yes" cascade="yes"/>
/// <body><languagerules><languagerule languagerulename="it">
/// <rule break="no"><beforebreak>\bfraz\.</beforebreak><afterbreak>\s</afterbreak></rule>
/// <rule break="yes"><beforebreak>;</beforebreak><afterbreak>\s</afterbreak></rule>
/// </languagerule></languagerules>
/// <maprules><languagemap languagepattern="it.*" languagerulename="it"/></maprules></body></srx>"#;
/// let srx = Srx::parse(xml, SrxSource::Request, SrxLimits::REQUEST).unwrap();
/// let found = srx.decisions("In fraz. Poggio; poi via", &LanguageTag::ITALIAN).unwrap();
/// let said: Vec<_> = found.iter().map(|d| (d.at, d.verdict, d.rule.to_string())).collect();
/// assert_eq!(said, [
///     (8, Verdict::Join, "srx.request.line-4".to_owned()),
///     (16, Verdict::Break, "srx.request.line-5".to_owned()),
/// ]);
/// ```
pub struct Srx {
    cascade: bool,
    sets: Vec<RuleSet>,
    maps: Vec<LanguageMap>,
    limits: SrxLimits,
}

/// One `<languagerule>`.
struct RuleSet {
    rules: Vec<(RuleId, Verdict)>,
    before: Automaton,
    after: Automaton,
}

/// One `<languagemap>`: the languages that a set of rules is for.
struct LanguageMap {
    pattern: regex_automata::meta::Regex,
    set: usize,
}

impl Srx {
    /// Reads and compiles an SRX 2.0 file.
    ///
    /// # Errors
    /// XML that is not well formed or no SRX 2.0, an expression that is not supported, a limit:
    /// always with the line.
    pub fn parse(xml: &str, source: SrxSource, limits: SrxLimits) -> Result<Srx, SrxError> {
        let file = read::file(xml, &limits)?;
        let mut sets = Vec::new();
        for set in &file.sets {
            let rules = set
                .rules
                .iter()
                .map(|rule| (RuleId::with_line(source.rule_name(), rule.line), rule.verdict))
                .collect();
            let compile = |direction, side: fn(&read::Rule) -> &Hir| {
                let expressions: Vec<_> = set.rules.iter().map(side).collect();
                Automaton::new(&expressions, direction, limits.compiled_bytes_max)
                    .map_err(|message| SrxError { line: set.line, message })
            };
            sets.push(RuleSet {
                rules,
                before: compile(Direction::Forward, |rule| &rule.before)?,
                after: compile(Direction::Reverse, |rule| &rule.after)?,
            });
        }
        let maps = file
            .maps
            .into_iter()
            .map(|map| LanguageMap { pattern: map.pattern, set: map.set })
            .collect();
        Ok(Srx { cascade: file.cascade, sets, maps, limits })
    }

    /// Number of rules, all languages together.
    pub fn rules_count(&self) -> usize {
        self.sets.iter().map(|set| set.rules.len()).sum()
    }

    /// What the rules for `language` say of a text, ascending by position. Positions at the very
    /// beginning and end of the text are left out.
    ///
    /// # Errors
    /// [`TooCostly`] where the rules took more steps than they may.
    pub fn decisions(
        &self,
        text: &str,
        language: &LanguageTag,
    ) -> Result<Vec<SrxDecision>, TooCostly> {
        let mut budget = self.limits.steps_per_byte_max * (text.len() as u64 + 256);
        let mut found: Vec<SrxDecision> = Vec::new();
        for set in self.sets_for(language) {
            let more = set.decisions(text, &mut budget)?;
            if found.is_empty() {
                found = more;
                continue;
            }
            // The sets of a cascade are one long list: what the first decided stands.
            found.extend(more);
            found.sort_by_key(|decision| decision.at);
            found.dedup_by_key(|decision| decision.at);
        }
        Ok(found)
    }

    /// SRX 2.0: every matching map in order with a cascade, else the first.
    fn sets_for(&self, language: &LanguageTag) -> impl Iterator<Item = &RuleSet> {
        let mut taken = Vec::new();
        for map in &self.maps {
            if map.pattern.is_match(language.as_str()) && !taken.contains(&map.set) {
                taken.push(map.set);
                if !self.cascade {
                    break;
                }
            }
        }
        taken.into_iter().filter_map(|set| self.sets.get(set))
    }
}

impl RuleSet {
    fn decisions(&self, text: &str, budget: &mut u64) -> Result<Vec<SrxDecision>, TooCostly> {
        let before = self.before.matches(text, budget)?;
        let after = self.after.matches(text, budget)?;
        let mut found = Vec::new();
        for (at, _) in text.char_indices().skip(1) {
            let first = before.first_common(&after, at).and_then(|rule| self.rules.get(rule));
            if let Some((rule, verdict)) = first.copied() {
                found.push(SrxDecision {
                    at: u32::try_from(at).unwrap_or(u32::MAX),
                    verdict,
                    rule,
                });
            }
        }
        Ok(found)
    }
}

impl fmt::Debug for Srx {
    /// Counts only: the rules of a customer never reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Srx")
            .field("cascade", &self.cascade)
            .field("rules", &self.rules_count())
            .finish_non_exhaustive()
    }
}
