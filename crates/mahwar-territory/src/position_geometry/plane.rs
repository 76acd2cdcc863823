//! A map plane around a place, in metres, and the measures of polygons.

use crate::{
    geodesy::{self, LonLat, TransverseMercator},
    geoparse::{PositionArea, PositionExtent},
};
use geo::{Contains, Coord, LineString, MapCoords, MultiPolygon, Point, Polygon};

/// Grid of stored coordinates: five digits after the point, about a metre.
const GRID: f64 = 1e5;

/// A transverse Mercator projection that is true to scale on the meridian of a place. Within 250 km of that meridian
/// lengths are true to one part in a thousand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane(TransverseMercator);

impl Plane {
    pub(super) fn around(at: LonLat) -> Self {
        Self(TransverseMercator::around(at[0]))
    }

    pub(super) fn to(self, at: LonLat) -> Coord<f64> {
        let [x, y] = self.0.project(at);
        Coord { x, y }
    }

    pub(super) fn from(self, at: Coord<f64>) -> LonLat {
        self.0.unproject([at.x, at.y])
    }

    pub(super) fn flat(self, area: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        area.map_coords(|at| self.to([at.x, at.y]))
    }

    pub(super) fn round(self, area: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        area.map_coords(|at| {
            let [x, y] = self.from(at);
            Coord { x, y }
        })
    }
}

/// A ring of positions as a polygon without holes.
pub(super) fn polygon(ring: Vec<LonLat>) -> Polygon<f64> {
    Polygon::new(line(&ring), Vec::new())
}

pub(super) fn line(points: &[LonLat]) -> LineString<f64> {
    points.iter().map(|[x, y]| Coord { x: *x, y: *y }).collect()
}

/// Area, centroid and second moment of polygons in a plane.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    area: f64,
    x: f64,
    y: f64,
    /// Integral of the squared distance from the origin.
    second: f64,
}

impl Moments {
    /// Those of a closed ring, negative where it runs clockwise, relative to an origin near it.
    fn of_ring(ring: &LineString<f64>, origin: Coord<f64>) -> Self {
        let mut all = Self::default();
        for edge in ring.lines() {
            let (a, b) = (edge.start - origin, edge.end - origin);
            let cross = a.x * b.y - b.x * a.y;
            all.area += cross / 2.0;
            all.x += (a.x + b.x) * cross / 6.0;
            all.y += (a.y + b.y) * cross / 6.0;
            let squares = a.x * a.x + a.x * b.x + b.x * b.x + a.y * a.y + a.y * b.y + b.y * b.y;
            all.second += squares * cross / 12.0;
        }
        all
    }

    fn add(&mut self, other: Self, sign: f64) {
        // Each ring counts as if it ran the way that its part needs.
        let sign = sign * other.area.signum();
        self.area += sign * other.area;
        self.x += sign * other.x;
        self.y += sign * other.y;
        self.second += sign * other.second;
    }

    fn of(area: &MultiPolygon<f64>, origin: Coord<f64>) -> Self {
        let mut all = Self::default();
        for polygon in area {
            all.add(Self::of_ring(polygon.exterior(), origin), 1.0);
            for hole in polygon.interiors() {
                all.add(Self::of_ring(hole, origin), -1.0);
            }
        }
        all
    }
}

/// Root mean square distance of polygons from a point, in km, and their centroid. None for polygons without an area.
pub(super) fn spread(area: &MultiPolygon<f64>, from: Option<LonLat>) -> Option<(f64, LonLat)> {
    let first = area.iter().next()?.exterior().0.first()?;
    let plane = Plane::around([first.x, first.y]);
    let flat = plane.flat(area);
    let origin = plane.to([first.x, first.y]);
    let moments = Moments::of(&flat, origin);
    if moments.area.is_nan() || moments.area <= 0.0 {
        return None;
    }
    let centroid = Coord {
        x: moments.x / moments.area,
        y: moments.y / moments.area,
    };
    let about_centroid = moments.second / moments.area - (centroid.x * centroid.x + centroid.y * centroid.y);
    let apart = from.map_or(0.0, |from| {
        let from = plane.to(from) - origin - centroid;
        from.x * from.x + from.y * from.y
    });
    let mean_square = about_centroid.max(0.0) + apart;
    Some((mean_square.sqrt() / 1000.0, plane.from(centroid + origin)))
}

/// The extent of polygons. The point is their centroid; if polygons without a hole do not contain it, a point inside.
pub(super) fn extent(area: &MultiPolygon<f64>) -> Option<PositionExtent> {
    let rounded = area.map_coords(|at| Coord {
        x: (at.x * GRID).round() / GRID,
        y: (at.y * GRID).round() / GRID,
    });
    let (_, centroid) = spread(&rounded, None)?;
    let is_ring = rounded.iter().any(|polygon| !polygon.interiors().is_empty());
    let inside = is_ring || rounded.contains(&Point::from(centroid));
    let point = match inside {
        true => centroid,
        false => geodesy::point_inside(&rounded).unwrap_or(centroid),
    };
    let point = point.map(|value| (value * GRID).round() / GRID);
    let (uncertainty, _) = spread(&rounded, Some(point))?;
    Some(PositionExtent {
        point,
        uncertainty_km: (uncertainty * 100.0).round() / 100.0,
        area_km2: (geodesy::area_km2(&rounded) * 1000.0).round() / 1000.0,
        geometry: PositionArea(rounded.iter().map(rings).collect()),
    })
}

/// The rings of a polygon, the outer one counter-clockwise and the holes clockwise.
fn rings(polygon: &Polygon<f64>) -> Vec<Vec<[f64; 2]>> {
    let ring = |ring: &LineString<f64>, counter_clockwise: bool| {
        let mut points: Vec<[f64; 2]> = ring.coords().map(|at| [at.x, at.y]).collect();
        points.dedup();
        let origin = ring.0.first().copied().unwrap_or_default();
        if (Moments::of_ring(ring, origin).area > 0.0) != counter_clockwise {
            points.reverse();
        }
        points
    };
    let holes = polygon.interiors().iter().map(|hole| ring(hole, false));
    std::iter::once(ring(polygon.exterior(), true)).chain(holes).collect()
}
