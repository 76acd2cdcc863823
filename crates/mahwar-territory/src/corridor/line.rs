//! The derived line: its edges with their units, chainage, and cutting it up.

use super::{definition::Definition, locate::segments, packed::PackedTree};
use crate::{
    geodesy::{self, LonLat, PositionError},
    territory::{ArcRef, Boundaries, UnitIndex, UnitSet},
};
use geo::{Coord, LineString, MultiLineString};

/// One geodesic edge of the line.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub start: LonLat,
    pub end: LonLat,
    /// The finest units left and right in the direction of the line.
    pub sides: [Option<UnitIndex>; 2],
    pub length_m: f64,
    /// Degrees at its start.
    pub azimuth: f64,
    /// Degrees at its end.
    pub arrival: f64,
    /// Chainage of its start; set when the line is put together.
    pub from_m: f64,
    /// Number of the unbroken piece that it belongs to.
    pub piece: usize,
}

impl Edge {
    pub fn new(start: LonLat, end: LonLat, sides: [Option<UnitIndex>; 2]) -> Self {
        let (length_m, azimuth, arrival) = geodesy::distance_and_azimuths(start, end);
        Self {
            start,
            end,
            sides,
            length_m,
            azimuth,
            arrival,
            from_m: 0.0,
            piece: 0,
        }
    }

    /// The position at a distance from the start.
    pub fn at(&self, metres: f64) -> LonLat {
        if metres <= 0.0 {
            self.start
        } else if metres >= self.length_m {
            self.end
        } else {
            geodesy::destination(self.start, self.azimuth, metres)
        }
    }

    pub fn to_m(&self) -> f64 {
        self.from_m + self.length_m
    }
}

/// A position of the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Station {
    /// Metres from the south-eastern end along the line.
    pub chainage_m: f64,
    /// The position.
    pub point: LonLat,
    /// The finest units left and right of it, looking along the line; positions in [`Boundaries::units`].
    pub sides: [Option<UnitIndex>; 2],
}

/// A corridor line with linear referencing. Chainage runs through all pieces, gaps not counted.
#[derive(Debug)]
pub struct Corridor {
    /// Id of the definition.
    pub id: String,
    /// The units that it bounds; none for a route.
    pub set: Option<UnitSet>,
    /// The shared arcs of each piece, in order; empty for a route.
    pub(super) arcs: Vec<Vec<ArcRef>>,
    pub(super) edges: Vec<Edge>,
    pub(super) tree: PackedTree,
}

impl Corridor {
    pub(super) fn new(
        definition: &Definition,
        set: Option<UnitSet>,
        arcs: Vec<Vec<ArcRef>>,
        pieces: Vec<Vec<Edge>>,
    ) -> Self {
        let mut edges: Vec<Edge> = Vec::new();
        let mut from_m = 0.0;
        for (piece, of_piece) in pieces.into_iter().enumerate() {
            for mut edge in of_piece {
                edge.piece = piece;
                edge.from_m = from_m;
                from_m += edge.length_m;
                edges.push(edge);
            }
        }
        Self {
            id: definition.id.get_ref().clone(),
            set,
            arcs,
            tree: PackedTree::new(segments(&edges)),
            edges,
        }
    }

    /// Length in metres: geodesic on WGS 84 at full resolution.
    pub fn length_m(&self) -> f64 {
        self.edges.last().map_or(0.0, Edge::to_m)
    }

    /// Length in kilometres.
    pub fn length_km(&self) -> f64 {
        self.length_m() / 1000.0
    }

    /// Length in kilometres of the line as drawn at a zoom; routes have one length at every zoom.
    pub fn length_at_zoom_km(&self, land: &Boundaries, zoom: u8) -> f64 {
        if self.is_route() {
            return self.length_km();
        }
        self.arcs
            .iter()
            .map(|piece| geodesy::length_km(&land.line(piece, Some(zoom))))
            .sum()
    }

    /// In how many unbroken pieces the line comes.
    pub fn pieces(&self) -> usize {
        self.edges.last().map_or(0, |edge| edge.piece + 1)
    }

    /// First and last position.
    pub fn ends(&self) -> Option<[LonLat; 2]> {
        Some([self.edges.first()?.start, self.edges.last()?.end])
    }

    /// Made of geodesics between places instead of arcs of boundaries.
    fn is_route(&self) -> bool {
        self.arcs.iter().all(Vec::is_empty)
    }

    /// The line at full resolution, one line string a piece.
    pub fn geometry(&self) -> MultiLineString<f64> {
        self.slice_m(0.0, self.length_m())
    }

    /// The line as drawn at a zoom, one line string a piece; the same points that boundaries have there.
    pub fn geometry_at(&self, land: &Boundaries, zoom: u8) -> MultiLineString<f64> {
        if self.is_route() {
            return self.geometry();
        }
        let line = |piece: &Vec<ArcRef>| line_string(land.line(piece, Some(zoom)));
        MultiLineString::new(self.arcs.iter().map(line).collect())
    }

    /// For each point of [`Self::geometry`] the first zoom at which boundaries have it; none for a route.
    pub fn first_zooms<'a>(&'a self, land: &'a Boundaries) -> Option<impl Iterator<Item = u8> + 'a> {
        (!self.is_route()).then(|| land.first_zooms(&self.arcs))
    }

    /// The position at a chainage in kilometres.
    pub fn at_km(&self, km: f64) -> Result<Station, PositionError> {
        let km = geodesy::checked("km", km, 0.0, self.length_km())?;
        Ok(self.at_m(km * 1000.0))
    }

    /// The position at a chainage in metres, held between the ends. Between pieces it is the end of the earlier one.
    pub(super) fn at_m(&self, metres: f64) -> Station {
        let after = self.edges.partition_point(|edge| edge.to_m() < metres);
        let Some(edge) = self.edges.get(after).or(self.edges.last()) else {
            return Station {
                chainage_m: 0.0,
                point: [0.0, 0.0],
                sides: [None, None],
            };
        };
        let along = (metres - edge.from_m).clamp(0.0, edge.length_m);
        Station {
            chainage_m: edge.from_m + along,
            point: edge.at(along),
            sides: edge.sides,
        }
    }

    /// The part between two chainages in kilometres, one line string a piece.
    pub fn slice_km(&self, from: f64, to: f64) -> Result<MultiLineString<f64>, PositionError> {
        let length = self.length_km();
        let from = geodesy::checked("from", from, 0.0, length)?;
        let to = geodesy::checked("to", to, from, length)?;
        Ok(self.slice_m(from * 1000.0, to * 1000.0))
    }

    fn slice_m(&self, from: f64, to: f64) -> MultiLineString<f64> {
        let mut lines: Vec<(usize, Vec<LonLat>)> = Vec::new();
        for edge in self
            .edges
            .iter()
            .filter(|edge| edge.to_m() >= from && edge.from_m <= to)
        {
            let start = edge.at(from - edge.from_m);
            let end = edge.at(to - edge.from_m);
            match lines.last_mut() {
                Some((piece, line)) if *piece == edge.piece => line.push(end),
                _ => lines.push((edge.piece, vec![start, end])),
            }
        }
        let whole = lines.into_iter().map(|(_, mut line)| {
            line.dedup();
            line
        });
        MultiLineString::new(whole.filter(|line| line.len() > 1).map(line_string).collect())
    }

    /// A post at every step in kilometres, the first at 0; the far end has none unless it falls on one.
    pub fn posts(&self, every_km: f64) -> Vec<Station> {
        let count = (self.length_km() / every_km + 1e-9).floor() as usize;
        (0..=count)
            .map(|number| self.at_m(number as f64 * every_km * 1000.0))
            .collect()
    }
}

pub(super) fn line_string(points: Vec<LonLat>) -> LineString<f64> {
    points.into_iter().map(|[x, y]| Coord { x, y }).collect()
}
