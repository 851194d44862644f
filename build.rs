//! Three things, none with network nor environment but `OUT_DIR`:
//! (1) `proto/` → descriptor set → Rust, by protox, so that no protoc is needed;
//! (2) lexicon `*.tsv` → sorted constant slices, refusing a bad line with file and line number;
//! (3) `src/language/text/*.txt` → what runs of letters say about a language.

#[path = "src/text/form_table.rs"]
mod form_table;
#[path = "build/language.rs"]
mod language;

use prost::Message as _;
use prost_types::FileDescriptorSet;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Languages with a folder `src/tailoring/<language>/lexicon`.
const LANGUAGES: &[&str] = &["english", "french", "german", "italian", "portuguese", "spanish"];

/// Classes in the order of `sentence::Class`, which the generated slices are sorted by.
const CLASSES: &[&str] = &[
    "title",
    "reference",
    "introducing",
    "closing",
    "office",
    "calendar",
    "measure",
    "place",
    "label",
    "regnal",
    "marked",
    "naming",
    "starter",
    "incomplete",
    "saying",
    "governing",
    "particle",
    "aphaeretic",
    "article",
    "company",
    "holder",
    "numbered",
    "ending",
    "said",
    "auxiliary",
    "clitic",
    "preposition",
    "clause",
    "elided",
    "determiner",
];

/// Classes of phrases, as `block::PhraseClass` has them; a phrase may have several, joined by `+`.
#[rustfmt::skip]
const PHRASE_CLASSES: &[&str] = &[
    "boilerplate", "related", "metadata", "credit", "byline", "closing", "author", "kicker",
    "picture", "scene", "masthead", "verb", "work", "points", "place",
];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    for language in LANGUAGES {
        let lexicon = Lexicon { folder: format!("src/tailoring/{language}/lexicon") };
        fs::write(out.join(format!("{language}_lexicon.rs")), lexicon.source()?)?;
    }
    language::table(&out)?;
    if env::var_os("CARGO_FEATURE_SERVER").is_some() {
        protos(&out)?;
    }
    Ok(())
}

/// Compiles the protos; the descriptor set, with comments, also feeds server reflection.
fn protos(out: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let mut resolver = protox::file::ChainFileResolver::new();
    resolver.add(protox::file::IncludeFileResolver::new("proto".into()));
    resolver.add(protox::file::GoogleFileResolver::new());
    resolver.add(protox::file::DescriptorSetFileResolver::new(google_rpc()?));
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).include_source_info(true).open_files([
        "cesura/v1/alignment_service.proto",
        "cesura/v1/comparison_service.proto",
        "cesura/v1/exchange_service.proto",
        "cesura/v1/segmentation_service.proto",
        "grpc/health/v1/health.proto",
        "google/rpc/error_details.proto",
    ])?;
    fs::write(out.join("descriptor.bin"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure()
        .codec_path("crate::wire::Codec")
        .extern_path(".google.rpc", "::tonic_types::pb")
        .emit_rerun_if_changed(false)
        .compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}

/// google/rpc/status.proto and error_details.proto come with tonic-types and are not copied into
/// this repository; there they lack their folder.
fn google_rpc() -> Result<FileDescriptorSet, Box<dyn Error>> {
    let mut set = FileDescriptorSet::decode(tonic_types::pb::FILE_DESCRIPTOR_SET)?;
    for file in &mut set.file {
        let name = file.name.take().unwrap_or_default();
        let folder = if name.contains('/') { "" } else { "google/rpc/" };
        file.name = Some(format!("{folder}{name}"));
    }
    Ok(set)
}

/// One line of a lexicon file, with its place for messages.
struct Row {
    place: String,
    columns: Vec<String>,
}

/// The lexicon files of one language.
struct Lexicon {
    folder: String,
}

impl Lexicon {
    fn rows(&self, name: &str, columns: usize) -> Result<Vec<Row>, Box<dyn Error>> {
        let path = format!("{}/{name}", self.folder);
        println!("cargo::rerun-if-changed={path}");
        let mut rows = Vec::new();
        for (number, line) in fs::read_to_string(&path)?.lines().enumerate() {
            let place = format!("{path}:{}", number + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let found: Vec<String> = line.split('\t').map(str::to_owned).collect();
            if found.len() != columns || found.iter().any(|column| column.trim().is_empty()) {
                return Err(
                    format!("{place}: {columns} columns separated by tabs are needed").into()
                );
            }
            rows.push(Row { place, columns: found });
        }
        Ok(rows)
    }

    /// All files as Rust: constant slices, sorted.
    fn source(&self) -> Result<String, Box<dyn Error>> {
        let mut entries: BTreeMap<(String, usize), (String, String)> = BTreeMap::new();
        let mut before = (String::new(), 0);
        for row in self.rows("abbreviations.tsv", 4)? {
            let [form, class, reason, example] = row.columns.as_slice() else { continue };
            let class = class_of(class, &row.place)?;
            let key = (form.clone(), class);
            if key <= before && before != (String::new(), 0) {
                return Err(format!("{}: {form:?} stands twice or is not sorted", row.place).into());
            }
            if form.ends_with('.') || !example.contains(['÷', '×']) {
                return Err(format!(
                    "{}: a form without its last stop, and an example with ÷ or ×",
                    row.place
                )
                .into());
            }
            before = key.clone();
            entries.insert(key, (reason.clone(), example.clone()));
        }
        for row in self.rows("words.tsv", 3)? {
            let [class, reason, words] = row.columns.as_slice() else { continue };
            let class = class_of(class, &row.place)?;
            for word in words.split(' ') {
                let key = (word.to_owned(), class);
                if entries.insert(key, (reason.clone(), String::new())).is_some() {
                    return Err(format!("{}: {word:?} stands twice", row.place).into());
                }
            }
        }
        let mut out = String::from("pub(super) const ENTRIES: &[Entry] = &[\n");
        for ((form, class), (reason, example)) in &entries {
            let class = variant(CLASSES.get(*class).ok_or("a class of the list")?);
            writeln!(
                out,
                "Entry {{ form: {form:?}, class: Class::{class}, reason: {reason:?}, example: {example:?} }},"
            )?;
        }
        out.push_str("];\n");
        let mut forms: BTreeMap<String, u32> = BTreeMap::new();
        for (form, class) in entries.keys() {
            *forms.entry(form.clone()).or_default() |= 1 << class;
        }
        self.values(&mut out, &mut forms)?;
        form_slots(&mut out, &forms)?;
        // Phrases of the page belong to languages with block rules of their own.
        if Path::new(&self.folder).join("phrases.tsv").exists() {
            self.phrases(&mut out)?;
        }
        Ok(out)
    }

    /// Words that stand for a value, where the language has such a file.
    fn values(
        &self,
        out: &mut String,
        forms: &mut BTreeMap<String, u32>,
    ) -> Result<(), Box<dyn Error>> {
        const CLASSES: &[&str] = &["month", "scale", "currency", "unit", "agency"];
        let mut values: BTreeMap<(String, usize), String> = BTreeMap::new();
        let name = "values.tsv";
        let rows = if Path::new(&self.folder).join(name).exists() {
            self.rows(name, 3)?
        } else {
            Vec::new()
        };
        for row in rows {
            let [class, value, words] = row.columns.as_slice() else { continue };
            known(class, CLASSES, &row.place)?;
            let class = CLASSES.iter().position(|one| one == class).unwrap_or(0);
            for word in words.split(' ') {
                if values.insert((word.to_owned(), class), value.clone()).is_some() {
                    return Err(format!("{}: {word:?} stands twice", row.place).into());
                }
            }
        }
        out.push_str("pub(super) const VALUES: &[Value] = &[\n");
        for ((word, class), value) in &values {
            *forms.entry(word.clone()).or_default() |= 1 << 31;
            let class = variant(CLASSES.get(*class).ok_or("a class of the list")?);
            writeln!(
                out,
                "Value {{ word: {word:?}, class: ValueClass::{class}, value: {value:?} }},"
            )?;
        }
        out.push_str("];\n");
        Ok(())
    }

    fn phrases(&self, out: &mut String) -> Result<(), Box<dyn Error>> {
        out.push_str("pub(super) const PHRASES: &[Phrase] = &[\n");
        let mut before = String::new();
        let (mut anywhere, mut at_head) = (PhraseRows::new(), PhraseRows::new());
        let mut count = 0;
        for row in self.rows("phrases.tsv", 4)? {
            let [text, class, place, reason] = row.columns.as_slice() else { continue };
            if *text <= before || *text != text.to_lowercase() || text.contains('’') {
                return Err(format!(
                    "{}: phrases are sorted, in lower case, with straight apostrophes",
                    row.place
                )
                .into());
            }
            known(place, &["whole", "opens", "begins", "contains"], &row.place)?;
            let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
            let first = words().next().ok_or(format!("{}: a phrase without a word", row.place))?;
            if place != "contains" && !text.starts_with(first) {
                let place = &row.place;
                return Err(
                    format!("{place}: signs before the head of a block are not seen").into()
                );
            }
            for class in class.split('+') {
                known(class, PHRASE_CLASSES, &row.place)?;
                let (class, place) = (variant(class), variant(place));
                writeln!(
                    out,
                    "Phrase {{ text: {text:?}, class: PhraseClass::{class}, place: PhrasePlace::{place}, reason: {reason:?} }},"
                )?;
                let (rows, word) = match place.as_str() {
                    "Contains" => (&mut anywhere, words().rev().max_by_key(|word| word.len())),
                    _ => (&mut at_head, Some(first)),
                };
                let word = word.unwrap_or(first);
                let row = PhraseRow {
                    entry: count,
                    class: class.clone(),
                    before: text.find(word).unwrap_or(0),
                    ahead: sign_ahead(text, word),
                    behind: letters_behind(text, word),
                };
                rows.entry(form_table::hash(word)).or_default().push(row);
                count += 1;
            }
            before.clone_from(text);
        }
        out.push_str("];\n");
        phrase_index(out, "PHRASES_ANYWHERE", &anywhere)?;
        phrase_index(out, "PHRASES_AT_HEAD", &at_head)?;
        Ok(())
    }
}

/// A phrase as `block::PhraseRow` has it.
struct PhraseRow {
    entry: usize,
    class: String,
    before: usize,
    ahead: u8,
    behind: [u8; 2],
}

/// The phrases that have a word, by its hash.
type PhraseRows = BTreeMap<u32, Vec<PhraseRow>>;

/// The last byte before a word of a phrase, spaces aside, by which most places where the phrase
/// does not stand are passed over; 0 for none, and for a figure, which stands for any.
fn sign_ahead(text: &str, word: &str) -> u8 {
    let before = text.find(word).and_then(|at| text.get(..at)).unwrap_or("");
    let sign = before.trim_end_matches(' ').bytes().next_back();
    sign.filter(|byte| !byte.is_ascii_digit()).unwrap_or(0)
}

/// What stands behind a word of a phrase and one more sign, which is nearly always a space: two
/// letters by which most phrases that do not stand there are passed over; 0 for none.
fn letters_behind(text: &str, word: &str) -> [u8; 2] {
    let behind = text.find(word).map_or(text.len(), |at| at + word.len() + 1);
    let letter =
        |place: usize| text.as_bytes().get(behind + place).filter(|byte| byte.is_ascii_lowercase());
    [0, 1].map(|place| letter(place).copied().unwrap_or(0))
}

/// Writes a `block::PhraseIndex`.
fn phrase_index(out: &mut String, name: &str, rows: &PhraseRows) -> Result<(), Box<dyn Error>> {
    let mut bits = [0_u64; form_table::BITS / 64];
    for hash in rows.keys() {
        let (place, bit) = form_table::bit_of(*hash);
        *bits.get_mut(place).ok_or("every hash has its bit")? |= 1 << bit;
    }
    writeln!(out, "pub(super) const {name}: PhraseIndex = PhraseIndex {{ words: &[")?;
    let rows = rows.iter().map(|(hash, rows)| (*hash, (*hash, rows.as_slice())));
    for (hash, rows) in hashed(rows)?.into_iter().map(Option::unwrap_or_default) {
        write!(out, "PhraseWord {{ hash: {hash}, rows: &[")?;
        for PhraseRow { entry, class, before, ahead, behind } in rows {
            write!(
                out,
                "PhraseRow {{ entry: {entry}, class: PhraseClass::{class}, before: {before}, ahead: {ahead}, behind: {behind:?} }},"
            )?;
        }
        out.push_str("] },\n");
    }
    writeln!(out, "], bits: &{bits:?} }};")?;
    Ok(())
}

fn class_of(name: &str, place: &str) -> Result<usize, Box<dyn Error>> {
    known(name, CLASSES, place)?;
    Ok(CLASSES.iter().position(|class| *class == name).unwrap_or(0))
}

/// The table of forms: what `Lexicon::forms` says.
fn form_slots(out: &mut String, forms: &BTreeMap<String, u32>) -> Result<(), Box<dyn Error>> {
    out.push_str("pub(super) const FORMS: &[Form] = &[\n");
    let rows = forms.iter().map(|(form, bits)| {
        let hash = form_table::hash(form);
        (hash, (form.as_str(), hash, *bits))
    });
    for (form, hash, bits) in hashed(rows)?.into_iter().map(Option::unwrap_or_default) {
        writeln!(out, "Form {{ form: {form:?}, hash: {hash}, bits: {bits} }},")?;
    }
    out.push_str("];\n");
    Ok(())
}

/// Rows by the hashes of their forms: each where `form_table::slot_of` puts it or behind, in a
/// table of which at least half stays empty.
fn hashed<T: Clone>(
    rows: impl ExactSizeIterator<Item = (u32, T)>,
) -> Result<Vec<Option<T>>, Box<dyn Error>> {
    let mut table = vec![None; (rows.len() * 2).next_power_of_two()];
    for (hash, row) in rows {
        let home = form_table::slot_of(hash, table.len() - 1);
        let (before, behind) = table.split_at_mut(home);
        let mut free = behind.iter_mut().chain(before).filter(|place| place.is_none());
        *free.next().ok_or("half of the places are free")? = Some(row);
    }
    Ok(table)
}

fn known(name: &str, allowed: &[&str], place: &str) -> Result<(), Box<dyn Error>> {
    if allowed.contains(&name) {
        return Ok(());
    }
    Err(format!("{place}: {name:?} is none of {}", allowed.join(", ")).into())
}

/// `list_item` → `ListItem`: the name of an enum's variant.
fn variant(name: &str) -> String {
    let capitalized = |part: &str| {
        let (first, rest) = part.split_at(part.len().min(1));
        first.to_uppercase() + rest
    };
    name.split('_').map(capitalized).collect()
}
