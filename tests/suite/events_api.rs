//! Events over HTTP: accounts side by side, the layer in every format, decisions of analysts, tables for coders.

use crate::{
    common::{Answer, Server, agent, answer},
    writes::{Shelf, TOKEN, post},
};
use serde_json::{Value, json};

const REPORTS: [(&str, &str, &str); 4] = [
    (
        "Three soldiers were killed in an attack in Daquq, the army said.",
        "Agency A",
        "2022-05-02",
    ),
    (
        "A local official said that seven people were killed in Daquq.",
        "Paper B",
        "2022-05-02",
    ),
    ("At least five people were killed in Daquq.", "Radio C", "2022-05-02"),
    ("Two people were killed in Kifri.", "Radio C", "2022-05-02"),
];

/// A server with the reports; returns their ids.
fn told(shelf: &Shelf) -> (Server, Vec<String>) {
    let server = shelf.server();
    let ids = REPORTS.map(|(text, publisher, published)| {
        let body = json!({"text": text, "publisher": publisher, "published": published, "title": "A report"});
        let kept = post(&server, "application/json", body.to_string().as_bytes());
        assert_eq!(kept.status, 201, "{}", kept.text());
        kept.json()["id"].as_str().unwrap().to_owned()
    });
    (server, ids.to_vec())
}

fn write(server: &Server, method: &str, path: &str, tag: Option<&str>, body: &Value) -> Answer {
    let mut request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{}{path}", server.url))
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/json");
    if let Some(tag) = tag {
        request = request.header("if-match", tag);
    }
    answer(agent().run(request.body(body.to_string()).unwrap()))
}

#[test]
fn an_event_shows_its_accounts_side_by_side_with_their_words() {
    let shelf = Shelf::new();
    let (server, ids) = told(&shelf);
    let list = server.get("/events").json();
    assert_eq!(
        (&list["total"], list["events"].as_array().unwrap().len()),
        (&json!(2), 2)
    );
    let event = server.get(&format!("/events/{}-c1", ids[2])).json();
    assert_eq!(event["id"], format!("{}-c1", ids[0]));
    assert_eq!(
        (&event["type"], &event["differs_in"]),
        (&json!("casualties"), &json!(["killed"]))
    );
    let accounts = event["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 3);
    for account in accounts {
        let id = account["document"].as_str().unwrap();
        let text = server.get(&format!("/documents/{id}/text")).text();
        let quote: String = text
            .chars()
            .skip(account["start"].as_u64().unwrap() as usize)
            .take((account["end"].as_u64().unwrap() - account["start"].as_u64().unwrap()) as usize)
            .collect();
        assert_eq!(account["quote"], quote);
    }
    let at_least = accounts
        .iter()
        .find(|account| account["publisher"] == "Radio C")
        .unwrap();
    assert_eq!(at_least["figures"]["killed"]["bound"], "at_least");
    assert_eq!(event["position"]["geometry"]["type"], "MultiPolygon");
    let unknown = server.get("/events/0123456789abcdef-c1");
    assert_eq!(unknown.status, 404);
    let annotations = server.get(&format!("/events/{}-c1/annotations", ids[0])).json();
    assert_eq!(annotations["items"].as_array().unwrap().len(), 3);
    let map = server.get(&format!("/events/{}-c1/map.png", ids[0]));
    assert!(map.status == 200 && map.body.starts_with(b"\x89PNG"), "{}", map.status);
}

#[test]
fn the_list_takes_filters_and_goes_on_page_by_page() {
    let shelf = Shelf::new();
    let (server, _) = told(&shelf);
    let count = |query: &str| {
        server.get(&format!("/events?{query}")).json()["events"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count("datetime=2022-05-02"), 2);
    assert_eq!(count("datetime=2022-05-20/.."), 0);
    assert_eq!(count("type=casualties"), 2);
    assert_eq!(count("type=meeting"), 0);
    assert_eq!(count("bbox=44.2,34.9,44.6,35.3"), 1);
    for (query, expected) in [
        ("datetime=2022-05-20/..", 0),
        ("type=casualties&limit=1", 2),
        ("bbox=44.2,34.9,44.6,35.3", 1),
    ] {
        let list = server.get(&format!("/events?{query}")).json();
        assert_eq!(
            [&list["total"], &list["numberMatched"]],
            [&json!(expected); 2],
            "{query}"
        );
    }
    let unknown = server.get("/events?type=nonsense");
    assert_eq!((unknown.status, &unknown.json()["parameter"]), (400, &json!("type")));
    let first = server.get("/events?limit=1").json();
    let next = first["next"].as_str().unwrap();
    let second = server.get(&next[server.url.len()..]).json();
    assert_ne!(first["events"][0]["id"], second["events"][0]["id"]);
    assert!(second["next"].is_null(), "{second}");
    assert_eq!(server.get("/events?datetime=yesterday").status, 400);
    assert_eq!(server.get("/events?f=xml").status, 400);
}

#[test]
fn the_layer_of_events_is_served_like_every_other() {
    let shelf = Shelf::new();
    let (server, ids) = told(&shelf);
    let page = server.get("/collections/events/items").json();
    assert_eq!(page["numberMatched"], 2);
    let daquq = server.get(&format!("/collections/events/items/{}-c1", ids[0])).json();
    assert_eq!(daquq["properties"]["accounts"], 3);
    assert_eq!(daquq["properties"]["differs_in"], "killed");
    let some = server.get("/collections/events/items?filter=accounts%20%3E%202").json();
    assert_eq!(some["numberMatched"], 1);
    for format in [
        "geojson", "geojsonl", "csv", "kml", "gpkg", "fgb", "shp.zip", "parquet", "pmtiles",
    ] {
        let file = server.get(&format!("/downloads/events.{format}"));
        assert_eq!(file.status, 200, "{format}: {}", file.text());
    }
    assert_eq!(server.get("/xyz/events/8/159/101.mvt").status, 200);
    let style = server.get("/styles/light.json?lang=ckb").text();
    assert!(style.contains("ڕووداوەکان") && style.contains("\"events-edge\""));
}

#[test]
fn analysts_split_and_join_and_conflicts_are_shown() {
    let shelf = Shelf::new();
    let (server, ids) = told(&shelf);
    let path = format!("/events/{}-c1", ids[0]);
    let read = server.get(&path);
    let tag = read.header("etag").to_owned();
    let split = json!({"ruling": "split", "claims": [format!("{}-c1", ids[1])], "reason": "another attack"});
    let done = write(&server, "PATCH", &path, Some(&tag), &split);
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(done.json()["counts"]["accounts"], 2);
    assert_eq!(server.get("/collections/events/items").json()["numberMatched"], 3);
    // A second analyst who saw the event before.
    let late = write(
        &server,
        "PATCH",
        &path,
        Some(&tag),
        &json!({"ruling": "split", "claims": [format!("{}-c1", ids[2])]}),
    );
    assert_eq!(late.status, 409, "{}", late.text());
    let history = server.get(&format!("{path}/rulings")).json();
    assert_eq!(history["rulings"][0]["author"], "default");
    assert_eq!(history["rulings"][0]["reason"], "another attack");
    // The decision still exists after a restart.
    drop(server);
    let server = shelf.server();
    assert_eq!(server.get("/events").json()["total"], 3);
    let joined = write(
        &server,
        "PATCH",
        &path,
        None,
        &json!({"ruling": "join", "with": [format!("{}-c1", ids[3])]}),
    );
    assert_eq!((joined.status, &joined.json()["ruled"]), (200, &json!(true)));
    let undone = write(&server, "DELETE", &format!("{path}/rulings"), None, &Value::Null);
    assert_eq!(undone.status, 200, "{}", undone.text());
    assert_eq!(server.get("/events").json()["total"], 3);
    for (body, status) in [
        (json!({"ruling": "merge"}), 400),
        (json!({"ruling": "split"}), 400),
        (json!({"ruling": "join", "with": ["nothing"]}), 404),
        (json!({"ruling": "undo", "with": ["x-c1"]}), 400),
    ] {
        let refused = write(&server, "PATCH", &path, None, &body);
        assert_eq!(refused.status, status, "{body}: {}", refused.text());
    }
    let unsigned = answer(
        agent()
            .patch(format!("{}{path}", server.url))
            .header("content-type", "application/json")
            .send("{}"),
    );
    assert_eq!(unsigned.status, 401);
}

#[test]
fn tables_for_coders_have_a_row_for_each_account_and_no_number_for_a_bound() {
    let shelf = Shelf::new();
    let (server, _) = told(&shelf);
    let table = |format: &str| {
        let file = server.get(&format!("/events?f={format}"));
        assert_eq!(file.status, 200, "{}", file.text());
        let text = file.text().trim_start_matches('\u{feff}').to_owned();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap()).collect::<Vec<_>>()
    };
    let column = |rows: &[csv::StringRecord], name: &str| {
        let at = rows[0].iter().position(|cell| cell == name).unwrap();
        rows[1..].iter().map(|row| row[at].to_owned()).collect::<Vec<_>>()
    };
    let acled = table("acled");
    assert_eq!((acled.len(), acled[0].len()), (5, 31));
    let mut fatalities = column(&acled, "fatalities");
    fatalities.sort();
    assert_eq!(fatalities, ["2", "3", "5", "7"]);
    let notes = column(&acled, "notes");
    assert!(
        notes.iter().any(|notes| notes.ends_with("[fatalities: at least 5]")),
        "{notes:?}"
    );
    assert!(column(&acled, "geo_precision").iter().all(|code| !code.is_empty()));
    assert!(
        column(&acled, "notes")
            .iter()
            .any(|notes| notes.contains("seven people were killed in Daquq"))
    );
    let ucdp = table("ucdp");
    assert_eq!((ucdp.len(), ucdp[0].len()), (5, 49));
    let (best, low, high) = (column(&ucdp, "best"), column(&ucdp, "low"), column(&ucdp, "high"));
    let at = best.iter().position(String::is_empty).unwrap();
    assert_eq!((low[at].as_str(), high[at].as_str()), ("5", ""));
    let hxl = table("hxl");
    assert_eq!(hxl.len(), 6);
    assert!(hxl[1].iter().all(|tag| tag.starts_with('#')));
}
