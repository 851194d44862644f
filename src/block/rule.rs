//! The shape of a block rule, and the order in which rows are asked.

use super::BlockContext;
use crate::document::BlockKind;
use crate::rule::RuleId;

/// One row: what a block is for.
#[derive(Clone, Copy, Debug)]
pub struct BlockRule {
    /// Stable name.
    pub id: RuleId,
    /// What the row says where it answers.
    pub kind: BlockKind,
    /// One sentence for a reader who knows newspapers but not the code.
    pub why: &'static str,
    /// Pages in small; the lines that begin with `> ` form the block that this row decides.
    pub examples: &'static [&'static str],
    /// Whether this is the row's case. Most rows are asked about every block, so each asks first
    /// what costs little.
    pub decides: fn(&BlockContext<'_>) -> bool,
}

/// The answer of the block rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// Function of the block.
    pub kind: BlockKind,
    /// The row that said so.
    pub rule: RuleId,
}

/// Asks the rows in order; the first that answers decides. A table whose last row does not
/// always answer falls back to paragraph.
pub fn classify(rules: &[BlockRule], context: &BlockContext<'_>) -> Role {
    rules
        .iter()
        .find(|rule| (rule.decides)(context))
        .map_or(Role { kind: BlockKind::Paragraph, rule: RuleId::new("root.unanswered") }, |rule| {
            Role { kind: rule.kind, rule: rule.id }
        })
}
