//! The main job, end to end, on the built binary and the real seed document.

use crate::common::{Server, has_tool, mahwar, seed};
use serde_json::Value;
use std::process::Command;

/// `(text, reading, place id or level)` of each mention, in order.
fn readings(parse: &Value) -> Vec<(String, String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mentions = parse["mentions"].as_array().expect("mentions");
    mentions
        .iter()
        .map(|m| (word(&m["text"]), word(&m["reading"]), word(&m["place"]["id"])))
        .collect()
}

fn document_id(server: &Server) -> String {
    server.get("/documents").json()["documents"][0]["id"]
        .as_str()
        .expect("a document")
        .to_owned()
}

#[test]
fn the_seed_is_there_byte_for_byte_and_every_quote_is_its_slice() {
    let server = Server::start();
    let id = document_id(&server);
    let text = server.get(&format!("/documents/{id}/text"));
    assert_eq!(text.body, seed().into_bytes());
    let text = seed();
    for mention in server.get(&format!("/documents/{id}/mentions")).json()["mentions"]
        .as_array()
        .unwrap()
    {
        let at = |unit: &str, end: usize| mention["offsets"][unit][end].as_u64().unwrap() as usize;
        let quote = mention["text"].as_str().unwrap();
        assert_eq!(&text[at("byte", 0)..at("byte", 1)], quote);
        let codepoints: String = text
            .chars()
            .skip(at("codepoint", 0))
            .take(quote.chars().count())
            .collect();
        assert_eq!(codepoints, quote);
        let utf16: Vec<u16> = text
            .encode_utf16()
            .skip(at("utf16", 0))
            .take(quote.encode_utf16().count())
            .collect();
        assert_eq!(String::from_utf16(&utf16).unwrap(), quote);
    }
}

#[test]
fn the_seed_yields_its_fifteen_mentions_with_their_readings() {
    let found =
        readings(&serde_json::from_slice(&mahwar(&["geoparse", "seeds/000_a92614c7eb69c543.txt"]).stdout).unwrap());
    let spans: Vec<(&str, &str)> = found
        .iter()
        .map(|(text, reading, _)| (text.as_str(), reading.as_str()))
        .collect();
    assert_eq!(
        spans,
        [
            ("بغداد", "associative"),
            ("أربيل", "associative"),
            ("بغداد", "literal"),
            ("العراق", "literal"),
            ("الإقليم", "associative"),
            ("الإقليم", "associative"),
            ("الإقليم", "associative"),
            ("بغداد", "associative"),
            ("ديالى", "literal"),
            ("كركوك", "literal"),
            ("بغداد", "associative"),
            ("ديالى", "literal"),
            ("صلاح الدين", "literal"),
            ("كركوك", "literal"),
            ("مخمور", "literal"),
        ]
    );
    let places: Vec<&str> = found[11..].iter().map(|(_, _, place)| place.as_str()).collect();
    assert_eq!(
        places,
        ["IQG10", "IQG16", "IQG13", "IQG11Q04"],
        "three governorates, then the district"
    );
}

#[test]
fn the_seed_yields_its_six_quantities_ten_attributions_and_five_claims() {
    let server = Server::start();
    let found = server
        .get(&format!("/documents/{}/claims", document_id(&server)))
        .json();
    let count = |key: &str| found[key].as_array().unwrap().len();
    assert_eq!(
        (count("quantities"), count("attributions"), count("claims")),
        (6, 10, 5)
    );
    let mut types: Vec<&str> = found["claims"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["type"].as_str().unwrap())
        .collect();
    types.sort_unstable();
    assert_eq!(
        types,
        [
            "attack_count",
            "casualties",
            "coordination_axis",
            "meeting",
            "security_vacuum"
        ]
    );
}

#[test]
fn governments_are_not_drawn_as_places() {
    let server = Server::start();
    let features = server.get("/collections/mentions/items?f=json&limit=1000").json();
    let features = features["features"].as_array().unwrap().clone();
    assert_eq!(features.len(), 8, "literal mentions only");
    let baghdad = features.iter().filter(|f| f["properties"]["text"] == "بغداد").count();
    assert_eq!(baghdad, 1, "the one after في");
    for feature in &features {
        let quote = feature["properties"]["quote"].as_str().unwrap();
        assert!(quote.contains(feature["properties"]["text"].as_str().unwrap()));
        assert!(seed().contains(quote));
    }
}

#[test]
fn the_corridor_is_measured_beside_the_claim_of_about_560_km() {
    let server = Server::start();
    let corridor = server.get("/corridor/definitions").json();
    let default = corridor["definitions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["default"] == true)
        .unwrap()
        .clone();
    let measured = default["length_km"].as_f64().unwrap();
    assert!((measured / 561.4 - 1.0).abs() < 0.005, "{measured}");
    assert!(default["units"].as_array().is_some_and(|units| !units.is_empty()));
    let claim = &corridor["claims"][0];
    assert_eq!(claim["claimed_km"], 560.0);
    assert_eq!(claim["approximate"], true);
    assert!((claim["ratio"].as_f64().unwrap() - 560.0 / measured).abs() < 0.001);
}

#[test]
fn another_text_yields_its_own_places() {
    let server = Server::start();
    let text = "انطلقت في البصرة والسليمانية حملة جديدة، ووصلت إلى قضاء الفاو.";
    let parse = server
        .post("/geoparse", "text/plain; charset=utf-8", text.as_bytes())
        .json();
    let spans: Vec<String> = readings(&parse).into_iter().map(|(text, _, _)| text).collect();
    assert_eq!(spans, ["البصرة", "السليمانية", "الفاو"]);
    assert_eq!(
        server.get("/documents").json()["documents"].as_array().unwrap().len(),
        1,
        "nothing is stored"
    );
}

#[test]
fn search_finds_a_place_under_each_of_its_names() {
    let server = Server::start();
    let mut ids = Vec::new();
    for name in ["اربيل", "أربيل", "هەولێر", "Hewlêr", "Erbil", "Arbil"] {
        let query = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string();
        let found = server.get(&format!("/search?q={query}")).json();
        ids.push(
            found[0]["mahwar"]["id"]
                .as_str()
                .unwrap_or_else(|| panic!("nothing for {name}"))
                .to_owned(),
        );
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}

#[test]
fn a_tile_at_zoom_6_over_kirkuk_holds_the_layers_asked_for() {
    let server = Server::start();
    let tile = server.get_with(
        "/xyz/governorates,mention_places/6/39/25.mvt",
        &[("accept-encoding", "identity")],
    );
    assert_eq!(tile.status, 200);
    assert_eq!(tile.header("content-type"), "application/vnd.mapbox-vector-tile");
    let reader = fast_mvt::MvtReaderRef::new(&tile.body).expect("a tile");
    let names: Vec<String> = reader.layers().map(|layer| layer.name().to_owned()).collect();
    assert!(
        names.iter().any(|name| name == "governorates") && names.iter().any(|name| name == "mention_places"),
        "{names:?}"
    );
    let tilejson = server.get("/xyz/governorates,mention_places.json").json();
    assert_eq!(tilejson["tilejson"], "3.0.0");
    assert_eq!(tilejson["vector_layers"].as_array().unwrap().len(), names.len());
}

#[test]
fn gdal_opens_the_geojson_of_every_layer() {
    if !has_tool("ogrinfo") {
        return;
    }
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let collections = server.get("/collections?f=json").json();
    let layers = collections["collections"].as_array().unwrap();
    assert!(layers.len() >= 18);
    for layer in layers {
        let id = layer["id"].as_str().unwrap();
        let file = folder.path().join(format!("{id}.geojson"));
        std::fs::write(&file, server.get(&format!("/downloads/{id}.geojson")).body).unwrap();
        let told = Command::new("ogrinfo")
            .args(["-ro", "-so", "-al"])
            .arg(&file)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let count = format!("Feature Count: {}", layer["count"].as_u64().unwrap());
        assert!(told.contains(&count), "{id}: {count} is not in {told}");
    }
}

#[test]
fn the_page_is_served_under_a_strict_policy() {
    let page = Server::start().get_with("/", &[("accept", "text/html")]);
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(page.header("content-type").starts_with("text/html"));
}
