//! What goes into a comparison, and what comes out.

use crate::text::Span;

/// A document to be compared: its segments in their order.
#[derive(Clone, Debug, Default)]
pub struct Document<'t> {
    /// Its name. Of documents with the same text the name decides which comes first.
    pub id: &'t str,
    /// Its segments, in their order.
    pub segments: Vec<Segment<'t>>,
}

impl<'t> Document<'t> {
    /// A document of which nothing is known but the text of its segments.
    pub fn of_texts(id: &'t str, texts: impl IntoIterator<Item = &'t str>) -> Document<'t> {
        Document { id, segments: texts.into_iter().map(Segment::new).collect() }
    }
}

/// A segment to be compared.
#[derive(Clone, Debug)]
pub struct Segment<'t> {
    /// Its text.
    pub text: &'t str,
    /// Whether it is no part of the article: navigation, tags, a form for comments. It says the
    /// same as nothing and is nobody's own.
    pub furniture: bool,
    /// Its quotations, relative to the segment, ascending; `None` to have them found by their
    /// marks.
    pub quotations: Option<Vec<Span>>,
}

impl<'t> Segment<'t> {
    /// A segment of the article whose quotations are to be found.
    pub fn new(text: &'t str) -> Segment<'t> {
        Segment { text, furniture: false, quotations: None }
    }
}

/// A segment, by the numbers of its document and of itself in it, both from 0 in the order in
/// which they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Number of the document.
    pub document: u32,
    /// Number of the segment in it.
    pub segment: u32,
}

/// In what two segments are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The same words throughout, but for a few: copy of an agency.
    NearDuplicate,
    /// Somebody's same words, perhaps shortened or translated differently.
    Quotation,
    /// The same fact.
    Statement,
    /// The same event seen from elsewhere, or one fact of several: one does not stand for the
    /// other. Makes no groups.
    Related,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 4] =
        [Kind::NearDuplicate, Kind::Quotation, Kind::Statement, Kind::Related];

    /// Name in lower snake case.
    ///
    /// ```
    /// assert_eq!(cesura::compare::Kind::NearDuplicate.name(), "near_duplicate");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Kind::NearDuplicate => "near_duplicate",
            Kind::Quotation => "quotation",
            Kind::Statement => "statement",
            Kind::Related => "related",
        }
    }
}

/// Two segments of different documents that have something in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The segment that comes first.
    pub a: Place,
    /// The other.
    pub b: Place,
    /// In what they are the same.
    pub kind: Kind,
    /// How sure, 0 to 1: from 0.5 on the two are held to say the same, unless only related.
    pub score: f32,
    /// What the score is made of.
    pub reasons: Reasons,
    /// Where the quotation that they share stands in `a` and in `b`.
    pub quotation: Option<(Span, Span)>,
}

/// What the score of a pair is made of. All shares are weighed by how rare the words are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reasons {
    /// Share of the words of the shorter segment that the longer has as well, 0 to 1.
    pub containment: f32,
    /// Share of the words of both that are common, 0 to 1 (Dice's coefficient).
    pub overlap: f32,
    /// Weight of the common words: 1 is one word that stands nowhere else.
    pub weight: f32,
    /// The part of the weight that is no names.
    pub content: f32,
    /// Share of the names of the segment with fewer that the other has as well, 0 to 1.
    pub names: f32,
    /// Weight of the longest common run of words.
    pub run: f32,
    /// The same between the quotations, or a quotation and the other segment, 0 to 1.
    pub quoted: f32,
    /// How much alike the two are beside what else is like them in the other's document, 0 to 1.
    pub mutual: f32,
    /// How sure it is that the two documents tell of one event, 0 to 1.
    pub event: f32,
    /// Numbers that both have.
    pub numbers_shared: u8,
    /// Whether both have numbers or dates that the other has not: the same fact with another
    /// figure, or another fact.
    pub differs: bool,
    /// Whether who acts and where are exchanged.
    pub roles_differ: bool,
    /// Whether both have names, and none in common.
    pub names_apart: bool,
    /// Whether both stand at the head of their documents.
    pub lead: bool,
}

/// Segments that say the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// In what they are the same.
    pub kind: Kind,
    /// Mean score of the pairs that hold it together.
    pub score: f32,
    /// Its segments, ascending; at least two, of at least two documents.
    pub members: Vec<Member>,
    /// Whether two of its members have different figures or dates.
    pub differs: bool,
}

/// A segment in a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// Which.
    pub place: Place,
    /// Where in it the common quotation stands.
    pub quotation: Option<Span>,
    /// Score of its best pair in the group.
    pub score: f32,
}

/// What came out of a comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// Groups, by their first member, quotations after other kinds.
    pub groups: Vec<Group>,
    /// Pairs by descending score, then ascending places; no more than [`super::Limits::pairs_max`].
    pub pairs: Vec<Pair>,
    /// For each document the segments that are in no group, ascending.
    pub own: Vec<Vec<u32>>,
    /// Documents that have segments alike, ascending: whether they tell of one event.
    pub events: Vec<EventTie>,
    /// What it cost.
    pub cost: Cost,
}

/// How sure it is that two documents tell of one event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventTie {
    /// Number of the document that comes first.
    pub a: u32,
    /// Number of the other.
    pub b: u32,
    /// How sure, 0 to 1.
    pub score: f32,
    /// What the score is made of.
    pub reasons: EventReasons,
}

/// What speaks for and against one event; all but dates 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EventReasons {
    /// How alike the words are, the lead counting double (cosine).
    pub about: f32,
    /// How alike names, numbers and dates are (cosine).
    pub anchors: f32,
    /// How alike those are who act in the lead (cosine).
    pub actors: f32,
    /// How alike the places are (cosine).
    pub places: f32,
    /// 1 if a month or year stands in both leads, -1 if each has others, 0 if one has none.
    pub dates: f32,
    /// Share of the segments of the shorter document that have a fellow in the other.
    pub matched: f32,
    /// Best likeness of two quotations.
    pub quoted: f32,
    /// Share of the fellows that have numbers in common.
    pub agreed: f32,
    /// How alike the words are that not all documents have, beside the document that is most like
    /// either.
    pub closest: f32,
    /// Share of the fellows that have other numbers or exchanged roles.
    pub opposed: f32,
}

/// What a comparison cost, in counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Times that a word brought two segments together.
    pub meetings: u64,
    /// Pairs of segments that were weighed.
    pub weighed: u64,
}
