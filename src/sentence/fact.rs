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

/// The first bits of the classes of the word behind, and of all that is no class.
const AFTER: u32 = 32;
const PLACE: u32 = 64;

impl Fact {
    /// Its bit.
    const fn bit(self) -> u32 {
        match self {
            Fact::Before(class) => class as u32,
            Fact::After(class) => AFTER + class as u32,
            Fact::LineEnd => PLACE,
            Fact::ClauseMark => PLACE + 1,
            Fact::FullStop => PLACE + 2,
            Fact::AsksOrExclaims => PLACE + 3,
            Fact::Ellipsis => PLACE + 4,
            Fact::Closes => PLACE + 5,
            Fact::Glued => PLACE + 6,
            Fact::Spaced => PLACE + 7,
            Fact::Figures => PLACE + 8,
            Fact::Letter => PLACE + 9,
            Fact::UpperFollows => PLACE + 10,
            Fact::LowerFollows => PLACE + 11,
            Fact::FigureFollows => PLACE + 12,
            Fact::DashFollows => PLACE + 13,
            Fact::BareFollows => PLACE + 14,
            Fact::InsideBracket => PLACE + 15,
            Fact::InsideQuotation => PLACE + 16,
            Fact::InsideAddress => PLACE + 17,
            Fact::Requested => PLACE + 18,
        }
    }
}

/// Some facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts(u128);

impl Facts {
    /// All of `facts`.
    ///
    /// ```
    /// use cesura::sentence::{Fact, Facts};
    /// const NEEDS: Facts = Facts::all(&[Fact::FullStop, Fact::Glued]);
    /// assert!(NEEDS.has(Fact::Glued) && !NEEDS.has(Fact::Spaced));
    /// ```
    pub const fn all(facts: &[Fact]) -> Facts {
        let mut bits = 0;
        let mut rest = facts;
        while let [fact, more @ ..] = rest {
            bits |= 1 << fact.bit();
            rest = more;
        }
        Facts(bits)
    }

    /// Whether `fact` is among them.
    pub const fn has(self, fact: Fact) -> bool {
        self.0 >> fact.bit() & 1 == 1
    }

    /// Whether all of `others` are among them.
    pub const fn hold(self, others: Facts) -> bool {
        others.0 & !self.0 == 0
    }

    /// These and `fact`, where it holds.
    pub(super) const fn and(self, fact: Fact, holds: bool) -> Facts {
        Facts(self.0 | (holds as u128) << fact.bit())
    }

    /// The facts that the form before is of the classes `before` and the word behind of `after`.
    pub(super) fn of_classes(before: Classes, after: Classes) -> Facts {
        Facts(u128::from(before.bits()) | u128::from(after.bits()) << AFTER)
    }
}
