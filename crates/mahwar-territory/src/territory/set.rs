//! Sets of units: their outline, the border that they share with other sets, their union.

use super::{
    ArcRef, Boundaries, UnknownUnit,
    boundaries::{FINEST, UnitIndex},
    dissolve,
    topology::Rings,
};
use crate::geodesy::{self, LonLat};
use std::collections::BTreeSet;

/// A set of units of the finest level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitSet(BTreeSet<UnitIndex>);

impl UnitSet {
    /// True if there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that is in either.
    pub fn with(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).copied().collect())
    }

    /// The units of this set that the other does not have.
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).copied().collect())
    }

    /// True if a unit of the finest level is in it.
    pub fn holds(&self, unit: Option<UnitIndex>) -> bool {
        unit.is_some_and(|unit| self.0.contains(&unit))
    }
}

impl Boundaries {
    /// The set of the named units, of any level.
    pub fn set<'a>(&self, pcodes: impl IntoIterator<Item = &'a str>) -> Result<UnitSet, UnknownUnit> {
        let mut set = UnitSet::default();
        for pcode in pcodes {
            let unit = self.index_of(pcode).ok_or_else(|| UnknownUnit(pcode.to_owned()))?;
            let level = self.units()[unit].level;
            let finest = self.units().iter().enumerate().filter(|(_, part)| part.level == FINEST);
            set.0.extend(
                finest
                    .map(|(part, _)| part)
                    .filter(|&part| self.ancestor_index(part, level) == Some(unit)),
            );
        }
        Ok(set)
    }

    /// True if a unit lies wholly in the set.
    pub fn is_in(&self, pcode: &str, set: &UnitSet) -> bool {
        self.set([pcode])
            .is_ok_and(|unit| !unit.is_empty() && unit.0.is_subset(&set.0))
    }

    /// The arcs around a set, the set on their left.
    pub fn outer_edges(&self, set: &UnitSet) -> Vec<ArcRef> {
        self.edges_where(|left, right| set.holds(left) && !set.holds(right))
    }

    /// The arcs that two sets share, the first on their left.
    pub fn shared_edges(&self, set: &UnitSet, other: &UnitSet) -> Vec<ArcRef> {
        self.edges_where(|left, right| set.holds(left) && other.holds(right) && !set.holds(right))
    }

    /// The arcs that a set shares with a country abroad, the set on their left; `None` for an unknown country.
    pub fn border_with(&self, set: &UnitSet, country: &str) -> Option<Vec<ArcRef>> {
        let country = self.neighbours().iter().find(|neighbour| neighbour.code == country)?;
        let shared = country.arcs.iter().copied();
        Some(shared.filter(|&arc| set.holds(self.side_indexes(arc)[0])).collect())
    }

    fn edges_where(&self, test: impl Fn(Option<UnitIndex>, Option<UnitIndex>) -> bool) -> Vec<ArcRef> {
        let directions = (0..self.arcs().len())
            .map(ArcRef::forward)
            .flat_map(|arc| [arc, arc.reversed()]);
        directions
            .filter(|&arc| {
                let [left, right] = self.side_indexes(arc);
                test(left, right)
            })
            .collect()
    }

    /// The union of a set as polygons made of shared arcs.
    pub fn dissolve(&self, set: &UnitSet) -> Vec<Rings> {
        // The outline of a set of closed units closes; nothing to report.
        dissolve::polygons(&self.outer_edges(set), self.arcs()).unwrap_or_default()
    }

    /// Geodesic area of a set, in km².
    pub fn area_of_set_km2(&self, set: &UnitSet) -> f64 {
        geodesy::area_km2(&self.shape(&self.dissolve(set), None))
    }

    /// Geodesic length of arcs at full resolution, in km.
    pub fn length_km(&self, arcs: &[ArcRef]) -> f64 {
        let length = |&arc: &ArcRef| geodesy::length_km(&self.line(&[arc], None));
        arcs.iter().map(length).sum()
    }

    /// Joins directed arcs end to start into the fewest unbroken lines. Where several ways lead on, the arcs that came
    /// first are walked first; rings come back closed.
    pub fn chain(&self, arcs: &[ArcRef]) -> Vec<Vec<ArcRef>> {
        let start = |arc: ArcRef| self.end_of(arc.reversed());
        let mut left: Vec<ArcRef> = arcs.to_vec();
        let mut lines = Vec::new();
        while !left.is_empty() {
            // A line begins where no arc ends; only rings are left when there is none.
            let first = left
                .iter()
                .position(|&arc| !left.iter().any(|&other| self.end_of(other) == start(arc)));
            let mut line = vec![left.remove(first.unwrap_or(0))];
            while let Some(next) = left
                .iter()
                .position(|&arc| line.last().map(|&last| self.end_of(last)) == Some(start(arc)))
            {
                line.push(left.remove(next));
            }
            lines.push(line);
        }
        lines
    }

    fn end_of(&self, arc: ArcRef) -> super::Micro {
        let points = &self.arcs()[arc.index()];
        if arc.is_reversed() {
            points[0]
        } else {
            points[points.len() - 1]
        }
    }

    /// First and last position of a line of arcs.
    pub fn ends(&self, line: &[ArcRef]) -> Option<[LonLat; 2]> {
        let (&first, &last) = (line.first()?, line.last()?);
        Some([self.end_of(first.reversed()), self.end_of(last)].map(|point| point.map(super::topology::degrees)))
    }
}
