//! Geodesy against PROJ, against Karney's algorithm, and against itself the other way round.

use mahwar::geodesy::{self, Crs, LonLat, ellipsoid};
use proptest::prelude::*;

/// Made with PROJ 9 (pyproj 3), `always_xy`.
const PROJ_UTM_38N: [(LonLat, [f64; 2]); 7] = [
    ([45.0, 0.0], [500_000.0, 0.0]),
    ([44.3922, 35.4681], [444_854.607_802, 3_925_125.307_690]),
    ([38.8, 33.2], [-78_322.296_883, 3_690_633.337_357]),
    ([48.57, 29.06], [847_636.395_406, 3_219_898.040_088]),
    ([42.356, 37.38], [265_901.121_241, 4_140_308.884_179]),
    ([51.0, 36.0], [1_041_073.004_293, 4_000_636.243_984]),
    ([39.0, -20.0], [-128_517.451_299, -2_222_765.809_205]),
];

fn close(a: [f64; 2], b: [f64; 2], tolerance: f64) -> bool {
    (a[0] - b[0]).abs() <= tolerance && (a[1] - b[1]).abs() <= tolerance
}

#[test]
fn utm_agrees_with_proj_to_a_micrometre() {
    let crs: Crs = "http://www.opengis.net/def/crs/EPSG/0/32638".parse().unwrap();
    for (position, expected) in PROJ_UTM_38N {
        let projected = crs.project(position);
        assert!(
            close(projected, expected, 2e-6),
            "{position:?}: {projected:?} against {expected:?}"
        );
        assert!(
            close(crs.unproject(projected), position, 1e-11),
            "{position:?} does not come back"
        );
    }
    let south = "EPSG:32738".parse::<Crs>().unwrap().project([44.0, -20.0]);
    assert!(close(south, [395_390.676_168, 7_788_206.443_835], 2e-6), "{south:?}");
}

#[test]
fn web_mercator_agrees_with_proj_and_ends_at_the_edge_of_the_map() {
    let kirkuk = Crs::Epsg3857.project([44.3922, 35.4681]);
    assert!(
        close(kirkuk, [4_941_717.099_193, 4_227_677.426_504], 1e-5),
        "{kirkuk:?}"
    );
    let edge = Crs::Epsg3857.project([180.0, 90.0]);
    assert!((edge[0] - edge[1]).abs() < 1e-6, "the map is not square: {edge:?}");
}

#[test]
fn epsg_4326_has_latitude_first_and_crs84_has_longitude_first() {
    assert_eq!(Crs::Epsg4326.project([44.0, 35.0]), [35.0, 44.0]);
    assert_eq!(Crs::Epsg4326.unproject([35.0, 44.0]), [44.0, 35.0]);
    assert_eq!(Crs::Crs84.project([44.0, 35.0]), [44.0, 35.0]);
}

#[test]
fn reference_systems_are_read_in_every_spelling_and_others_are_refused() {
    for name in [
        "EPSG:4326",
        "[EPSG:4326]",
        "urn:ogc:def:crs:EPSG::4326",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
    ] {
        assert_eq!(name.parse(), Ok(Crs::Epsg4326), "{name}");
    }
    for name in [
        "CRS84",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    ] {
        assert_eq!(name.parse(), Ok(Crs::Crs84), "{name}");
    }
    for name in ["", "EPSG:27700", "4326", "EPSG:32600", "EPSG:32661", "EPSG:-1"] {
        let error = name.parse::<Crs>().unwrap_err().to_string();
        assert!(error.contains("accepted: "), "{error}");
    }
    for crs in [
        Crs::Crs84,
        Crs::Epsg4326,
        Crs::Epsg3857,
        Crs::Utm { zone: 38, north: true },
    ] {
        assert_eq!(crs.uri().parse(), Ok(crs));
    }
}

#[test]
fn a_coordinate_that_is_no_position_is_refused_by_its_name() {
    let message = |lon, lat| geodesy::position(lon, lat).unwrap_err().to_string();
    assert_eq!(
        message(f64::NAN, 1.0),
        "lon is NaN; accepted: a finite number from -180 to 180"
    );
    assert_eq!(
        message(1.0, f64::INFINITY),
        "lat is inf; accepted: a finite number from -90 to 90"
    );
    assert_eq!(
        message(180.5, 1.0),
        "lon is 180.5; accepted: a finite number from -180 to 180"
    );
    assert_eq!(geodesy::position(-180.0, 90.0), Ok([-180.0, 90.0]));
}

#[test]
fn the_area_of_a_ring_has_the_sign_of_its_direction() {
    let ring = [[44.0, 35.0], [45.0, 35.0], [45.0, 36.0]];
    let area = geodesy::area_of_ring_m2(ring);
    assert!(area > 0.0);
    let back = geodesy::area_of_ring_m2(ring.into_iter().rev());
    assert!((area + back).abs() < 1e-3);
}

/// The largest error of the fast distance against Karney's at one distance, over latitudes and directions.
fn worst_fast_error(metres: f64) -> f64 {
    let mut worst = 0.0_f64;
    for lat in (-88..=88).step_by(4) {
        for azimuth in (0..360).step_by(5) {
            let from = [44.0, f64::from(lat)];
            let to = geodesy::destination(from, f64::from(azimuth), metres);
            let fast = ellipsoid::fast_distance_m(ellipsoid::to_ecef(from), ellipsoid::to_ecef(to));
            worst = worst.max((fast - metres).abs());
        }
    }
    worst
}

#[test]
fn the_fast_distance_keeps_its_stated_error() {
    for (metres, bound) in [
        (1.0, 1e-6),
        (1e3, 1e-6),
        (1e4, 1e-5),
        (1e5, 1e-4),
        (3e5, 3e-3),
        (1e6, 1.0),
    ] {
        let worst = worst_fast_error(metres);
        assert!(worst < bound, "at {metres} m the error is {worst} m");
    }
}

/// The distance to a segment by trying many points of it, then golden-section search around the best.
fn searched(start: LonLat, end: LonLat, point: LonLat) -> f64 {
    let at = |fraction: f64| geodesy::distance_m(point, geodesy::point_between(start, end, fraction));
    let steps = 200;
    let best = (0..=steps)
        .map(|step| f64::from(step) / f64::from(steps))
        .min_by(|a, b| at(*a).total_cmp(&at(*b)))
        .unwrap();
    let step = 1.0 / f64::from(steps);
    let (mut low, mut high) = ((best - step).max(0.0), (best + step).min(1.0));
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    for _ in 0..60 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if at(a) < at(b) { high = b } else { low = a }
    }
    at(0.5 * (low + high)).min(at(0.0)).min(at(1.0))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn projections_come_back(lon in 30.0..60.0_f64, lat in -80.0..80.0_f64) {
        for crs in [Crs::Epsg4326, Crs::Epsg3857, Crs::Utm { zone: 38, north: true }, Crs::Utm { zone: 38, north: false }] {
            let back = crs.unproject(crs.project([lon, lat]));
            prop_assert!(close(back, [lon, lat], 1e-10), "{crs}: {back:?}");
        }
    }

    #[test]
    fn the_nearest_point_of_a_segment_is_the_nearest(
        lon in 43.0..46.0_f64, lat in 33.0..37.0_f64,
        azimuth in 0.0..360.0_f64, metres in 10.0..60_000.0_f64,
        x in 38.0..50.0_f64, y in 28.0..39.0_f64,
    ) {
        let start = [lon, lat];
        let end = geodesy::destination(start, azimuth, metres);
        let found = geodesy::nearest_on_segment(start, end, [x, y]);
        let best = searched(start, end, [x, y]);
        prop_assert!((found.distance_m - best).abs() < 1e-4, "{} against {best}", found.distance_m);
        let along = geodesy::distance_m(start, found.point);
        prop_assert!((along - found.along_m).abs() < 1e-4);
    }

    #[test]
    fn left_of_a_segment_is_left(azimuth in 0.0..360.0_f64, offset in 1.0..40_000.0_f64) {
        let start = [44.0, 35.0];
        let end = geodesy::destination(start, azimuth, 10_000.0);
        let (middle, heading) = geodesy::destination_and_heading(start, azimuth, 5_000.0);
        let left = geodesy::destination(middle, heading - 90.0, offset);
        let right = geodesy::destination(middle, heading + 90.0, offset);
        prop_assert!((geodesy::nearest_on_segment(start, end, left).left_m - offset).abs() < 0.01);
        prop_assert!((geodesy::nearest_on_segment(start, end, right).left_m + offset).abs() < 0.01);
    }
}
