//! Plain lines, by their back-map.

use super::{MergeChoices, MergeError, Merged, Merging, Site, is_blank};
use crate::document::Placeholder;
use crate::exchange::plain::on_one_line;
use crate::exchange::{BackMap, BackMapError, BackMapLine};
use crate::machine::MaskTemplate;
use crate::text::Span;

/// Puts translated lines in the place of the segments that their back-map names.
///
/// Only segments with a line count. Lines end with LF or CRLF.
///
/// # Errors
/// A back-map of another document or with places outside of it; another number of lines; a missing
/// line where that is refused; a document that grows too large.
///
/// ```
/// use cesura::exchange::{BackMap, MergeChoices, merge_lines};
/// let source = "Ciao. Come va?\n";
/// let digest = cesura::segment(source, &Default::default())?.tail().unwrap().source_digest;
/// let fields = "line\tsegment\tid\tstart\tend\tkind\tplaceholders";
/// let map = format!(
///     "# cesura back-map 1, source {digest:016x}, language it\n{fields}\n\
///      1\t1\t\t0\t5\tparagraph\t\n2\t2\t\t6\t14\tparagraph\t\n"
/// );
/// let map = BackMap::parse(&map).unwrap();
/// let merged = merge_lines(source, &map, "Hi.\nHow are you?\n", &MergeChoices::default()).unwrap();
/// assert_eq!(merged.text(), "Hi. How are you?\n");
/// # Ok::<(), cesura::Error>(())
/// ```
pub fn merge_lines(
    source: &str,
    map: &BackMap,
    lines: &str,
    choices: &MergeChoices,
) -> Result<Merged, MergeError> {
    if !map.is_of(source) {
        return Err(MergeError::SourceChanged);
    }
    let mut targets: Vec<&str> = lines.split('\n').collect();
    // What comes behind the last line end is no line.
    targets.pop_if(|last| last.is_empty());
    if targets.len() != map.lines.len() {
        let (given, expected) = (targets.len(), map.lines.len());
        return Err(MergeError::LineCount { given, expected });
    }
    let mut merging = Merging::new(*choices);
    merging.merged.source_language.clone_from(&map.language);
    let count = u32::try_from(map.lines.len()).unwrap_or(u32::MAX);
    merging.merged.segment_count = count;
    merging.merged.translatable_segment_count = count;
    let outside = |number: usize| {
        let message = "a place outside the document or segment, or inside a character";
        MergeError::BackMap(BackMapError { line: number, message })
    };
    let mut behind = 0;
    // Two lines of a back-map stand before the first of a segment.
    for (number, (line, target)) in (3..).zip(map.lines.iter().zip(targets)) {
        let text = |span: Span| span.slice(source).ok_or(outside(number));
        merging.text(text(Span::new(behind, line.span.start()))?)?;
        behind = line.span.end();
        let from = text(line.span)?;
        let site = Site { unit: None, segment: Some(line.segment_number), id: &line.id };
        let target = target.strip_suffix('\r').unwrap_or(target);
        if is_blank(target, from) {
            merging.missing(from, site)?;
            continue;
        }
        merging.merged.target_count += 1;
        if target == on_one_line(from) {
            // Nothing was translated: the line ends inside the source stay.
            merging.text(from)?;
        } else if let Some(template) = &map.mask {
            let placeholders = placeholders(line, template, source).ok_or(outside(number))?;
            // The line as it went out is not at hand; what looks like a placeholder in the source
            // may stand in it, and its own do.
            let tokens = placeholders.iter().map(|one| &*one.token);
            let known: String = tokens.chain([from]).collect();
            merging.masked(target, from, &placeholders, Some((template, &known)), site)?;
        } else {
            merging.text(target)?;
        }
    }
    let end = u32::try_from(source.len()).unwrap_or(u32::MAX);
    let rest = Span::new(behind, end.max(behind)).slice(source);
    merging.text(rest.ok_or(outside(map.lines.len() + 2))?)?;
    Ok(merging.finish())
}

/// The placeholders of a line; `None` where they are not in its segment, one behind the other.
fn placeholders(
    line: &BackMapLine,
    template: &MaskTemplate,
    source: &str,
) -> Option<Vec<Placeholder>> {
    let mut behind = line.span.start();
    let mut placeholders = Vec::with_capacity(line.placeholders.len());
    for (number, span) in &line.placeholders {
        if span.start() < behind || span.end() > line.span.end() || span.is_empty() {
            return None;
        }
        behind = span.end();
        placeholders.push(Placeholder {
            token: template.token(*number).into(),
            target: Span::of(0..0),
            source: *span,
            original: span.slice(source)?.into(),
        });
    }
    Some(placeholders)
}
