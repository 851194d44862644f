//! XLIFF with targets.

use super::{MergeChoices, MergeError, Merged, Merging, ProblemKind, Site};
use crate::exchange::EMPTY_UNIT_ID;
use crate::exchange::skeleton::SkeletonPart;
use crate::exchange::xliff_reader::{
    Content, Piece, TranslatedFile, TranslatedPart, TranslatedUnit, read,
};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Puts the targets of an XLIFF 2.0, 2.1 or 1.2 file that was exported here in the place of their
/// source.
///
/// # Errors
/// A file that cannot be read, or was not exported here; a missing target where that is refused; a
/// document that grows too large.
pub fn merge_xliff(bytes: &[u8], choices: &MergeChoices) -> Result<Merged, MergeError> {
    let file = read(bytes).map_err(MergeError::Xliff)?;
    let mut merging = Merging::new(*choices);
    let TranslatedFile { document_id, source_language, target_language, skeleton, units } = file;
    merging.merged.document_id = document_id;
    merging.merged.source_language = source_language;
    merging.merged.target_language = target_language;
    let mut by_id: HashMap<&str, &TranslatedUnit> = HashMap::with_capacity(units.len());
    for unit in &units {
        match by_id.entry(&unit.id) {
            Entry::Vacant(place) => {
                place.insert(unit);
            }
            Entry::Occupied(_) => {
                let site = Site { id: &unit.id, ..Site::default() };
                merging.tell(site.problem(ProblemKind::TargetRepeated, ""));
            }
        }
    }
    for part in &skeleton {
        match part {
            SkeletonPart::Text(text) => merging.text(text)?,
            SkeletonPart::Unit(number) => match by_id.remove(format!("u{number}").as_str()) {
                Some(unit) => put(&mut merging, unit, *number)?,
                None => {
                    let site = Site { unit: Some(*number), ..Site::default() };
                    merging.tell(site.problem(ProblemKind::UnitMissing, ""));
                }
            },
        }
    }
    by_id.remove(EMPTY_UNIT_ID);
    let mut unknown: Vec<&str> = by_id.into_keys().collect();
    unknown.sort_unstable();
    for id in unknown {
        merging.tell(Site { id, ..Site::default() }.problem(ProblemKind::UnitUnknown, ""));
    }
    Ok(merging.finish())
}

fn put(merging: &mut Merging, unit: &TranslatedUnit, number: u32) -> Result<(), MergeError> {
    let segments = unit.parts.iter().filter(|part| part.is_segment).count();
    let segments = u32::try_from(segments).unwrap_or(u32::MAX);
    merging.merged.segment_count += segments;
    let site = Site { unit: Some(number), segment: None, id: &unit.id };
    if !unit.translatable {
        let mut whole = Content::default();
        unit.parts.iter().for_each(|part| whole.extend(part.source.clone()));
        let changed =
            unit.whole_target.as_ref().is_some_and(|target| target.pieces != whole.pieces);
        if unit.parts.iter().any(is_changed) || changed {
            merging.tell(site.problem(ProblemKind::TargetUnwanted, ""));
        }
        return unit.parts.iter().try_for_each(|part| source(merging, part));
    }
    merging.merged.translatable_segment_count += segments;
    for id in &unit.strays {
        let site = Site { id, ..site };
        merging.tell(site.problem(ProblemKind::SegmentUnknown, ""));
    }
    let mut size = Size::default();
    if let Some(whole) = unit.whole_target.as_ref().filter(|whole| !whole.is_blank()) {
        let mut all = Content::default();
        unit.parts.iter().for_each(|part| all.extend(part.source.clone()));
        target(merging, whole, &all, site, &mut size)?;
        merging.merged.target_count += segments;
    } else {
        for part in ordered(&unit.parts) {
            put_part(merging, part, site, &mut size)?;
        }
    }
    if let Some(max) = unit.size_max.filter(|max| size.characters > *max) {
        let detail = format!("{} of {max}", size.characters);
        merging.tell(site.problem(ProblemKind::TooLong, &detail));
        merging.text("")?;
    }
    Ok(())
}

/// Characters of what was put in place, if any of it was translated.
#[derive(Default)]
struct Size {
    characters: u64,
}

fn put_part(
    merging: &mut Merging,
    part: &TranslatedPart,
    unit: Site<'_>,
    size: &mut Size,
) -> Result<(), MergeError> {
    let number = part.id.strip_prefix('s').and_then(|number| number.parse().ok());
    let site = Site { segment: number.filter(|_| part.is_segment), id: &part.id, ..unit };
    match &part.target {
        Some(content) if !content.is_blank() || part.source.is_blank() && !content.is_empty() => {
            if part.is_segment {
                merging.merged.target_count += 1;
            }
            target(merging, content, &part.source, site, size)
        }
        _ if part.is_segment && !part.source.is_empty() => {
            let text = expanded(&part.source, &part.source, merging)?;
            merging.missing(&text, site)
        }
        _ => source(merging, part),
    }
}

fn source(merging: &mut Merging, part: &TranslatedPart) -> Result<(), MergeError> {
    let text = expanded(&part.source, &part.source, merging)?;
    merging.text(&text)
}

/// Whether it has a target that says something else than its source.
fn is_changed(part: &TranslatedPart) -> bool {
    part.target
        .as_ref()
        .is_some_and(|target| !target.is_empty() && target.pieces != part.source.pieces)
}

/// The parts as their targets are ordered: `target/@order` is a place among the parts, from 1.
fn ordered(parts: &[TranslatedPart]) -> Vec<&TranslatedPart> {
    let mut places: Vec<(usize, &TranslatedPart)> = (1..)
        .zip(parts)
        .map(|(place, part)| (if part.order > 0 { part.order as usize } else { place }, part))
        .collect();
    places.sort_by_key(|(place, _)| *place);
    places.into_iter().map(|(_, part)| part).collect()
}

/// A target, with what its placeholders stand for.
fn target(
    merging: &mut Merging,
    target: &Content,
    source: &Content,
    site: Site<'_>,
    size: &mut Size,
) -> Result<(), MergeError> {
    let mut seen = HashSet::new();
    let known = named(source);
    for (id, stood) in placeholders(target) {
        match known.get(id) {
            None => merging.tell(site.problem(ProblemKind::PlaceholderUnknown, id)),
            Some(_) if !seen.insert(id) => {
                merging.tell(site.problem(ProblemKind::PlaceholderRepeated, id));
            }
            Some(original) if stood.is_some() && stood != *original => {
                let stood = stood.unwrap_or("");
                merging.tell(site.problem(ProblemKind::PlaceholderBroken, stood));
            }
            Some(_) => {}
        }
    }
    let mut text = expanded(target, source, merging)?;
    for protected in changed(source, target, &text) {
        merging.tell(site.problem(ProblemKind::ProtectedChanged, protected));
    }
    let lost = placeholders(source).filter(|(id, _)| !seen.contains(id));
    let lost: Vec<&str> = lost.map(|(_, original)| original.unwrap_or("")).collect();
    if merging.lost(&mut text, &lost, site)? {
        text = expanded(source, source, merging)?;
    }
    size.characters += text.chars().count() as u64;
    merging.text(&text)
}

/// Bytes of targets that are searched for unmarked text at most, for each segment: where a tool
/// dropped more marks than any article has, the texts behind are taken for changed.
const SEARCHED_BYTES_MAX: usize = 64 << 20;

/// Texts of the source that no translation may touch and that are not in the target, marked or
/// not.
fn changed<'a>(source: &'a Content, target: &Content, text: &str) -> Vec<&'a str> {
    let marked: HashSet<&str> = target.protected.iter().map(String::as_str).collect();
    let unmarked = source.protected.iter().map(String::as_str).filter(|one| !marked.contains(one));
    let searches_max = SEARCHED_BYTES_MAX / text.len().max(1);
    let changed =
        unmarked.enumerate().filter(|(at, one)| *at >= searches_max || !text.contains(one));
    changed.map(|(_, one)| one).collect()
}

/// Placeholders by name, with what they say they stand for.
fn placeholders(content: &Content) -> impl Iterator<Item = (&str, Option<&str>)> {
    content.pieces.iter().filter_map(|piece| match piece {
        Piece::Placeholder(id, original) if !id.is_empty() => {
            Some((id.as_str(), original.as_deref()))
        }
        _ => None,
    })
}

/// What the placeholders of a source stand for.
fn named(source: &Content) -> HashMap<&str, Option<&str>> {
    placeholders(source).collect()
}

/// A text with what its placeholders stand for. What the source says of one holds, whatever became
/// of it in the target.
fn expanded(content: &Content, source: &Content, merging: &Merging) -> Result<String, MergeError> {
    let known = named(source);
    let mut text = String::new();
    for piece in &content.pieces {
        let more = match piece {
            Piece::Text(text) => text,
            Piece::Placeholder(id, stood) => match known.get(id.as_str()) {
                Some(Some(original)) => original,
                _ => stood.as_deref().unwrap_or(""),
            },
        };
        if text.len() + more.len() > merging.bytes_left() {
            return Err(merging.too_large());
        }
        text.push_str(more);
    }
    Ok(text)
}
