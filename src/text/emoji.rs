//! Pictographs.

/// A pictograph by itself, which may stand at the end of a sentence like a mark. Ranges of the
/// Unicode blocks of emoji and dingbats; digits and `#`, which only begin an emoji sequence, are
/// left out.
///
/// ```
/// use cesura::text::is_emoji;
/// assert!(is_emoji('🎉') && is_emoji('✔') && !is_emoji('7') && !is_emoji('é'));
/// ```
pub fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}'
        | '\u{231a}' | '\u{231b}' | '\u{23e9}'..='\u{23fa}')
}

/// What joins pictographs or changes their looks, and stands for nothing alone.
pub fn is_emoji_part(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{20e3}' | '\u{e0020}'..='\u{e007f}')
}
