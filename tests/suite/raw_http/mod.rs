//! HTTP byte by byte, against the built binary: every request gets an answer, and no client holds the server.

mod bodies;
mod conditions;
mod connections;
mod proxy;
mod requests;

use crate::common::Server;
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

/// The host names that these tests ask for.
const HOSTS: &str = "a,x,maps.test,.example,[::1]";

/// A server that answers to them.
pub fn start(args: &[&str]) -> Server {
    let mut all = vec!["--allowed-hosts", HOSTS];
    all.extend(args);
    Server::start_with(&all)
}

/// A bound on waiting for one answer, far above the server's own limits.
const PATIENCE: Duration = Duration::from_secs(120);

/// An answer as it came.
#[derive(Debug)]
pub struct RawAnswer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl RawAnswer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub fn closes(&self) -> bool {
        self.header("connection") == Some("close")
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn assert_problem(&self, status: u16, about: &str) {
        assert_eq!(self.status, status, "{about}: {}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{about}");
        let problem: serde_json::Value = serde_json::from_slice(&self.body).expect("a problem is JSON");
        assert_eq!(problem["status"], status, "{about}");
        assert!(
            problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()),
            "{about}"
        );
    }
}

/// A connection that is read answer by answer.
pub struct Raw {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Raw {
    pub fn connect(server: &Server) -> Self {
        Self::to(server.url.trim_start_matches("http://"))
    }

    pub fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            unread: Vec::new(),
        }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        // The server may have answered and closed.
        let _ = self.stream.write_all(bytes.as_ref());
        self
    }

    pub fn finish_sending(&mut self) -> &mut Self {
        let _ = self.stream.shutdown(Shutdown::Write);
        self
    }

    fn more(&mut self) -> bool {
        let mut space = [0; 16 * 1024];
        match self.stream.read(&mut space) {
            Ok(0) => false,
            Ok(count) => {
                self.unread.extend_from_slice(&space[..count]);
                true
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => false,
            Err(error) => panic!("no answer: {error}"),
        }
    }

    /// The next answer; none when the connection has ended.
    pub fn answer(&mut self) -> Option<RawAnswer> {
        loop {
            let head = loop {
                if let Some(end) = memchr::memmem::find(&self.unread, b"\r\n\r\n") {
                    let rest = self.unread.split_off(end + 4);
                    break std::mem::replace(&mut self.unread, rest);
                }
                if !self.more() {
                    assert!(self.unread.is_empty(), "{:?}", String::from_utf8_lossy(&self.unread));
                    return None;
                }
            };
            let head = String::from_utf8(head).expect("heads are ASCII");
            let mut lines = head.trim_end().split("\r\n");
            let line = lines.next().unwrap_or_default();
            let status = line.strip_prefix("HTTP/1.").and_then(|line| line[2..5].parse().ok());
            let status: u16 = status.unwrap_or_else(|| panic!("no status in {line:?}"));
            let headers = lines.map(|line| {
                let (name, value) = line.split_once(": ").unwrap_or((line, ""));
                (name.to_ascii_lowercase(), value.to_owned())
            });
            let mut answer = RawAnswer {
                status,
                headers: headers.collect(),
                body: Vec::new(),
            };
            if status == 100 {
                continue;
            }
            let length = answer
                .header("content-length")
                .map(|length| length.parse::<usize>().unwrap());
            if let Some(length) = length {
                while self.unread.len() < length {
                    assert!(self.more(), "the body ends early");
                }
                let rest = self.unread.split_off(length);
                answer.body = std::mem::replace(&mut self.unread, rest);
            }
            return Some(answer);
        }
    }

    /// The answer to one request.
    pub fn ask(&mut self, bytes: impl AsRef<[u8]>) -> RawAnswer {
        self.send(bytes).answer().expect("an answer")
    }

    /// True if the server ends the connection without another byte.
    pub fn has_ended(&mut self) -> bool {
        self.unread.is_empty() && !self.more()
    }
}

/// `GET` of a path, with more header lines.
pub fn get(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: maps.test\r\n{more}\r\n")
}
