//! Limits on clients, as flags of `mahwar serve`.

use crate::server::{ClientLimits, usable_connections};
use clap::{Args, value_parser};
use std::time::Duration;

/// Limits on clients.
#[derive(Args)]
#[command(next_help_heading = "Limits on clients")]
pub(super) struct LimitFlags {
    /// Largest text that a client without the token may send to be read, in KiB; with the token it is 50 MiB
    #[arg(long, value_name = "KIB", env = "MAHWAR_ANONYMOUS_TEXT_LIMIT", default_value_t = 1024,
          value_parser = value_parser!(u64).range(1..=51_200))]
    anonymous_text_limit: u64,
    /// Memory for the bodies of all requests together, in MiB; beyond it requests get 503
    #[arg(long, value_name = "MIB", env = "MAHWAR_BODY_MEMORY", default_value_t = 256,
          value_parser = value_parser!(u64).range(1..=65_536))]
    body_memory: u64,
    /// Most connections at a time; as many as the limit of open files allows when not given
    #[arg(long, value_name = "NUMBER", env = "MAHWAR_MAX_CONNECTIONS", value_parser = value_parser!(u64).range(1..=1_000_000))]
    max_connections: Option<u64>,
    /// Seconds for the head of a request, and for an idle connection
    #[arg(long, value_name = "SECONDS", env = "MAHWAR_HEAD_TIMEOUT", default_value_t = 15,
          value_parser = value_parser!(u64).range(1..=3_600))]
    head_timeout: u64,
    /// Seconds of silence in the body of a request; after as many seconds it must come with 8 KiB a second
    #[arg(long, value_name = "SECONDS", env = "MAHWAR_BODY_TIMEOUT", default_value_t = 30,
          value_parser = value_parser!(u64).range(1..=3_600))]
    body_timeout: u64,
    /// Seconds within which a client must take some of its answer
    #[arg(long, value_name = "SECONDS", env = "MAHWAR_WRITE_TIMEOUT", default_value_t = 30,
          value_parser = value_parser!(u64).range(1..=3_600))]
    write_timeout: u64,
    /// Seconds for open requests after the signal to stop; the process ends at most two seconds later
    #[arg(long, value_name = "SECONDS", env = "MAHWAR_DRAIN_TIMEOUT", default_value_t = 10,
          value_parser = value_parser!(u64).range(0..=3_600))]
    drain_timeout: u64,
}

impl LimitFlags {
    /// The limits. Raises the number of files that the process may open.
    pub(super) fn limits(&self) -> ClientLimits {
        let usable = usable_connections();
        let asked = self.max_connections.map(|number| number as usize);
        if let Some(asked) = asked.filter(|asked| *asked > usable) {
            tracing::warn!(
                asked,
                usable,
                "the limit of open files allows fewer connections than were asked for"
            );
        }
        ClientLimits {
            anonymous_text_bytes: (self.anonymous_text_limit as usize) << 10,
            body_bytes: (self.body_memory as usize) << 20,
            connections: asked.unwrap_or(usable).min(usable),
            head_timeout: Duration::from_secs(self.head_timeout),
            body_timeout: Duration::from_secs(self.body_timeout),
            write_timeout: Duration::from_secs(self.write_timeout),
            drain_timeout: Duration::from_secs(self.drain_timeout),
        }
    }
}
