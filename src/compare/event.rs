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

/// Weights by key, ascending: sums of fractions depend on the order.
#[derive(Clone, Debug, Default)]
pub(super) struct Vector {
    weights: Vec<(u64, f32)>,
    norm: f32,
}

impl Vector {
    fn new(weights: BTreeMap<u64, f32>) -> Vector {
        let norm = weights.values().map(|weight| weight * weight).sum::<f32>().sqrt();
        Vector { weights: weights.into_iter().collect(), norm }
    }

    /// The tenth time a word says little more than the first.
    fn damped(mut weights: BTreeMap<u64, f32>) -> Vector {
        weights.values_mut().for_each(|weight| *weight = weight.sqrt());
        Vector::new(weights)
    }

    /// Pairs of weights of the keys that both have.
    fn common<'v>(&'v self, other: &'v Vector) -> impl Iterator<Item = (f32, f32)> + 'v {
        let mut rest = other.weights.iter().peekable();
        self.weights.iter().filter_map(move |(key, weight)| {
            while rest.next_if(|(other, _)| other < key).is_some() {}
            rest.next_if(|(other, _)| other == key).map(|(_, other)| (*weight, *other))
        })
    }
}

/// What a document is about.
pub(super) fn outline(profiles: &[&Profile], rarity: &Rarity) -> Outline {
    let (mut about, mut anchors, mut telling) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let (mut actors, mut places, mut dates) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let add = |to: &mut BTreeMap<u64, f32>, key: u64, weight: f32| {
        *to.entry(key).or_insert(0.0) += weight;
    };
    let mut lead = 0;
    for profile in profiles {
        let of_lead = lead < LEAD_SEGMENTS && profile.keys.len() >= 3;
        lead += usize::from(of_lead);
        let share = if of_lead { LEAD_SHARE } else { 1.0 };
        for key in &profile.keys {
            let weight = rarity.document_weight(key) * share;
            add(&mut about, key.key, weight);
            add(&mut telling, key.key, rarity.telling_weight(key) * share);
            if matches!(key.kind, KeyKind::Name | KeyKind::Number | KeyKind::Date) {
                add(&mut anchors, key.key, weight);
            }
            if of_lead && key.kind == KeyKind::Date {
                add(&mut dates, key.key, 1.0);
            }
        }
        for subject in profile.subject.iter().filter(|_| of_lead) {
            add(&mut actors, *subject, 1.0);
        }
        for place in &profile.places {
            add(&mut places, *place, share);
        }
    }
    Outline {
        about: Vector::damped(about),
        anchors: Vector::damped(anchors),
        telling: Vector::damped(telling),
        dates: Vector::new(dates),
        actors: Vector::new(actors),
        places: Vector::new(places),
    }
}

/// Cosine of two vectors; `None` where one is empty.
fn cosine(a: &Vector, b: &Vector) -> Option<f32> {
    let dot: f32 = a.common(b).map(|(one, other)| one * other).sum();
    let norms = a.norm * b.norm;
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
    match (a.norm == 0.0 || b.norm == 0.0, a.common(b).next().is_some()) {
        (true, _) => 0.0,
        (false, true) => 1.0,
        (false, false) => -1.0,
    }
}

/// What stands for a cosine that cannot be had.
const UNKNOWN: f32 = 0.4;
