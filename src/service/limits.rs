//! Every maximum of the service, beside those of the core.

use crate::Limits;
use crate::srx::SrxLimits;
use crate::wire::from_proto::{DOCUMENT_ID_BYTES_MAX, FORMS_MAX};
use crate::wire::pb;
use std::time::Duration;

/// Limits of the RPCs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceLimits {
    /// Bytes of one request message.
    pub message_bytes_max: u32,
    /// Bytes of UTF-8 in a document that comes in one message.
    pub document_bytes_max: u32,
    /// Bytes of UTF-8 in a document that comes in chunks.
    pub chunked_document_bytes_max: u32,
    /// Bytes of one block.
    pub block_bytes_max: u32,
    /// Calls that segment or detect at the same time.
    pub documents_open_max: u32,
    /// Texts in one DetectLanguage request.
    pub texts_max: u32,
    /// Segments of one side of an alignment. `cargo bench --bench alignment` prints what they cost:
    /// 100,000 took 311 MiB and 10 s of one processor.
    pub align_segments_max: u32,
    /// Pairs of words in the dictionary of one request.
    pub dictionary_pairs_max: u32,
    /// Documents of one comparison.
    pub compare_documents_max: u32,
    /// Segments of all documents of one comparison.
    pub compare_segments_max: u32,
    /// Bytes of SRX rules in one request; 0: none are taken.
    pub request_srx_bytes_max: u32,
    /// Time a stream may be silent while the server waits for it.
    pub stream_idle_max: Duration,
}

/// Encoded bytes after which a response message leaves. One unit is never split, so a message
/// of prose stays under 64 KiB, and one of the most hostile block under the 4 MiB that clients
/// take by default: tests hold both. More gains nothing, and a stream keeps its largest buffer.
pub(super) const RESPONSE_BYTES_TARGET: usize = 32 << 10;

/// Bytes that wait in one stream before it lets tonic flush them and other streams run.
pub(super) const YIELD_BYTES: usize = 32 << 10;

/// Documents in one message of SegmentDocuments.
pub(super) const DOCUMENTS_PER_MESSAGE_MAX: usize = 10_000;

impl ServiceLimits {
    /// Limits of the core for a document of at most `document_bytes_max`.
    pub(super) fn core(&self, document_bytes_max: u32) -> Limits {
        Limits { document_bytes_max, block_bytes_max: self.block_bytes_max, ..Limits::default() }
    }

    /// The same as a message.
    pub fn to_proto(&self) -> pb::Limits {
        pb::Limits {
            message_bytes_max: self.message_bytes_max,
            document_bytes_max: self.document_bytes_max,
            chunked_document_bytes_max: self.chunked_document_bytes_max,
            block_bytes_max: self.block_bytes_max,
            documents_open_max: self.documents_open_max,
            texts_max: self.texts_max,
            response_bytes_target: RESPONSE_BYTES_TARGET as u32,
            documents_per_message_max: DOCUMENTS_PER_MESSAGE_MAX as u32,
            document_id_bytes_max: DOCUMENT_ID_BYTES_MAX as u32,
            request_srx_bytes_max: self.request_srx_bytes_max,
            request_srx_rules_max: SrxLimits::REQUEST.rules_max as u32,
            forms_max: FORMS_MAX as u32,
            align_segments_max: self.align_segments_max,
            dictionary_pairs_max: self.dictionary_pairs_max,
            compare_documents_max: self.compare_documents_max,
            compare_segments_max: self.compare_segments_max,
        }
    }
}

impl Default for ServiceLimits {
    fn default() -> ServiceLimits {
        ServiceLimits {
            message_bytes_max: 4 << 20,
            document_bytes_max: 2 << 20,
            chunked_document_bytes_max: 1 << 30,
            block_bytes_max: 64 << 10,
            documents_open_max: 256,
            texts_max: 1000,
            align_segments_max: 20_000,
            dictionary_pairs_max: 10_000,
            compare_documents_max: 256,
            compare_segments_max: 10_000,
            request_srx_bytes_max: SrxLimits::REQUEST.bytes_max as u32,
            stream_idle_max: Duration::from_secs(60),
        }
    }
}
