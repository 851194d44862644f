//! Export and Merge over real sockets: what they answer, and what they refuse.

use crate::cli::cesura;
use crate::errors::expect;
use crate::harness::*;
use crate::pages::seeds;
use cesura::server::Config;
use cesura::service::ServiceLimits;
use cesura::wire::pb;
use pb::exchange_service_client::ExchangeServiceClient;
use pb::export_request::Content;
use pb::merge_event::Event;
use pb::merge_request::Translation;
use std::collections::HashSet;
use tonic::transport::Channel;
use tonic::{Code, Status};

const PAGE: &str = "Vertice a Trieste\n\nIl Comune risponde da redazione@esempio.it a tutti.Il governo c’è.\n\n\
                    Leggi anche: Il porto riparte\n";

async fn client(config: Config) -> (Running, ExchangeServiceClient<Channel>) {
    let running = start(config).await;
    let client = ExchangeServiceClient::new(running.channel().await);
    (running, client)
}

fn request(text: &str) -> pb::SegmentDocumentRequest {
    pb::SegmentDocumentRequest { document: Some(text_document("d", text)), options: None }
}

fn export(format: pb::ExportFormat, text: &str) -> pb::ExportRequest {
    let content = Some(Content::Document(request(text)));
    pb::ExportRequest { format: format.into(), content, ..Default::default() }
}

/// The file, its media type, and in how many messages it came.
async fn exported(
    client: &mut ExchangeServiceClient<Channel>,
    request: pb::ExportRequest,
) -> Result<(String, String, usize), Status> {
    let mut stream = client.export(request).await?.into_inner();
    let (mut bytes, mut media_type, mut messages) = (Vec::new(), String::new(), 0);
    while let Some(response) = stream.message().await? {
        assert_eq!(messages == 0, !response.media_type.is_empty(), "said once, and first");
        assert_eq!(messages == 0, response.file_extension.starts_with('.'));
        media_type += &response.media_type;
        bytes.extend(response.content);
        messages += 1;
    }
    Ok((String::from_utf8(bytes).expect("all formats are UTF-8"), media_type, messages))
}

#[derive(Debug)]
struct Merged {
    head: pb::MergeHead,
    text: String,
    problems: Vec<pb::MergeProblem>,
    tail: pb::MergeTail,
}

async fn merged(
    client: &mut ExchangeServiceClient<Channel>,
    request: pb::MergeRequest,
) -> Result<Merged, Status> {
    let mut stream = client.merge(request).await?.into_inner();
    let (mut head, mut tail, mut bytes, mut problems) = (None, None, Vec::new(), Vec::new());
    while let Some(response) = stream.message().await? {
        assert!(!response.events.is_empty(), "a message holds at least one event");
        for event in response.events {
            assert!(tail.is_none(), "nothing follows the tail");
            match event.event.expect("an event") {
                Event::Head(one) => assert!(head.replace(one).is_none() && bytes.is_empty()),
                Event::Content(content) => bytes.extend(content),
                Event::Problem(problem) => problems.push(problem),
                Event::Tail(one) => tail = Some(one),
            }
        }
    }
    let text = String::from_utf8(bytes).expect("UTF-8");
    Ok(Merged { head: head.expect("a head"), text, problems, tail: tail.expect("a tail") })
}

fn merge(translation: Translation) -> pb::MergeRequest {
    pb::MergeRequest { translation: Some(translation), ..Default::default() }
}

fn number(segment: u32, text: &str) -> pb::SegmentTarget {
    let segment = Some(pb::segment_target::Segment::SegmentNumber(segment));
    pb::SegmentTarget { segment, text: text.to_owned() }
}

#[tokio::test]
async fn every_format_is_written_and_named() {
    let (_running, mut client) = client(Config::default()).await;
    let expected = [
        (pb::ExportFormat::Xliff21, "application/xliff+xml", "<segment id=\"s3\">"),
        (pb::ExportFormat::Xliff12, "application/x-xliff+xml", "<mrk mtype=\"seg\" mid=\"s3\">"),
        (pb::ExportFormat::Jsonl, "application/jsonl", "\"kind\":\"related_link\""),
        (pb::ExportFormat::Plain, "text/plain; charset=utf-8", "a tutti.\nIl governo c’è.\n"),
        (pb::ExportFormat::BackMap, "text/tab-separated-values", "\n3\t3\ts-"),
        (pb::ExportFormat::Conllu, "text/x-conllu; charset=utf-8", "\tc’\t_"),
    ];
    for (format, media_type, part) in expected {
        let (file, found, _) = exported(&mut client, export(format, PAGE)).await.expect("a file");
        assert_eq!(found, media_type);
        assert!(file.contains(part), "{format:?}: {file}");
    }
    let plain = exported(&mut client, export(pb::ExportFormat::Plain, PAGE)).await.expect("lines");
    assert_eq!(plain.0.lines().count(), 3, "the link is not to be translated");
}

#[tokio::test]
async fn seeds_come_back_over_the_wire() {
    let (_running, mut client) = client(Config::default()).await;
    for (_, text) in seeds() {
        for format in [pb::ExportFormat::Xliff21, pb::ExportFormat::Xliff12] {
            let (file, ..) = exported(&mut client, export(format, &text)).await.expect("a file");
            let request = merge(Translation::Xliff(file.into_bytes()));
            let merged = merged(&mut client, request).await.expect("our own file");
            assert_eq!(merged.text, text);
            assert_eq!(merged.head.document_id, "d");
            assert_eq!(merged.head.source_language_code, "it");
            assert_eq!(merged.tail.problem_count, merged.tail.translatable_segment_count);
        }
    }
}

#[tokio::test]
async fn targets_by_segment_keep_the_layout_and_bring_placeholders_back() {
    let (_running, mut client) = client(Config::default()).await;
    let targets = vec![
        number(3, "The government is there."),
        number(2, "Write to {1} today."),
        number(4, "Read also"),
        number(9, "nothing"),
        number(2, "again"),
    ];
    let request = merge(Translation::Segments(pb::SegmentTargets {
        document: Some(request(PAGE)),
        targets,
        masked: true,
        target_language_code: "EN".to_owned(),
    }));
    let merged = merged(&mut client, request).await.expect("a translation");
    assert_eq!(
        merged.text,
        "Vertice a Trieste\n\nWrite to redazione@esempio.it today.The government is there.\n\n\
         Leggi anche: Il porto riparte\n"
    );
    assert_eq!(merged.head.target_language_code, "en");
    use pb::MergeProblemKind as Kind;
    let found: HashSet<(Kind, u32)> =
        merged.problems.iter().map(|one| (one.kind(), one.segment_number)).collect();
    let expected = [
        (Kind::TargetMissing, 1),
        (Kind::TargetRepeated, 2),
        (Kind::TargetUnwanted, 4),
        (Kind::SegmentUnknown, 9),
    ];
    assert_eq!(found, expected.into_iter().collect());
    assert_eq!((merged.tail.segment_count, merged.tail.target_count), (4, 2));
}

#[tokio::test]
async fn lines_come_back_by_their_map() {
    let (_running, mut client) = client(Config::default()).await;
    let (map, ..) =
        exported(&mut client, export(pb::ExportFormat::BackMap, PAGE)).await.expect("a map");
    let lines = |map: &str, text: &str| {
        merge(Translation::Lines(pb::LineTargets {
            document: Some(text_document("d", PAGE)),
            back_map: map.to_owned(),
            text: text.to_owned(),
            target_language_code: String::new(),
        }))
    };
    let found = merged(&mut client, lines(&map, "One\nTwo.\nThree.\n")).await.expect("three lines");
    assert_eq!(found.text, "One\n\nTwo.Three.\n\nLeggi anche: Il porto riparte\n");
    let refused = merged(&mut client, lines(&map, "One\n")).await.expect_err("too few");
    expect(&refused, Code::InvalidArgument, "WRONG_NUMBER_OF_LINES", "lines.text");
    let refused = merged(&mut client, lines("line\n", "One\n")).await.expect_err("no map");
    expect(&refused, Code::InvalidArgument, "BACK_MAP_INVALID", "lines.back_map");
    let digest = map.replacen("source ", "source 0", 1);
    let refused = merged(&mut client, lines(&digest, "One\n")).await.expect_err("another");
    expect(&refused, Code::FailedPrecondition, "SOURCE_CHANGED", "");
}

#[tokio::test]
async fn tmx_holds_the_pairs_that_are_sure_enough() {
    let (_running, mut client) = client(Config::default()).await;
    let text = |text: &str| {
        let document = pb::given_text::Text::Document(text_document("d", text));
        Some(pb::GivenText { text: Some(document) })
    };
    let pair = |source: &str, target: &str| {
        Some(Content::Alignment(pb::AlignTextsRequest {
            source: text(source),
            target: text(target),
            options: None,
        }))
    };
    let tmx = |content, confidence_min| pb::ExportRequest {
        format: pb::ExportFormat::Tmx14.into(),
        content,
        tmx: Some(pb::TmxOptions { confidence_min }),
        ..Default::default()
    };
    let italian =
        "Vertice a Trieste\n\nIl governo è a Trieste – lo dice Röhm. Sono attesi 14 ministri.\n";
    let english = "Summit in Trieste\n\nThe government is in Trieste, says Röhm. 14 ministers are expected.\n";
    let (file, media_type, _) =
        exported(&mut client, tmx(pair(italian, english), 0.0)).await.expect("a memory");
    assert_eq!(media_type, "application/x-tmx+xml");
    let document = roxmltree::Document::parse(&file).expect("well-formed");
    let units = document.descendants().filter(|node| node.has_tag_name("tu"));
    let pairs: Vec<Vec<&str>> = units
        .map(|tu| {
            tu.descendants().filter(|n| n.has_tag_name("seg")).filter_map(|n| n.text()).collect()
        })
        .collect();
    assert_eq!(pairs[2], ["Sono attesi 14 ministri.", "14 ministers are expected."]);
    let (sure, ..) =
        exported(&mut client, tmx(pair(italian, english), 1.0)).await.expect("a memory");
    assert!(sure.matches("<tu ").count() < file.matches("<tu ").count());

    let german: Vec<&str> = include_str!("../bitext/06.it-de")
        .lines()
        .filter_map(|line| line.strip_prefix("> "))
        .collect();
    let (_, seed) = seeds().swap_remove(0);
    let refused = exported(&mut client, tmx(pair(&seed, &german.join("\n\n")), 0.0)).await.err();
    let refused = refused.expect("no translations of each other");
    expect(&refused, Code::FailedPrecondition, "NOT_PARALLEL", "");
    let refused = exported(&mut client, tmx(pair(italian, english), 1.5)).await.err();
    let refused = refused.expect("no confidence");
    expect(&refused, Code::InvalidArgument, "OUT_OF_RANGE", "tmx.confidence_min");
}

#[tokio::test]
async fn what_does_not_go_with_a_format_is_refused_by_name() {
    let (_running, mut client) = client(Config::default()).await;
    use pb::ExportFormat::{Jsonl, Plain, Tmx14, Unspecified, Xliff21};
    let with_options = |format, options| pb::ExportRequest {
        content: Some(Content::Document(pb::SegmentDocumentRequest {
            options: Some(options),
            ..request(PAGE)
        })),
        ..export(format, PAGE)
    };
    let alignment = || Some(Content::Alignment(pb::AlignTextsRequest::default()));
    let xliff = |xliff| pb::ExportRequest { xliff: Some(xliff), ..export(Xliff21, PAGE) };
    let options = pb::SegmentationOptions::default;
    let cases = [
        (export(Unspecified, PAGE), "UNKNOWN_ENUM_VALUE", "format"),
        (pb::ExportRequest { content: None, ..export(Plain, PAGE) }, "CONTENT_MISSING", "content"),
        (export(Tmx14, PAGE), "NOT_ALLOWED_HERE", "document"),
        (
            pb::ExportRequest { content: alignment(), ..export(Plain, PAGE) },
            "NOT_ALLOWED_HERE",
            "alignment",
        ),
        (
            pb::ExportRequest { xliff: Some(Default::default()), ..export(Jsonl, PAGE) },
            "NOT_ALLOWED_HERE",
            "xliff",
        ),
        (
            with_options(Plain, pb::SegmentationOptions { omit_text: true, ..options() }),
            "NOT_ALLOWED_HERE",
            "document.options.omit_text",
        ),
        (
            with_options(Xliff21, pb::SegmentationOptions { offset_encoding: 3, ..options() }),
            "NOT_ALLOWED_HERE",
            "document.options.offset_encoding",
        ),
        (
            with_options(Jsonl, pb::SegmentationOptions { language_code: "?".into(), ..options() }),
            "MALFORMED_LANGUAGE_TAG",
            "document.options.language_code",
        ),
        (
            xliff(pb::XliffOptions { target_size_percent_max: 1001, ..Default::default() }),
            "OUT_OF_RANGE",
            "xliff.target_size_percent_max",
        ),
        (
            xliff(pb::XliffOptions { protected_form: 9, ..Default::default() }),
            "UNKNOWN_ENUM_VALUE",
            "xliff.protected_form",
        ),
    ];
    for (request, reason, field) in cases {
        let refused = exported(&mut client, request).await.expect_err("refused");
        expect(&refused, Code::InvalidArgument, reason, field);
    }
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_by_name() {
    let (_running, mut client) = client(Config::default()).await;
    let refused = merged(&mut client, pb::MergeRequest::default()).await.expect_err("nothing");
    expect(&refused, Code::InvalidArgument, "TRANSLATION_MISSING", "translation");
    let file = Translation::Xliff(b"<xliff version='2.1'>\n<file".to_vec());
    let refused = merged(&mut client, merge(file)).await.expect_err("half a file");
    expect(&refused, Code::InvalidArgument, "XLIFF_INVALID", "xliff");
    assert!(refused.message().contains("line 2"), "{}", refused.message());
    let segments = |targets| {
        Translation::Segments(pb::SegmentTargets {
            document: Some(request(PAGE)),
            targets,
            ..Default::default()
        })
    };
    let nameless = pb::SegmentTarget { segment: None, text: "x".to_owned() };
    let refused = merged(&mut client, merge(segments(vec![nameless]))).await.expect_err("of what");
    expect(&refused, Code::InvalidArgument, "SEGMENT_MISSING", "segments.targets[0].segment");
    let strict = pb::MergeRequest {
        missing_target_policy: pb::MissingTargetPolicy::Refuse.into(),
        ..merge(segments(vec![number(1, "Summit")]))
    };
    let refused = merged(&mut client, strict).await.expect_err("one of three");
    expect(&refused, Code::FailedPrecondition, "TARGET_MISSING", "");
    let unknown = pb::MergeRequest { missing_placeholder_policy: 7, ..merge(segments(Vec::new())) };
    let refused = merged(&mut client, unknown).await.expect_err("no policy");
    expect(&refused, Code::InvalidArgument, "UNKNOWN_ENUM_VALUE", "missing_placeholder_policy");
}

/// A file leaves in pieces while the document is being read; what fails fails before the first.
#[tokio::test]
async fn long_files_come_in_pieces() {
    let (_running, mut client) = client(Config::default()).await;
    let text = PAGE.repeat(4000);
    let (file, _, messages) =
        exported(&mut client, export(pb::ExportFormat::Xliff21, &text)).await.expect("a file");
    assert!(messages > 10 && file.len() > text.len(), "{messages} messages");
    let bytes = bytes_document("d", b"buono \xff male", "");
    let document = pb::SegmentDocumentRequest { document: Some(bytes), options: None };
    let request = pb::ExportRequest {
        content: Some(Content::Document(document)),
        ..export(pb::ExportFormat::Xliff21, "")
    };
    let refused = exported(&mut client, request).await.expect_err("no UTF-8");
    expect(&refused, Code::InvalidArgument, "MALFORMED_TEXT", "document.document");
}

#[tokio::test]
async fn a_translation_stays_within_its_limit() {
    let limits = ServiceLimits { document_bytes_max: 1024, ..ServiceLimits::default() };
    let (_running, mut client) = client(Config { limits, ..Config::default() }).await;
    let long = number(1, &"x".repeat(9000));
    let request = merge(Translation::Segments(pb::SegmentTargets {
        document: Some(request("Ciao.")),
        targets: vec![long],
        ..Default::default()
    }));
    let refused = merged(&mut client, request).await.expect_err("eight times is enough");
    expect(&refused, Code::InvalidArgument, "TRANSLATION_TOO_LARGE", "translation");
}

/// What a run of the command line came to.
struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

fn run(arguments: &[&str], input: &str) -> Ran {
    let output = cesura(arguments, input);
    Ran {
        code: output.status.code().expect("no signal"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

#[test]
fn the_command_line_exports_and_merges() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("a.txt"), PAGE).expect("written");
    let (source, file, lines, map) = (path("a.txt"), path("a.xlf"), path("a.it"), path("a.map"));
    let ran = run(&["export", &source, "--format", "xliff", "--output", &file], "");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = run(&["merge", &file], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, PAGE), "{}", ran.stderr);
    assert!(ran.stderr.contains("0 of 3 segments translated; 3 problems"), "{}", ran.stderr);
    assert!(ran.stderr.contains("unit 1, segment 1: target missing"), "{}", ran.stderr);
    assert_eq!(run(&["merge", &file, "--strict"], "").code, 1);
    let ran = run(&["export", &source, "-f", "plain", "-o", &lines, "--back-map", &map], "");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = run(&["merge", &lines, "--source", &source, "--back-map", &map, "--strict"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, PAGE), "{}", ran.stderr);
    let targets = "{\"segment\":1,\"text\":\"Summit in Trieste\"}\n\n";
    let ran = run(&["merge", "-", "--source", &source], targets);
    assert!(ran.stdout.starts_with("Summit in Trieste\n\nIl Comune"), "{}", ran.stderr);
    let ran = run(&["merge", "-", "--source", &source], "{\"text\":\"x\"}\n");
    assert!(ran.code == 65 && ran.stderr.contains("-:1: one of segment and id"), "{}", ran.stderr);
}
