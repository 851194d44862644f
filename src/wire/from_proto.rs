//! Requests → what the core understands, or the name of the field that cannot be understood.

use super::{pb, status};
use crate::block::Newlines;
use crate::language::LanguageTag;
use crate::machine::MaskTemplate;
use crate::pack::{BudgetUnit, Packing};
use crate::sentence::{ClauseMarks, Forms, Preferences};
use crate::srx::{Srx, SrxLimits, SrxSource};
use crate::text::{Charset, MalformedPolicy, OffsetUnit};
use crate::{Details, Options};
use std::sync::Arc;
use tonic::Status;

/// How events are to be shown to this client.
#[derive(Clone, Debug, Default)]
pub struct Presentation {
    /// What offsets count.
    pub unit: OffsetUnit,
    /// Further units every span is given in.
    pub additional: Vec<OffsetUnit>,
    /// Leave texts out.
    pub omit_text: bool,
    /// Show rule ids and decisions.
    pub explain: bool,
    /// Segments are packed: chunks speak of units said before.
    pub packs: bool,
    /// Events in one message at most; `None`: no limit but the size.
    pub events_per_message_max: Option<usize>,
}

/// Further encodings a request may name at most: there are three in all.
const ADDITIONAL_ENCODINGS_MAX: usize = 2;

/// Bytes of a document id at most.
pub(crate) const DOCUMENT_ID_BYTES_MAX: usize = 512;

/// Words in each of the two lists of forms at most.
pub(crate) const FORMS_MAX: usize = 1000;

/// What this server does where a request says nothing, and the limits of what it may say.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// The SRX rules of the server, asked after those of the request.
    pub srx: Option<Arc<Srx>>,
    /// Bytes of SRX that a request may bring.
    pub request_srx_bytes_max: u32,
}

impl Defaults {
    /// Options of a request that says nothing.
    pub fn options(&self) -> Options {
        let preferences =
            Preferences { srx: self.srx.iter().cloned().collect(), ..Preferences::default() };
        Options { preferences, ..Options::default() }
    }
}

/// Reads the options at `field` of the request.
///
/// # Errors
/// An unknown enum value, a tag that is not BCP-47, encodings given twice, a form that is no word,
/// SRX that is not supported: a status that names the field.
pub fn options(
    given: &pb::SegmentationOptions,
    defaults: &Defaults,
    field: &str,
) -> Result<(Options, Presentation), Status> {
    let name = |suffix: &str| format!("{field}.{suffix}");
    let options = Options {
        language: language(&given.language_code, &name("language_code"))?,
        malformed: malformed_policy(given.malformed_policy, &name("malformed_policy"))?,
        explain: given.explain,
        details: details(given, &name("details"))?,
        segment_words_max: Some(given.segment_words_max).filter(|words| *words > 0),
        mask: mask_template(&given.mask_template, &name("mask_template"))?,
        packing: given
            .packing
            .as_ref()
            .map(|packing| self::packing(packing, &name("packing")))
            .transpose()?,
        newlines: newlines(given.newline_policy, &name("newline_policy"))?,
        preferences: preferences(given, defaults, field)?,
        ..Options::default()
    };
    Ok((options, presentation(given, field)?))
}

/// Reads the options at `options.segmentation` of a request that answers with something else than
/// units: what belongs to units is refused.
///
/// # Errors
/// As [`options`], and details, packing or a language given here.
pub fn plain_options(
    given: &pb::SegmentationOptions,
    defaults: &Defaults,
) -> Result<(Options, Presentation), Status> {
    let field = "options.segmentation";
    for (suffix, is_given) in [
        ("details", !given.details.is_empty()),
        ("packing", given.packing.is_some()),
        ("language_code", !given.language_code.is_empty()),
    ] {
        if is_given {
            return Err(status::invalid_field(
                &format!("{field}.{suffix}"),
                "NOT_ALLOWED_HERE",
                "this is given, but means nothing for this method; leave it out",
                &[],
            ));
        }
    }
    options(given, defaults, field)
}

/// Reads what units and segments are to carry.
fn details(given: &pb::SegmentationOptions, field: &str) -> Result<Details, Status> {
    let mut details = Details::default();
    for (index, detail) in given.details.iter().enumerate() {
        let field = format!("{field}[{index}]");
        if given.details.iter().take(index).any(|before| before == detail) {
            return Err(status::invalid_field(
                &field,
                "DETAIL_REPEATED",
                "this detail was already asked for; each may be named once",
                &[],
            ));
        }
        let wanted = match pb::Detail::try_from(*detail) {
            Ok(pb::Detail::Annotations) => &mut details.annotations,
            Ok(pb::Detail::Quotations) => &mut details.quotations,
            Ok(pb::Detail::Identities) => &mut details.identities,
            Ok(pb::Detail::SegmentLanguages) => &mut details.segment_languages,
            Ok(pb::Detail::MachineText) => &mut details.normal_text,
            Ok(pb::Detail::MaskedText) => &mut details.masked_text,
            Ok(pb::Detail::Counts) => &mut details.counts,
            Ok(pb::Detail::SegmentTypes) => &mut details.segment_types,
            Ok(pb::Detail::Warnings) => &mut details.warnings,
            Ok(pb::Detail::Positions) => &mut details.positions,
            Ok(pb::Detail::All) => {
                details = Details::ALL;
                continue;
            }
            Ok(pb::Detail::Unspecified) | Err(_) => {
                return Err(unknown_enum(&field, *detail, "1 to 11"));
            }
        };
        *wanted = true;
    }
    Ok(details)
}

/// Reads how placeholders look; empty is `{1}`.
fn mask_template(given: &str, field: &str) -> Result<MaskTemplate, Status> {
    if given.is_empty() {
        return Ok(MaskTemplate::default());
    }
    MaskTemplate::parse(given).ok_or_else(|| {
        status::invalid_field(
            field,
            "MALFORMED_MASK_TEMPLATE",
            &format!(
                "{:?} is no template of at most {} characters with {{n}} in it once and a sign, no letter, figure or space, on both sides of that; allowed are for example {{{{n}}}}, <x id=\"{{n}}\"/>",
                shown(given),
                MaskTemplate::CHARS_MAX
            ),
            &[],
        )
    })
}

/// Reads how segments are packed.
fn packing(given: &pb::PackingOptions, field: &str) -> Result<Packing, Status> {
    let name = |suffix: &str| format!("{field}.{suffix}");
    let bounded = |value: u32, least: u32, most: u32, suffix: &str| {
        if (least..=most).contains(&value) {
            return Ok(value);
        }
        Err(status::invalid_field(
            &name(suffix),
            "OUT_OF_RANGE",
            &format!("{value} given, {least} to {most} are allowed"),
            &[("given", value.to_string())],
        ))
    };
    let segments = |value: u32, suffix: &str| bounded(value, 0, Packing::SEGMENTS_MAX, suffix);
    Ok(Packing {
        budget: bounded(given.budget, Packing::BUDGET_MIN, Packing::BUDGET_MAX, "budget")?,
        unit: match pb::BudgetUnit::try_from(given.budget_unit) {
            Ok(pb::BudgetUnit::Unspecified | pb::BudgetUnit::Characters) => BudgetUnit::Characters,
            Ok(pb::BudgetUnit::Words) => BudgetUnit::Words,
            Ok(pb::BudgetUnit::Tokens) => BudgetUnit::Tokens,
            Err(_) => {
                return Err(unknown_enum(&name("budget_unit"), given.budget_unit, "0, 1, 2 or 3"));
            }
        },
        overlap_segments: segments(given.overlap_segments, "overlap_segments")?,
        context_before_segments: segments(
            given.context_before_segments,
            "context_before_segments",
        )?,
        context_after_segments: segments(given.context_after_segments, "context_after_segments")?,
        across_sections: given.across_sections,
        normal: given.machine_text,
    })
}

fn presentation(given: &pb::SegmentationOptions, field: &str) -> Result<Presentation, Status> {
    let name = |suffix: &str| format!("{field}.{suffix}");
    let unit = offset_unit(given.offset_encoding, &name("offset_encoding"))?;
    let mut additional = Vec::new();
    if given.additional_offset_encodings.len() > ADDITIONAL_ENCODINGS_MAX {
        return Err(status::invalid_field(
            &name("additional_offset_encodings"),
            "TOO_MANY_OFFSET_ENCODINGS",
            &format!(
                "{} encodings given, at most {ADDITIONAL_ENCODINGS_MAX} are allowed beside the first",
                given.additional_offset_encodings.len()
            ),
            &[],
        ));
    }
    for (index, encoding) in given.additional_offset_encodings.iter().enumerate() {
        let field = name(&format!("additional_offset_encodings[{index}]"));
        let further = offset_unit(*encoding, &field)?;
        if further == unit || additional.contains(&further) {
            return Err(status::invalid_field(
                &field,
                "OFFSET_ENCODING_REPEATED",
                "this encoding was already asked for; each may be named once",
                &[],
            ));
        }
        additional.push(further);
    }
    let events_per_message_max =
        usize::try_from(given.events_per_message_max).ok().filter(|count| *count > 0);
    Ok(Presentation {
        unit,
        additional,
        omit_text: given.omit_text,
        explain: given.explain,
        packs: given.packing.is_some(),
        events_per_message_max,
    })
}

/// What the client wants otherwise than the policy has it.
fn preferences(
    given: &pb::SegmentationOptions,
    defaults: &Defaults,
    field: &str,
) -> Result<Preferences, Status> {
    let no_break_forms = forms(&given.no_break_forms, &format!("{field}.no_break_forms"))?;
    let break_forms = forms(&given.break_forms, &format!("{field}.break_forms"))?;
    for (index, form) in given.break_forms.iter().enumerate() {
        if no_break_forms.has(form.strip_suffix('.').unwrap_or(form)) {
            return Err(status::invalid_field(
                &format!("{field}.break_forms[{index}]"),
                "FORM_IN_BOTH_LISTS",
                "this word is in no_break_forms as well; it may be in one of them",
                &[],
            ));
        }
    }
    let own = srx(&given.srx, defaults, &format!("{field}.srx"))?;
    Ok(Preferences {
        clauses: ClauseMarks {
            colon: given.break_after_colon,
            semicolon: given.break_after_semicolon,
        },
        whole_quotations: given.whole_quotations,
        no_break_forms,
        break_forms,
        srx: own.into_iter().chain(defaults.srx.iter().cloned()).collect(),
    })
}

fn forms(given: &[String], field: &str) -> Result<Forms, Status> {
    if given.len() > FORMS_MAX {
        return Err(status::invalid_field(
            field,
            "TOO_MANY_FORMS",
            &format!("{} words given, at most {FORMS_MAX} are allowed", given.len()),
            &[("given", given.len().to_string()), ("forms_max", FORMS_MAX.to_string())],
        ));
    }
    let mut forms = Forms::default();
    for (index, form) in given.iter().enumerate() {
        if !forms.insert(form) {
            return Err(status::invalid_field(
                &format!("{field}[{index}]"),
                "MALFORMED_FORM",
                &format!(
                    "{:?} is no word of 1 to {} characters without white space",
                    shown(form),
                    Forms::FORM_CHARS_MAX
                ),
                &[],
            ));
        }
    }
    Ok(forms)
}

/// Compiles the SRX of a request; empty is none.
fn srx(given: &str, defaults: &Defaults, field: &str) -> Result<Option<Arc<Srx>>, Status> {
    if given.is_empty() {
        return Ok(None);
    }
    let bytes_max = defaults.request_srx_bytes_max;
    if given.len() > bytes_max as usize {
        return Err(status::invalid_field(
            field,
            "SRX_TOO_LARGE",
            &format!("{} bytes given, at most {bytes_max} are allowed", given.len()),
            &[
                ("given_bytes", given.len().to_string()),
                ("request_srx_bytes_max", bytes_max.to_string()),
            ],
        ));
    }
    let limits = SrxLimits { bytes_max: bytes_max as usize, ..SrxLimits::REQUEST };
    match Srx::parse(given, SrxSource::Request, limits) {
        Ok(srx) => Ok(Some(Arc::new(srx))),
        Err(error) => Err(status::invalid_field(
            field,
            "SRX_NOT_SUPPORTED",
            &error.to_string(),
            &[("line", error.line.to_string())],
        )),
    }
}

fn malformed_policy(given: i32, field: &str) -> Result<MalformedPolicy, Status> {
    match pb::MalformedPolicy::try_from(given) {
        Ok(pb::MalformedPolicy::Unspecified | pb::MalformedPolicy::Reject) => {
            Ok(MalformedPolicy::Reject)
        }
        Ok(pb::MalformedPolicy::Replace) => Ok(MalformedPolicy::Replace),
        Err(_) => Err(unknown_enum(field, given, "0, 1 or 2")),
    }
}

fn newlines(given: i32, field: &str) -> Result<Newlines, Status> {
    match pb::NewlinePolicy::try_from(given) {
        Ok(pb::NewlinePolicy::Unspecified | pb::NewlinePolicy::Layout) => Ok(Newlines::Layout),
        Ok(pb::NewlinePolicy::BlockEnd) => Ok(Newlines::BlockEnd),
        Ok(pb::NewlinePolicy::Space) => Ok(Newlines::Space),
        Err(_) => Err(unknown_enum(field, given, "0, 1, 2 or 3")),
    }
}

/// Reads a charset label; empty is UTF-8.
///
/// # Errors
/// An unknown label: a status that names the field.
pub fn charset(label: &str, field: &str) -> Result<Charset, Status> {
    if label.is_empty() {
        return Ok(Charset::UTF_8);
    }
    Charset::for_label(label).ok_or_else(|| {
        status::invalid_field(
            field,
            "UNKNOWN_CHARSET",
            &format!("{:?} is no WHATWG encoding label; allowed are for example utf-8, windows-1252, iso-8859-1", shown(label)),
            &[],
        )
    })
}

/// Reads a language tag; empty is `None`.
///
/// # Errors
/// A tag that is not well-formed: a status that names the field.
pub fn language(tag: &str, field: &str) -> Result<Option<LanguageTag>, Status> {
    if tag.is_empty() {
        return Ok(None);
    }
    // `und` says nothing, so the language is detected.
    let parsed = LanguageTag::parse(tag).map(|tag| (!tag.is_undetermined()).then_some(tag));
    parsed.ok_or_else(|| {
        status::invalid_field(
            field,
            "MALFORMED_LANGUAGE_TAG",
            &format!(
                "{:?} is not a well-formed BCP-47 tag; allowed are for example it, it-CH, en",
                shown(tag)
            ),
            &[],
        )
    })
}

/// Checks a document id.
///
/// # Errors
/// An id over its limit: a status that names the field.
pub fn document_id(id: &str, field: &str) -> Result<(), Status> {
    if id.len() <= DOCUMENT_ID_BYTES_MAX {
        return Ok(());
    }
    Err(status::invalid_field(
        field,
        "DOCUMENT_ID_TOO_LONG",
        &format!("{} bytes given, at most {DOCUMENT_ID_BYTES_MAX} are allowed", id.len()),
        &[],
    ))
}

/// The bytes of a whole document with the options it is to be read by.
///
/// # Errors
/// Whatever of the document's own fields is not allowed: a status that names it under `field`. A
/// text over `document_bytes_max` is refused here, before any work; what is not UTF-8 is measured
/// as it is decoded.
pub fn document(
    given: pb::SourceDocument,
    options: &Options,
    document_bytes_max: u32,
    field: &str,
) -> Result<(bytes::Bytes, Options), Status> {
    let name = |suffix: &str| format!("{field}.{suffix}");
    document_id(&given.document_id, &name("document_id"))?;
    let declared = language(&given.language_code, &name("language_code"))?;
    let mut options = options.clone();
    options.language = declared.or(options.language);
    options.charset = charset(&given.charset, &name("charset"))?;
    let bytes = match given.source {
        None => {
            options.replaced = Some(false);
            bytes::Bytes::new()
        }
        Some(pb::source_document::Source::Text(text)) => {
            if !given.charset.is_empty() {
                return Err(status::invalid_field(
                    &name("charset"),
                    "CHARSET_OF_TEXT",
                    "a charset is given for `text`, which is UTF-8 by definition; use `content`, or leave it out",
                    &[],
                ));
            }
            options.replaced = Some(false);
            fits(text.len(), document_bytes_max, &name("text"))?;
            text.into_bytes().into()
        }
        Some(pb::source_document::Source::Content(content)) => {
            if options.charset == Charset::UTF_8 {
                fits(content.len(), document_bytes_max, &name("content"))?;
            }
            if options.malformed == MalformedPolicy::Replace {
                options.replaced = Some(options.charset.has_malformed(&content));
            }
            content.into()
        }
    };
    Ok((bytes, options))
}

fn fits(given: usize, document_bytes_max: u32, field: &str) -> Result<(), Status> {
    if given as u64 <= u64::from(document_bytes_max) {
        return Ok(());
    }
    Err(status::invalid_field(
        field,
        "DOCUMENT_TOO_LARGE",
        &format!(
            "{given} bytes given, at most {document_bytes_max} are allowed; send it by SegmentChunks"
        ),
        &[
            ("given_bytes", given.to_string()),
            ("document_bytes_max", document_bytes_max.to_string()),
        ],
    ))
}

fn offset_unit(encoding: i32, field: &str) -> Result<OffsetUnit, Status> {
    match pb::OffsetEncoding::try_from(encoding) {
        Ok(pb::OffsetEncoding::Unspecified | pb::OffsetEncoding::Utf8) => Ok(OffsetUnit::Utf8Byte),
        Ok(pb::OffsetEncoding::Utf16) => Ok(OffsetUnit::Utf16CodeUnit),
        Ok(pb::OffsetEncoding::Utf32) => Ok(OffsetUnit::ScalarValue),
        Err(_) => Err(unknown_enum(field, encoding, "0, 1, 2 or 3")),
    }
}

pub(super) fn unknown_enum(field: &str, given: i32, allowed: &str) -> Status {
    status::invalid_field(
        field,
        "UNKNOWN_ENUM_VALUE",
        &format!("{given} is not known to this server; allowed are {allowed}"),
        &[("given", given.to_string())],
    )
}

/// As much of a short option value as a message may show.
fn shown(value: &str) -> &str {
    value.get(..value.floor_char_boundary(40)).unwrap_or("")
}
