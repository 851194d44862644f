//! The client of all measurements: it writes requests that are encoded already and does not read
//! what comes back, so that it costs the same for every server and less than any of them.

use crate::raw::Raw;
use crate::script::Script;
use bytes::Bytes;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Streaming};

/// What a server may take to come up.
const STARTS_WITHIN: Duration = Duration::from_secs(20);

/// A connection.
#[derive(Clone, Debug)]
pub struct Client(Grpc<Channel>);

/// How a call went.
#[derive(Clone, Copy, Debug, Default)]
pub struct Played {
    /// To the first message, which holds the first unit.
    pub first: Duration,
    /// To the end of the stream.
    pub whole: Duration,
    pub bytes: usize,
}

impl Client {
    /// Connects to a server that may still be on its way up.
    pub async fn connect(address: SocketAddr) -> Client {
        Client::connect_with(address, |endpoint| endpoint).await
    }

    /// The same with settings.
    pub async fn connect_with(address: SocketAddr, set: impl Fn(Endpoint) -> Endpoint) -> Client {
        let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
        let endpoint = set(endpoint.tcp_nodelay(true));
        let begun = Instant::now();
        loop {
            match endpoint.connect().await {
                Ok(channel) => {
                    let grpc = Grpc::new(channel).max_decoding_message_size(16 << 20);
                    return Client(grpc);
                }
                Err(error) if begun.elapsed() > STARTS_WITHIN => panic!("no server: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    /// Plays a call to its end.
    pub async fn play(&self, script: &Script) -> Played {
        let mut bytes = 0;
        let played = self.play_with(script, |message| bytes += message.len()).await;
        Played { bytes, ..played }
    }

    /// The same, with a look at each message.
    pub async fn play_with(&self, script: &Script, mut take: impl FnMut(Bytes)) -> Played {
        let begun = Instant::now();
        let requests = tokio_stream::iter(script.requests.clone());
        let mut answers = self.open(script, requests).await;
        let mut first = None;
        while let Some(message) = answers.message().await.expect("no error") {
            first.get_or_insert_with(|| begun.elapsed());
            take(message);
        }
        let whole = begun.elapsed();
        Played { first: first.unwrap_or(whole), whole, bytes: 0 }
    }

    /// Opens a call of a script's method with requests of one's own.
    pub async fn open(
        &self,
        script: &Script,
        requests: impl tokio_stream::Stream<Item = Bytes> + Send + 'static,
    ) -> Streaming<Bytes> {
        let mut grpc = self.0.clone();
        grpc.ready().await.expect("the server is there");
        let path = PathAndQuery::from_static(script.method.path());
        let answer = grpc.streaming(Request::new(requests), path, Raw).await;
        answer.expect("admitted").into_inner()
    }
}
