//! CompareDocuments over real sockets: what it answers and what it refuses.

use crate::cli::cesura;
use crate::errors::expect;
use crate::harness::*;
use crate::pages::seeds;
use cesura::server::Config;
use cesura::service::ServiceLimits;
use cesura::wire::pb;
use pb::comparison_event::Event;
use pb::comparison_service_client::ComparisonServiceClient;
use tonic::transport::Channel;
use tonic::{Code, Status};

const ONE: &str = "Ponte aperto\n\nIl sindaco Brunelli ha inaugurato il ponte di Vallescura dopo 14 mesi di \
                   lavori. «Il ponte è di tutti, abbiatene cura», ha detto Brunelli.\n";
const OTHER: &str = "Vallescura, inaugurato il ponte\n\nMolti curiosi nonostante la pioggia. Il primo \
                     cittadino Brunelli: \"Questo ponte è di tutti, abbiatene cura\".\n";

async fn client(config: Config) -> (Running, ComparisonServiceClient<Channel>) {
    let running = start(config).await;
    let client = ComparisonServiceClient::new(running.channel().await);
    (running, client)
}

fn document(id: &str, text: &str) -> pb::GivenText {
    pb::GivenText { text: Some(pb::given_text::Text::Document(text_document(id, text))) }
}

async fn compared(
    client: &mut ComparisonServiceClient<Channel>,
    documents: Vec<pb::GivenText>,
    options: pb::ComparisonOptions,
) -> Result<Vec<Event>, Status> {
    let request = pb::CompareDocumentsRequest { documents, options: Some(options) };
    let mut stream = client.compare_documents(request).await?.into_inner();
    let mut events = Vec::new();
    while let Some(response) = stream.message().await? {
        assert!(!response.events.is_empty(), "a message holds at least one event");
        events.extend(response.events.into_iter().filter_map(|event| event.event));
    }
    Ok(events)
}

fn groups(events: &[Event]) -> Vec<&pb::ComparisonGroup> {
    events
        .iter()
        .filter_map(|event| if let Event::Group(group) = event { Some(group) } else { None })
        .collect()
}

#[tokio::test]
async fn a_shared_quotation_is_found_with_its_place_in_both() {
    let (_running, mut client) = client(Config::default()).await;
    let segmentation = pb::SegmentationOptions {
        offset_encoding: pb::OffsetEncoding::Utf32.into(),
        additional_offset_encodings: vec![pb::OffsetEncoding::Utf8.into()],
        ..pb::SegmentationOptions::default()
    };
    let options = pb::ComparisonOptions {
        segmentation: Some(segmentation),
        pairs: true,
        ..pb::ComparisonOptions::default()
    };
    let documents = vec![document("a", ONE), document("b", OTHER)];
    let events = compared(&mut client, documents, options).await.expect("compared");
    let quotation = groups(&events)
        .into_iter()
        .find(|group| group.kind() == pb::ComparisonKind::Quotation)
        .expect("the quotation");
    assert_eq!(quotation.members.len(), 2);
    for (member, text) in quotation.members.iter().zip([ONE, OTHER]) {
        let span = member.span.as_ref().expect("a place");
        let letters: Vec<char> = text.chars().collect();
        let segment: String = letters[span.start as usize..span.end as usize].iter().collect();
        assert_eq!(segment, member.text);
        let stretch = member.quotation.as_ref().expect("a quotation");
        let said: String = letters[stretch.start as usize..stretch.end as usize].iter().collect();
        assert!(said.contains("ponte è di tutti, abbiatene cura"), "{said}");
        let bytes = &stretch.alternatives[0];
        assert_eq!(&text[bytes.start as usize..bytes.end as usize], said);
    }
    assert!(matches!(&events[0], Event::Head(head) if head.documents.len() == 2));
    assert!(events.iter().any(|event| matches!(event, Event::Tie(tie) if tie.score > 0.5)));
    assert!(events.iter().any(|event| matches!(event, Event::Pair(_))));
    let shares = events.iter().filter(|event| matches!(event, Event::Share(_))).count();
    assert_eq!(shares, 2);
    assert!(matches!(events.last(), Some(Event::Tail(tail)) if tail.group_count >= 1));
}

#[tokio::test]
async fn the_seeds_share_what_they_share() {
    let (_running, mut client) = client(Config::default()).await;
    let documents: Vec<pb::GivenText> =
        seeds().iter().map(|(name, text)| document(name, text)).collect();
    let events = compared(&mut client, documents.clone(), pb::ComparisonOptions::default())
        .await
        .expect("compared");
    let says = |member: &pb::GroupMember, document: u32, words: &str| {
        member.document == document && member.text.contains(words)
    };
    let struggle = "lotta contro l’imperialismo";
    let found = groups(&events).iter().any(|group| {
        group.kind() == pb::ComparisonKind::Quotation
            && group.members.iter().any(|member| says(member, 0, struggle))
            && group.members.iter().any(|member| says(member, 1, struggle))
    });
    assert!(found, "the quotation about the struggle against imperialism");
    // 000, 001 and 003 tell of the visit of 2023, 002 and 004 of that of 2024.
    for group in groups(&events) {
        let years: Vec<bool> =
            group.members.iter().map(|member| [2, 4].contains(&member.document)).collect();
        let apart = years.iter().all(|year| *year == years[0]);
        assert!(apart || group.kind() != pb::ComparisonKind::Statement, "{group:?}");
    }
    // The order of the documents changes their numbers and nothing else.
    let mut turned = documents;
    turned.reverse();
    let back =
        compared(&mut client, turned, pb::ComparisonOptions::default()).await.expect("compared");
    let key = |group: &pb::ComparisonGroup, turn: bool| {
        let mut places: Vec<(u32, u32)> = group
            .members
            .iter()
            .map(|one| (if turn { 4 - one.document } else { one.document }, one.segment))
            .collect();
        places.sort_unstable();
        (places, group.kind, group.score.to_bits())
    };
    let mut forth: Vec<_> = groups(&events).into_iter().map(|group| key(group, false)).collect();
    let mut back: Vec<_> = groups(&back).into_iter().map(|group| key(group, true)).collect();
    forth.sort();
    back.sort();
    assert_eq!(forth, back);
}

#[tokio::test]
async fn what_cannot_be_compared_is_refused_by_name() {
    let limits = ServiceLimits {
        compare_documents_max: 3,
        compare_segments_max: 6,
        ..ServiceLimits::default()
    };
    let (_running, mut client) = client(Config { limits, ..Config::default() }).await;
    let none = pb::ComparisonOptions::default;
    let short = || document("a", "Uno va. Lei no.");
    let long = || document("b", "Uno va. Lei no. Poi tornano. Ecco tutto.");
    let cases = [
        (vec![short()], none(), "WRONG_NUMBER_OF_DOCUMENTS", "documents"),
        (vec![short(); 4], none(), "WRONG_NUMBER_OF_DOCUMENTS", "documents"),
        (vec![short(), pb::GivenText { text: None }], none(), "TEXT_MISSING", "documents[1]"),
        (vec![long(), long()], none(), "TOO_MANY_SEGMENTS", "documents[1]"),
        (
            vec![short(), short()],
            pb::ComparisonOptions { score_min: f32::NAN, ..none() },
            "OUT_OF_RANGE",
            "options.score_min",
        ),
    ];
    for (documents, options, reason, field) in cases {
        let status = compared(&mut client, documents, options).await.expect_err(reason);
        expect(&status, Code::InvalidArgument, reason, field);
    }
}

#[test]
fn the_command_line_compares_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let (one, other) = (file("a.txt", ONE), file("b.txt", OTHER));
    let run = |arguments: &[&str]| {
        let output = cesura(&[&["compare", &one, &other], arguments].concat(), "");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let table = run(&[]);
    assert!(table.contains("quotation") && table.contains("b.txt"), "{table}");
    let lines = run(&["--format", "jsonl", "--pairs"]);
    let records: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(records.iter().any(|record| record["event"] == "pair"));
    assert_eq!(records.last().expect("a tail")["document_count"], 2);
    let page = run(&["--format", "html"]);
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let parsed = roxmltree::Document::parse_with_options(&page, options).expect("well-formed");
    let marked = parsed.descendants().any(|node| {
        node.attribute("class") == Some("quotation")
            && node.text().is_some_and(|t| t.contains("tutti"))
    });
    assert!(marked, "{page}");
    let output = cesura(&["compare", &one], "");
    assert_eq!(output.status.code(), Some(2));
}
