//! Parameters of a query, the features that they select, and the budget of the work.

pub mod budget;
mod chooser;
pub mod cql;
pub mod crs;
mod error;
mod feature_query;
pub mod page_cursor;
pub mod parameter;
pub mod parameters;
pub mod selection;
mod utm;

pub use chooser::{Chooser, LayerSelection};
pub use error::{QueryError, QueryErrorKind};
pub use feature_query::FeatureQuery;

use crate::text::printable::cut as echo;
