//! Meaning of an expression of time, before its days are known.

use super::calendar::Calendar;
use std::ops::Range;

/// Units that times are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
}

/// Which one of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    BeforeLast,
    Last,
    This,
    Next,
}

impl Which {
    /// Units from the present one.
    pub(super) fn step(self) -> i32 {
        match self {
            Self::BeforeLast => -2,
            Self::Last => -1,
            Self::This => 0,
            Self::Next => 1,
        }
    }
}

/// One end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    First,
    Last,
    /// One unit by its number, from 1.
    Numbered(i32),
}

/// A date with some of its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DateParts {
    pub(super) calendar: Calendar,
    pub(super) year: Option<i32>,
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
    /// The last day of an interval within the month.
    pub(super) last_day: Option<u8>,
    /// 1 Monday to 7 Sunday.
    pub(super) weekday: Option<u8>,
    /// 1 spring to 4 winter.
    pub(super) season: Option<u8>,
    /// The year is the first of ten.
    pub(super) decade: bool,
    /// 1 beginning, 2 middle, 3 end, 4 first half, 5 second half, 11 to 14 quarters of a year.
    pub(super) part: Option<u8>,
    pub(super) which: Option<Which>,
    /// The year, counted from that of the publication: "March last year".
    pub(super) year_shift: Option<i32>,
    /// The year is that of another time of the text: "of the same year".
    pub(super) same_year: bool,
    /// The year is written with two digits.
    pub(super) short_year: bool,
    /// The year is counted before our era.
    pub(super) before_era: bool,
}

/// Meaning of the words of a time.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Date(DateParts),
    /// A day counted from the publication, with the weekday that is named beside it.
    Shift {
        days: i32,
        weekday: Option<u8>,
    },
    ShiftYear(i32),
    Weekday {
        weekday: u8,
        which: Option<Which>,
    },
    /// "Wednesday of last week".
    WeekdayIn {
        weekday: u8,
        which: Which,
    },
    /// "the following Monday": the first one after another day of the text.
    WeekdayAfter(u8),
    /// "Tuesday-Thursday".
    Weekdays {
        first: u8,
        last: u8,
    },
    /// "last week", "this month".
    Period {
        unit: Unit,
        which: Which,
        part: Option<u8>,
    },
    /// "the end of the month", of a month or year that the words do not name.
    UnnamedPeriod {
        unit: Unit,
        part: u8,
    },
    /// "the ninth of this month".
    DayOfMonth {
        day: u8,
        which: Which,
        weekday: Option<u8>,
    },
    /// "the last ten months", "the next three days".
    Span {
        count: i32,
        unit: Unit,
        which: Which,
    },
    /// "during ten months".
    Duration {
        count: i32,
        unit: Unit,
    },
    /// "in ten months": their length in a clause of the past, their end in one of the future.
    Ahead {
        count: i32,
        unit: Unit,
    },
    /// "the last three months of 2020".
    EdgeOf {
        count: i32,
        unit: Unit,
        edge: Edge,
        whole: Box<DateParts>,
    },
    /// "two days ago", "in three days".
    Away {
        count: i32,
        unit: Unit,
    },
    /// "the same day", "two days later".
    From {
        count: i32,
        unit: Unit,
    },
    /// "two days before the election": counted from something that is no time.
    Event,
    /// "recent days".
    Vague,
    /// A feast by its month and day.
    Feast {
        calendar: Calendar,
        month: u8,
        day: u8,
        year: Option<i32>,
        /// Days after its first one: 1 for "the second day of".
        later: u8,
    },
    Between(Box<Expression>, Box<Expression>),
    Since(Box<Expression>),
    Until(Box<Expression>),
    Before(Box<Expression>),
    After(Box<Expression>),
}

/// An expression with its tokens.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) tokens: Range<usize>,
    pub(super) expression: Expression,
    /// The clause or the event that the time belongs to, where that is not the one of the sentence.
    pub(super) owner: Option<Owner>,
}

/// Owners of a time other than the clause of its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A relative clause about a noun that is no event: "a village that was destroyed in 2014".
    Relative {
        /// Its first token.
        start: usize,
        /// It reports an event of its own.
        event: bool,
    },
    /// An event that another time is counted from: "two days after the fall of the city on 10 June".
    Counted,
}

impl Expression {
    /// Parts of a date, which may lack some that another date beside it has; `None` for any other expression.
    pub(super) fn parts(&self) -> Option<&DateParts> {
        match self {
            Self::Date(parts) => Some(parts),
            _ => None,
        }
    }
}
