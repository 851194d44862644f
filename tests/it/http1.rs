//! gRPC-Web over HTTP/1.1, by hand: what a browser sends, and what arrives byte for byte.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use prost::Message;
use std::collections::HashMap;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that stays open for several calls.
pub(crate) struct Http1 {
    stream: TcpStream,
    read: Vec<u8>,
}

/// One response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    /// Names in lower case.
    pub(crate) head: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What a gRPC-Web response holds.
#[derive(Debug)]
pub(crate) struct Answer<M> {
    pub(crate) messages: Vec<M>,
    pub(crate) status: tonic_types::Status,
}

impl Http1 {
    pub(crate) async fn connect(address: SocketAddr) -> Http1 {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        Http1 { stream, read: Vec::new() }
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("the server reads");
    }

    /// More of what the server says; false once it closed the connection.
    async fn more(&mut self) -> bool {
        self.stream.read_buf(&mut self.read).await.unwrap_or(0) > 0
    }

    /// Whether the server closes the connection without another word.
    pub(crate) async fn closes(&mut self) -> bool {
        while self.more().await {}
        self.read.is_empty()
    }

    async fn line(&mut self) -> String {
        loop {
            if let Some(end) = self.read.windows(2).position(|pair| pair == b"\r\n") {
                let line: Vec<u8> = self.read.drain(..end + 2).take(end).collect();
                return String::from_utf8(line).expect("a header in ASCII");
            }
            assert!(self.more().await, "the server closed: {:?}", self.read);
        }
    }

    async fn exactly(&mut self, count: usize) -> Vec<u8> {
        while self.read.len() < count {
            assert!(self.more().await, "the server closed in the middle of a body");
        }
        self.read.drain(..count).collect()
    }

    /// Code and headers of the next response.
    pub(crate) async fn head(&mut self) -> Reply {
        let first = self.line().await;
        let code = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut head = HashMap::new();
        loop {
            let line = self.line().await;
            let Some((name, value)) = line.split_once(": ") else { break };
            head.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        Reply { code: code.expect("a status line"), head, body: Vec::new() }
    }

    /// The next piece of a body of unknown length; empty at its end.
    pub(crate) async fn piece(&mut self) -> Vec<u8> {
        let size = usize::from_str_radix(&self.line().await, 16).expect("a chunk size");
        let piece = self.exactly(size).await;
        assert_eq!(self.line().await, "", "an HTTP/1.1 chunk ends with its line");
        piece
    }

    /// The next response, whole.
    pub(crate) async fn reply(&mut self) -> Reply {
        let mut reply = self.head().await;
        if let Some(length) = reply.head.get("content-length") {
            reply.body = self.exactly(length.parse().expect("a length")).await;
        } else if reply.head.contains_key("transfer-encoding") {
            loop {
                let piece = self.piece().await;
                if piece.is_empty() {
                    break;
                }
                reply.body.extend(piece);
            }
        }
        reply
    }

    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Reply {
        self.send(request).await;
        self.reply().await
    }
}

/// A request with a body.
pub(crate) fn post(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("POST {path} HTTP/1.1\r\nhost: cesura\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    [head.as_bytes(), body].concat()
}

/// A message in its gRPC frame.
pub(crate) fn frame(message: &impl Message) -> Vec<u8> {
    let bytes = message.encode_to_vec();
    [&[0][..], &(bytes.len() as u32).to_be_bytes(), &bytes].concat()
}

/// A call of `cesura.v1.SegmentationService` in the framing that `media` names.
pub(crate) fn call(
    method: &str,
    media: &str,
    headers: &[(&str, &str)],
    message: &impl Message,
) -> Vec<u8> {
    let body = frame(message);
    let body = if media.contains("-text") { STANDARD.encode(body).into_bytes() } else { body };
    let all = [&[("content-type", media), ("x-grpc-web", "1")], headers].concat();
    post(&format!("/cesura.v1.SegmentationService/{method}"), &all, &body)
}

impl Reply {
    fn of_head(&self, name: &str) -> Option<&str> {
        self.head.get(name).map(String::as_str)
    }

    /// Messages and status: of the last frame, or of the head where the call failed before.
    pub(crate) fn answer<M: Message + Default>(&self) -> Answer<M> {
        assert_eq!(self.code, 200, "{self:?}");
        let text = self.of_head("content-type").is_some_and(|media| media.contains("-text"));
        // Each piece of base64 has padding of its own.
        let body: Vec<u8> = match text {
            true => self.body.chunks(4).flat_map(|four| STANDARD.decode(four)).flatten().collect(),
            false => self.body.clone(),
        };
        let mut rest = &body[..];
        let (mut messages, mut trailers) = (Vec::new(), None);
        while let [flag, a, b, c, d, after @ ..] = rest {
            let (content, next) = after.split_at(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
            assert!(trailers.is_none(), "trailers come last");
            match flag {
                0 => messages.push(M::decode(content).expect("a message")),
                0x80 => trailers = Some(String::from_utf8(content.to_vec()).expect("ASCII")),
                other => panic!("flag {other}"),
            }
            rest = next;
        }
        assert!(rest.is_empty(), "half a frame: {rest:?}");
        let trailers: HashMap<String, String> = match &trailers {
            None => self.head.clone(),
            Some(lines) => lines
                .lines()
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
                .collect(),
        };
        Answer { messages, status: status(&trailers) }
    }
}

fn status(trailers: &HashMap<String, String>) -> tonic_types::Status {
    let code = trailers.get("grpc-status").expect("a status").parse().expect("a number");
    let message = trailers.get("grpc-message").cloned().unwrap_or_default();
    // Binary metadata may come without padding.
    let lenient =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, lenient);
    let details = trailers.get("grpc-status-details-bin").map(|text| {
        let bytes = engine.decode(text).expect("base64");
        tonic_types::Status::decode(&bytes[..]).expect("google.rpc.Status").details
    });
    tonic_types::Status { code, message, details: details.unwrap_or_default() }
}
