//! Limits on clients: sizes, times, numbers.

use std::time::Duration;

/// Limits on clients. Each has a flag of `mahwar serve`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientLimits {
    /// Bytes of a text that a client without the token may send to be read.
    pub anonymous_text_bytes: usize,
    /// Bytes of request bodies in memory, over all requests.
    pub body_bytes: usize,
    /// Connections at a time.
    pub connections: usize,
    /// Time for the head of a request, and for an idle connection.
    pub head_timeout: Duration,
    /// Silence in a request's body, and the time that a body may take beyond [`ClientLimits::LEAST_BODY_RATE`].
    pub body_timeout: Duration,
    /// Time within which a client must take some of its answer.
    pub write_timeout: Duration,
    /// Time for open requests after the server received the signal to stop.
    pub drain_timeout: Duration,
}

impl ClientLimits {
    /// Least rate of a request's body in bytes a second, after the body timeout.
    pub const LEAST_BODY_RATE: u64 = 8 * 1024;
    /// A body may take this many body timeouts, at any rate.
    pub const MOST_BODY_TIMEOUTS: u32 = 60;
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            anonymous_text_bytes: 1 << 20,
            body_bytes: 256 << 20,
            connections: 8_192,
            head_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(10),
        }
    }
}
