//! A channel to a server: a remote one, or one of our own over a pipe in memory.

use super::credentials::{Bearer, Credentials};
use super::{Failure, exit};
use crate::server::srx_file::SrxFile;
use crate::server::{self, Config};
use crate::service::ServiceLimits;
use crate::wire::pb::segmentation_service_client::SegmentationServiceClient;
use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
use tokio_stream::StreamExt;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint, Uri};

/// Bytes of the pipe between the command line and its own server.
const PIPE_BYTES: usize = 256 << 10;

/// A channel that says who calls, where there is a token.
pub(super) type Link = InterceptedService<Channel, Bearer>;

/// Which server to use.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Server {
    /// Server to use, for example http://127.0.0.1:50051 or https://cesura.example; without it a
    /// server of its own answers, over real gRPC in memory
    #[arg(long, env = "CESURA_ENDPOINT", value_name = "URL")]
    pub(super) endpoint: Option<String>,

    #[command(flatten)]
    pub(super) credentials: Credentials,
}

impl Server {
    /// Whether it is somebody else's.
    pub(super) fn is_remote(&self) -> bool {
        self.endpoint.is_some()
    }

    /// A channel to the server; one of our own asks the rules of `srx` first.
    pub(super) async fn channel(&self, srx: SrxFile) -> Result<Link, Failure> {
        let bearer = self.credentials.bearer(self.endpoint.as_deref())?;
        let channel = match &self.endpoint {
            Some(url) => remote(url, &self.credentials).await?,
            None => embedded(srx).await?,
        };
        Ok(InterceptedService::new(channel, bearer))
    }

    /// A client of the segmentation service; a server of our own asks the rules of `srx` first.
    pub(super) async fn client(
        &self,
        srx: SrxFile,
    ) -> Result<SegmentationServiceClient<Link>, Failure> {
        Ok(SegmentationServiceClient::new(self.channel(srx).await?))
    }
}

async fn remote(url: &str, credentials: &Credentials) -> Result<Channel, Failure> {
    let unusable = |error: tonic::transport::Error| {
        let error = anyhow::Error::from(error).context(format!("--endpoint {url}"));
        Failure::new(exit::UNAVAILABLE, error)
    };
    let mut endpoint = Endpoint::from_shared(url.to_owned()).map_err(unusable)?;
    if let Some(tls) = credentials.tls(url)? {
        endpoint = endpoint.tls_config(tls).map_err(unusable)?;
    }
    endpoint.connect().await.map_err(unusable)
}

/// Starts a server in this process. Its limits are for the files of one person, not for strangers.
async fn embedded(srx: SrxFile) -> Result<Channel, Failure> {
    let (client, server) = tokio::io::duplex(PIPE_BYTES);
    let limits = ServiceLimits {
        message_bytes_max: u32::MAX,
        document_bytes_max: crate::Limits::DOCUMENT_BYTES_CEILING,
        chunked_document_bytes_max: crate::Limits::DOCUMENT_BYTES_CEILING,
        align_segments_max: 200_000,
        compare_documents_max: 512,
        compare_segments_max: 16_384,
        ..ServiceLimits::default()
    };
    let config = Config { limits, srx, reflection: false, ..Config::default() };
    // The listener must not end: tonic would say goodbye to the one connection there is.
    let incoming = tokio_stream::once(Ok::<DuplexStream, std::io::Error>(server))
        .chain(tokio_stream::pending());
    // It lives as long as the process; the runtime ends it.
    tokio::spawn(server::run_on(config, incoming, std::future::pending()));
    let mut client = Some(client);
    let connector = tower::service_fn(move |_: Uri| {
        let client = client.take().ok_or_else(|| std::io::Error::other("the pipe is gone"));
        async move { client.map(TokioIo::new) }
    });
    Endpoint::from_static("http://in-memory.invalid")
        .connect_with_connector(connector)
        .await
        .map_err(|error| Failure::new(exit::UNAVAILABLE, error))
}
