//! A real server on a real socket, and a client of it.

use cesura::server::{self, Config};
use cesura::wire::pb::document_event::Event;
use cesura::wire::pb::segment_chunks_request::Item;
use cesura::wire::pb::segmentation_service_client::SegmentationServiceClient;
use cesura::wire::pb::{self, source_document::Source};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

/// A server under test. Dropping `stop` begins its drain.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) stop: Option<oneshot::Sender<()>>,
    pub(crate) task: JoinHandle<Result<(), server::Error>>,
}

/// Starts a server on a free port of the loopback interface.
pub(crate) async fn start(config: Config) -> Running {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let task = tokio::spawn(server::run(config, listener, shutdown));
    Running { address, stop: Some(stop), task }
}

/// As [`start`], with the admin endpoint on a free port as well; its address is the second.
pub(crate) async fn start_with_admin(config: Config) -> (Running, SocketAddr) {
    let bind = || TcpListener::bind(("127.0.0.1", 0));
    let (listener, admin) = (bind().await.expect("a port"), bind().await.expect("a port"));
    let address = listener.local_addr().expect("an address");
    let admin_address = admin.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let task = tokio::spawn(server::run_with_admin(config, listener, Some(admin), shutdown));
    (Running { address, stop: Some(stop), task }, admin_address)
}

impl Running {
    pub(crate) async fn channel(&self) -> Channel {
        let url = format!("http://{}", self.address);
        Channel::from_shared(url).expect("a URL").connect().await.expect("the server listens")
    }

    pub(crate) async fn client(&self) -> SegmentationServiceClient<Channel> {
        SegmentationServiceClient::new(self.channel().await)
    }
}

/// A server with its defaults, and a client of it.
pub(crate) async fn default_client() -> (Running, SegmentationServiceClient<Channel>) {
    let running = start(Config::default()).await;
    let client = running.client().await;
    (running, client)
}

pub(crate) fn text_document(id: &str, text: &str) -> pb::SourceDocument {
    let source = Some(Source::Text(text.to_owned()));
    pb::SourceDocument { document_id: id.to_owned(), source, ..Default::default() }
}

pub(crate) fn bytes_document(id: &str, content: &[u8], charset: &str) -> pb::SourceDocument {
    pb::SourceDocument {
        document_id: id.to_owned(),
        source: Some(Source::Content(content.to_vec())),
        charset: charset.to_owned(),
        ..Default::default()
    }
}

pub(crate) fn chunk(bytes: &[u8]) -> pb::SegmentChunksRequest {
    pb::SegmentChunksRequest { item: Some(Item::Chunk(bytes.to_vec())) }
}

pub(crate) fn begin(id: &str, options: pb::SegmentationOptions) -> pb::SegmentChunksRequest {
    let start = pb::DocumentStart {
        document_id: id.to_owned(),
        options: Some(options),
        ..Default::default()
    };
    pb::SegmentChunksRequest { item: Some(Item::Start(start)) }
}

pub(crate) fn end() -> pb::SegmentChunksRequest {
    pb::SegmentChunksRequest { item: Some(Item::End(pb::DocumentEnd {})) }
}

/// Events of a whole document by SegmentDocument.
pub(crate) async fn by_document(
    client: &mut SegmentationServiceClient<Channel>,
    document: pb::SourceDocument,
    options: pb::SegmentationOptions,
) -> Result<Vec<pb::DocumentEvent>, tonic::Status> {
    let request = pb::SegmentDocumentRequest { document: Some(document), options: Some(options) };
    let mut stream = client.segment_document(request).await?.into_inner();
    let mut events = Vec::new();
    while let Some(message) = stream.message().await? {
        assert!(!message.events.is_empty(), "a message holds at least one event");
        events.extend(message.events);
    }
    Ok(events)
}

/// Events of a document by SegmentChunks, all chunks sent at once.
pub(crate) async fn by_chunks(
    client: &mut SegmentationServiceClient<Channel>,
    requests: Vec<pb::SegmentChunksRequest>,
) -> Result<Vec<pb::DocumentEvent>, tonic::Status> {
    let mut stream = client.segment_chunks(tokio_stream::iter(requests)).await?.into_inner();
    let mut events = Vec::new();
    while let Some(message) = stream.message().await? {
        events.extend(message.events);
    }
    Ok(events)
}

/// Results by SegmentDocuments, all requests sent at once.
pub(crate) async fn by_documents(
    client: &mut SegmentationServiceClient<Channel>,
    requests: Vec<pb::SegmentDocumentsRequest>,
) -> Result<Vec<pb::DocumentResult>, tonic::Status> {
    let mut stream = client.segment_documents(tokio_stream::iter(requests)).await?.into_inner();
    let mut results = Vec::new();
    while let Some(message) = stream.message().await? {
        results.extend(message.results);
    }
    Ok(results)
}

/// Span and text of everything that tiles the document, in order.
pub(crate) fn pieces(events: &[pb::DocumentEvent]) -> Vec<(pb::Span, String)> {
    let mut pieces = Vec::new();
    for event in events {
        match event.event.as_ref() {
            Some(Event::Skeleton(skeleton)) => {
                pieces.push((skeleton.span.clone().expect("a span"), skeleton.text.clone()));
            }
            Some(Event::Unit(unit)) => {
                let segments = unit.segments.iter().map(|s| (s.span.clone(), s.text.clone()));
                let ignorables = unit.ignorables.iter().map(|i| (i.span.clone(), i.text.clone()));
                let mut parts: Vec<(pb::Span, String)> = segments
                    .chain(ignorables)
                    .map(|(span, text)| (span.expect("a span"), text))
                    .collect();
                parts.sort_by_key(|(span, _)| span.start);
                pieces.extend(parts);
            }
            _ => {}
        }
    }
    pieces
}

/// The texts of all segments.
pub(crate) fn segments(events: &[pb::DocumentEvent]) -> Vec<String> {
    let units = events.iter().filter_map(|event| match event.event.as_ref() {
        Some(Event::Unit(unit)) => Some(unit),
        _ => None,
    });
    units.flat_map(|unit| unit.segments.iter().map(|segment| segment.text.clone())).collect()
}

/// A server in a process of its own, whose memory and log are its own.
pub(crate) struct Child {
    pub(crate) address: SocketAddr,
    child: std::process::Child,
    log: std::thread::JoinHandle<String>,
}

impl Child {
    pub(crate) fn start(arguments: &[&str]) -> Child {
        Child::start_with_files(arguments, 1024)
    }

    /// Starts one that may have no more than `files_max` files and sockets open.
    pub(crate) fn start_with_files(arguments: &[&str], files_max: u32) -> Child {
        use std::io::{BufRead, BufReader};
        let script = format!("ulimit -n {files_max}; exec \"$0\" serve \"$@\"");
        let mut child = std::process::Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_cesura")])
            .args(["--listen", "127.0.0.1:0", "--log-format", "json"])
            .args(arguments)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let mut first = String::new();
        while !first.contains("\"serving\"") {
            first = lines.next().expect("the server begins").expect("a line");
        }
        let serving: serde_json::Value = serde_json::from_str(&first).expect("JSON");
        let address = serving["address"].as_str().expect("an address").parse();
        // Somebody has to read what it says, or it would stop.
        let log = std::thread::spawn(move || {
            lines.map_while(Result::ok).map(|line| line + "\n").collect()
        });
        Child { address: address.expect("an address"), child, log }
    }

    /// The most memory that it ever had, in KiB.
    pub(crate) fn memory_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
        number.and_then(|number| number.parse().ok()).expect("a number")
    }

    /// Ends it, and gives back its log after the first line.
    pub(crate) fn stop(mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let log = std::mem::replace(&mut self.log, std::thread::spawn(String::new));
        log.join().expect("the log is read")
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
