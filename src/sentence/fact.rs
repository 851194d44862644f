//! What holds of a candidate: read once, so that a row is passed over by one comparison.

use super::lexicon::{Class, Classes};

/// What may hold of a candidate and its surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// It is a line end without a terminator.
    LineEnd,
    /// It is a colon or semicolon that the caller wants segments to end at.
    ClauseMark,
    /// Its terminator is one full stop and nothing else.
    FullStop,
    /// It has a question or exclamation mark.
    AsksOrExclaims,
    /// Its last terminators are an ellipsis.
    Ellipsis,
    /// More than terminators belong to it: marks that close, a note, an emoji.
    Closes,
    /// No white space follows.
    Glued,
    /// White space follows.
    Spaced,
    /// The word before it is made of figures.
    Figures,
    /// The word before it is one letter.
    Letter,
    /// The form before it is one of the lexicon in this class: as a whole, behind an elision, as
    /// its last part, or spelled with spaces (`S. p. A`).
    Before(Class),
    /// The word that follows begins with a capital.
    UpperFollows,
    /// The word that follows begins with a small letter.
    LowerFollows,
    /// The word that follows begins with a figure.
    FigureFollows,
    /// A dash stands before the word that follows.
    DashFollows,
    /// No mark stands before the word that follows.
    BareFollows,
    /// The word that follows is one of the lexicon in this class.
    After(Class),
    /// It stands inside a bracket.
    InsideBracket,
    /// It stands inside a quotation.
    InsideQuotation,
    /// It stands inside an address.
    InsideAddress,
    /// The caller wants something otherwise than the policy has it.
    Requested,
}

/// Some facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// A bit for each fact that is no class of the lexicon.
    place: u32,
    before: Classes,
    after: Classes,
}

impl Facts {
    /// All of `facts`.
    ///
    /// ```
    /// use cesura::sentence::{Fact, Facts};
    /// const NEEDS: Facts = Facts::all(&[Fact::FullStop, Fact::Glued]);
    /// assert!(NEEDS.has(Fact::Glued) && !NEEDS.has(Fact::Spaced));
    /// ```
    pub const fn all(facts: &[Fact]) -> Facts {
        let mut all = Facts { place: 0, before: Classes::NONE, after: Classes::NONE };
        let mut rest = facts;
        while let [fact, more @ ..] = rest {
            all = all.and(*fact, true);
            rest = more;
        }
        all
    }

    /// Whether `fact` is among them.
    pub const fn has(self, fact: Fact) -> bool {
        match fact {
            Fact::Before(class) => self.before.has(class),
            Fact::After(class) => self.after.has(class),
            _ => matches!(fact.bit(), Some(bit) if self.place >> bit & 1 == 1),
        }
    }

    /// Whether those of `others` that are no classes are among them.
    #[inline]
    pub(super) const fn hold_place_of(self, others: Facts) -> bool {
        others.place & !self.place == 0
    }

    /// The classes of the form before.
    pub(super) const fn before(self) -> Classes {
        self.before
    }

    /// The classes of the word behind.
    pub(super) const fn after(self) -> Classes {
        self.after
    }

    /// These and `fact`, where it holds.
    #[inline]
    pub(super) const fn and(self, fact: Fact, holds: bool) -> Facts {
        let Facts { place, before, after } = self;
        match (fact, fact.bit()) {
            (_, Some(bit)) => Facts { place: place | (holds as u32) << bit, ..self },
            (Fact::Before(class), None) if holds => {
                Facts { before: before.and(class.alone()), ..self }
            }
            (Fact::After(class), None) if holds => {
                Facts { after: after.and(class.alone()), ..self }
            }
            _ => self,
        }
    }
}

impl Fact {
    /// Its bit among those that are no classes; classes have none.
    const fn bit(self) -> Option<u32> {
        Some(match self {
            Fact::LineEnd => 0,
            Fact::ClauseMark => 1,
            Fact::FullStop => 2,
            Fact::AsksOrExclaims => 3,
            Fact::Ellipsis => 4,
            Fact::Closes => 5,
            Fact::Glued => 6,
            Fact::Spaced => 7,
            Fact::Figures => 8,
            Fact::Letter => 9,
            Fact::UpperFollows => 10,
            Fact::LowerFollows => 11,
            Fact::FigureFollows => 12,
            Fact::DashFollows => 13,
            Fact::BareFollows => 14,
            Fact::InsideBracket => 15,
            Fact::InsideQuotation => 16,
            Fact::InsideAddress => 17,
            Fact::Requested => 18,
            Fact::Before(_) | Fact::After(_) => return None,
        })
    }
}
