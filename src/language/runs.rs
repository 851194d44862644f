//! What runs of letters and whole words say: the votes of each language for a word.
//!
//! The table is made by the build from `text/*.txt`: sentences written for this purpose.

use super::features;

include!(concat!(env!("OUT_DIR"), "/language_runs.rs"));

/// The table: for each place a key and one score a language.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/language_runs.bin"));

/// Bytes of a place.
const PLACE_BYTES: usize = 4 + TAGS.len();

/// What a run of one to four letters, and a whole word, is worth: a long run holds the shorter
/// ones, so they must not all count in full. Fitted to the development half of UD PUD and its
/// relatives by maximum likelihood, so that the votes are nats.
const WEIGHTS: [f32; 5] = [0.0, 0.078, 0.064, 0.155, 0.649];

/// Nats for each language of the table, against their mean.
pub(super) type Votes = [f32; TAGS.len()];

/// What each language is ahead before a word was read, from the same fit: Galician and Latin are
/// seldom what their neighbours look like.
pub(super) fn priors() -> Votes {
    TAGS.map(|tag| match tag {
        "de" => 0.70,
        "es" => -0.20,
        "fr" => 0.35,
        "gl" => -1.29,
        "la" => -0.71,
        "pt" => 0.66,
        "ro" => 0.40,
        _ => 0.0,
    })
}

/// The votes of one word, and the share of its runs that the table knows.
pub(super) fn votes(letters: &str) -> (Votes, f32) {
    let mut votes = [0.0; TAGS.len()];
    let (mut known, mut all) = (0_u32, 0_u32);
    features::runs(letters, |order, key| {
        all += 1;
        let Some(scores) = find(key) else { return };
        known += 1;
        let weight = WEIGHTS.get(order - 1).copied().unwrap_or(0.0) / STEPS_PER_NAT;
        for (vote, score) in votes.iter_mut().zip(scores) {
            *vote += f32::from(i8::from_le_bytes([*score])) * weight;
        }
    });
    (votes, if all == 0 { 0.0 } else { known as f32 / all as f32 })
}

fn find(key: u32) -> Option<&'static [u8; TAGS.len()]> {
    let mut slot = key as usize & (SLOTS - 1);
    loop {
        let place = TABLE.get(slot * PLACE_BYTES..(slot + 1) * PLACE_BYTES)?;
        let (head, scores) = place.split_first_chunk::<4>()?;
        match u32::from_le_bytes(*head) {
            found if found == key => return scores.first_chunk(),
            0 => return None,
            _ => slot = (slot + 1) & (SLOTS - 1),
        }
    }
}
