//! The library in this process: what the work costs without any server, up to the encoded message.

use cesura::wire::from_proto::{self, Defaults};
use cesura::wire::{Presenter, pb};
use cesura::{Limits, Segmenter};
use prost::Message;

/// Segments a text as the service does for a request without options, makes the messages and
/// encodes them; gives back how many bytes that is.
pub fn answer(text: &str) -> usize {
    let given = pb::SegmentationOptions::default();
    let read = from_proto::options(&given, &Defaults::default(), "options");
    let (options, presentation) = read.expect("no options");
    let limits = Limits::default();
    let mut segmenter = Segmenter::new(options, limits);
    let mut presenter = Presenter::new(presentation, String::new());
    let (mut events, mut wire, mut length) = (Vec::new(), Vec::new(), 0);
    let mut take = |segmenter: &mut Segmenter| {
        events.extend(std::iter::from_fn(|| segmenter.next_event()).map(|e| presenter.event(e)));
        let response = pb::SegmentDocumentResponse { events: std::mem::take(&mut events) };
        wire.clear();
        response.encode(&mut wire).expect("memory");
        length += std::hint::black_box(&wire).len();
    };
    for chunk in text.as_bytes().chunks(limits.chunk_bytes_max as usize) {
        segmenter.push(chunk).expect("valid text");
        take(&mut segmenter);
    }
    segmenter.finish().expect("whole characters");
    take(&mut segmenter);
    length
}
