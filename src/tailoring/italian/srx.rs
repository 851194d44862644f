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
pub(super) const ROWS: &[SrxRow] = &[
    row("it.protected.address", Join, r"(?:https?://|www\.)[^\s<>«»“”]*", r"[^\s«»“”]"),
    row("it.protected.figure", Join, r"\d\.", r"\d"),
    row("it.protected.glued-lower-case", Join, r"\.", r"\p{Ll}"),
    row("it.continuation.punctuation", Join, r"[.?!…]", r"\s*[,;:)\]}]"),
    row("it.bracket.cut-text", Join, r"[\[(](?:…|\.{3})[\])]", r"\s"),
    row("it.ellipsis.lower-case", Join, r"(?:…|\.\.)[»”“)]*", r"\s*[«“(–—-]*\s*\p{Ll}"),
    row("it.ellipsis.completed", Join, r"\b{incomplete}(?:…|\.{2,})", r"\s*\p{Lu}"),
    row("it.label.item", Join, r"^\d{1,2}\.", r"\s"),
    row("it.label.in-list", Join, r"[:;]\s+\d{1,2}\.", r"\s"),
    row("it.number.ordinal", Join, r"\b\d{1,2}\.", r"\s+(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)\b"),
    row("it.number.before-calendar", Join, r"\b{calendar}\.", r"\s+[\p{Ll}\d]"),
    row("it.abbreviation.spaced", Join, r"\b\p{L}\.", r"\s\p{L}\."),
    row("it.initial.label", Break, r"\b{label}\s+\p{L}\.", r"\s+\p{Lu}"),
    row("it.initial.regnal", Break, r"\b{regnal}\s+[IVX]\.", r"\s+\p{Lu}"),
    row("it.initial.ends-sentence", Break, r"\p{Ll}\s+\p{L}\.", r"\s+{Starter}\b"),
    row("it.initial.name", Join, r"(?:^|[^\p{L}\d.])\p{Lu}\.", r"\s*\p{Lu}"),
    row("it.initial.name", Join, r"(?:^|[^\p{L}\d.])\p{L}\.", r"\s+\d"),
    row("it.abbreviation.introducing", Join, r"\b{introducing}\.", r"\s"),
    row("it.abbreviation.title", Break, r"\b{title}\.", r"\s+{Starter}\s"),
    row("it.abbreviation.title", Join, r"\b{title}\.", r"\s*[«“(]?[\p{Lu}\p{Ll}]"),
    row("it.abbreviation.place", Break, r"\b{place}\.", r"\s+{Starter}\s"),
    row("it.abbreviation.place", Join, r"\b{place}\.", r"\s*[«“(]?[\p{Lu}\p{Ll}]"),
    row("it.abbreviation.reference", Join, r"\b{reference}\.", r"\s*(?:\d|[IVXLC]+\b)"),
    row("it.abbreviation.reference", Break, r"\b{reference}\.", r"\s+{Starter}\s"),
    row("it.abbreviation.reference", Join, r"\b{reference}\.", r"\s*[«“(]?\p{L}"),
    row("it.abbreviation.office", Break, r"\b{office}\.", r"\s+{Starter}[\s’']"),
    row("it.abbreviation.office", Join, r"\b{office}\.", r"\s+[\p{L}\d]"),
    row("it.abbreviation.closing", Break, r"\b{closing}\.", r"\s+[«“]?\p{Lu}"),
    row("it.abbreviation.closing-goes-on", Join, r"\b{closing}\.", r"\s"),
    row("it.abbreviation.measure", Join, r"\b{measure}\.", r"\s+[\p{Ll}\d]"),
    row("it.abbreviation.dotted-letters", Join, r"\b\p{L}\.\p{L}\.", r"\s+\p{Lu}"),
    row("it.quotation.attribution", Join, r"[.?!…][»”“]", r"\s+[–—-]?\s*\p{Ll}"),
    row("it.spacing.missing", Break, r"\p{Ll}{3}[.?!…]+[»”]?", r"[«“]?\p{Lu}[\p{Ll}’']"),
    row("it.lower-case.goes-on", Join, r"[.?!…][»”“)\]]*", r"\s+[–—-]?\s*\p{Ll}"),
    row("it.ellipsis.new-sentence", Break, r"(?:…|\.{2,})[»”“)\]]*", r"\s*[«“(]*\p{Lu}"),
    row("it.default.capital", Break, r"[.?!]+[»”“’)\]]*", r"\s+[«“‘(\[–—-]*\s*\p{Lu}"),
    row("it.default.digit", Break, r"[.?!]+[»”“’)\]]*", r"\s+[«“‘(\[–—-]*\s*\p{Nd}"),
    row("it.default.tag", Break, r"[.?!…]+[»”“’)\]]*", r"\s+[#@•]"),
];

const fn row(
    rule: &'static str,
    verdict: crate::rule::Verdict,
    before: &'static str,
    after: &'static str,
) -> SrxRow {
    SrxRow { rule, verdict, before, after }
}
