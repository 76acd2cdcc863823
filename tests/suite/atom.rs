//! Atom feeds of every filter: well-formed, complete by RFC 4287, paged by RFC 5005, with GeoRSS places, and no full text.

use crate::{
    common::Server,
    writes::{Shelf, post},
};
use quick_xml::{Reader, events::Event};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// An element of a feed with its text, its attributes and its children.
#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Element>,
}

impl Element {
    fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn one(&self, name: &str) -> &Self {
        let found: Vec<&Self> = self.children.iter().filter(|child| child.name == name).collect();
        assert_eq!(found.len(), 1, "{name} in {}", self.name);
        found[0]
    }

    fn link(&self, rel: &str) -> Option<&str> {
        let link = self
            .children
            .iter()
            .find(|child| child.name == "link" && child.attributes["rel"] == rel);
        link.map(|link| link.attributes["href"].as_str())
    }
}

/// Reads a document strictly: one root, everything closed, known entities only.
fn parsed(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {xml}"));
        match event {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => {
                let empty = element(&start);
                open.last_mut().unwrap().children.push(empty);
            }
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(name) => {
                let letter = match &*name {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" | "#39" => "'",
                    other => panic!("an unknown entity: {other}"),
                };
                open.last_mut().unwrap().text.push_str(letter);
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("{other:?} in a feed"),
        }
    }
    assert_eq!(open.len(), 1, "something is not closed");
    let root = open.pop().unwrap().children;
    assert_eq!(root.len(), 1);
    root.into_iter().next().unwrap()
}

fn element(start: &quick_xml::events::BytesStart<'_>) -> Element {
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.expect("an attribute in quotes, once");
        let value = attribute.value.to_string();
        assert!(!value.contains('<'), "{value}");
        let value = value
            .replace("&#39;", "'")
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">");
        (attribute.key.as_ref().to_owned(), value.replace("&amp;", "&"))
    });
    Element {
        name: start.name().as_ref().to_owned(),
        attributes: attributes.collect(),
        ..Element::default()
    }
}

fn is_date_time(text: &str) {
    text.parse::<jiff::Timestamp>()
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(text.as_bytes()[10], b'T', "{text}");
}

fn is_address(text: &str) {
    url::Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
}

/// Checks every requirement of RFC 4287 for a feed of this server; returns the feed.
fn checked(xml: &str) -> Element {
    let feed = parsed(xml);
    assert_eq!(
        (feed.name.as_str(), feed.attributes["xmlns"].as_str()),
        ("feed", "http://www.w3.org/2005/Atom")
    );
    assert!(feed.one("id").text.starts_with("urn:uuid:"));
    assert!(!feed.one("title").text.is_empty());
    is_date_time(&feed.one("updated").text);
    assert!(!feed.one("author").one("name").text.is_empty());
    assert!(feed.link("self").is_some());
    let mut ids = BTreeSet::new();
    for entry in feed.all("entry") {
        assert!(ids.insert(entry.one("id").text.clone()), "an id twice");
        is_address(&entry.one("id").text);
        assert!(!entry.one("title").text.is_empty());
        is_date_time(&entry.one("updated").text);
        entry
            .all("published")
            .for_each(|published| is_date_time(&published.text));
        assert!(entry.link("alternate").is_some() && entry.link("related").is_some());
        for link in feed.all("link").chain(entry.all("link")) {
            is_address(&link.attributes["href"]);
        }
        for (name, numbers) in [("georss:point", 2), ("georss:box", 4)] {
            for place in entry.all(name) {
                let degrees: Vec<f64> = place.text.split(' ').map(|number| number.parse().unwrap()).collect();
                assert_eq!(degrees.len(), numbers);
                // Latitudes of this land come before longitudes.
                for pair in degrees.chunks(2) {
                    assert!(
                        (28.0..39.0).contains(&pair[0]) && (38.0..50.0).contains(&pair[1]),
                        "{degrees:?}"
                    );
                }
            }
        }
    }
    feed
}

fn feed(server: &Server, path: &str) -> Element {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    checked(&answer.text())
}

fn stored(shelf: &Shelf) -> Server {
    let server = shelf.server();
    for (day, title, text) in [
        (
            "2022-01-05",
            "First <b>&",
            "The army said 5 people were killed in an attack in Kalar on 4 January 2022.",
        ),
        (
            "2022-02-05",
            "Second",
            "The army said 3 people were killed in an attack 20 km south of Kirkuk on 4 February 2022.",
        ),
        (
            "2022-03-05",
            "Third",
            "An attack took place in Daquq and in Kalar. Nothing else was said.",
        ),
    ] {
        let body = json!({"text": text, "title": title, "published": day, "publisher": "A & B", "source_url": "https://example.org/?a=1&b=2"});
        let kept = post(&server, "application/json", body.to_string().as_bytes());
        assert_eq!(kept.status, 201, "{}", kept.text());
    }
    server
}

#[test]
fn every_list_of_statements_has_a_feed_with_the_newest_first() {
    let shelf = Shelf::new();
    let server = stored(&shelf);
    for path in [
        "/documents?f=atom",
        "/events?f=atom",
        "/collections/claims/items?f=atom",
        "/collections/mentions/items?f=atom",
        "/collections/events/items?f=atom",
        "/collections/positions/items?f=atom",
        "/collections/documents/items?f=atom",
    ] {
        let feed = feed(&server, path);
        let entries: Vec<&Element> = feed.all("entry").collect();
        assert!(!entries.is_empty(), "{path}");
        if path.starts_with("/collections") {
            let dates: Vec<&str> = entries
                .iter()
                .flat_map(|entry| entry.all("published"))
                .map(|published| published.text.as_str())
                .collect();
            assert!(dates.is_sorted_by(|a, b| a >= b), "{path}: {dates:?}");
        }
        let places = entries.iter().flat_map(|entry| &entry.children);
        let places = places.filter(|child| child.name.starts_with("georss:")).count();
        assert_eq!(places == 0, path.starts_with("/collections/documents"), "{path}");
    }
    let documents = feed(&server, "/documents?f=atom&publisher=A%20%26%20B&limit=2");
    let titles: Vec<&str> = documents
        .all("entry")
        .map(|entry| entry.one("title").text.as_str())
        .collect();
    assert_eq!(titles, ["Third", "Second"]);
    let first = documents.all("entry").next().unwrap();
    assert_eq!(first.one("author").one("name").text, "A & B");
    assert_eq!(first.link("via"), Some("https://example.org/?a=1&b=2"));
    // The summary is a quote, never the text.
    assert_eq!(first.one("summary").text, "An attack took place in Daquq and in Kalar.");
    let next = documents.link("next").expect("a next page");
    let next = feed(&server, next.strip_prefix(&server.url).unwrap());
    let titles: Vec<&str> = next
        .all("entry")
        .map(|entry| entry.one("title").text.as_str())
        .collect();
    assert_eq!(titles, ["First <b>&"]);
    assert_eq!(
        next.one("id").text,
        documents.one("id").text,
        "pages of one feed have one id"
    );
}

#[test]
fn a_feed_has_the_filters_and_pages_of_its_list() {
    let shelf = Shelf::new();
    let server = stored(&shelf);
    let all = feed(&server, "/collections/mentions/items?f=atom");
    let count = all.all("entry").count();
    let filtered = feed(
        &server,
        "/collections/mentions/items?f=atom&published=2022-03-05&bbox=40,30,48,38",
    );
    assert_eq!(filtered.all("entry").count(), 2);
    let mut ids = BTreeSet::new();
    let mut at = "/collections/mentions/items?f=atom&limit=1".to_owned();
    loop {
        let page = feed(&server, &at);
        ids.extend(page.all("entry").map(|entry| entry.one("id").text.clone()));
        match page.link("next") {
            Some(next) => at = next.strip_prefix(&server.url).unwrap().to_owned(),
            None => break,
        }
        assert!(ids.len() <= count);
    }
    assert_eq!(ids.len(), count);
    let words = feed(&server, "/documents?f=atom&q=Daquq");
    assert!(words.all("entry").next().unwrap().one("summary").text.contains("Daquq"));
    let kinds = feed(&server, "/events?f=atom&type=casualties");
    assert!(
        kinds
            .all("entry")
            .all(|entry| entry.all("category").any(|one| one.attributes["term"] == "casualties"))
    );
    for (path, parameter) in [
        ("/collections/places/items?f=atom", "f"),
        ("/collections/mentions/items?f=atom&sortby=published", "sortby"),
        ("/documents?f=atom&order=arrival", "order"),
        ("/documents?f=atom&facets=publisher", "facets"),
    ] {
        let refused = server.get(path);
        assert_eq!(
            (refused.status, &refused.json()["parameter"]),
            (400, &json!(parameter)),
            "{path}"
        );
    }
}

#[test]
fn a_feed_is_asked_for_by_accept_and_again_by_its_tag() {
    let shelf = Shelf::new();
    let server = stored(&shelf);
    for path in ["/documents", "/events", "/collections/claims/items"] {
        let answer = server.get_with(path, &[("accept", "application/atom+xml")]);
        assert_eq!(
            answer.header("content-type"),
            "application/atom+xml; charset=utf-8",
            "{path}"
        );
        let tag = answer.header("etag").to_owned();
        let again = server.get_with(path, &[("accept", "application/atom+xml"), ("if-none-match", &tag)]);
        assert_eq!(again.status, 304, "{path}");
        let plain = server.get(path);
        assert!(plain.header("content-type").contains("json"), "{path}");
    }
    let page = server.get("/collections/claims/items?f=html&type=casualties").text();
    assert!(
        page.contains("<link rel=\"alternate\" type=\"application/atom+xml\"")
            && page.contains("/collections/claims/items?type=casualties&amp;f=atom"),
        "{page}"
    );
    assert!(
        !server
            .get("/collections/places/items?f=html")
            .text()
            .contains("atom+xml")
    );
    let links = server.get("/collections/claims/items").json();
    assert!(
        links["links"]
            .as_array()
            .unwrap()
            .iter()
            .any(|link| link["type"] == "application/atom+xml; charset=utf-8")
    );
}

#[test]
fn an_entry_is_newer_after_a_ruling_and_a_server_without_a_store_has_feeds_too() {
    let shelf = Shelf::new();
    let server = stored(&shelf);
    let newest = |server: &Server| {
        feed(server, "/documents?f=atom")
            .all("entry")
            .next()
            .unwrap()
            .one("updated")
            .text
            .clone()
    };
    let before = newest(&server);
    let id = server.get("/documents?order=newest&limit=1").json()["documents"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let ruled = crate::rulings::rule(&server, &format!("{id}-m1"), json!({"ruling": "reject"}));
    assert_eq!(ruled.status, 200, "{}", ruled.text());
    assert!(newest(&server) > before);
    drop(server);
    let server = Server::start();
    assert!(feed(&server, "/documents?f=atom").all("entry").next().is_some());
    assert!(
        feed(&server, "/collections/claims/items?f=atom")
            .all("entry")
            .next()
            .is_some()
    );
}

#[test]
fn a_private_server_shows_feeds_with_a_token_only_and_quotes_instead_of_texts() {
    let shelf = Shelf::new();
    drop(stored(&shelf));
    let server = Server::start_with(&[
        "--store",
        &shelf.address(),
        "--token",
        crate::writes::TOKEN,
        "--private",
    ]);
    assert_eq!(server.get("/documents?f=atom").status, 401);
    let bearer = format!("Bearer {}", crate::writes::TOKEN);
    let shown = server.get_with("/documents?f=atom", &[("authorization", &bearer)]);
    assert_eq!(shown.status, 200);
    assert!(shown.header("cache-control").contains("private"));
    drop(server);
    let server = Server::start_with(&[
        "--store",
        &shelf.address(),
        "--token",
        crate::writes::TOKEN,
        "--texts",
        "quotes",
    ]);
    let shown = server.get("/documents?f=atom").text();
    assert!(!shown.contains("Nothing else was said"), "{shown}");
}

#[test]
fn titles_and_categories_are_in_the_language_of_the_reader() {
    let shelf = Shelf::new();
    let server = stored(&shelf);
    for (language, word) in [("ar", "ضحايا"), ("ckb", "زیانە گیانییەکان"), ("en", "Casualties")] {
        for path in [
            "/events?f=atom",
            "/collections/claims/items?f=atom",
            "/documents?f=atom",
        ] {
            let feed = feed(&server, &format!("{path}&lang={language}"));
            let mut labels = feed.all("entry").flat_map(|entry| entry.all("category"));
            let label = labels.find(|category| category.attributes["term"] == "casualties");
            let label = label.unwrap_or_else(|| panic!("{path}: no category of casualties"));
            assert_eq!(label.attributes["label"], word, "{path}");
            if !path.starts_with("/documents") {
                let titles: Vec<&str> = feed
                    .all("entry")
                    .map(|entry| entry.one("title").text.as_str())
                    .collect();
                assert!(titles.iter().any(|title| title.contains(word)), "{path}: {titles:?}");
                assert!(
                    titles.iter().all(|title| !title.contains("casualties")),
                    "{path}: {titles:?}"
                );
            }
        }
    }
}
