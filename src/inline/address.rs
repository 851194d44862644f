//! URLs, mail addresses and the like: stretches in which no stop ends a sentence.

use crate::text::Span;

/// Signs that betray an address, which are rare, with what stands behind them there: nothing else
/// in a text has both.
const TRIGGERS: [(u8, &[u8]); 3] = [(b':', b"://"), (b'w', b"www."), (b'@', b"@")];

/// Addresses of the block, ascending, without overlap.
pub(super) fn find(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let bytes = text.as_bytes();
    // A long address may hold many triggers: for each of them a stretch is walked once.
    let mut covered = [0; TRIGGERS.len()];
    let [colon, letter, at_sign] = TRIGGERS.map(|(sign, _)| sign);
    for at in memchr::memchr3_iter(colon, letter, at_sign, bytes) {
        let rest = bytes.get(at..).unwrap_or_default();
        let stands =
            |(sign, trigger): &(u8, &[u8])| rest.first() == Some(sign) && rest.starts_with(trigger);
        let found_here = TRIGGERS.iter().zip(&mut covered).find(|(trigger, _)| stands(trigger));
        let Some(((_, trigger), covered)) = found_here.filter(|(_, covered)| at >= **covered)
        else {
            continue;
        };
        if let Some(span) = around(text, at, trigger.len()) {
            *covered = span.end() as usize;
            found.push(span);
        }
    }
    found.sort_by_key(|span| span.start());
    found.dedup_by(|next, kept| {
        let overlap = next.start() < kept.end();
        if overlap {
            *kept = Span::new(kept.start(), kept.end().max(next.end()));
        }
        overlap
    });
    found
}

/// Characters looked at before the trigger of an address.
const ADDRESS_HEAD_CHARS_MAX: usize = 96;

/// The word around a trigger, without the punctuation that only follows it.
fn around(text: &str, at: usize, trigger: usize) -> Option<Span> {
    let (before, from) = (text.get(..at)?, text.get(at..)?);
    let head = before
        .char_indices()
        .rev()
        .take(ADDRESS_HEAD_CHARS_MAX)
        .take_while(|(_, c)| is_address_char(*c))
        .last()
        .map_or(at, |(start, _)| start);
    let tail = from.find(|c: char| !is_address_char(c)).unwrap_or(from.len());
    let word = host_only(from.get(..tail)?, trigger);
    let mut kept = word.trim_end_matches(|c: char| ".,;:!?…'’".contains(c));
    if !kept.contains('(') {
        kept = kept.trim_end_matches([')', ']', '.', ',', ';', ':', '!', '?']);
    }
    (kept.len() > trigger).then(|| Span::of(head..at + kept.len()))
}

/// The word up to a stop that is followed by a capital, where that stop ends a host name: the space
/// after the sentence is missing. `www.Comune.it` keeps its capital.
fn host_only(word: &str, trigger: usize) -> &str {
    let path = word.get(trigger..).and_then(|rest| rest.find(['/', '?', '#']));
    let host = path.and_then(|at| word.get(..at + trigger)).unwrap_or(word);
    let glued = host.match_indices('.').find(|(at, _)| {
        let before = host.get(..*at).unwrap_or("").ends_with(|c: char| c.is_ascii_lowercase());
        let after = host.get(at + 1..).unwrap_or("").chars().next();
        *at > trigger && before && after.is_some_and(char::is_uppercase)
    });
    glued.and_then(|(at, _)| word.get(..at)).unwrap_or(word)
}

fn is_address_char(c: char) -> bool {
    c.is_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}
