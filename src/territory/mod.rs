//! Boundaries with shared arcs, disputed areas, control by period, worldviews.

pub mod dissolve;
pub mod topology;

pub use topology::{ArcRef, Micro, Topology, TopologyError, Unit};
