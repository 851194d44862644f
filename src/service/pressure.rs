//! Room for calls, and when to tell balancers that there is none.
//!
//! Two marks keep health from flickering: it turns bad when a call is refused, and good again
//! when a quarter of all places is free.

use crate::telemetry::Telemetry;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// The places for calls of one server.
#[derive(Clone, Debug)]
pub(super) struct Pressure {
    places: Arc<Semaphore>,
    /// Free places at which an overload is over.
    relieved_at: usize,
    overloaded: Arc<watch::Sender<bool>>,
    telemetry: Arc<Telemetry>,
}

impl Pressure {
    pub(super) fn new(places_max: u32, telemetry: Arc<Telemetry>) -> Pressure {
        telemetry.metrics.load.calls_max.set(places_max.into());
        Pressure {
            places: Arc::new(Semaphore::new(places_max as usize)),
            relieved_at: places_max.div_ceil(4) as usize,
            overloaded: Arc::new(watch::Sender::new(false)),
            telemetry,
        }
    }

    /// A place, if there is one.
    pub(super) fn enter(&self) -> Option<Place> {
        if let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() {
            self.telemetry.metrics.load.calls.inc();
            return Some(Place { permit: Some(permit), pressure: self.clone() });
        }
        self.telemetry.metrics.load.refusals.inc();
        self.set(true);
        // All may have left in between: then nobody is left to say that it is over.
        fence(Ordering::SeqCst);
        self.relieve();
        None
    }

    /// Whether calls are being refused, now and whenever that changes.
    pub(super) fn overloaded(&self) -> watch::Receiver<bool> {
        self.overloaded.subscribe()
    }

    fn relieve(&self) {
        if *self.overloaded.borrow() && self.places.available_permits() >= self.relieved_at {
            self.set(false);
        }
    }

    fn set(&self, overloaded: bool) {
        self.overloaded.send_if_modified(|now| std::mem::replace(now, overloaded) != overloaded);
    }
}

/// The place of one call.
#[derive(Debug)]
pub(super) struct Place {
    permit: Option<OwnedSemaphorePermit>,
    pressure: Pressure,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.permit = None;
        self.pressure.telemetry.metrics.load.calls.dec();
        fence(Ordering::SeqCst);
        self.pressure.relieve();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overload_begins_with_a_refusal_and_ends_with_a_quarter_free() {
        let pressure = Pressure::new(8, Arc::new(Telemetry::new()));
        let overloaded = pressure.overloaded();
        let mut places: Vec<_> = (0..8).filter_map(|_| pressure.enter()).collect();
        assert_eq!(places.len(), 8);
        assert!(!*overloaded.borrow(), "full, but nobody was refused");
        assert!(pressure.enter().is_none());
        assert!(*overloaded.borrow());
        places.pop();
        assert!(*overloaded.borrow(), "one free place is not enough");
        places.extend(pressure.enter());
        assert_eq!(places.len(), 8);
        places.truncate(6);
        assert!(!*overloaded.borrow());
    }

    #[test]
    fn a_single_place_is_enough_to_recover() {
        let pressure = Pressure::new(1, Arc::new(Telemetry::new()));
        let place = pressure.enter();
        assert!(pressure.enter().is_none());
        drop(place);
        assert!(!*pressure.overloaded().borrow());
    }
}
