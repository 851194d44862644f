//! CompareDocuments.

use super::work::Messages;
use super::{Answers, Segmentation};
use crate::wire::comparison::{self, ComparisonLimits, SEGMENTS_MAX_NAME};
use crate::wire::encoded_bytes;
use crate::wire::given_text::TextLimits;
use crate::wire::pb;
use crate::wire::pb::comparison_service_server::ComparisonService;
use tonic::{Request, Response, Status};

#[tonic::async_trait]
impl ComparisonService for Segmentation {
    type CompareDocumentsStream = Answers<pb::CompareDocumentsResponse>;

    async fn compare_documents(
        &self,
        request: Request<pb::CompareDocumentsRequest>,
    ) -> Result<Response<Self::CompareDocumentsStream>, Status> {
        let mut call = self.admit(request.extensions())?;
        let limits = ComparisonLimits {
            text: TextLimits {
                core: self.limits.core(self.limits.document_bytes_max),
                segments_max: self.limits.compare_segments_max as usize,
                segments_max_name: SEGMENTS_MAX_NAME,
            },
            documents_max: self.limits.compare_documents_max as usize,
        };
        let job = comparison::job(request.into_inner(), &self.defaults, limits);
        let job = job?;
        call.tally.totals.documents = job.documents_count();
        call.tally.totals.source_bytes = job.source_bytes();
        let compared = self.work(move |go_on| job.run(go_on)).await;
        let compared = compared?;
        let messages = Messages::new(compared.into_events(), encoded_bytes, call);
        let messages = messages.map(|events| Ok(pb::CompareDocumentsResponse { events }));
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }
}
