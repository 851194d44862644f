//! Peers: who they are, and how much each may have open.

use super::tls::Identity;
use crate::wire::status;
use governor::clock::{Clock, MonotonicClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tonic::Status;

/// Time between looks for peers that were not heard of for long.
const FORGET_INTERVAL: Duration = Duration::from_secs(30);

/// What one peer, and all together, may have open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerLimits {
    /// Connections of all.
    pub connections_max: u32,
    /// Connections of one.
    pub peer_connections_max: u32,
    /// Open calls of one.
    pub peer_calls_max: Option<u32>,
    /// Calls of one in a second, and at once.
    pub peer_calls_per_second_max: Option<u32>,
}

impl Default for PeerLimits {
    fn default() -> PeerLimits {
        PeerLimits {
            // Below the 1024 open files that most systems allow a process.
            connections_max: 1000,
            peer_connections_max: 250,
            // All clients behind a proxy are one peer: only who runs the server knows.
            peer_calls_max: None,
            peer_calls_per_second_max: None,
        }
    }
}

/// The other end of a connection.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    pub(super) identity: Option<Arc<Identity>>,
}

/// What counts as one peer: an IPv4 address, or the first 64 bits of one of IPv6, within which a
/// host may take any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Network(IpAddr);

impl Network {
    pub(super) fn of(address: IpAddr) -> Network {
        match address.to_canonical() {
            IpAddr::V4(address) => Network(address.into()),
            IpAddr::V6(address) => {
                let prefix = address.to_bits() & (u128::MAX << 64);
                Network(std::net::Ipv6Addr::from_bits(prefix).into())
            }
        }
    }
}

/// What all peers have open.
pub(super) struct Peers {
    limits: PeerLimits,
    open: Mutex<Open>,
    rate: Option<RateLimiter<Network, HashMapStateStore<Network>, MonotonicClock>>,
}

#[derive(Debug, Default)]
struct Open {
    connections: u32,
    /// Only peers that have something open: the table is no longer than there are connections.
    of: HashMap<Network, Counts>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    connections: u32,
    calls: u32,
}

/// What a place is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Connection,
    Call,
}

/// A place that is taken, until it is dropped.
pub(super) struct Place {
    peers: Arc<Peers>,
    network: Network,
    what: What,
}

impl Peers {
    pub(super) fn new(limits: PeerLimits) -> Arc<Peers> {
        let rate = limits.peer_calls_per_second_max.and_then(NonZero::new).map(|per_second| {
            let store = HashMapStateStore::default();
            RateLimiter::new(Quota::per_second(per_second), store, MonotonicClock)
        });
        Arc::new(Peers { limits, open: Mutex::default(), rate })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // Nothing between lock and unlock can panic half way.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection, if there is one.
    pub(super) fn connect(self: &Arc<Peers>, address: IpAddr) -> Option<Place> {
        let network = Network::of(address);
        let mut open = self.open();
        let of_peer = open.of.get(&network).map_or(0, |counts| counts.connections);
        if open.connections >= self.limits.connections_max
            || of_peer >= self.limits.peer_connections_max
        {
            return None;
        }
        open.connections += 1;
        open.of.entry(network).or_default().connections += 1;
        Some(Place { peers: Arc::clone(self), network, what: What::Connection })
    }

    /// A place for a call.
    ///
    /// # Errors
    /// The status that refuses it.
    pub(super) fn call(self: &Arc<Peers>, address: IpAddr) -> Result<Place, Status> {
        let network = Network::of(address);
        if let Some(rate) = &self.rate
            && let Err(early) = rate.check_key(&network)
        {
            let wait = early.wait_time_from(MonotonicClock.now());
            let per_second_max = self.limits.peer_calls_per_second_max.unwrap_or_default();
            return Err(status::too_many_calls_per_second(per_second_max, wait));
        }
        let mut open = self.open();
        let counts = open.of.entry(network).or_default();
        if let Some(calls_max) = self.limits.peer_calls_max
            && counts.calls >= calls_max
        {
            return Err(status::too_many_calls(calls_max));
        }
        counts.calls += 1;
        Ok(Place { peers: Arc::clone(self), network, what: What::Call })
    }

    /// Forgets the calls of peers that made none for a while.
    pub(super) async fn forget(self: Arc<Peers>) -> Infallible {
        loop {
            tokio::time::sleep(FORGET_INTERVAL).await;
            if let Some(rate) = &self.rate {
                rate.retain_recent();
                rate.shrink_to_fit();
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.peers.open();
        if self.what == What::Connection {
            open.connections = open.connections.saturating_sub(1);
        }
        let Some(counts) = open.of.get_mut(&self.network) else { return };
        match self.what {
            What::Connection => counts.connections = counts.connections.saturating_sub(1),
            What::Call => counts.calls = counts.calls.saturating_sub(1),
        }
        if counts.connections == 0 && counts.calls == 0 {
            open.of.remove(&self.network);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(limits: PeerLimits) -> Arc<Peers> {
        Peers::new(limits)
    }

    fn at(text: &str) -> IpAddr {
        text.parse().unwrap_or(IpAddr::from([0, 0, 0, 0]))
    }

    #[test]
    fn one_host_of_ipv6_is_one_peer_whatever_address_it_takes() {
        let same = |a, b| Network::of(at(a)) == Network::of(at(b));
        assert!(same("2001:db8::1", "2001:db8::ffff:1"));
        assert!(!same("2001:db8::1", "2001:db8:0:1::1"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }

    #[test]
    fn places_are_limited_and_come_back() {
        let limits =
            PeerLimits { connections_max: 3, peer_connections_max: 2, ..PeerLimits::default() };
        let peers = peers(limits);
        let (one, other) = (at("192.0.2.1"), at("192.0.2.2"));
        let held = [peers.connect(one), peers.connect(one)];
        assert!(held.iter().all(Option::is_some));
        assert!(peers.connect(one).is_none(), "one peer has its own limit");
        let last = peers.connect(other);
        assert!(last.is_some());
        assert!(peers.connect(at("192.0.2.3")).is_none(), "and all have one");
        drop((held, last));
        assert!(peers.connect(one).is_some());
        assert!(peers.open().of.is_empty(), "nothing is remembered of who has nothing open");
    }

    #[test]
    fn calls_in_a_second_are_limited_for_each_peer() {
        let limits = PeerLimits { peer_calls_per_second_max: Some(2), ..PeerLimits::default() };
        let peers = peers(limits);
        let refused = (0..100).filter(|_| peers.call(at("192.0.2.1")).is_err()).count();
        assert!((90..=98).contains(&refused), "{refused} of 100 at once are refused");
        assert!(peers.call(at("192.0.2.2")).is_ok());
    }
}
