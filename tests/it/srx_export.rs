//! Our rules for tools that read SRX.

use crate::corpus;
use crate::srx::file;
use cesura::language::LanguageTag;
use cesura::pipeline::SignedText;
use cesura::rule::Verdict;
use cesura::srx::{Srx, SrxLimits, SrxSource};
use cesura::{export, tailoring};

/// What our exported rules get of our own corpus, without the rows that SRX cannot say. The floor
/// is what one break rule alone gets.
#[test]
fn our_rows_can_be_used_by_tools_that_read_srx() {
    let mut xml = Vec::new();
    export::srx::write(&mut xml, &[&tailoring::italian::TAILORING]).expect("written");
    let xml = String::from_utf8(xml).expect("UTF-8");
    for row in tailoring::italian::TAILORING.srx {
        let rows = tailoring::italian::TAILORING.cascade.iter().copied().flatten();
        assert!(rows.clone().any(|known| known.id.name() == row.rule), "{} is no row", row.rule);
    }
    let ours = Srx::parse(&xml, SrxSource::Server, SrxLimits::SERVER).expect("we read our own");
    let plain = ("yes", r"[.?!…]+[»”“]?", r"\s+[«“]?\p{Lu}");
    let floor =
        Srx::parse(&file(&[plain]), SrxSource::Request, SrxLimits::REQUEST).expect("supported");
    let cases = corpus::cases();
    let right = |srx: &Srx| cases.iter().filter(|case| is_right(srx, &case.signed)).count();
    let (ours, floor) = (right(&ours), right(&floor));
    eprintln!("SRX export: {ours} of {} cases right, one plain rule {floor}", cases.len());
    assert!(ours * 10 > cases.len() * 8, "{ours} of {}", cases.len());
    assert!(ours > floor, "{ours} against {floor}");
}

fn is_right(srx: &Srx, signed: &str) -> bool {
    let case = SignedText::parse(signed);
    let found = srx.decisions(&case.text, &LanguageTag::ITALIAN).expect("cheap");
    let breaks = found.iter().filter(|found| found.verdict == Verdict::Break);
    // SRX breaks before the white space, our signs stand behind it.
    let ends: Vec<usize> = breaks
        .map(|found| {
            let rest = &case.text[found.at as usize..];
            case.text.len() - rest.trim_start().len()
        })
        .collect();
    let wanted = case.signs.iter().filter(|(_, verdict)| *verdict == Verdict::Break);
    wanted.map(|(at, _)| *at as usize).eq(ends)
}
