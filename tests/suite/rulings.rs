//! Rulings: an analyst corrects the machine, every layer follows, and nothing is forgotten.

use crate::{
    common::{Answer, Server, agent, answer, eventually},
    writes::{Shelf, TOKEN, post},
};
use serde_json::{Value, json};

pub fn request(server: &Server, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{}{path}", server.url))
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/json")
        .body(body.map_or_else(String::new, Value::to_string))
        .unwrap();
    answer(agent().run(request))
}

pub fn rule(server: &Server, mention: &str, body: Value) -> Answer {
    request(server, "PATCH", &format!("/mentions/{mention}"), Some(&body))
}

/// A server with one document of two places; returns the document's id.
fn told(shelf: &Shelf) -> (Server, String) {
    let server = shelf.server();
    let kept = post(
        &server,
        "text/plain",
        "An attack took place in Kalar and in Daquq.".as_bytes(),
    );
    assert_eq!(kept.status, 201, "{}", kept.text());
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    (server, id)
}

fn drawn(server: &Server, document: &str, more: &str) -> Vec<String> {
    let page = server
        .get(&format!("/collections/mentions/items?document={document}{more}"))
        .json();
    let features = page["features"].as_array().unwrap();
    features
        .iter()
        .map(|feature| feature["properties"]["name:en"].as_str().unwrap().to_owned())
        .collect()
}

fn place_id(server: &Server, name: &str) -> String {
    let page = server.get("/collections/mention_places/items?limit=1000").json();
    let place = page["features"]
        .as_array()
        .unwrap()
        .iter()
        .find(|place| place["properties"]["name:en"] == name)
        .cloned();
    place.expect("the place is drawn")["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_ruling_changes_every_layer_and_the_machines_reading_stays_to_be_seen() {
    let shelf = Shelf::new();
    let (server, id) = told(&shelf);
    assert_eq!(drawn(&server, &id, ""), ["Kalar", "Daquq"]);
    let kalar = place_id(&server, "Kalar");
    let tile = |more: &str| {
        server
            .get(&format!("/xyz/mention_places/6/39/25.mvt{more}"))
            .header("etag")
            .to_owned()
    };
    let machine = tile("?rulings=ignore");
    let places = |more: &str| {
        server
            .get(&format!("/collections/mention_places/items?limit=1000{more}"))
            .json()["features"]
            .as_array()
            .unwrap()
            .iter()
            .any(|place| place["id"] == kalar.as_str())
    };
    let ruled = rule(
        &server,
        &format!("{id}-m1"),
        json!({"ruling": "reject", "author": "analyst", "reason": "a person's name"}),
    );
    assert_eq!(ruled.status, 200, "{}", ruled.text());
    let ruled = ruled.json();
    assert_eq!(
        (&ruled["place"], &ruled["ruling"]["author"]),
        (&Value::Null, &json!("default"))
    );
    assert_eq!(drawn(&server, &id, ""), ["Daquq"]);
    assert_eq!(drawn(&server, &id, "&rulings=ignore"), ["Kalar", "Daquq"]);
    assert!(!places("") && places("&rulings=ignore"));
    assert_eq!(tile("?rulings=ignore"), machine);
    let mentions = server.get(&format!("/documents/{id}/mentions")).json();
    assert_eq!(mentions["mentions"][0]["ruling"]["reason"], "a person's name");
    let machine = server.get(&format!("/documents/{id}/mentions?rulings=ignore")).json();
    assert_eq!(machine["mentions"][0]["place"]["id"], kalar.as_str());
    let annotations = server.get(&format!("/documents/{id}/annotations")).text();
    assert!(!annotations.contains(&format!("items/{kalar}")), "{annotations}");
    let csv = server.get("/downloads/mentions.csv").text();
    assert!(!csv.contains(&format!("{id}-m1")) && csv.contains(&format!("{id}-m2")));

    // Persistence: the ruling still exists after a restart.
    drop(server);
    let server = shelf.server();
    assert_eq!(drawn(&server, &id, ""), ["Daquq"]);
    assert_eq!(drawn(&server, &id, "&rulings=ignore"), ["Kalar", "Daquq"]);
}

#[test]
fn a_mention_is_moved_marked_and_given_back_and_all_of_it_is_told() {
    let shelf = Shelf::new();
    let (server, id) = told(&shelf);
    let mention = format!("{id}-m2");
    let moved = rule(
        &server,
        &mention,
        json!({"ruling": "move", "place": "IQG11Q04", "author": "a"}),
    );
    assert_eq!(
        (moved.status, &moved.json()["place"]["id"]),
        (200, &json!("IQG11Q04")),
        "{}",
        moved.text()
    );
    assert_eq!(drawn(&server, &id, ""), ["Kalar", "Makhmour"]);
    let marked = rule(
        &server,
        &mention,
        json!({"ruling": "associative", "author": "b", "reason": "the council"}),
    );
    assert_eq!(marked.json()["reading"], "associative");
    assert_eq!(drawn(&server, &id, ""), ["Kalar"]);
    let undone = rule(&server, &mention, json!({"ruling": "undo", "author": "c"}));
    assert_eq!(undone.json()["ruling"]["ruling"], "move", "{}", undone.text());
    let undone = request(
        &server,
        "DELETE",
        &format!("/mentions/{mention}/rulings?author=d&reason=enough"),
        None,
    );
    assert_eq!(undone.status, 200, "{}", undone.text());
    assert_eq!(undone.json()["ruling"], Value::Null);
    assert_eq!(drawn(&server, &id, ""), ["Kalar", "Daquq"]);
    assert_eq!(
        rule(&server, &mention, json!({"ruling": "undo", "author": "c"})).status,
        404
    );
    assert_eq!(
        rule(&server, &mention, json!({"ruling": "accept", "author": "e"})).json()["ruling"]["ruling"],
        "accept"
    );
    let history = server.get(&format!("/mentions/{mention}/rulings")).json();
    let told: Vec<_> = history["rulings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ruling| {
            assert!(ruling["time"].as_str().unwrap().ends_with('Z'));
            (
                ruling["ruling"].as_str().unwrap(),
                ruling["author_said"].as_str().unwrap(),
                ruling["in_force"] == true,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("move", "a", false),
            ("associative", "b", false),
            ("undo", "c", false),
            ("undo", "d", false),
            ("accept", "e", true)
        ]
    );
    assert_eq!(
        server.get(&format!("/mentions/{id}-m1/rulings")).json()["rulings"],
        json!([])
    );
}

#[test]
fn a_claim_goes_where_its_mentions_are_ruled_to_be() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let documents = server.get("/documents").json();
    let id = documents["documents"][0]["id"].as_str().unwrap().to_owned();
    let claims = server.get(&format!("/documents/{id}/claims")).json();
    let claim = claims["claims"]
        .as_array()
        .unwrap()
        .iter()
        .find(|claim| !claim["places"].as_array().unwrap().is_empty());
    let claim = claim.expect("the seed claims something of a place").clone();
    let mention = claim["mentions"][0].as_str().unwrap();
    let moved = rule(
        &server,
        &format!("{id}-{mention}"),
        json!({"ruling": "move", "place": "IQG06Q05", "author": "a"}),
    );
    assert_eq!(moved.status, 200, "{}", moved.text());
    let item = server
        .get(&format!(
            "/collections/claims/items/{id}-{}",
            claim["id"].as_str().unwrap()
        ))
        .json();
    assert!(
        item["properties"]["places"]
            .as_array()
            .unwrap()
            .contains(&json!("IQG06Q05")),
        "{item}"
    );
}

#[test]
fn a_ruling_that_cannot_be_is_refused_with_what_can() {
    let shelf = Shelf::new();
    let (server, id) = told(&shelf);
    let mention = format!("{id}-m1");
    for (body, status, word) in [
        (json!({"ruling": "maybe", "author": "a"}), 400, "associative"),
        (json!({"ruling": "accept", "author": " "}), 400, "author"),
        (json!({"ruling": "accept", "author": "a\nb"}), 400, "one line"),
        (
            json!({"ruling": "accept", "author": "a\u{202e}b"}),
            400,
            "control characters",
        ),
        (json!({"ruling": "move", "author": "a"}), 400, "needs place"),
        (
            json!({"ruling": "move", "author": "a", "place": "nowhere"}),
            400,
            "/search",
        ),
        (
            json!({"ruling": "reject", "author": "a", "place": "IQG11Q04"}),
            400,
            "only",
        ),
        (
            json!({"ruling": "accept", "author": "a", "colour": "red"}),
            400,
            "colour",
        ),
    ] {
        let refused = rule(&server, &mention, body.clone());
        assert_eq!(refused.status, status, "{body}: {}", refused.text());
        assert!(refused.text().contains(word), "{body}: {}", refused.text());
    }
    for unknown in [
        format!("{id}-m99"),
        format!("{id}-q1"),
        "nothing".to_owned(),
        "0000-m1".to_owned(),
    ] {
        assert_eq!(
            rule(&server, &unknown, json!({"ruling": "accept", "author": "a"})).status,
            404,
            "{unknown}"
        );
    }
    let body = json!({"ruling": "accept", "author": "a"}).to_string();
    let without = ureq::http::Request::patch(format!("{}/mentions/{mention}", server.url))
        .body(body)
        .unwrap();
    assert_eq!(answer(agent().run(without)).status, 401);
    assert_eq!(
        server.get(&format!("/mentions/{mention}/rulings")).json()["rulings"],
        json!([])
    );
}

#[test]
fn reparse_keeps_rulings_whose_words_are_a_mention_still() {
    let shelf = Shelf::new();
    let (server, id) = told(&shelf);
    assert_eq!(
        rule(&server, &format!("{id}-m1"), json!({"ruling": "reject", "author": "a"})).status,
        200
    );
    let done = shelf.run(&["reparse", "--format", "json"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(told["documents"], 2);
    assert_eq!(told["changed"], 0);
    assert_eq!(told["rulings_without_mention"], json!([]));
    assert_eq!(drawn(&server, &id, ""), ["Daquq"]);

    // A geoparser that does not know Kalar any more: another data folder, without that place.
    let folder = shelf.path("data");
    copy_data(&folder);
    let table = std::fs::read_to_string(folder.join("places.tsv")).unwrap();
    let lines = table.lines().filter(|line| !line.to_lowercase().contains("kalar"));
    std::fs::write(folder.join("places.tsv"), lines.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    let done = shelf.run(&["reparse", "--format", "json", "--data", folder.to_str().unwrap()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    let strays = told["rulings_without_mention"].as_array().unwrap();
    assert_eq!(
        (strays.len(), &strays[0]["text"], &strays[0]["document"]),
        (1, &json!("Kalar"), &json!(id)),
        "{told}"
    );
    let table = shelf.run(&["reparse", "--data", folder.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&table.stdout).contains("1 have no mention any more"));
    // The server reads with other places than the ones that these documents were read with, and says so.
    let outdated = |server: &Server| server.get("/readyz").json()["outdated_documents"].clone();
    eventually("the server names the documents", || outdated(&server) == json!(2));
    let metrics = server.get("/metrics");
    assert!(
        metrics.text().contains("mahwar_store_outdated_documents 2"),
        "{}",
        metrics.text()
    );
    // The running server follows.
    eventually("the server follows", || {
        drawn(&server, &id, "&rulings=ignore") == ["Daquq"]
    });
    // And the geoparser that knows it again finds its ruling in force.
    let done = shelf.run(&["reparse", "--format", "json"]);
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&told["documents"], &told["up_to_date"]), (&json!(2), &json!(0)));
    eventually("the server follows again", || {
        drawn(&server, &id, "&rulings=ignore") == ["Kalar", "Daquq"] && outdated(&server) == json!(0)
    });
    assert_eq!(drawn(&server, &id, ""), ["Daquq"]);
}

fn copy_data(to: &std::path::Path) {
    fn copy(from: &std::path::Path, to: &std::path::Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            match entry.file_type().unwrap().is_dir() {
                true => copy(&entry.path(), &target),
                false => drop(std::fs::copy(entry.path(), target).unwrap()),
            }
        }
    }
    copy(&crate::common::root().join("data"), to);
}

/// From two analysts of whom the second did not see the ruling of the first.
#[test]
fn a_ruling_on_a_state_that_is_no_more_is_a_conflict() {
    let shelf = Shelf::new();
    let (server, id) = told(&shelf);
    let path = format!("/mentions/{id}-m1");
    let conditional =
        |method: &str, path: &str, tag: &str, body: &Value| crate::edits::conditional(&server, method, path, tag, body);
    let before = server.get(&path).header("etag").to_owned();
    assert!(before.starts_with("\"mention-0-"), "{before}");
    let first = conditional(
        "PATCH",
        &path,
        &before,
        &json!({"ruling": "reject", "reason": "a person"}),
    );
    assert_eq!(first.status, 200, "{}", first.text());
    let after = first.header("etag").to_owned();
    assert_eq!(server.get(&path).header("etag"), after);
    for (method, path) in [("PATCH", path.clone()), ("DELETE", format!("{path}/rulings"))] {
        let second = conditional(method, &path, &before, &json!({"ruling": "accept"}));
        assert_eq!(second.status, 409, "{method}: {}", second.text());
    }
    assert_eq!(server.get(&path).json()["ruling"]["ruling"], "reject");
    // A ruling on another mention, or a correction of the document, is no conflict.
    assert_eq!(
        rule(&server, &format!("{id}-m2"), json!({"ruling": "reject"})).status,
        200
    );
    let undone = conditional("PATCH", &path, &after, &json!({"ruling": "undo"}));
    assert_eq!(undone.status, 200, "{}", undone.text());
    // Taking back is a change too: who saw the first state has not seen it.
    assert_eq!(
        conditional("PATCH", &path, &before, &json!({"ruling": "accept"})).status,
        409
    );
    assert_eq!(
        conditional("PATCH", &path, "*", &json!({"ruling": "accept"})).status,
        200
    );
}
