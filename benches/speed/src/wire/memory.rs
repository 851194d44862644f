//! What a server holds: of itself, for streams on which nothing happens, for clients that do not
//! read. The kernel's own buffers are not in it.

use crate::child::Child;
use crate::client::Client;
use crate::script::{self, Script};
use bytes::Bytes;
use std::time::{Duration, Instant};
use tokio_stream::StreamExt;
use tonic::Streaming;
use tonic::transport::Endpoint;

/// Streams, or clients, at the same time.
const MANY: usize = 1000;

/// What a client takes unread: the least that HTTP/2 knows without being told.
const WINDOW_BYTES: u32 = 65_535;

/// Messages of 32 articles that a client sends before it is told to wait.
const PENDING_MESSAGES: usize = 8;

/// Memory is steady once it did not change for so long.
const STEADY: Duration = Duration::from_millis(500);
const STEADY_WITHIN: Duration = Duration::from_secs(20);

const MIB: f64 = (1 << 20) as f64;

/// Prints the table.
pub async fn measure() {
    let mut one = Script::packed("one", 1);
    let mut many = Script::packed("many", PENDING_MESSAGES);
    {
        let child = Child::start(&["serve", "--listen"], &[], None);
        let client = Client::connect(child.address).await;
        one.record(&client).await;
        many.record(&client).await;
    }
    let scripts = script::write(&[one.clone(), many.clone()]);
    println!("\n**Resident memory of the server**, MiB; a message is 32 articles.\n");
    println!("| | no work, messages | `cesura serve` | must | proud |");
    println!("|---|---|---|---|---|");
    for (name, held, targets) in held(&one, &many) {
        let no_work = Child::start(&["no-work", "messages"], &scripts, None);
        let no_work = hold(&no_work, held).await;
        let serve = hold(&serve(), held).await;
        println!("| {name} | {:.1} | {:.1} | {targets} |", no_work / MIB, serve / MIB);
    }
}

/// What is open while memory is read.
#[derive(Clone, Copy)]
struct Held<'a> {
    connections: usize,
    /// Streams on all of them together.
    streams: usize,
    /// What each is asked.
    script: &'a Script,
    /// Requests of it that are sent.
    requests: usize,
    /// Whether the answers are read; the streams stay open after them.
    read: bool,
}

/// All rows of the table: what is said, what is held, the targets.
fn held<'a>(one: &'a Script, many: &'a Script) -> Vec<(&'static str, Held<'a>, &'static str)> {
    let silent = Held { connections: 1, streams: MANY, script: one, requests: 0, read: false };
    let unread = Held { requests: 1, ..silent };
    let pressing = Held { script: many, requests: PENDING_MESSAGES, ..silent };
    vec![
        // What a pod costs that waits.
        ("idle", Held { streams: 0, ..silent }, "25 | 10"),
        // Clients that keep a stream for later.
        ("1,000 streams on one connection, nothing sent yet", silent, "60 | 20"),
        // The same clients between two batches: buffers have grown and stay.
        ("the same after one message each", Held { read: true, ..unread }, "60 | 20"),
        // Clients that hang: flow control has to stop the work, and what was made has to be kept.
        (
            "1,000 streams on ten connections, one message each, not read",
            Held { connections: 10, ..unread },
            "200 | 100",
        ),
        (
            "1,000 connections, one message each, not read",
            Held { connections: MANY, ..unread },
            "200 | 100",
        ),
        // The same that go on sending for as long as they are let to.
        (
            "1,000 streams on ten connections, eight messages each, not read",
            Held { connections: 10, ..pressing },
            "200 | 100",
        ),
        (
            "1,000 connections, eight messages each, not read",
            Held { connections: MANY, ..pressing },
            "200 | 100",
        ),
    ]
}

/// A server whose limits let a thousand of anything in.
fn serve() -> Child {
    let limits = [
        "serve",
        "--streams-per-connection-max=10000",
        "--documents-open-max=10000",
        "--connections-max=10000",
        "--peer-connections-max=10000",
        "--stream-idle-max=10m",
        "--listen",
    ];
    Child::start(&limits, &[], None)
}

/// Resident memory in bytes while that is held.
async fn hold(server: &Child, held: Held<'_>) -> f64 {
    let Held { connections, streams, script, requests, read } = held;
    let mut clients = Vec::new();
    for _ in 0..connections {
        let small = |endpoint: Endpoint| {
            let of_connection = WINDOW_BYTES * (MANY / connections) as u32;
            let endpoint = endpoint.initial_stream_window_size(WINDOW_BYTES);
            endpoint.initial_connection_window_size(of_connection)
        };
        clients.push(Client::connect_with(server.address, small).await);
    }
    let requests: Vec<Bytes> = script.requests.iter().take(requests).cloned().collect();
    let mut open: Vec<Streaming<Bytes>> = Vec::new();
    for number in 0..streams {
        // After what it has to say a client stays: a stream that does not come to its end.
        let requests = tokio_stream::iter(requests.clone()).chain(tokio_stream::pending());
        let mut stream = clients[number % connections].open(script, requests).await;
        if read {
            let mut rest = script.answer_bytes();
            while rest > 0 {
                let message = stream.message().await.expect("no error").expect("an answer");
                rest = rest.saturating_sub(message.len());
            }
        }
        open.push(stream);
    }
    let resident = steady(server).await;
    drop(open);
    resident
}

/// Resident memory once it does not change any more.
async fn steady(server: &Child) -> f64 {
    let begun = Instant::now();
    let (mut last, mut since) = (server.resident_bytes(), Instant::now());
    while since.elapsed() < STEADY && begun.elapsed() < STEADY_WITHIN {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = server.resident_bytes();
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
    last as f64
}
