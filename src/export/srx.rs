//! Our rows → SRX 2.0, for tools that segment by SRX.

use crate::rule::Verdict;
use crate::sentence::{Class, Lexicon};
use crate::tailoring::{SrxRow, Tailoring};
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;
use std::io::{self, Write};

/// Namespace of SRX 2.0.
const NAMESPACE: &str = "http://www.lisa.org/srx20";

/// Writes the rows of these tailorings that SRX can say, each with its class names replaced by
/// the words of the lexicon.
///
/// # Errors
/// Those of `out`.
///
/// ```
/// use cesura::{export::srx, tailoring};
/// let mut out = Vec::new();
/// srx::write(&mut out, &[&tailoring::italian::TAILORING])?;
/// let xml = String::from_utf8(out).unwrap();
/// assert!(xml.contains(r#"<languagemap languagepattern="it.*" languagerulename="it"/>"#));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write(out: &mut impl Write, tailorings: &[&Tailoring]) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = [("xmlns", NAMESPACE), ("version", "2.0")];
    xml.create_element("srx").with_attributes(root).write_inner_content(|xml| {
        let header = [("segmentsubflows", "yes"), ("cascade", "no")];
        xml.create_element("header").with_attributes(header).write_inner_content(|xml| {
            for (kind, include) in [("start", "no"), ("end", "yes"), ("isolated", "no")] {
                let attributes = [("type", kind), ("include", include)];
                xml.create_element("formathandle").with_attributes(attributes).write_empty()?;
            }
            Ok(())
        })?;
        xml.create_element("body").write_inner_content(|xml| {
            xml.create_element("languagerules").write_inner_content(|xml| {
                tailorings.iter().try_for_each(|tailoring| language_rule(xml, tailoring))
            })?;
            xml.create_element("maprules").write_inner_content(|xml| {
                for tailoring in tailorings {
                    let pattern = format!("{}.*", tailoring.tag);
                    let attributes = [
                        ("languagepattern", pattern.as_str()),
                        ("languagerulename", tailoring.tag),
                    ];
                    xml.create_element("languagemap").with_attributes(attributes).write_empty()?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    })?;
    out.write_all(b"\n")
}

fn language_rule<W: Write>(xml: &mut Writer<W>, tailoring: &Tailoring) -> io::Result<()> {
    let name = [("languagerulename", tailoring.tag)];
    xml.create_element("languagerule").with_attributes(name).write_inner_content(|xml| {
        tailoring.srx.iter().try_for_each(|row| rule(xml, row, tailoring.lexicon))
    })?;
    Ok(())
}

fn rule<W: Write>(xml: &mut Writer<W>, row: &SrxRow, lexicon: &Lexicon) -> io::Result<()> {
    xml.write_event(Event::Comment(BytesText::new(&format!(" {} ", row.rule))))?;
    let breaks = if row.verdict == Verdict::Break { "yes" } else { "no" };
    xml.create_element("rule").with_attribute(("break", breaks)).write_inner_content(|xml| {
        for (name, expression) in [("beforebreak", row.before), ("afterbreak", row.after)] {
            let expression = expand(expression, lexicon);
            xml.create_element(name).write_text_content(BytesText::new(&expression))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Puts the words of a class in place of its name: `{title}`; with a capital in place of
/// `{Starter}`.
fn expand(expression: &str, lexicon: &Lexicon) -> String {
    let mut expanded = String::new();
    let mut rest = expression;
    while let Some((before, name, after)) = next_class(rest) {
        expanded.push_str(before);
        let capital = name.starts_with(char::is_uppercase);
        let class = Class::ALL.iter().find(|class| class.name() == name.to_lowercase());
        if let Some(class) = class {
            expanded.push_str(&words(lexicon, *class, capital));
        }
        rest = after;
    }
    expanded.push_str(rest);
    expanded
}

/// The next `{name}`; `{3}` and `\p{Lu}` are none.
fn next_class(expression: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + expression.get(from..)?.find('{')?;
        let close = open + expression.get(open..)?.find('}')?;
        let (before, name) = (expression.get(..open)?, expression.get(open + 1..close)?);
        let known = Class::ALL.iter().any(|class| class.name() == name.to_lowercase());
        if known && !before.ends_with("\\p") {
            return Some((before, name, expression.get(close + 1..)?));
        }
        from = close;
    }
}

fn words(lexicon: &Lexicon, class: Class, capital: bool) -> String {
    let (mut any_case, mut as_written) = (Vec::new(), Vec::new());
    for entry in lexicon.entries.iter().filter(|entry| entry.class == class) {
        let form = escaped(entry.form);
        if capital {
            let mut chars = form.chars();
            let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
            as_written.push(first + chars.as_str());
        } else if entry.form.contains(char::is_uppercase) {
            as_written.push(form);
        } else {
            any_case.push(form);
        }
    }
    match (any_case.is_empty(), as_written.is_empty()) {
        (true, _) => format!("(?:{})", as_written.join("|")),
        (false, true) => format!("(?i:{})", any_case.join("|")),
        (false, false) => format!("(?:(?i:{})|{})", any_case.join("|"), as_written.join("|")),
    }
}

/// A form as an expression: its stops are stops.
fn escaped(form: &str) -> String {
    form.chars()
        .flat_map(|c| {
            let sign = !c.is_alphanumeric() && c.is_ascii() && c != '\'';
            sign.then_some('\\').into_iter().chain([c])
        })
        .collect()
}
