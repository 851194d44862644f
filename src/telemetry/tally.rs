//! What one call did, counted beside its work: plain numbers, no locks, no text.

use super::Metrics;
use super::dimensions;
use crate::document::{BlockKind, Event, Head, NoticeKind, Unit};
use std::collections::HashMap;
use tonic::Code;

/// Sums of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Documents or texts that came to an end.
    pub documents: u64,
    /// Documents that were refused.
    pub documents_failed: u64,
    /// Bytes of source.
    pub source_bytes: u64,
    /// Units, or what the method has in their place.
    pub units: u64,
    /// Segments.
    pub segments: u64,
}

/// Counts of one call, those of closed sets since they were last added to the metrics.
#[derive(Debug, Default)]
pub struct Tally {
    /// Sums since the call began.
    pub totals: Totals,
    /// Those of them that the metrics know of.
    known: Totals,
    kinds: [u64; BlockKind::ALL.len()],
    rules: HashMap<&'static str, u64>,
    languages: HashMap<&'static str, u64>,
    limits: HashMap<&'static str, u64>,
}

impl Tally {
    /// Counts an event of a document.
    pub fn event(&mut self, event: &Event) {
        match event {
            Event::Head(head) => self.head(head),
            Event::Unit(unit) => self.unit(unit),
            Event::Notice(notice) => {
                let [block, srx, identities] = dimensions::NOTICED;
                let limit = match notice.kind {
                    NoticeKind::BlockCut => block,
                    NoticeKind::SrxLeftOut => srx,
                    NoticeKind::IdentitiesFull => identities,
                };
                *self.limits.entry(limit).or_default() += 1;
            }
            Event::Skeleton(_) | Event::ModelChunk(_) | Event::Tail(_) => {}
        }
    }

    /// Counts a document that was refused within its stream.
    pub fn refused(&mut self, code: Code, reason: Option<&str>) {
        if let Some(limit) = dimensions::limit(code, reason) {
            *self.limits.entry(limit).or_default() += 1;
        }
    }

    fn head(&mut self, head: &Head) {
        let found = head.language.tag.primary();
        let known = dimensions::languages().find(|tag| *tag == found);
        *self.languages.entry(known.unwrap_or(dimensions::OTHER)).or_default() += 1;
    }

    fn unit(&mut self, unit: &Unit) {
        self.totals.units += 1;
        self.totals.segments += unit.segments.len() as u64;
        if let Some(count) = self.kinds.get_mut(unit.kind as usize) {
            *count += 1;
        }
        *self.rules.entry(unit.kind_rule.name()).or_default() += 1;
        for segment in &unit.segments {
            *self.rules.entry(segment.ended_by.name()).or_default() += 1;
        }
    }

    /// Adds what the metrics do not know of yet.
    pub fn add_to(&mut self, metrics: &Metrics) {
        let (now, known) = (self.totals, self.known);
        let metrics = &metrics.documents;
        let failed = now.documents_failed.saturating_sub(known.documents_failed);
        let ended = now.documents.saturating_sub(known.documents);
        metrics.documents.add("answered", ended.saturating_sub(failed));
        metrics.documents.add("refused", failed);
        metrics.source_bytes.inc_by(now.source_bytes.saturating_sub(known.source_bytes));
        metrics.segments.inc_by(now.segments.saturating_sub(known.segments));
        self.known = now;
        for (kind, count) in BlockKind::ALL.iter().zip(&mut self.kinds) {
            if *count > 0 {
                metrics.units.add(kind.name(), std::mem::take(count));
            }
        }
        let sets = [
            (&mut self.rules, &metrics.rule_hits),
            (&mut self.languages, &metrics.languages),
            (&mut self.limits, &metrics.limit_hits),
        ];
        for (counts, counters) in sets {
            for (value, count) in counts.drain() {
                counters.add(value, count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_in_the_order_of_their_list() {
        for (index, kind) in BlockKind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, index);
        }
    }
}
