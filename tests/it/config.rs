//! Settings: precedence, ranges, and errors that name the key.

use cesura::server::{Config, ConfigLayer};
use clap::Parser;
use std::io::Write;

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    layer: ConfigLayer,
}

fn flags(arguments: &[&str]) -> ConfigLayer {
    let arguments = ["cesura"].iter().chain(arguments);
    Flags::try_parse_from(arguments).expect("flags that clap knows").layer
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("a writable file");
    file
}

#[test]
fn the_defaults_pass_their_own_checks() {
    assert_eq!(Config::load(ConfigLayer::default(), None).expect("defaults"), Config::default());
}

#[test]
fn a_flag_goes_before_the_file_and_the_file_before_the_default() {
    let file = file(
        "documents-open-max = 7\ntexts-max = 9\nblock-bytes-max = \"32 KiB\"\ndrain-max = \"3s\"\nlog-format = \"json\"\n",
    );
    let config =
        Config::load(flags(&["--texts-max", "11"]), Some(file.path())).expect("a good file");
    assert_eq!((config.limits.documents_open_max, config.limits.texts_max), (7, 11));
    assert_eq!((config.limits.block_bytes_max, config.drain_max.as_secs()), (32 << 10, 3));
    assert_eq!(config.limits.message_bytes_max, Config::default().limits.message_bytes_max);
}

#[test]
fn what_is_not_allowed_names_its_key() {
    let cases = [
        (vec!["--listen", "0.0.0.0:50051"], "listen"),
        (vec!["--block-bytes-max", "1 B"], "block-bytes-max"),
        (vec!["--chunked-document-bytes-max", "5 GiB"], "chunked-document-bytes-max"),
        (vec!["--documents-open-max", "0"], "documents-open-max"),
        (vec!["--drain-max", "2h"], "drain-max"),
        (vec!["--keepalive-interval", "1ms"], "keepalive-interval"),
        (vec!["--tls-cert", "cert.pem"], "tls-key"),
        (vec!["--tls-key", "key.pem"], "tls-cert"),
        (vec!["--tls-client-ca", "ca.pem"], "tls-client-ca"),
        (vec!["--tls-client-optional"], "tls-client-optional"),
        (vec!["--tls-cert", "no-such.pem", "--tls-key", "no-such.pem"], "tls-cert"),
        (vec!["--tls-handshake-max", "1ms"], "tls-handshake-max"),
        (vec!["--access", "no-such.toml"], "access"),
        (vec!["--reload-interval", "1ms"], "reload-interval"),
        (vec!["--connections-max", "0"], "connections-max"),
        (vec!["--peer-calls-max", "0"], "peer-calls-max"),
        (vec!["--connection-age-max", "1ms"], "connection-age-max"),
        (vec!["--call-max", "2d"], "call-max"),
        (vec!["--grpc-web-origins", "https://cat.example"], "grpc-web-origins"),
        (vec!["--admin-listen", "0.0.0.0:9090"], "admin-listen"),
        (vec!["--otlp-endpoint", "https://collector.example:4317"], "otlp-endpoint"),
        (vec!["--otlp-endpoint", "collector:4317"], "otlp-endpoint"),
        (vec!["--trace-sampling-ratio", "1.5"], "trace-sampling-ratio"),
        (vec!["--trace-sampling-ratio", "NaN"], "trace-sampling-ratio"),
        (vec!["--grpc-web", "--grpc-web-origins", "*,https://cat.example"], "grpc-web-origins"),
    ];
    for (arguments, key) in cases {
        let error =
            Config::load(flags(&arguments), None).expect_err("outside its range").to_string();
        assert!(error.starts_with(&format!("{key}: ")), "{error}");
    }
    assert!(Config::load(flags(&["--listen", "0.0.0.0:1", "--allow-public"]), None).is_ok());
    for (text, named) in [
        ("txts-max = 9", "txts-max"),
        ("texts-max = \"nine\"", "texts-max"),
        ("drain-max = \"soon\"", "drain-max"),
        ("grpc-web-origins = [\"https://cat.example/\"]", "without a slash"),
    ] {
        let error = Config::load(ConfigLayer::default(), Some(file(text).path()))
            .expect_err("a bad file")
            .to_string();
        assert!(error.contains(named), "{error}");
    }
}

#[test]
fn origins_of_pages_are_a_list_in_flags_and_in_the_file() {
    let listed = |layer: ConfigLayer, file: Option<&std::path::Path>| {
        Config::load(layer, file).expect("good settings").grpc_web
    };
    let both = ["--grpc-web", "--grpc-web-origins", "https://a.example,http://localhost:8080"];
    let file = file(
        "grpc-web = true\ngrpc-web-origins = [\"https://a.example\", \"http://localhost:8080\"]\n",
    );
    let by_flags = listed(flags(&both), None);
    assert!(by_flags.is_some());
    assert_eq!(by_flags, listed(ConfigLayer::default(), Some(file.path())));
    assert_eq!(listed(ConfigLayer::default(), None), None, "off unless asked for");
}
