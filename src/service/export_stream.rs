//! A document as a file of another format, written while it is being segmented.

use super::call::Call;
use super::limits::RESPONSE_BYTES_TARGET;
use super::pause::Pause;
use super::reading::{Step, Steps};
use super::watch::Watch;
use crate::document::Event;
use crate::exchange::{DocumentWriter, Outline};
use crate::export::file;
use crate::wire::export::DocumentExport;
use crate::wire::{pb, status};
use crate::{Limits, Options};
use bytes::Bytes;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio_stream::Stream;
use tonic::Status;

/// Pulls events out of a document and writes them. What a file has to say before its first unit
/// needs a first reading of all events: segmenting twice costs time, holding the file memory.
pub(super) struct ExportStream {
    bytes: Bytes,
    options: Options,
    limits: Limits,
    pass: Pass,
    /// What the first response says of the file.
    media_type: Option<(&'static str, &'static str)>,
    pause: Pause,
    watch: Watch,
    call: Call,
}

enum Pass {
    /// The first reading, with what is to be written afterwards.
    Outline(Steps, Box<Outline>, Box<DocumentExport>),
    /// Writing.
    Write(Steps, Box<dyn DocumentWriter>),
    /// All is said.
    Over,
}

impl ExportStream {
    pub(super) fn new(
        export: DocumentExport,
        media_type: (&'static str, &'static str),
        limits: Limits,
        watch: Watch,
        call: Call,
    ) -> ExportStream {
        let (bytes, options) = (export.bytes.clone(), export.options.clone());
        let steps = Steps::whole(options.clone(), limits, bytes.clone());
        let pass = match file::wants_outline(&export.format) {
            true => Pass::Outline(steps, Box::default(), Box::new(export)),
            false => Pass::Write(steps, writer(export, Outline::default())),
        };
        let media_type = Some(media_type);
        ExportStream {
            bytes,
            options,
            limits,
            pass,
            media_type,
            pause: Pause::default(),
            watch,
            call,
        }
    }

    /// Goes on with the first reading; whether it is done.
    fn outline(steps: &mut Steps, outline: &mut Outline) -> Result<bool, Status> {
        let mut taken = 0;
        while taken < RESPONSE_BYTES_TARGET {
            match steps.next() {
                Step::Event(event) => {
                    outline.add(&event);
                    if matches!(event, Event::Tail(_)) {
                        return Ok(true);
                    }
                }
                Step::Taken(bytes) => taken += bytes,
                Step::Failed(error) => return Err(status::of_document(FIELD, &error)),
                // It was complete from the beginning.
                Step::Hungry => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Goes on with the file, up to a message full; with it whether this was the end.
    fn write(
        steps: &mut Steps,
        writer: &mut dyn DocumentWriter,
        call: &mut Call,
    ) -> Result<(Vec<u8>, bool), Status> {
        let (mut content, mut taken) = (Vec::new(), 0);
        while content.len() < RESPONSE_BYTES_TARGET && taken < RESPONSE_BYTES_TARGET {
            match steps.next() {
                Step::Event(event) => {
                    call.tally.event(&event);
                    // Memory takes all that is written to it.
                    writer.write(&event, &mut content).map_err(|error| {
                        Status::internal(format!("a file could not be written: {}", error.kind()))
                    })?;
                    if matches!(event, Event::Tail(_)) {
                        return Ok((content, true));
                    }
                }
                Step::Taken(bytes) => taken += bytes,
                Step::Failed(error) => return Err(status::of_document(FIELD, &error)),
                Step::Hungry => return Ok((content, true)),
            }
        }
        Ok((content, false))
    }

    /// The next bytes; `None` while there are none yet.
    fn advance(&mut self) -> Result<Option<Vec<u8>>, Status> {
        match std::mem::replace(&mut self.pass, Pass::Over) {
            Pass::Over => Ok(None),
            Pass::Outline(mut steps, mut outline, export) => {
                self.pass = match Self::outline(&mut steps, &mut outline)? {
                    false => Pass::Outline(steps, outline, export),
                    true => {
                        let options = self.options.clone();
                        let steps = Steps::whole(options, self.limits, self.bytes.clone());
                        Pass::Write(steps, writer(*export, *outline))
                    }
                };
                Ok(None)
            }
            Pass::Write(mut steps, mut writer) => {
                let (content, over) = Self::write(&mut steps, &mut *writer, &mut self.call)?;
                if !over {
                    self.pass = Pass::Write(steps, writer);
                }
                self.call.report();
                Ok(Some(content).filter(|content| over || !content.is_empty()))
            }
        }
    }
}

/// Name of the field that a document came in, for errors.
const FIELD: &str = "document.document";

fn writer(export: DocumentExport, outline: Outline) -> Box<dyn DocumentWriter> {
    let DocumentExport { document_id, presentation, format, .. } = export;
    file::document_writer(format, document_id, presentation, outline)
}

impl Stream for ExportStream {
    type Item = Result<pb::ExportResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if matches!(this.pass, Pass::Over) {
            return Poll::Ready(None);
        }
        ready!(this.pause.poll(cx));
        let advanced = match this.watch.poll_cut(cx) {
            Poll::Ready(()) => Err(status::draining()),
            Poll::Pending => this.advance(),
        };
        match advanced {
            Ok(Some(content)) => {
                this.pause.begin();
                let (media_type, extension) = this.media_type.take().unwrap_or_default();
                Poll::Ready(Some(Ok(pb::ExportResponse {
                    media_type: media_type.to_owned(),
                    file_extension: extension.to_owned(),
                    content,
                })))
            }
            Ok(None) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Err(status) => {
                this.pass = Pass::Over;
                Poll::Ready(Some(Err(status)))
            }
        }
    }
}
