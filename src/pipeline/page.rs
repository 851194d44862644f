//! What the page has shown so far, as far as the roles and places of units depend on it.

use super::words::ArticleWords;
use crate::block::{
    AskedOnce, BlockContext, BlockShape, Neighbour, PhraseClass, PhrasesFound, Role, Run,
    begins_item, classify, without_site,
};
use crate::document::{BlockKind, TranslatableReason, UnitPosition};
use crate::tailoring::{self, Tailoring};
use std::cell::RefCell;
use std::collections::VecDeque;
use xxhash_rust::xxh3::xxh3_64;

/// Digests of recent blocks that a repetition is looked for in.
const REPETITION_BLOCKS_MAX: usize = 64;

/// Blocks that may be the head of a page.
const HEAD_COUNT_MAX: u32 = 64;

/// Bytes of a heading that are remembered for the chunks under it.
const HEADING_BYTES_MAX: usize = 4 << 10;

/// Bytes of a headline with the name of the site behind it.
const HEADLINE_BYTES_MAX: usize = BlockContext::SHORT_BYTES_MAX * 2;

/// Pairs of words of signatures that notes on their bearers are told by.
const AUTHORS_MAX: usize = 16;

/// The page so far.
#[derive(Default)]
pub(super) struct Page {
    before: Option<BlockKind>,
    article_begun: bool,
    headline_seen: bool,
    body_begun: bool,
    in_related_list: bool,
    in_tail: bool,
    decks: u32,
    /// The last block ends in a colon, or is an item without a bullet of a list that one began.
    introduces: bool,
    /// Blocks so far.
    count: u32,
    /// Read when a row asks, which may be while the page is only looked at.
    words: RefCell<ArticleWords>,
    recent: VecDeque<u64>,
    headlines: VecDeque<u64>,
    /// Digests of the names that signed, each pair of words that stand side by side.
    authors: VecDeque<u64>,
    /// Numbers of the headline and the heading that what follows stands under.
    headline: Option<u32>,
    heading: Option<u32>,
    /// Text of the last of them.
    heading_text: String,
    /// The last block began a section.
    entered: bool,
    paragraph_count: u32,
}

impl Page {
    /// Running text has not begun: here a short block waits for several that follow. A page that
    /// never has any is no page of news, and is not waited for longer.
    pub(super) fn in_head(&self) -> bool {
        !self.body_begun && self.count < HEAD_COUNT_MAX
    }

    /// The function of the next block.
    // A stage of its own, which `benches/speed/stages` finds by its name.
    #[inline(never)]
    pub(super) fn role(
        &self,
        text: &str,
        run: Run,
        ahead: &[Neighbour<'_>],
        digest: u64,
        tailoring: &Tailoring,
        (shape, found): (BlockShape, PhrasesFound),
    ) -> Role {
        if run.continues {
            let kind = self.before.unwrap_or(BlockKind::Paragraph);
            return Role { kind, rule: tailoring::BLOCK_CUT };
        }
        let count =
            || self.words.borrow_mut().familiar(text, ahead.first().map(|after| after.text));
        let asked_once = AskedOnce::new(&count);
        let context = BlockContext {
            text,
            shape,
            blank_before: run.blank_before,
            before: self.before,
            after: ahead.first().copied(),
            ahead,
            introduced: self.introduces,
            asked_once: &asked_once,
            article_begun: self.article_begun,
            headline_seen: self.headline_seen,
            body_begun: self.body_begun,
            in_related_list: self.in_related_list,
            in_tail: self.in_tail,
            decks: self.decks,
            headline_ahead: self.headline_ahead(ahead),
            of_author: first_name(text).is_some_and(|name| self.authors.contains(&name)),
            repeats_headline: text.len() <= HEADLINE_BYTES_MAX
                && !self.headlines.is_empty()
                && (self.headlines.contains(&digest)
                    || self.headlines.contains(&xxh3_64(without_site(text).as_bytes()))),
            phrases: tailoring.phrases,
            found,
        };
        classify(tailoring.blocks, &context)
    }

    /// The page says its headline once more before the body.
    fn headline_ahead(&self, ahead: &[Neighbour<'_>]) -> bool {
        let said = |text: &str| {
            let title = without_site(text);
            title.split_whitespace().count() >= 4
                && self.headlines.contains(&xxh3_64(title.as_bytes()))
        };
        self.headline_seen && !self.body_begun && ahead.iter().any(|line| said(line.text))
    }

    /// Remembers a block; says whether its text stood here before, and where in the article it
    /// stands.
    pub(super) fn saw(
        &mut self,
        kind: BlockKind,
        number: u32,
        text: &str,
        digest: u64,
        short: bool,
        (shape, found): (BlockShape, PhrasesFound),
    ) -> (bool, UnitPosition) {
        let repetition = self.recent.contains(&digest);
        let position = self.place(kind, number, text, repetition);
        remember(&mut self.recent, digest, REPETITION_BLOCKS_MAX);
        if kind == BlockKind::Headline && short {
            remember(&mut self.headlines, digest, REPETITION_BLOCKS_MAX / 8);
            let title = xxh3_64(without_site(text).as_bytes());
            if title != digest {
                remember(&mut self.headlines, title, REPETITION_BLOCKS_MAX / 8);
            }
        }
        if kind.is_article_matter() && kind != BlockKind::Caption {
            self.words.get_mut().add(text);
        }
        if kind == BlockKind::Byline && short {
            for name in names(text) {
                remember(&mut self.authors, name, AUTHORS_MAX);
            }
        }
        // Rows of a table and long items are a list of another sort.
        let figures = shape.has_figure() && !text.starts_with(is_digit);
        // With so many words it says something, and is no row.
        let early = |word: &str| word.contains(|c: char| c.is_ascii_digit());
        let row = figures
            && (shape.words() < 7 || shape.has(":") || text.split_whitespace().take(3).any(early));
        let plain = !row && !begins_item(text) && text.len() <= 120;
        let listed = kind == BlockKind::ListItem && self.introduces && plain;
        self.introduces =
            kind.is_article_matter() && text.ends_with(':') || kind == BlockKind::Heading || listed;
        self.count = self.count.saturating_add(1);
        // A list of other articles begins with its label and ends with the first other block.
        let call = found.has(PhraseClass::Related) && shape.words() <= 5;
        // `Potrebbero piacerti anche`
        const LAST_WORDS: [&str; 6] =
            ["anche", "pure", "correlati", "correlate", "interessarti", "interessare"];
        let open = text.rsplit(' ').next().is_some_and(|word| LAST_WORDS.contains(&word));
        let label = found.is_label(PhraseClass::Related) || call && (text.ends_with(':') || open);
        self.in_related_list = kind == BlockKind::RelatedLink && (label || self.in_related_list);
        // Behind the article it ends when running text begins again.
        let closes = matches!(kind, BlockKind::Boilerplate | BlockKind::Metadata)
            && self.body_begun
            && found.has(PhraseClass::Closing);
        self.in_tail =
            closes || self.in_tail && !matches!(kind, BlockKind::Paragraph | BlockKind::Headline);
        self.decks = match kind {
            BlockKind::Headline => 0,
            BlockKind::Subheadline => self.decks + 1,
            _ => self.decks,
        };
        self.headline_seen |= kind == BlockKind::Headline;
        self.before = Some(kind);
        self.article_begun |= kind.is_article_matter();
        self.body_begun |= matches!(kind, BlockKind::Paragraph | BlockKind::ListItem);
        (repetition, position)
    }

    /// The place of the next block, which may begin a section.
    fn place(&mut self, kind: BlockKind, number: u32, text: &str, again: bool) -> UnitPosition {
        let counted = matches!(kind, BlockKind::Paragraph | BlockKind::ListItem);
        self.paragraph_count += u32::from(counted);
        // A headline that the page repeats begins nothing.
        self.entered = match kind {
            BlockKind::Headline => !(again && self.headline.is_some()),
            BlockKind::Heading => true,
            _ => false,
        };
        if self.entered && kind == BlockKind::Headline {
            (self.headline, self.heading) = (None, None);
        } else if self.entered {
            self.heading = None;
        }
        let section = if kind.is_article_matter() { self.section() } else { Vec::new() };
        if self.entered {
            let under =
                if kind == BlockKind::Headline { &mut self.headline } else { &mut self.heading };
            *under = Some(number);
            let end = text.floor_char_boundary(HEADING_BYTES_MAX);
            self.heading_text = text.get(..end).unwrap_or("").to_owned();
        }
        UnitPosition {
            paragraph: counted.then_some(self.paragraph_count),
            lead: counted && self.paragraph_count == 1,
            section,
        }
    }

    fn section(&self) -> Vec<u32> {
        self.headline.into_iter().chain(self.heading).collect()
    }

    /// The section that the last block began, if it did: the numbers of its headline and heading,
    /// and the text of the last of these.
    pub(super) fn entered_section(&self) -> Option<(Vec<u32>, &str)> {
        self.entered.then(|| (self.section(), self.heading_text.as_str()))
    }

    /// Paragraphs and list items so far.
    pub(super) fn paragraph_count(&self) -> u32 {
        self.paragraph_count
    }
}

/// Whether a block is to be translated, and why (policy B4).
pub(super) fn reason(kind: BlockKind, text: &str, tailoring: &Tailoring) -> TranslatableReason {
    let named = matches!(kind, BlockKind::Byline | BlockKind::Caption);
    match kind {
        BlockKind::Boilerplate => TranslatableReason::PageFurniture,
        BlockKind::RelatedLink => TranslatableReason::OtherArticle,
        BlockKind::Metadata => TranslatableReason::PageData,
        _ if !text.contains(char::is_alphabetic) => TranslatableReason::NoWords,
        _ if named && (tailoring.names_only)(text) => TranslatableReason::NamesOnly,
        _ => TranslatableReason::ArticleMatter,
    }
}

/// Digests of the pairs of capitalized words in a signature.
fn names(text: &str) -> impl Iterator<Item = u64> {
    let words = text.split_whitespace();
    words.clone().zip(words.skip(1)).filter_map(|(first, last)| name(first, last))
}

/// Digest of the name that a block begins with.
fn first_name(text: &str) -> Option<u64> {
    let mut words = text.strip_prefix("Chi è ").unwrap_or(text).split_whitespace();
    name(words.next()?, words.next()?)
}

/// Digest of a name of two capitalized words; none where something parts them.
fn name(first: &str, last: &str) -> Option<u64> {
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let last = last.trim_end_matches(|c: char| !c.is_alphanumeric());
    let apart = first.ends_with(|c: char| !c.is_alphanumeric());
    let small = || format!("{} {}", first.to_lowercase(), last.to_lowercase());
    (!apart && capital(first) && capital(last)).then(|| xxh3_64(small().as_bytes()))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn remember(ring: &mut VecDeque<u64>, digest: u64, count_max: usize) {
    if ring.len() >= count_max {
        ring.pop_front();
    }
    ring.push_back(digest);
}
