//! Articles with gold for typed stretches and quotations, written for this purpose:
//! `tests/articles/s*.txt` and `q*.txt`.
//!
//! Floors stand under what was reached; the figures and every difference are printed.
//!
//! `⟦kind=value⟧` and `⟦/⟧` stand around a stretch. `⟪q⟫` and `⟪/q⟫` around a quotation, `⟪q!⟫`
//! where its marks do not belong together, `⟪/q…⟫` where the paragraph ends before it does, `⟪q…⟫`
//! where it goes on; `⟪a⟫` around its attribution, `⟪s⟫` around the speaker.

use cesura::document::Unit;
use cesura::language::LanguageTag;
use cesura::{Details, Options, segment};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A stretch of gold or of an answer: what it is, with all that has to be right.
type Stretch = (usize, usize, String);

/// Right, expected and found, by kind.
#[derive(Default)]
struct Score {
    kinds: BTreeMap<String, [usize; 3]>,
}

impl Score {
    fn add(&mut self, file: &str, text: &str, kind: &str, gold: &[Stretch], found: &[Stretch]) {
        let right = found.iter().filter(|one| gold.contains(one)).count();
        let sums = self.kinds.entry(kind.to_owned()).or_default();
        for (sum, more) in sums.iter_mut().zip([right, gold.len(), found.len()]) {
            *sum += more;
        }
        let missed = gold.iter().filter(|one| !found.contains(one)).map(|one| ("missed", one));
        let wrong = found.iter().filter(|one| !gold.contains(one)).map(|one| ("wrong", one));
        for (what, (start, end, more)) in missed.chain(wrong) {
            eprintln!("{file} {what} {kind} {:?} {more}", &text[*start..*end]);
        }
    }

    /// Share of right ones among the expected and the found together (F1), in percent.
    fn f1(&self, kind: Option<&str>) -> f64 {
        let chosen = self.kinds.iter().filter(|(name, _)| kind.is_none_or(|kind| kind == *name));
        let [right, gold, found] = chosen.fold([0, 0, 0], |sums, (_, more)| {
            [sums[0] + more[0], sums[1] + more[1], sums[2] + more[2]]
        });
        200.0 * right as f64 / (gold + found).max(1) as f64
    }

    fn print(&self, what: &str) {
        for (kind, [right, gold, found]) in &self.kinds {
            let f1 = self.f1(Some(kind));
            eprintln!(
                "{what} {kind:18} F1 {f1:5.1} %  {right} right of {gold} expected, {found} found"
            );
        }
        eprintln!("{what} {:18} F1 {:5.1} %", "all", self.f1(None));
    }
}

/// A file of marks: its text, and each mark with its place in that.
fn read(path: &Path, open: char, close: char) -> (String, Vec<(usize, String)>) {
    let marked = fs::read_to_string(path).expect("UTF-8");
    let mut text = String::new();
    let mut marks = Vec::new();
    let mut rest = marked.as_str();
    while let Some(at) = rest.find(open) {
        text.push_str(&rest[..at]);
        let end = rest.find(close).expect("a mark is closed");
        marks.push((text.len(), rest[at + open.len_utf8()..end].to_owned()));
        rest = &rest[end + close.len_utf8()..];
    }
    text.push_str(rest);
    (text, marks)
}

fn files(prefix: &str) -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the articles are there")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix))
        })
        .collect();
    files.sort();
    files
}

fn units(text: &str) -> Vec<Unit> {
    let language = LanguageTag::parse("it");
    let options = Options { language, details: Details::ALL, ..Options::default() };
    segment(text, &options).expect("a short article").units().cloned().collect()
}

fn name(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

#[test]
fn typed_stretches_of_articles_come_out_right() {
    let mut score = Score::default();
    for path in files("s") {
        let (text, marks) = read(&path, '⟦', '⟧');
        let mut gold: BTreeMap<String, Vec<Stretch>> = BTreeMap::new();
        let mut open = Vec::new();
        for (at, mark) in marks {
            if mark != "/" {
                open.push((at, mark));
                continue;
            }
            let (start, mark) = open.pop().expect("a stretch is open");
            let (kind, value) = mark.split_once('=').unwrap_or((&mark, ""));
            gold.entry(kind.to_owned()).or_default().push((start, at, value.to_owned()));
        }
        let mut found: BTreeMap<String, Vec<Stretch>> = BTreeMap::new();
        for unit in units(&text) {
            for one in unit.annotations {
                let value = one.value.as_deref().unwrap_or("").to_owned();
                let range = one.span.range();
                found.entry(one.kind.name().to_owned()).or_default().push((
                    range.start,
                    range.end,
                    value,
                ));
            }
        }
        let kinds: std::collections::BTreeSet<&String> = gold.keys().chain(found.keys()).collect();
        for kind in kinds {
            let (gold, found) = (gold.get(kind), found.get(kind));
            let (gold, found) =
                (gold.map_or(&[][..], Vec::as_slice), found.map_or(&[][..], Vec::as_slice));
            score.add(&name(&path), &text, kind, gold, found);
        }
    }
    score.print("stretches");
    assert!(score.kinds.len() >= 18 && score.f1(None) >= 97.5);
}

#[test]
fn quotations_of_articles_come_out_right() {
    let mut score = Score::default();
    for path in files("q") {
        let (text, marks) = read(&path, '⟪', '⟫');
        let (mut quotations, mut attributions, mut speakers) = (Vec::new(), Vec::new(), Vec::new());
        let mut open: Vec<(usize, String)> = Vec::new();
        for (at, mark) in marks {
            if !mark.starts_with('/') {
                open.push((at, mark));
                continue;
            }
            let letter = &mark[1..2];
            let last = open
                .iter()
                .rposition(|(_, opened)| opened.starts_with(letter))
                .expect("it is open");
            let (start, opened) = open.remove(last);
            match letter {
                "q" => {
                    let state = format!(
                        "{}{}{}",
                        if opened.contains('!') { " mismatched" } else { "" },
                        if opened.contains('…') { " continued" } else { "" },
                        if mark.contains('…') { " open" } else { "" }
                    );
                    quotations.push((start, at, state));
                }
                "a" => attributions.push((start, at, String::new())),
                _ => speakers.push((start, at, String::new())),
            }
        }
        let mut found = (Vec::new(), Vec::new(), Vec::new());
        for quotation in units(&text).iter().flat_map(|unit| &unit.quotations) {
            let state = format!(
                "{}{}{}",
                if quotation.mismatched { " mismatched" } else { "" },
                if quotation.continued { " continued" } else { "" },
                if quotation.closing.is_none() { " open" } else { "" }
            );
            let range = quotation.span.range();
            found.0.push((range.start, range.end, state));
            if let Some(attribution) = &quotation.attribution {
                let range = attribution.span.range();
                found.1.push((range.start, range.end, String::new()));
                found.2.extend(
                    attribution
                        .speaker
                        .map(|span| (span.range().start, span.range().end, String::new())),
                );
            }
        }
        for (kind, gold, mut found) in [
            ("quotation", quotations, found.0),
            ("attribution", attributions, found.1),
            ("speaker", speakers, found.2),
        ] {
            // Two parts of one quotation share their attribution.
            found.sort();
            found.dedup();
            score.add(&name(&path), &text, kind, &gold, &found);
        }
    }
    score.print("quotations");
    assert!(score.f1(Some("quotation")) >= 98.0);
    assert!(score.f1(Some("attribution")) >= 76.0 && score.f1(Some("speaker")) >= 75.0);
}
