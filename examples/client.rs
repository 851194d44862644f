//! Segments files over gRPC, checks that nothing of them is lost, and says what they have in common:
//! `cargo run --example client -- http://127.0.0.1:50051 seeds/*.txt`.

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use cesura::wire::pb;
use pb::comparison_event::Event as Compared;
use pb::comparison_service_client::ComparisonServiceClient;
use pb::document_event::Event;
use pb::given_text::Text;
use pb::segment_chunks_request::Item;
use pb::segmentation_service_client::SegmentationServiceClient;
use pb::source_document::Source;
use std::error::Error;
use std::time::Duration;
use tonic::transport::{Channel, Endpoint};
use tonic_types::StatusExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("usage: client URL FILE…")?;
    let mut texts = Vec::new();
    for path in arguments {
        texts.push((std::fs::read_to_string(&path)?, path));
    }
    let channel = Endpoint::from_shared(url)?
        .connect_timeout(Duration::from_secs(5))
        // A connection whose other end is gone is noticed in the middle of a call.
        .http2_keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10))
        .connect()
        .await?;
    for (text, path) in &texts {
        segment(&channel, text, path).await?;
    }
    compare(&channel, &texts).await?;
    refusal(&channel).await
}

/// Sends a text in chunks and checks that what comes back is the text, byte for byte.
async fn segment(channel: &Channel, text: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let start = pb::DocumentStart { document_id: path.to_owned(), ..Default::default() };
    let chunks: Vec<Vec<u8>> = text.as_bytes().chunks(32 << 10).map(<[u8]>::to_vec).collect();
    // Without `end` the document would count as abandoned.
    let items = std::iter::once(Item::Start(start))
        .chain(chunks.into_iter().map(Item::Chunk))
        .chain([Item::End(pb::DocumentEnd {})]);
    let requests: Vec<_> =
        items.map(|item| pb::SegmentChunksRequest { item: Some(item) }).collect();
    let mut client = SegmentationServiceClient::new(channel.clone());
    let mut stream = client.segment_chunks(tokio_stream::iter(requests)).await?.into_inner();
    let (mut joined, mut segments, mut whole) = (String::new(), 0, false);
    while let Some(message) = stream.message().await? {
        for event in message.events.into_iter().filter_map(|event| event.event) {
            whole |= matches!(event, Event::Tail(_));
            if let Event::Unit(unit) = &event {
                segments += unit.segments.len();
            }
            for (span, said) in pieces(event) {
                let range = span.start as usize..span.end as usize;
                if range.start != joined.len() || text.get(range) != Some(&said) {
                    return Err(format!("{path}: {span:?} is another text").into());
                }
                joined.push_str(&said);
            }
        }
    }
    if !whole || joined != text || segments == 0 {
        return Err(format!("{path}: the answer is not whole").into());
    }
    println!("{path}: {segments} segments, {} bytes back byte for byte", joined.len());
    Ok(())
}

/// What an event says of the document, in order.
fn pieces(event: Event) -> Vec<(pb::Span, String)> {
    let mut pieces: Vec<(Option<pb::Span>, String)> = match event {
        Event::Skeleton(skeleton) => vec![(skeleton.span, skeleton.text)],
        Event::Unit(unit) => {
            let segments = unit.segments.into_iter().map(|segment| (segment.span, segment.text));
            let ignorables =
                unit.ignorables.into_iter().map(|between| (between.span, between.text));
            segments.chain(ignorables).collect()
        }
        _ => Vec::new(),
    };
    pieces.sort_by_key(|(span, _)| span.as_ref().map_or(0, |span| span.start));
    pieces.into_iter().map(|(span, text)| (span.unwrap_or_default(), text)).collect()
}

/// Says how many statements the texts share, and checks where they stand.
async fn compare(channel: &Channel, texts: &[(String, String)]) -> Result<(), Box<dyn Error>> {
    let documents = texts.iter().map(|(text, path)| pb::GivenText {
        text: Some(Text::Document(pb::SourceDocument {
            document_id: path.clone(),
            source: Some(Source::Text(text.clone())),
            ..Default::default()
        })),
    });
    let request = pb::CompareDocumentsRequest { documents: documents.collect(), options: None };
    let mut client = ComparisonServiceClient::new(channel.clone());
    let mut stream = client.compare_documents(request).await?.into_inner();
    let mut groups = 0;
    while let Some(message) = stream.message().await? {
        for event in message.events {
            let Some(Compared::Group(group)) = event.event else { continue };
            groups += 1;
            for member in group.members {
                let span = member.span.unwrap_or_default();
                let text = texts.get(member.document as usize).map_or("", |(text, _)| text);
                if text.get(span.start as usize..span.end as usize) != Some(&member.text) {
                    return Err(format!("group {}: {span:?} is another text", group.number).into());
                }
            }
        }
    }
    println!("{} articles have {groups} groups of segments in common", texts.len());
    Ok(())
}

/// A refusal says for programs, too, what was wrong.
async fn refusal(channel: &Channel) -> Result<(), Box<dyn Error>> {
    let mut client = SegmentationServiceClient::new(channel.clone());
    let nothing = pb::DetectLanguageRequest::default();
    let Err(status) = client.detect_language(nothing).await else {
        return Err("no texts have no language".into());
    };
    let details = status.get_error_details();
    let reason = details.error_info().map_or("", |info| &info.reason);
    let bad = details.bad_request().and_then(|bad| bad.field_violations.first());
    println!("no texts: {reason}, field {}", bad.map_or("", |violation| &violation.field));
    Ok(())
}
