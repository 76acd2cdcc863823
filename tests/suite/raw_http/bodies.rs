//! Bodies of requests: those that are not read, are encoded, come slowly, or are too many.

use super::{Raw, RawAnswer, get, start};
use crate::{
    common::{Server, eventually},
    writes::TOKEN,
};
use std::io::Write;

fn post(path: &str, more: &str, length: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: a\r\n{more}Content-Length: {length}\r\n\r\n")
}

fn with_store() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("store.db").display());
    let server = start(&["--store", &store, "--token", TOKEN]);
    (folder, server)
}

/// From the report on answers before the body was read, after which the connection ended without a word.
#[test]
fn after_an_early_answer_the_connection_goes_on_or_says_that_it_ends() {
    let (_folder, server) = with_store();
    let token = format!("Authorization: Bearer {TOKEN}\r\n");
    let patch =
        format!("PATCH /mentions/a-m1 HTTP/1.1\r\nHost: a\r\n{token}Content-Type: text/plain\r\nContent-Length: ");
    let delete = "DELETE /mentions/a-m1/rulings?author=a HTTP/1.1\r\nHost: a\r\nContent-Length: ";
    for length in [10, 2_000, 60_000, 1_000_000] {
        let length_line = format!("{length}\r\n\r\n");
        for (head, status) in [
            (post("/documents", "", length), 401),
            (post("/documents", "Authorization: Bearer wrong\r\n", length), 401),
            (
                post("/documents", &format!("{token}Content-Type: image/png\r\n"), length),
                415,
            ),
            (post("/documents", "Content-Encoding: lzma\r\n", length), 415),
            (post("/nothing", "", length), 404),
            (post("/healthz", "", length), 405),
            (post("/geoparse?x=y", "", length), 400),
            (post("/geoparse", "Content-Type: image/png\r\n", length), 415),
            (post("/reconcile", "", length), 415),
            (format!("{patch}{length_line}"), 415),
            (format!("{delete}{length_line}"), 401),
            (get("/healthz", &format!("Content-Length: {length}\r\n")), 200),
            (
                get("/xyz/districts/6/39/25.mvt", &format!("Content-Length: {length}\r\n")),
                200,
            ),
        ] {
            let about = format!("{length}: {head}");
            let mut raw = Raw::connect(&server);
            raw.send(&head);
            // As clients do that send head and body apart.
            std::thread::sleep(std::time::Duration::from_millis(5));
            let answer = raw.ask(vec![b'a'; length]);
            assert_eq!(answer.status, status, "{about}: {}", answer.text());
            if answer.closes() {
                // A ready tile is sent without a look at the body.
                let is_tile = head.contains("/xyz/");
                assert!(is_tile || length > 64 * 1024, "a small rest is read: {about}");
                assert!(raw.has_ended(), "{about}");
            } else {
                assert!(length <= 64 * 1024 || status == 200, "{about}");
                assert_eq!(raw.ask(get("/healthz", "")).status, 200, "{about}");
            }
        }
    }
}

#[test]
fn a_body_that_was_not_asked_for_yet_is_not_waited_for() {
    let (_folder, server) = with_store();
    let mut raw = Raw::connect(&server);
    let answer = raw.ask(post("/documents", "Expect: 100-continue\r\n", 1_000));
    assert_eq!(answer.status, 401);
    assert!(answer.closes() && raw.has_ended());
    // One that is wanted is asked for.
    let mut raw = Raw::connect(&server);
    let answer = raw.ask(post("/geoparse", "Expect: 100-continue\r\n", 6) + "Kirkuk");
    assert_eq!(answer.status, 200);
    assert_eq!(raw.ask(get("/healthz", "")).status, 200);
    // More than is accepted is refused before it is sent.
    let mut raw = Raw::connect(&server);
    let answer = raw.ask(post("/geoparse", "", 60_000_000));
    answer.assert_problem(413, "60 MB");
    assert!(answer.closes() && raw.has_ended());
}

/// Programs on the way may read such chunks in another way: where one body ends, the next request begins.
#[test]
fn chunks_that_are_not_exactly_right_are_refused_at_once() {
    let server = start(&[]);
    let head = "POST /geoparse HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
    for chunks in [
        "6 \r\nKirkuk\r\n0\r\n\r\n",
        "6\t;a=b\r\nKirkuk\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFF\r\nKirkuk\r\n0\r\n\r\n",
        "FFFFFFFFFFFFF\r\nKirkuk",
        "6\r\nKirkukabc\r\n0\r\n\r\n",
        "x\r\nKirkuk",
    ] {
        let begun = std::time::Instant::now();
        let answer = Raw::connect(&server).ask(format!("{head}{chunks}"));
        assert_eq!(answer.status, 400, "{chunks:?}: {}", answer.text());
        assert!(answer.closes() && begun.elapsed().as_secs() < 5, "{chunks:?}");
    }
    let good = Raw::connect(&server).ask(format!("{head}6;a=b\r\nKirkuk\r\n0\r\n\r\n"));
    assert_eq!(good.status, 200, "{}", good.text());
}

fn encoded(server: &Server, coding: &str, body: &[u8]) -> RawAnswer {
    let more = format!("Content-Type: text/plain\r\nContent-Encoding: {coding}\r\n");
    Raw::connect(server)
        .send(post("/geoparse", &more, body.len()))
        .ask(body)
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(plain).unwrap();
    writer.finish().unwrap()
}

/// From the report on `Content-Encoding` that was ignored.
#[test]
fn an_encoded_body_is_decoded_within_the_limits_or_refused() {
    let server = start(&[]);
    let text = "وقعت اشتباكات في قضاء خانقين شمال شرق ديالى.";
    let plain = server.post("/geoparse", "text/plain", text.as_bytes()).json();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    zlib.write_all(text.as_bytes()).unwrap();
    let mut brotli = Vec::new();
    brotli::CompressorWriter::new(&mut brotli, 4096, 5, 20)
        .write_all(text.as_bytes())
        .unwrap();
    for (coding, body) in [
        ("gzip", gzip(text.as_bytes())),
        ("deflate", zlib.finish().unwrap()),
        ("br", brotli),
        ("zstd", zstd::bulk::compress(text.as_bytes(), 3).unwrap()),
        ("identity", text.as_bytes().to_vec()),
    ] {
        let answer = encoded(&server, coding, &body);
        assert_eq!(answer.status, 200, "{coding}: {}", answer.text());
        let value: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(value["mentions"], plain["mentions"], "{coding}");
    }
    for coding in ["compress", "gzip, gzip", "none"] {
        let answer = encoded(&server, coding, b"abc");
        answer.assert_problem(415, coding);
        assert!(
            answer
                .header("accept-encoding")
                .is_some_and(|codings| codings.contains("gzip")),
            "{coding}"
        );
    }
    for coding in ["gzip", "deflate", "br", "zstd"] {
        encoded(&server, coding, b"An attack near Khanaqin, a label only.").assert_problem(400, coding);
    }
    let cut = gzip(&text.repeat(200).into_bytes());
    encoded(&server, "gzip", &cut[..cut.len() - 9]).assert_problem(400, "cut off");
    let zeros = vec![b' '; 40 << 20];
    for (coding, bomb) in [
        ("gzip", gzip(&zeros)),
        ("zstd", zstd::bulk::compress(&zeros, 3).unwrap()),
    ] {
        encoded(&server, coding, &bomb).assert_problem(413, coding);
    }
}

/// From the reports on anonymous texts and on JSON that holds much beside its text.
#[test]
fn anonymous_texts_have_a_limit_of_their_own() {
    let (_folder, server) = with_store();
    let text = "ك".repeat(700_000);
    let ask = |more: &str, body: &str| {
        Raw::connect(&server)
            .send(post("/geoparse", more, body.len()))
            .ask(body)
    };
    let json = "Content-Type: application/json\r\n";
    let token = format!("Authorization: Bearer {TOKEN}\r\n");
    ask("", &text).assert_problem(413, "text");
    ask(json, &format!("{{\"text\":\"{text}\"}}")).assert_problem(413, "text in JSON");
    ask(json, &format!("{{\"text\":\"x\",\"id\":\"{text}\"}}")).assert_problem(413, "id in JSON");
    assert_eq!(ask(&token, &text).status, 200, "with the token");
    assert_eq!(
        ask(&format!("{token}{json}"), &format!("{{\"text\":\"{text}\"}}")).status,
        200
    );
    // An escape counts as its character.
    let escaped = format!("{{\"text\":\"{}\"}}", "\\u0643".repeat(400_000));
    assert_eq!(ask(json, &escaped).status, 200);
    let form = format!("queries={}", "a".repeat(1_100_000));
    let answer = Raw::connect(&server)
        .send(post(
            "/reconcile",
            "Content-Type: application/x-www-form-urlencoded\r\n",
            form.len(),
        ))
        .ask(form);
    answer.assert_problem(413, "reconcile");
    let small = start(&["--anonymous-text-limit", "4"]);
    assert_eq!(small.post("/geoparse", "text/plain", &[b'a'; 4096]).status, 200);
    assert_eq!(small.post("/geoparse", "text/plain", &[b'a'; 4097]).status, 413);
}

/// From the report on bodies that may come as slowly as they like.
#[test]
fn a_body_that_stops_coming_is_answered_408() {
    let server = start(&["--body-timeout", "1"]);
    for (head, part) in [
        (post("/geoparse", "", 1_000), "x"),
        (
            post("/geoparse", "Content-Type: application/json\r\n", 1_000),
            "{\"text\":\"x",
        ),
        (
            post(
                "/reconcile",
                "Content-Type: application/x-www-form-urlencoded\r\n",
                1_000,
            ),
            "queries=",
        ),
        (
            "POST /geoparse HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
            "5\r\nabc",
        ),
    ] {
        let mut raw = Raw::connect(&server);
        let answer = raw.send(head).ask(part);
        answer.assert_problem(408, part);
        assert!(answer.closes() && raw.has_ended(), "{part}");
    }
    // A byte now and then is no help.
    let mut raw = Raw::connect(&server);
    raw.send(post("/geoparse", "", 100_000));
    let mut slow = raw.stream.try_clone().unwrap();
    let trickle = std::thread::spawn(move || {
        while slow.write_all(b"a").is_ok() {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    });
    raw.answer().expect("an answer").assert_problem(408, "a trickle");
    drop(raw);
    trickle.join().unwrap();
}

/// From the report on unfinished bodies that fill the memory.
#[test]
fn bodies_that_are_being_read_have_a_limit_of_bytes_together() {
    let server = start(&["--body-memory", "1"]);
    let part = vec![b'a'; 700_000];
    let mut first = Raw::connect(&server);
    first.send(post("/geoparse", "", 700_001)).send(&part);
    eventually("the first is in memory", || {
        server.get("/metrics").text().contains("mahwar_body_bytes 700000")
    });
    let mut second = Raw::connect(&server);
    let answer = second.send(post("/geoparse", "", part.len())).ask(&part);
    answer.assert_problem(503, "too much");
    assert!(answer.header("retry-after").is_some());
    assert_eq!(first.ask("a").status, 200);
    // Its memory is free again.
    assert_eq!(server.post("/geoparse", "text/plain", &part).status, 200);
}
