//! The expressions of SRX are those of ICU; regex-syntax reads nearly the same language. What
//! differs is written over here, or refused: no look-around, no back-references, no possessive
//! quantifiers, since none of them can be matched in linear time.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::Hir;

/// Depth of brackets in one expression.
const NESTING_MAX: u32 = 64;

/// Reads one expression.
///
/// # Errors
/// What is not supported, in words.
pub(super) fn parse(expression: &str) -> Result<Hir, String> {
    let written = rewrite(expression)?;
    let mut parser = ParserBuilder::new().nest_limit(NESTING_MAX).build();
    parser.parse(&written).map_err(|error| {
        let kind = match &error {
            regex_syntax::Error::Parse(error) => error.kind().to_string(),
            regex_syntax::Error::Translate(error) => error.kind().to_string(),
            other => other.to_string(),
        };
        format!("the expression is not supported: {kind}")
    })
}

/// Says in the syntax of regex-syntax what ICU says otherwise.
fn rewrite(expression: &str) -> Result<String, String> {
    let mut written = String::with_capacity(expression.len());
    let mut chars = expression.chars().peekable();
    let mut class_depth = 0_u32;
    let mut quantified = false;
    while let Some(c) = chars.next() {
        let mut quantifies = false;
        match c {
            '\\' => escape(&mut chars, class_depth > 0, &mut written)?,
            '[' => {
                class_depth += 1;
                written.push(c);
                // `[]` and `[^]` do not close the class they open.
                if chars.peek() == Some(&'^') {
                    written.extend(chars.next());
                }
            }
            ']' => {
                class_depth = class_depth.saturating_sub(1);
                written.push(c);
            }
            '+' if class_depth == 0 && quantified => {
                return Err("a possessive quantifier (as in a++) is not supported: it needs \
                            backtracking; write a+"
                    .to_owned());
            }
            '*' | '+' | '?' | '}' if class_depth == 0 => {
                // The `?` of `a+?` only says which match is preferred, which does not matter here.
                let group = c == '?' && written.ends_with('(');
                quantifies = !(quantified || group);
                written.push(c);
            }
            _ => written.push(c),
        }
        quantified = quantifies;
    }
    Ok(written)
}

/// What stands behind a backslash.
fn escape(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    in_class: bool,
    written: &mut String,
) -> Result<(), String> {
    match chars.next() {
        None => return Err("the expression ends in a backslash".to_owned()),
        // Quoted as it stands up to \E.
        Some('Q') => {
            let mut quoted = String::new();
            while let Some(c) = chars.next() {
                if c == '\\' && chars.peek() == Some(&'E') {
                    chars.next();
                    break;
                }
                quoted.push(c);
            }
            written.push_str(&regex_syntax::escape(&quoted));
        }
        Some('E') => {}
        Some('h') if in_class => written.push_str("\\t\\p{Zs}"),
        Some('h') => written.push_str("[\\t\\p{Zs}]"),
        Some('Z') if !in_class => written.push_str("\\z"),
        // Here these would be word boundaries, there they are the signs themselves.
        Some(c @ ('<' | '>')) => written.push(c),
        Some(c) if !c.is_ascii() => written.push(c),
        Some(c) => {
            written.push('\\');
            written.push(c);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(expression: &str) -> String {
        rewrite(expression).unwrap_or_else(|message| message)
    }

    #[test]
    fn icu_is_said_in_the_syntax_at_hand() {
        assert_eq!(written(r"\<b\>\h+[\h]\Qa.b\E\Z"), r"<b>[\t\p{Zs}]+[\t\p{Zs}]a\.b\z");
        assert_eq!(written(r"[^]a]+\«"), r"[^]a]+«");
        assert_eq!(written(r"\.\s+?(?i)x{2}"), r"\.\s+?(?i)x{2}");
    }

    #[test]
    fn what_backtracks_is_refused() {
        for expression in [r"a++", r"a*+", r"a{2}+", r"(?=a)b", r"(?<!a)b", r"(a)\1", r"(?>a)"] {
            assert!(parse(expression).is_err(), "{expression}");
        }
        for expression in [r"\bdott\.", r"[\p{Lu}\d«]", r"a+?", r"\u00AB", r"(?i)art\.", ""] {
            assert!(parse(expression).is_ok(), "{expression}: {:?}", parse(expression));
        }
    }
}
