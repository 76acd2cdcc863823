//! Host names that the server accepts in requests.
//!
//! A web page can map its own host name to the address of this machine (DNS rebinding). Its requests are then of the
//! same origin for the browser, but their `Host` is the page's. So a server on a loopback address accepts only names of
//! loopback.

use axum::http::{HeaderMap, Uri, header};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The host names that a server answers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedHosts {
    /// In lower case, without port; a leading dot matches all names below. `None` allows every name.
    names: Option<Vec<String>>,
}

impl AllowedHosts {
    /// The rule of a server with these settings.
    pub fn new(bound: SocketAddr, allowed: &[String], public_url: Option<&str>, trusts_proxy: bool) -> Self {
        let mut names: Vec<String> = allowed.iter().map(|name| without_port(name)).collect();
        let loopback = bound.ip().is_loopback();
        if names.is_empty() && (!loopback || trusts_proxy) {
            return Self::default();
        }
        if loopback {
            names.push(bound.ip().to_string());
            names.push("localhost".to_owned());
        }
        names.extend(public_url.and_then(host_of_url));
        Self { names: Some(names) }
    }

    /// True if every host is answered.
    pub fn is_open(&self) -> bool {
        self.names.is_none()
    }

    /// True if a request for this host is answered.
    pub fn admit(&self, host: &str) -> bool {
        let Some(names) = &self.names else { return true };
        let host = without_port(host);
        names.iter().any(|name| match name.strip_prefix('.') {
            Some(domain) => host
                .strip_suffix(domain)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            None => *name == host,
        })
    }
}

/// The hosts that a request names: in its address, in `Host`, and in `X-Forwarded-Host` or `Forwarded` of a proxy that is
/// trusted, which then replaces the others.
pub fn hosts_of<'r>(uri: &'r Uri, headers: &'r HeaderMap, trusts_proxy: bool) -> Vec<&'r str> {
    if trusts_proxy && let Some(host) = headers.get("x-forwarded-host").and_then(|value| value.to_str().ok()) {
        return vec![host.split(',').next().unwrap_or_default().trim()];
    }
    let line = headers
        .get_all(header::HOST)
        .iter()
        .map(|value| value.to_str().unwrap_or("?"));
    uri.authority()
        .map(|authority| authority.as_str())
        .into_iter()
        .chain(line)
        .collect()
}

/// True for names and addresses of this machine alone.
pub fn is_loopback(host: &str) -> bool {
    let host = without_port(host);
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}

/// The host of an `http` or `https` URL, or of an origin, with its port.
pub fn authority_of(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"))?;
    // Browsers read a backslash as a slash.
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    Some(authority.rsplit('@').next().unwrap_or(authority)).filter(|host| !host.is_empty())
}

fn host_of_url(url: &str) -> Option<String> {
    authority_of(url).map(without_port)
}

/// A host without port, brackets and a dot at its end, in lower case.
fn without_port(host: &str) -> String {
    let host = host.trim();
    let bare = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None if host.parse::<Ipv6Addr>().is_ok() => host,
        None => host.split(':').next().unwrap_or(host),
    };
    bare.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(bound: &str, allowed: &[&str], public_url: Option<&str>, trusts_proxy: bool) -> AllowedHosts {
        let allowed: Vec<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
        AllowedHosts::new(bound.parse().unwrap(), &allowed, public_url, trusts_proxy)
    }

    #[test]
    fn a_server_on_loopback_answers_to_names_of_loopback() {
        let hosts = on("127.0.0.1:8080", &[], None, false);
        for host in ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "localhost.:1"] {
            assert!(hosts.admit(host), "{host}");
        }
        for host in [
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "",
            "127.0.0.1@evil",
            "?",
        ] {
            assert!(!hosts.admit(host), "{host}");
        }
        assert!(on("[::1]:8080", &[], None, false).admit("[::1]:8080"));
        assert!(on("127.0.0.1:80", &[], Some("https://maps.example.org/a"), false).admit("maps.example.org"));
    }

    #[test]
    fn other_servers_answer_to_all_names_or_to_those_that_are_listed() {
        assert!(on("0.0.0.0:8080", &[], None, false).is_open());
        assert!(on("127.0.0.1:8080", &[], None, true).is_open());
        let hosts = on("0.0.0.0:8080", &["maps.example.org", ".example.com"], None, false);
        assert!(hosts.admit("Maps.Example.org:443") && hosts.admit("a.example.com") && hosts.admit("example.com"));
        assert!(!hosts.admit("notexample.com") && !hosts.admit("localhost"));
    }
}
