//! Every method over a real socket, with a real client.

use crate::harness::*;
use crate::pages::seeds;
use cesura::server::Config;
use cesura::wire::pb;
use pb::document_event::Event;
use pb::segment_chunks_request::Item;
use pb::segmentation_service_client::SegmentationServiceClient;
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codec::CompressionEncoding::Gzip;

const ENCODINGS: [pb::OffsetEncoding; 3] =
    [pb::OffsetEncoding::Utf8, pb::OffsetEncoding::Utf16, pb::OffsetEncoding::Utf32];

fn options(encoding: pb::OffsetEncoding) -> pb::SegmentationOptions {
    pb::SegmentationOptions {
        offset_encoding: encoding.into(),
        explain: true,
        ..Default::default()
    }
}

fn length(text: &str, encoding: pb::OffsetEncoding) -> u32 {
    let length = match encoding {
        pb::OffsetEncoding::Utf16 => text.encode_utf16().count(),
        pb::OffsetEncoding::Utf32 => text.chars().count(),
        _ => text.len(),
    };
    length as u32
}

#[tokio::test]
async fn the_three_methods_agree_on_every_seed_in_every_encoding() {
    let (_running, mut client) = default_client().await;
    for (name, text) in seeds() {
        for encoding in ENCODINGS {
            let whole = by_document(&mut client, text_document(&name, &text), options(encoding))
                .await
                .expect("a seed is segmented");
            let pieces = pieces(&whole);
            let joined: String = pieces.iter().map(|(_, text)| text.as_str()).collect();
            assert_eq!(joined, text, "{name}: every character is accounted for");
            let mut at = 0;
            for (span, text) in &pieces {
                assert_eq!(
                    (span.start, span.end),
                    (at, at + length(text, encoding)),
                    "{name}: {text}"
                );
                at = span.end;
            }
            for size in [1, 2, 7, 1000, 100_000] {
                let mut requests = vec![begin(&name, options(encoding))];
                requests.extend(text.as_bytes().chunks(size).map(chunk));
                requests.push(end());
                let chunked = by_chunks(&mut client, requests).await.expect("a seed is segmented");
                assert_eq!(chunked, whole, "{name} in chunks of {size}");
            }
            let request = pb::SegmentDocumentsRequest {
                options: Some(options(encoding)),
                documents: vec![text_document(&name, &text)],
                ..Default::default()
            };
            let results =
                by_documents(&mut client, vec![request]).await.expect("a seed is segmented");
            let events: Vec<_> = results.into_iter().flat_map(|result| result.events).collect();
            assert_eq!(events, whole, "{name} in bulk");
        }
    }
}

#[tokio::test]
async fn spans_come_in_several_encodings_at_once_and_without_text() {
    let (_running, mut client) = default_client().await;
    let given = pb::SegmentationOptions {
        additional_offset_encodings: vec![
            pb::OffsetEncoding::Utf16.into(),
            pb::OffsetEncoding::Utf32.into(),
        ],
        omit_text: true,
        ..Default::default()
    };
    let text = "È 😀 qui. Poi c’è altro.";
    let events =
        by_document(&mut client, text_document("a", text), given).await.expect("segmented");
    let pieces = pieces(&events);
    assert!(pieces.iter().all(|(_, text)| text.is_empty()));
    let last = &pieces.last().expect("a segment").0;
    assert_eq!(last.end as usize, text.len());
    let ends: Vec<usize> = last.alternatives.iter().map(|span| span.end as usize).collect();
    assert_eq!(ends, [text.encode_utf16().count(), text.chars().count()]);
}

#[tokio::test]
async fn legacy_charsets_are_decoded_and_the_head_says_so() {
    let (_running, mut client) = default_client().await;
    let latin = b"Perch\xe9 \x93no\x94? E\x92 cos\xec.";
    let events =
        by_document(&mut client, bytes_document("a", latin, "ISO-8859-1"), Default::default())
            .await
            .expect("segmented");
    let Some(Event::Head(head)) = events[0].event.clone() else { panic!("the head comes first") };
    assert_eq!(
        (head.charset.as_str(), head.replaced, head.byte_order_mark),
        ("windows-1252", Some(false), false)
    );
    assert_eq!(segments(&events), ["Perché “no”?", "E’ così."]);

    let replace = pb::SegmentationOptions {
        malformed_policy: pb::MalformedPolicy::Replace.into(),
        ..Default::default()
    };
    let broken = bytes_document("b", b"\xef\xbb\xbfCaff\xe9.\0 Poi.", "");
    let events = by_document(&mut client, broken, replace).await.expect("segmented");
    let Some(Event::Head(head)) = events[0].event.clone() else { panic!("the head comes first") };
    assert_eq!((head.replaced, head.byte_order_mark), (Some(true), true));
    let Some(Event::Tail(tail)) = events.last().and_then(|event| event.event.clone()) else {
        panic!("the tail comes last")
    };
    assert_eq!(tail.replaced_count, 1);
}

#[tokio::test]
async fn an_empty_document_is_an_empty_valid_stream() {
    let (_running, mut client) = default_client().await;
    for document in
        [pb::SourceDocument::default(), text_document("a", ""), bytes_document("a", b"", "")]
    {
        let events =
            by_document(&mut client, document, Default::default()).await.expect("an answer");
        assert!(matches!(events.first().and_then(|e| e.event.as_ref()), Some(Event::Head(_))));
        assert!(
            matches!(events.last().and_then(|e| e.event.as_ref()), Some(Event::Tail(tail)) if tail.unit_count == 0)
        );
        assert_eq!(events.len(), 2);
    }
    let events = by_chunks(&mut client, vec![end()]).await.expect("an answer");
    assert_eq!(events.len(), 2);
}

#[tokio::test]
async fn the_first_unit_arrives_before_the_rest_is_sent() {
    let (_running, mut client) = default_client().await;
    let (sender, receiver) = mpsc::channel(1);
    let mut stream =
        client.segment_chunks(ReceiverStream::new(receiver)).await.expect("admitted").into_inner();
    let paragraph = "Il presidente ha parlato a lungo con i ministri del suo governo. Poi è partito per Mosca.\n\n";
    // Only the head of a document without end: nothing else is sent until the unit is here.
    let head = format!("Il titolo del giorno\n\n{}", paragraph.repeat(40));
    sender.send(chunk(head.as_bytes())).await.expect("the server reads");
    let mut found = None;
    while found.is_none() {
        let message = stream.message().await.expect("no error").expect("the stream goes on");
        found = message.events.into_iter().find_map(|event| match event.event {
            Some(Event::Unit(unit)) => Some(unit),
            _ => None,
        });
    }
    assert_eq!(found.expect("a unit").kind(), pb::BlockKind::Headline);
    sender.send(chunk(paragraph.as_bytes())).await.expect("the server still reads");
    sender.send(end()).await.expect("the server still reads");
    let mut tail = false;
    while let Some(message) = stream.message().await.expect("no error") {
        tail |= message.events.iter().any(|event| matches!(event.event, Some(Event::Tail(_))));
    }
    assert!(tail);
}

#[tokio::test]
async fn bulk_answers_each_document_by_itself() {
    let (_running, mut client) = default_client().await;
    let mut bad_tag = text_document("tag", "Testo.");
    bad_tag.language_code = "not a tag".to_owned();
    let long = "Il presidente ha parlato a lungo. Poi è partito.\n\n".repeat(8000);
    let requests = vec![
        pb::SegmentDocumentsRequest {
            documents: vec![
                text_document("a", "Uno. Due."),
                bytes_document("utf8", b"caff\xe9.", ""),
                bad_tag,
                text_document("long", &long),
            ],
            ..Default::default()
        },
        pb::SegmentDocumentsRequest::default(),
        pb::SegmentDocumentsRequest {
            documents: vec![text_document("z", "Tre.")],
            ..Default::default()
        },
    ];
    let results = by_documents(&mut client, requests).await.expect("the stream goes on");
    let last: Vec<(&str, u32, i32)> = results
        .iter()
        .filter(|result| result.last)
        .map(|result| {
            (
                result.document_id.as_str(),
                result.index,
                result.status.as_ref().map_or(0, |status| status.code),
            )
        })
        .collect();
    assert_eq!(last, [("a", 0, 0), ("utf8", 1, 3), ("tag", 2, 3), ("long", 3, 0), ("z", 4, 0)]);
    let details =
        results.iter().find_map(|result| result.status.as_ref()).expect("a status").details.clone();
    assert!(details.iter().any(|any| any.type_url.ends_with("google.rpc.ErrorInfo")));
    let parts: Vec<_> = results.iter().filter(|result| result.document_id == "long").collect();
    assert!(parts.len() > 1, "a long document takes several results");
    let joined: String =
        parts.iter().flat_map(|part| pieces(&part.events)).map(|(_, text)| text).collect();
    assert_eq!(joined, long);
}

/// With `any_order` short documents overtake long ones of their message, and nothing else changes.
#[tokio::test]
async fn in_any_order_long_documents_give_way() {
    let (_running, mut client) = default_client().await;
    let long = "Il presidente ha parlato a lungo. Poi è partito.\n\n".repeat(8000);
    // Seven long ones: more than are under way at a time.
    let documents: Vec<_> = (0..14)
        .map(|index| match index % 2 {
            0 => text_document("long", &long),
            _ => text_document("short", &format!("Numero {index}. Poi basta.")),
        })
        .collect();
    let mut answers = Vec::new();
    for any_order in [false, true] {
        let request = pb::SegmentDocumentsRequest {
            documents: documents.clone(),
            any_order,
            ..Default::default()
        };
        let results = by_documents(&mut client, vec![request.clone(), request]).await;
        let results = results.expect("the stream goes on");
        let ends: Vec<u32> = results.iter().filter(|r| r.last).map(|r| r.index).collect();
        let mut whole = vec![Vec::new(); 28];
        for result in results {
            whole[result.index as usize].extend(result.events);
        }
        answers.push((ends, whole));
    }
    let (in_order, in_any_order) = (&answers[0], &answers[1]);
    assert!(in_order.0.is_sorted());
    assert_eq!(in_any_order.0[..3], [1, 3, 5], "the short ones between the first long ones");
    assert!(in_any_order.0[..14].iter().all(|index| *index < 14), "a message before the next");
    assert_eq!(in_order.1, in_any_order.1);
}

#[tokio::test]
async fn messages_stay_small_and_batching_is_the_clients_choice() {
    use prost::Message;
    let (_running, mut client) = default_client().await;
    let long = "Il presidente ha parlato a lungo. Sì. No. Forse. Poi è partito.\n\n".repeat(8000);
    for (count_max, explain) in [(0, true), (1, false), (5, false)] {
        let options = pb::SegmentationOptions {
            events_per_message_max: count_max,
            explain,
            ..Default::default()
        };
        let request = pb::SegmentDocumentRequest {
            document: Some(text_document("a", &long)),
            options: Some(options),
        };
        let mut stream = client.segment_document(request).await.expect("admitted").into_inner();
        let (mut bytes_max, mut events_max) = (0, 0);
        while let Some(message) = stream.message().await.expect("no error") {
            bytes_max = bytes_max.max(message.encoded_len());
            events_max = events_max.max(message.events.len());
        }
        assert!(bytes_max < 64 << 10, "a message of {bytes_max} bytes");
        assert!(count_max == 0 || events_max <= count_max as usize);
    }
}

/// A unit is never split; the worst one still fits what clients take by default.
#[tokio::test]
async fn the_most_hostile_unit_fits_a_clients_default() {
    use prost::Message;
    let (_running, mut client) = default_client().await;
    let options = pb::SegmentationOptions {
        explain: true,
        additional_offset_encodings: vec![
            pb::OffsetEncoding::Utf16.into(),
            pb::OffsetEncoding::Utf32.into(),
        ],
        ..Default::default()
    };
    for pattern in ["A! ", "è.È", "A. ", "a… B", "(a! B) "] {
        let text = pattern.repeat(300_000 / pattern.len());
        let document = Some(text_document("a", &text));
        let request = pb::SegmentDocumentRequest { document, options: Some(options.clone()) };
        let mut stream = client.segment_document(request).await.expect("admitted").into_inner();
        while let Some(message) = stream.message().await.expect("within the client's default") {
            assert!(message.encoded_len() < 4_000_000, "{pattern}: {}", message.encoded_len());
        }
    }
}

#[tokio::test]
async fn small_documents_are_whole_in_one_result() {
    let (_running, mut client) = default_client().await;
    let text = "Il presidente ha parlato a lungo. Poi è partito.\n\n".repeat(60);
    let documents = (0..200).map(|index| text_document(&index.to_string(), &text)).collect();
    let request = pb::SegmentDocumentsRequest { documents, ..Default::default() };
    let results = by_documents(&mut client, vec![request]).await.expect("segmented");
    assert_eq!(results.len(), 200);
    assert!(results.iter().zip(0..).all(|(result, index)| result.last && result.index == index));
}

#[tokio::test]
async fn clauses_end_segments_where_asked() {
    let (_running, mut client) = default_client().await;
    let text = "Il verdetto: assolto; la procura ricorre alle 14:30.";
    let mut split = async |colon, semicolon| {
        let options = pb::SegmentationOptions {
            language_code: "it".to_owned(),
            break_after_colon: colon,
            break_after_semicolon: semicolon,
            ..Default::default()
        };
        let events = by_document(&mut client, text_document("a", text), options).await;
        segments(&events.expect("segmented")).len()
    };
    assert_eq!(split(false, false).await, 1);
    assert_eq!(split(true, false).await, 2);
    assert_eq!(split(true, true).await, 3);
}

#[tokio::test]
async fn languages_are_detected_one_or_many() {
    let (_running, mut client) = default_client().await;
    let texts = vec![
        "Il governo ha detto che non ci sarà una proroga per le imprese del paese, ma solo un aiuto.".to_owned(),
        "The government has said that there will be no delay for the country's firms.".to_owned(),
        "12.09.2023".to_owned(),
    ];
    let answer = client
        .detect_language(pb::DetectLanguageRequest { texts })
        .await
        .expect("an answer")
        .into_inner();
    let codes: Vec<&str> =
        answer.detections.iter().map(|found| found.language_code.as_str()).collect();
    assert_eq!(codes, ["it", "en", "und"]);
    assert!(answer.detections[0].reliable && !answer.detections[2].reliable);
    assert_eq!(answer.detections[0].script_code, "Latn");
}

#[tokio::test]
async fn rules_are_listed_in_cascade_order() {
    let (_running, mut client) = default_client().await;
    let request = pb::ListRulesRequest { language_code: "it-CH".to_owned() };
    let rules = client.list_rules(request).await.expect("an answer").into_inner().rules;
    let sentence: Vec<&pb::Rule> = rules
        .iter()
        .filter(|rule| matches!(rule.answer, Some(pb::rule::Answer::Verdict(_))))
        .collect();
    let (rows, ends) = sentence.split_at(sentence.len() - 2);
    assert!(rows.iter().zip(1..).all(|(rule, position)| rule.position == position));
    assert_eq!(rows.last().expect("rules").rule_id, "root.uax29.join");
    assert!(rows.iter().all(|rule| rule.tailoring_code == "it"));
    assert_eq!(
        (ends[0].rule_id.as_str(), ends[1].rule_id.as_str()),
        ("layout.block-end", "limit.block-cut")
    );
    assert!(rules.iter().all(|rule| !rule.reason.is_empty() && !rule.examples.is_empty()));
    let all = client
        .list_rules(pb::ListRulesRequest::default())
        .await
        .expect("an answer")
        .into_inner()
        .rules;
    assert!(all.len() > rules.len());
}

#[tokio::test]
async fn the_server_tells_its_limits() {
    let (_running, mut client) = default_client().await;
    let info =
        client.get_server_info(pb::GetServerInfoRequest {}).await.expect("an answer").into_inner();
    assert_eq!(info.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(info.limits.as_ref().expect("limits").document_bytes_max, 2 << 20);
    assert_eq!(info.tailorings.len(), 7);
    assert_eq!((info.srx_rules_count, info.limits.expect("limits").forms_max), (0, 1000));
}

/// A client that reads nothing must not be able to make the server hold its whole answer.
#[tokio::test]
async fn a_slow_reader_is_waited_for_and_loses_nothing() {
    let (_running, mut client) = default_client().await;
    let text = "Il presidente ha parlato a lungo. Poi è partito.\n\n".repeat(20_000);
    let request =
        pb::SegmentDocumentRequest { document: Some(text_document("a", &text)), options: None };
    let mut stream = client.segment_document(request).await.expect("admitted").into_inner();
    let mut joined = String::new();
    while let Some(message) = stream.message().await.expect("no error") {
        tokio::task::yield_now().await;
        joined.extend(pieces(&message.events).into_iter().map(|(_, text)| text));
    }
    assert_eq!(joined.len(), text.len());
}

/// Clients say that they could read gzip without being asked: that is no wish.
#[tokio::test]
async fn answers_are_compressed_where_their_requests_are() {
    let running = start(Config::default()).await;
    let channel = running.channel().await;
    let client = SegmentationServiceClient::new(channel).accept_compressed(Gzip);
    let text = "Il governo non ha detto nulla. Lo dirà domani.";
    for (mut client, wanted) in
        [(client.clone(), None), (client.send_compressed(Gzip), Some("gzip"))]
    {
        let texts = vec![text.to_owned()];
        let answer = client.detect_language(pb::DetectLanguageRequest { texts }).await;
        let answer = answer.expect("answered");
        let encoding = answer.metadata().get("grpc-encoding").map(|value| value.as_bytes());
        assert_eq!(encoding, wanted.map(str::as_bytes), "one answer");
        let chunk = pb::SegmentChunksRequest { item: Some(Item::Chunk(text.as_bytes().into())) };
        let end = pb::SegmentChunksRequest { item: Some(Item::End(pb::DocumentEnd {})) };
        let answer = client.segment_chunks(tokio_stream::iter([chunk, end])).await;
        let answer = answer.expect("answered");
        let encoding = answer.metadata().get("grpc-encoding").map(|value| value.as_bytes());
        assert_eq!(encoding, wanted.map(str::as_bytes), "a stream of answers");
        let messages: Vec<_> = answer.into_inner().collect().await;
        assert!(messages.iter().all(Result::is_ok) && messages.len() > 1, "{messages:?}");
    }
}
