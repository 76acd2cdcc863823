//! Numbers in digits of three kinds and in words of three languages.

use super::{
    claim_lexicon::{List, Lists, NumberKind, NumberWord},
    passage::Passage,
};
use crate::{language::Language, text::Kind};

/// A number in a passage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    pub(super) value: f64,
    /// Upper end of a range.
    pub(super) upper: Option<f64>,
    /// One past its last token.
    pub(super) end: usize,
    /// A word such as "dozens": at least the value.
    pub(super) vague: bool,
    /// Four bare digits that could be a year.
    pub(super) year: bool,
    /// Its last multiplier ("thousand"), or 1.
    scale: f64,
    /// Written in digits.
    digits: bool,
}

impl Number {
    /// The upper end of a range by itself.
    pub(super) fn upper_end(self) -> Self {
        Self {
            value: self.upper.unwrap_or(self.value),
            upper: None,
            ..self
        }
    }
}

/// Longest run of digits that is read as a number.
const LONGEST: usize = 15;

/// The number that begins at a token, with the upper end when it is a range. `between` says that "between" or "from"
/// precedes it, so that "and" joins the ends of a range.
pub(super) fn number(passage: &Passage, at: usize, end: usize, between: bool) -> Option<Number> {
    let lower = single(passage, at, end, !between)?;
    let Some((upper_at, plain)) = range_link(passage, &lower, end, between) else {
        return Some(lower);
    };
    let Some(mut upper) = single(passage, upper_at, end, true) else {
        return Some(lower);
    };
    let shared = if upper.scale > 1.0 && lower.scale == 1.0 && lower.value * upper.scale < upper.value {
        upper.scale
    } else {
        1.0
    };
    if upper.value <= lower.value * shared || (plain && is_date_part(passage, at, upper.end)) {
        return Some(lower);
    }
    upper.upper = Some(upper.value);
    upper.value = lower.value * shared;
    upper.year = false;
    Some(upper)
}

/// Where the upper end of a range begins, and whether a mere dash leads to it.
fn range_link(passage: &Passage, lower: &Number, end: usize, between: bool) -> Option<(usize, bool)> {
    let at = lower.end;
    if at + 1 > end {
        return None;
    }
    if passage.kind(at) == Some(Kind::Dash) && lower.digits && passage.kind(at + 1) == Some(Kind::Number) {
        return Some((at + 1, true));
    }
    if passage.lists(at).has(List::Range) {
        return Some((at + 1, false));
    }
    if between {
        return joined(passage, at).map(|at| (at, false));
    }
    None
}

/// Digits joined by dashes or slashes on both sides are dates and telephone numbers.
fn is_date_part(passage: &Passage, start: usize, end: usize) -> bool {
    let joins = |at: usize| matches!(passage.kind(at), Some(Kind::Dash | Kind::Slash)) && passage.is_unspaced(at);
    joins(end) || start.checked_sub(1).is_some_and(joins)
}

fn single(passage: &Passage, at: usize, end: usize, joins: bool) -> Option<Number> {
    if at >= end {
        return None;
    }
    let mut sum = Sum::default();
    let mut next = at;
    if passage.kind(at) == Some(Kind::Number) {
        let (value, after, year) = digits(passage, at, end)?;
        sum.number = Number {
            value: 0.0,
            upper: None,
            end: after,
            vague: false,
            year,
            scale: 1.0,
            digits: true,
        };
        sum.group = value;
        sum.used = ALL;
        next = after;
    } else {
        let (word, len) = word(passage, at)?;
        if !sum.take(word, true) {
            return None;
        }
        next += len;
        sum.number.end = next;
    }
    while next < end {
        let Some(len) = sum.follow(passage, next, joins) else {
            break;
        };
        next += len;
        sum.number.end = next;
    }
    Some(sum.finish())
}

/// The number word that begins at a token, and its tokens.
fn word(passage: &Passage, at: usize) -> Option<(NumberWord, usize)> {
    let (roles, len) = passage.roles(at);
    let word = roles.number.filter(|word| word.kind != NumberKind::And)?;
    Some((word, len))
}

/// Where the number begins that is joined to the words before it by "and".
fn joined(passage: &Passage, at: usize) -> Option<usize> {
    if passage.has_proclitic(at, 'و') && passage.cut(at) == 1 {
        return Some(at);
    }
    passage.lists(at).has(List::And).then_some(at + 1)
}

const UNITS: u8 = 1;
const TENS: u8 = 2;
const HUNDREDS: u8 = 4;
const ALL: u8 = 7;

/// A number being added up.
struct Sum {
    number: Number,
    total: f64,
    /// The part below the next multiplier.
    group: f64,
    /// Decimal places of the group that are used.
    used: u8,
    last_scale: f64,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            number: Number {
                value: 0.0,
                upper: None,
                end: 0,
                vague: false,
                year: false,
                scale: 1.0,
                digits: false,
            },
            total: 0.0,
            group: 0.0,
            used: 0,
            last_scale: f64::INFINITY,
        }
    }
}

impl Sum {
    /// Adds a word, when it fits. `joined`: it is the first one or follows "and".
    fn take(&mut self, word: NumberWord, joined: bool) -> bool {
        let value = word.value;
        match word.kind {
            NumberKind::Small => {
                let places = places(value);
                if !joined || self.used & places != 0 || value >= self.last_scale {
                    return false;
                }
                self.group += value;
                self.used |= places;
            }
            NumberKind::Hundred if self.used == 0 && joined => {
                self.group = value;
                self.used = if value == 100.0 { HUNDREDS } else { ALL };
            }
            // Half a dozen.
            NumberKind::Hundred if self.group > 0.0 && self.group < 1.0 && self.total == 0.0 && !joined => {
                self.group *= value;
                self.used = ALL;
            }
            NumberKind::Hundred if self.used & !UNITS == 0 && self.used != 0 && !joined => {
                self.group *= value;
                self.used = if value == 100.0 { HUNDREDS } else { ALL };
            }
            NumberKind::Hundred => return false,
            NumberKind::Scale | NumberKind::Scales => {
                let bare = self.used == 0;
                if value >= self.last_scale || (bare != joined && !bare) {
                    return false;
                }
                self.number.vague |= bare && word.kind == NumberKind::Scales;
                self.total += if bare { value } else { self.group * value };
                self.close(value);
            }
            NumberKind::Large => {
                let scale = 1000f64.powf((value.log10() / 3.0).floor());
                if !joined || self.used != 0 || scale >= self.last_scale {
                    return false;
                }
                self.total += value;
                self.close(scale);
            }
            NumberKind::Fraction | NumberKind::Vague => {
                if !joined || self.used != 0 || self.total > 0.0 {
                    return false;
                }
                self.number.vague |= word.kind == NumberKind::Vague;
                self.group = value;
                self.used = ALL;
            }
            NumberKind::And => return false,
        }
        true
    }

    fn close(&mut self, scale: f64) {
        self.group = 0.0;
        self.used = 0;
        self.last_scale = scale;
        self.number.scale = scale;
        self.number.year = false;
    }

    /// Adds the number word at a token; returns its tokens, or `None` when the number ends before it.
    fn follow(&mut self, passage: &Passage, at: usize, joins: bool) -> Option<usize> {
        if let Some(to) = joined(passage, at) {
            if !joins {
                return None;
            }
            return self.follow_joined(passage, to).map(|len| to - at + len);
        }
        if passage.kind(at) == Some(Kind::Dash) && passage.is_unspaced(at) && passage.is_unspaced(at + 1) {
            let (second, len) = word(passage, at + 1)?;
            let compound = second.kind == NumberKind::Small && second.value < 10.0 && self.used == TENS;
            return (compound && self.take(second, true)).then_some(len + 1);
        }
        let (next, len) = word(passage, at)?;
        let juxtaposed = passage.language == Language::English || !passage.is_word(at) || is_latin(passage, at);
        let adds = juxtaposed && next.kind == NumberKind::Small && (self.used != 0 || self.total > 0.0);
        (!self.is_digits_only(next) && self.take(next, adds)).then_some(len)
    }

    /// Digits take a multiplier after them, and nothing else without "and".
    fn is_digits_only(&self, next: NumberWord) -> bool {
        self.number.digits
            && self.total == 0.0
            && !matches!(next.kind, NumberKind::Scale | NumberKind::Scales | NumberKind::Hundred)
    }

    fn follow_joined(&mut self, passage: &Passage, at: usize) -> Option<usize> {
        if passage.kind(at) == Some(Kind::Number) {
            let (value, after, _) = digits(passage, at, passage.tokens.len())?;
            if self.total == 0.0 || self.used != 0 || value >= self.last_scale {
                return None;
            }
            self.group = value;
            self.used = ALL;
            return Some(after - at);
        }
        let (next, len) = word(passage, at)?;
        if self.number.digits && self.total == 0.0 {
            return None;
        }
        let additive = matches!(next.kind, NumberKind::Small | NumberKind::Large)
            || (self.used == 0 && matches!(next.kind, NumberKind::Hundred | NumberKind::Scale));
        (additive && self.take(next, true)).then_some(len)
    }

    fn finish(self) -> Number {
        Number {
            value: self.total + self.group,
            ..self.number
        }
    }
}

fn is_latin(passage: &Passage, at: usize) -> bool {
    passage.kind(at) == Some(Kind::Latin)
}

/// The decimal places that a value below a thousand takes.
fn places(value: f64) -> u8 {
    match value as u32 {
        0..=9 => UNITS,
        10..=19 => UNITS | TENS,
        20..=99 => TENS,
        _ => HUNDREDS,
    }
}

/// The value of digits with separators, one past its last token, and whether it could be a year.
fn digits(passage: &Passage, at: usize, end: usize) -> Option<(f64, usize, bool)> {
    let mut value = group(passage.slice(at))?;
    let first = passage.slice(at);
    let mut next = at + 1;
    let mut length = digit_count(first);
    let mut fraction = false;
    while next + 1 < end && passage.kind(next) == Some(Kind::Separator) && passage.kind(next + 1) == Some(Kind::Number)
    {
        let part = passage.slice(next + 1);
        let count = digit_count(part);
        let thousands = count == 3 && !fraction && is_thousands(passage, next);
        let digits = group(part)?;
        length += count;
        if fraction || length > LONGEST {
            return None;
        }
        if thousands {
            value = value * 1000.0 + digits;
        } else if is_decimal(passage, next) {
            value += digits / 10f64.powi(count as i32);
            fraction = true;
        } else {
            break;
        }
        next += 2;
    }
    if next == at + 1 {
        while let Some(part) = spaced_thousands(passage, at, next, end) {
            length += 3;
            if length > LONGEST {
                return None;
            }
            value = value * 1000.0 + part;
            next += 1;
        }
    }
    let year = next == at + 1 && length == 4 && (1900.0..2100.0).contains(&value);
    Some((value, next, year))
}

/// The next three digits of a number whose thousands are separated by spaces: "12 500".
fn spaced_thousands(passage: &Passage, first: usize, at: usize, end: usize) -> Option<f64> {
    let lead = digit_count(passage.slice(first));
    let whole = at < end
        && passage.kind(at) == Some(Kind::Number)
        && digit_count(passage.slice(at)) == 3
        && (1..=3).contains(&lead)
        && !passage.slice(first).starts_with(['0', '٠', '۰']);
    // A number after another number is a date or a telephone number.
    let alone = first.checked_sub(1).is_none_or(|before| {
        passage.kind(before) != Some(Kind::Number)
            && !passage.lists(before).any(Lists::of(&[List::Month, List::Uncounted]))
    });
    let more = passage.kind(at + 1) == Some(Kind::Number) && digit_count(passage.slice(at + 1)) != 3;
    (whole && alone && !more).then(|| group(passage.slice(at))).flatten()
}

fn is_thousands(passage: &Passage, separator: usize) -> bool {
    match passage.slice(separator) {
        "," | "٬" | "،" => true,
        "." => passage.language != Language::English,
        _ => false,
    }
}

fn is_decimal(passage: &Passage, separator: usize) -> bool {
    match passage.slice(separator) {
        "." | "٫" => true,
        "," | "،" => passage.language != Language::English,
        _ => false,
    }
}

/// Number of digits.
pub(super) fn digit_count(digits: &str) -> usize {
    // ASCII digits take one byte, the Arabic ones two.
    if digits.is_ascii() {
        digits.len()
    } else {
        digits.chars().count()
    }
}

fn group(digits: &str) -> Option<f64> {
    if digits.len() > 2 * LONGEST {
        return None;
    }
    let mut value = 0u64;
    for c in digits.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '\u{660}'..='\u{669}' => c as u32 - 0x660,
            '\u{6F0}'..='\u{6F9}' => c as u32 - 0x6F0,
            _ => return None,
        };
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(value as f64)
}
