//! Seats: the settlements from which units are run stand above others of their name.

use super::{
    CompileError,
    tables::{Seat, Table},
};
use crate::gazetteer::{Level, Place};
use std::collections::HashMap;

/// Raises the rank of seats, by the level of the unit and by inhabitants, and names their kind.
///
/// # Errors
/// A row that names no unit or no settlement, with file and row.
pub fn raise_seats(table: &Table<Seat>, units: &[Place], settlements: &mut [Place]) -> Result<(), CompileError> {
    let units: HashMap<&str, &Place> = units.iter().map(|unit| (unit.id.as_str(), unit)).collect();
    let by_id: HashMap<String, usize> = settlements
        .iter()
        .enumerate()
        .map(|(index, place)| (place.id.clone(), index))
        .collect();
    for row in &table.rows {
        let complain = |what: String| table.complain(row.line, what);
        let unit = units.get(row.row.pcode.as_str());
        let unit = unit.ok_or_else(|| complain(format!("{:?} is no unit", row.row.pcode)))?;
        let index = by_id.get(&row.row.id);
        let index = *index.ok_or_else(|| complain(format!("{:?} is no settlement", row.row.id)))?;
        let place = &mut settlements[index];
        let (rank, kind) = seat(unit.level, place.population.unwrap_or(0));
        if rank > place.rank {
            place.rank = rank;
        }
        if place.kind == "village" || kind == "city" || kind == "capital" {
            kind.clone_into(&mut place.kind);
        }
    }
    Ok(())
}

/// Rank and kind of a seat.
fn seat(level: Level, people: u64) -> (u8, &'static str) {
    let by_people = match people {
        700_000.. => 4,
        300_000.. => 3,
        100_000.. => 2,
        20_000.. => 1,
        _ => 0,
    };
    match level {
        Level::Country => (100, "capital"),
        Level::Region | Level::Governorate => (95 + by_people, "city"),
        Level::District => (70 + 2 * by_people, "town"),
        _ => (50 + 2 * by_people, "town"),
    }
}
