//! Which segments are weighed against which: an inverted index, and neighbours where a word is
//! frequent.

use super::limits::Limits;
use super::model::Cost;
use super::profile::Profile;
use super::rarity::Rarity;
use super::words::Word;
use std::collections::HashMap;

/// Least weight of common words for a pair to be weighed: two words that are not in every third
/// segment, or one that is rare.
const COMMON_WEIGHT_MIN: f32 = 0.45;

/// Permutations of the signature by which copies are found.
const ROWS: usize = 24;

/// Rows that must agree for two segments to meet: with 8 bands of 3, two segments meet that have
/// half of their pairs of words in common with probability 0.66, with 0.7 of them 0.97.
const ROWS_OF_BAND: usize = 3;

/// A segment among all, in the order of documents.
pub(super) struct Entry {
    pub(super) document: u32,
    pub(super) profile: Profile,
}

/// For each segment those behind it that are to be weighed against it, ascending; none of its own
/// document.
pub(super) fn candidates(
    all: &[Entry],
    rarity: &Rarity,
    limits: &Limits,
    cost: &mut Cost,
) -> Vec<Vec<u32>> {
    let signatures: Vec<[u64; ROWS]> =
        all.iter().map(|entry| signature(&entry.profile.words)).collect();
    let mut lists = postings(all, rarity);
    lists.extend(bands(&signatures).into_iter().map(|list| (list, COMMON_WEIGHT_MIN)));
    // Where each segment stands in which list.
    let mut standings: Vec<Vec<(u32, u32)>> = vec![Vec::new(); all.len()];
    for (number, (list, _)) in (0_u32..).zip(&mut lists) {
        if list.len() > limits.postings_max as usize {
            list.sort_by_key(|index| (signatures.get(*index as usize), *index));
        }
        for (at, index) in (0_u32..).zip(list.iter()) {
            if let Some(standing) = standings.get_mut(*index as usize) {
                standing.push((number, at));
            }
        }
    }
    let document = |index: u32| all.get(index as usize).map(|entry| entry.document);
    let mut met: HashMap<u32, f32> = HashMap::new();
    let mut kept = Vec::with_capacity(all.len());
    for (index, standing) in (0_u32..).zip(&standings) {
        for (number, at) in standing {
            let Some((list, weight)) = lists.get(*number as usize) else { continue };
            for other in near(list, *at as usize, limits) {
                if other > index && document(other) != document(index) {
                    cost.meetings += 1;
                    *met.entry(other).or_insert(0.0) += weight;
                }
            }
        }
        let mut found: Vec<(u32, f32)> = met.drain().collect();
        found.retain(|(_, weight)| *weight >= COMMON_WEIGHT_MIN);
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(limits.candidates_max as usize);
        cost.weighed += found.len() as u64;
        let mut others: Vec<u32> = found.into_iter().map(|(other, _)| other).collect();
        others.sort_unstable();
        kept.push(others);
    }
    kept
}

/// The segments of a list that the one at `at` meets: all where they are few, else neighbours in
/// the order of their signatures (sorted neighbourhood, Hernández and Stolfo 1995), so that the
/// work grows with the list and not with its square.
fn near<'l>(list: &'l [u32], at: usize, limits: &Limits) -> impl Iterator<Item = u32> + 'l {
    let reach = match list.len() <= limits.postings_max as usize {
        true => list.len(),
        false => limits.neighbours_max as usize,
    };
    list.iter().skip(at.saturating_sub(reach)).take(reach.saturating_mul(2) + 1).copied()
}

/// The segments of each key that more than one has, with the weight of the key.
fn postings(all: &[Entry], rarity: &Rarity) -> Vec<(Vec<u32>, f32)> {
    let mut found: HashMap<u64, (Vec<u32>, f32)> = HashMap::new();
    for (index, entry) in (0_u32..).zip(all) {
        for key in &entry.profile.keys {
            if rarity.segments_with(key.key) > 1 {
                let list = found.entry(key.key).or_insert((Vec::new(), rarity.weight(key)));
                // The same word may be a name here and a plain word there.
                list.1 = list.1.max(rarity.weight(key));
                list.0.push(index);
            }
        }
    }
    let mut sorted: Vec<(u64, (Vec<u32>, f32))> = found.into_iter().collect();
    // Weights are added up in this order: sums of fractions depend on it.
    sorted.sort_unstable_by_key(|(key, _)| *key);
    sorted.into_iter().map(|(_, list)| list).collect()
}

/// Minima of permuted digests of pairs of words: the share of equal minima estimates resemblance
/// (Broder 1997).
fn signature(words: &[Word]) -> [u64; ROWS] {
    let mut minima = [u64::MAX; ROWS];
    for (one, two) in words.iter().zip(words.iter().skip(1)) {
        let shingle = mixed(one.form ^ two.form.rotate_left(17));
        for (row, minimum) in (1_u64..).zip(&mut minima) {
            *minimum = (*minimum).min(mixed(shingle ^ row.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        }
    }
    minima
}

/// Segments whose signatures agree in a band; lists of two and more.
fn bands(signatures: &[[u64; ROWS]]) -> Vec<Vec<u32>> {
    let mut lists = Vec::new();
    for band in 0..ROWS / ROWS_OF_BAND {
        let mut buckets: HashMap<&[u64], Vec<u32>> = HashMap::new();
        for (index, signature) in (0_u32..).zip(signatures) {
            let rows = signature.chunks(ROWS_OF_BAND).nth(band).unwrap_or_default();
            if rows.first() != Some(&u64::MAX) {
                buckets.entry(rows).or_default().push(index);
            }
        }
        let mut found: Vec<Vec<u32>> =
            buckets.into_values().filter(|list| list.len() > 1).collect();
        found.sort_unstable();
        lists.append(&mut found);
    }
    lists
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood 2014): a permutation of 64 bits.
fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
