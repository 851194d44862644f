//! Calls as they are played against every server: what the client sends, and what the real server
//! answered when it was asked first.

use crate::client::Client;
use crate::textures;
use bytes::{Buf, BufMut, Bytes};
use cesura::wire::pb;
use pb::document_event::Event;
use prost::Message;

/// Bytes of one chunk of a document that is streamed in.
const CHUNK_BYTES: usize = 64 << 10;

/// Articles in one message of SegmentDocuments: in the middle of what the proto recommends.
pub const PACKED: usize = 32;

/// Which of the segmenting methods a call is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Document,
    Chunks,
    Documents,
}

impl Method {
    pub const ALL: [Method; 3] = [Method::Document, Method::Chunks, Method::Documents];

    pub fn path(self) -> &'static str {
        match self {
            Method::Document => "/cesura.v1.SegmentationService/SegmentDocument",
            Method::Chunks => "/cesura.v1.SegmentationService/SegmentChunks",
            Method::Documents => "/cesura.v1.SegmentationService/SegmentDocuments",
        }
    }
}

/// One call.
#[derive(Clone, Debug)]
pub struct Script {
    pub method: Method,
    /// Id of the first document; the server without work knows the call by it.
    pub id: String,
    pub texts: Vec<String>,
    pub requests: Vec<Bytes>,
    pub answers: Vec<Answer>,
    /// Segments in all answers.
    pub segments: usize,
}

/// One message of an answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// How many requests it takes to know it.
    pub after: usize,
    pub message: Bytes,
}

impl Script {
    /// Each article of the news in a call of its own.
    pub fn articles() -> Vec<Script> {
        let news = textures::named("news").texts.into_iter().enumerate();
        let scripts = news.map(|(number, text)| {
            let id = format!("article-{number}");
            let document = Some(document(id.clone(), text.clone()));
            let request = pb::SegmentDocumentRequest { document, options: None };
            Script::new(Method::Document, id, vec![text], vec![request])
        });
        scripts.collect()
    }

    /// One megabyte of news, streamed in.
    pub fn long() -> Script {
        use pb::segment_chunks_request::Item;
        let text = textures::named("1MB").texts.remove(0);
        let id = "long".to_owned();
        let start = pb::DocumentStart { document_id: id.clone(), ..pb::DocumentStart::default() };
        let chunks = text.as_bytes().chunks(CHUNK_BYTES).map(|chunk| Item::Chunk(chunk.to_vec()));
        let items = std::iter::once(Item::Start(start))
            .chain(chunks)
            .chain(std::iter::once(Item::End(pb::DocumentEnd {})))
            .map(|item| pb::SegmentChunksRequest { item: Some(item) })
            .collect();
        Script::new(Method::Chunks, id, vec![text], items)
    }

    /// So many messages full of articles over one stream.
    pub fn packed(id: &str, messages: usize) -> Script {
        let news = textures::named("news").texts;
        let texts: Vec<String> = news.into_iter().cycle().take(messages * PACKED).collect();
        let requests = texts.chunks(PACKED).enumerate().map(|(message, texts)| {
            let documents = texts.iter().enumerate().map(|(at, text)| match (message, at) {
                (0, 0) => document(id.to_owned(), text.clone()),
                _ => document(format!("{id}-{message}-{at}"), text.clone()),
            });
            pb::SegmentDocumentsRequest { documents: documents.collect(), ..Default::default() }
        });
        let requests = requests.collect();
        Script::new(Method::Documents, id.to_owned(), texts, requests)
    }

    fn new<Q: Message>(method: Method, id: String, texts: Vec<String>, requests: Vec<Q>) -> Script {
        let requests = requests.iter().map(|request| request.encode_to_vec().into()).collect();
        Script { method, id, texts, requests, answers: Vec::new(), segments: 0 }
    }

    pub fn source_bytes(&self) -> usize {
        self.texts.iter().map(String::len).sum()
    }

    pub fn answer_bytes(&self) -> usize {
        self.answers.iter().map(|answer| answer.message.len()).sum()
    }

    /// Asks a server and keeps what it answers.
    pub async fn record(&mut self, client: &Client) {
        let mut messages = Vec::new();
        client.play_with(self, |message| messages.push(message)).await;
        let messages = messages.into_iter();
        self.answers =
            messages.map(|message| Answer { after: self.after(&message), message }).collect();
        let messages = self.answers.iter().map(|answer| answer.message.clone());
        let events: Vec<_> = messages.map(|message| self.events(message)).collect();
        let first = events.first().expect("an answer");
        assert!(
            first.iter().any(|event| matches!(event, Event::Unit(_))),
            "the time of the first message is that of the first unit"
        );
        let tails = events.iter().flatten().filter_map(|event| match event {
            Event::Tail(tail) => Some(tail.segment_count as usize),
            _ => None,
        });
        let tails: Vec<usize> = tails.collect();
        assert_eq!(tails.len(), self.texts.len(), "every document came to its end");
        self.segments = tails.iter().sum();
    }

    /// How many requests it takes to know a message: those that bring what it speaks of.
    fn after(&self, message: &Bytes) -> usize {
        match self.method {
            Method::Document => 1,
            Method::Chunks => {
                let ends = self.events(message.clone()).into_iter().map(|event| match event {
                    Event::Unit(pb::Unit { span, .. })
                    | Event::Skeleton(pb::Skeleton { span, .. }) => span.unwrap_or_default().end,
                    Event::Tail(_) => u32::MAX,
                    _ => 0,
                });
                // `start` goes before the chunks, the chunk that holds the end has to be there.
                let end = ends.max().unwrap_or_default() as usize;
                (end / CHUNK_BYTES + 2).min(self.requests.len())
            }
            Method::Documents => {
                let decoded = pb::SegmentDocumentsResponse::decode(message.clone());
                let index = decoded.expect("results").results.iter().map(|one| one.index).max();
                index.unwrap_or_default() as usize / PACKED + 1
            }
        }
    }

    fn events(&self, message: Bytes) -> Vec<Event> {
        let events = match self.method {
            Method::Document => {
                pb::SegmentDocumentResponse::decode(message).expect("events").events
            }
            Method::Chunks => pb::SegmentChunksResponse::decode(message).expect("events").events,
            Method::Documents => {
                let response = pb::SegmentDocumentsResponse::decode(message).expect("results");
                response.results.into_iter().flat_map(|result| result.events).collect()
            }
        };
        events.into_iter().filter_map(|event| event.event).collect()
    }
}

fn document(document_id: String, text: String) -> pb::SourceDocument {
    let source = Some(pb::source_document::Source::Text(text));
    pb::SourceDocument { document_id, source, ..pb::SourceDocument::default() }
}

/// What the server without work has to know, for its standard input.
pub fn write(scripts: &[Script]) -> Vec<u8> {
    let mut out = Vec::new();
    for script in scripts {
        let method = Method::ALL.iter().position(|method| *method == script.method);
        out.put_u32(method.expect("one of them") as u32);
        out.put_u32(script.id.len() as u32);
        out.put_slice(script.id.as_bytes());
        out.put_u32(script.answers.len() as u32);
        for Answer { after, message } in &script.answers {
            out.put_u32(*after as u32);
            out.put_u32(message.len() as u32);
            out.put_slice(message);
        }
    }
    out
}

/// The same read: method, id and answers of each call.
pub fn read(mut bytes: Bytes) -> Vec<(Method, String, Vec<Answer>)> {
    let mut scripts = Vec::new();
    while bytes.has_remaining() {
        let method = Method::ALL[bytes.get_u32() as usize];
        let length = bytes.get_u32() as usize;
        let id = String::from_utf8(bytes.copy_to_bytes(length).into()).expect("UTF-8");
        let count = bytes.get_u32();
        let answers = (0..count).map(|_| {
            let (after, length) = (bytes.get_u32() as usize, bytes.get_u32() as usize);
            Answer { after, message: bytes.copy_to_bytes(length) }
        });
        let answers = answers.collect();
        scripts.push((method, id, answers));
    }
    scripts
}
