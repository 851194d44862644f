//! Every rule and lexicon line shows cases; here they are run. The tests and `cesura rules
//! --check` both call this.

mod details;

use super::{Limits, Options, Segmenter};
use crate::annotation::annotate;
use crate::document::Event;
use crate::inline;
use crate::language::LanguageTag;
use crate::rule::{Decision, RuleId, Verdict};
use crate::sentence::{ClauseMarks, Evidence, Preferences, judge};
use crate::tailoring::{self, Tailoring};

/// A case that did not come out as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFailure {
    /// The rule, or the lexicon form, whose case it is.
    pub of: String,
    /// The case as written.
    pub example: String,
    /// What came out, in the same notation.
    pub found: String,
    /// What is wrong with that.
    pub problem: String,
}

/// A text with signs: `÷` a boundary, `×` none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedText {
    /// The text without the signs.
    pub text: String,
    /// Byte offset and meaning of each sign.
    pub signs: Vec<(u32, Verdict)>,
}

impl SignedText {
    /// Reads a case.
    ///
    /// ```
    /// use cesura::pipeline::SignedText;
    /// let case = SignedText::parse("Il dott. ×Rossi. ÷Poi.");
    /// assert_eq!(case.text, "Il dott. Rossi. Poi.");
    /// assert_eq!(case.signs.len(), 2);
    /// ```
    pub fn parse(signed: &str) -> SignedText {
        let mut text = String::with_capacity(signed.len());
        let mut signs = Vec::new();
        for c in signed.chars() {
            let verdict = match c {
                '÷' => Verdict::Break,
                '×' => Verdict::Join,
                _ => {
                    text.push(c);
                    continue;
                }
            };
            signs.push((u32::try_from(text.len()).unwrap_or(u32::MAX), verdict));
        }
        SignedText { text, signs }
    }

    /// The decision that stands at a sign: the last one at or before it with only white space
    /// between.
    pub fn decision_at<'d>(&self, sign: u32, decisions: &'d [Decision]) -> Option<&'d Decision> {
        let decision = decisions.iter().rev().find(|decision| decision.at <= sign)?;
        let between = self.text.get(decision.at as usize..sign as usize)?;
        between.chars().all(crate::text::is_ignorable).then_some(decision)
    }

    /// What is wrong with these decisions: a boundary without sign, a sign without its boundary.
    pub fn problem(&self, decisions: &[Decision]) -> Option<String> {
        for (sign, verdict) in &self.signs {
            let broken =
                self.decision_at(*sign, decisions).is_some_and(|d| d.verdict == Verdict::Break);
            match (verdict, broken) {
                (Verdict::Break, false) => return Some(format!("no boundary at {sign}")),
                (Verdict::Join, true) => return Some(format!("a boundary at {sign}")),
                _ => {}
            }
        }
        for decision in decisions.iter().filter(|decision| decision.verdict == Verdict::Break) {
            let signed = self.signs.iter().any(|(sign, verdict)| {
                *verdict == Verdict::Break && self.decision_at(*sign, decisions) == Some(decision)
            });
            if !signed {
                return Some(format!(
                    "an unexpected boundary at {} by {}",
                    decision.at, decision.rule
                ));
            }
        }
        None
    }

    /// The text with the signs that these decisions give it.
    pub fn show(&self, decisions: &[Decision]) -> String {
        let mut shown = String::new();
        let mut at = 0;
        for decision in decisions {
            let end = decision.at as usize;
            shown.push_str(self.text.get(at..end).unwrap_or(""));
            shown.push(if decision.verdict == Verdict::Break { '÷' } else { '×' });
            at = end;
        }
        shown.push_str(self.text.get(at..).unwrap_or(""));
        shown
    }
}

/// Decides the candidates of one block by the rules of one language, as if it were a document.
pub fn judge_block(text: &str, tailoring: &Tailoring, preferences: &Preferences) -> Vec<Decision> {
    let tag = LanguageTag::parse(tailoring.tag).unwrap_or(LanguageTag::ITALIAN);
    let (marks, mut evidence) = (inline::scan(text), Evidence::default());
    judge(text, &marks, tailoring.rows(), &tag, preferences, &mut evidence).decisions
}

/// Runs every example of every rule and lexicon line.
pub fn check_examples() -> Vec<ExampleFailure> {
    let mut failures = Vec::new();
    for tailoring in tailoring::ALL {
        let own = |id: RuleId| tailoring.shows(id);
        for row in tailoring.cascade.iter().copied().flatten().filter(|row| own(row.id)) {
            for example in row.examples {
                failures.extend(sentence_failure(example, tailoring, Some((row.id, row.verdict))));
            }
        }
        for entry in tailoring.lexicon.entries.iter().filter(|entry| !entry.example.is_empty()) {
            let failure = sentence_failure(entry.example, tailoring, None);
            failures.extend(
                failure.map(|failure| ExampleFailure { of: entry.form.to_owned(), ..failure }),
            );
        }
        for row in tailoring.annotations.iter().copied().flatten().filter(|row| own(row.id)) {
            for (example, value) in row.examples {
                failures.extend(annotation_failure(example, value, tailoring, row.id));
            }
        }
        for row in tailoring.blocks.iter().filter(|row| own(row.id)) {
            for example in row.examples {
                failures.extend(block_failure(example, tailoring, row.id));
            }
        }
        failures.extend(details::failures(tailoring, own));
    }
    failures
}

fn sentence_failure(
    example: &str,
    tailoring: &Tailoring,
    row: Option<(RuleId, Verdict)>,
) -> Option<ExampleFailure> {
    let case = SignedText::parse(example);
    let preferences = row.map_or_else(Preferences::default, |(id, _)| preferences_for(id));
    let decisions = judge_block(&case.text, tailoring, &preferences);
    let by_row = row.and_then(|(id, verdict)| {
        let sign = case.signs.iter().find(|(_, sign)| *sign == verdict).map(|(at, _)| *at);
        let decided = sign.and_then(|sign| case.decision_at(sign, &decisions)).map(|d| d.rule);
        (decided != Some(id)).then(|| format!("decided by {decided:?}"))
    });
    let problem = case.problem(&decisions).or(by_row)?;
    Some(ExampleFailure {
        of: row.map_or_else(String::new, |(id, _)| id.to_string()),
        example: example.to_owned(),
        found: case.show(&decisions),
        problem,
    })
}

/// The stretch between `⟦` and `⟧` must be found by this very row, with this value.
fn annotation_failure(
    example: &str,
    value: &str,
    tailoring: &Tailoring,
    row: RuleId,
) -> Option<ExampleFailure> {
    let text = example.replace(['⟦', '⟧'], "");
    let start = example.find('⟦').unwrap_or(0);
    let end = example.find('⟧').unwrap_or(0).saturating_sub('⟦'.len_utf8());
    let marks = inline::scan(&text);
    let Tailoring { annotations, lexicon, numbers, .. } = tailoring;
    let found = annotate(&text, &marks, annotations, lexicon, *numbers);
    let right = found.iter().any(|one| {
        one.rule == row
            && one.span.range() == (start..end)
            && one.value.as_deref().unwrap_or("") == value
    });
    (!right).then(|| ExampleFailure {
        of: row.to_string(),
        example: example.to_owned(),
        found: format!("{found:?}"),
        problem: "not found as written".to_owned(),
    })
}

/// Some rows are asked only where the caller wants something otherwise.
fn preferences_for(id: RuleId) -> Preferences {
    let mut preferences = Preferences::default();
    if id.name().contains(".clause.") {
        preferences.clauses = ClauseMarks { colon: true, semicolon: true };
    }
    if id.name().contains(".requested.") {
        preferences.whole_quotations = true;
        preferences.no_break_forms.insert("dist");
        preferences.break_forms.insert("etc");
    }
    preferences
}

fn block_failure(example: &str, tailoring: &Tailoring, row: RuleId) -> Option<ExampleFailure> {
    let mut page = String::new();
    let mut target = None;
    for line in example.split_inclusive('\n') {
        if let Some(line) = line.strip_prefix("> ") {
            target.get_or_insert(page.len());
            page.push_str(line);
        } else {
            page.push_str(line);
        }
    }
    let options = Options { language: LanguageTag::parse(tailoring.tag), ..Options::default() };
    let mut segmenter = Segmenter::new(options, Limits::default());
    let fed = segmenter.push(page.as_bytes()).and_then(|()| segmenter.finish());
    let mut found = None;
    while let Some(event) = segmenter.next_event() {
        if let Event::Unit(unit) = event
            && Some(unit.span.start() as usize) == target
        {
            found = Some(unit.kind_rule);
        }
    }
    (fed.is_err() || found != Some(row)).then(|| ExampleFailure {
        of: row.to_string(),
        example: example.to_owned(),
        found: format!("{found:?}"),
        problem: "another rule decided".to_owned(),
    })
}
