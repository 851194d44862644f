//! What holds of every comparison, whatever the articles say.

use cesura::compare::{Compared, Comparison, Document, Kind, Limits, Options, Segment};
use cesura::language::LanguageTag;
use cesura::tailoring;
use proptest::prelude::*;
use std::collections::BTreeSet;

type Articles = Vec<(String, Vec<String>)>;

fn compared(articles: &[(String, Vec<String>)]) -> Compared {
    compared_within(articles, Limits::default())
}

fn compared_within(articles: &[(String, Vec<String>)], limits: Limits) -> Compared {
    let words = tailoring::comparison_words(&LanguageTag::ITALIAN);
    let mut comparison = Comparison::new(Options { limits, ..Options::default() }, words);
    for (id, segments) in articles {
        let document = Document::of_texts(id, segments.iter().map(String::as_str));
        comparison.add(&document).expect("within the limits");
    }
    comparison.finish()
}

/// Groups and pairs by name in place of number, so that the order of articles is gone.
fn by_name(articles: &[(String, Vec<String>)], compared: &Compared) -> BTreeSet<String> {
    let name = |place: cesura::compare::Place| {
        format!("{}:{}", articles[place.document as usize].0, place.segment)
    };
    let mut all = BTreeSet::new();
    for group in &compared.groups {
        let mut members: Vec<String> = group
            .members
            .iter()
            .map(|member| format!("{} {:?}", name(member.place), member.quotation))
            .collect();
        members.sort();
        all.insert(format!("{:?} {:.5} {} {members:?}", group.kind, group.score, group.differs));
    }
    for pair in &compared.pairs {
        let mut ends = [name(pair.a), name(pair.b)];
        ends.sort();
        all.insert(format!("{:?} {} {ends:?}", pair.kind, pair.score));
    }
    all
}

fn article(id: &str, segments: &[&str]) -> (String, Vec<String>) {
    (id.to_owned(), segments.iter().map(|text| (*text).to_owned()).collect())
}

const ONE: &[&str] = &[
    "Il sindaco di Vallescura ha inaugurato il nuovo ponte sul Tanaro.",
    "«Il ponte è di tutti, abbiatene cura», ha detto Aldo Ferri.",
    "L'opera è costata 12 milioni di euro ed è lunga 340 metri.",
    "Alla cerimonia c'erano duemila persone e la banda del paese.",
];

const OTHER: &[&str] = &[
    "Scoperta in laboratorio una proteina che rallenta l'invecchiamento dei topi.",
    "Gli zoologi avvertono: servono ancora anni di esperimenti.",
];

#[test]
fn identical_articles_are_copies_throughout() {
    let articles = [article("a", ONE), article("b", ONE), article("c", ONE)];
    let compared = compared(&articles);
    assert_eq!(compared.groups.len(), ONE.len());
    for group in &compared.groups {
        assert_eq!((group.kind, group.members.len()), (Kind::NearDuplicate, 3));
    }
    assert!(compared.own.iter().all(Vec::is_empty));
}

#[test]
fn articles_on_different_matters_have_nothing_in_common() {
    let compared = compared(&[article("a", ONE), article("b", OTHER)]);
    assert!(compared.groups.is_empty() && compared.pairs.is_empty());
    assert_eq!(compared.own, [vec![0, 1, 2, 3], vec![0, 1]]);
}

#[test]
fn nothing_in_nothing_out() {
    assert_eq!(compared(&[]), Compared::default());
    let compared = compared(&[article("a", &[]), article("b", &["", " ", "…"])]);
    assert!(compared.groups.is_empty());
    assert_eq!(compared.own, [vec![], vec![0, 1, 2]]);
}

#[test]
fn one_article_says_nothing_twice() {
    let twice: Vec<&str> = ONE.iter().chain(ONE).copied().collect();
    assert!(compared(&[article("a", &twice)]).groups.is_empty());
}

#[test]
fn what_is_over_a_limit_is_refused_by_name() {
    let words = tailoring::comparison_words(&LanguageTag::ITALIAN);
    let limits = Limits { documents_max: 1, segments_max: 4, bytes_max: 400, ..Limits::default() };
    let mut comparison = Comparison::new(Options { limits, ..Options::default() }, words);
    let long = "parola ".repeat(60);
    let refused = |comparison: &mut Comparison, texts: &[&str]| {
        let document = Document::of_texts("x", texts.iter().copied());
        comparison.add(&document).expect_err("over a limit").limit
    };
    assert_eq!(refused(&mut comparison, &["a"; 5]), "segments_max");
    assert_eq!(refused(&mut comparison, &[&long]), "bytes_max");
    comparison.add(&Document::of_texts("x", ["a"])).expect("one document");
    assert_eq!(refused(&mut comparison, &["a"]), "documents_max");
}

#[test]
fn furniture_is_in_no_group_and_marks_of_the_caller_are_taken() {
    let words = tailoring::comparison_words(&LanguageTag::ITALIAN);
    let mut comparison = Comparison::new(Options::default(), words);
    let text = "Il ponte è di tutti, abbiatene cura.";
    for id in ["a", "b"] {
        let said = cesura::text::Span::new(0, u32::try_from(text.len()).expect("short"));
        let marked = Segment { quotations: Some(vec![said]), ..Segment::new(text) };
        let furniture = Segment { furniture: true, ..Segment::new(ONE[0]) };
        comparison.add(&Document { id, segments: vec![marked, furniture] }).expect("small");
    }
    let compared = comparison.finish();
    assert_eq!(compared.groups.len(), 1);
    assert!(compared.groups[0].members.iter().all(|member| member.quotation.is_some()));
}

/// Many articles on many matters, some of them told several times, from a few words.
fn many(articles: usize) -> Articles {
    let words: Vec<String> = (0..900).map(|number| format!("par{number}ola")).collect();
    let mut state = 7_usize;
    let mut next = move |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..articles)
        .map(|number| {
            let segments = (0..20).map(|_| {
                let mut text = String::from("Il premier ha detto che il governo");
                for _ in 0..9 {
                    text.push(' ');
                    // Some words are frequent, most are rare, as in news.
                    let word = next(900).min(next(900)).min(next(900));
                    text.push_str(&words[word]);
                }
                text
            });
            (format!("a{number}"), segments.collect())
        })
        .collect()
}

/// The work, in counts: four times the articles may not cost sixteen times.
#[test]
fn the_work_grows_with_the_articles_and_not_with_their_square() {
    let costs: Vec<(u64, u64)> = [20, 80, 320]
        .map(|articles| {
            let cost = compared(&many(articles)).cost;
            eprintln!("{articles} articles: {} meetings, {} weighed", cost.meetings, cost.weighed);
            (cost.meetings, cost.weighed)
        })
        .to_vec();
    assert!(costs[2].0 < costs[1].0 * 6, "{costs:?}");
    assert!(costs[2].1 < costs[1].1 * 6, "{costs:?}");
    let segments = 320 * 20;
    assert!(costs[2].1 <= segments * u64::from(Limits::default().candidates_max));
}

/// A hundred copies of one article are one group for each segment, without all pairs of them.
#[test]
fn many_copies_make_one_group_without_all_pairs() {
    let articles: Articles = (0..300).map(|number| article(&format!("a{number}"), ONE)).collect();
    let compared = compared(&articles);
    assert_eq!(compared.groups.len(), ONE.len());
    assert!(compared.groups.iter().all(|group| group.members.len() == 300));
    assert!(compared.cost.weighed < 300 * 4 * 64, "{:?}", compared.cost);
}

fn articles() -> impl Strategy<Value = Articles> {
    let sentence = prop_oneof![
        2 => prop::sample::select(ONE).prop_map(str::to_owned),
        1 => prop::sample::select(OTHER).prop_map(str::to_owned),
        2 => prop::collection::vec(
            prop::sample::select(vec![
                "Ferri", "ponte", "«Il", "cura»", "milioni", "12", "duemila", "in", "Roma", "a",
                "ha", "detto", "2019", "settembre", "sindaco", ".", "“", "”", "inaugurato", "340",
            ]),
            1..14,
        )
        .prop_map(|words| words.join(" ")),
        1 => any::<String>(),
    ];
    let article = prop::collection::vec(sentence, 0..7);
    prop::collection::vec(article, 0..6).prop_map(|all| {
        all.into_iter().enumerate().map(|(at, one)| (format!("a{at}"), one)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_compared(articles in articles()) {
        let compared = compared(&articles);
        for pair in &compared.pairs {
            prop_assert!((0.0..=1.0).contains(&pair.score), "{pair:?}");
            prop_assert!(pair.a < pair.b && pair.a.document != pair.b.document);
            let text = |place: cesura::compare::Place| {
                articles[place.document as usize].1[place.segment as usize].as_str()
            };
            for (span, place) in pair.quotation.iter().flat_map(|(a, b)| [(a, pair.a), (b, pair.b)])
            {
                prop_assert!(span.slice(text(place)).is_some());
            }
        }
        let mut seen = BTreeSet::new();
        for group in &compared.groups {
            let documents: BTreeSet<u32> =
                group.members.iter().map(|member| member.place.document).collect();
            prop_assert!(documents.len() > 1);
            for member in &group.members {
                prop_assert!(seen.insert((group.kind == Kind::Quotation, member.place)));
            }
        }
    }

    #[test]
    fn the_order_of_articles_does_not_matter(
        (articles, shuffled) in articles().prop_flat_map(|all| {
            (Just(all.clone()), Just(all).prop_shuffle())
        })
    ) {
        let (one, other) = (compared(&articles), compared(&shuffled));
        prop_assert_eq!(by_name(&articles, &one), by_name(&shuffled, &other));
        prop_assert_eq!(&one, &compared(&articles));
    }

    #[test]
    fn tight_limits_hold_and_change_no_law(articles in articles()) {
        let limits = Limits {
            words_max: 8,
            postings_max: 2,
            neighbours_max: 1,
            candidates_max: 2,
            pairs_max: 3,
            ..Limits::default()
        };
        let compared = compared_within(&articles, limits);
        prop_assert!(compared.pairs.len() <= 3);
    }
}
