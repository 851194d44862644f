//! The server beside one that does no work, over sockets of loopback, in one run.
//!
//! `cargo run --release --manifest-path benches/speed/Cargo.toml --features wire --bin wire` prints
//! the tables of docs/performance.md, section "The wire". `-- --group NAME` measures one group only
//! (single, long, streams, bulk, memory), `--rounds N` so many times: for a profiler on the process
//! of a server.
//!
//! All servers are this executable in processes of their own, with one worker thread each: the real
//! one is `cesura serve` as it comes, with its log at the usual level written to nowhere. In each
//! round all are asked in turn, so that a busy machine weighs on all alike; ratios are taken within
//! a round, and of rounds the median. The client is one thread and the same for all.

mod child;
mod client;
mod figures;
mod groups;
mod library;
mod memory;
mod no_work;
mod raw;
mod script;
#[allow(dead_code, reason = "the other benches use the rest")]
#[path = "../textures.rs"]
mod textures;

const ROUNDS: usize = 15;

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        // The servers. The command line of cesura reads its arguments itself.
        ["serve", ..] => return cesura::cli::run(),
        ["no-work", form, address] => no_work::run(*form == "bytes", address),
        _ => {
            let value = |name: &str| {
                let at = words.iter().position(|word| *word == name)?;
                words.get(at + 1).copied()
            };
            let rounds = value("--rounds").map_or(ROUNDS, |n| n.parse().expect("a number"));
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(bench(value("--group"), rounds));
        }
    }
    std::process::ExitCode::SUCCESS
}

async fn bench(only: Option<&str>, rounds: usize) {
    if only != Some("memory") {
        groups::measure(only, rounds).await;
    }
    if only.is_none() || only == Some("memory") {
        memory::measure().await;
    }
}
