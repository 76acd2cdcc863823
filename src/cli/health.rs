//! `mahwar health`: asks a server whether it is well, for health checks where no other client is installed.

use super::Failure;
use clap::Args;
use std::{net::SocketAddr, time::Duration};

/// Time limit of the server's answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Ask a running server whether it is well
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mahwar health\n  mahwar health http://127.0.0.1:8080/ --ready\n\
Ends with 0 when the server answers 200, and with 1 when it does not."
)]
pub(super) struct Health {
    /// Address of the server; the one that MAHWAR_BIND names when not given
    #[arg(value_name = "URL")]
    url: Option<String>,
    /// Ask whether it takes requests (/readyz: its store answers too) instead of whether it runs (/healthz)
    #[arg(long)]
    ready: bool,
    /// Address that the server listens on
    #[arg(long, value_name = "ADDRESS", env = "MAHWAR_BIND", default_value = "127.0.0.1:8080")]
    bind: SocketAddr,
}

impl Health {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let url = self.url.clone().unwrap_or_else(|| {
            // A server on all addresses is asked on loopback.
            let host = match self.bind.ip() {
                ip if !ip.is_unspecified() => ip,
                ip if ip.is_ipv4() => std::net::Ipv4Addr::LOCALHOST.into(),
                _ => std::net::Ipv6Addr::LOCALHOST.into(),
            };
            format!("http://{}/", SocketAddr::new(host, self.bind.port()))
        });
        let path = if self.ready { "readyz" } else { "healthz" };
        let address = format!("{}/{path}", url.trim_end_matches('/'));
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .proxy(None)
            .build()
            .into();
        let answer = agent
            .get(&address)
            .call()
            .map_err(|error| Failure::Failed(format!("{address}: {error}")))?;
        match answer.status().as_u16() {
            200 => Ok(()),
            status => Err(Failure::Failed(format!("{address} answered {status}"))),
        }
    }
}
