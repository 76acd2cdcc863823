//! Connections: every request gets an answer, and no client holds one for ever.
//!
//! `head` checks the head of a request, `framing` finds the end of its body, `stream` wraps the socket for hyper,
//! `state` is shared by the stream and the service, `registry` bounds the number of connections.

mod framing;
mod head;
mod registry;
mod state;
mod stream;

pub use head::{MAX_HEAD, Refusal, is_authority};
pub use registry::{Admission, usable_connections};
pub use state::{ConnectionState, REFUSED_METHOD, Running};
pub use stream::ClientStream;
