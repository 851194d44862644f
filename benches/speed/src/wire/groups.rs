//! What is asked of the servers, and why.

use crate::child::{Child, processor_time};
use crate::client::Client;
use crate::figures::{self, Amount, Round, microseconds};
use crate::library;
use crate::script::{self, Script};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::task::JoinSet;

/// Streams on one connection at most, below what the server allows.
const STREAMS_PER_CONNECTION: usize = 32;

/// Calls that are made in one round, over and over the same.
struct Group {
    name: &'static str,
    title: &'static str,
    scripts: Vec<Script>,
    /// How often each script is played in a round.
    times: usize,
    /// Calls at the same time.
    open: usize,
    /// Whether the time of a call says something: not where calls wait for each other.
    tells_latency: bool,
}

fn groups() -> Vec<Group> {
    vec![
        // What an editor or a pipeline without batches does. Transport and layers cost the most
        // beside the work here; the target is 100 µs above the server without work.
        Group {
            name: "single",
            title: "Single articles: one SegmentDocument call each, one after the other",
            scripts: Script::articles(),
            times: 8,
            open: 1,
            tells_latency: true,
        },
        // The first unit has to leave while the rest is still on its way; after that, it is bytes
        // a second of one stream.
        Group {
            name: "long",
            title: "Documents of 1 MB, streamed in by 64 KiB through SegmentChunks",
            scripts: vec![Script::long()],
            times: 4,
            open: 1,
            tells_latency: true,
        },
        // Many clients at once: what a call costs when the worker never waits.
        Group {
            name: "streams",
            title: "64 calls of SegmentDocument at the same time, over two connections",
            scripts: Script::articles(),
            times: 16,
            open: 64,
            tells_latency: false,
        },
        // Corpora: as few calls and messages as there can be. What is lost here beside the server
        // without work is the work itself; the target is 0.35 of it.
        Group {
            name: "bulk",
            title: "Bulk: one SegmentDocuments stream, 32 articles a message",
            scripts: vec![Script::packed("bulk", 24)],
            times: 1,
            open: 1,
            tells_latency: false,
        },
    ]
}

/// Who is asked.
enum Case {
    Server { child: Child, clients: Vec<Client> },
    Library,
}

/// The case that the others are told beside.
const YARDSTICK: usize = 1;

/// Measures all groups, or the one of that name, and prints a table for each.
pub async fn measure(only: Option<&str>, rounds: usize) {
    let fits = |group: &Group| only.is_none_or(|only| group.name == only);
    let mut groups: Vec<Group> = groups().into_iter().filter(fits).collect();
    let serve = Child::start(&["serve", "--listen"], &[], Some(1));
    let quiet = Child::start(&["serve", "--log-level", "error", "--listen"], &[], Some(1));
    let asked = Client::connect(serve.address).await;
    for script in groups.iter_mut().flat_map(|group| &mut group.scripts) {
        script.record(&asked).await;
    }
    let scripts: Vec<Script> = groups.iter().flat_map(|group| group.scripts.clone()).collect();
    let scripts = script::write(&scripts);
    let cases = [
        ("no work, bytes", Child::start(&["no-work", "bytes"], &scripts, Some(1))),
        ("no work, messages", Child::start(&["no-work", "messages"], &scripts, Some(1))),
        ("`cesura serve`", serve),
        ("the same, `--log-level error`", quiet),
    ];
    let mut all = Vec::new();
    for (name, child) in cases {
        let clients =
            vec![Client::connect(child.address).await, Client::connect(child.address).await];
        all.push((name, Case::Server { child, clients }));
    }
    all.push(("the library alone, messages encoded", Case::Library));
    for group in groups {
        print(group, &all, rounds).await;
    }
}

async fn print(group: Group, cases: &[(&str, Case)], rounds: usize) {
    let Group { title, scripts, times, open, tells_latency, .. } = group;
    let sum = |of: fn(&Script) -> usize| scripts.iter().map(of).sum::<usize>() * times;
    let amount = Amount {
        calls: scripts.len() * times,
        documents: sum(|script| script.texts.len()),
        segments: sum(|script| script.segments),
        source_bytes: sum(Script::source_bytes),
    };
    let answer_bytes = sum(Script::answer_bytes);
    let scripts: Arc<[Script]> = scripts.into();
    let mut results: Vec<(&str, Vec<Round>)> =
        cases.iter().map(|(name, _)| (*name, Vec::new())).collect();
    // The first round finds everything cold and does not count.
    for round in 0..=rounds {
        for ((_, case), (_, results)) in cases.iter().zip(&mut results) {
            let measured = play(case, &scripts, amount.calls, open).await;
            if round > 0 {
                results.push(measured);
            }
        }
    }
    println!("\n**{title}.** Median of {rounds} rounds of {} documents; one is", amount.documents);
    println!(
        "{} bytes, {:.1} segments, {} bytes of answer.\n",
        amount.source_bytes / amount.documents,
        amount.segments as f64 / amount.documents as f64,
        answer_bytes / amount.documents
    );
    figures::throughput(&results, amount, YARDSTICK);
    if tells_latency {
        println!();
        figures::latency(&results, YARDSTICK);
    }
}

/// One round of one case.
async fn play(case: &Case, scripts: &Arc<[Script]>, calls: usize, open: usize) -> Round {
    match case {
        Case::Library => {
            let begun = Instant::now();
            for script in scripts.iter().cycle().take(calls) {
                for text in &script.texts {
                    std::hint::black_box(library::answer(text));
                }
            }
            let seconds = begun.elapsed().as_secs_f64();
            Round { seconds, server_seconds: seconds, ..Round::default() }
        }
        Case::Server { child, clients } => {
            let client = || processor_time(std::process::id());
            let (server_before, client_before) = (child.processor_time(), client());
            let begun = Instant::now();
            let next = Arc::new(AtomicUsize::new(0));
            let mut callers = JoinSet::new();
            for caller in 0..open {
                let client = clients[caller / STREAMS_PER_CONNECTION % clients.len()].clone();
                callers.spawn(call(client, Arc::clone(scripts), calls, Arc::clone(&next)));
            }
            let mut round = Round::default();
            while let Some(called) = callers.join_next().await {
                let (first, whole) = called.expect("no panic");
                round.first.extend(first);
                round.whole.extend(whole);
            }
            round.seconds = begun.elapsed().as_secs_f64();
            round.server_seconds = (child.processor_time() - server_before).as_secs_f64();
            round.client_seconds = (client() - client_before).as_secs_f64();
            round
        }
    }
}

/// Calls one after the other while there are any left; microseconds of each.
async fn call(
    client: Client,
    scripts: Arc<[Script]>,
    calls: usize,
    next: Arc<AtomicUsize>,
) -> (Vec<f64>, Vec<f64>) {
    let (mut first, mut whole) = (Vec::new(), Vec::new());
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= calls {
            return (first, whole);
        }
        let script = &scripts[number % scripts.len()];
        let played = client.play(script).await;
        // Messages may be cut elsewhere when they come at another time; what they say may not.
        let (came, expected) = (played.bytes, script.answer_bytes());
        assert!(came.abs_diff(expected) <= expected / 100, "{came} bytes, {expected} recorded");
        first.push(microseconds(played.first));
        whole.push(microseconds(played.whole));
    }
}
