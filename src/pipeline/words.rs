//! Which words the article has used so far, as far as the roles of blocks depend on it.

use crate::text::LetterRuns;

/// Letters from which a word tells of the matter, and by which two forms of it are one.
const STEM_LETTERS: usize = 5;

/// Figures of 64 bits in the set: 1 KiB, whatever the document.
const PLACES: usize = 128;

/// Bytes of text that are kept until somebody asks: of most articles nobody does.
const UNREAD_BYTES_MAX: usize = 8 << 10;

/// The words of the article so far.
#[derive(Default)]
pub(super) struct ArticleWords {
    /// What `unread` does not hold.
    read: WordSet,
    unread: String,
}

impl ArticleWords {
    /// Remembers the words of `text`. Linear; long texts are not kept.
    pub(super) fn add(&mut self, text: &str) {
        if self.unread.len() + text.len() > UNREAD_BYTES_MAX {
            self.read_all();
            self.read.add(text);
        } else {
            self.unread.push_str(text);
            self.unread.push('\n');
        }
    }

    /// As [`WordSet::familiar`].
    pub(super) fn familiar(
        &mut self,
        text: &str,
        after: Option<&str>,
    ) -> (Option<f32>, Option<f32>) {
        self.read_all();
        self.read.familiar(text, after)
    }

    fn read_all(&mut self) {
        self.read.add(&self.unread);
        self.unread.clear();
    }
}

/// The heads of longer words, as bits at places that they are scattered to. Two words may share
/// a place: in a very long document every word seems familiar, and rows that ask find nothing
/// strange.
struct WordSet {
    bits: Box<[u64; PLACES]>,
}

impl Default for WordSet {
    fn default() -> WordSet {
        WordSet { bits: Box::new([0; PLACES]) }
    }
}

impl WordSet {
    /// Remembers the words of `text`.
    fn add(&mut self, text: &str) {
        for (place, bit) in stems(text) {
            if let Some(bits) = self.bits.get_mut(place) {
                *bits |= bit;
            }
        }
    }

    /// The share of the longer words of `text` that were seen or stand in `after`, and of those
    /// that were seen; none where it has no longer words.
    fn familiar(&self, text: &str, after: Option<&str>) -> (Option<f32>, Option<f32>) {
        // A set of its own: to look through a long block for each word of a short one would cost
        // the product of both.
        let mut following = WordSet::default();
        following.add(after.unwrap_or(""));
        let (mut all, mut known, mut seen) = (0u16, 0u16, 0u16);
        for stem in stems(text) {
            let before = self.has(stem);
            all = all.saturating_add(1);
            known = known.saturating_add(u16::from(before || following.has(stem)));
            seen = seen.saturating_add(u16::from(before));
        }
        let share = |part: u16| (all > 0).then(|| f32::from(part) / f32::from(all));
        (share(known), share(seen))
    }

    fn has(&self, (place, bit): (usize, u64)) -> bool {
        self.bits.get(place).is_some_and(|bits| bits & bit != 0)
    }
}

/// Place and bit of each longer word.
fn stems(text: &str) -> impl Iterator<Item = (usize, u64)> {
    let words = LetterRuns::<false>::of(text).map(|(_, word)| word);
    words.filter(|word| word.len() >= STEM_LETTERS).filter_map(|word| {
        let mut count = 0;
        let mut hash = 0u64;
        let mut add = |c: char| {
            count += 1;
            hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
        };
        match word.as_bytes().first_chunk::<STEM_LETTERS>() {
            Some(head) if head.is_ascii() => {
                head.iter().for_each(|byte| add(char::from(byte.to_ascii_lowercase())));
            }
            _ => word.chars().take(STEM_LETTERS).flat_map(char::to_lowercase).for_each(add),
        }
        let spread = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51;
        let place = usize::try_from(spread >> 6).unwrap_or(0);
        (count >= STEM_LETTERS).then_some((place, 1 << (spread & 63)))
    })
}
