//! What stands around a block, in the words in which block rules are written.

use super::layout::begins_item;
use super::phrase::{PhraseClass, Phrases, PhrasesFound};
use crate::document::BlockKind;
use crate::text::{ascii_letters, is_terminator};
use std::cell::OnceCell;

/// The block before or after, as far as roles depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Neighbour<'a> {
    /// Its text.
    pub text: &'a str,
    /// How long it is, and which signs it holds.
    pub shape: BlockShape,
    /// A blank line stands between.
    pub apart: bool,
    /// Phrases in it.
    pub found: PhrasesFound,
}

/// How long a block is and which signs it holds, counted once: nearly every row asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockShape {
    chars: usize,
    words: usize,
    sentences: usize,
    /// One bit for each character of ASCII that stands in it and is neither letter nor space.
    ascii: u128,
    /// Two white spaces side by side, or a tab.
    wide: bool,
}

/// Whether a sentence may have ended: a terminator, marks that close, white space, marks that
/// open, and then a capital say so.
#[derive(Clone, Copy, PartialEq)]
enum Ended {
    No,
    /// A terminator stood here, and marks that close behind it.
    Terminated,
    /// White space stood behind that.
    Apart,
}

impl Ended {
    fn and(self, c: char) -> Ended {
        match c {
            '.' | '!' | '?' | '…' => Ended::Terminated,
            '"' | '\'' | '“' if self != Ended::No => self,
            '»' | '”' | '’' | ')' | ']' if self == Ended::Terminated => self,
            '«' | '‘' | '(' if self == Ended::Apart => self,
            // The letters of Latin-1 with their two signs, and all else of ASCII but spaces.
            '\u{c0}'..='\u{ff}' | '!'..='~' => Ended::No,
            _ if is_terminator(c) => Ended::Terminated,
            _ if c.is_whitespace() => self.and_space(),
            _ => Ended::No,
        }
    }

    fn and_space(self) -> Ended {
        if self == Ended::No { Ended::No } else { Ended::Apart }
    }
}

impl BlockShape {
    /// The shape of `text`. Linear.
    pub fn of(text: &str) -> BlockShape {
        let mut shape = BlockShape { chars: 0, words: 0, sentences: 1, ascii: 0, wide: false };
        let (mut apart, mut ended) = (true, Ended::No);
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            // Nearly all bytes are letters, and of most words only the first one matters.
            if byte.is_ascii_alphabetic() {
                shape.words += usize::from(apart);
                shape.sentences += usize::from(ended == Ended::Apart && byte.is_ascii_uppercase());
                (apart, ended) = (false, Ended::No);
                at += ascii_letters(bytes, at);
                continue;
            }
            if *byte == b' ' {
                shape.wide |= apart && at > 0;
                (apart, ended) = (true, ended.and_space());
                at += 1;
                continue;
            }
            if byte.is_ascii_graphic() {
                shape.ascii |= 1 << *byte;
                shape.words += usize::from(apart);
                (apart, ended) = (false, ended.and(char::from(*byte)));
                at += 1;
                continue;
            }
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
            if c.is_ascii() {
                shape.ascii |= 1 << (c as u32);
            }
            let space = c.is_whitespace();
            shape.words += usize::from(apart && !space);
            shape.wide |= c == '\t' || space && apart && at > 0;
            apart = space;
            at += c.len_utf8();
            shape.sentences += usize::from(ended == Ended::Apart && c.is_uppercase());
            ended = ended.and(c);
        }
        shape.chars = text.chars().count();
        shape
    }

    /// Number of characters.
    pub fn chars(self) -> usize {
        self.chars
    }

    /// Number of words.
    pub fn words(self) -> usize {
        self.words
    }

    /// One of `signs`, which are of ASCII and neither letters nor spaces, stands in it.
    pub fn has(self, signs: &str) -> bool {
        signs.bytes().any(|sign| self.ascii >> (sign & 127) & 1 == 1)
    }

    /// A figure stands in it.
    pub fn has_figure(self) -> bool {
        const FIGURES: u128 = 0b11_1111_1111 << b'0';
        self.ascii & FIGURES != 0
    }

    /// Two white spaces stand side by side in it, or a tab.
    pub fn is_wide(self) -> bool {
        self.wide
    }
}

/// What costs more and several rows ask: found when the first of them does.
pub struct AskedOnce<'a> {
    /// Place among the blocks ahead of a line that is the title rather than this one.
    pub title_below: OnceCell<Option<usize>>,
    shares: OnceCell<(Option<f32>, Option<f32>)>,
    count: &'a dyn Fn() -> (Option<f32>, Option<f32>),
}

impl<'a> AskedOnce<'a> {
    /// `count` gives back which share of the block's words is familiar: from the article before and
    /// the block after, and from the article before alone.
    pub fn new(count: &'a dyn Fn() -> (Option<f32>, Option<f32>)) -> AskedOnce<'a> {
        AskedOnce { title_below: OnceCell::new(), shares: OnceCell::new(), count }
    }

    fn shares(&self) -> (Option<f32>, Option<f32>) {
        *self.shares.get_or_init(self.count)
    }
}

impl std::fmt::Debug for AskedOnce<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("AskedOnce").field(&self.title_below.get()).field(&self.shares.get()).finish()
    }
}

/// A block with its surroundings.
#[derive(Clone, Copy, Debug)]
pub struct BlockContext<'a> {
    /// The block itself, trimmed.
    pub text: &'a str,
    /// How long it is, and which signs it holds.
    pub shape: BlockShape,
    /// A blank line, or the beginning of the document, stands before it.
    pub blank_before: bool,
    /// Kind of the block before.
    pub before: Option<BlockKind>,
    /// The block after, where there is one. Always given to blocks of at most
    /// [`BlockContext::SHORT_BYTES_MAX`] bytes; longer ones are judged by themselves.
    pub after: Option<Neighbour<'a>>,
    /// The blocks after, `after` the first of them: at the head of a page up to
    /// [`BlockContext::HEAD_BLOCKS_MAX`], none behind the first that is running text; elsewhere
    /// at most one.
    pub ahead: &'a [Neighbour<'a>],
    /// The block before is a heading or ends in a colon, or is an item without a bullet of a list
    /// that one began.
    pub introduced: bool,
    /// What is found when the first row asks.
    pub asked_once: &'a AskedOnce<'a>,
    /// A block of article matter stood before this one.
    pub article_begun: bool,
    /// A headline stood before this one.
    pub headline_seen: bool,
    /// A paragraph stood before this one.
    pub body_begun: bool,
    /// The blocks right before it offer other articles, under a label of their own.
    pub in_related_list: bool,
    /// What stands behind the article has begun: rights reserved, tags, the form for comments.
    pub in_tail: bool,
    /// Subheadlines since the headline.
    pub decks: u32,
    /// One of the blocks ahead says the headline once more.
    pub headline_ahead: bool,
    /// It begins with a name that signed the article, `Chi è` before it or not.
    pub of_author: bool,
    /// The same text stood in this document as a headline.
    pub repeats_headline: bool,
    /// Phrases that betray what a block is for.
    pub phrases: &'a Phrases,
    /// Those that stand in it.
    pub found: PhrasesFound,
}

impl BlockContext<'_> {
    /// Longer blocks are running text whatever follows them.
    pub const SHORT_BYTES_MAX: usize = 600;

    /// Blocks that are waited for at the head of a page before a short one is judged: which line
    /// is the title shows only beside the others.
    pub const HEAD_BLOCKS_MAX: usize = 8;

    /// Whether `text` is running text for sure, which ends the head of a page.
    pub fn is_running_text(text: &str) -> bool {
        text.len() > Self::SHORT_BYTES_MAX
            || text.len() >= 160 && ends_sentence(text) && text.chars().count() >= 160
    }

    /// Number of characters.
    pub fn chars(&self) -> usize {
        self.shape.chars
    }

    /// Number of words.
    pub fn words(&self) -> usize {
        self.shape.words
    }

    /// The block ends with a terminator, closing marks aside.
    pub fn ends_sentence(&self) -> bool {
        ends_sentence(self.text)
    }

    /// Sentences the block seems to hold: terminators before a space and a capital, and its end.
    pub fn sentences(&self) -> usize {
        self.shape.sentences
    }

    /// Share of its longer words that stood in the article before, or stand in the block after;
    /// none where it has none.
    pub fn familiar(&self) -> Option<f32> {
        self.asked_once.shares().0
    }

    /// The same for the article before alone.
    pub fn familiar_before(&self) -> Option<f32> {
        self.asked_once.shares().1
    }

    /// What follows is running text or a list: it has a sentence that ends, or is long, or an item.
    pub fn text_follows(&self) -> bool {
        self.after.is_some_and(|after| {
            let long = after.shape.chars >= 120;
            (ends_sentence(after.text)
                || after.text.ends_with(':')
                || long
                || begins_item(after.text))
                && !after.found.has(PhraseClass::Boilerplate)
                && !after.found.has(PhraseClass::Related)
        })
    }

    /// `text`, a part of the block, is nothing but a phrase of `class`.
    pub fn is_label(&self, text: &str, class: PhraseClass) -> bool {
        self.phrases.is_label(text, class)
    }

    /// One of the phrases of `class` says so.
    pub fn has_phrase(&self, class: PhraseClass) -> bool {
        self.found.has(class)
    }
}

/// Spaces behind the sign before the name of a site, at most: it has four words, seldom wide apart.
const SITE_SPACES_MAX: usize = 12;

/// A title without the name of the site that the page puts behind it:
/// `Il premier vola a Mosca - Pieve24`.
pub fn without_site(title: &str) -> &str {
    // Two of the signs begin with E2.
    let has_sign = |text: &str| memchr::memchr3(b'-', b'|', 0xE2, text.as_bytes()).is_some();
    if !has_sign(title) {
        return title;
    }
    let mut spaces = memchr::memrchr_iter(b' ', title.as_bytes());
    let start = spaces.nth(SITE_SPACES_MAX - 1).unwrap_or(0);
    let last = title.get(start..).unwrap_or("");
    if !has_sign(last) {
        return title;
    }
    let behind = |sign: &&str| {
        let at = memchr::memmem::rfind(last.as_bytes(), sign.as_bytes())?;
        last.get(..at).zip(last.get(at + sign.len()..))
    };
    let cut = [" - ", " | ", " – ", " — "].iter().filter_map(behind);
    let named = |(_, site): &(&str, &str)| (1..=4).contains(&site.split_whitespace().count());
    cut.filter(named)
        .filter_map(|(before, _)| title.get(..start + before.len()))
        .filter(|head| head.split_whitespace().take(4).count() == 4)
        .map(str::trim_end)
        .min_by_key(|head| head.len())
        .unwrap_or(title)
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_whitespace() || "\"'»”’)]}“‘*".contains(c))
        .ends_with(|c| is_terminator(c) || c == '…')
}
