//! The profile of a line: through which units it runs, in order, and for how many kilometres.

use super::{
    line::{Corridor, Edge},
    locate::LineSide,
};
use crate::{
    gazetteer::Level,
    territory::{Boundaries, UnitIndex},
};
use serde::Serialize;

/// A stretch of the line with the same units beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stretch {
    /// Chainage of its start.
    pub from_km: f64,
    /// Chainage of its end.
    pub to_km: f64,
    /// Its length.
    pub km: f64,
    /// The unit that the corridor bounds here; for a route the unit that it runs through.
    pub unit: Option<String>,
    /// The unit on the other side; none for a route or at the border.
    pub facing: Option<String>,
}

/// Kilometres in one unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// The unit; none abroad.
    pub unit: Option<String>,
    /// Kilometres of the line in or along it.
    pub km: f64,
}

/// Kilometres by unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// Id of the definition.
    pub definition: String,
    /// `governorate` or `district`.
    pub by: Level,
    /// Length of the line.
    pub length_km: f64,
    /// In the order of the line.
    pub stretches: Vec<Stretch>,
    /// Kilometres by unit, in the order in which the line meets them.
    pub totals: Vec<Share>,
}

impl Corridor {
    /// The profile by districts or by governorates. `governorate_of` names the governorate of a district, as a
    /// worldview has it.
    pub fn profile(&self, by: Level, land: &Boundaries, governorate_of: impl Fn(&str) -> Option<String>) -> Profile {
        let mut stretches: Vec<Stretch> = Vec::new();
        for edge in &self.edges {
            let [unit, facing] = self.beside(edge, by, land, &governorate_of);
            let (from_km, to_km) = (edge.from_m / 1000.0, edge.to_m() / 1000.0);
            match stretches.last_mut() {
                Some(last) if last.unit == unit && last.facing == facing => last.to_km = to_km,
                _ => stretches.push(Stretch {
                    from_km,
                    to_km,
                    km: 0.0,
                    unit,
                    facing,
                }),
            }
        }
        let mut totals: Vec<Share> = Vec::new();
        for stretch in &mut stretches {
            stretch.km = stretch.to_km - stretch.from_km;
            match totals.iter_mut().find(|share| share.unit == stretch.unit) {
                Some(share) => share.km += stretch.km,
                None => totals.push(Share {
                    unit: stretch.unit.clone(),
                    km: stretch.km,
                }),
            }
        }
        Profile {
            definition: self.id.clone(),
            by,
            length_km: self.length_km(),
            stretches,
            totals,
        }
    }

    fn beside(
        &self,
        edge: &Edge,
        by: Level,
        land: &Boundaries,
        governorate_of: &impl Fn(&str) -> Option<String>,
    ) -> [Option<String>; 2] {
        let [left, right] = match by {
            Level::Governorate => edge.sides.map(|unit| {
                let district = land.ancestor_index(unit?, Level::District)?;
                governorate_of(&land.units()[district].pcode)
            }),
            _ => units_beside(land, edge.sides),
        };
        match self.inner_side() {
            Some(LineSide::Left) => [left, right],
            Some(_) => [right, left],
            None => [left, None],
        }
    }

    /// On which side of the line the units lie that it bounds; none for a route.
    pub fn inner_side(&self) -> Option<LineSide> {
        let [left, _] = self.edges.first()?.sides;
        let set = self.set.as_ref()?;
        Some(if set.holds(left) {
            LineSide::Left
        } else {
            LineSide::Right
        })
    }
}

/// The units left and right: districts, or sub-districts where both sides are in one district.
pub fn units_beside(land: &Boundaries, sides: [Option<UnitIndex>; 2]) -> [Option<String>; 2] {
    let at = |level: Level| sides.map(|unit| land.ancestor_index(unit?, level));
    let districts = at(Level::District);
    let units = if districts[0] == districts[1] && sides[0] != sides[1] {
        at(Level::Subdistrict)
    } else {
        districts
    };
    units.map(|unit| unit.map(|unit| land.units()[unit].pcode.clone()))
}
