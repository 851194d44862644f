//! `src/language/text/*.txt` → a table of what runs of letters say about a language.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[path = "../src/language/features.rs"]
#[allow(dead_code, reason = "the build asks all words, the program some of them as well")]
mod features;

const FOLDER: &str = "src/language/text";

/// Orders of runs: up to four letters, and whole words.
const ORDERS: usize = 5;

/// Added to every count: a run that a language was not seen to have may yet occur in it.
const UNSEEN: f64 = 0.15;

/// Words whose votes are counted beforehand.
const COMMON_WORDS_MAX: usize = 6000;

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
    let width = texts.len();
    if width > features::PLACE_BYTES - features::KEY_BYTES {
        return Err("more languages than a place of the table has room for".into());
    }
    let mut by_key = HashMap::new();
    for (key, scores) in &rows {
        // Of two runs with one key the program finds the first.
        by_key.entry(*key).or_insert_with(|| scores.clone());
    }
    let words = common_words(&texts, &by_key);
    let runs = rows.into_iter().map(|(key, scores)| {
        let place = place_of(key, &scores).map(i8::cast_unsigned);
        (u64::from(key), place.to_vec())
    });
    let (table, slots) = placed(runs.collect(), features::KEY_BYTES)?;
    fs::write(out.join("language_runs.bin"), &table)?;
    let (table, word_slots) = placed(words, 8)?;
    fs::write(out.join("language_words.bin"), &table)?;
    let mut frame = String::new();
    let tags: Vec<&String> = texts.keys().collect();
    writeln!(frame, "/// Languages of the table, in the order of its columns.")?;
    writeln!(frame, "pub(super) const TAGS: [&str; {width}] = {tags:?};")?;
    writeln!(frame, "/// Places of the table, a power of two.")?;
    writeln!(frame, "const SLOTS: usize = {slots};")?;
    writeln!(frame, "/// Places of the table of words, a power of two.")?;
    writeln!(frame, "const WORD_SLOTS: usize = {word_slots};")?;
    writeln!(frame, "/// Steps of a score in one nat.")?;
    writeln!(frame, "const STEPS_PER_NAT: f32 = {STEPS_PER_NAT:?};")?;
    fs::write(out.join("language_runs.rs"), frame)?;
    Ok(())
}

/// A table of places of one size: each row at its key, or behind where another took the place.
/// Rows begin with their key, in so many bytes; a place that is free has 0 there.
fn placed(rows: Vec<(u64, Vec<u8>)>, key_bytes: usize) -> Result<(Vec<u8>, usize), Box<dyn Error>> {
    let slots = (rows.len() * 4 / 3).next_power_of_two();
    let size = rows.first().map_or(0, |(_, row)| row.len());
    let mut table = vec![0_u8; slots * size];
    for (key, row) in rows {
        let mut slot = key as usize & (slots - 1);
        loop {
            let place = slot * size..(slot + 1) * size;
            let cell = table.get_mut(place).ok_or("a slot of the table")?;
            if cell.iter().take(key_bytes).all(|byte| *byte == 0) {
                cell.copy_from_slice(&row);
                break;
            }
            slot = (slot + 1) & (slots - 1);
        }
    }
    Ok((table, slots))
}

/// A run as it stands in the table.
fn place_of(key: u32, scores: &[i8]) -> [i8; features::PLACE_BYTES] {
    let mut place = [0; features::PLACE_BYTES];
    let bytes = key.to_le_bytes().map(u8::cast_signed);
    place.iter_mut().zip(bytes.iter().chain(scores)).for_each(|(place, byte)| *place = *byte);
    place
}

/// The commonest words of all languages with their votes, as the program would count them.
fn common_words(
    texts: &BTreeMap<String, String>,
    scores: &HashMap<u32, Vec<i8>>,
) -> Vec<(u64, Vec<u8>)> {
    let mut counts: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    for text in texts.values() {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for word in lines.flat_map(features::words) {
            *counts.entry(word.letters).or_default() += 1;
        }
    }
    let mut words: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
    words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    words.truncate(COMMON_WORDS_MAX);
    let row = |(letters, _): (Cow<'_, str>, usize)| {
        let mut votes = vec![0.0_f32; texts.len()];
        let known = features::vote(&letters, &mut votes, STEPS_PER_NAT as f32, |key| {
            scores.get(&key).map(|scores| place_of(key, scores))
        });
        let key = features::word_key(&letters);
        let figures = std::iter::once(known).chain(votes).flat_map(f32::to_le_bytes);
        (key, key.to_le_bytes().into_iter().chain(figures).collect())
    };
    words.into_iter().map(row).collect()
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
