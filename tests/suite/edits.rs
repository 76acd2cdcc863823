//! Corrections of documents, claims and missed mentions over HTTP: every layer and file follows, the machine's reading
//! stays available, conflicts are shown, and every edit can be undone.

use crate::{
    common::{Answer, Server, agent, answer},
    rulings::request,
    writes::{Shelf, TOKEN, post},
};
use serde_json::{Value, json};

const TEXT: &str = "The army said that five people were killed in an attack in Daquq on Monday. Kalar was quiet.";

fn kept(shelf: &Shelf) -> (Server, String) {
    let server = shelf.server();
    let body = json!({"text": TEXT, "title": "Attack", "published": "2022-05-03", "publisher": "Agency"});
    let kept = post(&server, "application/json", body.to_string().as_bytes());
    assert_eq!(kept.status, 201, "{}", kept.text());
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    (server, id)
}

/// A request that names the state that its sender saw.
pub fn conditional(server: &Server, method: &str, path: &str, tag: &str, body: &Value) -> Answer {
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{}{path}", server.url))
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/json")
        .header("if-match", tag)
        .body(body.to_string())
        .unwrap();
    answer(agent().run(request))
}

fn span(words: &str) -> Value {
    let at = TEXT.find(words).unwrap();
    json!({"start": at, "end": at + words.len()})
}

fn features(server: &Server, path: &str) -> Vec<Value> {
    let page = server.get(path);
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    page.json()["features"].as_array().unwrap().clone()
}

fn refused(answer: &Answer, status: u16, parameter: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    if !parameter.is_empty() {
        assert_eq!(answer.json()["parameter"], parameter, "{}", answer.text());
    }
}

#[test]
fn a_document_is_corrected_everywhere_and_shown_beside_what_was_declared() {
    let shelf = Shelf::new();
    let (server, id) = kept(&shelf);
    let path = format!("/documents/{id}");
    let tag = server.get(&path).header("etag").to_owned();
    assert!(tag.starts_with("\"document-0-"), "{tag}");
    let body =
        json!({"published": "2022-06-07", "publisher": null, "title": "Corrected", "reason": "the page says so"});
    let corrected = conditional(&server, "PATCH", &path, &tag, &body);
    assert_eq!(corrected.status, 200, "{}", corrected.text());
    let value = corrected.json();
    assert_eq!(
        (&value["id"], &value["title"], &value["publisher"]),
        (&json!(id), &json!("Corrected"), &Value::Null)
    );
    let shown = &value["corrections"];
    assert_eq!(
        (&shown["title"]["declared"], &shown["publisher"]["declared"]),
        (&json!("Attack"), &json!("Agency"))
    );
    assert_eq!(
        (&shown["title"]["author"], &shown["title"]["reason"]),
        (&json!("default"), &json!("the page says so"))
    );
    assert_eq!(server.get(&path).header("etag"), corrected.header("etag"));
    // Everything else follows.
    let layer = features(&server, &format!("/collections/mentions/items?document={id}"));
    assert!(
        layer
            .iter()
            .all(|feature| feature["properties"]["published"] == "2022-06-07")
    );
    let claims = features(
        &server,
        &format!("/collections/claims/items?document={id}&type=casualties"),
    );
    assert_eq!(claims[0]["properties"]["time_from"], "2022-06-06", "the Monday before");
    assert!(server.get("/downloads/documents.csv").text().contains("Corrected"));
    // `first` and `last` are of all documents, as declared too.
    let days = server.get("/histogram?layer=documents&by=day").json();
    assert_eq!(days["bins"], json!([{"start": "2022-06-07", "count": 1}]), "{days}");
    assert!(!server.get("/facets?facets=publisher").text().contains("Agency"));
    assert_eq!(
        server.get("/documents?q=Corrected").json()["documents"][0]["id"],
        id.as_str()
    );
    assert!(
        server
            .get(&format!("/events/{}", claims[0]["id"].as_str().unwrap()))
            .text()
            .contains("2022-06-06")
    );
    // As it was declared.
    let original = server.get(&format!("{path}?rulings=ignore")).json();
    assert_eq!(
        (&original["title"], &original["published"]),
        (&json!("Attack"), &json!("2022-05-03"))
    );
    assert!(original.get("corrections").is_none());
    let machine = features(
        &server,
        &format!("/collections/mentions/items?document={id}&rulings=ignore"),
    );
    assert!(
        machine
            .iter()
            .all(|feature| feature["properties"]["published"] == "2022-05-03")
    );
    // Somebody else was faster.
    let late = conditional(&server, "PATCH", &path, &tag, &json!({"title": "Mine"}));
    refused(&late, 409, "");
    let undone = request(&server, "DELETE", &format!("{path}/rulings?reason=no"), None);
    assert_eq!(
        (undone.status, &undone.json()["title"]),
        (200, &json!("Attack")),
        "{}",
        undone.text()
    );
    let history = server.get(&format!("{path}/rulings")).json();
    let rulings = history["rulings"].as_array().unwrap();
    assert_eq!(rulings.len(), 2);
    assert_eq!(
        (&rulings[0]["ruling"], &rulings[0]["in_force"]),
        (&json!("correct"), &json!(false))
    );
    assert_eq!(rulings[0]["values"]["title"], "Corrected");
    refused(
        &request(&server, "PATCH", &path, Some(&json!({"ruling": "undo"}))),
        404,
        "",
    );
    drop(server);
    let server = shelf.server();
    assert_eq!(server.get(&path).json()["title"], "Attack");
    assert_eq!(
        server.get(&format!("{path}/rulings")).json()["rulings"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_wrong_correction_names_the_member_and_what_it_takes() {
    let shelf = Shelf::new();
    let (server, id) = kept(&shelf);
    let path = format!("/documents/{id}");
    for (body, parameter) in [
        (json!({"title": null}), "title"),
        (json!({"title": "a\nb"}), "title"),
        (json!({"title": ""}), "title"),
        (json!({"title": 7}), "title"),
        (json!({"published": "yesterday"}), "published"),
        (json!({"source_url": "javascript:alert(1)"}), "source_url"),
        (json!({"language": "fr"}), "language"),
        (json!({"text": "other"}), "text"),
        (json!({"ruling": "accept"}), "ruling"),
        (json!({"ruling": "undo", "title": "x"}), "ruling"),
        (json!({"title": "x", "reason": ""}), "reason"),
        (json!({"title": "x", "reason": 1}), "reason"),
        (json!({}), ""),
        (json!([]), ""),
    ] {
        let answer = request(&server, "PATCH", &path, Some(&body));
        refused(&answer, 400, parameter);
    }
    refused(
        &request(
            &server,
            "PATCH",
            "/documents/0123456789abcdef",
            Some(&json!({"title": "x"})),
        ),
        404,
        "",
    );
    let plain = answer(agent().patch(format!("{}{path}", server.url)).send("{}"));
    assert_eq!(plain.status, 401);
}

#[test]
fn a_claim_is_added_corrected_deleted_and_taken_back() {
    let shelf = Shelf::new();
    let (server, id) = kept(&shelf);
    let body = json!({
        "type": "meeting", "quote": span("Kalar was quiet"), "speaker": "The army", "places": ["IQG11Q04"],
        "day": "2022-05-01/2022-05-02", "figures": [{"value": 3, "role": "killed", "bound": "at_least"}],
        "reason": "it was missed",
    });
    let added = request(&server, "POST", &format!("/documents/{id}/claims"), Some(&body));
    assert_eq!(added.status, 201, "{}", added.text());
    let claim = format!("{id}-c10000001");
    assert_eq!(added.header("location"), format!("{}/claims/{claim}", server.url));
    let value = added.json();
    assert_eq!(
        (&value["evidence"]["text"], &value["status"]),
        (&json!("Kalar was quiet"), &json!("claimed"))
    );
    assert_eq!(value["said"]["speaker"]["text"], "The army");
    assert_eq!(
        (&value["figures"][0]["value"], &value["figures"][0]["bound"]),
        (&json!(3.0), &json!("at_least"))
    );
    let layer = features(
        &server,
        &format!("/collections/claims/items?document={id}&type=meeting"),
    );
    assert_eq!(layer[0]["id"], claim.as_str());
    assert_eq!(layer[0]["properties"]["places"], json!(["IQG11Q04"]));
    assert_eq!(layer[0]["properties"]["time_from"], "2022-05-01");
    assert!(layer[0]["geometry"]["coordinates"][0][0].is_number());
    for file in ["csv", "geojsonl", "kml"] {
        assert!(
            server
                .get(&format!("/downloads/claims.{file}"))
                .text()
                .contains("Kalar was quiet"),
            "{file}"
        );
    }
    assert!(
        server
            .get(&format!("/documents/{id}/annotations"))
            .text()
            .contains("Kalar was quiet")
    );
    assert_eq!(server.get(&format!("/events/{claim}")).status, 200);
    assert!(
        features(
            &server,
            &format!("/collections/claims/items?document={id}&type=meeting&rulings=ignore")
        )
        .is_empty()
    );

    // A claim of the machine.
    let first = features(
        &server,
        &format!("/collections/claims/items?document={id}&type=casualties"),
    )[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/claims/{first}");
    let tag = server.get(&path).header("etag").to_owned();
    let fix = json!({"figures": [{"value": 7, "unit": "person", "role": "killed"}], "speaker": null, "point": [44.40, 35.10], "precision": "settlement"});
    let fixed = conditional(&server, "PATCH", &path, &tag, &fix);
    assert_eq!(fixed.status, 200, "{}", fixed.text());
    let value = fixed.json();
    assert_eq!(
        (&value["status"], &value["figures"][0]["value"]),
        (&json!("reported"), &json!(7.0))
    );
    assert_eq!(value["machine"]["figures"][0]["value"], 5.0, "{value}");
    assert_eq!(value["ruling"]["author"], "default");
    refused(
        &conditional(&server, "PATCH", &path, &tag, &json!({"type": "clash"})),
        409,
        "",
    );
    let claims = server.get(&format!("/documents/{id}/claims")).json();
    let marked = claims["claims"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|claim| claim["ruling"].is_object())
        .count();
    assert_eq!(marked, 2);
    let event = server.get(&format!("/events/{first}"));
    assert!(event.text().contains("7"), "{}", event.text());

    let gone = request(&server, "DELETE", &format!("{path}?reason=nonsense"), None);
    assert_eq!(
        (gone.status, &gone.json()["deleted"]),
        (200, &json!(true)),
        "{}",
        gone.text()
    );
    assert_eq!(server.get(&path).status, 410);
    assert_eq!(
        server.get(&format!("{path}?rulings=ignore")).json()["figures"][0]["value"],
        5.0
    );
    let claims = server.get(&format!("/documents/{id}/claims")).json();
    assert_eq!(claims["deleted"][0]["ruling"]["reason"], "nonsense", "{claims}");
    assert!(
        features(
            &server,
            &format!("/collections/claims/items?document={id}&type=casualties")
        )
        .is_empty()
    );
    let undone = request(&server, "DELETE", &format!("{path}/rulings"), None);
    assert_eq!(undone.json()["figures"][0]["value"], 7.0, "{}", undone.text());
    let undone = request(&server, "PATCH", &path, Some(&json!({"ruling": "undo"})));
    assert_eq!(undone.json()["figures"][0]["value"], 5.0, "{}", undone.text());
    let history = server.get(&format!("{path}/rulings")).json();
    let words: Vec<&str> = history["rulings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["ruling"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["correct", "delete", "undo", "undo"]);
    drop(server);
    let reread = shelf.run(&["reparse", "--store", &shelf.address()]);
    assert!(reread.status.success(), "{}", String::from_utf8_lossy(&reread.stderr));
    let server = shelf.server();
    assert_eq!(
        server.get(&format!("/claims/{claim}")).json()["evidence"]["text"],
        "Kalar was quiet"
    );
}

#[test]
fn a_wrong_claim_names_the_member_and_what_it_takes() {
    let shelf = Shelf::new();
    let (server, id) = kept(&shelf);
    let path = format!("/documents/{id}/claims");
    let quote = span("Kalar was quiet");
    for (more, parameter) in [
        (json!({"type": "party"}), "type"),
        (json!({"type": null}), "type"),
        (json!({"quote": null}), "quote"),
        (json!({"quote": {"start": 0}}), "quote"),
        (json!({"quote": {"start": 5, "end": 5}}), "quote"),
        (json!({"quote": {"start": 9, "end": 4}}), "quote"),
        (json!({"quote": {"start": 0, "end": 100_000_000_000_u64}}), "quote"),
        (json!({"quote": {"start": -1, "end": 4}}), "quote"),
        (json!({"quote": {"byte": [0, 3], "utf16": [0, 3]}}), "quote"),
        (json!({"quote": {"start": 0, "end": 8, "text": "An army"}}), "quote"),
        (json!({"quote": {"start": 0, "end": 8, "in": "footer"}}), "quote"),
        (json!({"quote": {"start": 0, "end": 80, "in": "title"}}), "quote"),
        (json!({"speaker": "Nobody at all"}), "speaker"),
        (json!({"speaker": 5}), "speaker"),
        (json!({"places": ["nowhere"]}), "places"),
        (json!({"places": "IQG13"}), "places"),
        (json!({"place": "nowhere"}), "place"),
        (json!({"point": [44.4, 35.1]}), "precision"),
        (json!({"point": [44.4, 35.1], "precision": "millimetre"}), "precision"),
        (json!({"point": [0.0, 0.0], "precision": "point"}), "point"),
        (json!({"point": [1e300, 35.1], "precision": "point"}), "point"),
        (json!({"point": "here", "precision": "point"}), "point"),
        (json!({"precision": "point"}), "precision"),
        (
            json!({"place": "IQG13", "point": [44.4, 35.1], "precision": "point"}),
            "point",
        ),
        (json!({"day": "Monday"}), "day"),
        (json!({"day": "2022-05-04/2022-05-01"}), "day"),
        (json!({"figures": 5}), "figures"),
        (json!({"figures": [{"value": -1}]}), "figures"),
        (json!({"figures": [{"value": 5, "role": "eaten"}]}), "figures"),
        (json!({"figures": [{"value": 5, "bound": "maybe"}]}), "figures"),
        (json!({"figures": [{"value": 5, "upper": 3}]}), "figures"),
        (json!({"figures": [{"value": 5, "unit": "<b>"}]}), "figures"),
        (json!({"figures": [{"number": 5}]}), "figures"),
        (json!({"colour": "red"}), "colour"),
    ] {
        let mut body = json!({"type": "meeting", "quote": quote});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answer = request(&server, "POST", &path, Some(&body));
        refused(&answer, 400, parameter);
    }
    for id in [
        "nothing",
        "0123456789abcdef-c1",
        &format!("{id}-c77"),
        &format!("{id}-cc1"),
        &format!("{id}-c99999999999"),
    ] {
        refused(
            &request(
                &server,
                "PATCH",
                &format!("/claims/{id}"),
                Some(&json!({"type": "clash"})),
            ),
            404,
            "",
        );
        assert_eq!(server.get(&format!("/claims/{id}")).status, 404, "{id}");
    }
    assert_eq!(
        server.get(&format!("/documents/{id}/rulings")).json()["rulings"],
        json!([])
    );
}

#[test]
fn a_missed_mention_is_added_at_a_place_or_a_point_ruled_and_taken_back() {
    let shelf = Shelf::new();
    let (server, id) = kept(&shelf);
    let path = format!("/documents/{id}/mentions");
    let before = features(&server, &format!("/collections/mentions/items?document={id}")).len();
    let body = json!({"quote": {"byte": [TEXT.find("attack").unwrap(), TEXT.find("attack").unwrap() + 6], "text": "attack"}, "place": "IQG11Q04"});
    let added = request(&server, "POST", &path, Some(&body));
    assert_eq!(added.status, 201, "{}", added.text());
    let mention = format!("{id}-m10000001");
    assert_eq!(added.header("location"), format!("{}/mentions/{mention}", server.url));
    assert_eq!(
        features(&server, &format!("/collections/mentions/items?document={id}")).len(),
        before + 1
    );
    let machine = format!("/collections/mentions/items?document={id}&rulings=ignore");
    assert_eq!(features(&server, &machine).len(), before);
    refused(&request(&server, "POST", &path, Some(&body)), 409, "");
    // At a point of the map.
    let at = json!({"ruling": "move", "point": [44.123_456_7, 35.4], "precision": "settlement", "reason": "the map"});
    let moved = request(&server, "PATCH", &format!("/mentions/{mention}"), Some(&at));
    assert_eq!(moved.status, 200, "{}", moved.text());
    assert_eq!(moved.json()["place"]["point"], json!([44.12346, 35.4]));
    assert_eq!(moved.json()["precision"], "settlement");
    let drawn = features(&server, &format!("/collections/mentions/items?document={id}"));
    assert!(
        drawn
            .iter()
            .any(|feature| feature["geometry"]["coordinates"] == json!([44.12346, 35.4]))
    );
    let body = json!({"quote": span("people"), "point": [44.0, 35.0], "precision": "district"});
    assert_eq!(request(&server, "POST", &path, Some(&body)).status, 201);
    for (body, parameter) in [
        (json!({"quote": span("quiet")}), "place"),
        (json!({"place": "IQG13"}), "quote"),
        (
            json!({"quote": span("quiet"), "place": "IQG13", "point": [44.0, 35.0], "precision": "point"}),
            "point",
        ),
        (json!({"quote": span("quiet"), "place": "IQG13", "level": "x"}), "level"),
    ] {
        refused(&request(&server, "POST", &path, Some(&body)), 400, parameter);
    }
    let wrong = json!({"ruling": "reject", "point": [44.0, 35.0]});
    refused(
        &request(&server, "PATCH", &format!("/mentions/{mention}"), Some(&wrong)),
        400,
        "point",
    );
    let history = server.get(&format!("/mentions/{mention}/rulings")).json();
    let words: Vec<&str> = history["rulings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["ruling"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["add", "move"]);
    // First the ruling, then the addition.
    let undone = request(&server, "DELETE", &format!("/mentions/{mention}/rulings"), None);
    assert_eq!(undone.json()["place"]["id"], "IQG11Q04", "{}", undone.text());
    let undone = request(&server, "DELETE", &format!("/mentions/{mention}/rulings"), None);
    assert_eq!(
        (undone.status, &undone.json()["deleted"]),
        (200, &json!(true)),
        "{}",
        undone.text()
    );
    assert_eq!(server.get(&format!("/mentions/{mention}")).status, 404);
    drop(server);
    let server = shelf.server();
    assert_eq!(
        features(&server, &format!("/collections/mentions/items?document={id}")).len(),
        before + 1
    );
}

#[test]
fn edits_need_the_role_rule_and_no_other_site_may_make_them() {
    let shelf = Shelf::new();
    let (server, id) = kept(&shelf);
    for (method, path) in [
        ("PATCH", format!("/documents/{id}")),
        ("DELETE", format!("/documents/{id}/rulings")),
        ("POST", format!("/documents/{id}/claims")),
        ("POST", format!("/documents/{id}/mentions")),
        ("PATCH", format!("/claims/{id}-c1")),
        ("DELETE", format!("/claims/{id}-c1")),
        ("DELETE", format!("/claims/{id}-c1/rulings")),
    ] {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", server.url))
            .header("content-type", "application/json")
            .body("{}".to_owned())
            .unwrap();
        assert_eq!(answer(agent().run(request)).status, 401, "{method} {path}");
        let request = ureq::http::Request::builder()
            .method("OPTIONS")
            .uri(format!("{}{path}", server.url))
            .header("origin", "https://evil.example")
            .header("access-control-request-method", method)
            .body(String::new())
            .unwrap();
        let preflight = answer(agent().run(request));
        assert_eq!(preflight.header("access-control-allow-methods"), "", "{method} {path}");
    }
}
