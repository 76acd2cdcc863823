//! Who held a disputed unit when, as far as a public source says so.

use super::{
    Boundaries,
    table::{self, TableError},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

// The file of control by period.
const FILE: &str = "control.csv";

/// One unit in one period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Control {
    /// P-code.
    pub pcode: String,
    /// First day.
    #[serde(serialize_with = "as_text")]
    pub from: Date,
    /// Last day; none while it lasts.
    #[serde(serialize_with = "as_text_or_null")]
    pub to: Option<Date>,
    /// Id of the party in control, or of `divided`; none where no source is known: a gap, not a guess.
    pub party: Option<String>,
    /// Source of the row.
    pub source: String,
    /// Date of the source: a date, a month or a year; may be empty.
    pub source_date: String,
    /// Address of the source.
    pub source_url: String,
    /// Aspect of the control that the row is about.
    pub note: String,
}

/// All periods of all units, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct ControlByPeriod(Vec<Control>);

#[derive(Deserialize)]
struct Row {
    pcode: String,
    from: String,
    to: String,
    control: String,
    source: String,
    source_date: String,
    source_url: String,
    note: String,
}

impl ControlByPeriod {
    /// Reads `control.csv`; `parties` are the ids accepted in the column `control`.
    pub fn parse(text: &str, land: &Boundaries, parties: &[&str]) -> Result<Self, TableError> {
        let mut all: Vec<Control> = Vec::new();
        for (number, row) in table::read::<Row>(FILE, text)? {
            let control = read_row(row, land, parties).and_then(|control| match overlapping(&all, &control) {
                Some(other) => Err(format!(
                    "the period of {:?} overlaps the one from {}",
                    control.pcode, other.from
                )),
                None => Ok(control),
            });
            all.push(control.map_err(|what| TableError {
                file: FILE,
                row: number,
                what,
            })?);
        }
        Ok(Self(all))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Control> {
        self.0.iter()
    }

    /// The periods of a unit, in order.
    pub fn periods<'a>(&'a self, pcode: &'a str) -> impl Iterator<Item = &'a Control> {
        self.0.iter().filter(move |control| control.pcode == pcode)
    }

    /// The period of a unit that a day falls in.
    pub fn at(&self, pcode: &str, day: Date) -> Option<&Control> {
        self.0
            .iter()
            .find(|control| control.pcode == pcode && control.meets(Some(day), Some(day)))
    }

    /// The period of a unit that lasts.
    pub fn current(&self, pcode: &str) -> Option<&Control> {
        self.0
            .iter()
            .find(|control| control.pcode == pcode && control.to.is_none())
    }
}

impl Control {
    /// True if the period meets an interval; an end of `None` is open.
    pub fn meets(&self, from: Option<Date>, to: Option<Date>) -> bool {
        to.is_none_or(|to| self.from <= to) && from.is_none_or(|from| self.to.is_none_or(|end| end >= from))
    }
}

fn overlapping<'a>(all: &'a [Control], control: &Control) -> Option<&'a Control> {
    all.iter()
        .find(|other| other.pcode == control.pcode && other.meets(Some(control.from), control.to))
}

fn read_row(row: Row, land: &Boundaries, parties: &[&str]) -> Result<Control, String> {
    if land.unit(&row.pcode).is_none() {
        return Err(super::UnknownUnit(row.pcode).to_string());
    }
    let date = |column: &str, text: &str| {
        text.parse::<Date>()
            .map_err(|_| format!("{column} {text:?} is not a date; accepted: YYYY-MM-DD"))
    };
    let from = date("from", &row.from)?;
    let to = if row.to.is_empty() {
        None
    } else {
        Some(date("to", &row.to)?)
    };
    if to.is_some_and(|to| to < from) {
        return Err(format!("the period ends on {} before it begins on {from}", row.to));
    }
    let party = (!row.control.is_empty()).then_some(row.control);
    if let Some(party) = party.as_deref() {
        if !parties.contains(&party) {
            return Err(format!("unknown party {party:?}; accepted: {}", parties.join(", ")));
        }
        if row.source.is_empty() || row.source_url.is_empty() {
            return Err(format!("control of {:?} is stated without a source", row.pcode));
        }
    }
    Ok(Control {
        pcode: row.pcode,
        from,
        to,
        party,
        source: row.source,
        source_date: row.source_date,
        source_url: row.source_url,
        note: row.note,
    })
}

fn as_text<S: serde::Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

fn as_text_or_null<S: serde::Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => serializer.collect_str(date),
        None => serializer.serialize_none(),
    }
}
