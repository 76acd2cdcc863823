//! Documents that stay: kept over HTTP and by `mahwar ingest`, shown at once, refused with a reason.

use crate::common::{Answer, BINARY, Server, agent, answer, eventually, root};
use serde_json::{Value, json};
use std::{
    path::PathBuf,
    process::{Command, Output},
};
use tempfile::TempDir;

pub const TOKEN: &str = "a-token-of-the-tests";
const TEXT: &str = "قال ناطق إن 12 هجوما وقعت في قضاء مخمور وفي قضاء خانقين خلال شهرين.";

/// A store in a folder of its own.
pub struct Shelf {
    folder: TempDir,
}

impl Shelf {
    pub fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn address(&self) -> String {
        format!("sqlite:{}", self.path("store.db").display())
    }

    pub fn server(&self) -> Server {
        Server::start_with(&["--store", &self.address(), "--token", TOKEN])
    }

    pub fn run(&self, args: &[&str]) -> Output {
        Command::new(BINARY)
            .args(args)
            .env("MAHWAR_STORE", self.address())
            .current_dir(root())
            .output()
            .expect("the binary runs")
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).expect("the file is written");
        path.display().to_string()
    }
}

pub fn post(server: &Server, kind: &str, body: &[u8]) -> Answer {
    let request = agent()
        .post(format!("{}/documents", server.url))
        .header("content-type", kind)
        .header("authorization", format!("Bearer {TOKEN}"));
    answer(request.send(body))
}

/// Stores a new text; its id.
pub fn stored(server: &Server, text: &str) -> String {
    let answer = post(server, "text/plain", text.as_bytes());
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn post_json(server: &Server, value: &Value) -> Answer {
    post(server, "application/json", value.to_string().as_bytes())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn count_of(server: &Server, place: &str) -> u64 {
    let answer = server.get(&format!("/collections/mention_places/items/{place}"));
    match answer.status {
        404 => 0,
        _ => answer.json()["properties"]["count"].as_u64().expect("a count"),
    }
}

#[test]
fn a_document_that_was_kept_shows_in_every_layer_at_once_and_after_a_new_start() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let before = count_of(&server, "IQG10Q04");
    let untouched = server.get("/xyz/governorates/6/39/25.mvt").header("etag").to_owned();
    let changed = server
        .get("/collections/mention_places/items")
        .header("etag")
        .to_owned();
    let kept = post_json(
        &server,
        &json!({"text": TEXT, "title": "بيان", "source_url": "https://example.org/1", "publisher": "Agency",
                "published": "2022-01-05", "language": "ar"}),
    );
    assert_eq!(kept.status, 201, "{}", kept.text());
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(kept.header("location"), format!("{}/documents/{id}", server.url));
    let places = server.get("/collections/mention_places/items?limit=1000").json();
    let places = places["features"].as_array().unwrap().clone();
    let khanaqin = places
        .iter()
        .find(|place| place["properties"]["name:en"] == "Khanaqin")
        .expect("Khanaqin is drawn");
    assert!(
        khanaqin["properties"].get("by_day").is_none_or(Value::is_null),
        "only where it is asked for"
    );
    let dated = server
        .get("/collections/mention_places/items?limit=1000&properties=place,by_day")
        .json();
    let mut dated = dated["features"].as_array().unwrap().iter();
    let dated = dated
        .find(|place| place["id"] == khanaqin["id"])
        .expect("Khanaqin is there");
    assert_eq!(dated["properties"]["by_day"]["2022-01-05"], 1);
    assert_ne!(server.get("/collections/mention_places/items").header("etag"), changed);
    assert_eq!(server.get("/xyz/governorates/6/39/25.mvt").header("etag"), untouched);
    let mentions = server.get(&format!("/collections/mentions/items?document={id}")).json();
    assert_eq!(mentions["numberMatched"], 2, "{mentions}");
    assert_eq!(
        server.get(&format!("/collections/documents/items/{id}")).json()["properties"]["title"],
        "بيان"
    );
    let _ = before;

    let again = post_json(&server, &json!({"text": TEXT, "title": "بيان"}));
    assert_eq!((again.status, again.json()["id"].as_str()), (200, Some(id.as_str())));
    // Under another title it is another outlet's document.
    let other = post_json(&server, &json!({"text": TEXT, "title": "another title"}));
    assert_eq!(other.status, 201, "{}", other.text());
    drop(server);
    let server = shelf.server();
    let document = server.get(&format!("/documents/{id}")).json();
    assert_eq!(
        (&document["title"], &document["publisher"], &document["published"]),
        (&json!("بيان"), &json!("Agency"), &json!("2022-01-05"))
    );
    assert_eq!(server.get(&format!("/documents/{id}/text")).text(), TEXT);
    // The seed and these two.
    assert_eq!(server.get("/documents").json()["total"], 3);
    assert_eq!(
        server.get(&format!("/collections/mentions/items?document={id}")).json()["numberMatched"],
        2
    );
}

#[test]
fn every_kind_of_body_is_read() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let plain = post(&server, "text/plain; charset=utf-8", "Attack in Kirkuk.".as_bytes());
    assert_eq!(plain.status, 201, "{}", plain.text());

    let page = "<html><head><title>خبر</title><script>alert(1)</script></head><body><p>هجوم في <b>كركوك</b> &amp; داقوق.</p></body></html>";
    let html = post(&server, "text/html", page.as_bytes());
    assert_eq!(html.status, 201, "{}", html.text());
    let id = html.json()["id"].as_str().unwrap().to_owned();
    let text = server.get(&format!("/documents/{id}/text"));
    assert_eq!(text.text(), "هجوم في كركوك & داقوق.");
    assert_eq!(server.get(&format!("/documents/{id}")).json()["title"], "خبر");
    let original = server.get(&format!("/documents/{id}/original"));
    assert_eq!(original.text(), page);
    assert!(original.header("content-type").starts_with("text/plain"));
    assert_eq!(original.header("x-content-type-options"), "nosniff");

    let form = "--b\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nA form\r\n\
        --b\r\ncontent-disposition: form-data; name=\"published\"\r\n\r\n2022-02-03\r\n\
        --b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.html\"\r\ncontent-type: text/html\r\n\r\n<p>Clash near Daquq</p>\r\n--b--\r\n";
    let sent = post(&server, "multipart/form-data; boundary=b", form.as_bytes());
    assert_eq!(sent.status, 201, "{}", sent.text());
    let id = sent.json()["id"].as_str().unwrap().to_owned();
    let document = server.get(&format!("/documents/{id}")).json();
    assert_eq!(
        (&document["title"], &document["published"]),
        (&json!("A form"), &json!("2022-02-03"))
    );

    let lines = "{\"text\":\"Raid in Tuz Khurmatu\"}\n\n{\"text\":\"Raid in Tuz Khurmatu\"}\n{\"txt\":1}\n{\"html\":\"<p>Meeting in Kalar</p>\"}";
    let sent = post(&server, "application/x-ndjson", lines.as_bytes());
    assert_eq!(sent.status, 200);
    let answers: Vec<Value> = sent
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<_> = answers
        .iter()
        .map(|line| (line["line"].as_u64().unwrap(), line["status"].as_u64().unwrap()))
        .collect();
    assert_eq!(told, [(1, 201), (3, 200), (4, 400), (5, 201)]);
    assert_eq!(answers[0]["id"], answers[1]["id"]);
    assert!(answers[2]["detail"].as_str().unwrap().contains("txt"));
    assert_eq!(server.get("/documents").json()["total"], 6);
}

#[test]
fn markup_of_a_document_is_never_markup_of_ours() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let bad = "<script>alert(1)</script> هجوم في كركوك <img src=x onerror=alert(2)>";
    let kept = post_json(&server, &json!({"text": bad, "title": bad, "publisher": "<b>bold</b>"}));
    assert_eq!(kept.status, 201, "{}", kept.text());
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    for path in [
        format!("/collections/documents/items/{id}?f=html"),
        "/collections/documents/items?f=html".to_owned(),
        "/collections/mentions/items?f=html&limit=100".to_owned(),
    ] {
        let page = server.get(&path);
        assert_eq!(page.status, 200, "{path}");
        let text = page.text();
        assert!(
            !text.contains("<script>alert") && !text.contains("<img src=x") && !text.contains("<b>bold"),
            "{path}"
        );
    }
    let text = server.get(&format!("/documents/{id}/text"));
    assert!(text.header("content-type").starts_with("text/plain"));
}

#[test]
fn a_body_that_is_wrong_is_refused_with_what_would_be_right() {
    let shelf = Shelf::new();
    let server = shelf.server();
    for (kind, body, status, word) in [
        ("application/json", "{", 400, "JSON"),
        ("application/json", "{\"title\":\"x\"}", 400, "html"),
        (
            "application/json",
            "{\"text\":\"a\",\"published\":\"soon\"}",
            400,
            "RFC 3339",
        ),
        ("application/json", "{\"text\":\"a\",\"language\":\"de\"}", 400, "ckb"),
        (
            "application/json",
            "{\"text\":\"a\",\"source_url\":\"javascript:1\"}",
            400,
            "http://",
        ),
        ("application/json", "{\"text\":\"a\\u0000b\"}", 400, "NUL"),
        ("application/json", "{\"text\":\" \"}", 400, "empty"),
        ("text/plain", "", 400, "empty"),
        ("text/plain; charset=klingon", "a", 400, "windows-1256"),
        ("image/png", "a", 415, "multipart/form-data"),
        ("multipart/form-data", "a", 400, "form"),
    ] {
        let refused = post(&server, kind, body.as_bytes());
        assert_eq!(refused.status, status, "{kind} {body}: {}", refused.text());
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert!(refused.text().contains(word), "{kind} {body}: {}", refused.text());
    }
    let not_utf8 = post(&server, "text/plain", b"Kirkuk \xff");
    assert!(
        not_utf8.status == 400 && not_utf8.text().contains("offset 7"),
        "{}",
        not_utf8.text()
    );
    assert_eq!(server.get("/documents").json()["total"], 1);
}

/// Sends the head of a request and returns the server's answer to it, without ever sending the body.
fn head_only(server: &Server, head: &str) -> String {
    use std::io::{Read, Write};
    let host = server.url.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(host).expect("it listens");
    stream
        .set_read_timeout(Some(std::time::Duration::from_secs(120)))
        .unwrap();
    write!(stream, "{head}\r\nhost: {host}\r\n\r\n").unwrap();
    let mut said = [0; 4096];
    let length = stream.read(&mut said).expect("an answer comes before the body");
    String::from_utf8_lossy(&said[..length]).into_owned()
}

#[test]
fn a_body_over_the_limit_is_refused_before_it_is_sent() {
    let shelf = Shelf::new();
    let server = shelf.server();
    for kind in [
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=b",
        "text/html",
        "application/x-ndjson",
    ] {
        let head = format!(
            "POST /documents HTTP/1.1\r\ncontent-type: {kind}\r\nauthorization: Bearer {TOKEN}\r\ncontent-length: 9000000000"
        );
        let said = head_only(&server, &head);
        assert!(said.starts_with("HTTP/1.1 413"), "{kind}: {said}");
    }
}

#[test]
fn only_the_token_lets_a_write_pass() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let send = |token: Option<&str>| {
        let request = agent()
            .post(format!("{}/documents", server.url))
            .header("content-type", "text/plain");
        let request = match token {
            Some(token) => request.header("authorization", token),
            None => request,
        };
        answer(request.send("Kirkuk"))
    };
    for token in [
        None,
        Some("Bearer wrong"),
        Some("Bearer "),
        Some("Basic YTpi"),
        Some(TOKEN),
    ] {
        let refused = send(token);
        assert_eq!(refused.status, 401, "{token:?}");
        assert!(refused.header("www-authenticate").starts_with("Bearer"), "{token:?}");
        assert!(!refused.text().contains(TOKEN));
    }
    let unread = head_only(
        &server,
        "POST /documents HTTP/1.1\r\ncontent-type: text/plain\r\ncontent-length: 10",
    );
    assert!(unread.starts_with("HTTP/1.1 401"), "{unread}");
    assert_eq!(send(Some(&format!("bearer {TOKEN}"))).status, 201);

    // Another site's page may read and must not write.
    let preflight = |method: &str, path: &str| {
        let request = ureq::http::Request::options(format!("{}{path}", server.url))
            .header("origin", "http://localhost:3000")
            .header("access-control-request-method", method)
            .body(())
            .unwrap();
        answer(agent().run(request))
    };
    assert_eq!(
        preflight("GET", "/documents").header("access-control-allow-origin"),
        "*"
    );
    for (method, path) in [
        ("POST", "/documents"),
        ("PATCH", "/mentions/x-m1"),
        ("DELETE", "/mentions/x-m1/rulings"),
    ] {
        let told = preflight(method, path);
        assert_eq!(told.header("access-control-allow-origin"), "", "{method}");
        assert_eq!(told.header("access-control-allow-methods"), "", "{method}");
    }
    assert_eq!(send(None).header("access-control-allow-origin"), "");
}

#[test]
fn without_a_token_or_a_store_writes_are_off_and_say_so() {
    let shelf = Shelf::new();
    let server = Server::start_with(&["--store", &shelf.address()]);
    let off = post(&server, "text/plain", b"Kirkuk");
    assert!(
        off.status == 403 && off.text().contains("MAHWAR_TOKEN"),
        "{}",
        off.text()
    );
    let server = Server::start_with(&["--token", TOKEN]);
    let off = post(&server, "text/plain", b"Kirkuk");
    assert!(off.status == 403 && off.text().contains("--store"), "{}", off.text());
}

#[test]
fn a_store_that_does_not_open_leaves_everything_else_as_it_is_and_is_taken_when_it_does() {
    let shelf = Shelf::new();
    std::fs::write(
        shelf.path("store.db"),
        "this is no database, however long one looks at it; it is a text",
    )
    .unwrap();
    let server = shelf.server();
    assert_eq!(server.get("/collections/governorates/items").status, 200);
    for refused in [post(&server, "text/plain", b"Kirkuk"), server.get("/documents")] {
        assert_eq!(refused.status, 503, "{}", refused.text());
        assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
    }
    std::fs::remove_file(shelf.path("store.db")).unwrap();
    let kept = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        post(&server, "text/plain", b"Kirkuk").status == 201
    });
    assert!(kept, "the store is taken without a new start");
}

#[test]
fn files_are_ingested_once_with_their_description() {
    let shelf = Shelf::new();
    let text = shelf.file("a.txt", TEXT);
    let page = shelf.file("b.html", "<title>T</title><p>Attack in Daquq</p>");
    let lines = shelf.file(
        "c.ndjson",
        "{\"id\":1,\"text\":\"Kalar was quiet.\",\"published\":\"2022-03-04\"}\n{\"text\":\"\"}\n{\"text\":\"Kifri was quiet.\"}\n",
    );
    let done = shelf.run(&[
        "ingest",
        &text,
        &page,
        "--published",
        "2022-01-01",
        "--publisher",
        "Agency",
        "--lang",
        "ar",
    ]);
    assert!(done.status.success(), "{}", said(&done));
    let done = shelf.run(&["ingest", &lines, &text, "--published", "2022-01-01"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(said(&done).contains("c.ndjson:2: the text is empty"), "{}", said(&done));
    assert!(said(&done).contains("2 new, 1 known, 1 refused"), "{}", said(&done));

    let server = shelf.server();
    let documents = server.get("/documents").json();
    let documents = documents["documents"].as_array().unwrap();
    let dates: Vec<_> = documents
        .iter()
        .map(|document| document["published"].as_str().unwrap())
        .collect();
    assert_eq!(dates, ["2022-01-01", "2022-01-01", "2022-03-04", "2022-01-01"]);
    assert_eq!(
        (&documents[0]["language"], &documents[0]["publisher"]),
        (&json!("ar"), &json!("Agency"))
    );
    assert_eq!(documents[1]["original"], "text/html");
    assert_eq!(documents[3]["language"], "en");
}

#[test]
fn wrong_usage_of_ingest_is_told_before_anything_is_kept() {
    let shelf = Shelf::new();
    let text = shelf.file("a.txt", TEXT);
    for (args, word) in [
        (vec!["ingest", &text, "--published", "soon"], "RFC 3339"),
        (vec!["ingest", &text, "--source-url", "file:///etc/passwd"], "http://"),
        (vec!["ingest", "/no/such/file.txt"], "/no/such/file.txt"),
        (vec!["ingest", "report.pdf"], "report.pdf"),
        (vec!["ingest", &text, "--store", "mysql://x"], "sqlite:PATH"),
        (vec!["ingest"], "FILE"),
    ] {
        let refused = shelf.run(&args);
        assert_eq!(refused.status.code(), Some(2), "{args:?}: {}", said(&refused));
        assert!(said(&refused).contains(word), "{args:?}: {}", said(&refused));
    }
}

#[test]
fn what_another_process_ingests_shows_within_a_second() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let text = shelf.file("a.txt", TEXT);
    let done = shelf.run(&["ingest", &text, "--published", "2022-01-05"]);
    assert!(done.status.success(), "{}", said(&done));
    // A second is promised; a busy machine may hold it up.
    eventually("the document is on the map", || {
        let places = server.get("/collections/mention_places/items?limit=1000").text();
        places.contains("2022-01-05")
    });
}

/// A store with more documents than are kept in memory.
fn full_shelf() -> (Shelf, usize) {
    const COUNT: usize = 720;
    let shelf = Shelf::new();
    let names = ["Kirkuk", "Daquq", "Kalar", "Makhmour"];
    let lines: String = (0..COUNT)
        .map(|nth| {
            let text = format!(
                "An attack took place in {} and in Khanaqin, report {nth}.",
                names[nth % 4]
            );
            format!(
                "{}\n",
                json!({"text": text, "published": format!("2022-{:02}-{:02}", 1 + nth % 12, 1 + nth % 28)})
            )
        })
        .collect();
    let lines = shelf.file("many.ndjson", &lines);
    let done = shelf.run(&["ingest", &lines]);
    assert!(done.status.success(), "{}", said(&done));
    (shelf, COUNT)
}

#[test]
fn pages_of_a_store_larger_than_memory_are_whole_and_in_order() {
    let (shelf, count) = full_shelf();
    let server = shelf.server();
    for (layer, each) in [("mentions", 2), ("documents", 1)] {
        let (mut seen, mut offset) = (Vec::new(), 0);
        loop {
            let page = server
                .get(&format!("/collections/{layer}/items?limit=400&offset={offset}"))
                .json();
            assert_eq!(page["numberMatched"].as_u64(), Some((count * each) as u64), "{layer}");
            let features = page["features"].as_array().unwrap();
            seen.extend(
                features
                    .iter()
                    .map(|feature| feature["id"].as_str().unwrap().to_owned()),
            );
            offset += features.len();
            let links = page["links"].as_array().unwrap();
            if !links.iter().any(|link| link["rel"] == "next") {
                break;
            }
        }
        assert_eq!(seen.len(), count * each, "{layer}");
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len(), "{layer}");
        // The first of all is far from memory.
        let first = server.get(&format!("/collections/{layer}/items/{}", seen[0]));
        assert_eq!(first.status, 200, "{layer}");
    }
    assert_eq!(
        server.get("/collections/mentions/items/0000000000000000-m1").status,
        404
    );
    assert_eq!(
        server.get("/collections/mentions").json()["count"].as_u64(),
        Some(2 * count as u64)
    );
}

#[test]
fn selections_over_a_store_larger_than_memory_find_what_is_there() {
    let (shelf, count) = full_shelf();
    let server = shelf.server();
    let places = server.get("/collections/mention_places/items?limit=1000").json();
    let places = places["features"].as_array().unwrap();
    let total: u64 = places
        .iter()
        .map(|place| place["properties"]["count"].as_u64().unwrap())
        .sum();
    assert_eq!(total, 2 * count as u64);
    let kalar = places
        .iter()
        .find(|place| place["properties"]["name:en"] == "Kalar")
        .expect("Kalar is drawn");
    let id = kalar["id"].as_str().unwrap();
    let expected = count / 4;
    let found = |query: &str| {
        let page = server.get(&format!("/collections/mentions/items?limit=10000&{query}"));
        assert_eq!(page.status, 200, "{query}: {}", page.text());
        page.json()["numberReturned"].as_u64().unwrap() as usize
    };
    assert_eq!(found(&format!("place={id}")), expected);
    assert_eq!(found(&format!("filter=place%3D'{id}'")), expected);
    assert_eq!(found("filter=text%3D'Kalar'"), expected);
    assert_eq!(found("filter=text%3D'Kalar'&sortby=-published"), expected);
    assert_eq!(found("datetime=2022-01-01/2022-01-31"), 2 * count / 12);
    assert_eq!(found("datetime=2030-01-01/.."), 0);
    let [lon, lat] = [0, 1].map(|at| kalar["geometry"]["coordinates"][at].as_f64().unwrap());
    let around = format!("bbox={},{},{},{}", lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01);
    assert_eq!(found(&around), expected);
    let csv = server.get(&format!("/downloads/mentions.csv?place={id}"));
    assert_eq!(csv.text().lines().count(), expected + 1);
    let lines = server.get("/downloads/documents.geojsonl");
    assert_eq!(lines.text().lines().count(), count);
    let listed = server.get("/documents?limit=100").json();
    assert_eq!(listed["documents"].as_array().unwrap().len(), 100);
    let next = listed["next"]
        .as_str()
        .unwrap()
        .trim_start_matches(&server.url)
        .to_owned();
    assert_eq!(server.get(&next).json()["documents"][0]["number"], 101);
}
