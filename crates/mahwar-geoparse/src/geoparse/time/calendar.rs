//! Days of four calendars as days of the Gregorian one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A calendar in which a text names a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Calendar {
    /// The Gregorian calendar.
    #[default]
    #[serde(rename = "gregorian")]
    Gregorian,
    /// The Islamic calendar by the tables of Umm al-Qura.
    #[serde(rename = "islamic-umalqura")]
    Islamic,
    /// The Persian solar calendar.
    #[serde(rename = "persian")]
    Persian,
    /// The Kurdish solar calendar: the days and months of the Persian one, 1,321 years more.
    #[serde(rename = "kurdish")]
    Kurdish,
}

/// Years between the Kurdish and the Persian count.
const KURDISH_YEARS: i32 = 1321;
/// Years for which the tables of Umm al-Qura are published.
#[cfg(feature = "calendars")]
const ISLAMIC_YEARS: std::ops::RangeInclusive<i32> = 1300..=1600;

/// Why a day of a calendar is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The month does not have that day, or the year that month.
    NoSuchDay,
    /// The tables do not cover the year.
    OutOfRange,
    /// The crate was built without this calendar.
    #[cfg_attr(feature = "calendars", allow(dead_code))]
    NotBuilt,
}

impl Calendar {
    /// The years that a text may name in this calendar.
    pub(super) fn takes_year(self, year: i32) -> bool {
        match self {
            Self::Gregorian => (1000..=2999).contains(&year),
            Self::Islamic => (1000..=1600).contains(&year),
            Self::Persian => (1200..=1600).contains(&year),
            Self::Kurdish => (2600..=2899).contains(&year),
        }
    }

    /// A day.
    pub(super) fn day(self, year: i32, month: u8, day: u8) -> Result<Date, Wrong> {
        match self {
            Self::Gregorian => {
                let year = i16::try_from(year).map_err(|_| Wrong::OutOfRange)?;
                let fits = |part: u8| i8::try_from(part).map_err(|_| Wrong::NoSuchDay);
                Date::new(year, fits(month)?, fits(day)?).map_err(|_| Wrong::NoSuchDay)
            }
            Self::Islamic => islamic(year, month, day),
            Self::Persian => persian(year, month, day),
            Self::Kurdish => persian(year - KURDISH_YEARS, month, day),
        }
    }

    /// First and last day of a month.
    pub(super) fn month(self, year: i32, month: u8) -> Result<(Date, Date), Wrong> {
        let first = self.day(year, month, 1)?;
        let next = match month {
            12 => self.day(year + 1, 1, 1),
            _ => self.day(year, month + 1, 1),
        };
        Ok((first, next?.yesterday().map_err(|_| Wrong::OutOfRange)?))
    }

    /// First and last day of a year.
    pub(super) fn year(self, year: i32) -> Result<(Date, Date), Wrong> {
        let first = self.day(year, 1, 1)?;
        let next = self.day(year + 1, 1, 1)?;
        Ok((first, next.yesterday().map_err(|_| Wrong::OutOfRange)?))
    }

    /// The year of this calendar that contains a day.
    pub(super) fn year_of(self, date: Date) -> i32 {
        let year = i32::from(date.year());
        let guess = match self {
            Self::Gregorian => return year,
            Self::Islamic => (year - 622) * 33 / 32,
            Self::Persian => year - 621,
            Self::Kurdish => year - 621 + KURDISH_YEARS,
        };
        let begun = |year: &i32| self.day(*year, 1, 1).is_ok_and(|first| first <= date);
        (guess - 1..=guess + 2).rev().find(begun).unwrap_or(guess)
    }
}

#[cfg(feature = "calendars")]
fn islamic(year: i32, month: u8, day: u8) -> Result<Date, Wrong> {
    use icu_calendar::cal::Hijri;
    if !ISLAMIC_YEARS.contains(&year) {
        return Err(Wrong::OutOfRange);
    }
    let date = icu_calendar::Date::try_new_hijri_with_calendar(year, month, day, Hijri::new_umm_al_qura());
    civil(date.map_err(|_| Wrong::NoSuchDay)?.to_calendar(icu_calendar::Iso))
}

#[cfg(feature = "calendars")]
fn persian(year: i32, month: u8, day: u8) -> Result<Date, Wrong> {
    let date = icu_calendar::Date::try_new_persian(year, month, day);
    civil(date.map_err(|_| Wrong::NoSuchDay)?.to_calendar(icu_calendar::Iso))
}

#[cfg(feature = "calendars")]
fn civil(date: icu_calendar::Date<icu_calendar::Iso>) -> Result<Date, Wrong> {
    let year = i16::try_from(date.year().extended_year()).map_err(|_| Wrong::OutOfRange)?;
    let part = |part: u8| i8::try_from(part).map_err(|_| Wrong::OutOfRange);
    let (month, day) = (part(date.month().ordinal)?, part(date.day_of_month().0)?);
    Date::new(year, month, day).map_err(|_| Wrong::OutOfRange)
}

#[cfg(not(feature = "calendars"))]
fn islamic(_: i32, _: u8, _: u8) -> Result<Date, Wrong> {
    Err(Wrong::NotBuilt)
}

#[cfg(not(feature = "calendars"))]
fn persian(_: i32, _: u8, _: u8) -> Result<Date, Wrong> {
    Err(Wrong::NotBuilt)
}

#[cfg(all(test, feature = "calendars"))]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_of_other_calendars_are_days_of_the_gregorian_one() {
        assert_eq!(Calendar::Islamic.day(1443, 4, 28), Ok(date(2021, 12, 3)));
        assert_eq!(Calendar::Islamic.day(1445, 9, 1), Ok(date(2024, 3, 11)));
        assert_eq!(Calendar::Persian.day(1400, 1, 1), Ok(date(2021, 3, 21)));
        assert_eq!(Calendar::Kurdish.day(2721, 1, 1), Ok(date(2021, 3, 21)));
        assert_eq!(Calendar::Persian.day(1399, 12, 30), Ok(date(2021, 3, 20)));
    }

    #[test]
    fn a_day_that_a_calendar_does_not_have_is_none() {
        assert_eq!(Calendar::Islamic.day(1447, 2, 30), Err(Wrong::NoSuchDay));
        assert_eq!(Calendar::Persian.day(1400, 12, 30), Err(Wrong::NoSuchDay));
        assert_eq!(Calendar::Gregorian.day(2021, 4, 31), Err(Wrong::NoSuchDay));
        assert_eq!(Calendar::Islamic.day(1200, 1, 1), Err(Wrong::OutOfRange));
    }

    #[test]
    fn a_day_lies_in_the_year_of_each_calendar() {
        let day = date(2021, 12, 3);
        assert_eq!(Calendar::Islamic.year_of(day), 1443);
        assert_eq!(Calendar::Persian.year_of(day), 1400);
        assert_eq!(Calendar::Kurdish.year_of(date(2021, 3, 20)), 2720);
    }
}
