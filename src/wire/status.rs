//! Every error of the service, as a gRPC status with details.
//!
//! The message alone names field, given and allowed; `ErrorInfo` carries the reason and the facts
//! for programs; `BadRequest` names the field. No text of a document is ever part of any of them.

use crate::error::Error;
use prost::Message;
use std::collections::HashMap;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// Domain of every `ErrorInfo`.
pub const DOMAIN: &str = "cesura.v1";

/// Time after which a refused call may be tried again.
const RETRY_AFTER: Duration = Duration::from_millis(250);

/// A field of the request holds what is not allowed. `reason` is upper snake case; `message` says
/// what was given and what is allowed.
pub fn invalid_field(field: &str, reason: &str, message: &str, facts: &[(&str, String)]) -> Status {
    let mut details = details(reason, facts);
    details.add_bad_request_violation(field, message);
    Status::with_error_details(Code::InvalidArgument, format!("{field}: {message}"), details)
}

/// The request is sound, but does not go with what it speaks of.
pub fn failed_precondition(reason: &str, message: &str, facts: &[(&str, String)]) -> Status {
    Status::with_error_details(Code::FailedPrecondition, message, details(reason, facts))
}

/// A document that the core refused.
pub fn of_document(field: &str, error: &Error) -> Status {
    invalid_field(field, error.reason(), &error.to_string(), &error.facts())
}

/// A message that is no valid protobuf of its type. prost names the field it stumbled on.
pub fn undecodable(error: &prost::DecodeError) -> Status {
    let text = error.to_string();
    let cause = text.strip_prefix("failed to decode Protobuf message: ").unwrap_or(&text);
    // `SourceDocument.source: SegmentDocumentRequest.document: invalid string value: …`, the
    // innermost message first.
    let mut path: Vec<&str> = cause
        .split(": ")
        .take_while(|part| part.contains('.') && !part.contains(' '))
        .filter_map(|part| part.split_once('.').map(|(_, field)| field))
        .collect();
    path.reverse();
    let why = cause.split(": ").filter(|part| !part.contains('.') || part.contains(' '));
    let why = why.collect::<Vec<_>>().join(": ");
    let field = if path.is_empty() { "message".to_owned() } else { path.join(".") };
    invalid_field(&field, "MALFORMED_MESSAGE", &why, &[])
}

/// A message with more fields than any honest one.
pub fn too_many_fields(given_min: usize, fields_max: usize) -> Status {
    let message =
        format!("the message has at least {given_min} fields; at most {fields_max} are allowed");
    invalid_field("message", "TOO_MANY_FIELDS", &message, &[("fields_max", fields_max.to_string())])
}

/// The call is made by another method of HTTP than POST.
pub fn method_not_post() -> Status {
    Status::with_error_details(
        Code::InvalidArgument,
        "calls are made by POST",
        details("METHOD_NOT_POST", &[]),
    )
}

/// The request is no gRPC.
pub fn content_type_unknown() -> Status {
    let message = "what is taken is application/grpc or application/grpc+proto";
    invalid_field("content-type", "CONTENT_TYPE_UNKNOWN", message, &[])
}

/// The deadline that came with the call is none.
pub fn malformed_timeout() -> Status {
    let message = "a deadline is one to eight digits and one of H, M, S, m, u, n";
    invalid_field("grpc-timeout", "MALFORMED_TIMEOUT", message, &[])
}

/// A fault of ours: a panic. What it says stands nowhere, for it may hold text of a document.
pub fn fault() -> Status {
    Status::with_error_details(
        Code::Internal,
        "a fault of the server; nothing was lost but this call",
        details("SERVER_FAULT", &[]),
    )
}

/// The stream was silent for too long.
pub fn idle(stream_idle_max: Duration) -> Status {
    Status::with_error_details(
        Code::DeadlineExceeded,
        format!(
            "nothing arrived for {} s; the document counts as abandoned",
            stream_idle_max.as_secs_f32()
        ),
        details("STREAM_IDLE", &[("stream_idle_max_ms", stream_idle_max.as_millis().to_string())]),
    )
}

/// The deadline of the call is over.
pub fn deadline_exceeded() -> Status {
    Status::with_error_details(
        Code::DeadlineExceeded,
        "the deadline that the call came with has passed",
        details("DEADLINE_EXCEEDED", &[]),
    )
}

/// The call took as long as any may.
pub fn call_too_long(call_max: Duration) -> Status {
    Status::with_error_details(
        Code::DeadlineExceeded,
        format!("the call took {} s, longer than any may", call_max.as_secs_f32()),
        details("CALL_TOO_LONG", &[("call_max_ms", call_max.as_millis().to_string())]),
    )
}

/// The client does not read what it asked for.
pub fn unread(stream_idle_max: Duration) -> Status {
    Status::with_error_details(
        Code::DeadlineExceeded,
        format!("nothing of the answer was read for {} s", stream_idle_max.as_secs_f32()),
        details(
            "ANSWER_UNREAD",
            &[("stream_idle_max_ms", stream_idle_max.as_millis().to_string())],
        ),
    )
}

/// The call says nothing of who makes it.
pub fn credentials_missing() -> Status {
    Status::with_error_details(
        Code::Unauthenticated,
        "who calls has to be said: by the metadata `authorization: Bearer TOKEN`, or by a client \
         certificate",
        details("CREDENTIALS_MISSING", &[]),
    )
}

/// What the call says of who makes it is nobody's.
pub fn credentials_unknown() -> Status {
    Status::with_error_details(
        Code::Unauthenticated,
        "the token, or the names in the client certificate, are not known to this server",
        details("CREDENTIALS_UNKNOWN", &[]),
    )
}

/// Who calls is known and may not call this.
pub fn method_not_allowed() -> Status {
    Status::with_error_details(
        Code::PermissionDenied,
        "this client may not call this method (the server's setting access)",
        details("METHOD_NOT_ALLOWED", &[]),
    )
}

/// The peer has as many calls open as it may.
pub fn too_many_calls(peer_calls_max: u32) -> Status {
    let mut details = details("TOO_MANY_CALLS", &[("peer_calls_max", peer_calls_max.to_string())]);
    details.set_retry_info(Some(RETRY_AFTER));
    Status::with_error_details(
        Code::ResourceExhausted,
        format!("{peer_calls_max} calls of this peer are open, no more are taken; end some first"),
        details,
    )
}

/// The peer calls too often.
pub fn too_many_calls_per_second(per_second_max: u32, retry_after: Duration) -> Status {
    let facts = [("peer_calls_per_second_max", per_second_max.to_string())];
    let mut details = details("TOO_MANY_CALLS_PER_SECOND", &facts);
    details.set_retry_info(Some(retry_after));
    Status::with_error_details(
        Code::ResourceExhausted,
        format!("a peer may make {per_second_max} calls a second; try again shortly"),
        details,
    )
}

/// The call comes from a page that may not call.
pub fn origin_refused() -> Status {
    Status::with_error_details(
        Code::PermissionDenied,
        "pages of this origin may not call this server (its setting grpc-web-origins)",
        details("ORIGIN_REFUSED", &[]),
    )
}

/// The server works on as many documents as it may.
pub fn too_many_documents(documents_open_max: u32) -> Status {
    let mut details =
        details("TOO_MANY_DOCUMENTS", &[("documents_open_max", documents_open_max.to_string())]);
    details.set_retry_info(Some(RETRY_AFTER));
    Status::with_error_details(
        Code::ResourceExhausted,
        format!("{documents_open_max} documents are in work, no more are taken; try again shortly"),
        details,
    )
}

/// A request message over its limit. tonic says OUT_OF_RANGE, which means something else.
pub fn message_too_large(tonic_says: &str) -> Status {
    Status::with_error_details(
        Code::ResourceExhausted,
        format!(
            "the request message is too large ({tonic_says}); send long documents by SegmentChunks"
        ),
        details("MESSAGE_TOO_LARGE", &[]),
    )
}

/// The request stream closed before the client said that the document was complete.
pub fn abandoned() -> Status {
    Status::with_error_details(
        Code::Cancelled,
        "the stream closed without `end`: the document counts as abandoned; send `end` after the last chunk",
        details("DOCUMENT_ABANDONED", &[]),
    )
}

/// The server stops and cannot finish the call.
pub fn draining() -> Status {
    Status::with_error_details(
        Code::Unavailable,
        "the server is stopping; send the document again, elsewhere or later",
        details("SERVER_DRAINING", &[]),
    )
}

/// What tonic says of a compressed message begins so.
const DECOMPRESSING: &str = "Error decompressing: ";

/// Whether tonic, or tonic-web, says so of a request that it could not read, in its own codes.
pub fn is_of_request_stream(status: &Status) -> bool {
    let message = status.message();
    status.code() == Code::OutOfRange
        || message.starts_with(DECOMPRESSING)
        || status.code() == Code::Internal && message.starts_with("tonic-web: ")
}

/// What reading the request failed with, in our own codes.
///
/// tonic-web says INTERNAL both for what it cannot read and for what does not arrive; tonic says it
/// for what it cannot decompress.
pub fn of_request_stream(status: Status) -> Status {
    let malformed = |why: &str| invalid_field("message", "MALFORMED_MESSAGE", why, &[]);
    if let Some(why) = status.message().strip_prefix(DECOMPRESSING) {
        return match status.code() {
            Code::ResourceExhausted => message_too_large(why),
            _ => malformed("it cannot be decompressed"),
        };
    }
    if status.code() == Code::OutOfRange {
        return message_too_large(status.message());
    }
    match status.message().strip_prefix("tonic-web: ") {
        Some(why) if why.contains("within the designated timeout") => stalled(),
        Some(why) if status.code() == Code::Internal => malformed(why),
        _ => status,
    }
}

/// A request message that began and does not go on.
pub fn stalled() -> Status {
    Status::with_error_details(
        Code::DeadlineExceeded,
        "the request message began to arrive and did not go on in time",
        details("STREAM_IDLE", &[]),
    )
}

/// Why a call was refused, in upper snake case: `DOCUMENT_TOO_LARGE`.
pub fn reason(status: &Status) -> Option<String> {
    status.get_details_error_info().map(|info| info.reason)
}

/// The same status as a message, for an answer inside a stream.
pub fn in_band(status: &Status) -> tonic_types::Status {
    let with_details = tonic_types::Status::decode(status.details()).ok();
    let bare = || tonic_types::Status {
        code: status.code() as i32,
        message: status.message().to_owned(),
        details: Vec::new(),
    };
    // Empty details decode to code 0, which would say that all went well.
    with_details.filter(|found| found.code == status.code() as i32).unwrap_or_else(bare)
}

fn details(reason: &str, facts: &[(&str, String)]) -> ErrorDetails {
    let facts: HashMap<String, String> =
        facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    ErrorDetails::with_error_info(reason, DOMAIN, facts)
}
