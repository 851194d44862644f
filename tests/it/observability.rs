//! Documents, dashboard and alerts speak of metrics that exist.

use cesura::telemetry::Telemetry;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file of the repository")
}

/// What the server exposes: names of series, and all labels with all their values.
struct Exposed {
    text: String,
    names: BTreeSet<String>,
    labels: BTreeMap<String, BTreeSet<String>>,
}

/// Labels that the scraper adds.
const OF_SCRAPE: [&str; 2] = ["job", "instance"];

async fn exposed() -> Exposed {
    let text = Telemetry::new().metrics.exposition();
    let mut names = BTreeSet::from(["up".to_owned()]);
    let mut labels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, _) = line.rsplit_once(' ').expect("a value");
        let (name, inside) = series.split_once('{').unwrap_or((series, "}"));
        names.insert(name.to_owned());
        for label in inside.trim_end_matches('}').split("\",").filter(|label| !label.is_empty()) {
            let (key, value) = label.split_once("=\"").expect("a label");
            labels.entry(key.to_owned()).or_default().insert(value.trim_matches('"').to_owned());
        }
    }
    Exposed { text, names, labels }
}

/// Words of PromQL that are no metrics.
const FUNCTIONS: [&str; 15] = [
    "sum",
    "avg",
    "min",
    "max",
    "count",
    "topk",
    "rate",
    "increase",
    "changes",
    "time",
    "histogram_quantile",
    "avg_over_time",
    "min_over_time",
    "max_over_time",
    "absent",
];
const GROUPING: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
const OPERATORS: [&str; 6] = ["and", "or", "unless", "bool", "offset", "label_values"];

/// The names in an expression: metrics, labels, and values that a label is compared with.
#[derive(Default)]
struct Names {
    metrics: Vec<String>,
    labels: Vec<String>,
    matchers: Vec<(String, String)>,
}

/// Takes an expression apart. A word it does not know counts as a metric, so that nothing is
/// overlooked.
fn names(expression: &str) -> Names {
    let mut found = Names::default();
    let mut rest = expression;
    let mut grouping = false;
    while let Some(first) = rest.chars().next() {
        let word_end = rest.find(|c: char| !(c.is_alphanumeric() || "_:".contains(c)));
        let (word, after) = rest.split_at(word_end.unwrap_or(rest.len()));
        match first {
            '{' => {
                let (inside, after) = rest[1..].split_once('}').expect("a closing brace");
                for matcher in inside.split("\",").map(str::trim).filter(|one| !one.is_empty()) {
                    let (key, value) = matcher.split_once(['=', '!']).expect("a matcher");
                    let value = value.trim_start_matches(['=', '~']).trim_matches('"');
                    found.matchers.push((key.trim().to_owned(), value.to_owned()));
                }
                rest = after;
            }
            '[' => rest = rest.split_once(']').expect("a closing bracket").1,
            '(' if grouping => {
                let (inside, after) = rest[1..].split_once(')').expect("a closing bracket");
                found.labels.extend(inside.split(',').map(|label| label.trim().to_owned()));
                (grouping, rest) = (false, after);
            }
            _ if first.is_ascii_digit() => {
                rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.');
            }
            _ if word.is_empty() => rest = &rest[first.len_utf8()..],
            _ => {
                let next = after.trim_start();
                let by = GROUPING.iter().any(|word| next.starts_with(word));
                let called = by || next.starts_with('(');
                grouping = GROUPING.contains(&word);
                let function = called && FUNCTIONS.contains(&word);
                if !(grouping || function || OPERATORS.contains(&word)) {
                    found.metrics.push(word.to_owned());
                }
                rest = after;
            }
        }
    }
    found
}

impl Exposed {
    fn check(&self, place: &str, expression: &str) {
        let found = names(expression);
        assert!(!found.metrics.is_empty(), "{place}: no metric in {expression}");
        for metric in &found.metrics {
            assert!(self.names.contains(metric), "{place}: there is no {metric}: {expression}");
        }
        let known = |label: &str| OF_SCRAPE.contains(&label) || self.labels.contains_key(label);
        for label in &found.labels {
            assert!(known(label), "{place}: no metric has the label {label}: {expression}");
        }
        for (label, value) in &found.matchers {
            assert!(known(label), "{place}: no metric has the label {label}: {expression}");
            let Some(values) = self.labels.get(label) else { continue };
            // A variable stands for whatever its reader chose, a pattern for a prefix.
            for value in value.split('|').filter(|value| !value.starts_with('$')) {
                let found = match value.strip_suffix("[.].*") {
                    Some(prefix) => values.iter().any(|known| known.starts_with(prefix)),
                    None => values.contains(value),
                };
                assert!(found, "{place}: {label} is never {value}: {expression}");
            }
        }
    }
}

#[test]
fn an_expression_is_taken_apart() {
    let found = names(
        "sum by (le, a) (rate(x_total{b=~\"c|d\", e=\"f\"}[5m])) / ignoring(g) y > 0.01 and time() - z offset 5m",
    );
    assert_eq!(found.metrics, ["x_total", "y", "z"]);
    assert_eq!(found.labels, ["le", "a", "g"]);
    let matchers: Vec<_> =
        found.matchers.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(matchers, [("b", "c|d"), ("e", "f")]);
    assert_eq!(names("no_such_function(x)").metrics, ["no_such_function", "x"]);
}

#[tokio::test]
async fn the_dashboard_shows_what_exists() {
    let exposed = exposed().await;
    let text = read("deploy/observability/grafana-dashboard.json");
    let dashboard: Value = serde_json::from_str(&text).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let mut ids = BTreeSet::new();
    let mut checked = 0;
    for panel in panels {
        let title = panel["title"].as_str().expect("a title");
        assert!(ids.insert(panel["id"].as_u64().expect("an id")), "{title}: an id twice");
        if panel["type"] == "row" {
            continue;
        }
        assert!(panel["description"].as_str().is_some_and(|text| text.len() > 5), "{title}");
        assert!(panel["fieldConfig"]["defaults"]["unit"].is_string(), "{title}: no unit");
        for target in panel["targets"].as_array().expect("targets") {
            exposed.check(title, target["expr"].as_str().expect("an expression"));
            checked += 1;
        }
    }
    assert!(checked > 30);
    for annotation in dashboard["annotations"]["list"].as_array().expect("annotations") {
        exposed.check("annotation", annotation["expr"].as_str().expect("an expression"));
    }
    for variable in dashboard["templating"]["list"].as_array().expect("variables") {
        let Some(query) = variable["query"]["query"].as_str() else { continue };
        let inside = query.strip_prefix("label_values(").and_then(|rest| rest.strip_suffix(')'));
        let (series, label) = inside.expect("label_values").rsplit_once(", ").expect("a label");
        exposed.check("variable", series);
        assert!(OF_SCRAPE.contains(&label) || exposed.labels.contains_key(label), "{label}");
    }
}

/// One alert, by its keys; those of labels and annotations have no prefix.
fn alerts() -> Vec<BTreeMap<String, String>> {
    let text = read("deploy/observability/alerts.yaml");
    let mut alerts: Vec<BTreeMap<String, String>> = Vec::new();
    let mut block = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if let Some((key, outer)) = &block {
            if indent > *outer {
                let text: &mut String =
                    alerts.last_mut().and_then(|one| one.get_mut(key)).expect("a key");
                write!(text, "{} ", line.trim()).expect("memory");
                continue;
            }
            block = None;
        }
        let Some((key, value)) = line.trim().trim_start_matches("- ").split_once(':') else {
            continue;
        };
        let value = value.trim();
        if key == "alert" {
            alerts.push(BTreeMap::new());
        }
        let Some(alert) = alerts.last_mut() else { continue };
        let text = if value == "|" { "" } else { value.trim_matches('"') };
        assert!(alert.insert(key.to_owned(), text.to_owned()).is_none(), "{key} twice");
        if value == "|" {
            block = Some((key.to_owned(), indent));
        }
    }
    alerts
}

#[tokio::test]
async fn alerts_ask_for_what_exists_and_say_what_to_do() {
    let exposed = exposed().await;
    let documentation = read("docs/observability.md");
    let alerts = alerts();
    assert!(alerts.len() > 10);
    let mut seen = BTreeSet::new();
    for alert in &alerts {
        let name = &alert["alert"];
        assert!(seen.insert(name), "{name} twice");
        exposed.check(name, &alert["expr"]);
        for key in ["summary", "description", "runbook"] {
            assert!(alert.get(key).is_some_and(|text| text.len() > 15), "{name}: no {key}");
        }
        assert!(["critical", "warning", "info"].contains(&alert["severity"].as_str()), "{name}");
        let anchor = format!("docs/observability.md#{}", name.to_lowercase());
        assert_eq!(alert["runbook"], anchor, "{name}");
        let section = format!("### {name}\n");
        let (_, after) =
            documentation.split_once(&section).unwrap_or_else(|| panic!("no {section}"));
        assert!(after.lines().next().is_some_and(|line| line.len() > 20), "{name}: what to do?");
    }
    for line in documentation.lines().filter_map(|line| line.strip_prefix("### ")) {
        assert!(seen.contains(&line.to_owned()), "{line} is no alert");
    }
}

/// A row for each metric: name, labels, type, meaning.
fn table(exposed: &Exposed) -> String {
    let mut table =
        String::from("| metric | type | unit | labels | meaning |\n|---|---|---|---|---|\n");
    let of = |line: &str, kind: &str| {
        let (name, rest) = line.strip_prefix(kind)?.split_once(' ')?;
        Some((name.to_owned(), rest.to_owned()))
    };
    let types: BTreeMap<_, _> =
        exposed.text.lines().filter_map(|line| of(line, "# TYPE ")).collect();
    let units: BTreeMap<_, _> =
        exposed.text.lines().filter_map(|line| of(line, "# UNIT ")).collect();
    let mut rows = BTreeMap::new();
    for (name, help) in exposed.text.lines().filter_map(|line| of(line, "# HELP ")) {
        let kind = types[&name].as_str();
        let suffix = match kind {
            "counter" => "_total",
            "info" => "_info",
            _ => "",
        };
        let first = exposed.text.lines().find(|line| {
            line.strip_prefix(&name).is_some_and(|rest| rest.starts_with(['_', '{', ' ']))
                && !line.starts_with('#')
        });
        let labels = first.and_then(|line| line.split_once('{')).map_or("", |(_, inside)| inside);
        let labels: Vec<_> = labels
            .split("\",")
            .filter_map(|label| label.split_once("=\"").map(|(key, _)| format!("`{key}`")))
            .filter(|key| key != "`le`")
            .collect();
        let unit = units.get(&name).map_or("count", String::as_str);
        rows.insert(format!("{name}{suffix}"), (kind, unit, labels.join(", "), help));
    }
    for (name, (kind, unit, labels, help)) in rows {
        writeln!(table, "| `{name}` | {kind} | {unit} | {labels} | {help} |").expect("memory");
    }
    table
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_table_of_metrics_is_fresh() {
    const BEGIN: &str = "observability -->\n";
    const END: &str = "<!-- end of metrics -->";
    let exposed = exposed().await;
    let found = read("docs/observability.md");
    let (before, rest) = found.split_once(BEGIN).expect("the table begins");
    let (_, after) = rest.split_once(END).expect("the table ends");
    let expected = format!("{before}{BEGIN}\n{}\n{END}{after}", table(&exposed));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let path: &Path = &root().join("docs/observability.md");
        fs::write(path, &expected).expect("the document can be written");
        return;
    }
    assert!(found == expected, "stale: UPDATE_GOLDEN=1 cargo test --test it observability");
}

/// Names carry their unit, and every metric says what it is.
#[tokio::test]
async fn metrics_are_named_by_the_conventions() {
    let exposed = exposed().await;
    let families = exposed.text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let mut seen = BTreeSet::new();
    for (name, kind) in families.filter_map(|line| line.split_once(' ')) {
        assert!(seen.insert(name), "{name} twice");
        let first = name.split('_').next().unwrap_or("");
        assert!(["cesura", "grpc", "process", "tokio"].contains(&first), "{name}");
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
        assert!(!name.ends_with("_total"), "{name}: the suffix is the encoder's");
        if kind == "histogram" {
            assert!(name.ends_with("_seconds"), "{name}");
        }
        for abbreviation in ["_ms", "_us", "_kb", "_mb", "_millis", "_percent"] {
            assert!(!name.ends_with(abbreviation), "{name}");
        }
        let help = format!("# HELP {name} ");
        let help = exposed.text.lines().find_map(|line| line.strip_prefix(&help));
        assert!(
            help.is_some_and(|help| help.len() > 5 && !help.ends_with("..")),
            "{name}: {help:?}"
        );
    }
}
