//! AlignTexts.

use super::work::Messages;
use super::{Answers, Segmentation};
use crate::wire::alignment::{self, AlignmentLimits};
use crate::wire::encoded_bytes;
use crate::wire::given_text::TextLimits;
use crate::wire::pb;
use crate::wire::pb::alignment_service_server::AlignmentService;
use tonic::{Request, Response, Status};

impl Segmentation {
    /// What a request for an alignment may hold.
    pub(super) fn alignment_limits(&self) -> AlignmentLimits {
        AlignmentLimits {
            text: TextLimits {
                core: self.limits.core(self.limits.document_bytes_max),
                segments_max: self.limits.align_segments_max as usize,
                segments_max_name: "align_segments_max",
            },
            pairs_max: self.limits.dictionary_pairs_max as usize,
        }
    }
}

#[tonic::async_trait]
impl AlignmentService for Segmentation {
    type AlignTextsStream = Answers<pb::AlignTextsResponse>;

    async fn align_texts(
        &self,
        request: Request<pb::AlignTextsRequest>,
    ) -> Result<Response<Self::AlignTextsStream>, Status> {
        let mut call = self.admit(request.extensions())?;
        let limits = self.alignment_limits();
        let job = alignment::job(request.into_inner(), &self.defaults, limits);
        let job = job?;
        call.tally.totals.documents = 2;
        call.tally.totals.source_bytes = job.source_bytes();
        let aligned = self.work(move |go_on| job.run(go_on)).await;
        let aligned = aligned?;
        let messages = Messages::new(aligned.into_events(), encoded_bytes, call);
        let messages = messages.map(|events| Ok(pb::AlignTextsResponse { events }));
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }
}
