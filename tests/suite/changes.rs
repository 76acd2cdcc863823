//! `/changes`: server-sent events, resumed by their ids, bounded, and ended with the server.

use crate::{
    common::Server,
    rulings::{request, rule},
    writes::{Shelf, TOKEN, post},
};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

/// A stream that is being read.
struct Stream {
    lines: BufReader<TcpStream>,
    status: String,
    head: Vec<String>,
}

struct Event {
    name: String,
    id: String,
    data: Value,
}

impl Stream {
    fn open(server: &Server, headers: &str) -> Self {
        let address = server.url.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        write!(stream, "GET /changes HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n").unwrap();
        let mut lines = BufReader::new(stream);
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_ascii_lowercase());
        }
        Self {
            lines,
            status: head.remove(0),
            head,
        }
    }

    /// The next event; `None` at the end of the stream.
    fn next(&mut self) -> Option<Event> {
        let (mut name, mut id, mut data) = (String::new(), String::new(), String::new());
        loop {
            let mut line = String::new();
            match self.lines.read_line(&mut line) {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
            let line = line.trim_end();
            if let Some(text) = line.strip_prefix("event: ") {
                text.clone_into(&mut name);
            } else if let Some(text) = line.strip_prefix("id: ") {
                text.clone_into(&mut id);
            } else if let Some(text) = line.strip_prefix("data: ") {
                text.clone_into(&mut data);
            } else if line.is_empty() && !data.is_empty() {
                let data = serde_json::from_str(&data).unwrap();
                return Some(Event { name, id, data });
            } else if line == "0" {
                // The last chunk.
                return None;
            }
        }
    }

    /// The next event of changes that passes.
    fn until(&mut self, passes: impl Fn(&Value) -> bool) -> Event {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            let event = self.next().expect("the stream goes on");
            if event.name == "changes" && passes(&event.data) {
                return event;
            }
        }
        panic!("no such event came");
    }
}

fn has(data: &Value, list: &str, id: &str) -> bool {
    data[list].as_array().unwrap().iter().any(|other| other == id)
}

fn stored(server: &Server, text: &str) -> String {
    let body = json!({"text": text, "published": "2022-05-03"});
    let kept = post(server, "application/json", body.to_string().as_bytes());
    assert_eq!(kept.status, 201, "{}", kept.text());
    kept.json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn documents_mentions_claims_and_events_that_change_are_told_as_they_change() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let mut stream = Stream::open(&server, "");
    assert!(stream.status.contains(" 200 "), "{}", stream.status);
    assert!(
        stream.head.contains(&"content-type: text/event-stream".to_owned()),
        "{:?}",
        stream.head
    );
    assert!(stream.head.contains(&"cache-control: no-store".to_owned()));
    assert_eq!(stream.next().unwrap().name, "here");
    let id = stored(
        &server,
        "The army said that five people were killed in Daquq on Monday.",
    );
    let told = stream.until(|data| has(data, "documents", &id));
    let event = told.data["events"][0].as_str().unwrap().to_owned();
    assert!(event.starts_with(&id), "{event}");
    // Announced changes are visible already.
    assert_eq!(server.get(&format!("/events/{event}")).status, 200);
    let mention = format!("{id}-m1");
    assert_eq!(rule(&server, &mention, json!({"ruling": "reject"})).status, 200);
    let told = stream.until(|data| has(data, "mentions", &mention));
    assert!(has(&told.data, "edited", &id));
    let patched = request(
        &server,
        "PATCH",
        &format!("/claims/{event}"),
        Some(&json!({"type": "clash"})),
    );
    assert_eq!(patched.status, 200, "{}", patched.text());
    stream.until(|data| has(data, "claims", &event));
    let patched = request(
        &server,
        "PATCH",
        &format!("/documents/{id}"),
        Some(&json!({"title": "T"})),
    );
    assert_eq!(patched.status, 200);
    let last = stream.until(|data| has(data, "documents", &id) && has(data, "edited", &id));
    drop(stream);

    // A client that reconnects gets the missed changes.
    let missed = stored(&server, "An attack took place in Kalar.");
    let mut again = Stream::open(&server, &format!("Last-Event-ID: {}\r\n", last.id));
    let told = again.next().unwrap();
    assert_eq!(told.name, "changes");
    assert!(
        has(&told.data, "documents", &missed) && !has(&told.data, "documents", &id),
        "{}",
        told.data
    );
    let gone = request(&server, "DELETE", &format!("/documents/{missed}?reason=x"), None);
    assert_eq!(gone.status, 200, "{}", gone.text());
    again.until(|data| has(data, "deleted", &missed));
    // A moment that the store does not follow.
    for wrong in [
        "nonsense",
        "ffffffffffffffffffffffffffffffff.1.ffffffffffffffff",
        "a.b.c",
    ] {
        let mut reset = Stream::open(&server, &format!("Last-Event-ID: {wrong}\r\n"));
        assert_eq!(reset.next().unwrap().name, "reset", "{wrong}");
    }
}

#[test]
fn what_another_process_writes_is_told_too() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let mut stream = Stream::open(&server, "");
    stream.next().unwrap();
    let file = shelf.path("a.txt");
    std::fs::write(&file, "An attack took place in Kalar yesterday.").unwrap();
    let done = shelf.run(&["ingest", &file.display().to_string()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    stream.until(|data| data["documents"].as_array().is_some_and(|list| list.len() == 1));
}

#[test]
fn streams_end_with_the_server_and_are_bounded() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let mut streams: Vec<Stream> = (0..64).map(|_| Stream::open(&server, "")).collect();
    assert!(streams.iter().all(|stream| stream.status.contains(" 200 ")));
    let refused = server.get("/changes");
    assert_eq!((refused.status, refused.header("retry-after")), (503, "30"));
    assert_eq!(refused.header("content-type"), "application/problem+json");
    // A client that disconnects frees a place.
    streams.truncate(63);
    crate::common::eventually("a place is free", || {
        let stream = Stream::open(&server, "");
        stream.status.contains(" 200 ")
    });
    let begun = Instant::now();
    assert!(server.stop(), "the server ends as it should");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert!(
        streams
            .iter_mut()
            .all(|stream| std::iter::from_fn(|| stream.next()).all(|event| event.name == "here"))
    );
}

#[test]
fn a_private_server_tells_changes_with_a_token_only() {
    let shelf = Shelf::new();
    let server = Server::start_with(&["--store", &shelf.address(), "--token", TOKEN, "--private"]);
    assert_eq!(server.get("/changes").status, 401);
    let mut stream = Stream::open(&server, &format!("Authorization: Bearer {TOKEN}\r\n"));
    assert_eq!(stream.next().unwrap().name, "here");
    drop(server);
    // Without a store nothing changes: the stream ends.
    let server = Server::start();
    let answer = server.get("/changes");
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/event-stream")
    );
    assert_eq!(answer.text(), "retry: 3000\n\n");
}
