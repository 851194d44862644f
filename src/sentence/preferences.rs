//! What a caller wants otherwise than the policy has it.

use super::ClauseMarks;
use crate::srx::Srx;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Words whose full stop a caller decides about, without that stop. A form in lower case matches
/// any case, one with capitals only as written, as in the lexicons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    forms: BTreeSet<Box<str>>,
}

impl Forms {
    /// Characters of one form at most, its last full stop not counted.
    pub const FORM_CHARS_MAX: usize = 32;

    /// Takes a form, with or without its last full stop. Gives back whether it is one: 1 to
    /// [`Forms::FORM_CHARS_MAX`] characters, white space not among them.
    ///
    /// ```
    /// use cesura::sentence::Forms;
    /// let mut forms = Forms::default();
    /// assert!(forms.insert("fraz.") && forms.insert("S.p.A."));
    /// assert!(!forms.insert("op. cit.") && !forms.insert("."));
    /// assert!(forms.has("Fraz") && !forms.has("s.p.a"));
    /// ```
    pub fn insert(&mut self, form: &str) -> bool {
        let form = form.strip_suffix('.').unwrap_or(form);
        let fits = (1..=Forms::FORM_CHARS_MAX).contains(&form.chars().count());
        let word = fits && !form.contains(char::is_whitespace);
        if word {
            self.forms.insert(form.into());
        }
        word
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// Whether `word` is one of the forms.
    pub fn has(&self, word: &str) -> bool {
        if self.forms.is_empty() || word.len() > Forms::FORM_CHARS_MAX * 4 {
            return false;
        }
        self.forms.contains(word)
            || word.contains(char::is_uppercase)
                && self.forms.contains(word.to_lowercase().as_str())
    }
}

/// What a caller wants otherwise; the default is the policy.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// Marks between clauses at which segments end as well.
    pub clauses: ClauseMarks,
    /// Nothing ends inside a quotation whose marks both stand in the block.
    pub whole_quotations: bool,
    /// Words whose full stop never ends a segment.
    pub no_break_forms: Forms,
    /// Words whose full stop always ends one, where white space follows.
    pub break_forms: Forms,
    /// Sets of SRX rules, asked before our rows in this order.
    pub srx: Vec<Arc<Srx>>,
}

impl Preferences {
    /// Whether a row of what callers want otherwise may have something to say.
    pub(super) fn has_requests(&self) -> bool {
        self.whole_quotations || !self.no_break_forms.is_empty() || !self.break_forms.is_empty()
    }
}
