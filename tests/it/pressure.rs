//! Peers that keep to the protocol and want too much: more than their share, more than memory, or
//! more time than there is.

use crate::errors::{Raw, expect};
use crate::harness::*;
use cesura::server::Config;
use cesura::server::peer::PeerLimits;
use cesura::service::ServiceLimits;
use cesura::wire::health::HealthCheckRequest;
use cesura::wire::health::health_client::HealthClient;
use cesura::wire::pb;
use prost::Message;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};
use tonic_types::StatusExt;

fn peers(peers: PeerLimits) -> Config {
    Config { peers, ..Config::default() }
}

async fn detect(running: &Running) -> Result<(), Status> {
    let texts = vec!["Il governo non ha detto nulla.".to_owned()];
    let request = pb::DetectLanguageRequest { texts };
    running.client().await.detect_language(request).await.map(|_| ())
}

/// Tries again until it goes, as a client does.
async fn until_served(running: &Running) {
    for _ in 0..1000 {
        if detect(running).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the place is never given back");
}

#[tokio::test]
async fn connections_over_the_number_of_a_peer_are_closed_at_once() {
    let running =
        start(peers(PeerLimits { peer_connections_max: 3, ..PeerLimits::default() })).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(running.client().await);
    }
    for client in &mut held {
        let info = client.get_server_info(pb::GetServerInfoRequest {}).await;
        info.expect("three are served");
    }
    let mut fourth = TcpStream::connect(running.address).await.expect("the system accepts");
    assert!(matches!(fourth.read(&mut [0]).await, Ok(0) | Err(_)), "closed without a word");
    drop(held);
    for _ in 0..1000 {
        let url = format!("http://{}", running.address);
        let channel = tonic::transport::Channel::from_shared(url).expect("a URL").connect().await;
        if let Ok(channel) = channel {
            let mut health = HealthClient::new(channel);
            if health.check(HealthCheckRequest::default()).await.is_ok() {
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the place is never given back");
}

#[tokio::test]
async fn calls_over_the_number_of_a_peer_are_refused_on_all_its_connections() {
    let running =
        start(peers(PeerLimits { peer_calls_max: Some(2), ..PeerLimits::default() })).await;
    let mut open = Vec::new();
    for _ in 0..2 {
        let (sender, receiver) = mpsc::channel::<pb::SegmentChunksRequest>(1);
        let mut client = running.client().await;
        let stream = client.segment_chunks(ReceiverStream::new(receiver)).await.expect("a place");
        open.push((sender, stream));
    }
    let refused = detect(&running).await.expect_err("full");
    expect(&refused, Code::ResourceExhausted, "TOO_MANY_CALLS", "");
    assert!(refused.get_error_details().retry_info().is_some(), "it says when to come back");
    let mut health = HealthClient::new(running.channel().await);
    health.check(HealthCheckRequest::default()).await.expect("a probe is never refused");
    open.pop();
    until_served(&running).await;
}

#[tokio::test]
async fn calls_over_the_rate_of_a_peer_are_refused() {
    let limits = PeerLimits { peer_calls_per_second_max: Some(5), ..PeerLimits::default() };
    let running = start(peers(limits)).await;
    let client = running.client().await;
    let calls = (0..200).map(|_| {
        let mut client = client.clone();
        tokio::spawn(async move { client.get_server_info(pb::GetServerInfoRequest {}).await })
    });
    let mut refused = 0;
    for call in calls.collect::<Vec<_>>() {
        let Err(status) = call.await.expect("no panic") else { continue };
        expect(&status, Code::ResourceExhausted, "TOO_MANY_CALLS_PER_SECOND", "");
        let details = status.get_error_details();
        let delay = details.retry_info().and_then(|info| info.retry_delay).expect("a delay");
        assert!(delay <= Duration::from_secs(1), "five a second: {delay:?}");
        refused += 1;
    }
    assert!((1..=195).contains(&refused), "{refused} of 200");
    let mut health = HealthClient::new(running.channel().await);
    health.check(HealthCheckRequest::default()).await.expect("a probe is never refused");
}

fn brief(documents_open_max: u32) -> Config {
    let stream_idle_max = Duration::from_millis(300);
    let limits = ServiceLimits { documents_open_max, stream_idle_max, ..ServiceLimits::default() };
    Config { limits, ..Config::default() }
}

/// A connection with a window of `window` bytes for each answer.
async fn h2(running: &Running, window: u32) -> h2::client::SendRequest<bytes::Bytes> {
    let stream = TcpStream::connect(running.address).await.expect("the server listens");
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(window);
    let (client, connection) = builder.handshake(stream).await.expect("HTTP/2");
    tokio::spawn(connection);
    client
}

fn post(method: &str) -> http::Request<()> {
    let uri = format!("http://cesura/cesura.v1.SegmentationService/{method}");
    let request = http::Request::post(uri).header("content-type", "application/grpc");
    request.header("te", "trailers").body(()).expect("a request")
}

/// What a call ended with, in its head or behind its messages.
async fn status_of(answer: http::Response<h2::RecvStream>) -> Status {
    if let Some(status) = Status::from_header_map(answer.headers()) {
        return status;
    }
    let mut body = answer.into_body();
    while let Some(data) = body.data().await {
        data.expect("no error");
    }
    let trailers = body.trailers().await.expect("no error").expect("trailers");
    Status::from_header_map(&trailers).expect("a status")
}

fn grpc(message: &impl Message) -> bytes::Bytes {
    let message = message.encode_to_vec();
    [&[0][..], &(message.len() as u32).to_be_bytes(), &message].concat().into()
}

fn long_document() -> pb::SegmentDocumentRequest {
    let text = "Il governo non ha detto nulla. Poi la Camera ha votato.\n\n".repeat(4000);
    pb::SegmentDocumentRequest { document: Some(text_document("a", &text)), options: None }
}

#[tokio::test]
async fn an_answer_that_nobody_reads_gives_its_place_back() {
    let running = start(brief(1)).await;
    let mut client = h2(&running, 0).await.ready().await.expect("a connection");
    let (answer, mut send) = client.send_request(post("SegmentDocument"), false).expect("a stream");
    send.send_data(grpc(&long_document()), true).expect("a message");
    let answer = answer.await.expect("a head");
    assert!(!answer.headers().contains_key("grpc-status"), "the call goes on");
    let full = detect(&running).await.expect_err("the one place is taken");
    expect(&full, Code::ResourceExhausted, "TOO_MANY_DOCUMENTS", "");
    until_served(&running).await;
    drop(answer);
}

/// Whose answer was given up is told so as soon as it reads on.
#[tokio::test]
async fn a_reader_that_comes_back_too_late_is_told() {
    let running = start(brief(1)).await;
    let mut client = h2(&running, 1000).await.ready().await.expect("a connection");
    let (answer, mut send) = client.send_request(post("SegmentDocument"), false).expect("a stream");
    send.send_data(grpc(&long_document()), true).expect("a message");
    let answer = answer.await.expect("a head");
    until_served(&running).await;
    let mut body = answer.into_body();
    while let Some(data) = body.data().await {
        let read = data.expect("no error").len();
        body.flow_control().release_capacity(read).expect("a stream");
    }
    let trailers = body.trailers().await.expect("no error").expect("trailers");
    let status = Status::from_header_map(&trailers).expect("a status");
    expect(&status, Code::DeadlineExceeded, "ANSWER_UNREAD", "");
}

#[tokio::test]
async fn a_message_that_does_not_go_on_is_given_up() {
    let running = start(brief(1)).await;
    for method in ["DetectLanguage", "SegmentDocument", "SegmentChunks", "SegmentDocuments"] {
        let mut client = h2(&running, 1 << 16).await.ready().await.expect("a connection");
        let (answer, mut send) = client.send_request(post(method), false).expect("a stream");
        // The head of a message of 1000 bytes, and two of them.
        send.send_data(bytes::Bytes::from_static(&[0, 0, 0, 3, 0xe8, 10, 1]), false).expect("sent");
        let status = status_of(answer.await.expect("an answer")).await;
        expect(&status, Code::DeadlineExceeded, "STREAM_IDLE", "");
    }
}

/// A trickle is never silent; but no call may take for ever.
#[tokio::test]
async fn a_document_that_never_ends_is_ended() {
    let running = start(Config { call_max: Duration::from_millis(400), ..Config::default() }).await;
    let trickle = tokio_stream::iter(std::iter::repeat_with(|| chunk(b"Poi ")))
        .throttle(Duration::from_millis(20));
    let mut client = running.client().await;
    let mut stream = client.segment_chunks(trickle).await.expect("admitted").into_inner();
    let status = loop {
        match stream.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("an unfinished document must not look finished"),
            Err(status) => break status,
        }
    };
    expect(&status, Code::DeadlineExceeded, "CALL_TOO_LONG", "");
}

/// Watches are meant to stay.
#[tokio::test]
async fn a_watch_of_health_outlives_the_time_of_a_call() {
    let running = start(Config { call_max: Duration::from_millis(100), ..brief(1) }).await;
    let mut health = HealthClient::new(running.channel().await);
    let answer = health.watch(HealthCheckRequest::default()).await.expect("watched");
    let mut watch = answer.into_inner();
    watch.message().await.expect("no error").expect("serving");
    let more = tokio::time::timeout(Duration::from_millis(600), watch.message()).await;
    assert!(more.is_err(), "it is still open: {more:?}");
}

#[tokio::test]
async fn a_bomb_of_gzip_is_refused_at_the_limit_of_a_message() {
    let server = Child::start(&[]);
    let url = format!("http://{}", server.address);
    let channel = tonic::transport::Channel::from_shared(url).expect("a URL");
    let channel = channel.connect().await.expect("the server listens");
    let mut client =
        tonic::client::Grpc::new(channel).send_compressed(tonic::codec::CompressionEncoding::Gzip);
    client.ready().await.expect("a channel");
    let before = server.memory_kib();
    let path = "/cesura.v1.SegmentationService/DetectLanguage";
    let path = http::uri::PathAndQuery::from_static(path);
    let bomb = tonic::Request::new(vec![0; 64 << 20]);
    let status = client.unary(bomb, path, Raw).await.expect_err("refused");
    expect(&status, Code::ResourceExhausted, "MESSAGE_TOO_LARGE", "");
    let grown = server.memory_kib().saturating_sub(before);
    eprintln!("a bomb of 64 MiB: {grown} KiB more at most");
    assert!(grown < 24 << 10, "{grown} KiB of 65536");
}

#[tokio::test]
async fn what_cannot_be_decompressed_is_the_clients_fault() {
    let running = start(Config::default()).await;
    for method in ["DetectLanguage", "SegmentChunks"] {
        let mut request = post(method);
        request.headers_mut().insert("grpc-encoding", http::HeaderValue::from_static("gzip"));
        let mut client = h2(&running, 1 << 16).await.ready().await.expect("a connection");
        let (answer, mut send) = client.send_request(request, false).expect("a stream");
        let nonsense = bytes::Bytes::from_static(&[1, 0, 0, 0, 3, 1, 2, 3]);
        send.send_data(nonsense, true).expect("sent");
        let status = status_of(answer.await.expect("an answer")).await;
        expect(&status, Code::InvalidArgument, "MALFORMED_MESSAGE", "message");
    }
}

/// tonic reserves what the head of a message claims.
#[tokio::test]
async fn messages_that_only_claim_to_be_large_take_no_memory() {
    let server = Child::start(&[]);
    let mut raw = crate::raw_h2::RawH2::connect(server.address, &[]).await;
    raw.settings().await;
    let before = server.memory_kib();
    use crate::raw_h2::{DATA, END_HEADERS, HEADERS, frame, head};
    for stream in (1..200).step_by(2) {
        let claim = [&[0, 0, 0x3f, 0xff, 0xff][..], &[10]].concat();
        raw.send(&frame(HEADERS, END_HEADERS, stream, &head("DetectLanguage", &[]))).await;
        raw.send(&frame(DATA, 0, stream, &claim)).await;
    }
    assert!(raw.settled(1).await, "all were looked at");
    let grown = server.memory_kib().saturating_sub(before);
    eprintln!("100 claims of 4 MiB: {grown} KiB more at most");
    assert!(grown < 20 << 10, "{grown} KiB of 409600");
}

#[tokio::test]
async fn answers_that_nobody_reads_take_little_memory() {
    let server = Child::start(&["--documents-open-max", "100"]);
    let stream = TcpStream::connect(server.address).await.expect("the server listens");
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(0);
    let (client, connection) = builder.handshake(stream).await.expect("HTTP/2");
    tokio::spawn(connection);
    let before = server.memory_kib();
    let message = grpc(&long_document());
    let mut heads = Vec::new();
    for _ in 0..100 {
        let mut client = client.clone().ready().await.expect("a connection");
        let call = client.send_request(post("SegmentDocument"), false);
        let (answer, mut send) = call.expect("a stream");
        send.send_data(message.clone(), true).expect("a message");
        heads.push(answer);
    }
    let mut open = Vec::new();
    for head in heads {
        open.push(head.await.expect("a head"));
    }
    let grown = server.memory_kib().saturating_sub(before);
    let sent = (100 * message.len() as u64) >> 10;
    eprintln!("100 answers unread, {sent} KiB of documents: {grown} KiB more at most");
    assert!(grown < 6 * sent, "{grown} KiB for {sent} KiB");
}

/// Each sends a document of 1 MiB as far as the server takes it, and reads nothing.
#[tokio::test]
async fn a_thousand_readers_that_do_not_read_hold_a_bounded_amount_of_memory_each() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    let server = Child::start(&["--documents-open-max", "1001", "--stream-idle-max", "1h"]);
    let before = server.memory_kib();
    let sent = Arc::new(AtomicU64::new(0));
    let text = "Il governo non ha detto nulla. Poi la Camera ha votato.\n\n".repeat(280);
    let piece = grpc(&chunk(text.as_bytes()));
    let mut open = Vec::new();
    for _ in 0..10 {
        let stream = TcpStream::connect(server.address).await.expect("the server listens");
        let mut builder = h2::client::Builder::new();
        builder.initial_window_size(0);
        let (client, connection) = builder.handshake(stream).await.expect("HTTP/2");
        tokio::spawn(connection);
        for _ in 0..100 {
            let (mut client, piece, sent) = (client.clone(), piece.clone(), Arc::clone(&sent));
            open.push(tokio::spawn(async move {
                client = client.ready().await.expect("a connection");
                let call = client.send_request(post("SegmentChunks"), false);
                let (answer, mut send) = call.expect("a stream");
                for _ in 0..64 {
                    let mut rest = piece.clone();
                    while !rest.is_empty() {
                        send.reserve_capacity(rest.len());
                        let room = std::future::poll_fn(|cx| send.poll_capacity(cx)).await;
                        let room = room.expect("a stream").expect("it lives");
                        let taken = rest.split_to(room.min(rest.len()));
                        sent.fetch_add(taken.len() as u64, Ordering::Relaxed);
                        send.send_data(taken, false).expect("sent");
                    }
                }
                (answer, send)
            }));
        }
    }
    // Until nothing more is taken.
    let mut last = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let now = sent.load(Ordering::Relaxed);
        if now > 0 && now == last {
            break;
        }
        last = now;
    }
    let grown = server.memory_kib().saturating_sub(before);
    let (taken, each) = (last >> 10, grown / 1000);
    eprintln!("1,000 answers unread: {taken} KiB taken, {grown} KiB more at most, {each} each");
    assert!(each < 250, "{each} KiB for each of them");
    // Somebody else is served.
    let url = format!("http://{}", server.address);
    let channel = tonic::transport::Channel::from_shared(url).expect("a URL");
    let channel = channel.connect().await.expect("the server listens");
    let mut client = pb::segmentation_service_client::SegmentationServiceClient::new(channel);
    let texts = vec!["Il governo non ha detto nulla.".to_owned()];
    client.detect_language(pb::DetectLanguageRequest { texts }).await.expect("there is a place");
    drop(open);
}

/// More connections than files: what was there is served, and all are again when the flood is over.
#[tokio::test]
async fn a_server_without_files_to_open_comes_back() {
    let server = Child::start_with_files(&[], 40);
    let mut flood = Vec::new();
    for _ in 0..100 {
        flood.push(TcpStream::connect(server.address).await.expect("the system accepts"));
    }
    drop(flood);
    for _ in 0..1000 {
        let url = format!("http://{}", server.address);
        let channel = tonic::transport::Channel::from_shared(url).expect("a URL").connect().await;
        if let Ok(channel) = channel
            && HealthClient::new(channel).check(HealthCheckRequest::default()).await.is_ok()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never comes back");
}

#[tokio::test]
async fn no_token_and_no_text_stands_in_the_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let access = folder.path().join("access.toml");
    let digest = "addb0f5e7826c857d7376d1bd9bc33c0c544790a2eac96144a8af22b1298c940";
    let text =
        format!("[[client]]\nname = \"a\"\ntokens-sha256 = [\"{digest}\"]\nmethods = [\"*\"]\n");
    std::fs::write(&access, text).expect("a writable folder");
    let access = access.to_str().expect("a path").to_owned();
    let server = Child::start(&["--access", &access, "--log-level", "debug"]);
    let url = format!("http://{}", server.address);
    let channel = tonic::transport::Channel::from_shared(url).expect("a URL");
    let channel = channel.connect().await.expect("the server listens");
    for token in ["geheim", "falsch"] {
        let mut client =
            pb::segmentation_service_client::SegmentationServiceClient::new(channel.clone());
        let texts = vec!["Le parole del lettore.".to_owned()];
        let mut request = tonic::Request::new(pb::DetectLanguageRequest { texts });
        let value = format!("Bearer {token}").parse().expect("a value");
        request.metadata_mut().insert("authorization", value);
        let _ = client.detect_language(request).await;
    }
    let log = server.stop();
    assert!(log.contains("DetectLanguage") && log.contains("call refused"), "{log}");
    for secret in ["geheim", "falsch", "parole", digest] {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
}
