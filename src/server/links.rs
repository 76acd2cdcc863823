//! The address that links in answers are made with.

use super::state::Settings;
use axum::http::{HeaderMap, header};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'/')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// A text as one segment or value of a URL.
pub fn escaped(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, UNSAFE)
}

/// `scheme://host[/prefix]` without a slash at the end.
///
/// A configured address wins. What a proxy says is believed only when the settings say so; a `Host` that is no
/// host name and port is not repeated.
pub fn base(settings: &Settings, headers: &HeaderMap) -> String {
    if let Some(url) = &settings.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let mut scheme = "http";
    let mut host = text(header::HOST.as_str());
    let mut prefix = "";
    if settings.trust_proxy {
        if let Some(forwarded) = text("forwarded") {
            for pair in forwarded.split(',').next().unwrap_or_default().split(';') {
                match pair.trim().split_once('=') {
                    Some((name, value)) if name.eq_ignore_ascii_case("host") => host = Some(value.trim_matches('"')),
                    Some((name, "https" | "\"https\"")) if name.eq_ignore_ascii_case("proto") => scheme = "https",
                    _ => {}
                }
            }
        }
        let first = |name: &str| text(name).map(|list| list.split(',').next().unwrap_or_default().trim());
        if let Some(forwarded) = first("x-forwarded-host") {
            host = Some(forwarded);
        }
        if first("x-forwarded-proto") == Some("https") {
            scheme = "https";
        }
        if let Some(forwarded) = first("x-forwarded-prefix").filter(|prefix| is_prefix(prefix)) {
            prefix = forwarded.trim_end_matches('/');
        }
    }
    let host = host.filter(|host| is_host(host)).unwrap_or("localhost");
    format!("{scheme}://{host}{prefix}")
}

fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 255
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']'))
}

fn is_prefix(prefix: &str) -> bool {
    prefix.starts_with('/')
        && !prefix.starts_with("//")
        && prefix
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'/'))
}

/// A link object.
pub fn link(href: String, rel: &str, media: &str, title: &str) -> Value {
    json!({"href": href, "rel": rel, "type": media, "title": title})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_proxy_is_believed_only_when_configured() {
        let headers = headers(&[
            ("host", "inner:8080"),
            ("x-forwarded-host", "maps.example"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-prefix", "/mahwar/"),
        ]);
        let mut settings = Settings::default();
        assert_eq!(base(&settings, &headers), "http://inner:8080");
        settings.trust_proxy = true;
        assert_eq!(base(&settings, &headers), "https://maps.example/mahwar");
        settings.public_url = Some("https://mahwar.example/".to_owned());
        assert_eq!(base(&settings, &headers), "https://mahwar.example");
    }

    #[test]
    fn a_host_that_is_none_is_not_repeated() {
        for host in ["evil.example/path", "a\"b", "a b", "a<script>"] {
            assert_eq!(
                base(&Settings::default(), &headers(&[("host", host)])),
                "http://localhost"
            );
        }
    }
}
