//! Targets by the number or the name of their segment.

use super::{MergeChoices, MergeError, Merged, Merging, ProblemKind, Site, is_blank};
use crate::document::{Event, Segment, Unit};
use crate::exchange::content::{Part, parts};
use crate::machine::MaskTemplate;
use crate::pipeline::{Details, Options};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What a target is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SegmentName {
    /// Number of the segment in the document.
    Number(u32),
    /// Its `Identity`, shown.
    Id(String),
}

/// The target of one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The segment that it belongs to.
    pub segment: SegmentName,
    /// What it says. Empty: there is none.
    pub text: String,
}

/// Puts targets in the place of their segments while the source is being segmented.
///
/// ```
/// use cesura::exchange::{MergeChoices, SegmentMerger, SegmentName, Target};
/// let options = SegmentMerger::options(cesura::Options::default(), false);
/// let document = cesura::segment("Ciao.  Come va?\n", &options)?;
/// let target = Target { segment: SegmentName::Number(2), text: "How are you?".to_owned() };
/// let mut merger = SegmentMerger::new(vec![target], None, MergeChoices::default());
/// for event in &document.events {
///     merger.add(event).unwrap();
/// }
/// let merged = merger.finish();
/// assert_eq!(merged.text(), "Ciao.  How are you?\n");
/// assert_eq!(merged.problems().count(), 1);
/// # Ok::<(), cesura::Error>(())
/// ```
#[derive(Debug)]
pub struct SegmentMerger {
    targets: HashMap<SegmentName, String>,
    /// The targets hold placeholders that look like this.
    mask: Option<MaskTemplate>,
    merging: Merging,
}

impl SegmentMerger {
    /// Options by which the source must be segmented: those it was segmented by, with what merging
    /// has to know. `masked`: the targets hold placeholders.
    pub fn options(options: Options, masked: bool) -> Options {
        let details = Details { identities: true, masked_text: masked, ..Details::default() };
        Options { details, packing: None, ..options }
    }

    /// Takes the targets, in any order. `mask`: how placeholders in them look.
    pub fn new(
        targets: Vec<Target>,
        mask: Option<MaskTemplate>,
        choices: MergeChoices,
    ) -> SegmentMerger {
        let mut merging = Merging::new(choices);
        let mut known = HashMap::with_capacity(targets.len());
        for target in targets {
            match known.entry(target.segment) {
                Entry::Occupied(first) => {
                    merging.tell(named(first.key(), ProblemKind::TargetRepeated));
                }
                Entry::Vacant(place) => {
                    place.insert(target.text);
                }
            }
        }
        SegmentMerger { targets: known, mask, merging }
    }

    /// Adds what an event brings. All events of the source, in order.
    ///
    /// # Errors
    /// A missing target where that is refused; a document that grows too large.
    pub fn add(&mut self, event: &Event) -> Result<(), MergeError> {
        match event {
            Event::Head(head) => {
                self.merging.merged.source_language = head.language.tag.as_str().to_owned();
                Ok(())
            }
            Event::Skeleton(between) => self.merging.text(&between.text),
            Event::Unit(unit) => parts(unit).try_for_each(|part| match part {
                Part::Segment(segment) => self.segment(unit, segment),
                Part::Ignorable(_, span) => self.merging.text(unit.slice(span)),
            }),
            Event::Tail(tail) => {
                self.merging.merged.segment_count = tail.segment_count;
                self.merging.merged.translatable_segment_count = tail.translatable_segment_count;
                Ok(())
            }
            Event::Notice(_) | Event::ModelChunk(_) => Ok(()),
        }
    }

    fn segment(&mut self, unit: &Unit, segment: &Segment) -> Result<(), MergeError> {
        let details = segment.details.as_deref();
        let id = details.and_then(|details| details.identity);
        let id = id.map_or_else(String::new, |identity| identity.to_string());
        let by_number = self.targets.remove(&SegmentName::Number(segment.number));
        let by_id = self.targets.remove(&SegmentName::Id(id.clone()));
        let site = Site { unit: Some(unit.number), segment: Some(segment.number), id: &id };
        if by_number.is_some() && by_id.is_some() {
            self.merging.tell(site.problem(ProblemKind::TargetRepeated, ""));
        }
        let source = unit.slice(segment.span);
        let target = by_number.or(by_id).filter(|target| !is_blank(target, source));
        match target {
            Some(target) if !unit.translatable() => {
                if target != source {
                    self.merging.tell(site.problem(ProblemKind::TargetUnwanted, ""));
                }
                self.merging.text(source)
            }
            None if unit.translatable() => self.merging.missing(source, site),
            None => self.merging.text(source),
            Some(target) => {
                self.merging.merged.target_count += 1;
                let masked = details.and_then(|details| details.masked.as_ref());
                match (masked, &self.mask) {
                    (Some(masked), Some(template)) => self.merging.masked(
                        &target,
                        source,
                        &masked.placeholders,
                        Some((template, &masked.text)),
                        site,
                    ),
                    _ => self.merging.text(&target),
                }
            }
        }
    }

    /// The translated document. Behind it the targets that found no segment.
    pub fn finish(mut self) -> Merged {
        let mut unknown: Vec<SegmentName> = self.targets.into_keys().collect();
        unknown.sort_by_key(|name| match name {
            SegmentName::Number(number) => (*number, String::new()),
            SegmentName::Id(id) => (u32::MAX, id.clone()),
        });
        for name in unknown {
            self.merging.tell(named(&name, ProblemKind::SegmentUnknown));
        }
        self.merging.finish()
    }
}

fn named(name: &SegmentName, kind: ProblemKind) -> super::Problem {
    let site = match name {
        SegmentName::Number(number) => Site { segment: Some(*number), ..Site::default() },
        SegmentName::Id(id) => Site { id, ..Site::default() },
    };
    site.problem(kind, "")
}
