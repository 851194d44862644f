//! The RPCs. Handlers check, take a permit and return a stream; the streams pull.
//!
//! Invariant: nothing stands between reader and answer: no task, no channel, no queue, but for work
//! that cannot be cut into small steps (`work`), which has threads of its own. A stream
//! that is polled asks its segmenter for events, and the client for bytes when there are none.
//! Dropping it is cancellation, HTTP/2 flow control is back-pressure.

mod alignment;
mod call;
mod comparison;
mod document_stream;
mod documents_stream;
mod exchange;
mod export_stream;
mod limits;
mod pause;
mod pressure;
mod reading;
mod watch;
mod work;

pub use limits::ServiceLimits;

use crate::language;
use crate::srx::Srx;
use crate::tailoring;
use crate::telemetry::Telemetry;
use crate::wire::from_proto::{self, Defaults};
use crate::wire::pb;
use crate::wire::pb::segmentation_service_server::SegmentationService;
use crate::wire::{self, status};
use bytes::Bytes;
use call::Call;
use document_stream::{DocumentStream, Item, WholeDocument};
use documents_stream::DocumentsStream;
use http::Extensions;
use pressure::Pressure;
use std::num::NonZero;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use tokio::sync::{Semaphore, watch as watch_channel};
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};
use watch::Watch;

/// The services of one server.
#[derive(Clone, Debug)]
pub struct Segmentation {
    limits: ServiceLimits,
    defaults: Arc<Defaults>,
    pressure: Pressure,
    /// Work of seconds at the same time: one for each processor.
    workers: Arc<Semaphore>,
    /// Cancelled when the drain is over: open streams end with UNAVAILABLE.
    cut: CancellationToken,
    telemetry: Arc<Telemetry>,
}

/// A stream of answers.
pub type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl Segmentation {
    /// A service within `limits` that asks the rules of `srx`, if any, before its own; its open
    /// streams end when `cut` is cancelled. What they do is counted in `telemetry`.
    pub fn new(
        limits: ServiceLimits,
        srx: Option<Arc<Srx>>,
        cut: CancellationToken,
        telemetry: Arc<Telemetry>,
    ) -> Segmentation {
        let pressure = Pressure::new(limits.documents_open_max, Arc::clone(&telemetry));
        let request_srx_bytes_max = limits.request_srx_bytes_max;
        let defaults = Arc::new(Defaults { srx, request_srx_bytes_max });
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        telemetry.metrics.load.workers.set(i64::try_from(processors).unwrap_or(i64::MAX));
        let workers = Arc::new(Semaphore::new(processors));
        Segmentation { limits, defaults, pressure, workers, cut, telemetry }
    }

    /// Whether calls are being refused for want of room, now and whenever that changes.
    pub fn overloaded(&self) -> watch_channel::Receiver<bool> {
        self.pressure.overloaded()
    }

    /// Begins a call, if there is room for it. `extensions` are those of its request.
    fn admit(&self, extensions: &Extensions) -> Result<Call, Status> {
        let call = Call::new(Arc::clone(&self.telemetry), extensions);
        let place = self.pressure.enter();
        let place =
            place.ok_or_else(|| status::too_many_documents(self.limits.documents_open_max))?;
        Ok(call.with_place(place))
    }

    fn count_texts(&self, given: usize) -> Result<(), Status> {
        let texts_max = self.limits.texts_max;
        if (1..=texts_max as usize).contains(&given) {
            return Ok(());
        }
        Err(status::invalid_field(
            "texts",
            "WRONG_NUMBER_OF_TEXTS",
            &format!("{given} texts given, 1 to {texts_max} are allowed"),
            &[("given", given.to_string()), ("texts_max", texts_max.to_string())],
        ))
    }

    fn watch(&self) -> Watch {
        Watch::new(self.cut.clone(), self.limits.stream_idle_max)
    }
}

#[tonic::async_trait]
impl SegmentationService for Segmentation {
    type SegmentDocumentStream = Answers<pb::SegmentDocumentResponse>;
    type SegmentChunksStream = Answers<pb::SegmentChunksResponse>;
    type SegmentDocumentsStream = Answers<pb::SegmentDocumentsResponse>;

    async fn detect_language(
        &self,
        request: Request<pb::DetectLanguageRequest>,
    ) -> Result<Response<pb::DetectLanguageResponse>, Status> {
        let mut call = self.admit(request.extensions())?;
        let texts = request.into_inner().texts;
        self.count_texts(texts.len())?;
        let mut detections = Vec::with_capacity(texts.len());
        for text in &texts {
            detections.push(wire::detection(&language::detect(text)));
            // Each costs a fraction of a millisecond: others get their turn in between.
            let_others_run().await;
        }
        call.tally.totals.documents = texts.len() as u64;
        call.tally.totals.source_bytes = texts.iter().map(|text| text.len() as u64).sum();
        Ok(Response::new(pb::DetectLanguageResponse { detections }))
    }

    async fn get_server_info(
        &self,
        _request: Request<pb::GetServerInfoRequest>,
    ) -> Result<Response<pb::GetServerInfoResponse>, Status> {
        let rules = self.defaults.srx.as_ref().map_or(0, |srx| srx.rules_count());
        Ok(Response::new(wire::server_info(self.limits.to_proto(), rules)))
    }

    async fn list_rules(
        &self,
        request: Request<pb::ListRulesRequest>,
    ) -> Result<Response<pb::ListRulesResponse>, Status> {
        let tag = from_proto::language(&request.into_inner().language_code, "language_code")?;
        let one = tag.map(|tag| [tailoring::for_tag(&tag)]);
        let rules = wire::rules(one.as_ref().map_or(tailoring::ALL, <[_; 1]>::as_slice));
        Ok(Response::new(pb::ListRulesResponse { rules }))
    }

    async fn segment_document(
        &self,
        request: Request<pb::SegmentDocumentRequest>,
    ) -> Result<Response<Self::SegmentDocumentStream>, Status> {
        let call = self.admit(request.extensions())?;
        let pb::SegmentDocumentRequest { document, options } = request.into_inner();
        let options = from_proto::options(&options.unwrap_or_default(), &self.defaults, "options");
        let (options, presentation) = options?;
        let document = document.unwrap_or_default();
        let id = document.document_id.clone();
        let bytes_max = self.limits.document_bytes_max;
        let document = from_proto::document(document, &options, bytes_max, "document");
        let (bytes, options) = document?;
        let limits = self.limits.core(bytes_max);
        let whole = WholeDocument::new(bytes);
        let stream = DocumentStream::new(whole, limits, self.watch(), call, "document");
        let stream = stream.started(options, presentation, id);
        let stream =
            stream.map(|events| events.map(|events| pb::SegmentDocumentResponse { events }));
        Ok(Response::new(Box::pin(stream)))
    }

    async fn segment_chunks(
        &self,
        request: Request<Streaming<pb::SegmentChunksRequest>>,
    ) -> Result<Response<Self::SegmentChunksStream>, Status> {
        let call = self.admit(request.extensions())?;
        let limits = self.limits.core(self.limits.chunked_document_bytes_max);
        let defaults = Arc::clone(&self.defaults);
        let options = defaults.options();
        let items = request.into_inner().map(move |message| chunk(message, &defaults));
        let stream = DocumentStream::new(items, limits, self.watch(), call, "chunk");
        let stream = stream.with_defaults(options);
        let stream = stream.map(|events| events.map(|events| pb::SegmentChunksResponse { events }));
        Ok(Response::new(Box::pin(stream)))
    }

    async fn segment_documents(
        &self,
        request: Request<Streaming<pb::SegmentDocumentsRequest>>,
    ) -> Result<Response<Self::SegmentDocumentsStream>, Status> {
        let call = self.admit(request.extensions())?;
        let limits = self.limits.core(self.limits.document_bytes_max);
        let defaults = Arc::clone(&self.defaults);
        let stream =
            DocumentsStream::new(request.into_inner(), limits, defaults, self.watch(), call);
        Ok(Response::new(Box::pin(stream)))
    }
}

/// One Pending that wakes itself: of a future, unlike of a stream (`pause`), one ends the turn.
/// tokio's own `yield_now` puts a task behind everything that is ready until the worker looks at
/// its sockets: on a busy server, for seconds.
async fn let_others_run() {
    let mut waited = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A message of SegmentChunks as the stream understands it.
fn chunk(
    message: Result<pb::SegmentChunksRequest, Status>,
    defaults: &Defaults,
) -> Result<Item, Status> {
    use pb::segment_chunks_request::Item as Pb;
    match message.map_err(status::of_request_stream)?.item {
        Some(Pb::Start(start)) => {
            from_proto::document_id(&start.document_id, "start.document_id")?;
            let given = start.options.unwrap_or_default();
            let (mut options, presentation) =
                from_proto::options(&given, defaults, "start.options")?;
            options.charset = from_proto::charset(&start.charset, "start.charset")?;
            Ok(Item::Start(Box::new((options, presentation, start.document_id))))
        }
        Some(Pb::Chunk(bytes)) => Ok(Item::Bytes(Bytes::from(bytes))),
        Some(Pb::End(pb::DocumentEnd {})) => Ok(Item::End),
        None => Err(status::invalid_field(
            "item",
            "ITEM_MISSING",
            "the message holds none of start, chunk and end; one of them is needed",
            &[],
        )),
    }
}
