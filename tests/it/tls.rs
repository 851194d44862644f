//! TLS and mTLS on real sockets: who is let in, new certificates without a restart, handshakes that
//! go nowhere.

use crate::harness::*;
use cesura::server::{Config, ConfigLayer};
use cesura::wire::pb;
use pb::segmentation_service_client::SegmentationServiceClient;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, HandshakeKind, RootCertStore};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};

/// An authority, and files of what it signs.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pub(crate) folder: TempDir,
}

/// A certificate and its key, in PEM.
pub(crate) struct Signed {
    pub(crate) cert: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("an authority");
        let folder = tempfile::tempdir().expect("a folder");
        let authority = Authority { issuer, folder };
        authority.write("ca.pem", &authority.pem());
        authority
    }

    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate for a DNS name or a URI, ended or not.
    pub(crate) fn sign(&self, name: &str, ended: bool) -> Signed {
        let mut params = match name.contains("://") {
            false => CertificateParams::new(vec![name.to_owned()]).expect("a name"),
            true => {
                let mut params = CertificateParams::new(Vec::new()).expect("no names");
                let uri = name.try_into().expect("a URI");
                params.subject_alt_names.push(rcgen::SanType::URI(uri));
                params
            }
        };
        if ended {
            params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        }
        let key = KeyPair::generate().expect("a key");
        let cert = params.signed_by(&key, &self.issuer).expect("a certificate");
        Signed { cert: cert.pem(), key: key.serialize_pem() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file in place at once, as a mounted secret changes.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let (new, path) = (self.path("new"), self.path(name));
        std::fs::write(&new, text).expect("a writable folder");
        std::fs::rename(new, &path).expect("a writable folder");
        path
    }

    /// Settings of a server for `localhost`; with `mutual`, of one that asks for certificates.
    pub(crate) fn settings(&self, mutual: bool) -> ConfigLayer {
        let server = self.sign("localhost", false);
        ConfigLayer {
            tls_cert: Some(self.write("cert.pem", &server.cert)),
            tls_key: Some(self.write("key.pem", &server.key)),
            tls_client_ca: mutual.then(|| self.path("ca.pem")),
            ..ConfigLayer::default()
        }
    }

    /// What a client trusts, and shows.
    pub(crate) fn client(&self, shown: Option<&Signed>) -> ClientTlsConfig {
        let trusted = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(self.pem()));
        let trusted = trusted.domain_name("localhost");
        match shown {
            None => trusted,
            Some(Signed { cert, key }) => trusted.identity(Identity::from_pem(cert, key)),
        }
    }
}

/// The settings, looked at often.
pub(crate) fn load(layer: ConfigLayer) -> Config {
    let config = Config::load(layer, None).expect("good settings");
    Config { reload_interval: Duration::from_millis(20), ..config }
}

pub(crate) async fn connect(
    running: &Running,
    tls: ClientTlsConfig,
) -> Result<Channel, tonic::transport::Error> {
    let url = format!("https://{}", running.address);
    Endpoint::from_shared(url).expect("a URL").tls_config(tls)?.connect().await
}

pub(crate) async fn detect(channel: Channel) -> Result<(), tonic::Status> {
    let texts = vec!["Il governo non ha detto nulla.".to_owned()];
    let request = pb::DetectLanguageRequest { texts };
    SegmentationServiceClient::new(channel).detect_language(request).await.map(|_| ())
}

/// Whether a call goes through: with TLS 1.3 a client learns only then that it is refused.
async fn served(running: &Running, tls: ClientTlsConfig) -> bool {
    match connect(running, tls).await {
        Ok(channel) => detect(channel).await.is_ok(),
        Err(_) => false,
    }
}

#[tokio::test]
async fn tls_serves_who_trusts_it_and_nobody_in_clear() {
    let authority = Authority::new();
    let running = start(load(authority.settings(false))).await;
    assert!(served(&running, authority.client(None)).await);
    assert!(!served(&running, Authority::new().client(None)).await, "another authority");
    let plain = format!("http://{}", running.address);
    let plain = Channel::from_shared(plain).expect("a URL").connect().await;
    let clear = match plain {
        Ok(channel) => detect(channel).await.is_ok(),
        Err(_) => false,
    };
    assert!(!clear, "the port speaks TLS only");
}

#[tokio::test]
async fn mutual_tls_lets_in_who_was_signed_by_its_authority_only() {
    let authority = Authority::new();
    let running = start(load(authority.settings(true))).await;
    let good = authority.sign("client.example", false);
    let ended = authority.sign("client.example", true);
    let foreign = Authority::new().sign("client.example", false);
    assert!(served(&running, authority.client(Some(&good))).await);
    assert!(!served(&running, authority.client(None)).await, "no certificate");
    assert!(!served(&running, authority.client(Some(&ended))).await, "one that has ended");
    assert!(!served(&running, authority.client(Some(&foreign))).await, "a foreign one");
    let optional = ConfigLayer { tls_client_optional: Some(true), ..authority.settings(true) };
    let running = start(load(optional)).await;
    assert!(served(&running, authority.client(None)).await, "none is allowed");
    assert!(!served(&running, authority.client(Some(&foreign))).await, "a foreign one is not");
}

/// Waits until the server shows a certificate that `tls` trusts.
async fn until_served(running: &Running, tls: &ClientTlsConfig) {
    for _ in 0..1000 {
        if served(running, tls.clone()).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the new certificate is never shown");
}

#[tokio::test]
async fn a_new_certificate_is_taken_without_ending_a_stream_and_a_bad_one_is_not() {
    let (old, new) = (Authority::new(), Authority::new());
    let running = start(load(old.settings(false))).await;
    let channel = connect(&running, old.client(None)).await.expect("the old certificate");
    let (sender, receiver) = mpsc::channel(1);
    let mut client = SegmentationServiceClient::new(channel);
    let answer = client.segment_chunks(ReceiverStream::new(receiver)).await.expect("admitted");
    sender.send(chunk("Il testo comincia. ".as_bytes())).await.expect("the server reads");

    // Nonsense, half of a pair, and one that has ended: the old one stays.
    let good = new.sign("localhost", false);
    let ended = new.sign("localhost", true);
    for (cert, key) in [("no certificate", ""), (&good.cert, ""), (&ended.cert, &ended.key)] {
        old.write("cert.pem", cert);
        if !key.is_empty() {
            old.write("key.pem", key);
        }
        // Several looks at the files go by.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(served(&running, old.client(None)).await, "the old certificate is still shown");
    }
    old.write("cert.pem", &good.cert);
    old.write("key.pem", &good.key);
    until_served(&running, &new.client(None)).await;
    assert!(!served(&running, old.client(None)).await, "the old one is no longer shown");

    sender.send(chunk("Poi finisce.".as_bytes())).await.expect("the old stream lives");
    sender.send(end()).await.expect("the old stream lives");
    let mut stream = answer.into_inner();
    let mut events = Vec::new();
    while let Some(message) = stream.message().await.expect("the old stream ends well") {
        events.extend(message.events);
    }
    assert_eq!(segments(&events), ["Il testo comincia.", "Poi finisce."]);
}

#[tokio::test]
async fn an_authority_of_clients_that_is_taken_away_lets_nobody_in_any_more() {
    let authority = Authority::new();
    let running = start(load(authority.settings(true))).await;
    let shown = authority.sign("client.example", false);
    let tls = authority.client(Some(&shown));
    assert!(served(&running, tls.clone()).await);
    authority.write("ca.pem", &Authority::new().pem());
    for _ in 0..1000 {
        if !served(&running, tls.clone()).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the old authority still lets clients in");
}

/// How the second handshake of a client that remembers the first goes.
async fn second_handshake(config: Config, authority: &Authority, shown: &Signed) -> HandshakeKind {
    let running = start(config).await;
    let mut roots = RootCertStore::empty();
    let trusted = CertificateDer::from_pem_slice(authority.pem().as_bytes()).expect("PEM");
    roots.add(trusted).expect("an authority");
    let cert = CertificateDer::from_pem_slice(shown.cert.as_bytes()).expect("PEM");
    let key = PrivateKeyDer::from_pem_slice(shown.key.as_bytes()).expect("PEM");
    let builder = ClientConfig::builder_with_provider(ring::default_provider().into());
    let builder = builder.with_safe_default_protocol_versions().expect("versions");
    let builder = builder.with_root_certificates(roots);
    let mut client = builder.with_client_auth_cert(vec![cert], key).expect("a pair");
    client.alpn_protocols = vec![b"h2".to_vec()];
    let connector = TlsConnector::from(Arc::new(client));
    let mut kind = None;
    for _ in 0..2 {
        let stream = TcpStream::connect(running.address).await.expect("the server listens");
        let name = "localhost".try_into().expect("a name");
        let mut stream = connector.connect(name, stream).await.expect("a handshake");
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.expect("a connection");
        // Tickets come before the first bytes of the server.
        stream.read_u8().await.expect("settings");
        kind = stream.get_ref().1.handshake_kind();
    }
    kind.expect("a handshake")
}

#[tokio::test]
async fn sessions_are_resumed_only_where_no_certificate_is_asked_for() {
    let authority = Authority::new();
    let shown = authority.sign("client.example", false);
    let second =
        async |mutual| second_handshake(load(authority.settings(mutual)), &authority, &shown).await;
    assert_eq!(second(false).await, HandshakeKind::Resumed);
    assert_eq!(second(true).await, HandshakeKind::Full);
}

#[tokio::test]
async fn handshakes_that_go_nowhere_hold_up_nobody_and_are_ended() {
    let authority = Authority::new();
    let config = load(authority.settings(false));
    let config = Config { tls_handshake_max: Duration::from_millis(300), ..config };
    let running = start(config).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(running.address).await.expect("the server listens"));
    }
    assert!(served(&running, authority.client(None)).await, "others are served meanwhile");
    for stream in silent {
        stream.readable().await.expect("a socket");
        let mut byte = [0];
        assert!(matches!(stream.try_read(&mut byte), Ok(0) | Err(_)), "closed without a word");
    }
}

#[tokio::test]
async fn a_drain_does_not_wait_for_a_handshake() {
    let authority = Authority::new();
    let mut running = start(load(authority.settings(false))).await;
    let _silent = TcpStream::connect(running.address).await.expect("the server listens");
    assert!(served(&running, authority.client(None)).await);
    drop(running.stop.take());
    running.task.await.expect("no panic").expect("a clean stop");
}

#[test]
fn certificates_that_do_not_go_together_are_refused_by_name() {
    let authority = Authority::new();
    let (one, other) = (authority.sign("localhost", false), authority.sign("localhost", false));
    let ended = authority.sign("localhost", true);
    let file = |name: &str, text: &str| Some(authority.write(name, text));
    let cases = [
        (&one.cert, &other.key, None, "tls-key", "does not go with"),
        (&one.cert, &one.cert, None, "tls-key", "no private key"),
        (&one.key, &one.key, None, "tls-cert", "no certificate"),
        (&ended.cert, &ended.key, None, "tls-cert", "has ended"),
        (&one.cert, &one.key, Some(&one.key), "tls-client-ca", "no certificate"),
    ];
    for (cert, key, ca, setting, why) in cases {
        let layer = ConfigLayer {
            tls_cert: file("cert.pem", cert),
            tls_key: file("key.pem", key),
            tls_client_ca: ca.and_then(|ca| file("clients.pem", ca)),
            ..ConfigLayer::default()
        };
        let error = Config::load(layer, None).expect_err(why).to_string();
        assert!(error.starts_with(&format!("{setting}: ")) && error.contains(why), "{error}");
        assert!(!error.contains("PRIVATE"), "nothing of a key is shown: {error}");
    }
    let public = Some("0.0.0.0:0".parse().expect("an address"));
    let layer = ConfigLayer { listen: public, ..authority.settings(false) };
    assert!(Config::load(layer, None).is_ok(), "with TLS an address may be public");
}

fn cesura(arguments: &[&str], files: &[(&str, &Path)]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cesura"));
    command.args(arguments);
    for (flag, path) in files {
        command.arg(flag).arg(path);
    }
    command.output().expect("the binary runs")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_speaks_tls_and_shows_its_certificate() {
    let authority = Authority::new();
    let running = start(load(authority.settings(true))).await;
    let shown = authority.sign("client.example", false);
    let (cert, key) = (authority.write("c.pem", &shown.cert), authority.write("k.pem", &shown.key));
    let url = format!("https://localhost:{}", running.address.port());
    let ask = ["health", "--endpoint", &url, "--timeout", "60s"];
    let ca = authority.path("ca.pem");
    let all = [("--ca-file", &*ca), ("--client-cert", &*cert), ("--client-key", &*key)];
    // The binary is waited for on a thread of its own: the server runs on ours.
    let output = tokio::task::block_in_place(|| cesura(&ask, &all));
    assert!(output.status.success(), "{output:?}");
    let output = tokio::task::block_in_place(|| cesura(&ask, &all[..1]));
    assert_eq!(output.status.code(), Some(69), "without a certificate: {output:?}");
    let output = tokio::task::block_in_place(|| cesura(&ask, &all[1..]));
    assert_eq!(output.status.code(), Some(69), "without trust: {output:?}");
    let token = authority.write("token", "geheim");
    let abroad = ["health", "--endpoint", "http://cesura.invalid"];
    let output = cesura(&abroad, &[("--token-file", &token)]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(64), "{said}");
    assert!(said.contains("--token-file") && !said.contains("geheim"), "{said}");
}
