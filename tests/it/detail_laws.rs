//! Laws of what units and segments carry: maps lead back, masks come off, names are unique, chunks
//! hold every segment.

use crate::laws::{asking_for_all, events_of, page};
use cesura::document::{Event, ModelChunk, NormalText, SegmentDetails, Unit};
use cesura::machine::{MaskTemplate, restore};
use cesura::pack::{BudgetUnit, Packing};
use cesura::text::Span;
use cesura::{Limits, Options};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn units(events: &[Event]) -> impl Iterator<Item = &Unit> {
    events.iter().filter_map(|event| if let Event::Unit(unit) = event { Some(unit) } else { None })
}

fn chunks(events: &[Event]) -> impl Iterator<Item = &ModelChunk> {
    events
        .iter()
        .filter_map(|event| if let Event::ModelChunk(chunk) = event { Some(chunk) } else { None })
}

fn details(unit: &Unit) -> impl Iterator<Item = (&str, &SegmentDetails)> {
    unit.segments.iter().map(|segment| {
        (unit.slice(segment.span), segment.details.as_deref().expect("details were asked for"))
    })
}

/// Outside its edits the repaired text is the source, and the edits lead from one to the other.
fn assert_map(source: &str, normal: &NormalText) {
    let mut rebuilt = String::new();
    let (mut from, mut to) = (normal.source.start(), 0);
    for edit in &normal.edits {
        assert!(edit.source.start() >= from && edit.target.start() >= to, "edits ascend");
        rebuilt.push_str(Span::new(from, edit.source.start()).slice(source).expect("characters"));
        assert_eq!(rebuilt.len(), edit.target.start() as usize, "places agree");
        rebuilt.push_str(edit.target.slice(&normal.text).expect("characters"));
        (from, to) = (edit.source.end(), edit.target.end());
    }
    rebuilt.push_str(Span::new(from, normal.source.end()).slice(source).expect("characters"));
    assert_eq!(rebuilt, &*normal.text);
}

/// There and back again: every character of either text.
fn assert_round_trip(source: &str, normal: &NormalText) {
    for (at, c) in normal.text.char_indices() {
        let back = normal.source_of(at..at + c.len_utf8());
        let found = back.slice(source).expect("characters");
        let edited = normal.edits.iter().any(|edit| edit.target.contains(at as u32));
        assert!(edited || found.chars().eq([c]), "{c:?} came from {found:?}");
        let again = normal.target_of(back);
        let inserted = normal.edits.iter().any(|edit| edit.source.is_empty() && edited);
        assert!(inserted || again.start() as usize <= at && at < again.end() as usize);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn repaired_text_leads_back_to_its_source(source in page()) {
        let events = events_of(&[source.as_bytes()], &asking_for_all(), Limits::default());
        for unit in units(&events) {
            for (_, details) in details(unit) {
                let normal = details.normal.as_ref().expect("asked for");
                assert_map(&source, normal);
                assert_round_trip(&source, normal);
            }
        }
    }

    #[test]
    fn a_mask_comes_off_wherever_its_placeholders_went(source in page(), template in 0usize..3) {
        let template = ["{{n}}", "<x id=\"{n}\"/>", "⟦{n}⟧"][template];
        let mask = MaskTemplate::parse(template).expect("a template");
        let options = Options { mask, ..asking_for_all() };
        for unit in units(&events_of(&[source.as_bytes()], &options, Limits::default())) {
            for (_, details) in details(unit) {
                let (normal, masked) = (details.normal.as_ref(), details.masked.as_ref());
                let (normal, masked) = (normal.expect("asked for"), masked.expect("asked for"));
                let restored = restore(&masked.text, &masked.placeholders, usize::MAX);
                let restored = restored.expect("no limit");
                prop_assert_eq!(&restored.text, &*normal.text, "in place");
                prop_assert!(restored.missing.is_empty() && restored.repeated.is_empty());
                // A stand-in for an engine: it turns the order of words around and touches no placeholder.
                let mut pieces = vec![&*masked.text];
                for one in &masked.placeholders {
                    let last = pieces.pop().expect("a piece");
                    let (before, after) = last.split_once(&*one.token).expect("it stands there once");
                    pieces.extend([before, after]);
                }
                let tokens: Vec<&str> = masked.placeholders.iter().map(|one| &*one.token).collect();
                let moved: String = tokens.iter().rev().zip(pieces.iter().rev()).map(|(token, piece)| format!("{piece}{token}")).collect();
                let expected: String = masked.placeholders.iter().rev().zip(pieces.iter().rev())
                    .map(|(one, piece)| format!("{piece}{}", one.original)).collect();
                prop_assert_eq!(restore(&moved, &masked.placeholders, usize::MAX).expect("no limit").text, expected, "moved");
            }
        }
    }

    #[test]
    fn names_are_unique_and_follow_the_content(source in page(), before in page()) {
        let options = asking_for_all();
        let events = events_of(&[source.as_bytes()], &options, Limits::default());
        let mut names = BTreeSet::new();
        for unit in units(&events) {
            let mut all = vec![unit.identity.expect("asked for")];
            all.extend(details(unit).map(|(_, details)| details.identity.expect("asked for")));
            for name in all {
                let shown = name.to_string();
                prop_assert!(shown.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "an NMTOKEN");
                prop_assert!(names.insert(shown), "{} twice", name);
                prop_assert_eq!(name.first_occurrence().is_some(), name.occurrence > 1);
            }
        }
        // What stands elsewhere in the document changes no digest.
        let longer = format!("{before}\n\n{source}");
        let digests = |events: &[Event]| -> Vec<u128> {
            units(events).flat_map(|unit| details(unit).map(|(_, one)| one.identity.expect("asked for").digest).collect::<Vec<_>>()).collect()
        };
        let options = Options { language: cesura::language::LanguageTag::parse("it"), ..options };
        let alone = digests(&events_of(&[source.as_bytes()], &options, Limits::default()));
        let within: BTreeSet<u128> = digests(&events_of(&[longer.as_bytes()], &options, Limits::default())).into_iter().collect();
        let known = alone.iter().filter(|digest| within.contains(digest)).count();
        // Layout may join the edge of the two, and evidence of the head may change a boundary.
        prop_assert!(known * 10 + 60 >= alone.len() * 10, "{} of {}", known, alone.len());
    }

    #[test]
    fn chunks_hold_every_translatable_segment_once(
        source in page(), budget in 16u32..60, unit in 0usize..3, overlap in 0u32..3, context in 0u32..3, across in any::<bool>(),
    ) {
        let counts = [BudgetUnit::Characters, BudgetUnit::Words, BudgetUnit::Tokens][unit];
        let packing = Packing {
            budget, unit: counts, overlap_segments: overlap, context_before_segments: context,
            context_after_segments: context, across_sections: across, normal: false,
        };
        let source = source.repeat(3);
        let options = Options { packing: Some(packing), ..asking_for_all() };
        let events = events_of(&[source.as_bytes()], &options, Limits::default());
        let mut said = 0;
        let mut held: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
        for (index, chunk) in chunks(&events).enumerate() {
            prop_assert_eq!(chunk.number as usize, index + 1);
            prop_assert_eq!(chunk.size, counts.size(&chunk.text));
            // A grapheme is never cut, and one may be many characters or tokens.
            let alone = chunk.parts.len() == 1;
            prop_assert!(chunk.size <= budget || alone && unicode_graphemes(&chunk.text) == 1, "{} over {}", chunk.size, budget);
            prop_assert!(chunk.parts.iter().any(|part| !part.overlap), "something new");
            for part in &chunk.parts {
                prop_assert_eq!(part.target.slice(&chunk.text), part.source.slice(&source), "places agree");
                if !part.overlap {
                    prop_assert!(part.source.start() >= said, "chunks ascend");
                    said = part.source.end();
                    held.entry(part.segment_number).or_default().push(part.source);
                }
            }
        }
        for unit in units(&events) {
            for segment in &unit.segments {
                let parts = held.remove(&segment.number);
                prop_assert_eq!(parts.is_some(), unit.translatable(), "segment {}", segment.number);
                let Some(parts) = parts else { continue };
                prop_assert_eq!(parts.first().map(|part| part.start()), Some(segment.span.start()));
                prop_assert_eq!(parts.last().map(|part| part.end()), Some(segment.span.end()));
                for pair in parts.windows(2) {
                    let between = Span::new(pair[0].end(), pair[1].start());
                    prop_assert!(between.slice(&source).expect("characters").chars().all(char::is_whitespace));
                }
            }
        }
        prop_assert!(held.is_empty());
    }

    #[test]
    fn what_is_found_lies_inside_its_unit(source in page()) {
        let source = source.repeat(2);
        for unit in units(&events_of(&[source.as_bytes()], &asking_for_all(), Limits::default())) {
            let inside = |span: Span| {
                unit.span.start() <= span.start() && span.end() <= unit.span.end() && span.slice(&source).is_some()
            };
            for quotation in &unit.quotations {
                prop_assert!(inside(quotation.span) && !quotation.span.is_empty() && quotation.depth > 0);
                prop_assert!(quotation.opening.into_iter().chain(quotation.closing).all(inside));
                prop_assert!(quotation.opening.is_some() || quotation.continued, "it begins somewhere");
                let attribution = quotation.attribution.as_ref();
                prop_assert!(attribution.is_none_or(|one| inside(one.span) && one.speaker.is_none_or(inside)));
            }
            for (segment, (_, details)) in unit.segments.iter().zip(details(unit)) {
                for warning in &details.warnings {
                    prop_assert!(inside(warning.span));
                    let points = warning.split_points.iter();
                    prop_assert!(points.clone().all(|point| segment.span.contains(*point) && *point > segment.span.start()));
                    prop_assert!(points.is_sorted());
                }
            }
        }
    }
}

fn unicode_graphemes(text: &str) -> u32 {
    cesura::count::counts(text).graphemes
}
