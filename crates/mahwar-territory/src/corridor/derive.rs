//! From a definition to its line: shared arcs, or geodesics between places.

use super::{
    Corridor,
    definition::{CorridorError, Definition, Definitions, FindPlace, Kind},
    line::Edge,
};
use crate::{
    gazetteer::Level,
    geodesy::{self, LonLat},
    territory::{ArcRef, Boundaries, DisputedAreas, UnitSet},
};

/// Routes are cut into edges of at most this length, so that each has its unit.
const ROUTE_STEP_M: f64 = 1000.0;

impl Definitions {
    /// Derives the line of a definition. `place` finds the point of a gazetteer id; only routes use it.
    pub fn derive(
        &self,
        definition: &Definition,
        land: &Boundaries,
        disputed: &DisputedAreas,
        place: FindPlace<'_>,
    ) -> Result<Corridor, CorridorError> {
        let (set, arcs) = match &definition.kind {
            Kind::Route { through } => {
                let edges = self.route(definition, through, land, place)?;
                return Ok(Corridor::new(definition, None, vec![Vec::new()], vec![edges]));
            }
            Kind::OuterEdge { set, not_shared_with } => {
                let set = self.set(set, definition, land, disputed)?;
                let arcs = self.outer_edge(definition, &set, not_shared_with, land, disputed)?;
                (set, arcs)
            }
            Kind::Facing { set, side } => {
                let set = self.set(set, definition, land, disputed)?;
                let side = self.set(side, definition, land, disputed)?;
                let arcs = land.shared_edges(&set, &side);
                (set, arcs)
            }
        };
        let pieces = self.pieces(definition, &arcs, land)?;
        let edges = pieces.iter().map(|piece| edges_of(piece, land)).collect();
        Ok(Corridor::new(definition, Some(set), pieces, edges))
    }

    fn outer_edge(
        &self,
        definition: &Definition,
        set: &UnitSet,
        not_shared_with: &[String],
        land: &Boundaries,
        disputed: &DisputedAreas,
    ) -> Result<Vec<ArcRef>, CorridorError> {
        let mut arcs = land.outer_edges(set);
        for other in not_shared_with {
            let shared = if self.has_set(other) {
                land.shared_edges(set, &self.set(other, definition, land, disputed)?)
            } else {
                land.border_with(set, other).ok_or_else(|| {
                    let what = format!("{other:?} is neither a set of this file nor a country on the border");
                    self.error(&definition.id, definition.id.get_ref(), what)
                })?
            };
            arcs.retain(|arc| !shared.contains(arc));
        }
        Ok(arcs)
    }

    /// Arcs as unbroken lines from the south-east to the north-west, the south-easternmost first.
    fn pieces(
        &self,
        definition: &Definition,
        arcs: &[ArcRef],
        land: &Boundaries,
    ) -> Result<Vec<Vec<ArcRef>>, CorridorError> {
        let wrong = |what: String| Err(self.error(&definition.id, definition.id.get_ref(), what));
        let mut pieces = land.chain(arcs);
        if pieces.is_empty() {
            return wrong("the line is empty: the sets share no edge".to_owned());
        }
        for piece in &mut pieces {
            if let Some([start, end]) = land.ends(piece)
                && south_east(end) > south_east(start)
            {
                piece.reverse();
                piece.iter_mut().for_each(|arc| *arc = arc.reversed());
            }
        }
        let order = |piece: &Vec<ArcRef>| land.ends(piece).map_or(0.0, |[start, _]| south_east(start));
        pieces.sort_by(|a, b| order(b).total_cmp(&order(a)));
        if pieces.len() == definition.pieces {
            return Ok(pieces);
        }
        let last = pieces[0].last();
        let [lon, lat] = land.ends(&pieces[0]).map_or([0.0; 2], |[_, end]| end);
        let unit = last
            .and_then(|&arc| land.sides(arc).into_iter().flatten().next())
            .map_or("", |unit| &unit.pcode);
        wrong(format!(
            "the line is in {} pieces, not in {}; the first one ends at {lon},{lat} beside {unit}",
            pieces.len(),
            definition.pieces,
        ))
    }

    fn route(
        &self,
        definition: &Definition,
        through: &[String],
        land: &Boundaries,
        place: FindPlace<'_>,
    ) -> Result<Vec<Edge>, CorridorError> {
        let find = |id: &String| {
            place(id).ok_or_else(|| {
                let what = format!("unknown place {id:?}; accepted: ids of the gazetteer");
                self.error(&definition.id, definition.id.get_ref(), what)
            })
        };
        let mut stops = through.iter().map(find).collect::<Result<Vec<LonLat>, _>>()?;
        if let (Some(&first), Some(&last)) = (stops.first(), stops.last())
            && south_east(last) > south_east(first)
        {
            stops.reverse();
        }
        let mut edges = Vec::new();
        for leg in stops.windows(2) {
            let (length, azimuth) = geodesy::distance_and_azimuth(leg[0], leg[1]);
            let steps = (length / ROUTE_STEP_M).ceil().max(1.0) as usize;
            let at = |step: usize| match step {
                0 => leg[0],
                step if step == steps => leg[1],
                step => geodesy::destination(leg[0], azimuth, length * step as f64 / steps as f64),
            };
            for step in 0..steps {
                let (start, end) = (at(step), at(step + 1));
                let middle = geodesy::point_between(start, end, 0.5);
                let unit = land
                    .unit_at(Level::Subdistrict, middle)
                    .and_then(|unit| land.index_of(&unit.pcode));
                edges.push(Edge::new(start, end, [unit, unit]));
            }
        }
        Ok(edges)
    }
}

fn edges_of(piece: &[ArcRef], land: &Boundaries) -> Vec<Edge> {
    let arc_edges = |&arc: &ArcRef| {
        let points = land.line(&[arc], None);
        let sides = land.side_indexes(arc);
        points
            .windows(2)
            .map(|pair| Edge::new(pair[0], pair[1], sides))
            .collect::<Vec<_>>()
    };
    piece.iter().flat_map(arc_edges).collect()
}

/// How far a position lies to the south-east.
fn south_east([lon, lat]: LonLat) -> f64 {
    lon - lat
}
