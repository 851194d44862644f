//! Whom the command line trusts, and what it says of itself.

use super::{Failure, exit};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::transport::{Certificate, ClientTlsConfig, Identity, Uri};
use tonic::{Request, Status};

/// Files for an `https` endpoint.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Credentials {
    /// Certificates, PEM, one of which signed that of the server; without it those of the system
    #[arg(long, env = "CESURA_CA_FILE", value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// Certificate to show to the server, PEM (mTLS)
    #[arg(long, env = "CESURA_CLIENT_CERT", value_name = "FILE", requires = "client_key")]
    client_cert: Option<PathBuf>,

    /// Private key of that certificate, PEM
    #[arg(long, env = "CESURA_CLIENT_KEY", value_name = "FILE", requires = "client_cert")]
    client_key: Option<PathBuf>,

    /// File that holds a bearer token and nothing else
    #[arg(long, env = "CESURA_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
}

fn wrong(flag: &str, path: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::new(exit::CONFIG, anyhow::anyhow!("{flag} {}: {why}", path.display()))
}

fn read(flag: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| wrong(flag, path, error))
}

impl Credentials {
    /// The TLS of an `https` endpoint; none for `http`.
    pub(super) fn tls(&self, url: &str) -> Result<Option<ClientTlsConfig>, Failure> {
        if !is_https(url) {
            let given = [("--ca-file", &self.ca_file), ("--client-cert", &self.client_cert)];
            return match given.into_iter().find_map(|(flag, path)| Some((flag, path.as_ref()?))) {
                Some((flag, path)) => Err(wrong(flag, path, "the endpoint is not https://…")),
                None => Ok(None),
            };
        }
        let mut tls = match &self.ca_file {
            Some(path) => ClientTlsConfig::new()
                .ca_certificate(Certificate::from_pem(read("--ca-file", path)?)),
            None => ClientTlsConfig::new().with_native_roots(),
        };
        if let (Some(certificate), Some(key)) = (&self.client_cert, &self.client_key) {
            let certificate = read("--client-cert", certificate)?;
            tls = tls.identity(Identity::from_pem(certificate, read("--client-key", key)?));
        }
        Ok(Some(tls))
    }

    /// What each call says of its caller. A token is not sent where others could read it.
    pub(super) fn bearer(&self, url: Option<&str>) -> Result<Bearer, Failure> {
        let (Some(path), Some(url)) = (&self.token_file, url) else { return Ok(Bearer(None)) };
        let refused = |why| wrong("--token-file", path, why);
        if !is_https(url) && !is_loopback(url) {
            return Err(refused("a token is sent to https://… or to this machine only"));
        }
        let text = String::from_utf8(read("--token-file", path)?).unwrap_or_default();
        let token = text.trim();
        if token.is_empty() || token.contains(|c: char| !c.is_ascii_graphic()) {
            return Err(refused("it does not hold one token in visible ASCII characters"));
        }
        let value = MetadataValue::try_from(format!("Bearer {token}"));
        let mut value = value.map_err(|_| refused("it does not hold one token"))?;
        value.set_sensitive(true);
        Ok(Bearer(Some(value)))
    }
}

fn is_https(url: &str) -> bool {
    let scheme = url.parse::<Uri>().ok().and_then(|uri| uri.scheme_str().map(str::to_owned));
    scheme.as_deref() == Some("https")
}

fn is_loopback(url: &str) -> bool {
    let uri = url.parse::<Uri>().unwrap_or_default();
    let host = uri.host().unwrap_or("").trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Puts the token, if there is one, into each call.
#[derive(Clone, Debug)]
pub(super) struct Bearer(Option<MetadataValue<Ascii>>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(value) = &self.0 {
            request.metadata_mut().insert("authorization", value.clone());
        }
        Ok(request)
    }
}
