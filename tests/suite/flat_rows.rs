//! Rows that can be used alone: units with codes, the document with its address and day; codes of units in other systems.

use crate::common::Server;
use serde_json::Value;

const COLUMNS: [&str; 11] = [
    "governorate",
    "governorate_code",
    "district",
    "district_code",
    "subdistrict",
    "subdistrict_code",
    "title",
    "publisher",
    "source_url",
    "day",
    "published",
];

fn items(server: &Server, query: &str) -> Vec<Value> {
    let answer = server.get(&format!("/collections/{query}")).json();
    answer["features"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"))
        .clone()
}

#[test]
fn mentions_and_claims_carry_their_units_and_their_document() {
    let server = Server::start();
    for layer in ["mentions", "claims", "events"] {
        let schema = server.get(&format!("/collections/{layer}/schema")).json();
        let csv = server.get(&format!("/downloads/{layer}.csv")).text();
        let head = csv
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches('\u{feff}')
            .to_owned();
        for column in COLUMNS {
            assert!(schema["properties"][column].is_object(), "{layer}: {column}: {schema}");
            assert!(
                head.split(',').any(|name| name.trim_matches('"') == column),
                "{layer}.csv: {column}: {head}"
            );
        }
    }
    let of = |language: &str| {
        let found = items(&server, &format!("mentions/items?limit=100&lang={language}"));
        let in_district = found
            .into_iter()
            .find(|mention| mention["properties"]["place"] == "IQG11Q04");
        in_district.expect("the seed names Makhmour")["properties"].clone()
    };
    let (english, arabic) = (of("en"), of("ar"));
    assert_eq!(english["district_code"], "IQG11Q04");
    assert_eq!(english["district"], "Makhmour");
    assert_eq!(arabic["district"], "مخمور");
    // The formal governorate is first where a district belongs to two.
    assert!(
        english["governorate_code"]
            .as_str()
            .is_some_and(|codes| codes.starts_with("IQG11")),
        "{english}"
    );
    assert_eq!(english["subdistrict_code"], Value::Null);
    // The seed is not dated; its title and publisher are those of its description.
    assert_eq!(
        (&english["day"], english["title"].is_string()),
        (&Value::Null, true),
        "{english}"
    );
    let filtered = items(
        &server,
        "mentions/items?filter=district_code='IQG11Q04'&properties=district_code",
    );
    assert!(
        !filtered.is_empty()
            && filtered
                .iter()
                .all(|one| one["properties"]["district_code"] == "IQG11Q04")
    );
}

#[test]
fn codes_of_units_are_matched_to_other_systems() {
    let server = Server::start();
    let all = server.get("/crosswalk").json();
    let units = all["units"].as_array().unwrap();
    let unit = |id: &str| {
        units
            .iter()
            .find(|unit| unit["id"] == id)
            .unwrap_or_else(|| panic!("no {id}"))
            .clone()
    };
    assert_eq!(unit("IQG13")["iso3166_2"], "IQ-KI");
    assert_eq!(unit("IQG13")["edition"], all["edition"]);
    assert_eq!(unit("IQG11Q04")["pcode"], "IQG11Q04");
    assert_eq!(
        (&unit("IQ-HA")["iso3166_2"], &unit("IQ-HA")["pcode"]),
        (&"IQ-HA".into(), &"IQG06Q05".into())
    );
    assert!(unit("IQ-HA")["note"].is_string() && unit("IQ-HA")["edition"].is_null());
    // As many units as the edition has, and those that were derived.
    let level = |level: &str| {
        units
            .iter()
            .filter(|unit| unit["level"] == level && !unit["edition"].is_null())
            .count()
    };
    assert_eq!(
        [level("governorate"), level("district"), level("subdistrict")],
        [18, 101, 294]
    );
    let csv = server.get("/crosswalk?f=csv&level=governorate").text();
    assert_eq!(
        csv.lines().count(),
        1 + units.iter().filter(|unit| unit["level"] == "governorate").count()
    );
    assert_eq!(server.get("/crosswalk?level=village").status, 400);
    let collection = server.get("/collections/districts").json();
    assert_eq!(collection["edition"], all["edition"]);
}

#[test]
fn words_narrow_statements_as_they_narrow_documents() {
    let server = Server::start();
    let found = |path: &str| server.get(path).json()["features"].as_array().map_or(0, Vec::len);
    let all = found("/collections/mentions/items?limit=1000");
    assert!(all > 0);
    assert_eq!(found("/collections/mentions/items?limit=1000&q=البشمركة"), all);
    assert_eq!(found("/collections/mentions/items?limit=1000&q=زلزال"), 0);
    assert_eq!(found("/downloads/claims.geojson?q=زلزال"), 0);
    assert!(found("/downloads/claims.geojson?q=البشمركة") > 0);
    for (path, word) in [
        ("/collections/places/items?q=x", "layer places has no words"),
        ("/collections/mention_places/items?q=x", "has no words"),
    ] {
        let answer = server.get(path);
        assert_eq!(
            (answer.status, answer.text().contains(word)),
            (400, true),
            "{}",
            answer.text()
        );
    }
}
