//! Who may call what: tokens and certificates, on real sockets.

use crate::errors::expect;
use crate::harness::*;
use crate::tls::{Authority, connect, detect, load};
use cesura::server::{Config, ConfigLayer};
use cesura::wire::health::HealthCheckRequest;
use cesura::wire::health::health_client::HealthClient;
use cesura::wire::pb;
use pb::segmentation_service_client::SegmentationServiceClient;
use std::path::PathBuf;
use std::time::Duration;
use tonic::{Code, Request, Status};

/// `printf geheim | sha256sum`
const SECRET: &str = "addb0f5e7826c857d7376d1bd9bc33c0c544790a2eac96144a8af22b1298c940";

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("access.toml");
    std::fs::write(&path, text).expect("a writable folder");
    (folder, path)
}

fn with_token(methods: &str) -> String {
    format!(
        "[[client]]\nname = \"translator\"\ntokens-sha256 = [\"{SECRET}\"]\n\
         methods = [{methods}]\n"
    )
}

fn settings(path: &std::path::Path) -> Config {
    load(ConfigLayer { access: Some(path.to_owned()), ..ConfigLayer::default() })
}

async fn call(running: &Running, authorization: &[&str]) -> Result<(), Status> {
    let texts = vec!["Il governo non ha detto nulla.".to_owned()];
    let mut request = Request::new(pb::DetectLanguageRequest { texts });
    for value in authorization {
        request.metadata_mut().append("authorization", value.parse().expect("a value"));
    }
    running.client().await.detect_language(request).await.map(|_| ())
}

#[tokio::test]
async fn calls_without_or_with_wrong_tokens_are_refused_with_details() {
    let (_folder, path) = file(&with_token("\"cesura.v1.SegmentationService/DetectLanguage\""));
    let running = start(settings(&path)).await;
    assert!(call(&running, &["Bearer geheim"]).await.is_ok());
    assert!(call(&running, &["bearer geheim"]).await.is_ok(), "the scheme has no case");
    let refused = call(&running, &[]).await.expect_err("refused");
    expect(&refused, Code::Unauthenticated, "CREDENTIALS_MISSING", "");
    let wrong = ["Bearer geheim2", "Bearer Geheim", "Bearer", "Bearer ", "Basic geheim", "geheim"];
    for wrong in wrong {
        let refused = call(&running, &[wrong]).await.expect_err("refused");
        expect(&refused, Code::Unauthenticated, "CREDENTIALS_UNKNOWN", "");
        assert!(!format!("{refused:?}").contains("eheim"), "a token is not said back");
    }
    let refused = call(&running, &["Bearer geheim", "Bearer x"]).await.expect_err("two of them");
    expect(&refused, Code::Unauthenticated, "CREDENTIALS_UNKNOWN", "");
    // Known, but not for this.
    let mut request = Request::new(pb::ListRulesRequest::default());
    request.metadata_mut().insert("authorization", "Bearer geheim".parse().expect("a value"));
    let refused = running.client().await.list_rules(request).await.expect_err("refused");
    expect(&refused, Code::PermissionDenied, "METHOD_NOT_ALLOWED", "");
}

#[tokio::test]
async fn streams_are_refused_before_a_message_is_read() {
    let (_folder, path) = file(&with_token("\"*\""));
    let running = start(settings(&path)).await;
    let never = tokio_stream::pending::<pb::SegmentChunksRequest>();
    let refused = running.client().await.segment_chunks(never).await.expect_err("refused");
    expect(&refused, Code::Unauthenticated, "CREDENTIALS_MISSING", "");
}

#[tokio::test]
async fn health_is_open_unless_the_file_closes_it_and_can_be_switched_off() {
    let health = async |config| {
        let running = start(config).await;
        let mut client = HealthClient::new(running.channel().await);
        client
            .check(HealthCheckRequest::default())
            .await
            .map(|_| ())
            .map_err(|status| status.code())
    };
    let (_folder, path) = file(&with_token("\"*\""));
    assert_eq!(health(settings(&path)).await, Ok(()));
    let (_folder, path) = file(&format!("anonymous = []\n{}", with_token("\"*\"")));
    assert_eq!(health(settings(&path)).await, Err(Code::Unauthenticated));
    let off = Config { health: false, ..Config::default() };
    assert_eq!(health(off).await, Err(Code::Unimplemented));
}

#[tokio::test]
async fn certificates_say_who_calls() {
    let authority = Authority::new();
    let path = authority.write(
        "access.toml",
        "[[client]]\nname = \"cat\"\ncertificates = [\"spiffe://example/cat\"]\nmethods = [\"*\"]\n\
         [[client]]\nname = \"info\"\ncertificates = [\"info.example\"]\n\
         methods = [\"cesura.v1.SegmentationService/GetServerInfo\"]\n",
    );
    let running = start(load(ConfigLayer { access: Some(path), ..authority.settings(true) })).await;
    let asked = async |name: &str| {
        let shown = authority.sign(name, false);
        let channel = connect(&running, authority.client(Some(&shown))).await.expect("signed");
        detect(channel).await
    };
    assert!(asked("spiffe://example/cat").await.is_ok());
    let refused = asked("info.example").await.expect_err("for something else");
    expect(&refused, Code::PermissionDenied, "METHOD_NOT_ALLOWED", "");
    let refused = asked("spiffe://example/dog").await.expect_err("signed, but not listed");
    expect(&refused, Code::Unauthenticated, "CREDENTIALS_UNKNOWN", "");
}

#[tokio::test]
async fn a_new_file_holds_for_open_connections_and_a_bad_one_does_not() {
    let (_folder, path) = file(&with_token("\"*\""));
    let running = start(settings(&path)).await;
    let mut client = SegmentationServiceClient::new(running.channel().await);
    let mut info = async || {
        let mut request = Request::new(pb::GetServerInfoRequest::default());
        request.metadata_mut().insert("authorization", "Bearer geheim".parse().expect("a value"));
        client.get_server_info(request).await.map(|_| ()).map_err(|status| status.code())
    };
    assert_eq!(info().await, Ok(()));
    std::fs::write(&path, "client = nonsense").expect("a writable folder");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(info().await, Ok(()), "the old file stays");
    std::fs::write(&path, with_token("\"grpc.health.v1.Health/Check\"")).expect("writable");
    for _ in 0..1000 {
        if info().await == Err(Code::PermissionDenied) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the new file is never taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_sends_its_token_and_the_log_does_not_show_it() {
    let (folder, path) = file(&with_token("\"cesura.v1.SegmentationService/*\""));
    let running = start(settings(&path)).await;
    let token = folder.path().join("token");
    std::fs::write(&token, "geheim\n").expect("a writable folder");
    let text = folder.path().join("text.txt");
    std::fs::write(&text, "Il testo è qui. Poi esce.").expect("a writable folder");
    let segment = |token: Option<&PathBuf>| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cesura"));
        command.arg("segment").arg(&text).arg("--endpoint");
        command.arg(format!("http://{}", running.address));
        command.args(token.iter().flat_map(|token| ["--token-file".as_ref(), token.as_os_str()]));
        tokio::task::block_in_place(|| command.output().expect("the binary runs"))
    };
    let output = segment(Some(&token));
    assert!(output.status.success(), "{output:?}");
    let output = segment(None);
    assert!(String::from_utf8_lossy(&output.stderr).contains("Unauthenticated"), "{output:?}");
    // EX_NOPERM: a script can tell "not you" from "not this text".
    assert_eq!(output.status.code(), Some(77), "{output:?}");
}
