//! A land's rules for its days: time zone, first day of the week, order of the numbers of a date.

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// How a land counts its days.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The time zone in which "today" and "yesterday" are meant.
    pub zone: TimeZone,
    /// The day on which a week begins.
    pub week_begins: Weekday,
    /// In dates of three numbers the month comes first.
    pub month_first: bool,
}

impl Default for Clock {
    /// Universal time, weeks that begin on Monday, the day before the month.
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            week_begins: Weekday::Monday,
            month_first: false,
        }
    }
}

impl Clock {
    /// The day of a publication date: an RFC 3339 full-date, or a date-time, which is converted to the land's time
    /// zone. None for anything else.
    pub fn day(&self, published: &str) -> Option<Date> {
        if published.len() <= 10 {
            return published.parse().ok();
        }
        let moment: Timestamp = published.parse().ok()?;
        Some(moment.to_zoned_datetime(self.zone.clone()).date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{civil::date, tz::offset};

    #[test]
    fn a_moment_lies_on_the_day_of_the_land() {
        let clock = Clock {
            zone: TimeZone::fixed(offset(3)),
            ..Clock::default()
        };
        assert_eq!(clock.day("2021-12-04"), Some(date(2021, 12, 4)));
        assert_eq!(clock.day("2021-12-04T22:30:00Z"), Some(date(2021, 12, 5)));
        assert_eq!(clock.day("2021-12-05T00:30:00+03:00"), Some(date(2021, 12, 5)));
        assert_eq!(clock.day("2021-12-05T02:30:00+05:00"), Some(date(2021, 12, 5)));
        assert_eq!(clock.day("yesterday"), None);
    }
}
