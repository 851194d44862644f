//! The table that a person reads: kind, language, span, segment.

use crate::export::jsonl::kind_name;
use crate::wire::pb;
use anstyle::{AnsiColor, Style};
use pb::document_event::Event;
use std::io::{self, IsTerminal, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns before the text.
const KIND_COLUMNS: usize = 13;
const LANGUAGE_COLUMNS: usize = 4;
const SPAN_COLUMNS: usize = 13;

/// Writes events as rows.
pub(super) struct Table {
    /// Columns of the terminal; `None`: not a terminal, lines are not wrapped.
    columns: Option<usize>,
    coloured: bool,
}

impl Table {
    /// Coloured and wrapped on a terminal, plain elsewhere.
    pub(super) fn new() -> Table {
        let terminal = io::stdout().is_terminal();
        let columns = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
        Table {
            columns: terminal.then_some(columns.max(60)),
            coloured: terminal && std::env::var_os("NO_COLOR").is_none(),
        }
    }

    pub(super) fn write(
        &mut self,
        out: &mut impl Write,
        event: &pb::DocumentEvent,
    ) -> io::Result<()> {
        match event.event.as_ref() {
            Some(Event::Head(head)) => {
                let language = head.language.clone().unwrap_or_default();
                let id: String = head.document_id.chars().map(visible).collect();
                let title = format!(
                    "{}  {} {:.2}  {}",
                    id, language.language_code, language.confidence, head.charset
                );
                writeln!(out, "{}", self.painted(Style::new().bold(), &title))
            }
            Some(Event::Unit(unit)) => self.unit(out, unit),
            Some(Event::Tail(tail)) => {
                let end = tail.span.as_ref().map_or(0, |span| span.end);
                let replaced = match tail.replaced_count {
                    0 => String::new(),
                    count => format!(", {count} characters replaced"),
                };
                let totals = format!(
                    "{} units, {} segments, length {end}{replaced}",
                    tail.unit_count, tail.segment_count
                );
                writeln!(out, "{}\n", self.painted(Style::new().dimmed(), &totals))
            }
            Some(Event::Notice(notice)) => {
                let text = format!("notice: {}", notice.kind().as_str_name());
                writeln!(out, "{}", self.painted(AnsiColor::Yellow.on_default(), &text))
            }
            Some(Event::Skeleton(_) | Event::ModelChunk(_)) | None => Ok(()),
        }
    }

    fn unit(&self, out: &mut impl Write, unit: &pb::Unit) -> io::Result<()> {
        let mut kind = kind_name(unit.kind());
        if unit.repetition {
            kind.push('*');
        }
        let mut language = unit.language.clone().unwrap_or_default().language_code;
        for segment in &unit.segments {
            let span = segment.span.clone().unwrap_or_default();
            let span = format!("{}..{}", span.start, span.end);
            let style = style_of(unit);
            let row = format!(
                "{} {language:LANGUAGE_COLUMNS$}{} ",
                self.painted(style, &format!("{kind:KIND_COLUMNS$}")),
                self.painted(Style::new().dimmed(), &format!("{span:>SPAN_COLUMNS$}")),
            );
            write!(out, "{row}")?;
            self.text(
                out,
                &segment.text,
                if unit.translatable { Style::new() } else { Style::new().dimmed() },
            )?;
            if !segment.rule_id.is_empty() {
                let rule = format!("{:indent$}÷ {}", "", segment.rule_id, indent = self.indent());
                writeln!(out, "{}", self.painted(AnsiColor::Cyan.on_default(), &rule))?;
            }
            kind.clear();
            language.clear();
        }
        Ok(())
    }

    fn indent(&self) -> usize {
        KIND_COLUMNS + 1 + LANGUAGE_COLUMNS + SPAN_COLUMNS + 1
    }

    /// Writes a text on one or, on a terminal, several lines. Control characters are shown as
    /// symbols, so that a document cannot steer the terminal.
    fn text(&self, out: &mut impl Write, text: &str, style: Style) -> io::Result<()> {
        let text: String = text.chars().map(visible).collect();
        let room = self
            .columns
            .map_or(usize::MAX, |columns| columns.saturating_sub(self.indent()).max(20));
        for (index, line) in wrapped(&text, room).into_iter().enumerate() {
            if index > 0 {
                write!(out, "{:indent$}", "", indent = self.indent())?;
            }
            writeln!(out, "{}", self.painted(style, line))?;
        }
        Ok(())
    }

    fn painted(&self, style: Style, text: &str) -> String {
        if self.coloured { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// Two texts side by side.
pub(super) struct SideBySide {
    columns: usize,
    coloured: bool,
}

/// Columns before the two texts, and between them.
const ABOUT_COLUMNS: usize = 5;
const GUTTER_COLUMNS: usize = 3;

impl SideBySide {
    pub(super) fn new() -> SideBySide {
        let terminal = io::stdout().is_terminal();
        let columns = terminal_size::terminal_size().map_or(120, |(width, _)| usize::from(width.0));
        SideBySide {
            columns: columns.max(60),
            coloured: terminal && std::env::var_os("NO_COLOR").is_none(),
        }
    }

    /// Writes one row: what is to be said of it, the texts of the left and of the right side, and
    /// whether it is to stand out or to step back.
    pub(super) fn write(
        &self,
        out: &mut impl Write,
        about: &str,
        left: &[String],
        right: &[String],
        bright: bool,
    ) -> io::Result<()> {
        let room = (self.columns - ABOUT_COLUMNS - GUTTER_COLUMNS) / 2;
        let style = if bright { Style::new() } else { Style::new().dimmed() };
        let lines = |texts: &[String]| -> Vec<String> {
            let shown = texts.iter().map(|text| text.chars().map(visible).collect::<String>());
            shown
                .flat_map(|text| {
                    wrapped(&text, room).into_iter().map(str::to_owned).collect::<Vec<_>>()
                })
                .collect()
        };
        let (left, right) = (lines(left), lines(right));
        for index in 0..left.len().max(right.len()) {
            let of = |lines: &[String]| lines.get(index).cloned().unwrap_or_default();
            let (one, other) = (of(&left), of(&right));
            let space = room.saturating_sub(one.width()) + GUTTER_COLUMNS;
            let about = if index == 0 { about } else { "" };
            let line = format!("{about:ABOUT_COLUMNS$}{one}{:space$}{other}", "");
            if self.coloured {
                writeln!(out, "{style}{}{style:#}", line.trim_end())?;
            } else {
                writeln!(out, "{}", line.trim_end())?;
            }
        }
        Ok(())
    }
}

/// Titles with what stands under them.
pub(super) struct Listing {
    columns: usize,
    coloured: bool,
}

/// Columns that the text under a title is indented by.
const INDENT_COLUMNS: usize = 4;

impl Listing {
    pub(super) fn new() -> Listing {
        let SideBySide { columns, coloured } = SideBySide::new();
        Listing { columns, coloured }
    }

    pub(super) fn title(&self, out: &mut impl Write, title: &str) -> io::Result<()> {
        let style = Style::new().bold();
        if self.coloured {
            writeln!(out, "{style}{title}{style:#}")
        } else {
            writeln!(out, "{title}")
        }
    }

    /// A name on a line of its own, and the text below it.
    pub(super) fn entry(&self, out: &mut impl Write, name: &str, text: &str) -> io::Result<()> {
        let style = Style::new().dimmed();
        if self.coloured {
            writeln!(out, "  {style}{name}{style:#}")?;
        } else {
            writeln!(out, "  {name}")?;
        }
        let text: String = text.chars().map(visible).collect();
        for line in wrapped(&text, self.columns - INDENT_COLUMNS) {
            writeln!(out, "{:INDENT_COLUMNS$}{line}", "")?;
        }
        Ok(())
    }
}

/// A character as it may be shown: no control character or change of direction reaches a terminal.
pub(super) fn visible(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' => ' ',
        c if c.is_control() => '\u{fffd}',
        // Marks that turn the direction of the text around would turn the table around.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c => c,
    }
}

fn style_of(unit: &pb::Unit) -> Style {
    use pb::BlockKind as Kind;
    let colour = match unit.kind() {
        Kind::Headline | Kind::Subheadline | Kind::Heading => AnsiColor::Green,
        Kind::Caption | Kind::Byline | Kind::Dateline => AnsiColor::Blue,
        Kind::RelatedLink | Kind::Boilerplate | Kind::Metadata => AnsiColor::Magenta,
        Kind::Paragraph | Kind::ListItem | Kind::Unspecified => return Style::new(),
    };
    colour.on_default()
}

/// Cuts `text` at spaces into lines of at most `columns`.
fn wrapped(text: &str, columns: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while rest.width() > columns {
        let mut width = 0;
        let mut cut = rest.len();
        let mut space = None;
        for (at, c) in rest.char_indices() {
            width += c.width().unwrap_or(0);
            if width > columns {
                cut = space.unwrap_or(at).max(1);
                break;
            }
            if c == ' ' {
                space = Some(at);
            }
        }
        let cut = rest.ceil_char_boundary(cut);
        let (line, tail) = rest.split_at(cut);
        lines.push(line);
        rest = tail.trim_start_matches(' ');
    }
    lines.push(rest);
    lines
}
