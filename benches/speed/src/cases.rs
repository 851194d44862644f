//! What is measured, and why.

use cesura::document::Event;
use cesura::language::LanguageTag;
use cesura::sentence::{Evidence, Preferences, judge};
use cesura::{Details, Limits, Options, Segmenter, inline, tailoring};
use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;
use unicode_segmentation::UnicodeSegmentation;

/// One way to read a text.
pub struct Case {
    pub name: &'static str,
    /// Reads a text; gives back how many sentences it found.
    pub run: fn(&str) -> usize,
    /// The others are told beside it.
    pub is_yardstick: bool,
    /// Takes so long that it is run on news only, and that its instructions are not counted.
    pub is_slow: bool,
}

const fn case(name: &'static str, run: fn(&str) -> usize) -> Case {
    Case { name, run, is_yardstick: false, is_slow: false }
}

/// Floors and peers first, then the parts of cesura from the inside out.
pub const CASES: &[Case] = &[
    // The least that anything can cost that looks at every terminator.
    case("scan for terminators (floor)", |text| {
        memchr::memchr3_iter(b'.', b'!', b'?', text.as_bytes()).count()
    }),
    case("unicode-segmentation", |text| text.unicode_sentences().count()),
    Case {
        name: "ICU4X sentences",
        run: |text| {
            let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
            segmenter.segment_str(text).count().saturating_sub(1)
        },
        is_yardstick: true,
        is_slow: false,
    },
    case("sentencex (it)", |text| sentencex::segment("it", text).len()),
    // Our own rules in the hands of an engine that knows nothing but expressions, as a CAT tool asks
    // them: `cesura rules --srx`.
    #[cfg(feature = "srx")]
    Case {
        name: "srx crate, our rules as SRX",
        run: |text| SRX_RULES.split(text).count(),
        is_yardstick: false,
        is_slow: true,
    },
    // whatlang on the 2 KiB that cesura looks at: what detection costs where it is simply called.
    case("whatlang on 2 KiB", |text| {
        let head = text.get(..text.floor_char_boundary(2048)).unwrap_or(text);
        usize::from(whatlang::detect(head).is_some())
    }),
    case("cesura, language of 2 KiB", |text| {
        let head = text.get(..text.floor_char_boundary(2048)).unwrap_or(text);
        usize::from(cesura::language::detect(head).reliable)
    }),
    // What ICU4X does, with all rules for Italian: boundaries in text whose blocks are known.
    case("cesura, boundaries", boundaries),
    // Units with their kinds, segments, spans, ids and the language, as a client gets them that
    // asks for nothing.
    case("cesura, default, Italian declared", |text| {
        let language = Some(LanguageTag::ITALIAN);
        events(text, Options { language, ..plain() })
    }),
    case("cesura, default", |text| events(text, plain())),
    case("cesura, all details", |text| events(text, Options { details: Details::ALL, ..plain() })),
];

#[cfg(feature = "srx")]
static SRX_RULES: std::sync::LazyLock<srx::Rules> = std::sync::LazyLock::new(|| {
    let mut file = Vec::new();
    cesura::export::srx::write(&mut file, &[&tailoring::italian::TAILORING]).expect("memory");
    let rules = srx::SRX::from_reader(file.as_slice()).expect("SRX 2.0");
    assert!(rules.errors().values().all(Vec::is_empty), "a rule was left out");
    rules.language_rules("it")
});

fn plain() -> Options {
    Options { details: Details::default(), ..Options::default() }
}

fn boundaries(text: &str) -> usize {
    let rows = tailoring::for_tag(&LanguageTag::ITALIAN).rows();
    let (preferences, mut evidence) = (Preferences::default(), Evidence::default());
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let breaks = lines.map(|line| {
        let marks = inline::scan(line);
        let judged = judge(line, &marks, rows, &LanguageTag::ITALIAN, &preferences, &mut evidence);
        let breaks = judged
            .decisions
            .iter()
            .filter(|decision| decision.verdict == cesura::rule::Verdict::Break);
        breaks.count() + 1
    });
    breaks.sum()
}

fn events(text: &str, options: Options) -> usize {
    let limits = Limits { document_bytes_max: u32::MAX, ..Limits::default() };
    let chunk_bytes = limits.chunk_bytes_max as usize;
    let mut segmenter = Segmenter::new(options, limits);
    let mut segments = 0;
    let mut take = |segmenter: &mut Segmenter| {
        while let Some(event) = segmenter.next_event() {
            if let Event::Unit(unit) = std::hint::black_box(&event) {
                segments += unit.segments.len();
            }
        }
    };
    for chunk in text.as_bytes().chunks(chunk_bytes) {
        segmenter.push(chunk).expect("valid text");
        take(&mut segmenter);
    }
    segmenter.finish().expect("whole characters");
    take(&mut segmenter);
    segments
}
