//! HTTP/2 by hand: frames that no honest client sends.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;
/// Of SETTINGS and PING.
pub(crate) const ACK: u8 = 1;

/// Error code of HTTP/2 (RFC 9113, 7).
pub(crate) const ENHANCE_YOUR_CALM: u32 = 11;

/// A connection of which every frame is said by hand.
pub(crate) struct RawH2 {
    stream: TcpStream,
    read: Vec<u8>,
}

/// A frame that arrived.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    /// The error code of a RST_STREAM or GOAWAY.
    pub(crate) fn code(&self) -> u32 {
        let at = if self.kind == GOAWAY { 4 } else { 0 };
        u32::from_be_bytes(self.payload[at..at + 4].try_into().expect("four bytes"))
    }

    /// What a GOAWAY says beside.
    pub(crate) fn debug_data(&self) -> String {
        String::from_utf8_lossy(&self.payload[8..]).into_owned()
    }
}

/// One frame in bytes.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Header fields in HPACK, each literal and not to be remembered.
pub(crate) fn hpack(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            // An integer with a prefix of 7 bits.
            let mut rest = text.len();
            if rest < 127 {
                block.push(rest as u8);
            } else {
                block.push(127);
                rest -= 127;
                while rest >= 128 {
                    block.push(rest as u8 | 128);
                    rest >>= 7;
                }
                block.push(rest as u8);
            }
            block.extend(text.as_bytes());
        }
    }
    block
}

/// The head of a call of `cesura.v1.SegmentationService`, with fields of one's own behind it.
pub(crate) fn head(method: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let path = format!("/cesura.v1.SegmentationService/{method}");
    let usual = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path.as_str()),
        (":authority", "cesura"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ];
    hpack(&[&usual[..], more].concat())
}

impl RawH2 {
    /// A connection after its preface; `settings` are identifier and value.
    pub(crate) async fn connect(address: SocketAddr, settings: &[(u16, u32)]) -> RawH2 {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        let mut raw = RawH2 { stream, read: Vec::new() };
        raw.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
        let mut payload = Vec::new();
        for (identifier, value) in settings {
            payload.extend(identifier.to_be_bytes());
            payload.extend(value.to_be_bytes());
        }
        raw.send(&frame(SETTINGS, 0, 0, &payload)).await;
        raw
    }

    /// Sends; false once the server has closed the connection.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    /// The next frame; none once the server has closed the connection.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        loop {
            if let [a, b, c, kind, flags, e, f, g, h, ..] = self.read[..] {
                let end = 9 + u32::from_be_bytes([0, a, b, c]) as usize;
                if self.read.len() >= end {
                    let stream = u32::from_be_bytes([e, f, g, h]);
                    let payload = self.read.drain(..end).skip(9).collect();
                    return Some(Frame { kind, flags, stream, payload });
                }
            }
            if self.stream.read_buf(&mut self.read).await.unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    /// The next frame of a kind, and how many others came before; none where it never comes.
    pub(crate) async fn next_of(&mut self, kind: u8) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            if frame.kind == kind {
                return Some(frame);
            }
        }
    }

    /// The first settings of the server.
    pub(crate) async fn settings(&mut self) -> Vec<(u16, u32)> {
        let frame = self.next_of(SETTINGS).await.expect("settings");
        let settings = frame.payload.chunks(6).map(|six| {
            (
                u16::from_be_bytes([six[0], six[1]]),
                u32::from_be_bytes([six[2], six[3], six[4], six[5]]),
            )
        });
        settings.collect()
    }

    /// Sends a PING and reads until it comes back: everything before it has been looked at.
    pub(crate) async fn settled(&mut self, mark: u8) -> bool {
        if !self.send(&frame(PING, 0, 0, &[mark; 8])).await {
            return false;
        }
        while let Some(found) = self.next().await {
            if found.kind == PING && found.flags == ACK && found.payload == [mark; 8] {
                return true;
            }
        }
        false
    }
}
