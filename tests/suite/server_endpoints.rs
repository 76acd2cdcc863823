//! Documents, geoparsing, places, the corridor, downloads and operation, over the whole server without a socket.

use crate::server_fixture::{Got, TEXT, assert_problem, front, get, get_with, is_needed, path_of, percent, send};
use axum::{body::Body, http::Request};

async fn post(address: &str, media: Option<&str>, body: impl Into<Body>) -> Got {
    let mut request = Request::post(address);
    if let Some(media) = media {
        request = request.header("content-type", media);
    }
    send(&front(), request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn documents_show_their_text_byte_for_byte() {
    let front = front();
    let list = get(&front, "/documents").await.json();
    let document = &list["documents"][0];
    let id = document["id"].as_str().unwrap();
    assert_eq!(document["bytes"], TEXT.len());
    assert_eq!(document["counts"]["drawn"], 1);
    let mut whole = get(&front, &format!("/documents/{id}")).await.json();
    // One document has its described positions, a list of documents only their number.
    assert_eq!(
        whole.as_object_mut().unwrap().remove("positions"),
        Some(serde_json::json!([]))
    );
    assert_eq!(whole, *document);
    assert_eq!(get(&front, &format!("/documents/{id}/text")).await.text(), TEXT);
    let mentions = get(&front, &format!("/documents/{id}/mentions")).await.json();
    assert_eq!(mentions["mentions"][0]["text"], "مخمور");
    let claims = get(&front, &format!("/documents/{id}/claims")).await.json();
    let selectors = &claims["claims"][0]["w3c"]["selector"];
    assert_eq!(selectors[0]["exact"], "مخمور");
    assert!(TEXT.contains(&format!(
        "{}مخمور{}",
        selectors[0]["prefix"].as_str().unwrap(),
        selectors[0]["suffix"].as_str().unwrap()
    )));
    let annotations = get(&front, &format!("/documents/{id}/annotations")).await;
    assert!(annotations.header("content-type").starts_with("application/ld+json"));
    let annotations = annotations.json();
    assert_eq!(annotations["items"].as_array().unwrap().len(), 2);
    assert_problem(&get(&front, "/documents/none").await, 404, None, "unknown document");
}

#[tokio::test]
async fn a_text_is_parsed_and_not_stored() {
    let value = post("/geoparse", Some("text/plain; charset=utf-8"), TEXT).await.json();
    assert_eq!(value["id"], serde_json::Value::Null);
    assert_eq!(value["mentions"][0]["place"]["id"], "IQG11Q04");
    let json = serde_json::json!({"text": TEXT}).to_string();
    let same = post("/geoparse", Some("application/json"), json).await.json();
    assert_eq!(value, same);
    let features = post("/geoparse?f=geojson", None, TEXT).await;
    assert_eq!(features.header("content-type"), "application/geo+json");
    assert_eq!(features.json()["features"][0]["geometry"]["coordinates"][0], 43.58);
    assert_eq!(
        get(&front(), "/documents").await.json()["documents"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn texts_that_are_none_are_refused() {
    assert_problem(&post("/geoparse", None, "").await, 400, None, "empty");
    assert_problem(&post("/geoparse", None, "  \n ").await, 400, None, "blank");
    assert_problem(&post("/geoparse", None, vec![0xd9, 0x20]).await, 400, None, "not UTF-8");
    assert_problem(&post("/geoparse", Some("image/png"), "x").await, 415, None, "a picture");
    assert_problem(
        &post("/geoparse", Some("text/plain; charset=windows-1256"), "x").await,
        415,
        None,
        "another charset",
    );
    assert_problem(
        &post("/geoparse", Some("application/json"), "{\"txt\":1}").await,
        400,
        None,
        "no text member",
    );
    assert_problem(
        &post("/geoparse", Some("application/json"), "[".repeat(100_000)).await,
        400,
        None,
        "deep JSON",
    );
    assert_problem(
        &post("/geoparse?f=html", None, "x").await,
        400,
        Some("f"),
        "a format it has not",
    );
    let large = vec![b'a'; 50 * 1024 * 1024 + 1];
    assert_problem(&post("/geoparse", None, large).await, 413, None, "more than 50 MB");
    assert_problem(&get(&front(), "/geoparse").await, 405, None, "GET");
}

#[tokio::test]
async fn places_are_found_as_nominatim_finds_them() {
    let front = front();
    let list = get(
        &front,
        "/search?q=%D9%85%D8%AE%D9%85%D9%88%D8%B1&format=jsonv2&addressdetails=1&namedetails=1&lang=ar",
    )
    .await
    .json();
    let place = &list[0];
    assert_eq!(place["lat"], "35.7750000");
    assert_eq!(place["boundingbox"][0], "35.4000000");
    assert_eq!(place["name"], "مخمور");
    assert_eq!(place["mahwar"]["reason"], "exact");
    assert_eq!(place["namedetails"]["alt_name:en"], "Makhmur");
    assert_eq!(place["category"], "boundary");
    let features = get(&front, "/search?q=Makhmour&format=geojson&polygon_geojson=1")
        .await
        .json();
    assert_eq!(features["features"][0]["geometry"]["type"], "MultiPolygon");
    assert_eq!(get(&front, "/search?q=Atlantis").await.json(), serde_json::json!([]));
    assert_eq!(
        get(&front, "/reverse?lon=43.6&lat=35.8").await.json()["place_id"],
        "IQG11Q04"
    );
    assert_eq!(
        get(&front, "/reverse?lon=0&lat=0").await.json()["error"],
        "Unable to geocode"
    );
    assert_eq!(
        get(&front, "/lookup?osm_ids=IQG11Q04,none").await.json()[0]["place_id"],
        "IQG11Q04"
    );
}

#[tokio::test]
async fn wrong_searches_name_the_parameter() {
    let front = front();
    for (address, parameter) in [
        ("/search", "q"),
        ("/search?q=", "q"),
        ("/search?q=%20%20", "q"),
        ("/search?q=a&limit=0", "limit"),
        ("/search?q=a&viewbox=1,2,3", "viewbox"),
        ("/search?q=a&bounded=1", "bounded"),
        ("/search?q=a&format=kml", "format"),
        ("/reverse?lon=1", "lat"),
        ("/reverse?lat=1", "lon"),
        ("/reverse?lon=181&lat=0", "lon"),
        ("/reverse?lon=0&lat=NaN", "lat"),
        ("/reverse?lon=0&lat=1e999", "lat"),
        ("/lookup", "osm_ids"),
        ("/corridor/locate?lon=44", "lat"),
        ("/corridor/at", "km"),
        ("/corridor/at?km=-1", "km"),
        ("/corridor/at?km=900", "km"),
        ("/corridor/profile?by=street", "by"),
        ("/corridor/profile", "by"),
        ("/corridor/locate?lon=44&lat=35&definition=mine", "definition"),
        ("/documents?f=xml", "f"),
        ("/healthz?x=1", "x"),
    ] {
        assert_problem(&get(&front, address).await, 400, Some(parameter), address);
    }
    let many = vec!["a"; 51].join(",");
    assert_problem(
        &get(&front, &format!("/lookup?osm_ids={many}")).await,
        400,
        Some("osm_ids"),
        "too many ids",
    );
}

#[tokio::test]
async fn the_corridor_is_measured_along() {
    let front = front();
    assert_eq!(
        get(&front, "/corridor/definitions").await.json()["definitions"][0]["length_km"],
        561.4
    );
    assert_eq!(
        get(&front, "/corridor").await.json()["line"]["geometry"]["type"],
        "LineString"
    );
    assert_eq!(
        get(&front, "/corridor/locate?lon=44&lat=35").await.json()["chainage_km"],
        100.0
    );
    assert_eq!(
        get(&front, "/corridor/at?km=100").await.json()["properties"]["chainage_km"],
        100.0
    );
    assert_eq!(
        get(&front, "/corridor/profile?by=district").await.json()["by"],
        "district"
    );
}

#[tokio::test]
async fn worldviews_are_listed_with_their_conventions() {
    let value = get(&front(), "/worldviews").await.json();
    assert_eq!(value["worldviews"][0]["default"], true);
    assert_eq!(value["worldviews"][1]["id"], "federal");
    assert_eq!(value["disclaimer"]["en"], "Boundaries are no endorsement");
}

#[tokio::test]
async fn the_process_says_how_it_is() {
    let front = front();
    assert_eq!(get(&front, "/healthz").await.json()["status"], "ok");
    assert_eq!(get(&front, "/readyz").await.json()["layers"], 4);
    let metrics = get(&front, "/metrics").await.text();
    assert!(metrics.contains("mahwar_documents 1"), "{metrics}");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let front = front();
    assert_problem(&get(&front, "/nothing/here").await, 404, None, "unknown path");
    assert_problem(&get(&front, "/index.html").await, 404, None, "the page has one address");
    assert_problem(
        &get(&front, "/collections/%FF/items").await,
        400,
        None,
        "a path that is not UTF-8",
    );
    let delete = Request::delete("/collections").body(Body::empty()).unwrap();
    let got = send(&front, delete).await;
    assert_problem(&got, 405, None, "DELETE");
    assert!(got.header("allow").contains("GET"));
    let options = Request::options("/geoparse").body(Body::empty()).unwrap();
    let got = send(&front, options).await;
    assert_eq!(got.status, 204);
    assert_eq!(got.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn a_head_request_has_the_headers_of_a_get() {
    let front = front();
    let got = send(
        &front,
        Request::head("/downloads/places.geojson").body(Body::empty()).unwrap(),
    )
    .await;
    assert_eq!(got.status, 200);
    assert!(got.body.is_empty());
    let whole = get(&front, "/downloads/places.geojson").await;
    assert_eq!(got.header("content-length"), whole.body.len().to_string());
}

#[tokio::test]
async fn the_api_document_lists_every_resource_and_its_greatest_limit() {
    let front = front();
    let got = get(&front, "/api").await;
    assert_eq!(
        got.header("content-type"),
        "application/vnd.oai.openapi+json;version=3.0"
    );
    let value = got.json();
    let items = &value["paths"]["/collections/{collectionId}/items"]["get"]["parameters"];
    let limit = items
        .as_array()
        .unwrap()
        .iter()
        .find(|parameter| parameter["name"] == "limit")
        .unwrap();
    assert_eq!(limit["schema"]["maximum"], 10_000);
    // Every reference is local and leads somewhere.
    let text = value.to_string();
    for reference in text.split("\"$ref\":\"").skip(1) {
        let target = reference.split('"').next().unwrap();
        let pointer = target
            .strip_prefix('#')
            .unwrap_or_else(|| panic!("{target} is not local"));
        assert!(value.pointer(pointer).is_some(), "{target}");
    }
}

#[tokio::test]
async fn every_resource_of_the_table_has_a_route() {
    let front = front();
    for operation in mahwar::server::OPERATIONS {
        let path = path_of(operation, "governorates", "IQG13");
        let required = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.required || is_needed(operation.path, parameter.name, ""));
        let query: Vec<String> = required
            .map(|parameter| format!("{}={}", parameter.name, percent(parameter.example)))
            .collect();
        let address = format!("{path}?{}", query.join("&"));
        if operation.writes() {
            // The server of this test has no token, so a write is refused, which shows that the route exists.
            let request = Request::builder()
                .method(operation.method.to_uppercase().as_str())
                .uri(&address);
            let got = send(&front, request.body(Body::empty()).unwrap()).await;
            assert_eq!(got.status, 403, "{} {address}", operation.method);
            continue;
        }
        let got = match operation.method {
            "post" if operation.path == "/reconcile" => {
                let form = Some("application/x-www-form-urlencoded");
                post(
                    &address,
                    form,
                    format!("queries={}", percent("{\"q0\":{\"query\":\"Makhmour\"}}")),
                )
                .await
            }
            "post" => post(&address, None, TEXT).await,
            _ => get(&front, &address).await,
        };
        // There are no events in this land.
        if operation.path.starts_with("/events/{") {
            assert!(
                got.status == 404 && got.text().contains("there is no event"),
                "{address}: {}",
                got.text()
            );
            continue;
        }
        // This server has no file of them; `local_names` asks one that has.
        if operation.path == LOCAL_NAMES {
            assert!(got.status == 404 && got.text().contains("--local-names"), "{address}");
            continue;
        }
        if operation.id == "documentOriginal" {
            assert!(got.status == 404 && got.text().contains("plain text"), "{address}");
            continue;
        }
        assert_eq!(got.status, 200, "{address}: {}", String::from_utf8_lossy(&got.body));
        let media = got.header("content-type").split(';').next().unwrap().to_owned();
        assert!(
            operation
                .answers
                .iter()
                .any(|answer| answer.split(';').next() == Some(media.as_str())),
            "{address}: {media}"
        );
    }
}

/// The list of names that analysts added, which not every server has.
pub const LOCAL_NAMES: &str = "/local-names";

/// Words are those of statements, and the layer of these examples is of the land; `flat_rows` asks for them.
pub fn asks_words_of_land(path: &str, parameter: &str) -> bool {
    parameter == "q" && (path.starts_with("/collections/") || path.starts_with("/downloads/"))
}

/// Every optional parameter's example works too.
#[tokio::test]
async fn every_example_of_the_table_is_accepted() {
    let front = front();
    for operation in mahwar::server::OPERATIONS {
        let named = ["{documentId}", "{mentionId}", "{claimId}", "{eventId}"]
            .iter()
            .any(|name| operation.path.contains(name));
        if operation.method != "get" || named || operation.path == LOCAL_NAMES {
            continue;
        }
        let path = path_of(operation, "places", "wof-0");
        for parameter in operation.parameters {
            // These need another parameter beside them, or a name that this land lacks.
            if ["bounded", "collections"].contains(&parameter.name) || asks_words_of_land(&path, parameter.name) {
                continue;
            }
            let required = operation
                .parameters
                .iter()
                .filter(|other| other.required || is_needed(operation.path, other.name, parameter.name));
            let mut query = vec![format!("{}={}", parameter.name, percent(parameter.example))];
            let others = required.filter(|other| other.name != parameter.name);
            query.extend(others.map(|other| format!("{}={}", other.name, percent(other.example))));
            let got = get(&front, &format!("{path}?{}", query.join("&"))).await;
            assert!(
                got.status.is_success(),
                "{path}?{}: {}",
                query.join("&"),
                String::from_utf8_lossy(&got.body)
            );
        }
    }
}

#[tokio::test]
async fn oembed_answers_for_views_of_this_map_in_json_and_xml() {
    let front = front();
    let view = percent("http://maps.test/#lang=ckb&map=7/35/44&worldview=region&layers=rivers:off");
    let answer = get(&front, &format!("/oembed?url={view}&maxwidth=600&maxheight=9000"))
        .await
        .json();
    assert_eq!(answer["version"], "1.0");
    assert_eq!(answer["type"], "rich");
    assert_eq!((&answer["width"], &answer["height"]), (&600.into(), &480.into()));
    let html = answer["html"].as_str().unwrap();
    assert!(
        html.starts_with("<iframe src=\"http://maps.test/embed#lang=ckb&amp;map="),
        "{html}"
    );
    assert!(html.contains("width=\"600\" height=\"480\""), "{html}");
    let xml = get(&front, &format!("/oembed?url={view}&format=xml&dnt=1")).await;
    assert_eq!(xml.header("content-type"), "text/xml; charset=utf-8");
    let xml = xml.text();
    assert!(
        xml.contains("<width>720</width>") && xml.contains("<html>&lt;iframe src="),
        "{xml}"
    );
    for foreign in [
        "https://elsewhere.test/",
        "http://maps.test/collections",
        "http://maps.test.evil.test/",
    ] {
        let got = get(&front, &format!("/oembed?url={}", percent(foreign))).await;
        assert_problem(&got, 404, None, foreign);
    }
    assert_problem(&get(&front, "/oembed").await, 400, Some("url"), "no address");
    let got = get(&front, &format!("/oembed?url={view}&format=yaml")).await;
    assert_problem(&got, 400, Some("format"), "another format");
}

/// Open Graph properties of a page.
fn open_graph(page: &str) -> std::collections::BTreeMap<String, String> {
    let tags = page.split("<meta property=\"").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once("\" content=\"")?;
        let (content, _) = rest.split_once('"')?;
        Some((name.to_owned(), content.replace("&amp;", "&")))
    });
    tags.collect()
}

#[tokio::test]
async fn every_permalink_has_a_picture_that_the_server_draws() {
    let front = front();
    let page = async |query: &str| {
        let got = get_with(&front, &format!("/{query}"), &[("accept", "text/html")]).await;
        got.text()
    };
    let document = get(&front, "/documents").await.json()["documents"][0]["id"].clone();
    let document = document.as_str().unwrap();
    let said = open_graph(&page(&format!("?lang=ckb&document={document}")).await);
    let own = format!("http://maps.test/documents/{document}/map.png?worldview=neutral&lang=ckb&");
    assert!(said["og:image"].starts_with(&own), "{said:?}");
    for (query, picture) in [
        ("", "/maps/light.png?worldview=neutral&lang=en&"),
        (
            "?lang=ar&map=8/35.5/44.4",
            "/maps/light.png?center=44.4,35.5&zoom=7&worldview=neutral&lang=ar&",
        ),
        (
            "?theme=dark&worldview=federal",
            "/maps/dark.png?worldview=federal&lang=en&",
        ),
        (
            "?time=2026-07-01..2026-07-31",
            "/maps/light.png?datetime=2026-07-01/2026-07-31&",
        ),
        // Unknown values are ignored.
        (
            "?theme=pink&worldview=moon&map=x&time=a..b&document=none&lang=fr",
            "/maps/light.png?worldview=neutral&lang=en&",
        ),
    ] {
        let page = page(query).await;
        let said = open_graph(&page);
        let image = said["og:image"]
            .strip_prefix("http://maps.test")
            .expect("a full address");
        assert!(image.starts_with(picture), "{query}: {image}");
        assert_eq!((&*said["og:image:width"], &*said["og:image:height"]), ("1200", "630"));
        assert!(said["og:url"].ends_with(query), "{said:?}");
        let got = get(&front, image).await;
        assert_eq!(got.status, 200, "{image}");
        assert_eq!(got.header("content-type"), "image/png");
    }
    let page = page("?layers=%22%3E%3Cscript%3E&utm=\"><script>").await;
    assert!(!page.contains("><script>"), "{page}");
}
