//! The texts that are measured: those of the repository, sorted by what they are made of.

use std::fs;
use std::path::Path;

/// Texts of one sort.
pub struct Texture {
    pub name: String,
    pub texts: Vec<String>,
}

impl Texture {
    pub fn bytes(&self) -> usize {
        self.texts.iter().map(String::len).sum()
    }
}

/// Prose that hostile text is measured beside.
pub const PROSE: &str = "Il presidente ha parlato a lungo con i ministri, poi è partito. Secondo l'on. Rossi «non c'è \
     fretta», ma il voto è per il 12 set. alle 14.30. Nessuno ha risposto.\n\n";

/// Text made to be slow, by its name.
pub const HOSTILE: &[(&str, &str)] = &[
    ("letters with stops", "a."),
    ("capitals, stops, spaces", "A. "),
    ("stops", "."),
    ("spaced stops", ". "),
    ("open quotations", "«"),
    ("nested quotations", "«a. "),
    ("quoted letters as sentences", "\"A\". "),
    ("short lines", "a\n"),
    ("wrapped lines", "una riga che continua\n"),
    ("mail", "a@b.it "),
    ("numbered sentences", "A 1. "),
    ("combining accents", "e\u{301}"),
    ("menus", "Menu | Accedi | Cronaca\n"),
];

/// A text of 128 KiB that says the same over and over.
pub fn filled(pattern: &str) -> Texture {
    let text = pattern.repeat((128 << 10) / pattern.len() + 1);
    Texture { name: "filled".into(), texts: vec![text] }
}

/// The texture of that name.
pub fn named(name: &str) -> Texture {
    let texts = match name {
        "news" => read(&["seeds", "tests/articles"]),
        "pages" => read(&["tests/pages"]),
        "headlines" => lines(|line| (20..=110).contains(&line.len()) && !line.ends_with('.')),
        "quotations" => lines(|line| line.len() > 160 && line.contains(['«', '“'])),
        "abbreviations" => examples(),
        "sentence" => lines(|line| (80..=160).contains(&line.len()) && line.ends_with('.')),
        "3KB" => of_length(3 << 10),
        "100KB" => of_length(100 << 10),
        "1MB" => of_length(1 << 20),
        "10MB" => of_length(10 << 20),
        _ => panic!("no texture {name}"),
    };
    assert!(!texts.is_empty(), "no texts of {name}");
    Texture { name: name.to_owned(), texts }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The files of folders, in the order of their names, without the marks of the gold.
fn read(folders: &[&str]) -> Vec<String> {
    let mut paths = Vec::new();
    for folder in folders {
        let entries = fs::read_dir(root().join(folder)).expect("a folder of the repository");
        paths.extend(entries.map(|entry| entry.expect("a readable entry").path()));
    }
    paths.sort();
    paths.iter().map(|path| bare(&fs::read_to_string(path).expect("UTF-8"))).collect()
}

fn bare(text: &str) -> String {
    let mut inside = false;
    let kept = text.chars().filter(|c| match c {
        '⟪' | '⟦' => {
            inside = true;
            false
        }
        '⟫' | '⟧' => {
            inside = false;
            false
        }
        _ => !inside,
    });
    kept.collect()
}

fn lines(fits: impl Fn(&str) -> bool) -> Vec<String> {
    let all = read(&["seeds", "tests/articles", "tests/pages"]);
    let lines = all.iter().flat_map(|text| text.lines()).map(str::trim);
    lines.filter(|line| fits(line)).map(str::to_owned).collect()
}

/// The example of each line of the lexicon, all of one text.
fn examples() -> Vec<String> {
    let path = root().join("src/tailoring/italian/lexicon/abbreviations.tsv");
    let file = fs::read_to_string(path).expect("the lexicon");
    let rows = file.lines().filter(|line| !line.starts_with('#'));
    let examples = rows.filter_map(|row| row.split('\t').nth(3));
    vec![examples.map(|example| example.replace(['÷', '×'], "")).collect::<Vec<_>>().join("\n")]
}

/// News over and over, up to a length.
fn of_length(bytes: usize) -> Vec<String> {
    let news = read(&["seeds", "tests/articles"]).join("\n\n");
    let mut text = String::with_capacity(bytes + news.len());
    while text.len() < bytes {
        text.push_str(&news);
        text.push_str("\n\n");
    }
    text.truncate(text.floor_char_boundary(bytes));
    vec![text]
}
