//! Numbers in cells of text: which mark parts the fraction, and which the groups of thousands.

use super::coordinate::latin;
use std::borrow::Cow;

/// Which marks the numbers of a column have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// `1234.5` and `1,234.5`.
    Point,
    /// `1234,5` and `1.234,5`.
    Comma,
}

/// A text that is a number, at least with one of the marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numeral<'t> {
    /// Digits of the Latin script.
    text: Cow<'t, str>,
    point: Option<String>,
    comma: Option<String>,
}

/// The number that a text is; [`None`] for other texts, and for codes such as `007`.
pub fn numeral(text: &str) -> Option<Numeral<'_>> {
    let text: Cow<'_, str> = match text.is_ascii() {
        true => Cow::Borrowed(text.trim()),
        // The Arabic marks say which is which.
        false => Cow::Owned(latin(&text.replace('٬', "")).trim().to_owned()),
    };
    let point = plain(&text, ',', '.');
    let comma = plain(&text, '.', ',');
    (point.is_some() || comma.is_some()).then_some(Numeral { text, point, comma })
}

/// A number without groups and with a decimal point, if the text is one with these marks.
fn plain(text: &str, group: char, decimal: char) -> Option<String> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => unsigned.split_at(at),
        None => (unsigned, ""),
    };
    let (whole, fraction) = match mantissa.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if fraction.is_some_and(|fraction| !is_digits(fraction)) {
        return None;
    }
    let mut groups = whole.split(group);
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for part in groups {
        if part.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(part);
    }
    let is_empty_before_fraction = digits.is_empty() && fraction.is_some();
    if !is_digits(&digits) && !is_empty_before_fraction || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    if !exponent.is_empty() {
        let power = exponent[1..].trim_start_matches(['+', '-']);
        if !is_digits(power) || exponent.len() > 5 {
            return None;
        }
    }
    let number = match fraction {
        Some(fraction) => format!("{sign}{digits}.{fraction}{exponent}"),
        None => format!("{sign}{digits}{exponent}"),
    };
    // Whole numbers of more than 64 bits would lose digits.
    let is_kept = match fraction.is_none() && exponent.is_empty() {
        true => number.parse::<i64>().is_ok(),
        false => number.parse::<f64>().is_ok_and(f64::is_finite),
    };
    is_kept.then_some(number)
}

impl Numeral<'_> {
    /// The number with a decimal point and without groups.
    pub fn read(self, marks: Marks) -> Option<String> {
        match marks {
            Marks::Point => self.point,
            Marks::Comma => self.comma,
        }
    }

    /// True if it is a whole number with these marks.
    pub fn is_whole(&self, marks: Marks) -> bool {
        let number = match marks {
            Marks::Point => &self.point,
            Marks::Comma => &self.comma,
        };
        number.as_ref().is_some_and(|number| number.parse::<i64>().is_ok())
    }

    /// Number of digits of a whole number; 0 for one with a fraction.
    pub fn digits(&self) -> usize {
        let digits = self.text.strip_prefix('-').unwrap_or(&self.text);
        match digits.bytes().all(|byte| byte.is_ascii_digit()) {
            true => digits.len(),
            false => 0,
        }
    }

    /// True if both marks give a number, and not the same one.
    fn is_ambiguous(&self) -> bool {
        matches!((&self.point, &self.comma), (Some(point), Some(comma)) if point != comma)
    }
}

impl Marks {
    /// The marks with which all texts of a column are numbers. A mark that may part either a fraction or thousands parts
    /// thousands only where another number of the column shows that; where nothing does, the column is none of numbers.
    pub fn of<'t>(numerals: impl Iterator<Item = Option<Numeral<'t>>>) -> Option<Self> {
        let (mut fits_point, mut fits_comma) = (true, true);
        // Of commas and of points: one with two meanings, one that parts thousands for certain.
        let (mut is_doubtful, mut is_group) = ([false; 2], [false; 2]);
        for numeral in numerals {
            let numeral = numeral?;
            let (point, comma) = (numeral.point.is_some(), numeral.comma.is_some());
            fits_point &= point;
            fits_comma &= comma;
            if !fits_point && !fits_comma {
                return None;
            }
            let has = [numeral.text.contains(','), numeral.text.contains('.')];
            for mark in 0..2 {
                is_doubtful[mark] |= numeral.is_ambiguous() && has[mark];
            }
            is_group[0] |= point && !comma && has[0];
            is_group[1] |= comma && !point && has[1];
        }
        let is_clear = |mark: usize| !is_doubtful[mark] || is_group[mark];
        match (fits_point, fits_comma) {
            // Programs write 1.234; 1,234 has two meanings.
            (true, _) => is_clear(0).then_some(Self::Point),
            // 1.234 beside 2,5 may be a number of a program or a thousand.
            (false, true) => is_clear(1).then_some(Self::Comma),
            (false, false) => None,
        }
    }
}
