//! Several servers over one PostgreSQL: a write on one is visible on the others, and an outage of the database takes no
//! server's map away.

use crate::{
    common::Server,
    store_fixture::{Place, PostgresPlace, PostgresServer},
    writes::{TOKEN, post},
};
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

const TEXT: &str = "An attack took place in Kalar and in Daquq.";

fn serve(address: &str) -> Server {
    Server::start_with(&["--store", address, "--token", TOKEN])
}

fn shows_kalar(server: &Server) -> bool {
    let places = server.get("/collections/mention_places/items?limit=1000");
    places.text().contains("\"Kalar\"")
}

/// Waits until something is so.
fn within(limit: Duration, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < limit, "it is not so after {limit:?}");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_write_on_one_server_is_read_on_the_other_within_a_second() {
    let Some(place) = PostgresPlace::new() else { return };
    let (one, other) = (serve(&place.address()), serve(&place.address()));
    assert!(!shows_kalar(&one) && !shows_kalar(&other));
    let kept = post(&one, "text/plain", TEXT.as_bytes());
    assert_eq!(kept.status, 201, "{}", kept.text());
    assert!(shows_kalar(&one), "the next read on the same server sees it");
    within(Duration::from_secs(60), || shows_kalar(&other));
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(other.get(&format!("/documents/{id}/text")).text(), TEXT);
    // The same text again, on the other one, is the same document.
    let again = post(&other, "text/plain", TEXT.as_bytes());
    assert_eq!((again.status, again.json()["id"].as_str()), (200, Some(id.as_str())));

    let ruled = ureq::http::Request::patch(format!("{}/mentions/{id}-m1", other.url))
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/json")
        .body(r#"{"ruling":"reject","author":"analyst"}"#)
        .unwrap();
    assert_eq!(crate::common::answer(crate::common::agent().run(ruled)).status, 200);
    assert!(!shows_kalar(&other));
    within(Duration::from_secs(60), || !shows_kalar(&one));
}

#[test]
fn a_database_that_is_gone_for_a_while_leaves_the_map_and_needs_no_new_start() {
    let Some(mut database) = PostgresServer::start() else {
        return;
    };
    let address = database.database();
    let server = serve(&address);
    assert_eq!(post(&server, "text/plain", TEXT.as_bytes()).status, 201);
    database.tell("stop");
    for refused in [
        post(&server, "text/plain", b"Kirkuk was quiet."),
        server.get("/documents"),
    ] {
        assert_eq!(refused.status, 503, "{}", refused.text());
        assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
        assert!(!refused.text().contains("postgres:"), "{}", refused.text());
    }
    assert_eq!(server.get("/collections/governorates/items").status, 200);
    assert_eq!(server.get("/xyz/governorates,mention_places/6/39/25.mvt").status, 200);
    assert!(shows_kalar(&server), "what was read stays on the map");
    database.tell("start");
    within(Duration::from_secs(200), || {
        post(&server, "text/plain", b"Kirkuk was quiet.").status != 503
    });
    let documents = server.get("/documents").json();
    assert_eq!(documents["total"], 3, "{documents}");
}

#[test]
fn a_server_that_starts_before_its_database_takes_it_when_it_comes() {
    let Some(mut database) = PostgresServer::start() else {
        return;
    };
    let address = database.database();
    database.tell("stop");
    let server = serve(&address);
    assert_eq!(server.get("/collections/governorates/items").status, 200);
    assert_eq!(server.get("/documents").status, 503);
    database.tell("start");
    within(Duration::from_secs(200), || server.get("/documents").status == 200);
    assert_eq!(server.get("/documents").json()["total"], 1, "the seeds are put in");
}
