//! Public data of the corridor: definitions and claims, profile, strip, crossings.

use geo::{Contains, LineString, MultiLineString, Point, Validation};
use mahwar::{
    corridor::{ClaimedLength, Corridors},
    gazetteer::{Level, read_places},
    geodesy::{self, LonLat},
    territory::{Boundaries, DisputedAreas, Worldview, Worldviews},
};
use serde_json::json;
use std::{collections::HashMap, sync::LazyLock};

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

struct Land {
    boundaries: Boundaries,
    disputed: DisputedAreas,
    worldviews: Worldviews,
    corridors: Corridors,
}

static LAND: LazyLock<Land> = LazyLock::new(|| {
    let boundaries = Boundaries::parse(text("boundaries.topojson").as_bytes()).unwrap();
    let disputed = DisputedAreas::parse(&text("disputed_areas.csv"), &boundaries).unwrap();
    let worldviews = Worldviews::parse(&text("worldviews.toml"), &boundaries).unwrap();
    let places = read_places(text("places.tsv")).unwrap();
    let points: HashMap<String, LonLat> = places.into_iter().map(|place| (place.id.into(), place.point)).collect();
    let place = |id: &str| points.get(id).copied();
    let (definitions, published) = (text("corridor.toml"), text("published_figures.csv"));
    let corridors = Corridors::new(&definitions, &published, &boundaries, &disputed, &place).unwrap();
    Land {
        boundaries,
        disputed,
        worldviews,
        corridors,
    }
});

#[test]
fn the_claim_of_560_km_stands_beside_the_measured_line_and_the_figures_in_print() {
    let claim = ClaimedLength {
        claim: "c5".to_owned(),
        document: Some("a92614c7eb69c543".to_owned()),
        km: 560.0,
        approximate: true,
        evidence: json!({"quote": "560"}),
    };
    let report = LAND.corridors.report(&LAND.boundaries, &LAND.disputed, &[claim]);
    let found = &report.claims[0];
    assert_eq!(
        (found.claimed_km, found.measured_km, found.ratio),
        (560.0, 561.432, 0.997)
    );
    assert_eq!(found.definition, "eastern-outer-edge");
    let english = found.differs.en.as_deref().unwrap();
    assert_eq!(
        english,
        "The claimed 560 km are 1.4 km (0.3 %) less than the 561.4 km measured along \"Outer edge of the eastern part\"."
    );
    assert!(found.differs.ar.is_some() && found.differs.ckb.is_some());
    let other_extent = &found.same_figure[0];
    assert_eq!(other_extent.date, "2021-12-03");
    assert!(other_extent.extent.contains("Sahela"));
    assert!(report.published.len() >= 6, "figures in print are cited, not merged");
}

#[test]
fn the_definitions_have_the_shape_that_is_promised() {
    let report = LAND.corridors.report(&LAND.boundaries, &LAND.disputed, &[]);
    let json = serde_json::to_value(&report).unwrap();
    let first = &json["definitions"][0];
    assert_eq!(first["id"], "eastern-outer-edge");
    assert_eq!(first["default"], true);
    assert_eq!(first["not_shared_with"], json!(["IR", "IQ-KR"]));
    assert_eq!(first["units"].as_array().unwrap().len(), 9);
    assert_eq!(first["method"], "geodesic, WGS 84");
    assert!((first["area_km2"].as_f64().unwrap() - 22_598.0).abs() < 1.0);
    assert!(first["length_generalised_km"].as_f64().unwrap() < first["length_km"].as_f64().unwrap());
    for language in ["ar", "ckb", "en"] {
        assert!(first["title"][language].is_string() && first["description"][language].is_string());
    }
    let ids: Vec<&str> = report.definitions.iter().map(|one| one.id.as_str()).collect();
    assert!(
        ids.contains(&"khanaqin-sahela") && ids.contains(&"without-hawija"),
        "{ids:?}"
    );
    assert_eq!(report.definitions.iter().filter(|one| one.default).count(), 1);
    let route = report
        .definitions
        .iter()
        .find(|one| one.id == "khanaqin-sahela")
        .unwrap();
    assert!(route.area_km2.is_none() && route.through.is_some());
    for field in ["date", "who", "figure", "unit", "extent", "source"] {
        assert!(json["published"][0].get(field).is_some(), "{field}");
    }
}

#[test]
fn a_located_point_says_chainage_distance_side_and_units() {
    let makhmour = LAND.corridors.locate(None, [43.58, 35.77], &LAND.boundaries).unwrap();
    let json = serde_json::to_value(&makhmour).unwrap();
    for field in [
        "chainage_km",
        "distance_km",
        "side",
        "point",
        "left",
        "right",
        "outside",
    ] {
        assert!(json.get(field).is_some(), "{field}");
    }
    assert_eq!(json["side"], "right");
    assert_eq!(json["right"], "IQG11Q04");
    assert!(!makhmour.outside);
}

#[test]
fn a_point_abroad_is_answered_and_marked_as_outside() {
    for abroad in [[51.39, 35.69], [36.3, 33.5], [-74.0, 40.7]] {
        let found = LAND.corridors.locate(None, abroad, &LAND.boundaries).unwrap();
        assert!(found.outside && found.distance_km > 100.0, "{abroad:?} {found:?}");
    }
    let inside = LAND.corridors.locate(None, [47.8, 30.5], &LAND.boundaries).unwrap();
    assert!(!inside.outside && inside.distance_km > 300.0);
}

#[test]
fn both_sides_in_one_district_are_told_apart_as_sub_districts() {
    // Mandali is a part of Baladruz and the line runs through that district.
    let start = LAND.corridors.at(None, 5.0, &LAND.boundaries).unwrap();
    let (left, right) = (&start["properties"]["left"], &start["properties"]["right"]);
    assert_eq!(right, "IQG10Q03N01");
    assert_ne!(left, right);
    assert!(left.as_str().unwrap().starts_with("IQG10Q03"), "{left}");
}

#[test]
fn a_position_at_a_chainage_is_a_feature_with_the_same_fields() {
    let feature = LAND
        .corridors
        .at(Some("without-mandali"), 100.0, &LAND.boundaries)
        .unwrap();
    assert_eq!(feature["type"], "Feature");
    assert_eq!(feature["geometry"]["coordinates"], feature["properties"]["point"]);
    assert_eq!(feature["properties"]["chainage_km"], 100.0);
    assert_eq!(feature["properties"]["definition"], "without-mandali");
    let error = LAND
        .corridors
        .at(None, 9999.0, &LAND.boundaries)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("km is 9999; accepted: a finite number from 0 to 561."),
        "{error}"
    );
    let error = LAND
        .corridors
        .at(Some("nowhere"), 1.0, &LAND.boundaries)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("unknown definition \"nowhere\"; accepted: eastern-outer-edge"),
        "{error}"
    );
}

#[test]
fn the_profile_lists_districts_in_order_and_adds_up() {
    let line = LAND.corridors.line(None).unwrap();
    let formal = |district: &str| LAND.boundaries.parent(district).map(str::to_owned);
    let profile = line.profile(Level::District, &LAND.boundaries, formal);
    let first = profile.stretches.first().unwrap();
    let last = profile.stretches.last().unwrap();
    assert_eq!(first.unit.as_deref(), Some("IQG10Q03N01"), "it begins in Mandali");
    assert_eq!(last.unit.as_deref(), Some("IQG11Q04"), "it ends in Makhmour");
    assert_eq!((first.from_km, last.to_km), (0.0, line.length_km()));
    for pair in profile.stretches.windows(2) {
        assert_eq!(pair[0].to_km, pair[1].from_km);
    }
    let sum: f64 = profile.totals.iter().map(|share| share.km).sum();
    assert!((sum - line.length_km()).abs() < 1e-9);
    let set = line.set.as_ref().unwrap();
    assert!(
        profile
            .totals
            .iter()
            .all(|share| LAND.boundaries.is_in(share.unit.as_deref().unwrap(), set))
    );
}

#[test]
fn the_profile_by_governorate_follows_the_worldview() {
    let line = LAND.corridors.line(None).unwrap();
    let totals = |view: Worldview| {
        let governorate = |district: &str| {
            LAND.worldviews
                .governorate_of(view, &LAND.boundaries, district)
                .map(str::to_owned)
        };
        let profile = line.profile(Level::Governorate, &LAND.boundaries, governorate);
        profile
            .totals
            .into_iter()
            .map(|share| share.unit.unwrap())
            .collect::<Vec<_>>()
    };
    assert!(totals(Worldview::Neutral).contains(&"IQG11".to_owned()));
    let federal = totals(Worldview::Federal);
    assert!(
        federal.contains(&"IQG15".to_owned()) && !federal.contains(&"IQG11".to_owned()),
        "{federal:?}"
    );
}

#[test]
fn the_strip_is_a_valid_polygon_whose_edge_is_its_half_width_away() {
    for half_width in [1.0, 5.0, 20.0] {
        let line = LAND.corridors.line(None).unwrap();
        let strip = line.strip(half_width).unwrap();
        assert_eq!(strip.0.len(), 1, "one line has one strip");
        assert!(strip.is_valid(), "the strip of {half_width} km intersects itself");
        for at in strip.0[0].exterior().coords().step_by(7) {
            let away = line.locate(at.x, at.y).unwrap().distance_m / 1000.0;
            assert!(
                (away / half_width - 1.0).abs() < 0.002,
                "{away} km instead of {half_width}"
            );
        }
        for post in line.posts(5.0) {
            assert!(strip.contains(&Point::new(post.point[0], post.point[1])));
        }
    }
}

#[test]
fn a_half_width_that_is_no_width_is_refused() {
    let line = LAND.corridors.line(None).unwrap();
    for wrong in [0.0, -1.0, f64::NAN, 500.0] {
        let error = line.strip(wrong).unwrap_err().to_string();
        assert!(error.starts_with("half_width_km is "), "{error}");
    }
}

#[test]
fn a_river_that_crosses_is_found_at_its_chainage_and_one_that_does_not_is_not() {
    let line = LAND.corridors.line(None).unwrap();
    let middle = line.at_km(250.0).unwrap().point;
    let across = |[lon, lat]: LonLat| {
        MultiLineString::new(vec![LineString::from(vec![
            (lon - 0.004, lat - 0.004),
            (lon + 0.004, lat + 0.004),
        ])])
    };
    let far = across([40.0, 30.0]);
    let near = across(middle);
    let found = line.crossings([("river-far", &far), ("river-near", &near)]);
    assert!(!found.is_empty() && found.iter().all(|crossing| crossing.id == "river-near"));
    for crossing in &found {
        let there = line.at_km(crossing.chainage_km).unwrap().point;
        assert!(geodesy::distance_m(there, crossing.point) < 5.0);
    }
}

#[test]
fn the_tigris_meets_the_corridor_only_along_hawija_and_the_euphrates_nowhere() {
    // The corridor ends at the Great Zab; between Baiji and Hawija it follows the Tigris.
    let context: geojson::FeatureCollection = text("context.geojson").parse().unwrap();
    let rivers: Vec<(String, MultiLineString<f64>)> = context
        .features
        .into_iter()
        .filter(|feature| feature.property("layer").is_some_and(|layer| layer == "rivers"))
        .map(|feature| {
            let id = feature.property("id").unwrap().as_str().unwrap().to_owned();
            (id, feature.geometry.unwrap().try_into().unwrap())
        })
        .collect();
    assert!(rivers.iter().any(|(id, _)| id == "river-tigris"));
    let line = LAND.corridors.line(None).unwrap();
    let crossings = line.crossings(rivers.iter().map(|(id, line)| (id.as_str(), line)));
    for crossing in &crossings {
        let found = line.locate(crossing.point[0], crossing.point[1]).unwrap();
        assert!(found.distance_m < 5.0);
        assert_eq!(crossing.id, "river-tigris");
        assert!((382.0..453.0).contains(&crossing.chainage_km), "{crossing:?}");
    }
    assert!(!crossings.is_empty());
}
