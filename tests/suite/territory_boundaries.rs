//! The boundaries of the land in `data/`: properties that hold at full resolution hold at every zoom.

use mahwar::{
    gazetteer::Level,
    geodesy,
    territory::{Boundaries, Micro, dissolve, topology::OBJECTS},
};
use std::{collections::BTreeMap, time::Instant};

fn bytes() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/boundaries.topojson")).unwrap()
}

fn boundaries() -> Boundaries {
    Boundaries::parse(&bytes()).unwrap()
}

type Edge = (Micro, Micro);

/// The directed edges of a unit's rings as drawn at a zoom.
fn edges(land: &Boundaries, pcode: &str, zoom: u8) -> Vec<Edge> {
    let unit = land.unit(pcode).unwrap();
    let rings = unit.polygons.iter().flatten().map(|ring| land.points(ring, Some(zoom)));
    rings
        .flat_map(|ring| ring.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>())
        .collect()
}

/// Directed edges of many units without those that two of them share.
fn outline(land: &Boundaries, units: &[&str], zoom: u8) -> Vec<Edge> {
    let mut all = std::collections::BTreeSet::new();
    for edge in units.iter().flat_map(|unit| edges(land, unit, zoom)) {
        if !all.remove(&(edge.1, edge.0)) {
            assert!(
                all.insert(edge),
                "an edge stands twice in one direction at zoom {zoom}: {edge:?}"
            );
        }
    }
    all.into_iter().collect()
}

fn codes(land: &Boundaries, level: Level) -> Vec<&str> {
    land.units_of(level).map(|unit| unit.pcode.as_str()).collect()
}

#[test]
fn the_file_is_small_and_holds_every_unit() {
    let bytes = bytes();
    assert!(bytes.len() < 700_000, "{} bytes", bytes.len());
    let start = Instant::now();
    let land = Boundaries::parse(&bytes).unwrap();
    println!("reading took {:?}", start.elapsed());
    let counts = OBJECTS.map(|(_, level)| land.units_of(level).count());
    assert_eq!(counts, [1, 18, 101, 294]);
}

#[test]
fn at_every_zoom_each_inner_edge_is_shared_by_exactly_two_units() {
    let land = boundaries();
    let country = codes(&land, Level::Country);
    for zoom in 0..=14 {
        for (_, level) in &OBJECTS[1..] {
            let outline = outline(&land, &codes(&land, *level), zoom);
            let mut border = edges(&land, country[0], zoom);
            border.sort_unstable();
            assert_eq!(
                outline, border,
                "{level} at zoom {zoom}: what is not shared is not the border of the land"
            );
        }
    }
}

#[test]
fn at_every_zoom_the_union_of_children_is_the_parent() {
    let land = boundaries();
    for zoom in 0..=14 {
        for parent in land.units().iter().filter(|unit| unit.level != Level::Subdistrict) {
            let children: Vec<&str> = land.children(&parent.pcode).map(|unit| unit.pcode.as_str()).collect();
            let mut own = edges(&land, &parent.pcode, zoom);
            own.sort_unstable();
            assert_eq!(outline(&land, &children, zoom), own, "{} at zoom {zoom}", parent.pcode);
        }
    }
}

#[test]
fn at_every_zoom_no_edges_cross_or_touch_and_every_unit_survives() {
    let land = boundaries();
    for zoom in 0..=14 {
        let mut all: Vec<Edge> = Vec::new();
        for unit in land.units_of(Level::Subdistrict) {
            let [shell, ..] = unit.polygons[0].as_slice() else {
                panic!("{} has no ring", unit.pcode);
            };
            let points = land.points(shell, Some(zoom));
            assert!(
                points.len() >= 4,
                "{} has {} points at zoom {zoom}",
                unit.pcode,
                points.len()
            );
            assert!(
                dissolve::twice_area_of(&points) > 0,
                "{} is turned over at zoom {zoom}",
                unit.pcode
            );
            all.extend(
                edges(&land, &unit.pcode, zoom)
                    .into_iter()
                    .map(|(a, b)| (a.min(b), a.max(b))),
            );
        }
        all.sort_unstable();
        all.dedup();
        for (place, &(a, b)) in all.iter().enumerate() {
            for &(c, d) in all[place + 1..].iter().take_while(|(c, _)| c[0] <= b[0]) {
                assert!(
                    !dissolve::edges_meet(a, b, c, d),
                    "{a:?}-{b:?} meets {c:?}-{d:?} at zoom {zoom}"
                );
            }
        }
    }
}

#[test]
fn simplified_outlines_get_lighter_with_every_zoom_out() {
    let land = boundaries();
    let counts: Vec<usize> = (0..=14).map(|zoom| land.simplification().count_at(zoom)).collect();
    println!("{counts:?}");
    assert!(counts.is_sorted(), "{counts:?}");
    assert_eq!(counts[14], land.arcs().iter().map(Vec::len).sum::<usize>());
    assert!(counts[6] * 3 < counts[14], "{counts:?}");
}

#[test]
fn a_simplified_outline_stays_within_two_pixels_of_the_true_one() {
    let land = boundaries();
    for zoom in [4, 6, 8, 10] {
        let pixel = 360.0 / (512.0 * 2.0_f64.powi(zoom)) * 1e6;
        for unit in land.units_of(Level::District) {
            let ring = &unit.polygons[0][0];
            let drawn = land.points(ring, Some(zoom as u8));
            for point in land.points(ring, None) {
                let away = drawn
                    .windows(2)
                    .map(|pair| distance(point, pair[0], pair[1]))
                    .fold(f64::MAX, f64::min);
                assert!(
                    away < 2.0 * pixel,
                    "{} is {:.1} pixels off at zoom {zoom}",
                    unit.pcode,
                    away / pixel
                );
            }
        }
    }
}

fn distance(p: Micro, a: Micro, b: Micro) -> f64 {
    let [px, py, ax, ay, bx, by] = [p[0], p[1], a[0], a[1], b[0], b[1]].map(f64::from);
    let (dx, dy) = (bx - ax, by - ay);
    let along = (((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (px - ax - along * dx).hypot(py - ay - along * dy)
}

#[test]
fn a_label_point_is_found_in_its_unit_at_each_level() {
    let land = boundaries();
    let mut seen = BTreeMap::new();
    for unit in land.units_of(Level::Subdistrict) {
        use geo::InteriorPoint;
        let inside = land.geometry(&unit.pcode).unwrap().interior_point().unwrap();
        for (_, level) in OBJECTS {
            let found = land
                .unit_at(level, [inside.x(), inside.y()])
                .map(|unit| unit.pcode.clone());
            assert_eq!(found, land.ancestor(&unit.pcode, level).map(|unit| unit.pcode.clone()));
            *seen.entry(level).or_insert(0) += 1;
        }
    }
    assert_eq!(seen.len(), 4);
}

#[test]
fn a_position_abroad_or_nowhere_is_in_no_unit() {
    let land = boundaries();
    for position in [
        [51.4, 35.7],
        [0.0, 0.0],
        [f64::NAN, 35.0],
        [400.0, 35.0],
        [44.0, f64::INFINITY],
    ] {
        assert!(land.unit_at(Level::Country, position).is_none(), "{position:?}");
    }
}

#[test]
fn neighbours_are_mutual_and_never_the_unit_itself() {
    let land = boundaries();
    for level in [Level::Governorate, Level::District, Level::Subdistrict] {
        for unit in land.units_of(level) {
            let around = land.adjacent(&unit.pcode);
            assert!(!around.is_empty(), "{} is an island", unit.pcode);
            for other in around {
                assert_ne!(other.pcode, unit.pcode);
                assert!(land.adjacent(&other.pcode).iter().any(|back| back.pcode == unit.pcode));
            }
        }
    }
}

#[test]
fn the_area_of_the_country_is_that_of_its_source() {
    let area = boundaries().area_km2("IQ").unwrap();
    assert!((area - 436_269.0).abs() < 1.0, "{area}");
    assert!((geodesy::area_km2(&boundaries().geometry("IQ").unwrap()) - area).abs() < 1e-6);
}
