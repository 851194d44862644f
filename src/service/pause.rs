//! Letting a connection write what a stream has said.

use std::task::{Context, Poll};

/// Rests after which the connection, and other streams of this worker, had their turn: tonic takes
/// the first for "hand over what is there" and asks again at once; only the second ends the turn.
const RESTS: u8 = 2;

/// A stream's rest between messages. Without it the next message is made before the first is
/// written.
#[derive(Debug, Default)]
pub(super) struct Pause {
    rests_left: u8,
}

impl Pause {
    /// Something was said that is to leave before more is made.
    pub(super) fn begin(&mut self) {
        self.rests_left = RESTS;
    }

    /// `Pending`, and awake again at once, while the pause lasts.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(left) = self.rests_left.checked_sub(1) else { return Poll::Ready(()) };
        self.rests_left = left;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
