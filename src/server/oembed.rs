//! oEmbed 1.0: the frame that shows a view of the map in another site, for the address of that view.

use super::{
    ask::{Ask, Shared},
    html::Safe,
    links, operations as o,
    parameter::Parameter,
    parameters as p,
    problem::{Problem, echo},
    respond::{Answer, media},
};
use crate::language::Language;
use axum::{extract::State, response::Response};
use serde_json::{Value, json};
use std::fmt::Write;

/// Width and height in pixels where the asking site sets no limit.
const SIZE: [i64; 2] = [720, 480];
/// How long an answer may be kept, in seconds.
const KEPT: u64 = 86_400;
/// What the address of a view may say, besides `ui`, which names the parts of the page.
const VIEW: &[&str] = &[
    "ui",
    "map",
    "lang",
    "worldview",
    "layers",
    "time",
    "feature",
    "document",
    "mention",
    "km",
    "tab",
    "theme",
];

/// `/oembed`
pub async fn oembed(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::OEMBED)?;
    let base = ask.base(&app.settings);
    let url = query.text(&p::OEMBED_URL).unwrap_or_default();
    let view = View::read(url, &base).ok_or_else(|| {
        Problem::not_found(format!(
            "{:?} is no view of this map; url takes an address that begins with {base}/ or {base}/embed",
            echo(url)
        ))
    })?;
    let language = view.language().unwrap_or_else(|| ask.language(&query));
    let title = app.about.title.best(language);
    let side = |limit: &Parameter, own: i64| query.integer(limit).map_or(own, |most| most.min(own));
    let (width, height) = (side(&p::MAXWIDTH, SIZE[0]), side(&p::MAXHEIGHT, SIZE[1]));
    let frame = format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\" allowfullscreen></iframe>",
        Safe(&view.frame(&base)),
        Safe(title),
    );
    let answer = json!({
        "version": "1.0", "type": "rich", "title": title, "provider_name": title, "provider_url": format!("{base}/"),
        "cache_age": KEPT, "width": width, "height": height, "html": frame,
    });
    Ok(match query.text(&p::OEMBED_FORMAT) {
        Some("xml") => Answer::new(media::XML, xml(&answer).into_bytes()),
        _ => Answer::json(&answer),
    }
    .send(&ask.headers))
}

/// Elements for a page's head by which other sites find the frame of its address.
pub fn discovery(base: &str, page: Option<&str>) -> String {
    let url = page.map_or_else(|| format!("{base}/"), |query| format!("{base}/?{query}"));
    let url = links::escaped(&url).to_string();
    let mut head = String::new();
    for (format, media) in [("json", "application/json+oembed"), ("xml", "text/xml+oembed")] {
        let address = format!("{base}/oembed?format={format}&url={url}");
        // Writing to memory does not fail.
        let _ = write!(
            head,
            "<link rel=\"alternate\" type=\"{media}\" href=\"{}\">",
            Safe(&address)
        );
    }
    head
}

/// The answer's members as elements.
fn xml(answer: &Value) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<oembed>");
    for (name, value) in answer.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let _ = write!(text, "<{name}>{}</{name}>", Safe(&value));
    }
    text.push_str("</oembed>\n");
    text
}

/// What the address of a view says: its query, and its fragment over it.
#[derive(Debug)]
struct View(Vec<(String, String)>);

impl View {
    /// None when the address is not one of the map's on this server.
    fn read(url: &str, base: &str) -> Option<Self> {
        let rest = if url.starts_with('/') && !url.starts_with("//") {
            url
        } else {
            after_base(url, base)?
        };
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if !matches!(path, "" | "/" | "/embed" | "/embed/") {
            return None;
        }
        let mut said: Vec<(String, String)> = Vec::new();
        for pair in query.split('&').chain(fragment.split('&')) {
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let Some(value) = super::parameter::decode(value) else {
                continue;
            };
            if !VIEW.contains(&name) {
                continue;
            }
            said.retain(|(known, _)| known != name);
            said.push((name.to_owned(), value.into_owned()));
        }
        Some(Self(said))
    }

    fn language(&self) -> Option<Language> {
        self.0.iter().find(|(name, _)| name == "lang")?.1.parse().ok()
    }

    /// The address that goes into the frame.
    fn frame(&self, base: &str) -> String {
        let pairs = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={}", links::escaped(value)));
        let said: Vec<String> = pairs.collect();
        if said.is_empty() {
            format!("{base}/embed")
        } else {
            format!("{base}/embed#{}", said.join("&"))
        }
    }
}

/// The part of an address after the base: `http` and `https` are one, and host names know no case.
fn after_base<'u>(url: &'u str, base: &str) -> Option<&'u str> {
    let bare = |text: &str| text.find("://").map(|at| at + 3);
    let scheme = url.split("://").next()?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let (url, base) = (url.get(bare(url)?..)?, base.get(bare(base)?..)?);
    let head = url.get(..base.len())?;
    let rest = url.get(base.len()..)?;
    let ends = rest.is_empty() || rest.starts_with(['/', '?', '#']);
    (head.eq_ignore_ascii_case(base) && ends).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://maps.example/mahwar";

    #[test]
    fn only_addresses_of_the_map_on_this_server_have_a_frame() {
        for (url, frame) in [
            ("https://maps.example/mahwar/", "/embed"),
            ("https://maps.example/mahwar", "/embed"),
            (
                "http://MAPS.example/mahwar/#lang=ckb&map=7/35/44",
                "/embed#lang=ckb&map=7%2F35%2F44",
            ),
            ("https://maps.example/mahwar/?lang=ar&utm=x#lang=en", "/embed#lang=en"),
            ("https://maps.example/mahwar/embed#ui=legend", "/embed#ui=legend"),
            ("/?worldview=region", "/embed#worldview=region"),
        ] {
            let view = View::read(url, BASE).unwrap_or_else(|| panic!("{url}"));
            assert_eq!(view.frame(BASE), format!("{BASE}{frame}"), "{url}");
        }
        for foreign in [
            "https://other.example/mahwar/",
            "https://maps.example/",
            "https://maps.example/mahwarx/",
            "https://maps.example.evil.example/mahwar/",
            "https://maps.example/mahwar/collections",
            "//other.example/",
            "javascript:alert(1)",
            "ftp://maps.example/mahwar/",
            "",
        ] {
            assert!(View::read(foreign, BASE).is_none(), "{foreign}");
        }
    }

    #[test]
    fn nothing_in_an_address_leaves_its_attribute() {
        let view = View::read("/#feature=a/\"><script>&layers=%22onload%3D", BASE).unwrap();
        let frame = view.frame(BASE);
        assert!(!frame.contains(['"', '<', '>', ' ']), "{frame}");
    }
}
