//! Documents that are deleted: a reason that everybody reads, no trace in any layer, and no return by accident.

use crate::store_fixture::Place;
use crate::{
    common::{Answer, Server, agent, answer},
    store_fixture::PostgresPlace,
    writes::{Shelf, TOKEN, post},
};

const TEXT: &str = "An attack took place in Kalar and in Daquq.";

pub fn delete(server: &Server, path: &str, token: &str) -> Answer {
    let request = ureq::http::Request::builder()
        .method("DELETE")
        .uri(format!("{}{path}", server.url))
        .header("authorization", format!("Bearer {token}"))
        .body(String::new())
        .unwrap();
    answer(agent().run(request))
}

fn kept(server: &Server, text: &str) -> String {
    let answer = post(server, "text/plain", text.as_bytes());
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn repeat(server: &Server, query: &str) -> Answer {
    let request = agent()
        .post(format!("{}/documents{query}", server.url))
        .header("content-type", "text/plain")
        .header("authorization", format!("Bearer {TOKEN}"));
    answer(request.send(TEXT.as_bytes()))
}

#[test]
fn a_deleted_document_is_gone_from_every_answer_and_its_reason_remains() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let id = kept(&server, TEXT);
    let other = kept(&server, "Another attack took place in Kalar.");
    let count = |server: &Server| {
        let places = server.get("/collections/mention_places/items?limit=1000").json();
        let places = places["features"].as_array().unwrap().clone();
        let kalar = places.iter().find(|place| place["properties"]["name:en"] == "Kalar");
        kalar.map_or(0, |kalar| kalar["properties"]["count"].as_u64().unwrap())
    };
    assert_eq!(count(&server), 2);
    let listed = |server: &Server, lang: &str| {
        let all = server.get(&format!("/collections?lang={lang}")).json();
        let layers = all["collections"].as_array().unwrap().clone();
        let documents = layers.into_iter().find(|layer| layer["id"] == "documents").unwrap();
        (
            documents["count"].as_u64().unwrap(),
            documents["title"].as_str().unwrap().to_owned(),
        )
    };
    let (all, title) = listed(&server, "en");
    assert_ne!(listed(&server, "ar").1, title);
    let tile = server.get("/xyz/mention_places/6/39/25.mvt").header("etag").to_owned();

    assert_eq!(
        delete(&server, &format!("/documents/{id}?reason=x"), "wrong").status,
        401
    );
    assert_eq!(delete(&server, &format!("/documents/{id}"), TOKEN).status, 400);
    assert_eq!(
        delete(&server, &format!("/documents/{id}?reason=%20"), TOKEN).status,
        400
    );
    assert_eq!(
        delete(&server, "/documents/0000000000000000?reason=x", TOKEN).status,
        404
    );
    let deleted = delete(
        &server,
        &format!("/documents/{id}?reason=published%20by%20mistake"),
        TOKEN,
    );
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    assert_eq!(deleted.json()["reason"], "published by mistake");

    for path in [
        "",
        "/text",
        "/original",
        "/mentions",
        "/claims",
        "/annotations",
        "/map.png",
    ] {
        let gone = server.get(&format!("/documents/{id}{path}"));
        assert_eq!(gone.status, 410, "{path}: {}", gone.text());
        assert!(gone.text().contains("published by mistake"), "{path}: {}", gone.text());
    }
    assert_eq!(server.get(&format!("/mentions/{id}-m1")).status, 410);
    assert_eq!(server.get(&format!("/mentions/{id}-m1/rulings")).status, 410);
    assert_eq!(server.get(&format!("/collections/mentions/items/{id}-m1")).status, 410);
    assert_eq!(server.get(&format!("/collections/documents/items/{id}")).status, 410);
    assert_eq!(
        delete(&server, &format!("/documents/{id}?reason=twice"), TOKEN).status,
        410
    );
    assert_eq!(count(&server), 1);
    assert_eq!(listed(&server, "en"), (all - 1, title));
    assert_ne!(server.get("/xyz/mention_places/6/39/25.mvt").header("etag"), tile);
    assert_eq!(server.get("/documents").json()["total"], 2);
    let mentions = server.get("/downloads/mentions.csv").text();
    assert!(!mentions.contains(&id) && mentions.contains(&other));

    let refused = repeat(&server, "");
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains("published by mistake") && refused.text().contains("again=true"));
    let lines = format!("{}\n", serde_json::json!({"text": TEXT}));
    let lines = post(&server, "application/x-ndjson", lines.as_bytes());
    assert_eq!(lines.json()["status"], 409, "{}", lines.text());
    // Nor with other blanks, line ends or invisible characters.
    for slight in [
        format!("{TEXT}\n"),
        format!("  {TEXT}"),
        TEXT.replace(' ', "\r\n"),
        TEXT.replace("Kalar", "Ka\u{200b}lar"),
    ] {
        let refused = post(&server, "text/plain", slight.as_bytes());
        assert_eq!(refused.status, 409, "{slight:?}: {}", refused.text());
    }
    let added = post(&server, "text/plain", format!("{TEXT} Nobody was hurt.").as_bytes());
    assert_eq!(added.status, 201, "another text");
    let added = added.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        delete(&server, &format!("/documents/{added}?reason=test"), TOKEN).status,
        200
    );
    // Nor under a title.
    let titled = serde_json::json!({"text": TEXT, "title": "Another title"}).to_string();
    let refused = post(&server, "application/json", titled.as_bytes());
    assert_eq!(refused.status, 409, "{}", refused.text());
    let file = shelf.path("report.txt");
    std::fs::write(&file, TEXT).unwrap();
    let ingested = shelf.run(&["ingest", &file.display().to_string()]);
    assert!(String::from_utf8_lossy(&ingested.stderr).contains("1 deleted before"));

    // Also after a new start.
    drop(server);
    let server = shelf.server();
    assert_eq!(server.get(&format!("/documents/{id}")).status, 410);
    let again = repeat(&server, "?again=true");
    assert_eq!(again.status, 201, "{}", again.text());
    assert_eq!(server.get(&format!("/documents/{id}")).status, 200);
    assert_eq!(count(&server), 2);
    let checked = shelf.run(&["check", "--store", &shelf.address()]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// Two servers over one store.
fn followed(address: &str) {
    let start = || Server::start_with(&["--store", address, "--token", TOKEN]);
    let (one, other) = (start(), start());
    let id = kept(&one, TEXT);
    let there = other.wait_for(&format!("/collections/mentions/items/{id}-m1"), |answer| {
        answer.status == 200
    });
    assert_eq!(there.status, 200);
    assert_eq!(
        delete(&one, &format!("/documents/{id}?reason=draft"), TOKEN).status,
        200
    );
    assert_eq!(other.get(&format!("/documents/{id}")).status, 410);
    let gone = other.wait_for("/collections/mentions/items?limit=1000", |answer| {
        !answer.text().contains(&id)
    });
    assert!(!gone.text().contains(&id));
    let tile = |server: &Server| server.get("/xyz/mention_places/6/39/25.mvt").header("etag").to_owned();
    assert_eq!(tile(&one), tile(&other));
}

#[test]
fn another_server_over_the_same_file_follows_a_deletion() {
    followed(&Shelf::new().address());
}

#[test]
fn another_server_over_the_same_database_follows_a_deletion() {
    if let Some(place) = PostgresPlace::new() {
        followed(&place.address());
    }
}

#[test]
fn seeds_that_were_deleted_do_not_come_back() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let seed = server.get("/documents").json()["documents"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        delete(&server, &format!("/documents/{seed}?reason=example"), TOKEN).status,
        200
    );
    drop(server);
    let server = shelf.server();
    assert_eq!(server.get("/documents").json()["total"], 0);
    assert_eq!(server.get(&format!("/documents/{seed}")).status, 410);
}
