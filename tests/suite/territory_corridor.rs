//! The corridor of the land in `data/`: check values, linear referencing, and the nearest position against brute force.

use geo::CoordsIter;
use mahwar::{
    corridor::{Corridor, Definitions, LineSide},
    geodesy::{
        self, LonLat,
        ellipsoid::{Ecef, dot, sub, to_ecef},
    },
    layers::FirstZooms,
    territory::{Boundaries, DisputedAreas},
};
use proptest::prelude::*;
use std::sync::LazyLock;

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

struct Land {
    boundaries: Boundaries,
    disputed: DisputedAreas,
    definitions: Definitions,
}

static LAND: LazyLock<Land> = LazyLock::new(|| {
    let boundaries = Boundaries::parse(text("boundaries.topojson").as_bytes()).unwrap();
    let disputed = DisputedAreas::parse(&text("disputed_areas.csv"), &boundaries).unwrap();
    let definitions = Definitions::parse(&text("corridor.toml")).unwrap();
    Land {
        boundaries,
        disputed,
        definitions,
    }
});

/// Label points of the places that routes go through.
fn place(id: &str) -> Option<LonLat> {
    let places = [
        ("wof-1260379963", [45.39065, 34.3482]),
        ("wof-1226028523", [45.16908, 34.27392]),
        ("wof-421188277", [44.6293, 34.8885]),
        ("wof-421179701", [44.9606, 34.6896]),
        ("wof-1293762981", [44.44907, 35.13923]),
        ("wof-890449811", [44.39222, 35.46806]),
        ("wof-1276846897", [44.07067, 35.67482]),
        ("wof-421195195", [43.58143, 35.77777]),
        ("wof-1310188085", [42.60251, 36.65727]),
        ("wof-1293672031", [42.34103, 37.01285]),
    ];
    places.iter().find(|(known, _)| *known == id).map(|(_, at)| *at)
}

fn derive(id: Option<&str>) -> Corridor {
    let definition = LAND.definitions.get(id).unwrap();
    LAND.definitions
        .derive(definition, &LAND.boundaries, &LAND.disputed, &place)
        .unwrap()
}

static DEFAULT: LazyLock<Corridor> = LazyLock::new(|| derive(None));

fn close(value: f64, expected: f64) {
    assert!(
        (value / expected - 1.0).abs() < 0.005,
        "{value} is not within 0.5 % of {expected}"
    );
}

#[test]
fn each_definition_has_the_length_of_the_design() {
    for (id, expected) in [
        ("eastern-outer-edge", 561.4),
        ("eastern-federal-edge", 523.7),
        ("without-mandali", 428.4),
        ("without-hawija", 657.8),
        ("eastern-region-edge", 502.0),
        ("full-belt-federal-edge", 1031.0),
        ("full-belt-region-edge", 874.0),
    ] {
        let line = derive(Some(id));
        close(line.length_km(), expected);
        assert_eq!(line.pieces(), 1, "{id}");
    }
    close(LAND.boundaries.area_of_set_km2(DEFAULT.set.as_ref().unwrap()), 22_598.0);
    close(
        LAND.boundaries.area_of_set_km2(&LAND.disputed.set(&LAND.boundaries)),
        37_015.0,
    );
}

#[test]
fn the_default_line_is_unbroken_and_runs_from_the_south_east_to_the_north_west() {
    assert_eq!(DEFAULT.id, "eastern-outer-edge");
    let [start, end] = DEFAULT.ends().unwrap();
    assert!(start[0] > end[0] && start[1] < end[1], "{start:?} to {end:?}");
    assert_eq!(DEFAULT.geometry().0.len(), 1);
}

#[test]
fn the_part_that_faces_a_disputed_district_is_the_difference_of_two_definitions() {
    let difference = DEFAULT.length_km() - derive(Some("eastern-federal-edge")).length_km();
    close(difference, 37.8);
}

#[test]
fn a_route_is_as_long_as_the_geodesics_between_its_places() {
    let straight = derive(Some("khanaqin-sahela"));
    let expected = geodesy::distance_m(place("wof-1260379963").unwrap(), place("wof-1293672031").unwrap());
    assert!((straight.length_m() - expected).abs() < 1e-3);
    let through = derive(Some("khanaqin-sahela-through-the-seats"));
    assert!(through.length_km() > straight.length_km());
    assert_eq!(straight.ends().unwrap()[0], place("wof-1260379963").unwrap());
}

#[test]
fn the_line_as_drawn_is_a_little_shorter_and_nearly_as_long() {
    let drawn = DEFAULT.length_at_zoom_km(&LAND.boundaries, LAND.definitions.generalised_zoom);
    assert!(
        drawn < DEFAULT.length_km() && drawn > 0.99 * DEFAULT.length_km(),
        "{drawn}"
    );
    let full = DEFAULT.length_at_zoom_km(&LAND.boundaries, 14);
    assert!((full - DEFAULT.length_km()).abs() < 1e-6);
}

#[test]
fn a_zoom_draws_the_line_by_the_points_that_boundaries_have_there() {
    let line = &*DEFAULT;
    let zooms: FirstZooms = line.first_zooms(&LAND.boundaries).unwrap().collect();
    let full = geo::Geometry::from(line.geometry_at(&LAND.boundaries, 14));
    for zoom in 0..=14 {
        let expected = geo::Geometry::from(line.geometry_at(&LAND.boundaries, zoom));
        assert_eq!(zooms.drawn(&full, zoom), expected, "zoom {zoom}");
    }
    assert_eq!(full.coords_count(), line.geometry().coords_count());
    assert!(derive(Some("khanaqin-sahela")).first_zooms(&LAND.boundaries).is_none());
}

/// Edges of a line in space, for brute force.
fn chords(line: &Corridor) -> Vec<(LonLat, LonLat, Ecef, Ecef)> {
    let geometry = line.geometry();
    let edges = geometry.iter().flat_map(|piece| piece.lines());
    edges
        .map(|edge| {
            let (a, b) = ([edge.start.x, edge.start.y], [edge.end.x, edge.end.y]);
            (a, b, to_ecef(a), to_ecef(b))
        })
        .collect()
}

fn to_chord(p: Ecef, a: Ecef, b: Ecef) -> f64 {
    let (ab, ap) = (sub(b, a), sub(p, a));
    let along = (dot(ap, ab) / dot(ab, ab)).clamp(0.0, 1.0);
    let away: Ecef = std::array::from_fn(|axis| ap[axis] - along * ab[axis]);
    dot(away, away).sqrt()
}

/// The exact distance by looking at every edge: straight chords leave those that can be nearest, Karney decides among them.
/// A chord is at most 20 m below its geodesic, and chords of equal arcs differ by less than a part in eighty of the sagitta.
fn brute_force(chords: &[(LonLat, LonLat, Ecef, Ecef)], point: LonLat) -> f64 {
    let p = to_ecef(point);
    let straight: Vec<f64> = chords.iter().map(|(_, _, a, b)| to_chord(p, *a, *b)).collect();
    let least = straight.iter().copied().fold(f64::MAX, f64::min);
    let margin = 20.0 + least.powi(3) / (24.0 * 6.37e6_f64.powi(2)) / 80.0;
    let possible = chords
        .iter()
        .zip(&straight)
        .filter(|(_, away)| **away <= least + margin);
    possible
        .map(|((a, b, _, _), _)| geodesy::nearest_on_segment(*a, *b, point).distance_m)
        .fold(f64::MAX, f64::min)
}

/// Uniform in 0..1, the same sequence each time (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn within(&mut self, [west, south, east, north]: [f64; 4]) -> LonLat {
        [
            west + (east - west) * self.next(),
            south + (north - south) * self.next(),
        ]
    }
}

#[test]
fn the_nearest_position_is_that_of_brute_force_for_a_hundred_thousand_points() {
    let chords = chords(&DEFAULT);
    let mut random = Random(1);
    let (mut worst, mut far) = (0.0_f64, 0.0_f64);
    for number in 0..100_000 {
        // Most around the corridor and in the country, some abroad.
        let bounds = match number % 20 {
            0 => [20.0, 15.0, 70.0, 55.0],
            1..10 => [43.0, 33.0, 46.5, 37.0],
            _ => [38.5, 29.0, 48.8, 37.5],
        };
        let point = random.within(bounds);
        let found = DEFAULT.locate(point[0], point[1]).unwrap();
        let expected = brute_force(&chords, point);
        let error = (found.distance_m - expected).abs();
        assert!(error < 0.05, "{point:?}: {} against {expected}", found.distance_m);
        worst = worst.max(error);
        let to_point = geodesy::distance_m(point, found.point);
        far = far.max((to_point - expected).abs());
        assert!(
            (to_point - expected).abs() < 0.05,
            "{point:?}: its position is {to_point} away, not {expected}"
        );
    }
    println!("largest error of the distance {worst:.2e} m, of the position {far:.2e} m");
}

#[test]
fn near_ties_are_decided_by_the_geodesic_distance() {
    // Points on the bisector between two far parts of the line, moved by millimetres.
    let chords = chords(&DEFAULT);
    let mut random = Random(7);
    let mut tied = 0;
    while tied < 200 {
        let (a, b) = (
            random.within([43.0, 33.0, 46.5, 37.0]),
            random.within([43.0, 33.0, 46.5, 37.0]),
        );
        let at = |fraction: f64| geodesy::point_between(a, b, fraction);
        let chainage = |fraction: f64| {
            let [lon, lat] = at(fraction);
            DEFAULT.locate(lon, lat).unwrap().chainage_m
        };
        let (mut low, mut high) = (0.0, 1.0);
        if (chainage(low) - chainage(high)).abs() < 20_000.0 {
            continue;
        }
        let first = chainage(low);
        for _ in 0..45 {
            let middle = 0.5 * (low + high);
            if (chainage(middle) - first).abs() < (chainage(middle) - chainage(high)).abs() {
                low = middle
            } else {
                high = middle
            }
        }
        if (chainage(low) - chainage(high)).abs() < 1_000.0 {
            continue;
        }
        tied += 1;
        for fraction in [low, 0.5 * (low + high), high] {
            let [lon, lat] = at(fraction);
            let found = DEFAULT.locate(lon, lat).unwrap();
            assert!((found.distance_m - brute_force(&chords, [lon, lat])).abs() < 2e-3);
        }
    }
}

#[test]
fn the_fast_position_is_that_of_the_slow_one() {
    let mut random = Random(3);
    for _ in 0..200 {
        let [lon, lat] = random.within([38.5, 29.0, 48.8, 37.5]);
        let (fast, slow) = (
            DEFAULT.locate(lon, lat).unwrap(),
            DEFAULT.locate_exhaustively(lon, lat).unwrap(),
        );
        assert!((fast.distance_m - slow.distance_m).abs() < 0.01);
        assert!((fast.chainage_m - slow.chainage_m).abs() < 0.1, "{fast:?} {slow:?}");
        assert_eq!(fast.side, slow.side, "{lon},{lat}");
    }
}

#[test]
fn a_point_inside_the_belt_is_on_its_right_and_a_point_outside_on_its_left() {
    let set = DEFAULT.set.as_ref().unwrap();
    let mut random = Random(5);
    for _ in 0..20_000 {
        let [lon, lat] = random.within([43.0, 33.0, 46.0, 36.5]);
        let Some(unit) = LAND
            .boundaries
            .unit_at(mahwar::gazetteer::Level::Subdistrict, [lon, lat])
        else {
            continue;
        };
        let found = DEFAULT.locate(lon, lat).unwrap();
        let inside = LAND.boundaries.is_in(&unit.pcode, set);
        // Beyond the ends of the line sides mean little, and on the far side of the belt the Region lies right too.
        let end = found.chainage_m < 1.0 || found.chainage_m > DEFAULT.length_m() - 1.0;
        if found.side != LineSide::On && !end && inside {
            assert_eq!(found.side, LineSide::Right, "{lon},{lat} in {}", unit.pcode);
        }
    }
}

#[test]
fn the_units_beside_the_line_are_the_ones_that_border_there() {
    let set = DEFAULT.set.as_ref().unwrap();
    for post in DEFAULT.posts(1.0) {
        let [left, right] = post
            .sides
            .map(|unit| unit.map(|unit| LAND.boundaries.units()[unit].pcode.clone()));
        assert!(
            LAND.boundaries.is_in(&right.unwrap(), set),
            "the belt lies right of the line"
        );
        assert!(!LAND.boundaries.is_in(&left.unwrap(), set));
    }
}

#[test]
fn posts_stand_every_ten_kilometres_from_the_south_eastern_end() {
    let posts = DEFAULT.posts(10.0);
    assert_eq!(posts.len(), 57);
    for (number, post) in posts.iter().enumerate() {
        assert!((post.chainage_m - number as f64 * 10_000.0).abs() < 1e-6);
    }
}

#[test]
fn slices_add_up_to_the_line() {
    let length = DEFAULT.length_km();
    let measure = |from: f64, to: f64| {
        let slice = DEFAULT.slice_km(from, to).unwrap();
        slice
            .iter()
            .map(|line| geodesy::length_km(&line.coords().map(|at| [at.x, at.y]).collect::<Vec<_>>()))
            .sum::<f64>()
    };
    for cut in [0.0, 0.001, 100.0, 333.333, length] {
        assert!((measure(0.0, cut) - cut).abs() < 1e-6);
        assert!((measure(cut, length) - (length - cut)).abs() < 1e-6);
    }
}

#[test]
fn a_chainage_or_coordinate_out_of_range_is_refused_by_its_name() {
    let message = |error: geodesy::PositionError| error.to_string();
    assert!(
        message(DEFAULT.at_km(-1.0).unwrap_err()).starts_with("km is -1; accepted: a finite number from 0 to 561.")
    );
    assert!(message(DEFAULT.at_km(f64::NAN).unwrap_err()).starts_with("km is NaN"));
    assert!(message(DEFAULT.slice_km(5.0, 4.0).unwrap_err()).starts_with("to is 4; accepted: a finite number from 5"));
    assert!(message(DEFAULT.locate(44.0, 95.0).unwrap_err()).starts_with("lat is 95"));
    assert!(message(DEFAULT.locate(f64::INFINITY, 35.0).unwrap_err()).starts_with("lon is inf"));
}

#[test]
fn a_point_anywhere_on_the_globe_has_an_answer() {
    for (lon, lat) in [
        (0.0, 90.0),
        (0.0, -90.0),
        (180.0, 0.0),
        (-180.0, 0.0),
        (-135.3, -35.0),
        (51.4, 35.7),
        (0.0, 0.0),
    ] {
        let found = DEFAULT.locate(lon, lat).unwrap();
        let direct = geodesy::distance_m([lon, lat], found.point);
        assert!(
            (found.distance_m - direct).abs() < 1.0,
            "{lon},{lat}: {found:?} {direct}"
        );
    }
}

#[test]
fn a_definition_that_names_an_unknown_unit_or_set_says_where() {
    let error = |from: &str, to: &str, id: &str| {
        let text = text("corridor.toml").replacen(from, to, 1);
        let definitions = Definitions::parse(&text).unwrap();
        let definition = definitions.get(Some(id)).unwrap();
        let line = text.lines().position(|line| line.contains(to)).unwrap() + 1;
        let error = definitions
            .derive(definition, &LAND.boundaries, &LAND.disputed, &place)
            .unwrap_err()
            .to_string();
        (error, line)
    };
    let (unit, line) = error("\"IQG16Q07\"", "\"IQG16Q99\"", "eastern-outer-edge");
    assert_eq!(
        unit,
        format!(
            "corridor.toml, line {line} (eastern-part): unknown unit \"IQG16Q99\"; accepted: the p-codes in boundaries.topojson"
        )
    );
    let (set, _) = error("set = \"eastern-part\"", "set = \"western-part\"", "eastern-outer-edge");
    assert!(
        set.contains("(eastern-outer-edge): unknown set \"western-part\"; accepted: IQ-KR, "),
        "{set}"
    );
    let (country, _) = error("[\"IR\", \"IQ-KR\"]", "[\"XX\", \"IQ-KR\"]", "eastern-outer-edge");
    assert!(
        country.contains("\"XX\" is neither a set of this file nor a country on the border"),
        "{country}"
    );
    let (route, _) = error("wof-1293672031", "wof-0", "khanaqin-sahela");
    assert!(route.contains("unknown place \"wof-0\""), "{route}");
}

#[test]
fn a_line_in_pieces_is_refused_with_the_unit_where_it_breaks() {
    // Without Kirkuk and Daquq the belt falls apart.
    let text = text("corridor.toml")
        .replace("  \"IQG13Q04\",", "")
        .replace("  \"IQG13Q02\",", "")
        .replace("  \"IQG16Q07\",", "");
    let definitions = Definitions::parse(&text).unwrap();
    let definition = definitions.get(None).unwrap();
    let error = definitions
        .derive(definition, &LAND.boundaries, &LAND.disputed, &place)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("(eastern-outer-edge): the line is in 2 pieces, not in 1; the first one ends at "),
        "{error}"
    );
    assert!(error.contains(" beside IQG"), "{error}");
}

#[test]
fn an_unknown_definition_or_a_second_default_is_refused() {
    let unknown = LAND.definitions.get(Some("front-line")).unwrap_err().to_string();
    assert!(
        unknown.starts_with("unknown definition \"front-line\"; accepted: eastern-outer-edge, "),
        "{unknown}"
    );
    let two = text("corridor.toml").replace("id = \"without-hawija\"", "id = \"without-hawija\"\ndefault = true");
    assert!(
        Definitions::parse(&two)
            .unwrap_err()
            .to_string()
            .contains("2 definitions say default = true")
    );
    let twice = text("corridor.toml").replace("id = \"without-hawija\"", "id = \"without-mandali\"");
    assert!(
        Definitions::parse(&twice)
            .unwrap_err()
            .to_string()
            .contains("the id stands twice")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_position_at_a_located_chainage_is_the_located_position(lon in 38.0..49.0_f64, lat in 29.0..38.0_f64) {
        let found = DEFAULT.locate(lon, lat).unwrap();
        let there = DEFAULT.at_km((found.chainage_m / 1000.0).min(DEFAULT.length_km())).unwrap();
        let apart = geodesy::distance_m(found.point, there.point);
        prop_assert!(apart < 0.01, "{apart} m apart");
    }

    #[test]
    fn a_position_of_the_line_is_located_where_it_is(fraction in 0.0..1.0_f64) {
        let km = fraction * DEFAULT.length_km();
        let there = DEFAULT.at_km(km).unwrap();
        let found = DEFAULT.locate(there.point[0], there.point[1]).unwrap();
        prop_assert!(found.distance_m < 0.001);
        prop_assert!((found.chainage_m / 1000.0 - km).abs() < 1e-5, "{} against {km}", found.chainage_m / 1000.0);
    }
}
