//! What must hold for any settings and for any request. The fuzz targets and
//! `tests/it/fuzz_regressions.rs` run the same functions.

use bytes::Bytes;
use cesura::cli;
use cesura::server::{Config, ConfigLayer};
use cesura::service::{Segmentation, ServiceLimits};
use cesura::telemetry::Telemetry;
use cesura::wire::pb::alignment_service_server::AlignmentServiceServer;
use cesura::wire::pb::comparison_service_server::ComparisonServiceServer;
use cesura::wire::pb::exchange_service_server::ExchangeServiceServer;
use cesura::wire::pb::segmentation_service_server::SegmentationServiceServer;
use clap::Parser;
use http_body_util::{BodyExt, Full};
use std::sync::{Arc, LazyLock};
use tonic::{Code, Status};
use tower::ServiceExt;

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    layer: ConfigLayer,
}

/// The keys of all settings, as the documentation has them.
static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let command = cli::command();
    let serve = command.find_subcommand("serve").map(|serve| {
        serve.get_arguments().filter_map(|one| one.get_long().map(str::to_owned)).collect()
    });
    serve.unwrap_or_default()
});

/// Text before a zero byte is a file of settings, each line behind it a flag. Nothing panics; what
/// is refused is refused by the name of the file or of the key.
pub(crate) fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // Files that never end are no business of ours.
    if ["/dev", "/proc", "/sys"].iter().any(|special| text.contains(special)) {
        return;
    }
    let (file, flags) = text.split_once('\0').unwrap_or((text, ""));
    let arguments = ["cesura"].into_iter().chain(flags.lines());
    let Ok(flags) = Flags::try_parse_from(arguments) else { return };
    let Err(error) = Config::load_text(flags.layer, "settings.toml", file) else { return };
    let error = error.to_string();
    let key = error.split(": ").next().unwrap_or_default();
    let named = key == "settings.toml" || KEYS.iter().any(|known| known == key);
    assert!(named, "nothing is named: {error}");
}

const METHODS: [&str; 9] = [
    "SegmentationService/SegmentDocument",
    "SegmentationService/SegmentChunks",
    "SegmentationService/SegmentDocuments",
    "SegmentationService/DetectLanguage",
    "SegmentationService/ListRules",
    "AlignmentService/AlignTexts",
    "ComparisonService/CompareDocuments",
    "ExchangeService/Export",
    "ExchangeService/Merge",
];

/// What a handler may end with, whatever it is sent. INTERNAL is tonic's for a call without message,
/// or with a message that is compressed and does not say so.
const CODES: [Code; 7] = [
    Code::Ok,
    Code::InvalidArgument,
    Code::Cancelled,
    Code::ResourceExhausted,
    Code::FailedPrecondition,
    Code::OutOfRange,
    Code::Internal,
];

/// The first byte chooses the method, the rest is what a client sends behind the head of its call.
/// Nothing panics, every call ends with a status, and with one of those that are documented.
pub(crate) fn request(bytes: &[u8]) {
    static RUNTIME: LazyLock<Option<tokio::runtime::Runtime>> = LazyLock::new(|| {
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().ok()
    });
    let [method, body @ ..] = bytes else { return };
    let Some(method) = METHODS.get(usize::from(*method) % METHODS.len()) else { return };
    let Some(runtime) = &*RUNTIME else { return };
    let status = runtime.block_on(called(method, Bytes::copy_from_slice(body)));
    let code = status.as_ref().map(Status::code);
    assert!(code.is_some_and(|code| CODES.contains(&code)), "{method}: {status:?}");
}

async fn called(method: &str, body: Bytes) -> Option<Status> {
    let limits = ServiceLimits { align_segments_max: 200, ..ServiceLimits::default() };
    let service = Segmentation::new(
        limits,
        None,
        tokio_util::sync::CancellationToken::new(),
        Arc::new(Telemetry::new()),
    );
    let request = http::Request::post(format!("http://cesura/cesura.v1.{method}"))
        .header("content-type", "application/grpc")
        .body(Full::new(body))
        .ok()?;
    let called = match method.split('/').next()? {
        "AlignmentService" => AlignmentServiceServer::new(service).oneshot(request).await,
        "ComparisonService" => ComparisonServiceServer::new(service).oneshot(request).await,
        "ExchangeService" => ExchangeServiceServer::new(service).oneshot(request).await,
        _ => SegmentationServiceServer::new(service).oneshot(request).await,
    };
    let Ok(answer) = called;
    if let Some(refused) = Status::from_header_map(answer.headers()) {
        return Some(refused);
    }
    let trailers = answer.into_body().collect().await.ok()?.trailers().cloned()?;
    Status::from_header_map(&trailers)
}
