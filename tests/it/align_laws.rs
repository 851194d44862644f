//! What holds of every alignment, whatever the texts.

use cesura::align::{Alignment, Interrupted, Passage, Place, Text, align};
use cesura::document::BlockKind;
use proptest::prelude::*;
use std::cell::Cell;

fn text<'a>(language: &'a str, segments: &'a [String]) -> Text<'a> {
    Text { language, segments: segments.iter().map(|text| Passage { text, place: None }).collect() }
}

fn aligned(source: &Text<'_>, target: &Text<'_>) -> Alignment {
    align(source, target, &[], &|| true).expect("not interrupted")
}

/// Segments as they come: words, numbers, marks, names in any mixture, and some nonsense.
fn segments() -> impl Strategy<Value = Vec<String>> {
    let word = prop_oneof![
        6 => prop::sample::select(vec![
            "guerra", "war", "Kim", "Mosca", "Moscow", "2024", "1.000", "1,000", "il", "the", "di",
            "governo", "government", "«", "»", "?", "XX", "nazione", "nation", "12",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    let segment = prop::collection::vec(word, 0..12).prop_map(|words| words.join(" "));
    prop::collection::vec(segment, 0..14)
}

/// Every segment is in exactly one bead, and the beads keep the order of both texts.
fn check(alignment: &Alignment, n: usize, m: usize) {
    let (mut i, mut j) = (0, 0);
    for bead in &alignment.beads {
        let joins = !bead.source.is_empty() && !bead.target.is_empty();
        assert!(joins || bead.source.len() + bead.target.len() == 1, "{bead:?}");
        if !bead.source.is_empty() {
            assert_eq!(bead.source.start, i, "{bead:?}");
            i = bead.source.end;
        }
        if !bead.target.is_empty() {
            assert_eq!(bead.target.start, j, "{bead:?}");
            j = bead.target.end;
        }
        assert!((0.0..=1.0).contains(&bead.confidence), "{bead:?}");
        assert!(bead.score.is_finite(), "{bead:?}");
    }
    assert_eq!((i, j), (n, m));
    assert!((0.0..=1.0).contains(&alignment.parallel_share));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_segment_is_in_one_bead_in_order(source in segments(), target in segments()) {
        let alignment = aligned(&text("it", &source), &text("en", &target));
        check(&alignment, source.len(), target.len());
    }

    #[test]
    fn swapped_sides_give_the_mirror(source in segments(), target in segments()) {
        let forth = aligned(&text("it", &source), &text("en", &target));
        let mut back = aligned(&text("en", &target), &text("it", &source));
        for bead in &mut back.beads {
            std::mem::swap(&mut bead.source, &mut bead.target);
        }
        prop_assert_eq!(forth, back);
    }

    #[test]
    fn the_same_texts_get_the_same_answer(source in segments(), target in segments()) {
        let (source, target) = (text("it", &source), text("de", &target));
        prop_assert_eq!(aligned(&source, &target), aligned(&source, &target));
    }
}

#[test]
fn a_text_and_itself_are_aligned_one_to_one() {
    let seed = std::fs::read_dir("seeds").expect("seeds").next().expect("a seed").expect("a file");
    let page = std::fs::read_to_string(seed.path()).expect("a text");
    let document = cesura::segment(&page, &cesura::Options::default()).expect("segmented");
    let segments: Vec<String> = document.segments().map(str::to_owned).collect();
    let alignment = aligned(&text("it", &segments), &text("it", &segments));
    assert!(alignment.is_parallel());
    for (index, bead) in alignment.beads.iter().enumerate() {
        assert_eq!(
            (bead.source.clone(), bead.target.clone()),
            (index..index + 1, index..index + 1)
        );
    }
}

#[test]
fn the_weights_add_up_to_the_score() {
    let source = ["Il vertice di Mosca è finito.".to_owned(), "Restano 3 nodi.".to_owned()];
    let target = ["The summit in Moscow is over.".to_owned(), "3 questions remain.".to_owned()];
    let alignment = aligned(&text("it", &source), &text("en", &target));
    // The commonness of a 1-1 bead is the rest.
    let rest = |index: usize| {
        let bead = &alignment.beads[index];
        bead.score - bead.evidence.iter().map(|one| one.weight).sum::<f32>()
    };
    assert!((rest(0) - rest(1)).abs() < 1e-3, "{:?}", alignment.beads);
}

#[test]
fn the_callers_words_count() {
    let source = ["Il gattopardo.".to_owned(), "La bora.".to_owned()];
    let target = ["The leopard.".to_owned(), "The wind.".to_owned()];
    let own = [("gattopardo".to_owned(), "leopard".to_owned())];
    let score = |pairs: &[(String, String)]| {
        let sides = (text("it", &source), text("en", &target));
        align(&sides.0, &sides.1, pairs, &|| true).expect("not interrupted").beads[0].score
    };
    assert!(score(&own) > score(&[]) + 1.0);
}

#[test]
fn blocks_guide_beads() {
    let place = |block, kind| Some(Place { block, kind, translatable: true });
    let (headline, paragraph) = (place(1, BlockKind::Headline), place(2, BlockKind::Paragraph));
    let side = |language, texts: [&'static str; 3], places: [Option<Place>; 3]| Text {
        language,
        segments: texts
            .into_iter()
            .zip(places)
            .map(|(text, place)| Passage { text, place })
            .collect(),
    };
    // Without places the headline could as well be a part of the sentence.
    let source = side(
        "it",
        ["Torna il sole", "Sole ovunque.", "Mare calmo."],
        [headline, paragraph, paragraph],
    );
    let target = side(
        "en",
        ["Back in the sun", "Sunny all over.", "Calm seas."],
        [headline, paragraph, paragraph],
    );
    let alignment = aligned(&source, &target);
    assert_eq!(alignment.beads[0].target, 0..1);
    let with = alignment.beads[0].confidence;
    let bare = |text: &Text<'static>| Text {
        segments: text.segments.iter().map(|one| Passage { place: None, ..*one }).collect(),
        ..text.clone()
    };
    let without = aligned(&bare(&source), &bare(&target)).beads[0].confidence;
    assert!(with > without, "{with} {without}");
}

#[test]
fn nobody_waiting_ends_the_work() {
    let segments: Vec<String> = (0..300).map(|number| format!("Frase numero {number}.")).collect();
    let asked = Cell::new(0);
    let go_on = || {
        asked.set(asked.get() + 1);
        asked.get() < 10
    };
    let (source, target) = (text("it", &segments), text("it", &segments));
    assert_eq!(align(&source, &target, &[], &go_on), Err(Interrupted));
    assert_eq!(asked.get(), 10);
}

#[test]
fn the_search_grows_with_the_length_of_the_texts() {
    // Rows are counted, not time: the search asks once a row whether to go on, and what a row costs
    // is bounded by the corridor.
    let text_of = |count: usize| -> Vec<String> {
        (0..count)
            .map(|n| format!("Il treno {n} da Napoli {} porta {} vagoni.", n * 7, n % 13))
            .collect()
    };
    let cells = |count: usize| {
        let segments = text_of(count);
        cesura::align::cells_count(&text("it", &segments), &text("it", &segments))
    };
    let (small, large) = (cells(1_000), cells(8_000));
    eprintln!("{small} cells for 1,000 segments, {large} for 8,000");
    assert!(large < 12 * small, "{large} cells for eight times the text, {small} for it once");
}

#[test]
fn the_dictionary_is_in_order() {
    let words = include_str!("../../src/align/words.tsv");
    let mut lines = words.lines();
    assert_eq!(lines.next(), Some("it\ten\tfr\tde\tes\tpt"));
    let mut before = "";
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), 6, "{line}");
        for cell in &cells {
            let words: Vec<&str> = cell.split(' ').collect();
            assert!(words.iter().all(|word| !word.is_empty()), "{line}");
            assert_eq!(*cell, cell.to_lowercase(), "{line}");
        }
        assert!(line != before, "{line} stands twice");
        before = line;
    }
}
