//! Export: requests → what the core understands.

use super::alignment::{self, AlignmentJob, AlignmentLimits};
use super::from_proto::{self, Defaults, Presentation, unknown_enum};
use super::{pb, status};
use crate::exchange::{self, PlainChoices, ProtectedForm, SegmentForm, TmxChoices, XliffChoices};
use crate::machine::MaskTemplate;
use crate::{Details, Options};
use bytes::Bytes;
use tonic::Status;

/// Percent of its source that a target may be restricted to at most.
const TARGET_SIZE_PERCENT_MAX: u32 = 1000;

/// An export that was understood.
#[derive(Debug)]
pub enum ExportJob {
    /// Of a document.
    Document(DocumentExport),
    /// Of an alignment.
    Alignment(AlignmentExport),
}

/// The export of a document.
#[derive(Debug)]
pub struct DocumentExport {
    /// The client's own id.
    pub document_id: String,
    /// The document.
    pub bytes: Bytes,
    /// How it is to be segmented.
    pub options: Options,
    /// How events are to be shown in JSON Lines.
    pub presentation: Presentation,
    /// What is written.
    pub format: DocumentFormat,
}

/// A format for documents.
#[derive(Clone, Debug)]
pub enum DocumentFormat {
    /// XLIFF 2.1.
    Xliff2(XliffChoices),
    /// XLIFF 1.2.
    Xliff1(XliffChoices),
    /// JSON Lines.
    Jsonl,
    /// One segment a line.
    Plain(PlainChoices),
    /// The way back from those lines, with how their placeholders look.
    BackMap(PlainChoices, MaskTemplate),
    /// CoNLL-U.
    Conllu,
}

/// The export of an alignment.
#[derive(Debug)]
pub struct AlignmentExport {
    /// The alignment.
    pub job: AlignmentJob,
    /// What is written.
    pub format: AlignmentFormat,
}

/// A format for alignments.
#[derive(Clone, Debug)]
pub enum AlignmentFormat {
    /// TMX 1.4b.
    Tmx(TmxChoices),
    /// JSON Lines.
    Jsonl,
}

/// Media type of a format, and the usual end of a file's name.
pub fn media_type(format: pb::ExportFormat) -> (&'static str, &'static str) {
    match format {
        pb::ExportFormat::Xliff21 => ("application/xliff+xml", ".xlf"),
        pb::ExportFormat::Xliff12 => ("application/x-xliff+xml", ".xlf"),
        pb::ExportFormat::Tmx14 => ("application/x-tmx+xml", ".tmx"),
        pb::ExportFormat::Jsonl => ("application/jsonl", ".jsonl"),
        pb::ExportFormat::Plain => ("text/plain; charset=utf-8", ".txt"),
        pb::ExportFormat::BackMap => ("text/tab-separated-values", ".tsv"),
        pb::ExportFormat::Conllu => ("text/x-conllu; charset=utf-8", ".conllu"),
        pb::ExportFormat::Unspecified => ("application/octet-stream", ""),
    }
}

/// The format of a request.
///
/// # Errors
/// None given, or one that is not known: a status that names the field.
pub fn export_format(given: i32) -> Result<pb::ExportFormat, Status> {
    match pb::ExportFormat::try_from(given) {
        Ok(pb::ExportFormat::Unspecified) | Err(_) => Err(unknown_enum("format", given, "1 to 7")),
        Ok(format) => Ok(format),
    }
}

/// Reads a request for an export.
///
/// # Errors
/// A status that names the field which cannot be understood, is over its limit, or does not go with
/// the format.
pub fn export_job(
    given: pb::ExportRequest,
    defaults: &Defaults,
    document_bytes_max: u32,
    limits: AlignmentLimits,
) -> Result<ExportJob, Status> {
    use pb::export_request::Content;
    let format = export_format(given.format)?;
    let fits = Fits(format);
    let is_xliff = matches!(format, pb::ExportFormat::Xliff21 | pb::ExportFormat::Xliff12);
    let is_plain = matches!(format, pb::ExportFormat::Plain | pb::ExportFormat::BackMap);
    fits.only_if(is_xliff || given.xliff.is_none(), "xliff")?;
    fits.only_if(is_plain || given.plain.is_none(), "plain")?;
    fits.only_if(format == pb::ExportFormat::Tmx14 || given.tmx.is_none(), "tmx")?;
    let xliff = given.xliff.unwrap_or_default();
    let plain = plain(given.plain.unwrap_or_default())?;
    let tmx = tmx(given.tmx.unwrap_or_default())?;
    match given.content {
        None => Err(status::invalid_field(
            "content",
            "CONTENT_MISSING",
            "neither `document` nor `alignment` is given; one of them is needed",
            &[],
        )),
        Some(Content::Document(given)) => {
            if format != pb::ExportFormat::Jsonl {
                fits.presentation(&given.options.clone().unwrap_or_default())?;
            }
            let (mut export, details) = document_export(given, defaults, document_bytes_max)?;
            let id = export.document_id.clone();
            (export.format, export.options.details) = match format {
                pb::ExportFormat::Xliff21 => (
                    DocumentFormat::Xliff2(self::xliff(xliff, id)?),
                    exchange::xliff_details(details),
                ),
                pb::ExportFormat::Xliff12 => (
                    DocumentFormat::Xliff1(self::xliff(xliff, id)?),
                    exchange::xliff_details(details),
                ),
                pb::ExportFormat::Jsonl => (DocumentFormat::Jsonl, details),
                pb::ExportFormat::Plain => (DocumentFormat::Plain(plain), plain.details(details)),
                pb::ExportFormat::BackMap => (
                    DocumentFormat::BackMap(plain, export.options.mask.clone()),
                    plain.details(details),
                ),
                pb::ExportFormat::Conllu => (DocumentFormat::Conllu, details),
                pb::ExportFormat::Tmx14 | pb::ExportFormat::Unspecified => {
                    return Err(fits.not_allowed("document"));
                }
            };
            Ok(ExportJob::Document(export))
        }
        Some(Content::Alignment(given)) => {
            let format = match format {
                pb::ExportFormat::Tmx14 => AlignmentFormat::Tmx(tmx),
                pb::ExportFormat::Jsonl => AlignmentFormat::Jsonl,
                _ => return Err(fits.not_allowed("alignment")),
            };
            let segmentation = given.options.as_ref().and_then(|one| one.segmentation.as_ref());
            let omits = segmentation.is_some_and(|options| options.omit_text);
            let is_tmx = matches!(format, AlignmentFormat::Tmx(_));
            fits.only_if(!(omits && is_tmx), "alignment.options.segmentation.omit_text")?;
            let job = alignment::job(given, defaults, limits)?;
            Ok(ExportJob::Alignment(AlignmentExport { job, format }))
        }
    }
}

/// What goes with a format.
struct Fits(pb::ExportFormat);

impl Fits {
    fn not_allowed(&self, field: &str) -> Status {
        let format = self.0.as_str_name();
        let message = format!("this is given, but means nothing for {format}; leave it out");
        status::invalid_field(field, "NOT_ALLOWED_HERE", &message, &[])
    }

    fn only_if(&self, fits: bool, field: &str) -> Result<(), Status> {
        if fits { Ok(()) } else { Err(self.not_allowed(field)) }
    }

    /// What only messages can show.
    fn presentation(&self, given: &pb::SegmentationOptions) -> Result<(), Status> {
        let bytes = [pb::OffsetEncoding::Unspecified, pb::OffsetEncoding::Utf8].map(i32::from);
        for (fits, field) in [
            (!given.omit_text, "omit_text"),
            (given.packing.is_none(), "packing"),
            (bytes.contains(&given.offset_encoding), "offset_encoding"),
            (given.additional_offset_encodings.is_empty(), "additional_offset_encodings"),
        ] {
            self.only_if(fits, &format!("document.options.{field}"))?;
        }
        Ok(())
    }
}

/// The document of an export, and the details that were asked for.
fn document_export(
    given: pb::SegmentDocumentRequest,
    defaults: &Defaults,
    document_bytes_max: u32,
) -> Result<(DocumentExport, Details), Status> {
    let (document_id, bytes, options, presentation) =
        document(given, defaults, document_bytes_max, "document")?;
    let details = options.details;
    let format = DocumentFormat::Jsonl;
    Ok((DocumentExport { document_id, bytes, options, presentation, format }, details))
}

pub(super) fn document(
    given: pb::SegmentDocumentRequest,
    defaults: &Defaults,
    document_bytes_max: u32,
    field: &str,
) -> Result<(String, Bytes, Options, Presentation), Status> {
    let pb::SegmentDocumentRequest { document, options } = given;
    let options = options.unwrap_or_default();
    let (options, presentation) =
        from_proto::options(&options, defaults, &format!("{field}.options"))?;
    let document = document.unwrap_or_default();
    let id = document.document_id.clone();
    let field = format!("{field}.document");
    let (bytes, options) = from_proto::document(document, &options, document_bytes_max, &field)?;
    Ok((id, bytes, options, presentation))
}

fn xliff(given: pb::XliffOptions, document_id: String) -> Result<XliffChoices, Status> {
    let protected = match pb::ProtectedForm::try_from(given.protected_form) {
        Ok(pb::ProtectedForm::Unspecified | pb::ProtectedForm::Marked) => ProtectedForm::Marked,
        Ok(pb::ProtectedForm::Placeholder) => ProtectedForm::Placeholder,
        Ok(pb::ProtectedForm::Plain) => ProtectedForm::Plain,
        Err(_) => return Err(unknown_enum("xliff.protected_form", given.protected_form, "0 to 3")),
    };
    let percent = given.target_size_percent_max;
    if percent > TARGET_SIZE_PERCENT_MAX {
        return Err(status::invalid_field(
            "xliff.target_size_percent_max",
            "OUT_OF_RANGE",
            &format!("{percent} given, at most {TARGET_SIZE_PERCENT_MAX} is allowed"),
            &[("given", percent.to_string())],
        ));
    }
    let target_language = "xliff.target_language_code";
    Ok(XliffChoices {
        document_id,
        target_language: from_proto::language(&given.target_language_code, target_language)?,
        protected,
        resegmentable: given.resegmentable,
        target_size_percent_max: Some(percent).filter(|percent| *percent > 0),
    })
}

fn plain(given: pb::PlainOptions) -> Result<PlainChoices, Status> {
    let form = match pb::SegmentForm::try_from(given.segment_form) {
        Ok(pb::SegmentForm::Unspecified | pb::SegmentForm::Source) => SegmentForm::Source,
        Ok(pb::SegmentForm::Machine) => SegmentForm::Machine,
        Ok(pb::SegmentForm::Masked) => SegmentForm::Masked,
        Err(_) => return Err(unknown_enum("plain.segment_form", given.segment_form, "0 to 3")),
    };
    Ok(PlainChoices { form, untranslatable_too: given.untranslatable_too })
}

fn tmx(given: pb::TmxOptions) -> Result<TmxChoices, Status> {
    let confidence_min = given.confidence_min;
    if !(0.0..=1.0).contains(&confidence_min) {
        return Err(status::invalid_field(
            "tmx.confidence_min",
            "OUT_OF_RANGE",
            &format!("{confidence_min} given, 0 to 1 is allowed"),
            &[("given", confidence_min.to_string())],
        ));
    }
    Ok(TmxChoices { confidence_min })
}
