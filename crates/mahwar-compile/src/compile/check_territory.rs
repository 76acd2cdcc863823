//! Checks of the territory: topology at every zoom, references between the hand-written files, check values.

use super::check::Check;
use crate::{
    corridor::Corridors,
    gazetteer::Level,
    territory::{
        ArcRef, Boundaries, ControlByPeriod, DisputedAreas, FULL_ZOOM, Micro, Worldview, Worldviews,
        dissolve::{self, edges_meet},
        topology::OBJECTS,
    },
};
use std::collections::BTreeSet;

/// The parts of the territory, read.
#[derive(Clone, Copy)]
pub struct Territory<'a> {
    /// Units and their arcs.
    pub boundaries: &'a Boundaries,
    /// Which units are disputed.
    pub disputed: &'a DisputedAreas,
    /// Who held them when.
    pub control: &'a ControlByPeriod,
    /// Differences between the sides.
    pub worldviews: &'a Worldviews,
    /// The corridor by each of its definitions.
    pub corridors: &'a Corridors,
}

/// All checks of the territory.
pub fn check_territory(land: Territory<'_>) -> Vec<Check> {
    let mut checks = vec![
        inner_edges(land.boundaries),
        children_make_parents(land.boundaries),
        drawn_edges(land.boundaries),
        units_survive(land.boundaries),
        border_is_known(land.boundaries),
        disputed_parties(land),
        disputed_controlled(land),
        views_cover(land),
    ];
    checks.extend(areas(land));
    checks.extend(lengths(land));
    checks
}

/// Every arc has a unit on both sides, or it is on the border of the country.
fn inner_edges(land: &Boundaries) -> Check {
    let border: BTreeSet<usize> = land
        .units_of(Level::Country)
        .flat_map(|unit| unit.polygons.iter().flatten().flatten().map(|arc| arc.index()))
        .collect();
    let wrong: Vec<String> = (0..land.arcs().len())
        .filter(|&arc| {
            let sides = land.sides(ArcRef::forward(arc));
            sides.iter().flatten().count() != if border.contains(&arc) { 1 } else { 2 }
        })
        .map(|arc| format!("boundaries.topojson, arc {arc}: not between two units and not on the border"))
        .collect();
    Check::none_wrong(
        "boundaries: each inner edge lies between two units",
        land.arcs().len(),
        &wrong,
    )
}

/// The outline of a unit consists of the arcs that its children do not share with each other.
fn children_make_parents(land: &Boundaries) -> Check {
    let parents = land
        .units()
        .iter()
        .filter(|unit| unit.level != OBJECTS[OBJECTS.len() - 1].1);
    let wrong: Vec<String> = parents
        .clone()
        .filter(|parent| {
            let mut outline: BTreeSet<ArcRef> = BTreeSet::new();
            let children = land.children(&parent.pcode);
            for arc in children.flat_map(|child| child.polygons.iter().flatten().flatten()) {
                if !outline.remove(&arc.reversed()) {
                    outline.insert(*arc);
                }
            }
            let own: BTreeSet<ArcRef> = parent.polygons.iter().flatten().flatten().copied().collect();
            outline != own
        })
        .map(|parent| format!("boundaries.topojson, {}: its parts do not make it up", parent.pcode))
        .collect();
    Check::none_wrong(
        "boundaries: units are the union of their parts",
        parents.count(),
        &wrong,
    )
}

/// At no zoom do drawn edges cross or touch.
fn drawn_edges(land: &Boundaries) -> Check {
    let mut checked = 0;
    let mut wrong = Vec::new();
    for zoom in 0..=FULL_ZOOM {
        let lines = (0..land.arcs().len()).map(|arc| land.points(&[ArcRef::forward(arc)], Some(zoom)));
        let mut edges: Vec<(Micro, Micro)> = lines
            .flat_map(|line| {
                line.windows(2)
                    .map(|pair| (pair[0].min(pair[1]), pair[0].max(pair[1])))
                    .collect::<Vec<_>>()
            })
            .collect();
        edges.sort_unstable();
        checked += edges.len();
        for (place, &(a, b)) in edges.iter().enumerate() {
            let later = edges[place + 1..].iter().take_while(|(c, _)| c[0] <= b[0]);
            for &(c, d) in later {
                if (a, b) == (c, d) || edges_meet(a, b, c, d) {
                    wrong.push(format!(
                        "boundaries.topojson at zoom {zoom}: {a:?}-{b:?} meets {c:?}-{d:?}"
                    ));
                }
            }
        }
    }
    Check::none_wrong("boundaries: no drawn edges meet at any zoom", checked, &wrong)
}

/// At every zoom each unit has an area and the right way round.
fn units_survive(land: &Boundaries) -> Check {
    let zooms = 0..=FULL_ZOOM;
    let checked = land.units().len() * zooms.clone().count();
    let each = land
        .units()
        .iter()
        .flat_map(|unit| zooms.clone().map(move |zoom| (unit, zoom)));
    let wrong = each.filter(|(unit, zoom)| {
        let shells = unit.polygons.iter().filter_map(|rings| rings.first());
        shells
            .into_iter()
            .any(|shell| dissolve::twice_area_of(&land.points(shell, Some(*zoom))) <= 0)
    });
    let wrong: Vec<String> = wrong
        .map(|(unit, zoom)| format!("{} vanishes or turns over at zoom {zoom}", unit.pcode))
        .collect();
    Check::none_wrong("boundaries: every unit survives at every zoom", checked, &wrong)
}

/// Every stretch of the border has its country beyond it.
fn border_is_known(land: &Boundaries) -> Check {
    let known: BTreeSet<usize> = land
        .neighbours()
        .iter()
        .flat_map(|country| country.arcs.iter().map(|arc| arc.index()))
        .collect();
    let border = land
        .units_of(Level::Country)
        .flat_map(|unit| unit.polygons.iter().flatten().flatten().map(|arc| arc.index()))
        .collect::<Vec<_>>();
    let unknown = border.iter().filter(|arc| !known.contains(arc));
    let wrong: Vec<String> = unknown
        .map(|arc| format!("boundaries.topojson, arc {arc}: no country beyond it"))
        .collect();
    Check::none_wrong("boundaries: the border has its neighbours", border.len(), &wrong)
}

fn disputed_parties(land: Territory<'_>) -> Check {
    let claims = || {
        land.disputed
            .iter()
            .flat_map(|area| area.claimed_by.iter().map(move |party| (area, party)))
    };
    let unknown = claims().filter(|(_, party)| land.worldviews.party(party).is_none());
    let wrong: Vec<String> = unknown
        .map(|(area, party)| format!("disputed_areas.csv, {}: unknown party {party:?}", area.pcode))
        .collect();
    Check::none_wrong("disputed areas: claimants are known parties", claims().count(), &wrong)
}

fn disputed_controlled(land: Territory<'_>) -> Check {
    let open = land
        .disputed
        .iter()
        .filter(|area| land.control.current(&area.pcode).is_none());
    let wrong: Vec<String> = open
        .map(|area| format!("control.csv has no lasting period for {}", area.pcode))
        .collect();
    Check::none_wrong(
        "disputed areas: control has a period that lasts",
        land.disputed.iter().count(),
        &wrong,
    )
}

/// Checks that in each view every district is in one governorate.
fn views_cover(land: Territory<'_>) -> Check {
    let districts = land.boundaries.units_of(Level::District).count();
    let wrong: Vec<String> = Worldview::ALL
        .into_iter()
        .filter_map(|view| {
            let governorates = land.worldviews.governorates(view, land.boundaries);
            let units = || governorates.iter().flat_map(|governorate| &governorate.units);
            let distinct: BTreeSet<&String> = units().collect();
            let once = units().count() == districts && distinct.len() == districts;
            (!once).then(|| {
                format!(
                    "worldviews.toml, {view}: {} of {districts} districts have one governorate",
                    distinct.len()
                )
            })
        })
        .collect();
    Check::none_wrong(
        "worldviews: each view has every district once",
        Worldview::ALL.len() * districts,
        &wrong,
    )
}

fn areas(land: Territory<'_>) -> Vec<Check> {
    let definitions = land.corridors.definitions();
    let expected = definitions.check.areas_km2.iter();
    expected
        .map(|(set, expected)| {
            let found = definitions.named_set(set, land.boundaries, land.disputed);
            let found = found
                .map(|set| land.boundaries.area_of_set_km2(&set))
                .map_err(|error| error.to_string());
            measured(
                format!("area of {set}"),
                *expected,
                definitions.check.tolerance_percent,
                "km²",
                found,
            )
        })
        .collect()
}

fn lengths(land: Territory<'_>) -> Vec<Check> {
    let definitions = land.corridors.definitions();
    let expected = definitions.check.lengths_km.iter();
    expected
        .map(|(id, expected)| {
            let found = land
                .corridors
                .line(Some(id))
                .map(|line| line.length_km())
                .map_err(|error| error.to_string());
            measured(
                format!("length of {id}"),
                *expected,
                definitions.check.tolerance_percent,
                "km",
                found,
            )
        })
        .collect()
}

fn measured(name: String, expected: f64, tolerance: f64, unit: &str, found: Result<f64, String>) -> Check {
    Check {
        name,
        expected: format!("{expected} {unit} ± {tolerance} %"),
        ok: found
            .as_ref()
            .is_ok_and(|found| (found / expected - 1.0).abs() * 100.0 <= tolerance),
        found: found.map_or_else(|error| error, |found| format!("{found:.1} {unit}")),
    }
}
