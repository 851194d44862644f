//! A server that answers from memory: the limit that the transport sets to the real one.
//!
//! It has the same transport settings, reads the same requests and sends the same messages at the
//! same places, but knows them from the start. In two forms: `messages` decodes requests, makes
//! each message anew by cloning it, and lets prost encode it, as any server has to; `bytes` neither
//! decodes nor encodes, which is the floor of what carrying costs.

use crate::raw::Raw;
use crate::script::{self, Answer, Method};
use bytes::Bytes;
use cesura::wire::{Codec, pb};
use prost::Message;
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io::Read;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio_stream::Stream;
use tonic::body::Body;
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::{Grpc, NamedService, StreamingService};
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};

/// Bytes after which others get their turn; the first message leaves by itself, for it holds the
/// first unit.
const FLUSH_BYTES: usize = 32 << 10;

/// How often Pending is said for a message to leave: the first one makes tonic hand its buffer on
/// and ask again at once, only the second one lets the connection write.
const PAUSES: u8 = 2;

/// Serves for ever what standard input says.
pub fn run(bytes_only: bool, address: &str) {
    let address: SocketAddr = address.parse().expect("an address");
    let mut scripts = Vec::new();
    std::io::stdin().read_to_end(&mut scripts).expect("scripts");
    let service = NoWork::new(bytes_only, scripts.into());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("threads").block_on(async move {
        // As in `cesura::server`.
        let mut server = Server::builder()
            .tcp_nodelay(true)
            .max_concurrent_streams(Some(10_000))
            .max_frame_size(16 << 10)
            .initial_connection_window_size(Some(8 << 20))
            .initial_stream_window_size(Some(256 << 10));
        server.add_service(service).serve(address).await.expect("a free port");
    });
}

/// Answers of one method by the id of the first document, each message with the requests that it
/// takes to know it and its length.
type Calls<T> = Arc<HashMap<String, Vec<(usize, usize, T)>>>;

#[derive(Clone)]
struct NoWork {
    /// All methods; only these in the form `bytes`.
    bytes: Option<Calls<Bytes>>,
    document: Calls<pb::SegmentDocumentResponse>,
    chunks: Calls<pb::SegmentChunksResponse>,
    documents: Calls<pb::SegmentDocumentsResponse>,
}

impl NoWork {
    fn new(bytes_only: bool, scripts: Bytes) -> NoWork {
        let scripts = script::read(scripts);
        let bytes = bytes_only.then(|| calls(&scripts, |_| true, Some));
        NoWork {
            bytes,
            document: decoded(&scripts, Method::Document),
            chunks: decoded(&scripts, Method::Chunks),
            documents: decoded(&scripts, Method::Documents),
        }
    }
}

fn decoded<T: Message + Default>(
    scripts: &[(Method, String, Vec<Answer>)],
    method: Method,
) -> Calls<T> {
    calls(scripts, |of| of == method, |message| T::decode(message).ok())
}

fn calls<T>(
    scripts: &[(Method, String, Vec<Answer>)],
    fits: impl Fn(Method) -> bool,
    decode: impl Fn(Bytes) -> Option<T>,
) -> Calls<T> {
    let scripts = scripts.iter().filter(|(method, ..)| fits(*method));
    let calls = scripts.map(|(_, id, answers)| {
        let answers = answers.iter().map(|answer| {
            let message = decode(answer.message.clone()).expect("an answer");
            (answer.after, answer.message.len(), message)
        });
        (id.clone(), answers.collect())
    });
    Arc::new(calls.collect())
}

impl NamedService for NoWork {
    const NAME: &'static str = "cesura.v1.SegmentationService";
}

impl Service<http::Request<Body>> for NoWork {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let this = self.clone();
        let path = request.uri().path();
        let method = Method::ALL.into_iter().find(|method| method.path() == path);
        Box::pin(async move {
            Ok(match (this.bytes, method) {
                (Some(calls), _) => answer(Raw, Player(calls), request).await,
                (None, Some(Method::Document)) => {
                    let codec = Codec::<_, pb::SegmentDocumentRequest>::default();
                    answer(codec, Player(this.document), request).await
                }
                (None, Some(Method::Chunks)) => {
                    let codec = Codec::<_, pb::SegmentChunksRequest>::default();
                    answer(codec, Player(this.chunks), request).await
                }
                (None, Some(Method::Documents)) => {
                    let codec = Codec::<_, pb::SegmentDocumentsRequest>::default();
                    answer(codec, Player(this.documents), request).await
                }
                (None, None) => Status::unimplemented("no such method").into_http(),
            })
        })
    }
}

async fn answer<C, T>(
    codec: C,
    player: Player<T>,
    request: http::Request<Body>,
) -> http::Response<Body>
where
    C: tonic::codec::Codec<Encode = T>,
    C::Decode: Asked,
    T: Clone + Send + Sync + Unpin + 'static,
{
    let mut grpc = Grpc::new(codec).apply_max_message_size_config(Some(4 << 20), None);
    grpc.streaming(player, request).await
}

/// Answers calls.
struct Player<T>(Calls<T>);

impl<T, Q> StreamingService<Q> for Player<T>
where
    T: Clone + Send + Sync + Unpin + 'static,
    Q: Asked,
{
    type Response = T;
    type ResponseStream = Playing<T, Q>;
    type Future = Ready<Result<Response<Playing<T, Q>>, Status>>;

    fn call(&mut self, request: Request<Streaming<Q>>) -> Self::Future {
        ready(Ok(Response::new(Playing {
            calls: Arc::clone(&self.0),
            requests: request.into_inner(),
            id: None,
            received: 0,
            ended: false,
            said: 0,
            unflushed_bytes: 0,
            pauses: 0,
        })))
    }
}

/// A request that may be the first of its call.
trait Asked: Send + Sync + 'static {
    /// Id of the first document.
    fn id(&self) -> String;
}

impl Asked for pb::SegmentDocumentRequest {
    fn id(&self) -> String {
        self.document.as_ref().map_or_else(String::new, |document| document.document_id.clone())
    }
}

impl Asked for pb::SegmentChunksRequest {
    fn id(&self) -> String {
        match &self.item {
            Some(pb::segment_chunks_request::Item::Start(start)) => start.document_id.clone(),
            _ => String::new(),
        }
    }
}

impl Asked for pb::SegmentDocumentsRequest {
    fn id(&self) -> String {
        self.documents.first().map_or_else(String::new, |document| document.document_id.clone())
    }
}

impl Asked for Bytes {
    /// In all three methods the first field is a message, and the id its first field.
    fn id(&self) -> String {
        let mut rest = self.as_ref();
        let mut found = || {
            prost::encoding::decode_key(&mut rest).ok()?;
            prost::encoding::decode_varint(&mut rest).ok()?;
            prost::encoding::decode_key(&mut rest).ok()?;
            let length = prost::encoding::decode_varint(&mut rest).ok()?;
            let id = rest.get(..usize::try_from(length).ok()?)?;
            Some(String::from_utf8_lossy(id).into_owned())
        };
        found().unwrap_or_default()
    }
}

/// One answer under way.
struct Playing<T, Q> {
    calls: Calls<T>,
    requests: Streaming<Q>,
    /// Known with the first request.
    id: Option<String>,
    received: usize,
    /// The client has said all.
    ended: bool,
    /// Messages that were sent.
    said: usize,
    unflushed_bytes: usize,
    pauses: u8,
}

impl<T, Q> Stream for Playing<T, Q>
where
    T: Clone + Unpin,
    Q: Asked,
{
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.pauses > 0 {
            this.pauses -= 1;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            let answers = this.id.as_ref().and_then(|id| this.calls.get(id));
            if let Some((after, length, message)) = answers.and_then(|all| all.get(this.said))
                && (*after <= this.received || this.ended)
            {
                this.unflushed_bytes += *length;
                if this.said == 0 || this.unflushed_bytes >= FLUSH_BYTES {
                    this.pauses = PAUSES;
                    this.unflushed_bytes = 0;
                }
                this.said += 1;
                return Poll::Ready(Some(Ok(message.clone())));
            }
            if this.ended {
                return Poll::Ready(None);
            }
            match std::task::ready!(Pin::new(&mut this.requests).poll_next(cx)) {
                Some(Ok(request)) => {
                    this.received += 1;
                    if this.received == 1 {
                        this.id = Some(request.id());
                    }
                }
                Some(Err(status)) => return Poll::Ready(Some(Err(status))),
                None => this.ended = true,
            }
        }
    }
}
