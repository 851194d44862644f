//! What is read at the moment of a scrape: the process, as the kernel tells it, and the runtime.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use std::fmt;
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::runtime::RuntimeMetrics;

/// The process, under the names that every Prometheus client has. Where there is no `/proc` only
/// the time of its start is told.
#[derive(Debug)]
pub(super) struct Process {
    start: Duration,
}

/// Ticks in which Linux tells times of processes to programs: the same on all machines.
const TICKS_PER_SECOND: f64 = 100.0;

impl Process {
    /// The process, which begins about now.
    pub(super) fn starting() -> Process {
        Process { start: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let out = &mut encoder;
        gauge(
            out,
            "process_start_time",
            "Start of the server since the epoch",
            Some(Unit::Seconds),
            self.start.as_secs_f64(),
        )?;
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').split_whitespace().next()?.parse::<f64>().ok()
        };
        for (name, help, kib) in [
            ("process_resident_memory", "Memory in RAM", field("VmRSS")),
            ("process_resident_memory_peak", "Most memory in RAM so far", field("VmHWM")),
            ("process_virtual_memory", "Addresses in use", field("VmSize")),
        ] {
            let Some(kib) = kib else { continue };
            gauge(out, name, help, Some(Unit::Bytes), kib * 1024.0)?;
        }
        if let Some(threads) = field("Threads") {
            gauge(out, "process_threads", "Threads of the operating system", None, threads)?;
        }
        if let Ok(open) = fs::read_dir("/proc/self/fd") {
            // Reading the folder takes one itself.
            let open = open.count().saturating_sub(1) as f64;
            gauge(out, "process_open_fds", "Open file descriptors", None, open)?;
        }
        if let Some(most) = fds_max() {
            gauge(out, "process_max_fds", "File descriptors that may be open", None, most)?;
        }
        if let Some(seconds) = cpu_seconds() {
            let help = "Time on processors, in user and kernel";
            counter(out, "process_cpu", help, Some(Unit::Seconds), seconds)?;
        }
        Ok(())
    }
}

fn fds_max() -> Option<f64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program stands in brackets and may hold anything.
    let (_, after) = stat.rsplit_once(") ")?;
    let mut fields = after.split(' ').skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let kernel: f64 = fields.next()?.parse().ok()?;
    Some((user + kernel) / TICKS_PER_SECOND)
}

/// The runtime that the calls are served on.
#[derive(Debug)]
pub(super) struct Runtime(pub(super) RuntimeMetrics);

impl Collector for Runtime {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let (out, metrics) = (&mut encoder, &self.0);
        let workers = metrics.num_workers();
        gauge(out, "tokio_workers", "Threads that run calls", None, workers as f64)?;
        let tasks = metrics.num_alive_tasks() as f64;
        gauge(out, "tokio_alive_tasks", "Tasks that are not finished", None, tasks)?;
        let queue = metrics.global_queue_depth() as f64;
        gauge(out, "tokio_global_queue_depth", "Tasks that wait for a thread", None, queue)?;
        let busy = (0..workers).map(|worker| metrics.worker_total_busy_duration(worker));
        let busy = busy.sum::<Duration>().as_secs_f64();
        counter(
            out,
            "tokio_worker_busy",
            "Time that the threads were busy",
            Some(Unit::Seconds),
            busy,
        )
    }
}

fn gauge(
    out: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    unit: Option<Unit>,
    value: f64,
) -> fmt::Result {
    let gauge = ConstGauge::new(value);
    gauge.encode(out.encode_descriptor(name, &full(help), unit.as_ref(), gauge.metric_type())?)
}

fn counter(
    out: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    unit: Option<Unit>,
    value: f64,
) -> fmt::Result {
    let counter = ConstCounter::new(value);
    counter.encode(out.encode_descriptor(
        name,
        &full(help),
        unit.as_ref(),
        counter.metric_type(),
    )?)
}

/// The registry ends every explanation with a full stop; so do we.
fn full(help: &str) -> String {
    format!("{help}.")
}
