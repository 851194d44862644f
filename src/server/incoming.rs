//! Connections as they come in: a place for each, then TLS, both within bounds.
//!
//! tonic accepts without a limit and cannot take a new certificate; here a connection without a
//! place is closed at once, handshakes go on beside each other, and each takes the certificate that
//! is newest when it begins. Connections that are open keep theirs.

use super::kept::Kept;
use super::peer::{Peer, Peers, Place};
use super::tls::{Identity, TlsFiles};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Sleep;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_stream::Stream;
use tokio_util::either::Either;
use tonic::transport::server::{Connected, TcpIncoming};

/// Pause when the system has no more files to give: to ask again at once would only heat it.
const PAUSE: Duration = Duration::from_millis(50);

/// How connections come in.
pub(super) struct Incoming {
    listener: TcpIncoming,
    tls: Option<Kept<TlsFiles>>,
    tls_handshake_max: Duration,
    peers: Arc<Peers>,
    handshakes: JoinSet<Option<Connection>>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Incoming {
    pub(super) fn new(
        listener: TcpIncoming,
        tls: Option<Kept<TlsFiles>>,
        tls_handshake_max: Duration,
        peers: Arc<Peers>,
    ) -> Incoming {
        let handshakes = JoinSet::new();
        Incoming { listener, tls, tls_handshake_max, peers, handshakes, pause: None }
    }

    /// What was accepted: with a place and without TLS it is ready.
    fn accepted(&mut self, stream: TcpStream) -> Option<Connection> {
        let address = stream.peer_addr().ok()?;
        let Some(place) = self.peers.connect(address.ip()) else {
            tracing::debug!(%address, "no place for another connection");
            return None;
        };
        let Some(tls) = &self.tls else {
            let peer = Peer { address, identity: None };
            return Some(Connection { io: Either::Left(stream), peer, _place: place });
        };
        let acceptor = TlsAcceptor::from(tls.now());
        let shake = shake(acceptor, stream, address, place);
        let bounded = tokio::time::timeout(self.tls_handshake_max, shake);
        self.handshakes.spawn(async move { bounded.await.ok().flatten() });
        None
    }
}

/// The handshake. What fails is told, but not loudly: anybody can make it fail.
async fn shake(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    address: SocketAddr,
    place: Place,
) -> Option<Connection> {
    let http1 = acceptor.config().alpn_protocols.len() > 1;
    let stream = match acceptor.accept(stream).await {
        Ok(stream) => stream,
        Err(error) => {
            tracing::info!(%address, %error, "TLS handshake failed");
            return None;
        }
    };
    let connection = stream.get_ref().1;
    // HTTP/2 wants to be agreed upon (RFC 9113, 3.3). Who agrees on nothing speaks HTTP/1.1.
    if connection.alpn_protocol().is_none() && !http1 {
        tracing::info!(%address, "TLS without ALPN h2 is closed");
        return None;
    }
    let identity = Identity::of(connection).map(Arc::new);
    Some(Connection { io: Either::Right(stream), peer: Peer { address, identity }, _place: place })
}

impl Stream for Incoming {
    type Item = Result<Connection, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            while let Poll::Ready(Some(shaken)) = this.handshakes.poll_join_next(cx) {
                if let Ok(Some(connection)) = shaken {
                    return Poll::Ready(Some(Ok(connection)));
                }
            }
            if let Some(pause) = &mut this.pause {
                ready!(pause.as_mut().poll(cx));
                this.pause = None;
            }
            match ready!(Pin::new(&mut this.listener).poll_next(cx)) {
                None => return Poll::Ready(None),
                Some(Ok(stream)) => {
                    if let Some(connection) = this.accepted(stream) {
                        return Poll::Ready(Some(Ok(connection)));
                    }
                }
                Some(Err(error)) if of_one_connection(&error) => {}
                Some(Err(error)) => {
                    tracing::warn!(%error, "no connection can be accepted; trying again");
                    this.pause = Some(Box::pin(tokio::time::sleep(PAUSE)));
                }
            }
        }
    }
}

/// Whether only this connection is lost.
fn of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// A connection with its place.
pub(super) struct Connection {
    io: Either<TcpStream, TlsStream<TcpStream>>,
    peer: Peer,
    _place: Place,
}

impl Connected for Connection {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.peer.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}
