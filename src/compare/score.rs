//! From what is common to kind and score.

use super::likeness::Likeness;
use super::model::{EventReasons, Kind, Reasons};

/// Words of both that must be the same for a copy.
const COPY_WORDS_MIN: f32 = 0.8;

/// Likeness of quotations from which they are one.
pub(super) const QUOTED_MIN: f32 = 0.38;

/// How sure one must be of one event for it to speak for a pair at all, and fully.
const OTHER_EVENT: f32 = 0.2;
const SAME_EVENT: f32 = 0.55;

/// Score from which a pair makes groups: as likely the same as not.
pub(super) const SAME_MIN: f32 = 0.5;

/// Score below which a pair is not worth telling.
pub(super) const RELATED_MIN: f32 = 0.4;

/// Evidence that two documents tell of one event.
const EVENT: &[(f32, fn(&EventReasons) -> f32)] = &[
    (-1.2, |_| 1.0),
    (0.4, |ties| ties.anchors),
    (0.1, |ties| ties.actors),
    (2.2, |ties| ties.places),
    (3.0, |ties| ties.quoted),
    (1.9, |ties| ties.agreed),
    (-3.2, |ties| ties.opposed),
    (0.4, |ties| ties.closest),
    (0.4, |ties| ties.dates),
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

/// Evidence that two segments say the same.
const SAME: &[(f32, fn(&Evidence<'_>) -> f32)] = &[
    (-2.7, |_| 1.0),
    (1.8, |at| (0.05 + at.likeness.overlap).ln()),
    (2.3, |at| at.mutual * at.likeness.content / (at.likeness.content + 0.6)),
    (1.5, |at| at.likeness.quoted),
    (3.7, |at| at.same_event()),
    (1.9, |at| f32::from(at.likeness.numbers_shared.min(2))),
    (-1.3, |at| f32::from(u8::from(at.likeness.numbers_apart))),
    (-0.4, |at| f32::from(u8::from(at.likeness.names_apart))),
    (-0.6, |at| f32::from(u8::from(at.likeness.denied))),
    (-1.2, |at| f32::from(u8::from(at.likeness.roles_differ))),
    (0.5, |at| f32::from(u8::from(at.lead))),
];

/// Kind and score of a pair.
pub(super) fn judge(at: &Evidence<'_>) -> (Kind, f32) {
    let likeness = at.likeness;
    let same = logistic(SAME.iter().map(|(weight, term)| weight * term(at)).sum());
    if likeness.same_words >= COPY_WORDS_MIN && !likeness.opposed() && at.event >= OTHER_EVENT {
        return (Kind::NearDuplicate, same.max(likeness.same_words));
    }
    let quoted = likeness.quoted * (0.5 + 0.5 * at.event);
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
