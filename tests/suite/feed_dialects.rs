//! A server that plays the feeds of the report on ingest (section A7): none loses an entry that feedparser finds.

use crate::{
    addresses::Stub,
    common::{Server, eventually},
    writes::{Shelf, TOKEN},
};
use serde_json::{Value, json};
use std::io::Write;

const PLAIN: &str = "200 OK\r\ncontent-type: application/rss+xml";

fn rss(items: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>Agency</title><link>https://example.org/</link>{items}</channel></rss>"
    )
}

/// Arabic letters in windows-1256.
fn windows_1256(text: &str) -> Vec<u8> {
    let byte = |letter: char| match u32::from(letter) {
        ascii @ 0..0x80 => ascii,
        letter @ 0x621..=0x636 => letter - 0x621 + 0xc1,
        letter @ 0x637..=0x63a => letter - 0x637 + 0xd8,
        letter @ 0x641..=0x643 => letter - 0x641 + 0xdd,
        0x644 => 0xe1,
        letter @ 0x645..=0x648 => letter - 0x645 + 0xe3,
        letter @ 0x649..=0x64a => letter - 0x649 + 0xec,
        other => panic!("no letter for U+{other:04x}"),
    };
    text.chars().map(|letter| byte(letter) as u8).collect()
}

/// An item with a date of its own form.
fn dated(number: usize, date: &str) -> String {
    format!(
        "<item><title>Dated {number}</title><guid>d{number}</guid><pubDate>{date}</pubDate><description>Attack {number} near Daquq</description></item>"
    )
}

/// A path, the head of the answer, its body, and the number of entries that feedparser finds.
fn feeds() -> Vec<(&'static str, String, Vec<u8>, usize)> {
    let plain = PLAIN.to_owned();
    let item =
        |title: &str, text: &str| format!("<item><title>{title}</title><description>{text}</description></item>");
    let dates = [
        "2021-12-03 08:00:00",
        "2021-12-03T08:00:00",
        "Fri, 03 Dec 2021",
        "Fri, 03 Dec 2021 08:00:00 AST",
    ];
    let dates: String = dates.iter().enumerate().map(|(at, date)| dated(at, date)).collect();
    let two = |one: &str, other: &str| rss(&(item("One", one) + &item("Two", other)));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed
        .write_all(two("Attack in Makhmour", "Attack in Sinjar").as_bytes())
        .unwrap();
    let packed = packed.finish().unwrap();
    let mut bad_byte = two("Attack in Mandali \u{1}", "Attack in Kifri").into_bytes();
    let at = bad_byte.iter().position(|byte| *byte == 1).unwrap();
    bad_byte[at] = 0xff;
    let mut truncated = two("Attack in Hawija, says a", "Attack in Tuz Khurmatu, says b");
    truncated.truncate(truncated.len() - 60);
    vec![
        (
            "/same-guid",
            plain.clone(),
            rss("<item><guid>N/A</guid><title>A</title><description>Attack in Zummar</description></item><item><guid>N/A</guid><title>B</title><description>Attack in Rabia</description></item><item><guid>N/A</guid><title>C</title><description>Attack in Bashiqa</description></item>").into(),
            3,
        ),
        (
            "/same-teaser",
            plain.clone(),
            rss(&["هجوم في داقوق", "انفجار في خانقين", "حريق في الحويجة"].map(|title| item(title, "اقرأ المزيد")).concat()).into(),
            3,
        ),
        ("/bare-ampersand", plain.clone(), two("Daquq & Kirkuk & Taza", "Attack in Altun Kupri").into(), 2),
        ("/truncated", plain.clone(), truncated.into(), 2),
        ("/one-bad-byte", plain.clone(), bad_byte, 2),
        (
            "/says-utf-16",
            plain.clone(),
            format!("<?xml version=\"1.0\" encoding=\"utf-16\"?>{}", two("Attack in Dibis", "Attack in Qara Hanjir")).into(),
            2,
        ),
        (
            "/arabic-undeclared",
            plain.clone(),
            windows_1256(&two("وقع هجوم في قضاء داقوق يوم أمس بحسب الشرطة", "أصيب شخصان في انفجار بقضاء خانقين مساء اليوم")),
            2,
        ),
        (
            "/arabic-in-the-header",
            "200 OK\r\ncontent-type: application/rss+xml; charset=windows-1256".to_owned(),
            windows_1256(&two("قتل جندي في هجوم على نقطة تفتيش قرب كفري", "وصلت قوة إلى ناحية جلولاء بعد الهجوم")),
            2,
        ),
        (
            "/json-number",
            "200 OK\r\ncontent-type: application/feed+json".to_owned(),
            json!({"version": "https://jsonfeed.org/version/1", "title": "A", "items": [{"id": 7, "content_text": "Attack in Qaraqosh"}, {"id": 8, "content_text": "Attack in Tel Keppe"}]}).to_string().into(),
            2,
        ),
        ("/packed", format!("{PLAIN}\r\ncontent-encoding: gzip"), packed.clone(), 2),
        ("/packed.xml.gz", "200 OK\r\ncontent-type: application/gzip".to_owned(), {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(two("Attack in Shekhan", "Attack in Akre").as_bytes()).unwrap();
            packer.finish().unwrap()
        }, 2),
        ("/dates", plain.clone(), rss(&dates).into(), 4),
        (
            "/film",
            plain.clone(),
            "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'><title>TV</title><entry><id>v1</id><title>Film</title><media:group><media:description>Attack near Jalawla</media:description></media:group></entry></feed>".into(),
            1,
        ),
        (
            "/wrong-language",
            plain.clone(),
            rss("<language>en-us</language><item><guid>l</guid><title>خبر</title><description>وقع هجوم في ناحية السعدية مساء أمس</description></item>").into(),
            1,
        ),
        ("/title-only", plain, rss("<item><title>انفجار في قضاء مخمور</title></item>").into(), 1),
    ]
}

#[test]
fn no_feed_of_the_report_loses_an_entry() {
    let stub = Stub::new();
    let feeds = feeds();
    let mut args = vec!["--token".to_owned(), TOKEN.to_owned(), "--fetch-private".to_owned()];
    for (path, head, body, _) in &feeds {
        stub.set(path, head, body.clone());
        args.extend(["--feeds".to_owned(), format!("{}{path} every=600", stub.url)]);
    }
    let shelf = Shelf::new();
    args.extend(["--store".to_owned(), shelf.address()]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let server = Server::start_with(&args);
    let status = || {
        server.get("/feeds").json()["feeds"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    };
    eventually("all feeds are asked", || {
        let feeds_now = status();
        feeds_now.len() == feeds.len() && feeds_now.iter().all(|feed| feed["last_success"].is_string())
    });
    let report = |path: &str| -> Value {
        let url = format!("{}{path}", stub.url);
        status()
            .into_iter()
            .find(|feed| feed["url"] == url.as_str())
            .unwrap_or_default()
    };
    for (path, _, _, entries) in &feeds {
        let feed = report(path);
        let count = |name: &str| feed["report"][name].as_u64().unwrap_or(0);
        assert_eq!((count("new"), count("refused")), (*entries as u64, 0), "{path}: {feed}");
    }
    let documents = server.get("/documents?limit=100").json();
    let documents = documents["documents"].as_array().unwrap();
    let found = |words: &str| -> Value {
        let fits = |document: &&Value| document["title"].as_str().is_some_and(|title| title.contains(words));
        documents.iter().find(fits).cloned().unwrap_or_default()
    };
    for number in 0..4 {
        let document = found(&format!("Dated {number}"));
        assert!(
            document["published"]
                .as_str()
                .is_some_and(|date| date.starts_with("2021-12-03")),
            "{document}"
        );
    }
    assert_eq!(found("خبر")["language"], "ar");
    let film = found("Film");
    let text = server
        .get(&format!("/documents/{}/text", film["id"].as_str().unwrap()))
        .text();
    assert_eq!(text, "Attack near Jalawla");
}
