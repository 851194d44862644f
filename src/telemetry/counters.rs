//! Counters over closed sets: every series is there from the beginning, so that the first error
//! shows in a rate, and counting takes no lock.

use super::dimensions::OTHER;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::{Registry, Unit};
use std::collections::HashMap;

/// Labels of one series.
pub(super) type Labels = Vec<(&'static str, String)>;

/// One counter for each value of a closed set, and one for all others.
#[derive(Debug)]
pub(super) struct Closed {
    known: HashMap<&'static str, Counter>,
    other: Counter,
}

impl Closed {
    /// Registers `name` with one label.
    pub(super) fn register(
        registry: &mut Registry,
        name: &str,
        help: &str,
        label: &'static str,
        values: impl IntoIterator<Item = &'static str>,
    ) -> Closed {
        let family = Family::<Labels, Counter>::default();
        registry.register(name, help, family.clone());
        let one = |value: &str| family.get_or_create_owned(&vec![(label, value.to_owned())]);
        let known = values.into_iter().map(|value| (value, one(value))).collect();
        Closed { known, other: one(OTHER) }
    }

    pub(super) fn add(&self, value: &str, count: u64) {
        self.known.get(value).unwrap_or(&self.other).inc_by(count);
    }
}

/// Registers a metric without labels.
pub(super) fn single<M: prometheus_client::registry::Metric + Clone + Default>(
    registry: &mut Registry,
    name: &str,
    help: &str,
    unit: Option<Unit>,
) -> M {
    let metric = M::default();
    match unit {
        Some(unit) => registry.register_with_unit(name, help, unit, metric.clone()),
        None => registry.register(name, help, metric.clone()),
    }
    metric
}
