//! `mahwar ingest --feed`: entries become documents once, also when the feed grows.

use crate::writes::Shelf;
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};

fn rss(items: &[(&str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(id, text)| {
            format!(
                "<item><title>Report {id}</title><link>https://example.org/{id}</link><guid>{id}</guid>\
                 <pubDate>0{id} Dec 2021 08:00:00 +0300</pubDate><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Agency</title><link>https://example.org/</link><description>d</description>{items}</channel></rss>"
    )
}

fn new(output: &std::process::Output) -> usize {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter(|line| line.contains(" new "))
        .count()
}

#[test]
fn a_feed_in_a_file_is_read_from_where_it_was_left() {
    let shelf = Shelf::new();
    let path = shelf.path("feed.xml");
    let feed = path.to_str().unwrap();
    std::fs::write(&path, rss(&[("1", "Attack in Kirkuk"), ("2", "Attack in Daquq")])).unwrap();
    assert_eq!(new(&shelf.run(&["ingest", "--feed", feed])), 2);
    let again = shelf.run(&["ingest", "--feed", feed]);
    assert_eq!((new(&again), again.stdout.len()), (0, 0));
    std::fs::write(&path, rss(&[("3", "Attack in Kalar"), ("2", "Attack in Daquq")])).unwrap();
    assert_eq!(new(&shelf.run(&["ingest", "--feed", feed])), 1);
    let server = shelf.server();
    let documents = server.get("/documents").json();
    let first = &documents["documents"][0];
    assert_eq!(first["source_url"], "https://example.org/1");
    assert_eq!(first["publisher"], "Agency");
    assert_eq!(first["published"], "2021-12-01T05:00:00Z");
    assert_eq!(documents["total"], 3);
    let places = server
        .get("/collections/mention_places/items?limit=100&properties=by_day")
        .text();
    assert!(places.contains("\"2021-12-03\":1"), "{places}");
}

#[test]
fn a_feed_that_has_not_changed_is_not_sent_again() {
    let shelf = Shelf::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/feed", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    std::thread::spawn(move || {
        let body = rss(&[("1", "Attack in Kirkuk")]);
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut known = false;
            for line in BufReader::new(stream.try_clone().unwrap()).lines() {
                let line = line.unwrap();
                known |= line.eq_ignore_ascii_case("if-none-match: \"v1\"");
                if line.is_empty() {
                    break;
                }
            }
            heard.lock().unwrap().push(known);
            let answer = match known {
                true => "HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n".to_owned(),
                false => format!(
                    "HTTP/1.1 200 OK\r\netag: \"v1\"\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                ),
            };
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    assert_eq!(new(&shelf.run(&["ingest", "--feed", &url])), 1);
    assert_eq!(new(&shelf.run(&["ingest", "--feed", &url])), 0);
    assert_eq!(*asked.lock().unwrap(), [false, true]);
}

#[test]
fn what_is_no_feed_or_not_there_is_told() {
    let shelf = Shelf::new();
    let path = shelf.path("page.html");
    std::fs::write(&path, "<html><body>Kirkuk</body></html>").unwrap();
    for feed in [path.to_str().unwrap(), "/no/such/feed.xml"] {
        let refused = shelf.run(&["ingest", "--feed", feed]);
        assert_eq!(refused.status.code(), Some(2), "{feed}");
    }
    let refused = shelf.run(&["ingest", "--feed", "http://127.0.0.1:9/feed"]);
    assert_eq!(refused.status.code(), Some(1));
}
