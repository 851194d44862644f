//! What a caller may want otherwise than the policy has it, over real sockets.

use crate::harness::*;
use crate::srx::file;
use cesura::server::Config;
use cesura::server::srx_file::SrxFile;
use cesura::wire::pb;
use std::io::Write;
use tonic::Code;
use tonic_types::StatusExt;

/// Text and deciding rule of each segment.
async fn segmented(
    running: &Running,
    text: &str,
    options: pb::SegmentationOptions,
) -> Vec<(String, String)> {
    let options = pb::SegmentationOptions { explain: true, ..options };
    let document = text_document("a", text);
    let events = by_document(&mut running.client().await, document, options).await.expect("whole");
    let units = events.into_iter().filter_map(|event| match event.event {
        Some(pb::document_event::Event::Unit(unit)) => Some(unit),
        _ => None,
    });
    units.flat_map(|unit| unit.segments).map(|segment| (segment.text, segment.rule_id)).collect()
}

async fn texts(text: &str, options: pb::SegmentationOptions) -> Vec<String> {
    let running = start(Config::default()).await;
    segmented(&running, text, options).await.into_iter().map(|(text, _)| text).collect()
}

#[tokio::test]
async fn a_line_end_is_what_the_caller_says() {
    let text = "Il premier ha parlato\na lungo. Poi\nÈ partito.\n\nFine";
    let by = async |policy: pb::NewlinePolicy| {
        let newline_policy = policy.into();
        texts(text, pb::SegmentationOptions { newline_policy, ..Default::default() }).await
    };
    assert_eq!(
        by(pb::NewlinePolicy::Layout).await,
        ["Il premier ha parlato\na lungo.", "Poi", "È partito.", "Fine"]
    );
    assert_eq!(
        by(pb::NewlinePolicy::BlockEnd).await,
        ["Il premier ha parlato", "a lungo.", "Poi", "È partito.", "Fine"]
    );
    assert_eq!(
        by(pb::NewlinePolicy::Space).await,
        ["Il premier ha parlato\na lungo.", "Poi\nÈ partito.", "Fine"]
    );
}

#[tokio::test]
async fn words_that_end_a_segment_or_never_do() {
    let options = pb::SegmentationOptions {
        no_break_forms: vec!["dist.".to_owned(), "Alfa".to_owned()],
        break_forms: vec!["ecc".to_owned()],
        ..Default::default()
    };
    assert_eq!(
        texts("Il Dist. Nord e Alfa. Beta, ecc. e poi. È alfa. Beta.", options).await,
        ["Il Dist. Nord e Alfa. Beta, ecc.", "e poi.", "È alfa.", "Beta."]
    );
}

#[tokio::test]
async fn a_quotation_may_be_kept_whole() {
    let text = "Rossi: «Sono stanco. Vado via». Poi esce. «Mai chiusa. E allora?";
    let options = pb::SegmentationOptions { whole_quotations: true, ..Default::default() };
    assert_eq!(
        texts(text, options).await,
        ["Rossi: «Sono stanco. Vado via».", "Poi esce.", "«Mai chiusa.", "E allora?"]
    );
}

#[tokio::test]
async fn choices_that_make_no_sense_are_refused_by_name() {
    let running = start(Config::default()).await;
    let forms = |forms: &[&str]| forms.iter().map(|form| (*form).to_owned()).collect::<Vec<_>>();
    let none = pb::SegmentationOptions::default;
    let cases = [
        (
            pb::SegmentationOptions { newline_policy: 7, ..none() },
            "UNKNOWN_ENUM_VALUE",
            "options.newline_policy",
        ),
        (
            pb::SegmentationOptions { no_break_forms: forms(&["a", "op. cit."]), ..none() },
            "MALFORMED_FORM",
            "options.no_break_forms[1]",
        ),
        (
            pb::SegmentationOptions { break_forms: forms(&["."]), ..none() },
            "MALFORMED_FORM",
            "options.break_forms[0]",
        ),
        (
            pb::SegmentationOptions { break_forms: vec!["x".to_owned(); 1001], ..none() },
            "TOO_MANY_FORMS",
            "options.break_forms",
        ),
        (
            pb::SegmentationOptions {
                break_forms: forms(&["ecc."]),
                no_break_forms: forms(&["ecc"]),
                ..none()
            },
            "FORM_IN_BOTH_LISTS",
            "options.break_forms[0]",
        ),
        (
            pb::SegmentationOptions { srx: file(&[("no", "(?=x)", "")]), ..none() },
            "SRX_NOT_SUPPORTED",
            "options.srx",
        ),
        (
            pb::SegmentationOptions { srx: " ".repeat((64 << 10) + 1), ..none() },
            "SRX_TOO_LARGE",
            "options.srx",
        ),
    ];
    for (options, reason, field) in cases {
        let document = text_document("a", "Testo.");
        let status = by_document(&mut running.client().await, document, options).await;
        let status = status.expect_err(field);
        let info = status.get_error_details().error_info().expect("a reason").reason.clone();
        assert_eq!((status.code(), info.as_str()), (Code::InvalidArgument, reason), "{status:?}");
        assert!(status.message().starts_with(field), "{status:?}");
    }
}

#[tokio::test]
async fn rules_come_with_the_request_or_with_the_server() {
    let mut own = tempfile::NamedTempFile::new().expect("a temporary file");
    own.write_all(file(&[("yes", ",", r"\s"), ("yes", ";", r"\s")]).as_bytes()).expect("written");
    let srx = SrxFile::read(Some(own.path().to_owned())).expect("supported");
    let running = start(Config { srx, ..Config::default() }).await;
    let text = "Il dott. Rossi, primario; poi basta. Ecco.";
    let asked = |srx: String| pb::SegmentationOptions { srx, explain: true, ..Default::default() };
    let found = segmented(&running, text, asked(String::new())).await;
    let found: Vec<_> = found.iter().map(|(text, rule)| (text.as_str(), rule.as_str())).collect();
    assert_eq!(
        found,
        [
            ("Il dott. Rossi,", "srx.server.line-4"),
            ("primario;", "srx.server.line-5"),
            ("poi basta.", "latin.default.capital"),
            ("Ecco.", "layout.block-end"),
        ]
    );
    let found = segmented(&running, text, asked(file(&[("no", ";", "")]))).await;
    let found: Vec<_> = found.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(found, ["Il dott. Rossi,", "primario; poi basta.", "Ecco."]);
}
