//! Local names: an analyst adds a spelling or a place, later texts are read with it, stored ones by `mahwar reparse`, and it
//! can be taken back. The operator's logo is tested here too: both are files that the operator names.

use crate::{
    common::{Answer, Server},
    rulings::request,
    writes::{Shelf, TOKEN, post},
};
use serde_json::{Value, json};

/// A spelling that no gazetteer has.
const TEXT: &str = "The army said four people were killed in Makhmurabadi on Monday.";

fn server_with(shelf: &Shelf, file: &str) -> Server {
    Server::start_with(&["--store", &shelf.address(), "--token", TOKEN, "--local-names", file])
}

fn add(server: &Server, body: &Value) -> Answer {
    request(server, "POST", "/local-names", Some(body))
}

fn places(server: &Server, text: &str) -> Vec<String> {
    let answer = server.post("/geoparse", "text/plain", text.as_bytes());
    let mentions = answer.json()["mentions"].as_array().unwrap().clone();
    let placed = mentions.iter().filter_map(|mention| mention["place"]["id"].as_str());
    placed.map(str::to_owned).collect()
}

fn outdated(server: &Server) -> u64 {
    server.get("/readyz").json()["outdated_documents"].as_u64().unwrap()
}

#[test]
fn later_texts_are_read_with_a_spelling_and_stored_ones_by_reparse() {
    let shelf = Shelf::new();
    let file = shelf.path("names.tsv").display().to_string();
    let first = server_with(&shelf, &file);
    assert_eq!(first.get("/local-names").json()["names"], json!([]));
    let kept = post(&first, "text/plain", TEXT.as_bytes());
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(places(&first, TEXT), Vec::<String>::new());
    let added = add(
        &first,
        &json!({"place": "IQG11Q04", "language": "en", "name": "Makhmurabadi", "reason": "a wire's spelling"}),
    );
    assert_eq!(added.status, 201, "{}", added.text());
    assert_eq!(places(&first, TEXT), ["IQG11Q04"]);
    // The seed was read before the name came, too.
    assert_eq!(outdated(&first), 2);
    let listed = first.get("/local-names").json();
    assert_eq!(listed["names"][0]["name"], "Makhmurabadi");
    assert_eq!(listed["names"][0]["reason"], "a wire's spelling");
    let again = add(
        &first,
        &json!({"place": "IQG11Q04", "language": "en", "name": "Makhmurabadi"}),
    );
    assert_eq!(again.status, 409, "{}", again.text());

    let ran = shelf.run(&["reparse", "--local-names", &file]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let mentions = first.get(&format!("/documents/{id}/mentions")).json();
    assert_eq!(mentions["mentions"][0]["place"]["id"], "IQG11Q04");

    drop(first);
    let second = server_with(&shelf, &file);
    assert_eq!(places(&second, TEXT), ["IQG11Q04"]);
    assert_eq!(outdated(&second), 0);
    let removed = request(&second, "DELETE", "/local-names?place=IQG11Q04&name=Makhmurabadi", None);
    assert_eq!(removed.status, 200, "{}", removed.text());
    assert_eq!(places(&second, TEXT), Vec::<String>::new());
    let removed = request(&second, "DELETE", "/local-names?place=IQG11Q04&name=Makhmurabadi", None);
    assert_eq!(removed.status, 404, "{}", removed.text());
}

#[test]
fn a_new_place_lies_in_its_units_and_can_be_ruled_to() {
    let shelf = Shelf::new();
    let file = shelf.path("names.tsv").display().to_string();
    let server = server_with(&shelf, &file);
    let added = add(
        &server,
        &json!({"point": [43.62, 35.70], "level": "settlement", "language": "ar", "name": "خضر الجيجاوي"}),
    );
    assert_eq!(added.status, 201, "{}", added.text());
    let id = added.json()["place"].as_str().unwrap().to_owned();
    let text = "هاجم مسلحون قرية خضر الجيجاوي في قضاء مخمور.";
    assert!(places(&server, text).contains(&id));
    let kept = post(&server, "text/plain", text.as_bytes());
    let document = kept.json()["id"].as_str().unwrap().to_owned();
    let drawn = server
        .get(&format!("/collections/mentions/items?document={document}"))
        .json();
    let features = drawn["features"].as_array().unwrap();
    let own = features
        .iter()
        .find(|feature| feature["properties"]["place"] == id.as_str())
        .unwrap();
    assert_eq!(own["geometry"]["coordinates"], json!([43.62, 35.7]));
    // A text of before is ruled to it.
    let kept = post(&server, "text/plain", "Shots were heard in Kalar.".as_bytes());
    let other = kept.json()["id"].as_str().unwrap().to_owned();
    let ruled = crate::rulings::rule(&server, &format!("{other}-m1"), json!({"ruling": "move", "place": id}));
    assert_eq!(ruled.status, 200, "{}", ruled.text());
    assert_eq!(ruled.json()["place"]["id"], id.as_str());
    // From the next start it counts in its units too.
    drop(server);
    let again = server_with(&shelf, &file);
    let drawn = again
        .get(&format!("/collections/mentions/items?document={document}"))
        .json();
    let own = drawn["features"]
        .as_array()
        .unwrap()
        .iter()
        .find(|feature| feature["properties"]["place"] == id.as_str());
    let code = own.unwrap()["properties"]["district_code"].as_str().unwrap().to_owned();
    assert!(code.contains("IQG11Q04"), "{code}");
}

#[test]
fn wrong_local_names_are_refused_by_their_member() {
    let shelf = Shelf::new();
    let with = server_with(&shelf, &shelf.path("names.tsv").display().to_string());
    for (body, parameter) in [
        (json!({"place": "IQG99", "language": "en", "name": "Nowhere"}), "place"),
        (
            json!({"place": "point-35.1-44.1-point", "language": "en", "name": "Nowhere"}),
            "place",
        ),
        (json!({"language": "en", "name": "Nowhere"}), "place"),
        (
            json!({"place": "IQG11Q04", "point": [44.0, 35.0], "language": "en", "name": "Nowhere"}),
            "place",
        ),
        (
            json!({"place": "IQG11Q04", "language": "fr", "name": "Nowhere"}),
            "language",
        ),
        (json!({"place": "IQG11Q04", "language": "en", "name": "1"}), "name"),
        (json!({"place": "IQG11Q04", "language": "en", "name": "a|b c"}), "name"),
        (json!({"place": "IQG11Q04", "language": "en", "name": "a\tb"}), "name"),
        (
            json!({"point": [4.0, 50.0], "language": "en", "name": "Brussels"}),
            "point",
        ),
        (
            json!({"point": [44.0, 35.4], "level": "district", "language": "en", "name": "Nowhere"}),
            "level",
        ),
    ] {
        let refused = add(&with, &body);
        assert_eq!(refused.status, 400, "{body}: {}", refused.text());
        assert_eq!(refused.json()["parameter"], parameter, "{body}");
    }
    assert_eq!(with.get("/local-names").json()["names"], json!([]));
    let without = shelf.server();
    assert_eq!(without.get("/local-names").status, 404);
}

#[test]
fn a_file_that_cannot_be_applied_is_named_with_its_line() {
    let shelf = Shelf::new();
    let path = shelf.path("names.tsv");
    let header = "place\tlanguage\tname\tlon\tlat\tlevel\tin\tauthor\ttime\treason\n";
    std::fs::write(&path, format!("{header}IQG99\ten\tNowhere\t\t\t\t\t\t\t\n")).unwrap();
    let ran = shelf.run(&["search", "--local-names", path.to_str().unwrap(), "Kirkuk"]);
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(2), "{said}");
    assert!(said.contains("names.tsv") && said.contains("line 2"), "{said}");
}

#[test]
fn the_operators_logo_is_served_and_named_in_the_page() {
    let shelf = Shelf::new();
    let path = shelf.path("logo.svg");
    std::fs::write(
        &path,
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
    )
    .unwrap();
    let server = Server::start_with(&["--logo", path.to_str().unwrap()]);
    let logo = server.get("/logo");
    assert_eq!((logo.status, logo.header("content-type")), (200, "image/svg+xml"));
    assert!(logo.header("content-security-policy").contains("sandbox"));
    assert!(
        server
            .get_with("/", &[("accept", "text/html")])
            .text()
            .contains("&quot;logo&quot;:{&quot;href&quot;:&quot;logo&quot;}")
    );
    drop(server);
    assert_eq!(shelf.server().get("/logo").status, 404);
    std::fs::write(&path, "<html>").unwrap();
    let ran = shelf.run(&["serve", "--bind", "127.0.0.1:0", "--logo", path.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(2));
}
