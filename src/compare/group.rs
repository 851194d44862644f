//! Pairs → groups that say the same.

use super::model::{Group, Kind, Member, Pair, Place};
use super::score::SAME_MIN;
use std::collections::{BTreeMap, HashMap};

/// Groups of the pairs, which come by descending score: one sort for quotations, one for all other
/// kinds. A segment may be in one of each.
pub(super) fn groups(pairs: &[Pair]) -> Vec<Group> {
    let same = |pair: &&Pair| pair.score >= SAME_MIN && pair.kind != Kind::Related;
    let of = |wanted: fn(&Pair) -> bool| -> Vec<&Pair> {
        pairs.iter().filter(same).filter(|pair| wanted(pair)).collect()
    };
    let mut found = clusters(&of(|pair| pair.kind != Kind::Quotation));
    // Copies that quote hold a quotation's group together as well, but make none.
    let quoting = of(|pair| pair.quotation.is_some());
    let quoted = clusters(&quoting);
    found.extend(quoted.into_iter().filter(|group| group.kind == Kind::Quotation));
    found.sort_by_key(|group| {
        (group.members.first().map(|member| member.place), group.kind == Kind::Quotation)
    });
    found
}

/// Two groups that were not joined are asked again when they have grown by one part in so many: not
/// for each of the pairs between them, of which there may be thousands.
const AGAIN: usize = 4;

/// Joins pair by pair, the best first. Two groups are joined only if half of the smaller has pairs
/// into the larger: one doubtful pair must not make one of two.
fn clusters(pairs: &[&Pair]) -> Vec<Group> {
    let mut fellows: HashMap<Place, Vec<Place>> = HashMap::new();
    for pair in pairs {
        fellows.entry(pair.a).or_default().push(pair.b);
        fellows.entry(pair.b).or_default().push(pair.a);
    }
    let mut number_of: HashMap<Place, usize> = HashMap::new();
    let mut members: Vec<Vec<Place>> = Vec::new();
    let mut refused: HashMap<(usize, usize), usize> = HashMap::new();
    for pair in pairs {
        let mut of = |place: Place| {
            *number_of.entry(place).or_insert_with(|| {
                members.push(vec![place]);
                members.len() - 1
            })
        };
        let (one, other) = (of(pair.a), of(pair.b));
        if one == other {
            continue;
        }
        let length = |number: usize| members.get(number).map_or(0, Vec::len);
        let (small, large) = if length(one) <= length(other) { (one, other) } else { (other, one) };
        let (few, all) = (length(small), length(small) + length(large));
        let key = (one.min(other), one.max(other));
        if refused.get(&key).is_some_and(|then| all <= then + then / AGAIN) {
            continue;
        }
        let tied = |place: &&Place| {
            let fellows = fellows.get(*place);
            fellows.is_some_and(|all| all.iter().any(|one| number_of.get(one) == Some(&large)))
        };
        let ties = members.get(small).map_or(0, |all| all.iter().filter(tied).count());
        if ties * 2 < few {
            refused.insert(key, all);
            continue;
        }
        let moved = members.get_mut(small).map(std::mem::take).unwrap_or_default();
        for place in &moved {
            number_of.insert(*place, large);
        }
        if let Some(all) = members.get_mut(large) {
            all.extend(moved);
        }
    }
    assembled(pairs, &number_of)
}

/// The groups, with what their own pairs say of them.
fn assembled(pairs: &[&Pair], number_of: &HashMap<Place, usize>) -> Vec<Group> {
    let mut inside: BTreeMap<usize, Vec<&Pair>> = BTreeMap::new();
    for pair in pairs {
        let (Some(one), Some(other)) = (number_of.get(&pair.a), number_of.get(&pair.b)) else {
            continue;
        };
        if one == other {
            inside.entry(*one).or_default().push(pair);
        }
    }
    inside.into_values().map(|pairs| group(&pairs)).collect()
}

fn group(pairs: &[&Pair]) -> Group {
    let mut members: BTreeMap<Place, Member> = BTreeMap::new();
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    let (mut sum, mut differs) = (0.0, false);
    for pair in pairs {
        *kinds.entry(pair.kind).or_default() += 1;
        sum += pair.score;
        differs |= pair.reasons.differs;
        let spans = pair.quotation;
        let sides = [(pair.a, spans.map(|(one, _)| one)), (pair.b, spans.map(|(_, other)| other))];
        for (place, quotation) in sides {
            // Pairs come by descending score: the first is the best of the segment.
            members.entry(place).or_insert(Member { place, quotation, score: pair.score });
        }
    }
    // The most common kind; of two as common the looser.
    let kind = kinds.into_iter().max_by_key(|(kind, count)| (*count, *kind));
    Group {
        kind: kind.map_or(Kind::Statement, |(kind, _)| kind),
        score: sum / pairs.len().max(1) as f32,
        members: members.into_values().collect(),
        differs,
    }
}
