//! The health service: Check, List and Watch, which ends when the server drains.

use crate::wire::health::health_check_response::ServingStatus;
use crate::wire::health::health_server::Health as HealthRpcs;
use crate::wire::health::{
    HealthCheckRequest, HealthCheckResponse, HealthListRequest, HealthListResponse,
};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::sync::watch;
use tokio_stream::Stream;
use tokio_stream::wrappers::WatchStream;
use tonic::{Request, Response, Status};

/// Whether the server takes calls, for itself and its services alike.
#[derive(Clone, Debug)]
pub struct Health {
    serving: Arc<watch::Sender<bool>>,
    services: &'static [&'static str],
}

impl Health {
    /// Healthy, with these services; the empty name is the server as a whole.
    pub fn new(services: &'static [&'static str]) -> Health {
        Health { serving: Arc::new(watch::Sender::new(true)), services }
    }

    /// From now on NOT_SERVING: balancers send new calls elsewhere.
    pub fn drain(&self) {
        self.serving.send_replace(false);
    }

    fn knows(&self, service: &str) -> bool {
        service.is_empty() || self.services.contains(&service)
    }

    fn now(&self) -> HealthCheckResponse {
        answer(*self.serving.borrow())
    }
}

fn answer(serving: bool) -> HealthCheckResponse {
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
        Ok(Response::new(self.now()))
    }

    async fn list(
        &self,
        _: Request<HealthListRequest>,
    ) -> Result<Response<HealthListResponse>, Status> {
        let names = self.services.iter().copied().chain([""]);
        let statuses = names.map(|name| (name.to_owned(), self.now())).collect();
        Ok(Response::new(HealthListResponse { statuses }))
    }

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Watch>, Status> {
        let known = self.knows(&request.get_ref().service);
        let changes = WatchStream::new(self.serving.subscribe());
        Ok(Response::new(Watch { changes, known, over: false }))
    }
}

/// The state of one service, now and whenever it changes, until the server drains.
#[derive(Debug)]
pub struct Watch {
    changes: WatchStream<bool>,
    known: bool,
    over: bool,
}

impl Stream for Watch {
    type Item = Result<HealthCheckResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        let Some(serving) = ready!(Pin::new(&mut self.changes).poll_next(cx)) else {
            return Poll::Ready(None);
        };
        // A drain ends every watch: otherwise it would hold up the drain for ever.
        self.over = !serving;
        if !self.known {
            let status = ServingStatus::ServiceUnknown.into();
            return Poll::Ready(Some(Ok(HealthCheckResponse { status })));
        }
        Poll::Ready(Some(Ok(answer(serving))))
    }
}
