//! Servers in processes of their own, so that what they use is theirs alone.

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A server; it ends when this is dropped.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    pub address: SocketAddr,
}

impl Child {
    /// Starts this very executable with other arguments, behind them an address to listen on.
    /// `input` is what it reads. `threads` bounds tokio's workers, of every server alike: the
    /// variable is tokio's own.
    pub fn start(arguments: &[&str], input: &[u8], threads: Option<usize>) -> Child {
        let address = free_address();
        let mut command = Command::new(std::env::current_exe().expect("this executable"));
        command.args(arguments).arg(address.to_string());
        // The log is written as on every server, and nobody keeps it.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(threads) = threads {
            command.env("TOKIO_WORKER_THREADS", threads.to_string());
        }
        let mut process = command.spawn().expect("a process");
        let mut stdin = process.stdin.take().expect("a pipe");
        stdin.write_all(input).expect("a reader");
        Child { process, address }
    }

    /// Processor time of all its threads so far.
    pub fn processor_time(&self) -> Duration {
        processor_time(self.process.id())
    }

    /// Resident memory now.
    pub fn resident_bytes(&self) -> u64 {
        let path = format!("/proc/{}/status", self.process.id());
        let status = fs::read_to_string(path).expect("Linux");
        let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("a known key");
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
        kib.expect("a number") << 10
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // The process is ours and this is its end, whatever it says.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Processor time of a process, user and system. `stat` counts in hundredths of a second, which is
/// too coarse for a round; the scheduler's own figures are nanoseconds.
pub fn processor_time(process: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task")).expect("Linux");
    let times = threads.filter_map(|thread| {
        let path = thread.ok()?.path().join("schedstat");
        fs::read_to_string(path).ok()?.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(times.sum())
}

/// An address on loopback that was free a moment ago. Whoever takes it in between makes the server
/// fail to start, which is told.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address")
}
