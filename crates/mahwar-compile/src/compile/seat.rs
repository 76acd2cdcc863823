//! Seats: the settlements from which units are run rank above others of their name.

use super::{
    CompileError,
    label::metres_to,
    tables::{HandName, Seat, Table},
    unit::Unit,
};
use crate::gazetteer::{Level, Place};
use geo::Point;
use std::{
    collections::{HashMap, HashSet},
    num::NonZeroU64,
};

/// A seat farther from its unit than this is another place of the name.
const FARTHEST_METRES: f64 = 15_000.0;

/// Raises the rank of seats, by the level of the unit and by inhabitants, and names their kind. A seat that
/// generalised boundaries leave outside its unit is given the unit as parent.
///
/// # Errors
/// A row that names no unit or no settlement, or one far from the other, with file and row.
pub fn raise_seats(
    table: &Table<Seat>,
    outlines: &[Unit],
    places: &[Place],
    settlements: &mut [Place],
) -> Result<(), CompileError> {
    let outlines: HashMap<&str, &Unit> = outlines.iter().map(|unit| (unit.pcode.as_str(), unit)).collect();
    let units: HashMap<&str, &Place> = places.iter().map(|unit| (unit.id.as_str(), unit)).collect();
    let by_id: HashMap<String, usize> = settlements
        .iter()
        .enumerate()
        .map(|(index, place)| (place.id.to_string(), index))
        .collect();
    for row in &table.rows {
        let complain = |what: String| table.complain(row.line, what);
        let unit = units.get(row.row.pcode.as_str());
        let unit = unit.ok_or_else(|| complain(format!("{:?} is no unit", row.row.pcode)))?;
        let index = by_id.get(&row.row.id);
        let index = *index.ok_or_else(|| complain(format!("{:?} is no settlement", row.row.id)))?;
        let place = &mut settlements[index];
        let (rank, kind) = seat(unit.level, place.population.map_or(0, NonZeroU64::get));
        if rank > place.rank {
            place.rank = rank;
        }
        if place.kind == "village" || kind == "city" || kind == "capital" {
            place.kind = kind.into();
        }
        let outline = unit
            .same_as
            .codes
            .pcode
            .as_deref()
            .and_then(|pcode| outlines.get(pcode));
        if let Some(outline) = outline
            && !place.parents.iter().any(|parent| is_within(parent, &unit.id, &units))
        {
            let metres = metres_to(&outline.geometry, Point::new(place.point[0], place.point[1]));
            if metres > FARTHEST_METRES {
                return Err(complain(format!(
                    "{} lies {:.0} km outside {}",
                    place.id,
                    metres / 1000.0,
                    unit.id
                )));
            }
            place.parents = [unit.id.to_string()].into();
        }
    }
    Ok(())
}

/// True if a unit is the other or a part of it.
fn is_within(part: &str, whole: &str, units: &HashMap<&str, &Place>) -> bool {
    let above = || units.get(part).map(|unit| &unit.parents[..]).unwrap_or_default();
    part == whole
        || above()
            .iter()
            .any(|parent| parent != part && is_within(parent, whole, units))
}

/// A name of a hand-written table is worth more than a bare hamlet.
const NAMED_RANK: u8 = 30;

/// Raises the rank of the settlements that a table of names speaks of.
pub fn raise_named(table: &Table<HandName>, settlements: &mut [Place]) {
    let named: HashSet<&str> = table.rows.iter().map(|row| row.row.id.as_str()).collect();
    for place in settlements.iter_mut().filter(|place| named.contains(place.id.as_str())) {
        place.rank = place.rank.max(NAMED_RANK);
        if place.kind == "village" {
            place.kind = "town".into();
        }
    }
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
