//! The log under attack: for any input of clients and feeds, a line is one printable line, there are few of them, and
//! the records of writes name the author and the action.

use crate::{
    common::{Answer, BINARY, agent, answer, root},
    writes::{Shelf, TOKEN},
};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

/// A server that writes its log into a file of the shelf.
struct Logged<'s> {
    shelf: &'s Shelf,
    child: Child,
    url: String,
}

impl<'s> Logged<'s> {
    fn start(shelf: &'s Shelf, more: &[&str]) -> Self {
        let log = File::create(shelf.path("log")).unwrap();
        let address = shelf.address();
        let mut child = Command::new(BINARY)
            .args(["serve", "--bind", "127.0.0.1:0", "--store", &address, "--token", TOKEN])
            .args(more)
            .current_dir(root())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        let url = url.unwrap().trim_end_matches('/').to_owned();
        Self { shelf, child, url }
    }

    fn post(&self, kind: &str, body: &[u8]) -> Answer {
        let request = agent()
            .post(format!("{}/documents", self.url))
            .header("content-type", kind)
            .header("authorization", format!("Bearer {TOKEN}"));
        answer(request.send(body))
    }

    fn patch(&self, mention: &str, body: &str) -> Answer {
        let request = ureq::http::Request::patch(format!("{}/mentions/{mention}", self.url))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {TOKEN}"))
            .body(body.to_owned())
            .unwrap();
        answer(agent().run(request))
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.shelf.path("log")).unwrap()
    }

    fn records(&self) -> Vec<Value> {
        records(&self.log())
    }
}

impl Drop for Logged<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn records(log: &str) -> Vec<Value> {
    let lines = log.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// True for a character that must not be in a log.
fn is_hostile(letter: char) -> bool {
    letter.is_control() && letter != '\n'
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

const HOSTILE: &str = "x\r\n\u{1b}[2K2031-01-01T00:00:00.000000Z  INFO mahwar::audit: write done FORGED\n{\"kind\":\"audit\",\"action\":\"FORGED\"}\n\u{9b}31m\u{202e}\u{2028}NEXT";

/// Report: JSON with an unknown member put its name into the log as it was.
#[test]
fn no_client_forges_a_line_of_the_log() {
    let shelf = Shelf::new();
    let server = Logged::start(&shelf, &["--access-log"]);
    server.post(
        "application/json",
        json!({"text": "Kirkuk", HOSTILE: 1}).to_string().as_bytes(),
    );
    server.post(
        "application/json",
        json!({"text": "Kirkuk", "title": HOSTILE}).to_string().as_bytes(),
    );
    server.post(
        "application/json",
        json!({"text": "Kirkuk", "language": HOSTILE}).to_string().as_bytes(),
    );
    server.post(
        "application/x-ndjson",
        (json!({"text": "Kirkuk", HOSTILE: 1}).to_string() + "\n").as_bytes(),
    );
    server.post(&"text/\u{ff}".replace('\u{ff}', "x"), HOSTILE.as_bytes());
    let form = format!(
        "--b\r\ncontent-disposition: form-data; name=\"{}\"\r\n\r\nA\r\n--b--\r\n",
        "\u{202e}x\u{9b}"
    );
    server.post("multipart/form-data; boundary=b", form.as_bytes());
    let kept = server.post("text/plain", b"Attack near Kirkuk.");
    let mention = format!("{}-m1", kept.json()["id"].as_str().unwrap());
    for body in [
        json!({"ruling": "accept", HOSTILE: 1}),
        json!({"ruling": HOSTILE}),
        json!({"ruling": "accept", "author": HOSTILE}),
        json!({"ruling": "accept", "author": "a\u{202e}b"}),
        json!({"ruling": "move", "place": HOSTILE}),
    ] {
        assert_eq!(server.patch(&mention, &body.to_string()).status, 400, "{body}");
    }
    // A reason may have several lines: in the log it has one.
    for (reason, status) in [(HOSTILE, 400), ("x\nNEXT\n2031-01-01", 200)] {
        let body = json!({"ruling": "reject", "reason": reason}).to_string();
        assert_eq!(server.patch(&mention, &body).status, status, "{reason:?}");
    }
    server.patch(&format!("{}-m1", "%0AFORGED%1b%E2%80%AE"), "{}");
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    let agent = "a\u{9b}\u{202e}b";
    write!(
        stream,
        "GET /%0AFORGED?a=%1b%E2%80%AE HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {agent}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();

    let log = server.log();
    assert!(!log.contains(is_hostile), "{log:?}");
    let forged = |line: &&str| {
        line.starts_with("2031")
            || line.starts_with("NEXT")
            || line.starts_with("{\"kind\":\"audit\",\"action\":\"FORGED")
    };
    assert_eq!(log.lines().filter(forged).count(), 0, "{log}");
    for record in server.records() {
        assert_ne!(record["action"], "FORGED");
    }
    assert!(!log.contains(TOKEN));
}

/// Report: a name of a million letters was repeated in the answer and in the log.
#[test]
fn what_is_repeated_of_a_client_is_short() {
    let shelf = Shelf::new();
    let server = Logged::start(&shelf, &[]);
    let long = "y".repeat(1_000_000);
    for body in [
        json!({"text": "Kirkuk", &long: 1}),
        json!({"text": "Kirkuk", "title": long}),
        json!({"text": "Kirkuk", "published": long}),
    ] {
        let refused = server.post("application/json", body.to_string().as_bytes());
        assert_eq!(refused.status, 400);
        assert!(refused.body.len() < 1000, "{}", refused.body.len());
    }
    let refused = server.patch("a-m1", &json!({"ruling": "accept", &long: 1}).to_string());
    assert!(refused.status == 400 || refused.status == 413);
    assert!(server.log().len() < 5000, "{}", server.log().len());
}

#[test]
fn each_document_and_ruling_is_a_record_that_says_who_did_it() {
    let shelf = Shelf::new();
    let server = Logged::start(&shelf, &["--trust-proxy"]);
    let lines =
        "{\"text\":\"Raid in Kirkuk\"}\n{\"text\":\"Raid in Kirkuk\"}\n{\"txt\":1}\n{\"text\":\"Raid in Kalar\"}\n";
    let request = agent()
        .post(format!("{}/documents", server.url))
        .header("content-type", "application/x-ndjson")
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("x-forwarded-for", "203.0.113.9, 198.51.100.4")
        .header("x-request-id", "abc-123");
    let sent = answer(request.send(lines));
    assert_eq!(sent.header("x-request-id"), "abc-123");
    let records = server.records();
    let told: Vec<_> = records
        .iter()
        .map(|record| (record["line"].as_u64().unwrap(), record["result"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [(1, "created"), (2, "known"), (3, "refused"), (4, "created")]);
    for record in &records {
        assert_eq!(record["kind"], "audit");
        assert_eq!(record["action"], "document.add");
        assert_eq!(record["token"], "default");
        assert_eq!(record["client"], "198.51.100.4");
        assert_eq!(record["request"], "abc-123");
        assert!(record["time"].as_str().unwrap().ends_with('Z'));
    }
    let id = records[0]["object"].as_str().unwrap().to_owned();
    let mention = format!("{id}-m1");
    server.patch(
        &mention,
        &json!({"ruling": "reject", "author": "The Minister"}).to_string(),
    );
    let refused = agent().post(format!("{}/documents", server.url)).send("Kirkuk");
    assert_eq!(answer(refused).status, 401);
    let records = server.records();
    let ruling = &records[4];
    assert_eq!(
        (&ruling["action"], &ruling["object"], &ruling["result"]),
        (&json!("ruling.add"), &json!(mention), &json!("done"))
    );
    assert_eq!(ruling["detail"], "The Minister");
    let refused = &records[5];
    assert_eq!(
        (&refused["result"], &refused["status"], &refused["token"]),
        (&json!("refused"), &json!(401), &Value::Null)
    );
    assert_eq!(refused["client"], "127.0.0.1");
}

#[test]
fn audit_records_go_to_a_file_of_their_own_on_request() {
    let shelf = Shelf::new();
    let path = shelf.path("audit.jsonl");
    let server = Logged::start(&shelf, &["--audit-log", path.to_str().unwrap()]);
    assert_eq!(server.post("text/plain", b"Attack near Kirkuk.").status, 201);
    assert_eq!(records(&std::fs::read_to_string(&path).unwrap()).len(), 1);
    assert!(server.records().is_empty());
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_record_that_its_file_does_not_take_is_in_the_log() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let shelf = Shelf::new();
    let server = Logged::start(&shelf, &["--audit-log", "/dev/full"]);
    for number in 0..30 {
        let body = format!("Attack number {number} near Kirkuk.");
        assert_eq!(server.post("text/plain", body.as_bytes()).status, 201);
    }
    let created = server.records();
    let created = created.iter().filter(|record| record["result"] == "created");
    assert_eq!(created.count(), 30, "{}", server.log());
    let said = server
        .log()
        .matches("the file of audit records cannot be written")
        .count();
    assert!((1..=20).contains(&said), "{said}");
    let get = |path: &str| answer(agent().get(format!("{}{path}", server.url)).call());
    assert!(get("/metrics").text().contains("mahwar_audit_failures_total 30"));
    let ready = get("/readyz");
    assert!(
        ready.status == 200 && ready.json()["audit_log"].is_string(),
        "{}",
        ready.text()
    );
}

#[test]
fn a_pipe_in_place_of_the_file_of_audit_records_stops_nothing() {
    let shelf = Shelf::new();
    let path = shelf.path("audit.jsonl");
    let server = Logged::start(&shelf, &["--audit-log", path.to_str().unwrap()]);
    std::fs::rename(&path, shelf.path("audit.1")).unwrap();
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let hangup = Command::new("kill")
        .args(["-HUP", &server.child.id().to_string()])
        .status();
    assert!(hangup.unwrap().success());
    let begun = std::time::Instant::now();
    while !server.log().contains("cannot be opened") {
        assert!(begun.elapsed().as_secs() < 20, "{}", server.log());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(server.post("text/plain", b"Attack near Kirkuk.").status, 201);
    // The file that was open is written to.
    assert_eq!(
        records(&std::fs::read_to_string(shelf.path("audit.1")).unwrap()).len(),
        1
    );
    let refused = Command::new(BINARY)
        .args(["serve", "--bind", "127.0.0.1:0", "--audit-log", path.to_str().unwrap()])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("regular file"),
        "{refused:?}"
    );
}

/// Report: refused writes were 35 MB of log in a second, and one GET with a polygon without area 7.4 MB.
#[test]
fn neither_refused_requests_nor_warnings_of_libraries_fill_the_disk() {
    let shelf = Shelf::new();
    let server = Logged::start(&shelf, &[]);
    let address = server.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let mut reader = stream.try_clone().unwrap();
    let answers = std::thread::spawn(move || {
        let mut answers = Vec::new();
        reader.read_to_end(&mut answers).unwrap();
        String::from_utf8_lossy(&answers).matches("HTTP/1.1 401").count()
    });
    let refused = "POST /documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    for _ in 0..40 {
        stream.write_all(refused.repeat(50).as_bytes()).unwrap();
    }
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    assert_eq!(answers.join().unwrap(), 2000);
    let polygon = "POLYGON((40%2030,50%2040,40%2030,40%2030))";
    let filter = format!("S_TOUCHES(geometry,{polygon})");
    let asked = agent()
        .get(format!(
            "{}/collections/places/items?limit=1&filter={filter}",
            server.url
        ))
        .call();
    let _ = answer(asked);
    let page = format!("<table>{}</table><p>Kirkuk</p>", "<b>x</b>".repeat(2000));
    server.post("text/html", page.as_bytes());
    let log = server.log();
    assert!(log.len() < 20_000, "{} bytes", log.len());
    assert!(log.lines().count() < 60, "{}", log.lines().count());
}

#[test]
fn each_request_is_a_record_on_request_and_durations_are_counted() {
    let shelf = Shelf::new();
    let server = Logged::start(&shelf, &["--access-log"]);
    let get = |path: &str| answer(agent().get(format!("{}{path}", server.url)).call());
    let tile = "/xyz/governorates/6/39/25.mvt";
    for path in ["/collections", "/nothing", tile, tile] {
        get(path);
    }
    let records: Vec<Value> = server
        .records()
        .into_iter()
        .filter(|record| record["kind"] == "access")
        .collect();
    let told: Vec<_> = records
        .iter()
        .map(|record| (record["path"].as_str().unwrap(), record["status"].as_u64().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("/collections", 200), ("/nothing", 404), (tile, 200), (tile, 200)]
    );
    assert!(records[0]["ms"].as_f64().is_some() && records[0]["bytes"].as_u64().is_some());
    assert_eq!(records[0]["method"], "GET");
    let metrics = get("/metrics").text();
    assert!(
        metrics.contains("mahwar_request_duration_seconds_bucket{le=\"+Inf\"} 4\n"),
        "{metrics}"
    );
}

/// Report: a log that is no terminal was full of colours.
#[test]
fn a_log_that_is_no_terminal_has_no_colours() {
    let shelf = Shelf::new();
    let seeds = shelf.path("seeds");
    std::fs::create_dir(&seeds).unwrap();
    std::fs::write(seeds.join("a.txt"), "Kirkuk\0").unwrap();
    let server = Logged::start(&shelf, &["--seeds", seeds.to_str().unwrap()]);
    let log = server.log();
    assert!(log.contains("ERROR") && log.contains("a.txt"), "{log}");
    assert!(!log.contains('\u{1b}'));
}
