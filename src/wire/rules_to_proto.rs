//! Rows of the tailorings → messages.

use super::detail_to_proto::{annotation_kind, warning_kind};
use super::pb;
use super::to_proto::{kind, verdict};
use crate::annotation;
use crate::rule::Verdict;
use crate::tailoring::{self, ListedRow, RowAnswer, Tailoring};
use pb::rule::Answer;

/// The rules of some tailorings, table by table; then those that belong to no table.
pub fn rules(tailorings: &[&Tailoring]) -> Vec<pb::Rule> {
    let mut rules = Vec::new();
    for tailoring in tailorings {
        rules.extend(tailoring.listing().into_iter().map(|row| rule(tailoring.tag, row)));
    }
    let without_row = annotation::WITHOUT_ROW.iter().zip(1..);
    rules.extend(without_row.map(|((id, kind, why, example), position)| {
        let answer = RowAnswer::Stretch(*kind);
        let examples = vec![(*example).to_owned()];
        rule("und", ListedRow { id: *id, answer, why, examples, position })
    }));
    let ends = tailoring::ENDS.iter().zip(1..);
    rules.extend(ends.map(|((id, why, examples), position)| {
        let answer = RowAnswer::Boundary(Verdict::Break);
        let examples = examples.iter().map(|text| (*text).to_owned()).collect();
        rule("und", ListedRow { id: *id, answer, why, examples, position })
    }));
    rules
}

fn rule(tailoring_code: &str, row: ListedRow) -> pb::Rule {
    pb::Rule {
        rule_id: row.id.to_string(),
        tailoring_code: tailoring_code.to_owned(),
        answer: Some(match row.answer {
            RowAnswer::Block(found) => Answer::Kind(kind(found).into()),
            RowAnswer::Boundary(found) => Answer::Verdict(verdict(found).into()),
            RowAnswer::Stretch(found) => Answer::AnnotationKind(annotation_kind(found).into()),
            RowAnswer::Attribution => Answer::Task(pb::RuleTask::Attribution.into()),
            RowAnswer::Repair => Answer::Task(pb::RuleTask::Repair.into()),
            RowAnswer::Warning(found) => Answer::WarningKind(warning_kind(found).into()),
        }),
        reason: row.why.to_owned(),
        examples: row.examples,
        position: row.position,
    }
}
