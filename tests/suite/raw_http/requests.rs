//! Heads of requests: malformed ones are answered, good ones are answered for any bytes after them.

use super::{Raw, get, start};

/// From the reports on heads that were closed without an answer, and on a proxy that took servers out for it.
#[test]
fn every_malformed_request_gets_a_status_and_the_connection_ends() {
    let server = start(&[]);
    let long = "a".repeat(100_000);
    let cases: Vec<(Vec<u8>, u16)> = vec![
        (b"GARBAGE\r\n\r\n".to_vec(), 400),
        (b"\x00\x01\x02\x03\r\n\r\n".to_vec(), 400),
        (b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03".to_vec(), 400),
        (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n".to_vec(), 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), 505),
        (b"GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), 400),
        (b"GET /heal thz HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), 400),
        (b"GET /\x07 HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), 400),
        (
            b"GET /search?q=\xdf\xd1\xdf\xe6\xdf HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(),
            400,
        ),
        (b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), 400),
        (b"GET healthz HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), 400),
        (b"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), 400),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), 501),
        (b"CONNECT /healthz HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), 400),
        (get("/healthz#part", "").into_bytes(), 400),
        (
            get("/", "Content-Type: text/plain\r\ncontent-type: text/html\r\n").into_bytes(),
            400,
        ),
        (get("/", "Host : b\r\n").into_bytes(), 400),
        (get("/", "Referer: a\x01b\r\n").into_bytes(), 400),
        (get("/", "X: a\r\n folded\r\n").into_bytes(), 400),
        (get("/", "no colon\r\n").into_bytes(), 400),
        (get("/", "Expect: wonders\r\n").into_bytes(), 417),
        (get("/", "Content-Length: 1\r\nContent-Length: 2\r\n").into_bytes(), 400),
        (get("/", "Content-Length: 0x10\r\n").into_bytes(), 400),
        (get("/", "Content-Length: -1\r\n").into_bytes(), 400),
        (
            get("/", "Content-Length: 99999999999999999999999\r\n").into_bytes(),
            400,
        ),
        (
            get("/", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n").into_bytes(),
            400,
        ),
        (get("/", "Transfer-Encoding: xchunked\r\n").into_bytes(), 501),
        (get("/", "Transfer-Encoding: gzip, chunked\r\n").into_bytes(), 501),
        (get("/", &"X-Many: 1\r\n".repeat(120)).into_bytes(), 431),
        (get("/", &format!("X-Wide: {long}\r\n")).into_bytes(), 431),
        (get(&format!("/{long}"), "").into_bytes(), 414),
        (get(&format!("/search?q={long}"), "").into_bytes(), 414),
    ];
    for (request, status) in cases {
        let about = String::from_utf8_lossy(&request[..request.len().min(80)]).into_owned();
        let half = request.len() / 2;
        for (way, pieces) in [
            ("whole", vec![&request[..]]),
            ("in two", vec![&request[..half], &request[half..]]),
            (
                "with more",
                vec![&request[..], b"unread bytes\r\n\r\nGET / HTTP/1.1\r\n\r\n"],
            ),
            (
                "after another",
                vec![b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", &request[..]],
            ),
        ] {
            let about = format!("{about:?} {way}");
            let mut raw = Raw::connect(&server);
            for piece in &pieces {
                raw.send(piece);
                if way == "in two" {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
            }
            if way == "after another" {
                assert_eq!(raw.answer().expect(&about).status, 200, "{about}");
            }
            let answer = raw.answer().unwrap_or_else(|| panic!("no answer: {about}"));
            answer.assert_problem(status, &about);
            assert!(answer.closes(), "{about}");
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{about}");
            assert!(raw.has_ended(), "{about}");
        }
    }
    assert_eq!(server.get("/healthz").status, 200, "the server goes on");
}

/// From the report on answers that were lost when anything followed the request.
#[test]
fn a_good_request_is_answered_at_once_whatever_follows_it() {
    let server = start(&[]);
    let post = "POST /geoparse HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nKirkuk";
    let chunked =
        "POST /geoparse HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6;x=y\r\nKirkuk\r\n0\r\nT: a\r\n\r\n";
    for request in [
        &get("/healthz", ""),
        &get("/xyz/districts/6/39/25.mvt", ""),
        post,
        chunked,
    ] {
        for after in [
            "\r\n",
            "\r\n\r\n\n",
            "GET /he",
            "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Not-Yet",
        ] {
            let mut raw = Raw::connect(&server);
            let answer = raw.ask(format!("{request}{after}"));
            assert_eq!(answer.status, 200, "{request:?} before {after:?}: {}", answer.text());
            assert!(!answer.closes(), "{request:?} before {after:?}");
        }
        let mut raw = Raw::connect(&server);
        raw.send(format!("{request}{request}GARBAGE\r\n\r\n"));
        let statuses = [raw.answer(), raw.answer(), raw.answer()].map(|answer| answer.expect("three answers").status);
        assert_eq!(statuses, [200, 200, 400], "{request:?}");
        assert!(raw.has_ended());
    }
}

#[test]
fn requests_in_small_pieces_and_many_at_once_are_answered_in_order() {
    let server = start(&[]);
    let mut raw = Raw::connect(&server);
    for byte in get("/healthz", "").bytes() {
        raw.send([byte]);
    }
    assert_eq!(raw.answer().unwrap().status, 200);
    let mut all = String::new();
    for nth in 0..40 {
        match nth % 4 {
            0 => all.push_str(&get("/healthz", "")),
            1 => all.push_str("POST /geoparse HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nKirkuk"),
            2 => all.push_str(&get("/nothing", "")),
            _ => all.push_str("\r\nPOST /geoparse HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nKir\r\n3\r\nkuk\r\n0\r\n\r\n"),
        }
    }
    for piece in all.as_bytes().chunks(97) {
        raw.send(piece);
    }
    for nth in 0..40 {
        let answer = raw.answer().expect("an answer to each");
        assert_eq!(
            answer.status,
            if nth % 4 == 2 { 404 } else { 200 },
            "{nth}: {}",
            answer.text()
        );
    }
}

#[test]
fn a_client_that_closes_its_side_gets_its_answer() {
    let server = start(&[]);
    for request in [
        get("/healthz", ""),
        get("/xyz/districts/6/39/25.mvt", ""),
        get("/collections/districts/items?limit=1000", ""),
        "POST /geoparse HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nKirkuk".to_owned(),
    ] {
        let mut raw = Raw::connect(&server);
        let answer = raw.send(&request).finish_sending().answer();
        assert_eq!(answer.map(|answer| answer.status), Some(200), "{request:?}");
        assert!(raw.has_ended());
    }
    let mut raw = Raw::connect(&server);
    let answer = raw
        .send("GET /healthz HTT")
        .finish_sending()
        .answer()
        .expect("an answer");
    answer.assert_problem(400, "half a head");
}

/// From the report on filters as curl and GDAL send them.
#[test]
fn characters_that_clients_do_not_encode_are_accepted() {
    let server = start(&[]);
    let ask = |path: &str| Raw::connect(&server).ask(get(path, ""));
    let encoded = ask("/collections/districts/items?filter=area_km2%3E5000&limit=1");
    assert_eq!(encoded.status, 200);
    let plain = ask("/collections/districts/items?filter=area_km2>5000&limit=1");
    assert_eq!(plain.status, 200, "{}", plain.text());
    assert_eq!(plain.header("etag"), encoded.header("etag"));
    for query in ["q=<b>\"Kirkuk\"</b>", "q={a|b}^`c`\\d", "q=كركوك"] {
        let answer = ask(&format!("/search?{query}"));
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    }
    let refused = ask("/collections/districts/items?filter=<<>>");
    refused.assert_problem(400, "a filter that is none");
}

#[test]
fn options_of_the_server_as_a_whole_are_answered() {
    let server = start(&[]);
    let answer = Raw::connect(&server).ask("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert!(answer.header("allow").is_some_and(|allow| allow.contains("GET")));
}

/// From the reports on requests with two `Host` lines or none.
#[test]
fn a_request_names_one_host() {
    let server = start(&[]);
    let ask = |target: &str, version: &str, host: &str| {
        Raw::connect(&server).ask(format!(
            "GET {target} HTTP/{version}\r\n{host}Connection: close\r\n\r\n"
        ))
    };
    for host in [
        "",
        "Host:\r\n",
        "Host: a\r\nHost: b\r\n",
        "Host: a\r\nhost: a\r\n",
        "Host: a/b\r\n",
        "Host: a:b\r\n",
        "Host: a:99999\r\n",
        "Host: [::1\r\n",
        "Host: u@a\r\n",
    ] {
        ask("/collections?f=json", "1.1", host).assert_problem(400, host);
    }
    let links = |answer: super::RawAnswer| {
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    };
    assert!(links(ask("/collections?f=json", "1.1", "Host: [::1]:80\r\n")).contains("http://[::1]:80/collections"));
    assert!(links(ask("/collections?f=json", "1.0", "")).contains("http://localhost/collections"));
    let absolute = links(ask(
        "http://other.example/collections?f=json",
        "1.1",
        "Host: a.example\r\n",
    ));
    assert!(absolute.contains("http://other.example/collections") && !absolute.contains("a.example"));
}

#[test]
fn the_public_address_is_checked_at_start() {
    for wrong in [
        "javascript:alert(1)",
        "ftp://x",
        "not a url",
        "https://maps.example.org/?q=1",
        "https://u:p@a",
        "",
    ] {
        let output = crate::common::mahwar(&["serve", "--bind", "127.0.0.1:0", "--public-url", wrong]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("--public-url") && said.contains("http://HOST"), "{said}");
    }
    let server = start(&["--public-url", "https://maps.example.org/iraq/"]);
    let page = server.get("/collections?f=json").text();
    assert!(page.contains("\"https://maps.example.org/iraq/collections"), "{page}");
}

#[test]
fn links_follow_one_family_of_forwarding_headers_and_caches_are_told() {
    let server = start(&["--trust-proxy"]);
    let ask = |more: &str| Raw::connect(&server).ask(get("/collections/districts/items?f=json&limit=1", more));
    let mut tags = Vec::new();
    for (more, base) in [
        ("", "http://maps.test/"),
        (
            "X-Forwarded-Host: m.example\r\nForwarded: host=evil.example;proto=https\r\n",
            "http://m.example/",
        ),
        (
            "X-Forwarded-Host: m.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /a\r\n",
            "https://m.example/a/",
        ),
        (
            "Forwarded: proto=https;host=f.example\r\nX-Forwarded-Prefix: /evil\r\n",
            "https://f.example/",
        ),
        ("X-Forwarded-Host: a:b:c:99999999\r\n", "http://localhost/"),
    ] {
        let answer = ask(more);
        assert!(
            answer.text().contains(&format!("\"{base}collections")),
            "{more}: {}",
            answer.text()
        );
        let vary: Vec<&str> = answer
            .headers
            .iter()
            .filter(|(name, _)| name == "vary")
            .map(|(_, value)| value.as_str())
            .collect();
        assert!(vary.join(", ").contains("x-forwarded-host"), "{vary:?}");
        tags.push(answer.header("etag").unwrap().to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 5, "another base is another answer");
}
