//! Flags of `mahwar serve` that decide who may do what.

use super::Failure;
use crate::server::access::{Access, AllowedHosts, Network, RateLimit, Roles, TokenBook};
use axum::http::HeaderName;
use clap::{Args, ValueEnum};
use std::{net::SocketAddr, path::PathBuf, sync::Arc};

/// Part of a text that everybody is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Texts {
    /// Whole texts.
    All,
    /// Quotes, titles and links; whole texts and originals need the role `read`.
    Quotes,
}

#[derive(Args)]
pub(super) struct AccessFlags {
    /// Token with every role, named `default` (Authorization: Bearer …); other users of the machine can see a command
    /// line, so use MAHWAR_TOKEN or --tokens
    #[arg(long, value_name = "TOKEN", env = "MAHWAR_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// File of named tokens with roles, a line each as `mahwar token NAME` prints it; read again when it changes.
    /// The variable may hold the lines themselves
    #[arg(long, value_name = "FILE", env = "MAHWAR_TOKENS", hide_env_values = true)]
    tokens: Option<String>,
    /// Every request but /healthz and /readyz needs the role `read`
    #[arg(long, env = "MAHWAR_PRIVATE")]
    private: bool,
    /// `quotes`: full texts and originals need the role `read`; quotes, titles and links are shown to everybody
    #[arg(
        long,
        value_name = "all|quotes",
        env = "MAHWAR_TEXTS",
        default_value = "all",
        hide_possible_values = true
    )]
    texts: Texts,
    /// Trust Forwarded and X-Forwarded-* headers: only with a proxy that sets them
    #[arg(long, env = "MAHWAR_TRUST_PROXY")]
    pub(super) trust_proxy: bool,
    /// Addresses or networks of the proxies that --trust-proxy believes, with commas between; any when not given
    #[arg(
        long,
        value_name = "NETWORK,…",
        env = "MAHWAR_PROXY_ADDRESSES",
        value_delimiter = ','
    )]
    proxy_addresses: Vec<Network>,
    /// Header in which the trusted proxy names the user whom it has signed in
    #[arg(long, value_name = "NAME", env = "MAHWAR_USER_HEADER")]
    user_header: Option<String>,
    /// Roles of such users that the list of tokens does not name (a line of it may be `alice read,rule user`)
    #[arg(long, value_name = "ROLES", env = "MAHWAR_USER_ROLES", default_value = "read")]
    user_roles: Roles,
    /// Host names that are answered, with commas between; `.example.org` takes all below it. On a loopback address
    /// names of this machine are always answered, and without this flag only they and the host of --public-url
    #[arg(long, value_name = "HOST,…", env = "MAHWAR_ALLOWED_HOSTS", value_delimiter = ',')]
    allowed_hosts: Vec<String>,
    /// Requests that one token, or one address, may make in a second on average, ten times as many at once; 0 for no limit
    #[arg(long, value_name = "N", env = "MAHWAR_RATE_LIMIT", default_value_t = 0)]
    rate_limit: u32,
    /// Log each request as a line of JSON
    #[arg(long, env = "MAHWAR_ACCESS_LOG")]
    access_log: bool,
    /// File for the records of writes, a line of JSON each; the log when not given. Reopened on SIGHUP
    #[arg(long, value_name = "FILE", env = "MAHWAR_AUDIT_LOG")]
    pub(super) audit_log: Option<PathBuf>,
}

impl AccessFlags {
    /// The rules of a server that is bound to an address.
    pub(super) fn access(&self, bound: SocketAddr, public_url: Option<&str>) -> Result<Access, Failure> {
        let tokens = TokenBook::open(self.token.as_deref(), self.tokens.as_deref()).map_err(Failure::input)?;
        let user_header = self.user_header.as_deref().map(|name| {
            HeaderName::try_from(name)
                .map_err(|_| Failure::Input(format!("--user-header: {name:?} is no name of a header")))
        });
        let user_header = user_header.transpose()?;
        if user_header.is_some() && !self.trust_proxy {
            return Err(Failure::Input(
                "--user-header needs --trust-proxy: without a proxy in front, every client could name any user"
                    .to_owned(),
            ));
        }
        if !self.proxy_addresses.is_empty() && !self.trust_proxy {
            return Err(Failure::Input("--proxy-addresses needs --trust-proxy".to_owned()));
        }
        if self.private && tokens.is_empty() && user_header.is_none() {
            return Err(Failure::Input(
                "--private needs somebody who may read: give --tokens FILE (see `mahwar token --help`), MAHWAR_TOKEN or --user-header"
                    .to_owned(),
            ));
        }
        Ok(Access {
            tokens: Arc::new(tokens),
            user_header,
            user_roles: self.user_roles,
            proxies: self.proxy_addresses.clone(),
            private: self.private,
            quotes_only: self.texts == Texts::Quotes,
            hosts: AllowedHosts::new(bound, &self.allowed_hosts, public_url, self.trust_proxy),
            own_machine: bound.ip().is_loopback() && public_url.is_none() && !self.trust_proxy,
            rate: RateLimit::new(self.rate_limit).map(Arc::new),
            log_requests: self.access_log,
        })
    }

    /// True if something is read again on SIGHUP.
    pub(super) fn reloads(&self) -> bool {
        self.tokens.is_some() || self.audit_log.is_some()
    }
}
