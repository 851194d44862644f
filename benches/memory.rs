//! How much a server grows while a long document passes through SegmentChunks.
//!
//! `cargo bench --bench memory` sends 1 GiB (or `-- BYTES`) to a server in a process of its own, once
//! as news with paragraphs and once as a single line without end, and prints the server's resident
//! memory before, at most, and the difference. The promise is 64 MiB.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints figures, and fails loudly"
)]

use cesura::wire::pb::document_event::Event;
use cesura::wire::pb::segment_chunks_request::Item;
use cesura::wire::pb::segmentation_service_client::SegmentationServiceClient;
use cesura::wire::pb::{DocumentEnd, SegmentChunksRequest};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use tokio_stream::StreamExt;

/// What the server may grow by.
const GROWTH_BYTES_MAX: u64 = 64 << 20;

/// Bytes of one chunk.
const CHUNK_BYTES: usize = 64 << 10;

const NEWS: &str = "Il presidente ha parlato a lungo con i ministri, poi è partito. Secondo l'on. Rossi «non c'è \
    fretta», ma il voto è per il 12 set. alle 14.30. Nessuno ha risposto alle domande.";

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start() -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cesura"))
            .args(["serve", "--listen", "127.0.0.1:0", "--chunked-document-bytes-max", "4094 MiB"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        log.read_line(&mut line).expect("the server says where it listens");
        std::thread::spawn(move || log.lines().for_each(drop));
        let said: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let address = said.get("address").and_then(|address| address.as_str()).expect("an address");
        Server { child, address: address.to_owned() }
    }

    /// Resident memory now (`VmRSS`) or at most so far (`VmHWM`), in bytes.
    fn memory_bytes(&self, key: &str) -> u64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux");
        let line = status.lines().find(|line| line.starts_with(key)).expect("a known key");
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
        kib.expect("a number") << 10
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process is ours and this is its end, whatever it says.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn measure(name: &str, paragraph_end: &str, bytes: u64) -> bool {
    let server = Server::start();
    let mut client = SegmentationServiceClient::connect(format!("http://{}", server.address))
        .await
        .expect("the server listens");
    let before = server.memory_bytes("VmRSS");
    let chunk = format!("{NEWS}{paragraph_end}").repeat(CHUNK_BYTES / NEWS.len()).into_bytes();
    let count = usize::try_from(bytes).expect("64 bits") / chunk.len();
    let sent = (chunk.len() * count) as u64;
    let chunks = tokio_stream::iter(std::iter::repeat_n(chunk, count))
        .map(|chunk| SegmentChunksRequest { item: Some(Item::Chunk(chunk)) });
    let end = tokio_stream::once(SegmentChunksRequest { item: Some(Item::End(DocumentEnd {})) });
    let begun = Instant::now();
    let mut stream = client.segment_chunks(chunks.chain(end)).await.expect("admitted").into_inner();
    let mut segments = 0;
    while let Some(message) = stream.message().await.expect("no error") {
        for event in message.events {
            if let Some(Event::Tail(tail)) = event.event {
                segments = tail.segment_count;
                assert_eq!(
                    u64::from(tail.span.expect("a span").end),
                    sent,
                    "the whole document was read"
                );
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let most = server.memory_bytes("VmHWM");
    let growth = most.saturating_sub(before);
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    println!(
        "{name:22} {:7.0} MiB sent  {segments:9} segments  {:6.1} MiB/s  resident {:5.1} MiB before, {:5.1} at most: grew {:4.1}",
        mib(sent),
        mib(sent) / seconds,
        mib(before),
        mib(most),
        mib(growth),
    );
    growth <= GROWTH_BYTES_MAX
}

#[tokio::main]
async fn main() {
    let given = std::env::args().find_map(|argument| argument.parse::<u64>().ok());
    let bytes = given.unwrap_or(1 << 30);
    let news = measure("news with paragraphs", "\n\n", bytes).await;
    let line = measure("one line without end", " ", bytes).await;
    assert!(news && line, "the server grew by more than {GROWTH_BYTES_MAX} bytes");
}
