//! Export and Merge.

use super::export_stream::ExportStream;
use super::work::Messages;
use super::{Answers, Segmentation};
use crate::export::file::AlignmentWriter;
use crate::wire::alignment::Aligned;
use crate::wire::export::{self, AlignmentFormat, ExportJob};
use crate::wire::pb::exchange_service_server::ExchangeService;
use crate::wire::{encoded_bytes, merge, pb, status};
use tonic::{Request, Response, Status};

/// Pairs of texts that are no translations of each other must not come into a translation memory.
fn fits_memory(aligned: &Aligned, format: &AlignmentFormat) -> Result<(), Status> {
    if aligned.is_parallel() || matches!(format, AlignmentFormat::Jsonl) {
        return Ok(());
    }
    let message =
        "the two texts are no translations of each other; AlignTexts shows what was found";
    Err(status::failed_precondition("NOT_PARALLEL", message, &[]))
}

#[tonic::async_trait]
impl ExchangeService for Segmentation {
    type ExportStream = Answers<pb::ExportResponse>;
    type MergeStream = Answers<pb::MergeResponse>;

    async fn export(
        &self,
        request: Request<pb::ExportRequest>,
    ) -> Result<Response<Self::ExportStream>, Status> {
        let mut call = self.admit(request.extensions())?;
        let request = request.into_inner();
        let format = export::export_format(request.format)?;
        let document_bytes_max = self.limits.document_bytes_max;
        let limits = self.alignment_limits();
        let job = export::export_job(request, &self.defaults, document_bytes_max, limits);
        let media_type = export::media_type(format);
        match job? {
            ExportJob::Document(export) => {
                call.tally.totals.documents = 1;
                call.tally.totals.source_bytes = export.bytes.len() as u64;
                let limits = self.limits.core(document_bytes_max);
                let stream = ExportStream::new(export, media_type, limits, self.watch(), call);
                Ok(Response::new(Box::pin(stream)))
            }
            ExportJob::Alignment(export) => {
                call.tally.totals.documents = 2;
                call.tally.totals.source_bytes = export.job.source_bytes();
                let job = export.job;
                let aligned = self.work(move |go_on| job.run(go_on)).await;
                let aligned = aligned?;
                fits_memory(&aligned, &export.format)?;
                let mut writer = AlignmentWriter::new(export.format);
                let pieces = aligned.into_events().map(move |event| {
                    let mut content = Vec::new();
                    // Memory takes all that is written to it.
                    let _ = writer.write(&event, &mut content);
                    content
                });
                let mut first = Some(media_type);
                let messages = Messages::new(pieces, Vec::len, call).map(move |pieces| {
                    let (media_type, extension) = first.take().unwrap_or_default();
                    Ok(pb::ExportResponse {
                        media_type: media_type.to_owned(),
                        file_extension: extension.to_owned(),
                        content: pieces.concat(),
                    })
                });
                Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
            }
        }
    }

    async fn merge(
        &self,
        request: Request<pb::MergeRequest>,
    ) -> Result<Response<Self::MergeStream>, Status> {
        let mut call = self.admit(request.extensions())?;
        let limits = self.limits.core(self.limits.document_bytes_max);
        let job = merge::job(request.into_inner(), &self.defaults, limits);
        let job = job?;
        call.tally.totals.documents = 1;
        call.tally.totals.source_bytes = job.source_bytes();
        let merged = self.work(move |go_on| job.run(go_on)).await;
        let merged = merged?;
        let messages = Messages::new(merge::into_events(merged), encoded_bytes, call);
        let messages = messages.map(|events| Ok(pb::MergeResponse { events }));
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }
}
