//! Bad input gets a clear error that names the thing, with the exit codes of the design.

use crate::common::{BINARY, Server, mahwar, root};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    time::Duration,
};

/// Runs the binary, which must fail with this exit code and without a panic; returns its error output.
fn fails(code: i32, args: &[&str]) -> String {
    let output = mahwar(args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(
        output.stdout.is_empty(),
        "a server that fails must not have said that it runs"
    );
    said
}

#[test]
fn a_missing_data_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = fails(2, &["serve", "--data", folder.path().to_str().unwrap()]);
    assert!(
        said.contains(folder.path().to_str().unwrap()) && said.contains(".t"),
        "{said}"
    );
}

#[test]
fn a_broken_data_file_is_named_with_its_row() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("data"), folder.path());
    let path = folder.path().join("places.tsv");
    let mut places = fs::read_to_string(&path).unwrap();
    places.push_str("IQX\tplanet\n");
    let rows = places.lines().count();
    fs::write(&path, places).unwrap();
    let said = fails(2, &["serve", "--data", folder.path().to_str().unwrap()]);
    assert!(
        said.contains("places.tsv") && said.contains(&format!("line {rows}")) && said.contains("planet"),
        "{said}"
    );
}

#[test]
fn a_seed_that_is_not_a_text_is_named_and_costs_itself_only() {
    for (name, bytes, word) in [
        ("a.txt", &b"\xff\xfe"[..], "UTF-8"),
        ("empty.txt", b" \n", "empty"),
        ("nul.txt", b"Attack near Kirkuk\0 and Daquq", "NUL"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        fs::write(folder.path().join("good.txt"), "Attack near Khanaqin").unwrap();
        let out = folder.path().join("documents.csv");
        let output = mahwar(&[
            "export",
            "documents",
            "-o",
            out.to_str().unwrap(),
            "--seeds",
            folder.path().to_str().unwrap(),
        ]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains(name) && said.contains(word),
            "{said}"
        );
        let table = fs::read_to_string(out).unwrap();
        assert!(table.lines().count() == 2 && table.contains("Khanaqin"), "{table}");
    }
    let said = fails(2, &["serve", "--seeds", "/no/such/folder"]);
    assert!(said.contains("/no/such/folder"), "{said}");
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = fails(1, &["serve", "--bind", &address]);
    assert!(said.contains(&address), "{said}");
}

#[test]
fn wrong_usage_ends_with_2() {
    fails(2, &["fly"]);
    fails(2, &["serve", "--bind", "nowhere"]);
    assert!(fails(2, &["geoparse", "/no/such/file"]).contains("/no/such/file"));
}

#[test]
fn a_text_that_cannot_be_read_is_refused_by_the_command() {
    for (bytes, word) in [(&b"\xff"[..], "UTF-8"), (b"", "empty")] {
        let mut child = Command::new(BINARY)
            .args(["geoparse", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(word));
    }
}

#[test]
fn a_text_that_cannot_be_read_is_refused_by_the_server() {
    let server = Server::start();
    let refused = |body: &[u8]| {
        let answer = server.post("/geoparse", "text/plain", body);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["status"], answer.status);
        answer.status
    };
    assert_eq!(refused(b"\xff\xfe"), 400);
    assert_eq!(refused(b""), 400);
    assert_eq!(refused_unread(&server, 51 * 1024 * 1024), 413);
    assert_eq!(server.get("/healthz").status, 200, "the server goes on");
}

#[test]
fn a_refusal_reaches_a_client_that_is_still_sending() {
    let server = Server::start();
    let body = vec![b'a'; 60 << 20];
    for round in 0..8 {
        for path in ["/geoparse", "/documents"] {
            let answer = server.post(path, "text/plain", &body);
            assert!(
                [413, 401, 403].contains(&answer.status),
                "round {round}: {path}: {}",
                answer.status
            );
        }
        let form = server.post("/reconcile", "application/x-www-form-urlencoded", &body[..2_000_000]);
        assert_eq!(form.status, 413, "round {round}");
    }
    assert_eq!(server.get("/healthz").status, 200, "the server goes on");
}

/// Announces a body of this length, sends none of it, and returns the status of the answer.
fn refused_unread(server: &Server, length: usize) -> u16 {
    let address = server.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    write!(
        stream,
        "POST /geoparse HTTP/1.1\r\nHost: {address}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("no status in {line:?}"))
}

#[test]
fn a_long_text_is_read() {
    let line = "وقعت اشتباكات في قضاء خانقين شمال شرق ديالى. ";
    let text = line.repeat(8 * 1024 * 1024 / line.len());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.txt");
    fs::write(&path, &text).unwrap();
    let output = mahwar(&["geoparse", path.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found = memchr::memmem::find_iter(&output.stdout, "\"text\":\"خانقين\"".as_bytes()).count();
    assert_eq!(found, text.len() / line.len());
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
