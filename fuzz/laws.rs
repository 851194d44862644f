//! What must hold for any input. The fuzz targets and `tests/it/fuzz_regressions.rs` run the same
//! functions.

use cesura::document::Event;
use cesura::exchange::{BackMap, MergeChoices, Skeleton, merge_lines, merge_xliff};
use cesura::language::LanguageTag;
use cesura::pack::{BudgetUnit, Packing};
use cesura::sentence::{ClauseMarks, Preferences};
use cesura::srx::{Srx, SrxLimits, SrxSource};
use cesura::text::{Charset, MalformedPolicy};
use cesura::{Details, Limits, Options, Segmenter};
use std::sync::Arc;

/// The first byte chooses the options, the second the size of the chunks; the rest is the
/// document. What comes out does not depend on the chunks, and joined it is the source.
pub(crate) fn document(bytes: &[u8]) {
    let [choice, size, source @ ..] = bytes else { return };
    let whole = events(source, *choice, source.len().max(1));
    let chunked = events(source, *choice, usize::from(*size) + 1);
    assert!(whole == chunked, "the answer depends on the chunks");
    let mut at = 0;
    let mut joined = String::new();
    for event in &whole {
        let (span, text) = match event {
            Event::Unit(unit) => (unit.span, &unit.text),
            Event::Skeleton(skeleton) => (skeleton.span, &skeleton.text),
            _ => continue,
        };
        assert!(span.start() == at, "units and skeletons touch");
        assert!(span.len() as usize == text.len(), "a span is as long as its text");
        at = span.end();
        joined.push_str(text);
    }
    let complete = matches!(whole.last(), Some(Event::Tail(_)));
    if complete && charset(*choice) == Charset::UTF_8 {
        assert!(joined == String::from_utf8_lossy(source), "joined, the texts are the source");
    }
}

fn charset(choice: u8) -> Charset {
    if choice & 1 == 0 {
        Charset::UTF_8
    } else {
        Charset::for_label("windows-1252").unwrap_or_default()
    }
}

fn events(source: &[u8], choice: u8, chunk_bytes: usize) -> Vec<Event> {
    let chosen = |bit: u8| choice & (1 << bit) != 0;
    let preferences = Preferences {
        clauses: ClauseMarks { colon: chosen(1), semicolon: chosen(1) },
        whole_quotations: chosen(2),
        ..Preferences::default()
    };
    let languages = ["", "it", "de", "zu"];
    let language = languages.get(usize::from(choice >> 6)).and_then(|tag| LanguageTag::parse(tag));
    let packing = Packing {
        budget: Packing::BUDGET_MIN,
        unit: if chosen(5) { BudgetUnit::Words } else { BudgetUnit::Tokens },
        overlap_segments: 1,
        context_before_segments: 2,
        context_after_segments: 2,
        across_sections: chosen(3),
        normal: chosen(4),
    };
    let options = Options {
        language,
        charset: charset(choice),
        malformed: if chosen(3) { MalformedPolicy::Reject } else { MalformedPolicy::Replace },
        explain: chosen(4),
        details: if chosen(4) { Details::ALL } else { Details::default() },
        packing: chosen(2).then_some(packing),
        preferences,
        ..Options::default()
    };
    let limits = Limits { block_bytes_max: 1 << 10, ..Limits::default() };
    let limits = if chosen(5) { limits } else { Limits::default() };
    let mut segmenter = Segmenter::new(options, limits);
    let mut events = Vec::new();
    for chunk in source.chunks(chunk_bytes) {
        let taken = segmenter.push(chunk);
        events.extend(std::iter::from_fn(|| segmenter.next_event()));
        if taken.is_err() {
            return events;
        }
    }
    // A document that ends inside a character has no tail; what was settled stands.
    let _ = segmenter.finish();
    events.extend(std::iter::from_fn(|| segmenter.next_event()));
    events
}

/// Any bytes as XLIFF; as text, as a skeleton; before a zero byte as a back-map, before the next as its
/// document, and the rest as the translated lines. Nothing panics, and what comes out is no longer
/// than it may be.
pub(crate) fn exchange(bytes: &[u8]) {
    let choices = MergeChoices { bytes_max: 1 << 16, ..MergeChoices::default() };
    if let Ok(merged) = merge_xliff(bytes, &choices) {
        assert!(merged.text().len() <= choices.bytes_max, "within its limit");
        assert!(merged.target_count <= merged.translatable_segment_count);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = Skeleton::parse(text);
    let mut parts = text.splitn(3, '\0');
    let (Some(map), Some(source), Some(lines)) = (parts.next(), parts.next(), parts.next()) else {
        return;
    };
    let Ok(mut map) = BackMap::parse(map) else { return };
    // No chance finds the digest of its document.
    map.source_digest = format!("{:016x}", cesura::text::digest(source));
    if let Ok(merged) = merge_lines(source, &map, lines, &choices) {
        assert!(merged.text().len() <= choices.bytes_max, "within its limit");
    }
}

/// Text before a zero byte is a rule's first expression, text before the next its second, the
/// rest the text to be segmented. Nothing panics, positions ascend and stand at characters.
pub(crate) fn srx(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // As a file by itself.
    let _ = Srx::parse(text, SrxSource::Request, SrxLimits::REQUEST);
    let mut parts = text.splitn(3, '\0');
    let (Some(before), Some(after), Some(source)) = (parts.next(), parts.next(), parts.next())
    else {
        return;
    };
    let escaped = |part: &str| part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let xml = format!(
        "<srx xmlns=\"http://www.lisa.org/srx20\" version=\"2.0\"><header segmentsubflows=\"yes\" \
         cascade=\"yes\"/><body><languagerules><languagerule languagerulename=\"x\"><rule break=\"yes\">\
         <beforebreak>{}</beforebreak><afterbreak>{}</afterbreak></rule></languagerule></languagerules>\
         <maprules><languagemap languagepattern=\".*\" languagerulename=\"x\"/></maprules></body></srx>",
        escaped(before),
        escaped(after)
    );
    let Ok(srx) = Srx::parse(&xml, SrxSource::Request, SrxLimits::REQUEST) else { return };
    if let Ok(found) = srx.decisions(source, &LanguageTag::ITALIAN) {
        assert!(found.is_sorted_by(|one, next| one.at < next.at), "positions ascend");
        assert!(found.iter().all(|one| source.is_char_boundary(one.at as usize)));
    }
    let preferences = Preferences { srx: vec![Arc::new(srx)], ..Preferences::default() };
    let options = Options { preferences, ..Options::default() };
    let Ok(document) = cesura::segment(source, &options) else { return };
    let joined: String = document
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Unit(unit) => Some(&*unit.text),
            Event::Skeleton(skeleton) => Some(&*skeleton.text),
            _ => None,
        })
        .collect();
    assert!(joined == source, "joined, the texts are the source");
}
