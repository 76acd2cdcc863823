//! Atom feeds (RFC 4287, pages by RFC 5005, places by GeoRSS-Simple) of documents, events and statements.

use super::{
    features::kept,
    html::Safe,
    links::escaped,
    problem::Problem,
    request_context::RequestContext,
    respond::{Answer, media},
    services::DocumentRecord,
    state::App,
};
use crate::{
    events::Event,
    export::Codes,
    geoparse::Part,
    language::Language,
    layers::{Bounds, FeatureRef, Layer, LayerKind, ValueRef},
    store::Question,
    text::sentence_at,
};
use axum::response::Response;
use geo::BoundingRect;
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fmt::{self, Write},
    sync::OnceLock,
};

/// Layers that have a feed, each with the field that puts its newest features first.
const LAYERS: [(LayerKind, &str); 5] = [
    (LayerKind::Claims, "published"),
    (LayerKind::Mentions, "published"),
    (LayerKind::Events, "to"),
    (LayerKind::Positions, "published"),
    (LayerKind::Documents, "published"),
];
/// Entries of a page where the request names no number.
pub const PAGE: usize = 50;
/// Characters of a title that is made of a quote.
const MAX_TITLE: usize = 120;

/// The field by which the features of a layer are put in order for a feed; `None` for layers without a feed.
pub fn order_of(layer: &str) -> Option<&'static str> {
    let known = LAYERS.iter().find(|(kind, _)| kind.id() == layer);
    known.map(|(_, field)| *field)
}

/// The problem of a feed that is asked of a layer without one.
pub fn no_feed(layer: &str) -> Problem {
    let known: Vec<&str> = LAYERS.iter().map(|(kind, _)| kind.id()).collect();
    Problem::parameter(
        "f",
        format!("layer {layer} has no feed; f=atom is answered for {}", known.join(", ")),
    )
}

/// One entry.
#[derive(Debug, Default)]
struct Entry {
    id: String,
    title: String,
    updated: String,
    published: Option<String>,
    author: Option<String>,
    summary: Option<String>,
    /// Kind of claim, language and the like, each with its title for people where it has one.
    categories: Vec<(String, Option<String>)>,
    /// Relation, media type and address.
    links: Vec<(&'static str, Option<&'static str>, String)>,
    area: Option<Bounds>,
}

/// A page of a feed.
struct Feed<'f> {
    app: &'f App,
    language: Language,
    title: String,
    /// The address of the page itself.
    here: String,
    /// The address of the feed without its place in the list: its identity.
    identity: String,
    html: Option<String>,
    first: String,
    next: Option<String>,
    previous: Option<String>,
    entries: Vec<Entry>,
}

/// A text as XML: escaped, and without the characters that XML 1.0 does not have.
struct Xml<'t>(&'t str);

impl fmt::Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_unfit = |letter: char| {
            (letter < ' ' && !matches!(letter, '\t' | '\n' | '\r')) || matches!(letter, '\u{FFFE}' | '\u{FFFF}')
        };
        match self.0.contains(is_unfit) {
            false => Safe(self.0).fmt(f),
            true => Safe(&self.0.replace(is_unfit, "\u{FFFD}")).fmt(f),
        }
    }
}

/// A permanent id that does not depend on the address of the server: a UUID of version 8 made of a name.
fn permanent_id(kind: &str, id: &str) -> String {
    let hash = Sha256::digest(format!("mahwar\n{kind}\n{id}").as_bytes());
    let mut bytes: [u8; 16] = std::array::from_fn(|at| hash[at]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::from("urn:uuid:");
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to memory does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The date construct of RFC 4287 for a date or date-time; `None` for any other text.
fn date_time(text: &str) -> Option<String> {
    if text.parse::<Timestamp>().is_ok() {
        return Some(text.replacen(' ', "T", 1));
    }
    let day: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    Some(format!("{day}T00:00:00Z"))
}

/// The time of documents that have none: the start of this process, so that a page stays the same.
fn started() -> &'static str {
    static STARTED: OnceLock<String> = OnceLock::new();
    STARTED.get_or_init(|| Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// A text on one line, cut to a length.
fn line(text: &str, longest: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let whole = words.join(" ");
    match whole.char_indices().nth(longest) {
        None => whole,
        Some((end, _)) => format!("{}…", whole[..end].trim_end()),
    }
}

impl Feed<'_> {
    fn send(self, ask: &RequestContext) -> Response {
        let mut xml = String::with_capacity(1024 + self.entries.len() * 1024);
        // Writing to memory does not fail.
        let _ = self.write(&mut xml);
        Answer::new(media::ATOM, xml.into_bytes()).send_from(self.app, &ask.headers)
    }

    fn write(&self, xml: &mut String) -> fmt::Result {
        let site = self.app.about.title.best(self.language);
        write!(
            xml,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
             xmlns:georss=\"http://www.georss.org/georss\" xml:lang=\"{}\">\n<id>{}</id>\n<title>{}</title>\n",
            self.language,
            permanent_id("feed", &self.identity),
            Xml(&format!("{} — {site}", self.title)),
        )?;
        // Date-times in several offsets are compared as moments.
        let newest = self
            .entries
            .iter()
            .max_by_key(|entry| entry.updated.parse::<Timestamp>().ok());
        let updated = newest.map_or(started(), |entry| entry.updated.as_str());
        writeln!(xml, "<updated>{}</updated>", Xml(updated))?;
        writeln!(xml, "<author><name>{}</name></author>", Xml(site))?;
        writeln!(
            xml,
            "<generator version=\"{}\">Mahwar</generator>",
            env!("CARGO_PKG_VERSION")
        )?;
        if !self.app.about.attribution.is_empty() {
            writeln!(xml, "<rights>{}</rights>", Xml(&self.app.about.attribution))?;
        }
        let links = [
            ("self", Some("application/atom+xml"), Some(&self.here)),
            ("first", Some("application/atom+xml"), Some(&self.first)),
            ("next", Some("application/atom+xml"), self.next.as_ref()),
            ("previous", Some("application/atom+xml"), self.previous.as_ref()),
            ("alternate", Some("text/html"), self.html.as_ref()),
        ];
        for (rel, kind, address) in links {
            if let Some(address) = address {
                link(xml, rel, kind, address)?;
            }
        }
        self.entries.iter().try_for_each(|entry| entry.write(xml))?;
        xml.push_str("</feed>\n");
        Ok(())
    }
}

fn link(xml: &mut String, rel: &str, kind: Option<&str>, address: &str) -> fmt::Result {
    write!(xml, "<link rel=\"{rel}\" ")?;
    if let Some(kind) = kind {
        write!(xml, "type=\"{kind}\" ")?;
    }
    writeln!(xml, "href=\"{}\"/>", Xml(address))
}

impl Entry {
    fn write(&self, xml: &mut String) -> fmt::Result {
        writeln!(xml, "<entry>\n<id>{}</id>", self.id)?;
        let title = if self.title.is_empty() { "—" } else { &self.title };
        writeln!(xml, "<title>{}</title>", Xml(title))?;
        writeln!(xml, "<updated>{}</updated>", Xml(&self.updated))?;
        if let Some(published) = &self.published {
            writeln!(xml, "<published>{}</published>", Xml(published))?;
        }
        if let Some(author) = &self.author {
            writeln!(xml, "<author><name>{}</name></author>", Xml(author))?;
        }
        for (term, label) in &self.categories {
            match label {
                Some(label) => writeln!(xml, "<category term=\"{}\" label=\"{}\"/>", Xml(term), Xml(label))?,
                None => writeln!(xml, "<category term=\"{}\"/>", Xml(term))?,
            }
        }
        for (rel, kind, address) in &self.links {
            link(xml, rel, *kind, address)?;
        }
        if let Some(summary) = &self.summary {
            writeln!(xml, "<summary>{}</summary>", Xml(summary))?;
        }
        if let Some(Bounds([west, south, east, north])) = self.area {
            // GeoRSS-Simple has the latitude first.
            match west == east && south == north {
                true => writeln!(xml, "<georss:point>{south:.6} {west:.6}</georss:point>")?,
                false => writeln!(
                    xml,
                    "<georss:box>{south:.6} {west:.6} {north:.6} {east:.6}</georss:box>"
                )?,
            }
        }
        xml.push_str("</entry>\n");
        Ok(())
    }
}

/// Times at which documents came or were last ruled, by id; empty without a store.
struct Stamps(FxHashMap<String, String>);

impl Stamps {
    fn of<'d>(app: &App, documents: impl Iterator<Item = &'d str>) -> Result<Self, Problem> {
        let Some(store) = app.library().and_then(|library| library.counts()) else {
            return Ok(Self(FxHashMap::default()));
        };
        let ids: BTreeSet<&str> = documents.collect();
        let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        Ok(Self(store.last_changes(&ids)?.into_iter().collect()))
    }

    /// The time of the newest of some documents, or else that of publication.
    fn newest<'d>(&self, documents: impl Iterator<Item = &'d str>, published: Option<&str>) -> String {
        let known = documents.filter_map(|id| self.0.get(id)).max().cloned();
        known
            .or_else(|| published.and_then(date_time))
            .unwrap_or_else(|| started().to_owned())
    }
}

fn page_of(base: &str, layer: &str, id: &str) -> String {
    format!("{base}/collections/{layer}/items/{}?f=html", escaped(id))
}

/// A web address that a document names; nothing else becomes a link.
fn web_address(text: Option<&str>) -> Option<String> {
    let url = url::Url::parse(text?).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

/// Request of a feed of features.
pub struct FeaturePage<'p> {
    /// Layer of the features.
    pub layer: &'p Layer,
    /// Positions of the features in it.
    pub indexes: &'p [u32],
    /// Query of the next page, without `f`.
    pub next: Option<String>,
    /// Query of the page before, without `f`.
    pub previous: Option<String>,
    /// Language of names.
    pub language: Language,
}

/// A page of features as a feed.
///
/// # Errors
/// Of the store.
pub fn features(app: &App, ask: &RequestContext, page: FeaturePage<'_>) -> Result<Response, Problem> {
    let FeaturePage { layer, indexes, .. } = page;
    let base = ask.base(&app.settings);
    let path = format!("{base}/collections/{}/items", escaped(&layer.id));
    let at = |query: &str| match query.is_empty() {
        true => format!("{path}?f=atom"),
        false => format!("{path}?{query}&f=atom"),
    };
    let all = || indexes.iter().map(|&index| layer.at(index));
    let document_ids: Vec<Vec<String>> = all()
        .map(|feature| documents_of(layer, feature, page.language))
        .collect();
    let stamps = Stamps::of(app, document_ids.iter().flatten().map(String::as_str))?;
    let entries = all().zip(&document_ids);
    let entries = entries.map(|(feature, documents)| {
        entry_of(
            &app.about.codes,
            &base,
            layer,
            feature,
            documents,
            &stamps,
            page.language,
        )
    });
    let filters = kept(ask.uri.query(), &["f", "offset", "cursor"], "");
    let filters = filters.trim_end_matches('&');
    let feed = Feed {
        app,
        language: page.language,
        title: layer.title.best(page.language).to_owned(),
        here: at(kept(ask.uri.query(), &["f"], "").trim_end_matches('&')),
        identity: format!(
            "{}?{}",
            layer.id,
            kept(ask.uri.query(), &["f", "offset", "cursor", "limit"], "")
        ),
        html: Some(match filters.is_empty() {
            true => format!("{path}?f=html"),
            false => format!("{path}?{filters}&f=html"),
        }),
        first: at(filters),
        next: page.next.as_deref().map(at),
        previous: page.previous.as_deref().map(at),
        entries: entries.collect(),
    };
    Ok(feed.send(ask))
}

/// Text of a field of a feature.
fn text(layer: &Layer, feature: FeatureRef<'_>, field: &str, language: Language) -> Option<String> {
    match feature.field_value(layer.field(field)?, language) {
        ValueRef::Text(text) if !text.is_empty() => Some(text.to_owned()),
        _ => None,
    }
}

/// The documents that a feature is made of: the one that its id begins with, or those of all accounts of an event.
fn documents_of(layer: &Layer, feature: FeatureRef<'_>, language: Language) -> Vec<String> {
    let own = feature.id().split('-').next().unwrap_or_default().to_owned();
    let told = layer.field("told").map(|field| feature.field_value(field, language));
    let mut documents = vec![own];
    if let Some(ValueRef::Json(told)) = told
        && let Ok(serde_json::Value::Array(told)) = serde_json::from_str(told)
    {
        let others = told.iter().filter_map(|one| one["document"].as_str());
        documents.extend(others.map(str::to_owned));
    }
    documents
}

fn entry_of(
    codes: &Codes,
    base: &str,
    layer: &Layer,
    feature: FeatureRef<'_>,
    documents: &[String],
    stamps: &Stamps,
    language: Language,
) -> Entry {
    let own = |field: &str| text(layer, feature, field, language);
    let published = own("published").or_else(|| own("to"));
    let quote = own("quote");
    let kind = own("type").or_else(|| own("kind"));
    let kind_title = kind.as_deref().map(|kind| codes.type_title(kind, language).to_owned());
    let title = match layer.kind {
        LayerKind::Documents => own("title"),
        LayerKind::Mentions => feature.name(language).map(str::to_owned),
        LayerKind::Events => {
            let days = [own("from"), own("to")].into_iter().flatten().collect::<BTreeSet<_>>();
            let days: Vec<String> = days.into_iter().collect();
            let parts = [
                kind_title.clone(),
                feature.name(language).map(str::to_owned),
                Some(days.join("/")),
            ];
            Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
        }
        _ => own("text").or_else(|| {
            let parts = [kind_title.clone(), own("speaker")];
            Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
        }),
    };
    let title = title.filter(|title| !title.is_empty()).or_else(|| quote.clone());
    let mut links = vec![("alternate", Some("text/html"), page_of(base, &layer.id, feature.id()))];
    match layer.kind {
        LayerKind::Events => links.push(("related", Some(media::JSON), format!("{base}/events/{}", feature.id()))),
        _ => links.push((
            "related",
            Some(media::JSON),
            format!("{base}/documents/{}", documents[0]),
        )),
    }
    if let Some(source) = web_address(own("source_url").as_deref()) {
        links.push(("via", None, source));
    }
    Entry {
        id: permanent_id(&layer.id, feature.id()),
        title: line(&title.unwrap_or_default(), MAX_TITLE),
        updated: stamps.newest(documents.iter().map(String::as_str), published.as_deref()),
        published: published.as_deref().and_then(date_time),
        author: own("publisher").or_else(|| own("speaker")).or_else(|| own("speakers")),
        summary: quote,
        categories: kind
            .map(|kind| (kind, kind_title))
            .into_iter()
            .chain(
                [own("status"), own("language")]
                    .into_iter()
                    .flatten()
                    .map(|term| (term, None)),
            )
            .collect(),
        links,
        area: feature.bounds(),
    }
}

/// Request of a feed of documents or events.
pub struct ListPage {
    /// Addresses with `after`, for the next page.
    pub next: Option<String>,
    /// Language of titles.
    pub language: Language,
}

fn list_feed<'f>(
    app: &'f App,
    ask: &RequestContext,
    path: &str,
    layer: &str,
    title: &str,
    page: ListPage,
    entries: Vec<Entry>,
) -> Feed<'f> {
    let base = ask.base(&app.settings);
    let filters = kept(ask.uri.query(), &["f", "after"], "f=atom");
    Feed {
        app,
        language: page.language,
        title: title.to_owned(),
        here: format!("{base}{path}?{}", kept(ask.uri.query(), &["f"], "f=atom")),
        identity: format!("{path}?{}", kept(ask.uri.query(), &["f", "after", "limit"], "")),
        html: Some(format!("{base}/collections/{layer}/items?f=html")),
        first: format!("{base}{path}?{filters}"),
        next: page.next,
        previous: None,
        entries,
    }
}

/// The title of a layer, where the land has it.
fn title_of(app: &App, layer: &str, language: Language) -> String {
    let snapshot = app.snapshot();
    let tiles = snapshot.default_view().layer(layer);
    tiles.map_or_else(
        || layer.to_owned(),
        |tiles| tiles.layer().title.best(language).to_owned(),
    )
}

/// An entry whose time is not known yet.
pub struct Undated {
    entry: Entry,
    /// Documents that it is made of.
    documents: Vec<String>,
}

impl Undated {
    /// Entries with their times.
    fn dated(app: &App, all: Vec<Self>) -> Result<Vec<Entry>, Problem> {
        let stamps = Stamps::of(app, all.iter().flat_map(|one| &one.documents).map(String::as_str))?;
        let dated = all.into_iter().map(|one| {
            let published = one.entry.published.clone();
            let updated = stamps.newest(one.documents.iter().map(String::as_str), published.as_deref());
            Entry { updated, ..one.entry }
        });
        Ok(dated.collect())
    }
}

/// A page of documents as a feed.
///
/// # Errors
/// Of the store.
pub fn documents(app: &App, ask: &RequestContext, found: Vec<Undated>, page: ListPage) -> Result<Response, Problem> {
    let title = title_of(app, "documents", page.language);
    let entries = Undated::dated(app, found)?;
    Ok(list_feed(app, ask, "/documents", "documents", &title, page, entries).send(ask))
}

/// A document as an entry. The summary is the snippet where words are asked for, else the first quote: never the text.
pub fn document_entry(
    codes: &Codes,
    base: &str,
    kept: &DocumentRecord,
    question: Option<&Question>,
    language: Language,
) -> Undated {
    let (document, parse) = (&kept.read.document, &kept.read.parse);
    let drawn = || parse.mentions.iter().filter(|mention| mention.is_drawn());
    let snippet = question.and_then(|question| {
        let found = question.snippet(&document.text);
        found
            .or_else(|| question.snippet(&document.title))
            .map(|snippet| snippet.text)
    });
    let quote = || {
        let claim = parse.claims.first().map(|claim| claim.evidence.text.clone());
        claim.or_else(|| {
            let mention = drawn().find(|mention| mention.part == Part::Text)?;
            let sentence = sentence_at(&document.text, mention.offsets.byte[0]);
            Some(document.text[sentence.start..sentence.end].to_owned())
        })
    };
    let points = drawn().filter_map(|mention| mention.place.as_ref().map(|place| place.point));
    let area = points
        .map(|[lon, lat]| Bounds([lon, lat, lon, lat]))
        .reduce(Bounds::union);
    let mut links = vec![
        ("alternate", Some("text/html"), page_of(base, "documents", &document.id)),
        (
            "related",
            Some(media::JSON),
            format!("{base}/documents/{}", document.id),
        ),
    ];
    if let Some(source) = web_address(document.source_url.as_deref()) {
        links.push(("via", None, source));
    }
    let kinds: BTreeSet<String> = parse
        .claims
        .iter()
        .map(|claim| crate::layers::kind_word(claim.kind).to_owned())
        .collect();
    let mut categories = vec![(document.language.tag().to_owned(), None)];
    categories.extend(kinds.into_iter().map(|kind| {
        let label = codes.type_title(&kind, language).to_owned();
        (kind, Some(label))
    }));
    let entry = Entry {
        id: permanent_id("documents", &document.id),
        title: line(&document.title, MAX_TITLE),
        updated: String::new(),
        published: document.published.as_deref().and_then(date_time),
        author: document.publisher.clone(),
        summary: snippet.or_else(quote),
        categories,
        links,
        area,
    };
    Undated {
        entry,
        documents: vec![document.id.clone()],
    }
}

/// A page of events as a feed.
///
/// # Errors
/// Of the store.
pub fn events(app: &App, ask: &RequestContext, found: Vec<Undated>, page: ListPage) -> Result<Response, Problem> {
    let title = title_of(app, "events", page.language);
    let entries = Undated::dated(app, found)?;
    Ok(list_feed(app, ask, "/events", "events", &title, page, entries).send(ask))
}

/// An event as an entry; the summary has the words of each account.
pub fn event_entry(codes: &Codes, base: &str, event: &Event, language: Language) -> Undated {
    let accounts = || event.members.iter().map(|member| &member.account);
    let documents: Vec<String> = accounts().map(|account| account.claim.document.clone()).collect();
    let kind = crate::layers::kind_word(event.members[0].account.kind).to_owned();
    let days = event.days();
    let (from, to) = (days.from_date(), days.to_date());
    let speakers: BTreeSet<&str> = accounts().filter_map(|account| account.speaker.as_deref()).collect();
    let quotes: Vec<&str> = accounts().map(|account| account.quote.as_str()).collect();
    let boxes = accounts().filter_map(|account| account.site.area().bounding_rect());
    let area = boxes
        .map(|area| Bounds([area.min().x, area.min().y, area.max().x, area.max().y]))
        .reduce(Bounds::union);
    let days = if from == to { from } else { format!("{from}/{to}") };
    let id = event.id().to_string();
    let kind_title = codes.type_title(&kind, language).to_owned();
    let entry = Entry {
        title: line(&format!("{kind_title} · {days}"), MAX_TITLE),
        updated: String::new(),
        published: date_time(&to),
        author: (!speakers.is_empty()).then(|| speakers.into_iter().collect::<Vec<_>>().join(", ")),
        summary: Some(quotes.join("\n")),
        links: vec![
            ("alternate", Some("text/html"), page_of(base, "events", &id)),
            ("related", Some(media::JSON), format!("{base}/events/{id}")),
            (
                "related",
                Some(media::JSON),
                format!("{base}/documents/{}", documents[0]),
            ),
        ],
        categories: vec![(kind, Some(kind_title))],
        area,
        id: permanent_id("events", &id),
    };
    Undated { entry, documents }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_do_not_change() {
        let id = permanent_id("documents", "0123456789abcdef");
        assert_eq!(id, permanent_id("documents", "0123456789abcdef"));
        assert_eq!((id.len(), &id[23..24]), (45, "8"));
        assert_ne!(id, permanent_id("claims", "0123456789abcdef"));
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(
            Xml("a<b>&\"'\u{1}\u{FFFF}").to_string(),
            "a&lt;b&gt;&amp;&quot;&#39;\u{FFFD}\u{FFFD}"
        );
        assert_eq!(web_address(Some("javascript:alert(1)")), None);
        assert_eq!(line("a\n b  c", 3), "a b…");
    }

    #[test]
    fn dates_are_date_times() {
        assert_eq!(date_time("2021-12-03").as_deref(), Some("2021-12-03T00:00:00Z"));
        assert_eq!(
            date_time("2021-12-03T01:02:03+03:00").as_deref(),
            Some("2021-12-03T01:02:03+03:00")
        );
        assert_eq!(date_time("yesterday"), None);
    }
}
