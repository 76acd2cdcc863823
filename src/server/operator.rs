//! Title, logo, imprint and first layers of the operator of a server, as its pages show them.

use super::{
    html::Safe,
    operations as o,
    problem::Problem,
    request_context::{RequestContext, Shared},
    respond::Answer,
    state::About,
};
use crate::{files::read_regular, language::Trilingual};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use serde::Serialize;
use std::{path::Path, sync::Arc};

/// The longest title, in characters.
const MAX_TITLE: usize = 200;
/// The longest imprint, in characters.
const MAX_IMPRINT: usize = 2000;
/// The largest logo, in bytes.
const MAX_LOGO: u64 = 128 << 10;
/// Policy of the logo as a document of its own: an SVG file may neither run nor load anything.
const LOGO_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

/// A small picture of the operator.
#[derive(Clone, Debug, Serialize)]
pub struct Logo {
    /// Its address, relative to the pages of the map.
    href: &'static str,
    #[serde(skip)]
    media: &'static str,
    #[serde(skip)]
    bytes: Arc<[u8]>,
}

impl Logo {
    /// Reads a file: SVG, PNG, WebP, JPEG or GIF of at most 128 KiB.
    ///
    /// # Errors
    /// A description of the fault.
    pub fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let bytes = read_regular(path, MAX_LOGO).map_err(|error| format!("logo: cannot read {shown}: {error}"))?;
        let media = picture_kind(&bytes)
            .ok_or_else(|| format!("logo: {shown} is no picture; accepted: SVG, PNG, WebP, JPEG, GIF"))?;
        Ok(Self {
            href: "logo",
            media,
            bytes: bytes.into(),
        })
    }
}

/// Media type of a picture by its first bytes.
fn picture_kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => return Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => return Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => return Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => return Some("image/webp"),
        _ => {}
    }
    let text = std::str::from_utf8(bytes)
        .ok()?
        .trim_start_matches('\u{feff}')
        .trim_start();
    let is_svg =
        text.starts_with("<svg") || (text.starts_with("<?xml") || text.starts_with("<!--")) && text.contains("<svg");
    is_svg.then_some("image/svg+xml")
}

/// `/logo`
pub async fn logo(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    let logo = app.about.operator.logo.as_ref();
    let logo = logo.ok_or_else(|| Problem::not_found("this server has no logo; its operator sets one with logo"))?;
    let policy = HeaderValue::from_static(LOGO_POLICY);
    let answer = Answer::new(logo.media, logo.bytes.to_vec());
    Ok(answer
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .send(&ask.headers))
}

/// Settings of the operator that the web map shows. Members that are not set are left out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Operator {
    /// The name of this map, in place of the land's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A small picture beside the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// Person responsible for this map: one paragraph of text, in which addresses become links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imprint: Option<String>,
    /// True if analysts may add spellings and places of their own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub local_names: bool,
    /// Layers that are shown or hidden at first, as in the address of a view: `rivers:off,claims:100`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layers: Option<String>,
}

impl Operator {
    /// Checks lengths and characters. The error names the setting.
    pub fn check(self) -> Result<Self, String> {
        fit("title", self.title.as_deref(), MAX_TITLE)?;
        fit("imprint", self.imprint.as_deref(), MAX_IMPRINT)?;
        let wrong = self.layers.as_deref().unwrap_or_default().split(',').find(|part| {
            let value = part.split_once(':').map(|(id, value)| (id.is_empty(), value));
            let opacity = |value: &str| value == "off" || value.parse::<u8>().is_ok_and(|share| share <= 100);
            !part.is_empty() && !value.is_some_and(|(nameless, value)| !nameless && opacity(value))
        });
        match wrong {
            Some(part) => Err(format!(
                "first-layers: {part:?} is not a layer with `off` or an opacity of 0 to 100, like rivers:off,claims:100"
            )),
            None => Ok(self),
        }
    }

    /// Puts the title in place of the land's.
    pub fn apply(self, about: &mut About) {
        if let Some(title) = &self.title {
            let title = Some(title.clone());
            about.title = Trilingual {
                ar: title.clone(),
                ckb: title.clone(),
                en: title,
            };
        }
        about.operator = self;
    }

    /// An element for the head of the web map; empty where nothing is set.
    pub fn head(&self) -> String {
        match serde_json::to_string(self).unwrap_or_default() {
            nothing if nothing == "{}" => String::new(),
            settings => format!("<meta name=\"mahwar:operator\" content=\"{}\">", Safe(&settings)),
        }
    }
}

fn fit(name: &str, text: Option<&str>, most: usize) -> Result<(), String> {
    let Some(text) = text else { return Ok(()) };
    match text.chars().count() {
        0 => Err(format!("{name}: the text is empty; leave the setting out instead")),
        length if length > most => Err(format!("{name}: {length} characters; at most {most} are accepted")),
        _ if text.chars().any(|sign| sign.is_control() && sign != '\n') => {
            Err(format!("{name}: the text has control characters"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_leaves_the_page_as_it_is() {
        assert_eq!(Operator::default().head(), "");
    }

    #[test]
    fn markup_in_a_title_stays_text() {
        let operator = Operator {
            title: Some("<script>\"x\"".into()),
            ..Operator::default()
        };
        let head = operator.check().unwrap().head();
        assert!(
            !head.contains("<script") && head.starts_with("<meta name=\"mahwar:operator\" content=\"{"),
            "{head}"
        );
        assert_eq!(head.matches('<').count(), 1, "{head}");
    }

    #[test]
    fn a_logo_is_known_by_its_bytes() {
        assert_eq!(picture_kind(b"\x89PNG\r\n\x1a\n"), Some("image/png"));
        assert_eq!(picture_kind(b"RIFF\x01\x02\x03\x04WEBPVP8 "), Some("image/webp"));
        assert_eq!(
            picture_kind("\u{feff} <svg xmlns='…'/>".as_bytes()),
            Some("image/svg+xml")
        );
        assert_eq!(picture_kind(b"<?xml version='1.0'?><svg/>"), Some("image/svg+xml"));
        for other in [
            &b""[..],
            b"<html><svg/></html>",
            b"<?xml version='1.0'?><kml/>",
            b"\xff\xfe",
        ] {
            assert_eq!(picture_kind(other), None);
        }
    }

    #[test]
    fn wrong_settings_are_named() {
        let error = |title: &str, layers: &str| {
            let operator = Operator {
                title: Some(title.into()),
                layers: Some(layers.into()),
                ..Operator::default()
            };
            operator.check().err().unwrap_or_default()
        };
        assert_eq!(error("A", "rivers:off,claims:100"), "");
        assert!(error("", "").starts_with("title"));
        assert!(error(&"x".repeat(201), "").starts_with("title"));
        assert!(error("a\u{7}", "").starts_with("title"));
        for layers in ["rivers", "rivers:maybe", ":off", "rivers:101"] {
            assert!(error("A", layers).starts_with("first-layers"), "{layers}");
        }
    }
}
