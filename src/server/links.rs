//! The address that links in answers are made with.

use super::{connection::is_authority, state::Settings};
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

/// The headers of a proxy that links depend on, as `Vary` lists them.
pub const FORWARDING: &str = "forwarded, x-forwarded-host, x-forwarded-proto, x-forwarded-prefix";

/// Checks the address that links are made with, and returns it without a slash at the end.
///
/// # Errors
/// A sentence, unless the address is `http` or `https` with a host and without a user, a query and a fragment.
pub fn public_url(text: &str) -> Result<String, String> {
    let wrong = |fault: &str| {
        Err(format!(
            "{fault}; it takes http://HOST or https://HOST, with a port and a path if need be, \
             such as https://maps.example.org/iraq"
        ))
    };
    let is_web = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if !is_web("http://") && !is_web("https://") {
        return wrong("it does not begin with http:// or https://");
    }
    if text.contains(":///") {
        return wrong("it has no host");
    }
    if text.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\') {
        return wrong("it holds a space, a backslash or a control character");
    }
    let url = match url::Url::parse(text) {
        Ok(url) => url,
        Err(error) => return wrong(&error.to_string()),
    };
    match &url {
        url if !url.username().is_empty() || url.password().is_some() || text.contains('@') => wrong("it names a user"),
        url if url.query().is_some() => wrong("it has a query"),
        url if url.fragment().is_some() => wrong("it has a fragment"),
        url if !url.host_str().is_some_and(|host| is_authority(host.as_bytes())) => wrong("it has no valid host"),
        url => Ok(url.as_str().trim_end_matches('/').to_owned()),
    }
}

/// `scheme://host[/prefix]` without a slash at the end.
///
/// A configured address wins. Headers of a proxy count only when the settings say so, and only of one family, so that a
/// client cannot add headers that its proxy does not set: `X-Forwarded-*` where there is `X-Forwarded-Host`, else `Forwarded`.
/// A host that is no host name and port is not repeated.
pub fn base(settings: &Settings, headers: &HeaderMap) -> String {
    if let Some(url) = &settings.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let first = |name: &str| text(name).map(|list| list.split(',').next().unwrap_or_default().trim());
    let mut scheme = "http";
    let mut host = text(header::HOST.as_str());
    let mut prefix = "";
    if settings.trust_proxy {
        match text("forwarded").filter(|_| !headers.contains_key("x-forwarded-host")) {
            Some(forwarded) => {
                for (name, value) in forwarded_pairs(forwarded) {
                    match name {
                        name if name.eq_ignore_ascii_case("host") => host = Some(value),
                        name if name.eq_ignore_ascii_case("proto") && value.eq_ignore_ascii_case("https") => {
                            scheme = "https";
                        }
                        _ => {}
                    }
                }
            }
            None => {
                host = first("x-forwarded-host").or(host);
                if first("x-forwarded-proto").is_some_and(|proto| proto.eq_ignore_ascii_case("https")) {
                    scheme = "https";
                }
                if let Some(forwarded) = first("x-forwarded-prefix").filter(|prefix| is_prefix(prefix)) {
                    prefix = forwarded.trim_end_matches('/');
                }
            }
        }
    }
    // A colon without a port would read as the scheme of an address: `javascript:`.
    let host = host.filter(|host| is_authority(host.as_bytes()) && !host.ends_with(':'));
    let host = host.unwrap_or("localhost");
    format!("{scheme}://{host}{prefix}")
}

/// The pairs of the first element of `Forwarded` (RFC 7239), values without their quotes.
fn forwarded_pairs(list: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut quoted = false;
    let end = list.find(|letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    });
    let mut quoted = false;
    let pairs = list[..end.unwrap_or(list.len())].split(move |letter| {
        quoted ^= letter == '"';
        letter == ';' && !quoted
    });
    pairs.filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        Some((name.trim(), value.trim().trim_matches('"')))
    })
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
    fn one_family_of_forwarding_headers_counts() {
        let settings = Settings {
            trust_proxy: true,
            ..Settings::default()
        };
        for (pairs, expected) in [
            (
                &[
                    ("x-forwarded-host", "maps.example"),
                    ("forwarded", "host=evil.example;proto=https"),
                ][..],
                "http://maps.example",
            ),
            (
                &[
                    ("forwarded", "for=1.2.3.4;host=\"[::1]:80\";proto=https, host=b"),
                    ("x-forwarded-prefix", "/evil"),
                ],
                "https://[::1]:80",
            ),
            (
                &[("forwarded", "for=1.2.3.4"), ("x-forwarded-proto", "https")],
                "http://inner",
            ),
            (&[("x-forwarded-proto", "HTTPS")], "https://inner"),
            (&[("x-forwarded-host", "a:b:c:99999999")], "http://localhost"),
            (&[("x-forwarded-host", "a.example:99999")], "http://localhost"),
            (&[("x-forwarded-host", "javascript:")], "http://localhost"),
            (&[("x-forwarded-host", "a.example, b.example")], "http://a.example"),
        ] {
            let mut all = headers(pairs);
            all.insert(header::HOST, "inner".parse().unwrap());
            assert_eq!(base(&settings, &all), expected, "{pairs:?}");
        }
    }

    #[test]
    fn the_address_of_links_is_a_web_address_with_a_host_alone() {
        for (text, expected) in [
            ("https://maps.example.org", "https://maps.example.org"),
            ("https://maps.example.org/", "https://maps.example.org"),
            (
                "HTTP://Maps.example.org:8080/iraq/",
                "http://maps.example.org:8080/iraq",
            ),
            ("http://[::1]:80/a", "http://[::1]/a"),
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ] {
            assert_eq!(public_url(text).as_deref(), Ok(expected));
        }
        for wrong in [
            "",
            "javascript:alert(1)",
            "ftp://x",
            "not a url",
            "//maps.example.org",
            "maps.example.org",
            "http:maps.example.org",
            "https://",
            "https:///path",
            "https://maps.example.org/?q=1",
            "https://maps.example.org/#a",
            "https://user:pw@maps.example.org",
            "https://@maps.example.org",
            "https://maps.example.org:99999",
            "https://maps example.org",
            "http://a\"b/",
            "https://maps.example.org\n",
        ] {
            assert!(public_url(wrong).is_err(), "{wrong:?}: {:?}", public_url(wrong));
        }
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
