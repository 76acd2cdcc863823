//! Who may do what: named tokens with roles, private servers, quotes only, hosts, pages of other sites, rates.

use crate::{
    common::{Answer, BINARY, Server, agent, answer, root},
    writes::Shelf,
};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// A line for the list of tokens, and the token.
fn token(name: &str, roles: &str) -> (String, String) {
    let made = Command::new(BINARY)
        .args(["token", name, "--roles", roles])
        .output()
        .expect("the binary runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap().trim().to_owned();
    (text(&made.stdout), text(&made.stderr))
}

/// A server over a shelf's store with these tokens, and more arguments.
fn served(shelf: &Shelf, lines: &[&str], more: &[&str]) -> Server {
    let path = shelf.path("tokens");
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    let (address, path) = (shelf.address(), path.display().to_string());
    let mut args = vec!["--store", &address, "--tokens", &path];
    args.extend(more);
    Server::start_with(&args)
}

fn post(server: &Server, token: &str, text: &str) -> Answer {
    let request = agent()
        .post(format!("{}/documents", server.url))
        .header("content-type", "text/plain")
        .header("authorization", format!("Bearer {token}"));
    answer(request.send(text))
}

fn rule(server: &Server, token: &str, mention: &str, body: &Value) -> Answer {
    let request = ureq::http::Request::patch(format!("{}/mentions/{mention}", server.url))
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"))
        .body(body.to_string())
        .unwrap();
    answer(agent().run(request))
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// Sends bytes as they are and reads the answer to its end.
fn raw(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn get_as(server: &Server, host: &str, path: &str) -> String {
    raw(
        server,
        &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
    )
}

#[test]
fn each_token_may_do_what_its_roles_say_and_its_name_is_the_author() {
    let shelf = Shelf::new();
    let (writer_line, writer) = token("feeds", "write");
    let (desk_line, desk) = token("desk", "rule");
    let (admin_line, admin) = token("chief", "admin");
    assert!(!writer_line.contains(&writer));
    let server = served(&shelf, &[&writer_line, &desk_line, &admin_line], &[]);
    let kept = post(&server, &writer, "Attack near Kirkuk.");
    assert_eq!(kept.status, 201, "{}", kept.text());
    let mention = format!("{}-m1", kept.json()["id"].as_str().unwrap());
    let refused = post(&server, &desk, "Attack near Daquq.");
    assert_eq!(refused.status, 403);
    assert!(
        refused.text().contains("role write") && refused.text().contains("desk"),
        "{}",
        refused.text()
    );
    assert_eq!(post(&server, "mahwar_wrong", "Attack near Daquq.").status, 401);
    assert_eq!(
        rule(&server, &writer, &mention, &json!({"ruling": "accept"})).status,
        403
    );

    // Report: the author of a ruling was any text of the client.
    let body = json!({"ruling": "reject", "author": "The Minister of Justice", "reason": "x"});
    let ruled = rule(&server, &desk, &mention, &body);
    assert_eq!(ruled.status, 200, "{}", ruled.text());
    let ruling = &ruled.json()["ruling"];
    assert_eq!(
        (&ruling["author"], &ruling["author_said"]),
        (&json!("desk"), &json!("The Minister of Justice"))
    );
    let ruled = rule(&server, &admin, &mention, &json!({"ruling": "accept"})).json();
    assert_eq!(
        (&ruled["ruling"]["author"], &ruled["ruling"]["author_said"]),
        (&json!("chief"), &Value::Null)
    );
    let request = ureq::http::Request::delete(format!(
        "{}/mentions/{mention}/rulings?author=Somebody%20Else",
        server.url
    ))
    .header("authorization", bearer(&desk))
    .body(())
    .unwrap();
    assert_eq!(answer(agent().run(request)).status, 200);
    let history = server.get(&format!("/mentions/{mention}/rulings")).json();
    let authors: Vec<_> = history["rulings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ruling| &ruling["author"])
        .collect();
    assert_eq!(authors, ["desk", "chief", "desk"]);
    assert_eq!(history["rulings"][2]["author_said"], "Somebody Else");
}

#[test]
fn the_token_of_the_environment_is_named_default_and_may_do_everything() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let kept = post(&server, crate::writes::TOKEN, "Attack near Kirkuk.");
    let mention = format!("{}-m1", kept.json()["id"].as_str().unwrap());
    let ruled = rule(&server, crate::writes::TOKEN, &mention, &json!({"ruling": "accept"}));
    assert_eq!(ruled.json()["ruling"]["author"], "default");
}

#[test]
fn a_changed_list_of_tokens_is_read_without_a_restart() {
    let shelf = Shelf::new();
    let (old_line, old) = token("desk", "write");
    let (new_line, new) = token("desk", "write");
    let server = served(&shelf, &[&old_line], &[]);
    assert_eq!(post(&server, &old, "Attack near Kirkuk.").status, 201);
    assert_eq!(post(&server, &new, "Attack near Daquq.").status, 401);
    std::fs::write(shelf.path("tokens"), format!("# the new one\n{new_line}\n")).unwrap();
    until(|| post(&server, &new, "Attack near Daquq.").status < 400);
    assert_eq!(post(&server, &old, "Attack near Kalar.").status, 401);
    // A list that cannot be read changes nothing.
    std::fs::write(shelf.path("tokens"), "nonsense\n").unwrap();
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(post(&server, &new, "Attack near Kalar.").status, 201);
}

/// Waits until something holds; fails when it never does.
fn until(mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < end, "it never held");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_private_server_shows_nothing_without_the_role_read() {
    let shelf = Shelf::new();
    let (reader_line, reader) = token("reader", "read");
    let (writer_line, writer) = token("feeds", "write");
    let server = served(&shelf, &[&reader_line, &writer_line], &["--private"]);
    for path in ["/healthz", "/readyz"] {
        assert_ne!(server.get(path).status, 401, "{path}");
    }
    let tile = "/xyz/governorates/6/39/25.mvt";
    for path in [
        "/",
        "/collections",
        tile,
        "/documents",
        "/search?q=Kirkuk",
        "/metrics",
        "/api",
        "/styles/light.json",
    ] {
        let refused = server.get(path);
        assert_eq!(refused.status, 401, "{path}");
        assert!(refused.header("www-authenticate").starts_with("Bearer"), "{path}");
        let shown = server.get_with(path, &[("authorization", &bearer(&reader))]);
        assert_eq!(shown.status, 200, "{path}");
        assert!(
            shown.header("cache-control").starts_with("private"),
            "{path}: {}",
            shown.header("cache-control")
        );
        assert_eq!(
            server.get_with(path, &[("authorization", &bearer(&writer))]).status,
            403,
            "{path}"
        );
    }
    // The tile is ready now, and still not for everybody.
    assert_eq!(server.get(tile).status, 401);
    // A browser or QGIS sends the token as a password, which lets nothing be written.
    let basic = "Basic ".to_owned() + &base64(&format!("me:{reader}"));
    assert_eq!(
        server.get_with("/collections", &[("authorization", &basic)]).status,
        200
    );
    let refused = agent()
        .post(format!("{}/documents", server.url))
        .header("authorization", "Basic ".to_owned() + &base64(&format!("me:{writer}")))
        .send("Attack near Kirkuk.");
    assert_ne!(answer(refused).status, 201);

    let no_reader = Command::new(BINARY)
        .args(["serve", "--bind", "127.0.0.1:0", "--private"])
        .output()
        .unwrap();
    assert_eq!(no_reader.status.code(), Some(2));
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let chunks = text.as_bytes().chunks(3).map(|chunk| {
        let number = (0..3).fold(0_u32, |number, at| {
            number << 8 | u32::from(chunk.get(at).copied().unwrap_or(0))
        });
        let letter = |at: usize| match at <= chunk.len() {
            true => char::from(LETTERS[(number >> (18 - 6 * at)) as usize & 63]),
            false => '=',
        };
        (0..4).map(letter).collect::<String>()
    });
    chunks.collect()
}

#[test]
fn a_server_of_quotes_gives_full_texts_to_readers_only() {
    let shelf = Shelf::new();
    let (reader_line, reader) = token("reader", "read");
    let (writer_line, writer) = token("feeds", "write");
    let server = served(&shelf, &[&reader_line, &writer_line], &["--texts", "quotes"]);
    let request = agent()
        .post(format!("{}/documents?source_url=https://example.org/1", server.url))
        .header("content-type", "text/html")
        .header("authorization", bearer(&writer));
    let kept = answer(request.send("<p>Attack near Kirkuk. The secret rest of the text.</p>"));
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    for path in [format!("/documents/{id}/text"), format!("/documents/{id}/original")] {
        assert_eq!(server.get(&path).status, 401, "{path}");
        assert_eq!(
            server.get_with(&path, &[("authorization", &bearer(&writer))]).status,
            403,
            "{path}"
        );
        let shown = server.get_with(&path, &[("authorization", &bearer(&reader))]);
        assert_eq!(shown.status, 200, "{path}");
        assert!(shown.text().contains("secret rest"));
        assert!(shown.header("cache-control").contains("private"), "{path}");
        // A tag that a client knows reveals nothing.
        let tag = shown.header("etag").to_owned();
        assert_eq!(server.get_with(&path, &[("if-none-match", &tag)]).status, 401, "{path}");
    }
    let mut shown = String::new();
    for path in [
        format!("/documents/{id}"),
        format!("/documents/{id}/mentions"),
        format!("/documents/{id}/claims"),
        format!("/documents/{id}/annotations"),
        "/documents".to_owned(),
        "/collections/documents/items?limit=100".to_owned(),
        "/collections/mentions/items?limit=100".to_owned(),
        "/downloads/documents.csv".to_owned(),
        "/downloads/mentions.geojson".to_owned(),
    ] {
        let answer = server.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        shown.push_str(&answer.text());
    }
    assert!(shown.contains("Attack near Kirkuk.") && shown.contains("https://example.org/1"));
}

#[test]
fn a_server_of_quotes_gives_no_snippet_and_no_further_member_to_others() {
    let shelf = Shelf::new();
    let (reader_line, reader) = token("reader", "read");
    let (writer_line, writer) = token("feeds", "write");
    let server = served(&shelf, &[&reader_line, &writer_line], &["--texts", "quotes"]);
    let body = serde_json::json!({
        "title": "Attack near Kirkuk",
        "text": "Attack near Kirkuk. Later the hidden zqword of the text followed.",
        "body": "the zqfact of the article",
    });
    let request = agent()
        .post(format!("{}/documents", server.url))
        .header("content-type", "application/json")
        .header("authorization", bearer(&writer));
    let kept = answer(request.send(body.to_string().as_bytes()));
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    let reader = bearer(&reader);
    for (path, word) in [
        ("/documents?q=kirkuk".to_owned(), "zqword"),
        ("/documents?q=kirkuk&f=atom".to_owned(), "zqword"),
        (format!("/documents/{id}"), "zqfact"),
        ("/documents".to_owned(), "zqfact"),
    ] {
        let open = server.get(&path);
        assert_eq!(open.status, 200, "{path}");
        let text = open.text();
        assert!(text.contains(&id) && !text.contains(word), "{path}: {text}");
        let read = server.get_with(&path, &[("authorization", &reader)]).text();
        assert!(read.contains(word), "{path}: {read}");
    }
}

#[test]
fn a_server_of_quotes_finds_others_only_by_words_that_they_are_shown() {
    let shelf = Shelf::new();
    let (reader_line, reader) = token("reader", "read");
    let (writer_line, writer) = token("feeds", "write");
    let server = served(&shelf, &[&reader_line, &writer_line], &["--texts", "quotes"]);
    let kept = post(
        &server,
        &writer,
        "Five people were killed near Kirkuk on 3 December 2021.\n\nThe committee met later and spoke of many other things \
         that day, one after the other. The market stayed calm and zqgrandmother slept.",
    );
    assert_eq!(kept.status, 201, "{}", kept.text());
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    let reader = bearer(&reader);
    for (words, is_shown) in [
        ("kirkuk", true),
        ("%22people%20were%20killed%22", true),
        ("kill*", true),
        ("zqgrandmother", false),
        ("zqgrand*", false),
        ("%22market%20stayed%22", false),
        ("kirkuk%20calm", false),
    ] {
        for path in [
            "/documents?q=",
            "/documents?f=atom&q=",
            "/collections/documents/items?q=",
            "/collections/claims/items?q=",
            "/downloads/documents.csv?q=",
        ] {
            let path = format!("{path}{words}");
            let found = |answer: Answer| answer.text().contains(&id);
            assert_eq!(found(server.get(&path)), is_shown, "{path}");
            assert!(found(server.get_with(&path, &[("authorization", &reader)])), "{path}");
        }
        let list = server.get(&format!("/documents?q={words}")).json();
        assert!(list["next"].is_null() && list["total"].is_null(), "{words}: {list}");
    }
}

#[test]
fn a_request_with_two_tokens_is_refused() {
    let server = Server::start();
    let host = server.url.trim_start_matches("http://").to_owned();
    let request = format!(
        "GET /documents HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\nConnection: close\r\n\r\n"
    );
    let mut stream = std::net::TcpStream::connect(&host).unwrap();
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let mut said = String::new();
    std::io::Read::read_to_string(&mut stream, &mut said).unwrap();
    assert!(
        said.starts_with("HTTP/1.1 400") && said.contains("Authorization"),
        "{said}"
    );
}

#[test]
fn conditions_of_a_request_that_computes_an_answer_are_passed_over() {
    let server = Server::start();
    let request = agent()
        .post(format!("{}/geoparse", server.url))
        .header("content-type", "text/plain")
        .header("if-none-match", "*");
    let answer = answer(request.send("Kirkuk"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("Kirkuk"));
}

#[test]
fn a_server_on_loopback_does_not_answer_to_the_names_of_others() {
    let server = Server::start();
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let tile = "/xyz/governorates/6/39/25.mvt";
    assert_eq!(server.get(tile).status, 200);
    assert!(get_as(&server, "evil.example", "/healthz").starts_with("HTTP/1.1 200"));
    for path in ["/documents", "/", "/readyz", tile, "/collections/mentions/items"] {
        for host in [
            format!("evil.example:{port}"),
            "evil.example".to_owned(),
            format!("localhost.evil.example:{port}"),
        ] {
            let refused = get_as(&server, &host, path);
            assert!(refused.starts_with("HTTP/1.1 421"), "{host} {path}: {}", &refused[..40]);
        }
        for host in [
            format!("127.0.0.1:{port}"),
            format!("localhost:{port}"),
            "LOCALHOST".to_owned(),
        ] {
            let shown = get_as(&server, &host, path);
            assert!(shown.starts_with("HTTP/1.1 200"), "{host} {path}");
        }
    }
    let shown = get_as(&server, "evil.example", "/healthz");
    assert!(shown.starts_with("HTTP/1.1 200"), "{shown}");

    let named = Server::start_with(&["--public-url", "https://maps.example.org/a"]);
    assert!(get_as(&named, "maps.example.org", "/collections").starts_with("HTTP/1.1 200"));
    assert!(get_as(&named, "evil.example", "/collections").starts_with("HTTP/1.1 421"));
    let behind = Server::start_with(&["--trust-proxy"]);
    assert!(get_as(&behind, "any.example", "/collections").starts_with("HTTP/1.1 200"));
    let allowed = Server::start_with(&["--allowed-hosts", "one.example,.two.example"]);
    assert!(get_as(&allowed, "one.example", "/collections").starts_with("HTTP/1.1 200"));
    assert!(get_as(&allowed, "a.two.example:1", "/collections").starts_with("HTTP/1.1 200"));
    assert!(get_as(&allowed, "three.example", "/collections").starts_with("HTTP/1.1 421"));
}

/// Report: any web page could read the documents of a server on the analyst's own machine.
#[test]
fn pages_of_other_sites_read_the_land_and_no_documents_of_a_server_on_loopback() {
    let server = Server::start();
    let id = server.get("/documents").json()["documents"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let evil = [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "cors"),
    ];
    let embedded = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")];
    let own = [
        ("origin", "http://localhost:3000"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "cors"),
    ];
    let of_the_land = [
        "/collections",
        "/collections/districts/items?limit=1",
        "/xyz/governorates,districts/6/39/25.mvt",
        "/xyz/governorates.json",
        "/collections/governorates/tiles/WebMercatorQuad/6/25/39",
        "/tiles/WebMercatorQuad/6/25/39?collections=governorates",
        "/styles/light.json",
        "/search?q=Kirkuk",
        "/reconcile",
        "/corridor/crossings",
        "/downloads/districts.csv",
        "/tileMatrixSets",
    ];
    let of_documents = [
        "/documents".to_owned(),
        format!("/documents/{id}/text"),
        format!("/documents/{id}/annotations"),
        "/collections/mentions/items".to_owned(),
        "/collections/mention_places/items".to_owned(),
        "/collections/coordination_axes/items".to_owned(),
        "/xyz/governorates,mentions/6/39/25.mvt".to_owned(),
        "/xyz/mention_places/6/39/25.mvt".to_owned(),
        "/tiles/WebMercatorQuad/6/25/39".to_owned(),
        "/maps/light/6/39/25.png".to_owned(),
        "/downloads/mentions.csv".to_owned(),
        "/downloads/all.gpkg".to_owned(),
        "/corridor".to_owned(),
        "/corridor/definitions".to_owned(),
        "/metrics".to_owned(),
    ];
    for destination in ["iframe", "object", "embed"] {
        let framed = [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", destination),
        ];
        assert_eq!(server.get_with("/documents", &framed).status, 403, "{destination}");
        assert_eq!(server.get_with("/embed", &framed).status, 200, "{destination}");
    }
    let followed = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    let followed = server.get_with("/documents", &followed);
    assert_eq!(followed.status, 200);
    assert!(followed.header("content-security-policy").contains("frame-ancestors"));
    let forged = server.get_with("/documents", &[("origin", "http://evil.example\\@127.0.0.1")]);
    assert_eq!(forged.header("access-control-allow-origin"), "");
    // Twice, since a tile is ready the second time.
    for _ in 0..2 {
        for path in of_the_land {
            assert_eq!(
                server.get_with(path, &evil).header("access-control-allow-origin"),
                "*",
                "{path}"
            );
            assert_eq!(server.get_with(path, &embedded).status, 200, "{path}");
        }
        for path in &of_documents {
            let shown = server.get_with(path, &evil);
            assert_eq!(shown.header("access-control-allow-origin"), "", "{path}");
            assert_eq!(shown.header("cross-origin-resource-policy"), "same-origin", "{path}");
            assert_eq!(server.get_with(path, &embedded).status, 403, "{path}");
            let allowed = server.get_with(path, &own);
            assert_eq!(
                (allowed.status, allowed.header("access-control-allow-origin")),
                (200, "*"),
                "{path}"
            );
            let vary: Vec<_> = allowed.headers.get_all("vary").iter().collect();
            assert!(vary.iter().any(|value| *value == "origin"), "{path}: {vary:?}");
            // A program, the map's own page, and a link that somebody follows.
            assert_eq!(server.get(path).status, 200, "{path}");
            let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
            assert_eq!(server.get_with(path, &link).status, 200, "{path}");
        }
    }
    // A public server shows everybody everything.
    let public = Server::start_with(&["--public-url", "http://localhost"]);
    assert_eq!(
        public
            .get_with("/documents", &evil)
            .header("access-control-allow-origin"),
        "*"
    );
}

#[test]
fn a_users_name_is_believed_from_the_trusted_proxy_alone() {
    let shelf = Shelf::new();
    let lines = ["alice read,write,rule user"];
    let proxied = ["--trust-proxy", "--user-header", "X-User"];
    let server = served(&shelf, &lines, &proxied);
    let send = |server: &Server, user: &str| {
        let request = agent().post(format!("{}/documents", server.url)).header("x-user", user);
        answer(request.header("content-type", "text/plain").send("Attack near Kirkuk."))
    };
    assert_eq!(send(&server, "alice").status, 201);
    assert_eq!(send(&server, "bob").status, 403);
    let other_proxy = served(
        &shelf,
        &lines,
        &[&proxied[..], &["--proxy-addresses", "192.0.2.1"]].concat(),
    );
    assert_eq!(send(&other_proxy, "alice").status, 401);
    let alone = Command::new(BINARY)
        .args(["serve", "--bind", "127.0.0.1:0", "--user-header", "X-User"])
        .output()
        .unwrap();
    assert_eq!(alone.status.code(), Some(2));
}

#[test]
fn a_client_that_asks_too_often_is_put_off_also_when_it_is_refused() {
    let server = Server::start_with(&["--rate-limit", "1"]);
    let all: Vec<Answer> = (0..40)
        .map(|_| server.post("/documents", "text/plain", b"Kirkuk"))
        .collect();
    let last = all.last().unwrap();
    assert_eq!(last.status, 429);
    assert!(
        last.header("retry-after")
            .parse::<u32>()
            .is_ok_and(|seconds| seconds >= 1)
    );
    assert_ne!(all[0].status, 429);
    assert_eq!(server.get("/collections").status, 429);
    assert_eq!(server.get("/healthz").status, 200);
}

/// Report: `--help` showed the token and the password of the settings file.
#[test]
fn help_shows_no_secret_of_the_settings_file() {
    let folder = tempfile::TempDir::new().unwrap();
    let settings = "token = \"S3CRET-TOKEN\"\nstore = \"postgres://u:PGPASS@db/x\"\ntokens = \"x sha256:LISTED\"\n";
    std::fs::write(folder.path().join("mahwar.toml"), settings).unwrap();
    for command in ["serve", "ingest", "reparse"] {
        let help = Command::new(BINARY)
            .args([command, "--help"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&help.stdout).into_owned() + &String::from_utf8_lossy(&help.stderr);
        for secret in ["S3CRET", "PGPASS", "LISTED"] {
            assert!(!said.contains(secret), "{command}: {said}");
        }
        assert!(String::from_utf8_lossy(&help.stderr).contains("chmod 600"));
    }
}

#[test]
fn an_id_that_no_document_can_have_is_not_there() {
    let shelf = Shelf::new();
    let server = shelf.server();
    for id in [
        "a%00b",
        "zzzz",
        "%2e%2e",
        "A92614C7EB69C543",
        "a92614c7eb69c5430",
        "a%27%20OR%201=1",
    ] {
        for path in ["", "/text", "/original", "/mentions", "/claims", "/annotations"] {
            let path = format!("/documents/{id}{path}");
            assert_eq!(server.get(&path).status, 404, "{path}");
        }
        assert_eq!(server.get(&format!("/mentions/{id}-m1")).status, 404, "{id}");
    }
}

#[test]
fn the_server_is_started_from_any_folder() {
    // The binary needs nothing beside it, so that a service can run it without a working folder of its own.
    let mut child = Command::new(BINARY)
        .args(["serve", "--bind", "127.0.0.1:0"])
        .current_dir("/")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let _ = child.kill();
    let _ = child.wait();
    assert!(line.contains("http://127.0.0.1:"), "{line}");
    let _ = root();
}
