//! One angle of a text: decimal degrees, or degrees, minutes and seconds, with signs or words, in digits of three
//! kinds.

use super::words::{AngleWord, PositionWords};

/// An angle with the hemisphere after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Angle {
    /// Degrees, without the sign of its hemisphere.
    pub(super) degrees: f64,
    /// Step of its last digit, in degrees.
    pub(super) step: f64,
    /// A degree sign, a word for degrees, or minutes.
    pub(super) marked: bool,
    /// It has minutes.
    pub(super) sexagesimal: bool,
    /// Digits after the point of the degrees.
    pub(super) decimals: usize,
    /// Degrees clockwise from north of the hemisphere named after it.
    pub(super) hemisphere: Option<f64>,
    /// Its minutes or seconds are 60 or more.
    pub(super) excess: bool,
    /// One past its last byte.
    pub(super) end: usize,
}

/// Longest run of digits that is read.
const DIGITS: usize = 12;
/// Minutes of a degree, and seconds of a minute.
const MOST_PARTS: f64 = 60.0;

/// The angle whose digits begin at a byte. `led`: a word for its hemisphere precedes it.
pub(super) fn read(words: &PositionWords, text: &str, at: usize, led: bool) -> Option<Angle> {
    let mut cursor = Cursor { words, text, at };
    let degrees = cursor.number()?;
    let mut angle = Angle {
        degrees: degrees.value,
        step: degrees.step,
        marked: false,
        sexagesimal: false,
        decimals: degrees.decimals,
        hemisphere: None,
        excess: false,
        end: cursor.at,
    };
    if cursor.mark(&['°', 'º', '˚'], AngleWord::Degree) {
        angle.marked = true;
        angle.end = cursor.at;
        if degrees.decimals == 0 {
            cursor.minutes(&mut angle);
        }
    }
    let mut spaced = false;
    if degrees.decimals == 0 && !angle.sexagesimal {
        cursor.at = angle.end;
        spaced = cursor.spaced(&mut angle, led);
    }
    // "N 35 28 05 E 44 23 32": the next hemisphere is that of the next angle.
    if led && spaced {
        return Some(angle);
    }
    cursor.at = angle.end;
    if let Some(bearing) = cursor.hemisphere() {
        let end = cursor.at;
        cursor.blanks();
        // "N36.51 E42.75": the letter before the next digits is that of the next angle.
        if led && cursor.rest().chars().next().and_then(digit).is_some() {
            return Some(angle);
        }
        angle.hemisphere = Some(bearing);
        angle.end = end;
    }
    Some(angle)
}

struct Number {
    value: f64,
    step: f64,
    decimals: usize,
}

struct Cursor<'t> {
    words: &'t PositionWords,
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn digits(&self, from: usize) -> (f64, usize, usize) {
        let (mut value, mut count, mut end) = (0.0, 0, from);
        for c in self.text.get(from..).unwrap_or_default().chars().take(DIGITS + 1) {
            let Some(digit) = digit(c) else { break };
            value = value * 10.0 + f64::from(digit);
            count += 1;
            end += c.len_utf8();
        }
        (value, count, end)
    }

    fn number(&mut self) -> Option<Number> {
        let (whole, count, end) = self.digits(self.at);
        if count == 0 || count > 3 {
            return None;
        }
        self.at = end;
        let mut number = Number {
            value: whole,
            step: 1.0,
            decimals: 0,
        };
        let mut rest = self.rest().chars();
        if let Some(point) = rest.next().filter(|c| matches!(c, '.' | '٫' | ',' | '،')) {
            let from = self.at + point.len_utf8();
            let (fraction, count, end) = self.digits(from);
            // A comma between digits is a list unless a degree sign follows.
            let comma = matches!(point, ',' | '،');
            let closes = self
                .text
                .get(end..)
                .unwrap_or_default()
                .trim_start()
                .starts_with(['°', 'º', '˚']);
            if (1..=DIGITS).contains(&count) && (!comma || closes) {
                number.step = 10f64.powi(-(count as i32));
                number.value += fraction * number.step;
                number.decimals = count;
                self.at = end;
            }
        }
        Some(number)
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        let trimmed = rest.trim_start_matches([' ', '\u{a0}', '\u{200f}', '\u{200e}', '\u{202f}']);
        self.at += rest.len() - trimmed.len();
    }

    /// Goes past a sign or a word, if one is here.
    fn mark(&mut self, signs: &[char], word: AngleWord) -> bool {
        let start = self.at;
        self.blanks();
        if let Some(sign) = self.rest().chars().next().filter(|c| signs.contains(c)) {
            self.at += sign.len_utf8();
            return true;
        }
        let letters = self.letters();
        if !letters.is_empty() && self.words.angle_word(letters) == Some(word) {
            self.at += letters.len();
            return true;
        }
        self.at = start;
        false
    }

    fn letters(&self) -> &'t str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_alphabetic() && !is_mark(c))
            .unwrap_or(rest.len());
        &rest[..end]
    }

    /// "و", "and" or a comma between degrees and minutes.
    fn joiner(&mut self) {
        self.blanks();
        let rest = self.rest();
        let joiner = ["و", "and ", "،", ","]
            .into_iter()
            .find(|joiner| rest.starts_with(joiner));
        self.at += joiner.map_or(0, str::len);
        self.blanks();
    }

    fn minutes(&mut self, angle: &mut Angle) {
        self.joiner();
        let Some(minutes) = self.number() else {
            return;
        };
        if !self.mark(&['\'', '′', '’', '‘', '´', '`', 'ʹ'], AngleWord::Minute) {
            return;
        }
        angle.degrees += minutes.value / 60.0;
        angle.step = minutes.step / 60.0;
        angle.sexagesimal = true;
        angle.excess = minutes.value >= MOST_PARTS;
        angle.end = self.at;
        if minutes.decimals > 0 {
            return;
        }
        self.joiner();
        let Some(seconds) = self.number() else {
            return;
        };
        let doubled = self.rest().starts_with("''") || self.rest().starts_with("’’") || self.rest().starts_with("′′");
        if doubled {
            let sign = self.rest().chars().next().map_or(0, char::len_utf8);
            self.at += 2 * sign;
        } else if !self.mark(&['"', '″', '”', '“', 'ʺ'], AngleWord::Second) && !self.hemisphere_follows() {
            return;
        }
        angle.degrees += seconds.value / 3600.0;
        angle.step = seconds.step / 3600.0;
        angle.excess |= seconds.value >= MOST_PARTS;
        angle.end = self.at;
    }

    /// Minutes and seconds that only blanks separate: "35 28 05 N", "35 28.083 N". They need a hemisphere.
    fn spaced(&mut self, angle: &mut Angle, led: bool) -> bool {
        let from = self.at;
        self.blanks();
        let blank = self.at > from;
        let Some(minutes) = self.number().filter(|minutes| blank && minutes.value < 60.0) else {
            return false;
        };
        let mut value = minutes.value / 60.0;
        let mut step = minutes.step / 60.0;
        if minutes.decimals == 0 {
            let from = self.at;
            self.blanks();
            let blank = self.at > from;
            let Some(seconds) = self.number().filter(|seconds| blank && seconds.value < 60.0) else {
                return false;
            };
            value += seconds.value / 3600.0;
            step = seconds.step / 3600.0;
        }
        let read = led || self.hemisphere_follows();
        if read {
            angle.degrees += value;
            angle.step = step;
            angle.sexagesimal = true;
            angle.marked = true;
            angle.end = self.at;
        }
        read
    }

    /// A word for a hemisphere is the next one.
    fn hemisphere_follows(&self) -> bool {
        let mut ahead = Cursor {
            words: self.words,
            text: self.text,
            at: self.at,
        };
        ahead.hemisphere().is_some()
    }

    fn hemisphere(&mut self) -> Option<f64> {
        self.blanks();
        let letters = self.letters();
        let bearing = self.words.hemisphere(letters)?;
        self.at += letters.len();
        Some(bearing)
    }
}

fn is_mark(c: char) -> bool {
    ('\u{64b}'..='\u{652}').contains(&c)
}

/// The value of a digit of any of the three kinds.
pub(super) fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '\u{660}'..='\u{669}' => Some(c as u32 - 0x660),
        '\u{6f0}'..='\u{6f9}' => Some(c as u32 - 0x6f0),
        _ => None,
    }
}
