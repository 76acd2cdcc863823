//! The address of a view of the web map, as far as the server must know it.

use super::links;
use crate::language::Language;

/// Parameters in the address of a view, besides `ui`, which names the parts of the page.
const VIEW: &[&str] = &[
    "ui",
    "map",
    "lang",
    "worldview",
    "layers",
    "time",
    "by",
    "area",
    "type",
    "speaker",
    "publisher",
    "doclang",
    "q",
    "min_confidence",
    "ruled",
    "compare",
    "person",
    "event",
    "feature",
    "document",
    "mention",
    "km",
    "tab",
    "style",
    "theme",
];

/// Parameters of the address of a view: its query, overridden by its fragment.
#[derive(Debug, Default)]
pub struct Permalink(Vec<(String, String)>);

impl Permalink {
    /// `None` when the address is not one of the map's on this server.
    pub fn read(url: &str, base: &str) -> Option<Self> {
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

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// The language that it asks for.
    pub fn language(&self) -> Option<Language> {
        self.get("lang")?.parse().ok()
    }

    /// The address that goes into the frame.
    pub fn frame(&self, base: &str) -> String {
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
            (
                "/#time=2021-01-01..2021-12-31&q=%D9%85%D8%AE%D9%85%D9%88%D8%B1&type=casualties&compare=region",
                "/embed#time=2021-01-01..2021-12-31&q=%D9%85%D8%AE%D9%85%D9%88%D8%B1&type=casualties&compare=region",
            ),
        ] {
            let view = Permalink::read(url, BASE).unwrap_or_else(|| panic!("{url}"));
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
            assert!(Permalink::read(foreign, BASE).is_none(), "{foreign}");
        }
    }

    #[test]
    fn nothing_in_an_address_leaves_its_attribute() {
        let view = Permalink::read("/#feature=a/\"><script>&layers=%22onload%3D", BASE).unwrap();
        let frame = view.frame(BASE);
        assert!(!frame.contains(['"', '<', '>', ' ']), "{frame}");
    }
}
