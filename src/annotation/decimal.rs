//! Numbers in figures, as a country writes them.

use std::fmt;

/// How figures are grouped and where their decimals begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// Between thousands: `.` of 1.000 in Italian.
    pub thousands: char,
    /// Before the decimals: `,` of 1,5 in Italian.
    pub decimal: char,
}

impl NumberFormat {
    /// Italian, German, Spanish, Portuguese: 1.000,50.
    pub const POINT_COMMA: NumberFormat = NumberFormat { thousands: '.', decimal: ',' };

    /// English: 1,000.50.
    pub const COMMA_POINT: NumberFormat = NumberFormat { thousands: ',', decimal: '.' };
}

/// A decimal number, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    digits: u128,
    /// Digits behind the point.
    scale: u32,
}

/// Figures of a number that are read; more are no number anybody counts with.
const FIGURES_MAX: usize = 24;

impl Decimal {
    /// Reads the number at the head of `text`, with its length in bytes.
    ///
    /// Thousands are groups of three; a single point or comma before any other number of figures
    /// begins the decimals, whatever the country.
    ///
    /// ```
    /// use cesura::annotation::{Decimal, NumberFormat};
    /// let read = |text| {
    ///     let (number, length) = Decimal::read(text, NumberFormat::POINT_COMMA)?;
    ///     Some(format!("{number} in {length}"))
    /// };
    /// assert_eq!(read("1.000.000,50 euro").as_deref(), Some("1000000.5 in 12"));
    /// assert_eq!(read("12.5 punti").as_deref(), Some("12.5 in 4"));
    /// assert_eq!(read("1.000.").as_deref(), Some("1000 in 5"));
    /// assert_eq!(read("x"), None);
    /// ```
    pub fn read(text: &str, format: NumberFormat) -> Option<(Decimal, usize)> {
        let mut figures = Figures { digits: 0, count: 0 };
        let head = figures.take(text)?;
        let mut length = head;
        let mut grouped = false;
        if head <= 3 {
            while let Some(sign) = group(text.get(length..)?, format) {
                figures.take(text.get(length + sign..)?.get(..3)?)?;
                length += sign + 3;
                grouped = true;
            }
        }
        let mut scale = 0;
        let rest = text.get(length..)?;
        let sign = rest.chars().next().filter(|c| *c == format.decimal || *c == '.' && !grouped);
        if sign.is_some()
            && let Some(decimals) = rest.get(1..).filter(|rest| begins_with_figure(rest))
        {
            let taken = figures.take(decimals)?;
            // `1.2.3` is a version.
            let version = decimals.get(taken..)?.strip_prefix(['.', ',']);
            if !version.is_some_and(begins_with_figure) {
                scale = u32::try_from(taken).ok()?;
                length += 1 + taken;
            } else {
                return None;
            }
        }
        Some((Decimal { digits: figures.digits, scale }, length))
    }

    /// The number times ten to the power of `zeros`: `mila` is 3.
    #[must_use]
    pub fn shifted(self, zeros: u32) -> Decimal {
        let taken = zeros.min(self.scale);
        let factor = 10_u128.checked_pow(zeros - taken).unwrap_or(1);
        Decimal { digits: self.digits.saturating_mul(factor), scale: self.scale - taken }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u128.checked_pow(self.scale).unwrap_or(1);
        let (whole, part) = (self.digits / unit, self.digits % unit);
        if part == 0 {
            return write!(f, "{whole}");
        }
        let part = format!("{part:0width$}", width = self.scale as usize);
        write!(f, "{whole}.{}", part.trim_end_matches('0'))
    }
}

struct Figures {
    digits: u128,
    count: usize,
}

impl Figures {
    /// Takes all figures at the head of `text`; their number.
    fn take(&mut self, text: &str) -> Option<usize> {
        let mut taken = 0;
        for byte in text.bytes().take_while(u8::is_ascii_digit) {
            self.digits = self.digits * 10 + u128::from(byte - b'0');
            self.count += 1;
            taken += 1;
            if self.count > FIGURES_MAX {
                return None;
            }
        }
        (taken > 0).then_some(taken)
    }
}

fn begins_with_figure(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// Length of the sign before the next group of three, if there is one.
fn group(text: &str, format: NumberFormat) -> Option<usize> {
    let c = text.chars().next()?;
    if c != format.thousands && !matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}') {
        return None;
    }
    let rest = text.get(c.len_utf8()..)?;
    let three = rest.bytes().take(3).filter(u8::is_ascii_digit).count() == 3;
    let longer = rest.get(3..).is_some_and(begins_with_figure);
    (three && !longer).then_some(c.len_utf8())
}
