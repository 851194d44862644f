//! A network that cuts, resets or pauses at any byte, in either direction. Between client and server
//! stands a relay that counts what it passes on. What is asserted are answers and counts, not times.

use crate::admin;
use crate::harness::*;
use cesura::server::Config;
use cesura::service::ServiceLimits;
use cesura::wire::pb;
use pb::document_event::Event;
use pb::segmentation_service_client::SegmentationServiceClient;
use prost::Message;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tonic::{Code, Status};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The rest never comes, and its end is said. In an upload the answer still gets through.
    Cut,
    /// The connection is gone in both directions.
    Reset,
    /// The rest comes later, and its beginning byte by byte.
    Pause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// What goes wrong behind byte `at`.
#[derive(Clone, Copy, Debug)]
struct Fault {
    kind: Kind,
    way: Way,
    at: usize,
}

#[derive(Clone, Copy, Debug)]
enum Method {
    Chunks,
    Documents,
}

/// Bytes that a paused direction passes on one by one.
const TRICKLE: usize = 12;

/// Codes that a client may see when its connection fails: all are made by its own library.
const OF_THE_NETWORK: [Code; 4] =
    [Code::Unavailable, Code::Unknown, Code::Internal, Code::Cancelled];

/// Counts the bytes of messages in what a client sends: the payload of its DATA frames.
#[derive(Default)]
struct Upload {
    before: usize,
    head: Vec<u8>,
    rest: usize,
    is_data: bool,
    sent: Arc<AtomicUsize>,
}

impl Upload {
    fn count(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if self.before < 24 {
                // The preface.
                self.before += 1;
            } else if self.rest > 0 {
                self.rest -= 1;
                self.sent.fetch_add(usize::from(self.is_data), Ordering::Relaxed);
            } else {
                self.head.push(*byte);
                if let [a, b, c, kind, _, _, _, _, _] = self.head[..] {
                    self.rest = u32::from_be_bytes([0, a, b, c]) as usize;
                    self.is_data = kind == crate::raw_h2::DATA;
                    self.head.clear();
                }
            }
        }
    }
}

/// Passes bytes on until the fault, or the end.
async fn pass(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    fault: Option<Fault>,
    mut seen: impl FnMut(&[u8]),
) {
    let mut buffer = vec![0; 16 << 10];
    let mut passed = 0;
    loop {
        let before_fault = fault.map_or(usize::MAX, |fault| fault.at.saturating_sub(passed));
        let most = match fault {
            Some(Fault { kind: Kind::Pause, .. }) if before_fault == 0 => {
                tokio::time::sleep(Duration::from_millis(1)).await;
                let trickled = fault.is_some_and(|fault| passed - fault.at >= TRICKLE);
                if trickled { buffer.len() } else { 1 }
            }
            Some(Fault { kind: Kind::Cut, .. }) if before_fault == 0 => {
                let _ = to.shutdown().await;
                return;
            }
            Some(Fault { kind: Kind::Reset, .. }) if before_fault == 0 => return,
            _ => before_fault.min(buffer.len()),
        };
        let read = from.read(&mut buffer[..most]).await.unwrap_or(0);
        if read == 0 || to.write_all(&buffer[..read]).await.is_err() {
            let _ = to.shutdown().await;
            return;
        }
        seen(&buffer[..read]);
        passed += read;
    }
}

/// One connection through a network with a fault; its address, and the bytes of messages that got
/// to the server.
async fn network(server: SocketAddr, fault: Fault) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let mut upload = Upload::default();
    let sent = Arc::clone(&upload.sent);
    tokio::spawn(async move {
        let Ok((mut client, _)) = listener.accept().await else { return };
        // The library may try again, and shall not get around the fault.
        drop(listener);
        let Ok(mut server) = TcpStream::connect(server).await else { return };
        for stream in [&client, &server] {
            stream.set_nodelay(true).expect("a socket");
            if fault.kind == Kind::Reset {
                stream.set_zero_linger().expect("a socket");
            }
        }
        let (client_read, client_write) = client.split();
        let (server_read, server_write) = server.split();
        let of = |way| (fault.way == way).then_some(fault);
        let up = pass(client_read, server_write, of(Way::Up), |bytes| upload.count(bytes));
        let down = pass(server_read, client_write, of(Way::Down), |_| {});
        tokio::pin!(up, down);
        tokio::select! {
            () = &mut up => if fault.kind == Kind::Cut { down.await },
            () = &mut down => {}
        }
    });
    (address, sent)
}

/// What a client got: of each document the events, and whether they are all.
#[derive(Clone, Debug, Default, PartialEq)]
struct Got {
    documents: BTreeMap<String, (Vec<pb::DocumentEvent>, bool)>,
    end: Option<Code>,
}

fn paragraphs() -> Vec<String> {
    let one = |number: usize| {
        format!("Il ministro n. {number} è a Roma. Poi esce. Alle 14.30 parla il dott. Rossi.\n\n")
    };
    (0..12).map(one).collect()
}

fn chunks() -> Vec<pb::SegmentChunksRequest> {
    let options = pb::SegmentationOptions { events_per_message_max: 4, ..Default::default() };
    let paragraphs = paragraphs();
    let pieces = paragraphs.iter().map(|text| chunk(text.as_bytes()));
    [begin("a", options)].into_iter().chain(pieces).chain([end()]).collect()
}

fn documents() -> Vec<pb::SegmentDocumentsRequest> {
    let request = |(number, text): (usize, &String)| pb::SegmentDocumentsRequest {
        documents: vec![text_document(&number.to_string(), text)],
        ..Default::default()
    };
    paragraphs().iter().enumerate().map(request).collect()
}

/// Bytes of all request messages with their heads.
fn upload_bytes(method: Method) -> usize {
    let framed = |bytes: Vec<usize>| bytes.iter().map(|bytes| bytes + 5).sum();
    match method {
        Method::Chunks => framed(chunks().iter().map(Message::encoded_len).collect()),
        Method::Documents => framed(documents().iter().map(Message::encoded_len).collect()),
    }
}

async fn ask(address: SocketAddr, method: Method) -> Got {
    let mut got = Got::default();
    got.end = Some(match read(address, method, &mut got).await {
        Ok(()) => Code::Ok,
        Err(status) => status.code(),
    });
    got
}

async fn read(address: SocketAddr, method: Method, got: &mut Got) -> Result<(), Status> {
    let url = format!("http://{address}");
    let channel = tonic::transport::Channel::from_shared(url).expect("a URL").connect().await;
    let channel = channel.map_err(|error| Status::unavailable(error.to_string()))?;
    let mut client = SegmentationServiceClient::new(channel);
    match method {
        Method::Chunks => {
            let requests = tokio_stream::iter(chunks());
            let mut answer = client.segment_chunks(requests).await?.into_inner();
            while let Some(message) = answer.message().await? {
                let (events, whole) = got.documents.entry("a".to_owned()).or_default();
                *whole |=
                    message.events.iter().any(|one| matches!(one.event, Some(Event::Tail(_))));
                events.extend(message.events);
            }
        }
        Method::Documents => {
            let requests = tokio_stream::iter(documents());
            let mut answer = client.segment_documents(requests).await?.into_inner();
            while let Some(message) = answer.message().await? {
                for result in message.results {
                    assert!(result.status.is_none(), "nothing is wrong with it: {result:?}");
                    let (events, whole) = got.documents.entry(result.document_id).or_default();
                    *whole |= result.last;
                    events.extend(result.events);
                }
            }
        }
    }
    Ok(())
}

/// What comes of one kind of fault in one direction, at many bytes.
#[derive(Debug, Default)]
struct Seen {
    faults: usize,
    whole: usize,
    codes: BTreeMap<String, usize>,
}

/// Bytes behind which it goes wrong: each of the first hundreds, then one here and there.
fn places() -> impl Iterator<Item = usize> {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let spread = std::iter::successors(Some(320_usize), move |at| {
        // xorshift: the same places in every run.
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        Some(at + 1 + (seed % 90) as usize)
    });
    (0..320).chain(spread.take_while(|at| *at < 4200))
}

/// A server with few places: what a fault does not give back is soon missed.
async fn server() -> (Running, SocketAddr) {
    let limits = ServiceLimits { documents_open_max: 2, ..ServiceLimits::default() };
    start_with_admin(Config { limits, ..Config::default() }).await
}

async fn metric(admin: SocketAddr, name: &str, labels: &[&str]) -> f64 {
    admin::value(&admin::get(admin, "/metrics").await.1, name, labels)
}

/// The answer to the same documents, sent again past the fault.
async fn again(running: &Running, method: Method) -> Got {
    loop {
        let got = ask(running.address, method).await;
        // The server learns of a lost connection a little later than its client.
        if got.end != Some(Code::ResourceExhausted) {
            return got;
        }
        tokio::task::yield_now().await;
    }
}

async fn faults(kind: Kind, way: Way, method: Method) -> Seen {
    let (running, admin) = server().await;
    let expected = ask(running.address, method).await;
    assert_eq!(expected.end, Some(Code::Ok));
    let all = upload_bytes(method);
    let mut seen = Seen::default();
    for at in places() {
        let fault = Fault { kind, way, at };
        let (address, sent) = network(running.address, fault).await;
        let got = tokio::time::timeout(Duration::from_secs(60), ask(address, method)).await;
        let got = got.unwrap_or_else(|_| panic!("{fault:?}: the client waits for ever"));
        let arrived = sent.load(Ordering::Relaxed);
        for (id, (events, whole)) in &got.documents {
            let (all_events, _) = &expected.documents[id];
            assert!(all_events.starts_with(events), "{fault:?}: {id} begins otherwise");
            assert!(!whole || events == all_events, "{fault:?}: half of {id} is called whole");
        }
        let code = got.end.expect("an end");
        let one = matches!(method, Method::Chunks);
        let whole = got.documents.values().any(|(_, whole)| *whole);
        assert!(!one || !whole || arrived == all, "{fault:?}: a cut document is answered as whole");
        if code == Code::Ok {
            assert_eq!((&got, arrived), (&expected, all), "{fault:?}");
            seen.whole += 1;
        } else {
            assert!(OF_THE_NETWORK.contains(&code), "{fault:?}: {code:?}");
            assert_eq!(again(&running, method).await, expected, "{fault:?}: sent again");
        }
        seen.faults += 1;
        *seen.codes.entry(format!("{code:?}")).or_default() += 1;
    }
    // Every place is free again.
    while metric(admin, "cesura_calls_working", &[]).await > 0.0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    eprintln!("{kind:?} {way:?} {method:?}: {seen:?}");
    seen
}

#[tokio::test]
async fn a_request_that_is_cut_at_any_byte_is_no_document() {
    for method in [Method::Chunks, Method::Documents] {
        let seen = faults(Kind::Cut, Way::Up, method).await;
        assert!(seen.whole > 0 && seen.whole < seen.faults / 2, "{seen:?}");
    }
}

#[tokio::test]
async fn a_request_that_is_reset_at_any_byte_is_no_document() {
    for method in [Method::Chunks, Method::Documents] {
        let seen = faults(Kind::Reset, Way::Up, method).await;
        assert!(seen.whole > 0 && seen.whole < seen.faults / 2, "{seen:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_or_reset_at_any_byte_is_not_whole() {
    for (kind, method) in [(Kind::Cut, Method::Chunks), (Kind::Reset, Method::Documents)] {
        let seen = faults(kind, Way::Down, method).await;
        assert!(seen.whole > 0 && seen.whole < seen.faults / 2, "{seen:?}");
    }
}

#[tokio::test]
async fn a_pause_at_any_byte_changes_nothing() {
    for (way, method) in [(Way::Up, Method::Chunks), (Way::Down, Method::Documents)] {
        let seen = faults(Kind::Pause, way, method).await;
        assert_eq!(seen.whole, seen.faults, "{seen:?}");
    }
}

/// What the server itself counts as answered: nothing, as long as `end` did not get there.
#[tokio::test]
async fn a_server_counts_no_cut_document_as_answered() {
    let (running, admin) = server().await;
    let all = upload_bytes(Method::Chunks);
    for kind in [Kind::Cut, Kind::Reset] {
        for at in places().step_by(7) {
            let (address, sent) = network(running.address, Fault { kind, way: Way::Up, at }).await;
            let got = ask(address, Method::Chunks).await;
            if sent.load(Ordering::Relaxed) == all {
                break;
            }
            assert_ne!(got.end, Some(Code::Ok));
        }
        while metric(admin, "cesura_calls_working", &[]).await > 0.0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // One of each kind got through whole, and may have been answered.
        let answered = metric(admin, "cesura_documents_total", &["outcome=\"answered\""]).await;
        assert!(answered <= 2.0, "{kind:?}: {answered} answered");
    }
}
