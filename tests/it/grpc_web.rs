//! gRPC-Web over HTTP/1.1 on a real socket: the same answers, limits and refusals as native gRPC,
//! and nobody else let in.

use crate::harness::*;
use crate::http1::*;
use crate::pages::seeds;
use cesura::server::origin::Origins;
use cesura::server::{Config, ConfigLayer, SERVICES};
use cesura::service::ServiceLimits;
use cesura::wire::health::health_client::HealthClient;
use cesura::wire::health::{HealthCheckRequest, HealthCheckResponse};
use cesura::wire::pb;
use prost::Message;
use std::time::Duration;
use tonic::Code;
use tonic_types::StatusExt;

const PAGE: &str = "https://cat.example";
const FRAMINGS: [&str; 4] = [
    "application/grpc-web",
    "application/grpc-web+proto",
    "application/grpc-web-text",
    "application/grpc-web-text+proto",
];

/// A server that answers gRPC-Web to pages of `origins`.
async fn web(origins: &[&str], config: Config) -> Running {
    let given = origins.iter().map(|text| text.parse().expect("an origin")).collect();
    let layer = ConfigLayer {
        grpc_web: Some(true),
        grpc_web_origins: Some(given),
        ..ConfigLayer::default()
    };
    let grpc_web = Config::load(layer, None).expect("good settings").grpc_web;
    start(Config { grpc_web, ..config }).await
}

fn detect(texts: &[&str]) -> pb::DetectLanguageRequest {
    pb::DetectLanguageRequest { texts: texts.iter().map(|&text| text.to_owned()).collect() }
}

fn watch(service: &str) -> Vec<u8> {
    let request = HealthCheckRequest { service: service.to_owned() };
    let media = [("content-type", "application/grpc-web+proto")];
    post("/grpc.health.v1.Health/Watch", &media, &frame(&request))
}

/// Code and reason of a status as it stands on the wire.
fn facts(status: &tonic_types::Status) -> (i32, String) {
    let info = status.details.iter().find(|any| any.type_url.ends_with("google.rpc.ErrorInfo"));
    let info =
        info.map(|any| tonic_types::pb::ErrorInfo::decode(&any.value[..]).expect("an ErrorInfo"));
    (status.code, info.map(|info| info.reason).unwrap_or_default())
}

#[tokio::test]
async fn every_framing_gives_the_answers_of_native_grpc() {
    let running = web(&[], Config::default()).await;
    let mut native = running.client().await;
    let texts = ["Il governo non ha ancora detto che cosa farà.", "The government said nothing."];
    let detected = native.detect_language(detect(&texts)).await.expect("an answer").into_inner();
    // One connection for all: HTTP/1.1 keeps it open.
    let mut page = Http1::connect(running.address).await;
    for media in FRAMINGS {
        let headers = [("accept", media)];
        let request = call("DetectLanguage", media, &headers, &detect(&texts));
        let answer = page.exchange(&request).await.answer::<pb::DetectLanguageResponse>();
        assert_eq!((answer.messages, answer.status.code), (vec![detected.clone()], 0), "{media}");
        for (name, text) in seeds() {
            let events = by_document(&mut native, text_document(&name, &text), Default::default());
            let document = Some(text_document(&name, &text));
            let request = pb::SegmentDocumentRequest { document, options: None };
            let reply = page.exchange(&call("SegmentDocument", media, &headers, &request)).await;
            let answer = reply.answer::<pb::SegmentDocumentResponse>();
            let found: Vec<_> = answer.messages.into_iter().flat_map(|m| m.events).collect();
            assert_eq!((found, answer.status.code), (events.await.expect("native"), 0), "{media}");
        }
    }
}

#[tokio::test]
async fn errors_come_with_their_details() {
    let limits = ServiceLimits { message_bytes_max: 64 << 10, ..ServiceLimits::default() };
    let running = web(&[], Config { limits, ..Config::default() }).await;
    let mut page = Http1::connect(running.address).await;
    let options = Some(pb::SegmentationOptions { offset_encoding: 9, ..Default::default() });
    let document = Some(text_document("a", "Testo."));
    let bad = pb::SegmentDocumentRequest { document, options };
    let native = running.client().await.segment_document(bad.clone()).await.expect_err("refused");
    for media in FRAMINGS {
        let accept = [("accept", media)];
        let reply = page.exchange(&call("SegmentDocument", media, &accept, &bad)).await;
        let status = reply.answer::<pb::SegmentDocumentResponse>().status;
        assert_eq!(facts(&status), (3, "UNKNOWN_ENUM_VALUE".to_owned()), "{media}");
        let native = native.get_error_details();
        let field = native.bad_request().expect("a field").field_violations[0].field.clone();
        let bad = status.details.iter().find(|any| any.type_url.ends_with("BadRequest"));
        let bad = tonic_types::pb::BadRequest::decode(&bad.expect("a field").value[..]);
        assert_eq!(bad.expect("a BadRequest").field_violations[0].field, field, "{media}");

        let big = detect(&[&"a".repeat(65 << 10)]);
        let reply = page.exchange(&call("DetectLanguage", media, &accept, &big)).await;
        let status = reply.answer::<pb::DetectLanguageResponse>().status;
        assert_eq!(facts(&status), (8, "MESSAGE_TOO_LARGE".to_owned()), "{media}");
        // What the server did not read of the message ends the connection.
        page = Http1::connect(running.address).await;

        let reply = page.exchange(&call("NoSuchMethod", media, &accept, &detect(&[]))).await;
        let status = reply.answer::<pb::DetectLanguageResponse>().status;
        assert_eq!(status.code, 12, "{media}");
        assert!(status.message.contains("unknown%20method"), "{}", status.message);
    }
    for nonsense in ["!!!!", "AAAAAA", "AA=A"] {
        let media = [("content-type", "application/grpc-web-text")];
        let path = "/cesura.v1.SegmentationService/DetectLanguage";
        let mut page = Http1::connect(running.address).await;
        let reply = page.exchange(&post(path, &media, nonsense.as_bytes())).await;
        let status = reply.answer::<pb::DetectLanguageResponse>().status;
        assert_eq!(facts(&status), (3, "MALFORMED_MESSAGE".to_owned()), "{nonsense}");
    }
}

fn preflight(origin: &str) -> Vec<u8> {
    format!(
        "OPTIONS /cesura.v1.SegmentationService/DetectLanguage HTTP/1.1\r\nhost: cesura\r\n\
         origin: {origin}\r\naccess-control-request-method: POST\r\n\
         access-control-request-headers: content-type,x-grpc-web,x-user-agent\r\n\r\n"
    )
    .into_bytes()
}

#[tokio::test]
async fn pages_of_allowed_origins_may_call_and_read() {
    let running = web(&["http://localhost:8080", PAGE], Config::default()).await;
    let mut page = Http1::connect(running.address).await;
    let reply = page.exchange(&preflight(PAGE)).await;
    assert_eq!(reply.code, 200);
    assert_eq!(reply.head["access-control-allow-origin"], PAGE);
    assert_eq!(reply.head["access-control-allow-methods"], "POST");
    let headers = &reply.head["access-control-allow-headers"];
    assert!(headers.contains("x-grpc-web") && headers.contains("x-user-agent"), "{headers}");
    assert!(reply.head["vary"].contains("origin"), "{reply:?}");
    assert!(!reply.head.contains_key("access-control-allow-credentials"));
    let request = call("DetectLanguage", FRAMINGS[0], &[("origin", PAGE)], &detect(&["Testo."]));
    let reply = page.exchange(&request).await;
    assert_eq!(reply.head["access-control-allow-origin"], PAGE);
    let exposed = &reply.head["access-control-expose-headers"];
    for name in ["grpc-status", "grpc-message", "grpc-status-details-bin"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    assert_eq!(reply.answer::<pb::DetectLanguageResponse>().status.code, 0);
}

#[tokio::test]
async fn pages_of_other_origins_may_not_call_at_all() {
    for listed in [&[][..], &[PAGE][..]] {
        let running = web(listed, Config::default()).await;
        let mut page = Http1::connect(running.address).await;
        for origin in
            ["https://evil.example", "https://cat.example.evil.example", "null", "http://cesura"]
        {
            let request =
                call("DetectLanguage", FRAMINGS[0], &[("origin", origin)], &detect(&["Testo."]));
            for request in [preflight(origin), request] {
                let reply = page.exchange(&request).await;
                assert_eq!(reply.code, 403, "{origin}");
                assert!(!reply.head.contains_key("access-control-allow-origin"), "{origin}");
                let why = String::from_utf8_lossy(&reply.body).into_owned();
                assert!(why.contains("grpc-web-origins") && !why.contains(origin), "{why}");
            }
        }
        // A program has no origin.
        let request = call("DetectLanguage", FRAMINGS[0], &[], &detect(&["Testo."]));
        assert_eq!(
            page.exchange(&request).await.answer::<pb::DetectLanguageResponse>().status.code,
            0
        );
    }
}

#[tokio::test]
async fn any_origin_may_call_only_where_that_was_said() {
    let running = web(&["*"], Config::default()).await;
    let mut page = Http1::connect(running.address).await;
    let reply = page.exchange(&preflight("https://any.example")).await;
    assert_eq!((reply.code, &reply.head["access-control-allow-origin"][..]), (200, "*"));
}

#[tokio::test]
async fn native_calls_are_as_before_and_held_to_the_same_origins() {
    let running = web(&[PAGE], Config::default()).await;
    let mut client = running.client().await;
    let answer = client.detect_language(detect(&["Testo."])).await.expect("an answer");
    assert_eq!(answer.into_inner().detections.len(), 1);
    let mut request = tonic::Request::new(detect(&["Testo."]));
    request.metadata_mut().insert("origin", "https://evil.example".parse().expect("a value"));
    let status = client.detect_language(request).await.expect_err("a page has no business here");
    assert_eq!(status.code(), Code::PermissionDenied, "{status:?}");
}

#[tokio::test]
async fn http1_that_is_no_grpc_web_is_told_what_is_here() {
    let running = web(&[], Config::default()).await;
    let mut page = Http1::connect(running.address).await;
    let reply = page.exchange(b"GET / HTTP/1.1\r\nhost: cesura\r\n\r\n").await;
    assert_eq!((reply.code, &reply.head["allow"][..]), (405, "POST, OPTIONS"));
    for media in ["application/grpc", "application/json", "text/plain"] {
        let path = "/cesura.v1.SegmentationService/DetectLanguage";
        let mut page = Http1::connect(running.address).await;
        let reply = page.exchange(&post(path, &[("content-type", media)], b"{}")).await;
        assert_eq!(reply.code, 415, "{media}");
        assert!(String::from_utf8_lossy(&reply.body).contains("application/grpc-web"));
    }
}

#[tokio::test]
async fn without_the_setting_there_is_no_http1() {
    let running = start(Config::default()).await;
    let mut page = Http1::connect(running.address).await;
    page.send(&call("DetectLanguage", FRAMINGS[0], &[], &detect(&["Testo."]))).await;
    // hyper says GOAWAY in HTTP/2, which is not HTTP/1.1, and closes.
    page.closes().await;
    let mut page = Http1::connect(running.address).await;
    page.send(&preflight(PAGE)).await;
    page.closes().await;
    assert_eq!(Config::default().grpc_web, None::<Origins>);
}

/// Half a minute is hyper's own time for a head, which tonic does not let anybody change; all wait
/// for it together.
#[tokio::test]
async fn peers_that_say_nothing_or_too_little_are_let_go() {
    let running = web(&[], Config::default()).await;
    let native = start(Config::default()).await;
    let request = call("DetectLanguage", FRAMINGS[0], &[], &detect(&["Testo."]));
    let mut peers = tokio::task::JoinSet::new();
    for address in [running.address, native.address] {
        for first in
            ["", "PRI * HTTP/2.0", "POST /cesura.v1.SegmentationService/D HTTP/1.1\r\nhost:"]
        {
            peers.spawn(async move {
                let mut peer = Http1::connect(address).await;
                peer.send(first.as_bytes()).await;
                peer.closes().await;
            });
        }
    }
    let address = running.address;
    peers.spawn(async move {
        let mut idle = Http1::connect(address).await;
        let answer = idle.exchange(&request).await.answer::<pb::DetectLanguageResponse>();
        assert_eq!(answer.status.code, 0);
        assert!(idle.closes().await, "a silent connection is closed");
    });
    let all = async { while peers.join_next().await.transpose().expect("no panic").is_some() {} };
    tokio::time::timeout(Duration::from_secs(60), all).await.expect("all are let go");
}

#[tokio::test]
async fn an_upload_that_stalls_is_let_go() {
    let stream_idle_max = Duration::from_millis(100);
    let limits = ServiceLimits { stream_idle_max, ..ServiceLimits::default() };
    let running = web(&[], Config { limits, ..Config::default() }).await;
    for media in FRAMINGS {
        let request = call("DetectLanguage", media, &[], &detect(&["Testo."]));
        let mut half = Http1::connect(running.address).await;
        half.send(&request[..request.len() - 1]).await;
        let status = half.reply().await.answer::<pb::DetectLanguageResponse>().status;
        assert_eq!(facts(&status), (4, "STREAM_IDLE".to_owned()));
    }
}

#[tokio::test]
async fn deadlines_hold_for_pages_and_programs() {
    let running = web(&[PAGE], Config::default()).await;
    // In the upload, before there is a head: the page can read why.
    let mut page = Http1::connect(running.address).await;
    let headers = [("grpc-timeout", "50m"), ("origin", PAGE)];
    let request = call("DetectLanguage", FRAMINGS[0], &headers, &detect(&["Testo."]));
    page.send(&request[..request.len() - 1]).await;
    let reply = page.reply().await;
    assert_eq!(reply.head["access-control-allow-origin"], PAGE);
    let status = reply.answer::<pb::DetectLanguageResponse>().status;
    assert_eq!(facts(&status), (4, "DEADLINE_EXCEEDED".to_owned()));
    // In the middle of the answer, in either protocol.
    let mut page = Http1::connect(running.address).await;
    let media = [("content-type", FRAMINGS[0]), ("grpc-timeout", "50m")];
    let request =
        post("/grpc.health.v1.Health/Watch", &media, &frame(&HealthCheckRequest::default()));
    let answer = page.exchange(&request).await.answer::<HealthCheckResponse>();
    assert_eq!(answer.messages.len(), 1);
    assert_eq!(facts(&answer.status), (4, "DEADLINE_EXCEEDED".to_owned()));
    let mut request = tonic::Request::new(HealthCheckRequest::default());
    request.set_timeout(Duration::from_millis(50));
    let mut health = HealthClient::new(running.channel().await);
    let mut watch = health.watch(request).await.expect("watched").into_inner();
    watch.message().await.expect("no error").expect("an answer");
    assert_eq!(watch.message().await.expect_err("late").code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn a_page_that_is_gone_frees_its_place() {
    let limits = ServiceLimits { documents_open_max: 1, ..ServiceLimits::default() };
    let running = web(&[], Config { limits, ..Config::default() }).await;
    // Longer than all buffers between here and there, and never read.
    let long = "Il testo è qui. Poi finisce.\n\n".repeat(60_000);
    let document = Some(text_document("a", &long));
    let options = Some(pb::SegmentationOptions { explain: true, ..Default::default() });
    let request = pb::SegmentDocumentRequest { document, options };
    let mut page = Http1::connect(running.address).await;
    page.send(&call("SegmentDocument", FRAMINGS[0], &[], &request)).await;
    page.head().await;
    let mut other = Http1::connect(running.address).await;
    let short =
        pb::SegmentDocumentRequest { document: Some(text_document("b", "Testo.")), options: None };
    let short = call("SegmentDocument", FRAMINGS[0], &[], &short);
    let full = other.exchange(&short).await.answer::<pb::SegmentDocumentResponse>().status;
    assert_eq!(facts(&full), (8, "TOO_MANY_DOCUMENTS".to_owned()));
    drop(page);
    let mut tries = 0;
    while other.exchange(&short).await.answer::<pb::SegmentDocumentResponse>().status.code != 0 {
        tries += 1;
        assert!(tries < 1000, "the place is never freed");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_drain_closes_idle_connections_and_finishes_open_calls() {
    let mut running =
        web(&[], Config { drain_max: Duration::from_secs(60), ..Config::default() }).await;
    let mut silent = Http1::connect(running.address).await;
    let mut idle = Http1::connect(running.address).await;
    let request = call("DetectLanguage", FRAMINGS[0], &[], &detect(&["Testo."]));
    assert_eq!(idle.exchange(&request).await.code, 200);
    let mut watching = Http1::connect(running.address).await;
    watching.send(&watch(SERVICES[0])).await;
    let mut reply = watching.head().await;
    reply.body.extend(watching.piece().await);
    let mut uploading = Http1::connect(running.address).await;
    let (most, rest) = request.split_at(request.len() - 1);
    uploading.send(most).await;
    drop(running.stop.take());
    assert!(silent.closes().await && idle.closes().await, "nothing holds up the drain");
    loop {
        let piece = watching.piece().await;
        if piece.is_empty() {
            break;
        }
        reply.body.extend(piece);
    }
    let answer = reply.answer::<HealthCheckResponse>();
    let states: Vec<i32> = answer.messages.iter().map(|message| message.status).collect();
    assert_eq!((states, answer.status.code), (vec![1, 2], 0), "SERVING, then NOT_SERVING");
    uploading.send(rest).await;
    let reply = uploading.reply().await;
    assert_eq!(reply.answer::<pb::DetectLanguageResponse>().status.code, 0);
    assert!(uploading.closes().await, "a call that ends in a drain ends its connection");
    running.task.await.expect("no panic").expect("a clean stop");
}
