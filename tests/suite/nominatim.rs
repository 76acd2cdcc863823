//! `/search`, `/reverse`, `/lookup` on the project's own gazetteer, as clients of Nominatim use them.

use super::common::{Answer, Server};
use serde_json::Value;

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn ids(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|place| place["place_id"].as_str().expect("an id"))
        .collect()
}

fn refused(answer: &Answer, parameter: &str) {
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(answer.json()["parameter"], parameter, "{}", answer.text());
}

#[test]
fn parts_of_an_address_find_what_a_free_text_finds() {
    let server = Server::start();
    let found = server.get("/search?city=Khanaqin&state=Diyala&country=Iraq").json();
    assert_eq!(found[0]["place_id"], "wof-1260379963");
    assert!(
        found
            .as_array()
            .unwrap()
            .iter()
            .all(|place| place["addresstype"] == "settlement"),
        "{found}"
    );
    let found = server.get("/search?county=Khanaqin&addressdetails=1").json();
    assert_eq!(found[0]["place_id"], "IQG10Q05");
    assert_eq!(found[0]["address"]["country_code"], "iq");
    let arabic = format!("/search?county={}&accept-language=ar", encoded("مخمور"));
    let found = server.get(&arabic).json();
    assert_eq!(
        (&found[0]["place_id"], &found[0]["name"]),
        (&"IQG11Q04".into(), &"مخمور".into())
    );
    assert_eq!(server.get("/search?country=Iraq").json()[0]["place_id"], "IQ");
    // A place in another unit is not found, and a postal code finds nothing.
    assert_eq!(
        server.get("/search?county=Khanaqin&state=Basra").json(),
        serde_json::json!([])
    );
    assert_eq!(
        server.get("/search?postalcode=36001&country=Iraq").json(),
        serde_json::json!([])
    );
    refused(&server.get("/search?q=Kirkuk&city=Kirkuk"), "city");
    refused(&server.get("/search?city=%20"), "q");
    refused(&server.get("/search"), "q");
}

#[test]
fn searches_are_narrowed_as_asked() {
    let server = Server::start();
    let all = server.get("/search?q=Kirkuk&limit=3").json();
    assert_eq!(ids(&all).len(), 3);
    let first = ids(&all)[0];
    let others = server
        .get(&format!("/search?q=Kirkuk&limit=3&exclude_place_ids={first}"))
        .json();
    assert!(!ids(&others).contains(&first) && ids(&others).len() == 3);
    for (kind, level) in [("state", "governorate"), ("city", "settlement"), ("country", "country")] {
        let found = server
            .get(&format!("/search?q=Iraq%20Kirkuk,Kirkuk&featureType={kind}"))
            .json();
        assert!(
            found.as_array().unwrap().iter().all(|place| place["type"] == level),
            "{found}"
        );
    }
    assert_eq!(
        server.get("/search?q=Kirkuk&featureType=state").json()[0]["place_id"],
        "IQG13"
    );
    let natural = server.get("/search?q=Makhmour&layer=natural").json();
    assert!(ids(&natural).contains(&"nat-makhmour-plain"), "{natural}");
    let kinds = ["river", "lake", "mountain", "valley", "area"];
    assert!(
        natural
            .as_array()
            .unwrap()
            .iter()
            .all(|place| kinds.iter().any(|kind| place["type"] == *kind))
    );
    assert_eq!(
        server.get("/search?q=Kirkuk&layer=railway").json(),
        serde_json::json!([])
    );
    // A box prefers, or bounds: of places with one name the one within comes first.
    let name = encoded("السلام");
    let plain = server.get(&format!("/search?q={name}&limit=50")).json();
    let last = plain
        .as_array()
        .unwrap()
        .iter()
        .rfind(|place| place["mahwar"]["reason"] == "exact")
        .unwrap();
    let number = |member: &str| last[member].as_str().unwrap().parse::<f64>().unwrap();
    let (lon, lat) = (number("lon"), number("lat"));
    let viewbox = format!("{},{},{},{}", lon - 0.01, lat + 0.01, lon + 0.01, lat - 0.01);
    let preferred = server
        .get(&format!("/search?q={name}&limit=50&viewbox={viewbox}"))
        .json();
    assert_eq!(preferred[0]["place_id"], last["place_id"]);
    assert!(ids(&preferred).len() > 1);
    let bounded = server
        .get(&format!("/search?q={name}&limit=50&viewbox={viewbox}&bounded=1"))
        .json();
    assert!(ids(&bounded).contains(&last["place_id"].as_str().unwrap()) && ids(&bounded).len() < ids(&plain).len());
    assert_eq!(
        server.get("/search?q=Kirkuk&countrycodes=de,fr").json(),
        serde_json::json!([])
    );
    for (query, parameter) in [
        ("q=a&featureType=street", "featureType"),
        ("q=a&layer=sea", "layer"),
        ("q=a&exclude_place_ids=", "exclude_place_ids"),
        ("q=a&polygon_threshold=-1", "polygon_threshold"),
        ("q=a&addressdetails=yes", "addressdetails"),
        ("q=a&limit=0", "limit"),
        ("q=a&format=kml", "format"),
        ("q=a&nothing=1", "nothing"),
    ] {
        refused(&server.get(&format!("/search?{query}")), parameter);
    }
}

#[test]
fn details_are_told_when_they_are_asked_for() {
    let server = Server::start();
    let plain = server.get("/search?county=Makhmour").json()[0].clone();
    for member in ["address", "extratags", "namedetails", "geojson"] {
        assert!(plain.get(member).is_none(), "{member} was not asked for");
    }
    for member in [
        "licence",
        "lat",
        "lon",
        "display_name",
        "boundingbox",
        "category",
        "place_rank",
        "importance",
    ] {
        assert!(!plain[member].is_null(), "{member}");
    }
    let flags = "addressdetails=1&extratags=1&namedetails=1&polygon_geojson=1";
    let told = server.get(&format!("/search?county=Makhmour&{flags}")).json()[0].clone();
    assert_eq!(told["address"]["country_code"], "iq");
    assert_eq!(told["extratags"]["ref:pcode"], "IQG11Q04");
    assert_eq!(told["namedetails"]["name:ckb"], "مەخموور");
    let points = |place: &Value| place["geojson"]["coordinates"][0][0].as_array().unwrap().len();
    let coarse = server
        .get("/search?county=Makhmour&polygon_geojson=1&polygon_threshold=0.05")
        .json()[0]
        .clone();
    assert!(
        points(&coarse) < points(&told) / 2,
        "{} of {}",
        points(&coarse),
        points(&told)
    );
    let old = server.get("/search?county=Makhmour&format=json").json()[0].clone();
    assert!(old.get("category").is_none() && old["class"] == "boundary");
}

#[test]
fn a_position_has_an_address_as_fine_as_asked() {
    let server = Server::start();
    for (zoom, level) in [
        (3, "country"),
        (5, "governorate"),
        (8, "district"),
        (10, "subdistrict"),
        (18, "settlement"),
    ] {
        let place = server
            .get(&format!("/reverse?lat=35.468&lon=44.392&zoom={zoom}"))
            .json();
        assert_eq!(place["addresstype"], level, "{place}");
        assert_eq!(place["address"]["country_code"], "iq", "{place}");
    }
    let bare = server.get("/reverse?lat=35.468&lon=44.392&addressdetails=0").json();
    assert!(bare.get("address").is_none());
    let collection = server
        .get("/reverse?lat=35.468&lon=44.392&zoom=8&format=geojson")
        .json();
    assert_eq!(collection["features"][0]["properties"]["address"]["country_code"], "iq");
    assert_eq!(
        server.get("/reverse?lat=35.468&lon=44.392&layer=natural").json()["error"],
        "Unable to geocode"
    );
    assert_eq!(server.get("/reverse?lat=0&lon=0").json()["error"], "Unable to geocode");
    for (query, parameter) in [
        ("lat=35&lon=44&zoom=19", "zoom"),
        ("lat=91&lon=44", "lat"),
        ("lat=35&lon=44&layer=x", "layer"),
    ] {
        refused(&server.get(&format!("/reverse?{query}")), parameter);
    }
}

#[test]
fn a_place_is_looked_up_once_however_often_it_is_named() {
    let server = Server::start();
    let found = server
        .get("/lookup?osm_ids=IQG13,nothing,IQG11Q04,IQG13&extratags=1")
        .json();
    assert_eq!(ids(&found), ["IQG13", "IQG11Q04"]);
    assert_eq!(found[0]["extratags"]["ISO3166-2"], "IQ-KI");
    refused(&server.get("/lookup"), "osm_ids");
    refused(&server.get("/lookup?osm_ids=a,,b"), "osm_ids");
}

#[test]
fn the_formats_of_nominatim_are_answered() {
    let server = Server::start();
    let answer = server.get("/search?q=Makhmour&format=xml&addressdetails=1&extratags=1&namedetails=1&polygon_kml=1");
    let text = answer.text();
    assert!(text.starts_with("<?xml"), "{text}");
    assert!(answer.header("content-type").starts_with("text/xml"));
    for part in [
        "<searchresults ",
        "place_id=\"IQG11Q04\"",
        "<geokml><MultiGeometry>",
        "<tag key=",
        "<name desc=\"name:ar\">",
        "<county>",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let text = server
        .get("/reverse?lat=35.468&lon=44.392&format=xml")
        .text()
        .to_string();
    assert!(
        text.contains("<reversegeocode ") && text.contains("<addressparts>"),
        "{text}"
    );
    let text = server.get("/reverse?lat=0&lon=0&format=xml").text().to_string();
    assert!(text.contains("<error>Unable to geocode</error>"), "{text}");
    let found = server
        .get("/search?q=IQG11Q04&format=geocodejson&addressdetails=1")
        .json();
    assert_eq!(found["geocoding"]["version"], "0.1.0");
    assert_eq!(found["features"][0]["properties"]["geocoding"]["type"], "county");
    assert_eq!(found["features"][0]["properties"]["geocoding"]["country_code"], "iq");
    for (parameter, member, start) in [
        ("polygon_text", "geotext", "MULTIPOLYGON("),
        ("polygon_svg", "svg", "M "),
        ("polygon_kml", "geokml", "<MultiGeometry>"),
    ] {
        let found = server.get(&format!("/search?q=IQG11Q04&{parameter}=1")).json();
        assert!(found[0][member].as_str().unwrap().starts_with(start), "{parameter}");
    }
    refused(
        &server.get("/search?q=Makhmour&polygon_text=1&polygon_svg=1"),
        "polygon_svg",
    );
    assert_eq!(server.get("/status").text(), "OK");
    assert_eq!(server.get("/status?format=json").json()["status"], 0);
    assert_eq!(server.get("/search.php?q=IQG11Q04").json()[0]["place_id"], "IQG11Q04");
    let script = server.get("/search?q=Makhmour&json_callback=a.b").text().to_string();
    assert!(script.starts_with("/**/a.b([{"), "{script}");
    refused(
        &server.get("/search?q=Makhmour&json_callback=alert(1)"),
        "json_callback",
    );
    // geopy writes the flag as Python does.
    assert!(server.get("/search?q=Makhmour&extratags=True").json()[0]["extratags"].is_object());
    refused(&server.get("/search?q=Makhmour&extratags=maybe"), "extratags");
}

#[test]
fn coordinates_and_codes_are_found() {
    let server = Server::start();
    for text in [
        "35.468, 44.392",
        "N35.468 E44.392",
        "35°28'4.8\"N 44°23'31\"E",
        "٣٥٫٤٦٨، ٤٤٫٣٩٢",
    ] {
        let found = server.get(&format!("/search?q={}", encoded(text))).json();
        assert_eq!(found[0]["name"], "Kirkuk", "{text}");
        assert_eq!(found.as_array().unwrap().len(), 1);
    }
    // Latitude comes first. Ankara, Kherson, Samsun, Sevastopol and Odesa would lie in the land the other way round.
    for abroad in [
        "44.392,35.468",
        "39.93,32.86",
        "46.64,32.61",
        "41.29 36.33",
        "44.61, 33.52",
        "46.48,30.73",
    ] {
        let found = server.get(&format!("/search?q={}", encoded(abroad))).json();
        assert_eq!(found, serde_json::json!([]), "{abroad}");
    }
    for named in ["E44.392 N35.468", "44.392 E, 35.468 N"] {
        let found = server.get(&format!("/search?q={}", encoded(named))).json();
        assert_eq!(found[0]["name"], "Kirkuk", "{named}");
    }
    // geopy sends the parts that it has nothing for, too.
    let parts = server.get("/search?street=&city=Erbil&county=").json();
    assert_eq!(parts[0]["name"], "Erbil", "{parts}");
    refused(&server.get("/search?street=&city="), "q");
    for code in ["IQG13", "iqg13", "IQ-KI"] {
        assert_eq!(
            server.get(&format!("/search?q={code}")).json()[0]["place_id"],
            "IQG13",
            "{code}"
        );
        assert_eq!(
            server.get(&format!("/lookup?osm_ids={code}")).json()[0]["place_id"],
            "IQG13",
            "{code}"
        );
    }
    let wikidata = server.get("/lookup?osm_ids=IQG13").json()[0]["mahwar"]["same_as"]["wikidata"].clone();
    if let Some(code) = wikidata.as_str() {
        assert_eq!(server.get(&format!("/search?q={code}")).json()[0]["place_id"], "IQG13");
    }
}

#[test]
fn names_are_found_while_they_are_typed() {
    let server = Server::start();
    for (typed, name) in [("Khana", "Khanaqin"), ("Sulay", "Sulaymaniyah"), ("Makhm", "Makhmour")] {
        let found = server.get(&format!("/search?q={typed}&limit=3")).json();
        let first = found[0]["mahwar"]["names"]["en"].as_str().unwrap_or_default();
        assert!(first.contains(name), "{typed}: {found}");
    }
    for (typed, level) in [
        ("Kirkuk city", "settlement"),
        ("Daquq town", "settlement"),
        ("Hawija Town", "settlement"),
        ("Mosul city", "settlement"),
    ] {
        let found = server.get(&format!("/search?q={}&limit=3", encoded(typed))).json();
        assert_eq!(found[0]["type"], level, "{typed}: {found}");
    }
}

#[test]
fn a_disputed_place_says_so_and_its_address_follows_the_worldview() {
    let server = Server::start();
    let found = server.get("/search?q=IQG11Q04&addressdetails=1").json();
    assert_eq!(found[0]["mahwar"]["disputed"], true, "{found}");
    assert!(found[0]["mahwar"]["dispute"]["source"].is_string());
    let states: Vec<String> = ["neutral", "federal", "region"]
        .iter()
        .map(|view| {
            let found = server
                .get(&format!("/search?q=IQG11Q04&addressdetails=1&lang=en&worldview={view}"))
                .json();
            found[0]["address"]["state"].as_str().unwrap_or_default().to_owned()
        })
        .collect();
    assert!(
        states.iter().all(|state| !state.is_empty()) && states[1] != states[2],
        "{states:?}"
    );
    assert_eq!(server.get("/search?q=Basra").json()[0]["mahwar"]["disputed"], false);
    assert_eq!(server.get("/search?q=Basra&worldview=moon").status, 400);
}
