//! The state of one document being read.

use super::page::{Page, reason};
use super::unit::{Assembled, Settled, Shown, assemble};
use super::{Limits, Options};
use crate::block::{
    BlockContext, BlockShape, Layout, LineCutter, Neighbour, PhrasesFound, Run, RunEnd,
};
use crate::document::{Event, Head, Notice, NoticeKind, Skeleton, Tail, Unit};
use crate::error::{Error, ErrorKind};
use crate::language::{Detection, Sampler, detect, detect_within};
use crate::pack::{PackedSegment, Packer};
use crate::tailoring::{self, Tailoring};
use crate::text::{Intake, MalformedPolicy, Span};
use std::collections::VecDeque;
use xxhash_rust::xxh3::xxh3_64;

/// Turns the bytes of one document into events, without I/O.
///
/// Feed it with [`push`](Segmenter::push), take what is settled with
/// [`next_event`](Segmenter::next_event) until that is `None`, and say
/// [`finish`](Segmenter::finish) when the document is complete. The events do not depend on how
/// the bytes were cut. Memory stays under a few times [`Limits::block_bytes_max`], whatever the
/// length of the document, if the caller pushes at most [`Limits::chunk_bytes_max`] at a time and
/// takes all events in between.
///
/// ```
/// use cesura::{Limits, Options, Segmenter, document::Event};
/// let mut segmenter = Segmenter::new(Options::default(), Limits::default());
/// let mut units = 0;
/// for chunk in "Il titolo\n\nIl testo è qui. Poi finisce.\n".as_bytes().chunks(7) {
///     segmenter.push(chunk)?;
///     while let Some(event) = segmenter.next_event() {
///         units += usize::from(matches!(event, Event::Unit(_)));
///     }
/// }
/// segmenter.finish()?;
/// while let Some(event) = segmenter.next_event() {
///     units += usize::from(matches!(event, Event::Unit(_)));
/// }
/// assert_eq!(units, 2);
/// # Ok::<(), cesura::Error>(())
/// ```
pub struct Segmenter {
    options: Options,
    limits: Limits,
    intake: Intake,
    /// The client said that the document is complete.
    finished: bool,
    /// Every line was taken.
    exhausted: bool,
    failed: bool,
    tail_sent: bool,
    /// Where the next line begins, and up to where its end was looked for.
    line_start: u32,
    searched_until: u32,
    layout: Layout,
    /// Runs found and not yet handed out: at most those of the language sample and one more.
    runs: VecDeque<Waiting>,
    sampler: Sampler,
    language: Option<Detection>,
    /// End of the last unit or skeleton handed out.
    said_until: u32,
    ready: VecDeque<Event>,
    page: Page,
    shown: Shown,
    packer: Option<Packer>,
    /// It was said that there are too many contents to remember.
    identities_full_said: bool,
    tail: Tail,
}

/// A run that was not handed out yet.
struct Waiting {
    run: Run,
    shape: BlockShape,
    /// Phrases found in it, and by which tailoring: up to eight blocks before it ask as well.
    phrases: Option<(&'static str, PhrasesFound)>,
}

impl Waiting {
    /// The phrases in its text, looked for once; long text has none.
    fn found(&mut self, text: &str, tailoring: &Tailoring) -> PhrasesFound {
        if let Some((tag, found)) = self.phrases
            && tag == tailoring.tag
        {
            return found;
        }
        let found = match text.len() <= BlockContext::SHORT_BYTES_MAX {
            true => tailoring.phrases.find(text),
            false => PhrasesFound::default(),
        };
        self.phrases = Some((tailoring.tag, found));
        found
    }
}

impl Segmenter {
    /// A segmenter at the beginning of a document.
    pub fn new(options: Options, limits: Limits) -> Segmenter {
        let document_bytes_max = limits.document_bytes_max.min(Limits::DOCUMENT_BYTES_CEILING);
        Segmenter {
            intake: Intake::new(options.charset, options.malformed, document_bytes_max),
            finished: false,
            exhausted: false,
            failed: false,
            tail_sent: false,
            line_start: 0,
            searched_until: 0,
            layout: Layout::new(limits.block_bytes_max, options.newlines),
            runs: VecDeque::new(),
            sampler: Sampler::new(limits.detect_sample_bytes_max as usize),
            language: None,
            said_until: 0,
            ready: VecDeque::new(),
            page: Page::default(),
            shown: Shown::default(),
            packer: options.packing.map(Packer::new),
            identities_full_said: false,
            tail: Tail::default(),
            options,
            limits,
        }
    }

    /// Takes the next bytes of the document, cut anywhere.
    ///
    /// # Errors
    /// Malformed bytes, a document over its limit, bytes after [`Segmenter::finish`]. What was
    /// settled before the error can still be taken; there will be no tail.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Error> {
        if self.finished || self.failed {
            self.failed = true;
            return Err(ErrorKind::AlreadyFinished.into());
        }
        let taken = self.intake.push(chunk, false);
        self.failed |= taken.is_err();
        taken
    }

    /// The document is complete: what was held back settles.
    ///
    /// # Errors
    /// A document that ends inside a character.
    pub fn finish(&mut self) -> Result<(), Error> {
        if self.failed {
            return Err(ErrorKind::AlreadyFinished.into());
        }
        if !self.finished {
            let taken = self.intake.push(&[], true);
            self.failed = taken.is_err();
            self.finished = taken.is_ok();
            return taken;
        }
        Ok(())
    }

    /// The next event that is settled; `None`: feed me, or all is said.
    pub fn next_event(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.tail_sent {
                return None;
            }
            if self.settle_language() || self.settle_run(false) || self.take_line() {
                continue;
            }
            if !self.exhausted || !self.runs.is_empty() {
                return None;
            }
            self.say_tail();
        }
    }

    /// Memory held for this document, in bytes.
    pub fn memory_bytes(&self) -> usize {
        let ready: usize = self
            .ready
            .iter()
            .map(|event| match event {
                Event::Unit(unit) => {
                    unit.text.len() + unit.decisions.len() * size_of::<crate::rule::Decision>()
                }
                Event::Skeleton(skeleton) => skeleton.text.len(),
                Event::ModelChunk(chunk) => chunk.text.len(),
                Event::Head(_) | Event::Notice(_) | Event::Tail(_) => size_of::<Event>(),
            })
            .sum();
        self.intake.memory_bytes()
            + ready
            + self.runs.capacity() * size_of::<Waiting>()
            + self.sampler.text().len()
            + self.shown.memory_bytes()
            + self.packer.as_ref().map_or(0, Packer::memory_bytes)
    }

    // --- layout -----------------------------------------------------------------------------

    /// Takes the next complete line into the layout; false where none has arrived.
    fn take_line(&mut self) -> bool {
        if self.exhausted {
            return false;
        }
        let base = self.intake.start();
        let text = self.intake.text();
        let cutter = LineCutter { line_bytes_max: self.limits.block_bytes_max as usize };
        let start = self.line_start.saturating_sub(base) as usize;
        let searched = self.searched_until.saturating_sub(base) as usize;
        let Some(line) = cutter.next(text, start, searched, self.finished) else {
            // The last bytes may be the head of a line end of three bytes, or of CRLF.
            self.searched_until = self.intake.end().saturating_sub(3);
            if self.finished && start >= text.len() {
                self.exhausted = true;
                if let Some(run) = self.layout.finish() {
                    self.add_run(run);
                }
                return true;
            }
            return false;
        };
        let intake = &self.intake;
        let done = self.layout.line(line, base, |span| intake.slice(span));
        for run in done.into_iter().flatten() {
            self.add_run(run);
        }
        self.line_start = Span::of(0..line.next).shifted(base).end();
        self.searched_until = self.line_start;
        self.say_long_skeleton();
        true
    }

    fn add_run(&mut self, run: Run) {
        let text = self.intake.slice(run.span);
        if self.language.is_none() && !self.sampler.is_full() {
            self.sampler.add(text);
        }
        self.runs.push_back(Waiting { run, shape: BlockShape::of(text), phrases: None });
    }

    /// White space without end must not be held: it leaves in pieces.
    fn say_long_skeleton(&mut self) {
        let said_or_found = self.runs.back().map_or(self.said_until, |last| last.run.span.end());
        let waiting = self.line_start.saturating_sub(said_or_found);
        if waiting >= self.limits.block_bytes_max && self.layout.open_start().is_none() {
            // What waited for its language or its successor has waited long enough.
            self.say_head();
            while self.settle_run(true) {}
            self.say_skeleton(self.line_start);
        }
    }

    // --- language ---------------------------------------------------------------------------

    /// Says the head once the language can be told.
    fn settle_language(&mut self) -> bool {
        let known = self.options.language.is_some() || self.sampler.is_full() || self.exhausted;
        if self.language.is_some() || !known || self.runs.is_empty() && !self.exhausted {
            return false;
        }
        self.say_head();
        true
    }

    fn say_head(&mut self) {
        if self.language.is_some() {
            return;
        }
        let sample = self.sampler.text();
        let language = match &self.options.language {
            Some(tag) => Detection::declared(tag.clone(), sample),
            None => {
                let found = detect(sample);
                Detection { basis: crate::language::Basis::Document, ..found }
            }
        };
        let tailoring = tailoring::of(&language);
        let rejects = self.options.malformed == MalformedPolicy::Reject;
        self.ready.push_back(Event::Head(Head {
            language: language.clone(),
            charset: self.options.charset,
            byte_order_mark: self.intake.slice(Span::new(0, 3)) == "\u{feff}",
            replaced: if rejects { Some(false) } else { self.options.replaced },
            tailoring: tailoring.tag,
            tailoring_revision: tailoring.revision,
        }));
        self.language = Some(language);
    }

    // --- units ------------------------------------------------------------------------------

    /// Hands out the first run, once what its role depends on is known, or `now`.
    fn settle_run(&mut self, now: bool) -> bool {
        let (Some(run), Some(document)) =
            (self.runs.front().map(|first| first.run), self.language.as_ref())
        else {
            return false;
        };
        let short = run.span.len() as usize <= BlockContext::SHORT_BYTES_MAX;
        let Some(ahead_count) = self.ahead_count(short, self.exhausted || now) else {
            return false;
        };
        let language = detect_within(self.intake.slice(run.span), document);
        self.say_skeleton(run.span.start());
        let Some(mut first) = self.runs.pop_front() else { return false };
        let text = self.intake.slice(run.span);
        let tailoring = tailoring::of(&language);
        let digest = xxh3_64(text.as_bytes());
        let told = (first.shape, first.found(text, tailoring));
        let ahead: Vec<Neighbour<'_>> = (self.runs.iter_mut().take(ahead_count))
            .map(|next| {
                let text = self.intake.slice(next.run.span);
                let found = next.found(text, tailoring);
                Neighbour { text, shape: next.shape, apart: next.run.blank_before, found }
            })
            .collect();
        let role = self.page.role(text, run, &ahead, digest, tailoring, told);
        let reason = reason(role.kind, text, tailoring);
        let number = self.tail.unit_count + 1;
        let (repetition, position) = self.page.saw(role.kind, number, text, digest, short, told);
        let ended_by =
            if run.end == RunEnd::Cut { tailoring::BLOCK_CUT } else { tailoring::BLOCK_END };
        let Assembled { unit, packed, srx_left_out } = assemble(
            text,
            Settled {
                number,
                first_segment_number: self.tail.segment_count + 1,
                role,
                reason,
                repetition,
                span: run.span,
                language,
                tailoring,
                options: &self.options,
                position: self.options.details.positions.then_some(position),
                ended_by,
            },
            &mut self.shown,
        );
        self.say_unit(unit, packed);
        let full = self.shown.seen.is_full() && !self.identities_full_said;
        self.identities_full_said |= full;
        let notices = [
            (run.end == RunEnd::Cut, NoticeKind::BlockCut),
            (srx_left_out, NoticeKind::SrxLeftOut),
            (full, NoticeKind::IdentitiesFull),
        ];
        for (_, kind) in notices.into_iter().filter(|(holds, _)| *holds) {
            self.ready.push_back(Event::Notice(Notice { kind, span: run.span }));
        }
        self.said_until = run.span.end();
        self.intake.release_until(self.said_until);
        true
    }

    /// How many runs behind the first its role depends on: none for a long one, one for a short
    /// one, more at the head of a page. `None` while they have not arrived.
    fn ahead_count(&self, short: bool, all_there: bool) -> Option<usize> {
        let wanted = match short {
            false => 0,
            true if self.page.in_head() => BlockContext::HEAD_BLOCKS_MAX,
            true => 1,
        };
        let mut count = 0;
        for next in self.runs.iter().skip(1).take(wanted) {
            count += 1;
            if BlockContext::is_running_text(self.intake.slice(next.run.span)) {
                return Some(count);
            }
        }
        (count == wanted || all_there).then_some(count)
    }

    /// Hands out a unit, and the chunks that it completes.
    fn say_unit(&mut self, unit: Unit, packed: Vec<PackedSegment>) {
        let segment_count = u32::try_from(unit.segments.len()).unwrap_or(u32::MAX);
        self.tail.unit_count += 1;
        self.tail.segment_count += segment_count;
        if unit.translatable() {
            self.tail.translatable_unit_count += 1;
            self.tail.translatable_segment_count += segment_count;
        }
        if let Some(packer) = &mut self.packer {
            if let Some((section, heading)) = self.page.entered_section() {
                packer.enter_section(section, heading);
            }
            packed.into_iter().for_each(|segment| packer.add(segment));
        }
        self.ready.push_back(Event::Unit(unit));
        self.say_chunks();
    }

    fn say_chunks(&mut self) {
        if let Some(packer) = &mut self.packer {
            self.ready.extend(std::iter::from_fn(|| packer.next_chunk()).map(Event::ModelChunk));
        }
    }

    /// What stands between the last thing said and `until`.
    fn say_skeleton(&mut self, until: u32) {
        if until > self.said_until {
            let span = Span::new(self.said_until, until);
            self.ready.push_back(Event::Skeleton(Skeleton {
                span,
                text: self.intake.slice(span).into(),
            }));
            self.said_until = until;
            self.intake.release_until(until);
        }
    }

    fn say_tail(&mut self) {
        self.say_head();
        self.say_skeleton(self.intake.end());
        if let Some(packer) = &mut self.packer {
            packer.finish();
        }
        self.say_chunks();
        self.tail_sent = true;
        self.ready.push_back(Event::Tail(Tail {
            end: self.intake.end(),
            paragraph_count: self.page.paragraph_count(),
            replaced_count: self.intake.replaced_count(),
            source_digest: self.intake.digest(),
            ..self.tail
        }));
    }
}

impl std::fmt::Debug for Segmenter {
    /// Counts only: the text of a user never reaches a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Segmenter")
            .field("said_until", &self.said_until)
            .field("unit_count", &self.tail.unit_count)
            .field("finished", &self.finished)
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}
