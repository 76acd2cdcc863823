//! Neighbours cut to the land's own border: both share it point by point, so that no gap between two sources is drawn as
//! water and the border is one line.

use crate::{
    geodesy::point_inside,
    territory::{Topology, topology::degrees},
};
use geo::{
    Area, BooleanOps, BoundingRect, Centroid, Contains, Coord, LineString, MultiPolygon, Point, Polygon, Rect,
    TriangulateEarcut, Validation, unary_union,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Decimals of coordinates: the grid of the land's own boundaries, so that shared points are equal.
const GRID: f64 = 1e6;
/// A ring of less than this, in square degrees, is left by rounding; some 100 m².
const LEAST_AREA: f64 = 1e-8;

/// A hole of less than this in a country, in square degrees, is left where two of its parts were joined; some 10,000 m².
const LEAST_HOLE: f64 = 1e-6;

/// A country beyond the border.
#[derive(Clone, Debug)]
pub struct Country {
    /// ISO 3166-1 alpha-2, or the id that it has in the context.
    pub id: String,
    /// Its land.
    pub area: MultiPolygon<f64>,
}

/// The land as one area, on the grid of its boundaries.
pub fn land_area(land: &Topology) -> MultiPolygon<f64> {
    let ring = |ring: &Vec<crate::territory::ArcRef>| -> LineString<f64> {
        let mut points: Vec<Coord<f64>> = Vec::new();
        for arc in ring {
            points.pop();
            points.extend(arc.walk(&land.arcs).map(|point| Coord {
                x: degrees(point[0]),
                y: degrees(point[1]),
            }));
        }
        LineString(points)
    };
    let top = land.units.iter().filter(|unit| unit.parent.is_none());
    let polygons = top.flat_map(|unit| &unit.polygons).filter_map(|rings| {
        let (shell, holes) = rings.split_first()?;
        Some(Polygon::new(ring(shell), holes.iter().map(ring).collect()))
    });
    polygons.collect()
}

/// Subtracts the land from its neighbours, and adds the gaps between them to the neighbour that the border names.
/// `outline` is the land as the source of the neighbours has it.
pub fn cut(land: &Topology, own: &MultiPolygon<f64>, outline: Option<&MultiPolygon<f64>>, countries: &mut [Country]) {
    for country in countries.iter_mut() {
        country.area = country.area.difference(own);
    }
    let border = border_points(land);
    if border.is_empty() {
        return;
    }
    let mut gained: BTreeMap<String, Vec<Polygon<f64>>> = BTreeMap::new();
    for gap in gaps(own, outline, countries) {
        for (part, code) in shared_out(gap, &border) {
            gained.entry(code).or_default().push(part);
        }
    }
    for country in countries.iter_mut() {
        for part in gained.remove(&country.id).unwrap_or_default() {
            country.area = country.area.union(&MultiPolygon(vec![part]));
        }
        country.area = sound_on_grid(&country.area);
    }
    let edges = edges_of(own);
    let straighten = |country: &mut Country| country.area = sound_on_grid(&without_points_on(&country.area, &edges));
    countries.iter_mut().for_each(straighten);
    // A gap that rounding opened between the land and two countries goes to one of them.
    for _ in 0..ROUNDS {
        let opened = gaps(own, None, countries);
        if opened.is_empty() {
            break;
        }
        for gap in opened {
            add_to_longest(gap, countries);
        }
        countries.iter_mut().for_each(straighten);
    }
}

/// How often rounding is looked at again.
const ROUNDS: usize = 5;

/// Adds a gap to the country that has the longest part of its outline.
fn add_to_longest(gap: Polygon<f64>, countries: &mut [Country]) {
    let shared = |country: &Country| -> f64 {
        let edges = gap.exterior().lines();
        let on_edge = |line: &geo::Line<f64>| {
            let middle = Coord {
                x: (line.start.x + line.end.x) / 2.0,
                y: (line.start.y + line.end.y) / 2.0,
            };
            let rings = country.area.iter().flat_map(rings);
            rings
                .flat_map(LineString::lines)
                .any(|other| distance_to(middle, other.start, other.end) < NEAR)
        };
        edges
            .filter(on_edge)
            .map(|line| (line.end.x - line.start.x).hypot(line.end.y - line.start.y))
            .sum()
    };
    let lengths: Vec<f64> = countries.iter().map(shared).collect();
    let longest = countries.iter_mut().zip(lengths).max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((country, 0.0..)) = longest {
        country.area = sound_on_grid(&country.area.union(&MultiPolygon(vec![gap])));
    }
}

/// Degrees within which a point counts as on an edge: two steps of the grid.
const NEAR: f64 = 2e-6;

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

fn edges_of(area: &MultiPolygon<f64>) -> Vec<[Coord<f64>; 2]> {
    let lines = area.iter().flat_map(rings).flat_map(LineString::lines);
    lines.map(|line| [line.start, line.end]).collect()
}

fn distance_to(at: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length2 = dx * dx + dy * dy;
    let along = if length2 > 0.0 {
        (((at.x - a.x) * dx + (at.y - a.y) * dy) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (at.x - a.x - along * dx).hypot(at.y - a.y - along * dy)
}

/// An area without the corners that lie inside an edge of the border: where the old outline of a country crossed the border,
/// its new one has a corner beside the edge, by the rounding of the crossing, and a gap as wide.
fn without_points_on(area: &MultiPolygon<f64>, border: &[[Coord<f64>; 2]]) -> MultiPolygon<f64> {
    let own: FxHashSet<[i64; 2]> = border.iter().map(|[start, _]| on_lattice(*start)).collect();
    let is_on_border =
        |at: Coord<f64>| own.contains(&on_lattice(at)) || border.iter().any(|[a, b]| distance_to(at, *a, *b) < NEAR);
    let ring = |ring: &LineString<f64>| -> LineString<f64> {
        let corners = &ring.0[..ring.0.len().saturating_sub(1)];
        let on_border: Vec<bool> = corners.iter().map(|at| is_on_border(*at)).collect();
        let count = corners.len();
        let kept = (0..count).filter(|at| {
            let between = on_border[(at + count - 1) % count] && on_border[*at] && on_border[(at + 1) % count];
            !between || own.contains(&on_lattice(corners[*at]))
        });
        let mut kept: Vec<Coord<f64>> = kept.map(|at| corners[at]).collect();
        kept.extend(kept.first().copied());
        LineString(kept)
    };
    let polygons = area.iter().map(|polygon| {
        let holes = polygon.interiors().iter().map(ring).collect();
        Polygon::new(ring(polygon.exterior()), holes)
    });
    polygons.collect()
}

/// A point as whole steps of the grid.
fn on_lattice(at: Coord<f64>) -> [i64; 2] {
    [(at.x * GRID).round() as i64, (at.y * GRID).round() as i64]
}

/// Points of the border with the country beyond each.
fn border_points(land: &Topology) -> Vec<(Coord<f64>, &str)> {
    let points = land.neighbours.iter().flat_map(|country| {
        let arcs = country.arcs.iter().flat_map(|arc| arc.walk(&land.arcs));
        arcs.map(|point| {
            let at = Coord {
                x: degrees(point[0]),
                y: degrees(point[1]),
            };
            (at, country.code.as_str())
        })
    });
    points.collect()
}

/// Areas of at least [`LEAST_AREA`] that belong to no country and are no sea: inside the outline of the source, or enclosed by the land and others.
fn gaps(own: &MultiPolygon<f64>, outline: Option<&MultiPolygon<f64>>, countries: &[Country]) -> Vec<Polygon<f64>> {
    let covered = countries
        .iter()
        .fold(own.clone(), |all, country| all.union(&country.area));
    let enclosed = covered.iter().flat_map(|polygon| {
        let holes = polygon.interiors().iter();
        holes.map(|hole| Polygon::new(hole.clone(), Vec::new()))
    });
    let mut gaps = MultiPolygon(enclosed.collect::<Vec<_>>());
    if let Some(outline) = outline {
        gaps = gaps.union(&outline.difference(&covered));
    }
    // An enclosed country that the file does not have (Lesotho) is far from the border.
    let border = edges_of(own);
    let touches = |gap: &Polygon<f64>| {
        let edges: Vec<geo::Line<f64>> = gap.exterior().lines().collect();
        border.iter().any(|[a, b]| {
            let mut corners = edges.iter().map(|edge| edge.start);
            corners.any(|at| distance_to(at, *a, *b) < NEAR)
                || edges.iter().any(|edge| distance_to(*a, edge.start, edge.end) < NEAR)
        })
    };
    let gaps = gaps.into_iter().filter(|gap| gap.unsigned_area() > LEAST_AREA);
    gaps.filter(touches).collect()
}

/// A gap with the country that it goes to; one beside two countries in triangles, each to the nearer one.
fn shared_out(gap: Polygon<f64>, border: &[(Coord<f64>, &str)]) -> Vec<(Polygon<f64>, String)> {
    let nearest = |at: Coord<f64>| {
        let away = |other: &Coord<f64>| (at.x - other.x).powi(2) + (at.y - other.y).powi(2);
        let found = border.iter().min_by(|a, b| away(&a.0).total_cmp(&away(&b.0)));
        found.map(|(_, code)| (*code).to_owned())
    };
    let mut codes: Vec<String> = gap.exterior().coords().filter_map(|at| nearest(*at)).collect();
    codes.sort();
    codes.dedup();
    if let [only] = codes.as_slice() {
        return vec![(gap, only.clone())];
    }
    let triangles = gap.earcut_triangles().into_iter().filter_map(|triangle| {
        let polygon = triangle.to_polygon();
        let centre = polygon.centroid()?;
        Some((polygon, nearest(centre.0)?))
    });
    triangles.collect()
}

/// An area on the grid whose rings do not meet themselves: where rounding made edges cross, they are cut and rounded again.
fn sound_on_grid(area: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let mut sound = on_grid(area);
    for _ in 0..ROUNDS {
        if sound.is_valid() {
            break;
        }
        sound = on_grid(&unary_union(&sound.0));
    }
    sound
}

/// An area with its points on the grid, without the slivers that rounding leaves.
fn on_grid(area: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let ring = |ring: &LineString<f64>, least: f64| -> Option<LineString<f64>> {
        let mut points: Vec<Coord<f64>> = ring
            .coords()
            .map(|at| Coord {
                x: (at.x * GRID).round() / GRID,
                y: (at.y * GRID).round() / GRID,
            })
            .collect();
        points.dedup();
        let ring = LineString(points);
        let area = Polygon::new(ring.clone(), Vec::new()).unsigned_area();
        (ring.0.len() >= 4 && area > least).then_some(ring)
    };
    let polygons = area.iter().filter_map(|polygon| {
        let holes = polygon.interiors().iter();
        let holes = holes.filter_map(|hole| ring(hole, LEAST_HOLE)).collect();
        Some(Polygon::new(ring(polygon.exterior(), LEAST_AREA)?, holes))
    });
    polygons.collect()
}

/// Borders between two of the countries, each edge once, as lines by the pair of ids.
pub fn borders(countries: &[Country]) -> BTreeMap<(String, String), Vec<Vec<Coord<f64>>>> {
    type Key = [i64; 2];
    let mut owners: FxHashMap<[Key; 2], usize> = FxHashMap::default();
    let mut shared: BTreeMap<(String, String), Vec<Vec<Coord<f64>>>> = BTreeMap::new();
    for (nth, country) in countries.iter().enumerate() {
        for ring in country
            .area
            .iter()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        {
            for line in ring.lines() {
                let mut ends = [on_lattice(line.start), on_lattice(line.end)];
                ends.sort_unstable();
                match owners.insert(ends, nth) {
                    Some(other) if other != nth => {
                        let mut pair = [countries[other].id.clone(), country.id.clone()];
                        pair.sort();
                        let [a, b] = pair;
                        add_edge(shared.entry((a, b)).or_default(), line.start, line.end);
                    }
                    _ => {}
                }
            }
        }
    }
    shared
}

/// Adds an edge to the line that ends where it begins.
fn add_edge(lines: &mut Vec<Vec<Coord<f64>>>, start: Coord<f64>, end: Coord<f64>) {
    match lines.last_mut() {
        Some(line) if line.last() == Some(&start) => line.push(end),
        _ => lines.push(vec![start, end]),
    }
}

/// The part of a box that no land covers and that contains a point: a sea. `None` if the point is on land.
pub fn sea(
    at: [f64; 2],
    bounds: [f64; 4],
    own: &MultiPolygon<f64>,
    countries: &[Country],
) -> Option<MultiPolygon<f64>> {
    let [west, south, east, north] = bounds;
    let all = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).to_polygon();
    let mut water = MultiPolygon(vec![all]).difference(own);
    for country in countries {
        water = water.difference(&country.area);
    }
    let at = Point::new(at[0], at[1]);
    let found = water.into_iter().find(|part| part.contains(&at))?;
    Some(on_grid(&MultiPolygon(vec![found])))
}

/// A place for the name of a country inside a box; `None` for one that the box does not meet.
pub fn label_in(area: &MultiPolygon<f64>, [west, south, east, north]: [f64; 4]) -> Option<[f64; 2]> {
    let window = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
    let meets = area.bounding_rect().is_some_and(|bounds| {
        bounds.min().x < east && bounds.max().x > west && bounds.min().y < north && bounds.max().y > south
    });
    if !meets {
        return None;
    }
    let part = area.intersection(&MultiPolygon(vec![window.to_polygon()]));
    let largest = part
        .into_iter()
        .max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))?;
    let point = point_inside(&MultiPolygon(vec![largest]))?;
    Some(point.map(|value| (value * 1e5).round() / 1e5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    fn square(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
        let corners = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
        MultiPolygon(vec![corners.to_polygon()])
    }

    #[test]
    fn borders_between_neighbours_are_each_drawn_once() {
        let countries = [
            ("A", square(0., 0., 1., 1.)),
            ("B", square(1., 0., 2., 1.)),
            ("C", square(3., 0., 4., 1.)),
        ];
        let countries = countries.map(|(id, area)| Country {
            id: id.to_owned(),
            area,
        });
        let borders = borders(&countries);
        assert_eq!(borders.len(), 1);
        let lines = &borders[&("A".to_owned(), "B".to_owned())];
        assert_eq!(lines.iter().map(Vec::len).sum::<usize>(), 2);
    }

    #[test]
    fn a_sea_is_the_open_part_around_its_point() {
        let land = square(1., 0., 2., 3.);
        let sea = sea([0.5, 1.0], [0., 0., 3., 3.], &land, &[]).unwrap();
        assert!((sea.unsigned_area() - 3.0).abs() < 1e-6);
        assert_eq!(super::sea([1.5, 1.0], [0., 0., 3., 3.], &land, &[]), None);
    }

    #[test]
    fn a_name_stands_in_the_part_that_is_seen() {
        let area = MultiPolygon(vec![
            polygon![(x: 0., y: 0.), (x: 100., y: 0.), (x: 100., y: 10.), (x: 0., y: 10.)],
        ]);
        let [lon, lat] = label_in(&area, [-5.0, -5.0, 5.0, 5.0]).unwrap();
        assert!((0.0..5.0).contains(&lon) && (0.0..5.0).contains(&lat), "{lon} {lat}");
        assert_eq!(label_in(&area, [-5.0, -5.0, -1.0, -1.0]), None);
    }
}
