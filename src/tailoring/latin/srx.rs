//! The rows as SRX says them, for tools that read SRX and do not call this service.
//!
//! SRX knows two expressions and no more: no quotation that is a title, no label at the head of a
//! sentence, no stop inside an address beyond its shape. Those rows are not here; a test prints
//! how far the rest comes by itself.

use crate::rule::Verdict::{Break, Join};
use crate::tailoring::SrxRow;

/// In the order of the cascade. Where a row abstains before the plain beginning of a sentence, a
/// breaking line stands before its joining one.
#[rustfmt::skip]
pub(in crate::tailoring) const ROWS: &[SrxRow] = &[
    row("latin.protected.address", Join, r"(?:https?://|www\.)[^\s<>«»“”]*", r"[^\s«»“”]"),
    row("latin.protected.figure", Join, r"\d\.", r"\d"),
    row("latin.protected.glued-lower-case", Join, r"\.", r"\p{Ll}"),
    row("latin.continuation.punctuation", Join, r"[.?!…]", r"\s*[,;:)\]}]"),
    row("latin.bracket.cut-text", Join, r"[\[(](?:…|\.{3})[\])]", r"\s"),
    row("latin.ellipsis.lower-case", Join, r"(?:…|\.\.)[»”“)]*", r"\s*[«“(–—-]*\s*\p{Ll}"),
    row("latin.ellipsis.completed", Join, r"\b{incomplete}(?:…|\.{2,})", r"\s*\p{Lu}"),
    row("latin.label.item", Join, r"^\d{1,2}\.", r"\s"),
    row("latin.label.in-list", Join, r"[:;]\s+\d{1,2}\.", r"\s"),
    row("latin.number.ordinal", Join, r"\b\d{1,2}\.", r"\s+(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)\b"),
    row("latin.number.before-calendar", Join, r"\b{calendar}\.", r"\s+[\p{Ll}\d]"),
    row("latin.abbreviation.spaced", Join, r"\b\p{L}\.", r"\s\p{L}\."),
    row("latin.initial.label", Break, r"\b{label}\s+\p{L}\.", r"\s+\p{Lu}"),
    row("latin.initial.regnal", Break, r"\b{regnal}\s+[IVX]\.", r"\s+\p{Lu}"),
    row("latin.initial.ends-sentence", Break, r"\p{Ll}\s+\p{L}\.", r"\s+{Starter}\b"),
    row("latin.initial.name", Join, r"(?:^|[^\p{L}\d.])\p{Lu}\.", r"\s*\p{Lu}"),
    row("latin.initial.name", Join, r"(?:^|[^\p{L}\d.])\p{L}\.", r"\s+\d"),
    row("latin.abbreviation.introducing", Join, r"\b{introducing}\.", r"\s"),
    row("latin.abbreviation.title", Break, r"\b{title}\.", r"\s+{Starter}\s"),
    row("latin.abbreviation.title", Join, r"\b{title}\.", r"\s*[«“(]?[\p{Lu}\p{Ll}]"),
    row("latin.abbreviation.place", Break, r"\b{place}\.", r"\s+{Starter}\s"),
    row("latin.abbreviation.place", Join, r"\b{place}\.", r"\s*[«“(]?[\p{Lu}\p{Ll}]"),
    row("latin.abbreviation.reference", Join, r"\b{reference}\.", r"\s*(?:\d|[IVXLC]+\b)"),
    row("latin.abbreviation.reference", Break, r"\b{reference}\.", r"\s+{Starter}\s"),
    row("latin.abbreviation.reference", Join, r"\b{reference}\.", r"\s*[«“(]?\p{L}"),
    row("latin.abbreviation.office", Break, r"\b{office}\.", r"\s+{Starter}[\s’']"),
    row("latin.abbreviation.office", Join, r"\b{office}\.", r"\s+[\p{L}\d]"),
    row("latin.abbreviation.closing", Break, r"\b{closing}\.", r"\s+[«“]?\p{Lu}"),
    row("latin.abbreviation.closing-goes-on", Join, r"\b{closing}\.", r"\s"),
    row("latin.abbreviation.measure", Join, r"\b{measure}\.", r"\s+[\p{Ll}\d]"),
    row("latin.abbreviation.dotted-letters", Join, r"\b\p{L}\.\p{L}\.", r"\s+\p{Lu}"),
    row("latin.quotation.attribution", Join, r"[.?!…][»”“]", r"\s+[–—-]?\s*\p{Ll}"),
    row("latin.spacing.missing", Break, r"\p{Ll}{3}[.?!…]+[»”]?", r"[«“]?\p{Lu}[\p{Ll}’']"),
    row("latin.lower-case.goes-on", Join, r"[.?!…][»”“)\]]*", r"\s+[–—-]?\s*\p{Ll}"),
    row("latin.ellipsis.new-sentence", Break, r"(?:…|\.{2,})[»”“)\]]*", r"\s*[«“(]*\p{Lu}"),
    row("latin.default.capital", Break, r"[.?!]+[»”“’)\]]*", r"\s+[«“‘(\[–—-]*\s*\p{Lu}"),
    row("latin.default.digit", Break, r"[.?!]+[»”“’)\]]*", r"\s+[«“‘(\[–—-]*\s*\p{Nd}"),
    row("latin.default.tag", Break, r"[.?!…]+[»”“’)\]]*", r"\s+[#@•]"),
];

const fn row(
    rule: &'static str,
    verdict: crate::rule::Verdict,
    before: &'static str,
    after: &'static str,
) -> SrxRow {
    SrxRow { rule, verdict, before, after }
}
