//! RSS, Atom and JSON feeds: each entry a text with its description.

use super::{Incoming, IngestError};
use crate::{language::Language, text::printable::clean_line};
use feed_rs::model::{Entry, Feed, Link};
use quick_xml::{Reader, encoding::DecodingReader, events::Event};
use sha2::{Digest, Sha256};

/// Elements inside elements beyond this are no feed; the parser of feeds takes stack for each.
const MAX_DEPTH: usize = 200;
/// Attributes of one element, at most: comparing each with those before it takes time with their square.
const MAX_ATTRIBUTES: usize = 500;

/// The entries of a feed, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedText {
    /// The feed's own title.
    pub title: Option<String>,
    /// The entries.
    pub entries: Vec<FeedEntry>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedEntry {
    /// What the feed calls it (`guid`, `id`), or else a hash of its link.
    pub id: String,
    /// Its text and description; an entry may have no words at all.
    pub incoming: Incoming,
}

impl FeedEntry {
    /// A key of this version of the entry: its id, and a hash of its text and description. A refused entry that is
    /// corrected, and an entry whose text changes, have another key.
    pub fn key(&self) -> String {
        let mut hash = Sha256::new();
        let Incoming {
            text,
            html,
            title,
            source_url,
            published,
            ..
        } = &self.incoming;
        for part in [text, html, title, source_url, published] {
            let part = part.as_deref().unwrap_or_default();
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let hash: String = hash
            .finalize()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("{} sha256:{hash}", self.id)
    }
}

/// Reads a feed. `address` is where it was fetched from: links may be relative to it.
///
/// # Errors
/// When it is neither RSS nor Atom nor a JSON feed.
pub fn read_feed(bytes: &[u8], address: Option<&str>) -> Result<FeedText, IngestError> {
    if bytes.iter().find(|byte| matches!(byte, b'<' | b'{')) == Some(&b'<') {
        check_xml(bytes)?;
    }
    let parser = feed_rs::parser::Builder::new().base_uri(address).build();
    let mut feed = parser
        .parse(bytes)
        .map_err(|error| IngestError::Feed(error.to_string()))?;
    let mut entries = std::mem::take(&mut feed.entries);
    // Feeds have their newest entry first; documents are kept in order of arrival. The sort is stable.
    entries.reverse();
    entries.sort_by_key(|entry| entry.published.or(entry.updated));
    let entries = entries.into_iter().map(|entry| one(&feed, entry)).collect();
    Ok(FeedText {
        title: feed.title.map(|title| plain(&title.content)),
        entries,
    })
}

/// Refuses XML that is nested too deeply or has too many attributes in an element. Anything else that is wrong with it is
/// reported by the parser of feeds, which reads it in the same way.
fn check_xml(bytes: &[u8]) -> Result<(), IngestError> {
    let mut reader = Reader::from_reader(DecodingReader::new(bytes));
    reader.config_mut().check_end_names = false;
    let (mut depth, mut buffer) = (0_usize, Vec::new());
    loop {
        buffer.clear();
        let tag = match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => {
                depth += 1;
                tag
            }
            Ok(Event::Empty(tag)) => tag,
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                continue;
            }
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => continue,
        };
        if depth > MAX_DEPTH {
            return Err(IngestError::Feed(format!(
                "elements are nested deeper than {MAX_DEPTH}"
            )));
        }
        if tag.attributes().with_checks(false).take(MAX_ATTRIBUTES + 1).count() > MAX_ATTRIBUTES {
            return Err(IngestError::Feed(format!(
                "an element has more than {MAX_ATTRIBUTES} attributes"
            )));
        }
    }
}

fn one(feed: &Feed, entry: Entry) -> FeedEntry {
    let link = address_of(&entry.links);
    // The full text where the feed has it, or else the summary; either may be HTML.
    let content = entry.content.and_then(|content| {
        let html = content.content_type.subty().as_str().contains("html");
        content.body.map(|body| (body, html))
    });
    let body = content.filter(|(body, _)| !body.trim().is_empty()).or_else(|| {
        let summary = entry.summary?;
        let html = summary.content_type.subty().as_str().contains("html");
        Some((summary.content, html))
    });
    let title = entry.title.map(|title| plain(&title.content));
    let language = entry.language.or_else(|| feed.language.clone());
    let mut incoming = match body {
        // What RSS calls text is HTML as often as not.
        Some((body, html)) if html || (body.contains('<') && body.contains('>')) => Incoming::of_html(body),
        Some((body, _)) => Incoming::of_text(unescaped(&body)),
        None => Incoming::of_text(title.clone().unwrap_or_default()),
    };
    incoming.title = title;
    incoming.source_url = link.filter(|link| link.starts_with("http://") || link.starts_with("https://"));
    incoming.publisher = feed
        .title
        .as_ref()
        .map(|title| plain(&title.content).chars().take(200).collect());
    incoming.published = entry
        .published
        .or(entry.updated)
        .map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    incoming.language = language
        .and_then(|tag| tag.parse::<Language>().ok())
        .map(|language| language.tag().to_owned());
    FeedEntry { id: entry.id, incoming }
}

/// The page of an entry: the link that says so, or the first.
fn address_of(links: &[Link]) -> Option<String> {
    let page = |link: &&Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    links
        .iter()
        .find(page)
        .or_else(|| links.first())
        .map(|link| link.href.clone())
}

/// A title in one line.
fn plain(title: &str) -> String {
    clean_line(&unescaped(title), 500)
}

/// A text of a feed without the references to characters that feeds are full of.
fn unescaped(text: &str) -> String {
    match text.contains('&') || text.contains('<') {
        true => super::html_to_text(text).map_or_else(|_| text.to_owned(), |read| read.text),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
        <channel><title>وكالة &amp;amp; أنباء</title><link>https://example.org/</link><description>d</description><language>ar-IQ</language>
        <item><title>Second</title><link>https://example.org/2</link><guid isPermaLink="false">two</guid>
            <pubDate>Sat, 04 Dec 2021 08:00:00 +0300</pubDate><description>ملخص</description>
            <content:encoded><![CDATA[<p>هجوم في قضاء <b>مخمور</b>.</p><script>alert(1)</script>]]></content:encoded></item>
        <item><title>First</title><link>https://example.org/1</link><guid isPermaLink="false">one</guid>
            <pubDate>Fri, 03 Dec 2021 08:00:00 +0300</pubDate><description>Attack near Kirkuk &amp;amp; Daquq</description></item>
        </channel></rss>"#;

    #[test]
    fn the_entries_of_rss_come_oldest_first_with_their_text_and_date() {
        let feed = read_feed(RSS.as_bytes(), None).unwrap();
        let ids: Vec<&str> = feed.entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, ["one", "two"]);
        let second = feed.entries[1].incoming.clone().take().unwrap();
        assert_eq!(second.document.text, "هجوم في قضاء مخمور.");
        assert_eq!(second.document.published.as_deref(), Some("2021-12-04T05:00:00Z"));
        assert_eq!(second.document.source_url.as_deref(), Some("https://example.org/2"));
        assert_eq!(second.document.language, Language::Arabic);
        assert!(second.original.unwrap().bytes.starts_with(b"<p>"));
        let first = feed.entries[0].incoming.clone().take().unwrap();
        assert_eq!(first.document.text, "Attack near Kirkuk & Daquq");
        assert_eq!(first.document.publisher.as_deref(), Some("وكالة & أنباء"));
    }

    #[test]
    fn atom_is_read_too() {
        let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Agency</title><id>urn:f</id><updated>2021-12-03T10:00:00Z</updated>
            <entry><title>T</title><id>urn:e</id><updated>2021-12-03T10:00:00Z</updated><link href="https://example.org/e"/>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Clash in Jalawla.</p></div></content></entry></feed>"#;
        let feed = read_feed(atom.as_bytes(), None).unwrap();
        let taken = feed.entries[0].incoming.clone().take().unwrap();
        assert_eq!(
            (taken.document.text.as_str(), taken.document.title.as_str()),
            ("Clash in Jalawla.", "T")
        );
    }

    #[test]
    fn what_is_no_feed_is_refused() {
        for wrong in ["", "words", "<html><body>Kirkuk</body></html>", "{}", "<rss"] {
            assert!(read_feed(wrong.as_bytes(), None).is_err(), "{wrong}");
        }
    }

    /// Report: nested `media:group` elements overflowed the stack and ended the process.
    #[test]
    fn a_feed_that_is_nested_without_end_is_refused() {
        let nested = |name: &str, depth: usize| {
            let (open, close) = (format!("<{name}>"), format!("</{name}>"));
            let inside = open.repeat(depth) + &close.repeat(depth);
            format!("<rss version=\"2.0\"><channel><item><title>T</title><guid>1</guid>{inside}</item></channel></rss>")
        };
        for name in ["media:group", "description", "x", "media:content"] {
            let refused = read_feed(nested(name, 6_000).as_bytes(), None);
            assert!(matches!(refused, Err(IngestError::Feed(_))), "{name}");
        }
        assert_eq!(
            read_feed(nested("media:group", 50).as_bytes(), None)
                .unwrap()
                .entries
                .len(),
            1
        );
        // Tags in comments and in CDATA open nothing.
        let page = "<div>".repeat(3000);
        let text = format!("<!-- {page} --><description><![CDATA[{page}]]></description>");
        let feed = format!("<rss version=\"2.0\"><channel><item><guid>1</guid>{text}</item></channel></rss>");
        assert_eq!(read_feed(feed.as_bytes(), None).unwrap().entries.len(), 1);
    }

    #[test]
    fn an_element_with_very_many_attributes_is_refused() {
        let attributes: String = (0..100_000).map(|at| format!(" a{at}=\"\"")).collect();
        let feed = format!("<rss version=\"2.0\"><channel><item><guid{attributes}>1</guid></item></channel></rss>");
        assert!(matches!(read_feed(feed.as_bytes(), None), Err(IngestError::Feed(_))));
    }
}
