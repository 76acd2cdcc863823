//! The table of formats and doors: the seed in every format from a file, from an address and by POST is read alike.

use crate::{
    addresses::Stub,
    common::{Server, seed},
    documents::fixture,
    writes::{Shelf, post},
};
use serde_json::json;
use std::fs;

/// The seed in a format: its name, its bytes, its media type.
fn seeds() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = seed();
    let read = |name: &str| fs::read(fixture(name)).unwrap();
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    let paragraphs: String = escaped.lines().map(|line| format!("<p>{line}</p>")).collect();
    let rss = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>وكالة</title><link>https://example.org/</link><description>d</description>\
         <item><title>تقرير</title><guid>1</guid><link>https://example.org/1</link><description><![CDATA[{paragraphs}]]></description></item></channel></rss>"
    );
    let telegram = json!({"name": "قناة", "type": "public_channel", "id": 1, "messages": [
        {"id": 1, "type": "message", "date": "2021-12-04T08:00:00", "date_unixtime": "1638594000", "from": "قناة", "from_id": "channel1", "text": text, "text_entities": []}]});
    let rtf: String = text
        .chars()
        .map(|letter| match letter {
            '\n' => "\\par\n".to_owned(),
            letter if letter.is_ascii() => letter.to_string(),
            letter => letter
                .encode_utf16(&mut [0; 2])
                .iter()
                .map(|unit| format!("\\u{}?", *unit as i16))
                .collect(),
        })
        .collect();
    let mail = format!(
        "From: Desk <desk@example.org>\nTo: a@example.org\nSubject: Report\nDate: Sat, 4 Dec 2021 08:00:00 +0300\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    );
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let csv = format!("id,date,report\n1,2021-12-03,\"{}\"\n", text.replace('"', "\"\""));
    let gzip = {
        use std::io::Write;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let atom = format!(
        "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>وكالة</title><id>urn:a</id>\
         <entry><title>تقرير</title><id>urn:b</id><updated>2021-12-04T05:00:00Z</updated><content type=\"html\">{}</content></entry></feed>",
        paragraphs.replace('&', "&amp;").replace('<', "&lt;")
    );
    let json_feed = json!({"version": "https://jsonfeed.org/version/1.1", "title": "وكالة", "items": [
        {"id": "1", "content_html": paragraphs, "date_published": "2021-12-04T08:00:00+03:00"}]});
    let page = format!(
        "<html><head><title>تقرير</title></head><body><nav>البصرة</nav><article>{paragraphs}</article></body></html>"
    );
    let saved = format!(
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/1\r\nSubject: Report\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\nContent-Location: https://example.org/1\r\n\r\n{page}\r\n--b--\r\n"
    );
    vec![
        ("seed.txt.gz", gzip, "application/gzip"),
        ("seed-libreoffice.pdf", read("seed-libreoffice.pdf"), "application/pdf"),
        (
            "seed-libreoffice.docx",
            read("seed-libreoffice.docx"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("seed-libreoffice.rtf", read("seed-libreoffice.rtf"), "application/rtf"),
        ("seed.atom", atom.into_bytes(), "application/atom+xml"),
        ("feed.json", json_feed.to_string().into_bytes(), "application/feed+json"),
        ("seed.mhtml", saved.into_bytes(), "multipart/related"),
        (
            "seed.mbox",
            format!("From desk@example.org Sat Dec  4 08:00:00 2021\n{mail}\n").into_bytes(),
            "application/mbox",
        ),
        (
            "_chat.txt",
            format!("[04/12/2021, 08:00:00] Desk: {text}\n[14/12/2021, 08:00:00] Desk: \u{200e}image omitted\n")
                .into_bytes(),
            "text/plain",
        ),
        (
            "seed.ndjson",
            format!("{}\n", json!({"text": text})).into_bytes(),
            "application/octet-stream",
        ),
        ("seed.txt", text.clone().into_bytes(), "text/plain"),
        ("seed-utf16.txt", utf16, "text/plain"),
        ("seed.pdf", read("seed.pdf"), "application/pdf"),
        ("seed-columns.pdf", read("seed-columns.pdf"), "application/pdf"),
        (
            "seed.docx",
            read("seed.docx"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("seed.odt", read("seed.odt"), "application/vnd.oasis.opendocument.text"),
        (
            "seed.rtf",
            format!("{{\\rtf1\\ansi\\uc1 {rtf}}}").into_bytes(),
            "application/rtf",
        ),
        ("seed-1256.html", read("seed-1256.html"), "text/html"),
        ("seed.eml", mail.into_bytes(), "message/rfc822"),
        ("seed.xml", rss.into_bytes(), "application/rss+xml"),
        ("result.json", telegram.to_string().into_bytes(), "application/json"),
        (
            "list.json",
            json!([{"text": text}]).to_string().into_bytes(),
            "application/json",
        ),
        ("seed.csv", csv.into_bytes(), "text/csv"),
        (
            "seed.xlsx",
            read("seed.xlsx"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            "seed.ods",
            read("seed.ods"),
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
    ]
}

/// Mentions, claims and attributions of a document.
#[track_caller]
fn reads_as_the_seed(server: &Server, id: &str, name: &str) {
    let document = server.get(&format!("/documents/{id}")).json();
    let counts = &document["counts"];
    let found = ["mentions", "claims", "attributions"].map(|what| counts[what].as_u64().unwrap_or(0));
    assert_eq!(
        found,
        [15, 5, 10],
        "{name}: {}",
        server.get(&format!("/documents/{id}/text")).text()
    );
}

#[test]
fn the_seed_is_read_alike_from_a_file_of_every_format() {
    let shelf = Shelf::new();
    let mut ids = Vec::new();
    for (name, bytes, _) in seeds() {
        let path = shelf.path(name);
        fs::write(&path, bytes).unwrap();
        let run = shelf.run(&["ingest", path.to_str().unwrap()]);
        let out = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
        assert_eq!(out.lines().count(), 1, "{name}: {out}");
        ids.push((name, out.split(' ').next().unwrap().to_owned()));
    }
    let server = shelf.server();
    for (name, id) in ids {
        reads_as_the_seed(&server, &id, name);
    }
}

#[test]
fn the_seed_is_read_alike_from_a_post_of_every_format() {
    let shelf = Shelf::new();
    let server = shelf.server();
    for (name, bytes, media_type) in seeds() {
        let mut answer = post(&server, media_type, &bytes);
        if answer.status == 415 && !media_type.starts_with("text/") {
            // A media type that is not on the list is sent as bytes.
            answer = post(&server, "application/octet-stream", &bytes);
        }
        assert!(
            matches!(answer.status, 200 | 201),
            "{name}: {} {}",
            answer.status,
            answer.text()
        );
        let value = answer.json();
        let id = value["id"].as_str().or_else(|| value["documents"][0]["id"].as_str());
        reads_as_the_seed(&server, id.unwrap_or_else(|| panic!("{name}: {value}")), name);
    }
}

/// The server that is asked says nothing of the format: it is found in the bytes.
#[test]
fn the_seed_is_read_alike_from_an_address_of_every_format() {
    let shelf = Shelf::new();
    let mut ids = Vec::new();
    for (name, bytes, _) in seeds() {
        // A host is asked once a second; each of these is a host of its own.
        let stub = Stub::new();
        stub.set(
            &format!("/{name}"),
            "200 OK\r\ncontent-type: application/octet-stream",
            bytes,
        );
        let run = shelf.run(&["ingest", &format!("{}/{name}", stub.url)]);
        let out = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
        ids.push((name, out.split(' ').next().unwrap().to_owned()));
    }
    let server = shelf.server();
    for (name, id) in ids {
        reads_as_the_seed(&server, &id, name);
    }
}
