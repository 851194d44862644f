//! The health service: Check, List and Watch, which ends when the server drains.
//!
//! While the server refuses calls for want of room, its services are NOT_SERVING, so that
//! balancers send calls elsewhere. The server as a whole, the empty name, is still SERVING then:
//! that is what decides whether a process is to be killed, and one with much to do is not.

use crate::telemetry::Telemetry;
use crate::wire::health::health_check_response::ServingStatus;
use crate::wire::health::health_server::Health as HealthRpcs;
use crate::wire::health::{
    HealthCheckRequest, HealthCheckResponse, HealthListRequest, HealthListResponse,
};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::watch;
use tokio_stream::Stream;
use tokio_stream::wrappers::WatchStream;
use tonic::{Request, Response, Status};

/// Whether the server takes calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It does.
    Ready,
    /// For the moment there is no room.
    Overloaded,
    /// It stops. For good.
    Draining,
}

/// The state of a server, for itself and its services.
#[derive(Clone, Debug)]
pub struct Health {
    state: Arc<watch::Sender<State>>,
    telemetry: Arc<Telemetry>,
    services: &'static [&'static str],
}

impl Health {
    /// Healthy, with these services; the empty name is the server as a whole.
    pub fn new(services: &'static [&'static str], telemetry: Arc<Telemetry>) -> Health {
        Health { state: Arc::new(watch::Sender::new(State::Ready)), telemetry, services }
    }

    /// From now on NOT_SERVING: balancers send new calls elsewhere.
    pub fn drain(&self) {
        self.state.send_replace(State::Draining);
        self.telemetry.metrics.load.draining.set(1);
    }

    /// Says what `overloaded` says, until the server drains. A bad state is held for a while:
    /// whoever polls shall see it, and whoever watches shall not see it flicker.
    pub(super) async fn follow(self, mut overloaded: watch::Receiver<bool>) {
        while overloaded.wait_for(|overloaded| *overloaded).await.is_ok() {
            tracing::warn!("no room: calls are refused, and health says so");
            self.overload(true);
            tokio::time::sleep(OVERLOAD_HELD).await;
            if overloaded.wait_for(|overloaded| !overloaded).await.is_err() {
                return;
            }
            tracing::info!("there is room again");
            self.overload(false);
        }
    }

    fn overload(&self, overloaded: bool) {
        let state = if overloaded { State::Overloaded } else { State::Ready };
        self.state.send_if_modified(|now| {
            *now != State::Draining && std::mem::replace(now, state) != state
        });
        self.telemetry.metrics.load.overloaded.set(overloaded.into());
    }

    /// The state now.
    pub(super) fn state(&self) -> State {
        *self.state.borrow()
    }

    fn knows(&self, service: &str) -> bool {
        service.is_empty() || self.services.contains(&service)
    }

    fn now(&self, service: &str) -> HealthCheckResponse {
        answer(self.state(), service.is_empty())
    }
}

/// Time for which an overload is told at least.
const OVERLOAD_HELD: Duration = Duration::from_secs(1);

fn answer(state: State, whole: bool) -> HealthCheckResponse {
    let serving = match state {
        State::Ready => true,
        State::Overloaded => whole,
        State::Draining => false,
    };
    let status = if serving { ServingStatus::Serving } else { ServingStatus::NotServing };
    HealthCheckResponse { status: status.into() }
}

#[tonic::async_trait]
impl HealthRpcs for Health {
    type WatchStream = Watch;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        if !self.knows(&request.get_ref().service) {
            let known = self.services.join(", ");
            return Err(Status::not_found(format!("unknown service; known are: {known}")));
        }
        Ok(Response::new(self.now(&request.get_ref().service)))
    }

    async fn list(
        &self,
        _: Request<HealthListRequest>,
    ) -> Result<Response<HealthListResponse>, Status> {
        let names = self.services.iter().copied().chain([""]);
        let statuses = names.map(|name| (name.to_owned(), self.now(name))).collect();
        Ok(Response::new(HealthListResponse { statuses }))
    }

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Watch>, Status> {
        let service = &request.get_ref().service;
        let (known, whole) = (self.knows(service), service.is_empty());
        let changes = WatchStream::new(self.state.subscribe());
        Ok(Response::new(Watch { changes, known, whole, said: None, over: false }))
    }
}

/// The state of one service, now and whenever it changes, until the server drains.
#[derive(Debug)]
pub struct Watch {
    changes: WatchStream<State>,
    known: bool,
    /// Whether it watches the server as a whole.
    whole: bool,
    /// What was said last: nothing is said twice.
    said: Option<HealthCheckResponse>,
    over: bool,
}

impl Stream for Watch {
    type Item = Result<HealthCheckResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while !self.over {
            let Some(state) = ready!(Pin::new(&mut self.changes).poll_next(cx)) else { break };
            // A drain ends every watch: otherwise it would hold up the drain for ever.
            self.over = state == State::Draining;
            let unknown = HealthCheckResponse { status: ServingStatus::ServiceUnknown.into() };
            let now = if self.known { answer(state, self.whole) } else { unknown };
            if self.said.replace(now) != Some(now) {
                return Poll::Ready(Some(Ok(now)));
            }
        }
        Poll::Ready(None)
    }
}
