//! Traces over OTLP, received by a small collector, and the ids of calls.

use crate::admin::{get, value};
use crate::harness::*;
use cesura::server::Config;
use cesura::wire::pb;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use std::collections::HashMap;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::metadata::MetadataValue;
use tonic::{Code, Request, Response, Status};

/// Hands over the spans that it receives.
struct Collector(mpsc::Sender<ExportTraceServiceRequest>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let _ = self.0.send(request.into_inner()).await;
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

/// A collector on a port of its own: its endpoint, and what it receives.
async fn collector() -> (String, mpsc::Receiver<ExportTraceServiceRequest>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, receiver) = mpsc::channel(64);
    let serving = tonic::transport::Server::builder()
        .add_service(TraceServiceServer::new(Collector(sender)))
        .serve_with_incoming(TcpListenerStream::new(listener));
    tokio::spawn(serving);
    (endpoint, receiver)
}

/// Stops the server, which sends what is left, and gives back all spans.
async fn spans(
    mut running: Running,
    mut receiver: mpsc::Receiver<ExportTraceServiceRequest>,
) -> Vec<Span> {
    drop(running.stop.take());
    running.task.await.expect("no panic").expect("a clean stop");
    let mut spans = Vec::new();
    while let Ok(request) = receiver.try_recv() {
        for resource in request.resource_spans {
            let attributes = resource.resource.map(|resource| resource.attributes);
            let service = attributes.into_iter().flatten().find(|one| one.key == "service.name");
            assert!(format!("{service:?}").contains("cesura"), "the service names itself");
            spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    }
    spans
}

fn attributes(span: &Span) -> HashMap<String, String> {
    let shown = |value: &Value| match value {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let pairs = span
        .attributes
        .iter()
        .filter_map(|one| Some((one.key.clone(), shown(one.value.as_ref()?.value.as_ref()?))));
    pairs.collect()
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";
const TEXT: &str = "Il dott. Rossi è qui. Poi esce con gli altri.";

fn request(metadata: &[(&'static str, &str)], text: &str) -> Request<pb::SegmentDocumentRequest> {
    let document = Some(text_document("name-of-the-client", text));
    let mut request = Request::new(pb::SegmentDocumentRequest { document, options: None });
    for (key, value) in metadata {
        let value = MetadataValue::try_from(*value).expect("metadata");
        request.metadata_mut().insert(*key, value);
    }
    request
}

#[tokio::test]
async fn a_call_is_one_span_in_the_trace_of_its_caller() {
    let (endpoint, receiver) = collector().await;
    let running = start(Config { otlp_endpoint: Some(endpoint), ..Config::default() }).await;
    let mut client = running.client().await;
    let traceparent = format!("00-{TRACE}-{PARENT}-01");
    let metadata = [("traceparent", traceparent.as_str()), ("x-request-id", "req-1")];
    let mut stream = client.segment_document(request(&metadata, TEXT)).await.expect("admitted");
    while stream.get_mut().message().await.expect("no error").is_some() {}
    let mut other = client.segment_document(request(&[], TEXT)).await.expect("admitted");
    while other.get_mut().message().await.expect("no error").is_some() {}
    drop((stream, other, client));
    let spans = spans(running, receiver).await;
    let mut ours = spans.iter().filter(|span| attributes(span)["cesura.request_id"] == "req-1");
    let (span, none) = (ours.next().expect("a span"), ours.next());
    assert!(none.is_none(), "one span a call");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!((hex(&span.trace_id), hex(&span.parent_span_id)), (TRACE.into(), PARENT.into()));
    assert_eq!(span.name, "cesura.v1.SegmentationService/SegmentDocument");
    let found = attributes(span);
    for (key, value) in [
        ("rpc.system.name", "grpc"),
        ("rpc.method", "cesura.v1.SegmentationService/SegmentDocument"),
        ("rpc.response.status_code", "OK"),
        ("cesura.documents", "1"),
        ("cesura.segments", "2"),
        ("cesura.source_bytes", &TEXT.len().to_string()),
    ] {
        assert_eq!(found[key], value, "{key}");
    }
    assert_eq!(spans.len(), 2, "the other call is a trace of its own");
    assert!(!format!("{spans:?}").contains("Rossi"), "no text in a span");
    assert!(!format!("{spans:?}").contains("name-of-the-client"));
}

#[tokio::test]
async fn the_caller_decides_on_sampling_before_the_setting() {
    let (endpoint, receiver) = collector().await;
    let config =
        Config { otlp_endpoint: Some(endpoint), trace_sampling_ratio: 0.0, ..Config::default() };
    let running = start(config).await;
    let mut client = running.client().await;
    let [sampled, not] = ["01", "00"].map(|flag| format!("00-{TRACE}-{PARENT}-{flag}"));
    for (traceparent, id) in [(Some(&sampled), "yes"), (Some(&not), "no"), (None, "none")] {
        let mut metadata = vec![("x-request-id", id)];
        metadata.extend(traceparent.map(|value| ("traceparent", value.as_str())));
        let answer = client.segment_document(request(&metadata, TEXT)).await.expect("admitted");
        let mut stream = answer.into_inner();
        while stream.message().await.expect("no error").is_some() {}
    }
    drop(client);
    let spans = spans(running, receiver).await;
    let ids: Vec<_> =
        spans.iter().map(|span| attributes(span)["cesura.request_id"].clone()).collect();
    assert_eq!(ids, ["yes"]);
}

/// Nobody listens at the collector's address: calls are answered, the queue keeps its bound, and
/// the server stops.
#[tokio::test]
async fn a_collector_that_is_gone_hurts_nobody() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let config = Config { otlp_endpoint: Some(endpoint), ..Config::default() };
    let (mut running, admin) = start_with_admin(config).await;
    let mut client = running.client().await;
    for _ in 0..3000 {
        let refused = client.segment_document(request(&[], &"a".repeat(9))).await;
        let mut stream = refused.expect("admitted").into_inner();
        while stream.message().await.expect("no error").is_some() {}
    }
    let (_, metrics) = get(admin, "/metrics").await;
    let spans = |outcome: &str| value(&metrics, "cesura_trace_spans_total", &[outcome]);
    assert_eq!((spans("sampled"), spans("exported")), (3000.0, 0.0));
    drop((running.stop.take(), client));
    running.task.await.expect("no panic").expect("a clean stop");
}

#[tokio::test]
async fn the_id_of_a_call_is_given_back() {
    let running = start(Config::default()).await;
    let mut client = running.client().await;
    let id = |metadata: &tonic::metadata::MetadataMap| {
        let id = metadata.get("x-request-id").expect("an id");
        id.to_str().expect("text").to_owned()
    };
    let with = |id: &'static str| request(&[("x-request-id", id)], TEXT);
    let answer = client.segment_document(with("3f2a-77")).await.expect("admitted");
    assert_eq!(id(answer.metadata()), "3f2a-77");
    for insane in ["two words", "a\"b", "x{y}"] {
        let answer = client.segment_document(with(insane)).await.expect("admitted");
        assert_eq!(id(answer.metadata()).len(), 32, "a new one in place of {insane}");
    }
    let mut refused = with("refused-1");
    let document = text_document("", TEXT);
    let language_code = "not a tag".to_owned();
    refused.get_mut().document = Some(pb::SourceDocument { language_code, ..document });
    let refused = client.segment_document(refused).await.expect_err("no language");
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(id(refused.metadata()), "refused-1");
    let (first, second) = (request(&[], TEXT), request(&[], TEXT));
    let first = client.segment_document(first).await.expect("admitted");
    let second = client.segment_document(second).await.expect("admitted");
    assert_ne!(id(first.metadata()), id(second.metadata()));
}
