//! All rows of a tailoring in one form, for listings.

use super::Tailoring;
use crate::document::{AnnotationKind, BlockKind, WarningKind};
use crate::rule::{RuleId, Verdict};

/// What a row answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowAnswer {
    /// The function of a block.
    Block(BlockKind),
    /// A boundary or none.
    Boundary(Verdict),
    /// A typed stretch.
    Stretch(AnnotationKind),
    /// The clause that says whose words a quotation holds.
    Attribution,
    /// A repair of the text for machines.
    Repair,
    /// A warning.
    Warning(WarningKind),
}

impl RowAnswer {
    /// What the rows of its table are for.
    pub fn table(self) -> &'static str {
        match self {
            RowAnswer::Block(_) => "function of blocks",
            RowAnswer::Boundary(_) => "sentence boundaries",
            RowAnswer::Stretch(_) => "typed stretches",
            RowAnswer::Attribution => "attributions of quotations",
            RowAnswer::Repair => "repairs for machines",
            RowAnswer::Warning(_) => "warnings",
        }
    }

    /// Its own word: a kind, `÷` or `×`; nothing where the table says all.
    pub fn word(self) -> &'static str {
        match self {
            RowAnswer::Block(kind) => kind.name(),
            RowAnswer::Boundary(Verdict::Break) => "÷",
            RowAnswer::Boundary(Verdict::Join) => "×",
            RowAnswer::Stretch(kind) => kind.name(),
            RowAnswer::Attribution | RowAnswer::Repair => "",
            RowAnswer::Warning(kind) => kind.name(),
        }
    }
}

/// A row as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRow {
    /// Stable name.
    pub id: RuleId,
    /// What it answers.
    pub answer: RowAnswer,
    /// Why, in one sentence.
    pub why: &'static str,
    /// Cases that this very row decides, in the notation of its table.
    pub examples: Vec<String>,
    /// 1-based position in its table.
    pub position: u32,
}

impl Tailoring {
    /// All rows, table by table, each in the order in which they are asked.
    pub fn listing(&self) -> Vec<ListedRow> {
        let mut rows = Vec::new();
        rows.extend(table(
            self.blocks
                .iter()
                .map(|row| (row.id, RowAnswer::Block(row.kind), row.why, owned(row.examples))),
        ));
        rows.extend(table(
            self.cascade.iter().copied().flatten().map(|row| {
                (row.id, RowAnswer::Boundary(row.verdict), row.why, owned(row.examples))
            }),
        ));
        rows.extend(table(self.annotations.iter().copied().flatten().map(|row| {
            let examples = row.examples.iter().map(|(text, value)| match *value {
                "" => (*text).to_owned(),
                value => format!("{text} = {value}"),
            });
            (row.id, RowAnswer::Stretch(row.kind), row.why, examples.collect())
        })));
        rows.extend(table(
            self.attributions
                .iter()
                .map(|row| (row.id, RowAnswer::Attribution, row.why, owned(row.examples))),
        ));
        rows.extend(table(self.repairs.iter().copied().flatten().map(|row| {
            let examples = row.examples.iter().map(|(from, to)| format!("{from} → {to}"));
            (row.id, RowAnswer::Repair, row.why, examples.collect())
        })));
        rows.extend(table(
            self.warnings
                .iter()
                .copied()
                .flatten()
                .map(|row| (row.id, RowAnswer::Warning(row.kind), row.why, owned(row.examples))),
        ));
        rows
    }
}

fn owned(examples: &[&str]) -> Vec<String> {
    examples.iter().map(|example| (*example).to_owned()).collect()
}

type Unplaced = (RuleId, RowAnswer, &'static str, Vec<String>);

fn table(rows: impl Iterator<Item = Unplaced>) -> impl Iterator<Item = ListedRow> {
    rows.zip(1..).map(|((id, answer, why, examples), position)| ListedRow {
        id,
        answer,
        why,
        examples,
        position,
    })
}
