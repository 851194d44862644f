//! Stretches that look the same in every language.

use crate::annotation::{AnnotationRule, Begins, Found, Place};
use crate::document::AnnotationKind;
use crate::rule::RuleId;
use crate::text::{is_emoji, is_emoji_part};

/// Rows in the order in which they are asked.
pub(in crate::tailoring) const RULES: &[AnnotationRule] = &[
    AnnotationRule {
        id: RuleId::new("root.annotation.email"),
        kind: AnnotationKind::Email,
        keep: true,
        why: "A mail address is the same in every language.",
        examples: &[("Scrivete a ⟦redazione@esempio.it⟧.", "")],
        begins: Begins::Letter,
        finds: |at| address(at, |text| text.contains('@') && !text.contains("://")),
    },
    AnnotationRule {
        id: RuleId::new("root.annotation.url"),
        kind: AnnotationKind::Url,
        keep: true,
        why: "A web address is the same in every language.",
        examples: &[("Leggi ⟦https://esempio.it/a?b=c⟧, poi torna.", "")],
        begins: Begins::Letter,
        finds: |at| address(at, |text| text.contains("://") || text.starts_with("www.")),
    },
    AnnotationRule {
        id: RuleId::new("root.annotation.domain"),
        kind: AnnotationKind::Url,
        keep: true,
        why: "Small letters with a stop before the ending of a country or kind are the name of a site.",
        examples: &[
            ("Info su ⟦festival.esempio.it/programma⟧ da oggi.", ""),
            ("Lo scrive ⟦Notizie.com⟧ in una nota.", ""),
        ],
        begins: Begins::Letter,
        finds: domain,
    },
    AnnotationRule {
        id: RuleId::new("root.annotation.handle"),
        kind: AnnotationKind::Handle,
        keep: true,
        why: "A name on a social network is the same in every language.",
        examples: &[("Lo scrive ⟦@mario_rossi⟧ su X.", "")],
        begins: Begins::Sign("@"),
        finds: |at| named(at, '@'),
    },
    AnnotationRule {
        id: RuleId::new("root.annotation.hashtag"),
        kind: AnnotationKind::Hashtag,
        keep: true,
        why: "A hashtag leads where it leads only as it is.",
        examples: &[("Tutti a casa ⟦#restiamouniti⟧!", "")],
        begins: Begins::Sign("#"),
        finds: |at| named(at, '#'),
    },
    AnnotationRule {
        id: RuleId::new("root.annotation.file-name"),
        kind: AnnotationKind::FileName,
        keep: true,
        why: "A word with the ending of a file is the name of one.",
        examples: &[("Apri ⟦bando_2023.pdf⟧ e stampa.", "")],
        begins: Begins::Letter,
        finds: |at| {
            let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
            let rest = at.rest();
            if !has_inner_stop(rest) {
                return None;
            }
            let end = rest.find(|c: char| !inner(c)).unwrap_or(rest.len());
            let name = rest.get(..end)?.trim_end_matches('.');
            let (stem, ending) = name.rsplit_once('.')?;
            (!stem.is_empty() && FILE_ENDINGS.contains(&ending.to_lowercase().as_str()))
                .then(|| Found::plain(name.len()))?
        },
    },
    AnnotationRule {
        id: RuleId::new("root.annotation.emoji"),
        kind: AnnotationKind::Emoji,
        keep: true,
        why: "A pictograph needs no translation.",
        examples: &[("Che festa ⟦🎉🎉⟧ in piazza.", "")],
        begins: Begins::Emoji,
        finds: |at| {
            let rest = at.rest();
            let part = |c: char| is_emoji(c) || is_emoji_part(c);
            Found::plain(rest.find(|c: char| !part(c)).unwrap_or(rest.len()))
        },
    },
];

/// Endings of files that articles speak of.
const FILE_ENDINGS: &[&str] = &[
    "pdf", "doc", "docx", "xls", "xlsx", "csv", "txt", "rtf", "odt", "ppt", "pptx", "jpg", "jpeg",
    "png", "gif", "svg", "dwg", "psd", "epub", "mp3", "mp4", "avi", "mov", "zip", "rar", "exe",
    "apk", "xml", "json",
];

fn address(at: &Place<'_>, fits: fn(&str) -> bool) -> Option<Found> {
    let span = at.address()?;
    fits(at.slice(span)).then(|| Found::plain(span.len() as usize))?
}

/// Endings of sites that Italian articles name.
const SITE_ENDINGS: &[&str] =
    &["it", "com", "org", "net", "eu", "info", "tv", "gov", "edu", "news", "fr", "de", "uk", "ch"];

/// Whether the word at the head of `rest` holds a stop: few do, and most words are asked.
fn has_inner_stop(rest: &str) -> bool {
    let mut bytes = rest.bytes().take_while(|byte| !byte.is_ascii_whitespace() && *byte != b',');
    bytes.any(|byte| byte == b'.') && bytes.next().is_some()
}

/// `festival.esempio.it`, with its path.
fn domain(at: &Place<'_>) -> Option<Found> {
    let rest = at.rest();
    if !has_inner_stop(rest) {
        return None;
    }
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let end = rest.find(|c: char| !inner(c)).unwrap_or(rest.len());
    let host = rest.get(..end)?.trim_end_matches(['.', '-']);
    let (name, ending) = host.rsplit_once('.')?;
    let small = name.get(1..)?.chars().all(|c| !c.is_uppercase());
    let known = SITE_ENDINGS.contains(&ending) && name.len() > 2 && small;
    let path = rest.get(host.len()..)?.strip_prefix('/').map_or(0, |path| {
        let end = path.find(|c: char| !(c.is_ascii_alphanumeric() || "-_./?=&#%+".contains(c)));
        1 + path.get(..end.unwrap_or(path.len())).map_or(0, |path| path.trim_end_matches('.').len())
    });
    (known && !name.contains("..")).then(|| Found::plain(host.len() + path))?
}

/// A sign with a name behind it, which holds at least one letter.
fn named(at: &Place<'_>, sign: char) -> Option<Found> {
    let name = at.rest().strip_prefix(sign)?;
    let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
    let letters = name.get(..end)?.contains(char::is_alphabetic);
    letters.then(|| Found::plain(sign.len_utf8() + end))?
}
