//! `cesura export`: files in, files of other tools out, over real gRPC.

use super::choices::Choices;
use super::connect::{Link, Server};
use super::input::read_whole;
use super::segment::Detail;
use super::{Answer, Failure, exit};
use crate::wire::pb;
use crate::wire::pb::exchange_service_client::ExchangeServiceClient;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File to export; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// What to write
    #[arg(long, short, value_enum)]
    format: Format,

    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Language of the file (BCP-47), if you know it
    #[arg(long, short, value_name = "TAG")]
    language: Option<String>,

    /// Character set of the file (WHATWG label)
    #[arg(long, value_name = "LABEL", default_value = "utf-8")]
    charset: String,

    /// Translation of the file: its alignment is exported (tmx, jsonl)
    #[arg(long, value_name = "FILE", required_if_eq("format", "tmx"))]
    translation: Option<PathBuf>,

    /// Language that the targets are in, or will be in (xliff, xliff-1.2, tmx)
    #[arg(long, value_name = "TAG")]
    target_language: Option<String>,

    /// What units and segments are to carry beside their place (jsonl; warnings also xliff)
    #[arg(long, value_enum, value_delimiter = ',', value_name = "DETAILS")]
    details: Vec<Detail>,

    /// How addresses and the like, which no translation may touch, stand in XLIFF [default: marked]
    #[arg(long, value_enum, value_name = "FORM")]
    protected: Option<Protected>,

    /// Let tools join and split segments (xliff)
    #[arg(long)]
    resegmentable: bool,

    /// Length of a target in percent of its source at most (xliff) [default: no limit]
    #[arg(long, value_name = "PERCENT")]
    target_size_percent_max: Option<u32>,

    /// Which text of a segment stands on its line (plain, back-map) [default: source]
    #[arg(long, value_enum, value_name = "FORM")]
    segment_form: Option<SegmentForm>,

    /// Also write segments that are not to be translated (plain, back-map)
    #[arg(long)]
    untranslatable_too: bool,

    /// Also write the way back from the lines to this file (plain)
    #[arg(long, value_name = "FILE")]
    back_map: Option<PathBuf>,

    /// How placeholders of masked text look, with an n in braces for their number
    #[arg(long, value_name = "TEXT", default_value = "{{n}}")]
    mask_template: String,

    /// Pairs that are less sure are left out (tmx); 0 to 1 [default: 0]
    #[arg(long, value_name = "CONFIDENCE")]
    confidence_min: Option<f32>,

    #[command(flatten)]
    choices: Choices,

    #[command(flatten)]
    server: Server,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Format {
    /// XLIFF 2.1
    Xliff,
    /// XLIFF 1.2, which most CAT tools read best
    #[value(name = "xliff-1.2")]
    Xliff12,
    /// TMX 1.4b of the file and its --translation
    Tmx,
    /// JSON Lines: one event a line
    Jsonl,
    /// One segment a line
    Plain,
    /// The way back from such lines
    BackMap,
    /// CoNLL-U sentences
    Conllu,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Protected {
    /// As marked text
    Marked,
    /// As placeholders
    Placeholder,
    /// As text like any other
    Plain,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum SegmentForm {
    /// As the file has it
    Source,
    /// Repaired for machines
    Machine,
    /// Repaired, and with placeholders
    Masked,
}

impl Format {
    fn to_proto(self) -> pb::ExportFormat {
        match self {
            Format::Xliff => pb::ExportFormat::Xliff21,
            Format::Xliff12 => pb::ExportFormat::Xliff12,
            Format::Tmx => pb::ExportFormat::Tmx14,
            Format::Jsonl => pb::ExportFormat::Jsonl,
            Format::Plain => pb::ExportFormat::Plain,
            Format::BackMap => pb::ExportFormat::BackMap,
            Format::Conllu => pb::ExportFormat::Conllu,
        }
    }
}

impl Args {
    /// The request for one format; `srx` are rules for somebody else's server.
    fn request(&self, format: Format, srx: &str) -> Result<pb::ExportRequest, Failure> {
        let is_xliff = matches!(format, Format::Xliff | Format::Xliff12);
        let is_plain = matches!(format, Format::Plain | Format::BackMap);
        let source = source_document(&self.file, &self.charset, self.language.as_deref())?;
        let options = pb::SegmentationOptions { srx: srx.to_owned(), ..self.choices.options() };
        let content = match &self.translation {
            Some(translation) => {
                let target = source_document(translation, "", self.target_language.as_deref())?;
                let text = |document| {
                    Some(pb::GivenText { text: Some(pb::given_text::Text::Document(document)) })
                };
                let segmentation = Some(options);
                pb::export_request::Content::Alignment(pb::AlignTextsRequest {
                    source: text(source),
                    target: text(target),
                    options: Some(pb::AlignmentOptions { segmentation, ..Default::default() }),
                })
            }
            None => pb::export_request::Content::Document(pb::SegmentDocumentRequest {
                document: Some(source),
                options: Some(pb::SegmentationOptions {
                    details: self.details.iter().map(|one| one.to_proto().into()).collect(),
                    mask_template: self.mask_template.clone(),
                    ..options
                }),
            }),
        };
        Ok(pb::ExportRequest {
            format: format.to_proto().into(),
            content: Some(content),
            // What was given for another format goes along: the server says what does not fit.
            xliff: (is_xliff || self.speaks_of_xliff()).then(|| self.xliff()),
            plain: (is_plain || self.segment_form.is_some() || self.untranslatable_too)
                .then(|| self.plain()),
            tmx: self.confidence_min.map(|confidence_min| pb::TmxOptions { confidence_min }),
        })
    }

    /// Whether anything was given that XLIFF alone has.
    fn speaks_of_xliff(&self) -> bool {
        self.protected.is_some()
            || self.resegmentable
            || self.target_size_percent_max.is_some()
            || self.target_language.is_some() && self.translation.is_none()
    }

    fn xliff(&self) -> pb::XliffOptions {
        let protected_form = match self.protected {
            None => pb::ProtectedForm::Unspecified,
            Some(Protected::Marked) => pb::ProtectedForm::Marked,
            Some(Protected::Placeholder) => pb::ProtectedForm::Placeholder,
            Some(Protected::Plain) => pb::ProtectedForm::Plain,
        };
        pb::XliffOptions {
            target_language_code: self.target_language.clone().unwrap_or_default(),
            protected_form: protected_form.into(),
            resegmentable: self.resegmentable,
            target_size_percent_max: self.target_size_percent_max.unwrap_or(0),
        }
    }

    fn plain(&self) -> pb::PlainOptions {
        let segment_form = match self.segment_form {
            None => pb::SegmentForm::Unspecified,
            Some(SegmentForm::Source) => pb::SegmentForm::Source,
            Some(SegmentForm::Machine) => pb::SegmentForm::Machine,
            Some(SegmentForm::Masked) => pb::SegmentForm::Masked,
        };
        let untranslatable_too = self.untranslatable_too;
        pb::PlainOptions { segment_form: segment_form.into(), untranslatable_too }
    }
}

pub(super) async fn run(args: Args) -> Answer {
    if args.back_map.is_some() {
        // Standard input is gone after the first of the two.
        if args.format != Format::Plain || args.file == Path::new("-") {
            let why = "--back-map goes with --format plain and a file that can be read twice";
            return Err(Failure::new(exit::INPUT, anyhow::anyhow!(why)));
        }
    }
    let (srx, own) = args.choices.srx_for(&args.server)?;
    let channel = args.server.channel(own).await?;
    let mut client = ExchangeServiceClient::new(channel).max_decoding_message_size(usize::MAX);
    let request = args.request(args.format, &srx)?;
    write(&mut client, request, args.output.as_deref()).await?;
    if let Some(path) = &args.back_map {
        write(&mut client, args.request(Format::BackMap, &srx)?, Some(path)).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes what the server sends to a file, or to standard output.
async fn write(
    client: &mut ExchangeServiceClient<Link>,
    request: pb::ExportRequest,
    to: Option<&Path>,
) -> Result<(), Failure> {
    let mut stream = client.export(request).await?.into_inner();
    // Nothing is written over before the server has taken the request.
    let first = stream.message().await?;
    let mut out = output(to)?;
    out.write_all(&first.unwrap_or_default().content)?;
    while let Some(response) = stream.message().await? {
        out.write_all(&response.content)?;
    }
    Ok(out.flush()?)
}

/// A file, or standard output.
pub(super) fn output(to: Option<&Path>) -> Result<BufWriter<Box<dyn Write>>, Failure> {
    let out: Box<dyn Write> = match to {
        None => Box::new(io::stdout().lock()),
        Some(path) => Box::new(File::create(path).map_err(|error| {
            let error = anyhow::Error::from(error).context(path.display().to_string());
            Failure::new(exit::INPUT, error)
        })?),
    };
    Ok(BufWriter::new(out))
}

/// A file as a document of a request.
pub(super) fn source_document(
    path: &Path,
    charset: &str,
    language: Option<&str>,
) -> Result<pb::SourceDocument, Failure> {
    Ok(pb::SourceDocument {
        document_id: path.display().to_string(),
        source: Some(pb::source_document::Source::Content(read_whole(path)?)),
        charset: charset.to_owned(),
        language_code: language.unwrap_or_default().to_owned(),
    })
}
