//! From what is common to kind and score.

use super::likeness::Likeness;
use super::model::{EventReasons, Kind, Reasons};

/// Words of both that must be the same for a copy.
const COPY_WORDS_MIN: f32 = 0.8;

/// Words of both that must be the same for a copy in an article on another event.
const WHOLE_WORDS_MIN: f32 = 0.95;

/// Likeness of quotations from which they are one.
pub(super) const QUOTED_MIN: f32 = 0.38;

/// Likeness of quotations from which they are the matter of their segments.
const QUOTED_WHOLE_MIN: f32 = 0.7;

/// How sure one must be of one event for it to speak for a pair at all, and fully.
const OTHER_EVENT: f32 = 0.3;
const SAME_EVENT: f32 = 0.6;

/// Score from which a pair makes groups: as likely the same as not.
pub(super) const SAME_MIN: f32 = 0.5;

/// Score below which a pair is not worth telling.
pub(super) const RELATED_MIN: f32 = 0.44;

/// A weight, and what it weighs. The weights were fitted by logistic regression on
/// `tests/events/seen` and the seeds, then rounded; those of what is rare there (roles, denial) are
/// set by hand. Change them by `cargo test compare_gold -- --nocapture`.
type EventTerm = (f32, fn(&EventReasons) -> f32);
type SameTerm = (f32, fn(&Evidence<'_>) -> f32);

/// Evidence that two documents tell of one event.
const EVENT: &[EventTerm] = &[
    (-1.1, |_| 1.0),
    (1.1, |ties| ties.anchors),
    (0.3, |ties| ties.actors),
    (1.3, |ties| ties.places),
    (3.0, |ties| ties.quoted),
    (1.7, |ties| ties.agreed),
    (-3.0, |ties| ties.opposed),
    (0.2, |ties| ties.closest),
    (0.5, |ties| ties.dates),
];

/// How sure it is that two documents tell of one event, 0 to 1.
pub(super) fn event(ties: &EventReasons) -> f32 {
    logistic(EVENT.iter().map(|(weight, term)| weight * term(ties)).sum())
}

/// What a pair is weighed by.
pub(super) struct Evidence<'l> {
    pub(super) likeness: &'l Likeness,
    /// 0 to 1.
    pub(super) event: f32,
    /// 0 to 1.
    pub(super) mutual: f32,
    /// Whether both stand at the head of their documents.
    pub(super) lead: bool,
}

impl Evidence<'_> {
    /// Below [`OTHER_EVENT`] it is another, from [`SAME_EVENT`] on it is the same, however sure.
    fn same_event(&self) -> f32 {
        ((self.event - OTHER_EVENT) / (SAME_EVENT - OTHER_EVENT)).clamp(0.0, 1.0)
    }
}

/// Weight of common words beside names below which two segments are only about the same people.
const THIN: f32 = 0.4;

/// Evidence that two segments say the same.
const SAME: &[SameTerm] = &[
    (-2.6, |_| 1.0),
    (1.7, |at| (0.05 + at.likeness.overlap).ln()),
    (2.1, |at| at.mutual * at.likeness.content / (at.likeness.content + 0.6)),
    (1.6, |at| at.likeness.quoted),
    (3.6, |at| at.same_event()),
    (1.8, |at| f32::from(at.likeness.numbers_shared.min(2))),
    (-1.4, |at| f32::from(u8::from(at.likeness.numbers_apart))),
    (-0.8, |at| f32::from(u8::from(at.likeness.names_apart))),
    (-0.6, |at| f32::from(u8::from(at.likeness.denied))),
    (-1.2, |at| f32::from(u8::from(at.likeness.roles_differ))),
    (-1.0, |at| f32::from(u8::from(at.likeness.content < THIN))),
    (0.6, |at| f32::from(u8::from(at.lead))),
];

/// Kind and score of a pair.
pub(super) fn judge(at: &Evidence<'_>) -> (Kind, f32) {
    let likeness = at.likeness;
    let same = logistic(SAME.iter().map(|(weight, term)| weight * term(at)).sum());
    let quoted = likeness.quoted * (0.5 + 0.5 * at.event);
    // The whole may be copied whatever the event; what is nearly the same may be the news of
    // another year, and two reports of one sentence are no copies.
    let whole = likeness.same_words >= WHOLE_WORDS_MIN;
    let most = likeness.same_words >= COPY_WORDS_MIN && at.event >= OTHER_EVENT;
    if !likeness.opposed() && (whole || (most && quoted < QUOTED_WHOLE_MIN)) {
        return (Kind::NearDuplicate, same.max(likeness.same_words));
    }
    if quoted >= QUOTED_MIN {
        return (Kind::Quotation, same.max(SAME_MIN + 0.5 * quoted));
    }
    if same >= SAME_MIN { (Kind::Statement, same) } else { (Kind::Related, same) }
}

/// The terms of the sums, for the reader of a pair.
pub(super) fn reasons(at: &Evidence<'_>) -> Reasons {
    let likeness = at.likeness;
    Reasons {
        containment: likeness.containment,
        overlap: likeness.overlap,
        weight: likeness.weight,
        content: likeness.content,
        names: likeness.names,
        run: likeness.run,
        quoted: likeness.quoted,
        mutual: at.mutual,
        event: at.event,
        numbers_shared: likeness.numbers_shared,
        differs: likeness.numbers_apart,
        roles_differ: likeness.roles_differ,
        names_apart: likeness.names_apart,
        lead: at.lead,
    }
}

fn logistic(sum: f32) -> f32 {
    1.0 / (1.0 + (-sum).exp())
}
