//! Fetches a feed over HTTP, and only when it has changed.
//!
//! The address that the operator configures is trusted, whatever it is. An address that the feed's server redirects to
//! is not: it must be public, and must not drop encryption.

use super::{IngestError, public_address::PublicResolver};
use crate::{document::MAX_BYTES, text::printable::without_password};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use ureq::{
    Agent,
    unversioned::{
        resolver::{DefaultResolver, Resolver},
        transport::DefaultConnector,
    },
};
use url::{Host, Url};

/// Time limit of a server, redirects included.
const PATIENCE: Duration = Duration::from_secs(60);
/// Redirects that are followed.
const MAX_REDIRECTS: usize = 10;

/// Validators of the version that a server sent (RFC 9110, 8.8).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// Answer of a server.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// Nothing has changed since.
    Unchanged,
    /// A new version.
    Body {
        /// The feed.
        bytes: Vec<u8>,
        /// Its version.
        validators: Validators,
        /// The address that it came from, without a password; another than was asked for after a redirect.
        address: String,
        /// Its media type, without parameters.
        media_type: Option<String>,
        /// The encoding that its media type names.
        charset: Option<String>,
        /// True if every redirect on the way was for good (301, 308): the new address is to be asked from now on.
        moved: bool,
    },
    /// The resource is gone for good (410).
    Gone,
    /// The server has no time now (429, 503); it is to be asked again after this.
    Later(Duration),
}

/// Source of a requested address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The operator's: it may be anywhere.
    Operator,
    /// A client's or a feed's: it must be public.
    Nobody,
}

/// Pause in seconds before the next request to a server that asks for one without a time.
const PAUSE: u64 = 15 * 60;
/// The longest time that a server may ask for, in seconds.
const MAX_PAUSE: u64 = 24 * 60 * 60;

/// Requests `url`, with no body returned if it is still the version of `known`. Redirects to addresses that are not
/// public are followed only with `allow_private`.
///
/// # Errors
/// When there is no answer, another than 200 or 304, a redirect that is not followed, or more than a text may have.
pub fn fetch(url: &str, known: &Validators, allow_private: bool) -> Result<Fetched, IngestError> {
    get(url, known, allow_private, Trust::Operator, MAX_BYTES, &|_| Ok(()))
}

/// Requests `url` as [`fetch`], for at most so many bytes. `leave` decides whether the address of a redirect may be
/// requested.
///
/// # Errors
/// As [`fetch`].
pub fn get(
    url: &str,
    known: &Validators,
    allow_private: bool,
    trust: Trust,
    most: usize,
    leave: &dyn Fn(&Url) -> Result<(), String>,
) -> Result<Fetched, IngestError> {
    let asked = FetchOptions {
        known,
        allow_private,
        trust,
        most,
        leave,
    };
    asked.get(url, DefaultResolver::default)
}

#[cfg(test)]
fn fetch_with<R: Resolver>(
    url: &str,
    known: &Validators,
    allow_private: bool,
    resolver: impl Fn() -> R,
) -> Result<Fetched, IngestError> {
    let asked = FetchOptions {
        known,
        allow_private,
        trust: Trust::Operator,
        most: MAX_BYTES,
        leave: &|_| Ok(()),
    };
    asked.get(url, resolver)
}

/// Options of one fetch.
struct FetchOptions<'a> {
    known: &'a Validators,
    allow_private: bool,
    trust: Trust,
    most: usize,
    leave: &'a dyn Fn(&Url) -> Result<(), String>,
}

impl FetchOptions<'_> {
    fn get<R: Resolver>(&self, url: &str, resolver: impl Fn() -> R) -> Result<Fetched, IngestError> {
        let &Self {
            known,
            allow_private,
            trust,
            most,
            leave,
        } = self;
        let until = Instant::now() + PATIENCE;
        let failed = |error: String| IngestError::Fetch {
            url: without_password(url).into_owned(),
            // Messages of libraries may repeat an address.
            error: without_password(&error).into_owned(),
        };
        let own = Url::parse(url).map_err(|error| failed(error.to_string()))?;
        let mut address = own.clone();
        let mut moved = true;
        if trust == Trust::Nobody && !allow_private && is_private_literal(&own) {
            return Err(failed(
                "it is an address that is not public; --allow-private admits it".to_owned(),
            ));
        }
        for _ in 0..=MAX_REDIRECTS {
            let trusted = allow_private || (trust == Trust::Operator && is_own(&own, &address));
            let config = Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .timeout_global(Some(until.saturating_duration_since(Instant::now())))
                .user_agent(USER_AGENT)
                .build();
            // Through a proxy it is the proxy that connects; its own address is the operator's.
            let agent = match trusted || config.proxy().is_some() {
                true => Agent::with_parts(config, DefaultConnector::default(), resolver()),
                false => Agent::with_parts(config, DefaultConnector::default(), PublicResolver(resolver())),
            };
            let mut request = agent.get(address.as_str()).header("accept-encoding", "gzip");
            if let Some(etag) = &known.etag {
                request = request.header("if-none-match", etag);
            }
            if let Some(moment) = &known.last_modified {
                request = request.header("if-modified-since", moment);
            }
            let mut answer = request.call().map_err(|error| failed(error.to_string()))?;
            let header = |name: &str| {
                let value = answer.headers().get(name)?;
                value.to_str().ok().map(str::to_owned)
            };
            match answer.status().as_u16() {
                200 => {}
                304 => return Ok(Fetched::Unchanged),
                301 | 302 | 303 | 307 | 308 => {
                    let location =
                        header("location").ok_or_else(|| failed("a redirect without Location".to_owned()))?;
                    moved &= matches!(answer.status().as_u16(), 301 | 308);
                    address = next(&address, &location, allow_private).map_err(&failed)?;
                    leave(&address).map_err(&failed)?;
                    continue;
                }
                410 => return Ok(Fetched::Gone),
                status @ (429 | 503) => {
                    let until = header("retry-after").and_then(|value| pause(&value));
                    match until.or((status == 429).then_some(PAUSE)) {
                        Some(seconds) => return Ok(Fetched::Later(Duration::from_secs(seconds.min(MAX_PAUSE)))),
                        None => {
                            return Err(IngestError::Status {
                                url: without_password(url).into_owned(),
                                status,
                            });
                        }
                    }
                }
                status => {
                    return Err(IngestError::Status {
                        url: without_password(url).into_owned(),
                        status,
                    });
                }
            }
            let content_type = header("content-type").unwrap_or_default();
            let is_packed =
                header("content-encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("gzip"));
            let validators = Validators {
                etag: header("etag"),
                last_modified: header("last-modified"),
            };
            let body = answer.body_mut().with_config().limit(most as u64).read_to_vec();
            let mut bytes = body.map_err(|error| failed(error.to_string()))?;
            if is_packed && bytes.starts_with(b"\x1f\x8b") {
                bytes = crate::formats::unzip(&bytes)?;
            }
            let (media_type, charset) = media_type(&content_type);
            return Ok(Fetched::Body {
                bytes,
                media_type,
                charset,
                moved: moved && address != own,
                validators,
                // As it was given, where nothing was redirected.
                address: without_password(if address == own { url } else { address.as_str() }).into_owned(),
            });
        }
        Err(failed(format!("more than {MAX_REDIRECTS} redirects")))
    }
}

/// Names the program, and where to read about it.
const USER_AGENT: &str = concat!("mahwar/", env!("CARGO_PKG_VERSION"));

/// The type and the encoding of a `Content-Type`.
fn media_type(value: &str) -> (Option<String>, Option<String>) {
    let (kind, parameters) = value.split_once(';').unwrap_or((value, ""));
    let charset = parameters.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.to_ascii_lowercase())
    });
    let kind = kind.trim().to_ascii_lowercase();
    (
        Some(kind).filter(|kind| !kind.is_empty()),
        charset.filter(|charset| !charset.is_empty()),
    )
}

/// Seconds of a `Retry-After`: a number, or a date.
fn pause(value: &str) -> Option<u64> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(seconds);
    }
    let date = crate::formats::read_date(value)?.parse::<jiff::Timestamp>().ok()?;
    u64::try_from(date.as_second() - jiff::Timestamp::now().as_second()).ok()
}

/// True for an address that is written in numbers and is not public.
fn is_private_literal(url: &Url) -> bool {
    let literal = match url.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        _ => None,
    };
    literal.is_some_and(|address| !super::public_address::is_public(address))
}

/// True for an address on the host and port that the operator gave, or on that host with encryption.
fn is_own(own: &Url, address: &Url) -> bool {
    let same_port = own.port_or_known_default() == address.port_or_known_default();
    own.host() == address.host() && (same_port || (address.scheme() == "https" && address.port().is_none()))
}

/// The address of a redirect, or why it is not followed.
fn next(from: &Url, location: &str, allow_private: bool) -> Result<Url, String> {
    let to = from.join(location).map_err(|error| {
        format!(
            "the redirect to {:?} has no address: {error}",
            crate::text::printable::cut(location)
        )
    })?;
    let shown = without_password(to.as_str()).into_owned();
    match to.scheme() {
        "https" => {}
        "http" if from.scheme() == "http" => {}
        "http" => return Err(format!("the redirect to {shown} leaves https for http")),
        _ => return Err(format!("the redirect to {shown} is neither http nor https")),
    }
    if is_private_literal(&to) && !allow_private && !is_own(from, &to) {
        return Err(format!(
            "the redirect to {shown} leads to an address that is not public; --allow-private follows it"
        ));
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{BufRead, BufReader, Write},
        net::{SocketAddr, TcpListener},
        thread,
    };
    use ureq::{
        Error, config::Config, http::Uri, unversioned::resolver::ResolvedSocketAddrs,
        unversioned::transport::NextTimeout,
    };

    /// Gives every name the address of a stub on this machine, but says that `private.example` has a private one.
    #[derive(Debug)]
    struct Stub(SocketAddr);

    impl Resolver for Stub {
        fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
            let mut found = self.empty();
            match uri.host() {
                Some("private.example") => found.push("10.1.2.3:80".parse().unwrap()),
                _ => found.push(self.0),
            }
            Ok(found)
        }
    }

    /// A server that gives one answer after the other, and then nothing.
    fn server(answers: Vec<String>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for (answer, stream) in answers.into_iter().zip(listener.incoming()) {
                let mut stream = stream.unwrap();
                let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                lines
                    .map_while(Result::ok)
                    .take_while(|line| !line.is_empty())
                    .for_each(drop);
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        address
    }

    fn redirect(to: &str) -> String {
        format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    }

    fn body() -> String {
        "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfeed".to_owned()
    }

    fn get(url: &str, stub: SocketAddr, allow_private: bool) -> Result<Fetched, IngestError> {
        fetch_with(url, &Validators::default(), allow_private, || Stub(stub))
    }

    #[test]
    fn the_operators_own_address_may_be_anywhere() {
        let stub = server(vec![body()]);
        assert!(get(&format!("http://{stub}/feed"), stub, false).is_ok());
    }

    #[test]
    fn a_redirect_to_an_address_that_is_not_public_is_refused() {
        let other = server(vec![body(), body()]);
        for to in [
            format!("http://{other}/admin"),
            format!("http://localhost:{}/admin", other.port()),
            "http://[::1]:1/".to_owned(),
            "http://private.example/".to_owned(),
            "http://0x7f000001:1/".to_owned(),
        ] {
            let stub = server(vec![redirect(&to)]);
            let error = get("http://feeds.example/to", stub, false).unwrap_err().to_string();
            assert!(error.contains("not public"), "{to}: {error}");
        }
        let stub = server(vec![redirect(&format!("http://{other}/admin"))]);
        let url = format!("http://{stub}/to");
        assert!(fetch_with(&url, &Validators::default(), false, DefaultResolver::default).is_err());
    }

    #[test]
    fn a_redirect_on_the_operators_own_host_or_with_leave_is_followed() {
        let stub = server(vec![redirect("/feed.xml"), body()]);
        let Ok(Fetched::Body { address, .. }) = get(&format!("http://u:hunter2@{stub}/to"), stub, false) else {
            panic!("no body");
        };
        assert_eq!(address, format!("http://{stub}/feed.xml"));
        let other = server(vec![body()]);
        let stub = server(vec![redirect(&format!("http://{other}/feed"))]);
        let followed = fetch_with(
            &format!("http://{stub}/to"),
            &Validators::default(),
            true,
            DefaultResolver::default,
        );
        assert!(followed.is_ok());
    }

    #[test]
    fn a_redirect_without_end_or_out_of_https_is_refused() {
        let stub = server(vec![redirect("/to"); 20]);
        let error = get(&format!("http://{stub}/to"), stub, false).unwrap_err().to_string();
        assert!(error.contains("redirects"), "{error}");
        let from = Url::parse("https://example.org/a").unwrap();
        assert!(
            next(&from, "http://example.org/a", true)
                .unwrap_err()
                .contains("leaves https")
        );
        assert!(next(&from, "file:///etc/passwd", true).is_err());
        assert!(next(&from, "//example.org/b", false).is_ok());
    }

    #[test]
    fn no_password_is_in_a_message() {
        let error = get(
            "http://user:hunter2@127.0.0.1:1/feed",
            "127.0.0.1:1".parse().unwrap(),
            false,
        );
        let error = error.unwrap_err().to_string();
        assert!(
            !error.contains("hunter2") && error.contains("127.0.0.1:1/feed"),
            "{error}"
        );
    }
}
