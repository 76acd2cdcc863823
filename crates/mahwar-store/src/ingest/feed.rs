//! RSS, RDF, Atom and JSON feeds: each entry is a text with a description. A broken entry does not affect the others.

use super::{
    Incoming, IngestError,
    markup::{ElementId, Markup},
};
use crate::{
    formats::{self, Fact, Origin, read_date},
    language::Language,
    text::printable::clean_line,
};
use rustc_hash::FxHashMap;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

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
    /// Id in the feed (`guid`, `id`), or else a hash of its link. If several entries share an id, a hash of the entry's
    /// words is appended.
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
/// When it is neither RSS nor Atom nor a JSON feed; for a page, with the feeds that it names.
pub fn read_feed(bytes: &[u8], address: Option<&str>) -> Result<FeedText, IngestError> {
    read_feed_in(bytes, address, None)
}

/// Reads a feed whose encoding its server named.
///
/// # Errors
/// As [`read_feed`].
pub fn read_feed_in(bytes: &[u8], address: Option<&str>, charset: Option<&str>) -> Result<FeedText, IngestError> {
    let unpacked;
    let bytes = match bytes.starts_with(b"\x1f\x8b") {
        true => {
            unpacked = formats::unzip(bytes)?;
            &unpacked[..]
        }
        false => bytes,
    };
    let declared = formats::declared_in_xml(bytes);
    // The charset of the response header outranks that of the file (RFC 7303); a BOM or valid UTF-8 outranks both.
    let decoded = formats::decode(bytes, charset.or(declared.as_deref()))
        .or_else(|_| formats::decode(bytes, declared.as_deref()));
    let text = decoded
        .unwrap_or_else(|_| formats::decode_lossy(bytes, declared.as_deref()))
        .text;
    let base = address.and_then(|address| Url::parse(address).ok());
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let mut feed = match start.starts_with('{') {
        true => json_feed(start, base.as_ref())?,
        false => xml_feed(&text, base.as_ref())?,
    };
    name_apart(&mut feed.entries);
    // Feeds have their newest entry first; documents are kept in order of arrival. The sort is stable.
    feed.entries.reverse();
    feed.entries
        .sort_by_key(|entry| entry.incoming.published.clone().and_then(|date| moment(&date)));
    Ok(feed)
}

/// Seconds of a date.
fn moment(date: &str) -> Option<i64> {
    let time = date.parse::<jiff::Timestamp>().ok();
    time.or_else(|| format!("{date}T00:00:00Z").parse().ok())
        .map(|time: jiff::Timestamp| time.as_second())
}

/// Replaces an id that several entries share by a unique key: some feeds use `N/A` for all their entries.
fn name_apart(entries: &mut [FeedEntry]) {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for entry in entries.iter() {
        *counts.entry(entry.id.clone()).or_default() += 1;
    }
    for entry in entries {
        if entry.id.is_empty() || counts.get(&entry.id).is_some_and(|count| *count > 1) {
            entry.id = entry.key();
        }
    }
}

const TITLES: [&str; 4] = ["title", "dc:title", "atom:title", "media:title"];
const LONG_TEXTS: [&str; 4] = ["content:encoded", "content", "atom:content", "xhtml:body"];
const SHORT_TEXTS: [&str; 6] = [
    "description",
    "summary",
    "atom:summary",
    "itunes:summary",
    "dc:description",
    "abstract",
];
const DATES: [&str; 10] = [
    "pubdate",
    "published",
    "atom:published",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "issued",
    "date",
    "updated",
    "atom:updated",
];
const NAMES: [&str; 6] = ["guid", "id", "atom:id", "dc:identifier", "rdf:about", "link"];

fn xml_feed(text: &str, address: Option<&Url>) -> Result<FeedText, IngestError> {
    let mut markup = Markup::parse(text)?;
    markup.without_prefix_of(&formats::ATOM);
    let position = |names: &[&str]| {
        let mut elements = markup.elements.iter();
        elements.position(|element| names.contains(&&*element.name))
    };
    let root = position(&["rss", "feed", "rdf:rdf", "rdf", "atom:feed", "channel"]).or_else(|| position(&["entry"]));
    let Some(root) = root else {
        return Err(IngestError::Feed(no_feed(text, address)));
    };
    let channel = match markup.elements[root].local() {
        "rss" | "rdf" => markup.child(root, &["channel"]),
        "entry" => None,
        _ => Some(root),
    };
    let all = markup.elements.iter().enumerate().skip(root);
    let items =
        all.filter(|(_, element)| matches!(element.local(), "item" | "entry") && !element.name.starts_with("media"));
    let items: Vec<ElementId> = items.map(|(at, _)| at).collect();
    if channel.is_none() && items.is_empty() {
        return Err(IngestError::Feed("it has neither a channel nor an entry".to_owned()));
    }
    let title = channel
        .and_then(|channel| markup.text(channel, &TITLES))
        .map(|title| plain(&title));
    let own = channel.and_then(|channel| link(&markup, channel));
    let base = base_of(&markup, channel.unwrap_or(root), address.cloned(), own.as_deref());
    let channel = Channel {
        language: channel
            .and_then(|channel| markup.text(channel, &["language", "dc:language"]))
            .or_else(|| markup.elements[root].attribute("xml:lang").map(str::to_owned)),
        title,
        base,
    };
    Ok(FeedText {
        entries: items.iter().map(|item| entry(&markup, *item, &channel)).collect(),
        title: channel.title,
    })
}

/// Fields that all entries of a feed share.
struct Channel {
    title: Option<String>,
    language: Option<String>,
    base: Option<Url>,
}

/// Reason why a text is no feed; for a page, the feeds that it names.
fn no_feed(text: &str, address: Option<&Url>) -> String {
    let links = formats::feed_links(text, address.map(Url::as_str));
    if links.is_empty() {
        return "it is neither RSS nor Atom nor a JSON feed".to_owned();
    }
    let named: Vec<String> = links.into_iter().take(10).map(|link| link.address).collect();
    format!(
        "it is a web page and no feed; the page names these feeds: {}",
        named.join(", ")
    )
}

/// The base of relative addresses: `xml:base`, else where the feed came from, else its own link.
fn base_of(markup: &Markup<'_>, element: ElementId, address: Option<Url>, own: Option<&str>) -> Option<Url> {
    let mut base = address.or_else(|| own.and_then(|own| Url::parse(own).ok()));
    for written in markup.inherited(element, "xml:base").into_iter().rev() {
        base = match &base {
            Some(base) => base.join(written).ok(),
            None => Url::parse(written).ok(),
        }
        .or(base);
    }
    base
}

/// The page of an entry or a feed: the link that says so, or the first.
fn link(markup: &Markup<'_>, element: ElementId) -> Option<String> {
    let names = ["link", "atom:link"];
    let links: Vec<ElementId> = names.iter().flat_map(|name| markup.children(element, name)).collect();
    let address = |link: &ElementId| {
        let link = &markup.elements[*link];
        let written = link.attribute("href").unwrap_or(link.text.trim()).trim();
        Some(written.to_owned()).filter(|written| !written.is_empty())
    };
    let is_page = |link: &&ElementId| {
        let link = &markup.elements[**link];
        link.attribute("rel").is_none_or(|rel| rel == "alternate")
    };
    let found = links.iter().filter(is_page).find_map(address);
    found.or_else(|| {
        let guid = markup.child(element, &["guid"])?;
        let guid = &markup.elements[guid];
        let is_link = guid
            .attribute("ispermalink")
            .is_none_or(|is| is.eq_ignore_ascii_case("true"));
        Some(guid.text.trim().to_owned()).filter(|text| is_link && text.starts_with("http"))
    })
}

fn followed(written: &str, base: Option<&Url>) -> Option<String> {
    let url = match base {
        Some(base) => base.join(written).ok()?,
        None => Url::parse(written).ok()?,
    };
    let fits = matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none();
    Some(String::from(url)).filter(|url| fits && url.len() <= 2048)
}

fn entry(markup: &Markup<'_>, item: ElementId, channel: &Channel) -> FeedEntry {
    let base = base_of(markup, item, channel.base.clone(), None).or_else(|| channel.base.clone());
    let written = link(markup, item).or_else(|| markup.elements[item].attribute("rdf:about").map(str::to_owned));
    let address = written.as_deref().and_then(|written| followed(written, base.as_ref()));
    let title = markup.text(item, &TITLES).or_else(|| {
        // A title in XHTML has its words in elements.
        let title = markup.child(item, &["title"])?;
        Some(markup.inner(title).to_owned())
    });
    let title = title.map(|title| plain(&title)).filter(|title| !title.is_empty());
    let body = body(markup, item);
    let mut incoming = match body {
        // RSS descriptions are often HTML.
        Some((body, is_html)) if is_html || (body.contains('<') && body.contains('>')) => Incoming::of_html(body),
        Some((body, _)) => Incoming::of_text(unescaped(&body)),
        None => Incoming::of_text(title.clone().unwrap_or_default()),
    };
    incoming.source_url = address;
    let language = markup
        .text(item, &["dc:language", "language"])
        .or_else(|| markup.elements[item].attribute("xml:lang").map(str::to_owned));
    describe(
        &mut incoming,
        title,
        channel,
        markup.text(item, &DATES),
        language.or_else(|| channel.language.clone()),
        author(markup, item),
    );
    let id = markup
        .text(item, &NAMES)
        .or_else(|| markup.elements[item].attribute("rdf:about").map(str::to_owned));
    let id = id.or_else(|| incoming.source_url.clone()).unwrap_or_default();
    FeedEntry {
        id: clean_line(&id, 500),
        incoming,
    }
}

fn author(markup: &Markup<'_>, item: ElementId) -> Option<String> {
    let named = markup
        .child(item, &["author", "atom:author"])
        .and_then(|author| markup.text(author, &["name", "atom:name"]));
    named
        .or_else(|| markup.text(item, &["dc:creator", "author"]))
        .map(|name| plain(&name))
}

/// The longest text of an entry: the whole where the feed has it, else the summary, else the description of its film.
fn body(markup: &Markup<'_>, item: ElementId) -> Option<(String, bool)> {
    let of = |element: ElementId| {
        let own = &markup.elements[element];
        let kind = own.attribute("type").unwrap_or_default().to_ascii_lowercase();
        if kind == "xhtml" || (own.text.trim().is_empty() && !own.children.is_empty()) {
            return Some((markup.inner(element).to_owned(), true));
        }
        let text = own.text.trim();
        (!text.is_empty()).then(|| {
            // Elements that were not escaped are between the words.
            let text = if own.children.is_empty() {
                text.to_owned()
            } else {
                markup.inner(element).to_owned()
            };
            (text, kind.contains("html") || !own.children.is_empty())
        })
    };
    let named = |names: &[&str]| {
        let elements = names
            .iter()
            .flat_map(|name| markup.children(item, name).collect::<Vec<_>>());
        elements.filter_map(of).next()
    };
    named(&LONG_TEXTS).or_else(|| named(&SHORT_TEXTS)).or_else(|| {
        let mut ahead = markup.elements[item].children.clone();
        while let Some(element) = ahead.pop() {
            if markup.elements[element].name == "media:description" {
                return of(element);
            }
            if markup.elements[element].name.starts_with("media:") {
                ahead.extend(&markup.elements[element].children);
            }
        }
        None
    })
}

/// Adds the feed's description of an entry.
fn describe(
    incoming: &mut Incoming,
    title: Option<String>,
    channel: &Channel,
    date: Option<String>,
    language: Option<String>,
    author: Option<String>,
) {
    let fact = |name: &str, value: &str| Fact {
        name: name.to_owned(),
        value: clean_line(value, 500),
        origin: Origin::Declared,
        by: Some("feed".to_owned()),
    };
    incoming.title = title;
    incoming.publisher = channel.title.as_ref().map(|title| clean_line(title, 200));
    incoming.published = date.as_deref().and_then(read_date);
    // A date that cannot be read is kept in its words.
    incoming.facts.extend(
        date.iter()
            .filter(|_| incoming.published.is_none())
            .map(|date| fact("published", date)),
    );
    if let Some(tag) = &language {
        incoming.facts.push(fact("language", tag));
    }
    incoming.language = language.filter(|tag| fits_the_letters(tag, incoming)).and_then(|tag| {
        let own = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        Language::ALL
            .into_iter()
            .find(|language| language.tag() == own)
            .map(|language| language.tag().to_owned())
    });
    incoming.author = author.map(|author| clean_line(&author, 200));
}

/// True if a text has the letters of the language that its feed names: many feeds name one and have another.
fn fits_the_letters(tag: &str, incoming: &Incoming) -> bool {
    let text = incoming
        .text
        .as_deref()
        .or(incoming.html.as_deref())
        .unwrap_or_default();
    let letters = text.chars().take(20_000);
    // Markup has Latin letters too.
    let (arabic, latin, _) = letters.fold(
        (0_usize, 0_usize, false),
        |(arabic, latin, in_tag), letter| match letter {
            '<' if incoming.html.is_some() => (arabic, latin, true),
            '>' if in_tag => (arabic, latin, false),
            '\u{600}'..='\u{6ff}' => (arabic + 1, latin, in_tag),
            letter if letter.is_ascii_alphabetic() && !in_tag => (arabic, latin + 1, in_tag),
            _ => (arabic, latin, in_tag),
        },
    );
    match tag.to_ascii_lowercase().starts_with("en") {
        true => latin >= arabic && arabic < 20,
        false => arabic >= latin,
    }
}

fn json_feed(text: &str, address: Option<&Url>) -> Result<FeedText, IngestError> {
    let wrong = |error: String| IngestError::Feed(error);
    let feed: Value = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let items = feed
        .get("items")
        .and_then(Value::as_array)
        .ok_or_else(|| wrong("it has no \"items\"".to_owned()))?;
    let string = |value: &Value, name: &str| match value.get(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let own = string(&feed, "home_page_url").and_then(|own| Url::parse(&own).ok());
    let channel = Channel {
        title: string(&feed, "title").map(|title| plain(&title)),
        language: string(&feed, "language"),
        base: address.cloned().or(own),
    };
    let entries = items.iter().map(|item| {
        let title = string(item, "title").map(|title| plain(&title));
        let mut incoming = match (
            string(item, "content_html"),
            string(item, "content_text"),
            string(item, "summary"),
        ) {
            (Some(html), _, _) => Incoming::of_html(html),
            (None, Some(text), _) | (None, None, Some(text)) => Incoming::of_text(text),
            _ => Incoming::of_text(title.clone().unwrap_or_default()),
        };
        let address = string(item, "url").or_else(|| string(item, "external_url"));
        incoming.source_url = address.and_then(|address| followed(&address, channel.base.as_ref()));
        let author = item
            .get("authors")
            .and_then(|authors| authors.get(0))
            .or_else(|| item.get("author"));
        let author = author.and_then(|author| string(author, "name"));
        let date = string(item, "date_published").or_else(|| string(item, "date_modified"));
        let language = string(item, "language").or_else(|| channel.language.clone());
        describe(&mut incoming, title, &channel, date, language, author);
        FeedEntry {
            id: clean_line(
                &string(item, "id")
                    .or_else(|| incoming.source_url.clone())
                    .unwrap_or_default(),
                500,
            ),
            incoming,
        }
    });
    let entries = entries.collect();
    Ok(FeedText {
        title: channel.title,
        entries,
    })
}

/// A title in one line.
fn plain(title: &str) -> String {
    clean_line(&unescaped(title), 500).trim().to_owned()
}

/// A text of a feed without the references to characters that feeds are full of.
fn unescaped(text: &str) -> String {
    match text.contains('&') || text.contains('<') {
        true => crate::formats::html::html_to_text(text).map_or_else(|_| text.to_owned(), |read| read.text),
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
    fn feeds_with_a_prefix_in_a_page_alone_and_without_a_namespace_are_read() {
        let entry =
            "<x:entry><x:title>Road</x:title><x:id>1</x:id><x:summary>The road to Daquq is open.</x:summary></x:entry>";
        let atom = "xmlns:x=\"http://www.w3.org/2005/Atom\"";
        let plain = entry.replace("x:", "");
        for feed in [
            format!("<?xml version=\"1.0\"?><x:feed {atom}><x:title>T</x:title>{entry}</x:feed>"),
            format!("<html><body><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title>{plain}</feed></body></html>"),
            plain.replace("<entry>", "<entry xmlns=\"http://www.w3.org/2005/Atom\">"),
            "<rdf><channel><title>T</title></channel><item><title>Road</title><description>The road to Daquq is open.</description></item></rdf>".to_owned(),
        ] {
            assert_eq!(formats::detect(feed.as_bytes(), None, None).unwrap(), formats::Kind::Feed, "{feed}");
            let read = read_feed(feed.as_bytes(), None).unwrap();
            assert_eq!(read.entries.len(), 1, "{feed}");
            assert_eq!(read.entries[0].incoming.text.as_deref(), Some("The road to Daquq is open."), "{feed}");
            assert_eq!(read.entries[0].incoming.title.as_deref(), Some("Road"), "{feed}");
        }
    }

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

    fn ids(feed: &str) -> Vec<String> {
        let feed = read_feed(feed.as_bytes(), Some("https://example.org/feed")).unwrap();
        feed.entries.into_iter().map(|entry| entry.id).collect()
    }

    /// Report, A7: one flaw lost the whole feed, and items that share a guid were one.
    #[test]
    fn flaws_cost_themselves_only() {
        let item = |id: &str, title: &str| {
            format!("<item><title>{title}</title><guid>{id}</guid><description>Attack in Kirkuk</description></item>")
        };
        let around = |items: &str| format!("<rss version=\"2.0\"><channel><title>A</title>{items}</channel></rss>");
        assert_eq!(ids(&around(&(item("1", "Kirkuk & Daquq") + &item("2", "x")))).len(), 2);
        let cut = around(&(item("1", "a") + &item("2", "b")));
        assert_eq!(ids(&cut[..cut.len() - 60]).len(), 2);
        let shared = ids(&around(
            &(item("N/A", "one") + &item("N/A", "two") + &item("N/A", "three")),
        ));
        assert_eq!(shared.iter().collect::<std::collections::HashSet<_>>().len(), 3);
        let mut bytes = around(&item("1", "هجوم")).into_bytes();
        let at = bytes.windows(2).position(|pair| pair == "ه".as_bytes()).unwrap();
        bytes.insert(at, 0xff);
        assert_eq!(read_feed(&bytes, None).unwrap().entries.len(), 1);
        let wrong = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?>{}",
            around(&item("1", "هجوم في داقوق"))
        );
        assert_eq!(
            read_feed(wrong.as_bytes(), None).unwrap().entries[0]
                .incoming
                .title
                .as_deref(),
            Some("هجوم في داقوق")
        );
        let json = r#"{"version":"https://jsonfeed.org/version/1","title":"A","items":[{"id":7,"content_text":"Attack in Kirkuk"}]}"#;
        assert_eq!(ids(json), ["7"]);
        let page =
            "<html><head><link rel=alternate type='application/rss+xml' href='/feed.xml'></head><body>x</body></html>";
        let error = read_feed(page.as_bytes(), Some("https://example.org/"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("https://example.org/feed.xml"), "{error}");
    }

    #[test]
    fn dates_films_and_relative_links_are_read() {
        let feed = "<rss xml:base='https://news.example/a/'><channel><title>A</title><language>en-us</language><item><guid isPermaLink='false'>1</guid><link>b.html</link>\
             <pubDate>2021-12-03 08:00:00</pubDate><media:group><media:title>T</media:title><media:description>هجوم قرب داقوق في محافظة كركوك</media:description></media:group></item></channel></rss>";
        let entry = &read_feed(feed.as_bytes(), None).unwrap().entries[0];
        assert_eq!(entry.incoming.text.as_deref(), Some("هجوم قرب داقوق في محافظة كركوك"));
        assert_eq!(entry.incoming.published.as_deref(), Some("2021-12-03T08:00:00Z"));
        assert_eq!(
            entry.incoming.source_url.as_deref(),
            Some("https://news.example/a/b.html")
        );
        assert_eq!(entry.incoming.language, None);
    }

    /// Report: a title without an end took the description with it, and the language of a feed made English entries Sorani.
    #[test]
    fn titles_without_an_end_and_entries_in_another_language_cost_nothing() {
        let feed = "<rss version='2.0'><channel><title>A</title><item><title>unclosed<description>Attack in Khanaqin</description>\
             <pubDate>Sun Dec  5 09:00:00 2021</pubDate></item></channel></rss>";
        let entry = &read_feed(feed.as_bytes(), None).unwrap().entries[0].incoming;
        assert_eq!(entry.text.as_deref(), Some("Attack in Khanaqin"));
        assert_eq!(entry.title.as_deref(), Some("unclosed"));
        assert_eq!(entry.published.as_deref(), Some("2021-12-05T09:00:00Z"));
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='ckb'><entry><id>1</id><title>T</title>\
             <summary type='html'>&lt;p&gt;Three fighters were killed near Kifri&lt;/p&gt;</summary></entry></feed>";
        assert_eq!(
            read_feed(atom.as_bytes(), None).unwrap().entries[0].incoming.language,
            None
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
