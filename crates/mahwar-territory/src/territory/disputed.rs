//! The disputed areas: units, listed names, claimants, legal grounds.

use super::{
    Boundaries, UnitSet,
    table::{self, TableError},
};
use serde::{Deserialize, Serialize};

// The file of the disputed areas.
const FILE: &str = "disputed_areas.csv";

/// A unit whose administration is disputed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisputedArea {
    /// P-code of a district or sub-district.
    pub pcode: String,
    /// The name under which the source lists it.
    pub listed_name: String,
    /// Ids of the parties that claim it (see [`super::Worldviews::party`]).
    pub claimed_by: Vec<String>,
    /// The legal ground on which its status is open.
    pub article: String,
    /// State of the dispute.
    pub status: String,
    /// Source of the listing: author, date, address.
    pub source: String,
    /// Note for readers; may be empty.
    pub note: String,
}

/// All disputed areas, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct DisputedAreas(Vec<DisputedArea>);

#[derive(Deserialize)]
struct Row {
    pcode: String,
    unami_name: String,
    claimed_by: String,
    article: String,
    status: String,
    source: String,
    note: String,
}

impl DisputedAreas {
    /// Reads `disputed_areas.csv` against the boundaries.
    pub fn parse(text: &str, land: &Boundaries) -> Result<Self, TableError> {
        let mut areas: Vec<DisputedArea> = Vec::new();
        for (number, row) in table::read::<Row>(FILE, text)? {
            let wrong = |what: String| TableError {
                file: FILE,
                row: number,
                what,
            };
            if land.unit(&row.pcode).is_none() {
                return Err(wrong(super::UnknownUnit(row.pcode).to_string()));
            }
            if areas.iter().any(|area| area.pcode == row.pcode) {
                return Err(wrong(format!("the unit {:?} stands twice", row.pcode)));
            }
            if row.source.is_empty() {
                return Err(wrong(format!("the unit {:?} has no source", row.pcode)));
            }
            areas.push(DisputedArea {
                pcode: row.pcode,
                listed_name: row.unami_name,
                claimed_by: table::list(&row.claimed_by),
                article: row.article,
                status: row.status,
                source: row.source,
                note: row.note,
            });
        }
        Ok(Self(areas))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &DisputedArea> {
        self.0.iter()
    }

    /// The record of exactly this unit.
    pub fn get(&self, pcode: &str) -> Option<&DisputedArea> {
        self.0.iter().find(|area| area.pcode == pcode)
    }

    /// The record of this unit or of the unit that it is a part of.
    pub fn covering(&self, pcode: &str, land: &Boundaries) -> Option<&DisputedArea> {
        let mut unit = Some(pcode);
        while let Some(code) = unit {
            if let Some(area) = self.get(code) {
                return Some(area);
            }
            unit = land.parent(code);
        }
        None
    }

    /// All of them as one set of units.
    pub fn set(&self, land: &Boundaries) -> UnitSet {
        // Every code was looked up when the file was read.
        land.set(self.0.iter().map(|area| area.pcode.as_str()))
            .unwrap_or_default()
    }
}
