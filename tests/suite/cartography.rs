//! The compiled data, looked at closely: no land is drawn as water along the border, and the border is one line.

use crate::common::root;
use geo::{
    Area, BooleanOps, Centroid, Contains, Coord, CoordsIter, Distance, Euclidean, Geometry, LineString,
    MultiLineString, MultiPolygon, Point, Polygon,
};
use mahwar::{
    geodesy,
    layers::{Context, Feature},
    territory::{Boundaries, FULL_ZOOM},
};
use std::fs;

fn context() -> Context {
    Context::read(&fs::read_to_string(root().join("data/context.geojson")).unwrap()).unwrap()
}

fn boundaries() -> Boundaries {
    Boundaries::parse(&fs::read(root().join("data/boundaries.topojson")).unwrap()).unwrap()
}

fn areas(features: &[Feature]) -> Vec<(String, MultiPolygon<f64>)> {
    let area = |feature: &Feature| match feature.geometry.as_deref() {
        Some(Geometry::MultiPolygon(area)) => (feature.id.clone(), area.clone()),
        _ => panic!("{} is no area", feature.id),
    };
    features.iter().map(area).collect()
}

fn own() -> MultiPolygon<f64> {
    boundaries().geometry("IQ").expect("the land is the unit IQ")
}

/// Square kilometres below which a difference is one of rounding along 3,600 km of border.
const NOTHING_KM2: f64 = 0.01;

#[test]
fn no_land_along_the_border_is_drawn_as_water() {
    let own = own();
    let countries = areas(&context().features("countries", &[]));
    assert_eq!(countries.len(), 7);
    let all = countries.iter().fold(own.clone(), |all, (_, area)| all.union(area));
    let holes = all.iter().flat_map(|polygon| polygon.interiors().iter());
    let holes = holes.map(|hole| MultiPolygon(vec![Polygon::new(hole.clone(), Vec::new())]));
    // Along the border nothing is left open. The one other hole is Artsvashen, an exclave of a country that the source of the
    // neighbours does not have, in Azerbaijan.
    let own_points: Vec<Point<f64>> = own.coords_iter().map(Point::from).collect();
    let (at_border, elsewhere): (Vec<_>, Vec<_>) =
        holes.partition(|hole| own_points.iter().any(|point| Euclidean.distance(point, hole) < 1e-5));
    let gaps: f64 = at_border.iter().map(geodesy::area_km2).sum();
    assert!(gaps < NOTHING_KM2, "{gaps} km² in {} gaps", at_border.len());
    let is_artsvashen = |hole: &&MultiPolygon<f64>| {
        geodesy::point_inside(hole).is_some_and(|[lon, lat]| (45.4..45.6).contains(&lon) && (40.5..40.8).contains(&lat))
    };
    let others = elsewhere.iter().filter(|hole| !is_artsvashen(hole));
    let others: f64 = others.map(geodesy::area_km2).sum();
    assert!(others < NOTHING_KM2, "{others} km² between neighbours");
    // Only the seas are drawn as water; the ground below has the colour of land.
    for (id, sea) in areas(&context().features("seas", &[])) {
        let land = geodesy::area_km2(&sea.intersection(&all));
        assert!(land < NOTHING_KM2, "{id} lies over {land} km² of land");
        let over_gaps: f64 = holes_under(&sea, &at_border) + holes_under(&sea, &elsewhere);
        assert!(
            over_gaps < NOTHING_KM2,
            "{id} lies over {over_gaps} km² that no country has"
        );
    }
}

/// Square kilometres of gaps that an area covers.
fn holes_under(area: &MultiPolygon<f64>, gaps: &[MultiPolygon<f64>]) -> f64 {
    gaps.iter().map(|gap| geodesy::area_km2(&gap.intersection(area))).sum()
}

#[test]
fn no_neighbour_lies_over_the_land() {
    let own = own();
    for (id, area) in areas(&context().features("countries", &[])) {
        let over = geodesy::area_km2(&area.intersection(&own));
        assert!(over < NOTHING_KM2, "{id} lies over {over} km²");
    }
}

#[test]
fn beyond_each_edge_of_a_border_its_neighbour_begins_at_once() {
    // 20 metres, in degrees of latitude.
    const STEP: f64 = 0.000_18;
    let (boundaries, context) = (boundaries(), context());
    let countries = areas(&context.features("countries", &[]));
    let seas = areas(&context.features("seas", &[]));
    let (mut edges, mut gaps, mut seaward) = (0, 0, 0);
    for neighbour in boundaries.neighbours() {
        let (_, area) = countries
            .iter()
            .find(|(id, _)| *id == neighbour.code)
            .expect("each neighbour has an area");
        for arc in &neighbour.arcs {
            let line = boundaries.line(&[*arc], None);
            for pair in line.windows(2) {
                let [a, b] = [pair[0], pair[1]];
                let length = (b[0] - a[0]).hypot(b[1] - a[1]);
                if length < 4.0 * STEP {
                    continue;
                }
                edges += 1;
                // The land is on the left, so the neighbour on the right.
                let beyond = Point::new(
                    0.5 * (a[0] + b[0]) + STEP * (b[1] - a[1]) / length,
                    0.5 * (a[1] + b[1]) - STEP * (b[0] - a[0]) / length,
                );
                let is_there = area.contains(&beyond) || countries.iter().any(|(_, area)| area.contains(&beyond));
                gaps += usize::from(!is_there);
                seaward += usize::from(seas.iter().any(|(_, sea)| sea.contains(&beyond)));
            }
        }
    }
    assert!(edges > 1_000, "{edges} edges were looked at");
    // At the Gulf there is water beyond.
    assert!(seaward <= gaps, "beyond {seaward} edges a sea lies over a country");
    assert!(gaps * 50 < edges, "beyond {gaps} of {edges} edges there is no country");
}

#[test]
fn the_border_is_drawn_once() {
    let (boundaries, context) = (boundaries(), context());
    // The lines between neighbours touch the land's border at its ends only.
    let mut own_points: Vec<[i64; 2]> = Vec::new();
    let key = |at: Coord<f64>| [(at.x * 1e6).round() as i64, (at.y * 1e6).round() as i64];
    for neighbour in boundaries.neighbours() {
        for arc in &neighbour.arcs {
            own_points.extend(
                boundaries
                    .line(&[*arc], None)
                    .into_iter()
                    .map(|[x, y]| key(Coord { x, y })),
            );
        }
    }
    own_points.sort_unstable();
    let border = MultiLineString(own().iter().map(|polygon| polygon.exterior().clone()).collect());
    let borders = context.features("borders", &["kind"]);
    assert!(borders.len() >= 6, "{} borders between neighbours", borders.len());
    for feature in &borders {
        let Some(Geometry::MultiLineString(lines)) = feature.geometry.as_deref() else {
            panic!("{} is no line", feature.id);
        };
        let on_border = |line: &LineString<f64>| {
            line.0
                .windows(2)
                .filter(|pair| pair.iter().all(|at| own_points.binary_search(&key(*at)).is_ok()))
                .count()
        };
        let shared: usize = lines.iter().map(on_border).sum();
        assert_eq!(shared, 0, "{} runs along the land's border", feature.id);
        let beside: f64 = lines.iter().map(|line| km_beside(line, &border)).sum();
        assert_eq!(
            beside, 0.0,
            "{} runs beside the land's border for {beside} km",
            feature.id
        );
    }
    // No arc belongs to two neighbours.
    let mut arcs: Vec<usize> = boundaries
        .neighbours()
        .iter()
        .flat_map(|one| one.arcs.iter().map(|arc| arc.index()))
        .collect();
    let count = arcs.len();
    arcs.sort_unstable();
    arcs.dedup();
    assert_eq!(arcs.len(), count);
    let _ = FULL_ZOOM;
}

/// Kilometres of a line that run within a kilometre of the border and farther than five from both ends of the line: near its
/// ends, where three countries meet, each border comes close to the others.
fn km_beside(line: &LineString<f64>, border: &MultiLineString<f64>) -> f64 {
    const KM: f64 = 0.01;
    let [Some(first), Some(last)] = [line.points().next(), line.points().next_back()] else {
        return 0.0;
    };
    let is_beside = |middle: Point<f64>| {
        Euclidean.distance(&middle, border) < KM
            && Euclidean.distance(middle, first) > 5.0 * KM
            && Euclidean.distance(middle, last) > 5.0 * KM
    };
    let edges = line.lines().filter(|edge| is_beside(edge.centroid()));
    edges
        .map(|edge| geodesy::length_km(&[[edge.start.x, edge.start.y], [edge.end.x, edge.end.y]]))
        .sum()
}

#[test]
fn neighbours_have_names_near_the_land_and_seas_theirs() {
    let context = context();
    let neighbours: Vec<String> = boundaries()
        .neighbours()
        .iter()
        .map(|one| one.code.to_string())
        .collect();
    for feature in context.features("countries", &[]) {
        // Countries beyond the neighbours lie at the edge of the map.
        if !neighbours.contains(&feature.id) {
            continue;
        }
        let [lon, lat] = feature
            .label
            .unwrap_or_else(|| panic!("{} has no place for its name", feature.id));
        assert!(
            (37.0..50.0).contains(&lon) && (28.0..39.0).contains(&lat),
            "{} {lon} {lat}",
            feature.id
        );
        assert!(feature.properties["name:ar"].is_string() && feature.properties["name:ckb"].is_string());
    }
    let seas = context.features("seas", &[]);
    assert!(seas.iter().any(|sea| sea.id == "sea-gulf"));
    assert!(areas(&seas).iter().all(|(_, area)| area.unsigned_area() > 0.1));
}
