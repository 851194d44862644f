//! The binary, as a person uses it.

use std::io::Write;
use std::process::{Command, Output, Stdio};

pub(crate) fn cesura(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cesura"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CESURA_ENDPOINT")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // A program that ends without reading its input is no failure of the test.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("the binary ends")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn segments_standard_input_and_files() {
    let output = cesura(&["segment", "-"], "Il dott. Rossi è qui. Poi esce.");
    assert!(output.status.success());
    let text = out(&output);
    assert!(
        text.contains("0..22 Il dott. Rossi è qui.\n") && text.contains("23..32 Poi esce.\n"),
        "{text}"
    );
    let output = cesura(
        &["segment", "--format", "jsonl", "--offsets", "utf32", "--language", "it", "-"],
        "È qui. Poi esce.",
    );
    let lines: Vec<serde_json::Value> =
        out(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[0]["language"]["basis"], "declared");
    assert_eq!(lines[1]["segments"][1]["span"], serde_json::json!([7, 16]));
    assert_eq!(lines.last().expect("a tail")["segment_count"], 2);
}

#[test]
fn a_legacy_file_is_read_in_its_charset() {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(b"Il caff\xe8 \xe8 qui.").expect("a writable file");
    let path = file.path().to_str().expect("a path");
    let output = cesura(&["segment", path], "");
    assert_eq!(output.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&output.stderr).contains("offset 7"));
    let output = cesura(&["segment", "--charset", "latin1", path], "");
    assert!(out(&output).contains("Il caffè è qui."));
}

#[test]
fn exit_codes_are_as_documented() {
    let code = |arguments: &[&str]| cesura(arguments, "").status.code();
    assert_eq!(code(&["segment", "no-such-file.txt"]), Some(65));
    assert_eq!(code(&["segment"]), Some(2));
    assert_eq!(code(&["serve", "--listen", "0.0.0.0:0"]), Some(64));
    assert_eq!(code(&["check-config", "--config", "no-such-file.toml"]), Some(64));
    assert_eq!(code(&["check-config"]), Some(0));
    assert_eq!(code(&["health", "--endpoint", "http://127.0.0.1:1"]), Some(69));
    assert_eq!(code(&["rules", "--check"]), Some(0));
    assert_eq!(code(&["--help"]), Some(0));
}

#[test]
fn the_environment_is_a_source_of_settings() {
    let output = Command::new(env!("CARGO_BIN_EXE_cesura"))
        .args(["check-config", "--texts-max", "5"])
        .env("CESURA_TEXTS_MAX", "7")
        .env("CESURA_DOCUMENTS_OPEN_MAX", "3")
        .output()
        .expect("the binary runs");
    let text = out(&output);
    assert!(text.contains("texts_max: 5") && text.contains("documents_open_max: 3"), "{text}");
}

#[test]
fn explain_shows_rule_and_reason() {
    let text = out(&cesura(&["explain"], "Il dott. Rossi è qui. Poi esce con gli altri."));
    assert!(text.contains("Il dott.×\n    × latin.abbreviation.title  A title"), "{text}");
    assert!(text.contains("Rossi è qui.÷\n    ÷ latin.default.capital"), "{text}");
}

#[test]
fn languages_of_lines() {
    let text = out(&cesura(
        &["detect", "--lines", "-"],
        "Il governo non ha detto che cosa farà per la scuola.\n12\n",
    ));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("-:1\tit\t") && lines[1].starts_with("-:2\tund\t"), "{text}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let text = "Il presidente ha parlato a lungo. Poi è partito.\n\n".repeat(20_000);
    let mut child = Command::new(env!("CARGO_BIN_EXE_cesura"))
        .args(["segment", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let _ = child.stdin.take().expect("a pipe").write_all(text.as_bytes());
    let output = child.wait_with_output().expect("the binary ends");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn scorers_are_answered_in_code_points() {
    let asked = r#"{"id":"a","text":"È qui. Poi esce."}"#;
    let answered: serde_json::Value =
        serde_json::from_str(&out(&cesura(&["eval", "segmentation"], asked))).expect("JSON");
    assert_eq!(answered["boundaries"], serde_json::json!([6, 16]));
    assert_eq!(answered["blocks"][0]["kind"], "paragraph");
}

#[test]
fn scorers_are_told_which_line_cannot_be_read() {
    for verb in ["segmentation", "language", "alignment", "comparison"] {
        // An empty line is counted, and asks nothing.
        let output = cesura(&["eval", verb], "\n{\"id\":1}\n");
        assert_eq!(output.status.code(), Some(65), "{verb}");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains("line 2") && error.contains("column"), "{verb}: {error}");
    }
}

#[test]
fn completions_and_manual_are_made() {
    assert!(out(&cesura(&["completions", "bash"], "")).contains("_cesura"));
    assert!(out(&cesura(&["man"], "")).contains(".TH"));
    assert!(!cesura(&["descriptor"], "").stdout.is_empty());
}

#[test]
fn comparisons_are_answered_and_errors_name_line_and_field() {
    let asked = r#"{"id":"1","documents":[
        {"id":"a","segments":["«Il ponte è di tutti, abbiatene cura», ha detto il sindaco."]},
        {"id":"b","segments":["Piove.","Il sindaco: \"Il ponte è di tutti, abbiatene cura\"."]}]}"#
        .replace('\n', "");
    let output = cesura(&["eval", "comparison"], &asked);
    let answered: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(answered["pairs"][0]["a"], serde_json::json!([0, 0]));
    assert_eq!(answered["pairs"][0]["b"], serde_json::json!([1, 1]));
    assert_eq!(answered["pairs"][0]["kind"], "quotation");
    let failed = |second: &str| {
        let output = cesura(&["eval", "comparison"], &format!("{asked}\n{second}\n"));
        assert_eq!(output.status.code(), Some(65));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let error = failed(r#"{"id":"2","documents":[{"id":"a"}]}"#);
    assert!(error.contains("line 2") && error.contains("segments"), "{error}");
    let many = vec![r#"{"id":"a","segments":[]}"#; 513].join(",");
    let error = failed(&format!(r#"{{"id":"2","documents":[{many}]}}"#));
    assert!(error.contains("line 2: documents[512]") && error.contains("documents_max"), "{error}");
}
