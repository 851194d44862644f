//! Stopping: health first, open calls finish or are cut, nothing hangs.

use crate::harness::*;
use cesura::server::{Config, SERVICES};
use cesura::wire::health::health_check_response::ServingStatus;
use cesura::wire::health::health_client::HealthClient;
use cesura::wire::health::{HealthCheckRequest, HealthListRequest};
use cesura::wire::pb::document_event::Event;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

fn ask(service: &str) -> HealthCheckRequest {
    HealthCheckRequest { service: service.to_owned() }
}

#[tokio::test]
async fn health_knows_the_server_and_its_service() {
    let running = start(Config::default()).await;
    let mut health = HealthClient::new(running.channel().await);
    for service in [""].into_iter().chain(SERVICES) {
        let answer = health.check(ask(service)).await.expect("an answer").into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving);
    }
    assert_eq!(
        health.check(ask("no.such.Service")).await.expect_err("unknown").code(),
        Code::NotFound
    );
    let list = health.list(HealthListRequest {}).await.expect("an answer").into_inner().statuses;
    assert_eq!(list.len(), SERVICES.len() + 1);
    let mut watch = health.watch(ask("no.such.Service")).await.expect("watched").into_inner();
    let first = watch.message().await.expect("no error").expect("an answer");
    assert_eq!(first.status(), ServingStatus::ServiceUnknown);
}

#[tokio::test]
async fn a_drain_lets_open_documents_finish_and_ends_watches() {
    let mut running =
        start(Config { drain_max: Duration::from_secs(60), ..Config::default() }).await;
    let mut client = running.client().await;
    let mut health = HealthClient::new(running.channel().await);
    let mut watch = health.watch(ask(SERVICES[0])).await.expect("watched").into_inner();
    assert_eq!(
        watch.message().await.expect("no error").expect("an answer").status(),
        ServingStatus::Serving
    );
    let (sender, receiver) = mpsc::channel(1);
    let mut stream =
        client.segment_chunks(ReceiverStream::new(receiver)).await.expect("admitted").into_inner();
    sender.send(chunk("Il testo comincia. ".as_bytes())).await.expect("the server reads");
    drop(running.stop.take());
    let drained = watch.message().await.expect("no error").expect("an answer");
    assert_eq!(drained.status(), ServingStatus::NotServing);
    assert!(watch.message().await.expect("no error").is_none(), "the watch ends");
    sender.send(chunk("Poi finisce.".as_bytes())).await.expect("the server still reads");
    sender.send(end()).await.expect("the server still reads");
    let mut tail = false;
    while let Some(message) = stream.message().await.expect("no error") {
        tail |= message.events.iter().any(|event| matches!(event.event, Some(Event::Tail(_))));
    }
    assert!(tail, "the document is whole");
    drop((stream, watch, client, health));
    running.task.await.expect("no panic").expect("a clean stop");
}

#[tokio::test]
async fn a_document_without_end_is_cut_when_the_drain_is_over() {
    let mut running =
        start(Config { drain_max: Duration::from_millis(50), ..Config::default() }).await;
    let mut client = running.client().await;
    let (sender, receiver) = mpsc::channel(1);
    let mut stream =
        client.segment_chunks(ReceiverStream::new(receiver)).await.expect("admitted").into_inner();
    sender.send(chunk("Il testo comincia".as_bytes())).await.expect("the server reads");
    drop(running.stop.take());
    let status = loop {
        match stream.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("an unfinished document must not look finished"),
            Err(status) => break status,
        }
    };
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    running.task.await.expect("no panic").expect("a stop in time");
}

#[tokio::test]
async fn a_bulk_stream_is_cut_with_unavailable_too() {
    let mut running =
        start(Config { drain_max: Duration::from_millis(50), ..Config::default() }).await;
    let mut client = running.client().await;
    let (sender, receiver) = mpsc::channel(1);
    let requests = ReceiverStream::new(receiver);
    let mut stream = client.segment_documents(requests).await.expect("admitted").into_inner();
    let documents = vec![text_document("a", "Il testo è qui. Poi finisce.")];
    let request = cesura::wire::pb::SegmentDocumentsRequest { documents, ..Default::default() };
    sender.send(request).await.expect("the server reads");
    let first = stream.message().await.expect("no error").expect("an answer");
    assert!(first.results.iter().all(|result| result.last), "what was sent is answered whole");
    drop(running.stop.take());
    let status = stream.message().await.expect_err("cut");
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    running.task.await.expect("no panic").expect("a stop in time");
}
