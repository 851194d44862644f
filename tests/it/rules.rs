//! Every row of every table is shown by its examples, and its examples are decided by it.

use cesura::block::PhrasePlace;
use cesura::pipeline::check_examples;
use cesura::rule::Verdict;
use cesura::tailoring::{self, ListedRow, RowAnswer};
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
        let mut seen = HashSet::new();
        for ListedRow { id, why, examples, answer, .. } in tailoring.listing() {
            assert!(seen.insert(id), "{id} stands twice in {}", tailoring.tag);
            assert!(!examples.is_empty(), "{id} shows no case");
            let marked = match answer {
                RowAnswer::Stretch(_) | RowAnswer::Attribution | RowAnswer::Warning(_) => '⟦',
                RowAnswer::Repair => '→',
                RowAnswer::Block(_) => '>',
                RowAnswer::Boundary(Verdict::Break) => '÷',
                RowAnswer::Boundary(Verdict::Join) => '×',
            };
            assert!(examples.iter().all(|example| example.contains(marked)), "{id} marks its case");
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

/// The index by which phrases are looked for leads to each of them, written as pages write it.
#[test]
fn every_phrase_is_found_where_it_may_stand() {
    let mut looked_for = 0;
    for tailoring in tailoring::ALL {
        for phrase in tailoring.phrases.entries {
            let text = phrase.text.replace('0', "1234").replace(' ', "\u{a0} ");
            let typed = text.replace('\'', "’");
            let capitals = text.to_uppercase();
            let places: &[(&str, &str)] = match phrase.place {
                PhrasePlace::Contains => &[("", ""), ("La prima riga (", ") e l'ultima parola")],
                PhrasePlace::Begins => &[("", ""), ("«", ", e poi dell'altro")],
                PhrasePlace::Opens => &[("", " di Carla Rossi"), ("– ", " e altri")],
                PhrasePlace::Whole => &[("", ""), ("– ", " …")],
            };
            for (before, after) in places {
                for phrase_written in [&text, &typed, &capitals] {
                    let block = format!("{before}{phrase_written}{after}");
                    let found = tailoring.phrases.find(&block);
                    assert!(found.has(phrase.class), "{phrase:?} in {block:?}");
                    looked_for += 1;
                }
            }
        }
    }
    assert!(looked_for > 20_000, "{looked_for} blocks");
}
