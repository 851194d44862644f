//! The log: one JSON line a call, with its ids, and nothing of what clients sent.

use crate::harness::*;
use cesura::server::Config;
use cesura::wire::pb;
use serde_json::Value;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tonic::Request;

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn calls(&self) -> Vec<Value> {
        let text = self.text();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines.filter(|line| line["message"] == "call").collect()
    }
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

// One thread: the subscriber of this thread sees the server as well.
#[tokio::test]
async fn every_call_leaves_one_line_with_its_ids_and_without_text() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let running = start(Config::default()).await;
    let mut client = running.client().await;
    let request = |language: &str, text: &str| {
        let document = text_document("name\n{\"level\":\"ERROR\"}", text);
        let language_code = language.to_owned();
        let document = Some(pb::SourceDocument { language_code, ..document });
        Request::new(pb::SegmentDocumentRequest { document, options: None })
    };
    let mut good = request("it", "Segretissimo il dott. Rossi. Poi esce.");
    good.metadata_mut().insert("x-request-id", "good-1".parse().expect("metadata"));
    let traceparent = format!("00-{TRACE}-00f067aa0ba902b7-00");
    good.metadata_mut().insert("traceparent", traceparent.parse().expect("metadata"));
    let mut stream = client.segment_document(good).await.expect("admitted").into_inner();
    while stream.message().await.expect("no error").is_some() {}
    client.segment_document(request("not a tag", "Segretissimo")).await.expect_err("refused");
    // A client that goes away is a call as well.
    let long = client.segment_document(request("it", &"Uno. Due. ".repeat(99_999))).await;
    drop((long, client));
    while lines.calls().len() < 3 {
        tokio::task::yield_now().await;
    }
    let calls = lines.calls();
    let [good, refused, cancelled] = &calls[..] else { panic!("a line each: {calls:?}") };
    assert_eq!(cancelled["rpc.code"], "Cancelled");
    assert_eq!(good["rpc.service"], "cesura.v1.SegmentationService");
    assert_eq!((&good["rpc.method"], &good["rpc.code"]), (&"SegmentDocument".into(), &"Ok".into()));
    assert_eq!((&good["request_id"], &good["trace_id"]), (&"good-1".into(), &TRACE.into()));
    assert_eq!((&good["documents"], &good["segments"]), (&1.into(), &2.into()));
    assert!(good["elapsed_us"].is_u64() && good["level"] == "INFO");
    assert_eq!(refused["rpc.code"], "InvalidArgument");
    assert_eq!(refused["request_id"].as_str().map(str::len), Some(32), "one that we made");
    assert!(refused["trace_id"].is_null(), "no trace, no id");
    let text = lines.text();
    for secret in ["Segretissimo", "Rossi", "not a tag", "ERROR", "name"] {
        assert!(!text.contains(secret), "{secret} in the log: {text}");
    }
}
