//! The date and time at the head of a WhatsApp message, in the forms of the languages of telephones.

use jiff::civil::{Date, Time};

/// Years in which WhatsApp has messages; others are of another calendar (1443, 2564).
const YEARS: std::ops::RangeInclusive<i16> = 2009..=2099;

/// A date and time as the telephone wrote them.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    numbers: [i16; 3],
    /// Digits of each number.
    widths: [usize; 3],
    separator: char,
    half: Half,
    /// Written with Arabic digits, marks or words.
    is_arabic: bool,
    /// The era says that the year is one of the Hijra.
    is_hijri: bool,
    /// None if it is no time of a day, or the half of the day is not known.
    pub time: Option<Time>,
    /// As it was written, without marks of direction.
    pub written: String,
}

/// How the half of the day is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    /// 24 hours.
    None,
    /// `AM`, `PM`.
    Capital,
    Other,
}

/// Reads `03/12/2021, 10:15`, `2021-12-05 9:01 ب.ن`, `05/12/2021 à 09:01`, `٣٠/٤/١٤٤٣ هـ، ٩:٠١ ص`: three numbers, a time, and
/// a few letters beside them.
pub fn read(text: &str) -> Option<Stamp> {
    const MAX_LETTERS: usize = 40;
    let mut is_arabic = false;
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        is_arabic |= matches!(letter, '٠'..='٩' | '۰'..='۹' | '،' | '\u{61c}' | '\u{200f}');
        match letter {
            '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
            '٠'..='٩' => plain.push(char::from(b'0' + (letter as u32 - '٠' as u32) as u8)),
            '۰'..='۹' => plain.push(char::from(b'0' + (letter as u32 - '۰' as u32) as u8)),
            '\u{a0}' | '\u{202f}' | '\u{2009}' => plain.push(' '),
            '،' => plain.push(','),
            other => plain.push(other),
        }
    }
    if plain.chars().count() > MAX_LETTERS {
        return None;
    }
    let plain = plain.trim();
    let (numbers, widths, separator, rest) = date(plain)?;
    // The era, and the word or sign between date and time: `هـ`, `,`, `à`, `um`.
    let at = rest.find(|letter: char| letter.is_ascii_digit())?;
    let (between, clock) = rest.split_at(at);
    if between.is_empty() || !between.chars().all(is_beside) || letters(between) > 6 {
        return None;
    }
    let (hours, behind) = hours(clock)?;
    if !behind.chars().all(is_beside) || letters(behind) > 6 {
        return None;
    }
    is_arabic |= rest.chars().any(|letter| matches!(letter, '\u{600}'..='\u{6ff}'));
    let era: String = between
        .chars()
        .filter(|letter| letter.is_alphabetic() && *letter != 'ـ')
        .collect();
    let half = match letters(behind) {
        0 => Half::None,
        _ if matches!(behind.trim(), "AM" | "PM") => Half::Capital,
        _ => Half::Other,
    };
    Some(Stamp {
        numbers,
        widths,
        separator,
        half,
        is_arabic,
        time: time(hours, behind),
        is_hijri: matches!(era.to_lowercase().as_str(), "ه" | "ھ" | "ہ" | "ah"),
        written: plain.to_owned(),
    })
}

/// True for a text that begins as a stamp does: a date in numbers and a time.
pub fn begins(text: &str) -> bool {
    let head: String = text.chars().take(60).collect();
    let plain: String = head
        .chars()
        .filter(|letter| !matches!(letter, '\u{200e}' | '\u{200f}'))
        .collect();
    let is_digit = |letter: char| letter.is_numeric();
    let mut groups = plain.split(|letter: char| !is_digit(letter));
    let starts = plain.starts_with(is_digit) && groups.by_ref().take(3).all(|group| (1..=4).contains(&group.len()));
    let bytes: Vec<char> = plain.chars().collect();
    let has_time = bytes
        .windows(3)
        .any(|three| is_digit(three[0]) && three[1] == ':' && is_digit(three[2]));
    starts && has_time && date(&crate::dates::plain_digits(&plain)).is_some()
}

type Numbers<'t> = ([i16; 3], [usize; 3], char, &'t str);

/// Three numbers with the same sign between them, and the rest of the text.
fn date(text: &str) -> Option<Numbers<'_>> {
    let (mut numbers, mut widths) = ([0; 3], [0; 3]);
    let mut rest = text;
    let mut separator = None;
    for at in 0..3 {
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        if !matches!(end, 1 | 2 | 4) {
            return None;
        }
        numbers[at] = rest[..end].parse().ok()?;
        widths[at] = end;
        rest = &rest[end..];
        if at < 2 {
            let sign = rest.chars().next().filter(|sign| matches!(sign, '/' | '.' | '-'))?;
            if separator.replace(sign).is_some_and(|own| own != sign) {
                return None;
            }
            // `5. 12. 2021`.
            rest = rest[1..].trim_start_matches(' ');
        }
    }
    // `2021. 12. 5.`
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    Some((numbers, widths, separator?, rest))
}

fn is_beside(letter: char) -> bool {
    letter == ' ' || letter == ',' || letter == '.' || letter == '\u{640}' || letter.is_alphabetic()
}

fn letters(text: &str) -> usize {
    text.chars().filter(|letter| letter.is_alphabetic()).count()
}

/// `9:01`, `09.01.22`: hours, minutes, seconds, and the rest of the text.
fn hours(text: &str) -> Option<([i8; 3], &str)> {
    let end = text
        .find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, ':' | '.')))
        .unwrap_or(text.len());
    let clock = text[..end].trim_end_matches('.');
    let mut parts = clock.split([':', '.']);
    let mut number = || match parts.next() {
        Some(part) if (1..=2).contains(&part.len()) => part.parse::<i8>().ok(),
        _ => None,
    };
    let (hour, minute) = (number()?, number()?);
    let second = number().unwrap_or(0);
    Some(([hour, minute, second], &text[clock.len()..]))
}

fn time([hour, minute, second]: [i8; 3], behind: &str) -> Option<Time> {
    let half: String = behind.chars().filter(|letter| letter.is_alphabetic()).collect();
    let hour = match half.to_lowercase().as_str() {
        "" => hour,
        "pm" | "م" | "مساء" | "مساءً" | "دن" | "بظ" => hour % 12 + 12,
        "am" | "ص" | "صباحا" | "صباحاً" | "پن" | "بن" | "قظ" => hour % 12,
        // A word between date and time, or a half of the day in another language.
        _ => return None,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// Which number of a stamp is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    YearFirst,
    DayFirst,
    MonthFirst,
    /// Only dates with one reading are dates.
    Unknown,
}

impl Order {
    /// The date of a stamp; none for another calendar, and where the order is not known and counts.
    pub fn date(self, stamp: &Stamp) -> Option<Date> {
        let [first, second, third] = stamp.numbers;
        let (day, month, year) = match self {
            Self::YearFirst => (third, second, first),
            Self::MonthFirst => (second, first, third),
            Self::Unknown if first <= 12 && second <= 12 && first != second => return None,
            Self::Unknown if second > 12 => (second, first, third),
            Self::DayFirst | Self::Unknown => (first, second, third),
        };
        let year = if year < 100 { year + 2000 } else { year };
        if !YEARS.contains(&year) || stamp.is_hijri {
            return None;
        }
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }
}

/// The order of the numbers of an export, and true if its dates tell it rather than its form. A number above 12 shows; else
/// the order in which messages come in time; else the form: a sign other than `/`, zeros before single digits and Arabic
/// writing are of lands that have the day first; single digits, a short year and `AM` are those of the United States.
pub fn order_of(stamps: &[&Stamp]) -> (Order, bool) {
    let any = |test: &dyn Fn(&Stamp) -> bool| stamps.iter().any(|stamp| test(stamp));
    if any(&|stamp| stamp.widths[0] == 4 || stamp.numbers[0] > 31) {
        return (Order::YearFirst, true);
    }
    match (any(&|stamp| stamp.numbers[0] > 12), any(&|stamp| stamp.numbers[1] > 12)) {
        (true, true) => return (Order::Unknown, false),
        (true, false) => return (Order::DayFirst, true),
        (false, true) => return (Order::MonthFirst, true),
        (false, false) => {}
    }
    let backwards = |order: Order| {
        let dates: Vec<Date> = stamps.iter().filter_map(|stamp| order.date(stamp)).collect();
        dates.windows(2).filter(|pair| pair[1] < pair[0]).count()
    };
    let (day_first, month_first) = (backwards(Order::DayFirst), backwards(Order::MonthFirst));
    match day_first.cmp(&month_first) {
        std::cmp::Ordering::Less => return (Order::DayFirst, true),
        std::cmp::Ordering::Greater => return (Order::MonthFirst, true),
        std::cmp::Ordering::Equal => {}
    }
    let is_padded = any(&|stamp| (0..2).any(|at| stamp.widths[at] == 2 && stamp.numbers[at] < 10));
    let is_short = any(&|stamp| (0..2).any(|at| stamp.widths[at] == 1));
    let order = match stamps.first() {
        None => Order::Unknown,
        Some(stamp) if stamp.separator != '/' || stamp.is_arabic => Order::DayFirst,
        Some(_) if is_padded => Order::DayFirst,
        Some(stamp) if is_short && stamp.widths[2] == 2 && stamp.half == Half::Capital => Order::MonthFirst,
        Some(stamp) if stamp.half == Half::Other || (is_short && stamp.widths[2] == 4 && stamp.half == Half::None) => {
            Order::DayFirst
        }
        Some(_) => Order::Unknown,
    };
    (order, false)
}
