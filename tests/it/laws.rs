//! Laws that hold for every text, and for every way of cutting it.

use cesura::document::Event;
use cesura::pack::{BudgetUnit, Packing};
use cesura::text::{BlockOffsets, OffsetUnit, Position, Span};
use cesura::{Details, Limits, Options, Segmenter};
use proptest::prelude::*;

/// Pieces that news pages are made of, hostile ones among them.
pub(crate) fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[A-Zàèéìòùa-z]{1,9} ",
        1 => prop::sample::select(vec![
            "dott. ", "S.p.A. ", "ecc. ", "G.B. ", "art. 3 ", "n. ", "12.09.2023 ", "https://a.it/b?c=D ", "E' ", "Il ",
            "... ", "… ", "?! ", ". . . ", "[...] ", "(…) ", "Leggi anche: ", "Torna in alto", "a@b.it",
        ]).prop_map(String::from),
        2 => prop::sample::select(vec![
            ".", ". ", "!", "? ", "\n", "\n\n", "\r\n", "\r", " ", "\u{a0}", "\u{200b}", "\u{feff}", "\u{2028}", "\u{85}",
            "«", "»", "“", "”", "\"", "'", "’", "(", ")", "[", "]", "–", "-", "•", "#", "😀", "\u{301}", "\0", "¹",
        ]).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Everything that can be asked for.
pub(crate) fn asking_for_all() -> Options {
    let packing = Packing {
        budget: 24,
        unit: BudgetUnit::Words,
        overlap_segments: 1,
        context_before_segments: 2,
        context_after_segments: 1,
        across_sections: false,
        normal: false,
    };
    Options { explain: true, details: Details::ALL, packing: Some(packing), ..Options::default() }
}

pub(crate) fn events_of(chunks: &[&[u8]], options: &Options, limits: Limits) -> Vec<Event> {
    let mut segmenter = Segmenter::new(options.clone(), limits);
    let mut events = Vec::new();
    for chunk in chunks {
        segmenter.push(chunk).expect("valid text within the limits");
        events.extend(std::iter::from_fn(|| segmenter.next_event()));
    }
    segmenter.finish().expect("whole characters");
    events.extend(std::iter::from_fn(|| segmenter.next_event()));
    events
}

/// Spans of units and skeletons touch and cover; so do segments and ignorables in their unit.
fn assert_tiles(source: &str, events: &[Event]) {
    let mut at = 0;
    let mut joined = String::new();
    for event in events {
        match event {
            Event::Skeleton(skeleton) => {
                assert_eq!(skeleton.span.start(), at);
                at = skeleton.span.end();
                joined.push_str(&skeleton.text);
            }
            Event::Unit(unit) => {
                assert_eq!(unit.span.start(), at);
                at = unit.span.end();
                let mut parts: Vec<Span> =
                    unit.segments.iter().map(|segment| segment.span).collect();
                parts.extend(&unit.ignorables);
                parts.sort();
                assert_eq!(parts.first().map(|span| span.start()), Some(unit.span.start()));
                assert_eq!(parts.last().map(|span| span.end()), Some(unit.span.end()));
                assert!(parts.windows(2).all(|pair| pair[0].end() == pair[1].start()));
                joined.extend(parts.iter().map(|span| unit.slice(*span)));
                for segment in &unit.segments {
                    let text = unit.slice(segment.span);
                    assert_eq!(cesura::text::trimmed(text), 0..text.len(), "segments are trimmed");
                }
            }
            Event::Head(_) | Event::Notice(_) | Event::ModelChunk(_) | Event::Tail(_) => {}
        }
    }
    assert_eq!(joined, source);
    assert!(matches!(events.first(), Some(Event::Head(_))));
    assert!(matches!(events.last(), Some(Event::Tail(tail)) if tail.end as usize == source.len()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn tiles(source in page()) {
        let events = events_of(&[source.as_bytes()], &Options::default(), Limits::default());
        assert_tiles(&source, &events);
    }

    #[test]
    fn chunks_do_not_matter(source in page(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let bytes = source.as_bytes();
        let options = asking_for_all();
        let whole = events_of(&[bytes], &options, Limits::default());
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        places.extend([0, bytes.len()]);
        places.sort_unstable();
        let pieces: Vec<&[u8]> = places.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        prop_assert_eq!(&events_of(&pieces, &options, Limits::default()), &whole);
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(&events_of(&single, &options, Limits::default()), &whole);
    }

    #[test]
    fn small_blocks_are_cut_alike(source in page(), size in 1usize..9) {
        let limits = Limits { block_bytes_max: 64, detect_sample_bytes_max: 32, ..Limits::default() };
        let source = source.repeat(4);
        let whole = events_of(&[source.as_bytes()], &Options::default(), limits);
        assert_tiles(&source, &whole);
        let pieces: Vec<&[u8]> = source.as_bytes().chunks(size).collect();
        prop_assert_eq!(&events_of(&pieces, &Options::default(), limits), &whole);
    }

    #[test]
    fn every_boundary_is_explained(source in page()) {
        let options = Options { explain: true, ..Options::default() };
        for event in events_of(&[source.as_bytes()], &options, Limits::default()) {
            let Event::Unit(unit) = event else { continue };
            prop_assert!(unit.decisions.windows(2).all(|pair| pair[0].at < pair[1].at), "candidates ascend");
            for decision in &unit.decisions {
                prop_assert_ne!(decision.rule.name(), "root.unanswered");
                prop_assert!(decision.evidence.start() >= unit.span.start() && decision.evidence.end() <= unit.span.end());
            }
            for segment in unit.segments.iter().take(unit.segments.len() - 1) {
                prop_assert!(unit.decisions.iter().any(|d| d.at == segment.span.end() && d.rule == segment.ended_by));
            }
        }
    }

    #[test]
    fn typed_stretches_lie_inside_their_unit(source in page()) {
        let options = Options { details: Details::ALL, ..Options::default() };
        for event in events_of(&[source.as_bytes()], &options, Limits::default()) {
            let Event::Unit(unit) = event else { continue };
            let starts = unit.annotations.windows(2).all(|pair| pair[0].span.start() <= pair[1].span.start());
            prop_assert!(starts, "stretches ascend");
            for annotation in &unit.annotations {
                let (span, whole) = (annotation.span, unit.span);
                prop_assert!(whole.start() <= span.start() && span.end() <= whole.end() && !span.is_empty());
                prop_assert!(!unit.slice(span).is_empty(), "a stretch begins and ends at characters");
            }
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), replace in any::<bool>(), charset in 0usize..5) {
        use cesura::text::{Charset, MalformedPolicy};
        let label = ["utf-8", "windows-1252", "utf-16le", "shift_jis", "gb18030"][charset];
        let charset = Charset::for_label(label).expect("a known label");
        let malformed = if replace { MalformedPolicy::Replace } else { MalformedPolicy::Reject };
        let options = Options { charset, malformed, ..Options::default() };
        let run = |pieces: &[&[u8]]| {
            let mut segmenter = Segmenter::new(options.clone(), Limits::default());
            let pushed = pieces.iter().try_for_each(|piece| segmenter.push(piece)).and_then(|()| segmenter.finish());
            pushed.map(|()| std::iter::from_fn(|| segmenter.next_event()).collect::<Vec<_>>())
        };
        let whole = run(&[&bytes]);
        prop_assert_eq!(&run(&bytes.chunks(1).collect::<Vec<_>>()), &whole, "charset {}", label);
        prop_assert_eq!(whole.is_err(), !replace && charset.has_malformed(&bytes));
        if let Ok(events) = whole {
            assert_tiles(&charset.decode(&bytes), &events);
        }
    }

    #[test]
    fn offsets_agree_with_a_naive_count(lead in ".{0,20}", text in ".{0,60}", at in any::<prop::sample::Index>()) {
        let base = Position::default().after(&lead);
        let offsets = BlockOffsets::new(base, &text);
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).chain([text.len()]).collect();
        let place = places[at.index(places.len())];
        let before = format!("{lead}{}", &text[..place]);
        let found = offsets.position((lead.len() + place) as u32);
        prop_assert_eq!(found.get(OffsetUnit::Utf8Byte) as usize, before.len());
        prop_assert_eq!(found.get(OffsetUnit::Utf16CodeUnit) as usize, before.encode_utf16().count());
        prop_assert_eq!(found.get(OffsetUnit::ScalarValue) as usize, before.chars().count());
    }
}

#[test]
fn an_empty_document_is_a_head_and_a_tail() {
    let events = events_of(&[], &Options::default(), Limits::default());
    assert!(matches!(events.as_slice(), [Event::Head(_), Event::Tail(_)]));
    let blank = events_of(&[b" \n\t\n"], &Options::default(), Limits::default());
    assert!(matches!(blank.as_slice(), [Event::Head(_), Event::Skeleton(_), Event::Tail(_)]));
}

#[test]
fn memory_is_bounded_whatever_the_length() {
    let limits = Limits { document_bytes_max: u32::MAX, ..Limits::default() };
    let bound = 4 * limits.block_bytes_max as usize + 2 * limits.chunk_bytes_max as usize;
    let prose =
        "Il presidente ha parlato a lungo. Poi è partito per Mosca con i ministri.\n\n".repeat(900);
    for source in [
        prose.as_str(),
        &"a".repeat(1 << 16),
        &" ".repeat(1 << 16),
        &"\n".repeat(1 << 16),
        &"Sì. ".repeat(1 << 14),
    ] {
        let mut segmenter = Segmenter::new(Options::default(), limits);
        let mut seen = 0;
        for _ in 0..64 {
            for chunk in source.as_bytes().chunks(limits.chunk_bytes_max as usize) {
                segmenter.push(chunk).expect("valid text");
                while segmenter.next_event().is_some() {
                    seen = seen.max(segmenter.memory_bytes());
                }
                seen = seen.max(segmenter.memory_bytes());
            }
        }
        assert!(seen <= bound, "{seen} bytes held, at most {bound} allowed");
    }
}

/// What waits for its language or its successor must not hold the white space behind it.
#[test]
fn white_space_without_end_is_not_held() {
    let limits = Limits { document_bytes_max: u32::MAX, ..Limits::default() };
    for (head, blank) in
        [("Il titolo", "\n"), ("Il titolo\n\nAltro", " \r\n"), ("a", " "), ("", "\u{200b}\n")]
    {
        let mut segmenter = Segmenter::new(Options::default(), limits);
        let chunk = blank.repeat((64 << 10) / blank.len());
        segmenter.push(head.as_bytes()).expect("valid text");
        for _ in 0..64 {
            segmenter.push(chunk.as_bytes()).expect("valid text");
            while segmenter.next_event().is_some() {}
            assert!(
                segmenter.memory_bytes() < 6 * (64 << 10),
                "{head:?}: {}",
                segmenter.memory_bytes()
            );
        }
    }
}

/// What was settled before an error is said, however the bytes were cut.
#[test]
fn errors_lose_nothing_that_was_settled() {
    let mut bytes = "Il testo è qui, e va avanti. Poi finisce.\n\n".repeat(100).into_bytes();
    bytes.push(0xff);
    let run = |size: usize| {
        let mut segmenter = Segmenter::new(Options::default(), Limits::default());
        let mut events = Vec::new();
        let mut failed = false;
        for chunk in bytes.chunks(size) {
            failed |= segmenter.push(chunk).is_err();
            events.extend(std::iter::from_fn(|| segmenter.next_event()));
        }
        assert!(failed && segmenter.finish().is_err());
        assert!(segmenter.next_event().is_none());
        events
    };
    let whole = run(bytes.len());
    assert!(whole.len() > 150, "{} events", whole.len());
    assert!(!whole.iter().any(|event| matches!(event, Event::Tail(_))));
    for size in [1, 7, 200] {
        assert_eq!(run(size), whole, "in chunks of {size}");
    }
}

#[test]
fn errors_name_what_was_given_and_what_is_allowed() {
    let mut segmenter =
        Segmenter::new(Options::default(), Limits { document_bytes_max: 10, ..Limits::default() });
    let error = segmenter.push(b"undici byte").expect_err("eleven bytes");
    assert_eq!(error.reason(), "DOCUMENT_TOO_LARGE");
    assert!(error.to_string().contains("11") && error.to_string().contains("10"));
    let mut segmenter = Segmenter::new(Options::default(), Limits::default());
    segmenter.push(b"caff\xc3").expect("may go on");
    let error = segmenter.push(b" ").expect_err("no continuation");
    assert_eq!((error.reason(), error.to_string().contains("offset 4")), ("MALFORMED_TEXT", true));
    assert!(segmenter.next_event().is_none(), "nothing was settled");
    let mut segmenter = Segmenter::new(Options::default(), Limits::default());
    segmenter.finish().expect("an empty document");
    assert_eq!(segmenter.push(b"x").expect_err("too late").reason(), "DOCUMENT_ALREADY_FINISHED");
}

/// What a rule table says of a text with the plain end asked first, and without.
fn with_and_without_plain_end(text: &str, tag: &str) -> [cesura::sentence::Judged; 2] {
    let language = cesura::language::LanguageTag::parse(tag).expect("a tag");
    let rows = cesura::tailoring::for_tag(&language).rows();
    let marks = cesura::inline::scan(text);
    [rows.plain_end, None].map(|plain_end| {
        let rows = cesura::sentence::Rows { plain_end, ..rows };
        let mut evidence = cesura::sentence::Evidence::default();
        cesura::sentence::judge(text, &marks, rows, &language, &Default::default(), &mut evidence)
    })
}

/// Sentences that end plainly, nearly so, and not at all.
fn ends() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "(e|la|Il|p|es|Art|[a-z]{1,8}|[A-Z][a-zàèò]{1,6}|perché|XV|[0-9]{1,3}|dott|ecc|op|cit|on|Carlo|serie|film|presidente|gennaio|milioni)",
        3 => prop::sample::select(vec![". ", ".", ".  ", ". «", "», ", "? ", ") ", " (", " ", " ", ", ", "’", "'", "…", "\u{301}", "×", "-", "»", "”", "\"", ")"])
            .prop_map(String::from),
        2 => prop::sample::select(vec![". ", " "]).prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]
    #[test]
    fn the_plain_end_is_that_of_the_cascade(text in prop_oneof![ends(), page()]) {
        for tag in ["it", "en", "fr", "de", "pt", "es"] {
            let [with, without] = with_and_without_plain_end(text.trim(), tag);
            prop_assert_eq!(with, without, "{}", tag);
        }
    }
}

/// What nearly ends plainly, one for each thing that has to hold.
#[test]
fn what_nearly_ends_plainly_is_left_to_the_cascade() {
    for text in [
        "Si mangia verdura, p. es. Carote e altro.",
        "Lo dice a p. seg. Rossi, poi va via.",
        "Prima si va là. C) Poi si torna.",
        "Si legga la parte. A) Uno. B) Due.",
        "Vale per la serie. Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.",
        "Così parla il dott. Èlia. Poi esce.",
        "Lo dice il prof. Rossi. Il sig. Bianchi tace.",
        "Vive in v. Po. È lì. Il n. Uno ride. La n. XV. La p. 3.",
        "Nos. Uno. Ing. Neri. On. Po. Geom. Blu.",
        "Vale «così». Poi. «». Poi. (Va via). E ora. (a). B. Dice “no”. Già. \"Ecco\". Là. Il n. 3). Si va.",
        "(Fine.). Poi. Uno…». Due. Tre!). Quattro. Art. 1). Cinque. «3». Sei. ×». Sette. (c). D) Otto.",
        "Fine×. Poi. Fine. Poi× ride. Caffe\u{301}. Poi. Fine. Po\u{301}.",
    ] {
        for tag in ["it", "en", "fr", "de", "pt", "es"] {
            let [with, without] = with_and_without_plain_end(text, tag);
            assert_eq!(with, without, "{text} {tag}");
        }
    }
}

#[test]
fn the_plain_end_of_articles_is_that_of_the_cascade() {
    let mut asked = 0;
    for folder in ["seeds", "tests/articles", "tests/pages"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("UTF-8");
            for line in text.lines() {
                let [with, without] = with_and_without_plain_end(line.trim(), "it");
                assert_eq!(with, without, "{line}");
                asked += with.decisions.len();
            }
        }
    }
    assert!(asked > 1000, "{asked} ends");
}
