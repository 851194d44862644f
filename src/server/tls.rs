//! TLS of the port: certificate and key, and whom client certificates have to be signed by.

use super::config::ConfigError;
use super::kept::Source;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use tokio_rustls::rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, ServerConnection};
use webpki::{EndEntityCert, KeyUsage};

const CERT: &str = "tls-cert";
const KEY: &str = "tls-key";
const CLIENT_CA: &str = "tls-client-ca";

/// The files of the certificates, and how they are used.
#[derive(Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificate of the server and its chain.
    pub(super) cert: PathBuf,
    /// Private key of that certificate.
    pub(super) key: PathBuf,
    /// Who signs the certificates of clients; none: they are not asked for one.
    pub(super) client_ca: Option<PathBuf>,
    /// Whether clients without a certificate are let in as well.
    pub(super) client_optional: bool,
    /// Whether HTTP/1.1 is spoken, for gRPC-Web.
    pub(super) http1: bool,
}

impl Source for TlsFiles {
    type Made = ServerConfig;

    fn files(&self) -> Vec<(&'static str, &Path)> {
        let mut files = vec![(CERT, self.cert.as_path()), (KEY, self.key.as_path())];
        files.extend(self.client_ca.as_deref().map(|path| (CLIENT_CA, path)));
        files
    }

    fn make(&self, contents: &[Vec<u8>]) -> Result<ServerConfig, ConfigError> {
        let content = |number: usize| contents.get(number).map_or(&[][..], Vec::as_slice);
        let refused = |setting, path: &Path, why: String| {
            ConfigError::new(setting, format!("{}: {why}", path.display()))
        };
        let provider = Arc::new(ring::default_provider());
        let chain =
            certificates(content(0)).map_err(|why| refused(CERT, self.cert.as_path(), why))?;
        in_time(&chain, &provider).map_err(|why| refused(CERT, self.cert.as_path(), why))?;
        // What stands in the file of a key is not repeated, not even where it is none.
        let key = PrivateKeyDer::from_pem_slice(content(1)).map_err(|_| {
            let why = "there is no private key in PEM (PKCS #8, PKCS #1 or SEC1) in it";
            refused(KEY, self.key.as_path(), why.to_owned())
        })?;
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| ConfigError::new(CERT, error.to_string()))?;
        let builder = match &self.client_ca {
            None => builder.with_no_client_auth(),
            Some(path) => {
                let roots = roots(content(2)).map_err(|why| refused(CLIENT_CA, path, why))?;
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                let verifier = match self.client_optional {
                    true => verifier.allow_unauthenticated(),
                    false => verifier,
                };
                let verifier = verifier.build();
                let verifier =
                    verifier.map_err(|error| refused(CLIENT_CA, path, error.to_string()))?;
                builder.with_client_cert_verifier(verifier)
            }
        };
        let mut config = builder.with_single_cert(chain, key).map_err(|error| {
            let why = format!("it does not go with {}: {error}", self.cert.display());
            refused(KEY, self.key.as_path(), why)
        })?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        if self.http1 {
            config.alpn_protocols.push(b"http/1.1".to_vec());
        }
        if self.client_ca.is_some() {
            // A resumed session does not show its certificate again: one that has ended since, or
            // whose signer is no longer trusted, would still be let in.
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        Ok(config)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = chain.map_err(|_| "it is no PEM".to_owned())?;
    if chain.is_empty() {
        Err("there is no certificate in PEM in it".to_owned())
    } else {
        Ok(chain)
    }
}

fn roots(pem: &[u8]) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem)? {
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    Ok(roots)
}

/// Refuses a certificate that no client would take: one that has ended or has not begun. Who signed
/// it is the clients' affair.
fn in_time(chain: &[CertificateDer<'static>], provider: &CryptoProvider) -> Result<(), String> {
    let Some((first, rest)) = chain.split_first() else { return Ok(()) };
    let certificate = EndEntityCert::try_from(first).map_err(|error| error.to_string())?;
    let verified = certificate.verify_for_usage(
        provider.signature_verification_algorithms.all,
        &[],
        rest,
        UnixTime::now(),
        KeyUsage::server_auth(),
        None,
        None,
    );
    match verified {
        Err(webpki::Error::CertExpired { .. }) => Err("the certificate has ended".to_owned()),
        Err(webpki::Error::CertNotValidYet { .. }) => {
            Err("the certificate is not valid yet".to_owned())
        }
        _ => Ok(()),
    }
}

/// Who a client is, by its certificate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// Its subject alternative names: DNS names and URIs. Common names are not looked at (RFC
    /// 9525).
    pub(super) names: Vec<String>,
}

impl Identity {
    /// That of the peer of a connection, if it showed a certificate.
    pub(super) fn of(connection: &ServerConnection) -> Option<Identity> {
        let certificate = connection.peer_certificates()?.first()?;
        // The verifier has read it already.
        let certificate = EndEntityCert::try_from(certificate).ok()?;
        let names = certificate.valid_dns_names().chain(certificate.valid_uri_names());
        Some(Identity { names: names.map(str::to_owned).collect() })
    }
}
