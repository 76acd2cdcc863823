//! Access: named tokens with roles, users of a trusted proxy, host names, pages of other sites,
//! rates. Every request passes [`admit`] before the router and [`finish`] after it.

mod address;
mod audit;
mod hosts;
mod origins;
mod rate;
mod tokens;

pub use address::Network;
pub use audit::{AuditedRequest, Outcome, access, done, line, refused, write};
pub use hosts::AllowedHosts;
pub use rate::RateLimit;
pub use tokens::{DEFAULT_NAME, Identity, Role, Roles, TOKEN_PREFIX, TokenBook, TokenError, check_name, line_of};

use super::{
    problem::Problem,
    state::{App, Settings},
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header, request::Parts};
use base64::Engine;
use origins::Sender;
use rate::Client;
use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// Name of the header that carries a request's id.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest request id that is accepted from a proxy.
const MAX_REQUEST_ID: usize = 64;
/// Headers by which a proxy describes the client; they are removed where the peer is no trusted proxy.
const FORWARDED: [&str; 6] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-prefix",
    "x-request-id",
];

/// The address of the other end of the connection: an extension of each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Permissions, by the operator's settings.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The tokens.
    pub tokens: Arc<TokenBook>,
    /// The header in which a trusted proxy names the user whom it has signed in.
    pub user_header: Option<HeaderName>,
    /// Roles of such users whom the list of tokens does not name.
    pub user_roles: Roles,
    /// Addresses of the proxies that are trusted; all when empty.
    pub proxies: Vec<Network>,
    /// True if everything but `/healthz` and `/readyz` needs the role `read`.
    pub private: bool,
    /// True if full texts and originals need the role `read`.
    pub quotes_only: bool,
    /// The host names that are answered.
    pub hosts: AllowedHosts,
    /// True if this server is for the user of this machine: a loopback address, no public address, no proxy.
    pub own_machine: bool,
    /// The greatest rate of a client.
    pub rate: Option<Arc<RateLimit>>,
    /// True if each request is logged.
    pub log_requests: bool,
}

impl Access {
    /// True if this request needs none of the checks of [`admit`], so that a ready tile can be sent at once.
    pub fn is_open_to(&self, uri: &Uri, headers: &HeaderMap, trusts_proxy: bool) -> bool {
        !self.private
            && !self.log_requests
            && self.rate.is_none()
            && (!self.own_machine || Sender::of(headers) == Sender::Own)
            && (self.hosts.is_open() || (!trusts_proxy && hosts_admit(self, uri, headers, false)))
    }
}

/// Sender of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Credentials {
    None,
    Known(Identity),
    /// Credentials that are not accepted, and why.
    Refused(&'static str),
}

/// The sender of a request, as far as it is known: an extension of each request.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The client's address; through trusted proxies only.
    pub client: Option<IpAddr>,
    /// The id of the request, given by a trusted proxy or made here.
    pub request: String,
    credentials: Credentials,
    /// Set for a name and password (Basic), which a browser sends by itself: they let nothing be written.
    read_only: bool,
    own: bool,
}

impl Visitor {
    /// The visitor of a request that passed [`admit`].
    pub fn of_parts(parts: &Parts) -> Option<Arc<Self>> {
        parts.extensions.get::<Arc<Self>>().cloned()
    }

    /// The name of the token or user.
    pub fn name(&self) -> Option<&str> {
        match &self.credentials {
            Credentials::Known(identity) => Some(&identity.name),
            _ => None,
        }
    }

    /// Succeeds if the role is granted, otherwise returns a problem that names the missing role.
    ///
    /// # Errors
    /// 401 without credentials or with wrong ones; 403 where the token has not the role.
    pub fn may(&self, role: Role, to: &str) -> Result<(), Problem> {
        match &self.credentials {
            Credentials::Known(_) if self.read_only && role != Role::Read => Err(Problem::unauthorized(format!(
                "{to} needs the header Authorization: Bearer <token>; a name and password let reads pass only"
            ))),
            Credentials::Known(identity) if identity.roles.has(role) => Ok(()),
            Credentials::Known(identity) => Err(Problem::forbidden(format!(
                "{to} needs the role {}; {} has {}",
                role.word(),
                identity.name,
                identity.roles
            ))),
            Credentials::None => Err(Problem::unauthorized(format!(
                "{to} needs the header Authorization: Bearer <token>, of a token with the role {}",
                role.word()
            ))),
            Credentials::Refused(why) => Err(Problem::unauthorized(*why)),
        }
    }
}

/// Checks that the sender of a request may write; a refusal is recorded.
///
/// # Errors
/// 401 or 403.
pub fn may(app: &App, parts: &Parts, role: Role) -> Result<(), Problem> {
    let allowed = may_unrecorded(app, parts, role);
    if let Err(problem) = &allowed {
        refused(parts, problem);
    }
    allowed
}

fn may_unrecorded(app: &App, parts: &Parts, role: Role) -> Result<(), Problem> {
    let access = &app.settings.access;
    if access.tokens.is_empty() && access.user_header.is_none() {
        return Err(Problem::forbidden(
            "writes are off: the server was started without a token (MAHWAR_TOKEN or --tokens)",
        ));
    }
    if app.library().is_none() {
        return Err(Problem::forbidden(
            "writes are off: the server was started without a store (--store)",
        ));
    }
    let visitor = Visitor::of_parts(parts).ok_or_else(|| Problem::unauthorized("the sender is not known"))?;
    visitor.may(role, role.allows())
}

/// True if a request has one of the server's tokens, whichever roles the token has.
pub fn shows_token(app: &App, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION);
    let token = given.and_then(|given| of_scheme(given.as_bytes(), b"bearer "));
    token.is_some_and(|token| app.settings.access.tokens.identify(token).is_some())
}

/// [`may`] for documents: adding one needs the role `write`, removing one `admin`.
///
/// # Errors
/// 401 or 403.
pub fn may_write(app: &App, parts: &Parts) -> Result<(), Problem> {
    let role = match parts.method {
        Method::DELETE => Role::Admin,
        _ => Role::Write,
    };
    may(app, parts, role)
}

/// Checks that the sender of a request may read full texts.
///
/// # Errors
/// 401 or 403 with `--texts quotes`.
pub fn may_read_texts(app: &App, visitor: Option<&Visitor>) -> Result<(), Problem> {
    match (app.settings.access.quotes_only, visitor) {
        (false, _) => Ok(()),
        (true, Some(visitor)) => visitor.may(
            Role::Read,
            "a full text or original (this server shows quotes, titles and links to everybody)",
        ),
        (true, None) => Err(Problem::unauthorized("this server shows quotes only")),
    }
}

/// True if the sender of a request is shown more of a text than its quotes: snippets, further members.
pub fn is_shown_texts(app: &App, visitor: Option<&Visitor>) -> bool {
    may_read_texts(app, visitor).is_ok()
}

/// True if a request would write, so that another site's page must not make it.
pub fn writes(method: &Method, path: &str) -> bool {
    match *method {
        Method::PATCH | Method::DELETE | Method::PUT => true,
        Method::POST => path == "/documents" || path.starts_with("/documents/"),
        _ => false,
    }
}

/// Checks a request before it is routed, and puts its [`Visitor`] into it.
///
/// # Errors
/// 421 for another host, 401 or 403 for a private server, 429 above the rate, 403 for a page of another site.
pub fn admit<B>(app: &App, request: &mut Request<B>) -> (Arc<Visitor>, Result<(), Problem>) {
    let settings = &app.settings;
    let access = &settings.access;
    let peer = request.extensions().get::<Peer>().map(|Peer(address)| address.ip());
    let is_proxy = |address: IpAddr| settings.trust_proxy && is_listed(&access.proxies, address);
    let trusted = settings.trust_proxy && peer.is_none_or(|peer| is_listed(&access.proxies, peer));
    let client = if settings.trust_proxy {
        // Without a list there is one proxy: the peer.
        let nearest = |address: IpAddr| match access.proxies.is_empty() {
            true => Some(address) == peer,
            false => is_proxy(address),
        };
        address::client(peer, request.headers(), nearest)
    } else {
        peer.map(|peer| peer.to_canonical())
    };
    let sender = Sender::of(request.headers());
    let (credentials, read_only) = credentials(access, request.headers(), trusted);
    let visitor = Arc::new(Visitor {
        client,
        request: request_id(request.headers(), trusted),
        credentials,
        read_only,
        own: sender == Sender::Own,
    });
    request.extensions_mut().insert(Arc::clone(&visitor));
    if !trusted {
        for name in FORWARDED {
            request.headers_mut().remove(name);
        }
        if let Some(name) = &access.user_header {
            request.headers_mut().remove(name);
        }
    }
    let allowed = check(app, request, &visitor, sender, trusted);
    (visitor, allowed)
}

fn check<B>(app: &App, request: &Request<B>, visitor: &Visitor, sender: Sender, trusted: bool) -> Result<(), Problem> {
    let access = &app.settings.access;
    let path = request.uri().path();
    // Probes of orchestrators ask by address and without a token.
    let is_probe = matches!(path, "/healthz" | "/readyz");
    if request.headers().get_all(header::AUTHORIZATION).iter().count() > 1 {
        return Err(Problem::bad_request(
            "there are several Authorization headers; a request takes one",
        ));
    }
    // `/readyz` has counts, which a page of another site must not read through a name of its own.
    if path != "/healthz"
        && !hosts_admit(
            access,
            request.uri(),
            request.headers(),
            trusted && app.settings.trust_proxy,
        )
    {
        return Err(Problem::misdirected(
            "this server does not answer to this host name; the operator can add it with --allowed-hosts",
        ));
    }
    if let Some(rate) = access.rate.as_deref().filter(|_| !is_probe) {
        let client = match (visitor.name(), visitor.client) {
            (Some(name), _) => Some(Client::Token(name)),
            (None, address) => address.map(Client::Address),
        };
        if let Some(Err(seconds)) = client.map(|client| rate.take(client, Instant::now())) {
            return Err(Problem::too_many(seconds));
        }
    }
    if access.private && !is_probe && *request.method() != Method::OPTIONS {
        visitor.may(Role::Read, "this server")?;
    }
    if access.own_machine && sender == Sender::Embedded && !is_readable_by_others(app, request.uri()) {
        return Err(Problem::forbidden(
            "pages of other sites must not load this from a server of this machine; start it with --public-url to allow it",
        ));
    }
    Ok(())
}

fn is_readable_by_others(app: &App, uri: &Uri) -> bool {
    uri.path() == "/embed" || origins::is_of_the_land(app, uri)
}

fn is_listed(proxies: &[Network], address: IpAddr) -> bool {
    proxies.is_empty() || proxies.iter().any(|network| network.contains(address))
}

fn hosts_admit(access: &Access, uri: &Uri, headers: &HeaderMap, trusts_proxy: bool) -> bool {
    access.hosts.is_open()
        || hosts::hosts_of(uri, headers, trusts_proxy)
            .into_iter()
            .all(|host| access.hosts.admit(host))
}

/// The token or user of a request. A token is looked for first: a proxy may name a user beside it.
fn credentials(access: &Access, headers: &HeaderMap, trusted: bool) -> (Credentials, bool) {
    let user = || {
        let header = access.user_header.as_ref().filter(|_| trusted)?;
        let name = headers.get(header)?.to_str().ok()?.trim();
        check_name(name)
            .is_ok()
            .then(|| access.tokens.user(name, access.user_roles))
    };
    let Some(given) = headers.get(header::AUTHORIZATION) else {
        return (user().map_or(Credentials::None, Credentials::Known), false);
    };
    let known = |token: &[u8]| match access.tokens.identify(token) {
        Some(identity) => Credentials::Known(identity),
        None => Credentials::Refused("the token is not one of the server's"),
    };
    if let Some(token) = of_scheme(given.as_bytes(), b"bearer ") {
        return (known(token), false);
    }
    // A browser, QGIS or GDAL asks its user for a name and a password; the password is the token.
    if let Some(pair) = of_scheme(given.as_bytes(), b"basic ")
        && (access.private || access.quotes_only)
    {
        let decoded = base64::engine::general_purpose::STANDARD
            .decode(pair)
            .unwrap_or_default();
        let password = decoded
            .iter()
            .position(|byte| *byte == b':')
            .map(|at| &decoded[at + 1..]);
        return (known(password.unwrap_or_default()), true);
    }
    // A proxy that signs users in may leave its own header there.
    match user() {
        Some(identity) => (Credentials::Known(identity), false),
        None => (
            Credentials::Refused("the Authorization header is of another scheme; Bearer <token> is needed"),
            false,
        ),
    }
}

fn of_scheme<'h>(given: &'h [u8], scheme: &[u8]) -> Option<&'h [u8]> {
    let (start, token) = given.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then(|| token.trim_ascii())
}

/// The id that a trusted proxy gave, or a new one: the time of the start, and a count.
fn request_id(headers: &HeaderMap, trusted: bool) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static START: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    let given = headers
        .get(&REQUEST_ID)
        .filter(|_| trusted)
        .and_then(|id| id.to_str().ok());
    let fits = |id: &&str| {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(word)
    };
    if let Some(id) = given.filter(fits) {
        return id.to_owned();
    }
    let start = START.get_or_init(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        since.as_millis() as u64 & 0xffff_ffff
    });
    format!("{start:08x}-{:x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Puts the headers of an answer right for the sender: who may read it, who may keep it, and the request's id.
pub fn finish(app: &App, visitor: &Visitor, uri: &Uri, is_json: bool, headers: &mut HeaderMap) {
    let access = &app.settings.access;
    if let Ok(id) = HeaderValue::try_from(visitor.request.as_str()) {
        headers.insert(REQUEST_ID.clone(), id);
    }
    if access.own_machine {
        // The landing page of the OGC APIs has links only; as a page it may show a document.
        let shared = origins::is_of_the_land(app, uri) || (uri.path() == "/" && is_json);
        let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|media| {
            let media = media.as_bytes();
            media.starts_with(b"text/") || media.windows(4).any(|word| word == b"json")
        });
        if !shared && is_page && !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
            let policy = HeaderValue::from_static("frame-ancestors 'self'");
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if !shared && !visitor.own {
            headers.remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
            headers.insert(
                HeaderName::from_static("cross-origin-resource-policy"),
                HeaderValue::from_static("same-origin"),
            );
        }
        headers.append(header::VARY, HeaderValue::from_static("origin"));
    }
    let needs_token = access.private || (access.quotes_only && visitor.name().is_some());
    if needs_token {
        // A shared cache must not return a response to another client.
        let cached = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
        let private = match cached {
            Some(cached) if cached.contains("no-store") => None,
            Some(cached) => Some(format!("private, {}", cached.replace("public, ", ""))),
            None => Some("private, no-cache".to_owned()),
        };
        if let Some(Ok(value)) = private.map(HeaderValue::try_from) {
            headers.insert(header::CACHE_CONTROL, value);
        }
        headers.append(header::VARY, HeaderValue::from_static("authorization"));
    }
}

/// Adds the challenge of a 401 by which a browser asks its user for a token: only where every page needs one.
pub fn challenge(settings: &Settings, headers: &mut HeaderMap) {
    if settings.access.private {
        let basic = HeaderValue::from_static("Basic realm=\"mahwar: a token as the password\", charset=\"UTF-8\"");
        headers.append(header::WWW_AUTHENTICATE, basic);
    }
}

#[cfg(test)]
mod tests;
