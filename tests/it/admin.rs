//! The admin endpoint: what it shows, what it says while the server drains or is full, and its
//! bounds.

use crate::harness::*;
use cesura::server::{Config, SERVICES};
use cesura::service::ServiceLimits;
use cesura::wire::health::HealthCheckRequest;
use cesura::wire::health::health_check_response::ServingStatus;
use cesura::wire::health::health_client::HealthClient;
use cesura::wire::pb;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

/// Sends bytes and reads all that comes back.
async fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("the admin endpoint listens");
    // A refusal may come, and the connection end, before all is sent.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// Status and body of a GET.
pub(crate) async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: admin\r\n\r\n");
    let answer = exchange(address, request.as_bytes()).await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    (status, body.to_owned())
}

/// The value of a series, by its name and some of its labels; 0 where there is none.
pub(crate) fn value(metrics: &str, name: &str, labels: &[&str]) -> f64 {
    let lines = metrics.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.filter(|line| {
        let (series, _) = line.split_at(line.find(['{', ' ']).unwrap_or(0));
        series == name && labels.iter().all(|label| line.contains(label))
    });
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

async fn metrics(address: SocketAddr) -> String {
    let (status, body) = get(address, "/metrics").await;
    assert_eq!(status, 200);
    assert!(body.ends_with("# EOF\n"), "OpenMetrics says where it ends");
    body
}

/// Asks until the answer is what is waited for; the test's own bound ends a wait in vain.
async fn until(address: SocketAddr, path: &str, wanted: (u16, &str)) {
    while get(address, path).await != (wanted.0, wanted.1.to_owned()) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

const TEXT: &str = "Kim a Mosca\n\nIl dott. Rossi è qui. Poi esce con gli altri. È tardi.\n";

#[tokio::test]
async fn a_call_is_counted_in_all_its_parts() {
    let (running, admin) = start_with_admin(Config::default()).await;
    let mut client = running.client().await;
    let events = by_document(&mut client, text_document("id-of-the-client", TEXT), it()).await;
    let segments_count = segments(&events.expect("segmented")).len();
    let now = metrics(admin).await;
    let method = ["grpc_method=\"SegmentDocument\"", "grpc_type=\"server_stream\""];
    let value = |name: &str, labels: &[&str]| value(&now, name, labels);
    assert_eq!(value("grpc_server_started_total", &method), 1.0);
    let ok = [method[0], "grpc_code=\"OK\""];
    assert_eq!(value("grpc_server_handled_total", &ok), 1.0);
    assert_eq!(value("grpc_server_handled_total", &method), 1.0, "one code only");
    assert_eq!(value("grpc_server_handling_seconds_count", &method), 1.0);
    assert_eq!(value("grpc_server_in_flight", &method), 0.0);
    assert_eq!(value("grpc_server_msg_received_total", &method), 1.0);
    assert!(value("grpc_server_msg_sent_total", &method) >= 1.0);
    assert!(value("grpc_server_received_bytes_total", &method) > TEXT.len() as f64);
    assert!(value("grpc_server_sent_bytes_total", &method) > TEXT.len() as f64);
    assert_eq!(value("cesura_documents_total", &["outcome=\"answered\""]), 1.0);
    assert_eq!(value("cesura_document_languages_total", &["language=\"it\""]), 1.0);
    assert_eq!(value("cesura_source_bytes_total", &[]), TEXT.len() as f64);
    assert_eq!(value("cesura_segments_total", &[]), segments_count as f64);
    let units = value("cesura_units_total", &[]);
    assert!(units >= 2.0);
    assert_eq!(value("cesura_rule_hits_total", &[]), units + segments_count as f64);
    assert_eq!(value("cesura_rule_hits_total", &["rule=\"other\""]), 0.0, "all rules are known");
    assert_eq!(value("cesura_build_info", &[env!("CARGO_PKG_VERSION")]), 1.0);
    assert!(value("process_start_time_seconds", &[]) > 0.0);
    if cfg!(target_os = "linux") {
        for name in ["process_resident_memory_bytes", "process_open_fds", "process_max_fds"] {
            assert!(value(name, &[]) > 0.0, "{name}");
        }
    }
    assert!(!now.contains("id-of-the-client") && !now.contains("Rossi"), "nothing of the client's");
}

fn it() -> pb::SegmentationOptions {
    pb::SegmentationOptions::default()
}

#[tokio::test]
async fn refusals_are_counted_by_code_and_limit() {
    let limits = ServiceLimits { document_bytes_max: 1 << 10, ..ServiceLimits::default() };
    let (running, admin) = start_with_admin(Config { limits, ..Config::default() }).await;
    let mut client = running.client().await;
    let long = "a".repeat(2 << 10);
    let refused = by_document(&mut client, text_document("a", &long), it()).await;
    assert_eq!(refused.expect_err("too long").code(), Code::InvalidArgument);
    let documents = vec![text_document("a", &long), text_document("b", TEXT)];
    let request = pb::SegmentDocumentsRequest { documents, ..Default::default() };
    by_documents(&mut client, vec![request]).await.expect("the stream goes on");
    let now = metrics(admin).await;
    let invalid = ["grpc_method=\"SegmentDocument\"", "grpc_code=\"InvalidArgument\""];
    assert_eq!(value(&now, "grpc_server_handled_total", &invalid), 1.0);
    let limit = ["limit=\"document_bytes_max\""];
    assert_eq!(value(&now, "cesura_limit_hits_total", &limit), 2.0, "alone and in a stream");
    assert_eq!(value(&now, "cesura_documents_total", &["refused"]), 1.0);
    assert_eq!(value(&now, "cesura_documents_total", &["answered"]), 1.0);
}

/// Series are a closed set: whatever clients call, invent or send.
#[tokio::test]
async fn no_client_can_make_a_series() {
    let (running, admin) = start_with_admin(Config::default()).await;
    let series = |metrics: &str| -> BTreeSet<String> {
        let lines = metrics.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.rsplit_once(' ').map_or(line, |(series, _)| series).into()).collect()
    };
    let before = series(&metrics(admin).await);
    let channel = running.channel().await;
    for number in 0..200 {
        let mut raw = tonic::client::Grpc::new(channel.clone());
        raw.ready().await.expect("ready");
        let path = format!("/no.such.Service{number}/Method{number}").parse().expect("a path");
        let codec = cesura::wire::Codec::<HealthCheckRequest, HealthCheckRequest>::default();
        let request = tonic::Request::new(HealthCheckRequest::default());
        let refused = raw.unary(request, path, codec).await.expect_err("unknown");
        assert_eq!(refused.code(), Code::Unimplemented);
    }
    let mut client = running.client().await;
    for language in ["it", "zu", "x-a", "x-b", "de-AT-x-c"] {
        let language_code = language.to_owned();
        let document = text_document(language, TEXT);
        let document = pb::SourceDocument { language_code, ..document };
        by_document(&mut client, document, it()).await.expect("segmented");
    }
    let now = metrics(admin).await;
    assert_eq!(series(&now), before);
    let other = ["grpc_service=\"other\"", "grpc_code=\"Unimplemented\""];
    assert_eq!(value(&now, "grpc_server_handled_total", &other), 200.0);
    assert_eq!(value(&now, "cesura_document_languages_total", &["language=\"other\""]), 3.0);
}

#[tokio::test]
async fn readyz_fails_from_the_beginning_of_the_drain_and_livez_does_not() {
    let config = Config { drain_max: Duration::from_secs(60), ..Config::default() };
    let (mut running, admin) = start_with_admin(config).await;
    assert_eq!(get(admin, "/readyz").await, (200, "ready\n".to_owned()));
    let mut client = running.client().await;
    let (sender, receiver) = mpsc::channel(1);
    let stream = client.segment_chunks(ReceiverStream::new(receiver)).await.expect("admitted");
    drop(running.stop.take());
    until(admin, "/readyz", (503, "draining\n")).await;
    assert_eq!(get(admin, "/livez").await, (200, "alive\n".to_owned()));
    let now = metrics(admin).await;
    assert_eq!(value(&now, "cesura_draining", &[]), 1.0);
    let chunks = ["grpc_method=\"SegmentChunks\""];
    assert_eq!(value(&now, "grpc_server_in_flight", &chunks), 1.0, "open calls are shown");
    drop((sender, stream, client));
    running.task.await.expect("no panic").expect("a clean stop");
}

#[tokio::test]
async fn health_tells_an_overload_and_its_end() {
    let limits = ServiceLimits { documents_open_max: 1, ..ServiceLimits::default() };
    let (running, admin) = start_with_admin(Config { limits, ..Config::default() }).await;
    let mut health = HealthClient::new(running.channel().await);
    let ask = |service: &str| HealthCheckRequest { service: service.to_owned() };
    let mut watch = health.watch(ask(SERVICES[0])).await.expect("watched").into_inner();
    let mut client = running.client().await;
    let (sender, receiver) = mpsc::channel(1);
    let stream = client.segment_chunks(ReceiverStream::new(receiver)).await.expect("admitted");
    let refused = by_document(&mut client, text_document("a", TEXT), it()).await;
    assert_eq!(refused.expect_err("no room").code(), Code::ResourceExhausted);
    let mut told = Vec::new();
    while told.last() != Some(&ServingStatus::NotServing) {
        told.push(watch.message().await.expect("no error").expect("an answer").status());
    }
    until(admin, "/readyz", (503, "overloaded\n")).await;
    let whole = health.check(ask("")).await.expect("an answer").into_inner().status();
    assert_eq!(whole, ServingStatus::Serving, "a process with much to do is not to be killed");
    let now = metrics(admin).await;
    assert_eq!(value(&now, "cesura_overloaded", &[]), 1.0);
    assert_eq!(value(&now, "cesura_overload_refusals_total", &[]), 1.0);
    assert_eq!(value(&now, "cesura_limit_hits_total", &["limit=\"documents_open_max\""]), 1.0);
    let used =
        (value(&now, "cesura_calls_working", &[]), value(&now, "cesura_calls_working_max", &[]));
    assert_eq!(used, (1.0, 1.0));
    drop((sender, stream));
    told.push(watch.message().await.expect("no error").expect("an answer").status());
    use ServingStatus::{NotServing, Serving};
    assert_eq!(told, [Serving, NotServing, Serving], "each change is told once");
    assert_eq!(get(admin, "/readyz").await.0, 200);
    by_document(&mut client, text_document("a", TEXT), it()).await.expect("there is room");
}

#[tokio::test]
async fn the_endpoint_is_bounded() {
    let (_running, admin) = start_with_admin(Config::default()).await;
    assert_eq!(get(admin, "/").await.0, 404);
    assert_eq!(get(admin, "/metrics/x").await.0, 404);
    let head = exchange(admin, b"HEAD /metrics HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    let posted = exchange(admin, b"POST /metrics HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n");
    assert!(posted.await.starts_with("HTTP/1.1 405"));
    let long = format!("GET /livez HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "x".repeat(64 << 10));
    assert!(!exchange(admin, long.as_bytes()).await.starts_with("HTTP/1.1 200"));
    let many = format!("GET /livez HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(100));
    assert!(!exchange(admin, many.as_bytes()).await.starts_with("HTTP/1.1 200"));
    // A connection answers one request and ends, though its client would like to keep it.
    let two = b"GET /livez HTTP/1.1\r\nhost: a\r\n\r\nGET /livez HTTP/1.1\r\nhost: a\r\n\r\n";
    assert_eq!(exchange(admin, two).await.matches("HTTP/1.1 200").count(), 1);
    // Silent connections do not keep others out until they fill all places.
    let mut silent = Vec::new();
    for _ in 0..16 {
        silent.push(TcpStream::connect(admin).await.expect("taken"));
    }
    assert_eq!(get(admin, "/livez").await.0, 200);
}

/// The endpoint has a thread of its own: it answers although the runtime of the calls does
/// nothing at all, which is the worst that heavy work can do to it.
#[test]
fn probes_are_answered_while_every_worker_is_busy() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let (_running, admin) = runtime.block_on(start_with_admin(Config::default()));
    runtime.block_on(async { tokio::task::yield_now().await });
    // Nothing drives the runtime of the server from here on.
    let other = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let (livez, readyz, metrics) = other.expect("a runtime").block_on(async {
        (get(admin, "/livez").await, get(admin, "/readyz").await, get(admin, "/metrics").await)
    });
    assert_eq!((livez.0, readyz.0, metrics.0), (200, 200, 200));
}
