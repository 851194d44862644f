//! What units and segments carry beside their place, over real sockets: each part by itself, what
//! may be asked, repetitions in a stream.

use crate::harness::*;
use cesura::wire::pb;
use pb::document_event::Event;
use tonic::Code;
use tonic_types::StatusExt;

const TEXT: &str = "Il premier scrive a capo@esempio.it\n\nIl premier ha detto: «Torno il 12 \
    settembre 2023». Poi è uscito.Nessuno lo ha visto.\n\nIl premier scrive a capo@esempio.it";

async fn units_with(options: pb::SegmentationOptions) -> Vec<pb::Unit> {
    let (_running, mut client) = default_client().await;
    let events = by_document(&mut client, text_document("a", TEXT), options).await.expect("whole");
    let unit = |event: pb::DocumentEvent| match event.event {
        Some(Event::Unit(unit)) => Some(unit),
        _ => None,
    };
    events.into_iter().filter_map(unit).collect()
}

async fn refused(options: pb::SegmentationOptions) -> (String, String) {
    let (_running, mut client) = default_client().await;
    let status = by_document(&mut client, text_document("a", TEXT), options)
        .await
        .expect_err("it is not allowed");
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_error_details();
    let field = details.bad_request().expect("a field").field_violations[0].field.clone();
    (field, details.error_info().expect("a reason").reason.clone())
}

/// Which parts a unit carries.
fn carried(unit: &pb::Unit) -> Vec<&'static str> {
    let segment = &unit.segments[0];
    let any = |has: fn(&pb::Segment) -> bool| unit.segments.iter().any(has);
    [
        ("annotations", !unit.annotations.is_empty()),
        ("quotations", !unit.quotations.is_empty()),
        ("identities", unit.identity.is_some() && segment.identity.is_some()),
        ("segment_languages", segment.language.is_some()),
        ("machine_text", segment.machine_text.is_some()),
        ("masked_text", segment.masked_text.is_some()),
        ("counts", unit.counts.is_some() && segment.counts.is_some()),
        ("segment_types", any(|one| one.r#type() != pb::SegmentType::Unspecified)),
        ("warnings", any(|one| !one.warnings.is_empty())),
        ("positions", unit.position.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, there)| there.then_some(name))
    .collect()
}

#[tokio::test]
async fn each_detail_comes_where_it_was_asked_for_and_only_there() {
    assert_eq!(carried(&units_with(pb::SegmentationOptions::default()).await[1]), [""; 0]);
    let all =
        pb::SegmentationOptions { details: vec![pb::Detail::All.into()], ..Default::default() };
    let units = units_with(all).await;
    let names = carried(&units[1]);
    assert_eq!(names.len(), 10, "{names:?}");
    for (detail, name) in (1..=10).zip(names) {
        let options = pb::SegmentationOptions { details: vec![detail], ..Default::default() };
        assert_eq!(carried(&units_with(options).await[1]), [name]);
    }
    let quotation = &units[1].quotations[0];
    let attribution = quotation.attribution.as_ref().expect("who speaks");
    assert_eq!(attribution.speaker, "premier");
    assert_eq!((quotation.first_segment_number, quotation.last_segment_number), (2, 2));
    assert_eq!(units[1].segments[1].warnings[0].kind(), pb::WarningKind::MissingSpace);
    let masked = units[0].segments[0].masked_text.as_ref().expect("masked");
    assert_eq!(masked.text, "Il premier scrive a {1}");
    assert_eq!(masked.placeholders[0].original, "capo@esempio.it");
    let (first, again) = (units[0].identity.as_ref(), units[2].identity.as_ref());
    let (first, again) = (first.expect("a name"), again.expect("a name"));
    assert_eq!(first.content_digest, again.content_digest);
    assert_eq!((again.first_id.as_str(), first.first_id.as_str()), (first.id.as_str(), ""));
    assert_ne!(first.id, again.id);
}

#[tokio::test]
async fn what_may_not_be_asked_is_refused_by_its_field() {
    let twice = pb::SegmentationOptions { details: vec![2, 2], ..Default::default() };
    assert_eq!(refused(twice).await, ("options.details[1]".into(), "DETAIL_REPEATED".into()));
    let unknown = pb::SegmentationOptions { details: vec![99], ..Default::default() };
    assert_eq!(refused(unknown).await, ("options.details[0]".into(), "UNKNOWN_ENUM_VALUE".into()));
    for template in ["{n}", "X{n}", "ab", "<{n}><{n}>", "<{n}\u{7}>"] {
        let mask_template = template.to_owned();
        let options = pb::SegmentationOptions { mask_template, ..Default::default() };
        let expected = ("options.mask_template".into(), "MALFORMED_MASK_TEMPLATE".into());
        assert_eq!(refused(options).await, expected, "{template}");
    }
    let packing =
        |packing| pb::SegmentationOptions { packing: Some(packing), ..Default::default() };
    let good = pb::PackingOptions { budget: 100, ..Default::default() };
    for (bad, field, reason) in [
        (pb::PackingOptions { budget: 15, ..good }, "budget", "OUT_OF_RANGE"),
        (pb::PackingOptions { budget: 50_001, ..good }, "budget", "OUT_OF_RANGE"),
        (pb::PackingOptions { overlap_segments: 17, ..good }, "overlap_segments", "OUT_OF_RANGE"),
        (pb::PackingOptions { budget_unit: 9, ..good }, "budget_unit", "UNKNOWN_ENUM_VALUE"),
    ] {
        let expected = (format!("options.packing.{field}"), reason.to_owned());
        assert_eq!(refused(packing(bad)).await, expected);
    }
}

#[tokio::test]
async fn chunks_come_behind_what_they_need_in_every_encoding() {
    let (_running, mut client) = default_client().await;
    let options = pb::SegmentationOptions {
        offset_encoding: pb::OffsetEncoding::Utf16.into(),
        packing: Some(pb::PackingOptions { budget: 60, overlap_segments: 1, ..Default::default() }),
        ..Default::default()
    };
    let text = "«È già» così. Però è 😀 lì. Perché è più giù? Ciò è così, cioè è già là.";
    let source: Vec<u16> = text.encode_utf16().collect();
    let events = by_document(&mut client, text_document("a", text), options).await.expect("whole");
    let mut chunks = 0;
    for event in &events {
        let Some(Event::ModelChunk(chunk)) = &event.event else { continue };
        chunks += 1;
        let held: Vec<u16> = chunk.text.encode_utf16().collect();
        for part in &chunk.parts {
            let span = part.span.as_ref().expect("a place");
            let there = &source[span.start as usize..span.end as usize];
            assert_eq!(there, &held[part.text_start as usize..part.text_end as usize]);
        }
    }
    assert!(chunks >= 2);
    let order = |wanted: fn(&Event) -> bool| {
        events.iter().position(|event| event.event.as_ref().is_some_and(wanted))
    };
    assert!(order(|e| matches!(e, Event::Unit(_))) < order(|e| matches!(e, Event::ModelChunk(_))));
}

#[tokio::test]
async fn what_an_earlier_document_held_is_told_in_a_stream() {
    let (_running, mut client) = default_client().await;
    let options = pb::SegmentationOptions {
        details: vec![pb::Detail::Identities.into()],
        ..Default::default()
    };
    let documents = vec![
        text_document("a", "Il premier è partito. Poi piove."),
        text_document("b", "Nessuno parla.\n\nPoi  piove."),
        text_document("c", "Il premier è partito.\n\nNessuno parla."),
    ];
    let request =
        pb::SegmentDocumentsRequest { options: Some(options), documents, ..Default::default() };
    let results = by_documents(&mut client, vec![request]).await.expect("results");
    let mut told = Vec::new();
    for result in results {
        for event in result.events {
            let Some(Event::Unit(unit)) = event.event else { continue };
            told.extend(unit.segments.into_iter().map(|segment| {
                let name = segment.identity.expect("a name");
                (segment.text, name.first_document_index)
            }));
        }
    }
    let expected = [
        ("Il premier è partito.", None),
        ("Poi piove.", None),
        ("Nessuno parla.", None),
        ("Poi  piove.", Some(0)),
        ("Il premier è partito.", Some(0)),
        ("Nessuno parla.", Some(1)),
    ];
    let expected = expected.map(|(text, document)| (text.to_owned(), document));
    assert_eq!(told, expected);
}
