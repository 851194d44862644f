//! `src/language/text/*.txt` → a table of what runs of letters say about a language.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[path = "../src/language/features.rs"]
mod features;

const FOLDER: &str = "src/language/text";

/// Orders of runs: up to four letters, and whole words.
const ORDERS: usize = 5;

/// Added to every count: a run that a language was not seen to have may yet occur in it.
const UNSEEN: f64 = 0.15;

/// A step of the stored numbers, as parts of a nat.
const STEPS_PER_NAT: f64 = 12.0;

/// Writes the table and its frame to `out`.
pub(crate) fn table(out: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed=src/language/features.rs");
    let texts = texts()?;
    let counts = count(&texts);
    let totals = totals(&counts, texts.len());
    let rows: Vec<(u32, Vec<i8>)> = counts
        .iter()
        .filter(|(_, seen)| is_kept(seen))
        .map(|((order, key), seen)| (*key, scores(seen, totals.get(order - 1))))
        .collect();
    let slots = (rows.len() * 4 / 3).next_power_of_two();
    let width = texts.len();
    let mut table = vec![0_u8; slots * (4 + width)];
    for (key, scores) in rows {
        let mut slot = key as usize & (slots - 1);
        loop {
            let place = slot * (4 + width);
            let taken = table.get(place..place + 4).ok_or("a slot of the table")?;
            if taken == [0; 4] {
                break;
            }
            slot = (slot + 1) & (slots - 1);
        }
        let place = slot * (4 + width);
        let cell = table.get_mut(place..place + 4 + width).ok_or("a slot of the table")?;
        let (head, tail) = cell.split_at_mut(4);
        head.copy_from_slice(&key.to_le_bytes());
        for (to, from) in tail.iter_mut().zip(scores) {
            *to = from.to_le_bytes()[0];
        }
    }
    fs::write(out.join("language_runs.bin"), &table)?;
    let mut frame = String::new();
    let tags: Vec<&String> = texts.keys().collect();
    writeln!(frame, "/// Languages of the table, in the order of its columns.")?;
    writeln!(frame, "pub(super) const TAGS: [&str; {width}] = {tags:?};")?;
    writeln!(frame, "/// Places of the table, a power of two.")?;
    writeln!(frame, "const SLOTS: usize = {slots};")?;
    writeln!(frame, "/// Steps of a score in one nat.")?;
    writeln!(frame, "const STEPS_PER_NAT: f32 = {STEPS_PER_NAT:?};")?;
    fs::write(out.join("language_runs.rs"), frame)?;
    Ok(())
}

/// Lines of each language, by its tag.
fn texts() -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(FOLDER)? {
        let path = entry?.path();
        let tag = path.file_stem().ok_or("a file name")?.to_string_lossy().into_owned();
        texts.insert(tag, fs::read_to_string(&path)?);
    }
    Ok(texts)
}

type Counts = BTreeMap<(usize, u32), Vec<f64>>;

fn count(texts: &BTreeMap<String, String>) -> Counts {
    let mut counts = Counts::new();
    for (column, text) in texts.values().enumerate() {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let mut words: HashMap<Cow<'_, str>, f64> = HashMap::new();
        for word in lines.flat_map(features::words) {
            // Names say little about the language they stand in.
            *words.entry(word.letters).or_default() += if word.capitalized { 0.5 } else { 1.0 };
        }
        for (letters, weight) in words {
            features::runs(&letters, |order, key| {
                let seen = counts.entry((order, key)).or_insert_with(|| vec![0.0; texts.len()]);
                if let Some(cell) = seen.get_mut(column) {
                    *cell += weight;
                }
            });
        }
    }
    counts
}

/// Runs of each order in each language, with what is added for those not seen.
fn totals(counts: &Counts, languages: usize) -> Vec<Vec<f64>> {
    let mut totals = vec![vec![0.0; languages]; ORDERS];
    for ((order, _), seen) in counts {
        if let Some(total) = totals.get_mut(order - 1) {
            for (sum, seen) in total.iter_mut().zip(seen) {
                *sum += seen + UNSEEN;
            }
        }
    }
    totals
}

/// What was seen in names only is an accident.
fn is_kept(seen: &[f64]) -> bool {
    seen.iter().sum::<f64>() >= 1.0
}

/// How much better or worse than the mean of all languages each one explains the run.
fn scores(seen: &[f64], totals: Option<&Vec<f64>>) -> Vec<i8> {
    let Some(totals) = totals else { return Vec::new() };
    let logs: Vec<f64> =
        seen.iter().zip(totals).map(|(seen, total)| ((seen + UNSEEN) / total).ln()).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    logs.iter()
        .map(|log| ((log - mean) * STEPS_PER_NAT).round().clamp(-127.0, 127.0) as i8)
        .collect()
}
