//! Parts of the corridor over HTTP and on the command line: slices, strips, posts, crossings, in each worldview.

use crate::common::{Server, mahwar};
use geo::Validation;
use mahwar::geodesy;
use serde_json::Value;

fn get(server: &Server, path: &str) -> Value {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn geometry(feature: &Value) -> geo::Geometry<f64> {
    serde_json::from_value::<geojson::Geometry>(feature["geometry"].clone())
        .unwrap()
        .try_into()
        .unwrap()
}

/// Runs `mahwar corridor` and reads its JSON.
fn corridor(args: &[&str]) -> Value {
    let out = mahwar(&[&["corridor"], args].concat());
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn length_km(feature: &Value) -> f64 {
    let geo::Geometry::MultiLineString(lines) = geometry(feature) else {
        panic!("a slice is a line")
    };
    let points = |line: &geo::LineString<f64>| line.coords().map(|at| [at.x, at.y]).collect::<Vec<_>>();
    lines.iter().map(|line| geodesy::length_km(&points(line))).sum()
}

#[test]
fn a_slice_has_the_length_between_its_chainages() {
    let server = Server::start();
    let slice = get(&server, "/corridor/slice?from=100&to=150.5");
    assert!((length_km(&slice) - 50.5).abs() < 1e-3);
    assert_eq!(slice["properties"]["length_km"], 50.5);
    // Without ends it is the whole line.
    assert!((length_km(&get(&server, "/corridor/slice")) - 561.432).abs() < 0.01);
    let rest = corridor(&["--from", "500"]);
    assert!((length_km(&rest) - 61.432).abs() < 0.01);
    assert_eq!(
        corridor(&["--from", "100", "--to", "150.5"])["geometry"],
        slice["geometry"]
    );
}

#[test]
fn a_strip_is_a_valid_polygon_with_its_area() {
    let server = Server::start();
    for width in [0.5, 5.0, 40.0] {
        let strip = get(&server, &format!("/corridor/strip?half_width_km={width}"));
        let geo::Geometry::MultiPolygon(polygons) = geometry(&strip) else {
            panic!("a strip is a polygon")
        };
        assert!(polygons.is_valid());
        let area = geodesy::area_km2(&polygons);
        assert!((strip["properties"]["area_km2"].as_f64().unwrap() - area).abs() < 0.1);
        // At most twice the width along the line and a disc at the ends; less where the line winds.
        assert!(area < 2.0 * width * 561.5 + 3.2 * width * width);
    }
    let narrow = get(&server, "/corridor/strip?half_width_km=0.05")["properties"]["area_km2"]
        .as_f64()
        .unwrap();
    assert!((narrow / (2.0 * 0.05 * 561.432) - 1.0).abs() < 0.02, "{narrow}");
}

#[test]
fn posts_stand_at_the_asked_spacing() {
    let server = Server::start();
    let posts = get(&server, "/corridor/posts?every_km=100");
    let posts = posts["features"].as_array().unwrap();
    let km: Vec<f64> = posts
        .iter()
        .map(|post| post["properties"]["km"].as_f64().unwrap())
        .collect();
    assert_eq!(km, [0.0, 100.0, 200.0, 300.0, 400.0, 500.0]);
    let ten = get(&server, "/corridor/posts");
    assert_eq!(ten["features"].as_array().unwrap().len(), 57);
    assert_eq!(corridor(&["--posts", "--format", "json"])["features"], ten["features"]);
}

#[test]
fn crossings_name_the_rivers_that_were_held_against_the_line() {
    let server = Server::start();
    let found = get(&server, "/corridor/crossings");
    let held: Vec<&str> = found["rivers"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|river| river["id"].as_str())
        .collect();
    // The default data have the Tigris, and none of the rivers that come under another licence.
    assert!(
        held.contains(&"river-tigris") && !held.contains(&"river-great-zab"),
        "{held:?}"
    );
    for crossing in found["features"].as_array().unwrap() {
        let [lon, lat] = [0, 1].map(|axis| crossing["geometry"]["coordinates"][axis].as_f64().unwrap());
        let located = get(&server, &format!("/corridor/locate?lon={lon}&lat={lat}"));
        assert!(located["distance_km"].as_f64().unwrap() < 0.005);
        let away = located["chainage_km"].as_f64().unwrap() - crossing["properties"]["chainage_km"].as_f64().unwrap();
        assert!(away.abs() < 0.01, "{crossing}");
    }
}

#[test]
fn every_answer_names_its_units_as_the_view_does_and_states_the_convention() {
    let server = Server::start();
    for path in [
        "/corridor?",
        "/corridor/definitions?",
        "/corridor/locate?lon=43.6&lat=35.7&",
        "/corridor/at?km=500&",
        "/corridor/profile?by=governorate&",
        "/corridor/slice?from=1&to=2&",
        "/corridor/strip?half_width_km=1&",
        "/corridor/posts?",
        "/corridor/crossings?",
    ] {
        let conventions = ["neutral", "federal", "region"].map(|view| {
            let answer = get(&server, &format!("{path}worldview={view}&lang=en"));
            assert_eq!(answer["worldview"], view, "{path}");
            assert!(
                answer["disclaimer"].as_str().is_some_and(|text| text.len() > 40),
                "{path}"
            );
            answer["convention"].as_str().unwrap().to_owned()
        });
        assert!(
            conventions[0] != conventions[1] && conventions[1] != conventions[2],
            "{path}"
        );
        assert_eq!(server.get(&format!("{path}worldview=mars")).status, 400, "{path}");
    }
    let at = get(&server, "/corridor/at?km=500");
    let unit = at["properties"]["right"].as_str().unwrap();
    assert_eq!(at["names"][unit]["ckb"], "مەخموور");
}

#[test]
fn the_profile_by_governorate_is_that_of_the_view() {
    let server = Server::start();
    let totals = |view: &str| -> Vec<String> {
        let over_http = get(&server, &format!("/corridor/profile?by=governorate&worldview={view}"));
        let on_the_line = corridor(&["--profile", "governorate", "--worldview", view, "--format", "json"]);
        assert_eq!(over_http["totals"], on_the_line["totals"]);
        let totals = over_http["totals"].as_array().unwrap().iter();
        totals.map(|share| share["unit"].as_str().unwrap().to_owned()).collect()
    };
    // Makhmour is Erbil's or Ninewa's, Kifri Diyala's or Sulaymaniyah's.
    assert!(totals("neutral").contains(&"IQG11".to_owned()) && !totals("neutral").contains(&"IQG15".to_owned()));
    assert!(totals("federal").contains(&"IQG15".to_owned()) && !totals("federal").contains(&"IQG11".to_owned()));
    assert!(totals("region").contains(&"IQG06".to_owned()) && !totals("neutral").contains(&"IQG06".to_owned()));
}

#[test]
fn a_number_that_the_line_does_not_take_is_refused_by_its_name() {
    let server = Server::start();
    for (path, parameter) in [
        ("/corridor/slice?from=600", "from"),
        ("/corridor/slice?from=200&to=100", "to"),
        ("/corridor/slice?from=nan", "from"),
        ("/corridor/strip", "half_width_km"),
        ("/corridor/strip?half_width_km=0", "half_width_km"),
        ("/corridor/strip?half_width_km=1e9", "half_width_km"),
        ("/corridor/posts?every_km=-1", "every_km"),
        ("/corridor/crossings?definition=none", "definition"),
        ("/corridor/at?km=1000", "km"),
        ("/corridor/locate?lon=181&lat=0", "lon"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 400, "{path}: {}", answer.text());
        assert_eq!(answer.json()["parameter"], parameter, "{path}");
    }
    for args in [
        &["--from", "200", "--to", "100"][..],
        &["--strip", "-1"],
        &["--posts", "x"],
        &["--worldview", "mars"],
        &["--at", "5", "--crossings"],
        &["--from", "5", "--at", "5"],
        &["--locate", "44.4"],
    ] {
        let out = mahwar(&[&["corridor"], args].concat());
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        assert!(out.stdout.is_empty() && !out.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn tables_speak_the_language_that_is_asked_for() {
    let table = |lang: &str| {
        let out = mahwar(&["corridor", "--profile", "district", "--lang", lang]);
        String::from_utf8(out.stdout).unwrap()
    };
    assert!(table("ckb").contains("مەخموور") && table("ar").contains("مخمور") && table("en").contains("Makhmour"));
}

#[test]
fn a_disputed_area_says_who_claims_it_who_holds_it_and_on_what_ground() {
    let server = Server::start();
    let page = get(&server, "/collections/disputed_areas/items?limit=100&lang=en");
    let features = page["features"].as_array().unwrap();
    assert_eq!(features.len(), 15);
    for feature in features {
        let area = &feature["properties"];
        for field in [
            "unami_name",
            "formal_governorate",
            "governorate",
            "article",
            "status",
            "source",
            "class",
        ] {
            assert!(
                area[field].as_str().is_some_and(|text| !text.is_empty()),
                "{field} of {area}"
            );
        }
        let claimants = area["claimed_by"].as_array().unwrap().iter();
        assert_eq!(
            claimants.map(|one| one["id"].as_str().unwrap()).collect::<Vec<_>>(),
            ["federal", "region"]
        );
        assert!(area["article"].as_str().unwrap().contains("140"));
        assert!(area["area_km2"].as_f64().unwrap() > 100.0);
        assert_eq!(area["control_periods"].as_array().unwrap().len(), 3, "{area}");
        // Control is never stated without who says so, when and where.
        for period in area["control_periods"].as_array().unwrap() {
            let sourced = period["source"].as_str().is_some_and(|text| !text.is_empty());
            assert_eq!(period["party"].is_string(), sourced, "{period}");
        }
        assert_eq!(
            area["control"].is_string(),
            area["control_source_url"].is_string(),
            "{area}"
        );
    }
    let makhmour = features.iter().find(|feature| feature["id"] == "IQG11Q04").unwrap();
    assert_eq!(makhmour["properties"]["control"], "divided");
    assert!(makhmour["properties"]["note"].as_str().unwrap().contains("Ninewa"));
}

#[test]
fn control_is_found_by_the_day_and_every_unit_has_one_answer_for_each() {
    let server = Server::start();
    let of = |query: &str| get(&server, &format!("/collections/control/items?limit=100{query}"));
    let units = |page: &Value| -> Vec<String> {
        let features = page["features"].as_array().unwrap().iter();
        let mut units: Vec<_> = features
            .map(|feature| feature["properties"]["pcode"].as_str().unwrap().to_owned())
            .collect();
        units.sort();
        units
    };
    let areas: Vec<String> = {
        let page = get(&server, "/collections/disputed_areas/items?limit=100");
        let mut ids: Vec<_> = page["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|feature| feature["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(of("")["numberMatched"], 3 * areas.len());
    // Either side of each turn, and now: one period of each unit holds.
    for day in [
        "2003-04-09",
        "2014-06-09",
        "2014-06-10",
        "2017-10-04",
        "2017-10-05",
        "2017-10-15",
        "2017-10-16",
        "2017-10-17",
        "2026-01-01",
    ] {
        assert_eq!(units(&of(&format!("&datetime={day}"))), areas, "{day}");
    }
    assert_eq!(of("&datetime=2003-04-08")["numberMatched"], 0);
    assert_eq!(of("&datetime=../2014-06-09")["numberMatched"], areas.len());
    assert_eq!(of("&datetime=2014-06-09/2014-06-10")["numberMatched"], 2 * areas.len());
    assert_eq!(of("&datetime=2017-10-04/..")["numberMatched"], 2 * areas.len());
    let then = of("&datetime=2015-01-01");
    for feature in then["features"].as_array().unwrap() {
        let told = &feature["properties"];
        assert_eq!(told["control_since"], "2014-06-10");
        // The day before the one that the source of the next holder gives.
        let until = match told["pcode"].as_str().unwrap() {
            "IQG13Q01" => "2017-10-04",
            "IQG15Q07" | "IQG15Q08" | "IQG10Q05" | "IQG10Q03N01" => "2017-10-16",
            _ => "2017-10-15",
        };
        assert_eq!(told["control_until"], until, "{told}");
        assert_eq!(
            told["control"].is_string(),
            told["control_source"].is_string(),
            "{told}"
        );
        assert_eq!(
            told["control"].is_string(),
            told["control_source_date"].is_string(),
            "{told}"
        );
    }
    let hawija = then["features"].as_array().unwrap().iter();
    let hawija = hawija
        .map(|feature| &feature["properties"])
        .find(|told| told["pcode"] == "IQG13Q01");
    assert_eq!(hawija.unwrap()["control"], "islamic-state");
    // Tiles take the day too: the same place, another period.
    let tile = |day: &str| server.get(&format!("/xyz/control/6/39/25.mvt?datetime={day}")).body;
    assert_ne!(tile("2015-01-01"), tile("2020-01-01"));
    assert!(tile("2000-01-01").is_empty());
}
