//! Expensive work: never on the threads that answer, within its limits, and ended when it is over them.

use crate::{
    common::Server,
    server_fixture::{
        TEXT, app_with, assert_problem, get, get_with, is_needed, path_of, percent, send, shared_layers, snapshot,
    },
    writes::{Shelf, TOKEN, post},
};
use axum::{body::Body, http::Request};
use mahwar::server::{
    OPERATIONS, Operation, Settings, TileFastPath,
    work::{Limits, WorkKind},
};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// A server with limits of its own. Nothing is so cheap that it runs where it is asked for.
fn limited(limits: Limits) -> TileFastPath {
    let settings = Settings {
        work: Limits {
            inline: Some(0),
            ..limits
        },
        ..Settings::default()
    };
    TileFastPath::new(app_with(settings, snapshot(1031.0, None, &shared_layers())))
}

/// The address of a resource with its required parameters.
fn address(operation: &Operation) -> String {
    let needed = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required || is_needed(operation.path, parameter.name, ""));
    let query: Vec<String> = needed
        .map(|parameter| format!("{}={}", parameter.name, percent(parameter.example)))
        .collect();
    format!("{}?{}", path_of(operation, "places", "wof-0"), query.join("&"))
}

/// A request of each resource that reads.
fn requests() -> impl Iterator<Item = (&'static Operation, Request<Body>)> {
    let reading = OPERATIONS.iter().filter(|operation| !operation.writes());
    reading.map(|operation| {
        let (kind, body) = match operation.path {
            "/reconcile" => (
                "application/x-www-form-urlencoded",
                "queries=%7B%22q0%22%3A%7B%22query%22%3A%22Makhmour%22%7D%7D",
            ),
            _ => ("text/plain", TEXT),
        };
        let request = match operation.method {
            "get" => Request::get(address(operation)).body(Body::empty()),
            _ => Request::post(address(operation))
                .header("content-type", kind)
                .body(Body::from(body)),
        };
        (operation, request.unwrap())
    })
}

/// How many pieces of work of a kind were started.
async fn started(front: &TileFastPath, kind: WorkKind) -> u64 {
    let metrics = get(front, "/metrics").await.text();
    let name = format!("mahwar_work_started_total{{kind=\"{}\"}} ", kind.word());
    let line = metrics.lines().find_map(|line| line.strip_prefix(&name));
    line.unwrap().parse().unwrap()
}

#[tokio::test]
async fn every_resource_works_on_a_thread_of_its_kind() {
    let front = limited(Limits::default());
    for (operation, request) in requests() {
        let about = format!("{} {}", operation.method, operation.path);
        let expected = operation.kind();
        let mut before = Vec::new();
        for kind in WorkKind::ALL {
            before.push(started(&front, kind).await);
        }
        let got = send(&front, request).await;
        assert!(
            got.status.as_u16() < 500,
            "{about}: {}",
            String::from_utf8_lossy(&got.body)
        );
        for (kind, before) in WorkKind::ALL.into_iter().zip(before) {
            let ran = started(&front, kind).await > before;
            // A file is sent in blocks, which are work of their own.
            let may = kind == WorkKind::Stream && expected == Some(WorkKind::Download);
            assert!(
                ran == (expected == Some(kind)) || may,
                "{about}: {kind:?}, not {expected:?}"
            );
        }
    }
}

#[tokio::test]
async fn work_that_takes_longer_than_it_may_is_503_with_retry_after() {
    let front = limited(Limits {
        time: Some(Duration::ZERO),
        ..Limits::default()
    });
    for (operation, request) in requests() {
        let got = send(&front, request).await;
        if operation.kind().is_none() {
            assert_eq!(got.status, 200, "{}", operation.path);
            continue;
        }
        assert_eq!(got.status, 503, "{}", operation.path);
        assert_eq!(got.header("retry-after"), "5", "{}", operation.path);
    }
}

#[tokio::test]
async fn work_whose_estimate_is_above_the_limit_is_400() {
    let front = limited(Limits {
        max_cost: Some(0),
        ..Limits::default()
    });
    for (operation, request) in requests() {
        if operation.kind().is_none() {
            continue;
        }
        let got = send(&front, request).await;
        assert_problem(&got, 400, None, operation.path);
        assert!(
            got.text().contains("are accepted"),
            "{}: {}",
            operation.path,
            got.text()
        );
    }
}

/// The budget is checked inside of loops: it ends them after some looks at the clock, however fast the machine is.
#[tokio::test]
async fn loops_end_when_the_budget_is_spent() {
    let front = limited(Limits {
        looks: Some(2),
        ..Limits::default()
    });
    let filter = percent("name <> 'x'");
    for path in [
        format!("/collections/places/items?limit=1&filter={filter}"),
        "/collections/places/items?limit=1000".to_owned(),
        "/collections/places/items?limit=1&bbox=42.01,33.01,45.99,35.6".to_owned(),
        format!("/xyz/places/4/9/6.mvt?filter={filter}"),
        "/downloads/places.csv?limit=499".to_owned(),
        format!("/downloads/places.gpkg?filter={filter}"),
    ] {
        let got = get(&front, &path).await;
        assert_problem(&got, 503, None, &path);
        assert_eq!(got.header("retry-after"), "5", "{path}");
    }
}

/// From a report: eight clients with one crafted filter each stopped everything, health checks too.
#[tokio::test]
async fn a_filter_that_cannot_be_tested_in_time_is_refused_by_its_estimate() {
    let front = limited(Limits {
        max_cost: Some(4_000),
        ..Limits::default()
    });
    let many = |path: &str, count: usize| {
        let each: Vec<String> = (0..count).map(|nth| format!("ACCENTI(CASEI(name))='z{nth}'")).collect();
        format!("{path}?limit=1&filter={}", percent(&each.join(" OR ")))
    };
    for path in ["/collections/places/items", "/downloads/places.csv"] {
        assert_eq!(get(&front, &many(path, 3)).await.status, 200, "{path}");
        let got = get(&front, &many(path, 140)).await;
        assert_problem(&got, 400, Some("filter"), path);
        assert!(got.text().contains("1000 features"), "{}", got.text());
    }
}

/// From a report: a polygon without an area wrote 7.4 MB into the log.
#[tokio::test]
async fn a_polygon_without_an_area_in_a_filter_is_refused() {
    let front = crate::server_fixture::front();
    for geometry in [
        "POLYGON((40 30,50 40,40 30,40 30))",
        "POLYGON((40 30,41 31,42 32,40 30))",
        "POLYGON((40 30,40 30,40 30,40 30))",
        "MULTIPOLYGON(((40 30,50 30,50 40,40 30)),((1 1,2 2,3 3,1 1)))",
        "POLYGON((40 30,50 30,50 40,40 30),(41 31,42 32,43 33,41 31))",
        "GEOMETRYCOLLECTION(POINT(1 1),POLYGON((40 30,50 40,40 30,40 30)))",
    ] {
        let filter = percent(&format!("S_TOUCHES(geometry,{geometry})"));
        let got = get(&front, &format!("/collections/places/items?filter={filter}")).await;
        assert_problem(&got, 400, Some("filter"), geometry);
    }
    let good = percent("S_INTERSECTS(geometry,POLYGON((40 30,50 30,50 40,40 30)))");
    let got = get(&front, &format!("/collections/places/items?filter={good}")).await;
    assert_eq!(got.status, 200);
}

/// From a report: HEAD of large maps and of downloads did the work of GET.
#[tokio::test]
async fn head_does_not_do_the_work_of_get() {
    // Files of the land are an exception: they are made once and kept, since GDAL asks for their length first.
    let front = limited(Limits {
        looks: Some(2),
        ..Limits::default()
    });
    let head = |path: &str| Request::head(path.to_owned()).body(Body::empty()).unwrap();
    for path in [
        "/maps/light.png?width=4096&height=4096",
        "/maps/light.svg?width=4096&height=4096",
    ] {
        let got = send(&front, head(path)).await;
        assert_eq!(got.status, 200, "{path}");
        assert_eq!(
            got.header("content-length"),
            "",
            "{path}: it is not known without the work"
        );
        assert!(!got.header("content-type").is_empty(), "{path}");
    }
    let wrong = send(&front, head("/downloads/places.csv?bbox=1")).await;
    assert_eq!(wrong.status, 400, "a wrong request is wrong by HEAD too");
}

/// From a report: one reconciliation request of 1 MiB took a core for minutes.
#[tokio::test]
async fn a_reconciliation_has_a_limit_of_properties_and_values() {
    let front = crate::server_fixture::front();
    let ask = |queries: serde_json::Value| {
        let body = format!("queries={}", percent(&queries.to_string()));
        let request = Request::post("/reconcile").header("content-type", "application/x-www-form-urlencoded");
        request.body(Body::from(body)).unwrap()
    };
    let query = |properties: usize, values: usize| {
        let property = serde_json::json!({"pid": "parent", "v": vec!["al"; values]});
        serde_json::json!({"query": "Makhmour", "properties": vec![property; properties]})
    };
    for (queries, limit) in [
        (serde_json::json!({"q0": query(1, 51)}), "at most 50 values"),
        (serde_json::json!({"q0": query(21, 1)}), "at most 20 properties"),
        (
            serde_json::json!({"q0": query(10, 50), "q1": query(1, 1)}),
            "at most 500 values together",
        ),
    ] {
        let got = send(&front, ask(queries)).await;
        assert_problem(&got, 413, Some("queries"), limit);
        assert!(got.text().contains(limit), "{}", got.text());
    }
    let got = send(&front, ask(serde_json::json!({"q0": query(20, 20)}))).await;
    assert_eq!(got.status, 200, "{}", got.text());
}

#[tokio::test]
async fn a_large_answer_waits_for_memory_that_others_hold() {
    let settings = Settings {
        work: Limits {
            answer_bytes: Some(100_000),
            ..Limits::default()
        },
        ..Settings::default()
    };
    let front = TileFastPath::new(app_with(settings, snapshot(1031.0, None, &shared_layers())));
    let path = "/collections/places/items?limit=1000";
    let request = || {
        Request::get(path)
            .header("host", "maps.test")
            .body(Body::empty())
            .unwrap()
    };
    let held = tower::ServiceExt::oneshot(front.clone(), request()).await.unwrap();
    assert_eq!(held.status(), 200);
    let got = get(&front, path).await;
    assert_problem(&got, 503, None, "another large answer is held");
    assert_eq!(got.header("retry-after"), "5");
    drop(held);
    assert_eq!(get(&front, path).await.status, 200);
}

#[tokio::test]
async fn a_file_is_the_same_in_blocks_and_whole() {
    let front = limited(Limits::default());
    for (path, encoding) in [
        ("/downloads/places.geojson", "identity"),
        ("/downloads/places.csv", "gzip"),
    ] {
        let streamed = get_with(&front, path, &[("accept-encoding", encoding)]).await;
        assert_eq!(streamed.status, 200);
        let whole = get_with(&front, path, &[("range", "bytes=0-"), ("accept-encoding", "identity")]).await;
        assert_eq!(whole.status, 206);
        if encoding == "identity" {
            assert_eq!(streamed.body, whole.body, "{path}");
        }
        assert!(!streamed.body.is_empty());
    }
}

/// The table in `ARCHITECTURE.md` names every kind with its share, as the program has it.
#[test]
fn the_documentation_lists_every_kind_of_work() {
    let text = include_str!("../../ARCHITECTURE.md");
    for kind in WorkKind::ALL {
        let share = kind.share(2);
        let numbers = format!(
            "| {} ({}) | {} | {} s | {} s | {} |",
            share.threads,
            share.large_at_once,
            share.queue,
            share.wait.as_secs(),
            share.time.as_secs(),
            share.nice
        );
        let start = format!("| `{}` |", kind.word());
        assert!(
            text.lines()
                .any(|line| line.starts_with(&start) && line.ends_with(&numbers)),
            "ARCHITECTURE.md has no row of {} that ends with {numbers}",
            kind.word()
        );
    }
}

/// A raw connection to a server, for details that HTTP clients hide.
fn connect(server: &Server) -> TcpStream {
    let address = server.url.trim_start_matches("http://").trim_end_matches('/');
    let stream = TcpStream::connect(address).unwrap();
    // Ten times the expected time on a busy machine: only a server that hangs reaches it.
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    stream
}

/// From a report: the answer to NDJSON was gathered in memory until the last line had come.
#[test]
fn the_answer_to_ndjson_comes_while_lines_are_sent() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let mut stream = connect(&server);
    write!(
        stream,
        "POST /documents HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    .unwrap();
    let chunk = |first: usize| {
        let lines: String = (first..first + 300)
            .map(|nth| format!("{{\"text\":\"Report {nth} of an attack near Kirkuk.\"}}\n"))
            .collect();
        format!("{:x}\r\n{lines}\r\n", lines.len())
    };
    stream.write_all(chunk(0).as_bytes()).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    // The first batch is answered though the body is not at its end.
    while !line.contains("\"line\":1,") {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0, "the connection was closed");
    }
    assert!(line.contains("\"status\":201"), "{line}");
    stream.write_all(chunk(300).as_bytes()).unwrap();
    stream.write_all(b"0\r\n\r\n").unwrap();
    while !line.contains("\"line\":600,") {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0, "the last line is answered");
    }
}

#[test]
fn lines_that_are_no_objects_end_a_request_after_a_thousand() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let body = format!("{{\"text\":\"Kirkuk\"}}\n{}", "nonsense\n".repeat(5_000));
    let sent = post(&server, "application/x-ndjson", body.as_bytes());
    assert_eq!(sent.status, 200);
    let lines: Vec<serde_json::Value> = sent
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["status"], 201);
    assert!(lines.len() < 1_300, "{} lines", lines.len());
    let last = lines.last().unwrap();
    assert_eq!(
        (&last["line"], &last["status"]),
        (&serde_json::Value::Null, &400.into())
    );
    assert!(
        last["detail"].as_str().unwrap().contains("1000 lines in a row"),
        "{last}"
    );
}

/// From a report: a hundred clients that did not read a download held 8 MB each.
#[cfg(target_os = "linux")]
#[test]
fn a_client_that_does_not_read_a_download_costs_one_block() {
    let server = Server::start_with(&[]);
    let resident = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap()
            .trim();
        line.trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let ask = || {
        let mut stream = connect(&server);
        write!(
            stream,
            "GET /downloads/places.geojson HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        )
        .unwrap();
        let mut first = [0; 512];
        stream.read_exact(&mut first).unwrap();
        stream
    };
    // Data prepared by the first ones are shared.
    let warm: Vec<TcpStream> = (0..5).map(|_| ask()).collect();
    let before = resident();
    let clients: Vec<TcpStream> = (0..60).map(|_| ask()).collect();
    // As much as it takes until the sockets are full: nothing is awaited, so a slow machine only finds less.
    std::thread::sleep(Duration::from_secs(2));
    let each = resident().saturating_sub(before) / clients.len() as u64;
    println!("{each} KiB a client");
    assert!(each < 400, "{each} KiB a client");
    drop((warm, clients));
}

/// From a report: eight clients of the mentions of a text of 1 MiB took 2.8 GB, since each answer was in memory as values,
/// as text and compressed.
#[cfg(target_os = "linux")]
#[test]
fn long_lists_of_a_document_are_never_whole_in_memory() {
    /// Bytes that a stored text takes while it is read, for each of its bytes (docs/performance.md).
    const READING: u64 = 200;
    /// Documents that are read at a time (`WorkKind::Document`).
    const AT_A_TIME: u64 = 3;
    const LENGTH: u64 = 120_000;
    let shelf = Shelf::new();
    let server = shelf.server();
    let text = "Kirkuk ".repeat(LENGTH as usize / 7);
    let id = post(&server, "text/plain", text.as_bytes()).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let memory = |name: &str| {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim();
        1024 * line.trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let ask = |list: &str, coding: &str| {
        let answer = server.get_with(&format!("/documents/{id}/{list}"), &[("accept-encoding", coding)]);
        assert_eq!(answer.status, 200, "{list}: {}", answer.text());
        answer
    };
    // The same answer, as it is and compressed.
    let plain = ask("mentions", "identity");
    let mentions = plain.json()["mentions"].as_array().unwrap().len() as u64;
    assert!(mentions > LENGTH / 8, "{mentions}");
    assert_eq!(plain.header("content-length"), plain.body.len().to_string());
    let unchanged = [("accept-encoding", "identity"), ("if-none-match", plain.header("etag"))];
    assert_eq!(
        server.get_with(&format!("/documents/{id}/mentions"), &unchanged).status,
        304
    );
    let mut unpacked = Vec::new();
    let packed = ask("mentions", "gzip");
    std::io::copy(&mut flate2::read::GzDecoder::new(&*packed.body), &mut unpacked).unwrap();
    assert!(unpacked == plain.body, "the compressed list is another one");
    assert_eq!(ask("annotations", "zstd, identity;q=0.5").status, 200);

    let before = memory("VmRSS:");
    // Begins the peak anew.
    std::fs::write(format!("/proc/{}/clear_refs", server.id()), "5").unwrap();
    std::thread::scope(|scope| {
        for nth in 0..8 {
            let list = ["mentions", "annotations"][nth % 2];
            scope.spawn(move || ask(list, ["identity", "gzip"][nth / 2 % 2]));
        }
    });
    let peak = memory("VmHWM:").saturating_sub(before);
    let allowed = AT_A_TIME * LENGTH * READING + (32 << 20);
    println!(
        "{} of {} MiB beside answers of {} MiB",
        peak >> 20,
        allowed >> 20,
        plain.body.len() >> 20
    );
    assert!(peak < allowed, "{peak} bytes, {allowed} are stated");
}
