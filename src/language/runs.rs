//! What runs of letters and whole words say: the votes of each language for a word.
//!
//! The table is made by the build from `text/*.txt`: sentences written for this purpose.

use super::features::{self, KEY_BYTES, PLACE_BYTES};

include!(concat!(env!("OUT_DIR"), "/language_runs.rs"));

/// The table: for each place a key and one score a language.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/language_runs.bin"));

/// Common words with the votes that their runs give them: a key, the share of known runs and one
/// vote a language.
static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/language_words.bin"));

/// Bytes of a place of [`WORDS`].
const WORD_BYTES: usize = 8 + 4 + 4 * TAGS.len();

/// Nats for each language of the table, against their mean.
pub(super) type Votes = [f32; TAGS.len()];

/// What each language is ahead before a word was read, from the same fit: Galician and Latin are
/// seldom what their neighbours look like.
pub(super) const PRIORS: Votes = {
    let [ca, en, it] = [0.0; 3];
    let (de, es, fr, gl, la, pt, ro) = (0.70, -0.20, 0.35, -1.29, -0.71, 0.66, 0.40);
    [ca, de, en, es, fr, gl, it, la, pt, ro]
};

/// The votes of one word, and the share of its runs that the table knows.
pub(super) fn votes(letters: &str) -> (Votes, f32) {
    if let Some(voted) = common_votes(letters) {
        return voted;
    }
    let mut votes = [0.0; TAGS.len()];
    let known = features::vote(letters, &mut votes, STEPS_PER_NAT, find);
    (votes, known)
}

/// The place of a run.
fn find(key: u32) -> Option<[i8; PLACE_BYTES]> {
    let (places, _) = TABLE.as_chunks::<PLACE_BYTES>();
    let mut slot = key as usize & (SLOTS - 1);
    loop {
        let place = places.get(slot)?;
        match place.first_chunk::<KEY_BYTES>().map(|head| u32::from_le_bytes(*head))? {
            found if found == key => return Some(place.map(u8::cast_signed)),
            0 => return None,
            _ => slot = (slot + 1) & (SLOTS - 1),
        }
    }
}

/// The votes of a common word, which the build has asked: most words of a text are few.
pub(super) fn common_votes(letters: &str) -> Option<(Votes, f32)> {
    let key = features::word_key(letters);
    let mut slot = key as usize & (WORD_SLOTS - 1);
    loop {
        let place = WORDS.get(slot * WORD_BYTES..(slot + 1) * WORD_BYTES)?;
        let (head, figures) = place.split_first_chunk::<8>()?;
        match u64::from_le_bytes(*head) {
            found if found == key => return figures_of(figures),
            0 => return None,
            _ => slot = (slot + 1) & (WORD_SLOTS - 1),
        }
    }
}

fn figures_of(bytes: &[u8]) -> Option<(Votes, f32)> {
    let (figures, _) = bytes.as_chunks::<4>();
    let (known, rest) = figures.split_first()?;
    let mut votes = [0.0; TAGS.len()];
    votes.iter_mut().zip(rest).for_each(|(vote, bytes)| *vote = f32::from_le_bytes(*bytes));
    Some((votes, f32::from_le_bytes(*known)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_priors_stand_in_the_order_of_the_columns() {
        assert_eq!(super::TAGS, ["ca", "de", "en", "es", "fr", "gl", "it", "la", "pt", "ro"]);
    }
}
