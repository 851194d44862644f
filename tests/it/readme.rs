//! The README's command blocks are run, and must print what stands there.
//!
//! In a block ```` ```console ```` a line that begins with `$ ` is a command and the lines below
//! are what it prints; a line `…` stands for any lines. `cargo run --release --` is this binary.
//! Blocks with `cargo test`, `grpcurl` or a server are run by `.ci/run` instead: the first as
//! its first step, the others by `.ci/readme_blocks.py`.

use std::fs;
use std::process::Command;

struct Step {
    command: String,
    expected: Vec<String>,
}

fn steps(readme: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if inside && let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { command: command.to_owned(), expected: Vec::new() });
        } else if inside && let Some(step) = steps.last_mut() {
            step.expected.push(line.to_owned());
        }
    }
    steps
}

/// Whether `found` is `expected`, where `…` stands for any lines.
fn fits(expected: &[String], found: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((line, rest)) if line == "…" => {
            (0..=found.len()).any(|skip| fits(rest, &found[skip..]))
        }
        Some((line, rest)) => {
            found.split_first().is_some_and(|(first, tail)| first == line && fits(rest, tail))
        }
    }
}

#[test]
fn command_blocks_print_what_stands_there() {
    let root = env!("CARGO_MANIFEST_DIR");
    let readme = fs::read_to_string(format!("{root}/README.md")).expect("the README");
    let mut run = 0;
    for step in steps(&readme) {
        let elsewhere = ["cargo test", "grpcurl", "-- serve", "buf ", "--endpoint"];
        if elsewhere.iter().any(|word| step.command.contains(word)) {
            continue;
        }
        let command = step.command.replace("cargo run --release --", env!("CARGO_BIN_EXE_cesura"));
        let output =
            Command::new("sh").arg("-c").arg(&command).current_dir(root).output().expect("sh runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let found: Vec<&str> = text.trim_end().lines().collect();
        assert!(
            output.status.success(),
            "{}: {}",
            step.command,
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(fits(&step.expected, &found), "{}\nprints\n{}", step.command, found.join("\n"));
        run += 1;
    }
    assert!(run >= 4, "{run} blocks were run");
}
