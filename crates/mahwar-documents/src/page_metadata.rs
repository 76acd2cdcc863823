//! Metadata of a page: JSON-LD, OpenGraph, Dublin Core, microdata, and its own elements.

use crate::{Extracted, Fact, Origin, dates::read_date, text::printable::clean_line};
use dom_query::Document;
use serde_json::Value;

/// Metadata of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageMetadata {
    /// Title of the article.
    pub title: Option<String>,
    /// Date of publication, RFC 3339.
    pub published: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// Outlet.
    pub publisher: Option<String>,
    /// Canonical address.
    pub url: Option<String>,
    /// Language tag, as written.
    pub language: Option<String>,
    /// Each of them with where it was found.
    pub facts: Vec<Fact>,
}

/// A feed that a page names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedLink {
    /// Its address.
    pub address: String,
    /// Its title.
    pub title: Option<String>,
}

impl PageMetadata {
    fn fact(&mut self, name: &str, value: &str, by: &str) {
        self.facts.push(Fact {
            name: name.to_owned(),
            value: value.to_owned(),
            origin: Origin::Declared,
            by: Some(by.to_owned()),
        });
    }

    fn set(&mut self, name: &'static str, value: &str, by: &str, base: Option<&url::Url>) {
        let longest = if name == "publisher" || name == "author" {
            200
        } else {
            500
        };
        let value = clean_line(value, longest);
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let value = match name {
            "published" => match read_date(value).filter(|date| is_of_the_web(date)) {
                Some(date) => date,
                None => return,
            },
            "url" => match address(value, base) {
                Some(address) => address,
                None => return,
            },
            // A link to a person is no name.
            "author" | "publisher" if value.starts_with("http") => return,
            _ => value.to_owned(),
        };
        let slot = match name {
            "title" => &mut self.title,
            "published" => &mut self.published,
            "author" => &mut self.author,
            "publisher" => &mut self.publisher,
            "url" => &mut self.url,
            _ => &mut self.language,
        };
        if slot.is_none() {
            *slot = Some(value.clone());
            self.fact(name, &value, by);
        }
    }

    /// Fills the gaps of a text with the metadata of its page.
    pub fn describe(&self, text: &mut Extracted) {
        let fill = |own: &mut Option<String>, other: &Option<String>| {
            if own.is_none() {
                own.clone_from(other);
            }
        };
        fill(&mut text.title, &self.title);
        fill(&mut text.published, &self.published);
        fill(&mut text.author, &self.author);
        fill(&mut text.publisher, &self.publisher);
        fill(&mut text.url, &self.url);
        text.facts.extend(self.facts.iter().cloned());
    }
}

/// True for a date on which a page can have been published: programs write `0001-01-01` or 1970 where they have none.
fn is_of_the_web(date: &str) -> bool {
    const FIRST_YEAR: i32 = 1990;
    const LAST_YEAR: i32 = 2100;
    let year = date.split('-').next().and_then(|year| year.parse().ok());
    year.is_some_and(|year: i32| (FIRST_YEAR..LAST_YEAR).contains(&year))
}

/// An address that a reader can follow; relative ones by the address of the page.
fn address(value: &str, base: Option<&url::Url>) -> Option<String> {
    let url = match base {
        Some(base) => base.join(value).ok()?,
        None => url::Url::parse(value).ok()?,
    };
    let fits = matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none();
    Some(String::from(url)).filter(|url| fits && url.len() <= 2048)
}

/// Reads the metadata of a page. For each item, the first source that has it counts: JSON-LD, OpenGraph, microdata,
/// Dublin Core, the elements of HTML.
pub fn page_metadata(document: &Document, from: Option<&str>) -> PageMetadata {
    let mut found = PageMetadata::default();
    let own = from.and_then(|from| url::Url::parse(from).ok());
    let base = base(document, own.as_ref());
    let base = base.as_ref();
    let shown: Vec<String> = document
        .select("head > title, h1")
        .iter()
        .map(|element| element.text().to_string())
        .collect();
    let shown = shown.join("\n");
    for script in document.select("script[type='application/ld+json']").iter().take(20) {
        let text = script.text();
        let text = text
            .trim()
            .trim_start_matches("<!--")
            .trim_start_matches("//<![CDATA[")
            .trim_end_matches("//]]>");
        if let Ok(value) = serde_json::from_str::<Value>(text.trim()) {
            json_ld(&value, &mut found, &shown, base, 0);
        }
    }
    for (name, property, by) in PROPERTIES {
        let selector = format!("meta[property='{property}' i], meta[name='{property}' i]");
        if let Ok(matcher) = dom_query::Matcher::new(&selector) {
            for tag in document.select_matcher(&matcher).iter().take(3) {
                found.set(name, &tag.attr_or("content", ""), by, base);
            }
        }
    }
    for (name, property) in [
        ("title", "headline"),
        ("published", "datePublished"),
        ("author", "author"),
        ("publisher", "publisher"),
    ] {
        let selector = format!("[itemprop~='{property}']");
        for element in document.select(&selector).iter().take(3) {
            let value = ["content", "datetime"]
                .iter()
                .find_map(|attribute| element.attr(attribute));
            let value = value.unwrap_or_else(|| {
                let name = element.select("[itemprop='name']").iter().next();
                name.map_or_else(|| element.text(), |inner| inner.text())
            });
            found.set(name, &value, "microdata", base);
        }
    }
    if let Some(link) = document.select("link[rel='canonical']").iter().next() {
        found.set("url", &link.attr_or("href", ""), "link rel=canonical", base);
    }
    for time in document
        .select("article time[datetime], time[datetime][pubdate], header time[datetime]")
        .iter()
        .take(1)
    {
        found.set("published", &time.attr_or("datetime", ""), "time element", base);
    }
    visible_date(document, &mut found);
    let language = document.select("html").attr_or("lang", "");
    found.set("language", &language, "lang of html", base);
    if let Some(title) = document.select("head > title").iter().next() {
        found.set("title", &title.text(), "title element", base);
    }
    found
}

/// The date that a page shows to its readers, in an element that is named for it: `<span class="post-date">`. Only if nothing
/// declares one, and if all such elements in the article, or else on the page, show the same day.
fn visible_date(document: &Document, found: &mut PageMetadata) {
    const NAMES: [&str; 7] = [
        "date",
        "pubdate",
        "datetime",
        "published",
        "publish",
        "timestamp",
        "posted",
    ];
    const LONGEST: usize = 80;
    if found.published.is_some() {
        return;
    }
    let dates = |within: &str| {
        let elements = document.select(&format!(
            "{within} :is(span, div, p, time, small, li, td, em, i, b, h5, h6, abbr)[class], {within} :is(span, div, p, time, small, li, td, em)[id]"
        ));
        let mut dates: Vec<(String, String)> = Vec::new();
        for element in elements.nodes().iter().take(5_000) {
            let is_named = ["class", "id"].iter().any(|attribute| {
                let value = element.attr(attribute).unwrap_or_default().to_ascii_lowercase();
                value
                    .split(|sign: char| !sign.is_ascii_alphanumeric())
                    .any(|word| NAMES.contains(&word))
            });
            if !is_named {
                continue;
            }
            let words = clean_line(&element.text(), 2 * LONGEST);
            if words.chars().count() <= LONGEST
                && let Some(date) = read_date(&words).filter(|date| is_of_the_web(date))
            {
                dates.push((date, words));
            }
        }
        dates
    };
    let of_article = dates("article");
    let all = if of_article.is_empty() {
        dates("body")
    } else {
        of_article
    };
    let day = |date: &str| date.get(..10).map(str::to_owned);
    if let Some((first, words)) = all.first()
        && all.iter().all(|(date, _)| day(date) == day(first))
    {
        found.set("published", words, "visible date", None);
    }
}

/// Names of `meta` elements, the most telling first.
const PROPERTIES: [(&str, &str, &str); 24] = [
    ("title", "og:title", "OpenGraph"),
    ("published", "article:published_time", "OpenGraph"),
    ("author", "article:author", "OpenGraph"),
    ("publisher", "og:site_name", "OpenGraph"),
    ("url", "og:url", "OpenGraph"),
    ("language", "og:locale", "OpenGraph"),
    ("title", "dc.title", "Dublin Core"),
    ("title", "dcterms.title", "Dublin Core"),
    ("published", "dc.date", "Dublin Core"),
    ("published", "dc.date.issued", "Dublin Core"),
    ("published", "dcterms.created", "Dublin Core"),
    ("published", "dcterms.issued", "Dublin Core"),
    ("published", "dcterms.date", "Dublin Core"),
    ("author", "dc.creator", "Dublin Core"),
    ("author", "dcterms.creator", "Dublin Core"),
    ("publisher", "dc.publisher", "Dublin Core"),
    ("publisher", "dcterms.publisher", "Dublin Core"),
    ("title", "twitter:title", "Twitter card"),
    ("author", "author", "meta element"),
    ("published", "date", "meta element"),
    ("published", "pubdate", "meta element"),
    ("published", "publishdate", "meta element"),
    ("published", "parsely-pub-date", "meta element"),
    ("publisher", "application-name", "meta element"),
];

/// The address that relative links refer to.
fn base(document: &Document, own: Option<&url::Url>) -> Option<url::Url> {
    let written = document.select("base[href]").attr("href");
    match (written, own) {
        (Some(written), Some(own)) => own.join(&written).ok(),
        (Some(written), None) => url::Url::parse(&written).ok(),
        (None, own) => own.cloned(),
    }
}

/// Articles of JSON-LD: `NewsArticle` and its kin, also in lists and graphs.
/// `shown` are the titles that the page shows.
fn json_ld(value: &Value, found: &mut PageMetadata, shown: &str, base: Option<&url::Url>, depth: usize) {
    if depth > 8 {
        return;
    }
    match value {
        Value::Array(list) => list
            .iter()
            .take(100)
            .for_each(|value| json_ld(value, found, shown, base, depth + 1)),
        Value::Object(object) => {
            if let Some(graph) = object.get("@graph") {
                json_ld(graph, found, shown, base, depth + 1);
            }
            let kinds = object.get("@type").map(texts).unwrap_or_default();
            let is_article = |kind: &String| {
                let kind = kind.rsplit(['/', ':']).next().unwrap_or_default();
                kind.ends_with("Article") || kind.ends_with("Posting") || matches!(kind, "Report" | "WebPage")
            };
            if kinds.iter().any(is_article) {
                const BY: &str = "JSON-LD";
                let text = |member: &str| object.get(member).map(texts).and_then(|texts| texts.into_iter().next());
                let names = |member: &str| object.get(member).map(names).unwrap_or_default().join(", ");
                let headline = text("headline").map(|title| plain(&title));
                let name = text("name").map(|title| plain(&title));
                // A headline may be a description; the page shows the name.
                let is_shown =
                    |title: &Option<String>| title.as_ref().is_some_and(|title| shown.contains(title.trim()));
                let title = match is_shown(&name) && !is_shown(&headline) {
                    true => name,
                    false => headline.or(name),
                };
                for (name, value) in [
                    ("title", title),
                    ("published", text("datePublished").or_else(|| text("dateCreated"))),
                    ("author", Some(names("author"))),
                    ("publisher", Some(names("publisher"))),
                    ("language", text("inLanguage")),
                ] {
                    found.set(name, &value.unwrap_or_default(), BY, base);
                }
                let page = object.get("mainEntityOfPage");
                let page = page
                    .and_then(|page| page.get("@id").or(Some(page)))
                    .and_then(Value::as_str);
                let address = page
                    .map(str::to_owned)
                    .filter(|page| page.starts_with("http"))
                    .or_else(|| text("url"));
                found.set("url", &address.unwrap_or_default(), BY, base);
            }
        }
        _ => {}
    }
}

/// References to characters, which are frequent in JSON-LD.
fn plain(text: &str) -> String {
    match text.contains('&') {
        true => crate::html::html_to_text(text).map_or_else(|_| text.to_owned(), |read| read.text),
        false => text.to_owned(),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().take(20).flat_map(texts).collect(),
        Value::Object(object) => object.get("@value").map(texts).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn names(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().take(20).flat_map(names).collect(),
        Value::Object(object) => object.get("name").map(texts).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The feeds that a page names (`link rel=alternate`).
pub fn feed_links(html: &str, from: Option<&str>) -> Vec<FeedLink> {
    if crate::html::html_to_text(html).is_err() {
        return Vec::new();
    }
    let document = Document::from(html);
    let own = from.and_then(|from| url::Url::parse(from).ok());
    let base = base(&document, own.as_ref());
    let links = document.select("link[rel~='alternate'][href]");
    let mut found = Vec::new();
    for link in links.iter().take(50) {
        let media = link.attr_or("type", "").to_ascii_lowercase();
        if ["rss", "atom", "feed+json", "rdf+xml"]
            .iter()
            .any(|kind| media.contains(kind))
        {
            let written = link.attr_or("href", "");
            found.push(FeedLink {
                address: address(&written, base.as_ref()).unwrap_or_else(|| written.to_string()),
                title: link.attr("title").map(|title| clean_line(&title, 200)),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> PageMetadata {
        page_metadata(&Document::from(html), Some("https://news.example/a/1.html"))
    }

    #[test]
    fn each_way_of_saying_is_read() {
        let json = r#"<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"x"},
            {"@type":["NewsArticle"],"headline":"A &amp; B","datePublished":"2021-12-03T08:00:00+03:00",
            "author":[{"@type":"Person","name":"Ali"},{"name":"Sara"}],"publisher":{"name":"Agency"},"inLanguage":"ar"}]}</script>"#;
        let found = read(json);
        assert_eq!(found.title.as_deref(), Some("A & B"));
        assert_eq!(found.published.as_deref(), Some("2021-12-03T05:00:00Z"));
        assert_eq!(found.author.as_deref(), Some("Ali, Sara"));
        assert_eq!(found.publisher.as_deref(), Some("Agency"));
        assert!(
            found.facts.iter().all(|fact| fact.by.as_deref() == Some("JSON-LD")),
            "{:?}",
            found.facts
        );
        let found = read(
            "<meta name='DC.Title' content=T><meta name='DC.date.issued' content='2021-12-03'><meta name='DC.creator' content=Ali><meta name=DC.publisher content=P>",
        );
        assert_eq!(
            (found.title.as_deref(), found.published.as_deref()),
            (Some("T"), Some("2021-12-03"))
        );
        assert_eq!(
            (found.author.as_deref(), found.publisher.as_deref()),
            (Some("Ali"), Some("P"))
        );
        let found = read(
            "<div itemscope><h1 itemprop=headline>H</h1><time itemprop=datePublished datetime='2021-12-03'>x</time><span itemprop=author><b itemprop=name>Ali</b></span></div>",
        );
        assert_eq!(
            (
                found.title.as_deref(),
                found.published.as_deref(),
                found.author.as_deref()
            ),
            (Some("H"), Some("2021-12-03"), Some("Ali"))
        );
    }

    #[test]
    fn dates_that_programs_write_for_none_are_passed_over() {
        for none in ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "{{date}}"] {
            let found = read(&format!(
                "<meta property='article:published_time' content='{none}'><meta name=dc.date content='2021-12-03'>"
            ));
            assert_eq!(found.published.as_deref(), Some("2021-12-03"), "{none}");
        }
    }

    #[test]
    fn a_visible_date_is_read_where_none_is_declared() {
        let page = "<body><div class=post><h2>x</h2><span class='post-date'>الجمعة 3 كانون الأول 2021</span></div>";
        assert_eq!(read(page).published.as_deref(), Some("2021-12-03"));
        // A list has the dates of several articles.
        let list = format!("{page}<span class=date>4 December 2021</span>");
        assert_eq!(read(&list).published, None);
        let own = format!("<span class=date>4 December 2021</span><article>{page}</article>");
        assert_eq!(
            read(&own.replace("<body>", "")).published.as_deref(),
            Some("2021-12-03")
        );
        assert_eq!(read("<span class=update-info>3 December 2021</span>").published, None);
    }

    #[test]
    fn addresses_are_whole_and_can_be_followed() {
        assert_eq!(
            read("<link rel=canonical href='../b'>").url.as_deref(),
            Some("https://news.example/b")
        );
        for wrong in ["javascript:alert(1)", "ftp://example.org/", "https://u:p@example.org/"] {
            assert_eq!(
                read(&format!("<link rel=canonical href='{wrong}'>")).url,
                None,
                "{wrong}"
            );
        }
    }

    #[test]
    fn feeds_of_a_page_are_found() {
        let links = feed_links(
            "<html><head><link rel=alternate type='application/rss+xml' href=/feed title=News><link rel=alternate hreflang=ar href=/ar></head></html>",
            Some("https://news.example/"),
        );
        assert_eq!(
            links,
            [FeedLink {
                address: "https://news.example/feed".to_owned(),
                title: Some("News".to_owned())
            }]
        );
    }
}
