//! Properties of clipping and encoding, checked against exact polygon arithmetic.

use crate::server_fixture::mvt::{self, decode};
use geo::{Area, BooleanOps, Coord, Euclidean, Geometry, Length, LineString, MultiPolygon, Polygon, Rect, Validation};
use mahwar::{
    language::Trilingual,
    layers::{Feature, GeometryKind, Layer},
    tiles::{BUFFER, EXTENT, LayerTiles, Scratch, TileId, TileMatrixSet, TileOptions},
};
use proptest::prelude::*;
use std::sync::Arc;

const TILE: TileId = TileId { z: 9, x: 319, y: 202 };

/// A point of the tile's grid, possibly far outside, as degrees.
fn degrees(set: TileMatrixSet, tile: TileId, [x, y]: [f64; 2]) -> Coord<f64> {
    let unit = 2f64.powi(set.tile_bits(tile.z) as i32) / f64::from(EXTENT);
    let origin = [f64::from(tile.x), f64::from(tile.y)].map(|at| at * f64::from(EXTENT));
    let [lon, lat] = set.unproject((origin[0] + x) * unit, (origin[1] + y) * unit);
    Coord { x: lon, y: lat }
}

/// A star around a centre: never crosses itself.
fn star(center: [f64; 2], radii: &[f64], scale: f64) -> LineString<f64> {
    let count = radii.len() as f64;
    let points = radii.iter().enumerate().map(|(nth, radius)| {
        let angle = nth as f64 / count * std::f64::consts::TAU;
        (
            center[0] + radius * scale * angle.cos(),
            center[1] + radius * scale * angle.sin(),
        )
    });
    let mut ring: Vec<(f64, f64)> = points.collect();
    ring.push(ring[0]);
    LineString::from(ring)
}

fn encode(set: TileMatrixSet, tile: TileId, geometry: Geometry<f64>) -> Vec<mvt::Layer> {
    let kind = match geometry {
        Geometry::MultiPolygon(_) => GeometryKind::MultiPolygon,
        _ => GeometryKind::LineString,
    };
    let feature = Feature::new("one", Some(geometry), Default::default());
    let layer = Layer::new(
        "test",
        Trilingual::default(),
        Trilingual::default(),
        "",
        kind,
        vec![],
        [0, 22],
        [feature],
    );
    let mut out = Vec::new();
    LayerTiles::new(Arc::new(layer)).encode(set, tile, TileOptions::default(), &mut Scratch::default(), &mut out);
    decode(&out)
}

fn buffered() -> Rect<f64> {
    let (low, high) = (f64::from(-BUFFER), f64::from(EXTENT + BUFFER));
    Rect::new(Coord { x: low, y: low }, Coord { x: high, y: high })
}

fn to_degrees(set: TileMatrixSet, tile: TileId, ring: &LineString<f64>) -> LineString<f64> {
    ring.0.iter().map(|at| degrees(set, tile, [at.x, at.y])).collect()
}

fn perimeter(polygons: &MultiPolygon<f64>) -> f64 {
    let rings = polygons
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    rings.map(|ring| Euclidean.length(ring)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_clipped_polygon_keeps_its_area_and_stays_in_the_buffered_tile(
        centers in prop::collection::vec((-6000f64..10000.0, -6000f64..10000.0), 1..3),
        radii in prop::collection::vec(300f64..7000.0, 3..90),
        hole in 0.2f64..0.8,
        with_hole in any::<bool>(),
        second_set in any::<bool>(),
    ) {
        let set = TileMatrixSet::ALL[usize::from(second_set)];
        let polygons: Vec<Polygon<f64>> = centers.iter().enumerate().map(|(nth, &(x, y))| {
            // The second is clear of the first.
            let center = [x + nth as f64 * 20_000.0, y];
            let holes = if with_hole { vec![star(center, &radii, hole)] } else { vec![] };
            Polygon::new(star(center, &radii, 1.0), holes)
        }).collect();
        let plane = MultiPolygon(polygons);
        let expected = plane.intersection(&buffered().to_polygon());
        let in_degrees = MultiPolygon(plane.iter().map(|polygon| Polygon::new(
            to_degrees(set, TILE, polygon.exterior()),
            polygon.interiors().iter().map(|ring| to_degrees(set, TILE, ring)).collect(),
        )).collect());
        let layers = encode(set, TILE, in_degrees.into());
        let rings: Vec<Vec<[i64; 2]>> =
            layers.into_iter().flat_map(|layer| layer.features).flat_map(|feature| feature.parts).collect();
        let area: f64 = rings.iter().map(|ring| mvt::doubled_area(ring) as f64 / 2.0).sum();
        let tolerance = perimeter(&expected) + 20.0;
        prop_assert!((area - expected.unsigned_area()).abs() <= tolerance, "{area} is not {}", expected.unsigned_area());
        for (nth, ring) in rings.iter().enumerate() {
            prop_assert!(ring.len() >= 3);
            prop_assert_ne!(mvt::doubled_area(ring), 0);
            prop_assert!(nth > 0 || mvt::doubled_area(ring) > 0, "a polygon begins with its outer ring");
            for at in ring {
                for part in at {
                    prop_assert!((i64::from(-BUFFER)..=i64::from(EXTENT + BUFFER)).contains(part), "{at:?}");
                }
            }
        }
    }

    #[test]
    fn a_clipped_line_keeps_its_length_and_stays_in_the_buffered_tile(
        points in prop::collection::vec((-6000f64..10000.0, -6000f64..10000.0), 2..120),
    ) {
        let set = TileMatrixSet::WebMercatorQuad;
        let line = LineString::from(points);
        let rect = buffered();
        // Length inside, by sampling each segment finely.
        let inside: f64 = line.lines().map(|segment| {
            let steps = 2000;
            let hits = (0..steps).filter(|step| {
                let part = (f64::from(*step) + 0.5) / f64::from(steps);
                let at = segment.start + segment.delta() * part;
                at.x >= rect.min().x && at.x <= rect.max().x && at.y >= rect.min().y && at.y <= rect.max().y
            }).count();
            Euclidean.length(&segment) * hits as f64 / f64::from(steps)
        }).sum();
        let layers = encode(set, TILE, Geometry::LineString(to_degrees(set, TILE, &line)));
        let parts: Vec<Vec<[i64; 2]>> =
            layers.into_iter().flat_map(|layer| layer.features).flat_map(|feature| feature.parts).collect();
        let length: f64 = parts.iter().flat_map(|part| part.windows(2)).map(|pair| {
            let [dx, dy] = [pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]];
            ((dx * dx + dy * dy) as f64).sqrt()
        }).sum();
        let tolerance = line.0.len() as f64 * 12.0;
        prop_assert!((length - inside).abs() <= tolerance, "{length} is not {inside}");
        for at in parts.iter().flatten().flatten() {
            prop_assert!((i64::from(-BUFFER)..=i64::from(EXTENT + BUFFER)).contains(at));
        }
    }

    #[test]
    fn any_tile_of_any_shape_encodes_without_a_panic(
        points in prop::collection::vec((-400f64..400.0, -200f64..200.0), 0..12),
        z in 0u8..=22, x in any::<u32>(), y in any::<u32>(),
        second_set in any::<bool>(),
    ) {
        let set = TileMatrixSet::ALL[usize::from(second_set)];
        let [columns, rows] = set.size(z);
        let tile = TileId { z, x: x % columns, y: y % rows };
        let line = LineString::from(points);
        encode(set, tile, MultiPolygon(vec![Polygon::new(line.clone(), vec![line.clone()])]).into());
        encode(set, tile, Geometry::LineString(line));
    }
}

/// The polygons of rings, each of which begins with its outer ring.
fn polygons(rings: &[Vec<[i64; 2]>]) -> Vec<Polygon<f64>> {
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    for ring in rings {
        let line: LineString<f64> = ring.iter().map(|[x, y]| (*x as f64, *y as f64)).collect();
        match polygons.last_mut() {
            Some(polygon) if mvt::doubled_area(ring) < 0 => polygon.interiors_push(line),
            _ => polygons.push(Polygon::new(line, Vec::new())),
        }
    }
    polygons
}

// MVT 2.1, 4.3.4.4: polygons are valid by OGC Simple Features.
#[test]
fn a_hole_that_leaves_the_tile_shares_no_edge_with_its_outer_ring() {
    let set = TileMatrixSet::WebMercatorQuad;
    let outer = star([2048.0, 2048.0], &[90_000.0; 40], 1.0);
    for (center, cut) in [
        ([0.0, 2048.0], 1),
        ([4096.0, 4096.0], 1),
        ([2048.0, -100.0], 1),
        // Across the whole tile: two parts are left.
        ([2048.0, 2048.0], 2),
    ] {
        let mut hole = star(center, &[1500.0; 24], 1.0);
        if cut == 2 {
            hole = LineString::from(vec![
                (-9000.0, 1500.0),
                (9000.0, 1500.0),
                (9000.0, 2500.0),
                (-9000.0, 2500.0),
            ]);
        }
        let inner = star(
            if cut == 2 { [1000.0, 700.0] } else { [2600.0, 2000.0] },
            &[90.0; 8],
            1.0,
        );
        let expected = Polygon::new(outer.clone(), vec![hole.clone(), inner.clone()]);
        let expected = MultiPolygon(vec![expected]).intersection(&buffered().to_polygon());
        let holes = vec![to_degrees(set, TILE, &hole), to_degrees(set, TILE, &inner)];
        let polygon = Polygon::new(to_degrees(set, TILE, &outer), holes);
        let layers = encode(set, TILE, MultiPolygon(vec![polygon]).into());
        let found = polygons(&layers[0].features[0].parts);
        assert_eq!(found.len(), cut, "{center:?}");
        assert!(found.iter().all(Validation::is_valid), "{center:?}: {found:?}");
        let area: f64 = found.iter().map(Area::unsigned_area).sum();
        assert!(
            (area - expected.unsigned_area()).abs() < 30_000.0,
            "{area} is not {}",
            expected.unsigned_area()
        );
    }
}

#[test]
fn a_tile_inside_a_polygon_is_full_and_one_inside_its_hole_is_empty() {
    let set = TileMatrixSet::WebMercatorQuad;
    let outer = star([2048.0, 2048.0], &[90_000.0; 40], 1.0);
    let hole = star([2048.0, 2048.0], &[60_000.0; 40], 1.0);
    let polygon = Polygon::new(to_degrees(set, TILE, &outer), vec![to_degrees(set, TILE, &hole)]);
    let geometry = || Geometry::MultiPolygon(MultiPolygon(vec![polygon.clone()]));
    assert!(
        encode(set, TILE, geometry()).is_empty(),
        "inside the hole nothing is drawn"
    );
    let beside = TileId { x: TILE.x + 18, ..TILE };
    let full = encode(set, beside, geometry());
    let side = i64::from(EXTENT + 2 * BUFFER);
    assert_eq!(full[0].features[0].parts.len(), 1);
    assert_eq!(mvt::doubled_area(&full[0].features[0].parts[0]), 2 * side * side);
    assert_eq!(full[0].features[0].parts[0].len(), 4);
}

#[test]
fn neighbours_agree_on_their_common_border() {
    // A border that crosses the tiles' common side is at the same height in both.
    let set = TileMatrixSet::WebMercatorQuad;
    let line = LineString::from(vec![(1000.0, 500.0), (7000.0, 3333.0)]);
    let geometry = || Geometry::LineString(to_degrees(set, TILE, &line));
    let at_side = |tile: TileId, side: f64| {
        let part = encode(set, tile, geometry())[0].features[0].parts[0].clone();
        let [a, b] = [part[0], part[1]].map(|at| at.map(|number| number as f64));
        a[1] + (b[1] - a[1]) * (side - a[0]) / (b[0] - a[0])
    };
    let left = at_side(TILE, 4096.0);
    let right = at_side(TileId { x: TILE.x + 1, ..TILE }, 0.0);
    assert!((left - right).abs() <= 1.0, "{left} {right}");
}
