//! Whole pages with gold: `tests/pages/*.page`, written for this purpose in the manner of scrapers.
//!
//! `⟪kind⟫` and `⟪/⟫` stand around each block; `⟪kind-⟫` where it is not to be translated though
//! its kind is.

use cesura::document::BlockKind;
use cesura::{Options, segment};
use std::fs;
use std::path::Path;

struct Gold {
    start: usize,
    end: usize,
    kind: String,
    translatable: bool,
}

/// The page without its marks, and its blocks.
fn read(marked: &str) -> (String, Vec<Gold>) {
    let mut text = String::new();
    let mut blocks: Vec<Gold> = Vec::new();
    let mut rest = marked;
    while let Some(open) = rest.find('⟪') {
        text.push_str(&rest[..open]);
        let close = rest.find('⟫').expect("a mark is closed");
        let mark = &rest[open + '⟪'.len_utf8()..close];
        rest = &rest[close + '⟫'.len_utf8()..];
        if mark == "/" {
            blocks.last_mut().expect("a block is open").end = text.len();
            continue;
        }
        let name = mark.trim_end_matches('-');
        let kind = BlockKind::ALL.iter().find(|kind| kind.name() == name).expect("a known kind");
        let translatable = kind.is_article_matter() && !mark.ends_with('-');
        blocks.push(Gold { start: text.len(), end: 0, kind: name.to_owned(), translatable });
    }
    text.push_str(rest);
    (text, blocks)
}

/// Floors under what was reached; the figures are printed.
#[test]
fn blocks_of_whole_pages_come_out_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let (mut all, mut spans, mut kinds, mut translatable, mut pages) = (0, 0, 0, 0, 0);
    for entry in fs::read_dir(folder).expect("the pages are there") {
        let marked = fs::read_to_string(entry.expect("a readable entry").path()).expect("UTF-8");
        let (text, gold) = read(&marked);
        let document = segment(&text, &Options::default()).expect("a short page");
        pages += 1;
        for block in &gold {
            all += 1;
            let found = document.units().find(|unit| {
                unit.span.start() as usize == block.start && unit.span.end() as usize == block.end
            });
            let Some(unit) = found else { continue };
            spans += 1;
            kinds += usize::from(unit.kind.name() == block.kind);
            translatable += usize::from(unit.translatable() == block.translatable);
        }
    }
    let share = |part: usize| part as f64 * 100.0 / all as f64;
    eprintln!(
        "{pages} pages, {all} blocks: spans {:.1} %, kinds {:.1} %, translatable {:.1} %",
        share(spans),
        share(kinds),
        share(translatable)
    );
    assert!(pages >= 126 && all > 3000, "{pages} pages, {all} blocks");
    assert!(share(spans) >= 98.9 && share(kinds) >= 96.0 && share(translatable) >= 98.0);
}
