//! What Italian text is repaired of before a machine reads it.

use crate::machine::{Repair, RepairBegins, RepairRule};
use crate::rule::RuleId;
use crate::sentence::Class;

/// Rows in the order in which they are asked.
pub(super) const RULES: &[RepairRule] = &[RepairRule {
    id: RuleId::new("it.repair.accent"),
    why: "A vowel with an apostrophe that cuts nothing short is a vowel with an accent.",
    examples: &[
        ("E' qui perche' la citta' vuole", "È qui perché la città vuole"),
        ("SARA' un po' tardi", "SARÀ un po' tardi"),
    ],
    begins: RepairBegins::VowelAndApostrophe,
    repairs: |site| {
        let vowel = site.here();
        let apostrophe = site.char_at(vowel.len_utf8())?;
        let length = vowel.len_utf8() + apostrophe.len_utf8();
        let goes_on = site.char_at(length).is_some_and(char::is_alphanumeric);
        let word = site.word_with(vowel);
        if goes_on || site.has(&word, Class::Elided) || site.single_mark_is_open() {
            return None;
        }
        let acute = word.ends_with("che") || matches!(word.as_str(), "ne" | "se" | "tre");
        let accented = match vowel {
            'a' => 'à',
            'A' => 'À',
            'e' if acute => 'é',
            'e' => 'è',
            'E' if acute => 'É',
            'E' => 'È',
            'i' => 'ì',
            'I' => 'Ì',
            'o' => 'ò',
            'O' => 'Ò',
            'u' => 'ù',
            _ => 'Ù',
        };
        Repair::replace(site, length, accented.to_string())
    },
}];
