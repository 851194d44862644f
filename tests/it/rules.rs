//! Every row of every table is shown by its examples, and its examples are decided by it.

use cesura::pipeline::check_examples;
use cesura::tailoring;
use std::collections::HashSet;

#[test]
fn every_example_is_decided_as_written() {
    let failures = check_examples();
    for failure in &failures {
        eprintln!(
            "{}: {}\n    written {}\n    found   {}",
            failure.of, failure.problem, failure.example, failure.found
        );
    }
    assert!(failures.is_empty(), "{} examples fail", failures.len());
}

#[test]
fn ids_are_unique_and_well_formed_and_every_row_shows_a_case() {
    for tailoring in tailoring::ALL {
        let sentence =
            tailoring.cascade.iter().copied().flatten().map(|row| (row.id, row.why, row.examples));
        for row in tailoring.annotations.iter().copied().flatten() {
            assert!(!row.examples.is_empty(), "{} shows no case", row.id);
            assert!(row.examples.iter().all(|(text, _)| text.contains('⟦')), "{}", row.id);
        }
        let block = tailoring.blocks.iter().map(|row| (row.id, row.why, row.examples));
        let mut seen = HashSet::new();
        for (id, why, examples) in sentence.chain(block) {
            assert!(seen.insert(id), "{id} stands twice in {}", tailoring.tag);
            assert!(!examples.is_empty(), "{id} shows no case");
            assert!(why.ends_with('.'), "{id}: the reason is a sentence");
            let parts: Vec<&str> = id.name().split('.').collect();
            let kebab = |part: &&str| {
                part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            };
            assert!(
                (2..=3).contains(&parts.len()) && parts.iter().all(kebab),
                "{id} is not tailoring.theme.case"
            );
        }
    }
}
