//! Web pages that may read a server on the analyst's own machine.
//!
//! A browser lets a page of any site send requests to 127.0.0.1. Without a public address such a server is for the user
//! of the machine: pages of other sites may read the land, which is public, but nothing that is made of documents.
//! Pages of loopback addresses are the user's own and may read everything.

use super::hosts::{authority_of, is_loopback};
use crate::server::{connection::is_authority, parameter, state::App};
use axum::http::{HeaderMap, HeaderName, Uri, header};

/// `Sec-Fetch-Site` of the Fetch Metadata headers, which browsers set and pages cannot.
static FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// `Sec-Fetch-Mode`.
static FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
/// `Sec-Fetch-Dest`.
static FETCH_DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Sender of a request, as far as a browser declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// No browser, the map's own page, or a page of this machine.
    Own,
    /// A page of another site that asks with CORS: it reads nothing unless the answer allows it.
    Foreign,
    /// A page of another site that loads a picture, a script or a frame: no header of the answer is asked for.
    Embedded,
}

impl Sender {
    /// Reads `Origin`, the Fetch Metadata headers and `Referer`.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let own = |url: &str| authority_of(url).is_some_and(is_loopback);
        if let Some(origin) = text(&header::ORIGIN) {
            return if is_own_origin(origin) {
                Self::Own
            } else {
                Self::Foreign
            };
        }
        // A page in a frame is navigated to as well, and its site sees when and how large it is drawn.
        let is_page = matches!(text(&FETCH_DESTINATION), None | Some("document"));
        match text(&FETCH_SITE) {
            // A page of the same site as a loopback name is a page of this machine, on another port.
            None | Some("same-origin" | "same-site" | "none") => Self::Own,
            // Following a link shows the page to the user and not to the site.
            Some(_) if text(&FETCH_MODE) == Some("navigate") && is_page => Self::Own,
            Some(_) if text(&header::REFERER).is_some_and(own) => Self::Own,
            Some(_) => Self::Embedded,
        }
    }
}

/// True for the origin of a page of this machine: a scheme, a loopback host and perhaps a port, and nothing else.
fn is_own_origin(origin: &str) -> bool {
    let authority = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    authority.is_some_and(|authority| is_authority(authority.as_bytes()) && is_loopback(authority))
}

/// True if an answer holds nothing that was made of documents.
pub fn is_of_the_land(app: &App, uri: &Uri) -> bool {
    let path = uri.path().trim_matches('/');
    let segments: Vec<&str> = path.split('/').collect();
    match segments[..] {
        [
            "conformance" | "api" | "api.html" | "pages.css" | "worldviews" | "collections" | "styles"
            | "tileMatrixSets" | "healthz" | "search" | "reverse" | "lookup" | "licenses" | "attribution" | "crosswalk"
            | "lands",
        ] => true,
        ["tileMatrixSets" | "styles" | "sprites" | "fonts" | "reconcile", ..] => true,
        // These two have the claims of documents beside the line.
        ["corridor"] | ["corridor", "definitions"] => false,
        ["corridor", ..] => true,
        ["collections", id, ..] => are_of_the_land(app, id),
        ["tiles" | "map", ..] if segments.len() < 4 => true,
        ["tiles" | "map", ..] => collections_of(uri).is_some_and(|ids| are_of_the_land(app, &ids)),
        ["xyz", layers, ..] => are_of_the_land(app, layers.strip_suffix(".json").unwrap_or(layers)),
        ["downloads" | "qgis", file] => are_of_the_land(app, file.split('.').next().unwrap_or_default()),
        _ => false,
    }
}

/// The value of the parameter `collections`.
fn collections_of(uri: &Uri) -> Option<String> {
    let pairs = uri.query()?.split('&');
    let value = pairs.filter_map(|pair| pair.strip_prefix("collections=")).next()?;
    parameter::decode(value).map(|value| value.into_owned())
}

fn are_of_the_land(app: &App, ids: &str) -> bool {
    let snapshot = app.snapshot();
    let view = snapshot.default_view();
    let ids = percent_encoding::percent_decode_str(ids).decode_utf8_lossy();
    let of_the_land = |id: &str| view.layer(id.trim()).is_some_and(|tiles| !tiles.layer().of_documents);
    !ids.is_empty() && ids.split(',').all(of_the_land)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(pairs: &[(&'static str, &str)]) -> Sender {
        let pairs = pairs.iter();
        Sender::of(
            &pairs
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect(),
        )
    }

    #[test]
    fn programs_own_pages_and_links_are_told_from_pages_of_other_sites() {
        for own in [
            &[][..],
            &[("origin", "http://localhost:3000")],
            &[("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")],
            &[("origin", "http://[::1]:1")],
            &[("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")],
            &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "no-cors"),
                ("referer", "http://localhost:3000/a"),
            ],
        ] {
            assert_eq!(sender(own), Sender::Own, "{own:?}");
        }
        for foreign in [
            "https://evil.example",
            "null",
            "http://127.0.0.1.evil.example",
            "http://localhost@evil.example",
            "http://evil.example@localhost",
            "http://evil.example\\@127.0.0.1",
            "http://127.0.0.1/",
            "",
        ] {
            assert_eq!(sender(&[("origin", foreign)]), Sender::Foreign, "{foreign}");
        }
        for embedded in [
            &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")][..],
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "no-cors"),
                ("referer", "https://evil.example/"),
            ],
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "no-cors"),
                ("referer", "http://evil.example\\@127.0.0.1/"),
            ],
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "iframe"),
            ],
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "object"),
            ],
        ] {
            assert_eq!(sender(embedded), Sender::Embedded, "{embedded:?}");
        }
    }
}
