//! The one place that maps errors to HTTP: problem details after RFC 9457.

use super::{connection::Refusal, services::LocalNameError};
use crate::{
    query::{QueryError, QueryErrorKind},
    sources::SourceError,
    store::StoreError,
    text::printable::cut,
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use std::borrow::Cow;

/// An answer that names the fault, the parameter, and the accepted values.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// The last word of the problem's type URI, `urn:mahwar:problem:<kind>`.
    pub kind: &'static str,
    /// The fault of this request, and the accepted values.
    pub detail: String,
    /// The parameter that is at fault.
    pub parameter: Option<String>,
    /// Methods that the resource takes, for 405.
    pub allow: Option<String>,
    /// Seconds after which the same request may succeed, for 503.
    pub retry_after: Option<u32>,
    /// True if a token would help, for 401.
    pub challenge: bool,
    /// Content codings that request bodies may have, for 415.
    pub accept_encoding: Option<&'static str>,
}

/// Seconds that a client is asked to wait after its work was over the time limit.
const RETRY_AFTER_BUDGET_S: u32 = 5;

/// A piece of the request, short enough to repeat in an answer.
pub fn echo(text: &str) -> Cow<'_, str> {
    cut(text)
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            detail: detail.into(),
            parameter: None,
            allow: None,
            retry_after: None,
            challenge: false,
            accept_encoding: None,
        }
    }

    /// 400: a parameter has a value that it does not take.
    pub fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self {
            parameter: Some(name.to_owned()),
            ..Self::new(StatusCode::BAD_REQUEST, "bad-parameter", detail)
        }
    }

    /// The same problem as one of a parameter's value: 400.
    pub fn of_parameter(self, name: &str) -> Self {
        Self::parameter(name, format!("{name}: {}", self.detail))
    }

    /// 400: the resource has no such parameter.
    pub fn unknown_parameter(name: &str, accepted: &str) -> Self {
        QueryError::unknown_parameter(name, accepted).into()
    }

    /// 400: the body or the path cannot be read.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// 401: there is no token, or a wrong one.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self {
            challenge: true,
            ..Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
        }
    }

    /// 403.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// 405.
    pub fn method(allow: String) -> Self {
        let detail = format!("this resource takes {allow}");
        Self {
            allow: Some(allow),
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
        }
    }

    /// 413.
    pub fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            format!("the body is too large; at most {limit} bytes are accepted"),
        )
    }

    /// 413: the body is too large in another way than by its bytes.
    pub fn payload_too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    }

    /// 408: the client sent too slowly.
    pub fn request_timeout(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "request-timeout", detail)
    }

    /// 412: the client's condition names another version of the resource.
    pub fn precondition_failed() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "precondition-failed",
            "the resource is not the version that If-Match or If-Unmodified-Since names; fetch it anew",
        )
    }

    /// A request whose head was refused.
    pub fn refused(refusal: Refusal) -> Self {
        let kind = match refusal.status {
            StatusCode::REQUEST_TIMEOUT => "request-timeout",
            StatusCode::URI_TOO_LONG => "uri-too-long",
            StatusCode::EXPECTATION_FAILED => "expectation-failed",
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "header-fields-too-large",
            StatusCode::NOT_IMPLEMENTED => "not-implemented",
            StatusCode::SERVICE_UNAVAILABLE => "unavailable",
            StatusCode::HTTP_VERSION_NOT_SUPPORTED => "http-version-not-supported",
            _ => "bad-request",
        };
        Self {
            retry_after: (refusal.status == StatusCode::SERVICE_UNAVAILABLE).then_some(2),
            ..Self::new(refusal.status, kind, refusal.detail)
        }
    }

    /// 415.
    pub fn unsupported_media_type(accepted: &str) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            format!("this body type is not taken; accepted: {accepted}"),
        )
    }

    /// 409.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", detail)
    }

    /// 410.
    pub fn gone(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::GONE, "gone", detail)
    }

    /// 415 for a content coding of the request's body.
    pub fn unsupported_coding(accepted: &'static str) -> Self {
        Self {
            accept_encoding: Some(accepted),
            ..Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-content-encoding",
                format!("this Content-Encoding is not supported; one of these is accepted: {accepted}"),
            )
        }
    }

    /// 421: the request is for another host.
    pub fn misdirected(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::MISDIRECTED_REQUEST, "misdirected", detail)
    }

    /// 429: the client asks more often than it may.
    pub fn too_many(retry_after: u32) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-requests",
                format!("more requests than this server takes from one client; try again in {retry_after} s"),
            )
        }
    }

    /// 500; the cause is logged, not sent.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the server could not answer; the cause is in its log",
        )
    }

    /// 503.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
    }
}

impl Problem {
    /// 503 for resources made of documents while the store is not open.
    pub fn store_not_open() -> Self {
        Self {
            retry_after: Some(2),
            ..Self::unavailable(
                "the store is not open now, so that this layer is not known; everything that needs no store is served",
            )
        }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let problem = match error.kind {
            QueryErrorKind::BadParameter => Self::new(StatusCode::BAD_REQUEST, "bad-parameter", error.detail),
            QueryErrorKind::UnknownParameter => Self::new(StatusCode::BAD_REQUEST, "unknown-parameter", error.detail),
            QueryErrorKind::TooLong => Self::new(StatusCode::URI_TOO_LONG, "uri-too-long", error.detail),
            QueryErrorKind::BudgetSpent => Self {
                retry_after: Some(RETRY_AFTER_BUDGET_S),
                ..Self::unavailable(error.detail)
            },
        };
        Self {
            parameter: error.parameter,
            ..problem
        }
    }
}

impl From<SourceError> for Problem {
    fn from(error: SourceError) -> Self {
        // The cause may contain a path or an address; it is logged only.
        tracing::warn!(%error, "an own layer cannot be read");
        match error.is_passing {
            true => Self {
                retry_after: Some(5),
                ..Self::unavailable("the source of this layer is not available now; the other layers are served")
            },
            false => Self::internal("the source of this layer cannot be read"),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            // Logged once, when it was found.
            StoreError::Damaged { document, .. } => {
                return Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "damaged-document",
                    format!(
                        "document {document} is damaged in the store and cannot be read; other documents are not affected; \
                         the operator can repair it with mahwar reparse"
                    ),
                );
            }
            StoreError::Deleted(deletion) => return super::deletion::gone(deletion),
            _ => tracing::warn!(%error, "the store refused"),
        }
        match error {
            StoreError::TooLarge(_) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", error.to_string()),
            StoreError::Missing(_) => Self::not_found(error.to_string()),
            StoreError::Conflict(_) => Self::conflict(error.to_string()),
            StoreError::Broken(cause) => Self::internal(cause),
            // The cause may contain a path or an address; it is logged only.
            StoreError::Replaced(_) | StoreError::ForeignLog(_) => Self {
                retry_after: error.retry_after(),
                ..Self::unavailable(format!(
                    "the store takes no requests: {}; everything that needs no store is served",
                    error.trouble()
                ))
            },
            StoreError::Damaged { .. } | StoreError::Deleted(_) => Self::internal(error),
            StoreError::Unavailable(_) | StoreError::Address(_) => Self {
                retry_after: error.retry_after().or(Some(2)),
                ..Self::unavailable("the store is not available now; everything that needs no store is served")
            },
            StoreError::Full(_) => Self {
                retry_after: error.retry_after(),
                ..Self::unavailable("the store is full and takes nothing now; what is in it is served")
            },
            StoreError::ReadOnly(_) => Self {
                retry_after: error.retry_after(),
                ..Self::unavailable("the store is read-only now; what is in it is served")
            },
            StoreError::Newer { .. } => Self {
                retry_after: Some(60),
                ..Self::unavailable(error.to_string())
            },
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:mahwar:problem:{}", self.kind),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let Some(parameter) = self.parameter {
            body["parameter"] = parameter.into();
        }
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.challenge {
            let challenge = HeaderValue::from_static("Bearer realm=\"mahwar\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(codings) = self.accept_encoding {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(codings));
        }
        if let Some(Ok(allow)) = self.allow.map(HeaderValue::try_from) {
            headers.insert(header::ALLOW, allow);
        }
        response
    }
}

impl From<LocalNameError> for Problem {
    fn from(error: LocalNameError) -> Self {
        match error {
            LocalNameError::Known(why) => Self::conflict(why),
            LocalNameError::Missing => Self::not_found("there is no such local name or place"),
            LocalNameError::File(why) => Self::internal(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_a_query_keeps_its_parameter_and_gets_a_status() {
        let of = |kind| {
            Problem::from(QueryError {
                kind,
                parameter: Some("bbox".to_owned()),
                detail: "bbox: why".to_owned(),
            })
        };
        for (kind, status, word, retry_after) in [
            (QueryErrorKind::BadParameter, 400, "bad-parameter", None),
            (QueryErrorKind::UnknownParameter, 400, "unknown-parameter", None),
            (QueryErrorKind::TooLong, 414, "uri-too-long", None),
            (QueryErrorKind::BudgetSpent, 503, "unavailable", Some(5)),
        ] {
            let problem = of(kind);
            assert_eq!((problem.status.as_u16(), problem.kind), (status, word));
            assert_eq!(problem.retry_after, retry_after);
            assert_eq!(problem.detail, "bbox: why");
            assert_eq!(problem.parameter.as_deref(), Some("bbox"));
        }
    }
}
