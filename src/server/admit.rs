//! What a call has to pass before its handler: the limits of its peer, and who may call what.
//!
//! Nothing of the request's message is read before.

use super::access::{Access, AccessFile, Refused};
use super::kept::Kept;
use super::peer::{Peer, Peers, Place};
use crate::wire::status;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

/// A probe that is refused restarts the server, and everybody loses their calls.
const PROBE: &str = "/grpc.health.v1.Health/Check";

/// Makes an [`Admit`].
#[derive(Clone)]
pub(super) struct AdmitLayer {
    pub(super) peers: Arc<Peers>,
    pub(super) access: Option<Kept<AccessFile>>,
}

impl<S> Layer<S> for AdmitLayer {
    type Service = Admit<S>;

    fn layer(&self, inner: S) -> Admit<S> {
        Admit { settings: self.clone(), inner }
    }
}

/// Lets calls of known clients in, as many as their peer may have.
#[derive(Clone)]
pub(super) struct Admit<S> {
    settings: AdmitLayer,
    inner: S,
}

impl<S> Service<Request<Body>> for Admit<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let place = match self.settings.admit(&request) {
            Ok(place) => place,
            Err(refused) => return Box::pin(std::future::ready(Ok(refused.into_http()))),
        };
        let answer = self.inner.call(request);
        Box::pin(async move {
            let response = answer.await?;
            Ok(match place {
                None => response,
                Some(place) => response.map(|body| Body::new(Held { body, _place: place })),
            })
        })
    }
}

impl AdmitLayer {
    fn admit(&self, request: &Request<Body>) -> Result<Option<Place>, Status> {
        let path = request.uri().path();
        // Pipes in memory have no peer.
        let peer = request.extensions().get::<Peer>();
        let place = match peer {
            Some(peer) if path != PROBE => Some(self.peers.call(peer.address.ip())?),
            _ => None,
        };
        if let Some(access) = &self.access {
            authorize(&access.now(), path, request.headers(), peer)?;
        }
        Ok(place)
    }
}

fn authorize(
    access: &Access,
    path: &str,
    headers: &HeaderMap,
    peer: Option<&Peer>,
) -> Result<(), Status> {
    let method = path.strip_prefix('/').unwrap_or(path);
    let identity = peer.and_then(|peer| peer.identity.as_deref());
    let refused = match bearer(headers) {
        Err(()) => Refused::Unknown,
        Ok(token) => match access.judge(method, token, identity) {
            Ok(client) => {
                tracing::debug!(client = client.as_deref().unwrap_or("anonymous"), "let in");
                return Ok(());
            }
            Err(refused) => refused,
        },
    };
    let address = peer.map(|peer| peer.address.to_string());
    tracing::info!(address, reason = ?refused, "call refused");
    Err(match refused {
        Refused::Nobody => status::credentials_missing(),
        Refused::Unknown => status::credentials_unknown(),
        Refused::NotAllowed => status::method_not_allowed(),
    })
}

/// The bearer token (RFC 6750), if there is one. Two, or something else, are an error.
fn bearer(headers: &HeaderMap) -> Result<Option<&[u8]>, ()> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let Some(first) = all.next() else { return Ok(None) };
    let (scheme, token) = first.as_bytes().split_at_checked(7).ok_or(())?;
    let good = scheme.eq_ignore_ascii_case(b"bearer ") && all.next().is_none();
    if good { Ok(Some(token.trim_ascii())) } else { Err(()) }
}

/// The messages of a call that holds a place until they end, or are dropped.
struct Held {
    body: Body,
    _place: Place,
}

impl http_body::Body for Held {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    // Without these a refusal would be a head and an empty body in place of a head alone.
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
