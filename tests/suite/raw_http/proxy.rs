//! `deploy/nginx.conf` before two servers: no request of one client makes nginx stop using a server.

use super::{HOSTS, Raw, get, start};
use crate::common::{Server, eventually, has_tool, root};
use std::{
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

/// nginx with the deployed configuration, on a free port.
struct Nginx {
    child: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // A master process that is killed leaves its workers: it is asked.
        let _ = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        let _ = self.child.wait();
    }
}

impl Nginx {
    fn before(servers: &[&Server; 2]) -> Option<Self> {
        if !has_tool_by("nginx", "-v") {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let address = format!("127.0.0.1:{port}");
        let text = std::fs::read_to_string(root().join("deploy/nginx.conf")).unwrap();
        let mut text = text.replace("listen 8080;", &format!("listen {address};"));
        for (name, server) in ["mahwar-1:8080", "mahwar-2:8080"].iter().zip(servers) {
            assert!(text.contains(name));
            text = text.replace(name, server.url.trim_start_matches("http://"));
        }
        let temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temp: String = temp
            .iter()
            .map(|kind| format!("{kind}_temp_path {}/{kind};", folder.path().display()))
            .collect();
        text = text.replacen("http {", &format!("http {{ access_log off; {temp}"), 1);
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, text).unwrap();
        let (file, prefix, log) = (file.display(), folder.path().display(), folder.path().join("error.log"));
        let child = Command::new("nginx")
            .args([
                "-c",
                &file.to_string(),
                "-p",
                &prefix.to_string(),
                "-e",
                &log.display().to_string(),
            ])
            .args(["-g", &format!("daemon off; pid {prefix}/pid;")])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let nginx = Self {
            child,
            address,
            _folder: folder,
        };
        eventually("nginx listens", || std::net::TcpStream::connect(&nginx.address).is_ok());
        Some(nginx)
    }

    fn connect(&self) -> Raw {
        Raw::to(&self.address)
    }
}

/// [`has_tool`] for a tool that prints its version by another flag.
fn has_tool_by(tool: &str, flag: &str) -> bool {
    let output = Command::new(tool)
        .arg(flag)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    output.is_ok() || has_tool(tool)
}

/// From the reports on one client that made the service unavailable through nginx: by refused bodies, and by malformed
/// requests.
#[test]
fn nothing_that_a_client_sends_takes_a_server_out() {
    // Each refused write is a line in the log otherwise.
    let quiet = || {
        let mut command = Command::new(crate::common::BINARY);
        command
            .args(["serve", "--bind", "127.0.0.1:0"])
            .env("MAHWAR_LOG", "error")
            .env("MAHWAR_ALLOWED_HOSTS", HOSTS);
        Server::start_command(command)
    };
    let (one, two) = (quiet(), quiet());
    let Some(nginx) = Nginx::before(&[&one, &two]) else {
        return;
    };
    let post = |path: &str, more: &str, length: usize| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\n{more}Content-Length: {length}\r\n\r\n{}",
            "a".repeat(length)
        )
    };
    let attacks = [
        post("/documents", "", 2_000),
        post("/documents", "", 10),
        post("/documents", "", 200_000),
        post("/nothing", "", 2_000),
        post("/healthz", "", 2_000),
        post("/geoparse", "Content-Encoding: lzma\r\n", 2_000),
        post("/geoparse", "", 2_000_000),
        get("/search?q=\u{7f}", ""),
        get("/", "Expect: wonders\r\n"),
        get("/", &"X-Many: 1\r\n".repeat(110)),
        get(&format!("/search?q={}", "a".repeat(25_000)), ""),
        get("/", "Referer: a\x01b\r\n"),
    ];
    let mut attacks: Vec<Vec<u8>> = attacks.into_iter().map(String::into_bytes).collect();
    attacks.push(b"GET /search?q=\xdf\xd1\xdf\xe6\xdf HTTP/1.1\r\nHost: x\r\n\r\n".to_vec());
    attacks.push(b"GET /\xdf\xd1 HTTP/1.1\r\nHost: x\r\n\r\n".to_vec());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
                    while !done.load(Ordering::Relaxed) {
                        let mut raw = nginx.connect();
                        for _ in 0..20 {
                            let tile = raw.ask(get("/xyz/districts/6/39/25.mvt", ""));
                            *statuses.entry(tile.status).or_default() += 1;
                        }
                    }
                    statuses
                })
            })
            .collect();
        let mut refused = std::collections::BTreeMap::<u16, usize>::new();
        for round in 0..150 {
            for attack in &attacks {
                let mut raw = nginx.connect();
                // nginx may end a connection itself; then there is no status.
                let status = raw.send(attack).answer().map_or(0, |answer| answer.status);
                *refused.entry(status).or_default() += 1;
                assert!(
                    ![502, 504].contains(&status),
                    "{status} in round {round}: {:?}",
                    String::from_utf8_lossy(&attack[..attack.len().min(100)])
                );
            }
        }
        done.store(true, Ordering::Relaxed);
        println!("refused: {refused:?}");
        for reader in readers {
            let statuses = reader.join().unwrap();
            println!("tiles: {statuses:?}");
            assert_eq!(statuses.keys().collect::<Vec<_>>(), [&200], "{statuses:?}");
        }
    });
}

#[test]
fn a_server_that_is_gone_is_passed_over_and_clients_choose_no_links() {
    let servers = [start(&["--trust-proxy"]), start(&["--trust-proxy"])];
    let Some(nginx) = Nginx::before(&[&servers[0], &servers[1]]) else {
        return;
    };
    let page = nginx.connect().ask(
        "GET /collections/districts?f=json HTTP/1.1\r\nHost: maps.example\r\nX-Forwarded-Prefix: /evil\r\n\
         Forwarded: host=evil.example;proto=https\r\nX-Forwarded-Host: evil.example\r\n\r\n",
    );
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("\"http://maps.example/collections"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("evil"), "{}", page.text());
    let [one, two] = servers;
    drop(one);
    for _ in 0..20 {
        assert_eq!(nginx.connect().ask(get("/healthz", "")).status, 200);
    }
    drop(two);
    assert_eq!(nginx.connect().ask(get("/healthz", "")).status, 502);
}
