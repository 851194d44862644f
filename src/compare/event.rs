//! Whether two documents tell of the same event.

use super::model::EventReasons;
use super::profile::{KeyKind, Profile};
use super::rarity::Rarity;
use std::collections::BTreeMap;

/// Segments of a document that say what it is about: headline, summary, lead.
const LEAD_SEGMENTS: usize = 5;

/// What words of the lead count for, beside others.
const LEAD_SHARE: f32 = 2.0;

/// What a document is about, by weight.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// All keys.
    pub(super) about: Vector,
    /// Names and numbers.
    pub(super) anchors: Vector,
    /// All keys, by how far they tell documents apart.
    pub(super) telling: Vector,
    /// Months and years of the lead.
    pub(super) dates: Vector,
    /// Who acts in the lead.
    pub(super) actors: Vector,
    /// Where anything happens.
    pub(super) places: Vector,
}

/// Weights by key, in the order of keys: sums of fractions depend on it.
type Vector = BTreeMap<u64, f32>;

/// What a document is about.
pub(super) fn outline(profiles: &[&Profile], rarity: &Rarity) -> Outline {
    let mut outline = Outline::default();
    let mut lead = 0;
    for profile in profiles {
        let of_lead = lead < LEAD_SEGMENTS && profile.keys.len() >= 3;
        lead += usize::from(of_lead);
        for key in &profile.keys {
            let weight = rarity.document_weight(key) * if of_lead { LEAD_SHARE } else { 1.0 };
            *outline.about.entry(key.key).or_insert(0.0) += weight;
            let telling = rarity.telling_weight(key) * if of_lead { LEAD_SHARE } else { 1.0 };
            *outline.telling.entry(key.key).or_insert(0.0) += telling;
            if matches!(key.kind, KeyKind::Name | KeyKind::Number | KeyKind::Date) {
                *outline.anchors.entry(key.key).or_insert(0.0) += weight;
            }
        }
        let dates = profile.keys.iter().filter(|key| of_lead && key.kind == KeyKind::Date);
        outline.dates.extend(dates.map(|key| (key.key, 1.0)));
        for subject in profile.subject.iter().filter(|_| of_lead) {
            *outline.actors.entry(*subject).or_insert(0.0) += 1.0;
        }
        for place in &profile.places {
            let weight = if of_lead { LEAD_SHARE } else { 1.0 };
            *outline.places.entry(*place).or_insert(0.0) += weight;
        }
    }
    for vector in [&mut outline.about, &mut outline.anchors, &mut outline.telling] {
        // The tenth time a word says little more than the first.
        vector.values_mut().for_each(|weight| *weight = weight.sqrt());
    }
    outline
}

/// Cosine of two vectors; `None` where one is empty.
fn cosine(a: &Vector, b: &Vector) -> Option<f32> {
    let norm = |vector: &Vector| vector.values().map(|weight| weight * weight).sum::<f32>().sqrt();
    let dot: f32 = a.iter().filter_map(|(key, weight)| Some(weight * b.get(key)?)).sum();
    let norms = norm(a) * norm(b);
    (norms > 0.0).then(|| (dot / norms).min(1.0))
}

/// Compares two outlines. Where nothing is known of who or where, it speaks neither for nor
/// against.
pub(super) fn compare(a: &Outline, b: &Outline) -> EventReasons {
    EventReasons {
        about: cosine(&a.about, &b.about).unwrap_or(0.0),
        anchors: cosine(&a.anchors, &b.anchors).unwrap_or(0.0),
        actors: cosine(&a.actors, &b.actors).unwrap_or(UNKNOWN),
        places: cosine(&a.places, &b.places).unwrap_or(UNKNOWN),
        dates: dates(&a.dates, &b.dates),
        closest: cosine(&a.telling, &b.telling).unwrap_or(0.0),
        ..EventReasons::default()
    }
}

/// 1 for a date in common, -1 for dates on both sides and none in common, else 0.
fn dates(a: &Vector, b: &Vector) -> f32 {
    match (a.is_empty() || b.is_empty(), a.keys().any(|date| b.contains_key(date))) {
        (true, _) => 0.0,
        (false, true) => 1.0,
        (false, false) => -1.0,
    }
}

/// What stands for a cosine that cannot be had.
const UNKNOWN: f32 = 0.4;
