//! Documents by their address and feeds over HTTP, against stub servers on this machine.

use crate::{
    common::{Server, eventually},
    writes::{Shelf, TOKEN, post},
};
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};

/// An answer: its status with headers, and its body.
type Answers = Arc<Mutex<Vec<(String, String, Vec<u8>)>>>;

/// A server that answers paths, and remembers the requests.
pub(crate) struct Stub {
    pub(crate) url: String,
    answers: Answers,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (answers, asked): (Answers, Arc<Mutex<Vec<String>>>) = Default::default();
        let (known, heard) = (Arc::clone(&answers), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let Ok(copy) = stream.try_clone() else { continue };
                let lines: Vec<String> = BufReader::new(copy)
                    .lines()
                    .map_while(Result::ok)
                    .take_while(|line| !line.is_empty())
                    .collect();
                let Some(path) = lines.first().and_then(|line| line.split(' ').nth(1)) else {
                    continue;
                };
                heard.lock().unwrap().push(lines.join("\n"));
                let found = known.lock().unwrap().iter().find(|(own, _, _)| own == path).cloned();
                let (_, head, body) = found.unwrap_or_else(|| (String::new(), "404 Not Found".to_owned(), Vec::new()));
                let head = format!(
                    "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
            }
        });
        Self { url, answers, asked }
    }

    pub(crate) fn set(&self, path: &str, head: &str, body: impl Into<Vec<u8>>) {
        let mut answers = self.answers.lock().unwrap();
        answers.retain(|(own, _, _)| own != path);
        answers.push((path.to_owned(), head.to_owned(), body.into()));
    }

    fn asked(&self, path: &str) -> usize {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .filter(|head| head.split(' ').nth(1) == Some(path))
            .count()
    }
}

const HTML: &str = "200 OK\r\ncontent-type: text/html; charset=utf-8";

fn page(text: &str) -> String {
    format!(
        "<html><head><title>Report</title></head><body><nav>Basra</nav><article><p>{text}</p></article></body></html>"
    )
}

fn private_server(shelf: &Shelf, more: &[&str]) -> Server {
    let address = shelf.address();
    let mut args = vec!["--store", &address, "--token", TOKEN, "--fetch-private"];
    args.extend(more);
    Server::start_with(&args)
}

#[test]
fn an_address_is_fetched_as_a_guest() {
    let stub = Stub::new();
    stub.set("/robots.txt", "200 OK", "User-agent: *\nDisallow: /closed\n");
    stub.set("/a.html", HTML, page("Two people were killed near Daquq on Monday."));
    stub.set("/closed/b.html", HTML, page("Kirkuk"));
    stub.set("/to", "302 Found\r\nlocation: /closed/b.html", "");
    let shelf = Shelf::new();
    let run = shelf.run(&["ingest", &format!("{}/a.html", stub.url)]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(
        stub.asked
            .lock()
            .unwrap()
            .iter()
            .all(|head| head.to_lowercase().contains("user-agent: mahwar/"))
    );
    for path in ["/closed/b.html", "/to"] {
        let run = shelf.run(&["ingest", &format!("{}{path}", stub.url)]);
        let error = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(
            error.contains("robots.txt") && run.status.code() == Some(2),
            "{path}: {error}"
        );
    }
    assert_eq!(stub.asked("/closed/b.html"), 0);
    let server = private_server(&shelf, &[]);
    let documents = server.get("/documents").json();
    assert_eq!(documents["documents"][0]["source_url"], format!("{}/a.html", stub.url));
    stub.set(
        "/c.html",
        HTML,
        page("One person was wounded near Khanaqin on Tuesday."),
    );
    let answer = post(
        &server,
        "application/json",
        json!({"source_url": format!("{}/c.html", stub.url)})
            .to_string()
            .as_bytes(),
    );
    assert_eq!(answer.status, 201, "{}", answer.text());
    let missing = post(
        &server,
        "application/json",
        json!({"source_url": format!("{}/none", stub.url)})
            .to_string()
            .as_bytes(),
    );
    assert_eq!(missing.status, 400);
    assert!(missing.text().contains("404"), "{}", missing.text());
}

#[test]
fn an_address_of_a_client_must_be_public() {
    let stub = Stub::new();
    stub.set("/a.html", HTML, page("Two people were killed near Daquq on Monday."));
    let shelf = Shelf::new();
    let server = shelf.server();
    for url in [
        format!("{}/a.html", stub.url),
        stub.url.replace("127.0.0.1", "localhost"),
        "http://[::1]/".to_owned(),
    ] {
        let answer = post(
            &server,
            "application/json",
            json!({"source_url": url}).to_string().as_bytes(),
        );
        assert_eq!(answer.status, 400, "{url}");
        assert!(answer.text().contains("not public"), "{url}: {}", answer.text());
    }
    assert_eq!(stub.asked.lock().unwrap().len(), 0);
}

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>Agency</title><link>/</link>{items}</channel></rss>")
}

#[test]
fn a_corrected_entry_is_a_document_that_names_the_one_before() {
    let stub = Stub::new();
    let item = |toll: u32| {
        rss(&format!(
            "<item><guid>1</guid><title>Attack</title><description>{toll} people were killed in Daquq & Kirkuk</description></item>"
        ))
    };
    stub.set("/feed", "200 OK\r\ncontent-type: application/rss+xml", item(2));
    let shelf = Shelf::new();
    let feed = format!("{}/feed", stub.url);
    let first = shelf.run(&["ingest", "--feed", &feed]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let first_id = String::from_utf8_lossy(&first.stdout)
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    stub.set("/feed", "200 OK\r\ncontent-type: application/rss+xml", item(7));
    let second = shelf.run(&["ingest", "--feed", &feed]);
    let (out, error) = (
        String::from_utf8_lossy(&second.stdout).into_owned(),
        String::from_utf8_lossy(&second.stderr).into_owned(),
    );
    assert!(
        out.contains(" revised ") && error.contains("1 revised"),
        "{out} {error}"
    );
    let id = out.split(' ').next().unwrap();
    let document = shelf.server().get(&format!("/documents/{id}")).json();
    let facts = document["details"]["facts"].as_array().unwrap();
    assert!(
        facts
            .iter()
            .any(|fact| fact["name"] == "revision_of" && fact["value"] == first_id.as_str()),
        "{facts:?}"
    );
    let change = json!({"in": "text", "removed": "2", "added": "7", "start": 0, "end": 1});
    assert_eq!(
        document["revision"],
        json!({"of": first_id, "changes": [change], "more": 0})
    );
    for (head, said) in [
        ("410 Gone", "gone for good"),
        ("429 Too Many\r\nretry-after: 120", "120 seconds"),
    ] {
        stub.set("/feed", head, "");
        let run = shelf.run(&["ingest", "--feed", &feed]);
        let error = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(error.contains(said) && run.status.code() == Some(1), "{error}");
    }
}

#[test]
fn a_server_asks_its_feeds_and_shows_what_became_of_them() {
    let stub = Stub::new();
    stub.set(
        "/1",
        HTML,
        page("Three people were wounded near Jalawla on Sunday morning."),
    );
    stub.set(
        "/feed",
        "200 OK\r\ncontent-type: application/rss+xml",
        rss("<item><guid>1</guid><title>Attack</title><link>/1</link><description>More</description></item><item><guid>2</guid></item>"),
    );
    let shelf = Shelf::new();
    let url = format!("{}/feed", stub.url);
    let server = private_server(&shelf, &["--feeds", &format!("{url} every=60 full_articles")]);
    eventually("the feed is asked", || {
        server.get("/feeds").json()["feeds"][0]["last_success"].is_string()
    });
    let feeds = server.get("/feeds").json();
    let feed = &feeds["feeds"][0];
    assert_eq!((&feed["url"], &feed["listed_by"]), (&json!(url), &json!("settings")));
    assert_eq!(
        (&feed["report"]["new"], &feed["report"]["refused"]),
        (&json!(1), &json!(1)),
        "{feeds}"
    );
    let documents = server.get("/documents").json();
    let id = documents["documents"].as_array().unwrap().last().unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(server.get(&format!("/documents/{id}/text")).text().contains("Jalawla"));
}
