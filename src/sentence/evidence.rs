//! What a document has shown of itself so far.
//!
//! Invariant: it grows with what was decided, in the order of the text, so the answer does not
//! depend on how the bytes were cut; and it is bounded.

use super::Context;
use crate::rule::Verdict;
use std::collections::BTreeSet;

/// Forms remembered of one document at most; later ones are not learned.
const FORMS_MAX: usize = 256;

/// Characters of a form that may be an abbreviation nobody listed.
const FORM_CHARS_MAX: usize = 6;

/// Short words that stood with a full stop in the middle of a sentence, before a comma or small
/// letter: abbreviations, as Punkt learns them (Kiss and Strunk 2006), though no list has them.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    forms: BTreeSet<Box<str>>,
}

impl Evidence {
    /// Whether this form stood in the middle of a sentence before.
    pub fn has(&self, form: &str) -> bool {
        !self.forms.is_empty()
            && form.len() <= FORM_CHARS_MAX * 4
            && self.forms.contains(form.to_lowercase().as_str())
    }

    /// The form that a candidate shows to be an abbreviation, once it is decided.
    pub(super) fn shown_by(at: &Context<'_>, verdict: Verdict) -> Option<Box<str>> {
        if verdict == Verdict::Break || !at.is_full_stop() {
            return None;
        }
        let form = at.token;
        let goes_on = at.next.first == Some(',') || at.next.is_lower() && !at.is_glued();
        let short = (2..=FORM_CHARS_MAX).contains(&form.chars());
        let letters = form.text.chars().all(char::is_alphabetic);
        // A whole word that ends in a vowel stands there by mistake of the writer.
        let cut = !form.ends_in_vowel() && !form.is_roman();
        (goes_on && short && letters && cut).then(|| form.text.to_lowercase().into())
    }

    /// Learns a form.
    pub(super) fn add(&mut self, form: Box<str>) {
        if self.forms.len() < FORMS_MAX {
            self.forms.insert(form);
        }
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.forms.iter().map(|form| form.len() + size_of::<Box<str>>()).sum()
    }
}
