//! AlignTexts over real sockets: what it answers, what it refuses, and that it stops.

use crate::cli::cesura;
use crate::errors::expect;
use crate::harness::*;
use cesura::server::Config;
use cesura::service::ServiceLimits;
use cesura::wire::pb;
use pb::alignment_event::Event;
use pb::alignment_service_client::AlignmentServiceClient;
use std::time::Duration;
use tonic::transport::Channel;
use tonic::{Code, Status};

const ITALIAN: &str = "Vertice a Trieste\n\nIl governo è a Trieste – lo dice Röhm. Sono attesi 14 \
                       ministri.\n\nLeggi anche: Il porto riparte\n";
const ENGLISH: &str = "Summit in Trieste\n\nThe government is in Trieste, says Röhm. 14 ministers \
                       are expected.\n\nRead also: Other matters\n";

async fn client(config: Config) -> (Running, AlignmentServiceClient<Channel>) {
    let running = start(config).await;
    let client = AlignmentServiceClient::new(running.channel().await);
    (running, client)
}

fn document(text: &str) -> Option<pb::GivenText> {
    let document = pb::given_text::Text::Document(text_document("d", text));
    Some(pb::GivenText { text: Some(document) })
}

fn ready(texts: &[&str]) -> Option<pb::GivenText> {
    let segments = texts
        .iter()
        .map(|text| pb::ReadySegment { text: (*text).to_owned(), ..pb::ReadySegment::default() });
    let segments =
        pb::ReadySegments { segments: segments.collect(), ..pb::ReadySegments::default() };
    Some(pb::GivenText { text: Some(pb::given_text::Text::Segments(segments)) })
}

async fn aligned(
    client: &mut AlignmentServiceClient<Channel>,
    request: pb::AlignTextsRequest,
) -> Result<Vec<Event>, Status> {
    let mut stream = client.align_texts(request).await?.into_inner();
    let mut events = Vec::new();
    while let Some(response) = stream.message().await? {
        assert!(!response.events.is_empty(), "a message holds at least one event");
        events.extend(response.events.into_iter().filter_map(|event| event.event));
    }
    Ok(events)
}

fn beads(events: &[Event]) -> Vec<&pb::Bead> {
    events
        .iter()
        .filter_map(|event| if let Event::Bead(bead) = event { Some(bead) } else { None })
        .collect()
}

#[tokio::test]
async fn documents_are_aligned_with_spans_in_both() {
    let (_running, mut client) = client(Config::default()).await;
    let segmentation = pb::SegmentationOptions {
        offset_encoding: pb::OffsetEncoding::Utf32.into(),
        additional_offset_encodings: vec![pb::OffsetEncoding::Utf8.into()],
        ..pb::SegmentationOptions::default()
    };
    let request = pb::AlignTextsRequest {
        source: document(ITALIAN),
        target: document(ENGLISH),
        options: Some(pb::AlignmentOptions {
            segmentation: Some(segmentation),
            ..pb::AlignmentOptions::default()
        }),
    };
    let events = aligned(&mut client, request).await.expect("aligned");
    let Some(Event::Head(head)) = events.first() else { panic!("the head is first") };
    let language = |side: &Option<pb::TextSummary>| {
        side.clone().expect("a side").language.expect("a language").language_code
    };
    assert_eq!((language(&head.source), language(&head.target)), ("it".into(), "en".into()));
    let Some(Event::Tail(tail)) = events.last() else { panic!("the tail is last") };
    assert!(tail.parallel);
    let beads = beads(&events);
    assert_eq!(tail.bead_count as usize, beads.len());
    for (side_of, text) in [
        ((|bead| bead.source.as_ref()) as fn(&pb::Bead) -> Option<&pb::BeadSide>, ITALIAN),
        (|bead| bead.target.as_ref(), ENGLISH),
    ] {
        let letters: Vec<char> = text.chars().collect();
        let mut next = 0;
        for side in beads.iter().filter_map(|bead| side_of(bead)) {
            assert_eq!(
                side.segments,
                (next..next + side.segments.len() as u32).collect::<Vec<_>>()
            );
            next += side.segments.len() as u32;
            let Some(span) = &side.span else { continue };
            let found: String = letters[span.start as usize..span.end as usize].iter().collect();
            assert_eq!(found, side.texts.join(" "));
            let bytes = &span.alternatives[0];
            assert_eq!(&text[bytes.start as usize..bytes.end as usize], found);
        }
        assert!(next >= 4);
    }
    let second = beads[1];
    assert_eq!(second.source.as_ref().expect("a side").kind(), pb::BlockKind::Paragraph);
    assert!(second.evidence.iter().any(|one| one.reason() == pb::BeadReason::Dictionary));
    assert!(second.score > 0.0 && second.confidence > 0.3, "{second:?}");
}

#[tokio::test]
async fn ready_segments_are_aligned_as_they_are() {
    let (_running, mut client) = client(Config::default()).await;
    let request = pb::AlignTextsRequest {
        source: ready(&["Kim è a Mosca. Resta 3 giorni.", "Poi parte."]),
        target: ready(&["Kim is in Moscow.", "He stays 3 days.", "Then he leaves."]),
        options: None,
    };
    let events = aligned(&mut client, request).await.expect("aligned");
    let first = beads(&events)[0].clone();
    assert_eq!(first.source.expect("a side").segments, [0]);
    let target = first.target.expect("a side");
    assert_eq!((target.segments.as_slice(), target.span), ([0, 1].as_slice(), None));
}

#[tokio::test]
async fn texts_that_have_nothing_to_do_with_each_other_stay_apart() {
    let (_running, mut client) = client(Config::default()).await;
    let seed = |name: &str| std::fs::read_to_string(format!("seeds/{name}")).expect("a seed");
    let english = include_str!("../bitext/05.it-en");
    let english: Vec<&str> = english.lines().filter_map(|line| line.strip_prefix("> ")).collect();
    let request = pb::AlignTextsRequest {
        source: document(&seed("002_ba58efed2f2f0b1f.txt")),
        target: ready(&english),
        options: None,
    };
    let events = aligned(&mut client, request).await.expect("aligned");
    let Some(Event::Tail(tail)) = events.last() else { panic!("the tail is last") };
    assert!(!tail.parallel && tail.joined_bead_count == 0, "{tail:?}");
}

#[tokio::test]
async fn what_cannot_be_aligned_is_refused_by_name() {
    let limits = ServiceLimits {
        align_segments_max: 3,
        dictionary_pairs_max: 1,
        ..ServiceLimits::default()
    };
    let (_running, mut client) = client(Config { limits, ..Config::default() }).await;
    let plain = |source, target| pb::AlignTextsRequest { source, target, options: None };
    let with = |options| pb::AlignTextsRequest {
        options: Some(options),
        ..plain(document("A."), document("B."))
    };
    let segmentation = |segmentation| {
        with(pb::AlignmentOptions { segmentation: Some(segmentation), ..Default::default() })
    };
    let words = |pairs: &[(&str, &str)]| {
        let pair = |(source, target): &(&str, &str)| pb::WordPair {
            source: (*source).to_owned(),
            target: (*target).to_owned(),
        };
        with(pb::AlignmentOptions {
            dictionary: pairs.iter().map(pair).collect(),
            ..Default::default()
        })
    };
    let mut unknown = ready(&["A."]);
    if let Some(pb::given_text::Text::Segments(segments)) =
        unknown.as_mut().and_then(|side| side.text.as_mut())
    {
        segments.segments[0].kind = 77;
    }
    let cases = [
        (plain(None, document("B.")), "TEXT_MISSING", "source"),
        (plain(ready(&["A."; 4]), document("B.")), "TOO_MANY_SEGMENTS", "source.segments.segments"),
        (
            plain(document("A."), document("Uno va. Due va. Tre va. Lei no.")),
            "TOO_MANY_SEGMENTS",
            "target.document",
        ),
        (plain(document("A."), unknown), "UNKNOWN_ENUM_VALUE", "target.segments.segments[0].kind"),
        (words(&[("a", "b"), ("c", "d")]), "TOO_MANY_WORD_PAIRS", "options.dictionary"),
        (words(&[("a", "two words")]), "MALFORMED_WORD", "options.dictionary[0].target"),
        (
            segmentation(pb::SegmentationOptions { details: vec![1], ..Default::default() }),
            "NOT_ALLOWED_HERE",
            "options.segmentation.details",
        ),
        (
            segmentation(pb::SegmentationOptions { offset_encoding: 9, ..Default::default() }),
            "UNKNOWN_ENUM_VALUE",
            "options.segmentation.offset_encoding",
        ),
    ];
    for (request, reason, field) in cases {
        let status = aligned(&mut client, request).await.expect_err(reason);
        expect(&status, Code::InvalidArgument, reason, field);
    }
    let empty = aligned(&mut client, plain(document(""), document("B."))).await.expect("aligned");
    assert_eq!(beads(&empty).len(), 1);
}

/// A pair that takes seconds: names in no order, so that the corridor stays wide.
fn long_pair() -> pb::AlignTextsRequest {
    let texts = |salt: usize| -> Vec<String> {
        let word = |n: usize| char::from(b'a' + (n % 26) as u8).to_string().repeat(2 + n % 5);
        (0..8_000)
            .map(|n| (0..20).map(|k| word(n * salt + k * k) + " ").collect::<String>())
            .collect()
    };
    let (source, target) = (texts(7), texts(11));
    let side = |texts: &[String]| ready(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    pb::AlignTextsRequest { source: side(&source), target: side(&target), options: None }
}

#[tokio::test]
async fn a_cancelled_call_frees_its_worker() {
    let (_running, mut client) = client(Config::default()).await;
    let workers = std::thread::available_parallelism().map_or(1, |count| count.get());
    // One call more than there are workers: the last could only begin when others have stopped.
    for _ in 0..=workers {
        let mut request = tonic::Request::new(long_pair());
        request.set_timeout(Duration::from_millis(300));
        let status = client.align_texts(request).await.expect_err("too short a time");
        assert!(matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled), "{status:?}");
    }
    let request = pb::AlignTextsRequest {
        source: document(ITALIAN),
        target: document(ENGLISH),
        options: None,
    };
    let events = aligned(&mut client, request).await.expect("a worker is free");
    assert!(events.len() > 3);
}

#[test]
fn the_command_line_aligns_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let (source, target) = (file("a.txt", ITALIAN), file("b.txt", ENGLISH));
    let run = |arguments: &[&str]| {
        let output = cesura(&[&["align", &source, &target], arguments].concat(), "");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let table = run(&[]);
    assert!(
        table.lines().any(|l| l.contains("14 ministri") && l.contains("14 ministers")),
        "{table}"
    );
    let lines = run(&["--format", "jsonl"]);
    let records: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(records[0]["event"], "head");
    assert_eq!(records[1]["source"]["kind"], "headline");
    assert_eq!(records.last().expect("a tail")["parallel"], true);
    let page = run(&["--format", "html"]);
    roxmltree::Document::parse_with_options(
        &page,
        roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() },
    )
    .expect("well-formed");
    assert!(page.contains("Il governo è a Trieste"));

    let words = file("words.tsv", "# pairs\nvertice\tsummit\nbroken\n");
    let output = cesura(&["align", &source, &target, "--dictionary", &words], "");
    assert_eq!(output.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&output.stderr).contains("words.tsv:3"), "{output:?}");
}
