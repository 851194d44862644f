//! Articles with their translations and gold alignments, written for this purpose:
//! `tests/bitext/NN.it-LANGUAGE`.
//!
//! A blank line ends a bead; `< ` begins a segment of the source, `> ` one of the target. Floors
//! stand under what was reached; the figures and every difference are printed. Noise is made from
//! the same texts by rules, so that the figures come out the same on every run.

use cesura::align::{Alignment, Bead, Passage, Text, align};
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;

/// A pair of texts with the beads that it should have.
#[derive(Clone, Default)]
struct Pair {
    name: String,
    language: String,
    source: Vec<String>,
    target: Vec<String>,
    gold: Vec<(Range<usize>, Range<usize>)>,
}

impl Pair {
    fn push(&mut self, source: &[String], target: &[String]) {
        let (i, j) = (self.source.len(), self.target.len());
        self.source.extend_from_slice(source);
        self.target.extend_from_slice(target);
        self.gold.push((i..self.source.len(), j..self.target.len()));
    }

    /// The same pair, of which some beads are changed by `noise`, which is told their number.
    fn with(
        &self,
        noise: impl Fn(usize, &[String], &[String]) -> Vec<(Vec<String>, Vec<String>)>,
    ) -> Pair {
        let mut pair =
            Pair { name: self.name.clone(), language: self.language.clone(), ..Pair::default() };
        for (number, (source, target)) in self.gold.iter().enumerate() {
            for (source, target) in
                noise(number, &self.source[source.clone()], &self.target[target.clone()])
            {
                pair.push(&source, &target);
            }
        }
        pair
    }

    fn align(&self) -> Alignment {
        let (source, target) = (text("it", &self.source), text(&self.language, &self.target));
        align(&source, &target, &[], &|| true).expect("not interrupted")
    }
}

fn text<'a>(language: &'a str, segments: &'a [String]) -> Text<'a> {
    Text { language, segments: segments.iter().map(|text| Passage { text, place: None }).collect() }
}

fn pairs() -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bitext");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let language = name.rsplit('-').next().expect("a language").to_owned();
            let mut pair = Pair { name, language, ..Pair::default() };
            for bead in fs::read_to_string(path).expect("a text").trim().split("\n\n") {
                let side = |mark: &str| -> Vec<String> {
                    bead.lines()
                        .filter_map(|line| line.strip_prefix(mark))
                        .map(str::to_owned)
                        .collect()
                };
                pair.push(&side("< "), &side("> "));
            }
            pair
        })
        .collect()
}

/// Beads of gold and of an answer, and those that are in both; beads of one side count as well.
#[derive(Default)]
struct Score {
    right: usize,
    found: usize,
    gold: usize,
    sure: usize,
    sure_right: usize,
    joined: usize,
}

impl Score {
    fn add(&mut self, pair: &Pair, alignment: &Alignment) {
        // Where a bead of one side stands beside another of the other side is nobody's business.
        let key = |source: &Range<usize>, target: &Range<usize>| {
            let (source, target) = (source.clone(), target.clone());
            (
                if source.is_empty() { 0..0 } else { source }.collect::<Vec<_>>(),
                if target.is_empty() { 0..0 } else { target }.collect::<Vec<_>>(),
            )
        };
        let gold: BTreeSet<_> =
            pair.gold.iter().map(|(source, target)| key(source, target)).collect();
        for bead in &alignment.beads {
            let found = key(&bead.source, &bead.target);
            let right = gold.contains(&found);
            let joins = !bead.source.is_empty() && !bead.target.is_empty();
            let sure = joins && bead.confidence >= 0.9;
            self.right += usize::from(right);
            self.sure += usize::from(sure);
            self.sure_right += usize::from(sure && right);
            self.joined += usize::from(joins);
            if !right {
                eprintln!("{} wrong {:?} {:.2}", pair.name, found, bead.confidence);
            }
        }
        self.found += alignment.beads.len();
        self.gold += gold.len();
    }

    fn f1(&self) -> f64 {
        200.0 * self.right as f64 / (self.found + self.gold) as f64
    }

    fn print(&self, what: &str) {
        eprintln!(
            "{what}: beads F1 {:.1} % of {}; {} of {} given 0.9 or more are right, {:.0} % of all",
            self.f1(),
            self.gold,
            self.sure_right,
            self.sure,
            100.0 * self.sure as f64 / self.joined.max(1) as f64,
        );
    }
}

#[test]
fn beads_of_gold_are_found() {
    let plain =
        |_: usize, source: &[String], target: &[String]| vec![(source.to_vec(), target.to_vec())];
    let joined = |number: usize, source: &[String], target: &[String]| match number % 6 {
        2 if target.len() > 1 => vec![(source.to_vec(), vec![target.join(" ")])],
        4 if source.len() > 1 => vec![(vec![source.join(" ")], target.to_vec())],
        _ => vec![(source.to_vec(), target.to_vec())],
    };
    // Every seventh bead loses its target, every eleventh its source.
    let lost = |number: usize, source: &[String], target: &[String]| {
        let alone =
            |texts: &[String]| texts.iter().map(|text| vec![text.clone()]).collect::<Vec<_>>();
        if number % 7 == 3 {
            return alone(source).into_iter().map(|text| (text, Vec::new())).collect();
        }
        if number % 11 == 5 {
            return alone(target).into_iter().map(|text| (Vec::new(), text)).collect();
        }
        vec![(source.to_vec(), target.to_vec())]
    };
    for (what, floor, noise) in [
        ("as written", 93.5, &plain as &dyn Fn(usize, &[String], &[String]) -> Vec<_>),
        ("joined", 94.0, &joined),
        ("lost", 87.5, &lost),
    ] {
        let mut score = Score::default();
        for pair in pairs() {
            let pair = pair.with(noise);
            score.add(&pair, &pair.align());
        }
        score.print(what);
        assert!(score.f1() >= floor, "{what}: {:.1} is under its floor of {floor}", score.f1());
    }
}

#[test]
fn texts_that_are_no_translations_stay_apart() {
    let pairs = pairs();
    for (one, other) in pairs.iter().zip(pairs.iter().cycle().skip(1)) {
        let mixed =
            Pair { target: other.target.clone(), language: other.language.clone(), ..one.clone() };
        let alignment = mixed.align();
        let is_joined = |bead: &&Bead| !bead.source.is_empty() && !bead.target.is_empty();
        let joined = alignment.beads.iter().filter(is_joined).count();
        eprintln!(
            "{} with {}: {joined} joined, {:.3}",
            one.name, other.name, alignment.parallel_share
        );
        let own = one.align();
        eprintln!("{} with its own: {:.3}", one.name, own.parallel_share);
        assert!(!alignment.is_parallel());
        assert_eq!(joined, 0);
        assert!(own.is_parallel());
    }
}
