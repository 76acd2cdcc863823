//! Fetches a feed over HTTP, and only when it has changed.

use super::IngestError;
use crate::document::MAX_BYTES;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a server said of the version that it sent (RFC 9110, 8.8).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// Nothing has changed since.
    Unchanged,
    /// A new version.
    Body(Vec<u8>, Validators),
}

/// Asks for `url`, and for nothing when it still is the version of `known`.
///
/// # Errors
/// When there is no answer, another than 200 or 304, or more than a text may have.
pub fn fetch(url: &str, known: &Validators) -> Result<Fetched, IngestError> {
    let failed = |error: String| IngestError::Fetch {
        url: url.to_owned(),
        error,
    };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .user_agent(concat!("mahwar/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let mut request = agent.get(url);
    if let Some(etag) = &known.etag {
        request = request.header("if-none-match", etag);
    }
    if let Some(moment) = &known.last_modified {
        request = request.header("if-modified-since", moment);
    }
    let mut answer = request.call().map_err(|error| failed(error.to_string()))?;
    match answer.status().as_u16() {
        200 => {}
        304 => return Ok(Fetched::Unchanged),
        status => return Err(failed(format!("the server answered {status}"))),
    }
    let header = |name: &str| {
        let value = answer.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let validators = Validators {
        etag: header("etag"),
        last_modified: header("last-modified"),
    };
    let body = answer.body_mut().with_config().limit(MAX_BYTES as u64).read_to_vec();
    Ok(Fetched::Body(
        body.map_err(|error| failed(error.to_string()))?,
        validators,
    ))
}
