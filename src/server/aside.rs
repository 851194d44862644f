//! A thread with a runtime of its own, for what must answer while all workers are busy: probes,
//! scrapes, and the connection to a collector of traces.

use std::io;
use tokio::runtime::{Builder, Handle};
use tokio_util::sync::{CancellationToken, DropGuard};

/// The thread; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Aside {
    runtime: Handle,
    _stop: DropGuard,
}

impl Aside {
    /// Starts it.
    ///
    /// # Errors
    /// The operating system has no thread for it.
    pub(super) fn start() -> io::Result<Aside> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        std::thread::Builder::new()
            .name("cesura-aside".to_owned())
            .spawn(move || runtime.block_on(stopped))?;
        Ok(Aside { runtime: handle, _stop: stop.drop_guard() })
    }

    /// Its runtime.
    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }
}
