//! Style that is not tested is opinion: the direction of modules, sizes, and documents that are
//! made from the code.

use cesura::annotation;
use cesura::tailoring::{self, RowAnswer};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Level of each module and the outside crates it may name. A module uses lower levels only.
#[rustfmt::skip]
const MODULES: &[(&str, u8, &[&str])] = &[
    ("error", 0, &[]),
    ("text", 1, &["encoding_rs", "memchr", "xxhash_rust"]),
    ("rule", 2, &[]),
    ("stem", 1, &["rust_stemmers"]),
    ("language", 2, &["oxilangtag", "unicode_normalization", "whatlang"]),
    ("document", 3, &[]),
    ("align", 4, &["unicode_normalization", "unicode_segmentation"]),
    ("inline", 4, &["memchr"]),
    ("count", 4, &["unicode_segmentation"]),
    ("identity", 4, &["unicode_normalization", "xxhash_rust"]),
    ("srx", 4, &["regex_automata", "regex_syntax", "roxmltree"]),
    ("block", 5, &["memchr"]),
    ("sentence", 5, &["unicode_segmentation"]),
    ("pack", 5, &[]),
    ("annotation", 6, &[]),
    ("compare", 6, &["unicode_normalization", "xxhash_rust"]),
    ("machine", 6, &[]),
    ("quotation", 6, &[]),
    ("split", 6, &["unicode_segmentation"]),
    ("warning", 6, &[]),
    ("tailoring", 7, &["unicode_normalization"]),
    ("pipeline", 8, &["xxhash_rust"]),
    ("exchange", 9, &["quick_xml", "unicode_segmentation"]),
    ("wire", 10, &["bytes", "prost", "tonic", "tonic_prost", "tonic_types"]),
    ("telemetry", 11, &["http", "opentelemetry", "opentelemetry_otlp", "opentelemetry_sdk", "prometheus_client", "prost",
        "prost_types", "tokio", "tonic"]),
    ("export", 11, &["quick_xml", "serde", "serde_json"]),
    ("service", 12, &["bytes", "http", "tokio", "tokio_stream", "tokio_util", "tonic", "tracing"]),
    ("server", 13, &["bytes", "bytesize", "clap", "governor", "http", "http_body", "http_body_util", "humantime", "hyper",
        "hyper_util", "prometheus_client", "ring", "serde", "subtle", "tokio", "tokio_rustls", "tokio_stream", "tokio_util",
        "toml", "tonic", "tonic_reflection", "tonic_web", "tower", "tower_http", "tracing", "webpki"]),
    ("cli", 14, &["anstyle", "anyhow", "base64", "bytes", "clap", "clap_complete", "clap_mangen", "humantime", "hyper_util", "indicatif",
        "memchr", "serde", "serde_json", "terminal_size", "tokio", "tokio_stream", "tonic", "tower", "tracing", "tracing_subscriber",
        "unicode_width"]),
];

/// What `lib.rs` re-exports, and from where.
const ROOT: &[(&str, &str)] = &[
    ("Error", "error"),
    ("Details", "pipeline"),
    ("Document", "pipeline"),
    ("Limits", "pipeline"),
    ("Options", "pipeline"),
    ("Segmenter", "pipeline"),
    ("segment", "pipeline"),
];

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_CHARS_MAX: usize = 100;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).expect("a source file");
    let first =
        inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The names that follow `crate::` in a file, test modules and documentation aside.
fn used(text: &str, prefix: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or("");
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut names = Vec::new();
    for line in lines {
        for (at, _) in line.match_indices(prefix) {
            let rest = &line[at + prefix.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                let group = group.split('}').next().unwrap_or("");
                names.extend(
                    group
                        .split(',')
                        .map(|name| name.trim().split(':').next().unwrap_or("").to_owned()),
                );
            } else {
                names.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn modules_use_lower_levels_and_their_own_crates_only() {
    let level = |module: &str| {
        MODULES.iter().find(|(name, ..)| *name == module).map(|(_, level, _)| *level)
    };
    for path in rust_files(&root().join("src")) {
        let module = module_of(&path);
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let own = level(&module).unwrap_or_else(|| panic!("{module} has no row in MODULES"));
        let text = fs::read_to_string(&path).expect("a source file");
        for name in used(&text, "crate::") {
            let target = ROOT
                .iter()
                .find(|(item, _)| *item == name)
                .map_or(name.as_str(), |(_, from)| *from);
            let Some(target_level) = level(target) else {
                panic!("{}: crate::{name}?", path.display())
            };
            assert!(
                target == module || target_level < own,
                "{}: {module} must not use {target}",
                path.display()
            );
        }
        let allowed = MODULES
            .iter()
            .find(|(name, ..)| *name == module)
            .map_or(&[][..], |(.., crates)| crates);
        for line in text.lines().filter(|line| line.starts_with("use ")) {
            let name: String = line[4..]
                .trim_start_matches("::")
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let inner = matches!(name.as_str(), "crate" | "super" | "std" | "self")
                || path.parent().is_some_and(|folder| folder.join(format!("{name}.rs")).exists())
                || text.contains(&format!("mod {name};"))
                || name == "pb";
            assert!(
                inner || allowed.contains(&name.as_str()),
                "{}: {module} must not use the crate {name}",
                path.display()
            );
        }
    }
}

/// The core does no I/O and knows no clock.
#[test]
fn the_core_is_pure() {
    for path in rust_files(&root().join("src")) {
        let module = module_of(&path);
        let core = MODULES.iter().any(|(name, level, _)| *name == module && *level <= 9);
        let text = fs::read_to_string(&path).expect("a source file");
        for banned in
            ["std::fs", "std::net", "std::env", "std::time", "std::thread", "async fn", "Mutex"]
        {
            assert!(!core || !text.contains(banned), "{}: {banned} in the core", path.display());
        }
    }
}

#[test]
fn files_functions_and_lines_stay_short() {
    for path in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&path).expect("a source file");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() <= FILE_LINES_MAX, "{}: {} lines", path.display(), lines.len());
        assert!(
            text.starts_with("//! "),
            "{}: the first line says what the file is for",
            path.display()
        );
        let mut begun: Option<(usize, String)> = None;
        for (number, line) in lines.iter().enumerate() {
            let table = line.trim_start().starts_with("(\"") || line.contains("\\u{");
            assert!(
                table
                    || line.chars().count() <= LINE_CHARS_MAX
                    || line.contains("examples:")
                    || line.contains('"'),
                "{}:{}: over {LINE_CHARS_MAX} characters",
                path.display(),
                number + 1
            );
            let indent: String = line.chars().take_while(|c| *c == ' ').collect();
            let code = line.trim_start();
            let function = [
                "fn ",
                "pub fn ",
                "async fn ",
                "pub(super) fn ",
                "pub(crate) fn ",
                "pub async fn ",
                "pub(super) async fn ",
            ];
            if function.iter().any(|start| code.starts_with(start)) {
                begun = Some((number, indent));
            } else if let Some((start, outer)) = &begun
                && *line == format!("{outer}}}")
            {
                let length = number - start + 1;
                assert!(
                    length <= FUNCTION_LINES_MAX,
                    "{}:{}: {length} lines",
                    path.display(),
                    start + 1
                );
                begun = None;
            }
        }
    }
}

#[test]
fn every_lexicon_file_is_read_by_the_build() {
    let build = fs::read_to_string(root().join("build.rs")).expect("build.rs");
    for language in fs::read_dir(root().join("src/tailoring")).expect("the tailorings") {
        let language = language.expect("a readable entry");
        let Ok(files) = fs::read_dir(language.path().join("lexicon")) else { continue };
        let language = language.file_name().to_string_lossy().into_owned();
        assert!(build.contains(&format!("\"{language}\"")), "{language} is read by nothing");
        for entry in files {
            let name = entry.expect("a readable entry").file_name().to_string_lossy().into_owned();
            assert!(build.contains(&name), "{name} is read by nothing");
        }
    }
}

/// Compares a document with what the code says; `UPDATE_GOLDEN=1` renews it.
fn fresh(name: &str, expected: &str) {
    let path = root().join("docs").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, expected).expect("the document can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/{name} is stale: UPDATE_GOLDEN=1 cargo test tidy");
}

#[test]
fn the_table_of_rules_is_fresh() {
    let mut text = String::from(
        "# Rules\n\nMade from the tables in `src/tailoring` by `UPDATE_GOLDEN=1 cargo test tidy`; do not edit.\n\n\
         In each table the first row that answers decides. `÷` a boundary, `×` none; `⏎` a line end;\n\
         lines that begin with `> ` are the block in question. Rows that several languages share stand\n\
         in the table of the first; the order of all is that of `cesura rules --language TAG`. `⟦` and `⟧`\n\
         stand around what a row finds, `⟪` and `⟫` around a speaker, `→` before what a repair makes of it.\n\
         Of warnings every row is asked.\n",
    );
    let mut listed = std::collections::HashSet::new();
    for tailoring in tailoring::ALL {
        let mut table = "";
        for row in tailoring.listing().into_iter().filter(|row| listed.insert(row.id)) {
            if table != row.answer.table() {
                table = row.answer.table();
                let tag = tailoring.tag;
                let head = "| | rule | | why | examples |\n|---|---|---|---|---|";
                writeln!(text, "\n## `{tag}`: {table}\n\n{head}").expect("memory");
            }
            let shown = if matches!(row.answer, RowAnswer::Block(_)) { 1 } else { usize::MAX };
            let examples: Vec<String> = row.examples.into_iter().take(shown).collect();
            let examples = examples.join("<br>").replace('\n', "⏎");
            let (word, why) = (row.answer.word(), row.why);
            writeln!(text, "| {} | `{}` | {word} | {why} | {examples} |", row.position, row.id)
                .expect("memory");
        }
    }
    text.push_str(
        "\n## Typed stretches without row\n\n| rule | kind | why | example |\n|---|---|---|---|\n",
    );
    for (id, kind, why, example) in annotation::WITHOUT_ROW {
        writeln!(text, "| `{id}` | {} | {why} | {example} |", kind.name()).expect("memory");
    }
    text.push_str("\n## Ends of units\n\n| rule | | why |\n|---|---|---|\n");
    for (id, why, _) in tailoring::ENDS {
        writeln!(text, "| `{id}` | ÷ | {why} |").expect("memory");
    }
    fresh("rules.md", &text);
}

/// A row without a test, a script or a fuzz target is a promise.
#[test]
fn the_table_of_threats_names_tests_scripts_and_settings_that_exist() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect(path);
    let settings = read("docs/settings.md");
    let table = read("docs/reliability.md");
    let run = read(".ci/run");
    let heads = ["| threat", "| fault", "| experiment", "| case", "| target"];
    let rows = table.lines().filter(|line| line.starts_with("| "));
    for row in rows.filter(|row| !heads.iter().any(|head| row.starts_with(head))) {
        let named = row.split('`').skip(1).step_by(2);
        let mut held = 0;
        for name in named.clone() {
            if let Some((_, script)) = name.split_once(".ci/") {
                let script = format!(".ci/{}", script.split(' ').next().unwrap_or_default());
                assert!(root().join(&script).exists(), "{script} does not exist");
                let called = format!(" {script}");
                let is_run = script == ".ci/run"
                    || run.lines().any(|line| line == script || line.ends_with(&called));
                assert!(is_run, "{script} is not run");
                held += 1;
            } else if let Some(target) = name.strip_prefix("fuzz run ") {
                assert!(read("fuzz/Cargo.toml").contains(&format!("\"{target}\"")), "{target}");
                let seeds = root().join("fuzz/regressions").join(target);
                assert!(fs::read_dir(seeds).is_ok_and(|seeds| seeds.count() > 0), "{target}");
                held += 1;
            } else if ["generic/", "http2/"].iter().any(|suite| name.starts_with(suite)) {
                // `.ci/protocol` compares these with what it finds.
                held += 1;
            } else if let Some((module, function)) = name.rsplit_once("::") {
                let unit = module.strip_suffix("::tests").map(|path| path.replace("::", "/"));
                let file =
                    unit.map_or(format!("tests/it/{module}.rs"), |path| format!("src/{path}.rs"));
                assert!(read(&file).contains(&format!("fn {function}(")), "{name} does not exist");
                held += 1;
            }
        }
        assert!(held > 0, "nothing holds it: {row}");
        for name in named.filter(|name| name.contains("-max") || name.ends_with("-interval")) {
            assert!(settings.contains(&format!("`--{name}`")), "{name} is no setting");
        }
    }
}

#[cfg(feature = "server")]
#[test]
fn the_table_of_settings_is_fresh() {
    let mut text = String::from(
        "# Settings\n\nMade from `src/server/config.rs` by `UPDATE_GOLDEN=1 cargo test tidy`; do not edit.\n\n\
         A flag goes before the environment, the environment before the file (`--config FILE`, TOML),\n\
         the file before the default. Sizes and times carry their unit (`64 KiB`, `30s`). A setting that\n\
         is not allowed ends the process with exit code 64 before a port is bound, naming the key.\n\n\
         | flag | environment | key in the file | meaning |\n|---|---|---|---|\n",
    );
    let command = cesura::cli::command();
    let serve = command.find_subcommand("serve").expect("cesura serve");
    for argument in serve.get_arguments() {
        let (Some(long), Some(variable)) = (argument.get_long(), argument.get_env()) else {
            continue;
        };
        let key = if long == "config" { String::from("–") } else { format!("`{long}`") };
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        writeln!(text, "| `--{long}` | `{}` | {key} | {help} |", variable.to_string_lossy())
            .expect("memory");
    }
    fresh("settings.md", &text);
}
