//! The closed sets that label values come from. What is in none of them is `other`.

use crate::document::BlockKind;
use crate::tailoring::{self, RowAnswer};
use crate::wire::FILE_DESCRIPTOR_SET;
use prost::Message;
use prost_types::{FileDescriptorSet, MethodDescriptorProto};
use std::collections::HashMap;
use tonic::Code;

/// Label value of all that is in no closed set.
pub const OTHER: &str = "other";

/// One method that a client may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// `cesura.v1.SegmentationService`.
    pub service: String,
    /// `SegmentDocument`.
    pub name: String,
    /// `unary`, `server_stream`, `client_stream` or `bidi_stream`.
    pub kind: &'static str,
    /// Whether it does the work that this server is for: not health, not reflection.
    pub own: bool,
}

/// The methods of this server, read from its descriptors, so that none is forgotten.
#[derive(Debug)]
pub struct Methods {
    /// The last one stands for every unknown path.
    all: Vec<Method>,
    by_path: HashMap<String, usize>,
}

impl Methods {
    pub(super) fn new() -> Methods {
        let mut all = Vec::new();
        // What the build wrote can be read.
        let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap_or_default();
        for file in &set.file {
            for service in &file.service {
                let name = format!("{}.{}", file.package(), service.name());
                all.extend(service.method.iter().map(|method| Method {
                    service: name.clone(),
                    name: method.name().to_owned(),
                    kind: kind(method),
                    own: file.package().starts_with("cesura."),
                }));
            }
        }
        // Reflection comes with descriptors of its own.
        for version in ["v1", "v1alpha"] {
            all.push(Method {
                service: format!("grpc.reflection.{version}.ServerReflection"),
                name: "ServerReflectionInfo".to_owned(),
                kind: "bidi_stream",
                own: false,
            });
        }
        let by_path = all.iter().enumerate();
        let by_path =
            by_path.map(|(index, method)| (format!("/{}/{}", method.service, method.name), index));
        let by_path = by_path.collect();
        let (service, name) = (OTHER.to_owned(), OTHER.to_owned());
        all.push(Method { service, name, kind: "unary", own: false });
        Methods { all, by_path }
    }

    /// All of them; the last stands for what is unknown.
    pub fn all(&self) -> &[Method] {
        &self.all
    }

    /// Place in [`Methods::all`] of the method with this path.
    pub fn index(&self, path: &str) -> usize {
        self.by_path.get(path).copied().unwrap_or(self.all.len() - 1)
    }
}

fn kind(method: &MethodDescriptorProto) -> &'static str {
    match (method.client_streaming(), method.server_streaming()) {
        (false, false) => "unary",
        (false, true) => "server_stream",
        (true, false) => "client_stream",
        (true, true) => "bidi_stream",
    }
}

/// The codes of gRPC by number, in the spelling that dashboards for gRPC ask for.
pub(super) const CODES: [&str; 17] = [
    "OK",
    "Canceled",
    "Unknown",
    "InvalidArgument",
    "DeadlineExceeded",
    "NotFound",
    "AlreadyExists",
    "PermissionDenied",
    "ResourceExhausted",
    "FailedPrecondition",
    "Aborted",
    "OutOfRange",
    "Unimplemented",
    "Internal",
    "Unavailable",
    "DataLoss",
    "Unauthenticated",
];

/// Name of a code as the metrics have it.
pub fn code_name(code: Code) -> &'static str {
    CODES.get(code as usize).copied().unwrap_or("Unknown")
}

/// Rows that can end a segment or give a block its kind, and what stands for them.
pub(super) fn rules() -> Vec<&'static str> {
    let listed = tailoring::ALL.iter().flat_map(|tailoring| tailoring.listing());
    let listed = listed.filter(|row| {
        matches!(row.answer, RowAnswer::Block(_) | RowAnswer::Boundary(crate::rule::Verdict::Break))
    });
    let ends = tailoring::ENDS.iter().map(|(id, ..)| id.name());
    // A caller's rules count together: their lines are the caller's own.
    let rest = ["root.unanswered", "srx.request", "srx.server"];
    let mut names: Vec<_> = listed.map(|row| row.id.name()).chain(ends).chain(rest).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Languages that have rules, and `und`.
pub(super) fn languages() -> impl Iterator<Item = &'static str> {
    tailoring::ALL.iter().map(|tailoring| tailoring.tag)
}

/// Kinds of blocks.
pub(super) fn kinds() -> impl Iterator<Item = &'static str> {
    BlockKind::ALL.into_iter().map(BlockKind::name)
}

/// Limits by the reason that a call is refused with. Named as `GetServerInfo` and the core name
/// them; a code RESOURCE_EXHAUSTED with another reason is `other`.
pub(super) const LIMITS: [(&str, &str); 19] = [
    ("ANSWER_UNREAD", "stream_idle_max"),
    ("CALL_TOO_LONG", "call_max"),
    ("DEADLINE_EXCEEDED", "deadline_of_caller"),
    ("DOCUMENT_ID_TOO_LONG", "document_id_bytes_max"),
    ("DOCUMENT_TOO_LARGE", "document_bytes_max"),
    ("MESSAGE_TOO_LARGE", "message_bytes_max"),
    ("SRX_TOO_LARGE", "request_srx_bytes_max"),
    ("STREAM_IDLE", "stream_idle_max"),
    ("TOO_MANY_CALLS", "peer_calls_max"),
    ("TOO_MANY_CALLS_PER_SECOND", "peer_calls_per_second_max"),
    ("TOO_MANY_DOCUMENTS", "documents_open_max"),
    ("TOO_MANY_DOCUMENTS_IN_MESSAGE", "documents_per_message_max"),
    ("TOO_MANY_FIELDS", "fields_per_message_max"),
    ("TOO_MANY_FORMS", "forms_max"),
    ("TOO_MANY_SEGMENTS", "segments_max"),
    ("TOO_MANY_WORD_PAIRS", "dictionary_pairs_max"),
    ("TRANSLATION_TOO_LARGE", "translation_bytes_max"),
    ("WRONG_NUMBER_OF_DOCUMENTS", "compare_documents_max"),
    ("WRONG_NUMBER_OF_TEXTS", "texts_max"),
];

/// Limits of the core, which a document passes with a notice.
pub(super) const NOTICED: [&str; 3] = ["block_bytes_max", "srx_steps_max", "identities_max"];

/// The limit that was hit by a call that ended so, if it was one.
pub(super) fn limit(code: Code, reason: Option<&str>) -> Option<&'static str> {
    let known = reason.and_then(|reason| LIMITS.iter().find(|(name, _)| *name == reason));
    let other = (code == Code::ResourceExhausted).then_some(OTHER);
    known.map(|(_, limit)| *limit).or(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_path_is_other() {
        let methods = Methods::new();
        let at = |path: &str| methods.all().get(methods.index(path)).cloned();
        let known = at("/cesura.v1.SegmentationService/SegmentChunks");
        assert_eq!(known.map(|method| (method.kind, method.own)), Some(("bidi_stream", true)));
        let health = at("/grpc.health.v1.Health/Check");
        assert_eq!(health.map(|method| (method.kind, method.own)), Some(("unary", false)));
        for path in ["", "/", "/cesura.v1.SegmentationService/segmentchunks", "/a/b?c"] {
            assert_eq!(at(path).map(|method| method.name), Some(OTHER.to_owned()), "{path}");
        }
    }

    #[test]
    fn codes_are_in_their_places() {
        assert_eq!(code_name(Code::Cancelled), "Canceled");
        assert_eq!(code_name(Code::Unauthenticated), "Unauthenticated");
    }
}
