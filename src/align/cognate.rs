//! Words of two languages that look alike because they are of one origin.

/// Spellings of one sound or ending in the languages of western Europe, in the order of
/// application.
const SPELLINGS: [(&str, &str); 15] = [
    ("zione", "tion"),
    ("ción", "tion"),
    ("cion", "tion"),
    ("ção", "tion"),
    ("ph", "f"),
    ("th", "t"),
    ("ch", "c"),
    ("qu", "cu"),
    ("ct", "t"),
    ("pt", "t"),
    ("k", "c"),
    ("y", "i"),
    ("j", "i"),
    ("w", "v"),
    ("h", ""),
];

/// The bare letters of a folded word, in one spelling for all languages.
pub(super) fn skeleton(folded: &str) -> Vec<char> {
    let mut word = folded.to_owned();
    for (from, to) in SPELLINGS {
        if word.contains(from) {
            word = word.replace(from, to);
        }
    }
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    letters
}

/// How much two skeletons have in common, 0 to 1: twice the longest common subsequence by the sum
/// of the lengths (Melamed 1999).
pub(super) fn similarity(one: &[char], other: &[char]) -> f32 {
    let mut row = vec![0_u16; other.len() + 1];
    for letter in one {
        let mut diagonal = 0;
        let mut left = 0;
        for (cell, candidate) in row.iter_mut().skip(1).zip(other) {
            let above = *cell;
            left = if letter == candidate { diagonal + 1 } else { left.max(above) };
            diagonal = above;
            *cell = left;
        }
    }
    let common = row.last().copied().unwrap_or(0);
    2.0 * f32::from(common) / (one.len() + other.len()).max(1) as f32
}
