//! Whole pages: the five seeds by hand, and layouts that scraping leaves behind.

use cesura::{Document, Options, segment};
use std::fs;
use std::path::PathBuf;

/// The names and texts of the seeds.
pub(crate) fn seeds() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut seeds: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the seeds are there")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a seed is UTF-8"))
        })
        .collect();
    seeds.sort();
    assert_eq!(seeds.len(), 5);
    seeds
}

fn kinds(document: &Document) -> Vec<&'static str> {
    document.units().map(|unit| unit.kind.name()).collect()
}

/// Kinds and numbers of segments of each block of each seed, as a person read them.
#[test]
fn seeds_come_out_right() {
    #[rustfmt::skip]
    let expected: [&[(&str, usize)]; 5] = [
        &[("headline", 1), ("subheadline", 1), ("paragraph", 5), ("caption", 1), ("caption", 1), ("paragraph", 5),
          ("heading", 1), ("paragraph", 5), ("caption", 1), ("caption", 1), ("paragraph", 8), ("boilerplate", 1)],
        &[("headline", 1), ("paragraph", 6), ("paragraph", 4), ("paragraph", 5), ("paragraph", 3), ("related_link", 1),
          ("heading", 1), ("paragraph", 4), ("paragraph", 4), ("boilerplate", 1), ("boilerplate", 2), ("boilerplate", 1)],
        &[("paragraph", 2), ("paragraph", 2), ("paragraph", 1), ("paragraph", 1), ("paragraph", 3), ("paragraph", 1),
          ("paragraph", 1)],
        &[("metadata", 1), ("headline", 1), ("headline", 1), ("metadata", 1), ("paragraph", 14)],
        &[("headline", 1), ("paragraph", 3), ("heading", 1), ("paragraph", 3), ("paragraph", 2), ("heading", 1),
          ("paragraph", 3), ("paragraph", 2), ("paragraph", 2), ("paragraph", 2)],
    ];
    for ((name, text), expected) in seeds().iter().zip(expected) {
        let document = segment(text, &Options::default()).expect("a seed is small");
        let found: Vec<(&str, usize)> =
            document.units().map(|unit| (unit.kind.name(), unit.segments.len())).collect();
        assert_eq!(found, expected, "{name}");
        assert_eq!(document.head().map(|head| head.language.tag.as_str()), Some("it"));
    }
}

#[test]
fn what_is_not_of_the_article_is_not_translatable() {
    let (_, text) = &seeds()[0];
    let document = segment(text, &Options::default()).expect("a seed is small");
    let off: Vec<&str> =
        document.units().filter(|unit| !unit.translatable()).map(|unit| &*unit.text).collect();
    assert_eq!(
        off,
        [
            "Vladimir Putin e Kim Jong-un (Ansa Foto) Notizie.com",
            "Kim Jong-un e Vladimir Putin (Ansa Foto) Notizie.com",
            "Impostazioni privacy",
        ]
    );
    let repeated: Vec<&str> =
        document.units().filter(|unit| unit.repetition).map(|unit| &*unit.text).collect();
    assert_eq!(repeated, ["Kim arriva in Russia ed incontra Putin"]);
}

#[test]
fn layouts() {
    let wrapped = "Il titolo del giorno\n\nIl presidente del Consiglio ha annunciato ieri a\nRoma, davanti ai giornalisti, che il\n\
                   governo non cambierà idea. Nessuno ha\nrisposto.\n";
    let document = segment(wrapped, &Options::default()).expect("small");
    assert_eq!(kinds(&document), ["headline", "paragraph"]);
    assert_eq!(document.segments().count(), 3);

    let list = "I punti dell'accordo\n\nIl testo prevede tre misure, eccole:\n- il taglio delle tasse\n- la riforma del catasto\n\nNon è tutto, dicono.\n";
    let document = segment(list, &Options::default()).expect("small");
    assert_eq!(kinds(&document), ["headline", "paragraph", "list_item", "list_item", "paragraph"]);

    let one_line = "Il premier è partito. Lo ha detto il portavoce. Torna domani.";
    assert_eq!(segment(one_line, &Options::default()).expect("small").segments().count(), 3);
}

#[test]
fn bullets_need_no_space_and_a_blank_line_ends_a_cut() {
    let bullets = segment("•lavoro\n•casa\n", &Options::default()).expect("small");
    assert_eq!(kinds(&bullets), ["list_item", "list_item"]);
    let limits = cesura::Limits { block_bytes_max: 1024, ..cesura::Limits::default() };
    let mut segmenter = cesura::Segmenter::new(Options::default(), limits);
    let page = format!("{}\n\n- un elemento\n", "a".repeat(1024));
    segmenter.push(page.as_bytes()).expect("valid text");
    segmenter.finish().expect("whole characters");
    let events: Vec<_> = std::iter::from_fn(|| segmenter.next_event()).collect();
    assert!(
        !events.iter().any(|event| matches!(event, cesura::document::Event::Notice(_))),
        "nothing was cut"
    );
    let document = Document { events };
    assert_eq!(kinds(&document).last(), Some(&"list_item"));
}

#[test]
fn repetition_looks_64_units_back() {
    let fill =
        |count: usize| (0..count).map(|n| format!("Riga numero {n}\n\n")).collect::<String>();
    let page = format!("Il titolo\n\n{}Il titolo\n\n{}Il titolo\n", fill(60), fill(8));
    let document = segment(&page, &Options::default()).expect("small");
    let titles: Vec<bool> = document
        .units()
        .filter(|unit| &*unit.text == "Il titolo")
        .map(|unit| unit.repetition)
        .collect();
    assert_eq!(titles, [false, true, true]);
}

/// A guess does not choose the rules: short Italian text is often taken for something else.
#[test]
fn short_texts_get_italian_rules() {
    for text in ["Parla l'on. Rossi.", "Arriva il dott. Rossi.", "Kim vede il gen. Rossi"] {
        let document = segment(text, &Options::default()).expect("small");
        assert_eq!(document.segments().count(), 1, "{text}");
    }
}

#[test]
fn other_languages_are_served() {
    let english = "The government said on Monday that it would not change the law. It had been asked to do so by the firms. \
                   They were not amused by what they heard from Mr. Brown.";
    let document = segment(english, &Options::default()).expect("small");
    let head = document.head().expect("a head");
    assert_eq!((head.language.tag.as_str(), head.tailoring), ("en", "en"));
    assert_eq!(document.segments().count(), 3);
    let document = segment("Αυτό είναι. Τέλος.", &Options::default()).expect("small");
    assert_eq!(document.segments().count(), 2);
}
