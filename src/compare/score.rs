//! From what is common to kind and score.

use super::likeness::Likeness;
use super::model::{EventReasons, Kind, Reasons};

/// Words of both that must be the same for a copy.
const COPY_WORDS_MIN: f32 = 0.8;

/// Likeness of quotations from which they are one.
pub(super) const QUOTED_MIN: f32 = 0.5;

/// How sure one must be of one event for it to speak for a pair at all, and fully.
const OTHER_EVENT: f32 = 0.2;
const SAME_EVENT: f32 = 0.55;

/// Score from which a pair makes groups: as likely the same as not.
pub(super) const SAME_MIN: f32 = 0.5;

/// Score below which a pair is not worth telling.
pub(super) const RELATED_MIN: f32 = 0.3;

/// Evidence that two documents tell of one event.
const EVENT: &[(f32, fn(&EventReasons) -> f32)] = &[
    (-1.9, |_| 1.0),
    (0.6, |ties| ties.anchors),
    (0.2, |ties| ties.actors),
    (1.8, |ties| ties.places),
    (0.7, |ties| ties.matched),
    (2.6, |ties| ties.quoted),
    (1.7, |ties| ties.agreed),
    (-2.6, |ties| ties.opposed),
    (0.4, |ties| ties.closest),
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
    (-5.4, |_| 1.0),
    (0.8, |at| at.likeness.containment),
    (0.8, |at| at.likeness.overlap),
    (0.55, |at| at.likeness.content.min(2.5)),
    (0.1, |at| at.likeness.run.min(2.0)),
    (1.1, |at| at.likeness.quoted),
    (1.7, |at| at.mutual),
    (2.7, |at| at.same_event()),
    (1.7, |at| f32::from(at.likeness.numbers_shared.min(2))),
    (-0.9, |at| f32::from(u8::from(at.likeness.opposed()))),
    (-0.2, |at| f32::from(u8::from(at.likeness.roles_differ))),
    (0.7, |at| f32::from(u8::from(at.lead))),
];

/// Kind and score of a pair.
pub(super) fn judge(at: &Evidence<'_>) -> (Kind, f32) {
    let likeness = at.likeness;
    let same = logistic(SAME.iter().map(|(weight, term)| weight * term(at)).sum());
    if likeness.same_words >= COPY_WORDS_MIN && likeness.weight > 0.5 {
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
        lead: at.lead,
    }
}

fn logistic(sum: f32) -> f32 {
    1.0 / (1.0 + (-sum).exp())
}
