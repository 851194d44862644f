//! Which lines belong together.

use super::line::Line;
use crate::text::{Span, is_ignorable};

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// A line end after which something else begins, or the end of the document.
    Whole,
    /// `block_bytes_max` was reached; the next run goes on with the text.
    Cut,
}

/// Lines that form one block, trimmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Place in the document.
    pub span: Span,
    /// A blank line, or the beginning of the document, stands before it.
    pub blank_before: bool,
    /// Why it ended.
    pub end: RunEnd,
    /// It goes on with a run that was cut.
    pub continues: bool,
}

/// What a line end means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Newlines {
    /// It ends the block unless the sentence plainly runs over it (policy S2).
    #[default]
    Layout,
    /// It always ends the block.
    BlockEnd,
    /// It is a space: only a blank line ends the block.
    Space,
}

/// Joins hard-wrapped lines; every other line is a run of its own.
///
/// State: the run under way, and the width of its widest line.
#[derive(Clone, Debug)]
pub struct Layout {
    block_bytes_max: u32,
    newlines: Newlines,
    open: Option<Open>,
    blank_before: bool,
    continues: bool,
    wrapping: Wrapping,
}

/// At what width the lines of the document are wrapped, as far as they show it.
///
/// Only lines that plainly go on in the next one are counted; a line much longer than these shows
/// that the document is not wrapped.
#[derive(Clone, Copy, Debug, Default)]
struct Wrapping {
    width: u32,
    /// Of the shortest of these lines.
    width_min: u32,
    count: u32,
    /// A sentence ended in a long line: the head of the page is over.
    body_begun: bool,
}

impl Wrapping {
    /// A line of `width` characters went on in the next line.
    fn saw_wrapped(&mut self, width: u32) {
        if (WRAPPED_WIDTH_MIN..=WRAPPED_WIDTH_MAX).contains(&width) {
            let first = self.count == 0;
            self.width_min = if first { width } else { self.width_min.min(width) };
            self.width = self.width.max(width);
            self.count = self.count.saturating_add(1);
        }
    }

    fn saw_line(&mut self, width: u32, ends_sentence: bool) {
        if width > self.width + RAGGED_CHARS_MAX * 2 {
            *self = Wrapping { body_begun: self.body_begun, ..Wrapping::default() };
        }
        self.body_begun |= ends_sentence && width >= LISTED_WIDTH_MAX;
    }

    /// The width, once enough lines have shown it.
    fn known(&self) -> Option<u32> {
        let alike = self.width - self.width_min <= RAGGED_CHARS_MAX * 2;
        let enough = if alike { WRAPPED_LINES_MIN } else { WRAPPED_LINES_MIN * 2 };
        (self.count >= enough).then_some(self.width)
    }
}

#[derive(Clone, Copy, Debug)]
struct Open {
    span: Span,
    last_line: Span,
    width_max: u32,
    /// The same without the last line.
    width_max_before: u32,
    joined: u32,
    /// Its last line begins with white space.
    indented: bool,
}

impl Open {
    fn new(line: Span, width: u32, indented: bool) -> Open {
        let width_max = width;
        Open { span: line, last_line: line, width_max, width_max_before: 0, joined: 0, indented }
    }
}

/// Characters by which a full line may be longer than all before it.
const RAGGED_CHARS_MAX: u32 = 6;

/// Characters from which a line counts as full enough to have been wrapped.
const WRAPPED_WIDTH_MIN: u32 = 40;

/// Lines that were wrapped for sure from which the width of the document is known.
const WRAPPED_LINES_MIN: u32 = 2;

/// Characters from which a headline that ends in a colon may go on in the next line.
const TITLE_WIDTH_MIN: u32 = 30;

/// Characters below which lines may be items of a list without bullets.
const LISTED_WIDTH_MAX: u32 = 60;

/// Characters below which a line was not wrapped, unless what follows ends the sentence.
const SHORT_WIDTH_MAX: u32 = 26;

/// Characters over which a line was never wrapped by hand or by a terminal.
const WRAPPED_WIDTH_MAX: u32 = 140;

impl Layout {
    /// A layout whose runs hold at most `block_bytes_max` bytes.
    pub fn new(block_bytes_max: u32, newlines: Newlines) -> Layout {
        let (open, wrapping) = (None, Wrapping::default());
        Layout { block_bytes_max, newlines, open, blank_before: true, continues: false, wrapping }
    }

    /// Takes the next line, whose text begins at `base` in the document. Gives back the runs that
    /// it shows to be complete: the one before it, and itself where it was cut. `text_of` reads
    /// spans that have not been released.
    // A stage of its own, which `benches/speed/stages` finds by its name.
    #[inline(never)]
    pub fn line<'t>(
        &mut self,
        line: Line,
        base: u32,
        text_of: impl Fn(Span) -> &'t str,
    ) -> [Option<Run>; 2] {
        let whole = Span::of(line.start..line.end).shifted(base);
        let text = text_of(whole);
        let trimmed = crate::text::trimmed(text);
        if trimmed.is_empty() {
            let done = self.close(RunEnd::Whole);
            // A cut inside a run of spaces is no blank line.
            self.blank_before |= !line.cut;
            self.continues &= line.cut;
            return [done, None];
        }
        let span = Span::of(trimmed).shifted(whole.start());
        let width = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let indented = text.starts_with(['\t', '\u{3000}']) || text.starts_with("  ");
        let joined = self.open.filter(|open| {
            // A first line that is indented begins a paragraph; so do lines below an item not.
            let opens = indented && !open.indented && !begins_item(text_of(open.span));
            !(opens && self.newlines == Newlines::Layout) && self.joins(*open, span, &text_of)
        });
        let fits =
            joined.is_some_and(|open| span.end() - open.span.start() <= self.block_bytes_max);
        if let Some(open) = self.open.filter(|_| joined.is_some()) {
            let above = text_of(open.last_line);
            if !ends_in_terminator(above) && trimmed_starts_small(text_of(span)) {
                self.wrapping.saw_wrapped(chars(above));
            }
        }
        self.wrapping.saw_line(width, ends_in_terminator(text_of(span)));
        let done = match joined {
            Some(_) if !fits => {
                let done = self.close(RunEnd::Cut);
                self.open = Some(Open::new(span, width, indented));
                done
            }
            Some(open) => {
                let open = Open {
                    span: Span::new(open.span.start(), span.end()),
                    last_line: span,
                    width_max: open.width_max.max(width),
                    width_max_before: open.width_max,
                    joined: open.joined + 1,
                    indented,
                };
                self.open = Some(open);
                None
            }
            _ => {
                let done = self.close(RunEnd::Whole);
                self.open = Some(Open::new(span, width, indented));
                done
            }
        };
        // The line goes on in the next run: what follows can be no line of this one.
        let cut = if line.cut { self.close(RunEnd::Cut) } else { None };
        [done, cut]
    }

    /// The document is over: gives back the run under way.
    pub fn finish(&mut self) -> Option<Run> {
        self.close(RunEnd::Whole)
    }

    /// Where the run under way begins.
    pub fn open_start(&self) -> Option<u32> {
        self.open.map(|open| open.span.start())
    }

    fn close(&mut self, end: RunEnd) -> Option<Run> {
        let open = self.open.take()?;
        let run = Run {
            span: open.span,
            blank_before: self.blank_before,
            end,
            continues: self.continues,
        };
        self.blank_before = false;
        self.continues = end == RunEnd::Cut;
        Some(run)
    }

    /// Policy S2: a line end is no boundary where the sentence plainly runs over it.
    fn joins<'t>(&self, open: Open, line: Span, text_of: &impl Fn(Span) -> &'t str) -> bool {
        match self.newlines {
            Newlines::Layout => {}
            Newlines::BlockEnd => return false,
            Newlines::Space => return true,
        }
        let (above, below) = (text_of(open.last_line), text_of(line));
        let width = u32::try_from(above.chars().count()).unwrap_or(u32::MAX);
        if begins_item(below) || begins_apart(below, width) {
            return false;
        }
        // Short lines that all begin with a small letter are a list without bullets.
        let small = |text: &str| text.starts_with(char::is_lowercase);
        let counted = above.starts_with(|c: char| c.is_ascii_digit());
        if open.joined == 0 && width < LISTED_WIDTH_MAX && (small(above) || counted) && small(below)
        {
            return false;
        }
        let ends_sentence = ends_in_terminator(above);
        let Some(first) = below.chars().find(|c| c.is_alphanumeric()) else { return false };
        let opens = below.chars().next().is_some_and(|c| c.is_alphanumeric());
        // The sentence is not over, and the next line goes on with a small letter.
        if !ends_sentence && first.is_lowercase() && !above.contains("://") {
            return true;
        }
        // A comma, an article or a preposition cannot end a block, where the line is long enough to
        // have been wrapped. The words are Italian: layout comes before the language is known, and
        // in another language they join a heading to its text at worst.
        let full = width >= WRAPPED_WIDTH_MIN;
        if !ends_sentence && full && (above.ends_with(',') || ends_in_glue_word(above)) {
            return true;
        }
        // Above the body a headline may be cut behind its colon.
        if !self.wrapping.body_begun
            && open.joined == 0
            && above.ends_with(':')
            && (TITLE_WIDTH_MIN..=WRAPPED_WIDTH_MAX).contains(&width)
            && chars(below) >= SHORT_WIDTH_MAX
            && small(below)
        {
            return true;
        }
        // The line was full: the next word would not have fitted.
        let wrapped =
            open.joined > 0 && (WRAPPED_WIDTH_MIN..=WRAPPED_WIDTH_MAX).contains(&open.width_max);
        let word = below.split(char::is_whitespace).next().map_or(0, |word| word.chars().count());
        // A line that is much longer than all before it was not cut where they were.
        let like_others = width <= open.width_max_before + RAGGED_CHARS_MAX;
        let with_word = width + 1 + u32::try_from(word).unwrap_or(0);
        // The lines above have shown at what width the document is wrapped.
        if let Some(wrapped_at) = self.wrapping.known().map(|known| known.max(open.width_max)) {
            // Titles one below the other are as long by chance, but hold no sentence end.
            let text = open.joined > 0 && !ends_sentence
                || below.contains(". ")
                || ends_in_terminator(below)
                || chars(below) + RAGGED_CHARS_MAX >= wrapped_at;
            return width <= wrapped_at + RAGGED_CHARS_MAX
                && width * 5 >= wrapped_at * 4
                && with_word > wrapped_at
                && chars(below) <= wrapped_at + RAGGED_CHARS_MAX
                && text
                && (opens || below.starts_with(['"', '«', '“']));
        }
        opens && wrapped && like_others && with_word > open.width_max
    }
}

/// A bullet, dash or label at the head of a line begins an item (policy S14): `•`, `- `, `3) `,
/// `12. `, `b) `.
///
/// ```
/// use cesura::block::begins_item;
/// assert!(begins_item("•lavoro") && begins_item("2) la casa") && !begins_item("-5 gradi"));
/// ```
pub fn begins_item(line: &str) -> bool {
    let Some(first) = line.chars().next() else { return false };
    let rest = line.get(first.len_utf8()..).unwrap_or("");
    if !first.is_ascii() && "•·▪▫●○◦‣∙■□➤►✓✔✗✘✅❌☑".contains(first)
    {
        return true;
    }
    if "–—-*+".contains(first) {
        return rest.starts_with(is_ignorable);
    }
    let label = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - label.len();
    (1..=2).contains(&digits) && (label.starts_with(") ") || label.starts_with(". "))
        || digits == 0 && first.is_ascii_alphabetic() && rest.starts_with(") ")
}

fn chars(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn trimmed_starts_small(line: &str) -> bool {
    line.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase)
}

fn ends_in_terminator(line: &str) -> bool {
    line.trim_end_matches(|c: char| is_ignorable(c) || "\"'»”’)]}“‘".contains(c))
        .ends_with(['.', '!', '?', '…', ':', ';'])
}

/// An address or a signature begins a block of its own, though with a small letter.
fn begins_apart(line: &str, width_above: u32) -> bool {
    #[rustfmt::skip]
    const SIGNATURES: &[&str] = &[
        "a cura di ", "a cura della ", "by ", "dal nostro inviato", "dalla nostra inviata",
        "testo di ", "testi di ", "testo e foto di ", "foto di ", "servizio di ", "intervista di ",
        "scritto da ", "pubblicato da ", "pubblicato il ", "aggiornato il ",
    ];
    let by = line.strip_prefix("di ").is_some_and(|name| {
        // `di Martina Colleoni - 14 novembre 2023`
        let dated = name.split_once([',', '-', '|', '–', '•']).filter(|(name, date)| {
            (2..=4).contains(&name.split_whitespace().count())
                && date.split_whitespace().count() <= 6
                && date.contains(|c: char| c.is_ascii_digit())
        });
        let name = dated.map_or(name, |(name, _)| name.trim_end());
        let names = name.split_whitespace().filter(|word| !matches!(*word, "e" | "di"));
        let all = name.split_whitespace().count() <= 7
            && names.clone().all(|word| word.starts_with(char::is_uppercase))
            && !ends_in_terminator(name);
        name.starts_with(char::is_uppercase) && (width_above < WRAPPED_WIDTH_MIN || all)
    });
    // A short line, and one that ends no sentence: a signature, a tag, a date.
    let short = width_above < SHORT_WIDTH_MAX
        && line.chars().count() < SHORT_WIDTH_MAX as usize * 2
        && line.starts_with(char::is_lowercase)
        && !line.contains(". ")
        && (!ends_in_terminator(line) || line.ends_with(':') || line.ends_with("q.b."));
    // `n. 8, aprile 2024`: the issue, below the name of a periodical.
    let issue = line.strip_prefix("n. ").is_some_and(|number| {
        number.starts_with(|c: char| c.is_ascii_digit())
            && number.chars().count() < SHORT_WIDTH_MAX as usize
            && !ends_in_terminator(number)
    });
    by || short
        || issue
        || ["http://", "https://", "www.", "#", "@", "pic.twitter.com"]
            .iter()
            .any(|head| line.starts_with(head))
        || SIGNATURES.iter().any(|head| line.starts_with(head))
}

/// Articles, prepositions and conjunctions, which call for what follows.
fn ends_in_glue_word(line: &str) -> bool {
    #[rustfmt::skip]
    const GLUE: &[&str] = &[
        "a", "ad", "agli", "ai", "al", "alla", "alle", "allo", "che", "con", "da", "dagli", "dai",
        "dal", "dalla", "dalle", "degli", "dei", "del", "della", "delle", "dello", "di", "e", "ed",
        "gli", "i", "il", "in", "la", "le", "lo", "nei", "nel", "nella", "nelle", "o", "per", "su",
        "sui", "sul", "sulla", "sulle", "tra", "un", "una", "uno", "è",
    ];
    let word = line.rsplit(char::is_whitespace).next().unwrap_or("");
    line.len() > word.len() && GLUE.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(text: &str) -> Vec<&str> {
        let mut layout = Layout::new(65_536, Newlines::Layout);
        let cutter = super::super::line::LineCutter { line_bytes_max: 65_536 };
        let (mut at, mut found) = (0, Vec::new());
        while let Some(line) = cutter.next(text, at, at, true) {
            let done = layout.line(line, 0, |span| span.slice(text).unwrap_or(""));
            found.extend(done.into_iter().flatten());
            at = line.next;
        }
        found.extend(layout.finish());
        found.iter().map(|run| run.span.slice(text).unwrap_or("")).collect()
    }

    #[test]
    fn lines_join_only_where_the_sentence_runs_over() {
        assert_eq!(
            runs("Il titolo\nIl testo comincia qui.\n"),
            ["Il titolo", "Il testo comincia qui."]
        );
        assert_eq!(runs("Il premier ha\ndetto di no."), ["Il premier ha\ndetto di no."]);
        assert_eq!(runs("Uno\n\ndue"), ["Uno", "due"]);
        assert_eq!(runs("Tre punti:\n- uno\n- due"), ["Tre punti:", "- uno", "- due"]);
        assert_eq!(runs("Uno.\r\nDue.\u{2028}Tre."), ["Uno.", "Due.", "Tre."]);
        assert_eq!(runs("\u{feff}  \u{200b}\nUno \n"), ["Uno"]);
    }
}
