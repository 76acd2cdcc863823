//! Parameters of a query, the features that they select, and the budget of the work.

pub mod budget;
pub mod cql;
pub mod crs;
mod error;
pub mod parameter;
pub mod parameters;
mod utm;

pub use error::{QueryError, QueryErrorKind};

use crate::text::printable::cut as echo;
