//! Peers that break or stretch HTTP/2, frame by frame on real sockets. What is asserted are counts
//! and codes, and that everybody else is served; docs/reliability.md lists each with its limit.

use crate::harness::*;
use crate::raw_h2::*;
use cesura::server::Config;
use cesura::wire::pb;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Streams of clients have odd numbers.
fn streams(count: u32) -> impl Iterator<Item = u32> {
    (0..count).map(|number| 2 * number + 1)
}

/// Somebody else, on a connection of their own, is served.
async fn others_are_served(running: &Running) {
    let texts = vec!["Il governo non ha detto nulla.".to_owned()];
    let request = pb::DetectLanguageRequest { texts };
    let mut client = running.client().await;
    client.detect_language(request).await.expect("others are served");
}

/// Says all of `frames` and tells the GOAWAY that ends the connection.
async fn told_to_go(raw: &mut RawH2, frames: impl Iterator<Item = Vec<u8>>) -> Frame {
    let batch: Vec<Vec<u8>> = frames.collect();
    for some in batch.chunks(500) {
        if !raw.send(&some.concat()).await {
            break;
        }
    }
    raw.next_of(GOAWAY).await.expect("the server says why")
}

#[tokio::test]
async fn the_limits_of_a_connection_are_announced() {
    let running = start(Config::default()).await;
    let settings = RawH2::connect(running.address, &[]).await.settings().await;
    let of = |identifier: u16| settings.iter().find(|(found, _)| *found == identifier);
    assert_eq!(of(3), Some(&(3, 100)), "concurrent streams");
    assert_eq!(of(4), Some(&(4, 256 << 10)), "window of a stream");
    assert_eq!(of(5), Some(&(5, 16 << 10)), "bytes of a frame");
    assert_eq!(of(6), Some(&(6, 16 << 10)), "bytes of a head");
}

#[tokio::test]
async fn streams_over_their_number_are_refused() {
    let running = start(Config { streams_per_connection_max: 5, ..Config::default() }).await;
    let mut raw = RawH2::connect(running.address, &[]).await;
    raw.settings().await;
    raw.send(&frame(SETTINGS, ACK, 0, &[])).await;
    let open = |stream| frame(HEADERS, END_HEADERS, stream, &head("SegmentChunks", &[]));
    raw.send(&streams(8).flat_map(open).collect::<Vec<u8>>()).await;
    const REFUSED_STREAM: u32 = 7;
    let mut refused = Vec::new();
    while refused.len() < 3 {
        let reset = raw.next_of(RST_STREAM).await.expect("the rest is refused");
        refused.push((reset.stream, reset.code()));
    }
    assert_eq!(refused, [(11, REFUSED_STREAM), (13, REFUSED_STREAM), (15, REFUSED_STREAM)]);
    assert!(raw.settled(1).await, "the others go on");
    others_are_served(&running).await;
}

/// CVE-2023-44487.
#[tokio::test]
async fn rapid_resets_end_the_connection() {
    let running = start(Config::default()).await;
    let mut raw = RawH2::connect(running.address, &[]).await;
    let begun_and_reset = streams(3000).map(|stream| {
        let begun = frame(HEADERS, END_HEADERS, stream, &head("SegmentChunks", &[]));
        [begun, frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes())].concat()
    });
    let goodbye = told_to_go(&mut raw, begun_and_reset).await;
    assert_eq!(goodbye.code(), ENHANCE_YOUR_CALM, "{goodbye:?}");
    assert_eq!(goodbye.debug_data(), "too_many_resets");
    others_are_served(&running).await;
}

/// CVE-2025-8671, MadeYouReset: the client does not reset, it makes the server do it.
#[tokio::test]
async fn resets_that_the_server_is_made_to_send_end_the_connection() {
    let running = start(Config::default()).await;
    let mut raw = RawH2::connect(running.address, &[]).await;
    let overflow = (i32::MAX as u32).to_be_bytes();
    let wrong = streams(3000).map(|stream| {
        let begun = frame(HEADERS, END_HEADERS, stream, &head("SegmentChunks", &[]));
        [begun, frame(WINDOW_UPDATE, 0, stream, &overflow)].concat()
    });
    let goodbye = told_to_go(&mut raw, wrong).await;
    assert_eq!(goodbye.code(), ENHANCE_YOUR_CALM, "{goodbye:?}");
    assert_eq!(goodbye.debug_data(), "too_many_internal_resets");
    others_are_served(&running).await;
}

/// CVE-2024-27316: a head that never ends.
#[tokio::test]
async fn heads_without_end_end_the_connection() {
    let running = start(Config::default()).await;
    let long = hpack(&[("x-padding", &"a".repeat(80))]);
    for block in [&long[..], b""] {
        let mut raw = RawH2::connect(running.address, &[]).await;
        let begun = frame(HEADERS, 0, 1, &head("SegmentChunks", &[]));
        let more = (0..20_000).map(|_| frame(CONTINUATION, 0, 1, block));
        let goodbye = told_to_go(&mut raw, std::iter::once(begun).chain(more)).await;
        assert_eq!(goodbye.code(), ENHANCE_YOUR_CALM, "{goodbye:?}");
        assert_eq!(goodbye.debug_data(), "too_many_continuations");
    }
    others_are_served(&running).await;
}

#[tokio::test]
async fn heads_over_their_limit_are_refused_and_the_connection_lives() {
    let running = start(Config::default()).await;
    let mut raw = RawH2::connect(running.address, &[]).await;
    let value = "a".repeat(1000);
    let fields: Vec<(String, &str)> =
        (0..20).map(|number| (format!("x-{number}"), value.as_str())).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, *value)).collect();
    let block = head("DetectLanguage", &fields);
    let (first, rest) = block.split_at(16_000);
    raw.send(&frame(HEADERS, END_STREAM, 1, first)).await;
    raw.send(&frame(CONTINUATION, END_HEADERS, 1, rest)).await;
    let refused = raw.next_of(HEADERS).await.expect("an answer");
    assert_eq!((refused.stream, refused.flags & END_STREAM), (1, END_STREAM), "{refused:?}");
    // `:status` of the static table by name, 431 as it is or in Huffman's code.
    let said =
        refused.payload.windows(3).any(|three| three == b"431" || three == [0x68, 0x2c, 0x1f]);
    assert!(said || refused.payload.len() < 16, "{refused:?}");
    assert!(raw.settled(1).await, "the connection lives");
}

#[tokio::test]
async fn frames_over_their_limit_end_the_connection() {
    let running = start(Config::default()).await;
    let mut raw = RawH2::connect(running.address, &[]).await;
    let begun = frame(HEADERS, END_HEADERS, 1, &head("SegmentChunks", &[]));
    let large = frame(DATA, 0, 1, &vec![0; (16 << 10) + 1]);
    let goodbye = told_to_go(&mut raw, [begun, large].into_iter()).await;
    const FRAME_SIZE_ERROR: u32 = 6;
    assert_eq!(goodbye.code(), FRAME_SIZE_ERROR, "{goodbye:?}");
    others_are_served(&running).await;
}

/// Both cost the server an answer each, and nothing more: it keeps at most one to be sent, and
/// reads no further until it is.
#[tokio::test]
async fn pings_and_settings_in_floods_are_answered_one_by_one() {
    let running = start(Config::default()).await;
    let mut raw = RawH2::connect(running.address, &[]).await;
    raw.settings().await;
    for (kind, payload, rounds) in [(PING, &[7; 8][..], 20), (SETTINGS, &[][..], 20)] {
        let mut answered = 0;
        for _ in 0..rounds {
            raw.send(&frame(kind, 0, 0, payload).repeat(500)).await;
            let mut in_round = 0;
            while in_round < 500 {
                let found = raw.next().await.expect("the connection lives");
                in_round += u32::from(found.kind == kind && found.flags == ACK);
            }
            answered += in_round;
        }
        assert_eq!(answered, rounds * 500);
    }
    others_are_served(&running).await;
}

#[tokio::test]
async fn empty_frames_in_floods_end_the_connection() {
    let running = start(Config::default()).await;
    let mut raw = RawH2::connect(running.address, &[]).await;
    let begun = frame(HEADERS, END_HEADERS, 1, &head("SegmentChunks", &[]));
    let empty = (0..20_000).map(|_| frame(DATA, 0, 1, &[]));
    let goodbye = told_to_go(&mut raw, std::iter::once(begun).chain(empty)).await;
    assert_eq!(goodbye.code(), ENHANCE_YOUR_CALM, "{goodbye:?}");
    others_are_served(&running).await;
}

/// An honest client that sends a document in pieces of a few bytes, each in a frame of its own as
/// Python does, is not thrown out: the window of the connection is wide enough for what h2 allows.
#[tokio::test]
async fn many_small_messages_are_no_flood() {
    let running = start(Config::default()).await;
    let mut raw = RawH2::connect(running.address, &[(4, 1 << 30)]).await;
    raw.send(&frame(WINDOW_UPDATE, 0, 0, &(1_u32 << 30).to_be_bytes())).await;
    // The windows of the server hold from here on.
    raw.settings().await;
    raw.send(&frame(SETTINGS, ACK, 0, &[])).await;
    assert!(raw.settled(9).await);
    raw.send(&frame(HEADERS, END_HEADERS, 1, &head("SegmentChunks", &[]))).await;
    // `chunk`, with five bytes of it.
    let message = [&[0, 0, 0, 0, 7, 0x12, 5][..], b"e poi"].concat();
    for mark in 0..2 {
        // As many as wait when the handler is busy; h2 counts those that nobody has read yet.
        raw.send(&frame(DATA, 0, 1, &message).repeat(8000)).await;
        assert!(raw.settled(mark).await, "an honest client after {mark} times 8000 messages");
    }
    raw.send(&frame(DATA, END_STREAM, 1, &[0, 0, 0, 0, 2, 0x1a, 0])).await;
    loop {
        let found = raw.next().await.expect("the connection lives");
        assert!(found.kind != GOAWAY && found.kind != RST_STREAM, "{found:?}");
        if found.stream == 1 && found.flags & END_STREAM != 0 {
            return;
        }
    }
}

#[tokio::test]
async fn a_peer_that_does_not_answer_pings_is_gone() {
    let brief = Duration::from_millis(50);
    let config =
        Config { keepalive_interval: brief, keepalive_timeout: brief, ..Config::default() };
    let running = start(config).await;
    let mut raw = RawH2::connect(running.address, &[]).await;
    assert!(raw.next_of(PING).await.is_some(), "the server asks");
    while raw.next().await.is_some() {}
    // Whoever answers stays: tonic's client does.
    let channel = running.channel().await;
    tokio::time::sleep(brief * 6).await;
    let mut client = pb::segmentation_service_client::SegmentationServiceClient::new(channel);
    client.get_server_info(pb::GetServerInfoRequest {}).await.expect("the connection lives");
}

#[tokio::test]
async fn an_old_connection_takes_no_new_calls_and_ends_its_open_ones() {
    let age = Duration::from_millis(200);
    let running = start(Config { connection_age_max: age, ..Config::default() }).await;
    let mut raw = RawH2::connect(running.address, &[]).await;
    raw.send(&frame(HEADERS, END_HEADERS, 1, &head("SegmentChunks", &[]))).await;
    let goodbye = raw.next_of(GOAWAY).await.expect("the server says goodbye");
    assert_eq!(goodbye.code(), 0, "without an error");
    // The PING behind it is among what is read below.
    // One message with `end`, then the end of the stream.
    raw.send(&frame(DATA, END_STREAM, 1, &[0, 0, 0, 0, 2, 0x1a, 0])).await;
    let mut answered = false;
    while let Some(found) = raw.next().await {
        answered |= found.stream == 1 && found.flags & END_STREAM != 0;
        if found.kind == PING && found.flags == 0 {
            // The server asks whether its goodbye has arrived.
            raw.send(&frame(PING, ACK, 0, &found.payload)).await;
        }
    }
    assert!(answered, "the open call ends, then the connection");
}

#[tokio::test]
async fn without_grpc_web_http1_gets_nothing() {
    let running = start(Config::default()).await;
    let mut stream = TcpStream::connect(running.address).await.expect("the server listens");
    stream.write_all(b"GET / HTTP/1.1\r\nhost: cesura\r\n\r\n").await.expect("a socket");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP/"), "{answer:?}");
    others_are_served(&running).await;
}
