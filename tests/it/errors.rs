//! Bad input: each gets a status that names the field, what was given and what is allowed.

use crate::harness::*;
use cesura::server::Config;
use cesura::service::ServiceLimits;
use cesura::wire::pb;
use pb::segment_chunks_request::Item;
use prost::Message;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// Code, reason and first named field of a status.
pub(crate) fn facts(status: &Status) -> (Code, String, String) {
    let details = status.get_error_details();
    let info = details.error_info().expect("every status has ErrorInfo");
    assert_eq!(info.domain, "cesura.v1");
    let field =
        details.bad_request().and_then(|bad| bad.field_violations.first()).map(|v| v.field.clone());
    (status.code(), info.reason.clone(), field.unwrap_or_default())
}

pub(crate) fn expect(status: &Status, code: Code, reason: &str, field: &str) {
    assert_eq!(facts(status), (code, reason.to_owned(), field.to_owned()), "{status:?}");
}

#[tokio::test]
async fn options_that_make_no_sense_are_refused_by_name() {
    let (_running, mut client) = default_client().await;
    let utf16 = i32::from(pb::OffsetEncoding::Utf16);
    let cases: Vec<(pb::SegmentationOptions, &str, &str)> = vec![
        (
            pb::SegmentationOptions { offset_encoding: 9, ..Default::default() },
            "UNKNOWN_ENUM_VALUE",
            "options.offset_encoding",
        ),
        (
            pb::SegmentationOptions { malformed_policy: -1, ..Default::default() },
            "UNKNOWN_ENUM_VALUE",
            "options.malformed_policy",
        ),
        (
            pb::SegmentationOptions {
                language_code: "italiano, credo".to_owned(),
                ..Default::default()
            },
            "MALFORMED_LANGUAGE_TAG",
            "options.language_code",
        ),
        (
            pb::SegmentationOptions {
                additional_offset_encodings: vec![utf16, utf16],
                ..Default::default()
            },
            "OFFSET_ENCODING_REPEATED",
            "options.additional_offset_encodings[1]",
        ),
        (
            pb::SegmentationOptions {
                additional_offset_encodings: vec![utf16; 3],
                ..Default::default()
            },
            "TOO_MANY_OFFSET_ENCODINGS",
            "options.additional_offset_encodings",
        ),
    ];
    for (options, reason, field) in cases {
        let status = by_document(&mut client, text_document("a", "Testo."), options)
            .await
            .expect_err("refused");
        expect(&status, Code::InvalidArgument, reason, field);
        assert!(
            status.message().starts_with(field),
            "the message alone names the field: {}",
            status.message()
        );
    }
}

#[tokio::test]
async fn documents_that_make_no_sense_are_refused_by_name() {
    let (_running, mut client) = default_client().await;
    let mut with_charset = text_document("a", "Testo.");
    with_charset.charset = "latin1".to_owned();
    let cases = [
        (bytes_document("a", b"caff\xe9 caldo", ""), "MALFORMED_TEXT", "document"),
        (bytes_document("a", b"x", "klingon"), "UNKNOWN_CHARSET", "document.charset"),
        (with_charset, "CHARSET_OF_TEXT", "document.charset"),
        (text_document(&"a".repeat(513), "Testo."), "DOCUMENT_ID_TOO_LONG", "document.document_id"),
        (text_document("a", &"a".repeat((2 << 20) + 1)), "DOCUMENT_TOO_LARGE", "document.text"),
    ];
    for (document, reason, field) in cases {
        let status =
            by_document(&mut client, document, Default::default()).await.expect_err("refused");
        expect(&status, Code::InvalidArgument, reason, field);
    }
    let status =
        by_document(&mut client, bytes_document("a", b"caff\xe9 caldo", ""), Default::default())
            .await
            .expect_err("refused");
    assert!(status.message().contains("offset 4"), "{}", status.message());
    assert!(!status.message().contains("caldo"), "no text of a document in an error");
}

#[tokio::test]
async fn a_document_ending_inside_a_character_keeps_what_was_settled() {
    let (_running, mut client) = default_client().await;
    let mut content = "Il testo è qui. Poi finisce.\n\n".repeat(200).into_bytes();
    content.push(0xc3);
    let request = pb::SegmentDocumentRequest {
        document: Some(bytes_document("a", &content, "")),
        options: None,
    };
    let mut stream = client.segment_document(request).await.expect("admitted").into_inner();
    let mut units = 0;
    let status = loop {
        match stream.message().await {
            Ok(Some(message)) => units += message.events.len(),
            Ok(None) => panic!("a half character is no document"),
            Err(status) => break status,
        }
    };
    expect(&status, Code::InvalidArgument, "MALFORMED_TEXT", "document");
    assert!(units > 100, "what was settled before was said");
}

#[tokio::test]
async fn chunks_out_of_order_are_refused() {
    let (_running, mut client) = default_client().await;
    let start = || begin("a", Default::default());
    let cases = [
        (vec![chunk(b"Testo."), start()], "START_AFTER_CHUNK", "item"),
        (vec![start(), start()], "START_REPEATED", "item"),
        (vec![pb::SegmentChunksRequest { item: None }], "ITEM_MISSING", "item"),
        (vec![chunk(b"Testo\xff."), end()], "MALFORMED_TEXT", "chunk"),
    ];
    for (requests, reason, field) in cases {
        let status = by_chunks(&mut client, requests).await.expect_err("refused");
        expect(&status, Code::InvalidArgument, reason, field);
    }
    let charset = pb::DocumentStart { charset: "?".to_owned(), ..Default::default() };
    let status =
        by_chunks(&mut client, vec![pb::SegmentChunksRequest { item: Some(Item::Start(charset)) }])
            .await
            .expect_err("refused");
    expect(&status, Code::InvalidArgument, "UNKNOWN_CHARSET", "start.charset");
}

#[tokio::test]
async fn nothing_may_follow_the_end() {
    let (_running, mut client) = default_client().await;
    let requests = vec![chunk(b"Testo."), end(), chunk(b"Altro."), end()];
    let status = by_chunks(&mut client, requests).await.expect_err("refused");
    expect(&status, Code::InvalidArgument, "AFTER_END", "item");
}

#[tokio::test]
async fn a_silent_stream_gives_its_place_back() {
    let stream_idle_max = std::time::Duration::from_millis(100);
    let limits = ServiceLimits { stream_idle_max, ..ServiceLimits::default() };
    let running = start(Config { limits, ..Config::default() }).await;
    let mut client = running.client().await;
    let (_silent, receiver) = mpsc::channel(1);
    let answer = client.segment_chunks(ReceiverStream::new(receiver)).await.expect("admitted");
    let status = answer.into_inner().message().await.expect_err("too late");
    expect(&status, Code::DeadlineExceeded, "STREAM_IDLE", "");
    let (_silent, receiver) = mpsc::channel(1);
    let answer = client.segment_documents(ReceiverStream::new(receiver)).await.expect("admitted");
    let status = answer.into_inner().message().await.expect_err("too late");
    expect(&status, Code::DeadlineExceeded, "STREAM_IDLE", "");
}

/// A message of two million empty documents takes four megabytes here and hundreds once decoded.
#[tokio::test]
async fn fields_are_counted_before_they_are_decoded() {
    let running = start(Config::default()).await;
    let message = [0x12, 0x00].repeat(1 << 20);
    let status = raw_call(&running, "/cesura.v1.SegmentationService/DetectLanguage", message).await;
    expect(&status, Code::InvalidArgument, "TOO_MANY_FIELDS", "message");
}

#[tokio::test]
async fn a_stream_that_closes_half_way_is_no_document() {
    let (_running, mut client) = default_client().await;
    let status =
        by_chunks(&mut client, vec![chunk(b"Il testo comincia")]).await.expect_err("abandoned");
    expect(&status, Code::Cancelled, "DOCUMENT_ABANDONED", "");
}

/// A client that goes away frees its place at once.
#[tokio::test]
async fn a_client_that_is_gone_frees_its_place() {
    let limits = ServiceLimits { documents_open_max: 1, ..ServiceLimits::default() };
    let running = start(Config { limits, ..Config::default() }).await;
    let mut client = running.client().await;
    let (sender, receiver) = mpsc::channel(1);
    let stream = client.segment_chunks(ReceiverStream::new(receiver)).await.expect("admitted");
    sender.send(chunk(b"Il testo comincia")).await.expect("the server reads");
    let status = by_document(&mut client, text_document("b", "Testo."), Default::default())
        .await
        .expect_err("full");
    expect(&status, Code::ResourceExhausted, "TOO_MANY_DOCUMENTS", "");
    assert!(status.get_error_details().retry_info().is_some(), "overload says when to come back");
    drop((stream, sender));
    let mut tries = 0;
    while let Err(status) =
        by_document(&mut client, text_document("b", "Testo."), Default::default()).await
    {
        expect(&status, Code::ResourceExhausted, "TOO_MANY_DOCUMENTS", "");
        tries += 1;
        assert!(tries < 1000, "the place is never freed");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn messages_over_their_limit_are_refused() {
    let limits = ServiceLimits { message_bytes_max: 64 << 10, ..ServiceLimits::default() };
    let running = start(Config { limits, ..Config::default() }).await;
    let mut client = running.client().await;
    let big = "a".repeat(65 << 10);
    let status = by_document(&mut client, text_document("a", &big), Default::default())
        .await
        .expect_err("too large");
    expect(&status, Code::ResourceExhausted, "MESSAGE_TOO_LARGE", "");
    let status =
        by_chunks(&mut client, vec![chunk(big.as_bytes()), end()]).await.expect_err("too large");
    expect(&status, Code::ResourceExhausted, "MESSAGE_TOO_LARGE", "");
    let texts = vec![big];
    let status =
        client.detect_language(pb::DetectLanguageRequest { texts }).await.expect_err("too large");
    expect(&status, Code::ResourceExhausted, "MESSAGE_TOO_LARGE", "");
}

#[tokio::test]
async fn the_number_of_texts_is_limited() {
    let (_running, mut client) = default_client().await;
    for count in [0, 1001] {
        let texts = vec![String::new(); count];
        let status =
            client.detect_language(pb::DetectLanguageRequest { texts }).await.expect_err("refused");
        expect(&status, Code::InvalidArgument, "WRONG_NUMBER_OF_TEXTS", "texts");
    }
}

/// Raw bytes as a message, for what no honest client can send.
pub(crate) struct Raw;

impl tonic::codec::Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl tonic::codec::Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(
        &mut self,
        item: Vec<u8>,
        to: &mut tonic::codec::EncodeBuf<'_>,
    ) -> Result<(), Status> {
        bytes::BufMut::put_slice(to, &item);
        Ok(())
    }
}

impl tonic::codec::Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(
        &mut self,
        from: &mut tonic::codec::DecodeBuf<'_>,
    ) -> Result<Option<Vec<u8>>, Status> {
        let length = bytes::Buf::remaining(from);
        Ok(Some(bytes::Buf::copy_to_bytes(from, length).to_vec()))
    }
}

async fn raw_call(running: &Running, path: &'static str, message: Vec<u8>) -> Status {
    let mut client = tonic::client::Grpc::new(running.channel().await);
    client.ready().await.expect("a channel");
    let path = http::uri::PathAndQuery::from_static(path);
    let answer = client.unary(tonic::Request::new(message), path, Raw).await;
    answer.expect_err("refused")
}

#[tokio::test]
async fn a_proto_string_that_is_no_utf8_is_the_clients_fault() {
    let running = start(Config::default()).await;
    let mut message =
        pb::SegmentDocumentRequest { document: Some(text_document("a", "caffe")), options: None }
            .encode_to_vec();
    let last = message.len() - 1;
    message[last] = 0xff;
    let status =
        raw_call(&running, "/cesura.v1.SegmentationService/SegmentDocument", message).await;
    let (code, reason, field) = facts(&status);
    assert_eq!((code, reason.as_str()), (Code::InvalidArgument, "MALFORMED_MESSAGE"), "{status:?}");
    assert_eq!(field, "document.source", "the field is named");
    assert!(status.message().contains("UTF-8"), "{}", status.message());
}

#[tokio::test]
async fn what_is_no_message_or_no_method_is_said_so() {
    let running = start(Config::default()).await;
    let status =
        raw_call(&running, "/cesura.v1.SegmentationService/DetectLanguage", vec![0xff; 9]).await;
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    let status =
        raw_call(&running, "/cesura.v1.SegmentationService/NoSuchMethod", Vec::new()).await;
    assert_eq!(status.code(), Code::Unimplemented);
    assert!(!status.message().is_empty());
}
