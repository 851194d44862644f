//! Status codes where tonic's own differ from what the specification of gRPC, or clients, expect.
//! Those of messages and documents are in `errors`.

use crate::errors::expect;
use crate::harness::*;
use cesura::server::Config;
use cesura::wire::pb;
use http::{HeaderMap, StatusCode};
use prost::Message;
use tokio::net::TcpStream;
use tonic::{Code, Status};

/// A call with one good message, and with a head as `request` has it.
async fn answered(running: &Running, request: http::request::Builder) -> (StatusCode, HeaderMap) {
    let stream = TcpStream::connect(running.address).await.expect("the server listens");
    let (client, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
    tokio::spawn(connection);
    let request = request
        .uri("http://cesura/cesura.v1.SegmentationService/DetectLanguage")
        .header("te", "trailers")
        .body(())
        .expect("a request");
    let mut client = client.ready().await.expect("a connection");
    let (answer, mut send) = client.send_request(request, false).expect("a stream");
    let texts = vec!["Il governo non ha detto nulla.".to_owned()];
    let message = pb::DetectLanguageRequest { texts }.encode_to_vec();
    let framed = [&[0][..], &(message.len() as u32).to_be_bytes(), &message].concat();
    // A refusal may come before.
    let _ = send.send_data(framed.into(), true);
    let answer = answer.await.expect("an answer");
    let (head, mut body) = answer.into_parts();
    if head.headers.contains_key("grpc-status") {
        return (head.status, head.headers);
    }
    while let Some(data) = body.data().await {
        data.expect("no error");
    }
    (head.status, body.trailers().await.expect("no error").expect("trailers"))
}

fn status(headers: &HeaderMap) -> Status {
    Status::from_header_map(headers).expect("a status")
}

fn post() -> http::request::Builder {
    http::Request::post("/")
}

#[tokio::test]
async fn what_is_no_grpc_is_refused_in_the_codes_of_http() {
    let running = start(Config::default()).await;
    for media in ["text/plain", "application/json", "application/grpc-web", "application/grpc+json"]
    {
        let (code, headers) = answered(&running, post().header("content-type", media)).await;
        assert_eq!(code, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media}");
        let status = status(&headers);
        expect(&status, Code::InvalidArgument, "CONTENT_TYPE_UNKNOWN", "content-type");
    }
    let (code, _) = answered(&running, post()).await;
    assert_eq!(code, StatusCode::UNSUPPORTED_MEDIA_TYPE, "without any");
    let other = http::Request::put("/").header("content-type", "application/grpc");
    let (code, headers) = answered(&running, other).await;
    assert_eq!(code, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(headers["allow"], "POST");
    for media in ["application/grpc", "application/grpc+proto", "application/grpc; charset=utf-8"] {
        let (code, headers) = answered(&running, post().header("content-type", media)).await;
        assert_eq!((code, status(&headers).code()), (StatusCode::OK, Code::Ok), "{media}");
    }
}

#[tokio::test]
async fn a_deadline_that_is_none_is_refused() {
    let running = start(Config::default()).await;
    let with = |value: &'static str| {
        post().header("content-type", "application/grpc").header("grpc-timeout", value)
    };
    for bad in ["", "5", "m", "-5m", "1.5S", "999999999m", "5 m", "5s", "\u{e8}"] {
        let (code, headers) = answered(&running, with(bad)).await;
        assert_eq!(code, StatusCode::OK, "{bad}");
        let status = status(&headers);
        expect(&status, Code::InvalidArgument, "MALFORMED_TIMEOUT", "grpc-timeout");
    }
    for good in ["60S", "99999999H", "00000060S", "60000000u", "1H"] {
        assert_eq!(status(&answered(&running, with(good)).await.1).code(), Code::Ok, "{good}");
    }
    for late in ["0m", "1n", "2m", "3m"] {
        let late = status(&answered(&running, with(late)).await.1);
        // What takes two milliseconds may be done in time.
        if late.code() != Code::Ok {
            expect(&late, Code::DeadlineExceeded, "DEADLINE_EXCEEDED", "");
        }
    }
}

/// Specified letters of `grpc-message` are escaped on the way and come back as they were.
#[tokio::test]
async fn messages_of_errors_name_what_is_served() {
    let running = start(Config::default()).await;
    let mut client = tonic::client::Grpc::new(running.channel().await);
    for path in ["/cesura.v1.SegmentationService/None", "/cesura.v1.None/SegmentDocument", "/none"]
    {
        client.ready().await.expect("a channel");
        let path = http::uri::PathAndQuery::from_static(path);
        let codec = crate::errors::Raw;
        let request = tonic::Request::new(Vec::new());
        let refused = client.unary(request, path, codec).await.expect_err("unknown");
        assert_eq!(refused.code(), Code::Unimplemented);
        assert!(refused.message().contains("cesura.v1.SegmentationService"), "{refused:?}");
    }
}
