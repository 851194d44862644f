//! The votes of the words, whatlang for what they do not know, and how the two are weighed.

use super::LanguageTag;
use super::features::{self, Word};
use super::runs::{self, TAGS, Votes};

/// Letters below which a text is too short to be called reliable by itself.
const DETECT_LETTERS_MIN: usize = 60;

/// Bytes of a text that are looked at: longer text does not change the answer.
const DETECT_BYTES_MAX: usize = 2048;

/// Confidence from which a detection is called reliable.
const RELIABLE_CONFIDENCE_MIN: f32 = 0.8;

/// What a capitalized word counts: names stand in every language. From the same fit as the weights
/// of the votes.
pub(super) const NAME_WEIGHT: f32 = 0.24;

/// Share of known runs that prose in a language of the table has nearly always, and prose in
/// Polish, Czech, Finnish or Turkish seldom; fitted with the weights.
const KNOWN_MIN: f32 = 0.885;

/// The same for a few words.
const KNOWN_MIN_SHORT: f32 = 0.75;

/// Letters from which a text is more than a few words.
const SHORT_LETTERS_MAX: usize = 32;

/// Confidence at most in what has too few known runs to be prose of the table's languages.
const CONFIDENCE_UNKNOWN_MAX: f32 = 0.6;

/// Nats that the language of the document is ahead of every other in its parts.
const DOCUMENT_PRIOR: f32 = 3.0;

/// Bytes of a part that are read first.
const PART_HEAD_BYTES: usize = 160;

/// Bytes of a text from which some of its words are asked first, and how many of them.
const SAMPLED_BYTES_MIN: usize = 512;
const SAMPLED_WORDS: usize = 20;

/// The same for a part, whose document speaks for it: a few words, and some more where these leave
/// it open.
const SAMPLED_PART_BYTES_MIN: [usize; 2] = [40, 100];
const SAMPLED_PART_WORDS: [usize; 2] = [4, 10];

/// Confidence from which some words, or the head of a part, speak for all of it.
const PLAIN_CONFIDENCE_MIN: f32 = 0.999;

/// Nats behind the best from which a language counts as impossible: e^-17 is under half of the
/// last place of 1.0.
const FAR_BEHIND: f32 = -17.0;

/// What a language was concluded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The client said so.
    Declared,
    /// The document as a whole.
    Document,
    /// The text itself.
    OwnEvidence,
}

/// A language with the ground it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// BCP-47; `und` where nothing can be said.
    pub tag: LanguageTag,
    /// ISO 15924 code of the script most letters are in: `Latn`; `Zyyy` where there are none.
    pub script: &'static str,
    /// 0 to 1: of many texts given 0.9, nine in ten are right. `cesura eval language` lets a scorer
    /// check that.
    pub confidence: f32,
    /// Whether `confidence` is high enough to act upon.
    pub reliable: bool,
    /// What it was concluded from.
    pub basis: Basis,
}

impl Detection {
    /// The language the client declared, taken at its word.
    pub fn declared(tag: LanguageTag, sample: &str) -> Detection {
        let script = script_of(head_of(sample));
        Detection { tag, script, confidence: 1.0, reliable: true, basis: Basis::Declared }
    }

    /// The same language, inherited by a part of the document.
    #[must_use]
    pub fn inherited(&self) -> Detection {
        let basis = match self.basis {
            Basis::Declared => Basis::Declared,
            Basis::Document | Basis::OwnEvidence => Basis::Document,
        };
        Detection { basis, ..self.clone() }
    }

    fn undetermined(script: &'static str) -> Detection {
        Detection {
            tag: LanguageTag::UNDETERMINED,
            script,
            confidence: 0.0,
            reliable: false,
            basis: Basis::OwnEvidence,
        }
    }
}

/// A word with its votes.
#[derive(Clone, Debug)]
pub(super) struct Voter<'t> {
    pub(super) word: Word<'t>,
    pub(super) votes: Votes,
    /// Share of its runs that the table knows.
    known: f32,
}

/// The words of a text, each with its votes.
pub(super) fn voters(text: &str) -> Vec<Voter<'_>> {
    features::words(text).map(vote).collect()
}

fn vote(word: Word<'_>) -> Voter<'_> {
    let (votes, known) = runs::votes(&word.letters);
    Voter { word, votes, known }
}

/// What the words of a text say together.
struct Tally {
    votes: Votes,
    letters: usize,
    /// Letters of the words that count, those of names less; and of these, by the share of each
    /// word's runs that the table knows.
    weights: f32,
    known: f32,
    /// Some word is no name: a text of names alone says nothing.
    prose: bool,
}

impl Tally {
    fn new() -> Tally {
        Tally { votes: runs::PRIORS, letters: 0, known: 0.0, weights: 0.0, prose: false }
    }

    fn of(words: &[Voter<'_>]) -> Tally {
        let mut tally = Tally::new();
        let capitals = words.iter().filter(|one| one.word.capitals).count() * 2 > words.len();
        for (place, Voter { word, votes, known }) in words.iter().enumerate() {
            let name = place > 0 && (word.capitalized || word.capitals && !capitals);
            tally.add(&word.letters, if name { NAME_WEIGHT } else { 1.0 }, (votes, *known));
            tally.prose |= capitals || !word.capitalized && !word.capitals;
        }
        tally
    }

    /// What some of the words of a text say, from its beginning to its end: names aside, which say
    /// little, and one of each stretch. A common word is asked before another, whose votes would
    /// have to be counted; but not many are looked at to find one, or foreign prose would seem to
    /// be made of words that we know.
    fn of_sample(text: &str, stretches: usize) -> Tally {
        let mut tally = Tally::new();
        for mut words in features::stretches(text, stretches) {
            let Some(mut word) = words.next() else { continue };
            let mut voted = runs::common_votes(&word.letters);
            if voted.is_none()
                && let Some(next) = words.next()
                && let Some(votes) = runs::common_votes(&next.letters)
            {
                (word, voted) = (next, Some(votes));
            }
            let (votes, known) = voted.unwrap_or_else(|| runs::votes(&word.letters));
            tally.add(&word.letters, 1.0, (&votes, known));
            tally.prose = true;
        }
        tally
    }

    fn add(&mut self, letters: &str, weight: f32, (votes, known): (&Votes, f32)) {
        for (sum, vote) in self.votes.iter_mut().zip(votes) {
            *sum += vote * weight;
        }
        let letters = letters.chars().count();
        self.letters += letters;
        self.known += known * weight * letters as f32;
        self.weights += weight * letters as f32;
    }

    /// The same for a part of a document in the language of a column, which is ahead.
    fn within(mut self, of_document: usize) -> Tally {
        if let Some(vote) = self.votes.get_mut(of_document) {
            *vote += DOCUMENT_PRIOR;
        }
        self
    }

    /// How probable the language of a column is, where the rest of the text would not change the
    /// answer that it is this.
    fn says_plainly(&self, column: usize) -> Option<f32> {
        let (best, confidence) = self.best();
        let plain = self.prose && confidence >= PLAIN_CONFIDENCE_MIN && self.is_known();
        (best == column && plain).then_some(confidence)
    }

    /// Column with most votes, and how probable it is: the votes are log-probabilities.
    fn best(&self) -> (usize, f32) {
        let start = (0, f32::NEG_INFINITY);
        let best = self.votes.iter().enumerate().fold(start, |best, (column, vote)| {
            if *vote > best.1 { (column, *vote) } else { best }
        });
        // What is far behind adds nothing that a figure of 32 bits would show.
        let ahead = self.votes.iter().map(|vote| vote - best.1).filter(|ahead| *ahead > FAR_BEHIND);
        let sum: f32 = ahead.map(f32::exp).sum();
        (best.0, 1.0 / sum)
    }

    /// Whether the rest of the text would not change the answer.
    fn is_plain(&self) -> bool {
        self.prose && self.is_known() && self.best().1 >= PLAIN_CONFIDENCE_MIN
    }

    /// Whether there are enough known runs for prose in a language of the table.
    fn is_known(&self) -> bool {
        let short = self.letters <= SHORT_LETTERS_MAX;
        let known = if self.weights > 0.0 { self.known / self.weights } else { 0.0 };
        known >= if short { KNOWN_MIN_SHORT } else { KNOWN_MIN }
    }
}

/// The language of a text by itself.
///
/// Linear in the text, of which at most 2 KiB are looked at.
///
/// ```
/// use cesura::language::detect;
/// let found = detect("Il leader della Corea del Nord è arrivato in Russia con un treno speciale.");
/// assert_eq!(found.tag.as_str(), "it");
/// assert!(found.reliable);
/// assert_eq!(detect("12.09.2023").tag.as_str(), "und");
/// ```
pub fn detect(text: &str) -> Detection {
    let text = head_of(text);
    let script = script_of(text);
    if script != "Latn" {
        return by_whatlang(text, script).unwrap_or_else(|| Detection::undetermined(script));
    }
    // Plain prose in one language says so in a few of its words, wherever they are taken from;
    // to ask them all costs more than to segment the text.
    if text.len() >= SAMPLED_BYTES_MIN {
        let tally = Tally::of_sample(text, SAMPLED_WORDS);
        if tally.is_plain() {
            // All of the text has more letters than the words that were asked.
            let letters = tally.letters.max(DETECT_LETTERS_MIN);
            return by_votes(text, script, &Tally { letters, ..tally });
        }
    }
    by_votes(text, script, &Tally::of(&voters(text)))
}

fn by_votes(text: &str, script: &'static str, tally: &Tally) -> Detection {
    if tally.letters == 0 {
        return Detection::undetermined(script);
    }
    let (column, mut confidence) = tally.best();
    if !tally.is_known() {
        let other = by_whatlang(text, script).filter(|found| !in_table(&found.tag));
        if let Some(other) = other {
            return other;
        }
        confidence = confidence.min(CONFIDENCE_UNKNOWN_MAX);
    }
    if !tally.prose || is_code(text) {
        confidence *= 0.68;
    }
    let reliable = confidence >= RELIABLE_CONFIDENCE_MIN && tally.letters >= DETECT_LETTERS_MIN;
    let tag = TAGS.get(column).map_or(LanguageTag::UNDETERMINED, |tag| LanguageTag::known(tag));
    Detection { tag, script, confidence, reliable, basis: Basis::OwnEvidence }
}

/// Whether signs of programs stand among the letters.
fn is_code(text: &str) -> bool {
    #[expect(
        clippy::indexing_slicing,
        reason = "in a constant: an index out of bounds does not compile"
    )]
    const SIGNS: [bool; 256] = {
        let (signs, mut table, mut at) = (*b"{}[]=;\\|_$<>", [false; 256], 0);
        while at < signs.len() {
            table[signs[at] as usize] = true;
            at += 1;
        }
        table
    };
    let signs = text.bytes().filter(|byte| SIGNS.get(usize::from(*byte)) == Some(&true)).count();
    signs * 12 > text.len()
}

fn in_table(tag: &LanguageTag) -> bool {
    TAGS.contains(&tag.primary())
}

/// whatlang, for scripts and languages that the table has not.
fn by_whatlang(text: &str, script: &'static str) -> Option<Detection> {
    let info = whatlang::detect(text)?;
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(DETECT_LETTERS_MIN).count();
    let confidence = info.confidence() as f32;
    Some(Detection {
        tag: LanguageTag::of_detector(info.lang()),
        script,
        confidence,
        reliable: confidence >= RELIABLE_CONFIDENCE_MIN && letters >= DETECT_LETTERS_MIN,
        basis: Basis::OwnEvidence,
    })
}

/// The language of a part of a document in `document`: the document's, unless the part speaks
/// against it.
pub fn detect_within(text: &str, document: &Detection) -> Detection {
    let text = head_of(text);
    if let Some(of_document) = column_of(document)
        && script_of(text) == "Latn"
    {
        for (bytes_min, words) in SAMPLED_PART_BYTES_MIN.into_iter().zip(SAMPLED_PART_WORDS) {
            if text.len() < bytes_min {
                break;
            }
            let tally = Tally::of_sample(text, words).within(of_document);
            if let Some(confidence) = tally.says_plainly(of_document) {
                return confirmed(document, confidence);
            }
        }
    }
    part(text, document, voters)
}

/// The same for a part whose words have voted: `voted` gives the voters of its head, and of all of
/// it.
pub(super) fn part<'t, V: AsRef<[Voter<'t>]>>(
    text: &'t str,
    document: &Detection,
    voted: impl Fn(&'t str) -> V,
) -> Detection {
    let Some(of_document) = column_of(document) else {
        let own = detect(text);
        let speaks = own.reliable && own.tag.primary() != document.tag.primary();
        return if speaks { own } else { document.inherited() };
    };
    let script = script_of(text);
    if script != "Latn" {
        let own = detect(text);
        return if own.reliable { own } else { document.inherited() };
    }
    let tally = |text| Tally::of(voted(text).as_ref()).within(of_document);
    // Most parts speak the document's language and say so in their first words.
    let head = text.get(..text.floor_char_boundary(PART_HEAD_BYTES)).unwrap_or(text);
    // All words of a short part are asked below.
    if head.len() < text.len()
        && let Some(confidence) = tally(head).says_plainly(of_document)
    {
        return confirmed(document, confidence);
    }
    let tally = tally(text);
    // A byline, a credit: names have no language of their own.
    if !tally.prose {
        return document.inherited();
    }
    let own = by_votes(text, script, &tally);
    let same = own.tag.primary() == document.tag.primary();
    if same { confirmed(document, own.confidence) } else { own }
}

/// The column of the table for the language of a document.
pub(super) fn column_of(document: &Detection) -> Option<usize> {
    let primary = document.tag.primary();
    TAGS.iter().position(|tag| *tag == primary)
}

/// The language of `document`, of which a part is `confidence` sure by itself.
fn confirmed(document: &Detection, confidence: f32) -> Detection {
    Detection { confidence: confidence.max(document.confidence), ..document.inherited() }
}

fn head_of(text: &str) -> &str {
    let end = text.floor_char_boundary(DETECT_BYTES_MAX);
    text.get(..end).unwrap_or(text)
}

fn script_of(text: &str) -> &'static str {
    // Where more than half of the text is in these letters, no other script can have more.
    // In stretches whose count fits a byte: these the compiler counts many at a time.
    let count = |stretch: &[u8]| {
        stretch.iter().map(|byte| u8::from(byte.is_ascii_alphabetic())).sum::<u8>()
    };
    let latin: usize = text.as_bytes().chunks(255).map(|stretch| usize::from(count(stretch))).sum();
    if latin * 2 > text.len() {
        return "Latn";
    }
    whatlang::detect_script(text).map_or("Zyyy", script_code)
}

/// ISO 15924 code of each script whatlang tells apart.
fn script_code(script: whatlang::Script) -> &'static str {
    use whatlang::Script;
    match script {
        Script::Arabic => "Arab",
        Script::Armenian => "Armn",
        Script::Bengali => "Beng",
        Script::Cyrillic => "Cyrl",
        Script::Devanagari => "Deva",
        Script::Ethiopic => "Ethi",
        Script::Georgian => "Geor",
        Script::Greek => "Grek",
        Script::Gujarati => "Gujr",
        Script::Gurmukhi => "Guru",
        Script::Hangul => "Hang",
        Script::Hebrew => "Hebr",
        Script::Hiragana => "Hira",
        Script::Kannada => "Knda",
        Script::Katakana => "Kana",
        Script::Khmer => "Khmr",
        Script::Latin => "Latn",
        Script::Malayalam => "Mlym",
        Script::Mandarin => "Hani",
        Script::Myanmar => "Mymr",
        Script::Oriya => "Orya",
        Script::Sinhala => "Sinh",
        Script::Tamil => "Taml",
        Script::Telugu => "Telu",
        Script::Thai => "Thai",
    }
}
