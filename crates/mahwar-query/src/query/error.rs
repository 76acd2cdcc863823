//! Errors of queries.

use super::echo;

/// Error of a query: the parameter at fault, the kind of fault, and a text that lists the accepted values.
///
/// ```
/// use mahwar_query::query::{QueryError, QueryErrorKind};
///
/// let error = QueryError::unknown_parameter("limits", "limit, bbox");
/// assert_eq!(error.kind, QueryErrorKind::UnknownParameter);
/// assert_eq!(error.parameter.as_deref(), Some("limits"));
/// assert_eq!(error.to_string(), "unknown parameter \"limits\"; accepted: limit, bbox");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct QueryError {
    /// Kind of the fault.
    pub kind: QueryErrorKind,
    /// Name of the parameter at fault, shortened where a client made it up.
    pub parameter: Option<String>,
    /// The fault, and the accepted values.
    pub detail: String,
}

/// Kinds of faults of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// A parameter has a value that it does not take, is missing, or is given twice.
    BadParameter,
    /// The resource has no such parameter.
    UnknownParameter,
    /// The query is longer than a query may be.
    TooLong,
    /// The budget of the work is spent: the time is over or the client is gone.
    BudgetSpent,
}

impl QueryError {
    /// A parameter has a value that it does not take.
    pub(crate) fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: QueryErrorKind::BadParameter,
            parameter: Some(name.to_owned()),
            detail: detail.into(),
        }
    }

    /// The resource has no such parameter; `accepted` lists the names of those that it has.
    pub fn unknown_parameter(name: &str, accepted: &str) -> Self {
        let detail = if accepted.is_empty() {
            format!("unknown parameter {:?}; this resource takes none", echo(name))
        } else {
            format!("unknown parameter {:?}; accepted: {accepted}", echo(name))
        };
        Self {
            kind: QueryErrorKind::UnknownParameter,
            parameter: Some(echo(name).into_owned()),
            detail,
        }
    }

    /// The query has more than `limit` bytes.
    pub(crate) fn too_long(limit: usize) -> Self {
        Self {
            kind: QueryErrorKind::TooLong,
            parameter: None,
            detail: format!("the query is too long; at most {limit} bytes are accepted"),
        }
    }

    /// The work took longer than `seconds`.
    pub(crate) fn budget_spent(seconds: f64) -> Self {
        Self {
            kind: QueryErrorKind::BudgetSpent,
            parameter: None,
            detail: format!(
                "the request took longer than the {seconds} seconds that such work may take, and was stopped; ask for \
                 less at a time (a smaller bbox, fewer features, a simpler filter), or try again later"
            ),
        }
    }
}
