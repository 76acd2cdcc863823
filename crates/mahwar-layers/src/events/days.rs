//! The days on which a claim says that something happened.

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// An interval of days, both ends inclusive, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// First day.
    pub first: i32,
    /// Last day.
    pub last: i32,
    /// True if the text states the days; false if they follow from the day of publication.
    pub stated: bool,
}

/// The day that days are counted from.
const EPOCH: Date = Date::constant(1970, 1, 1);

impl Days {
    /// The days from one RFC 3339 date to another; `None` if either is no date or they are in the wrong order.
    pub fn between(from: &str, to: &str, stated: bool) -> Option<Self> {
        let (first, last) = (number(from)?, number(to)?);
        (first <= last).then_some(Self { first, last, stated })
    }

    /// The days that a report of this day of publication speaks of if it names none: that day and the one before.
    pub fn published(day: &str) -> Option<Self> {
        let last = number(day)?;
        Some(Self {
            first: last - 1,
            last,
            stated: false,
        })
    }

    /// Number of days, at least 1.
    pub fn len(self) -> i32 {
        self.last - self.first + 1
    }

    /// Always false: an interval has a day at least.
    pub fn is_empty(self) -> bool {
        false
    }

    /// True if the two have a day in common.
    pub fn meet(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The days that both have; `None` if there is none.
    pub fn common(self, other: Self) -> Option<Self> {
        self.meet(other).then(|| Self {
            first: self.first.max(other.first),
            last: self.last.min(other.last),
            stated: self.stated || other.stated,
        })
    }

    /// The first day as an RFC 3339 date.
    pub fn from_date(self) -> String {
        text(self.first)
    }

    /// The last day as an RFC 3339 date.
    pub fn to_date(self) -> String {
        text(self.last)
    }
}

/// The number of a day of RFC 3339; a date-time counts as its day.
fn number(day: &str) -> Option<i32> {
    let date: Date = day.get(..10)?.parse().ok()?;
    Some(EPOCH.until(date).ok()?.get_days())
}

fn text(day: i32) -> String {
    // Days come from dates, so that the sum is one.
    EPOCH.saturating_add(i64::from(day).days()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_and_written_as_dates() {
        let days = Days::between("2021-12-03", "2021-12-05", true).unwrap();
        assert_eq!(
            (days.len(), days.from_date(), days.to_date()),
            (3, "2021-12-03".into(), "2021-12-05".into())
        );
        assert_eq!(
            Days::published("2021-12-03T23:00:00Z").unwrap().from_date(),
            "2021-12-02"
        );
        assert!(Days::between("2021-12-05", "2021-12-03", true).is_none());
        assert!(Days::between("2021-04-31", "2021-05-01", true).is_none());
    }

    #[test]
    fn days_before_1970_have_numbers_too() {
        let days = Days::between("1963-02-08", "1963-02-08", true).unwrap();
        assert_eq!(days.from_date(), "1963-02-08");
    }
}
