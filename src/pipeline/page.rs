//! What the page has shown so far, as far as the roles and places of units depend on it.

use crate::block::{BlockContext, Neighbour, PhraseClass, PhrasesFound, Role, Run, classify};
use crate::document::{BlockKind, TranslatableReason, UnitPosition};
use crate::tailoring::{self, Tailoring};
use std::collections::VecDeque;

/// Digests of recent blocks that a repetition is looked for in.
const REPETITION_BLOCKS_MAX: usize = 64;

/// Bytes of a heading that are remembered for the chunks under it.
const HEADING_BYTES_MAX: usize = 4 << 10;

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
    recent: VecDeque<u64>,
    headlines: VecDeque<u64>,
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
    /// The function of the next block.
    pub(super) fn role(
        &self,
        text: &str,
        run: Run,
        after: Option<Neighbour<'_>>,
        digest: u64,
        tailoring: &Tailoring,
        found: PhrasesFound,
    ) -> Role {
        if run.continues {
            let kind = self.before.unwrap_or(BlockKind::Paragraph);
            return Role { kind, rule: tailoring::BLOCK_CUT };
        }
        let context = BlockContext {
            text,
            blank_before: run.blank_before,
            before: self.before,
            after,
            article_begun: self.article_begun,
            headline_seen: self.headline_seen,
            body_begun: self.body_begun,
            in_related_list: self.in_related_list,
            in_tail: self.in_tail,
            decks: self.decks,
            repeats_headline: self.headlines.contains(&digest),
            phrases: tailoring.phrases,
            found,
        };
        classify(tailoring.blocks, &context)
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
        found: PhrasesFound,
    ) -> (bool, UnitPosition) {
        let repetition = self.recent.contains(&digest);
        let position = self.place(kind, number, text, repetition);
        remember(&mut self.recent, digest, REPETITION_BLOCKS_MAX);
        if kind == BlockKind::Headline && short {
            remember(&mut self.headlines, digest, REPETITION_BLOCKS_MAX / 8);
        }
        // A list of other articles begins with its label and ends with the first other block.
        let label = found.is_label(PhraseClass::Related);
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

fn remember(ring: &mut VecDeque<u64>, digest: u64, count_max: usize) {
    if ring.len() >= count_max {
        ring.pop_front();
    }
    ring.push_back(digest);
}
