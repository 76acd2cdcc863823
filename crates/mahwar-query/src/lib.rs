//! Queries over layers: bbox, datetime, CQL2 filters, sorting, properties and coordinate reference systems.

use mahwar_geoparse::{language, text};
use mahwar_layers::layers;

/// Parameters of a query, the features that they select, and the budget of the work.
pub mod query;
