//! Heavy work never starves what is light: told by counts, not by clocks.

use crate::harness::*;
use cesura::server::{Config, SERVICES};
use cesura::wire::health::HealthCheckRequest;
use cesura::wire::health::health_check_response::ServingStatus;
use cesura::wire::health::health_client::HealthClient;
use cesura::wire::pb;
use cesura::wire::pb::segmentation_service_client::SegmentationServiceClient;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tonic::transport::Channel;

/// Streams that keep the server busy.
const BUSY: usize = 8;
/// Health checks that are asked meanwhile.
const CHECKS: usize = 20;
/// Messages that each busy stream may get while one check is on its way: it takes some turns of
/// the runtime, and in each of them a stream may have one.
const MESSAGES_PER_CHECK_MAX: usize = 12;

async fn be_busy(
    mut client: SegmentationServiceClient<Channel>,
    text: Arc<str>,
    messages: Arc<AtomicUsize>,
) {
    loop {
        let document = Some(text_document("heavy", &text));
        let request = pb::SegmentDocumentRequest { document, options: None };
        let mut stream = client.segment_document(request).await.expect("room").into_inner();
        while stream.message().await.expect("no error").is_some() {
            messages.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// One thread for the server and all clients: whoever does not let go of it starves the others.
#[tokio::test]
async fn health_is_answered_between_the_slices_of_heavy_work() {
    let running = start(Config::default()).await;
    let messages = Arc::new(AtomicUsize::new(0));
    let text: Arc<str> = "Il dott. Rossi è qui. Poi esce con gli altri. ".repeat(20_000).into();
    let mut busy = tokio::task::JoinSet::new();
    for _ in 0..BUSY {
        busy.spawn(be_busy(running.client().await, Arc::clone(&text), Arc::clone(&messages)));
    }
    let mut health = HealthClient::new(running.channel().await);
    while messages.load(Ordering::Relaxed) < BUSY {
        tokio::task::yield_now().await;
    }
    let before = messages.load(Ordering::Relaxed);
    for number in 0..CHECKS {
        let service = SERVICES[number % SERVICES.len()].to_owned();
        let answer = health.check(HealthCheckRequest { service }).await.expect("an answer");
        assert_eq!(answer.into_inner().status(), ServingStatus::Serving);
    }
    let meanwhile = messages.load(Ordering::Relaxed) - before;
    assert!(meanwhile > 0, "the server was busy");
    let most = CHECKS * BUSY * MESSAGES_PER_CHECK_MAX;
    assert!(meanwhile <= most, "{CHECKS} checks took as long as {meanwhile} messages");
    busy.shutdown().await;
}
