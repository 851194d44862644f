//! Several articles about one event: which of their segments say the same.
//!
//! Invariants: nothing is read but the text of the segments; the answer does not depend on the
//! order in which documents come; a pair stands between two documents, never within one; memory and
//! work are bounded by [`Limits`], and grow with the number of segments, not with its square.
//!
//! The way of a comparison: segments become words with stems, numbers, names and quotations
//! (`words`, `profile`); rare words and runs of words bring segments together (`index`); pairs are
//! weighed word by word and quotation by quotation (`likeness`); documents are weighed for whether
//! they tell of one event (`event`), for in two articles on two visits the same words stand with
//! exchanged roles; all that becomes one score and a kind (`score`), and pairs become groups
//! (`group`).

mod event;
mod group;
mod index;
mod likeness;
mod limits;
mod model;
mod profile;
mod rarity;
mod score;
mod words;

pub use limits::{Limits, Refusal};
pub use model::{
    Compared, Cost, Document, EventReasons, EventTie, Group, Kind, Member, Pair, Place, Reasons,
    Segment,
};
pub use words::Words;

use event::Outline;
use index::Entry;
use likeness::Likeness;
use profile::Profile;
use rarity::Rarity;
use score::Evidence;
use std::collections::{BTreeMap, HashMap};
use words::Reader;
use xxhash_rust::xxh3::xxh3_128;

/// What a caller may choose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Score below which pairs do not come out, 0 to 1.
    pub score_min: f32,
    /// Whether pairs come out that are only related.
    pub related: bool,
    /// Every maximum.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Options {
        Options { score_min: score::RELATED_MIN, related: true, limits: Limits::default() }
    }
}

/// Documents that are being compared.
///
/// ```
/// use cesura::compare::{Comparison, Document, Kind, Options};
/// use cesura::tailoring;
/// let words = tailoring::comparison_words(&cesura::language::LanguageTag::ITALIAN);
/// let mut comparison = Comparison::new(Options::default(), words);
/// comparison.add(&Document::of_texts("uno", [
///     "Il sindaco ha inaugurato il ponte di Vallescura.",
///     "«Il ponte è di tutti, abbiatene cura», ha detto il sindaco.",
/// ]))?;
/// comparison.add(&Document::of_texts("due", [
///     "Molti curiosi nonostante la pioggia.",
///     "Il primo cittadino: \"Questo ponte è di tutti, abbiatene cura\".",
/// ]))?;
/// let compared = comparison.finish();
/// let group = &compared.groups[0];
/// assert_eq!(group.kind, Kind::Quotation);
/// assert_eq!(group.members[0].place.segment, 1);
/// assert_eq!(compared.own, [vec![0], vec![0]]);
/// # Ok::<(), cesura::compare::Refusal>(())
/// ```
pub struct Comparison {
    options: Options,
    reader: Reader,
    documents: Vec<Kept>,
    segments: u64,
    bytes: u64,
}

impl std::fmt::Debug for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Comparison");
        shown.field("documents", &self.documents.len()).field("segments", &self.segments).finish()
    }
}

/// A document without its text.
struct Kept {
    /// What decides its place among all: its text, then its name.
    order: (u128, u128),
    /// Where it came.
    number: u32,
    profiles: Vec<Profile>,
}

impl Comparison {
    /// A comparison without documents.
    pub fn new(options: Options, words: Words) -> Comparison {
        let reader = Reader::new(words);
        Comparison { options, reader, documents: Vec::new(), segments: 0, bytes: 0 }
    }

    /// Takes a document; its number is that of documents taken before. What is refused leaves no
    /// trace.
    pub fn add(&mut self, document: &Document<'_>) -> Result<(), Refusal> {
        let limits = &self.options.limits;
        let given = self.documents.len() as u64 + 1;
        let texts = || document.segments.iter().map(|segment| segment.text);
        let segments = self.segments + document.segments.len() as u64;
        let bytes = self.bytes + texts().map(|text| text.len() as u64).sum::<u64>();
        let allowed = [
            ("documents_max", given, u64::from(limits.documents_max)),
            ("segments_max", segments, u64::from(limits.segments_max)),
            ("bytes_max", bytes, limits.bytes_max),
        ];
        if let Some((limit, given, max)) = allowed.into_iter().find(|(_, given, max)| given > max) {
            return Err(Refusal { limit, given, max });
        }
        let joined = texts().collect::<Vec<&str>>().join("\u{1e}");
        let order = (xxh3_128(joined.as_bytes()), xxh3_128(document.id.as_bytes()));
        let words_max = limits.words_max as usize;
        let profiles = profile::profiles(&self.reader, document, words_max);
        let number = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        self.documents.push(Kept { order, number, profiles });
        (self.segments, self.bytes) = (segments, bytes);
        Ok(())
    }

    /// Compares all that was taken.
    pub fn finish(self) -> Compared {
        self.finish_while(&|| true).unwrap_or_default()
    }

    /// The same, as long as `go_on`, which is asked for every segment, says that somebody waits for
    /// the answer; `None` when it said no.
    pub fn finish_while(mut self, go_on: &dyn Fn() -> bool) -> Option<Compared> {
        // In an order of their own, whatever the order in which they came, every sum and every
        // choice between equals comes out the same.
        self.documents.sort_by_key(|kept| kept.order);
        let mut profiles: Vec<&mut Profile> =
            self.documents.iter_mut().flat_map(|kept| &mut kept.profiles).collect();
        profile::settle(&mut profiles);
        let numbers: Vec<u32> = self.documents.iter().map(|kept| kept.number).collect();
        let lengths: Vec<usize> = self.documents.iter().map(|kept| kept.profiles.len()).collect();
        let all: Vec<(Place, Entry)> = (0_u32..)
            .zip(std::mem::take(&mut self.documents))
            .flat_map(|(document, kept)| {
                let profiles = (0_u32..).zip(kept.profiles);
                profiles.map(move |(segment, profile)| {
                    (Place { document, segment }, Entry { document, profile })
                })
            })
            .collect();
        let (places, entries): (Vec<Place>, Vec<Entry>) = all.into_iter().unzip();
        let (mut pairs, events, cost) = self.weigh(&places, &entries, go_on)?;
        pairs.sort_by(|one, other| {
            other.score.total_cmp(&one.score).then((one.a, one.b).cmp(&(other.a, other.b)))
        });
        let mut groups = group::groups(&pairs);
        pairs.retain(|pair| {
            pair.score >= self.options.score_min
                && (self.options.related || pair.kind != Kind::Related)
        });
        pairs.truncate(self.options.limits.pairs_max as usize);
        let given = Given { numbers: &numbers };
        pairs.iter_mut().for_each(|pair| given.pair(pair));
        groups.iter_mut().for_each(|group| given.group(group));
        groups.sort_by_key(|group| {
            (group.members.first().map(|member| member.place), group.kind == Kind::Quotation)
        });
        pairs.sort_by(|one, other| {
            other.score.total_cmp(&one.score).then((one.a, one.b).cmp(&(other.a, other.b)))
        });
        let own = given.own(&lengths, &groups);
        Some(Compared { own, groups, pairs, events: given.events(events), cost })
    }

    fn weigh(
        &self,
        places: &[Place],
        entries: &[Entry],
        go_on: &dyn Fn() -> bool,
    ) -> Option<Weighed> {
        let mut cost = Cost::default();
        let rarity = Rarity::new(entries.iter().map(|entry| (entry.document, &entry.profile)));
        let candidates = index::candidates(entries, &rarity, &self.options.limits, &mut cost);
        let mut weighed: Vec<(usize, usize, Likeness)> = Vec::new();
        for (a, others) in candidates.iter().enumerate() {
            if !go_on() {
                return None;
            }
            let Some(one) = entries.get(a) else { continue };
            for b in others.iter().map(|b| *b as usize) {
                let Some(other) = entries.get(b) else { continue };
                let likeness = likeness::likeness(&one.profile, &other.profile, &rarity);
                weighed.push((a, b, likeness));
            }
        }
        let best = Best::new(&weighed, entries);
        let events = events(entries, &rarity, &best);
        let mut pairs = Vec::new();
        for (a, b, likeness) in &weighed {
            let (Some(one), Some(other)) = (places.get(*a), places.get(*b)) else { continue };
            let event = events.get(&(one.document, other.document)).map_or(0.0, |tie| tie.score);
            let lead = one.segment < LEAD_SEGMENTS && other.segment < LEAD_SEGMENTS;
            let mutual = best.mutual((*a, one.document), (*b, other.document), likeness.raw());
            let evidence = Evidence { likeness, event, mutual, lead };
            let (kind, score) = score::judge(&evidence);
            if score >= score::RELATED_MIN.min(self.options.score_min) {
                let (a, b, reasons) = (*one, *other, score::reasons(&evidence));
                let quotation = likeness.quotation.filter(|_| {
                    kind == Kind::Quotation
                        || (kind == Kind::NearDuplicate && likeness.quoted >= score::QUOTED_MIN)
                });
                pairs.push(Pair { a, b, kind, score, reasons, quotation });
            }
        }
        Some((pairs, events, cost))
    }
}

/// All pairs, whether each two documents tell of one event, and what it cost.
type Weighed = (Vec<Pair>, BTreeMap<(u32, u32), EventTie>, Cost);

/// Segments that are the head of a document.
const LEAD_SEGMENTS: u32 = 2;

/// For each segment and other document the best likeness in it.
struct Best {
    of: HashMap<(usize, u32), f32>,
    fellows: BTreeMap<(u32, u32), Fellows>,
}

/// Segments of two documents that have nothing more alike in the other, summed up by likeness.
#[derive(Clone, Copy, Debug, Default)]
struct Fellows {
    all: f32,
    agreed: f32,
    opposed: f32,
    quoted: f32,
}

impl Best {
    fn new(weighed: &[(usize, usize, Likeness)], entries: &[Entry]) -> Best {
        let document = |index: usize| entries.get(index).map_or(0, |entry| entry.document);
        let mut of: HashMap<(usize, u32), f32> = HashMap::new();
        for (a, b, likeness) in weighed {
            let raw = likeness.raw();
            for key in [(*a, document(*b)), (*b, document(*a))] {
                let best = of.entry(key).or_insert(0.0);
                *best = best.max(raw);
            }
        }
        let mut fellows: BTreeMap<(u32, u32), Fellows> = BTreeMap::new();
        for (a, b, likeness) in weighed {
            let raw = likeness.raw();
            let is_best = |key: (usize, u32)| of.get(&key).is_some_and(|best| *best <= raw);
            if is_best((*a, document(*b))) && is_best((*b, document(*a))) {
                let sum = fellows.entry((document(*a), document(*b))).or_default();
                let same_numbers = likeness.numbers_shared > 0;
                let opposed = likeness.opposed() || likeness.roles_differ || likeness.names_apart;
                sum.all += raw;
                sum.agreed += if same_numbers { raw } else { 0.0 };
                sum.opposed += if opposed { raw } else { 0.0 };
                sum.quoted = sum.quoted.max(likeness.quoted);
            }
        }
        Best { of, fellows }
    }

    /// Share of the best likeness that either has with the other's document.
    fn mutual(&self, a: (usize, u32), b: (usize, u32), raw: f32) -> f32 {
        let best = |key: (usize, u32)| self.of.get(&key).copied().unwrap_or(0.0);
        let most = best((a.0, b.1)).max(best((b.0, a.1)));
        if most > 0.0 { raw / most } else { 0.0 }
    }
}

/// Likeness of fellows that is as good as none: what a few of them say is not sure.
const FELLOWS_FEW: f32 = 0.3;

/// How sure it is of each two documents with segments alike that they tell of one event.
fn events(entries: &[Entry], rarity: &Rarity, best: &Best) -> BTreeMap<(u32, u32), EventTie> {
    let mut profiles: BTreeMap<u32, Vec<&Profile>> = BTreeMap::new();
    for entry in entries {
        profiles.entry(entry.document).or_default().push(&entry.profile);
    }
    let outlines: BTreeMap<u32, Outline> = profiles
        .iter()
        .map(|(document, profiles)| (*document, event::outline(profiles, rarity)))
        .collect();
    let length = |document: u32| {
        let all = profiles.get(&document).map_or(&[][..], Vec::as_slice);
        all.iter().filter(|profile| profile.keys.len() >= 3).count().max(1)
    };
    let mut events = BTreeMap::new();
    for ((a, b), fellows) in &best.fellows {
        let (Some(one), Some(other)) = (outlines.get(a), outlines.get(b)) else { continue };
        let (a, b) = (*a, *b);
        let share = |part: f32| part / (fellows.all + FELLOWS_FEW);
        let reasons = EventReasons {
            matched: (fellows.all / length(a).min(length(b)) as f32).min(1.0),
            quoted: fellows.quoted,
            agreed: share(fellows.agreed),
            opposed: share(fellows.opposed),
            ..event::compare(one, other)
        };
        events.insert((a, b), EventTie { a, b, score: 0.0, reasons });
    }
    beside_the_closest(&mut events);
    events
}

/// Divides how alike two documents are by how alike either is to any.
fn beside_the_closest(events: &mut BTreeMap<(u32, u32), EventTie>) {
    let mut most: HashMap<u32, f32> = HashMap::new();
    for tie in events.values() {
        for document in [tie.a, tie.b] {
            let most = most.entry(document).or_insert(0.0);
            *most = most.max(tie.reasons.closest);
        }
    }
    for tie in events.values_mut() {
        let of = |document: &u32| most.get(document).copied().unwrap_or(0.0);
        let most = of(&tie.a).max(of(&tie.b));
        tie.reasons.closest = if most > 0.0 { tie.reasons.closest / most } else { 0.0 };
        tie.score = score::event(&tie.reasons);
    }
}

/// Puts the numbers that documents were given in place of those that they were compared by.
struct Given<'n> {
    numbers: &'n [u32],
}

impl Given<'_> {
    fn number(&self, document: u32) -> u32 {
        self.numbers.get(document as usize).copied().unwrap_or(u32::MAX)
    }

    fn pair(&self, pair: &mut Pair) {
        pair.a.document = self.number(pair.a.document);
        pair.b.document = self.number(pair.b.document);
        if pair.b < pair.a {
            std::mem::swap(&mut pair.a, &mut pair.b);
            pair.quotation = pair.quotation.map(|(one, other)| (other, one));
        }
    }

    fn group(&self, group: &mut Group) {
        for member in &mut group.members {
            member.place.document = self.number(member.place.document);
        }
        group.members.sort_by_key(|member| member.place);
    }

    fn own(&self, lengths: &[usize], groups: &[Group]) -> Vec<Vec<u32>> {
        let members = groups.iter().flat_map(|group| &group.members);
        let shared: std::collections::HashSet<Place> = members.map(|member| member.place).collect();
        let mut own = vec![Vec::new(); lengths.len()];
        for (document, length) in self.numbers.iter().zip(lengths) {
            let segments = 0..u32::try_from(*length).unwrap_or(u32::MAX);
            let place = |segment: &u32| Place { document: *document, segment: *segment };
            if let Some(own) = own.get_mut(*document as usize) {
                own.extend(segments.filter(|segment| !shared.contains(&place(segment))));
            }
        }
        own
    }

    fn events(&self, events: BTreeMap<(u32, u32), EventTie>) -> Vec<EventTie> {
        let given = |tie: EventTie| {
            let (a, b) = (self.number(tie.a), self.number(tie.b));
            EventTie { a: a.min(b), b: a.max(b), ..tie }
        };
        let mut events: Vec<EventTie> = events.into_values().map(given).collect();
        events.sort_by_key(|tie| (tie.a, tie.b));
        events
    }
}
