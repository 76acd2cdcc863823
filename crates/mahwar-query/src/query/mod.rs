//! Parameters of a query, the features that they select, and the budget of the work.

pub mod budget;
mod error;

pub use error::{QueryError, QueryErrorKind};
