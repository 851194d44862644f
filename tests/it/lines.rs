//! Corpora on the command line: `cesura lines`, and `cesura segment --input`.

use base64::Engine;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

const TEXT: &str = "Il sindaco\n\nLo ha detto il dott. Rossi.Poi è uscito,\ncon gli altri. Fine.";
const SENTENCES: &str =
    "Il sindaco\nLo ha detto il dott. Rossi.\nPoi è uscito, con gli altri.\nFine.\n";

/// The binary, fed by a thread of its own: it answers before it has read everything.
fn cesura(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cesura"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CESURA_ENDPOINT")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    std::thread::scope(|scope| {
        // A program that ends without reading its input is no failure of the test.
        scope.spawn(move || pipe.write_all(input.as_bytes()).ok());
        child.wait_with_output().expect("the binary ends")
    })
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn base64(text: impl AsRef<[u8]>) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn values(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Articles that differ, in JSON Lines.
fn corpus(articles: usize) -> String {
    let mut lines = String::new();
    for id in 0..articles {
        let text = format!("Articolo {id}\n\nLo ha detto il dott. Rossi.Poi è uscito. Sono {id}.");
        writeln!(lines, "{}", json!({"id": id, "text": text})).expect("memory");
    }
    lines
}

#[test]
fn plain_text_is_one_sentence_a_line() {
    let output = cesura(&["lines", "-q", "-b", "--each", "file", "-l", "it"], TEXT);
    assert_eq!((out(&output).as_str(), err(&output).as_str()), (SENTENCES, ""));
    assert!(output.status.success());
    let output =
        cesura(&["lines", "--keep-lines"], "Una frase. Due frasi.\n\nAltra riga,\nche va.");
    assert_eq!(out(&output), "Una frase.\nDue frasi.\nAltra riga,\nche va.\n");
}

#[test]
fn paragraphs_and_tags_are_marked_as_moses_does() {
    let text =
        "Una frase. Due frasi.\n\n\nAltro testo,\nche va a capo.\n<P>\n<DOC id=\"2\">\nFine.";
    let output = cesura(&["lines", "-P", "-l", "it"], text);
    assert_eq!(
        out(&output),
        "Una frase.\nDue frasi.\n<P>\nAltro testo, che va a capo.\n<P>\n<DOC id=\"2\">\nFine.\n"
    );
    let output = cesura(&["lines", "-n", "-b", "-l", "it"], "Una frase.\n\nAltra frase.\n");
    assert_eq!(out(&output), "Una frase.\nAltra frase.\n");
}

#[test]
fn unbuffered_answers_a_paragraph_before_the_next_one_is_written() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cesura"))
        .args(["lines", "-b", "-P", "-l", "it"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for turn in 0..3 {
        input.write_all(format!("Giro {turn}. Poi basta.\n\n").as_bytes()).expect("a reader");
        let mut line = || output.next().expect("a line").expect("UTF-8");
        assert_eq!([line(), line(), line()], [&format!("Giro {turn}."), "Poi basta.", "<P>"]);
    }
    drop(input);
    assert!(child.wait().expect("the end").success() && output.next().is_none());
}

#[test]
fn base64_keeps_one_line_for_each_document() {
    let broken = base64(b"caff\xe8");
    let input = format!("{}\n\n%%%\n{broken}\n{}\n", base64(TEXT), base64("Fine."));
    let output = cesura(&["lines", "--framing", "base64", "-l", "it"], &input);
    assert_eq!(out(&output), format!("{}\n\n\n\n{}\n", base64(SENTENCES), base64("Fine.\n")));
    assert_eq!(output.status.code(), Some(65));
    let error = err(&output);
    assert!(error.contains("-:3: MALFORMED_RECORD: ") && error.contains("-:4: MALFORMED_TEXT: "));
    assert!(error.ends_with("cesura: 5 documents, 2 refused, 5 segments\n"), "{error}");
    let output = cesura(&["lines", "-f", "base64", "--charset", "latin1"], &broken);
    assert_eq!(out(&output), format!("{}\n", base64("caffè\n")));
}

#[test]
fn json_records_that_are_broken_are_answered_in_their_place() {
    let input = "{\"id\":\"a\",\"text\":\"Una frase. Due frasi.\",\"url\":\"x\"}\n\n{\"id\":\n\
                 {\"id\":7,\"text\":null}\n{\"text\":\"Fine.\"}";
    let output = cesura(&["lines", "-f", "jsonl"], input);
    let lines = values(&out(&output));
    assert_eq!(lines[0], json!({"id": "a", "segment": 1, "text": "Una frase."}));
    assert_eq!(lines[1], json!({"id": "a", "segment": 2, "text": "Due frasi."}));
    let refused = |line: &Value| (line["id"].clone(), line["line"].clone(), line["error"].clone());
    assert_eq!(refused(&lines[2]), (Value::Null, json!(3), json!("MALFORMED_RECORD")));
    assert_eq!(refused(&lines[3]), (json!(7), json!(4), json!("TEXT_MISSING")));
    assert_eq!(lines[4], json!({"id": 5, "segment": 1, "text": "Fine."}));
    assert_eq!((lines.len(), output.status.code()), (5, Some(65)));
    // They have a place in the output: standard error sums up only.
    assert_eq!(err(&output), "cesura: 4 documents, 2 refused, 3 segments\n");
}

#[test]
fn the_answer_to_a_corpus_does_not_depend_on_threads_and_has_the_order_of_the_input() {
    // Over several batches.
    let input = corpus(3000);
    let one = out(&cesura(&["lines", "-f", "jsonl", "-j", "1"], &input));
    assert!(one == out(&cesura(&["lines", "-f", "jsonl", "-j", "7"], &input)));
    assert!(one == out(&cesura(&["lines", "-f", "jsonl", "-b"], &input)));
    let ids: Vec<u64> = values(&one).iter().map(|line| line["id"].as_u64().expect("id")).collect();
    assert!(ids.is_sorted() && ids.len() == 12_000 && ids.last() == Some(&2999));
}

#[test]
fn a_corpus_is_segmented_as_a_server_would() {
    let names = ["000_cafab13dcca0fa92", "001_1a2c2d1ce45f909c", "002_ba58efed2f2f0b1f"];
    let articles =
        names.map(|name| fs::read_to_string(format!("seeds/{name}.txt")).expect("a seed"));
    let given = ["--details", "all", "--offsets", "utf16", "--explain"];
    let ask = |arguments: &[&str], input: &str| {
        let mut lines = values(&out(&cesura(&[arguments, &given[..]].concat(), input)));
        for line in lines.iter_mut().filter(|line| line["event"] == "head") {
            let line = line.as_object_mut().expect("an object");
            // What tells the ways in apart: the name, and that JSON is UTF-8 by definition.
            line.remove("document_id");
            line.remove("replaced");
        }
        lines
    };
    let served: Vec<Value> =
        articles.iter().flat_map(|text| ask(&["segment", "-f", "jsonl", "-"], text)).collect();
    let lines = articles.each_ref().map(|text| json!({"id": "a", "text": text}).to_string());
    assert_eq!(ask(&["segment", "--input", "jsonl", "-"], &lines.join("\n")), served);
    let lines = articles.each_ref().map(base64);
    assert_eq!(ask(&["segment", "--input", "base64", "-"], &lines.join("\n")), served);
}

#[test]
fn documents_of_a_corpus_that_are_refused_are_events() {
    let input =
        "{\"id\":\"a\",\"text\":\"Una frase.\"}\n{\"id\":\"b\",\"text\":[]}\n{\"id\":\"c\"}\n";
    let output = cesura(&["segment", "--input", "jsonl", "-"], input);
    let lines = values(&out(&output));
    let told: Vec<&str> = lines.iter().map(|line| line["event"].as_str().expect("event")).collect();
    assert_eq!(told, ["head", "unit", "tail", "refused", "refused"]);
    assert_eq!((&lines[3]["line"], &lines[3]["document_id"]), (&json!(2), &json!("2")));
    assert_eq!(
        (&lines[4]["reason"], &lines[4]["document_id"]),
        (&json!("TEXT_MISSING"), &json!("c"))
    );
    assert_eq!(output.status.code(), Some(65));
}

#[test]
fn a_job_that_was_killed_is_gone_on_with_and_says_nothing_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (folder.path().join("in.jsonl"), folder.path().join("out.jsonl"));
    let text = corpus(20_000);
    fs::write(&input, &text).expect("a file");
    let expected = out(&cesura(&["lines", "-f", "jsonl"], &text));
    let note = folder.path().join("out.jsonl.part.json");
    let part = folder.path().join("out.jsonl.part");

    // Killed once it has noted something, with a pipe for input that does not end by itself.
    let mut child = Command::new(env!("CARGO_BIN_EXE_cesura"))
        .args(["lines", "-f", "jsonl", "-j", "2", "-o"])
        .args([&output, std::path::Path::new("-")])
        .stdin(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // More than there is room for on the way, so the first batches are written when all is sent.
    pipe.write_all(lines[..18_000].concat().as_bytes()).expect("a reader");
    assert!(note.exists() && !output.exists());
    // Another one is kept off the same file.
    let args = |more: &[&str]| {
        let path = |path: &std::path::Path| path.to_str().expect("UTF-8").to_owned();
        let fixed = ["lines", "-f", "jsonl", "-j", "2", "--resume", "-o"];
        let fixed = fixed.map(str::to_owned).into_iter();
        let more = more.iter().map(|&one| one.to_owned());
        fixed.chain([path(&output)]).chain(more).collect::<Vec<String>>()
    };
    let run = |more: &[&str]| {
        let args = args(more);
        cesura(&args.iter().map(String::as_str).collect::<Vec<_>>(), &text)
    };
    let refused = run(&["-"]);
    assert!(err(&refused).contains("another process") && refused.status.code() == Some(64));
    child.kill().expect("a child");
    child.wait().expect("its end");

    // What stands behind the last note is cut off, and answered again.
    let mut file = fs::OpenOptions::new().append(true).open(&part).expect("a part");
    file.write_all(b"{\"id\":77").expect("a file");
    let refused = run(&["--translatable", "-"]);
    assert!(err(&refused).contains("other settings"), "{}", err(&refused));
    let resumed = run(&["-"]);
    assert!(resumed.status.success() && err(&resumed).contains("going on behind"), "{resumed:?}");
    assert!(fs::read_to_string(&output).expect("a file") == expected);
    assert!(!note.exists() && !part.exists());
    // Complete is complete.
    assert!(err(&run(&["-"])).contains("complete already"));
    // And from a file, whole.
    fs::remove_file(&output).expect("a file");
    assert!(run(&[input.to_str().expect("UTF-8")]).status.success());
    assert!(fs::read_to_string(&output).expect("a file") == expected);
}

#[test]
fn memory_does_not_depend_on_the_length_of_a_corpus() {
    let peak = |articles: usize| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cesura"))
            .args(["lines", "-f", "jsonl", "-j", "2"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut input = child.stdin.take().expect("a pipe");
        let some = corpus(1000);
        for _ in 0..articles / 1000 {
            input.write_all(some.as_bytes()).expect("a reader");
        }
        // All but what the pipe and the room for waiting batches hold is answered.
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("Linux");
        drop(input);
        assert!(child.wait().expect("the end").success());
        let line = status.lines().find(|line| line.starts_with("VmHWM")).expect("a peak");
        line.split_whitespace().nth(1).expect("kB").parse::<u64>().expect("a number")
    };
    let (short, long) = (peak(10_000), peak(60_000));
    assert!(long < short + 8 * 1024, "{short} KiB, {long} KiB");
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    for arguments in [
        &["lines", "-f", "jsonl", "-k"][..],
        &["lines", "-P", "--each", "file"],
        &["lines", "--resume"],
        &["segment", "--input", "jsonl", "--format", "table", "-"],
        &["segment", "--jobs", "2", "-"],
        &["segment", "--input", "jsonl", "--endpoint", "http://127.0.0.1:1", "-"],
    ] {
        assert_eq!(cesura(arguments, "").status.code(), Some(2), "{arguments:?}");
    }
    let code = |arguments: &[&str]| cesura(arguments, "").status.code();
    assert_eq!(code(&["lines", "-l", "not a tag"]), Some(65));
    assert_eq!(code(&["lines", "no-such-file.txt"]), Some(65));
    assert_eq!(code(&["lines", "-f", "jsonl", "no-such-file.txt"]), Some(65));
}
